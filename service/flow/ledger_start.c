/* SPDX-License-Identifier: Apache-2.0 */
/*
** How a ledger comes up. On one connection:
**
**     open log      the row of `log` is there
**     snapshot      head, tile roots, tables, the entries of the unfinished tile
**     compare       tiles + tail give the head's root; the high-water mark lies on this log
**     replay        (ledger_replay.c) every entry and body, hashed again, gives the state;
**                   those behind the mark must be signed by people
**     tables        (ledger_tables.c) must say the same, or are written anew
**     definitions   the blobs that the state names
**     sign
**
** The state is never taken from the tables: whoever can write a row of `person_key` would be
** believed. A head shorter than the mark, or another root at its size, or a table that the log
** does not give, halts the study (RECORDS.md chapter 8). A log with a fault is replayed all the
** same, only what people signed counted, so that those who must find out can read.
*/
#include "base/log.h"
#include "crypto/entry.h"
#include "service/flow/definer.h"
#include "service/flow/line.h"
#include "service/flow/start_impl.h"
#include "service/flow/watch.h"
#include "service/loop/loop.h"
#include "service/store/projection.h"

#define RETRY_PAUSE (2 * SECOND)
#define PATIENCE    (60 * SECOND)
/* A connection is there soon or not at all; the sooner the log says what keeps it down. */
#define CONNECT_PATIENCE (3 * SECOND)

void start_finish(struct start *start, status result, const struct err *err)
{
    struct ledger *ledger = start->ledger;
    if (start->pg != NULL) {
        pg_pool_give(ledger->service->writers, start->pg);
    }
    definer_free(start->definer);
    state_free(start->tables);
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

void start_fault(struct start *start, const struct err *err)
{
    if (!start->faulty) {
        start->faulty = true;
        start->fault = *err;
        start->fault.kind = ERR_TAMPERED;
    }
}

void start_ask(struct start *start, struct pg_batch *batch, pg_done done)
{
    struct err err;
    instant deadline = loop_now(start->ledger->service->loop) + PATIENCE;
    if (pg_ask(start->pg, batch, deadline, done, start, &err) != OK) {
        start_finish(start, ERR_UNAVAILABLE, &err);
    }
}

bool start_came(struct start *start, const struct pg_answer *answer)
{
    if (answer->status != OK) {
        start_finish(start, answer->status, answer->err);
    }
    return answer->status == OK;
}

/* ---- sign ---- */

/* A log and no mark: a further process, or somebody took away what a log that was cut would be
 * compared with. Only the operator can tell. */
static status check_adopted(const struct start *start, struct err *err)
{
    const struct ledger *ledger = start->ledger;
    if (signer_has_mark(ledger->signer) || start->head.size == 0) {
        return OK;
    }
    if (!ledger->adopt) {
        return FAIL(err, ERR_TAMPERED,
                    "there is no high-water mark for this log of %llu entries: put it back,"
                    " or, if this crfd never served it, start once with adopt_log = %s",
                    (unsigned long long) start->head.size, ledger->slug);
    }
    log_event(LOG_WARNING, "no high-water mark: adopted the log after reading all of it",
              LOG_TEXT("study", ledger->slug), LOG_NUMBER("size", start->head.size),
              LOG_END);
    return OK;
}

/* Also an empty log gets its mark: from then on a missing one is a sign. */
static status sign(struct start *start, struct err *err)
{
    struct ledger *ledger = start->ledger;
    TRY(check_adopted(start, err));
    if (start->head.size > 0) {
        return ledger_sign(ledger, start->leaves, start->leaf_count, err);
    }
    struct digest root;
    frontier_root(&start->head, &root);
    return signer_advance(ledger->signer, NULL, 0, &root, err);
}

void start_sign(struct start *start)
{
    struct err err = start->fault;
    status result = start->faulty ? ERR_TAMPERED : sign(start, &err);
    start_finish(start, result, &err);
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
    return OK;
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
    struct err err;
    if (!start_came(start, answer)) {
        return;
    }
    if (take_tail(start, answer, &err) != OK || compare(start, &err) != OK) {
        start_fault(start, &err);
    }
    start_replay(start);
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
        projection_take_load(answer->rows[3 + table], table, start->tables);
    }
    return OK;
}

static void took_snapshot(void *arg, const struct pg_answer *answer)
{
    struct start *start = arg;
    struct err err;
    if (!start_came(start, answer)) {
        return;
    }
    status taken = take_snapshot(start, answer, &err);
    if (taken != OK) {
        start_finish(start, taken, &err);
        return;
    }
    struct pg_batch *batch = pg_batch_new();
    store_add_lines(batch, start->ledger->log_id,
                    start->head.size / TILE_WIDTH * TILE_WIDTH, start->head.size);
    pg_batch_add(batch, &PG_COMMIT);
    start_ask(start, batch, took_tail);
}

static void took_open_log(void *arg, const struct pg_answer *answer)
{
    struct start *start = arg;
    if (!start_came(start, answer)) {
        return;
    }
    start->ledger->log_id = store_take_open_log(answer->rows[0]);
    struct pg_batch *batch = pg_batch_new();
    pg_batch_add(batch, &PG_BEGIN_READ);
    store_add_head(batch, start->ledger->log_id);
    store_add_tiles(batch, start->ledger->log_id);
    projection_add_load(batch, start->ledger->log_id);
    start_ask(start, batch, took_snapshot);
}

static void taken(void *arg, struct pg *pg, const struct err *err)
{
    struct start *start = arg;
    if (pg == NULL) {
        start_finish(start, ERR_UNAVAILABLE, err);
        return;
    }
    start->pg = pg;
    struct pg_batch *batch = pg_batch_new();
    store_add_open_log(batch, start->ledger->origin, start->ledger->slug);
    start_ask(start, batch, took_open_log);
}

void ledger_load(struct ledger *ledger)
{
    struct err err;
    struct start *start = mem_alloc(sizeof(*start));
    start->ledger = ledger;
    start->arena = arena_new();
    state_free(ledger->state);
    ledger->state = state_new(ledger->origin, ledger->founder);
    start->tables = state_new(ledger->origin, ledger->founder);
    casebooks_clear(ledger->casebooks);
    instant deadline = loop_now(ledger->service->loop) + CONNECT_PATIENCE;
    if (pg_pool_take(ledger->service->writers, deadline, taken, start, &err) != OK) {
        start_finish(start, ERR_UNAVAILABLE, &err);
    }
}
