/* SPDX-License-Identifier: Apache-2.0 */
/*
** decide: what becomes of a record: rungs 7 to 15 of the ladder (RECORDS.md chapter 6).
**
** Pure: the same state, casebook, definitions, context and record give the same decision,
** byte for byte, in twenty years too. The service's writer, the client before signing and the
** verifier's recheck call the same function. It changes nothing: project.h says what an
** accepted record changes.
**
** The rungs stand in one table in their order; the first that fails decides, except for a
** safety form (FormDef/@crfd:Safety): there what users.md chapter 1 calls soft becomes a flag
** in the outcome, and the next rung is asked. Rungs 1 to 6 are the caller's; `log` (rung 4) is
** looked at once more.
**
** Refusals (http status, code; rule ids of the findings):
**
**   422 shape            SHAPE-*               409 locked    LOCKED
**   403 key              KEY-01 .. KEY-04      409 version   VERSION-01, VERSION-02
**   422 clock            KEY-05, KEY-06        409 stale     CONFLICT (current seq and leaf)
**   403 first-contact    FIRST-01 .. FIRST-05  409 taken     TAKEN
**   409 history-differs  SEEN-01               409 held      the holds, blockers and gates
**   403 right            RIGHT-01, RIGHT-02    422 findings  of protocol/study and REF-*
**
** Confirming (form.sign, lock): `confirmed` items {object, path, rule, reason} name findings
** by the same three words with which the refusal listed them; an open query is named by its
** object, path and rule. Lock blockers: LOCK-01 a partial form, LOCK-02 an unsigned form,
** LOCK-03 an open query, LOCK-04 a row of the safety inbox, and at a subject's lock the
** findings of check_lock(). At sign: SIGN-01 an open query, and the findings of check_sign().
**
** Two persons lock and unlock: the first record asks (outcome effect lock: asked, lifting), the
** same record by somebody else does it (locked, unlocked).
*/
#ifndef CRFD_RECORD_DECIDE_H
#define CRFD_RECORD_DECIDE_H

#include "protocol/record/outcome.h"
#include "protocol/record/record.h"
#include "protocol/record/state.h"
#include "protocol/study/check.h"

/* The person id of the founder, who signs study.open. */
#define FOUNDER_PERSON "p-0001"

#define SKEW_MAX   MINUTE        /* how far a signer's clock may run ahead */
#define LATE_AFTER (15 * MINUTE) /* between signing and receipt: `late` */

enum seen_answer {
    SEEN_KNOWN,   /* {size, root} was a root of this log */
    SEEN_UNKNOWN, /* it was not: history differs */
};

/* Finds loaded files. GET gives the metadata version VERSION of the definition whose SHA-256
 * is SHA256 (hex), DICTIONARY (may be NULL: has none) the dictionary of that digest; NULL when
 * it is not there. */
struct definitions {
    const struct metadata_version *(*get)(void *arg, const char *version,
                                          const char *sha256);
    void *arg;
    const struct dictionary *(*dictionary)(void *arg, const char *sha256);
};

struct decide_context {
    int64_t seq;  /* that the entry of this record will have */
    instant time; /* that its entry will have: "now" */
    enum seen_answer seen;
    const char *language; /* of messages: "en", "nl" */
};

struct decision {
    bool accepted;
    int rung;           /* that refused; 0 when accepted */
    int http_status;    /* 201, or of the refusal */
    const char *code;   /* "locked": the last part of the problem's type; NULL: accepted */
    const char *title;  /* of the problem, in the language asked for */
    bool leaves_entry;  /* a refusal that is logged as a reject entry */
    const char *person; /* the actor; NULL when the key is unknown */
    int64_t prior_seq;  /* for the entry's `prior` line; -1: none */
    struct outcome outcome;
    struct findings findings; /* what goes back to the sender, with sentences and values */
    int64_t current_seq;      /* 409 stale: of the current revision; -1: there is none */
    const char *current_leaf; /* base64, or NULL */
    const char *current_by; /* the printed name of who made it; NULL: not known, retracted,
                               * or the sender must not read that form */
    instant current_at;     /* of its entry; with current_by only */
};

/* BOOK: the casebook of record->subject (fold.h), NULL when it has none. SHAPE: what
 * record_parse() and record_set_header() found. Memory: ARENA. Cannot fail: whatever is wrong
 * is a refusal. */
void decide(const struct state *state, const struct casebook *book,
            const struct definitions *definitions, const struct decide_context *context,
            const struct record *record, const struct findings *shape, struct arena *arena,
            struct decision *ret_decision);

/* The one-line body of a reject entry: {v, type, object, jti, record_sha256, status,
 * findings: [{rule, path}]}. No value stands in it: unknown names are left out. */
void decision_write_reject(const struct decision *decision, const struct record *record,
                           struct bytes *out);

/* A refusal told again from its reject entry: the code it had, by its status and the rule of
 * its first finding (NULL: none); that code's title; and the sentence of a rule of this
 * module, NULL when the rule belongs to protocol/study. */
const char *refusal_code(int http_status, const char *rule);
const char *refusal_title(const char *code, const char *language);
const char *refusal_sentence(const char *rule, const char *language);

#endif
