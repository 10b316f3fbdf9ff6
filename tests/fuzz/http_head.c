/* SPDX-License-Identifier: Apache-2.0 */
/*
** The request head: any bytes, in pieces of any size. The first byte of the input is the size
** of the pieces.
**
** Properties: how the bytes are cut does not matter; what is refused by the scan is refused by
** the parser; and an accepted request, written again from what was understood, is understood
** the same.
*/
#include "service/http/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum http_rule scan_in_pieces(struct span input, size_t piece,
                                     struct http_scan *scan)
{
    enum http_rule rule = HTTP_RULE_NONE;
    for (size_t at = 0; at < input.size && rule == HTTP_RULE_NONE && !scan->complete;) {
        size_t left = input.size - at;
        size_t used = 0;
        rule = http_scan_feed(scan, span_of(input.data + at, left < piece ? left : piece),
                              &used);
        at += used;
    }
    return rule;
}

static void write_again(const struct http_request *request, struct bytes *out)
{
    bytes_printf(out, "%s ", http_method_name(request->method));
    bytes_add_span(out, request->target);
    bytes_printf(out, " HTTP/1.%d\r\n", request->minor);
    for (size_t i = 0; i < request->field_count; i++) {
        bytes_add_span(out, request->fields[i].name);
        bytes_add_text(out, ":");
        bytes_add_span(out, request->fields[i].value);
        bytes_add_text(out, "\r\n");
    }
    bytes_add_text(out, "\r\n");
}

static void same(const struct http_request *a, const struct http_request *b)
{
    BUG_IF(a->method != b->method || a->minor != b->minor || a->closes != b->closes);
    BUG_IF(a->content_length != b->content_length);
    BUG_IF(a->expects_continue != b->expects_continue);
    BUG_IF(a->segment_count != b->segment_count || a->field_count != b->field_count);
    BUG_IF(a->parameter_count != b->parameter_count);
    for (size_t i = 0; i < a->segment_count; i++) {
        BUG_IF(!span_equal(a->segments[i], b->segments[i]));
    }
    for (size_t i = 0; i < a->field_count; i++) {
        BUG_IF(!span_equal(a->fields[i].name, b->fields[i].name));
        BUG_IF(!span_equal(a->fields[i].value, b->fields[i].value));
    }
    for (size_t i = 0; i < a->parameter_count; i++) {
        BUG_IF(!span_equal(a->parameters[i].name, b->parameters[i].name));
        BUG_IF(!span_equal(a->parameters[i].value, b->parameters[i].value));
    }
}

static void check_accepted(const struct http_request *request)
{
    CLEANUP(bytes_done) struct bytes out = {0};
    static struct http_request again;
    write_again(request, &out);
    BUG_IF(http_head_parse(span_bytes(&out), &again) != HTTP_RULE_NONE);
    same(request, &again);
    for (size_t i = 0; i < request->field_count; i++) {
        struct span value = request->fields[i].value;
        BUG_IF(value.size > 0 && memchr(value.data, '\r', value.size) != NULL);
        BUG_IF(value.size > 0 && memchr(value.data, '\n', value.size) != NULL);
        BUG_IF(value.size > 0 && memchr(value.data, '\0', value.size) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct http_request request;
    struct http_scan scan = {0};
    struct http_scan whole = {0};
    size_t used = 0;
    if (size == 0) {
        return 0;
    }
    struct span input = span_of(data + 1, size - 1);
    enum http_rule rule = scan_in_pieces(input, (size_t) data[0] + 1, &scan);
    BUG_IF(http_scan_feed(&whole, input, &used) != rule);
    BUG_IF(whole.complete != scan.complete || whole.size != scan.size);
    BUG_IF(rule == HTTP_RULE_NONE && used != whole.size);

    struct span head = scan.complete ? span_of(input.data, scan.size) : input;
    enum http_rule parsed = http_head_parse(head, &request);
    BUG_IF(rule != HTTP_RULE_NONE && parsed != rule);
    BUG_IF(!scan.complete && parsed == HTTP_RULE_NONE);
    if (parsed == HTTP_RULE_NONE) {
        check_accepted(&request);
    }
    return 0;
}
