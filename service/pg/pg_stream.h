/* SPDX-License-Identifier: Apache-2.0 */
/*
** pg_stream: a large result in pieces, at the reader's pace, as of one moment.
**
**     static const struct pg_statement BODIES = {
**         "bodies", "declare bodies no scroll cursor for select seq, bytes from crfd.body"
**                   " where log_id = $1 order by seq", .takes = {PG_INT4}};
**     static const struct pg_statement FETCH_BODIES = {
**         "fetch bodies", "fetch forward 64 from bodies", .gives = {PG_INT8, PG_BYTEA},
**         .unprepared = true};
**
**     struct pg_batch *batch = pg_stream_batch();
**     pg_batch_add(batch, &BODIES);
**     pg_put_int4(batch, log_id);
**     struct pg_stream_options options = {.fetch = &FETCH_BODIES, .rows = ..., .end = ...};
**     TRY(pg_stream_open(pool, batch, &options, &stream, err));
**
** A stream takes a connection of POOL for its whole life (give streams a pool of their own),
** opens one repeatable-read snapshot and fetches piece by piece. Paused, it asks for
** nothing: memory is bounded by one piece, and the pause by the pool's idle_limit; a reader
** that pauses longer ends with ERR_UNAVAILABLE.
*/
#ifndef CRFD_SERVICE_PG_STREAM_H
#define CRFD_SERVICE_PG_STREAM_H

#include "service/pg/pg.h"

struct pg_stream;

struct pg_stream_options {
    const struct pg_statement *fetch; /* unprepared; what it gives is the row */
    instant patience; /* for a connection and for each piece; a duration. 0: 30 s */
    void (*rows)(void *arg, const struct pg_rows *rows); /* at least one row */
    void (*end)(void *arg, const struct err *err); /* NULL: that was all. Stream is gone */
    void *arg;
};

/* A batch that begins the snapshot; add the DECLARE, and what shall run before it. */
struct pg_batch *pg_stream_batch(void);

/* Begin. BATCH is taken over, whatever comes. *ret_stream is valid until END is called
 * (exactly once, later) or until pg_stream_close(). ERR_BUSY as pg_pool_take(). */
MUST_USE status pg_stream_open(struct pg_pool *pool, struct pg_batch *batch,
                               const struct pg_stream_options *options,
                               struct pg_stream **ret_stream, struct err *err);

/* Pause: no further piece is asked for; a piece under way still arrives. May be called from
 * ROWS. */
void pg_stream_pause(struct pg_stream *stream);
void pg_stream_resume(struct pg_stream *stream);

/* Stop early; END is not called. May be called from ROWS. */
void pg_stream_close(struct pg_stream *stream);

#endif
