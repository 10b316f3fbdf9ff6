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
    bool graver;                      /* worse than before: clocks start again */
    bool news;                        /* outcome, criterion, causality or grade changed */
    bool stops;                       /* it may stop an activity */
    bool by_site;                     /* the form, as it will be, is the site's own word */
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
const char *case_instant(const struct deciding *d, instant at);
void case_clock(struct deciding *d, const char *object, const char *clock, const char *rule,
                instant from, instant due);
void case_ask_ack(struct deciding *d, const char *object);
struct rows clocks_running(const struct deciding *d, const char *object,
                           const char *clock); /* NULL: any */
void clocks_stop(struct deciding *d, const char *object, const char *clock, instant at);
const struct row *opinion_of(const struct deciding *d, const char *object,
                             const char *party);

/* The cohort of a subject, told by the first item that means COHORT; NULL: not known. */
const char *cohort_of(const struct metadata_version *version, const struct casebook *book);

#endif
