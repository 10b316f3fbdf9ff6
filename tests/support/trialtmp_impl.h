/* SPDX-License-Identifier: Apache-2.0 */
/*
** trialtmp_impl: what trialtmp.c (processes), trial_requests.c and trial_records.c (people,
** records) share.
*/
#ifndef CRFD_TESTS_TRIALTMP_IMPL_H
#define CRFD_TESTS_TRIALTMP_IMPL_H

#include <curl/curl.h>
#include <sys/types.h>

#include "tests/support/trialtmp.h"

struct process {
    pid_t pid;
    int port;
    char *folder, *config, *log;
};

struct trial {
    struct pgtmp *pg;
    char *folder, *certificate, *tls_key;
    char *superuser, *runtime;
    struct process crfd[2];
    int chosen;
    CURL *curl;
    struct private_key *keys[WHO_COUNT];
    bool other_study; /* chosen */
    bool has_other_study;
    bool other_opened;
    struct record_seen seen[2]; /* of each study */
    char *definition_sha256;
    char *vkey;
    char *settings;
    int scrub_pause;
    char *original, *original_folder; /* of trial_copy(): conninfo, state folder */
    unsigned copies;
};

const char *trial_slug(const struct trial *trial);
const char *trial_origin(const struct trial *trial);

struct trial_person {
    const char *id, *name, *role, *site;
};
extern const struct trial_person TRIAL_PEOPLE[WHO_COUNT];

__attribute__((noreturn, format(printf, 1, 2))) void trial_give_up(const char *format, ...);
void trial_must(status result, const struct err *err, const char *what);

#endif
