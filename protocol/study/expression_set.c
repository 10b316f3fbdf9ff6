/* SPDX-License-Identifier: Apache-2.0 */
/*
** Sets of nodes: walking a path step by step, keeping what predicates do not certainly drop,
** and what the nodes of a set have for values. Sets lie on one stack; a step reads the nodes
** that lie on top and lays its own above them, which then sink into their place.
*/
#include "protocol/study/expression_impl.h"

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* ---- values of nodes ---- */

static struct atom derive(struct evaluation *e, const struct node *node,
                          const struct method_def *method)
{
    const struct expression *expression = method->expression->compiled;
    const struct node *context = e->context;
    const struct focus focus = {.node = node};
    if (e->nested >= NESTED_MAX) {
        note_fault(e, "too many derived items depend on each other");
        return atom_unknown(KIND_ANY);
    }
    e->context = node;
    e->nested++;
    struct atom atom = expression_run(e, expression->roots[LEVEL_ITEM], &focus);
    e->nested--;
    e->context = context;
    const char *text = atom_item_text(e, &atom, node->item_def, e->scope->scratch);
    struct item_data data = {.oid = node->item_def->oid, .value = text};
    return text != NULL ? atom_item(e, node->item_def, &data) : atom_unknown(KIND_ANY);
}

/* A derived item is never entered: its value is computed where it is asked for. */
static bool derived_atom(struct evaluation *e, const struct node *node,
                         struct atom *ret_atom)
{
    const struct item_ref *ref = node->group_def != NULL && node->item_def != NULL
                                     ? group_item_ref(node->group_def, node->item_def->oid)
                                     : NULL;
    const struct method_def *method = ref != NULL ? ref->method : NULL;
    if (method == NULL || method->expression == NULL ||
        method->expression->compiled == NULL ||
        method->expression->compiled->roots[LEVEL_ITEM] == NULL || node->group == NULL) {
        return false;
    }
    *ret_atom = derive(e, node, method);
    return true;
}

static struct atom value_atom(struct evaluation *e, const struct node *node)
{
    struct atom atom;
    if (node->item != NULL && node->item->null == NOT_NULL) {
        return atom_item(e, node->item_def, node->item);
    }
    if (node->item == NULL && derived_atom(e, node, &atom)) {
        return atom;
    }
    note_missing(e, node);
    return atom_unknown(KIND_ANY);
}

static const char *oid_of(const struct evaluation *e, const struct node *node)
{
    switch (node->level) {
    case LEVEL_EVENT:
        return node->event_def != NULL ? node->event_def->oid : "";
    case LEVEL_FORM:
        return node->form != NULL ? node->form->key.form : node->form_def->oid;
    case LEVEL_GROUP:
        return node->group != NULL ? node->group->oid : node->group_def->oid;
    case LEVEL_ITEM:
        return node->item != NULL ? node->item->oid : node->item_def->oid;
    case LEVEL_SUBJECT:
    default:
        return e->scope->book != NULL && e->scope->book->subject != NULL
                   ? e->scope->book->subject
                   : "";
    }
}

bool node_atom(struct evaluation *e, const struct node *node, enum attribute attribute,
               struct atom *ret_atom)
{
    const char *repeat = node->level == LEVEL_EVENT  ? node->event_repeat
                         : node->level == LEVEL_FORM ? node->form_repeat
                                                     : node->group_repeat;
    switch (attribute) {
    case ATTRIBUTE_OID:
        *ret_atom = atom_text(span_text(oid_of(e, node)));
        return true;
    case ATTRIBUTE_REPEAT:
        *ret_atom = repeat != NULL ? atom_text(span_text(repeat)) : atom_unknown(KIND_TEXT);
        return repeat != NULL || node->many;
    case ATTRIBUTE_NULL:
        *ret_atom =
            node->item != NULL ? atom_text(SPAN_LITERAL("Yes")) : atom_unknown(KIND_TEXT);
        if (node->item == NULL) {
            note_missing(e, node);
        }
        return node->item == NULL || node->item->null != NOT_NULL;
    case ATTRIBUTE_NONE:
    case ATTRIBUTE_VALUE:
    default:
        *ret_atom = value_atom(e, node);
        return true;
    }
}

/* ---- sets ---- */

void set_drop(struct evaluation *e, size_t start)
{
    e->node_count = start;
}

enum truth set_exists(struct evaluation *e, size_t start, enum attribute attribute)
{
    enum truth any = NO;
    for (size_t i = start; i < e->node_count && any != YES; i++) {
        struct node node = e->nodes[i];
        struct atom atom;
        enum truth one = node.doubtful ? UNKNOWN : YES;
        if (attribute == ATTRIBUTE_NONE) {
            if (!node_is_there(&node)) {
                note_missing(e, &node);
                one = UNKNOWN;
            }
        } else if (!node_atom(e, &node, attribute, &atom)) {
            continue;
        } else if (!atom_is_known(&atom)) {
            one = UNKNOWN;
        }
        any = truth_or(any, one);
    }
    return any;
}

struct atom set_value(struct evaluation *e, size_t start, const struct op *path)
{
    for (size_t i = start; i < e->node_count; i++) {
        struct node node = e->nodes[i];
        struct atom atom;
        if (!node_atom(e, &node, path->attribute, &atom)) {
            continue;
        }
        return node.doubtful ? atom_unknown(path->value) : atom;
    }
    return atom_text(span_of("", 0));
}

struct number set_count(struct evaluation *e, size_t start, size_t end,
                        enum attribute attribute)
{
    struct number count = {.has_least = true, .has_most = true};
    int64_t least = 0, most = 0;
    for (size_t i = start; i < end; i++) {
        struct node node = e->nodes[i];
        struct atom atom = {0};
        bool sure = !node.doubtful && node_is_there(&node);
        if (attribute != ATTRIBUTE_NONE) {
            if (!node_atom(e, &node, attribute, &atom)) {
                continue;
            }
            sure = !node.doubtful && atom_is_known(&atom);
        } else if (!node_is_there(&node)) {
            note_missing(e, &node);
        }
        least += sure;
        most++;
        count.has_most = count.has_most && !node.many;
    }
    count.least = decimal_of(least);
    count.most = decimal_of(most);
    return count;
}

/* ---- paths ---- */

static enum truth test_node(struct evaluation *e, const struct op *test,
                            const struct focus *focus)
{
    if (test->kind != KIND_NUMBER) {
        return expression_run_truth(e, test, focus);
    }
    struct atom number = expression_run(e, test, focus);
    return number_compare(OP_EQ, focus->position, &number.number);
}

/* Keep of the nodes from START on those that TEST does not certainly drop. */
static void filter(struct evaluation *e, size_t start, const struct op *test)
{
    size_t end = e->node_count, kept = start;
    struct number last = {.has_least = true, .has_most = true};
    struct number position = last;
    int64_t least = 0, most = 0;
    for (size_t i = start; i < end; i++) {
        least += !e->nodes[i].doubtful && node_is_there(&e->nodes[i]);
        last.has_most = last.has_most && !e->nodes[i].many;
    }
    last.least = decimal_of(least > 0 ? least : 1);
    last.most = decimal_of((int64_t) (end - start));
    least = 0;
    for (size_t i = start; i < end; i++) {
        struct node node = e->nodes[i];
        bool sure = !node.doubtful && node_is_there(&node);
        position.least = decimal_of(least + 1);
        position.most = decimal_of(most + 1);
        const struct focus focus = {&node, &position, &last};
        enum truth passes = test_node(e, test, &focus);
        least += sure;
        most++;
        position.has_most = position.has_most && !node.many;
        if (passes != NO) {
            node.doubtful = node.doubtful || passes == UNKNOWN;
            e->nodes[kept++] = node;
        }
    }
    e->node_count = kept;
}

static void filter_all(struct evaluation *e, size_t start, const struct step *step)
{
    for (const struct predicate *p = step->predicates; p != NULL; p = p->next) {
        filter(e, start, p->test);
    }
}

/* Close the gap of nodes between START and FROM. */
static void settle(struct evaluation *e, size_t start, size_t from)
{
    size_t count = e->node_count - from;
    memmove(e->nodes + start, e->nodes + from, count * sizeof(e->nodes[0]));
    e->node_count = start + count;
}

static void descend(struct evaluation *e, const struct node *node, const struct step *step,
                    enum expression_level level)
{
    size_t start = e->node_count;
    push_children(e, node, step, level);
    if (level == step->level) {
        filter_all(e, start, step);
        return;
    }
    size_t end = e->node_count;
    for (size_t i = start; i < end && step_counted(e); i++) {
        struct node child = e->nodes[i];
        descend(e, &child, step, level + 1);
    }
    settle(e, start, end);
}

static struct node above(const struct node *node, enum expression_level level)
{
    struct node up = *node;
    up.level = level;
    up.item = NULL;
    up.item_def = NULL;
    if (level <= LEVEL_FORM) {
        up.group = NULL;
        up.group_def = NULL;
        up.group_repeat = NULL;
    }
    if (level <= LEVEL_EVENT) {
        up.form = NULL;
        up.form_def = NULL;
        up.form_repeat = NULL;
    }
    if (level == LEVEL_SUBJECT) {
        up = node_subject();
        up.doubtful = node->doubtful;
    }
    up.many = up.many && !node_is_there(&up);
    return up;
}

static bool same_node(const struct node *a, const struct node *b)
{
    return a->event_def == b->event_def && same_text(a->event_repeat, b->event_repeat) &&
           a->form == b->form && a->form_def == b->form_def && a->group == b->group &&
           a->group_def == b->group_def;
}

/* Siblings have one parent: in the order of the document they stand together. */
static void push_above(struct evaluation *e, size_t start, const struct node *node,
                       const struct step *step)
{
    struct node up = above(node, step->level);
    if (e->node_count > start) {
        struct node *last = &e->nodes[e->node_count - 1];
        if (same_node(last, &up)) {
            last->doubtful = last->doubtful && up.doubtful;
            return;
        }
    }
    push_node(e, &up);
}

static void take_step(struct evaluation *e, const struct step *step, size_t start)
{
    size_t end = e->node_count;
    for (size_t i = start; i < end && step_counted(e); i++) {
        struct node node = e->nodes[i];
        size_t before = e->node_count;
        switch (step->axis) {
        case AXIS_CHILD:
            push_children(e, &node, step, step->level);
            filter_all(e, before, step);
            break;
        case AXIS_DESCENDANT:
            descend(e, &node, step, node.level + 1);
            break;
        case AXIS_UP:
            push_above(e, end, &node, step);
            break;
        case AXIS_ROOT:
            if (i == start) {
                node = node_subject();
                push_node(e, &node);
                filter_all(e, before, step);
            }
            break;
        case AXIS_SELF:
        case AXIS_ATTRIBUTE:
        default:
            push_node(e, &node);
            filter_all(e, before, step);
            break;
        }
    }
    if (step->axis == AXIS_UP) {
        filter_all(e, end, step);
    }
    settle(e, start, end);
}

size_t set_walk(struct evaluation *e, const struct op *path, const struct focus *focus)
{
    size_t start = e->node_count;
    const struct step *step = path->steps;
    if (path->code == OP_CALL) { /* current() */
        push_node(e, e->context);
        return start;
    }
    if (path->first == NULL) {
        push_node(e, focus->node);
    } else {
        (void) set_walk(e, path->first, focus);
        filter_all(e, start, step); /* as a whole: (//ItemData)[1] is one node */
        step = step->next;
    }
    for (; step != NULL && step->axis != AXIS_ATTRIBUTE; step = step->next) {
        take_step(e, step, start);
    }
    return start;
}
