/* SPDX-License-Identifier: Apache-2.0 */
/*
** workers: the threads behind loop_work(). Private to service/loop.
**
** workers_submit, _collect, _finish and _free are for the loop thread. The descriptor
** becomes readable when there is something to collect.
*/
#ifndef CRFD_SERVICE_LOOP_WORKERS_H
#define CRFD_SERVICE_LOOP_WORKERS_H

#include "service/loop/loop.h"

struct workers;

MUST_USE status workers_new(size_t threads, size_t queue, struct workers **ret_workers,
                            struct err *err);
void workers_free(struct workers *workers); /* nothing may be pending; accepts NULL */
int workers_descriptor(const struct workers *workers);
MUST_USE status workers_submit(struct workers *workers, loop_function work,
                               loop_function done, void *arg, struct err *err);
size_t workers_pending(const struct workers *workers);
void workers_collect(struct workers *workers); /* call `done` of what is finished */
void workers_finish(struct workers *workers);  /* wait for all and collect it */

#endif
