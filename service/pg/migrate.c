/* SPDX-License-Identifier: Apache-2.0 */
/*
** The runner uses one blocking connection and plain SQL. The advisory lock is the session's,
** so it covers all transactions.
*/
#include "service/pg/migrate.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>

#include "base/text.h"
#include "crypto/digest.h"
#include "service/pg/pg_private.h"

#define LOCK_KEY "7023614402" /* any number; only crfd-migrate uses it */
#define FILE_MAX ((size_t) 4 * 1024 * 1024)

struct file {
    char *name; /* without .sql */
    struct bytes sql;
    char sha256[DIGEST_HEX_SIZE];
    char applied_at[40]; /* "" when pending */
};

struct runner {
    const struct migrate_options *options;
    PGconn *conn;
    struct file *files;
    size_t count;
};

/* ---- the folder ---- */

static status read_sql(const char *path, struct bytes *sql, struct err *err)
{
    uint8_t buffer[65536];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "%s: %s", path, strerrordesc_np(errno));
    }
    for (size_t n;
         sql->size <= FILE_MAX && (n = fread(buffer, 1, sizeof(buffer), file)) > 0;) {
        bytes_add(sql, buffer, n);
    }
    bool good = ferror(file) == 0;
    (void) fclose(file);
    if (!good || sql->size == 0 || sql->size > FILE_MAX ||
        memchr(sql->data, '\0', sql->size) != NULL) {
        return FAIL(err, ERR_BAD_INPUT, "%s: not a readable SQL file", path);
    }
    return OK;
}

static int is_migration(const struct dirent *entry)
{
    const char *name = entry->d_name;
    size_t size = strlen(name);
    return size > 9 && isdigit((unsigned char) name[0]) != 0 &&
           strcmp(name + size - 4, ".sql") == 0;
}

static status add_file(struct runner *runner, const char *name, struct err *err)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    struct digest digest;
    char wanted[32];
    (void) snprintf(wanted, sizeof(wanted), "%04zu_", runner->count + 1);
    if (strncmp(name, wanted, 5) != 0) {
        return FAIL(err, ERR_BAD_INPUT, "%s/%s: the next file must be %s*.sql",
                    runner->options->folder, name, wanted);
    }
    runner->files = mem_grow(runner->files, runner->count + 1, sizeof(struct file));
    struct file *file = &runner->files[runner->count++];
    *file = (struct file){.name = mem_text(name)};
    file->name[strlen(name) - 4] = '\0';
    bytes_printf(&path, "%s/%s", runner->options->folder, name);
    TRY(read_sql(bytes_text(&path), &file->sql, err));
    digest_of(span_bytes(&file->sql), &digest);
    digest_to_hex(&digest, file->sha256);
    return OK;
}

static status read_folder(struct runner *runner, struct err *err)
{
    struct dirent **entries = NULL;
    int count = scandir(runner->options->folder, &entries, is_migration, alphasort);
    status read = count > 0 ? OK
                            : FAIL(err, ERR_BAD_INPUT, "%s: no migrations there",
                                   runner->options->folder);
    for (int i = 0; i < count; i++) {
        if (read == OK) {
            read = add_file(runner, entries[i]->d_name, err);
        }
        free(entries[i]);
    }
    free(entries);
    return read;
}

/* ---- SQL ---- */

static void result_clear(PGresult **result)
{
    PQclear(*result);
}

/* Run SQL with text parameters; *ret_result may be NULL when nobody wants it. WHAT names it
 * in errors. */
static status run(struct runner *runner, const char *what, const char *sql, int count,
                  const char *const *values, PGresult **ret_result, struct err *err)
{
    CLEANUP(result_clear)
    PGresult *result =
        count > 0 ? PQexecParams(runner->conn, sql, count, NULL, values, NULL, NULL, 0)
                  : PQexec(runner->conn, sql);
    ExecStatusType kind = PQresultStatus(result);
    if (kind != PGRES_COMMAND_OK && kind != PGRES_TUPLES_OK) {
        struct pg_statement statement = {.name = what};
        return pg_result_error(result, &statement, err);
    }
    if (ret_result != NULL) {
        *ret_result = TAKE(result);
    }
    return OK;
}

static status run_plain(struct runner *runner, const char *what, const char *sql,
                        struct err *err)
{
    return run(runner, what, sql, 0, NULL, NULL, err);
}

/* A question whose answer is yes or no. */
static status ask_bool(struct runner *runner, const char *what, const char *sql,
                       bool *ret_answer, struct err *err)
{
    CLEANUP(result_clear) PGresult *result = NULL;
    TRY(run(runner, what, sql, 0, NULL, &result, err));
    *ret_answer = PQntuples(result) == 1 && strcmp(PQgetvalue(result, 0, 0), "t") == 0;
    return OK;
}

static void ignore_notice(void *arg, const PGresult *result)
{
    (void) arg;
    (void) result;
}

static status connect_blocking(struct runner *runner, struct err *err)
{
    const char *const names[] = {"dbname", "client_encoding", "fallback_application_name",
                                 NULL};
    const char *const values[] = {runner->options->conninfo, "UTF8", "crfd-migrate", NULL};
    runner->conn = PQconnectdbParams(names, values, 1);
    if (PQstatus(runner->conn) != CONNECTION_OK) {
        return pg_connection_error(runner->conn, "connecting to PostgreSQL", err);
    }
    (void) PQsetNoticeReceiver(runner->conn, ignore_notice, NULL);
    if (PQserverVersion(runner->conn) < 150000) {
        return FAIL(err, ERR_CONFLICT, "PostgreSQL is version %d; crfd needs 15 or newer",
                    PQserverVersion(runner->conn) / 10000);
    }
    return run_plain(runner, "session",
                     "set lock_timeout = '2s'; set client_min_messages = warning;"
                     " set search_path = pg_catalog, pg_temp; set TimeZone = 'UTC';"
                     " set synchronous_commit = on",
                     err);
}

static status take_lock(struct runner *runner, struct err *err)
{
    status got = run_plain(runner, "lock", "select pg_advisory_lock(" LOCK_KEY ")", err);
    return got == ERR_BUSY ? FAIL(err, ERR_BUSY, "another crfd-migrate is at work") : got;
}

/* ---- roles and schema ---- */

static status make_roles(struct runner *runner, struct err *err)
{
    /* another database of the cluster may be making them at this moment */
    return run_plain(
        runner, "roles",
        "do $$ declare r text; begin"
        " foreach r in array array['crfd_owner','crfd_runtime','crfd_auditor']"
        " loop"
        "  if not exists (select from pg_roles where rolname = r) then"
        "   begin execute format('create role %I nologin', r);"
        "   exception when duplicate_object or unique_violation then null; end;"
        "  end if;"
        " end loop;"
        " if not pg_has_role(current_user, 'crfd_owner', case when"
        "   current_setting('server_version_num')::int >= 160000"
        "   then 'set' else 'member' end) then"
        "  execute format('grant crfd_owner to %I', current_user);"
        " end if; end $$",
        err);
}

static status make_schema(struct runner *runner, struct err *err)
{
    bool is_ours = false;
    TRY(run_plain(runner, "schema",
                  "create schema if not exists crfd authorization crfd_owner", err));
    TRY(ask_bool(runner, "schema",
                 "select nspowner = 'crfd_owner'::regrole from pg_namespace"
                 " where nspname = 'crfd'",
                 &is_ours, err));
    if (!is_ours) {
        return FAIL(err, ERR_CONFLICT, "the schema crfd belongs to another role");
    }
    return run_plain(runner, "rights on the database",
                     "do $$ begin execute format('grant connect on database %I to"
                     " crfd_runtime, crfd_auditor', current_database()); end $$",
                     err);
}

static status give_login(struct runner *runner, const char *login, const char *role,
                         struct err *err)
{
    static const char sql[] =
        "select set_config('crfd.login', $1, false), set_config('crfd.role', $2, false)";
    const char *const values[] = {login, role};
    if (login == NULL) {
        return OK;
    }
    TRY(run(runner, "login", sql, 2, values, NULL, err));
    return run_plain(runner, "login",
                     "do $$ declare l text := current_setting('crfd.login'); begin"
                     " if not exists (select from pg_roles where rolname = l) then"
                     "  execute format('create role %I login', l); end if;"
                     " execute format('grant %I to %I', current_setting('crfd.role'), l);"
                     " end $$",
                     err);
}

/* ---- versions ---- */

static status compare_version(struct runner *runner, const PGresult *applied, int row,
                              struct err *err)
{
    const char *number = PQgetvalue(applied, row, 0);
    uint64_t n = 0;
    if (!text_to_u64(span_text(number), INT32_MAX, &n) || n != (uint64_t) row + 1 ||
        n > runner->count) {
        return FAIL(err, ERR_CONFLICT,
                    "the database has schema version %s (%s), which is not in %s", number,
                    PQgetvalue(applied, row, 1), runner->options->folder);
    }
    struct file *file = &runner->files[row];
    if (strcmp(PQgetvalue(applied, row, 2), file->sha256) != 0) {
        return FAIL(err, ERR_CONFLICT, "%s.sql was changed after it was applied on %s",
                    file->name, PQgetvalue(applied, row, 3));
    }
    if (!text_copy(file->applied_at, sizeof(file->applied_at),
                   PQgetvalue(applied, row, 3))) {
        return FAIL(err, ERR_BUG, "PostgreSQL wrote a time of unknown form");
    }
    return OK;
}

static status compare_versions(struct runner *runner, struct err *err)
{
    CLEANUP(result_clear) PGresult *applied = NULL;
    bool exists = false;
    TRY(ask_bool(runner, "versions",
                 "select to_regclass('crfd.schema_version') is not null", &exists, err));
    if (!exists) {
        return OK;
    }
    TRY(run(
        runner, "versions",
        "select number, name, sha256, to_char(applied_at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
        " from crfd.schema_version order by number",
        0, NULL, &applied, err));
    for (int row = 0; row < PQntuples(applied); row++) {
        TRY(compare_version(runner, applied, row, err));
    }
    return OK;
}

static void report(const struct runner *runner, const struct file *file, const char *word)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    if (runner->options->report != NULL) {
        bytes_printf(&line, "%s %s", file->name, word);
        runner->options->report(runner->options->arg, bytes_text(&line));
    }
}

/* ---- one file ---- */

static status apply_in_transaction(struct runner *runner, const struct file *file,
                                   struct err *err)
{
    const char *const values[] = {file->name, file->name, file->sha256};
    TRY(run_plain(runner, file->name, "begin; set local role crfd_owner", err));
    TRY(run_plain(runner, file->name, bytes_text(&file->sql), err));
    if (PQtransactionStatus(runner->conn) != PQTRANS_INTRANS) {
        return FAIL(err, ERR_BAD_INPUT, "%s.sql must not end its own transaction",
                    file->name);
    }
    TRY(run(runner, file->name,
            "insert into crfd.schema_version (number, name, sha256)"
            " values (left($1, 4)::int, $2, $3)",
            3, values, NULL, err));
    return run_plain(runner, file->name, "commit", err);
}

static status apply(struct runner *runner, struct file *file, struct err *err)
{
    status applied = apply_in_transaction(runner, file, err);
    if (applied != OK) {
        (void) run_plain(runner, file->name, "rollback", NULL);
        return applied;
    }
    (void) text_copy(file->applied_at, sizeof(file->applied_at), "now");
    report(runner, file, "applied now");
    return OK;
}

static status apply_or_report(struct runner *runner, struct file *file, struct err *err)
{
    CLEANUP(bytes_done) struct bytes word = {0};
    if (file->applied_at[0] != '\0') {
        bytes_printf(&word, "applied %s", file->applied_at);
        report(runner, file, bytes_text(&word));
    } else if (runner->options->only_status) {
        report(runner, file, "pending");
    } else {
        return apply(runner, file, err);
    }
    return OK;
}

static status migrate(struct runner *runner, struct err *err)
{
    bool changes = !runner->options->only_status;
    TRY(read_folder(runner, err));
    TRY(connect_blocking(runner, err));
    if (changes) {
        TRY(take_lock(runner, err));
    }
    TRY(compare_versions(runner, err));
    if (changes) {
        TRY(make_roles(runner, err));
        TRY(make_schema(runner, err));
    }
    for (size_t i = 0; i < runner->count; i++) {
        TRY(apply_or_report(runner, &runner->files[i], err));
    }
    if (changes) {
        TRY(give_login(runner, runner->options->runtime_login, "crfd_runtime", err));
        TRY(give_login(runner, runner->options->auditor_login, "crfd_auditor", err));
    }
    return OK;
}

static size_t count_pending(const struct runner *runner)
{
    size_t pending = 0;
    for (size_t i = 0; i < runner->count; i++) {
        pending += runner->files[i].applied_at[0] == '\0';
    }
    return pending;
}

static void runner_done(struct runner *runner)
{
    for (size_t i = 0; i < runner->count; i++) {
        free(runner->files[i].name);
        bytes_done(&runner->files[i].sql);
    }
    free(runner->files);
    PQfinish(runner->conn); /* and with it the advisory lock */
}

status migrate_run(const struct migrate_options *options, size_t *ret_pending,
                   struct err *err)
{
    CLEANUP(runner_done) struct runner runner = {.options = options};
    TRY(migrate(&runner, err));
    *ret_pending = count_pending(&runner);
    return OK;
}
