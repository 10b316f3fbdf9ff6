/* SPDX-License-Identifier: Apache-2.0 */
/*
** line: what a stored entry must be before this process believes it.
**
** Three questions, from cheap to dear. Each failure is ERR_TAMPERED and names the entry:
**
**     line_check       its bytes, leaf and body agree, and it follows the one before
**     line_unfold      its body is a signed record and an outcome
**     line_is_signed   that record was signed by the key it names, which the study knows,
**                      and says the same as the entry
*/
#ifndef CRFD_SERVICE_LINE_H
#define CRFD_SERVICE_LINE_H

#include "crypto/entry.h"
#include "crypto/jws.h"
#include "protocol/record/outcome.h"
#include "protocol/record/record.h"
#include "service/store/store.h"

struct ledger;

/* LINE is entry SEQ of the log ORIGIN. PREV: the leaf hash of the entry before; NULL: not
 * asked. */
MUST_USE status line_check(const struct store_line *line, const char *origin, uint64_t seq,
                           const struct digest *prev, struct entry *ret_entry,
                           struct err *err);

/* A signed record and its outcome. */
struct unfolded {
    struct jws jws;
    struct record record;
    struct outcome outcome;
};

bool line_has_record(const struct entry *entry); /* else it is a system entry */
MUST_USE status line_unfold(const struct store_line *line, struct arena *arena,
                            struct unfolded *ret_unfolded, struct err *err);
MUST_USE status line_is_signed(struct ledger *ledger, const struct entry *entry,
                               const struct unfolded *unfolded, struct err *err);

/* Split a body into its record line and its outcome line; false when it is none of ours. */
bool body_split(struct span body, struct span *ret_record, struct span *ret_outcome);
/* The same for the entry that follows the state of LEDGER: its key also is valid there, and it
 * replaces the current revision. */
MUST_USE status line_is_next(struct ledger *ledger, const struct entry *entry,
                             const struct unfolded *unfolded, struct err *err);

#endif
