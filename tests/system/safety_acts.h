/* SPDX-License-Identifier: Apache-2.0 */
/*
** safety_acts: what the safety tests do in one line each: the operator's command and what it
** was told, an assessment, a lift, the holds that stand.
*/
#ifndef CRFD_TESTS_SAFETY_ACTS_H
#define CRFD_TESTS_SAFETY_ACTS_H

#include "tests/system/scene.h"

/* A notify_command that writes down its words, and the line of crfd's configuration that
 * names it; the caller frees. It may be made once in a program; notify_remove() at its end. */
char *notify_make(void);
struct bytes notify_told(void); /* nothing yet: empty */
void notify_hide(bool away);    /* the command is not there, or there again */
void notify_remove(void);

/* "activity scope state; ...": all holds of the study. */
void safety_holds_are(struct trial *trial, const char *wanted);
void safety_assess(struct trial *trial, enum who who, const char *object,
                   const char *causality);
void safety_lift(struct trial *trial, enum who who); /* of dosing in the whole study */

/* Send RECORD on a connection of its own without waiting for the answer, so that others may
 * come behind it in its batch; the answer begins with LINE and holds SAYS. */
void *safety_post(struct trial *trial, enum who who, const struct record *record);
void safety_answers(void *wire, const char *line, const char *says);

/* All entries since the last but one stand under one root: they were one commit. */
void safety_one_commit(struct trial *trial);

#endif
