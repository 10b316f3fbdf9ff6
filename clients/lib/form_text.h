/* SPDX-License-Identifier: Apache-2.0 */
/*
** form_text: "crf text form 1" (users.md chapter 4): a visit or a log form as a page of text.
**
**     # crf text form 1 | MABS06 definition MDV.1 | en | site NL01, clock Europe/Amsterdam
**     SUBJECT                                     : 007-K
**     VISIT                                       : V4 infusion 1
**     VISDAT   date of visit                      : 2026-03-14
**     == IN infusion
**     STATE    partial | complete                 : partial
**     INSTTIM  start                              : 10:31
**     ~ read wrongly from the pump                  (why the line above was changed)
**       WHEN | time  | vessel | finding              (a table: a repeating item group)
**       pre  | 09:52 |        | normal
**     == END                                        (the visit form goes on)
**
** - UTF-8; CRLF and a BOM are tolerated. The key is the first word of a line, the answer what
**   follows the first colon. `#` at the start of a line is a comment. `|` as first character
**   continues the answer above; `~` says why the line above was changed.
** - A table stands on indented lines; the first word of a column's head is its key. In a
**   cell `\|` is a bar and U+21B5 a line end. A row of which only the first, printed cell is
**   filled is empty. Rows keep their place: the n-th row is repeat key n (or the n-th existing
**   one).
** - Before the first `==`, and under `== END`, stand the items of the visit's own form (the
**   one with the visit date). A log form has no VISIT: `FORM : SAE` names it (or the head
**   line does), and `NUMBER : SAE-0003` one that is already there.
** - STATE partial or complete; left out, a form is complete when nothing mandatory is missing.
** - A question that does not stand in the text keeps the answer it has (text_form_complete);
**   one that stands there empty has none.
** - On a safety form an answer that cannot be read stops nothing: it moves into the narrative
**   as it was typed (users.md chapter 1).
** - What a reader has to say stands above the line it means, as `#! ...`; annotating again
**   replaces it. No other byte of the text changes, so nothing typed is ever lost.
*/
#ifndef CRFD_CLIENTS_FORM_TEXT_H
#define CRFD_CLIENTS_FORM_TEXT_H

#include "clients/lib/typed.h"
#include "protocol/study/finding.h"

#define TEXT_FORM_MAX  ((size_t) 1 << 20)
#define TEXT_LINES_MAX 20000

enum remark_kind {
    REMARK_STOP, /* must be put right before it is sent */
    REMARK_LOOK, /* will be sent; look once more */
};

struct remark {
    size_t line; /* from 0; the line it stands above */
    enum remark_kind kind;
    const char *rule;    /* "FORM-03", or "" */
    const char *message; /* one line, in the person's language */
};

/* One question that stands in the text, and its answer. */
struct text_place {
    const struct group_ref *group;
    const char *repeat; /* ItemGroupRepeatKey, or NULL */
    const struct item_ref *item;
    bool answered; /* false: left empty; data is not set */
    struct item_data data;
    size_t line;
};

struct text_section {
    const struct form_def *form;
    struct form_data data; /* as it would be sent */
    bool empty;            /* nothing was typed: not to be sent */
    bool state_given;
    const char *reason; /* from the ~ lines, or NULL */
    const char *moved; /* safety forms: answers that could not be read, for the narrative */
    size_t line;       /* of its head */
    struct text_place *places;
    size_t place_count, place_capacity;
};

struct text_form {
    struct arena *arena;
    const struct span *lines; /* with their line ends */
    size_t line_count;
    const char *subject, *number; /* as typed, or NULL */
    size_t subject_line;
    const struct event_def *event;
    const char *event_repeat;
    struct text_section *sections; /* forms in the order in which they stand */
    size_t section_count, section_capacity;
    struct remark *remarks; /* in the order in which they were found */
    size_t remark_count, remark_capacity;
    size_t stops; /* remarks that must be put right */
};

struct text_form_context {
    const struct metadata_version *version;
    struct typed_context typed; /* has_date: the visit's date if the text does not say it */
    const struct casebook *book; /* what is known of the subject, or NULL */
};

/* Read TEXT. OK even when much is wrong: then the remarks say what. ERR_BAD_INPUT only when it
 * is no text form at all (not UTF-8, another head, no form that could be meant), ERR_TOO_LARGE
 * over the limits. Memory: the context's arena; TEXT is borrowed. */
MUST_USE status text_form_read(struct span text, const struct text_form_context *context,
                               struct text_form *ret_form, struct err *err);

/* Make SECTION's form whole with OLD, its current revision (NULL: there is none): answers to
 * questions that do not stand in the text are taken over. */
void text_form_complete(struct text_form *form, struct text_section *section,
                        const struct form_data *old);

/* Add a remark. MESSAGE is copied, line ends become blanks. */
void text_form_remark(struct text_form *form, size_t line, enum remark_kind kind,
                      const char *rule, const char *message);

/* The line of the item at PATH ("IG.X/-/IT.Y", "" or unknown: the section's head). */
size_t text_form_line(const struct text_form *form, const struct text_section *section,
                      const char *path);

/* Append the text again with the remarks above their lines. */
void text_form_annotate(const struct text_form *form, struct bytes *out);

struct text_form_page {
    const struct metadata_version *version;
    struct typed_context typed;
    const char *site, *zone_name;  /* for the head; may be NULL */
    const char *subject;           /* NULL: left open */
    const struct event_def *event; /* with log forms: NULL */
    const char *event_repeat;
    const struct form_def *form;    /* one form alone; NULL: all of the event */
    const struct form_def *without; /* one that is left out, or NULL */
    const char *number;             /* of a log form that is there; NULL: a new one */
    const struct casebook *book;    /* current values are filled in; NULL: blank */
};

/* Append a page to fill in. */
void text_form_write(const struct text_form_page *page, struct bytes *out);

/* "007-K: woman, born 1987, last visit V3 on 2026-03-13", in the arena; as much as is known. */
const char *subject_summary(const struct typed_context *context,
                            const struct metadata_version *version,
                            const struct casebook *book);

/* The form of EVENT that has the visit date (alias SVSTDTC), or NULL. */
const struct form_def *event_visit_form(const struct event_def *event);

/* What people type for a form or an event: its short name, name or OID, in any case. NULL when
 * none fits. */
const struct form_def *find_form(const struct metadata_version *version, struct span word);
const struct event_def *find_event(const struct metadata_version *version,
                                   struct span word);

/* The event that has the log form FORM (an event of type Common, else the first). */
const struct event_def *event_of_log(const struct metadata_version *version,
                                     const struct form_def *form);

/* The form in BOOK (may be NULL) whose human number is NUMBER, or NULL. */
const struct form_data *find_numbered(const struct casebook *book, const char *number);

#endif
