/* SPDX-License-Identifier: Apache-2.0 */
#include "service/pg/schema_check.h"

#include "schema_known.h" /* made by CMake from migrations/ */

static const struct schema_version known[] = {SCHEMA_KNOWN};

const struct pg_statement SCHEMA_VERSIONS = {
    .name = "schema versions",
    .sql = "select number, name, sha256 from crfd.schema_version order by number",
    .gives = {PG_INT4, PG_TEXT, PG_TEXT},
    .unprepared = true};

const struct schema_version *schema_known(size_t *ret_count)
{
    *ret_count = ARRAY_LEN(known);
    return known;
}

status schema_check(const struct pg_rows *rows, struct err *err)
{
    size_t count = pg_rows_count(rows);
    for (size_t i = 0; i < count; i++) {
        int32_t number = pg_int4(rows, i, 0);
        if (i >= ARRAY_LEN(known) || number != known[i].number) {
            return FAIL(err, ERR_CONFLICT,
                        "the database has schema version %d, which this program does not "
                        "know: install a newer crfd",
                        number);
        }
        if (!span_is(pg_text(rows, i, 2), known[i].sha256)) {
            return FAIL(err, ERR_CONFLICT,
                        "schema version %d of the database was made by another file %s.sql "
                        "than this program knows",
                        number, known[i].name);
        }
    }
    if (count < ARRAY_LEN(known)) {
        return FAIL(err, ERR_CONFLICT,
                    "the database has schema version %zu of %zu: run crfd-migrate", count,
                    ARRAY_LEN(known));
    }
    return OK;
}
