/* SPDX-License-Identifier: Apache-2.0 */
/*
** fold: one record's step from state to state, and casebooks that keep pace with it.
**
** The writer's inner loop is:
**
**     decide(state, book, ...) -> decision
**     build the entry (actor = decision.person, prior = decision.prior_seq), hash it
**     fold_apply(state, &facts, record, &decision.outcome, arena)    accepted, or
**     state_advance(state, &facts.leaf, facts.time)                  a reject entry
**     book = fold_casebook(state, book, ...)                         for the cache
**
** A casebook holds the current revision of each form of a subject that is neither retracted
** nor in the safety inbox: state_forms(state, subject, false, arena) names their entries;
** fold_form() makes a form of each body.
*/
#ifndef CRFD_RECORD_FOLD_H
#define CRFD_RECORD_FOLD_H

#include "protocol/record/project.h"
#include "protocol/study/casebook.h"

/* Apply what project() says and count the entry. */
void fold_apply(struct state *state, const struct entry_facts *entry,
                const struct record *record, const struct outcome *outcome,
                struct arena *arena);

/* The form of a form.submit record whose row is ROW (state as it is now: signed or not).
 * TIME is its entry's. Borrows from RECORD, OUTCOME and ROW's texts are copied. */
const struct form_data *fold_form(const struct record *record,
                                  const struct outcome *outcome, const struct row *row,
                                  instant time, struct arena *arena);

/* The subject's casebook after RECORD was applied to STATE: BEFORE (may be NULL) itself when
 * nothing in it changed. Borrows from BEFORE and RECORD: their arenas must live as long. */
struct casebook fold_casebook(const struct state *state, const struct casebook *before,
                              const struct entry_facts *entry, const struct record *record,
                              const struct outcome *outcome, struct arena *arena);

#endif
