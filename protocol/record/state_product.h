/* SPDX-License-Identifier: Apache-2.0 */
/*
** state_product: the product ledger, asked: where a batch comes from, what was made of it,
** whether it may be given, who had it.
**
** A batch hangs by its links from its parents up to donations, many to one and one to many.
** Whatever is wrong with a link holds for all that was made of it. A dose or bag that has no
** release of its own is released with what it was filled from.
**
** Rows are borrowed until the state's next change; arrays live in ARENA.
*/
#ifndef CRFD_RECORD_STATE_PRODUCT_H
#define CRFD_RECORD_STATE_PRODUCT_H

#include "protocol/record/state.h"
#include "protocol/study/value.h"

const struct row *state_batch(const struct state *state, const char *batch);

/* BATCH (which is known) and all it was made from, each once, BATCH first. */
struct rows state_batch_origins(const struct state *state, const char *batch,
                                struct arena *arena);
/* BATCH and all that was made of it. */
struct rows state_batch_products(const struct state *state, const char *batch,
                                 struct arena *arena);

/* Is BATCH made from donations of DONOR only? UNKNOWN: some origin leads to no donation. */
enum truth state_batch_is_from(const struct state *state, const char *batch,
                               const char *donor, struct arena *arena);
/* Does DONOR stand among its donations? UNKNOWN as above, unless YES. */
enum truth state_batch_has_donor(const struct state *state, const char *batch,
                                 const char *donor, struct arena *arena);

/* The row because of which BATCH may not be given: itself, not released; or one it was made
 * from, which is rejected, suspended or recalled. NULL: it may. AT: what became so later does
 * not count; INSTANT_MAX: as it is now. */
const struct row *state_batch_barred(const struct state *state, const char *batch,
                                     instant at, struct arena *arena);

/* The exposures to BATCH or to anything made of it. */
struct rows state_batch_exposures(const struct state *state, const char *batch,
                                  struct arena *arena);

/* May PERSON release batches kept at SITE at the instant AT? */
bool state_is_qualified(const struct state *state, const char *person, const char *site,
                        instant at);

#endif
