/* SPDX-License-Identifier: Apache-2.0 */
/*
** What the layer above holds in its hands. An exchange ends with its answer, whatever has
** become of the connection meanwhile; so there is one place where it is freed, and a late
** answer is as simple as one in time.
*/
#include "service/http/machine.h"

#define SMALL_ANSWER ((size_t) 65536) /* refusals, receipts: always given */

/* ---- life ---- */

void http_request_id(struct http_server *server, char id[HTTP_ID_SIZE])
{
    int size =
        snprintf(id, HTTP_ID_SIZE, "%016llx-%llx", (unsigned long long) server->id_seed,
                 (unsigned long long) ++server->id_next);
    BUG_IF(size < 0 || size >= HTTP_ID_SIZE);
}

struct http_exchange *http_exchange_new(struct http_server *server,
                                        struct http_connection *connection,
                                        const struct http_address *peer)
{
    struct http_exchange *exchange = mem_alloc(sizeof(*exchange));
    exchange->server = server;
    exchange->connection = connection;
    exchange->peer = *peer;
    exchange->began = loop_now(server->loop);
    http_request_id(server, exchange->id);

    exchange->next = server->exchanges;
    if (exchange->next != NULL) {
        exchange->next->previous = exchange;
    }
    server->exchanges = exchange;
    server->metrics.exchanges_open++;
    return exchange;
}

static void leave_server(struct http_exchange *exchange)
{
    struct http_server *server = exchange->server;
    server->metrics.exchanges_open--;
    server->metrics.body_memory -= exchange->body_promised;
    if (exchange->next != NULL) {
        exchange->next->previous = exchange->previous;
    }
    if (exchange->previous != NULL) {
        exchange->previous->next = exchange->next;
    } else {
        server->exchanges = exchange->next;
    }
}

void http_exchange_free(struct http_exchange *exchange)
{
    if (exchange->server != NULL) {
        leave_server(exchange);
    }
    /* bearer tokens in the head, clinical values in the body */
    bytes_wipe(&exchange->head);
    bytes_done(&exchange->head);
    bytes_wipe(&exchange->body);
    bytes_done(&exchange->body);
    free(exchange);
}

void http_exchange_abandon(struct http_exchange *exchange)
{
    const struct http_handler handler = exchange->server->handler;
    exchange->connection = NULL;
    if (handler.abandoned != NULL) {
        handler.abandoned(handler.arg, exchange);
    }
    http_exchange_free(exchange);
}

/* ---- what can be asked ---- */

const struct http_request *http_exchange_request(const struct http_exchange *exchange)
{
    return &exchange->request;
}

struct span http_exchange_body(const struct http_exchange *exchange)
{
    return span_bytes(&exchange->body);
}

const struct http_address *http_exchange_peer(const struct http_exchange *exchange)
{
    return &exchange->peer;
}

const char *http_exchange_id(const struct http_exchange *exchange)
{
    return exchange->id;
}

instant http_exchange_began(const struct http_exchange *exchange)
{
    return exchange->began;
}

void http_exchange_set_context(struct http_exchange *exchange, void *context)
{
    exchange->context = context;
}

void *http_exchange_context(const struct http_exchange *exchange)
{
    return exchange->context;
}

void http_accept(struct http_exchange *exchange, size_t body_limit)
{
    exchange->accepted = true;
    exchange->body_limit = body_limit;
}

/* ---- answers ---- */

/* Whoever asks for much and reads it slowly must not fill the memory. */
static bool is_too_much(const struct http_server *server, size_t size)
{
    uint64_t held = server->metrics.answer_memory;
    return size > SMALL_ANSWER && held > 0 &&
           size + held > server->settings.limits.answer_memory;
}

/* Write the answer to EXCHANGE, or the refusal that stands for one that cannot be written. */
static bool write_answer(struct http_exchange *exchange, const struct http_answer *answer,
                         struct http_frame *frame, struct bytes *out)
{
    struct http_server *server = exchange->server;
    enum http_rule rule = is_too_much(server, answer->body.size)   ? HTTP_RULE_OVERLOADED
                          : !http_answer_write(out, answer, frame) ? HTTP_RULE_REPLY_FIELD
                                                                   : HTTP_RULE_NONE;
    bool written = rule == HTTP_RULE_NONE;
    int code = answer->status;
    if (!written) {
        frame->framing = HTTP_BY_LENGTH;
        code = http_rule_status(rule);
        server->metrics.refused[rule]++;
        http_refusal_write(out, rule, frame);
    }
    BUG_IF(code < 200 || code > 599);
    server->metrics.answers[code / 100]++;
    return written;
}

static struct http_frame frame_of(const struct http_exchange *exchange, bool closes,
                                  enum http_framing framing)
{
    const struct http_request *request = &exchange->request;
    bool unread = exchange->body.size < request->content_length;
    return (struct http_frame){
        .framing = framing,
        .head_only = request->method == HTTP_HEAD,
        .closes = closes || unread || request->closes || exchange->server->draining,
        .id = exchange->id,
        .now = clock_now(exchange->server->settings.clock),
    };
}

void http_reply(struct http_exchange *exchange, const struct http_answer *answer)
{
    struct http_connection *connection = exchange->connection;
    CLEANUP(bytes_done) struct bytes out = {0};
    if (connection == NULL) {
        http_exchange_free(exchange);
        return;
    }
    struct http_frame frame = frame_of(exchange, answer->closes, HTTP_BY_LENGTH);
    (void) write_answer(exchange, answer, &frame, &out);
    bool closes = frame.closes;
    http_connection_answer(connection, &out, closes);
    http_exchange_free(exchange);
}

/* ---- streams ---- */

void http_stream_over(struct http_stream *stream, bool sent)
{
    const struct http_producer producer = stream->producer;
    free(stream);
    producer.over(producer.arg, sent);
}

void http_stream(struct http_exchange *exchange, const struct http_answer *answer,
                 const struct http_producer *producer)
{
    CLEANUP(bytes_done) struct bytes out = {0};
    struct http_connection *connection = exchange->connection;
    struct http_stream *stream = mem_alloc(sizeof(*stream));
    bool chunked = exchange->request.minor == 1;
    bool head_only = exchange->request.method == HTTP_HEAD;
    *stream = (struct http_stream){.connection = connection,
                                   .producer = *producer,
                                   .chunked = chunked,
                                   .ended = head_only,
                                   .complete = head_only};
    if (connection == NULL) {
        http_exchange_free(exchange);
        http_stream_over(stream, false);
        return;
    }
    struct http_frame frame =
        frame_of(exchange, answer->closes, chunked ? HTTP_BY_CHUNKS : HTTP_BY_CLOSE);
    if (write_answer(exchange, answer, &frame, &out)) {
        bool closes = frame.closes;
        http_connection_stream(connection, &out, stream, closes);
        http_exchange_free(exchange);
        return;
    }
    http_connection_answer(connection, &out, frame.closes);
    http_exchange_free(exchange);
    http_stream_over(stream, false);
}

void http_stream_write(struct http_stream *stream, struct span piece)
{
    CLEANUP(bytes_done) struct bytes out = {0};
    stream->asked = false;
    if (piece.size == 0) {
        http_connection_poke(stream->connection);
        return;
    }
    bytes_reserve(&out, piece.size + 32);
    if (stream->chunked) {
        bytes_printf(&out, "%zx\r\n", piece.size);
    }
    bytes_add_span(&out, piece);
    if (stream->chunked) {
        bytes_add_text(&out, "\r\n");
    }
    http_connection_add(stream->connection, &out);
}

void http_stream_end(struct http_stream *stream, bool complete)
{
    CLEANUP(bytes_done) struct bytes out = {0};
    stream->ended = true;
    stream->complete = complete;
    if (complete && stream->chunked) {
        bytes_add_text(&out, "0\r\n\r\n");
        http_connection_add(stream->connection, &out);
    }
    http_connection_poke(stream->connection);
}
