/* SPDX-License-Identifier: Apache-2.0 */
/*
** iat and exp are checked against each other when parsing and against the clock when
** verifying, so a service that caches verified assertions needs to compare exp only.
*/
#include "crypto/bearer.h"

#include "base/json_out.h"
#include "crypto/jose.h"

#define NAME_MAX_SIZE 256

static status parse_header(struct span text, struct arena *arena, struct bearer *bearer,
                           struct err *err)
{
    static const char *const names[] = {"alg", "kid", "typ", NULL};
    const struct json *header = NULL;
    struct jose_signer signer;
    TRY(jose_object(text, "header", names, NULL, arena, &header, err));
    TRY(jose_signer(header, &signer, err));
    TRY(jose_constant(header, "typ", BEARER_TYP, err));
    bearer->kind = signer.kind;
    bearer->kid = signer.kid;
    return OK;
}

static status parse_claims(struct span text, struct arena *arena, struct bearer *bearer,
                           struct err *err)
{
    static const char *const names[] = {"iss", "aud", "iat", "exp", "jti", NULL};
    const struct json *claims = NULL;
    TRY(jose_object(text, "claims", names, "jwk", arena, &claims, err));
    TRY(jose_token(claims, "iss", NAME_MAX_SIZE, &bearer->iss, err));
    TRY(jose_token(claims, "aud", NAME_MAX_SIZE, &bearer->aud, err));
    TRY(jose_time(claims, "iat", &bearer->iat, err));
    TRY(jose_time(claims, "exp", &bearer->exp, err));
    TRY(jose_uuid(claims, "jti", &bearer->jti, err));
    if (bearer->exp <= bearer->iat || bearer->exp - bearer->iat > BEARER_LIFE) {
        return FAIL(err, ERR_BAD_INPUT, "\"exp\" is not 1 to %d seconds behind \"iat\"",
                    BEARER_LIFE);
    }
    bearer->jwk = json_get(claims, "jwk");
    return OK;
}

status bearer_parse(struct span text, struct arena *arena, struct bearer *ret_bearer,
                    struct err *err)
{
    struct bearer bearer = {0};
    struct span rest = text;
    struct span header;
    struct span claims;

    if (text.size > BEARER_SIZE_MAX) {
        return FAIL(err, ERR_TOO_LARGE, "an assertion has at most %d bytes",
                    BEARER_SIZE_MAX);
    }
    if (!span_cut(&rest, '.', &header) || !span_cut(&rest, '.', &claims)) {
        return FAIL(err, ERR_BAD_INPUT, "an assertion has three parts between two dots");
    }
    TRY(parse_header(header, arena, &bearer, err));
    TRY(parse_claims(claims, arena, &bearer, err));
    TRY(jose_signature(rest, bearer.signature, err));
    bearer.input = span_of(text.data, header.size + 1 + claims.size);
    *ret_bearer = bearer;
    return OK;
}

status bearer_verify(const struct bearer *bearer, const struct key *key,
                     const char *audience, instant now, struct err *err)
{
    const struct jose_signer signer = {bearer->kind, bearer->kid};
    int64_t seconds = now / SECOND;
    TRY(jose_verify(&signer, bearer->input, bearer->signature, key, err));
    if (strcmp(bearer->aud, audience) != 0) {
        return FAIL(err, ERR_UNAUTHENTIC, "the assertion is for another audience");
    }
    if (bearer->iat > seconds + BEARER_SKEW) {
        return FAIL(err, ERR_UNAUTHENTIC, "the assertion is from the future");
    }
    if (bearer->exp <= seconds) {
        return FAIL(err, ERR_UNAUTHENTIC, "the assertion has expired");
    }
    return OK;
}

static void write_claims(const struct private_key *key, const struct bearer_claims *claims,
                         struct bytes *out)
{
    CLEANUP(bytes_done) struct bytes jwk = {0};
    struct json_out json = {.bytes = out};
    char jti[UUID_TEXT_SIZE];
    uuid_format(&claims->jti, jti);
    json_begin(&json, '{');
    json_member(&json, "iss", claims->iss);
    json_member(&json, "aud", claims->aud);
    json_member_integer(&json, "iat", claims->iat);
    json_member_integer(&json, "exp", claims->iat + BEARER_LIFE);
    json_member(&json, "jti", jti);
    if (claims->with_jwk) {
        key_to_jwk(private_key_public(key), &jwk);
        json_key(&json, "jwk");
        json_put_raw(&json, span_bytes(&jwk));
    }
    json_end(&json, '}');
}

status bearer_sign(const struct private_key *key, const struct bearer_claims *claims,
                   struct bytes *out, struct err *err)
{
    CLEANUP(bytes_done) struct bytes header = {0};
    CLEANUP(bytes_done) struct bytes body = {0};
    CLEANUP(bytes_done) struct bytes text = {0};
    const struct key *public = private_key_public(key);
    uint8_t signature[SIGNATURE_SIZE];

    struct json_out json = {.bytes = &header};
    json_begin(&json, '{');
    json_member(&json, "alg", key_kind_name(key_kind(public)));
    json_member(&json, "kid", key_thumbprint(public));
    json_member(&json, "typ", BEARER_TYP);
    json_end(&json, '}');
    write_claims(key, claims, &body);

    jose_add(&text, span_bytes(&header));
    bytes_add_char(&text, '.');
    jose_add(&text, span_bytes(&body));
    TRY(private_key_sign(key, span_bytes(&text), signature, err));
    bytes_add_char(&text, '.');
    jose_add(&text, span_of(signature, sizeof(signature)));
    bytes_add_span(out, span_bytes(&text));
    return OK;
}
