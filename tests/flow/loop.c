/* SPDX-License-Identifier: Apache-2.0 */
/*
** The loop keeps what its header promises: order, deadlines, bounds, and objects that are
** freed by their own callbacks.
*/
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "service/loop/loop.h"
#include "tests/support/rows.h"

#define MILLISECOND (SECOND / 1000)

struct scene {
    struct loop *loop;
    struct err err;
    instant fired_at;
    int fired;
    struct loop_timer *timer;
    struct loop_watch *watch;
    struct loop_signal *signal;
    int ends[2];
    size_t done;
    size_t order[64];
    atomic_int worked;
    atomic_bool stopped;
};

static struct scene *scene_new(size_t workers, size_t queue)
{
    struct scene *s = mem_alloc(sizeof(*s));
    struct loop_options options = {.workers = workers, .queue = queue};
    assert_status(loop_new(&options, &s->loop, &s->err), OK, &s->err);
    return s;
}

static void scene_free(struct scene *s)
{
    loop_timer_free(s->timer);
    loop_watch_free(s->watch);
    loop_signal_free(s->signal);
    loop_free(s->loop);
    free(s);
}

static void note(void *arg)
{
    struct scene *s = arg;
    s->fired++;
    s->fired_at = loop_now(s->loop);
}

static void note_and_stop(void *arg)
{
    struct scene *s = arg;
    note(s);
    loop_stop(s->loop);
}

/* Stop a loop that would never end; the assertions then say what was missing. */
static struct loop_timer *guard(struct scene *s)
{
    struct loop_timer *timer = loop_timer_new(s->loop, note_and_stop, s);
    loop_timer_set(timer, loop_now(s->loop) + 5 * SECOND);
    return timer;
}

static void timer_is_never_early(void **state)
{
    (void) state;
    struct scene *s = scene_new(0, 0);
    s->timer = loop_timer_new(s->loop, note_and_stop, s);
    for (int i = 0; i < 20; i++) {
        instant deadline = loop_now(s->loop) + i * 700;
        loop_timer_set(s->timer, deadline);
        loop_run(s->loop);
        assert_true(s->fired_at >= deadline);
        assert_false(loop_timer_is_set(s->timer));
    }
    assert_int_equal(s->fired, 20);
    scene_free(s);
}

static void past_deadline_fires_next_turn(void **state)
{
    (void) state;
    struct scene *s = scene_new(0, 0);
    s->timer = loop_timer_new(s->loop, note, s);
    loop_timer_set(s->timer, loop_now(s->loop) - SECOND);
    assert_int_equal(s->fired, 0);
    loop_turn(s->loop, loop_now(s->loop) + SECOND);
    assert_int_equal(s->fired, 1);
    scene_free(s);
}

static void cleared_timer_is_silent(void **state)
{
    (void) state;
    struct scene *s = scene_new(0, 0);
    s->timer = loop_timer_new(s->loop, note, s);
    loop_timer_set(s->timer, loop_now(s->loop) + 2 * MILLISECOND);
    loop_timer_set(s->timer, loop_now(s->loop) + 4 * MILLISECOND); /* moved, not doubled */
    loop_timer_clear(s->timer);
    loop_turn(s->loop, loop_now(s->loop) + 20 * MILLISECOND);
    assert_int_equal(s->fired, 0);
    scene_free(s);
}

static void free_own_timer(void *arg)
{
    struct scene *s = arg;
    loop_timer_free(s->timer);
    s->timer = NULL;
    loop_stop(s->loop);
}

static void timer_may_free_itself(void **state)
{
    (void) state;
    struct scene *s = scene_new(0, 0);
    s->timer = loop_timer_new(s->loop, free_own_timer, s);
    loop_timer_set(s->timer, 0);
    loop_run(s->loop);
    assert_null(s->timer);
    scene_free(s);
}

static void read_end(void *arg, int wishes)
{
    struct scene *s = arg;
    char c = 0;
    assert_int_equal(wishes, LOOP_READ);
    assert_int_equal(read(s->ends[0], &c, 1), 1);
    s->fired++;
    if (c == 'q') {
        loop_watch_free(s->watch);
        s->watch = NULL;
        loop_stop(s->loop);
    }
}

static void watch_reads_until_it_frees_itself(void **state)
{
    (void) state;
    struct scene *s = scene_new(0, 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, s->ends), 0);
    s->watch = loop_watch_new(s->loop, read_end, s);
    loop_watch_set(s->watch, s->ends[0], LOOP_READ);
    struct loop_timer *limit = guard(s);
    assert_int_equal(write(s->ends[1], "abqz", 4), 4);
    loop_run(s->loop);
    assert_int_equal(s->fired, 3);
    assert_null(s->watch);
    loop_timer_free(limit);
    (void) close(s->ends[0]);
    (void) close(s->ends[1]);
    scene_free(s);
}

static void unwatched_descriptor_is_silent(void **state)
{
    (void) state;
    struct scene *s = scene_new(0, 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, s->ends), 0);
    s->watch = loop_watch_new(s->loop, read_end, s);
    loop_watch_set(s->watch, s->ends[0], LOOP_READ | LOOP_WRITE);
    loop_watch_set(s->watch, s->ends[0], 0);
    assert_int_equal(write(s->ends[1], "a", 1), 1);
    loop_turn(s->loop, loop_now(s->loop) + 10 * MILLISECOND);
    assert_int_equal(s->fired, 0);
    (void) close(s->ends[0]);
    (void) close(s->ends[1]);
    scene_free(s);
}

static void signal_arrives_in_the_loop(void **state)
{
    (void) state;
    struct scene *s = scene_new(2, 4); /* workers must not take it */
    assert_status(loop_signal_new(s->loop, SIGUSR1, note_and_stop, s, &s->signal, &s->err),
                  OK, &s->err);
    struct loop_timer *limit = guard(s);
    assert_int_equal(kill(getpid(), SIGUSR1), 0);
    assert_int_equal(s->fired, 0);
    loop_run(s->loop);
    assert_int_equal(s->fired, 1);
    assert_true(loop_timer_is_set(limit));
    loop_timer_free(limit);
    scene_free(s);
}

struct task {
    struct scene *scene;
    size_t number;
    bool was_worked;
};

static void work(void *arg)
{
    struct task *task = arg;
    task->was_worked = true;
    (void) usleep(200);
    atomic_fetch_add(&task->scene->worked, 1);
}

static void done(void *arg)
{
    struct task *task = arg;
    struct scene *s = task->scene;
    assert_true(task->was_worked);
    s->order[s->done++] = task->number;
    if (s->done == 40) {
        loop_stop(s->loop);
    }
}

static void jobs_come_back(void **state)
{
    (void) state;
    struct scene *s = scene_new(1, 64);
    struct task tasks[40] = {{0}};
    struct loop_timer *limit = guard(s);
    for (size_t i = 0; i < ARRAY_LEN(tasks); i++) {
        tasks[i] = (struct task){s, i, false};
        assert_status(loop_work(s->loop, work, done, &tasks[i], &s->err), OK, &s->err);
    }
    assert_int_equal(s->done, 0);
    loop_run(s->loop);
    assert_int_equal(s->done, 40);
    for (size_t i = 0; i < ARRAY_LEN(tasks); i++) {
        assert_int_equal(s->order[i], i); /* one worker: in order */
    }
    assert_int_equal(loop_work_pending(s->loop), 0);
    loop_timer_free(limit);
    scene_free(s);
}

static void full_queue_is_busy(void **state)
{
    (void) state;
    struct scene *s = scene_new(1, 3);
    struct task tasks[4] = {{0}};
    for (size_t i = 0; i < ARRAY_LEN(tasks); i++) {
        tasks[i] = (struct task){s, i, false};
        assert_status(loop_work(s->loop, work, done, &tasks[i], &s->err),
                      i < 3 ? OK : ERR_BUSY, &s->err);
    }
    loop_free(s->loop); /* finishes the three that were accepted */
    s->loop = NULL;
    assert_int_equal(s->done, 3);
    assert_int_equal(atomic_load(&s->worked), 3);
    assert_false(tasks[3].was_worked);
    scene_free(s);
}

static void work_after_stop(void *arg)
{
    struct task *task = arg;
    while (!atomic_load(&task->scene->stopped)) {
        (void) usleep(100);
    }
}

static void stop_and_say_so(void *arg)
{
    struct scene *s = arg;
    loop_stop(s->loop);
    atomic_store(&s->stopped, true);
}

static void submit_another(void *arg)
{
    struct task *task = arg;
    struct scene *s = task->scene;
    s->done++;
    assert_status(loop_work(s->loop, work, done, task, &s->err), ERR_BUSY, &s->err);
}

static void stop_drains_and_refuses(void **state)
{
    (void) state;
    struct scene *s = scene_new(2, 8);
    struct task tasks[8] = {{0}};
    for (size_t i = 0; i < ARRAY_LEN(tasks); i++) {
        tasks[i] = (struct task){s, i, false};
        assert_status(
            loop_work(s->loop, work_after_stop, submit_another, &tasks[i], &s->err), OK,
            &s->err);
    }
    s->timer = loop_timer_new(s->loop, stop_and_say_so, s);
    loop_timer_set(s->timer, 0);
    loop_run(s->loop);
    assert_int_equal(s->done, 8);
    assert_int_equal(loop_work_pending(s->loop), 0);
    scene_free(s);
}

static void no_workers_no_jobs(void **state)
{
    (void) state;
    struct scene *s = scene_new(0, 8);
    struct task task = {s, 0, false};
    assert_status(loop_work(s->loop, work, done, &task, &s->err), ERR_BUSY, &s->err);
    scene_free(s);
}

int main(void)
{
    add_test("a timer fires once and never before its deadline", timer_is_never_early);
    add_test("a deadline in the past fires in the next turn, not at once",
             past_deadline_fires_next_turn);
    add_test("a timer that was moved and cleared does not fire", cleared_timer_is_silent);
    add_test("a timer may free itself", timer_may_free_itself);
    add_test("a watch reads byte for byte and may free itself",
             watch_reads_until_it_frees_itself);
    add_test("a descriptor no longer watched is silent", unwatched_descriptor_is_silent);
    add_test("a signal arrives as a callback of the loop", signal_arrives_in_the_loop);
    add_test("forty jobs are worked and come back in order", jobs_come_back);
    add_test("a full queue is busy; what was accepted is finished", full_queue_is_busy);
    add_test("stop finishes the accepted jobs and takes no more", stop_drains_and_refuses);
    add_test("without workers no job is accepted", no_workers_no_jobs);
    return run_added("loop");
}
