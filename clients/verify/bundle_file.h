/* SPDX-License-Identifier: Apache-2.0 */
/*
** bundle_file: a locked dataset as one tar file (tar.h), made and checked.
**
** The members, in this order:
**
**   README.txt ... SHA256SUMS   what bundle_write() gives (protocol/record/bundle.h): a pure
**                               function of the first N entries of the log, byte for byte the
**                               same for everyone
**   SHA256SUMS.note             a signed note over the sums (bundle_note.h)
**   export/record.jws           the `export` record that somebody signed over the SHA-256 of
**                               SHA256SUMS and the key of the note
**   export/receipt.proof        its receipt: the record stands in the log
**
** Only the last three depend on who made the bundle and when; they stand outside of
** SHA256SUMS. All members bear the time of entry N-1.
**
** Checking makes everything up to SHA256SUMS again from the log inside the bundle and compares
** it byte for byte, so nothing can be altered, added or left out; then it checks who signed
** what. It needs no network and no database, only the log's key, which must come from
** elsewhere (trust.h).
*/
#ifndef CRFD_CLIENTS_BUNDLE_FILE_H
#define CRFD_CLIENTS_BUNDLE_FILE_H

#include "clients/verify/spool.h"
#include "clients/verify/tar.h"
#include "clients/verify/verify.h"
#include "protocol/record/bundle.h"

#define BUNDLE_NOTE    "SHA256SUMS.note"
#define BUNDLE_RECORD  "export/record.jws"
#define BUNDLE_RECEIPT "export/receipt.proof"

/* What a bundle is made of: a log that was verified, and its definitions. */
struct bundle_parts {
    struct spool *spool;
    const struct replay *replay; /* fed with all of the spool */
    const struct log_source *blobs;
    struct span note; /* signed, of the replay's size */
    const char *vkey;
    struct arena *arena; /* for what is loaded */
};

/* Write all up to SHA256SUMS into TAR; *ret_sums is what the export record must say. */
MUST_USE status bundle_make(const struct bundle_parts *parts, struct tar_writer *tar,
                            struct digest *ret_sums, struct err *err);

/* Add the note and the two members of export/. */
struct bundle_export {
    struct span note, record, receipt;
};
MUST_USE status bundle_add_export(const struct bundle_parts *parts, struct tar_writer *tar,
                                  const struct bundle_export *export, struct err *err);

/* What was found in a bundle that holds. */
struct bundle_facts {
    uint64_t size;
    struct digest root, sums;
    uint64_t files;                 /* members compared byte for byte */
    bool locked;                    /* the study as a whole was locked at that size */
    const char *exported_by, *name; /* person id, printed name of who signed the export */
    instant exported_at;            /* entry time of the export record */
    uint64_t export_seq;
    instant last_time; /* of the last entry of the prefix */
};

struct bundle_check {
    const char *path;
    const struct checkpoint_trust *trust;
    const char *origin;
    const char *founder;            /* NULL: the one the first entry names */
    const struct checkpoint *known; /* a head that was verified elsewhere, or NULL */
    struct arena *arena;            /* for the facts' texts */
    void (*progress)(void *arg, uint64_t done, uint64_t total); /* or NULL */
    void *arg;
};

/* OK: it holds. ERR_TAMPERED: it does not, and ERR names the entry or the member.
 * ERR_BAD_INPUT: it is no bundle. RESULT says more where the log itself is at fault. */
status bundle_verify(const struct bundle_check *check, struct bundle_facts *ret_facts,
                     struct verify_result *ret_result, struct err *err);

#endif
