/* SPDX-License-Identifier: Apache-2.0 */
/*
** The bytes of answers. Head and body are made as one block, because the TLS layer makes one
** record of each block. A field that could split the head (response splitting) turns the
** whole answer into a 500: it is our bug, but the value may have come from outside, so it
** must not stop the service either.
*/
#include <strings.h>

#include "base/json_out.h"
#include "service/http/machine.h"

static void write_date(struct bytes *out, instant now)
{
    static const char days[7][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t day_number = now / DAY; /* 1970-01-01 was a Thursday */
    int64_t second = now % DAY / SECOND;
    int year = 0;
    int month = 1;
    int day = 0;

    date_from_days(day_number, &year, &month, &day);
    bytes_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n", days[day_number % 7],
                 day, months[month - 1], year, (int) (second / 3600),
                 (int) (second / 60 % 60), (int) (second % 60));
}

static bool can_be_sent(const char *name, const char *value)
{
    for (const char *c = name; *c != '\0'; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        if (!letter && *c != '-' && (*c < '0' || *c > '9')) {
            return false;
        }
    }
    for (const char *c = value; *c != '\0'; c++) {
        if (*c < 0x20 || *c > 0x7E) {
            return false;
        }
    }
    return name[0] != '\0';
}

static bool fields_can_be_sent(const struct http_answer *answer)
{
    for (size_t i = 0; i < answer->field_count; i++) {
        if (!can_be_sent(answer->fields[i].name, answer->fields[i].value)) {
            return false;
        }
    }
    return answer->content_type == NULL ||
           can_be_sent("Content-Type", answer->content_type);
}

static bool has_field(const struct http_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->field_count; i++) {
        if (strcasecmp(answer->fields[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void write_framing(struct bytes *out, const struct http_answer *answer,
                          const struct http_frame *frame)
{
    bool has_body = answer->status != 204 && answer->status != 304;
    if (frame->framing == HTTP_BY_CHUNKS) {
        bytes_add_text(out, "Transfer-Encoding: chunked\r\n");
    } else if (frame->framing == HTTP_BY_LENGTH && has_body) {
        bytes_printf(out, "Content-Length: %zu\r\n", answer->body.size);
    }
    if (frame->closes) {
        bytes_add_text(out, "Connection: close\r\n");
    }
}

bool http_answer_write(struct bytes *out, const struct http_answer *answer,
                       const struct http_frame *frame)
{
    if (!fields_can_be_sent(answer)) {
        return false;
    }
    bytes_reserve(out, 512 + answer->body.size);
    bytes_printf(out, "HTTP/1.1 %d %s\r\n", answer->status,
                 http_status_text(answer->status));
    write_date(out, frame->now);
    bytes_printf(out, "X-Request-Id: %s\r\nX-Content-Type-Options: nosniff\r\n", frame->id);
    if (!has_field(answer, "cache-control")) {
        bytes_add_text(out, "Cache-Control: no-store\r\n");
    }
    if (answer->content_type != NULL) {
        bytes_printf(out, "Content-Type: %s\r\n", answer->content_type);
    }
    for (size_t i = 0; i < answer->field_count; i++) {
        bytes_printf(out, "%s: %s\r\n", answer->fields[i].name, answer->fields[i].value);
    }
    write_framing(out, answer, frame);
    bytes_add_text(out, "\r\n");
    if (!frame->head_only && answer->status != 204 && answer->status != 304) {
        bytes_add_span(out, answer->body);
    }
    return true;
}

static void write_problem(struct bytes *body, enum http_rule rule, const char *id)
{
    CLEANUP(bytes_done) struct bytes type = {0};
    struct json_out json = {.bytes = body};
    bytes_printf(&type, "urn:crfd:problem:%s", http_rule_name(rule));

    json_begin(&json, '{');
    json_member(&json, "type", bytes_text(&type));
    json_member(&json, "title", http_status_text(http_rule_status(rule)));
    json_member_integer(&json, "status", http_rule_status(rule));
    json_member(&json, "detail", http_rule_detail(rule));
    json_member(&json, "request_id", id);
    json_key(&json, "findings");
    json_begin(&json, '[');
    json_end(&json, ']');
    json_key(&json, "receipt");
    json_put_null(&json);
    json_end(&json, '}');
}

void http_refusal_write(struct bytes *out, enum http_rule rule,
                        const struct http_frame *frame)
{
    static const struct http_answer_field later = {"Retry-After", "60"};
    CLEANUP(bytes_done) struct bytes body = {0};
    int code = http_rule_status(rule);
    write_problem(&body, rule, frame->id);
    struct http_answer answer = {.status = code,
                                 .content_type = "application/problem+json",
                                 .body = span_bytes(&body),
                                 .fields = &later,
                                 .field_count = code == 429 || code == 503 ? 1 : 0};
    BUG_IF(!http_answer_write(out, &answer, frame));
}
