/* SPDX-License-Identifier: Apache-2.0 */
/*
** What may go wrong on the wire, against a stand-in that does it on purpose; and answers that
** are no problem+json.
*/
#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/encode.h"
#include "clients/lib/https.h"
#include "crypto/certificate.h"
#include "crypto/digest.h"
#include "tests/support/rows.h"

static struct bytes certificate, other_certificate;
static struct secret certificate_key;

/* ---- the stand-in: one connection, one answer, in a process of its own ---- */

struct answering {
    const char *text; /* NULL: never answers */
    bool plain;       /* no TLS */
    bool old;         /* TLS 1.2 */
    size_t filler;    /* bytes of body behind the text */
};

static SSL_CTX *make_context(const struct answering *answering)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    BIO *pem = BIO_new_mem_buf(certificate.data, (int) certificate.size);
    X509 *x509 = PEM_read_bio_X509(pem, NULL, NULL, NULL);
    BIO *key_pem = BIO_new_mem_buf(certificate_key.data, (int) certificate_key.size);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(key_pem, NULL, NULL, NULL);
    if (context == NULL || x509 == NULL || key == NULL ||
        SSL_CTX_use_certificate(context, x509) != 1 ||
        SSL_CTX_use_PrivateKey(context, key) != 1) {
        _exit(1);
    }
    if (answering->old) {
        (void) SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
    }
    return context;
}

static void answer_tls(int fd, const struct answering *answering)
{
    char request[8192];
    SSL *ssl = SSL_new(make_context(answering));
    (void) SSL_set_fd(ssl, fd);
    if (SSL_accept(ssl) != 1 || SSL_read(ssl, request, sizeof(request)) <= 0) {
        _exit(0);
    }
    if (answering->text == NULL) {
        sleep(30);
        _exit(0);
    }
    (void) SSL_write(ssl, answering->text, (int) strlen(answering->text));
    for (size_t i = 0; i < answering->filler; i += 1000) {
        char block[1000] = {0};
        if (SSL_write(ssl, block, sizeof(block)) <= 0) {
            break;
        }
    }
    (void) SSL_shutdown(ssl);
}

static pid_t stand_in(const struct answering *answering, int *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *) &address, size), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *) &address, &size), 0);
    *ret_port = ntohs(address.sin_port);
    pid_t child = fork();
    if (child == 0) {
        int client = accept(fd, NULL, NULL);
        if (answering->plain) {
            (void) !write(client, answering->text, strlen(answering->text));
        } else {
            answer_tls(client, answering);
        }
        close(client);
        _exit(0);
    }
    close(fd);
    return child;
}

/* ---- rows ---- */

enum trust { TRUST_AUTHORITY, TRUST_PIN, TRUST_OTHER, TRUST_WRONG_PIN, TRUST_SYSTEM };

static const struct row {
    const char *name;
    enum trust trust;
    struct answering answering;
    status kind;
    long code;
    const char *says; /* in the error, or the body */
} rows[] = {
    {"a whole answer",
     TRUST_AUTHORITY,
     {.text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
     OK,
     200,
     "hello"},
    {"the pinned key is trusted without an authority",
     TRUST_PIN,
     {.text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
     OK,
     200,
     "hello"},
    {"a refusal is an answer",
     TRUST_AUTHORITY,
     {.text = "HTTP/1.1 422 No\r\nContent-Length: 2\r\n\r\n{}"},
     OK,
     422,
     "{}"},
    {"another key than the pinned one",
     TRUST_WRONG_PIN,
     {.text = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
     ERR_UNAUTHENTIC,
     0,
     "not the server"},
    {"another authority than ours",
     TRUST_OTHER,
     {.text = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
     ERR_UNAUTHENTIC,
     0,
     "not the server"},
    {"an authority nobody knows",
     TRUST_SYSTEM,
     {.text = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
     ERR_UNAUTHENTIC,
     0,
     "not the server"},
    {"TLS 1.2 is too old",
     TRUST_AUTHORITY,
     {.text = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", .old = true},
     ERR_UNAUTHENTIC,
     0,
     "TLS 1.3"},
    {"no TLS at all",
     TRUST_AUTHORITY,
     {.text = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", .plain = true},
     ERR_UNAUTHENTIC,
     0,
     "TLS 1.3"},
    {"a redirect is not followed",
     TRUST_AUTHORITY,
     {.text = "HTTP/1.1 302 Away\r\nLocation: https://elsewhere.example\r\n"
              "Content-Length: 0\r\n\r\n"},
     ERR_BAD_INPUT,
     0,
     "elsewhere"},
    {"an answer over the limit",
     TRUST_AUTHORITY,
     {.text = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", .filler = 100000},
     ERR_TOO_LARGE,
     0,
     "longer than"},
    {"an answer without length over the limit",
     TRUST_AUTHORITY,
     {.text = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", .filler = 100000},
     ERR_TOO_LARGE,
     0,
     "longer than"},
    {"half an answer",
     TRUST_AUTHORITY,
     {.text = "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"},
     ERR_UNAVAILABLE,
     0,
     "cannot be reached"},
    {"half a head",
     TRUST_AUTHORITY,
     {.text = "HTTP/1.1 200 OK\r\nConte"},
     ERR_UNAVAILABLE,
     0,
     "cannot be reached"},
    {"no answer in time",
     TRUST_AUTHORITY,
     {.text = NULL},
     ERR_UNAVAILABLE,
     0,
     "cannot be reached"},
    {"what is not HTTP",
     TRUST_AUTHORITY,
     {.text = "SSH-2.0-OpenSSH\r\n\r\n"},
     ERR_BAD_INPUT,
     0,
     "HTTP"},
};

static const char *make_pin(struct arena *arena, bool wrong)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    struct digest digest;
    BIO *pem = BIO_new_mem_buf(certificate.data, (int) certificate.size);
    X509 *x509 = PEM_read_bio_X509(pem, NULL, NULL, NULL);
    unsigned char *spki = NULL;
    int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &spki);
    assert_true(size > 0);
    digest_of(span_of(spki, (size_t) size), &digest);
    digest.bytes[0] = (uint8_t) (digest.bytes[0] ^ (wrong ? 1 : 0));
    encode(BASE64, digest_span(&digest), &text);
    OPENSSL_free(spki);
    X509_free(x509);
    BIO_free(pem);
    return arena_printf(arena, "sha256//%s", bytes_text(&text));
}

static void check(void **state)
{
    const struct row *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(https_closep) struct https *https = NULL;
    CLEANUP(https_answer_done) struct https_answer answer = {0};
    struct err err = {0};
    int port = 0;
    pid_t child = stand_in(&row->answering, &port);
    struct https_config config = {.url = arena_printf(arena, "https://localhost:%d", port),
                                  .answer_seconds = 2};
    if (row->trust == TRUST_AUTHORITY || row->trust == TRUST_OTHER) {
        config.authority =
            bytes_text(row->trust == TRUST_OTHER ? &other_certificate : &certificate);
    } else if (row->trust != TRUST_SYSTEM) {
        config.pin = make_pin(arena, row->trust == TRUST_WRONG_PIN);
    }
    assert_status(https_open(&config, &https, &err), OK, &err);
    struct https_request request = {.method = "GET", .path = "/x", .limit = 50000};
    status kind = https_do(https, &request, &answer, &err);
    (void) kill(child, SIGKILL);
    (void) waitpid(child, NULL, 0);
    assert_status(kind, row->kind, &err);
    const char *said = kind == OK ? bytes_text(&answer.body) : err.what;
    if (strstr(said, row->says) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", said, row->says);
    }
    assert_true(kind != OK || answer.code == row->code);
}

static void nobody_there_is_unavailable(void **state)
{
    (void) state;
    CLEANUP(https_closep) struct https *https = NULL;
    CLEANUP(https_answer_done) struct https_answer answer = {0};
    struct err err = {0};
    struct https_config config = {.url = "https://127.0.0.1:1", .connect_seconds = 2};
    assert_status(https_open(&config, &https, &err), OK, &err);
    struct https_request request = {.method = "GET", .path = "/x"};
    assert_status(https_do(https, &request, &answer, &err), ERR_UNAVAILABLE, &err);
}

static void an_address_without_tls_is_not_opened(void **state)
{
    (void) state;
    static const char *const urls[] = {"http://x",    "https://",           "https://x/y",
                                       "https://u@x", "file:///etc/passwd", "https://x?y"};
    for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
        struct https *https = NULL;
        struct https_config config = {.url = urls[i]};
        assert_int_equal(https_open(&config, &https, NULL), ERR_BAD_INPUT);
        assert_null(https);
    }
}

/* ---- refusals ---- */

static const struct refusal {
    const char *name;
    long code;
    const char *media, *body;
    status kind;
    const char *says;
    size_t findings;
} refusals[] = {
    {"a refusal with findings", 422, "application/problem+json",
     "{\"type\":\"urn:crfd:problem:findings\",\"title\":\"Not yet\",\"detail\":\"two\","
     "\"request_id\":\"r-1\",\"findings\":[{\"rule\":\"1\",\"message\":\"m\"},{}]}",
     ERR_REJECTED, "Not yet: two [request r-1] (422)", 2},
    {"a page of a proxy", 502, "text/html", "<html>", ERR_UNAVAILABLE, "(502)", 0},
    {"a refusal that is no JSON", 409, "application/problem+json", "{", ERR_CONFLICT,
     "(409)", 0},
    {"a halted log is evidence", 503, "application/problem+json",
     "{\"type\":\"urn:crfd:problem:log-halted\"}", ERR_TAMPERED, "(503)", 0},
    {"another history is evidence", 409, "application/problem+json",
     "{\"type\":\"urn:crfd:problem:history-differs\"}", ERR_TAMPERED, "(409)", 0},
    {"a title may not steer the terminal", 403, "application/problem+json",
     "{\"title\":\"\\u001b[2Jgone\\u009b\"}", ERR_REJECTED, "?[2Jgone? (403)", 0},
    {"too many requests", 429, "", "", ERR_BUSY, "(429)", 0},
};

static void check_refusal(void **state)
{
    const struct refusal *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(https_answer_done) struct https_answer answer = {.code = row->code};
    struct problem problem;
    struct err err = {0};
    (void) snprintf(answer.media, sizeof(answer.media), "%s", row->media);
    bytes_add_text(&answer.body, row->body);
    problem_read(&answer, arena, &problem);
    assert_int_equal(problem_status(&problem, &err), row->kind);
    if (strstr(err.what, row->says) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", err.what, row->says);
    }
    assert_int_equal(problem.findings.count, row->findings);
}

int main(void)
{
    static const char *const hosts[] = {"localhost"};
    struct secret other_key = {0};
    instant yesterday = clock_now(&clock_system) - DAY;
    (void) signal(SIGPIPE, SIG_IGN);
    if (certificate_make(hosts, 1, yesterday, 3, &certificate, &certificate_key, NULL) !=
            OK ||
        certificate_make(hosts, 1, yesterday, 3, &other_certificate, &other_key, NULL) !=
            OK) {
        return 1;
    }
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
    add_test("nobody there", nobody_there_is_unavailable);
    add_test("an address without TLS is not opened", an_address_without_tls_is_not_opened);
    add_rows(refusals, ARRAY_LEN(refusals), sizeof(refusals[0]), check_refusal);
    int failed = run_added("HTTPS");
    bytes_done(&certificate);
    bytes_done(&other_certificate);
    secret_done(&certificate_key);
    secret_done(&other_key);
    return failed;
}
