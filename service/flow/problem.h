/* SPDX-License-Identifier: Apache-2.0 */
/*
** problem: what a refusal looks like (RFC 9457, RECORDS.md chapter 4).
**
** {type "urn:crfd:problem:<code>", title, status, detail, request_id, findings [{rule, act,
** path,
**  object, message, help}], receipt or null, current {seq, leaf, by, at} for a stale prior;
**  by (a printed name) and at are left out for who must not read that form, or it is retracted}
*/
#ifndef CRFD_SERVICE_PROBLEM_H
#define CRFD_SERVICE_PROBLEM_H

#include "protocol/study/finding.h"

struct problem {
    int status;
    const char *code;   /* last part of the type */
    const char *title;  /* for people, the same for each problem of this type */
    const char *detail; /* this occurrence; may be NULL */
    const char *request_id;
    const struct findings *findings; /* may be NULL */
    struct span receipt;             /* empty: null */
    int64_t seq;                     /* of the reject entry; -1: none */
    bool has_current;                /* 409 stale: what is current now */
    int64_t current_seq;
    const char *current_leaf;
    const char *current_by; /* NULL: not told, nor current_at */
    instant current_at;
};

void problem_write(const struct problem *problem, struct bytes *out);

/* The findings as a JSON array with their sentences, for the authenticated sender. */
void problem_write_findings(const struct findings *findings, struct json_out *json);

/* What a failure of ours or of the request's shape is called: HTTP status, code and
 * title of each kind of error. The one place that maps status to HTTP. */
int problem_http_status(status kind);
const char *problem_code(status kind);
const char *problem_title(status kind);

/* What of ERR may be told to a client: NULL when its words are for the operator's log alone
 * (our bugs, what PostgreSQL or the file system said: names of hosts, roles, paths). */
const char *problem_detail(const struct err *err);

#endif
