/* SPDX-License-Identifier: Apache-2.0 */
/*
** extract: a de-identified extract as one tar file, made and checked.
**
**   DEIDENTIFIED.txt ... SHA256SUMS   what bundle_write_deidentified() gives
**   SHA256SUMS.note, export/record.jws, export/receipt.proof   as in a bundle (bundle_file.h)
**   export/key.jwk                    the public key of who signed the record
**
** The log is not inside, so less can be checked than of a bundle: that the log's key signs for
** the size and root it names; that the export was signed by the key inside, is in the log and
** names these files; that no file was altered, added or left out. Not: that the values are
** those of the log (a full bundle shows them), nor whose key it is.
*/
#ifndef CRFD_CLIENTS_EXTRACT_H
#define CRFD_CLIENTS_EXTRACT_H

#include "clients/verify/bundle_file.h"

#define EXTRACT_KEY    "export/key.jwk"
#define EXTRACT_SECRET 32 /* bytes */

MUST_USE status extract_make(const struct bundle_parts *parts, struct span secret,
                             struct tar_writer *tar, struct digest *ret_sums,
                             struct err *err);
MUST_USE status extract_add_export(struct tar_writer *tar,
                                   const struct bundle_export *export, struct span jwk,
                                   struct err *err);
/* Which pseudonym stands for whom, as CSV. */
MUST_USE status extract_pseudonyms(const struct bundle_parts *parts, struct span secret,
                                   struct bytes *out, struct err *err);

/* Does the archive at PATH begin like an extract? */
MUST_USE status extract_is_one(const char *path, bool *ret_is, struct err *err);

/* As bundle_verify(); `founder` and `known` are not looked at. Of the facts `locked` and
 * `last_time` stay empty. */
MUST_USE status extract_verify(const struct bundle_check *check,
                               struct bundle_facts *ret_facts, struct err *err);

#endif
