/* SPDX-License-Identifier: Apache-2.0 */
/*
** The state of a study from its log. What was signed with the log's key is known by its hashes
** (the tree of these leaves is the one of the mark, so no signature of it is verified again);
** behind it, each record must be signed by the person it names. Then the tables are compared
** with what came out. Entries are folded on the loop while the database reads the next ones.
*/
#include "base/log.h"
#include "crypto/entry.h"
#include "service/flow/definer.h"
#include "service/flow/line.h"
#include "service/flow/start_impl.h"
#include "service/loop/loop.h"

#define CHUNK    ((uint64_t) 256)
#define PATIENCE (60 * SECOND)

static status ask_lines(struct start *start, struct err *err);

/* ---- one entry ---- */

static void fold(struct start *start, const struct entry *entry,
                 const struct unfolded *unfolded, const struct store_line *line,
                 struct arena *arena)
{
    struct entry_facts facts = {.seq = entry->seq,
                                .time = entry->time,
                                .actor = arena_span_text(arena, entry->actor),
                                .leaf = line->leaf};
    fold_apply(start->ledger->state, &facts, &unfolded->record, &unfolded->outcome, arena);
}

static status replay_line(struct start *start, const struct store_line *line,
                          struct arena *arena, struct err *err)
{
    struct ledger *ledger = start->ledger;
    struct unfolded unfolded;
    struct entry entry;
    TRY(line_check(line, ledger->origin, start->at, &start->last, &entry, err));
    if (entry.time < start->time) {
        return FAIL(err, ERR_TAMPERED, "entry %llu is dated before the one it follows",
                    (unsigned long long) start->at);
    }
    bool is_new = start->at >= signer_mark(ledger->signer)->size;
    if (line_has_record(&entry)) {
        TRY(line_unfold(line, arena, &unfolded, err));
        if (is_new) {
            TRY(line_is_next(ledger, &entry, &unfolded, err));
        }
        fold(start, &entry, &unfolded, line, arena);
    } else {
        state_advance(ledger->state, &line->leaf, entry.time);
    }
    if (is_new) {
        *ARENA_PUSH(start->arena, start->leaves, start->leaf_count, start->leaf_capacity) =
            line->leaf;
    }
    frontier_append(&start->replayed, &line->leaf);
    start->last = line->leaf;
    start->time = entry.time;
    start->at++;
    return OK;
}

/* After a fault: what people signed still says who may read. */
static void salvage_line(struct start *start, const struct store_line *line,
                         struct arena *arena)
{
    struct unfolded unfolded;
    struct entry entry;
    if (entry_parse(line->entry, &entry, NULL) == OK && line_has_record(&entry) &&
        line_unfold(line, arena, &unfolded, NULL) == OK &&
        line_is_signed(start->ledger, &entry, &unfolded, NULL) == OK) {
        fold(start, &entry, &unfolded, line, arena);
    }
    start->at = line->seq + 1;
}

/* ---- the end ---- */

static status check_end(const struct start *start, struct err *err)
{
    if (start->at < start->head.size) {
        return FAIL(err, ERR_TAMPERED, "entry %llu is missing",
                    (unsigned long long) start->at);
    }
    if (start->at > 0 && !digest_equal(&start->last, &start->row.leaf)) {
        return FAIL(err, ERR_TAMPERED, "the head's leaf is not that of entry %llu",
                    (unsigned long long) start->at - 1);
    }
    if (start->time != start->row.time) {
        return FAIL(err, ERR_TAMPERED, "the head's time is not that of entry %llu",
                    (unsigned long long) start->at - 1);
    }
    return tree_same(&start->replayed, &start->head, "of the log's head", err);
}

static void end_replay(struct start *start)
{
    struct err err;
    if (!start->faulty && check_end(start, &err) != OK) {
        start_fault(start, &err);
    }
    struct state *state = start->ledger->state;
    struct state_head head = {
        .size = start->row.size, .leaf = start->row.leaf, .time = start->row.time};
    state_commit(state, state_begin(state));
    state_load_head(state, &head);
    start_compare_tables(start);
}

/* ---- all entries ---- */

static void replay_lines(struct start *start, const struct pg_rows *rows)
{
    struct state *state = start->ledger->state;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct store_line line;
        struct err err;
        if (store_take_line(rows, i, &line, &err) != OK) {
            start_fault(start, &err);
            start->at++;
            continue;
        }
        if (!start->faulty && replay_line(start, &line, arena, &err) != OK) {
            start_fault(start, &err);
        }
        if (start->faulty) {
            salvage_line(start, &line, arena);
        }
    }
    state_commit(state, state_begin(state));
    start->ledger->replayed = start->at;
}

/* While these are folded the database reads the next. */
static void took_lines(void *arg, const struct pg_answer *answer)
{
    struct start *start = arg;
    struct err err;
    if (!start_came(start, answer)) {
        return;
    }
    start->asking = false;
    status asked = start->asked < start->head.size ? ask_lines(start, &err) : OK;
    replay_lines(start, answer->rows[0]);
    if (asked != OK) {
        start_finish(start, asked, &err);
    } else if (!start->asking) {
        end_replay(start);
    }
}

static status ask_lines(struct start *start, struct err *err)
{
    uint64_t left = start->head.size - start->asked;
    uint64_t to = start->asked + (left < CHUNK ? left : CHUNK);
    struct pg_batch *batch = pg_batch_new();
    store_add_lines(batch, start->ledger->log_id, start->asked, to);
    TRY(pg_ask(start->pg, batch, loop_now(start->ledger->service->loop) + PATIENCE,
               took_lines, start, err));
    start->asked = to;
    start->asking = true;
    return OK;
}

void start_replay(struct start *start)
{
    struct err err;
    start->ledger->replayed = 0;
    start->ledger->to_replay = start->head.size;
    if (start->head.size == 0) {
        end_replay(start);
    } else if (ask_lines(start, &err) != OK) {
        start_finish(start, ERR_UNAVAILABLE, &err);
    }
}

/* ---- definitions ---- */

static void want_definition(const char *sha256, void *arg)
{
    struct start *start = arg;
    *ARENA_PUSH(start->arena, start->wanted, start->wanted_count, start->wanted_capacity) =
        arena_text(start->arena, sha256);
}

static void defined(void *arg)
{
    struct start *start = arg;
    struct err err;
    status given = definer_give(start->definer, start->ledger, &err);
    if (given == OK || start->faulty) {
        start_sign(start);
    } else {
        start_finish(start, given, &err);
    }
}

/* All of them; of a log with a fault those that are there. */
static status take_definitions(struct start *start, const struct pg_answer *answer,
                               struct err *err)
{
    start->definer = definer_new(defined, start);
    for (size_t i = 0; i < start->wanted_count; i++) {
        struct span media;
        struct span bytes;
        if (store_take_blob(answer->rows[i], &media, &bytes)) {
            definer_add(start->definer, start->wanted[i], bytes);
        } else if (!start->faulty) {
            return FAIL(err, ERR_TAMPERED, "the definition %s is not in the database",
                        start->wanted[i]);
        }
    }
    return definer_begin(start->definer, start->ledger->service->loop, err);
}

static void took_definitions(void *arg, const struct pg_answer *answer)
{
    struct start *start = arg;
    struct err err;
    if (!start_came(start, answer)) {
        return;
    }
    status taken = take_definitions(start, answer, &err);
    if (taken != OK) {
        start_finish(start, taken, &err);
    }
}

void start_definitions(struct start *start)
{
    struct pg_batch *batch = pg_batch_new();
    ledger_each_definition(start->ledger, want_definition, start);
    for (size_t i = 0; i < start->wanted_count; i++) {
        struct digest digest;
        if (!digest_from_hex(span_text(start->wanted[i]), &digest)) {
            digest = (struct digest){0};
        }
        store_add_read_blob(batch, &digest);
    }
    if (start->wanted_count == 0) {
        pg_batch_free(batch);
        start_sign(start);
        return;
    }
    start_ask(start, batch, took_definitions);
}
