/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

/* The length of the UTF-8 sequence at DATA (LEFT bytes to go), 0 when it is malformed. */
static size_t sequence(const uint8_t *data, size_t left)
{
    static const uint8_t low[4] = {0x80, 0xA0, 0x80, 0x90}; /* usual, E0, ED, F0 */
    uint8_t first = data[0];
    uint8_t least = low[0];
    uint8_t most = 0xBF;
    size_t size = 0;

    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        size = 2;
    } else if (first >= 0xE0 && first <= 0xEF) {
        size = 3;
        least = first == 0xE0 ? low[1] : least;
        most = first == 0xED ? 0x9F : most;
    } else if (first >= 0xF0 && first <= 0xF4) {
        size = 4;
        least = first == 0xF0 ? low[3] : least;
        most = first == 0xF4 ? 0x8F : most;
    }
    if (size == 0 || left < size || data[1] < least || data[1] > most) {
        return 0;
    }
    for (size_t i = 2; i < size; i++) {
        if ((data[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return size;
}

bool text_is_utf8(struct span span)
{
    for (size_t i = 0; i < span.size;) {
        size_t size = sequence(span.data + i, span.size - i);
        if (size == 0) {
            return false;
        }
        i += size;
    }
    return true;
}

size_t text_length(struct span span)
{
    size_t count = 0;
    for (size_t i = 0; i < span.size; i++) {
        count += (span.data[i] & 0xC0) != 0x80;
    }
    return count;
}

bool text_to_u64(struct span span, uint64_t max, uint64_t *ret_value)
{
    uint64_t value = 0;
    if (span.size == 0 || (span.size > 1 && span.data[0] == '0')) {
        return false;
    }
    for (size_t i = 0; i < span.size; i++) {
        uint8_t c = span.data[i];
        if (c < '0' || c > '9' || __builtin_mul_overflow(value, (uint64_t) 10, &value) ||
            __builtin_add_overflow(value, (uint64_t) (c - '0'), &value) || value > max) {
            return false;
        }
    }
    *ret_value = value;
    return true;
}

bool text_to_i64(struct span span, int64_t *ret_value)
{
    bool negative = span.size > 0 && span.data[0] == '-';
    uint64_t size = 0;
    struct span digits = negative ? span_of(span.data + 1, span.size - 1) : span;
    uint64_t max = negative ? (uint64_t) INT64_MAX + 1 : (uint64_t) INT64_MAX;
    if (!text_to_u64(digits, max, &size) || (negative && size == 0)) {
        return false;
    }
    *ret_value = negative ? (int64_t) (0 - size) : (int64_t) size;
    return true;
}

bool text_copy(char *buffer, size_t size, const char *text)
{
    size_t need = strlen(text) + 1;
    buffer[0] = '\0';
    if (need > size) {
        return false;
    }
    memcpy(buffer, text, need);
    return true;
}

bool text_is_token(struct span span, size_t max)
{
    if (span.size == 0 || span.size > max) {
        return false;
    }
    for (size_t i = 0; i < span.size; i++) {
        if (span.data[i] < 0x21 || span.data[i] > 0x7E) {
            return false;
        }
    }
    return true;
}
