/* SPDX-License-Identifier: Apache-2.0 */
/*
** POST /v1/studies/{study}/records: the one way in; GET .../records/{jti}: its answer
** again.
*/
#include "crypto/entry.h"
#include "protocol/study/messages.h"
#include "service/api/api.h"
#include "service/flow/answer.h"
#include "service/flow/problem.h"
#include "service/flow/watch.h"
#include "service/flow/writer.h"
#include "service/http/rate.h"
#include "service/loop/loop.h"

static status check_media(struct flow *flow, struct err *err);
static status find_key(struct flow *flow, struct err *err);
static status verify(struct flow *flow, struct err *err);
static status check_signer(struct flow *flow, struct err *err);
static status check_target(struct flow *flow, struct err *err);
static status hand_over(struct flow *flow, struct err *err);

/* The rungs are those of RECORDS.md chapter 6. */
const struct step api_submit[] = {
    {"study", api_writable, NULL},
    {"media type", check_media, NULL},
    {"read record", find_key,
     NULL},                         /* rung 2; the key that kid names, or a first contact */
    {"verify", verify, NULL},       /* on a worker: signature, payload */
    {"signer", check_signer, NULL}, /* rung 3 */
    {"target", check_target, NULL}, /* rung 4 */
    {"write", hand_over, NULL},     /* rungs 5 to 15, the log, the proof */
    {0},
};

struct submit {
    struct submission submission;
    struct key *key; /* shared for the worker; NULL: the kid is unknown here */
    bool signed_well;
};

/* ---- rung 1, the rest is HTTP's ---- */

static status check_media(struct flow *flow, struct err *err)
{
    (void) err;
    struct span type = http_field_value(flow->request, "content-type");
    if (type.data == NULL || span_starts(type, "application/jose+json") ||
        span_starts(type, "application/json")) {
        return OK;
    }
    return flow_refuse(flow, 415, "media-type", "Send the record as application/jose+json");
}

/* ---- rung 2 ---- */

static const char *language_of(const struct http_request *request)
{
    return language_accepted(http_field_value(request, "accept-language"));
}

/* The key that the record names, as far as it is known now. */
static status use_key(struct flow *flow, struct err *err)
{
    (void) err;
    struct submit *submit = flow->data;
    const struct key *key = ledger_key(flow->ledger, submit->submission.jws.kid);
    submit->key = key != NULL ? key_share(key) : NULL;
    return OK;
}

static status find_key(struct flow *flow, struct err *err)
{
    struct arena *arena = arena_new();
    struct submit *submit = ARENA_NEW(flow->arena, struct submit);
    flow->data = submit;
    submit->submission.arena = arena;
    submit->submission.language = language_of(flow->request);
    submit->submission.request_id = arena_text(arena, http_exchange_id(flow->exchange));
    struct span line = arena_span(arena, http_exchange_body(flow->exchange));
    status result = jws_parse(line, arena, &submit->submission.jws, err);
    if (result != OK) {
        arena_free(arena);
        return result;
    }
    TRY(use_key(flow, err));
    if (submit->key != NULL) {
        return OK;
    }
    if (!http_rate_take(flow->service->first_contacts, http_exchange_peer(flow->exchange),
                        loop_now(flow->service->loop))) {
        /* whoever is nobody here may have a few signatures checked, not many */
        arena_free(arena);
        return flow_refuse(flow, 429, "first-contact-rate",
                           "Too many records of unknown keys from this address; wait a"
                           " minute");
    }
    return api_newcomer(flow, use_key, err);
}

/* ---- rung 3, on a worker ---- */

/* Who is not known yet brings his key: study.open and person.enrol. */
static void take_own_key(struct submit *submit)
{
    const struct record *record = &submit->submission.record;
    const char *text = record->type == RECORD_STUDY_OPEN     ? record->data.study_open.jwk
                       : record->type == RECORD_PERSON_ENROL ? record->data.person_enrol.jwk
                                                             : NULL;
    const struct json *jwk = NULL;
    if (text != NULL && json_parse(span_text(text), &JSON_RECORD, submit->submission.arena,
                                   &jwk, NULL) == OK) {
        status taken = key_from_jwk(jwk, &submit->key, NULL);
        (void) taken; /* no key: nobody signed this */
    }
}

static status work_verify(struct flow *flow, struct err *err)
{
    struct submit *submit = flow->data;
    struct submission *s = &submit->submission;
    s->shape = (struct findings){.arena = s->arena, .language = s->language};
    TRY(record_parse(s->jws.payload, s->arena, &s->record, &s->shape, err));
    record_set_header(&s->record, &s->jws, &s->shape);
    if (submit->key == NULL) {
        take_own_key(submit);
    }
    submit->signed_well =
        submit->key != NULL && jws_verify(&s->jws, submit->key, NULL) == OK;
    key_free(TAKE(submit->key));
    return OK;
}

static status release_on(status result, struct submit *submit)
{
    if (result != OK) {
        key_free(TAKE(submit->key));
        arena_free(TAKE(submit->submission.arena));
    }
    return result;
}

static status verify_and_release(struct flow *flow, struct err *err)
{
    return release_on(work_verify(flow, err), flow->data);
}

static status verify(struct flow *flow, struct err *err)
{
    return release_on(flow_work(flow, verify_and_release, err), flow->data);
}

static const char *safety_phone(const struct flow *flow)
{
    struct definitions definitions = ledger_definitions(flow->ledger);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct rows rows = state_rows(flow->ledger->state, TABLE_DEFINITION, arena);
    for (size_t i = rows.count; i-- > 0;) {
        const struct metadata_version *version =
            definitions.get(definitions.arg, rows.items[i]->values[DEFINITION_VERSION],
                            rows.items[i]->values[DEFINITION_DIGEST]);
        if (version != NULL && version->contact.phone[0] != '\0') {
            return version->contact.phone;
        }
    }
    return "the number on your trial card";
}

static status refuse_with(struct flow *flow, const struct problem *problem)
{
    CLEANUP(bytes_done) struct bytes body = {0};
    problem_write(problem, &body);
    return flow_reply_json(flow, problem->status, span_bytes(&body));
}

static status check_signer(struct flow *flow, struct err *err)
{
    struct submit *submit = flow->data;
    if (submit->signed_well) {
        return OK;
    }
    arena_free(TAKE(submit->submission.arena));
    TRY(ledger_is_open(flow->ledger, err));
    return refuse_with(
        flow,
        &(struct problem){
            .status = 401,
            .code = "signature",
            .title = "The signature does not hold, or its key is not enrolled here",
            .detail = arena_printf(flow->arena,
                                   "Nothing was stored. For a serious event do not wait:"
                                   " phone %s or use the paper form.",
                                   safety_phone(flow)),
            .request_id = http_exchange_id(flow->exchange),
            .seq = -1});
}

/* ---- rung 4 ---- */

static bool is_our_url(const struct flow *flow, const char *url)
{
    const struct setting_list *urls = flow->service->public_urls;
    for (size_t i = 0; i < urls->count; i++) {
        CLEANUP(bytes_done) struct bytes ours = {0};
        bytes_printf(&ours, "%s/v1/studies/%s/records", urls->items[i], flow->ledger->slug);
        if (strcmp(bytes_text(&ours), url) == 0) {
            return true;
        }
    }
    return false;
}

static status check_target(struct flow *flow, struct err *err)
{
    (void) err;
    struct submit *submit = flow->data;
    const struct record *record = &submit->submission.record;
    bool log_differs =
        record->log != NULL && strcmp(record->log, flow->ledger->origin) != 0;
    if (is_our_url(flow, submit->submission.jws.url) && !log_differs) {
        return OK;
    }
    arena_free(TAKE(submit->submission.arena));
    return refuse_with(
        flow, &(struct problem){
                  .status = 400,
                  .code = "wrong-target",
                  .title = "This record was signed for another service or study",
                  .detail = log_differs ? "its `log` is not the origin of this study"
                                        : "its `url` is not one of this service's",
                  .request_id = http_exchange_id(flow->exchange),
                  .seq = -1});
}

/* ---- the writer ---- */

static void answered(void *arg, const struct writer_answer *answer)
{
    struct flow *flow = arg;
    char after[16];
    (void) snprintf(after, sizeof(after), "%d", answer->retry_after);
    struct http_answer_field retry = {"Retry-After", after};
    flow->last = answer->last;
    (void) flow_reply(flow, &(struct http_answer){
                                .status = answer->status,
                                .content_type = answer->problem ? "application/problem+json"
                                                                : "application/json",
                                .body = answer->body,
                                .fields = &retry,
                                .field_count = answer->retry_after > 0});
    flow_resume(flow, OK, NULL);
}

static status hand_over(struct flow *flow, struct err *err)
{
    struct submit *submit = flow->data;
    instant apart = watch_clock_difference(flow->ledger->watch);
    if (apart > WATCH_CLOCK_MAX || apart < -WATCH_CLOCK_MAX) {
        arena_free(TAKE(submit->submission.arena));
        return FAIL(err, ERR_UNAVAILABLE,
                    "the service's clock and the database's differ by"
                    " more than 2 s; the operator was told");
    }
    submit->submission.answered = answered;
    submit->submission.arg = flow;
    struct submission *submission = &submit->submission;
    status result = flow_park(flow);
    writer_submit(flow->ledger->writer, submission);
    return result;
}

/* ---- the answer again ---- */

static status ask_id(struct flow *flow, struct err *err);
static status take_id(struct flow *flow, const struct pg_answer *answer, struct err *err);
static status ask_proof(struct flow *flow, struct err *err);

const struct step api_answer[] = {
    {"who reads", api_reader, NULL},
    {"find record", ask_id, take_id},
    {"prove", ask_proof, NULL},
    {0},
};

static status ask_id(struct flow *flow, struct err *err)
{
    struct uuid jti;
    if (!uuid_parse(flow->parameters[1], &jti)) {
        return FAIL(err, ERR_NOT_FOUND, "a record's id is a UUID of version 7");
    }
    const struct row *key = state_key_by_kid(flow->ledger->state, flow->reader.kid);
    int key_no = key != NULL ? (int) row_integer(key, PERSON_KEY_KEY_NO) : -1;
    struct pg_batch *batch = pg_batch_new();
    store_add_ids(batch, flow->ledger->log_id, &key_no, &jti, 1);
    return flow_ask(flow, batch, err);
}

static status take_id(struct flow *flow, const struct pg_answer *answer, struct err *err)
{
    struct store_id *id = ARENA_NEW(flow->arena, struct store_id);
    if (pg_rows_count(answer->rows[0]) != 1) {
        return FAIL(err, ERR_NOT_FOUND, "no record with this id was signed by your key");
    }
    flow->data = id;
    return store_take_id(answer->rows[0], 0, id, err);
}

static void again(void *arg, const struct proof *proof, const struct err *why)
{
    struct flow *flow = arg;
    CLEANUP(bytes_done) struct bytes body = {0};
    struct err err;
    int http_status = 0;
    status result = proof == NULL
                        ? why->kind
                        : answer_write_again(proof, flow->arena, language_of(flow->request),
                                             http_exchange_id(flow->exchange), &body,
                                             &http_status, &err);
    if (result == OK) {
        (void) flow_reply_json(flow, http_status, span_bytes(&body));
    }
    flow_resume(flow, result, proof == NULL ? why : &err);
}

static status ask_proof(struct flow *flow, struct err *err)
{
    const struct store_id *id = flow->data;
    instant deadline = loop_now(flow->service->loop) + flow->service->answer_limit;
    if (id->seq >= flow->ledger->checkpoint_size) {
        return FAIL(err, ERR_UNAVAILABLE,
                    "stored, but the proof is still to come: ask again");
    }
    TRY(proof_ask(flow->ledger, id->seq, deadline, again, flow, err));
    return flow_park(flow);
}
