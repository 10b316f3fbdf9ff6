/* SPDX-License-Identifier: Apache-2.0 */
/*
** answer: the bytes of the answer to a record that stands in the log (RECORDS.md chapter 4):
** the one after its commit, and the same one later, read from the log again.
*/
#ifndef CRFD_SERVICE_ANSWER_H
#define CRFD_SERVICE_ANSWER_H

#include "service/flow/proof.h"

/* {seq, time, outcome, findings unless NULL, receipt} */
void answer_write_accepted(uint64_t seq, instant time, struct span outcome,
                           const struct findings *findings, struct span receipt,
                           struct bytes *out);

/* The answer to the record of PROOF, again. *ret_status is 200, or for a record that was
 * refused its old status; the body then is a problem with the rules that its entry names (the
 * sentences and values were never stored). ERR_TAMPERED: the entry cannot be read. */
MUST_USE status answer_write_again(const struct proof *proof, struct arena *arena,
                                   const char *language, const char *request_id,
                                   struct bytes *out, int *ret_status, struct err *err);

#endif
