/* SPDX-License-Identifier: Apache-2.0 */
/*
** The sentences say what to do, because the person who reads one is writing a client or
** standing behind a proxy that rewrites requests; they never quote what was sent.
*/
#include "service/http/rule.h"

#include "base/status.h"

static const struct {
    const char *name;
    int status;
    const char *detail;
} rules[HTTP_RULE_COUNT] = {
    [HTTP_RULE_NONE] = {"none", 200, "The request is well-formed."},
    [HTTP_RULE_LEADING_SPACE] =
        {"leading-space", 400,
         "A request must not begin with white space or an empty line."},
    [HTTP_RULE_CONTROL_BYTE] =
        {"control-byte", 400, "The head of a request must not contain control characters."},
    [HTTP_RULE_LINE_END] =
        {"line-end", 400,
         "Every line of the head must end in CR LF, both, and only there."},
    [HTTP_RULE_FOLDED_FIELD] = {"folded-field", 400,
                                "A header field must stand on one line."},
    [HTTP_RULE_HEAD_TOO_LARGE] = {"head-too-large", 431,
                                  "The head of a request may have at most 16,384 bytes."},
    [HTTP_RULE_REQUEST_LINE] =
        {"request-line", 400,
         "A request line is: method, one space, target, one space, HTTP/1.1."},
    [HTTP_RULE_METHOD] =
        {"method", 501, "Only GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS are known."},
    [HTTP_RULE_VERSION] = {"version", 505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."},
    [HTTP_RULE_TARGET_TOO_LONG] = {"target-too-long", 414,
                                   "The target of a request may have at most 2,048 bytes."},
    [HTTP_RULE_TARGET_FORM] = {"target-form", 400,
                               "The target of a request must begin with a slash."},
    [HTTP_RULE_TARGET_CHARACTER] =
        {"target-character", 400,
         "A character in the target must be percent-encoded (RFC 3986)."},
    [HTTP_RULE_TARGET_PERCENT] =
        {"target-percent", 400,
         "A percent sign in the target must be followed by two hexadecimal digits."},
    [HTTP_RULE_TARGET_SEGMENT] =
        {"target-segment", 400,
         "The path may have at most 16 segments; none may be empty, a dot or two, or hold "
         "anything but printable UTF-8."},
    [HTTP_RULE_TARGET_QUERY] =
        {"target-query", 400,
         "The query may have at most 16 parameters, each with a name of its own, all "
         "printable UTF-8."},
    [HTTP_RULE_FIELD_COUNT] = {"field-count", 431,
                               "A request may have at most 64 header fields."},
    [HTTP_RULE_FIELD_NAME] =
        {"field-name", 400,
         "A header field is: name, colon, value, with no space before the "
         "colon."},
    [HTTP_RULE_FIELD_VALUE] = {"field-value", 400,
                               "The value of a header field must be printable ASCII."},
    [HTTP_RULE_FIELD_TWICE] =
        {"field-twice", 400, "A header field that can have one value only was sent twice."},
    [HTTP_RULE_HOST] = {"host", 400,
                        "A request must name its host in exactly one Host field."},
    [HTTP_RULE_TRANSFER_ENCODING] =
        {"transfer-encoding", 501,
         "Transfer-Encoding is not taken in requests; send a Content-Length."},
    [HTTP_RULE_LENGTH] = {"content-length", 400,
                          "Content-Length must be sent once and be a plain number."},
    [HTTP_RULE_LENGTH_REQUIRED] = {"length-required", 411,
                                   "POST, PUT and PATCH must have a Content-Length."},
    [HTTP_RULE_EXPECT] = {"expect", 417,
                          "The only expectation that can be met is 100-continue."},
    [HTTP_RULE_BODY_TOO_LARGE] = {"body-too-large", 413,
                                  "The body is larger than this address takes."},
    [HTTP_RULE_HEAD_TIMEOUT] = {"head-timeout", 408,
                                "The head of the request did not arrive in time."},
    [HTTP_RULE_BODY_TIMEOUT] = {"body-timeout", 408,
                                "The body of the request did not arrive in time."},
    [HTTP_RULE_REQUEST_RATE] =
        {"request-rate", 429,
         "Too many requests from your network address; wait a minute."},
    [HTTP_RULE_OVERLOADED] = {"overloaded", 503,
                              "Too much is under way at once; try again in a moment."},
    [HTTP_RULE_REPLY_FIELD] = {"reply-field", 500,
                               "The answer could not be written; this is a fault of the "
                               "service."},
    [HTTP_RULE_CONNECTIONS] = {"connections", 0, "Too many connections are open."},
    [HTTP_RULE_ADDRESS_CONNECTIONS] = {"address-connections", 0,
                                       "Too many connections from one address are open."},
    [HTTP_RULE_CONNECTION_RATE] = {"connection-rate", 0,
                                   "Too many new connections from one address."},
    [HTTP_RULE_DESCRIPTORS] = {"descriptors", 0, "The process is out of descriptors."},
    [HTTP_RULE_HANDSHAKE] = {"handshake", 0, "The TLS handshake failed."},
    [HTTP_RULE_HANDSHAKE_TIMEOUT] = {"handshake-timeout", 0,
                                     "The TLS handshake did not end in time."},
    [HTTP_RULE_WRITE_TIMEOUT] = {"write-timeout", 0,
                                 "The client did not take the answer in time."},
    [HTTP_RULE_DRAIN_CUT] = {"drain-cut", 0, "The service stopped before the answer."},
};

const char *http_rule_name(enum http_rule rule)
{
    return rules[rule].name;
}

int http_rule_status(enum http_rule rule)
{
    return rules[rule].status;
}

const char *http_rule_detail(enum http_rule rule)
{
    return rules[rule].detail;
}

const char *http_status_text(int code)
{
    static const struct {
        int status;
        const char *text;
    } texts[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (texts[i].status == code) {
            return texts[i].text;
        }
    }
    return "Unknown";
}
