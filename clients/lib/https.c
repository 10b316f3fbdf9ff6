/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why so many options: curl is made to fetch anything from anywhere. Each line here takes away
** something that a client with a signing key must not do: follow a redirect, use a proxy of
** the environment, speak older TLS, wait for ever, or hold an answer without end in memory.
*/
#include "clients/lib/https.h"

#include <ctype.h>
#include <curl/curl.h>
#include <strings.h>
#include <unistd.h>

#include "base/text.h"

#define CONNECT_SECONDS 10
#define ANSWER_SECONDS  60
#define WAIT_MOST       15

struct https {
    CURL *curl;
    char *url;
    char *language;
    long connect_seconds, answer_seconds;
    char reason[CURL_ERROR_SIZE];
};

/* What the callbacks of one transfer share. */
struct transfer {
    struct https *https;
    const struct https_request *request;
    struct https_answer *answer;
    size_t limit, received;
    bool too_large;
    bool head_ended;    /* the empty line behind the head came */
    status sink_status; /* of the sink that ended the transfer */
    struct err *err;
};

void https_answer_done(struct https_answer *answer)
{
    bytes_wipe(&answer->body);
}

void https_close(struct https *https)
{
    if (https == NULL) {
        return;
    }
    curl_easy_cleanup(https->curl);
    free(https->url);
    free(https->language);
    free(https);
}

void https_closep(struct https **https)
{
    https_close(*https);
    *https = NULL;
}

static size_t take_body(char *data, size_t size, size_t count, void *arg)
{
    struct transfer *transfer = arg;
    size_t length = size * count;
    if (length > transfer->limit - transfer->received) {
        transfer->too_large = true;
        return CURL_WRITEFUNC_ERROR;
    }
    transfer->received += length;
    long code = 0;
    curl_easy_getinfo(transfer->https->curl, CURLINFO_RESPONSE_CODE, &code);
    if (transfer->request->sink == NULL || code != 200) {
        bytes_add(&transfer->answer->body, data, length);
        return length;
    }
    transfer->sink_status = transfer->request->sink(transfer->request->arg,
                                                    span_of(data, length), transfer->err);
    return transfer->sink_status == OK ? length : CURL_WRITEFUNC_ERROR;
}

/* The value of header line LINE if it is NAME, without white space at its ends. */
static bool header_value(struct span line, const char *name, struct span *ret_value)
{
    size_t length = strlen(name);
    if (line.size <= length || line.data[length] != ':' ||
        strncasecmp((const char *) line.data, name, length) != 0) {
        return false;
    }
    struct span value = span_of(line.data + length + 1, line.size - length - 1);
    while (value.size > 0 && isspace(value.data[0])) {
        value = span_of(value.data + 1, value.size - 1);
    }
    while (value.size > 0 && isspace(value.data[value.size - 1])) {
        value.size--;
    }
    *ret_value = value;
    return true;
}

static void keep_header(char *buffer, size_t size, struct span value)
{
    if (value.size < size) {
        memcpy(buffer, value.data, value.size);
        buffer[value.size] = '\0';
    }
}

static size_t take_header(char *data, size_t size, size_t count, void *arg)
{
    struct transfer *transfer = arg;
    struct https_answer *answer = transfer->answer;
    struct span line = span_of(data, size * count);
    struct span value;
    transfer->head_ended = line.size > 0 && (line.data[0] == '\r' || line.data[0] == '\n');
    if (header_value(line, "content-type", &value)) {
        for (size_t i = 0; i < value.size; i++) {
            if (value.data[i] == ';' || value.data[i] == ' ') {
                value.size = i;
            }
        }
        keep_header(answer->media, sizeof(answer->media), value);
        for (char *c = answer->media; *c != '\0'; c++) {
            *c = (char) tolower((unsigned char) *c);
        }
    } else if (header_value(line, "etag", &value)) {
        keep_header(answer->etag, sizeof(answer->etag), value);
    } else if (header_value(line, "retry-after", &value)) {
        uint64_t seconds = 0;
        answer->retry_after = text_to_u64(value, 3600, &seconds) ? (int) seconds : 0;
    }
    return size * count;
}

static void set_trust(CURL *curl, const struct https_config *config)
{
    if (config->authority != NULL) {
        struct curl_blob blob = {.data = mem_text(config->authority),
                                 .len = strlen(config->authority),
                                 .flags = CURL_BLOB_COPY};
        curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &blob);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
        free(blob.data);
    }
    if (config->pin != NULL) {
        curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, config->pin);
        if (config->authority == NULL) {
            /* The key itself is known: no authority can say more about it. */
            curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
            curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
        }
    }
}

static void set_options(struct https *https, const struct https_config *config)
{
    CURL *curl = https->curl;
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION,
                     (long) CURL_SSLVERSION_TLSv1_3 | (long) CURL_SSLVERSION_MAX_TLSv1_3);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, https->connect_seconds);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, https->reason);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "crf/" CRFD_VERSION);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_MAXCONNECTS, 1L);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    set_trust(curl, config);
}

static status check_config(const struct https_config *config, struct err *err)
{
    if (strncmp(config->url, "https://", 8) != 0 || config->url[8] == '\0' ||
        strpbrk(config->url + 8, "/@?# \t\r\n") != NULL) {
        return FAIL(err, ERR_BAD_INPUT,
                    "the server's address must be https://name or https://name:port");
    }
    if (config->pin != NULL && strncmp(config->pin, "sha256//", 8) != 0) {
        return FAIL(err, ERR_BAD_INPUT, "the server's pin must start with sha256//");
    }
    return OK;
}

status https_open(const struct https_config *config, struct https **ret_https,
                  struct err *err)
{
    static bool started;
    TRY(check_config(config, err));
    if (!started && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return FAIL(err, ERR_BUG, "libcurl does not start");
    }
    started = true;
    struct https *https = mem_alloc(sizeof(*https));
    https->curl = curl_easy_init();
    BUG_IF(https->curl == NULL);
    https->url = mem_text(config->url);
    https->language = config->language != NULL ? mem_text(config->language) : NULL;
    https->connect_seconds =
        config->connect_seconds != 0 ? config->connect_seconds : CONNECT_SECONDS;
    https->answer_seconds =
        config->answer_seconds != 0 ? config->answer_seconds : ANSWER_SECONDS;
    set_options(https, config);
    *ret_https = https;
    return OK;
}

static struct curl_slist *add_header(struct curl_slist *list, const char *name,
                                     const char *value)
{
    CLEANUP(bytes_wipe) struct bytes line = {0};
    bytes_printf(&line, "%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(list, bytes_text(&line));
    BUG_IF(longer == NULL);
    return longer;
}

static struct curl_slist *make_headers(const struct https *https,
                                       const struct https_request *request)
{
    CLEANUP(bytes_wipe) struct bytes bearer = {0};
    struct curl_slist *list = add_header(NULL, "Expect", "");
    if (request->bearer != NULL) {
        bytes_printf(&bearer, "Bearer %s", request->bearer);
        list = add_header(list, "Authorization", bytes_text(&bearer));
    }
    if (request->media != NULL) {
        list = add_header(list, "Content-Type", request->media);
    }
    if (request->etag != NULL) {
        list = add_header(list, "If-None-Match", request->etag);
    }
    if (https->language != NULL) {
        list = add_header(list, "Accept-Language", https->language);
    }
    return list;
}

static void set_request(struct https *https, const struct https_request *request,
                        const char *url)
{
    CURL *curl = https->curl;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    bool stream = request->sink != NULL;
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, stream ? 0L : https->answer_seconds);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, https->answer_seconds);
    if (strcmp(request->method, "GET") == 0) {
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, NULL);
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
        return;
    }
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) request->body.size);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
                     request->body.size > 0 ? (const char *) request->body.data : "");
}

static status failure(const struct transfer *transfer, CURLcode code)
{
    struct err *err = transfer->err;
    const char *reason = transfer->https->reason[0] != '\0' ? transfer->https->reason
                                                            : curl_easy_strerror(code);
    if (transfer->too_large) {
        return FAIL(err, ERR_TOO_LARGE, "the server's answer is longer than %zu bytes",
                    transfer->limit);
    }
    if (transfer->sink_status != OK) {
        return transfer->sink_status;
    }
    if (code == CURLE_SSL_PINNEDPUBKEYNOTMATCH || code == CURLE_PEER_FAILED_VERIFICATION) {
        return FAIL(err, ERR_UNAUTHENTIC, "this is not the server of your invitation: %s",
                    reason);
    }
    if (code == CURLE_SSL_CONNECT_ERROR || code == CURLE_SSL_CACERT_BADFILE) {
        return FAIL(err, ERR_UNAUTHENTIC, "no safe connection (TLS 1.3): %s", reason);
    }
    if (code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_UNSUPPORTED_PROTOCOL ||
        code == CURLE_HTTP2 || code == CURLE_URL_MALFORMAT) {
        return FAIL(err, ERR_BAD_INPUT, "the server does not speak our HTTP: %s", reason);
    }
    return FAIL(err, ERR_UNAVAILABLE, "the server cannot be reached: %s", reason);
}

static void clear_answer(struct https_answer *answer)
{
    struct bytes body = answer->body;
    bytes_clear(&body);
    *answer = (struct https_answer){.body = body};
}

status https_do(struct https *https, const struct https_request *request,
                struct https_answer *ret_answer, struct err *err)
{
    CLEANUP(bytes_done) struct bytes url = {0};
    BUG_IF(request->path[0] != '/');
    clear_answer(ret_answer);
    struct transfer transfer = {.https = https,
                                .request = request,
                                .answer = ret_answer,
                                .limit = request->limit != 0 ? request->limit
                                                             : HTTPS_ANSWER_LIMIT,
                                .err = err};
    bytes_printf(&url, "%s%s", https->url, request->path);
    set_request(https, request, bytes_text(&url));
    struct curl_slist *headers = make_headers(https, request);
    curl_easy_setopt(https->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(https->curl, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(https->curl, CURLOPT_HEADERDATA, &transfer);
    https->reason[0] = '\0';
    CURLcode code = curl_easy_perform(https->curl);
    curl_easy_getinfo(https->curl, CURLINFO_RESPONSE_CODE, &ret_answer->code);
    curl_easy_setopt(https->curl, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(https->curl, CURLOPT_POSTFIELDS, NULL);
    curl_slist_free_all(headers);
    if (code != CURLE_OK) {
        return failure(&transfer, code);
    }
    if (!transfer.head_ended) {
        return FAIL(err, ERR_UNAVAILABLE,
                    "the server cannot be reached: half an answer came");
    }
    if (ret_answer->code >= 300 && ret_answer->code < 400 && ret_answer->code != 304) {
        return FAIL(err, ERR_BAD_INPUT,
                    "the server wants to send us elsewhere (%ld); that "
                    "is not followed",
                    ret_answer->code);
    }
    return OK;
}

status https_do_for(struct https *https, const struct https_request *request, int seconds,
                    struct https_answer *ret_answer, struct err *err)
{
    instant end = clock_monotonic(&clock_system) + seconds * SECOND;
    int wait = 1;
    for (;;) {
        status kind = https_do(https, request, ret_answer, err);
        bool again = kind == ERR_UNAVAILABLE ||
                     (kind == OK && (ret_answer->code == 503 || ret_answer->code == 429));
        int pause =
            kind == OK && ret_answer->retry_after > 0 ? ret_answer->retry_after : wait;
        if (!again || request->sink != NULL ||
            clock_monotonic(&clock_system) + pause * SECOND > end) {
            return kind;
        }
        sleep((unsigned) pause);
        wait = wait * 2 > WAIT_MOST ? WAIT_MOST : wait * 2;
    }
}
