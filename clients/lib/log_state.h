/* SPDX-License-Identifier: Apache-2.0 */
/*
** log_state: what this computer has verified of the log, in the file `state`.
**
** `note` is the newest checkpoint that was verified and found consistent with all before it;
** every signed record says it as `seen`. The monitor's part (frontier, last leaf and time)
** says how far the entries themselves were checked; it never runs ahead of the checkpoint.
** All crf programs share the file; write it under FOLDER_WRITE.
**
**     {"crf":"state 1","note":"<checkpoint note>",
**      "checked":{"frontier":"<base64>","leaf":"<base64>","time":"..."} or null}
*/
#ifndef CRFD_CLIENTS_LOG_STATE_H
#define CRFD_CLIENTS_LOG_STATE_H

#include "base/clock.h"
#include "clients/lib/folder.h"
#include "crypto/checkpoint.h"

struct log_state {
    const char *note; /* NULL: nothing was verified yet */
    struct checkpoint checkpoint;
    bool checked; /* the monitor has been here */
    struct frontier frontier;
    struct digest leaf; /* of the last entry checked */
    instant time;
};

/* Read `state`; no file is an empty state. The note is verified again under TRUST. */
MUST_USE status log_state_load(const struct folder *folder,
                               const struct checkpoint_trust *trust, struct arena *arena,
                               struct log_state *ret_state, struct err *err);
MUST_USE status log_state_store(const struct folder *folder, const struct log_state *state,
                                struct err *err);

/* Hold a verified checkpoint against STATE. ERR_TAMPERED: another root at the same size, or
 * (NEWEST: the server says this is its head) fewer entries than it had. *ret_longer: it is
 * longer, and consistency is still to be shown. */
MUST_USE status log_state_compare(const struct log_state *state,
                                  const struct checkpoint *checkpoint, bool newest,
                                  bool *ret_longer, struct err *err);

/* Keep two notes that contradict each other in evidence/, for others to see: plain. Fills
 * ERR, which must say why already, with the file's name too. */
void evidence_keep(const struct folder *folder, const char *what, const char *ours,
                   const char *theirs, struct err *err);

#endif
