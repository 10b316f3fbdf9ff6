/* SPDX-License-Identifier: Apache-2.0 */
/*
** ledger: one study as this process runs it: the state its log gives, the tree, the key.
**
**     LOADING --(ledger_start.c: read, compare with the high-water mark)--> OPEN
**     LOADING --(database away)--> LOADING, again after a pause
**     OPEN    --(head shorter or different, stored bytes changed)--> HALTED, for good
**
** The state is a fold of the log: it is loaded from the projections at start, changed by
** this process's own batches (writer.c), and by ledger_fold() when another process has
** written. A halted ledger answers reads, so that what happened can be found out, and
** refuses all writes.
*/
#ifndef CRFD_SERVICE_LEDGER_H
#define CRFD_SERVICE_LEDGER_H

#include "protocol/record/decide.h"
#include "protocol/record/fold.h"
#include "service/flow/casebooks.h"
#include "service/flow/service.h"
#include "service/flow/signer.h"
#include "service/flow/tree.h"
#include "service/store/store.h"

enum ledger_phase { LEDGER_LOADING, LEDGER_OPEN, LEDGER_HALTED };

struct writer;
struct watch;
struct quota;
struct loop_timer;

struct ledger {
    struct service *service;
    const char *slug, *origin, *founder; /* founder: thumbprint of the configuration */
    bool adopt;                          /* a log without a mark: the operator said so */
    int log_id;                          /* -1 until opened */

    enum ledger_phase phase;
    struct err why;               /* not OPEN: the reason */
    uint64_t replayed, to_replay; /* LOADING: entries read of the log, and all */

    struct signer *signer;
    struct state *state;
    struct tree *tree;
    struct casebooks *casebooks;
    void *definitions; /* loaded definitions by digest */
    void *keys;        /* decoded keys by kid */

    struct writer *writer;
    struct watch *watch;
    struct quota *quota;
    instant looks_began; /* newcomer.h: this second's looks */
    unsigned looks;
    struct loop_timer *retry; /* LOADING: when to try again */
    struct bytes checkpoint;  /* the newest signed one; empty before the first */
    uint64_t checkpoint_size;
};

struct ledger_options {
    const char *slug, *origin, *founder;
    const char *key_file, *mark_file;
    bool adopt; /* go on with a log though there is no mark of it */
};

/* Make it and begin to load. OPTIONS' texts are borrowed for life. */
MUST_USE status ledger_open(struct service *service, const struct ledger_options *options,
                            struct ledger **ret_ledger, struct err *err);
void ledger_close(struct ledger *ledger); /* accepts NULL */

/* ledger_start.c: read log and tables, then OPEN or HALTED; tries again while the
 * database is away. */
void ledger_load(struct ledger *ledger);

/* OK when it is open; else why not: ERR_TAMPERED (halted) or ERR_UNAVAILABLE (still read).
 * Who is not found in a state that is not all there is not unknown. */
MUST_USE status ledger_is_open(const struct ledger *ledger, struct err *err);

/* Stop for good: write the evidence file, refuse writes from now on. */
void ledger_halt(struct ledger *ledger, const struct err *why);

/* Apply one entry that somebody else appended: check it (line.h: it may have been somebody
 * with the database in hand), fold it, grow the tree. The casebook it touches is dropped.
 * *ret_leaf is its leaf hash. */
MUST_USE status ledger_fold(struct ledger *ledger, const struct store_line *line,
                            struct digest *ret_leaf, struct err *err);

/* The signer signs the tree as it is now: LEAVES are those since the last checkpoint. */
MUST_USE status ledger_sign(struct ledger *ledger, const struct digest *leaves,
                            size_t count, struct err *err);

/* The enrolled key KID, decoded once, borrowed while the ledger lives; NULL when
 * unknown. */
const struct key *ledger_key(struct ledger *ledger, const char *kid);

/* Definitions and dictionaries: what decide() looks up. A file that does not load as one or
 * the other is not kept. */
struct defined {
    struct arena *arena;
    const struct study *study; /* or else: */
    const struct dictionary *dictionary;
};
struct definitions ledger_definitions(struct ledger *ledger);
bool ledger_has_definition(struct ledger *ledger, const char *sha256);
/* What definer.h read; its arena is taken over. */
void ledger_keep_definition(struct ledger *ledger, const char *sha256,
                            const struct defined *defined);
/* Free all decoded keys and definitions. */
void ledger_forget(struct ledger *ledger);
/* Call EACH with the hex digest of every definition that STATE names. */
void ledger_each_definition(const struct ledger *ledger,
                            void (*each)(const char *sha256, void *arg), void *arg);

/* The form that LINE's body holds (a form.submit's record and outcome), re-hashed, into
 * ARENA. */
MUST_USE status ledger_read_form(struct ledger *ledger, const struct store_form *stored,
                                 struct arena *arena, const struct form_data **ret_form,
                                 struct err *err);

#endif
