/* SPDX-License-Identifier: Apache-2.0 */
/*
** replay: the log again, from its bytes, trusting nobody.
**
**     struct replay *replay = replay_new(&options);
**     for each entry in order: TRY(replay_feed(replay, entry, &body, &err));
**     replay_root(replay, size)        compare with a checkpoint
**     state_dump(replay_state(replay), table, &out)      compare with the database
**
** Each entry must follow: log, seq, prev, time not falling, a type of this version, the
** right prior; its body must be what it commits to; the record must be signed by a key that
** was valid at that position, name the same type, object, person and log, and have `seen` a
** root that this log had. Then project() is applied to a state of our own. What the outcome
** says is taken as decided; with `recheck`, decide() runs again and every difference is told.
**
** The first entry that does not hold ends the replay: ERR_TAMPERED, and replay_fault() says
** which and why; feeding more gives the same answer. No clinical value stands in a reason.
**
** A body may be withheld (erased, or not for this reader): its entry still chains and counts,
** but its record is neither verified nor applied. From then on the tables are incomplete
** (replay_withheld() > 0), and what needs them (keys, priors) is only checked where known.
**
** Memory: the state, 32 bytes an entry for the roots, one record at a time. With recheck also
** all current forms.
*/
#ifndef CRFD_RECORD_REPLAY_H
#define CRFD_RECORD_REPLAY_H

#include "crypto/entry.h"
#include "crypto/merkle.h"
#include "protocol/record/decide.h"

struct replay;

struct replay_options {
    const char *origin;
    const char *founder; /* thumbprint, from the invitation */
    /* recheck: NULL: do not */
    const struct definitions *definitions;
    /* called for each entry that today's engine would decide otherwise */
    void (*differs)(void *arg, int64_t seq, const char *what);
    void *arg;
};

struct replay_body {
    bool withheld;
    struct span salt; /* SALT_SIZE bytes */
    struct span body; /* <record> LF <outcome> LF, or one line of a system entry */
};

/* What was fed last, borrowed until the next call: for those who write it down. */
struct replay_step {
    const struct entry *entry;
    const struct digest *leaf;
    const struct record *record;   /* NULL: withheld, or a system entry */
    const struct outcome *outcome; /* NULL likewise */
    const struct jws *jws;         /* NULL likewise */
};

struct replay_fault {
    int64_t seq; /* -1: none */
    bool before; /* this entry holds; its signer saw other entries before it */
    char why[256];
};

struct replay *replay_new(const struct replay_options *options);

/* Go on where an earlier replay ended: its STATE (taken over), its frontier, the roots of the
 * sizes 0 to frontier->size, its count of withheld bodies. Who gives them vouches for them.
 * Not with recheck, which needs all forms: options->definitions is not looked at. */
struct replay *replay_resume(const struct replay_options *options, struct state *state,
                             const struct frontier *frontier, const struct digest *roots,
                             uint64_t withheld);
void replay_free(struct replay *replay);
void replay_freep(struct replay **replay);

/* OK, or ERR_TAMPERED for ever. */
MUST_USE status replay_feed(struct replay *replay, struct span entry,
                            const struct replay_body *body, struct err *err);

const struct replay_step *replay_last(const struct replay *replay);
const struct state *replay_state(const struct replay *replay);
const struct frontier *replay_frontier(const struct replay *replay);
const struct replay_fault *replay_fault(const struct replay *replay);
uint64_t replay_withheld(const struct replay *replay);
uint64_t replay_differences(const struct replay *replay);

/* The root of the first SIZE entries; false when so many were not fed. */
bool replay_root(const struct replay *replay, uint64_t size, struct digest *ret_root);

#endif
