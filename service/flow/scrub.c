/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/scrub.h"

#include "service/flow/ledger.h"
#include "service/flow/line.h"

static uint64_t first_of(const struct scrub *scrub)
{
    return scrub->tile * TILE_WIDTH;
}

static uint64_t end_of(const struct scrub *scrub)
{
    uint64_t first = first_of(scrub);
    return scrub->size - first < TILE_WIDTH ? scrub->size : first + TILE_WIDTH;
}

void scrub_add(struct scrub *scrub, struct pg_batch *batch)
{
    uint64_t sizes[TILE_WIDTH];
    int log_id = scrub->ledger->log_id;
    scrub->size = tree_size(scrub->ledger->tree);
    size_t count = (size_t) (end_of(scrub) - first_of(scrub));
    for (size_t i = 0; i < count; i++) {
        sizes[i] = first_of(scrub) + i + 1;
    }
    store_add_lines(batch, log_id, first_of(scrub), end_of(scrub));
    store_add_roots(batch, log_id, sizes, count);
    scrub_ids_add(scrub, batch);
    if (scrub->tile == 0) { /* once a round */
        store_add_tiles(batch, log_id);
        scrub_totals_add(scrub, batch);
    }
}

/* The entries of the tile, each behind the one before. */
static status take_lines(struct scrub *scrub, const struct pg_rows *rows,
                         struct digest *ret_leaves, struct err *err)
{
    const char *origin = scrub->ledger->origin;
    const struct digest *prev = &scrub->last;
    for (uint64_t seq = first_of(scrub); seq < end_of(scrub); seq++) {
        size_t i = (size_t) (seq - first_of(scrub));
        struct store_line line = {.seq = scrub->size}; /* another than SEQ: missing */
        struct entry entry;
        if (i < pg_rows_count(rows)) {
            TRY(store_take_line(rows, i, &line, err));
        }
        const struct digest *mine = tree_tail(scrub->ledger->tree, seq);
        if (line.seq == seq && mine != NULL && !digest_equal(mine, &line.leaf)) {
            return FAIL(err, ERR_TAMPERED, "entry %llu is not the one that was signed",
                        (unsigned long long) seq);
        }
        TRY(line_check(&line, origin, seq, prev, &entry, err));
        TRY(scrub_ids_collect(scrub, &line, &entry, err));
        ret_leaves[i] = line.leaf;
        prev = &ret_leaves[i];
    }
    return OK;
}

static status compare_tile(const struct scrub *scrub, const struct digest *leaves,
                           struct err *err)
{
    struct frontier frontier = {0};
    struct digest have;
    const struct digest *root = tree_tile(scrub->ledger->tree, scrub->tile);
    if (root == NULL || end_of(scrub) - first_of(scrub) < TILE_WIDTH) {
        return OK;
    }
    for (size_t i = 0; i < TILE_WIDTH; i++) {
        frontier_append(&frontier, &leaves[i]);
    }
    frontier_root(&frontier, &have);
    return digest_equal(&have, root)
               ? OK
               : FAIL(err, ERR_TAMPERED,
                      "entries %llu to %llu are not those that were signed",
                      (unsigned long long) first_of(scrub),
                      (unsigned long long) end_of(scrub) - 1);
}

/* FRONTIER, on which LEAVES follow, gives the roots that are stored. */
static status compare_roots(const struct pg_rows *rows, struct frontier *frontier,
                            const struct digest *leaves, size_t count, struct err *err)
{
    struct digest stored[TILE_WIDTH];
    bool has[TILE_WIDTH] = {false};
    for (size_t row = 0; row < pg_rows_count(rows); row++) {
        uint64_t size = 0;
        struct digest root;
        TRY(store_take_root(rows, row, &size, &root, err));
        if (size > frontier->size && size <= frontier->size + count) {
            has[size - frontier->size - 1] = true;
            stored[size - frontier->size - 1] = root;
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct digest root;
        frontier_append(frontier, &leaves[i]);
        frontier_root(frontier, &root);
        if (has[i] && !digest_equal(&root, &stored[i])) {
            return FAIL(err, ERR_TAMPERED,
                        "the root at size %llu is not the one that was published",
                        (unsigned long long) frontier->size);
        }
    }
    return OK;
}

static status compare_tile_roots(const struct scrub *scrub, const struct pg_rows *rows,
                                 struct err *err)
{
    uint64_t full = 0;
    for (size_t row = 0; row < pg_rows_count(rows); row++) {
        struct store_tile tile;
        struct digest mine;
        TRY(store_take_tile(rows, row, &tile, err));
        full += tile.level == 8 && tile.index < scrub->size / TILE_WIDTH;
        if (tree_hashes(scrub->ledger->tree, (unsigned) tile.level, tile.index, 1, &mine) &&
            !digest_equal(&mine, &tile.hash)) {
            return FAIL(err, ERR_TAMPERED,
                        "the root of tile %llu (level %d) is not what it was",
                        (unsigned long long) tile.index, tile.level);
        }
    }
    return full == scrub->size / TILE_WIDTH
               ? OK
               : FAIL(err, ERR_TAMPERED, "the roots of %llu tiles are stored, not of %llu",
                      (unsigned long long) full,
                      (unsigned long long) scrub->size / TILE_WIDTH);
}

static void step(struct scrub *scrub, const struct frontier *after,
                 const struct digest *last)
{
    bool round = end_of(scrub) == scrub->size;
    if (round) {
        scrub_ids_end(scrub);
    }
    scrub->ledger->service->metrics.scrubbed += end_of(scrub) - first_of(scrub);
    scrub->tile = round ? 0 : scrub->tile + 1;
    scrub->before = round ? (struct frontier){0} : *after;
    scrub->last = round ? (struct digest){0} : *last;
}

status scrub_take(struct scrub *scrub, const struct pg_rows *const *rows, struct err *err)
{
    struct digest leaves[TILE_WIDTH];
    struct frontier frontier = scrub->before;
    size_t count = (size_t) (end_of(scrub) - first_of(scrub));
    TRY(scrub_ids_take(scrub, rows[2], err));
    TRY(take_lines(scrub, rows[0], leaves, err));
    TRY(compare_tile(scrub, leaves, err));
    TRY(compare_roots(rows[1], &frontier, leaves, count, err));
    if (scrub->tile == 0) {
        TRY(compare_tile_roots(scrub, rows[3], err));
        TRY(scrub_totals_take(scrub, rows + 4, err));
    }
    step(scrub, &frontier, &leaves[count - 1]);
    return OK;
}
