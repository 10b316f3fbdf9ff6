/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/proof.h"

#include <stdlib.h>

#include "crypto/entry.h"
#include "crypto/receipt.h"
#include "service/flow/line.h"

#define TRIES 4 /* the tree may grow past what was fetched while it was on its way */

struct asking {
    struct ledger *ledger;
    uint64_t seq;
    instant deadline;
    unsigned tries;
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

static status take_leaves(const struct pg_rows *rows, struct tree_leaves *ret_leaves,
                          struct err *err)
{
    size_t count = pg_rows_count(rows);
    for (size_t i = 0; i < count; i++) {
        uint64_t seq = 0;
        if (i == TILE_WIDTH) {
            return FAIL(err, ERR_BUG, "more leaves than were asked for");
        }
        TRY(store_take_leaf(rows, i, &seq, &ret_leaves->hashes[i], err));
        ret_leaves->first = i == 0 ? seq : ret_leaves->first;
        if (seq != ret_leaves->first + i) {
            return FAIL(err, ERR_TAMPERED, "entry %llu is missing",
                        (unsigned long long) (ret_leaves->first + i));
        }
    }
    ret_leaves->count = count;
    return OK;
}

static status take(const struct asking *asking, const struct pg_answer *answer,
                   struct proof *proof, struct bytes *receipt, struct err *err)
{
    struct ledger *ledger = asking->ledger;
    struct tree_reader reader = {.tree = ledger->tree};
    struct entry entry;
    struct merkle_proof path;
    if (pg_rows_count(answer->rows[0]) != 1) {
        return FAIL(err, ERR_TAMPERED, "entry %llu is missing",
                    (unsigned long long) asking->seq);
    }
    TRY(store_take_line(answer->rows[0], 0, &proof->line, err));
    if (!proof->line.has_body) {
        return FAIL(err, ERR_NOT_FOUND, "entry %llu has no body",
                    (unsigned long long) asking->seq);
    }
    TRY(line_check(&proof->line, ledger->origin, asking->seq, NULL, &entry, err));
    TRY(split(&entry, &proof->line, proof, err));
    for (size_t i = 1; i < answer->count; i++) {
        TRY(take_leaves(answer->rows[i], &reader.fetched[i - 1], err));
    }
    struct tree_source source = tree_reader_source(&reader);
    TRY(merkle_prove_inclusion(&source, asking->seq, ledger->checkpoint_size, &path, err));
    proof_format(ledger, asking->seq, proof->line.salt, proof->line.entry, proof->outcome,
                 &path, receipt);
    proof->receipt = span_bytes(receipt);
    return OK;
}

static status ask(struct asking *asking, struct err *err);

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
        if (result == ERR_BUSY && asking->tries < TRIES) {
            result = ask(asking, &err);
            if (result == OK) {
                return;
            }
        }
    }
    if (result == ERR_TAMPERED) {
        ledger_halt(asking->ledger, &err);
    }
    asking->done(asking->arg, result == OK ? &proof : NULL, result == OK ? NULL : &err);
    free(asking);
}

/* The leaves of tile number TILE. */
static void add_tile(struct pg_batch *batch, const struct ledger *ledger, uint64_t tile)
{
    store_add_leaves(batch, ledger->log_id, tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH);
}

static status ask(struct asking *asking, struct err *err)
{
    struct ledger *ledger = asking->ledger;
    struct pg_batch *batch = pg_batch_new();
    uint64_t tile = asking->seq / TILE_WIDTH;
    uint64_t edge = (ledger->checkpoint_size - 1) / TILE_WIDTH;
    store_add_lines(batch, ledger->log_id, asking->seq, asking->seq + 1);
    add_tile(batch, ledger, tile);
    if (edge != tile && tree_size(ledger->tree) != ledger->checkpoint_size) {
        /* committed and not signed yet: the checkpoint's last tile left the memory */
        add_tile(batch, ledger, edge);
    }
    asking->tries++;
    return pg_pool_ask(ledger->service->readers, batch, asking->deadline, answered, asking,
                       err);
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
        *err = ledger->why; /* not read so far, or halted at start */
        err->kind = ERR_UNAVAILABLE;
        return err->kind;
    }
    struct asking *asking = mem_alloc(sizeof(*asking));
    *asking = (struct asking){
        .ledger = ledger, .seq = seq, .deadline = deadline, .done = done, .arg = arg};
    status result = ask(asking, err);
    if (result != OK) {
        free(asking);
    }
    return result;
}
