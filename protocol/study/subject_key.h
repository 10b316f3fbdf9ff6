/* SPDX-License-Identifier: Apache-2.0 */
/*
** subject_key: make and check a subject's number.
**
** The definition gives a pattern (crfd:SubjectKey/@Pattern, a POSIX extended regular
** expression for the whole key) and a check character (@Check):
**
**   mod23   the digits of what stands before the last character, as one number, plus 2,
**           modulo 23, as a letter of "ABCDEFGHJKLMNPQRSTUVWXY" (no I, O, Z): finds every
**           single wrong digit and every swap of neighbours; "007-" has "K"
**   mod11   ISO 7064 MOD 11-2 over those digits, 0-9 or X
**   ""      none
**
** One function for the client that makes a key and the service that checks it. Letters before
** the last character do not count: "NL01-004-?" is the number 01004.
*/
#ifndef CRFD_STUDY_SUBJECT_KEY_H
#define CRFD_STUDY_SUBJECT_KEY_H

#include "protocol/study/model.h"

#define SUBJECT_KEY_PATTERN_MAX 200 /* bytes */

/* A pattern is accepted if it compiles and cannot take long: no counted repetition of a group
 * ("(..){9}"), no back reference. */
bool subject_key_pattern_known(const char *pattern);

bool subject_key_check_known(const char *check); /* "mod23", "mod11", "" or NULL */

/* The check character of STEM ("007-"); '\0' when CHECK is "" or unknown. */
char subject_key_character(const char *check, struct span stem);

/* STEM with its check character, in ARENA. ERR_BAD_INPUT when the result does not have the
 * version's pattern: then STEM has the wrong shape. */
MUST_USE status subject_key_make(const struct metadata_version *version, struct span stem,
                                 struct arena *arena, const char **ret_key,
                                 struct err *err);

/* Does KEY have the version's pattern and the right check character? ERR_REJECTED says which
 * of the two is wrong, without quoting it. A version without a pattern accepts any key of 1
 * to 120 bytes without control characters. */
MUST_USE status subject_key_verify(const struct metadata_version *version, struct span key,
                                   struct err *err);

#endif
