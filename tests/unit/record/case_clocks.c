/* SPDX-License-Identifier: Apache-2.0 */
/*
** The clocks of a safety case in the tables: what starts them, what ends them, and why. Each
** log must replay to the same tables.
*/
#include "tests/support/rows.h"
#include "tests/unit/record/case_play.h"

static void merged(struct scene *s)
{
    report(s, UNRELATED);
    report(s, SAE_OF("007-K", "r2", WHAT ",\"IT.AEREL\":\"N\""));
    assess_all(s, SAFETY, (struct safety_assess_data){.object = R2, .duplicate_of = R1});
}

/* ---- clocks in the tables ---- */

/* "clock days-to-due running|stopped", one line each, of OBJECT. */
static void list_clocks(const struct scene *s, const char *object, struct bytes *out)
{
    struct rows clocks = state_rows_where(s->state, TABLE_CLOCK, object, s->arena);
    for (size_t i = 0; i < clocks.count; i++) {
        const char *const *values = clocks.items[i]->values;
        instant since = 0, due = 0;
        assert_true(instant_parse(span_text(values[CLOCK_SINCE]), &since, NULL));
        assert_true(instant_parse(span_text(values[CLOCK_DUE]), &due, NULL));
        bytes_printf(out, "%s%s %lld h %s", i > 0 ? "; " : "", values[CLOCK_CLOCK],
                     (long long) ((due - since) / HOUR),
                     values[CLOCK_STOPPED] != NULL ? "stopped" : "runs");
    }
}

static void clocks_are(const struct scene *s, const char *object, const char *wanted)
{
    CLEANUP(bytes_done) struct bytes clocks = {0};
    list_clocks(s, object, &clocks);
    assert_string_equal(bytes_text(&clocks), wanted);
}

static void a_report_starts_its_clocks(void **unused)
{
    (void) unused;
    struct scene *s = scene_ready();
    report(s, NO_CAUSE);
    clocks_are(s, R1, "ack 4 h runs; site 24 h stopped; sponsor 360 h runs");
    ack(s, SAFETY, R1);
    must(s);
    clocks_are(s, R1, "ack 4 h stopped; site 24 h stopped; sponsor 360 h runs");
    milestone(s, SPONSOR, "authority-report", R1);
    must(s);
    clocks_are(s, R1, "ack 4 h stopped; site 24 h stopped; sponsor 360 h stopped");
    play_must_replay(s);
    scene_free(s);
}

static void fatal_on_day_14(void **unused)
{
    (void) unused;
    struct scene *s = scene_ready();
    report(s, NO_CAUSE);
    ack(s, SAFETY, R1);
    s->now += 14 * DAY;
    instant known = s->now;
    char since[INSTANT_SIZE];
    instant_format(known, since);
    report(s, FATAL);
    clocks_are(s, R1,
               "ack 4 h stopped; ack 4 h runs; site 24 h stopped; sponsor 360 h runs; "
               "sponsor 168 h runs; update 24 h runs");
    const struct row *graver =
        state_row(s->state, TABLE_CLOCK, (const char *const[]){R1, "sponsor", since});
    assert_non_null(graver);
    milestone(s, SPONSOR, "authority-report", R1);
    must(s);
    clocks_are(s, R1,
               "ack 4 h stopped; ack 4 h runs; completion 359 h runs; site 24 h stopped; "
               "sponsor 360 h stopped; sponsor 168 h stopped; update 24 h runs");
    ack(s, SAFETY, R1);
    must(s);
    milestone(s, SPONSOR, "authority-report", R1);
    must(s);
    clocks_are(
        s, R1,
        "ack 4 h stopped; ack 4 h stopped; completion 359 h stopped; site 24 h "
        "stopped; sponsor 360 h stopped; sponsor 168 h stopped; update 24 h stopped");
    play_must_replay(s);
    scene_free(s);
}

static void milestones_have_clocks(void **unused)
{
    (void) unused;
    static const struct {
        const char *kind, *clocks;
    } kinds[] = {{"urgent-measure", "authority 168 h "},
                 {"serious-breach", "authority 168 h "},
                 {"safety-halt", "authority 360 h "}};
    struct scene *s = scene_ready();
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        CLEANUP(bytes_done) struct bytes wanted = {0};
        milestone(s, SPONSOR, kinds[i].kind, NULL);
        must(s);
        const char *own = arena_printf(s->arena, "milestone/%zu", s->log_count - 1);
        bytes_printf(&wanted, "%sruns", kinds[i].clocks);
        clocks_are(s, own, bytes_text(&wanted));
        milestone(s, SPONSOR, "authority-report", own);
        must(s);
        bytes_clear(&wanted);
        bytes_printf(&wanted, "%sstopped", kinds[i].clocks);
        clocks_are(s, own, bytes_text(&wanted));
    }
    play_must_replay(s);
    scene_free(s);
}

static const char *susar_of(const struct scene *s)
{
    const char *object = R1;
    return state_row(s->state, TABLE_SAFETY_CASE, &object)->values[SAFETY_CASE_SUSAR];
}

static void a_susar_is_derived(void **unused)
{
    (void) unused;
    struct scene *s = scene_ready();
    report(s, RELATED);
    assert_string_equal(susar_of(s), "possible");
    assess_all(s, SAFETY, (struct safety_assess_data){.expectedness = "unexpected"});
    must(s);
    assert_string_equal(susar_of(s), "yes");
    assess_all(s, SAFETY, (struct safety_assess_data){.causality = "unrelated"});
    must(s);
    assert_string_equal(susar_of(s), "yes");
    assert_non_null(outcome_effect(&s->decision.outcome, EFFECT_FLAG, "DISAGREE"));
    assess_all(s, SAFETY, (struct safety_assess_data){.expectedness = "expected"});
    must(s);
    assert_string_equal(susar_of(s), "no");
    play_must_replay(s);
    scene_free(s);
}

static void merging_keeps_the_first_clock(void **unused)
{
    (void) unused;
    struct scene *s = scene_ready();
    merged(s);
    must(s);
    clocks_are(s, R1, "ack 4 h runs; site 24 h stopped; sponsor 360 h runs");
    clocks_are(s, R2, "ack 4 h stopped; site 24 h stopped; sponsor 360 h stopped");
    play_must_replay(s);
    scene_free(s);
}

/* "clock why", one each, of those that stopped. */
static void ended_are(const struct scene *s, const char *wanted)
{
    CLEANUP(bytes_done) struct bytes ended = {0};
    struct rows clocks = state_rows_where(s->state, TABLE_CLOCK, R1, s->arena);
    for (size_t i = 0; i < clocks.count; i++) {
        const char *const *values = clocks.items[i]->values;
        if (values[CLOCK_STOPPED] != NULL) {
            bytes_printf(&ended, "%s%s %s", ended.size > 0 ? "; " : "", values[CLOCK_CLOCK],
                         values[CLOCK_ENDED]);
        }
    }
    assert_string_equal(bytes_text(&ended), wanted);
}

static const char *case_state(const struct scene *s)
{
    const char *object = R1;
    return state_row(s->state, TABLE_SAFETY_CASE, &object)->values[SAFETY_CASE_STATE];
}

/* Nobody argues an event down by taking its report back: the clocks run until the sponsor has
 * seen that, and they say why they ended. */
static void a_nullified_report_ends_its_clocks_when_seen(void **unused)
{
    (void) unused;
    struct scene *s = scene_ready();
    report(s, RELATED);
    ack(s, SAFETY, R1);
    play_retract(s, INVESTIGATOR, R1);
    must(s);
    assert_string_equal(case_state(s), "nullified");
    clocks_are(s, R1,
               "ack 4 h stopped; ack 4 h runs; site 24 h stopped; sponsor 360 h runs");
    ack(s, SAFETY, R1);
    must(s);
    ended_are(s, "ack acknowledged; ack nullified; site system; sponsor nullified");
    assess_all(
        s, SAFETY,
        (struct safety_assess_data){.causality = "related", .expectedness = "unexpected"});
    must(s);
    ended_are(s, "ack acknowledged; ack nullified; site system; sponsor nullified");
    assert_int_equal(state_rows_where(s->state, TABLE_CLOCK, R1, s->arena).count, 4);
    play_must_replay(s);
    scene_free(s);
}

static void what_was_nullified_in_error_is_open_again(void **unused)
{
    (void) unused;
    struct scene *s = scene_ready();
    report(s, RELATED);
    play_retract(s, INVESTIGATOR, R1);
    must(s);
    ack(s, SAFETY, R1);
    must(s);
    report(s, RELATED);
    assert_string_equal(case_state(s), "open");
    clocks_are(s, R1,
               "ack 4 h stopped; ack 4 h runs; site 24 h stopped; sponsor 360 h stopped; "
               "sponsor 360 h runs");
    play_must_replay(s);
    scene_free(s);
}

static void the_site_s_clock_says_how_it_was_told(void **unused)
{
    (void) unused;
    static const struct {
        const char *form, *ended;
    } ways[] = {
        {NO_CAUSE, "site system"},
        {SAE_OF("007-K", "r1",
                WHAT ",\"IT.TOLD\":\"2026-10-21T08:30+01:00\",\"IT.VIA\":\"PHONE\""),
         "site phone"},
        {SAE_OF("007-K", "r1",
                WHAT ",\"IT.TOLD\":\"2026-10-21T08:30+01:00\",\"IT.VIA\":\"PAPER\""),
         "site paper"},
        {SAE_OF("007-K", "r1", WHAT ",\"IT.TOLD\":\"2026-10-21T08:30+01:00\""),
         "site told"},
        {SAE_OF("007-K", "r1",
                WHAT ",\"IT.TOLD\":\"2099-10-21T08:30+01:00\",\"IT.VIA\":\"PAPER\""),
         "site system"},
    };
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        struct scene *s = scene_ready();
        report(s, ways[i].form);
        ended_are(s, ways[i].ended);
        play_must_replay(s);
        scene_free(s);
    }
}

int main(void)
{
    add_test("a report starts its clocks; people stop them", a_report_starts_its_clocks);
    add_test("fatal on day 14: seven days from then, and both clocks are kept",
             fatal_on_day_14);
    add_test("milestones have clocks to the authority", milestones_have_clocks);
    add_test("a SUSAR is derived, and disagreement shown", a_susar_is_derived);
    add_test("merging keeps the first clock", merging_keeps_the_first_clock);
    add_test("a nullified report ends its clocks when the sponsor has seen that",
             a_nullified_report_ends_its_clocks_when_seen);
    add_test("what was nullified in error is entered again and is open",
             what_was_nullified_in_error_is_open_again);
    add_test("the site's clock says how it was told: phone, paper or here",
             the_site_s_clock_says_how_it_was_told);
    return run_added("record_case_clocks");
}
