/* SPDX-License-Identifier: Apache-2.0 */
/*
** Making proofs.
**
** Both proofs are lists of roots of leaf ranges (RFC 6962 2.1.1, 2.1.2), and each range
** is a full subtree or splits into full subtrees. So one recursion asks for full
** subtrees by (level, index), and the two sources answer: a tree edge from memory, the
** stored hashes by hashing up at most 8 levels.
**
** An edge never needs a hash that is older than its batch but is not a peak. The left
** siblings on the path of a leaf i are the full subtrees of the first i leaves. Those
** that end at or before the old size are peaks of the old frontier, since i >= old size
** shares their higher bits; the others end inside the batch and are in the edge's own
** levels.
*/
#include "base/arena.h"
#include "crypto/merkle.h"

/* Ask for the root of the full subtree at (level, index). */
struct subtrees {
    status (*root)(const void *arg, unsigned level, uint64_t index, struct digest *ret_hash,
                   struct err *err);
    const void *arg;
};

/* The largest power of two below COUNT (at least 2), as an exponent. */
static unsigned split_level(uint64_t count)
{
    return 63U - (unsigned) __builtin_clzll(count - 1);
}

/* The root of the leaves [begin, end), which start where a full subtree can start. */
static status range_root(const struct subtrees *subtrees, uint64_t begin, uint64_t end,
                         struct digest *ret_hash, struct err *err)
{
    uint64_t count = end - begin;
    if ((count & (count - 1)) == 0) {
        unsigned level = (unsigned) __builtin_ctzll(count);
        return subtrees->root(subtrees->arg, level, begin >> level, ret_hash, err);
    }
    uint64_t middle = begin + ((uint64_t) 1 << split_level(count));
    struct digest left;
    struct digest right;
    TRY(range_root(subtrees, begin, middle, &left, err));
    TRY(range_root(subtrees, middle, end, &right, err));
    merkle_node(&left, &right, ret_hash);
    return OK;
}

static status add_range(const struct subtrees *subtrees, uint64_t begin, uint64_t end,
                        struct merkle_proof *proof, struct err *err)
{
    BUG_IF(proof->count >= MERKLE_PROOF_MAX);
    TRY(range_root(subtrees, begin, end, &proof->hashes[proof->count], err));
    proof->count++;
    return OK;
}

/* PATH(index, [begin, end)) of RFC 6962 2.1.1. */
static status inclusion(const struct subtrees *subtrees, uint64_t index, uint64_t begin,
                        uint64_t end, struct merkle_proof *proof, struct err *err)
{
    if (end - begin == 1) {
        return OK;
    }
    uint64_t middle = begin + ((uint64_t) 1 << split_level(end - begin));
    if (index < middle) {
        TRY(inclusion(subtrees, index, begin, middle, proof, err));
        return add_range(subtrees, middle, end, proof, err);
    }
    TRY(inclusion(subtrees, index, middle, end, proof, err));
    return add_range(subtrees, begin, middle, proof, err);
}

/* SUBPROOF(old, [begin, end), begin == 0) of RFC 6962 2.1.2; old lies in (begin, end]. */
static status consistency(const struct subtrees *subtrees, uint64_t old, uint64_t begin,
                          uint64_t end, struct merkle_proof *proof, struct err *err)
{
    if (old == end) {
        return begin == 0 ? OK : add_range(subtrees, begin, end, proof, err);
    }
    uint64_t middle = begin + ((uint64_t) 1 << split_level(end - begin));
    if (old <= middle) {
        TRY(consistency(subtrees, old, begin, middle, proof, err));
        return add_range(subtrees, middle, end, proof, err);
    }
    TRY(consistency(subtrees, old, middle, end, proof, err));
    return add_range(subtrees, begin, middle, proof, err);
}

/* --- the edge --------------------------------------------------------------------------
 */

/* The full subtrees of one level that end inside the batch: first is the index of the
 * first. */
struct edge_level {
    struct digest *hashes;
    uint64_t first;
    size_t count;
};

struct tree_edge {
    struct arena *arena;
    struct frontier before, after;
    struct edge_level levels[64];
};

/* The peak of FRONTIER that is the subtree (level, index); NULL when it is none. */
static const struct digest *find_peak(const struct frontier *frontier, unsigned level,
                                      uint64_t index)
{
    uint64_t size = frontier->size;
    if ((size >> level & 1) == 0 || size >> level != index + 1) {
        return NULL;
    }
    return &frontier->peaks[__builtin_popcountll(size >> level) - 1];
}

static const struct digest *edge_hash(const struct tree_edge *edge, unsigned level,
                                      uint64_t index)
{
    const struct edge_level *at = &edge->levels[level];
    if (index >= at->first && index - at->first < at->count) {
        return &at->hashes[index - at->first];
    }
    return find_peak(&edge->before, level, index);
}

static status edge_root(const void *arg, unsigned level, uint64_t index,
                        struct digest *ret_hash, struct err *err)
{
    const struct digest *hash = edge_hash(arg, level, index);
    (void) err;
    BUG_IF(hash == NULL); /* see the head of this file */
    *ret_hash = *hash;
    return OK;
}

/* Hash the level above: subtrees that end behind the old size, both halves known. */
static void build_level(struct tree_edge *edge, unsigned level)
{
    struct edge_level *at = &edge->levels[level];
    uint64_t end = edge->after.size >> level;
    at->first = edge->before.size >> level;
    at->count = (size_t) (end - at->first);
    at->hashes = ARENA_ARRAY(edge->arena, at->count, struct digest);
    for (size_t i = 0; i < at->count; i++) {
        uint64_t left = (at->first + i) << 1;
        const struct digest *l = edge_hash(edge, level - 1, left);
        const struct digest *r = edge_hash(edge, level - 1, left + 1);
        BUG_IF(l == NULL || r == NULL);
        merkle_node(l, r, &at->hashes[i]);
    }
}

struct tree_edge *tree_edge_new(const struct frontier *before, const struct digest *leaves,
                                size_t count)
{
    struct tree_edge *edge = mem_alloc(sizeof(*edge));
    BUG_IF(count == 0 || count > MERKLE_SIZE_MAX - before->size);
    edge->arena = arena_new();
    edge->before = *before;
    edge->after = *before;
    for (size_t i = 0; i < count; i++) {
        frontier_append(&edge->after, &leaves[i]);
    }
    struct edge_level *bottom = &edge->levels[0];
    bottom->first = before->size;
    bottom->count = count;
    bottom->hashes = ARENA_ARRAY(edge->arena, count, struct digest);
    memcpy(bottom->hashes, leaves, count * sizeof(*leaves));
    for (unsigned level = 1; level < 63 && edge->after.size >> level > 0; level++) {
        build_level(edge, level);
    }
    return edge;
}

void tree_edge_free(struct tree_edge *edge)
{
    if (edge != NULL) {
        arena_free(edge->arena);
        free(edge);
    }
}

void tree_edge_freep(struct tree_edge **edge)
{
    tree_edge_free(*edge);
    *edge = NULL;
}

const struct frontier *tree_edge_after(const struct tree_edge *edge)
{
    return &edge->after;
}

void tree_edge_root(const struct tree_edge *edge, struct digest *ret_root)
{
    frontier_root(&edge->after, ret_root);
}

void tree_edge_inclusion(const struct tree_edge *edge, uint64_t index,
                         struct merkle_proof *ret_proof)
{
    const struct subtrees subtrees = {edge_root, edge};
    BUG_IF(index < edge->before.size || index >= edge->after.size);
    ret_proof->count = 0;
    BUG_IF(inclusion(&subtrees, index, 0, edge->after.size, ret_proof, NULL) != OK);
}

void tree_edge_consistency(const struct tree_edge *edge, struct merkle_proof *ret_proof)
{
    const struct subtrees subtrees = {edge_root, edge};
    BUG_IF(edge->before.size == 0);
    ret_proof->count = 0;
    BUG_IF(consistency(&subtrees, edge->before.size, 0, edge->after.size, ret_proof,
                       NULL) != OK);
}

void tree_edge_strata(const struct tree_edge *edge,
                      void (*each)(const struct stratum *stratum, void *arg), void *arg)
{
    for (unsigned level = 8; level < ARRAY_LEN(edge->levels); level += 8) {
        const struct edge_level *at = &edge->levels[level];
        for (size_t i = 0; i < at->count; i++) {
            const struct stratum stratum = {level, at->first + i, at->hashes[i]};
            each(&stratum, arg);
        }
    }
}

/* --- stored hashes ---------------------------------------------------------------------
 */

/* Read the stored hashes below (level, index) and hash them up to it. */
static status stored_root(const void *arg, unsigned level, uint64_t index,
                          struct digest *ret_hash, struct err *err)
{
    const struct tree_source *source = arg;
    struct digest hashes[256];
    unsigned up = level % 8;
    size_t count = (size_t) 1 << up;
    TRY(source->read(source->arg, level - up, index << up, count, hashes, err));
    for (; count > 1; count /= 2) {
        for (size_t i = 0; i < count / 2; i++) {
            merkle_node(&hashes[2 * i], &hashes[2 * i + 1], &hashes[i]);
        }
    }
    *ret_hash = hashes[0];
    return OK;
}

status merkle_prove_inclusion(const struct tree_source *source, uint64_t index,
                              uint64_t size, struct merkle_proof *ret_proof,
                              struct err *err)
{
    const struct subtrees subtrees = {stored_root, source};
    struct merkle_proof proof = {0};
    if (size > MERKLE_SIZE_MAX || index >= size) {
        return FAIL(err, ERR_BAD_INPUT, "the index is not below the tree's size");
    }
    TRY(inclusion(&subtrees, index, 0, size, &proof, err));
    *ret_proof = proof;
    return OK;
}

status merkle_prove_consistency(const struct tree_source *source, uint64_t old_size,
                                uint64_t new_size, struct merkle_proof *ret_proof,
                                struct err *err)
{
    const struct subtrees subtrees = {stored_root, source};
    struct merkle_proof proof = {0};
    if (new_size > MERKLE_SIZE_MAX || old_size > new_size || old_size == 0) {
        return FAIL(err, ERR_BAD_INPUT, "the old size is not between 1 and the new size");
    }
    TRY(consistency(&subtrees, old_size, 0, new_size, &proof, err));
    *ret_proof = proof;
    return OK;
}

status merkle_read_frontier(const struct tree_source *source, uint64_t size,
                            struct frontier *ret_frontier, struct err *err)
{
    struct frontier frontier = {.size = size};
    size_t count = 0;
    if (size > MERKLE_SIZE_MAX) {
        return FAIL(err, ERR_BAD_INPUT, "no tree has this size");
    }
    for (unsigned level = 63; level-- > 0;) {
        if (size >> level & 1) {
            TRY(stored_root(source, level, (size >> level) - 1, &frontier.peaks[count],
                            err));
            count++;
        }
    }
    *ret_frontier = frontier;
    return OK;
}
