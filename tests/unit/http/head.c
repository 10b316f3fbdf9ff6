/* SPDX-License-Identifier: Apache-2.0 */
/*
** requests.txt through the scan and the parser; and what a good head says.
*/
#include "service/http/head.h"

#include "tests/support/rows.h"
#include "tests/unit/http/raw_requests.h"

/* What comes of BYTES that arrive in pieces of SIZE. */
static const char *outcome_of(struct span bytes, size_t size, struct http_request *request,
                              struct bytes *text)
{
    struct http_scan scan = {0};
    enum http_rule rule = HTTP_RULE_NONE;
    for (size_t at = 0; at < bytes.size && rule == HTTP_RULE_NONE && !scan.complete;) {
        size_t left = bytes.size - at;
        size_t used = 0;
        rule = http_scan_feed(&scan, span_of(bytes.data + at, left < size ? left : size),
                              &used);
        at += used;
    }
    if (rule == HTTP_RULE_NONE && !scan.complete) {
        return "incomplete";
    }
    if (rule == HTTP_RULE_NONE) {
        rule = http_head_parse(span_of(bytes.data, scan.size), request);
    }
    if (rule != HTTP_RULE_NONE) {
        bytes_printf(text, "%d %s", http_rule_status(rule), http_rule_name(rule));
    } else {
        bytes_printf(text, "ok %s %llu %s", http_method_name(request->method),
                     (unsigned long long) request->content_length,
                     request->closes ? "close" : "keep");
    }
    return bytes_text(text);
}

static void check_request(void **state)
{
    const struct raw_request *row = *state;
    const size_t sizes[] = {SIZE_MAX, 1, 7};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        CLEANUP(bytes_done) struct bytes text = {0};
        struct http_request request;
        assert_string_equal(outcome_of(row->bytes, sizes[i], &request, &text),
                            row->expected);
    }
}

static void parse(const char *head, struct http_request *request)
{
    assert_int_equal(http_head_parse(span_text(head), request), HTTP_RULE_NONE);
}

static void assert_span(struct span got, const char *wanted)
{
    assert_int_equal(got.size, strlen(wanted));
    assert_memory_equal(got.data, wanted, got.size);
}

static void check_target(void **state)
{
    struct http_request request;
    (void) state;
    parse("GET /v1/a%20b%2Fc/%C3%A9?from=2&to=%2D+&flag HTTP/1.1\r\nHost: a\r\n\r\n",
          &request);
    assert_span(request.target, "/v1/a%20b%2Fc/%C3%A9?from=2&to=%2D+&flag");
    assert_int_equal(request.segment_count, 3);
    assert_span(request.segments[0], "v1");
    assert_span(request.segments[1], "a b/c");
    assert_span(request.segments[2], "\xc3\xa9");
    assert_int_equal(request.parameter_count, 3);
    assert_span(http_parameter_value(&request, "from"), "2");
    assert_span(http_parameter_value(&request, "to"), "-+");
    assert_span(http_parameter_value(&request, "flag"), "");
    assert_non_null(http_parameter_value(&request, "flag").data);
    assert_null(http_parameter_value(&request, "fro").data);
}

static void check_root(void **state)
{
    struct http_request request;
    (void) state;
    parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n", &request);
    assert_int_equal(request.segment_count, 0);
    assert_int_equal(request.parameter_count, 0);
}

static void check_fields(void **state)
{
    struct http_request request;
    (void) state;
    parse("POST /a HTTP/1.1\r\nHOST: a:1\r\nauthorization:   Bearer x y \r\n"
          "Content-Length: 12\r\nExpect: 100-continue\r\nX:\r\n\r\n",
          &request);
    assert_int_equal(request.method, HTTP_POST);
    assert_int_equal(request.minor, 1);
    assert_int_equal(request.field_count, 5);
    assert_span(http_field_value(&request, "host"), "a:1");
    assert_span(http_field_value(&request, "authorization"), "Bearer x y");
    assert_span(http_field_value(&request, "x"), "");
    assert_non_null(http_field_value(&request, "x").data);
    assert_null(http_field_value(&request, "accept").data);
    assert_int_equal(request.content_length, 12);
    assert_true(request.expects_continue);
    assert_false(request.closes);
}

static void check_no_continue(void **state)
{
    struct http_request request;
    (void) state;
    parse("POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", &request);
    assert_false(request.expects_continue);
    parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n",
          &request);
    assert_false(request.expects_continue);
}

/* The parser does not rely on a scan before it. */
static void check_whole_heads_only(void **state)
{
    static const char good[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    struct http_request request;
    (void) state;
    for (size_t size = 0; size < sizeof(good) - 1; size++) {
        assert_int_equal(http_head_parse(span_of(good, size), &request),
                         HTTP_RULE_LINE_END);
    }
    assert_int_equal(http_head_parse(span_of(good, sizeof(good)), &request),
                     HTTP_RULE_LINE_END);
}

static void check_scan_stops(void **state)
{
    struct http_scan scan = {0};
    size_t used = 0;
    (void) state;
    assert_int_equal(
        http_scan_feed(&scan, span_text("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2"), &used),
        HTTP_RULE_NONE);
    assert_true(scan.complete);
    assert_int_equal(used, 27);
    assert_int_equal(scan.size, 27);
    assert_int_equal(http_scan_feed(&scan, span_text("GET"), &used), HTTP_RULE_NONE);
    assert_int_equal(used, 0);
}

/* Every rule has its words, and each of those that are the head's has a row in the file. */
static void check_rules(void **state)
{
    (void) state;
    for (int i = 0; i < HTTP_RULE_COUNT; i++) {
        enum http_rule rule = (enum http_rule) i;
        assert_non_null(http_rule_name(rule));
        assert_non_null(http_rule_detail(rule));
        assert_string_not_equal(
            http_status_text(http_rule_status(rule) != 0 ? http_rule_status(rule) : 200),
            "Unknown");
    }
}

static const struct raw_request *all;
static size_t all_count;

static void check_every_rule_has_a_row(void **state)
{
    (void) state;
    for (int i = HTTP_RULE_LEADING_SPACE; i <= HTTP_RULE_BODY_TOO_LARGE; i++) {
        CLEANUP(bytes_done) struct bytes text = {0};
        enum http_rule rule = (enum http_rule) i;
        bool found = false;
        bytes_printf(&text, "%d %s", http_rule_status(rule), http_rule_name(rule));
        for (size_t k = 0; k < all_count; k++) {
            found = found || strcmp(all[k].expected, bytes_text(&text)) == 0;
        }
        if (!found) {
            print_error("no row for %s\n", bytes_text(&text));
        }
        assert_true(found);
    }
}

int main(void)
{
    struct arena *arena = arena_new();
    all = raw_requests_read(arena, &all_count);
    add_rows(all, all_count, sizeof(*all), check_request);
    add_test("a target is split first and decoded then", check_target);
    add_test("the root has no segments", check_root);
    add_test("fields are found without case and trimmed", check_fields);
    add_test("100 Continue is for HTTP/1.1 with a body", check_no_continue);
    add_test("only one whole head is parsed", check_whole_heads_only);
    add_test("the scan stops at the end of the head", check_scan_stops);
    add_test("every rule has a name, a status and a sentence", check_rules);
    add_test("every rule of the head has a request that breaks it",
             check_every_rule_has_a_row);
    int failed = run_added("http_head");
    arena_free(arena);
    return failed;
}
