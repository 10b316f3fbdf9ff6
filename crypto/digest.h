/* SPDX-License-Identifier: Apache-2.0 */
/*
** digest: SHA-256 (FIPS 180-4), its text forms, and comparing digests.
**
**     struct digest digest;
**     digest_of(span, &digest);
**
** Nothing here can fail: the algorithm is fetched once for the process, each thread
** keeps one context and uses it again, and if OpenSSL has no SHA-256 the program cannot
** live at all. Any thread may call any of these.
**
** Text forms are strict both ways (base/encode.h): reading accepts exactly what writing
** makes.
*/
#ifndef CRFD_CRYPTO_DIGEST_H
#define CRFD_CRYPTO_DIGEST_H

#include "base/bytes.h"

#define DIGEST_SIZE 32

struct digest {
    uint8_t bytes[DIGEST_SIZE];
};

void digest_of(struct span data, struct digest *ret_digest);

/* Of the COUNT spans as if they stood behind one another. */
void digest_of_parts(const struct span *parts, size_t count, struct digest *ret_digest);

/* Constant time. */
bool digest_equal(const struct digest *a, const struct digest *b);

struct span digest_span(const struct digest *digest); /* borrowed */

/* Text: base64 (44 characters), base64url without padding (43), lower-case hex (64). */
#define DIGEST_BASE64_SIZE    45
#define DIGEST_BASE64URL_SIZE 44
#define DIGEST_HEX_SIZE       65
void digest_to_base64(const struct digest *digest, char buffer[DIGEST_BASE64_SIZE]);
void digest_to_base64url(const struct digest *digest, char buffer[DIGEST_BASE64URL_SIZE]);
void digest_to_hex(const struct digest *digest, char buffer[DIGEST_HEX_SIZE]);

/* Append the base64 form. */
void digest_add_base64(const struct digest *digest, struct bytes *out);

/* Read a text form back; false, and *ret_digest untouched, for anything but that form. */
MUST_USE bool digest_from_base64(struct span text, struct digest *ret_digest);
MUST_USE bool digest_from_base64url(struct span text, struct digest *ret_digest);
MUST_USE bool digest_from_hex(struct span text, struct digest *ret_digest);

/* Of data that come piece by piece (a blob, a bundle): new, add ..., finish, free. After
 * finish the stream starts again from nothing. */
struct digest_stream;
struct digest_stream *digest_stream_new(void);
void digest_stream_free(struct digest_stream *stream); /* accepts NULL */
void digest_stream_freep(struct digest_stream **stream);
void digest_stream_add(struct digest_stream *stream, struct span data);
void digest_stream_finish(struct digest_stream *stream, struct digest *ret_digest);

#endif
