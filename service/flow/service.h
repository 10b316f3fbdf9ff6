/* SPDX-License-Identifier: Apache-2.0 */
/*
** service: what all of crfd's parts on the loop thread share: borrowed pointers and
** counters.
**
** Made once by service/app and passed down; there are no globals. Everything in it belongs
** to the loop thread.
*/
#ifndef CRFD_SERVICE_SERVICE_H
#define CRFD_SERVICE_SERVICE_H

#include "base/clock.h"
#include "base/settings.h"

struct http_rate;
struct sending;
struct loop;
struct pg_pool;
struct ledger;

/* What is counted; /metrics prints it. */
struct service_metrics {
    uint64_t records_accepted, records_replayed, records_refused, records_unanswered;
    uint64_t batches, batch_records; /* their quotient is the mean batch */
    uint64_t histories_differ;       /* records whose `seen` is no root of this log */
    uint64_t heads_moved; /* batches decided again because another process wrote */
    uint64_t commit_microseconds, verify_microseconds;
    uint64_t scrubbed; /* entries compared with the tree since start */
    uint64_t reads;
};

struct service {
    struct loop *loop;
    const struct clock *clock;
    struct pg_pool *writers, *readers, *streams;
    struct ledger **ledgers;
    size_t ledger_count;
    const struct setting_list *public_urls; /* what a record's `url` may begin with */
    const char *state_folder;
    size_t queue_limit;    /* records that wait for one study's writer */
    size_t batch_limit;    /* records in one batch, at most 256 */
    size_t casebook_limit; /* bytes of cached casebooks for each study */
    size_t blob_limit;     /* bytes of one blob */
    instant answer_limit;  /* a record is answered by then: 503 unknown, ask again */
    instant scrub_pause;   /* between two tiles that are compared with the database */
    struct http_rate *first_contacts; /* records of unknown keys, by address; or NULL */
    struct sending *sendings;         /* open streams of bodies (service/api/bodies.c) */
    struct service_metrics metrics;
    bool draining;
};

struct ledger *service_ledger(const struct service *service,
                              struct span slug); /* or NULL */

#endif
