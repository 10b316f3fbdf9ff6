/* SPDX-License-Identifier: Apache-2.0 */
/*
** The limits are small on purpose: a header or a claim set has at most eight short
** members, so nothing deep or large reaches the JSON parser before a signature was
** looked at.
*/
#include "crypto/jose.h"

#include "base/encode.h"
#include "base/text.h"
#include "crypto/digest.h"

#define YEAR_10000 253402300800 /* seconds; the first instant that has no RFC 3339 form */

static const struct json_limits limits = {.depth = 3, .nodes = 24, .string = 1024};

status jose_decode(struct span text, const char *part, struct arena *arena,
                   struct span *ret_data, struct err *err)
{
    CLEANUP(bytes_done) struct bytes data = {0};
    if (!decode(BASE64URL, text, &data)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "the %s is not strict base64url (no padding, no stray bits)", part);
    }
    *ret_data = arena_span(arena, span_bytes(&data));
    return OK;
}

static bool is_listed(const char *name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (strcmp(name, *names) == 0) {
            return true;
        }
    }
    return false;
}

static status check_members(const struct json *object, const char *part,
                            const char *const *names, const char *optional, struct err *err)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (json_get(object, names[i]) == NULL) {
            return FAIL(err, ERR_BAD_INPUT, "the %s lacks \"%s\"", part, names[i]);
        }
    }
    for (size_t i = 0; i < object->count; i++) {
        const char *name = object->items[i].name;
        if (!is_listed(name, names) && (optional == NULL || strcmp(name, optional) != 0)) {
            return FAIL(err, ERR_BAD_INPUT, "the %s has a member that may not be there",
                        part);
        }
    }
    return OK;
}

status jose_object(struct span text, const char *part, const char *const *names,
                   const char *optional, struct arena *arena,
                   const struct json **ret_object, struct err *err)
{
    const struct json *object = NULL;
    struct span data;
    TRY(jose_decode(text, part, arena, &data, err));
    TRY(json_parse(data, &limits, arena, &object, err));
    if (object->kind != J_OBJECT) {
        return FAIL(err, ERR_BAD_INPUT, "the %s is not a JSON object", part);
    }
    TRY(check_members(object, part, names, optional, err));
    *ret_object = object;
    return OK;
}

status jose_token(const struct json *object, const char *name, size_t max,
                  const char **ret_text, struct err *err)
{
    const char *text = json_get_string(object, name);
    if (text == NULL || !text_is_token(span_text(text), max)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "\"%s\" is not a text of 1 to %zu ASCII characters without spaces",
                    name, max);
    }
    *ret_text = text;
    return OK;
}

status jose_constant(const struct json *object, const char *name, const char *value,
                     struct err *err)
{
    if (!json_equals(json_get(object, name), value)) {
        return FAIL(err, ERR_BAD_INPUT, "\"%s\" is not \"%s\"", name, value);
    }
    return OK;
}

status jose_time(const struct json *object, const char *name, int64_t *ret_seconds,
                 struct err *err)
{
    const struct json *value = json_get(object, name);
    if (value == NULL || value->kind != J_INTEGER || value->integer < 0 ||
        value->integer >= YEAR_10000) {
        return FAIL(err, ERR_BAD_INPUT,
                    "\"%s\" is not a whole number of seconds since 1970", name);
    }
    *ret_seconds = value->integer;
    return OK;
}

status jose_uuid(const struct json *object, const char *name, struct uuid *ret_uuid,
                 struct err *err)
{
    const char *text = json_get_string(object, name);
    if (text == NULL || !uuid_parse(span_text(text), ret_uuid)) {
        return FAIL(err, ERR_BAD_INPUT, "\"%s\" is not a UUIDv7 in lower-case text form",
                    name);
    }
    return OK;
}

status jose_signer(const struct json *header, struct jose_signer *ret_signer,
                   struct err *err)
{
    const char *alg = json_get_string(header, "alg");
    const char *kid = json_get_string(header, "kid");
    enum key_kind kind = KEY_ES256;
    struct digest thumbprint;
    if (alg == NULL || !key_kind_parse(alg, &kind)) {
        return FAIL(err, ERR_BAD_INPUT, "\"alg\" is neither ES256 nor Ed25519");
    }
    if (kid == NULL || !digest_from_base64url(span_text(kid), &thumbprint)) {
        return FAIL(err, ERR_BAD_INPUT, "\"kid\" is not a key thumbprint (RFC 7638)");
    }
    *ret_signer = (struct jose_signer){kind, kid};
    return OK;
}

status jose_signature(struct span text, uint8_t ret_signature[SIGNATURE_SIZE],
                      struct err *err)
{
    if (!decode_exact(BASE64URL, text, ret_signature, SIGNATURE_SIZE)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "the signature is not 64 bytes in strict base64url");
    }
    return OK;
}

status jose_verify(const struct jose_signer *signer, struct span input,
                   const uint8_t signature[SIGNATURE_SIZE], const struct key *key,
                   struct err *err)
{
    if (strcmp(signer->kid, key_thumbprint(key)) != 0) {
        return FAIL(err, ERR_UNAUTHENTIC, "\"kid\" names another key");
    }
    if (signer->kind != key_kind(key)) {
        return FAIL(err, ERR_UNAUTHENTIC, "\"alg\" is not the algorithm of the key");
    }
    return key_verify(key, input, span_of(signature, SIGNATURE_SIZE), err);
}

void jose_add(struct bytes *out, struct span data)
{
    encode(BASE64URL, data, out);
}
