/* SPDX-License-Identifier: Apache-2.0 */
/*
** json: what strict means, rule by rule, and what a reader gets.
*/
#include "base/json.h"

#include "base/json_out.h"
#include "tests/support/rows.h"

static const struct json_limits limits = {.depth = 16, .nodes = 100, .string = 40};

struct row {
    const char *name;
    const char *text;
    const char *again; /* as json_out writes the tree; NULL: refused */
    const char *says;  /* part of the error */
    size_t size;       /* 0: strlen(text) */
};

#define TEXT_OF_40 "0123456789012345678901234567890123456789"

static const struct row rows[] = {
    {"an object in its order", "{\"b\": 1, \"a\": [true, false, null]}",
     "{\"b\":1,\"a\":[true,false,null]}", NULL, 0},
    {"a value alone", " \"x\" ", "\"x\"", NULL, 0},
    {"an empty name", "{\"\":0}", "{\"\":0}", NULL, 0},
    {"an empty object and array", "{\"a\":{},\"b\":[]}", "{\"a\":{},\"b\":[]}", NULL, 0},
    {"escapes are read", "\"\\u0041\\u00e9\\n\\/\"", "\"A\xC3\xA9\\n/\"", NULL, 0},
    {"a surrogate pair is one character", "\"\\ud83d\\ude00\"", "\"\xF0\x9F\x98\x80\"",
     NULL, 0},
    {"the greatest integer", "[9007199254740991,-9007199254740991]",
     "[9007199254740991,-9007199254740991]", NULL, 0},
    {"negative zero is zero", "-0", "0", NULL, 0},
    {"depth 16", "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
     NULL, 0},
    {"brackets in a string are no depth", "\"[[[[[[[[[[[[[[[[[[[[{{{{\"",
     "\"[[[[[[[[[[[[[[[[[[[[{{{{\"", NULL, 0},
    {"an escaped quote does not end a string", "\"\\\"[[[[[[[[[[[[[[[[[[\"",
     "\"\\\"[[[[[[[[[[[[[[[[[[\"", NULL, 0},
    {"a string of the greatest length", "\"" TEXT_OF_40 "\"", "\"" TEXT_OF_40 "\"", NULL,
     0},

    {"nothing", "", NULL, "malformed", 0},
    {"white space only", " \n", NULL, "malformed", 0},
    {"depth 17", "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", NULL, "deeper than 16 at byte 16",
     0},
    {"depth 17 in objects", "[[[[[[[[[[[[[[[[{\"a\":1}]]]]]]]]]]]]]]]]", NULL,
     "deeper than 16", 0},
    {"one more than the greatest integer", "9007199254740992", NULL, "2^53", 0},
    {"one less than the least integer", "-9007199254740992", NULL, "2^53", 0},
    {"an integer beyond 64 bits", "9223372036854775808", NULL, "out of range", 0},
    {"an integer of 400 bits",
     "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
     NULL, "out of range", 0},
    {"a fraction", "1.5", NULL, "no integer", 0},
    {"a whole number written as a fraction", "[1.0]", NULL, "no integer", 0},
    {"an exponent", "1e2", NULL, "no integer", 0},
    {"an exponent that overflows", "1e999", NULL, "JSON", 0},
    {"NaN", "NaN", NULL, "malformed", 0},
    {"a duplicate name", "{\"a\":1,\"a\":1}", NULL, "duplicate name", 0},
    {"a duplicate name spelt differently", "{\"a\":1,\"\\u0061\":1}", NULL,
     "duplicate name", 0},
    {"a duplicate name inside", "[{\"x\":{\"a\":1,\"b\":2,\"a\":3}}]", NULL,
     "duplicate name", 0},
    {"an escaped U+0000", "\"a\\u0000b\"", NULL, "U+0000", 0},
    {"an escaped U+0000 in a name", "{\"a\\u0000b\":1}", NULL, "U+0000", 0},
    {"a raw U+0000 in a string", "\"a\0b\"", NULL, "U+0000", 5},
    {"a NUL behind the document", "{}\0", NULL, "U+0000", 3},
    {"NULs behind white space", "{} \0\0", NULL, "U+0000", 5},
    {"NULs behind a number", "12\0\0", NULL, "U+0000", 4},
    {"a NUL before the document", "\0{}", NULL, "U+0000", 3},
    {"a lone high surrogate", "\"\\ud800\"", NULL, "malformed", 0},
    {"a lone low surrogate", "\"\\udc00\"", NULL, "malformed", 0},
    {"a high surrogate before a letter", "\"\\ud800a\"", NULL, "malformed", 0},
    {"surrogates in the wrong order", "\"\\ude00\\ud83d\"", NULL, "malformed", 0},
    {"a byte order mark", "\xEF\xBB\xBF{}", NULL, "malformed", 0},
    {"ill-formed UTF-8", "\"\xC3\"", NULL, "UTF-8", 0},
    {"Latin-1", "\"\xE9t\xE9\"", NULL, "UTF-8", 0},
    {"UTF-16", "{\0}\0", NULL, "U+0000", 4},
    {"a second document", "{} {}", NULL, "behind the document", 0},
    {"a comma too many", "[1,]", NULL, "malformed", 0},
    {"a comment", "[1/*x*/]", NULL, "malformed", 0},
    {"a name without quotes", "{a:1}", NULL, "malformed", 0},
    {"single quotes", "{'a':1}", NULL, "malformed", 0},
    {"a raw line break in a string", "\"a\nb\"", NULL, "malformed", 0},
    {"a leading zero", "01", NULL, "malformed", 0},
    {"a plus sign", "+1", NULL, "malformed", 0},
    {"a cut document", "{\"a\":", NULL, "ends too early", 0},
    {"a string over the limit", "\"" TEXT_OF_40 "0\"", NULL, "longer than 40", 0},
    {"a name over the limit", "{\"" TEXT_OF_40 "0\":1}", NULL, "longer than 40", 0},
};

static void check(void **state)
{
    const struct row *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    size_t size = row->size > 0 ? row->size : strlen(row->text);
    uint8_t *exact = mem_alloc(size);
    memcpy(exact, row->text, size);
    const struct json *root = NULL;
    struct err err = {0};
    status got = json_parse(span_of(exact, size), &limits, arena, &root, &err);
    memset(exact, 'x', size); /* the tree borrows nothing from the input */
    free(exact);
    if (row->again == NULL) {
        assert_status(got, ERR_BAD_INPUT, &err);
        assert_null(root);
        if (strstr(err.what, row->says) == NULL) {
            fail_msg("says: %s", err.what);
        }
        return;
    }
    assert_status(got, OK, &err);
    CLEANUP(bytes_done) struct bytes again = {0};
    struct json_out out = {.bytes = &again};
    json_put_value(&out, root);
    assert_string_equal(bytes_text(&again), row->again);
}

static const struct json *parse(struct arena *arena, const char *text)
{
    const struct json *root = NULL;
    struct err err;
    assert_status(json_parse(span_text(text), &limits, arena, &root, &err), OK, &err);
    return root;
}

static void errors_do_not_quote(void **state)
{
    (void) state;
    static const char *const texts[] = {"{\"name\": \"Jansen\" oops}",
                                        "{\"Jansen\":1,\"Jansen\":2}",
                                        "[\"Jansen\"",
                                        "[\"Jansen\", Jansen]",
                                        "\"Jansen\"Jansen",
                                        "{Jansen}"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const struct json *root = NULL;
        struct err err;
        assert_int_equal(json_parse(span_text(texts[i]), &limits, arena, &root, &err),
                         ERR_BAD_INPUT);
        assert_null(strstr(err.what, "Jansen"));
        assert_null(strstr(err.what, "oops"));
    }
}

static void nodes_are_limited(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = {0};
    const struct json *root = NULL;
    struct err err;
    bytes_add_text(&text, "[0");
    for (int i = 0; i < 98; i++) {
        bytes_add_text(&text, ",0");
    }
    bytes_add_char(&text, ']');
    assert_status(json_parse(span_bytes(&text), &limits, arena, &root, &err), OK, &err);
    text.size--;
    bytes_add_text(&text, ",0]");
    assert_status(json_parse(span_bytes(&text), &limits, arena, &root, &err), ERR_BAD_INPUT,
                  &err);
    assert_non_null(strstr(err.what, "more than 100 values"));
}

static void deep_input_is_refused_quickly(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = {0};
    const struct json *root = NULL;
    for (int i = 0; i < 100000; i++) {
        bytes_add_text(&text, "[{\"\":");
    }
    assert_int_equal(json_parse(span_bytes(&text), &JSON_RECORD, arena, &root, NULL),
                     ERR_BAD_INPUT);
}

static void members_are_found(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *root = parse(arena, "{\"a\":\"x\",\"b\":null,\"n\":5,\"l\":[7,8]}");
    assert_int_equal(root->count, 4);
    assert_string_equal(root->items[2].name, "n");
    assert_string_equal(json_get_string(root, "a"), "x");
    assert_null(json_get_string(root, "b"));
    assert_null(json_get_string(root, "none"));
    assert_null(json_get_string(NULL, "a"));
    assert_int_equal(json_get(root, "b")->kind, J_NULL);
    assert_int_equal(json_get(root, "n")->integer, 5);
    assert_int_equal(json_get(root, "l")->items[1].integer, 8);
    assert_null(json_get(json_get(root, "l"), "a"));
    assert_true(json_equals(json_get(root, "a"), "x"));
    assert_false(json_equals(json_get(root, "a"), "xy"));
    assert_false(json_equals(json_get(root, "n"), "5"));
    assert_false(json_equals(NULL, "x"));
}

static void exact_members(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *root = parse(arena, "{\"a\":1,\"b\":2}");
    assert_true(json_has_exactly(root, (const char *const[]){"b", "a", NULL}));
    assert_false(json_has_exactly(root, (const char *const[]){"a", NULL}));
    assert_false(json_has_exactly(root, (const char *const[]){"a", "b", "c", NULL}));
    assert_false(json_has_exactly(root, (const char *const[]){"a", "c", NULL}));
    assert_false(json_has_exactly(NULL, (const char *const[]){NULL}));
    assert_true(json_has_exactly(parse(arena, "{}"), (const char *const[]){NULL}));
    assert_false(json_has_exactly(parse(arena, "[]"), (const char *const[]){NULL}));
}

int main(void)
{
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
    add_test("an error never quotes the input", errors_do_not_quote);
    add_test("the number of values is limited", nodes_are_limited);
    add_test("deep input is refused, not walked", deep_input_is_refused_quickly);
    add_test("members are found by name, in their order", members_are_found);
    add_test("exactly these members", exact_members);
    return run_added("json");
}
