/* SPDX-License-Identifier: Apache-2.0 */
/*
** schema_check: does the database have exactly the schema this program was built for?
**
** The numbers, names and SHA-256 of migrations/ are compiled in. A pool with `check_schema`
** compares them at every connect with crfd.schema_version, so a database that was migrated
** further, less far, or by other files is not written to.
*/
#ifndef CRFD_SERVICE_PG_SCHEMA_CHECK_H
#define CRFD_SERVICE_PG_SCHEMA_CHECK_H

#include "service/pg/pg.h"

struct schema_version {
    int32_t number;
    const char *name;   /* "0001_log", the file without .sql */
    const char *sha256; /* of the file, hex */
};

/* The versions compiled in, in order from number 1. */
const struct schema_version *schema_known(size_t *ret_count);

/* Gives number, name, sha256 of the database in order. */
extern const struct pg_statement SCHEMA_VERSIONS;

/* Judge SCHEMA_VERSIONS' rows. ERR_CONFLICT, and what to do, for anything but equality. */
MUST_USE status schema_check(const struct pg_rows *rows, struct err *err);

#endif
