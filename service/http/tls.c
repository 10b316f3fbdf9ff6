/* SPDX-License-Identifier: Apache-2.0 */
/*
** One SSL_CTX, replaced as a whole on reload: connections hold a reference to the one they
** began with. What is set here is set for a reason:
**
**   IGNORE_UNEXPECTED_EOF  clients that just close are normal, and no framing of ours depends
**                          on the end of input (lengths are explicit)
**   NO_TICKET, 0 tickets   see tls.h
**   RELEASE_BUFFERS        an idle connection gives its 32 KiB back
*/
#include <errno.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

/* after OpenSSL, whose headers use words that base/banned.h takes away */
#include "base/bytes.h"
#include "service/http/tls.h"

struct http_tls {
    SSL_CTX *context;
    char *certificate_file;
    char *key_file;
};

static void free_context(SSL_CTX **context)
{
    SSL_CTX_free(*context);
}

/* What OpenSSL has to say, without its codes; leaves its queue empty. */
static const char *reason(void)
{
    const char *text = ERR_reason_error_string(ERR_peek_error());
    ERR_clear_error();
    return text != NULL ? text : "unknown reason";
}

static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_size,
                           const unsigned char *offered, unsigned offered_size, void *arg)
{
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen = NULL;
    (void) ssl;
    (void) arg;
    if (SSL_select_next_proto(&chosen, out_size, ours, sizeof(ours) - 1, offered,
                              offered_size) != OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

/* OpenSSL's own would ask on the terminal, in the middle of a reload. */
static int no_passphrase(char *buffer, int size, int writing, void *arg)
{
    (void) buffer;
    (void) size;
    (void) writing;
    (void) arg;
    return -1;
}

/* A key that everybody on the machine can read is no key. */
static status check_private(const char *key_file, struct err *err)
{
    struct stat info;
    if (stat(key_file, &info) != 0) {
        return FAIL(err, ERR_BAD_INPUT, "TLS key file %s: %s", key_file, strerror(errno));
    }
    if ((info.st_mode & S_IRWXO) != 0) {
        return FAIL(err, ERR_BAD_INPUT, "TLS key file %s is open to others; chmod o= it",
                    key_file);
    }
    return OK;
}

static status load_files(const struct http_tls *tls, SSL_CTX *context, struct err *err)
{
    TRY(check_private(tls->key_file, err));
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context, tls->certificate_file) != 1) {
        return FAIL(err, ERR_BAD_INPUT, "TLS certificate file %s: %s",
                    tls->certificate_file, reason());
    }
    if (SSL_CTX_use_PrivateKey_file(context, tls->key_file, SSL_FILETYPE_PEM) != 1) {
        return FAIL(err, ERR_BAD_INPUT, "TLS key file %s: %s", tls->key_file, reason());
    }
    if (SSL_CTX_check_private_key(context) != 1) {
        return FAIL(err, ERR_BAD_INPUT, "TLS key %s does not belong to certificate %s: %s",
                    tls->key_file, tls->certificate_file, reason());
    }
    return OK;
}

static status make_context(const struct http_tls *tls, SSL_CTX **ret_context,
                           struct err *err)
{
    static const unsigned char session_context[] = "crfd";
    CLEANUP(free_context) SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    BUG_IF(context == NULL);
    BUG_IF(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1);
    BUG_IF(SSL_CTX_set_session_id_context(context, session_context,
                                          sizeof(session_context) - 1) != 1);
    BUG_IF(SSL_CTX_set_num_tickets(context, 0) != 1);
    (void) SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    (void) SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                            SSL_OP_NO_COMPRESSION |
                                            SSL_OP_IGNORE_UNEXPECTED_EOF);
    (void) SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    SSL_CTX_set_default_passwd_cb(context, no_passphrase);
    TRY(load_files(tls, context, err));
    *ret_context = TAKE(context);
    return OK;
}

status http_tls_new(const char *certificate_file, const char *key_file,
                    struct http_tls **ret_tls, struct err *err)
{
    struct http_tls *tls = mem_alloc(sizeof(*tls));
    tls->certificate_file = mem_text(certificate_file);
    tls->key_file = mem_text(key_file);
    status made = make_context(tls, &tls->context, err);
    if (made != OK) {
        http_tls_free(tls);
        return made;
    }
    *ret_tls = tls;
    return OK;
}

status http_tls_reload(struct http_tls *tls, struct err *err)
{
    SSL_CTX *fresh = NULL;
    TRY(make_context(tls, &fresh, err));
    SSL_CTX_free(tls->context);
    tls->context = fresh;
    return OK;
}

void http_tls_free(struct http_tls *tls)
{
    if (tls != NULL) {
        SSL_CTX_free(tls->context);
        free(tls->certificate_file);
        free(tls->key_file);
        free(tls);
    }
}

struct bufferevent *http_tls_accept(struct http_tls *tls, struct event_base *base, int fd)
{
    SSL *ssl = SSL_new(tls->context);
    BUG_IF(ssl == NULL); /* memory */
    struct bufferevent *connection =
        bufferevent_openssl_socket_new(base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING,
                                       BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    BUG_IF(connection == NULL);
    return connection;
}

void http_tls_close_notify(struct bufferevent *connection)
{
    SSL *ssl = bufferevent_openssl_get_ssl(connection);
    ERR_clear_error();
    /* one try: a peer that takes no more bytes does not get this one either */
    if (ssl != NULL && SSL_is_init_finished(ssl) == 1) {
        (void) SSL_shutdown(ssl);
    }
    ERR_clear_error();
}

void http_tls_forget_errors(struct bufferevent *connection)
{
    while (bufferevent_get_openssl_error(connection) != 0) {
        /* libevent keeps a few for each connection */
    }
    ERR_clear_error();
}
