/* SPDX-License-Identifier: Apache-2.0 */
/*
** Expressions, row by row (expression.rows), and what else is promised of them: what was
** missing is named, limits hold, dependents are known.
*/
#include "protocol/study/odm.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"
#include "tests/unit/study/expression_scene.h"

#define DEFINITION "tests/unit/study/expressions.xml"

static struct arena *arena;
static const struct metadata_version *version;

/* Winter and summer time of Amsterdam in 2026; the doubled hour is read as the first. */
static int amsterdam(const void *arg, instant wall)
{
    (void) arg;
    instant spring = date_to_days(2026, 3, 29) * DAY + 2 * HOUR;
    instant autumn = date_to_days(2026, 10, 25) * DAY + 3 * HOUR;
    return wall >= spring && wall < autumn ? 120 : 60;
}

static const struct zone zone = {.offset = amsterdam};

struct row {
    const char *name;
    const char *place, *text, *wanted, *lines;
};

static struct row rows[300];
static size_t row_count;

static char *cut(char **rest)
{
    char *start = *rest, *end = strstr(start, "| ");
    size_t size = strlen(start);
    if (end != NULL) {
        *rest = end + 2;
        size = (size_t) (end - start);
    } else {
        *rest = start + size;
    }
    while (size > 0 && (start[size - 1] == ' ' || start[size - 1] == '|')) {
        size--;
    }
    start[size] = '\0';
    return start;
}

/* sentence | place | expression | result | casebook; the expression may hold a bar. */
static void read_row(char *line)
{
    struct row *row = &rows[row_count++];
    char *tail = line + strlen(line);
    int bars = 0;
    row->name = cut(&line);
    row->place = cut(&line);
    while (tail > line && bars < 2) {
        tail--;
        bars += *tail == '|' && tail[-1] == ' ' && (tail[1] == ' ' || tail[1] == '\0');
    }
    tail[-1] = '\0';
    row->text = line;
    tail += 2;
    row->wanted = cut(&tail);
    row->lines = cut(&tail);
    BUG_IF(row_count == ARRAY_LEN(rows));
}

static void read_rows(void)
{
    CLEANUP(bytes_done) struct bytes text = read_file("tests/unit/study/expression.rows");
    struct span rest = span_bytes(&text), line;
    while (span_cut(&rest, '\n', &line)) {
        if (line.size > 0 && line.data[0] != '#') {
            read_row(arena_span_text(arena, line));
        }
    }
    BUG_IF(row_count == 0);
}

static bool is_truth(const char *text)
{
    return strcmp(text, "true") == 0 || strcmp(text, "false") == 0 ||
           strcmp(text, "unknown") == 0;
}

/* A method gives any kind; what gives a truth is compiled as a condition as well. */
static const char *result_of(const struct row *row, enum expression_use use)
{
    struct expression_problem problem;
    struct casebook book = scene_book(row->lines, arena);
    struct expression_place place = scene_place(row->place, arena);
    const struct expression *expression =
        scene_compile(version, row->text, use, &place, arena, &problem);
    struct expression_scope scope = {
        .version = version, .book = &book, .zone = &zone, .scratch = arena};
    struct expression_result result;
    if (expression == NULL) {
        print_message("  %d: %s\n", problem.column, problem.message);
        return problem.rule;
    }
    expression_evaluate(expression, &scope, &place, &result);
    if (result.fault != NULL) {
        print_message("  fault: %s\n", result.fault);
    }
    return scene_print(&result, arena);
}

static void check_row(void **state)
{
    const struct row *row = *state;
    bool condition = is_truth(row->wanted) || strncmp(row->wanted, "EXPR", 4) == 0;
    const char *got = result_of(row, condition ? USE_CONDITION : USE_METHOD);
    if (condition && strcmp(row->wanted, "unknown") == 0 && strcmp(got, "EXPR-03") == 0) {
        got = result_of(row, USE_METHOD);
    }
    assert_string_equal(got, row->wanted);
}

/* ---- promises ---- */

static void what_was_missing_is_named(void **state)
{
    (void) state;
    struct expression_problem problem;
    struct casebook book = scene_book("SE.V1/-/F.LAB/-/IG.LAB/-/IT.A=5", arena);
    struct expression_place place = scene_place("", arena);
    const struct expression *expression = scene_compile(
        version, "//ItemData[@ItemOID='IT.SEX'] = 'M' and //ItemData[@ItemOID='IT.B'] = 1",
        USE_GATE, &place, arena, &problem);
    struct expression_scope scope = {
        .version = version, .book = &book, .zone = &zone, .scratch = arena};
    struct expression_result result;
    expression_evaluate(expression, &scope, &place, &result);
    assert_int_equal(result.truth, UNKNOWN);
    assert_int_equal(result.missing_count, 3);
    assert_string_equal(expression_missing_path(&result.missing[0], arena),
                        "subject/S-1/SE.V1/-/F.DM/- IG.DM/-/IT.SEX");
    assert_string_equal(expression_missing_path(&result.missing[1], arena),
                        "subject/S-1/SE.V1/-/F.LAB/- IG.LAB/-/IT.B");
}

static void the_moment_and_the_batch_are_given(void **state)
{
    (void) state;
    struct expression_problem problem;
    struct casebook book = scene_book("SE.V1/-/F.LAB/-/IG.LAB/-/IT.DATE=2026-11-03", arena);
    struct expression_place place = scene_place("", arena);
    const struct expression *expression = scene_compile(
        version,
        "$batch = 'B-7' and crfd:days(//ItemData[@ItemOID='IT.DATE'][crfd:exists(.)], $at) "
        "<= 7",
        USE_GATE, &place, arena, &problem);
    instant at = 0;
    assert_true(instant_parse(SPAN_LITERAL("2026-11-10T23:30:00+01:00"), &at, NULL));
    struct expression_scope scope = {.version = version,
                                     .book = &book,
                                     .zone = &zone,
                                     .at = &at,
                                     .batch = "B-7",
                                     .scratch = arena};
    struct expression_result result;
    assert_non_null(expression);
    expression_evaluate(expression, &scope, &place, &result);
    assert_int_equal(result.truth, YES);
    at += HOUR; /* the 11th in Amsterdam */
    expression_evaluate(expression, &scope, &place, &result);
    assert_int_equal(result.truth, NO);
    scope.at = NULL;
    expression_evaluate(expression, &scope, &place, &result);
    assert_int_equal(result.truth, UNKNOWN);
}

static void an_evaluation_ends(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes lines = {0};
    struct expression_problem problem;
    struct expression_place place = scene_place("", arena);
    for (int i = 0; i < 190; i++) {
        bytes_printf(&lines, "%sSE.LOG/-/F.AE/%d/IG.AE/-/IT.TERM=x", i > 0 ? " ; " : "", i);
    }
    struct casebook book = scene_book(bytes_text(&lines), arena);
    const struct expression *expression = scene_compile(
        version,
        "count(//ItemData[@ItemOID='IT.TERM'][//ItemData[@ItemOID='IT.TERM'][count("
        "//ItemData[@ItemOID='IT.TERM']) = 0]]) = 1",
        USE_CONDITION, &place, arena, &problem);
    struct expression_scope scope = {.version = version, .book = &book, .scratch = arena};
    struct expression_result result;
    assert_non_null(expression);
    expression_evaluate(expression, &scope, &place, &result);
    assert_int_equal(result.truth, UNKNOWN);
    assert_string_equal(result.fault, "the expression looks at too many values");
}

static void the_forms_that_a_change_may_touch_are_known(void **state)
{
    (void) state;
    size_t count = 0;
    const struct form_def *const *forms = expression_dependents(version, "F.DM", &count);
    assert_int_equal(count, 1); /* pregnancy is not asked of men */
    assert_string_equal(forms[0]->oid, "F.LAB");
    (void) expression_dependents(version, "F.AE", &count);
    assert_int_equal(count, 0);
}

/* The definition with NEW in the place of OLD must be refused by RULE. */
static void refuse_with(const char *old, const char *new, const char *rule)
{
    CLEANUP(bytes_done) struct bytes xml = read_file(DEFINITION), changed = {0};
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct err err = {0};
    const char *at = strstr(bytes_text(&xml), old);
    bool found = false;
    assert_non_null(at);
    bytes_add(&changed, xml.data, (size_t) (at - bytes_text(&xml)));
    bytes_add_text(&changed, new);
    bytes_add_text(&changed, at + strlen(old));
    assert_status(odm_read(span_bytes(&changed), arena, &study, &problems, &err),
                  ERR_BAD_INPUT, &err);
    for (size_t i = 0; i < problems.count; i++) {
        const struct odm_problem *problem = &problems.items[i];
        found = found || (strcmp(problem->rule, rule) == 0 && problem->line > 0 &&
                          strstr(problem->path, "FormalExpression") != NULL);
    }
    assert_true(found);
}

static void a_definition_with_a_wrong_expression_does_not_load(void **state)
{
    (void) state;
    refuse_with("@ItemOID='IT.WEIGHT'", "@ItemOID='IT.OBESE'", "EXPR-05");
    refuse_with("@ItemOID='IT.BMI'", "@ItemOID='IT.OBESE'", "EXPR-05");
    refuse_with("@ItemOID='IT.WEIGHT'", "@ItemOID='IT.WEIGHTS'", "EXPR-02");
    refuse_with("/@Value = 'M'", "/@Value = 'M", "EXPR-01");
}

/* How often EXPR-08 is noted when obesity is computed from the masked form F.LAB. */
static size_t notes_of(const char *dm)
{
    const char *const changes[][2] = {
        {"../ItemData[@ItemOID='IT.BMI']/@Value >= 30",
         "//ItemData[@ItemOID='IT.HB']/@Value >= 30"},
        {"<FormDef OID=\"F.LAB\"", "<FormDef OID=\"F.LAB\" crfd:Masked=\"rater monitor\""},
        {"<FormDef OID=\"F.DM\"", dm}};
    CLEANUP(bytes_done) struct bytes xml = read_file(DEFINITION);
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct err err = {0};
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        struct bytes changed = {0};
        const char *at = strstr(bytes_text(&xml), changes[i][0]);
        assert_non_null(at);
        bytes_add(&changed, xml.data, (size_t) (at - bytes_text(&xml)));
        bytes_add_text(&changed, changes[i][1]);
        bytes_add_text(&changed, at + strlen(changes[i][0]));
        bytes_done(&xml);
        xml = changed;
    }
    assert_status(odm_read(span_bytes(&xml), arena, &study, &problems, &err), OK, &err);
    for (size_t i = 0; i < problems.count; i++) {
        bool told = strcmp(problems.items[i].rule, "EXPR-08") == 0;
        count += told ? 1 : 0;
        assert_true(!told || strstr(problems.items[i].message, "IT.OBESE in form F.DM is "
                                                               "computed from form F.LAB, "
                                                               "which is masked") != NULL);
    }
    return count;
}

static void a_derived_item_that_tells_a_masked_form_is_noted(void **state)
{
    (void) state;
    assert_int_equal(notes_of("<FormDef OID=\"F.DM\""), 1);
    assert_int_equal(notes_of("<FormDef OID=\"F.DM\" crfd:Masked=\"rater\""), 1);
    assert_int_equal(notes_of("<FormDef OID=\"F.DM\" crfd:Masked=\"monitor rater\""), 0);
}

int main(void)
{
    arena = arena_new();
    version = scene_version(DEFINITION);
    read_rows();
    add_rows(rows, row_count, sizeof(rows[0]), check_row);
    add_test("what was missing is named", what_was_missing_is_named);
    add_test("the moment and the batch are given by the caller",
             the_moment_and_the_batch_are_given);
    add_test("an evaluation ends, and says so", an_evaluation_ends);
    add_test("the forms that a change may touch are known",
             the_forms_that_a_change_may_touch_are_known);
    add_test("a definition with a wrong expression does not load",
             a_definition_with_a_wrong_expression_does_not_load);
    add_test("a derived item that tells a masked form is noted",
             a_derived_item_that_tells_a_masked_form_is_noted);
    add_expression_checks();
    int failed = run_added("expressions");
    arena_free(arena);
    return failed;
}
