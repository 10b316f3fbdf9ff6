/* SPDX-License-Identifier: Apache-2.0 */
/*
** Our own sentences in every language: each row takes the arguments of its English sentence,
** nothing that a program says and no error it gives lacks its row, and errors are found by
** their pattern, also those within another. The sources are read here, so that a sentence
** cannot be added without its row.
*/
#include "clients/lib/says.h"

#include <ctype.h>

#include "tests/support/files.h"
#include "tests/support/formats.h"
#include "tests/support/literals.h"
#include "tests/support/rows.h"

static struct arena *arena;

/* ---- every row ---- */

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
            assert_same_arguments(row->en, row->fr);
            assert_same_arguments(row->en, row->de);
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

static const char *const FOLDERS[] = {"clients/admin", "clients/lib",    "clients/monitor",
                                      "clients/site",  "clients/verify", "clients/sponsor"};

static void lacks(struct looking *looking, const char *what, const char *text)
{
    print_error("%s: %s \"%s\"\n", looking->file, what, text);
    looking->lacking++;
}

/* The next argument of a call, at *at, up to its comma; *at moves behind it. */
static const char *take_argument(const char **at)
{
    const char *start = *at + strspn(*at, " \n");
    size_t size = strcspn(start, ",;");
    *at = start + size + (start[size] == ',' ? 1 : 0);
    return arena_span_text(arena, span_of(start, size));
}

/* What is handed on is no sentence yet: a text in the person's language already, given for
 * both, or the parameters of say() and its kind. */
static bool is_handed_on(const char *at)
{
    const char *english = take_argument(&at);
    const char *dutch = take_argument(&at);
    bool same = strncmp(english, dutch, strlen(english)) == 0;
    return same || strstr(english, "english") != NULL;
}

/* A call of one of ours: NAME(run, "English", "Dutch". */
static void look_at_calls(struct looking *looking, const char *source, const char *name)
{
    for (const char *c = strstr(source, name); c != NULL; c = strstr(c + 1, name)) {
        const char *at = c + strlen(name);
        bool part = c > source && (isalnum((unsigned char) c[-1]) || c[-1] == '_');
        if (part || strcspn(at, ",") > strcspn(at, ";\"")) {
            continue;
        }
        (void) take_argument(&at);
        const char *english = take_literal(&at);
        if (english == NULL) {
            if (!is_handed_on(at)) {
                lacks(looking, "no literal for the test to read:", take_argument(&at));
            }
            continue;
        }
        if (!has_words(english)) {
            continue;
        }
        at += *at == ',' ? 1 : 0;
        if (take_literal(&at) == NULL) {
            lacks(looking, "no Dutch literal beside", english);
        }
        looking->found++;
        if (saying_row(english) == NULL) {
            lacks(looking, "no French and German for", english);
        }
    }
}

static void look_at_sayings(const char *path, void *arg)
{
    static const char *const NAMES[] = {"say(",     "say)(",      "note(",    "in_words(",
                                        "says_in(", "typed_say(", "ask_yes(", "ask_line("};
    struct looking *looking = arg;
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    looking->file = path;
    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        look_at_calls(looking, bytes_text(&text), NAMES[i]);
    }
}

static void all_that_is_said_is_there_in_french_and_german(void **state)
{
    (void) state;
    struct looking looking = {0};
    for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++) {
        each_file(FOLDERS[i], ".c", look_at_sayings, &looking);
    }
    assert_true(looking.found > 300);
    assert_int_equal(looking.lacking, 0);
}

/* ---- no error lacks its row ---- */

/* FORMAT with something in the place of its values. */
static const char *filled(const char *format)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    for (const char *c = format; *c != '\0'; c++) {
        if (*c != '%') {
            bytes_add_char(&text, *c);
            continue;
        }
        c += strcspn(c + 1, "sduxci") + 1;
        bytes_add_char(&text, *c == 's' ? 'x' : '7');
    }
    return arena_text(arena, bytes_text(&text));
}

static void look_for_error(struct looking *looking, const char *format)
{
    const char *what = filled(format);
    looking->found++;
    if (strcmp(error_in(arena, "de", what), what) == 0) {
        lacks(looking, "no other language for the error", format);
    }
}

/* Calls of NAME with an error's text among their first arguments; BEHIND is added to it.
 * ERR_BUG is for us. */
static void look_at_errors(struct looking *looking, const char *source, const char *name,
                           const char *behind)
{
    for (const char *c = strstr(source, name); c != NULL; c = strstr(c + 1, name)) {
        const char *at = c + strlen(name);
        size_t before = strcspn(at, "\";{");
        struct span head = span_of(at, before);
        if (at[before] != '"' || strstr(arena_span_text(arena, head), "ERR_BUG") != NULL) {
            continue;
        }
        at += before;
        const char *format = take_literal(&at);
        if (has_words(format)) {
            look_for_error(looking, arena_printf(arena, "%s%s", format, behind));
        }
    }
}

static void look_at_failures(const char *path, void *arg)
{
    struct looking *looking = arg;
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    looking->file = path;
    look_at_errors(looking, bytes_text(&text), "FAIL(", "");
    look_at_errors(looking, bytes_text(&text), "OPENSSL_REFUSE(", "");
    if (strncmp(path, "clients/verify/", 15) == 0) {
        look_at_errors(looking, bytes_text(&text), " found(", "");
        look_at_errors(looking, bytes_text(&text), " refuse(", "");
    }
}

/* The sentences of replay.c on an entry, which a verification repeats, and those of
 * dictionary.c on a line. */
static void look_at_sentences(struct looking *looking, const char *path)
{
    static const char *const BEFORE[] = {"return", "NULL :", ": NULL;\n    return", "?",
                                         ":"};
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    looking->file = path;
    for (size_t i = 0; i < ARRAY_LEN(BEFORE); i++) {
        const char *c = strstr(bytes_text(&text), BEFORE[i]);
        for (; c != NULL; c = strstr(c + 1, BEFORE[i])) {
            const char *at = c + strlen(BEFORE[i]);
            const char *sentence = take_literal(&at);
            if (sentence != NULL && strchr(sentence, ' ') != NULL) {
                look_for_error(looking, sentence);
            }
        }
    }
}

/* What programs stand on, and only the service does not: its keys, certificates, proofs. */
static void look_at_ground(const char *path, void *arg)
{
    static const char *const SERVICE[] = {"bearer.c", "certificate.c", "merkle_prove.c"};
    bool ours = true;
    for (size_t i = 0; i < ARRAY_LEN(SERVICE); i++) {
        ours = ours && strstr(path, SERVICE[i]) == NULL;
    }
    if (ours) {
        look_at_failures(path, arg);
    }
}

static void look_below(struct looking *looking)
{
    static const char *const FILES[] = {"base/json.c", "protocol/record/bundle.c",
                                        "protocol/record/outcome.c",
                                        "protocol/record/record_read.c"};
    each_file("crypto", ".c", look_at_ground, looking);
    for (size_t i = 0; i < ARRAY_LEN(FILES); i++) {
        look_at_failures(FILES[i], looking);
    }
    look_at_sentences(looking, "protocol/record/replay.c");
}

static void every_error_of_a_program_is_there_in_every_language(void **state)
{
    (void) state;
    struct looking looking = {0};
    for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++) {
        each_file(FOLDERS[i], ".c", look_at_failures, &looking);
    }
    assert_true(looking.found > 200);
    look_below(&looking);
    assert_true(looking.found > 320);
    assert_int_equal(looking.lacking, 0);
}

static void look_for_shape(const char *text, void *arg)
{
    if (strchr(text, ' ') != NULL) { /* not the id of one */
        look_for_error(arg, text);
    }
}

static void look_at_shape(const char *path, void *arg)
{
    struct looking *looking = arg;
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    looking->file = path;
    each_literal(bytes_text(&text), "shape_add", 3, look_for_shape, looking);
    const char *row = strstr(bytes_text(&text), "{\"SHAPE-"); /* a table by rule */
    for (; row != NULL; row = strstr(row + 1, "{\"SHAPE-")) {
        const char *at = row + strlen("{\"SHAPE-01\", ");
        look_for_error(looking, take_literal(&at));
    }
}

/* The service says them in English; the client has the other languages. */
static void every_shape_of_a_record_is_there_in_every_language(void **state)
{
    (void) state;
    struct looking looking = {0};
    each_file("protocol/record", ".c", look_at_shape, &looking);
    assert_true(looking.found > 15);
    assert_int_equal(looking.lacking, 0);
}

/* What a study builder's files have wrong is found below the clients. */
static void every_error_about_a_file_is_there_in_every_language(void **state)
{
    (void) state;
    struct looking looking = {0};
    each_file("protocol/study", ".c", look_at_failures, &looking);
    look_at_sentences(&looking, "protocol/study/dictionary.c");
    CLEANUP(bytes_done) struct bytes text = read_file("protocol/study/cases.c");
    looking.file = "protocol/study/cases.c";
    look_at_errors(&looking, bytes_text(&text), " bad(", "");
    assert_true(looking.found > 40);
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
    {"an error within an error", "de",
     "the first bad entry is 280: its signature does not hold; evidence is kept in e/x.txt",
     "der erste fehlerhafte Eintrag ist 280: seine Unterschrift ist nicht gültig; die "
     "Beweise liegen in e/x.txt"},
    {"a line of a dictionary", "fr", "line 3 of the dictionary: grades go from 1 to 5",
     "ligne 3 du dictionnaire : les grades vont de 1 à 5"},
    {"a line of a builder's cases", "nl", "line 8: this form stands here already: dm",
     "regel 8: dit formulier staat er al: dm"},
    {"an error within an error within an error", "de",
     "line 8: this is not a JSON object: JSON is malformed at byte 4: it ends too early",
     "Zeile 8: das ist kein JSON-Objekt: JSON ist bei Byte 4 falsch gebildet (es endet zu "
     "früh)"},
    {"within an error, what no row knows stays", "nl",
     "the first bad entry is 7: the moon is full",
     "de eerste foute boeking is 7: the moon is full"},
    {"a server without words of ours", "fr", "the server is not ready (503)",
     "le serveur n'est pas prêt (503)"},
    {"half a pattern is none", "de", "the study has no form", "the study has no form"},
};

static void check_error(void **state)
{
    const struct error_row *row = *state;
    assert_string_equal(error_in(arena, row->language, row->what), row->text);
}

static void same_parameters(const struct message *row)
{
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

static void every_row_of_errors_is_there_in_every_language(void **state)
{
    (void) state;
    const struct message_topic *topic;
    for (size_t t = 0; (topic = error_topic_at(t)) != NULL; t++) {
        for (size_t i = 0; i < topic->count; i++) {
            const struct message *row = &topic->rows[i];
            assert_int_equal(strncmp(row->id, "error", 5), 0);
            assert_int_equal(strspn(row->id + 5, " 123456789"), strlen(row->id + 5));
            same_parameters(row);
        }
    }
}

/* A row that an earlier one shadows is never read. */
static void every_row_of_errors_is_found(void **state)
{
    (void) state;
    const struct message_topic *topic;
    size_t shadowed = 0;
    for (size_t t = 0; (topic = error_topic_at(t)) != NULL; t++) {
        for (size_t i = 0; i < topic->count; i++) {
            const struct message *row = &topic->rows[i];
            const char *said = error_in(arena, "de", row->en);
            bool same = strcmp(said, row->de) == 0;
            if (!same) {
                print_error("\"%s\" reads \"%s\"\n", row->en, said);
            }
            shadowed += same ? 0 : 1;
        }
    }
    assert_int_equal(shadowed, 0);
}

/* ---- words of the log ---- */

static const struct say_row word_rows[] = {
    {"English keeps the code", "en", "asked p-0002"},
    {"a state", "nl", "gevraagd door p-0002"},
    {"a state in French", "fr", "demandé par p-0002"},
    {"a state in German", "de", "beantragt von p-0002"},
};

static void check_words(void **state)
{
    const struct say_row *row = *state;
    assert_string_equal(log_words(arena, row->language, "asked p-0002"), row->text);
}

static void words_end_at_blanks_and_brackets(void **state)
{
    (void) state;
    assert_string_equal(log_words(arena, "fr", "subject/01/open (safety)"),
                        "subject/01/open (sécurité)");
    assert_string_equal(log_words(arena, "fr", "no-such-word"), "no-such-word");
    assert_string_equal(log_words(arena, "fr", ""), "");
}

int main(void)
{
    arena = arena_new();
    add_test("every row takes the arguments of its English",
             every_row_takes_the_arguments_of_its_english);
    add_test("all that is said is there in French and German",
             all_that_is_said_is_there_in_french_and_german);
    add_test("every error of a program is there in every language",
             every_error_of_a_program_is_there_in_every_language);
    add_rows(say_rows, ARRAY_LEN(say_rows), sizeof(say_rows[0]), check_say);
    add_rows(error_rows, ARRAY_LEN(error_rows), sizeof(error_rows[0]), check_error);
    add_test("every row of errors is there in every language",
             every_row_of_errors_is_there_in_every_language);
    add_test("every shape of a record is there in every language",
             every_shape_of_a_record_is_there_in_every_language);
    add_test("every error about a file is there in every language",
             every_error_about_a_file_is_there_in_every_language);
    add_test("every row of errors is found", every_row_of_errors_is_found);
    add_rows(word_rows, ARRAY_LEN(word_rows), sizeof(word_rows[0]), check_words);
    add_test("words end at blanks and brackets", words_end_at_blanks_and_brackets);
    int failed = run_added("says");
    arena_free(arena);
    return failed;
}
