/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/record/whole.h"

#include "tests/support/files.h"
#include "tests/support/rows.h"

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

struct scene *whole_forms(void)
{
    struct scene *scene = scene_ready_with(WHOLE_XML);
    size_t count = each_file(WHOLE_FORMS, ".json", submit_file, scene);
    struct rows forms = state_forms(scene->state, SUBJECT, false, scene->arena);
    assert_true(count >= 60);
    assert_int_equal(forms.count, count);
    return scene;
}

static void sign_forms(struct scene *scene, struct rows forms)
{
    const char **objects = ARENA_ARRAY(scene->arena, forms.count, const char *);
    for (size_t i = 0; i < forms.count; i++) {
        objects[i] = arena_text(scene->arena, forms.items[i]->values[FORM_OBJECT]);
    }
    for (size_t i = 0; i < forms.count; i++) {
        sign_form(scene, objects[i]);
        assert_true(row_is(state_form(scene->state, objects[i]), FORM_STATE, "signed"));
    }
}

void whole_sign_all(struct scene *scene)
{
    struct rows subjects = state_rows(scene->state, TABLE_SUBJECT, scene->arena);
    for (size_t i = 0; i < subjects.count; i++) {
        const char *subject = subjects.items[i]->values[SUBJECT_SUBJECT];
        sign_forms(scene, state_forms(scene->state, subject, false, scene->arena));
    }
}

void whole_lock(struct scene *scene)
{
    play_lock(scene, DATA_MANAGER, "site/NL01");
    must(scene, "lock");
    play_lock(scene, SPONSOR, "site/NL01");
    must(scene, "lock");
}

void whole_close(struct scene *scene)
{
    sign_forms(scene, state_forms(scene->state, SUBJECT, false, scene->arena));
    whole_lock(scene);
}
