/* SPDX-License-Identifier: Apache-2.0 */
/*
** Evaluating: operators and paths. A set of nodes is compared as in XPath (is there one for
** which it holds?) with Kleene's or: a node that is absent, or of which it is not known whether
** it belongs to the set, can make the answer unknown but never change one that is certain.
*/
#include "protocol/study/expression_impl.h"

bool step_counted(struct evaluation *e)
{
    if (e->steps >= EXPRESSION_STEPS_MAX) {
        note_fault(e, "the expression looks at too many values");
        return false;
    }
    e->steps++;
    return true;
}

void note_fault(struct evaluation *e, const char *fault)
{
    if (e->fault == NULL) {
        e->fault = fault;
    }
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

void note_missing(struct evaluation *e, const struct node *node)
{
    const struct form_data *form = node->form;
    struct expression_missing missing = {
        .form = {e->scope->book != NULL ? e->scope->book->subject : NULL,
                 node->event_def != NULL ? node->event_def->oid : NULL, node->event_repeat,
                 form != NULL ? form->key.form
                              : (node->form_def != NULL ? node->form_def->oid : NULL),
                 node->form_repeat},
        .item = {node->group_def != NULL ? node->group_def->oid : NULL, node->group_repeat,
                 node->item_def != NULL ? node->item_def->oid : NULL},
    };
    for (size_t i = 0; i < e->missing_count; i++) {
        const struct expression_missing *old = &e->missing[i];
        if (same_text(old->form.event, missing.form.event) &&
            same_text(old->form.event_repeat, missing.form.event_repeat) &&
            same_text(old->form.form, missing.form.form) &&
            same_text(old->form.form_repeat, missing.form.form_repeat) &&
            same_text(old->item.group_repeat, missing.item.group_repeat) &&
            same_text(old->item.item, missing.item.item)) {
            return;
        }
    }
    if (e->missing_count < EXPRESSION_MISSING_MAX) {
        e->missing[e->missing_count++] = missing;
    }
}

/* ---- comparing sets ---- */

static enum truth compare_node(struct evaluation *e, const struct op *op,
                               const struct node *node, enum attribute attribute,
                               const struct atom *other, bool other_is_left)
{
    struct atom atom;
    if (!node_atom(e, node, attribute, &atom)) {
        return NO;
    }
    enum truth one = other_is_left ? atom_compare(e, op->code, other, &atom)
                                   : atom_compare(e, op->code, &atom, other);
    return node->doubtful ? truth_and(one, UNKNOWN) : one;
}

/* The set SET against one value, which stands on the left when OTHER_IS_LEFT. */
static enum truth compare_set(struct evaluation *e, const struct op *op,
                              const struct op *set, const struct atom *other,
                              bool other_is_left, const struct focus *focus)
{
    enum truth any = NO;
    size_t start = set_walk(e, set, focus);
    for (size_t i = start; i < e->node_count && any != YES && step_counted(e); i++) {
        struct node node = e->nodes[i];
        any =
            truth_or(any, compare_node(e, op, &node, set->attribute, other, other_is_left));
    }
    set_drop(e, start);
    return any;
}

static enum truth compare_sets(struct evaluation *e, const struct op *op,
                               const struct focus *focus)
{
    const struct op *a = op->first, *b = a->next;
    enum truth any = NO;
    size_t start = set_walk(e, a, focus), end = e->node_count;
    for (size_t i = start; i < end && any != YES && step_counted(e); i++) {
        struct node node = e->nodes[i];
        struct atom atom;
        if (!node_atom(e, &node, a->attribute, &atom)) {
            continue;
        }
        enum truth one = compare_set(e, op, b, &atom, true, focus);
        any = truth_or(any, node.doubtful ? truth_and(one, UNKNOWN) : one);
    }
    set_drop(e, start);
    return any;
}

static enum truth compare_existence(struct evaluation *e, const struct op *op,
                                    const struct focus *focus)
{
    struct atom a = atom_truth(expression_run_truth(e, op->first, focus));
    struct atom b = atom_truth(expression_run_truth(e, op->first->next, focus));
    return atom_compare(e, op->code, &a, &b);
}

static enum truth compare(struct evaluation *e, const struct op *op,
                          const struct focus *focus)
{
    const struct op *a = op->first, *b = a->next;
    bool sets = a->kind == KIND_NODES && b->kind == KIND_NODES;
    bool set = a->kind == KIND_NODES || b->kind == KIND_NODES;
    bool truth = a->kind == KIND_TRUTH || b->kind == KIND_TRUTH;
    if (sets) {
        return compare_sets(e, op, focus);
    }
    if (set && truth && (a->kind == KIND_NODES ? a : b)->value != KIND_TRUTH) {
        return compare_existence(e, op, focus);
    }
    if (a->kind == KIND_NODES) {
        struct atom other = expression_run(e, b, focus);
        return compare_set(e, op, a, &other, false, focus);
    }
    struct atom left = expression_run(e, a, focus);
    if (b->kind == KIND_NODES) {
        return compare_set(e, op, b, &left, true, focus);
    }
    struct atom right = expression_run(e, b, focus);
    return atom_compare(e, op->code, &left, &right);
}

/* ---- operators ---- */

static enum truth run_logical(struct evaluation *e, const struct op *op,
                              const struct focus *focus)
{
    bool all = op->code == OP_AND;
    enum truth result = all ? YES : NO;
    for (const struct op *operand = op->first;
         operand != NULL && result != (all ? NO : YES) && step_counted(e);
         operand = operand->next) {
        enum truth one = expression_run_truth(e, operand, focus);
        result = all ? truth_and(result, one) : truth_or(result, one);
    }
    return result;
}

static struct number run_arithmetic(struct evaluation *e, const struct op *op,
                                    const struct focus *focus)
{
    struct atom first = expression_run(e, op->first, focus);
    struct number a = atom_as_number(e, &first);
    if (op->code == OP_NEGATE) {
        struct number zero = number_exact(decimal_of(0));
        return number_apply(e, OP_SUBTRACT, &zero, &a);
    }
    struct atom second = expression_run(e, op->first->next, focus);
    struct number b = atom_as_number(e, &second);
    return number_apply(e, op->code, &a, &b);
}

enum truth expression_run_truth(struct evaluation *e, const struct op *op,
                                const struct focus *focus)
{
    if (op->kind == KIND_NODES) {
        size_t start = set_walk(e, op, focus);
        enum truth exists = set_exists(e, start, op->attribute);
        set_drop(e, start);
        return exists;
    }
    struct atom atom = expression_run(e, op, focus);
    return atom_as_truth(&atom);
}

struct atom expression_run(struct evaluation *e, const struct op *op,
                           const struct focus *focus)
{
    if (!step_counted(e)) {
        return atom_unknown(op->kind == KIND_NODES ? op->value : op->kind);
    }
    if (op->kind == KIND_NODES) {
        size_t start = set_walk(e, op, focus);
        struct atom value = set_value(e, start, op);
        set_drop(e, start);
        return value;
    }
    switch (op->code) {
    case OP_OR:
    case OP_AND:
        return atom_truth(run_logical(e, op, focus));
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
        return atom_truth(compare(e, op, focus));
    case OP_NUMBER:
        return atom_number(number_exact(op->number));
    case OP_TEXT:
        return atom_text(span_text(op->text));
    case OP_AT:
        if (e->scope->at == NULL) {
            return atom_unknown(KIND_DATE);
        }
        return atom_date(&(struct value){
            .type = TYPE_DATETIME,
            .when = interval_at(*e->scope->at),
            .wall = interval_at(zone_to_wall(e->scope->zone, *e->scope->at)),
            .has_day = true,
            .has_time = true});
    case OP_BATCH:
        return e->scope->batch != NULL ? atom_text(span_text(e->scope->batch))
                                       : atom_unknown(KIND_TEXT);
    case OP_CALL:
        return expression_call(e, op, focus);
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
    case OP_DIVIDE:
    case OP_MODULO:
    case OP_NEGATE:
    case OP_PATH:
    default:
        return atom_number(run_arithmetic(e, op, focus));
    }
}

/* ---- the whole ---- */

static void give(struct evaluation *e, const struct atom *atom,
                 struct expression_result *result)
{
    struct atom text;
    switch (atom->kind) {
    case KIND_NUMBER:
        result->kind = RESULT_NUMBER;
        result->number = atom->number;
        break;
    case KIND_DATE:
        result->kind = RESULT_DATE;
        result->when = atom->when;
        break;
    case KIND_TEXT:
        result->kind = RESULT_TEXT;
        text = atom_as_text(e, atom);
        result->text = text.known ? arena_span_text(e->scope->scratch, text.text) : NULL;
        break;
    case KIND_ANY:
    case KIND_TRUTH:
    case KIND_NODES:
    default:
        break;
    }
}

void expression_evaluate(const struct expression *expression,
                         const struct expression_scope *scope,
                         const struct expression_place *place,
                         struct expression_result *ret_result)
{
    struct evaluation e; /* not zeroed: `near` is large */
    const struct node context = node_at(scope, place);
    const struct focus focus = {.node = &context};
    const struct op *root = expression->roots[context.level];
    *ret_result = (struct expression_result){.truth = UNKNOWN, .when = date_unknown()};
    if (root == NULL) {
        ret_result->fault = "the expression was not compiled for this place";
        return;
    }
    e.scope = scope;
    e.context = &context;
    e.steps = 0;
    e.nested = 0;
    e.fault = NULL;
    e.missing_count = 0;
    e.nodes = e.near;
    e.node_count = 0;
    e.node_capacity = NODES_NEAR;
    struct atom atom;
    if (root->kind == KIND_NODES && expression->kind == KIND_TRUTH) {
        atom = atom_truth(expression_run_truth(&e, root, &focus));
    } else {
        atom = expression_run(&e, root, &focus);
    }
    ret_result->truth = atom_as_truth(&atom);
    give(&e, &atom, ret_result);
    if (!atom_is_known(&atom)) {
        ret_result->fault = e.fault;
        ret_result->missing_count = e.missing_count;
        memcpy(ret_result->missing, e.missing, sizeof(e.missing[0]) * e.missing_count);
    }
}

const char *expression_item_value(const struct expression_result *result,
                                  const struct expression_scope *scope,
                                  const struct item_def *item, struct arena *arena)
{
    static const enum kind KINDS[] = {KIND_TRUTH, KIND_NUMBER, KIND_DATE, KIND_TEXT};
    struct evaluation e;
    struct atom atom = {.kind = KINDS[result->kind],
                        .known = true,
                        .truth = result->truth,
                        .number = result->number,
                        .when = result->when,
                        .text = span_text(result->text)};
    e.scope = scope;
    e.fault = NULL;
    if (result->kind == RESULT_TEXT && result->text == NULL) {
        return NULL;
    }
    return atom_item_text(&e, &atom, item, arena);
}

const char *expression_missing_path(const struct expression_missing *missing,
                                    struct arena *arena)
{
    if (missing->form.form == NULL) {
        return missing->form.event != NULL ? missing->form.event : "";
    }
    const char *form = form_key_path(arena, &missing->form);
    if (missing->item.group == NULL) {
        return form;
    }
    return arena_printf(arena, "%s %s", form,
                        item_path(arena, missing->item.group, missing->item.group_repeat,
                                  missing->item.item));
}
