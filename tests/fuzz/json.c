/* SPDX-License-Identifier: Apache-2.0 */
/*
** json: any bytes either are refused or become a tree that is written and read again to the
** same bytes, with the limits kept.
*/
#include "base/json.h"

#include "base/json_out.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_limits(const struct json *value, size_t depth)
{
    BUG_IF(value->kind >= J_ARRAY && depth > JSON_RECORD.depth);
    BUG_IF(value->kind == J_STRING && value->count > JSON_RECORD.string);
    BUG_IF(value->kind == J_STRING && strlen(value->string) != value->count);
    for (size_t i = 0; value->kind >= J_ARRAY && i < value->count; i++) {
        BUG_IF((value->items[i].name != NULL) != (value->kind == J_OBJECT));
        check_limits(&value->items[i], depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes first = {0};
    CLEANUP(bytes_done) struct bytes second = {0};
    const struct json *root = NULL;
    const struct json *again = NULL;
    struct err err;
    if (json_parse(span_of(data, size), &JSON_RECORD, arena, &root, &err) != OK) {
        BUG_IF(root != NULL || err.what[0] == '\0');
        return 0;
    }
    check_limits(root, 1);
    json_put_value(&(struct json_out){.bytes = &first}, root);
    BUG_IF(json_parse(span_bytes(&first), &JSON_RECORD, arena, &again, &err) != OK);
    json_put_value(&(struct json_out){.bytes = &second}, again);
    BUG_IF(!span_equal(span_bytes(&first), span_bytes(&second)));
    return 0;
}
