/* SPDX-License-Identifier: Apache-2.0 */
/*
** encode: RFC 4648 chapter 10, and that nothing but what the encoder writes is read.
*/
#include "base/encode.h"

#include "tests/support/rows.h"

struct vector_row {
    const char *name;
    enum encoding encoding;
    const char *plain;
    const char *text;
};

static const struct vector_row vectors[] = {
    {"base64 of nothing", BASE64, "", ""},
    {"base64 of f", BASE64, "f", "Zg=="},
    {"base64 of fo", BASE64, "fo", "Zm8="},
    {"base64 of foo", BASE64, "foo", "Zm9v"},
    {"base64 of foob", BASE64, "foob", "Zm9vYg=="},
    {"base64 of fooba", BASE64, "fooba", "Zm9vYmE="},
    {"base64 of foobar", BASE64, "foobar", "Zm9vYmFy"},
    {"base64 with + and /", BASE64, "\xFB\xFF\xBF", "+/+/"},
    {"base64url of nothing", BASE64URL, "", ""},
    {"base64url of f has no padding", BASE64URL, "f", "Zg"},
    {"base64url of fo", BASE64URL, "fo", "Zm8"},
    {"base64url of foo", BASE64URL, "foo", "Zm9v"},
    {"base64url of foob", BASE64URL, "foob", "Zm9vYg"},
    {"base64url of fooba", BASE64URL, "fooba", "Zm9vYmE"},
    {"base64url of foobar", BASE64URL, "foobar", "Zm9vYmFy"},
    {"base64url with - and _", BASE64URL, "\xFB\xFF\xBF", "-_-_"},
    {"base32 of nothing", BASE32, "", ""},
    {"base32 of f has no padding", BASE32, "f", "MY"},
    {"base32 of fo", BASE32, "fo", "MZXQ"},
    {"base32 of foo", BASE32, "foo", "MZXW6"},
    {"base32 of foob", BASE32, "foob", "MZXW6YQ"},
    {"base32 of fooba", BASE32, "fooba", "MZXW6YTB"},
    {"base32 of foobar", BASE32, "foobar", "MZXW6YTBOI"},
    {"hex of nothing", HEX, "", ""},
    {"hex of foobar is lower case", HEX, "foobar", "666f6f626172"},
    {"hex of high bytes", HEX, "\xFF\xA0", "ffa0"},
};

static void check_vector(void **state)
{
    const struct vector_row *row = *state;
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(bytes_done) struct bytes plain = {0};
    encode(row->encoding, span_text(row->plain), &text);
    assert_string_equal(bytes_text(&text), row->text);
    bytes_add_char(&plain, '>'); /* decode appends */
    assert_true(decode(row->encoding, span_bytes(&text), &plain));
    assert_int_equal(plain.data[0], '>');
    assert_true(span_is(span_of(plain.data + 1, plain.size - 1), row->plain));
}

struct refused_row {
    const char *name;
    enum encoding encoding;
    const char *text;
};

static const struct refused_row refused[] = {
    {"base64 without its padding", BASE64, "Zg"},
    {"base64 with half its padding", BASE64, "Zg="},
    {"base64 with too much padding", BASE64, "Zm9v===="},
    {"base64 that is padding only", BASE64, "===="},
    {"base64 with one padded letter", BASE64, "Z==="},
    {"base64 with padding inside", BASE64, "Zg==Zg=="},
    {"base64 with a padding in the middle", BASE64, "Z=g="},
    {"base64 with stray bits, one byte", BASE64, "Zh=="},
    {"base64 with stray bits, two bytes", BASE64, "Zm9="},
    {"base64 with a line break behind", BASE64, "Zm9v\n"},
    {"base64 with a line break inside", BASE64, "Zm\n9v"},
    {"base64 with a space before", BASE64, " Zm9v"},
    {"base64 in the url alphabet", BASE64, "-_-_"},
    {"base64 with a byte beyond ASCII", BASE64, "Zm9\xF6"},
    {"base64 of five letters", BASE64, "Zm9vY"},
    {"base64url with padding", BASE64URL, "Zg=="},
    {"base64url with stray bits", BASE64URL, "Zh"},
    {"base64url with stray bits, two bytes", BASE64URL, "Zm9"},
    {"base64url of one letter", BASE64URL, "Z"},
    {"base64url of five letters", BASE64URL, "Zm9vY"},
    {"base64url in the plain alphabet", BASE64URL, "+/+/"},
    {"base64url with a space", BASE64URL, "Zm 9v"},
    {"base64url with a dot", BASE64URL, "Zm9v.Zm9v"},
    {"base32 in lower case", BASE32, "my"},
    {"base32 with padding", BASE32, "MY======"},
    {"base32 with stray bits", BASE32, "MZ"},
    {"base32 of one letter", BASE32, "M"},
    {"base32 of three letters", BASE32, "MZX"},
    {"base32 of six letters", BASE32, "MZXW6Y"},
    {"base32 with the digit 0 for O", BASE32, "MZXW6YTB0I"},
    {"base32 with the digit 1", BASE32, "1Y"},
    {"hex in upper case", HEX, "FF"},
    {"hex of one digit", HEX, "f"},
    {"hex of three digits", HEX, "fff"},
    {"hex with a space", HEX, "ff ff"},
    {"hex with a prefix", HEX, "0xff"},
    {"hex with a letter that is none", HEX, "fg"},
};

static void check_refused(void **state)
{
    const struct refused_row *row = *state;
    CLEANUP(bytes_done) struct bytes out = {0};
    assert_false(decode(row->encoding, span_text(row->text), &out));
    assert_int_equal(out.size, 0);
    assert_string_equal(bytes_text(&out), "");
    bytes_add_text(&out, "before");
    assert_false(decode(row->encoding, span_text(row->text), &out));
    assert_string_equal(bytes_text(&out), "before");
}

/* Of all texts of up to three letters, exactly those decode that an encoder writes. */
static void is_a_bijection(void **state)
{
    (void) state;
    static const char letters[] = "AQgw048cz7=-+ \n";
    static const enum encoding all[] = {BASE64, BASE64URL, BASE32, HEX};
    CLEANUP(bytes_done) struct bytes plain = {0};
    CLEANUP(bytes_done) struct bytes again = {0};
    size_t n = sizeof(letters) - 1;
    for (size_t i = 0; i < n * n * n * n; i++) {
        char text[5] = {letters[i % n], letters[i / n % n], letters[i / n / n % n],
                        letters[i / n / n / n], 0};
        for (size_t e = 0; e < ARRAY_LEN(all) * 4; e++) {
            struct span cut = span_of(text, e / ARRAY_LEN(all) + 1);
            bytes_clear(&plain);
            bytes_clear(&again);
            if (decode(all[e % ARRAY_LEN(all)], cut, &plain)) {
                encode(all[e % ARRAY_LEN(all)], span_bytes(&plain), &again);
                assert_true(span_equal(span_bytes(&again), cut));
            }
        }
    }
}

static void all_bytes_return(void **state)
{
    (void) state;
    uint8_t data[512];
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t) (i * 167 + i / 256);
    }
    for (size_t size = 0; size <= sizeof(data); size++) {
        CLEANUP(bytes_done) struct bytes sixty_four = {0};
        CLEANUP(bytes_done) struct bytes url = {0};
        CLEANUP(bytes_done) struct bytes hex = {0};
        uint8_t back[sizeof(data)];
        encode(BASE64, span_of(data, size), &sixty_four);
        encode(BASE64URL, span_of(data, size), &url);
        encode(HEX, span_of(data, size), &hex);
        assert_int_equal(sixty_four.size, ENCODED_BASE64(size));
        assert_int_equal(url.size, ENCODED_BASE64URL(size));
        assert_int_equal(hex.size, ENCODED_HEX(size));
        assert_true(decode_exact(BASE64, span_bytes(&sixty_four), back, size));
        assert_memory_equal(back, data, size);
        assert_true(decode_exact(BASE64URL, span_bytes(&url), back, size));
        assert_memory_equal(back, data, size);
        assert_true(decode_exact(HEX, span_bytes(&hex), back, size));
        assert_memory_equal(back, data, size);
    }
}

static void exact_size_only(void **state)
{
    (void) state;
    char buffer[3] = "ab";
    assert_false(decode_exact(HEX, SPAN_LITERAL("ffff"), buffer, 3));
    assert_false(decode_exact(HEX, SPAN_LITERAL("ffff"), buffer, 1));
    assert_false(decode_exact(HEX, SPAN_LITERAL("fffg"), buffer, 2));
    assert_string_equal(buffer, "ab");
    assert_true(decode_exact(HEX, SPAN_LITERAL("7879"), buffer, 2));
    assert_string_equal(buffer, "xy");
}

int main(void)
{
    add_rows(vectors, ARRAY_LEN(vectors), sizeof(vectors[0]), check_vector);
    add_rows(refused, ARRAY_LEN(refused), sizeof(refused[0]), check_refused);
    add_test("what decodes is what the encoder writes", is_a_bijection);
    add_test("all bytes return at all lengths, and lengths are as computed",
             all_bytes_return);
    add_test("decode_exact takes the exact size only", exact_size_only);
    return run_added("encode");
}
