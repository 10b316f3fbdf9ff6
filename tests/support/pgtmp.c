/* SPDX-License-Identifier: Apache-2.0 */
/*
** The postmaster is a direct child with a parent-death signal, so it ends when the test program
** ends, also by abort. SIGQUIT is PostgreSQL's immediate shutdown; its children follow it.
*/
#include "tests/support/pgtmp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "service/pg/migrate.h"
#include "tests/support/files.h"

#define SUPERUSER "postgres"
#define TEMPLATE  "crfd_template"

struct pgtmp {
    char *folder; /* data and socket */
    char *bindir;
    uid_t uid;
    gid_t gid;
    pid_t postmaster;
    bool has_template;
    unsigned databases;
    struct pgtmp *next;
};

static struct pgtmp *running; /* stopped at exit, when a test gave up */

__attribute__((noreturn)) static void give_up(const char *what, const char *why)
{
    (void) fprintf(stderr, "pgtmp: %s: %s\n", what, why);
    exit(1);
}

const char *pgtmp_migrations(void)
{
    return CRFD_SOURCE_MIGRATIONS;
}

/* ---- finding and running PostgreSQL's programs ---- */

static bool has_initdb(const char *folder)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_printf(&path, "%s/initdb", folder);
    return access(bytes_text(&path), X_OK) == 0;
}

static char *find_bindir(void)
{
    char *bindir = NULL;
    glob_t found;
    if (has_initdb(CRFD_PG_BINDIR)) {
        return mem_text(CRFD_PG_BINDIR);
    }
    if (glob("/usr/lib/postgresql/*/bin", 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) { /* the newest stands last */
            if (has_initdb(found.gl_pathv[i])) {
                free(bindir);
                bindir = mem_text(found.gl_pathv[i]);
            }
        }
        globfree(&found);
    }
    if (bindir == NULL) {
        give_up("initdb", "not found: install the package postgresql");
    }
    return bindir;
}

/* In the child: become the server's user, quiet, in its folder. */
static void become_server(const struct pgtmp *pg)
{
    int null = open("/dev/null", O_RDWR);
    if (getuid() == 0 &&
        (setgroups(0, NULL) != 0 || setgid(pg->gid) != 0 || setuid(pg->uid) != 0)) {
        _exit(126);
    }
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
        chdir(pg->folder) != 0) {
        _exit(126);
    }
    (void) unsetenv("PGDATA");
    (void) setenv("LC_ALL", "C", 1);
}

/* The server's own messages go to a file: connects that come too early are no news. */
static void redirect_messages(void)
{
    int file = open("log", O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (file < 0 || dup2(file, STDERR_FILENO) < 0) {
        _exit(126);
    }
}

static pid_t spawn(const struct pgtmp *pg, const char *program,
                   const char *const *arguments)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    char *argv[32] = {NULL};
    bytes_printf(&path, "%s/%s", pg->bindir, program);
    argv[0] = mem_text(bytes_text(&path));
    for (size_t i = 0; arguments[i] != NULL; i++) {
        argv[i + 1] = mem_text(arguments[i]);
    }
    pid_t child = fork();
    if (child == 0) {
        become_server(pg);
        if (strcmp(program, "postgres") == 0) {
            redirect_messages();
        }
        (void) prctl(PR_SET_PDEATHSIG, SIGQUIT); /* after setuid, which clears it */
        (void) execv(argv[0], argv);
        _exit(127);
    }
    for (size_t i = 0; argv[i] != NULL; i++) {
        free(argv[i]);
    }
    if (child < 0) {
        give_up(program, strerrordesc_np(errno));
    }
    return child;
}

static void wait_for(pid_t child)
{
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
    }
}

static void run(const struct pgtmp *pg, const char *program, const char *const *arguments)
{
    int result = 0;
    pid_t child = spawn(pg, program, arguments);
    while (waitpid(child, &result, 0) < 0) {
        if (errno != EINTR) {
            give_up(program, strerrordesc_np(errno));
        }
    }
    if (!WIFEXITED(result) || WEXITSTATUS(result) != 0) {
        give_up(program, "failed; its reason stands above");
    }
}

/* ---- SQL ---- */

static char *first_value(const PGresult *result)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    ExecStatusType kind = PQresultStatus(result);
    if (kind == PGRES_TUPLES_OK && PQntuples(result) > 0 && PQnfields(result) > 0) {
        return mem_text(PQgetvalue(result, 0, 0));
    }
    if (kind == PGRES_TUPLES_OK || kind == PGRES_COMMAND_OK) {
        return mem_text("");
    }
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    bytes_printf(&text, "%s %s", sqlstate != NULL ? sqlstate : "08000",
                 message != NULL ? message : "connection lost");
    return mem_text(bytes_text(&text));
}

static void discard_notice(void *arg, const PGresult *result)
{
    (void) arg;
    (void) result;
}

static char *query(const char *conninfo, const char *sql, bool *ret_good)
{
    PGconn *conn = PQconnectdb(conninfo);
    char *answer = NULL;
    *ret_good = false;
    if (PQstatus(conn) != CONNECTION_OK) {
        CLEANUP(bytes_done) struct bytes text = {0};
        bytes_printf(&text, "08006 %s", PQerrorMessage(conn));
        answer = mem_text(bytes_text(&text));
    } else {
        (void) PQsetNoticeReceiver(conn, discard_notice, NULL);
        PGresult *result = PQexec(conn, sql);
        *ret_good = PQresultStatus(result) == PGRES_TUPLES_OK ||
                    PQresultStatus(result) == PGRES_COMMAND_OK;
        answer = first_value(result);
        PQclear(result);
    }
    PQfinish(conn);
    return answer;
}

char *pgtmp_try(const char *conninfo, const char *sql)
{
    bool good = false;
    return query(conninfo, sql, &good);
}

char *pgtmp_must(const char *conninfo, const char *sql)
{
    bool good = false;
    char *answer = query(conninfo, sql, &good);
    if (!good) {
        (void) fprintf(stderr, "pgtmp: %.300s\n", sql);
        give_up("SQL", answer);
    }
    return answer;
}

static char *conninfo_of(const struct pgtmp *pg, const char *database, const char *login)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    bytes_printf(&text, "host=%s dbname=%s user=%s", pg->folder, database,
                 login != NULL ? login : SUPERUSER);
    return mem_text(bytes_text(&text));
}

/* ---- the cluster ---- */

static void choose_user(struct pgtmp *pg)
{
    const struct passwd *user = getpwuid(getuid());
    if (getuid() == 0) {
        user = getpwnam(SUPERUSER);
        user = user != NULL ? user : getpwnam("nobody");
    }
    if (user == NULL) {
        give_up("user", "no user to run PostgreSQL as");
    }
    pg->uid = user->pw_uid;
    pg->gid = user->pw_gid;
}

static void append_settings(const struct pgtmp *pg, const struct pgtmp_options *options)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_printf(&path, "%s/data/postgresql.conf", pg->folder);
    FILE *file = fopen(bytes_text(&path), "ae");
    if (file == NULL) {
        give_up(bytes_text(&path), strerrordesc_np(errno));
    }
    (void) fprintf(file,
                   "listen_addresses = ''\nunix_socket_directories = '%s'\n"
                   "fsync = %s\nfull_page_writes = %s\nshared_buffers = 32MB\n"
                   "max_connections = 100\nlog_min_messages = fatal\n"
                   "log_min_error_statement = panic\nautovacuum = off\n%s\n",
                   pg->folder, options->fsync ? "on" : "off", options->fsync ? "on" : "off",
                   options->settings != NULL ? options->settings : "");
    if (fclose(file) != 0) {
        give_up(bytes_text(&path), strerrordesc_np(errno));
    }
}

static bool answers(const struct pgtmp *pg)
{
    CLEANUP(mem_freep) char *conninfo = conninfo_of(pg, "postgres", NULL);
    bool good = false;
    free(query(conninfo, "select 1", &good));
    return good;
}

/* Start the postmaster. After a kill -9 its children may need a moment to notice, and until
 * then a new one refuses the old shared memory: so several tries. */
static void start_postmaster(struct pgtmp *pg)
{
    CLEANUP(bytes_done) struct bytes data = {0};
    bytes_printf(&data, "%s/data", pg->folder);
    for (int i = 0; i < 1500; i++) {
        if (pg->postmaster == 0) {
            pg->postmaster =
                spawn(pg, "postgres", (const char *const[]){"-D", bytes_text(&data), NULL});
        }
        if (answers(pg)) {
            return;
        }
        if (waitpid(pg->postmaster, NULL, WNOHANG) == pg->postmaster) {
            pg->postmaster = 0;
        }
        (void) usleep(20000);
    }
    CLEANUP(bytes_done) struct bytes messages = {0};
    CLEANUP(bytes_done) struct bytes log = {0};
    bytes_printf(&log, "%s/log", pg->folder);
    messages = read_file(bytes_text(&log));
    give_up("postgres did not start within 30 seconds", bytes_text(&messages));
}

static void stop_all(void)
{
    while (running != NULL) {
        pgtmp_stop(running);
    }
}

static void remember(struct pgtmp *pg)
{
    static bool is_registered;
    if (!is_registered && atexit(stop_all) != 0) {
        give_up("atexit", "refused");
    }
    is_registered = true;
    pg->next = running;
    running = pg;
}

static void forget(const struct pgtmp *pg)
{
    struct pgtmp **at = &running;
    while (*at != pg) {
        at = &(*at)->next;
    }
    *at = pg->next;
}

struct pgtmp *pgtmp_start(const struct pgtmp_options *options)
{
    CLEANUP(bytes_done) struct bytes data = {0};
    struct pgtmp *pg = mem_alloc(sizeof(*pg));
    remember(pg);
    pg->bindir = find_bindir();
    pg->folder = temp_folder("crfd-pg");
    choose_user(pg);
    if (getuid() == 0 && chown(pg->folder, pg->uid, pg->gid) != 0) {
        give_up(pg->folder, strerrordesc_np(errno));
    }
    bytes_printf(&data, "%s/data", pg->folder);
    run(pg, "initdb",
        (const char *const[]){"-D", bytes_text(&data), "-A", "trust", "-U", SUPERUSER, "-E",
                              "UTF8", "--locale=C", "--no-sync", "--no-instructions",
                              options->no_checksums ? NULL : "--data-checksums", NULL});
    append_settings(pg, options);
    start_postmaster(pg);
    return pg;
}

void pgtmp_stop(struct pgtmp *pg)
{
    if (pg == NULL) {
        return;
    }
    forget(pg);
    if (pg->postmaster > 0) {
        (void) kill(pg->postmaster, SIGQUIT);
        (void) kill(pg->postmaster, SIGCONT);
        wait_for(pg->postmaster);
    }
    if (pg->folder != NULL) {
        remove_tree(pg->folder);
    }
    free(pg->folder);
    free(pg->bindir);
    free(pg);
}

/* ---- what happens to a server ---- */

/* Send SIGNAL to every process whose parent is the postmaster. */
static void signal_children(const struct pgtmp *pg, int signal)
{
    DIR *proc = opendir("/proc");
    if (proc == NULL) {
        give_up("/proc", strerrordesc_np(errno));
    }
    for (struct dirent *entry; (entry = readdir(proc)) != NULL;) {
        CLEANUP(bytes_done) struct bytes path = {0};
        long parent = 0;
        bytes_printf(&path, "/proc/%s/stat", entry->d_name);
        FILE *file = fopen(bytes_text(&path), "re");
        if (file == NULL) {
            continue;
        }
        if (fscanf(file, "%*d (%*[^)]) %*c %ld", &parent) == 1 &&
            parent == pg->postmaster) {
            (void) kill((pid_t) strtol(entry->d_name, NULL, 10), signal);
        }
        (void) fclose(file);
    }
    (void) closedir(proc);
}

void pgtmp_kill(struct pgtmp *pg)
{
    (void) kill(pg->postmaster, SIGSTOP); /* it must not tidy up after its children */
    signal_children(pg, SIGKILL);
    (void) kill(pg->postmaster, SIGKILL);
    wait_for(pg->postmaster);
    pg->postmaster = 0;
}

void pgtmp_restart(struct pgtmp *pg)
{
    if (pg->postmaster == 0) {
        start_postmaster(pg);
    }
}

void pgtmp_freeze(struct pgtmp *pg)
{
    (void) kill(pg->postmaster, SIGSTOP);
    signal_children(pg, SIGSTOP);
}

void pgtmp_thaw(struct pgtmp *pg)
{
    signal_children(pg, SIGCONT);
    (void) kill(pg->postmaster, SIGCONT);
}

/* ---- databases ---- */

static void make_template(struct pgtmp *pg, const char *login)
{
    CLEANUP(mem_freep) char *main = conninfo_of(pg, "postgres", NULL);
    CLEANUP(mem_freep) char *template = conninfo_of(pg, TEMPLATE, NULL);
    struct migrate_options options = {
        .conninfo = template, .folder = pgtmp_migrations(), .runtime_login = login};
    struct err err;
    size_t pending = 0;
    if (!pg->has_template) {
        free(pgtmp_must(main, "create database " TEMPLATE " encoding 'UTF8'"));
        pg->has_template = true;
    }
    if (migrate_run(&options, &pending, &err) != OK) {
        give_up("migrations", err.what);
    }
}

static void make_login(const char *conninfo, const char *login)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    bytes_printf(
        &sql,
        "do $$ begin if not exists (select from pg_roles where rolname = '%s') then"
        " create role %s login; end if; end $$",
        login, login);
    free(pgtmp_must(conninfo, bytes_text(&sql)));
}

char *pgtmp_database(struct pgtmp *pg, enum pgtmp_kind kind, const char *login)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    CLEANUP(bytes_done) struct bytes name = {0};
    CLEANUP(mem_freep) char *main = conninfo_of(pg, "postgres", NULL);
    bytes_printf(&name, "t%u", ++pg->databases);
    if (kind == PGTMP_MIGRATED) {
        make_template(pg, login);
    } else if (login != NULL) {
        make_login(main, login);
    }
    bytes_printf(&sql, "create database %s template %s", bytes_text(&name),
                 kind == PGTMP_MIGRATED ? TEMPLATE : "template0");
    free(pgtmp_must(main, bytes_text(&sql)));
    return conninfo_of(pg, bytes_text(&name), login);
}

char *pgtmp_copy(struct pgtmp *pg, const char *conninfo)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    CLEANUP(bytes_done) struct bytes name = {0};
    CLEANUP(mem_freep) char *main = conninfo_of(pg, "postgres", NULL);
    const char *start = strstr(conninfo, "dbname=") + strlen("dbname=");
    int length = (int) strcspn(start, " ");
    bytes_printf(&sql,
                 "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity"
                 " where datname = '%.*s'",
                 length, start);
    free(pgtmp_must(main, bytes_text(&sql)));
    bytes_clear(&sql);
    bytes_printf(&name, "t%u", ++pg->databases);
    bytes_printf(&sql, "create database %s template %.*s", bytes_text(&name), length,
                 start);
    free(pgtmp_must(main, bytes_text(&sql)));
    return conninfo_of(pg, bytes_text(&name), NULL);
}

char *pgtmp_login(struct pgtmp *pg, const char *conninfo, const char *login)
{
    CLEANUP(bytes_done) struct bytes name = {0};
    const char *start = strstr(conninfo, "dbname=") + strlen("dbname=");
    bytes_add(&name, start, strcspn(start, " "));
    return conninfo_of(pg, bytes_text(&name), login);
}
