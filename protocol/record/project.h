/* SPDX-License-Identifier: Apache-2.0 */
/*
** project: what an accepted record changes in the tables: a plain mapping.
**
** Looks at nothing but the entry's own facts, the record and its outcome; no state, no rule.
** So the tables are a function of the log that anyone can compute again. System types
** (reject, anchor, state.attest) change nothing.
*/
#ifndef CRFD_RECORD_PROJECT_H
#define CRFD_RECORD_PROJECT_H

#include "protocol/record/outcome.h"
#include "protocol/record/record.h"
#include "protocol/record/state.h"

struct entry_facts {
    int64_t seq;
    instant time;
    const char *actor; /* person id */
    struct digest leaf;
};

struct row_changes {
    struct row_change *items;
    size_t count, capacity;
};

/* Append the changes to CHANGES, in order. Memory: ARENA, and borrowed from RECORD and
 * OUTCOME. */
void project(const struct entry_facts *entry, const struct record *record,
             const struct outcome *outcome, struct arena *arena,
             struct row_changes *changes);

#endif
