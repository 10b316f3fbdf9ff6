/* SPDX-License-Identifier: Apache-2.0 */
/*
** What a connection must be before it is used, and what the pool says when it is not.
*/
#include "service/pg/schema_check.h"
#include "tests/flow/pg_scene.h"

struct pgtmp *cluster;

/* Open the pool, wait until it is refused, and look for WORDS in the reason. */
static void expect_refused(struct scene *s, status kind, const char *words)
{
    scene_open(s);
    scene_wait_down(s);
    const struct err *why = pg_pool_error(s->pool);
    if (why->kind != kind || strstr(why->what, words) == NULL) {
        fail_msg("%s: %s", status_name(why->kind), why->what);
    }
    assert_int_equal(s->changes, 0);
}

static const struct refused_row {
    const char *name;
    const char *sql; /* run first; %s is the database */
    const char *words;
    bool is_strict; /* without the excuses of tests */
} refused_rows[] = {
    {"fsync off is refused unless a test says otherwise", NULL, "fsync = off", true},
    {"synchronous_commit off is refused", "alter database %s set synchronous_commit = off",
     "synchronous_commit = off; crfd needs on", false},
    {"synchronous_commit local is refused",
     "alter database %s set synchronous_commit = local", "synchronous_commit = local",
     false},
    {"standard_conforming_strings off is refused",
     "alter database %s set standard_conforming_strings = off",
     "standard_conforming_strings = off", false},
};

static void run_on_database(const struct scene *s, const char *sql)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(mem_freep) char *name = pgtmp_must(s->admin, "select current_database()");
    const char *hole = strstr(sql, "%s");
    bytes_add(&text, sql, (size_t) (hole - sql));
    bytes_add_text(&text, name);
    bytes_add_text(&text, hole + 2);
    free(pgtmp_must(s->admin, bytes_text(&text)));
}

static void settings_are_refused(void **state)
{
    const struct refused_row *row = *state;
    struct scene *s = scene_new();
    s->options.allow_no_fsync = !row->is_strict;
    if (row->sql != NULL) {
        run_on_database(s, row->sql);
    }
    expect_refused(s, ERR_REJECTED, row->words);
    scene_free(s);
}

static void other_encoding_is_refused(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    free(
        pgtmp_must(s->admin, "create database latin encoding 'LATIN1' template template0"));
    char *end = strstr(s->conninfo, "dbname=");
    struct bytes conninfo = {0};
    bytes_add(&conninfo, s->conninfo, (size_t) (end - s->conninfo));
    bytes_add_text(&conninfo, "dbname=latin user=postgres");
    s->options.conninfo = bytes_text(&conninfo);
    expect_refused(s, ERR_REJECTED, "server_encoding = LATIN1; crfd needs UTF8");
    scene_free(s);
    bytes_done(&conninfo);
}

static void checksums_are_checked(void **state)
{
    (void) state;
    struct pgtmp *usual = cluster;
    cluster = pgtmp_start(&(struct pgtmp_options){.fsync = true, .no_checksums = true});
    struct scene *s = scene_new();
    s->options.allow_no_fsync = false;
    expect_refused(s, ERR_REJECTED, "data_checksums = off");
    scene_close(s);
    s->options.allow_no_checksums = true;
    scene_open(s);
    scene_wait_up(s); /* fsync is on here, no excuse needed */
    scene_free(s);
    pgtmp_stop(cluster);
    cluster = usual;
}

static void session_is_set(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    run_on_database(s, "alter database %s set TimeZone = 'Europe/Amsterdam'");
    run_on_database(s, "alter database %s set search_path = 'public'");
    s->options.lock_limit = 123 * (SECOND / 1000);
    static const struct pg_statement ask = {
        .name = "ask",
        .sql = "select 1::int8 where current_setting('TimeZone') = 'UTC'"
               " and current_setting('search_path') = 'pg_catalog, crfd, pg_temp'"
               " and current_setting('lock_timeout') = '123ms'"
               " and current_setting('statement_timeout') = '30s'"
               " and current_setting('idle_in_transaction_session_timeout') = '1min'"
               " and current_setting('client_encoding') = 'UTF8'",
        .gives = {PG_INT8}};
    const struct pg_statement *const statements[] = {&ask};
    s->options.statements = statements;
    s->options.statement_count = 1;
    scene_open(s);
    scene_ask(s, batch_of(&ask));
    assert_int_equal(s->status, OK);
    assert_int_equal(s->rows, 1);
    instant difference = pg_pool_clock_difference(s->pool);
    assert_true(difference < SECOND && difference > -SECOND);
    scene_free(s);
}

static void wrong_statement_is_named(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    static const struct pg_statement good = {.name = "good", .sql = "select 1"};
    static const struct pg_statement bad = {.name = "bad one",
                                            .sql = "select nothing from nowhere"};
    const struct pg_statement *const statements[] = {&good, &bad};
    s->options.statements = statements;
    s->options.statement_count = 2;
    expect_refused(s, ERR_BUG, "statement bad one: relation \"nowhere\"");
    scene_free(s);
}

static void absent_server_is_told(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    s->options.conninfo = "host=/nonexistent dbname=x user=y password=SECRET-17";
    expect_refused(s, ERR_UNAVAILABLE, "connecting to PostgreSQL");
    assert_null(strstr(pg_pool_error(s->pool)->what, "SECRET-17"));
    scene_free(s);
}

static const struct conninfo_row {
    const char *name, *conninfo;
    status wanted;
} conninfo_rows[] = {
    {"a UNIX socket needs no look-up", "host=/run/postgresql dbname=x", OK},
    {"an IPv4 address needs no look-up", "host=192.0.2.1 dbname=x", OK},
    {"an IPv6 address needs no look-up", "postgresql://[2001:db8::1]/x", OK},
    {"a name with hostaddr needs no look-up", "host=db.example.org hostaddr=192.0.2.1", OK},
    {"no host is the default socket", "dbname=x", OK},
    {"a host name would stop the loop", "host=db.example.org dbname=x", ERR_BAD_INPUT},
    {"one name among addresses is enough", "host=192.0.2.1,db dbname=x", ERR_BAD_INPUT},
    {"a host name in a URI too", "postgresql://db.example.org/x", ERR_BAD_INPUT},
    {"an unknown key is refused", "hots=192.0.2.1", ERR_BAD_INPUT},
    {"a text without keys is refused", "SECRET-17", ERR_BAD_INPUT},
};

static void conninfo_is_checked(void **state)
{
    const struct conninfo_row *row = *state;
    struct scene *s = scene_new();
    s->options.conninfo = row->conninfo;
    assert_status(pg_pool_new(s->loop, &s->options, &s->pool, &s->err), row->wanted,
                  &s->err);
    assert_true(row->wanted == OK || strstr(s->err.what, "SECRET-17") == NULL);
    scene_free(s);
}

/* ---- the schema ---- */

static struct scene *schema_scene(enum pgtmp_kind kind, const char *sql)
{
    struct scene *s = scene_new();
    free(s->conninfo);
    s->conninfo = pgtmp_database(cluster, kind, "crfd_service");
    free(s->admin);
    s->admin = pgtmp_login(cluster, s->conninfo, NULL);
    s->options.conninfo = s->conninfo;
    s->options.statement_count = 0;
    s->options.check_schema = true;
    if (sql != NULL) {
        free(pgtmp_must(s->admin, sql));
    }
    return s;
}

static void migrated_schema_is_accepted(void **state)
{
    (void) state;
    struct scene *s = schema_scene(PGTMP_MIGRATED, NULL);
    scene_open(s);
    scene_wait_up(s);
    scene_free(s);
}

static const struct schema_row {
    const char *name;
    enum pgtmp_kind kind;
    const char *sql, *words;
} schema_rows[] = {
    {"a database without the schema is refused", PGTMP_EMPTY, NULL, "run crfd-migrate"},
    {"a schema that lacks the newest version is refused", PGTMP_MIGRATED,
     "delete from crfd.schema_version where number ="
     " (select max(number) from crfd.schema_version)",
     "run crfd-migrate"},
    {"a schema version this program does not know is refused", PGTMP_MIGRATED,
     "insert into crfd.schema_version values (99, '0099_later', repeat('0', 64))",
     "schema version 99"},
    {"a schema made by other files is refused", PGTMP_MIGRATED,
     "update crfd.schema_version set sha256 = repeat('0', 64) where number = 2",
     "made by another file 0002_append.sql"},
};

static void schema_is_checked(void **state)
{
    const struct schema_row *row = *state;
    struct scene *s = schema_scene(row->kind, row->sql);
    expect_refused(s, ERR_CONFLICT, row->words);
    scene_free(s);
}

int main(void)
{
    cluster = pgtmp_start(&(struct pgtmp_options){0});
    add_rows(refused_rows, ARRAY_LEN(refused_rows), sizeof(refused_rows[0]),
             settings_are_refused);
    add_test("a database in another encoding is refused", other_encoding_is_refused);
    add_test("data checksums are asked for, and may be excused aloud",
             checksums_are_checked);
    add_test("time zone, path and limits are ours, whatever the database says",
             session_is_set);
    add_test("a statement PostgreSQL cannot prepare keeps the pool down, by name",
             wrong_statement_is_named);
    add_test("a server that is not there is told without the password",
             absent_server_is_told);
    add_rows(conninfo_rows, ARRAY_LEN(conninfo_rows), sizeof(conninfo_rows[0]),
             conninfo_is_checked);
    add_test("the schema as migrated is accepted", migrated_schema_is_accepted);
    add_rows(schema_rows, ARRAY_LEN(schema_rows), sizeof(schema_rows[0]),
             schema_is_checked);
    int failed = run_added("pg_connect");
    pgtmp_stop(cluster);
    return failed;
}
