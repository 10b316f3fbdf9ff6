/* SPDX-License-Identifier: Apache-2.0 */
/*
** The order of checks: note (is this the log?), inclusion (is the entry in it?), then
** the entry against log, index and body. A contradiction behind a valid note and proof
** is not a bad receipt but evidence, so it has its own kind.
*/
#include "crypto/receipt.h"

#include "base/encode.h"
#include "base/json.h"
#include "base/text.h"

#define HEAD        "c2sp.org/tlog-proof@v1"
#define EXTRA       "extra "
#define INDEX       "index "
#define NDJSON      "application/x-ndjson"
#define JSON        "application/json"
#define ENTRY_LINES 12

void receipt_format(const struct receipt *receipt, struct bytes *out)
{
    CLEANUP(bytes_done) struct bytes extra = {0};
    bytes_add(&extra, receipt->salt, SALT_SIZE);
    bytes_add_span(&extra, receipt->entry);
    bytes_add_span(&extra, receipt->outcome);
    bytes_add_char(&extra, '\n');

    bytes_add_text(out, HEAD "\n" EXTRA);
    encode(BASE64, span_bytes(&extra), out);
    bytes_printf(out, "\n" INDEX "%llu\n", (unsigned long long) receipt->index);
    for (size_t i = 0; i < receipt->proof.count; i++) {
        digest_add_base64(&receipt->proof.hashes[i], out);
        bytes_add_char(out, '\n');
    }
    bytes_add_char(out, '\n');
    bytes_add_span(out, receipt->note);
}

/* Cut a line that starts with LABEL; *ret_value is what stands behind it. */
static bool cut_labelled(struct span *rest, const char *label, struct span *ret_value)
{
    struct span line;
    size_t size = strlen(label);
    if (!span_cut(rest, '\n', &line) || !span_starts(line, label)) {
        return false;
    }
    *ret_value = span_of(line.data + size, line.size - size);
    return true;
}

/* Split salt || 12 lines || outcome LF. */
static status split_extra(struct span extra, struct receipt *receipt, struct err *err)
{
    struct span line;
    if (extra.size < SALT_SIZE) {
        return FAIL(err, ERR_BAD_INPUT, "the receipt's extra line holds no salt");
    }
    memcpy(receipt->salt, extra.data, SALT_SIZE);
    struct span rest = span_of(extra.data + SALT_SIZE, extra.size - SALT_SIZE);
    const uint8_t *begin = rest.data;
    for (size_t i = 0; i < ENTRY_LINES; i++) {
        if (!span_cut(&rest, '\n', &line)) {
            return FAIL(err, ERR_BAD_INPUT, "the receipt's extra line holds no entry");
        }
    }
    receipt->entry = span_of(begin, (size_t) (rest.data - begin));
    if (!span_cut(&rest, '\n', &receipt->outcome) || rest.size > 0) {
        return FAIL(err, ERR_BAD_INPUT,
                    "the receipt's extra line does not end in one outcome line");
    }
    return OK;
}

static status parse_proof(struct span *rest, struct merkle_proof *proof, struct err *err)
{
    struct span line;
    while (span_cut(rest, '\n', &line)) {
        if (line.size == 0) {
            return OK;
        }
        if (proof->count == MERKLE_PROOF_MAX ||
            !digest_from_base64(line, &proof->hashes[proof->count])) {
            return FAIL(err, ERR_BAD_INPUT,
                        "a receipt has at most %d proof lines of base64 hashes",
                        MERKLE_PROOF_MAX);
        }
        proof->count++;
    }
    return FAIL(err, ERR_BAD_INPUT, "a receipt has an empty line before its checkpoint");
}

status receipt_parse(struct span text, struct arena *arena, struct receipt *ret_receipt,
                     struct err *err)
{
    CLEANUP(bytes_done) struct bytes extra = {0};
    struct receipt receipt = {0};
    struct span value;

    if (text.size > RECEIPT_SIZE_MAX) {
        return FAIL(err, ERR_TOO_LARGE, "a receipt has at most %d bytes", RECEIPT_SIZE_MAX);
    }
    if (!span_cut(&text, '\n', &value) || !span_is(value, HEAD)) {
        return FAIL(err, ERR_BAD_INPUT, "line 1 of a receipt is " HEAD);
    }
    if (!cut_labelled(&text, EXTRA, &value) || !decode(BASE64, value, &extra)) {
        return FAIL(err, ERR_BAD_INPUT, "line 2 of a receipt is extra and strict base64");
    }
    TRY(split_extra(arena_span(arena, span_bytes(&extra)), &receipt, err));
    if (!cut_labelled(&text, INDEX, &value) ||
        !text_to_u64(value, MERKLE_SIZE_MAX, &receipt.index)) {
        return FAIL(err, ERR_BAD_INPUT, "line 3 of a receipt is index and a number");
    }
    TRY(parse_proof(&text, &receipt.proof, err));
    receipt.note = text;
    *ret_receipt = receipt;
    return OK;
}

/* --- verifying --------------------------------------------------------------------- */

/* A reject's outcome must name this record. */
static status check_named(struct span record, struct span outcome, struct arena *arena,
                          struct err *err)
{
    const struct json *json = NULL;
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    if (json_parse(outcome, &JSON_RECORD, arena, &json, err) != OK) {
        return FAIL(err, ERR_TAMPERED, "the logged refusal is not JSON");
    }
    digest_of(record, &digest);
    digest_to_hex(&digest, hex);
    if (!json_equals(json_get(json, "record_sha256"), hex)) {
        return FAIL(err, ERR_TAMPERED, "the logged refusal is of another record");
    }
    return OK;
}

static status check_body(struct span record, const struct receipt *receipt,
                         const struct entry *entry, struct err *err)
{
    CLEANUP(bytes_done) struct bytes body = {0};
    struct digest digest;
    if (span_is(entry->media, NDJSON)) {
        bytes_add_span(&body, record);
        bytes_add_char(&body, '\n');
    } else if (!span_is(entry->media, JSON)) {
        return FAIL(err, ERR_TAMPERED,
                    "the entry's body is of no type a receipt can prove");
    }
    bytes_add_span(&body, receipt->outcome);
    bytes_add_char(&body, '\n');
    entry_body_digest(receipt->salt, span_bytes(&body), &digest);
    if (entry->body_size != (int64_t) body.size || !digest_equal(&digest, &entry->body)) {
        return FAIL(err, ERR_TAMPERED,
                    "the entry does not stand for this record and outcome");
    }
    return OK;
}

static status check_entry(struct span record, const struct receipt *receipt,
                          struct arena *arena, struct receipt_facts *facts, struct err *err)
{
    if (entry_parse(receipt->entry, &facts->entry, err) != OK) {
        return FAIL(err, ERR_TAMPERED, "the logged entry is not in the form of an entry");
    }
    if (!span_equal(facts->entry.log, facts->checkpoint.origin)) {
        return FAIL(err, ERR_TAMPERED, "the entry names another log");
    }
    if ((uint64_t) facts->entry.seq != receipt->index) {
        return FAIL(err, ERR_TAMPERED, "the entry does not stand where it says it stands");
    }
    TRY(check_body(record, receipt, &facts->entry, err));
    facts->rejected = span_is(facts->entry.media, JSON);
    return facts->rejected ? check_named(record, receipt->outcome, arena, err) : OK;
}

status receipt_verify(struct span record, struct span text,
                      const struct checkpoint_trust *trust, struct arena *arena,
                      struct receipt_facts *ret_facts, struct err *err)
{
    struct receipt_facts facts = {0};
    struct receipt receipt;
    TRY(receipt_parse(text, arena, &receipt, err));
    TRY(checkpoint_open(receipt.note, trust, &facts.checkpoint, &facts.note, err));
    merkle_leaf(receipt.entry, &facts.leaf);
    TRY(merkle_verify_inclusion(receipt.index, facts.checkpoint.size, &facts.leaf,
                                &receipt.proof, &facts.checkpoint.root, err));
    TRY(check_entry(record, &receipt, arena, &facts, err));
    facts.seq = receipt.index;
    facts.outcome = receipt.outcome;
    *ret_facts = facts;
    return OK;
}
