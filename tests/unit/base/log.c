/* SPDX-License-Identifier: Apache-2.0 */
/*
** log: one event is one line of JSON, whatever its texts hold and whoever writes beside it.
*/
#include "base/log.h"

#include <pthread.h>
#include <unistd.h>

#include "base/json.h"
#include "tests/support/rows.h"

static const struct json_limits wide = {.depth = 4, .nodes = 100, .string = 65536};

static int saved;
static FILE *caught;

/* From here on stderr goes to a file ... */
static void catch_stderr(void)
{
    (void) fflush(stderr);
    saved = dup(STDERR_FILENO);
    caught = tmpfile();
    assert_non_null(caught);
    assert_true(dup2(fileno(caught), STDERR_FILENO) >= 0);
}

/* ... and here it comes back with what was written. */
static struct bytes release_stderr(void)
{
    struct bytes text = {0};
    char buffer[4096];
    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    (void) close(saved);
    rewind(caught);
    for (size_t n; (n = fread(buffer, 1, sizeof(buffer), caught)) > 0;) {
        bytes_add(&text, buffer, n);
    }
    (void) fclose(caught);
    return text;
}

static const struct json *parse_line(struct arena *arena, struct span line)
{
    const struct json *root = NULL;
    struct err err;
    assert_status(json_parse(line, &wide, arena, &root, &err), OK, &err);
    return root;
}

static void one_event_is_one_line(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    catch_stderr();
    log_event(LOG_INFO, "request", LOG_TEXT("route", "POST records"), LOG_NUMBER("ms", -12),
              LOG_TEXT("odd", "a\nb\"\\\x01"), LOG_END);
    CLEANUP(bytes_done) struct bytes text = release_stderr();
    assert_int_equal(text.data[text.size - 1], '\n');
    assert_ptr_equal(memchr(text.data, '\n', text.size), text.data + text.size - 1);
    const struct json *root = parse_line(arena, span_bytes(&text));
    instant at = 0;
    assert_true(instant_parse(span_text(json_get_string(root, "time")), &at, NULL));
    assert_true(clock_now(&clock_system) - at < MINUTE);
    assert_string_equal(root->items[0].name, "time");
    assert_string_equal(json_get_string(root, "level"), "info");
    assert_string_equal(json_get_string(root, "event"), "request");
    assert_string_equal(json_get_string(root, "route"), "POST records");
    assert_int_equal(json_get(root, "ms")->integer, -12);
    assert_string_equal(json_get_string(root, "odd"), "a\nb\"\\\x01");
}

static void foreign_bytes_stay_json(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    catch_stderr();
    log_event(LOG_INFO, "odd", LOG_TEXT("text", "caf\xE9 \xF0\x9F"), LOG_END);
    CLEANUP(bytes_done) struct bytes text = release_stderr();
    assert_string_equal(json_get_string(parse_line(arena, span_bytes(&text)), "text"),
                        "caf? ??");
}

static void an_error_is_an_event(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct err err;
    (void) FAIL(&err, ERR_UNAVAILABLE, "no answer from %s", "PostgreSQL");
    memcpy(err.sqlstate, "57P01", 6);
    catch_stderr();
    log_err(LOG_ERROR, "store", &err);
    log_err(LOG_ERROR, "store", &(struct err){.kind = ERR_BUG});
    CLEANUP(bytes_done) struct bytes text = release_stderr();
    struct span rest = span_bytes(&text);
    struct span line;
    assert_true(span_cut(&rest, '\n', &line));
    const struct json *root = parse_line(arena, line);
    assert_string_equal(json_get_string(root, "kind"), "unavailable");
    assert_string_equal(json_get_string(root, "sqlstate"), "57P01");
    assert_string_equal(json_get_string(root, "what"), "no answer from PostgreSQL");
    assert_non_null(strstr(json_get_string(root, "where"), "log.c:"));
    assert_true(span_cut(&rest, '\n', &line));
    assert_string_equal(json_get_string(parse_line(arena, line), "where"), "-");
    assert_int_equal(rest.size, 0);
}

static void levels_are_kept(void **state)
{
    (void) state;
    enum log_level level = LOG_INFO;
    assert_true(log_level_parse("error", &level));
    assert_int_equal(level, LOG_ERROR);
    assert_false(log_level_parse("Error", &level));
    assert_false(log_level_parse("", &level));
    assert_int_equal(level, LOG_ERROR);
    catch_stderr();
    log_level_set(LOG_WARNING);
    log_event(LOG_INFO, "no", LOG_END);
    log_event(LOG_WARNING, "yes", LOG_END);
    log_level_set(LOG_INFO);
    log_event(LOG_DEBUG, "no", LOG_END);
    CLEANUP(bytes_done) struct bytes text = release_stderr();
    assert_null(strstr(bytes_text(&text), "\"no\""));
    assert_non_null(strstr(bytes_text(&text), "\"yes\""));
}

#define WRITERS 8
#define EVENTS  400

static void *write_events(void *arg)
{
    char text[600];
    memset(text, 'a' + *(const int *) arg, sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    for (int i = 0; i < EVENTS; i++) {
        log_event(LOG_INFO, "race", LOG_NUMBER("writer", *(const int *) arg),
                  LOG_NUMBER("i", i), LOG_TEXT("text", text), LOG_END);
    }
    return NULL;
}

/* Read as many lines as were written; every one must be whole. */
static void read_race(FILE *lines)
{
    char line[2048];
    int next[WRITERS] = {0};
    for (int count = 0; count < WRITERS * EVENTS; count++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        assert_non_null(fgets(line, sizeof(line), lines));
        const struct json *root = parse_line(arena, span_text(line));
        int64_t writer = json_get(root, "writer")->integer;
        const char *text = json_get_string(root, "text");
        assert_in_range(writer, 0, WRITERS - 1);
        assert_int_equal(strlen(text), 599);
        assert_int_equal(strspn(text, (char[]){(char) ('a' + writer), 0}), 599);
        assert_int_equal(json_get(root, "i")->integer, next[writer]);
        next[writer]++;
    }
}

static void lines_of_threads_do_not_mix(void **state)
{
    (void) state;
    int ends[2];
    int numbers[WRITERS];
    pthread_t writers[WRITERS];
    assert_int_equal(pipe(ends), 0);
    int before = dup(STDERR_FILENO);
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    (void) close(ends[1]);
    for (int i = 0; i < WRITERS; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&writers[i], NULL, write_events, &numbers[i]), 0);
    }
    FILE *lines = fdopen(ends[0], "r");
    assert_non_null(lines);
    read_race(lines);
    for (int i = 0; i < WRITERS; i++) {
        assert_int_equal(pthread_join(writers[i], NULL), 0);
    }
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    (void) close(before);
    (void) fclose(lines);
}

int main(void)
{
    add_test("one event is one line of JSON", one_event_is_one_line);
    add_test("bytes that are no UTF-8 do not break the JSON", foreign_bytes_stay_json);
    add_test("an error is an event", an_error_is_an_event);
    add_test("events below the level are not written", levels_are_kept);
    add_test("lines of threads do not mix", lines_of_threads_do_not_mix);
    return run_added("log");
}
