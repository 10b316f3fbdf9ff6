/* SPDX-License-Identifier: Apache-2.0 */
/*
** A case from its first word to its last: an event of the log becomes serious, what was told by
** phone or on paper keeps both times, a report that turns out to be none is nullified, and the
** authority is told only of what is a valid case. crfd, the database and the programs are real.
** Each test stands on the one before.
*/
#include "tests/system/people.h"

#define AE     "28-LOG-AE.json"
#define REASON "no admission after all: seen at the ward and sent home"

/* ---- looking ---- */

static void sql_is(const char *query, const char *wanted)
{
    CLEANUP(mem_freep) char *got = scene_sql(people_trial, "%s", query);
    assert_string_equal(got, wanted);
}

/* The casebook says all of WANTED ("a|b"). */
static void casebook_says(const char *wanted)
{
    struct answer answer =
        trial_get(people_trial, INVESTIGATOR, "/subjects/" SCENE_SUBJECT);
    struct span rest = span_text(wanted), piece;
    bool more = true;
    assert_int_equal(answer.status, 200);
    while (more) {
        more = span_cut(&rest, '|', &piece);
        piece = more ? piece : rest;
        if (memmem(answer.body.data, answer.body.size, piece.data, piece.size) == NULL) {
            fail_msg("not there: %.*s", (int) piece.size, (const char *) piece.data);
        }
    }
    answer_done(&answer);
}

/* How the site's clock of the report NUMBER ended, and after how many minutes. */
static void site_clock_is(const char *number, const char *wanted)
{
    CLEANUP(mem_freep)
    char *got = scene_sql(people_trial,
                          "select c.ended || ' ' || round(extract(epoch from "
                          "c.stopped::timestamptz - c.since::timestamptz) / 60) from "
                          "crfd.clock c join crfd.form f using (log_id, object) where "
                          "f.number = '%s' and c.clock = 'site'",
                          number);
    assert_string_equal(got, wanted);
}

/* ---- from the log of events ---- */

static void an_event_of_the_log_becomes_serious(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record =
        trial_form(people_trial, INVESTIGATOR, AE, SCENE_SUBJECT, NULL, arena);
    (void) scene_accept(people_trial, INVESTIGATOR, &record);
    PEOPLE_RUN(INVESTIGATOR, "SAE-0001 received", "crf-site", "sae", SCENE_SUBJECT,
               "--from", "AE-0001", "--aware", "now");
    casebook_says("\"IT.SAETERM\":\"Muscle soreness of both upper arms\"|"
                  "\"number\":\"SAE-0001\"");
    /* what both forms ask went along: the day it began, its cause, its grade */
    sql_is("select count(*) from crfd.opinion where object like '%/F.SAE/%' and party = "
           "'investigator' and causality = 'unrelated'",
           "1");
    people_run(INVESTIGATOR,
               (const char *const[]){"crf-site", "sae", SCENE_SUBJECT, "--from", "AE-0009",
                                     "--aware", "now", NULL},
               3, "AE-0009 is not known here");
}

/* ---- phone and paper ---- */

static void what_was_told_by_phone_says_so(void **state)
{
    (void) state;
    people_run(INVESTIGATOR,
               (const char *const[]){"crf-site", "sae", SCENE_SUBJECT, "--what", "a fall",
                                     "--aware", "2026-10-18 02:10", "--told",
                                     "2026-10-18 02:25", NULL},
               3, "--told TIME --by phone, or --by paper");
    PEOPLE_RUN(INVESTIGATOR, "SAE-0002 received", "crf-site", "sae", SCENE_SUBJECT,
               "--what", "a fall", "--aware", "2026-10-18 02:10", "--told",
               "2026-10-18 02:25", "--by", "phone");
    casebook_says("\"IT.TOLDDTC\":\"2026-10-18T02:25+02:00\"|\"IT.TOLDVIA\":\"PHONE\"");
    site_clock_is("SAE-0002", "phone 15");
    sql_is("select count(*) from crfd.clock where clock = 'sponsor' and since = "
           "'2026-10-18T00:25:00.000000Z'",
           "1"); /* day 0 is the call */
}

static void what_came_on_paper_says_so(void **state)
{
    (void) state;
    PEOPLE_RUN(INVESTIGATOR, "SAE-0003 received", "crf-site", "sae", SCENE_SUBJECT,
               "--what", "a burn", "--aware", "2026-10-18 02:10", "--told",
               "2026-10-18 03:10", "--by", "paper");
    site_clock_is("SAE-0003", "paper 60");
    PEOPLE_RUN(SAFETY,
               "SAE-0002 open|site: ended 2026-10-18T00:25Z, phone|"
               "SAE-0003 open|site: ended 2026-10-18T01:10Z, paper",
               "crf-sponsor", "safety", "list");
}

/* ---- nullified ---- */

static void a_report_that_is_none_is_nullified(void **state)
{
    (void) state;
    people_run(INVESTIGATOR,
               (const char *const[]){"crf-site", "sae", SCENE_SUBJECT, "--nullify", NULL},
               3, "which report? crf-site sae SAE-0003 --nullify");
    PEOPLE_RUN(
        INVESTIGATOR,
        "SAE-0002 is nullified; with your reason it stays in the history. Its clocks "
        "run until Dr S. (demonstration) has seen that",
        "crf-site", "sae", "SAE-0002", "--nullify", "--yes", "--reason", REASON);
    sql_is("select c.state from crfd.safety_case c join crfd.form f using (log_id, object) "
           "where f.number = 'SAE-0002'",
           "nullified");
    PEOPLE_RUN(INVESTIGATOR, "form.submit|a fall|form.retract|why: " REASON, "crf-site",
               "history", "SAE-0002");
    PEOPLE_RUN(SAFETY, "SAE-0002 nullified", "crf-sponsor", "safety", "list");
    PEOPLE_RUN(SAFETY, "SAE-0002 sponsor", "crf-sponsor", "safety", "due");
    PEOPLE_RUN(INVESTIGATOR, "STOP: dosing is on hold", "crf-site", "status");
}

static void its_clocks_end_when_the_sponsor_has_seen_it(void **state)
{
    (void) state;
    PEOPLE_RUN(SAFETY, "", "crf-sponsor", "safety", "ack", "SAE-0002");
    PEOPLE_RUN(SAFETY,
               "SAE-0002 nullified|ack: ended|nullified|site: ended|phone|"
               "sponsor: ended|nullified|SAE-0003 open",
               "crf-sponsor", "safety", "list");
    sql_is("select count(*) from crfd.clock c join crfd.form f using (log_id, object) "
           "where f.number = 'SAE-0002' and c.stopped is null",
           "0");
    /* what it stopped stays: nobody argues a serious event down */
    PEOPLE_RUN(INVESTIGATOR, "STOP: dosing is on hold", "crf-site", "status");
    sql_is("select count(*) from crfd.hold h join crfd.safety_case c on h.cause = "
           "c.seq::text where c.state = 'nullified'",
           "1");
}

static void an_event_of_the_log_is_taken_back_by_its_number(void **state)
{
    (void) state;
    PEOPLE_RUN(INVESTIGATOR, "AE", "crf-site", "retract", "AE-0001", "--yes", "--reason",
               "another person's,\vpasted with a line break of its own");
    PEOPLE_RUN(MONITOR, "Verified", "crf-monitor", "verify");
    PEOPLE_RUN(SPONSOR, "Verified|0 differences", "crf-monitor", "verify", "--recheck");
}

/* ---- slips ---- */

#define REFUSED(exit, says, ...)                                                           \
    people_run(INVESTIGATOR, (const char *const[]){"crf-site", __VA_ARGS__, NULL}, exit,   \
               says)

static void a_slip_is_told_in_its_own_words(void **state)
{
    (void) state;
    REFUSED(3, "--told needs a value", "sae", SCENE_SUBJECT, "--told", "--by", "phone");
    REFUSED(3, "--told: Write dates as", "sae", SCENE_SUBJECT, "--what", "a fall",
            "--aware", "now", "--told", "Dr S.", "--by", "phone");
    REFUSED(3, "--related yes, no or unknown", "opinion", "SAE-0001");
    REFUSED(3, "eligble is no status of a subject: eligible,", "subject", SCENE_SUBJECT,
            "eligble");
}

static void a_report_for_nobody_says_whom_to_tell(void **state)
{
    (void) state;
    PEOPLE_RUN(INVESTIGATOR,
               "SAE-0004 received|safety inbox|under the right number|"
               "that it replaces SAE-0004",
               "crf-site", "sae", "999-nobody", "--what", "a fall", "--aware", "now");
}

int main(void)
{
    people_open("");
    trial_hire(people_trial, SAFETY);
    people_folder(INVESTIGATOR, "01");
    people_folder(MONITOR, "01");
    people_folder(SPONSOR, NULL);
    people_folder(SAFETY, NULL);
    add_test("an event of the log becomes a serious one, with what is known of it",
             an_event_of_the_log_becomes_serious);
    add_test("what was told by phone keeps both times, and says so",
             what_was_told_by_phone_says_so);
    add_test("what came on paper does, too", what_came_on_paper_says_so);
    add_test("a report that turns out to be none is nullified, with the reason",
             a_report_that_is_none_is_nullified);
    add_test("its clocks end when the sponsor has seen it; what is on hold stays so",
             its_clocks_end_when_the_sponsor_has_seen_it);
    add_test("an event of the log is taken back by its number",
             an_event_of_the_log_is_taken_back_by_its_number);
    add_test("a slip of the finger is told in its own words",
             a_slip_is_told_in_its_own_words);
    add_test("a report under nobody's number says how to put it right",
             a_report_for_nobody_says_whom_to_tell);
    int failed = run_added("a case from its first word to its last");
    people_close();
    return failed;
}
