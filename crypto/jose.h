/* SPDX-License-Identifier: Apache-2.0 */
/*
** jose: what jws.c and bearer.c share (RFC 7515). Not for other folders.
**
** A part is base64url text; jose_object decodes it and reads it as a JSON object with
** exactly the given members. Messages name the part ("header") and the member, never a
** value.
*/
#ifndef CRFD_CRYPTO_JOSE_H
#define CRFD_CRYPTO_JOSE_H

#include "crypto/key.h"
#include "crypto/random.h"

/* Decode TEXT (strict base64url) into ARENA. PART names it in the error. */
status jose_decode(struct span text, const char *part, struct arena *arena,
                   struct span *ret_data, struct err *err);

/* Decode TEXT and read it as an object whose members are exactly NAMES (NULL-terminated),
 * in any order, and OPTIONAL (may be NULL). */
status jose_object(struct span text, const char *part, const char *const *names,
                   const char *optional, struct arena *arena,
                   const struct json **ret_object, struct err *err);

/* Members of OBJECT. A token is 1 to MAX printable ASCII characters without spaces. */
status jose_token(const struct json *object, const char *name, size_t max,
                  const char **ret_text, struct err *err);
status jose_constant(const struct json *object, const char *name, const char *value,
                     struct err *err);
status jose_time(const struct json *object, const char *name, int64_t *ret_seconds,
                 struct err *err);
status jose_uuid(const struct json *object, const char *name, struct uuid *ret_uuid,
                 struct err *err);

/* alg and kid: who claims to have signed. */
struct jose_signer {
    enum key_kind kind;
    const char *kid; /* 43 characters, in the arena */
};
status jose_signer(const struct json *header, struct jose_signer *ret_signer,
                   struct err *err);

status jose_signature(struct span text, uint8_t ret_signature[SIGNATURE_SIZE],
                      struct err *err);

/* The signature is KEY's over INPUT, and SIGNER named this key and its algorithm. */
status jose_verify(const struct jose_signer *signer, struct span input,
                   const uint8_t signature[SIGNATURE_SIZE], const struct key *key,
                   struct err *err);

/* Append base64url(DATA). */
void jose_add(struct bytes *out, struct span data);

#endif
