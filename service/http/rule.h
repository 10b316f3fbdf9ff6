/* SPDX-License-Identifier: Apache-2.0 */
/*
** rule: every reason for which this layer turns a request or a connection away.
**
** A rule has a name (in metrics and in the problem's `type`), the HTTP status of its
*answer,
** and one sentence for the person who gets it. Status 0: the connection is closed without
*an
** answer, because none could be read (no handshake) or sent.
**
** Sources: RFC 9110, RFC 9112 (and where they leave a choice, the stricter one), RFC 6585.
*/
#ifndef CRFD_SERVICE_HTTP_RULE_H
#define CRFD_SERVICE_HTTP_RULE_H

enum http_rule {
    HTTP_RULE_NONE, /* nothing to complain about */

    /* the bytes of the head */
    HTTP_RULE_LEADING_SPACE,
    HTTP_RULE_CONTROL_BYTE,
    HTTP_RULE_LINE_END,
    HTTP_RULE_FOLDED_FIELD,
    HTTP_RULE_HEAD_TOO_LARGE,

    /* the request line */
    HTTP_RULE_REQUEST_LINE,
    HTTP_RULE_METHOD,
    HTTP_RULE_VERSION,
    HTTP_RULE_TARGET_TOO_LONG,
    HTTP_RULE_TARGET_FORM,
    HTTP_RULE_TARGET_CHARACTER,
    HTTP_RULE_TARGET_PERCENT,
    HTTP_RULE_TARGET_SEGMENT,
    HTTP_RULE_TARGET_QUERY,

    /* the fields */
    HTTP_RULE_FIELD_COUNT,
    HTTP_RULE_FIELD_NAME,
    HTTP_RULE_FIELD_VALUE,
    HTTP_RULE_FIELD_TWICE,
    HTTP_RULE_HOST,
    HTTP_RULE_TRANSFER_ENCODING,
    HTTP_RULE_LENGTH,
    HTTP_RULE_LENGTH_REQUIRED,
    HTTP_RULE_EXPECT,

    /* the body, and what one sender may take */
    HTTP_RULE_BODY_TOO_LARGE,
    HTTP_RULE_HEAD_TIMEOUT,
    HTTP_RULE_BODY_TIMEOUT,
    HTTP_RULE_REQUEST_RATE,
    HTTP_RULE_OVERLOADED,
    HTTP_RULE_REPLY_FIELD, /* ours: a reply with an impossible field */

    /* closed without an answer */
    HTTP_RULE_CONNECTIONS,
    HTTP_RULE_ADDRESS_CONNECTIONS,
    HTTP_RULE_CONNECTION_RATE,
    HTTP_RULE_DESCRIPTORS,
    HTTP_RULE_HANDSHAKE,
    HTTP_RULE_HANDSHAKE_TIMEOUT,
    HTTP_RULE_WRITE_TIMEOUT,
    HTTP_RULE_DRAIN_CUT,

    HTTP_RULE_COUNT
};

/* "transfer-encoding", 501, "Transfer-Encoding is not ...". Static. */
const char *http_rule_name(enum http_rule rule);
int http_rule_status(enum http_rule rule);
const char *http_rule_detail(enum http_rule rule);

/* "Not Found"; "Unknown" for a status without a name here. */
const char *http_status_text(int code);

#endif
