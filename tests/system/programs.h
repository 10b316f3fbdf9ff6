/* SPDX-License-Identifier: Apache-2.0 */
/*
** programs: crf-admin, crf-site and crf-sponsor as people run them, each person with a folder
** of their own, against the crfd of a trial.
**
**     programs_start("people");
**     assert_ran(RUN("inv", "crf-site", "status"), 0, "service");
**     programs_stop();
*/
#ifndef CRFD_TESTS_PROGRAMS_H
#define CRFD_TESTS_PROGRAMS_H

#include "tests/support/trialtmp.h"

extern struct trial *trial; /* of programs_start() */
extern char *root;          /* the folder in which programs run */
extern char *url;           /* of crfd */

/* A trial that is not open yet, and the founder's folder with the key that crfd knows. */
void programs_start(const char *name);
void programs_stop(void);
/* After trial_open(): the founder knows the log key as if they had opened the study. */
void founder_learns_log(void);

struct ran {
    int code;
    struct bytes out; /* stdout and stderr, in one */
};
void ran_done(struct ran *ran);

/* Run a program as WHO, without anybody at its terminal. */
struct ran run_list(const char *who, const char *const *arguments);
#define RUN(who, ...) run_list((who), (const char *const[]){__VA_ARGS__, NULL})

/* The same at a terminal of its own: TYPED is what the person types, answer by answer (at most
 * 4 KiB, which is what a terminal holds unread). */
struct ran run_typed(const char *who, const char *typed, const char *const *arguments);
#define TYPE(who, typed, ...)                                                              \
    run_typed((who), (typed), (const char *const[]){__VA_ARGS__, NULL})

/* The program ended with CODE and said SAYS. */
void assert_ran(struct ran ran, int code, const char *says);

void become(const char *who); /* this process, too */
const char *path_of(struct arena *arena, const char *name);
void write_text(const char *name, const char *text);
void assert_file_has(const char *name, const char *wanted);

/* The file NAME of the tar archive TAR; without it the test fails. */
struct span tar_member(struct span tar, const char *name);

/* A second sponsor joins and answers the founder's test alarm: subjects may be enrolled. */
void programs_answer_alarm(void);

/* The thumbprint of WHO's key, from whoami. */
void own_kid(const char *who, char kid[44]);

#endif
