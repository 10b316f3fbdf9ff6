/* SPDX-License-Identifier: Apache-2.0 */
/*
** A safety case while it is decided; for decide_*.c only.
*/
#ifndef CRFD_RECORD_DECIDE_CASE_H
#define CRFD_RECORD_DECIDE_CASE_H

#include "protocol/record/decide_impl.h"
#include "protocol/study/safety_section.h"

struct case_opinion {
    bool given;           /* on causality */
    enum truth causality; /* YES related */
    bool serious;
    const char *expectedness; /* NULL: not judged */
};

struct safety_case {
    /* filled by the caller */
    struct safety_reading reading;    /* of the form as it will be */
    struct case_opinion own, sponsor; /* what this record adds; zero: nothing */
    instant told;                     /* phone, paper or system, whichever came first */
    const char *told_via;             /* which it was: clock.ended; NULL: system */
    bool graver;                      /* worse than before: clocks start again */
    bool news;                        /* outcome, criterion, causality or grade changed */
    bool stops;                       /* it may stop an activity */
    bool by_site;                     /* the form, as it will be, is the site's own word */
    bool again;                       /* entered again after it was nullified */
    /* filled by case_begin() */
    const char *object;
    const struct row *row; /* of the table, or NULL: a new case */
    const struct safety_section *section;
    const char *day;         /* of the event; of now when it is not known */
    enum truth investigator; /* causality: form and own opinion */
    enum truth related;      /* either says so; UNKNOWN until both say no */
    bool serious;            /* anybody says so */
};

/* Fill the rest from the tables, then add what follows to the outcome. */
void case_begin(const struct deciding *d, const char *object, struct safety_case *c);
void case_effects(struct deciding *d, const struct safety_case *c);

/* Parts that the other safety records use, too. */
void case_add(struct deciding *d, const struct effect *effect);
void case_clock(struct deciding *d, const char *object, const char *clock, const char *rule,
                instant from, instant due);
void case_ask_ack(struct deciding *d, const char *object);
struct rows clocks_running(const struct deciding *d, const char *object,
                           const char *clock); /* NULL: any */
/* WHY: see clock.ended in schema.h. */
void clocks_stop(struct deciding *d, const char *object, const char *clock, instant at,
                 const char *why);
const struct row *opinion_of(const struct deciding *d, const char *object,
                             const char *party);

/* The cohort of a subject, told by the first item that means COHORT; NULL: not known. */
const char *cohort_of(const struct metadata_version *version, const struct casebook *book);

/* ---- decide_stopping.c ---- */

void stopping_of_case(struct deciding *d, const struct safety_case *c, enum truth susar);
/* Where RULE acts for the subject of BOOK. A scope that cannot be told is the whole study. */
const char *stopping_scope_of(const struct deciding *d, const struct stopping_rule *rule,
                              const struct casebook *book);

struct stopping_cause {
    const char *object; /* report, or subject, that meets the rule */
    const char *seq;    /* cause of the hold */
    bool surely;
};
/* Set the hold of RULE if CAUSE makes enough. */
void stopping_hold(struct deciding *d, const struct stopping_rule *rule, const char *scope,
                   const struct stopping_cause *cause);
/* End the provisional holds of RULE: that of CAUSE, and all in SCOPE that no other rule keeps;
 * either may be NULL. */
void end_provisional(struct deciding *d, const struct stopping_rule *rule,
                     const char *scope, const char *cause);

/* ---- decide_share.c ---- */

bool stopping_is_by_share(const struct stopping_rule *rule);
/* Do enough of those treated in SCOPE meet RULE, with what this record does, OBJECT (a report
 * or a subject; NULL: whoever) among them? UNKNOWN: with those that may. */
enum truth share_reached(const struct deciding *d, const struct stopping_rule *rule,
                         const char *scope, const char *object);
/* End the provisional holds that RULE no longer explains. */
void shares_end(struct deciding *d, const struct stopping_rule *rule);
/* The subject's cohort, when AFTER, its casebook as it will be, says another. */
void keep_cohort(struct deciding *d, const struct casebook *after);
/* What a dose, its retraction or a cohort makes of rules by share. */
void shares_after_dose(struct deciding *d);
/* Rules on what AFTER says of the subject. */
void stopping_after_form(struct deciding *d, const struct casebook *after);

#endif
