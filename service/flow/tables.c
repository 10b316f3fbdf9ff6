/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/tables.h"

#include "service/flow/ledger.h"
#include "service/store/projection.h"

#define PAGE      500
#define TRIES_MAX 100 /* a log that is never quiet for so long is counted next round */

void tables_done(struct tables *tables)
{
    for (size_t i = 0; i < TABLE_COLUMNS_MAX; i++) {
        bytes_done(&tables->after[i]);
    }
}

void tables_add(const struct tables *tables, struct pg_batch *batch)
{
    const char *after[TABLE_COLUMNS_MAX];
    int log_id = tables->ledger->log_id;
    store_add_head(batch, log_id);
    for (size_t i = 0; i < TABLES[tables->table].key_count; i++) {
        after[i] = bytes_text(&tables->after[i]);
    }
    if (tables->step == TABLES_PAGE) {
        projection_add_page(batch, log_id, tables->table, tables->has_after ? after : NULL,
                            PAGE);
    } else if (tables->step == TABLES_COUNT_ROWS) {
        projection_add_count(batch, log_id, tables->table);
    } else {
        projection_add_all(batch, log_id, tables->table);
    }
}

static status differs(const struct tables *tables, const char *const *key, struct err *err)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    row_write_key(tables->table, key, &text);
    return FAIL(err, ERR_TAMPERED, "the table %s is not what the log gives, at %s",
                TABLES[tables->table].name, bytes_text(&text));
}

/* ROW of a snapshot at SIZE: is it certainly not of this log? Between the snapshot and now the
 * log may have grown; and this process may not have read yet what another one wrote. */
static bool is_foreign(const struct tables *tables, uint64_t size,
                       const struct projection_row *row)
{
    const struct state *state = tables->ledger->state;
    const struct row *mine = state_row(state, tables->table, row->values);
    if (row->src_seq < 0 || (uint64_t) row->src_seq >= size) {
        return true;
    }
    if ((uint64_t) row->src_seq >= state_head(state).size) {
        return false; /* another process wrote it */
    }
    if (mine == NULL) {
        return state_last_erased(state) < (int64_t) size;
    }
    return (uint64_t) mine->src_seq < size &&
           !row_equal(mine, tables->table, row->values, row->src_seq);
}

static void next_table(struct tables *tables)
{
    tables->table = tables->table + 1 < TABLE_COUNT ? tables->table + 1 : 0;
    tables->step = TABLES_PAGE;
    tables->has_after = false;
    tables->tries = 0;
}

static status take_page(struct tables *tables, uint64_t size, const struct pg_rows *rows,
                        struct err *err)
{
    size_t count = pg_rows_count(rows);
    struct projection_row row;
    for (size_t i = 0; i < count; i++) {
        projection_take_row(rows, i, tables->table, &row);
        if (is_foreign(tables, size, &row)) {
            return differs(tables, row.values, err);
        }
    }
    for (size_t i = 0; count > 0 && i < TABLES[tables->table].key_count; i++) {
        bytes_clear(&tables->after[i]);
        bytes_add_text(&tables->after[i], row.values[i]);
    }
    tables->has_after = tables->has_after || count > 0;
    tables->step = count < PAGE ? TABLES_COUNT_ROWS : TABLES_PAGE;
    return OK;
}

/* Only while memory and snapshot are at the same size: after some tries the round goes on
 * without. */
static bool is_same_size(struct tables *tables, uint64_t size)
{
    bool same = size == state_head(tables->ledger->state).size;
    if (!same && ++tables->tries > TRIES_MAX) {
        next_table(tables);
    }
    return same;
}

static void take_count(struct tables *tables, uint64_t size, const struct pg_rows *rows)
{
    if (!is_same_size(tables, size)) {
        return;
    }
    uint64_t mine = state_row_count(tables->ledger->state, tables->table);
    if ((uint64_t) pg_int8(rows, 0, 0) == mine) {
        next_table(tables);
    } else {
        tables->step = TABLES_NAME;
    }
}

static status take_all(struct tables *tables, uint64_t size, const struct pg_rows *rows,
                       struct err *err)
{
    const struct ledger *ledger = tables->ledger;
    CLEANUP(bytes_done) struct bytes key = {0};
    if (!is_same_size(tables, size)) {
        return OK;
    }
    struct state *stored = state_new(ledger->origin, ledger->founder);
    projection_take_load(rows, tables->table, stored);
    bool differ = state_differs(ledger->state, stored, tables->table, &key);
    state_free(stored);
    if (differ) {
        return FAIL(err, ERR_TAMPERED, "the table %s is not what the log gives, at %s",
                    TABLES[tables->table].name, bytes_text(&key));
    }
    next_table(tables);
    return OK;
}

status tables_take(struct tables *tables, const struct pg_rows *const *rows,
                   struct err *err)
{
    struct store_head head;
    TRY(store_take_head(rows[0], &head, err));
    switch (tables->step) {
    case TABLES_PAGE:
        return take_page(tables, head.size, rows[1], err);
    case TABLES_COUNT_ROWS:
        take_count(tables, head.size, rows[1]);
        return OK;
    case TABLES_NAME:
    default:
        return take_all(tables, head.size, rows[1], err);
    }
}
