/* SPDX-License-Identifier: Apache-2.0 */
/*
** quota: how many refusals of one key are logged in a minute (RECORDS.md chapter 6, rung
** 6).
**
** A refusal leaves an entry for ever, so a broken client must not fill the log with them.
** Beyond the quota a record that would be refused is answered 429 and its id stays unspent.
** What is accepted is never counted and never turned away: the limit cannot close the
** safety door.
*/
#ifndef CRFD_SERVICE_QUOTA_H
#define CRFD_SERVICE_QUOTA_H

#include <stdbool.h>

struct ledger;
struct quota;

struct quota *quota_new(void); /* release with free() */

#define QUOTA_REFUSALS 10 /* of one key, logged in one minute */

/* Count one more refusal of KID; false when its minute is full. */
bool quota_take(struct ledger *ledger, const char *kid);

#endif
