/* SPDX-License-Identifier: Apache-2.0 */
/*
** Lines first, meaning later: what continues an answer or gives a reason may stand several
** lines below it, and nothing may be judged before it is whole.
*/
#include <ctype.h>
#include <strings.h>

#include "base/text.h"
#include "clients/lib/form_text_impl.h"

#define HEAD "# crf text form 1"

bool span_is_word(struct span text, const char *word)
{
    size_t length = strlen(word);
    return text.size == length && strncasecmp((const char *) text.data, word, length) == 0;
}

struct span span_first_word(struct span text, struct span *ret_rest)
{
    size_t length = 0;
    text = typed_trim(text);
    while (length < text.size && !isspace(text.data[length]) && text.data[length] != ':') {
        length++;
    }
    *ret_rest = span_of(text.data + length, text.size - length);
    return span_of(text.data, length);
}

static struct span without_end(struct span line)
{
    while (line.size > 0 &&
           (line.data[line.size - 1] == '\n' || line.data[line.size - 1] == '\r')) {
        line.size--;
    }
    return line;
}

static status split_lines(struct span text, struct text_form *form, struct err *err)
{
    struct span *lines = NULL;
    size_t count = 0, capacity = 0;
    while (text.size > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        size_t size = end != NULL ? (size_t) (end - text.data) + 1 : text.size;
        if (count == TEXT_LINES_MAX) {
            return FAIL(err, ERR_TOO_LARGE, "more than %d lines", TEXT_LINES_MAX);
        }
        *ARENA_PUSH(form->arena, lines, count, capacity) = span_of(text.data, size);
        text = span_of(text.data + size, text.size - size);
    }
    form->lines = lines;
    form->line_count = count;
    return OK;
}

static bool is_bom(struct span text)
{
    return text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0;
}

static status check_head(const struct text_form *form, struct span *ret_head,
                         struct err *err)
{
    for (size_t i = 0; i < form->line_count; i++) {
        struct span line = form->lines[i];
        if (i == 0 && is_bom(line)) {
            line = span_of(line.data + 3, line.size - 3);
        }
        line = typed_trim(line);
        if (line.size == 0 || span_starts(line, "#!")) {
            continue;
        }
        if (span_starts(line, HEAD)) {
            *ret_head = span_of(line.data + strlen(HEAD), line.size - strlen(HEAD));
            return OK;
        }
        break;
    }
    return FAIL(err, ERR_BAD_INPUT, "the text must begin with \"" HEAD "\"");
}

static void continue_entry(struct text_form *form, struct text_entry *entry,
                           struct span more)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    if (more.size > 0 && more.data[0] == ' ') {
        more = span_of(more.data + 1, more.size - 1);
    }
    bytes_add_span(&text, entry->text);
    if (text.size > 0) {
        bytes_add_char(&text, '\n');
    }
    bytes_add_span(&text, more);
    entry->text = arena_span(form->arena, span_bytes(&text));
}

static void add_reason(struct text_form *form, struct text_entry *entry, struct span reason)
{
    reason = typed_trim(reason);
    const char *text = arena_span_text(form->arena, reason);
    entry->reason = entry->reason == NULL
                        ? text
                        : arena_printf(form->arena, "%s; %s", entry->reason, text);
}

static struct text_entry make_entry(struct span line, size_t number)
{
    struct text_entry entry = {.kind = ENTRY_OTHER, .line = number, .text = line};
    bool indented = line.data[0] == ' ' || line.data[0] == '\t';
    if (span_starts(line, "==")) {
        struct span rest;
        entry.kind = ENTRY_SECTION;
        entry.key = span_first_word(span_of(line.data + 2, line.size - 2), &rest);
        return entry;
    }
    if (indented && memchr(line.data, '|', line.size) != NULL) {
        entry.kind = ENTRY_ROW;
        return entry;
    }
    const uint8_t *colon = memchr(line.data, ':', line.size);
    if (colon != NULL) {
        struct span rest;
        size_t before = (size_t) (colon - line.data);
        entry.kind = ENTRY_ANSWER;
        entry.key = span_first_word(span_of(line.data, before), &rest);
        entry.text = typed_trim(span_of(colon + 1, line.size - before - 1));
    }
    return entry;
}

static void take_line(struct text_form *form, struct text_entries *entries, size_t number)
{
    struct span line = without_end(form->lines[number]);
    if (number == 0 && is_bom(line)) {
        line = span_of(line.data + 3, line.size - 3);
    }
    if (typed_trim(line).size == 0 || line.data[0] == '#') {
        return;
    }
    struct text_entry *last =
        entries->count > 0 ? &entries->items[entries->count - 1] : NULL;
    bool more = line.data[0] == '|', reason = line.data[0] == '~';
    struct span rest = span_of(line.data + 1, line.size - 1);
    if (more && last != NULL && last->kind == ENTRY_ANSWER) {
        continue_entry(form, last, rest);
    } else if (reason && last != NULL && last->kind != ENTRY_SECTION) {
        add_reason(form, last, rest);
    } else {
        *ARENA_PUSH(form->arena, entries->items, entries->count, entries->capacity) =
            make_entry(line, number);
    }
}

status form_lines_read(struct span text, struct text_form *form,
                       struct text_entries *ret_entries, struct err *err)
{
    struct text_entries entries = {0};
    if (text.size > TEXT_FORM_MAX) {
        return FAIL(err, ERR_TOO_LARGE, "the text is longer than %zu bytes", TEXT_FORM_MAX);
    }
    if (!text_is_utf8(text) || memchr(text.data, 0, text.size) != NULL) {
        return FAIL(err, ERR_BAD_INPUT,
                    "the text is not UTF-8; save it as UTF-8 and try again");
    }
    TRY(split_lines(text, form, err));
    TRY(check_head(form, &entries.head, err));
    for (size_t i = 0; i < form->line_count; i++) {
        take_line(form, &entries, i);
    }
    *ret_entries = entries;
    return OK;
}
