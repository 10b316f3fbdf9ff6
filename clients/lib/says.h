/* SPDX-License-Identifier: Apache-2.0 */
/*
** says: our own sentences in the languages beside English and Dutch, and errors in all.
**
** Where a command speaks (say(), note(), in_words()) the English and the Dutch format stand
** side by side, so that the compiler checks both against their arguments. French and German
** are found by the English one in the tables below, messages_*.c; their conversions must be
** the same in the same order or numbered (%2$s), which tests/unit/clients/says.c holds for
** every row, and that no sentence of crf-site lacks its row. A sentence without a row is said
** in English: so do crf-admin, crf-monitor and crf-sponsor beside English and Dutch.
**
** Errors are made deep down, in English, with their values filled in already. A person's
** screen shows the row of MESSAGES_ERRORS whose English pattern ({1} stands for any text)
** they match; logs and --json keep the English.
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

extern const struct saying_topic SAYINGS_SITE, SAYINGS_LIB, SAYINGS_TYPED;
extern const struct message_topic MESSAGES_ERRORS;

/* The tables one after the other; NULL after the last. */
const struct saying_topic *saying_topic_at(size_t index);

/* The row of an English sentence, or NULL. */
const struct saying *saying_row(const char *english);

/* One of the formats, by LANGUAGE (see messages.h). */
const char *says_in(const char *language, const char *english, const char *dutch)
    __attribute__((format_arg(2), format_arg(3)));

/* WHAT an error says, in LANGUAGE; itself when no row matches. In ARENA, or borrowed. */
const char *error_in(struct arena *arena, const char *language, const char *what);

#endif
