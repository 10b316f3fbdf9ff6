/* SPDX-License-Identifier: Apache-2.0 */
/*
** What the files of decide share; for nobody else.
**
**   decide.c         the ladder, who and what a record is about
**   decide_people.c  records about studies, sites, people, subjects, queries, exports
**   decide_mask.c    what a sender is not told
**   decide_version.c which definition a record may be made under
**   decide_form.c    form.submit and form.retract, with the safety door's effects
**   decide_safety.c  safety.assess, safety.ack, hold, hold.lift, milestone
**   decide_case.c    what a report and the opinions on it set in motion (decide_case.h)
**   decide_report.c  what a case needs before it goes to the authority
**   decide_stopping.c, decide_share.c  stopping rules: by count, by share, by what is said
**   decide_sign.c    form.sign, lock, unlock: gates and confirmations
**   decide_product.c batch.*, subject.status, ledger forms, who was exposed
**   decide_clear.c   dose.clear, and what was given without it
**   decide_reject.c  what a refusal leaves in the log
**   decide_text.c    every refusal: status, code, sentence; refusal_words.c in French, German
*/
#ifndef CRFD_RECORD_DECIDE_IMPL_H
#define CRFD_RECORD_DECIDE_IMPL_H

#include "protocol/record/decide.h"
#include "protocol/record/rights.h"
#include "protocol/study/product_section.h"

/* What a rung says. SOFT refuses too, but opens for a safety form. */
enum verdict { PASS, SOFT, HARD };

struct deciding {
    const struct state *state;
    const struct casebook *book;
    const struct definitions *definitions;
    const struct decide_context *context;
    const struct record *record;
    const struct findings *shape;
    struct arena *arena;
    struct decision *decision;
    /* told once, before the first rung */
    const struct record_info *info; /* NULL: type not known or not sent by people */
    const struct row *key;          /* NULL: not known */
    const char *person;             /* of the key, or who a first contact will be */
    const struct row *subject;      /* of the subject table, or NULL */
    const struct row *batch;        /* the subject is a ledger key: its batch, or NULL */
    const char *site;               /* LocationOID of the scope; NULL: study, or unknown */
    const struct row *form_row;     /* current revision, or NULL */
    const struct row *query_row;    /* of query.answer, query.close, or NULL */
    const char *version_oid;        /* of `version` */
    const struct metadata_version *version; /* by which forms are read, or NULL */
    const struct form_def *form_def;        /* of a form record, or NULL */
    bool safety;                            /* a form.submit of a safety form */
    struct dictionaries dictionaries;       /* that the log names and that are loaded */
    /* the door let it through, but not into the place of a revision */
    const char *inbox;       /* "unconfirmed", "concurrent", or NULL */
    struct findings refusal; /* of the rung that is being asked */
    const char *refusal_rule;
};

/* Fill d->dictionaries from the log. */
void find_dictionaries(struct deciding *d);

/* Say why a rung refuses: RULE of decide_text.c, PATH of the member or object ("" none). */
enum verdict refuse(struct deciding *d, enum verdict verdict, const char *rule,
                    const char *path);
enum verdict refuse_because(struct deciding *d, enum verdict verdict, const char *rule,
                            const char *path, const char *why);
/* Refuse with findings that are there already, under the status of RULE. */
enum verdict refuse_with(struct deciding *d, enum verdict verdict, const char *rule,
                         const struct findings *findings);

/* "2026-11-21T09:14:00.000000Z", in the arena. */
const char *utc_text(const struct deciding *d, instant at);
void add_effect(struct deciding *d, enum effect_kind kind, const char *value,
                const char *scope, const char *rule);
struct findings new_findings(struct deciding *d);
struct check_context check_context_of(const struct deciding *d, enum place place,
                                      struct zone *zone);
/* The definition VERSION as published, loaded; NULL when it is not. */
const struct metadata_version *published(const struct deciding *d, const char *version);

/* Rung 12, and the version in force when the subject agreed: trials.md rule 4 reads from it who
 * may take part. NULL where that is not known, or no site ever changed its version. */
enum verdict check_version(struct deciding *d);
const char *version_at_consent(const struct deciding *d);

/* Take out of the sentences for the sender what the sender must not read (crfd:Masked). */
void hide_masked(struct deciding *d);

/* 409 stale: ROW (may be NULL) is the current revision of OBJECT. */
void tell_current(struct deciding *d, const struct row *row);

/* Rung 13 to 15 of the types, and what acceptance adds to the outcome. */
enum verdict conflicts_of_people(struct deciding *d);
enum verdict gates_of_people(struct deciding *d);
enum verdict findings_of_people(struct deciding *d);
void effects_of_people(struct deciding *d);

enum verdict conflicts_of_forms(struct deciding *d);
enum verdict findings_of_forms(struct deciding *d);

enum verdict conflicts_of_signing(struct deciding *d);
enum verdict gates_of_signing(struct deciding *d);
void effects_of_signing(struct deciding *d);

/* decide_safety.c: rows of the table in decide_people.c */
enum verdict assess_taken(struct deciding *d);
enum verdict assess_findings(struct deciding *d);
void assess_effects(struct deciding *d);
enum verdict ack_taken(struct deciding *d);
enum verdict ack_findings(struct deciding *d);
void ack_effects(struct deciding *d);
enum verdict hold_taken(struct deciding *d);
enum verdict hold_findings(struct deciding *d);
void hold_effects(struct deciding *d);
enum verdict lift_taken(struct deciding *d);
enum verdict lift_findings(struct deciding *d);
void lift_effects(struct deciding *d);
/* decide_report.c: may the case go to the authority, and what is open when it does */
enum verdict report_gate(struct deciding *d);
void report_effects(struct deciding *d);
enum verdict milestone_findings(struct deciding *d);
void milestone_effects(struct deciding *d);
/* Was a test alarm of the contact in force acknowledged? */
bool alarm_was_answered(const struct deciding *d);

/* decide_product.c: rungs of the product's records, as those of people. */
enum verdict batch_receive_taken(struct deciding *d);
enum verdict batch_receive_findings(struct deciding *d);
enum verdict batch_release_gate(struct deciding *d);
enum verdict batch_known(struct deciding *d);
enum verdict subject_status_gate(struct deciding *d);
void batch_release_effects(struct deciding *d);
void batch_recall_effects(struct deciding *d);
/* A ledger form of the casebook AFTER: criteria, and who had what now proves faulty. */
void ledger_judge(struct deciding *d, const struct casebook *after,
                  struct findings *findings);

/* decide_clear.c */
enum verdict dose_clear_gate(struct deciding *d);
void dose_clear_effects(struct deciding *d);
/* A form that says what was given, or from which bag: each breach asks, proposes a deviation
 * and alarms; who was given what stands in the effects. */
void administration_judge(struct deciding *d, const struct casebook *after,
                          struct findings *findings);
/* Does QUERY (a row) stay open whatever this form's findings are? */
bool product_query_stays(const struct deciding *d, const struct row *query);

/* decide_stagger.c: does SUBJECT's first dose AT lie far enough from those of others?
 * RECORDED: it was given. */
void dose_stagger_ask(struct deciding *d, const char *subject, struct interval at,
                      bool recorded, struct findings *findings);
/* Does no other form of BOOK than OF say that something was given before START? */
bool is_first_dose(const struct deciding *d, const struct casebook *book,
                   const struct form_data *of, struct interval start);

/* decide_text.c */
struct refusal_text {
    const char *rule, *code;
    const char *english, *dutch;
};
const struct refusal_text *refusal_text(const char *rule);
const struct refusal_text *refusal_text_at(size_t index); /* NULL behind the last */
/* The sentence of a rule, or the title of a code, where LANGUAGE is French or German and has
 * one; else NULL (refusal_words.c). */
const char *refusal_words(const char *key, const char *language);
int refusal_status(const char *code);

#endif
