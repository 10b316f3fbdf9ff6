/* SPDX-License-Identifier: Apache-2.0 */
/*
** What a form cannot say: each refused with its rule, logged as a refusal, and nothing else
** changed. What is unlikely or against the protocol is in answers_ask.c.
*/
#include "tests/system/scene.h"

static struct trial *trial;

#define DM    "02-V1-DM.json"
#define CM    "04-LOG-CM.json"
#define VISIT "10-V1-VISIT.json"
#define STAY  "43-LOG-HO.json"

static const struct row {
    const char *name;
    struct sheet sheet;
    const char *rule;
} content[] = {
    {"a word where a number belongs is refused",
     {.who = INVESTIGATOR, .file = DM, .changes = {"\"166.0\"=>\"tall\""}},
     "TYPE-01"},
    {"a date that does not exist is refused",
     {.who = INVESTIGATOR, .file = VISIT, .changes = {"2026-01-13=>2026-02-30"}},
     "TYPE-01"},
    {"more digits behind the point than the item has are refused",
     {.who = INVESTIGATOR, .file = DM, .changes = {"\"58.5\"=>\"58.55\""}},
     "TYPE-03"},
    {"a number longer than the item is refused",
     {.who = INVESTIGATOR, .file = DM, .changes = {"\"58.5\"=>\"5800000.5\""}},
     "TYPE-02"},
    {"a value outside the code list is refused",
     {.who = INVESTIGATOR, .file = DM, .changes = {"\"IT.SEX\":\"F\"=>\"IT.SEX\":\"W\""}},
     "CODE-01"},
    {"a unit the item does not have is refused",
     {.who = INVESTIGATOR, .file = DM, .changes = {"MU.KG=>MU.CM"}},
     "UNIT-01"},
    {"an unknown item is refused",
     {.who = INVESTIGATOR, .file = DM, .changes = {"IT.SEX=>IT.NOSUCH"}},
     "FORM-01"},
    {"an item of another form is refused",
     {.who = INVESTIGATOR,
      .file = DM,
      .changes = {"\"IT.SEX\":\"F\"=>\"IT.VISSTAT\":\"DONE\""}},
     "FORM-01"},
    {"an unknown item group is refused",
     {.who = INVESTIGATOR, .file = DM, .changes = {"IG.DM=>IG.NO"}},
     "FORM-01"},
    {"an unknown form is refused",
     {.who = INVESTIGATOR, .file = DM, .changes = {"F.DM=>F.NOSUCH"}},
     "FORM-01"},
    {"an unknown event is refused",
     {.who = INVESTIGATOR, .file = DM, .changes = {"SE.V1=>SE.V99"}},
     "FORM-01"},
    {"a form that does not belong to the visit is refused",
     {.who = INVESTIGATOR, .file = DM, .changes = {"SE.V1=>SE.V4"}},
     "FORM-01"},
    {"an unknown subject is refused",
     {.who = INVESTIGATOR, .file = DM, .changes = {"007-K=>012-Q"}},
     "REF-01"},
    {"a complete form without a mandatory answer is refused",
     {.who = INVESTIGATOR, .file = DM, .changes = {"\"IT.SEX\":\"F\",=>"}},
     "FORM-03"},
    {"a complete form without a mandatory group is refused",
     {.who = INVESTIGATOR,
      .file = VISIT,
      .changes =
          {"{\"ItemGroupOID\":\"IG.VISIT\",\"ItemGroupRepeatKey\":null,\"ItemData\":{\"IT."
           "VISDTC\":\"2026-01-13\",\"IT.VISSTAT\":\"DONE\"}},=>"}},
     "FORM-03"},
    {"not done without why is refused",
     {.who = INVESTIGATOR,
      .file = DM,
      .changes = {"\"IT.SEX\":\"F\"=>\"IT.SEX\":{\"IsNull\":\"not done\"}"}},
     "7"},
    {"a weight of nothing is refused: impossible by definition",
     {.who = INVESTIGATOR, .file = DM, .changes = {"\"58.5\"=>\"0.0\""}},
     "8"},
    {"pain of 11 of 10 is refused: impossible by definition",
     {.who = INVESTIGATOR,
      .file = "27-V4-OBS.json",
      .changes = {"\"IT.OBSPAIN\":\"1\"=>\"IT.OBSPAIN\":\"11\""}},
     "8"},
    {"a discharge before the admission is refused",
     {.who = INVESTIGATOR, .file = STAY, .changes = {"2026-07-06T11=>2026-07-01T11"}},
     "HO-02"},
    {"a repeat key on a form that stands once is refused",
     {.who = INVESTIGATOR,
      .file = DM,
      .changes = {"\"FormRepeatKey\":null=>\"FormRepeatKey\":\"2\""}},
     "FORM-02"},
    {"a repeat key on a group that stands once is refused",
     {.who = INVESTIGATOR,
      .file = DM,
      .changes = {"\"ItemGroupRepeatKey\":null=>\"ItemGroupRepeatKey\":\"2\""}},
     "FORM-02"},
    {"a repeat key on a visit that stands once is refused",
     {.who = INVESTIGATOR,
      .file = DM,
      .changes = {"\"StudyEventRepeatKey\":null=>\"StudyEventRepeatKey\":\"2\""}},
     "FORM-02"},
    {"a log without a repeat key is refused",
     {.who = INVESTIGATOR,
      .file = CM,
      .changes = {"\"FormRepeatKey\":\"c5e81f20b\"=>\"FormRepeatKey\":null"}},
     "FORM-02"},
    {"a date in the future is refused on a complete form",
     {.who = INVESTIGATOR, .file = VISIT, .changes = {"2026-01-13=>2099-01-13"}},
     "1"},
    {"a derived item cannot be submitted",
     {.who = INVESTIGATOR,
      .file = DM,
      .changes = {"\"IT.SEX\":\"F\"=>\"IT.SEX\":\"F\",\"IT.AGE\":\"38\""}},
     "FORM-04"},
    {"a partial form with a wrong type is refused too",
     {.who = INVESTIGATOR,
      .file = DM,
      .changes = {"\"complete\"=>\"partial\"", "\"166.0\"=>\"tall\""}},
     "TYPE-01"},
    {"a partial form with a value outside the code list is refused too",
     {.who = INVESTIGATOR,
      .file = DM,
      .changes = {"\"complete\"=>\"partial\"", "\"IT.SEX\":\"F\"=>\"IT.SEX\":\"W\""}},
     "CODE-01"},
    {"a partial form with an unknown item is refused too",
     {.who = INVESTIGATOR,
      .file = DM,
      .changes = {"\"complete\"=>\"partial\"", "IT.SEX=>IT.NOSUCH"}},
     "FORM-01"},
};

static void refused(void **state)
{
    const struct row *row = *state;
    bool shape = strncmp(row->rule, "SHAPE", 5) == 0;
    scene_sheet_try(
        trial, &row->sheet,
        &(struct wanted){422, shape ? "shape" : "findings", row->rule, REFUSED});
}

/* ---- partial forms, changes ---- */

#define DM_OBJECT "subject/007-K/SE.V1/-/F.DM/-"

static void a_partial_form_may_miss_anything(void **state)
{
    (void) state;
    struct sheet empty = {.who = INVESTIGATOR,
                          .file = DM,
                          .changes = {"\"complete\"=>\"partial\"",
                                      "\"IT.BRTHDTC\":\"1987-05\",\"IT.SEX\":\"F\",=>",
                                      "\"IT.CHILDPOT\":\"Y\",\"IT.HANDED\":\"R\",=>"}};
    scene_sheet_try(trial, &empty, &(struct wanted){201, NULL, NULL, STORED});
    CLEANUP(mem_freep)
    char *form =
        scene_sql(trial, "select state from crfd.form where object = '" DM_OBJECT "'");
    assert_string_equal(form, "partial");
}

static void filling_an_empty_item_needs_no_reason(void **state)
{
    (void) state;
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, DM_OBJECT);
    struct sheet sheet = {
        .who = INVESTIGATOR, .file = DM, .changes = {NULL}, .prior = leaf};
    scene_sheet_try(trial, &sheet, &(struct wanted){201, NULL, NULL, STORED});
}

static void changing_a_value_without_a_reason_is_refused(void **state)
{
    (void) state;
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, DM_OBJECT);
    struct sheet sheet = {
        .who = INVESTIGATOR, .file = DM, .changes = {"\"58.5\"=>\"59.5\""}, .prior = leaf};
    scene_sheet_try(trial, &sheet, &(struct wanted){422, "findings", "REASON-01", REFUSED});
}

static void removing_a_value_without_a_reason_is_refused(void **state)
{
    (void) state;
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, DM_OBJECT);
    struct sheet sheet = {.who = INVESTIGATOR,
                          .file = DM,
                          .changes = {"\"complete\"=>\"partial\"", "\"IT.SEX\":\"F\",=>"},
                          .prior = leaf};
    scene_sheet_try(trial, &sheet, &(struct wanted){422, "findings", "REASON-01", REFUSED});
}

static void changing_a_value_with_a_reason_is_accepted(void **state)
{
    (void) state;
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, DM_OBJECT);
    struct sheet sheet = {.who = INVESTIGATOR,
                          .file = DM,
                          .changes = {"\"58.5\"=>\"59.5\""},
                          .prior = leaf,
                          .reason = "read the scale wrong"};
    scene_sheet_try(trial, &sheet, &(struct wanted){201, NULL, NULL, STORED});
}

static void no_value_with_a_reason_counts_as_an_answer(void **state)
{
    (void) state;
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, DM_OBJECT);
    struct sheet sheet = {
        .who = INVESTIGATOR,
        .file = DM,
        .changes = {"\"IT.HANDED\":\"R\"=>\"IT.HANDED\":{\"IsNull\":\"not "
                    "done\",\"Reason\":\"not asked\"}"},
        .prior = leaf,
        .reason = "was guessed"};
    scene_sheet_try(trial, &sheet, &(struct wanted){201, NULL, NULL, STORED});
}

static void a_stale_prior_names_the_current_revision(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, DM_OBJECT);
    CLEANUP(mem_freep)
    char *seq =
        scene_sql(trial, "select seq from crfd.form where object = '" DM_OBJECT "'");
    struct sheet sheet = {.who = INVESTIGATOR, .file = DM, .changes = {NULL}};
    scene_sheet(trial, &sheet, &line);
    struct answer answer = scene_try(trial, span_bytes(&line),
                                     &(struct wanted){409, "stale", "CONFLICT", REFUSED});
    const struct json *current = json_get(answer.json, "current");
    assert_non_null(current);
    assert_string_equal(json_get_string(current, "leaf"), leaf);
    assert_int_equal(json_get(current, "seq")->integer, strtoll(seq, NULL, 10));
    CLEANUP(mem_freep)
    char *entry = scene_sql(
        trial, "select convert_from(entry, 'UTF8') from crfd.entry where seq = %s", seq);
    const char *time =
        arena_printf(answer.arena, "\ntime %s\n", json_get_string(current, "at"));
    assert_non_null(strstr(entry, time));
    struct record mine = trial_form(trial, INVESTIGATOR, DM, NULL, NULL, answer.arena);
    assert_string_equal(json_get_string(current, "by"), mine.signature.name);
    answer_done(&answer);
}

static void a_prior_of_nothing_is_stale(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, DM_OBJECT);
    struct sheet sheet = {
        .who = INVESTIGATOR, .file = VISIT, .changes = {NULL}, .prior = leaf};
    scene_sheet(trial, &sheet, &line);
    struct answer answer = scene_try(trial, span_bytes(&line),
                                     &(struct wanted){409, "stale", "CONFLICT", REFUSED});
    assert_null(json_get(answer.json, "current"));
    answer_done(&answer);
}

static void all_refusing_findings_come_at_once(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    struct sheet sheet = {
        .who = INVESTIGATOR,
        .file = "05-V1-PREGTEST.json",
        .changes = {"IT.PTRES=>IT.NOSUCH",
                    "\"ItemGroupRepeatKey\":null=>\"ItemGroupRepeatKey\":\"2\""}};
    scene_sheet(trial, &sheet, &line);
    struct answer answer = scene_try(trial, span_bytes(&line),
                                     &(struct wanted){422, "findings", "FORM-01", REFUSED});
    assert_true(answer_has_finding(&answer, "FORM-02"));
    answer_done(&answer);
}

int main(void)
{
    trial = scene_open(&(struct trial_options){0});
    add_rows(content, ARRAY_LEN(content), sizeof(content[0]), refused);
    add_test("all refusing findings come at once", all_refusing_findings_come_at_once);
    add_test("a partial form may miss anything", a_partial_form_may_miss_anything);
    add_test("filling an empty item needs no reason",
             filling_an_empty_item_needs_no_reason);
    add_test("changing a value without a reason is refused",
             changing_a_value_without_a_reason_is_refused);
    add_test("removing a value without a reason is refused",
             removing_a_value_without_a_reason_is_refused);
    add_test("changing a value with a reason is accepted",
             changing_a_value_with_a_reason_is_accepted);
    add_test("no value with a reason counts as an answer",
             no_value_with_a_reason_counts_as_an_answer);
    add_test("a stale prior is refused and names the current revision",
             a_stale_prior_names_the_current_revision);
    add_test("a prior where nothing was is stale", a_prior_of_nothing_is_stale);
    int failed = run_added("what a form cannot say");
    trial_stop(trial);
    return failed;
}
