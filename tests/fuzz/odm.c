/* SPDX-License-Identifier: Apache-2.0 */
/*
** odm: any bytes either load as a study whose parts are all there, or are refused with a
** reason; and the clinical data in them come form by form, each with a key.
*/
#include "protocol/study/odm.h"
#include "protocol/study/messages.h"
#include "protocol/study/odm_data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_version(const struct metadata_version *version)
{
    for (size_t i = 0; i < version->form_def_count; i++) {
        const struct form_def *form = version->form_defs[i];
        BUG_IF(version_form(version, form->oid) == NULL);
        for (size_t j = 0; j < form->group_count; j++) {
            const struct group_def *group = form->groups[j].group;
            BUG_IF(form_group_ref(form, group->oid) != &form->groups[j]);
            for (size_t k = 0; k < group->item_count; k++) {
                BUG_IF(group_item_ref(group, group->items[k].item->oid) == NULL);
            }
        }
    }
    for (size_t i = 0; i < version->item_def_count; i++) {
        const struct item_def *item = version->item_defs[i];
        BUG_IF(strlen(item->oid) > ODM_OID_MAX || item->name == NULL);
        BUG_IF(texts_get(&item->question, "nl") == NULL);
    }
}

static bool check_form(void *arg, const struct odm_form *form)
{
    size_t items = 0;
    BUG_IF(form->form.key.subject == NULL || form->file == NULL);
    BUG_IF(form->level == ODM_FORM && form->form.key.form == NULL);
    for (size_t i = 0; i < form->form.count; i++) {
        items += form->form.groups[i].count;
    }
    BUG_IF(items != form->change_count);
    ++*(size_t *) arg;
    return true;
}

static void note_problem(void *arg, int line, const char *message)
{
    (void) arg;
    BUG_IF(line < 0 || message[0] == '\0');
}

static void walk_data(struct span xml)
{
    size_t seen = 0, forms = 0;
    const struct odm_data_handler handler = {check_form, note_problem, &seen,
                                             LANGUAGES[xml.size % LANGUAGES_SPOKEN]};
    struct err err = {0};
    status got = odm_data_read(xml, &handler, &forms, &err);
    BUG_IF(seen != forms || (got != OK && err.what[0] == '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    walk_data(span_of(data, size));
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct study *study = NULL;
    struct odm_problems problems = {0};
    struct err err = {0};
    const struct odm_options options = {.language = LANGUAGES[size % LANGUAGES_SPOKEN]};
    status got =
        odm_read_with(span_of(data, size), &options, arena, &study, &problems, &err);
    BUG_IF((got == OK) != (study != NULL) || (got == OK) != (problems.refusing == 0));
    BUG_IF(problems.count > ODM_PROBLEMS_MAX || (got != OK && err.what[0] == '\0'));
    for (size_t i = 0; got == OK && i < study->version_count; i++) {
        check_version(study->versions[i]);
    }
    return 0;
}
