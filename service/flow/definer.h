/* SPDX-License-Identifier: Apache-2.0 */
/*
** definer: reads study definitions and dictionaries on a worker.
**
** A definition of a megabyte takes longer than everything else of a record together; on the
** loop it would keep all other requests waiting.
**
**     struct definer *definer = definer_new(done, arg);
**     definer_add(definer, sha256, xml);             copied; as many as there are
**     status begun = definer_begin(definer, loop, &err);
**     ... later: done(arg), once; in it:
**     definer_give(definer, ledger);                 what was read is the ledger's
**     definer_free(definer);
**
** Who goes away meanwhile calls definer_free(): then nothing is called, and the memory goes
** when the worker is done.
*/
#ifndef CRFD_SERVICE_DEFINER_H
#define CRFD_SERVICE_DEFINER_H

#include "base/bytes.h"

struct definer;
struct ledger;
struct loop;

struct definer *definer_new(void (*done)(void *arg), void *arg);
void definer_free(struct definer *definer); /* accepts NULL */

void definer_add(struct definer *definer, const char *sha256, struct span xml);
bool definer_is_empty(const struct definer *definer);

/* ERR_BUSY: no worker takes it now; nothing was begun, so it can be begun again. */
MUST_USE status definer_begin(struct definer *definer, struct loop *loop, struct err *err);

/* After DONE: the ledger keeps those that load. Otherwise the reason of the first that does
 * not; the others are kept all the same. */
MUST_USE status definer_give(struct definer *definer, struct ledger *ledger,
                             struct err *err);

#endif
