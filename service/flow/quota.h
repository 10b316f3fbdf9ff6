/* SPDX-License-Identifier: Apache-2.0 */
/*
** quota: how many refusals of one key are logged in a minute (RECORDS.md chapter 6, rung
** 6), and how much of blobs one key may store in an hour.
**
** A refusal leaves an entry for ever, so a broken client must not fill the log with them.
** Beyond the quota a record that would be refused is answered 429 and its id stays unspent.
** What is accepted is never counted and never turned away: the limit cannot close the
** safety door. A blob is inert, stays for ever, and no record waits for many of them.
*/
#ifndef CRFD_SERVICE_QUOTA_H
#define CRFD_SERVICE_QUOTA_H

#include <stdbool.h>
#include <stddef.h>

struct ledger;
struct quota;

struct quota *quota_new(void); /* release with free() */

#define QUOTA_REFUSALS 10 /* of one key, logged in one minute */

/* Count one more refusal of KID; false when its minute is full. */
bool quota_take(struct ledger *ledger, const char *kid);

#define QUOTA_BLOBS 16 /* of the largest size, or as much in smaller ones, in an hour */

/* Count SIZE bytes of a blob that KID wants to store; false when its hour is full. */
bool quota_take_blob(struct ledger *ledger, const char *kid, size_t size);

#endif
