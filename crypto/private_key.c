/* SPDX-License-Identifier: Apache-2.0 */
/*
** Private keys: making, signing, and the encrypted file.
**
** OpenSSL keeps the key and wipes it. The public half is derived from the private one and
** becomes a `struct key`, so it passes the same checks as one that came from outside.
*/
#include "crypto/openssl.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "crypto/key.h"

struct private_key {
    EVP_PKEY *pkey;
    struct key *key;
};

static const struct {
    uint64_t n, r, p;
} scrypt = {16384, 8, 5};

/* Own PKEY (taken also on failure) as a private key of KIND. */
static status wrap(enum key_kind kind, EVP_PKEY *pkey, struct private_key **ret_key,
                   struct err *err)
{
    CLEANUP(private_key_freep) struct private_key *key = mem_alloc(sizeof(*key));
    uint8_t raw[KEY_RAW_MAX];
    size_t size = sizeof(raw);
    key->pkey = pkey;
    int got = kind == KEY_ED25519
                  ? EVP_PKEY_get_raw_public_key(pkey, raw, &size)
                  : EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, raw,
                                                    sizeof(raw), &size);
    if (got != 1) {
        return OPENSSL_FAIL(err, ERR_BUG, "the private key has no public half");
    }
    TRY(key_from_raw(kind, span_of(raw, size), &key->key, err));
    *ret_key = TAKE(key);
    return OK;
}

status private_key_generate(enum key_kind kind, struct private_key **ret_key,
                            struct err *err)
{
    ERR_clear_error();
    EVP_PKEY *pkey = kind == KEY_ED25519 ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
                                         : EVP_EC_gen("P-256");
    if (pkey == NULL) {
        return OPENSSL_FAIL(err, ERR_BUG, "cannot make a key");
    }
    return wrap(kind, pkey, ret_key, err);
}

/* The public point of scalar D, uncompressed. */
static status p256_multiply(const BIGNUM *d, uint8_t point[static 65], struct err *err)
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *product = group != NULL ? EC_POINT_new(group) : NULL;
    bool good = product != NULL && BN_cmp(d, EC_GROUP_get0_order(group)) < 0 &&
                !BN_is_zero(d) && EC_POINT_mul(group, product, d, NULL, NULL, NULL) == 1 &&
                EC_POINT_point2oct(group, product, POINT_CONVERSION_UNCOMPRESSED, point, 65,
                                   NULL) == 65;
    EC_POINT_free(product);
    EC_GROUP_free(group);
    return good ? OK : OPENSSL_REFUSE(err, ERR_REJECTED, "not a private P-256 number");
}

static status p256_from_scalar(const struct secret *raw, EVP_PKEY **ret_pkey,
                               struct err *err)
{
    char group[] = "prime256v1";
    uint8_t point[65];
    uint8_t native[KEY_PRIVATE_RAW_SIZE]; /* OSSL_PARAM numbers are in machine order */
    EVP_PKEY *pkey = NULL;
    BIGNUM *d = BN_bin2bn(raw->data, (int) raw->size, NULL);
    BUG_IF(d == NULL || BN_bn2nativepad(d, native, sizeof(native)) != sizeof(native));
    status made = p256_multiply(d, point, err);
    BN_clear_free(d);
    if (made == OK) {
        OSSL_PARAM params[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
            OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native, sizeof(native)),
            OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 65),
            OSSL_PARAM_construct_end(),
        };
        CLEANUP(evp_pkey_ctx_done)
        EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
        if (context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
            EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_KEYPAIR, params) != 1) {
            made = OPENSSL_FAIL(err, ERR_BUG, "cannot build a P-256 key");
        }
    }
    OPENSSL_cleanse(native, sizeof(native));
    TRY(made);
    *ret_pkey = pkey;
    return OK;
}

status private_key_from_raw(enum key_kind kind, const struct secret *raw,
                            struct private_key **ret_key, struct err *err)
{
    EVP_PKEY *pkey = NULL;
    ERR_clear_error();
    if (raw->size != KEY_PRIVATE_RAW_SIZE) {
        return FAIL(err, ERR_BAD_INPUT, "a raw private key has 32 bytes");
    }
    if (kind == KEY_ES256) {
        TRY(p256_from_scalar(raw, &pkey, err));
    } else {
        pkey = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, raw->data, raw->size);
    }
    if (pkey == NULL) {
        return OPENSSL_FAIL(err, ERR_BUG, "cannot build a private key");
    }
    return wrap(kind, pkey, ret_key, err);
}

void private_key_free(struct private_key *key)
{
    if (key != NULL) {
        EVP_PKEY_free(key->pkey);
        key_free(key->key);
        free(key);
    }
}

void private_key_freep(struct private_key **key)
{
    private_key_free(*key);
    *key = NULL;
}

const struct key *private_key_public(const struct private_key *key)
{
    return key->key;
}

/* --- signing ---------------------------------------------------------------------------
 */

static bool der_to_signature(const uint8_t *der, size_t size, uint8_t raw[SIGNATURE_SIZE])
{
    CLEANUP(ecdsa_sig_done)
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long) size);
    return signature != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw, 32) == 32 &&
           BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw + 32, 32) == 32;
}

status private_key_sign(const struct private_key *key, struct span message,
                        uint8_t ret_signature[SIGNATURE_SIZE], struct err *err)
{
    uint8_t made[80];
    uint8_t raw[SIGNATURE_SIZE];
    size_t size = sizeof(made);
    bool ecdsa = key_kind(key->key) == KEY_ES256;

    ERR_clear_error();
    CLEANUP(evp_md_ctx_done) EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context == NULL ||
        EVP_DigestSignInit_ex(context, NULL, ecdsa ? "SHA2-256" : NULL, NULL, NULL,
                              key->pkey, NULL) != 1 ||
        EVP_DigestSign(context, made, &size, message.data, message.size) != 1) {
        return OPENSSL_FAIL(err, ERR_BUG, "cannot sign");
    }
    if (!ecdsa && size == SIGNATURE_SIZE) {
        memcpy(raw, made, sizeof(raw));
    } else if (!ecdsa || !der_to_signature(made, size, raw)) {
        return OPENSSL_FAIL(err, ERR_BUG, "the signature made has a wrong form");
    }
    memcpy(ret_signature, raw, sizeof(raw));
    return OK;
}

status private_key_to_raw(const struct private_key *key, struct secret *ret_raw,
                          struct err *err)
{
    CLEANUP(secret_done) struct secret raw = {0};
    size_t size = KEY_PRIVATE_RAW_SIZE;
    BIGNUM *d = NULL;
    bool good = false;

    ERR_clear_error();
    secret_resize(&raw, size);
    if (key_kind(key->key) == KEY_ED25519) {
        good = EVP_PKEY_get_raw_private_key(key->pkey, raw.data, &size) == 1 &&
               size == raw.size;
    } else {
        good = EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_PRIV_KEY, &d) == 1 &&
               BN_bn2binpad(d, raw.data, (int) size) == (int) size;
        BN_clear_free(d);
    }
    if (!good) {
        return OPENSSL_FAIL(err, ERR_BUG, "cannot read the private key");
    }
    secret_done(ret_raw);
    *ret_raw = raw;
    raw = (struct secret){0};
    return OK;
}

/* --- the key file ----------------------------------------------------------------------
 */

static void x509_sig_done(X509_SIG **sealed)
{
    X509_SIG_free(*sealed);
}

static void pkcs8_done(PKCS8_PRIV_KEY_INFO **info)
{
    PKCS8_PRIV_KEY_INFO_free(*info);
}

static status encrypt(const struct private_key *key, const struct secret *passphrase,
                      X509_SIG **ret_sealed, struct err *err)
{
    CLEANUP(pkcs8_done) PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key->pkey);
    X509_ALGOR *how = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL, 0, NULL, scrypt.n,
                                            scrypt.r, scrypt.p);
    X509_SIG *sealed = NULL;
    if (info != NULL && how != NULL) {
        sealed = PKCS8_set0_pbe((const char *) passphrase->data, (int) passphrase->size,
                                info, how);
    }
    if (sealed == NULL) {
        X509_ALGOR_free(how);
        return OPENSSL_FAIL(err, ERR_BUG, "cannot encrypt the private key");
    }
    *ret_sealed = sealed;
    return OK;
}

static status check_passphrase(const struct secret *passphrase, struct err *err)
{
    if (passphrase->size == 0 || passphrase->size > 1024) {
        return FAIL(err, ERR_BAD_INPUT, "a passphrase has 1 to 1024 bytes");
    }
    return OK;
}

status private_key_to_pem(const struct private_key *key, const struct secret *passphrase,
                          struct bytes *out, struct err *err)
{
    CLEANUP(x509_sig_done) X509_SIG *sealed = NULL;
    CLEANUP(bio_done) BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;

    ERR_clear_error();
    TRY(check_passphrase(passphrase, err));
    TRY(encrypt(key, passphrase, &sealed, err));
    if (bio == NULL || PEM_write_bio_PKCS8(bio, sealed) != 1) {
        return OPENSSL_FAIL(err, ERR_BUG, "cannot write the key file");
    }
    long size = BIO_get_mem_data(bio, &text);
    bytes_add(out, text, size > 0 ? (size_t) size : 0);
    return OK;
}

/* The type ITEM that ALGORITHM carries as its parameter, if it is NID; else NULL. */
static void *unpack_parameter(const X509_ALGOR *algorithm, int nid, const ASN1_ITEM *item)
{
    const ASN1_OBJECT *name = NULL;
    const void *value = NULL;
    int type = 0;
    X509_ALGOR_get0(&name, &type, &value, algorithm);
    if (OBJ_obj2nid(name) != nid || type != V_ASN1_SEQUENCE) {
        return NULL;
    }
    return ASN1_item_unpack(value, item);
}

/* Neither weaker than what `openssl pkcs8 -scrypt` makes, nor so costly that it never
 * ends. */
static bool is_right_cost(const X509_ALGOR *derivation)
{
    SCRYPT_PARAMS *cost =
        unpack_parameter(derivation, NID_id_scrypt, ASN1_ITEM_rptr(SCRYPT_PARAMS));
    uint64_t n = 0;
    uint64_t r = 0;
    uint64_t p = 0;
    bool right = cost != NULL && ASN1_INTEGER_get_uint64(&n, cost->costParameter) == 1 &&
                 ASN1_INTEGER_get_uint64(&r, cost->blockSize) == 1 &&
                 ASN1_INTEGER_get_uint64(&p, cost->parallelizationParameter) == 1 &&
                 n >= 16384 && n <= 1048576 && r >= 8 && r <= 32 && p >= 1 && p <= 32;
    SCRYPT_PARAMS_free(cost);
    return right;
}

static bool is_scrypt(const X509_SIG *sealed)
{
    const X509_ALGOR *how = NULL;
    X509_SIG_get0(sealed, &how, NULL);
    PBE2PARAM *parameter = unpack_parameter(how, NID_pbes2, ASN1_ITEM_rptr(PBE2PARAM));
    bool right = parameter != NULL && is_right_cost(parameter->keyfunc);
    PBE2PARAM_free(parameter);
    return right;
}

static status read_sealed(struct span pem, X509_SIG **ret_sealed, struct err *err)
{
    CLEANUP(x509_sig_done) X509_SIG *sealed = NULL;
    if (pem.size == 0 || pem.size > 16384) {
        return FAIL(err, ERR_BAD_INPUT, "a key file has 1 to 16384 bytes");
    }
    CLEANUP(bio_done) BIO *bio = BIO_new_mem_buf(pem.data, (int) pem.size);
    if (bio == NULL ||
        (sealed = PEM_read_bio_PKCS8(bio, NULL, openssl_no_passphrase, NULL)) == NULL) {
        return OPENSSL_REFUSE(err, ERR_BAD_INPUT,
                              "not a PEM file with an ENCRYPTED PRIVATE KEY");
    }
    if (!is_scrypt(sealed)) {
        return OPENSSL_REFUSE(err, ERR_REJECTED,
                              "the key file is not encrypted with PBES2 and scrypt of the "
                              "usual cost");
    }
    *ret_sealed = TAKE(sealed);
    return OK;
}

static status kind_of(const EVP_PKEY *pkey, enum key_kind *ret_kind, struct err *err)
{
    char group[32] = "";
    if (EVP_PKEY_is_a(pkey, "ED25519") == 1) {
        *ret_kind = KEY_ED25519;
        return OK;
    }
    if (EVP_PKEY_is_a(pkey, "EC") == 1 &&
        EVP_PKEY_get_group_name(pkey, group, sizeof(group), NULL) == 1 &&
        OBJ_sn2nid(group) == NID_X9_62_prime256v1) {
        *ret_kind = KEY_ES256;
        return OK;
    }
    return OPENSSL_REFUSE(err, ERR_REJECTED, "the key file holds no P-256 or Ed25519 key");
}

status private_key_from_pem(struct span pem, const struct secret *passphrase,
                            struct private_key **ret_key, struct err *err)
{
    CLEANUP(x509_sig_done) X509_SIG *sealed = NULL;
    CLEANUP(pkcs8_done) PKCS8_PRIV_KEY_INFO *info = NULL;
    CLEANUP(private_key_freep) struct private_key *read = NULL;
    CLEANUP(evp_pkey_done) EVP_PKEY *pkey = NULL;
    CLEANUP(secret_done) struct secret raw = {0};
    enum key_kind kind = KEY_ES256;

    ERR_clear_error();
    TRY(check_passphrase(passphrase, err));
    TRY(read_sealed(pem, &sealed, err));
    info = PKCS8_decrypt(sealed, (const char *) passphrase->data, (int) passphrase->size);
    if (info == NULL) {
        return OPENSSL_REFUSE(err, ERR_UNAUTHENTIC,
                              "the passphrase does not open the key file");
    }
    pkey = EVP_PKCS82PKEY(info);
    if (pkey == NULL) {
        return OPENSSL_REFUSE(err, ERR_BAD_INPUT, "the key file holds no private key");
    }
    TRY(kind_of(pkey, &kind, err));
    TRY(wrap(kind, TAKE(pkey), &read, err));
    /* CBC does not authenticate: the public half is made again, not taken from the file */
    TRY(private_key_to_raw(read, &raw, err));
    return private_key_from_raw(kind, &raw, ret_key, err);
}
