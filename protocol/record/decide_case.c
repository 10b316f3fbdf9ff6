/* SPDX-License-Identifier: Apache-2.0 */
/*
** A safety case: what a report and the opinions on it set in motion. Whoever changes one of
** them (form.submit, safety.assess) asks case_effects() once, with the case as it will be; it
** compares that with the rows and adds what differs: clocks start and stop, a SUSAR is derived,
** stopping rules fire, holds are set or end. So the order in which things become known does not
** matter, and nothing is done twice.
**
** Unknown is read as the worse: causality missing may be related (the hold is provisional),
** expectedness not judged may be unexpected (the clock runs). The sponsor's opinion never
** lowers the investigator's: for a clock or a hold, related is what either says.
*/
#include "protocol/record/decide_case.h"

#include "protocol/record/clocks.h"

/* ---- what is known ---- */

static enum truth causality_of(const struct row *opinion)
{
    return row_is(opinion, OPINION_CAUSALITY, "related")     ? YES
           : row_is(opinion, OPINION_CAUSALITY, "unrelated") ? NO
                                                             : UNKNOWN;
}

const struct row *opinion_of(const struct deciding *d, const char *object,
                             const char *party)
{
    return state_row(d->state, TABLE_OPINION, (const char *const[]){object, party});
}

static const struct row *case_row(const struct deciding *d, const char *object)
{
    return state_row(d->state, TABLE_SAFETY_CASE, &object);
}

/* Of the form and of the investigator's own opinion: related if either says so. */
static enum truth investigator_says(const struct safety_case *c)
{
    enum truth form = !c->reading.related_known ? UNKNOWN : c->reading.related ? YES : NO;
    if (form == YES || c->own.causality == YES) {
        return YES;
    }
    if (c->own.given) {
        return c->own.causality;
    }
    return form == NO && !c->by_site ? UNKNOWN : form;
}

static void read_opinion(const struct row *row, struct case_opinion *opinion)
{
    if (row != NULL && !opinion->given) {
        opinion->given = row->values[OPINION_CAUSALITY] != NULL;
        opinion->causality = causality_of(row);
    }
    if (row != NULL && opinion->expectedness == NULL) {
        opinion->expectedness = row->values[OPINION_EXPECTEDNESS];
    }
    opinion->serious = opinion->serious || row_is(row, OPINION_SERIOUSNESS, "serious");
}

void case_begin(const struct deciding *d, const char *object, struct safety_case *c)
{
    c->object = object;
    c->row = case_row(d, object);
    c->section = safety_section_of(d->version);
    char day[INSTANT_SIZE];
    instant_format(d->context->time, day);
    c->day = arena_span_text(d->arena,
                             span_of(c->reading.day[0] != '\0' ? c->reading.day : day, 10));
    if (!c->own.given) {
        c->own.causality = UNKNOWN;
    }
    if (!c->sponsor.given) {
        c->sponsor.causality = UNKNOWN;
    }
    read_opinion(opinion_of(d, object, "investigator"), &c->own);
    read_opinion(opinion_of(d, object, "sponsor"), &c->sponsor);
    c->investigator = investigator_says(c);
    c->serious = c->reading.serious || c->own.serious || c->sponsor.serious;
    bool either = c->investigator == YES || c->sponsor.causality == YES;
    bool both_no = c->investigator == NO && c->sponsor.causality == NO;
    c->related = either ? YES : both_no ? NO : UNKNOWN;
}

/* Is death listed for this event in what was in force on its day? */
static bool death_is_listed(const struct safety_case *c)
{
    return c->reading.term != NULL &&
           safety_expected(c->section, c->reading.term, 5, c->day, NULL) == YES;
}

/* An expected reaction is no SUSAR, but a fatal one is, unless death is what is listed; the
 * definition says what is listed, and where it lists nothing the sponsor's word counts. */
static enum truth susar_of(const struct safety_case *c)
{
    bool unexpected = c->sponsor.expectedness != NULL &&
                      strcmp(c->sponsor.expectedness, "unexpected") == 0;
    bool expected = c->sponsor.expectedness != NULL && !unexpected;
    if (expected && c->reading.fatal && c->section->expected_count > 0) {
        expected = death_is_listed(c);
    }
    if (!c->serious || c->related == NO || expected) {
        return NO;
    }
    return c->related == YES && unexpected ? YES : UNKNOWN;
}

static const char *susar_name(enum truth susar)
{
    return susar == YES ? "yes" : susar == NO ? "no" : "possible";
}

/* ---- effects ---- */

void case_add(struct deciding *d, const struct effect *effect)
{
    outcome_add_effect(&d->decision->outcome, d->arena, effect);
}

/* Other objects than the record's own are named. */
static const char *scope_of(const struct deciding *d, const char *object)
{
    return strcmp(object, d->record->object) == 0 ? NULL : object;
}

void case_clock(struct deciding *d, const char *object, const char *clock, const char *rule,
                instant from, instant due)
{
    case_add(d, &(struct effect){.kind = EFFECT_CLOCK,
                                 .value = clock,
                                 .scope = scope_of(d, object),
                                 .rule = rule,
                                 .from = utc_text(d, from),
                                 .due = utc_text(d, due)});
}

struct rows clocks_running(const struct deciding *d, const char *object, const char *clock)
{
    struct rows rows = state_rows_where(d->state, TABLE_CLOCK, object, d->arena);
    size_t kept = 0;
    for (size_t i = 0; i < rows.count; i++) {
        bool named = clock == NULL || row_is(rows.items[i], CLOCK_CLOCK, clock);
        if (named && rows.items[i]->values[CLOCK_STOPPED] == NULL) {
            rows.items[kept++] = rows.items[i];
        }
    }
    rows.count = kept;
    return rows;
}

void clocks_stop(struct deciding *d, const char *object, const char *clock, instant at,
                 const char *why)
{
    struct rows rows = clocks_running(d, object, clock);
    for (size_t i = 0; i < rows.count; i++) {
        case_add(d, &(struct effect){
                        .kind = EFFECT_CLOCK,
                        .value = arena_text(d->arena, rows.items[i]->values[CLOCK_CLOCK]),
                        .scope = scope_of(d, object),
                        .state = "stopped",
                        .from = arena_text(d->arena, rows.items[i]->values[CLOCK_SINCE]),
                        .at = utc_text(d, at),
                        .cause = why});
    }
}

/* SAFETY.ACK.HOURS, which may be a fraction: "0.5". */
static instant ack_after(const struct deciding *d)
{
    const struct parameter *parameter =
        d->version != NULL ? version_parameter(d->version, "SAFETY.ACK.HOURS") : NULL;
    struct decimal after;
    bool usable = parameter != NULL && parameter->is_number &&
                  decimal_multiply(parameter->number, decimal_of(HOUR), &after) &&
                  decimal_compare(after, decimal_of(SECOND)) >= 0 &&
                  decimal_compare(after, decimal_of(1000 * HOUR)) <= 0;
    if (!usable) {
        return HOURS_ACK * HOUR;
    }
    after = decimal_round(after, 0, ROUND_DOWN);
    instant most = (instant) after.coefficient;
    for (int i = 0; i < after.exponent; i++) {
        most *= 10;
    }
    return most;
}

void case_ask_ack(struct deciding *d, const char *object)
{
    instant now = d->context->time;
    if (clocks_running(d, object, CLOCK_ACK).count == 0) {
        case_clock(d, object, CLOCK_ACK, "SAFETY.ACK.HOURS", now, now + ack_after(d));
    }
}

/* ---- clocks ---- */

/* The site's clock has stopped when a report is here: at the phone call, the paper or now. */
static void site_clock(struct deciding *d, const struct safety_case *c)
{
    if (c->reading.exempt) {
        add_effect(d, EFFECT_FLAG, "EXEMPT", NULL, NULL);
        return;
    }
    case_add(d, &(struct effect){.kind = EFFECT_CLOCK,
                                 .value = CLOCK_SITE,
                                 .scope = scope_of(d, c->object),
                                 .rule = "SAE.REPORT.HOURS",
                                 .state = "stopped",
                                 .from = utc_text(d, c->reading.aware_at),
                                 .due = utc_text(d, c->reading.site_due),
                                 .at = utc_text(d, c->told),
                                 .cause = c->told_via != NULL ? c->told_via : "system"});
    if (c->reading.late) {
        add_effect(d, EFFECT_FLAG, "LATE-REPORT", NULL, NULL);
    }
}

static bool has_grave_clock(const struct rows *running)
{
    for (size_t i = 0; i < running->count; i++) {
        if (row_is(running->items[i], CLOCK_RULE, "7 days")) {
            return true;
        }
    }
    return false;
}

/* Day 0 of a first report is the earlier of receipt and phone call. What becomes graver, or a
 * SUSAR again, counts from the day on which that is known: now. Both clocks are kept. */
static void sponsor_clock(struct deciding *d, const struct safety_case *c, enum truth susar)
{
    struct rows running = clocks_running(d, c->object, CLOCK_SPONSOR);
    bool needed = c->serious && (safety_all_reported(c->section, c->day) || susar != NO);
    bool grave = c->reading.sponsor_days == DAYS_GRAVE;
    bool before = state_rows_where(d->state, TABLE_CLOCK, c->object, d->arena).count > 0;
    if (!needed) {
        clocks_stop(d, c->object, CLOCK_SPONSOR, d->context->time, "not-needed");
        return;
    }
    bool reported = before && running.count == 0 && susar != YES && !c->graver && !c->again;
    if (reported || (running.count > 0 && (!grave || has_grave_clock(&running)))) {
        return;
    }
    instant from = before ? d->context->time : c->told;
    enum day_zero convention =
        safety_day_zero_is_next(c->section, c->day) ? DAY_ZERO_NEXT : DAY_ZERO_AWARENESS;
    case_clock(d, c->object, CLOCK_SPONSOR, grave ? "7 days" : "15 days", from,
               clock_after_days(from, d->record->signature.offset_minutes,
                                grave ? DAYS_GRAVE : DAYS_OTHER, convention));
}

/* ---- a pregnancy ---- */

/* One clock until the outcome is there; another expected date moves its end. */
static void outcome_clock(struct deciding *d, const struct safety_case *c)
{
    struct rows running = clocks_running(d, c->object, CLOCK_OUTCOME);
    bool over = c->row != NULL && !c->again && !row_is(c->row, SAFETY_CASE_STATE, "open");
    instant from = d->context->time;
    if (!c->reading.awaits_outcome) {
        clocks_stop(d, c->object, CLOCK_OUTCOME, from, "outcome");
        return;
    }
    if (running.count > 0) {
        (void) instant_parse(span_text(running.items[0]->values[CLOCK_SINCE]), &from, NULL);
    }
    bool same = running.count > 0 &&
                row_is(running.items[0], CLOCK_DUE, utc_text(d, c->reading.outcome_due));
    if (!over && !same) {
        case_clock(d, c->object, CLOCK_OUTCOME, "10", from, c->reading.outcome_due);
    }
}

/* ---- all of it ---- */

static void tell_disagreement(struct deciding *d, const struct safety_case *c)
{
    bool differ = c->investigator != UNKNOWN && c->sponsor.causality != UNKNOWN &&
                  c->investigator != c->sponsor.causality;
    if (differ) {
        add_effect(d, EFFECT_FLAG, "DISAGREE", NULL, NULL);
    }
}

/* What was nullified, and is so in the sponsor's eyes too, starts no clock by an opinion; what
 * it stopped stays until opinions or people end that. */
static bool is_over(const struct deciding *d, const struct safety_case *c)
{
    return row_is(c->row, SAFETY_CASE_STATE, "nullified") && !c->again &&
           clocks_running(d, c->object, NULL).count == 0;
}

static void case_clocks(struct deciding *d, const struct safety_case *c, enum truth susar)
{
    sponsor_clock(d, c, susar);
    if (c->row == NULL || c->graver || c->again) {
        case_ask_ack(d, c->object);
    }
    if (c->news && c->row != NULL &&
        clocks_running(d, c->object, CLOCK_UPDATE).count == 0) {
        case_clock(d, c->object, CLOCK_UPDATE, "24c", d->context->time,
                   clock_after_hours(d->context->time, HOURS_UPDATE));
    }
}

void case_effects(struct deciding *d, const struct safety_case *c)
{
    enum truth susar = susar_of(c);
    if (!c->serious && c->row == NULL) {
        return;
    }
    if (c->row == NULL) {
        add_effect(d, EFFECT_CASE, "opened", NULL, NULL);
        site_clock(d, c);
    } else if (c->again) {
        add_effect(d, EFFECT_CASE, "reopened", NULL, NULL);
    }
    if (!row_is(c->row, SAFETY_CASE_SUSAR, susar_name(susar))) {
        add_effect(d, EFFECT_SUSAR, susar_name(susar), NULL, NULL);
    }
    if (!is_over(d, c)) {
        case_clocks(d, c, susar);
    }
    outcome_clock(d, c);
    if (c->stops) {
        stopping_of_case(d, c, susar);
    }
    tell_disagreement(d, c);
}
