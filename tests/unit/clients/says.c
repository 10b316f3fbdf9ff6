/* SPDX-License-Identifier: Apache-2.0 */
/*
** Our own sentences in every language: each row takes the arguments of its English sentence,
** nothing that crf-site says lacks its row, and errors are found by their pattern.
*/
#include "clients/lib/says.h"

#include <ctype.h>

#include "tests/support/files.h"
#include "tests/support/rows.h"

#define CONVERSIONS_MOST 12

static struct arena *arena;

/* ---- conversions ---- */

/* The conversions of FORMAT by the argument they take ("%.*s", "%zu"); false for one that
 * cannot be read. */
static bool conversions(const char *format, const char *list[CONVERSIONS_MOST])
{
    size_t next = 0;
    memset(list, 0, CONVERSIONS_MOST * sizeof(*list));
    for (const char *c = format; *c != '\0'; c++) {
        if (*c != '%' || *++c == '%') {
            continue;
        }
        size_t digits = strspn(c, "0123456789"), index = next++;
        if (digits > 0 && c[digits] == '$') {
            index = (size_t) (c[0] - '1');
            c += digits + 1;
        }
        size_t size = strcspn(c, "sduxci") + 1;
        if (index >= CONVERSIONS_MOST || size > strlen(c)) {
            return false;
        }
        list[index] = arena_span_text(arena, span_of(c, size));
        c += size - 1;
    }
    return true;
}

static void same_conversions(const char *english, const char *other)
{
    const char *wanted[CONVERSIONS_MOST], *got[CONVERSIONS_MOST];
    assert_true(conversions(english, wanted) && conversions(other, got));
    for (size_t i = 0; i < CONVERSIONS_MOST; i++) {
        bool same = wanted[i] == got[i] ||
                    (wanted[i] != NULL && got[i] != NULL && strcmp(wanted[i], got[i]) == 0);
        if (!same) {
            fail_msg("other arguments: \"%s\" and \"%s\"", english, other);
        }
    }
}

static bool ends_line(const char *text)
{
    return text[0] != '\0' && text[strlen(text) - 1] == '\n';
}

static void every_row_takes_the_arguments_of_its_english(void **state)
{
    (void) state;
    const struct saying_topic *topic;
    size_t rows = 0;
    for (size_t t = 0; (topic = saying_topic_at(t)) != NULL; t++) {
        for (size_t i = 0; i < topic->count; i++) {
            const struct saying *row = &topic->rows[i];
            assert_non_null(row->fr);
            assert_non_null(row->de);
            same_conversions(row->en, row->fr);
            same_conversions(row->en, row->de);
            assert_true(ends_line(row->en) == ends_line(row->fr));
            assert_true(ends_line(row->en) == ends_line(row->de));
            assert_ptr_equal(saying_row(row->en), row);
        }
        rows += topic->count;
    }
    assert_true(rows > 100);
}

/* ---- nothing that is said lacks its row ---- */

/* The text of the literals at *at, run together and unescaped as far as tables need it;
 * *at moves behind them. NULL: there is none. */
static const char *take_literal(const char **at)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    const char *c = *at + strspn(*at, " \n");
    if (*c != '"') {
        return NULL;
    }
    while (*c == '"') {
        for (c++; *c != '"'; c++) {
            if (*c == '\\') {
                c++;
                bytes_add_char(&text, *c == 'n' ? '\n' : *c);
            } else {
                bytes_add_char(&text, *c);
            }
        }
        c++;
        c += strspn(c, " \n");
    }
    *at = c;
    return arena_text(arena, bytes_text(&text));
}

/* A word is two letters in a row outside conversions. */
static bool has_words(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (c[0] == '%' && c[1] != '%') {
            c += strcspn(c, "sduxci");
        } else if (isalpha((unsigned char) c[0]) && isalpha((unsigned char) c[1])) {
            return true;
        }
        if (*c == '\0') {
            return false;
        }
    }
    return false;
}

struct looking {
    const char *file;
    size_t found, lacking;
};

/* A call of one of ours: NAME(run, "English", "Dutch". */
static void look_at_calls(struct looking *looking, const char *source, const char *name)
{
    for (const char *c = strstr(source, name); c != NULL; c = strstr(c + 1, name)) {
        const char *at = c + strlen(name);
        at += strcspn(at, ",;\"");
        if (*at != ',') {
            continue;
        }
        at++;
        const char *english = take_literal(&at);
        if (english == NULL || *at != ',' || !has_words(english)) {
            continue;
        }
        at++;
        if (take_literal(&at) == NULL) {
            continue;
        }
        looking->found++;
        if (saying_row(english) == NULL) {
            print_error("%s: no French and German for \"%s\"\n", looking->file, english);
            looking->lacking++;
        }
    }
}

static void look_at_file(const char *path, void *arg)
{
    static const char *const NAMES[] = {"say(",       "note(",    "in_words(", "says_in(",
                                        "typed_say(", "ask_yes(", "ask_line("};
    struct looking *looking = arg;
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    looking->file = path;
    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        look_at_calls(looking, bytes_text(&text), NAMES[i]);
    }
}

static void all_that_crf_site_says_is_there_in_french_and_german(void **state)
{
    (void) state;
    struct looking looking = {0};
    each_file("clients/site", ".c", look_at_file, &looking);
    each_file("clients/lib", ".c", look_at_file, &looking);
    assert_true(looking.found > 100);
    assert_int_equal(looking.lacking, 0);
}

/* ---- one sentence, one error ---- */

struct say_row {
    const char *name, *language, *text;
};

static const struct say_row say_rows[] = {
    {"English", "en", "Write yes or no."},
    {"Dutch", "nl-BE", "Schrijf ja of nee."},
    {"French", "fr", "Écrivez oui ou non."},
    {"German", "de", "Schreiben Sie ja oder nein."},
    {"Italian reads English", "it", "Write yes or no."},
    {"no language reads English", NULL, "Write yes or no."},
};

static void check_say(void **state)
{
    const struct say_row *row = *state;
    assert_string_equal(says_in(row->language, "Write yes or no.", "Schrijf ja of nee."),
                        row->text);
}

struct error_row {
    const char *name, *language, *what, *text;
};

static const struct error_row error_rows[] = {
    {"an error without values", "nl", "not signed; nothing was sent",
     "niet getekend; er is niets verstuurd"},
    {"an error with a value", "de", "there is no draft 12", "es gibt keinen Entwurf 12"},
    {"a value in the middle", "fr", "007-K is not enrolled here: crf-site enrol 007-K",
     "007-K n'est pas inscrit ici : crf-site enrol 007-K"},
    {"in English it stays", "en", "there is no draft 12", "there is no draft 12"},
    {"what no row knows stays English", "de", "the moon is full", "the moon is full"},
    {"half a pattern is none", "de", "there is no draft", "there is no draft"},
};

static void check_error(void **state)
{
    const struct error_row *row = *state;
    assert_string_equal(error_in(arena, row->language, row->what), row->text);
}

static void every_error_is_there_in_every_language(void **state)
{
    (void) state;
    for (size_t i = 0; i < MESSAGES_ERRORS.count; i++) {
        const struct message *row = &MESSAGES_ERRORS.rows[i];
        const char *const texts[] = {row->nl, row->fr, row->de};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++) {
            assert_non_null(texts[t]);
            for (char p = '1'; p <= '9'; p++) {
                const char mark[] = {'{', p, '}', '\0'};
                if ((strstr(row->en, mark) != NULL) != (strstr(texts[t], mark) != NULL)) {
                    fail_msg("%s: other parameters in \"%s\"", row->en, texts[t]);
                }
            }
        }
    }
}

int main(void)
{
    arena = arena_new();
    add_test("every row takes the arguments of its English",
             every_row_takes_the_arguments_of_its_english);
    add_test("all that crf-site says is there in French and German",
             all_that_crf_site_says_is_there_in_french_and_german);
    add_rows(say_rows, ARRAY_LEN(say_rows), sizeof(say_rows[0]), check_say);
    add_rows(error_rows, ARRAY_LEN(error_rows), sizeof(error_rows[0]), check_error);
    add_test("every error is there in every language",
             every_error_is_there_in_every_language);
    int failed = run_added("says");
    arena_free(arena);
    return failed;
}
