/* SPDX-License-Identifier: Apache-2.0 */
/*
** Askers wait in one queue, in the order of asking; a free connection goes to the first. Who
** finds nobody waiting and a connection free is sent at once, because its answer comes later
** anyhow; who takes a connection is always called from a turn of its own.
**
** serve() hands out, expire() sends home; both run from timers or from a connection's change
** and call back last. An asker is out of the queue before its callback is called.
*/
#include "service/pg/pg_private.h"

#define WAITING_MOST 1000

struct asker {
    struct asker *next;
    struct pg_pool *pool;
    struct pg_batch *batch; /* NULL: wants the connection itself */
    instant deadline;
    pg_done done;
    pg_taken taken;
    void *arg;
};

struct pg_pool {
    struct loop *loop;
    struct pg_options options;
    struct asker *first, *last;
    size_t waiting;
    struct loop_timer *wake; /* serve in the next turn */
    struct loop_timer *expiry;
    instant earliest; /* deadline in the queue, or earlier: when EXPIRY fires */
    bool was_up, is_closing;
    size_t count;
    struct pg *connections[];
};

static void changed(void *owner);
static void serve(void *arg);
static void expire(void *arg);

static instant or_default(instant value, instant otherwise)
{
    return value > 0 ? value : otherwise;
}

status pg_pool_new(struct loop *loop, const struct pg_options *options,
                   struct pg_pool **ret_pool, struct err *err)
{
    TRY(pg_conninfo_check(options->conninfo, err));
    size_t count = options->connections > 0 ? options->connections : 1;
    struct pg_pool *pool = mem_alloc(sizeof(*pool) + count * sizeof(struct pg *));
    pool->loop = loop;
    pool->options = *options;
    pool->options.waiting = options->waiting > 0 ? options->waiting : WAITING_MOST;
    pool->options.connect_limit = or_default(options->connect_limit, 10 * SECOND);
    pool->options.statement_limit = or_default(options->statement_limit, 30 * SECOND);
    pool->options.lock_limit = or_default(options->lock_limit, 5 * SECOND);
    pool->options.idle_limit = or_default(options->idle_limit, 60 * SECOND);
    pool->wake = loop_timer_new(loop, serve, pool);
    pool->expiry = loop_timer_new(loop, expire, pool);
    pool->count = count;
    for (size_t i = 0; i < count; i++) {
        pool->connections[i] = pg_new(loop, &pool->options, changed, pool);
    }
    *ret_pool = pool;
    return OK;
}

/* ---- the queue ---- */

static void enqueue(struct pg_pool *pool, const struct asker *asker)
{
    struct asker *copy = mem_alloc(sizeof(*copy));
    *copy = *asker;
    if (pool->first == NULL || copy->deadline < pool->earliest) {
        pool->earliest = copy->deadline;
        loop_timer_set(pool->expiry, copy->deadline);
    }
    if (pool->first == NULL) {
        pool->first = copy;
    } else {
        pool->last->next = copy;
    }
    pool->last = copy;
    pool->waiting++;
}

/* Unlink the asker behind PREVIOUS (NULL: the first). */
static struct asker *unlink_after(struct pg_pool *pool, struct asker *previous)
{
    struct asker *asker = previous != NULL ? previous->next : pool->first;
    if (previous != NULL) {
        previous->next = asker->next;
    } else {
        pool->first = asker->next;
    }
    if (pool->last == asker) {
        pool->last = previous;
    }
    asker->next = NULL;
    pool->waiting--;
    return asker;
}

/* Tell an asker that nothing will come, and forget him. */
static void refuse(struct asker *asker, const struct err *err)
{
    struct asker copy = *asker;
    free(asker);
    if (copy.batch == NULL) {
        copy.taken(copy.arg, NULL, err);
        return;
    }
    pg_batch_free(copy.batch);
    copy.done(copy.arg, &(struct pg_answer){.status = err->kind, .err = err});
}

/* Take those whose time has passed out of the queue; the rest says when to look again. */
static struct asker *take_expired(struct pg_pool *pool)
{
    instant now = loop_now(pool->loop);
    struct asker *expired = NULL;
    struct asker **end = &expired;
    struct asker *previous = NULL;
    pool->earliest = INT64_MAX;
    for (struct asker *asker = pool->first; asker != NULL;) {
        struct asker *next = asker->next;
        if (asker->deadline <= now) {
            *end = unlink_after(pool, previous);
            end = &(*end)->next;
        } else {
            if (asker->deadline < pool->earliest) {
                pool->earliest = asker->deadline;
            }
            previous = asker;
        }
        asker = next;
    }
    if (pool->first != NULL) {
        loop_timer_set(pool->expiry, pool->earliest);
    }
    return expired;
}

static void expire(void *arg)
{
    struct pg_pool *pool = arg;
    struct err err;
    const struct err *down = pg_pool_error(pool);
    if (down != NULL) {
        err = *down;
        err.kind = ERR_UNAVAILABLE; /* whatever keeps it down */
    } else {
        (void) FAIL(&err, ERR_BUSY, "no connection to PostgreSQL was free in time");
    }
    for (struct asker *asker = take_expired(pool); asker != NULL;) {
        struct asker *next = asker->next;
        refuse(asker, &err);
        asker = next;
    }
}

/* ---- handing out ---- */

static struct pg *free_connection(const struct pg_pool *pool)
{
    for (size_t i = 0; i < pool->count; i++) {
        struct pg *pg = pool->connections[i];
        if (pg_is_idle(pg) && !pg_is_taken(pg)) {
            return pg;
        }
    }
    return NULL;
}

/* A batch that the pool has sent was answered: the connection is free for the next. */
static void answered(void *arg, const struct pg_answer *answer)
{
    struct asker asker = *(struct asker *) arg;
    free(arg);
    if (asker.pool->first != NULL && !asker.pool->is_closing) {
        loop_timer_set(asker.pool->wake, 0);
    }
    asker.done(asker.arg, answer);
}

static void send_batch(struct pg *pg, struct asker *asker)
{
    struct pg_batch *batch = TAKE(asker->batch);
    BUG_IF(pg_ask(pg, batch, asker->deadline, answered, asker, NULL) != OK); /* idle */
}

static void serve(void *arg)
{
    struct pg_pool *pool = arg;
    struct pg *pg = NULL;
    while (pool->first != NULL && (pg = free_connection(pool)) != NULL) {
        struct asker *asker = unlink_after(pool, NULL);
        if (asker->batch != NULL) {
            send_batch(pg, asker);
            continue;
        }
        struct asker copy = *asker;
        free(asker);
        pg_set_taken(pg, true);
        if (pool->first != NULL) {
            loop_timer_set(pool->wake, 0);
        }
        copy.taken(copy.arg, pg, NULL);
        return;
    }
}

/* A connection came up or went down. */
static void changed(void *owner)
{
    struct pg_pool *pool = owner;
    bool is_up = pg_pool_up(pool) > 0;
    if (pool->first != NULL && is_up) {
        loop_timer_set(pool->wake, 0);
    }
    if (is_up != pool->was_up) {
        pool->was_up = is_up;
        if (pool->options.changed != NULL) {
            pool->options.changed(pool->options.changed_arg, is_up);
        }
    }
}

static status refuse_new(const struct pg_pool *pool, struct err *err)
{
    if (pool->is_closing) {
        return FAIL(err, ERR_UNAVAILABLE, "the service is stopping");
    }
    if (pool->waiting >= pool->options.waiting) {
        return FAIL(err, ERR_BUSY, "%zu wait for a connection to PostgreSQL",
                    pool->waiting);
    }
    return OK;
}

status pg_pool_ask(struct pg_pool *pool, struct pg_batch *batch, instant deadline,
                   pg_done done, void *arg, struct err *err)
{
    status refused = refuse_new(pool, err);
    if (refused != OK) {
        pg_batch_free(batch);
        return refused;
    }
    struct asker asker = {
        .pool = pool, .batch = batch, .deadline = deadline, .done = done, .arg = arg};
    struct pg *pg = pool->first == NULL ? free_connection(pool) : NULL;
    if (pg != NULL) {
        struct asker *copy = mem_alloc(sizeof(*copy));
        *copy = asker;
        send_batch(pg, copy);
    } else {
        enqueue(pool, &asker);
    }
    return OK;
}

status pg_pool_take(struct pg_pool *pool, instant deadline, pg_taken taken, void *arg,
                    struct err *err)
{
    TRY(refuse_new(pool, err));
    struct asker asker = {.pool = pool, .deadline = deadline, .taken = taken, .arg = arg};
    enqueue(pool, &asker);
    loop_timer_set(pool->wake, 0);
    return OK;
}

void pg_pool_give(struct pg_pool *pool, struct pg *pg)
{
    if (pool->is_closing) {
        return;
    }
    BUG_IF(!pg_is_taken(pg));
    pg_set_taken(pg, false);
    pg_reset(pg);
    changed(pool);
}

/* ---- questions, end ---- */

struct loop *pg_pool_loop(const struct pg_pool *pool)
{
    return pool->loop;
}

size_t pg_pool_up(const struct pg_pool *pool)
{
    size_t up = 0;
    for (size_t i = 0; i < pool->count; i++) {
        up += pg_is_up(pool->connections[i]);
    }
    return up;
}

size_t pg_pool_waiting(const struct pg_pool *pool)
{
    return pool->waiting;
}

const struct err *pg_pool_error(const struct pg_pool *pool)
{
    const struct err *error = NULL;
    for (size_t i = 0; i < pool->count; i++) {
        if (pg_is_up(pool->connections[i])) {
            return NULL;
        }
        const struct err *one = pg_last_error(pool->connections[i]);
        error = one != NULL ? one : error;
    }
    return error;
}

instant pg_pool_clock_difference(const struct pg_pool *pool)
{
    instant newest = 0;
    instant difference = 0;
    for (size_t i = 0; i < pool->count; i++) {
        instant measured = 0;
        instant one = pg_clock_difference(pool->connections[i], &measured);
        if (measured > newest) {
            newest = measured;
            difference = one;
        }
    }
    return difference;
}

void pg_pool_free(struct pg_pool *pool)
{
    struct err err;
    if (pool == NULL) {
        return;
    }
    (void) FAIL(&err, ERR_UNAVAILABLE, "the service is stopping");
    pool->is_closing = true;
    loop_timer_free(pool->wake);
    loop_timer_free(pool->expiry);
    while (pool->first != NULL) {
        refuse(unlink_after(pool, NULL), &err);
    }
    for (size_t i = 0; i < pool->count; i++) {
        pg_free(pool->connections[i]);
    }
    free(pool);
}
