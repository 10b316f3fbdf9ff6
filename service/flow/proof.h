/* SPDX-License-Identifier: Apache-2.0 */
/*
** proof: the receipt of an entry that has been in the log for a while, under the newest
** checkpoint.
**
** Reads the entry, its body and the leaf hashes of its tile; the rest of the path is in
** memory (tree.h).
*/
#ifndef CRFD_SERVICE_PROOF_H
#define CRFD_SERVICE_PROOF_H

#include "service/flow/ledger.h"

struct proof {
    struct store_line line;
    bool rejected;      /* a reject entry: `outcome` is its body's line */
    struct span record; /* the signed line; empty when rejected */
    struct span outcome;
    struct span receipt; /* text */
};

/* DONE is called once, later: PROOF is borrowed during the call, NULL with the reason in
 * WHY. ERR_NOT_FOUND: no such entry is covered by a checkpoint yet. */
MUST_USE status proof_ask(struct ledger *ledger, uint64_t seq, instant deadline,
                          void (*done)(void *arg, const struct proof *proof,
                                       const struct err *why),
                          void *arg, struct err *err);

/* Append the receipt of ENTRY at INDEX with PATH under the ledger's newest checkpoint. */
void proof_format(const struct ledger *ledger, uint64_t index, struct span salt,
                  struct span entry, struct span outcome, const struct merkle_proof *path,
                  struct bytes *out);

#endif
