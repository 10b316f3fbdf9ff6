/* SPDX-License-Identifier: Apache-2.0 */
/*
** The safety door, row by row of users.md chapter 1: what a safety report is never refused
** for, which flag it leaves, and what stays hard. Then what a serious event sets in motion:
** numbers, clocks, the hold, the inbox and its merging.
*/
#include "tests/unit/record/play.h"

#include "tests/support/rows.h"

#define SAE_OF(subject, state, items)                                                      \
    "{\"SubjectKey\":\"" subject                                                           \
    "\",\"StudyEventOID\":\"SE.LOG\",\"StudyEventRepeatKey\":null,\"FormOID\":\"F.SAE\","  \
    "\"FormRepeatKey\":\"r1\",\"state\":\"" state                                          \
    "\",\"ItemGroupData\":[{\"ItemGroupOID\":\"IG.SAE\",\"ItemGroupRepeatKey\":null,"      \
    "\"ItemData\":{" items "}}]}"
#define WHAT        "\"IT.WHAT\":\"Weak right arm after infusion 2\""
#define AWARE       "\"IT.AWARE\":\"2026-10-21T08:00+01:00\""
#define SAE(items)  SAE_OF("007-K", "partial", items)
#define DONE(items) SAE_OF("007-K", "complete", items)
#define FIRST       SAE(WHAT "," AWARE)
#define SAE_OBJECT  "subject/007-K/SE.LOG/-/F.SAE/r1"

static void report(struct scene *s, enum who who, const char *data)
{
    scene_submit(s, who, data, NULL);
}

static void report_as(struct scene *s, enum who who, const char *data, const char *prior,
                      const char *version, const char *role)
{
    const struct json *json;
    struct record record = scene_record(s, who, RECORD_FORM_SUBMIT);
    assert_int_equal(json_parse(span_text(data), &JSON_RECORD, s->arena, &json, NULL), OK);
    assert_int_equal(
        form_data_from_json(json, s->arena, &record.data.form_submit.form, NULL), OK);
    record.prior = prior;
    record.definition.version = version;
    record.signature.role = role;
    scene_send(s, who, &record);
}

/* ---- soft ---- */

static void mandatory_missing(struct scene *s)
{
    report(s, COORDINATOR, DONE(WHAT "," AWARE));
}
static void stay_missing(struct scene *s)
{
    report(s, COORDINATOR,
           DONE(WHAT "," AWARE ",\"IT.AESTDAT\":\"2026-10-20\",\"IT.AESHOSP\":\"Y\""));
}
static void serious_without_criterion(struct scene *s)
{
    report(s, COORDINATOR,
           DONE(WHAT "," AWARE ",\"IT.AESTDAT\":\"2026-10-20\",\"IT.AESER\":\"Y\""));
}
static void criterion_without_serious(struct scene *s)
{
    report(s, COORDINATOR,
           DONE(WHAT
                "," AWARE
                ",\"IT.AESTDAT\":\"2026-10-20\",\"IT.AESER\":\"N\",\"IT.AESDTH\":\"Y\""));
}
static void death_contradicted(struct scene *s)
{
    report(s, COORDINATOR,
           DONE(WHAT "," AWARE ",\"IT.AESTDAT\":\"2026-10-20\",\"IT.AETOXGR\":\"5\","
                     "\"IT.AEOUT\":\"1\",\"IT.AESDTH\":\"N\""));
}
static void end_before_start(struct scene *s)
{
    report(s, COORDINATOR,
           DONE(WHAT "," AWARE
                     ",\"IT.AESTDAT\":\"2026-10-20\",\"IT.AEENDAT\":\"2026-10-19\""));
}
static void date_in_the_future(struct scene *s)
{
    report(s, COORDINATOR, DONE(WHAT "," AWARE ",\"IT.AESTDAT\":\"2027-01-01\""));
}
static void clock_ahead(struct scene *s)
{
    s->signed_before = -DAY;
    report(s, COORDINATOR, FIRST);
}
static void clock_far_behind(struct scene *s)
{
    s->signed_before = 300 * DAY;
    report(s, COORDINATOR, FIRST);
}
static void outside_hard_range(struct scene *s)
{
    report(s, COORDINATOR,
           DONE(WHAT "," AWARE ",\"IT.AESTDAT\":\"2026-10-20\",\"IT.PULSE\":\"300\""));
}
static void version_not_active(struct scene *s)
{
    play_amend(s, SPONSOR, "MDV.2");
    report_as(s, COORDINATOR, FIRST, NULL, "MDV.2", "coordinator");
}
static void version_superseded(struct scene *s)
{
    play_version_comes(s);
    report(s, COORDINATOR, FIRST);
}
static void unknown_subject(struct scene *s)
{
    report(s, COORDINATOR, SAE_OF("somebody", "partial", WHAT "," AWARE));
}
static void other_site(struct scene *s)
{
    report(s, OTHER_INVESTIGATOR, FIRST);
}
static void monitor_reports(struct scene *s)
{
    report(s, MONITOR, FIRST);
}
static void inspector_reports(struct scene *s)
{
    report(s, INSPECTOR, FIRST);
}
static void role_not_held(struct scene *s)
{
    report_as(s, COORDINATOR, FIRST, NULL, "MDV.1", "investigator");
}
static void suspended_key(struct scene *s)
{
    play_change_key(s, REGISTRAR, RECORD_PERSON_SUSPEND, COORDINATOR);
    report(s, COORDINATOR, FIRST);
}
static void locked_study(struct scene *s)
{
    play_lock_twice(s, "study");
    report(s, COORDINATOR, FIRST);
}
static void stale_prior(struct scene *s)
{
    report(s, COORDINATOR, FIRST);
    report_as(s, MONITOR, FIRST, NULL, "MDV.1", "monitor");
}
static void unknown_seen(struct scene *s)
{
    s->unknown_seen = true;
    report(s, COORDINATOR, FIRST);
}
static void change_without_reason(struct scene *s)
{
    report(s, COORDINATOR, FIRST);
    report(s, COORDINATOR, SAE("\"IT.WHAT\":\"A fall\"," AWARE));
}
static void everything_at_once(struct scene *s)
{
    play_change_key(s, REGISTRAR, RECORD_PERSON_SUSPEND, COORDINATOR);
    play_lock_twice(s, "study");
    s->signed_before = -DAY;
    s->unknown_seen = true;
    report_as(s, COORDINATOR, SAE_OF("somebody", "partial", WHAT "," AWARE),
              "X3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=", "MDV.9", "sponsor");
}

/* ---- hard ---- */

static void bad_code(struct scene *s)
{
    report(s, COORDINATOR, SAE(WHAT "," AWARE ",\"IT.AESER\":\"X\""));
}
static void bad_type(struct scene *s)
{
    report(s, COORDINATOR, SAE(WHAT "," AWARE ",\"IT.PULSE\":\"fast\""));
}
static void unknown_item(struct scene *s)
{
    report(s, COORDINATOR, SAE(WHAT "," AWARE ",\"IT.XX\":\"1\""));
}
static void unknown_key(struct scene *s)
{
    report(s, STRANGER, FIRST);
}
static void revoked_key(struct scene *s)
{
    play_change_key(s, REGISTRAR, RECORD_PERSON_REVOKE, COORDINATOR);
    report(s, COORDINATOR, FIRST);
}
static void nothing_happened(struct scene *s)
{
    report(s, COORDINATOR, SAE(AWARE));
}
static void nobody_knew(struct scene *s)
{
    report(s, COORDINATOR, SAE(WHAT));
}
static void no_shape(struct scene *s)
{
    scene_send_payload(s, COORDINATOR, SPAN_LITERAL("{\"type\":\"form.submit\"}"));
}
static void an_ordinary_form(struct scene *s)
{
    play_lock_twice(s, "study");
    play_submit(s,
                "{\"SubjectKey\":\"007-K\",\"StudyEventOID\":\"SE.V1\","
                "\"StudyEventRepeatKey\":null,\"FormOID\":\"F.VS\",\"FormRepeatKey\":null,"
                "\"state\":\"partial\",\"ItemGroupData\":[]}");
}

struct door_row {
    const char *name;
    void (*play)(struct scene *scene);
    int status;
    const char *flags; /* of the outcome, in order, space-separated */
    const char *inbox; /* or NULL: it is the current revision */
    bool follow_up;    /* its clocks run already */
} rows[] = {
    {"soft: a mandatory item is missing", mandatory_missing, 201, "", NULL, false},
    {"soft: a hospital stay is missing", stay_missing, 201, "", NULL, false},
    {"soft: serious without a criterion", serious_without_criterion, 201, "", NULL, false},
    {"soft: a criterion without serious", criterion_without_serious, 201, "", NULL, false},
    {"soft: grade 5, outcome and death disagree", death_contradicted, 201, "", NULL, false},
    {"soft: the end is before the start", end_before_start, 201, "", NULL, false},
    {"soft: a date in the future", date_in_the_future, 201, "", NULL, false},
    {"soft: the signer's clock runs ahead", clock_ahead, 201, "KEY-05", NULL, false},
    {"soft: the signer's clock stood still", clock_far_behind, 201, "KEY-06", NULL, false},
    {"soft: outside the hard range", outside_hard_range, 201, "", NULL, false},
    {"soft: the version is not yet active here", version_not_active, 201, "VERSION-02",
     NULL, false},
    {"soft: the version is old", version_superseded, 201, "VERSION-02", NULL, false},
    {"soft: the subject is unknown", unknown_subject, 201, "REF-01", NULL, false},
    {"soft: the reporter is of another site", other_site, 201, "", NULL, false},
    {"soft: a monitor reports", monitor_reports, 201, "", NULL, false},
    {"soft: a role without the right", inspector_reports, 201, "RIGHT-01", NULL, false},
    {"soft: a role that is not held", role_not_held, 201, "RIGHT-01", NULL, false},
    {"inbox: the key is suspended", suspended_key, 201, "KEY-04", "unconfirmed", false},
    {"soft: the study is locked", locked_study, 201, "LOCKED", NULL, false},
    {"soft, beside: prior is stale", stale_prior, 201, "CONFLICT", "concurrent", true},
    {"soft: seen is unknown", unknown_seen, 201, "SEEN-01", NULL, false},
    {"soft: a change without a reason", change_without_reason, 201, "", NULL, true},
    {"soft: all of it at once", everything_at_once, 201,
     "KEY-04 KEY-05 SEEN-01 RIGHT-01 LOCKED VERSION-01 CONFLICT REF-01", "unconfirmed",
     false},
    {"hard: a code is not in its list", bad_code, 422, NULL, NULL, false},
    {"hard: a value is not of its type", bad_type, 422, NULL, NULL, false},
    {"hard: an unknown item", unknown_item, 422, NULL, NULL, false},
    {"hard: an unknown key", unknown_key, 403, NULL, NULL, false},
    {"hard: a revoked key", revoked_key, 403, NULL, NULL, false},
    {"hard: it does not say what happened", nothing_happened, 422, NULL, NULL, false},
    {"hard: it does not say when it was known", nobody_knew, 422, NULL, NULL, false},
    {"hard: the payload has no shape", no_shape, 422, NULL, NULL, false},
    {"hard: an ordinary form has no such door", an_ordinary_form, 409, NULL, NULL, false},
};

static void flags_of(const struct outcome *outcome, struct bytes *out)
{
    for (size_t i = 0; i < outcome->effect_count; i++) {
        const struct effect *effect = &outcome->effects[i];
        if (effect->kind == EFFECT_FLAG && strcmp(effect->value, "LATE-REPORT") != 0) {
            bytes_printf(out, "%s%s", out->size > 0 ? " " : "", effect->value);
        }
    }
}

static void check(void **state)
{
    const struct door_row *row = *state;
    CLEANUP(bytes_done) struct bytes flags = {0}, before = {0}, after = {0};
    struct scene *scene = scene_ready();
    row->play(scene);
    const struct decision *decision = &scene->decision;
    if (decision->http_status != row->status) {
        print_error("got %d %s, rule %s at %s\n", decision->http_status, decision->code,
                    decision->findings.count > 0 ? decision->findings.items[0].rule : "",
                    decision->findings.count > 0 ? decision->findings.items[0].path : "");
    }
    assert_int_equal(decision->http_status, row->status);
    if (row->status == 201) {
        const struct effect *inbox = outcome_effect(&decision->outcome, EFFECT_INBOX, NULL);
        flags_of(&decision->outcome, &flags);
        assert_string_equal(bytes_text(&flags), row->flags);
        assert_int_equal(inbox != NULL, row->inbox != NULL);
        if (inbox != NULL) {
            assert_string_equal(inbox->value, row->inbox);
        }
        const struct effect *clock =
            outcome_effect(&decision->outcome, EFFECT_CLOCK, "sponsor");
        assert_int_equal(clock == NULL, row->follow_up);
    }
    struct replay_options options = scene_replay_options(scene);
    CLEANUP(replay_freep) struct replay *replay = replay_new(&options);
    struct err err = {0};
    if (!scene->told_lies) {
        assert_status(scene_replay(scene, replay, &err), OK, &err);
        scene_dump(scene->state, &before);
        scene_dump(replay_state(replay), &after);
        assert_string_equal(bytes_text(&after), bytes_text(&before));
        assert_int_equal(replay_differences(replay), 0);
    }
    scene_free(scene);
}

/* ---- what a serious event sets in motion ---- */

static const struct effect *effect(const struct scene *scene, enum effect_kind kind,
                                   const char *value)
{
    return outcome_effect(&scene->decision.outcome, kind, value);
}

static void three_answers_start_everything(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    instant at = scene->now;
    char from[INSTANT_SIZE], due[INSTANT_SIZE];
    report(scene, COORDINATOR, FIRST);
    assert_string_equal(effect(scene, EFFECT_NUMBER, NULL)->value, "SAE-0001");
    assert_string_equal(effect(scene, EFFECT_HOLD, "dosing")->state, "provisional");
    assert_string_equal(effect(scene, EFFECT_CLOCK, "site")->from,
                        "2026-10-21T07:00:00.000000Z");
    assert_string_equal(effect(scene, EFFECT_CLOCK, "site")->due,
                        "2026-10-22T07:00:00.000000Z");
    instant_format(at, from);
    instant_format(at + 15 * DAY, due);
    assert_string_equal(effect(scene, EFFECT_CLOCK, "sponsor")->from, from);
    assert_string_equal(effect(scene, EFFECT_CLOCK, "sponsor")->due, due);
    struct hold_reach reach = {.site = "NL01"};
    assert_true(row_is(state_hold_covering(scene->state, "dosing", &reach), HOLD_STATE,
                       "provisional"));
    /* news: it was fatal; the graver clock starts, the number and the hold stay */
    at = scene->now;
    report(scene, INVESTIGATOR, SAE(WHAT "," AWARE ",\"IT.AESDTH\":\"Y\""));
    assert_null(effect(scene, EFFECT_NUMBER, NULL));
    assert_null(effect(scene, EFFECT_HOLD, NULL));
    assert_null(effect(scene, EFFECT_CLOCK, "site"));
    instant_format(at + 7 * DAY, due);
    assert_string_equal(effect(scene, EFFECT_CLOCK, "sponsor")->due, due);
    assert_true(row_is(state_form(scene->state, SAE_OBJECT), FORM_NUMBER, "SAE-0001"));
    scene_free(scene);
}

static void an_unrelated_event_holds_nothing(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    report(scene, INVESTIGATOR, SAE(WHAT "," AWARE ",\"IT.AEREL\":\"N\""));
    assert_null(effect(scene, EFFECT_HOLD, NULL));
    assert_int_equal(state_row_count(scene->state, TABLE_HOLD), 0);
    scene_free(scene);
}

static void an_unconfirmed_report_holds_nothing(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    suspended_key(scene);
    assert_null(effect(scene, EFFECT_HOLD, NULL));
    assert_null(state_form(scene->state, SAE_OBJECT));
    char *waiting = arena_printf(scene->arena, SAE_OBJECT "~%zu", scene->log_count - 1);
    assert_true(row_is(state_form(scene->state, waiting), FORM_STATE, "unconfirmed"));
    /* somebody with a good key sends the same, having seen it: it is settled */
    report(scene, INVESTIGATOR, FIRST);
    assert_null(state_form(scene->state, waiting));
    assert_non_null(state_form(scene->state, SAE_OBJECT));
    assert_non_null(effect(scene, EFFECT_HOLD, "dosing"));
    scene_free(scene);
}

static void concurrent_versions_are_merged_by_a_person(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    stale_prior(scene);
    char *beside = arena_printf(scene->arena, SAE_OBJECT "~%zu", scene->log_count - 1);
    assert_true(row_is(state_form(scene->state, beside), FORM_STATE, "concurrent"));
    assert_true(row_is(state_form(scene->state, SAE_OBJECT), FORM_STATE, "partial"));
    play_lock(scene, DATA_MANAGER, "study"); /* it blocks a lock */
    bool blocked = false;
    for (size_t i = 0; i < scene->decision.findings.count; i++) {
        blocked = blocked || strcmp(scene->decision.findings.items[i].rule, "LOCK-04") == 0;
    }
    assert_true(blocked);
    scene_submit(scene, INVESTIGATOR, FIRST, "merged");
    assert_non_null(effect(scene, EFFECT_MERGED, NULL));
    assert_null(state_form(scene->state, beside));
    scene_free(scene);
}

static void a_hold_refuses_no_record(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    report(scene, COORDINATOR, FIRST);
    play_enrol(scene, COORDINATOR, "008-L", "NL01");
    assert_true(scene->decision.accepted);
    report(scene, COORDINATOR, SAE_OF("008-L", "partial", WHAT "," AWARE));
    assert_true(scene->decision.accepted);
    assert_string_equal(effect(scene, EFFECT_NUMBER, NULL)->value, "SAE-0002");
    scene_free(scene);
}

static void a_late_report_is_flagged(void **unused)
{
    (void) unused;
    struct scene *scene = scene_ready();
    scene->now += 10 * DAY;
    report(scene, COORDINATOR, FIRST);
    assert_non_null(effect(scene, EFFECT_FLAG, "LATE-REPORT"));
    scene_free(scene);
}

int main(void)
{
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
    add_test("three answers start the number, the clocks and the hold",
             three_answers_start_everything);
    add_test("an event that is unrelated holds nothing", an_unrelated_event_holds_nothing);
    add_test("an unconfirmed report holds nothing and waits to be settled",
             an_unconfirmed_report_holds_nothing);
    add_test("concurrent versions are merged by a person",
             concurrent_versions_are_merged_by_a_person);
    add_test("a hold refuses no record", a_hold_refuses_no_record);
    add_test("a first report that comes late is flagged", a_late_report_is_flagged);
    return run_added("record_safety");
}
