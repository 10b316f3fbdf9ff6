/* SPDX-License-Identifier: Apache-2.0 */
#include "service/app/config.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

#define TEXT(field, initial, manual)                                                       \
    {                                                                                      \
#field, SETTING_TEXT, offsetof(struct config, field), initial, 0, 0, manual, false \
    }
#define LIST(field, manual)                                                                \
    {                                                                                      \
#field, SETTING_LIST, offsetof(struct config, field), NULL, 0, 0, manual, false    \
    }
#define NUMBER(field, initial, least, most, manual)                                        \
    {                                                                                      \
#field, SETTING_INTEGER, offsetof(struct config, field), initial, least, most,     \
            manual, false                                                                  \
    }
#define YES_NO(field, initial, manual)                                                     \
    {                                                                                      \
#field, SETTING_BOOL, offsetof(struct config, field), initial, 0, 0, manual, false \
    }

/* clang-format off */
const struct setting CONFIG[] = {
    LIST(listen, "Address and port of the service, TLS 1.3: 0.0.0.0:8443, [::]:8443, or fd:3 for an "
         "inherited socket. May stand several times."),
    TEXT(operator_listen, "unix:crfd-operator.sock", "Where healthz, readyz and metrics are served without "
         "TLS: a unix socket (relative to state_folder) or a loopback address and port."),
    LIST(public_url, "What clients put before /v1/studies/...: https://edc.example.org. A record signed for "
         "another is refused. May stand several times; the first is printed in passports."),
    TEXT(tls_certificate, NULL, "PEM file: the certificate chain, leaf first; P-256. Read again on SIGHUP."),
    TEXT(tls_key, NULL, "PEM file: its private key, readable by the service's user alone."),
    TEXT(database, NULL, "libpq connection string of the runtime role: key=value or URI, by unix socket or "
         "hostaddr (a name look-up would block)."),
    TEXT(state_folder, NULL, "Folder for log keys, high-water marks and evidence files. Back it up apart from "
         "the database, and never restore it: it is what a restored database is compared with."),
    LIST(study, "A study served here: its name in paths, the origin of its log, and the RFC 7638 thumbprint of "
         "its founder's key (crf-admin founder prints it), separated by spaces. May stand several times."),
    LIST(adopt_log, "The name of a study whose log may be gone on with though state_folder has no high-water mark of "
         "it: for the first start of a further crfd on the same database. Without it such a study is halted, "
         "for nobody could tell whether the log was cut. Take it out again. May stand several times."),
    NUMBER(workers, "2", 1, 64, "Threads that verify signatures and parse."),
    NUMBER(worker_queue, "2048", 16, 65536, "Requests that may wait for a worker; then 503."),
    NUMBER(queue, "1024", 16, 65536, "Records that may wait for one study's writer; then 503 and Retry-After."),
    NUMBER(batch, "256", 1, 256, "Records in one transaction, at most."),
    NUMBER(database_writers, "2", 1, 16, "Connections for appending; one for each busy study is enough."),
    NUMBER(database_readers, "3", 1, 64, "Connections for reads, comparisons and proofs."),
    NUMBER(database_streams, "2", 1, 64, "Connections for streamed bodies; one for each export at a time."),
    NUMBER(connections, "1000", 1, 100000, "Client connections at once."),
    NUMBER(connections_per_address, "100", 1, 100000, "Client connections of one address at once."),
    NUMBER(connects_per_minute, "600", 1, 1000000, "New connections of one address in a minute."),
    NUMBER(requests_per_minute, "6000", 1, 10000000, "Requests of one address in a minute; then 429."),
    NUMBER(first_contacts_per_minute, "120", 1, 1000000, "Records signed by keys that are not enrolled, of one "
           "address in a minute; then 429."),
    NUMBER(blob_mebibytes, "16", 1, 256, "Size of one blob (a definition, a dictionary), in MiB."),
    NUMBER(casebook_mebibytes, "256", 1, 65536, "Memory for each study's casebooks, in MiB."),
    NUMBER(answer_seconds, "10", 1, 600, "A record is answered by then: 503, outcome unknown, ask again."),
    NUMBER(drain_seconds, "30", 1, 600, "How long SIGTERM waits for what has begun."),
    NUMBER(scrub_milliseconds, "250", 1, 3600000, "Pause between two tiles of 256 entries that are read again "
           "and compared with what was signed."),
    TEXT(notify_command, "", "Program (absolute path) that is run when a serious event came, nobody acknowledged it, a "
         "clock runs out, or a test alarm is sent: EVENT STUDY REPORT CLOCK DUE. Never a clinical value."),
    NUMBER(notify_hours, "24", 1, 720, "How many hours before its time a clock is told of as due soon."),
    TEXT(log_level, "info", "debug, info, warning or error."),
    YES_NO(unsafe_database, "no", "For tests: accept a PostgreSQL with fsync or data checksums off. Never with "
           "patients' data."),
    {.name = NULL},
};
/* clang-format on */

static status read_whole(const char *file, struct bytes *out, struct err *err)
{
    uint8_t buffer[4096];
    FILE *stream = fopen(file, "rbe");
    if (stream == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "%s: %s", file, strerror(errno));
    }
    for (size_t n; (n = fread(buffer, 1, sizeof(buffer), stream)) > 0;) {
        bytes_add(out, buffer, n);
    }
    bool failed = ferror(stream) != 0;
    (void) fclose(stream);
    return failed ? FAIL(err, ERR_BAD_INPUT, "%s cannot be read", file) : OK;
}

static status need_lists(const struct config *config, struct err *err)
{
    if (config->listen.count == 0 || config->public_url.count == 0) {
        return FAIL(err, ERR_BAD_INPUT,
                    "listen and public_url must be given at least once");
    }
    for (size_t i = 0; i < config->public_url.count; i++) {
        struct span url = span_text(config->public_url.items[i]);
        if (!span_starts(url, "https://") || url.data[url.size - 1] == '/') {
            return FAIL(err, ERR_BAD_INPUT,
                        "public_url must begin with https:// and not end with a slash");
        }
    }
    return OK;
}

/* Each study reads, and no two share a name or a log: they would share key and mark. */
static status check_studies(const struct config *config, struct arena *arena,
                            struct err *err)
{
    struct config_study *studies =
        ARENA_ARRAY(arena, config->study.count, struct config_study);
    for (size_t i = 0; i < config->study.count; i++) {
        TRY(config_study_parse(config->study.items[i], arena, &studies[i], err));
        for (size_t j = 0; j < i; j++) {
            if (strcmp(studies[i].slug, studies[j].slug) == 0 ||
                strcmp(studies[i].origin, studies[j].origin) == 0) {
                return FAIL(err, ERR_BAD_INPUT, "the study %s or its origin stands twice",
                            studies[i].slug);
            }
        }
    }
    return OK;
}

/* Found out now: at night, with a serious event to tell of, nobody reads the log. */
static status check_command(const char *command, struct err *err)
{
    struct stat info;
    if (*command == '\0') {
        return OK;
    }
    if (*command != '/') {
        return FAIL(err, ERR_BAD_INPUT, "notify_command must be an absolute path");
    }
    return stat(command, &info) == 0 && S_ISREG(info.st_mode) && access(command, X_OK) == 0
               ? OK
               : FAIL(err, ERR_BAD_INPUT, "notify_command %s is no program that can be run",
                      command);
}

status config_load(const char *file, struct arena *arena, struct config *ret_config,
                   struct err *err)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    struct config config = {0};
    TRY(settings_init(CONFIG, arena, &config, err));
    if (file != NULL) {
        TRY(read_whole(file, &text, err));
        TRY(settings_read(CONFIG, arena, &config, file, span_bytes(&text), err));
    }
    TRY(settings_environment(CONFIG, arena, &config, "CRFD", err));
    TRY(settings_complete(CONFIG, &config, err));
    TRY(need_lists(&config, err));
    TRY(check_studies(&config, arena, err));
    TRY(check_command(config.notify_command, err));
    enum log_level level;
    if (!log_level_parse(config.log_level, &level)) {
        return FAIL(err, ERR_BAD_INPUT, "log_level must be debug, info, warning or error");
    }
    *ret_config = config;
    return OK;
}

static bool is_slug(const char *text)
{
    return text_is_token(span_text(text), 64) &&
           strspn(text,
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") ==
               strlen(text);
}

status config_study_parse(const char *text, struct arena *arena,
                          struct config_study *ret_study, struct err *err)
{
    struct span rest = span_text(text);
    struct span slug;
    struct span origin;
    if (!span_cut(&rest, ' ', &slug) || !span_cut(&rest, ' ', &origin) ||
        !text_is_token(origin, 200) || !text_is_token(rest, 43) || rest.size != 43) {
        return FAIL(err, ERR_BAD_INPUT,
                    "study must be: name, origin, founder's thumbprint (43 characters)");
    }
    ret_study->slug = arena_span_text(arena, slug);
    ret_study->origin = arena_span_text(arena, origin);
    ret_study->founder = arena_span_text(arena, rest);
    return is_slug(ret_study->slug)
               ? OK
               : FAIL(err, ERR_BAD_INPUT, "a study's name in paths is of [A-Za-z0-9._-]");
}
