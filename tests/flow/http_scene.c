/* SPDX-License-Identifier: Apache-2.0 */
/*
** One thread for server and clients, so that nothing here races.
*/
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/flow/http_scene.h"

#include "base/text.h"
#include "tests/support/files.h"

/* ---- the layer above ---- */

struct stream {
    struct scene *scene;
    uint64_t left;
    bool cut;
};

static void make_piece(void *arg, struct http_stream *stream)
{
    struct stream *s = arg;
    static uint8_t piece[PIECE];
    if (s->left == 0) {
        http_stream_end(stream, !s->cut);
        return;
    }
    s->left--;
    s->scene->pieces_made++;
    memset(piece, 'a' + (int) (s->left % 26), sizeof(piece));
    http_stream_write(stream, span_of(piece, sizeof(piece)));
}

static void stream_over(void *arg, bool sent)
{
    struct stream *s = arg;
    s->scene->streams_over++;
    s->scene->stream_sent = sent;
    free(s);
}

static void ask_test(void *arg, struct http_stream *stream)
{
    struct scene *s = arg;
    assert_null(s->asking);
    s->asking = stream;
    s->asked++;
}

static void pull_over(void *arg, bool sent)
{
    struct scene *s = arg;
    s->asking = NULL;
    s->streams_over++;
    s->stream_sent = sent;
}

static void answer_pull(struct scene *s, struct http_exchange *exchange)
{
    http_stream(exchange, &(struct http_answer){.status = 200, .content_type = "a/b"},
                &(struct http_producer){ask_test, pull_over, s});
}

static uint64_t number_in(const struct http_request *request)
{
    uint64_t number = 0;
    assert_true(request->segment_count > 1);
    assert_true(text_to_u64(request->segments[1], UINT32_MAX, &number));
    return number;
}

static void answer_stream(struct scene *s, struct http_exchange *exchange)
{
    const struct http_request *request = http_exchange_request(exchange);
    struct stream *stream = mem_alloc(sizeof(*stream));
    *stream = (struct stream){s, number_in(request), request->segment_count > 2};
    http_stream(exchange, &(struct http_answer){.status = 200, .content_type = "a/b"},
                &(struct http_producer){make_piece, stream_over, stream});
}

static void answer_large(struct http_exchange *exchange)
{
    CLEANUP(bytes_done) struct bytes body = {0};
    uint64_t size = number_in(http_exchange_request(exchange));
    bytes_reserve(&body, size);
    for (uint64_t i = 0; i < size; i++) {
        bytes_add_char(&body, 'x');
    }
    http_reply(exchange, &(struct http_answer){.status = 200,
                                               .content_type = "a/b",
                                               .body = span_bytes(&body)});
}

static struct span name_of(struct http_exchange *exchange)
{
    const struct http_request *request = http_exchange_request(exchange);
    return request->segment_count > 0 ? request->segments[0] : (struct span){NULL, 0};
}

static void route(void *arg, struct http_exchange *exchange)
{
    static const char *const known[] = {"echo",   "large", "later",
                                        "stream", "pull",  "split"};
    struct scene *s = arg;
    s->routed++;
    http_exchange_set_context(exchange, s);
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (span_is(name_of(exchange), known[i])) {
            http_accept(exchange, 1 << 20);
            return;
        }
    }
    int code = span_is(name_of(exchange), "early") ? 401 : 404;
    http_reply(exchange, &(struct http_answer){.status = code,
                                               .content_type = "text/plain",
                                               .body = SPAN_LITERAL("no")});
}

static void handle(void *arg, struct http_exchange *exchange)
{
    static const struct http_answer_field split = {"X-Split", "a\r\nb"};
    struct scene *s = arg;
    s->handled++;
    assert_ptr_equal(http_exchange_context(exchange), s);
    if (span_is(name_of(exchange), "later")) {
        BUG_IF(s->waiting_count == ARRAY_LEN(s->waiting));
        s->waiting[s->waiting_count++] = exchange;
    } else if (span_is(name_of(exchange), "stream")) {
        answer_stream(s, exchange);
    } else if (span_is(name_of(exchange), "pull")) {
        answer_pull(s, exchange);
    } else if (span_is(name_of(exchange), "large")) {
        answer_large(exchange);
    } else {
        bool splits = span_is(name_of(exchange), "split");
        http_reply(exchange, &(struct http_answer){.status = 200,
                                                   .content_type = "text/plain",
                                                   .body = http_exchange_body(exchange),
                                                   .fields = &split,
                                                   .field_count = splits ? 1 : 0});
    }
}

static void abandoned(void *arg, struct http_exchange *exchange)
{
    struct scene *s = arg;
    s->abandoned++;
    assert_ptr_equal(http_exchange_context(exchange), s);
}

static struct http_exchange *oldest(struct scene *s)
{
    assert_true(s->waiting_count > 0);
    struct http_exchange *exchange = s->waiting[0];
    s->waiting_count--;
    memmove(s->waiting, s->waiting + 1, s->waiting_count * sizeof(s->waiting[0]));
    return exchange;
}

void scene_answer_stream(struct scene *s)
{
    answer_pull(s, oldest(s));
}

void scene_answer(struct scene *s, const char *text)
{
    struct http_exchange *exchange = oldest(s);
    http_reply(exchange, &(struct http_answer){.status = 200,
                                               .content_type = "text/plain",
                                               .body = span_text(text)});
}

/* ---- the scene ---- */

static void open_server(struct scene *s, const char *listen,
                        const struct http_limits *limits)
{
    struct err err = {0};
    const struct http_handler handler = {route, handle, abandoned, s};
    struct http_settings settings = {.listen = listen, .tls = s->tls, .limits = *limits};
    assert_status(http_server_open(s->loop, &settings, &handler, &s->server, &err), OK,
                  &err);
    s->port = http_server_port(s->server);
    s->metrics = http_server_metrics(s->server);
}

struct scene *scene_open_plain(const char *listen, const struct http_limits *limits)
{
    struct err err = {0};
    struct scene *s = mem_alloc(sizeof(*s));
    struct loop_options options = {0};
    assert_status(loop_new(&options, &s->loop, &err), OK, &err);
    open_server(s, listen, limits);
    return s;
}

struct scene *scene_open(const struct http_limits *limits)
{
    struct err err = {0};
    struct scene *s = mem_alloc(sizeof(*s));
    struct loop_options options = {0};
    CLEANUP(bytes_done) struct bytes certificate = {0};
    CLEANUP(bytes_done) struct bytes key = {0};
    assert_status(loop_new(&options, &s->loop, &err), OK, &err);
    s->folder = temp_folder("http");
    bytes_printf(&certificate, "%s/cert.pem", s->folder);
    bytes_printf(&key, "%s/key.pem", s->folder);
    make_certificate(bytes_text(&certificate), bytes_text(&key));
    assert_status(http_tls_new(bytes_text(&certificate), bytes_text(&key), &s->tls, &err),
                  OK, &err);
    open_server(s, "127.0.0.1:0", limits);
    return s;
}

void scene_close(struct scene *s)
{
    if (s->server != NULL) {
        assert_int_equal(s->metrics->exchanges_open, 0);
        assert_int_equal(s->metrics->body_memory, 0);
    }
    http_server_close(s->server);
    http_tls_free(s->tls);
    scene_turn(s, MILLISECOND); /* libevent frees a bufferevent in the next turn */
    loop_free(s->loop);
    if (s->folder != NULL) {
        remove_tree(s->folder);
        free(s->folder);
    }
    free(s);
}

void scene_turn(struct scene *s, instant time)
{
    instant end = loop_now(s->loop) + time;
    while (loop_now(s->loop) < end) {
        loop_turn(s->loop, end);
    }
}

void make_certificate(const char *certificate_file, const char *key_file)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    assert_non_null(key);
    assert_non_null(certificate);
    assert_int_equal(X509_set_version(certificate, 2), 1);
    assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1), 1);
    assert_non_null(X509_gmtime_adj(X509_getm_notBefore(certificate), -3600));
    assert_non_null(X509_gmtime_adj(X509_getm_notAfter(certificate), 3600));
    assert_int_equal(X509_set_pubkey(certificate, key), 1);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);

    FILE *file = fopen(certificate_file, "w");
    assert_non_null(file);
    assert_int_equal(PEM_write_X509(file, certificate), 1);
    assert_int_equal(fclose(file), 0);
    mode_t before = umask(0077);
    file = fopen(key_file, "w");
    (void) umask(before);
    assert_non_null(file);
    assert_int_equal(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), 1);
    assert_int_equal(fclose(file), 0);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

/* ---- clients ---- */

static struct client connected(struct scene *s, int family, const void *address,
                               socklen_t size)
{
    struct client c = {.scene = s};
    c.fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(c.fd >= 0);
    assert_int_equal(connect(c.fd, (const struct sockaddr *) address, size), 0);
    assert_int_equal(fcntl(c.fd, F_SETFL, O_NONBLOCK), 0);
    return c;
}

struct client client_plain(struct scene *s)
{
    struct sockaddr_in four = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t) s->port),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return connected(s, AF_INET, &four, sizeof(four));
}

struct client client_unix(struct scene *s, const char *path)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    assert_true(text_copy(local.sun_path, sizeof(local.sun_path), path));
    return connected(s, AF_UNIX, &local, sizeof(local));
}

SSL_CTX *client_context(void)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    assert_non_null(context);
    (void) SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                         SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return context;
}

bool client_handshake(struct client *c, SSL_CTX *context)
{
    c->ssl = SSL_new(context);
    assert_non_null(c->ssl);
    assert_int_equal(SSL_set_fd(c->ssl, c->fd), 1);
    for (;;) {
        ERR_clear_error();
        int answer = SSL_connect(c->ssl);
        int why = SSL_get_error(c->ssl, answer);
        if (answer == 1) {
            return true;
        }
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
            ERR_clear_error();
            return false;
        }
        scene_turn(c->scene, MILLISECOND);
    }
}

struct client client_tls(struct scene *s)
{
    struct client c = client_plain(s);
    SSL_CTX *context = client_context();
    assert_true(client_handshake(&c, context));
    SSL_CTX_free(context);
    return c;
}

void client_done(struct client *c)
{
    SSL_free(c->ssl);
    (void) close(c->fd);
    bytes_done(&c->got);
    *c = (struct client){.fd = -1};
}

size_t client_try(struct client *c, struct span bytes)
{
    size_t size = 0;
    if (c->ssl == NULL) {
        ssize_t sent = send(c->fd, bytes.data, bytes.size, MSG_NOSIGNAL);
        return sent > 0 ? (size_t) sent : 0;
    }
    ERR_clear_error();
    return SSL_write_ex(c->ssl, bytes.data, bytes.size, &size) == 1 ? size : 0;
}

void client_send_bytes(struct client *c, struct span bytes)
{
    instant limit = loop_now(c->scene->loop) + 10 * SECOND;
    while (bytes.size > 0) {
        size_t sent = client_try(c, bytes);
        bytes = span_of(bytes.data + sent, bytes.size - sent);
        if (sent == 0) {
            assert_true(loop_now(c->scene->loop) < limit);
            scene_turn(c->scene, MILLISECOND);
        }
    }
}

void client_send(struct client *c, const char *text)
{
    client_send_bytes(c, span_text(text));
}

static void read_tls(struct client *c)
{
    uint8_t buffer[16384];
    size_t size = 0;
    ERR_clear_error();
    while (SSL_read_ex(c->ssl, buffer, sizeof(buffer), &size) == 1) {
        bytes_add(&c->got, buffer, size);
    }
    int why = SSL_get_error(c->ssl, 0);
    if (why == SSL_ERROR_ZERO_RETURN) {
        c->end = ENDED_NOTIFIED;
    } else if (why == SSL_ERROR_SYSCALL) {
        c->end = RESET;
    } else if (why == SSL_ERROR_SSL) {
        c->end = ENDED; /* "unexpected eof while reading" */
    }
    ERR_clear_error();
}

void client_read(struct client *c)
{
    uint8_t buffer[16384];
    ssize_t size = 0;
    if (c->end != OPEN) {
        return;
    }
    if (c->ssl != NULL) {
        read_tls(c);
        return;
    }
    while ((size = recv(c->fd, buffer, sizeof(buffer), 0)) > 0) {
        bytes_add(&c->got, buffer, (size_t) size);
    }
    if (size == 0) {
        c->end = ENDED;
    } else if (errno != EAGAIN) {
        c->end = RESET;
    }
}

void client_until_end(struct client *c)
{
    scene_until(c->scene, (client_read(c), c->end != OPEN));
}

/* The size of the first answer in GOT, 0 while it is not whole. */
static size_t answer_size(const struct bytes *got, size_t *ret_head)
{
    const char *text = bytes_text(got);
    const char *end = strstr(text, "\r\n\r\n");
    const char *length = strstr(text, "Content-Length: ");
    if (end == NULL) {
        return 0;
    }
    size_t head = (size_t) (end - text) + 4;
    size_t body = length != NULL && length < end ? strtoul(length + 16, NULL, 10) : 0;
    *ret_head = head;
    return got->size >= head + body ? head + body : 0;
}

void client_answer(struct client *c, int wanted, struct bytes *ret_body)
{
    size_t head = 0;
    size_t size = 0;
    scene_until(c->scene, (client_read(c), size = answer_size(&c->got, &head)) != 0 ||
                              c->end != OPEN);
    if (size == 0) {
        print_error("no answer but '%s'\n", bytes_text(&c->got));
    }
    assert_true(size > 0);
    int code = (int) strtol(bytes_text(&c->got) + 9, NULL, 10);
    if (code != wanted) {
        print_error("%s\n", bytes_text(&c->got));
    }
    assert_int_equal(code, wanted);
    if (ret_body != NULL) {
        bytes_clear(ret_body);
        bytes_add(ret_body, c->got.data + head, size - head);
    }
    struct bytes rest = {0};
    bytes_add(&rest, c->got.data + size, c->got.size - size);
    bytes_done(&c->got);
    c->got = rest;
}
