/* SPDX-License-Identifier: Apache-2.0 */
/*
** What the writer does when a step does not go as planned: an append that failed for one record
** among many, a commit whose answer was lost, a head that another process moved.
*/
#include "base/log.h"
#include "service/flow/writer_impl.h"
#include "service/loop/loop.h"

/* Put the records of this batch back to the front of the queue, each to go alone. */
void writer_one_by_one(struct writer *writer)
{
    struct batch *batch = writer->batch;
    batch_undo(batch);
    for (size_t i = batch->count; i-- > 0;) {
        struct item *item = &batch->items[i];
        struct submission *submission = TAKE(item->submission);
        if (submission == NULL) {
            continue;
        }
        if (item->answered) {
            arena_free(submission->arena);
            continue;
        }
        submission->alone = true;
        submission->next = writer->first;
        if (writer->first == NULL) {
            writer->last = &submission->next;
        }
        writer->first = submission;
        writer->waiting++;
    }
    writer_end(writer);
}

void writer_remember_unsigned(struct writer *writer, const struct digest *leaves,
                              size_t count)
{
    if (count == 0) {
        return;
    }
    writer->unsigned_leaves = mem_grow(
        writer->unsigned_leaves, writer->unsigned_count + count, sizeof(struct digest));
    memcpy(writer->unsigned_leaves + writer->unsigned_count, leaves,
           count * sizeof(*leaves));
    writer->unsigned_count += count;
}

/* ---- LOOK: a commit whose answer was lost ---- */

/* Nothing else may be begun before it is known: for as long as it takes. */
void writer_connect_to_look(struct writer *writer)
{
    writer_give_back(writer);
    writer->batch->held = false;
    writer_take(writer, writer_look);
}

static void took_look(void *arg, const struct pg_answer *answer)
{
    struct writer *writer = arg;
    struct batch *batch = writer->batch;
    struct store_head head;
    struct store_line line;
    struct err err;
    if (answer->status != OK) {
        log_err(LOG_WARNING, "look", answer->err);
        writer_give_back(writer);
        writer_pause(writer, LOOK_PAUSE, writer_connect_to_look);
        return;
    }
    if (store_take_head(answer->rows[0], &head, &err) != OK ||
        (pg_rows_count(answer->rows[1]) == 1 &&
         store_take_line(answer->rows[1], 0, &line, &err) != OK)) {
        writer_halt(writer, &err, "look");
    } else if (pg_rows_count(answer->rows[1]) == 1 &&
               digest_equal(&line.leaf, &batch->leaves[0])) {
        writer_committed(writer);
        writer_reread(writer);
    } else if (head.size == batch->base.size) {
        writer_append(writer);
    } else {
        writer_hold(writer);
    }
}

void writer_look(struct writer *writer)
{
    struct pg_batch *statements = pg_batch_new();
    struct err err;
    store_add_head(statements, writer->ledger->log_id);
    store_add_lines(statements, writer->ledger->log_id, writer->batch->base.size,
                    writer->batch->base.size + 1);
    if (pg_ask(writer->batch->pg, statements, writer_now(writer) + STEP_PATIENCE, took_look,
               writer, &err) != OK) {
        writer_connect_to_look(writer);
    }
}

/* ---- HOLD: another process wrote ---- */

/* Fold what stands in ROWS. */
static status fold_lines(struct writer *writer, const struct pg_rows *rows, struct err *err)
{
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        struct store_line line;
        struct digest leaf;
        TRY(store_take_line(rows, i, &line, err));
        TRY(ledger_fold(writer->ledger, &line, &leaf, err));
        writer_remember_unsigned(writer, &leaf, 1);
    }
    return OK;
}

static status take_hold(struct writer *writer, const struct store_head *head,
                        const struct pg_rows *rows, struct err *err)
{
    struct state_head mine = state_head(writer->ledger->state);
    if (head->size < mine.size) {
        return FAIL(err, ERR_TAMPERED, "the log has %llu entries, it had %llu",
                    (unsigned long long) head->size, (unsigned long long) mine.size);
    }
    TRY(fold_lines(writer, rows, err));
    mine = state_head(writer->ledger->state);
    if (mine.size == head->size && mine.size > 0 &&
        !digest_equal(&mine.leaf, &head->leaf)) {
        return FAIL(err, ERR_TAMPERED, "the head's leaf is not that of entry %llu",
                    (unsigned long long) mine.size - 1);
    }
    state_commit(writer->ledger->state, state_begin(writer->ledger->state));
    return OK;
}

static void took_hold(void *arg, const struct pg_answer *answer)
{
    struct writer *writer = arg;
    struct store_head head;
    struct err err;
    size_t at = writer->batch->held ? 0 : 1; /* BEGIN stands first, the first time */
    if (answer->status != OK) {
        writer_fail(writer, answer->err, "hold");
        return;
    }
    writer->batch->held = true;
    status result = store_take_head(answer->rows[at], &head, &err);
    if (result == OK) {
        result = take_hold(writer, &head, answer->rows[at + 1], &err);
    }
    if (result != OK) {
        err.kind = ERR_TAMPERED;
        writer_halt(writer, &err, "hold");
    } else if (state_head(writer->ledger->state).size < head.size) {
        writer_ask_hold(writer);
    } else if (writer->batch->count == 0) {
        writer_give_back(writer);
        writer_sign(writer);
    } else {
        writer_read(writer);
    }
}

void writer_ask_hold(struct writer *writer)
{
    struct pg_batch *statements = pg_batch_new();
    uint64_t from = state_head(writer->ledger->state).size;
    if (!writer->batch->held) {
        pg_batch_add(statements, &PG_BEGIN);
    }
    store_add_hold_head(statements, writer->ledger->log_id);
    store_add_lines(statements, writer->ledger->log_id, from, from + FOLD_CHUNK);
    writer_ask(writer, statements, took_hold, "hold");
}

void writer_hold(struct writer *writer)
{
    batch_undo(writer->batch);
    writer->batch->held = false;
    writer_ask_hold(writer);
}
