/* SPDX-License-Identifier: Apache-2.0 */
/*
** diff: two versions of a definition compared, as a person would tell it, and what the change
** would ask of forms that are there already.
**
** Things are the same when their OIDs are. What became stricter and what wider is decided by
** meaning, not by text: a range that takes in fewer values, a code that is gone, an answer that
** became mandatory are tighter; units count, so 4 g/dL and 40 g/L are the same. What is neither
** (another anchor, another phone number) is *changed*.
**
** The order is stable: study-wide things, events, forms, groups, items, code lists, conditions,
** methods, anchors, windows, parameters, units, safety, product, gates; within these the order
** of the new version, what is gone at the end in the order of the old one.
**
** recheck_casebook() judges forms that are there by another version. It changes nothing, and
** what it says holds no clinical value: counts and paths only.
*/
#ifndef CRFD_STUDY_DIFF_H
#define CRFD_STUDY_DIFF_H

#include "protocol/study/check.h"

enum diff_kind {
    DIFF_ADDED,
    DIFF_REMOVED,
    DIFF_TIGHTENED,
    DIFF_LOOSENED,
    DIFF_MOVED,
    DIFF_RENAMED,
    DIFF_RETYPED,
    DIFF_CHANGED,
    DIFF_KIND_COUNT,
};
const char *diff_kind_name(enum diff_kind kind); /* "tightened" */

struct difference {
    enum diff_kind kind;
    const char *part;           /* what of it: "event" "mandatory" "range" "code" ... */
    const char *path;           /* OIDs from the outside in: "F.VS/IG.VS/IT.WEIGHT" */
    const char *before, *after; /* as the definitions say it; "" where there is none */
    const char *sentence; /* in the language asked for; so are "yes" and "ask" above */
};

struct differences {
    struct arena *arena;  /* set by the caller; owns all texts */
    const char *language; /* "en", "nl", "fr", "de"; anything else reads English */
    struct difference *items;
    size_t count, capacity;
};

/* Append what differs between OLD and NEW. */
void version_diff(const struct metadata_version *old, const struct metadata_version *new,
                  struct differences *differences);

/* One JSON object with the members kind, part, path, before, after, sentence. */
void difference_to_json(const struct difference *difference, struct json_out *json);

/* ---- forms that are there, judged by another version ---- */

/* A finding that only one of the two versions gives. */
struct recheck_finding {
    const char *object; /* path of the form */
    const char *rule, *path;
    enum act act;
    bool due;
    bool gone; /* today's version gives it, the other one does not */
};

/* Finds the version that FORM was made under; NULL: not known, then the form is left out. */
typedef const struct metadata_version *recheck_version(void *arg,
                                                       const struct form_data *form);
typedef void recheck_each(void *arg, const struct recheck_finding *finding);

/* Judge each form of BOOK at submit, as of when it came, by its own version and by VERSION;
 * call EACH for every finding that differs, forms in key order. A form that VERSION does not
 * know is told by the rule FORM-01. Memory: SCRATCH, reset for each form. */
struct recheck {
    const struct metadata_version *version;
    recheck_version *version_of;
    recheck_each *each;
    void *arg;
    const struct zone *zone; /* NULL: UTC */
    struct arena *scratch;
};
void recheck_casebook(const struct recheck *recheck, const struct casebook *book);

/* The same counted: forms that would newly be asked about, by rule and item. */
struct recheck_count {
    const char *rule, *form, *item; /* item "" = the form as a whole */
    enum act act;
    bool gone;
    size_t forms; /* how many findings of this kind: one for each form and place */
};

struct recheck_counts {
    struct arena *arena; /* set by the caller */
    struct recheck_count
        *items; /* sorted by form, item, rule once recheck_counts_sort() ran */
    size_t count, capacity;
};
void recheck_counts_add(struct recheck_counts *counts,
                        const struct recheck_finding *finding);
void recheck_counts_sort(struct recheck_counts *counts);

#endif
