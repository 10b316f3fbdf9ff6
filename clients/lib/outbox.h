/* SPDX-License-Identifier: Apache-2.0 */
/*
** outbox: what was signed goes out exactly once, whatever happens in between.
**
** A signed record lies in outbox/<jti>.jws, fsynced, before its first byte is sent. It is sent
** until the service gives an answer that is one: accepted, with a receipt that holds, or
** refused. The same bytes are sent every time, and the service knows the id; so repeating is
** harmless, and a crash at any point repeats.
**
**     signed -> outbox/<jti>.jws -> POST --200/201--> receipt verified -> receipts/<seq>.jws,
**                                     |               receipts/<seq>.proof -> outbox emptied
**                                     +--refused----> drafts/<n>.json with the findings
**                                     +--503, away--> stays; sent again the next time
**
** A clearance that is asked for now (dose.clear, not one by phone) is taken back when no answer
** came: answered hours later, it would be a GO that nobody at the bedside is waiting for.
**
** Safety forms go first; everything else in the order in which it was signed. A record that
** the service answers with 500 stays, and does not stop those behind it.
**
** "Submitted" is said only after receipt_verify() held: own record inside, the log's
** signature, the inclusion. A receipt that does not hold is ERR_TAMPERED, its text is kept in
** evidence/, and the record stays in the outbox.
*/
#ifndef CRFD_CLIENTS_OUTBOX_H
#define CRFD_CLIENTS_OUTBOX_H

#include "clients/lib/client.h"
#include "clients/lib/drafts.h"
#include "crypto/receipt.h"

struct outbox_item {
    const char *jti;
    const char *label; /* for people: "IN infusion, V4, 007-K" */
    const char *type;  /* "form.submit" */
    bool safety;
    instant signed_at;
    instant first_try; /* 0: not tried yet */
    const char *line;  /* the record */
    const char *text;  /* what the person typed, or NULL; goes into the draft */
};

struct outbox_items {
    struct outbox_item *items;
    size_t count, capacity;
};

enum sent { SENT_ACCEPTED, SENT_KEPT, SENT_REFUSED };

/* What became of one record. Lives in the client's arena. */
struct outbox_answer {
    enum sent sent;
    status kind;    /* OK, or of the failure */
    struct err why; /* SENT_KEPT, SENT_REFUSED */
    bool again;     /* it was accepted before (200) */
    uint64_t seq;   /* SENT_ACCEPTED */
    instant time;   /* of its entry */
    const struct json *outcome;
    const char *number; /* "SAE-0003", or NULL */
    struct served_findings findings;
    struct problem problem; /* SENT_REFUSED */
    uint64_t draft;         /* SENT_REFUSED: its number */
    bool phone;             /* a safety form that cannot be sent for 10 minutes */
};

/* Put a signed record in. From here on it survives. */
MUST_USE status outbox_put(struct client *client, const struct outbox_item *item,
                           struct err *err);

/* Take back what is worth nothing later: a question asked for this moment, unanswered. */
MUST_USE status outbox_withdraw(struct client *client, const char *jti, struct err *err);

/* What waits, in the order of sending. */
MUST_USE status outbox_list(struct client *client, struct outbox_items *ret_items,
                            struct err *err);

/* Send all that waits, telling EACH (may be NULL) about every record. OK when the outbox is
 * empty afterwards or holds only what was signed meanwhile; ERR_UNAVAILABLE when something
 * stays; ERR_TAMPERED at once. Refusals are not failures: EACH hears of them. */
typedef void outbox_each(void *arg, const struct outbox_item *item,
                         const struct outbox_answer *answer);
MUST_USE status outbox_send(struct client *client, outbox_each *each, void *arg,
                            struct err *err);

/* Verify one kept receipt again: record, receipt, log key. */
MUST_USE status receipt_check_kept(struct client *client, uint64_t seq,
                                   struct receipt_facts *ret_facts, struct err *err);

/* Sequence numbers of the receipts kept here, rising. */
struct receipt_numbers {
    uint64_t *items;
    size_t count, capacity;
};
MUST_USE status receipt_list(struct client *client, struct receipt_numbers *ret_numbers,
                             struct err *err);

#define OUTBOX_PHONE_AFTER (10 * MINUTE)

#endif
