/* SPDX-License-Identifier: Apache-2.0 */
/*
** says: our own sentences in the languages beside English and Dutch, and errors in all.
**
** Where a command speaks (say(), note(), in_words()) the English and the Dutch format stand
** side by side, so that the compiler checks both against their arguments. French and German
** are found by the English one in the tables below, messages_*.c; their conversions must be
** the same in the same order or numbered (%2$s). tests/unit/clients/says.c holds that for
** every row, and that no sentence of any program or of clients/lib and clients/verify lacks
** its row; it also reads every FAIL() there and in what they stand on (crypto, base/json.c,
** protocol/study, the reading of records). A sentence is therefore one literal: what is put
** together from words is a format with words of its own, never English glued to English. What
** the reader of definitions says is in protocol/study/odm_says.h.
**
** Errors are made deep down, in English, with their values filled in already. A person's
** screen shows the row whose English pattern ({1} stands for any text) they match; what no
** row knows stays English. In a row whose id is "error 2" the text of {2} is an error itself
** and is looked up, too: "the first bad entry is {1}: {2}". Logs, --json and the evidence
** that is kept for others have the English always.
**
** Words of the log (states, roles, clocks: "locked", "asked p-0002") are codes in the tables
** and in --json, and words in a sentence: log_words().
**
** --help, the option tables and the exit codes of all programs are English: they are the
** manual, which names commands and options that are English themselves. So is what a bundle
** holds, which is for authorities and stock tools.
*/
#ifndef CRFD_CLIENTS_SAYS_H
#define CRFD_CLIENTS_SAYS_H

#include "protocol/study/messages.h"

struct saying {
    const char *en, *fr, *de;
};

struct saying_topic {
    const struct saying *rows;
    size_t count;
};

extern const struct saying_topic SAYINGS_SITE, SAYINGS_CASE, SAYINGS_LIB, SAYINGS_TYPED,
    SAYINGS_ADMIN, SAYINGS_MONITOR, SAYINGS_SPONSOR, SAYINGS_VERIFY;
extern const struct message_topic MESSAGES_ERRORS, MESSAGES_ERRORS_LIB,
    MESSAGES_ERRORS_VERIFY, MESSAGES_ERRORS_BUNDLE, MESSAGES_ERRORS_STUDY,
    MESSAGES_ERRORS_CRYPTO, MESSAGES_ERRORS_DEFINITION, MESSAGES_ERRORS_SHAPE,
    MESSAGES_LOG_WORDS;

/* The tables one after the other; NULL after the last. */
const struct saying_topic *saying_topic_at(size_t index);

/* The row of an English sentence, or NULL. */
const struct saying *saying_row(const char *english);

/* One of the formats, by LANGUAGE (see messages.h). */
const char *says_in(const char *language, const char *english, const char *dutch)
    __attribute__((format_arg(2), format_arg(3)));

/* The tables of errors one after the other; NULL after the last. */
const struct message_topic *error_topic_at(size_t index);

/* WHAT an error says, in LANGUAGE; itself when no row matches. In ARENA, or borrowed. */
const char *error_in(struct arena *arena, const char *language, const char *what);

/* TEXT with every word of the log in it in LANGUAGE: "asked p-0002" is "demandé par p-0002".
 * A word ends at a blank or a bracket; what is no such word stays. In ARENA, or borrowed. */
const char *log_words(struct arena *arena, const char *language, const char *text);

#endif
