/* SPDX-License-Identifier: Apache-2.0 */
/*
** product_section: the product of a trial and the gates before acts, as the definition says.
**
** crfd:Product says whether the product is *autologous* (made from the subject: donor and
** subject are one) or *allogeneic* (the donor is never the subject), by which steps it comes
** about, what must hold before it is released, for how many minutes a clearance is good and
** for how many years it must be traceable. crfd:Gate names what must be certainly true before
** an act: false is STOP with the gate's sentence, and so is cannot-tell, with what is missing.
** A study without crfd:Product has no ledger and no clearance.
**
**     gates_ask(version, book, &act, &stops, NULL);           asked at the act
**     release_ask(version, "batch", book, zone, &stops);      asked of a ledger
**
** Pure; memory: the arena of the study, or that of FINDINGS.
*/
#ifndef CRFD_STUDY_PRODUCT_SECTION_H
#define CRFD_STUDY_PRODUCT_SECTION_H

#include "protocol/study/finding.h"

/* The acts that a gate may stand before. */
enum gate_act {
    GATE_ENROL,
    GATE_RANDOMISE,
    GATE_DOSE_CLEAR, /* act infusion or dose */
    GATE_CONDITION,  /* act condition */
    GATE_BATCH_RELEASE,
};

const char *gate_act_name(enum gate_act act); /* "dose.clear" */
#define GATE_ACTS 5

struct gate {
    enum gate_act act;
    const char *rule;            /* "59" */
    bool can_override;           /* crfd:Override; default yes, but for rules 40, 41, 80 */
    const struct form_def *form; /* FormOID: is complete, in the visit of the act or, where
                                    that visit does not have it, anywhere; or NULL */
    const struct formal_expression *expression; /* or NULL */
    struct texts message;                       /* ErrorMessage */
    struct evidence evidence;
};

/* What must hold of a batch before it is released, by its ledger forms. */
struct release_criterion {
    const char *rule;  /* "44" */
    const char *kinds; /* of batches, space-separated; default "batch" */
    const struct formal_expression *expression;
    struct texts message;
    struct evidence evidence;
};

struct product_step {
    const char *name;
    const struct form_def *form; /* or NULL: a record (receipt, release, recall) */
    int order;
    struct evidence evidence;
};

struct product_section {
    bool given;                       /* the definition has a crfd:Product */
    bool autologous;                  /* else allogeneic */
    int clear_minutes;                /* default 30 */
    int retention_years;              /* after the expiry; default 30 */
    const struct product_step *steps; /* by order */
    size_t step_count;
    const struct release_criterion *criteria;
    size_t criterion_count;
    const struct gate *gates;
    size_t gate_count;
};

/* An act that is asked for. */
struct gated_act {
    enum gate_act act;
    const char *event; /* StudyEventOID, or NULL */
    const char *batch; /* code, or NULL */
    instant at;
    const struct zone *zone; /* of the site; NULL: UTC */
};

/* Each gate before ACT that is not certainly passed, as a finding that gates; before enrolment
 * and randomisation also a form of eligibility (crfd:Act) that is not complete (rule 3). BOOK:
 * the subject's, or the batch's ledger. Those that may be overridden go to OVERRIDDEN instead,
 * unless that is NULL. */
void gates_ask(const struct metadata_version *version, const struct casebook *book,
               const struct gated_act *act, struct findings *findings,
               struct findings *overridden);

/* Each criterion of a batch of KIND that is not certainly met by its ledger BOOK: a finding
 * that gates; one that only lacks its result is `due`. */
void release_ask(const struct metadata_version *version, const char *kind,
                 const struct casebook *book, const struct zone *zone,
                 struct findings *findings);

/* Rule 59: may the product be given AT? By the parameters DOSE.WINDOW.HOURS, counted from the
 * first clinical sign (alias FIRSTDTC), and AGE.DOSE.MAX.DAYS, from birth. Each that is not
 * certainly met is a finding that gates, `due` when it cannot be told. Nothing where the study
 * has no such parameter. */
void dose_window_ask(const struct metadata_version *version, const struct casebook *book,
                     struct interval at, const struct zone *zone,
                     struct findings *findings);

/* The first dose of another subject; PLANNED: a clearance, of which nothing says yet whether it
 * was used. */
struct other_dose {
    struct interval at;
    bool planned;
};

/* Rule 66 across subjects: do the first dose AT and OTHER (NULL: there is none) lie at least
 * STAGGER.DAYS apart? What is not certain is a finding that gates, `due` when it cannot be
 * told. Nothing where the study has no such parameter. */
void stagger_ask(const struct metadata_version *version, struct interval at,
                 const struct other_dose *other, const struct zone *zone,
                 struct findings *findings);
/* Does a form of BOOK say that something was given (alias EXSTDTC)? */
bool was_dosed(const struct metadata_version *version, const struct casebook *book);

/* The sentence ID of messages_product.c with up to four texts, in the arena of FINDINGS. */
#define PRODUCT_TEXT(findings, id, ...)                                                    \
    product_text((findings), (id), (const char *const[]){__VA_ARGS__, NULL})
const char *product_text(struct findings *findings, const char *id,
                         const char *const *args);

#endif
