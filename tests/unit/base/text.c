/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include "tests/support/rows.h"

struct utf8_row {
    const char *name;
    const char *text;
    size_t size; /* 0: strlen */
    bool good;
    size_t length; /* code points, when good */
};

/* RFC 3629 chapters 3 and 4; Unicode table 3-7 */
static const struct utf8_row utf8_rows[] = {
    {"nothing is well-formed", "", 0, true, 0},
    {"ASCII is well-formed", "abc", 0, true, 3},
    {"U+0000 is well-formed here", "a\0b", 3, true, 3},
    {"the least of two bytes, U+0080", "\xC2\x80", 0, true, 1},
    {"the last of two bytes, U+07FF", "\xDF\xBF", 0, true, 1},
    {"the least of three bytes, U+0800", "\xE0\xA0\x80", 0, true, 1},
    {"the last before the surrogates, U+D7FF", "\xED\x9F\xBF", 0, true, 1},
    {"the first after the surrogates, U+E000", "\xEE\x80\x80", 0, true, 1},
    {"the last of three bytes, U+FFFF", "\xEF\xBF\xBF", 0, true, 1},
    {"the least of four bytes, U+10000", "\xF0\x90\x80\x80", 0, true, 1},
    {"the last of all, U+10FFFF", "\xF4\x8F\xBF\xBF", 0, true, 1},
    {"letters, accent and emoji count as code points", "a\xC3\xA9\xF0\x9F\x98\x80", 0, true,
     3},
    {"overlong solidus of two bytes", "\xC0\xAF", 0, false, 0},
    {"overlong U+007F of two bytes", "\xC1\xBF", 0, false, 0},
    {"overlong of three bytes", "\xE0\x9F\xBF", 0, false, 0},
    {"overlong of four bytes", "\xF0\x8F\xBF\xBF", 0, false, 0},
    {"a high surrogate", "\xED\xA0\x80", 0, false, 0},
    {"a low surrogate", "\xED\xBF\xBF", 0, false, 0},
    {"beyond U+10FFFF", "\xF4\x90\x80\x80", 0, false, 0},
    {"a lead byte of five", "\xF8\x88\x80\x80\x80", 0, false, 0},
    {"FE is no byte of UTF-8", "\xFE", 0, false, 0},
    {"FF is no byte of UTF-8", "\xFF", 0, false, 0},
    {"a lone continuation byte", "\x80", 0, false, 0},
    {"a cut sequence of two", "\xC3", 0, false, 0},
    {"a cut sequence of three", "\xE2\x82", 0, false, 0},
    {"a cut sequence of four", "\xF0\x9F\x98", 0, false, 0},
    {"ASCII in the place of a continuation", "\xE2\x82(", 0, false, 0},
    {"ASCII in the first continuation", "\xC3(", 0, false, 0},
};

static void check_utf8(void **state)
{
    const struct utf8_row *row = *state;
    struct span text = span_of(row->text, row->size > 0 ? row->size : strlen(row->text));
    /* an exact copy, so that the sanitizer sees a read past the end */
    uint8_t *exact = mem_alloc(text.size);
    memcpy(exact, text.data, text.size);
    bool good = text_is_utf8(span_of(exact, text.size));
    free(exact);
    assert_int_equal(good, row->good);
    if (row->good) {
        assert_int_equal(text_length(text), row->length);
    }
}

struct number_row {
    const char *name;
    const char *text;
    bool good;
    int64_t value;
};

static const struct number_row number_rows[] = {
    {"zero", "0", true, 0},
    {"one digit", "7", true, 7},
    {"the greatest int64", "9223372036854775807", true, INT64_MAX},
    {"the least int64", "-9223372036854775808", true, INT64_MIN},
    {"one more than the greatest", "9223372036854775808", false, 0},
    {"one less than the least", "-9223372036854775809", false, 0},
    {"more than 64 bits hold", "18446744073709551616", false, 0},
    {"far too long", "99999999999999999999999999", false, 0},
    {"nothing", "", false, 0},
    {"a sign alone", "-", false, 0},
    {"negative zero", "-0", false, 0},
    {"a plus sign", "+1", false, 0},
    {"a leading zero", "01", false, 0},
    {"a leading zero behind the sign", "-01", false, 0},
    {"two signs", "--1", false, 0},
    {"a fraction", "1.0", false, 0},
    {"white space before", " 1", false, 0},
    {"white space behind", "1 ", false, 0},
    {"a digit of another script", "\xD9\xA3", false, 0},
    {"hexadecimal", "0x1", false, 0},
};

static void check_number(void **state)
{
    const struct number_row *row = *state;
    int64_t value = -77;
    assert_int_equal(text_to_i64(span_text(row->text), &value), row->good);
    assert_true(value == (row->good ? row->value : -77));
}

static void unsigned_has_a_limit(void **state)
{
    (void) state;
    uint64_t value = 77;
    assert_true(text_to_u64(SPAN_LITERAL("18446744073709551615"), UINT64_MAX, &value));
    assert_true(value == UINT64_MAX);
    assert_true(text_to_u64(SPAN_LITERAL("100"), 100, &value));
    assert_false(text_to_u64(SPAN_LITERAL("101"), 100, &value));
    assert_false(text_to_u64(SPAN_LITERAL("-1"), 100, &value));
    assert_true(value == 100);
}

static void copy_fits_or_empties(void **state)
{
    (void) state;
    char buffer[4] = "old";
    assert_true(text_copy(buffer, sizeof(buffer), "abc"));
    assert_string_equal(buffer, "abc");
    assert_false(text_copy(buffer, sizeof(buffer), "abcd"));
    assert_string_equal(buffer, "");
    assert_true(text_copy(buffer, 1, ""));
}

static void token_is_visible_ascii(void **state)
{
    (void) state;
    assert_true(text_is_token(SPAN_LITERAL("!~"), 2));
    assert_false(text_is_token(SPAN_LITERAL("!~x"), 2));
    assert_false(text_is_token(SPAN_LITERAL(""), 2));
    assert_false(text_is_token(SPAN_LITERAL("a b"), 9));
    assert_false(text_is_token(SPAN_LITERAL("a\x7F"), 9));
    assert_false(text_is_token(SPAN_LITERAL("a\n"), 9));
    assert_false(text_is_token(SPAN_LITERAL("a\0b"), 9));
    assert_false(text_is_token(SPAN_LITERAL("\xC3\xA9"), 9));
}

int main(void)
{
    add_rows(utf8_rows, ARRAY_LEN(utf8_rows), sizeof(utf8_rows[0]), check_utf8);
    add_rows(number_rows, ARRAY_LEN(number_rows), sizeof(number_rows[0]), check_number);
    add_test("an unsigned number keeps its limit", unsigned_has_a_limit);
    add_test("a text that does not fit leaves the buffer empty", copy_fits_or_empties);
    add_test("a token is visible ASCII without spaces", token_is_visible_ascii);
    return run_added("text");
}
