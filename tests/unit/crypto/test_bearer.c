/* SPDX-License-Identifier: Apache-2.0 */
/*
** Bearer assertions. As for records, what is refused carries a right signature.
*/
#include "crypto/bearer.h"
#include "tests/support/rows.h"
#include "tests/unit/crypto/vectors.h"

#define JTI "01935a7e-3f2c-7a10-9d4e-0b7d5a3f1c22"
#define IAT 1795252447

#define ALG  "\"alg\":\"ES256\","
#define KID  "\"kid\":\"@KID@\","
#define TIME "\"iat\":1795252447,"
#define ID   "\"jti\":\"" JTI "\""
#define AUD  "https://edc.example.org/v1"
#define NOW  ((instant) IAT * SECOND)

#define READ_HEADER "{" ALG KID "\"typ\":\"crf-read+jwt\"}"
#define ISS         "\"iss\":\"p-0042\","
#define AUDIENCE    "\"aud\":\"" AUD "\","
#define EXP         "\"exp\":1795252747,"
#define CLAIMS      "{" ISS AUDIENCE TIME EXP ID "}"

static const struct key_row {
    const char *name;
    enum known_key key;
} keys[] = {
    {"an assertion signed with ES256 is read and verified", RFC7515_A3},
    {"an assertion signed with Ed25519 is read and verified", RFC8032_TEST1},
};

static void make_bearer(const struct private_key *key, const char *header,
                        const char *claims, struct bytes *out)
{
    CLEANUP(bytes_done) struct bytes signature = {0};
    sign_parts(key, header, claims, out, &signature);
    bytes_printf(out, ".%s", bytes_text(&signature));
}

static void check_bearer(void **state)
{
    const struct key_row *row = *state;
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(row->key);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = {0};
    struct bearer_claims claims = {.iss = "p-0042", .aud = AUD, .iat = IAT};
    struct bearer bearer;
    struct err err;
    assert_true(uuid_parse(SPAN_LITERAL(JTI), &claims.jti));
    for (int with = 0; with < 2; with++) {
        claims.with_jwk = with == 1;
        bytes_clear(&text);
        assert_status(bearer_sign(key, &claims, &text, &err), OK, &err);
        assert_status(bearer_parse(span_bytes(&text), arena, &bearer, &err), OK, &err);
        assert_string_equal(bearer.iss, "p-0042");
        assert_int_equal(bearer.exp, IAT + BEARER_LIFE);
        assert_status(bearer_verify(&bearer, private_key_public(key), AUD, NOW, &err), OK,
                      &err);
        assert_int_equal(bearer.jwk != NULL, with);
    }
    CLEANUP(key_freep) struct key *embedded = NULL;
    assert_status(key_from_jwk(bearer.jwk, &embedded, &err), OK, &err);
    assert_string_equal(key_thumbprint(embedded), bearer.kid);
    assert_status(bearer_verify(&bearer, embedded, AUD, NOW, &err), OK, &err);
}

static const struct time_row {
    const char *name;
    const char *audience;
    int64_t offset; /* seconds behind iat */
    status wanted;
} times[] = {
    {"an assertion holds at once", AUD, 0, OK},
    {"an assertion holds in its last second", AUD, 299, OK},
    {"an assertion has expired at exp", AUD, 300, ERR_UNAUTHENTIC},
    {"a clock that is a minute ahead is forgiven", AUD, -60, OK},
    {"a clock that is further ahead is not", AUD, -61, ERR_UNAUTHENTIC},
    {"another audience is refused", "https://evil.example/v1", 0, ERR_UNAUTHENTIC},
    {"an audience that only starts alike is refused", AUD "/", 0, ERR_UNAUTHENTIC},
};

static void check_time(void **state)
{
    const struct time_row *row = *state;
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC8032_TEST1);
    CLEANUP(private_key_freep) struct private_key *other = known_private_key(RFC8032_TEST2);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = {0};
    struct bearer bearer;
    struct err err;
    make_bearer(key, "{\"alg\":\"Ed25519\"," KID "\"typ\":\"crf-read+jwt\"}", CLAIMS,
                &text);
    assert_status(bearer_parse(span_bytes(&text), arena, &bearer, &err), OK, &err);
    instant now = NOW + row->offset * SECOND;
    assert_status(bearer_verify(&bearer, private_key_public(key), row->audience, now, &err),
                  row->wanted, &err);
    assert_status(
        bearer_verify(&bearer, private_key_public(other), row->audience, now, &err),
        ERR_UNAUTHENTIC, &err);
}

static const struct claims_row {
    const char *name, *header, *claims, *says;
} bad_claims[] = {
    {"the typ of a record is refused", "{" ALG KID "\"typ\":\"crf+jws\"}", CLAIMS,
     "\"typ\""},
    {"alg none is refused", "{\"alg\":\"none\"," KID "\"typ\":\"crf-read+jwt\"}", CLAIMS,
     "\"alg\""},
    {"a further header member is refused",
     "{" ALG KID "\"typ\":\"crf-read+jwt\",\"cty\":\"x\"}", CLAIMS, "may not be there"},
    {"a jwk in the header is refused", "{" ALG KID "\"typ\":\"crf-read+jwt\",\"jwk\":{}}",
     CLAIMS, "may not be there"},
    {"several audiences are refused", READ_HEADER,
     "{" ISS "\"aud\":[\"" AUD "\"]," TIME EXP ID "}", "\"aud\""},
    {"no issuer is refused", READ_HEADER, "{" AUDIENCE TIME EXP ID "}", "lacks \"iss\""},
    {"no expiry is refused", READ_HEADER, "{" ISS AUDIENCE TIME ID "}", "lacks \"exp\""},
    {"no id is refused", READ_HEADER, "{" ISS AUDIENCE TIME "\"exp\":1795252747}",
     "lacks \"jti\""},
    {"a life of more than five minutes is refused", READ_HEADER,
     "{" ISS AUDIENCE TIME "\"exp\":1795252748," ID "}", "\"exp\""},
    {"an expiry at the start is refused", READ_HEADER,
     "{" ISS AUDIENCE TIME "\"exp\":1795252447," ID "}", "\"exp\""},
    {"an expiry before the start is refused", READ_HEADER,
     "{" ISS AUDIENCE TIME "\"exp\":1," ID "}", "\"exp\""},
    {"a further claim is refused", READ_HEADER,
     "{" ISS AUDIENCE TIME EXP "\"nbf\":1," ID "}", "may not be there"},
    {"claims that are no object are refused", READ_HEADER, "[]", "not a JSON object"},
    {"an issuer with a space is refused", READ_HEADER,
     "{\"iss\":\"p 1\"," AUDIENCE TIME EXP ID "}", "\"iss\""},
};

static void check_claims(void **state)
{
    const struct claims_row *row = *state;
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC7515_A3);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = {0};
    struct bearer bearer;
    struct err err;
    make_bearer(key, row->header, row->claims, &text);
    assert_status(bearer_parse(span_bytes(&text), arena, &bearer, &err), ERR_BAD_INPUT,
                  &err);
    assert_non_null(strstr(err.what, row->says));
}

static void check_bearer_form(void **state)
{
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC7515_A3);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = {0};
    struct bearer bearer;
    struct err err;
    (void) state;
    make_bearer(key, READ_HEADER, CLAIMS, &text);
    for (size_t size = 0; size < text.size; size++) {
        assert_status(bearer_parse(span_of(text.data, size), arena, &bearer, &err),
                      ERR_BAD_INPUT, &err);
    }
    for (size_t i = 0; i < text.size; i++) {
        text.data[i] ^= (uint8_t) (1U << i % 7);
        assert_false(bearer_parse(span_bytes(&text), arena, &bearer, NULL) == OK &&
                     bearer_verify(&bearer, private_key_public(key), AUD, NOW, NULL) == OK);
        text.data[i] ^= (uint8_t) (1U << i % 7);
    }
    bytes_add_char(&text, '.');
    assert_status(bearer_parse(span_bytes(&text), arena, &bearer, &err), ERR_BAD_INPUT,
                  &err);
    while (text.size <= BEARER_SIZE_MAX) {
        bytes_add_char(&text, 'A');
    }
    assert_status(bearer_parse(span_bytes(&text), arena, &bearer, &err), ERR_TOO_LARGE,
                  &err);
}

int main(void)
{
    add_rows(keys, ARRAY_LEN(keys), sizeof(keys[0]), check_bearer);
    add_rows(times, ARRAY_LEN(times), sizeof(times[0]), check_time);
    add_rows(bad_claims, ARRAY_LEN(bad_claims), sizeof(bad_claims[0]), check_claims);
    add_test("no bit of an assertion can change unseen", check_bearer_form);
    return run_added("crypto/bearer");
}
