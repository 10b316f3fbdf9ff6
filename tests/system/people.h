/* SPDX-License-Identifier: Apache-2.0 */
/*
** people: the persons of a scene also run the programs, against its crfd on a port of its own.
**
**     people_open("");
**     people_folder(MONITOR, "01");
**     PEOPLE_RUN(MONITOR, "Verified", "crf-monitor", "verify");
**     people_close();
*/
#ifndef CRFD_TESTS_PEOPLE_H
#define CRFD_TESTS_PEOPLE_H

#include "tests/system/scene.h"

extern struct trial *people_trial;
extern char *people_root; /* the folder in which programs run */

/* SETTINGS: further lines of crfd's configuration. */
void people_open(const char *settings);
void people_close(void);

/* The folder that a person of this role would have after joining, with the trial's own key. */
void people_folder(enum who who, const char *site);

/* Run a program as WHO: it ends with CODE and says all of SAYS ("a|b"), in this order. */
void people_run(enum who who, const char *const *arguments, int code, const char *says);
#define PEOPLE_RUN(who, says, ...)                                                         \
    people_run((who), (const char *const[]){__VA_ARGS__, NULL}, 0, (says))

/* The same at a terminal of its own: TYPED is what the person types, answer by answer. */
void people_type(enum who who, const char *typed, const char *const *arguments,
                 const char *says);
#define PEOPLE_TYPE(who, typed, says, ...)                                                 \
    people_type((who), (typed), (const char *const[]){__VA_ARGS__, NULL}, (says))

/* A file of WHO's folder, "definition/<sha256>.xml"; in ARENA. */
const char *people_file(enum who who, const char *name, struct arena *arena);

#endif
