/* SPDX-License-Identifier: Apache-2.0 */
/*
** A product from donation to trace, as the pharmacy, the bedside, the sponsor and the monitor
** run it with their programs against a live crfd: once with an autologous product, once with
** an allogeneic one. Each test stands on the one before.
*/
#include "tests/support/rows.h"
#include "tests/system/programs.h"

static bool autologous;

#define SITE(who, ...)       RUN(who, "crf-site", __VA_ARGS__, "--lang", "en")
#define CLEAR(who, ...)      SITE(who, "clear", __VA_ARGS__)
#define PAGE(subject, visit) "# crf text form 1\nSUBJECT : " subject "\nVISIT : " visit "\n"

/* ---- what is typed ---- */

/* HOURS before now, as the wall at the site shows it. */
static const char *wall(struct arena *arena, int hours)
{
    char text[INSTANT_LOCAL_SIZE];
    instant at = clock_now(&clock_system) - hours * HOUR;
    instant_format_local(at, 0, text);
    return arena_printf(arena, "%.10s %.5s+00:00", text, text + 11);
}

static struct ran page(const char *who, const char *text)
{
    write_text("page.txt", text);
    return SITE(who, "submit", "page.txt", "--yes", "--json");
}

static void join(const char *who, const char *name, const char *role, const char *person)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *file = arena_printf(arena, "%s.crf", who);
    char kid[44];
    assert_ran(RUN("founder", "crf-admin", "invite", name, "--role", role, "--site", "01",
                   "--output", file),
               0, "by hand or sealed");
    assert_ran(SITE(who, "join", file), 0, "fingerprint");
    own_kid(who, kid);
    assert_ran(RUN("founder", "crf-admin", "confirm", person, "--kid", kid), 0, "recorded");
}

/* Born nine days ago, first signs HOURS ago; MORE: why it is changed. */
static void present(const char *subject, int hours, const char *more)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    assert_ran(
        page("inv", arena_printf(arena,
                                 PAGE("%s", "V1") "== BASE\nSTATE : complete\n"
                                                  "BIRTH : %s\nFIRST : %s\n%s"
                                                  "ELIG : Y\n",
                                 subject, wall(arena, 9 * 24), wall(arena, hours), more)),
        0, "\"sent\":\"accepted\"");
}

static void exercised(const char *subject)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    assert_ran(page("inv", arena_printf(arena,
                                        PAGE("%s", "V4") "== ECC\nSTATE : complete\n"
                                                         "DONE : Y\n",
                                        subject)),
               0, "\"sent\":\"accepted\"");
}

/* The label on the bag, and that it is given this minute. */
static struct ran give(const char *subject, const char *batch, const char *label)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    char at[INSTANT_LOCAL_SIZE];
    instant_format_local(clock_now(&clock_system), 0, at);
    return page("coord",
                arena_printf(arena,
                             PAGE("%s", "V4") "== PC\nSTATE : partial\nBATCH : %s\n"
                                              "LABSUBJ : %s\n== IN\nSTATE : partial\n"
                                              "INSTTIM : %.10s %.5s+00:00\n",
                             subject, batch, label, at, at + 11));
}

static void receive(const char *batch, const char *kind, const char *from, const char *name)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    char at[INSTANT_LOCAL_SIZE];
    instant_format_local(clock_now(&clock_system) + DAY, 0, at);
    const char *expiry = arena_printf(arena, "%.10s %.5s", at, at + 11);
    bool donation = strcmp(kind, "donation") == 0;
    assert_ran(donation
                   ? SITE("pharm", "product", "receive", batch, "--kind", kind, from, name)
                   : SITE("pharm", "product", "receive", batch, "--kind", kind, from, name,
                          "--expiry", expiry),
               0, "recorded at");
}

/* BATCH of CULTURE of DONATION by DONOR, tested. */
static void make(const char *donation, const char *donor, const char *culture,
                 const char *batch)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    receive(donation, "donation", "--donor", donor);
    receive(culture, "culture", "--parents", donation);
    receive(batch, "batch", "--parents", culture);
    assert_ran(page("pharm", arena_printf(arena,
                                          PAGE("%s", "LEDGER") "== QC\nSTATE : partial\n"
                                                               "VIAB : 92,5\n"
                                                               "STERIL : INT\n",
                                          batch)),
               0, "\"sent\":\"accepted\"");
}

/* All of SAYS ("a|b") stand in what was printed, and none of NOT. */
static void assert_says(struct ran ran, int code, const char *says, const char * not )
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct span rest = span_text(says), piece;
    bool more = true;
    while (more) {
        more = span_cut(&rest, '|', &piece);
        const char *wanted = arena_span_text(arena, more ? piece : rest);
        if (ran.code != code || strstr(bytes_text(&ran.out), wanted) == NULL) {
            fail_msg("exit %d (wanted %d, \"%s\"):\n%s", ran.code, code, wanted,
                     bytes_text(&ran.out));
        }
    }
    if (not != NULL && strstr(bytes_text(&ran.out), not ) != NULL) {
        fail_msg("\"%s\" in:\n%s", not, bytes_text(&ran.out));
    }
    ran_done(&ran);
}

/* ---- the story ---- */

static void people_join(void **state)
{
    (void) state;
    char *definition = realpath(autologous ? "tests/unit/record/product_autologous.xml"
                                           : "tests/unit/record/product_allogeneic.xml",
                                NULL);
    assert_non_null(definition);
    assert_ran(RUN("founder", "crf-admin", "study", "open", definition), 0, "entry 0");
    free(definition);
    assert_ran(RUN("founder", "crf-admin", "site", "open", "01", "--name", "Maastricht",
                   "--country", "NL", "--timezone", "Europe/Amsterdam", "--language", "nl"),
               0, "recorded");
    join("inv", "A. de Vries", "investigator", "p-0002");
    join("coord", "C. Jansen", "coordinator", "p-0003");
    join("pharm", "P. Pharmacist", "pharmacist", "p-0004");
    join("mon", "M. Visser", "monitor", "p-0005");
    programs_answer_alarm();
    assert_ran(SITE("inv", "enrol", "007", "--yes"), 0, "007-K");
    assert_ran(SITE("inv", "enrol", "008", "--yes"), 0, "008-L");
    assert_ran(SITE("inv", "enrol", "009", "--yes"), 0, "009-M");
}

static void released_by_the_qualified_person(void **state)
{
    (void) state;
    make("D-007", autologous ? "007-K" : "DON-1", "K-007", "B-007");
    make("D-009", autologous ? "009-M" : "DON-2", "K-009", "B-009");
    assert_says(SITE("pharm", "product", "release", "B-007"), 4, "[RIGHT-01]", NULL);
    assert_says(
        RUN("inv", "crf-admin", "grant", "p-0004", "pharmacist", "--site", "01", "--qp"), 4,
        "[RIGHT-02]", NULL);
    assert_ran(RUN("founder", "crf-admin", "grant", "p-0004", "pharmacist", "--site", "01",
                   "--qp"),
               0, "recorded");
    receive("B-002", "batch", "--parents", "K-007");
    assert_says(SITE("pharm", "product", "release", "B-002"), 4,
                "Viability is at least 70 %.|missing", NULL);
    assert_ran(SITE("pharm", "product", "release", "B-009"), 0, "recorded at");
    assert_ran(SITE("pharm", "product", "recall", "B-002"), 3, "--reason");
    assert_ran(SITE("pharm", "product", "receive", "B-003", "--expiry", "tomorrow"), 3,
               "--expiry: ");
}

static void stop_says_every_reason(void **state)
{
    (void) state;
    present("007-K", 150, "");
    assert_says(CLEAR("inv", "007-K", "V4", "--batch", "B-007"), 4,
                "007-K: born 20|STOP: do not give B-007 to 007-K now.|"
                "B-007 may not be given: B-007 is not released. [42]|"
                "Subject 007-K is not enrolled for treatment|"
                "exercise must be complete first. [66]|Ask Dr S., +31 43 000 0000. If "
                "cells were already given, record it now: that is always accepted.",
                "Nothing is lost");
    assert_ran(SITE("inv", "drafts"), 0, "");
    assert_ran(SITE("pharm", "product", "release", "B-007"), 0, "recorded at");
    assert_ran(SITE("inv", "subject", "007-K", "eligible"), 0, "recorded at");
    exercised("007-K");
}

static void go_has_a_number_and_minutes(void **state)
{
    (void) state;
    assert_says(CLEAR("inv", "007-K", "V4", "--batch", "B-007"), 0,
                "GO C-0001: B-007 for 007-K, 30 minutes, until |Write C-0001 on the "
                "bedside form.",
                "STOP");
    assert_says(CLEAR("pharm", "007-K", "V4", "--batch", "B-007", "--json"), 0,
                "\"clearance\":\"C-0002\"|\"state\":\"go\"|\"minutes\":30", NULL);
    assert_says(
        RUN("inv", "crf-site", "clear", "007-K", "V4", "--batch", "B-007", "--lang", "nl"),
        0, "GO C-0003: B-007 voor 007-K, 30 minuten, tot ", NULL);
}

static void each_reason_stops(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    assert_says(CLEAR("inv", "007-K", "V4", "--batch", "B-999"), 4,
                autologous ? "[40]" : "[41]", NULL);
    assert_says(CLEAR("inv", "007-K", "V4", "--batch", "B-007", "--at", "2020-03-14 10:30"),
                4, "[CLEAR-03]", NULL);
    assert_says(CLEAR("inv", "007-K", "V4", "--batch", "B-007", "--at", "half ten"), 3,
                "--at: ", NULL);
    assert_says(CLEAR("coord", "007-K", "V4", "--batch", "B-007"), 4, "[RIGHT-01]", NULL);
    assert_says(CLEAR("inv", "007-K", "V4", "--batch", "B-009"), autologous ? 4 : 0,
                autologous ? "B-009 was not made from subject 007-K. Do not give it" : "GO",
                NULL);
    if (autologous) {
        assert_says(CLEAR("inv", "007-K", "V4", "--batch", "B-009", "--override",
                          "there is nothing else", "--contact", "Dr S."),
                    4, "[40]", NULL);
    }
    assert_ran(SITE("pharm", "product", "receive", "B-004", "--parents", "K-007",
                    "--expiry", wall(arena, 2)),
               0, "recorded at");
    assert_ran(page("pharm", PAGE("B-004", "LEDGER") "== QC\nSTATE : partial\nVIAB : 92,5\n"
                                                     "STERIL : INT\n"),
               0, "\"sent\":\"accepted\"");
    assert_ran(SITE("pharm", "product", "release", "B-004"), 0, "recorded at");
    assert_says(CLEAR("pharm", "007-K", "V4", "--batch", "B-004"), 4, "expires at|[43]",
                NULL);
}

static void an_investigator_overrides_and_it_alarms(void **state)
{
    (void) state;
    assert_says(CLEAR("pharm", "007-K", "V4", "--batch", "B-004", "--override",
                      "stability data allow it", "--contact", "Dr S."),
                4, "[CLEAR-04]", NULL);
    assert_says(CLEAR("inv", "007-K", "V4", "--batch", "B-004", "--override", "stability"),
                3, "--override goes with --contact", NULL);
    assert_says(CLEAR("inv", "007-K", "V4", "--batch", "B-004", "--override",
                      "stability data allow it", "--contact", "Dr S.", "--json"),
                0, "\"state\":\"override\"|\"rule\":\"43\"|\"alarm\":1", NULL);
}

static void without_a_line_one_phones(void **state)
{
    (void) state;
    char at[INSTANT_LOCAL_SIZE];
    instant_format_local(clock_now(&clock_system) - 5 * MINUTE, 0, at);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *phoned = arena_printf(arena, "%.10s %.5s+00:00", at, at + 11);
    trial_kill(trial);
    assert_says(CLEAR("inv", "007-K", "V4", "--batch", "B-007"), 2,
                "phone +31 43 000 0000 for the clearance", NULL);
    assert_says(CLEAR("inv", "007-K", "V4", "--batch", "B-007", "--phoned-by", "Dr S.",
                      "--phoned-at", phoned),
                2, "signed and kept here", NULL);
    trial_restart(trial);
    assert_ran(SITE("inv", "outbox", "send"), 0, "recorded at");
    assert_says(CLEAR("inv", "007-K", "V4", "--batch", "B-007", "--phoned-by", "Dr S.",
                      "--phoned-at", phoned, "--phoned-number", "+31 6 1234"),
                0, "the GO by phone of Dr S. is recorded|[CLEAR-02]", NULL);
}

static void what_was_given_after_go_has_no_finding(void **state)
{
    (void) state;
    assert_says(give("007-K", "B-007", "007-K"), 0, "\"exposure\":\"B-007\"",
                "\"deviation\":1");
}

static void another_subjects_bag_is_recorded(void **state)
{
    (void) state;
    assert_says(give("008-L", "B-007", "007-K"), 0,
                autologous ? "\"sent\":\"accepted\"|\"rule\":\"40\"|\"rule\":\"CLEAR-01\"|"
                             "\"deviation\":1,\"alarm\":1"
                           : "\"sent\":\"accepted\"|\"rule\":\"CLEAR-01\"|"
                             "\"deviation\":1,\"alarm\":1",
                NULL);
}

static void a_dose_window_stops_but_hides_nothing(void **state)
{
    (void) state;
    present("009-M", 169, "");
    exercised("009-M");
    assert_ran(SITE("inv", "subject", "009-M", "eligible"), 0, "recorded at");
    assert_says(CLEAR("inv", "009-M", "V4", "--batch", "B-009"), 4,
                "is more than 168 hours after the first sign|[59]", NULL);
    assert_says(give("009-M", "B-009", "009-M"), 0,
                "\"sent\":\"accepted\"|\"rule\":\"59\"|\"rule\":\"CLEAR-01\"|"
                "\"deviation\":1,\"alarm\":1",
                "\"rule\":\"40\"");
}

static void a_late_positive_test_finds_exactly_the_exposed(void **state)
{
    (void) state;
    assert_says(page("pharm", PAGE("B-007", "LEDGER") "== QC\nSTATE : partial\n"
                                                      "VIAB : 92,5\nSTERIL : POS\n"
                                                      "~ final result\n"),
                0,
                "\"batch\":\"suspended\"|\"exposed\":\"subject/007-K/SE.V4/-/F.IN/-\"|"
                "\"exposed\":\"subject/008-L/SE.V4/-/F.IN/-\"",
                "009-M");
    assert_says(CLEAR("pharm", "007-K", "V4", "--batch", "B-007"), 4,
                "held back after a late result", NULL);
}

static void a_batch_and_a_subject_are_traced(void **state)
{
    (void) state;
    assert_says(RUN("bakker", "crf-sponsor", "trace", "D-007", "--lang", "en"), 0,
                "D-007  donation|B-007  batch, suspended|007-K was given B-007|008-L was "
                "given B-007",
                "009-M was");
    assert_says(RUN("bakker", "crf-sponsor", "trace", "007-K", "--lang", "en"), 0,
                "What 007-K was given:|B-007  batch|K-007  culture|D-007  donation",
                "D-009");
    assert_says(RUN("bakker", "crf-sponsor", "trace", "B-007", "--json"), 0,
                "\"origins\":[{\"batch\":\"B-007\"|\"exposures\":[{|\"subject\":\"008-L\"",
                "009-M");
    assert_says(RUN("bakker", "crf-sponsor", "trace", "B-999", "--lang", "en"), 3,
                "no batch and no subject is called B-999", NULL);
}

static void a_recall_stops_what_is_left(void **state)
{
    (void) state;
    assert_says(SITE("pharm", "product", "recall", "D-009", "--reason", "donor unwell"), 0,
                "Subject 009-M was given what was made from D-009|[49]", "007-K was");
    assert_says(RUN("bakker", "crf-sponsor", "trace", "B-009", "--lang", "en"), 0,
                "D-009  donation, recalled|009-M was given B-009 (exposed)", NULL);
}

static void a_hold_stops(void **state)
{
    (void) state;
    assert_says(SITE("coord", "sae", "008-L", "--what", "Fever", "--aware", "now"), 0,
                "SAE-0001", NULL);
    assert_says(
        CLEAR("pharm", "007-K", "V4", "--batch", "B-007"), 4,
        "Dosing is on hold here since |because of an event that may be related (SAE-0001)."
        "|[80]",
        NULL);
}

/* The service answers, and with no answer to the question: too many were refused just now. */
static void an_unanswered_clearance_is_not_asked_again(void **state)
{
    (void) state;
    struct ran ran = CLEAR("pharm", "007-K", "V4", "--batch", "B-999");
    for (int i = 0; i < 40 && ran.code == 4; i++) {
        ran_done(&ran);
        ran = CLEAR("pharm", "007-K", "V4", "--batch", "B-999");
    }
    assert_says(ran, 2,
                "No answer came (Too many refused records in this minute|That is no GO|"
                "Phone +31 43 000 0000",
                "signed and kept here");
    assert_says(SITE("pharm", "outbox"), 0, "Nothing waits", "clear 007-K");
}

static void the_log_holds_and_travels(void **state)
{
    (void) state;
    assert_says(RUN("mon", "crf-monitor", "verify", "--recheck", "--lang", "en"), 0,
                "Verified|by this version: 0 differences", NULL);
    assert_ran(
        RUN("bakker", "crf-sponsor", "export", "--output", "study.tar", "--lang", "en"), 0,
        "study.tar");
    assert_says(RUN("mon", "crf-monitor", "verify-bundle", "study.tar", "--lang", "en"), 4,
                "not locked", NULL);
}

static int play(const char *title)
{
    programs_start("product");
    add_test("the people of a site join", people_join);
    add_test("a batch is released by the qualified person, when it was tested",
             released_by_the_qualified_person);
    add_test("STOP says every reason, whom to ask, and to record what was given",
             stop_says_every_reason);
    add_test("GO, at 150 hours on day 9, has a number and minutes",
             go_has_a_number_and_minutes);
    add_test("each reason stops", each_reason_stops);
    add_test("an investigator overrides with a reason, and it alarms",
             an_investigator_overrides_and_it_alarms);
    add_test("without a line one phones, and records it later", without_a_line_one_phones);
    add_test("what was given after GO has no finding",
             what_was_given_after_go_has_no_finding);
    add_test("another subject's bag is recorded, deviation and alarm in the same entry",
             another_subjects_bag_is_recorded);
    add_test("169 hours is STOP; the dose given anyway is recorded",
             a_dose_window_stops_but_hides_nothing);
    add_test("a late positive test finds exactly the exposed",
             a_late_positive_test_finds_exactly_the_exposed);
    add_test("a batch and a subject are traced both ways",
             a_batch_and_a_subject_are_traced);
    add_test("a recall finds the exposed and says it", a_recall_stops_what_is_left);
    add_test("a serious event stops the next clearance", a_hold_stops);
    add_test("a clearance that got no answer is not asked again later",
             an_unanswered_clearance_is_not_asked_again);
    add_test("the log holds, and so does the bundle", the_log_holds_and_travels);
    int failed = run_added(title);
    programs_stop();
    return failed;
}

int main(int argc, char **argv)
{
    autologous = argc < 2 || strcmp(argv[1], "allogeneic") != 0;
    return play(autologous ? "an autologous product" : "an allogeneic product");
}
