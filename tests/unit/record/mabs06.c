/* SPDX-License-Identifier: Apache-2.0 */
/*
** The whole subject of whole.h, and the replay of it all with the engine of today.
*/
#include "tests/support/rows.h"
#include "tests/unit/record/whole.h"

static void a_subject_from_consent_to_lock(void **unused)
{
    (void) unused;
    CLEANUP(bytes_done) struct bytes before = {0}, after = {0};
    struct scene *scene = whole_forms();
    whole_close(scene);

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
