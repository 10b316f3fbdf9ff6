/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/bench.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct run {
    const struct bench_work *work;
    size_t limit;
    double end;
    atomic_size_t next, done, failed;
    float *milliseconds; /* of each that succeeded, by index; 0: it did not */
};

double bench_now(void)
{
    struct timespec now;
    (void) clock_gettime(CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

double bench_cpu_seconds(pid_t process)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    unsigned long user = 0;
    unsigned long system = 0;
    bytes_printf(&path, "/proc/%d/stat", (int) process);
    FILE *file = fopen(bytes_text(&path), "re");
    if (file == NULL) {
        return 0;
    }
    int got =
        fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
               &user, &system);
    (void) fclose(file);
    return got == 2 ? (double) (user + system) / (double) sysconf(_SC_CLK_TCK) : 0;
}

static void *client(void *arg)
{
    struct run *run = arg;
    void *own = run->work->open(run->work->arg);
    for (;;) {
        size_t index = atomic_fetch_add(&run->next, 1);
        double began = bench_now();
        if (index >= run->limit || began >= run->end) {
            break;
        }
        if (run->work->once(run->work->arg, own, index)) {
            run->milliseconds[index] = (float) ((bench_now() - began) * 1000);
            atomic_fetch_add(&run->done, 1);
        } else {
            atomic_fetch_add(&run->failed, 1);
        }
    }
    run->work->close(own);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    float x = *(const float *) a;
    float y = *(const float *) b;
    return (x > y) - (x < y);
}

struct bench_result bench_run(const struct bench_work *work, size_t clients, size_t limit,
                              double seconds)
{
    struct run run = {.work = work, .limit = limit};
    pthread_t *threads = mem_alloc(clients * sizeof(*threads));
    run.milliseconds = mem_alloc(limit * sizeof(float));
    double began = bench_now();
    run.end = began + seconds;
    for (size_t i = 0; i < clients; i++) {
        if (pthread_create(&threads[i], NULL, client, &run) != 0) {
            abort();
        }
    }
    for (size_t i = 0; i < clients; i++) {
        (void) pthread_join(threads[i], NULL);
    }
    struct bench_result result = {
        .done = run.done, .failed = run.failed, .seconds = bench_now() - began};
    qsort(run.milliseconds, limit, sizeof(float), compare); /* those not done stand first */
    if (result.done > 0) {
        const float *sorted = run.milliseconds + (limit - result.done);
        result.p50 = (double) sorted[result.done / 2];
        result.p99 = (double) sorted[result.done * 99 / 100];
    }
    free(run.milliseconds);
    free(threads);
    return result;
}
