/* SPDX-License-Identifier: Apache-2.0 */
#include "service/store/projection.h"

#define UPSERT_ROWS ((size_t) 1000) /* in one statement */

/* ---- the statements, made from the schema ---- */

/* "a, b, c" with PREFIX before each; the first COUNT columns. */
static void add_columns(struct bytes *sql, const struct table *table, size_t from,
                        size_t to, const char *prefix)
{
    for (size_t i = from; i < to; i++) {
        bytes_printf(sql, "%s%s%s", i > from ? ", " : "", prefix, table->columns[i].name);
    }
}

static const char *array_type(const struct table *table, size_t column)
{
    return table->columns[column].type == COLUMN_BIGINT ? "bigint[]" : "text[]";
}

static enum pg_type array_of(const struct table *table, size_t column)
{
    return table->columns[column].type == COLUMN_BIGINT ? PG_INT8_ARRAY : PG_TEXT_ARRAY;
}

/* "unnest($2::text[], $3::bigint[], ...)" for the first COUNT columns; returns the
 * number of the next parameter. */
static size_t add_unnest(struct bytes *sql, const struct table *table, size_t count)
{
    bytes_add_text(sql, "unnest(");
    for (size_t i = 0; i < count; i++) {
        bytes_printf(sql, "%s$%zu::%s", i > 0 ? ", " : "", i + 2, array_type(table, i));
    }
    return count + 2;
}

static void make_statement(struct pg_statement *statement, const char *verb,
                           const struct table *table, const struct bytes *sql)
{
    CLEANUP(bytes_done) struct bytes name = {0};
    bytes_printf(&name, "%s %s", verb, table->name);
    statement->name = mem_text(bytes_text(&name));
    statement->sql = mem_text(bytes_text(sql));
}

static void give_row(const struct table *table, struct pg_statement *statement)
{
    for (size_t i = 0; i < table->column_count; i++) {
        statement->gives[i] = table->columns[i].type == COLUMN_BIGINT ? PG_INT8 : PG_TEXT;
    }
    statement->gives[table->column_count] = PG_INT8;
}

static void make_load(const struct table *table, struct pg_statement *statement)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    bytes_add_text(&sql, "select ");
    add_columns(&sql, table, 0, table->column_count, "");
    bytes_printf(&sql, ", src_seq from crfd.%s where log_id = $1", table->name);
    make_statement(statement, "load", table, &sql);
    statement->takes[0] = PG_INT4;
    give_row(table, statement);
}

/* In key order; with AFTER behind a given key. */
static void make_page(const struct table *table, bool after, struct pg_statement *statement)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    size_t next = 1;
    bytes_add_text(&sql, "select ");
    add_columns(&sql, table, 0, table->column_count, "");
    bytes_printf(&sql, ", src_seq from crfd.%s where log_id = $1", table->name);
    statement->takes[0] = PG_INT4;
    if (after) {
        bytes_add_text(&sql, " and (");
        add_columns(&sql, table, 0, table->key_count, "");
        bytes_add_text(&sql, ") > (");
        for (; next <= table->key_count; next++) {
            bytes_printf(&sql, "%s$%zu", next > 1 ? ", " : "", next + 1);
            statement->takes[next] = PG_TEXT;
        }
        bytes_add_text(&sql, ")");
    }
    bytes_add_text(&sql, " order by ");
    add_columns(&sql, table, 0, table->key_count, "");
    bytes_printf(&sql, " limit $%zu", next + 1);
    statement->takes[next] = PG_INT4;
    make_statement(statement, after ? "page" : "first page", table, &sql);
    give_row(table, statement);
}

static void make_count(const struct table *table, struct pg_statement *statement)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    bytes_printf(&sql, "select count(*) from crfd.%s where log_id = $1", table->name);
    make_statement(statement, "count", table, &sql);
    statement->takes[0] = PG_INT4;
    statement->gives[0] = PG_INT8;
}

static void make_upsert(const struct table *table, struct pg_statement *statement)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    bytes_printf(&sql, "insert into crfd.%s as t (log_id, ", table->name);
    add_columns(&sql, table, 0, table->column_count, "");
    bytes_add_text(&sql, ", src_seq) select $1, u.* from ");
    size_t next = add_unnest(&sql, table, table->column_count);
    bytes_printf(&sql, ", $%zu::bigint[]) u on conflict (log_id, ", next);
    add_columns(&sql, table, 0, table->key_count, "");
    bytes_add_text(&sql, ") do update set src_seq = excluded.src_seq");
    for (size_t i = table->key_count; i < table->column_count; i++) {
        const char *name = table->columns[i].name;
        bytes_printf(&sql, ", %s = excluded.%s", name, name);
    }
    make_statement(statement, "upsert", table, &sql);
    statement->takes[0] = PG_INT4;
    for (size_t i = 0; i < table->column_count; i++) {
        statement->takes[i + 1] = array_of(table, i);
    }
    statement->takes[table->column_count + 1] = PG_INT8_ARRAY;
}

static void make_erase(const struct table *table, struct pg_statement *statement)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    bytes_printf(&sql, "delete from crfd.%s t using ", table->name);
    (void) add_unnest(&sql, table, table->key_count);
    bytes_add_text(&sql, ") u(");
    add_columns(&sql, table, 0, table->key_count, "");
    bytes_add_text(&sql, ") where t.log_id = $1");
    for (size_t i = 0; i < table->key_count; i++) {
        const char *name = table->columns[i].name;
        bytes_printf(&sql, " and t.%s = u.%s", name, name);
    }
    make_statement(statement, "erase", table, &sql);
    statement->takes[0] = PG_INT4;
    for (size_t i = 0; i < table->key_count; i++) {
        statement->takes[i + 1] = array_of(table, i);
    }
}

static void make_clear(const struct table *table, struct pg_statement *statement)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    bytes_printf(&sql, "delete from crfd.%s where log_id = $1", table->name);
    make_statement(statement, "clear", table, &sql);
    statement->takes[0] = PG_INT4;
}

const struct projection_sql *projection_sql(void)
{
    static struct projection_sql sql;
    if (sql.load[0].name == NULL) {
        for (size_t i = 0; i < TABLE_COUNT; i++) {
            make_load(&TABLES[i], &sql.load[i]);
            make_page(&TABLES[i], false, &sql.first_page[i]);
            make_page(&TABLES[i], true, &sql.page[i]);
            make_count(&TABLES[i], &sql.count[i]);
            make_upsert(&TABLES[i], &sql.upsert[i]);
            make_erase(&TABLES[i], &sql.erase[i]);
            make_clear(&TABLES[i], &sql.clear[i]);
        }
    }
    return &sql;
}

/* ---- load ---- */

void projection_add_load(struct pg_batch *batch, int log_id)
{
    for (enum table_id id = 0; id < TABLE_COUNT; id++) {
        projection_add_all(batch, log_id, id);
    }
}

void projection_take_row(const struct pg_rows *rows, size_t row, enum table_id id,
                         struct projection_row *ret_row)
{
    const struct table *table = &TABLES[id];
    *ret_row = (struct projection_row){.src_seq = pg_int8(rows, row, table->column_count)};
    for (size_t i = 0; i < table->column_count; i++) {
        if (pg_is_null(rows, row, i)) {
            continue;
        }
        if (table->columns[i].type == COLUMN_BIGINT) {
            (void) snprintf(ret_row->numbers[i], sizeof(ret_row->numbers[i]), "%lld",
                            (long long) pg_int8(rows, row, i));
            ret_row->values[i] = ret_row->numbers[i];
        } else {
            ret_row->values[i] = (const char *) pg_text(rows, row, i).data;
        }
    }
}

void projection_take_load(const struct pg_rows *rows, enum table_id id, struct state *state)
{
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        struct projection_row row;
        projection_take_row(rows, i, id, &row);
        state_load_row(state, id, row.values, row.src_seq);
    }
}

/* ---- a table in pieces ---- */

void projection_add_page(struct pg_batch *batch, int log_id, enum table_id id,
                         const char *const *after, int limit)
{
    const struct projection_sql *sql = projection_sql();
    pg_batch_add(batch, after != NULL ? &sql->page[id] : &sql->first_page[id]);
    pg_put_int4(batch, log_id);
    for (size_t i = 0; after != NULL && i < TABLES[id].key_count; i++) {
        pg_put_text(batch, span_text(after[i]));
    }
    pg_put_int4(batch, limit);
}

void projection_add_count(struct pg_batch *batch, int log_id, enum table_id id)
{
    pg_batch_add(batch, &projection_sql()->count[id]);
    pg_put_int4(batch, log_id);
}

void projection_add_all(struct pg_batch *batch, int log_id, enum table_id id)
{
    pg_batch_add(batch, &projection_sql()->load[id]);
    pg_put_int4(batch, log_id);
}

/* ---- write ---- */

/* What changed, sorted into tables: rows to set and keys to delete. */
struct changed {
    struct arena *arena;
    struct {
        const struct row **set;
        size_t set_count, set_capacity;
        const char *const **gone;
        size_t gone_count, gone_capacity;
    } tables[TABLE_COUNT];
};

static void collect(enum table_id id, const char *const *key, const struct row *row,
                    void *arg)
{
    struct changed *c = arg;
    if (row != NULL) {
        *ARENA_PUSH(c->arena, c->tables[id].set, c->tables[id].set_count,
                    c->tables[id].set_capacity) = row;
        return;
    }
    const char **copy = ARENA_ARRAY(c->arena, TABLES[id].key_count, const char *);
    memcpy(copy, key, TABLES[id].key_count * sizeof(*copy));
    *ARENA_PUSH(c->arena, c->tables[id].gone, c->tables[id].gone_count,
                c->tables[id].gone_capacity) = copy;
}

static void put_value(struct pg_batch *batch, const struct column *column,
                      const char *value)
{
    if (value == NULL) {
        pg_put_null(batch);
    } else if (column->type == COLUMN_BIGINT) {
        pg_put_int8(batch, strtoll(value, NULL, 10));
    } else {
        pg_put_text(batch, span_text(value));
    }
}

static void add_upsert(struct pg_batch *batch, int log_id, enum table_id id,
                       const struct row *const *rows, size_t count)
{
    const struct table *table = &TABLES[id];
    pg_batch_add(batch, &projection_sql()->upsert[id]);
    pg_put_int4(batch, log_id);
    for (size_t column = 0; column < table->column_count; column++) {
        pg_array_begin(batch);
        for (size_t i = 0; i < count; i++) {
            put_value(batch, &table->columns[column], rows[i]->values[column]);
        }
        pg_array_end(batch);
    }
    pg_array_begin(batch);
    for (size_t i = 0; i < count; i++) {
        pg_put_int8(batch, rows[i]->src_seq);
    }
    pg_array_end(batch);
}

static void add_erase(struct pg_batch *batch, int log_id, enum table_id id,
                      const char *const *const *keys, size_t count)
{
    const struct table *table = &TABLES[id];
    pg_batch_add(batch, &projection_sql()->erase[id]);
    pg_put_int4(batch, log_id);
    for (size_t column = 0; column < table->key_count; column++) {
        pg_array_begin(batch);
        for (size_t i = 0; i < count; i++) {
            put_value(batch, &table->columns[column], keys[i][column]);
        }
        pg_array_end(batch);
    }
}

void projection_add_changes(struct pg_batch *batch, int log_id, const struct state *state,
                            uint64_t mark)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct changed changed = {.arena = arena};
    state_each_changed(state, mark, collect, &changed);
    for (enum table_id id = 0; id < TABLE_COUNT; id++) {
        if (changed.tables[id].set_count > 0) {
            add_upsert(batch, log_id, id, changed.tables[id].set,
                       changed.tables[id].set_count);
        }
        if (changed.tables[id].gone_count > 0) {
            add_erase(batch, log_id, id,
                      (const char *const *const *) changed.tables[id].gone,
                      changed.tables[id].gone_count);
        }
    }
}

void projection_add_rebuild(struct pg_batch *batch, int log_id, const struct state *state)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (enum table_id id = 0; id < TABLE_COUNT; id++) {
        struct rows rows = state_rows(state, id, arena);
        pg_batch_add(batch, &projection_sql()->clear[id]);
        pg_put_int4(batch, log_id);
        for (size_t first = 0; first < rows.count; first += UPSERT_ROWS) {
            size_t left = rows.count - first;
            add_upsert(batch, log_id, id, rows.items + first,
                       left < UPSERT_ROWS ? left : UPSERT_ROWS);
        }
    }
}
