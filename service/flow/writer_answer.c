/* SPDX-License-Identifier: Apache-2.0 */
/*
** Answers: 201 with the proof, the refusal with its findings and the proof that it was
** logged, 503 when nobody knows yet. Each record is answered exactly once.
*/
#include "base/log.h"
#include "service/flow/answer.h"
#include "service/flow/batch.h"
#include "service/flow/problem.h"
#include "service/loop/loop.h"

#define RETRY_AFTER 2 /* seconds */

static void answer_submission(struct submission *submission,
                              const struct writer_answer *answer)
{
    submission->answered(submission->arg, answer);
}

static void item_answer(struct item *item, const struct writer_answer *answer)
{
    if (!item->answered && item->submission != NULL) {
        item->answered = true;
        answer_submission(item->submission, answer);
    }
}

/* ---- a failure that leaves nothing ---- */

static void write_failure(const struct submission *submission, const struct err *why,
                          const char *code, struct bytes *out)
{
    struct problem problem = {.status = problem_http_status(why->kind),
                              .code = code != NULL ? code : problem_code(why->kind),
                              .title = problem_title(why->kind),
                              .detail = problem_detail(why),
                              .request_id = submission->request_id,
                              .seq = -1};
    problem_write(&problem, out);
}

static void answer_failure(struct submission *submission, const struct err *why,
                           const char *code, const char *step)
{
    CLEANUP(bytes_done) struct bytes body = {0};
    write_failure(submission, why, code, &body);
    int http_status = problem_http_status(why->kind);
    answer_submission(submission, &(struct writer_answer){
                                      .status = http_status,
                                      .problem = true,
                                      .retry_after = http_status == 503 ? RETRY_AFTER : 0,
                                      .body = span_bytes(&body),
                                      .last = step});
}

void submission_fail(struct submission *submission, const struct err *why, const char *step)
{
    answer_failure(submission, why, NULL, step);
    arena_free(submission->arena);
}

static void item_fail(const struct batch *batch, struct item *item, const struct err *why,
                      const char *code, const char *step)
{
    if (!item->answered && item->submission != NULL) {
        item->answered = true;
        batch->ledger->service->metrics.records_unanswered++;
        answer_failure(item->submission, why, code, step);
    }
}

void batch_fail(struct batch *batch, const struct err *why, const char *step)
{
    for (size_t i = 0; i < batch->count; i++) {
        item_fail(batch, &batch->items[i], why, NULL, step);
    }
}

void batch_pending(struct batch *batch)
{
    struct err why;
    (void) err_set(&why, ERR_UNAVAILABLE, WHERE,
                   "stored, but the proof is still to come: ask again with the same id");
    for (size_t i = 0; i < batch->count; i++) {
        item_fail(batch, &batch->items[i], &why, "stored-proof-pending", "sign");
    }
}

void batch_overdue(struct batch *batch, instant at, const struct err *why)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct item *item = &batch->items[i];
        if (item->submission != NULL && item->submission->deadline <= at) {
            item_fail(batch, item, why, "unknown", "deadline");
        }
    }
}

void submission_spent(struct submission *submission)
{
    struct err why;
    (void) err_set(&why, ERR_CONFLICT, WHERE,
                   "this id was used for another record; sign again with a new id");
    answer_failure(submission, &why, "id-reused", "ids");
    arena_free(submission->arena);
}

/* ---- the answers of a batch ---- */

static void item_receipt(const struct batch *batch, const struct item *item,
                         struct bytes *out)
{
    struct merkle_proof path;
    struct span line = span_bytes(&item->body);
    line.size--; /* without the LF of a reject's one line */
    tree_edge_inclusion(batch->edge, item->seq, &path);
    proof_format(batch->ledger, item->seq, span_of(item->salt, sizeof(item->salt)),
                 span_bytes(&item->entry), item->decision.accepted ? item->outcome : line,
                 &path, out);
}

static void answer_accepted(const struct batch *batch, struct item *item)
{
    CLEANUP(bytes_done) struct bytes receipt = {0};
    CLEANUP(bytes_done) struct bytes body = {0};
    item_receipt(batch, item, &receipt);
    answer_write_accepted(item->seq, item->time, item->outcome, &item->decision.findings,
                          span_bytes(&receipt), &body);
    batch->ledger->service->metrics.records_accepted++;
    item_answer(item, &(struct writer_answer){
                          .status = 201, .body = span_bytes(&body), .last = "receipt"});
}

static void answer_refused(const struct batch *batch, struct item *item)
{
    CLEANUP(bytes_done) struct bytes receipt = {0};
    CLEANUP(bytes_done) struct bytes body = {0};
    const struct decision *decision = &item->decision;
    bool often = item->early_status == 429;
    bool too_long = item->early_status == 422;
    if (item->in_log) {
        item_receipt(batch, item, &receipt);
    }
    struct problem problem = {
        .status = item->early_status != 0 ? item->early_status : decision->http_status,
        .code = often      ? "quota"
                : too_long ? "too-long"
                           : decision->code,
        .title = often      ? "Too many refused records in this minute; wait a minute"
                 : too_long ? "An identifier is too long for an entry of the log"
                            : decision->title,
        .detail = !often && decision->findings.count > 0
                      ? decision->findings.items[0].message
                      : NULL,
        .request_id = item->submission->request_id,
        .findings = &decision->findings,
        .receipt = span_bytes(&receipt),
        .seq = item->in_log ? (int64_t) item->seq : -1,
        .has_current = decision->current_leaf != NULL,
        .current_seq = decision->current_seq,
        .current_leaf = decision->current_leaf,
        .current_by = decision->current_by,
        .current_at = decision->current_at,
    };
    problem_write(&problem, &body);
    batch->ledger->service->metrics.records_refused++;
    item_answer(item, &(struct writer_answer){.status = problem.status,
                                              .problem = true,
                                              .retry_after = often ? 60 : 0,
                                              .body = span_bytes(&body),
                                              .last = problem.code});
}

/* The signer has verified a head that this log never had: one of the two was rewritten. */
static void alarm_history(const struct batch *batch, const struct item *item)
{
    const struct record *record = &item->submission->record;
    batch->ledger->service->metrics.histories_differ++;
    log_event(LOG_ERROR, "history differs: compare the signer's receipts with this log",
              LOG_TEXT("study", batch->ledger->slug),
              LOG_TEXT("id", item->submission->request_id),
              LOG_NUMBER("seen", (int64_t) record->seen.size),
              LOG_NUMBER("size", (int64_t) state_head(batch->ledger->state).size), LOG_END);
}

void batch_answer(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct item *item = &batch->items[i];
        if (item->answered || item->submission == NULL) {
            continue;
        }
        if (item->seen == SEEN_UNKNOWN) {
            alarm_history(batch, item);
        }
        if (item->in_log && item->decision.accepted) {
            answer_accepted(batch, item);
        } else {
            answer_refused(batch, item);
        }
    }
}

/* ---- the old answer ---- */

struct replay {
    struct ledger *ledger;
    struct submission *submission;
};

static void replay_failed(struct replay *replay, const struct err *why)
{
    struct err failure = *why;
    bool is_pending = why->kind == ERR_NOT_FOUND;
    if (why->kind != ERR_TAMPERED) {
        failure.kind = ERR_UNAVAILABLE;
    }
    answer_failure(replay->submission, &failure, is_pending ? "stored-proof-pending" : NULL,
                   "replay");
    arena_free(replay->submission->arena);
    free(replay);
}

static void replay_done(void *arg, const struct proof *proof, const struct err *why)
{
    struct replay *replay = arg;
    struct submission *submission = replay->submission;
    CLEANUP(bytes_done) struct bytes body = {0};
    struct err err;
    int http_status = 0;
    if (proof == NULL) {
        replay_failed(replay, why);
        return;
    }
    if (answer_write_again(proof, submission->arena, submission->language,
                           submission->request_id, &body, &http_status, &err) != OK) {
        replay_failed(replay, &err);
        return;
    }
    replay->ledger->service->metrics.records_replayed++;
    answer_submission(submission, &(struct writer_answer){.status = http_status,
                                                          .problem = http_status >= 400,
                                                          .body = span_bytes(&body),
                                                          .last = "replay"});
    arena_free(submission->arena);
    free(replay);
}

void submission_replay(struct ledger *ledger, struct submission *submission, uint64_t seq)
{
    struct err why;
    struct replay *replay = mem_alloc(sizeof(*replay));
    *replay = (struct replay){.ledger = ledger, .submission = submission};
    instant deadline = loop_now(ledger->service->loop) + ledger->service->answer_limit;
    if (proof_ask(ledger, seq, deadline, replay_done, replay, &why) != OK) {
        replay_failed(replay, &why);
    }
}
