/* SPDX-License-Identifier: Apache-2.0 */
/*
** Stopping rules: whether a report meets one, whether enough do, and the hold that follows.
** A hold's cause is the place in the log of what set it, so that a second event sets a second
** hold and lifting the first does not hide it.
*/
#include "protocol/record/clocks.h"
#include "protocol/record/decide_case.h"

static const struct stopping_rule DEFAULT_RULE = {.oid = "80",
                                                  .rule = "80",
                                                  .activity = "dosing",
                                                  .scope = STOP_STUDY,
                                                  .when = STOP_RELATED,
                                                  .count = 1};

static enum truth is_true(bool condition)
{
    return condition ? YES : NO;
}

static enum truth meets(const struct safety_case *c, const struct stopping_rule *rule,
                        enum truth susar)
{
    enum truth serious = is_true(c->serious);
    switch (rule->when) {
    case STOP_SERIOUS:
        return serious;
    case STOP_FATAL:
        return is_true(c->serious && c->reading.fatal);
    case STOP_GRAVE:
        return truth_and(truth_and(serious, c->related),
                         is_true(c->reading.sponsor_days == DAYS_GRAVE));
    case STOP_SUSAR:
        return susar;
    case STOP_RELATED:
    default:
        return truth_and(serious, c->related);
    }
}

const char *stopping_scope_of(const struct deciding *d, const struct stopping_rule *rule,
                              const struct casebook *book)
{
    CLEANUP(bytes_done) struct bytes scope = {0};
    const char *name = rule->scope == STOP_SUBJECT && d->subject != NULL
                           ? d->subject->values[SUBJECT_SUBJECT]
                       : rule->scope == STOP_SITE   ? d->site
                       : rule->scope == STOP_COHORT ? cohort_of(d->version, book)
                                                    : NULL;
    if (name == NULL) {
        return "study";
    }
    bytes_printf(&scope, "%s/", stopping_scope_name(rule->scope));
    path_add_segment(&scope, name);
    return arena_text(d->arena, bytes_text(&scope));
}

static const char *cause_of(const struct deciding *d, const struct safety_case *c)
{
    int64_t seq = c->row != NULL ? row_integer(c->row, SAFETY_CASE_SEQ) : d->context->seq;
    return arena_printf(d->arena, "%lld", (long long) seq);
}

/* Events of other reports that count for RULE in SCOPE. */
static size_t count_others(const struct deciding *d, const struct stopping_rule *rule,
                           const char *scope, const char *object, bool surely)
{
    struct rows rows = state_rows_where(d->state, TABLE_STOPPING, rule->oid, d->arena);
    size_t count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        bool other = !row_is(rows.items[i], STOPPING_OBJECT, object) &&
                     row_is(rows.items[i], STOPPING_SCOPE, scope);
        count += other && (!surely || row_is(rows.items[i], STOPPING_STATE, "met")) ? 1 : 0;
    }
    return count;
}

/* ---- holds ---- */

/* May the rule OID have set HOLD? It has its number and activity, or is of another version of
 * the definition. */
static bool may_have_set(const struct safety_section *section, const char *oid,
                         const struct row *hold)
{
    for (size_t i = 0; i < section->stopping_count; i++) {
        const struct stopping_rule *rule = &section->stopping[i];
        if (strcmp(rule->oid, oid) == 0) {
            return row_is(hold, HOLD_RULE, rule->rule) &&
                   row_is(hold, HOLD_ACTIVITY, rule->activity);
        }
    }
    return true;
}

/* Would another rule than RULE keep HOLD, for the same report? */
static bool is_kept(const struct deciding *d, const struct stopping_rule *rule,
                    const struct row *hold)
{
    const struct safety_section *section = safety_section_of(d->version);
    struct rows rows = state_rows(d->state, TABLE_STOPPING, d->arena);
    for (size_t i = 0; i < rows.count; i++) {
        const char *const *row = rows.items[i]->values;
        const struct row *report =
            state_row(d->state, TABLE_SAFETY_CASE, &row[STOPPING_OBJECT]);
        if (strcmp(row[STOPPING_RULE], rule->oid) != 0 &&
            row_is(report, SAFETY_CASE_SEQ, hold->values[HOLD_CAUSE]) &&
            may_have_set(section, row[STOPPING_RULE], hold)) {
            return true;
        }
    }
    return false;
}

void end_provisional(struct deciding *d, const struct stopping_rule *rule,
                     const char *scope, const char *cause)
{
    struct rows rows = state_rows(d->state, TABLE_HOLD, d->arena);
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *row = rows.items[i];
        bool of_rule = row_is(row, HOLD_RULE, rule->rule) &&
                       row_is(row, HOLD_ACTIVITY, rule->activity);
        bool own = cause != NULL && row_is(row, HOLD_CAUSE, cause) &&
                   !row_is(row, HOLD_STATE, "held");
        bool left = scope != NULL && row_is(row, HOLD_SCOPE, scope) &&
                    row_is(row, HOLD_STATE, "provisional") && !is_kept(d, rule, row);
        if (of_rule && (own || left)) {
            case_add(d, &(struct effect){
                            .kind = EFFECT_HOLD,
                            .value = arena_text(d->arena, row->values[HOLD_ACTIVITY]),
                            .scope = arena_text(d->arena, row->values[HOLD_SCOPE]),
                            .rule = rule->rule,
                            .state = "ended",
                            .cause = arena_text(d->arena, row->values[HOLD_CAUSE])});
        }
    }
}

/* Do enough meet RULE in SCOPE, OBJECT among them? UNKNOWN: with those that may. */
static enum truth is_enough(const struct deciding *d, const struct stopping_rule *rule,
                            const char *scope, const char *object)
{
    size_t needed = (size_t) rule->count;
    if (stopping_is_by_share(rule)) {
        return share_reached(d, rule, scope, object);
    }
    return count_others(d, rule, scope, object, true) + 1 >= needed    ? YES
           : count_others(d, rule, scope, object, false) + 1 >= needed ? UNKNOWN
                                                                       : NO;
}

void stopping_hold(struct deciding *d, const struct stopping_rule *rule, const char *scope,
                   const struct stopping_cause *cause)
{
    enum truth enough = is_enough(d, rule, scope, cause->object);
    if (enough != NO) {
        bool sure = cause->surely && enough == YES;
        case_add(d, &(struct effect){.kind = EFFECT_HOLD,
                                     .value = rule->activity,
                                     .scope = scope,
                                     .rule = rule->rule,
                                     .state = sure ? "held" : "provisional",
                                     .cause = cause->seq});
    }
}

/* The doubt about C is gone: what it alone held ends, and what it was needed for. */
static void doubt_gone(struct deciding *d, const struct safety_case *c,
                       const struct stopping_rule *rule, const char *scope)
{
    if (stopping_is_by_share(rule)) {
        shares_end(d, rule);
        return;
    }
    bool alone = rule->count > 1 &&
                 count_others(d, rule, scope, c->object, false) < (size_t) rule->count;
    end_provisional(d, rule, alone ? scope : NULL, cause_of(d, c));
}

/* ---- one report, one rule ---- */

static bool is_holding(const struct deciding *d, const struct stopping_rule *rule,
                       const char *cause)
{
    struct rows rows = state_rows(d->state, TABLE_HOLD, d->arena);
    bool holds = false;
    for (size_t i = 0; i < rows.count; i++) {
        holds = holds || (row_is(rows.items[i], HOLD_CAUSE, cause) &&
                          row_is(rows.items[i], HOLD_RULE, rule->rule) &&
                          row_is(rows.items[i], HOLD_ACTIVITY, rule->activity));
    }
    return holds;
}

static void apply_rule(struct deciding *d, const struct safety_case *c,
                       const struct stopping_rule *rule, enum truth susar)
{
    const struct row *row =
        state_row(d->state, TABLE_STOPPING, (const char *const[]){rule->oid, c->object});
    enum truth stance = meets(c, rule, susar);
    /* the investigator says no and the sponsor has not looked: nothing new is stopped by
     * that, and what is stopped stays so until the second opinion */
    bool half_no = c->investigator == NO && c->sponsor.causality == UNKNOWN;
    bool met = row_is(row, STOPPING_STATE, "met");
    const char *scope = row != NULL && !stopping_is_by_share(rule)
                            ? row->values[STOPPING_SCOPE]
                            : stopping_scope_of(d, rule, d->book);
    scope = arena_text(d->arena, scope);
    struct effect effect = {
        .kind = EFFECT_STOPPING, .value = rule->oid, .scope = scope, .state = "met"};
    struct stopping_cause cause = {c->object, cause_of(d, c), stance == YES};
    /* what was lifted because the report was nullified stands still again with it */
    bool anew = c->again && !is_holding(d, rule, cause.seq);
    if (stance == YES && (!met || anew)) {
        case_add(d, &effect);
        stopping_hold(d, rule, scope, &cause);
    } else if (stance == UNKNOWN && (row == NULL || anew) && !half_no) {
        effect.state = met ? "met" : "maybe";
        case_add(d, &effect);
        stopping_hold(d, rule, scope, &cause);
    } else if (stance == NO && row != NULL && !met) {
        effect.state = "gone";
        case_add(d, &effect);
        doubt_gone(d, c, rule, scope);
    }
}

void stopping_of_case(struct deciding *d, const struct safety_case *c, enum truth susar)
{
    if (c->section->stopping_count == 0) {
        apply_rule(d, c, &DEFAULT_RULE, susar);
    }
    for (size_t i = 0; i < c->section->stopping_count; i++) {
        if (c->section->stopping[i].expression == NULL) {
            apply_rule(d, c, &c->section->stopping[i], susar);
        }
    }
}

const char *cohort_of(const struct metadata_version *version, const struct casebook *book)
{
    size_t cursor = 0;
    const struct form_def *def = NULL;
    const struct form_data *form;
    if (version == NULL) {
        return NULL;
    }
    while ((form = casebook_next(book, version, MEANING_COHORT, &cursor, &def)) != NULL) {
        const struct item_data *item = form_meaning(form, def, MEANING_COHORT);
        if (item != NULL && item->value != NULL && *item->value != 0) {
            return item->value;
        }
    }
    return NULL;
}
