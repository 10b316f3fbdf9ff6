/* SPDX-License-Identifier: Apache-2.0 */
/*
** The outer object is not given to a JSON parser: its form is fixed, so a scanner for
** exactly these bytes is shorter and leaves no room for duplicate names, escapes or
** white space.
*/
#include "crypto/jws.h"

#include "base/json_out.h"
#include "base/text.h"
#include "crypto/jose.h"

#define BEGIN_PROTECTED "{\"protected\":\""
#define BEGIN_PAYLOAD   "\",\"payload\":\""
#define BEGIN_SIGNATURE "\",\"signature\":\""
#define END             "\"}"

/* Take PREFIX and the base64url letters behind it off *rest. */
static bool scan_part(struct span *rest, const char *prefix, struct span *ret_part)
{
    size_t skip = strlen(prefix);
    size_t size = 0;
    if (!span_starts(*rest, prefix)) {
        return false;
    }
    struct span part = span_of(rest->data + skip, rest->size - skip);
    while (size < part.size && part.data[size] != '"') {
        size++;
    }
    *ret_part = span_of(part.data, size);
    *rest = span_of(part.data + size, part.size - size);
    return true;
}

static status parse_header(struct span text, struct arena *arena, struct jws *jws,
                           struct err *err)
{
    static const char *const names[] = {"alg", "kid", "typ", "cty",
                                        "iat", "url", "jti", NULL};
    const struct json *header = NULL;
    struct jose_signer signer;
    TRY(jose_object(text, "header", names, NULL, arena, &header, err));
    TRY(jose_signer(header, &signer, err));
    TRY(jose_constant(header, "typ", JWS_TYP, err));
    TRY(jose_constant(header, "cty", JWS_CTY, err));
    TRY(jose_time(header, "iat", &jws->iat, err));
    TRY(jose_token(header, "url", JWS_URL_MAX, &jws->url, err));
    if (!span_starts(span_text(jws->url), "https://")) {
        return FAIL(err, ERR_BAD_INPUT, "\"url\" does not start with https://");
    }
    TRY(jose_uuid(header, "jti", &jws->jti, err));
    jws->kind = signer.kind;
    jws->kid = signer.kid;
    return OK;
}

status jws_parse(struct span line, struct arena *arena, struct jws *ret_jws,
                 struct err *err)
{
    struct jws jws = {.line = line};
    struct span rest = line;
    struct span header;
    struct span payload;
    struct span signature;

    if (line.size > JWS_SIZE_MAX) {
        return FAIL(err, ERR_TOO_LARGE, "a signed record has at most %d bytes",
                    JWS_SIZE_MAX);
    }
    if (!scan_part(&rest, BEGIN_PROTECTED, &header) ||
        !scan_part(&rest, BEGIN_PAYLOAD, &payload) ||
        !scan_part(&rest, BEGIN_SIGNATURE, &signature) || !span_is(rest, END)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "not one line with the members protected, payload, signature in this "
                    "order, without white space or anything else");
    }
    TRY(parse_header(header, arena, &jws, err));
    TRY(jose_decode(payload, "payload", arena, &jws.payload, err));
    TRY(jose_signature(signature, jws.signature, err));
    jws.input = span_text(arena_printf(arena, "%.*s.%.*s", (int) header.size, header.data,
                                       (int) payload.size, payload.data));
    *ret_jws = jws;
    return OK;
}

status jws_verify(const struct jws *jws, const struct key *key, struct err *err)
{
    const struct jose_signer signer = {jws->kind, jws->kid};
    return jose_verify(&signer, jws->input, jws->signature, key, err);
}

/* --- signing ---------------------------------------------------------------------------
 */

static status check_header(const struct jws_header *header, struct err *err)
{
    if (!text_is_token(span_text(header->url), JWS_URL_MAX) ||
        !span_starts(span_text(header->url), "https://") || header->iat < 0) {
        return FAIL(err, ERR_BAD_INPUT, "a record is signed for an https url, with a time");
    }
    return OK;
}

static void write_header(const struct private_key *key, const struct jws_header *header,
                         struct bytes *out)
{
    const struct key *public = private_key_public(key);
    char jti[UUID_TEXT_SIZE];
    struct json_out json = {.bytes = out};
    uuid_format(&header->jti, jti);
    json_begin(&json, '{');
    json_member(&json, "alg", key_kind_name(key_kind(public)));
    json_member(&json, "kid", key_thumbprint(public));
    json_member(&json, "typ", JWS_TYP);
    json_member(&json, "cty", JWS_CTY);
    json_member_integer(&json, "iat", header->iat);
    json_member(&json, "url", header->url);
    json_member(&json, "jti", jti);
    json_end(&json, '}');
}

status jws_sign(const struct private_key *key, const struct jws_header *header,
                struct span payload, struct bytes *out, struct err *err)
{
    CLEANUP(bytes_done) struct bytes json = {0};
    CLEANUP(bytes_done) struct bytes input = {0};
    uint8_t signature[SIGNATURE_SIZE];

    TRY(check_header(header, err));
    if (payload.size > JWS_SIZE_MAX / 4 * 3 - 2048) {
        return FAIL(err, ERR_TOO_LARGE, "the record is too large to be signed");
    }
    write_header(key, header, &json);
    jose_add(&input, span_bytes(&json));
    size_t dot = input.size;
    bytes_add_char(&input, '.');
    jose_add(&input, payload);
    TRY(private_key_sign(key, span_bytes(&input), signature, err));

    bytes_add_text(out, BEGIN_PROTECTED);
    bytes_add(out, input.data, dot);
    bytes_add_text(out, BEGIN_PAYLOAD);
    bytes_add(out, input.data + dot + 1, input.size - dot - 1);
    bytes_add_text(out, BEGIN_SIGNATURE);
    jose_add(out, span_of(signature, sizeof(signature)));
    bytes_add_text(out, END);
    return OK;
}
