/* SPDX-License-Identifier: Apache-2.0 */
/*
** Single values: what a text of the casebook means, how values become each other, and how they
** compare. Nothing is rounded but an inexact quotient; a result that does not fit is unknown,
** and the evaluation says why.
*/
#include "protocol/study/expression_impl.h"

/* ---- numbers within bounds ---- */

struct number number_exact(struct decimal value)
{
    return (struct number){value, value, true, true};
}

struct number number_unknown(void)
{
    return (struct number){.has_least = false};
}

static bool number_is_exact(const struct number *number)
{
    return number->has_least && number->has_most &&
           decimal_compare(number->least, number->most) == 0;
}

static struct number add(struct evaluation *e, const struct number *a,
                         const struct number *b)
{
    struct number sum = {.has_least = a->has_least && b->has_least,
                         .has_most = a->has_most && b->has_most};
    bool low = !sum.has_least || decimal_add(a->least, b->least, &sum.least);
    bool high = !sum.has_most || decimal_add(a->most, b->most, &sum.most);
    if (!low || !high) {
        note_fault(e, "a sum has too many digits");
        return number_unknown();
    }
    return sum;
}

static struct decimal negative(struct decimal value)
{
    return (struct decimal){-value.coefficient, value.exponent};
}

static struct number negate(const struct number *a)
{
    return (struct number){negative(a->most), negative(a->least), a->has_most,
                           a->has_least};
}

static bool combine(enum op_code code, struct decimal a, struct decimal b,
                    struct decimal *ret_value)
{
    return code == OP_MULTIPLY ? decimal_multiply(a, b, ret_value)
                               : decimal_divide(a, b, ret_value);
}

/* The least and the most of the four corners. */
static struct number corners(struct evaluation *e, enum op_code code,
                             const struct number *a, const struct number *b)
{
    const struct decimal left[] = {a->least, a->most}, right[] = {b->least, b->most};
    struct number result = {.has_least = true, .has_most = true};
    for (int i = 0; i < 4; i++) {
        struct decimal one;
        if (!combine(code, left[i / 2], right[i % 2], &one)) {
            note_fault(e, "a product has too many digits");
            return number_unknown();
        }
        if (i == 0 || decimal_compare(one, result.least) < 0) {
            result.least = one;
        }
        if (i == 0 || decimal_compare(one, result.most) > 0) {
            result.most = one;
        }
    }
    return result;
}

static struct number divide(struct evaluation *e, const struct number *a,
                            const struct number *b)
{
    const struct decimal zero = {0, 0};
    if (decimal_compare(b->least, zero) <= 0 && decimal_compare(b->most, zero) >= 0) {
        note_fault(e, "a division by zero");
        return number_unknown();
    }
    return corners(e, OP_DIVIDE, a, b);
}

static struct number modulo(struct evaluation *e, const struct number *a,
                            const struct number *b)
{
    struct decimal rest;
    if (!number_is_exact(a) || !number_is_exact(b)) {
        return number_unknown();
    }
    if (!decimal_modulo(a->least, b->least, &rest)) {
        note_fault(e, "a division by zero, or too many digits");
        return number_unknown();
    }
    return number_exact(rest);
}

struct number number_apply(struct evaluation *e, enum op_code code, const struct number *a,
                           const struct number *b)
{
    if (code == OP_ADD) {
        return add(e, a, b);
    }
    if (code == OP_SUBTRACT) {
        struct number other = negate(b);
        return add(e, a, &other);
    }
    if (!a->has_least || !a->has_most || !b->has_least || !b->has_most) {
        return number_unknown();
    }
    if (code == OP_MULTIPLY) {
        return corners(e, code, a, b);
    }
    return code == OP_DIVIDE ? divide(e, a, b) : modulo(e, a, b);
}

struct number number_least(const struct number *a, const struct number *b)
{
    struct number least = {.has_least = a->has_least && b->has_least,
                           .has_most = a->has_most || b->has_most};
    least.least = decimal_compare(a->least, b->least) <= 0 ? a->least : b->least;
    if (a->has_most && b->has_most) {
        least.most = decimal_compare(a->most, b->most) <= 0 ? a->most : b->most;
    } else {
        least.most = a->has_most ? a->most : b->most;
    }
    return least;
}

struct number number_most(const struct number *a, const struct number *b)
{
    struct number left = negate(a), right = negate(b);
    struct number least = number_least(&left, &right);
    return negate(&least);
}

static enum truth below(const struct number *a, const struct number *b, bool or_equal)
{
    if (a->has_most && b->has_least) {
        int order = decimal_compare(a->most, b->least);
        if (order < 0 || (or_equal && order == 0)) {
            return YES;
        }
    }
    if (a->has_least && b->has_most) {
        int order = decimal_compare(a->least, b->most);
        if (order > 0 || (!or_equal && order == 0)) {
            return NO;
        }
    }
    return UNKNOWN;
}

static enum truth equal(const struct number *a, const struct number *b)
{
    if (number_is_exact(a) && number_is_exact(b)) {
        return decimal_compare(a->least, b->least) == 0 ? YES : NO;
    }
    bool apart = below(a, b, false) == YES || below(b, a, false) == YES;
    return apart ? NO : UNKNOWN;
}

enum truth number_compare(enum op_code code, const struct number *a, const struct number *b)
{
    switch ((int) code) {
    case OP_LT:
        return below(a, b, false);
    case OP_LE:
        return below(a, b, true);
    case OP_GT:
        return below(b, a, false);
    case OP_GE:
        return below(b, a, true);
    case OP_NE:
        return truth_not(equal(a, b));
    default:
        return equal(a, b);
    }
}

/* ---- atoms ---- */

struct atom atom_unknown(enum kind kind)
{
    return (struct atom){.kind = kind == KIND_NODES ? KIND_ANY : kind,
                         .truth = UNKNOWN,
                         .when = date_unknown()};
}

struct atom atom_truth(enum truth truth)
{
    return (struct atom){.kind = KIND_TRUTH, .known = true, .truth = truth};
}

struct atom atom_number(struct number number)
{
    return (struct atom){.kind = KIND_NUMBER, .known = true, .number = number};
}

struct atom atom_text(struct span text)
{
    return (struct atom){.kind = KIND_TEXT, .known = true, .text = text};
}

struct atom atom_date(const struct value *when)
{
    return (struct atom){.kind = KIND_DATE, .known = true, .when = *when};
}

bool atom_is_known(const struct atom *atom)
{
    switch (atom->kind) {
    case KIND_TRUTH:
        return atom->known && atom->truth != UNKNOWN;
    case KIND_NUMBER:
        return atom->known && number_is_exact(&atom->number);
    case KIND_DATE:
        return atom->known && date_is_known(&atom->when);
    case KIND_TEXT:
    case KIND_ANY:
    case KIND_NODES:
    default:
        return atom->known;
    }
}

/* A number of an item that has several units is in the first: so is one without a unit. */
static bool to_first_unit(const struct item_def *item, const struct item_data *data,
                          struct decimal *value)
{
    const struct measurement_unit *unit = NULL;
    if (data->unit == NULL || item->unit_count == 0 ||
        strcmp(item->units[0]->oid, data->unit) == 0) {
        return true;
    }
    for (size_t i = 1; i < item->unit_count && unit == NULL; i++) {
        unit = strcmp(item->units[i]->oid, data->unit) == 0 ? item->units[i] : NULL;
    }
    const struct measurement_unit *first = item->units[0];
    struct decimal base, one = {1, 0}, factor;
    return unit != NULL && unit_base(unit) == unit_base(first) &&
           unit_to_base(unit, *value, &base) && unit_to_base(first, one, &factor) &&
           decimal_divide(base, factor, value);
}

struct atom atom_item(struct evaluation *e, const struct item_def *item,
                      const struct item_data *data)
{
    struct span text = span_text(data->value);
    struct value value;
    enum data_type type = item != NULL ? item->type : TYPE_TEXT;
    if (type <= TYPE_STRING) {
        return atom_text(text);
    }
    if (data_type_is_dated(type)) {
        return date_parse(e->scope->zone, type, text, &value) ? atom_date(&value)
                                                              : atom_unknown(KIND_DATE);
    }
    if (!value_parse(type, text, e->scope->zone, &value)) {
        note_fault(e, "a value is not of its data type");
        return atom_unknown(KIND_ANY);
    }
    if (type == TYPE_BOOLEAN) {
        return atom_truth(value.boolean ? YES : NO);
    }
    if (!data_type_is_number(type)) {
        return atom_text(text);
    }
    if (!to_first_unit(item, data, &value.number)) {
        note_fault(e, "a value cannot be converted to the first unit of its item");
        return atom_unknown(KIND_NUMBER);
    }
    return atom_number(number_exact(value.number));
}

enum truth atom_as_truth(const struct atom *atom)
{
    const struct number zero = number_exact((struct decimal){0, 0});
    if (!atom->known) {
        return UNKNOWN;
    }
    switch (atom->kind) {
    case KIND_TRUTH:
        return atom->truth;
    case KIND_NUMBER:
        return number_compare(OP_NE, &atom->number, &zero);
    case KIND_TEXT:
        return atom->text.size > 0 ? YES : NO;
    case KIND_DATE:
        return date_is_known(&atom->when) ? YES : UNKNOWN;
    case KIND_ANY:
    case KIND_NODES:
    default:
        return UNKNOWN;
    }
}

struct number atom_as_number(struct evaluation *e, const struct atom *atom)
{
    struct decimal value;
    if (!atom->known) {
        return number_unknown();
    }
    switch (atom->kind) {
    case KIND_NUMBER:
        return atom->number;
    case KIND_TRUTH:
        return atom->truth == UNKNOWN ? number_unknown()
                                      : number_exact(decimal_of(atom->truth == YES));
    case KIND_TEXT:
        if (decimal_parse(atom->text, true, &value)) {
            return number_exact(value);
        }
        note_fault(e, "a text is no number");
        return number_unknown();
    case KIND_DATE:
    case KIND_ANY:
    case KIND_NODES:
    default:
        return number_unknown();
    }
}

struct atom atom_as_text(struct evaluation *e, const struct atom *atom)
{
    char buffer[DECIMAL_SIZE];
    if (!atom_is_known(atom)) {
        return atom_unknown(KIND_TEXT);
    }
    switch (atom->kind) {
    case KIND_TEXT:
        return *atom;
    case KIND_TRUTH:
        return atom_text(span_text(atom->truth == YES ? "true" : "false"));
    case KIND_NUMBER:
        if (!decimal_format(atom->number.least, buffer)) {
            return atom_unknown(KIND_TEXT);
        }
        return atom_text(span_text(arena_text(e->scope->scratch, buffer)));
    case KIND_DATE:
        return atom->when.text.size > 0 ? atom_text(atom->when.text)
                                        : atom_unknown(KIND_TEXT);
    case KIND_ANY:
    case KIND_NODES:
    default:
        return atom_unknown(KIND_TEXT);
    }
}

struct value atom_as_date(struct evaluation *e, const struct atom *atom)
{
    struct value when;
    if (atom->kind == KIND_DATE && atom->known) {
        return atom->when;
    }
    if (atom->kind == KIND_TEXT && atom->known && atom->text.size > 0) {
        if (date_parse(e->scope->zone, TYPE_PARTIAL_DATETIME, atom->text, &when)) {
            return when;
        }
        note_fault(e, "a text is no date");
    }
    return date_unknown();
}

/* ---- comparing ---- */

static enum truth equal_texts(enum op_code code, struct span a, struct span b)
{
    bool same = a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
    return same == (code == OP_EQ) ? YES : NO;
}

/* "1" and "true" are true of a boolean, "0" and "false" are not. */
static enum truth truth_of(const struct atom *atom)
{
    struct decimal number;
    if (atom->kind != KIND_TEXT) {
        return atom_as_truth(atom);
    }
    if (span_is(atom->text, "true")) {
        return YES;
    }
    if (span_is(atom->text, "false")) {
        return NO;
    }
    if (decimal_parse(atom->text, false, &number)) {
        return number.coefficient != 0 ? YES : NO;
    }
    return UNKNOWN;
}

static enum truth compare_numbers(struct evaluation *e, enum op_code code,
                                  const struct atom *a, const struct atom *b)
{
    struct decimal ignored;
    bool equality = code == OP_EQ || code == OP_NE;
    bool word = (a->kind == KIND_TEXT && !decimal_parse(a->text, true, &ignored)) ||
                (b->kind == KIND_TEXT && !decimal_parse(b->text, true, &ignored));
    if (word && equality) {
        return code == OP_NE ? YES : NO; /* no number is equal to a word */
    }
    struct number left = atom_as_number(e, a), right = atom_as_number(e, b);
    return number_compare(code, &left, &right);
}

enum truth atom_compare(struct evaluation *e, enum op_code code, const struct atom *a,
                        const struct atom *b)
{
    bool equality = code == OP_EQ || code == OP_NE;
    if (!a->known || !b->known) {
        return UNKNOWN;
    }
    if (a->kind == KIND_DATE || b->kind == KIND_DATE) {
        struct value left = atom_as_date(e, a), right = atom_as_date(e, b);
        return date_compare(code, &left, &right);
    }
    if (equality && (a->kind == KIND_TRUTH || b->kind == KIND_TRUTH)) {
        enum truth left = truth_of(a), right = truth_of(b);
        if (left == UNKNOWN || right == UNKNOWN) {
            return UNKNOWN;
        }
        return (left == right) == (code == OP_EQ) ? YES : NO;
    }
    if (equality && a->kind == KIND_TEXT && b->kind == KIND_TEXT) {
        return equal_texts(code, a->text, b->text);
    }
    return compare_numbers(e, code, a, b);
}

/* ---- as the value of a derived item ---- */

static const char *number_item_text(const struct number *number,
                                    const struct item_def *item, struct arena *arena)
{
    char buffer[DECIMAL_SIZE];
    int digits = item->type == TYPE_INTEGER ? 0 : item->significant_digits;
    if (!number_is_exact(number)) {
        return NULL;
    }
    struct decimal value =
        digits >= 0 ? decimal_round(number->least, digits, ROUND_HALF_EVEN) : number->least;
    return decimal_format(value, buffer) ? arena_text(arena, buffer) : NULL;
}

static const char *text_for(struct evaluation *e, const struct atom *atom,
                            const struct item_def *item, struct arena *arena)
{
    if (data_type_is_number(item->type)) {
        struct number number = atom_as_number(e, atom);
        return number_item_text(&number, item, arena);
    }
    if (data_type_is_dated(item->type)) {
        struct value when = atom_as_date(e, atom);
        return date_text_of(e->scope->zone, &when, item->type, arena);
    }
    struct atom text = atom_as_text(e, atom);
    return text.known && text.text.size > 0 ? arena_span_text(arena, text.text) : NULL;
}

const char *atom_item_text(struct evaluation *e, const struct atom *atom,
                           const struct item_def *item, struct arena *arena)
{
    struct value value;
    if (!atom->known) {
        return NULL;
    }
    const char *text = text_for(e, atom, item, arena);
    if (text == NULL) {
        return NULL;
    }
    bool fits = value_parse(item->type, span_text(text), e->scope->zone, &value);
    bool listed = item->code_list == NULL || item->code_list->external ||
                  code_list_get(item->code_list, text) != NULL;
    return fits && listed ? text : NULL;
}
