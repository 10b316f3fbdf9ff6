/* SPDX-License-Identifier: Apache-2.0 */
/*
** flow: one request from its head to its answer, as a list of steps.
**
** A route is a const table of steps that stands on one screen in the order in which things
** happen:
**
**     static const struct step read_casebook[] = {
**         {"who reads",    flow_reader,    NULL},
**         {"which",        find_subject,   NULL},
**         {"read forms",   ask_forms,      take_forms},
**         {"answer",       answer_casebook, NULL},
**         {0},
**     };
**
** A step's `ask` either goes on at once, or starts one thing to wait for: a question to
** PostgreSQL (flow_ask; the rows come to `take`), work on a thread (flow_work), or anything
** that calls flow_resume() later (flow_park). A step may end the flow early by answering.
** The runner is the only one who waits, fails, answers failures, logs (one line for each
** request) and frees.
*/
#ifndef CRFD_SERVICE_FLOW_H
#define CRFD_SERVICE_FLOW_H

#include "service/flow/ledger.h"
#include "service/http/server.h"

struct flow;

struct step {
    const char *name; /* NULL ends the list */
    status (*ask)(struct flow *flow, struct err *err);
    status (*take)(struct flow *flow, const struct pg_answer *answer, struct err *err);
};

struct route {
    enum http_method method;
    const char *path; /* "v1/studies/{study}/receipts/{seq}"; "{path...}" takes the rest */
    const struct step *steps;
    bool reads_first; /* `who reads` is asked before the body is taken */
    bool has_body;
    size_t body_limit; /* 0: the service's blob limit */
    const char *name;  /* in logs and metrics */
};

/* Who reads: a person whose assertion was verified. */
struct reader {
    const char *person, *kid;
    bool founder; /* before study.open: the configured founder, who is nobody yet */
};

#define FLOW_SEGMENTS_MAX 4

struct flow {
    struct service *service;
    struct http_exchange *exchange;
    const struct http_request *request;
    const struct route *route;
    struct arena *arena;
    struct ledger *ledger; /* of {study}; NULL where the route has none */
    struct span parameters[FLOW_SEGMENTS_MAX]; /* what stood in the {braces}, in order */
    struct reader reader;
    void *data; /* the route's own, in the arena */

    /* the runner's */
    const struct step *step;
    bool waiting, replied, running;
    const char *last; /* what the log line says of the end; NULL: the step's name */
    int status;
    status (*work)(struct flow *flow, struct err *err);
    status (*again)(struct flow *flow, struct err *err); /* of a step that waits and ends */
    status work_status;
    struct err work_err;
};

/* Begin with the step behind the ones already run. The exchange is the flow's from now
 * on. */
struct flow *flow_new(struct service *service, struct http_exchange *exchange,
                      const struct route *route);
void flow_run(struct flow *flow);
void flow_abandon(struct flow *flow); /* its body never came; valid in `abandoned` only */

/* In `ask`: start something, then return what these return. */
status flow_ask(struct flow *flow, struct pg_batch *batch, struct err *err);
status flow_work(struct flow *flow, status (*work)(struct flow *flow, struct err *err),
                 struct err *err);
status flow_park(struct flow *flow);
void flow_resume(struct flow *flow, status result, const struct err *err);

/* Answer; the flow ends with this step. Each returns OK. */
status flow_reply(struct flow *flow, const struct http_answer *answer);
status flow_reply_json(struct flow *flow, int http_status, struct span json);
/* Answer with a stream; the producer's `arg` must outlive the flow. */
status flow_reply_stream(struct flow *flow, const char *content_type,
                         const struct http_producer *producer);
/* A refusal in our own words, with a code of its own. */
status flow_refuse(struct flow *flow, int http_status, const char *code, const char *title);

#endif
