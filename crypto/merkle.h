/* SPDX-License-Identifier: Apache-2.0 */
/*
** merkle: the log's tree (RFC 6962, chapter 2) and proofs about it.
**
**     leaf = SHA-256(00 || entry)    node = SHA-256(01 || left || right)
**     root of nothing = SHA-256("")
**
** A `struct frontier` is all that must be kept to append: the roots of the full subtrees
** from left to right, one for each bit of the size. A `struct tree_edge` is a frontier
** and a batch of new leaves: it answers everything a writer needs for that batch without
** reading anything. Proofs about older entries read stored hashes through a `struct
** tree_source`.
**
** The hash at (level, index) is the root of the full subtree over the leaves [index <<
** level, (index + 1) << level). Stored are levels 0, 8, 16, ...: leaf hashes and the
** roots of full tiles of 256 hashes (tile.h, RECORDS.md chapter 7, table `stratum`).
**
** Sizes and indexes are at most MERKLE_SIZE_MAX. Verifying returns ERR_UNAUTHENTIC when
** the proof does not hold, ERR_BAD_INPUT when numbers make no sense.
*/
#ifndef CRFD_CRYPTO_MERKLE_H
#define CRFD_CRYPTO_MERKLE_H

#include "crypto/digest.h"

#define MERKLE_SIZE_MAX  ((uint64_t) INT64_MAX)
#define MERKLE_PEAKS_MAX 63 /* bits of MERKLE_SIZE_MAX */
#define MERKLE_PROOF_MAX 64

void merkle_leaf(struct span entry, struct digest *ret_leaf);
void merkle_node(const struct digest *left, const struct digest *right,
                 struct digest *ret_node);
void merkle_empty_root(struct digest *ret_root);

/* The frontier. All zero is the empty tree. */
struct frontier {
    uint64_t size;
    struct digest peaks[MERKLE_PEAKS_MAX]; /* as many as SIZE has bits set */
};

void frontier_append(struct frontier *frontier, const struct digest *leaf);
void frontier_root(const struct frontier *frontier, struct digest *ret_root);

/* Bytes: size (8, big-endian), then the peaks. frontier_decode accepts exactly that. */
#define FRONTIER_BYTES_MAX (8 + MERKLE_PEAKS_MAX * DIGEST_SIZE)
void frontier_encode(const struct frontier *frontier, struct bytes *out);
MUST_USE status frontier_decode(struct span bytes, struct frontier *ret_frontier,
                                struct err *err);

/* A proof: inclusion from the leaf's sibling up, consistency in the order of RFC
 * 6962 2.1.2. */
struct merkle_proof {
    size_t count;
    struct digest hashes[MERKLE_PROOF_MAX];
};

/* The leaf hash LEAF stands at INDEX in the tree of SIZE leaves under ROOT. */
MUST_USE status merkle_verify_inclusion(uint64_t index, uint64_t size,
                                        const struct digest *leaf,
                                        const struct merkle_proof *proof,
                                        const struct digest *root, struct err *err);

/* The tree of NEW_SIZE under NEW_ROOT starts with the tree of OLD_SIZE under OLD_ROOT.
 * Equal sizes want equal roots and an empty proof. Size 0 is not proven but named: an empty
 * tree is the start of every tree, there is nothing to check, and the caller says so before
 * asking (here an OLD_SIZE of 0 is ERR_BAD_INPUT). */
MUST_USE status merkle_verify_consistency(uint64_t old_size, uint64_t new_size,
                                          const struct digest *old_root,
                                          const struct digest *new_root,
                                          const struct merkle_proof *proof,
                                          struct err *err);

/* --- the writer's batch --- */

struct tree_edge;

/* Hash COUNT (at least 1) leaf hashes behind BEFORE, once: about COUNT nodes. The caller
 * owns the edge (tree_edge_free). Everything else below is lookups and at most 64 hashes a
 * proof. */
struct tree_edge *tree_edge_new(const struct frontier *before, const struct digest *leaves,
                                size_t count);
void tree_edge_free(struct tree_edge *edge); /* accepts NULL */
void tree_edge_freep(struct tree_edge **edge);

const struct frontier *tree_edge_after(const struct tree_edge *edge); /* borrowed */
void tree_edge_root(const struct tree_edge *edge, struct digest *ret_root);

/* The inclusion proof of new leaf INDEX (before.size <= INDEX < after.size) in the tree
 * after the batch, and the consistency proof from before (not empty) to after. */
void tree_edge_inclusion(const struct tree_edge *edge, uint64_t index,
                         struct merkle_proof *ret_proof);
void tree_edge_consistency(const struct tree_edge *edge, struct merkle_proof *ret_proof);

/* A stored hash above the leaves: the root of a full tile. LEVEL is 8, 16, ... */
struct stratum {
    unsigned level;
    uint64_t index;
    struct digest hash;
};

/* Call EACH for every tile that this batch filled, lower levels first. */
void tree_edge_strata(const struct tree_edge *edge,
                      void (*each)(const struct stratum *stratum, void *arg), void *arg);

/* --- proofs from stored hashes --- */

/* READ gives the COUNT (1 to 256) stored hashes of LEVEL (0, 8, 16, ...) from index FIRST
 * on. What is read depends on sizes and index alone, never on the hashes: to fetch without
 * blocking, run once with a READ that notes what it is asked and answers zeros, fetch, and
 * run again. A failing READ ends the proof with its status. */
struct tree_source {
    status (*read)(void *arg, unsigned level, uint64_t first, size_t count,
                   struct digest *ret_hashes, struct err *err);
    void *arg;
};

MUST_USE status merkle_prove_inclusion(const struct tree_source *source, uint64_t index,
                                       uint64_t size, struct merkle_proof *ret_proof,
                                       struct err *err);
MUST_USE status merkle_prove_consistency(const struct tree_source *source,
                                         uint64_t old_size, uint64_t new_size,
                                         struct merkle_proof *ret_proof, struct err *err);

/* The root and the frontier of the first SIZE leaves. */
MUST_USE status merkle_read_frontier(const struct tree_source *source, uint64_t size,
                                     struct frontier *ret_frontier, struct err *err);

#endif
