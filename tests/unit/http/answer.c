/* SPDX-License-Identifier: Apache-2.0 */
/*
** The bytes of answers.
*/
#include "service/http/machine.h"
#include "tests/support/rows.h"

static const struct http_answer_field two_fields[] = {{"ETag", "\"7\""},
                                                      {"cache-control", "max-age=60"}};
static const struct http_answer_field split[] = {{"ETag", "a\r\nSet-Cookie: b"}};
static const struct http_answer_field bad_name[] = {{"E Tag", "a"}};
static const struct http_answer_field no_name[] = {{"", "a"}};

#define DATE "Date: Sat, 21 Nov 2026 09:14:07 GMT\r\n"
#define IDS  "X-Request-Id: r-1\r\nX-Content-Type-Options: nosniff\r\n"

static const struct row {
    const char *name;
    struct http_answer answer;
    struct http_frame frame;
    const char *wanted; /* NULL: cannot be sent */
} rows[] = {
    {"a body goes with its length",
     {.status = 200, .content_type = "text/plain", .body = {(const uint8_t *) "hello", 5}},
     {.id = "r-1"},
     "HTTP/1.1 200 OK\r\n" DATE IDS
     "Cache-Control: no-store\r\nContent-Type: text/plain\r\n"
     "Content-Length: 5\r\n\r\nhello"},
    {"HEAD gets the same head and no body",
     {.status = 200, .content_type = "text/plain", .body = {(const uint8_t *) "hello", 5}},
     {.id = "r-1", .head_only = true, .closes = true},
     "HTTP/1.1 200 OK\r\n" DATE IDS
     "Cache-Control: no-store\r\nContent-Type: text/plain\r\n"
     "Content-Length: 5\r\nConnection: close\r\n\r\n"},
    {"204 has neither body nor length",
     {.status = 204, .body = {(const uint8_t *) "hello", 5}},
     {.id = "r-1"},
     "HTTP/1.1 204 No Content\r\n" DATE IDS "Cache-Control: no-store\r\n\r\n"},
    {"304 keeps its fields and has no body",
     {.status = 304, .fields = two_fields, .field_count = 2},
     {.id = "r-1"},
     "HTTP/1.1 304 Not Modified\r\n" DATE IDS
     "ETag: \"7\"\r\ncache-control: max-age=60\r\n\r\n"},
    {"an answer without a body says so",
     {.status = 201},
     {.id = "r-1"},
     "HTTP/1.1 201 Created\r\n" DATE IDS
     "Cache-Control: no-store\r\nContent-Length: 0\r\n\r\n"},
    {"a stream is chunked",
     {.status = 200, .content_type = "a/b"},
     {.id = "r-1", .framing = HTTP_BY_CHUNKS},
     "HTTP/1.1 200 OK\r\n" DATE IDS "Cache-Control: no-store\r\nContent-Type: a/b\r\n"
     "Transfer-Encoding: chunked\r\n\r\n"},
    {"a stream for HTTP/1.0 ends with the connection",
     {.status = 200, .content_type = "a/b"},
     {.id = "r-1", .framing = HTTP_BY_CLOSE, .closes = true},
     "HTTP/1.1 200 OK\r\n" DATE IDS "Cache-Control: no-store\r\nContent-Type: a/b\r\n"
     "Connection: close\r\n\r\n"},
    {"a value that splits the head is not sent",
     {.status = 200, .fields = split, .field_count = 1},
     {.id = "r-1"},
     NULL},
    {"a name that is none is not sent",
     {.status = 200, .fields = bad_name, .field_count = 1},
     {.id = "r-1"},
     NULL},
    {"an empty name is not sent",
     {.status = 200, .fields = no_name, .field_count = 1},
     {.id = "r-1"},
     NULL},
    {"a content type that splits the head is not sent",
     {.status = 200, .content_type = "a/b\r\nX: y"},
     {.id = "r-1"},
     NULL},
};

static void check(void **state)
{
    const struct row *row = *state;
    CLEANUP(bytes_done) struct bytes out = {0};
    struct http_frame frame = row->frame;
    assert_true(instant_parse(SPAN_LITERAL("2026-11-21T09:14:07.5Z"), &frame.now, NULL));
    bool written = http_answer_write(&out, &row->answer, &frame);
    assert_int_equal(written, row->wanted != NULL);
    assert_string_equal(bytes_text(&out), row->wanted != NULL ? row->wanted : "");
}

static void check_refusal(void **state)
{
    CLEANUP(bytes_done) struct bytes out = {0};
    const struct http_frame frame = {.id = "r-1", .closes = true};
    (void) state;
    http_refusal_write(&out, HTTP_RULE_REQUEST_RATE, &frame);
    assert_string_equal(
        bytes_text(&out),
        "HTTP/1.1 429 Too Many Requests\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n" IDS
        "Cache-Control: no-store\r\nContent-Type: application/problem+json\r\n"
        "Retry-After: 60\r\nContent-Length: 200\r\nConnection: close\r\n\r\n"
        "{\"type\":\"urn:crfd:problem:request-rate\",\"title\":\"Too Many Requests\","
        "\"status\":429,\"detail\":\"Too many requests from your network address; wait a "
        "minute.\",\"request_id\":\"r-1\",\"findings\":[],\"receipt\":null}");
}

int main(void)
{
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
    add_test("a refusal is problem+json", check_refusal);
    return run_added("http_answer");
}
