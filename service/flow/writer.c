/* SPDX-License-Identifier: Apache-2.0 */
/*
** The writer's steps, in the order in which they happen (RECORDS.md chapter 7):
**
**     COLLECT   begin_batch        what waits, at most batch_limit; take a connection
**     READ      ask_read           ids, roots, casebooks, definitions
**     DEFINE    writer_define      on a worker: definitions that nobody has read yet
**     DECIDE    decide_batch       on the loop: decide, project, build entries
**     APPEND    ask_append         one pipeline, one transaction
**     REREAD    ask_reread         another connection: what was writer_committed, re-hashed
**     SIGN      sign_batch         high-water mark, checkpoint
**     REPLY     batch_answer       each with its proof
**
** and what happens when (chapter 8):
**
**     append says the head moved, or an id is there   -> HOLD: lock the head, read what
**       others wrote, fold it, then READ again on the same transaction
**     the connection is lost around the commit        -> LOOK: is my first entry there?
**     any other SQL error                             -> one by one; the guilty record gets 500
**     reread differs, or the head went back           -> the ledger halts
**     the signer cannot write its mark                -> 503, tries again, no further batch
**
** One batch at a time; the queue collects the next one meanwhile.
*/
#include <stdlib.h>

#include "base/log.h"
#include "service/flow/definer.h"
#include "service/flow/writer_impl.h"
#include "service/loop/loop.h"

/* ---- small parts ---- */

instant writer_now(const struct writer *writer)
{
    return loop_now(writer->ledger->service->loop);
}

void writer_pause(struct writer *writer, instant time, void (*next)(struct writer *writer))
{
    writer->after_pause = next;
    loop_timer_set(writer->pause, writer_now(writer) + time);
}

static void paused(void *arg)
{
    struct writer *writer = arg;
    writer->after_pause(writer);
}

void writer_give_back(struct writer *writer)
{
    struct pg *pg = writer->batch->pg;
    writer->batch->pg = NULL;
    if (pg != NULL) {
        pg_pool_give(writer->ledger->service->writers, pg);
    }
}

/* The casebooks take what they need of the accepted records; all arenas are freed after that,
 * since a casebook may borrow from several records of the batch. */
static void release(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct submission *submission = batch->items[i].submission;
        if (submission != NULL && submission->record.subject != NULL) {
            casebooks_settle(batch->ledger->casebooks, submission->record.subject);
        }
    }
    for (size_t i = 0; i < batch->count; i++) {
        struct item *item = &batch->items[i];
        bytes_done(&item->entry);
        bytes_done(&item->body);
        if (item->submission != NULL) {
            arena_free(item->submission->arena);
        }
    }
    tree_edge_free(batch->edge);
    definer_free(batch->definer);
    arena_free(batch->arena);
}

/* ---- who waits for what others wrote ---- */

/* Those who have what they wait for, or, with ALL, will not get it this time. */
static struct waiter *take_waiters(struct writer *writer, bool all)
{
    struct waiter *ready = NULL;
    struct waiter **at = &writer->waiters;
    while (*at != NULL) {
        struct waiter *waiter = *at;
        if (!all && waiter->size > tree_size(writer->ledger->tree)) {
            at = &waiter->next;
            continue;
        }
        *at = waiter->next;
        waiter->next = ready;
        ready = waiter;
    }
    return ready;
}

static void call_waiters(struct waiter *ready)
{
    for (struct waiter *next = NULL; ready != NULL; ready = next) {
        next = ready->next;
        void (*done)(void *arg) = ready->done;
        void *arg = ready->arg;
        free(ready);
        done(arg);
    }
}

void writer_await(struct writer *writer, uint64_t size, void (*done)(void *arg), void *arg)
{
    size_t waiting = 0;
    for (const struct waiter *at = writer->waiters; at != NULL; at = at->next) {
        waiting++;
    }
    if (waiting >= WAITERS_MAX) { /* answered by what is known: strangers cannot pile up */
        done(arg);
        return;
    }
    struct waiter *waiter = mem_alloc(sizeof(*waiter));
    *waiter = (struct waiter){size, done, arg, writer->waiters};
    writer->waiters = waiter;
    writer_catch_up(writer);
    if (writer->batch == NULL) { /* not open any more, or done at once */
        call_waiters(take_waiters(writer, true));
    }
}

/* ---- the end ---- */

/* The end of a batch, whatever became of it. */
void writer_end(struct writer *writer)
{
    bool followed = writer->batch->follow;
    writer_give_back(writer);
    release(TAKE(writer->batch));
    struct waiter *ready = take_waiters(writer, followed);
    writer_begin(writer);
    call_waiters(ready);
}

/* Nobody of this batch gets in now: answer all and go on. */
void writer_fail(struct writer *writer, const struct err *why, const char *step)
{
    batch_undo(writer->batch);
    batch_fail(writer->batch, why, step);
    writer_end(writer);
}

void writer_halt(struct writer *writer, const struct err *why, const char *step)
{
    ledger_halt(writer->ledger, why);
    writer_fail(writer, why, step);
}

void writer_ask(struct writer *writer, struct pg_batch *statements, pg_done done,
                const char *step)
{
    struct err err;
    if (pg_ask(writer->batch->pg, statements, writer_now(writer) + STEP_PATIENCE, done,
               writer, &err) != OK) {
        writer_fail(writer, &err, step);
    }
}

/* Somebody else (watch.h, a read) found the log changed while a batch is in work: nothing
 * more is appended and nothing more is signed. */
static bool is_halted(const struct writer *writer)
{
    return writer->ledger->phase == LEDGER_HALTED;
}

/* ---- SIGN and REPLY ---- */

void writer_sign(struct writer *writer)
{
    struct err err;
    if (is_halted(writer)) {
        writer_fail(writer, &writer->ledger->why, "halted");
        return;
    }
    status result =
        ledger_sign(writer->ledger, writer->unsigned_leaves, writer->unsigned_count, &err);
    if (result == ERR_TAMPERED) {
        writer_halt(writer, &err, "sign");
        return;
    }
    if (result != OK) {
        log_err(LOG_ERROR, "cannot sign", &err);
        batch_pending(writer->batch);
        writer_pause(writer, SIGN_PAUSE, writer_sign);
        return;
    }
    writer->unsigned_count = 0;
    batch_answer(writer->batch);
    writer_end(writer);
}

/* ---- REREAD ---- */

/* The batch is in the log: memory follows. */
void writer_committed(struct writer *writer)
{
    struct batch *batch = writer->batch;
    struct service *service = writer->ledger->service;
    state_commit(writer->ledger->state, state_begin(writer->ledger->state));
    for (size_t i = 0; i < batch->entry_count; i++) {
        tree_add(writer->ledger->tree, &batch->leaves[i]);
    }
    writer_remember_unsigned(writer, batch->leaves, batch->entry_count);
    batch->decided = false; /* nothing to undo any more */
    service->metrics.batches++;
    service->metrics.batch_records += batch->entry_count;
    service->metrics.commit_microseconds +=
        (uint64_t) (writer_now(writer) - batch->commit_began);
    writer_give_back(writer);
}

static void took_reread(void *arg, const struct pg_answer *answer)
{
    struct writer *writer = arg;
    struct err err;
    if (answer->status != OK) {
        /* committed and not proven yet: nobody is answered, nothing else is begun */
        log_err(LOG_WARNING, "reread", answer->err);
        writer_pause(writer, LOOK_PAUSE, writer_reread);
        return;
    }
    if (batch_compare(writer->batch, answer->rows[0], &err) != OK) {
        writer_halt(writer, &err, "reread");
        return;
    }
    writer_sign(writer);
}

void writer_reread(struct writer *writer)
{
    struct err err;
    struct batch *batch = writer->batch;
    struct pg_batch *statements = pg_batch_new();
    store_add_reread(statements, writer->ledger->log_id, batch->base.size,
                     batch->base.size + batch->entry_count);
    if (pg_pool_ask(writer->ledger->service->readers, statements,
                    writer_now(writer) + STEP_PATIENCE, took_reread, writer, &err) != OK) {
        writer_pause(writer, LOOK_PAUSE, writer_reread);
    }
}

/* ---- APPEND ---- */

static void append_failed(struct writer *writer, const struct pg_answer *answer)
{
    struct batch *batch = writer->batch;
    bool moved = answer->status == ERR_CONFLICT;
    log_err(moved ? LOG_INFO : LOG_WARNING, "append", answer->err);
    if (answer->unknown) {
        writer_connect_to_look(writer);
    } else if (moved && !batch->held) {
        writer->ledger->service->metrics.heads_moved++;
        writer_hold(writer);
    } else if (answer->status == ERR_BUSY || answer->status == ERR_UNAVAILABLE ||
               strcmp(answer->err->sqlstate, "CR004") == 0) {
        struct err why = *answer->err;
        why.kind = ERR_UNAVAILABLE;
        writer_fail(writer, &why, "append");
    } else if (batch->count > 1) {
        writer_one_by_one(writer);
    } else {
        struct err why = *answer->err;
        why.kind = ERR_BUG; /* also a second 23505: an id nobody used that is taken */
        writer_fail(writer, &why, "append");
    }
}

static void took_append(void *arg, const struct pg_answer *answer)
{
    struct writer *writer = arg;
    if (answer->status != OK) {
        append_failed(writer, answer);
        return;
    }
    writer_committed(writer);
    writer_reread(writer);
}

void writer_append(struct writer *writer)
{
    struct batch *batch = writer->batch;
    if (is_halted(writer)) {
        writer_fail(writer, &writer->ledger->why, "halted");
        return;
    }
    struct pg_batch *statements = pg_batch_new();
    batch->commit_began = writer_now(writer);
    batch_add_append(batch, statements);
    if (batch->held) {
        pg_batch_add(statements, &PG_COMMIT);
    }
    struct err err;
    if (pg_ask(batch->pg, statements, writer_now(writer) + STEP_PATIENCE, took_append,
               writer, &err) != OK) {
        /* not sent: nothing can have been committed */
        writer_fail(writer, &err, "append");
    }
}

/* ---- DECIDE ---- */

static void decide_batch(struct writer *writer)
{
    struct batch *batch = writer->batch;
    batch_decide(batch);
    if (batch->entry_count > 0) {
        writer_append(writer);
        return;
    }
    /* refusals without an entry, or old answers: nothing to commit */
    state_commit(writer->ledger->state, state_begin(writer->ledger->state));
    writer_give_back(writer);
    if (writer->unsigned_count > 0) {
        writer_sign(writer);
        return;
    }
    batch_answer(batch);
    writer_end(writer);
}

/* ---- READ ---- */

/* A definition that does not load is not there for decide(), which refuses the record;
 * the signer sees why with `crf-admin study open`, which reads it first. */
static void defined(void *arg)
{
    struct writer *writer = arg;
    struct err err;
    status given = definer_give(writer->batch->definer, writer->ledger, &err);
    (void) given;
    decide_batch(writer);
}

static void writer_define(struct writer *writer)
{
    struct err err;
    if (definer_is_empty(writer->batch->definer)) {
        decide_batch(writer);
    } else if (definer_begin(writer->batch->definer, writer->ledger->service->loop, &err) !=
               OK) {
        writer_pause(writer, LOOK_PAUSE, writer_define); /* the workers are busy */
    }
}

static void took_read(void *arg, const struct pg_answer *answer)
{
    struct writer *writer = arg;
    struct err err;
    if (answer->status != OK) {
        writer_fail(writer, answer->err, "read");
        return;
    }
    status result = batch_take_read(writer->batch, answer->rows, &err);
    if (result == ERR_TAMPERED || result == ERR_BAD_INPUT) {
        /* what is stored does not read as what was written */
        err.kind = ERR_TAMPERED;
        writer_halt(writer, &err, "read");
    } else if (result != OK) {
        writer_fail(writer, &err, "read");
    } else {
        writer_define(writer);
    }
}

void writer_read(struct writer *writer)
{
    struct pg_batch *statements = pg_batch_new();
    definer_free(writer->batch->definer); /* of a READ before the head moved */
    writer->batch->definer = definer_new(defined, writer);
    batch_add_read(writer->batch, statements);
    writer_ask(writer, statements, took_read, "read");
}

/* ---- COLLECT ---- */

static void connected(void *arg, struct pg *pg, const struct err *err)
{
    struct writer *writer = arg;
    if (pg != NULL) {
        writer->batch->pg = pg;
        writer->when_connected(writer);
    } else if (writer->when_connected == writer_look) {
        writer_pause(writer, LOOK_PAUSE, writer_connect_to_look);
    } else {
        writer_fail(writer, err, "connect");
    }
}

/* In a turn of its own: a writer that fails at once would begin the next batch from here,
 * and so on for the whole queue on one stack. */
static void not_taken(struct writer *writer)
{
    struct err err;
    (void) err_set(&err, ERR_UNAVAILABLE, WHERE, "no connection to the database is free");
    connected(writer, NULL, &err);
}

void writer_take(struct writer *writer, void (*next)(struct writer *writer))
{
    struct err err;
    writer->when_connected = next;
    if (pg_pool_take(writer->ledger->service->writers,
                     writer_now(writer) + CONNECT_PATIENCE, connected, writer,
                     &err) != OK) {
        log_err(LOG_WARNING, "connect", &err);
        writer_pause(writer, LOOK_PAUSE, not_taken);
    }
}

static struct submission *take_first(struct writer *writer)
{
    struct submission *submission = writer->first;
    writer->first = submission->next;
    if (writer->first == NULL) {
        writer->last = &writer->first;
    }
    writer->waiting--;
    return submission;
}

static void collect(struct writer *writer, struct batch *batch)
{
    size_t limit = writer->ledger->service->batch_limit;
    size_t cold = 0;
    while (writer->first != NULL && batch->count < limit) {
        struct submission *submission = writer->first;
        if (!batch_takes(batch, submission, &cold) ||
            (submission->alone && batch->count > 0)) {
            break;
        }
        (void) take_first(writer);
        batch->items[batch->count++].submission = submission;
        if (submission->alone) {
            break;
        }
    }
}

void writer_begin(struct writer *writer)
{
    struct ledger *ledger = writer->ledger;
    bool idle = writer->first == NULL && !writer->catch_up && writer->unsigned_count == 0;
    if (writer->batch != NULL || idle || ledger->phase != LEDGER_OPEN) {
        return;
    }
    casebooks_trim(ledger->casebooks);
    struct arena *arena = arena_new();
    struct batch *batch = ARENA_NEW(arena, struct batch);
    batch->ledger = ledger;
    batch->arena = arena;
    batch->items = ARENA_ARRAY(arena, ledger->service->batch_limit, struct item);
    batch->leaves = ARENA_ARRAY(arena, ledger->service->batch_limit, struct digest);
    batch->base = state_head(ledger->state);
    writer->batch = batch;
    bool follow = writer->catch_up;
    batch->follow = follow;
    writer->catch_up = false;
    if (!follow) {
        collect(writer, batch);
    }
    writer_take(writer, follow ? writer_ask_hold : writer_read);
}

/* ---- the queue ---- */

/* Who has waited too long is told that the outcome is unknown; the batch goes on. */
static void overdue(void *arg)
{
    struct writer *writer = arg;
    struct err why;
    instant at = writer_now(writer);
    (void) err_set(&why, ERR_UNAVAILABLE, WHERE,
                   "no outcome yet: it may be stored or not; send the same record again");
    if (writer->batch != NULL) {
        batch_overdue(writer->batch, at, &why);
    }
    while (writer->first != NULL && writer->first->deadline <= at) {
        submission_fail(take_first(writer), &why, "deadline");
    }
    if (writer->first != NULL || writer->batch != NULL) {
        loop_timer_set(writer->deadline, at + SECOND);
    }
}

void writer_submit(struct writer *writer, const struct submission *from)
{
    struct ledger *ledger = writer->ledger;
    struct submission *submission = ARENA_NEW(from->arena, struct submission);
    struct err why;
    *submission = *from;
    submission->next = NULL;
    submission->alone = false;
    submission->counted = false;
    submission->deadline = writer_now(writer) + ledger->service->answer_limit;
    if (ledger_is_open(ledger, &why) != OK) {
        submission_fail(submission, &why, "phase");
        return;
    }
    if (writer->waiting >= ledger->service->queue_limit) {
        (void) err_set(&why, ERR_BUSY, WHERE, "%zu records are waiting already",
                       writer->waiting);
        submission_fail(submission, &why, "queue");
        return;
    }
    *writer->last = submission;
    writer->last = &submission->next;
    writer->waiting++;
    if (!loop_timer_is_set(writer->deadline)) {
        loop_timer_set(writer->deadline, submission->deadline);
    }
    writer_begin(writer);
}

void writer_catch_up(struct writer *writer)
{
    writer->catch_up = true;
    writer_begin(writer);
}

void writer_refuse(struct writer *writer, const struct err *why)
{
    while (writer->first != NULL) {
        submission_fail(take_first(writer), why, "halted");
    }
}

bool writer_is_idle(const struct writer *writer)
{
    return writer->batch == NULL && writer->first == NULL;
}

size_t writer_waiting(const struct writer *writer)
{
    return writer->waiting;
}

struct writer *writer_new(struct ledger *ledger)
{
    struct writer *writer = mem_alloc(sizeof(*writer));
    writer->ledger = ledger;
    writer->last = &writer->first;
    writer->deadline = loop_timer_new(ledger->service->loop, overdue, writer);
    writer->pause = loop_timer_new(ledger->service->loop, paused, writer);
    return writer;
}

void writer_free(struct writer *writer)
{
    if (writer == NULL) {
        return;
    }
    struct err why;
    (void) err_set(&why, ERR_UNAVAILABLE, WHERE, "the service is stopping");
    writer_refuse(writer, &why);
    if (writer->batch != NULL) { /* its connection went with the pool */
        batch_fail(writer->batch, &why, "stopping");
        release(TAKE(writer->batch));
    }
    call_waiters(take_waiters(writer, true));
    loop_timer_free(writer->deadline);
    loop_timer_free(writer->pause);
    free(writer->unsigned_leaves);
    free(writer);
}
