/* SPDX-License-Identifier: Apache-2.0 */
/*
** The cache of casebooks: who owns the memory, and what goes when it is too much. ASan is half
** of this test.
*/
#include "service/flow/casebooks.h"

#include "tests/support/rows.h"

#define BIG ((size_t) 64 * 1024)

/* A casebook of SUBJECT with no forms, in an arena that holds SIZE bytes more. */
static void put(struct casebooks *casebooks, const char *subject, size_t size)
{
    struct arena *arena = arena_new();
    (void) arena_alloc(arena, size);
    struct casebook book = casebook_make(arena_text(arena, subject), NULL, 0, arena);
    casebooks_put(casebooks, &book);
    casebooks_own(casebooks, subject, arena);
}

static void what_is_put_is_found_under_its_own_name(void **state)
{
    (void) state;
    struct casebooks *casebooks = casebooks_new(1 << 30);
    put(casebooks, "001-A", 1);
    put(casebooks, "002-B", 1);
    assert_string_equal(casebooks_get(casebooks, "001-A")->subject, "001-A");
    assert_null(casebooks_get(casebooks, "003-C"));
    casebooks_drop(casebooks, "001-A");
    assert_null(casebooks_get(casebooks, "001-A"));
    casebooks_drop(casebooks, "001-A"); /* again: nothing */
    assert_non_null(casebooks_get(casebooks, "002-B"));
    casebooks_clear(casebooks);
    assert_null(casebooks_get(casebooks, "002-B"));
    casebooks_free(casebooks);
}

static void the_arena_of_nobody_is_freed_at_once(void **state)
{
    (void) state;
    struct casebooks *casebooks = casebooks_new(1 << 30);
    casebooks_own(casebooks, "001-A", arena_new()); /* or leaks */
    casebooks_free(casebooks);
}

static void the_least_recently_used_goes_first(void **state)
{
    (void) state;
    struct casebooks *casebooks = casebooks_new(3 * BIG);
    put(casebooks, "001-A", BIG);
    put(casebooks, "002-B", BIG);
    put(casebooks, "003-C", BIG);
    (void) casebooks_get(casebooks, "001-A");
    assert_non_null(casebooks_get(casebooks, "002-B")); /* nothing goes before the trim */
    (void) casebooks_get(casebooks, "001-A");
    casebooks_trim(casebooks);
    assert_null(casebooks_get(casebooks, "003-C"));
    assert_non_null(casebooks_get(casebooks, "001-A"));
    casebooks_trim(casebooks); /* what was dropped is not counted any more */
    assert_non_null(casebooks_get(casebooks, "001-A"));
    assert_non_null(casebooks_get(casebooks, "002-B"));
    casebooks_free(casebooks);
}

static void a_casebook_in_too_many_pieces_is_loaded_anew(void **state)
{
    (void) state;
    struct casebooks *casebooks = casebooks_new(1 << 30);
    put(casebooks, "002-B", 1);
    for (int i = 0; i < 65; i++) {
        put(casebooks, "001-A", 1);
    }
    assert_non_null(casebooks_get(casebooks, "001-A"));
    casebooks_trim(casebooks);
    assert_null(casebooks_get(casebooks, "001-A"));
    assert_non_null(casebooks_get(casebooks, "002-B"));
    casebooks_free(casebooks);
}

int main(void)
{
    add_test("what is put is found under its own name",
             what_is_put_is_found_under_its_own_name);
    add_test("the arena of nobody is freed at once", the_arena_of_nobody_is_freed_at_once);
    add_test("the least recently used goes first", the_least_recently_used_goes_first);
    add_test("a casebook in too many pieces is loaded anew",
             a_casebook_in_too_many_pieces_is_loaded_anew);
    return run_added("casebooks");
}
