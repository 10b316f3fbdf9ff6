/* SPDX-License-Identifier: Apache-2.0 */
/*
** bench: many clients do the same thing for some seconds; how often, how fast.
*/
#ifndef CRFD_TESTS_BENCH_H
#define CRFD_TESTS_BENCH_H

#include <sys/types.h>

#include "base/bytes.h"

struct bench_result {
    size_t done;     /* things that succeeded */
    size_t failed;   /* and that did not */
    double seconds;  /* from the first start to the last end */
    double p50, p99; /* milliseconds */
};

/* One client: `open` makes its own thing (a connection), `once` does the work number INDEX and
 * says whether it succeeded. Called from that client's thread. */
struct bench_work {
    void *(*open)(void *arg);
    bool (*once)(void *arg, void *own, size_t index);
    void (*close)(void *own);
    void *arg;
};

/* CLIENTS threads do WORK with the indexes 0 to LIMIT-1, each once, for at most SECONDS. */
struct bench_result bench_run(const struct bench_work *work, size_t clients, size_t limit,
                              double seconds);

double bench_now(void);                  /* seconds, monotonic */
double bench_cpu_seconds(pid_t process); /* user and system time that it has used */

#endif
