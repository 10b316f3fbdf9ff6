/* SPDX-License-Identifier: Apache-2.0 */
/*
** Stopping rules and regimes of a definition: the small trial with a safety section put in;
** what a hold stops, who may lift it, and which reports are of one event.
*/
#include "tests/support/files.h"
#include "tests/support/rows.h"
#include "tests/unit/record/play.h"

#define SAE_OF(subject, repeat, items)                                                     \
    "{\"SubjectKey\":\"" subject                                                           \
    "\",\"StudyEventOID\":\"SE.LOG\",\"StudyEventRepeatKey\":null,\"FormOID\":\"F.SAE\","  \
    "\"FormRepeatKey\":\"" repeat                                                          \
    "\",\"state\":\"partial\",\"ItemGroupData\":[{\"ItemGroupOID\":\"IG.SAE\","            \
    "\"ItemGroupRepeatKey\":null,\"ItemData\":{" items "}}]}"
#define WHAT      "\"IT.WHAT\":\"Weak right arm\",\"IT.AWARE\":\"2026-10-21T08:00+01:00\""
#define YES_CAUSE WHAT ",\"IT.AEREL\":\"Y\""
#define NO_CAUSE  WHAT ",\"IT.AEREL\":\"N\""
#define PAPER     "1111111111111111111111111111111111111111111111111111111111111111"
#define R1        "subject/007-K/SE.LOG/-/F.SAE/r1"

static char *folder;

/* The trial of trial.xml with SECTION as its last child of MetaDataVersion. */
static struct scene *trial_with(const char *section)
{
    CLEANUP(bytes_done) struct bytes xml = read_file("tests/unit/record/trial.xml");
    CLEANUP(bytes_done) struct bytes path = {0};
    const char *text = bytes_text(&xml);
    const char *end = strstr(text, "</MetaDataVersion>");
    assert_non_null(end);
    bytes_printf(&path, "%s/trial.xml", folder);
    FILE *file = fopen(bytes_text(&path), "wb");
    assert_non_null(file);
    assert_true(fprintf(file, "%.*s<crfd:Safety>%s</crfd:Safety>%s", (int) (end - text),
                        text, section, end) > 0);
    assert_int_equal(fclose(file), 0);
    return scene_ready_with(bytes_text(&path));
}

static void report(struct scene *s, const char *data)
{
    scene_submit(s, INVESTIGATOR, data, NULL);
    assert_true(s->decision.accepted);
}

static void assess(struct scene *s, enum who who, const char *causality,
                   const char *expectedness)
{
    struct record record = scene_record(s, who, RECORD_SAFETY_ASSESS);
    record.data.safety_assess = (struct safety_assess_data){.object = R1,
                                                            .leaf = scene_leaf(s, R1),
                                                            .causality = causality,
                                                            .expectedness = expectedness};
    scene_send(s, who, &record);
    assert_true(s->decision.accepted);
}

static void one_related(struct scene *s)
{
    report(s, SAE_OF("007-K", "r1", YES_CAUSE));
}
static void one_unrelated(struct scene *s)
{
    report(s, SAE_OF("007-K", "r1", NO_CAUSE));
}
static void two_reports(struct scene *s)
{
    one_unrelated(s);
    report(s, SAE_OF("007-K", "r2", NO_CAUSE));
}
static void unknown_subject(struct scene *s)
{
    report(s, SAE_OF("somebody", "r1", YES_CAUSE));
}
static void fatal(struct scene *s)
{
    report(s, SAE_OF("007-K", "r1", YES_CAUSE ",\"IT.AESDTH\":\"Y\""));
}
static void expected_reaction(struct scene *s)
{
    one_related(s);
    assess(s, SAFETY, NULL, "expected");
}
static void both_unrelated(struct scene *s)
{
    one_unrelated(s);
    assess(s, SAFETY, "unrelated", NULL);
}

static void of_today(struct scene *s)
{
    report(s, SAE_OF("007-K", "r1", NO_CAUSE ",\"IT.AESTDAT\":\"2026-10-21\""));
    assess(s, SAFETY, "unrelated", NULL);
}
static void of_last_year(struct scene *s)
{
    report(s, SAE_OF("007-K", "r1", NO_CAUSE ",\"IT.AESTDAT\":\"2025-10-21\""));
    assess(s, SAFETY, "unrelated", NULL);
}
static void fatal_and_expected(struct scene *s)
{
    report(s, SAE_OF("007-K", "r1",
                     YES_CAUSE ",\"IT.AESDTH\":\"Y\",\"IT.AESTDAT\":\"2026-10-21\""));
    assess(s, SAFETY, NULL, "expected");
}

#define LISTED(more)                                                                       \
    "<crfd:Regime Name=\"CTR\"/><crfd:Expected Term=\"weak right ARM\" RSI=\"IB 3\" " more \
    "/><crfd:StoppingRule OID=\"STOP.1\" When=\"susar\"/>"
#define RULE(more) "<crfd:StoppingRule OID=\"STOP.1\" Rule=\"80\" " more "/>"

struct stop_row {
    const char *name, *section;
    void (*play)(struct scene *s);
    const char *holds;
    bool sponsor_clock; /* runs */
} rows[] = {
    {"without a rule of its own the default stands", "", one_related, "dosing study held",
     true},
    {"a rule for the subject stops the subject", RULE("Scope=\"subject\""), one_related,
     "dosing subject/007-K held", true},
    {"a rule for the site stops the site", RULE("Scope=\"site\" Activity=\"enrolment\""),
     one_related, "enrolment site/NL01 held", true},
    {"a scope that cannot be told is read as the study", RULE("Scope=\"subject\""),
     unknown_subject, "dosing study held", true},
    {"so is a cohort that nobody named", RULE("Scope=\"cohort\""), one_related,
     "dosing study held", true},
    {"the first of two counts and stops nothing", RULE("When=\"serious\" Count=\"2\""),
     one_unrelated, "", true},
    {"the second stops", RULE("When=\"serious\" Count=\"2\""), two_reports,
     "dosing study held", true},
    {"a rule on deaths leaves others alone", RULE("When=\"fatal\""), one_related, "", true},
    {"and stops at one", RULE("When=\"fatal\""), fatal, "dosing study held", true},
    {"what may be a SUSAR stops provisionally", RULE("When=\"susar\""), one_related,
     "dosing study provisional", true},
    {"and no longer when it is expected", RULE("When=\"susar\""), expected_reaction, "",
     true},
    {"WMO: an unrelated event keeps its clock", "<crfd:Regime Name=\"WMO\"/>",
     both_unrelated, "", true},
    {"CTR: what both say is unrelated has none", "<crfd:Regime Name=\"CTR\"/>",
     both_unrelated, "", false},
    {"CTR: nor has what is expected", "<crfd:Regime Name=\"CTR\"/>", expected_reaction,
     "dosing study held", false},
    {"CTR: until somebody has judged it, it runs", "<crfd:Regime Name=\"CTR\"/>",
     one_unrelated, "", true},
    {"a regime of another time does not count",
     "<crfd:Regime Name=\"CTR\" From=\"2027-01-01\"/><crfd:Regime Name=\"WMO\" "
     "To=\"2026-12-31\"/>",
     both_unrelated, "", true},
    {"the regime of the event's day counts, not that of the report",
     "<crfd:Regime Name=\"WMO\" To=\"2025-12-31\"/><crfd:Regime Name=\"CTR\" "
     "From=\"2026-01-01\"/>",
     of_last_year, "", true},
    {"the same event today has the clock of today's regime",
     "<crfd:Regime Name=\"WMO\" To=\"2025-12-31\"/><crfd:Regime Name=\"CTR\" "
     "From=\"2026-01-01\"/>",
     of_today, "", false},
    {"a fatal reaction is unexpected unless death is listed", LISTED("MaxGrade=\"4\""),
     fatal_and_expected, "dosing study provisional", true},
    {"where death is listed for it the sponsor's word counts", LISTED("MaxGrade=\"5\""),
     fatal_and_expected, "", false},
    {"but not by a list that was not in force on the day of the event",
     LISTED("MaxGrade=\"5\" From=\"2026-11-01\""), fatal_and_expected,
     "dosing study provisional", true},
};

static bool runs(struct scene *s, const char *clock)
{
    struct rows clocks = state_rows(s->state, TABLE_CLOCK, s->arena);
    for (size_t i = 0; i < clocks.count; i++) {
        if (row_is(clocks.items[i], CLOCK_CLOCK, clock) &&
            clocks.items[i]->values[CLOCK_STOPPED] == NULL) {
            return true;
        }
    }
    return false;
}

static void check(void **state)
{
    const struct stop_row *row = *state;
    struct scene *s = trial_with(row->section);
    row->play(s);
    assert_string_equal(play_holds(s), row->holds);
    assert_int_equal(runs(s, "sponsor"), row->sponsor_clock);
    play_must_replay(s);
    scene_free(s);
}

/* By revising the report and then giving their own opinion they would be both parties. */
static void the_sponsor_does_not_speak_for_the_site(void **unused)
{
    (void) unused;
    struct scene *s = scene_ready();
    report(s, SAE_OF("007-K", "r1", WHAT));
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 1);
    scene_submit(s, SAFETY, SAE_OF("007-K", "r1", NO_CAUSE), "read again");
    assert_true(s->decision.accepted);
    assess(s, SAFETY, "unrelated", NULL);
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 1);
    assess(s, INVESTIGATOR, "unrelated", NULL);
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 0);
    play_must_replay(s);
    scene_free(s);
}

/* ---- holds: what they stop, and who may lift them ---- */

static void stopped_by_the_definition(void **unused)
{
    (void) unused;
    struct scene *s = trial_with(RULE("Scope=\"site\" Activity=\"enrolment\""));
    play_enrol(s, COORDINATOR, "008-L", "NL01");
    assert_true(s->decision.accepted);
    one_related(s);
    play_enrol(s, COORDINATOR, "009-M", "NL01");
    assert_false(s->decision.accepted);
    assert_string_equal(s->decision.findings.items[0].rule, "HOLD-01");
    play_must_replay(s);
    scene_free(s);
}

/* The lift of WHO, who had not read the log further than SEEN when he signed. */
static void lift(struct scene *s, enum who who, const struct record_seen *seen)
{
    struct record record = scene_record(s, who, RECORD_HOLD_LIFT);
    if (seen != NULL) {
        record.seen = *seen;
    }
    record.data.hold = (struct hold_data){"dosing", "study", "DSMB letter 3", PAPER};
    play_send(s, who, record);
}

static void must_not_lift(struct scene *s)
{
    assert_false(s->decision.accepted);
    assert_int_equal(s->decision.http_status, 409);
    assert_string_equal(s->decision.findings.items[0].rule, "HOLD-04");
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 1);
}

static void must_lift(struct scene *s, size_t left)
{
    assert_true(s->decision.accepted);
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), left);
}

static void nobody_lifts_what_was_not_seen(void **unused)
{
    (void) unused;
    struct scene *s = scene_ready();
    struct record_seen before = scene_record(s, SPONSOR, RECORD_HOLD_LIFT).seen;
    one_related(s);
    lift(s, SPONSOR, &before);
    must_not_lift(s);
    lift(s, SPONSOR, NULL);
    must_lift(s, 1);
    play_must_replay(s);
    scene_free(s);
}

/* Provisional when he read of it; the site's opinion made it real before he signed. */
static void nobody_lifts_what_became_graver_unseen(void **unused)
{
    (void) unused;
    struct scene *s = scene_ready();
    report(s, SAE_OF("007-K", "r1", WHAT));
    struct record_seen provisional = scene_record(s, SPONSOR, RECORD_HOLD_LIFT).seen;
    assess(s, INVESTIGATOR, "related", NULL);
    lift(s, SPONSOR, &provisional);
    must_not_lift(s);
    play_must_replay(s);
    scene_free(s);
}

/* Two who ask without knowing of each other have not decided together. */
static void the_second_has_seen_the_first(void **unused)
{
    (void) unused;
    struct scene *s = scene_ready();
    one_related(s);
    struct record_seen held = scene_record(s, SAFETY, RECORD_HOLD_LIFT).seen;
    lift(s, SPONSOR, NULL);
    must_lift(s, 1);
    lift(s, SAFETY, &held);
    must_not_lift(s);
    lift(s, SAFETY, NULL);
    must_lift(s, 0);
    play_must_replay(s);
    scene_free(s);
}

static void each_hold_for_itself(void **unused)
{
    (void) unused;
    struct scene *s = scene_ready();
    one_related(s);
    lift(s, SPONSOR, NULL);
    struct record_seen first = scene_record(s, SAFETY, RECORD_HOLD_LIFT).seen;
    report(s, SAE_OF("007-K", "r2", YES_CAUSE));
    lift(s, SPONSOR, NULL);
    must_lift(s, 2);
    lift(s, SAFETY, &first);
    must_lift(s, 1);
    lift(s, SAFETY, NULL);
    must_lift(s, 0);
    play_must_replay(s);
    scene_free(s);
}

/* ---- two reports of one event ---- */

static void merge(struct scene *s, const char *younger, const char *older)
{
    struct record record = scene_record(s, SAFETY, RECORD_SAFETY_ASSESS);
    record.data.safety_assess = (struct safety_assess_data){
        .object = younger, .leaf = scene_leaf(s, younger), .duplicate_of = older};
    play_send(s, SAFETY, record);
}

static void a_duplicate_is_of_the_same_person(void **unused)
{
    (void) unused;
    struct scene *s = scene_ready();
    play_enrol(s, COORDINATOR, "008-L", "NL01");
    report(s, SAE_OF("008-L", "r1", NO_CAUSE));
    report(s, SAE_OF("007-K", "r1", NO_CAUSE));
    merge(s, R1, "subject/008-L/SE.LOG/-/F.SAE/r1");
    assert_false(s->decision.accepted);
    assert_int_equal(s->decision.http_status, 422);
    assert_string_equal(s->decision.findings.items[0].rule, "SAFE-02");
    play_must_replay(s);
    scene_free(s);
}

static void or_was_of_nobody(void **unused)
{
    (void) unused;
    struct scene *s = scene_ready();
    report(s, SAE_OF("somebody", "r1", NO_CAUSE));
    report(s, SAE_OF("007-K", "r1", NO_CAUSE));
    merge(s, R1, "subject/unmatched/SE.LOG/-/F.SAE/r1");
    assert_true(s->decision.accepted);
    play_must_replay(s);
    scene_free(s);
}

int main(void)
{
    folder = temp_folder("crfd-stopping");
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
    add_test("the sponsor's people do not speak for the site by revising its report",
             the_sponsor_does_not_speak_for_the_site);
    add_test("where the definition stops enrolment nobody is enrolled",
             stopped_by_the_definition);
    add_test("nobody lifts a hold that he had not seen", nobody_lifts_what_was_not_seen);
    add_test("nor one that became real since he looked",
             nobody_lifts_what_became_graver_unseen);
    add_test("the second person lifts what the first one asked and he had seen",
             the_second_has_seen_the_first);
    add_test("of two holds only the one that was seen is lifted", each_hold_for_itself);
    add_test("a report is no duplicate of another subject's",
             a_duplicate_is_of_the_same_person);
    add_test("it may be one of a report under a number that nobody has", or_was_of_nobody);
    int failed = run_added("record_stopping");
    remove_tree(folder);
    free(folder);
    return failed;
}
