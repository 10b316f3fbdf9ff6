/* SPDX-License-Identifier: Apache-2.0 */
/*
** definition: a study definition from a file, with what the reader had to say about it.
*/
#ifndef CRFD_CLIENTS_ADMIN_DEFINITION_H
#define CRFD_CLIENTS_ADMIN_DEFINITION_H

#include "clients/lib/command.h"
#include "crypto/digest.h"
#include "protocol/study/odm.h"

struct definition_file {
    struct bytes xml, included;
    const struct metadata_version *version;
    char sha256[DIGEST_HEX_SIZE];
};

/* The language in which definitions are judged and compared for RUN: the person's; of --json
 * English, since programs read it. */
const char *definition_language(const struct invocation *run);

/* Where PROBLEM is, to stand before what it is: "line 10: Study[ST.1]/...: ". */
const char *definition_place(const struct invocation *run,
                             const struct odm_problem *problem);

/* How RUN asks for a definition to be read: strictly, unless --accept-deviations; --study-oid;
 * --include, whose bytes go into INCLUDED and are borrowed by *ret_options. */
MUST_USE status definition_options(const struct invocation *run, struct bytes *included,
                                   struct odm_options *ret_options, struct err *err);

/* Read PATH and choose the version WANTED of it (NULL: its last), with --study-oid and
 * --include. Deviations refuse, unless --accept-deviations: signing the file accepts them for
 * the study. Every problem is noted on stderr. PUBLISHED: the file is going into the log, where
 * it must be read by its bytes alone: what only the options make whole is refused. Memory:
 * RUN's arena. */
MUST_USE status definition_file_read(struct invocation *run, const char *path,
                                     const char *wanted, bool published,
                                     struct definition_file *ret_file, struct err *err);
void definition_file_done(struct definition_file *file);

#endif
