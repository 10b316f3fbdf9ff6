/* SPDX-License-Identifier: Apache-2.0 */
/*
** check: judge a form against the definition and the subject's casebook.
**
** One function for all: the service at the door, crf-site before signing, the offline
** verifier. It is pure: same arguments, same findings, in the same order.
**
** - Structure, data type and code lists refuse, whatever the form's state (`users.md`
**   chapter 1 and 3). Ranges, missing items and contradictions refuse on a *complete
**   ordinary* form only; through the safety door they ask.
** - The rules of trials.md chapter 6 are bound by alias. Each has its own small function in
**   one table (rules.c) with its id, act and places. A rule acts when its condition is
**   certainly true; what cannot be told stays silent, or is *due* where it will be needed.
** - At submit the absence of another form is "cannot tell". At sign and lock it bites.
*/
#ifndef CRFD_STUDY_CHECK_H
#define CRFD_STUDY_CHECK_H

#include "protocol/study/dictionary.h"
#include "protocol/study/finding.h"

/* A finding that the signer confirms with a reason: it does not stop sign or lock again. */
struct confirmation {
    const char *rule, *object, *path;
};

/* Checks of the definition that were asked, and neither held nor failed for certain. */
struct untold {
    const char *rule, *path;
};

struct untold_list {
    struct arena *arena;
    struct untold *items;
    size_t count, capacity;
};

struct check_context {
    enum place place;
    instant signed_at;       /* the person's clock: the date of "now" for rule 1 */
    instant received_at;     /* the service's clock; 0 when not yet sent */
    const struct zone *zone; /* the site's; NULL: UTC */
    const char *language;    /* overrides findings->language when not NULL */
    instant first_report_at; /* when this SAE was first received; 0: now is the first */
    bool reason_late;        /* the record gives a reason for being late (rule 27) */
    /* the version in force at consent, whose limits say who may take part (rule 4); NULL: the
     * version by which the form is judged */
    const struct metadata_version *limits;
    const struct confirmation *confirmations;
    size_t confirmation_count;
    const struct dictionaries *dictionaries; /* (dictionary.h); NULL: none */
    struct untold_list *untold; /* is added to, for a builder's cases; NULL: nobody asks */
};

/* A derived item as computed from the form and casebook (ItemRef with a MethodOID). */
struct derived {
    const char *path, *value;
};

struct derived_list {
    struct derived *items;
    size_t count;
};

/* Judge FORM. BOOK is what else is known of the subject (a form in it with FORM's key is the
 * prior revision and is ignored); NULL: nothing else is known. FINDINGS needs its arena;
 * findings are appended. *ret_derived may be NULL. */
void check_form(const struct metadata_version *version, const struct casebook *book,
                const struct form_data *form, const struct check_context *context,
                struct findings *findings, struct derived_list *ret_derived);

/* May the forms KEYS (count of them) of BOOK be signed as final? Gates on: a form that is
 * not there or partial, open findings of its rules that are not confirmed, and rule 5 on the
 * form whose signature is the act of enrolment. */
void check_sign(const struct metadata_version *version, const struct casebook *book,
                const struct form_key *keys, size_t count,
                const struct check_context *context, struct findings *findings);

/* May the subject be locked? Gates on: partial or unsigned forms, mandatory forms of started
 * visits that are missing, open findings that are not confirmed. Queries and SDV are the
 * record engine's. */
void check_lock(const struct metadata_version *version, const struct casebook *book,
                const struct check_context *context, struct findings *findings);

/* ---- what a serious event means for the clocks: its worst reading ---- */

struct safety_reading {
    bool serious;          /* at least one criterion, AESER = Y, or a safety form */
    bool fatal;            /* any of grade 5, outcome 5, criterion death, death form */
    bool life_threatening; /* AESLIFE = Y or unknown, grade 4 */
    bool hospital;
    bool related;       /* related, or not known to be unrelated */
    bool related_known; /* somebody answered yes or no */
    bool has_awareness; /* the form says when somebody first knew */
    instant aware_at;   /* first awareness at the site; else when it was told or received */
    instant told_at;    /* day 0 of the sponsor: told by phone or received, the earlier */
    int sponsor_days;   /* 7 for fatal or life-threatening, else 15; from told_at */
    instant site_due;   /* aware_at + SAE.REPORT.HOURS (default 24) */
    bool late;          /* told certainly after site_due */
    bool exempt; /* rule 26: on the study's list and in its window; has no site clock */
    bool awaits_outcome; /* rule 10: a pregnancy whose outcome is not there yet */
    instant outcome_due; /* until when it should be */
    const char *term;    /* as written, or NULL; the form's */
    char day[11]; /* on which it began, else was known ("2026-04-17"); "": not said */
};

/* Read FORM (a safety form, or an AE form; the latter is serious only if it says so). BOOK
 * may be NULL; a death form in it that names this event as cause makes it fatal. Unknown is
 * read as the worse: causality missing = related. A criterion left empty is not unknown; the
 * answer U is. */
struct safety_reading safety_read(const struct metadata_version *version,
                                  const struct casebook *book, const struct form_data *form,
                                  const struct check_context *context);

/* ---- the rules, for the manual, the tests and the OpenAPI page ---- */

struct rule_info {
    const char *id;
    enum act act;        /* the strongest it can do */
    const char *places;  /* "submit sign lock" */
    const char *meaning; /* one English sentence */
};
const struct rule_info *check_rules(size_t *ret_count);

#endif
