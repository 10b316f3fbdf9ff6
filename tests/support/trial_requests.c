/* SPDX-License-Identifier: Apache-2.0 */
/*
** The requests of trialtmp: over TLS with libcurl, or raw bytes over a TLS connection.
*/
#include "base/encode.h"
#include "crypto/bearer.h"
#include "crypto/certificate.h"
#include "crypto/jws.h"
#include "crypto/receipt.h"
#include "tests/support/files.h"
#include "tests/support/trialtmp_impl.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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
    CLEANUP(bytes_done) struct bytes at = {0};
    bytes_printf(&at, "%s/crfd-operator.sock", trial_folder(trial));
    return send_request(
        trial,
        &(struct request){.method = "GET", .path = path, .unix_socket = bytes_text(&at)});
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
