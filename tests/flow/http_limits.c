/* SPDX-License-Identifier: Apache-2.0 */
/*
** Slow, greedy and broken clients: every phase ends at its absolute deadline, and nothing a
** client does makes us hold more than the limits say.
*/
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/flow/http_scene.h"

#define GET_ECHO "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"

/* Send TEXT a byte every 20 ms until the server has had enough; returns how long it took. */
static instant trickle(struct client *c, const char *text)
{
    struct scene *s = c->scene;
    instant start = loop_now(s->loop);
    size_t at = 0;
    while (c->end == OPEN && c->got.size == 0) {
        assert_true(loop_now(s->loop) - start < 5 * SECOND);
        at += client_try(c, span_of(text + at, strlen(text + at) > 0 ? 1 : 0));
        scene_turn(s, 20 * MILLISECOND);
        client_read(c);
    }
    return loop_now(s->loop) - start;
}

static const char long_head[] =
    "GET "
    "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaa";

static void check_slow_head(void **state)
{
    struct scene *s = scene_open(&(struct http_limits){.head_time = 300 * MILLISECOND});
    struct client c = client_tls(s);
    (void) state;
    instant time = trickle(&c, long_head);
    assert_in_range(time, 200 * MILLISECOND, 3 * SECOND);
    client_answer(&c, 408, NULL);
    client_until_end(&c);
    assert_int_equal(s->metrics->refused[HTTP_RULE_HEAD_TIMEOUT], 1);
    client_done(&c);
    scene_close(s);
}

static void check_half_request(void **state)
{
    struct scene *s = scene_open(&(struct http_limits){.head_time = 200 * MILLISECOND});
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "GET /echo HTTP/1.1\r\nHo");
    client_answer(&c, 408, NULL);
    client_until_end(&c);
    client_done(&c);
    scene_close(s);
}

static void check_slow_body(void **state)
{
    struct scene *s = scene_open(&(struct http_limits){.body_time = 300 * MILLISECOND});
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
    instant time = trickle(&c, long_head);
    assert_in_range(time, 200 * MILLISECOND, 3 * SECOND);
    client_answer(&c, 408, NULL);
    client_until_end(&c);
    assert_int_equal(s->abandoned, 1);
    assert_int_equal(s->handled, 0);
    client_done(&c);
    scene_close(s);
}

static void check_slow_handshake(void **state)
{
    struct scene *s =
        scene_open(&(struct http_limits){.handshake_time = 300 * MILLISECOND});
    struct client c = client_plain(s);
    char hello[200] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    (void) state;
    memset(hello + 11, 'r', sizeof(hello) - 12);
    hello[3] = 1; /* no NUL before the end of what is sent */
    hello[6] = 1;
    instant time = trickle(&c, hello);
    assert_in_range(time, 200 * MILLISECOND, 3 * SECOND);
    assert_true(s->metrics->refused[HTTP_RULE_HANDSHAKE_TIMEOUT] +
                    s->metrics->refused[HTTP_RULE_HANDSHAKE] ==
                1);
    client_done(&c);
    scene_close(s);
}

static void check_silent_handshake(void **state)
{
    struct scene *s =
        scene_open(&(struct http_limits){.handshake_time = 200 * MILLISECOND});
    struct client c = client_plain(s);
    (void) state;
    client_until_end(&c);
    assert_int_equal(s->metrics->refused[HTTP_RULE_HANDSHAKE_TIMEOUT], 1);
    client_done(&c);
    scene_close(s);
}

static void check_idle(void **state)
{
    struct scene *s = scene_open(&(struct http_limits){.idle_time = 200 * MILLISECOND});
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, GET_ECHO);
    client_answer(&c, 200, NULL);
    client_until_end(&c);
    assert_int_equal(c.end, ENDED_NOTIFIED);
    assert_int_equal(c.got.size, 0);
    client_done(&c);
    scene_close(s);
}

/* The client takes nothing of a large answer. */
static void check_unread_answer(void **state)
{
    struct scene *s = scene_open(
        &(struct http_limits){.write_time = 300 * MILLISECOND, .write_rate = 1 << 30});
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "GET /large/40000000 HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, s->metrics->refused[HTTP_RULE_WRITE_TIMEOUT] == 1);
    assert_int_equal(s->metrics->connections_open, 0);
    client_until_end(&c);
    assert_int_not_equal(c.end, ENDED_NOTIFIED);
    client_done(&c);
    scene_close(s);
}

static const struct garbage {
    const char *name;
    const char *text;
    int code;
} garbage[] = {
    {"binary garbage is refused at once", "\x01\x02\x03", 400},
    {"bare line feeds are refused at once", "GET / HTTP/1.1\nHost: a\n", 400},
    {"an empty line is refused at once", "\r\n", 400},
    {"chunks are refused",
     "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
     "5\r\nhello\r\n0\r\n\r\n",
     501},
    {"HTTP/2 is refused", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
    {"a missing length is refused", "POST /echo HTTP/1.1\r\nHost: a\r\n\r\n", 411},
    {"an unknown expectation is refused",
     "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: x\r\n\r\n1", 417},
};

static void check_garbage(void **state)
{
    const struct garbage *row = *state;
    struct scene *s = scene_open(&(struct http_limits){0});
    struct client c = client_tls(s);
    client_send(&c, row->text);
    client_answer(&c, row->code, NULL);
    client_until_end(&c);
    assert_int_equal(c.end, ENDED_NOTIFIED);
    assert_int_equal(c.got.size, 0);
    assert_int_equal(s->routed, 0);
    client_done(&c);
    scene_close(s);
}

static void check_endless_head(void **state)
{
    struct scene *s = scene_open(&(struct http_limits){0});
    struct client c = client_tls(s);
    CLEANUP(bytes_done) struct bytes field = {0};
    (void) state;
    client_send(&c, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
    for (int i = 0; i < 20000; i++) {
        bytes_add_char(&field, 'y');
    }
    client_send_bytes(&c, span_bytes(&field));
    client_answer(&c, 431, NULL);
    client_done(&c);
    scene_close(s);
}

/* 413 comes before a byte of the body, and arrives though the client goes on sending. */
static void check_huge_body(void **state)
{
    struct scene *s = scene_open(&(struct http_limits){0});
    struct client c = client_tls(s);
    static const uint8_t piece[32768];
    (void) state;
    client_send(&c, "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n");
    for (int i = 0; i < 16; i++) {
        (void) client_try(&c, span_of(piece, sizeof(piece)));
    }
    client_answer(&c, 413, NULL);
    for (int i = 0; i < 16; i++) {
        (void) client_try(&c, span_of(piece, sizeof(piece)));
        scene_turn(s, MILLISECOND);
    }
    client_until_end(&c);
    assert_int_equal(c.end, ENDED_NOTIFIED);
    assert_int_equal(s->metrics->refused[HTTP_RULE_BODY_TOO_LARGE], 1);
    assert_int_equal(s->abandoned, 1);
    client_done(&c);
    scene_close(s);
}

static void check_body_memory(void **state)
{
    struct scene *s = scene_open(&(struct http_limits){.body_memory = 1000});
    struct client first = client_tls(s);
    struct client second = client_tls(s);
    (void) state;
    client_send(&first, "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n");
    scene_until(s, s->metrics->body_memory == 900);
    client_send(&second, "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 200\r\n\r\n");
    client_answer(&second, 503, NULL);
    client_done(&first);
    scene_until(s, s->metrics->body_memory == 0);
    client_done(&second);
    scene_close(s);
}

/* What one client does not take, others cannot have; who takes it makes room. */
static void check_answer_memory(void **state)
{
    struct scene *s = scene_open(&(struct http_limits){.answer_memory = 10 << 20});
    struct client slow = client_tls(s);
    struct client other = client_tls(s);
    (void) state;
    client_send(&slow, "GET /large/40000000 HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, s->metrics->answer_memory > 40000000);
    client_send(&other, "GET /large/1000000 HTTP/1.1\r\nHost: a\r\n\r\n");
    client_answer(&other, 503, NULL);
    client_send(&other, GET_ECHO); /* small, and on the same connection */
    client_answer(&other, 200, NULL);
    assert_int_equal(s->metrics->refused[HTTP_RULE_OVERLOADED], 1);
    client_done(&slow);
    scene_until(s, s->metrics->answer_memory == 0);
    client_send(&other, "GET /large/1000000 HTTP/1.1\r\nHost: a\r\n\r\n");
    client_answer(&other, 200, NULL);
    scene_until(s, s->metrics->answer_memory == 0);
    client_done(&other);
    scene_close(s);
}

/* Requests without end behind an answer nobody reads: the server stops reading. */
static void check_pipelined_flood(void **state)
{
    struct scene *s = scene_open_plain("127.0.0.1:0", &(struct http_limits){0});
    struct client c = client_plain(s);
    CLEANUP(bytes_done) struct bytes many = {0};
    size_t sent = 0;
    instant quiet_since = loop_now(s->loop);
    (void) state;
    bytes_add_text(&many, "GET /large/10000000 HTTP/1.1\r\nHost: a\r\n\r\n");
    while (many.size < 1 << 20) {
        bytes_add_text(&many, GET_ECHO);
    }
    while (loop_now(s->loop) - quiet_since < 500 * MILLISECOND) {
        size_t now = client_try(&c, span_bytes(&many));
        sent += now;
        quiet_since = now > 0 ? loop_now(s->loop) : quiet_since;
        scene_turn(s, MILLISECOND);
        assert_true(sent < (size_t) 64 << 20); /* the kernel's buffers, and no more */
    }
    assert_int_equal(s->metrics->requests, 1);
    client_done(&c);
    scene_close(s);
}

static void check_cap(struct scene *s, enum http_rule rule)
{
    struct client c[3];
    for (size_t i = 0; i < ARRAY_LEN(c); i++) {
        c[i] = client_plain(s);
    }
    scene_until(s, s->metrics->refused[rule] == 1);
    client_until_end(&c[2]);
    assert_int_equal(s->metrics->connections_open, 2);
    client_send(&c[1], GET_ECHO);
    client_answer(&c[1], 200, NULL);
    for (size_t i = 0; i < ARRAY_LEN(c); i++) {
        client_done(&c[i]);
    }
    scene_until(s, s->metrics->connections_open == 0);
}

static void check_caps(void **state)
{
    (void) state;
    struct scene *s =
        scene_open_plain("127.0.0.1:0", &(struct http_limits){.connections = 2});
    check_cap(s, HTTP_RULE_CONNECTIONS);
    struct client c = client_plain(s);
    client_send(&c, GET_ECHO);
    client_answer(&c, 200, NULL); /* room again */
    client_done(&c);
    scene_close(s);
    s = scene_open_plain("127.0.0.1:0",
                         &(struct http_limits){.connections_per_address = 2});
    check_cap(s, HTTP_RULE_ADDRESS_CONNECTIONS);
    scene_close(s);
    s = scene_open_plain("127.0.0.1:0", &(struct http_limits){.connects_per_minute = 2});
    check_cap(s, HTTP_RULE_CONNECTION_RATE);
    scene_close(s);
}

static void check_request_rate(void **state)
{
    struct scene *s = scene_open(&(struct http_limits){.requests_per_minute = 3});
    struct client c = client_tls(s);
    (void) state;
    for (int i = 0; i < 3; i++) {
        client_send(&c, GET_ECHO);
        client_answer(&c, 200, NULL);
    }
    client_send(&c, GET_ECHO);
    scene_until(s, (client_read(&c), strstr(bytes_text(&c.got), "Retry-After: ") != NULL));
    client_answer(&c, 429, NULL);
    assert_int_equal(s->handled, 3);
    client_done(&c);
    scene_close(s);
}

/* Out of descriptors: the loop rests, and the door opens again. */
static void check_descriptors(void **state)
{
    struct scene *s = scene_open_plain("127.0.0.1:0", &(struct http_limits){0});
    struct client c[2] = {client_plain(s), client_plain(s)};
    struct rlimit before;
    (void) state;
    int lowest_free = fcntl(0, F_DUPFD, 0);
    assert_true(lowest_free >= 0);
    assert_int_equal(close(lowest_free), 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    const struct rlimit low = {.rlim_cur = (rlim_t) lowest_free,
                               .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    scene_turn(s, 350 * MILLISECOND);
    uint64_t tries = s->metrics->refused[HTTP_RULE_DESCRIPTORS];
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_in_range(tries, 1, 5);
    client_until_end(&c[0]); /* it knows */
    client_done(&c[0]);
    client_done(&c[1]);
    struct client late = client_plain(s);
    client_send(&late, GET_ECHO);
    client_answer(&late, 200, NULL);
    client_done(&late);
    scene_close(s);
}

static void on_drained(void *arg)
{
    struct scene *s = arg;
    assert_false(s->drained);
    s->drained = true;
}

static void check_drain(void **state)
{
    struct scene *s = scene_open(&(struct http_limits){0});
    struct client idle = client_tls(s);
    struct client busy = client_tls(s);
    (void) state;
    client_send(&busy, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n" GET_ECHO);
    scene_until(s, s->waiting_count == 1);
    http_server_drain(s->server, 10 * SECOND, on_drained, s);
    client_until_end(&idle);
    assert_int_equal(idle.end, ENDED_NOTIFIED);
    scene_turn(s, 20 * MILLISECOND);
    assert_false(s->drained);

    scene_answer(s, "in time");
    client_until_end(&busy);
    assert_int_equal(busy.end, ENDED_NOTIFIED);
    assert_non_null(strstr(bytes_text(&busy.got), "Connection: close\r\n"));
    assert_non_null(strstr(bytes_text(&busy.got), "in time"));
    client_done(&idle);
    client_done(&busy);
    scene_until(s, s->drained);
    assert_int_equal(s->routed, 1);
    assert_int_equal(s->metrics->refused[HTTP_RULE_DRAIN_CUT], 0);
    scene_close(s);
}

static void check_drain_deadline(void **state)
{
    struct scene *s = scene_open(&(struct http_limits){0});
    struct client c = client_tls(s);
    (void) state;
    client_send(&c, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    scene_until(s, s->waiting_count == 1);
    http_server_drain(s->server, 100 * MILLISECOND, on_drained, s);
    scene_until(s, s->drained);
    assert_int_equal(s->metrics->refused[HTTP_RULE_DRAIN_CUT], 1);
    client_until_end(&c);
    scene_answer(s, "too late");
    client_done(&c);
    scene_close(s);
}

static void check_drain_nothing(void **state)
{
    struct scene *s = scene_open(&(struct http_limits){0});
    (void) state;
    http_server_drain(s->server, 10 * SECOND, on_drained, s);
    assert_false(s->drained); /* from the loop, not from within */
    scene_until(s, s->drained);
    scene_close(s);
}

int main(void)
{
    add_test("a head that trickles in is cut at its deadline", check_slow_head);
    add_test("half a request is cut at its deadline", check_half_request);
    add_test("a body that trickles in is cut at its deadline", check_slow_body);
    add_test("a handshake that trickles in is cut at its deadline", check_slow_handshake);
    add_test("a silent handshake is cut at its deadline", check_silent_handshake);
    add_test("an idle connection is closed with close_notify", check_idle);
    add_test("an answer that is not read is cut at its deadline", check_unread_answer);
    add_rows(garbage, ARRAY_LEN(garbage), sizeof(garbage[0]), check_garbage);
    add_test("an endless head is refused", check_endless_head);
    add_test("a huge body is refused before it is read", check_huge_body);
    add_test("bodies have a limit together", check_body_memory);
    add_test("answers that nobody takes have a limit together", check_answer_memory);
    add_test("requests behind an unread answer stay outside", check_pipelined_flood);
    add_test("connections are capped in all, by address and by rate", check_caps);
    add_test("requests of one address are capped", check_request_rate);
    add_test("without descriptors the loop rests and recovers", check_descriptors);
    add_test("drain answers what has begun and closes what is idle", check_drain);
    add_test("drain ends at its deadline", check_drain_deadline);
    add_test("drain of nothing ends at once", check_drain_nothing);
    return run_added("flow_http_limits");
}
