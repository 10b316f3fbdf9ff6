/* SPDX-License-Identifier: Apache-2.0 */
/*
** Reading spells the path again and compares, so there is one spelling.
*/
#include "crypto/tile.h"

#include "base/text.h"

static void add_index(uint64_t index, struct bytes *out)
{
    unsigned groups[7]; /* 64 bits are 20 digits */
    size_t count = 0;
    do {
        groups[count++] = (unsigned) (index % 1000);
        index /= 1000;
    } while (index > 0);
    while (count-- > 1) {
        bytes_printf(out, "x%03u/", groups[count]);
    }
    bytes_printf(out, "%03u", groups[0]);
}

void tile_path_format(const struct tile *tile, struct bytes *out)
{
    if (tile->level == TILE_ENTRIES) {
        bytes_add_text(out, "tile/entries/");
    } else {
        bytes_printf(out, "tile/%d/", tile->level);
    }
    add_index(tile->index, out);
    if (tile->width < TILE_WIDTH) {
        bytes_printf(out, ".p/%u", tile->width);
    }
}

/* Take the three digits of GROUP into *index. */
static bool take_group(struct span group, uint64_t *index)
{
    uint64_t value = 0;
    for (size_t i = 0; i < group.size; i++) {
        if (group.data[i] < '0' || group.data[i] > '9') {
            return false;
        }
        value = value * 10 + (uint64_t) (group.data[i] - '0');
    }
    return group.size == 3 && !__builtin_mul_overflow(*index, (uint64_t) 1000, index) &&
           !__builtin_add_overflow(*index, value, index);
}

static bool take_width(struct span *rest, struct tile *tile)
{
    const uint8_t *dot = rest->size > 0 ? memchr(rest->data, '.', rest->size) : NULL;
    uint64_t width = TILE_WIDTH;
    if (dot != NULL) {
        size_t before = (size_t) (dot - rest->data);
        struct span suffix = span_of(dot, rest->size - before);
        if (!span_starts(suffix, ".p/") ||
            !text_to_u64(span_of(suffix.data + 3, suffix.size - 3), TILE_WIDTH - 1,
                         &width) ||
            width == 0) {
            return false;
        }
        rest->size = before;
    }
    tile->width = (unsigned) width;
    return true;
}

static bool take_level(struct span *rest, struct tile *tile)
{
    struct span level;
    uint64_t number = 0;
    if (!span_starts(*rest, "tile/")) {
        return false;
    }
    *rest = span_of(rest->data + 5, rest->size - 5);
    if (!span_cut(rest, '/', &level)) {
        return false;
    }
    if (span_is(level, "entries")) {
        tile->level = TILE_ENTRIES;
        return true;
    }
    if (!text_to_u64(level, TILE_LEVEL_MAX, &number)) {
        return false;
    }
    tile->level = (int) number;
    return true;
}

bool tile_path_parse(struct span path, struct tile *ret_tile)
{
    CLEANUP(bytes_done) struct bytes again = {0};
    struct tile tile = {0};
    struct span rest = path;
    struct span group;

    if (!take_level(&rest, &tile) || !take_width(&rest, &tile)) {
        return false;
    }
    while (span_cut(&rest, '/', &group)) {
        if (!span_starts(group, "x") ||
            !take_group(span_of(group.data + 1, group.size - 1), &tile.index)) {
            return false;
        }
    }
    if (!take_group(rest, &tile.index)) {
        return false;
    }
    tile_path_format(&tile, &again);
    if (!span_equal(span_bytes(&again), path)) {
        return false;
    }
    *ret_tile = tile;
    return true;
}

unsigned tile_width(int level, uint64_t index, uint64_t size)
{
    unsigned shift = level == TILE_ENTRIES ? 0 : 8 * (unsigned) level;
    uint64_t hashes = shift < 64 ? size >> shift : 0;
    if (index > hashes / TILE_WIDTH) {
        return 0;
    }
    uint64_t left = hashes - index * TILE_WIDTH;
    return left < TILE_WIDTH ? (unsigned) left : TILE_WIDTH;
}

void bundle_add(struct bytes *bundle, struct span entry)
{
    BUG_IF(entry.size > UINT16_MAX);
    bytes_add_char(bundle, (char) (uint8_t) (entry.size >> 8));
    bytes_add_char(bundle, (char) (uint8_t) entry.size);
    bytes_add_span(bundle, entry);
}

status bundle_parse(struct span bundle, size_t count, struct span *ret_entries,
                    struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (bundle.size < 2) {
            return FAIL(err, ERR_BAD_INPUT, "the bundle ends before entry %zu", i);
        }
        size_t size = (size_t) bundle.data[0] << 8 | bundle.data[1];
        if (bundle.size - 2 < size) {
            return FAIL(err, ERR_BAD_INPUT, "entry %zu of the bundle is cut", i);
        }
        ret_entries[i] = span_of(bundle.data + 2, size);
        bundle = span_of(bundle.data + 2 + size, bundle.size - 2 - size);
    }
    if (bundle.size > 0) {
        return FAIL(err, ERR_BAD_INPUT, "the bundle goes on behind its last entry");
    }
    return OK;
}
