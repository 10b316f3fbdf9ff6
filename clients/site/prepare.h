/* SPDX-License-Identifier: Apache-2.0 */
/*
** prepare: from what a person typed to forms that are checked, shown, signed and sent.
**
** The same checks run here as at the service's door (protocol/study/check.h), before anything
** is signed. What refuses is said and nothing is sent; what asks is said and sent.
*/
#ifndef CRFD_CLIENTS_PREPARE_H
#define CRFD_CLIENTS_PREPARE_H

#include "clients/lib/book.h"
#include "clients/lib/form_text.h"
#include "clients/lib/submit.h"
#include "protocol/study/check.h"

struct prepared_form {
    const struct metadata_version *version; /* by which it is checked and signed */
    struct dictionaries dictionaries;       /* of that version */
    const struct form_def *def;             /* in that version */
    struct form_data data;
    const struct book_form *prior; /* NULL: new */
    const char *reason;
    bool unchanged;               /* nothing to send */
    bool asked;                   /* question by question: say which answers are open */
    struct text_section *section; /* NULL: did not come from a text form */
    struct findings findings;
};

struct prepared {
    struct client *client;
    struct book book;
    bool has_book; /* false: offline and never fetched */
    const char *subject;
    struct text_form text; /* lines NULL: did not come from a text form */
    const char *typed;     /* the text itself, for drafts */
    struct prepared_form *forms;
    size_t count, capacity;
    size_t refusals;  /* findings that refuse */
    const char *said; /* of the version that is used: version.h */
};

/* What reads and writes answers in this person's language and this site's zone. */
struct typed_context prepare_typed(struct client *client);

/* The date of a visit, if the casebook knows it, for the clock times typed with it. */
void prepare_date(const struct prepared *prepared, const struct event_def *event,
                  const char *event_repeat, struct typed_context *typed);

/* Read a text form or JSON (a form's `data` member, or {"forms":[...]}). */
MUST_USE status prepare_read(struct client *client, struct span content,
                             struct prepared *ret_prepared, struct err *err);

/* Add a form that was made otherwise (fill, sae) by the version that the client works by now;
 * the casebook must be in PREPARED. */
struct prepared_form *prepare_add(struct prepared *prepared, const struct form_def *def,
                                  const struct form_data *data, const char *reason);

/* Check all forms; findings are collected, placed as remarks, and counted. */
void prepare_check(struct prepared *prepared);

/* Say findings, privacy warnings and who the subject is. */
void prepare_say(const struct prepared *prepared);

/* MESSAGE, behind the name of the form OBJECT where it does not name that itself. */
const char *finding_in_place(struct client *client, const char *object,
                             const char *message);

/* Warn when a free text seems to say who somebody is. Warnings only. */
void prepare_warn(const struct prepared *prepared, const struct prepared_form *form);

/* Does anything keep it from being sent? */
bool prepare_is_stopped(const struct prepared *prepared);

/* The remarks as a member of the JSON result. */
void prepare_json(const struct prepared *prepared);

/* Sign one form and put it into the outbox; *ret_jti is its id there. */
MUST_USE status prepare_sign(struct prepared *prepared, const struct prepared_form *form,
                             const char **ret_jti, struct err *err);

/* Ask whether to sign (unless YES), sign all, send. ERR_REJECTED when something stops it. */
MUST_USE status prepare_send(struct prepared *prepared, bool yes, struct err *err);

#endif
