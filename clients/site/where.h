/* SPDX-License-Identifier: Apache-2.0 */
/*
** where: which form do these words mean? "007-K V4 IN", "007-K SAE-0003", "007-K AE".
*/
#ifndef CRFD_CLIENTS_WHERE_H
#define CRFD_CLIENTS_WHERE_H

#include "clients/lib/book.h"

struct where {
    const char *subject;           /* NULL: not said */
    const struct event_def *event; /* NULL: not said */
    const char *event_repeat;
    const struct form_def *form; /* NULL: the whole visit */
    const char *number;          /* "SAE-0003", or NULL */
};

/* Sort COUNT words into WHERE, in any order; "UNS:2" is the second unscheduled visit. A word
 * that is no visit, form or human number is the subject. The definition must be loaded; words
 * that it does not know are looked for in the older versions, and the one that knows them is
 * then worked by. */
MUST_USE status where_read(struct client *client, const char *const *words, int count,
                           struct where *ret_where, struct err *err);

/* The form instance that WHERE means in BOOK, or what it would be. ERR_NOT_FOUND for a number
 * that is not there, ERR_BAD_INPUT when it is not one form. */
MUST_USE status where_key(const struct where *where, const struct book *book,
                          struct form_key *ret_key, struct err *err);

/* A human number alone ("SAE-0003") names its subject, too: looked for among the site's, which
 * needs the service. Nothing happens when the subject is known, or no number was said. */
MUST_USE status where_find_subject(struct client *client, struct where *where,
                                   struct err *err);

/* The path of the safety case that people call NUMBER, also when its report was nullified and
 * is in no casebook; NULL when there is none, or the service is away. */
const char *where_case(struct client *client, const char *number);

#endif
