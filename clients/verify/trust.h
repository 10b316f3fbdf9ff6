/* SPDX-License-Identifier: Apache-2.0 */
/*
** trust: whose log it is, for commands that check a file without the service.
**
** From --passport FILE (an invitation or a passport), from --vkey VKEY (and --founder), or
** from the passport of this computer's study. Never from the file that is checked.
*/
#ifndef CRFD_CLIENTS_TRUST_H
#define CRFD_CLIENTS_TRUST_H

#include "clients/lib/command.h"
#include "clients/lib/passport.h"
#include "crypto/checkpoint.h"

struct trust_root {
    const char *origin;
    const char *founder; /* thumbprint; NULL: not known, only with --vkey */
    struct note_key *key;
    struct checkpoint_trust trust;
};

/* VKEY, FOUNDER and FILE are the values of those options, NULL when not given. */
MUST_USE status trust_find(struct invocation *run, const char *vkey, const char *founder,
                           const char *file, struct trust_root *ret_root, struct err *err);
void trust_done(struct trust_root *root);

#endif
