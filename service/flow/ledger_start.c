/* SPDX-License-Identifier: Apache-2.0 */
/*
** How a ledger comes up. On one connection:
**
**     open log      the row of `log` is there
**     snapshot      head, tile roots, projections, the entries of the unfinished tile
**     definitions   the blobs that the state names
**     compare       tiles + tail give the head's root; the high-water mark lies on this log
**     rehash        entries between the mark and the head are read, hashed again, signed
**
** A head shorter than the mark, or another root at its size, halts the study (RECORDS.md
** chapter 8). Without a mark the whole log is rehashed first.
*/
#include "base/log.h"
#include "crypto/entry.h"
#include "service/flow/ledger.h"
#include "service/flow/line.h"
#include "service/flow/watch.h"
#include "service/loop/loop.h"
#include "service/store/projection.h"

#define RETRY_PAUSE (2 * SECOND)
#define PATIENCE    (60 * SECOND)
/* A connection is there soon or not at all; the sooner the log says what keeps it down. */
#define CONNECT_PATIENCE (3 * SECOND)
#define CHUNK            ((uint64_t) 256)

struct start {
    struct ledger *ledger;
    struct arena *arena;
    struct pg *pg;
    struct frontier head;  /* of the snapshot */
    struct store_head row; /* the head's row; its frontier is `head` */
    const char **wanted;   /* digests of definitions to load */
    size_t wanted_count, wanted_capacity;
    uint64_t at; /* next entry to rehash; begins with the last one under the mark */
    struct digest last;
    instant time;
    struct digest *leaves; /* since the mark */
    size_t leaf_count, leaf_capacity;
};

static void finish(struct start *start, status result, const struct err *err)
{
    struct ledger *ledger = start->ledger;
    if (start->pg != NULL) {
        pg_pool_give(ledger->service->writers, start->pg);
    }
    arena_free(start->arena);
    free(start);
    if (result == OK) {
        ledger->phase = LEDGER_OPEN;
        log_event(LOG_INFO, "study open", LOG_TEXT("study", ledger->slug),
                  LOG_NUMBER("size", tree_size(ledger->tree)), LOG_END);
        watch_start(ledger->watch);
    } else if (result == ERR_TAMPERED) {
        ledger_halt(ledger, err);
    } else {
        if (strcmp(ledger->why.what, err->what) != 0) {
            log_err(LOG_WARNING, "study not open yet", err); /* once for each reason */
        }
        ledger->why = *err;
        loop_timer_set(ledger->retry, loop_now(ledger->service->loop) + RETRY_PAUSE);
    }
}

static void ask(struct start *start, struct pg_batch *batch, pg_done done)
{
    struct err err;
    instant deadline = loop_now(start->ledger->service->loop) + PATIENCE;
    if (pg_ask(start->pg, batch, deadline, done, start, &err) != OK) {
        finish(start, ERR_UNAVAILABLE, &err);
    }
}

/* Run TAKE on a good answer and stop at the first failure. */
static bool take(struct start *start, const struct pg_answer *answer,
                 status (*take_rows)(struct start *start, const struct pg_answer *answer,
                                     struct err *err))
{
    struct err err;
    status result = answer->status;
    if (result != OK) {
        err = *answer->err;
    } else {
        result = take_rows(start, answer, &err);
    }
    if (result != OK) {
        finish(start, result, &err);
    }
    return result == OK;
}

/* ---- rehash and sign ---- */

static void rehash(struct start *start);

static status rehash_line(struct start *start, const struct store_line *line,
                          struct err *err)
{
    struct ledger *ledger = start->ledger;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct unfolded unfolded;
    struct entry entry;
    bool knows_last = start->at == 0 || start->time != 0;
    TRY(line_check(line, ledger->origin, start->at, knows_last ? &start->last : NULL,
                   &entry, err));
    if (entry.time < start->time) {
        return FAIL(err, ERR_TAMPERED, "entry %llu is dated before the one it follows",
                    (unsigned long long) start->at);
    }
    if (start->at >= signer_mark(ledger->signer)->size) {
        if (line_has_record(&entry)) {
            TRY(line_unfold(line, arena, &unfolded, err));
            TRY(line_is_signed(ledger, &entry, &unfolded, err));
        }
        *ARENA_PUSH(start->arena, start->leaves, start->leaf_count, start->leaf_capacity) =
            line->leaf;
    }
    start->last = line->leaf;
    start->time = entry.time;
    start->at++;
    return OK;
}

static status take_rehash(struct start *start, const struct pg_answer *answer,
                          struct err *err)
{
    for (size_t i = 0; i < pg_rows_count(answer->rows[0]); i++) {
        struct store_line line;
        TRY(store_take_line(answer->rows[0], i, &line, err));
        TRY(rehash_line(start, &line, err));
    }
    if (pg_rows_count(answer->rows[0]) == 0 && start->at < start->head.size) {
        return FAIL(err, ERR_TAMPERED, "entry %llu is missing",
                    (unsigned long long) start->at);
    }
    if (start->at < start->head.size) {
        return OK;
    }
    if (!digest_equal(&start->last, &start->row.leaf)) {
        return FAIL(err, ERR_TAMPERED, "the head's leaf is not that of entry %llu",
                    (unsigned long long) start->at - 1);
    }
    if (start->time != start->row.time) {
        return FAIL(err, ERR_TAMPERED, "the head's time is not that of entry %llu",
                    (unsigned long long) start->at - 1);
    }
    return OK;
}

static void took_rehash(void *arg, const struct pg_answer *answer)
{
    struct start *start = arg;
    if (take(start, answer, take_rehash)) {
        rehash(start);
    }
}

static void sign(struct start *start)
{
    struct err err;
    struct ledger *ledger = start->ledger;
    status result = OK;
    if (!signer_has_mark(ledger->signer) && start->head.size > 0) {
        log_event(
            LOG_WARNING, "no high-water mark: adopted the log after reading all of it",
            LOG_TEXT("study", ledger->slug), LOG_NUMBER("size", start->head.size), LOG_END);
    }
    if (start->head.size > 0) {
        result = ledger_sign(ledger, start->leaves, start->leaf_count, &err);
    }
    finish(start, result, &err);
}

static void rehash(struct start *start)
{
    if (start->at == start->head.size) {
        sign(start);
        return;
    }
    uint64_t to =
        start->at + CHUNK < start->head.size ? start->at + CHUNK : start->head.size;
    struct pg_batch *batch = pg_batch_new();
    store_add_lines(batch, start->ledger->log_id, start->at, to);
    ask(start, batch, took_rehash);
}

/* ---- compare with the mark ---- */

static status compare(struct start *start, struct err *err)
{
    const struct frontier *mark = signer_mark(start->ledger->signer);
    struct frontier under_mark;
    struct digest root;
    if (mark->size > start->head.size) {
        return FAIL(
            err, ERR_TAMPERED,
            "the log in the database has %llu entries, %llu were signed: it was cut or"
            " restored from an older copy",
            (unsigned long long) start->head.size, (unsigned long long) mark->size);
    }
    TRY(tree_check(start->ledger->tree, &start->head, err));
    frontier_root(&start->head, &root);
    if (!digest_equal(&root, &start->row.root)) {
        return FAIL(err, ERR_TAMPERED, "the head's root is not that of the log");
    }
    if (mark->size >= start->head.size / TILE_WIDTH * TILE_WIDTH) {
        TRY(tree_frontier_at(start->ledger->tree, mark->size, &under_mark, err));
        TRY(tree_same(&under_mark, mark, "that were signed", err));
    } /* else signing finds out, when the leaves since the mark were read */
    start->at = mark->size > 0 ? mark->size - 1 : 0;
    return OK;
}

/* ---- definitions ---- */

static void want_definition(const char *sha256, void *arg)
{
    struct start *start = arg;
    *ARENA_PUSH(start->arena, start->wanted, start->wanted_count, start->wanted_capacity) =
        arena_text(start->arena, sha256);
}

static status take_definitions(struct start *start, const struct pg_answer *answer,
                               struct err *err)
{
    for (size_t i = 0; i < start->wanted_count; i++) {
        struct span media;
        struct span bytes;
        if (!store_take_blob(answer->rows[i], &media, &bytes)) {
            return FAIL(err, ERR_TAMPERED, "the definition %s is not in the database",
                        start->wanted[i]);
        }
        TRY(ledger_add_definition(start->ledger, start->wanted[i], bytes, err));
    }
    return compare(start, err);
}

static void took_definitions(void *arg, const struct pg_answer *answer)
{
    struct start *start = arg;
    if (take(start, answer, take_definitions)) {
        rehash(start);
    }
}

static void ask_definitions(struct start *start)
{
    struct pg_batch *batch = pg_batch_new();
    ledger_each_definition(start->ledger, want_definition, start);
    for (size_t i = 0; i < start->wanted_count; i++) {
        struct digest digest;
        if (!digest_from_hex(span_text(start->wanted[i]), &digest)) {
            digest = (struct digest){0};
        }
        store_add_read_blob(batch, &digest);
    }
    pg_batch_add(batch, &PG_COMMIT);
    ask(start, batch, took_definitions);
}

/* ---- the snapshot ---- */

static status take_tail(struct start *start, const struct pg_answer *answer,
                        struct err *err)
{
    uint64_t seq = start->head.size / TILE_WIDTH * TILE_WIDTH;
    const struct digest *prev = NULL;
    struct digest last;
    for (size_t i = 0; seq < start->head.size; i++, seq++) {
        struct store_line line = {.seq = start->head.size};
        struct entry entry;
        if (i < pg_rows_count(answer->rows[0])) {
            TRY(store_take_line(answer->rows[0], i, &line, err));
        }
        TRY(line_check(&line, start->ledger->origin, seq, prev, &entry, err));
        tree_add_tail(start->ledger->tree, &line.leaf);
        last = line.leaf;
        prev = &last;
    }
    return OK;
}

static void took_tail(void *arg, const struct pg_answer *answer)
{
    struct start *start = arg;
    if (take(start, answer, take_tail)) {
        ask_definitions(start);
    }
}

static status take_snapshot(struct start *start, const struct pg_answer *answer,
                            struct err *err)
{
    struct ledger *ledger = start->ledger;
    struct store_head head;
    TRY(store_take_head(answer->rows[1], &head, err));
    if (head.size > 0) {
        TRY(frontier_decode(head.frontier, &start->head, err));
    }
    start->row = head;
    start->row.frontier = (struct span){0};
    if (start->head.size != head.size) {
        return FAIL(err, ERR_TAMPERED, "the head's size and its frontier differ");
    }
    tree_clear(ledger->tree);
    for (size_t i = 0; i < pg_rows_count(answer->rows[2]); i++) {
        struct store_tile tile;
        TRY(store_take_tile(answer->rows[2], i, &tile, err));
        if (tile.level == 8) {
            tree_add_tile(ledger->tree, &tile.hash);
        }
    }
    for (enum table_id table = 0; table < TABLE_COUNT; table++) {
        projection_take_load(answer->rows[3 + table], table, ledger->state);
    }
    struct state_head at = {.size = head.size, .leaf = head.leaf, .time = head.time};
    state_load_head(ledger->state, &at);
    return OK;
}

static void took_snapshot(void *arg, const struct pg_answer *answer)
{
    struct start *start = arg;
    if (!take(start, answer, take_snapshot)) {
        return;
    }
    struct pg_batch *batch = pg_batch_new();
    store_add_lines(batch, start->ledger->log_id,
                    start->head.size / TILE_WIDTH * TILE_WIDTH, start->head.size);
    ask(start, batch, took_tail);
}

static status take_open_log(struct start *start, const struct pg_answer *answer,
                            struct err *err)
{
    (void) err;
    start->ledger->log_id = store_take_open_log(answer->rows[0]);
    return OK;
}

static void took_open_log(void *arg, const struct pg_answer *answer)
{
    struct start *start = arg;
    if (!take(start, answer, take_open_log)) {
        return;
    }
    struct pg_batch *batch = pg_batch_new();
    pg_batch_add(batch, &PG_BEGIN_READ);
    store_add_head(batch, start->ledger->log_id);
    store_add_tiles(batch, start->ledger->log_id);
    projection_add_load(batch, start->ledger->log_id);
    ask(start, batch, took_snapshot);
}

static void taken(void *arg, struct pg *pg, const struct err *err)
{
    struct start *start = arg;
    if (pg == NULL) {
        finish(start, ERR_UNAVAILABLE, err);
        return;
    }
    start->pg = pg;
    struct pg_batch *batch = pg_batch_new();
    store_add_open_log(batch, start->ledger->origin, start->ledger->slug);
    ask(start, batch, took_open_log);
}

void ledger_load(struct ledger *ledger)
{
    struct err err;
    struct start *start = mem_alloc(sizeof(*start));
    start->ledger = ledger;
    start->arena = arena_new();
    state_free(ledger->state);
    ledger->state = state_new(ledger->origin, ledger->founder);
    casebooks_clear(ledger->casebooks);
    instant deadline = loop_now(ledger->service->loop) + CONNECT_PATIENCE;
    if (pg_pool_take(ledger->service->writers, deadline, taken, start, &err) != OK) {
        finish(start, ERR_UNAVAILABLE, &err);
    }
}
