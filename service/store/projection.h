/* SPDX-License-Identifier: Apache-2.0 */
/*
** projection: the tables of protocol/record/schema.h in PostgreSQL.
**
** One upsert and one delete statement for each table, made from the schema: arrays in, one
** statement for all changed rows of a batch.
*/
#ifndef CRFD_SERVICE_STORE_PROJECTION_H
#define CRFD_SERVICE_STORE_PROJECTION_H

#include "protocol/record/state.h"
#include "service/pg/pg.h"

/* The statements; index by table. Made at the first call. */
struct projection_sql {
    struct pg_statement load[TABLE_COUNT];
    struct pg_statement first_page[TABLE_COUNT];
    struct pg_statement page[TABLE_COUNT];
    struct pg_statement count[TABLE_COUNT];
    struct pg_statement upsert[TABLE_COUNT];
    struct pg_statement erase[TABLE_COUNT];
    struct pg_statement clear[TABLE_COUNT];
};
const struct projection_sql *projection_sql(void);

/* Load: TABLE_COUNT statements; then each one's rows go into the state. */
void projection_add_load(struct pg_batch *batch, int log_id);
void projection_take_load(const struct pg_rows *rows, enum table_id table,
                          struct state *state);

/* One row of any of these answers: texts borrowed from ROWS, and numbers in the struct. */
struct projection_row {
    const char *values[TABLE_COLUMNS_MAX]; /* as of struct row; point into `numbers`, too */
    char numbers[TABLE_COLUMNS_MAX][24];
    int64_t src_seq;
};
void projection_take_row(const struct pg_rows *rows, size_t row, enum table_id table,
                         struct projection_row *ret_row);

/* One table: the LIMIT rows behind the key AFTER (NULL: the first) in key order; how many rows
 * it has (one bigint); all rows. */
void projection_add_page(struct pg_batch *batch, int log_id, enum table_id table,
                         const char *const *after, int limit);
void projection_add_count(struct pg_batch *batch, int log_id, enum table_id table);
void projection_add_all(struct pg_batch *batch, int log_id, enum table_id table);

/* Write what changed in STATE since MARK: at most one upsert and one delete for each
 * table. */
void projection_add_changes(struct pg_batch *batch, int log_id, const struct state *state,
                            uint64_t mark);

/* Write all of STATE in place of what is there, in one transaction of the caller. */
void projection_add_rebuild(struct pg_batch *batch, int log_id, const struct state *state);

#endif
