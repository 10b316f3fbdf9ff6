/* SPDX-License-Identifier: Apache-2.0 */
/*
** http_scene: a real server and raw clients in one thread.
**
** The clients are sockets that do not block, with or without TLS; whoever waits for something
** turns the loop meanwhile. So a test can send half a request, look at the server's counters,
** and go on. Waiting ends with a failed assertion after ten seconds.
**
** What the server does is chosen by the path:
**
**     /echo            takes 1 MiB, answers with the body
**     /large/<n>       answers n bytes
**     /later           takes 1 MiB; the test answers, see waiting[]
**     /early           401 in route, the body is not read
**     /stream/<n>      n pieces of 64 KiB; /stream/<n>/cut ends incomplete
**     /pull            a stream whose pieces the test gives, see asking
**     /split           an answer with an impossible field
**     anything else    404 in route
*/
#ifndef CRFD_TESTS_FLOW_HTTP_SCENE_H
#define CRFD_TESTS_FLOW_HTTP_SCENE_H

#include <openssl/ssl.h>

#include "service/http/server.h"
#include "service/http/tls.h"
#include "service/loop/loop.h"
#include "tests/support/rows.h"

#define MILLISECOND (SECOND / 1000)
#define PIECE       65536

struct scene {
    struct loop *loop;
    struct http_tls *tls;
    struct http_server *server;
    char *folder;
    int port;
    const struct http_metrics *metrics;

    size_t routed, handled, abandoned;
    struct http_exchange *waiting[8]; /* of /later */
    size_t waiting_count;

    struct http_stream *asking; /* of /pull: waits for a piece */
    size_t asked;
    size_t pieces_made;
    size_t streams_over;
    bool stream_sent;
    bool drained;
};

/* An all-zero LIMITS has the defaults. LISTEN may be NULL: TLS on a port of its own. */
struct scene *scene_open(const struct http_limits *limits);
struct scene *scene_open_plain(const char *listen, const struct http_limits *limits);
void scene_close(struct scene *s); /* fails if an exchange is still open */
void scene_turn(struct scene *s, instant time);

/* Turn until CONDITION holds. */
#define scene_until(s, condition)                                                          \
    do {                                                                                   \
        instant limit_ = loop_now((s)->loop) + 10 * SECOND;                                \
        while (!(condition)) {                                                             \
            assert_true(loop_now((s)->loop) < limit_);                                     \
            loop_turn((s)->loop, loop_now((s)->loop) + MILLISECOND);                       \
        }                                                                                  \
    } while (0)

/* Answer the oldest of waiting[] with a stream as of /pull. */
void scene_answer_stream(struct scene *s);

/* Answer the oldest of waiting[] with 200 and TEXT. */
void scene_answer(struct scene *s, const char *text);

enum client_end { OPEN, ENDED, ENDED_NOTIFIED, RESET };

struct client {
    struct scene *scene;
    int fd;
    SSL *ssl; /* NULL: plain */
    struct bytes got;
    enum client_end end;
};

void make_certificate(const char *certificate_file, const char *key_file);

struct client client_plain(struct scene *s); /* connected by TCP, no TLS */
struct client client_tls(struct scene *s);   /* handshake done */
struct client client_unix(struct scene *s, const char *path);
SSL_CTX *client_context(void);
bool client_handshake(struct client *c, SSL_CTX *context); /* false: refused */
void client_done(struct client *c);

void client_send(struct client *c, const char *text);
void client_send_bytes(struct client *c, struct span bytes);
size_t client_try(struct client *c, struct span bytes); /* what goes now; 0: nothing */
void client_read(struct client *c);                     /* what is there now */
void client_until_end(struct client *c);

/* Wait for one answer with a length, take it off `got`, assert its status; the body is
 * *ret_body (owned by the caller) unless NULL. */
void client_answer(struct client *c, int wanted, struct bytes *ret_body);

#endif
