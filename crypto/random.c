/* SPDX-License-Identifier: Apache-2.0 */
/*
** UUIDv7 by RFC 9562, 6.2, method 1: the 12 bits behind the version are a counter that
** starts at a random value below 2048 each millisecond and counts up. When it would
** overflow, the milliseconds run ahead of the clock by one; a clock that steps back
** changes nothing, because the milliseconds never fall.
*/
#include <openssl/rand.h>

#include "crypto/random.h"

#include <pthread.h>

#include "base/encode.h"

static void (*source)(void *buffer, size_t size);

void random_fill(void *buffer, size_t size)
{
    if (size == 0) {
        return;
    }
    if (source != NULL) {
        source(buffer, size);
        return;
    }
    BUG_IF(size > INT32_MAX || RAND_bytes(buffer, (int) size) != 1);
}

void random_replace(void (*fill)(void *buffer, size_t size))
{
    source = fill;
}

/* The next (millisecond, counter), strictly above the last one. */
static void next_tick(int64_t now, uint16_t start, int64_t *ret_ms, uint16_t *ret_counter)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static int64_t last_ms = -1;
    static uint16_t counter;

    BUG_IF(pthread_mutex_lock(&lock) != 0);
    if (now > last_ms) {
        last_ms = now;
        counter = start;
    } else if (counter == 0xFFF) {
        last_ms++;
        counter = start;
    } else {
        counter++;
    }
    *ret_ms = last_ms;
    *ret_counter = counter;
    BUG_IF(pthread_mutex_unlock(&lock) != 0);
}

void uuid_make(const struct clock *clock, struct uuid *ret_uuid)
{
    uint8_t *b = ret_uuid->bytes;
    int64_t ms = clock_now(clock) / 1000;
    uint16_t counter = 0;

    random_fill(b, sizeof(ret_uuid->bytes));
    next_tick(ms > 0 ? ms : 0, (uint16_t) ((b[6] << 8 | b[7]) & 0x7FF), &ms, &counter);
    for (size_t i = 0; i < 6; i++) {
        b[i] = (uint8_t) (ms >> (40 - 8 * i));
    }
    b[6] = (uint8_t) (0x70 | counter >> 8);
    b[7] = (uint8_t) counter;
    b[8] = (uint8_t) (0x80 | (b[8] & 0x3F));
}

void uuid_format(const struct uuid *uuid, char buffer[UUID_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    char *to = buffer;
    for (size_t i = 0; i < sizeof(uuid->bytes); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            *to++ = '-';
        }
        *to++ = digits[uuid->bytes[i] >> 4];
        *to++ = digits[uuid->bytes[i] & 0xF];
    }
    *to = '\0';
}

bool uuid_parse(struct span text, struct uuid *ret_uuid)
{
    struct uuid uuid;
    uint8_t hex[32];
    size_t digits = 0;

    if (text.size != UUID_TEXT_SIZE - 1) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash != (text.data[i] == '-')) {
            return false;
        }
        if (!dash) {
            hex[digits++] = text.data[i];
        }
    }
    if (!decode_exact(HEX, span_of(hex, digits), uuid.bytes, sizeof(uuid.bytes)) ||
        uuid.bytes[6] >> 4 != 7 || uuid.bytes[8] >> 6 != 2) {
        return false;
    }
    *ret_uuid = uuid;
    return true;
}
