/* SPDX-License-Identifier: Apache-2.0 */
/*
** scratch: a page of text while a person edits it, in memory-backed storage only.
**
**     CLEANUP(scratch_done) struct scratch scratch = {0};
**     TRY(scratch_open(page, &scratch, err));
**     TRY(scratch_edit(&scratch, &text, err));      $VISUAL, $EDITOR, else vi; waits for it
**
** The page lies in a folder of its own (mode 0700) below $XDG_RUNTIME_DIR or /dev/shm,
** whichever is really memory, so that what the editor puts beside it (swap and backup files)
** lies there too. scratch_done() overwrites and removes all of it.
*/
#ifndef CRFD_CLIENTS_SCRATCH_H
#define CRFD_CLIENTS_SCRATCH_H

#include "base/bytes.h"

#define SCRATCH_FOLDER_MAX 240

struct scratch {
    char folder[SCRATCH_FOLDER_MAX]; /* "" : not open */
};

/* ERR_UNAVAILABLE: this computer has no memory-backed storage for it. */
MUST_USE status scratch_open(struct span page, struct scratch *ret_scratch,
                             struct err *err);

/* Let the person edit it; *OUT, which is cleared first, is the page afterwards. An editor that
 * is killed, with its terminal or otherwise, leaves what it saved. ERR_BAD_INPUT: there is no
 * such editor. */
MUST_USE status scratch_edit(const struct scratch *scratch, size_t limit, struct bytes *out,
                             struct err *err);

void scratch_done(struct scratch *scratch);

/* Does PATH, or the folder it is in, lie in memory? */
bool scratch_is_memory(const char *path);

#endif
