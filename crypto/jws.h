/* SPDX-License-Identifier: Apache-2.0 */
/*
** jws: the signed record, one line (RFC 7515 flattened; RECORDS.md chapter 1).
**
**     {"protected":"<base64url>","payload":"<base64url>","signature":"<base64url>"}
**
** These three members, in this order, no white space, nothing behind. The line is kept
** as it was received; what is parsed and what is verified are the same bytes, because
** base64url is read strictly and has one spelling.
**
** The protected header has exactly the members alg kid typ cty iat url jti (any order):
** alg ES256 or Ed25519, kid the RFC 7638 thumbprint, typ and cty the constants below,
** iat whole seconds, url https, jti a UUIDv7. No jwk, jku, x5c, crit, b64, nothing
** unprotected.
**
** Parsing and verifying are two steps, because a first-contact record (study.open,
** person.enrol) carries its key in the payload, and for all others the kid leads to the
** key:
**
**     TRY(jws_parse(line, arena, &jws, err));
**     ... find the key by jws.kid, or key_from_jwk() of the payload's data.jwk ...
**     TRY(jws_verify(&jws, key, err));
**
** Until jws_verify says OK nothing in the struct may be believed. jws_verify refuses a
** key whose thumbprint is not kid or whose algorithm is not alg.
*/
#ifndef CRFD_CRYPTO_JWS_H
#define CRFD_CRYPTO_JWS_H

#include "crypto/key.h"
#include "crypto/random.h"

#define JWS_SIZE_MAX (1 << 20) /* bytes of the line */
#define JWS_TYP      "crf+jws"
#define JWS_CTY      "application/vnd.crfd.record+json"
#define JWS_URL_MAX  1024

struct jws {
    struct span line;   /* as given, borrowed */
    enum key_kind kind; /* alg */
    const char *kid;    /* these live in the arena */
    int64_t iat;        /* seconds since 1970 */
    const char *url;
    struct uuid jti;
    struct span payload; /* decoded; not looked into */
    struct span input;   /* what is signed: header "." payload as base64url */
    uint8_t signature[SIGNATURE_SIZE];
};

/* Read a line (without LF). ERR_TOO_LARGE over JWS_SIZE_MAX; ERR_BAD_INPUT names the rule.
 */
MUST_USE status jws_parse(struct span line, struct arena *arena, struct jws *ret_jws,
                          struct err *err);

/* OK only if KEY signed it; else ERR_UNAUTHENTIC. Any thread. */
MUST_USE status jws_verify(const struct jws *jws, const struct key *key, struct err *err);

/* Append the signed line (without LF) that carries PAYLOAD. */
struct jws_header {
    int64_t iat;
    const char *url;
    struct uuid jti;
};
MUST_USE status jws_sign(const struct private_key *key, const struct jws_header *header,
                         struct span payload, struct bytes *out, struct err *err);

#endif
