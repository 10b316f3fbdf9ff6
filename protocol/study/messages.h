/* SPDX-License-Identifier: Apache-2.0 */
/*
** messages: tables of sentences in every language that we speak.
**
** A row is an id and the same sentence in each language; {1} to {9} are filled in: names of
** forms and items in the user's language, and values. Sentences about one topic stand
** together in messages_<topic>.c, which defines one `struct message_topic`; a new topic gets
** a new file and a line in MESSAGE_TOPICS. The clients keep tables of the same
** kind for their own sentences (clients/lib/says.h).
**
** Tone: a colleague at the bedside, formal address. Say what is wrong, say what to do, say
** that nothing is lost. Never accuse, never ask to call an event less serious. The rule id
** stands at the end in brackets, the same in every language (tests/unit/study/messages.c).
**
** A language is a tag of BCP 47 ("nl-BE"); its primary part counts ("nl"), and what we do not
** speak reads English.
*/
#ifndef CRFD_STUDY_MESSAGES_H
#define CRFD_STUDY_MESSAGES_H

#include "base/arena.h"

struct message {
    const char *id, *en, *nl, *fr, *de;
};

struct message_topic {
    const struct message *rows;
    size_t count;
};

/* Every topic, one a line. */
#define MESSAGE_TOPICS(X)                                                                  \
    X(AE)                                                                                  \
    X(CHECK)                                                                               \
    X(COURSE)                                                                              \
    X(DATE)                                                                                \
    X(DIFF)                                                                                \
    X(DOSE)                                                                                \
    X(EVENT)                                                                               \
    X(FORM)                                                                                \
    X(HOLD)                                                                                \
    X(IMPORT)                                                                              \
    X(PRODUCT)                                                                             \
    X(RECORD)                                                                              \
    X(STAY)                                                                                \
    X(WORDS)

#define MESSAGE_TOPIC(name) extern const struct message_topic MESSAGES_##name;
MESSAGE_TOPICS(MESSAGE_TOPIC)
#undef MESSAGE_TOPIC

/* The topics of the study one after the other; NULL after the last. */
const struct message_topic *message_topic_at(size_t index);

/* The row ID of TOPIC, or NULL. */
const struct message *message_row(const struct message_topic *topic, const char *id);

/* The languages that we speak, as primary tags: "en", "nl", "fr", "de". */
#define LANGUAGES_SPOKEN 4
extern const char *const LANGUAGES[LANGUAGES_SPOKEN];

/* The one of LANGUAGES that LANGUAGE asks for ("nl-BE", "de_AT.UTF-8"), or NULL when it is
 * none of them or NULL itself. */
const char *language_spoken(const char *language);

/* The first language of a list such as Accept-Language ("it, nl-BE;q=0.8, en;q=0.5") that we
 * speak; weights count, equal ones by place. "en" when there is none. */
const char *language_accepted(struct span list);

/* MESSAGE's sentence in LANGUAGE, unfilled. */
const char *message_format(const struct message *message, const char *language);

/* FORMAT with {1} to {COUNT} filled in from ARGS; a missing one reads empty. */
char *message_fill(struct arena *arena, const char *format, const char *const *args,
                   size_t count);

#endif
