/* SPDX-License-Identifier: Apache-2.0 */
/*
** submit: from what a person wants to record to a signed record in the outbox, and out.
**
**     struct submission submission = {.record = {.type = RECORD_SITE_OPEN}, .label = "site NL01"};
**     submission.record.data.site_open = (struct site_open_data){...};
**     TRY(submit(client, &submission, &answer, err));
**     submit_say(client, &submission.label, &answer);
**
** The caller fills type, data, prior, reason. This module adds what every record has: the log,
** `seen` (the newest checkpoint this computer verified; fetched first when online), the
** definition where the type wants one, and the printed name, role, meaning, statement and
** local time; then it signs, and from outbox_put() on nothing is lost. Being offline is no
** failure: then answer.sent is SENT_KEPT.
*/
#ifndef CRFD_CLIENTS_SUBMIT_H
#define CRFD_CLIENTS_SUBMIT_H

#include "clients/lib/outbox.h"
#include "protocol/record/record.h"

struct submission {
    struct record
        record;        /* type, data, prior, reason; definition and seen, else the newest */
    const char *label; /* for people: "IN infusion, V4, 007-K" */
    const char *role;  /* NULL: that of the passport */
    const char *meaning;   /* "author", "investigator", ...; NULL: author */
    const char *statement; /* NULL: the definition's sentence for the meaning, or ours */
    bool safety;
    const char *text; /* what was typed, for a draft if it is refused; may be NULL */
};

/* Sign and put into the outbox. *ret_jti lives in the client's arena. */
MUST_USE status submit_sign(struct client *client, const struct submission *submission,
                            const char **ret_jti, struct err *err);

/* Send the outbox; *ret_answer is what became of the record JTI. What else went out is said
 * by the way. ERR_TAMPERED and refusals of JTI itself are returned as failures; being offline
 * is not. */
MUST_USE status submit_send(struct client *client, const char *jti,
                            struct outbox_answer *ret_answer, struct err *err);

/* Both. */
MUST_USE status submit(struct client *client, const struct submission *submission,
                       struct outbox_answer *ret_answer, struct err *err);

/* Say to the person what became of LABEL, with findings; and as members of the JSON result.
 * Refusals say where the draft is. */
void submit_say(struct client *client, const char *label,
                const struct outbox_answer *answer);

/* The status a command returns for ANSWER after submit_say(): OK, or why not, with an empty
 * sentence because everything has been said. */
MUST_USE status answer_status(const struct outbox_answer *answer, struct err *err);

/* Findings as sentences, one a line, asked ones before due ones. */
void findings_say(struct client *client, const struct served_findings *findings);

/* Why it is signed, in words: the definition's text for MEANING, or ours. */
const char *statement_of(struct client *client, const char *meaning);

#endif
