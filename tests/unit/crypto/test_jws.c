/* SPDX-License-Identifier: Apache-2.0 */
/*
** Signed records. Every refused record here carries a right signature
** over what it says, so it is the rule that refuses it and not the signature.
*/
#include "base/encode.h"
#include "crypto/bearer.h"
#include "crypto/jws.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"
#include "tests/unit/crypto/vectors.h"

#define URL     "https://edc.example.org/v1/studies/MABS06/records"
#define JTI     "01935a7e-3f2c-7a10-9d4e-0b7d5a3f1c22"
#define IAT     1795252447
#define PAYLOAD "{\"type\":\"form.submit\"}"

#define ALG    "\"alg\":\"ES256\","
#define KID    "\"kid\":\"@KID@\","
#define TYP    "\"typ\":\"crf+jws\","
#define CTY    "\"cty\":\"application/vnd.crfd.record+json\","
#define TIME   "\"iat\":1795252447,"
#define TARGET "\"url\":\"" URL "\","
#define ID     "\"jti\":\"" JTI "\""
#define HEADER "{" ALG KID TYP CTY TIME TARGET ID "}"

static void make_line(const struct private_key *key, const char *header,
                      const char *payload, struct bytes *out)
{
    CLEANUP(bytes_done) struct bytes input = {0};
    CLEANUP(bytes_done) struct bytes signature = {0};
    sign_parts(key, header, payload, &input, &signature);
    int dot = (int) strcspn(bytes_text(&input), ".");
    bytes_printf(out, "{\"protected\":\"%.*s\",\"payload\":\"%s\",\"signature\":\"%s\"}",
                 dot, bytes_text(&input), bytes_text(&input) + dot + 1,
                 bytes_text(&signature));
}

static struct jws_header good_header(void)
{
    struct jws_header header = {.iat = IAT, .url = URL};
    assert_true(uuid_parse(SPAN_LITERAL(JTI), &header.jti));
    return header;
}

static const struct key_row {
    const char *name;
    enum known_key key;
    enum key_kind kind;
} keys[] = {
    {"a record signed with ES256 is read and verified", RFC7515_A3, KEY_ES256},
    {"a record signed with Ed25519 is read and verified", RFC8032_TEST1, KEY_ED25519},
};

static void check_round(void **state)
{
    const struct key_row *row = *state;
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(row->key);
    CLEANUP(private_key_freep) struct private_key *other = known_private_key(RFC8032_TEST2);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes line = {0};
    struct jws_header header = good_header();
    struct jws jws;
    struct err err;

    assert_status(jws_sign(key, &header, SPAN_LITERAL(PAYLOAD), &line, &err), OK, &err);
    assert_status(jws_parse(span_bytes(&line), arena, &jws, &err), OK, &err);
    assert_int_equal(jws.kind, row->kind);
    assert_string_equal(jws.kid, key_thumbprint(private_key_public(key)));
    assert_int_equal(jws.iat, IAT);
    assert_string_equal(jws.url, URL);
    assert_memory_equal(jws.jti.bytes, header.jti.bytes, sizeof(header.jti.bytes));
    assert_true(span_is(jws.payload, PAYLOAD));
    assert_true(span_equal(jws.line, span_bytes(&line)));
    assert_status(jws_verify(&jws, private_key_public(key), &err), OK, &err);

    assert_status(jws_verify(&jws, private_key_public(other), &err), ERR_UNAUTHENTIC, &err);
    assert_non_null(strstr(err.what, "kid"));
    jws.kind = row->kind == KEY_ES256 ? KEY_ED25519 : KEY_ES256;
    assert_status(jws_verify(&jws, private_key_public(key), &err), ERR_UNAUTHENTIC, &err);
    assert_non_null(strstr(err.what, "alg"));
}

/* The header to the byte, as the contract prints it. */
static void check_header_bytes(void **state)
{
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC8032_TEST1);
    CLEANUP(bytes_done) struct bytes made = {0};
    CLEANUP(bytes_done) struct bytes wanted = {0};
    struct jws_header header = good_header();
    struct err err;
    (void) state;
    assert_status(jws_sign(key, &header, SPAN_LITERAL(PAYLOAD), &made, &err), OK, &err);
    make_line(key, "{\"alg\":\"Ed25519\"," KID TYP CTY TIME TARGET ID "}", PAYLOAD,
              &wanted);
    assert_string_equal(bytes_text(&made),
                        bytes_text(&wanted)); /* Ed25519: deterministic */
}

static void check_every_bit(void **state)
{
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC7515_A3);
    CLEANUP(bytes_done) struct bytes line = {0};
    (void) state;
    make_line(key, HEADER, PAYLOAD, &line);
    for (size_t i = 0; i < line.size; i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct jws jws;
        line.data[i] ^= (uint8_t) (1U << i % 7);
        assert_false(jws_parse(span_bytes(&line), arena, &jws, NULL) == OK &&
                     jws_verify(&jws, private_key_public(key), NULL) == OK);
        line.data[i] ^= (uint8_t) (1U << i % 7);
    }
    for (size_t size = 0; size < line.size; size++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct jws jws;
        struct err err;
        assert_status(jws_parse(span_of(line.data, size), arena, &jws, &err), ERR_BAD_INPUT,
                      &err);
    }
}

/* --- headers --- */

static const struct header_row {
    const char *name, *header;
    const char *says; /* NULL: accepted */
} headers[] = {
    {"the header of the contract is accepted", HEADER, NULL},
    {"members in another order are accepted", "{" TYP TIME KID CTY TARGET ALG ID "}", NULL},
    {"an unknown member is refused", "{" ALG KID TYP CTY TIME TARGET "\"x\":1," ID "}",
     "may not be there"},
    {"an embedded jwk is refused",
     "{" ALG KID TYP CTY TIME TARGET
     "\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}," ID "}",
     "may not be there"},
    {"jku is refused",
     "{" ALG KID TYP CTY TIME TARGET "\"jku\":\"https://evil.example/\"," ID "}",
     "may not be there"},
    {"x5c is refused", "{" ALG KID TYP CTY TIME TARGET "\"x5c\":[]," ID "}",
     "may not be there"},
    {"crit is refused", "{" ALG KID TYP CTY TIME TARGET "\"crit\":[\"b64\"]," ID "}",
     "may not be there"},
    {"b64 is refused", "{" ALG KID TYP CTY TIME TARGET "\"b64\":false," ID "}",
     "may not be there"},
    {"nonce is refused", "{" ALG KID TYP CTY TIME TARGET "\"nonce\":\"x\"," ID "}",
     "may not be there"},
    {"alg in capitals is another member",
     "{\"ALG\":\"ES256\"," KID TYP CTY TIME TARGET ID "}", "lacks \"alg\""},
    {"a doubled member is refused", "{" ALG ALG KID TYP CTY TIME TARGET ID "}", ""},
    {"a member doubled through an escape is refused",
     "{" ALG "\"\\u0061lg\":\"none\"," KID TYP CTY TIME TARGET ID "}", ""},
    {"a header without alg is refused", "{" KID TYP CTY TIME TARGET ID "}",
     "lacks \"alg\""},
    {"a header without kid is refused", "{" ALG TYP CTY TIME TARGET ID "}",
     "lacks \"kid\""},
    {"a header without typ is refused", "{" ALG KID CTY TIME TARGET ID "}",
     "lacks \"typ\""},
    {"a header without cty is refused", "{" ALG KID TYP TIME TARGET ID "}",
     "lacks \"cty\""},
    {"a header without iat is refused", "{" ALG KID TYP CTY TARGET ID "}", "lacks \"iat\""},
    {"a header without url is refused", "{" ALG KID TYP CTY TIME ID "}", "lacks \"url\""},
    {"a header without jti is refused", "{" ALG KID TYP CTY TIME "\"url\":\"" URL "\"}",
     "lacks \"jti\""},
    {"alg none is refused", "{\"alg\":\"none\"," KID TYP CTY TIME TARGET ID "}", "\"alg\""},
    {"alg HS256 is refused", "{\"alg\":\"HS256\"," KID TYP CTY TIME TARGET ID "}",
     "\"alg\""},
    {"alg EdDSA is refused", "{\"alg\":\"EdDSA\"," KID TYP CTY TIME TARGET ID "}",
     "\"alg\""},
    {"alg in lower case is refused", "{\"alg\":\"es256\"," KID TYP CTY TIME TARGET ID "}",
     "\"alg\""},
    {"alg null is refused", "{\"alg\":null," KID TYP CTY TIME TARGET ID "}", "\"alg\""},
    {"a kid that is a name is refused",
     "{" ALG "\"kid\":\"my key\"," TYP CTY TIME TARGET ID "}", "\"kid\""},
    {"a padded kid is refused", "{" ALG "\"kid\":\"@KID@=\"," TYP CTY TIME TARGET ID "}",
     "\"kid\""},
    {"typ JWT is refused", "{" ALG KID "\"typ\":\"JWT\"," CTY TIME TARGET ID "}",
     "\"typ\""},
    {"the typ of a read is refused",
     "{" ALG KID "\"typ\":\"crf-read+jwt\"," CTY TIME TARGET ID "}", "\"typ\""},
    {"typ in capitals is refused",
     "{" ALG KID "\"typ\":\"CRF+JWS\"," CTY TIME TARGET ID "}", "\"typ\""},
    {"another cty is refused",
     "{" ALG KID TYP "\"cty\":\"application/json\"," TIME TARGET ID "}", "\"cty\""},
    {"iat as a text is refused",
     "{" ALG KID TYP CTY "\"iat\":\"1795252447\"," TARGET ID "}", "\"iat\""},
    {"iat with a fraction is refused",
     "{" ALG KID TYP CTY "\"iat\":1795252447.5," TARGET ID "}", ""},
    {"iat with an exponent is refused", "{" ALG KID TYP CTY "\"iat\":1e9," TARGET ID "}",
     ""},
    {"a negative iat is refused", "{" ALG KID TYP CTY "\"iat\":-1," TARGET ID "}",
     "\"iat\""},
    {"iat behind the year 9999 is refused",
     "{" ALG KID TYP CTY "\"iat\":253402300800," TARGET ID "}", "\"iat\""},
    {"a url without TLS is refused",
     "{" ALG KID TYP CTY TIME "\"url\":\"http://edc.example.org/\"," ID "}", "\"url\""},
    {"a url with a space is refused",
     "{" ALG KID TYP CTY TIME "\"url\":\"https://edc example.org/\"," ID "}", "\"url\""},
    {"an empty url is refused", "{" ALG KID TYP CTY TIME "\"url\":\"\"," ID "}", "\"url\""},
    {"a jti of version 4 is refused",
     "{" ALG KID TYP CTY TIME TARGET "\"jti\":\"01935a7e-3f2c-4a10-9d4e-0b7d5a3f1c22\"}",
     "\"jti\""},
    {"a jti in capitals is refused",
     "{" ALG KID TYP CTY TIME TARGET "\"jti\":\"01935A7E-3F2C-7A10-9D4E-0B7D5A3F1C22\"}",
     "\"jti\""},
    {"a header that is an array is refused", "[" ID "]", ""},
    {"a header that is a text is refused", "\"alg\"", ""},
    {"an empty header is refused", "", ""},
    {"text behind the header is refused", HEADER "x", ""},
    {"a second header behind the header is refused", HEADER HEADER, ""},
    {"a byte order mark is refused", "\xEF\xBB\xBF" HEADER, ""},
    {"broken UTF-8 is refused",
     "{" ALG KID TYP CTY TIME "\"url\":\"https://\xC3(\"," ID "}", ""},
    {"U+0000 in a text is refused",
     "{" ALG KID TYP CTY TIME "\"url\":\"https://a\\u0000b\"," ID "}", ""},
    {"a deep header is refused",
     "{" ALG KID TYP CTY TIME TARGET "\"x\":[[[[[[]]]]]]," ID "}", ""},
};

static void check_header(void **state)
{
    const struct header_row *row = *state;
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC7515_A3);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes line = {0};
    struct jws jws = {.iat = 77};
    struct err err = {0};
    make_line(key, row->header, PAYLOAD, &line);
    assert_status(jws_parse(span_bytes(&line), arena, &jws, &err),
                  row->says == NULL ? OK : ERR_BAD_INPUT, &err);
    if (row->says == NULL) {
        assert_status(jws_verify(&jws, private_key_public(key), &err), OK, &err);
    } else {
        assert_non_null(strstr(err.what, row->says));
        assert_true(err.what[0] != '\0');
        assert_int_equal(jws.iat, 77);
    }
}

/* --- the line --- */

static const struct line_row {
    const char *name, *from, *to;
} lines[] = {
    {"white space behind the brace is refused", "{\"protected", "{ \"protected"},
    {"white space behind a colon is refused", "\"payload\":\"", "\"payload\": \""},
    {"white space behind a comma is refused", ",\"signature", ", \"signature"},
    {"a line feed at the end is refused", "\"}", "\"}\n"},
    {"bytes behind the line are refused", "\"}", "\"}x"},
    {"a second record behind the first is refused", "\"}", "\"}{}"},
    {"a fourth member at the end is refused", "\"}", "\",\"x\":\"\"}"},
    {"an unprotected header is refused", "{\"protected", "{\"header\":{},\"protected"},
    {"a general JWS is refused", "\"signature\":", "\"signatures\":"},
    {"a missing payload is refused", "\"payload\":", "\"\":"},
    {"payload first is refused", "{\"protected", "{\"payload\":\"\",\"protected"},
    {"an escaped name is refused", "\"payload\"", "\"p\\u0061yload\""},
    {"a padded header is refused", "\",\"payload", "=\",\"payload"},
    {"a padded payload is refused", "\",\"signature", "=\",\"signature"},
    {"a padded signature is refused", "\"}", "==\"}"},
    {"base64 in place of base64url is refused", "\",\"signature", "+/\",\"signature"},
    {"a line feed in base64url is refused", "\",\"signature", "\n\",\"signature"},
    {"an escape in base64url is refused", "\",\"signature", "\\n\",\"signature"},
    {"a payload of a length base64url has not is refused", "\",\"signature",
     "AAA\",\"signature"},
    {"a longer signature is refused", "\"}", "AA\"}"},
    {"single quotes are refused", "{\"protected\"", "{'protected'"},
};

static void check_line(void **state)
{
    const struct line_row *row = *state;
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC7515_A3);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes line = {0};
    CLEANUP(bytes_done) struct bytes changed = {0};
    struct jws jws;
    struct err err;
    make_line(key, HEADER, PAYLOAD, &line);
    const char *at = strstr(bytes_text(&line), row->from);
    assert_non_null(at);
    bytes_add(&changed, line.data, (size_t) (at - bytes_text(&line)));
    bytes_add_text(&changed, row->to);
    bytes_add_text(&changed, at + strlen(row->from));
    assert_status(jws_parse(span_bytes(&line), arena, &jws, &err), OK, &err);
    assert_status(jws_parse(span_bytes(&changed), arena, &jws, &err), ERR_BAD_INPUT, &err);
}

/* The last letter of each part has bits that must be zero: another letter decodes alike. */
static void check_stray_bits(void **state)
{
    static const char *const ends[] = {"\",\"payload", "\",\"signature", "\"}"};
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC7515_A3);
    size_t refused = 0;
    (void) state;
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        CLEANUP(bytes_done) struct bytes line = {0};
        struct jws jws;
        make_line(key, "{" TYP TIME KID CTY TARGET ALG ID "} ", PAYLOAD " ", &line);
        char *last = strstr((char *) line.data, ends[i]) - 1;
        const char *letter = strchr(letters, *last);
        assert_non_null(letter);
        *last = letters[(size_t) (letter - letters) ^ 1];
        refused += jws_parse(span_bytes(&line), arena, &jws, NULL) == ERR_BAD_INPUT;
    }
    assert_true(refused >= 2); /* a part of 3 n bytes has no spare bits */
}

static void check_limits(void **state)
{
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC8032_TEST1);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes payload = {0};
    CLEANUP(bytes_done) struct bytes line = {0};
    struct jws_header header = good_header();
    struct jws jws;
    struct err err;
    (void) state;
    bytes_reserve(&payload, JWS_SIZE_MAX);
    memset(payload.data, 'x', JWS_SIZE_MAX);
    payload.size = JWS_SIZE_MAX / 4 * 3 - 2048;
    assert_status(jws_sign(key, &header, span_bytes(&payload), &line, &err), OK, &err);
    assert_true(line.size <= JWS_SIZE_MAX);
    assert_status(jws_parse(span_bytes(&line), arena, &jws, &err), OK, &err);
    assert_int_equal(jws.payload.size, payload.size);
    payload.size++;
    bytes_clear(&line);
    assert_status(jws_sign(key, &header, span_bytes(&payload), &line, &err), ERR_TOO_LARGE,
                  &err);
    assert_int_equal(line.size, 0);
    payload.size = JWS_SIZE_MAX + 1;
    assert_status(jws_parse(span_bytes(&payload), arena, &jws, &err), ERR_TOO_LARGE, &err);
    header.url = "http://edc.example.org/";
    assert_status(jws_sign(key, &header, SPAN_LITERAL(PAYLOAD), &line, &err), ERR_BAD_INPUT,
                  &err);
    header = good_header();
    header.iat = -1;
    assert_status(jws_sign(key, &header, SPAN_LITERAL(PAYLOAD), &line, &err), ERR_BAD_INPUT,
                  &err);
}

/* --- third-party files --- */

/* Compact JWS of every kind: none is in our profile, whatever its signature. */
static void check_foreign(const struct json *group, const struct json *test, void *arg)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct jws jws;
    struct bearer bearer;
    size_t *refused = arg;
    const struct json *text = json_get(test, "jws");
    (void) group;
    if (text == NULL || text->kind != J_STRING) {
        return;
    }
    struct span span = span_of(text->string, text->count);
    assert_int_not_equal(jws_parse(span, arena, &jws, NULL), OK);
    assert_int_not_equal(bearer_parse(span, arena, &bearer, NULL), OK);
    ++*refused;
}

static void check_wycheproof(void **state)
{
    static const char *const files[] = {"json_web_signature_test.json",
                                        "json_web_key_test.json"};
    (void) state;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        size_t refused = 0;
        size_t count = each_wycheproof(files[i], check_foreign, &refused);
        assert_true(refused >= count * 3 / 4);
    }
}

/* The signatures of the JOSE cookbook that our algorithms can verify, below the profile. */
static void check_cookbook(void **state)
{
    CLEANUP(mem_freep)
    char *path =
        corpus_path("crypto/ietf-jose+cookbook/curve25519/jws.json", "JOSE cookbook");
    CLEANUP(key_freep) struct key *key = NULL;
    CLEANUP(bytes_done) struct bytes raw = {0};
    CLEANUP(bytes_done) struct bytes signature = {0};
    struct err err;
    (void) state;
    if (path == NULL) {
        return;
    }
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *root = parse_big(span_bytes(&text), arena);
    const struct json *jwk = want(want(root, "input", J_OBJECT), "key", J_OBJECT);
    const struct json *signing = want(root, "signing", J_OBJECT);
    assert_true(decode(BASE64URL, span_text(want_string(jwk, "x")), &raw));
    assert_status(key_from_raw(KEY_ED25519, span_bytes(&raw), &key, &err), OK, &err);
    assert_true(decode(BASE64URL, span_text(want_string(signing, "sig")), &signature));
    assert_status(key_verify(key, span_text(want_string(signing, "sig-input")),
                             span_bytes(&signature), &err),
                  OK, &err);
}

int main(void)
{
    add_rows(keys, ARRAY_LEN(keys), sizeof(keys[0]), check_round);
    add_test("the header is written as the contract prints it", check_header_bytes);
    add_test("no bit of a record can change unseen", check_every_bit);
    add_rows(headers, ARRAY_LEN(headers), sizeof(headers[0]), check_header);
    add_rows(lines, ARRAY_LEN(lines), sizeof(lines[0]), check_line);
    add_test("stray bits in base64url are refused", check_stray_bits);
    add_test("a record has at most a mebibyte", check_limits);
    add_test("none of Wycheproof's 427 foreign signatures is a record", check_wycheproof);
    add_test("the JOSE cookbook's Ed25519 signature verifies", check_cookbook);
    return run_added("crypto/jws");
}
