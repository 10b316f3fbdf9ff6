/* SPDX-License-Identifier: Apache-2.0 */
/*
** Results are judged once, when they arrive: number and types of the columns, sizes of every
** value. So the accessors need no error path, and a database whose tables were changed
** behind our back gives an error and not a misread number.
**
** Error texts: PostgreSQL's primary message may quote a value (22P02 does), so it is passed
** on only for classes whose messages speak of names and circumstances.
*/
#include <endian.h>

#include "base/text.h"
#include "service/pg/pg_private.h"

#define POSTGRES_EPOCH ((instant) 946684800 * SECOND) /* 2000-01-01 */

static status check_columns(const struct pg_rows *rows, struct err *err)
{
    const enum pg_type *gives = rows->statement->gives;
    int count = (int) pg_type_count(gives);
    if (PQnfields(rows->result) != count) {
        return FAIL(err, ERR_BUG, "statement %s: %d columns came, %d are declared",
                    rows->statement->name, PQnfields(rows->result), count);
    }
    for (int i = 0; i < count; i++) {
        if (PQftype(rows->result, i) != pg_type_oid(gives[i]) ||
            PQfformat(rows->result, i) != 1) {
            return FAIL(err, ERR_BUG, "statement %s: column %d came as type %u",
                        rows->statement->name, i + 1, PQftype(rows->result, i));
        }
    }
    return OK;
}

static status check_sizes(const struct pg_rows *rows, int column, int size, struct err *err)
{
    for (int row = 0; row < PQntuples(rows->result); row++) {
        if (PQgetisnull(rows->result, row, column) == 0 &&
            PQgetlength(rows->result, row, column) != size) {
            return FAIL(err, ERR_BUG, "statement %s: column %d has %d bytes",
                        rows->statement->name, column + 1,
                        PQgetlength(rows->result, row, column));
        }
    }
    return OK;
}

status pg_rows_check(const struct pg_rows *rows, struct err *err)
{
    const enum pg_type *gives = rows->statement->gives;
    if (gives[0] == PG_NONE) {
        return OK; /* `select f()` of a void function: nobody can read its column */
    }
    TRY(check_columns(rows, err));
    for (int i = 0; gives[i] != PG_NONE; i++) {
        int size = pg_type_info(gives[i])->size;
        if (size >= 0) {
            TRY(check_sizes(rows, i, size, err));
        }
    }
    return OK;
}

/* ---- reading ---- */

size_t pg_rows_count(const struct pg_rows *rows)
{
    return (size_t) PQntuples(rows->result);
}

size_t pg_rows_affected(const struct pg_rows *rows)
{
    uint64_t count = 0;
    (void) text_to_u64(span_text(PQcmdTuples(rows->result)), SIZE_MAX, &count);
    return (size_t) count;
}

static const char *value(const struct pg_rows *rows, size_t row, size_t column,
                         enum pg_type type)
{
    BUG_IF(row >= pg_rows_count(rows));
    BUG_IF(column >= pg_type_count(rows->statement->gives));
    BUG_IF(rows->statement->gives[column] != type);
    return PQgetvalue(rows->result, (int) row, (int) column);
}

static struct span value_span(const struct pg_rows *rows, size_t row, size_t column,
                              enum pg_type type)
{
    const char *data = value(rows, row, column, type);
    return span_of(data, (size_t) PQgetlength(rows->result, (int) row, (int) column));
}

static uint64_t value_u64(const struct pg_rows *rows, size_t row, size_t column,
                          enum pg_type type)
{
    uint64_t wire = 0;
    struct span span = value_span(rows, row, column, type);
    memcpy(&wire, span.data, span.size); /* 8 by pg_rows_check; 0 for NULL */
    return be64toh(wire);
}

bool pg_is_null(const struct pg_rows *rows, size_t row, size_t column)
{
    BUG_IF(row >= pg_rows_count(rows));
    BUG_IF(column >= pg_type_count(rows->statement->gives));
    return PQgetisnull(rows->result, (int) row, (int) column) == 1;
}

bool pg_bool(const struct pg_rows *rows, size_t row, size_t column)
{
    struct span span = value_span(rows, row, column, PG_BOOL);
    return span.size == 1 && span.data[0] != 0;
}

int32_t pg_int4(const struct pg_rows *rows, size_t row, size_t column)
{
    uint32_t wire = 0;
    struct span span = value_span(rows, row, column, PG_INT4);
    memcpy(&wire, span.data, span.size);
    return (int32_t) be32toh(wire);
}

int64_t pg_int8(const struct pg_rows *rows, size_t row, size_t column)
{
    return (int64_t) value_u64(rows, row, column, PG_INT8);
}

struct span pg_text(const struct pg_rows *rows, size_t row, size_t column)
{
    return value_span(rows, row, column, PG_TEXT);
}

struct span pg_bytea(const struct pg_rows *rows, size_t row, size_t column)
{
    return value_span(rows, row, column, PG_BYTEA);
}

struct span pg_uuid(const struct pg_rows *rows, size_t row, size_t column)
{
    return value_span(rows, row, column, PG_UUID);
}

instant pg_time(const struct pg_rows *rows, size_t row, size_t column)
{
    if (pg_is_null(rows, row, column)) {
        return 0;
    }
    int64_t at = (int64_t) value_u64(rows, row, column, PG_TIME);
    if (at == INT64_MAX || at == INT64_MIN || at > INT64_MAX - POSTGRES_EPOCH) {
        return at < 0 ? INT64_MIN : INT64_MAX; /* infinity */
    }
    return at + POSTGRES_EPOCH;
}

/* ---- errors ---- */

static status kind_of(const char *sqlstate)
{
    static const struct {
        const char *sqlstate; /* or its class, two characters */
        status kind;
    } kinds[] = {
        {"23505", ERR_CONFLICT},    {"CR001", ERR_CONFLICT}, {"40001", ERR_BUSY},
        {"40P01", ERR_BUSY},        {"55P03", ERR_BUSY},     {"08", ERR_UNAVAILABLE},
        {"25P03", ERR_UNAVAILABLE}, {"28", ERR_UNAVAILABLE}, {"3D", ERR_UNAVAILABLE},
        {"53", ERR_UNAVAILABLE},    {"57", ERR_UNAVAILABLE}, {"58", ERR_UNAVAILABLE},
    };
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (strncmp(sqlstate, kinds[i].sqlstate, strlen(kinds[i].sqlstate)) == 0) {
            return kinds[i].kind;
        }
    }
    return ERR_BUG; /* lint: the caller makes the error of it */
}

/* May the primary message of this class be shown? It names objects or circumstances. */
static bool is_speakable(const char *sqlstate)
{
    static const char *const classes[] = {"08", "0A", "25", "26", "28", "34", "3D",
                                          "40", "42", "53", "55", "57", "58", "CR"};
    for (size_t i = 0; i < ARRAY_LEN(classes); i++) {
        if (strncmp(sqlstate, classes[i], 2) == 0) {
            return true;
        }
    }
    return false;
}

static const char *field(const PGresult *result, int code, const char *otherwise)
{
    const char *text = PQresultErrorField(result, code);
    return text != NULL ? text : otherwise;
}

status pg_result_error(const PGresult *result, const struct pg_statement *statement,
                       struct err *err)
{
    const char *sqlstate = field(result, PG_DIAG_SQLSTATE, "");
    if (sqlstate[0] == '\0') {
        return FAIL(err, ERR_UNAVAILABLE, "statement %s: the connection was lost",
                    statement->name);
    }
    const char *constraint = field(result, PG_DIAG_CONSTRAINT_NAME, "");
    const char *message = is_speakable(sqlstate)
                              ? field(result, PG_DIAG_MESSAGE_PRIMARY, "no message")
                              : "refused by PostgreSQL";
    status kind = FAIL(err, kind_of(sqlstate), "statement %s: %s%s%s (SQLSTATE %.5s)",
                       statement->name, message, constraint[0] != '\0' ? " by " : "",
                       constraint, sqlstate);
    if (err != NULL) {
        (void) text_copy(err->sqlstate, sizeof(err->sqlstate), sqlstate);
    }
    return kind;
}

status pg_connection_error(const PGconn *conn, const char *doing, struct err *err)
{
    const char *message = PQerrorMessage(conn);
    int size = (int) strcspn(message, "\n");
    return FAIL(err, ERR_UNAVAILABLE, "%s: %.*s", doing, size > 0 ? size : 11,
                size > 0 ? message : "no response");
}
