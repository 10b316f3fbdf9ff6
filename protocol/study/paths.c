/* SPDX-License-Identifier: Apache-2.0 */
/*
** Object and item paths (RECORDS.md chapter 3). Paths are names in the log, so each thing has
** exactly one: the parser accepts what the writer writes and nothing else.
*/
#include "base/text.h"
#include "protocol/study/casebook.h"

static bool is_plain(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '_' || c == '-';
}

void path_add_segment(struct bytes *out, const char *segment)
{
    if (segment == NULL) {
        bytes_add_char(out, '-');
        return;
    }
    if (strcmp(segment, "-") == 0) {
        bytes_add_text(out, "%2D");
        return;
    }
    for (const char *c = segment; *c != '\0'; c++) {
        if (is_plain((uint8_t) *c)) {
            bytes_add_char(out, *c);
        } else {
            bytes_printf(out, "%%%02X", (unsigned) (uint8_t) *c);
        }
    }
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool path_segment_parse(struct span segment, struct arena *arena, const char **ret_text)
{
    if (span_is(segment, "-")) {
        *ret_text = NULL;
        return true;
    }
    char *text = arena_alloc(arena, segment.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < segment.size; i++) {
        uint8_t c = segment.data[i];
        if (is_plain(c)) {
            text[size++] = (char) c;
            continue;
        }
        if (c != '%' || segment.size - i < 3) {
            return false;
        }
        int high = hex_digit(segment.data[i + 1]), low = hex_digit(segment.data[i + 2]);
        int byte = high * 16 + low;
        bool lone = byte == '-' && segment.size == 3;
        if (high < 0 || low < 0 || byte == 0 || (is_plain((uint8_t) byte) && !lone)) {
            return false;
        }
        text[size++] = (char) byte;
        i += 2;
    }
    if (size == 0 || size > FORM_KEY_MAX || !text_is_utf8(span_of(text, size))) {
        return false;
    }
    *ret_text = text;
    return true;
}

/* Cut PATH at '/' into exactly COUNT segments and decode them. */
static bool parse_segments(struct span path, struct arena *arena, const char **texts,
                           size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct span segment = path;
        if (i + 1 < count && !span_cut(&path, '/', &segment)) {
            return false;
        }
        if (!path_segment_parse(segment, arena, &texts[i])) {
            return false;
        }
    }
    return true;
}

char *form_key_path(struct arena *arena, const struct form_key *key)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    const char *const segments[] = {key->event, key->event_repeat, key->form,
                                    key->form_repeat};
    bytes_add_text(&path, "subject/");
    path_add_segment(&path, key->subject);
    for (size_t i = 0; i < ARRAY_LEN(segments); i++) {
        bytes_add_char(&path, '/');
        path_add_segment(&path, segments[i]);
    }
    return arena_text(arena, bytes_text(&path));
}

bool form_key_parse(struct span path, struct arena *arena, struct form_key *ret_key)
{
    const char *texts[5];
    struct span first;
    if (!span_cut(&path, '/', &first) || !span_is(first, "subject") ||
        !parse_segments(path, arena, texts, ARRAY_LEN(texts)) || texts[0] == NULL ||
        texts[1] == NULL || texts[3] == NULL) {
        return false;
    }
    *ret_key = (struct form_key){texts[0], texts[1], texts[2], texts[3], texts[4]};
    return true;
}

char *item_path(struct arena *arena, const char *group, const char *group_repeat,
                const char *item)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    path_add_segment(&path, group);
    bytes_add_char(&path, '/');
    path_add_segment(&path, group_repeat);
    if (item != NULL) {
        bytes_add_char(&path, '/');
        path_add_segment(&path, item);
    }
    return arena_text(arena, bytes_text(&path));
}

bool item_path_parse(struct span path, struct arena *arena, struct item_key *ret_key)
{
    const char *texts[3] = {NULL, NULL, NULL};
    size_t slashes = 0;
    for (size_t i = 0; i < path.size; i++) {
        slashes += path.data[i] == '/';
    }
    if (slashes < 1 || slashes > 2 || !parse_segments(path, arena, texts, slashes + 1) ||
        texts[0] == NULL || (slashes == 2 && texts[2] == NULL)) {
        return false;
    }
    *ret_key = (struct item_key){texts[0], texts[1], texts[2]};
    return true;
}

static int compare_keys(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return (a != NULL) - (b != NULL); /* absent comes first */
    }
    return strcmp(a, b);
}

int form_key_compare(const struct form_key *a, const struct form_key *b)
{
    const char *const left[] = {a->subject, a->event, a->event_repeat, a->form,
                                a->form_repeat};
    const char *const right[] = {b->subject, b->event, b->event_repeat, b->form,
                                 b->form_repeat};
    for (size_t i = 0; i < ARRAY_LEN(left); i++) {
        int order = compare_keys(left[i], right[i]);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

bool form_key_equal(const struct form_key *a, const struct form_key *b)
{
    return form_key_compare(a, b) == 0;
}
