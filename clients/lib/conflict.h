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

/* The same for a program, in --json: {by, at, changes [{path, before, after}]}, the values as
 * they are typed, null where there is none. Without the casebook by and at are CURRENT's, what
 * the service's refusal says (may be NULL), and changes is null. */
void conflict_json(struct client *client, uint64_t number, const struct json *current,
                   struct json_out *json);

/* "13:58" at the site, for today; with its day else. */
const char *conflict_clock(struct client *client, instant at);

#endif
