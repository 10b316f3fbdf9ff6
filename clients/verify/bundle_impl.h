/* SPDX-License-Identifier: Apache-2.0 */
/*
** What bundle_make.c and bundle_check.c share; for nobody else.
*/
#ifndef CRFD_CLIENTS_BUNDLE_IMPL_H
#define CRFD_CLIENTS_BUNDLE_IMPL_H

#include "clients/verify/bundle_file.h"

struct bundle_definitions {
    struct bundle_definition *items;
    size_t count, capacity;
};

/* Writes the members of a bundle into TAR (borrowed). */
struct bundle_writer bundle_into(struct tar_writer *tar);

/* Does RECORD export what FACTS says (size, root, sums) of the log ORIGIN? */
MUST_USE status bundle_check_words(const struct record *record, const char *origin,
                                   const struct bundle_facts *facts, struct err *err);
MUST_USE status bundle_source_of(const struct bundle_parts *parts,
                                 struct bundle_source *ret_source, struct err *err);

#endif
