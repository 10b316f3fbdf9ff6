/* SPDX-License-Identifier: Apache-2.0 */
/*
** What state.c (storing) and state_ask.c (reading) share; for nobody else.
*/
#ifndef CRFD_RECORD_STATE_IMPL_H
#define CRFD_RECORD_STATE_IMPL_H

#include "protocol/record/state.h"

struct stored {
    struct row row;
    uint64_t hash, index_hash;
    struct stored *next_key, *next_index;
};

struct store {
    struct stored **by_key, **by_index;
    size_t bucket_count; /* a power of two, or 0 */
    size_t count;
};

struct counter {
    char prefix[16];
    uint64_t last;
};

enum step_kind { STEP_ROW, STEP_HEAD, STEP_COUNTER };

struct step {
    enum step_kind kind;
    enum table_id table;
    struct stored *old, *fresh; /* STEP_ROW: what was, what is; NULL: none */
    struct state_head head;     /* STEP_HEAD: what was */
    size_t counter;             /* STEP_COUNTER: which, and what it was */
    uint64_t last;
};

struct state {
    char *origin, *founder;
    struct state_head head;
    int64_t last_erased;
    struct store stores[TABLE_COUNT];
    struct counter *counters;
    size_t counter_count;
    struct step *journal;
    size_t journal_count, journal_capacity;
    uint64_t journal_start;
};

struct stored *store_find(const struct store *store, const struct table *table,
                          const char *const *key);
struct stored *store_bucket(const struct store *store, const char *value,
                            uint64_t *ret_hash);
struct counter *counter_find(const struct state *state, struct span prefix);

#endif
