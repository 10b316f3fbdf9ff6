/* SPDX-License-Identifier: Apache-2.0 */
/*
** Stopping rules that ask more than how many reports there are: "two of the first six treated",
** "half of those treated", and rules on anything a casebook says (crfd-odm-ext.md).
**
** Who was treated stands in the table of exposures, who meets a rule in that of stopping; both
** are looked at as they are and as this record makes them. An event holds when it is one of
** enough; a dose, or a cohort that becomes known, holds when it makes true what was not: what a
** person lifted meanwhile stays lifted.
*/
#include <stdlib.h>

#include "protocol/record/decide_case.h"

#include "protocol/study/expression.h"

/* ---- who was treated ---- */

struct treated {
    const char *subject;
    const char *from; /* of the first dose, at the earliest; "" when that cannot be told */
};

struct treated_list {
    struct treated *items;
    size_t count, capacity;
};

/* The share of RULE in SCOPE, before this record or with it. */
struct asked {
    const struct deciding *d;
    const struct stopping_rule *rule;
    const char *scope;
    bool with; /* what this record does */
};

static const char *cohort_now(const struct asked *a, const char *subject)
{
    const struct row *row = state_subject(a->d->state, subject);
    const struct effect *effect =
        outcome_effect(&a->d->decision->outcome, EFFECT_COHORT, NULL);
    bool own = effect != NULL && a->d->record->subject != NULL &&
               strcmp(subject, a->d->record->subject) == 0;
    return a->with && own ? effect->value
           : row != NULL  ? row->values[SUBJECT_COHORT]
                          : NULL;
}

static bool is_in_scope(const struct asked *a, const char *subject)
{
    CLEANUP(bytes_done) struct bytes scope = {0};
    const struct row *row = state_subject(a->d->state, subject);
    bool cohort = strncmp(a->scope, "cohort/", 7) == 0;
    const char *name = cohort        ? cohort_now(a, subject)
                       : row != NULL ? row->values[SUBJECT_SITE]
                                     : NULL;
    if (strcmp(a->scope, "study") == 0) {
        return true;
    }
    bytes_add_text(&scope, cohort ? "cohort/" : "site/");
    path_add_segment(&scope, name != NULL ? name : "");
    return name != NULL && strcmp(bytes_text(&scope), a->scope) == 0;
}

static void add_treated(const struct asked *a, struct treated_list *list,
                        const char *subject, const char *from)
{
    *ARENA_PUSH(a->d->arena, list->items, list->count, list->capacity) =
        (struct treated){subject, from != NULL ? from : ""};
}

static const struct effect *exposure_of(const struct deciding *d, const char *object)
{
    const struct outcome *outcome = &d->decision->outcome;
    for (size_t i = 0; i < outcome->effect_count; i++) {
        const struct effect *effect = &outcome->effects[i];
        if (effect->kind == EFFECT_EXPOSURE && strcmp(effect->scope, object) == 0) {
            return effect;
        }
    }
    return NULL;
}

/* Taken out by this record, or written anew? */
static bool is_replaced(const struct asked *a, const char *object)
{
    bool retracted = a->d->record->type == RECORD_FORM_RETRACT &&
                     strcmp(object, a->d->record->object) == 0;
    return a->with && (retracted || exposure_of(a->d, object) != NULL);
}

static int by_first_dose(const void *a, const void *b)
{
    const struct treated *x = a, *y = b;
    int order = strcmp(x->from, y->from);
    return order != 0 ? order : strcmp(x->subject, y->subject);
}

static int by_subject_and_dose(const void *a, const void *b)
{
    const struct treated *x = a, *y = b;
    int order = strcmp(x->subject, y->subject);
    return order != 0 ? order : strcmp(x->from, y->from);
}

/* Each subject of the scope once, with its first dose. */
static void keep_first(const struct asked *a, struct treated_list *list)
{
    size_t kept = 0;
    const char *last = NULL;
    if (list->count > 1) {
        qsort(list->items, list->count, sizeof(*list->items), by_subject_and_dose);
    }
    for (size_t i = 0; i < list->count; i++) {
        bool again = last != NULL && strcmp(last, list->items[i].subject) == 0;
        last = list->items[i].subject;
        if (!again && is_in_scope(a, last)) {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
}

/* Of the scope, in the order of their first doses; the first `of` where that is asked. */
static struct treated_list find_treated(const struct asked *a)
{
    struct treated_list list = {0};
    const struct outcome *outcome = &a->d->decision->outcome;
    struct rows rows = state_rows(a->d->state, TABLE_EXPOSURE, a->d->arena);
    for (size_t i = 0; i < rows.count; i++) {
        const char *const *row = rows.items[i]->values;
        if (!is_replaced(a, row[EXPOSURE_OBJECT])) {
            add_treated(a, &list, row[EXPOSURE_SUBJECT], row[EXPOSURE_GIVEN_FROM]);
        }
    }
    for (size_t i = 0; a->with && i < outcome->effect_count; i++) {
        if (outcome->effects[i].kind == EFFECT_EXPOSURE) {
            add_treated(a, &list, a->d->record->subject, outcome->effects[i].from);
        }
    }
    keep_first(a, &list);
    if (list.count > 1) {
        qsort(list.items, list.count, sizeof(*list.items), by_first_dose);
    }
    if (a->rule->of > 0 && list.count > (size_t) a->rule->of) {
        list.count = (size_t) a->rule->of;
    }
    return list;
}

/* ---- who meets the rule ---- */

struct meeting {
    const char **subjects;
    size_t count, capacity;
    int64_t newest; /* place in the log of the last report that counts; 0: no report */
};

/* Of "subject/007-K" and of "subject/007-K/SE.LOG/-/F.SAE/r1". */
static const char *subject_of(const struct deciding *d, const char *object)
{
    struct form_key key;
    const char *subject = object + strlen("subject/");
    if (form_key_parse(span_text(object), d->arena, &key)) {
        return key.subject;
    }
    (void) path_segment_parse(span_text(subject), d->arena, &subject);
    return subject;
}

static bool is_among(const struct treated_list *treated, const char *subject)
{
    for (size_t i = 0; i < treated->count; i++) {
        if (strcmp(treated->items[i].subject, subject) == 0) {
            return true;
        }
    }
    return false;
}

static void add_meeting(struct meeting *meeting, const struct asked *a,
                        const struct treated_list *treated, const char *object)
{
    const char *subject = subject_of(a->d, object);
    const struct row *row = state_row(a->d->state, TABLE_SAFETY_CASE, &object);
    int64_t seq = row != NULL ? row_integer(row, SAFETY_CASE_SEQ) : 0;
    if (!is_among(treated, subject)) {
        return;
    }
    meeting->newest = seq > meeting->newest ? seq : meeting->newest;
    for (size_t i = 0; i < meeting->count; i++) {
        if (strcmp(meeting->subjects[i], subject) == 0) {
            return;
        }
    }
    *ARENA_PUSH(a->d->arena, meeting->subjects, meeting->count, meeting->capacity) =
        subject;
}

static const char *object_of(const struct deciding *d, const struct effect *effect)
{
    return effect->cause != NULL ? effect->cause : d->record->object;
}

/* What this record says about OBJECT under the rule; NULL: nothing. */
static const struct effect *said_now(const struct asked *a, const char *object)
{
    const struct outcome *outcome = &a->d->decision->outcome;
    for (size_t i = 0; a->with && i < outcome->effect_count; i++) {
        const struct effect *effect = &outcome->effects[i];
        if (effect->kind == EFFECT_STOPPING && strcmp(effect->value, a->rule->oid) == 0 &&
            strcmp(object_of(a->d, effect), object) == 0) {
            return effect;
        }
    }
    return NULL;
}

/* Whoever of TREATED meets the rule, whatever the scope was when that was told. */
static struct meeting find_meeting(const struct asked *a,
                                   const struct treated_list *treated, bool surely)
{
    struct meeting meeting = {0};
    const struct outcome *outcome = &a->d->decision->outcome;
    struct rows rows =
        state_rows_where(a->d->state, TABLE_STOPPING, a->rule->oid, a->d->arena);
    for (size_t i = 0; i < rows.count; i++) {
        const char *object = rows.items[i]->values[STOPPING_OBJECT];
        bool counts = !surely || row_is(rows.items[i], STOPPING_STATE, "met");
        if (counts && said_now(a, object) == NULL) {
            add_meeting(&meeting, a, treated, object);
        }
    }
    for (size_t i = 0; a->with && i < outcome->effect_count; i++) {
        const struct effect *effect = &outcome->effects[i];
        if (effect->kind == EFFECT_STOPPING && strcmp(effect->value, a->rule->oid) == 0 &&
            strcmp(effect->scope, a->scope) == 0 && strcmp(effect->state, "gone") != 0 &&
            (!surely || strcmp(effect->state, "met") == 0)) {
            add_meeting(&meeting, a, treated, object_of(a->d, effect));
        }
    }
    return meeting;
}

/* Do enough of those who were treated meet the rule? *ret_meeting: they. */
static bool is_reached(const struct asked *a, bool surely, struct meeting *ret_meeting)
{
    struct treated_list treated = find_treated(a);
    *ret_meeting = find_meeting(a, &treated, surely);
    size_t share = (treated.count * (size_t) a->rule->share + 99) / 100;
    size_t needed = (size_t) a->rule->count;
    return ret_meeting->count >= (share > needed ? share : needed);
}

bool stopping_is_by_share(const struct stopping_rule *rule)
{
    return rule->of > 0 || rule->share > 0;
}

enum truth share_reached(const struct deciding *d, const struct stopping_rule *rule,
                         const char *scope, const char *object)
{
    struct asked a = {d, rule, scope, true};
    struct treated_list treated = find_treated(&a);
    struct meeting meeting;
    bool counts = object == NULL || is_among(&treated, subject_of(d, object));
    return !counts                           ? NO
           : is_reached(&a, true, &meeting)  ? YES
           : is_reached(&a, false, &meeting) ? UNKNOWN
                                             : NO;
}

/* ---- doses and cohorts ---- */

static void hold(struct deciding *d, const struct asked *a, const struct meeting *meeting,
                 bool surely)
{
    int64_t seq = meeting->newest > 0 ? meeting->newest : d->context->seq;
    case_add(d, &(struct effect){.kind = EFFECT_HOLD,
                                 .value = a->rule->activity,
                                 .scope = a->scope,
                                 .rule = a->rule->rule,
                                 .state = surely ? "held" : "provisional",
                                 .cause = arena_printf(d->arena, "%lld", (long long) seq)});
}

/* What a dose, a retraction or a cohort changed for RULE in SCOPE. */
static void settle(struct deciding *d, const struct stopping_rule *rule, const char *scope)
{
    struct asked before = {d, rule, scope, false}, after = {d, rule, scope, true};
    struct meeting was, now, may;
    bool sure = is_reached(&after, true, &now);
    bool maybe = is_reached(&after, false, &may);
    if (sure && !is_reached(&before, true, &was)) {
        hold(d, &after, &now, true);
    } else if (!sure && maybe && !is_reached(&before, false, &was)) {
        hold(d, &after, &may, false);
    }
}

static const char *scope_now(const struct deciding *d, const struct stopping_rule *rule,
                             const char *subject)
{
    CLEANUP(bytes_done) struct bytes scope = {0};
    struct asked a = {d, rule, "", true};
    const struct row *row = state_subject(d->state, subject);
    const char *name = rule->scope == STOP_COHORT                ? cohort_now(&a, subject)
                       : rule->scope == STOP_SITE && row != NULL ? row->values[SUBJECT_SITE]
                                                                 : NULL;
    if (name == NULL || *name == 0) {
        return "study";
    }
    bytes_printf(&scope, "%s/", stopping_scope_name(rule->scope));
    path_add_segment(&scope, name);
    return arena_text(d->arena, bytes_text(&scope));
}

static void settle_rule(struct deciding *d, const struct stopping_rule *rule)
{
    struct rows rows = state_rows_where(d->state, TABLE_STOPPING, rule->oid, d->arena);
    const char **scopes = ARENA_ARRAY(d->arena, rows.count + 1, const char *);
    size_t count = 0;
    for (size_t r = 0; r < rows.count; r++) {
        const char *subject = subject_of(d, rows.items[r]->values[STOPPING_OBJECT]);
        const char *scope = scope_now(d, rule, subject);
        bool seen = false;
        for (size_t i = 0; i < count; i++) {
            seen = seen || strcmp(scopes[i], scope) == 0;
        }
        if (!seen) {
            scopes[count++] = scope;
            settle(d, rule, scope);
        }
    }
    shares_end(d, rule);
}

void shares_end(struct deciding *d, const struct stopping_rule *rule)
{
    struct rows rows = state_rows(d->state, TABLE_HOLD, d->arena);
    for (size_t i = 0; i < rows.count; i++) {
        const char *scope = rows.items[i]->values[HOLD_SCOPE];
        if (row_is(rows.items[i], HOLD_RULE, rule->rule) &&
            share_reached(d, rule, scope, NULL) == NO) {
            end_provisional(d, rule, scope, NULL);
        }
    }
}

void shares_after_dose(struct deciding *d)
{
    const struct safety_section *section = safety_section_of(d->version);
    const struct outcome *outcome = &d->decision->outcome;
    bool changes = d->record->type == RECORD_FORM_RETRACT ||
                   outcome_effect(outcome, EFFECT_EXPOSURE, NULL) != NULL ||
                   outcome_effect(outcome, EFFECT_COHORT, NULL) != NULL;
    for (size_t i = 0; changes && i < section->stopping_count; i++) {
        if (stopping_is_by_share(&section->stopping[i])) {
            settle_rule(d, &section->stopping[i]);
        }
    }
}

/* ---- what the casebook says ---- */

void keep_cohort(struct deciding *d, const struct casebook *after)
{
    const char *cohort = cohort_of(d->version, after);
    const char *before = d->subject != NULL ? d->subject->values[SUBJECT_COHORT] : NULL;
    bool same = strcmp(cohort != NULL ? cohort : "", before != NULL ? before : "") == 0;
    if (d->subject != NULL && d->version != NULL && !same) {
        add_effect(d, EFFECT_COHORT, cohort != NULL ? arena_text(d->arena, cohort) : "",
                   NULL, NULL);
    }
}

static bool is_true_of(const struct deciding *d, const struct casebook *after,
                       const struct stopping_rule *rule)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct zone zone;
    struct check_context context = check_context_of(d, PLACE_SUBMIT, &zone);
    struct expression_scope scope = {
        .version = d->version, .book = after, .zone = context.zone, .scratch = scratch};
    struct expression_place place = {.form = {.subject = d->record->subject}};
    struct expression_result result = {.truth = UNKNOWN};
    if (rule->expression->compiled != NULL) {
        expression_evaluate(rule->expression->compiled, &scope, &place, &result);
    }
    return result.truth == YES;
}

static void ask_expression(struct deciding *d, const struct casebook *after,
                           const struct stopping_rule *rule)
{
    CLEANUP(bytes_done) struct bytes object = {0};
    bytes_add_text(&object, "subject/");
    path_add_segment(&object, d->record->subject);
    const char *name = arena_text(d->arena, bytes_text(&object));
    const struct row *row =
        state_row(d->state, TABLE_STOPPING, (const char *const[]){rule->oid, name});
    bool now = is_true_of(d, after, rule);
    if (now == (row != NULL)) {
        return;
    }
    struct effect effect = {.kind = EFFECT_STOPPING,
                            .value = rule->oid,
                            .scope = row != NULL
                                         ? arena_text(d->arena, row->values[STOPPING_SCOPE])
                                         : stopping_scope_of(d, rule, after),
                            .state = now ? "met" : "gone",
                            .cause = name};
    case_add(d, &effect);
    if (now) {
        const char *seq = arena_printf(d->arena, "%lld", (long long) d->context->seq);
        stopping_hold(d, rule, effect.scope, &(struct stopping_cause){name, seq, true});
    }
}

void stopping_after_form(struct deciding *d, const struct casebook *after)
{
    const struct safety_section *section = safety_section_of(d->version);
    if (d->subject == NULL || d->version == NULL) {
        return;
    }
    for (size_t i = 0; i < section->stopping_count; i++) {
        if (section->stopping[i].expression != NULL) {
            ask_expression(d, after, &section->stopping[i]);
        }
    }
}
