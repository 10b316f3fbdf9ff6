/* SPDX-License-Identifier: Apache-2.0 */
/*
** settings: a configuration file is read within the table's bounds or refused with a place;
** what the dump writes reads as the same values.
*/
#include "base/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct values {
    const char *name;
    int64_t count;
    bool flag;
    struct setting_list list;
};

static const struct setting table[] = {
    {"name", SETTING_TEXT, offsetof(struct values, name), "x", 0, 0, "A text.", false},
    {"count", SETTING_INTEGER, offsetof(struct values, count), "5", -10, 10, "A number.",
     false},
    {"flag", SETTING_BOOL, offsetof(struct values, flag), "no", 0, 0, "A flag.", false},
    {"list", SETTING_LIST, offsetof(struct values, list), NULL, 0, 0, "A list.", false},
    {0},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes first = {0};
    CLEANUP(bytes_done) struct bytes second = {0};
    struct values values = {0};
    struct values again = {0};
    struct err err;
    BUG_IF(settings_init(table, arena, &values, &err) != OK);
    if (settings_read(table, arena, &values, "file", span_of(data, size), &err) != OK) {
        BUG_IF(strncmp(err.what, "file", 4) != 0);
        return 0;
    }
    BUG_IF(values.count < -10 || values.count > 10 || values.name == NULL);
    settings_dump(table, &values, &first);
    BUG_IF(settings_init(table, arena, &again, &err) != OK);
    BUG_IF(settings_read(table, arena, &again, "file", span_bytes(&first), &err) != OK);
    settings_dump(table, &again, &second);
    BUG_IF(!span_equal(span_bytes(&first), span_bytes(&second)));
    return 0;
}
