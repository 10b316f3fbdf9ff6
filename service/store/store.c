/* SPDX-License-Identifier: Apache-2.0 */
/*
** Statement, parameters and reader stand together, so that SQL and columns are reviewed at
** once. A digest column that has not 32 bytes was not written by us: that is tampering, not
** a bug.
*/
#include "service/store/store.h"

#include "service/store/projection.h"

static status take_digest(struct span bytes, struct digest *ret_digest, const char *what,
                          struct err *err)
{
    if (bytes.size != DIGEST_SIZE) {
        return FAIL(err, ERR_TAMPERED, "%s in the database has %zu bytes, not %d", what,
                    bytes.size, DIGEST_SIZE);
    }
    memcpy(ret_digest->bytes, bytes.data, DIGEST_SIZE);
    return OK;
}

static void put_digest(struct pg_batch *batch, const struct digest *digest)
{
    pg_put_bytea(batch, digest_span(digest));
}

/* ---- the head ---- */

static const struct pg_statement OPEN_LOG = {"open log", "select crfd.open_log($1, $2)",
                                             .takes = {PG_TEXT, PG_TEXT},
                                             .gives = {PG_INT4}};

void store_add_open_log(struct pg_batch *batch, const char *origin, const char *study)
{
    pg_batch_add(batch, &OPEN_LOG);
    pg_put_text(batch, span_text(origin));
    pg_put_text(batch, span_text(study));
}

int store_take_open_log(const struct pg_rows *rows)
{
    return pg_int4(rows, 0, 0);
}

#define HEAD_COLUMNS "size, leaf, time, root, frontier"
#define HEAD_GIVES                                                                         \
    {                                                                                      \
        PG_INT8, PG_BYTEA, PG_TIME, PG_BYTEA, PG_BYTEA                                     \
    }

static const struct pg_statement HEAD = {
    "head", "select " HEAD_COLUMNS " from crfd.log where log_id = $1", .takes = {PG_INT4},
    .gives = HEAD_GIVES};

static const struct pg_statement HOLD_HEAD = {
    "hold head", "select " HEAD_COLUMNS " from crfd.hold_head($1)", .takes = {PG_INT4},
    .gives = HEAD_GIVES};

void store_add_head(struct pg_batch *batch, int log_id)
{
    pg_batch_add(batch, &HEAD);
    pg_put_int4(batch, log_id);
}

void store_add_hold_head(struct pg_batch *batch, int log_id)
{
    pg_batch_add(batch, &HOLD_HEAD);
    pg_put_int4(batch, log_id);
}

status store_take_head(const struct pg_rows *rows, struct store_head *ret_head,
                       struct err *err)
{
    if (pg_rows_count(rows) != 1) {
        return FAIL(err, ERR_TAMPERED, "the log has %zu heads in the database, not 1",
                    pg_rows_count(rows));
    }
    struct store_head head = {.size = (uint64_t) pg_int8(rows, 0, 0)};
    if (head.size > 0) {
        TRY(take_digest(pg_bytea(rows, 0, 1), &head.leaf, "the leaf of the head", err));
        TRY(take_digest(pg_bytea(rows, 0, 3), &head.root, "the root of the head", err));
        head.time = pg_time(rows, 0, 2);
        head.frontier = pg_bytea(rows, 0, 4);
    } else {
        digest_of(span_of("", 0), &head.root);
    }
    *ret_head = head;
    return OK;
}

/* ---- append ---- */

static const struct pg_statement APPEND = {
    "append",
    "select 1 from crfd.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
    " $15, $16, $17)",
    .takes = {PG_INT4, PG_INT8, PG_BYTEA, PG_BYTEA_ARRAY, PG_BYTEA_ARRAY, PG_TEXT_ARRAY,
              PG_BYTEA_ARRAY, PG_BYTEA_ARRAY, PG_INT4_ARRAY, PG_UUID_ARRAY, PG_BYTEA_ARRAY,
              PG_TIME, PG_BYTEA, PG_BYTEA, PG_INT4_ARRAY, PG_INT8_ARRAY, PG_BYTEA_ARRAY},
    .gives = {PG_INT4}};

/* One array parameter: PUT for each entry. */
static void put_entries(struct pg_batch *batch, const struct store_append *append,
                        void (*put)(struct pg_batch *batch,
                                    const struct store_entry *entry))
{
    pg_array_begin(batch);
    for (size_t i = 0; i < append->entry_count; i++) {
        put(batch, &append->entries[i]);
    }
    pg_array_end(batch);
}

static void put_prev(struct pg_batch *batch, const struct store_entry *entry)
{
    put_digest(batch, &entry->prev);
}

static void put_entry(struct pg_batch *batch, const struct store_entry *entry)
{
    pg_put_bytea(batch, entry->entry);
}

static void put_object(struct pg_batch *batch, const struct store_entry *entry)
{
    pg_put_text(batch, span_text(entry->object));
}

static void put_span(struct pg_batch *batch, struct span span)
{
    if (span.data == NULL) {
        pg_put_null(batch);
    } else {
        pg_put_bytea(batch, span);
    }
}

static void put_salt(struct pg_batch *batch, const struct store_entry *entry)
{
    put_span(batch, entry->salt);
}

static void put_body(struct pg_batch *batch, const struct store_entry *entry)
{
    put_span(batch, entry->body);
}

static void put_key_no(struct pg_batch *batch, const struct store_entry *entry)
{
    if (entry->key_no < 0) {
        pg_put_null(batch);
    } else {
        pg_put_int4(batch, entry->key_no);
    }
}

static void put_jti(struct pg_batch *batch, const struct store_entry *entry)
{
    if (entry->key_no < 0) {
        pg_put_null(batch);
    } else {
        pg_put_uuid(batch, entry->jti.bytes);
    }
}

static void put_record(struct pg_batch *batch, const struct store_entry *entry)
{
    if (entry->key_no < 0) {
        pg_put_null(batch);
    } else {
        put_digest(batch, &entry->record);
    }
}

static void put_tiles(struct pg_batch *batch, const struct store_append *append)
{
    pg_array_begin(batch);
    for (size_t i = 0; i < append->tile_count; i++) {
        pg_put_int4(batch, append->tiles[i].level);
    }
    pg_array_end(batch);
    pg_array_begin(batch);
    for (size_t i = 0; i < append->tile_count; i++) {
        pg_put_int8(batch, (int64_t) append->tiles[i].index);
    }
    pg_array_end(batch);
    pg_array_begin(batch);
    for (size_t i = 0; i < append->tile_count; i++) {
        put_digest(batch, &append->tiles[i].hash);
    }
    pg_array_end(batch);
}

void store_add_append(struct pg_batch *batch, const struct store_append *append)
{
    pg_batch_add(batch, &APPEND);
    pg_put_int4(batch, append->log_id);
    pg_put_int8(batch, (int64_t) append->size);
    if (append->size == 0) {
        pg_put_null(batch);
    } else {
        put_digest(batch, &append->leaf);
    }
    put_entries(batch, append, put_prev);
    put_entries(batch, append, put_entry);
    put_entries(batch, append, put_object);
    put_entries(batch, append, put_salt);
    put_entries(batch, append, put_body);
    put_entries(batch, append, put_key_no);
    put_entries(batch, append, put_jti);
    put_entries(batch, append, put_record);
    pg_put_time(batch, append->time);
    put_digest(batch, &append->root);
    pg_put_bytea(batch, append->frontier);
    put_tiles(batch, append);
}

/* ---- reading the log ---- */

#define LINE_COLUMNS                                                                       \
    "select e.seq, e.entry, e.leaf, b.salt, b.bytes from crfd.entry e"                     \
    " left join crfd.body b on b.log_id = e.log_id and b.seq = e.seq"
#define LINE_GIVES                                                                         \
    {                                                                                      \
        PG_INT8, PG_BYTEA, PG_BYTEA, PG_BYTEA, PG_BYTEA                                    \
    }

static void add_range(struct pg_batch *batch, const struct pg_statement *statement,
                      int log_id, uint64_t from, uint64_t to)
{
    pg_batch_add(batch, statement);
    pg_put_int4(batch, log_id);
    pg_put_int8(batch, (int64_t) from);
    pg_put_int8(batch, (int64_t) to);
}

static const struct pg_statement LINES = {
    "lines",
    LINE_COLUMNS " where e.log_id = $1 and e.seq >= $2 and e.seq < $3 order by e.seq",
    .takes = {PG_INT4, PG_INT8, PG_INT8}, .gives = LINE_GIVES};

static const struct pg_statement OBJECT_LINES = {
    "object lines",
    "select seq, entry, leaf, salt, bytes from (select e.seq, e.entry, e.leaf, b.salt, "
    "b.bytes,"
    " sum(coalesce(octet_length(b.bytes), 0)) over (order by e.seq)"
    " - coalesce(octet_length(b.bytes), 0) as before"
    " from (select log_id, seq, entry, leaf from crfd.entry"
    " where log_id = $1 and object = $2 and seq > $3 order by seq limit $4) e"
    " left join crfd.body b on b.log_id = e.log_id and b.seq = e.seq) page"
    " where before <= $5 order by seq",
    .takes = {PG_INT4, PG_TEXT, PG_INT8, PG_INT4, PG_INT8}, .gives = LINE_GIVES};

void store_add_lines(struct pg_batch *batch, int log_id, uint64_t from, uint64_t to)
{
    add_range(batch, &LINES, log_id, from, to);
}

void store_add_object_lines(struct pg_batch *batch, int log_id, const char *object,
                            int64_t after, int limit, int64_t size)
{
    pg_batch_add(batch, &OBJECT_LINES);
    pg_put_int4(batch, log_id);
    pg_put_text(batch, span_text(object));
    pg_put_int8(batch, after);
    pg_put_int4(batch, limit);
    pg_put_int8(batch, size);
}

static const struct pg_statement STREAM_LINES = {
    "stream lines",
    "declare lines no scroll cursor for " LINE_COLUMNS
    " where e.log_id = $1 and e.seq >= $2 and e.seq < $3 order by e.seq",
    .takes = {PG_INT4, PG_INT8, PG_INT8}};

static const struct pg_statement FETCH_LINES = {
    "fetch lines", "fetch forward 64 from lines", .gives = LINE_GIVES, .unprepared = true};

static const struct pg_statement ENTRIES = {"entries",
                                            "select entry from crfd.entry where log_id = "
                                            "$1 and seq >= $2 and seq < $3 order by seq",
                                            .takes = {PG_INT4, PG_INT8, PG_INT8},
                                            .gives = {PG_BYTEA}};

void store_add_stream_lines(struct pg_batch *batch, int log_id, uint64_t from, uint64_t to)
{
    add_range(batch, &STREAM_LINES, log_id, from, to);
}

const struct pg_statement *store_fetch_lines(void)
{
    return &FETCH_LINES;
}

void store_add_entries(struct pg_batch *batch, int log_id, uint64_t from, uint64_t to)
{
    add_range(batch, &ENTRIES, log_id, from, to);
}

struct span store_take_entry(const struct pg_rows *rows, size_t row)
{
    return pg_bytea(rows, row, 0);
}

static status take_line(const struct pg_rows *rows, size_t row, size_t column,
                        struct store_line *ret_line, struct err *err)
{
    struct store_line line = {
        .seq = (uint64_t) pg_int8(rows, row, column),
        .entry = pg_bytea(rows, row, column + 1),
        .has_body = !pg_is_null(rows, row, column + 4),
        .salt = pg_bytea(rows, row, column + 3),
        .body = pg_bytea(rows, row, column + 4),
    };
    TRY(take_digest(pg_bytea(rows, row, column + 2), &line.leaf, "a leaf", err));
    *ret_line = line;
    return OK;
}

status store_take_line(const struct pg_rows *rows, size_t row, struct store_line *ret_line,
                       struct err *err)
{
    return take_line(rows, row, 0, ret_line, err);
}

static const struct pg_statement REREAD = {
    "reread",
    "select e.seq, e.entry, sha256(b.salt || b.bytes) from crfd.entry e"
    " left join crfd.body b on b.log_id = e.log_id and b.seq = e.seq"
    " where e.log_id = $1 and e.seq >= $2 and e.seq < $3 order by e.seq",
    .takes = {PG_INT4, PG_INT8, PG_INT8}, .gives = {PG_INT8, PG_BYTEA, PG_BYTEA}};

void store_add_reread(struct pg_batch *batch, int log_id, uint64_t from, uint64_t to)
{
    add_range(batch, &REREAD, log_id, from, to);
}

status store_take_reread(const struct pg_rows *rows, size_t row,
                         struct store_reread *ret_reread, struct err *err)
{
    struct store_reread reread = {.seq = (uint64_t) pg_int8(rows, row, 0),
                                  .entry = pg_bytea(rows, row, 1),
                                  .has_body = !pg_is_null(rows, row, 2)};
    if (reread.has_body) {
        TRY(take_digest(pg_bytea(rows, row, 2), &reread.body, "a body's digest", err));
    }
    *ret_reread = reread;
    return OK;
}

static const struct pg_statement LEAVES = {"leaves",
                                           "select seq, leaf from crfd.entry where log_id "
                                           "= $1 and seq >= $2 and seq < $3 order by seq",
                                           .takes = {PG_INT4, PG_INT8, PG_INT8},
                                           .gives = {PG_INT8, PG_BYTEA}};

void store_add_leaves(struct pg_batch *batch, int log_id, uint64_t from, uint64_t to)
{
    add_range(batch, &LEAVES, log_id, from, to);
}

status store_take_leaf(const struct pg_rows *rows, size_t row, uint64_t *ret_seq,
                       struct digest *ret_leaf, struct err *err)
{
    TRY(take_digest(pg_bytea(rows, row, 1), ret_leaf, "a leaf", err));
    *ret_seq = (uint64_t) pg_int8(rows, row, 0);
    return OK;
}

static const struct pg_statement TILES = {
    "tiles",
    "select level, idx, hash from crfd.stratum where log_id = $1 order by level, idx",
    .takes = {PG_INT4}, .gives = {PG_INT4, PG_INT8, PG_BYTEA}};

void store_add_tiles(struct pg_batch *batch, int log_id)
{
    pg_batch_add(batch, &TILES);
    pg_put_int4(batch, log_id);
}

status store_take_tile(const struct pg_rows *rows, size_t row, struct store_tile *ret_tile,
                       struct err *err)
{
    struct store_tile tile = {.level = pg_int4(rows, row, 0),
                              .index = (uint64_t) pg_int8(rows, row, 1)};
    TRY(take_digest(pg_bytea(rows, row, 2), &tile.hash, "a tile's root", err));
    *ret_tile = tile;
    return OK;
}

/* ---- ids and roots ---- */

static const struct pg_statement IDS = {
    "ids",
    "select u.i, r.seq, r.digest"
    " from unnest($2::int[], $3::uuid[]) with ordinality u(key_no, jti, i)"
    " join crfd.record_id r on r.log_id = $1 and r.key_no = u.key_no and r.jti = u.jti",
    .takes = {PG_INT4, PG_INT4_ARRAY, PG_UUID_ARRAY},
    .gives = {PG_INT8, PG_INT8, PG_BYTEA}};

void store_add_ids(struct pg_batch *batch, int log_id, const int *key_no,
                   const struct uuid *jti, size_t count)
{
    pg_batch_add(batch, &IDS);
    pg_put_int4(batch, log_id);
    pg_array_begin(batch);
    for (size_t i = 0; i < count; i++) {
        pg_put_int4(batch, key_no[i]);
    }
    pg_array_end(batch);
    pg_array_begin(batch);
    for (size_t i = 0; i < count; i++) {
        pg_put_uuid(batch, jti[i].bytes);
    }
    pg_array_end(batch);
}

status store_take_id(const struct pg_rows *rows, size_t row, struct store_id *ret_id,
                     struct err *err)
{
    struct store_id id = {.index = (size_t) pg_int8(rows, row, 0) - 1,
                          .seq = (uint64_t) pg_int8(rows, row, 1)};
    TRY(take_digest(pg_bytea(rows, row, 2), &id.record, "a record's digest", err));
    *ret_id = id;
    return OK;
}

static const struct pg_statement ROOTS = {
    "roots", "select size, root from crfd.root where log_id = $1 and size = any($2)",
    .takes = {PG_INT4, PG_INT8_ARRAY}, .gives = {PG_INT8, PG_BYTEA}};

void store_add_roots(struct pg_batch *batch, int log_id, const uint64_t *sizes,
                     size_t count)
{
    pg_batch_add(batch, &ROOTS);
    pg_put_int4(batch, log_id);
    pg_array_begin(batch);
    for (size_t i = 0; i < count; i++) {
        pg_put_int8(batch, (int64_t) sizes[i]);
    }
    pg_array_end(batch);
}

status store_take_root(const struct pg_rows *rows, size_t row, uint64_t *ret_size,
                       struct digest *ret_root, struct err *err)
{
    struct digest root;
    TRY(take_digest(pg_bytea(rows, row, 1), &root, "a root", err));
    *ret_size = (uint64_t) pg_int8(rows, row, 0);
    *ret_root = root;
    return OK;
}

static const struct pg_statement TOTALS = {
    "totals",
    "select (select count(*) from crfd.record_id where log_id = $1 and seq < $2),"
    " coalesce((select seq from crfd.record_id where log_id = $1 and seq < $2 group by seq"
    " having count(*) > 1 order by seq limit 1), -1),"
    " (select coalesce(max(seq), -1) from crfd.record_id where log_id = $1),"
    " (select coalesce(max(size), 0) from crfd.root where log_id = $1),"
    " (select count(*) from crfd.root where log_id = $1),"
    " (select count(*) from crfd.root where log_id = $1 and size <= $3)",
    .takes = {PG_INT4, PG_INT8, PG_INT8},
    .gives = {PG_INT8, PG_INT8, PG_INT8, PG_INT8, PG_INT8, PG_INT8}};

void store_add_totals(struct pg_batch *batch, int log_id, uint64_t size,
                      uint64_t roots_size)
{
    pg_batch_add(batch, &TOTALS);
    pg_put_int4(batch, log_id);
    pg_put_int8(batch, (int64_t) size);
    pg_put_int8(batch, (int64_t) roots_size);
}

struct store_totals store_take_totals(const struct pg_rows *rows)
{
    return (struct store_totals){.ids = (uint64_t) pg_int8(rows, 0, 0),
                                 .twice = pg_int8(rows, 0, 1),
                                 .last_id = pg_int8(rows, 0, 2),
                                 .last_root = (uint64_t) pg_int8(rows, 0, 3),
                                 .roots = (uint64_t) pg_int8(rows, 0, 4),
                                 .older_roots = (uint64_t) pg_int8(rows, 0, 5)};
}

/* ---- casebooks ---- */

static const struct pg_statement FORMS = {
    "forms",
    "select f.subject, f.object, f.state, f.version, f.number, e.seq, e.entry, e.leaf, "
    "b.salt,"
    " b.bytes from crfd.form f"
    " join crfd.entry e on e.log_id = f.log_id and e.seq = f.seq"
    " left join crfd.body b on b.log_id = f.log_id and b.seq = f.seq"
    " where f.log_id = $1 and f.subject = any($2) order by f.subject, f.object",
    .takes = {PG_INT4, PG_TEXT_ARRAY},
    .gives = {PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_INT8, PG_BYTEA, PG_BYTEA,
              PG_BYTEA, PG_BYTEA}};

void store_add_forms(struct pg_batch *batch, int log_id, const char *const *subjects,
                     size_t count)
{
    pg_batch_add(batch, &FORMS);
    pg_put_int4(batch, log_id);
    pg_array_begin(batch);
    for (size_t i = 0; i < count; i++) {
        pg_put_text(batch, span_text(subjects[i]));
    }
    pg_array_end(batch);
}

static const char *take_text(const struct pg_rows *rows, size_t row, size_t column)
{
    return pg_is_null(rows, row, column) ? NULL
                                         : (const char *) pg_text(rows, row, column).data;
}

status store_take_form(const struct pg_rows *rows, size_t row, struct store_form *ret_form,
                       struct err *err)
{
    struct store_form form = {.subject = take_text(rows, row, 0),
                              .object = take_text(rows, row, 1),
                              .state = take_text(rows, row, 2),
                              .version = take_text(rows, row, 3),
                              .number = take_text(rows, row, 4)};
    if (form.subject == NULL || form.object == NULL || form.state == NULL) {
        return FAIL(err, ERR_TAMPERED, "a row of `form` lacks what each row has");
    }
    TRY(take_line(rows, row, 5, &form.line, err));
    *ret_form = form;
    return OK;
}

/* ---- blobs ---- */

static const struct pg_statement BLOB = {"blob",
                                         "insert into crfd.blob (digest, media, bytes) "
                                         "values ($1, $2, $3) on conflict do nothing",
                                         .takes = {PG_BYTEA, PG_TEXT, PG_BYTEA}};

static const struct pg_statement READ_BLOB = {
    "read blob", "select media, bytes from crfd.blob where digest = $1",
    .takes = {PG_BYTEA}, .gives = {PG_TEXT, PG_BYTEA}};

void store_add_blob(struct pg_batch *batch, const struct digest *digest, const char *media,
                    struct span bytes)
{
    pg_batch_add(batch, &BLOB);
    put_digest(batch, digest);
    pg_put_text(batch, span_text(media));
    pg_put_bytea(batch, bytes);
}

void store_add_read_blob(struct pg_batch *batch, const struct digest *digest)
{
    pg_batch_add(batch, &READ_BLOB);
    put_digest(batch, digest);
}

bool store_take_blob(const struct pg_rows *rows, struct span *ret_media,
                     struct span *ret_bytes)
{
    if (pg_rows_count(rows) == 0) {
        return false;
    }
    *ret_media = pg_text(rows, 0, 0);
    *ret_bytes = pg_bytea(rows, 0, 1);
    return true;
}

/* ---- all of them ---- */

static const struct pg_statement *const fixed[] = {
    &OPEN_LOG,  &HEAD,   &HOLD_HEAD, &APPEND,       &LINES,  &OBJECT_LINES,
    &REREAD,    &TILES,  &IDS,       &ROOTS,        &FORMS,  &BLOB,
    &READ_BLOB, &LEAVES, &ENTRIES,   &STREAM_LINES, &TOTALS,
};

const struct pg_statement *const *store_statements(size_t *ret_count)
{
    static const struct pg_statement *all[ARRAY_LEN(fixed) + 7 * (size_t) TABLE_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++) {
        all[count++] = fixed[i];
    }
    const struct projection_sql *sql = projection_sql();
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        all[count++] = &sql->load[i];
        all[count++] = &sql->first_page[i];
        all[count++] = &sql->page[i];
        all[count++] = &sql->count[i];
        all[count++] = &sql->upsert[i];
        all[count++] = &sql->erase[i];
        all[count++] = &sql->clear[i];
    }
    *ret_count = count;
    return all;
}
