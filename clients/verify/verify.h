/* SPDX-License-Identifier: Apache-2.0 */
/*
** verify: read a log from anywhere and say whether it is whole and unchanged.
**
**     struct verify_options options = {.source = source, .trust = trust, ...};
**     struct verify_result result = {0};
**     status kind = verify_log(&options, &result, &err);      always fills result
**     verify_result_done(&result);
**
** In order: the head's signature by the log's key; the head against what was verified before
** (smaller: ROLLBACK; same size, other root: FORK); every entry and body by replay (
** protocol/record/replay.h), 256 at a time; the root at the size verified before; the root at
** the end. ERR_TAMPERED is evidence, and `what` and `first_bad` say where; ERR_UNAVAILABLE is
** not: try again.
**
** Where the first bad entry lies. The hash chain breaks at the entry behind the one that was
** changed; which of the two it was is told by hashing on with the value the chain names and
** comparing with the signed root. A root that differs at the end while the chain holds says
** only that something changed behind the last size that somebody outside has signed for; that
** size is then `first_bad`.
*/
#ifndef CRFD_CLIENTS_VERIFY_H
#define CRFD_CLIENTS_VERIFY_H

#include "clients/verify/log_source.h"
#include "crypto/checkpoint.h"
#include "protocol/record/replay.h"

enum verify_what {
    VERIFY_GOOD,
    VERIFY_ROLLBACK, /* fewer entries than before */
    VERIFY_FORK,     /* another history than before */
    VERIFY_FORGED,   /* a head that the log's key did not sign */
    VERIFY_MISSING,  /* signed entries or bodies that are not there */
    VERIFY_CHANGED,  /* an entry, body or record that does not hold */
    VERIFY_HALTED,   /* the service itself says that its log does not hold (study_log.h) */
};
const char *verify_what_name(enum verify_what what); /* "rollback" */

/* Sees every entry that holds, in order. */
typedef status verify_each(void *arg, const struct replay_step *step,
                           const struct body_line *body, struct span entry,
                           const struct state *state, struct err *err);

struct verify_options {
    const struct log_source *source;
    const struct checkpoint_trust *trust;
    const char *origin, *founder;   /* from the invitation */
    const struct checkpoint *known; /* verified before, or NULL */
    struct span note;               /* verify against this note, not the source's head */
    uint64_t size;                  /* read only so many entries; 0: all. The root at the
                                         end is then not signed for, unless NOTE says it */
    struct replay *resume;          /* continue this one (taken over), or NULL */
    const char *reader; /* person who reads: bodies of subjects that are not for this
                           person's roles may be withheld. NULL: nothing may be */
    instant now;        /* at which those roles count */
    const struct definitions *definitions; /* decide again, or NULL */
    void (*differs)(void *arg, int64_t seq, const char *what);
    verify_each *each;                                          /* or NULL */
    void (*progress)(void *arg, uint64_t done, uint64_t total); /* or NULL */
    void *arg;
};

struct verify_result {
    enum verify_what what;
    int64_t first_bad; /* -1: none, or it cannot be told */
    char why[256];
    struct bytes note;      /* the head, as the source gave it */
    struct checkpoint head; /* origin borrowed from note */
    struct replay *replay;  /* as far as it came; NULL: it did not begin */
    struct bytes entry;     /* the text of the entry that does not hold; may be empty */
};

status verify_log(const struct verify_options *options, struct verify_result *ret_result,
                  struct err *err);
void verify_result_done(struct verify_result *result);

#endif
