/* SPDX-License-Identifier: Apache-2.0 */
/*
** writer_impl: what writer.c and writer_recover.c share. Not for other files.
**
** Each function is a step: it starts something and returns; the answer's callback goes on. When
** a step returns, the batch may be gone.
*/
#ifndef CRFD_SERVICE_WRITER_IMPL_H
#define CRFD_SERVICE_WRITER_IMPL_H

#include "service/flow/batch.h"

#define CONNECT_PATIENCE (3 * SECOND)
#define STEP_PATIENCE    (30 * SECOND)
#define LOOK_PAUSE       (200 * 1000)
#define SIGN_PAUSE       SECOND
#define FOLD_CHUNK       ((uint64_t) 256) /* entries with bodies, of up to 1 MiB */

/* Who waits for what another process wrote; more are answered by what is known. */
#define WAITERS_MAX 256
struct waiter {
    uint64_t size;
    void (*done)(void *arg);
    void *arg;
    struct waiter *next;
};

struct writer {
    struct ledger *ledger;
    struct submission *first, **last; /* the queue */
    size_t waiting;
    struct batch *batch; /* in work, or NULL */
    bool catch_up;       /* another process may have written */
    struct waiter *waiters;
    struct digest *unsigned_leaves; /* committed, compared, not yet signed */
    size_t unsigned_count;
    struct loop_timer *deadline; /* of the oldest who waits */
    struct loop_timer *pause;    /* before LOOK or SIGN is tried again */
    void (*after_pause)(struct writer *writer);
    void (*when_connected)(struct writer *writer);
};

/* the steps, in order */
void writer_begin(struct writer *writer); /* COLLECT, if there is something to do */
void writer_take(struct writer *writer, void (*next)(struct writer *writer));
void writer_read(struct writer *writer);
void writer_append(struct writer *writer);
void writer_committed(struct writer *writer); /* the batch is in the log: memory follows */
void writer_reread(struct writer *writer);
void writer_sign(struct writer *writer);
void writer_end(struct writer *writer); /* of the batch, whatever became of it */

/* when one fails */
void writer_fail(struct writer *writer, const struct err *why, const char *step);
void writer_halt(struct writer *writer, const struct err *why, const char *step);
void writer_one_by_one(struct writer *writer); /* again, each record alone */
void writer_connect_to_look(struct writer *writer);
void writer_look(struct writer *writer);     /* is my first entry there? */
void writer_hold(struct writer *writer);     /* undo, lock the head, follow, decide again */
void writer_ask_hold(struct writer *writer); /* lock the head and read what is new */

/* small parts */
instant writer_now(const struct writer *writer);
void writer_pause(struct writer *writer, instant time, void (*next)(struct writer *writer));
void writer_give_back(struct writer *writer);
void writer_ask(struct writer *writer, struct pg_batch *statements, pg_done done,
                const char *step);
void writer_remember_unsigned(struct writer *writer, const struct digest *leaves,
                              size_t count);

#endif
