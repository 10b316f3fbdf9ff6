/* SPDX-License-Identifier: Apache-2.0 */
/*
** The functions: those of XPath 1.0 that authors use, and ours for dates, units and data that
** are there or not.
*/
#include "base/text.h"
#include "protocol/study/expression_impl.h"

static struct number as_number(struct evaluation *e, const struct op *op,
                               const struct focus *focus)
{
    struct atom atom = expression_run(e, op, focus);
    return atom_as_number(e, &atom);
}

static struct atom as_text(struct evaluation *e, const struct op *op,
                           const struct focus *focus)
{
    struct atom atom = expression_run(e, op, focus);
    return atom_as_text(e, &atom);
}

static struct value as_date(struct evaluation *e, const struct op *op,
                            const struct focus *focus)
{
    struct atom atom = expression_run(e, op, focus);
    return atom_as_date(e, &atom);
}

/* ---- numbers ---- */

static struct atom rounded(struct evaluation *e, const struct op *call,
                           const struct focus *focus)
{
    enum rounding rounding = call->function == CALL_FLOOR     ? ROUND_DOWN
                             : call->function == CALL_CEILING ? ROUND_UP
                                                              : ROUND_HALF_UP;
    struct number number = as_number(e, call->first, focus);
    number.least = decimal_round(number.least, 0, rounding);
    number.most = decimal_round(number.most, 0, rounding);
    return atom_number(number);
}

static struct atom sum(struct evaluation *e, const struct op *call,
                       const struct focus *focus)
{
    const struct op *path = call->first;
    struct number total = number_exact(decimal_of(0));
    size_t start = set_walk(e, path, focus);
    for (size_t i = start; i < e->node_count; i++) {
        struct node node = e->nodes[i];
        struct atom atom;
        if (!node_atom(e, &node, path->attribute, &atom)) {
            continue;
        }
        struct number one = atom_as_number(e, &atom);
        if (node.doubtful) { /* none of it, or all */
            const struct number none = number_exact(decimal_of(0));
            struct number least = number_least(&one, &none);
            struct number most = number_most(&one, &none);
            one = (struct number){least.least, most.most, least.has_least, most.has_most};
        }
        if (node.many) {
            one = number_unknown();
        }
        total = number_apply(e, OP_ADD, &total, &one);
    }
    set_drop(e, start);
    return atom_number(total);
}

static struct atom count(struct evaluation *e, const struct op *call,
                         const struct focus *focus)
{
    const struct op *path = call->first;
    size_t start = set_walk(e, path, focus);
    struct number number = set_count(e, start, e->node_count, path->attribute);
    set_drop(e, start);
    return atom_number(number);
}

/* ---- the least, the most, the first, the last ---- */

static struct atom as_kind_of(struct evaluation *e, enum kind kind, const struct atom *atom)
{
    if (kind == KIND_DATE) {
        struct value when = atom_as_date(e, atom);
        return atom_date(&when);
    }
    return atom_number(atom_as_number(e, atom));
}

/* The greater or later of two atoms of one kind, number or date; or the other one. */
static struct atom further(const struct atom *a, const struct atom *b, bool most)
{
    if (a->kind == KIND_DATE) {
        struct value when = date_extreme(&a->when, &b->when, most);
        return atom_date(&when);
    }
    return atom_number(most ? number_most(&a->number, &b->number)
                            : number_least(&a->number, &b->number));
}

static struct atom extreme(struct evaluation *e, const struct op *call,
                           const struct focus *focus)
{
    const struct op *path = call->first;
    const struct atom nothing = atom_unknown(call->kind);
    struct atom result = nothing;
    size_t start = set_walk(e, path, focus);
    bool most = call->function == CALL_MAX || call->function == CALL_LATEST;
    bool sure = true;
    for (size_t i = start; i < e->node_count; i++) {
        struct node node = e->nodes[i];
        struct atom atom;
        if (!node_atom(e, &node, path->attribute, &atom)) {
            continue;
        }
        struct atom one = as_kind_of(e, call->kind, &atom);
        sure = sure && !node.doubtful;
        result = result.known ? further(&result, &one, most) : one;
    }
    set_drop(e, start);
    return sure ? result : nothing;
}

/* ---- texts ---- */

static struct atom concat(struct evaluation *e, const struct op *call,
                          const struct focus *focus)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    for (const struct op *op = call->first; op != NULL; op = op->next) {
        struct atom part = as_text(e, op, focus);
        if (!part.known || text.size + part.text.size > FORM_VALUE_MAX) {
            return atom_unknown(KIND_TEXT);
        }
        bytes_add_span(&text, part.text);
    }
    return atom_text(arena_span(e->scope->scratch, span_bytes(&text)));
}

static bool contains(struct span text, struct span part)
{
    return part.size == 0 ||
           (text.size > 0 && memmem(text.data, text.size, part.data, part.size) != NULL);
}

static bool starts(struct span text, struct span part)
{
    return part.size == 0 ||
           (text.size >= part.size && memcmp(text.data, part.data, part.size) == 0);
}

static struct atom search(struct evaluation *e, const struct op *call,
                          const struct focus *focus)
{
    struct atom text = as_text(e, call->first, focus);
    struct atom part = as_text(e, call->first->next, focus);
    if (!text.known || !part.known) {
        return atom_truth(UNKNOWN);
    }
    bool found = call->function == CALL_CONTAINS ? contains(text.text, part.text)
                                                 : starts(text.text, part.text);
    return atom_truth(found ? YES : NO);
}

static struct atom length(struct evaluation *e, const struct op *call,
                          const struct focus *focus)
{
    struct atom text = as_text(e, call->first, focus);
    if (!text.known) {
        return atom_number(number_unknown());
    }
    return atom_number(number_exact(decimal_of((int64_t) text_length(text.text))));
}

/* ---- dates ---- */

static bool whole_number(const struct decimal *value, int64_t *ret_number)
{
    const struct decimal limit = decimal_of(100000000);
    struct decimal negative_limit = decimal_of(-100000000);
    if (value->exponent < 0 || decimal_compare(*value, limit) > 0 ||
        decimal_compare(*value, negative_limit) < 0) {
        return false;
    }
    int64_t number = (int64_t) value->coefficient;
    for (int i = 0; i < value->exponent; i++) {
        number *= 10;
    }
    *ret_number = number;
    return true;
}

static struct atom add_to_date(struct evaluation *e, const struct op *call,
                               const struct focus *focus)
{
    struct value when = as_date(e, call->first, focus), moved;
    struct number amount = as_number(e, call->first->next, focus);
    struct atom unit = as_text(e, call->first->next->next, focus);
    int64_t least = 0, most = 0;
    if (!amount.has_least || !amount.has_most || !unit.known) {
        return atom_unknown(KIND_DATE);
    }
    if (!whole_number(&amount.least, &least) || !whole_number(&amount.most, &most) ||
        !date_add(e->scope->zone, &when, least, most, unit.text, &moved)) {
        note_fault(e, "crfd:date-add() takes whole numbers, and the units min h d w mo a");
        return atom_unknown(KIND_DATE);
    }
    return atom_date(&moved);
}

static struct atom difference(struct evaluation *e, const struct op *call,
                              const struct focus *focus)
{
    struct value from = as_date(e, call->first, focus);
    struct value to = as_date(e, call->first->next, focus);
    switch ((int) call->function) {
    case CALL_DAYS:
        return atom_number(days_between(&from, &to));
    case CALL_HOURS:
        return atom_number(time_between(&from, &to, HOUR));
    case CALL_MINUTES:
        return atom_number(time_between(&from, &to, MINUTE));
    default:
        return atom_number(years_between(&from, &to));
    }
}

/* ---- what is there ---- */

/* About the casebook, not about the patient: certain unless a predicate is not. */
static struct atom is_recorded(struct evaluation *e, const struct op *call,
                               const struct focus *focus)
{
    const struct op *path = call->first;
    size_t missing = e->missing_count, start = set_walk(e, path, focus);
    enum truth any = NO;
    for (size_t i = start; i < e->node_count && any != YES; i++) {
        struct node node = e->nodes[i];
        struct atom atom = {0};
        bool value = path->attribute != ATTRIBUTE_NONE || node.level == LEVEL_ITEM;
        bool recorded = node_is_there(&node);
        if (value) {
            recorded = node_atom(e, &node, path->attribute, &atom) && atom.known;
        }
        if (recorded) {
            any = truth_or(any, node.doubtful ? UNKNOWN : YES);
        }
    }
    set_drop(e, start);
    e->missing_count = any != UNKNOWN ? missing : e->missing_count;
    return atom_truth(any);
}

static struct atom null_reason(struct evaluation *e, const struct op *call,
                               const struct focus *focus)
{
    const struct op *path = call->first;
    struct atom atom = atom_text(span_of("", 0));
    size_t start = set_walk(e, path, focus);
    if (e->node_count > start) {
        struct node node = e->nodes[start];
        if (node.doubtful || node.level != LEVEL_ITEM || node.item == NULL) {
            note_missing(e, &node);
            atom = atom_unknown(KIND_TEXT);
        } else if (node.item->null != NOT_NULL) {
            atom = atom_text(span_text(null_kind_name(node.item->null)));
        }
    }
    set_drop(e, start);
    return atom;
}

static const struct measurement_unit *unit_given(const struct node *node)
{
    const struct item_def *item = node->item_def;
    for (size_t i = 0; item != NULL && i < item->unit_count; i++) {
        if (node->item->unit == NULL ||
            strcmp(item->units[i]->oid, node->item->unit) == 0) {
            return item->units[i];
        }
    }
    return NULL;
}

/* The first value of the path in the base unit of its unit. */
static struct atom normalised(struct evaluation *e, const struct op *call,
                              const struct focus *focus)
{
    const struct op *path = call->first;
    struct number number = number_unknown();
    struct value value;
    size_t start = set_walk(e, path, focus);
    if (e->node_count > start) {
        struct node node = e->nodes[start];
        bool there = !node.doubtful && node.level == LEVEL_ITEM && node.item != NULL &&
                     node.item->null == NOT_NULL && node.item_def != NULL &&
                     data_type_is_number(node.item_def->type);
        const struct measurement_unit *unit = there ? unit_given(&node) : NULL;
        if (!there) {
            note_missing(e, &node);
        } else if (value_parse(node.item_def->type, span_text(node.item->value), NULL,
                               &value) &&
                   (unit == NULL || unit_to_base(unit, value.number, &value.number))) {
            number = number_exact(value.number);
        } else {
            note_fault(e, "a value cannot be converted to its base unit");
        }
    }
    set_drop(e, start);
    return atom_number(number);
}

/* ---- choosing ---- */

static struct atom as_kind(struct evaluation *e, enum kind kind, const struct op *op,
                           const struct focus *focus)
{
    if (kind == KIND_TRUTH) {
        return op->kind == KIND_NODES ? expression_run(e, op, focus)
                                      : atom_truth(expression_run_truth(e, op, focus));
    }
    return expression_run(e, op, focus);
}

static struct atom choose(struct evaluation *e, const struct op *call,
                          const struct focus *focus)
{
    const struct op *yes = call->first->next, *no = yes->next;
    enum truth test = expression_run_truth(e, call->first, focus);
    if (test != UNKNOWN) {
        return as_kind(e, call->kind, test == YES ? yes : no, focus);
    }
    struct atom a = as_kind(e, call->kind, yes, focus);
    struct atom b = as_kind(e, call->kind, no, focus);
    bool same = a.kind == b.kind && atom_compare(e, OP_EQ, &a, &b) == YES;
    return same ? a : atom_unknown(call->kind);
}

/* ---- the rest, and the table ---- */

static struct atom always(struct evaluation *e, const struct op *call,
                          const struct focus *focus)
{
    (void) e;
    (void) focus;
    return atom_truth(call->function == CALL_TRUE ? YES : NO);
}

static struct atom truth_of(struct evaluation *e, const struct op *call,
                            const struct focus *focus)
{
    enum truth truth = expression_run_truth(e, call->first, focus);
    return atom_truth(call->function == CALL_NOT ? truth_not(truth) : truth);
}

static struct atom number_of(struct evaluation *e, const struct op *call,
                             const struct focus *focus)
{
    return atom_number(as_number(e, call->first, focus));
}

static struct atom text_of(struct evaluation *e, const struct op *call,
                           const struct focus *focus)
{
    return as_text(e, call->first, focus);
}

static struct atom place(struct evaluation *e, const struct op *call,
                         const struct focus *focus)
{
    (void) e;
    const struct number *at = call->function == CALL_LAST ? focus->last : focus->position;
    return atom_number(at != NULL ? *at : number_unknown());
}

/* What each does; what it takes and gives is the table of expression_resolve.c. current() is
 * not here: it is a set of nodes, and set_walk() lays it. */
static struct atom (*const CALLS[])(struct evaluation *e, const struct op *call,
                                    const struct focus *focus) = {
    [CALL_BOOLEAN] = truth_of,
    [CALL_CEILING] = rounded,
    [CALL_CONCAT] = concat,
    [CALL_CONTAINS] = search,
    [CALL_COUNT] = count,
    [CALL_DATE_ADD] = add_to_date,
    [CALL_DAYS] = difference,
    [CALL_EXISTS] = is_recorded,
    [CALL_FALSE] = always,
    [CALL_FIRST] = extreme,
    [CALL_FLOOR] = rounded,
    [CALL_HOURS] = difference,
    [CALL_IF] = choose,
    [CALL_LAST] = place,
    [CALL_LATEST] = extreme,
    [CALL_MAX] = extreme,
    [CALL_MIN] = extreme,
    [CALL_MINUTES] = difference,
    [CALL_NORMALISED] = normalised,
    [CALL_NOT] = truth_of,
    [CALL_NULL] = null_reason,
    [CALL_NUMBER] = number_of,
    [CALL_POSITION] = place,
    [CALL_ROUND] = rounded,
    [CALL_STARTS_WITH] = search,
    [CALL_STRING] = text_of,
    [CALL_STRING_LENGTH] = length,
    [CALL_SUM] = sum,
    [CALL_TRUE] = always,
    [CALL_YEARS] = difference,
};

struct atom expression_call(struct evaluation *e, const struct op *call,
                            const struct focus *focus)
{
    BUG_IF((size_t) call->function >= ARRAY_LEN(CALLS) || CALLS[call->function] == NULL);
    return CALLS[call->function](e, call, focus);
}
