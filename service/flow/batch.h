/* SPDX-License-Identifier: Apache-2.0 */
/*
** batch: the records that a writer has in work. Private to writer*.c.
*/
#ifndef CRFD_SERVICE_BATCH_H
#define CRFD_SERVICE_BATCH_H

#include "crypto/entry.h"
#include "service/flow/ledger.h"
#include "service/flow/writer.h"

struct item {
    struct submission *submission; /* NULL once it is answered elsewhere */
    bool answered;
    enum seen_answer seen;
    struct decision decision;
    int early_status; /* answered without an entry: 429; 0: by the decision */
    bool in_log;      /* has an entry in this batch */
    uint64_t seq;
    instant time;
    uint8_t salt[SALT_SIZE];
    struct bytes entry, body;
    struct span outcome; /* in body */
    struct digest leaf;
    const char *object;
    int key_no;
};

struct batch {
    struct ledger *ledger;
    struct arena *arena; /* of the batch's own small things */
    struct item *items;
    size_t count;
    struct pg *pg; /* taken connection */
    bool follow;   /* without records: reads what others wrote */
    bool held;     /* the head's row is locked: append ends with COMMIT */
    bool decided;  /* the state has this batch on top of `base` */
    uint64_t mark; /* of the state, before the batch */
    struct state_head base;
    struct tree_edge *edge; /* the tree with the batch; NULL: no entries */
    struct digest *leaves;
    size_t entry_count;
    const char **wanted; /* digests of the definitions that READ asks for, each once */
    size_t wanted_count, wanted_capacity;
    struct definer *definer; /* which reads them */
    instant commit_began;
};

/* writer_decide.c: decide, project, build the entries and the tree's edge. */
void batch_decide(struct batch *batch);
/* Undo it: state, casebooks, entries. */
void batch_undo(struct batch *batch);
void batch_add_append(struct batch *batch, struct pg_batch *statements);
/* What the database has for the entries of this batch is what is in memory. */
MUST_USE status batch_compare(const struct batch *batch, const struct pg_rows *rows,
                              struct err *err);

/* writer_answer.c: answers. */
void batch_answer(struct batch *batch); /* all, with their proofs */
void batch_fail(struct batch *batch, const struct err *why, const char *step);
void batch_pending(struct batch *batch); /* committed, and the signer is away */
/* Those whose time has passed AT: nobody knows the outcome yet. */
void batch_overdue(struct batch *batch, instant at, const struct err *why);
void submission_fail(struct submission *submission, const struct err *why,
                     const char *step);
/* A record that is in the log at SEQ already: the old answer under the newest
 * checkpoint. */
void submission_replay(struct ledger *ledger, struct submission *submission, uint64_t seq);
void submission_spent(struct submission *submission); /* same id, other bytes: 409 */

/* writer_read.c: does SUBMISSION go into this batch? Not with one of the same key and id, nor
 * as one more of too many whose casebooks have to be read; COLD counts those, 0 at first. */
bool batch_takes(const struct batch *batch, const struct submission *submission,
                 size_t *cold);

/* writer_read.c: what a batch needs to know before it decides. `definer` is empty before, and
 * has afterwards what must be read first. */
void batch_add_read(struct batch *batch, struct pg_batch *statements);
MUST_USE status batch_take_read(struct batch *batch, const struct pg_rows *const *rows,
                                struct err *err);

#endif
