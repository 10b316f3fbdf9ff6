/* SPDX-License-Identifier: Apache-2.0 */
/*
** crfd-migrate: bring the database's schema forward. A program of its own, because it works
** as the owner of the schema, which the service never is.
*/
#include <getopt.h>
#include <unistd.h>

#include "service/pg/migrate.h"

static const char usage[] =
    "usage: crfd-migrate --database CONNINFO [--folder DIR] [--status]\n"
    "                    [--runtime-login NAME] [--auditor-login NAME]\n"
    "\n"
    "Bring the schema crfd of a PostgreSQL database forward, one transaction a file.\n"
    "\n"
    "  --database CONNINFO   libpq: \"host=/run/postgresql dbname=crfd user=postgres\";\n"
    "                        a superuser, or a role with CREATEROLE and CREATE on the\n"
    "                        database. Keep passwords in ~/.pgpass, not here.\n"
    "  --folder DIR          the migrations; else $CRFD_MIGRATIONS, else ../migrations or\n"
    "                        ../share/crfd/migrations beside this program\n"
    "  --status              change nothing, say what is applied and what is pending\n"
    "  --runtime-login NAME  give this login the rights of the service; it is made "
    "without\n"
    "                        password when it does not exist (peer authentication)\n"
    "  --auditor-login NAME  the same with the rights to read everything\n"
    "\n"
    "Exit: 0 the schema is current; 1 refused, or --status found pending files;\n"
    "      2 no database, or another runner; 3 wrong use.\n"
    "\n"
    "Example: crfd-migrate --database \"host=/run/postgresql dbname=crfd\" "
    "--runtime-login crfd\n";

enum option_code {
    OPTION_DATABASE = 256,
    OPTION_FOLDER,
    OPTION_STATUS,
    OPTION_RUNTIME,
    OPTION_AUDITOR,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option options_known[] = {
    {"database", required_argument, NULL, OPTION_DATABASE},
    {"folder", required_argument, NULL, OPTION_FOLDER},
    {"status", no_argument, NULL, OPTION_STATUS},
    {"runtime-login", required_argument, NULL, OPTION_RUNTIME},
    {"auditor-login", required_argument, NULL, OPTION_AUDITOR},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {0},
};

static void print_line(void *arg, const char *line)
{
    (void) arg;
    (void) puts(line);
}

/* Is there a folder at TEXT? Then it is the one. */
static bool is_folder(const struct bytes *path)
{
    return access(bytes_text(path), R_OK | X_OK) == 0;
}

/* The migrations that belong to this program: beside it in build/, or installed. */
static void default_folder(struct bytes *path)
{
    static const char *const places[] = {"../migrations", "../share/crfd/migrations"};
    char self[4096];
    const char *given = getenv("CRFD_MIGRATIONS");
    if (given != NULL && given[0] != '\0') {
        bytes_add_text(path, given);
        return;
    }
    ssize_t size = readlink("/proc/self/exe", self, sizeof(self));
    struct span own = span_of(self, size > 0 ? (size_t) size : 0);
    while (own.size > 0 && own.data[own.size - 1] != '/') {
        own.size--;
    }
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        bytes_clear(path);
        bytes_add_span(path, own);
        bytes_add_text(path, places[i]);
        if (is_folder(path)) {
            return;
        }
    }
}

static int exit_code(status result)
{
    switch (result) {
    case OK:
        return 0;
    case ERR_UNAVAILABLE:
    case ERR_BUSY:
        return 2;
    case ERR_BAD_INPUT:
        return 3;
    case ERR_UNAUTHENTIC:
    case ERR_REJECTED:
    case ERR_NOT_FOUND:
    case ERR_CONFLICT:
    case ERR_TOO_LARGE:
    case ERR_TAMPERED:
    case ERR_BUG:
    default:
        return 1;
    }
}

/* -1: go on; else the exit code. */
static int read_options(int argc, char **argv, struct migrate_options *options)
{
    for (int c; (c = getopt_long(argc, argv, "", options_known, NULL)) != -1;) {
        switch (c) {
        case OPTION_DATABASE:
            options->conninfo = optarg;
            break;
        case OPTION_FOLDER:
            options->folder = optarg;
            break;
        case OPTION_STATUS:
            options->only_status = true;
            break;
        case OPTION_RUNTIME:
            options->runtime_login = optarg;
            break;
        case OPTION_AUDITOR:
            options->auditor_login = optarg;
            break;
        case OPTION_HELP:
            (void) fputs(usage, stdout);
            return 0;
        case OPTION_VERSION:
            (void) puts("crfd-migrate " CRFD_VERSION);
            return 0;
        default:
            return 3; /* getopt has said why */
        }
    }
    if (optind < argc || options->conninfo == NULL) {
        (void) fputs(usage, stderr);
        return 3;
    }
    return -1;
}

int main(int argc, char **argv)
{
    CLEANUP(bytes_done) struct bytes folder = {0};
    struct migrate_options options = {.report = print_line};
    struct err err;
    size_t pending = 0;
    int stop = read_options(argc, argv, &options);
    if (stop >= 0) {
        return stop;
    }
    if (options.folder == NULL) {
        default_folder(&folder);
        options.folder = bytes_text(&folder);
    }
    status result = migrate_run(&options, &pending, &err);
    if (result != OK) {
        (void) fprintf(stderr, "crfd-migrate: %s\n", err.what);
        return exit_code(result);
    }
    return pending > 0 ? 1 : 0;
}
