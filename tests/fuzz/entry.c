/* SPDX-License-Identifier: Apache-2.0 */
/*
** Any bytes as an entry, an object path, a tile path and a bundle: what is read writes
** itself again, to the byte.
*/
#include "crypto/entry.h"
#include "crypto/object.h"
#include "crypto/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_entry(struct span text)
{
    CLEANUP(bytes_done) struct bytes again = {0};
    struct entry entry;
    struct err err;
    if (entry_parse(text, &entry, &err) == OK) {
        BUG_IF(entry_encode(&entry, &again, &err) != OK);
        BUG_IF(!span_equal(text, span_bytes(&again)));
    }
}

static void try_object(struct span text)
{
    CLEANUP(bytes_done) struct bytes again = {0};
    CLEANUP(bytes_done) struct bytes segment = {0};
    struct span rest = text;
    while (rest.data != NULL) {
        if (!object_cut(&rest, &segment)) {
            return;
        }
        object_add(&again, span_bytes(&segment));
    }
    BUG_IF(text.data != NULL && !span_equal(text, span_bytes(&again)));
}

static void try_tile(struct span text)
{
    CLEANUP(bytes_done) struct bytes again = {0};
    struct span entries[3];
    struct tile tile;
    struct err err;
    if (tile_path_parse(text, &tile)) {
        tile_path_format(&tile, &again);
        BUG_IF(!span_equal(text, span_bytes(&again)));
    }
    bytes_clear(&again);
    if (bundle_parse(text, ARRAY_LEN(entries), entries, &err) == OK) {
        for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
            bundle_add(&again, entries[i]);
        }
        BUG_IF(!span_equal(text, span_bytes(&again)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = span_of(data, size);
    try_entry(text);
    try_object(text);
    try_tile(text);
    return 0;
}
