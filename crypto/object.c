/* SPDX-License-Identifier: Apache-2.0 */
/*
** Reading spells the segment again and compares, so reading and writing cannot disagree.
*/
#include "crypto/object.h"

static bool is_plain(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '_' || c == '-';
}

static void spell(struct bytes *out, struct span segment)
{
    if (segment.size == 0) {
        bytes_add_char(out, '-');
    } else if (span_is(segment, "-")) {
        bytes_add_text(out, "%2D");
    } else {
        for (size_t i = 0; i < segment.size; i++) {
            if (is_plain(segment.data[i])) {
                bytes_add_char(out, (char) segment.data[i]);
            } else {
                bytes_printf(out, "%%%02X", segment.data[i]);
            }
        }
    }
}

void object_add(struct bytes *path, struct span segment)
{
    if (path->size > 0) {
        bytes_add_char(path, '/');
    }
    spell(path, segment);
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool unspell(struct span text, struct bytes *out)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] != '%') {
            bytes_add_char(out, (char) text.data[i]);
            continue;
        }
        if (text.size - i < 3) {
            return false;
        }
        int high = hex_digit(text.data[i + 1]);
        int low = hex_digit(text.data[i + 2]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes_add_char(out, (char) (uint8_t) (high << 4 | low));
        i += 2;
    }
    return true;
}

bool object_cut(struct span *rest, struct bytes *ret_segment)
{
    CLEANUP(bytes_done) struct bytes segment = {0};
    CLEANUP(bytes_done) struct bytes again = {0};
    struct span after = *rest;
    struct span text = *rest;

    if (!span_cut(&after, '/', &text)) {
        after = span_of(NULL, 0);
    }
    if (!span_is(text, "-")) {
        if (text.size == 0 || !unspell(text, &segment)) {
            return false;
        }
        spell(&again, span_bytes(&segment));
        if (!span_equal(span_bytes(&again), text)) {
            return false;
        }
    }
    bytes_clear(ret_segment);
    bytes_add_span(ret_segment, span_bytes(&segment));
    *rest = after;
    return true;
}
