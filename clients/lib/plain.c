/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why '?' and not nothing: a person who sees it knows that something stood there.
*/
#include "clients/lib/plain.h"

/* The bytes at the start of TEXT that a terminal obeys instead of showing; 0: none. */
static size_t obeyed(struct span text, unsigned *ret_code)
{
    const uint8_t *c = text.data;
    if (c[0] < 0x20 || c[0] == 0x7F) {
        *ret_code = c[0];
        return 1;
    }
    if (c[0] == 0xC2 && text.size > 1 && c[1] >= 0x80 && c[1] <= 0x9F) {
        *ret_code = c[1]; /* U+0080..U+009F */
        return 2;
    }
    bool turns = c[0] == 0xE2 && text.size > 2 &&
                 ((c[1] == 0x80 && c[2] >= 0xAA && c[2] <= 0xAE) ||
                  (c[1] == 0x81 && c[2] >= 0xA6 && c[2] <= 0xA9));
    if (turns) {
        *ret_code = 0x2000U | (c[1] & 0x3FU) << 6 | (c[2] & 0x3FU);
        return 3;
    }
    return 0;
}

static bool stays(struct span text)
{
    return text.data[0] == '\n' || text.data[0] == '\t';
}

void plain_lines(struct span text, struct bytes *out)
{
    while (text.size > 0) {
        unsigned code = 0;
        size_t size = stays(text) ? 0 : obeyed(text, &code);
        bool line_end = code == '\r' && text.size > 1 && text.data[1] == '\n';
        if (size == 0) {
            bytes_add_char(out, (char) text.data[0]);
        } else if (!line_end) {
            bytes_add_char(out, '?');
        }
        size = size > 0 ? size : 1;
        text = span_of(text.data + size, text.size - size);
    }
}

void plain_json(struct span json, struct bytes *out)
{
    while (json.size > 0) {
        unsigned code = 0;
        size_t size = obeyed(json, &code);
        if (size == 0 || code < 0x20) { /* those of JSON itself */
            bytes_add(out, json.data, 1);
            size = 1;
        } else {
            bytes_printf(out, "\\u%04x", code);
        }
        json = span_of(json.data + size, json.size - size);
    }
}

const char *text_for_terminal(struct arena *arena, const char *text)
{
    CLEANUP(bytes_done) struct bytes plain = {0};
    plain_lines(span_text(text), &plain);
    char *copy = arena_text(arena, bytes_text(&plain));
    for (char *c = copy; *c != '\0'; c++) {
        *c = *c == '\n' || *c == '\t' ? '?' : *c;
    }
    return copy;
}
