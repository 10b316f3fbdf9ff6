/* SPDX-License-Identifier: Apache-2.0 */
/*
** OpenSSL 3.0 looks an algorithm up by name at every EVP_sha256() use, which costs more
** than hashing a tree node. So the EVP_MD is fetched once, and each thread initialises
** the same context again. The thread's context is freed by the key's destructor when the
** thread ends.
*/
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "crypto/digest.h"

#include <pthread.h>

#include "base/encode.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t context_key;
static EVP_MD *sha256;

static void free_context(void *context)
{
    EVP_MD_CTX_free(context);
}

static void prepare(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    BUG_IF(sha256 == NULL);
    BUG_IF(pthread_key_create(&context_key, free_context) != 0);
}

static EVP_MD_CTX *new_context(void)
{
    BUG_IF(pthread_once(&once, prepare) != 0);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    BUG_IF(context == NULL);
    BUG_IF(EVP_DigestInit_ex2(context, sha256, NULL) != 1);
    return context;
}

static EVP_MD_CTX *thread_context(void)
{
    BUG_IF(pthread_once(&once, prepare) != 0);
    EVP_MD_CTX *context = pthread_getspecific(context_key);
    if (context == NULL) {
        context = new_context();
        BUG_IF(pthread_setspecific(context_key, context) != 0);
    }
    return context;
}

static void add(EVP_MD_CTX *context, struct span data)
{
    BUG_IF(data.size > 0 && EVP_DigestUpdate(context, data.data, data.size) != 1);
}

static void finish(EVP_MD_CTX *context, struct digest *ret_digest)
{
    unsigned size = 0;
    BUG_IF(EVP_DigestFinal_ex(context, ret_digest->bytes, &size) != 1 ||
           size != DIGEST_SIZE);
}

void digest_of_parts(const struct span *parts, size_t count, struct digest *ret_digest)
{
    EVP_MD_CTX *context = thread_context();
    BUG_IF(EVP_DigestInit_ex2(context, NULL, NULL) != 1);
    for (size_t i = 0; i < count; i++) {
        add(context, parts[i]);
    }
    finish(context, ret_digest);
}

void digest_of(struct span data, struct digest *ret_digest)
{
    digest_of_parts(&data, 1, ret_digest);
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
    return CRYPTO_memcmp(a->bytes, b->bytes, DIGEST_SIZE) == 0;
}

struct span digest_span(const struct digest *digest)
{
    return span_of(digest->bytes, DIGEST_SIZE);
}

static void to_text(enum encoding encoding, const struct digest *digest, char *buffer,
                    size_t size)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    encode(encoding, digest_span(digest), &text);
    BUG_IF(text.size + 1 != size);
    memcpy(buffer, text.data, size);
}

void digest_to_base64(const struct digest *digest, char buffer[DIGEST_BASE64_SIZE])
{
    to_text(BASE64, digest, buffer, DIGEST_BASE64_SIZE);
}

void digest_to_base64url(const struct digest *digest, char buffer[DIGEST_BASE64URL_SIZE])
{
    to_text(BASE64URL, digest, buffer, DIGEST_BASE64URL_SIZE);
}

void digest_to_hex(const struct digest *digest, char buffer[DIGEST_HEX_SIZE])
{
    to_text(HEX, digest, buffer, DIGEST_HEX_SIZE);
}

void digest_add_base64(const struct digest *digest, struct bytes *out)
{
    encode(BASE64, digest_span(digest), out);
}

bool digest_from_base64(struct span text, struct digest *ret_digest)
{
    return decode_exact(BASE64, text, ret_digest->bytes, DIGEST_SIZE);
}

bool digest_from_base64url(struct span text, struct digest *ret_digest)
{
    return decode_exact(BASE64URL, text, ret_digest->bytes, DIGEST_SIZE);
}

bool digest_from_hex(struct span text, struct digest *ret_digest)
{
    return decode_exact(HEX, text, ret_digest->bytes, DIGEST_SIZE);
}

struct digest_stream {
    EVP_MD_CTX *context;
};

struct digest_stream *digest_stream_new(void)
{
    struct digest_stream *stream = mem_alloc(sizeof(*stream));
    stream->context = new_context();
    return stream;
}

void digest_stream_free(struct digest_stream *stream)
{
    if (stream != NULL) {
        EVP_MD_CTX_free(stream->context);
        free(stream);
    }
}

void digest_stream_freep(struct digest_stream **stream)
{
    digest_stream_free(*stream);
    *stream = NULL;
}

void digest_stream_add(struct digest_stream *stream, struct span data)
{
    add(stream->context, data);
}

void digest_stream_finish(struct digest_stream *stream, struct digest *ret_digest)
{
    finish(stream->context, ret_digest);
    BUG_IF(EVP_DigestInit_ex2(stream->context, NULL, NULL) != 1);
}
