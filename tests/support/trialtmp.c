/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/trialtmp_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/encode.h"
#include "crypto/bearer.h"
#include "crypto/certificate.h"
#include "crypto/jws.h"
#include "crypto/receipt.h"
#include "tests/support/files.h"

const struct trial_person TRIAL_PEOPLE[WHO_COUNT] = {
    [FOUNDER] = {"p-0001", "F. Founder", "sponsor", NULL},
    [INVESTIGATOR] = {"p-0101", "A. de Vries", "investigator", "01"},
    [COORDINATOR] = {"p-0102", "C. Jansen", "coordinator", "01"},
    [STRANGER] = {"p-0201", "L. Peeters", "investigator", "02"},
    [MONITOR] = {"p-0301", "M. Visser", "monitor", "01"},
    [SPONSOR] = {"p-0401", "S. Sponsor", "sponsor", NULL},
    [NOBODY] = {"p-9999", "N. Nobody", "investigator", "01"},
    [DATA_MANAGER] = {"p-0501", "D. Manager", "data-manager", NULL},
    [SAFETY] = {"p-0502", "S. Physician", "safety", NULL},
    [RATER] = {"p-0103", "R. Rater", "rater", "01"},
    [PHARMACIST] = {"p-0104", "P. Pharmacist", "pharmacist", "01"},
    [REGISTRAR] = {"p-0503", "R. Registrar", "registrar", NULL},
    [INSPECTOR] = {"p-0601", "I. Inspector", "inspector", NULL},
};

void trial_give_up(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void) fputs("trialtmp: ", stderr);
    (void) vfprintf(stderr, format, args);
    (void) fputc('\n', stderr);
    va_end(args);
    exit(1);
}

void trial_must(status result, const struct err *err, const char *what)
{
    if (result != OK) {
        trial_give_up("%s: %s (%s)", what, err->what, err->where);
    }
}

static char *join(const char *a, const char *b)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    bytes_printf(&text, "%s/%s", a, b);
    return mem_text(bytes_text(&text));
}

static void write_file(const char *path, struct span text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, text.data, text.size) != (ssize_t) text.size ||
        close(fd) != 0) {
        trial_give_up("%s: %s", path, strerror(errno));
    }
}

/* The port that crfd wrote into its log; 0 when it has not yet. */
static int logged_port(const char *log)
{
    CLEANUP(bytes_done) struct bytes text = read_file(log);
    const char *serving = NULL;
    for (const char *at = bytes_text(&text);
         (at = strstr(at, "\"event\":\"serving\"")) != NULL; at++) {
        serving = at;
    }
    const char *port = serving != NULL ? strstr(serving, "\"port\":") : NULL;
    return port != NULL ? (int) strtol(port + 7, NULL, 10) : 0;
}

static void launch(struct trial *trial, struct process *process)
{
    (void) trial;
    int log = open(process->log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    process->pid = fork();
    if (process->pid == 0) {
        (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void) dup2(log, STDERR_FILENO);
        (void) dup2(log, STDOUT_FILENO);
        (void) execl(CRFD_PROGRAM, "crfd", "--config", process->config, (char *) NULL);
        _exit(127);
    }
    (void) close(log);
    for (int i = 0; i < 600 && (process->port = logged_port(process->log)) == 0; i++) {
        int result = 0;
        if (waitpid(process->pid, &result, WNOHANG) == process->pid) {
            CLEANUP(bytes_done) struct bytes text = read_file(process->log);
            trial_give_up("crfd ended at once:\n%s", bytes_text(&text));
        }
        (void) usleep(50000);
    }
    if (process->port == 0) {
        trial_give_up("crfd does not say that it serves");
    }
}

static void write_config(struct trial *trial, struct process *process)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    const char *founder = key_thumbprint(private_key_public(trial->keys[FOUNDER]));
    bytes_printf(
        &text,
        "listen = 127.0.0.1:%d\npublic_url = %s\ntls_certificate = %s\ntls_key = %s\n"
        "database = %s\nstate_folder = %s\nstudy = %s %s %s\nunsafe_database = %s\n"
        "requests_per_minute = 10000000\nconnects_per_minute = 1000000\n"
        "scrub_milliseconds = %d\n%s%s%s%s%s\n",
        process->port, TRIAL_URL, trial->certificate, trial->tls_key, trial->runtime,
        process->folder, TRIAL_SLUG, TRIAL_ORIGIN, founder, "yes",
        trial->scrub_pause > 0 ? trial->scrub_pause : 20,
        process == &trial->crfd[1] ? "adopt_log = " TRIAL_SLUG "\n" : "",
        trial->has_other_study ? "study = " TRIAL_OTHER_SLUG " " TRIAL_OTHER_ORIGIN " "
                               : "",
        trial->has_other_study ? founder : "", trial->has_other_study ? "\n" : "",
        trial->settings != NULL ? trial->settings : "");
    write_file(process->config, span_bytes(&text));
}

static void make_process(struct trial *trial, struct process *process, const char *name)
{
    process->folder = join(trial->folder, name);
    if (mkdir(process->folder, 0700) != 0) {
        trial_give_up("%s: %s", process->folder, strerror(errno));
    }
    process->config = join(process->folder, "crfd.conf");
    process->log = join(process->folder, "crfd.log");
}

static struct process *current(struct trial *trial)
{
    return &trial->crfd[trial->chosen];
}

void trial_kill(struct trial *trial)
{
    struct process *process = current(trial);
    if (process->pid > 0) {
        (void) kill(process->pid, SIGKILL);
        (void) waitpid(process->pid, NULL, 0);
        process->pid = 0;
    }
}

void trial_signal(struct trial *trial, int signal_number)
{
    (void) kill(current(trial)->pid, signal_number);
}

int trial_wait(struct trial *trial)
{
    struct process *process = current(trial);
    int result = 0;
    (void) waitpid(process->pid, &result, 0);
    process->pid = 0;
    return WIFEXITED(result) ? WEXITSTATUS(result) : 128 + WTERMSIG(result);
}

int trial_terminate(struct trial *trial)
{
    trial_signal(trial, SIGTERM);
    return trial_wait(trial);
}

void trial_launch(struct trial *trial)
{
    launch(trial, current(trial));
}

void trial_restart(struct trial *trial)
{
    trial_launch(trial);
    if (!trial_ready(trial, 60)) {
        trial_give_up("crfd is not ready after a restart");
    }
}

void trial_start_second(struct trial *trial)
{
    struct process *first = &trial->crfd[0];
    struct process *second = &trial->crfd[1];
    make_process(trial, second, "second");
    CLEANUP(mem_freep) char *from = join(first->folder, TRIAL_SLUG ".logkey");
    CLEANUP(mem_freep) char *to = join(second->folder, TRIAL_SLUG ".logkey");
    CLEANUP(bytes_wipe) struct bytes key = read_file(from);
    write_file(to, span_bytes(&key));
    write_config(trial, second);
    launch(trial, second);
    trial->chosen = 1;
    bool ready = trial_ready(trial, 60);
    trial->chosen = 0;
    if (!ready) {
        trial_give_up("the second crfd is not ready");
    }
}

void trial_choose_study(struct trial *trial, bool other)
{
    trial->other_study = other;
}

const char *trial_slug(const struct trial *trial)
{
    return trial->other_study ? TRIAL_OTHER_SLUG : TRIAL_SLUG;
}

const char *trial_origin(const struct trial *trial)
{
    return trial->other_study ? TRIAL_OTHER_ORIGIN : TRIAL_ORIGIN;
}

static void copy_file(const char *path, void *arg)
{
    CLEANUP(mem_freep) char *to = join(arg, strrchr(path, '/') + 1);
    CLEANUP(bytes_wipe) struct bytes bytes = read_file(path);
    write_file(to, span_bytes(&bytes));
}

void trial_copy(struct trial *trial)
{
    struct process *process = current(trial);
    CLEANUP(bytes_done) struct bytes name = {0};
    trial_kill(trial);
    if (trial->original == NULL) {
        trial->original = mem_text(trial->superuser);
        trial->original_folder = mem_text(process->folder);
    }
    free(trial->superuser);
    free(trial->runtime);
    trial->superuser = pgtmp_copy(trial->pg, trial->original);
    trial->runtime = pgtmp_login(trial->pg, trial->superuser, "crfd_service");
    free(process->folder);
    free(process->config);
    free(process->log);
    bytes_printf(&name, "copy-%u", ++trial->copies);
    make_process(trial, process, bytes_text(&name));
    (void) each_file(trial->original_folder, "", copy_file, process->folder);
    write_config(trial, process);
    trial_restart(trial);
}

void trial_choose(struct trial *trial, bool second)
{
    trial->chosen = second ? 1 : 0;
}

bool trial_ready(struct trial *trial, int seconds)
{
    for (int i = 0; i < seconds * 20; i++) {
        struct answer answer = trial_get_plain(trial, "/readyz");
        bool ready = answer.status == 200;
        answer_done(&answer);
        if (ready) {
            return true;
        }
        (void) usleep(50000);
    }
    return false;
}

static void make_certificate(struct trial *trial)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost"};
    CLEANUP(bytes_done) struct bytes certificate = {0};
    CLEANUP(secret_done) struct secret key = {0};
    struct err err;
    trial_must(certificate_make(hosts, 2, clock_now(&clock_system) - DAY, 30, &certificate,
                                &key, &err),
               &err, "certificate");
    write_file(trial->certificate, span_bytes(&certificate));
    write_file(trial->tls_key, secret_span(&key));
}

void trial_change_certificate(struct trial *trial)
{
    make_certificate(trial);
}

struct trial *trial_start(const struct trial_options *options)
{
    struct err err;
    struct trial *trial = mem_alloc(sizeof(*trial));
    trial->folder = temp_folder("trial");
    trial->has_other_study = options->other_study;
    trial->scrub_pause = options->scrub_pause;
    trial->settings = options->settings != NULL ? mem_text(options->settings) : NULL;
    trial->pg = pgtmp_start(&(struct pgtmp_options){.fsync = options->fsync});
    trial->runtime = pgtmp_database(trial->pg, PGTMP_MIGRATED, "crfd_service");
    trial->superuser = pgtmp_login(trial->pg, trial->runtime, NULL);
    trial->curl = curl_easy_init();
    for (enum who who = 0; who < WHO_COUNT; who++) {
        trial_must(private_key_generate(who == COORDINATOR ? KEY_ED25519 : KEY_ES256,
                                        &trial->keys[who], &err),
                   &err, "key");
    }
    trial->certificate = join(trial->folder, "tls.pem");
    trial->tls_key = join(trial->folder, "tls.key");
    make_certificate(trial);
    make_process(trial, &trial->crfd[0], "first");
    write_config(trial, &trial->crfd[0]);
    launch(trial, &trial->crfd[0]);
    /* the same port again after a restart */
    write_config(trial, &trial->crfd[0]);
    if (!trial_ready(trial, 60)) {
        CLEANUP(bytes_done) struct bytes text = read_file(trial->crfd[0].log);
        trial_give_up("crfd is not ready:\n%s", bytes_text(&text));
    }
    return trial;
}

void trial_stop(struct trial *trial)
{
    for (int i = 0; i < 2; i++) {
        trial->chosen = i;
        trial_kill(trial);
        free(trial->crfd[i].folder);
        free(trial->crfd[i].config);
        free(trial->crfd[i].log);
    }
    curl_easy_cleanup(trial->curl);
    pgtmp_stop(trial->pg);
    remove_tree(trial->folder);
    for (enum who who = 0; who < WHO_COUNT; who++) {
        private_key_free(trial->keys[who]);
    }
    free(trial->folder);
    free(trial->certificate);
    free(trial->tls_key);
    free(trial->superuser);
    free(trial->runtime);
    free(trial->definition_sha256);
    free(trial->vkey);
    free(trial->settings);
    free(trial->original);
    free(trial->original_folder);
    free(trial);
}

struct pgtmp *trial_pg(struct trial *trial)
{
    return trial->pg;
}

const char *trial_superuser(struct trial *trial)
{
    return trial->superuser;
}

int trial_port(const struct trial *trial)
{
    return trial->crfd[trial->chosen].port;
}

const char *trial_log_file(const struct trial *trial)
{
    return trial->crfd[trial->chosen].log;
}

const char *trial_folder(const struct trial *trial)
{
    return trial->crfd[trial->chosen].folder;
}

const char *trial_certificate(const struct trial *trial)
{
    return trial->certificate;
}

const struct private_key *trial_key(const struct trial *trial, enum who who)
{
    return trial->keys[who];
}

const char *trial_person(enum who who)
{
    return TRIAL_PEOPLE[who].id;
}

const char *trial_role(enum who who)
{
    return TRIAL_PEOPLE[who].role;
}
