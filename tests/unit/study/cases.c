/* SPDX-License-Identifier: Apache-2.0 */
/*
** The cases of the ready definitions hold; and what a case says when it does not.
*/
#include "protocol/study/cases.h"
#include "protocol/study/odm.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

#define SMALL CRFD_TRIALS "/mabs06.xml" /* by which the rows below are run */

static struct arena *arena;
static const struct metadata_version *version;

static void load(const char *path)
{
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct err err = {0};
    CLEANUP(bytes_done) struct bytes xml = read_file(path);
    assert_status(
        odm_read(arena_span(arena, span_bytes(&xml)), arena, &study, &problems, &err), OK,
        &err);
    version = study->versions[0];
}

/* SMALL with a second window of V3, counted from V2. */
static void load_with_window(void)
{
    static const char place[] = "<crfd:Window StudyEventOID=\"SE.V5\"";
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct err err = {0};
    CLEANUP(bytes_done) struct bytes xml = read_file(SMALL);
    CLEANUP(bytes_done) struct bytes more = {0};
    const char *text = bytes_text(&xml), *at = strstr(text, place);
    assert_non_null(at);
    bytes_printf(&more,
                 "%.*s<crfd:Window StudyEventOID=\"SE.V3\" Anchor=\"SE.V2\" From=\"0\" "
                 "To=\"10\"/>%s",
                 (int) (at - text), text, at);
    struct span kept = arena_span(arena, span_bytes(&more));
    assert_status(odm_read(kept, arena, &study, &problems, &err), OK, &err);
    version = study->versions[0];
}

static size_t cases, differing;

static void must_pass(void *arg, const struct case_result *result)
{
    (void) arg;
    cases++;
    for (size_t i = 0; i < result->count; i++) {
        print_error("line %d, %s: %s\n", result->line, result->name,
                    result->differences[i]);
        differing++;
    }
}

/* The cases of FILE.cases, by the definition FILE.xml beside it. */
static void hold(const char *path, void *arg)
{
    struct err err = {0};
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    (void) arg;
    load(arena_printf(arena, "%.*s.xml", (int) (strlen(path) - strlen(".cases")), path));
    cases = 0;
    assert_status(cases_run(version, span_bytes(&text), "en", arena, must_pass, NULL, &err),
                  OK, &err);
    print_message("%s: %zu cases\n", path, cases);
    assert_true(cases >= 10);
}

static void the_cases_of_the_trials_hold(void **state)
{
    (void) state;
    differing = 0;
    assert_true(each_file(CRFD_TRIALS, ".cases", hold, NULL) > 0);
    assert_int_equal(differing, 0);
    load(SMALL);
}

#define VISIT(name, event, date)                                                           \
    "{\"form\":\"" name "\",\"data\":{\"SubjectKey\":\"007-K\",\"StudyEventOID\":\"" event \
    "\",\"StudyEventRepeatKey\":null,\"FormOID\":\"F.VISIT\",\"FormRepeatKey\":null,"      \
    "\"state\":\"partial\",\"ItemGroupData\":[{\"ItemGroupOID\":\"IG.VISIT\","             \
    "\"ItemGroupRepeatKey\":null,\"ItemData\":{\"IT.VISDTC\":\"" date "\"}}]}}\n"

/* V4, which the first window counts from, is still to come. */
static void a_visit_lies_in_each_of_its_windows(void **state)
{
    (void) state;
    struct err err = {0};
    const char *text =
        "{\"at\":\"2026-05-20T20:00:00+02:00\"}\n" VISIT("v2", "SE.V2", "2026-03-24")
            VISIT("in", "SE.V3", "2026-04-01")
                VISIT("late", "SE.V3",
                      "2026-05-19") "{\"case\":\"in\",\"book\":[\"v2\"],\"judge\":\"in\","
                                    "\"expect\":[]}\n"
                                    "{\"case\":\"late\",\"book\":[\"v2\"],\"judge\":"
                                    "\"late\",\"expect\":[{\"rule\":\"6\","
                                    "\"act\":\"ask\"}]}\n";
    load_with_window();
    cases = differing = 0;
    assert_status(cases_run(version, span_text(text), "en", arena, must_pass, NULL, &err),
                  OK, &err);
    assert_int_equal(cases, 2);
    assert_int_equal(differing, 0);
    load(SMALL);
}

/* ---- what is said of a case ---- */

#define AT "{\"at\":\"2026-05-20T20:00:00+02:00\"}\n"
#define DM                                                                                 \
    AT "{\"form\":\"dm\",\"data\":{\"SubjectKey\":\"007-K\",\"StudyEventOID\":\"SE.V1\","  \
       "\"StudyEventRepeatKey\":null,\"FormOID\":\"F.DM\",\"FormRepeatKey\":null,"         \
       "\"state\":\"partial\",\"ItemGroupData\":[{\"ItemGroupOID\":\"IG.DM\","             \
       "\"ItemGroupRepeatKey\":null,\"ItemData\":{\"IT.WEIGHT\":{\"Value\":\"58.5\","      \
       "\"MeasurementUnitOID\":\"MU.KG\"}}}]}}\n"
#define LIGHT                                                                              \
    "\"judge\":{\"use\":\"dm\",\"set\":{\"IG.DM/-/IT.WEIGHT\":\"31\"}},\"expect\":"

#define NO_WEIGHT                                                                          \
    "\"judge\":{\"use\":\"dm\",\"set\":{\"IG.DM/-/IT.WEIGHT\":{\"IsNull\":"                \
    "\"unknown\"}}},\"expect\":"

struct case_row {
    const char *name, *text;
    const char *says; /* of the first difference, or of the error; NULL: all as expected */
    bool unreadable;
};

static const struct case_row case_rows[] = {
    {"what is expected and found is no difference",
     DM "# a remark\r\n\r\n{\"case\":\"x\"," LIGHT "[{\"rule\":\"8\",\"act\":\"ask\"}]}",
     NULL, false},
    {"what is found and not expected", DM "{\"case\":\"x\"," LIGHT "[]}",
     "found, not expected: 8 ask at IG.DM/-/IT.WEIGHT", false},
    {"what is expected and not found",
     DM "{\"case\":\"x\",\"judge\":\"dm\",\"expect\":[{\"rule\":\"8\",\"act\":\"ask\"}]}",
     "expected, not found: 8 ask", false},
    {"another act is a difference",
     DM "{\"case\":\"x\"," LIGHT "[{\"rule\":\"8\",\"act\":\"refuse\"}]}",
     "found, not expected: 8 ask", false},
    {"a rule that should not tell, tells",
     DM "{\"case\":\"x\"," LIGHT "[{\"rule\":\"8\",\"act\":\"cannot tell\"}]}",
     "found, not expected: 8 ask", false},
    {"a check without its answer is unknown",
     DM "{\"case\":\"x\"," NO_WEIGHT "[{\"rule\":\"8\",\"act\":\"unknown\"}]}", NULL,
     false},
    {"a check that holds is not unknown",
     DM
     "{\"case\":\"x\",\"judge\":\"dm\",\"expect\":[{\"rule\":\"8\",\"act\":\"unknown\"}]}",
     "expected, not found: 8 unknown", false},
    {"a check that acts is not unknown",
     DM "{\"case\":\"x\"," LIGHT "[{\"rule\":\"8\",\"act\":\"unknown\"}]}",
     "found, not expected: 8 ask", false},
    {"a derived value that does not come",
     DM "{\"case\":\"x\",\"judge\":\"dm\",\"expect\":[],\"derived\":{\"IG.DM/-/IT.AGE\":"
        "\"39\"}}",
     "derived IG.DM/-/IT.AGE: expected 39, got -", false},
    {"a line that is no JSON", "{\"at\":", "line 1: this is not a JSON object", true},
    {"a form that no line names", AT "{\"case\":\"x\",\"judge\":\"dm\",\"expect\":[]}",
     "line 2: no line before this one names the form dm", true},
    {"a case without an instant", "{\"case\":\"x\",\"place\":\"lock\",\"expect\":[]}",
     "line 1: say when", true},
    {"a case that expects nothing at all", DM "{\"case\":\"x\",\"judge\":\"dm\"}",
     "line 3: a case needs \"expect\"", true},
    {"an act that there is not",
     DM "{\"case\":\"x\"," LIGHT "[{\"rule\":\"8\",\"act\":\"no\"}]}",
     "line 3: what is expected has a rule", true},
    {"a path that is none",
     DM
     "{\"case\":\"x\",\"judge\":{\"use\":\"dm\",\"set\":{\"WEIGHT\":\"1\"}},\"expect\":[]}",
     "line 3: this is no path of an item", true},
    {"a place that is none of the four",
     DM "{\"case\":\"x\",\"place\":\"later\",\"judge\":\"dm\",\"expect\":[]}",
     "line 3: a place is submit, sign, lock or action", true},
    {"an act that no gate stands before",
     DM "{\"case\":\"x\",\"place\":\"action\",\"act\":\"sign\",\"expect\":[]}",
     "line 3: an act that a gate may stand before is wanted, not sign", true},
    {"an act before which there is no gate",
     DM "{\"case\":\"x\",\"place\":\"action\",\"act\":\"condition\","
        "\"expect\":[]}",
     NULL, false},
};

static void keep_first(void *arg, const struct case_result *result)
{
    const char **first = arg;
    if (*first == NULL && result->count > 0) {
        *first = result->differences[0];
    }
}

static void check_case(void **state)
{
    const struct case_row *row = *state;
    const char *first = NULL;
    struct err err = {0};
    status kind =
        cases_run(version, span_text(row->text), "en", arena, keep_first, &first, &err);
    assert_int_equal(kind, row->unreadable ? ERR_BAD_INPUT : OK);
    const char *said = row->unreadable ? err.what : first;
    if (row->says == NULL ? said != NULL
                          : said == NULL || strstr(said, row->says) == NULL) {
        fail_msg("%s", said != NULL ? said : "nothing differs");
    }
}

int main(void)
{
    add_test("a visit lies in each of its windows", a_visit_lies_in_each_of_its_windows);
    arena = arena_new();
    load(SMALL);
    add_test("the cases of the ready definitions hold", the_cases_of_the_trials_hold);
    add_rows(case_rows, ARRAY_LEN(case_rows), sizeof(case_rows[0]), check_case);
    int failed = run_added("a study builder's cases");
    arena_free(arena);
    return failed;
}
