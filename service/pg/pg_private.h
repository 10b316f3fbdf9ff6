/* SPDX-License-Identifier: Apache-2.0 */
/*
** What the files of service/pg tell each other; nobody else includes this.
*/
#ifndef CRFD_SERVICE_PG_PRIVATE_H
#define CRFD_SERVICE_PG_PRIVATE_H

#include <libpq-fe.h>

#include "service/loop/loop.h"
#include "service/pg/pg.h"

/* ---- types (pg_batch.c) ---- */

struct pg_type_info {
    Oid oid, array_oid;
    int size; /* bytes of the binary form; -1: any */
};
const struct pg_type_info *pg_type_info(enum pg_type type); /* of the element, for arrays */
Oid pg_type_oid(enum pg_type type);
size_t pg_type_count(const enum pg_type *list);

/* ---- batches (pg_batch.c) ---- */

struct pg_parameter {
    size_t offset;
    int size;
    bool is_null;
};

struct pg_call {
    const struct pg_statement *statement;
    size_t first; /* of its parameters */
    bool prepare; /* prepare the statement instead of running it */
};

struct pg_batch {
    struct bytes data;
    struct pg_parameter *parameters;
    size_t parameter_count, parameter_capacity;
    struct pg_call *calls;
    size_t call_count, call_capacity;
    bool in_array, array_has_null;
    size_t array_offset;
    int32_t array_count;
};

void pg_batch_add_prepare(struct pg_batch *batch, const struct pg_statement *statement);

/* Could the transaction this batch runs in commit before its Sync has come back? */
bool pg_batch_may_commit(const struct pg_batch *batch, bool in_transaction);

/* Hand call number AT to libpq; false: the connection is broken. */
bool pg_batch_send(const struct pg_batch *batch, size_t at, PGconn *conn);

/* ---- results (pg_rows.c) ---- */

struct pg_rows {
    PGresult *result; /* NULL until it came; PQclear accepts that */
    const struct pg_statement *statement;
};

/* Do columns and sizes agree with what the statement gives? */
MUST_USE status pg_rows_check(const struct pg_rows *rows, struct err *err);

/* What PostgreSQL's error says, without values. */
status pg_result_error(const PGresult *result, const struct pg_statement *statement,
                       struct err *err);

/* What libpq says of the connection, its first line. */
status pg_connection_error(const PGconn *conn, const char *doing, struct err *err);

/* ---- one connection (pg.c) ---- */

/* Called when the connection has become ready (after a connect) or has gone down. */
typedef void (*pg_changed)(void *owner);

struct pg *pg_new(struct loop *loop, const struct pg_options *options, pg_changed changed,
                  void *owner);
void pg_free(struct pg *pg); /* an ask under way is answered ERR_UNAVAILABLE first */
bool pg_is_idle(const struct pg *pg);

/* Taken, it does not connect again by itself. */
void pg_set_taken(struct pg *pg, bool is_taken);
bool pg_is_taken(const struct pg *pg);

/* Make it good for another: if an ask is under way or a transaction open, connect anew. */
void pg_reset(struct pg *pg);

const struct err *pg_last_error(const struct pg *pg);
instant pg_clock_difference(const struct pg *pg, instant *ret_measured); /* wall clock */

/* ---- the pool (pg_pool.c) ---- */

struct loop *pg_pool_loop(const struct pg_pool *pool);

/* ---- what is asked at connect (pg_setup.c) ---- */

/* The first ask: set the session, read its settings, the clock, the schema's versions. */
struct pg_batch *pg_setup_settings(const struct pg_options *options);

/* Judge its answer. SENT and RECEIVED are wall-clock times around it. */
MUST_USE status pg_setup_judge(const struct pg_options *options,
                               const struct pg_answer *answer, instant sent,
                               instant received, instant *ret_clock_difference,
                               struct err *err);

/* The second: prepare every statement. */
struct pg_batch *pg_setup_prepare(const struct pg_options *options);

/* Refuse a conninfo that libpq cannot read or for which it would look up a name. */
MUST_USE status pg_conninfo_check(const char *conninfo, struct err *err);

#endif
