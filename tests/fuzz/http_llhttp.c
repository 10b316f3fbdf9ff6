/* SPDX-License-Identifier: Apache-2.0 */
/*
** Our request head against llhttp in strict mode: what we accept it must accept, with the same
** method, target, version, fields, and above all the same end of the message. What we refuse
** it may accept: strictness is the point. The first byte of the input is not used, so that
** the corpus is shared with http_head.
*/
#include "service/http/head.h"
#include "tests/fuzz/llhttp_oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compare_framing(const struct http_request *request, struct span input,
                            size_t head_size, const struct oracle_answer *oracle)
{
    uint64_t end = head_size + request->content_length;
    BUG_IF(oracle->chunked);
    BUG_IF(oracle->content_length != request->content_length);
    BUG_IF(oracle->complete != (end <= input.size));
    BUG_IF(oracle->complete && oracle->message_end != end);
    /* we may close where it would not; the other way round only for fields that RFC 9112
     * tells a server to ignore */
    bool ignored = http_field_value(request, "proxy-connection").data != NULL ||
                   http_field_value(request, "upgrade").data != NULL;
    BUG_IF(!request->closes && !oracle->keeps_alive && !ignored);
}

static void compare_meaning(const struct http_request *request,
                            const struct oracle_answer *oracle)
{
    CLEANUP(bytes_done) struct bytes fields = {0};
    BUG_IF(oracle->major != 1 || oracle->minor != request->minor);
    BUG_IF(strcmp(oracle->method, http_method_name(request->method)) != 0);
    BUG_IF(!span_equal(span_bytes(&oracle->target), request->target));
    for (size_t i = 0; i < request->field_count; i++) {
        bytes_add_span(&fields, request->fields[i].name);
        bytes_add_char(&fields, ':');
        bytes_add_span(&fields, request->fields[i].value);
        bytes_add_char(&fields, '\n');
    }
    BUG_IF(!span_equal(span_bytes(&oracle->fields), span_bytes(&fields)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct http_request request;
    struct http_scan scan = {0};
    size_t used = 0;
    if (size == 0) {
        return 0;
    }
    struct span input = span_of(data + 1, size - 1);
    if (http_scan_feed(&scan, input, &used) != HTTP_RULE_NONE || !scan.complete ||
        http_head_parse(span_of(input.data, scan.size), &request) != HTTP_RULE_NONE) {
        return 0;
    }
    struct oracle_answer oracle = oracle_read(input);
    if (oracle.refused) {
        (void) fprintf(stderr, "llhttp refuses: %s\n", oracle.reason);
    }
    BUG_IF(oracle.refused || !oracle.heads_seen);
    compare_framing(&request, input, scan.size, &oracle);
    compare_meaning(&request, &oracle);
    bytes_done(&oracle.target);
    bytes_done(&oracle.fields);
    return 0;
}
