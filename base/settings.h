/* SPDX-License-Identifier: Apache-2.0 */
/*
** settings: one const table says everything about a program's configuration.
**
** A row is a setting: its name, its type, where the value goes, default, least and most,
** and the sentence of the manual. The file reader, the environment, the example file and
** the manual page all come from the table, so none can differ from another.
**
** File: `name = value` lines, `#` at the start of a line is a comment, no quoting, no
** escapes. A setting of type SETTING_LIST may stand several times. Order of precedence:
** default < file < environment (PREFIX_NAME, upper case, for SETTING_LIST one value) <
** command line. An unknown name, a second value, or a value out of bounds is an error
** that names line and rule.
*/
#ifndef CRFD_BASE_SETTINGS_H
#define CRFD_BASE_SETTINGS_H

#include "base/arena.h"

enum setting_type {
    SETTING_TEXT,    /* const char * */
    SETTING_INTEGER, /* int64_t */
    SETTING_BOOL,    /* bool: yes or no */
    SETTING_LIST,    /* struct setting_list */
};

struct setting_list {
    const char **items;
    size_t count, capacity;
};

struct setting {
    const char *name; /* NULL ends the table */
    enum setting_type type;
    size_t offset; /* offsetof in the program's own struct of values */
    const char
        *initial; /* the default as text; NULL: must be given (TEXT) or empty (LIST) */
    int64_t least, most; /* SETTING_INTEGER */
    const char *manual;  /* one or two sentences: what, unit, effect */
    bool secret;         /* its value is never printed */
};

/* Fill VALUES (a zeroed struct) with the defaults. Strings live in ARENA. */
MUST_USE status settings_init(const struct setting *table, struct arena *arena,
                              void *values, struct err *err);

/* Set one value. WHERE_FROM names the source in errors ("crfd.conf:12"). */
MUST_USE status settings_set(const struct setting *table, struct arena *arena, void *values,
                             const char *where_from, const char *name, const char *value,
                             struct err *err);

/* Read a whole file's TEXT; FILE is its name in errors. */
MUST_USE status settings_read(const struct setting *table, struct arena *arena,
                              void *values, const char *file, struct span text,
                              struct err *err);

/* Take every PREFIX_NAME that stands in the environment. */
MUST_USE status settings_environment(const struct setting *table, struct arena *arena,
                                     void *values, const char *prefix, struct err *err);

/* Fail, naming the first, if a setting without default was not given. Call last. */
MUST_USE status settings_complete(const struct setting *table, const void *values,
                                  struct err *err);

/* Append the example file (defaults commented out) or the values in force (secrets as
 * "***"). */
void settings_example(const struct setting *table, struct bytes *out);
void settings_dump(const struct setting *table, const void *values, struct bytes *out);

#endif
