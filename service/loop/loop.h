/* SPDX-License-Identifier: Apache-2.0 */
/*
** loop: one thread that waits for everything, and workers that compute.
**
**     loop_new(&(struct loop_options){.workers = 2, .queue = 1024}, &loop, err);
**     ... timers, watches, signals, jobs ...
**     loop_run(loop);      until loop_stop(), called from any callback
**     loop_free(loop);     last: after everything that uses it
**
** All state of the service belongs to the thread that runs the loop; every callback runs
** there and none needs a lock. The exception is a job's `work`: it runs on a worker, so it
** touches nothing but its own argument (and what never changes). Every function here is for
** the loop thread only.
**
** Times are `instant`s of the monotonic clock, in microseconds, as loop_now() tells them;
** deadlines are absolute. A callback may free the object that called it and anything else
** but the loop. loop_new() makes the process ignore SIGPIPE and sends libevent's rare
** warnings to the log.
*/
#ifndef CRFD_SERVICE_LOOP_H
#define CRFD_SERVICE_LOOP_H

#include "base/clock.h"

struct event_base;
struct loop;

struct loop_options {
    size_t workers; /* threads; 0: loop_work() is refused */
    size_t queue;   /* jobs accepted and not yet done, at most */
};

/* The caller owns *ret_loop. ERR_UNAVAILABLE when the system gives no descriptor or thread.
 */
MUST_USE status loop_new(const struct loop_options *options, struct loop **ret_loop,
                         struct err *err);

/* Finish the jobs (their `done` is called), end the workers, free. Timers, watches and
 * signals must have been freed. Accepts NULL. */
void loop_free(struct loop *loop);

/* Serve until loop_stop(). Returns when every accepted job is done; from the stop on
 * loop_work() answers ERR_BUSY. May be called again. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* One turn: wait at most until DEADLINE for something to do, and do it. For tests. */
void loop_turn(struct loop *loop, instant deadline);

instant loop_now(const struct loop *loop);

/* libevent's base, borrowed: for service/http only. */
struct event_base *loop_base(struct loop *loop);

typedef void (*loop_function)(void *arg);

/* Timers fire once, never before their deadline; a deadline in the past fires in the next
 * turn, never inside loop_timer_set(). Setting a set timer moves it. */
struct loop_timer;
struct loop_timer *loop_timer_new(struct loop *loop, loop_function fire, void *arg);
void loop_timer_set(struct loop_timer *timer, instant deadline);
void loop_timer_clear(struct loop_timer *timer);
bool loop_timer_is_set(const struct loop_timer *timer);
void loop_timer_free(struct loop_timer *timer); /* accepts NULL */

/* Watches call READY with what has become possible, again and again, until the wish is
 * changed. loop_watch_set() forgets the old descriptor first, so it is right also when the
 * number is the same and the file is another. The descriptor stays the caller's: set 0 or
 * free before closing. */
enum loop_wish { LOOP_READ = 1, LOOP_WRITE = 2 };
struct loop_watch;
typedef void (*loop_ready)(void *arg, int wishes);
struct loop_watch *loop_watch_new(struct loop *loop, loop_ready ready, void *arg);
void loop_watch_set(struct loop_watch *watch, int fd, int wishes); /* 0: watch nothing */
void loop_watch_free(struct loop_watch *watch);                    /* accepts NULL */

/* Signals arrive as callbacks, not in a handler's context. */
struct loop_signal;
MUST_USE status loop_signal_new(struct loop *loop, int number, loop_function arrived,
                                void *arg, struct loop_signal **ret_signal,
                                struct err *err);
void loop_signal_free(struct loop_signal *signal); /* accepts NULL */

/* Have WORK(arg) computed by a worker and then DONE(arg) called in the loop. Jobs begin in
 * the order given. Once accepted, DONE comes exactly once, and never inside this call; ARG
 * must live until then. ERR_BUSY when the queue is full or the loop stops; then neither is
 * called. */
MUST_USE status loop_work(struct loop *loop, loop_function work, loop_function done,
                          void *arg, struct err *err);
size_t loop_work_pending(const struct loop *loop); /* accepted and not yet done */

#endif
