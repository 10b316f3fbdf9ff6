/* SPDX-License-Identifier: Apache-2.0 */
/*
** One connection: a machine that is always in one state with one absolute deadline.
**
**   HANDSHAKE ---------> HEAD <--------------------------------+
**   (TLS only)            | whole head: parse, rate, route()   |
**       |                 +--> refused or answered ----------+ |
**       |                 +--> BODY: accepted, some to come  | |
**       |                 |      | all there                 | |
**       |                 +------+--> WORKING: handle()      | |
**       |                               | http_reply/_stream | |
**       |                               +--> REPLYING <------+ |
**       |                                       | all taken    |
**       |                                       +--------------+ keep-alive
**       |                                       | Connection: close
**       |                                       v
**       +--> (free) <--- deadline, EOF ------ LINGER
**
**   move                                   by
**   HANDSHAKE -> HEAD                      on_event, connected
**   HEAD -> BODY, WORKING, REPLYING        read_head
**   BODY -> WORKING                        read_body
**   any -> REPLYING                        http_connection_answer, http_connection_stream
**   REPLYING -> HEAD, LINGER               answer_taken, called by on_write
**   any -> free                            http_connection_cut, http_connection_part
**
** Invariants: input is read in HEAD, BODY and LINGER only, so a client cannot make us hold
** more than INPUT_MOST beside its body; no deadline but the stream's write period is ever
** moved by bytes that arrive or leave; callbacks of the layer above come last, because they
** may do anything. Bufferevent callbacks are deferred: they never run inside our own calls.
**
** LINGER exists because closing a socket with unread input makes the kernel send a reset,
** which may overtake the answer: so we say close_notify and FIN, then read and drop until the
** peer closes too.
*/
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <sys/socket.h>

#include "service/http/machine.h"
#include "service/http/tls.h"

#define INPUT_MOST  ((size_t) 65536) /* more than a head */
#define OUTPUT_LOW  ((size_t) 65536) /* below it a stream is asked for more */
#define LINGER_MOST ((size_t) 1048576)

enum state { HANDSHAKE, HEAD, BODY, WORKING, REPLYING, LINGER };

struct http_connection {
    struct http_server *server;
    struct http_connection *previous, *next;
    struct bufferevent *buffered;
    struct loop_timer *deadline;
    struct http_address peer;
    enum state state;
    struct http_scan scan;
    struct http_exchange *exchange; /* in BODY and WORKING, and while route runs */
    struct http_stream *stream;     /* in REPLYING, if the answer is one */
    bool closes;                    /* after this answer */
    bool peer_ended;                /* it will send no more, and may still read */
    size_t dropped;                 /* in LINGER */
    size_t held;                    /* in REPLYING: what counts as answer_memory */
};

static void read_head(struct http_connection *connection);

static const struct http_limits *limits_of(const struct http_connection *connection)
{
    return &connection->server->settings.limits;
}

static void set_deadline(struct http_connection *connection, instant time)
{
    loop_timer_set(connection->deadline, loop_now(connection->server->loop) + time);
}

static struct evbuffer *input_of(const struct http_connection *connection)
{
    return bufferevent_get_input(connection->buffered);
}

static size_t output_size(const struct http_connection *connection)
{
    return evbuffer_get_length(bufferevent_get_output(connection->buffered));
}

static void set_reading(struct http_connection *connection, bool on)
{
    BUG_IF((on ? bufferevent_enable(connection->buffered, EV_READ)
               : bufferevent_disable(connection->buffered, EV_READ)) != 0);
}

/* ---- the end ---- */

static void leave_server(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    if (connection->next != NULL) {
        connection->next->previous = connection->previous;
    }
    if (connection->previous != NULL) {
        connection->previous->next = connection->next;
    } else {
        server->connections = connection->next;
    }
    server->metrics.connections_open--;
    if (server->draining && server->connections == NULL) {
        loop_timer_set(server->drain, loop_now(server->loop));
    }
}

static void let_go(struct http_connection *connection)
{
    connection->server->metrics.answer_memory -= connection->held;
    connection->held = 0;
}

/* Free the connection; then tell whoever was in the middle of something. */
static void end(struct http_connection *connection)
{
    struct http_exchange *exchange = connection->exchange;
    struct http_stream *stream = connection->stream;
    bool is_handed_up = connection->state == WORKING;

    let_go(connection);
    leave_server(connection);
    http_tls_forget_errors(connection->buffered);
    bufferevent_free(connection->buffered);
    loop_timer_free(connection->deadline);
    free(connection);

    if (stream != NULL) {
        http_stream_over(stream, false);
    }
    if (exchange != NULL && is_handed_up) {
        exchange->connection = NULL;
    } else if (exchange != NULL) {
        http_exchange_abandon(exchange);
    }
}

void http_connection_cut(struct http_connection *connection, enum http_rule rule)
{
    if (rule != HTTP_RULE_NONE) {
        connection->server->metrics.refused[rule]++;
    }
    if (connection->state == REPLYING) {
        /* a reset, so that half an answer is not taken for a whole one */
        const struct linger reset = {.l_onoff = 1, .l_linger = 0};
        (void) setsockopt(bufferevent_getfd(connection->buffered), SOL_SOCKET, SO_LINGER,
                          &reset, sizeof(reset));
    }
    end(connection);
}

void http_connection_part(struct http_connection *connection)
{
    http_tls_close_notify(connection->buffered);
    end(connection);
}

static void begin_linger(struct http_connection *connection)
{
    connection->state = LINGER;
    http_tls_close_notify(connection->buffered);
    (void) shutdown(bufferevent_getfd(connection->buffered), SHUT_WR);
    set_deadline(connection, limits_of(connection)->linger_time);
    set_reading(connection, true);
    bufferevent_trigger(connection->buffered, EV_READ,
                        BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS);
}

static void drop_input(struct http_connection *connection)
{
    size_t size = evbuffer_get_length(input_of(connection));
    connection->dropped += size;
    BUG_IF(evbuffer_drain(input_of(connection), size) != 0);
    if (connection->dropped > LINGER_MOST) {
        end(connection);
    }
}

/* ---- REPLYING ---- */

static void give_output(const void *data, size_t size, void *memory)
{
    (void) data;
    (void) size;
    free(memory);
}

/* Hand OUT's memory to the output as one block. */
static void put_output(struct http_connection *connection, struct bytes *out)
{
    size_t size = out->size;
    uint8_t *memory = TAKE(out->data);
    *out = (struct bytes){0};
    BUG_IF(evbuffer_add_reference(bufferevent_get_output(connection->buffered), memory,
                                  size, give_output, memory) != 0);
}

static void begin_reply(struct http_connection *connection, struct bytes *out, bool closes)
{
    const struct http_limits *limits = limits_of(connection);
    instant size_time = (instant) (out->size / limits->write_rate) * SECOND;
    connection->state = REPLYING;
    connection->closes = closes || connection->peer_ended;
    connection->exchange = NULL;
    set_reading(connection, false);
    set_deadline(connection, limits->write_time + size_time);
    put_output(connection, out);
}

void http_connection_answer(struct http_connection *connection, struct bytes *out,
                            bool closes)
{
    connection->held = out->size;
    connection->server->metrics.answer_memory += out->size;
    begin_reply(connection, out, closes);
}

void http_connection_stream(struct http_connection *connection, struct bytes *out,
                            struct http_stream *stream, bool closes)
{
    stream->written = out->size;
    connection->stream = stream;
    begin_reply(connection, out, closes || !stream->chunked);
}

void http_connection_add(struct http_connection *connection, struct bytes *out)
{
    connection->stream->written += out->size;
    put_output(connection, out);
}

void http_connection_poke(struct http_connection *connection)
{
    bufferevent_trigger(connection->buffered, EV_WRITE,
                        BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS);
}

/* The client has all of the answer: read its next request, or close. */
static void answer_taken(struct http_connection *connection)
{
    let_go(connection);
    if (connection->closes || connection->server->draining) {
        begin_linger(connection);
        return;
    }
    connection->state = HEAD;
    connection->scan = (struct http_scan){0};
    set_deadline(connection, limits_of(connection)->idle_time);
    set_reading(connection, true);
    read_head(connection); /* what was sent early waits in the input */
}

static void stream_taken(struct http_connection *connection)
{
    struct http_stream *stream = connection->stream;
    size_t left = output_size(connection);

    stream->emptied = stream->emptied || left == 0;
    if (stream->ended && !stream->complete) {
        http_connection_cut(connection, HTTP_RULE_NONE);
    } else if (stream->ended && left == 0) {
        connection->stream = NULL;
        http_stream_over(stream, true);
        answer_taken(connection);
    } else if (!stream->ended && !stream->asked && left <= OUTPUT_LOW) {
        stream->asked = true;
        stream->producer.more(stream->producer.arg, stream);
    }
}

/* A period of a stream is over: has the client taken what it must? */
static void check_stream(struct http_connection *connection)
{
    const struct http_limits *limits = limits_of(connection);
    struct http_stream *stream = connection->stream;
    size_t left = output_size(connection);
    uint64_t taken = stream->written - left;
    uint64_t due = (uint64_t) limits->write_time * limits->write_rate / (uint64_t) SECOND;

    if (left > 0 && !stream->emptied && taken - stream->taken_before < due) {
        http_connection_cut(connection, HTTP_RULE_WRITE_TIMEOUT);
        return;
    }
    stream->taken_before = taken;
    stream->emptied = false;
    set_deadline(connection, limits->write_time);
}

/* ---- refusals ---- */

/* Answer with the problem that RULE is, and close afterwards. */
static void refuse(struct http_connection *connection, enum http_rule rule)
{
    CLEANUP(bytes_done) struct bytes out = {0};
    struct http_server *server = connection->server;
    struct http_exchange *exchange = connection->exchange;
    char id[HTTP_ID_SIZE];
    struct http_frame frame = {
        .closes = true, .id = id, .now = clock_now(server->settings.clock)};

    if (exchange != NULL) {
        memcpy(id, exchange->id, sizeof(id));
        frame.head_only = exchange->request.method == HTTP_HEAD;
    } else {
        http_request_id(server, id);
    }
    http_refusal_write(&out, rule, &frame);
    server->metrics.refused[rule]++;
    server->metrics.answers[http_rule_status(rule) / 100]++;
    begin_reply(connection, &out, true);
    if (exchange != NULL) {
        http_exchange_abandon(exchange);
    }
}

/* ---- HEAD ---- */

/* Feed the scan with what has come since. */
static enum http_rule scan_input(struct http_connection *connection)
{
    struct http_scan *scan = &connection->scan;
    struct evbuffer *input = input_of(connection);
    struct evbuffer_ptr from;
    struct evbuffer_iovec pieces[16];
    enum http_rule rule = HTTP_RULE_NONE;

    while (rule == HTTP_RULE_NONE && !scan->complete &&
           scan->size < evbuffer_get_length(input)) {
        BUG_IF(evbuffer_ptr_set(input, &from, scan->size, EVBUFFER_PTR_SET) != 0);
        int count = evbuffer_peek(input, -1, &from, pieces, ARRAY_LEN(pieces));
        count = count < (int) ARRAY_LEN(pieces) ? count : (int) ARRAY_LEN(pieces);
        for (int i = 0; i < count && rule == HTTP_RULE_NONE && !scan->complete; i++) {
            size_t used = 0;
            rule =
                http_scan_feed(scan, span_of(pieces[i].iov_base, pieces[i].iov_len), &used);
        }
    }
    return rule;
}

static void take_input(struct http_connection *connection, size_t size, struct bytes *into)
{
    if (size == 0) {
        return;
    }
    bytes_reserve(into, size);
    int taken = evbuffer_remove(input_of(connection), into->data + into->size, size);
    BUG_IF(taken < 0 || (size_t) taken != size);
    into->size += size;
    into->data[into->size] = '\0';
}

static void work(struct http_connection *connection)
{
    const struct http_handler *handler = &connection->server->handler;
    connection->state = WORKING;
    loop_timer_clear(connection->deadline);
    set_reading(connection, false);
    handler->handle(handler->arg, connection->exchange);
}

static void read_body(struct http_connection *connection)
{
    struct http_exchange *exchange = connection->exchange;
    uint64_t missing = exchange->request.content_length - exchange->body.size;
    size_t there = evbuffer_get_length(input_of(connection));
    take_input(connection, there < missing ? there : (size_t) missing, &exchange->body);
    if (exchange->body.size == exchange->request.content_length) {
        work(connection);
    }
}

static void begin_body(struct http_connection *connection)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct http_exchange *exchange = connection->exchange;
    const struct http_limits *limits = limits_of(connection);
    size_t size = (size_t) exchange->request.content_length;

    exchange->body_promised = size;
    connection->server->metrics.body_memory += size;
    connection->state = BODY;
    set_deadline(connection,
                 limits->body_time + (instant) (size / limits->body_rate) * SECOND);
    if (exchange->request.expects_continue &&
        evbuffer_get_length(input_of(connection)) == 0) {
        BUG_IF(bufferevent_write(connection->buffered, go_on, sizeof(go_on) - 1) != 0);
    }
    read_body(connection);
}

/* route() has accepted: is there a body, and may it come? */
static void go_on(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    uint64_t size = connection->exchange->request.content_length;
    size_t room = server->settings.limits.body_memory - server->metrics.body_memory;

    if (size > connection->exchange->body_limit) {
        refuse(connection, HTTP_RULE_BODY_TOO_LARGE);
    } else if (size > room) {
        refuse(connection, HTTP_RULE_OVERLOADED);
    } else {
        begin_body(connection);
    }
}

static void route(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    struct http_exchange *exchange =
        http_exchange_new(server, connection, &connection->peer);
    take_input(connection, connection->scan.size, &exchange->head);
    enum http_rule rule = http_head_parse(span_bytes(&exchange->head), &exchange->request);
    server->metrics.requests++;
    if (rule == HTTP_RULE_NONE &&
        !http_rate_take(server->requests, &connection->peer, exchange->began)) {
        rule = HTTP_RULE_REQUEST_RATE;
    }
    if (rule != HTTP_RULE_NONE) {
        http_exchange_free(exchange);
        refuse(connection, rule);
        return;
    }
    connection->exchange = exchange;
    server->handler.route(server->handler.arg, exchange);
    if (connection->exchange != NULL) {
        BUG_IF(!exchange->accepted);
        go_on(connection);
    }
}

static void read_head(struct http_connection *connection)
{
    bool is_first = connection->scan.size == 0;
    if (evbuffer_get_length(input_of(connection)) == 0) {
        return;
    }
    enum http_rule rule = scan_input(connection);
    if (rule != HTTP_RULE_NONE) {
        refuse(connection, rule);
    } else if (connection->scan.complete) {
        route(connection);
    } else if (is_first) {
        set_deadline(connection, limits_of(connection)->head_time);
    }
}

/* ---- what libevent and the timer tell ---- */

static void on_read(struct bufferevent *buffered, void *arg)
{
    struct http_connection *connection = arg;
    (void) buffered;
    if (connection->state == HEAD) {
        read_head(connection);
    } else if (connection->state == BODY) {
        read_body(connection);
    } else if (connection->state == LINGER) {
        drop_input(connection);
    }
}

static void on_write(struct bufferevent *buffered, void *arg)
{
    struct http_connection *connection = arg;
    (void) buffered;
    if (connection->state == REPLYING && connection->stream != NULL) {
        stream_taken(connection);
    } else if (connection->state == REPLYING && output_size(connection) == 0) {
        answer_taken(connection);
    }
}

static void begin_head(struct http_connection *connection)
{
    connection->state = HEAD;
    set_deadline(connection, limits_of(connection)->head_time);
    set_reading(connection, true);
}

static void on_event(struct bufferevent *buffered, short what, void *arg)
{
    struct http_connection *connection = arg;
    (void) buffered;
    if ((what & BEV_EVENT_CONNECTED) != 0) {
        connection->server->metrics.handshakes++;
        begin_head(connection);
        return;
    }
    if ((what & BEV_EVENT_EOF) != 0 && (what & BEV_EVENT_READING) != 0 &&
        (connection->state == WORKING || connection->state == REPLYING)) {
        /* its end came together with its request: it still gets the answer */
        connection->peer_ended = true;
        connection->closes = true;
        return;
    }
    if ((what & BEV_EVENT_EOF) != 0 && connection->state == HEAD) {
        http_connection_part(connection);
        return;
    }
    http_connection_cut(connection, connection->state == HANDSHAKE ? HTTP_RULE_HANDSHAKE
                                                                   : HTTP_RULE_NONE);
}

static void on_deadline(void *arg)
{
    struct http_connection *connection = arg;
    switch (connection->state) {
    case HANDSHAKE:
        http_connection_cut(connection, HTTP_RULE_HANDSHAKE_TIMEOUT);
        return;
    case HEAD:
        if (connection->scan.size == 0) {
            http_connection_part(connection);
        } else {
            refuse(connection, HTTP_RULE_HEAD_TIMEOUT);
        }
        return;
    case BODY:
        refuse(connection, HTTP_RULE_BODY_TIMEOUT);
        return;
    case REPLYING:
        if (connection->stream != NULL) {
            check_stream(connection);
        } else {
            http_connection_cut(connection, HTTP_RULE_WRITE_TIMEOUT);
        }
        return;
    case LINGER:
        end(connection);
        return;
    case WORKING:
        return;
    }
}

/* ---- the beginning ---- */

bool http_connection_is_idle(const struct http_connection *connection)
{
    return connection->state == HANDSHAKE ||
           (connection->state == HEAD && connection->scan.size == 0);
}

const struct http_address *http_connection_peer(const struct http_connection *connection)
{
    return &connection->peer;
}

struct http_connection *http_connection_next(const struct http_connection *connection)
{
    return connection->next;
}

static void join_server(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    connection->next = server->connections;
    if (connection->next != NULL) {
        connection->next->previous = connection;
    }
    server->connections = connection;
    server->metrics.connections++;
    server->metrics.connections_open++;
}

void http_connection_open(struct http_server *server, int fd,
                          const struct http_address *peer)
{
    struct http_connection *connection = mem_alloc(sizeof(*connection));
    struct event_base *base = loop_base(server->loop);
    connection->server = server;
    connection->peer = *peer;
    connection->deadline = loop_timer_new(server->loop, on_deadline, connection);
    connection->buffered =
        server->settings.tls != NULL
            ? http_tls_accept(server->settings.tls, base, fd)
            : bufferevent_socket_new(base, fd,
                                     BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    BUG_IF(connection->buffered == NULL); /* memory */
    bufferevent_setcb(connection->buffered, on_read, on_write, on_event, connection);
    bufferevent_setwatermark(connection->buffered, EV_READ, 0, INPUT_MOST);
    bufferevent_setwatermark(connection->buffered, EV_WRITE, OUTPUT_LOW, 0);
    join_server(connection);
    if (server->settings.tls != NULL) {
        connection->state = HANDSHAKE;
        set_deadline(connection, limits_of(connection)->handshake_time);
    } else {
        begin_head(connection);
    }
}
