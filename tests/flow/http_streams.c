/* SPDX-License-Identifier: Apache-2.0 */
/*
** Streamed answers: whole or visibly not whole, in bounded memory, over when the peer is gone.
*/
#include "tests/flow/http_scene.h"

#define MANY 1024 /* pieces: 64 MiB */

static const struct http_limits none;

/* Take the head and the chunks off GOT as they come; returns the bytes of content so far, and
 * *ret_whole says if the last chunk was seen. */
struct reader {
    size_t content;
    bool in_body;
    bool whole;
};

static bool take_chunk(struct reader *reader, struct bytes *got, size_t *at)
{
    const char *text = bytes_text(got) + *at;
    const char *end = strstr(text, "\r\n");
    if (end == NULL) {
        return false;
    }
    size_t size = strtoul(text, NULL, 16);
    size_t whole = (size_t) (end - text) + 2 + size + 2;
    if (got->size - *at < whole) {
        return false;
    }
    for (size_t i = 1; i < size; i++) {
        assert_int_equal(end[2 + i], end[2]);
    }
    reader->content += size;
    reader->whole = size == 0;
    *at += whole;
    return true;
}

static void read_chunks(struct reader *reader, struct client *c)
{
    size_t at = 0;
    client_read(c);
    if (!reader->in_body) {
        const char *end = strstr(bytes_text(&c->got), "\r\n\r\n");
        if (end == NULL) {
            return;
        }
        assert_non_null(strstr(bytes_text(&c->got), "Transfer-Encoding: chunked\r\n"));
        at = (size_t) (end - bytes_text(&c->got)) + 4;
        reader->in_body = true;
    }
    while (!reader->whole && take_chunk(reader, &c->got, &at)) {
    }
    memmove(c->got.data, c->got.data + at, c->got.size - at);
    c->got.size -= at;
    c->got.data[c->got.size] = '\0';
}

static void check_whole(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    struct reader reader = {0};
    (void) state;
    client_send(&c, "GET /stream/100 HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, (read_chunks(&reader, &c), reader.whole));
    assert_int_equal(reader.content, 100 * PIECE);
    scene_until(s, s->streams_over == 1);
    assert_true(s->stream_sent);
    client_send(&c,
                "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"); /* and the connection goes on */
    client_answer(&c, 200, NULL);
    client_done(&c);
    scene_close(s);
}

static void check_empty(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    struct reader reader = {0};
    (void) state;
    client_send(&c, "GET /stream/0 HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, (read_chunks(&reader, &c), reader.whole));
    assert_int_equal(reader.content, 0);
    client_done(&c);
    scene_close(s);
}

/* A client that does not read stops the producer; then it gets everything. */
static void check_backpressure(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    struct reader reader = {0};
    (void) state;
    client_send(&c, "GET /stream/1024 HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_turn(s, 500 * MILLISECOND);
    size_t made = s->pieces_made;
    assert_in_range(made, 1, MANY / 2); /* what the kernel takes, and one more */
    scene_turn(s, 200 * MILLISECOND);
    assert_int_equal(s->pieces_made, made);
    scene_until(s, (read_chunks(&reader, &c), reader.whole));
    assert_int_equal(reader.content, (size_t) MANY * PIECE);
    client_done(&c);
    scene_close(s);
}

static void check_stalled(void **state)
{
    struct scene *s = scene_open(&(struct http_limits){.write_time = 300 * MILLISECOND});
    struct client c = client_tls(s);
    struct reader reader = {0};
    (void) state;
    client_send(&c, "GET /stream/1024 HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, s->streams_over == 1);
    assert_false(s->stream_sent);
    assert_int_equal(s->metrics->refused[HTTP_RULE_WRITE_TIMEOUT], 1);
    scene_until(s, (read_chunks(&reader, &c), c.end != OPEN));
    assert_false(reader.whole);
    assert_int_not_equal(c.end, ENDED_NOTIFIED);
    client_done(&c);
    scene_close(s);
}

static void check_gone(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "GET /stream/1024 HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, (client_read(&c), c.got.size > 4 * PIECE));
    client_done(&c);
    scene_until(s, s->streams_over == 1);
    assert_false(s->stream_sent);
    assert_true(s->pieces_made < MANY);
    assert_int_equal(s->metrics->connections_open, 0);
    scene_close(s);
}

static void check_incomplete(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    struct reader reader = {0};
    (void) state;
    client_send(&c, "GET /stream/2/cut HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, (read_chunks(&reader, &c), c.end != OPEN));
    assert_false(reader.whole);
    assert_int_equal(c.end, RESET);
    assert_int_equal(s->streams_over, 1);
    assert_false(s->stream_sent);
    client_done(&c);
    scene_close(s);
}

static void check_old_version(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "GET /stream/3 HTTP/1.0\r\n\r\n");
    client_until_end(&c);
    assert_int_equal(c.end, ENDED_NOTIFIED);
    assert_null(strstr(bytes_text(&c.got), "chunked"));
    const char *body = strstr(bytes_text(&c.got), "\r\n\r\n") + 4;
    assert_int_equal(strlen(body), 3 * PIECE);
    assert_true(s->stream_sent);
    client_done(&c);
    scene_close(s);
}

static void check_head_method(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "HEAD /stream/1024 HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, s->streams_over == 1);
    assert_true(s->stream_sent);
    assert_int_equal(s->pieces_made, 0);
    scene_until(s, (client_read(&c), strstr(bytes_text(&c.got), "\r\n\r\n") != NULL));
    bytes_clear(&c.got);
    client_send(&c, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    client_answer(&c, 200, NULL);
    client_done(&c);
    scene_close(s);
}

static void check_server_closes(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "GET /stream/1024 HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, s->pieces_made > 0);
    http_server_close(s->server);
    s->server = NULL;
    assert_int_equal(s->streams_over, 1);
    assert_false(s->stream_sent);
    client_until_end(&c);
    assert_int_equal(c.end, RESET);
    client_done(&c);
    scene_close(s);
}

static struct http_stream *asking(struct scene *s)
{
    scene_until(s, s->asking != NULL);
    return TAKE(s->asking);
}

/* A producer that answers later: one piece for each question, an empty one is none. */
static void check_later(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    struct reader reader = {0};
    (void) state;
    client_send(&c, "GET /pull HTTP/1.1\r\nHost: a\r\n\r\n");
    struct http_stream *stream = asking(s);
    scene_turn(s, 20 * MILLISECOND);
    assert_int_equal(s->asked, 1); /* asked once, whatever the time it takes */
    http_stream_write(stream, SPAN_LITERAL("aaaaa"));
    assert_int_equal(s->asked, 1); /* never from within */
    stream = asking(s);
    http_stream_write(stream, (struct span){NULL, 0});
    stream = asking(s);
    assert_int_equal(s->asked, 3);
    http_stream_write(stream, SPAN_LITERAL("bbb"));
    http_stream_end(stream, true);
    assert_int_equal(s->streams_over, 0);
    scene_until(s, (read_chunks(&reader, &c), reader.whole));
    assert_int_equal(reader.content, 8);
    scene_until(s, s->streams_over == 1);
    assert_true(s->stream_sent);
    assert_int_equal(s->asked, 3);
    client_done(&c);
    scene_close(s);
}

/* A slow producer is not the client's fault. */
static void check_slow_producer(void **state)
{
    struct scene *s = scene_open(&(struct http_limits){.write_time = 100 * MILLISECOND});
    struct client c = client_tls(s);
    struct reader reader = {0};
    (void) state;
    client_send(&c, "GET /pull HTTP/1.1\r\nHost: a\r\n\r\n");
    struct http_stream *stream = asking(s);
    scene_turn(s, 500 * MILLISECOND);
    assert_int_equal(s->metrics->connections_open, 1);
    http_stream_end(stream, true);
    scene_until(s, (read_chunks(&reader, &c), reader.whole));
    client_done(&c);
    scene_close(s);
}

/* The peer leaves while the producer thinks. */
static void check_gone_while_asked(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "GET /pull HTTP/1.1\r\nHost: a\r\n\r\n");
    struct http_stream *stream = asking(s);
    client_done(&c);
    scene_turn(s, 20 * MILLISECOND);
    static const uint8_t piece[PIECE];
    for (int i = 0; i < 100 && s->streams_over == 0; i++) {
        http_stream_write(stream, span_of(piece, sizeof(piece)));
        scene_until(s, s->asking != NULL || s->streams_over == 1);
        stream = s->streams_over == 0 ? TAKE(s->asking) : NULL;
    }
    assert_int_equal(s->streams_over, 1);
    assert_false(s->stream_sent);
    scene_close(s);
}

static void check_nobody_left(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, s->waiting_count == 1);
    http_server_close(s->server);
    s->server = NULL;
    scene_answer_stream(s);
    assert_int_equal(s->streams_over, 1);
    assert_false(s->stream_sent);
    assert_int_equal(s->asked, 0);
    client_done(&c);
    scene_close(s);
}

int main(void)
{
    add_test("a stream arrives whole and the connection goes on", check_whole);
    add_test("a stream may be empty", check_empty);
    add_test("a client that does not read stops the producer", check_backpressure);
    add_test("a client that never reads is cut", check_stalled);
    add_test("a client that leaves ends the stream", check_gone);
    add_test("a stream that fails ends in a reset", check_incomplete);
    add_test("HTTP/1.0 gets a stream until the connection closes", check_old_version);
    add_test("HEAD of a stream asks for no piece", check_head_method);
    add_test("a server that closes ends its streams", check_server_closes);
    add_test("a producer may answer later", check_later);
    add_test("a slow producer is not the client's fault", check_slow_producer);
    add_test("a client that leaves while the producer thinks", check_gone_while_asked);
    add_test("a stream for nobody is over at once", check_nobody_left);
    return run_added("flow_http_streams");
}
