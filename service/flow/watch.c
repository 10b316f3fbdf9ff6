/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/watch.h"

#include <stdlib.h>

#include "base/log.h"
#include "crypto/entry.h"
#include "service/flow/ledger.h"
#include "service/flow/writer.h"
#include "service/loop/loop.h"

#define LOOK_PAUSE SECOND
#define PATIENCE   (20 * SECOND)

struct watch {
    struct ledger *ledger;
    struct loop_timer *look, *scrub;
    uint64_t tile; /* that is compared next */
    uint64_t size; /* of the tree when it was asked for */
    instant clock_difference;
    bool looking, scrubbing; /* an answer is on its way */
    bool closed;             /* free when it has come */
};

static instant now(const struct watch *watch)
{
    return loop_now(watch->ledger->service->loop);
}

/* True if the watch was closed while an answer was on its way; frees it after the last. */
static bool is_over(struct watch *watch, bool *under_way)
{
    *under_way = false;
    if (watch->closed && !watch->looking && !watch->scrubbing) {
        free(watch);
        return true;
    }
    return watch->closed;
}

/* ---- the head and the clock ---- */

static status compare_head(struct watch *watch, const struct pg_answer *answer,
                           struct err *err)
{
    struct ledger *ledger = watch->ledger;
    struct store_head head;
    struct state_head mine = state_head(ledger->state);
    TRY(store_take_head(answer->rows[0], &head, err));
    watch->clock_difference =
        pg_time(answer->rows[1], 0, 0) - clock_now(ledger->service->clock);
    if (!writer_is_idle(ledger->writer)) {
        return OK; /* memory is ahead or behind by the batch in work, which compares itself */
    }
    if (head.size < mine.size) {
        return FAIL(err, ERR_TAMPERED,
                    "the log in the database has %llu entries, it had %llu: it was cut or"
                    " restored from an older copy",
                    (unsigned long long) head.size, (unsigned long long) mine.size);
    }
    if (head.size == mine.size && !digest_equal(&head.leaf, &mine.leaf)) {
        return FAIL(err, ERR_TAMPERED, "the head's leaf is not that of entry %llu",
                    (unsigned long long) mine.size - 1);
    }
    if (head.size > mine.size) {
        writer_catch_up(ledger->writer);
    }
    return OK;
}

static void took_look(void *arg, const struct pg_answer *answer)
{
    struct watch *watch = arg;
    struct err err;
    if (is_over(watch, &watch->looking) || watch->ledger->phase != LEDGER_OPEN) {
        return;
    }
    if (answer->status == OK && compare_head(watch, answer, &err) != OK) {
        ledger_halt(watch->ledger, &err);
        return;
    }
    loop_timer_set(watch->look, now(watch) + LOOK_PAUSE);
}

static void look(void *arg)
{
    struct watch *watch = arg;
    struct service *service = watch->ledger->service;
    struct pg_batch *batch = pg_batch_new();
    struct err err;
    store_add_head(batch, watch->ledger->log_id);
    pg_batch_add(batch, &PG_NOW);
    watch->looking = true;
    if (pg_pool_ask(service->readers, batch, now(watch) + PATIENCE, took_look, watch,
                    &err) != OK) {
        watch->looking = false;
        loop_timer_set(watch->look, now(watch) + LOOK_PAUSE);
    }
}

/* ---- the scrub ---- */

static status scrub_line(const struct store_line *line, uint64_t seq,
                         struct digest *ret_leaf, struct err *err)
{
    struct entry entry;
    struct digest body;
    TRY(entry_parse(line->entry, &entry, err));
    merkle_leaf(line->entry, ret_leaf);
    if (line->seq != seq || (uint64_t) entry.seq != seq ||
        !digest_equal(ret_leaf, &line->leaf)) {
        return FAIL(err, ERR_TAMPERED,
                    "entry %llu is missing or not what its leaf hash says",
                    (unsigned long long) seq);
    }
    if (entry.media.size == 0) {
        return OK;
    }
    if (!line->has_body || line->salt.size != SALT_SIZE) {
        return FAIL(err, ERR_TAMPERED, "the body of entry %llu is missing",
                    (unsigned long long) seq);
    }
    entry_body_digest(line->salt.data, line->body, &body);
    if (!digest_equal(&body, &entry.body)) {
        return FAIL(err, ERR_TAMPERED,
                    "the body of entry %llu is not what the entry commits to",
                    (unsigned long long) seq);
    }
    return OK;
}

/* All leaves of a full tile give its root; those of the unfinished one are compared one
 * by one. */
static status compare_tile(struct watch *watch, const struct digest *leaves, size_t count,
                           struct err *err)
{
    const struct tree *tree = watch->ledger->tree;
    uint64_t first = watch->tile * TILE_WIDTH;
    const struct digest *root = tree_tile(tree, watch->tile);
    if (root != NULL && count == TILE_WIDTH) {
        struct frontier frontier = {0};
        struct digest have;
        for (size_t i = 0; i < count; i++) {
            frontier_append(&frontier, &leaves[i]);
        }
        frontier_root(&frontier, &have);
        return digest_equal(&have, root)
                   ? OK
                   : FAIL(err, ERR_TAMPERED,
                          "entries %llu to %llu do not give their tile's root",
                          (unsigned long long) first,
                          (unsigned long long) (first + TILE_WIDTH - 1));
    }
    for (size_t i = 0; i < count; i++) {
        const struct digest *leaf = tree_tail(tree, first + i);
        if (leaf != NULL && !digest_equal(leaf, &leaves[i])) {
            return FAIL(err, ERR_TAMPERED, "entry %llu is not the one that was signed",
                        (unsigned long long) (first + i));
        }
    }
    return OK;
}

static status take_tile(struct watch *watch, const struct pg_answer *answer,
                        struct err *err)
{
    struct digest leaves[TILE_WIDTH];
    uint64_t first = watch->tile * TILE_WIDTH;
    uint64_t last = watch->size - first < TILE_WIDTH ? watch->size : first + TILE_WIDTH;
    size_t count = pg_rows_count(answer->rows[0]);
    for (size_t i = 0; i < last - first; i++) {
        struct store_line line;
        if (i >= count) {
            return FAIL(err, ERR_TAMPERED, "entry %llu is missing",
                        (unsigned long long) (first + i));
        }
        TRY(store_take_line(answer->rows[0], i, &line, err));
        TRY(scrub_line(&line, first + i, &leaves[i], err));
    }
    watch->ledger->service->metrics.scrubbed += last - first;
    return compare_tile(watch, leaves, (size_t) (last - first), err);
}

static void took_scrub(void *arg, const struct pg_answer *answer)
{
    struct watch *watch = arg;
    struct err err;
    if (is_over(watch, &watch->scrubbing) || watch->ledger->phase != LEDGER_OPEN) {
        return;
    }
    if (answer->status == OK && take_tile(watch, answer, &err) != OK) {
        err.kind = ERR_TAMPERED; /* an entry that cannot be parsed was changed, too */
        ledger_halt(watch->ledger, &err);
        return;
    }
    if (answer->status == OK) {
        uint64_t tiles = (watch->size + TILE_WIDTH - 1) / TILE_WIDTH;
        watch->tile = watch->tile + 1 < tiles ? watch->tile + 1 : 0;
    }
    loop_timer_set(watch->scrub, now(watch) + watch->ledger->service->scrub_pause);
}

static void scrub(void *arg)
{
    struct watch *watch = arg;
    struct service *service = watch->ledger->service;
    struct err err;
    watch->size = tree_size(watch->ledger->tree);
    if (watch->size > 0) {
        uint64_t first = watch->tile * TILE_WIDTH;
        uint64_t last = watch->size - first < TILE_WIDTH ? watch->size : first + TILE_WIDTH;
        struct pg_batch *batch = pg_batch_new();
        store_add_lines(batch, watch->ledger->log_id, first, last);
        watch->scrubbing = true;
        if (pg_pool_ask(service->readers, batch, now(watch) + PATIENCE, took_scrub, watch,
                        &err) == OK) {
            return;
        }
        watch->scrubbing = false;
    }
    loop_timer_set(watch->scrub, now(watch) + service->scrub_pause);
}

/* ---- life ---- */

struct watch *watch_new(struct ledger *ledger)
{
    struct watch *watch = mem_alloc(sizeof(*watch));
    watch->ledger = ledger;
    watch->look = loop_timer_new(ledger->service->loop, look, watch);
    watch->scrub = loop_timer_new(ledger->service->loop, scrub, watch);
    return watch;
}

void watch_free(struct watch *watch)
{
    if (watch == NULL) {
        return;
    }
    loop_timer_free(watch->look);
    loop_timer_free(watch->scrub);
    watch->closed = true;
    if (!watch->looking && !watch->scrubbing) {
        free(watch);
    }
}

void watch_start(struct watch *watch)
{
    instant at = now(watch);
    loop_timer_set(watch->look, at + LOOK_PAUSE);
    loop_timer_set(watch->scrub, at + watch->ledger->service->scrub_pause);
}

instant watch_clock_difference(const struct watch *watch)
{
    return watch->clock_difference;
}
