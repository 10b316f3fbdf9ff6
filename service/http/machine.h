/* SPDX-License-Identifier: Apache-2.0 */
/*
** machine: what server.c, connection.c, exchange.c and answer.c share. Private to this folder.
**
** A server has a list of connections and a list of exchanges. A connection that goes away
** leaves its exchange behind, without connection, until the layer above answers it; a server
** that closes leaves exchanges behind that know neither. Everything is on the loop thread.
*/
#ifndef CRFD_SERVICE_HTTP_MACHINE_H
#define CRFD_SERVICE_HTTP_MACHINE_H

#include "service/http/rate.h"
#include "service/http/server.h"
#include "service/loop/loop.h"

#define HTTP_ID_SIZE 40

struct bufferevent;
struct http_connection;

struct http_server {
    struct loop *loop;
    struct http_settings settings; /* limits without zeroes, clock without NULL */
    struct http_handler handler;
    struct http_metrics metrics;
    struct http_rate *connects;
    struct http_rate *requests;
    struct http_connection *connections;
    struct http_exchange *exchanges;
    uint64_t id_seed;
    uint64_t id_next;

    int listener; /* -1: not listening */
    int spare;    /* a descriptor to give up when there are none left */
    struct loop_watch *watch;
    struct loop_timer *pause; /* until we try to accept again */

    bool draining;
    struct loop_timer *drain;
    void (*drained)(void *arg);
    void *drained_arg;
};

struct http_exchange {
    struct http_server *server;         /* NULL: closed */
    struct http_connection *connection; /* NULL: the peer is gone */
    struct http_exchange *previous, *next;
    struct http_address peer;
    struct http_request request;
    struct bytes head; /* what request borrows from */
    struct bytes body;
    size_t body_limit;
    size_t body_promised; /* counted in the server's body_memory */
    bool accepted;
    instant began;
    void *context;
    char id[HTTP_ID_SIZE];
};

struct http_stream {
    struct http_connection *connection;
    struct http_producer producer;
    bool chunked;
    bool asked;    /* `more` was called and not yet answered */
    bool ended;    /* by the producer */
    bool complete; /* and it said all */
    bool emptied;  /* the client took all there was in this period */
    uint64_t written;
    uint64_t taken_before; /* this period */
};

/* ---- connection.c: the machine ---- */

/* Serve FD, which is ours from now on. */
void http_connection_open(struct http_server *server, int fd,
                          const struct http_address *peer);
bool http_connection_is_idle(const struct http_connection *connection);
const struct http_address *http_connection_peer(const struct http_connection *connection);
struct http_connection *http_connection_next(const struct http_connection *connection);

/* Close as a polite server does between requests, or at once as one that must. */
void http_connection_part(struct http_connection *connection);
void http_connection_cut(struct http_connection *connection, enum http_rule rule);

/* Write the last or only bytes of an answer, then go on or close. TAKE OUT's memory. */
void http_connection_answer(struct http_connection *connection, struct bytes *out,
                            bool closes);

/* Begin a streamed answer; the connection owns STREAM. */
void http_connection_stream(struct http_connection *connection, struct bytes *out,
                            struct http_stream *stream, bool closes);
void http_connection_add(struct http_connection *connection, struct bytes *out);

/* Have the stream looked at again, from the loop. */
void http_connection_poke(struct http_connection *connection);

/* ---- exchange.c ---- */
struct http_exchange *http_exchange_new(struct http_server *server,
                                        struct http_connection *connection,
                                        const struct http_address *peer);
void http_exchange_free(struct http_exchange *exchange);
void http_exchange_abandon(struct http_exchange *exchange); /* tell the layer above, free */
void http_request_id(struct http_server *server, char id[HTTP_ID_SIZE]);
void http_stream_over(struct http_stream *stream, bool sent); /* tell the producer, free */

/* ---- answer.c: the bytes of an answer ---- */
enum http_framing { HTTP_BY_LENGTH, HTTP_BY_CHUNKS, HTTP_BY_CLOSE };

struct http_frame {
    enum http_framing framing;
    bool head_only; /* HEAD: the same head, no body */
    bool closes;
    const char *id;
    instant now; /* wall clock */
};

/* Append head and body of ANSWER; false, with OUT untouched, when a field cannot be sent. */
MUST_USE bool http_answer_write(struct bytes *out, const struct http_answer *answer,
                                const struct http_frame *frame);

/* Append the problem+json answer to a refusal under RULE. */
void http_refusal_write(struct bytes *out, enum http_rule rule,
                        const struct http_frame *frame);

#endif
