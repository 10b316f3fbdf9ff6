/* SPDX-License-Identifier: Apache-2.0 */
/*
** fill: question by question; for `fill` itself and for news about a serious event.
*/
#ifndef CRFD_CLIENTS_FILL_H
#define CRFD_CLIENTS_FILL_H

#include "clients/lib/form_edit.h"
#include "clients/site/prepare.h"
#include "clients/site/where.h"

/* Ask all forms that WHERE means, check, sign, send. YES: sign without asking. */
MUST_USE status fill_where(struct client *client, const struct where *where, bool yes,
                           struct err *err);

/* Ask one question until it is answered or left; the answer goes into EDIT. *ret_stop: the
 * person typed "." to go on later. */
MUST_USE status fill_question(struct client *client, const struct typed_context *typed,
                              struct form_edit *edit, const struct group_ref *group,
                              const char *repeat, const struct item_ref *item,
                              bool *ret_stop, struct err *err);

/* Is CONDITION certainly true of what is answered so far, so that WHERE is not collected? BOOK
 * may be NULL. */
bool fill_skips(struct client *client, const struct casebook *book,
                const struct form_edit *edit, const struct condition_def *condition,
                const struct item_key *where);

/* The computed value of WHERE, or NULL while it is not known. */
const char *fill_derived(struct client *client, const struct casebook *book,
                         const struct form_edit *edit, const struct item_key *where);

#endif
