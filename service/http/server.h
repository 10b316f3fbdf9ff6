/* SPDX-License-Identifier: Apache-2.0 */
/*
** server: a strict HTTP/1.1 server on one event loop, with TLS 1.3 or plain.
**
** It reads one request at a time from each connection and hands it up as an exchange. The
** layer above is called twice, both times on the loop thread:
**
**     route(arg, exchange)   the head is there, the body not yet: call http_accept() with
**                            the largest body this route takes, or answer at once
**     handle(arg, exchange)  head and body are there: answer now or later
**
** If the body never comes (the client leaves, is too slow, sends too much), `abandoned` is
** called instead of `handle`, the exchange's last sign of life, so that whatever route hung
** on it can be freed.
**
** An exchange is answered exactly once, from the loop thread, by http_reply() or
** http_stream(); that call ends it: the exchange, its request and body are gone when it
** returns. Until then they do not move or change, so a worker thread may read them. A
*client
** that leaves meanwhile is not noticed and does no harm: the answer is dropped.
**
**     static void handle(void *arg, struct http_exchange *exchange)
**     {
**         http_reply(exchange, &(struct http_answer){.status = 200,
**                                                    .content_type = "text/plain",
**                                                    .body = SPAN_LITERAL("ok\n")});
**     }
**
** Every answer carries Date, X-Request-Id, X-Content-Type-Options: nosniff and, unless the
** answer has its own, Cache-Control: no-store. What this layer refuses itself (enum
** http_rule) is answered with problem+json (RFC 9457) in the shape of all our refusals:
** {type "urn:crfd:problem:<rule>", title, status, detail, request_id, findings [], receipt
** null}.
**
** Times are real seconds of the loop's timers; every phase has an absolute deadline that no
** trickle of bytes prolongs.
*/
#ifndef CRFD_SERVICE_HTTP_SERVER_H
#define CRFD_SERVICE_HTTP_SERVER_H

#include "base/clock.h"
#include "service/http/address.h"
#include "service/http/head.h"

struct loop;
struct http_tls;
struct http_server;
struct http_exchange;
struct http_stream;

/* ---- what may be asked of us; a zero takes the default that stands in brackets ---- */
struct http_limits {
    size_t connections;             /* open at once [1000] */
    size_t connections_per_address; /* [100] */
    unsigned connects_per_minute; /* new connections of one address [600], burst as many */
    unsigned requests_per_minute; /* requests of one address [6000], burst as many */
    size_t body_memory;           /* bodies held at once, in bytes [256 MiB] */
    size_t
        answer_memory; /* answers that clients have not taken yet [256 MiB]; a small one is
                             always given, a large one too while no other is held */
    instant handshake_time;       /* from accept to the end of the handshake [10 s] */
    instant head_time;            /* from the first byte of a head to its end [10 s] */
    instant idle_time;            /* between requests [60 s] */
    instant body_time;            /* for a body, and size / body_rate on top [30 s] */
    instant write_time;           /* for an answer, and size / write_rate on top [30 s];
                                     a stream has to keep the rate in every such period */
    instant linger_time;          /* waiting for the peer to close after us [2 s] */
    size_t body_rate, write_rate; /* bytes a second that a client must manage [4096] */
};

struct http_settings {
    const char *listen;        /* see address.h */
    struct http_tls *tls;      /* NULL: plain; borrowed until http_server_free */
    const struct clock *clock; /* for Date; NULL: clock_system */
    struct http_limits limits;
};

struct http_handler {
    void (*route)(void *arg, struct http_exchange *exchange);
    void (*handle)(void *arg, struct http_exchange *exchange);
    void (*abandoned)(void *arg, struct http_exchange *exchange); /* may be NULL */
    void *arg;
};

/* ---- life ---- */

/* Listen and serve on LOOP until drained or freed. */
MUST_USE status http_server_open(struct loop *loop, const struct http_settings *settings,
                                 const struct http_handler *handler,
                                 struct http_server **ret_server, struct err *err);

/* The TCP port we listen on (for "127.0.0.1:0"); 0 for a unix socket. */
int http_server_port(const struct http_server *server);

/* Stop accepting, close idle connections, answer what has begun with Connection: close, and
 * cut the rest after TIME. DRAINED is called once, from the loop, when no connection is
 * left. */
void http_server_drain(struct http_server *server, instant time, void (*drained)(void *arg),
                       void *arg);

/* Close all connections at once. Exchanges that are still open stay valid until they are
 * answered (the answer is dropped); streams end. Not to be called from route, handle or a
 * producer. NULL is accepted. */
void http_server_close(struct http_server *server);

/* ---- an exchange ---- */
const struct http_request *http_exchange_request(const struct http_exchange *exchange);
struct span http_exchange_body(const struct http_exchange *exchange);
const struct http_address *http_exchange_peer(const struct http_exchange *exchange);
const char *http_exchange_id(const struct http_exchange *exchange); /* the request id */
instant http_exchange_began(const struct http_exchange *exchange);  /* monotonic */

/* One pointer for the layer above; NULL at first. Whoever sets it frees what it points to.
 */
void http_exchange_set_context(struct http_exchange *exchange, void *context);
void *http_exchange_context(const struct http_exchange *exchange);

/* In route only: read a body of at most BODY_LIMIT bytes, then call handle. A longer one is
 * refused with 413 before it is read. */
void http_accept(struct http_exchange *exchange, size_t body_limit);

/* ---- an answer ---- */
struct http_answer_field {
    const char *name;
    const char *value; /* visible ASCII and spaces, else the answer becomes a 500 */
};

struct http_answer {
    int status;               /* 200 to 599 */
    const char *content_type; /* NULL: no body (204, 304) */
    struct span body;         /* copied; not for http_stream */
    const struct http_answer_field *fields;
    size_t field_count;
    bool closes; /* close the connection afterwards */
};

/* Answer and end EXCHANGE: head and body in one write, without the body for HEAD. An answer
 * given in route while a body is on its way closes the connection. */
void http_reply(struct http_exchange *exchange, const struct http_answer *answer);

/* Who makes the pieces of a streamed answer. `more` asks for the next piece and is answered,
 * now or later, by http_stream_write(), http_stream_end() or both; it is called again when the
 * client has taken most of it, so memory is bounded by one piece and 64 KiB. `over` is called
 * once, last, however it ends: SENT is true if everything was handed to the system. After it
 * the stream is gone. A peer that left is noticed at a write; one that left before is told
 * by `over` within http_stream() itself. Otherwise neither is called from within a call. */
struct http_producer {
    void (*more)(void *arg, struct http_stream *stream);
    void (*over)(void *arg, bool sent);
    void *arg;
};

/* Answer EXCHANGE with a body of unknown length and end it. HTTP/1.1 gets it chunked,
 * HTTP/1.0 until the connection closes; HEAD gets the head only. */
void http_stream(struct http_exchange *exchange, const struct http_answer *answer,
                 const struct http_producer *producer);

void http_stream_write(struct http_stream *stream, struct span piece);

/* The end; without COMPLETE the connection is cut so that the client sees that something is
 * missing. */
void http_stream_end(struct http_stream *stream, bool complete);

/* ---- counters ---- */
struct http_metrics {
    uint64_t connections_open; /* now */
    uint64_t exchanges_open;   /* now: handed up and not yet answered */
    uint64_t body_memory;      /* now: bytes promised to bodies */
    uint64_t answer_memory;    /* now: bytes of answers (not streams) not taken yet */
    uint64_t connections;
    uint64_t handshakes;               /* finished */
    uint64_t requests;                 /* heads read */
    uint64_t answers[6];               /* by class: [2] counts 2xx */
    uint64_t refused[HTTP_RULE_COUNT]; /* by rule */
};

/* Borrowed for the life of the server; changes on the loop thread only. */
const struct http_metrics *http_server_metrics(const struct http_server *server);

#endif
