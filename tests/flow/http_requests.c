/* SPDX-License-Identifier: Apache-2.0 */
/*
** Requests and answers over real TLS, and over plain sockets through the same code.
*/
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/flow/http_scene.h"
#include "tests/support/files.h"
#include "tests/unit/http/raw_requests.h"

static const struct http_limits none;

static void check_one(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    CLEANUP(bytes_done) struct bytes body = {0};
    (void) state;
    client_send(&c, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    client_answer(&c, 200, &body);
    assert_string_equal(bytes_text(&body), "hello");
    assert_int_equal(s->metrics->handshakes, 1);
    assert_int_equal(s->metrics->requests, 1);
    assert_int_equal(s->metrics->answers[2], 1);
    assert_int_equal(s->metrics->connections_open, 1);
    client_done(&c);
    scene_until(s, s->metrics->connections_open == 0);
    scene_close(s);
}

static void check_keep_alive(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    instant fastest = SECOND;
    (void) state;
    for (int i = 0; i < 50; i++) {
        instant start = loop_now(s->loop);
        client_send(&c, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
        client_answer(&c, 200, NULL);
        instant time = loop_now(s->loop) - start;
        fastest = time < fastest ? time : fastest;
    }
    /* with Nagle's algorithm on each would take 40 ms */
    assert_true(fastest < 30 * MILLISECOND);
    assert_int_equal(s->metrics->connections, 1);
    assert_int_equal(s->handled, 50);
    client_done(&c);
    scene_close(s);
}

/* Three requests in one TLS record, the last in two: in order, one at a time. */
static void check_pipelined(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    CLEANUP(bytes_done) struct bytes body = {0};
    (void) state;
    client_send(&c, "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1"
                    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n2"
                    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n3");
    scene_until(s, s->waiting_count == 1);
    scene_turn(s, 20 * MILLISECOND);
    assert_int_equal(s->routed, 1);
    scene_answer(s, "one");
    client_answer(&c, 200, &body);
    assert_string_equal(bytes_text(&body), "one");
    client_answer(&c, 200, &body);
    assert_string_equal(bytes_text(&body), "2");
    client_send(&c, "4");
    client_answer(&c, 200, &body);
    assert_string_equal(bytes_text(&body), "34");
    client_done(&c);
    scene_close(s);
}

static void check_large_body(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    CLEANUP(bytes_done) struct bytes sent = {0};
    CLEANUP(bytes_done) struct bytes body = {0};
    (void) state;
    for (size_t i = 0; i < 1 << 20; i++) {
        bytes_add_char(&sent, (char) ('a' + i % 23));
    }
    client_send(&c, "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n");
    client_send_bytes(&c, span_bytes(&sent));
    client_answer(&c, 200, &body);
    assert_true(span_equal(span_bytes(&body), span_bytes(&sent)));
    client_done(&c);
    scene_close(s);
}

static void check_head_method(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "HEAD /large/1000 HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, (client_read(&c), strstr(bytes_text(&c.got), "\r\n\r\n") != NULL));
    assert_non_null(strstr(bytes_text(&c.got), "Content-Length: 1000\r\n"));
    bytes_clear(&c.got);
    client_send(&c, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    client_answer(&c, 200, NULL);
    client_done(&c);
    scene_close(s);
}

static void check_close_wanted(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    client_until_end(&c);
    assert_non_null(strstr(bytes_text(&c.got), "Connection: close\r\n"));
    assert_int_equal(c.end, ENDED_NOTIFIED);
    client_done(&c);
    scene_until(s, s->metrics->connections_open == 0);
    scene_close(s);
}

static void check_refused(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    CLEANUP(bytes_done) struct bytes body = {0};
    (void) state;
    client_send(&c, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                    "Content-Length: 0\r\n\r\nGET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    client_answer(&c, 400, &body);
    assert_non_null(strstr(bytes_text(&body), "urn:crfd:problem:content-length"));
    assert_non_null(strstr(bytes_text(&body), "\"request_id\":\""));
    client_until_end(&c);
    assert_int_equal(c.end, ENDED_NOTIFIED);
    assert_int_equal(c.got.size, 0); /* what stood behind it was not a request */
    assert_int_equal(s->routed, 0);
    assert_int_equal(s->metrics->refused[HTTP_RULE_LENGTH], 1);
    assert_int_equal(s->metrics->answers[4], 1);
    client_done(&c);
    scene_close(s);
}

static void check_early_answer(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "GET /early HTTP/1.1\r\nHost: a\r\n\r\n");
    client_answer(&c, 401, NULL); /* no body on its way: the connection stays */
    client_send(&c, "POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    client_answer(&c, 401, NULL);
    client_until_end(&c);
    assert_int_equal(c.end, ENDED_NOTIFIED);
    assert_int_equal(s->handled, 0);
    client_done(&c);
    scene_close(s);
}

static void check_continue(void **state)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    CLEANUP(bytes_done) struct bytes body = {0};
    (void) state;
    client_send(&c, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                    "Content-Length: 5\r\n\r\n");
    scene_until(s, (client_read(&c), c.got.size >= sizeof(go_on) - 1));
    assert_string_equal(bytes_text(&c.got), go_on);
    bytes_clear(&c.got);
    client_send(&c, "hello");
    client_answer(&c, 200, &body);
    assert_string_equal(bytes_text(&body), "hello");
    client_send(&c, "POST /early HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                    "Content-Length: 5\r\n\r\n");
    client_answer(&c, 401, NULL);
    client_done(&c);
    scene_close(s);
}

static void check_split(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "GET /split HTTP/1.1\r\nHost: a\r\n\r\n");
    client_answer(&c, 500, NULL);
    assert_int_equal(s->metrics->refused[HTTP_RULE_REPLY_FIELD], 1);
    client_done(&c);
    scene_close(s);
}

static void check_gone_while_working(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, s->waiting_count == 1);
    client_done(&c);
    scene_turn(s, 20 * MILLISECOND);
    assert_int_equal(s->metrics->exchanges_open, 1);
    scene_answer(s, "nobody listens");
    scene_until(s, s->metrics->connections_open == 0);
    scene_close(s);
}

static void check_answer_after_close(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, s->waiting_count == 1);
    http_server_close(s->server);
    s->server = NULL;
    client_until_end(&c);
    scene_answer(s, "too late");
    client_done(&c);
    scene_close(s);
}

static void check_gone_in_body(void **state)
{
    struct scene *s = scene_open(&none);
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
    scene_until(s, s->routed == 1);
    client_done(&c);
    scene_until(s, s->abandoned == 1);
    assert_int_equal(s->handled, 0);
    assert_int_equal(s->metrics->connections_open, 0);
    scene_close(s);
}

static void check_half_closed(void **state)
{
    struct scene *s = scene_open_plain("127.0.0.1:0", &none);
    struct client c = client_plain(s);
    (void) state;
    client_send(&c, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(shutdown(c.fd, SHUT_WR), 0);
    client_answer(&c, 200, NULL);
    client_until_end(&c);
    assert_int_equal(c.end, ENDED);
    client_done(&c);
    scene_close(s);
}

static void check_unix_socket(void **state)
{
    char *folder = temp_folder("http");
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(bytes_done) struct bytes listen = {0};
    (void) state;
    bytes_printf(&path, "%s/metrics.sock", folder);
    bytes_printf(&listen, "unix:%s", bytes_text(&path));
    for (int i = 0; i < 2; i++) { /* the second finds the first one's socket file */
        struct scene *s = scene_open_plain(bytes_text(&listen), &none);
        struct client c = client_unix(s, bytes_text(&path));
        client_send(&c, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
        client_answer(&c, 200, NULL);
        client_done(&c);
        scene_close(s);
    }
    remove_tree(folder);
    free(folder);
}

/* A second service must not take the socket of one that lives. */
static void check_taken_socket(void **state)
{
    char *folder = temp_folder("http");
    CLEANUP(bytes_done) struct bytes listen = {0};
    struct err err = {0};
    int fd = -1;
    (void) state;
    bytes_printf(&listen, "unix:%s/metrics.sock", folder);
    struct scene *s = scene_open_plain(bytes_text(&listen), &none);
    assert_status(http_listen(bytes_text(&listen), &fd, &err), ERR_UNAVAILABLE, &err);
    struct client c = client_unix(s, bytes_text(&listen) + 5);
    client_send(&c, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    client_answer(&c, 200, NULL);
    client_done(&c);
    scene_close(s);
    remove_tree(folder);
    free(folder);
}

static void check_inherited(void **state)
{
    struct err err = {0};
    CLEANUP(bytes_done) struct bytes listen = {0};
    int fd = -1;
    (void) state;
    assert_status(http_listen("127.0.0.1:0", &fd, &err), OK, &err);
    int on = 0;
    socklen_t size = sizeof(on);
    assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &size), 0);
    assert_true(on);
    bytes_printf(&listen, "fd:%d", fd);
    struct scene *s = scene_open_plain(bytes_text(&listen), &none);
    assert_true(s->port > 0);
    struct client c = client_plain(s);
    client_send(&c, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    client_answer(&c, 200, NULL);
    client_done(&c);
    scene_close(s);
    assert_int_equal(close(fd), 0);
}

/* [::] listens for IPv4 too, and its peers are counted as what they are. */
static void check_both_families(void **state)
{
    int fd = -1;
    (void) state;
    if (http_listen("[::]:0", &fd, NULL) != OK) {
        print_message("THIS MACHINE HAS NO IPv6: [::] is not tested\n");
        return;
    }
    assert_int_equal(close(fd), 0);
    struct scene *s = scene_open_plain("[::]:0", &none);
    struct client c = client_plain(s);
    client_send(&c, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, s->waiting_count == 1);
    assert_string_equal(http_exchange_peer(s->waiting[0])->text, "127.0.0.1");
    assert_true(strlen(http_exchange_id(s->waiting[0])) > 16);
    scene_answer(s, "");
    client_answer(&c, 200, NULL);
    client_done(&c);
    scene_close(s);
}

/* requests.txt again, this time through the whole machine. */
static void check_raw_request(void **state)
{
    const struct raw_request *row = *state;
    struct scene *s = scene_open_plain(
        "127.0.0.1:0", &(struct http_limits){.linger_time = 100 * MILLISECOND});
    struct client c = client_plain(s);
    CLEANUP(bytes_done) struct bytes body = {0};
    int code = (int) strtol(row->expected, NULL, 10);
    client_send_bytes(&c, row->bytes);
    if (code != 0) {
        client_answer(&c, code, &body);
        assert_non_null(strstr(bytes_text(&body), row->expected + 4));
        client_until_end(&c);
        assert_int_equal(c.got.size, 0); /* one answer, whatever stood behind */
        assert_int_equal(s->routed, 0);
    } else if (strcmp(row->expected, "incomplete") == 0) {
        scene_turn(s, 5 * MILLISECOND);
        client_read(&c);
        assert_int_equal(c.end, OPEN);
        assert_int_equal(c.got.size, 0);
    } else {
        scene_until(s, s->routed > 0);
    }
    client_done(&c);
    scene_until(s, s->metrics->connections_open == 0);
    scene_close(s);
}

int main(void)
{
    struct arena *arena = arena_new();
    size_t count = 0;
    const struct raw_request *requests = raw_requests_read(arena, &count);
    add_rows(requests, count, sizeof(*requests), check_raw_request);
    add_test("a request over TLS gets its answer", check_one);
    add_test("a connection serves many requests without delay", check_keep_alive);
    add_test("pipelined requests are answered one at a time and in order", check_pipelined);
    add_test("a body of 1 MiB arrives whole", check_large_body);
    add_test("HEAD gets the head and the connection goes on", check_head_method);
    add_test("a peer that wants to close gets close_notify", check_close_wanted);
    add_test("a smuggled request is not executed", check_refused);
    add_test("route can answer before the body is read", check_early_answer);
    add_test("100 Continue comes only when the body is wanted", check_continue);
    add_test("an answer that cannot be sent becomes a 500", check_split);
    add_test("a client that left while we worked does no harm", check_gone_while_working);
    add_test("an answer after the server has closed does no harm",
             check_answer_after_close);
    add_test("a client that left in its body is given up", check_gone_in_body);
    add_test("a client that closes its half gets its answer", check_half_closed);
    add_test("a unix socket serves the same", check_unix_socket);
    add_test("a unix socket that is in use is not taken", check_taken_socket);
    add_test("an inherited socket serves the same", check_inherited);
    add_test("[::] serves IPv4 and knows the peer's address", check_both_families);
    int failed = run_added("flow_http_requests");
    arena_free(arena);
    return failed;
}
