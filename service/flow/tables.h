/* SPDX-License-Identifier: Apache-2.0 */
/*
** tables: a piece of a projection compared with the state in memory, then the next one, round
** and round.
**
** The state is a fold of the log (ledger_replay.c), so a row that differs was written by
** somebody else. A round reads each table in key order, a piece at a time, and counts it: each
** stored row is one of the state's, and there are as many. Batches go on meanwhile: what an
** entry behind the head of the snapshot wrote is left for the next round.
*/
#ifndef CRFD_SERVICE_TABLES_H
#define CRFD_SERVICE_TABLES_H

#include "protocol/record/schema.h"
#include "service/pg/pg.h"

struct ledger;

enum tables_step { TABLES_PAGE, TABLES_COUNT_ROWS, TABLES_NAME };

/* Zero but for the ledger to begin. */
struct tables {
    struct ledger *ledger;
    enum table_id table;
    enum tables_step step;
    bool has_after;
    struct bytes after[TABLE_COLUMNS_MAX]; /* key of the last row that was read */
    int tries;                             /* to count it while nothing is written */
};

void tables_done(struct tables *tables);

/* Two statements, which must see the same snapshot: the head, and the next piece. */
#define TABLES_STATEMENTS 2
void tables_add(const struct tables *tables, struct pg_batch *batch);
/* Compare it and step on. ERR_TAMPERED names table and key. */
MUST_USE status tables_take(struct tables *tables, const struct pg_rows *const *rows,
                            struct err *err);

#endif
