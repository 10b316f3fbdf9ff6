/* SPDX-License-Identifier: Apache-2.0 */
/*
** version: the definition by which a form is asked, said to the person.
*/
#ifndef CRFD_CLIENTS_SITE_VERSION_H
#define CRFD_CLIENTS_SITE_VERSION_H

#include "clients/lib/versions.h"
#include "clients/site/where.h"

/* Work by the version under which KEY (key->form NULL: the visit) is to be made, and say it
 * when it is not the one in force; what was SAID last (may be NULL) is not said again. BOOK may
 * be NULL. */
MUST_USE status use_version(struct client *client, const struct book *book,
                            const struct form_key *key, const char **said, struct err *err);

/* The same for what WHERE means, whose event and form are then those of that version. Without a
 * subject and an event nothing happens. */
MUST_USE status use_version_where(struct client *client, const struct book *book,
                                  struct where *where, const char **said, struct err *err);

#endif
