/* SPDX-License-Identifier: Apache-2.0 */
/*
** The stream of bodies, and what the last verification left on disk.
*/
#include "clients/verify/replay_file.h"
#include "tests/support/rows.h"
#include "tests/unit/verify/memory_log.h"

#define SALT      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define HERE(n)   "{\"seq\":" n ",\"salt\":\"" SALT "\",\"body\":\"e30K\"}\n"
#define HIDDEN(n) "{\"seq\":" n ",\"withheld\":\"" SALT "\"}\n"
#define NONE(n)   "{\"seq\":" n ",\"none\":true}\n"

struct stream {
    const char *name;
    const char *text; /* asked for: 5 and 6 */
    status kind;
    uint64_t lines;
};

static const struct stream STREAMS[] = {
    {"two lines and the end are a stream", HERE("5") HIDDEN("6") "{\"end\":7}\n", OK, 2},
    {"an entry without a body has a line too", NONE("5") NONE("6") "{\"end\":7}\n", OK, 2},
    {"a stream that breaks off is for later", HERE("5") HERE("6"), ERR_UNAVAILABLE, 2},
    {"a line that breaks off is for later", HERE("5") "{\"seq\":6", ERR_UNAVAILABLE, 1},
    {"nothing at all is for later", "", ERR_UNAVAILABLE, 0},
    {"a gap is no stream", HERE("6") "{\"end\":7}\n", ERR_BAD_INPUT, 0},
    {"a line too many is no stream", HERE("5") HERE("6") HERE("7") "{\"end\":8}\n",
     ERR_BAD_INPUT, 2},
    {"a line twice is no stream", HERE("5") HERE("5") "{\"end\":7}\n", ERR_BAD_INPUT, 1},
    {"an early end is no end", HERE("5") "{\"end\":6}\n", ERR_BAD_INPUT, 1},
    {"something behind the end is no stream",
     HERE("5") HERE("6") "{\"end\":7}\n{\"end\":7}\n", ERR_BAD_INPUT, 2},
    {"a short salt is no line", "{\"seq\":5,\"salt\":\"AAEC\",\"body\":\"e30K\"}\n",
     ERR_BAD_INPUT, 0},
    {"a body that is not base64 is no line",
     "{\"seq\":5,\"salt\":\"" SALT "\",\"body\":\"e30\"}\n", ERR_BAD_INPUT, 0},
    {"a member more is no line", "{\"seq\":5,\"none\":true,\"x\":1}\n", ERR_BAD_INPUT, 0},
    {"a digest that is none is no line", "{\"seq\":5,\"withheld\":\"unreadable\"}\n",
     ERR_BAD_INPUT, 0},
    {"none is true or nothing", "{\"seq\":5,\"none\":false}\n", ERR_BAD_INPUT, 0},
    {"a number below zero is no line", "{\"seq\":-5,\"none\":true}\n", ERR_BAD_INPUT, 0},
};

static status count_line(void *arg, const struct body_line *line, struct err *err)
{
    (void) line;
    (void) err;
    (*(uint64_t *) arg)++;
    return OK;
}

static void check_stream(void **state)
{
    const struct stream *row = *state;
    size_t length = strlen(row->text);
    for (size_t piece = 1; piece <= length + 1; piece += length / 3 + 1) {
        uint64_t count = 0;
        struct body_lines lines = {.from = 5, .to = 7, .sink = count_line, .arg = &count};
        struct span rest = span_text(row->text);
        struct err err = {0};
        status kind = OK;
        while (kind == OK && rest.size > 0) {
            size_t size = rest.size < piece ? rest.size : piece;
            kind = body_lines_add(&lines, span_of(rest.data, size), &err);
            rest = span_of(rest.data + size, rest.size - size);
        }
        kind = kind == OK ? body_lines_finish(&lines, &err) : kind;
        assert_status(kind, row->kind, &err);
        assert_int_equal(count, row->lines);
        body_lines_done(&lines);
    }
}

/* ---- going on from what was kept ---- */

static struct replay *replay_first(struct memory_log *log, size_t size)
{
    struct replay_options options = scene_replay_options(log->scene);
    options.definitions = NULL;
    struct replay *replay = replay_new(&options);
    for (size_t i = 0; i < size; i++) {
        const struct served *item = &log->items[i];
        struct replay_body body = {.salt = span_of(item->salt, SALT_SIZE),
                                   .body = span_bytes(&item->body)};
        assert_int_equal(replay_feed(replay, span_bytes(&item->entry), &body, NULL), OK);
    }
    return replay;
}

static void goes_on_from_what_was_kept(void **state)
{
    struct memory_log *log = memory_log_new();
    (void) state;
    for (size_t size = 0; size <= log->count; size += 7) {
        CLEANUP(replay_freep) struct replay *first = replay_first(log, size);
        CLEANUP(bytes_done) struct bytes kept = {0};
        CLEANUP(bytes_done) struct bytes wanted = {0};
        CLEANUP(bytes_done) struct bytes got = {0};
        struct replay *again = NULL;
        struct verify_result result = {0};
        struct err err = {0};
        struct checkpoint known = memory_log_head(log, size);
        struct replay_options options = scene_replay_options(log->scene);
        replay_file_write(first, &kept);
        assert_status(replay_file_read(span_bytes(&kept), &options, &again, &err), OK,
                      &err);
        struct verify_options verify = {.source = &log->source,
                                        .trust = &log->trust,
                                        .origin = LOG_ORIGIN,
                                        .founder = log->scene->people[FOUNDER].kid,
                                        .known = size > 0 ? &known : NULL,
                                        .resume = again};
        assert_status(verify_log(&verify, &result, &err), OK, &err);
        scene_dump(replay_state(result.replay), &got);
        scene_dump(log->scene->state, &wanted);
        assert_string_equal(bytes_text(&got), bytes_text(&wanted));
        verify_result_done(&result);
    }
    memory_log_free(log);
}

static void a_damaged_file_is_not_used(void **state)
{
    struct memory_log *log = memory_log_new();
    CLEANUP(replay_freep) struct replay *first = replay_first(log, 12);
    CLEANUP(bytes_done) struct bytes kept = {0};
    struct replay_options options = scene_replay_options(log->scene);
    struct replay *again = NULL;
    (void) state;
    replay_file_write(first, &kept);
    for (size_t cut = 0; cut < kept.size; cut += 37) {
        assert_int_not_equal(
            replay_file_read(span_of(kept.data, cut), &options, &again, NULL), OK);
    }
    options.founder = log->scene->people[SPONSOR].kid;
    assert_int_not_equal(replay_file_read(span_bytes(&kept), &options, &again, NULL), OK);
    assert_null(again);
    memory_log_free(log);
}

int main(void)
{
    add_rows(STREAMS, ARRAY_LEN(STREAMS), sizeof(STREAMS[0]), check_stream);
    add_test("a verification goes on from what was kept", goes_on_from_what_was_kept);
    add_test("a damaged file is not used", a_damaged_file_is_not_used);
    return run_added("body_line");
}
