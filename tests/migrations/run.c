/* SPDX-License-Identifier: Apache-2.0 */
/*
** The runner: forward, once, noted, and not at all when something does not fit.
*/
#include <libpq-fe.h>
#include <unistd.h>

#include "protocol/record/schema.h"
#include "service/pg/migrate.h"
#include "service/pg/schema_check.h"
#include "tests/support/files.h"
#include "tests/support/pgtmp.h"
#include "tests/support/process.h"
#include "tests/support/rows.h"

static struct pgtmp *cluster;

struct scene {
    char *conninfo, *folder;
    struct migrate_options options;
    struct bytes lines;
    size_t pending;
    struct err err;
};

static void copy_file(const char *path, void *arg)
{
    CLEANUP(bytes_done) struct bytes to = {0};
    CLEANUP(bytes_done) struct bytes content = read_file(path);
    bytes_printf(&to, "%s%s", (const char *) arg, strrchr(path, '/'));
    FILE *file = fopen(bytes_text(&to), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content.data, 1, content.size, file), content.size);
    assert_int_equal(fclose(file), 0);
}

static void note_line(void *arg, const char *line)
{
    bytes_printf(arg, "%s\n", line);
}

/* An empty database and a copy of the migrations. */
static struct scene *scene_new(void)
{
    struct scene *s = mem_alloc(sizeof(*s));
    s->conninfo = pgtmp_database(cluster, PGTMP_EMPTY, NULL);
    s->folder = temp_folder("crfd-migrations");
    assert_int_not_equal(each_file(pgtmp_migrations(), ".sql", copy_file, s->folder), 0);
    s->options = (struct migrate_options){.conninfo = s->conninfo,
                                          .folder = s->folder,
                                          .report = note_line,
                                          .arg = &s->lines};
    s->pending = SIZE_MAX;
    return s;
}

static void scene_free(struct scene *s)
{
    remove_tree(s->folder);
    bytes_done(&s->lines);
    free(s->conninfo);
    free(s->folder);
    free(s);
}

static void write_file(const struct scene *s, const char *name, const char *sql)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_printf(&path, "%s/%s", s->folder, name);
    FILE *file = fopen(bytes_text(&path), "ab");
    assert_non_null(file);
    assert_true(fputs(sql, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void run(struct scene *s, status wanted)
{
    bytes_clear(&s->lines);
    assert_status(migrate_run(&s->options, &s->pending, &s->err), wanted, &s->err);
}

static void must_give(const struct scene *s, const char *sql, const char *wanted)
{
    CLEANUP(mem_freep) char *got = pgtmp_must(s->conninfo, sql);
    assert_string_equal(got, wanted);
}

#define VERSIONS "select count(*) from crfd.schema_version"

static size_t known_count(void)
{
    size_t count = 0;
    (void) schema_known(&count);
    return count;
}

/* "0007_more.sql" when six files are known: AHEAD 1 is the next one, 2 leaves a gap. */
static void write_next(const struct scene *s, size_t ahead, const char *name,
                       const char *sql)
{
    CLEANUP(bytes_done) struct bytes file = {0};
    bytes_printf(&file, "%04zu_%s.sql", known_count() + ahead, name);
    write_file(s, bytes_text(&file), sql);
}

static void must_have_versions(const struct scene *s, size_t wanted)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    bytes_printf(&text, "%zu", wanted);
    must_give(s, VERSIONS, bytes_text(&text));
}

static void empty_database_is_migrated(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    char count[24];
    (void) snprintf(count, sizeof(count), "%zu", known_count());
    s->options.only_status = true;
    run(s, OK);
    assert_int_equal(s->pending, known_count());
    assert_non_null(strstr(bytes_text(&s->lines), "0001_log pending\n"));
    must_give(s, "select count(*) from pg_namespace where nspname = 'crfd'", "0");
    s->options.only_status = false;
    run(s, OK);
    assert_int_equal(s->pending, 0);
    assert_non_null(strstr(bytes_text(&s->lines), "0001_log applied now\n"));
    must_give(s, VERSIONS, count);
    must_give(
        s,
        "select count(*) from pg_class c where relnamespace = 'crfd'::regnamespace and"
        " relowner <> 'crfd_owner'::regrole",
        "0");
    must_give(s,
              "select count(*) from pg_roles where rolname like 'crfd\\_%' and"
              " rolname <> 'crfd_service' and (rolcanlogin or rolsuper or rolcreaterole)",
              "0");
    scene_free(s);
}

static void second_run_changes_nothing(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    run(s, OK);
    CLEANUP(mem_freep)
    char *before = pgtmp_must(s->conninfo, "select md5(string_agg(v::text, ',' order by"
                                           " number)) from crfd.schema_version v");
    run(s, OK);
    assert_int_equal(s->pending, 0);
    assert_null(strstr(bytes_text(&s->lines), "now"));
    assert_non_null(strstr(bytes_text(&s->lines), "0001_log applied 20"));
    must_give(s,
              "select md5(string_agg(v::text, ',' order by number))"
              " from crfd.schema_version v",
              before);
    scene_free(s);
}

static void hashes_are_those_compiled_in(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    CLEANUP(bytes_done) struct bytes wanted = {0};
    size_t count = 0;
    const struct schema_version *known = schema_known(&count);
    run(s, OK);
    for (size_t i = 0; i < count; i++) {
        bytes_printf(&wanted, "%s%d %s %s", i > 0 ? "," : "", known[i].number,
                     known[i].name, known[i].sha256);
    }
    must_give(s,
              "select string_agg(concat_ws(' ', number, name, sha256), ',' order by number)"
              " from crfd.schema_version",
              bytes_text(&wanted));
    scene_free(s);
}

static void projections_have_the_columns_of_schema_h(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    run(s, OK);
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        const struct table *table = &TABLES[t];
        CLEANUP(bytes_done) struct bytes sql = {0};
        CLEANUP(bytes_done) struct bytes wanted = {0};
        bytes_printf(
            &sql,
            "select string_agg(a.attname || ' ' || a.atttypid::regtype ||"
            " case when a.attnum = any (i.indkey::int2[]) then '*' else '' end, ','"
            /* a column that came later stands behind src_seq: only names count */
            " order by a.attname = 'src_seq', attnum) from pg_attribute a, pg_index i "
            "where attrelid ="
            " 'crfd.%s'::regclass and attnum > 0 and not attisdropped and indrelid = "
            "attrelid and"
            " indisprimary",
            table->name);
        bytes_add_text(&wanted, "log_id integer*");
        for (size_t c = 0; c < table->column_count; c++) {
            bytes_printf(&wanted, ",%s %s%s", table->columns[c].name,
                         table->columns[c].type == COLUMN_BIGINT ? "bigint" : "text",
                         c < table->key_count ? "*" : "");
        }
        bytes_add_text(&wanted, ",src_seq bigint");
        must_give(s, bytes_text(&sql), bytes_text(&wanted));
    }
    scene_free(s);
}

/* ---- what is refused ---- */

static void changed_file_is_refused(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    run(s, OK);
    write_file(s, "0002_append.sql", "-- better\n");
    write_next(s, 1, "more", "create table crfd.more (a int);");
    run(s, ERR_CONFLICT);
    assert_non_null(strstr(s->err.what, "0002_append.sql was changed"));
    must_give(s, "select to_regclass('crfd.more') is null", "t");
    scene_free(s);
}

static void newer_database_is_refused(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    run(s, OK);
    free(pgtmp_must(s->conninfo, "insert into crfd.schema_version select count(*) + 1,"
                                 " 'x_later', repeat('0', 64) from crfd.schema_version"));
    run(s, ERR_CONFLICT);
    assert_non_null(strstr(s->err.what, "x_later"));
    scene_free(s);
}

static void gap_in_the_folder_is_refused(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    write_next(s, 2, "late", "select 1;");
    run(s, ERR_BAD_INPUT);
    must_give(s, "select count(*) from pg_namespace where nspname = 'crfd'", "0");
    scene_free(s);
}

static void failing_file_leaves_no_trace(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    write_next(s, 1, "half",
               "create table crfd.half (a int);\nselect nothing from nowhere;");
    run(s, ERR_BUG);
    assert_non_null(strstr(s->err.what, "_half"));
    assert_non_null(strstr(s->err.what, "nowhere"));
    must_give(s, "select to_regclass('crfd.half') is null", "t");
    must_have_versions(s, known_count()); /* the files before it stay */
    scene_free(s);
}

static void own_commit_is_refused(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    write_next(s, 1, "commit", "commit;");
    run(s, ERR_BAD_INPUT);
    must_have_versions(s, known_count());
    scene_free(s);
}

static void foreign_schema_is_refused(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    free(pgtmp_must(s->conninfo, "create schema crfd"));
    run(s, ERR_CONFLICT);
    assert_non_null(strstr(s->err.what, "belongs to another role"));
    scene_free(s);
}

static void second_runner_is_busy(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    PGconn *other = PQconnectdb(s->conninfo);
    PQclear(PQexec(other, "select pg_advisory_lock(7023614402)"));
    run(s, ERR_BUSY);
    assert_non_null(strstr(s->err.what, "another crfd-migrate"));
    PQfinish(other);
    run(s, OK);
    scene_free(s);
}

static void locked_table_is_busy(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    run(s, OK);
    write_next(s, 1, "more", "alter table crfd.hold add more text;");
    PGconn *other = PQconnectdb(s->conninfo);
    PQclear(PQexec(other, "begin; select * from crfd.hold"));
    run(s, ERR_BUSY); /* within lock_timeout: readers are not queued up behind it */
    PQfinish(other);
    run(s, OK);
    must_have_versions(s, known_count() + 1);
    scene_free(s);
}

static void no_database_is_unavailable(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    s->options.conninfo = "host=/nonexistent dbname=x";
    run(s, ERR_UNAVAILABLE);
    s->options.folder = "/nonexistent";
    run(s, ERR_BAD_INPUT);
    scene_free(s);
}

/* ---- logins ---- */

static void ordinary_administrator_is_enough(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    free(pgtmp_must(s->conninfo,
                    "do $$ begin create role someone login createrole;"
                    " execute format('grant create on database %I to someone',"
                    " current_database());"
                    " if current_setting('server_version_num')::int >= 160000 then"
                    "  grant crfd_owner, crfd_runtime, crfd_auditor to someone with admin"
                    "  option; end if; end $$"));
    CLEANUP(mem_freep) char *someone = pgtmp_login(cluster, s->conninfo, "someone");
    s->options.conninfo = someone;
    s->options.runtime_login = "crfd o'brien"; /* a name that wants quoting */
    s->options.auditor_login = "crfd_reader";
    run(s, OK);
    must_give(s,
              "select pg_has_role('crfd o''brien', 'crfd_runtime', 'usage') and not"
              " pg_has_role('crfd o''brien', 'crfd_owner', 'member') and"
              " pg_has_role('crfd_reader', 'crfd_auditor', 'usage')",
              "t");
    must_give(s,
              "select rolsuper or rolcreaterole or rolcreatedb from pg_roles"
              " where rolname = 'crfd o''brien'",
              "f");
    run(s, OK); /* and once more, the login being there */
    scene_free(s);
}

static int program(const char *const *arguments)
{
    CLEANUP(bytes_done) struct bytes said = {0};
    return process_run(CRFD_MIGRATE, arguments, NULL, &said);
}

/* With the migrations that lie beside it. */
static void program_tells_by_its_exit(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    const char *const status_arguments[] = {"--database", s->conninfo, "--status", NULL};
    const char *const run_arguments[] = {"--database", s->conninfo, "--runtime-login",
                                         "crfd_service", NULL};
    assert_int_equal(program((const char *const[]){"--help", NULL}), 0);
    assert_int_equal(program((const char *const[]){NULL}), 3);
    assert_int_equal(program((const char *const[]){"--nonsense", NULL}), 3);
    assert_int_equal(program(status_arguments), 1);
    assert_int_equal(program(run_arguments), 0);
    assert_int_equal(program(status_arguments), 0);
    free(
        pgtmp_must(s->conninfo, "update crfd.schema_version set sha256 = repeat('0', 64)"));
    assert_int_equal(program(run_arguments), 1);
    assert_int_equal(
        program((const char *const[]){"--database", "host=/nonexistent", NULL}), 2);
    scene_free(s);
}

int main(void)
{
    cluster = pgtmp_start(&(struct pgtmp_options){0});
    add_test("an empty database is migrated, all of it owned by crfd_owner",
             empty_database_is_migrated);
    add_test("a second run changes nothing", second_run_changes_nothing);
    add_test("the hashes noted are those compiled into crfd", hashes_are_those_compiled_in);
    add_test("the projections have exactly the columns of protocol/record/schema.h",
             projections_have_the_columns_of_schema_h);
    add_test("a file changed after it was applied is refused", changed_file_is_refused);
    add_test("a database newer than the folder is refused", newer_database_is_refused);
    add_test("a gap in the numbers is refused before anything runs",
             gap_in_the_folder_is_refused);
    add_test("a file that fails leaves no trace", failing_file_leaves_no_trace);
    add_test("a file that commits by itself is refused", own_commit_is_refused);
    add_test("a schema of somebody else is refused", foreign_schema_is_refused);
    add_test("a second runner at the same time is refused", second_runner_is_busy);
    add_test("a table in use is waited for 2 seconds, no longer", locked_table_is_busy);
    add_test("no database and no folder are told apart", no_database_is_unavailable);
    add_test("a role with CREATEROLE and CREATE is enough; logins get no more than asked",
             ordinary_administrator_is_enough);
    add_test("crfd-migrate tells by its exit code", program_tells_by_its_exit);
    int failed = run_added("run");
    pgtmp_stop(cluster);
    return failed;
}
