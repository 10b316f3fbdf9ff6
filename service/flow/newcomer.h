/* SPDX-License-Identifier: Apache-2.0 */
/*
** newcomer: a key that is unknown here may have been enrolled through another crfd a moment
** ago.
**
** Before a stranger is told so, the head is asked for once, and what is new in the log is
** folded. Looks are limited for each study, whoever asks: beyond the limit a stranger is a
** stranger until the watch (watch.h) has looked.
*/
#ifndef CRFD_SERVICE_NEWCOMER_H
#define CRFD_SERVICE_NEWCOMER_H

#include "base/bytes.h"

struct ledger;

#define NEWCOMER_LOOKS 20 /* in a second */

/* Look, then call DONE, never inside this call. False: not now (too many looks, or the study is
 * not open); DONE will not be called. */
bool newcomer_look(struct ledger *ledger, void (*done)(void *arg), void *arg);

#endif
