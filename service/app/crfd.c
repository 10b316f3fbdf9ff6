/* SPDX-License-Identifier: Apache-2.0 */
/*
** crfd: the service. This file reads the configuration, wires the parts together in the
** order in which they stand below, runs the loop, and takes them apart in reverse.
*/
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/log.h"
#include "service/api/api.h"
#include "service/app/config.h"
#include "service/app/notify.h"
#include "service/flow/alarm.h"
#include "service/http/rate.h"
#include "service/http/tls.h"
#include "service/loop/loop.h"
#include "service/store/store.h"

#define SERVERS_MAX 8

struct app {
    struct arena *arena;
    struct config config;
    struct service service;
    struct http_tls *tls;
    struct http_server *servers[SERVERS_MAX + 1]; /* the last is the operator's */
    size_t server_count;
    size_t draining; /* servers for clients that are not drained yet */
    int lock;        /* of the state folder */
    struct loop_signal *terminate, *interrupt, *hangup;
    struct loop_timer *watchdog;
    struct alarm *alarm;
};

/* ---- the parts, in order ---- */

static status open_pools(struct app *app, struct err *err)
{
    size_t count = 0;
    const struct pg_statement *const *statements = store_statements(&count);
    struct pg_options options = {
        .conninfo = app->config.database,
        .statements = statements,
        .statement_count = count,
        .check_schema = true,
        .allow_no_fsync = app->config.unsafe_database,
        .allow_no_checksums = app->config.unsafe_database,
    };
    options.connections = (size_t) app->config.database_writers;
    TRY(pg_pool_new(app->service.loop, &options, &app->service.writers, err));
    options.connections = (size_t) app->config.database_readers;
    TRY(pg_pool_new(app->service.loop, &options, &app->service.readers, err));
    options.connections = (size_t) app->config.database_streams;
    return pg_pool_new(app->service.loop, &options, &app->service.streams, err);
}

static status open_study(struct app *app, const char *setting, struct err *err)
{
    struct config_study study;
    TRY(config_study_parse(setting, app->arena, &study, err));
    struct ledger_options options = {
        .slug = study.slug,
        .origin = study.origin,
        .founder = study.founder,
        .key_file =
            arena_printf(app->arena, "%s/%s.logkey", app->config.state_folder, study.slug),
        .mark_file = arena_printf(app->arena, "%s/%s.highwater", app->config.state_folder,
                                  study.slug),
    };
    for (size_t i = 0; i < app->config.adopt_log.count; i++) {
        options.adopt =
            options.adopt || strcmp(app->config.adopt_log.items[i], study.slug) == 0;
    }
    struct ledger *ledger = NULL;
    TRY(ledger_open(&app->service, &options, &ledger, err));
    app->service.ledgers[app->service.ledger_count++] = ledger;
    return OK;
}

/* Two processes in one folder would take turns at the same high-water mark. The lock goes with
 * the process. */
static status lock_folder(struct app *app, struct err *err)
{
    const char *path = arena_printf(app->arena, "%s/lock", app->config.state_folder);
    app->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (app->lock < 0 || flock(app->lock, LOCK_EX | LOCK_NB) != 0) {
        return FAIL(err, ERR_UNAVAILABLE, "%s: %s; does another crfd use this folder?",
                    path, strerror(errno));
    }
    return OK;
}

static status open_studies(struct app *app, struct err *err)
{
    struct stat info;
    const char *folder = app->config.state_folder;
    if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode) || (info.st_mode & 077) != 0) {
        return FAIL(err, ERR_BAD_INPUT,
                    "state_folder %s must be a folder that nobody else can enter (0700)",
                    folder);
    }
    TRY(lock_folder(app, err));
    app->service.ledgers =
        ARENA_ARRAY(app->arena, app->config.study.count, struct ledger *);
    for (size_t i = 0; i < app->config.study.count; i++) {
        TRY(open_study(app, app->config.study.items[i], err));
    }
    return OK;
}

static status open_server(struct app *app, const char *listen, struct http_tls *tls,
                          const struct http_handler *handler, struct err *err)
{
    struct http_settings settings = {
        .listen = listen,
        .tls = tls,
        .limits = {
            .connections = (size_t) app->config.connections,
            .connections_per_address = (size_t) app->config.connections_per_address,
            .connects_per_minute = (unsigned) app->config.connects_per_minute,
            .requests_per_minute = (unsigned) app->config.requests_per_minute,
        }};
    if (app->server_count > SERVERS_MAX) {
        return FAIL(err, ERR_BAD_INPUT, "listen stands more than %d times", SERVERS_MAX);
    }
    TRY(http_server_open(app->service.loop, &settings, handler,
                         &app->servers[app->server_count], err));
    app->server_count++;
    return OK;
}

/* A unix socket without a leading slash lies in the state folder. */
static const char *operator_address(struct app *app)
{
    const char *text = app->config.operator_listen;
    return strncmp(text, "unix:", 5) == 0 && text[5] != '/'
               ? arena_printf(app->arena, "unix:%s/%s", app->config.state_folder, text + 5)
               : text;
}

static status open_servers(struct app *app, struct err *err)
{
    struct http_handler studies = api_handler(&app->service);
    struct http_handler operators = api_operator_handler(&app->service);
    TRY(http_tls_new(app->config.tls_certificate, app->config.tls_key, &app->tls, err));
    for (size_t i = 0; i < app->config.listen.count; i++) {
        TRY(open_server(app, app->config.listen.items[i], app->tls, &studies, err));
    }
    return open_server(app, operator_address(app), NULL, &operators, err);
}

/* ---- signals ---- */

static void stop_when_drained(void *arg)
{
    struct app *app = arg;
    loop_stop(app->service.loop);
}

/* The operator's door closes last: until then readyz says why nothing is accepted. */
static void drain_operator(void *arg)
{
    struct app *app = arg;
    if (--app->draining == 0) {
        http_server_drain(app->servers[app->server_count - 1], SECOND, stop_when_drained,
                          app);
    }
}

static void terminate(void *arg)
{
    struct app *app = arg;
    if (app->service.draining) {
        return;
    }
    log_event(LOG_INFO, "draining", LOG_END);
    app->service.draining = true;
    notify_stopping();
    app->draining = app->server_count - 1;
    for (size_t i = 0; i + 1 < app->server_count; i++) {
        http_server_drain(app->servers[i], app->config.drain_seconds * SECOND,
                          drain_operator, app);
    }
}

static void hangup(void *arg)
{
    struct app *app = arg;
    struct err err;
    if (http_tls_reload(app->tls, &err) != OK) {
        log_err(LOG_ERROR, "certificate not reloaded", &err);
    } else {
        log_event(LOG_INFO, "certificate reloaded", LOG_END);
    }
}

static void watchdog(void *arg)
{
    struct app *app = arg;
    notify_alive();
    loop_timer_set(app->watchdog, loop_now(app->service.loop) + 5 * SECOND);
}

static status open_signals(struct app *app, struct err *err)
{
    struct loop *loop = app->service.loop;
    TRY(loop_signal_new(loop, SIGTERM, terminate, app, &app->terminate, err));
    TRY(loop_signal_new(loop, SIGINT, terminate, app, &app->interrupt, err));
    TRY(loop_signal_new(loop, SIGHUP, hangup, app, &app->hangup, err));
    app->watchdog = loop_timer_new(loop, watchdog, app);
    loop_timer_set(app->watchdog, loop_now(loop));
    return OK;
}

/* ---- life ---- */

static status start(struct app *app, struct err *err)
{
    const struct config *config = &app->config;
    struct service *service = &app->service;
    enum log_level level = LOG_INFO;
    BUG_IF(!log_level_parse(config->log_level, &level)); /* config_load() has looked */
    log_level_set(level);
    if (config->unsafe_database) {
        log_event(LOG_WARNING, "unsafe_database: what is acknowledged may be lost",
                  LOG_END);
    }
    service->clock = &clock_system;
    service->public_urls = &config->public_url;
    service->state_folder = config->state_folder;
    service->queue_limit = (size_t) config->queue;
    service->batch_limit = (size_t) config->batch;
    service->casebook_limit = (size_t) config->casebook_mebibytes << 20;
    service->blob_limit = (size_t) config->blob_mebibytes << 20;
    service->answer_limit = config->answer_seconds * SECOND;
    service->first_contacts = http_rate_new((unsigned) config->first_contacts_per_minute,
                                            (unsigned) config->first_contacts_per_minute);
    service->scrub_pause = config->scrub_milliseconds * 1000;
    TRY(loop_new(&(struct loop_options){.workers = (size_t) config->workers,
                                        .queue = (size_t) config->worker_queue},
                 &service->loop, err));
    TRY(open_pools(app, err));
    TRY(open_studies(app, err));
    TRY(open_servers(app, err));
    app->alarm = alarm_new(service, config->notify_command, config->notify_hours * HOUR);
    return open_signals(app, err);
}

static void stop(struct app *app)
{
    struct service *service = &app->service;
    alarm_free(app->alarm);
    for (size_t i = 0; i < app->server_count; i++) {
        http_server_close(app->servers[i]);
    }
    pg_pool_free(service->streams);
    pg_pool_free(service->readers);
    pg_pool_free(service->writers);
    for (size_t i = 0; i < service->ledger_count; i++) {
        ledger_close(service->ledgers[i]);
    }
    http_rate_free(service->first_contacts);
    http_tls_free(app->tls);
    loop_signal_free(app->terminate);
    loop_signal_free(app->interrupt);
    loop_signal_free(app->hangup);
    loop_timer_free(app->watchdog);
    loop_free(service->loop);
}

/* Keys are in memory: no core file, no debugger, no new privileges. */
static void harden(void)
{
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        log_event(LOG_WARNING, "not hardened: the system refused", LOG_END);
    }
}

static const char *const usage =
    "usage: crfd [--config FILE] [--check-config | --dump-config | --example-config | "
    "--version]\n"
    "\n"
    "Serves signed case report forms. Settings: FILE, then environment CRFD_<NAME>.\n"
    "  --config FILE      read settings from FILE\n"
    "  --check-config     say whether the configuration can be read, and exit\n"
    "  --dump-config      print the settings in force, and exit\n"
    "  --example-config   print a commented example file, and exit\n"
    "SIGTERM drains and stops, SIGHUP reads the TLS certificate again.\n"
    "Exit: 0 stopped, 2 something needed is away, 3 usage or configuration.\n";

static int print(const struct bytes *text)
{
    return fwrite(text->data, 1, text->size, stdout) == text->size && fflush(stdout) == 0
               ? 0
               : 2;
}

static int serve(struct app *app)
{
    struct err err;
    harden();
    (void) signal(SIGCHLD, SIG_IGN); /* the kernel reaps what notify_command leaves */
    status started = start(app, &err);
    if (started != OK) {
        log_err(LOG_ERROR, "not started", &err);
        stop(app);
        return started == ERR_BAD_INPUT ? 3 : 2;
    }
    log_event(LOG_INFO, "serving", LOG_TEXT("version", CRFD_VERSION),
              LOG_NUMBER("port", http_server_port(app->servers[0])), LOG_END);
    notify_ready();
    loop_run(app->service.loop);
    stop(app);
    log_event(LOG_INFO, "stopped", LOG_END);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                            {"check-config", no_argument, NULL, 'k'},
                                            {"dump-config", no_argument, NULL, 'd'},
                                            {"example-config", no_argument, NULL, 'e'},
                                            {"version", no_argument, NULL, 'v'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = {0};
    const char *file = NULL;
    int what = 0;
    for (int option; (option = getopt_long(argc, argv, "c:h", options, NULL)) != -1;) {
        if (option == '?') {
            (void) fputs(usage, stderr);
            return 3;
        }
        if (option == 'c') {
            file = optarg;
        } else {
            what = option;
        }
    }
    if (what == 'h' || what == 'v' || what == 'e') {
        if (what == 'e') {
            settings_example(CONFIG, &text);
        } else {
            bytes_add_text(&text, what == 'h' ? usage : "crfd " CRFD_VERSION "\n");
        }
        return print(&text);
    }
    struct app *app = ARENA_NEW(arena, struct app);
    struct err err;
    app->arena = arena;
    if (optind < argc || config_load(file, arena, &app->config, &err) != OK) {
        (void) fprintf(stderr, "crfd: %s\n", optind < argc ? "see --help" : err.what);
        return 3;
    }
    if (what == 'd') {
        settings_dump(CONFIG, &app->config, &text);
        return print(&text);
    }
    return what == 'k' ? 0 : serve(app);
}
