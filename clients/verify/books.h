/* SPDX-License-Identifier: Apache-2.0 */
/*
** books: the casebooks of a log, while it is verified.
**
**     struct books books = {.arena = arena};
**     TRY(books_take(&books, step, body, state, err));      for each entry: a verify_each
**     books.items[i].casebook                                as they are after the last
**
** Memory: the arena holds every record of every form; for commands that look at all data once.
*/
#ifndef CRFD_CLIENTS_BOOKS_H
#define CRFD_CLIENTS_BOOKS_H

#include "clients/verify/body_line.h"
#include "protocol/record/fold.h"
#include "protocol/record/replay.h"

struct subject_book {
    const char *subject;
    struct casebook casebook;
};

struct books {
    struct arena *arena;        /* set by the caller */
    struct subject_book *items; /* sorted by subject */
    size_t count, capacity;
};

/* What STEP, whose body is BODY, changed; STATE is that behind it. */
MUST_USE status books_take(struct books *books, const struct replay_step *step,
                           const struct body_line *body, const struct state *state,
                           struct err *err);

#endif
