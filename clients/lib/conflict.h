/* SPDX-License-Identifier: Apache-2.0 */
/*
** conflict: somebody was faster. Message 4 of users.md chapter 5: who changed the form, when,
** and what, against what this person had before their eyes.
*/
#ifndef CRFD_CLIENTS_CONFLICT_H
#define CRFD_CLIENTS_CONFLICT_H

#include "clients/lib/client.h"

/* The sentence for the refused record in draft NUMBER; NULL when the casebook as it is now
 * cannot be had: then the service's own words do. The values in it are for this screen. */
const char *conflict_sentence(struct client *client, uint64_t number);

/* "13:58" at the site, for today; with its day else. */
const char *conflict_clock(struct client *client, instant at);

#endif
