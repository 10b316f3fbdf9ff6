/* SPDX-License-Identifier: Apache-2.0 */
/*
** safety_section: what a definition says about safety (`crfd:Safety`, crfd-odm-ext.md), and
** questions to it. Plain structs, read-only once odm_safety.c made them; the arena is the
** study's. A definition without the element has an empty section: then the oldest regime
** counts (every serious event has its 7 or 15 days), the six criteria are in use, and one
** stopping rule stands: a related event stops dosing in the whole study ("80").
**
** Dates are of the calendar ("2026-01-31"); From and To are included, and either may be
** missing. Nothing here reads a clock: the caller says which day is meant.
*/
#ifndef CRFD_STUDY_SAFETY_SECTION_H
#define CRFD_STUDY_SAFETY_SECTION_H

#include "protocol/study/model.h"

enum safety_regime {
    REGIME_CTR, /* Regulation (EU) 536/2014: SUSARs have a clock, the rest a yearly table */
    REGIME_WMO, /* Dutch act before it: every SAE, 7 + 8 or 15 days */
    REGIME_FDA, /* 21 CFR 312.32: unexpected suspected reactions, 7 or 15 days */
};

/* A stretch of days; open where NULL. */
struct days {
    const char *from, *to;
};

struct regime {
    enum safety_regime name;
    struct days when;
    bool next_day; /* Day0="next": day 0 is the day after awareness */
    struct evidence evidence;
};

struct severity_scale {
    const char *name, *version; /* "CTCAE" "5.0"; "NAESS" "1.0" */
    struct days when;
    int until_age_days; /* in use while the subject is no older; -1: any age */
    struct evidence evidence;
};

struct grade_range { /* grades that exist for a term */
    const char *term;
    int min, max;
    struct evidence evidence;
};

struct special_interest {
    const char *term, *kind;
    struct evidence evidence;
};

struct expected_event { /* in the reference safety information RSI */
    const char *term, *rsi;
    int max_grade; /* 5: death is listed, too */
    struct days when;
    struct evidence evidence;
};

struct exempt_event { /* needs no report within 24 h inside its window */
    const char *term, *anchor;
    int from, to; /* days after the anchor, both included */
    int max_grade;
    struct evidence evidence;
};

struct planned_stay {          /* cannot by itself make an event serious */
    const char *form, *anchor; /* FormOID, or anchor; "" when not given */
    int hours;
    struct evidence evidence;
};

struct dictionary_version {
    const char *name, *version;
    struct evidence evidence;
};

enum stopping_scope { STOP_SUBJECT, STOP_COHORT, STOP_SITE, STOP_STUDY };

enum stopping_when {
    STOP_RELATED, /* serious and related, or not known to be unrelated */
    STOP_SERIOUS, /* any serious event */
    STOP_FATAL,
    STOP_GRAVE, /* fatal or life-threatening, and related */
    STOP_SUSAR,
};

struct stopping_rule {
    const char *oid, *rule; /* rule: number in trials.md or the protocol */
    const char *activity;   /* "dosing" */
    enum stopping_scope scope;
    enum stopping_when when;
    int count; /* events that it takes, at least 1; with `of`, `share`: subjects */
    int of;    /* of the first so many who were treated; 0: not asked */
    int share; /* at least so many percent of those who were treated; 0: not asked */
    const struct formal_expression *expression; /* of a subject, in place of `when`; NULL */
    struct evidence evidence;
};

struct safety_section {
    bool given; /* the definition has the element */
    const struct regime *regimes;
    size_t regime_count;
    const char *const *criteria; /* alias names in use: AESDTH, ... */
    size_t criterion_count;
    const struct severity_scale *scales;
    size_t scale_count;
    const struct grade_range *grades;
    size_t grade_count;
    const struct special_interest *special;
    size_t special_count;
    const struct expected_event *expected;
    size_t expected_count;
    const struct exempt_event *exempt;
    size_t exempt_count;
    const struct planned_stay *stays;
    size_t stay_count;
    const struct dictionary_version *dictionaries;
    size_t dictionary_count;
    const struct stopping_rule *stopping;
    size_t stopping_count;
};

/* The section of VERSION; an empty one when it has none. Never NULL. */
const struct safety_section *safety_section_of(const struct metadata_version *version);

/* Does every serious event have a clock to the authority on DAY (WMO, or nothing said)? */
bool safety_all_reported(const struct safety_section *section, const char *day);
/* Day 0 is the day after awareness in every regime of DAY. */
bool safety_day_zero_is_next(const struct safety_section *section, const char *day);

/* Does the definition name this version of this dictionary? */
bool safety_uses_dictionary(const struct safety_section *section, const char *name,
                            const char *version);

/* The scale for a subject of AGE_DAYS (-1: not known) on DAY; NULL when none is named. */
const struct severity_scale *safety_scale(const struct safety_section *section,
                                          int age_days, const char *day);

/* Does GRADE exist for TERM (compared without case)? UNKNOWN: the term has no row. */
enum truth safety_grade_exists(const struct safety_section *section, const char *term,
                               int grade);

/* Is TERM of GRADE (0: not known) listed as expected on DAY? Unlisted is NO; a grade above
 * the listed one is NO; an unknown grade is UNKNOWN. *ret_rsi (may be NULL): the version. */
enum truth safety_expected(const struct safety_section *section, const char *term,
                           int grade, const char *day, const char **ret_rsi);
/* Is RSI a version in force on DAY? YES also when the section names none at all. */
bool safety_rsi_in_force(const struct safety_section *section, const char *rsi,
                         const char *day);

/* The exemption of TERM that holds DAYS after its anchor for GRADE; NULL: report within 24 h.
 * Grade 4 and 5 are never exempt. */
const struct exempt_event *safety_exempt(const struct safety_section *section,
                                         const char *term, int grade, const char *anchor,
                                         int days);

const char *stopping_scope_name(enum stopping_scope scope); /* "study" */
const char *stopping_when_name(enum stopping_when when);    /* "related" */

#endif
