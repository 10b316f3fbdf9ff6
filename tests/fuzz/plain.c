/* SPDX-License-Identifier: Apache-2.0 */
/*
** plain: any bytes on their way to a terminal. What is printed holds nothing that a terminal
** obeys, is plain a second time, and as JSON still says the same.
*/
#include "clients/lib/plain.h"

#include "base/json_out.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_obeyed(const char *text, bool lines)
{
    for (const unsigned char *c = (const unsigned char *) text; *c != '\0'; c++) {
        BUG_IF((*c < 0x20 && !(lines && (*c == '\n' || *c == '\t'))) || *c == 0x7F);
        BUG_IF(c[0] == 0xC2 && c[1] >= 0x80 && c[1] <= 0x9F);
        BUG_IF(c[0] == 0xE2 && c[1] == 0x80 && c[2] >= 0xAA && c[2] <= 0xAE);
        BUG_IF(c[0] == 0xE2 && c[1] == 0x81 && c[2] >= 0xA6 && c[2] <= 0xA9);
    }
}

static void check_json(struct span bytes, struct arena *arena)
{
    CLEANUP(bytes_done) struct bytes plain = {0};
    CLEANUP(bytes_done) struct bytes before = {0};
    CLEANUP(bytes_done) struct bytes after = {0};
    const struct json *said = NULL;
    const struct json *printed = NULL;
    if (json_parse(bytes, &JSON_RECORD, arena, &said, NULL) != OK) {
        return;
    }
    plain_json(bytes, &plain);
    BUG_IF(json_parse(span_bytes(&plain), &JSON_RECORD, arena, &printed, NULL) != OK);
    json_put_value(&(struct json_out){.bytes = &before}, said);
    json_put_value(&(struct json_out){.bytes = &after}, printed);
    BUG_IF(!span_equal(span_bytes(&before), span_bytes(&after)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes once = {0};
    CLEANUP(bytes_done) struct bytes twice = {0};
    const char *text = arena_printf(arena, "%.*s", (int) size, (const char *) data);
    plain_lines(span_text(text), &once);
    check_obeyed(bytes_text(&once), true);
    plain_lines(span_bytes(&once), &twice);
    BUG_IF(!span_equal(span_bytes(&once), span_bytes(&twice)));
    check_obeyed(text_for_terminal(arena, text), false);
    check_json(span_of(data, size), arena);
    return 0;
}
