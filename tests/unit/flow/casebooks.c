/* SPDX-License-Identifier: Apache-2.0 */
/*
** The cache of casebooks: who owns the memory, and what goes when it is too much. ASan is half
** of this test.
*/
#include "service/flow/casebooks.h"

#include "tests/support/rows.h"

#define BIG ((size_t) 64 * 1024)

/* A form of SUBJECT with one VALUE, as an accepted record brings it. */
static const struct form_data *form_of(struct arena *arena, const char *subject,
                                       const char *event, const char *value, int64_t seq)
{
    struct item_data *items = ARENA_ARRAY(arena, 2, struct item_data);
    struct group_data *group = ARENA_NEW(arena, struct group_data);
    struct form_data *form = ARENA_NEW(arena, struct form_data);
    items[0] = (struct item_data){.oid = "IT.A",
                                  .value = arena_text(arena, value),
                                  .unit = arena_text(arena, "MU.1")};
    items[1] = (struct item_data){
        .oid = "IT.B", .null = NOT_DONE, .reason = arena_text(arena, "pump off")};
    *group = (struct group_data){
        .oid = "IG.A", .repeat = arena_text(arena, "2"), .items = items, .count = 2};
    *form = (struct form_data){.key = {.subject = arena_text(arena, subject),
                                       .event = arena_text(arena, event),
                                       .form = "F.A",
                                       .form_repeat = arena_text(arena, "1")},
                               .state = FORM_COMPLETE,
                               .groups = group,
                               .count = 1,
                               .version = arena_text(arena, "MDV.1"),
                               .seq = seq,
                               .leaf = {7},
                               .received_at = 5,
                               .number = arena_text(arena, "AE-0001"),
                               .flags = FORM_LATE};
    return form;
}

/* The casebook of SUBJECT with this form in it, not settled yet: ARENA must live on. */
static void revise(struct casebooks *casebooks, struct arena *arena, const char *subject,
                   const char *event, const char *value, int64_t seq)
{
    const struct casebook *before = casebooks_get(casebooks, subject);
    struct casebook empty = casebook_make(subject, NULL, 0, arena);
    struct casebook after =
        casebook_with(before != NULL ? before : &empty,
                      form_of(arena, subject, event, value, seq), arena);
    casebooks_put(casebooks, &after);
}

static void revise_and_settle(struct casebooks *casebooks, const char *subject,
                              const char *event, const char *value, int64_t seq)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    revise(casebooks, arena, subject, event, value, seq);
    casebooks_settle(casebooks, subject);
}

/* A casebook of SUBJECT whose one value has SIZE bytes. */
static void put(struct casebooks *casebooks, const char *subject, size_t size)
{
    CLEANUP(mem_freep) char *value = mem_alloc(size + 1);
    memset(value, 'x', size);
    revise_and_settle(casebooks, subject, "SE.1", value, 1);
}

static void write_form(const struct form_data *form, struct bytes *out)
{
    struct json_out json = {.bytes = out};
    form_data_to_json(form, &json);
    bytes_printf(out, " %s %lld %d %lld %s %u\n", form->version, (long long) form->seq,
                 form->leaf[0], (long long) form->received_at, form->number, form->flags);
}

static char *text_of(const struct casebook *book)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    for (size_t i = 0; i < book->count; i++) {
        write_form(book->forms[i], &text);
    }
    return mem_text(bytes_text(&text));
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

static void a_settled_casebook_is_equal_and_borrows_nothing(void **state)
{
    (void) state;
    struct casebooks *casebooks = casebooks_new(1 << 30);
    struct arena *arena = arena_new();
    revise(casebooks, arena, "001-A", "SE.2", "48.0", 1);
    revise(casebooks, arena, "001-A", "SE.1", "", 2);
    CLEANUP(mem_freep) char *before = text_of(casebooks_get(casebooks, "001-A"));
    casebooks_settle(casebooks, "001-A");
    arena_free(arena); /* ASan sees who still looks into it */
    CLEANUP(mem_freep) char *after = text_of(casebooks_get(casebooks, "001-A"));
    assert_string_equal(after, before);
    assert_non_null(strstr(after, "48.0"));
    casebooks_settle(casebooks, "001-A"); /* again: nothing */
    casebooks_settle(casebooks, "002-B"); /* nobody: nothing */
    assert_non_null(casebooks_get(casebooks, "001-A"));
    casebooks_free(casebooks);
}

/* As fold_casebook() does for a signature: a shallow copy that borrows from a settled form. */
static void a_form_that_borrows_from_a_settled_one_outlives_it(void **state)
{
    (void) state;
    struct casebooks *casebooks = casebooks_new(1 << 30);
    revise_and_settle(casebooks, "001-A", "SE.1", "a", 1);
    revise_and_settle(casebooks, "001-A", "SE.2", "b", 2);
    struct arena *arena = arena_new();
    const struct casebook *before = casebooks_get(casebooks, "001-A");
    struct form_data *signed_form = ARENA_NEW(arena, struct form_data);
    *signed_form = *before->forms[0];
    signed_form->flags |= FORM_SIGNED;
    struct casebook after = casebook_with(before, signed_form, arena);
    casebooks_put(casebooks, &after);
    revise(casebooks, arena, "001-A", "SE.2", "c", 3);
    CLEANUP(mem_freep) char *then = text_of(casebooks_get(casebooks, "001-A"));
    casebooks_settle(casebooks, "001-A");
    arena_free(arena);
    CLEANUP(mem_freep) char *now = text_of(casebooks_get(casebooks, "001-A"));
    assert_string_equal(now, then);
    assert_int_equal(casebooks_get(casebooks, "001-A")->forms[0]->flags,
                     FORM_LATE | FORM_SIGNED);
    casebooks_free(casebooks);
}

static void a_thousand_revisions_take_the_memory_of_one(void **state)
{
    (void) state;
    struct casebooks *casebooks = casebooks_new(1 << 30);
    revise_and_settle(casebooks, "001-A", "SE.1", "0000", 0);
    revise_and_settle(casebooks, "001-A", "SE.2", "0000", 1);
    size_t held = casebooks_held(casebooks);
    assert_true(held > 0 && held < 2048);
    for (int i = 0; i < 1000; i++) {
        char value[16];
        (void) snprintf(value, sizeof(value), "%04d", i);
        revise_and_settle(casebooks, "001-A", i % 3 == 0 ? "SE.1" : "SE.2", value, i);
        assert_int_equal(casebooks_held(casebooks), held);
    }
    struct arena *arena = arena_new();
    struct casebook fresh = casebook_make("001-A", NULL, 0, arena);
    fresh = casebook_with(&fresh, form_of(arena, "001-A", "SE.1", "0999", 999), arena);
    fresh = casebook_with(&fresh, form_of(arena, "001-A", "SE.2", "0998", 998), arena);
    CLEANUP(mem_freep) char *want = text_of(&fresh);
    CLEANUP(mem_freep) char *have = text_of(casebooks_get(casebooks, "001-A"));
    assert_string_equal(have, want);
    arena_free(arena);
    casebooks_drop(casebooks, "001-A");
    assert_int_equal(casebooks_held(casebooks), 0);
    casebooks_free(casebooks);
}

static void a_retracted_form_is_freed(void **state)
{
    (void) state;
    struct casebooks *casebooks = casebooks_new(1 << 30);
    revise_and_settle(casebooks, "001-A", "SE.1", "a", 1);
    size_t held = casebooks_held(casebooks);
    put(casebooks, "002-B", 1);
    size_t both = casebooks_held(casebooks);
    revise_and_settle(casebooks, "001-A", "SE.2", "b", 2);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct casebook *before = casebooks_get(casebooks, "001-A");
    struct casebook after = casebook_without(before, &before->forms[1]->key, arena);
    casebooks_put(casebooks, &after);
    casebooks_settle(casebooks, "001-A");
    assert_int_equal(casebooks_held(casebooks), both);
    casebooks_drop(casebooks, "002-B");
    assert_int_equal(casebooks_held(casebooks), held);
    casebooks_free(casebooks);
}

static void a_casebook_dropped_before_it_is_settled_leaves_nothing(void **state)
{
    (void) state;
    struct casebooks *casebooks = casebooks_new(1 << 30);
    struct arena *arena = arena_new();
    revise_and_settle(casebooks, "001-A", "SE.1", "a", 1);
    revise(casebooks, arena, "001-A", "SE.1", "b", 2);
    revise(casebooks, arena, "002-B", "SE.1", "b", 3);
    casebooks_drop(casebooks, "001-A"); /* the batch failed */
    casebooks_drop(casebooks, "002-B");
    arena_free(arena);
    casebooks_settle(casebooks, "001-A");
    assert_null(casebooks_get(casebooks, "001-A"));
    assert_int_equal(casebooks_held(casebooks), 0);
    assert_int_equal(casebooks_count(casebooks), 0);
    casebooks_free(casebooks);
}

static void after_the_trim_the_limit_holds(void **state)
{
    (void) state;
    struct casebooks *casebooks = casebooks_new(64 * 1024);
    for (int i = 0; i < 500; i++) {
        char subject[16];
        (void) snprintf(subject, sizeof(subject), "S-%d", i);
        put(casebooks, subject, (size_t) i);
        casebooks_trim(casebooks);
        assert_true(casebooks_held(casebooks) <= 64 * 1024);
        assert_non_null(casebooks_get(casebooks, subject));
    }
    assert_true(casebooks_count(casebooks) > 10 && casebooks_count(casebooks) < 500);
    casebooks_free(casebooks);
}

int main(void)
{
    add_test("what is put is found under its own name",
             what_is_put_is_found_under_its_own_name);
    add_test("the least recently used goes first", the_least_recently_used_goes_first);
    add_test("a settled casebook is equal and borrows nothing",
             a_settled_casebook_is_equal_and_borrows_nothing);
    add_test("a form that borrows from a settled one outlives it",
             a_form_that_borrows_from_a_settled_one_outlives_it);
    add_test("a thousand revisions take the memory of one",
             a_thousand_revisions_take_the_memory_of_one);
    add_test("a retracted form is freed", a_retracted_form_is_freed);
    add_test("a casebook dropped before it is settled leaves nothing",
             a_casebook_dropped_before_it_is_settled_leaves_nothing);
    add_test("after the trim the limit holds", after_the_trim_the_limit_holds);
    return run_added("casebooks");
}
