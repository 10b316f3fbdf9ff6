/* SPDX-License-Identifier: Apache-2.0 */
/*
** watch: an open ledger looks after its log in the database.
**
** Once a second it compares the head (another process may have written; or the log was cut,
** then the ledger halts) and the two clocks. All the time, tile by tile and slowly, it
** reads entries and bodies again, hashes them and compares with the tree in memory: whoever
** edits, swaps or removes something behind crfd's back is found within one round, and the
** study stops with the first bad sequence number (DESIGN.md chapter 10).
*/
#ifndef CRFD_SERVICE_WATCH_H
#define CRFD_SERVICE_WATCH_H

#include "base/clock.h"

struct ledger;
struct watch;

struct watch *watch_new(struct ledger *ledger);
void watch_free(struct watch *watch); /* accepts NULL */
void watch_start(struct watch *watch);

/* PostgreSQL's clock minus ours, as of the last look; writing stops beyond
 * WATCH_CLOCK_MAX. */
#define WATCH_CLOCK_MAX (2 * SECOND)
instant watch_clock_difference(const struct watch *watch);

#endif
