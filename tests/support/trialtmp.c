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
        "scrub_milliseconds = %d\n%s%s%s%s\n",
        process->port, TRIAL_URL, trial->certificate, trial->tls_key, trial->runtime,
        process->folder, TRIAL_SLUG, TRIAL_ORIGIN, founder, "yes",
        trial->scrub_pause > 0 ? trial->scrub_pause : 20,
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

static size_t collect(char *data, size_t size, size_t count, void *arg)
{
    bytes_add(arg, data, size * count);
    return size * count;
}

void answer_done(struct answer *answer)
{
    bytes_done(&answer->body);
    bytes_done(&answer->headers);
    arena_free(answer->arena);
    *answer = (struct answer){0};
}

const char *answer_text(const struct answer *answer, const char *member)
{
    return json_get_string(answer->json, member);
}

int64_t answer_number(const struct answer *answer, const char *member)
{
    const struct json *value = json_get(answer->json, member);
    return value != NULL && value->kind == J_INTEGER ? value->integer : -1;
}

static bool list_has_rule(const struct json *list, const char *rule)
{
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        if (json_equals(json_get(&list->items[i], "rule"), rule)) {
            return true;
        }
    }
    return false;
}

bool answer_has_finding(const struct answer *answer, const char *rule)
{
    const struct json *outcome = json_get(answer->json, "outcome");
    return list_has_rule(json_get(answer->json, "findings"), rule) ||
           list_has_rule(json_get(outcome, "findings"), rule);
}

bool answer_has_receipt(const struct answer *answer)
{
    const char *receipt = answer_text(answer, "receipt");
    return receipt != NULL && strncmp(receipt, "c2sp.org/tlog-proof@v1\n", 23) == 0;
}

const char *answer_code(const struct answer *answer)
{
    const char *type = answer_text(answer, "type");
    const char *colon = type != NULL ? strrchr(type, ':') : NULL;
    return colon != NULL ? colon + 1 : "";
}

struct request {
    const char *method, *path;
    struct span body;
    const char *content_type, *bearer, *header, *unix_socket;
    bool fresh;
};

static struct curl_slist *request_headers(const struct request *request)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    if (request->header != NULL) {
        headers = curl_slist_append(headers, request->header);
    }
    CLEANUP(bytes_done) struct bytes line = {0};
    if (request->content_type != NULL) {
        bytes_printf(&line, "Content-Type: %s", request->content_type);
        headers = curl_slist_append(headers, bytes_text(&line));
    }
    if (request->bearer != NULL) {
        bytes_clear(&line);
        bytes_printf(&line, "Authorization: Bearer %s", request->bearer);
        headers = curl_slist_append(headers, bytes_text(&line));
    }
    return headers;
}

static struct answer send_request(struct trial *trial, const struct request *request)
{
    struct answer answer = {.arena = arena_new()};
    CLEANUP(bytes_done) struct bytes url = {0};
    long code = 0;
    CURL *curl = trial->curl;
    curl_easy_reset(curl);
    if (request->unix_socket != NULL) {
        bytes_printf(&url, "http://localhost%s", request->path);
        (void) curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, request->unix_socket);
    } else {
        bytes_printf(&url, "https://127.0.0.1:%d%s", trial_port(trial), request->path);
    }
    struct curl_slist *headers = request_headers(request);
    (void) curl_easy_setopt(curl, CURLOPT_URL, bytes_text(&url));
    (void) curl_easy_setopt(curl, CURLOPT_CAINFO, trial->certificate);
    (void) curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void) curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
    (void) curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void) curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    (void) curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
    (void) curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, collect);
    (void) curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer.headers);
    (void) curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    if (request->fresh) {
        (void) curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
        (void) curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
        (void) curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    }
    if (strcmp(request->method, "HEAD") == 0) {
        (void) curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    }
    if (request->body.data != NULL) {
        (void) curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.data);
        (void) curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                                (curl_off_t) request->body.size);
    }
    if (curl_easy_perform(curl) == CURLE_OK) {
        (void) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
        answer.status = (int) code;
        struct json_limits limits = {.depth = 64, .nodes = 1000000, .string = 1 << 26};
        (void) !json_parse(span_bytes(&answer.body), &limits, answer.arena, &answer.json,
                           NULL);
    }
    curl_slist_free_all(headers);
    return answer;
}

static void bearer_of(struct trial *trial, enum who who, bool with_jwk, struct bytes *out)
{
    struct err err;
    struct bearer_claims claims = {.iss = TRIAL_PEOPLE[who].id,
                                   .aud = trial_origin(trial),
                                   .iat = clock_now(&clock_system) / SECOND,
                                   .with_jwk = with_jwk};
    uuid_make(&clock_system, &claims.jti);
    trial_must(bearer_sign(trial->keys[who], &claims, out, &err), &err, "assertion");
}

struct answer trial_send(struct trial *trial, const struct trial_request *request)
{
    CLEANUP(bytes_done) struct bytes bearer = {0};
    if (request->signed_in) {
        bearer_of(trial, request->who, false, &bearer);
    }
    return send_request(
        trial, &(struct request){.method = request->method,
                                 .path = request->path,
                                 .body = request->body,
                                 .content_type = request->content_type,
                                 .header = request->header,
                                 .fresh = request->fresh,
                                 .bearer = bearer.size > 0 ? bytes_text(&bearer) : NULL});
}

void *trial_wire_open(struct trial *trial)
{
    CURL *curl = curl_easy_init();
    CLEANUP(bytes_done) struct bytes url = {0};
    bytes_printf(&url, "https://127.0.0.1:%d", trial_port(trial));
    (void) curl_easy_setopt(curl, CURLOPT_URL, bytes_text(&url));
    (void) curl_easy_setopt(curl, CURLOPT_CAINFO, trial->certificate);
    (void) curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void) curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    if (curl_easy_perform(curl) != CURLE_OK) {
        trial_give_up("no connection");
    }
    return curl;
}

void trial_wire_send(void *wire, struct span bytes)
{
    size_t sent = 0;
    if (curl_easy_send(wire, bytes.data, bytes.size, &sent) != CURLE_OK ||
        sent != bytes.size) {
        trial_give_up("the connection takes nothing");
    }
}

bool trial_wire_read(void *wire, int seconds, struct bytes *out)
{
    char buffer[4096];
    for (int i = 0; i < seconds * 50;) {
        size_t got = 0;
        CURLcode code = curl_easy_recv(wire, buffer, sizeof(buffer), &got);
        if (code == CURLE_AGAIN) {
            (void) usleep(20000);
            i++;
        } else if (code != CURLE_OK || got == 0) {
            return true;
        } else {
            bytes_add(out, buffer, got);
        }
    }
    return false;
}

void trial_wire_close(void *wire)
{
    curl_easy_cleanup(wire);
}

struct answer trial_ask_operator(struct trial *trial, const char *path)
{
    CLEANUP(mem_freep) char *at = join(current(trial)->folder, "crfd-operator.sock");
    return send_request(
        trial, &(struct request){.method = "GET", .path = path, .unix_socket = at});
}

struct answer trial_get(struct trial *trial, enum who who, const char *path)
{
    CLEANUP(bytes_done) struct bytes bearer = {0};
    CLEANUP(bytes_done) struct bytes whole = {0};
    bearer_of(trial, who, false, &bearer);
    bytes_printf(&whole, "/v1/studies/%s%s", trial_slug(trial), path);
    return send_request(trial, &(struct request){.method = "GET",
                                                 .path = bytes_text(&whole),
                                                 .bearer = bytes_text(&bearer)});
}

struct answer trial_get_plain(struct trial *trial, const char *path)
{
    return send_request(trial, &(struct request){.method = "GET", .path = path});
}

struct answer trial_put_blob(struct trial *trial, enum who who, struct span bytes)
{
    CLEANUP(bytes_done) struct bytes bearer = {0};
    CLEANUP(bytes_done) struct bytes path = {0};
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    digest_of(bytes, &digest);
    digest_to_hex(&digest, hex);
    bearer_of(trial, who, true, &bearer);
    bytes_printf(&path, "/v1/studies/%s/blobs/%s", trial_slug(trial), hex);
    return send_request(trial, &(struct request){.method = "PUT",
                                                 .path = bytes_text(&path),
                                                 .body = bytes,
                                                 .content_type = "application/xml",
                                                 .bearer = bytes_text(&bearer)});
}

/* Remember the newest checkpoint: it is the next record's `seen`. */
static void remember_seen(struct trial *trial, const struct answer *answer)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct receipt receipt;
    struct span text;
    struct span signatures;
    struct checkpoint checkpoint;
    const char *proof = answer_text(answer, "receipt");
    if (proof != NULL && receipt_parse(span_text(proof), arena, &receipt, NULL) == OK &&
        note_split(receipt.note, &text, &signatures, NULL) == OK &&
        checkpoint_parse(text, &checkpoint, NULL) == OK) {
        trial->seen[trial->other_study] =
            (struct record_seen){true, checkpoint.size, checkpoint.root};
    }
}

struct answer trial_post(struct trial *trial, struct span line)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_printf(&path, "/v1/studies/%s/records", trial_slug(trial));
    struct answer answer =
        send_request(trial, &(struct request){.method = "POST",
                                              .path = bytes_text(&path),
                                              .body = line,
                                              .content_type = "application/jose+json"});
    remember_seen(trial, &answer);
    return answer;
}
