/* SPDX-License-Identifier: Apache-2.0 */
/*
** One item against its definition: type, length, digits, code, unit, range, and whether its
** date can be. The value is parsed once here.
*/
#include "base/text.h"
#include "protocol/study/check_impl.h"
#include "protocol/study/odm.h"

/* A person's clock may be slow; nobody is asked about a quarter of an hour (users.md 3). What
 * has not happened cannot have been observed: a complete form is refused, others are asked. */
#define FUTURE_TOLERANCE (15 * MINUTE)

struct subject {
    struct checker *c;
    const struct item_def *item;
    const struct item_data *data;
    const struct group_data *group;
    const char *title;
};

static const char *path_of(const struct subject *s)
{
    return item_path(s->c->findings->arena, s->group->oid, s->group->repeat, s->data->oid);
}

static void tell(const struct subject *s, const char *rule, int speech, const char *message)
{
    say_at(s->c, checked_form(s->c), rule, path_of(s), speech, message, s->data->value);
}

/* ---- type, code, unit: always ---- */

static const char *type_text(const struct subject *s)
{
    switch ((int) s->item->type) {
    case TYPE_TEXT:
    case TYPE_STRING:
        return text_alone(s->c, "type.text");
    case TYPE_INTEGER:
        return text_alone(s->c, "type.integer");
    case TYPE_FLOAT:
    case TYPE_DOUBLE:
        return text_alone(s->c, "type.decimal");
    case TYPE_BOOLEAN:
        return text_alone(s->c, "type.boolean");
    case TYPE_DATE:
        return text_alone(s->c, "type.date");
    case TYPE_TIME:
        return text_alone(s->c, "type.time");
    case TYPE_DATETIME:
        return text_alone(s->c, "type.datetime");
    case TYPE_PARTIAL_DATE:
    case TYPE_PARTIAL_DATETIME:
        return text_alone(s->c, "type.partial");
    default:
        return TEXT(s->c, "type.other", data_type_name(s->item->type));
    }
}

/* Lengths refuse on ordinary forms; a long story through the safety door is kept. */
static int length_speech(const struct subject *s)
{
    return s->c->def->safety == SAFETY_NONE ? SAY_ALWAYS : SAY_ASK;
}

static void check_length(const struct subject *s, const struct value *value)
{
    const struct item_def *item = s->item;
    int length = item->length;
    if (item->type <= TYPE_STRING) {
        length = length > 0 ? length : ODM_LENGTH_ASSUMED;
        if (value->text.size > (size_t) length &&
            text_length(value->text) > (size_t) length) {
            tell(s, "TYPE-02", length_speech(s),
                 TEXT(s->c, "TYPE-02", s->title, number_text(s->c, length)));
        }
        return;
    }
    if (!data_type_is_number(item->type)) {
        return;
    }
    if (length > 0 && value->total_digits > length) {
        tell(s, "TYPE-02", length_speech(s),
             TEXT(s->c, "TYPE-02.digits", s->title, number_text(s->c, length)));
    }
    if (item->significant_digits >= 0 &&
        value->fraction_digits > item->significant_digits) {
        tell(s, "TYPE-03", length_speech(s),
             TEXT(s->c, "TYPE-03", s->title, number_text(s->c, item->significant_digits)));
    }
}

static void check_code(const struct subject *s)
{
    const struct code_list *list = s->item->code_list;
    CLEANUP(bytes_done) struct bytes codes = {0};
    if (list == NULL || list->external || code_list_get(list, s->data->value) != NULL) {
        return;
    }
    for (size_t i = 0; i < list->count && codes.size < 300; i++) {
        const char *decode = texts_get(&list->items[i].decode, s->c->language);
        bytes_printf(&codes, "%s%s", i > 0 ? ", " : "", list->items[i].coded_value);
        if (decode[0] != '\0' && strcmp(decode, list->items[i].coded_value) != 0) {
            bytes_printf(&codes, " (%s)", decode);
        }
    }
    tell(s, "CODE-01", SAY_ALWAYS, TEXT(s->c, "CODE-01", s->title, bytes_text(&codes)));
}

/* The unit given, else the item's first; NULL when the item has none or it is not listed. */
static const struct measurement_unit *check_unit(const struct subject *s)
{
    const struct item_def *item = s->item;
    CLEANUP(bytes_done) struct bytes units = {0};
    if (s->data->unit == NULL) {
        return item->unit_count > 0 ? item->units[0] : NULL;
    }
    for (size_t i = 0; i < item->unit_count; i++) {
        if (strcmp(item->units[i]->oid, s->data->unit) == 0) {
            return item->units[i];
        }
        const char *symbol = texts_get(&item->units[i]->symbol, s->c->language);
        bytes_printf(&units, "%s%s", i > 0 ? ", " : "",
                     symbol[0] != '\0' ? symbol : item->units[i]->name);
    }
    tell(s, "UNIT-01", SAY_ALWAYS,
         item->unit_count > 0 ? TEXT(s->c, "UNIT-01", s->title, bytes_text(&units))
                              : TEXT(s->c, "UNIT-01.none", s->title));
    return NULL;
}

/* ---- range ---- */

/* Bring VALUE in UNIT and LIMIT in LIMIT_UNIT to one base unit. */
static bool normalise(const struct item_def *item, const struct range_check *check,
                      const struct measurement_unit *unit, struct value *value,
                      struct value *limit)
{
    const struct measurement_unit *limit_unit =
        check->unit != NULL || item->unit_count == 0 ? check->unit : item->units[0];
    if (!data_type_is_number(value->type) || unit == limit_unit) {
        return true;
    }
    return unit != NULL && limit_unit != NULL && unit_base(unit) == unit_base(limit_unit) &&
           unit_to_base(unit, value->number, &value->number) &&
           unit_to_base(limit_unit, limit->number, &limit->number);
}

static enum truth compare(enum comparator comparator, const struct value *value,
                          const struct value *limit)
{
    int order = 0;
    enum truth known = value_order(value, limit, &order);
    if (known != YES) {
        return UNKNOWN;
    }
    switch (comparator) {
    case LT:
        return order < 0 ? YES : NO;
    case LE:
        return order <= 0 ? YES : NO;
    case GT:
        return order > 0 ? YES : NO;
    case GE:
        return order >= 0 ? YES : NO;
    case NE:
    case NOTIN:
        return order != 0 ? YES : NO;
    case EQ:
    case IN:
    default:
        return order == 0 ? YES : NO;
    }
}

static enum truth holds(const struct item_def *item, const struct range_check *check,
                        const struct measurement_unit *unit, const struct value *value)
{
    enum truth all = YES, any = NO;
    for (size_t i = 0; i < check->count; i++) {
        struct value left = *value, right = check->values[i];
        enum truth one = normalise(item, check, unit, &left, &right)
                             ? compare(check->comparator, &left, &right)
                             : UNKNOWN;
        all = truth_and(all, one);
        any = truth_or(any, one);
    }
    return check->comparator == IN ? any : all;
}

static const char *limit_text(const struct subject *s, const struct range_check *check)
{
    static const char *const IDS[] = {"LT", "LE", "GT", "GE", "EQ", "NE", "IN", "NOTIN"};
    CLEANUP(bytes_done) struct bytes values = {0};
    for (size_t i = 0; i < check->count && values.size < 200; i++) {
        bytes_printf(&values, "%s%s", i > 0 ? ", " : "", check->texts[i]);
    }
    if (check->unit != NULL) {
        bytes_printf(&values, " %s", texts_get(&check->unit->symbol, s->c->language));
    }
    return TEXT(s->c, IDS[check->comparator], bytes_text(&values));
}

static void check_range(const struct subject *s, const struct range_check *check,
                        const struct measurement_unit *unit, const struct value *value)
{
    const char *rule = range_check_rule(check);
    if (!range_check_applies(s->c, check)) {
        return;
    }
    enum truth truth = holds(s->item, check, unit, value);
    if (truth == UNKNOWN) {
        note_untold(s->c, rule, path_of(s));
    }
    if (truth != NO) {
        return;
    }
    const char *own = texts_get(&check->error_message, s->c->language);
    const char *message = own[0] != '\0'
                              ? TEXT(s->c, "check.text", own, rule)
                              : TEXT(s->c, check->hard ? "8.hard" : "8.soft", s->title,
                                     s->data->value, limit_text(s, check));
    tell(s, rule, range_check_speech(check), message);
}

/* A hard limit that is passed says it all; the soft ones would repeat it. */
static void check_ranges(const struct subject *s, const struct measurement_unit *unit,
                         const struct value *value)
{
    for (int hard = 1; hard >= 0; hard--) {
        for (size_t i = 0; i < s->item->check_count; i++) {
            if (s->item->checks[i].hard == (hard == 1)) {
                check_range(s, &s->item->checks[i], unit, value);
            }
        }
    }
}

/* Without a value no limit is passed, and none is kept. */
static void note_limits(const struct subject *s)
{
    for (size_t i = 0; i < s->item->check_count; i++) {
        const struct range_check *check = &s->item->checks[i];
        if (check->count > 0 && range_check_applies(s->c, check)) {
            note_untold(s->c, range_check_rule(check), path_of(s));
        }
    }
}

/* ---- dates: the part of rule 1 that looks at one item ---- */

static void check_date(const struct subject *s, const struct value *value)
{
    struct checker *c = s->c;
    struct interval now = interval_at(c->context->signed_at + FUTURE_TOLERANCE);
    if (!s->item->future && interval_after(value->when, now) == YES) {
        tell(s, "1", SAY_REFUSE, TEXT(c, "1.future", s->title, date_text(c, value)));
        return;
    }
    if (s->item->origin == ORIGIN_TRIAL && c->consent_text != NULL &&
        interval_before(value->when, c->consent) == YES) {
        tell(s, "1", SAY_DEVIATION,
             TEXT(c, "1.consent", s->title, date_text(c, value),
                  message_date(c->findings->arena, c->language, c->consent_text)));
    }
}

void check_item(struct checker *c, const struct group_data *group,
                const struct item_ref *ref, const struct item_data *data)
{
    struct value value;
    struct subject s = {.c = c,
                        .item = ref->item,
                        .data = data,
                        .group = group,
                        .title = item_title(ref->item, c->language)};
    if (ref->derived) {
        tell(&s, "FORM-04", SAY_ALWAYS, TEXT(c, "FORM-04", s.title));
        return;
    }
    if (data->null != NOT_NULL) {
        if (data->null == NOT_DONE && data->reason == NULL) {
            tell(&s, "7", SAY_REFUSE, TEXT(c, "7", s.title));
        }
        note_limits(&s);
        return;
    }
    if (!value_parse(ref->item->type, span_text(data->value), c->context->zone, &value)) {
        tell(&s, "TYPE-01", SAY_ALWAYS, TEXT(c, "TYPE-01", s.title, type_text(&s)));
        return;
    }
    check_length(&s, &value);
    check_code(&s);
    const struct measurement_unit *unit = check_unit(&s);
    if (data->unit == NULL || unit != NULL) {
        check_ranges(&s, unit, &value);
    }
    if (data_type_is_dated(ref->item->type)) {
        check_date(&s, &value);
    }
}
