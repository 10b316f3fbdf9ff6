/* SPDX-License-Identifier: Apache-2.0 */
/*
** address: where a server listens, and who a peer is for limits.
**
** Listening: "127.0.0.1:8443", "[::]:8443" (IPv4 too), "unix:/run/crfd/metrics.sock", or
** "fd:3" for a listening socket that was inherited. Numbers only: name look-up blocks.
**
** Limits go by IPv4 address or by IPv6 /64, because one household or ward owns a whole /64.
*/
#ifndef CRFD_SERVICE_HTTP_ADDRESS_H
#define CRFD_SERVICE_HTTP_ADDRESS_H

#include <sys/socket.h>

#include "base/bytes.h"

#define HTTP_PEER_SIZE 48

struct http_address {
    uint8_t key[16];           /* what limits count by; all zero for a local socket */
    char text[HTTP_PEER_SIZE]; /* "192.0.2.7", "2001:db8::1", "local" */
    bool is_local;             /* a unix socket: no limit by address */
};

void http_address_of(const struct sockaddr *peer, struct http_address *ret_address);

/* Open a listening, non-blocking, close-on-exec socket with TCP_NODELAY (accepted sockets
 * inherit it; without it a TLS reply waits 40 ms). A stale unix socket is replaced. The
 * caller closes *ret_fd. ERR_BAD_INPUT: TEXT is no address; ERR_UNAVAILABLE: the system
 * says no. */
MUST_USE status http_listen(const char *text, int *ret_fd, struct err *err);

#endif
