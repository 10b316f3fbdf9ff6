/* SPDX-License-Identifier: Apache-2.0 */
/*
** The tree in memory against a plain frontier, and its proofs against crypto's verifier, at
** sizes around the edges of tiles.
*/
#include "service/flow/tree.h"

#include "tests/support/rows.h"

static void leaf_of(uint64_t seq, struct digest *ret_leaf)
{
    char text[32];
    int size = snprintf(text, sizeof(text), "entry %llu", (unsigned long long) seq);
    merkle_leaf(span_of(text, (size_t) size), ret_leaf);
}

static struct tree *grown(uint64_t size)
{
    struct tree *tree = tree_new();
    for (uint64_t i = 0; i < size; i++) {
        struct digest leaf;
        leaf_of(i, &leaf);
        tree_add(tree, &leaf);
    }
    return tree;
}

static void plain(uint64_t size, struct frontier *ret_frontier)
{
    *ret_frontier = (struct frontier){0};
    for (uint64_t i = 0; i < size; i++) {
        struct digest leaf;
        leaf_of(i, &leaf);
        frontier_append(ret_frontier, &leaf);
    }
}

static void fetch(struct tree_leaves *leaves, uint64_t first, size_t count)
{
    leaves->first = first;
    leaves->count = count;
    for (size_t i = 0; i < count; i++) {
        leaf_of(first + i, &leaves->hashes[i]);
    }
}

/* ---- proofs ---- */

static const struct proof_row {
    const char *name;
    uint64_t size, checkpoint, seq;
    bool tile, edge; /* what was fetched: the entry's tile, the checkpoint's last tile */
    status result;
} proof_rows[] = {
    {"the only entry is proven from memory", 1, 1, 0, false, false, OK},
    {"an entry of the unfinished tile is proven from memory", 300, 300, 299, false, false,
     OK},
    {"an entry of a full tile is proven with its tile", 300, 300, 5, true, false, OK},
    {"without its tile it is asked for again", 300, 300, 5, false, false, ERR_BUSY},
    {"the last entry of a full tile", 512, 512, 255, true, false, OK},
    {"a tile that filled while it was on its way is asked for again", 256, 256, 7, false,
     false, ERR_BUSY},
    {"a checkpoint behind the tree needs its own last tile, too", 600, 300, 5, true, false,
     ERR_BUSY},
    {"and is proven with it", 600, 300, 5, true, true, OK},
    {"a checkpoint at the end of a tile needs nothing more", 600, 256, 5, true, false, OK},
    {"many tiles", 256 * 9 + 17, 256 * 9 + 17, 256 * 4 + 3, true, false, OK},
};

static void check_proof(void **state)
{
    const struct proof_row *row = *state;
    struct tree *tree = grown(row->size);
    struct tree_reader reader = {.tree = tree};
    struct frontier frontier;
    struct merkle_proof proof;
    struct digest root;
    struct digest leaf;
    struct err err = {0};
    uint64_t tile = row->seq / TILE_WIDTH * TILE_WIDTH;
    uint64_t edge = (row->checkpoint - 1) / TILE_WIDTH * TILE_WIDTH;
    if (row->tile) {
        fetch(&reader.fetched[0], tile, TILE_WIDTH);
    }
    if (row->edge) {
        fetch(&reader.fetched[1], edge, (size_t) (row->checkpoint - edge));
    }
    struct tree_source source = tree_reader_source(&reader);
    assert_status(merkle_prove_inclusion(&source, row->seq, row->checkpoint, &proof, &err),
                  row->result, &err);
    if (row->result == OK) {
        plain(row->checkpoint, &frontier);
        frontier_root(&frontier, &root);
        leaf_of(row->seq, &leaf);
        assert_status(
            merkle_verify_inclusion(row->seq, row->checkpoint, &leaf, &proof, &root, &err),
            OK, &err);
    }
    tree_free(tree);
}

/* ---- begin from storage ---- */

static const struct stored_row {
    const char *name;
    uint64_t size;
    int bad_tile, bad_tail; /* index of a hash that somebody changed; -1: none */
    int missing_tail;
    status result;
} stored_rows[] = {
    {"nothing stored is the empty tree", 0, -1, -1, 0, OK},
    {"a tail alone gives the root", 200, -1, -1, 0, OK},
    {"full tiles alone give the root", 512, -1, -1, 0, OK},
    {"tiles and a tail give the root", 700, -1, -1, 0, OK},
    {"a changed tile root is found", 700, 1, -1, 0, ERR_TAMPERED},
    {"a changed entry behind the tiles is found", 700, -1, 10, 0, ERR_TAMPERED},
    {"an entry that is missing is found", 700, -1, -1, 1, ERR_TAMPERED},
};

static void store(struct tree *tree, const struct stored_row *row, const struct tree *from)
{
    for (uint64_t i = 0; i < row->size / TILE_WIDTH; i++) {
        struct digest hash = *tree_tile(from, i);
        hash.bytes[0] ^= (int) i == row->bad_tile;
        tree_add_tile(tree, &hash);
    }
    uint64_t first = row->size / TILE_WIDTH * TILE_WIDTH;
    for (uint64_t i = first; i + (uint64_t) row->missing_tail < row->size; i++) {
        struct digest leaf;
        leaf_of(i, &leaf);
        leaf.bytes[31] ^= (int) (i - first) == row->bad_tail;
        tree_add_tail(tree, &leaf);
    }
}

static void check_stored(void **state)
{
    const struct stored_row *row = *state;
    struct tree *from = grown(row->size);
    struct tree *tree = tree_new();
    struct frontier frontier;
    struct err err = {0};
    store(tree, row, from);
    plain(row->size, &frontier);
    assert_status(tree_check(tree, &frontier, &err), row->result, &err);
    if (row->result == OK) {
        struct digest next;
        leaf_of(row->size, &next);
        tree_add(tree, &next);
        tree_add(from, &next);
        struct digest have;
        struct digest want;
        frontier_root(tree_frontier(tree), &have);
        frontier_root(tree_frontier(from), &want);
        assert_true(digest_equal(&have, &want));
        assert_int_equal(tree_size(tree), row->size + 1);
    }
    tree_free(tree);
    tree_free(from);
}

static void only_what_is_stored_is_served(void **state)
{
    (void) state;
    struct tree *tree = grown(256 * 2 + 1);
    struct digest hashes[3];
    assert_true(tree_hashes(tree, 8, 0, 2, hashes));
    assert_true(digest_equal(&hashes[1], tree_tile(tree, 1)));
    assert_false(tree_hashes(tree, 8, 0, 3, hashes));
    assert_false(tree_hashes(tree, 8, UINT64_MAX, 1, hashes));
    assert_false(tree_hashes(tree, 8, 1, SIZE_MAX, hashes));
    assert_false(tree_hashes(tree, 0, 0, 1, hashes));
    assert_false(tree_hashes(tree, 9, 0, 1, hashes));
    assert_false(tree_hashes(tree, 64, 0, 1, hashes));
    assert_null(tree_tile(tree, 2));
    assert_null(tree_tail(tree, 511));
    assert_non_null(tree_tail(tree, 512));
    assert_null(tree_tail(tree, 513));
    tree_free(tree);
}

int main(void)
{
    add_rows(proof_rows, ARRAY_LEN(proof_rows), sizeof(proof_rows[0]), check_proof);
    add_rows(stored_rows, ARRAY_LEN(stored_rows), sizeof(stored_rows[0]), check_stored);
    add_test("only what is stored is served", only_what_is_stored_is_served);
    return run_added("tree");
}
