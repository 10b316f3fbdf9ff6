/* SPDX-License-Identifier: Apache-2.0 */
/*
** The ladder for forms and queries: what is accepted, refused, asked; revisions and versions;
** how queries live and die.
*/
#include "tests/unit/record/play.h"

#include "tests/support/rows.h"

static void form_comes(struct scene *s)
{
    play_submit(s, GOOD);
}
static void form_partial(struct scene *s)
{
    play_submit(s, PARTIAL);
}
static void form_by_monitor(struct scene *s)
{
    scene_submit(s, MONITOR, GOOD, NULL);
}
static void form_by_other_site(struct scene *s)
{
    scene_submit(s, OTHER_INVESTIGATOR, GOOD, NULL);
}
static void rating_by_rater(struct scene *s)
{
    scene_submit(s, RATER, FORM("007-K", "RATE", "complete", "\"IT.SCORE\":\"4\""), NULL);
}
static void rating_by_coordinator(struct scene *s)
{
    play_submit(s, FORM("007-K", "RATE", "complete", "\"IT.SCORE\":\"4\""));
}
static void form_of_nobody(struct scene *s)
{
    play_submit(s, FORM("999-A", "VS", "partial", "\"IT.SEX\":\"F\""));
}
static void unknown_form(struct scene *s)
{
    play_submit(s, FORM("007-K", "XX", "partial", "\"IT.SEX\":\"F\""));
}
static void unknown_item(struct scene *s)
{
    play_submit(s, VS_FORM("partial", "\"IT.XX\":\"F\""));
}
static void bad_code(struct scene *s)
{
    play_submit(s, VS_FORM("partial", "\"IT.SEX\":\"X\""));
}
static void bad_type(struct scene *s)
{
    play_submit(s, VS_FORM("partial", "\"IT.WEIGHT\":\"heavy\""));
}
static void missing_in_complete(struct scene *s)
{
    play_submit(s, VS_FORM("complete", "\"IT.SEX\":\"F\""));
}
static void hard_range(struct scene *s)
{
    play_submit(s, VS_FORM("complete", "\"IT.SEX\":\"F\",\"IT.WEIGHT\":\"-1\""));
}
static void soft_range(struct scene *s)
{
    play_submit(s, HEAVY);
}
static void fills_an_empty_item(struct scene *s)
{
    play_submit(s, PARTIAL);
    play_submit(s, GOOD);
}
static void changes_without_reason(struct scene *s)
{
    play_submit(s, GOOD);
    play_submit(s, VS_FORM("complete", "\"IT.SEX\":\"F\",\"IT.WEIGHT\":\"62.5\""));
}
static void changes_with_reason(struct scene *s)
{
    play_submit(s, GOOD);
    scene_submit(s, COORDINATOR,
                 VS_FORM("complete", "\"IT.SEX\":\"F\",\"IT.WEIGHT\":\"62.5\""), "scale");
}
static void submit_with_prior(struct scene *s, const char *prior, const char *version)
{
    const struct json *json;
    struct record record = scene_record(s, COORDINATOR, RECORD_FORM_SUBMIT);
    assert_int_equal(json_parse(span_text(GOOD), &JSON_RECORD, s->arena, &json, NULL), OK);
    assert_int_equal(
        form_data_from_json(json, s->arena, &record.data.form_submit.form, NULL), OK);
    record.prior = prior;
    record.definition.version = version;
    play_send(s, COORDINATOR, record);
}
static void stale(struct scene *s)
{
    play_submit(s, PARTIAL);
    submit_with_prior(s, NULL, "MDV.1");
}
static void prior_of_nothing(struct scene *s)
{
    submit_with_prior(s, "X3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=", "MDV.1");
}
static void version_never_published(struct scene *s)
{
    submit_with_prior(s, NULL, "MDV.9");
}
static void version_not_in_force(struct scene *s)
{
    play_amend(s, SPONSOR, "MDV.2");
    submit_with_prior(s, NULL, "MDV.2");
}
static void version_of_prior(struct scene *s)
{
    submit_with_prior(s, NULL, "MDV.1");
    play_version_comes(s);
    submit_with_prior(s, scene_leaf(s, VS), "MDV.1");
}
static void version_that_was_seen(struct scene *s)
{
    struct record record = scene_record(s, COORDINATOR, RECORD_FORM_SUBMIT);
    struct record_seen before = record.seen;
    const struct json *json;
    play_version_comes(s);
    record = scene_record(s, COORDINATOR, RECORD_FORM_SUBMIT);
    assert_int_equal(json_parse(span_text(GOOD), &JSON_RECORD, s->arena, &json, NULL), OK);
    assert_int_equal(
        form_data_from_json(json, s->arena, &record.data.form_submit.form, NULL), OK);
    record.seen = before;
    play_send(s, COORDINATOR, record);
}
static void status_by_what_was_seen(struct scene *s, const char *word)
{
    struct record record = scene_record(s, INVESTIGATOR, RECORD_SUBJECT_STATUS);
    struct record_seen before = record.seen;
    play_version_comes(s);
    record = scene_record(s, INVESTIGATOR, RECORD_SUBJECT_STATUS);
    record.seen = before;
    record.definition = (struct definition_ref){"MDV.1", s->sha256};
    record.data.subject_status = (struct subject_status_data){SUBJECT, word};
    play_send(s, INVESTIGATOR, record);
}
static void gate_of_a_version_that_was_seen(struct scene *s)
{
    status_by_what_was_seen(s, "eligible");
}
static void fact_of_a_version_that_was_seen(struct scene *s)
{
    status_by_what_was_seen(s, "withdrawn");
}
static void version_superseded(struct scene *s)
{
    play_version_comes(s);
    play_submit(s, GOOD);
}

/* MDV.2 comes while visit 1 is half done */
static void version_of_the_visit(struct scene *s)
{
    submit_with_prior(s, NULL, "MDV.1");
    play_version_comes(s);
    scene_submit(s, RATER, FORM("007-K", "RATE", "complete", "\"IT.SCORE\":\"3\""), NULL);
}
static void submit_under(struct scene *s, const char *version)
{
    struct record record = scene_record(s, COORDINATOR, RECORD_FORM_SUBMIT);
    const struct json *json;
    assert_int_equal(json_parse(span_text(GOOD), &JSON_RECORD, s->arena, &json, NULL), OK);
    assert_int_equal(
        form_data_from_json(json, s->arena, &record.data.form_submit.form, NULL), OK);
    record.definition.version = version;
    play_send(s, COORDINATOR, record);
}
static void activate(struct scene *s, const char *version, const char *from, const char *to)
{
    struct record record = scene_record(s, SPONSOR, RECORD_SITE_VERSION);
    record.data.site_version =
        (struct site_version_data){"NL01", version, s->sha256, from, to, "METC 26-002"};
    play_send(s, SPONSOR, record);
}
static void version_of_the_day(struct scene *s)
{
    play_amend(s, SPONSOR, "MDV.2");
    activate(s, "MDV.2", "2099-01-01T00:00:00Z", NULL);
    submit_under(s, "MDV.1");
}
static void version_of_tomorrow(struct scene *s)
{
    play_amend(s, SPONSOR, "MDV.2");
    activate(s, "MDV.2", "2099-01-01T00:00:00Z", NULL);
    submit_under(s, "MDV.2");
}
static void older_version_again(struct scene *s)
{
    play_version_comes(s);
    activate(s, "MDV.1", "2026-01-02T00:00:00Z", NULL);
    submit_under(s, "MDV.1");
}
static void overlap_has_ended(struct scene *s)
{
    play_version_comes(s);
    activate(s, "MDV.1", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z");
    submit_under(s, "MDV.2");
}
static void version_in_a_gap(struct scene *s)
{
    play_amend(s, SPONSOR, "MDV.2");
    activate(s, "MDV.2", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    submit_under(s, "MDV.2");
}
static void first_version_in_a_gap(struct scene *s)
{
    play_amend(s, SPONSOR, "MDV.2");
    activate(s, "MDV.2", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    submit_under(s, "MDV.1");
}

static void retracts(struct scene *s)
{
    play_submit(s, GOOD);
    play_retract(s, COORDINATOR, VS);
}
static void erases(struct scene *s)
{
    scene_send_payload(s, SPONSOR, SPAN_LITERAL("{\"type\":\"erase\"}"));
}
static void retracts_nothing(struct scene *s)
{
    play_retract(s, COORDINATOR, VS);
}
static void retracts_twice(struct scene *s)
{
    retracts(s);
    play_retract(s, COORDINATOR, VS);
}
static void enters_again_after_retract(struct scene *s)
{
    retracts(s);
    play_submit(s, GOOD);
}

static void query_opens(struct scene *s)
{
    play_submit(s, GOOD);
    play_query(s, MONITOR, VS);
}
static void query_on_nothing(struct scene *s)
{
    play_query(s, MONITOR, VS);
}
static void query_by_coordinator(struct scene *s)
{
    play_submit(s, GOOD);
    play_query(s, COORDINATOR, VS);
}
static void query_answered(struct scene *s)
{
    query_opens(s);
    play_about_query(s, COORDINATOR, RECORD_QUERY_ANSWER, play_first_query(s));
}
static void query_closed(struct scene *s)
{
    query_answered(s);
    play_about_query(s, MONITOR, RECORD_QUERY_CLOSE, play_first_query(s));
}
static void query_closed_twice(struct scene *s)
{
    query_closed(s);
    play_about_query(s, MONITOR, RECORD_QUERY_CLOSE, play_first_query(s));
}
static void query_unknown(struct scene *s)
{
    play_about_query(s, DATA_MANAGER, RECORD_QUERY_CLOSE, "q-1-1");
}

static const struct decide_row rows[] = {
    {"a complete form is accepted", form_comes, 201, NULL, 0, LOGGED},
    {"a partial form is accepted", form_partial, 201, NULL, 0, LOGGED},
    {"a monitor submits no form", form_by_monitor, 403, "RIGHT-01", 10, LOGGED},
    {"another site submits none", form_by_other_site, 403, "RIGHT-01", 10, LOGGED},
    {"a rater submits a rating", rating_by_rater, 201, NULL, 0, LOGGED},
    {"a form names its roles", rating_by_coordinator, 403, "RIGHT-01", 10, LOGGED},
    {"a form is about a subject that is there", form_of_nobody, 422, "REF-01", 15, LOGGED},
    {"a form is in the definition", unknown_form, 422, NULL, 15, LOGGED},
    {"an item is in the form", unknown_item, 422, NULL, 15, LOGGED},
    {"a code is in its list", bad_code, 422, NULL, 15, LOGGED},
    {"a value is of its type", bad_type, 422, NULL, 15, LOGGED},
    {"a complete form has its mandatory items", missing_in_complete, 422, NULL, 15, LOGGED},
    {"what is impossible is refused", hard_range, 422, NULL, 15, LOGGED},
    {"what is unlikely is accepted and asked", soft_range, 201, NULL, 0, LOGGED},
    {"filling an empty item needs no reason", fills_an_empty_item, 201, NULL, 0, LOGGED},
    {"changing a value needs one", changes_without_reason, 422, "REASON-01", 15, LOGGED},
    {"and is accepted with one", changes_with_reason, 201, NULL, 0, LOGGED},
    {"a stale prior is refused", stale, 409, "CONFLICT", 13, LOGGED},
    {"a prior of nothing is refused", prior_of_nothing, 409, "CONFLICT", 13, LOGGED},
    {"a version that was never published is refused", version_never_published, 409,
     "VERSION-01", 12, LOGGED},
    {"a version not in force at the site is refused", version_not_in_force, 409,
     "VERSION-02", 12, LOGGED},
    {"a correction may keep its version", version_of_prior, 201, NULL, 0, LOGGED},
    {"the version in force at seen is accepted", version_that_was_seen, 201, NULL, 0,
     LOGGED},
    {"but an act that is still to come is asked by the version of now",
     gate_of_a_version_that_was_seen, 409, "VERSION-02", 12, LOGGED},
    {"and what happened is written down under the version that was seen",
     fact_of_a_version_that_was_seen, 201, NULL, 0, LOGGED},
    {"a visit begun under a version is finished under it", version_of_the_visit, 201, NULL,
     0, LOGGED},
    {"before the day of a new version the old one is in force", version_of_the_day, 201,
     NULL, 0, LOGGED},
    {"before the day of a new version that one is refused", version_of_tomorrow, 409,
     "VERSION-02", 12, LOGGED},
    {"an older version may come again", older_version_again, 201, NULL, 0, LOGGED},
    {"where two overlap and the later ended the other holds again", overlap_has_ended, 201,
     NULL, 0, LOGGED},
    {"in a gap the version that ended last is in force", version_in_a_gap, 201, NULL, 0,
     LOGGED},
    {"in a gap the first version is refused", first_version_in_a_gap, 409, "VERSION-02", 12,
     LOGGED},
    {"a superseded version is refused", version_superseded, 409, "VERSION-02", 12, LOGGED},
    {"a form is retracted", retracts, 201, NULL, 0, LOGGED},
    {"no record is erased, whoever asks", erases, 422, "SHAPE-11", 7, LOGGED},
    {"nothing is not retracted", retracts_nothing, 409, "CONFLICT", 13, LOGGED},
    {"not twice", retracts_twice, 422, "REF-10", 15, LOGGED},
    {"what was retracted is entered again", enters_again_after_retract, 201, NULL, 0,
     LOGGED},
    {"a monitor asks", query_opens, 201, NULL, 0, LOGGED},
    {"not about nothing", query_on_nothing, 422, "REF-10", 15, LOGGED},
    {"a coordinator does not ask", query_by_coordinator, 403, "RIGHT-01", 10, LOGGED},
    {"a coordinator answers", query_answered, 201, NULL, 0, LOGGED},
    {"a monitor closes", query_closed, 201, NULL, 0, LOGGED},
    {"not twice", query_closed_twice, 422, "REF-08", 15, LOGGED},
    {"not what is not there", query_unknown, 422, "REF-08", 15, LOGGED},
};

static void a_stale_answer_names_the_current(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    instant at = scene->now;
    play_submit(scene, GOOD);
    int64_t seq = scene->log_count > 0 ? (int64_t) scene->log_count - 1 : -1;
    submit_with_prior(scene, NULL, "MDV.1");
    assert_int_equal(scene->decision.current_seq, seq);
    assert_string_equal(scene->decision.current_leaf, scene_leaf(scene, VS));
    assert_string_equal(
        scene->decision.current_by,
        scene_record(scene, COORDINATOR, RECORD_FORM_SUBMIT).signature.name);
    assert_true(scene->decision.current_at == at);
    scene_free(scene);
}

static void a_reject_holds_no_value(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    play_submit(scene,
                VS_FORM("complete", "\"IT.SEX\":\"planted\",\"IT.WEIGHT\":\"planted\""));
    const struct logged *last = &scene->log[scene->log_count - 1];
    assert_null(strstr(bytes_text(&last->body), "planted"));
    assert_non_null(strstr(bytes_text(&last->body), "\"type\":\"form.submit\""));
    assert_non_null(strstr(bytes_text(&last->entry), "\ntype reject\nactor p-0003\n"));
    assert_non_null(strstr(bytes_text(&last->entry), "\nobject reject\nprior -\n"));
    scene_free(scene);
}

static void queries_live_and_die(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    play_submit(scene, HEAVY);
    const char *id = play_first_query(scene);
    assert_true(row_is(state_query(scene->state, id), QUERY_STATE, "open"));
    scene_submit(
        scene, COORDINATOR,
        VS_FORM("complete", "\"IT.SEX\":\"F\",\"IT.WEIGHT\":\"161.5\",\"IT.NOTE\":\"x\""),
        NULL);
    assert_int_equal(state_row_count(scene->state, TABLE_QUERY), 1); /* still one */
    scene_submit(scene, COORDINATOR, GOOD, "scale");
    assert_true(row_is(state_query(scene->state, id), QUERY_STATE, "gone"));
    scene_submit(scene, COORDINATOR, HEAVY, "no, it was right");
    assert_int_equal(state_row_count(scene->state, TABLE_QUERY), 2); /* back again */
    struct rows all = state_rows(scene->state, TABLE_QUERY, scene->arena);
    const char *again = all.items[1]->values[QUERY_QUERY];
    play_about_query(scene, DATA_MANAGER, RECORD_QUERY_CLOSE, again);
    scene_submit(
        scene, COORDINATOR,
        VS_FORM("complete", "\"IT.SEX\":\"F\",\"IT.WEIGHT\":\"161.5\",\"IT.NOTE\":\"y\""),
        "note");
    assert_true(row_is(state_query(scene->state, again), QUERY_STATE, "closed"));
    assert_int_equal(state_row_count(scene->state, TABLE_QUERY),
                     2); /* settled stays settled */
    scene_submit(scene, COORDINATOR,
                 VS_FORM("complete", "\"IT.SEX\":\"F\",\"IT.WEIGHT\":\"171.5\""), "again");
    assert_int_equal(state_row_count(scene->state, TABLE_QUERY), 3); /* another value */
    play_retract(scene, COORDINATOR, VS);
    struct rows left = state_rows(scene->state, TABLE_QUERY, scene->arena);
    for (size_t i = 0; i < left.count; i++) {
        assert_false(row_is(left.items[i], QUERY_STATE, "open"));
    }
    scene_free(scene);
}

static void a_change_takes_the_signature(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    play_signs(scene);
    assert_true(row_is(state_form(scene->state, VS), FORM_STATE, "signed"));
    scene_submit(scene, COORDINATOR,
                 VS_FORM("complete", "\"IT.SEX\":\"M\",\"IT.WEIGHT\":\"61.5\""), "typing");
    assert_true(row_is(state_form(scene->state, VS), FORM_STATE, "complete"));
    scene_free(scene);
}

static void log_forms_are_numbered(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    for (int i = 1; i <= 3; i++) {
        const char *data = arena_printf(
            scene->arena,
            "{\"SubjectKey\":\"007-K\",\"StudyEventOID\":\"SE.LOG\","
            "\"StudyEventRepeatKey\":"
            "null,\"FormOID\":\"F.AE\",\"FormRepeatKey\":\"k%d\",\"state\":\"partial\","
            "\"ItemGroupData\":[{\"ItemGroupOID\":\"IG.AE\",\"ItemGroupRepeatKey\":null,"
            "\"ItemData\":{\"IT.AETERM\":\"cough\"}}]}",
            i);
        play_submit(scene, data);
        const char *object =
            arena_printf(scene->arena, "subject/007-K/SE.LOG/-/F.AE/k%d", i);
        const char *number = arena_printf(scene->arena, "AE-%04d", i);
        assert_true(row_is(state_form(scene->state, object), FORM_NUMBER, number));
        play_submit(scene, data); /* the same again keeps its number */
        assert_true(row_is(state_form(scene->state, object), FORM_NUMBER, number));
    }
    scene_free(scene);
}

#define RATING FORM("007-K", "RATE", "complete", "\"IT.SCORE\":\"4\"")
#define LIGHT  VS_FORM("complete", "\"IT.SEX\":\"F\",\"IT.WEIGHT\":\"41.5\"")

/* The rating's query by rule 67 (the first, or NULL). */
static const struct row *rating_query(struct scene *scene)
{
    struct rows found = state_rows_where(scene->state, TABLE_QUERY, RATE, scene->arena);
    assert_true(found.count <= 1);
    if (found.count == 0) {
        return NULL;
    }
    assert_true(row_is(found.items[0], QUERY_RULE, "67"));
    assert_true(row_is(found.items[0], QUERY_PATH, "IG.RATE/-/IT.SCORE"));
    return found.items[0];
}

static void a_change_asks_in_the_form_that_reads_it(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    play_submit(scene, GOOD);
    scene_submit(scene, RATER, RATING, NULL);
    assert_int_equal(scene->decision.http_status, 201);
    assert_null(rating_query(scene));

    scene_submit(scene, COORDINATOR, LIGHT, "scale");
    assert_int_equal(scene->decision.http_status,
                     201); /* asked, though the check is hard */
    assert_non_null(
        strstr(scene->outcome, "{\"rule\":\"67\",\"act\":\"ask\",\"object\":\"" RATE "\""));
    assert_true(row_is(rating_query(scene), QUERY_STATE, "open"));

    /* known already: nothing new */
    scene_submit(scene, COORDINATOR,
                 VS_FORM("complete", "\"IT.SEX\":\"F\",\"IT.WEIGHT\":\"40.5\""), "scale");
    assert_null(strstr(scene->outcome, "\"rule\":\"67\""));
    assert_true(row_is(rating_query(scene), QUERY_STATE, "open"));

    scene_submit(scene, COORDINATOR, GOOD, "the other scale was wrong");
    assert_true(row_is(rating_query(scene), QUERY_STATE, "gone"));
    play_must_replay(scene);
    scene_free(scene);
}

static void a_change_that_breaks_nothing_is_silent(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    play_submit(scene, GOOD);
    scene_submit(scene, RATER, RATING, NULL);
    scene_submit(scene, COORDINATOR,
                 VS_FORM("complete", "\"IT.SEX\":\"F\",\"IT.WEIGHT\":\"55.5\""), "scale");
    assert_null(rating_query(scene));
    play_retract(scene, COORDINATOR, VS); /* cannot tell */
    assert_null(rating_query(scene));
    scene_free(scene);
}

static void what_comes_first_breaks_what_is_there(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    scene_submit(scene, RATER, RATING, NULL); /* nothing weighed yet: cannot tell */
    assert_null(rating_query(scene));
    play_submit(scene, LIGHT);
    assert_true(row_is(rating_query(scene), QUERY_STATE, "open"));
    play_retract(scene, COORDINATOR, VS);
    assert_true(row_is(rating_query(scene), QUERY_STATE, "gone"));
    play_must_replay(scene);
    scene_free(scene);
}

int main(void)
{
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), play_check);
    add_test("a stale answer names the current revision", a_stale_answer_names_the_current);
    add_test("a reject entry holds no value", a_reject_holds_no_value);
    add_test("a query opens once, closes itself, and stays settled", queries_live_and_die);
    add_test("a change that makes another form wrong asks there, until its cause is gone",
             a_change_asks_in_the_form_that_reads_it);
    add_test("a change that breaks no other form is silent",
             a_change_that_breaks_nothing_is_silent);
    add_test("a form that comes later can make an earlier one wrong",
             what_comes_first_breaks_what_is_there);
    add_test("a change takes the signature away", a_change_takes_the_signature);
    add_test("log-like forms are numbered, once", log_forms_are_numbered);
    return run_added("record_decide_forms");
}
