/* SPDX-License-Identifier: Apache-2.0 */
/*
** encode: base64, base64url, base32 and hex (RFC 4648), strict.
**
** Decoders accept exactly what the encoders write: no white space, no stray bits, the
** right padding (base64 padded, base64url and base32 not), lower case hex, upper case
** base32. So decode and encode are inverse, and text can be compared instead of bytes.
*/
#ifndef CRFD_BASE_ENCODE_H
#define CRFD_BASE_ENCODE_H

#include "base/bytes.h"

enum encoding { BASE64, BASE64URL, BASE32, HEX };

/* Append the encoded form of DATA to OUT. */
void encode(enum encoding encoding, struct span data, struct bytes *out);

/* Append the decoded form of TEXT to OUT. False when TEXT is not strictly so encoded; then
 * OUT is as it was. */
MUST_USE bool decode(enum encoding encoding, struct span text, struct bytes *out);

/* Decode exactly SIZE bytes into BUFFER; false (BUFFER untouched) for anything else. */
MUST_USE bool decode_exact(enum encoding encoding, struct span text, void *buffer,
                           size_t size);

/* The encoded length of SIZE bytes, for fixed buffers. */
#define ENCODED_BASE64(size)    (((size) + 2) / 3 * 4)
#define ENCODED_BASE64URL(size) (((size) *4 + 2) / 3)
#define ENCODED_HEX(size)       ((size) *2)

#endif
