/* SPDX-License-Identifier: Apache-2.0 */
/*
** take a connection -> BEGIN, DECLARE, FETCH -> rows -> FETCH -> rows ... -> nothing left:
** give the connection back. One piece is under way at most; the next is asked for when the
** reader has returned and does not pause. A cursor and not libpq's single-row mode: there the
** server would sit in one statement for as long as the reader wants, under statement_timeout.
**
** ROWS may close the stream. `in_rows` keeps the struct alive until it has returned.
*/
#include "service/pg/pg_stream.h"

#include "service/pg/pg_private.h"

struct pg_stream {
    struct pg_pool *pool;
    struct pg_stream_options options;
    struct pg *pg;           /* NULL until taken */
    struct pg_batch *batch;  /* the first, until it is sent */
    struct loop_timer *next; /* ask for a piece, in a turn of its own */
    bool is_waiting;         /* for the connection */
    bool is_asking;          /* a piece is under way */
    bool is_paused, in_rows, is_closed;
};

struct pg_batch *pg_stream_batch(void)
{
    struct pg_batch *batch = pg_batch_new();
    pg_batch_add(batch, &PG_BEGIN_READ);
    return batch;
}

/* The connection is given back with its transaction open: the pool makes it anew unless the
 * cursor was read to its end and the transaction closed. */
static void release(struct pg_stream *stream)
{
    if (stream->pg != NULL) {
        pg_pool_give(stream->pool, stream->pg);
    }
    pg_batch_free(stream->batch);
    loop_timer_free(stream->next);
    free(stream);
}

static void end(struct pg_stream *stream, const struct err *err)
{
    struct pg_stream_options options = stream->options;
    release(stream);
    options.end(options.arg, err);
}

static instant deadline_of(const struct pg_stream *stream)
{
    return loop_now(pg_pool_loop(stream->pool)) + stream->options.patience;
}

static void take_piece(void *arg, const struct pg_answer *answer);

static void ask(struct pg_stream *stream, struct pg_batch *batch, pg_done done)
{
    struct err err;
    if (pg_ask(stream->pg, batch, deadline_of(stream), done, stream, &err) != OK) {
        end(stream, &err);
        return;
    }
    stream->is_asking = true;
}

static void ask_piece(void *arg)
{
    struct pg_stream *stream = arg;
    struct pg_batch *batch = pg_batch_new();
    pg_batch_add(batch, stream->options.fetch);
    ask(stream, batch, take_piece);
}

static void committed(void *arg, const struct pg_answer *answer)
{
    end(arg, answer->err);
}

static void ask_commit(struct pg_stream *stream)
{
    struct pg_batch *batch = pg_batch_new();
    pg_batch_add(batch, &PG_COMMIT); /* the snapshot only; nothing was written */
    ask(stream, batch, committed);
}

static void take_piece(void *arg, const struct pg_answer *answer)
{
    struct pg_stream *stream = arg;
    stream->is_asking = false;
    if (answer->status != OK) {
        end(stream, answer->err);
        return;
    }
    const struct pg_rows *rows = answer->rows[answer->count - 1];
    if (pg_rows_count(rows) == 0) {
        ask_commit(stream);
        return;
    }
    stream->in_rows = true;
    stream->options.rows(stream->options.arg, rows);
    stream->in_rows = false;
    if (stream->is_closed) {
        release(stream);
    } else if (!stream->is_paused) {
        ask_piece(stream);
    }
}

static void taken(void *arg, struct pg *pg, const struct err *err)
{
    struct pg_stream *stream = arg;
    stream->is_waiting = false;
    stream->pg = pg;
    if (stream->is_closed) {
        release(stream);
    } else if (pg == NULL) {
        end(stream, err);
    } else {
        ask(stream, TAKE(stream->batch), take_piece);
    }
}

status pg_stream_open(struct pg_pool *pool, struct pg_batch *batch,
                      const struct pg_stream_options *options,
                      struct pg_stream **ret_stream, struct err *err)
{
    BUG_IF(!options->fetch->unprepared);
    struct pg_stream *stream = mem_alloc(sizeof(*stream));
    *stream = (struct pg_stream){
        .pool = pool, .options = *options, .batch = batch, .is_waiting = true};
    if (stream->options.patience <= 0) {
        stream->options.patience = 30 * SECOND;
    }
    stream->next = loop_timer_new(pg_pool_loop(pool), ask_piece, stream);
    pg_batch_add(batch, options->fetch);
    status asked = pg_pool_take(pool, deadline_of(stream), taken, stream, err);
    if (asked != OK) {
        release(stream);
        return asked;
    }
    *ret_stream = stream;
    return OK;
}

void pg_stream_pause(struct pg_stream *stream)
{
    loop_timer_clear(stream->next);
    stream->is_paused = true;
}

void pg_stream_resume(struct pg_stream *stream)
{
    bool was_paused = stream->is_paused;
    stream->is_paused = false;
    if (was_paused && stream->pg != NULL && !stream->is_asking && !stream->in_rows) {
        loop_timer_set(stream->next, 0);
    }
}

void pg_stream_close(struct pg_stream *stream)
{
    stream->is_closed = true;
    if (!stream->in_rows && !stream->is_waiting) {
        release(stream);
    }
}
