/* SPDX-License-Identifier: Apache-2.0 */
/*
** What the files of diff share; for nobody else.
**
**   diff.c         the walk: study, events, forms, groups, what they refer to
**   diff_item.c    items, their ranges, code lists
**   diff_crfd.c    windows, parameters, contacts and what else is ours
**   diff_sections.c the safety and the product section, gates, units
*/
#ifndef CRFD_STUDY_DIFF_IMPL_H
#define CRFD_STUDY_DIFF_IMPL_H

#include "protocol/study/diff.h"

struct differ {
    const struct metadata_version *old, *new;
    struct differences *out;
};

/* Say that PART of the thing at PATH, called TITLE, differs. BEFORE and AFTER may be NULL. */
void diff_say(struct differ *d, enum diff_kind kind, const char *part, const char *path,
              const char *title, const char *before, const char *after);

/* CHANGED when the texts differ (NULL counts as ""). */
void diff_text(struct differ *d, enum diff_kind kind, const char *part, const char *path,
               const char *title, const char *before, const char *after);

/* A yes or no; MORE says what a change to yes is. */
void diff_flag(struct differ *d, enum diff_kind more, const char *part, const char *path,
               const char *title, bool before, bool after);

/* The row ID of messages_diff.c; a yes or no; a number as text. */
const char *diff_word(const struct differ *d, const char *id);
const char *diff_yes_no(const struct differ *d, bool yes);
const char *diff_number(const struct differ *d, long long number);
const char *diff_join(const struct differ *d, const char *path, const char *oid);

/* What stands in a list, in its order: the same thing has the same OID. */
struct listed {
    const char *oid, *title;
};

/* Added, removed and moved members of a list at PATH. */
void diff_list(struct differ *d, const char *part, const char *path,
               const struct listed *before, size_t before_count, const struct listed *after,
               size_t after_count);

/* Tightened and loosened by a set of words such as roles: MORE says what one more does. */
/* two lists and where they stand: NOLINTNEXTLINE(readability-function-size) */
void diff_words(struct differ *d, enum diff_kind more, const char *part, const char *path,
                const char *title, const char *const *before, size_t before_count,
                const char *const *after, size_t after_count);

void diff_items(struct differ *d);
void diff_code_lists(struct differ *d);
void diff_study(struct differ *d);
void diff_windows(struct differ *d);
void diff_parameters(struct differ *d);
void diff_expressions(struct differ *d);
void diff_sections(struct differ *d);

#endif
