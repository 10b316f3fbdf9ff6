/* SPDX-License-Identifier: Apache-2.0 */
/*
** What project.c, project_product.c and project_safety.c share; for nobody else.
*/
#ifndef CRFD_RECORD_PROJECT_IMPL_H
#define CRFD_RECORD_PROJECT_IMPL_H

#include "protocol/record/project.h"

struct projecting {
    const struct entry_facts *entry;
    const struct record *record;
    const struct outcome *outcome;
    struct arena *arena;
    struct row_changes *changes;
};

struct row_change *project_add(struct projecting *p, enum table_id table);
void project_set(struct row_change *change, int column, const char *value);
/* An instant of the record as the tables write it; OTHERWISE when TEXT is NULL. */
const char *project_time(struct projecting *p, const char *text, instant otherwise);
void project_queries(struct projecting *p);

/* project_product.c. project_product(): what the outcome says of batches and exposures. */
void project_product(struct projecting *p);
void project_retracted(struct projecting *p);
void project_qualified(struct projecting *p);
void project_batch_receive(struct projecting *p);
void project_recall(struct projecting *p);
void project_clearance(struct projecting *p);
void project_subject_status(struct projecting *p);

/* project_safety.c: what the outcome says of cases, clocks, holds and milestones. */
void project_safety(struct projecting *p);

#endif
