/* SPDX-License-Identifier: Apache-2.0 */
/*
** start_impl: what ledger_start.c and ledger_replay.c share. Not for other files.
*/
#ifndef CRFD_SERVICE_START_IMPL_H
#define CRFD_SERVICE_START_IMPL_H

#include "service/flow/ledger.h"

struct start {
    struct ledger *ledger;
    struct arena *arena;
    struct pg *pg;
    struct frontier head;  /* of the snapshot */
    struct store_head row; /* the head's row; its frontier is `head` */
    struct state *tables;  /* what the tables of the snapshot say */
    const char **wanted;   /* digests of definitions to load */
    size_t wanted_count, wanted_capacity;
    struct definer *definer; /* which loads them */
    /* the replay */
    uint64_t asked;           /* entries up to here were asked for */
    bool asking;              /* and their answer is to come */
    uint64_t at;              /* next entry */
    struct digest last;       /* leaf of the one before */
    instant time;             /* of the one before */
    struct frontier replayed; /* of all so far */
    struct digest *leaves;    /* since the mark */
    size_t leaf_count, leaf_capacity;
    bool faulty;      /* the study will be halted, for this reason: */
    struct err fault; /* the first that was found */
};

void start_ask(struct start *start, struct pg_batch *batch, pg_done done);
/* An answer that did not come ends the start, to be tried again: false. */
bool start_came(struct start *start, const struct pg_answer *answer);
/* The log or a table is not what it was: remember why, if it is the first time. */
void start_fault(struct start *start, const struct err *err);
void start_finish(struct start *start, status result, const struct err *err);
void start_definitions(struct start *start); /* those that the state names */
void start_sign(struct start *start);        /* the last step */

/* ledger_replay.c: the state from the log; ledger_tables.c: the tables against it. */
void start_replay(struct start *start);
void start_compare_tables(struct start *start);

#endif
