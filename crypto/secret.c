/* SPDX-License-Identifier: Apache-2.0 */
/*
** One allocation for each secret, never grown in place: realloc would leave a copy
** behind.
*/
#include <openssl/crypto.h>

#include "crypto/secret.h"

void secret_done(struct secret *secret)
{
    if (secret->data != NULL) {
        OPENSSL_cleanse(secret->data, secret->size);
        free(secret->data);
    }
    *secret = (struct secret){0};
}

void secret_resize(struct secret *secret, size_t size)
{
    secret_done(secret);
    secret->data = mem_alloc(size);
    secret->size = size;
}

void secret_copy(struct secret *secret, const void *data, size_t size)
{
    struct secret old = *secret; /* DATA may lie in it */
    *secret = (struct secret){0};
    secret_resize(secret, size);
    if (size > 0) {
        memcpy(secret->data, data, size);
    }
    secret_done(&old);
}

void secret_take(struct secret *secret, struct bytes *bytes)
{
    secret_copy(secret, bytes->data, bytes->size);
    bytes_wipe(bytes);
}

struct span secret_span(const struct secret *secret)
{
    return span_of(secret->data, secret->size);
}

bool secret_equal(const struct secret *a, const struct secret *b)
{
    return a->size == b->size &&
           (a->size == 0 || CRYPTO_memcmp(a->data, b->data, a->size) == 0);
}
