/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/attack/clients.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "crypto/random.h"
#include "crypto/receipt.h"
#include "protocol/study/subject_key.h"
#include "tests/attack/verified.h"
#include "tests/support/rows.h"

#define SUBJECTS_EACH 100 /* of one client; of 1000 numbers in all */
#define PATIENCE      60  /* seconds until a record must have its answer */

struct client {
    struct clients *clients;
    size_t number;
    pthread_t thread;
    CURL *curl;
    enum who who;
    struct record_seen seen;
    struct digest leaf; /* of the form that is corrected next */
    struct held *held;
    size_t held_count, held_capacity;
    size_t made, retried;
    char problem[512]; /* the answer that ended it; "": none */
};

struct clients {
    struct trial *trial;
    struct note_key *log;
    atomic_bool stopping;
    atomic_int ports[2];
    struct client *items;
    size_t count;
};

/* ---- one request ---- */

static size_t collect(char *data, size_t size, size_t count, void *arg)
{
    bytes_add(arg, data, size * count);
    return size * count;
}

static int port_of(const struct clients *clients)
{
    uint8_t coin = 0;
    random_fill(&coin, 1);
    int second = atomic_load(&clients->ports[1]);
    return second != 0 && (coin & 1) != 0 ? second : atomic_load(&clients->ports[0]);
}

/* Send LINE; the HTTP status, 0 when no answer came. */
static int post(struct client *client, struct span line, struct bytes *out)
{
    CLEANUP(bytes_done) struct bytes url = {0};
    CURL *curl = client->curl;
    long code = 0;
    curl_easy_reset(curl);
    bytes_printf(&url, "https://127.0.0.1:%d/v1/studies/" TRIAL_SLUG "/records",
                 port_of(client->clients));
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    headers = curl_slist_append(headers, "Content-Type: application/jose+json");
    (void) curl_easy_setopt(curl, CURLOPT_URL, bytes_text(&url));
    (void) curl_easy_setopt(curl, CURLOPT_CAINFO,
                            trial_certificate(client->clients->trial));
    (void) curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void) curl_easy_setopt(curl, CURLOPT_TIMEOUT, 15L);
    (void) curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void) curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    (void) curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
    (void) curl_easy_setopt(curl, CURLOPT_POSTFIELDS, line.data);
    (void) curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) line.size);
    if (curl_easy_perform(curl) == CURLE_OK) {
        (void) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    }
    curl_slist_free_all(headers);
    return (int) code;
}

/* ---- one record ---- */

static const char *subject_of(const struct client *client, struct arena *arena)
{
    /* from 100 on: those below are the test's own */
    size_t n = (client->number + 1) * SUBJECTS_EACH + client->made / 8 % SUBJECTS_EACH;
    const char *stem = arena_printf(arena, "%03zu-", n);
    return arena_printf(arena, "%s%c", stem,
                        subject_key_character("mod23", span_text(stem)));
}

/* Eight records for each subject: enrol, two forms, one form and four corrections of it. */
static void next_line(struct client *client, struct bytes *out)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const char *const files[] = {NULL, "01-V1-CONSENT.json", "02-V1-DM.json"};
    struct trial *trial = client->clients->trial;
    size_t step = client->made % 8;
    const char *subject = subject_of(client, arena);
    struct record record;
    if (step == 0) {
        record = trial_record(trial, client->who, RECORD_SUBJECT_ENROL, arena);
        record.data.subject_enrol = (struct subject_enrol_data){subject, TRIAL_SITE};
    } else if (step < ARRAY_LEN(files)) {
        record = trial_form(trial, client->who, files[step], subject, NULL, arena);
    } else {
        char change[64];
        char prior[DIGEST_BASE64_SIZE];
        (void) snprintf(change, sizeof(change), "800 IU=>%zu IU", 100 * step);
        record = trial_form(trial, client->who, "04-LOG-CM.json", subject, change, arena);
        digest_to_base64(&client->leaf, prior);
        record.prior = step > 3 ? arena_text(arena, prior) : NULL;
        record.reason = step > 3 ? "Typed wrong." : NULL;
    }
    if (client->seen.given) {
        record.seen = client->seen;
    }
    trial_sign(trial, client->who, &record, out);
}

/* Keep LINE with the receipt in ANSWER. */
static bool keep(struct client *client, struct span line, struct span body)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct json_limits limits = {.depth = 64, .nodes = 100000, .string = 1 << 24};
    const struct json *json = NULL;
    struct receipt_facts facts;
    struct err err = {0};
    struct checkpoint_trust trust = {.log = client->clients->log};
    const char *receipt = json_parse(body, &limits, arena, &json, &err) == OK
                              ? json_get_string(json, "receipt")
                              : NULL;
    if (receipt == NULL ||
        receipt_verify(line, span_text(receipt), &trust, arena, &facts, &err) != OK) {
        (void) snprintf(client->problem, sizeof(client->problem),
                        "a receipt does not verify: %.200s %.200s", err.what,
                        receipt != NULL ? receipt : "(none)");
        return false;
    }
    client->seen = (struct record_seen){true, facts.checkpoint.size, facts.checkpoint.root};
    client->leaf = facts.leaf;
    client->held =
        client->held_count < client->held_capacity
            ? client->held
            : mem_grow(client->held, client->held_capacity = client->held_capacity * 2 + 64,
                       sizeof(*client->held));
    struct held *held = &client->held[client->held_count++];
    *held = (struct held){.seq = facts.seq};
    bytes_add_span(&held->line, line);
    bytes_add_text(&held->receipt, receipt);
    return true;
}

/* Send LINE until it is held; false when it got an answer that it should not get. */
static bool deliver(struct client *client, struct span line)
{
    for (int i = 0; i < PATIENCE * 50; i++) {
        CLEANUP(bytes_done) struct bytes body = {0};
        int code = post(client, line, &body);
        if (code == 201 || code == 200) {
            return keep(client, line, span_bytes(&body));
        }
        if (code != 0 && code != 503) {
            (void) snprintf(client->problem, sizeof(client->problem), "%d %.400s", code,
                            bytes_text(&body));
            return false;
        }
        client->retried++;
        (void) usleep(20000);
    }
    (void) snprintf(client->problem, sizeof(client->problem), "no answer in %d s",
                    PATIENCE);
    return false;
}

static void *work(void *arg)
{
    struct client *client = arg;
    bool good = true;
    while (good && !atomic_load(&client->clients->stopping) &&
           client->made < (size_t) SUBJECTS_EACH * 8) {
        CLEANUP(bytes_done) struct bytes line = {0};
        next_line(client, &line);
        good = deliver(client, span_bytes(&line));
        client->made++;
    }
    return NULL;
}

/* ---- all ---- */

struct clients *clients_start(struct trial *trial, size_t count)
{
    struct clients *clients = mem_alloc(sizeof(*clients));
    struct err err;
    clients->trial = trial;
    clients->count = count;
    clients->items = mem_alloc(count * sizeof(*clients->items));
    assert_status(note_key_parse(span_text(trial_vkey(trial)), &clients->log, &err), OK,
                  &err);
    clients_aim(clients, trial_port(trial), 0);
    for (size_t i = 0; i < count; i++) {
        struct client *client = &clients->items[i];
        client->clients = clients;
        client->number = i;
        client->who = i % 2 == 0 ? INVESTIGATOR : COORDINATOR;
        client->curl = curl_easy_init();
        assert_int_equal(pthread_create(&client->thread, NULL, work, client), 0);
    }
    return clients;
}

void clients_aim(struct clients *clients, int first_port, int second_port)
{
    atomic_store(&clients->ports[0], first_port);
    atomic_store(&clients->ports[1], second_port);
}

void clients_stop(struct clients *clients)
{
    atomic_store(&clients->stopping, true);
    for (size_t i = 0; i < clients->count; i++) {
        (void) pthread_join(clients->items[i].thread, NULL);
    }
}

void clients_free(struct clients *clients)
{
    for (size_t i = 0; i < clients->count; i++) {
        struct client *client = &clients->items[i];
        for (size_t j = 0; j < client->held_count; j++) {
            bytes_done(&client->held[j].line);
            bytes_done(&client->held[j].receipt);
        }
        free(client->held);
        curl_easy_cleanup(client->curl);
    }
    note_key_free(clients->log);
    free(clients->items);
    free(clients);
}

size_t clients_held(const struct clients *clients)
{
    size_t count = 0;
    for (size_t i = 0; i < clients->count; i++) {
        count += clients->items[i].held_count;
    }
    return count;
}

size_t clients_retried(const struct clients *clients)
{
    size_t count = 0;
    for (size_t i = 0; i < clients->count; i++) {
        count += clients->items[i].retried;
    }
    return count;
}

void clients_check(struct clients *clients)
{
    struct verified *verified = verified_log(clients->trial);
    for (size_t i = 0; i < clients->count; i++) {
        const struct client *client = &clients->items[i];
        if (client->problem[0] != '\0') {
            fail_msg("client %zu, record %zu: %s", i, client->made, client->problem);
        }
        for (size_t j = 0; j < client->held_count; j++) {
            verified_receipt(verified, &client->held[j]);
        }
    }
    verified_nothing_else(verified);
    verified_tables(verified);
    verified_free(verified);
}
