/* SPDX-License-Identifier: Apache-2.0 */
/*
** Any bytes as the clinical data of another system for MABS06. Each form is merged with what
** the forms before it made of its key, as an import does. What is refused says why and where;
** what is set holds only what the definition has, each once, can be sent and read back, and
** merging it once more changes nothing.
*/
#include "clients/lib/odm_merge.h"
#include "protocol/study/messages.h"
#include "tests/fuzz/mabs06.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct importing {
    struct arena *arena;
    struct casebook book; /* of one subject: the keys' own does not count */
    const char *language;
};

static void check_refusal(const struct merged *merged)
{
    BUG_IF(merged->rule == NULL || merged->message == NULL || merged->line <= 0);
    BUG_IF(strstr(merged->message, merged->rule) == NULL);
}

static void check_items(const struct form_data *form, const struct form_def *def)
{
    for (size_t g = 0; g < form->count; g++) {
        const struct group_data *group = &form->groups[g];
        const struct group_ref *ref = form_group_ref(def, group->oid);
        BUG_IF(ref == NULL);
        for (size_t i = 0; i < group->count; i++) {
            const struct item_data *item = &group->items[i];
            const struct item_ref *item_ref = group_item_ref(ref->group, item->oid);
            BUG_IF(item_ref == NULL || item_ref->derived);
            BUG_IF((item->value == NULL) == (item->null == NOT_NULL));
            /* each once: the first of its key is itself */
            BUG_IF(form_item(form, group->oid, group->repeat, item->oid) != item);
        }
    }
}

/* Units are no business of the merge: the check refuses what is not known. */
static bool has_known_units(const struct form_data *form)
{
    for (size_t g = 0; g < form->count; g++) {
        for (size_t i = 0; i < form->groups[g].count; i++) {
            const struct item_data *item = &form->groups[g].items[i];
            if (item->unit != NULL &&
                study_unit(fuzz_mabs06()->study, item->unit) == NULL) {
                return false;
            }
        }
    }
    return true;
}

/* What is set is what a record can carry. */
static void check_sending(const struct form_data *form, struct arena *arena)
{
    CLEANUP(bytes_done) struct bytes once = {0}, twice = {0};
    struct json_out out = {.bytes = &once}, again = {.bytes = &twice};
    const struct json *json = NULL;
    struct form_data read;
    form_data_to_json(form, &out);
    BUG_IF(json_parse(span_bytes(&once), &JSON_RECORD, arena, &json, NULL) != OK);
    BUG_IF(form_data_from_json(json, arena, &read, NULL) != OK);
    form_data_to_json(&read, &again);
    BUG_IF(!span_equal(span_bytes(&once), span_bytes(&twice)));
}

static bool merge(void *arg, const struct odm_form *form)
{
    struct importing *importing = arg;
    struct odm_kept *kept = odm_keep(form, importing->arena);
    const struct form_key *key = &kept->form.key;
    const struct event_def *event =
        key->event != NULL ? version_event(fuzz_mabs06(), key->event) : NULL;
    const struct form_def *def =
        key->form != NULL ? version_form(fuzz_mabs06(), key->form) : NULL;
    if (event == NULL || def == NULL || importing->book.count > 20) {
        return true;
    }
    kept->form.key = odm_merge_key(kept, event, def);
    const struct form_data *old = casebook_form(&importing->book, &kept->form.key);
    struct merged merged =
        odm_merge(kept, def, old, false, importing->language, importing->arena);
    if (merged.kind == MERGE_REFUSE) {
        check_refusal(&merged);
        return true;
    }
    if (merged.kind == MERGE_REMOVE) {
        BUG_IF(old == NULL);
        importing->book =
            casebook_without(&importing->book, &kept->form.key, importing->arena);
        return true;
    }
    check_items(&merged.data, def);
    if (has_known_units(&merged.data)) {
        check_sending(&merged.data, importing->arena);
    }
    struct merged again =
        odm_merge(kept, def, &merged.data, true, importing->language, importing->arena);
    BUG_IF(again.kind != MERGE_SET);
    BUG_IF(form_diff(&merged.data, &again.data, importing->arena).count != 0);
    struct form_data *set = ARENA_NEW(importing->arena, struct form_data);
    *set = merged.data;
    importing->book = casebook_with(&importing->book, set, importing->arena);
    return true;
}

static void no_problem(void *arg, int line, const char *message)
{
    (void) arg;
    BUG_IF(line < 0 || message[0] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct importing importing = {.arena = arena,
                                  .language = LANGUAGES[size % LANGUAGES_SPOKEN]};
    const struct odm_data_handler handler = {merge, no_problem, &importing, NULL};
    size_t forms = 0;
    status got = odm_data_read(span_of(data, size), &handler, &forms, NULL);
    BUG_IF(got == OK && size == 0);
    return 0;
}
