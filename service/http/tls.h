/* SPDX-License-Identifier: Apache-2.0 */
/*
** tls: TLS 1.3 for the listener; the only place in service/ that sees OpenSSL.
**
** TLS 1.3 only, ALPN http/1.1 (a client that offers others only is turned away), no
** renegotiation, no early data, no client certificates (people sign records), and no
*session
** tickets: resumption would save 60 us of a 450 us handshake and needs a ticket key that is
** rotated and shared by all processes. Clients keep their connections instead.
**
** The certificate should be P-256: browsers take no Ed25519, and RSA costs twice the time.
*/
#ifndef CRFD_SERVICE_HTTP_TLS_H
#define CRFD_SERVICE_HTTP_TLS_H

#include "base/status.h"

struct bufferevent;
struct event_base;
struct http_tls;

/* Load the certificate chain (PEM, leaf first) and its key (PEM, not encrypted, a file that
 * others cannot read). ERR_BAD_INPUT says which file and why. */
MUST_USE status http_tls_new(const char *certificate_file, const char *key_file,
                             struct http_tls **ret_tls, struct err *err);

/* Read both files again. New connections use them; after a failure all goes on as before.
 */
MUST_USE status http_tls_reload(struct http_tls *tls, struct err *err);

void http_tls_free(struct http_tls *tls); /* accepts NULL; connections may outlive it */

/* For the connection machine: a bufferevent that accepts on FD and owns it from then on. */
struct bufferevent *http_tls_accept(struct http_tls *tls, struct event_base *base, int fd);

/* Send close_notify, which libevent never does. To be called once, when all output is
 * written and before the bufferevent is freed. Does nothing on a plain connection. */
void http_tls_close_notify(struct bufferevent *connection);

/* Leave the thread's OpenSSL error queue empty, so that one user's failure does not show up
 * on another's connection. */
void http_tls_forget_errors(struct bufferevent *connection);

#endif
