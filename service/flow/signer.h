/* SPDX-License-Identifier: Apache-2.0 */
/*
** signer: the log key and the high-water mark. It signs only what extends what it signed.
**
** It keeps the frontier of the newest checkpoint in a file of its own, outside the
** database, written and fsynced before the checkpoint is signed. Given the leaf hashes
** behind it and the root that somebody proposes, it computes the root itself and refuses
** any other. So a database that was restored, shortened or edited never gets a second,
** contradicting signature (tamper-evidence.md 12.7).
**
** Files: the log key, "PRIVATE+KEY+..." skey of C2SP signed-note on one line, mode 0600,
** made by signer_open() if the log has never been signed; the high-water file, five lines:
** origin, size, base64 root, base64 frontier, and the number of the projections that this
** process has written (PROJECTION_NUMBER; without the line 1), replaced atomically. The number
** stands here and not in the database, where whoever edits a table could edit it, too. A sixth
** line, when there is one, is what was counted of the published roots.
*/
#ifndef CRFD_SERVICE_SIGNER_H
#define CRFD_SERVICE_SIGNER_H

#include "crypto/merkle.h"

struct signer;

/* Open or make the key and read the high-water mark. ERR_BAD_INPUT: a file that cannot
 * be read as what it should be; ERR_UNAVAILABLE: a file that cannot be read at all. */
MUST_USE status signer_open(const char *key_file, const char *mark_file, const char *origin,
                            struct signer **ret_signer, struct err *err);
void signer_close(struct signer *signer); /* accepts NULL; wipes the key */

const char *signer_vkey(const struct signer *signer); /* "name+hash+key" */

/* False: this signer has never signed; the caller verifies the whole log first. */
bool signer_has_mark(const struct signer *signer);
const struct frontier *signer_mark(const struct signer *signer);

/* Extend the mark by COUNT leaf hashes; the root must then be ROOT, else ERR_TAMPERED and
 * nothing changes. ERR_UNAVAILABLE: the mark could not be made durable; nothing changes. */
MUST_USE status signer_advance(struct signer *signer, const struct digest *leaves,
                               size_t count, const struct digest *root, struct err *err);

/* The number of the projections in the database; PROJECTION_NUMBER without a mark. Setting it
 * is durable: ERR_UNAVAILABLE and unchanged, when it could not be written. */
int signer_projection(const struct signer *signer);
MUST_USE status signer_set_projection(struct signer *signer, int projection,
                                      struct err *err);

/* How many roots the table `root` had up to which size when it was last counted: which batches
 * there were is written nowhere else, so a row that is gone is found by counting again. Zero
 * before the first time. Noting is durable, as above. */
struct signer_roots {
    uint64_t size, count;
};
struct signer_roots signer_roots(const struct signer *signer);
MUST_USE status signer_note_roots(struct signer *signer, struct signer_roots roots,
                                  struct err *err);

/* The signed checkpoint of the mark; deterministic, so it can be made again. */
MUST_USE status signer_checkpoint(const struct signer *signer, struct bytes *out,
                                  struct err *err);

#endif
