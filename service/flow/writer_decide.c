/* SPDX-License-Identifier: Apache-2.0 */
/*
** Decide each record of a batch on the state that the one before it left, and build its
** entry. Nothing here waits. Until the commit all of it can be undone (batch_undo).
*/
#include "crypto/key.h"
#include "crypto/random.h"
#include "service/flow/batch.h"
#include "service/flow/quota.h"
#include "service/store/projection.h"

#define MEDIA_SIGNED "application/x-ndjson"
#define MEDIA_SYSTEM "application/json"

/* ---- one entry ---- */

/* Build the entry of ITEM's body and hash it. */
static status build_entry(struct batch *batch, struct item *item, const char *type,
                          const char *media, struct err *err)
{
    struct state_head head = state_head(batch->ledger->state);
    const struct record *record = &item->submission->record;
    struct entry entry = {
        .log = span_text(batch->ledger->origin),
        .seq = (int64_t) head.size,
        .prev = head.leaf,
        .time = item->time,
        .type = span_text(type),
        .actor = span_text(item->decision.person),
        .key = span_text(record->kid),
        .keydir = ENTRY_NONE,
        .object = span_text(item->object),
        .prior = item->decision.accepted ? item->decision.prior_seq : ENTRY_NONE,
        .body_size = (int64_t) item->body.size,
        .media = span_text(media),
    };
    random_fill(item->salt, sizeof(item->salt));
    entry_body_digest(item->salt, span_bytes(&item->body), &entry.body);
    bytes_clear(&item->entry);
    TRY(entry_encode(&entry, &item->entry, err));
    merkle_leaf(span_bytes(&item->entry), &item->leaf);
    item->seq = head.size;
    return OK;
}

static void number_key(struct batch *batch, struct item *item)
{
    const struct row *key =
        state_key_by_kid(batch->ledger->state, item->submission->record.kid);
    item->key_no = key != NULL ? (int) row_integer(key, PERSON_KEY_KEY_NO) : -1;
    item->in_log = true;
    batch->leaves[batch->entry_count++] = item->leaf;
}

static void keep_casebook(struct batch *batch, struct item *item,
                          const struct entry_facts *facts)
{
    struct submission *submission = item->submission;
    const char *subject = submission->record.subject;
    if (subject == NULL) {
        return;
    }
    const struct casebook *before = casebooks_get(batch->ledger->casebooks, subject);
    struct casebook after =
        fold_casebook(batch->ledger->state, before, facts, &submission->record,
                      &item->decision.outcome, submission->arena);
    casebooks_put(batch->ledger->casebooks, &after);
}

static status accept_record(struct batch *batch, struct item *item, struct err *err)
{
    struct submission *submission = item->submission;
    struct record *record = &submission->record;
    bytes_clear(&item->body);
    bytes_add_span(&item->body, submission->jws.line);
    bytes_add_char(&item->body, '\n');
    size_t start = item->body.size;
    outcome_write(&item->decision.outcome, &item->body);
    size_t end = item->body.size;
    bytes_add_char(&item->body, '\n');
    item->outcome = span_of(item->body.data + start, end - start);
    item->object = record->object;
    TRY(build_entry(batch, item, record_type_name(record->type), MEDIA_SIGNED, err));

    struct entry_facts facts = {.seq = (int64_t) item->seq,
                                .time = item->time,
                                .actor = item->decision.person,
                                .leaf = item->leaf};
    fold_apply(batch->ledger->state, &facts, record, &item->decision.outcome,
               submission->arena);
    keep_casebook(batch, item, &facts);
    number_key(batch, item);
    return OK;
}

static status log_refusal(struct batch *batch, struct item *item, struct err *err)
{
    bytes_clear(&item->body);
    decision_write_reject(&item->decision, &item->submission->record, &item->body);
    bytes_add_char(&item->body, '\n');
    item->object = "reject";
    TRY(build_entry(batch, item, "reject", MEDIA_SYSTEM, err));
    state_advance(batch->ledger->state, &item->leaf, item->time);
    number_key(batch, item);
    return OK;
}

/* ---- one record ---- */

static void decide_item(struct batch *batch, struct item *item)
{
    struct ledger *ledger = batch->ledger;
    struct submission *submission = item->submission;
    struct state_head head = state_head(ledger->state);
    struct definitions definitions = ledger_definitions(ledger);
    const struct casebook *book =
        submission->record.subject != NULL
            ? casebooks_get(ledger->casebooks, submission->record.subject)
            : NULL;
    instant now = clock_now(ledger->service->clock);
    struct err err;
    item->time = now > head.time ? now : head.time;
    struct decide_context context = {.seq = (int64_t) head.size,
                                     .time = item->time,
                                     .seen = item->seen,
                                     .language = submission->language};
    decide(ledger->state, book, &definitions, &context, &submission->record,
           &submission->shape, submission->arena, &item->decision);

    status done = OK;
    if (item->decision.accepted) {
        done = accept_record(batch, item, &err);
    } else if (item->decision.leaves_entry) {
        /* rung 6: who is refused too often is not logged again, and the id stays unspent.
         * Counted once, though a moved head has it decided again. */
        submission->counted =
            submission->counted || quota_take(ledger, submission->record.kid);
        if (submission->counted) {
            done = log_refusal(batch, item, &err);
        } else {
            item->early_status = 429;
        }
    }
    if (done != OK) {
        /* the entry would not hold it: an identifier beyond the limits of an entry */
        item->early_status = 422;
    }
}

/* The batch as the tree sees it: root, frontier, full tiles, proofs. */
static void grow_edge(struct batch *batch)
{
    tree_edge_free(batch->edge);
    batch->edge = batch->entry_count > 0 ? tree_edge_new(tree_frontier(batch->ledger->tree),
                                                         batch->leaves, batch->entry_count)
                                         : NULL;
}

void batch_decide(struct batch *batch)
{
    batch->base = state_head(batch->ledger->state);
    batch->mark = state_begin(batch->ledger->state);
    batch->entry_count = 0;
    batch->decided = true;
    for (size_t i = 0; i < batch->count; i++) {
        batch->items[i].in_log = false;
        batch->items[i].early_status = 0;
        if (batch->items[i].submission != NULL && !batch->items[i].answered) {
            decide_item(batch, &batch->items[i]);
        }
    }
    grow_edge(batch);
}

void batch_undo(struct batch *batch)
{
    if (!batch->decided) {
        return;
    }
    state_rollback(batch->ledger->state, batch->mark);
    for (size_t i = 0; i < batch->count; i++) {
        const struct submission *submission = batch->items[i].submission;
        if (submission != NULL && submission->record.subject != NULL) {
            casebooks_drop(batch->ledger->casebooks, submission->record.subject);
        }
        batch->items[i].in_log = false;
    }
    tree_edge_free(batch->edge);
    batch->edge = NULL;
    batch->entry_count = 0;
    batch->decided = false;
}

/* ---- append and compare ---- */

struct tiles {
    struct arena *arena;
    struct store_tile *items;
    size_t count, capacity;
};

static void add_tile(const struct stratum *stratum, void *arg)
{
    struct tiles *tiles = arg;
    *ARENA_PUSH(tiles->arena, tiles->items, tiles->count, tiles->capacity) =
        (struct store_tile){
            .level = (int) stratum->level, .index = stratum->index, .hash = stratum->hash};
}

static struct store_entry store_entry_of(const struct item *item, const struct digest *prev)
{
    return (struct store_entry){.prev = *prev,
                                .entry = span_bytes(&item->entry),
                                .object = item->object,
                                .salt = span_of(item->salt, sizeof(item->salt)),
                                .body = span_bytes(&item->body),
                                .key_no = item->key_no,
                                .jti = item->submission->jws.jti,
                                .record = item->submission->record.digest};
}

void batch_add_append(struct batch *batch, struct pg_batch *statements)
{
    CLEANUP(bytes_done) struct bytes frontier = {0};
    struct tiles tiles = {.arena = batch->arena};
    struct store_entry *entries =
        ARENA_ARRAY(batch->arena, batch->entry_count, struct store_entry);
    struct digest prev = batch->base.leaf;
    size_t count = 0;
    instant last = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->items[i].in_log) {
            entries[count++] = store_entry_of(&batch->items[i], &prev);
            prev = batch->items[i].leaf;
            last = batch->items[i].time;
        }
    }
    frontier_encode(tree_edge_after(batch->edge), &frontier);
    tree_edge_strata(batch->edge, add_tile, &tiles);
    struct store_append append = {.log_id = batch->ledger->log_id,
                                  .size = batch->base.size,
                                  .leaf = batch->base.leaf,
                                  .time = last,
                                  .entries = entries,
                                  .entry_count = count,
                                  .frontier = span_bytes(&frontier),
                                  .tiles = tiles.items,
                                  .tile_count = tiles.count};
    tree_edge_root(batch->edge, &append.root);
    store_add_append(statements, &append);
    projection_add_changes(statements, batch->ledger->log_id, batch->ledger->state,
                           batch->mark);
}

status batch_compare(const struct batch *batch, const struct pg_rows *rows, struct err *err)
{
    size_t row = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct item *item = &batch->items[i];
        struct store_reread reread;
        struct digest body;
        if (!item->in_log) {
            continue;
        }
        if (row >= pg_rows_count(rows)) {
            return FAIL(err, ERR_TAMPERED, "entry %llu was committed and is gone",
                        (unsigned long long) item->seq);
        }
        TRY(store_take_reread(rows, row++, &reread, err));
        entry_body_digest(item->salt, span_bytes(&item->body), &body);
        if (reread.seq != item->seq ||
            !span_equal(reread.entry, span_bytes(&item->entry)) || !reread.has_body ||
            !digest_equal(&reread.body, &body)) {
            return FAIL(err, ERR_TAMPERED, "entry %llu reads otherwise than it was written",
                        (unsigned long long) item->seq);
        }
    }
    return OK;
}
