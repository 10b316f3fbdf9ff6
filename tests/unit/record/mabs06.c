/* SPDX-License-Identifier: Apache-2.0 */
/*
** A whole subject of MABS06: every form of tests/support/mabs06 in its order, then signatures
** for all of them, a lock by two persons, and the replay of it all with today's engine.
*/
#include "tests/support/files.h"
#include "tests/support/rows.h"
#include "tests/unit/record/play.h"

#define XML "protocol/trials/mabs06.xml"

static void must(const struct scene *scene, const char *what)
{
    const struct findings *findings = &scene->decision.findings;
    if (!scene->decision.accepted) {
        for (size_t i = 0; i < findings->count; i++) {
            print_error("%s: %d %s %s %s: %s\n", what, scene->decision.http_status,
                        findings->items[i].rule, findings->items[i].object,
                        findings->items[i].path, findings->items[i].message);
        }
        fail();
    }
}

static void submit_file(const char *path, void *arg)
{
    struct scene *scene = arg;
    CLEANUP(bytes_done) struct bytes data = read_file(path);
    scene_submit(scene, INVESTIGATOR, bytes_text(&data), NULL);
    must(scene, path);
}

/* Sign one form; what the refusal lists is confirmed with a reason, once. */
static void sign_form(struct scene *scene, const char *object)
{
    play_sign(scene, INVESTIGATOR, object);
    if (scene->decision.accepted) {
        return;
    }
    struct findings gates = scene->decision.findings;
    struct confirmed *confirmed =
        ARENA_ARRAY(scene->arena, gates.count + 1, struct confirmed);
    for (size_t i = 0; i < gates.count; i++) {
        const struct finding *gate = &gates.items[i];
        confirmed[i] = (struct confirmed){*gate->object != 0 ? gate->object : object,
                                          *gate->path != 0 ? gate->path : NULL, gate->rule,
                                          "seen at the source"};
    }
    play_sign_with(scene, INVESTIGATOR, object, confirmed, gates.count);
    must(scene, object);
}

static void a_subject_from_consent_to_lock(void **unused)
{
    (void) unused;
    CLEANUP(bytes_done) struct bytes before = {0}, after = {0};
    struct scene *scene = scene_ready_with(XML);
    size_t count = each_file("tests/support/mabs06", ".json", submit_file, scene);
    assert_true(count >= 60);
    struct rows forms = state_forms(scene->state, SUBJECT, false, scene->arena);
    assert_int_equal(forms.count, count);
    const char **objects = ARENA_ARRAY(scene->arena, forms.count, const char *);
    for (size_t i = 0; i < forms.count; i++) {
        objects[i] = arena_text(scene->arena, forms.items[i]->values[FORM_OBJECT]);
    }
    for (size_t i = 0; i < count; i++) {
        sign_form(scene, objects[i]);
        assert_true(row_is(state_form(scene->state, objects[i]), FORM_STATE, "signed"));
    }
    play_lock(scene, DATA_MANAGER, "site/NL01");
    must(scene, "lock");
    play_lock(scene, SPONSOR, "site/NL01");
    must(scene, "lock");

    struct replay_options options = scene_replay_options(scene);
    CLEANUP(replay_freep) struct replay *replay = replay_new(&options);
    struct err err = {0};
    assert_status(scene_replay(scene, replay, &err), OK, &err);
    assert_int_equal(replay_differences(replay), 0);
    scene_dump(scene->state, &before);
    scene_dump(replay_state(replay), &after);
    assert_string_equal(bytes_text(&after), bytes_text(&before));
    scene_free(scene);
}

int main(void)
{
    add_test("a subject from consent to lock", a_subject_from_consent_to_lock);
    return run_added("record_mabs06");
}
