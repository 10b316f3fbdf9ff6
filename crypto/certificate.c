/* SPDX-License-Identifier: Apache-2.0 */
/*
** Host names go into the certificate through OpenSSL's text syntax for extensions, so
** they are checked letter by letter first: nothing in them can end a name or start
** another field.
*/
#include "crypto/openssl.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>

#include "crypto/certificate.h"

#include "crypto/random.h"

static void x509_done(X509 **certificate)
{
    X509_free(*certificate);
}

static bool is_address(const char *host)
{
    uint8_t address[16];
    return inet_pton(AF_INET, host, address) == 1 ||
           inet_pton(AF_INET6, host, address) == 1;
}

/* Letters, digits, dots and hyphens, 1 to 64 of them (the limit of a common name). */
static bool is_dns_name(const char *host)
{
    size_t size = strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789.-");
    return size > 0 && size <= 64 && host[size] == '\0';
}

static status format_hosts(const char *const *hosts, size_t count, struct bytes *out,
                           struct err *err)
{
    if (count == 0 || count > 16) {
        return FAIL(err, ERR_BAD_INPUT, "a certificate is for 1 to 16 hosts");
    }
    for (size_t i = 0; i < count; i++) {
        bool address = is_address(hosts[i]);
        if (!address && !is_dns_name(hosts[i])) {
            return FAIL(err, ERR_BAD_INPUT, "host %zu is no DNS name and no address",
                        i + 1);
        }
        bytes_printf(out, "%s%s:%s", i > 0 ? "," : "", address ? "IP" : "DNS", hosts[i]);
    }
    return OK;
}

static bool add_extension(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    bool added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

static bool set_identity(X509 *certificate, const char *host)
{
    uint8_t serial[16];
    random_fill(serial, sizeof(serial));
    serial[0] = (uint8_t) ((serial[0] & 0x7F) | 0x40); /* positive, full length */
    BIGNUM *number = BN_bin2bn(serial, sizeof(serial), NULL);
    X509_NAME *name = X509_get_subject_name(certificate);
    const unsigned char *common = (const unsigned char *) host;
    bool good = number != NULL &&
                BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL &&
                X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC, common, -1,
                                           -1, 0) == 1 &&
                X509_set_issuer_name(certificate, name) == 1;
    BN_free(number);
    return good;
}

static bool set_validity(X509 *certificate, instant from, int days)
{
    time_t begin = (time_t) (from / SECOND);
    time_t end = (time_t) ((from + days * DAY) / SECOND);
    return ASN1_TIME_set(X509_getm_notBefore(certificate), begin) != NULL &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), end) != NULL;
}

static status build(const char *host, const char *names, instant from, int days,
                    EVP_PKEY *pkey, X509 **ret_certificate, struct err *err)
{
    CLEANUP(x509_done) X509 *made = X509_new();
    if (made == NULL || X509_set_version(made, X509_VERSION_3) != 1 ||
        !set_identity(made, host) || !set_validity(made, from, days) ||
        X509_set_pubkey(made, pkey) != 1 ||
        !add_extension(made, NID_subject_alt_name, names) ||
        !add_extension(made, NID_basic_constraints, "critical,CA:FALSE") ||
        !add_extension(made, NID_key_usage, "critical,digitalSignature") ||
        !add_extension(made, NID_ext_key_usage, "serverAuth") ||
        X509_sign(made, pkey, EVP_sha256()) <= 0) {
        return OPENSSL_FAIL(err, ERR_BUG, "cannot make a certificate");
    }
    *ret_certificate = TAKE(made);
    return OK;
}

static status write_pem(X509 *certificate, EVP_PKEY *pkey, struct bytes *ret_certificate,
                        struct secret *ret_key, struct err *err)
{
    CLEANUP(bio_done) BIO *public = BIO_new(BIO_s_mem());
    CLEANUP(bio_done) BIO *private = BIO_new(BIO_s_secmem());
    char *text = NULL;
    if (public == NULL || private == NULL || PEM_write_bio_X509(public, certificate) != 1 ||
        PEM_write_bio_PrivateKey(private, pkey, NULL, NULL, 0, NULL, NULL) != 1) {
        return OPENSSL_FAIL(err, ERR_BUG, "cannot write the certificate");
    }
    long size = BIO_get_mem_data(private, &text);
    secret_copy(ret_key, text, (size_t) size);
    OPENSSL_cleanse(text, (size_t) size);
    size = BIO_get_mem_data(public, &text);
    bytes_add(ret_certificate, text, (size_t) size);
    return OK;
}

status certificate_make(const char *const *hosts, size_t count, instant from, int days,
                        struct bytes *ret_certificate, struct secret *ret_key,
                        struct err *err)
{
    CLEANUP(bytes_done) struct bytes names = {0};
    CLEANUP(x509_done) X509 *certificate = NULL;
    ERR_clear_error();
    if (days < 1 || days > 3650) {
        return FAIL(err, ERR_BAD_INPUT, "a certificate is valid for 1 to 3650 days");
    }
    TRY(format_hosts(hosts, count, &names, err));
    CLEANUP(evp_pkey_done) EVP_PKEY *pkey = EVP_EC_gen("P-256");
    if (pkey == NULL) {
        return OPENSSL_FAIL(err, ERR_BUG, "cannot make a key");
    }
    TRY(build(hosts[0], bytes_text(&names), from, days, pkey, &certificate, err));
    return write_pem(certificate, pkey, ret_certificate, ret_key, err);
}

status certificate_fingerprint(struct span pem, struct digest *ret_fingerprint,
                               struct err *err)
{
    CLEANUP(x509_done) X509 *certificate = NULL;
    uint8_t *der = NULL;
    ERR_clear_error();
    if (pem.size == 0 || pem.size > 1 << 20) {
        return FAIL(err, ERR_BAD_INPUT, "a certificate file has 1 byte to 1 MiB");
    }
    CLEANUP(bio_done) BIO *bio = BIO_new_mem_buf(pem.data, (int) pem.size);
    if (bio == NULL ||
        (certificate = PEM_read_bio_X509(bio, NULL, openssl_no_passphrase, NULL)) == NULL) {
        return OPENSSL_REFUSE(err, ERR_BAD_INPUT, "not a PEM file with a certificate");
    }
    int size = i2d_X509(certificate, &der);
    if (size <= 0) {
        return OPENSSL_FAIL(err, ERR_BUG, "cannot encode a certificate");
    }
    digest_of(span_of(der, (size_t) size), ret_fingerprint);
    OPENSSL_free(der);
    ERR_clear_error();
    return OK;
}
