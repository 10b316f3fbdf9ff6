/* SPDX-License-Identifier: Apache-2.0 */
/*
** writer: the one who writes a study's log, in this process.
**
** Records wait in a queue; what is there when the writer is free is the next batch (no
** timer). A batch goes through the steps at the top of writer.c; nobody is answered before
** its records are committed, read again, hashed again and covered by a signed checkpoint.
** RECORDS.md chapters 6 to 8 are the contract: the ladder from rung 5 on, the statements,
** and what happens when.
*/
#ifndef CRFD_SERVICE_WRITER_H
#define CRFD_SERVICE_WRITER_H

#include "crypto/jws.h"
#include "protocol/record/record.h"

struct ledger;
struct writer;

/* What becomes of a record: the bytes of the HTTP answer. Borrowed during the callback. */
struct writer_answer {
    int status;
    bool problem;    /* application/problem+json, else application/json */
    int retry_after; /* seconds; 0: no such header */
    struct span body;
    const char *last; /* the step that answered, for the log line */
};

/* A record whose signature was verified. All pointers live in `arena`, which the writer
 * takes over with writer_submit(), also when it refuses. */
struct submission {
    struct arena *arena;
    struct jws jws;
    struct record record;
    struct findings shape;
    const char *language, *request_id;
    void (*answered)(void *arg,
                     const struct writer_answer *answer); /* exactly once, later */
    void *arg;
    instant deadline; /* set by writer_submit() */
    bool alone;       /* private: its batch has room for nobody else */
    bool counted;     /* private: its refusal stands in the quota already */
    struct submission *next;
};

struct writer *writer_new(struct ledger *ledger);
/* Who waits is answered 503. After the pools are freed: no answer may come any more. Accepts
 * NULL. */
void writer_free(struct writer *writer);

/* SUBMISSION is copied into its arena. */
void writer_submit(struct writer *writer, const struct submission *submission);

/* Another process may have written: read what is new when nothing is in work. */
void writer_catch_up(struct writer *writer);

/* The same, and call DONE when the log in memory has SIZE entries, or could not be read so far:
 * once, perhaps inside this call. */
void writer_await(struct writer *writer, uint64_t size, void (*done)(void *arg), void *arg);

/* Answer all who wait with WHY, from now on (a halted log). */
void writer_refuse(struct writer *writer, const struct err *why);

bool writer_is_idle(const struct writer *writer);
size_t writer_waiting(const struct writer *writer);

#endif
