/* SPDX-License-Identifier: Apache-2.0 */
/*
** head: the head of one HTTP/1.x request, read strictly and without I/O.
**
** Two steps. A scan is fed with the bytes as they come and says where the head ends, or
** refuses as early as it can; it looks at each byte once. Then the whole head is parsed
*once:
**
**     struct http_scan scan = {0};
**     size_t used;
**     rule = http_scan_feed(&scan, piece, &used);      until scan.complete or rule
**     rule = http_head_parse(span_of(head, scan.size), &request);
**
** Strict means: what two readers of HTTP could understand differently is refused (see
** enum http_rule): bare CR or LF, control bytes, leading white space, folded fields, white
** space before a colon, any Transfer-Encoding, a Content-Length that is not one plain
*number,
** no Host or two, a TAB, non-ASCII. A request's framing is exactly its Content-Length (0 when
*there
** is none); POST, PUT and PATCH must have one.
**
** Sources: RFC 9112 chapters 2, 3, 5, 6, 11.2; RFC 9110 chapters 5, 7.2, 8.6, 10.1.1; RFC
*3986.
*/
#ifndef CRFD_SERVICE_HTTP_HEAD_H
#define CRFD_SERVICE_HTTP_HEAD_H

#include "base/bytes.h"
#include "service/http/rule.h"

#define HTTP_HEAD_MAX       16384 /* bytes, with the empty line */
#define HTTP_TARGET_MAX     2048  /* bytes */
#define HTTP_FIELDS_MAX     64
#define HTTP_SEGMENTS_MAX   16
#define HTTP_PARAMETERS_MAX 16

/* Methods we know. Any other token is refused with 501; which of these a route takes is the
 * business of the layer above (405). */
enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_METHOD_COUNT
};

struct http_field {
    struct span name;  /* as sent; compare without case */
    struct span value; /* without the spaces around it; visible ASCII and spaces */
};

struct http_parameter {
    struct span name;  /* decoded, not empty, unique in the request */
    struct span value; /* decoded; empty when there was no '=' */
};

/* One request. Spans borrow from the head that was parsed and from `decoded`, so a request
 * is never copied and lives as long as its head. */
struct http_request {
    enum http_method method;
    int minor;          /* HTTP/1.0 or HTTP/1.1 */
    struct span target; /* as sent, with the query */

    /* "/v1/studies/a%20b?x=1": segments "v1", "studies", "a b". "/" has none. A segment is
     * well-formed UTF-8 without control characters, not empty, not "." or "..". It may hold
     * a decoded '/', so never join segments into a path. '+' stands for itself. */
    struct span segments[HTTP_SEGMENTS_MAX];
    size_t segment_count;
    struct http_parameter parameters[HTTP_PARAMETERS_MAX];
    size_t parameter_count;

    struct http_field fields[HTTP_FIELDS_MAX]; /* in the order in which they came */
    size_t field_count;

    uint64_t content_length; /* 0 when there is none */
    bool expects_continue;   /* waits for "100 Continue" before it sends the body */
    bool closes;             /* wants the connection closed after the reply */

    uint8_t decoded[HTTP_TARGET_MAX];
};

/* Where a scan stands. All-zero is the beginning of a head. */
struct http_scan {
    size_t size;    /* bytes looked at; the size of the head once complete */
    bool complete;  /* the empty line has been seen */
    bool in_fields; /* behind the request line */
    uint8_t ending; /* private: how much of CR LF CR LF stands before here */
};

/* Look at the next bytes. *ret_used says how many belong to the head: all of PIECE unless
 * the head ends in it. A rule other than NONE refuses the request for good. */
MUST_USE enum http_rule http_scan_feed(struct http_scan *scan, struct span piece,
                                       size_t *ret_used);

/* Parse HEAD, which must be one whole head up to and with its empty line. Nothing in
 * *ret_request may be used unless the answer is NONE. */
MUST_USE enum http_rule http_head_parse(struct span head, struct http_request *ret_request);

/* "POST" */
const char *http_method_name(enum http_method method);

/* The value of the field NAME (lower case), the first when there are several; data is NULL
 * when there is none. Fields with one meaning only (host, content-length, content-type,
 * authorization, expect, if-none-match, if-match, range) never come twice. */
struct span http_field_value(const struct http_request *request, const char *name);

/* The value of the query parameter NAME; data is NULL when there is none. */
struct span http_parameter_value(const struct http_request *request, const char *name);

#endif
