/* SPDX-License-Identifier: Apache-2.0 */
/*
** The file key is never stored: it is derived, used for one AEAD call and wiped.
*/
#include "crypto/openssl.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>

#include "crypto/seal.h"

#include "crypto/random.h"

#define LABEL       "crfd-seal/1"
#define MAGIC       LABEL "\n"
#define MAGIC_SIZE  12
#define SALT_AT     MAGIC_SIZE
#define NONCE_AT    (SALT_AT + 32)
#define NONCE_SIZE  12
#define HEADER_SIZE (NONCE_AT + NONCE_SIZE)
#define TAG_SIZE    16

static void kdf_done(EVP_KDF **kdf)
{
    EVP_KDF_free(*kdf);
}

static void kdf_ctx_done(EVP_KDF_CTX **context)
{
    EVP_KDF_CTX_free(*context);
}

static status run_hkdf(struct secret *input, uint8_t *salt, struct bytes *info,
                       struct secret *ret_key, struct err *err)
{
    char sha256[] = "SHA2-256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, sha256, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, input->data, input->size),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt, 32),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info->data, info->size),
        OSSL_PARAM_construct_end(),
    };
    CLEANUP(kdf_done) EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    CLEANUP(kdf_ctx_done)
    EVP_KDF_CTX *context = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
    secret_resize(ret_key, 32);
    if (context == NULL ||
        EVP_KDF_derive(context, ret_key->data, ret_key->size, params) != 1) {
        return OPENSSL_FAIL(err, ERR_BUG, "cannot derive the file's key");
    }
    return OK;
}

static status derive(const struct private_key *key, const char *name,
                     const uint8_t salt[static 32], struct secret *ret_key, struct err *err)
{
    CLEANUP(secret_done) struct secret raw = {0};
    CLEANUP(bytes_done) struct bytes info = {0};
    uint8_t copy[32]; /* OSSL_PARAM is not const */
    memcpy(copy, salt, sizeof(copy));
    bytes_add(&info, LABEL, sizeof(LABEL)); /* with its NUL */
    bytes_add_text(&info, name);
    TRY(private_key_to_raw(key, &raw, err));
    return run_hkdf(&raw, copy, &info, ret_key, err);
}

status seal_close(const struct private_key *key, const char *name, struct span plain,
                  struct bytes *out, struct err *err)
{
    CLEANUP(secret_done) struct secret file_key = {0};
    CLEANUP(bytes_done) struct bytes sealed = {0};
    int size = 0;
    int last = 0;

    ERR_clear_error();
    if (plain.size > SEAL_PLAIN_MAX) {
        return FAIL(err, ERR_TOO_LARGE, "a sealed file has at most %d bytes",
                    SEAL_PLAIN_MAX);
    }
    bytes_reserve(&sealed, plain.size + SEAL_OVERHEAD);
    bytes_add(&sealed, MAGIC, MAGIC_SIZE);
    random_fill(sealed.data + SALT_AT, HEADER_SIZE - SALT_AT);
    uint8_t *body = sealed.data + HEADER_SIZE;
    TRY(derive(key, name, sealed.data + SALT_AT, &file_key, err));

    CLEANUP(evp_cipher_ctx_done) EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (context == NULL ||
        EVP_EncryptInit_ex2(context, EVP_aes_256_gcm(), file_key.data,
                            sealed.data + NONCE_AT, NULL) != 1 ||
        EVP_EncryptUpdate(context, NULL, &size, sealed.data, HEADER_SIZE) != 1 ||
        EVP_EncryptUpdate(context, body, &size, plain.data, (int) plain.size) != 1 ||
        EVP_EncryptFinal_ex(context, body + size, &last) != 1 ||
        (size_t) size + (size_t) last != plain.size ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, body + plain.size) !=
            1) {
        return OPENSSL_FAIL(err, ERR_BUG, "cannot seal the file");
    }
    bytes_add(out, sealed.data, HEADER_SIZE + plain.size + TAG_SIZE);
    return OK;
}

bool seal_is(struct span data)
{
    return span_starts(data, MAGIC);
}

status seal_open(const struct private_key *key, const char *name, struct span sealed,
                 struct secret *ret_plain, struct err *err)
{
    CLEANUP(secret_done) struct secret file_key = {0};
    CLEANUP(secret_done) struct secret plain = {0};
    uint8_t tag[TAG_SIZE];
    int size = 0;
    int last = 0;

    ERR_clear_error();
    if (!seal_is(sealed) || sealed.size < SEAL_OVERHEAD ||
        sealed.size - SEAL_OVERHEAD > SEAL_PLAIN_MAX) {
        return FAIL(err, ERR_BAD_INPUT, "not a sealed file");
    }
    const uint8_t *body = sealed.data + HEADER_SIZE;
    secret_resize(&plain, sealed.size - SEAL_OVERHEAD);
    memcpy(tag, body + plain.size, TAG_SIZE);
    TRY(derive(key, name, sealed.data + SALT_AT, &file_key, err));

    CLEANUP(evp_cipher_ctx_done) EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (context == NULL ||
        EVP_DecryptInit_ex2(context, EVP_aes_256_gcm(), file_key.data,
                            sealed.data + NONCE_AT, NULL) != 1 ||
        EVP_DecryptUpdate(context, NULL, &size, sealed.data, HEADER_SIZE) != 1 ||
        EVP_DecryptUpdate(context, plain.data, &size, body, (int) plain.size) != 1 ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, tag) != 1) {
        return OPENSSL_FAIL(err, ERR_BUG, "cannot open the sealed file");
    }
    if (EVP_DecryptFinal_ex(context, plain.data + size, &last) != 1) {
        return OPENSSL_REFUSE(err, ERR_UNAUTHENTIC,
                              "the file was sealed with another key or name, or changed");
    }
    secret_done(ret_plain);
    *ret_plain = plain;
    plain = (struct secret){0};
    return OK;
}
