/* SPDX-License-Identifier: Apache-2.0 */
/*
** bundle: the files of a locked dataset, a pure function of a prefix of the log.
**
** The client replays the log (replay.h), then calls bundle_write(), which gives every file
** piece by piece to a writer: begin(name), data ..., end. Two clients that hold the same
** prefix make the same bytes: nothing depends on who, when or where; times are those of the
** log. The archive, the signed `export` record over ret_sums, its receipt, and the signature
** over the checkpoint are the client's; files it adds stand outside SHA256SUMS.
**
**   README.txt               what is what, and how to verify with stock tools
**   checkpoint, log.vkey     as given
**   log/entry/000/000412     the 12 lines of entry 412
**   log/body/000/000412      salt || record LF outcome LF (absent when withheld)
**   tile/entries/...         the entries as tlog-tiles bundles
**   keys/<thumbprint>.pem    every key that was ever enrolled
**   definitions/<sha256>.xml the definitions; blobs.csv lists all that records name by digest
**   tables/<table>.csv       the tables of schema.h (people, rights, queries, locks, ...)
**   data/odm.xml             ODM-XML 1.3.2 Snapshot, the current forms
**   data/<form>.<group>.csv  one row for each item group: keys, values, units, reasons
**   data/dictionary.csv, data/codelists.csv      what the columns and codes mean
**   data/odm-archive.xml     ODM-XML 1.3.2 Transactional, Archival: every change of them
**   lists/                   lock certificate, serious events, queries, deviations, holds,
**                            people
**   data/read.R, read.sas    programs that read these tables
**   casebook/<subject>.html  every value with its history, in the language of the site
**   forms/<version>.<language>.html     annotated blank forms
**   data/audit.csv           who changed what from what to what, when and why
**   data/signatures.csv      who signed or locked what, with which meaning, accepting what
**   SHA256SUMS               of all of the above
**
** CSV is RFC 4180 in UTF-8 with CRLF. A cell that a spreadsheet would take for a formula gets
** an apostrophe in front; numbers do not.
**
** Memory: one record and one table at a time; bodies are read again by number.
*/
#ifndef CRFD_RECORD_BUNDLE_H
#define CRFD_RECORD_BUNDLE_H

#include "protocol/record/replay.h"

struct bundle_definition {
    const char *sha256; /* hex */
    struct span xml;
    const struct study *study; /* as odm_read() made it of xml */
};

struct bundle_source {
    const struct replay *replay; /* fed with all entries of the prefix, without fault */
    /* Entry SEQ and its salt || body; *ret_withheld when there is no body. The bytes are
     * checked again against the entry before they are used. */
    status (*read)(void *arg, int64_t seq, struct bytes *ret_entry, struct bytes *ret_body,
                   bool *ret_withheld, struct err *err);
    void *arg;
    const struct bundle_definition *definitions; /* every one that the log published */
    size_t definition_count;
    struct span checkpoint; /* signed note of this size */
    const char *vkey;       /* of the log */
};

struct bundle_writer {
    status (*begin)(void *arg, const char *name, instant time, struct err *err);
    status (*data)(void *arg, struct span data, struct err *err);
    status (*end)(void *arg, struct err *err);
    void *arg;
};

/* Write all files. *ret_sums is the SHA-256 of SHA256SUMS, for the `export` record.
 * ERR_TAMPERED when what is read is not what was replayed; ERR_NOT_FOUND when a definition is
 * missing; else what SOURCE or WRITER returned. */
MUST_USE status bundle_write(const struct bundle_source *source,
                             const struct bundle_writer *writer, struct digest *ret_sums,
                             struct err *err);

/* The de-identified extract: tables only, without names, dates, birth dates, free texts or keys
 * of the log; the first file, BUNDLE_DEIDENTIFIED, says what was done. Bears no time (0). It
 * names size and root, and cannot be replayed. SECRET (32 random bytes, made for this extract)
 * numbers subjects and sites; the same secret and prefix give the same bytes. */
#define BUNDLE_DEIDENTIFIED "DEIDENTIFIED.txt"
MUST_USE status bundle_write_deidentified(const struct bundle_source *source,
                                          struct span secret,
                                          const struct bundle_writer *writer,
                                          struct digest *ret_sums, struct err *err);
/* Append, as CSV, which pseudonym of that extract stands for which key. */
MUST_USE status bundle_pseudonyms(const struct bundle_source *source, struct span secret,
                                  struct bytes *out, struct err *err);

/* Append one CSV cell, with a comma before it unless FIRST. NULL is an empty cell. */
void csv_cell(struct bytes *out, const char *text, bool first);
void csv_line_end(struct bytes *out);

#endif
