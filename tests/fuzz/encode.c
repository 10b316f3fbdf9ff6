/* SPDX-License-Identifier: Apache-2.0 */
/*
** encode: decode and encode are inverse, both ways, for each encoding; the same for instants
** and whole numbers, whose texts are just as strict.
*/
#include "base/encode.h"
#include "base/clock.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_encoding(enum encoding encoding, struct span input)
{
    CLEANUP(bytes_done) struct bytes plain = {0};
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(bytes_done) struct bytes back = {0};
    if (decode(encoding, input, &plain)) {
        encode(encoding, span_bytes(&plain), &text);
        BUG_IF(!span_equal(span_bytes(&text), input));
        bytes_clear(&text);
    }
    encode(encoding, input, &text);
    BUG_IF(!decode(encoding, span_bytes(&text), &back));
    BUG_IF(!span_equal(span_bytes(&back), input));
}

static void check_instant(struct span input)
{
    instant at = 0;
    instant again = 0;
    char text[INSTANT_SIZE];
    if (instant_parse(input, &at, NULL)) {
        instant_format(at, text);
        BUG_IF(!instant_parse(span_text(text), &again, NULL) || again != at);
    }
}

static void check_number(struct span input)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    int64_t value = 0;
    if (text_to_i64(input, &value)) {
        bytes_printf(&text, "%lld", (long long) value);
        BUG_IF(!span_equal(span_bytes(&text), input));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span input = span_of(data, size);
    check_encoding(BASE64, input);
    check_encoding(BASE64URL, input);
    check_encoding(BASE32, input);
    check_encoding(HEX, input);
    check_instant(input);
    check_number(input);
    BUG_IF(text_is_utf8(input) && text_length(input) > size);
    return 0;
}
