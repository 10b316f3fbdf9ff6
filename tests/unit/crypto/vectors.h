/* SPDX-License-Identifier: Apache-2.0 */
/*
** vectors: helpers for tests with known keys and third-party vector files.
*/
#ifndef CRFD_TESTS_CRYPTO_VECTORS_H
#define CRFD_TESTS_CRYPTO_VECTORS_H

#include "base/json.h"
#include "crypto/key.h"

/* Known keys: of RFC 8032 7.1 tests 1 and 2 (Ed25519) and RFC 7515 A.3 (ES256). The caller
 * frees. */
enum known_key { RFC8032_TEST1, RFC8032_TEST2, RFC7515_A3 };
struct private_key *known_private_key(enum known_key which);

/* Bytes of a hex text; the caller releases. */
struct bytes from_hex(const char *hex);

/* Parse a JSON text without the limits of records; fails the test if it cannot. */
const struct json *parse_big(struct span text, struct arena *arena);

/* The member, which must be there and of that kind. */
const struct json *want(const struct json *object, const char *name, enum json_kind kind);
const char *want_string(const struct json *object, const char *name);

/* Call EACH for every test of every group of the wycheproof FILE; returns how many, 0 when
 * the corpora are absent (said loudly). */
size_t each_wycheproof(const char *file,
                       void (*each)(const struct json *group, const struct json *test,
                                    void *arg),
                       void *arg);

/* Append to INPUT base64url(HEADER) "." base64url(PAYLOAD), HEADER with @KID@ replaced by
 * KEY's thumbprint, and to SIGNATURE the base64url of KEY's signature over it. */
void sign_parts(const struct private_key *key, const char *header, const char *payload,
                struct bytes *input, struct bytes *signature);

#endif
