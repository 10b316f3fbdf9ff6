/* SPDX-License-Identifier: Apache-2.0 */
/*
** drafts: what a person typed that is not in the log: half-filled forms, and what was refused,
** with the findings. Sealed files drafts/<n>.json; people call them by their number.
**
**     {"crf":"draft 1","label":"IN infusion, V4, 007-K","why":"refused","jti":"..." or null,
**      "saved_at":"...","record":"<signed line>" or null,"text":"..." or null,
**      "problem":{...} or null}
*/
#ifndef CRFD_CLIENTS_DRAFTS_H
#define CRFD_CLIENTS_DRAFTS_H

#include "clients/lib/client.h"

struct draft {
    uint64_t number;
    const char *label;
    const char *why; /* "started" (fill), "text" (form --edit), "refused", "stale" */
    const char *jti; /* of the refused record, or NULL */
    instant saved_at;
    const char *record;  /* its signed line, or NULL */
    const char *text;    /* the text form, or NULL */
    const char *problem; /* the refusal as JSON, or NULL */
};

struct draft_list {
    struct draft *items;
    size_t count, capacity;
};

/* Save DRAFT durably; number 0 gives it the next one. A draft of the same jti that is there
 * already is kept as it is and its number returned: saving twice is saving once. */
MUST_USE status draft_save(struct client *client, const struct draft *draft,
                           uint64_t *ret_number, struct err *err);
MUST_USE status draft_load(struct client *client, uint64_t number, struct draft *ret_draft,
                           struct err *err);
MUST_USE status draft_list(struct client *client, struct draft_list *ret_list,
                           struct err *err);
MUST_USE status draft_remove(struct client *client, uint64_t number, struct err *err);

#endif
