/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/attack/verified.h"

#include "base/encode.h"
#include "crypto/receipt.h"
#include "protocol/record/replay.h"
#include "tests/support/rows.h"

#define CHUNK 256

struct line {
    struct bytes record; /* empty: a refusal */
    bool is_clients;     /* clients.c sent it */
    bool promised;
};

struct verified {
    struct trial *trial;
    struct replay *replay;
    struct note_key *log;
    struct line *lines;
    size_t count;
};

/* ---- the log ---- */

static bool hex_field(struct span *rest, char end, struct bytes *out)
{
    struct span field;
    bytes_clear(out);
    return span_cut(rest, end, &field) && decode(HEX, field, out);
}

static void keep_line(struct verified *verified)
{
    const struct replay_step *step = replay_last(verified->replay);
    verified->lines =
        mem_grow(verified->lines, verified->count + 1, sizeof(*verified->lines));
    struct line *line = &verified->lines[verified->count++];
    *line = (struct line){0};
    if (step->record != NULL) {
        bytes_add_span(&line->record, step->jws->line);
        const char *subject = step->record->subject;
        line->is_clients = subject != NULL && subject[0] != '0'; /* the test's own: 0.. */
    }
}

static void feed(struct verified *verified, struct span rows)
{
    CLEANUP(bytes_done) struct bytes entry = {0};
    CLEANUP(bytes_done) struct bytes salt = {0};
    CLEANUP(bytes_done) struct bytes body = {0};
    while (rows.size > 0) {
        struct err err;
        assert_true(hex_field(&rows, ' ', &entry) && hex_field(&rows, ' ', &salt) &&
                    hex_field(&rows, '\n', &body));
        struct replay_body parts = {.salt = span_bytes(&salt), .body = span_bytes(&body)};
        if (replay_feed(verified->replay, span_bytes(&entry), &parts, &err) != OK) {
            fail_msg("entry %lld: %s", (long long) replay_fault(verified->replay)->seq,
                     replay_fault(verified->replay)->why);
        }
        keep_line(verified);
    }
}

static char *query(const struct verified *verified, const char *sql)
{
    return pgtmp_must(trial_superuser(verified->trial), sql);
}

static void feed_all(struct verified *verified)
{
    size_t before = 0;
    do {
        CLEANUP(bytes_done) struct bytes sql = {0};
        before = verified->count;
        bytes_printf(
            &sql,
            "select string_agg(encode(entry, 'hex') || ' ' || encode(salt, 'hex') ||"
            " ' ' || encode(bytes, 'hex') || E'\\n', '' order by seq)"
            " from crfd.entry join crfd.body using (log_id, seq)"
            " where log_id = (select log_id from crfd.log where study = '" TRIAL_SLUG
            "') and seq >= %zu and seq < %zu",
            before, before + CHUNK);
        CLEANUP(mem_freep) char *rows = query(verified, bytes_text(&sql));
        feed(verified, span_text(rows));
    } while (verified->count > before);
}

static void check_head(const struct verified *verified)
{
    CLEANUP(bytes_done) struct bytes want = {0};
    struct digest root;
    CLEANUP(mem_freep)
    char *head = query(verified, "select size || ' ' || encode(root, 'hex') from crfd.log"
                                 " where study = '" TRIAL_SLUG "'");
    assert_true(replay_root(verified->replay, verified->count, &root));
    bytes_printf(&want, "%zu ", verified->count);
    encode(HEX, span_of(root.bytes, DIGEST_SIZE), &want);
    assert_string_equal(head, bytes_text(&want));
}

struct verified *verified_log(struct trial *trial)
{
    struct verified *verified = mem_alloc(sizeof(*verified));
    struct err err;
    struct replay_options options = {
        .origin = TRIAL_ORIGIN,
        .founder = key_thumbprint(private_key_public(trial_key(trial, FOUNDER)))};
    verified->trial = trial;
    verified->replay = replay_new(&options);
    assert_status(note_key_parse(span_text(trial_vkey(trial)), &verified->log, &err), OK,
                  &err);
    feed_all(verified);
    check_head(verified);
    return verified;
}

void verified_free(struct verified *verified)
{
    for (size_t i = 0; i < verified->count; i++) {
        bytes_done(&verified->lines[i].record);
    }
    free(verified->lines);
    note_key_free(verified->log);
    replay_free(verified->replay);
    free(verified);
}

/* ---- promises ---- */

void verified_receipt(struct verified *verified, const struct held *held)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct checkpoint_trust trust = {.log = verified->log};
    struct receipt_facts facts;
    struct digest root;
    struct err err;
    assert_status(receipt_verify(span_bytes(&held->line), span_bytes(&held->receipt),
                                 &trust, arena, &facts, &err),
                  OK, &err);
    assert_true(replay_root(verified->replay, facts.checkpoint.size, &root));
    assert_true(digest_equal(&root, &facts.checkpoint.root));
    assert_true(facts.seq == held->seq && facts.seq < verified->count);
    struct line *line = &verified->lines[facts.seq];
    assert_true(span_equal(span_bytes(&line->record), span_bytes(&held->line)));
    assert_false(line->promised);
    line->promised = true;
}

void verified_nothing_else(const struct verified *verified)
{
    for (size_t i = 0; i < verified->count; i++) {
        const struct line *line = &verified->lines[i];
        if (line->is_clients && !line->promised) {
            fail_msg("entry %zu is a client's, and no client holds a receipt of it", i);
        }
        if (line->record.size == 0) {
            fail_msg("entry %zu is a refusal, and nothing was to be refused", i);
        }
    }
    CLEANUP(mem_freep)
    char *twice =
        query(verified, "select count(*) from (select from crfd.record_id group by log_id,"
                        " key_no, jti having count(*) > 1) again");
    assert_string_equal(twice, "0");
    CLEANUP(mem_freep)
    char *ids = query(verified, "select count(*) from crfd.record_id where log_id = (select"
                                " log_id from crfd.log where study = '" TRIAL_SLUG "')");
    assert_int_equal(strtoll(ids, NULL, 10), (long long) verified->count);
}

/* ---- tables ---- */

/* The text of COLUMN as COPY writes it. */
static void add_column(struct bytes *sql, const char *column)
{
    bytes_printf(sql,
                 "coalesce(replace(replace(replace(replace(%s::text, E'\\\\', E'\\\\\\\\'),"
                 " E'\\t', '\\t'), E'\\n', '\\n'), E'\\r', '\\r'), '\\N') || E'\\t' || ",
                 column);
}

static void check_table(const struct verified *verified, enum table_id id)
{
    const struct table *table = &TABLES[id];
    CLEANUP(bytes_done) struct bytes sql = {0};
    CLEANUP(bytes_done) struct bytes want = {0};
    bytes_add_text(&sql, "select string_agg(");
    for (size_t i = 0; i < table->column_count; i++) {
        add_column(&sql, table->columns[i].name);
    }
    bytes_add_text(&sql, "src_seq || E'\\n', '' order by ");
    for (size_t i = 0; i < table->key_count; i++) {
        bytes_printf(&sql, "%s%s", i > 0 ? ", " : "", table->columns[i].name);
    }
    bytes_printf(&sql,
                 ") from crfd.%s where log_id = (select log_id from crfd.log where study ="
                 " '" TRIAL_SLUG "')",
                 table->name);
    CLEANUP(mem_freep) char *have = query(verified, bytes_text(&sql));
    state_dump(replay_state(verified->replay), id, &want);
    if (strcmp(have, bytes_text(&want)) != 0) {
        fail_msg("table %s is not what the log says", table->name);
    }
}

void verified_tables(const struct verified *verified)
{
    for (enum table_id id = 0; id < TABLE_COUNT; id++) {
        check_table(verified, id);
    }
}
