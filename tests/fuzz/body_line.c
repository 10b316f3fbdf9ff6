/* SPDX-License-Identifier: Apache-2.0 */
/*
** Lines of bodies: whatever comes, a line that is accepted is written again as the same bytes,
** and a stream cut into pieces anywhere gives the same lines as in one piece.
*/
#include "clients/verify/body_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
    uint64_t count;
    struct bytes again;
};

static status hear(void *arg, const struct body_line *line, struct err *err)
{
    struct heard *heard = arg;
    (void) err;
    heard->count++;
    body_line_write(line, &heard->again);
    return OK;
}

static status listen_to(struct span text, size_t piece, struct heard *heard)
{
    CLEANUP(body_lines_done)
    struct body_lines lines = {.from = 0, .to = 4, .sink = hear, .arg = heard};
    status kind = OK;
    while (kind == OK && text.size > 0) {
        size_t size = text.size < piece ? text.size : piece;
        kind = body_lines_add(&lines, span_of(text.data, size), NULL);
        text = span_of(text.data + size, text.size - size);
    }
    return kind == OK ? body_lines_finish(&lines, NULL) : kind;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(bytes_done) struct bytes keep = {0};
    CLEANUP(bytes_done) struct bytes again = {0};
    CLEANUP(bytes_done) struct bytes once_more = {0};
    struct heard whole = {0};
    struct heard cut = {0};
    struct body_line line;
    struct arena *arena = arena_new();
    struct span text = span_of(data, size);
    if (body_line_read(text, arena, &keep, &line, NULL) == OK) {
        body_line_write(&line, &again);
        again.size--; /* its LF */
        BUG_IF(body_line_read(span_bytes(&again), arena, &keep, &line, NULL) != OK);
        body_line_write(&line, &once_more);
        BUG_IF(once_more.size != again.size + 1);
    }
    status one = listen_to(text, SIZE_MAX, &whole);
    status other = listen_to(text, 7, &cut);
    BUG_IF(one != other || whole.count != cut.count ||
           !span_equal(span_bytes(&whole.again), span_bytes(&cut.again)));
    bytes_done(&whole.again);
    bytes_done(&cut.again);
    arena_free(arena);
    return 0;
}
