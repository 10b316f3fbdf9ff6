/* SPDX-License-Identifier: Apache-2.0 */
/*
** https: one connection to one server, blocking. The only place that knows libcurl.
**
**     CLEANUP(https_closep) struct https *https = NULL;
**     TRY(https_open(&config, &https, err));
**     CLEANUP(https_answer_done) struct https_answer answer = {0};
**     TRY(https_do(https, &(struct https_request){"GET", "/v1/studies"}, &answer, err));
**
** https only, TLS 1.3 only, no redirects, no proxies from the environment, no signals, every
** body bounded, every wait bounded. The server is the one the configuration trusts: the
** system's authorities, or the authority (or the server's own certificate) given as PEM, or a
** server key known by its SHA-256; what is given must hold.
**
** https_do() returns OK whenever a whole HTTP answer came, whatever its status code is. It
** fails with ERR_UNAVAILABLE (no connection, broken off, too slow: try again),
** ERR_UNAUTHENTIC (it is not our server, or not TLS 1.3), ERR_TOO_LARGE (an answer over
** `limit`), ERR_BAD_INPUT (not HTTP, a redirect).
*/
#ifndef CRFD_CLIENTS_HTTPS_H
#define CRFD_CLIENTS_HTTPS_H

#include "base/clock.h"
#include "base/json.h"

struct https;

struct https_config {
    const char *url;       /* "https://edc.example.org:8443", no path */
    const char *authority; /* PEM, or NULL */
    const char *pin;       /* "sha256//<base64 of SHA-256 of the server's public key>" */
    const char *language;  /* Accept-Language, or NULL */
    int connect_seconds;   /* 0: 10 */
    int answer_seconds; /* of one answer; 0: 60. Streams: silence longer than this ends */
};

MUST_USE status https_open(const struct https_config *config, struct https **ret_https,
                           struct err *err);
void https_close(struct https *https); /* accepts NULL */
void https_closep(struct https **https);

/* Takes the next piece of a body; anything but OK ends the transfer with that status. */
typedef status https_sink(void *arg, struct span piece, struct err *err);

struct https_request {
    const char *method; /* GET, POST, PUT */
    const char *path;   /* "/v1/studies/MABS06/records", with its query, encoded */
    const char *bearer; /* compact JWS, or NULL */
    const char *media;  /* of the body, or NULL */
    struct span body;
    size_t limit;     /* of the answer; 0: 1 MiB (HTTPS_ANSWER_LIMIT) */
    const char *etag; /* If-None-Match, or NULL */
    https_sink *sink; /* gets the body of a 200 piecewise; NULL: answer.body has it */
    void *arg;
};

#define HTTPS_ANSWER_LIMIT ((size_t) 1 << 20)

struct https_answer {
    long code;
    struct bytes body;
    char media[80];  /* Content-Type without parameters, lower case */
    char etag[80];   /* "" when there was none */
    int retry_after; /* seconds; 0: none said */
};

void https_answer_done(struct https_answer *answer);

MUST_USE status https_do(struct https *https, const struct https_request *request,
                         struct https_answer *ret_answer, struct err *err);

/* The same until an answer comes that is not 429 or 503, with the same bytes each time,
 * waiting Retry-After or 1, 2, 4 ... 15 seconds, for at most SECONDS. The last answer or
 * failure is what is returned. A request with a sink is tried once. */
MUST_USE status https_do_for(struct https *https, const struct https_request *request,
                             int seconds, struct https_answer *ret_answer, struct err *err);

/* ---- problem+json (RFC 9457), the refusals of RECORDS.md chapter 4 ---- */

/* A finding as the service sends it, in a refusal or in an answer. */
struct served_finding {
    const char *rule, *act, *object, *path, *message, *help; /* "" when absent */
    bool due; /* still to come; nothing is asked now */
};

struct served_findings {
    const struct served_finding *items;
    size_t count;
};

struct problem {
    long code;
    const char *type, *title, *detail, *request_id; /* "" when absent */
    struct served_findings findings;
    const char *receipt;     /* of the reject entry, or NULL */
    const struct json *root; /* further members ("current": {seq, leaf}), or NULL */
};

#define SERVED_FINDINGS_MAX 1000

/* Read a refusal. An answer that is not problem+json still makes a problem, with the code and
 * a sentence for it; so this cannot fail. Texts live in ARENA, control characters in them
 * are replaced: they go to a terminal. */
void problem_read(const struct https_answer *answer, struct arena *arena,
                  struct problem *ret_problem);

/* Is its type "urn:crfd:problem:<NAME>"? */
bool problem_is(const struct problem *problem, const char *name);

/* The list of findings LIST (NULL or anything else: none). */
struct served_findings findings_read(const struct json *list, struct arena *arena);

/* Fill ERR from a refusal and return the kind that fits it. A log that was halted, or that
 * does not have the checkpoint we verified, is ERR_TAMPERED. */
status problem_status(const struct problem *problem, struct err *err);

#endif
