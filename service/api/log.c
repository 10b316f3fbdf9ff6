/* SPDX-License-Identifier: Apache-2.0 */
/*
** The log as others verify it: checkpoint, tiles (C2SP tlog-tiles), receipts. Checkpoint
** and tiles are public: entries hold no clinical or personal value.
*/
#include "crypto/entry.h"
#include "service/api/api.h"
#include "service/flow/proof.h"
#include "service/loop/loop.h"

static status answer_checkpoint(struct flow *flow, struct err *err);
static status find_tile(struct flow *flow, struct err *err);
static status ask_tile(struct flow *flow, struct err *err);
static status take_tile(struct flow *flow, const struct pg_answer *answer, struct err *err);
static status ask_receipt(struct flow *flow, struct err *err);

const struct step api_checkpoint[] = {{"answer", answer_checkpoint, NULL}, {0}};

const struct step api_tile[] = {
    {"which", find_tile, NULL}, /* levels above the leaves are answered from memory */
    {"read", ask_tile, take_tile},
    {0},
};

const struct step api_receipt[] = {
    {"who reads", api_reader, NULL},
    {"prove", ask_receipt, NULL},
    {0},
};

static status answer_checkpoint(struct flow *flow, struct err *err)
{
    if (flow->ledger->checkpoint_size == 0) { /* what was signed before is told at once */
        TRY(api_loaded(flow, err));
        return FAIL(err, ERR_NOT_FOUND, "nothing has been signed in this study yet");
    }
    return flow_reply(flow,
                      &(struct http_answer){.status = 200,
                                            .content_type = "text/plain; charset=utf-8",
                                            .body = span_bytes(&flow->ledger->checkpoint)});
}

/* ---- tiles ---- */

static const char *const octets = "application/octet-stream";

static status answer_hashes(struct flow *flow, const struct tile *tile, struct err *err)
{
    struct digest hashes[TILE_WIDTH];
    if (!tree_hashes(flow->ledger->tree, 8 * (unsigned) tile->level,
                     tile->index * TILE_WIDTH, tile->width, hashes)) {
        return FAIL(err, ERR_NOT_FOUND, "the log has no such tile");
    }
    return flow_reply(flow, &(struct http_answer){
                                .status = 200,
                                .content_type = octets,
                                .body = span_of(hashes, sizeof(hashes[0]) * tile->width)});
}

static status find_tile(struct flow *flow, struct err *err)
{
    TRY(api_loaded(flow, err));
    CLEANUP(bytes_done) struct bytes path = {0};
    struct tile *tile = ARENA_NEW(flow->arena, struct tile);
    size_t first = flow->parameters[1].size;
    bytes_add_text(&path, "tile");
    for (size_t i = first; i < flow->request->segment_count; i++) {
        bytes_add_char(&path, '/');
        bytes_add_span(&path, flow->request->segments[i]);
    }
    flow->data = tile;
    if (!tile_path_parse(span_bytes(&path), tile) ||
        tile_width(tile->level, tile->index, flow->ledger->checkpoint_size) < tile->width) {
        return FAIL(err, ERR_NOT_FOUND, "the log has no such tile");
    }
    return tile->level > 0 ? answer_hashes(flow, tile, err) : OK;
}

static status ask_tile(struct flow *flow, struct err *err)
{
    const struct tile *tile = flow->data;
    uint64_t from = tile->index * TILE_WIDTH;
    struct pg_batch *batch = pg_batch_new();
    if (tile->level == TILE_ENTRIES) {
        store_add_entries(batch, flow->ledger->log_id, from, from + tile->width);
    } else {
        store_add_leaves(batch, flow->ledger->log_id, from, from + tile->width);
    }
    return flow_ask(flow, batch, err);
}

static status take_tile(struct flow *flow, const struct pg_answer *answer, struct err *err)
{
    const struct tile *tile = flow->data;
    CLEANUP(bytes_done) struct bytes body = {0};
    size_t count = pg_rows_count(answer->rows[0]);
    for (size_t row = 0; row < count; row++) {
        if (tile->level == TILE_ENTRIES) {
            bundle_add(&body, store_take_entry(answer->rows[0], row));
        } else {
            uint64_t seq = 0;
            struct digest leaf;
            TRY(store_take_leaf(answer->rows[0], row, &seq, &leaf, err));
            bytes_add_span(&body, digest_span(&leaf));
        }
    }
    /* a hole in the database is served as a shorter tile: the verifier must see it */
    return flow_reply(flow, &(struct http_answer){.status = 200,
                                                  .content_type = octets,
                                                  .body = span_bytes(&body)});
}

/* ---- receipts ---- */

static void receipt_done(void *arg, const struct proof *proof, const struct err *why)
{
    struct flow *flow = arg;
    struct entry entry;
    struct err err;
    if (proof == NULL) {
        flow_resume(flow, why->kind, why);
        return;
    }
    bool readable = entry_parse(proof->line.entry, &entry, &err) == OK;
    if (!readable || !api_sees_body(flow, &entry, proof->line.body)) {
        (void) err_set(&err, ERR_REJECTED, WHERE, "this receipt is not yours to read");
        flow_resume(flow, ERR_REJECTED, &err);
        return;
    }
    (void) flow_reply(flow,
                      &(struct http_answer){.status = 200,
                                            .content_type = "text/plain; charset=utf-8",
                                            .body = proof->receipt});
    flow_resume(flow, OK, NULL);
}

static status ask_receipt(struct flow *flow, struct err *err)
{
    uint64_t seq = 0;
    if (!api_number(flow->parameters[1], &seq)) {
        return FAIL(err, ERR_NOT_FOUND, "an entry is named by its sequence number");
    }
    instant deadline = loop_now(flow->service->loop) + flow->service->answer_limit;
    TRY(proof_ask(flow->ledger, seq, deadline, receipt_done, flow, err));
    return flow_park(flow);
}
