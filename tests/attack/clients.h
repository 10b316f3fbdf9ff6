/* SPDX-License-Identifier: Apache-2.0 */
/*
** clients: sites at work while the service is killed, and what must hold afterwards.
**
**     struct clients *clients = clients_start(trial, 8);
**     ... kill, restart, ...
**     clients_stop(clients);      each has had its last answer
**     clients_check(clients);     every promise was kept; fails the test with the reason
**     clients_free(clients);
**
** Each client is a thread with a connection of its own. It enrols subjects, submits forms and
** corrects them (so each correction stands on the one before). It sends the same bytes again
** until it holds 201 or 200 with a receipt; it keeps line and receipt.
*/
#ifndef CRFD_TESTS_CLIENTS_H
#define CRFD_TESTS_CLIENTS_H

#include "tests/support/trialtmp.h"

struct clients;

struct clients *clients_start(struct trial *trial, size_t count);
/* Send each request to one of the two at random from now on (0: only the first). A port may
 * change with each restart. */
void clients_aim(struct clients *clients, int first_port, int second_port);
void clients_stop(struct clients *clients);
void clients_free(struct clients *clients);

size_t clients_held(const struct clients *clients);    /* receipts; after clients_stop() */
size_t clients_retried(const struct clients *clients); /* tries without an answer, or 503 */

/* After clients_stop(): every receipt verifies and is in the log at its number with these
 * bytes; every accepted record is there exactly once, and no id twice; the log verifies from
 * zero; the tables are what a fresh replay makes of it. */
void clients_check(struct clients *clients);

#endif
