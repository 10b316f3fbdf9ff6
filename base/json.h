/* SPDX-License-Identifier: Apache-2.0 */
/*
** json: strict JSON (RFC 8259) into a tree that lives in an arena.
**
** Strict means: UTF-8 without BOM, no duplicate names, no U+0000, no lone surrogates,
** nothing behind the document, depth and node count limited, integers within +-(2^53-1),
** and no other numbers (clinical numbers travel as strings). The parser is jansson; this
** is its only door.
**
** Members keep the order in which they stood. The tree borrows nothing from the input.
*/
#ifndef CRFD_BASE_JSON_H
#define CRFD_BASE_JSON_H

#include "base/arena.h"

enum json_kind { J_NULL, J_FALSE, J_TRUE, J_INTEGER, J_STRING, J_ARRAY, J_OBJECT };

struct json {
    enum json_kind kind;
    const char *name;         /* of a member of an object; NULL elsewhere */
    int64_t integer;          /* J_INTEGER */
    const char *string;       /* J_STRING: UTF-8, NUL-terminated, holds no NUL */
    size_t count;             /* bytes of the string; elements or members */
    const struct json *items; /* J_ARRAY, J_OBJECT: count of them, contiguous */
};

struct json_limits {
    size_t depth;  /* arrays and objects within each other */
    size_t nodes;  /* values altogether */
    size_t string; /* bytes of one string or name */
};

/* The limits of signed records (RECORDS.md chapter 1): depth 16, 64 KiB a value. */
extern const struct json_limits JSON_RECORD;

/* Parse TEXT into ARENA. ERR_BAD_INPUT says what is wrong and at which byte, without
 * quoting it. */
MUST_USE status json_parse(struct span text, const struct json_limits *limits,
                           struct arena *arena, const struct json **ret_root,
                           struct err *err);

/* The member NAME of OBJECT; NULL when there is none or OBJECT is NULL or no object. */
const struct json *json_get(const struct json *object, const char *name);

/* The value of a string member; NULL when absent or of another kind. */
const char *json_get_string(const struct json *object, const char *name);

bool json_equals(const struct json *value, const char *text);

/* True if OBJECT is an object whose members are exactly NAMES (a NULL-terminated list), in
 * any order. */
bool json_has_exactly(const struct json *object, const char *const *names);

#endif
