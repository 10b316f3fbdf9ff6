/* SPDX-License-Identifier: Apache-2.0 */
/*
** case_play: what happens to a safety case of the small trial, one line each.
*/
#ifndef CRFD_TESTS_CASE_PLAY_H
#define CRFD_TESTS_CASE_PLAY_H

#include "tests/unit/record/play.h"

#define SAE_OF(subject, repeat, items)                                                     \
    "{\"SubjectKey\":\"" subject                                                           \
    "\",\"StudyEventOID\":\"SE.LOG\",\"StudyEventRepeatKey\":null,\"FormOID\":\"F.SAE\","  \
    "\"FormRepeatKey\":\"" repeat                                                          \
    "\",\"state\":\"partial\",\"ItemGroupData\":[{\"ItemGroupOID\":\"IG.SAE\","            \
    "\"ItemGroupRepeatKey\":null,\"ItemData\":{" items "}}]}"
#define WHAT       "\"IT.WHAT\":\"Weak right arm\",\"IT.AWARE\":\"2026-10-21T08:00+01:00\""
#define NO_CAUSE   SAE_OF("007-K", "r1", WHAT)
#define RELATED    SAE_OF("007-K", "r1", WHAT ",\"IT.AEREL\":\"Y\"")
#define UNRELATED  SAE_OF("007-K", "r1", WHAT ",\"IT.AEREL\":\"N\"")
#define FATAL      SAE_OF("007-K", "r1", WHAT ",\"IT.AESDTH\":\"Y\"")
#define SECOND_SAE SAE_OF("007-K", "r2", WHAT)
#define R1         "subject/007-K/SE.LOG/-/F.SAE/r1"
#define R2         "subject/007-K/SE.LOG/-/F.SAE/r2"

/* The last record was accepted. */
void must(const struct scene *s);
void report(struct scene *s, const char *data);
void assess_all(struct scene *s, enum who who, struct safety_assess_data data);
void assess(struct scene *s, enum who who, const char *causality);
void ack(struct scene *s, enum who who, const char *object);
void milestone(struct scene *s, enum who who, const char *kind, const char *object);

#endif
