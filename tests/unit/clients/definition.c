/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/clients/definition.h"

#include "protocol/study/odm.h"
#include "tests/support/files.h"

static struct arena *kept;
static struct time_zone *zone;

static void forget(void)
{
    arena_free(kept);
    time_zone_close(zone);
}

const struct metadata_version *mabs06(void)
{
    static const struct metadata_version *version;
    if (version != NULL) {
        return version;
    }
    struct err err = {0};
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    CLEANUP(bytes_done) struct bytes xml = read_file("protocol/trials/mabs06.xml");
    kept = arena_new();
    (void) atexit(forget);
    struct span text = arena_span(kept, span_bytes(&xml));
    if (odm_read(text, kept, &study, &problems, &err) != OK) {
        die(WHERE, err.what);
    }
    version = study->versions[0];
    return version;
}

struct form_data mabs06_form(const char *file, struct arena *arena)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    struct err err = {0};
    const struct json *root = NULL;
    struct form_data form = {0};
    bytes_printf(&path, "tests/support/mabs06/%s", file);
    CLEANUP(bytes_done) struct bytes text = read_file(bytes_text(&path));
    if (json_parse(span_bytes(&text), &JSON_RECORD, arena, &root, &err) != OK ||
        form_data_from_json(root, arena, &form, &err) != OK) {
        die(WHERE, err.what);
    }
    return form;
}

const struct time_zone *amsterdam(void)
{
    struct err err = {0};
    (void) mabs06();
    if (zone == NULL && time_zone_open("Europe/Amsterdam", &zone, &err) != OK) {
        die(WHERE, err.what);
    }
    return zone;
}

struct typed_context typed_in(struct arena *arena, const char *language)
{
    return (struct typed_context){.arena = arena,
                                  .language = language,
                                  .zone = amsterdam(),
                                  .has_date = true,
                                  .date = date_to_days(2026, 3, 14)};
}
