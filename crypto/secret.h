/* SPDX-License-Identifier: Apache-2.0 */
/*
** secret: bytes that nobody may see: passphrases, seeds, derived keys.
**
**     CLEANUP(secret_done) struct secret passphrase = {0};
**     secret_copy(&passphrase, line, size);
**
** An all-zero struct is empty and valid. The memory is wiped before it is released, also
** when a secret is filled again. No function prints one, and none may be written:
** secret_span() is for handing the bytes to a function that needs them. secret_equal()
** takes the same time for all contents of one size.
*/
#ifndef CRFD_CRYPTO_SECRET_H
#define CRFD_CRYPTO_SECRET_H

#include "base/bytes.h"

struct secret {
    uint8_t *data;
    size_t size;
};

void secret_done(struct secret *secret);

/* Become SIZE zero bytes, for a function that fills secret->data. */
void secret_resize(struct secret *secret, size_t size);

/* Become a copy of DATA; wiping the original is the caller's. */
void secret_copy(struct secret *secret, const void *data, size_t size);

/* Take the content of BYTES over; BYTES is wiped and empty afterwards. */
void secret_take(struct secret *secret, struct bytes *bytes);

/* Borrowed until SECRET changes. */
struct span secret_span(const struct secret *secret);

bool secret_equal(const struct secret *a, const struct secret *b);

#endif
