/* SPDX-License-Identifier: Apache-2.0 */
/*
** import: parts of crf-site import. import.c walks the file and cuts it into subjects,
** import_form.c makes and sends the records of one subject, import_report.c says and writes
** what became of each key.
*/
#ifndef CRFD_CLIENTS_IMPORT_H
#define CRFD_CLIENTS_IMPORT_H

#include "clients/lib/odm_merge.h"
#include "clients/site/prepare.h"

enum result { ACCEPTED, ASKED, REFUSED, UNCHANGED, WAITING };
#define RESULTS 5
extern const char *const RESULT_NAMES[RESULTS];

struct batch {
    struct arena *arena;
    struct odm_kept **items;
    size_t count, capacity;
};

/* What --check found of one form, over all that the file says of it. */
struct checked {
    const char *path, *subject, *label;
    int line; /* the first */
    size_t results[RESULTS];
    const char **findings; /* sentences, each once */
    size_t finding_count, finding_capacity;
};

struct import {
    struct client *client;
    const char *reason;
    bool check;
    /* the first walk: a digest for each run of one subject; then those that come twice */
    struct digest *runs;
    size_t run_count, run_capacity, twice_count;
    const char *last;
    size_t forms;
    /* the second */
    struct batch now, late;
    struct prepared base; /* the subject at hand */
    size_t results[RESULTS];
    struct checked *checked; /* with --check: a row a form, in the order of the file */
    size_t checked_count, checked_capacity;
    struct checked *at; /* the one reported last */
    status kind;
    struct err err;
};

/* import_form.c: act on one subject's forms; `import->client->arena` is the batch's. */
MUST_USE status import_batch(struct import *import, const struct batch *batch,
                             struct err *err);

/* import_report.c: what is sent is one line a record, its findings below it; with --check it is
 * one line a form, for an archive says of a form as often as it changed. */
const char *result_word(const struct invocation *run, enum result result);
void report_refused(struct import *import, const struct form_key *key, int line,
                    const char *rule, const char *message);
void report_plain(struct import *import, const struct form_key *key, int line,
                  enum result result);
/* What our own checks found; with --check that is all there is. */
void report_checked(struct import *import, const struct prepared_form *form, int line);
void report_answer(struct import *import, const struct form_key *key, int line,
                   const struct outbox_answer *answer);
/* A line of the file that is no form. */
void report_problem(struct import *import, int line, const char *message);
void report_sum(struct import *import);

#endif
