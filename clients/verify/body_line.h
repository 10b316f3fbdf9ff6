/* SPDX-License-Identifier: Apache-2.0 */
/*
** body_line: the lines in which the service streams bodies (openapi.json, GET .../bodies).
**
**     {"seq":412,"salt":"<base64>","body":"<base64>"}
**     {"seq":413,"withheld":"<base64 digest>"}     not for this reader, or erased
**     {"seq":414,"none":true}                      the entry has no body
**     {"end":415}                                  the stream is whole
**
** A bundle holds the same lines (bundle_file.h), so what was streamed once can be kept and
** read again. Exactly these members are accepted; the lines come from outside.
**
** `struct body_lines` cuts a stream of pieces into lines, as https_sink gets them.
*/
#ifndef CRFD_CLIENTS_BODY_LINE_H
#define CRFD_CLIENTS_BODY_LINE_H

#include "base/arena.h"
#include "crypto/digest.h"
#include "crypto/entry.h"

/* A body is a record of at most 1 MiB and its outcome, in base64. */
#define BODY_LINE_MAX ((size_t) 8 << 20)

enum body_kind { BODY_HERE, BODY_WITHHELD, BODY_NONE, BODY_END };

struct body_line {
    enum body_kind kind;
    uint64_t seq;           /* BODY_END: one behind the last */
    struct span salt, body; /* BODY_HERE */
    struct digest digest;   /* BODY_WITHHELD */
};

/* Read one line (without LF). Spans point into KEEP, which is replaced. */
MUST_USE status body_line_read(struct span line, struct arena *arena, struct bytes *keep,
                               struct body_line *ret_line, struct err *err);

/* Append the line with its LF. */
void body_line_write(const struct body_line *line, struct bytes *out);

typedef status body_sink(void *arg, const struct body_line *line, struct err *err);

/* Zero it, set from, to and sink; add pieces; finish; done. Lines must be FROM, FROM + 1 ...
 * and then the end at TO. */
struct body_lines {
    uint64_t from, to;
    body_sink *sink;
    void *arg;
    bool ended;
    struct bytes rest, keep; /* private */
    struct arena *arena;     /* private */
};
MUST_USE status body_lines_add(struct body_lines *lines, struct span piece,
                               struct err *err);
MUST_USE status body_lines_finish(const struct body_lines *lines, struct err *err);
void body_lines_done(struct body_lines *lines);

#endif
