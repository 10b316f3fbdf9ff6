/* SPDX-License-Identifier: Apache-2.0 */
/*
** study_log: verify the log of the study this computer belongs to, and remember how far.
**
** The log's key and the founder come from the passport, never from the service. What was
** verified before (`state`, `replay` in the client folder) is held against what the service
** shows now; evidence of tampering is written to evidence/ and named in the error. When the
** service itself says that its log is halted, the log is read against the newest head this
** computer has, so that the first bad entry is still named.
**
**     struct study_log log = {.client = client, .each = ..., .arg = ...};
**     TRY(study_log_verify(&log, err));
**     ... log.result.replay: the folded state ...
**     study_log_done(&log);
*/
#ifndef CRFD_CLIENTS_STUDY_LOG_H
#define CRFD_CLIENTS_STUDY_LOG_H

#include "clients/lib/client.h"
#include "clients/verify/verify.h"

struct study_log {
    struct client *client;
    bool
        incremental; /* go on from the last time; what was verified then is not read again */
    const struct definitions *definitions; /* decide again, or NULL */
    void (*differs)(void *arg, int64_t seq, const char *what);
    verify_each *each; /* or NULL; not with incremental, unless the new entries are meant */
    void *arg;
    uint64_t size; /* only so many entries; 0: all */
    /* filled */
    struct verify_result result;
    uint64_t began_at;    /* size from which it went on */
    const char *evidence; /* path of the file, or NULL; in the client's arena */
};

status study_log_verify(struct study_log *log, struct err *err);
void study_log_done(struct study_log *log);

/* After OK: does the service itself say that this log is halted? Every signed entry holds then,
 * and something beside them does not (the head, tiles, roots, entries behind the signed size).
 * ERR_TAMPERED with VERIFY_HALTED, evidence kept; else OK. */
MUST_USE status study_log_halted(struct study_log *log, struct err *err);

/* The result as members of the command's JSON: what, size, root, first_bad, why, ... */
void study_log_json(const struct study_log *log);

#endif
