/* SPDX-License-Identifier: Apache-2.0 */
/*
** The state of a study from its log. What was signed with the log's key is known by its hashes
** (the tree of these leaves is the one of the mark); behind it, each record must be signed by
** the person it names. Then the tables are compared with what came out.
*/
#include "base/log.h"
#include "crypto/entry.h"
#include "service/flow/definer.h"
#include "service/flow/line.h"
#include "service/flow/start_impl.h"

#define CHUNK ((uint64_t) 256)

static void replay(struct start *start);

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

static void took_lines(void *arg, const struct pg_answer *answer)
{
    struct start *start = arg;
    struct state *state = start->ledger->state;
    if (!start_came(start, answer)) {
        return;
    }
    for (size_t i = 0; i < pg_rows_count(answer->rows[0]); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct store_line line;
        struct err err;
        if (store_take_line(answer->rows[0], i, &line, &err) != OK) {
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
    if (pg_rows_count(answer->rows[0]) == 0) {
        end_replay(start);
    } else {
        replay(start);
    }
}

static void replay(struct start *start)
{
    if (start->at >= start->head.size) {
        end_replay(start);
        return;
    }
    uint64_t left = start->head.size - start->at;
    struct pg_batch *batch = pg_batch_new();
    store_add_lines(batch, start->ledger->log_id, start->at,
                    start->at + (left < CHUNK ? left : CHUNK));
    start_ask(start, batch, took_lines);
}

void start_replay(struct start *start)
{
    replay(start);
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
