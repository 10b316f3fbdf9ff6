/* SPDX-License-Identifier: Apache-2.0 */
/*
** bytes, span, status: lengths are kept, the NUL is always there, and what cannot be is
** fatal.
*/
#include "base/bytes.h"

#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/rows.h"

static void grows(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes bytes = {0};
    for (int i = 0; i < 1000; i++) {
        bytes_printf(&bytes, "%03d ", i);
        assert_int_equal(bytes.size, (size_t) 4 * ((size_t) i + 1));
        assert_int_equal(bytes.data[bytes.size], 0);
        assert_true(bytes.capacity > bytes.size);
    }
    assert_memory_equal(bytes.data + (size_t) 999 * 4, "999 ", 4);
}

static void empty_is_text(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes bytes = {0};
    assert_string_equal(bytes_text(&bytes), "");
    bytes_reserve(&bytes, 1000);
    assert_string_equal(bytes_text(&bytes), "");
    bytes_add(&bytes, NULL, 0);
    bytes_add_span(&bytes, (struct span){0});
    bytes_add_text(&bytes, "");
    assert_string_equal(bytes_text(&bytes), "");
    assert_int_equal(bytes.size, 0);
}

static void clear_keeps_memory(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes bytes = {0};
    bytes_add_text(&bytes, "something");
    uint8_t *before = bytes.data;
    bytes_clear(&bytes);
    assert_string_equal(bytes_text(&bytes), "");
    bytes_add_char(&bytes, 'x');
    assert_ptr_equal(bytes.data, before);
    assert_string_equal(bytes_text(&bytes), "x");
}

static void wipe_empties(void **state)
{
    (void) state;
    struct bytes bytes = {0};
    bytes_wipe(&bytes);
    bytes_add_text(&bytes, "secret");
    bytes_wipe(&bytes);
    assert_null(bytes.data);
    assert_int_equal(bytes.size, 0);
    assert_int_equal(bytes.capacity, 0);
}

static void nul_is_a_byte(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes bytes = {0};
    bytes_add_span(&bytes, SPAN_LITERAL("a\0b"));
    assert_int_equal(bytes.size, 3);
    assert_true(span_equal(span_bytes(&bytes), SPAN_LITERAL("a\0b")));
    assert_false(span_equal(span_bytes(&bytes), SPAN_LITERAL("a\0c")));
    assert_false(span_is(span_bytes(&bytes), "a"));
}

static void compares(void **state)
{
    (void) state;
    assert_true(span_equal((struct span){0}, SPAN_LITERAL("")));
    assert_true(span_is(span_text(NULL), ""));
    assert_false(span_is(SPAN_LITERAL("abc"), "abcd"));
    assert_false(span_is(SPAN_LITERAL("abcd"), "abc"));
    assert_true(span_starts(SPAN_LITERAL("abc"), ""));
    assert_true(span_starts(SPAN_LITERAL("abc"), "ab"));
    assert_false(span_starts(SPAN_LITERAL("ab"), "abc"));
    assert_true(span_starts((struct span){0}, ""));
}

static void cuts(void **state)
{
    (void) state;
    struct span rest = SPAN_LITERAL("a::b");
    struct span part = SPAN_LITERAL("untouched");
    assert_true(span_cut(&rest, ':', &part));
    assert_true(span_is(part, "a"));
    assert_true(span_cut(&rest, ':', &part));
    assert_true(span_is(part, ""));
    assert_false(span_cut(&rest, ':', &part));
    assert_true(span_is(part, ""));
    assert_true(span_is(rest, "b"));
    rest = (struct span){0};
    assert_false(span_cut(&rest, ':', &part));
}

/* Run FN in a child; true if it died by SIGABRT. */
static bool aborts(void (*fn)(void))
{
    (void) fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (freopen("/dev/null", "w", stderr) != NULL) {
            fn();
        }
        _exit(0);
    }
    int result = 0;
    assert_int_equal(waitpid(child, &result, 0), child);
    return WIFSIGNALED(result) && WTERMSIG(result) == SIGABRT;
}

static void reserve_too_much(void)
{
    struct bytes bytes = {0};
    bytes_add_char(&bytes, 'x');
    bytes_reserve(&bytes, SIZE_MAX - 1);
}

static void grow_too_much(void)
{
    free(mem_grow(NULL, SIZE_MAX / 2, 3));
}

static void overflow_is_fatal(void **state)
{
    (void) state;
    assert_true(aborts(reserve_too_much));
    assert_true(aborts(grow_too_much));
}

static status fails(int *ret_x, struct err *err)
{
    TRY(FAIL(err, ERR_CONFLICT, "taken %d times", 3));
    *ret_x = 1;
    return OK;
}

static void try_hands_up(void **state)
{
    (void) state;
    struct err err = {.sqlstate = "23505"};
    int x = 0;
    assert_int_equal(fails(&x, &err), ERR_CONFLICT);
    assert_int_equal(x, 0);
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_string_equal(err.what, "taken 3 times");
    assert_string_equal(err.sqlstate, "");
    assert_non_null(strstr(err.where, "bytes.c:"));
    assert_int_equal(fails(&x, NULL), ERR_CONFLICT);
}

static void every_status_has_a_name(void **state)
{
    (void) state;
    for (int kind = OK; kind <= ERR_BUG; kind++) {
        assert_non_null(status_name((status) kind));
        for (int other = OK; other < kind; other++) {
            assert_string_not_equal(status_name((status) kind),
                                    status_name((status) other));
        }
    }
    assert_string_equal(status_name((status) 99), "unknown");
}

static void long_error_ends_in_a_character(void **state)
{
    (void) state;
    struct err err;
    char text[600];
    for (size_t shift = 0; shift < 4; shift++) {
        for (size_t i = 0; i < sizeof(text) - 4; i += 4) {
            memcpy(text + i, "\xF0\x9F\x98\x80", 5);
        }
        (void) err_set(&err, ERR_BUG, WHERE, "%.*s%s", (int) shift, "xxx", text);
        size_t size = strlen(err.what);
        assert_in_range(size, sizeof(err.what) - 5, sizeof(err.what) - 1);
        assert_int_equal((size - shift) % 4, 0);
    }
    (void) err_set(&err, ERR_BUG, WHERE, "%.*s", 600, "short \xC3\xA9");
    assert_string_equal(err.what, "short \xC3\xA9");
}

static char *hand_out(void)
{
    CLEANUP(mem_freep) char *text = mem_text("kept");
    return TAKE(text);
}

static void take_keeps(void **state)
{
    (void) state;
    char *text = hand_out();
    assert_string_equal(text, "kept");
    mem_freep(&text);
    assert_null(text);
}

int main(void)
{
    add_test("bytes grow and keep a NUL behind them", grows);
    add_test("empty bytes are the empty text, reserved or not", empty_is_text);
    add_test("clear keeps the memory", clear_keeps_memory);
    add_test("wipe releases, and accepts empty bytes", wipe_empties);
    add_test("a NUL is a byte like others", nul_is_a_byte);
    add_test("spans compare by length and content", compares);
    add_test("a span is cut at separators, and left alone when there is none", cuts);
    add_test("a size that overflows is fatal", overflow_is_fatal);
    add_test("TRY hands an error up untouched and writes no output", try_hands_up);
    add_test("every status has its own name", every_status_has_a_name);
    add_test("a long error ends in a whole character", long_error_ends_in_a_character);
    add_test("TAKE hands out of a CLEANUP variable", take_keeps);
    return run_added("bytes");
}
