/* SPDX-License-Identifier: Apache-2.0 */
/*
** The tree: known hashes, the third-party proof files, and random trees against the
** definition of RFC 6962 written as plainly as it stands there.
*/
#include "base/encode.h"
#include "base/json.h"
#include "crypto/merkle.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

#define LEAVES 3300

static struct digest leaves[LEAVES];

static void make_leaves(void)
{
    for (size_t i = 0; i < LEAVES; i++) {
        uint8_t data[4] = {(uint8_t) (i >> 24), (uint8_t) (i >> 16), (uint8_t) (i >> 8),
                           (uint8_t) i};
        merkle_leaf(span_of(data, sizeof(data)), &leaves[i]);
    }
}

/* MTH(D[begin:end]) of RFC 6962 2.1, of leaf hashes. */
static struct digest naive_root(size_t begin, size_t end)
{
    struct digest root;
    size_t k = 1;
    if (begin == end) {
        digest_of(span_of(NULL, 0), &root);
        return root;
    }
    if (end - begin == 1) {
        return leaves[begin];
    }
    while (k * 2 < end - begin) {
        k *= 2;
    }
    struct digest left = naive_root(begin, begin + k);
    struct digest right = naive_root(begin + k, end);
    uint8_t node[65] = {1};
    memcpy(node + 1, left.bytes, 32);
    memcpy(node + 33, right.bytes, 32);
    digest_of(span_of(node, sizeof(node)), &root);
    return root;
}

static struct frontier frontier_of(size_t size)
{
    struct frontier frontier = {0};
    for (size_t i = 0; i < size; i++) {
        frontier_append(&frontier, &leaves[i]);
    }
    return frontier;
}

/* --- stored hashes, as the table keeps them --- */

static size_t reads;

static status read_stored(void *arg, unsigned level, uint64_t first, size_t count,
                          struct digest *ret_hashes, struct err *err)
{
    const size_t *size = arg;
    assert_true(count >= 1 && count <= 256 && level % 8 == 0);
    for (size_t i = 0; i < count; i++) {
        size_t begin = (size_t) (first + i) << level;
        size_t end = (size_t) (first + i + 1) << level;
        if (end > *size) {
            return FAIL(err, ERR_NOT_FOUND, "asked for a subtree that is not full");
        }
        ret_hashes[i] = naive_root(begin, end);
    }
    reads++;
    return OK;
}

/* --- known answers --- */

static void check_known(void **state)
{
    /* the example log: three leaves, and the inclusion proof of the middle one */
    static const char *const texts[] = {"wJeiFcsPtosU/FbM0ySJtRAht0XBwX4mKGt/bBD4SBY=",
                                        "ODMcyfq6a+/j03syS05oQOt5pck+HLQYkr8h0LsnHkQ=",
                                        "ZWBxaymO2k1UyTwD0ouX4UFm5p7bo8HNGy2LEAn2OuM="};
    struct digest hashes[3];
    struct frontier frontier = {0};
    struct digest root;
    struct err err;
    char text[DIGEST_BASE64_SIZE];
    (void) state;

    merkle_empty_root(&root);
    digest_to_base64(&root, text);
    assert_string_equal(text, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    for (size_t i = 0; i < 3; i++) {
        assert_true(digest_from_base64(span_text(texts[i]), &hashes[i]));
        frontier_append(&frontier, &hashes[i]);
    }
    frontier_root(&frontier, &root);
    digest_to_base64(&root, text);
    assert_string_equal(text, "X3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=");

    const struct frontier empty = {0};
    CLEANUP(tree_edge_freep) struct tree_edge *edge = tree_edge_new(&empty, hashes, 3);
    struct merkle_proof proof;
    tree_edge_inclusion(edge, 1, &proof);
    assert_int_equal(proof.count, 2);
    assert_true(digest_equal(&proof.hashes[0], &hashes[0]));
    assert_true(digest_equal(&proof.hashes[1], &hashes[2]));
    assert_status(merkle_verify_inclusion(1, 3, &hashes[1], &proof, &root, &err), OK, &err);
}

static void check_edges(void **state)
{
    const struct tree_source none = {NULL, NULL};
    const struct frontier empty = {0};
    const struct merkle_proof proof = {0};
    struct frontier frontier = {.size = 77};
    struct digest root;
    struct digest wanted;
    struct err err;
    (void) state;
    frontier_root(&empty, &root);
    merkle_empty_root(&wanted);
    assert_true(digest_equal(&root, &wanted));
    assert_status(frontier_decode(SPAN_LITERAL("1234567"), &frontier, &err), ERR_BAD_INPUT,
                  &err);
    assert_status(frontier_decode(SPAN_LITERAL("\x80\0\0\0\0\0\0\0"), &frontier, &err),
                  ERR_BAD_INPUT, &err);
    assert_status(merkle_read_frontier(&none, UINT64_MAX, &frontier, &err), ERR_BAD_INPUT,
                  &err);
    assert_int_equal(frontier.size, 77);
    assert_status(merkle_verify_consistency(5, 5, &leaves[0], &leaves[0], &proof, &err), OK,
                  &err);
    assert_status(merkle_verify_consistency(5, 5, &leaves[0], &leaves[1], &proof, &err),
                  ERR_UNAUTHENTIC, &err);
    assert_status(merkle_verify_consistency(0, 5, &wanted, &leaves[1], &proof, &err),
                  ERR_BAD_INPUT, &err);
    assert_non_null(strstr(err.what, "empty tree"));
    assert_status(merkle_verify_inclusion(0, UINT64_MAX, &leaves[0], &proof, &root, &err),
                  ERR_BAD_INPUT, &err);
}

static void check_rfc_leaf(void **state)
{
    struct digest leaf;
    char hex[DIGEST_HEX_SIZE];
    (void) state;
    merkle_leaf(span_of(NULL, 0), &leaf);
    digest_to_hex(&leaf, hex);
    assert_string_equal(hex,
                        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

/* --- random trees --- */

static void refuse_changed(size_t index, size_t size, const struct merkle_proof *good,
                           const struct digest *root)
{
    struct merkle_proof proof = *good;
    struct err err;
    for (size_t i = 0; i < good->count; i++) { /* truncated at the end, at the start */
        proof = *good;
        proof.count = i;
        assert_int_not_equal(
            merkle_verify_inclusion(index, size, &leaves[index], &proof, root, &err), OK);
        memcpy(proof.hashes, good->hashes + good->count - i, i * sizeof(*proof.hashes));
        assert_int_not_equal(
            merkle_verify_inclusion(index, size, &leaves[index], &proof, root, &err), OK);
        proof = *good;
        proof.hashes[i].bytes[index % 32] ^= (uint8_t) (1 << (index % 8));
        assert_int_not_equal(
            merkle_verify_inclusion(index, size, &leaves[index], &proof, root, &err), OK);
    }
    proof = *good;
    if (proof.count < MERKLE_PROOF_MAX) {
        proof.hashes[proof.count++] = *root;
        assert_int_not_equal(
            merkle_verify_inclusion(index, size, &leaves[index], &proof, root, &err), OK);
    }
    assert_int_not_equal(
        merkle_verify_inclusion(index ^ 1, size, &leaves[index], good, root, &err), OK);
    struct digest other = leaves[index];
    other.bytes[31] ^= 0x80;
    assert_int_not_equal(merkle_verify_inclusion(index, size, &other, good, root, &err),
                         OK);
}

static void check_edge_inclusion(const struct tree_edge *edge, size_t old, size_t size,
                                 const struct digest *root)
{
    struct err err;
    for (size_t i = old; i < size; i++) {
        struct merkle_proof proof;
        struct merkle_proof stored;
        tree_edge_inclusion(edge, i, &proof);
        assert_status(merkle_verify_inclusion(i, size, &leaves[i], &proof, root, &err), OK,
                      &err);
        if ((i - old) % 37 == 0) {
            const struct tree_source source = {read_stored, &size};
            refuse_changed(i, size, &proof, root);
            assert_status(merkle_prove_inclusion(&source, i, size, &stored, &err), OK,
                          &err);
            assert_int_equal(stored.count, proof.count);
            assert_memory_equal(stored.hashes, proof.hashes,
                                proof.count * sizeof(proof.hashes[0]));
        }
    }
}

static void check_edge_consistency(const struct tree_edge *edge, size_t old, size_t size,
                                   const struct digest *root)
{
    const struct tree_source source = {read_stored, &size};
    struct digest before = naive_root(0, old);
    struct merkle_proof proof;
    struct merkle_proof stored;
    struct err err;

    tree_edge_consistency(edge, &proof);
    assert_status(merkle_verify_consistency(old, size, &before, root, &proof, &err), OK,
                  &err);
    assert_status(merkle_prove_consistency(&source, old, size, &stored, &err), OK, &err);
    assert_int_equal(stored.count, proof.count);
    assert_memory_equal(stored.hashes, proof.hashes, proof.count * sizeof(proof.hashes[0]));
    for (size_t i = 0; i < proof.count; i++) {
        struct merkle_proof bad = proof;
        bad.hashes[i].bytes[31 - i % 32] ^= 1;
        assert_int_not_equal(
            merkle_verify_consistency(old, size, &before, root, &bad, &err), OK);
        bad = proof;
        bad.count = i;
        assert_int_not_equal(
            merkle_verify_consistency(old, size, &before, root, &bad, &err), OK);
    }
    assert_int_not_equal(merkle_verify_consistency(old, size, root, root, &proof, &err),
                         OK);
    assert_int_not_equal(
        merkle_verify_consistency(old, size, &before, &before, &proof, &err), OK);
    if (old > 1) {
        assert_int_not_equal(
            merkle_verify_consistency(old - 1, size, &before, root, &proof, &err), OK);
    }
}

static void check_frontier_bytes(const struct frontier *frontier)
{
    CLEANUP(bytes_done) struct bytes bytes = {0};
    struct frontier again;
    struct err err;
    frontier_encode(frontier, &bytes);
    assert_status(frontier_decode(span_bytes(&bytes), &again, &err), OK, &err);
    assert_memory_equal(&again, frontier, sizeof(again));
    assert_status(frontier_decode(span_of(bytes.data, bytes.size - 1), &again, &err),
                  ERR_BAD_INPUT, &err);
    bytes_add_char(&bytes, 0);
    assert_status(frontier_decode(span_bytes(&bytes), &again, &err), ERR_BAD_INPUT, &err);
}

static const struct batch_row {
    const char *name;
    size_t old, count;
} batches[] = {
    {"the first entry", 0, 1},
    {"a first batch of three", 0, 3},
    {"one entry behind one", 1, 1},
    {"an entry that completes a pair", 5, 1},
    {"an entry that completes four levels", 15, 1},
    {"a batch that completes a tile exactly", 250, 6},
    {"a batch that fills a tile and goes on", 250, 20},
    {"a batch behind a full tile", 256, 1},
    {"a full batch at an odd place", 301, 256},
    {"a batch across two tiles", 500, 256},
    {"a batch over several tiles from nothing", 0, 1027},
    {"a batch of thousands", 777, 2100},
    {"a batch to a power of two", 1000, 1048},
};

static void check_batch(void **state)
{
    const struct batch_row *row = *state;
    size_t size = row->old + row->count;
    struct frontier before = frontier_of(row->old);
    struct frontier after = frontier_of(size);
    struct frontier stored;
    struct digest root;
    struct digest wanted = naive_root(0, size);
    struct err err;
    const struct tree_source source = {read_stored, &size};
    CLEANUP(tree_edge_freep)
    struct tree_edge *edge = tree_edge_new(&before, leaves + row->old, row->count);

    tree_edge_root(edge, &root);
    assert_true(digest_equal(&root, &wanted));
    assert_memory_equal(&after.peaks, &tree_edge_after(edge)->peaks,
                        (size_t) __builtin_popcountll(size) * DIGEST_SIZE);
    assert_status(merkle_read_frontier(&source, size, &stored, &err), OK, &err);
    frontier_root(&stored, &root);
    assert_true(digest_equal(&root, &wanted));
    check_frontier_bytes(&stored);
    check_edge_inclusion(edge, row->old, size, &wanted);
    if (row->old > 0) {
        check_edge_consistency(edge, row->old, size, &wanted);
    }
}

/* Every pair of sizes up to 70, from stored hashes and from the edge. */
static void check_small_trees(void **state)
{
    struct err err;
    (void) state;
    for (size_t size = 1; size <= 70; size++) {
        struct digest root = naive_root(0, size);
        for (size_t old = 0; old < size; old++) {
            struct frontier before = frontier_of(old);
            CLEANUP(tree_edge_freep)
            struct tree_edge *edge = tree_edge_new(&before, leaves + old, size - old);
            for (size_t i = old; i < size; i++) {
                struct merkle_proof proof;
                tree_edge_inclusion(edge, i, &proof);
                assert_status(
                    merkle_verify_inclusion(i, size, &leaves[i], &proof, &root, &err), OK,
                    &err);
            }
            if (old > 0) {
                check_edge_consistency(edge, old, size, &root);
            }
        }
    }
}

/* --- tiles --- */

struct seen_strata {
    size_t count;
    struct stratum all[32];
};

static void note_stratum(const struct stratum *stratum, void *arg)
{
    struct seen_strata *seen = arg;
    assert_true(seen->count < ARRAY_LEN(seen->all));
    seen->all[seen->count++] = *stratum;
}

static void check_strata(void **state)
{
    struct seen_strata seen = {0};
    size_t size = 0;
    (void) state;
    while (size < 2900) { /* uneven batches; together every tile once */
        size_t count = 1 + size % 97 * 3;
        struct frontier before = frontier_of(size);
        CLEANUP(tree_edge_freep)
        struct tree_edge *edge = tree_edge_new(&before, leaves + size, count);
        tree_edge_strata(edge, note_stratum, &seen);
        size += count;
    }
    assert_int_equal(seen.count, size / 256);
    for (size_t i = 0; i < seen.count; i++) {
        struct digest wanted = naive_root(i * 256, (i + 1) * 256);
        assert_int_equal(seen.all[i].level, 8);
        assert_int_equal(seen.all[i].index, i);
        assert_true(digest_equal(&seen.all[i].hash, &wanted));
    }
}

/* A tree of 65536 leaves, all alike: the second level of tiles, checked by doubling. */
static void check_second_level(void **state)
{
    struct seen_strata seen = {0};
    struct frontier before = {0};
    struct digest batch[256];
    struct digest hash = leaves[0];
    (void) state;
    for (size_t i = 0; i < 256; i++) {
        batch[i] = leaves[0];
    }
    for (size_t i = 0; i < 256; i++) {
        CLEANUP(tree_edge_freep)
        struct tree_edge *edge = tree_edge_new(&before, batch, 256);
        seen.count = 0;
        tree_edge_strata(edge, note_stratum, &seen);
        assert_int_equal(seen.count, i == 255 ? 2 : 1);
        before = *tree_edge_after(edge);
    }
    for (int level = 0; level < 16; level++) {
        merkle_node(&hash, &hash, &hash);
    }
    assert_int_equal(seen.all[1].level, 16);
    assert_int_equal(seen.all[1].index, 0);
    assert_true(digest_equal(&seen.all[1].hash, &hash));
}

static status read_nothing(void *arg, unsigned level, uint64_t first, size_t count,
                           struct digest *ret_hashes, struct err *err)
{
    (void) arg;
    (void) level;
    (void) first;
    memset(ret_hashes, 0, count * sizeof(*ret_hashes));
    (*(size_t *) arg)++;
    return count > 200 ? FAIL(err, ERR_UNAVAILABLE, "away") : OK;
}

static void check_source(void **state)
{
    size_t size = 2048;
    size_t dry = 0;
    const struct tree_source stored = {read_stored, &size};
    const struct tree_source notes = {read_nothing, &dry};
    struct merkle_proof proof;
    struct err err;
    (void) state;
    reads = 0;
    assert_status(merkle_prove_inclusion(&stored, 100, 1234, &proof, &err), OK, &err);
    assert_status(merkle_prove_inclusion(&notes, 100, 1234, &proof, &err), OK, &err);
    assert_int_equal(dry, reads); /* what is read does not depend on the hashes */

    assert_status(merkle_prove_inclusion(&stored, 2048, 2048, &proof, &err), ERR_BAD_INPUT,
                  &err);
    assert_status(merkle_prove_consistency(&stored, 0, 5, &proof, &err), ERR_BAD_INPUT,
                  &err);
    assert_status(merkle_prove_consistency(&stored, 6, 5, &proof, &err), ERR_BAD_INPUT,
                  &err);
    assert_status(merkle_prove_inclusion(&stored, 1, 2049, &proof, &err), ERR_NOT_FOUND,
                  &err);
}

/* --- third-party files (transparency-dev/merkle) --- */

struct tally {
    size_t files, refused, size_zero;
};

static struct digest read_hash(const struct json *value)
{
    CLEANUP(bytes_done) struct bytes raw = {0};
    struct digest hash = {{0}};
    if (value != NULL && value->kind == J_STRING) {
        assert_true(decode(BASE64, span_of(value->string, value->count), &raw));
    }
    /* some hashes there are texts of other lengths on purpose */
    memcpy(hash.bytes, raw.data != NULL ? raw.data : hash.bytes,
           raw.size < DIGEST_SIZE ? raw.size : DIGEST_SIZE);
    return hash;
}

static uint64_t read_number(const struct json *object, const char *name)
{
    const struct json *value = json_get(object, name);
    assert_true(value != NULL && value->kind == J_INTEGER);
    return (uint64_t) value->integer;
}

/* The arguments of one file, judged. */
static status judge(const struct json *test, struct tally *tally)
{
    struct merkle_proof proof = {0};
    const struct json *hashes = json_get(test, "proof");
    assert_non_null(hashes);
    if (hashes->kind == J_ARRAY) {
        assert_true(hashes->count <= MERKLE_PROOF_MAX);
        for (; proof.count < hashes->count; proof.count++) {
            proof.hashes[proof.count] = read_hash(&hashes->items[proof.count]);
        }
    }
    if (json_get(test, "leafIdx") != NULL) {
        struct digest leaf = read_hash(json_get(test, "leafHash"));
        struct digest root = read_hash(json_get(test, "root"));
        return merkle_verify_inclusion(read_number(test, "leafIdx"),
                                       read_number(test, "treeSize"), &leaf, &proof, &root,
                                       NULL);
    }
    struct digest old_root = read_hash(json_get(test, "root1"));
    struct digest new_root = read_hash(json_get(test, "root2"));
    tally->size_zero += read_number(test, "size1") == 0;
    return merkle_verify_consistency(read_number(test, "size1"), read_number(test, "size2"),
                                     &old_root, &new_root, &proof, NULL);
}

static void check_file(const char *path, void *arg)
{
    struct tally *tally = arg;
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *test = NULL;
    struct err err;
    char *wrapped = strstr((char *) text.data, "18446744073709551615");
    if (wrapped !=
        NULL) { /* index 0 - 1 of 64 bits: no JSON integer; our sizes end before */
        memcpy(wrapped, "    9007199254740991", 20);
    }
    assert_status(json_parse(span_bytes(&text), &JSON_RECORD, arena, &test, &err), OK,
                  &err);
    bool refuse = json_get(test, "wantErr")->kind == J_TRUE;
    if ((judge(test, tally) != OK) != refuse) {
        fail_msg("%s: %s", path, refuse ? "accepted" : "refused");
    }
    tally->files++;
    tally->refused += refuse;
}

static void check_corpus(void **state)
{
    struct tally tally = {0};
    CLEANUP(mem_freep)
    char *folder =
        corpus_path("crypto/transparency-dev+merkle/testdata", "Merkle proof vectors");
    (void) state;
    if (folder == NULL) {
        return;
    }
    CLEANUP(bytes_done) struct bytes inclusion = {0};
    CLEANUP(bytes_done) struct bytes consistency = {0};
    bytes_printf(&inclusion, "%s/inclusion", folder);
    bytes_printf(&consistency, "%s/consistency", folder);
    each_file(bytes_text(&inclusion), ".json", check_file, &tally);
    size_t inclusions = tally.files;
    each_file(bytes_text(&consistency), ".json", check_file, &tally);
    print_message("%zu inclusion and %zu consistency files, %zu to refuse, %zu with size "
                  "1 = 0 (refused here; callers name them)\n",
                  inclusions, tally.files - inclusions, tally.refused, tally.size_zero);
    assert_true(inclusions > 40 && tally.files - inclusions > 40);
    assert_true(tally.refused < tally.files);
}

int main(void)
{
    make_leaves();
    add_test("the example log has the known root and proof", check_known);
    add_test("empty trees, equal trees, and sizes there are not", check_edges);
    add_test("the empty leaf has the RFC 6962 hash", check_rfc_leaf);
    add_rows(batches, ARRAY_LEN(batches), sizeof(batches[0]), check_batch);
    add_test("all trees and batches up to 70 leaves", check_small_trees);
    add_test("each full tile is reported once, with its root", check_strata);
    add_test("256 full tiles make one of the level above", check_second_level);
    add_test("proofs ask for the same hashes whatever they are", check_source);
    add_test("third-party inclusion and consistency files", check_corpus);
    return run_added("crypto/merkle");
}
