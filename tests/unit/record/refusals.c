/* SPDX-License-Identifier: Apache-2.0 */
/*
** Refusals in every language: none is missing, and each has its own words.
*/
#include "protocol/record/decide_impl.h"
#include "tests/support/rows.h"

static void every_rule_is_said_in_every_language(void **state)
{
    (void) state;
    const struct refusal_text *text;
    size_t count = 0;
    for (; (text = refusal_text_at(count)) != NULL; count++) {
        if (refusal_words(text->rule, "fr") == NULL ||
            refusal_words(text->rule, "de") == NULL ||
            refusal_words(text->code, "fr") == NULL ||
            refusal_words(text->code, "de") == NULL) {
            fail_msg("%s or %s lacks French or German in refusal_words.c", text->rule,
                     text->code);
        }
        assert_string_not_equal(refusal_sentence(text->rule, "nl"), text->english);
    }
    assert_true(count > 40);
}

struct said_row {
    const char *name, *language, *sentence, *title;
};

static const struct said_row rows[] = {
    {"English", "en", "There is no such form.", "Not accepted yet"},
    {"Dutch", "nl-BE", "Dit formulier bestaat niet.", "Nog niet aanvaard"},
    {"French", "fr", "Ce formulaire n'existe pas.", "Pas encore accepté"},
    {"German", "de-AT", "Dieses Formular gibt es nicht.", "Noch nicht angenommen"},
    {"Italian reads English", "it", "There is no such form.", "Not accepted yet"},
    {"no language reads English", NULL, "There is no such form.", "Not accepted yet"},
};

static void check(void **state)
{
    const struct said_row *row = *state;
    assert_string_equal(refusal_sentence("REF-10", row->language), row->sentence);
    assert_string_equal(refusal_title("findings", row->language), row->title);
}

int main(void)
{
    add_test("every rule is said in every language", every_rule_is_said_in_every_language);
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
    return run_added("refusals");
}
