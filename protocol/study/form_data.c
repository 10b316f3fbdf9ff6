/* SPDX-License-Identifier: Apache-2.0 */
/*
** One form between JSON and memory, and the difference of two revisions. The shape is strict
** and knows no definition; whatever is looked up here is sorted, since a form may have 5,000
** items from outside.
*/
#include "base/text.h"
#include "protocol/study/casebook.h"

static const char *const NULL_NAMES[] = {NULL, "not done", "unknown", "not applicable"};
static const char *const STATE_NAMES[] = {"partial", "complete"};

const char *null_kind_name(enum null_kind kind)
{
    return NULL_NAMES[kind];
}

/* ---- reading ---- */

static bool is_key(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char) text[i] < ' ' || text[i] == 0x7f) {
            return false;
        }
    }
    return size >= 1 && size <= FORM_KEY_MAX;
}

static status read_key(const struct json *object, const char *name, bool may_be_null,
                       const char **ret_key, struct err *err)
{
    const struct json *value = json_get(object, name);
    if (may_be_null && value != NULL && value->kind == J_NULL) {
        *ret_key = NULL;
        return OK;
    }
    if (value == NULL || value->kind != J_STRING || !is_key(value->string, value->count)) {
        return FAIL(err, ERR_BAD_INPUT,
                    may_be_null
                        ? "%s must be a text of 1 to %d bytes without control characters, "
                          "or null"
                        : "%s must be a text of 1 to %d bytes without control characters",
                    name, FORM_KEY_MAX);
    }
    *ret_key = value->string;
    return OK;
}

static status read_text(const struct json *value, const char *what, const char **ret_text,
                        struct err *err)
{
    if (value == NULL || value->kind != J_STRING || value->count == 0 ||
        value->count > FORM_VALUE_MAX) {
        return FAIL(err, ERR_BAD_INPUT,
                    "%s must be a text of 1 to %d bytes; leave out an item that is not yet "
                    "known",
                    what, FORM_VALUE_MAX);
    }
    *ret_text = value->string;
    return OK;
}

static status read_null(const struct json *value, struct item_data *item, struct err *err)
{
    const struct json *kind = json_get(value, "IsNull");
    const struct json *reason = json_get(value, "Reason");
    for (int i = NOT_DONE; i <= NOT_APPLICABLE; i++) {
        if (json_equals(kind, NULL_NAMES[i])) {
            item->null = (enum null_kind) i;
        }
    }
    if (item->null == NOT_NULL) {
        return FAIL(err, ERR_BAD_INPUT,
                    "IsNull must be \"not done\", \"unknown\" or \"not applicable\"");
    }
    if (reason != NULL && reason->kind != J_NULL) {
        TRY(read_text(reason, "Reason", &item->reason, err));
    }
    return OK;
}

static status read_item(const struct json *value, struct item_data *item, struct err *err)
{
    static const char *const WITH_UNIT[] = {"Value", "MeasurementUnitOID", NULL};
    static const char *const IS_NULL[] = {"IsNull", NULL};
    static const char *const IS_NULL_REASON[] = {"IsNull", "Reason", NULL};
    item->oid = value->name;
    if (!is_key(item->oid, strlen(item->oid))) {
        return FAIL(err, ERR_BAD_INPUT,
                    "an ItemOID must have 1 to %d bytes and no control characters",
                    FORM_KEY_MAX);
    }
    if (value->kind == J_STRING) {
        return read_text(value, "a value", &item->value, err);
    }
    if (json_has_exactly(value, WITH_UNIT)) {
        TRY(read_text(json_get(value, "Value"), "Value", &item->value, err));
        return read_key(value, "MeasurementUnitOID", false, &item->unit, err);
    }
    if (json_has_exactly(value, IS_NULL) || json_has_exactly(value, IS_NULL_REASON)) {
        return read_null(value, item, err);
    }
    return FAIL(err, ERR_BAD_INPUT,
                "an item must be a text, {Value, MeasurementUnitOID} or {IsNull, Reason}");
}

static status read_group(const struct json *value, struct arena *arena,
                         struct group_data *group, size_t *items_left, struct err *err)
{
    static const char *const MEMBERS[] = {"ItemGroupOID", "ItemGroupRepeatKey", "ItemData",
                                          NULL};
    const struct json *data = json_get(value, "ItemData");
    if (!json_has_exactly(value, MEMBERS) || data->kind != J_OBJECT) {
        return FAIL(err, ERR_BAD_INPUT,
                    "an item group must have exactly ItemGroupOID, ItemGroupRepeatKey and "
                    "the object ItemData");
    }
    TRY(read_key(value, "ItemGroupOID", false, &group->oid, err));
    TRY(read_key(value, "ItemGroupRepeatKey", true, &group->repeat, err));
    if (data->count > *items_left) {
        return FAIL(err, ERR_TOO_LARGE, "a form has at most %d items", FORM_ITEMS_MAX);
    }
    *items_left -= data->count;
    struct item_data *items = ARENA_ARRAY(arena, data->count, struct item_data);
    for (size_t i = 0; i < data->count; i++) {
        TRY(read_item(&data->items[i], &items[i], err));
    }
    group->items = items;
    group->count = data->count;
    return OK;
}

static int by_group(const void *left, const void *right)
{
    const struct group_data *const *a = left, *const *b = right;
    int order = strcmp((*a)->oid, (*b)->oid);
    if (order == 0) {
        bool first = (*a)->repeat == NULL, second = (*b)->repeat == NULL;
        order = first || second ? (int) second - (int) first
                                : strcmp((*a)->repeat, (*b)->repeat);
    }
    return order;
}

static status check_groups(const struct group_data *groups, size_t count,
                           struct arena *arena, struct err *err)
{
    const struct group_data **sorted = ARENA_ARRAY(arena, count, const struct group_data *);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &groups[i];
    }
    if (count > 0) {
        qsort(sorted, count, sizeof(sorted[0]), by_group);
    }
    for (size_t i = 1; i < count; i++) {
        if (by_group(&sorted[i - 1], &sorted[i]) == 0) {
            return FAIL(err, ERR_BAD_INPUT, "an item group with the same key stands twice");
        }
    }
    return OK;
}

static status read_groups(const struct json *list, struct arena *arena,
                          struct form_data *form, struct err *err)
{
    size_t items_left = FORM_ITEMS_MAX;
    if (list->kind != J_ARRAY) {
        return FAIL(err, ERR_BAD_INPUT, "ItemGroupData must be an array");
    }
    if (list->count > FORM_ITEMS_MAX) {
        return FAIL(err, ERR_TOO_LARGE, "a form has at most %d item groups",
                    FORM_ITEMS_MAX);
    }
    struct group_data *groups = ARENA_ARRAY(arena, list->count, struct group_data);
    for (size_t i = 0; i < list->count; i++) {
        TRY(read_group(&list->items[i], arena, &groups[i], &items_left, err));
    }
    form->groups = groups;
    form->count = list->count;
    return check_groups(groups, list->count, arena, err);
}

status form_data_from_json(const struct json *data, struct arena *arena,
                           struct form_data *ret_form, struct err *err)
{
    static const char *const MEMBERS[] = {
        "SubjectKey",    "StudyEventOID", "StudyEventRepeatKey", "FormOID",
        "FormRepeatKey", "state",         "ItemGroupData",       NULL};
    struct form_data form = {0};
    if (!json_has_exactly(data, MEMBERS)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "the data of a form must have exactly SubjectKey, StudyEventOID, "
                    "StudyEventRepeatKey, FormOID, FormRepeatKey, state and ItemGroupData");
    }
    TRY(read_key(data, "SubjectKey", false, &form.key.subject, err));
    TRY(read_key(data, "StudyEventOID", false, &form.key.event, err));
    TRY(read_key(data, "StudyEventRepeatKey", true, &form.key.event_repeat, err));
    TRY(read_key(data, "FormOID", false, &form.key.form, err));
    TRY(read_key(data, "FormRepeatKey", true, &form.key.form_repeat, err));
    const struct json *state = json_get(data, "state");
    if (!json_equals(state, "partial") && !json_equals(state, "complete")) {
        return FAIL(err, ERR_BAD_INPUT, "state must be \"partial\" or \"complete\"");
    }
    form.state = json_equals(state, "complete") ? FORM_COMPLETE : FORM_PARTIAL;
    TRY(read_groups(json_get(data, "ItemGroupData"), arena, &form, err));
    *ret_form = form;
    return OK;
}

/* ---- writing ---- */

static void write_item(const struct item_data *item, struct json_out *json)
{
    json_key(json, item->oid);
    if (item->null == NOT_NULL && item->unit == NULL) {
        json_put_string(json, item->value);
        return;
    }
    json_begin(json, '{');
    if (item->null == NOT_NULL) {
        json_member(json, "Value", item->value);
        json_member(json, "MeasurementUnitOID", item->unit);
    } else {
        json_member(json, "IsNull", NULL_NAMES[item->null]);
        json_member(json, "Reason", item->reason);
    }
    json_end(json, '}');
}

void form_data_to_json(const struct form_data *form, struct json_out *json)
{
    json_begin(json, '{');
    json_member(json, "SubjectKey", form->key.subject);
    json_member(json, "StudyEventOID", form->key.event);
    json_member(json, "StudyEventRepeatKey", form->key.event_repeat);
    json_member(json, "FormOID", form->key.form);
    json_member(json, "FormRepeatKey", form->key.form_repeat);
    json_member(json, "state", STATE_NAMES[form->state]);
    json_key(json, "ItemGroupData");
    json_begin(json, '[');
    for (size_t i = 0; i < form->count; i++) {
        const struct group_data *group = &form->groups[i];
        json_begin(json, '{');
        json_member(json, "ItemGroupOID", group->oid);
        json_member(json, "ItemGroupRepeatKey", group->repeat);
        json_key(json, "ItemData");
        json_begin(json, '{');
        for (size_t j = 0; j < group->count; j++) {
            write_item(&group->items[j], json);
        }
        json_end(json, '}');
        json_end(json, '}');
    }
    json_end(json, ']');
    json_end(json, '}');
}

/* ---- looking up ---- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

const struct item_data *form_item(const struct form_data *form, const char *group,
                                  const char *group_repeat, const char *item)
{
    for (size_t i = 0; i < form->count; i++) {
        if (strcmp(form->groups[i].oid, group) != 0 ||
            !same_text(form->groups[i].repeat, group_repeat)) {
            continue;
        }
        for (size_t j = 0; j < form->groups[i].count; j++) {
            if (strcmp(form->groups[i].items[j].oid, item) == 0) {
                return &form->groups[i].items[j];
            }
        }
    }
    return NULL;
}

const struct item_data *form_item_at(const struct form_data *form,
                                     const struct item_key *key)
{
    return key->item != NULL ? form_item(form, key->group, key->group_repeat, key->item)
                             : NULL;
}

const struct item_data *form_meaning(const struct form_data *form,
                                     const struct form_def *form_def, enum meaning meaning)
{
    struct place_of_item place = form_def->meanings[meaning];
    for (size_t i = 0; place.item != NULL && i < form->count; i++) {
        if (strcmp(form->groups[i].oid, place.group->group->oid) != 0) {
            continue;
        }
        for (size_t j = 0; j < form->groups[i].count; j++) {
            if (strcmp(form->groups[i].items[j].oid, place.item->item->oid) == 0) {
                return &form->groups[i].items[j];
            }
        }
    }
    return NULL;
}

/* ---- the difference of two revisions ---- */

struct entry {
    struct item_key key;
    const struct item_data *item;
    size_t position;
    bool matched;
};

static int by_item_key(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = strcmp(a->key.group, b->key.group);
    if (order == 0 && (a->key.group_repeat == NULL || b->key.group_repeat == NULL)) {
        order = (a->key.group_repeat != NULL) - (b->key.group_repeat != NULL);
    } else if (order == 0) {
        order = strcmp(a->key.group_repeat, b->key.group_repeat);
    }
    return order != 0 ? order : strcmp(a->key.item, b->key.item);
}

static int by_position(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    return (a->position > b->position) - (a->position < b->position);
}

static struct entry *entries_of(const struct form_data *form, struct arena *arena,
                                size_t *ret_count)
{
    struct entry *entries = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; form != NULL && i < form->count; i++) {
        const struct group_data *group = &form->groups[i];
        for (size_t j = 0; j < group->count; j++) {
            struct entry *entry = ARENA_PUSH(arena, entries, count, capacity);
            entry->key = (struct item_key){group->oid, group->repeat, group->items[j].oid};
            entry->item = &group->items[j];
            entry->position = count;
        }
    }
    *ret_count = count;
    return entries;
}

static bool same_item(const struct item_data *a, const struct item_data *b)
{
    return a->null == b->null && same_text(a->value, b->value) &&
           same_text(a->unit, b->unit) && same_text(a->reason, b->reason);
}

struct changes form_diff(const struct form_data *old, const struct form_data *new,
                         struct arena *arena)
{
    size_t old_count = 0, new_count = 0, count = 0;
    struct entry *before = entries_of(old, arena, &old_count);
    struct entry *after = entries_of(new, arena, &new_count);
    struct change *items = ARENA_ARRAY(arena, old_count + new_count, struct change);
    struct changes changes = {.items = items};
    if (old_count > 0) {
        qsort(before, old_count, sizeof(before[0]), by_item_key);
    }
    for (size_t i = 0; i < new_count; i++) {
        struct entry *was = old_count == 0 ? NULL
                                           : bsearch(&after[i], before, old_count,
                                                     sizeof(before[0]), by_item_key);
        if (was == NULL) {
            items[count++] =
                (struct change){CHANGE_FILLED, after[i].key, NULL, after[i].item};
            continue;
        }
        was->matched = true;
        if (!same_item(was->item, after[i].item)) {
            items[count++] =
                (struct change){CHANGE_CHANGED, after[i].key, was->item, after[i].item};
            changes.needs_reason = true;
        }
    }
    if (old_count > 0) {
        qsort(before, old_count, sizeof(before[0]), by_position);
    }
    for (size_t i = 0; i < old_count; i++) {
        if (!before[i].matched) {
            items[count++] =
                (struct change){CHANGE_REMOVED, before[i].key, before[i].item, NULL};
            changes.needs_reason = true;
        }
    }
    changes.count = count;
    return changes;
}
