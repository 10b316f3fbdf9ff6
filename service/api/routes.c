/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "crypto/jws.h"
#include "service/api/api.h"
#include "service/flow/problem.h"

/* method, path, steps, who reads before the body, has a body, its limit, name */
#define STUDY "v1/studies/{study}"
static const struct route study_routes[] = {
    {HTTP_GET, "v1/studies", api_studies, false, false, 0, "studies"},
    {HTTP_GET, STUDY, api_passport, false, false, 0, "passport"},
    {HTTP_POST, STUDY "/records", api_submit, false, true, JWS_SIZE_MAX, "submit"},
    {HTTP_GET, STUDY "/records/{jti}", api_answer, false, false, 0, "answer"},
    {HTTP_PUT, STUDY "/blobs/{sha256}", api_put_blob, true, true, 0, "put blob"},
    {HTTP_GET, STUDY "/blobs/{sha256}", api_get_blob, false, false, 0, "get blob"},
    {HTTP_GET, STUDY "/checkpoint", api_checkpoint, false, false, 0, "checkpoint"},
    {HTTP_GET, STUDY "/tile/{path...}", api_tile, false, false, 0, "tile"},
    {HTTP_GET, STUDY "/receipts/{seq}", api_receipt, false, false, 0, "receipt"},
    {HTTP_GET, STUDY "/bodies", api_bodies, false, false, 0, "bodies"},
    {HTTP_GET, STUDY "/subjects", api_subjects, false, false, 0, "subjects"},
    {HTTP_GET, STUDY "/subjects/{subject}", api_casebook, false, false, 0, "casebook"},
    {HTTP_GET, STUDY "/history", api_history, false, false, 0, "history"},
    {HTTP_GET, STUDY "/people", api_people, false, false, 0, "people"},
    {HTTP_GET, STUDY "/sites", api_sites, false, false, 0, "sites"},
    {HTTP_GET, STUDY "/queries", api_queries, false, false, 0, "queries"},
    {HTTP_GET, STUDY "/safety", api_safety, false, false, 0, "safety"},
    {HTTP_GET, "healthz", api_healthz, false, false, 0, "healthz"},
    {HTTP_GET, "readyz", api_readyz, false, false, 0, "readyz"},
    {HTTP_GET, "openapi.json", api_openapi, false, false, 0, "openapi"},
    {.path = NULL},
};

static const struct route operator_routes[] = {
    {HTTP_GET, "healthz", api_healthz, false, false, 0, "healthz"},
    {HTTP_GET, "readyz", api_readyz, false, false, 0, "readyz"},
    {HTTP_GET, "metrics", api_metrics, false, false, 0, "metrics"},
    {.path = NULL},
};

/* For log line and answer of what leads nowhere. */
static status no_route(struct flow *flow, struct err *err)
{
    (void) err;
    return flow_refuse(flow, 404, "not-found", "There is no such route; see /openapi.json");
}

static status no_method(struct flow *flow, struct err *err);

static const struct step no_route_steps[] = {{"route", no_route, NULL}, {0}};
static const struct step no_method_steps[] = {{"method", no_method, NULL}, {0}};
static const struct route no_route_route = {.steps = no_route_steps, .name = "none"};
static const struct route no_method_route = {.steps = no_method_steps, .name = "none"};

/* Does the request's path fit PATH? Fill the parameters. */
static bool matches(const struct http_request *request, const char *path,
                    struct span ret_parameters[FLOW_SEGMENTS_MAX])
{
    struct span rest = span_text(path);
    size_t at = 0;
    size_t parameters = 0;
    while (rest.size > 0) {
        struct span part;
        if (!span_cut(&rest, '/', &part)) {
            part = rest;
            rest.size = 0;
        }
        if (at == request->segment_count) {
            return false;
        }
        if (span_is(part, "{path...}")) {
            ret_parameters[parameters] =
                span_of(NULL, at); /* the first segment of the rest */
            return true;
        }
        if (part.data[0] == '{') {
            ret_parameters[parameters++] = request->segments[at];
        } else if (!span_equal(part, request->segments[at])) {
            return false;
        }
        at++;
    }
    return at == request->segment_count;
}

static const struct route *find_route(const struct route *routes,
                                      const struct http_request *request,
                                      struct span ret_parameters[FLOW_SEGMENTS_MAX])
{
    const struct route *found = &no_route_route;
    bool head = request->method == HTTP_HEAD;
    for (const struct route *route = routes; route->path != NULL; route++) {
        if (!matches(request, route->path, ret_parameters)) {
            continue;
        }
        if (route->method == request->method || (head && route->method == HTTP_GET)) {
            return route;
        }
        found = &no_method_route;
    }
    return found;
}

/* flow->data: the routes that were looked through. RFC 9110 15.5.6: the answer says which
 * methods there are. */
static status no_method(struct flow *flow, struct err *err)
{
    (void) err;
    CLEANUP(bytes_done) struct bytes body = {0};
    CLEANUP(bytes_done) struct bytes allow = {0};
    struct span parameters[FLOW_SEGMENTS_MAX];
    const struct route *const *routes = flow->data;
    for (const struct route *route = *routes; route->path != NULL; route++) {
        if (matches(flow->request, route->path, parameters)) {
            bytes_printf(&allow, "%s%s", allow.size > 0 ? ", " : "",
                         http_method_name(route->method));
        }
    }
    problem_write(&(struct problem){.status = 405,
                                    .code = "method",
                                    .title = "This route does not take this method",
                                    .request_id = http_exchange_id(flow->exchange),
                                    .seq = -1},
                  &body);
    struct http_answer_field field = {"Allow", bytes_text(&allow)};
    return flow_reply(flow,
                      &(struct http_answer){.status = 405,
                                            .content_type = "application/problem+json",
                                            .body = span_bytes(&body),
                                            .fields = &field,
                                            .field_count = 1});
}

static bool wants_study(const struct route *route)
{
    return route->path != NULL && strstr(route->path, "{study}") != NULL;
}

static size_t body_limit(const struct service *service, const struct route *route)
{
    if (!route->has_body) {
        return 0;
    }
    return route->body_limit > 0 ? route->body_limit : service->blob_limit;
}

/* Head is there: choose the route, answer what can be answered without the body. */
static void begin(struct service *service, const struct route *routes,
                  struct http_exchange *exchange)
{
    struct span parameters[FLOW_SEGMENTS_MAX] = {{0}};
    const struct http_request *request = http_exchange_request(exchange);
    const struct route *route = find_route(routes, request, parameters);
    struct flow *flow = flow_new(service, exchange, route);
    memcpy(flow->parameters, parameters, sizeof(parameters));
    if (wants_study(route)) {
        flow->ledger = service_ledger(service, parameters[0]);
        if (flow->ledger == NULL) {
            (void) flow_refuse(flow, 404, "no-study", "There is no such study here");
            flow_abandon(flow);
            return;
        }
    }
    if (route->path == NULL) {
        flow->data = &routes;
        flow_run(flow); /* answers at once, whatever body is on its way */
        return;
    }
    http_exchange_set_context(exchange, flow);
    if (route->reads_first) {
        struct err err;
        status result = route->steps[0].ask(flow, &err);
        if (result != OK) {
            http_exchange_set_context(exchange, NULL);
            flow_resume(flow, result, &err);
            return;
        }
        flow->step++;
    }
    http_accept(exchange, body_limit(service, route));
}

static void route_study(void *arg, struct http_exchange *exchange)
{
    begin(arg, study_routes, exchange);
}

static void route_operator(void *arg, struct http_exchange *exchange)
{
    begin(arg, operator_routes, exchange);
}

static void handle(void *arg, struct http_exchange *exchange)
{
    (void) arg;
    flow_run(http_exchange_context(exchange));
}

static void abandoned(void *arg, struct http_exchange *exchange)
{
    (void) arg;
    struct flow *flow = http_exchange_context(exchange);
    if (flow != NULL) {
        flow_abandon(flow);
    }
}

struct http_handler api_handler(struct service *service)
{
    return (struct http_handler){route_study, handle, abandoned, service};
}

struct http_handler api_operator_handler(struct service *service)
{
    return (struct http_handler){route_operator, handle, abandoned, service};
}
