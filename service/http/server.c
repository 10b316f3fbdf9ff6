/* SPDX-License-Identifier: Apache-2.0 */
/*
** The door and the list behind it. Whoever may not come in is turned away right after
** accept(), before a handshake costs us half a millisecond.
**
** Out of descriptors, accept() fails for ever while the socket stays readable, and the loop
** would spin. So one descriptor is kept in reserve: it is given up to accept and close one
** connection (which then knows), and the door stays shut for a moment.
*/
#include "service/http/server.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "service/http/machine.h"

#define ACCEPTS_A_TURN 64
#define PAUSE          (SECOND / 10)

/* ---- the door ---- */

static enum http_rule may_enter(struct http_server *server, const struct http_address *peer)
{
    const struct http_limits *limits = &server->settings.limits;
    size_t same = 0;
    if (server->metrics.connections_open >= limits->connections) {
        return HTTP_RULE_CONNECTIONS;
    }
    for (const struct http_connection *other = server->connections;
         other != NULL && !peer->is_local; other = http_connection_next(other)) {
        const struct http_address *its = http_connection_peer(other);
        same += !its->is_local && memcmp(its->key, peer->key, sizeof(peer->key)) == 0;
    }
    if (same >= limits->connections_per_address) {
        return HTTP_RULE_ADDRESS_CONNECTIONS;
    }
    return http_rate_take(server->connects, peer, loop_now(server->loop))
               ? HTTP_RULE_NONE
               : HTTP_RULE_CONNECTION_RATE;
}

static void enter(struct http_server *server, int fd, const struct sockaddr *address)
{
    struct http_address peer;
    http_address_of(address, &peer);
    enum http_rule rule = may_enter(server, &peer);
    if (rule != HTTP_RULE_NONE) {
        server->metrics.refused[rule]++;
        (void) close(fd);
        return;
    }
    http_connection_open(server, fd, &peer);
}

static int open_spare(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void shut_for_a_moment(struct http_server *server)
{
    server->metrics.refused[HTTP_RULE_DESCRIPTORS]++;
    if (server->spare >= 0) {
        (void) close(server->spare);
        int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0) {
            (void) close(fd);
        }
        server->spare = open_spare();
    }
    loop_watch_set(server->watch, -1, 0);
    loop_timer_set(server->pause, loop_now(server->loop) + PAUSE);
}

static void on_knock(void *arg, int wishes)
{
    struct http_server *server = arg;
    (void) wishes;
    for (int i = 0; i < ACCEPTS_A_TURN; i++) {
        struct sockaddr_storage address = {0};
        socklen_t size = sizeof(address);
        int fd = accept4(server->listener, (struct sockaddr *) &address, &size,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            enter(server, fd, (struct sockaddr *) &address);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
                   errno == ENOMEM) {
            shut_for_a_moment(server);
            return;
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

static void open_door(void *arg)
{
    struct http_server *server = arg;
    if (server->spare < 0) {
        server->spare = open_spare();
    }
    loop_watch_set(server->watch, server->listener, LOOP_READ);
}

static void close_door(struct http_server *server)
{
    if (server->listener >= 0) {
        loop_watch_set(server->watch, -1, 0);
        loop_timer_clear(server->pause);
        (void) close(server->listener);
        (void) close(server->spare);
        server->listener = -1;
        server->spare = -1;
    }
}

/* ---- drain ---- */

static void on_drain(void *arg)
{
    struct http_server *server = arg;
    while (server->connections != NULL) {
        http_connection_cut(server->connections, HTTP_RULE_DRAIN_CUT);
    }
    loop_timer_clear(server->drain); /* the last connection has set it again */
    void (*drained)(void *drained_arg) = server->drained;
    server->drained = NULL;
    if (drained != NULL) {
        drained(server->drained_arg);
    }
}

void http_server_drain(struct http_server *server, instant time, void (*drained)(void *arg),
                       void *arg)
{
    struct http_connection *next = NULL;
    close_door(server);
    server->draining = true;
    server->drained = drained;
    server->drained_arg = arg;
    loop_timer_set(server->drain,
                   loop_now(server->loop) + (server->connections != NULL ? time : 0));
    for (struct http_connection *each = server->connections; each != NULL; each = next) {
        next = http_connection_next(each);
        if (http_connection_is_idle(each)) {
            http_connection_part(each);
        }
    }
}

/* ---- life ---- */

static void or_default(size_t *value, size_t initial)
{
    *value = *value != 0 ? *value : initial;
}

static void or_time(instant *value, instant initial)
{
    *value = *value != 0 ? *value : initial;
}

static void fill_limits(struct http_limits *limits)
{
    or_default(&limits->connections, 1000);
    or_default(&limits->connections_per_address, 100);
    or_default(&limits->body_memory, (size_t) 256 << 20);
    or_default(&limits->answer_memory, (size_t) 256 << 20);
    or_default(&limits->body_rate, 4096);
    or_default(&limits->write_rate, 4096);
    limits->connects_per_minute =
        limits->connects_per_minute != 0 ? limits->connects_per_minute : 600;
    limits->requests_per_minute =
        limits->requests_per_minute != 0 ? limits->requests_per_minute : 6000;
    or_time(&limits->handshake_time, 10 * SECOND);
    or_time(&limits->head_time, 10 * SECOND);
    or_time(&limits->idle_time, 60 * SECOND);
    or_time(&limits->body_time, 30 * SECOND);
    or_time(&limits->write_time, 30 * SECOND);
    or_time(&limits->linger_time, 2 * SECOND);
}

static void make_parts(struct http_server *server)
{
    const struct http_limits *limits = &server->settings.limits;
    BUG_IF(getrandom(&server->id_seed, sizeof(server->id_seed), 0) !=
           (ssize_t) sizeof(server->id_seed));
    server->connects =
        http_rate_new(limits->connects_per_minute, limits->connects_per_minute);
    server->requests =
        http_rate_new(limits->requests_per_minute, limits->requests_per_minute);
    server->watch = loop_watch_new(server->loop, on_knock, server);
    server->pause = loop_timer_new(server->loop, open_door, server);
    server->drain = loop_timer_new(server->loop, on_drain, server);
}

status http_server_open(struct loop *loop, const struct http_settings *settings,
                        const struct http_handler *handler, struct http_server **ret_server,
                        struct err *err)
{
    int listener = -1;
    TRY(http_listen(settings->listen, &listener, err));

    struct http_server *server = mem_alloc(sizeof(*server));
    server->loop = loop;
    server->settings = *settings;
    server->settings.listen = NULL; /* the caller's; not needed any more */
    if (server->settings.clock == NULL) {
        server->settings.clock = &clock_system;
    }
    server->handler = *handler;
    server->listener = listener;
    server->spare = -1;
    fill_limits(&server->settings.limits);
    make_parts(server);
    open_door(server);
    *ret_server = server;
    return OK;
}

int http_server_port(const struct http_server *server)
{
    struct sockaddr_storage address = {0};
    struct sockaddr_in four;
    socklen_t size = sizeof(address);
    if (getsockname(server->listener, (struct sockaddr *) &address, &size) != 0 ||
        address.ss_family == AF_UNIX) {
        return 0;
    }
    memcpy(&four, &address, sizeof(four)); /* the port stands there in both families */
    return ntohs(four.sin_port);
}

void http_server_close(struct http_server *server)
{
    if (server == NULL) {
        return;
    }
    close_door(server);
    while (server->connections != NULL) {
        http_connection_cut(server->connections, HTTP_RULE_NONE);
    }
    for (struct http_exchange *each = server->exchanges; each != NULL; each = each->next) {
        each->server = NULL;
    }
    loop_watch_free(server->watch);
    loop_timer_free(server->pause);
    loop_timer_free(server->drain);
    http_rate_free(server->connects);
    http_rate_free(server->requests);
    free(server);
}

const struct http_metrics *http_server_metrics(const struct http_server *server)
{
    return &server->metrics;
}
