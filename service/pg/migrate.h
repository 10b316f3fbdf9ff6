/* SPDX-License-Identifier: Apache-2.0 */
/*
** migrate: bring a database's schema forward. Blocking; for crfd-migrate and tests, never for
** the service.
**
** Files NNNN_name.sql of one folder, numbered from 0001 without gaps, each run in a
** transaction of its own as the role crfd_owner and noted in crfd.schema_version with its
** SHA-256. Forward only. Refused, with nothing changed: a database that has a version the
** folder has not, a file that differs from what was applied, a second runner (advisory lock),
** a schema crfd that somebody else owns. No lock is waited for longer than 2 seconds.
**
** Makes the roles crfd_owner, crfd_runtime and crfd_auditor (NOLOGIN) when they are missing,
** so the login of `conninfo` must be a superuser, or have CREATEROLE and CREATE on the
** database.
*/
#ifndef CRFD_SERVICE_PG_MIGRATE_H
#define CRFD_SERVICE_PG_MIGRATE_H

#include "base/bytes.h"

struct migrate_options {
    const char *conninfo;
    const char *folder;
    const char *runtime_login; /* made without password when missing, given crfd_runtime */
    const char *auditor_login; /* the same with crfd_auditor. Both may be NULL */
    bool only_status;          /* change nothing, report applied and pending */
    void (*report)(void *arg, const char *line); /* one for each file; may be NULL */
    void *arg;
};

/* *ret_pending: files not applied when it returned (0 after a run). ERR_BAD_INPUT: folder or
 * conninfo; ERR_BUSY: another runs, or a lock was not had; ERR_UNAVAILABLE: no database;
 * ERR_CONFLICT: database and folder do not belong together; ERR_BUG: a file failed. What was
 * applied before stays. */
MUST_USE status migrate_run(const struct migrate_options *options, size_t *ret_pending,
                            struct err *err);

#endif
