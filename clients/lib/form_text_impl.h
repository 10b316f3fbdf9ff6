/* SPDX-License-Identifier: Apache-2.0 */
/*
** What the parts of form_text share: form_lines.c (lines), form_read.c (meaning), form_table.c
** (rows), form_write.c (pages); for nobody else.
*/
#ifndef CRFD_CLIENTS_FORM_TEXT_IMPL_H
#define CRFD_CLIENTS_FORM_TEXT_IMPL_H

#include "clients/lib/form_text.h"

enum entry_kind {
    ENTRY_ANSWER,  /* key, text */
    ENTRY_SECTION, /* key: the first word behind == */
    ENTRY_ROW,     /* text: the whole line */
    ENTRY_OTHER,   /* a line that is nothing of these */
};

/* A logical line: with what continues it and why it was changed. */
struct text_entry {
    enum entry_kind kind;
    size_t line;
    struct span key;
    struct span text;
    const char *reason; /* or NULL */
};

struct text_entries {
    struct text_entry *items;
    size_t count, capacity;
    struct span head; /* the first line, behind "# crf text form 1" */
};

/* Cut TEXT into lines and logical lines. */
MUST_USE status form_lines_read(struct span text, struct text_form *form,
                                struct text_entries *ret_entries, struct err *err);

#define TABLE_COLUMNS_TEXT_MAX 64

/* A table that is being read. */
struct text_table {
    const struct group_ref *group; /* NULL: none is open */
    const struct item_ref *columns[TABLE_COLUMNS_TEXT_MAX];
    size_t column_count;
    size_t row;                 /* rows read so far */
    const char *const *repeats; /* keys that are there already, in order */
    size_t repeat_count;
    instant last[TABLE_COLUMNS_TEXT_MAX]; /* per column: the time in the row above */
};

struct form_reader {
    const struct text_form_context *context;
    struct typed_context typed; /* with the date found in the text */
    struct text_form *form;
    struct text_section *section; /* where entries go now; NULL: nowhere */
    struct text_table table;
};

/* A line of a table: the head if none is open or it names columns, else a row. */
void form_table_line(struct form_reader *reader, const struct text_entry *entry);

/* Read TEXT as the answer to ITEM and keep it. */
void form_answer(struct form_reader *reader, const struct group_ref *group,
                 const char *repeat, const struct item_ref *item,
                 const struct text_entry *entry, struct span text);

/* Make section->data of its answers, in the definition's order. */
void form_build(struct text_form *form, struct text_section *section);

/* Find an item of FORM by its key word, in any case. */
bool form_find_item(const struct form_def *form, struct span key,
                    const struct group_ref **ret_group, const struct item_ref **ret_item);

bool span_is_word(struct span text, const char *word); /* in any case (ASCII) */
struct span span_first_word(struct span text, struct span *ret_rest);

#endif
