/* SPDX-License-Identifier: Apache-2.0 */
/*
** Hashing, the frontier, and verifying.
**
** Verification follows RFC 9162 2.1.3.2 and 2.1.4.2: the bits of index and size say on
** which side each hash stands, so a proof of the wrong length or order cannot fit.
*/
#include "crypto/merkle.h"

void merkle_leaf(struct span entry, struct digest *ret_leaf)
{
    const struct span parts[] = {SPAN_LITERAL("\x00"), entry};
    digest_of_parts(parts, ARRAY_LEN(parts), ret_leaf);
}

void merkle_node(const struct digest *left, const struct digest *right,
                 struct digest *ret_node)
{
    const struct span parts[] = {SPAN_LITERAL("\x01"), digest_span(left),
                                 digest_span(right)};
    digest_of_parts(parts, ARRAY_LEN(parts), ret_node);
}

void merkle_empty_root(struct digest *ret_root)
{
    digest_of(span_of(NULL, 0), ret_root);
}

/* --- frontier --------------------------------------------------------------------------
 */

static size_t peak_count(uint64_t size)
{
    return (size_t) __builtin_popcountll(size);
}

void frontier_append(struct frontier *frontier, const struct digest *leaf)
{
    struct digest hash = *leaf;
    size_t count = peak_count(frontier->size);
    BUG_IF(frontier->size >= MERKLE_SIZE_MAX);
    for (uint64_t rest = frontier->size; rest & 1; rest >>= 1) {
        merkle_node(&frontier->peaks[--count], &hash, &hash);
    }
    frontier->peaks[count] = hash;
    frontier->size++;
}

void frontier_root(const struct frontier *frontier, struct digest *ret_root)
{
    size_t count = peak_count(frontier->size);
    if (count == 0) {
        merkle_empty_root(ret_root);
        return;
    }
    struct digest root = frontier->peaks[count - 1];
    for (size_t i = count - 1; i-- > 0;) {
        merkle_node(&frontier->peaks[i], &root, &root);
    }
    *ret_root = root;
}

void frontier_encode(const struct frontier *frontier, struct bytes *out)
{
    for (int shift = 56; shift >= 0; shift -= 8) {
        bytes_add_char(out, (char) (uint8_t) (frontier->size >> shift));
    }
    bytes_add(out, frontier->peaks, peak_count(frontier->size) * DIGEST_SIZE);
}

status frontier_decode(struct span bytes, struct frontier *ret_frontier, struct err *err)
{
    struct frontier frontier = {0};
    if (bytes.size < 8) {
        return FAIL(err, ERR_BAD_INPUT, "a frontier has at least 8 bytes");
    }
    for (size_t i = 0; i < 8; i++) {
        frontier.size = frontier.size << 8 | bytes.data[i];
    }
    size_t peaks = peak_count(frontier.size) * DIGEST_SIZE;
    if (frontier.size > MERKLE_SIZE_MAX || bytes.size != 8 + peaks) {
        return FAIL(err, ERR_BAD_INPUT, "a frontier of this size has %zu bytes, not %zu",
                    8 + peaks, bytes.size);
    }
    if (peaks > 0) {
        memcpy(frontier.peaks, bytes.data + 8, peaks);
    }
    *ret_frontier = frontier;
    return OK;
}

/* --- verifying -------------------------------------------------------------------------
 */

status merkle_verify_inclusion(uint64_t index, uint64_t size, const struct digest *leaf,
                               const struct merkle_proof *proof, const struct digest *root,
                               struct err *err)
{
    if (size > MERKLE_SIZE_MAX || index >= size) {
        return FAIL(err, ERR_BAD_INPUT, "the index is not below the tree's size");
    }
    struct digest hash = *leaf;
    uint64_t at = index;
    uint64_t last = size - 1; /* the rightmost node of the level */
    for (size_t i = 0; i < proof->count; i++) {
        if (last == 0) {
            return FAIL(err, ERR_UNAUTHENTIC, "the inclusion proof is too long");
        }
        if ((at & 1) == 1 || at == last) {
            merkle_node(&proof->hashes[i], &hash, &hash);
            for (; (at & 1) == 0 && at != 0; at >>= 1) {
                last >>= 1; /* levels on which the node has no sibling */
            }
        } else {
            merkle_node(&hash, &proof->hashes[i], &hash);
        }
        at >>= 1;
        last >>= 1;
    }
    if (last != 0) {
        return FAIL(err, ERR_UNAUTHENTIC, "the inclusion proof is too short");
    }
    if (!digest_equal(&hash, root)) {
        return FAIL(err, ERR_UNAUTHENTIC, "the inclusion proof leads to another root");
    }
    return OK;
}

/* The walk of RFC 9162 2.1.4.2 over the hashes from index I on, both roots at once. */
static bool walk_consistency(uint64_t old_last, uint64_t new_last,
                             const struct merkle_proof *proof, size_t i,
                             struct digest *old_hash, struct digest *new_hash)
{
    for (; i < proof->count; i++) {
        if (new_last == 0) {
            return false;
        }
        if ((old_last & 1) == 1 || old_last == new_last) {
            merkle_node(&proof->hashes[i], old_hash, old_hash);
            merkle_node(&proof->hashes[i], new_hash, new_hash);
            for (; (old_last & 1) == 0 && old_last != 0; old_last >>= 1) {
                new_last >>= 1;
            }
        } else {
            merkle_node(new_hash, &proof->hashes[i], new_hash);
        }
        old_last >>= 1;
        new_last >>= 1;
    }
    return new_last == 0;
}

static status verify_same(const struct digest *old_root, const struct digest *new_root,
                          const struct merkle_proof *proof, struct err *err)
{
    if (proof->count != 0) {
        return FAIL(err, ERR_UNAUTHENTIC, "equal sizes want an empty consistency proof");
    }
    if (!digest_equal(old_root, new_root)) {
        return FAIL(err, ERR_UNAUTHENTIC, "equal sizes, different roots");
    }
    return OK;
}

status merkle_verify_consistency(uint64_t old_size, uint64_t new_size,
                                 const struct digest *old_root,
                                 const struct digest *new_root,
                                 const struct merkle_proof *proof, struct err *err)
{
    if (old_size == 0) {
        return FAIL(err, ERR_BAD_INPUT,
                    "an empty tree is the start of every tree: nothing to prove");
    }
    if (new_size > MERKLE_SIZE_MAX || old_size > new_size) {
        return FAIL(err, ERR_BAD_INPUT, "the old tree is larger than the new one");
    }
    if (old_size == new_size) {
        return verify_same(old_root, new_root, proof, err);
    }
    if (proof->count == 0) {
        return FAIL(err, ERR_UNAUTHENTIC, "the consistency proof is empty");
    }
    /* a full old tree is itself the first hash of the proof and is left out of it */
    bool full = (old_size & (old_size - 1)) == 0;
    uint64_t old_last = old_size - 1;
    uint64_t new_last = new_size - 1;
    for (; (old_last & 1) == 1; old_last >>= 1) {
        new_last >>= 1;
    }
    struct digest old_hash = full ? *old_root : proof->hashes[0];
    struct digest new_hash = old_hash;
    if (!walk_consistency(old_last, new_last, proof, full ? 0 : 1, &old_hash, &new_hash) ||
        !digest_equal(&old_hash, old_root) || !digest_equal(&new_hash, new_root)) {
        return FAIL(err, ERR_UNAUTHENTIC, "the consistency proof does not hold");
    }
    return OK;
}
