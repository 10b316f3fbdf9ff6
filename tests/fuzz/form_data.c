/* SPDX-License-Identifier: Apache-2.0 */
/*
** form_data: any JSON either is refused or is a form that is written and read again the same,
** does not differ from itself, and is judged by all checks of a real definition twice alike,
** at submission, signature and lock.
*/
#include "protocol/study/check.h"
#include "protocol/study/odm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct metadata_version *definition(void)
{
    static const struct study *study;
    static struct arena *arena;
    if (arena == NULL) {
        CLEANUP(bytes_done) struct bytes xml = {0};
        struct odm_problems problems = {0};
        struct err err = {0};
        char buffer[65536];
        FILE *file = fopen("protocol/trials/mabs06.xml", "rb");
        if (file == NULL) {
            die(WHERE, "run in the root of the repository");
        }
        for (size_t n; (n = fread(buffer, 1, sizeof(buffer), file)) > 0;) {
            bytes_add(&xml, buffer, n);
        }
        (void) fclose(file);
        arena = arena_new();
        BUG_IF(odm_read(span_bytes(&xml), arena, &study, &problems, &err) != OK);
    }
    return study->versions[0];
}

static void judge(const struct form_data *form, struct arena *arena)
{
    const struct metadata_version *version = definition();
    struct check_context context = {.signed_at = (instant) 1795252447 * SECOND};
    struct form_data other = *form;
    other.key.form_repeat = form->key.form_repeat != NULL ? NULL : "k";
    struct casebook book = casebook_with(NULL, &other, arena);
    struct findings first = {.arena = arena, .language = "en"};
    struct findings second = {.arena = arena, .language = "en"};
    struct derived_list derived;
    check_form(version, &book, form, &context, &first, &derived);
    check_form(version, &book, form, &context, &second, NULL);
    BUG_IF(first.count != second.count);
    for (size_t i = 0; i < first.count; i++) {
        struct item_key key;
        const char *path = first.items[i].path;
        BUG_IF(strcmp(first.items[i].message, second.items[i].message) != 0);
        BUG_IF(path[0] != '\0' && !item_path_parse(span_text(path), arena, &key));
    }
    check_sign(version, &book, &other.key, 1, &context, &second);
    check_lock(version, &book, &context, &second);
    (void) safety_read(version, &book, form, &context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes out = {0};
    const struct json *json = NULL;
    struct form_data form = {0}, again = {0};
    struct form_key key;
    struct err err;
    if (json_parse(span_of(data, size), &JSON_RECORD, arena, &json, &err) != OK ||
        form_data_from_json(json, arena, &form, &err) != OK) {
        return 0;
    }
    form_data_to_json(&form, &(struct json_out){.bytes = &out});
    BUG_IF(json_parse(span_bytes(&out), &JSON_RECORD, arena, &json, &err) != OK);
    BUG_IF(form_data_from_json(json, arena, &again, &err) != OK);
    BUG_IF(form_diff(&form, &again, arena).count != 0);
    BUG_IF(!form_key_parse(span_text(form_key_path(arena, &form.key)), arena, &key));
    BUG_IF(!form_key_equal(&key, &form.key));
    judge(&form, arena);
    return 0;
}
