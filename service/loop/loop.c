/* SPDX-License-Identifier: Apache-2.0 */
/*
** A thin door: libevent does the waiting, this file adds what crfd relies upon.
**
** - Time is not cached: a deadline set late in a long turn is measured from now, not from
**   the turn's beginning. libevent rounds to milliseconds, so a timer that is woken early
**   is set again.
** - Objects are freed by their callbacks, so a callback is called last and nothing is
**   touched after.
** - The base has no locks (evthread is not used): only the eventfd crosses threads.
*/
#include "service/loop/loop.h"

#include <event2/event.h>
#include <signal.h>

#include "base/log.h"
#include "service/loop/workers.h"

struct loop {
    struct event_base *base;
    struct workers *workers;
    struct event *collect; /* the workers' descriptor */
    bool stopping;
};

struct loop_timer {
    struct event *event;
    instant deadline;
    bool set;
    loop_function fire;
    void *arg;
};

struct loop_watch {
    struct event_base *base;
    struct event *event; /* NULL: nothing is watched */
    loop_ready ready;
    void *arg;
};

struct loop_signal {
    struct event *event;
    loop_function arrived;
    void *arg;
};

static void forward_message(int severity, const char *message)
{
    if (severity >= EVENT_LOG_WARN) {
        log_event(LOG_WARNING, "libevent", LOG_TEXT("what", message), LOG_END);
    }
}

static void die_of_libevent(int code)
{
    (void) code;
    die(WHERE, "libevent found itself broken");
}

static void prepare_process(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    BUG_IF(sigaction(SIGPIPE, &ignore, NULL) != 0);
    event_set_log_callback(forward_message);
    event_set_fatal_callback(die_of_libevent);
}

static void collect_ready(evutil_socket_t fd, short what, void *arg)
{
    struct loop *loop = arg;
    (void) fd;
    (void) what;
    workers_collect(loop->workers);
}

static struct event *event_make(struct event_base *base, evutil_socket_t fd, short what,
                                event_callback_fn callback, void *arg)
{
    struct event *event = event_new(base, fd, what, callback, arg);
    if (event == NULL) {
        die(WHERE, "out of memory");
    }
    return event;
}

static status make_base(struct loop *loop, struct err *err)
{
    struct event_config *config = event_config_new();
    BUG_IF(config == NULL);
    (void) event_config_set_flag(config, EVENT_BASE_FLAG_NO_CACHE_TIME);
    loop->base = event_base_new_with_config(config);
    event_config_free(config);
    return loop->base != NULL ? OK
                              : FAIL(err, ERR_UNAVAILABLE,
                                     "the system gives no event base (descriptors?)");
}

static status make_parts(struct loop *loop, const struct loop_options *options,
                         struct err *err)
{
    TRY(make_base(loop, err));
    TRY(workers_new(options->workers, options->queue, &loop->workers, err));
    loop->collect = event_make(loop->base, workers_descriptor(loop->workers),
                               EV_READ | EV_PERSIST, collect_ready, loop);
    BUG_IF(event_add(loop->collect, NULL) != 0);
    return OK;
}

status loop_new(const struct loop_options *options, struct loop **ret_loop, struct err *err)
{
    prepare_process();
    struct loop *loop = mem_alloc(sizeof(*loop));
    status made = make_parts(loop, options, err);
    if (made != OK) {
        loop_free(loop);
        return made;
    }
    *ret_loop = loop;
    return OK;
}

void loop_free(struct loop *loop)
{
    if (loop == NULL) {
        return;
    }
    loop->stopping = true;
    if (loop->workers != NULL) {
        workers_finish(loop->workers);
    }
    if (loop->collect != NULL) {
        event_free(loop->collect);
    }
    workers_free(loop->workers);
    if (loop->base != NULL) {
        event_base_free(loop->base);
    }
    free(loop);
}

void loop_run(struct loop *loop)
{
    loop->stopping = false;
    BUG_IF(event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY) < 0);
    loop->stopping = true;
    workers_finish(loop->workers);
}

void loop_stop(struct loop *loop)
{
    loop->stopping = true;
    BUG_IF(event_base_loopbreak(loop->base) != 0);
}

static void nothing(evutil_socket_t fd, short what, void *arg)
{
    (void) fd;
    (void) what;
    (void) arg;
}

/* The time until DEADLINE, rounded up, never negative. */
static struct timeval time_until(instant deadline)
{
    instant rest = deadline - clock_monotonic(&clock_system);
    if (rest < 0) {
        rest = 0;
    }
    return (struct timeval){.tv_sec = (time_t) (rest / SECOND),
                            .tv_usec = (suseconds_t) (rest % SECOND)};
}

void loop_turn(struct loop *loop, instant deadline)
{
    struct timeval rest = time_until(deadline);
    struct event *limit = event_make(loop->base, -1, 0, nothing, NULL);
    BUG_IF(event_add(limit, &rest) != 0);
    BUG_IF(event_base_loop(loop->base, EVLOOP_ONCE) < 0);
    event_free(limit);
}

instant loop_now(const struct loop *loop)
{
    (void) loop;
    return clock_monotonic(&clock_system);
}

struct event_base *loop_base(struct loop *loop)
{
    return loop->base;
}

static void timer_ready(evutil_socket_t fd, short what, void *arg)
{
    struct loop_timer *timer = arg;
    (void) fd;
    (void) what;
    if (clock_monotonic(&clock_system) < timer->deadline) {
        loop_timer_set(timer, timer->deadline);
        return;
    }
    timer->set = false;
    timer->fire(timer->arg); /* may free the timer */
}

struct loop_timer *loop_timer_new(struct loop *loop, loop_function fire, void *arg)
{
    struct loop_timer *timer = mem_alloc(sizeof(*timer));
    *timer = (struct loop_timer){.fire = fire, .arg = arg};
    timer->event = event_make(loop->base, -1, 0, timer_ready, timer);
    return timer;
}

void loop_timer_set(struct loop_timer *timer, instant deadline)
{
    struct timeval rest = time_until(deadline);
    timer->deadline = deadline;
    timer->set = true;
    BUG_IF(event_add(timer->event, &rest) != 0);
}

void loop_timer_clear(struct loop_timer *timer)
{
    timer->set = false;
    BUG_IF(event_del(timer->event) != 0);
}

bool loop_timer_is_set(const struct loop_timer *timer)
{
    return timer->set;
}

void loop_timer_free(struct loop_timer *timer)
{
    if (timer != NULL) {
        event_free(timer->event);
        free(timer);
    }
}

static void watch_ready(evutil_socket_t fd, short what, void *arg)
{
    struct loop_watch *watch = arg;
    (void) fd;
    int wishes =
        ((what & EV_READ) != 0 ? LOOP_READ : 0) | ((what & EV_WRITE) != 0 ? LOOP_WRITE : 0);
    watch->ready(watch->arg, wishes); /* may free the watch */
}

struct loop_watch *loop_watch_new(struct loop *loop, loop_ready ready, void *arg)
{
    struct loop_watch *watch = mem_alloc(sizeof(*watch));
    *watch = (struct loop_watch){.base = loop->base, .ready = ready, .arg = arg};
    return watch;
}

void loop_watch_set(struct loop_watch *watch, int fd, int wishes)
{
    if (watch->event != NULL) {
        event_free(watch->event);
        watch->event = NULL;
    }
    if (wishes == 0) {
        return;
    }
    short what = (short) (EV_PERSIST | ((wishes & LOOP_READ) != 0 ? EV_READ : 0) |
                          ((wishes & LOOP_WRITE) != 0 ? EV_WRITE : 0));
    watch->event = event_make(watch->base, fd, what, watch_ready, watch);
    BUG_IF(event_add(watch->event, NULL) != 0);
}

void loop_watch_free(struct loop_watch *watch)
{
    if (watch != NULL) {
        loop_watch_set(watch, -1, 0);
        free(watch);
    }
}

static void signal_ready(evutil_socket_t number, short what, void *arg)
{
    struct loop_signal *signal = arg;
    (void) number;
    (void) what;
    signal->arrived(signal->arg); /* may free the signal */
}

status loop_signal_new(struct loop *loop, int number, loop_function arrived, void *arg,
                       struct loop_signal **ret_signal, struct err *err)
{
    struct loop_signal *signal = mem_alloc(sizeof(*signal));
    *signal = (struct loop_signal){.arrived = arrived, .arg = arg};
    signal->event =
        event_make(loop->base, number, EV_SIGNAL | EV_PERSIST, signal_ready, signal);
    if (event_add(signal->event, NULL) != 0) {
        loop_signal_free(signal);
        return FAIL(err, ERR_UNAVAILABLE, "cannot catch signal %d", number);
    }
    *ret_signal = signal;
    return OK;
}

void loop_signal_free(struct loop_signal *signal)
{
    if (signal != NULL) {
        event_free(signal->event);
        free(signal);
    }
}

status loop_work(struct loop *loop, loop_function work, loop_function done, void *arg,
                 struct err *err)
{
    if (loop->stopping) {
        return FAIL(err, ERR_BUSY, "the service is stopping");
    }
    return workers_submit(loop->workers, work, done, arg, err);
}

size_t loop_work_pending(const struct loop *loop)
{
    return workers_pending(loop->workers);
}
