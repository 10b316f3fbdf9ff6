/* SPDX-License-Identifier: Apache-2.0 */
/*
** Stopping rules by share of those who were treated, and on what a casebook says: the small
** study with an autologous product, and a safety section put in.
*/
#include "tests/support/files.h"
#include "tests/unit/record/product_play.h"

#define SAE_OF(subject, repeat, related)                                                   \
    "{\"SubjectKey\":\"" subject                                                           \
    "\",\"StudyEventOID\":\"SE.LOG\",\"StudyEventRepeatKey\":null,\"FormOID\":\"F.SAE\","  \
    "\"FormRepeatKey\":\"" repeat                                                          \
    "\",\"state\":\"partial\",\"ItemGroupData\":[{\"ItemGroupOID\":\"IG.SAE\","            \
    "\"ItemGroupRepeatKey\":null,\"ItemData\":{\"IT.WHAT\":\"Fever\","                     \
    "\"IT.AWARE\":\"2026-10-21T08:00+01:00\"" related "}}]}"
#define RELATED   ",\"IT.AEREL\":\"Y\""
#define UNRELATED ",\"IT.AEREL\":\"N\""
#define ONE       "007-K"
#define TWO       "008-L"
#define THREE     "009-M"

static char *folder;

/* TEXT with MORE before the first MARK. */
static void add_before(struct bytes *out, const char *text, const char *mark,
                       const char *more)
{
    const char *at = strstr(text, mark);
    assert_non_null(at);
    bytes_printf(out, "%.*s%s%s", (int) (at - text), text, more, at);
}

/* The study with SECTION, and nobody but 007-K. */
static struct scene *study_alone(const char *section)
{
    CLEANUP(bytes_done) struct bytes source = read_file(AUTOLOGOUS);
    CLEANUP(bytes_done) struct bytes one = {0}, xml = {0};
    add_before(&one, bytes_text(&source), "<ItemRef ItemOID=\"IT.ELIG\"",
               "<ItemRef ItemOID=\"IT.COHORT\" OrderNumber=\"4\" Mandatory=\"No\"/>");
    add_before(&xml, bytes_text(&one), "<ItemDef OID=\"IT.DONE\"",
               "<ItemDef OID=\"IT.COHORT\" Name=\"COHORT\" DataType=\"text\" "
               "Length=\"2\"><Alias Context=\"crfd\" Name=\"COHORT\"/></ItemDef>");
    CLEANUP(bytes_done) struct bytes path = {0};
    const char *text = bytes_text(&xml);
    const char *end = strstr(text, "</MetaDataVersion>");
    assert_non_null(end);
    bytes_printf(&path, "%s/autologous.xml", folder);
    FILE *file = fopen(bytes_text(&path), "wb");
    assert_non_null(file);
    assert_true(fprintf(file, "%.*s<crfd:Safety>%s</crfd:Safety>%s", (int) (end - text),
                        text, section, end) > 0);
    assert_int_equal(fclose(file), 0);
    struct scene *s = scene_ready_with(bytes_text(&path));
    s->xml_path = arena_text(s->arena, s->xml_path);
    return s;
}

static struct scene *study_with(const char *section)
{
    struct scene *s = study_alone(section);
    play_enrol(s, COORDINATOR, TWO, "NL01");
    product_must_pass(s);
    play_enrol(s, COORDINATOR, THREE, "NL01");
    product_must_pass(s);
    return s;
}

/* ---- moves ---- */

static void dose_at(struct scene *s, const char *subject, instant at)
{
    product_submit(
        s, COORDINATOR,
        arena_printf(s->arena,
                     FORM_OF("%s", "V4", "IN", "partial", "\"IT.INSTTIM\":\"%s\""), subject,
                     product_moment(s, at)));
    product_must_pass(s);
}

static void dose(struct scene *s, const char *subject)
{
    dose_at(s, subject, s->now - MINUTE);
}

static void no_dose(struct scene *s, const char *subject)
{
    play_retract(s, COORDINATOR,
                 arena_printf(s->arena, "subject/%s/SE.V4/-/F.IN/-", subject));
    product_must_pass(s);
}

static void event(struct scene *s, const char *data)
{
    scene_submit(s, INVESTIGATOR, data, NULL);
    product_must_pass(s);
}

static void cohort(struct scene *s, const char *subject, const char *name)
{
    product_submit(s, COORDINATOR,
                   arena_printf(s->arena,
                                FORM_OF("%s", "BASE", "BASE", "partial",
                                        "\"IT.ELIG\":\"Y\",\"IT.COHORT\":\"%s\""),
                                subject, name));
    product_must_pass(s);
}

static void unrelated_says(struct scene *s, enum who who, const char *object)
{
    struct record record = scene_record(s, who, RECORD_SAFETY_ASSESS);
    record.data.safety_assess = (struct safety_assess_data){
        .object = object, .leaf = scene_leaf(s, object), .causality = "unrelated"};
    scene_send(s, who, &record);
    product_must_pass(s);
}

static void lift(struct scene *s)
{
    static const enum who two[] = {SPONSOR, SAFETY};
    for (size_t i = 0; i < ARRAY_LEN(two); i++) {
        struct record record = scene_record(s, two[i], RECORD_HOLD_LIFT);
        record.reason = "the board has looked";
        record.data.hold = (struct hold_data){
            "dosing", "study", "DSMB letter 3",
            "1111111111111111111111111111111111111111111111111111111111111111"};
        play_send(s, two[i], record);
        product_must_pass(s);
    }
}

/* ---- stories ---- */

static void three_doses(struct scene *s)
{
    dose(s, ONE);
    dose(s, TWO);
    dose(s, THREE);
}
static void one_of_three(struct scene *s)
{
    three_doses(s);
    event(s, SAE_OF(ONE, "r1", RELATED));
}
static void two_of_three(struct scene *s)
{
    one_of_three(s);
    event(s, SAE_OF(TWO, "r1", RELATED));
}
static void two_of_one(struct scene *s)
{
    one_of_three(s);
    event(s, SAE_OF(ONE, "r2", RELATED));
}
static void first_and_third(struct scene *s)
{
    one_of_three(s);
    event(s, SAE_OF(THREE, "r1", RELATED));
}
/* The third turns out to have been the second: the dose on paper was a day earlier. */
static void order_corrected(struct scene *s)
{
    first_and_third(s);
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 0);
    dose_at(s, THREE, s->now - DAY);
}
static void events_before_doses(struct scene *s)
{
    dose(s, ONE);
    event(s, SAE_OF(ONE, "r1", RELATED));
    event(s, SAE_OF(TWO, "r1", RELATED));
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 0);
    dose(s, TWO);
    assert_non_null(strstr(s->outcome, "\"hold\":\"dosing\""));
}
static void not_again_by_a_dose(struct scene *s)
{
    dose(s, ONE);
    dose(s, TWO);
    event(s, SAE_OF(ONE, "r1", RELATED));
    event(s, SAE_OF(TWO, "r1", RELATED));
    lift(s);
    dose(s, THREE);
}
static void a_later_event_holds_again(struct scene *s)
{
    not_again_by_a_dose(s);
    event(s, SAE_OF(THREE, "r1", RELATED));
}
static void a_dose_taken_back(struct scene *s)
{
    one_of_three(s);
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 0);
    no_dose(s, THREE);
}
static void one_in_doubt(struct scene *s)
{
    three_doses(s);
    event(s, SAE_OF(ONE, "r1", RELATED));
    event(s, SAE_OF(TWO, "r1", ""));
}
static void doubt_ended(struct scene *s)
{
    one_in_doubt(s);
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 1);
    unrelated_says(s, INVESTIGATOR, "subject/" TWO "/SE.LOG/-/F.SAE/r1");
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 1);
    unrelated_says(s, SAFETY, "subject/" TWO "/SE.LOG/-/F.SAE/r1");
}
static void doubtful_was_not_treated(struct scene *s)
{
    one_in_doubt(s);
    no_dose(s, TWO);
}
static void two_in_doubt_one_ended(struct scene *s)
{
    three_doses(s);
    event(s, SAE_OF(ONE, "r1", ""));
    event(s, SAE_OF(TWO, "r1", ""));
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 1);
    unrelated_says(s, INVESTIGATOR, "subject/" ONE "/SE.LOG/-/F.SAE/r1");
    unrelated_says(s, SAFETY, "subject/" ONE "/SE.LOG/-/F.SAE/r1");
}
static void two_cohorts(struct scene *s)
{
    cohort(s, ONE, "A");
    cohort(s, TWO, "B");
    two_of_three(s);
}
static void cohort_corrected(struct scene *s)
{
    two_cohorts(s);
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 0);
    cohort(s, TWO, "A");
}
static void one_says_no(struct scene *s)
{
    product_submit(s, COORDINATOR,
                   FORM_OF("007-K", "V4", "ECC", "partial", "\"IT.DONE\":\"N\""));
    product_must_pass(s);
}
static void two_say_no(struct scene *s)
{
    one_says_no(s);
    product_submit(s, COORDINATOR,
                   FORM_OF("008-L", "V4", "ECC", "partial", "\"IT.DONE\":\"N\""));
    product_must_pass(s);
}
static void one_takes_it_back(struct scene *s)
{
    one_says_no(s);
    product_submit(s, COORDINATOR,
                   FORM_OF("007-K", "V4", "ECC", "partial", "\"IT.DONE\":\"Y\""));
    product_must_pass(s);
    product_submit(s, COORDINATOR,
                   FORM_OF("008-L", "V4", "ECC", "partial", "\"IT.DONE\":\"N\""));
    product_must_pass(s);
}
static void two_say_no_then_one_is_retracted(struct scene *s)
{
    two_say_no(s);
    play_retract(s, COORDINATOR, "subject/008-L/SE.V4/-/F.ECC/-");
    product_must_pass(s);
    assert_non_null(strstr(s->outcome, "\"state\":\"gone\""));
}
static void a_no_and_then_a_dose(struct scene *s)
{
    one_says_no(s);
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 0);
    dose(s, ONE);
}

#define RULE(more) "<crfd:StoppingRule OID=\"STOP.1\" Rule=\"80\" " more "/>"
#define SAID(more)                                                                         \
    "<crfd:StoppingRule OID=\"STOP.1\" Rule=\"68\" " more                                  \
    "><FormalExpression Context=\"crfd\">//ItemData[@ItemOID='IT.DONE'] = 'N'"             \
    "</FormalExpression></crfd:StoppingRule>"
#define TWO_OF_TWO   RULE("Count=\"2\" Of=\"2\"")
#define TWO_OF_THREE RULE("Count=\"2\" Of=\"3\"")
#define HALF         RULE("Share=\"50\"")
#define BY_COHORT    RULE("Count=\"2\" Of=\"3\" Scope=\"cohort\"")

struct share_row {
    const char *name, *section;
    void (*play)(struct scene *s);
    const char *holds;
};

static const struct share_row rows[] = {
    {"one of the first three is not two", TWO_OF_THREE, one_of_three, ""},
    {"two of the first three stop", TWO_OF_THREE, two_of_three, "dosing study held"},
    {"two events of one subject are one subject", TWO_OF_THREE, two_of_one, ""},
    {"the third is not among the first two", TWO_OF_TWO, first_and_third, ""},
    {"unless the dose was given earlier than was written", TWO_OF_TWO, order_corrected,
     "dosing study held"},
    {"an event counts from the dose on, and the dose sets the hold", TWO_OF_THREE,
     events_before_doses, "dosing study held"},
    {"a dose does not set again what was lifted", TWO_OF_THREE, not_again_by_a_dose, ""},
    {"a later event does", TWO_OF_THREE, a_later_event_holds_again, "dosing study held"},
    {"one of three is less than half", HALF, one_of_three, ""},
    {"two of three are more", HALF, two_of_three, "dosing study held"},
    {"one of two is half, when a dose is taken back", HALF, a_dose_taken_back,
     "dosing study held"},
    {"a doubtful second holds provisionally", TWO_OF_THREE, one_in_doubt,
     "dosing study provisional"},
    {"two opinions end it", TWO_OF_THREE, doubt_ended, ""},
    {"so does the dose that was none", TWO_OF_THREE, doubtful_was_not_treated, ""},
    {"and the doubt about another one whom it took", TWO_OF_THREE, two_in_doubt_one_ended,
     ""},
    {"cohorts are counted each by itself", BY_COHORT, two_cohorts, ""},
    {"a cohort that is corrected may be the one that stops", BY_COHORT, cohort_corrected,
     "dosing cohort/A held"},
    {"counting reports, the doubt about one ends what took two", RULE("Count=\"2\""),
     two_in_doubt_one_ended, ""},
    {"what a form says stops the subject", SAID("Scope=\"subject\""), one_says_no,
     "dosing subject/007-K held"},
    {"and the study when two say it", SAID("Count=\"2\""), two_say_no, "dosing study held"},
    {"one of two is not enough", SAID("Count=\"2\""), one_says_no, ""},
    {"an answer that was corrected no longer counts", SAID("Count=\"2\""),
     one_takes_it_back, ""},
    {"but what it stopped only a person lifts", SAID("Count=\"2\""),
     two_say_no_then_one_is_retracted, "dosing study held"},
    {"by share, what was said counts from the dose on", SAID("Share=\"50\""),
     a_no_and_then_a_dose, "dosing study held"},
};

static void check(void **state)
{
    const struct share_row *row = *state;
    struct scene *s = study_with(row->section);
    row->play(s);
    assert_string_equal(play_holds(s), row->holds);
    play_must_replay(s);
    scene_free(s);
}

/* ---- first doses of two subjects ---- */

#define APART                                                                              \
    "</crfd:Safety><crfd:Parameter Name=\"STAGGER.DAYS\" Value=\"14\"/><crfd:Safety>"

static void clear_other(struct scene *s)
{
    play_send(s, INVESTIGATOR, product_clearance(s, INVESTIGATOR, TWO, "B-1"));
    assert_false(s->decision.accepted); /* other things lack in this small scene */
}
static void days_after(struct scene *s, int days)
{
    dose(s, ONE);
    s->now += days * DAY;
    clear_other(s);
}
static void thirteen_days(struct scene *s)
{
    days_after(s, 13);
}
static void fourteen_days(struct scene *s)
{
    days_after(s, 14);
}
static void first_of_all(struct scene *s)
{
    clear_other(s);
}
static void second_dose_of_one(struct scene *s)
{
    dose(s, TWO);
    days_after(s, 3);
}
static void month_only(struct scene *s)
{
    product_submit(s, COORDINATOR,
                   FORM_OF("007-K", "V4", "IN", "partial", "\"IT.INSTTIM\":\"2026-10\""));
    product_must_pass(s);
    clear_other(s);
}

struct apart_row {
    const char *name;
    void (*play)(struct scene *s);
    bool stops;
};

static const struct apart_row apart_rows[] = {
    {"13 days after another subject's first dose the second waits", thirteen_days, true},
    {"after 14 days it does not", fourteen_days, false},
    {"the first subject waits for nobody", first_of_all, false},
    {"a second dose of the same subject is no first one", second_dose_of_one, false},
    {"of a first dose known by its month it cannot be told", month_only, true},
};

static bool has_finding(const struct scene *s, const char *path)
{
    bool found = false;
    for (size_t i = 0; i < s->decision.findings.count; i++) {
        found = found || strcmp(s->decision.findings.items[i].path, path) == 0;
    }
    return found;
}

static void check_apart(void **state)
{
    const struct apart_row *row = *state;
    struct scene *s = study_with(APART);
    row->play(s);
    assert_int_equal(has_finding(s, "STAGGER.DAYS"), row->stops);
    play_must_replay(s);
    scene_free(s);
}

/* Two sites must not begin on one day because neither has written down its dose yet. */
static void a_clearance_counts_until_the_dose_is_recorded(void **unused)
{
    (void) unused;
    struct scene *s = study_alone(APART);
    product_prepare(s);
    product_clear(s, ONE, BATCH);
    product_must_pass(s);
    s->now += DAY;
    product_clear(s, TWO, BATCH);
    bool found = false;
    for (size_t i = 0; i < s->decision.findings.count; i++) {
        const struct finding *finding = &s->decision.findings.items[i];
        found = found || (strcmp(finding->rule, "66") == 0 &&
                          strstr(finding->message, "was cleared") != NULL);
    }
    assert_true(found);
    play_must_replay(s);
    scene_free(s);
}

#define APART_ONE_DAY                                                                      \
    "</crfd:Safety><crfd:Parameter Name=\"STAGGER.DAYS\" Value=\"1\"/><crfd:Safety>"

/* The first GO came to nothing; the dose of today is still to come. */
static void the_last_clearance_counts_not_the_first(void **unused)
{
    (void) unused;
    struct scene *s = study_alone(APART_ONE_DAY);
    product_prepare(s);
    product_clear(s, ONE, BATCH);
    product_must_pass(s);
    s->now += 14 * HOUR; /* behind midnight, in the window for doses */
    product_clear(s, ONE, BATCH);
    product_must_pass(s);
    product_clear(s, TWO, BATCH);
    assert_true(has_finding(s, "STAGGER.DAYS"));
    play_must_replay(s);
    scene_free(s);
}

/* Its outcome said who was given what, and not when: it counts from when it was written. */
static void a_dose_decided_before_an_upgrade_counts(void **unused)
{
    (void) unused;
    struct scene *s = study_with(APART);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *line =
        "{\"v\":1,\"engine\":\"1\",\"late\":0,\"findings\":[],\"derived\":{},"
        "\"effects\":[{\"exposure\":\"-\",\"scope\":\"subject/007-K/SE.V4/-"
        "/F.IN/-\",\"state\":\"given\"}]}";
    struct outcome outcome;
    struct record record = {.type = RECORD_FORM_SUBMIT,
                            .is_form = true,
                            .subject = ONE,
                            .object = "subject/007-K/SE.V4/-/F.IN/-"};
    struct entry_facts facts = {.seq = 999, .time = s->now, .actor = "p-1"};
    struct row_changes changes = {0};
    assert_int_equal(outcome_parse(span_text(line), arena, &outcome, NULL), OK);
    project(&facts, &record, &outcome, arena, &changes);
    bool found = false;
    for (size_t i = 0; i < changes.count; i++) {
        const struct row_change *row = &changes.items[i];
        char now[INSTANT_SIZE];
        instant_format(s->now, now);
        found = found || row->table == TABLE_EXPOSURE;
        if (row->table == TABLE_EXPOSURE) {
            assert_string_equal(row->values[EXPOSURE_GIVEN_FROM], now);
            assert_string_equal(row->values[EXPOSURE_GIVEN_TO], now);
        }
    }
    assert_true(found);
    scene_free(s);
}

/* Recorded whatever it is, and asked about until a person closes that. */
static void a_dose_too_early_is_a_deviation(void **unused)
{
    (void) unused;
    struct scene *s = study_with(APART);
    dose(s, ONE);
    s->now += 3 * DAY;
    dose(s, TWO);
    assert_non_null(strstr(s->outcome, "\"rule\":\"66.stagger\",\"act\":\"ask\""));
    assert_non_null(strstr(s->outcome, "\"deviation\":1"));
    product_submit(s, COORDINATOR,
                   FORM_OF("008-L", "V4", "ECC", "partial", "\"IT.DONE\":\"Y\""));
    assert_null(strstr(s->outcome, "\"close\""));
    play_must_replay(s);
    scene_free(s);
}

/* ---- the transplantation example ---- */

static void graft_failure(struct scene *s, const char *subject)
{
    scene_submit(s, INVESTIGATOR,
                 arena_printf(s->arena,
                              "{\"SubjectKey\":\"%s\",\"StudyEventOID\":\"SE.LOG\","
                              "\"StudyEventRepeatKey\":null,\"FormOID\":\"F.AE\","
                              "\"FormRepeatKey\":\"a1\",\"state\":\"partial\","
                              "\"ItemGroupData\":[{\"ItemGroupOID\":\"IG.AE\","
                              "\"ItemGroupRepeatKey\":null,\"ItemData\":{\"IT.AETERM\":"
                              "\"Graft failure\",\"IT.AESI\":\"GRAFT\"}}]}",
                              subject),
                 NULL);
    product_must_pass(s);
}

static void two_graft_failures_stop_enrolment(void **unused)
{
    (void) unused;
    struct scene *s = scene_ready_with("protocol/trials/example-ahsct-ms.xml");
    play_enrol(s, COORDINATOR, TWO, "NL01");
    product_must_pass(s);
    graft_failure(s, ONE);
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 0);
    graft_failure(s, TWO);
    assert_non_null(strstr(s->outcome, "{\"hold\":\"enrolment\",\"scope\":\"study\","
                                       "\"rule\":\"80\",\"state\":\"held\""));
    play_must_replay(s);
    scene_free(s);
}

int main(void)
{
    folder = temp_folder("crfd-shares");
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
    add_rows(apart_rows, ARRAY_LEN(apart_rows), sizeof(apart_rows[0]), check_apart);
    add_test("a dose too soon after another subject's is recorded, a deviation",
             a_dose_too_early_is_a_deviation);
    add_test("a clearance counts until the dose is recorded",
             a_clearance_counts_until_the_dose_is_recorded);
    add_test("a clearance that came to nothing does not hide a later one",
             the_last_clearance_counts_not_the_first);
    add_test("a dose decided before outcomes said when counts from when it was written",
             a_dose_decided_before_an_upgrade_counts);
    add_test("the second graft failure stops enrolment in the transplantation example",
             two_graft_failures_stop_enrolment);
    int failed = run_added("record_shares");
    remove_tree(folder);
    free(folder);
    return failed;
}
