/* SPDX-License-Identifier: Apache-2.0 */
/*
** Looking things up in a definition. Tables are sorted by OID when they are made; every
** definition struct begins with its OID, so one search serves them all.
*/
#include "protocol/study/model.h"

static const void *search(const void *const *table, size_t count, const char *oid)
{
    size_t low = 0, high = count;
    while (oid != NULL && low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(oid, *(const char *const *) table[middle]);
        if (order == 0) {
            return table[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

#define SEARCH(table, count, oid) search((const void *const *) (table), (count), (oid))

/* ---- texts and aliases ---- */

static const char *text_in(const struct texts *texts, const char *language, size_t size)
{
    for (size_t i = 0; i < texts->count; i++) {
        const char *has = texts->items[i].language;
        if (strncmp(has, language, size) == 0 && (has[size] == '\0' || has[size] == '-')) {
            return texts->items[i].text;
        }
    }
    return NULL;
}

const char *texts_get(const struct texts *texts, const char *language)
{
    const char *text = NULL;
    if (texts->count == 0) {
        return "";
    }
    if (language != NULL && language[0] != '\0') {
        text = text_in(texts, language, strlen(language));
        text = text != NULL ? text : text_in(texts, language, strcspn(language, "-"));
    }
    for (size_t i = 0; i < texts->count && text == NULL; i++) {
        text = texts->items[i].language[0] == '\0' ? texts->items[i].text : NULL;
    }
    text = text != NULL ? text : text_in(texts, "en", 2);
    return text != NULL ? text : texts->items[0].text;
}

const char *aliases_get(const struct aliases *aliases, const char *context)
{
    for (size_t i = 0; i < aliases->count; i++) {
        if (strcmp(aliases->items[i].context, context) == 0) {
            return aliases->items[i].name;
        }
    }
    return NULL;
}

static bool aliases_have(const struct aliases *aliases, const char *context,
                         const char *name)
{
    for (size_t i = 0; i < aliases->count; i++) {
        if (strcmp(aliases->items[i].context, context) == 0 &&
            strcmp(aliases->items[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

const struct measurement_unit *unit_base(const struct measurement_unit *unit)
{
    return unit->base != NULL ? unit->base : unit;
}

bool unit_to_base(const struct measurement_unit *unit, struct decimal value,
                  struct decimal *ret_value)
{
    if (unit->base == NULL) {
        *ret_value = value;
        return true;
    }
    return decimal_multiply(value, unit->factor, ret_value);
}

/* ---- definitions ---- */

const struct code_list_item *code_list_get(const struct code_list *list,
                                           const char *coded_value)
{
    return SEARCH(list->sorted, list->count, coded_value);
}

const struct admin_user *admin_user(const struct admin_data *admin, const char *oid)
{
    return SEARCH(admin->users, admin->user_count, oid);
}

const struct admin_location *admin_location(const struct admin_data *admin, const char *oid)
{
    return SEARCH(admin->locations, admin->location_count, oid);
}

const struct admin_signature *admin_signature(const struct admin_data *admin,
                                              const char *oid)
{
    return SEARCH(admin->signatures, admin->signature_count, oid);
}

const struct metadata_version *study_version(const struct study *study, const char *oid)
{
    for (size_t i = 0; oid != NULL && i < study->version_count; i++) {
        if (strcmp(study->versions[i]->oid, oid) == 0) {
            return study->versions[i];
        }
    }
    return NULL;
}

const struct measurement_unit *study_unit(const struct study *study, const char *oid)
{
    return SEARCH(study->units, study->unit_count, oid);
}

const struct event_def *version_event(const struct metadata_version *version,
                                      const char *oid)
{
    return SEARCH(version->event_defs, version->event_def_count, oid);
}

const struct form_def *version_form(const struct metadata_version *version, const char *oid)
{
    return SEARCH(version->form_defs, version->form_def_count, oid);
}

const struct group_def *version_group(const struct metadata_version *version,
                                      const char *oid)
{
    return SEARCH(version->group_defs, version->group_def_count, oid);
}

const struct item_def *version_item(const struct metadata_version *version, const char *oid)
{
    return SEARCH(version->item_defs, version->item_def_count, oid);
}

const struct code_list *version_code_list(const struct metadata_version *version,
                                          const char *oid)
{
    return SEARCH(version->code_lists, version->code_list_count, oid);
}

const struct parameter *version_parameter(const struct metadata_version *version,
                                          const char *name)
{
    for (size_t i = 0; i < version->parameter_count; i++) {
        if (strcmp(version->parameters[i].name, name) == 0) {
            return &version->parameters[i];
        }
    }
    return NULL;
}

const struct condition_def *version_condition(const struct metadata_version *version,
                                              const char *oid)
{
    return SEARCH(version->condition_defs, version->condition_def_count, oid);
}

const struct method_def *version_method(const struct metadata_version *version,
                                        const char *oid)
{
    return SEARCH(version->method_defs, version->method_def_count, oid);
}

const struct anchor_def *version_anchor(const struct metadata_version *version,
                                        const char *oid)
{
    return SEARCH(version->anchors, version->anchor_count, oid);
}

const struct signature_meaning *
version_signature_meaning(const struct metadata_version *version, const char *code)
{
    for (size_t i = 0; i < version->signature_meaning_count; i++) {
        if (strcmp(version->signature_meanings[i].code, code) == 0) {
            return &version->signature_meanings[i];
        }
    }
    return NULL;
}

/* ---- references: few in a parent, but for items ---- */

const struct event_ref *version_event_ref(const struct metadata_version *version,
                                          const char *event_oid)
{
    for (size_t i = 0; event_oid != NULL && i < version->event_count; i++) {
        if (strcmp(version->events[i].event->oid, event_oid) == 0) {
            return &version->events[i];
        }
    }
    return NULL;
}

const struct form_ref *event_form_ref(const struct event_def *event, const char *form_oid)
{
    for (size_t i = 0; form_oid != NULL && i < event->form_count; i++) {
        if (strcmp(event->forms[i].form->oid, form_oid) == 0) {
            return &event->forms[i];
        }
    }
    return NULL;
}

const struct group_ref *form_group_ref(const struct form_def *form, const char *group_oid)
{
    for (size_t i = 0; group_oid != NULL && i < form->group_count; i++) {
        if (strcmp(form->groups[i].group->oid, group_oid) == 0) {
            return &form->groups[i];
        }
    }
    return NULL;
}

const struct item_ref *group_item_ref(const struct group_def *group, const char *item_oid)
{
    size_t low = 0, high = group->item_count;
    while (item_oid != NULL && low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(item_oid, group->sorted[middle]->item->oid);
        if (order == 0) {
            return group->sorted[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

const struct item_ref *group_find_alias(const struct group_def *group, const char *context,
                                        const char *name)
{
    for (size_t i = 0; i < group->item_count; i++) {
        if (aliases_have(&group->items[i].item->aliases, context, name)) {
            return &group->items[i];
        }
    }
    return NULL;
}

struct place_of_item form_find_alias(const struct form_def *form, const char *context,
                                     const char *name)
{
    enum meaning meaning;
    if (meaning_parse(context, name, &meaning)) {
        return form->meanings[meaning];
    }
    for (size_t i = 0; i < form->group_count; i++) {
        const struct item_ref *item =
            group_find_alias(form->groups[i].group, context, name);
        if (item != NULL) {
            return (struct place_of_item){&form->groups[i], item};
        }
    }
    return (struct place_of_item){NULL, NULL};
}

static bool have_role(const char *const *roles, size_t count, const char *role)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(roles[i], role) == 0) {
            return true;
        }
    }
    return false;
}

bool form_allows_role(const struct form_def *form, const char *role)
{
    return have_role(form->roles, form->role_count, role);
}

bool form_masks_role(const struct form_def *form, const char *role)
{
    return have_role(form->masked, form->masked_count, role);
}
