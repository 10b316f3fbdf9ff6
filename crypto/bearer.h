/* SPDX-License-Identifier: Apache-2.0 */
/*
** bearer: the short assertion that opens reads (RFC 7523 shape; RECORDS.md chapter 10).
**
**     Authorization: Bearer <base64url header>.<base64url claims>.<base64url signature>
**
** Header exactly alg kid typ, typ "crf-read+jwt". Claims exactly iss aud iat exp jti,
** and `jwk` only from a founder whose study is not open yet, so that the service can
** know the key that kid names. One audience, a text. It lives at most BEARER_LIFE
** seconds.
**
** As with jws.h, parse, find the key by kid (or key_from_jwk(bearer.jwk) of an allowed
** founder), then verify; until then nothing in the struct may be believed.
*/
#ifndef CRFD_CRYPTO_BEARER_H
#define CRFD_CRYPTO_BEARER_H

#include "base/clock.h"
#include "crypto/key.h"
#include "crypto/random.h"

#define BEARER_SIZE_MAX 4096
#define BEARER_TYP      "crf-read+jwt"
#define BEARER_LIFE     300 /* seconds from iat to exp */
#define BEARER_SKEW     60  /* seconds a signer's clock may be ahead */

struct bearer {
    enum key_kind kind;
    const char *kid; /* these live in the arena */
    const char *iss, *aud;
    int64_t iat, exp;
    struct uuid jti;
    const struct json *jwk; /* NULL when absent */
    struct span input;      /* borrowed from the text */
    uint8_t signature[SIGNATURE_SIZE];
};

MUST_USE status bearer_parse(struct span text, struct arena *arena,
                             struct bearer *ret_bearer, struct err *err);

/* OK only if KEY signed it for AUDIENCE and NOW lies between iat - BEARER_SKEW and exp;
 * else ERR_UNAUTHENTIC. Any thread. */
MUST_USE status bearer_verify(const struct bearer *bearer, const struct key *key,
                              const char *audience, instant now, struct err *err);

/* Append a signed assertion. EXP is iat + BEARER_LIFE; with_jwk adds KEY's public half. */
struct bearer_claims {
    const char *iss, *aud;
    int64_t iat;
    struct uuid jti;
    bool with_jwk;
};
MUST_USE status bearer_sign(const struct private_key *key,
                            const struct bearer_claims *claims, struct bytes *out,
                            struct err *err);

#endif
