/* SPDX-License-Identifier: Apache-2.0 */
/*
** Smuggling lives where two readers disagree, so everything is decided on characters before
** it is given a meaning: the scan fixes what a line is, the parser what a field is, and only
** then do Host, Content-Length and the rest get to say anything. http_head_parse() scans
** again by itself, so it holds for any input, not only for what the server hands it.
*/
#include "service/http/head.h"

#include <strings.h>

#include "base/text.h"

static const char *const method_names[HTTP_METHOD_COUNT] = {
    [HTTP_GET] = "GET",         [HTTP_HEAD] = "HEAD",   [HTTP_POST] = "POST",
    [HTTP_PUT] = "PUT",         [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
    [HTTP_OPTIONS] = "OPTIONS",
};

/* ---- the scan ---- */

enum ending { IN_LINE, AFTER_CR, AFTER_LINE, AFTER_LINE_CR };

static bool is_white(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static enum http_rule scan_byte(struct http_scan *scan, uint8_t c)
{
    if (scan->size == 0 && (is_white(c) || c == '\r' || c == '\n')) {
        return HTTP_RULE_LEADING_SPACE;
    }
    bool after_cr = scan->ending == AFTER_CR || scan->ending == AFTER_LINE_CR;
    if (after_cr != (c == '\n')) {
        return HTTP_RULE_LINE_END;
    }
    if (c == '\n') {
        scan->complete = scan->ending == AFTER_LINE_CR;
        scan->in_fields = true;
        scan->ending = AFTER_LINE;
        return HTTP_RULE_NONE;
    }
    if (c == '\r') {
        scan->ending = scan->ending == AFTER_LINE ? AFTER_LINE_CR : AFTER_CR;
        return HTTP_RULE_NONE;
    }
    if ((c < 0x20 && c != '\t') || c == 0x7F) {
        return HTTP_RULE_CONTROL_BYTE;
    }
    if (scan->ending == AFTER_LINE && is_white(c)) {
        return HTTP_RULE_FOLDED_FIELD;
    }
    scan->ending = IN_LINE;
    return HTTP_RULE_NONE;
}

enum http_rule http_scan_feed(struct http_scan *scan, struct span piece, size_t *ret_used)
{
    size_t used = 0;
    while (used < piece.size && !scan->complete) {
        if (scan->size == HTTP_HEAD_MAX) {
            return scan->in_fields ? HTTP_RULE_HEAD_TOO_LARGE : HTTP_RULE_TARGET_TOO_LONG;
        }
        enum http_rule rule = scan_byte(scan, piece.data[used]);
        if (rule != HTTP_RULE_NONE) {
            return rule;
        }
        scan->size++;
        used++;
    }
    *ret_used = used;
    return HTTP_RULE_NONE;
}

/* ---- characters ---- */

static bool is_alphanumeric(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* RFC 9110 5.6.2 */
static bool is_token_character(uint8_t c)
{
    return is_alphanumeric(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* RFC 3986: pchar, '/' and '?', and the percent sign that starts an octet */
static bool is_target_character(uint8_t c)
{
    return is_alphanumeric(c) || (c != '\0' && strchr("-._~!$&'()*+,;=:@/?%", c) != NULL);
}

/* RFC 3986: reg-name or IP literal, and a port */
static bool is_host_character(uint8_t c)
{
    return is_alphanumeric(c) || (c != '\0' && strchr("-._~:[]", c) != NULL);
}

/* RFC 9110 5.5 without TAB, at whose place around a number readers differ, and obs-text */
static bool is_value_character(uint8_t c)
{
    return c >= 0x20 && c <= 0x7E;
}

static bool all_are(struct span text, bool (*is)(uint8_t c))
{
    for (size_t i = 0; i < text.size; i++) {
        if (!is(text.data[i])) {
            return false;
        }
    }
    return true;
}

static bool same_word(struct span text, const char *word)
{
    return text.size == strlen(word) &&
           strncasecmp((const char *) text.data, word, text.size) == 0;
}

static struct span trimmed(struct span text)
{
    while (text.size > 0 && is_white(text.data[0])) {
        text = span_of(text.data + 1, text.size - 1);
    }
    while (text.size > 0 && is_white(text.data[text.size - 1])) {
        text.size--;
    }
    return text;
}

/* Cut the text before SEPARATOR off *rest, or all that is left. False at the end. */
static bool next_part(struct span *rest, char separator, struct span *ret_part)
{
    if (rest->data == NULL) {
        return false;
    }
    if (!span_cut(rest, separator, ret_part)) {
        *ret_part = *rest;
        *rest = (struct span){NULL, 0};
    }
    return true;
}

/* ---- the target ---- */

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20; /* lower case */
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_control(uint8_t c)
{
    return c < 0x20 || c == 0x7F;
}

/* Decode TEXT to *cursor and move it; ELSE_RULE when what comes out is not printable UTF-8. */
static enum http_rule decode_percent(struct span text, uint8_t **cursor,
                                     enum http_rule else_rule, struct span *ret_decoded)
{
    uint8_t *start = *cursor;
    uint8_t *out = start;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (c == '%') {
            int high = i + 2 < text.size ? hex_value(text.data[i + 1]) : -1;
            int low = i + 2 < text.size ? hex_value(text.data[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return HTTP_RULE_TARGET_PERCENT;
            }
            c = (uint8_t) (high * 16 + low);
            i += 2;
        }
        if (is_control(c)) {
            return else_rule;
        }
        *out++ = c;
    }
    struct span decoded = span_of(start, (size_t) (out - start));
    if (!text_is_utf8(decoded)) {
        return else_rule;
    }
    *cursor = out;
    *ret_decoded = decoded;
    return HTTP_RULE_NONE;
}

/* PATH without its first slash. */
static enum http_rule parse_path(struct span path, uint8_t **cursor,
                                 struct http_request *request)
{
    struct span part;
    if (path.size == 0) {
        return HTTP_RULE_NONE;
    }
    while (next_part(&path, '/', &part)) {
        struct span segment = {NULL, 0};
        enum http_rule rule =
            decode_percent(part, cursor, HTTP_RULE_TARGET_SEGMENT, &segment);
        if (rule != HTTP_RULE_NONE) {
            return rule;
        }
        if (segment.size == 0 || span_is(segment, ".") || span_is(segment, "..") ||
            request->segment_count == HTTP_SEGMENTS_MAX) {
            return HTTP_RULE_TARGET_SEGMENT;
        }
        request->segments[request->segment_count++] = segment;
    }
    return HTTP_RULE_NONE;
}

static bool has_parameter(const struct http_request *request, struct span name)
{
    for (size_t i = 0; i < request->parameter_count; i++) {
        if (span_equal(request->parameters[i].name, name)) {
            return true;
        }
    }
    return false;
}

static enum http_rule parse_query(struct span query, uint8_t **cursor,
                                  struct http_request *request)
{
    struct span part;
    if (query.size == 0) {
        return HTTP_RULE_NONE;
    }
    while (next_part(&query, '&', &part)) {
        struct http_parameter parameter = {{NULL, 0}, {NULL, 0}};
        struct span name = part;
        struct span value = span_of(part.data + part.size, 0);
        if (span_cut(&part, '=', &name)) {
            value = part;
        }
        enum http_rule rule =
            decode_percent(name, cursor, HTTP_RULE_TARGET_QUERY, &parameter.name);
        if (rule == HTTP_RULE_NONE) {
            rule = decode_percent(value, cursor, HTTP_RULE_TARGET_QUERY, &parameter.value);
        }
        if (rule != HTTP_RULE_NONE) {
            return rule;
        }
        if (parameter.name.size == 0 || has_parameter(request, parameter.name) ||
            request->parameter_count == HTTP_PARAMETERS_MAX) {
            return HTTP_RULE_TARGET_QUERY;
        }
        request->parameters[request->parameter_count++] = parameter;
    }
    return HTTP_RULE_NONE;
}

static enum http_rule parse_target(struct span target, struct http_request *request)
{
    uint8_t *cursor = request->decoded;
    struct span path = target;
    struct span query = {NULL, 0};

    if (target.size > HTTP_TARGET_MAX) {
        return HTTP_RULE_TARGET_TOO_LONG;
    }
    if (target.data[0] != '/') {
        return HTTP_RULE_TARGET_FORM;
    }
    if (!all_are(target, is_target_character)) {
        return HTTP_RULE_TARGET_CHARACTER;
    }
    request->target = target;
    if (span_cut(&target, '?', &path)) {
        query = target;
    }
    enum http_rule rule =
        parse_path(span_of(path.data + 1, path.size - 1), &cursor, request);
    return rule != HTTP_RULE_NONE ? rule : parse_query(query, &cursor, request);
}

/* ---- the request line ---- */

static enum http_rule parse_version(struct span version, struct http_request *request)
{
    if (version.size != 8 || !span_starts(version, "HTTP/") || version.data[6] != '.' ||
        version.data[5] < '0' || version.data[5] > '9' || version.data[7] < '0' ||
        version.data[7] > '9') {
        return HTTP_RULE_REQUEST_LINE;
    }
    if (version.data[5] != '1' || version.data[7] > '1') {
        return HTTP_RULE_VERSION;
    }
    request->minor = version.data[7] - '0';
    return HTTP_RULE_NONE;
}

static enum http_rule parse_method(struct span name, struct http_request *request)
{
    for (int i = 0; i < HTTP_METHOD_COUNT; i++) {
        if (span_is(name, method_names[i])) {
            request->method = (enum http_method) i;
            return HTTP_RULE_NONE;
        }
    }
    return HTTP_RULE_METHOD;
}

static enum http_rule parse_request_line(struct span line, struct http_request *request)
{
    struct span method;
    struct span target;
    if (!span_cut(&line, ' ', &method) || !span_cut(&line, ' ', &target) ||
        method.size == 0 || target.size == 0 || !all_are(method, is_token_character)) {
        return HTTP_RULE_REQUEST_LINE;
    }
    enum http_rule rule = parse_version(line, request);
    if (rule == HTTP_RULE_NONE) {
        rule = parse_method(method, request);
    }
    return rule != HTTP_RULE_NONE ? rule : parse_target(target, request);
}

/* ---- the fields ---- */

/* A second one of these is refused, under this rule. */
static enum http_rule twice_rule(struct span name)
{
    static const struct {
        const char *name;
        enum http_rule rule;
    } singles[] = {
        {"host", HTTP_RULE_HOST},
        {"content-length", HTTP_RULE_LENGTH},
        {"content-type", HTTP_RULE_FIELD_TWICE},
        {"authorization", HTTP_RULE_FIELD_TWICE},
        {"expect", HTTP_RULE_FIELD_TWICE},
        {"if-none-match", HTTP_RULE_FIELD_TWICE},
        {"if-match", HTTP_RULE_FIELD_TWICE},
        {"range", HTTP_RULE_FIELD_TWICE},
    };
    for (size_t i = 0; i < ARRAY_LEN(singles); i++) {
        if (same_word(name, singles[i].name)) {
            return singles[i].rule;
        }
    }
    return HTTP_RULE_NONE;
}

static bool has_field(const struct http_request *request, struct span name)
{
    for (size_t i = 0; i < request->field_count; i++) {
        struct span other = request->fields[i].name;
        if (other.size == name.size &&
            strncasecmp((const char *) other.data, (const char *) name.data, name.size) ==
                0) {
            return true;
        }
    }
    return false;
}

static enum http_rule parse_field(struct span line, struct http_request *request)
{
    struct span name;
    if (!span_cut(&line, ':', &name) || name.size == 0 ||
        !all_are(name, is_token_character)) {
        return HTTP_RULE_FIELD_NAME;
    }
    if (!all_are(line, is_value_character)) {
        return HTTP_RULE_FIELD_VALUE;
    }
    enum http_rule twice = twice_rule(name);
    if (twice != HTTP_RULE_NONE && has_field(request, name)) {
        return twice;
    }
    if (request->field_count == HTTP_FIELDS_MAX) {
        return HTTP_RULE_FIELD_COUNT;
    }
    request->fields[request->field_count++] = (struct http_field){name, trimmed(line)};
    return HTTP_RULE_NONE;
}

/* The next line of a scanned head, without CR LF. */
static struct span next_line(struct span *rest)
{
    struct span line = {NULL, 0};
    BUG_IF(!span_cut(rest, '\n', &line));
    line.size--;
    return line;
}

static enum http_rule parse_fields(struct span rest, struct http_request *request)
{
    for (;;) {
        struct span line = next_line(&rest);
        if (line.size == 0) {
            return HTTP_RULE_NONE;
        }
        enum http_rule rule = parse_field(line, request);
        if (rule != HTTP_RULE_NONE) {
            return rule;
        }
    }
}

/* ---- what the fields mean ---- */

static enum http_rule check_host(const struct http_request *request)
{
    struct span host = http_field_value(request, "host");
    if (host.data == NULL) {
        return request->minor == 1 ? HTTP_RULE_HOST : HTTP_RULE_NONE;
    }
    return host.size > 0 && host.size <= 261 && all_are(host, is_host_character)
               ? HTTP_RULE_NONE
               : HTTP_RULE_HOST;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static enum http_rule take_length(struct http_request *request)
{
    struct span length = http_field_value(request, "content-length");
    if (http_field_value(request, "transfer-encoding").data != NULL) {
        return HTTP_RULE_TRANSFER_ENCODING;
    }
    if (length.data == NULL) {
        bool has_body = request->method == HTTP_POST || request->method == HTTP_PUT ||
                        request->method == HTTP_PATCH;
        return has_body ? HTTP_RULE_LENGTH_REQUIRED : HTTP_RULE_NONE;
    }
    if (length.size > 10 && all_are(length, is_digit)) {
        return HTTP_RULE_BODY_TOO_LARGE;
    }
    return text_to_u64(length, UINT64_C(9999999999), &request->content_length)
               ? HTTP_RULE_NONE
               : HTTP_RULE_LENGTH;
}

static enum http_rule take_expect(struct http_request *request)
{
    struct span expect = http_field_value(request, "expect");
    if (expect.data == NULL) {
        return HTTP_RULE_NONE;
    }
    if (!same_word(expect, "100-continue")) {
        return HTTP_RULE_EXPECT;
    }
    request->expects_continue = request->minor == 1 && request->content_length > 0;
    return HTTP_RULE_NONE;
}

static void take_connection(struct http_request *request)
{
    request->closes = request->minor == 0;
    for (size_t i = 0; i < request->field_count; i++) {
        struct span rest = request->fields[i].value;
        struct span word;
        if (!same_word(request->fields[i].name, "connection")) {
            continue;
        }
        while (next_part(&rest, ',', &word)) {
            request->closes = request->closes || same_word(trimmed(word), "close");
        }
    }
}

/* ---- the whole ---- */

enum http_rule http_head_parse(struct span head, struct http_request *ret_request)
{
    struct http_scan scan = {0};
    size_t used = 0;
    enum http_rule rule = http_scan_feed(&scan, head, &used);
    if (rule != HTTP_RULE_NONE) {
        return rule;
    }
    if (!scan.complete || used != head.size) {
        return HTTP_RULE_LINE_END;
    }

    memset(ret_request, 0, sizeof(*ret_request));
    rule = parse_request_line(next_line(&head), ret_request);
    if (rule == HTTP_RULE_NONE) {
        rule = parse_fields(head, ret_request);
    }
    if (rule == HTTP_RULE_NONE) {
        rule = check_host(ret_request);
    }
    if (rule == HTTP_RULE_NONE) {
        rule = take_length(ret_request);
    }
    if (rule == HTTP_RULE_NONE) {
        rule = take_expect(ret_request);
    }
    take_connection(ret_request);
    return rule;
}

const char *http_method_name(enum http_method method)
{
    return method_names[method];
}

struct span http_field_value(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->field_count; i++) {
        if (same_word(request->fields[i].name, name)) {
            return request->fields[i].value;
        }
    }
    return (struct span){NULL, 0};
}

struct span http_parameter_value(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->parameter_count; i++) {
        if (span_is(request->parameters[i].name, name)) {
            return request->parameters[i].value;
        }
    }
    return (struct span){NULL, 0};
}
