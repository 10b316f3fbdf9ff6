/* SPDX-License-Identifier: Apache-2.0 */
/*
** ItemGroupDef, FormDef, StudyEventDef: definitions that consist of references. Meanings are
** bound here: every form learns once where its AESER stands.
*/
#include "protocol/study/odm_reader.h"

/* Resolve the attribute OID_NAME of a reference among DEFS; NULL, and reported, when it is
 * dangling. */
static void *resolve(struct reader *reader, const struct xml_node *ref,
                     const char *oid_name, const struct definitions *defs)
{
    const char *oid = odm_oid(reader, ref, oid_name);
    void *def = definitions_get(defs, oid);
    if (def == NULL && oid[0] != '\0') {
        odm_report(reader, ref, "ODM-11", "%s %.120s is not defined", oid_name, oid);
    }
    return def;
}

/* The same for an attribute that may be absent. */
static const void *resolve_optional(struct reader *reader, const struct xml_node *ref,
                                    const char *oid_name, const struct definitions *defs)
{
    return xml_get(ref, oid_name) != NULL ? resolve(reader, ref, oid_name, defs) : NULL;
}

/* CollectionExceptionConditionOID: true = the thing is not collected. */
static const struct condition_def *resolve_condition(struct reader *reader,
                                                     const struct xml_node *ref,
                                                     const struct version_parts *parts,
                                                     bool mandatory)
{
    const struct condition_def *condition = resolve_optional(
        reader, ref, "CollectionExceptionConditionOID", &parts->conditions);
    if (condition != NULL && mandatory) {
        *ARENA_PUSH(reader->scratch, reader->conditional, reader->conditional_count,
                    reader->conditional_capacity) = (struct conditional){ref, condition};
    }
    return condition;
}

struct reference {
    const char *oid;
    const struct xml_node *node;
    size_t position;
};

static int by_reference(const void *left, const void *right)
{
    const struct reference *a = left, *b = right;
    int order = strcmp(a->oid, b->oid);
    return order != 0 ? order : (a->position > b->position) - (a->position < b->position);
}

/* Report every second reference to the same thing; sorted, since COUNT comes from outside. */
static void check_twice(struct reader *reader, const struct xml_node *const *refs,
                        size_t count, const char *oid_name)
{
    struct reference *sorted = ARENA_ARRAY(reader->scratch, count, struct reference);
    for (size_t i = 0; i < count; i++) {
        const char *oid = xml_get(refs[i], oid_name);
        sorted[i] = (struct reference){oid != NULL ? oid : "", refs[i], i};
    }
    if (count > 0) {
        qsort(sorted, count, sizeof(sorted[0]), by_reference);
    }
    for (size_t i = 1; i < count; i++) {
        if (sorted[i].oid[0] != '\0' && strcmp(sorted[i - 1].oid, sorted[i].oid) == 0) {
            odm_report(reader, sorted[i].node, "ODM-19", "%s %.120s is referenced twice",
                       oid_name, sorted[i].oid);
        }
    }
}

/* ---- item groups ---- */

static int by_item(const void *left, const void *right)
{
    const struct item_ref *const *a = left, *const *b = right;
    return strcmp((*a)->item->oid, (*b)->item->oid);
}

static void read_item_ref(struct reader *reader, const struct xml_node *node,
                          const struct version_parts *parts, struct item_ref *ref)
{
    ref->item = resolve(reader, node, "ItemOID", &parts->items);
    ref->mandatory = odm_yes_no(reader, node, "Mandatory", true);
    ref->method = resolve_optional(reader, node, "MethodOID", &parts->methods);
    ref->method_oid = ref->method != NULL ? ref->method->oid : NULL;
    ref->derived = ref->method != NULL;
    ref->condition = resolve_condition(reader, node, parts, ref->mandatory);
    ref->condition_oid = ref->condition != NULL ? ref->condition->oid : NULL;
    ref->imputation =
        resolve_optional(reader, node, "ImputationMethodOID", &parts->imputations);
    ref->order_number = odm_number(reader, node, "OrderNumber", 0, -1);
    ref->key_sequence = odm_number(reader, node, "KeySequence", 0, -1);
    ref->role = odm_text(reader, node, "Role");
    ref->role_code_list =
        resolve_optional(reader, node, "RoleCodeListOID", &parts->code_lists);
}

static void read_item_refs(struct reader *reader, const struct xml_node *node,
                           const struct version_parts *parts, struct group_def *group)
{
    size_t count = 0;
    const struct xml_node **refs = odm_ordered(reader, node, "ItemRef", &count);
    struct item_ref *items = ARENA_ARRAY(reader->arena, count, struct item_ref);
    check_twice(reader, refs, count, "ItemOID");
    for (size_t i = 0; i < count; i++) {
        struct item_ref *ref = &items[group->item_count];
        read_item_ref(reader, refs[i], parts, ref);
        ref->position = group->item_count;
        group->item_count += ref->item != NULL;
    }
    const struct item_ref **sorted =
        ARENA_ARRAY(reader->arena, group->item_count, const struct item_ref *);
    for (size_t i = 0; i < group->item_count; i++) {
        sorted[i] = &items[i];
    }
    if (group->item_count > 0) {
        qsort(sorted, group->item_count, sizeof(sorted[0]), by_item);
    }
    group->items = items;
    group->sorted = sorted;
}

void odm_read_groups(struct reader *reader, const struct xml_node *node,
                     struct version_parts *parts)
{
    for (const struct xml_node *c = xml_child(node, "ItemGroupDef"); c != NULL;
         c = xml_next(c, "ItemGroupDef")) {
        struct group_def *group = ARENA_NEW(reader->arena, struct group_def);
        group->oid = odm_oid(reader, c, "OID");
        group->name = odm_name(reader, c, group->oid);
        group->repeating = odm_yes_no(reader, c, "Repeating", true);
        group->domain = odm_text(reader, c, "Domain");
        group->sas_name = odm_text(reader, c, "SASDatasetName");
        group->description = odm_child_texts(reader, c, "Description");
        group->aliases = odm_aliases(reader, c);
        read_item_refs(reader, c, parts, group);
        definitions_add(reader, &parts->groups, group, c);
    }
    reader->version->group_defs =
        (const struct group_def *const *) definitions_sort(reader, &parts->groups);
    reader->version->group_def_count = parts->groups.count;
}

/* ---- forms ---- */

static void bind_meanings(struct form_def *form, const struct group_ref *group)
{
    for (size_t i = 0; i < group->group->item_count; i++) {
        const struct item_ref *item = &group->group->items[i];
        for (size_t j = 0; j < item->item->meaning_count; j++) {
            struct place_of_item *place = &form->meanings[item->item->meanings[j]];
            if (place->item == NULL) {
                *place = (struct place_of_item){group, item};
            }
        }
    }
}

/* Shared groups make a form larger than its text; what a hostile file could multiply is
 * counted here. */
static bool within_budget(struct reader *reader, const struct xml_node *node,
                          const struct form_def *form)
{
    size_t items = 0;
    for (size_t i = 0; i < form->group_count; i++) {
        items += form->groups[i].group->item_count;
    }
    reader->form_items += items;
    if (items > ODM_FORM_ITEMS_MAX || reader->form_items > ODM_VERSION_ITEMS_MAX) {
        odm_report(reader, node, "ODM-03", "a form has at most %d items, all forms %d",
                   ODM_FORM_ITEMS_MAX, ODM_VERSION_ITEMS_MAX);
        return false;
    }
    return true;
}

static void read_form_extension(struct reader *reader, const struct xml_node *node,
                                struct form_def *form)
{
    static const char *const KINDS[] = {"sae", "death", "pregnancy", "product-error", NULL};
    static const char *const ACTS[] = {"eligibility", NULL};
    int kind = odm_choice(reader, node, "crfd:Safety", xml_get_crfd(node, "Safety"), KINDS);
    form->safety = (enum safety_kind)(kind + 1);
    form->eligibility =
        odm_choice(reader, node, "crfd:Act", xml_get_crfd(node, "Act"), ACTS) == 0;
    form->log = odm_crfd_yes_no(reader, node, "Log");
    form->short_name = odm_crfd(reader, node, "Short");
    form->number_prefix = odm_crfd(reader, node, "Number");
    form->evidence = odm_evidence(reader, node);
    const char *roles = odm_crfd(reader, node, "Roles");
    form->roles = odm_words(reader, roles[0] != '\0' ? roles : "investigator coordinator",
                            &form->role_count);
    form->masked = odm_words(reader, odm_crfd(reader, node, "Masked"), &form->masked_count);
    form->ledger = odm_crfd_yes_no(reader, node, "Ledger");
    if (form->log && !form->repeating) {
        odm_report(reader, node, "ODM-27",
                   "crfd:Log=\"Yes\" needs Repeating=\"Yes\": each line is a form");
    }
}

static int by_name(const void *left, const void *right)
{
    const struct item_def *const *a = left, *const *b = right;
    return strcmp((*a)->name, (*b)->name);
}

/* The key words of the text form and CSV: no two alike in a form. */
static void check_names(struct reader *reader, const struct xml_node *node,
                        const struct form_def *form)
{
    const struct item_def **items = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < form->group_count; i++) {
        const struct group_def *group = form->groups[i].group;
        for (size_t j = 0; j < group->item_count; j++) {
            *ARENA_PUSH(reader->scratch, items, count, capacity) = group->items[j].item;
        }
    }
    if (count > 0) {
        qsort(items, count, sizeof(items[0]), by_name);
    }
    for (size_t i = 1; i < count; i++) {
        if (strcmp(items[i - 1]->name, items[i]->name) == 0) {
            odm_report(reader, node, "ODM-26", "two items of the form have the name %.60s",
                       items[i]->name);
        }
    }
}

static void read_form(struct reader *reader, const struct xml_node *node,
                      struct version_parts *parts)
{
    struct form_def *form = ARENA_NEW(reader->arena, struct form_def);
    size_t count = 0;
    const struct xml_node **refs = odm_ordered(reader, node, "ItemGroupRef", &count);
    struct group_ref *groups = ARENA_ARRAY(reader->arena, count, struct group_ref);
    form->oid = odm_oid(reader, node, "OID");
    form->name = odm_name(reader, node, form->oid);
    form->repeating = odm_yes_no(reader, node, "Repeating", true);
    form->description = odm_child_texts(reader, node, "Description");
    form->aliases = odm_aliases(reader, node);
    check_twice(reader, refs, count, "ItemGroupOID");
    for (size_t i = 0; i < count; i++) {
        struct group_ref *ref = &groups[form->group_count];
        ref->group = resolve(reader, refs[i], "ItemGroupOID", &parts->groups);
        ref->mandatory = odm_yes_no(reader, refs[i], "Mandatory", true);
        ref->condition = resolve_condition(reader, refs[i], parts, ref->mandatory);
        ref->order_number = odm_number(reader, refs[i], "OrderNumber", 0, -1);
        ref->position = form->group_count;
        form->group_count += ref->group != NULL;
    }
    form->groups = groups;
    if (within_budget(reader, node, form)) {
        for (size_t i = 0; i < form->group_count; i++) {
            bind_meanings(form, &groups[i]);
        }
        check_names(reader, node, form);
    }
    read_form_extension(reader, node, form);
    definitions_add(reader, &parts->forms, form, node);
}

void odm_read_forms(struct reader *reader, const struct xml_node *node,
                    struct version_parts *parts)
{
    for (const struct xml_node *c = xml_child(node, "FormDef"); c != NULL;
         c = xml_next(c, "FormDef")) {
        if (parts->forms.count == ODM_FORMS_MAX) {
            odm_report(reader, c, "ODM-03", "a version has at most %d forms",
                       ODM_FORMS_MAX);
            break;
        }
        read_form(reader, c, parts);
    }
    reader->version->form_defs =
        (const struct form_def *const *) definitions_sort(reader, &parts->forms);
    reader->version->form_def_count = parts->forms.count;
}

/* ---- study events ---- */

static void read_event(struct reader *reader, const struct xml_node *node,
                       struct version_parts *parts)
{
    static const char *const TYPES[] = {"Scheduled", "Unscheduled", "Common", NULL};
    struct event_def *event = ARENA_NEW(reader->arena, struct event_def);
    size_t count = 0;
    const struct xml_node **refs = odm_ordered(reader, node, "FormRef", &count);
    struct form_ref *forms = ARENA_ARRAY(reader->arena, count, struct form_ref);
    event->oid = odm_oid(reader, node, "OID");
    event->name = odm_name(reader, node, event->oid);
    event->repeating = odm_yes_no(reader, node, "Repeating", true);
    const char *type = odm_required(reader, node, "Type");
    int found = type[0] != '\0' ? odm_choice(reader, node, "Type", type, TYPES) : -1;
    event->type = found > 0 ? (enum event_type) found : EVENT_SCHEDULED;
    event->description = odm_child_texts(reader, node, "Description");
    event->aliases = odm_aliases(reader, node);
    event->category = odm_text(reader, node, "Category");
    event->short_name = odm_crfd(reader, node, "Short");
    event->evidence = odm_evidence(reader, node);
    check_twice(reader, refs, count, "FormOID");
    for (size_t i = 0; i < count; i++) {
        struct form_ref *ref = &forms[event->form_count];
        ref->form = resolve(reader, refs[i], "FormOID", &parts->forms);
        ref->mandatory = odm_yes_no(reader, refs[i], "Mandatory", true);
        ref->condition = resolve_condition(reader, refs[i], parts, ref->mandatory);
        ref->order_number = odm_number(reader, refs[i], "OrderNumber", 0, -1);
        ref->position = event->form_count;
        event->form_count += ref->form != NULL;
    }
    event->forms = forms;
    definitions_add(reader, &parts->events, event, node);
}

static void read_protocol(struct reader *reader, const struct xml_node *protocol,
                          const struct version_parts *parts)
{
    size_t count = 0;
    const struct xml_node **refs = odm_ordered(reader, protocol, "StudyEventRef", &count);
    struct event_ref *events = ARENA_ARRAY(reader->arena, count, struct event_ref);
    check_twice(reader, refs, count, "StudyEventOID");
    for (size_t i = 0; i < count; i++) {
        struct event_ref *ref = &events[reader->version->event_count];
        ref->event = resolve(reader, refs[i], "StudyEventOID", &parts->events);
        ref->mandatory = odm_yes_no(reader, refs[i], "Mandatory", true);
        ref->condition = resolve_condition(reader, refs[i], parts, ref->mandatory);
        ref->order_number = odm_number(reader, refs[i], "OrderNumber", 0, -1);
        ref->position = reader->version->event_count;
        reader->version->event_count += ref->event != NULL;
    }
    reader->version->events = events;
}

static void all_events(struct reader *reader, const struct xml_node *node,
                       const struct version_parts *parts)
{
    struct event_ref *events =
        ARENA_ARRAY(reader->arena, parts->events.count, struct event_ref);
    odm_report(reader, node, "ODM-23", "no Protocol: every StudyEventDef takes part");
    for (const struct xml_node *c = xml_child(node, "StudyEventDef"); c != NULL;
         c = xml_next(c, "StudyEventDef")) {
        const char *oid = xml_get(c, "OID");
        const struct event_def *event = definitions_get(&parts->events, oid ? oid : "");
        struct event_ref *ref = &events[reader->version->event_count];
        *ref = (struct event_ref){
            .event = event, .order_number = -1, .position = reader->version->event_count};
        reader->version->event_count += event != NULL;
    }
    reader->version->events = events;
}

void odm_read_events(struct reader *reader, const struct xml_node *node,
                     struct version_parts *parts)
{
    const struct xml_node *protocol = xml_child(node, "Protocol");
    for (const struct xml_node *c = xml_child(node, "StudyEventDef"); c != NULL;
         c = xml_next(c, "StudyEventDef")) {
        read_event(reader, c, parts);
    }
    reader->version->event_defs =
        (const struct event_def *const *) definitions_sort(reader, &parts->events);
    reader->version->event_def_count = parts->events.count;
    if (protocol != NULL) {
        read_protocol(reader, protocol, parts);
    } else {
        all_events(reader, node, parts);
    }
    if (reader->version->event_count == 0) {
        odm_report(reader, node, "ODM-24", "no study event: nothing can be entered");
    }
}
