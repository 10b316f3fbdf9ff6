/* SPDX-License-Identifier: Apache-2.0 */
/*
** Any bytes as a receipt (written again, to the byte), as a stored frontier, and as an
** inclusion and a consistency proof with sizes taken from the input.
*/
#include "crypto/receipt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_receipt(struct span text)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes again = {0};
    struct receipt receipt;
    struct entry entry;
    struct err err;
    if (receipt_parse(text, arena, &receipt, &err) == OK) {
        receipt_format(&receipt, &again);
        BUG_IF(!span_equal(text, span_bytes(&again)));
        if (entry_parse(receipt.entry, &entry, &err) == OK) {
            BUG_IF(entry.seq < 0);
        }
    }
}

static void try_frontier(struct span text)
{
    CLEANUP(bytes_done) struct bytes again = {0};
    struct frontier frontier;
    struct digest root;
    struct err err;
    if (frontier_decode(text, &frontier, &err) == OK) {
        frontier_encode(&frontier, &again);
        BUG_IF(!span_equal(text, span_bytes(&again)));
        frontier_root(&frontier, &root);
    }
}

/* The input as two numbers, two hashes and a proof. A proof that holds under random
 * numbers would be a broken hash: only a proof of equal sizes can. */
static void try_proofs(struct span text)
{
    struct merkle_proof proof = {0};
    struct digest hashes[2];
    uint64_t numbers[2];
    struct err err;
    if (text.size < sizeof(numbers) + sizeof(hashes)) {
        return;
    }
    memcpy(numbers, text.data, sizeof(numbers));
    memcpy(hashes, text.data + sizeof(numbers), sizeof(hashes));
    size_t left = text.size - sizeof(numbers) - sizeof(hashes);
    proof.count =
        left / DIGEST_SIZE < MERKLE_PROOF_MAX ? left / DIGEST_SIZE : MERKLE_PROOF_MAX;
    memcpy(proof.hashes, text.data + text.size - left, proof.count * DIGEST_SIZE);
    if (merkle_verify_inclusion(numbers[0], numbers[1], &hashes[0], &proof, &hashes[1],
                                &err) == OK) {
        BUG_IF(numbers[0] >= numbers[1]);
    }
    if (merkle_verify_consistency(numbers[0], numbers[1], &hashes[0], &hashes[1], &proof,
                                  &err) == OK) {
        BUG_IF(numbers[0] == 0 || numbers[0] > numbers[1]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = span_of(data, size);
    try_receipt(text);
    try_frontier(text);
    try_proofs(text);
    return 0;
}
