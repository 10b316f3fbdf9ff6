/* SPDX-License-Identifier: Apache-2.0 */
/*
** cases: the study builder's own cases: a casebook in, findings out (protocol/cases.md).
**
** One JSON object a line; blank lines and lines that begin with # are passed over:
**
**     {"at":"2026-05-20T12:00:00+02:00"}
**     {"form":"dm","data":{"SubjectKey":"007-K", ... as in a record ...}}
**     {"case":"a light subject is asked about","judge":{"use":"dm","set":
**       {"IG.DM/-/IT.WEIGHT":"31.0"}},"expect":[{"rule":"8","act":"ask","path":"..."}]}
**
** What is expected is complete: a finding that is not expected makes the case differ, and so
** does one that does not come. A case judges as the service would: by check_form(),
** check_sign(), check_lock(), or gates_ask() before an act.
*/
#ifndef CRFD_STUDY_CASES_H
#define CRFD_STUDY_CASES_H

#include "protocol/study/check.h"

#define CASES_SIZE_MAX ((size_t) 16 << 20)

struct case_result {
    const char *name;
    int line;                       /* 1-based, of the file */
    const char *const *differences; /* in words; none: all as expected */
    size_t count;
};

/* Run the cases of TEXT against VERSION; EACH gets every case in order, with words in LANGUAGE.
 * ERR_BAD_INPUT names the line that cannot be read. Memory: ARENA. */
MUST_USE status cases_run(const struct metadata_version *version, struct span text,
                          const char *language, struct arena *arena,
                          void (*each)(void *arg, const struct case_result *result),
                          void *arg, struct err *err);

#endif
