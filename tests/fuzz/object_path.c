/* SPDX-License-Identifier: Apache-2.0 */
/*
** object_path: a path that is read is written again to the same bytes, so every thing has one
** name only.
*/
#include "protocol/study/casebook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct span path = span_of(data, size);
    struct form_key form;
    struct item_key item;
    if (form_key_parse(path, arena, &form)) {
        BUG_IF(!span_is(path, form_key_path(arena, &form)));
    }
    if (item_path_parse(path, arena, &item)) {
        BUG_IF(!span_is(path, item_path(arena, item.group, item.group_repeat, item.item)));
    }
    return 0;
}
