/* SPDX-License-Identifier: Apache-2.0 */
/*
** For the operator: is it alive, may it write, what does it count; and openapi.json for
** everybody.
*/
#include "openapi_json.h"
#include "service/api/api.h"
#include "service/flow/watch.h"
#include "service/flow/writer.h"

static status answer_health(struct flow *flow, struct err *err);
static status answer_ready(struct flow *flow, struct err *err);
static status answer_metrics(struct flow *flow, struct err *err);
static status answer_openapi(struct flow *flow, struct err *err);

const struct step api_healthz[] = {{"answer", answer_health, NULL}, {0}};
const struct step api_readyz[] = {{"answer", answer_ready, NULL}, {0}};
const struct step api_metrics[] = {{"answer", answer_metrics, NULL}, {0}};
const struct step api_openapi[] = {{"answer", answer_openapi, NULL}, {0}};

static status answer_health(struct flow *flow, struct err *err)
{
    (void) err;
    return flow_reply_json(flow, 200, SPAN_LITERAL("{\"status\":\"ok\"}"));
}

static const char *const phases[] = {
    [LEDGER_LOADING] = "loading", [LEDGER_OPEN] = "open", [LEDGER_HALTED] = "halted"};

/* How far a start has come, of studies whose log is still being read. */
static void write_reading(const struct service *service, struct json_out *json)
{
    json_key(json, "reading");
    json_begin(json, '{');
    for (size_t i = 0; i < service->ledger_count; i++) {
        const struct ledger *ledger = service->ledgers[i];
        if (ledger->phase == LEDGER_LOADING) {
            json_key(json, ledger->slug);
            json_begin(json, '{');
            json_member_integer(json, "entries", (int64_t) ledger->replayed);
            json_member_integer(json, "of", (int64_t) ledger->to_replay);
            json_end(json, '}');
        }
    }
    json_end(json, '}');
}

static status answer_ready(struct flow *flow, struct err *err)
{
    (void) err;
    CLEANUP(bytes_done) struct bytes body = {0};
    struct json_out json = {.bytes = &body};
    bool database = pg_pool_up(flow->service->writers) > 0;
    bool ready = database && !flow->service->draining;
    json_begin(&json, '{');
    json_member(&json, "database", database ? "up" : "away");
    json_member(&json, "service", flow->service->draining ? "draining" : "serving");
    json_key(&json, "studies");
    json_begin(&json, '{');
    for (size_t i = 0; i < flow->service->ledger_count; i++) {
        const struct ledger *ledger = flow->service->ledgers[i];
        ready = ready && ledger->phase == LEDGER_OPEN;
        json_member(&json, ledger->slug, phases[ledger->phase]);
    }
    json_end(&json, '}');
    write_reading(flow->service, &json);
    json_end(&json, '}');
    return flow_reply(flow, &(struct http_answer){.status = ready ? 200 : 503,
                                                  .content_type = "application/json",
                                                  .body = span_bytes(&body)});
}

/* ---- metrics: Prometheus text format 0.0.4 ---- */

static void counter(struct bytes *out, const char *name, const char *help, uint64_t value)
{
    bytes_printf(out, "# HELP crfd_%s %s\n# TYPE crfd_%s counter\ncrfd_%s %llu\n", name,
                 help, name, name, (unsigned long long) value);
}

static void write_studies(const struct service *service, struct bytes *out)
{
    bytes_add_text(out,
                   "# HELP crfd_log_size entries of the log\n# TYPE crfd_log_size gauge\n");
    for (size_t i = 0; i < service->ledger_count; i++) {
        bytes_printf(out, "crfd_log_size{study=\"%s\"} %llu\n", service->ledgers[i]->slug,
                     (unsigned long long) tree_size(service->ledgers[i]->tree));
    }
    bytes_add_text(out, "# HELP crfd_study_open 1: open, 0: loading or halted\n"
                        "# TYPE crfd_study_open gauge\n");
    for (size_t i = 0; i < service->ledger_count; i++) {
        bytes_printf(out, "crfd_study_open{study=\"%s\"} %d\n", service->ledgers[i]->slug,
                     service->ledgers[i]->phase == LEDGER_OPEN);
    }
    bytes_add_text(out, "# HELP crfd_queue records that wait for the writer\n"
                        "# TYPE crfd_queue gauge\n");
    for (size_t i = 0; i < service->ledger_count; i++) {
        bytes_printf(out, "crfd_queue{study=\"%s\"} %zu\n", service->ledgers[i]->slug,
                     writer_waiting(service->ledgers[i]->writer));
    }
    bytes_add_text(out, "# HELP crfd_casebook_bytes memory of the cached casebooks\n"
                        "# TYPE crfd_casebook_bytes gauge\n");
    for (size_t i = 0; i < service->ledger_count; i++) {
        bytes_printf(out, "crfd_casebook_bytes{study=\"%s\"} %zu\n",
                     service->ledgers[i]->slug,
                     casebooks_held(service->ledgers[i]->casebooks));
    }
}

static status answer_metrics(struct flow *flow, struct err *err)
{
    (void) err;
    CLEANUP(bytes_done) struct bytes out = {0};
    const struct service_metrics *m = &flow->service->metrics;
    counter(&out, "records_accepted_total", "records answered 201", m->records_accepted);
    counter(&out, "records_replayed_total", "records answered again", m->records_replayed);
    counter(&out, "records_refused_total", "records refused", m->records_refused);
    counter(&out, "records_unanswered_total", "records answered 503",
            m->records_unanswered);
    counter(&out, "histories_differ_total",
            "records whose signer has seen a history that is not this log's",
            m->histories_differ);
    counter(&out, "batches_total", "batches committed", m->batches);
    counter(&out, "batch_records_total", "entries in them", m->batch_records);
    counter(&out, "heads_moved_total", "batches decided again", m->heads_moved);
    counter(&out, "commit_microseconds_total", "time in append", m->commit_microseconds);
    counter(&out, "scrubbed_entries_total", "entries compared with the tree", m->scrubbed);
    counter(&out, "reads_total", "authenticated reads", m->reads);
    bytes_printf(&out,
                 "# HELP crfd_database_connections connections that are up\n"
                 "# TYPE crfd_database_connections gauge\ncrfd_database_connections %zu\n",
                 pg_pool_up(flow->service->writers) + pg_pool_up(flow->service->readers));
    write_studies(flow->service, &out);
    api_safety_metrics(flow->service, &out);
    return flow_reply(flow,
                      &(struct http_answer){.status = 200,
                                            .content_type = "text/plain; version=0.0.4",
                                            .body = span_bytes(&out)});
}

static status answer_openapi(struct flow *flow, struct err *err)
{
    (void) err;
    return flow_reply_json(flow, 200, span_of(OPENAPI_JSON, sizeof(OPENAPI_JSON)));
}
