/* SPDX-License-Identifier: Apache-2.0 */
/*
** checkpoint: the signed head of a log (C2SP tlog-checkpoint).
**
**     <origin>
**     <size>
**     <base64 root>
**
** Exactly these three lines, no extensions, as the text of a signed note (note.h) by the
** log's key, whose name is the origin; cosignatures of witnesses are further lines of
** the note. The text is the same for the same head, and so is the log's signature, so a
** lost note can be made again.
*/
#ifndef CRFD_CRYPTO_CHECKPOINT_H
#define CRFD_CRYPTO_CHECKPOINT_H

#include "crypto/merkle.h"
#include "crypto/note.h"

struct checkpoint {
    struct span origin; /* borrowed from the text */
    uint64_t size;
    struct digest root;
};

void checkpoint_format(const struct checkpoint *checkpoint, struct bytes *out);
MUST_USE status checkpoint_parse(struct span text, struct checkpoint *ret_checkpoint,
                                 struct err *err);

/* Append the note: CHECKPOINT signed by KEY under its origin. */
MUST_USE status checkpoint_sign(const struct checkpoint *checkpoint,
                                const struct private_key *key, struct bytes *out,
                                struct err *err);

/* Whom a reader believes: the log's key, which must have signed, and witnesses, whose
 * signatures are verified where they are present. How many of them are enough is the
 * caller's policy, over ret_note->signatures. */
struct checkpoint_trust {
    const struct note_key *log;
    const struct note_key *const *witnesses;
    size_t witness_count; /* below NOTE_KNOWN_MAX */
};

/* Open NOTE: the log's key has signed it, every known signature holds, the three lines are
 * right and the origin is the name of the log's key. ret_note may be NULL. */
MUST_USE status checkpoint_open(struct span note, const struct checkpoint_trust *trust,
                                struct checkpoint *ret_checkpoint, struct note *ret_note,
                                struct err *err);

#endif
