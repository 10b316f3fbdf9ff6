/* SPDX-License-Identifier: Apache-2.0 */
/*
** What a study's own expressions do to a form: what is not asked for, checks, derived items and
** the second person.
*/
#include "protocol/study/check.h"
#include "tests/support/rows.h"
#include "tests/unit/study/expression_scene.h"

#define DEFINITION "tests/unit/study/expressions.xml"
#define LAB        "SE.V1/-/F.LAB/-/IG.LAB/-/"
#define SEX        "SE.V1/-/F.DM/-/IG.DM/-/IT.SEX"
#define ANSWERS    LAB "IT.DATE=2026-11-03 ; " LAB "IT.HB=8"
#define ONE_INF    "SE.INF/1/F.INF/-/IG.INF/-/"
#define TWO_INF    "SE.INF/2/F.INF/-/IG.INF/-/"

struct row {
    const char *name;
    const char *form;  /* the one that is checked */
    const char *lines; /* the casebook with it */
    enum place place;
    const char *rule, *act; /* "silent" or what is found */
    const char *path;
};

static const struct row rows[] = {
    {"a man is not asked for a pregnancy test", "SE.V1/-/F.LAB/-", ANSWERS " ; " SEX "=M",
     PLACE_SUBMIT, "FORM-03", "silent", NULL},
    {"a woman is asked for a pregnancy test", "SE.V1/-/F.LAB/-", ANSWERS " ; " SEX "=F",
     PLACE_SUBMIT, "FORM-03", "refuse", "IG.LAB/-/IT.PREG"},
    {"where the sex is not yet known nothing is demanded", "SE.V1/-/F.LAB/-", ANSWERS,
     PLACE_SUBMIT, "FORM-03", "silent", NULL},
    {"at signature it is listed as due", "SE.V1/-/F.LAB/-", ANSWERS, PLACE_SIGN, "FORM-03",
     "due", "IG.LAB/-/IT.PREG"},
    {"a pregnancy test of a man is asked about", "SE.V1/-/F.LAB/-",
     ANSWERS " ; " LAB "IT.PREG=NEG ; " SEX "=M", PLACE_SUBMIT, "FORM-09", "ask",
     "IG.LAB/-/IT.PREG"},
    {"a pregnancy test of a woman is not", "SE.V1/-/F.LAB/-",
     ANSWERS " ; " LAB "IT.PREG=NEG ; " SEX "=F", PLACE_SUBMIT, "FORM-09", "silent", NULL},
    {"a pregnancy test not applicable to a man is not", "SE.V1/-/F.LAB/-",
     ANSWERS " ; " LAB "IT.PREG=!na ; " SEX "=M", PLACE_SUBMIT, "FORM-09", "silent", NULL},
    {"another side than at the first infusion is asked about", "SE.INF/2/F.INF/-",
     ONE_INF "IT.SIDE=LEFT ; " TWO_INF "IT.SIDE=RIGHT", PLACE_SUBMIT, "67", "ask",
     "IG.INF/-/IT.SIDE"},
    {"the same side is accepted", "SE.INF/2/F.INF/-",
     ONE_INF "IT.SIDE=LEFT ; " TWO_INF "IT.SIDE=LEFT", PLACE_SUBMIT, "67", "silent", NULL},
    {"without the first infusion the side cannot be told", "SE.INF/2/F.INF/-",
     TWO_INF "IT.SIDE=LEFT", PLACE_SUBMIT, "67", "silent", NULL},
    {"at lock what cannot be told is due", "SE.INF/2/F.INF/-", TWO_INF "IT.SIDE=LEFT",
     PLACE_LOCK, "67", "due", "IG.INF/-/IT.SIDE"},
    {"one person for both checks is asked about", "SE.INF/1/F.INF/-",
     ONE_INF "IT.CHECK1=j.smit ; " ONE_INF "IT.CHECK2=J.Smit", PLACE_SUBMIT, "51", "ask",
     "IG.INF/-/IT.CHECK2"},
    {"two people are accepted", "SE.INF/1/F.INF/-",
     ONE_INF "IT.CHECK1=j.smit ; " ONE_INF "IT.CHECK2=a.jansen", PLACE_SUBMIT, "51",
     "silent", NULL},
    {"a first person not yet named cannot be told", "SE.INF/1/F.INF/-",
     ONE_INF "IT.CHECK2=a.jansen", PLACE_SUBMIT, "51", "silent", NULL},
};

static struct findings check(const char *form, const char *lines, enum place place,
                             const char *language, struct arena *arena,
                             struct derived_list *ret_derived)
{
    struct findings findings = {.arena = arena, .language = language};
    struct casebook book = scene_book(lines, arena);
    struct expression_place key = scene_place(form, arena);
    const struct form_data *data = casebook_form(&book, &key.form);
    struct check_context context = {.place = place,
                                    .signed_at = (instant) 1800000000 * 1000000};
    assert_non_null(data);
    check_form(scene_version(DEFINITION), &book, data, &context, &findings, ret_derived);
    return findings;
}

static bool agrees(const struct finding *finding, const struct row *row)
{
    if (strcmp(finding->rule, row->rule) != 0) {
        return false;
    }
    return strcmp(row->act, "silent") == 0 ||
           (strcmp(finding->path, row->path) == 0 &&
            (strcmp(row->act, "due") == 0 ? finding->due
                                          : strcmp(act_name(finding->act), row->act) == 0));
}

static void check_row(void **state)
{
    const struct row *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct findings findings = check(row->form, row->lines, row->place, "en", arena, NULL);
    bool found = false;
    for (size_t i = 0; i < findings.count; i++) {
        print_message("  [%s] %s %s: %s\n", findings.items[i].rule,
                      act_name(findings.items[i].act), findings.items[i].path,
                      findings.items[i].message);
        found = found || agrees(&findings.items[i], row);
    }
    assert_int_equal(found, strcmp(row->act, "silent") != 0);
}

static void a_check_speaks_the_users_language(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct findings findings =
        check("SE.INF/2/F.INF/-", ONE_INF "IT.SIDE=LEFT ; " TWO_INF "IT.SIDE=RIGHT",
              PLACE_SUBMIT, "nl", arena, NULL);
    for (size_t i = 0; i < findings.count; i++) {
        if (strcmp(findings.items[i].rule, "67") == 0) {
            assert_string_equal(findings.items[i].message,
                                "De zijde is een andere dan bij het eerste infuus. [67]");
            assert_true(findings.items[i].deviation && findings.items[i].alarm);
            return;
        }
    }
    fail();
}

static void derived_items_follow_each_other(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct derived_list derived;
    (void) check("SE.V1/-/F.DM/-",
                 "SE.V1/-/F.DM/-/IG.DM/-/IT.HEIGHT=1.6 ; "
                 "SE.V1/-/F.DM/-/IG.DM/-/IT.WEIGHT=80",
                 PLACE_SUBMIT, "en", arena, &derived);
    assert_int_equal(derived.count, 2);
    assert_string_equal(derived.items[0].path, "IG.DM/-/IT.BMI");
    assert_string_equal(derived.items[0].value, "31.2"); /* 31.25, half to even */
    assert_string_equal(derived.items[1].path, "IG.DM/-/IT.OBESE");
    assert_string_equal(derived.items[1].value, "true");
    (void) check("SE.V1/-/F.DM/-", "SE.V1/-/F.DM/-/IG.DM/-/IT.HEIGHT=1.6", PLACE_SUBMIT,
                 "en", arena, &derived);
    assert_int_equal(derived.count, 0);
}

void add_expression_checks(void)
{
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check_row);
    add_test("a check speaks the user's language", a_check_speaks_the_users_language);
    add_test("derived items follow each other", derived_items_follow_each_other);
}
