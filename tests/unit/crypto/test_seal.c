/* SPDX-License-Identifier: Apache-2.0 */
/*
** Sealed files and the self-signed certificate.
*/
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "crypto/certificate.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "tests/support/rows.h"
#include "tests/unit/crypto/vectors.h"

static const struct seal_row {
    const char *name;
    enum known_key key;
    size_t size;
} sizes[] = {
    {"an empty file", RFC7515_A3, 0},
    {"one byte", RFC8032_TEST1, 1},
    {"a block", RFC7515_A3, 16},
    {"a page and a byte", RFC8032_TEST1, 4097},
};

static void check_seal(void **state)
{
    const struct seal_row *row = *state;
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(row->key);
    CLEANUP(bytes_done) struct bytes plain = {0};
    CLEANUP(bytes_done) struct bytes sealed = {0};
    CLEANUP(bytes_done) struct bytes again = {0};
    CLEANUP(secret_done) struct secret opened = {0};
    struct err err;
    for (size_t i = 0; i < row->size; i++) {
        bytes_add_char(&plain, (char) i);
    }
    assert_status(seal_close(key, "state", span_bytes(&plain), &sealed, &err), OK, &err);
    assert_status(seal_close(key, "state", span_bytes(&plain), &again, &err), OK, &err);
    assert_int_equal(sealed.size, plain.size + SEAL_OVERHEAD);
    assert_true(seal_is(span_bytes(&sealed)));
    assert_false(span_equal(span_bytes(&sealed), span_bytes(&again)));
    assert_status(seal_open(key, "state", span_bytes(&sealed), &opened, &err), OK, &err);
    assert_true(span_equal(secret_span(&opened), span_bytes(&plain)));
}

static void check_seal_refusals(void **state)
{
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC7515_A3);
    CLEANUP(private_key_freep) struct private_key *other = known_private_key(RFC8032_TEST1);
    CLEANUP(bytes_done) struct bytes sealed = {0};
    CLEANUP(secret_done) struct secret opened = {0};
    struct err err;
    (void) state;
    assert_status(seal_close(key, "state", SPAN_LITERAL("plain"), &sealed, &err), OK, &err);
    secret_copy(&opened, "kept", 4);
    struct span all = span_bytes(&sealed);
    assert_status(seal_open(other, "state", all, &opened, &err), ERR_UNAUTHENTIC, &err);
    assert_status(seal_open(key, "outbox/1", all, &opened, &err), ERR_UNAUTHENTIC, &err);
    for (size_t i = 0; i < sealed.size; i++) {
        sealed.data[i] ^= 0x80;
        assert_status(seal_open(key, "state", all, &opened, &err),
                      i < 12 ? ERR_BAD_INPUT : ERR_UNAUTHENTIC, &err);
        sealed.data[i] ^= 0x80;
    }
    for (size_t size = 0; size < sealed.size; size++) {
        assert_int_not_equal(
            seal_open(key, "state", span_of(sealed.data, size), &opened, &err), OK);
    }
    all.size = SEAL_PLAIN_MAX + 1; /* only the size is looked at */
    assert_status(seal_close(key, "state", all, &sealed, &err), ERR_TOO_LARGE, &err);
    assert_true(span_is(secret_span(&opened), "kept")); /* untouched by refusals */
    assert_int_equal(ERR_peek_error(), 0);
}

/* A file sealed by this format's first version, so that no later one fails to open it. */
static void fill_counting(void *buffer, size_t size)
{
    uint8_t *bytes = buffer;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t) i;
    }
}

static void check_seal_known(void **state)
{
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC8032_TEST1);
    CLEANUP(bytes_done) struct bytes sealed = {0};
    CLEANUP(bytes_done)
    struct bytes wanted =
        from_hex("637266642d7365616c2f310a000102030405060708090a0b0c0d0e0f10111213"
                 "1415161718191a1b1c1d1e1f202122232425262728292a2bec2860d48fc408c9"
                 "09993ec0a26de6b3be3af28f07");
    struct err err;
    (void) state;
    random_replace(fill_counting);
    status got = seal_close(key, "state", SPAN_LITERAL("plain"), &sealed, &err);
    random_replace(NULL);
    assert_status(got, OK, &err);
    assert_true(span_equal(span_bytes(&sealed), span_bytes(&wanted)));
}

/* --- certificate --- */

static void check_certificate(void **state)
{
    static const char *const hosts[] = {"localhost", "edc.example.org", "127.0.0.1", "::1"};
    CLEANUP(bytes_done) struct bytes pem = {0};
    CLEANUP(secret_done) struct secret key = {0};
    struct digest fingerprint;
    struct err err;
    instant from = clock_system.now(NULL);
    (void) state;
    assert_status(certificate_make(hosts, 4, from, 30, &pem, &key, &err), OK, &err);

    BIO *bio = BIO_new_mem_buf(pem.data, (int) pem.size);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    assert_non_null(certificate);
    bio = BIO_new_mem_buf(key.data, (int) key.size);
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    BIO_free(bio);
    assert_non_null(pkey);
    assert_int_equal(X509_check_private_key(certificate, pkey), 1);
    assert_int_equal(X509_verify(certificate, pkey), 1);
    assert_int_equal(X509_check_host(certificate, "edc.example.org", 0, 0, NULL), 1);
    assert_int_equal(X509_check_host(certificate, "other.example.org", 0, 0, NULL), 0);
    assert_int_equal(X509_check_ip_asc(certificate, "127.0.0.1", 0), 1);
    assert_int_equal(X509_check_ip_asc(certificate, "::1", 0), 1);
    assert_int_equal(X509_check_ca(certificate), 0);
    assert_int_equal(X509_check_purpose(certificate, X509_PURPOSE_SSL_SERVER, 0), 1);
    assert_true(X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0);

    uint8_t wanted[32];
    unsigned size = 0;
    assert_int_equal(X509_digest(certificate, EVP_sha256(), wanted, &size), 1);
    assert_status(certificate_fingerprint(span_bytes(&pem), &fingerprint, &err), OK, &err);
    assert_memory_equal(fingerprint.bytes, wanted, 32);
    X509_free(certificate);
    EVP_PKEY_free(pkey);
}

static const struct host_row {
    const char *name, *host;
    size_t count;
    int days;
} bad_hosts[] = {
    {"no host is refused", "localhost", 0, 30},
    {"17 hosts are refused", "localhost", 17, 30},
    {"an empty host is refused", "", 1, 30},
    {"a comma in a host is refused", "a,DNS:b", 1, 30},
    {"a line feed in a host is refused", "a\nb", 1, 30},
    {"a wildcard is refused", "*.example.org", 1, 30},
    {"a colon that makes no address is refused", "a:b", 1, 30},
    {"a host over 64 letters is refused",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1, 30},
    {"no day of validity is refused", "localhost", 1, 0},
    {"eleven years are refused", "localhost", 1, 4000},
};

static void check_bad_host(void **state)
{
    const struct host_row *row = *state;
    const char *hosts[17];
    CLEANUP(bytes_done) struct bytes pem = {0};
    CLEANUP(secret_done) struct secret key = {0};
    struct err err;
    for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
        hosts[i] = row->host;
    }
    assert_status(certificate_make(hosts, row->count, 0, row->days, &pem, &key, &err),
                  ERR_BAD_INPUT, &err);
    assert_int_equal(pem.size + key.size, 0);
}

static void check_no_certificate(void **state)
{
    struct digest fingerprint;
    struct err err;
    (void) state;
    assert_status(certificate_fingerprint(SPAN_LITERAL("hello\n"), &fingerprint, &err),
                  ERR_BAD_INPUT, &err);
    assert_status(
        certificate_fingerprint(
            SPAN_LITERAL("-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
                         "DEK-Info: AES-256-CBC,0102030405060708090A0B0C0D0E0F10\n"
                         "\nAAAAAAAAAAAAAAAAAAAAAA==\n-----END CERTIFICATE-----\n"),
            &fingerprint, &err),
        ERR_BAD_INPUT, &err); /* and nobody is asked for a passphrase */
    assert_status(certificate_fingerprint(span_of(NULL, 0), &fingerprint, &err),
                  ERR_BAD_INPUT, &err);
    assert_int_equal(ERR_peek_error(), 0);
}

int main(void)
{
    add_rows(sizes, ARRAY_LEN(sizes), sizeof(sizes[0]), check_seal);
    add_test("another key, another name or a changed byte does not open",
             check_seal_refusals);
    add_test("the sealed form is fixed", check_seal_known);
    add_test("a certificate is for its hosts, for servers, and no CA", check_certificate);
    add_rows(bad_hosts, ARRAY_LEN(bad_hosts), sizeof(bad_hosts[0]), check_bad_host);
    add_test("what is no certificate has no fingerprint", check_no_certificate);
    return run_added("crypto/seal");
}
