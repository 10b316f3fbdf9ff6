/* SPDX-License-Identifier: Apache-2.0 */
/*
** replay_file: what a replay left, kept on disk so that the next one goes on from there.
**
** Lines of JSON: a head, the roots of every size, the rows of the tables, an end. It names
** people and subjects, so it is sealed with the person's key (signer.h); the seal also keeps
** others from editing it. A file that does not fit its checkpoint is not used.
*/
#ifndef CRFD_CLIENTS_REPLAY_FILE_H
#define CRFD_CLIENTS_REPLAY_FILE_H

#include "protocol/record/replay.h"

/* Append REPLAY. */
void replay_file_write(const struct replay *replay, struct bytes *out);

/* Make a replay of TEXT. ERR_BAD_INPUT: it is none, or of another log or founder. The caller
 * owns *ret_replay. */
MUST_USE status replay_file_read(struct span text, const struct replay_options *options,
                                 struct replay **ret_replay, struct err *err);

#endif
