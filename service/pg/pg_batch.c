/* SPDX-License-Identifier: Apache-2.0 */
/*
** Parameters in PostgreSQL's binary form, built in one buffer as they are put; offsets, not
** pointers, because the buffer moves. This is the only place that knows the form of arrays:
** dimensions, has-null, element type, length, lower bound, then (size, bytes) for each.
*/
#include <endian.h>

#include "service/pg/pg_private.h"

#define POSTGRES_EPOCH ((instant) 946684800 * SECOND) /* 2000-01-01 */
#define PARAMETER_MAX  ((size_t) 0x3fffffff)          /* PostgreSQL's own limit, 1 GB */
#define ARRAY_HAS_NULL 4                              /* offsets in the array's head */
#define ARRAY_LENGTH   12

const struct pg_statement PG_BEGIN = {.name = "begin",
                                      .sql = "begin isolation level read committed"};
const struct pg_statement PG_BEGIN_READ = {
    .name = "begin read", .sql = "begin isolation level repeatable read, read only"};
const struct pg_statement PG_COMMIT = {.name = "commit", .sql = "commit"};
const struct pg_statement PG_ROLLBACK = {.name = "rollback", .sql = "rollback"};
const struct pg_statement PG_NOW = {
    .name = "now", .sql = "select clock_timestamp()", .gives = {PG_TIME}};

const struct pg_type_info *pg_type_info(enum pg_type type)
{
    static const struct pg_type_info infos[PG_ARRAY] = {
        [PG_BOOL] = {16, 1000, 1},   [PG_INT4] = {23, 1007, 4},
        [PG_INT8] = {20, 1016, 8},   [PG_TEXT] = {25, 1009, -1},
        [PG_BYTEA] = {17, 1001, -1}, [PG_TIME] = {1184, 1185, 8},
        [PG_UUID] = {2950, 2951, 16}};
    const struct pg_type_info *info = &infos[(unsigned) type & (PG_ARRAY - 1u)];
    BUG_IF(info->oid == 0);
    return info;
}

Oid pg_type_oid(enum pg_type type)
{
    const struct pg_type_info *info = pg_type_info(type);
    return ((unsigned) type & PG_ARRAY) != 0 ? info->array_oid : info->oid;
}

size_t pg_type_count(const enum pg_type *list)
{
    size_t count = 0;
    while (list[count] != PG_NONE) {
        count++;
    }
    return count;
}

struct pg_batch *pg_batch_new(void)
{
    return mem_alloc(sizeof(struct pg_batch));
}

void pg_batch_free(struct pg_batch *batch)
{
    if (batch != NULL) {
        bytes_wipe(&batch->data); /* it held what patients told */
        free(batch->parameters);
        free(batch->calls);
        free(batch);
    }
}

static size_t parameters_of(const struct pg_batch *batch, size_t at)
{
    size_t end =
        at + 1 < batch->call_count ? batch->calls[at + 1].first : batch->parameter_count;
    return end - batch->calls[at].first;
}

static void check_complete(const struct pg_batch *batch)
{
    BUG_IF(batch->in_array);
    if (batch->call_count > 0) {
        const struct pg_call *last = &batch->calls[batch->call_count - 1];
        BUG_IF(!last->prepare && parameters_of(batch, batch->call_count - 1) !=
                                     pg_type_count(last->statement->takes));
    }
}

static void add_call(struct pg_batch *batch, const struct pg_statement *statement,
                     bool prepare)
{
    check_complete(batch);
    if (batch->call_count == batch->call_capacity) {
        batch->call_capacity = batch->call_capacity > 0 ? batch->call_capacity * 2 : 8;
        batch->calls =
            mem_grow(batch->calls, batch->call_capacity, sizeof(batch->calls[0]));
    }
    batch->calls[batch->call_count++] =
        (struct pg_call){statement, batch->parameter_count, prepare};
}

void pg_batch_add(struct pg_batch *batch, const struct pg_statement *statement)
{
    add_call(batch, statement, false);
}

void pg_batch_add_prepare(struct pg_batch *batch, const struct pg_statement *statement)
{
    add_call(batch, statement, true);
}

bool pg_batch_may_commit(const struct pg_batch *batch, bool in_transaction)
{
    for (size_t i = 0; i < batch->call_count; i++) {
        const struct pg_statement *statement = batch->calls[i].statement;
        if (statement == &PG_BEGIN || statement == &PG_BEGIN_READ) {
            in_transaction = true;
        } else if (statement == &PG_ROLLBACK) {
            in_transaction = false;
        } else if (statement == &PG_COMMIT || !in_transaction) {
            return true;
        }
    }
    return false;
}

/* ---- parameters ---- */

static void put_u32(struct bytes *bytes, uint32_t value)
{
    uint32_t wire = htobe32(value);
    bytes_add(bytes, &wire, sizeof(wire));
}

static void patch_u32(struct bytes *bytes, size_t offset, uint32_t value)
{
    uint32_t wire = htobe32(value);
    memcpy(bytes->data + offset, &wire, sizeof(wire));
}

/* The declared type of the parameter that comes next. */
static enum pg_type next_type(const struct pg_batch *batch)
{
    BUG_IF(batch->call_count == 0);
    size_t at = batch->call_count - 1;
    enum pg_type type = batch->calls[at].statement->takes[parameters_of(batch, at)];
    BUG_IF(type == PG_NONE); /* one parameter too many */
    return type;
}

static struct pg_parameter *add_parameter(struct pg_batch *batch)
{
    if (batch->parameter_count == batch->parameter_capacity) {
        batch->parameter_capacity =
            batch->parameter_capacity > 0 ? batch->parameter_capacity * 2 : 32;
        batch->parameters = mem_grow(batch->parameters, batch->parameter_capacity,
                                     sizeof(batch->parameters[0]));
    }
    struct pg_parameter *parameter = &batch->parameters[batch->parameter_count++];
    *parameter = (struct pg_parameter){.offset = batch->data.size};
    return parameter;
}

static void put_value(struct pg_batch *batch, enum pg_type type, const void *data,
                      size_t size)
{
    BUG_IF(size > PARAMETER_MAX);
    enum pg_type declared = next_type(batch);
    if (batch->in_array) {
        BUG_IF(declared != (enum pg_type)((unsigned) type | PG_ARRAY));
        put_u32(&batch->data, (uint32_t) size);
        batch->array_count++;
    } else {
        BUG_IF(declared != type);
        add_parameter(batch)->size = (int) size;
    }
    bytes_add(&batch->data, data, size);
}

void pg_put_null(struct pg_batch *batch)
{
    if (batch->in_array) {
        put_u32(&batch->data, UINT32_MAX);
        batch->array_count++;
        batch->array_has_null = true;
    } else {
        (void) next_type(batch);
        add_parameter(batch)->is_null = true;
    }
}

void pg_put_bool(struct pg_batch *batch, bool value)
{
    uint8_t wire = value ? 1 : 0;
    put_value(batch, PG_BOOL, &wire, sizeof(wire));
}

void pg_put_int4(struct pg_batch *batch, int32_t value)
{
    uint32_t wire = htobe32((uint32_t) value);
    put_value(batch, PG_INT4, &wire, sizeof(wire));
}

void pg_put_int8(struct pg_batch *batch, int64_t value)
{
    uint64_t wire = htobe64((uint64_t) value);
    put_value(batch, PG_INT8, &wire, sizeof(wire));
}

void pg_put_text(struct pg_batch *batch, struct span text)
{
    put_value(batch, PG_TEXT, text.data, text.size);
}

void pg_put_bytea(struct pg_batch *batch, struct span data)
{
    put_value(batch, PG_BYTEA, data.data, data.size);
}

void pg_put_time(struct pg_batch *batch, instant at)
{
    uint64_t wire = htobe64((uint64_t) (at - POSTGRES_EPOCH));
    put_value(batch, PG_TIME, &wire, sizeof(wire));
}

void pg_put_uuid(struct pg_batch *batch, const uint8_t uuid[16])
{
    put_value(batch, PG_UUID, uuid, 16);
}

void pg_array_begin(struct pg_batch *batch)
{
    enum pg_type type = next_type(batch);
    BUG_IF(batch->in_array || ((unsigned) type & PG_ARRAY) == 0);
    batch->in_array = true;
    batch->array_has_null = false;
    batch->array_count = 0;
    batch->array_offset = batch->data.size;
    put_u32(&batch->data, 1);                       /* dimensions */
    put_u32(&batch->data, 0);                       /* has null, patched */
    put_u32(&batch->data, pg_type_info(type)->oid); /* of the elements */
    put_u32(&batch->data, 0);                       /* length, patched */
    put_u32(&batch->data, 1);                       /* lower bound */
}

void pg_array_end(struct pg_batch *batch)
{
    BUG_IF(!batch->in_array);
    size_t offset = batch->array_offset;
    size_t size = batch->data.size - offset;
    BUG_IF(size > PARAMETER_MAX);
    patch_u32(&batch->data, offset + ARRAY_HAS_NULL, batch->array_has_null ? 1 : 0);
    patch_u32(&batch->data, offset + ARRAY_LENGTH, (uint32_t) batch->array_count);
    batch->in_array = false;
    struct pg_parameter *parameter = add_parameter(batch);
    parameter->offset = offset;
    parameter->size = (int) size;
}

/* ---- to libpq ---- */

static bool send_prepare(const struct pg_statement *statement, PGconn *conn)
{
    Oid oids[PG_TAKES_MAX];
    size_t count = pg_type_count(statement->takes);
    for (size_t i = 0; i < count; i++) {
        oids[i] = pg_type_oid(statement->takes[i]);
    }
    return PQsendPrepare(conn, statement->name, statement->sql, (int) count, oids) == 1;
}

bool pg_batch_send(const struct pg_batch *batch, size_t at, PGconn *conn)
{
    const struct pg_call *call = &batch->calls[at];
    const struct pg_statement *statement = call->statement;
    if (call->prepare) {
        return send_prepare(statement, conn);
    }
    check_complete(batch);
    const char *values[PG_TAKES_MAX];
    int sizes[PG_TAKES_MAX];
    int formats[PG_TAKES_MAX];
    Oid oids[PG_TAKES_MAX];
    size_t count = pg_type_count(statement->takes);
    for (size_t i = 0; i < count; i++) {
        const struct pg_parameter *parameter = &batch->parameters[call->first + i];
        const char *data = bytes_text(&batch->data) + parameter->offset;
        values[i] = parameter->is_null ? NULL : data;
        sizes[i] = parameter->size;
        formats[i] = 1;
        oids[i] = pg_type_oid(statement->takes[i]);
    }
    if (statement->unprepared) {
        return PQsendQueryParams(conn, statement->sql, (int) count, oids, values, sizes,
                                 formats, 1) == 1;
    }
    return PQsendQueryPrepared(conn, statement->name, (int) count, values, sizes, formats,
                               1) == 1;
}
