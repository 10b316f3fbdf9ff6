/* SPDX-License-Identifier: Apache-2.0 */
/*
** Two stories that a sponsor must be able to tell afterwards from the log alone. A serious
** event on a locked subject, of whose cause nobody said anything and which nobody of the
** sponsor answered; and a related event at one site that stops the dose for which another site
** asks in the same commit. crfd, PostgreSQL, the operator's command and the monitor's program
** are real; only the study's hour is short (SAFETY.ACK.HOURS). Each test stands on the one
** before.
*/
#include <libpq-fe.h>
#include <unistd.h>

#include "clients/lib/text_file.h"
#include "tests/support/files.h"
#include "tests/system/amended.h"
#include "tests/system/people.h"
#include "tests/system/safety_acts.h"

#define SAE    "mabs06-apart/012-Q-LOG-SAE.json"
#define REPORT "subject/" SCENE_SUBJECT "/SE.LOG/-/F.SAE/s1"
#define OTHER  "008-L" /* of site 02 */
#define BATCH  "M06-007-B1"

static char *sha256; /* of MDV.2 */

/* ---- short ways ---- */

static struct record of_version(struct record record)
{
    record.definition = (struct definition_ref){"MDV.2", sha256};
    return record;
}

static struct record sae(enum who who, const char *subject, const char *repeat,
                         const char *change, struct arena *arena)
{
    struct record record =
        of_version(trial_form(people_trial, who, SAE, subject, change, arena));
    record.data.form_submit.form.key.form_repeat = repeat;
    return record;
}

static void clear_is(int wanted, const char *rule, const char *says)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record =
        of_version(trial_record(people_trial, INVESTIGATOR, RECORD_DOSE_CLEAR, arena));
    record.data.dose_clear = (struct dose_clear_data){.subject = SCENE_SUBJECT,
                                                      .event = "SE.V4",
                                                      .act = "infusion",
                                                      .batch = BATCH,
                                                      .at = record.signature.signed_at};
    struct answer answer = trial_submit(people_trial, INVESTIGATOR, &record);
    if (answer.status != wanted || (rule != NULL && !answer_has_finding(&answer, rule)) ||
        strstr(bytes_text(&answer.body), says) == NULL) {
        fail_msg("%d %s", answer.status, bytes_text(&answer.body));
    }
    answer_done(&answer);
}

/* ---- what the operator's command was told ---- */

/* Within half a minute; and never a subject, a word of the report, or who it was. */
static void is_told(const char *line)
{
    static const char *const secrets[] = {SCENE_SUBJECT, "Weak", "arm", "stroke", "p-00"};
    bool found = false;
    for (int tries = 0; tries < 300 && !found; tries++) {
        CLEANUP(bytes_done) struct bytes text = notify_told();
        found = strstr(bytes_text(&text), line) != NULL;
        for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
            assert_null(strstr(bytes_text(&text), secrets[i]));
        }
        (void) usleep(100 * 1000);
    }
    if (!found) {
        CLEANUP(bytes_done) struct bytes text = notify_told();
        fail_msg("not told: %s; but:\n%s", line, bytes_text(&text));
    }
}

/* ---- the first story ---- */

static void a_report_without_cause_on_a_locked_subject(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    scene_lock(people_trial, "subject/" SCENE_SUBJECT, true);
    struct record record = sae(INVESTIGATOR, SCENE_SUBJECT, "s1", NULL, arena);
    struct answer answer = trial_submit(people_trial, INVESTIGATOR, &record);
    if (answer.status != 201) {
        fail_msg("%d %s", answer.status, bytes_text(&answer.body));
    }
    assert_non_null(scene_effect(&answer, "flag", "LOCKED"));
    assert_non_null(scene_effect(&answer, "clock", "ack"));
    assert_non_null(scene_effect(&answer, "clock", "sponsor"));
    answer_done(&answer);
    safety_holds_are(people_trial, "dosing study provisional");
    is_told("sae MABS06 SAE-0001 ack 20");
}

static void nobody_answers_and_it_escalates(void **state)
{
    (void) state;
    is_told("escalation MABS06 SAE-0001 ack 20");
    PEOPLE_RUN(SAFETY, "SAE-0001", "crf-sponsor", "safety", "due");
    PEOPLE_RUN(INVESTIGATOR, "STOP: dosing is on hold for now", "crf-site", "status");
    PEOPLE_RUN(INVESTIGATOR, "PHONE NOW: the sponsor has not acknowledged SAE-0001",
               "crf-site", "status");
}

static void the_physician_has_it(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes before = notify_told();
    PEOPLE_RUN(SAFETY, "", "crf-sponsor", "safety", "ack", "SAE-0001");
    (void) sleep(5); /* two looks of the alarm */
    CLEANUP(bytes_done) struct bytes after = notify_told();
    assert_string_equal(bytes_text(&after), bytes_text(&before));
    CLEANUP(mem_freep)
    char *running = scene_sql(people_trial, "select count(*) from crfd.clock where clock = "
                                            "'ack' and stopped is null");
    assert_string_equal(running, "0");
}

static void two_opinions_end_it(void **state)
{
    (void) state;
    people_run(INVESTIGATOR,
               (const char *const[]){"crf-site", "opinion", "SAE-0001", "--related",
                                     "maybe", NULL},
               3, "--related takes yes, no or unknown");
    PEOPLE_RUN(INVESTIGATOR, "recorded", "crf-site", "opinion", "SAE-0001", "--related",
               "no", "--comment", "fell from a ladder");
    PEOPLE_RUN(INVESTIGATOR, "form.submit|Weak right arm|safety.assess", "crf-site",
               "history", "SAE-0001");
    safety_holds_are(people_trial, "dosing study provisional");
    safety_assess(people_trial, SAFETY, REPORT, "unrelated");
    safety_holds_are(people_trial, "");
    scene_lock(people_trial, "subject/" SCENE_SUBJECT, false);
}

/* ---- the second story ---- */

static void receive(const char *batch, const char *kind, const char *parent,
                    const char *donor)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record =
        of_version(trial_record(people_trial, PHARMACIST, RECORD_BATCH_RECEIVE, arena));
    record.data.batch_receive = (struct batch_receive_data){
        .batch = batch,
        .kind = kind,
        .parents = {&parent, parent != NULL ? 1 : 0},
        .donor = donor,
        .expiry = parent != NULL ? "2099-01-01T00:00:00Z" : NULL,
        .site = "01"};
    (void) scene_accept(people_trial, PHARMACIST, &record);
}

static void the_product_is_ready_and_cleared(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = trial_record(people_trial, FOUNDER, RECORD_ROLE_GRANT, arena);
    record.data.role = (struct role_data){.person = trial_person(PHARMACIST),
                                          .role = "pharmacist",
                                          .site = "01",
                                          .qualification = "QP"};
    (void) scene_accept(people_trial, FOUNDER, &record);
    receive("M06-007-D1", "donation", NULL, SCENE_SUBJECT);
    receive(BATCH, "batch", "M06-007-D1", NULL);
    record =
        of_version(trial_record(people_trial, PHARMACIST, RECORD_BATCH_RELEASE, arena));
    record.data.batch_release =
        (struct batch_release_data){.batch = BATCH, .results = "criteria met"};
    (void) scene_accept(people_trial, PHARMACIST, &record);
    clear_is(201, NULL, "\"state\":\"go\"");
}

/* The head is held while three records come: the first alone in a batch that waits; the report
 * of site 02 and the question of site 01 together in the next one. */
static void a_related_event_elsewhere_stops_the_dose_of_its_batch(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record =
        trial_record(people_trial, STRANGER, RECORD_SUBJECT_ENROL, arena);
    record.data.subject_enrol = (struct subject_enrol_data){OTHER, "02"};
    (void) scene_accept(people_trial, STRANGER, &record);
    PGconn *other = PQconnectdb(trial_superuser(people_trial));
    PQclear(PQexec(other, "begin; select * from crfd.log for update"));
    record = trial_record(people_trial, SPONSOR, RECORD_MILESTONE, arena);
    record.data.milestone =
        (struct milestone_data){.kind = "urgent-measure", .at = record.signature.signed_at};
    void *first = safety_post(people_trial, SPONSOR, &record);
    record = sae(STRANGER, OTHER, "s2", "\"IT.SAETERM\"=>\"IT.AEREL\":\"Y\",\"IT.SAETERM\"",
                 arena);
    void *second = safety_post(people_trial, STRANGER, &record);
    record = of_version(trial_record(people_trial, INVESTIGATOR, RECORD_DOSE_CLEAR, arena));
    record.data.dose_clear = (struct dose_clear_data){.subject = SCENE_SUBJECT,
                                                      .event = "SE.V4",
                                                      .act = "infusion",
                                                      .batch = BATCH,
                                                      .at = record.signature.signed_at};
    void *third = safety_post(people_trial, INVESTIGATOR, &record);
    PQclear(PQexec(other, "rollback"));
    PQfinish(other);
    safety_answers(first, "HTTP/1.1 201", "receipt");
    safety_answers(second, "HTTP/1.1 201", "\"hold\":\"dosing\"");
    safety_answers(third, "HTTP/1.1 409", "\"80\"");
    safety_one_commit(people_trial);
    safety_holds_are(people_trial, "dosing study held");
}

static void it_stops_every_dose_after_it(void **state)
{
    (void) state;
    clear_is(409, "80", "STOP");
    safety_assess(people_trial, SAFETY, "subject/" OTHER "/SE.LOG/-/F.SAE/s2", "unrelated");
    safety_holds_are(people_trial, "dosing study held");
    clear_is(409, "80", "STOP");
}

static void two_persons_lift_it_and_it_is_go(void **state)
{
    (void) state;
    safety_lift(people_trial, SPONSOR);
    clear_is(409, "80", "STOP");
    safety_lift(people_trial, SAFETY);
    safety_holds_are(people_trial, "");
    clear_is(201, NULL, "\"state\":\"go\"");
}

static void the_log_tells_it(void **state)
{
    (void) state;
    PEOPLE_RUN(MONITOR, "Verified", "crf-monitor", "verify");
    PEOPLE_RUN(
        MONITOR,
        "Holds: none|SAE-0001|case: opened SAE-0001|hold: dosing study provisional 80|"
        "safety.ack: " REPORT "|safety.assess: " REPORT " (investigator)|"
        "safety.assess: " REPORT " (safety)|hold: dosing study ended 80|"
        "clearance: C-0001 go|hold: dosing study lifting p-0401|"
        "hold: dosing study lifted 80|clearance: C-0002 go",
        "crf-monitor", "report");
    PEOPLE_RUN(SPONSOR, "Verified|0 differences", "crf-monitor", "verify", "--recheck");
}

/* ---- the sponsor's verbs ---- */

static void a_second_report_of_the_same_event_is_merged(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = sae(INVESTIGATOR, SCENE_SUBJECT, "s3",
                               "\"IT.SAETERM\"=>\"IT.AEREL\":\"N\",\"IT.SAETERM\"", arena);
    (void) scene_accept(people_trial, INVESTIGATOR, &record);
    PEOPLE_RUN(SAFETY, "recorded", "crf-sponsor", "safety", "assess", "SAE-0003",
               "--duplicate-of", "SAE-0001");
    CLEANUP(mem_freep)
    char *merged = scene_sql(people_trial, "select state || ' ' || duplicate_of from "
                                           "crfd.safety_case where object like '%%/s3'");
    assert_string_equal(merged, "duplicate " REPORT);
    CLEANUP(mem_freep)
    char *running = scene_sql(people_trial, "select count(*) from crfd.clock where object "
                                            "like '%%/s3' and stopped is null");
    assert_string_equal(running, "0");
    CLEANUP(mem_freep)
    char *first = scene_sql(people_trial, "select count(*) from crfd.clock where object = "
                                          "'" REPORT "' and clock = 'sponsor'");
    assert_string_equal(first, "1"); /* the clock of the first report is the case's */
}

static void a_hold_by_hand_takes_two_and_a_milestone_has_its_clock(void **state)
{
    (void) state;
    PEOPLE_RUN(SPONSOR, "recorded", "crf-sponsor", "safety", "hold", "enrolment", "study",
               "--reason", "two fevers");
    safety_holds_are(people_trial, "enrolment study asked");
    PEOPLE_RUN(SAFETY, "recorded", "crf-sponsor", "safety", "hold", "enrolment", "study",
               "--reason", "two fevers");
    safety_holds_are(people_trial, "enrolment study held");
    PEOPLE_RUN(SPONSOR, "recorded", "crf-sponsor", "safety", "milestone", "serious-breach",
               "--text", "wrong consent form used");
    CLEANUP(mem_freep)
    char *clocks = scene_sql(people_trial, "select count(*) from crfd.clock where rule = "
                                           "'serious-breach' and stopped is null");
    assert_string_equal(clocks, "1");
    PEOPLE_RUN(MONITOR, "Verified", "crf-monitor", "verify");
}

/* ---- what the operator brings ---- */

static void write_dictionary(const char *name, const char *text)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_printf(&path, "%s/%s", people_root, name);
    BUG_IF(text_file_write(bytes_text(&path), span_text(text), true, NULL) != OK);
}

static void a_dictionary_is_named_by_a_signed_record(void **state)
{
    (void) state;
    write_dictionary("ctcae.tsv", "crfd-dictionary 1\tCTCAE\t5.0\n"
                                  "grades\tSilent rash\t3\t5\n");
    write_dictionary("wrong.tsv", "crfd-dictionary 1\tCTCAE\t5.0\n"
                                  "grades\tSilent rash\t3\t7\n");
    people_run(FOUNDER,
               (const char *const[]){"crf-admin", "study", "dictionary", "wrong.tsv", NULL},
               3, "line 2");
    PEOPLE_RUN(FOUNDER, "CTCAE 5.0: 0 terms, grades of 1 terms|recorded", "crf-admin",
               "study", "dictionary", "ctcae.tsv");
    CLEANUP(mem_freep)
    char *row = scene_sql(people_trial, "select name || ' ' || version || ' ' || "
                                        "length(digest) from crfd.dictionary");
    assert_string_equal(row, "CTCAE 5.0 64");
    assert_int_equal(trial_count(people_trial, "definition"), 2);
    struct answer answer = trial_get(people_trial, INVESTIGATOR, "");
    assert_int_equal(json_get(answer.json, "dictionaries")->count, 1);
    answer_done(&answer);
    assert_int_equal(trial_terminate(people_trial), 0);
    trial_restart(people_trial); /* and it is read again at the start */
}

/* A name, a version or a digest that is not the file's is refused. */
static void a_dictionary_is_what_its_record_says(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const char text[] = "crfd-dictionary 1\tLAB\tM1\n";
    struct dictionary_ref named = {"LAB", "M2", NULL};
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    digest_of(span_text(text), &digest);
    digest_to_hex(&digest, hex);
    named.sha256 = hex;
    struct answer answer = trial_put_blob(people_trial, FOUNDER, span_text(text));
    assert_int_equal(answer.status, 201);
    answer_done(&answer);
    struct record record = trial_record(people_trial, FOUNDER, RECORD_STUDY_AMEND, arena);
    record.data.study_amend = (struct study_amend_data){{"MDV.2", sha256}, &named, 1};
    answer = trial_submit(people_trial, FOUNDER, &record);
    assert_int_equal(answer.status, 422);
    assert_true(answer_has_finding(&answer, "REF-15"));
    answer_done(&answer);
    named.version = "M1";
    (void) scene_accept(people_trial, FOUNDER, &record);
}

/* ---- the scene ---- */

/* TEXT without its elements NAME ("crfd:Gate"); true when there was one. */
static bool cut(struct bytes *text, const char *name)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *end_tag = arena_printf(arena, "</%s>", name);
    const char *start = strstr(bytes_text(text), arena_printf(arena, "<%s ", name));
    const char *end = start != NULL ? strchr(start, '>') : NULL;
    if (end == NULL) {
        return false;
    }
    if (end[-1] != '/') {
        end = strstr(start, end_tag);
        assert_non_null(end);
        end += strlen(end_tag) - 1;
    }
    struct bytes rest = {0};
    bytes_add(&rest, bytes_text(text), (size_t) (start - bytes_text(text)));
    bytes_add_text(&rest, end + 1);
    bytes_done(text);
    *text = rest;
    return true;
}

/* MABS06 with a short hour, and of all gates before a dose only the product and the holds: what
 * visits and results must be there is for the tests of the product. */
static struct bytes short_hour(void)
{
    static const char *const changes[] = {
        "<crfd:Parameter Name=\"AGE.MIN\"=><crfd:Parameter Name=\"SAFETY.ACK.HOURS\" "
        "Value=\"0.002\" Unit=\"hours\"/><crfd:Parameter Name=\"AGE.MIN\""};
    struct bytes xml = amended_text("MDV.2", changes, ARRAY_LEN(changes));
    while (cut(&xml, "crfd:Gate") || cut(&xml, "crfd:Product")) {
    }
    trial_change(&xml, "<crfd:SafetyContact =><crfd:Product Type=\"autologous\" "
                       "ClearMinutes=\"30\"/><crfd:SafetyContact ");
    return xml;
}

static void publish(void)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes xml = short_hour();
    struct digest digest;
    digest_of(span_bytes(&xml), &digest);
    sha256 = mem_alloc(DIGEST_HEX_SIZE);
    digest_to_hex(&digest, sha256);
    struct answer answer = trial_put_blob(people_trial, FOUNDER, span_bytes(&xml));
    assert_int_equal(answer.status, 201);
    answer_done(&answer);
    struct record record = trial_record(people_trial, FOUNDER, RECORD_STUDY_AMEND, arena);
    record.data.study_amend.definition = (struct definition_ref){"MDV.2", sha256};
    (void) scene_accept(people_trial, FOUNDER, &record);
    amended_activate(people_trial, "01", "MDV.2", sha256, "2026-01-01T00:00:00Z");
    amended_activate(people_trial, "02", "MDV.2", sha256, "2026-01-01T00:00:00Z");
}

static void prepare(void)
{
    CLEANUP(mem_freep) char *settings = notify_make();
    people_open(settings);
    trial_hire(people_trial, SAFETY);
    trial_hire(people_trial, PHARMACIST);
    publish();
    people_folder(FOUNDER, NULL);
    people_folder(INVESTIGATOR, "01");
    people_folder(MONITOR, "01");
    people_folder(SPONSOR, NULL);
    people_folder(SAFETY, NULL);
}

int main(void)
{
    prepare();
    add_test("a report without a cause on a locked subject stops dosing for now",
             a_report_without_cause_on_a_locked_subject);
    add_test("nobody answers: it escalates, and the site is told whom to phone",
             nobody_answers_and_it_escalates);
    add_test("the physician has it: nothing more is told", the_physician_has_it);
    add_test("two opinions end what was provisional", two_opinions_end_it);
    add_test("the product is made, released and cleared", the_product_is_ready_and_cleared);
    add_test("a related event at one site stops the dose that another asks for with it",
             a_related_event_elsewhere_stops_the_dose_of_its_batch);
    add_test("it stops every dose after it, whatever is thought of it",
             it_stops_every_dose_after_it);
    add_test("two persons lift it, citing the decision, and it is GO",
             two_persons_lift_it_and_it_is_go);
    add_test("a dictionary is named by a signed record",
             a_dictionary_is_named_by_a_signed_record);
    add_test("a dictionary is what its record says it is",
             a_dictionary_is_what_its_record_says);
    add_test("the log tells it, to a monitor who trusts nobody", the_log_tells_it);
    add_test("a second report of the same event is merged, and the first clock stays",
             a_second_report_of_the_same_event_is_merged);
    add_test("a hold by hand takes two persons; a milestone starts its clock",
             a_hold_by_hand_takes_two_and_a_milestone_has_its_clock);
    int failed = run_added("safety stories");
    people_close();
    notify_remove();
    free(sha256);
    return failed;
}
