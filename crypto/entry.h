/* SPDX-License-Identifier: Apache-2.0 */
/*
** entry: the 12 lines that stand for a record in a log. These bytes never change.
**
**     ctl/1
**     log <origin>
**     seq <number>
**     prev <base64 leaf hash of the entry before; 32 zero bytes for seq 0>
**     time <YYYY-MM-DDThh:mm:ss.ffffffZ>
**     type <token>
**     actor <person id | system>
**     key <thumbprint | ->
**     keydir <size of a directory log | ->
**     object <path | ->
**     prior <seq of the revision before | ->
**     body <base64 SHA-256(salt || body)> <bytes> <media type>    or: body -
**
** ASCII, LF behind every line, one space between fields, tokens of 0x21 to 0x7E, at most
** 4096 bytes. entry_parse accepts exactly what entry_encode writes: any other line end,
** space, order, leading zero or line more is refused and the message names the line.
** What an entry means (type known, prev right, time not falling) is for protocol/record.
**
** The leaf hash of an entry is merkle_leaf() of its bytes.
*/
#ifndef CRFD_CRYPTO_ENTRY_H
#define CRFD_CRYPTO_ENTRY_H

#include "base/clock.h"
#include "crypto/digest.h"

#define ENTRY_SIZE_MAX 4096
#define ENTRY_NONE     ((int64_t) -1) /* "-" where a number may stand */
#define SALT_SIZE      32

/* Spans are borrowed: from the parsed text, or from whoever fills the struct to encode it.
 * An empty span is written and read as "-" in `key` and `object`, and means "body -" in
 * `media`. */
struct entry {
    struct span log; /* origin */
    int64_t seq;
    struct digest prev;
    instant time;
    struct span type;
    struct span actor;
    struct span key; /* 43 characters base64url, or empty */
    int64_t keydir;  /* or ENTRY_NONE */
    struct span object;
    int64_t prior; /* or ENTRY_NONE */
    struct digest body;
    int64_t body_size;
    struct span media; /* empty: no body */
};

/* Append the entry's bytes. ERR_BAD_INPUT, and OUT as it was, when a field cannot stand in
 * an entry or the whole is over ENTRY_SIZE_MAX. */
MUST_USE status entry_encode(const struct entry *entry, struct bytes *out, struct err *err);

/* Read the bytes of one entry. */
MUST_USE status entry_parse(struct span text, struct entry *ret_entry, struct err *err);

/* SHA-256(salt || body), what an entry says of its body. */
void entry_body_digest(const uint8_t salt[SALT_SIZE], struct span body,
                       struct digest *ret_digest);

#endif
