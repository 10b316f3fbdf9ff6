/* SPDX-License-Identifier: Apache-2.0 */
/*
** bundle_note: SHA256SUMS.note, the signed note over a bundle's sums (C2SP signed-note v1).
**
** Its text names what was exported; the first line is also the name of the key:
**
**     <origin>/export             or <origin>/deidentified
**     <size>
**     <base64 root of the log at that size>
**     <hex SHA-256>  SHA256SUMS
**
** The signature is Ed25519 by a key that is made for this one export, signs this one note and
** is forgotten. Its vkey stands in the signed `export` record (member note_vkey), so the note
** is the exporter's as surely as the record is, whatever kind of key that person has, and any
** reader of signed notes can check it. The fourth line is one for `sha256sum -c`.
*/
#ifndef CRFD_CLIENTS_BUNDLE_NOTE_H
#define CRFD_CLIENTS_BUNDLE_NOTE_H

#include "crypto/digest.h"
#include "crypto/note.h"

struct bundle_note {
    const char *origin;
    bool deidentified;
    uint64_t size;
    struct digest root, sums;
};

/* Make a key and append the note and the key's vkey. */
MUST_USE status bundle_note_make(const struct bundle_note *facts, struct bytes *out,
                                 struct bytes *vkey, struct err *err);

/* Is NOTE that of FACTS, signed by VKEY? ERR_TAMPERED says what is not right. */
MUST_USE status bundle_note_check(const struct bundle_note *facts, struct span note,
                                  const char *vkey, struct err *err);

/* Is VKEY that of a de-identified extract? False for NULL. */
bool bundle_note_is_deidentified(const char *origin, const char *vkey);

#endif
