/* SPDX-License-Identifier: Apache-2.0 */
/*
** tree: what a process keeps of a log's Merkle tree: 32 bytes for each 256 entries.
**
** Kept are the leaf hashes of the last, unfinished tile and the root of every full tile at
** every level. With them any proof needs at most the 256 leaf hashes of one tile from the
** database, and each stored tile can be compared with what it was when it was written.
*/
#ifndef CRFD_SERVICE_TREE_H
#define CRFD_SERVICE_TREE_H

#include "crypto/merkle.h"
#include "crypto/tile.h"

struct tree;

struct tree *tree_new(void);
void tree_free(struct tree *tree); /* accepts NULL */
void tree_clear(struct tree *tree);

/* Append the next leaf. */
void tree_add(struct tree *tree, const struct digest *leaf);
const struct frontier *tree_frontier(const struct tree *tree); /* borrowed */
uint64_t tree_size(const struct tree *tree);

/* Begin from storage instead of from leaves: the roots of all full tiles in order, then the
 * leaves behind them. tree_check() says whether they give FRONTIER's root; if not, somebody
 * changed a stored hash (the levels above are computed, never read). */
void tree_add_tile(struct tree *tree, const struct digest *hash);
void tree_add_tail(struct tree *tree, const struct digest *leaf);
MUST_USE status tree_check(struct tree *tree, const struct frontier *frontier,
                           struct err *err);

/* HAVE and WANT are frontiers of the same size and the same tree; else ERR_TAMPERED names the
 * first range of entries in which they differ, and WHOSE those of WANT are ("that were
 * signed"). */
MUST_USE status tree_same(const struct frontier *have, const struct frontier *want,
                          const char *whose, struct err *err);
/* The frontier of the first SIZE entries, which end in the unfinished tile or before it. */
MUST_USE status tree_frontier_at(const struct tree *tree, uint64_t size,
                                 struct frontier *ret_frontier, struct err *err);

/* The root of full tile INDEX (256 leaves), or NULL when it is not full. */
const struct digest *tree_tile(const struct tree *tree, uint64_t index);
/* The leaf hash of SEQ in the unfinished tile; NULL when it is not there. */
const struct digest *tree_tail(const struct tree *tree, uint64_t seq);

/* Leaf hashes from the database: those of FIRST on, COUNT of them. */
struct tree_leaves {
    uint64_t first;
    size_t count;
    struct digest hashes[TILE_WIDTH];
};

/* Hashes for proofs: a tree_source that reads the tree and, for leaves that are not in it, the
 * two pieces that were fetched. A leaf that stands in none of them (the tree grew meanwhile)
 * ends the proof with ERR_BUSY: fetch again. */
struct tree_reader {
    const struct tree *tree;
    struct tree_leaves fetched[2]; /* count 0: nothing */
};
struct tree_source tree_reader_source(struct tree_reader *reader);

/* Up to 256 stored hashes of LEVEL (8, 16, ...) from FIRST on, for serving tiles; false
 * when they are not all there. */
bool tree_hashes(const struct tree *tree, unsigned level, uint64_t first, size_t count,
                 struct digest *ret_hashes);

#endif
