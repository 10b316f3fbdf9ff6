/* SPDX-License-Identifier: Apache-2.0 */
/*
** pg: PostgreSQL asked from the event loop. The only door to libpq.
**
**     static const struct pg_statement STORE_HEAD = {
**         "head", "select size, leaf from crfd.log where log_id = $1",
**         .takes = {PG_INT4}, .gives = {PG_INT8, PG_BYTEA}};
**
**     struct pg_batch *batch = pg_batch_new();
**     pg_batch_add(batch, &STORE_HEAD);
**     pg_put_int4(batch, log_id);
**     TRY(pg_pool_ask(pool, batch, deadline, take_head, flow, err));
**
**     static void take_head(void *arg, const struct pg_answer *answer)
**         ... if (answer->status == OK) size = pg_int8(answer->rows[0], 0, 0); ...
**
** A batch is one pipeline: its statements travel together, one Sync ends them, one answer
** comes back with all results or with the first error. Between two Syncs PostgreSQL runs one
** implicit transaction, so a batch is all or nothing, unless it says BEGIN or COMMIT itself.
**
** Connections live in pools and are connected, checked, prepared and, when lost, made again
** without being asked. A pool hands out a connection for one batch (pg_pool_ask) or for as
** long as the taker wants (pg_pool_take, pg_ask ..., pg_pool_give). A connection that is lost
** while it is taken stays down until it is given back: nobody goes on, unknowing, outside
** his transaction.
**
** Every connection is checked before it is used: PostgreSQL 15 or newer, UTF8, fsync,
** full_page_writes, data checksums, synchronous_commit on or remote_apply,
** standard_conforming_strings; time zone, search path and limits are set. What is not so is
** an error that says what to change, and the pool stays down.
**
** Callbacks run in the loop, never inside the call that asked. Times are loop_now()'s.
** Error texts name statements, constraints and SQLSTATEs, never a parameter or a value.
*/
#ifndef CRFD_SERVICE_PG_H
#define CRFD_SERVICE_PG_H

#include "base/clock.h"

struct loop;

/* ---- statements ---------------------------------------------------------------------- */

enum pg_type {
    PG_NONE = 0, /* ends a list */
    PG_BOOL,
    PG_INT4,
    PG_INT8,
    PG_TEXT,
    PG_BYTEA,
    PG_TIME, /* timestamptz: an instant */
    PG_UUID,
    PG_ARRAY = 16, /* PG_ARRAY | element */
    PG_BOOL_ARRAY = PG_ARRAY | PG_BOOL,
    PG_INT4_ARRAY = PG_ARRAY | PG_INT4,
    PG_INT8_ARRAY = PG_ARRAY | PG_INT8,
    PG_TEXT_ARRAY = PG_ARRAY | PG_TEXT,
    PG_BYTEA_ARRAY = PG_ARRAY | PG_BYTEA,
    PG_TIME_ARRAY = PG_ARRAY | PG_TIME,
    PG_UUID_ARRAY = PG_ARRAY | PG_UUID,
};

#define PG_TAKES_MAX 20
#define PG_GIVES_MAX 16

/* One SQL statement, static. Tables and functions are named with their schema. Prepared
 * under its name on each connection, unless `unprepared` (for what names something that does
 * not exist at connect: FETCH). */
struct pg_statement {
    const char *name; /* unique among the statements of a pool; names it in errors */
    const char *sql;
    enum pg_type takes[PG_TAKES_MAX + 1]; /* parameters $1... */
    enum pg_type gives[PG_GIVES_MAX + 1]; /* columns, no arrays; checked on arrival */
    bool unprepared;
};

/* Always there, need not be in a pool's table. */
extern const struct pg_statement PG_BEGIN;      /* read committed */
extern const struct pg_statement PG_BEGIN_READ; /* repeatable read, read only */
extern const struct pg_statement PG_COMMIT;
extern const struct pg_statement PG_ROLLBACK;
extern const struct pg_statement PG_NOW; /* gives PG_TIME: PostgreSQL's clock */

/* ---- a batch: statements and their parameters ---------------------------------------- */

struct pg_batch;

struct pg_batch *pg_batch_new(void);
void pg_batch_free(struct pg_batch *batch); /* accepts NULL; asking takes the batch over */
void pg_batch_add(struct pg_batch *batch, const struct pg_statement *statement);

/* Put the next parameter of the statement added last; bytes are copied. A parameter that is
 * not of the statement's type, or one too many or too few, is our bug and aborts. Between
 * pg_array_begin and pg_array_end the same functions put elements. Text is UTF-8 without
 * U+0000. */
void pg_put_null(struct pg_batch *batch);
void pg_put_bool(struct pg_batch *batch, bool value);
void pg_put_int4(struct pg_batch *batch, int32_t value);
void pg_put_int8(struct pg_batch *batch, int64_t value);
void pg_put_text(struct pg_batch *batch, struct span text);
void pg_put_bytea(struct pg_batch *batch, struct span data);
void pg_put_time(struct pg_batch *batch, instant at);
void pg_put_uuid(struct pg_batch *batch, const uint8_t uuid[16]);
void pg_array_begin(struct pg_batch *batch);
void pg_array_end(struct pg_batch *batch);

/* ---- the answer ---------------------------------------------------------------------- */

struct pg_rows; /* of one statement; borrowed until the callback returns */

struct pg_answer {
    status status;         /* OK: every statement has run and the Sync came back */
    const struct err *err; /* else why; sqlstate when PostgreSQL said it */
    size_t failed;         /* else the statement that failed (0: the connection did) */
    bool unknown;          /* else: what the batch commits may stand, or not; look */
    size_t count;          /* rows[0..count): one for each statement, if OK */
    const struct pg_rows *const *rows;
};

/* Kinds: ERR_CONFLICT for 23505 (unique) and CR001 (head moved); ERR_BUSY for 40001, 40P01,
 * 55P03 (locks) and for a deadline that passed before a connection was free; ERR_UNAVAILABLE
 * when the connection is away or was lost, for a deadline that passed later, for 57014
 * (statement_timeout) and when a commit was not confirmed by the synchronous standby
 * ("canceling wait for synchronous replication": `unknown` is set); ERR_BUG for all other
 * SQL errors. */
typedef void (*pg_done)(void *arg, const struct pg_answer *answer);

/* Columns of other types than declared never get here. NULL gives 0, false or an empty span:
 * ask pg_is_null() where that matters. Spans end in a NUL that is not counted. */
size_t pg_rows_count(const struct pg_rows *rows);
size_t pg_rows_affected(const struct pg_rows *rows); /* by INSERT, UPDATE, DELETE */
bool pg_is_null(const struct pg_rows *rows, size_t row, size_t column);
bool pg_bool(const struct pg_rows *rows, size_t row, size_t column);
int32_t pg_int4(const struct pg_rows *rows, size_t row, size_t column);
int64_t pg_int8(const struct pg_rows *rows, size_t row, size_t column);
struct span pg_text(const struct pg_rows *rows, size_t row, size_t column);
struct span pg_bytea(const struct pg_rows *rows, size_t row, size_t column);
instant pg_time(const struct pg_rows *rows, size_t row, size_t column);
struct span pg_uuid(const struct pg_rows *rows, size_t row, size_t column); /* 16 bytes */

/* ---- pools --------------------------------------------------------------------------- */

/* For tests: cut the connection when ask number `after` (counted from 1 over all pools that
 * share the struct) has been sent completely and nothing of its answer was read. */
struct pg_cut {
    size_t after; /* 0: never */
    size_t asked;
};

struct pg_options {
    const char *conninfo; /* libpq: key=value or URI; a host by name needs hostaddr too */
    const struct pg_statement *const *statements;
    size_t statement_count;
    size_t connections;      /* kept open, at least 1 */
    size_t waiting;          /* askers queued at most; then ERR_BUSY. 0: 1000 */
    instant connect_limit;   /* to connect, check and prepare. 0: 10 s */
    instant statement_limit; /* statement_timeout. 0: 30 s */
    instant lock_limit;      /* lock_timeout. 0: 5 s */
    instant idle_limit;      /* idle_in_transaction_session_timeout. 0: 60 s */
    bool check_schema;       /* refuse a schema version this program was not built for */
    bool allow_no_fsync;     /* tests: fsync and full_page_writes may be off */
    bool allow_no_checksums; /* tests: data checksums may be off */
    struct pg_cut *cut;      /* tests; or NULL */
    /* The first connection came up, or the last one went down. May be NULL; must not free
     * the pool. */
    void (*changed)(void *arg, bool is_up);
    void *changed_arg;
};

struct pg_pool;
struct pg; /* one connection, taken */

/* Begin to connect; what OPTIONS points to must outlive the pool (the struct itself is
 * copied). ERR_BAD_INPUT for a conninfo that libpq cannot read or that would make it look up
 * a name, which blocks the loop. */
MUST_USE status pg_pool_new(struct loop *loop, const struct pg_options *options,
                            struct pg_pool **ret_pool, struct err *err);

/* Close all. Who still waits or asked is answered ERR_UNAVAILABLE now; connections still
 * taken are gone. Accepts NULL. */
void pg_pool_free(struct pg_pool *pool);

size_t pg_pool_up(const struct pg_pool *pool);      /* connections ready or at work */
size_t pg_pool_waiting(const struct pg_pool *pool); /* askers without a connection */
const struct err *
pg_pool_error(const struct pg_pool *pool); /* why down; NULL: up, or new */

/* PostgreSQL's clock minus ours in microseconds, measured at the newest connect (error: half
 * the round trip). To measure again ask PG_NOW. */
instant pg_pool_clock_difference(const struct pg_pool *pool);

/* Have BATCH run by the next free connection, in the order of asking. BATCH is taken over,
 * whatever comes. OK: DONE will be called exactly once. ERR_BUSY (too many wait): it will
 * not. */
MUST_USE status pg_pool_ask(struct pg_pool *pool, struct pg_batch *batch, instant deadline,
                            pg_done done, void *arg, struct err *err);

/* Take a connection, in the same queue. TAKEN is called exactly once: with the connection,
 * or with NULL and the reason. Give it back, also when it was lost; given back with an ask
 * under way or a transaction open it is reset, and that ask's DONE is not called. */
typedef void (*pg_taken)(void *arg, struct pg *pg, const struct err *err);
MUST_USE status pg_pool_take(struct pg_pool *pool, instant deadline, pg_taken taken,
                             void *arg, struct err *err);
void pg_pool_give(struct pg_pool *pool, struct pg *pg);

/* Ask on a taken connection, one batch at a time. BATCH is taken over, whatever comes.
 * OK: DONE will be called exactly once. ERR_UNAVAILABLE: the connection is lost, give it
 * back. */
MUST_USE status pg_ask(struct pg *pg, struct pg_batch *batch, instant deadline,
                       pg_done done, void *arg, struct err *err);
bool pg_is_up(const struct pg *pg);

#endif
