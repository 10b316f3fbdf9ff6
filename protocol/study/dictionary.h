/* SPDX-License-Identifier: Apache-2.0 */
/*
** dictionary: terms, grades and laboratory limits that come from the operator, not from us
** (MedDRA and CTCAE have licences; normal ranges are each laboratory's own).
**
** One file is one dictionary: UTF-8 lines with tabs, described in protocol/dictionaries.md. It
** is a blob; a signed study.amend names it by name, version and SHA-256, and a definition says
** which version it uses (crfd:Dictionary). Read once, then read-only; the text it was read from
** must live as long (an arena's). Nothing here guesses: what has no row is UNKNOWN.
*/
#ifndef CRFD_STUDY_DICTIONARY_H
#define CRFD_STUDY_DICTIONARY_H

#include "base/arena.h"
#include "protocol/study/value.h"

struct safety_section;

#define DICTIONARY_SIZE_MAX ((size_t) 64 << 20)
#define DICTIONARY_MEDIA    "text/tab-separated-values"

struct dictionary_term {
    const char *text, *code;
    const char *preferred; /* code of the preferred term; of itself when it is one */
};

struct dictionary_grades {
    const char *term;
    int min, max;
};

/* Normal range of an analyte; a bound that is not given is no bound. */
struct dictionary_range {
    const char *analyte, *unit;
    const char *sex;          /* "F", "M"; "-" for both */
    int from_years, to_years; /* both included; -1: no bound */
    bool has_low, has_high;
    struct decimal low, high;
};

/* A value below LOW or above HIGH has at least this grade. */
struct dictionary_limit {
    const char *analyte;
    const char *unit; /* or "LLN", "ULN": the bound is that many times the normal one */
    int grade;
    bool has_low, has_high;
    struct decimal low, high;
};

struct dictionary {
    const char *name, *version;
    const struct dictionary_term *terms; /* by text, without case */
    size_t term_count;
    const struct dictionary_term **by_code;
    const struct dictionary_grades *grades; /* by term, without case */
    size_t grade_count;
    const struct dictionary_range *ranges; /* in the order of the file */
    size_t range_count;
    const struct dictionary_limit *limits;
    size_t limit_count;
};

/* Does TEXT begin as a dictionary does? (A blob is one, or a definition.) */
bool dictionary_is(struct span text);

/* ERR_BAD_INPUT names the first line that is wrong, and why. */
MUST_USE status dictionary_read(struct span text, struct arena *arena,
                                const struct dictionary **ret_dictionary, struct err *err);

/* What a record's checks may look into; an empty set is {0}. */
struct dictionaries {
    const struct dictionary *const *items;
    size_t count;
};

/* NULL: not there. SET may be NULL. */
const struct dictionary *dictionaries_find(const struct dictionaries *set, const char *name,
                                           const char *version);
/* The dictionary NAME in the version that the definition's section says. */
const struct dictionary *dictionary_in_use(const struct dictionaries *set,
                                           const struct safety_section *section,
                                           const char *name);

/* Terms are compared without case; the first line of the file counts. */
const struct dictionary_term *dictionary_term(const struct dictionary *dictionary,
                                              const char *text);
const struct dictionary_term *dictionary_code(const struct dictionary *dictionary,
                                              const char *code);

/* Does GRADE exist for TERM: the definition's own rows first, then the dictionary CTCAE that it
 * names. UNKNOWN: neither has a row. */
enum truth dictionary_grade_exists(const struct dictionaries *set,
                                   const struct safety_section *section, const char *term,
                                   int grade);

/* A result to be graded. Units are compared as they stand: convert first. */
struct dictionary_result {
    const char *analyte, *unit;
    struct decimal value;
    const char *sex; /* NULL: not known */
    int age_years;   /* -1: not known */
    bool has_normal; /* the laboratory gave its own range with the result: */
    bool has_low, has_high;
    struct decimal low, high;
};

/* The grade of RESULT by the limits of LIMITS (0: none); -1: cannot tell. Normal bounds come
 * from the result, else from RANGES (may be NULL, may be LIMITS). */
int dictionary_grade_result(const struct dictionary *limits,
                            const struct dictionary *ranges,
                            const struct dictionary_result *result);

#endif
