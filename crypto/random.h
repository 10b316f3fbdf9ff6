/* SPDX-License-Identifier: Apache-2.0 */
/*
** random: bytes nobody can guess, and the ids made of them.
**
** random_fill() reads OpenSSL's CSPRNG; a test replaces it. There is no error: without
** randomness the program stops, as without memory.
**
** A uuid is a UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then a counter and random
** bits. Ids made by one process rise strictly, also within a millisecond and when the
** clock steps back, so they sort in the order in which they were made.
*/
#ifndef CRFD_CRYPTO_RANDOM_H
#define CRFD_CRYPTO_RANDOM_H

#include "base/clock.h"

void random_fill(void *buffer, size_t size);

/* Let FILL answer random_fill() from now on, in all threads; NULL restores the CSPRNG. For
 * tests, before threads start. */
void random_replace(void (*fill)(void *buffer, size_t size));

struct uuid {
    uint8_t bytes[16];
};

#define UUID_TEXT_SIZE 37 /* "01935a7e-3f2c-7a10-9d4e-0b7d5a3f1c22" and NUL */

/* Make the next id. CLOCK gives the milliseconds. Any thread. */
void uuid_make(const struct clock *clock, struct uuid *ret_uuid);

void uuid_format(const struct uuid *uuid, char buffer[UUID_TEXT_SIZE]);

/* Read the text form: 8-4-4-4-12 lower-case hex digits, version 7, RFC variant. False, and
 * *ret_uuid untouched, for anything else. */
MUST_USE bool uuid_parse(struct span text, struct uuid *ret_uuid);

#endif
