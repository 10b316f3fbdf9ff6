/* SPDX-License-Identifier: Apache-2.0 */
/*
** What the files of bundle share; for nobody else.
**
**   bundle.c       files, sums, the log, keys, tables
**   bundle_readme.c what is what, and the recipe for checking it
**   bundle_data.c  the current forms as CSV, dictionary, code lists
**   bundle_odm.c   the current forms as ODM-XML
**   bundle_trail.c audit trail and signatures
*/
#ifndef CRFD_RECORD_BUNDLE_IMPL_H
#define CRFD_RECORD_BUNDLE_IMPL_H

#include "protocol/record/bundle.h"

struct bundling {
    const struct bundle_source *source;
    const struct bundle_writer *writer;
    const struct state *state;
    instant time;
    struct digest_stream *digest; /* of the file being written */
    struct bytes sums;
    char name[512];
    struct bytes buffer; /* what is collected of the file being written */
};

/* One record of the log as read back and checked. Lives in ARENA. */
struct read_record {
    struct entry entry;
    struct span entry_bytes, salt, body;
    bool withheld, system;
    struct jws jws;
    struct record record;   /* when neither withheld nor system */
    struct outcome outcome; /* likewise */
};
MUST_USE status bundle_read(struct bundling *b, int64_t seq, struct arena *arena,
                            struct read_record *ret_record, struct err *err);

MUST_USE status file_begin(struct bundling *b, struct err *err, const char *format, ...)
    PRINTF(3, 4);
/* Hand b->buffer on when it is large, or (END) at the end of the file. */
MUST_USE status file_flush(struct bundling *b, struct err *err);
MUST_USE status file_end(struct bundling *b, struct err *err);

const struct metadata_version *bundle_version(const struct bundling *b,
                                              const char *version);

/* The current forms, in order of their paths; rows of form OID only unless NULL. */
struct rows bundle_forms(struct bundling *b, const char *form_oid, struct arena *arena);

MUST_USE status bundle_readme(struct bundling *b, struct err *err);
MUST_USE status bundle_data(struct bundling *b, struct err *err);
MUST_USE status bundle_odm(struct bundling *b, struct err *err);
MUST_USE status bundle_trail(struct bundling *b, struct err *err);

#endif
