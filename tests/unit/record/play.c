/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/record/play.h"

#include "tests/support/rows.h"

void play_send(struct scene *scene, enum who who, struct record record)
{
    scene_send(scene, who, &record);
}

void play_open_site(struct scene *scene, enum who who, const char *site)
{
    struct record record = scene_record(scene, who, RECORD_SITE_OPEN);
    record.data.site_open =
        (struct site_open_data){site, "Hospital", "FR", "Europe/Paris", "fr"};
    play_send(scene, who, record);
}

void play_amend(struct scene *scene, enum who who, const char *version)
{
    struct record record = scene_record(scene, who, RECORD_STUDY_AMEND);
    record.data.study_amend = (struct study_amend_data){{version, scene->sha256}, NULL, 0};
    play_send(scene, who, record);
}

void play_site_version(struct scene *scene, const char *site, const char *version,
                       const char *from)
{
    struct record record = scene_record(scene, SPONSOR, RECORD_SITE_VERSION);
    record.data.site_version =
        (struct site_version_data){site, version, scene->sha256, from, NULL, "METC 26-001"};
    play_send(scene, SPONSOR, record);
}

void play_change_key(struct scene *scene, enum who who, enum record_type type,
                     enum who target)
{
    struct record record = scene_record(scene, who, type);
    record.data.person_key = (struct person_key_data){scene->people[target].person,
                                                      scene->people[target].kid, NULL};
    play_send(scene, who, record);
}

void play_invite(struct scene *scene, enum who by, enum who whom)
{
    char sha256[DIGEST_HEX_SIZE], expires[INSTANT_SIZE];
    struct digest digest;
    const struct person *person = &scene->people[whom];
    digest_of(SPAN_LITERAL(PLAY_CODE), &digest);
    digest_to_hex(&digest, sha256);
    instant_format(scene->now + DAY, expires);
    struct record record = scene_record(scene, by, RECORD_PERSON_INVITE);
    record.data.person_invite = (struct person_invite_data){
        .person = person->person,
        .name = arena_printf(scene->arena, "Name %s", person->person),
        .role = person->role,
        .site = person->site,
        .code_sha256 = sha256,
        .expires = expires};
    play_send(scene, by, record);
}

void play_enrol_key(struct scene *scene, enum who who, const char *person, const char *code,
                    const char *jwk)
{
    struct record record = scene_record(scene, who, RECORD_PERSON_ENROL);
    record.data.person_enrol = (struct person_enrol_data){person, code, jwk};
    play_send(scene, who, record);
}

void play_new_key(struct scene *scene, enum who whose, enum who invited_by, enum who by)
{
    const char *person = scene->people[whose].person;
    play_invite(scene, invited_by, whose);
    play_enrol_key(scene, STRANGER, person, PLAY_CODE, scene->people[STRANGER].jwk);
    struct record record = scene_record(scene, by, RECORD_PERSON_CONFIRM);
    record.data.person_key =
        (struct person_key_data){person, scene->people[STRANGER].kid, NULL};
    play_send(scene, by, record);
}

void play_change_role(struct scene *scene, enum who who, enum record_type type,
                      enum who target, const char *role, const char *site)
{
    struct record record = scene_record(scene, who, type);
    record.data.role =
        (struct role_data){scene->people[target].person, role, site, NULL, NULL, NULL};
    play_send(scene, who, record);
}

void play_enrol(struct scene *scene, enum who who, const char *subject, const char *site)
{
    struct record record = scene_record(scene, who, RECORD_SUBJECT_ENROL);
    record.data.subject_enrol = (struct subject_enrol_data){subject, site};
    play_send(scene, who, record);
}

void play_submit(struct scene *scene, const char *data)
{
    scene_submit(scene, COORDINATOR, data, NULL);
}

void play_retract(struct scene *scene, enum who who, const char *object)
{
    struct record record = scene_record(scene, who, RECORD_FORM_RETRACT);
    record.data.form_retract.object = object;
    record.prior = scene_leaf(scene, object);
    if (record.prior == NULL) {
        record.prior = "X3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=";
    }
    play_send(scene, who, record);
}

struct signed_object play_object_now(struct scene *scene, const char *object)
{
    const char *leaf = scene_leaf(scene, object);
    return (struct signed_object){
        object, leaf != NULL ? leaf : "X3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA="};
}

void play_sign_with(struct scene *scene, enum who who, const char *object,
                    const struct confirmed *confirmed, size_t count)
{
    struct signed_object item = play_object_now(scene, object);
    struct record record = scene_record(scene, who, RECORD_FORM_SIGN);
    record.data.form_sign = (struct form_sign_data){&item, 1, confirmed, count};
    play_send(scene, who, record);
}

void play_sign(struct scene *scene, enum who who, const char *object)
{
    play_sign_with(scene, who, object, NULL, 0);
}

void play_lock_with(struct scene *scene, enum who who, enum record_type type,
                    const char *scope, const struct confirmed *confirmed, size_t count)
{
    struct record record = scene_record(scene, who, type);
    record.data.lock = (struct lock_data){scope, confirmed, count};
    play_send(scene, who, record);
}

void play_lock(struct scene *scene, enum who who, const char *scope)
{
    play_lock_with(scene, who, RECORD_LOCK, scope, NULL, 0);
}

void play_lock_twice(struct scene *scene, const char *scope)
{
    play_lock(scene, DATA_MANAGER, scope);
    play_lock(scene, SPONSOR, scope);
}

void play_query(struct scene *scene, enum who who, const char *object)
{
    struct record record = scene_record(scene, who, RECORD_QUERY_OPEN);
    record.data.query_open =
        (struct query_open_data){object, "IG.VS/-/IT.WEIGHT", "Is this right?"};
    play_send(scene, who, record);
}

void play_about_query(struct scene *scene, enum who who, enum record_type type,
                      const char *id)
{
    struct record record = scene_record(scene, who, type);
    record.data.query = (struct query_data){id, "Yes."};
    play_send(scene, who, record);
}

const char *play_first_query(struct scene *scene)
{
    struct rows rows = state_rows(scene->state, TABLE_QUERY, scene->arena);
    assert_true(rows.count > 0);
    return rows.items[0]->values[QUERY_QUERY];
}

void play_version_comes(struct scene *s)
{
    play_amend(s, SPONSOR, "MDV.2");
    play_site_version(s, "NL01", "MDV.2", "2026-01-01T00:00:00Z");
}

void play_signs(struct scene *s)
{
    play_submit(s, GOOD);
    play_sign(s, INVESTIGATOR, VS);
}

void play_unlock(struct scene *s, enum who who)
{
    play_lock_with(s, who, RECORD_UNLOCK, "site/NL01", NULL, 0);
}

void play_must_replay(struct scene *scene)
{
    CLEANUP(bytes_done) struct bytes before = {0}, after = {0};
    struct replay_options options = scene_replay_options(scene);
    CLEANUP(replay_freep) struct replay *replay = replay_new(&options);
    struct err err = {0};
    assert_status(scene_replay(scene, replay, &err), OK, &err);
    scene_dump(scene->state, &before);
    scene_dump(replay_state(replay), &after);
    assert_string_equal(bytes_text(&after), bytes_text(&before));
    assert_int_equal(replay_differences(replay), 0);
}

void play_check(void **state)
{
    const struct decide_row *row = *state;
    struct scene *scene = scene_ready();
    row->play(scene);
    const struct decision *decision = &scene->decision;
    const char *rule = decision->findings.count > 0 ? decision->findings.items[0].rule : "";
    bool accepted = row->status == 201;
    if (decision->http_status != row->status) {
        print_error("got %d %s at rung %d, rule %s\n", decision->http_status,
                    decision->code, decision->rung, rule);
    }
    assert_int_equal(decision->http_status, row->status);
    assert_int_equal(decision->accepted, accepted);
    assert_int_equal(decision->rung, row->rung);
    if (row->rule != NULL) {
        assert_string_equal(rule, row->rule);
    }
    if (!accepted) {
        assert_int_equal(decision->leaves_entry, row->trace != SILENT);
        assert_true(decision->findings.count > 0);
        assert_non_null(decision->title);
    }
    if (row->trace != STAGED) {
        play_must_replay(scene);
    }
    scene_free(scene);
}

const char *play_holds(struct scene *scene)
{
    CLEANUP(bytes_done) struct bytes holds = {0};
    struct rows found = state_rows(scene->state, TABLE_HOLD, scene->arena);
    for (size_t i = 0; i < found.count; i++) {
        const char *const *values = found.items[i]->values;
        bytes_printf(&holds, "%s%s %s %s", i > 0 ? "; " : "", values[HOLD_ACTIVITY],
                     values[HOLD_SCOPE], values[HOLD_STATE]);
    }
    return arena_text(scene->arena, bytes_text(&holds));
}
