/* SPDX-License-Identifier: Apache-2.0 */
/*
** receipt: proof, for anyone and without the service, that a record and what the service
** decided about it stand in the log (C2SP tlog-proof v1; RECORDS.md chapter 4).
**
**     c2sp.org/tlog-proof@v1
**     extra <base64 of salt (32) || entry (12 lines) || outcome line>
**     index <seq>
**     <base64 hash> ...            the inclusion proof, from the leaf's sibling up
**                                  (an empty line)
**     <checkpoint note>
**
** The outcome line ends in LF. With the signed record beside it everything follows:
**
**     body      record LF outcome LF       media type application/x-ndjson
**               outcome LF                 media type application/json (a `reject` entry,
**                                          whose outcome names the record by record_sha256)
**     entry     says SHA-256(salt || body) and the body's size
**     leaf      merkle_leaf(entry), at index = the entry's seq, under the checkpoint's root
**     note      signed by the log's key; the entry's log is that key's name
*/
#ifndef CRFD_CRYPTO_RECEIPT_H
#define CRFD_CRYPTO_RECEIPT_H

#include "base/arena.h"
#include "crypto/checkpoint.h"
#include "crypto/entry.h"

#define RECEIPT_SIZE_MAX (1 << 20)

/* The parts of a receipt, not verified. */
struct receipt {
    uint8_t salt[SALT_SIZE];
    struct span entry;   /* 12 lines */
    struct span outcome; /* without its LF */
    uint64_t index;
    struct merkle_proof proof;
    struct span note; /* the checkpoint */
};

/* Append the text form. */
void receipt_format(const struct receipt *receipt, struct bytes *out);

/* Read the text form; spans point into TEXT and ARENA. Nothing is believed yet. */
MUST_USE status receipt_parse(struct span text, struct arena *arena,
                              struct receipt *ret_receipt, struct err *err);

/* What a receipt proves. Spans live as long as the text and the arena. */
struct receipt_facts {
    uint64_t seq;
    struct entry entry;
    struct digest leaf;
    struct span outcome;
    bool rejected; /* the entry stands for a refusal */
    struct checkpoint checkpoint;
    struct note note; /* who has signed the checkpoint */
};

/* Check all of the above for RECORD, the line as it was signed (without LF). The
 * record's own signature is jws_verify()'s; that facts.entry names the right person and
 * key is for the caller, who knows them (entry.key is the record's kid). ERR_BAD_INPUT
 * when the text is no receipt, ERR_UNAUTHENTIC when the note or the proof does not
 * hold, ERR_TAMPERED when the log's key signed a head over something that contradicts
 * the record, the entry or the outcome. */
MUST_USE status receipt_verify(struct span record, struct span text,
                               const struct checkpoint_trust *trust, struct arena *arena,
                               struct receipt_facts *ret_facts, struct err *err);

#endif
