/* SPDX-License-Identifier: Apache-2.0 */
/*
** crf-site at a terminal: a nurse answers question by question. What is certainly not
** collected is not asked, what is computed is shown, a slip is put right at once, and what is
** half done is a draft. The study is PASSIoN, whose definition has conditions and methods.
*/
#include <unistd.h>

#include "tests/support/files.h"
#include "tests/support/rows.h"
#include "tests/system/programs.h"

#define SITE "crf-site"
#define EN   "--lang", "en"
/* Enter leaves an optional question open, and at the end it signs; more than enough of it. */
#define ENTER_ALL "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"

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
    assert_said(TYPE("bos", "2026-10-05\nno\nno\nno\nno\nno\n\n" ENTER_ALL, SITE, "fill",
                     subject, "M9", "FU", EN),
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
                     "\n\n!unk\nleft\n!nd not examined\nno\nno\nno\nno\n\n" ENTER_ALL, SITE,
                     "fill", subject, "M12", "FU", EN),
                "taken up again", "half done");
    assert_ran(RUN("bos", SITE, "drafts", EN), 0, "No drafts");
    assert_ran(RUN("bos", SITE, "form", subject, "M12", "FU", EN), 0, "!nd not examined");
}

static void what_is_computed_is_shown(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes page = {0};
    bytes_printf(&page,
                 "# crf text form 1\nSUBJECT : %s\nVISIT : M9\n== MO\nSTATE : partial\n"
                 "MOTDAT : 2026-10-05\nAIMSPRO : 10\nAIMSSUP : 9\nAIMSSIT : 8\n",
                 subject);
    write_text("motor.txt", bytes_text(&page));
    assert_ran(RUN("bos", SITE, "submit", "motor.txt", "--yes", EN), 0, "recorded at");
    assert_said(TYPE("bos", ENTER_ALL, SITE, "fill", subject, "M9", "MO", "--yes", EN),
                "AIMS standing", "(computed)");
    bytes_add_text(&page, "AIMSSTA : 7\n");
    write_text("motor.txt", bytes_text(&page));
    assert_ran(RUN("bos", SITE, "submit", "motor.txt", "--yes", EN), 0, "recorded at");
    assert_said(TYPE("bos", ENTER_ALL, SITE, "fill", subject, "M9", "MO", "--yes", EN),
                ": 34 (computed)", "cannot be entered");
}

static void a_slip_is_put_right_at_once(void **state)
{
    (void) state;
    assert_said(TYPE("bos",
                     "31-02-2026\n?\n2026-10-07\nmaybe\nno\nno\nno\nno\nno\n\n" ENTER_ALL,
                     SITE, "fill", subject, "M18", "FU", EN),
                "\"maybe\" is not in the list", "Kind of cerebral palsy");
}

static void a_partial_form_says_what_is_open(void **state)
{
    (void) state;
    assert_said(
        TYPE("bos", "2026-10-08\nno\nno\n\nno\n\n\n" ENTER_ALL, SITE, "fill", subject,
             "M24", "FU", EN),
        "Saved as partial, nothing is lost. Two answers are open in Development and "
        "health, M24, subject ",
        "not accepted");
}

static void why_it_is_changed_is_asked(void **state)
{
    (void) state;
    assert_ran(
        TYPE("bos", "2026-10-09\n" ENTER_ALL, SITE, "fill", subject, "M24", "FU", EN), 2,
        "Why is it changed?");
    assert_ran(RUN("bos", SITE, "due", subject, EN), 0,
               "Development and health, M24, is still partial");
}

/* ---- form --edit ---- */

/* The editor of this person is sed: it writes VALUE behind the colon of KEY. */
static void edit_with(const char *key, const char *value)
{
    CLEANUP(bytes_done) struct bytes editor = {0};
    bytes_printf(&editor, "sed -i -e 's/^\\(%s .*:\\).*/\\1 %s/'", key, value);
    BUG_IF(setenv("EDITOR", bytes_text(&editor), 1) != 0 || unsetenv("VISUAL") != 0);
}

static void a_page_is_edited_and_sent(void **state)
{
    (void) state;
    edit_with("CP", "yes");
    assert_ran(TYPE("bos", "n\n", SITE, "form", subject, "M24", "FU", "--edit", EN), 4,
               "CP was recorded before and is changed here");
    assert_ran(RUN("bos", SITE, "drafts", EN), 0, ": half done");
    assert_ran(RUN("bos", SITE, "drafts", EN), 0, "edit ");
    edit_with("CP", "yes\\n~ seen by the neurologist");
    assert_ran(TYPE("bos", "y\n", SITE, "form", subject, "M24", "FU", "--edit", EN), 0,
               "recorded at");
    assert_said(RUN("bos", SITE, "drafts", EN), "fill FU", "edit ");
    assert_ran(RUN("bos", SITE, "history", subject, "M24", "FU", EN), 0,
               "Cerebral palsy: no became yes\n        why: CP: seen by the neurologist\n");
}

static void the_editor_sees_the_page_in_memory_alone(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *editor =
        arena_printf(arena, "stat -f -c %%T:%%n \"$1\" >%s; stat -c %%a \"$1\" >>%s; true",
                     path_of(arena, "where"), path_of(arena, "where"));
    BUG_IF(setenv("EDITOR", editor, 1) != 0);
    assert_ran(TYPE("bos", ENTER_ALL, SITE, "form", subject, "M24", "FU", "--edit", EN), 0,
               "Nothing new to send");
    assert_file_has("where", "tmpfs:");
    assert_file_has("where", "\n600\n");
    CLEANUP(bytes_done) struct bytes where = read_file(path_of(arena, "where"));
    const char *path = bytes_text(&where) + strlen("tmpfs:");
    const char *page =
        arena_span_text(arena, span_of((const uint8_t *) path, strcspn(path, "\n")));
    assert_int_equal(access(page, F_OK), -1);
}

static void an_editor_that_is_not_there_is_named(void **state)
{
    (void) state;
    BUG_IF(setenv("EDITOR", "no-such-editor-here", 1) != 0);
    assert_ran(TYPE("bos", ENTER_ALL, SITE, "form", subject, "M24", "FU", "--edit", EN), 3,
               "no editor could be started");
}

static void an_unknown_number_of_a_serious_event_is_said(void **state)
{
    (void) state;
    assert_ran(
        RUN("bos", SITE, "sae", "999-X", "--what", "found unwell", "--aware", "now", EN), 0,
        "No subject here has this number: the report waits");
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
    add_test("why it is changed is asked until it is said", why_it_is_changed_is_asked);
    add_test("a page is edited, checked on leaving, and sent", a_page_is_edited_and_sent);
    add_test("the editor sees the page in memory, and afterwards it is gone",
             the_editor_sees_the_page_in_memory_alone);
    add_test("an editor that is not there is named", an_editor_that_is_not_there_is_named);
    add_test("a serious event under an unknown number is taken, and that is said",
             an_unknown_number_of_a_serious_event_is_said);
    int failed = run_added("crf-site at a terminal");
    programs_stop();
    return failed;
}
