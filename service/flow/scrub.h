/* SPDX-License-Identifier: Apache-2.0 */
/*
** scrub: one tile of the stored log compared with the tree in memory, then the next one,
** round and round.
**
** Entries, bodies and the chain between them are hashed again; the leaves must give the
** tile's root, and of the unfinished tile each must be the one in memory. From the same
** leaves follow the roots that were published at every size, and the tiles' roots: the rows
** that hold them are compared, too. The first thing that differs is named.
*/
#ifndef CRFD_SERVICE_SCRUB_H
#define CRFD_SERVICE_SCRUB_H

#include "crypto/merkle.h"
#include "service/pg/pg.h"

struct ledger;

/* Zero but for the ledger to begin. */
struct scrub {
    struct ledger *ledger;
    uint64_t tile; /* that is compared next */
    uint64_t size; /* of the tree when it was asked for */
    struct frontier
        before;         /* of the entries before the tile, as this round has read them */
    struct digest last; /* the leaf before the tile */
};

/* What to read for the next tile; the log is not empty. */
void scrub_add(struct scrub *scrub, struct pg_batch *batch);
/* Compare it and step to the next. ERR_TAMPERED: something was changed. */
MUST_USE status scrub_take(struct scrub *scrub, const struct pg_answer *answer,
                           struct err *err);

#endif
