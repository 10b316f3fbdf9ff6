/* SPDX-License-Identifier: Apache-2.0 */
/*
** note_key: what note.c and note_key.c share. Not for other folders.
*/
#ifndef CRFD_CRYPTO_NOTE_KEY_H
#define CRFD_CRYPTO_NOTE_KEY_H

#include "crypto/note.h"

#define NOTE_ID_SIZE 4

struct note_key {
    char *name;
    enum note_type type;
    uint8_t
        id[NOTE_ID_SIZE]; /* a short name, not a digest: anyone can make a key with it */
    struct key *key;
};

/* True if ID is the id of KEY. */
bool note_key_has_id(const struct note_key *key, const uint8_t id[NOTE_ID_SIZE]);

bool note_is_name(struct span name);

#endif
