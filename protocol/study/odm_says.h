/* SPDX-License-Identifier: Apache-2.0 */
/*
** odm_says: what the reader of definitions says, in every language.
**
** The reader, its XML and its expressions report by a printf format in English, so that the
** compiler checks the arguments. The same sentence in Dutch, French and German is found by
** that format: rows of `struct message` whose id is the rule (or the first of several) that is
** told so, and "word" for what is filled in. Their conversions are those of the English, in
** the same order or numbered (%2$s). tests/unit/study/odm_says.c holds that, and that nothing
** the reader reports lacks its row.
**
** The rules themselves stand in MESSAGES_RULES_*: "ODM-07" is what must hold, "ODM-07.do" what
** to do. Names of the standard (OID, ItemDef, RangeCheck) are not translated.
*/
#ifndef CRFD_STUDY_ODM_SAYS_H
#define CRFD_STUDY_ODM_SAYS_H

#include "protocol/study/messages.h"

extern const struct message_topic MESSAGES_ODM, MESSAGES_ODM_CRFD, MESSAGES_EXPRESSION,
    MESSAGES_XML;
extern const struct message_topic MESSAGES_RULES_FILE, MESSAGES_RULES_STUDY,
    MESSAGES_RULES_MORE;

/* The tables of sentences one after the other, and those of rules; NULL after the last. */
const struct message_topic *odm_topic_at(size_t index);
const struct message_topic *odm_rule_topic_at(size_t index);

/* The row of an English sentence, or NULL. */
const struct message *odm_row(const char *english);

/* The format in LANGUAGE; in English where there is no row. */
const char *odm_says(const char *language, const char *english)
    __attribute__((format_arg(2)));

/* The same for a text that takes no arguments. */
const char *odm_word(const char *language, const char *english);

#endif
