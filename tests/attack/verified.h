/* SPDX-License-Identifier: Apache-2.0 */
/*
** verified: the first study's log, read from the tables and replayed from zero, to hold
** promises against. Each function fails the test with the reason.
*/
#ifndef CRFD_TESTS_VERIFIED_H
#define CRFD_TESTS_VERIFIED_H

#include "tests/support/trialtmp.h"

/* What a client has in hand. */
struct held {
    struct bytes line, receipt;
    uint64_t seq;
};

struct verified;

/* Every entry follows, is signed and bound to its body; the head's row says the same. */
struct verified *verified_log(struct trial *trial);
void verified_free(struct verified *verified);

/* HELD stands in the log at its number, under a root that the log had; and nobody else was
 * promised that number. */
void verified_receipt(struct verified *verified, const struct held *held);
/* What clients sign stands there exactly as often as receipts were held against it: nothing
 * twice, nothing that nobody holds; and no id is spent twice. */
void verified_nothing_else(const struct verified *verified);
/* Each table is what the replay makes of the log, line by line. */
void verified_tables(const struct verified *verified);

#endif
