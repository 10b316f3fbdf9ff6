/* SPDX-License-Identifier: Apache-2.0 */
/*
** config: every setting of crfd, in one table (config.c) from which the file reader, the
** environment (CRFD_<NAME>), `crfd --example-config` and the manual come.
*/
#ifndef CRFD_SERVICE_CONFIG_H
#define CRFD_SERVICE_CONFIG_H

#include "base/settings.h"

struct config {
    struct setting_list listen, public_url, study, adopt_log;
    const char *operator_listen;
    const char *tls_certificate, *tls_key;
    const char *database;
    const char *state_folder;
    const char *log_level;
    int64_t workers, worker_queue, queue, batch, database_writers, database_readers,
        database_streams;
    int64_t connections, connections_per_address, connects_per_minute, requests_per_minute,
        first_contacts_per_minute;
    int64_t blob_mebibytes, casebook_mebibytes;
    const char *notify_command;
    int64_t notify_hours;
    int64_t answer_seconds, drain_seconds, scrub_milliseconds;
    bool unsafe_database; /* tests only: accepts fsync off */
};

extern const struct setting CONFIG[];

/* Read FILE (NULL: none) and the environment; everything in ARENA. */
MUST_USE status config_load(const char *file, struct arena *arena,
                            struct config *ret_config, struct err *err);

/* One `study` setting, "slug origin founder". */
struct config_study {
    const char *slug, *origin, *founder;
};
MUST_USE status config_study_parse(const char *text, struct arena *arena,
                                   struct config_study *ret_study, struct err *err);

#endif
