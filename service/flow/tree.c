/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/tree.h"

#define LEVELS 8 /* 0, 8, ..., 56 */

struct hashes {
    struct digest *items;
    size_t count, capacity;
};

/* levels[0] holds the leaves of the unfinished tile only; levels[k] all roots of level
 * 8k. */
struct tree {
    struct frontier frontier;
    struct hashes levels[LEVELS];
};

struct tree *tree_new(void)
{
    return mem_alloc(sizeof(struct tree));
}

void tree_clear(struct tree *tree)
{
    for (size_t i = 0; i < LEVELS; i++) {
        free(tree->levels[i].items);
    }
    memset(tree, 0, sizeof(*tree));
}

void tree_free(struct tree *tree)
{
    if (tree != NULL) {
        tree_clear(tree);
        free(tree);
    }
}

static void push(struct hashes *hashes, const struct digest *hash)
{
    if (hashes->count == hashes->capacity) {
        hashes->capacity = hashes->capacity > 0 ? hashes->capacity * 2 : TILE_WIDTH;
        hashes->items = mem_grow(hashes->items, hashes->capacity, sizeof(*hashes->items));
    }
    hashes->items[hashes->count++] = *hash;
}

/* The root of 256 hashes that stand side by side. */
static void tile_root(const struct digest *hashes, struct digest *ret_root)
{
    struct digest row[TILE_WIDTH];
    memcpy(row, hashes, sizeof(row));
    for (size_t n = TILE_WIDTH / 2; n > 0; n /= 2) {
        for (size_t i = 0; i < n; i++) {
            merkle_node(&row[2 * i], &row[2 * i + 1], &row[i]);
        }
    }
    *ret_root = row[0];
}

/* One more root at level 8, and above it the tiles that it fills. */
static void add_tile(struct tree *tree, const struct digest *hash)
{
    push(&tree->levels[1], hash);
    for (size_t k = 1; k + 1 < LEVELS && tree->levels[k].count % TILE_WIDTH == 0; k++) {
        struct digest root;
        tile_root(tree->levels[k].items + tree->levels[k].count - TILE_WIDTH, &root);
        push(&tree->levels[k + 1], &root);
    }
}

void tree_add(struct tree *tree, const struct digest *leaf)
{
    frontier_append(&tree->frontier, leaf);
    push(&tree->levels[0], leaf);
    if (tree->levels[0].count == TILE_WIDTH) {
        struct digest root;
        tile_root(tree->levels[0].items, &root);
        tree->levels[0].count = 0;
        add_tile(tree, &root);
    }
}

const struct frontier *tree_frontier(const struct tree *tree)
{
    return &tree->frontier;
}

uint64_t tree_size(const struct tree *tree)
{
    return tree->frontier.size;
}

void tree_add_tile(struct tree *tree, const struct digest *hash)
{
    add_tile(tree, hash);
}

void tree_add_tail(struct tree *tree, const struct digest *leaf)
{
    push(&tree->levels[0], leaf);
}

static status read_hashes(void *arg, unsigned level, uint64_t first, size_t count,
                          struct digest *ret_hashes, struct err *err)
{
    const struct tree_reader *reader = arg;
    if (level > 0) {
        return tree_hashes(reader->tree, level, first, count, ret_hashes)
                   ? OK
                   : FAIL(err, ERR_TAMPERED, "the roots of full tiles are not all there");
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t seq = first + i;
        const struct digest *leaf = tree_tail(reader->tree, seq);
        for (size_t k = 0; leaf == NULL && k < ARRAY_LEN(reader->fetched); k++) {
            const struct tree_leaves *piece = &reader->fetched[k];
            bool has = seq >= piece->first && seq - piece->first < piece->count;
            leaf = has ? &piece->hashes[seq - piece->first] : NULL;
        }
        if (leaf == NULL) {
            return FAIL(err, ERR_BUSY, "the leaves of tile %llu were not fetched",
                        (unsigned long long) (seq / TILE_WIDTH));
        }
        ret_hashes[i] = *leaf;
    }
    return OK;
}

struct tree_source tree_reader_source(struct tree_reader *reader)
{
    return (struct tree_source){.read = read_hashes, .arg = reader};
}

status tree_same(const struct frontier *have, const struct frontier *want,
                 const char *whose, struct err *err)
{
    uint64_t first = 0;
    size_t peak = 0;
    for (unsigned bit = MERKLE_PEAKS_MAX; bit-- > 0;) {
        uint64_t width = (uint64_t) 1 << bit;
        if ((want->size & width) == 0) {
            continue;
        }
        if (!digest_equal(&have->peaks[peak], &want->peaks[peak])) {
            return FAIL(err, ERR_TAMPERED, "entries %llu to %llu are not those %s",
                        (unsigned long long) first,
                        (unsigned long long) (first + width - 1), whose);
        }
        peak++;
        first += width;
    }
    return OK;
}

status tree_frontier_at(const struct tree *tree, uint64_t size,
                        struct frontier *ret_frontier, struct err *err)
{
    struct tree_reader reader = {.tree = tree};
    struct tree_source source = tree_reader_source(&reader);
    return merkle_read_frontier(&source, size, ret_frontier, err);
}

status tree_check(struct tree *tree, const struct frontier *frontier, struct err *err)
{
    uint64_t size = frontier->size;
    struct frontier read;
    if (tree->levels[0].count != size % TILE_WIDTH ||
        tree->levels[1].count != size / TILE_WIDTH) {
        return FAIL(err, ERR_TAMPERED,
                    "%zu full tiles and %zu entries behind them are stored,"
                    " but the log has %llu entries",
                    tree->levels[1].count, tree->levels[0].count,
                    (unsigned long long) size);
    }
    tree->frontier.size = size; /* so that tree_tail() counts from the right place */
    TRY(tree_frontier_at(tree, size, &read, err));
    TRY(tree_same(&read, frontier, "of the log's head", err));
    tree->frontier = *frontier;
    return OK;
}

const struct digest *tree_tile(const struct tree *tree, uint64_t index)
{
    return index < tree->levels[1].count ? &tree->levels[1].items[index] : NULL;
}

const struct digest *tree_tail(const struct tree *tree, uint64_t seq)
{
    uint64_t first = tree->frontier.size - tree->levels[0].count;
    return seq >= first && seq - first < tree->levels[0].count
               ? &tree->levels[0].items[seq - first]
               : NULL;
}

bool tree_hashes(const struct tree *tree, unsigned level, uint64_t first, size_t count,
                 struct digest *ret_hashes)
{
    if (level % 8 != 0 || level == 0 || level / 8 >= LEVELS) {
        return false;
    }
    const struct hashes *hashes = &tree->levels[level / 8];
    if (first > hashes->count || count > hashes->count - first) {
        return false;
    }
    memcpy(ret_hashes, hashes->items + first, count * sizeof(*ret_hashes));
    return true;
}
