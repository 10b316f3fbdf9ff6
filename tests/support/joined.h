/* SPDX-License-Identifier: Apache-2.0 */
/*
** joined: the folder of a person of a trial as joining would have made it, but with the key
** that the trial's person has already: so one story is told by records and by programs.
*/
#ifndef CRFD_TESTS_JOINED_H
#define CRFD_TESTS_JOINED_H

#include "tests/support/trialtmp.h"

#define JOINED_PASSPHRASE "correct horse battery"

struct joined {
    const char *url;  /* of crfd */
    const char *site; /* NULL: of none */
    const char *vkey; /* of the log; NULL: not known yet */
};

/* Make WHO's folder below $XDG_DATA_HOME; the path, the caller frees it. */
char *joined_folder(struct trial *trial, enum who who, const struct joined *joined);

/* The passphrase in a file of FOLDER, named in CRF_PASSPHRASE_FILE; FOLDER is also where
 * programs keep what lasts as long as a session. */
void joined_passphrase(const char *folder);

#endif
