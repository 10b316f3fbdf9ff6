/* SPDX-License-Identifier: Apache-2.0 */
/*
** The load of tests/bench/run: receipts a second from 1, 16 and 64 connections, beside bare
** commits of the same bytes on the same database. Prints a Markdown table. The only
** argument is how many ECDSA P-256 signatures `openssl speed` verifies in a second on one
** core.
*/
#include <curl/curl.h>
#include <libpq-fe.h>
#include <unistd.h>

#include "protocol/study/subject_key.h"
#include "tests/bench/bench.h"
#include "tests/support/trialtmp_impl.h"

#define SUBJECTS 800
#define SECONDS  8

struct load {
    struct trial *trial;
    struct bytes *lines;
    size_t count;
};

/* ---- records, signed beforehand ---- */

static const char *subject_key(size_t number, struct arena *arena)
{
    const char *stem = arena_printf(arena, "%03zu-", number);
    return arena_printf(arena, "%s%c", stem,
                        subject_key_character("mod23", span_text(stem)));
}

static void sign_enrolments(struct load *load)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (size_t i = 0; i < SUBJECTS; i++) {
        struct record record =
            trial_record(load->trial, INVESTIGATOR, RECORD_SUBJECT_ENROL, arena);
        record.data.subject_enrol =
            (struct subject_enrol_data){subject_key(i, arena), TRIAL_SITE};
        trial_sign(load->trial, INVESTIGATOR, &record, &load->lines[i]);
    }
    load->count = SUBJECTS;
}

/* COUNT forms, no two of which are the same form; neighbours are of different subjects. */
static void sign_forms(struct load *load, size_t count, const char *phase)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record medication =
        trial_form(load->trial, INVESTIGATOR, "04-LOG-CM.json", NULL, NULL, arena);
    struct record event =
        trial_form(load->trial, INVESTIGATOR, "18-LOG-AE.json", NULL, NULL, arena);
    for (size_t i = 0; i < count; i++) {
        struct record record = i % 8 == 0 ? event : medication;
        struct form_key *key = &record.data.form_submit.form.key;
        key->subject = subject_key(i % SUBJECTS, arena);
        key->form_repeat = arena_printf(arena, "%s%zu", phase, i);
        bytes_clear(&load->lines[i]);
        trial_sign(load->trial, INVESTIGATOR, &record, &load->lines[i]);
    }
    load->count = count;
}

/* ---- to crfd ---- */

static size_t ignore(char *data, size_t size, size_t count, void *arg)
{
    (void) data;
    (void) arg;
    return size * count;
}

static void *open_client(void *arg)
{
    const struct load *load = arg;
    CURL *curl = curl_easy_init();
    CLEANUP(bytes_done) struct bytes url = {0};
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    headers = curl_slist_append(headers, "Content-Type: application/jose+json");
    bytes_printf(&url, "https://127.0.0.1:%d/v1/studies/" TRIAL_SLUG "/records",
                 trial_port(load->trial));
    (void) curl_easy_setopt(curl, CURLOPT_URL, bytes_text(&url));
    (void) curl_easy_setopt(curl, CURLOPT_CAINFO, load->trial->certificate);
    (void) curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void) curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void) curl_easy_setopt(curl, CURLOPT_PRIVATE, headers);
    (void) curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
    return curl;
}

static bool send_one(void *arg, void *own, size_t index)
{
    const struct load *load = arg;
    CURL *curl = own;
    long code = 0;
    (void) curl_easy_setopt(curl, CURLOPT_POSTFIELDS, load->lines[index].data);
    (void) curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                            (curl_off_t) load->lines[index].size);
    return curl_easy_perform(curl) == CURLE_OK &&
           curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK &&
           code == 201;
}

static void close_client(void *own)
{
    struct curl_slist *headers = NULL;
    (void) curl_easy_getinfo(own, CURLINFO_PRIVATE, &headers);
    curl_slist_free_all(headers);
    curl_easy_cleanup(own);
}

/* ---- bare commits ---- */

static void *open_database(void *arg)
{
    const struct load *load = arg;
    PGconn *conn = PQconnectdb(trial_superuser(load->trial));
    PQclear(PQprepare(conn, "bare", "insert into bare (bytes) values ($1)", 1, NULL));
    return conn;
}

static bool insert_one(void *arg, void *own, size_t index)
{
    const struct load *load = arg;
    const struct bytes *line = &load->lines[index % load->count];
    const char *values[] = {(const char *) line->data};
    int sizes[] = {(int) line->size};
    int binary[] = {1};
    PGresult *result = PQexecPrepared(own, "bare", 1, values, sizes, binary, 0);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return good;
}

static void close_database(void *own)
{
    PQfinish(own);
}

/* ---- the table ---- */

static double metric(struct trial *trial, const char *name)
{
    struct answer answer = trial_ask_operator(trial, "/metrics");
    CLEANUP(bytes_done) struct bytes line = {0};
    bytes_printf(&line, "\n%s ", name);
    const char *at = strstr(bytes_text(&answer.body), bytes_text(&line));
    double value = at != NULL ? strtod(at + line.size, NULL) : 0;
    answer_done(&answer);
    return value;
}

struct measured {
    size_t clients, limit;
    struct bench_result forms, commits;
    double cpu, batch;
};

/* What an earlier phase left dirty must not be written out during this one: the disk is
 * shared. */
static void settle(struct load *load)
{
    free(pgtmp_must(trial_superuser(load->trial), "checkpoint"));
    sync();
}

static void measure_forms(struct load *load, struct measured *row)
{
    const struct bench_work forms = {open_client, send_one, close_client, load};
    char phase[32];
    (void) snprintf(phase, sizeof(phase), "c%zu-", row->clients);
    sign_forms(load, row->limit, phase);
    settle(load);
    pid_t crfd = load->trial->crfd[0].pid;
    double cpu = bench_cpu_seconds(crfd);
    double batches = metric(load->trial, "crfd_batches_total");
    double records = metric(load->trial, "crfd_batch_records_total");
    row->forms = bench_run(&forms, row->clients, row->limit, SECONDS);
    row->cpu = bench_cpu_seconds(crfd) - cpu;
    batches = metric(load->trial, "crfd_batches_total") - batches;
    row->batch = (metric(load->trial, "crfd_batch_records_total") - records) / batches;
}

static void measure_commits(struct load *load, struct measured *row)
{
    const struct bench_work bare = {open_database, insert_one, close_database, load};
    settle(load);
    row->commits = bench_run(&bare, row->clients, 1000000, SECONDS / 2.0);
}

static void print_row(const struct measured *row, double verify_rate)
{
    const struct bench_result *forms = &row->forms;
    if (forms->failed > 0 || row->commits.failed > 0 || forms->done == 0) {
        (void) fprintf(stderr, "bench: %zu records and %zu commits failed\n", forms->failed,
                       row->commits.failed);
        exit(1);
    }
    double rate = (double) forms->done / forms->seconds;
    double bare_rate = (double) row->commits.done / row->commits.seconds;
    (void) printf(
        "| %zu | %.0f | %.1f | %.1f | %.1f | %.2f | %.0f | %.2f | %.0f | %.2f |\n",
        row->clients, rate, forms->p50, forms->p99, row->batch, row->cpu / forms->seconds,
        (double) forms->done / row->cpu, (double) forms->done / row->cpu / verify_rate,
        bare_rate, rate / bare_rate);
}

/* ---- a start on what is there now ---- */

static double number_of(struct load *load, const char *sql)
{
    CLEANUP(mem_freep) char *text = pgtmp_must(trial_superuser(load->trial), sql);
    return strtod(text, NULL);
}

static double hash_seconds(size_t size)
{
    uint8_t piece[4096] = {0};
    struct digest digest;
    double began = bench_now();
    for (size_t done = 0; done < size; done += sizeof(piece)) {
        digest_of(span_of(piece, sizeof(piece)), &digest);
        piece[0] = digest.bytes[0];
    }
    return bench_now() - began;
}

/* crfd reads and folds the whole log before it is ready. */
static void measure_start(struct load *load, double verify_rate)
{
    double entries = number_of(load, "select count(*) from crfd.entry");
    double bytes = number_of(load, "select sum(octet_length(bytes)) from crfd.body") +
                   number_of(load, "select sum(octet_length(entry)) from crfd.entry");
    trial_kill(load->trial);
    double began = bench_now();
    trial_restart(load->trial);
    double seconds = bench_now() - began;
    double cpu = bench_cpu_seconds(load->trial->crfd[0].pid);
    (void) printf(
        "\nstart on a log of %.0f entries (%.0f MB): %.2f s, %.0f entries/s; %.2f s of"
        " crfd's CPU time, %.0f entries per core-second\nSHA-256 of as many bytes:"
        " %.2f s; verifying as many signatures: %.2f s of a core\n",
        entries, bytes / 1e6, seconds, entries / seconds, cpu, entries / cpu,
        hash_seconds((size_t) bytes), entries / verify_rate);
}

int main(int argc, char **argv)
{
    struct measured rows[] = {{.clients = 1, .limit = 8000},
                              {.clients = 16, .limit = 32000},
                              {.clients = 64, .limit = 48000}};
    double verify_rate = argc == 2 ? strtod(argv[1], NULL) : 0;
    if (verify_rate <= 0) {
        (void) fputs("usage: bench_load VERIFICATIONS-PER-SECOND (see tests/bench/run)\n",
                     stderr);
        return 2;
    }
    struct trial_options options = {.fsync = true,
                                    .scrub_pause = 250}; /* as it is by default */
    struct load load = {.trial = trial_start(&options)};
    const struct bench_work forms = {open_client, send_one, close_client, &load};
    trial_open(load.trial);
    load.lines = mem_alloc(rows[ARRAY_LEN(rows) - 1].limit * sizeof(*load.lines));
    free(pgtmp_must(trial_superuser(load.trial),
                    "create table bare (id bigint generated always as identity primary key,"
                    " bytes bytea compression lz4 not null)"));
    sign_enrolments(&load);
    struct bench_result enrolled = bench_run(&forms, 16, SUBJECTS, 60);
    sign_forms(&load, 1, "first-");
    (void) printf(
        "\n%zu subjects, a signed form is %zu bytes; openssl verifies %.0f ECDSA P-256"
        " signatures/s on one core\n\n"
        "| clients | receipts/s | p50 ms | p99 ms | mean batch | crfd cores |"
        " receipts per crfd core-second | of openssl's verify rate |"
        " bare commits/s | receipts per bare commit |\n"
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        enrolled.done, load.lines[0].size, verify_rate);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        measure_forms(&load, &rows[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        measure_commits(&load, &rows[i]);
        print_row(&rows[i], verify_rate);
    }
    measure_start(&load, verify_rate);
    for (size_t i = 0; i < rows[ARRAY_LEN(rows) - 1].limit; i++) {
        bytes_done(&load.lines[i]);
    }
    free(load.lines);
    trial_stop(load.trial);
    return 0;
}
