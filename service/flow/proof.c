/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/proof.h"

#include <stdlib.h>

#include "crypto/entry.h"
#include "crypto/receipt.h"
#include "service/flow/line.h"

struct asking {
    struct ledger *ledger;
    uint64_t seq;
    void (*done)(void *arg, const struct proof *proof, const struct err *why);
    void *arg;
};

void proof_format(const struct ledger *ledger, uint64_t index, struct span salt,
                  struct span entry, struct span outcome, const struct merkle_proof *path,
                  struct bytes *out)
{
    struct receipt receipt = {.entry = entry,
                              .outcome = outcome,
                              .index = index,
                              .proof = *path,
                              .note = span_bytes(&ledger->checkpoint)};
    memcpy(receipt.salt, salt.data, SALT_SIZE);
    receipt_format(&receipt, out);
}

/* Cut the body into what the answer needs. */
static status split(const struct entry *entry, const struct store_line *line,
                    struct proof *proof, struct err *err)
{
    proof->rejected = span_is(entry->type, "reject");
    struct span rest = line->body;
    bool good = proof->rejected ? span_cut(&rest, '\n', &proof->outcome) && rest.size == 0
                                : body_split(line->body, &proof->record, &proof->outcome);
    if (!good) {
        return FAIL(err, ERR_TAMPERED, "the body of entry %llu is not one of ours",
                    (unsigned long long) line->seq);
    }
    return OK;
}

static status take(const struct asking *asking, const struct pg_answer *answer,
                   struct proof *proof, struct bytes *receipt, struct err *err)
{
    struct digest leaves[TILE_WIDTH];
    size_t count = pg_rows_count(answer->rows[1]);
    struct entry entry;
    struct merkle_proof path;
    if (pg_rows_count(answer->rows[0]) != 1 || count > TILE_WIDTH) {
        return FAIL(err, ERR_TAMPERED, "entry %llu is missing",
                    (unsigned long long) asking->seq);
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t seq = 0;
        TRY(store_take_leaf(answer->rows[1], i, &seq, &leaves[i], err));
    }
    TRY(store_take_line(answer->rows[0], 0, &proof->line, err));
    TRY(entry_parse(proof->line.entry, &entry, err));
    if (!proof->line.has_body || proof->line.salt.size != SALT_SIZE) {
        return FAIL(err, ERR_NOT_FOUND, "entry %llu has no body",
                    (unsigned long long) asking->seq);
    }
    TRY(split(&entry, &proof->line, proof, err));
    struct tree_reader reader = {.tree = asking->ledger->tree,
                                 .tile = asking->seq / TILE_WIDTH,
                                 .leaves = count == TILE_WIDTH ? leaves : NULL};
    struct tree_source source = tree_reader_source(&reader);
    TRY(merkle_prove_inclusion(&source, asking->seq, asking->ledger->checkpoint_size, &path,
                               err));
    proof_format(asking->ledger, asking->seq, proof->line.salt, proof->line.entry,
                 proof->outcome, &path, receipt);
    proof->receipt = span_bytes(receipt);
    return OK;
}

static void answered(void *arg, const struct pg_answer *answer)
{
    struct asking *asking = arg;
    CLEANUP(bytes_done) struct bytes receipt = {0};
    struct proof proof = {0};
    struct err err;
    status result = answer->status;
    if (result != OK) {
        err = *answer->err;
    } else {
        result = take(asking, answer, &proof, &receipt, &err);
    }
    asking->done(asking->arg, result == OK ? &proof : NULL, result == OK ? NULL : &err);
    free(asking);
}

status proof_ask(struct ledger *ledger, uint64_t seq, instant deadline,
                 void (*done)(void *arg, const struct proof *proof, const struct err *why),
                 void *arg, struct err *err)
{
    if (seq >= ledger->checkpoint_size) {
        return FAIL(err, ERR_NOT_FOUND, "entry %llu is not covered by a checkpoint yet",
                    (unsigned long long) seq);
    }
    if (tree_size(ledger->tree) < ledger->checkpoint_size) {
        return FAIL(err, ERR_UNAVAILABLE, "%s", ledger->why.what);
    }
    struct asking *asking = mem_alloc(sizeof(*asking));
    *asking = (struct asking){.ledger = ledger, .seq = seq, .done = done, .arg = arg};
    uint64_t first = seq / TILE_WIDTH * TILE_WIDTH;
    struct pg_batch *batch = pg_batch_new();
    store_add_lines(batch, ledger->log_id, seq, seq + 1);
    store_add_leaves(batch, ledger->log_id, first, first + TILE_WIDTH);
    status result =
        pg_pool_ask(ledger->service->readers, batch, deadline, answered, asking, err);
    if (result != OK) {
        free(asking);
    }
    return result;
}
