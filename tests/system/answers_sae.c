/* SPDX-License-Identifier: Apache-2.0 */
/*
** The barest report of a serious event (who, what, when known) is accepted from any confirmed
** person of the study, whatever else is wrong, with its findings and a running clock. Only an
** unknown or revoked key is refused, and told whom to phone. reference: the table of what a
** safety report is never refused for.
*/
#include "tests/system/scene.h"

static struct trial *trial;

#define SAE "mabs06-apart/012-Q-LOG-SAE.json"

/* One report each; REPEAT makes the form's own object. */
struct report {
    enum who who;
    const char *subject, *repeat, *change, *prior;
    int seconds;
};

static void write_report(const struct report *report, struct bytes *line)
{
    CLEANUP(bytes_done) struct bytes subject = {0};
    CLEANUP(bytes_done) struct bytes repeat = {0};
    bytes_printf(&subject, "012-Q=>%s", report->subject);
    bytes_printf(&repeat, "s1b5e90d4=>%s", report->repeat);
    struct sheet sheet = {
        .who = report->who,
        .file = SAE,
        .changes = {bytes_text(&subject), bytes_text(&repeat), report->change},
        .prior = report->prior,
        .seconds = report->seconds};
    scene_sheet(trial, &sheet, line);
}

static void assert_clocks(const struct answer *answer)
{
    const struct json *site = scene_effect(answer, "clock", "site");
    const struct json *sponsor = scene_effect(answer, "clock", "sponsor");
    assert_non_null(site);
    assert_non_null(json_get_string(site, "due"));
    assert_non_null(sponsor);
    assert_string_equal(json_get_string(sponsor, "rule"), "15 days");
    assert_non_null(scene_effect(answer, "number", NULL));
}

static struct answer accepted(const struct report *report, struct bytes *line)
{
    write_report(report, line);
    struct answer answer =
        scene_try(trial, span_bytes(line), &(struct wanted){201, NULL, NULL, STORED});
    assert_clocks(&answer);
    return answer;
}

/* ---- the rows ---- */

static char other_digest[200]; /* a change of the definition's digest */

struct row {
    const char *name;
    struct report report;
    const char *flag; /* NULL: none */
    void (*before)(void);
    void (*after)(void);
};

static void lock_subject(void)
{
    scene_lock(trial, "subject/" SCENE_SUBJECT, true);
}
static void unlock_subject(void)
{
    scene_lock(trial, "subject/" SCENE_SUBJECT, false);
}
static void lock_site(void)
{
    scene_lock(trial, "site/01", true);
}
static void unlock_site(void)
{
    scene_lock(trial, "site/01", false);
}
static void lock_study(void)
{
    scene_lock(trial, "study", true);
}
static void unlock_study(void)
{
    scene_lock(trial, "study", false);
}

#define ZEROES "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static const struct row rows[] = {
    {"the barest report is accepted",
     {.who = INVESTIGATOR, .repeat = "s01"},
     NULL,
     NULL,
     NULL},
    {"a coordinator reports", {.who = COORDINATOR, .repeat = "s02"}, NULL, NULL, NULL},
    {"somebody of another site reports",
     {.who = STRANGER, .repeat = "s03"},
     NULL,
     NULL,
     NULL},
    {"a monitor reports", {.who = MONITOR, .repeat = "s04"}, NULL, NULL, NULL},
    {"the sponsor reports", {.who = SPONSOR, .repeat = "s05"}, NULL, NULL, NULL},
    {"a role without the right reports",
     {.who = INSPECTOR, .repeat = "s06"},
     "RIGHT-01",
     NULL,
     NULL},
    {"a role that the reporter does not hold is flagged",
     {.who = MONITOR,
      .repeat = "s07",
      .change = "\"role\":\"monitor\"=>\"role\":\"sponsor\""},
     "RIGHT-01",
     NULL,
     NULL},
    {"a clock that is a day ahead is flagged",
     {.who = INVESTIGATOR, .repeat = "s08", .seconds = 86400},
     "KEY-05",
     NULL,
     NULL},
    {"a clock that is ten years behind is flagged",
     {.who = INVESTIGATOR, .repeat = "s09", .seconds = -10 * 365 * 86400},
     "KEY-06",
     NULL,
     NULL},
    {"an awareness in the future is asked about",
     {.who = INVESTIGATOR, .repeat = "s10", .change = "2026-08-18=>2099-08-18"},
     NULL,
     NULL,
     NULL},
    {"an unknown definition version is flagged",
     {.who = INVESTIGATOR, .repeat = "s11", .change = "\"MDV.1\"=>\"MDV.9\""},
     "VERSION-01",
     NULL,
     NULL},
    {"another digest of the definition is flagged",
     {.who = INVESTIGATOR, .repeat = "s12", .change = other_digest},
     "VERSION-01",
     NULL,
     NULL},
    {"a subject nobody knows is flagged",
     {.who = INVESTIGATOR, .repeat = "s13", .subject = "999-?"},
     "REF-01",
     NULL,
     NULL},
    {"a prior that is not there is flagged",
     {.who = INVESTIGATOR, .repeat = "s14", .prior = ZEROES},
     "CONFLICT",
     NULL,
     NULL},
    {"a locked subject is flagged",
     {.who = INVESTIGATOR, .repeat = "s15"},
     "LOCKED",
     lock_subject,
     unlock_subject},
    {"a locked site is flagged",
     {.who = INVESTIGATOR, .repeat = "s16"},
     "LOCKED",
     lock_site,
     unlock_site},
    {"a locked study is flagged",
     {.who = INVESTIGATOR, .repeat = "s17"},
     "LOCKED",
     lock_study,
     unlock_study},
    {"a monitor on a locked study with a wrong clock is flagged for each",
     {.who = MONITOR, .repeat = "s18", .seconds = 86400},
     "KEY-05",
     lock_study,
     unlock_study},
    {"an unknown history is accepted, and the operator alarmed",
     {.who = INVESTIGATOR,
      .repeat = "s19",
      .change = "\"seen\":{\"size\":=>\"seen\":{\"size\":9"},
     "SEEN-01",
     NULL,
     NULL},
    {"a death of which nothing else is known counts as fatal soon",
     {.who = INVESTIGATOR,
      .repeat = "s20",
      .change = "\"IT.AWARE\"=>\"IT.AESDTH\":\"Y\",\"IT.AWARE\""},
     NULL,
     NULL,
     NULL},
};

static void report_is_accepted(void **state)
{
    const struct row *row = *state;
    CLEANUP(bytes_done) struct bytes line = {0};
    struct report report = row->report;
    if (report.subject == NULL) {
        report.subject = SCENE_SUBJECT;
    }
    if (row->before != NULL) {
        row->before();
    }
    write_report(&report, &line);
    struct answer answer =
        scene_try(trial, span_bytes(&line), &(struct wanted){201, NULL, NULL, STORED});
    if (row->after != NULL) {
        row->after();
    }
    bool fatal = strcmp(report.repeat, "s20") == 0;
    assert_non_null(scene_effect(&answer, "clock", "site"));
    const struct json *sponsor = scene_effect(&answer, "clock", "sponsor");
    assert_non_null(sponsor);
    assert_string_equal(json_get_string(sponsor, "rule"), fatal ? "7 days" : "15 days");
    assert_non_null(scene_effect(&answer, "number", NULL));
    if (row->flag != NULL) {
        assert_non_null(scene_effect(&answer, "flag", row->flag));
    } else {
        assert_null(strstr(bytes_text(&answer.body), "\"flag\":\"RIGHT"));
        assert_null(strstr(bytes_text(&answer.body), "\"flag\":\"LOCK"));
    }
    answer_done(&answer);
}

/* ---- what must not be missing ---- */

static const struct needed {
    const char *name, *change, *rule;
} needed[] = {
    {"a report must say what happened",
     "\"IT.SAETERM\":\"Weak right arm and speech trouble after infusion 2\",=>",
     "SAFETY-01"},
    {"a report must say when somebody knew", ",\"IT.AWARE\":\"2026-08-18T02:10+02:00\"=>",
     "SAFETY-02"},
    {"an unknown item is refused on a report too", "IT.AWARE=>IT.NOSUCH", "FORM-01"},
};

static void must_be_said(void **state)
{
    const struct needed *row = *state;
    CLEANUP(bytes_done) struct bytes line = {0};
    struct report report = {.who = INVESTIGATOR,
                            .subject = SCENE_SUBJECT,
                            .repeat = "n1",
                            .change = row->change};
    write_report(&report, &line);
    struct answer answer = scene_try(trial, span_bytes(&line),
                                     &(struct wanted){422, "findings", row->rule, REFUSED});
    answer_done(&answer);
}

/* ---- what it sets in motion ---- */

static void the_first_report_holds_dosing_provisionally(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    struct report report = {.who = INVESTIGATOR, .subject = SCENE_SUBJECT, .repeat = "h1"};
    assert_int_equal(trial_count(trial, "hold"), 0);
    struct answer answer = accepted(&report, &line);
    const struct json *hold = scene_effect(&answer, "hold", "dosing");
    assert_non_null(hold);
    assert_string_equal(json_get_string(hold, "state"), "provisional");
    assert_string_equal(json_get_string(hold, "scope"), "study");
    assert_non_null(scene_effect(&answer, "number", "SAE-0001"));
    answer_done(&answer);
    CLEANUP(mem_freep)
    char *held = scene_sql(trial, "select activity || ' ' || state from crfd.hold");
    assert_string_equal(held, "dosing provisional");

    /* everybody sees it first, without a key */
    answer = trial_get_plain(trial, "/v1/studies/MABS06");
    const struct json *holds = json_get(answer.json, "holds");
    assert_non_null(holds);
    assert_int_equal(holds->count, 1);
    answer_done(&answer);
}

/* A report names the subject as well as is known; what is typed may be a name. */
static void a_name_typed_as_subject_stays_in_the_body(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    struct report report = {
        .who = INVESTIGATOR, .subject = "Mrs Vanderplanken", .repeat = "name"};
    struct answer answer = accepted(&report, &line);
    assert_non_null(scene_effect(&answer, "flag", "REF-01"));
    answer_done(&answer);
    CLEANUP(mem_freep)
    char *found =
        scene_sql(trial, "select (select count(*) from crfd.entry where "
                         "convert_from(entry, 'UTF8') ilike '%%planken%%') + "
                         "(select count(*) from crfd.form where object || subject "
                         "ilike '%%planken%%')");
    assert_string_equal(found, "0");
    CLEANUP(mem_freep)
    char *kept = scene_sql(trial, "select count(*) from crfd.form where object like "
                                  "'subject/unmatched/%%/name'");
    assert_string_equal(kept, "1");
}

static void a_hold_touches_no_record(void **state)
{
    (void) state;
    struct sheet sheet = {.who = COORDINATOR, .file = "26-V4-INFUSION.json"};
    scene_sheet_try(trial, &sheet, &(struct wanted){201, NULL, NULL, STORED});
}

static void a_stale_report_is_kept_beside(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    struct report report = {.who = COORDINATOR,
                            .subject = SCENE_SUBJECT,
                            .repeat = "h1",
                            .change = "Weak right arm=>Weak left arm"};
    write_report(&report, &line);
    struct answer answer =
        scene_try(trial, span_bytes(&line), &(struct wanted){201, NULL, NULL, STORED});
    assert_non_null(scene_effect(&answer, "flag", "CONFLICT"));
    assert_non_null(scene_effect(&answer, "inbox", "concurrent"));
    CLEANUP(mem_freep)
    char *states = scene_sql(trial, "select string_agg(state, ' ' order by state) from "
                                    "crfd.form where object like '%%/F.SAE/h1%%'");
    assert_string_equal(states, "concurrent partial");
    answer_done(&answer);
}

static void a_revision_needs_no_reason(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    CLEANUP(mem_freep)
    char *leaf = scene_leaf(trial, "subject/" SCENE_SUBJECT "/SE.LOG/-/F.SAE/h1");
    struct report report = {.who = INVESTIGATOR,
                            .subject = SCENE_SUBJECT,
                            .repeat = "h1",
                            .prior = leaf,
                            .change = "Weak right arm=>Weak arm"};
    write_report(&report, &line);
    struct answer answer = scene_try(trial, span_bytes(&line),
                                     &(struct wanted){201, NULL, "REASON-01", STORED});
    answer_done(&answer);
}

static void a_suspended_key_reports_into_the_inbox(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    struct report report = {.who = RATER, .subject = SCENE_SUBJECT, .repeat = "k1"};
    scene_end_key(trial, RATER, false);
    struct answer answer = accepted(&report, &line);
    assert_non_null(scene_effect(&answer, "flag", "KEY-04"));
    assert_non_null(scene_effect(&answer, "inbox", "unconfirmed"));
    assert_null(scene_effect(&answer, "hold", NULL));
    CLEANUP(mem_freep)
    char *kept =
        scene_sql(trial, "select state from crfd.form where object like '%%/F.SAE/k1~%%'");
    assert_string_equal(kept, "unconfirmed");
    answer_done(&answer);
}

static void a_revoked_key_is_refused_and_told_the_phone_number(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    struct report report = {.who = PHARMACIST, .subject = SCENE_SUBJECT, .repeat = "k2"};
    scene_end_key(trial, PHARMACIST, true);
    write_report(&report, &line);
    struct answer answer = scene_try(trial, span_bytes(&line),
                                     &(struct wanted){403, "key", "KEY-03", REFUSED});
    assert_non_null(strstr(bytes_text(&answer.body), "+31 43 000 0000"));
    assert_non_null(strstr(bytes_text(&answer.body), "paper"));
    answer_done(&answer);
}

static void an_unknown_key_is_refused_and_told_the_phone_number(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    struct report report = {.who = NOBODY, .subject = SCENE_SUBJECT, .repeat = "k3"};
    write_report(&report, &line);
    struct answer answer = scene_try(trial, span_bytes(&line),
                                     &(struct wanted){401, "signature", NULL, NOTHING});
    assert_non_null(strstr(bytes_text(&answer.body), "+31 43 000 0000"));
    answer_done(&answer);
}

static void an_unknown_history_alarms_the_operator(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    struct answer before = trial_ask_operator(trial, "/metrics");
    struct report report = {.who = INVESTIGATOR,
                            .subject = SCENE_SUBJECT,
                            .repeat = "a1",
                            .change = "\"seen\":{\"size\":=>\"seen\":{\"size\":9"};
    struct answer answer = accepted(&report, &line);
    answer_done(&answer);
    struct answer after = trial_ask_operator(trial, "/metrics");
    assert_int_equal(after.status, 200);
    const char *name = "\ncrfd_histories_differ_total ";
    const char *was = strstr(bytes_text(&before.body), name);
    const char *is = strstr(bytes_text(&after.body), name);
    assert_non_null(was);
    assert_non_null(is);
    assert_int_equal(strtol(is + strlen(name), NULL, 10),
                     strtol(was + strlen(name), NULL, 10) + 1);
    answer_done(&before);
    answer_done(&after);
}

int main(void)
{
    trial = scene_open(&(struct trial_options){0});
    (void) snprintf(other_digest, sizeof(other_digest), "%s=>%064d",
                    trial_definition(trial), 0);
    trial_hire(trial, RATER);
    trial_hire(trial, PHARMACIST);
    trial_hire(trial, INSPECTOR);
    add_test("the first report holds dosing provisionally, and everybody sees it",
             the_first_report_holds_dosing_provisionally);
    add_test("a name typed as subject stays in the body",
             a_name_typed_as_subject_stays_in_the_body);
    add_test("a hold touches no record of what happened", a_hold_touches_no_record);
    add_test("a stale report is kept beside the current one",
             a_stale_report_is_kept_beside);
    add_test("news of a report needs no reason", a_revision_needs_no_reason);
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), report_is_accepted);
    add_rows(needed, ARRAY_LEN(needed), sizeof(needed[0]), must_be_said);
    add_test("an unknown history alarms the operator",
             an_unknown_history_alarms_the_operator);
    add_test("a suspended key reports into the inbox, unconfirmed",
             a_suspended_key_reports_into_the_inbox);
    add_test("a revoked key is refused and told the phone number",
             a_revoked_key_is_refused_and_told_the_phone_number);
    add_test("an unknown key is refused and told the phone number",
             an_unknown_key_is_refused_and_told_the_phone_number);
    int failed = run_added("the barest serious event");
    trial_stop(trial);
    return failed;
}
