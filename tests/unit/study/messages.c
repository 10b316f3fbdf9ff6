/* SPDX-License-Identifier: Apache-2.0 */
/*
** The sentences themselves: each there in every language, with the same parameters and the
** same rule id at its end; and which language is answered to what is asked.
*/
#include "protocol/study/messages.h"
#include "protocol/study/finding.h"
#include "tests/support/rows.h"

static struct arena *arena;

/* ---- every row of every table ---- */

static unsigned parameters_of(const char *text)
{
    unsigned found = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (c[0] == '{' && c[1] >= '1' && c[1] <= '9' && c[2] == '}') {
            found |= 1U << (unsigned) (c[1] - '0');
        }
    }
    return found;
}

/* The "[FORM-03]" at the end of a sentence, or "". */
static const char *rule_at_end(const char *text)
{
    const char *bracket = strrchr(text, '[');
    return bracket != NULL && text[strlen(text) - 1] == ']' ? bracket : "";
}

static bool names_a_rule(const char *id)
{
    return strlen(id) > 2 && message_row(&MESSAGES_WORDS, id) == NULL &&
           ((id[0] >= '0' && id[0] <= '9') || strchr(id, '-') != NULL);
}

static void check_row(const struct message *row)
{
    char rule[40];
    const char *const texts[] = {row->en, row->nl, row->fr, row->de};
    (void) snprintf(rule, sizeof(rule), "[%.*s]", (int) strcspn(row->id, "."), row->id);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (texts[i] == NULL || texts[i][0] == '\0') {
            fail_msg("%s is not there in %s", row->id, LANGUAGES[i]);
        } else if (parameters_of(texts[i]) != parameters_of(row->en)) {
            fail_msg("%s has other parameters in %s", row->id, LANGUAGES[i]);
        } else if (strcmp(rule_at_end(texts[i]), rule_at_end(row->en)) != 0) {
            fail_msg("%s ends with another rule in %s", row->id, LANGUAGES[i]);
        } else if (names_a_rule(row->id) && strcmp(rule_at_end(texts[i]), rule) != 0) {
            fail_msg("%s does not end with its rule in %s", row->id, LANGUAGES[i]);
        }
    }
}

static void every_sentence_is_there_in_every_language(void **state)
{
    (void) state;
    size_t rows = 0;
    const struct message_topic *topic;
    for (size_t i = 0; (topic = message_topic_at(i)) != NULL; i++) {
        for (size_t j = 0; j < topic->count; j++) {
            check_row(&topic->rows[j]);
            assert_ptr_equal(message_row(topic, topic->rows[j].id), &topic->rows[j]);
        }
        rows += topic->count;
    }
    assert_true(rows > 100);
}

static void no_id_stands_in_two_tables(void **state)
{
    (void) state;
    const struct message_topic *one, *two;
    for (size_t i = 0; (one = message_topic_at(i)) != NULL; i++) {
        for (size_t j = i + 1; (two = message_topic_at(j)) != NULL; j++) {
            for (size_t k = 0; k < one->count; k++) {
                if (message_row(two, one->rows[k].id) != NULL) {
                    fail_msg("%s stands twice", one->rows[k].id);
                }
            }
        }
    }
}

/* ---- dates and lists ---- */

struct date_row {
    const char *name, *language, *value, *text;
};

static const struct date_row date_rows[] = {
    {"a day in English", "en", "2026-03-14", "14 March 2026"},
    {"a day in Dutch", "nl", "2026-03-14", "14 maart 2026"},
    {"a day in French", "fr", "2026-03-14", "14 mars 2026"},
    {"the first of a month in French", "fr-BE", "2026-08-01", "1er août 2026"},
    {"a day in German has a point", "de", "2026-03-14", "14. März 2026"},
    {"a time in English", "en", "2026-03-14T10:31:00+01:00", "14 March 2026 10:31"},
    {"a time in Dutch", "nl-BE", "2026-03-14T10:31+01:00", "14 maart 2026 10:31"},
    {"a time in French", "fr", "2026-03-14T10:31", "14 mars 2026 à 10:31"},
    {"a time in German", "de-AT", "2026-03-14T10:31", "14. März 2026 10:31 Uhr"},
    {"a month in German", "de", "2026-12", "Dezember 2026"},
    {"a year stays a year", "fr", "2026", "2026"},
    {"what is no date stays as it is", "de", "bald", "bald"},
    {"a language that we do not speak reads English", "it", "2026-05-02", "2 May 2026"},
};

static void check_date(void **state)
{
    const struct date_row *row = *state;
    assert_string_equal(message_date(arena, row->language, row->value), row->text);
}

static void a_list_ends_with_and(void **state)
{
    (void) state;
    static const char *const NAMES[] = {"A", "B", "C"};
    assert_string_equal(message_list(arena, "fr", NAMES, 3), "A, B et C");
    assert_string_equal(message_list(arena, "de", NAMES, 3), "A, B und C");
    assert_string_equal(message_list(arena, "nl", NAMES, 3), "A, B en C");
    assert_string_equal(message_list(arena, NULL, NAMES, 3), "A, B and C");
}

/* ---- which language ---- */

struct accept_row {
    const char *name, *list, *language;
};

static const struct accept_row accept_rows[] = {
    {"nothing asked for reads English", "", "en"},
    {"one language", "nl", "nl"},
    {"a region counts as its language", "de-CH", "de"},
    {"capitals do not matter", "FR-be", "fr"},
    {"the first that we speak", "it, fr, nl", "fr"},
    {"the heaviest that we speak", "en;q=0.5, nl-BE;q=0.8, de;q=0.7", "nl"},
    {"no weight is the whole weight", "nl;q=0.9,de", "de"},
    {"a weight of nothing refuses", "fr;q=0, nl;q=0.1", "nl"},
    {"a weight that cannot be read counts for nothing", "fr;q=x, de;q=0.001", "de"},
    {"a star is not a language", "*", "en"},
    {"a longer word is not our language", "nlx, deu", "en"},
    {"commas alone", ",,;q=,", "en"},
};

static void check_accept(void **state)
{
    const struct accept_row *row = *state;
    assert_string_equal(language_accepted(span_text(row->list)), row->language);
}

static void a_locale_names_a_language(void **state)
{
    (void) state;
    assert_string_equal(language_spoken("de_AT.UTF-8"), "de");
    assert_string_equal(language_spoken("fr@euro"), "fr");
    assert_null(language_spoken("C.UTF-8"));
    assert_null(language_spoken("n"));
    assert_null(language_spoken(NULL));
}

static void a_sentence_is_said_in_the_language_asked_for(void **state)
{
    (void) state;
    assert_string_equal(message_stay_missing(arena, "de", "SAE-0003", "02:31"),
                        "Ihre Meldung ist als SAE-0003 um 02:31 angenommen. Sie haben eine "
                        "Krankenhausaufnahme angekreuzt; ein Aufenthalt ist noch nicht "
                        "eingegeben. Sobald Sie die Daten kennen: crf-site fill HO. Sonst "
                        "ist jetzt nichts zu tun. [23]");
    const char *const args[] = {"IG.X", "Perfusion"};
    assert_string_equal(message_text(arena, "fr", "FORM-01.group", args, 2),
                        "Le formulaire Perfusion n'a pas de groupe IG.X. [FORM-01]");
    assert_string_equal(message_text(arena, "fr", "FORM-01.group", args, 1),
                        "Le formulaire  n'a pas de groupe IG.X. [FORM-01]");
}

int main(void)
{
    arena = arena_new();
    add_test("every sentence is there in every language",
             every_sentence_is_there_in_every_language);
    add_test("no id stands in two tables", no_id_stands_in_two_tables);
    add_rows(date_rows, ARRAY_LEN(date_rows), sizeof(date_rows[0]), check_date);
    add_test("a list ends with and", a_list_ends_with_and);
    add_rows(accept_rows, ARRAY_LEN(accept_rows), sizeof(accept_rows[0]), check_accept);
    add_test("a locale names a language", a_locale_names_a_language);
    add_test("a sentence is said in the language asked for",
             a_sentence_is_said_in_the_language_asked_for);
    int failed = run_added("messages");
    arena_free(arena);
    return failed;
}
