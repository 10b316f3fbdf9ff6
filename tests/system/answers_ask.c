/* SPDX-License-Identifier: Apache-2.0 */
/*
** What is unlikely, against the protocol, or contradicts another form is accepted and asked
** about: a query q-<seq>-<n> opens in the same outcome, and closes itself when the cause is
** gone. A record of what happened is never refused because it should not have happened.
*/
#include "tests/system/scene.h"

static struct trial *trial;

#define CASE "subject/" SCENE_SUBJECT "/"

static const struct row {
    const char *name;
    const char *file, *change, *rule, *object;
    bool deviation;
} rows[] = {
    {"an unlikely weight is asked about", "02-V1-DM.json", "\"58.5\"=>\"220.5\"", "8",
     CASE "SE.V1/-/F.DM/-", false},
    {"pain of 9 of 10 is asked about", "27-V4-OBS.json",
     "\"IT.OBSPAIN\":\"0\"=>\"IT.OBSPAIN\":\"9\"", "8", CASE "SE.V4/-/F.OBS/-", false},
    {"an infusion of the wrong arm is asked about", "38-V6-INFUSION.json",
     "\"IT.INFSIDE\":\"L\"=>\"IT.INFSIDE\":\"R\"", "67", CASE "SE.V6/-/F.INFUSION/-", true},
    {"an infusion after seven days is asked about", "54-V8-INFUSION.json",
     "\"IT.INFSTDTC\":\"2026-07-29=>\"IT.INFSTDTC\":\"2026-07-01", "66",
     CASE "SE.V8/-/F.INFUSION/-", true},
    {"an observation of four hours is asked about", "55-V8-OBS.json",
     "\"IT.OBSDIS\":\"2026-07-29T1=>\"IT.OBSDIS\":\"2026-07-29T0", "69",
     CASE "SE.V8/-/F.OBS/-", true},
    {"a visit before the consent is asked about", "10-V1-VISIT.json",
     "\"2026-01-13\"=>\"2025-12-13\"", "1", CASE "SE.V1/-/F.VISIT/-", true},
};

static const char *new_query(const struct answer *answer, const char *rule)
{
    CLEANUP(bytes_done) struct bytes prefix = {0};
    const char *query = scene_query(answer, rule);
    if (query == NULL) {
        fail_msg("no query of rule %s in %s", rule, bytes_text(&answer->body));
    }
    bytes_printf(&prefix, "q-%lld-", (long long) answer_number(answer, "seq"));
    assert_true(span_starts(span_text(query), bytes_text(&prefix)));
    return query;
}

static void assert_state(const char *query, const char *wanted)
{
    CLEANUP(mem_freep)
    char *state =
        scene_sql(trial, "select state from crfd.query where query = '%s'", query);
    assert_string_equal(state, wanted);
}

static struct answer store(const struct sheet *sheet, const char *rule)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    scene_sheet(trial, sheet, &line);
    return scene_try(trial, span_bytes(&line), &(struct wanted){201, NULL, rule, STORED});
}

static bool proposes_deviation(const struct answer *answer, const char *rule)
{
    const struct json *list = json_get(json_get(answer->json, "outcome"), "findings");
    for (size_t i = 0; i < list->count; i++) {
        const struct json *finding = &list->items[i];
        if (json_equals(json_get(finding, "rule"), rule) &&
            json_get(finding, "deviation") != NULL) {
            return true;
        }
    }
    return false;
}

static void asked_then_corrected(void **state)
{
    const struct row *row = *state;
    struct sheet sheet = {.who = INVESTIGATOR, .file = row->file, .changes = {row->change}};
    struct answer answer = store(&sheet, row->rule);
    CLEANUP(mem_freep) char *query = mem_text(new_query(&answer, row->rule));
    assert_int_equal(proposes_deviation(&answer, row->rule), row->deviation);
    assert_state(query, "open");
    answer_done(&answer);

    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, row->object);
    sheet = (struct sheet){
        .who = INVESTIGATOR, .file = row->file, .prior = leaf, .reason = "typed wrong"};
    answer = store(&sheet, NULL);
    const struct json *close = scene_effect(&answer, "close", query);
    if (close == NULL) {
        fail_msg("%s did not close: %s", query, bytes_text(&answer.body));
    }
    assert_string_equal(json_get_string(close, "rule"), "gone");
    assert_state(query, "gone");
    answer_done(&answer);
}

static void the_same_question_is_asked_once(void **state)
{
    (void) state;
    struct sheet sheet = {.who = INVESTIGATOR,
                          .file = "07-V1-FATIGUE.json",
                          .changes = {"2026-01-13=>2025-01-13"}};
    struct answer answer = store(&sheet, "1");
    CLEANUP(mem_freep) char *query = mem_text(new_query(&answer, "1"));
    answer_done(&answer);
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, CASE "SE.V1/-/F.FATIGUE/-");
    sheet.prior = leaf;
    answer = store(&sheet, "1");
    assert_null(scene_query(&answer, "1"));
    assert_state(query, "open");
    answer_done(&answer);
}

/* An earlier consent takes the question about the visit away. */
static void a_question_goes_when_the_other_form_is_corrected(void **state)
{
    (void) state;
    struct sheet visit = {.who = INVESTIGATOR,
                          .file = "15-V2-VISIT.json",
                          .changes = {"\"IT.VISDTC\":\"2026-=>\"IT.VISDTC\":\"2025-"}};
    struct answer answer = store(&visit, "1");
    CLEANUP(mem_freep) char *query = mem_text(new_query(&answer, "1"));
    answer_done(&answer);
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, CASE "SE.V1/-/F.CONSENT/-");
    struct sheet consent = {.who = INVESTIGATOR,
                            .file = "01-V1-CONSENT.json",
                            .changes = {"2026-01-13T09:10=>2024-12-13T09:10"},
                            .prior = leaf,
                            .reason = "the paper says 2024"};
    answer = store(&consent, NULL);
    assert_non_null(scene_effect(&answer, "close", query));
    assert_state(query, "gone");
    answer_done(&answer);
}

static void a_future_date_on_a_partial_form_is_asked_about(void **state)
{
    (void) state;
    struct sheet sheet = {.who = INVESTIGATOR,
                          .file = "33-V5-VISIT.json",
                          .changes = {"\"complete\"=>\"partial\"",
                                      "\"IT.VISDTC\":\"2026=>\"IT.VISDTC\":\"2099"}};
    struct answer answer = store(&sheet, "1");
    assert_non_null(new_query(&answer, "1"));
    answer_done(&answer);
}

/* ---- no angiography ---- */

static struct answer sign_form(const char *object)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, object);
    struct signed_object objects[] = {{object, leaf}};
    struct record record = trial_record(trial, INVESTIGATOR, RECORD_FORM_SIGN, arena);
    record.data.form_sign = (struct form_sign_data){.objects = objects, .object_count = 1};
    return trial_submit(trial, INVESTIGATOR, &record);
}

/* The other form may still come, so its absence is no question yet: it is due, and bites
 * when the investigator signs. */
static void an_infusion_without_angiography_is_due_and_cannot_be_signed(void **state)
{
    (void) state;
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, CASE "SE.V8/-/F.INFUSION/-");
    struct sheet sheet = {.who = INVESTIGATOR,
                          .file = "54-V8-INFUSION.json",
                          .changes = {"\"IT.INFSTOP\":\"N\"=>\"IT.INFSTOP\":\"Y\""},
                          .prior = leaf,
                          .reason = "stopped for a moment"};
    struct answer answer = store(&sheet, "68");
    assert_null(scene_query(&answer, "68"));
    answer_done(&answer);
    answer = sign_form(CASE "SE.V8/-/F.INFUSION/-");
    assert_int_equal(answer.status, 409);
    assert_string_equal(answer_code(&answer), "held");
    assert_true(answer_has_finding(&answer, "68"));
    answer_done(&answer);
}

static void a_closed_vessel_is_asked_about_until_it_is_corrected(void **state)
{
    (void) state;
    struct sheet angiography = {.who = INVESTIGATOR,
                                .file = "25-V4-ANGIO.json",
                                .changes = {"\"IT.ANGPAT\":\"Y\"=>\"IT.ANGPAT\":\"N\""}};
    struct answer answer = store(&angiography, NULL);
    answer_done(&answer);
    struct sheet infusion = {.who = INVESTIGATOR, .file = "26-V4-INFUSION.json"};
    answer = store(&infusion, "68");
    CLEANUP(mem_freep) char *query = mem_text(new_query(&answer, "68"));
    answer_done(&answer);
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, CASE "SE.V4/-/F.ANGIO/-");
    angiography = (struct sheet){.who = INVESTIGATOR,
                                 .file = "25-V4-ANGIO.json",
                                 .prior = leaf,
                                 .reason = "wrong box"};
    answer = store(&angiography, NULL);
    assert_non_null(scene_effect(&answer, "close", query));
    assert_state(query, "gone");
    answer_done(&answer);
}

int main(void)
{
    trial = scene_open(&(struct trial_options){0});
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), asked_then_corrected);
    add_test("a closed vessel is asked about until it is corrected",
             a_closed_vessel_is_asked_about_until_it_is_corrected);
    add_test("an infusion without angiography is due, and cannot be signed so",
             an_infusion_without_angiography_is_due_and_cannot_be_signed);
    add_test("a date in the future on a partial form is asked about",
             a_future_date_on_a_partial_form_is_asked_about);
    add_test("the same question is asked once", the_same_question_is_asked_once);
    add_test("a question goes when the other form is corrected",
             a_question_goes_when_the_other_form_is_corrected);
    int failed = run_added("asked, not refused");
    trial_stop(trial);
    return failed;
}
