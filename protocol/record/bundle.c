/* SPDX-License-Identifier: Apache-2.0 */
/*
** The list of what a bundle holds is the table PARTS; every byte goes through file_flush(),
** which digests what it hands on.
*/
#include "protocol/record/bundle.h"

#include "base/encode.h"
#include "crypto/tile.h"
#include "protocol/record/bundle_impl.h"

#define FLUSH_SIZE ((size_t) 256 * 1024)

/* ---- CSV ---- */

static bool is_formula(const char *text)
{
    struct decimal number;
    return *text != 0 && strchr("=+-@\t\r", *text) != NULL &&
           !decimal_parse(span_text(text), true, &number);
}

void csv_cell(struct bytes *out, const char *text, bool first)
{
    if (!first) {
        bytes_add_char(out, ',');
    }
    if (text == NULL) {
        return;
    }
    bool formula = is_formula(text);
    if (!formula && strpbrk(text, "\",\r\n") == NULL) {
        bytes_add_text(out, text);
        return;
    }
    bytes_add_text(out, formula ? "\"'" : "\"");
    for (const char *c = text; *c != 0; c++) {
        bytes_add_text(out, *c == '"' ? "\"" : "");
        bytes_add_char(out, *c);
    }
    bytes_add_char(out, '"');
}

void csv_line_end(struct bytes *out)
{
    bytes_add_text(out, "\r\n");
}

/* ---- files ---- */

status file_begin(struct bundling *b, struct err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(b->name, sizeof(b->name), format, args);
    va_end(args);
    if (length < 0 || (size_t) length >= sizeof(b->name)) {
        return FAIL(err, ERR_TOO_LARGE, "a file's name in the bundle is too long");
    }
    bytes_clear(&b->buffer);
    return b->writer->begin(b->writer->arg, b->name, b->time, err);
}

static status hand_on(struct bundling *b, struct err *err)
{
    digest_stream_add(b->digest, span_bytes(&b->buffer));
    status got = b->writer->data(b->writer->arg, span_bytes(&b->buffer), err);
    bytes_clear(&b->buffer);
    return got;
}

status file_flush(struct bundling *b, struct err *err)
{
    return b->buffer.size >= FLUSH_SIZE ? hand_on(b, err) : OK;
}

status file_end(struct bundling *b, struct err *err)
{
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    if (b->buffer.size > 0) {
        TRY(hand_on(b, err));
    }
    digest_stream_finish(b->digest, &digest);
    digest_to_hex(&digest, hex);
    bytes_printf(&b->sums, "%s  %s\n", hex, b->name);
    return b->writer->end(b->writer->arg, err);
}

static status whole_file(struct bundling *b, const char *name, struct span content,
                         struct err *err)
{
    TRY(file_begin(b, err, "%s", name));
    bytes_add_span(&b->buffer, content);
    return file_end(b, err);
}

/* ---- reading the log again ---- */

static status read_signed(struct read_record *read, struct arena *arena, struct err *err)
{
    struct span rest = read->body, record_line, outcome_line;
    struct findings shape = {.arena = arena};
    if (!span_cut(&rest, '\n', &record_line) || !span_cut(&rest, '\n', &outcome_line)) {
        return FAIL(err, ERR_TAMPERED, "a body is not a record and an outcome");
    }
    TRY(jws_parse(record_line, arena, &read->jws, err));
    TRY(record_parse(read->jws.payload, arena, &read->record, &shape, err));
    record_set_header(&read->record, &read->jws, &shape);
    TRY(outcome_parse(outcome_line, arena, &read->outcome, err));
    return findings_refuse(&shape)
               ? FAIL(err, ERR_TAMPERED, "a record has not the shape of its type")
               : OK;
}

/* What replay found good must come back: the entry by its leaf in the tree's last root is the
 * replay's business; here entry and body must agree with each other. */
status bundle_read(struct bundling *b, int64_t seq, struct arena *arena,
                   struct read_record *ret_record, struct err *err)
{
    CLEANUP(bytes_done) struct bytes entry = {0}, body = {0};
    struct read_record read = {0};
    struct digest digest;
    TRY(b->source->read(b->source->arg, seq, &entry, &body, &read.withheld, err));
    read.entry_bytes = arena_span(arena, span_bytes(&entry));
    TRY(entry_parse(read.entry_bytes, &read.entry, err));
    read.system = span_is(read.entry.media, "application/json");
    if (read.entry.seq != seq) {
        return FAIL(err, ERR_TAMPERED, "entry %lld came back as another", (long long) seq);
    }
    if (!read.withheld) {
        if (body.size < SALT_SIZE) {
            return FAIL(err, ERR_TAMPERED, "body %lld has no salt", (long long) seq);
        }
        struct span whole = arena_span(arena, span_bytes(&body));
        read.salt = span_of(whole.data, SALT_SIZE);
        read.body = span_of(whole.data + SALT_SIZE, whole.size - SALT_SIZE);
        digest_of(whole, &digest);
        if (!digest_equal(&digest, &read.entry.body)) {
            return FAIL(err, ERR_TAMPERED,
                        "body %lld is not the one that its entry commits to",
                        (long long) seq);
        }
        if (!read.system) {
            TRY(read_signed(&read, arena, err));
        }
    }
    *ret_record = read;
    return OK;
}

const struct metadata_version *bundle_version(const struct bundling *b, const char *version)
{
    const struct row *row = state_definition(b->state, version);
    for (size_t i = 0; row != NULL && i < b->source->definition_count; i++) {
        if (row_is(row, DEFINITION_DIGEST, b->source->definitions[i].sha256)) {
            return study_version(b->source->definitions[i].study, version);
        }
    }
    return NULL;
}

struct rows bundle_forms(struct bundling *b, const char *form_oid, struct arena *arena)
{
    struct rows rows = state_rows(b->state, TABLE_FORM, arena);
    size_t kept = 0;
    for (size_t i = 0; i < rows.count; i++) {
        struct form_key key;
        const struct row *row = rows.items[i];
        bool current = !row_is(row, FORM_STATE, "retracted") &&
                       form_key_parse(span_text(row->values[FORM_OBJECT]), arena, &key);
        if (current && (form_oid == NULL || strcmp(key.form, form_oid) == 0)) {
            rows.items[kept++] = row;
        }
    }
    rows.count = kept;
    return rows;
}

/* ---- the parts that are no data ---- */

status bundle_evidence(struct bundling *b, struct err *err)
{
    CLEANUP(bytes_done) struct bytes vkey = {0};
    bytes_printf(&vkey, "%s\n", b->source->vkey);
    TRY(whole_file(b, "checkpoint", b->source->checkpoint, err));
    return whole_file(b, "log.vkey", span_bytes(&vkey), err);
}

static status write_entry(struct bundling *b, int64_t seq, struct arena *arena,
                          struct bytes *tile, struct err *err)
{
    struct read_record read;
    long long thousand = (long long) seq / 1000;
    TRY(bundle_read(b, seq, arena, &read, err));
    bundle_add(tile, read.entry_bytes);
    TRY(file_begin(b, err, "log/entry/%03lld/%06lld", thousand, (long long) seq));
    bytes_add_span(&b->buffer, read.entry_bytes);
    TRY(file_end(b, err));
    if (read.withheld) {
        return OK;
    }
    TRY(file_begin(b, err, "log/body/%03lld/%06lld", thousand, (long long) seq));
    bytes_add_span(&b->buffer, read.salt);
    bytes_add_span(&b->buffer, read.body);
    return file_end(b, err);
}

static status write_log(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes entries = {0}, path = {0};
    uint64_t size = state_head(b->state).size;
    struct frontier frontier = {0};
    struct digest leaf, mine, wanted;
    for (uint64_t seq = 0; seq < size; seq++) {
        arena_reset(arena);
        size_t before = entries.size;
        TRY(write_entry(b, (int64_t) seq, arena, &entries, err));
        merkle_leaf(span_of(entries.data + before + 2, entries.size - before - 2), &leaf);
        frontier_append(&frontier, &leaf);
        unsigned width = (unsigned) (seq % TILE_WIDTH) + 1;
        if (width == TILE_WIDTH || seq + 1 == size) {
            struct tile tile = {TILE_ENTRIES, seq / TILE_WIDTH, width};
            bytes_clear(&path);
            tile_path_format(&tile, &path);
            TRY(whole_file(b, bytes_text(&path), span_bytes(&entries), err));
            bytes_clear(&entries);
        }
    }
    frontier_root(&frontier, &mine);
    BUG_IF(!replay_root(b->source->replay, size, &wanted));
    return digest_equal(&mine, &wanted)
               ? OK
               : FAIL(err, ERR_TAMPERED, "the entries read are not the entries replayed");
}

static status write_key(struct bundling *b, const struct row *row, struct arena *arena,
                        struct err *err)
{
    CLEANUP(key_freep) struct key *key = NULL;
    CLEANUP(bytes_done) struct bytes spki = {0}, text = {0};
    const struct json *jwk;
    TRY(json_parse(span_text(row->values[PERSON_KEY_JWK]), &JSON_RECORD, arena, &jwk, err));
    TRY(key_from_jwk(jwk, &key, err));
    key_to_spki(key, &spki);
    encode(BASE64, span_bytes(&spki), &text);
    TRY(file_begin(b, err, "keys/%s.pem", row->values[PERSON_KEY_KID]));
    bytes_add_text(&b->buffer, "-----BEGIN PUBLIC KEY-----\n");
    for (size_t at = 0; at < text.size; at += 64) {
        size_t length = text.size - at < 64 ? text.size - at : 64;
        bytes_add(&b->buffer, text.data + at, length);
        bytes_add_char(&b->buffer, '\n');
    }
    bytes_add_text(&b->buffer, "-----END PUBLIC KEY-----\n");
    return file_end(b, err);
}

static status write_keys(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct rows rows = state_rows(b->state, TABLE_PERSON_KEY, arena);
    for (size_t i = 0; i < rows.count; i++) {
        TRY(write_key(b, rows.items[i], arena, err));
    }
    return OK;
}

static status write_definitions(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct rows rows = state_rows(b->state, TABLE_DEFINITION, arena);
    for (size_t i = 0; i < rows.count; i++) {
        if (bundle_version(b, rows.items[i]->values[DEFINITION_VERSION]) == NULL) {
            return FAIL(err, ERR_NOT_FOUND,
                        "a definition that the log published is missing");
        }
    }
    for (size_t i = 0; i < b->source->definition_count; i++) {
        CLEANUP(bytes_done) struct bytes name = {0};
        bytes_printf(&name, "definitions/%s.xml", b->source->definitions[i].sha256);
        TRY(whole_file(b, bytes_text(&name), b->source->definitions[i].xml, err));
    }
    return OK;
}

static void add_row(struct bundling *b, const struct table *table, const struct row *row)
{
    for (size_t c = 0; c < table->column_count; c++) {
        csv_cell(&b->buffer, row->values[c], c == 0);
    }
    bytes_printf(&b->buffer, ",%lld", (long long) row->src_seq);
    csv_line_end(&b->buffer);
}

static status write_table(struct bundling *b, enum table_id id, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct table *table = &TABLES[id];
    int length = (int) strlen(table->name);
    length -= table->name[length - 1] == '_' ? 1 : 0; /* grant_: a word of SQL */
    TRY(file_begin(b, err, "tables/%.*s.csv", length, table->name));
    for (size_t c = 0; c < table->column_count; c++) {
        csv_cell(&b->buffer, table->columns[c].name, c == 0);
    }
    csv_cell(&b->buffer, "src_seq", false);
    csv_line_end(&b->buffer);
    struct rows rows = state_rows(b->state, id, arena);
    for (size_t i = 0; i < rows.count; i++) {
        add_row(b, table, rows.items[i]);
        TRY(file_flush(b, err));
    }
    return file_end(b, err);
}

static status write_tables(struct bundling *b, struct err *err)
{
    for (size_t id = 0; id < TABLE_COUNT; id++) {
        TRY(write_table(b, (enum table_id) id, err));
    }
    return OK;
}

/* ---- all of it ---- */

struct part {
    status (*write)(struct bundling *b, struct err *err);
};

static const struct part PARTS[] = {
    {bundle_readme},     {bundle_evidence}, {write_log},    {write_keys},
    {write_definitions}, {write_tables},    {bundle_data},  {bundle_odm},
    {bundle_archive},    {bundle_trail},    {bundle_lists}, {bundle_casebooks},
    {bundle_blank},
};

status bundle_sums(struct bundling *b, struct digest *ret_sums, struct err *err)
{
    CLEANUP(bytes_done) struct bytes sums = b->sums;
    b->sums = (struct bytes){0};
    digest_of(span_bytes(&sums), ret_sums);
    return whole_file(b, "SHA256SUMS", span_bytes(&sums), err);
}

status bundling_begin(struct bundling *b, const struct bundle_source *source,
                      const struct bundle_writer *writer, struct err *err)
{
    const struct replay_fault *fault = replay_fault(source->replay);
    *b = (struct bundling){.source = source, .writer = writer};
    if (fault->seq >= 0) {
        return FAIL(err, ERR_TAMPERED, "entry %lld: %s", (long long) fault->seq,
                    fault->why);
    }
    b->state = replay_state(source->replay);
    b->time = state_head(b->state).time;
    b->digest = digest_stream_new();
    return OK;
}

void bundling_done(struct bundling *b)
{
    digest_stream_free(b->digest);
    bundle_index_done(&b->index);
    bytes_done(&b->sums);
    bytes_done(&b->buffer);
}

status bundle_write(const struct bundle_source *source, const struct bundle_writer *writer,
                    struct digest *ret_sums, struct err *err)
{
    CLEANUP(bundling_done) struct bundling b = {0};
    TRY(bundling_begin(&b, source, writer, err));
    TRY(bundle_index(&b, err));
    for (size_t i = 0; i < ARRAY_LEN(PARTS); i++) {
        TRY(PARTS[i].write(&b, err));
    }
    return bundle_sums(&b, ret_sums, err);
}
