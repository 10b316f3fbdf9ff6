/* SPDX-License-Identifier: Apache-2.0 */
/*
** json_out: the bytes are a contract (outcomes are hashed), so they stand here in full.
*/
#include "base/json_out.h"

#include "tests/support/rows.h"

static void outcome_bytes(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes bytes = {0};
    struct json_out json = {.bytes = &bytes};
    json_begin(&json, '{');
    json_member_integer(&json, "v", 1);
    json_member(&json, "engine", "1");
    json_key(&json, "findings");
    json_begin(&json, '[');
    json_begin(&json, '{');
    json_member(&json, "rule", "66");
    json_member(&json, "query", NULL);
    json_end(&json, '}');
    json_begin(&json, '{');
    json_end(&json, '}');
    json_put_bool(&json, true);
    json_put_bool(&json, false);
    json_put_null(&json);
    json_end(&json, ']');
    json_key(&json, "derived");
    json_begin(&json, '{');
    json_end(&json, '}');
    json_key(&json, "raw");
    json_put_raw(&json, SPAN_LITERAL("[1, 2]"));
    json_member_integer(&json, "least", INT64_MIN);
    json_end(&json, '}');
    assert_string_equal(
        bytes_text(&bytes),
        "{\"v\":1,\"engine\":\"1\",\"findings\":[{\"rule\":\"66\",\"query\":null},{},true,"
        "false,null],\"derived\":{},\"raw\":[1, 2],\"least\":-9223372036854775808}");
}

/* All 128 ASCII characters: what is escaped, and how. */
static void ascii_bytes(void **state)
{
    (void) state;
    static const char *const controls[32] = {
        "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006",
        "\\u0007", "\\b",     "\\t",     "\\n",     "\\u000b", "\\f",     "\\r",
        "\\u000e", "\\u000f", "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014",
        "\\u0015", "\\u0016", "\\u0017", "\\u0018", "\\u0019", "\\u001a", "\\u001b",
        "\\u001c", "\\u001d", "\\u001e", "\\u001f"};
    for (int c = 0; c < 128; c++) {
        CLEANUP(bytes_done) struct bytes bytes = {0};
        CLEANUP(bytes_done) struct bytes wanted = {0};
        char text = (char) c;
        json_put_span(&(struct json_out){.bytes = &bytes}, span_of(&text, 1));
        if (c < 32) {
            bytes_printf(&wanted, "\"%s\"", controls[c]);
        } else {
            bytes_printf(&wanted, "\"%s%c\"", c == '"' || c == '\\' ? "\\" : "", c);
        }
        assert_string_equal(bytes_text(&bytes), bytes_text(&wanted));
    }
}

static void beyond_ascii_is_itself(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes bytes = {0};
    json_put_string(&(struct json_out){.bytes = &bytes},
                    "\xC3\xA9/\xE2\x80\xA8\xF0\x9F\x98\x80");
    assert_string_equal(bytes_text(&bytes), "\"\xC3\xA9/\xE2\x80\xA8\xF0\x9F\x98\x80\"");
}

static void names_are_escaped(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes bytes = {0};
    struct json_out json = {.bytes = &bytes};
    json_begin(&json, '{');
    json_member(&json, "a\"\n", "x");
    json_end(&json, '}');
    assert_string_equal(bytes_text(&bytes), "{\"a\\\"\\n\":\"x\"}");
}

int main(void)
{
    add_test("an outcome has these bytes", outcome_bytes);
    add_test("each ASCII character has these bytes", ascii_bytes);
    add_test("what is beyond ASCII stands for itself", beyond_ascii_is_itself);
    add_test("names are escaped like values", names_are_escaped);
    return run_added("json_out");
}
