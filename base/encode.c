/* SPDX-License-Identifier: Apache-2.0 */
/*
** One table-driven coder: an encoding is an alphabet of 2^bits letters and a padding
** rule. OpenSSL's EVP_DecodeBlock and EVP_ENCODE_CTX skip white space and forgive stray
** bits, which signed formats must not; neither knows base32 or base64url.
*/
#include "base/encode.h"

struct alphabet {
    const char *letters;
    unsigned bits;  /* of one letter */
    unsigned group; /* letters in a padded group; 0: no padding */
};

static const struct alphabet alphabets[] = {
    [BASE64] = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 4},
    [BASE64URL] = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 6,
                   0},
    [BASE32] = {"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, 0},
    [HEX] = {"0123456789abcdef", 4, 0},
};

void encode(enum encoding encoding, struct span data, struct bytes *out)
{
    const struct alphabet *a = &alphabets[encoding];
    uint32_t buffer = 0;
    unsigned have = 0;

    bytes_reserve(out,
                  data.size * 2 + 4); /* once: the letters go in without asking again */
    uint8_t *start = out->data + out->size;
    uint8_t *to = start;
    for (size_t i = 0; i < data.size; i++) {
        buffer = (buffer << 8 | data.data[i]) & 0xFFFF;
        have += 8;
        while (have >= a->bits) {
            have -= a->bits;
            *to++ = (uint8_t) a->letters[buffer >> have & ((1U << a->bits) - 1)];
        }
    }
    if (have > 0) {
        *to++ = (uint8_t) a->letters[buffer << (a->bits - have) & ((1U << a->bits) - 1)];
    }
    while (a->group > 0 && (size_t) (to - start) % a->group != 0) {
        *to++ = '=';
    }
    *to = 0;
    out->size += (size_t) (to - start);
}

/* Letter -> value + 1; 0 where C is no letter. Built once: 4 x 256 bytes. */
static const uint8_t *reverse(enum encoding encoding)
{
    static uint8_t tables[ARRAY_LEN(alphabets)][256];
    static _Thread_local bool built;
    if (!built) {
        for (size_t e = 0; e < ARRAY_LEN(alphabets); e++) {
            for (size_t i = 0; alphabets[e].letters[i] != '\0'; i++) {
                /* every thread writes the same values */
                __atomic_store_n(&tables[e][(uint8_t) alphabets[e].letters[i]],
                                 (uint8_t) (i + 1), __ATOMIC_RELAXED);
            }
        }
        built = true;
    }
    return tables[encoding];
}

/* Take the padding off TEXT; false when there is not exactly as much as the rule wants. */
static bool unpad(const struct alphabet *a, struct span *text)
{
    if (a->group == 0) {
        return true;
    }
    if (text->size % a->group != 0) {
        return false;
    }
    for (unsigned i = 0; i < 2 && text->size > 0 && text->data[text->size - 1] == '=';
         i++) {
        text->size--;
    }
    return true;
}

bool decode(enum encoding encoding, struct span text, struct bytes *out)
{
    const struct alphabet *a = &alphabets[encoding];
    const uint8_t *value = reverse(encoding);
    uint32_t buffer = 0;
    unsigned have = 0;
    bool good = unpad(a, &text);

    bytes_reserve(out, text.size);
    uint8_t *start = out->data + out->size;
    uint8_t *to = start;
    for (size_t i = 0; good && i < text.size; i++) {
        uint8_t v = value[text.data[i]];
        good = v != 0;
        buffer = (buffer << a->bits | (uint32_t) (v - 1U)) & 0xFFFF;
        have += a->bits;
        if (have >= 8) {
            have -= 8;
            *to++ = (uint8_t) (buffer >> have);
        }
    }
    /* left-over bits: fewer than a letter, and all zero */
    good = good && have < a->bits && (buffer & ((1U << have) - 1)) == 0;
    to = good ? to : start;
    *to = 0;
    out->size += (size_t) (to - start);
    return good;
}

bool decode_exact(enum encoding encoding, struct span text, void *buffer, size_t size)
{
    CLEANUP(bytes_wipe) struct bytes raw = {0};
    if (!decode(encoding, text, &raw) || raw.size != size) {
        return false;
    }
    memcpy(buffer, raw.data, size);
    return true;
}
