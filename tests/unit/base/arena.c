/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "tests/support/rows.h"

static void is_zeroed_and_aligned(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (size_t size = 0; size < 9000; size = size * 3 / 2 + 1) {
        uint8_t *memory = arena_alloc(arena, size);
        assert_int_equal((uintptr_t) memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(memory[i], 0);
            memory[i] = 0xFF;
        }
    }
}

static void reset_zeroes(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    arena_reset(arena);
    for (int round = 0; round < 3; round++) {
        uint8_t *memory = arena_alloc(arena, 1000);
        for (size_t i = 0; i < 1000; i++) {
            assert_int_equal(memory[i], 0);
        }
        memset(memory, 0xEE, 1000);
        memset(arena_alloc(arena, 40000), 0xEE, 40000);
        assert_true(arena_used(arena) >= 41000);
        arena_reset(arena);
        assert_int_equal(arena_used(arena), 0);
    }
}

static void pieces_do_not_overlap(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    uint8_t *pieces[300];
    for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
        pieces[i] = arena_alloc(arena, i * 7);
        memset(pieces[i], (int) (i % 251), i * 7);
    }
    for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
        for (size_t j = 0; j < i * 7; j++) {
            assert_int_equal(pieces[i][j], i % 251);
        }
    }
}

static void push_grows(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct pair {
        int a;
        const char *b;
    } *pairs = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        struct pair *pair = ARENA_PUSH(arena, pairs, count, capacity);
        assert_int_equal(pair->a, 0);
        assert_null(pair->b);
        pair->a = i;
        pair->b = "x";
    }
    assert_int_equal(count, 1000);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(pairs[i].a, i);
    }
}

static void copies_text(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    assert_string_equal(arena_text(arena, "abc"), "abc");
    assert_string_equal(arena_text(arena, ""), "");
    assert_string_equal(arena_span_text(arena, (struct span){0}), "");
    assert_string_equal(arena_printf(arena, "%s-%d", "a", 7), "a-7");
    struct span span = arena_span(arena, SPAN_LITERAL("a\0b"));
    assert_true(span_equal(span, SPAN_LITERAL("a\0b")));
}

static void free_accepts_nothing(void **state)
{
    (void) state;
    struct arena *arena = NULL;
    arena_free(NULL);
    arena_freep(&arena);
}

int main(void)
{
    add_test("memory is zeroed and aligned for any type", is_zeroed_and_aligned);
    add_test("reset gives zeroed memory again and forgets the use", reset_zeroes);
    add_test("pieces do not overlap", pieces_do_not_overlap);
    add_test("an array grows by pushing", push_grows);
    add_test("texts and spans are copied", copies_text);
    add_test("freeing nothing is fine", free_accepts_nothing);
    return run_added("arena");
}
