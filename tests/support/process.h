/* SPDX-License-Identifier: Apache-2.0 */
/*
** process: a program run to its end as a person or an operator runs it, and what it said.
**
**     CLEANUP(bytes_done) struct bytes said = {0};
**     int code = process_run(CRF_ADMIN_PROGRAM, (const char *const[]){"--help", NULL},
**                            NULL, &said);
*/
#ifndef CRFD_TESTS_PROCESS_H
#define CRFD_TESTS_PROCESS_H

#include "base/bytes.h"

struct process_options {
    const char *data_home; /* its XDG_DATA_HOME; NULL: ours */
    const char *folder;    /* where it runs; NULL: here */
    int input;             /* its stdin, a descriptor; 0: nobody is there */
    bool without_stderr;   /* else stdout and stderr come in one */
};

/* Run PROGRAM, a path, with ARGUMENTS (NULL-terminated, without its name) until it ends;
 * what it says is added to OUT. OPTIONS may be NULL. Returns its exit code, or 128 and more
 * when a signal ended it. */
int process_run(const char *program, const char *const *arguments,
                const struct process_options *options, struct bytes *out);

/* A terminal at which TYPED (less than 4 KiB, which is what it holds unread) has been typed,
 * answer by answer; then the person is gone: a question too many ends and does not wait. */
struct typist {
    int terminal; /* the program's stdin */
    int person;
};
struct typist typist_open(const char *typed);
void typist_close(const struct typist *typist);

/* A TCP port of 127.0.0.1 that was free a moment ago. */
int free_port(void);

#endif
