/* SPDX-License-Identifier: Apache-2.0 */
/*
** casebooks: the casebooks a writer has in memory, by subject.
**
** A casebook is loaded from the current bodies, then kept in step with each record:
**
**     casebooks_put(casebooks, &book)           what it borrows must live on
**     ...                                       further records of the same batch
**     casebooks_settle(casebooks, subject)      now it borrows nothing
**
** A settled casebook holds each form packed in a block of its own (form_data_pack()), so it
** takes what its current forms take, however often they were revised. Between batches the
** least recently used casebooks are dropped while all together hold more than the limit; they
** are loaded again when they are next needed.
*/
#ifndef CRFD_SERVICE_CASEBOOKS_H
#define CRFD_SERVICE_CASEBOOKS_H

#include "protocol/study/casebook.h"

struct casebooks;

struct casebooks *casebooks_new(size_t limit); /* bytes */
void casebooks_free(struct casebooks *casebooks);

/* The casebook of SUBJECT, borrowed until it is changed, settled or dropped; NULL when not
 * loaded. */
const struct casebook *casebooks_get(struct casebooks *casebooks, const char *subject);

/* Keep BOOK as the casebook of its subject. Its forms are borrowed until casebooks_settle()
 * or until it is dropped; those that the last settled casebook of this subject had may be
 * among them, or be borrowed from. */
void casebooks_put(struct casebooks *casebooks, const struct casebook *book);
/* Copy what the casebook of SUBJECT borrows, and free what it no longer has. Nothing when
 * there is none, or nothing is borrowed. */
void casebooks_settle(struct casebooks *casebooks, const char *subject);
void casebooks_drop(struct casebooks *casebooks, const char *subject);
void casebooks_clear(struct casebooks *casebooks);

/* Drop what is too much. Between batches only: a batch relies on the casebooks it
 * loaded. */
void casebooks_trim(struct casebooks *casebooks);

/* Bytes of all settled casebooks; and how many casebooks there are. */
size_t casebooks_held(const struct casebooks *casebooks);
size_t casebooks_count(const struct casebooks *casebooks);

#endif
