/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why by the English sentence: a call that reports stays readable where it stands, and one that
** was changed and not translated again says the English and nothing else.
*/
#include "protocol/study/odm_says.h"

#include "protocol/study/odm.h"

static const struct message_topic *const TOPICS[] = {&MESSAGES_ODM, &MESSAGES_ODM_CRFD,
                                                     &MESSAGES_EXPRESSION, &MESSAGES_XML};
static const struct message_topic *const RULES[] = {
    &MESSAGES_RULES_FILE, &MESSAGES_RULES_STUDY, &MESSAGES_RULES_MORE};

const struct message_topic *odm_topic_at(size_t index)
{
    return index < ARRAY_LEN(TOPICS) ? TOPICS[index] : NULL;
}

const struct message_topic *odm_rule_topic_at(size_t index)
{
    return index < ARRAY_LEN(RULES) ? RULES[index] : NULL;
}

const struct message *odm_row(const char *english)
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

const char *odm_word(const char *language, const char *english)
{
    const char *tag = language_spoken(language);
    if (tag == NULL || tag[0] == 'e') {
        return english;
    }
    const struct message *row = odm_row(english);
    return row != NULL ? message_format(row, tag) : english;
}

const char *odm_says(const char *language, const char *english)
{
    return odm_word(language, english);
}

/* ---- rules ---- */

static const char *rule_text(const char *id, const char *language)
{
    for (size_t i = 0; i < ARRAY_LEN(RULES); i++) {
        const struct message *row = message_row(RULES[i], id);
        if (row != NULL) {
            return message_format(row, language);
        }
    }
    die(WHERE, id);
}

const char *odm_rule_meaning(const char *id, const char *language)
{
    return rule_text(id, language);
}

const char *odm_rule_advice(const char *id, const char *language)
{
    char name[40];
    (void) snprintf(name, sizeof(name), "%s.do", id);
    return rule_text(name, language);
}
