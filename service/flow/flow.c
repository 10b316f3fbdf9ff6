/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/flow.h"

#include "base/log.h"
#include "service/flow/problem.h"
#include "service/loop/loop.h"

struct flow *flow_new(struct service *service, struct http_exchange *exchange,
                      const struct route *route)
{
    struct arena *arena = arena_new();
    struct flow *flow = ARENA_NEW(arena, struct flow);
    flow->service = service;
    flow->exchange = exchange;
    flow->request = http_exchange_request(exchange);
    flow->route = route;
    flow->arena = arena;
    flow->step = route->steps;
    return flow;
}

/* ---- the end ---- */

static void log_request(const struct flow *flow, instant took, const char *id,
                        const char *peer)
{
    log_event(LOG_INFO, "request", LOG_TEXT("id", id), LOG_TEXT("route", flow->route->name),
              LOG_TEXT("study", flow->ledger != NULL ? flow->ledger->slug : "-"),
              LOG_NUMBER("status", flow->status),
              LOG_TEXT("last", flow->last != NULL ? flow->last : flow->step->name),
              LOG_NUMBER("us", took), LOG_TEXT("peer", peer), LOG_END);
}

void flow_abandon(struct flow *flow)
{
    if (!flow->replied) {
        struct http_exchange *exchange = flow->exchange;
        flow->last = "abandoned"; /* status 0: HTTP refused the body, or it never came */
        log_request(flow, loop_now(flow->service->loop) - http_exchange_began(exchange),
                    http_exchange_id(exchange), http_exchange_peer(exchange)->text);
    }
    arena_free(flow->arena);
}

/* The one place where an exchange is answered. */
static status finish(struct flow *flow, const struct http_answer *answer,
                     const struct http_producer *producer)
{
    struct http_exchange *exchange = flow->exchange;
    instant took = loop_now(flow->service->loop) - http_exchange_began(exchange);
    flow->status = answer->status;
    flow->replied = true;
    flow->exchange = NULL;
    log_request(flow, took, http_exchange_id(exchange), http_exchange_peer(exchange)->text);
    if (producer != NULL) {
        http_stream(exchange, answer, producer);
    } else {
        http_reply(exchange, answer);
    }
    return OK;
}

status flow_reply(struct flow *flow, const struct http_answer *answer)
{
    return finish(flow, answer, NULL);
}

status flow_reply_json(struct flow *flow, int code, struct span json)
{
    return flow_reply(
        flow, &(struct http_answer){.status = code,
                                    .content_type = code >= 400 ? "application/problem+json"
                                                                : "application/json",
                                    .body = json});
}

status flow_reply_stream(struct flow *flow, const char *content_type,
                         const struct http_producer *producer)
{
    return finish(flow, &(struct http_answer){.status = 200, .content_type = content_type},
                  producer);
}

/* What HTTP wants beside some of our refusals (RFC 9110 11.6.1, 10.2.3). */
static const struct {
    int status;
    struct http_answer_field field;
} fields_of_status[] = {
    {401, {"WWW-Authenticate", "Bearer"}},
    {429, {"Retry-After", "60"}},
    {503, {"Retry-After", "2"}},
};

static status reply_problem(struct flow *flow, const struct problem *problem)
{
    CLEANUP(bytes_done) struct bytes body = {0};
    struct http_answer answer = {.status = problem->status,
                                 .content_type = "application/problem+json"};
    problem_write(problem, &body);
    answer.body = span_bytes(&body);
    for (size_t i = 0; i < ARRAY_LEN(fields_of_status); i++) {
        if (fields_of_status[i].status == problem->status) {
            answer.fields = &fields_of_status[i].field;
            answer.field_count = 1;
        }
    }
    return flow_reply(flow, &answer);
}

status flow_refuse(struct flow *flow, int http_status, const char *code, const char *title)
{
    return reply_problem(flow,
                         &(struct problem){.status = http_status,
                                           .code = code,
                                           .title = title,
                                           .request_id = http_exchange_id(flow->exchange),
                                           .seq = -1});
}

static void fail(struct flow *flow, const struct err *err)
{
    const char *detail = problem_detail(err);
    if (detail == NULL || err->kind == ERR_TAMPERED) {
        log_err(LOG_ERROR, flow->step->name, err);
    }
    if (err->kind == ERR_TAMPERED && flow->ledger != NULL &&
        flow->ledger->phase == LEDGER_OPEN) {
        ledger_halt(flow->ledger, err); /* a read found it first */
    }
    struct problem problem = {.status = problem_http_status(err->kind),
                              .code = problem_code(err->kind),
                              .title = problem_title(err->kind),
                              .detail = detail,
                              .request_id = http_exchange_id(flow->exchange),
                              .seq = -1};
    (void) reply_problem(flow, &problem);
}

/* ---- the runner ---- */

void flow_run(struct flow *flow)
{
    struct err err;
    if (flow->running) {
        return; /* resumed inside `ask`: the loop below goes on */
    }
    flow->running = true;
    while (!flow->replied && !flow->waiting && flow->step->name != NULL) {
        if (flow->step->ask(flow, &err) != OK) {
            flow->waiting = false;
            fail(flow, &err);
        } else if (!flow->waiting && !flow->replied) {
            flow->step++;
        }
    }
    flow->running = false;
    if (!flow->replied && !flow->waiting) {
        (void) err_set(&err, ERR_BUG, WHERE, "the steps of %s ended without an answer",
                       flow->route->name);
        flow->step = flow->route->steps;
        fail(flow, &err);
    }
    if (flow->replied) {
        arena_free(flow->arena);
    }
}

void flow_resume(struct flow *flow, status result, const struct err *err)
{
    flow->waiting = false;
    if (!flow->replied && result != OK) {
        fail(flow, err);
    } else if (!flow->replied && !flow->running) {
        flow->step++; /* resumed inside `ask`: the runner counts the step itself */
    }
    flow_run(flow);
}

static void took(void *arg, const struct pg_answer *answer)
{
    struct flow *flow = arg;
    struct err err;
    status result = answer->status;
    if (result != OK) {
        err = *answer->err;
    } else if (flow->step->take != NULL) {
        result = flow->step->take(flow, answer, &err);
    }
    flow_resume(flow, result, &err);
}

status flow_ask(struct flow *flow, struct pg_batch *batch, struct err *err)
{
    instant deadline = loop_now(flow->service->loop) + flow->service->answer_limit;
    TRY(pg_pool_ask(flow->service->readers, batch, deadline, took, flow, err));
    flow->waiting = true;
    return OK;
}

static void run_work(void *arg)
{
    struct flow *flow = arg;
    flow->work_status = flow->work(flow, &flow->work_err);
}

static void work_done(void *arg)
{
    struct flow *flow = arg;
    flow_resume(flow, flow->work_status, &flow->work_err);
}

status flow_work(struct flow *flow, status (*work)(struct flow *flow, struct err *err),
                 struct err *err)
{
    flow->work = work;
    TRY(loop_work(flow->service->loop, run_work, work_done, flow, err));
    flow->waiting = true;
    return OK;
}

status flow_park(struct flow *flow)
{
    flow->waiting = true;
    return OK;
}
