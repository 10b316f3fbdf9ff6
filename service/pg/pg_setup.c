/* SPDX-License-Identifier: Apache-2.0 */
/*
** What a connection must be before it is used. Session settings are made here; what only an
** administrator can set is checked, and refused with the sentence that says what to change.
*/
#include <arpa/inet.h>
#include <inttypes.h>

#include "base/text.h"
#include "service/pg/pg_private.h"
#include "service/pg/schema_check.h"

#define OLDEST_SERVER 150000

static const struct pg_statement SET_SESSION = {
    .name = "set session",
    .sql = "select set_config('statement_timeout', $1, false),"
           " set_config('lock_timeout', $2, false),"
           " set_config('idle_in_transaction_session_timeout', $3, false),"
           " set_config('TimeZone', 'UTC', false),"
           " set_config('search_path', 'pg_catalog, crfd, pg_temp', false),"
           " set_config('default_transaction_isolation', 'read committed', false)",
    .takes = {PG_TEXT, PG_TEXT, PG_TEXT},
    .unprepared = true};

static const struct pg_statement READ_SETTINGS = {
    .name = "read settings",
    .sql =
        "select n, current_setting(n) from unnest($1) with ordinality u(n, o) order by o",
    .takes = {PG_TEXT_ARRAY},
    .gives = {PG_TEXT, PG_TEXT},
    .unprepared = true};

static const struct pg_statement READ_CLOCK = {.name = "read clock",
                                               .sql = "select clock_timestamp()",
                                               .gives = {PG_TIME},
                                               .unprepared = true};

enum setup_row { ROW_SET, ROW_SETTINGS, ROW_CLOCK, ROW_SCHEMA };

enum excuse { NO_EXCUSE, EXCUSE_FSYNC, EXCUSE_CHECKSUMS };

static const struct rule {
    const char *setting, *wanted, *or_wanted;
    enum excuse excuse;
} rules[] = {
    {"server_encoding", "UTF8", NULL, NO_EXCUSE},
    {"client_encoding", "UTF8", NULL, NO_EXCUSE},
    {"TimeZone", "UTC", NULL, NO_EXCUSE},
    {"standard_conforming_strings", "on", NULL, NO_EXCUSE},
    {"synchronous_commit", "on", "remote_apply", NO_EXCUSE},
    {"fsync", "on", NULL, EXCUSE_FSYNC},
    {"full_page_writes", "on", NULL, EXCUSE_FSYNC},
    {"data_checksums", "on", NULL, EXCUSE_CHECKSUMS},
};

static void put_milliseconds(struct pg_batch *batch, instant limit)
{
    char text[32];
    int size = snprintf(text, sizeof(text), "%" PRId64, limit / (SECOND / 1000));
    pg_put_text(batch, span_of(text, (size_t) size));
}

struct pg_batch *pg_setup_settings(const struct pg_options *options)
{
    struct pg_batch *batch = pg_batch_new();
    pg_batch_add(batch, &SET_SESSION);
    put_milliseconds(batch, options->statement_limit);
    put_milliseconds(batch, options->lock_limit);
    put_milliseconds(batch, options->idle_limit);
    pg_batch_add(batch, &READ_SETTINGS);
    pg_array_begin(batch);
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        pg_put_text(batch, span_text(rules[i].setting));
    }
    pg_put_text(batch, SPAN_LITERAL("server_version_num"));
    pg_array_end(batch);
    pg_batch_add(batch, &READ_CLOCK);
    if (options->check_schema) {
        pg_batch_add(batch, &SCHEMA_VERSIONS);
    }
    return batch;
}

struct pg_batch *pg_setup_prepare(const struct pg_options *options)
{
    static const struct pg_statement *const always[] = {&PG_BEGIN, &PG_BEGIN_READ,
                                                        &PG_COMMIT, &PG_ROLLBACK, &PG_NOW};
    struct pg_batch *batch = pg_batch_new();
    for (size_t i = 0; i < ARRAY_LEN(always); i++) {
        pg_batch_add_prepare(batch, always[i]);
    }
    for (size_t i = 0; i < options->statement_count; i++) {
        if (!options->statements[i]->unprepared) {
            pg_batch_add_prepare(batch, options->statements[i]);
        }
    }
    return batch;
}

static bool is_excused(const struct rule *rule, const struct pg_options *options)
{
    return (rule->excuse == EXCUSE_FSYNC && options->allow_no_fsync) ||
           (rule->excuse == EXCUSE_CHECKSUMS && options->allow_no_checksums);
}

static status judge_settings(const struct pg_options *options, const struct pg_rows *rows,
                             struct err *err)
{
    if (pg_rows_count(rows) != ARRAY_LEN(rules) + 1) {
        return FAIL(err, ERR_BUG, "PostgreSQL did not tell its settings");
    }
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        const struct rule *rule = &rules[i];
        struct span is = pg_text(rows, i, 1);
        if (!span_is(is, rule->wanted) &&
            (rule->or_wanted == NULL || !span_is(is, rule->or_wanted)) &&
            !is_excused(rule, options)) {
            return FAIL(err, ERR_REJECTED, "PostgreSQL has %s = %.*s; crfd needs %s",
                        rule->setting, (int) is.size, (const char *) is.data, rule->wanted);
        }
    }
    uint64_t version = 0;
    if (!text_to_u64(pg_text(rows, ARRAY_LEN(rules), 1), INT32_MAX, &version) ||
        version < OLDEST_SERVER) {
        return FAIL(err, ERR_REJECTED,
                    "PostgreSQL is version %" PRIu64 "; crfd needs 15 or newer",
                    version / 10000);
    }
    return OK;
}

static status judge_failure(const struct pg_answer *answer, struct err *err)
{
    if (answer->failed == ROW_SCHEMA) {
        return FAIL(err, ERR_CONFLICT,
                    "the schema of crfd cannot be read (SQLSTATE %s): run crfd-migrate",
                    answer->err->sqlstate);
    }
    if (err != NULL) {
        *err = *answer->err;
    }
    return answer->status;
}

status pg_setup_judge(const struct pg_options *options, const struct pg_answer *answer,
                      instant sent, instant received, instant *ret_clock_difference,
                      struct err *err)
{
    if (answer->status != OK) {
        return judge_failure(answer, err);
    }
    TRY(judge_settings(options, answer->rows[ROW_SETTINGS], err));
    if (pg_rows_count(answer->rows[ROW_CLOCK]) != 1) {
        return FAIL(err, ERR_BUG, "PostgreSQL did not tell the time");
    }
    if (options->check_schema) {
        TRY(schema_check(answer->rows[ROW_SCHEMA], err));
    }
    *ret_clock_difference =
        pg_time(answer->rows[ROW_CLOCK], 0, 0) - (sent + (received - sent) / 2);
    return OK;
}

/* ---- conninfo ---- */

static bool is_address(struct span host)
{
    char text[INET6_ADDRSTRLEN + 1];
    uint8_t address[16];
    if (host.size == 0 || host.data[0] == '/' || host.data[0] == '@') {
        return true; /* the default, or a UNIX socket */
    }
    if (host.size >= sizeof(text)) {
        return false;
    }
    memcpy(text, host.data, host.size);
    text[host.size] = '\0';
    return inet_pton(AF_INET, text, address) == 1 ||
           inet_pton(AF_INET6, text, address) == 1;
}

static const char *option_value(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword != NULL; options++) {
        if (strcmp(options->keyword, keyword) == 0) {
            return options->val != NULL ? options->val : "";
        }
    }
    return "";
}

static status check_hosts(const PQconninfoOption *options, struct err *err)
{
    struct span rest = span_text(option_value(options, "host"));
    struct span host;
    if (option_value(options, "hostaddr")[0] != '\0') {
        return OK;
    }
    for (bool more = true; more;) {
        more = span_cut(&rest, ',', &host);
        if (!is_address(more ? host : rest)) {
            return FAIL(err, ERR_BAD_INPUT,
                        "the database host is given by name; looking it up would stop the "
                        "service: add hostaddr=ADDRESS");
        }
    }
    return OK;
}

status pg_conninfo_check(const char *conninfo, struct err *err)
{
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &message);
    if (options == NULL) {
        /* libpq's message quotes what it read, which may be a password */
        PQfreemem(message);
        return FAIL(err, ERR_BAD_INPUT, "the database conninfo cannot be read by libpq");
    }
    status checked = check_hosts(options, err);
    PQconninfoFree(options);
    return checked;
}
