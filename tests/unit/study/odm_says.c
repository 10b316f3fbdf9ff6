/* SPDX-License-Identifier: Apache-2.0 */
/*
** What a study builder reads from the reader of definitions, in every language: each rule and
** each sentence has its four texts, which take the arguments of the English one; nothing that
** is reported lacks its row; and a refused file is told in the language asked for.
*/
#include "protocol/study/odm_says.h"

#include <ctype.h>

#include "protocol/study/odm.h"
#include "tests/support/files.h"
#include "tests/support/formats.h"
#include "tests/support/literals.h"
#include "tests/support/rows.h"

static struct arena *arena;

/* ---- every row ---- */

static bool is_rule(const char *id)
{
    size_t count = 0, size = strcspn(id, ".");
    const struct odm_rule *rules = odm_rules(&count);
    for (size_t i = 0; i < count; i++) {
        if (strlen(rules[i].id) == size && strncmp(rules[i].id, id, size) == 0) {
            return true;
        }
    }
    return false;
}

/* Four texts, none of which is another's: a row that was copied and not translated. */
static void has_four_texts(const struct message *row)
{
    const char *const texts[] = {row->en, row->nl, row->fr, row->de};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (texts[i] == NULL || texts[i][0] == '\0') {
            fail_msg("%s: \"%s\" is not there in %s", row->id, row->en, LANGUAGES[i]);
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(texts[i], texts[j]) == 0 && strlen(texts[i]) > 12) {
                fail_msg("%s: \"%s\" is the same in %s", row->id, texts[i], LANGUAGES[i]);
            }
        }
    }
}

static void every_sentence_takes_the_arguments_of_its_english(void **state)
{
    (void) state;
    const struct message_topic *topic;
    size_t rows = 0;
    for (size_t t = 0; (topic = odm_topic_at(t)) != NULL; t++) {
        for (size_t i = 0; i < topic->count; i++) {
            const struct message *row = &topic->rows[i];
            has_four_texts(row);
            assert_same_arguments(row->en, row->nl);
            assert_same_arguments(row->en, row->fr);
            assert_same_arguments(row->en, row->de);
            assert_ptr_equal(odm_row(row->en), row);
            assert_true(strcmp(row->id, "word") == 0 || strcmp(row->id, "IMP-02") == 0 ||
                        is_rule(row->id));
        }
        rows += topic->count;
    }
    assert_true(rows > 100);
}

static void every_rule_says_what_must_hold_and_what_to_do(void **state)
{
    (void) state;
    size_t count = 0, texts = 0;
    const struct odm_rule *rules = odm_rules(&count);
    const struct message_topic *topic;
    for (size_t i = 0; i < count; i++) {
        assert_string_not_equal(odm_rule_meaning(rules[i].id, "en"), "");
        assert_string_not_equal(odm_rule_advice(rules[i].id, "en"), "");
    }
    for (size_t t = 0; (topic = odm_rule_topic_at(t)) != NULL; t++) {
        for (size_t i = 0; i < topic->count; i++) {
            has_four_texts(&topic->rows[i]);
            assert_true(is_rule(topic->rows[i].id));
        }
        texts += topic->count;
    }
    assert_int_equal(texts, 2 * count);
}

/* ---- nothing that is reported lacks its row ---- */

struct looking {
    const char *file;
    size_t found, lacking;
};

/* A word is two letters in a row outside conversions. */
static bool has_words(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '%') {
            c += strcspn(c, "sduxc");
        } else if (isalpha((unsigned char) c[0]) && isalpha((unsigned char) c[1])) {
            return true;
        }
        if (*c == '\0') {
            return false;
        }
    }
    return false;
}

static void look_at_text(const char *english, void *arg)
{
    struct looking *looking = arg;
    if (!has_words(english)) {
        return;
    }
    looking->found++;
    if (odm_row(english) == NULL) {
        print_error("%s: no row for \"%s\"\n", looking->file, english);
        looking->lacking++;
    }
}

static void look_at_file(const char *path, void *arg)
{
    static const struct {
        const char *name, *file; /* file "": any */
        size_t argument;
    } CALLS[] = {{"odm_report", "", 3},     {"odm_report_at", "", 4},
                 {"expression_say", "", 3}, {"odm_says", "", 1},
                 {"odm_word", "", 1},       {"fail", "expression_parse.c", 2},
                 {"tell", "odm_data.c", 2}, {"stop", "xml.c", 2},
                 {"report", "xml.c", 2}};
    struct looking *looking = arg;
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    looking->file = path;
    for (size_t i = 0; i < ARRAY_LEN(CALLS); i++) {
        if (strstr(path, CALLS[i].file) != NULL) {
            each_literal(bytes_text(&text), CALLS[i].name, CALLS[i].argument, look_at_text,
                         looking);
        }
    }
}

static void all_that_is_reported_is_there_in_every_language(void **state)
{
    (void) state;
    struct looking looking = {0};
    each_file("protocol/study", ".c", look_at_file, &looking);
    assert_true(looking.found > 150);
    assert_int_equal(looking.lacking, 0);
}

/* ---- files, as they are told ---- */

struct told_row {
    const char *name, *language, *xml, *rule, *message, *help;
};

#define ODM(TEXT)                                                                          \
    "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" ODMVersion=\"1.3.2\" "                \
    "FileType=\"Snapshot\" FileOID=\"F\" CreationDateTime=\"2026-01-01T00:00:00Z\">" TEXT  \
    "</ODM>"
#define CONDITION(TEXT)                                                                    \
    ODM("<Study OID=\"S\"><GlobalVariables><StudyName>S</StudyName><StudyDescription>s"    \
        "</StudyDescription><ProtocolName>S</ProtocolName></GlobalVariables>"              \
        "<MetaDataVersion OID=\"M\" Name=\"M\"><Protocol><StudyEventRef "                  \
        "StudyEventOID=\"SE\" OrderNumber=\"1\" Mandatory=\"Yes\" "                        \
        "CollectionExceptionConditionOID=\"C\"/></Protocol><StudyEventDef OID=\"SE\" "     \
        "Name=\"SE\" Repeating=\"No\" Type=\"Scheduled\"/><ConditionDef OID=\"C\" "        \
        "Name=\"C\"><Description><TranslatedText>c</TranslatedText></Description>"         \
        "<FormalExpression Context=\"XPath\">" TEXT "</FormalExpression></ConditionDef>"   \
        "</MetaDataVersion></Study>")

static const struct told_row told_rows[] = {
    {"a file without a study in English", "en", ODM(""), "ODM-05",
     "the file has no Study with a MetaDataVersion",
     "Export the study's definition (metadata). Clinical data are imported with crf-site "
     "import."},
    {"a file without a study in Dutch", "nl-BE", ODM(""), "ODM-05",
     "het bestand heeft geen Study met een MetaDataVersion",
     "Exporteer de definitie van de studie (metadata). Klinische gegevens importeert u met "
     "crf-site import."},
    {"a file without a study in French", "fr", ODM(""), "ODM-05",
     "le fichier n'a pas de Study avec une MetaDataVersion", NULL},
    {"a file without a study in German", "de_AT.UTF-8", ODM(""), "ODM-05",
     "die Datei hat keine Study mit einer MetaDataVersion", NULL},
    {"a language that we do not speak reads English", "it", ODM(""), "ODM-05",
     "the file has no Study with a MetaDataVersion", NULL},
    {"a tag that is not closed in German", "de", "<ODM>\n<Study>\n</ODM>", "ODM-01",
     "<Study> aus Zeile 2 ist vor </ODM> nicht geschlossen", NULL},
    {"a lone ampersand in French", "fr", "<ODM>Smith & Jones</ODM>", "ODM-01",
     "un nom manque ; un & seul s'écrit &amp;", NULL},
    {"what only libxml2 can say stands in brackets", "nl", "<?xml version='x'?><ODM/>",
     "ODM-01", "dit is geen welgevormde XML (", NULL},
    {"an empty file in Dutch", "nl", "", "ODM-01", "het bestand is leeg", NULL},
    {"a DOCTYPE in German", "de", "<!DOCTYPE ODM><ODM/>", "ODM-02",
     "die Datei hat einen DOCTYPE; entfernen Sie ihn, ODM braucht keinen",
     "ODM 1.1 und älter haben einen: exportieren Sie als ODM 1.3.2; in einer 1.3-Datei "
     "löschen Sie die Zeile."},
    {"a word of an expression is told in the language, too", "fr", CONDITION("'a' and 1"),
     "EXPR-03",
     "au caractère 1 : il faut ici vrai ou faux, pas un texte : ajoutez une comparaison",
     "Voir protocol/study/expressions.md."},
    {"a place in an expression in German", "de", CONDITION("count(//FormData"), "EXPR-01",
     "bei Zeichen 17: hier fehlt ein Komma oder )", NULL},
    {"an OID in an expression in Dutch", "nl", CONDITION("//FormData[@FormOID='F.X']"),
     "EXPR-02", "bij teken 21: FormOID \"F.X\" is in deze versie niet gedefinieerd", NULL},
};

static void check_told(void **state)
{
    const struct told_row *row = *state;
    CLEANUP(arena_freep) struct arena *own = arena_new();
    const struct odm_options options = {.language = row->language};
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct err err = {0};
    assert_int_equal(
        odm_read_with(span_text(row->xml), &options, own, &study, &problems, &err),
        ERR_BAD_INPUT);
    const struct odm_problem *first = NULL;
    for (size_t i = 0; i < problems.count && first == NULL; i++) {
        first = problems.items[i].severity == SEVERITY_REFUSE ? &problems.items[i] : NULL;
    }
    assert_non_null(first);
    assert_string_equal(first->rule, row->rule);
    if (row->message[strlen(row->message) - 1] != '(') {
        assert_string_equal(first->message, row->message);
    }
    assert_non_null(strstr(err.what, row->message));
    assert_string_equal(first->help, odm_rule_advice(row->rule, row->language));
    if (row->help != NULL) {
        assert_string_equal(first->help, row->help);
    }
}

int main(void)
{
    arena = arena_new();
    add_test("every sentence takes the arguments of its English",
             every_sentence_takes_the_arguments_of_its_english);
    add_test("every rule says what must hold and what to do",
             every_rule_says_what_must_hold_and_what_to_do);
    add_test("all that is reported is there in every language",
             all_that_is_reported_is_there_in_every_language);
    add_rows(told_rows, ARRAY_LEN(told_rows), sizeof(told_rows[0]), check_told);
    int failed = run_added("odm_says");
    arena_free(arena);
    return failed;
}
