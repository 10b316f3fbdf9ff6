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
    struct pg_statement upsert[TABLE_COUNT];
    struct pg_statement erase[TABLE_COUNT];
};
const struct projection_sql *projection_sql(void);

/* Load: TABLE_COUNT statements; then each one's rows go into the state. */
void projection_add_load(struct pg_batch *batch, int log_id);
void projection_take_load(const struct pg_rows *rows, enum table_id table,
                          struct state *state);

/* Write what changed in STATE since MARK: at most one upsert and one delete for each
 * table. */
void projection_add_changes(struct pg_batch *batch, int log_id, const struct state *state,
                            uint64_t mark);

#endif
