/* SPDX-License-Identifier: Apache-2.0 */
/*
** crf-site at a terminal: a nurse answers question by question. What is certainly not
** collected is not asked, what is computed is shown, a slip is put right at once, and what is
** half done is a draft. The study is PASSIoN, whose definition has conditions and methods.
*/
#include "tests/support/files.h"
#include "tests/support/rows.h"
#include "tests/system/programs.h"

#define SITE      "crf-site"
#define EN        "--lang", "en"
#define NO_BAYLEY "\n\n\n\n\n\n" /* the tests of the second page were not done */

static void a_study_with_conditions_opens(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes definition = read_file("protocol/trials/passion.xml");
    char kid[44];
    write_text("passion.xml", bytes_text(&definition));
    assert_ran(RUN("founder", "crf-admin", "study", "open", "passion.xml"), 0, "entry 0");
    assert_ran(RUN("founder", "crf-admin", "site", "open", "01", "--name", "Utrecht",
                   "--country", "NL", "--timezone", "Europe/Amsterdam", "--language", "nl"),
               0, "recorded");
    assert_ran(RUN("founder", "crf-admin", "invite", "N. Bos", "--role", "investigator",
                   "--site", "01", "--output", "bos.crf"),
               0, "by hand or sealed");
    assert_ran(RUN("bos", SITE, "join", "bos.crf", EN), 0, "fingerprint");
    own_kid("bos", kid);
    assert_ran(RUN("founder", "crf-admin", "confirm", "p-0002", "--kid", kid), 0,
               "recorded");
    programs_answer_alarm();
}

static char subject[32];

static void a_subject_is_enrolled_at_the_terminal(void **state)
{
    (void) state;
    struct ran ran = TYPE("bos", "y\n", SITE, "enrol", "001", "--json");
    const char *at = strstr(bytes_text(&ran.out), "\"subject\":\"");
    if (ran.code != 0 || at == NULL) {
        fail_msg("%s", bytes_text(&ran.out));
    } else {
        at += strlen("\"subject\":\"");
        (void) snprintf(subject, sizeof(subject), "%.*s", (int) strcspn(at, "\""), at);
    }
    ran_done(&ran);
}

/* What the program said holds HAS, and does not hold LACKS. */
static void assert_said(struct ran ran, const char *has, const char *lacks)
{
    bool right = ran.code == 0 && strstr(bytes_text(&ran.out), has) != NULL &&
                 strstr(bytes_text(&ran.out), lacks) == NULL;
    if (!right) {
        print_error("exit %d, wanted \"%s\" and not \"%s\":\n%s\n", ran.code, has, lacks,
                    bytes_text(&ran.out));
    }
    ran_done(&ran);
    assert_true(right);
}

static void what_is_not_collected_is_not_asked(void **state)
{
    (void) state;
    assert_said(TYPE("bos", "2026-10-05\nno\nno\nno\nno\nno\n\n" NO_BAYLEY "y\n", SITE,
                     "fill", subject, "M9", "FU", EN),
                "FU Development and health, M9, ", "Kind of cerebral palsy");
    assert_ran(RUN("bos", SITE, "form", subject, "M9", "FU", EN), 0,
               "STATE    partial | complete                   : complete");
}

static void what_is_collected_is_asked(void **state)
{
    (void) state;
    assert_said(TYPE("bos", "2026-10-06\nyes\n.\n", SITE, "fill", subject, "M12", "FU", EN),
                "Kind of cerebral palsy", "recorded at");
    assert_ran(RUN("bos", SITE, "drafts", EN), 0, "half done");
}

static void the_same_command_goes_on(void **state)
{
    (void) state;
    assert_said(TYPE("bos",
                     "\n\n!unk\nleft\n!nd not examined\nno\nno\nno\nno\n\n" NO_BAYLEY "y\n",
                     SITE, "fill", subject, "M12", "FU", EN),
                "taken up again", "half done");
    assert_ran(RUN("bos", SITE, "drafts", EN), 0, "No drafts");
    assert_ran(RUN("bos", SITE, "form", subject, "M12", "FU", EN), 0, "!nd not examined");
}

static void what_is_computed_is_shown(void **state)
{
    (void) state;
    assert_said(TYPE("bos", "2026-10-05\n\n10\n9\n8\n\n\n\n", SITE, "fill", subject, "M9",
                     "MO", "--yes", EN),
                "AIMS standing", "(computed)");
    assert_said(
        TYPE("bos", "\n\n\n\n\n7\n\n", SITE, "fill", subject, "M9", "MO", "--yes", EN),
        ": 34 (computed)", "is computed by the system and cannot be entered");
}

static void a_slip_is_put_right_at_once(void **state)
{
    (void) state;
    assert_said(TYPE("bos",
                     "31-02-2026\n?\n2026-10-07\nmaybe\nno\nno\nno\nno\nno\n\n" NO_BAYLEY
                     "y\n",
                     SITE, "fill", subject, "M18", "FU", EN),
                "\"maybe\" is not in the list", "Kind of cerebral palsy");
}

static void a_partial_form_says_what_is_open(void **state)
{
    (void) state;
    assert_said(
        TYPE("bos", "2026-10-08\nno\nno\n\nno\n\n\n" NO_BAYLEY "y\n", SITE, "fill", subject,
             "M24", "FU", EN),
        "Saved as partial, nothing is lost. Two answers are open in Development and "
        "health, M24, subject ",
        "not accepted");
}

static void history_shows_what_became_of_an_answer(void **state)
{
    (void) state;
    assert_said(TYPE("bos", "2026-10-09\n\n\n\n\n\n\n" NO_BAYLEY "seen again\ny\n", SITE,
                     "fill", subject, "M24", "FU", EN),
                "correction", "not accepted");
    assert_ran(RUN("bos", SITE, "history", subject, "M24", "FU", EN), 0,
               "Date of the assessment: 2026-10-08 became 2026-10-09\n        why: seen "
               "again\n");
    assert_ran(RUN("bos", SITE, "due", subject, EN), 0,
               "Development and health, M24, is still partial");
}

int main(void)
{
    programs_start("fill");
    add_test("a study with conditions and methods opens", a_study_with_conditions_opens);
    add_test("a subject is enrolled at the terminal",
             a_subject_is_enrolled_at_the_terminal);
    add_test("what is certainly not collected is not asked",
             what_is_not_collected_is_not_asked);
    add_test("what is collected is asked, and . keeps a draft", what_is_collected_is_asked);
    add_test("the same command goes on with the draft", the_same_command_goes_on);
    add_test("what is computed is shown once it is known", what_is_computed_is_shown);
    add_test("a slip is put right at once", a_slip_is_put_right_at_once);
    add_test("a partial form says which answers are open",
             a_partial_form_says_what_is_open);
    add_test("history shows what became of an answer, and why",
             history_shows_what_became_of_an_answer);
    int failed = run_added("crf-site at a terminal");
    programs_stop();
    return failed;
}
