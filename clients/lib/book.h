/* SPDX-License-Identifier: Apache-2.0 */
/*
** book: one subject's casebook, from the service or from the last time it was fetched.
**
** Kept sealed in casebook/<digest of the subject's number>.json with its ETag; offline the kept
** one is used and `fresh` is false. A subject the service does not know has `known` false.
*/
#ifndef CRFD_CLIENTS_BOOK_H
#define CRFD_CLIENTS_BOOK_H

#include "clients/lib/client.h"
#include "protocol/study/casebook.h"

struct book_query {
    const char *query, *object, *path, *rule, *state;
};

/* What stands beside a form in the service's answer. */
struct book_form {
    const struct form_data *data;
    const char *object,
        *state;       /* partial complete signed retracted; concurrent unconfirmed */
    const char *leaf; /* base64 */
    const char *actor, *time; /* "" when not said */
    const char *name;         /* of who signed it; else the actor */
    bool current;             /* part of the casebook: neither retracted nor in the inbox */
};

struct book {
    bool known, fresh;
    const char *subject, *site, *state;
    struct casebook casebook;
    const struct book_form *forms;
    size_t form_count;
    const struct book_query *queries;
    size_t query_count;
};

/* Memory: the client's arena. ERR_UNAVAILABLE: offline, and never fetched before. */
MUST_USE status book_get(struct client *client, const char *subject, struct book *ret_book,
                         struct err *err);

/* The row of a form in the casebook; NULL when there is none. */
const struct book_form *book_find(const struct book *book, const struct form_key *key);

/* Call EACH for all subjects of SITE (NULL: all that may be read), by key. */
typedef status book_each(void *arg, const char *subject, const char *site, struct err *err);
MUST_USE status book_subjects(struct client *client, const char *site, book_each *each,
                              void *arg, struct err *err);

/* "IN infusion, V4, 007-K": what people call a form, in their language. */
const char *book_label(struct client *client, const struct form_key *key);

/* The same for a place in the log: "IN infusion, V4, 007-K, Volume given". OBJECT that is no
 * form as it is; PATH may be "" or NULL. */
const char *book_place(struct client *client, const char *object, const char *path);

#endif
