/* SPDX-License-Identifier: Apache-2.0 */
/*
** note: text signed by named keys (C2SP signed-note v1, tlog-cosignature).
**
**     text, ending in LF
**                                           (an empty line)
**     — <key name> <base64 of key id (4 bytes) || signature>
**
** Two signature types, both Ed25519: 0x01 signs the text; 0x04, a cosignature, signs
** "cosignature/v1\ntime N\n" and the text, and carries N (8 bytes, seconds since 1970).
** The key id is the start of SHA-256(name || LF || type || key). A key is handed around
** as a vkey, "<name>+<key id, hex>+<base64 of type || key>", and kept secret as an skey,
** "PRIVATE+KEY+<name>+<key id, hex>+<base64 of type || seed>".
**
** Signatures of unknown keys are ignored, whatever they are; one by a known key that
** fails rejects the note; a note without any signature by a known key is rejected. At
** most NOTE_LINES_MAX signature lines are read.
*/
#ifndef CRFD_CRYPTO_NOTE_H
#define CRFD_CRYPTO_NOTE_H

#include "crypto/key.h"

#define NOTE_SIZE_MAX  262144 /* bytes */
#define NOTE_LINES_MAX 64
#define NOTE_KNOWN_MAX 32
#define NOTE_NAME_MAX  255

enum note_type { NOTE_ED25519 = 0x01, NOTE_COSIGNATURE = 0x04 };

/* A key with its name and type, for verifying. Never changes; any thread. The caller owns
 * *ret_key (note_key_free). */
struct note_key;
MUST_USE status note_key_new(const char *name, enum note_type type, const struct key *key,
                             struct note_key **ret_key, struct err *err);
MUST_USE status note_key_parse(struct span vkey, struct note_key **ret_key,
                               struct err *err);
void note_key_free(struct note_key *key); /* accepts NULL */
void note_key_freep(struct note_key **key);
const char *note_key_name(const struct note_key *key); /* borrowed */
enum note_type note_key_type(const struct note_key *key);
void note_key_format(const struct note_key *key, struct bytes *out); /* the vkey */

/* The skey of PRIVATE under the name and type of KEY, and back. */
MUST_USE status note_secret_format(const struct note_key *key,
                                   const struct private_key *private_key,
                                   struct secret *ret_skey, struct err *err);
MUST_USE status note_secret_parse(const struct secret *skey, struct note_key **ret_key,
                                  struct private_key **ret_private, struct err *err);

/* Append the whole note: TEXT, the empty line, one 0x01 signature under NAME. TEXT ends in
 * LF, is UTF-8 and has no other control characters; else ERR_BAD_INPUT. */
MUST_USE status note_sign(struct span text, const char *name, const struct private_key *key,
                          struct bytes *out, struct err *err);

/* Append one cosignature line over TEXT at TIME (seconds since 1970) to a note. */
MUST_USE status note_cosign(struct span text, const char *name,
                            const struct private_key *key, uint64_t time, struct bytes *out,
                            struct err *err);

/* A note whose signatures by known keys have all been verified, each key once. */
struct note {
    struct span text; /* with its last LF; borrowed from the note */
    size_t count;
    struct note_signature {
        const struct note_key *key; /* one of the known */
        uint64_t time;              /* of a cosignature; else 0 */
    } signatures[NOTE_KNOWN_MAX];
};

/* Verify NOTE against KNOWN (at most NOTE_KNOWN_MAX). ERR_BAD_INPUT when it is no note,
 * ERR_UNAUTHENTIC when a known key's signature fails or there is none. */
MUST_USE status note_open(struct span note, const struct note_key *const *known,
                          size_t count, struct note *ret_note, struct err *err);

/* Split without believing anything: the text, for a reader that has no keys yet. */
MUST_USE status note_split(struct span note, struct span *ret_text,
                           struct span *ret_signatures, struct err *err);

/* True if NOTE carries a verified signature by KEY; its time in *ret_time (may be NULL). */
bool note_signed_by(const struct note *note, const struct note_key *key,
                    uint64_t *ret_time);

#endif
