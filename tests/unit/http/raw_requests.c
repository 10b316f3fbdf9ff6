/* SPDX-License-Identifier: Apache-2.0 */
/*
** Bytes are written as text so that a reviewer sees what is sent.
*/
#include "tests/unit/http/raw_requests.h"

#include "base/encode.h"
#include "tests/support/files.h"

#define FILE_NAME "tests/unit/http/requests.txt"

static void unescape(struct span text, struct bytes *out);

/* "300 a}rest": 300 times a; what is behind the brace is left. */
static void repeat(struct span *rest, struct bytes *out)
{
    struct span body = {NULL, 0};
    struct span count = {NULL, 0};
    BUG_IF(!span_cut(rest, '}', &body) || !span_cut(&body, ' ', &count));
    CLEANUP(bytes_done) struct bytes piece = {0};
    unescape(body, &piece);
    unsigned long times = strtoul((const char *) count.data, NULL, 10);
    for (unsigned long i = 0; i < times; i++) {
        bytes_add_span(out, span_bytes(&piece));
    }
}

static void unescape(struct span text, struct bytes *out)
{
    static const char from[] = "rnt\\";
    static const char to[] = "\r\n\t\\";
    while (text.size > 0) {
        uint8_t c = text.data[0];
        text = span_of(text.data + 1, text.size - 1);
        if (c != '\\') {
            bytes_add_char(out, (char) c);
            continue;
        }
        BUG_IF(text.size == 0);
        c = text.data[0];
        text = span_of(text.data + 1, text.size - 1);
        const char *known = strchr(from, c);
        if (c == '{') {
            repeat(&text, out);
        } else if (c == 'x') {
            BUG_IF(text.size < 2 || !decode(HEX, span_of(text.data, 2), out));
            text = span_of(text.data + 2, text.size - 2);
        } else {
            BUG_IF(known == NULL);
            bytes_add_char(out, to[known - from]);
        }
    }
}

const struct raw_request *raw_requests_read(struct arena *arena, size_t *ret_count)
{
    CLEANUP(bytes_done) struct bytes file = read_file(FILE_NAME);
    CLEANUP(bytes_done) struct bytes raw = {0};
    struct span rest = span_bytes(&file);
    struct span line = {NULL, 0};
    struct raw_request *requests = NULL;
    size_t count = 0;
    size_t capacity = 0;
    bool in_request = false;

    while (span_cut(&rest, '\n', &line)) {
        if (span_starts(line, "|")) {
            size_t prefix = line.size > 1 ? 2 : 1;
            unescape(span_of(line.data + prefix, line.size - prefix), &raw);
            requests[count - 1].bytes = arena_span(arena, span_bytes(&raw));
        } else if (line.size == 0 || line.data[0] == '#') {
            in_request = false;
        } else if (!in_request) {
            struct raw_request *request = ARENA_PUSH(arena, requests, count, capacity);
            bytes_clear(&raw);
            request->name = arena_span_text(arena, line);
            in_request = true;
        } else {
            requests[count - 1].expected = arena_span_text(arena, line);
        }
    }
    BUG_IF(count < 100);
    *ret_count = count;
    return requests;
}
