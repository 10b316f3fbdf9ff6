/* SPDX-License-Identifier: Apache-2.0 */
/*
** scrub: one tile of the stored log compared with the tree in memory, then the next one,
** round and round.
**
** Entries, bodies and the chain between them are hashed again; the leaves must give the
** tile's root, and of the unfinished tile each must be the one in memory. From the same
** leaves follow the roots that were published at every size, and the tiles' roots: the rows
** that hold them are compared, too. So are the ids that are spent: each entry has its row of
** record_id (asked for with the next tile), and nothing else has one. The first thing that
** differs is named.
*/
#ifndef CRFD_SERVICE_SCRUB_H
#define CRFD_SERVICE_SCRUB_H

#include "crypto/merkle.h"
#include "crypto/random.h"
#include "crypto/tile.h"
#include "service/pg/pg.h"

struct entry;
struct ledger;
struct store_line;

/* What record_id must say of one entry. */
struct scrub_id {
    int key_no;
    struct uuid jti;
    uint64_t seq;
    struct digest record;
};

/* The ids of the tile read last, and how many there were in this round. */
struct scrub_ids {
    struct scrub_id items[TILE_WIDTH];
    size_t count;
    uint64_t total;
    uint64_t ended; /* the last round: its size, and its total; 0: none yet */
    uint64_t ended_total;
};

/* Zero but for the ledger to begin. */
struct scrub {
    struct ledger *ledger;
    uint64_t tile; /* that is compared next */
    uint64_t size; /* of the tree when it was asked for */
    struct frontier
        before;         /* of the entries before the tile, as this round has read them */
    struct digest last; /* the leaf before the tile */
    struct scrub_ids ids;
};

/* What to read for the next tile, in one snapshot; the log is not empty. */
void scrub_add(struct scrub *scrub, struct pg_batch *batch);
/* Compare it and step to the next. ERR_TAMPERED: something was changed. */
MUST_USE status scrub_take(struct scrub *scrub, const struct pg_rows *const *rows,
                           struct err *err);

/* scrub_ids.c */
MUST_USE status scrub_ids_collect(struct scrub *scrub, const struct store_line *line,
                                  const struct entry *entry, struct err *err);
void scrub_ids_add(const struct scrub *scrub, struct pg_batch *batch);
MUST_USE status scrub_ids_take(struct scrub *scrub, const struct pg_rows *rows,
                               struct err *err);
/* The end of a round at the size of the scrub. */
void scrub_ids_end(struct scrub *scrub);
/* The totals of the database against those of the last round. */
void scrub_totals_add(const struct scrub *scrub, struct pg_batch *batch);
MUST_USE status scrub_totals_take(const struct scrub *scrub,
                                  const struct pg_rows *const *rows, struct err *err);

#endif
