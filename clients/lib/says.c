/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why by the English sentence and not by a number: a command stays readable where it speaks,
** and a sentence that was changed and not translated again falls back to English instead of
** saying something else.
*/
#include "clients/lib/says.h"

static const struct saying_topic *const TOPICS[] = {&SAYINGS_SITE, &SAYINGS_LIB,
                                                    &SAYINGS_TYPED};

const struct saying_topic *saying_topic_at(size_t index)
{
    return index < ARRAY_LEN(TOPICS) ? TOPICS[index] : NULL;
}

const struct saying *saying_row(const char *english)
{
    for (size_t i = 0; i < ARRAY_LEN(TOPICS); i++) {
        for (size_t j = 0; j < TOPICS[i]->count; j++) {
            if (strcmp(TOPICS[i]->rows[j].en, english) == 0) {
                return &TOPICS[i]->rows[j];
            }
        }
    }
    return NULL;
}

const char *says_in(const char *language, const char *english, const char *dutch)
{
    const char *tag = language_spoken(language);
    if (tag == NULL || tag[0] == 'e') {
        return english;
    }
    if (tag[0] == 'n') {
        return dutch;
    }
    const struct saying *row = saying_row(english);
    if (row == NULL) {
        return english;
    }
    return tag[0] == 'f' ? row->fr : row->de;
}

/* ---- errors ---- */

#define PARTS_MOST 9

static bool is_parameter(const char *text)
{
    return text[0] == '{' && text[1] >= '1' && text[1] <= '9' && text[2] == '}';
}

/* Does WHAT read as PATTERN? Then PARTS hold what stands for {1} and so on. A parameter ends
 * where the plain text behind it first occurs, the last one where WHAT ends. */
static bool match(const char *pattern, const char *what, struct span parts[PARTS_MOST])
{
    while (*pattern != '\0') {
        if (!is_parameter(pattern)) {
            if (*pattern++ != *what++) {
                return false;
            }
            continue;
        }
        struct span *part = &parts[pattern[1] - '1'];
        size_t plain = 0;
        pattern += 3;
        while (pattern[plain] != '\0' && !is_parameter(pattern + plain)) {
            plain++;
        }
        const char *end = what;
        while (*end != '\0' && (plain == 0 || strncmp(end, pattern, plain) != 0)) {
            end++;
        }
        *part = span_of(what, (size_t) (end - what));
        what = end;
    }
    return *what == '\0';
}

const char *error_in(struct arena *arena, const char *language, const char *what)
{
    const char *tag = language_spoken(language);
    if (tag == NULL || tag[0] == 'e') {
        return what;
    }
    for (size_t i = 0; i < MESSAGES_ERRORS.count; i++) {
        struct span parts[PARTS_MOST] = {{0}};
        const char *args[PARTS_MOST];
        const struct message *row = &MESSAGES_ERRORS.rows[i];
        if (!match(row->en, what, parts)) {
            continue;
        }
        for (size_t p = 0; p < PARTS_MOST; p++) {
            args[p] = arena_span_text(arena, parts[p]);
        }
        return message_fill(arena, message_format(row, language), args, PARTS_MOST);
    }
    return what;
}
