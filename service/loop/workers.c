/* SPDX-License-Identifier: Apache-2.0 */
/*
** A job is on exactly one of two lists: `todo` (the workers take from it) and `finished`
** (the loop takes from it), or in the hands of one worker between the two. Only the lists
** and `ending` are shared; one mutex guards them, held for a few instructions and never
** during a job. `pending` counts what was accepted and not yet collected; only the loop
** thread touches it, so the bound holds without asking the workers.
**
** Signals stay with the loop thread: workers block all of them.
*/
#include "service/loop/workers.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct job {
    struct job *next;
    loop_function work, done;
    void *arg;
};

struct job_list {
    struct job *first, *last;
};

struct workers {
    pthread_mutex_t mutex;
    pthread_cond_t wake;  /* for workers: todo is not empty, or ending */
    pthread_cond_t ready; /* for workers_finish: finished is not empty */
    struct job_list todo, finished;
    bool ending;
    int descriptor;
    size_t pending, queue;
    size_t thread_count;
    pthread_t threads[];
};

static void list_add(struct job_list *list, struct job *job)
{
    job->next = NULL;
    if (list->first == NULL) {
        list->first = job;
    } else {
        list->last->next = job;
    }
    list->last = job;
}

static struct job *list_take(struct job_list *list)
{
    struct job *job = list->first;
    if (job != NULL) {
        list->first = job->next;
    }
    return job;
}

static void lock(struct workers *workers)
{
    BUG_IF(pthread_mutex_lock(&workers->mutex) != 0);
}

static void unlock(struct workers *workers)
{
    BUG_IF(pthread_mutex_unlock(&workers->mutex) != 0);
}

/* Wait for a job; NULL when it is time to end. */
static struct job *next_job(struct workers *workers)
{
    lock(workers);
    while (workers->todo.first == NULL && !workers->ending) {
        BUG_IF(pthread_cond_wait(&workers->wake, &workers->mutex) != 0);
    }
    struct job *job = list_take(&workers->todo);
    unlock(workers);
    return job;
}

static void hand_back(struct workers *workers, struct job *job)
{
    const uint64_t one = 1;
    lock(workers);
    bool first = workers->finished.first == NULL;
    list_add(&workers->finished, job);
    BUG_IF(pthread_cond_signal(&workers->ready) != 0);
    unlock(workers);
    if (first) {
        /* one write per collection is enough; the counter cannot fill up */
        BUG_IF(write(workers->descriptor, &one, sizeof(one)) != sizeof(one));
    }
}

static void *serve(void *arg)
{
    struct workers *workers = arg;
    for (struct job *job; (job = next_job(workers)) != NULL;) {
        job->work(job->arg);
        hand_back(workers, job);
    }
    return NULL;
}

static status start_threads(struct workers *workers, size_t threads, struct err *err)
{
    sigset_t all;
    sigset_t before;
    (void) sigfillset(&all);
    BUG_IF(pthread_sigmask(SIG_SETMASK, &all, &before) != 0);
    int failed = 0;
    while (failed == 0 && workers->thread_count < threads) {
        failed =
            pthread_create(&workers->threads[workers->thread_count], NULL, serve, workers);
        workers->thread_count += failed == 0;
    }
    BUG_IF(pthread_sigmask(SIG_SETMASK, &before, NULL) != 0);
    return failed == 0 ? OK
                       : FAIL(err, ERR_UNAVAILABLE, "cannot start worker %zu: %s",
                              workers->thread_count + 1, strerrordesc_np(failed));
}

status workers_new(size_t threads, size_t queue, struct workers **ret_workers,
                   struct err *err)
{
    struct workers *workers =
        mem_alloc(sizeof(*workers) + threads * sizeof(workers->threads[0]));
    BUG_IF(pthread_mutex_init(&workers->mutex, NULL) != 0);
    BUG_IF(pthread_cond_init(&workers->wake, NULL) != 0);
    BUG_IF(pthread_cond_init(&workers->ready, NULL) != 0);
    workers->queue = threads > 0 ? queue : 0;
    workers->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    status made = workers->descriptor >= 0 ? start_threads(workers, threads, err)
                                           : FAIL(err, ERR_UNAVAILABLE, "no eventfd: %s",
                                                  strerrordesc_np(errno));
    if (made != OK) {
        workers_free(workers);
        return made;
    }
    *ret_workers = workers;
    return OK;
}

void workers_free(struct workers *workers)
{
    if (workers == NULL) {
        return;
    }
    BUG_IF(workers->pending > 0);
    lock(workers);
    workers->ending = true;
    BUG_IF(pthread_cond_broadcast(&workers->wake) != 0);
    unlock(workers);
    for (size_t i = 0; i < workers->thread_count; i++) {
        BUG_IF(pthread_join(workers->threads[i], NULL) != 0);
    }
    if (workers->descriptor >= 0) {
        (void) close(workers->descriptor);
    }
    (void) pthread_cond_destroy(&workers->ready);
    (void) pthread_cond_destroy(&workers->wake);
    (void) pthread_mutex_destroy(&workers->mutex);
    free(workers);
}

int workers_descriptor(const struct workers *workers)
{
    return workers->descriptor;
}

size_t workers_pending(const struct workers *workers)
{
    return workers->pending;
}

status workers_submit(struct workers *workers, loop_function work, loop_function done,
                      void *arg, struct err *err)
{
    if (workers->pending >= workers->queue) {
        return FAIL(err, ERR_BUSY, "%zu jobs are waiting for a worker", workers->pending);
    }
    struct job *job = mem_alloc(sizeof(*job));
    *job = (struct job){.work = work, .done = done, .arg = arg};
    workers->pending++;
    lock(workers);
    list_add(&workers->todo, job);
    BUG_IF(pthread_cond_signal(&workers->wake) != 0);
    unlock(workers);
    return OK;
}

static struct job *take_finished(struct workers *workers)
{
    lock(workers);
    struct job *all = workers->finished.first;
    workers->finished = (struct job_list){0};
    unlock(workers);
    return all;
}

void workers_collect(struct workers *workers)
{
    uint64_t count = 0;
    if (read(workers->descriptor, &count, sizeof(count)) < 0) {
        BUG_IF(errno != EAGAIN && errno != EINTR); /* the list decides, not the counter */
    }
    for (struct job *job = take_finished(workers); job != NULL;) {
        struct job *next = job->next;
        loop_function done = job->done;
        void *arg = job->arg;
        free(job);
        workers->pending--;
        done(arg);
        job = next;
    }
}

void workers_finish(struct workers *workers)
{
    while (workers->pending > 0) {
        lock(workers);
        while (workers->finished.first == NULL) {
            BUG_IF(pthread_cond_wait(&workers->ready, &workers->mutex) != 0);
        }
        unlock(workers);
        workers_collect(workers);
    }
}
