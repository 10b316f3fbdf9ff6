/* SPDX-License-Identifier: Apache-2.0 */
#include "clients/verify/replay_file.h"

#include "base/encode.h"
#include "base/json_out.h"

/* A row has at most TABLE_COLUMNS_MAX texts of a payload's size. */
static const struct json_limits LIMITS = {
    .depth = 3, .nodes = TABLE_COLUMNS_MAX + 16, .string = (size_t) 64 << 10};

/* ---- writing ---- */

static void write_head(const struct replay *replay, struct bytes *out)
{
    CLEANUP(bytes_done) struct bytes frontier = {0};
    CLEANUP(bytes_done) struct bytes text = {0};
    struct json_out json = {.bytes = out};
    struct state_head head = state_head(replay_state(replay));
    char leaf[DIGEST_BASE64_SIZE];
    frontier_encode(replay_frontier(replay), &frontier);
    encode(BASE64, span_bytes(&frontier), &text);
    digest_to_base64(&head.leaf, leaf);
    json_begin(&json, '{');
    json_member(&json, "crf", "replay 1");
    json_member(&json, "origin", state_origin(replay_state(replay)));
    json_member(&json, "founder", state_founder(replay_state(replay)));
    json_member(&json, "frontier", bytes_text(&text));
    json_member(&json, "leaf", leaf);
    json_member_integer(&json, "time", head.time);
    json_member_integer(&json, "withheld", (int64_t) replay_withheld(replay));
    json_end(&json, '}');
    bytes_add_char(out, '\n');
}

static void write_row(enum table_id table, const struct row *row, struct bytes *out)
{
    struct json_out json = {.bytes = out};
    json_begin(&json, '[');
    json_put_integer(&json, (int64_t) table);
    json_put_integer(&json, row->src_seq);
    for (size_t i = 0; i < TABLES[table].column_count; i++) {
        json_put_string(&json, row->values[i]);
    }
    json_end(&json, ']');
    bytes_add_char(out, '\n');
}

void replay_file_write(const struct replay *replay, struct bytes *out)
{
    struct arena *arena = arena_new();
    struct digest root;
    write_head(replay, out);
    for (uint64_t size = 0; replay_root(replay, size, &root); size++) {
        digest_add_base64(&root, out);
        bytes_add_char(out, '\n');
    }
    for (int table = 0; table < TABLE_COUNT; table++) {
        arena_reset(arena);
        struct rows rows = state_rows(replay_state(replay), (enum table_id) table, arena);
        for (size_t i = 0; i < rows.count; i++) {
            write_row((enum table_id) table, rows.items[i], out);
        }
    }
    bytes_add_text(out, "end\n");
    arena_free(arena);
}

/* ---- reading ---- */

struct reading {
    struct span rest;
    struct arena *arena;
    struct state *state;
    struct frontier frontier;
    struct digest *roots;
    uint64_t withheld;
};

static void reading_done(struct reading *reading)
{
    arena_free(reading->arena);
    state_free(reading->state);
    free(reading->roots);
}

static status unreadable(struct err *err)
{
    return FAIL(err, ERR_BAD_INPUT,
                "what was kept of the last verification cannot be used");
}

static bool read_integer(const struct json *value, int64_t *ret_number)
{
    bool is = value != NULL && value->kind == J_INTEGER && value->integer >= 0;
    *ret_number = is ? value->integer : 0;
    return is;
}

static status read_head(struct reading *reading, const struct replay_options *options,
                        struct err *err)
{
    CLEANUP(bytes_done) struct bytes raw = {0};
    const struct json *root = NULL;
    struct span line;
    struct state_head head = {0};
    int64_t withheld = 0;
    if (!span_cut(&reading->rest, '\n', &line)) {
        return unreadable(err);
    }
    TRY(json_parse(line, &LIMITS, reading->arena, &root, err));
    const char *frontier = json_get_string(root, "frontier");
    const char *leaf = json_get_string(root, "leaf");
    if (!json_equals(json_get(root, "crf"), "replay 1") ||
        !json_equals(json_get(root, "origin"), options->origin) ||
        !json_equals(json_get(root, "founder"), options->founder) || frontier == NULL ||
        leaf == NULL || !digest_from_base64(span_text(leaf), &head.leaf) ||
        !read_integer(json_get(root, "time"), &head.time) ||
        !read_integer(json_get(root, "withheld"), &withheld) ||
        !decode(BASE64, span_text(frontier), &raw)) {
        return unreadable(err);
    }
    TRY(frontier_decode(span_bytes(&raw), &reading->frontier, err));
    head.size = reading->frontier.size;
    reading->withheld = (uint64_t) withheld;
    reading->state = state_new(options->origin, options->founder);
    state_load_head(reading->state, &head);
    return OK;
}

static status read_roots(struct reading *reading, struct err *err)
{
    struct digest last;
    struct span line;
    uint64_t size = reading->frontier.size;
    if (size > reading->rest.size / (DIGEST_BASE64_SIZE)) {
        return unreadable(err);
    }
    reading->roots = mem_grow(NULL, (size_t) size + 1, sizeof(*reading->roots));
    for (uint64_t i = 0; i <= size; i++) {
        if (!span_cut(&reading->rest, '\n', &line) ||
            !digest_from_base64(line, &reading->roots[i])) {
            return unreadable(err);
        }
    }
    frontier_root(&reading->frontier, &last);
    return digest_equal(&last, &reading->roots[size]) ? OK : unreadable(err);
}

static status read_row(struct reading *reading, struct span line, struct err *err)
{
    const struct json *root = NULL;
    const char *values[TABLE_COLUMNS_MAX] = {0};
    int64_t table = 0;
    int64_t src_seq = 0;
    arena_reset(reading->arena);
    TRY(json_parse(line, &LIMITS, reading->arena, &root, err));
    if (root->kind != J_ARRAY || root->count < 2 ||
        !read_integer(&root->items[0], &table) ||
        !read_integer(&root->items[1], &src_seq) || table >= TABLE_COUNT ||
        root->count != TABLES[table].column_count + 2) {
        return unreadable(err);
    }
    for (size_t i = 0; i < TABLES[table].column_count; i++) {
        const struct json *value = &root->items[i + 2];
        if (value->kind != J_STRING &&
            (value->kind != J_NULL || i < TABLES[table].key_count)) {
            return unreadable(err);
        }
        values[i] = value->kind == J_STRING ? value->string : NULL;
    }
    state_load_row(reading->state, (enum table_id) table, values, src_seq);
    return OK;
}

status replay_file_read(struct span text, const struct replay_options *options,
                        struct replay **ret_replay, struct err *err)
{
    CLEANUP(reading_done) struct reading reading = {.rest = text, .arena = arena_new()};
    struct span line;
    TRY(read_head(&reading, options, err));
    TRY(read_roots(&reading, err));
    bool ended = false;
    while (!ended && span_cut(&reading.rest, '\n', &line)) {
        ended = span_is(line, "end");
        TRY(ended ? OK : read_row(&reading, line, err));
    }
    if (!ended || reading.rest.size > 0) {
        return unreadable(err);
    }
    *ret_replay = replay_resume(options, TAKE(reading.state), &reading.frontier,
                                reading.roots, reading.withheld);
    return OK;
}
