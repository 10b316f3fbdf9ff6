/* SPDX-License-Identifier: Apache-2.0 */
/*
** made_bundle: a bundle of the small trial of memory_log.h, exported by its sponsor.
*/
#ifndef CRFD_TESTS_MADE_BUNDLE_H
#define CRFD_TESTS_MADE_BUNDLE_H

#include "clients/verify/bundle_note.h"
#include "clients/verify/extract.h"
#include "tests/unit/verify/memory_log.h"

struct made {
    struct memory_log *log;
    struct arena *arena;
    size_t size; /* of the log inside */
    char *folder;
    const char *path;
    struct bytes note, sums_note;
    struct spool *spool;
    struct replay *replay;
    struct digest sums;
    bool deidentified; /* what made_write() writes */
};

#define MADE_SECRET "0123456789abcdef0123456789abcdef"

/* A bundle at PATH; NULL: at made.path, in a folder of its own. */
struct made made_new(const char *path);
void made_done(struct made *made);

/* Write the bundle again to PATH; with an export signed now, or without. */
void made_write(struct made *made, const char *path, bool with_export);

#endif
