/* SPDX-License-Identifier: Apache-2.0 */
/*
** What becomes of a safety case: opinions, holds and their lifting, acknowledgement, merging,
** milestones. A row plays a short scene and says which holds are left, as "activity scope
** state", and how the last record was answered. Each log must replay to the same tables.
*/
#include "tests/support/rows.h"
#include "tests/unit/record/case_play.h"

#define PAPER       "1111111111111111111111111111111111111111111111111111111111111111"
#define OTHER_PAPER "2222222222222222222222222222222222222222222222222222222222222222"

static void hold(struct scene *s, enum who who, const char *activity, const char *scope)
{
    struct record record = scene_record(s, who, RECORD_HOLD);
    record.data.hold = (struct hold_data){activity, scope, NULL, NULL};
    scene_send(s, who, &record);
}

static void lift(struct scene *s, enum who who, const char *paper)
{
    struct record record = scene_record(s, who, RECORD_HOLD_LIFT);
    record.data.hold = (struct hold_data){"dosing", "study", "DSMB letter 3", paper};
    scene_send(s, who, &record);
}

/* ---- holds and opinions ---- */

static void no_cause(struct scene *s)
{
    report(s, NO_CAUSE);
}
static void related(struct scene *s)
{
    report(s, RELATED);
}
static void both_unrelated(struct scene *s)
{
    report(s, NO_CAUSE);
    assess(s, INVESTIGATOR, "unrelated");
    must(s);
    assess(s, SAFETY, "unrelated");
}
static void sponsor_alone(struct scene *s)
{
    report(s, NO_CAUSE);
    assess(s, SAFETY, "unrelated");
}
static void investigator_alone(struct scene *s)
{
    report(s, NO_CAUSE);
    assess(s, INVESTIGATOR, "unrelated");
}
static void sponsor_lowers(struct scene *s)
{
    report(s, RELATED);
    assess(s, SAFETY, "unrelated");
}
static void sponsor_raises(struct scene *s)
{
    report(s, UNRELATED);
    assess(s, SAFETY, "related");
}
static void form_says_no_later(struct scene *s)
{
    report(s, NO_CAUSE);
    assess(s, SAFETY, "unrelated");
    must(s);
    report(s, UNRELATED);
}
static void not_serious_after_all(struct scene *s)
{
    report(s, NO_CAUSE);
    assess_all(s, SAFETY, (struct safety_assess_data){.seriousness = "not-serious"});
}
static void two_cases_one_settled(struct scene *s)
{
    report(s, NO_CAUSE);
    report(s, SECOND_SAE);
    assess(s, INVESTIGATOR, "unrelated");
    assess(s, SAFETY, "unrelated");
}
static void provisional_made_real(struct scene *s)
{
    report(s, NO_CAUSE);
    assess(s, INVESTIGATOR, "related");
}
static void retracted(struct scene *s)
{
    report(s, RELATED);
    play_retract(s, INVESTIGATOR, R1);
}

static void retracted_when_locked(struct scene *s)
{
    report(s, RELATED);
    play_lock_twice(s, "subject/007-K");
    play_retract(s, INVESTIGATOR, R1);
}
static void nullified_and_settled(struct scene *s)
{
    report(s, NO_CAUSE);
    play_retract(s, INVESTIGATOR, R1);
    must(s);
    assess(s, INVESTIGATOR, "unrelated");
    must(s);
    assess(s, SAFETY, "unrelated");
}

/* ---- lifting ---- */

static void one_lifts(struct scene *s)
{
    report(s, RELATED);
    lift(s, SPONSOR, PAPER);
}
static void two_lift(struct scene *s)
{
    one_lifts(s);
    must(s);
    lift(s, SAFETY, PAPER);
}
static void same_person_lifts_twice(struct scene *s)
{
    one_lifts(s);
    lift(s, SPONSOR, PAPER);
}
static void two_lift_by_other_papers(struct scene *s)
{
    one_lifts(s);
    lift(s, SAFETY, OTHER_PAPER);
}
static void event_between_two_lifts(struct scene *s)
{
    one_lifts(s);
    report(s, SAE_OF("007-K", "r2", WHAT ",\"IT.AEREL\":\"Y\""));
    lift(s, SAFETY, PAPER);
}
static void investigator_lifts(struct scene *s)
{
    report(s, RELATED);
    lift(s, INVESTIGATOR, PAPER);
}
static void nothing_to_lift(struct scene *s)
{
    lift(s, SPONSOR, PAPER);
}
static void lifted_stays_lifted(struct scene *s)
{
    two_lift(s);
    must(s);
    report(s, SAE_OF("007-K", "r1", WHAT ",\"IT.AEREL\":\"Y\",\"IT.AEOUT\":\"1\""));
}
static void nullified_and_lifted(struct scene *s, const char *data)
{
    report(s, data);
    play_retract(s, INVESTIGATOR, R1);
    must(s);
    ack(s, SAFETY, R1);
    must(s);
    lift(s, SPONSOR, PAPER);
    must(s);
    lift(s, SAFETY, PAPER);
    must(s);
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 0);
    report(s, data);
}
static void a_related_one_entered_again(struct scene *s)
{
    nullified_and_lifted(s, RELATED);
}
static void a_doubtful_one_entered_again(struct scene *s)
{
    nullified_and_lifted(s, NO_CAUSE);
}

/* ---- holds by people ---- */

static void sponsor_holds_site(struct scene *s)
{
    hold(s, SPONSOR, "enrolment", "site/NL01");
}
static void second_person_confirms(struct scene *s)
{
    hold(s, SPONSOR, "enrolment", "site/NL01");
    hold(s, SAFETY, "enrolment", "site/NL01");
}
static void same_person_confirms(struct scene *s)
{
    hold(s, SPONSOR, "enrolment", "site/NL01");
    hold(s, SPONSOR, "enrolment", "site/NL01");
}
static void investigator_holds_subject(struct scene *s)
{
    hold(s, INVESTIGATOR, "dosing", "subject/007-K");
}
static void investigator_holds_site(struct scene *s)
{
    hold(s, INVESTIGATOR, "dosing", "site/NL01");
}
static void other_investigator_holds(struct scene *s)
{
    hold(s, OTHER_INVESTIGATOR, "dosing", "subject/007-K");
}
static void hold_stops_enrolment(struct scene *s)
{
    hold(s, SPONSOR, "enrolment", "site/NL01");
    play_enrol(s, COORDINATOR, "008-L", "NL01");
}
static void hold_of_a_cohort(struct scene *s)
{
    hold(s, SAFETY, "dosing", "cohort/2");
}
static void hold_of_breathing(struct scene *s)
{
    hold(s, SPONSOR, "breathing", "study");
}
static void hold_touches_no_form(struct scene *s)
{
    hold(s, SPONSOR, "dosing", "study");
    play_submit(s, GOOD);
}

/* ---- who says what ---- */

static void sponsor_assesses(struct scene *s)
{
    report(s, NO_CAUSE);
    assess(s, SPONSOR, "unrelated");
}
static void monitor_assesses(struct scene *s)
{
    report(s, NO_CAUSE);
    assess(s, MONITOR, "unrelated");
}
static void investigator_on_expectedness(struct scene *s)
{
    report(s, NO_CAUSE);
    assess_all(s, INVESTIGATOR, (struct safety_assess_data){.expectedness = "expected"});
}
static void other_words(struct scene *s)
{
    report(s, NO_CAUSE);
    assess(s, SAFETY, "maybe");
}
static void empty_opinion(struct scene *s)
{
    report(s, NO_CAUSE);
    assess(s, SAFETY, NULL);
}
static void old_revision(struct scene *s)
{
    report(s, NO_CAUSE);
    const char *leaf = arena_text(s->arena, scene_leaf(s, R1));
    report(s, FATAL);
    assess_all(s, SAFETY,
               (struct safety_assess_data){.causality = "unrelated", .leaf = leaf});
}
static void acknowledged(struct scene *s)
{
    report(s, UNRELATED);
    ack(s, SAFETY, R1);
}
static void investigator_acknowledges(struct scene *s)
{
    report(s, UNRELATED);
    ack(s, INVESTIGATOR, R1);
}
static void ack_of_no_case(struct scene *s)
{
    play_submit(s, GOOD);
    ack(s, SAFETY, VS);
}
static void merged(struct scene *s)
{
    report(s, UNRELATED);
    report(s, SAE_OF("007-K", "r2", WHAT ",\"IT.AEREL\":\"N\""));
    assess_all(s, SAFETY, (struct safety_assess_data){.object = R2, .duplicate_of = R1});
}
static void merged_the_wrong_way(struct scene *s)
{
    report(s, UNRELATED);
    report(s, SAE_OF("007-K", "r2", WHAT ",\"IT.AEREL\":\"N\""));
    assess_all(s, SAFETY, (struct safety_assess_data){.object = R1, .duplicate_of = R2});
}
static void locked_and_assessed(struct scene *s)
{
    play_lock_twice(s, "study");
    report(s, NO_CAUSE);
    assess(s, INVESTIGATOR, "unrelated");
    must(s);
    assess(s, SAFETY, "unrelated");
}
static void report_of_nothing(struct scene *s)
{
    milestone(s, SPONSOR, "authority-report", R1);
}
static void reported_twice(struct scene *s)
{
    milestone(s, SPONSOR, "urgent-measure", NULL);
    must(s);
    const char *own = arena_printf(s->arena, "milestone/%zu", s->log_count - 1);
    milestone(s, SPONSOR, "authority-report", own);
    must(s);
    milestone(s, SPONSOR, "authority-report", own);
}
static void report_of_nobody_known(struct scene *s)
{
    report(s, SAE_OF("999-X", "r1", WHAT));
    milestone(s, SPONSOR, "authority-report", "subject/999-X/SE.LOG/-/F.SAE/r1");
}
static void report_of_nobody_known_with_reason(struct scene *s)
{
    report_of_nobody_known(s);
    struct record record = scene_record(s, SPONSOR, RECORD_MILESTONE);
    record.reason = "sent by the web form, the number follows";
    record.data.milestone =
        (struct milestone_data){.kind = "authority-report",
                                .object = "subject/999-X/SE.LOG/-/F.SAE/r1",
                                .at = record.signature.signed_at};
    scene_send(s, SPONSOR, &record);
}
static void report_by_nobody_confirmed(struct scene *s)
{
    play_change_key(s, SPONSOR, RECORD_PERSON_SUSPEND, INVESTIGATOR);
    report(s, RELATED);
    milestone(s, SPONSOR, "authority-report", R1);
}
static void report_of_no_event(struct scene *s)
{
    report(s, RELATED);
    report(s, SAE_OF("007-K", "r1", "\"IT.AWARE\":\"2026-10-21T08:00+01:00\""));
    milestone(s, SPONSOR, "authority-report", R1);
}
static void report_with_the_rest_open(struct scene *s)
{
    report(s, NO_CAUSE);
    milestone(s, SPONSOR, "authority-report", R1);
    must(s);
    assert_int_equal(s->decision.outcome.finding_count,
                     4); /* start, outcome, two opinions */
    for (size_t i = 0; i < s->decision.outcome.finding_count; i++) {
        assert_true(s->decision.outcome.findings[i].due);
        assert_null(s->decision.outcome.findings[i].query);
    }
}
static void nullification_goes(struct scene *s)
{
    report(s, RELATED);
    play_retract(s, INVESTIGATOR, R1);
    milestone(s, SPONSOR, "authority-report", R1);
}
static void milestone_by_safety(struct scene *s)
{
    milestone(s, SAFETY, "urgent-measure", NULL);
}
static void other_milestone(struct scene *s)
{
    milestone(s, SPONSOR, "lunch", NULL);
}

struct case_row {
    const char *name;
    void (*play)(struct scene *scene);
    int status;
    const char *rule;  /* of the first finding of a refusal, or NULL */
    const char *holds; /* that are left, "; " between them */
} rows[] = {
    {"no causality: dosing is held provisionally", no_cause, 201, NULL,
     "dosing study provisional"},
    {"related: dosing is held", related, 201, NULL, "dosing study held"},
    {"both opinions say unrelated: the provisional hold ends", both_unrelated, 201, NULL,
     ""},
    {"the sponsor's opinion alone ends nothing", sponsor_alone, 201, NULL,
     "dosing study provisional"},
    {"nor does the investigator's alone", investigator_alone, 201, NULL,
     "dosing study provisional"},
    {"the sponsor does not lower the investigator's opinion", sponsor_lowers, 201, NULL,
     "dosing study held"},
    {"the sponsor's opinion raises it", sponsor_raises, 201, NULL, "dosing study held"},
    {"the form's answer is the investigator's opinion", form_says_no_later, 201, NULL, ""},
    {"nobody argues a serious event down", not_serious_after_all, 201, NULL,
     "dosing study provisional"},
    {"each case has its own hold", two_cases_one_settled, 201, NULL,
     "dosing study provisional"},
    {"an opinion makes a provisional hold real", provisional_made_real, 201, NULL,
     "dosing study held"},
    {"a report taken back lifts no hold", retracted, 201, NULL, "dosing study held"},
    {"nor does one that is taken back behind a lock", retracted_when_locked, 201, NULL,
     "dosing study held"},
    {"what was provisional ends by two opinions, nullified or not", nullified_and_settled,
     201, NULL, ""},
    {"one person only asks for lifting", one_lifts, 201, NULL,
     "dosing study lifting p-0012 " PAPER},
    {"a second person lifts", two_lift, 201, NULL, ""},
    {"the same person does not", same_person_lifts_twice, 409, "HOLD-05",
     "dosing study lifting p-0012 " PAPER},
    {"nor does one who cites another document", two_lift_by_other_papers, 201, NULL,
     "dosing study lifting p-0006 " OTHER_PAPER},
    {"an event between the two stays held", event_between_two_lifts, 201, NULL,
     "dosing study lifting p-0006 " PAPER},
    {"an investigator lifts nothing", investigator_lifts, 403, "RIGHT-01",
     "dosing study held"},
    {"what is not held is not lifted", nothing_to_lift, 409, "HOLD-04", ""},
    {"news of a case whose hold was lifted holds nothing again", lifted_stays_lifted, 201,
     NULL, ""},
    {"what was lifted with a nullified report holds again when that is entered again",
     a_related_one_entered_again, 201, NULL, "dosing study held"},
    {"and provisionally where its cause is not told", a_doubtful_one_entered_again, 201,
     NULL, "dosing study provisional"},
    {"a hold by one person is in force at once", sponsor_holds_site, 201, NULL,
     "enrolment site/NL01 asked p-0012"},
    {"a second person confirms it", second_person_confirms, 201, NULL,
     "enrolment site/NL01 held"},
    {"not the same one", same_person_confirms, 409, "HOLD-02",
     "enrolment site/NL01 asked p-0012"},
    {"an investigator stops dosing of the own subject", investigator_holds_subject, 201,
     NULL, "dosing subject/007-K asked p-0002"},
    {"not of the site", investigator_holds_site, 403, "RIGHT-01", ""},
    {"not of another site's subject", other_investigator_holds, 403, "RIGHT-01", ""},
    {"a hold stops enrolment", hold_stops_enrolment, 409, "HOLD-01",
     "enrolment site/NL01 asked p-0012"},
    {"a cohort is held", hold_of_a_cohort, 201, NULL, "dosing cohort/2 asked p-0006"},
    {"only acts of the trial are held", hold_of_breathing, 422, "HOLD-03", ""},
    {"a hold touches no form", hold_touches_no_form, 201, NULL,
     "dosing study asked p-0012"},
    {"the sponsor's role acknowledges and does not assess", sponsor_assesses, 403,
     "RIGHT-01", "dosing study provisional"},
    {"a monitor does not assess", monitor_assesses, 403, "RIGHT-01",
     "dosing study provisional"},
    {"expectedness is the sponsor's alone", investigator_on_expectedness, 422, "SAFE-03",
     "dosing study provisional"},
    {"an opinion has its closed words", other_words, 422, "SAFE-01",
     "dosing study provisional"},
    {"an opinion that says nothing is none", empty_opinion, 422, "SAFE-01",
     "dosing study provisional"},
    {"an opinion on an old revision is shown the new one", old_revision, 409, "CONFLICT",
     "dosing study provisional"},
    {"safety acknowledges a report", acknowledged, 201, NULL, ""},
    {"an investigator does not", investigator_acknowledges, 403, "RIGHT-01", ""},
    {"what is no case is not acknowledged", ack_of_no_case, 422, "REF-10", ""},
    {"two reports of one event are merged", merged, 201, NULL, ""},
    {"the older report stays", merged_the_wrong_way, 422, "SAFE-02", ""},
    {"a lock stands in nobody's way", locked_and_assessed, 201, NULL, ""},
    {"nothing is reported of what is no case", report_of_nothing, 422, "SAFE-07", ""},
    {"a measure is reported once", reported_twice, 422, "SAFE-07", ""},
    {"a case of no known subject does not go to the authority", report_of_nobody_known, 409,
     "37", "dosing study provisional"},
    {"it goes with a reason, so that its clock stops", report_of_nobody_known_with_reason,
     201, "37", "dosing study provisional"},
    {"nor does a case that nobody confirmed", report_by_nobody_confirmed, 409, "37", ""},
    {"nor one that says no event", report_of_no_event, 409, "37", "dosing study held"},
    {"a valid case goes, and what may follow is listed", report_with_the_rest_open, 201,
     "37", "dosing study provisional"},
    {"a nullification goes as it is", nullification_goes, 201, NULL, "dosing study held"},
    {"milestones are the sponsor's", milestone_by_safety, 403, "RIGHT-01", ""},
    {"milestones have their closed words", other_milestone, 422, "SAFE-06", ""},
};

static void list_holds(const struct scene *s, struct bytes *out)
{
    struct rows holds = state_rows(s->state, TABLE_HOLD, s->arena);
    for (size_t i = 0; i < holds.count; i++) {
        const char *const *values = holds.items[i]->values;
        bytes_printf(out, "%s%s %s %s", i > 0 ? "; " : "", values[HOLD_ACTIVITY],
                     values[HOLD_SCOPE], values[HOLD_STATE]);
    }
}

static void check(void **state)
{
    const struct case_row *row = *state;
    CLEANUP(bytes_done) struct bytes holds = {0};
    struct scene *s = scene_ready();
    row->play(s);
    const char *rule =
        s->decision.findings.count > 0 ? s->decision.findings.items[0].rule : "";
    if (s->decision.http_status != row->status) {
        print_error("got %d %s\n", s->decision.http_status, rule);
    }
    assert_int_equal(s->decision.http_status, row->status);
    if (row->rule != NULL) {
        assert_string_equal(rule, row->rule);
    }
    list_holds(s, &holds);
    assert_string_equal(bytes_text(&holds), row->holds);
    play_must_replay(s);
    scene_free(s);
}

int main(void)
{
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
    return run_added("record_safety_case");
}
