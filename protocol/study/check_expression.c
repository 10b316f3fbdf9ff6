/* SPDX-License-Identifier: Apache-2.0 */
/*
** What the expressions of a definition mean for a form: what is not asked for here, checks that
** are certainly not met, values that are derived, and the second person of rule 51.
**
** A condition acts when it is certainly true and a check when it is certainly false. Of what
** cannot be told nothing is demanded: at signature and lock it is listed as due.
*/
#include <strings.h>

#include "protocol/study/check_impl.h"
#include "protocol/study/expression.h"

/* ---- evaluating for the form under check ---- */

static struct expression_place place_in(const struct checker *c, const char *group,
                                        const char *group_repeat, const char *item)
{
    return (struct expression_place){c->form->key, {group, group_repeat, item}};
}

/* The casebook with the form under check in it is made once, when the first expression asks. */
static void evaluate(struct checker *c, const struct expression *expression,
                     const struct expression_place *place,
                     struct expression_result *ret_result)
{
    if (!c->has_whole) {
        c->whole = casebook_with(c->book, c->form, c->findings->arena);
        c->has_whole = true;
    }
    if (c->scratch == NULL) {
        c->scratch = arena_new();
    }
    const struct expression_scope scope = {.version = c->version,
                                           .book = &c->whole,
                                           .zone = c->context->zone,
                                           .scratch = c->scratch};
    arena_reset(c->scratch);
    expression_evaluate(expression, &scope, place, ret_result);
}

static const struct expression *compiled(const struct formal_expression *expression)
{
    return expression != NULL ? expression->compiled : NULL;
}

static enum truth holds(struct checker *c, const struct condition_def *condition,
                        const struct expression_place *place)
{
    struct expression_result result;
    if (condition == NULL) {
        return NO;
    }
    if (compiled(condition->expression) == NULL) {
        return UNKNOWN; /* described in words only, or in a language that we do not read */
    }
    evaluate(c, condition->expression->compiled, place, &result);
    return result.truth;
}

/* ---- what is not asked for ---- */

enum truth item_is_skipped(struct checker *c, const char *group, const char *group_repeat,
                           const struct item_ref *ref)
{
    struct expression_place place = place_in(c, group, group_repeat, ref->item->oid);
    return ref->condition != NULL ? holds(c, ref->condition, &place) : NO;
}

enum truth group_is_skipped(struct checker *c, const struct group_ref *ref,
                            const char *group_repeat)
{
    struct expression_place place = place_in(c, ref->group->oid, group_repeat, NULL);
    return ref->condition != NULL ? holds(c, ref->condition, &place) : NO;
}

enum truth form_is_skipped(struct checker *c, const struct form_ref *ref,
                           const struct form_key *key)
{
    struct expression_place place = {.form = *key};
    return ref->condition != NULL ? holds(c, ref->condition, &place) : NO;
}

static bool is_given(const struct group_data *group)
{
    for (size_t i = 0; i < group->count; i++) {
        if (group->items[i].null == NOT_NULL) {
            return true;
        }
    }
    return false;
}

static const char *reason_of(struct checker *c, const struct condition_def *condition)
{
    const char *text = texts_get(&condition->description, c->language);
    return text[0] != '\0' ? text : condition->name;
}

void check_skipped_item(struct checker *c, const struct group_data *group,
                        const struct item_ref *ref, const struct item_data *item)
{
    if (ref->condition == NULL || item->null != NOT_NULL ||
        item_is_skipped(c, group->oid, group->repeat, ref) != YES) {
        return;
    }
    say_at(c, checked_form(c), "FORM-09",
           item_path(c->findings->arena, group->oid, group->repeat, item->oid), SAY_ASK,
           TEXT(c, "FORM-09", item_title(ref->item, c->language),
                reason_of(c, ref->condition)),
           item->value);
}

static void check_skipped_form(struct checker *c)
{
    const struct form_ref *form = event_form_ref(c->event, c->form->key.form);
    const struct event_ref *event = version_event_ref(c->version, c->form->key.event);
    struct expression_place place = {.form = c->form->key};
    const struct condition_def *condition = NULL;
    if (form != NULL && form_is_skipped(c, form, &c->form->key) == YES) {
        condition = form->condition;
    }
    place.form.form = NULL;
    place.form.form_repeat = NULL;
    if (condition == NULL && event != NULL && event->condition != NULL &&
        holds(c, event->condition, &place) == YES) {
        condition = event->condition;
    }
    if (condition != NULL) {
        say_at(c, checked_form(c), "FORM-09", "", SAY_ASK,
               TEXT(c, "FORM-09", form_title(c->def, c->language), reason_of(c, condition)),
               NULL);
    }
}

static void check_skipped_group(struct checker *c, const struct group_data *group,
                                const struct group_ref *ref)
{
    if (ref->condition != NULL && is_given(group) &&
        group_is_skipped(c, ref, group->repeat) == YES) {
        say_at(c, checked_form(c), "FORM-09",
               item_path(c->findings->arena, group->oid, group->repeat, NULL), SAY_ASK,
               TEXT(c, "FORM-09", ref->group->name, reason_of(c, ref->condition)), NULL);
    }
}

/* ---- checks ---- */

int range_check_speech(const struct range_check *check)
{
    bool refuse = check->act_given ? check->act == ACT_REFUSE : check->hard;
    return (refuse ? SAY_REFUSE : SAY_ASK) | (check->deviation ? SAY_DEVIATION : 0) |
           (check->alarm ? SAY_ALARM : 0);
}

const char *range_check_rule(const struct range_check *check)
{
    return check->rule[0] != '\0' ? check->rule : "8";
}

bool range_check_applies(const struct checker *c, const struct range_check *check)
{
    return (check->places & PLACE_BIT(c->context->place)) != 0;
}

/* "heart rate, weight": what a person would call the places that are missing. */
static const char *missing_text(struct checker *c, const struct expression_result *result)
{
    const char *names[EXPRESSION_MISSING_MAX];
    size_t count = 0;
    for (size_t i = 0; i < result->missing_count; i++) {
        const struct expression_missing *missing = &result->missing[i];
        const struct item_def *item = version_item(c->version, missing->item.item);
        const struct form_def *form = version_form(c->version, missing->form.form);
        const struct event_def *event = version_event(c->version, missing->form.event);
        const char *name = item != NULL    ? item_title(item, c->language)
                           : form != NULL  ? form_title(form, c->language)
                           : event != NULL ? event_title(event, c->language)
                                           : NULL;
        if (name != NULL) {
            names[count++] = name;
        }
    }
    return count > 0 ? message_list(c->findings->arena, c->language, names, count)
                     : text_alone(c, "check.data");
}

void note_untold(const struct checker *c, const char *rule, const char *path)
{
    struct untold_list *list = c->context->untold;
    if (list != NULL) {
        *ARENA_PUSH(list->arena, list->items, list->count, list->capacity) =
            (struct untold){rule, path};
    }
}

static void act_on(struct checker *c, const struct range_check *check,
                   const struct item_def *item, const char *path, const char *value,
                   const struct expression_result *result)
{
    const char *own = texts_get(&check->error_message, c->language);
    const char *rule = range_check_rule(check), *title = item_title(item, c->language);
    bool later = c->context->place == PLACE_SIGN || c->context->place == PLACE_LOCK;
    if (result->truth == UNKNOWN) {
        note_untold(c, rule, path);
    }
    if (result->truth == NO) {
        say_at(c, checked_form(c), rule, path, range_check_speech(check),
               own[0] != '\0' ? TEXT(c, "check.text", own, rule)
                              : TEXT(c, "check.false", title, rule),
               value);
    } else if (result->truth == UNKNOWN && check->due && later) {
        say_at(c, checked_form(c), rule, path, SAY_DUE,
               TEXT(c, "check.due", title, missing_text(c, result), rule), value);
    }
}

static void run_checks(struct checker *c, const struct group_data *group,
                       const struct item_ref *ref)
{
    const struct item_def *item = ref->item;
    for (size_t i = 0; i < item->check_count; i++) {
        const struct range_check *check = &item->checks[i];
        struct expression_result result;
        if (compiled(check->expression) == NULL || !range_check_applies(c, check)) {
            continue;
        }
        struct expression_place place = place_in(c, group->oid, group->repeat, item->oid);
        evaluate(c, check->expression->compiled, &place, &result);
        if (result.truth == YES) {
            continue;
        }
        const struct item_data *data =
            form_item(c->form, group->oid, group->repeat, item->oid);
        act_on(c, check, item,
               item_path(c->findings->arena, group->oid, group->repeat, item->oid),
               data != NULL ? data->value : NULL, &result);
    }
}

/* ---- rule 51: another person ---- */

static const struct item_data *find_in_form(const struct form_data *form, const char *item)
{
    for (size_t i = 0; i < form->count; i++) {
        const struct item_data *found =
            form_item(form, form->groups[i].oid, form->groups[i].repeat, item);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

/* In the same group, else in the form, else in the visit. */
static const struct item_data *
first_person(struct checker *c, const struct group_data *group, const char *item)
{
    const struct form_key *key = &c->form->key;
    const struct item_data *found = form_item(c->form, group->oid, group->repeat, item);
    if (found == NULL) {
        found = find_in_form(c->form, item);
    }
    for (size_t i = 0; found == NULL && c->book != NULL && i < c->book->count; i++) {
        const struct form_data *form = c->book->forms[i];
        bool here = strcmp(form->key.event, key->event) == 0 &&
                    (form->key.event_repeat == key->event_repeat ||
                     (form->key.event_repeat != NULL && key->event_repeat != NULL &&
                      strcmp(form->key.event_repeat, key->event_repeat) == 0));
        if (here && !form_key_equal(&form->key, key)) {
            found = find_in_form(form, item);
        }
    }
    return found;
}

static void check_second_person(struct checker *c, const struct group_data *group,
                                const struct item_ref *ref)
{
    const struct item_def *other = ref->item->second_person;
    const struct item_data *second =
        other != NULL ? form_item(c->form, group->oid, group->repeat, ref->item->oid)
                      : NULL;
    const struct item_data *first =
        second != NULL ? first_person(c, group, other->oid) : NULL;
    if (first == NULL || first->value == NULL || second->value == NULL ||
        strcasecmp(first->value, second->value) != 0) {
        return;
    }
    say_at(
        c, checked_form(c), "51",
        item_path(c->findings->arena, group->oid, group->repeat, ref->item->oid),
        SAY_DEVIATION | SAY_ALARM,
        TEXT(c, "51", item_title(ref->item, c->language), item_title(other, c->language)),
        second->value);
}

static bool has_group(const struct form_data *form, const char *oid)
{
    for (size_t i = 0; i < form->count; i++) {
        if (strcmp(form->groups[i].oid, oid) == 0) {
            return true;
        }
    }
    return false;
}

/* A group of nothing but derived items is never sent; its items are checked all the same. */
static void check_derived_groups(struct checker *c)
{
    for (size_t i = 0; i < c->def->group_count; i++) {
        const struct group_def *def = c->def->groups[i].group;
        const struct group_data virtual = {.oid = def->oid};
        if (def->repeating || has_group(c->form, def->oid)) {
            continue;
        }
        for (size_t j = 0; j < def->item_count; j++) {
            if (def->items[j].derived) {
                run_checks(c, &virtual, &def->items[j]);
            }
        }
    }
}

void check_expressions(struct checker *c)
{
    check_skipped_form(c);
    for (size_t i = 0; i < c->form->count; i++) {
        const struct group_data *group = &c->form->groups[i];
        const struct group_ref *ref = form_group_ref(c->def, group->oid);
        if (ref == NULL) {
            continue;
        }
        check_skipped_group(c, group, ref);
        for (size_t j = 0; j < ref->group->item_count; j++) {
            run_checks(c, group, &ref->group->items[j]);
            check_second_person(c, group, &ref->group->items[j]);
        }
    }
    check_derived_groups(c);
}

/* ---- anchors ---- */

bool check_anchor(struct checker *c, const struct anchor_def *anchor,
                  struct value *ret_when)
{
    const struct expression_place place = {.form = {.subject = c->form->key.subject}};
    struct expression_result result;
    if (compiled(anchor->expression) == NULL) {
        return false;
    }
    evaluate(c, anchor->expression->compiled, &place, &result);
    if (result.kind != RESULT_DATE || result.when.when.earliest == INSTANT_MIN ||
        result.when.when.latest == INSTANT_MAX) {
        return false;
    }
    *ret_when = result.when;
    return true;
}

/* ---- derived items ---- */

static void derive(struct checker *c, const struct group_data *group,
                   const struct item_ref *ref, struct derived_list *list, size_t *capacity)
{
    const struct expression *expression =
        ref->derived && ref->method != NULL ? compiled(ref->method->expression) : NULL;
    struct expression_result result;
    if (expression == NULL) {
        return;
    }
    struct expression_place place = place_in(c, group->oid, group->repeat, ref->item->oid);
    evaluate(c, expression, &place, &result);
    const struct expression_scope scope = {.version = c->version, .zone = c->context->zone};
    const char *value =
        expression_item_value(&result, &scope, ref->item, c->findings->arena);
    struct derived *items = list->items;
    if (value != NULL) {
        *ARENA_PUSH(c->findings->arena, items, list->count, *capacity) = (struct derived){
            item_path(c->findings->arena, group->oid, group->repeat, ref->item->oid),
            value};
        list->items = items;
    }
}

static void derive_group(struct checker *c, const struct group_data *group,
                         const struct group_def *def, struct derived_list *list,
                         size_t *capacity)
{
    for (size_t i = 0; i < def->item_count; i++) {
        derive(c, group, &def->items[i], list, capacity);
    }
}

/* An expression that reads another derived item computes that first: so the order is that of
 * the form, and each value is as if all before it were already there. A group of nothing but
 * derived items is never sent: it is there all the same, once. */
struct derived_list check_derive(struct checker *c)
{
    struct derived_list list = {0};
    size_t capacity = 0;
    derive_by_meaning(c, &list, &capacity);
    for (size_t i = 0; i < c->form->count; i++) {
        const struct group_ref *ref = form_group_ref(c->def, c->form->groups[i].oid);
        if (ref != NULL) {
            derive_group(c, &c->form->groups[i], ref->group, &list, &capacity);
        }
    }
    for (size_t i = 0; i < c->def->group_count; i++) {
        const struct group_def *def = c->def->groups[i].group;
        const struct group_data virtual = {.oid = def->oid};
        if (!def->repeating && !has_group(c->form, def->oid)) {
            derive_group(c, &virtual, def, &list, &capacity);
        }
    }
    return list;
}
