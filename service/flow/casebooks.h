/* SPDX-License-Identifier: Apache-2.0 */
/*
** casebooks: the casebooks a writer has in memory, by subject.
**
** A casebook is loaded from the current bodies, then kept in step with each record. Its
** forms live in several arenas: the one it was loaded into, and that of each record since.
** Between batches a casebook in too many pieces, and the least recently used while all
** together hold more than the limit, are dropped; they are loaded again when they are next
** needed.
*/
#ifndef CRFD_SERVICE_CASEBOOKS_H
#define CRFD_SERVICE_CASEBOOKS_H

#include "protocol/study/casebook.h"

struct casebooks;

struct casebooks *casebooks_new(size_t limit); /* bytes */
void casebooks_free(struct casebooks *casebooks);

/* The casebook of SUBJECT, borrowed until it is changed or dropped; NULL when not
 * loaded. */
const struct casebook *casebooks_get(struct casebooks *casebooks, const char *subject);

/* Keep BOOK as the casebook of its subject. What it borrows must live until
 * casebooks_own() takes the arena over, or until the casebook is dropped. */
void casebooks_put(struct casebooks *casebooks, const struct casebook *book);
/* ARENA holds something of SUBJECT's casebook: it is freed with it (now, if there is none).
 * Nothing more may be allocated in it. */
void casebooks_own(struct casebooks *casebooks, const char *subject, struct arena *arena);
void casebooks_drop(struct casebooks *casebooks, const char *subject);
void casebooks_clear(struct casebooks *casebooks);

/* Drop what is too much. Between batches only: a batch relies on the casebooks it
 * loaded. */
void casebooks_trim(struct casebooks *casebooks);

#endif
