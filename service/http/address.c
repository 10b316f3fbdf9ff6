/* SPDX-License-Identifier: Apache-2.0 */
/*
** Sockets are made by hand and not by evconnlistener, because TCP_NODELAY has to be on the
** listening socket: Linux hands it to every accepted one, which saves a call each and cannot
** be forgotten.
*/
#include "service/http/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"

#define BACKLOG 512

void http_address_of(const struct sockaddr *peer, struct http_address *ret_address)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    struct http_address address = {.is_local = true, .text = "local"};
    struct sockaddr_in6 six;
    struct sockaddr_in four;

    if (peer->sa_family == AF_INET6) {
        memcpy(&six, peer, sizeof(six));
        bool is_four = memcmp(&six.sin6_addr, mapped, sizeof(mapped)) == 0;
        memcpy(address.key, &six.sin6_addr, is_four ? 16 : 8);
        const uint8_t *last = (const uint8_t *) &six.sin6_addr + 12;
        (void) inet_ntop(is_four ? AF_INET : AF_INET6,
                         is_four ? last : (const uint8_t *) &six.sin6_addr, address.text,
                         sizeof(address.text));
        address.is_local = false;
    } else if (peer->sa_family == AF_INET) {
        memcpy(&four, peer, sizeof(four));
        memcpy(address.key, mapped, sizeof(mapped));
        memcpy(address.key + 12, &four.sin_addr, 4);
        (void) inet_ntop(AF_INET, &four.sin_addr, address.text, sizeof(address.text));
        address.is_local = false;
    }
    *ret_address = address;
}

/* ---- the text of a listening address ---- */

struct place {
    struct sockaddr_storage address;
    socklen_t size;
};

static bool parse_port(struct span text, in_port_t *ret_port)
{
    uint64_t port = 0;
    if (!text_to_u64(text, UINT16_MAX, &port)) {
        return false;
    }
    *ret_port = htons((uint16_t) port);
    return true;
}

static bool parse_four(const char *host, struct span port, struct place *place)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    if (inet_pton(AF_INET, host, &four.sin_addr) != 1 ||
        !parse_port(port, &four.sin_port)) {
        return false;
    }
    memcpy(&place->address, &four, sizeof(four));
    place->size = sizeof(four);
    return true;
}

static bool parse_six(const char *host, struct span port, struct place *place)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET6, host, &six.sin6_addr) != 1 ||
        !parse_port(port, &six.sin6_port)) {
        return false;
    }
    memcpy(&place->address, &six, sizeof(six));
    place->size = sizeof(six);
    return true;
}

/* "127.0.0.1:8443" or "[::1]:8443" */
static bool parse_network(const char *text, struct place *place)
{
    const char *colon = strrchr(text, ':');
    bool bracket = text[0] == '[';
    char host[INET6_ADDRSTRLEN];

    if (colon == NULL || (bracket && (colon == text || colon[-1] != ']'))) {
        return false;
    }
    const char *start = bracket ? text + 1 : text;
    const char *end = bracket ? colon - 1 : colon;
    if (end < start || (size_t) (end - start) >= sizeof(host)) {
        return false;
    }
    memcpy(host, start, (size_t) (end - start));
    host[end - start] = '\0';
    return bracket ? parse_six(host, span_text(colon + 1), place)
                   : parse_four(host, span_text(colon + 1), place);
}

static bool parse_local(const char *path, struct place *place)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    if (path[0] != '/' || !text_copy(local.sun_path, sizeof(local.sun_path), path)) {
        return false;
    }
    memcpy(&place->address, &local, sizeof(local));
    place->size = sizeof(local);
    return true;
}

/* ---- sockets ---- */

static status bind_and_listen(int fd, const char *text, const struct place *place,
                              struct err *err)
{
    const int on = 1;
    const int off = 0;
    int family = place->address.ss_family;
    if ((family != AF_UNIX &&
         (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
          setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0)) ||
        (family == AF_INET6 &&
         setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) != 0)) {
        return FAIL(err, ERR_UNAVAILABLE, "cannot set up %s: %s", text, strerror(errno));
    }
    if (bind(fd, (const struct sockaddr *) &place->address, place->size) != 0 ||
        listen(fd, BACKLOG) != 0) {
        return FAIL(err, ERR_UNAVAILABLE, "cannot listen at %s: %s", text, strerror(errno));
    }
    return OK;
}

static status listen_at(const char *text, const struct place *place, int *ret_fd,
                        struct err *err)
{
    int fd =
        socket(place->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return FAIL(err, ERR_UNAVAILABLE, "no socket for %s: %s", text, strerror(errno));
    }
    status listening = bind_and_listen(fd, text, place, err);
    if (listening != OK) {
        (void) close(fd);
        return listening;
    }
    *ret_fd = fd;
    return OK;
}

/* A socket file that nobody listens at any more stands in the way of bind(). */
static void remove_stale(const char *path, const struct place *place)
{
    struct stat info;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return;
    }
    if (lstat(path, &info) == 0 && S_ISSOCK(info.st_mode) &&
        connect(fd, (const struct sockaddr *) &place->address, place->size) != 0 &&
        errno == ECONNREFUSED) {
        (void) unlink(path);
    }
    (void) close(fd);
}

static status inherit(const char *text, int *ret_fd, struct err *err)
{
    const int on = 1;
    uint64_t fd = 0;
    int listening = 0;
    socklen_t size = sizeof(listening);

    if (!text_to_u64(span_text(text), 1023, &fd) ||
        getsockopt((int) fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 ||
        listening == 0) {
        return FAIL(err, ERR_BAD_INPUT, "fd:%s is not a listening socket", text);
    }
    /* first not to block, which holds for the duplicate too */
    int duplicate = fcntl((int) fd, F_SETFL, O_NONBLOCK) == 0
                        ? fcntl((int) fd, F_DUPFD_CLOEXEC, 3)
                        : -1;
    if (duplicate < 0) {
        return FAIL(err, ERR_UNAVAILABLE, "cannot take over fd:%s: %s", text,
                    strerror(errno));
    }
    /* a unix socket has no such option, and needs none */
    (void) setsockopt(duplicate, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    *ret_fd = duplicate;
    return OK;
}

status http_listen(const char *text, int *ret_fd, struct err *err)
{
    struct place place = {.size = 0};
    if (strncmp(text, "fd:", 3) == 0) {
        return inherit(text + 3, ret_fd, err);
    }
    if (strncmp(text, "unix:", 5) == 0 && parse_local(text + 5, &place)) {
        remove_stale(text + 5, &place);
    } else if (!parse_network(text, &place)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "'%s' is no address to listen at; write 127.0.0.1:8443, [::]:8443, "
                    "unix:/path or fd:3",
                    text);
    }
    return listen_at(text, &place, ret_fd, err);
}
