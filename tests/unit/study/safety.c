/* SPDX-License-Identifier: Apache-2.0 */
/*
** The safety section: what is read, what is refused, and what it answers.
*/
#include "protocol/study/safety_section.h"

#include "protocol/study/odm.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

#define XML "tests/unit/study/safety.xml"

static struct arena *arena;
static const struct safety_section *section;

static const struct study *load(const char *change, struct odm_problems *problems)
{
    CLEANUP(bytes_done) struct bytes xml = read_file(XML);
    CLEANUP(bytes_done) struct bytes changed = {0};
    const struct study *study = NULL;
    const char *arrow = change != NULL ? strstr(change, "=>") : NULL;
    const char *text = bytes_text(&xml);
    if (arrow != NULL) {
        char *old = arena_span_text(arena, span_of(change, (size_t) (arrow - change)));
        const char *at = strstr(text, old);
        assert_non_null(at);
        bytes_add(&changed, text, (size_t) (at - text));
        bytes_add_text(&changed, arrow + 2);
        bytes_add_text(&changed, at + strlen(old));
    }
    status kind = odm_read(span_bytes(arrow != NULL ? &changed : &xml), arena, &study,
                           problems, NULL);
    return kind == OK ? study : NULL;
}

struct wrong_row {
    const char *name, *change;
} wrong_rows[] = {
    {"an unknown regime is refused", "\"CTR\"=>\"XTR\""},
    {"a day that is none is refused", "\"2025-01-30\"=>\"30 January\""},
    {"an end before the start is refused", "Name=\"CTR\" From=\"2025-01-31\"=>Name=\"CTR\" "
                                           "To=\"2020-01-01\" From=\"2025-01-31\""},
    {"an unknown criterion is refused", "Alias=\"AESHOSP\"=>Alias=\"AESBAD\""},
    {"a grade above 5 is refused", "Max=\"2\"=>Max=\"6\""},
    {"grades upside down are refused", "Min=\"3\"=>Min=\"3\" Max=\"2\""},
    {"a reaction without its version is refused", "RSI=\"IB 3\"=>"},
    {"an exemption that ends before it begins is refused", "To=\"14\"=>To=\"-1\""},
    {"a stay without its hours is refused", " Hours=\"8\"=>"},
    {"a stay on an unknown form is refused",
     "FormOID=\"F.ST\" Hours=>FormOID=\"F.X\" Hours"},
    {"a stopping rule on breathing is refused", "\"dosing\"=>\"breathing\""},
    {"a stopping rule for nobody is refused", "\"cohort\"=>\"planet\""},
    {"a stopping rule that counts nothing is refused", "Count=\"2\"=>Count=\"0\""},
    {"a stopping rule twice is refused", "\"STOP.2\"=>\"STOP.1\""},
    {"two of the first one is refused", "Count=\"2\"=>Count=\"2\" Of=\"1\""},
    {"a share above 100 percent is refused", "Count=\"2\"=>Share=\"101\""},
    {"a share of one subject is refused", "\"cohort\"=>\"subject\" Of=\"3\""},
    {"a stopping rule with When and an expression is refused",
     "Count=\"2\"/>=>Count=\"2\"><FormalExpression Context=\"crfd\">true()"
     "</FormalExpression></crfd:StoppingRule>"},
    {"an expression about an item that is none is refused",
     " When=\"serious\" Count=\"2\"/>=>><FormalExpression Context=\"crfd\">"
     "//ItemData[@ItemOID='IT.NONE'] = 'Y'</FormalExpression></crfd:StoppingRule>"},
};

static void check_wrong(void **state)
{
    const struct wrong_row *row = *state;
    struct odm_problems problems = {0};
    assert_null(load(row->change, &problems));
    assert_true(problems.count > 0);
}

struct regime_row {
    const char *name, *day;
    bool all;
} regime_rows[] = {
    {"before the change every event is reported", "2025-01-30", true},
    {"from then on only SUSARs", "2025-01-31", false},
};

static void check_regime(void **state)
{
    const struct regime_row *row = *state;
    assert_int_equal(safety_all_reported(section, row->day), row->all);
}

struct expected_row {
    const char *name, *term;
    int grade;
    const char *day;
    enum truth wanted;
    const char *rsi;
} expected_rows[] = {
    {"a listed reaction is expected", "fever", 2, "2026-03-01", YES, "IB 3"},
    {"a graver one is not", "fever", 3, "2026-03-01", NO, "IB 3"},
    {"a later version lists more", "fever", 3, "2026-07-01", YES, "IB 4"},
    {"fatal is unexpected unless listed", "fever", 5, "2026-07-01", NO, "IB 4"},
    {"an unknown grade cannot be told", "Fever", 0, "2026-07-01", UNKNOWN, "IB 4"},
    {"what is not listed is unexpected", "stroke", 1, "2026-07-01", NO, NULL},
};

static void check_listed(void **state)
{
    const struct expected_row *row = *state;
    const char *rsi = NULL;
    assert_int_equal(safety_expected(section, row->term, row->grade, row->day, &rsi),
                     row->wanted);
    assert_int_equal(rsi == NULL, row->rsi == NULL);
    if (rsi != NULL) {
        assert_string_equal(rsi, row->rsi);
    }
}

struct grade_row {
    const char *name, *term;
    int grade;
    enum truth wanted;
} grade_rows[] = {
    {"alopecia has grade 2", "alopecia", 2, YES},
    {"and no grade 3", "Alopecia", 3, NO},
    {"febrile neutropenia begins at 3", "Febrile neutropenia", 2, NO},
    {"a term without a row cannot be told", "Headache", 4, UNKNOWN},
};

static void check_grade(void **state)
{
    const struct grade_row *row = *state;
    assert_int_equal(safety_grade_exists(section, row->term, row->grade), row->wanted);
}

static void scales_go_by_age(void **unused)
{
    (void) unused;
    assert_string_equal(safety_scale(section, 28, NULL)->name, "NAESS");
    assert_string_equal(safety_scale(section, 29, NULL)->name, "CTCAE");
    assert_string_equal(safety_scale(section, -1, NULL)->name, "CTCAE");
}

static void exemptions_have_windows(void **unused)
{
    (void) unused;
    assert_non_null(safety_exempt(section, "fever", 3, "SE.V1", 14));
    assert_null(safety_exempt(section, "fever", 3, "SE.V1", 15));
    assert_null(safety_exempt(section, "fever", 4, "SE.V1", 3));
    assert_null(safety_exempt(section, "stroke", 1, "SE.V1", 3));
}

static void no_section_is_the_strictest(void **unused)
{
    (void) unused;
    const struct safety_section *none = safety_section_of(NULL);
    assert_false(none->given);
    assert_true(safety_all_reported(none, "2026-07-01"));
    assert_true(safety_rsi_in_force(none, "IB 9", NULL));
    assert_false(safety_rsi_in_force(section, "IB 9", NULL));
}

static void stopping_rules_are_read(void **unused)
{
    (void) unused;
    assert_int_equal(section->stopping_count, 2);
    assert_string_equal(section->stopping[1].rule, "STOP.2");
    assert_string_equal(section->stopping[1].activity, "escalation");
    assert_string_equal(stopping_scope_name(section->stopping[1].scope), "cohort");
    assert_string_equal(stopping_when_name(section->stopping[1].when), "serious");
    assert_int_equal(section->stopping[1].count, 2);
    assert_int_equal(section->stays[0].hours, 8);
    assert_string_equal(section->dictionaries[0].version, "29.0");
    assert_string_equal(section->special[0].kind, "vascular");
    assert_int_equal(section->criterion_count, 2);
}

int main(void)
{
    struct odm_problems problems = {0};
    arena = arena_new();
    const struct study *study = load(NULL, &problems);
    BUG_IF(study == NULL);
    section = safety_section_of(study->versions[0]);
    add_rows(wrong_rows, ARRAY_LEN(wrong_rows), sizeof(wrong_rows[0]), check_wrong);
    add_rows(regime_rows, ARRAY_LEN(regime_rows), sizeof(regime_rows[0]), check_regime);
    add_rows(expected_rows, ARRAY_LEN(expected_rows), sizeof(expected_rows[0]),
             check_listed);
    add_rows(grade_rows, ARRAY_LEN(grade_rows), sizeof(grade_rows[0]), check_grade);
    add_test("the scale goes by age", scales_go_by_age);
    add_test("exemptions have windows, and end at grade 4", exemptions_have_windows);
    add_test("a definition without the section is read in the strictest way",
             no_section_is_the_strictest);
    add_test("stopping rules and the rest are read", stopping_rules_are_read);
    int failed = run_added("study_safety");
    arena_free(arena);
    return failed;
}
