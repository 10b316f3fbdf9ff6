/* SPDX-License-Identifier: Apache-2.0 */
/*
** CodeList and ItemDef with its RangeChecks. Limits are parsed here, once, with the item's own
** type, so that a check of a form compares and never parses a definition.
*/
#include "protocol/study/odm_reader.h"

static enum data_type read_data_type(struct reader *reader, const struct xml_node *node)
{
    enum data_type type = TYPE_TEXT;
    const char *name = odm_required(reader, node, "DataType");
    if (name[0] != '\0' && !data_type_parse(span_text(name), &type)) {
        odm_report(reader, node, "ODM-12", "%.40s is no ODM 1.3.2 data type", name);
    }
    return type;
}

/* VALUE_PARSE, and the date-time with a space that some systems write. */
static bool parse_limit(struct reader *reader, const struct xml_node *node,
                        enum data_type type, const char *text, struct value *ret_value)
{
    if (value_parse(type, span_text(text), NULL, ret_value)) {
        return true;
    }
    char *fixed = arena_text(reader->arena, text);
    char *space = strchr(fixed, ' ');
    if (space == NULL || !data_type_is_dated(type)) {
        return false;
    }
    *space = 'T';
    if (!value_parse(type, span_text(fixed), NULL, ret_value)) {
        return false;
    }
    odm_report(reader, node, "DEV-03", "\"%.40s\" is read as %.40s", text, fixed);
    return true;
}

/* ---- code lists ---- */

static int by_coded_value(const void *left, const void *right)
{
    const struct code_list_item *const *a = left, *const *b = right;
    return strcmp((*a)->coded_value, (*b)->coded_value);
}

static void read_coded_value(struct reader *reader, const struct xml_node *node,
                             enum data_type type, struct code_list_item *item)
{
    struct value value;
    item->coded_value = odm_required(reader, node, "CodedValue");
    item->decode = odm_child_texts(reader, node, "Decode");
    item->enumerated = strcmp(node->name, "EnumeratedItem") == 0;
    const char *rank = odm_text(reader, node, "Rank");
    item->has_rank = decimal_parse(span_text(rank), true, &item->rank);
    if (rank[0] != '\0' && !item->has_rank) {
        odm_report(reader, node, "ODM-08", "Rank must be a number");
    }
    item->aliases = odm_aliases(reader, node);
    if (item->coded_value[0] != '\0' &&
        !value_parse(type, span_text(item->coded_value), NULL, &value)) {
        odm_report(reader, node, "ODM-20", "the coded value %.60s is no %s",
                   item->coded_value, data_type_name(type));
    }
}

static const struct code_list_item *const *
sort_coded_values(struct reader *reader, const struct xml_node *node,
                  const struct code_list_item *items, size_t count)
{
    const struct code_list_item **sorted =
        ARENA_ARRAY(reader->arena, count, const struct code_list_item *);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &items[i];
    }
    if (count > 0) {
        qsort(sorted, count, sizeof(sorted[0]), by_coded_value);
    }
    for (size_t i = 1; i < count; i++) {
        if (strcmp(sorted[i - 1]->coded_value, sorted[i]->coded_value) == 0) {
            odm_report(reader, node, "ODM-20", "the coded value %.60s stands twice",
                       sorted[i]->coded_value);
        }
    }
    return sorted;
}

static void read_code_list(struct reader *reader, const struct xml_node *node,
                           struct version_parts *parts)
{
    struct code_list *list = ARENA_NEW(reader->arena, struct code_list);
    struct code_list_item *items = NULL;
    size_t capacity = 0;
    list->oid = odm_oid(reader, node, "OID");
    list->name = odm_name(reader, node, list->oid);
    list->type = read_data_type(reader, node);
    if (list->type > TYPE_FLOAT) {
        odm_report(reader, node, "DEV-01", "the code list is of type %s",
                   data_type_name(list->type));
    }
    list->dictionary = list->dictionary_version = "";
    for (const struct xml_node *c = node->first; c != NULL; c = c->next) {
        if (c->space != XML_ODM) {
            continue;
        }
        if (strcmp(c->name, "CodeListItem") == 0 ||
            strcmp(c->name, "EnumeratedItem") == 0) {
            read_coded_value(reader, c, list->type,
                             ARENA_PUSH(reader->arena, items, list->count, capacity));
        }
        if (strcmp(c->name, "ExternalCodeList") == 0) {
            list->external = true;
            list->dictionary = odm_text(reader, c, "Dictionary");
            list->dictionary_version = odm_text(reader, c, "Version");
        }
    }
    list->items = items;
    list->sorted = sort_coded_values(reader, node, items, list->count);
    if (list->external) {
        odm_report(reader, node, "ODM-25", "values of this external list are not checked");
    } else if (list->count == 0) {
        odm_report(reader, node, "ODM-07", "the code list has no values");
    }
    definitions_add(reader, &parts->code_lists, list, node);
}

void odm_read_code_lists(struct reader *reader, const struct xml_node *node,
                         struct version_parts *parts)
{
    for (const struct xml_node *c = xml_child(node, "CodeList"); c != NULL;
         c = xml_next(c, "CodeList")) {
        read_code_list(reader, c, parts);
    }
    reader->version->code_lists =
        (const struct code_list *const *) definitions_sort(reader, &parts->code_lists);
    reader->version->code_list_count = parts->code_lists.count;
}

/* ---- range checks ---- */

static bool is_ordered(enum data_type type)
{
    return data_type_is_number(type) || data_type_is_dated(type);
}

static void read_check_values(struct reader *reader, const struct xml_node *node,
                              const struct item_def *item, struct range_check *check)
{
    const char **texts = NULL;
    struct value *values = NULL;
    size_t text_count = 0, text_capacity = 0, capacity = 0;
    for (const struct xml_node *c = xml_child(node, "CheckValue"); c != NULL;
         c = xml_next(c, "CheckValue")) {
        const char *text = arena_text(reader->arena, c->text);
        struct value *value = ARENA_PUSH(reader->arena, values, check->count, capacity);
        *ARENA_PUSH(reader->arena, texts, text_count, text_capacity) = text;
        if (!parse_limit(reader, c, item->type, text, value)) {
            odm_report(reader, c, "ODM-16", "the limit %.60s is no %s", text,
                       data_type_name(item->type));
        }
    }
    check->texts = texts;
    check->values = values;
}

static void check_shape(struct reader *reader, const struct xml_node *node,
                        const struct range_check *check)
{
    if (check->count == 0 || (check->count > 1 && check->comparator < IN)) {
        odm_report(reader, node, "ODM-17",
                   check->count == 0 ? "the RangeCheck has no CheckValue"
                                     : "only IN and NOTIN take several CheckValues");
    }
}

/* A limit on words cannot act: EQ with no value is always met. */
static void drop_disordered(struct reader *reader, const struct xml_node *node,
                            const struct item_def *item, struct range_check *check)
{
    if (check->comparator < EQ && !is_ordered(item->type)) {
        odm_report(reader, node, "DEV-09", "%s values have no order to compare by",
                   data_type_name(item->type));
        check->comparator = EQ;
        check->count = 0;
    }
}

static const struct measurement_unit *read_unit_ref(struct reader *reader,
                                                    const struct xml_node *ref)
{
    const char *oid = odm_oid(reader, ref, "MeasurementUnitOID");
    const struct measurement_unit *unit = study_unit(reader->study, oid);
    if (unit == NULL && oid[0] != '\0') {
        odm_report(reader, ref, "ODM-11", "there is no MeasurementUnit %.120s", oid);
    }
    return unit;
}

static void read_check_unit(struct reader *reader, const struct xml_node *node,
                            const struct item_def *item, struct range_check *check)
{
    const struct xml_node *ref = xml_child(node, "MeasurementUnitRef");
    if (ref == NULL || (check->unit = read_unit_ref(reader, ref)) == NULL) {
        return;
    }
    for (size_t i = 0; i < item->unit_count; i++) {
        if (unit_base(item->units[i]) == unit_base(check->unit)) {
            return;
        }
    }
    odm_report(reader, ref, "ODM-28", "the item has no unit that converts to %.60s",
               check->unit->oid);
}

/* Values beside an expression would be a second answer to the same question. */
static void read_check_expression(struct reader *reader, const struct xml_node *node,
                                  struct range_check *check)
{
    check->comparator = EQ;
    if (xml_child(node, "CheckValue") != NULL) {
        odm_report(reader, node, "ODM-17",
                   "the RangeCheck has both CheckValue and FormalExpression; keep one");
    }
    check->expression = odm_expression(reader, node, USE_CHECK);
}

static void read_check_places(struct reader *reader, const struct xml_node *node,
                              struct range_check *check)
{
    static const char *const PLACES[] = {"submit", "sign", "lock", "action", NULL};
    size_t count = 0;
    const char *const *words = odm_words(reader, odm_crfd(reader, node, "Place"), &count);
    check->places =
        count > 0 ? 0
                  : PLACE_BIT(PLACE_SUBMIT) | PLACE_BIT(PLACE_SIGN) | PLACE_BIT(PLACE_LOCK);
    for (size_t i = 0; i < count; i++) {
        int place = odm_choice(reader, node, "crfd:Place", words[i], PLACES);
        check->places |= place >= 0 ? PLACE_BIT(place) : 0;
    }
}

/* What our namespace says about a check. */
static void read_check_act(struct reader *reader, const struct xml_node *node,
                           struct range_check *check)
{
    static const char *const ACTS[] = {"ask", "gate", "refuse", NULL};
    int act = odm_choice(reader, node, "crfd:Act", xml_get_crfd(node, "Act"), ACTS);
    check->rule = odm_crfd(reader, node, "Rule");
    check->act_given = act >= 0;
    check->act = act >= 0 ? (enum act) act : ACT_ASK;
    check->deviation = odm_crfd_yes_no(reader, node, "Deviation");
    check->alarm = odm_crfd_yes_no(reader, node, "Alarm");
    check->due = odm_crfd_yes_no(reader, node, "Due");
    check->evidence = odm_evidence(reader, node);
    read_check_places(reader, node, check);
}

static void read_range_check(struct reader *reader, const struct xml_node *node,
                             const struct item_def *item, struct range_check *check)
{
    static const char *const COMPARATORS[] = {"LT", "LE", "GT",    "GE", "EQ",
                                              "NE", "IN", "NOTIN", NULL};
    static const char *const HARDNESS[] = {"Soft", "Hard", NULL};
    const char *soft_hard = odm_required(reader, node, "SoftHard");
    bool formal = xml_child(node, "FormalExpression") != NULL;
    const char *comparator = formal ? odm_text(reader, node, "Comparator")
                                    : odm_required(reader, node, "Comparator");
    if (soft_hard[0] != '\0') {
        check->hard = odm_choice(reader, node, "SoftHard", soft_hard, HARDNESS) == 1;
    }
    int found = comparator[0] != '\0'
                    ? odm_choice(reader, node, "Comparator", comparator, COMPARATORS)
                    : -1;
    check->error_message = odm_child_texts(reader, node, "ErrorMessage");
    read_check_act(reader, node, check);
    if (formal) {
        read_check_expression(reader, node, check);
        return;
    }
    check->comparator = found >= 0 ? (enum comparator) found : EQ;
    read_check_values(reader, node, item, check);
    read_check_unit(reader, node, item, check);
    if (found >= 0) {
        check_shape(reader, node, check);
        drop_disordered(reader, node, item, check);
    }
}

static void read_range_checks(struct reader *reader, const struct xml_node *node,
                              struct item_def *item)
{
    struct range_check *checks = NULL;
    size_t capacity = 0;
    for (const struct xml_node *c = xml_child(node, "RangeCheck"); c != NULL;
         c = xml_next(c, "RangeCheck")) {
        read_range_check(reader, c, item,
                         ARENA_PUSH(reader->arena, checks, item->check_count, capacity));
    }
    item->checks = checks;
}

/* ---- items ---- */

static void read_units(struct reader *reader, const struct xml_node *node,
                       struct item_def *item)
{
    const struct measurement_unit **units = NULL;
    size_t capacity = 0;
    for (const struct xml_node *c = xml_child(node, "MeasurementUnitRef"); c != NULL;
         c = xml_next(c, "MeasurementUnitRef")) {
        const struct measurement_unit *unit = read_unit_ref(reader, c);
        if (unit != NULL) {
            *ARENA_PUSH(reader->arena, units, item->unit_count, capacity) = unit;
        }
    }
    item->units = units;
}

/* text and string are one type to a person; anything else must be equal. */
static bool types_agree(enum data_type a, enum data_type b)
{
    return a == b || (a <= TYPE_STRING && b <= TYPE_STRING);
}

/* The first coded value that is none of TYPE; NULL when all are. */
static const char *first_misfit(const struct code_list *list, enum data_type type)
{
    struct value value;
    for (size_t i = 0; i < list->count; i++) {
        const char *text = list->items[i].coded_value;
        if (!value_parse(type, span_text(text), NULL, &value)) {
            return text;
        }
    }
    return NULL;
}

static void read_code_list_ref(struct reader *reader, const struct xml_node *node,
                               const struct version_parts *parts, struct item_def *item)
{
    const struct xml_node *ref = xml_child(node, "CodeListRef");
    if (ref == NULL) {
        return;
    }
    const char *oid = odm_oid(reader, ref, "CodeListOID");
    item->code_list = definitions_get(&parts->code_lists, oid);
    if (item->code_list == NULL && oid[0] != '\0') {
        odm_report(reader, ref, "ODM-11", "there is no CodeList %.120s", oid);
    } else if (item->code_list != NULL && !types_agree(item->code_list->type, item->type)) {
        const char *misfit = first_misfit(item->code_list, item->type);
        odm_report(
            reader, ref, misfit != NULL ? "ODM-13" : "ODM-37",
            misfit != NULL
                ? "the item is %s, its code list %.120s is %s; it has the value %.60s"
                : "the item is %s, its code list %.120s is %s%.60s",
            data_type_name(item->type), oid, data_type_name(item->code_list->type),
            misfit != NULL ? misfit : "");
    }
}

static void check_lengths(struct reader *reader, const struct xml_node *node,
                          const struct item_def *item)
{
    if (item->type <= TYPE_STRING && item->length == 0) {
        odm_report(reader, node, "ODM-14", "no Length; %d characters are allowed",
                   ODM_LENGTH_ASSUMED);
    }
    if (item->type == TYPE_FLOAT && (item->length > 0) != (item->significant_digits >= 0)) {
        odm_report(reader, node, "ODM-15",
                   "a float has both or neither of Length and "
                   "SignificantDigits");
    }
}

static void bind_meanings(struct reader *reader, struct item_def *item)
{
    enum meaning *meanings = NULL;
    size_t capacity = 0;
    bool have[MEANING_COUNT] = {false};
    for (size_t i = 0; i < item->aliases.count; i++) {
        enum meaning meaning;
        if (meaning_parse(item->aliases.items[i].context, item->aliases.items[i].name,
                          &meaning) &&
            !have[meaning]) {
            have[meaning] = true;
            *ARENA_PUSH(reader->arena, meanings, item->meaning_count, capacity) = meaning;
        }
    }
    item->meanings = meanings;
}

static void read_item(struct reader *reader, const struct xml_node *node,
                      struct version_parts *parts)
{
    static const char *const ORIGINS[] = {"trial", "care", NULL};
    struct item_def *item = ARENA_NEW(reader->arena, struct item_def);
    item->oid = odm_oid(reader, node, "OID");
    item->name = odm_name(reader, node, item->oid);
    item->type = read_data_type(reader, node);
    item->length = odm_number(reader, node, "Length", 1, 0);
    item->significant_digits = odm_number(reader, node, "SignificantDigits", 0, -1);
    item->sas_name = odm_text(reader, node, "SASFieldName");
    item->description = odm_child_texts(reader, node, "Description");
    item->question = odm_child_texts(reader, node, "Question");
    item->aliases = odm_aliases(reader, node);
    bind_meanings(reader, item);
    item->future = odm_crfd_yes_no(reader, node, "Future");
    int origin =
        odm_choice(reader, node, "crfd:Origin", xml_get_crfd(node, "Origin"), ORIGINS);
    item->origin = (enum origin)(origin + 1);
    item->evidence = odm_evidence(reader, node);
    read_units(reader, node, item);
    read_code_list_ref(reader, node, parts, item);
    read_range_checks(reader, node, item);
    check_lengths(reader, node, item);
    definitions_add(reader, &parts->items, item, node);
}

static void read_second_person(struct reader *reader, const struct xml_node *node,
                               const struct version_parts *parts, struct item_def *item)
{
    const char *oid = odm_crfd(reader, node, "SecondPerson");
    if (oid[0] == '\0') {
        return;
    }
    item->second_person = definitions_get(&parts->items, oid);
    if (item->second_person == NULL || item->second_person == item) {
        odm_report(reader, node, "ODM-22",
                   "crfd:SecondPerson must name another ItemDef, not %.120s", oid);
    }
}

void odm_read_items(struct reader *reader, const struct xml_node *node,
                    struct version_parts *parts)
{
    for (const struct xml_node *c = xml_child(node, "ItemDef"); c != NULL;
         c = xml_next(c, "ItemDef")) {
        read_item(reader, c, parts);
    }
    reader->version->item_defs =
        (const struct item_def *const *) definitions_sort(reader, &parts->items);
    reader->version->item_def_count = parts->items.count;
    for (size_t i = 0; i < parts->items.count; i++) {
        read_second_person(reader, parts->items.items[i].node, parts,
                           parts->items.items[i].def);
    }
}
