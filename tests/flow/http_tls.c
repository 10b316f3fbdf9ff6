/* SPDX-License-Identifier: Apache-2.0 */
/*
** TLS: versions, protocols, tickets, certificates; and what a failed handshake leaves behind.
*/
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <sys/stat.h>
#include <unistd.h>

#include "tests/flow/http_scene.h"

#include "tests/support/files.h"

#define GET_ECHO "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"

static const struct http_limits none;

static void check_version(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_plain(s);
    SSL_CTX *context = client_context();
    (void) state;
    assert_int_equal(SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION), 1);
    assert_false(client_handshake(&c, context));
    scene_until(s, s->metrics->refused[HTTP_RULE_HANDSHAKE] == 1);
    client_done(&c);
    SSL_CTX_free(context);
    scene_close(s);
}

static const struct protocols {
    const char *name;
    const char *offered; /* as in RFC 7301: length and name */
    const char *chosen;  /* NULL: refused */
} protocols[] = {
    {"a client that speaks http/1.1 gets it", "\x08http/1.1", "http/1.1"},
    {"a client that prefers h2 gets http/1.1", "\x02h2\x08http/1.1", "http/1.1"},
    {"a client that speaks h2 only is turned away", "\x02h2", NULL},
};

static void check_protocols(void **state)
{
    const struct protocols *row = *state;
    struct scene *s = scene_open(&none);
    struct client c = client_plain(s);
    SSL_CTX *context = client_context();
    const unsigned char *chosen = NULL;
    unsigned size = 0;
    assert_int_equal(SSL_CTX_set_alpn_protos(context, (const unsigned char *) row->offered,
                                             (unsigned) strlen(row->offered)),
                     0);
    assert_int_equal(client_handshake(&c, context), row->chosen != NULL);
    SSL_get0_alpn_selected(c.ssl, &chosen, &size);
    assert_true(span_is(span_of(chosen, size), row->chosen != NULL ? row->chosen : ""));
    client_done(&c);
    SSL_CTX_free(context);
    scene_close(s);
}

static int count_session(SSL *ssl, SSL_SESSION *session)
{
    size_t *count = SSL_get_app_data(ssl);
    (void) session;
    ++*count;
    return 0;
}

static void check_no_tickets(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_plain(s);
    SSL_CTX *context = client_context();
    size_t tickets = 0;
    (void) state;
    (void) SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT);
    SSL_CTX_sess_set_new_cb(context, count_session);
    assert_true(client_handshake(&c, context));
    assert_int_equal(SSL_set_app_data(c.ssl, &tickets), 1);
    client_send(&c, GET_ECHO);
    client_answer(&c, 200, NULL);
    assert_int_equal(tickets, 0);
    client_done(&c);
    SSL_CTX_free(context);
    scene_close(s);
}

/* Somebody's garbage must not look like somebody else's failure. */
static void check_errors_stay(void **state)
{
    struct scene *s = scene_open(&none);
    struct client good = client_tls(s);
    struct client bad = client_plain(s);
    (void) state;
    client_send(&bad, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, s->metrics->refused[HTTP_RULE_HANDSHAKE] == 1);
    assert_int_equal(ERR_peek_error(), 0);
    client_send(&good, GET_ECHO);
    client_answer(&good, 200, NULL);
    client_done(&bad);
    client_done(&good);
    scene_until(s, s->metrics->connections_open == 0);
    assert_int_equal(ERR_peek_error(), 0);
    scene_close(s);
}

/* The end of a client without close_notify is an end, not an error. */
static void check_rude_client(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, GET_ECHO);
    client_answer(&c, 200, NULL);
    client_done(&c); /* no SSL_shutdown */
    scene_until(s, s->metrics->connections_open == 0);
    assert_int_equal(ERR_peek_error(), 0);
    scene_close(s);
}

/* A polite one gets our close_notify as well. */
static void check_polite_client(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, GET_ECHO);
    client_answer(&c, 200, NULL);
    assert_int_equal(SSL_shutdown(c.ssl), 0);
    client_until_end(&c);
    assert_int_equal(c.end, ENDED_NOTIFIED);
    client_done(&c);
    scene_close(s);
}

/* TLS may be closed in one direction, as TCP. */
static void check_half_closed(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(SSL_shutdown(c.ssl), 0);
    scene_until(s, s->waiting_count == 1);
    scene_turn(s, 20 * MILLISECOND);
    scene_answer(s, "goodbye");
    client_answer(&c, 200, NULL);
    client_until_end(&c);
    assert_int_equal(c.end, ENDED_NOTIFIED);
    client_done(&c);

    c = client_tls(s); /* request and goodbye are read in one go */
    client_send(&c, GET_ECHO);
    assert_int_equal(SSL_shutdown(c.ssl), 0);
    client_answer(&c, 200, NULL);
    client_until_end(&c);
    assert_int_equal(c.end, ENDED_NOTIFIED);
    client_done(&c);
    scene_close(s);
}

static X509 *certificate_of(struct scene *s)
{
    struct client c = client_tls(s);
    X509 *certificate = SSL_get1_peer_certificate(c.ssl);
    client_done(&c);
    assert_non_null(certificate);
    return certificate;
}

struct files {
    struct bytes certificate, key;
};

static struct files files_of(const struct scene *s)
{
    struct files files = {0};
    bytes_printf(&files.certificate, "%s/cert.pem", s->folder);
    bytes_printf(&files.key, "%s/key.pem", s->folder);
    return files;
}

static void check_reload(void **state)
{
    struct scene *s = scene_open(&none);
    struct files files = files_of(s);
    struct client before = client_tls(s);
    struct err err = {0};
    X509 *first = certificate_of(s);
    (void) state;

    make_certificate(bytes_text(&files.certificate), bytes_text(&files.key));
    assert_status(http_tls_reload(s->tls, &err), OK, &err);
    X509 *second = certificate_of(s);
    assert_int_not_equal(X509_cmp(first, second), 0);

    /* a failed reload changes nothing */
    assert_int_equal(truncate(bytes_text(&files.certificate), 100), 0);
    assert_status(http_tls_reload(s->tls, &err), ERR_BAD_INPUT, &err);
    assert_int_equal(ERR_peek_error(), 0);
    X509 *third = certificate_of(s);
    assert_int_equal(X509_cmp(second, third), 0);

    client_send(&before, GET_ECHO); /* older than both */
    client_answer(&before, 200, NULL);
    client_done(&before);
    X509_free(first);
    X509_free(second);
    X509_free(third);
    bytes_done(&files.certificate);
    bytes_done(&files.key);
    scene_close(s);
}

static void check_files(void **state)
{
    struct scene *s = scene_open(&none);
    struct files files = files_of(s);
    CLEANUP(bytes_done) struct bytes other = {0};
    struct http_tls *tls = NULL;
    struct err err = {0};
    const char *certificate = bytes_text(&files.certificate);
    const char *key = bytes_text(&files.key);
    (void) state;

    assert_int_equal(chmod(key, 0644), 0);
    assert_status(http_tls_new(certificate, key, &tls, &err), ERR_BAD_INPUT, &err);
    assert_non_null(strstr(err.what, "open to others"));
    assert_int_equal(chmod(key, 0600), 0);
    assert_status(http_tls_new("/nonexistent", key, &tls, &err), ERR_BAD_INPUT, &err);
    assert_status(http_tls_new(certificate, "/nonexistent", &tls, &err), ERR_BAD_INPUT,
                  &err);
    bytes_printf(&other, "%s/other.pem", s->folder);
    make_certificate(bytes_text(&other), key); /* now the key is of another one */
    assert_status(http_tls_new(certificate, key, &tls, &err), ERR_BAD_INPUT, &err);
    assert_null(tls);
    assert_int_equal(ERR_peek_error(), 0);
    bytes_done(&files.certificate);
    bytes_done(&files.key);
    scene_close(s);
}

int main(void)
{
    add_test("TLS 1.2 is turned away", check_version);
    add_rows(protocols, ARRAY_LEN(protocols), sizeof(protocols[0]), check_protocols);
    add_test("no session tickets are given", check_no_tickets);
    add_test("a failed handshake leaves no error behind", check_errors_stay);
    add_test("a client that just goes is no error", check_rude_client);
    add_test("a client that says goodbye is answered", check_polite_client);
    add_test("a client that says goodbye with its request is answered", check_half_closed);
    add_test("certificates are reloaded, and kept when the new ones are bad", check_reload);
    add_test("certificate and key are checked when they are loaded", check_files);
    return run_added("flow_http_tls");
}
