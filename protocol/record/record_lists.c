/* SPDX-License-Identifier: Apache-2.0 */
/*
** The members of a payload that are lists: what is signed, what is confirmed, dictionaries.
** Split from record_read.c by size alone; the same rules hold.
*/
#include "protocol/record/record_impl.h"

/* An array of 1 to RECORD_LIST_MAX objects (EMPTY: 0 is right too); NULL otherwise. */
static const struct json *read_list(struct reading *reading, const struct json *from,
                                    const char *path, const char *name, bool empty)
{
    const struct json *list = json_get(from, name);
    bool good = list != NULL && list->kind == J_ARRAY && list->count <= RECORD_LIST_MAX &&
                (empty || list->count > 0);
    for (size_t i = 0; good && i < list->count; i++) {
        good = list->items[i].kind == J_OBJECT;
    }
    if (!good) {
        shape_add(reading, shape_join(reading, path, name),
                  list == NULL ? "SHAPE-01" : "SHAPE-09",
                  "This must be a list of objects, neither empty nor too long.");
    }
    return good ? list : NULL;
}

void read_objects(struct reading *reading, const struct json *data,
                  struct form_sign_data *sign)
{
    static const char *const names[] = {"object", "leaf", NULL};
    static const struct member_info object = {.name = "object", .kind = MEMBER_FORM_PATH};
    static const struct member_info leaf = {.name = "leaf", .kind = MEMBER_LEAF};
    const struct json *list = read_list(reading, data, "data", "objects", false);
    size_t count = list != NULL ? list->count : 0;
    struct signed_object *items =
        ARENA_ARRAY(reading->arena, count + 1, struct signed_object);
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_printf(reading->arena, "data.objects.%zu", i);
        shape_names(reading, path, &list->items[i], names);
        items[i].object = read_text(reading, &list->items[i], path, &object);
        items[i].leaf = read_text(reading, &list->items[i], path, &leaf);
        const char *first = items[0].object;
        if (first != NULL && items[i].object != NULL) {
            size_t length = strcspn(first + strlen("subject/"), "/") + strlen("subject//");
            if (strncmp(first, items[i].object, length) != 0) {
                shape_add(reading, path, "SHAPE-09",
                          "A signature covers the forms of one subject.");
            }
        }
    }
    sign->objects = items;
    sign->object_count = count;
}

size_t read_confirmed(struct reading *reading, const struct json *data,
                      const struct confirmed **ret_items)
{
    static const char *const names[] = {"object", "path", "rule", "reason", NULL};
    static const struct member_info object = {.name = "object", .kind = MEMBER_FORM_PATH};
    static const struct member_info path = {
        .name = "path", .kind = MEMBER_ITEM_PATH, .null = true};
    static const struct member_info rule = {
        .name = "rule", .kind = MEMBER_TOKEN, .max = RECORD_TOKEN_MAX};
    static const struct member_info reason = {
        .name = "reason", .kind = MEMBER_TEXT, .max = RECORD_TEXT_MAX};
    if (json_get(data, "confirmed") == NULL) {
        return 0;
    }
    const struct json *list = read_list(reading, data, "data", "confirmed", true);
    size_t count = list != NULL ? list->count : 0;
    struct confirmed *items = ARENA_ARRAY(reading->arena, count + 1, struct confirmed);
    for (size_t i = 0; i < count; i++) {
        const struct json *from = &list->items[i];
        const char *at = arena_printf(reading->arena, "data.confirmed.%zu", i);
        shape_names(reading, at, from, names);
        items[i] = (struct confirmed){
            read_text(reading, from, at, &object), read_text(reading, from, at, &path),
            read_text(reading, from, at, &rule), read_text(reading, from, at, &reason)};
    }
    *ret_items = items;
    return count;
}

void read_dictionaries(struct reading *reading, const struct json *data,
                       struct study_amend_data *amend)
{
    static const char *const names[] = {"name", "version", "sha256", NULL};
    static const struct member_info name = {
        .name = "name", .kind = MEMBER_NAME, .max = RECORD_NAME_MAX};
    static const struct member_info version = {
        .name = "version", .kind = MEMBER_NAME, .max = RECORD_NAME_MAX};
    static const struct member_info sha256 = {.name = "sha256", .kind = MEMBER_HEX};
    const struct json *list = read_list(reading, data, "data", "dictionaries", true);
    size_t count = list != NULL ? list->count : 0;
    struct dictionary_ref *items =
        ARENA_ARRAY(reading->arena, count + 1, struct dictionary_ref);
    for (size_t i = 0; i < count; i++) {
        const struct json *from = &list->items[i];
        const char *at = arena_printf(reading->arena, "data.dictionaries.%zu", i);
        shape_names(reading, at, from, names);
        items[i] = (struct dictionary_ref){read_text(reading, from, at, &name),
                                           read_text(reading, from, at, &version),
                                           read_text(reading, from, at, &sha256)};
    }
    amend->dictionaries = items;
    amend->dictionary_count = count;
}
