/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/watch.h"

#include <stdlib.h>

#include "base/log.h"
#include "service/flow/ledger.h"
#include "service/flow/scrub.h"
#include "service/flow/tables.h"
#include "service/flow/writer.h"
#include "service/loop/loop.h"

#define LOOK_PAUSE SECOND
#define PATIENCE   (20 * SECOND)

struct watch {
    struct ledger *ledger;
    struct loop_timer *look, *next_tile;
    struct state_head asked; /* the head in memory when the database's was asked for */
    struct scrub scrub;
    struct tables tables;
    instant clock_difference;
    bool looking, scrubbing; /* an answer is on its way */
    bool closed;             /* free when it has come */
};

static instant now(const struct watch *watch)
{
    return loop_now(watch->ledger->service->loop);
}

static void release(struct watch *watch)
{
    tables_done(&watch->tables);
    free(watch);
}

/* True if the watch was closed while an answer was on its way; frees it after the last. */
static bool is_over(struct watch *watch, bool *under_way)
{
    *under_way = false;
    if (watch->closed && !watch->looking && !watch->scrubbing) {
        release(watch);
        return true;
    }
    return watch->closed;
}

/* ---- the head and the clock ---- */

/* The head has the size of the log in memory: then all of it is the same. */
static status compare_row(const struct ledger *ledger, const struct store_head *head,
                          struct err *err)
{
    CLEANUP(bytes_done) struct bytes frontier = {0};
    struct state_head mine = state_head(ledger->state);
    struct digest root;
    frontier_root(tree_frontier(ledger->tree), &root);
    if (mine.size > 0) {
        frontier_encode(tree_frontier(ledger->tree), &frontier);
    }
    const char *what = !digest_equal(&head->leaf, &mine.leaf)               ? "leaf"
                       : !digest_equal(&head->root, &root)                  ? "root"
                       : head->time != mine.time                            ? "time"
                       : !span_equal(head->frontier, span_bytes(&frontier)) ? "frontier"
                                                                            : NULL;
    return what == NULL ? OK
                        : FAIL(err, ERR_TAMPERED, "the head's %s is not that of entry %lld",
                               what, (long long) mine.size - 1);
}

static bool is_apart(instant difference)
{
    return difference > WATCH_CLOCK_MAX || difference < -WATCH_CLOCK_MAX;
}

/* Told once each time, when writing stops and when it goes on. */
static void take_clock(struct watch *watch, instant difference)
{
    bool was = is_apart(watch->clock_difference);
    bool is = is_apart(difference);
    watch->clock_difference = difference;
    if (is != was) {
        log_event(is ? LOG_ERROR : LOG_INFO,
                  is ? "clocks differ: writing is stopped" : "clocks agree again",
                  LOG_TEXT("study", watch->ledger->slug),
                  LOG_NUMBER("database_minus_service_us", difference), LOG_END);
    }
}

static status check_not_cut(uint64_t size, uint64_t mine, struct err *err)
{
    return size >= mine
               ? OK
               : FAIL(err, ERR_TAMPERED,
                      "the log in the database has %llu entries, it had %llu: it was cut or"
                      " restored from an older copy",
                      (unsigned long long) size, (unsigned long long) mine);
}

static status compare_head(struct watch *watch, const struct pg_answer *answer,
                           struct err *err)
{
    struct ledger *ledger = watch->ledger;
    struct store_head head;
    struct state_head mine = state_head(ledger->state);
    TRY(store_take_head(answer->rows[0], &head, err));
    take_clock(watch, pg_time(answer->rows[1], 0, 0) - clock_now(ledger->service->clock));
    if (!writer_is_idle(ledger->writer) || mine.size != watch->asked.size) {
        /* a batch is in work, which compares itself, or has come since the question: a slow
         * answer would look like a log that was cut */
        return OK;
    }
    TRY(check_not_cut(head.size, mine.size, err));
    if (head.size > mine.size) {
        writer_catch_up(ledger->writer);
        return OK;
    }
    return compare_row(ledger, &head, err);
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
    watch->asked = state_head(watch->ledger->state);
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

/* BEGIN, a piece of the tables, a tile, COMMIT. */
static status compare_pieces(struct watch *watch, const struct pg_answer *answer,
                             struct err *err)
{
    struct store_head head;
    TRY(store_take_head(answer->rows[1], &head, err));
    TRY(check_not_cut(head.size, watch->scrub.size, err)); /* before the rest looks odd */
    TRY(tables_take(&watch->tables, answer->rows + 1, err));
    return scrub_take(&watch->scrub, answer->rows + 1 + TABLES_STATEMENTS, err);
}

static void took_scrub(void *arg, const struct pg_answer *answer)
{
    struct watch *watch = arg;
    struct err err;
    if (is_over(watch, &watch->scrubbing) || watch->ledger->phase != LEDGER_OPEN) {
        return;
    }
    if (answer->status == OK && compare_pieces(watch, answer, &err) != OK) {
        ledger_halt(watch->ledger, &err);
        return;
    }
    loop_timer_set(watch->next_tile, now(watch) + watch->ledger->service->scrub_pause);
}

static void ask_scrub(void *arg)
{
    struct watch *watch = arg;
    struct service *service = watch->ledger->service;
    struct err err;
    if (tree_size(watch->ledger->tree) > 0) {
        struct pg_batch *batch = pg_batch_new();
        pg_batch_add(batch, &PG_BEGIN_READ);
        tables_add(&watch->tables, batch);
        scrub_add(&watch->scrub, batch);
        pg_batch_add(batch, &PG_COMMIT);
        watch->scrubbing = true;
        if (pg_pool_ask(service->readers, batch, now(watch) + PATIENCE, took_scrub, watch,
                        &err) == OK) {
            return;
        }
        watch->scrubbing = false;
    }
    loop_timer_set(watch->next_tile, now(watch) + service->scrub_pause);
}

/* ---- life ---- */

struct watch *watch_new(struct ledger *ledger)
{
    struct watch *watch = mem_alloc(sizeof(*watch));
    watch->ledger = ledger;
    watch->look = loop_timer_new(ledger->service->loop, look, watch);
    watch->scrub.ledger = ledger;
    watch->tables.ledger = ledger;
    watch->next_tile = loop_timer_new(ledger->service->loop, ask_scrub, watch);
    return watch;
}

void watch_free(struct watch *watch)
{
    if (watch == NULL) {
        return;
    }
    loop_timer_free(watch->look);
    loop_timer_free(watch->next_tile);
    watch->closed = true;
    if (!watch->looking && !watch->scrubbing) {
        release(watch);
    }
}

void watch_start(struct watch *watch)
{
    instant at = now(watch);
    /* as of the connect: the first look is a second away, the first record is not */
    take_clock(watch, pg_pool_clock_difference(watch->ledger->service->writers));
    loop_timer_set(watch->look, at + LOOK_PAUSE);
    loop_timer_set(watch->next_tile, at + watch->ledger->service->scrub_pause);
}

instant watch_clock_difference(const struct watch *watch)
{
    return watch->clock_difference;
}
