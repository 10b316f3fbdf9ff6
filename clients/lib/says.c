/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why by the English sentence and not by a number: a command stays readable where it speaks,
** and a sentence that was changed and not translated again falls back to English instead of
** saying something else.
*/
#include "clients/lib/says.h"

static const struct saying_topic *const TOPICS[] = {
    &SAYINGS_SITE,  &SAYINGS_CASE,    &SAYINGS_LIB,     &SAYINGS_TYPED,
    &SAYINGS_ADMIN, &SAYINGS_MONITOR, &SAYINGS_SPONSOR, &SAYINGS_VERIFY};
/* Narrow patterns first: those of one program, then what everybody meets. */
static const struct message_topic *const ERRORS[] = {
    &MESSAGES_ERRORS_STUDY, &MESSAGES_ERRORS_VERIFY,     &MESSAGES_ERRORS_BUNDLE,
    &MESSAGES_ERRORS,       &MESSAGES_ERRORS_DEFINITION, &MESSAGES_ERRORS_CRYPTO,
    &MESSAGES_ERRORS_LIB,   &MESSAGES_ERRORS_SHAPE};

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

const struct message_topic *error_topic_at(size_t index)
{
    return index < ARRAY_LEN(ERRORS) ? ERRORS[index] : NULL;
}

static const struct message *row_of_error(const char *what, struct span parts[PARTS_MOST])
{
    for (size_t t = 0; t < ARRAY_LEN(ERRORS); t++) {
        for (size_t i = 0; i < ERRORS[t]->count; i++) {
            memset(parts, 0, PARTS_MOST * sizeof(*parts));
            if (match(ERRORS[t]->rows[i].en, what, parts)) {
                return &ERRORS[t]->rows[i];
            }
        }
    }
    return NULL;
}

/* A part is shorter than the whole, so this comes to an end. */
static const char *in_language(struct arena *arena, const char *language, const char *what)
{
    struct span parts[PARTS_MOST];
    const char *args[PARTS_MOST];
    const struct message *row = row_of_error(what, parts);
    if (row == NULL) {
        return what;
    }
    for (size_t p = 0; p < PARTS_MOST; p++) {
        args[p] = arena_span_text(arena, parts[p]);
        if (strchr(row->id, (int) ('1' + p)) != NULL && parts[p].size < strlen(what)) {
            args[p] = in_language(arena, language, args[p]);
        }
    }
    return message_fill(arena, message_format(row, language), args, PARTS_MOST);
}

const char *error_in(struct arena *arena, const char *language, const char *what)
{
    const char *tag = language_spoken(language);
    return tag == NULL || tag[0] == 'e' ? what : in_language(arena, language, what);
}

/* ---- words of the log ---- */

const char *log_words(struct arena *arena, const char *language, const char *text)
{
    static const char between[] = " ()";
    CLEANUP(bytes_done) struct bytes said = {0};
    while (*text != '\0') {
        size_t gap = strspn(text, between);
        size_t size = strcspn(text + gap, between);
        const char *word = arena_span_text(arena, span_of(text + gap, size));
        const struct message *row = message_row(&MESSAGES_LOG_WORDS, word);
        bytes_add(&said, text, gap);
        bytes_add_text(&said, row != NULL ? message_format(row, language) : word);
        text += gap + size;
    }
    return arena_span_text(arena, span_bytes(&said));
}
