/* SPDX-License-Identifier: Apache-2.0 */
/*
** Public keys. One table says all that differs between the kinds.
**
** Keys are built from raw bytes, never through OpenSSL's decoders: a P-256 or Ed25519
** SPKI is a fixed prefix and the raw key, comparing that prefix is stricter than any DER
** parser, and d2i_PUBKEY costs 70 to 104 us in OpenSSL 3.0 against 3 to 18 us.
*/
#include "crypto/openssl.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include "crypto/key.h"

#include <stdatomic.h>

#include "base/encode.h"
#include "base/json_out.h"
#include "crypto/digest.h"

struct key {
    enum key_kind kind;
    EVP_PKEY *pkey;
    uint8_t raw[KEY_RAW_MAX];
    char thumbprint[DIGEST_BASE64URL_SIZE];
    atomic_uint owners;
};

struct kind {
    const char *name; /* JWS "alg" */
    const char *curve, *type;
    struct span spki; /* what stands before the raw key */
    size_t raw_size;
};

static const uint8_t p256_spki[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                    0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                    0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
static const uint8_t ed25519_spki[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                       0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

static const struct kind kinds[] = {
    [KEY_ES256] = {"ES256", "P-256", "EC", {p256_spki, sizeof(p256_spki)}, 65},
    [KEY_ED25519] = {"Ed25519", "Ed25519", "OKP", {ed25519_spki, sizeof(ed25519_spki)}, 32},
};

const char *key_kind_name(enum key_kind kind)
{
    return kinds[kind].name;
}

bool key_kind_parse(const char *name, enum key_kind *ret_kind)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (strcmp(name, kinds[i].name) == 0) {
            *ret_kind = (enum key_kind) i;
            return true;
        }
    }
    return false;
}

/* --- what nobody may sign with ---------------------------------------------------------
 */

/* The y coordinates (little-endian, sign bit clear) of the eight points of low order. Each
 * stands for two encodings. Non-canonical encodings of them have y >= p and go by that
 * rule. */
static const uint8_t low_order[][32] = {
    {0},
    {1},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
     0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
     0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
     0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
     0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
};

/* p = 2^255 - 19: y is at least p if bits 8 to 254 are all set and the last byte is. */
static bool is_canonical(const uint8_t y[32])
{
    bool ones = y[31] == 0x7f;
    for (size_t i = 1; i < 31; i++) {
        ones = ones && y[i] == 0xff;
    }
    return !ones || y[0] < 0xed;
}

static status check_ed25519(const uint8_t raw[32], struct err *err)
{
    uint8_t y[32];
    memcpy(y, raw, sizeof(y));
    y[31] &= 0x7f;
    if (!is_canonical(y)) {
        return FAIL(err, ERR_REJECTED, "the Ed25519 key is not canonically encoded");
    }
    for (size_t i = 0; i < ARRAY_LEN(low_order); i++) {
        if (CRYPTO_memcmp(y, low_order[i], sizeof(y)) == 0) {
            return FAIL(err, ERR_REJECTED, "the Ed25519 key is a point of low order");
        }
    }
    return OK;
}

/* --- making them -----------------------------------------------------------------------
 */

static status make_p256(struct span raw, EVP_PKEY **ret_pkey, struct err *err)
{
    char group[] = "prime256v1";
    uint8_t point[65];
    memcpy(point, raw.data, sizeof(point)); /* OSSL_PARAM is not const */
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)),
        OSSL_PARAM_construct_end(),
    };
    CLEANUP(evp_pkey_done) EVP_PKEY *pkey = NULL;
    CLEANUP(evp_pkey_ctx_done)
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (context == NULL || EVP_PKEY_fromdata_init(context) != 1) {
        return OPENSSL_FAIL(err, ERR_BUG, "OpenSSL has no P-256");
    }
    if (EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1) {
        return OPENSSL_REFUSE(err, ERR_REJECTED,
                              "the P-256 key is not a point on the curve");
    }
    *ret_pkey = TAKE(pkey);
    return OK;
}

static status make_pkey(enum key_kind kind, struct span raw, EVP_PKEY **ret_pkey,
                        struct err *err)
{
    if (kind == KEY_ES256) {
        return make_p256(raw, ret_pkey, err);
    }
    TRY(check_ed25519(raw.data, err));
    *ret_pkey = EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, raw.data, raw.size);
    return *ret_pkey != NULL ? OK : OPENSSL_FAIL(err, ERR_BUG, "OpenSSL has no Ed25519");
}

static void set_thumbprint(struct key *key)
{
    CLEANUP(bytes_done) struct bytes jwk = {0};
    struct digest digest;
    key_to_jwk(key, &jwk);
    digest_of(span_bytes(&jwk), &digest);
    digest_to_base64url(&digest, key->thumbprint);
}

status key_from_raw(enum key_kind kind, struct span raw, struct key **ret_key,
                    struct err *err)
{
    CLEANUP(evp_pkey_done) EVP_PKEY *pkey = NULL;
    ERR_clear_error();
    if (raw.size != kinds[kind].raw_size) {
        return FAIL(err, ERR_BAD_INPUT, "a raw %s key has %zu bytes, not %zu",
                    kinds[kind].name, kinds[kind].raw_size, raw.size);
    }
    if (kind == KEY_ES256 && raw.data[0] != 0x04) {
        return FAIL(err, ERR_BAD_INPUT, "a raw P-256 key starts with 04 (uncompressed)");
    }
    TRY(make_pkey(kind, raw, &pkey, err));

    struct key *key = mem_alloc(sizeof(*key));
    key->kind = kind;
    key->pkey = TAKE(pkey);
    memcpy(key->raw, raw.data, raw.size);
    atomic_init(&key->owners, 1);
    set_thumbprint(key);
    *ret_key = key;
    return OK;
}

status key_from_spki(struct span der, struct key **ret_key, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        struct span prefix = kinds[i].spki;
        if (der.size == prefix.size + kinds[i].raw_size &&
            span_equal(span_of(der.data, prefix.size), prefix)) {
            return key_from_raw((enum key_kind) i,
                                span_of(der.data + prefix.size, kinds[i].raw_size), ret_key,
                                err);
        }
    }
    return FAIL(err, ERR_BAD_INPUT,
                "not the DER form of a P-256 (named curve, uncompressed) or Ed25519 key");
}

/* Append the 32 bytes of the base64url member NAME. */
static bool add_coordinate(const struct json *jwk, const char *name, struct bytes *raw)
{
    uint8_t bytes[32];
    const char *text = json_get_string(jwk, name);
    if (text == NULL || !decode_exact(BASE64URL, span_text(text), bytes, sizeof(bytes))) {
        return false;
    }
    bytes_add(raw, bytes, sizeof(bytes));
    return true;
}

status key_from_jwk(const struct json *jwk, struct key **ret_key, struct err *err)
{
    static const char *const ec[] = {"crv", "kty", "x", "y", NULL};
    static const char *const okp[] = {"crv", "kty", "x", NULL};
    CLEANUP(bytes_done) struct bytes raw = {0};
    enum key_kind kind = KEY_ES256;

    if (json_has_exactly(jwk, okp)) {
        kind = KEY_ED25519;
    } else if (!json_has_exactly(jwk, ec)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "a jwk has exactly the members kty, crv, x, and y for P-256");
    }
    if (!json_equals(json_get(jwk, "kty"), kinds[kind].type) ||
        !json_equals(json_get(jwk, "crv"), kinds[kind].curve)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "a jwk is of kty EC and crv P-256, or of kty OKP and crv Ed25519");
    }
    if (kind == KEY_ES256) {
        bytes_add_char(&raw, 0x04);
    }
    if (!add_coordinate(jwk, "x", &raw) ||
        (kind == KEY_ES256 && !add_coordinate(jwk, "y", &raw))) {
        return FAIL(err, ERR_BAD_INPUT,
                    "a coordinate of the jwk is not 32 bytes in strict base64url");
    }
    return key_from_raw(kind, span_bytes(&raw), ret_key, err);
}

struct key *key_share(const struct key *key)
{
    struct key *shared = NULL;
    memcpy(&shared, &key, sizeof(shared)); /* the count is the only part that changes */
    atomic_fetch_add_explicit(&shared->owners, 1, memory_order_relaxed);
    return shared;
}

void key_free(struct key *key)
{
    if (key != NULL &&
        atomic_fetch_sub_explicit(&key->owners, 1, memory_order_acq_rel) == 1) {
        EVP_PKEY_free(key->pkey);
        free(key);
    }
}

void key_freep(struct key **key)
{
    key_free(*key);
    *key = NULL;
}

/* --- reading them ----------------------------------------------------------------------
 */

enum key_kind key_kind(const struct key *key)
{
    return key->kind;
}

const char *key_thumbprint(const struct key *key)
{
    return key->thumbprint;
}

struct span key_raw(const struct key *key)
{
    return span_of(key->raw, kinds[key->kind].raw_size);
}

bool key_equal(const struct key *a, const struct key *b)
{
    return a->kind == b->kind && span_equal(key_raw(a), key_raw(b));
}

static void put_coordinate(struct json_out *json, const char *name, const uint8_t *bytes)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    encode(BASE64URL, span_of(bytes, 32), &text);
    json_key(json, name);
    json_put_span(json, span_bytes(&text));
}

void key_to_jwk(const struct key *key, struct bytes *out)
{
    struct json_out json = {.bytes = out};
    json_begin(&json, '{');
    json_member(&json, "crv", kinds[key->kind].curve);
    json_member(&json, "kty", kinds[key->kind].type);
    if (key->kind == KEY_ES256) {
        put_coordinate(&json, "x", key->raw + 1);
        put_coordinate(&json, "y", key->raw + 33);
    } else {
        put_coordinate(&json, "x", key->raw);
    }
    json_end(&json, '}');
}

void key_to_spki(const struct key *key, struct bytes *out)
{
    bytes_add_span(out, kinds[key->kind].spki);
    bytes_add_span(out, key_raw(key));
}

/* --- verifying -------------------------------------------------------------------------
 */

/* r || s as DER into BUFFER; the size, 0 when OpenSSL fails. */
static size_t signature_to_der(const uint8_t *raw, uint8_t buffer[static 80])
{
    CLEANUP(ecdsa_sig_done) ECDSA_SIG *signature = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw, 32, NULL);
    BIGNUM *s = BN_bin2bn(raw + 32, 32, NULL);
    if (signature == NULL || r == NULL || s == NULL ||
        ECDSA_SIG_set0(signature, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return 0;
    }
    int size = i2d_ECDSA_SIG(signature, &buffer);
    return size > 0 ? (size_t) size : 0;
}

status key_verify(const struct key *key, struct span message, struct span signature,
                  struct err *err)
{
    uint8_t der[80]; /* 2 + 2 * (2 + 33) at most */
    struct span given = signature;
    bool ecdsa = key->kind == KEY_ES256;

    ERR_clear_error();
    if (signature.size != SIGNATURE_SIZE) {
        return FAIL(err, ERR_UNAUTHENTIC, "a signature has 64 bytes, not %zu",
                    signature.size);
    }
    if (ecdsa) {
        given = span_of(der, signature_to_der(signature.data, der));
    }
    CLEANUP(evp_md_ctx_done) EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context == NULL || given.size == 0 ||
        EVP_DigestVerifyInit_ex(context, NULL, ecdsa ? "SHA2-256" : NULL, NULL, NULL,
                                key->pkey, NULL) != 1) {
        return OPENSSL_FAIL(err, ERR_BUG, "cannot start to verify a signature");
    }
    if (EVP_DigestVerify(context, given.data, given.size, message.data, message.size) !=
        1) {
        return OPENSSL_REFUSE(err, ERR_UNAUTHENTIC, "the signature does not hold");
    }
    return OK;
}
