/* SPDX-License-Identifier: Apache-2.0 */
/*
** typed: what a person types for one item, understood or politely not.
**
** The rules of users.md chapter 4, for the text form and for `crf-site fill` alike:
**
** - nothing: not yet known. "!nd why", "!unk", "!na": no value, and why (ODM IsNull).
** - numbers take one comma or one point and refuse thousands marks; "1.250" is read as one
**   and a quarter, and read back, because somebody may have meant 1250.
** - codes or their words, in any language of the definition, in any case.
** - dates as 2026-03-14, 2026-03 or 2026 only; any other order is refused with the right one
**   shown. A clock time is completed with the visit's date and the site's offset; in the
**   doubled hour of October the person must say which (02:30+02:00 or 02:30+01:00).
** - a unit may follow a number; the only unit of an item need not be written.
**
** The sentences are in the person's language. They may quote what was typed: they are for
** that person's screen only.
*/
#ifndef CRFD_CLIENTS_TYPED_H
#define CRFD_CLIENTS_TYPED_H

#include "clients/lib/timezone.h"
#include "protocol/study/casebook.h"

struct typed_context {
    struct arena *arena;
    const char *language;         /* of the person: a tag, see messages.h */
    const struct time_zone *zone; /* the site's; NULL: UTC */
    bool has_date;                /* of the visit, to complete clock times */
    int64_t date;                 /* days since 1970 */
};

enum typed_kind {
    TYPED_NOTHING,   /* empty: not yet known */
    TYPED_ANSWER,    /* data is filled */
    TYPED_READ_BACK, /* data is filled, and `sentence` says how it was read: sure? */
    TYPED_REFUSED,   /* `sentence` says what to write instead */
};

struct typed {
    enum typed_kind kind;
    struct item_data data; /* oid, and value or null with reason; in the arena */
    const char *sentence;  /* TYPED_READ_BACK, TYPED_REFUSED */
};

/* Read TEXT (white space at both ends does not count) as the answer to ITEM. */
void typed_read(const struct typed_context *context, const struct item_def *item,
                struct span text, struct typed *ret_typed);

/* The same thing back: what a person would type for DATA; "" for an item not there. Words of
 * code lists are in the context's language; an offset is left out where the zone says it. */
const char *typed_write(const struct typed_context *context, const struct item_def *item,
                        const struct item_data *data);

/* Read TEXT as a moment, as an option of a command takes it: "now", "10:30" (of the day of NOW),
 * "2026-03-14 10:30", or with an offset. data.value is RFC 3339, to the second. */
void typed_read_moment(const struct typed_context *context, instant now, struct span text,
                       struct typed *ret_typed);

/* Read a visit's date alone ("2026-03-14"); false when it is not a whole date. */
bool typed_date(struct span text, int64_t *ret_days);

/* A sentence in the person's language, in the arena. */
const char *typed_say(const struct typed_context *context, const char *english,
                      const char *dutch, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* What an answer to ITEM looks like, in the person's words: "a date, as far as known: ...". */
const char *typed_kind(const struct typed_context *context, const struct item_def *item);

/* TEXT without white space at its ends. */
struct span typed_trim(struct span text);

#endif
