/* SPDX-License-Identifier: Apache-2.0 */
/*
** expression_scene: a small study (expressions.xml) and casebooks written as texts, for the
** tests of expressions. A value is one line of a text, its place and what stands there:
**
**     SE.V1/-/F.DM/-/IG.DM/-/IT.SEX=M
**     SE.V1/-/F.LAB/-/IG.LAB/-/IT.HB=14@MU.GDL      with a unit
**     SE.V1/-/F.LAB/-/IG.LAB/-/IT.HB=!nd            !nd !unk !na: no value
**     SE.V1/-/F.LAB/-/IG.TEST/1/                    a group without items
**
** Lines of one form, and of one group, stand together; lines are divided by " ; ".
*/
#ifndef CRFD_TESTS_UNIT_STUDY_EXPRESSION_SCENE_H
#define CRFD_TESTS_UNIT_STUDY_EXPRESSION_SCENE_H

#include "protocol/study/expression.h"

void add_expression_checks(void); /* the tests of expression_checks.c */

/* The study of FILE, read once; fails the program when it does not load. */
const struct metadata_version *scene_version(const char *file);

struct casebook scene_book(const char *lines, struct arena *arena);

/* The place "SE.V1/-/F.DM/-/IG.DM/-/IT.SEX", or a shorter one; "" is the subject. */
struct expression_place scene_place(const char *path, struct arena *arena);

/* Compile TEXT for the level of PLACE; NULL with *ret_problem when it does not. */
const struct expression *scene_compile(const struct metadata_version *version,
                                       const char *text, enum expression_use use,
                                       const struct expression_place *place,
                                       struct arena *arena,
                                       struct expression_problem *ret_problem);

/* "true", "unknown", "3.5", "[28, 30]", "[5, ...", "2026-11", "NL01" ... */
const char *scene_print(const struct expression_result *result, struct arena *arena);

#endif
