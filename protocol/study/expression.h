/* SPDX-License-Identifier: Apache-2.0 */
/*
** expression: conditions, derived values, checks, anchors and gates of a study definition.
**
** The language is a subset of XPath 1.0 with an evaluator of our own on the casebook; the page
** for study builders is expressions.md beside this file. What differs from XPath, and why: what
** is not there is unknown (Kleene), numbers are exact decimals, dates are intervals, there is
** no clock, and an evaluation takes a bounded number of steps.
**
** Life: the ODM reader calls expressions_compile() once, at the end of a version. It sets
** `compiled` of each formal_expression that compiles and reports the others; OIDs have become
** pointers to definitions then, and nothing is looked up by name afterwards. Evaluation is pure
** and needs an arena for scratch memory that the caller may reset whenever it has read the
** result.
**
**     struct expression_scope scope = {.version = v, .book = &book, .scratch = arena};
**     struct expression_place place = {.form = form->key, .item = {"IG.X", NULL, "IT.Y"}};
**     struct expression_result result;
**     expression_evaluate(def->expression->compiled, &scope, &place, &result);
**     if (result.truth == NO) ...
**
** Sources: W3C XPath 1.0; ODM 1.3.2 chapters 3.1.1.3.8 (RangeCheck) and 3.1.1.3.4.1.1
** (CollectionException); S. C. Kleene's strong three-valued logic.
*/
#ifndef CRFD_STUDY_EXPRESSION_H
#define CRFD_STUDY_EXPRESSION_H

#include "protocol/study/casebook.h"

struct expression;
struct formal_expression;

#define EXPRESSION_SIZE_MAX    8192   /* bytes of one expression */
#define EXPRESSION_NODES_MAX   1000   /* operators, steps and operands of one expression */
#define EXPRESSION_DEPTH_MAX   40     /* nested parentheses, predicates and calls */
#define EXPRESSION_STEPS_MAX   200000 /* nodes looked at in one evaluation; then: unknown */
#define EXPRESSION_MISSING_MAX 4      /* places listed as unknown */

/* ---- compiling ---- */

/* What is wrong with an expression, or worth knowing. */
struct expression_problem {
    bool refuses;        /* the definition does not load; else a note */
    const char *rule;    /* "EXPR-02", see odm_rules() */
    int line;            /* of the FormalExpression */
    int column;          /* in its text, from 1; 0: the expression as a whole */
    const char *path;    /* of the FormalExpression */
    const char *message; /* one sentence: what is wrong and what to do */
};

/* Told of each problem; texts live in the arena given to the compiler. */
struct expression_report {
    void (*say)(void *arg, const struct expression_problem *problem);
    void *arg;
    const char *language; /* of the messages, see messages.h; NULL: English */
};

/* Compile every expression of VERSION (version->expressions) for the places where its
 * definitions are used; find circular derivations; make the index of dependents. */
void expressions_compile(struct metadata_version *version, struct arena *arena,
                         const struct expression_report *report);

/* Where an expression stands: the element whose reference carries it is its context node. */
enum expression_level {
    LEVEL_SUBJECT,
    LEVEL_EVENT,
    LEVEL_FORM,
    LEVEL_GROUP,
    LEVEL_ITEM,
};

/* Compile TEXT alone for one context level; NULL after a report. SOURCE gives use, line and
 * path (its text is not read). For stopping rules, tests and tools. */
const struct expression *expression_compile(const struct metadata_version *version,
                                            const struct formal_expression *source,
                                            enum expression_level level,
                                            struct arena *arena,
                                            const struct expression_report *report);

/* ---- what it reads ---- */

/* One thing that an expression reads; NULL = any. */
struct expression_read {
    const struct event_def *event;
    const struct form_def *form;
    const struct group_def *group;
    const struct item_def *item;
    bool own_form; /* in the form instance of the context node only */
};

const struct expression_read *expression_reads(const struct expression *expression,
                                               size_t *ret_count);

/* The forms with a check, condition or derived item that reads FORM_OID from outside, sorted
 * by OID, each once: what a change of such a form may touch. */
const struct form_def *const *expression_dependents(const struct metadata_version *version,
                                                    const char *form_oid,
                                                    size_t *ret_count);

/* ---- evaluating ---- */

struct expression_scope {
    const struct metadata_version *version;
    const struct casebook *book; /* with the form under check in it; NULL: nothing known */
    const struct zone *zone;     /* the site's; NULL: UTC */
    const instant *at;           /* $at, or NULL: unknown */
    const char *batch;           /* $batch, or NULL: unknown */
    struct arena *scratch;
};

/* The context node. form.event NULL: the subject; form.form NULL: the event; item.group NULL:
 * the form; item.item NULL: the group. It need not exist in the casebook. */
struct expression_place {
    struct form_key form;
    struct item_key item;
};

/* A number known within bounds: exact when both are there and equal. */
struct number {
    struct decimal least, most;
    bool has_least, has_most;
};

enum expression_kind { RESULT_TRUTH, RESULT_NUMBER, RESULT_DATE, RESULT_TEXT };

/* A place that held nothing although the answer needed it. */
struct expression_missing {
    struct form_key form; /* form NULL: the event; event NULL: the subject */
    struct item_key item; /* group NULL: the form; item NULL: the group */
};

struct expression_result {
    enum expression_kind kind; /* of the expression's own type */
    enum truth truth;          /* always: the value as a truth (XPath boolean()) */
    struct number number;      /* RESULT_NUMBER */
    struct value when;         /* RESULT_DATE: interval_unknown() when unknown */
    const char *text;          /* RESULT_TEXT: NULL when unknown */
    struct expression_missing missing[EXPRESSION_MISSING_MAX];
    size_t missing_count;
    const char
        *fault; /* why it is unknown although the data are there (English), or NULL */
};

/* EXPRESSION (not NULL) at PLACE. */
void expression_evaluate(const struct expression *expression,
                         const struct expression_scope *scope,
                         const struct expression_place *place,
                         struct expression_result *ret_result);

/* The result as the value of a derived ITEM: of its type and digits (rounded half to even to
 * its SignificantDigits), in ARENA; NULL when it is not certainly known or does not fit. */
const char *expression_item_value(const struct expression_result *result,
                                  const struct expression_scope *scope,
                                  const struct item_def *item, struct arena *arena);

/* Does WHEN lie FROM to TO days (on the calendar) or hours after ANCHOR, both included? */
enum truth date_lies_within(const struct value *anchor, const struct value *when, int from,
                            int to, bool hours);

/* "subject/007-K/SE.V4/-/F.LAB/- IG.LAB/-/IT.HB": where something is missing. */
const char *expression_missing_path(const struct expression_missing *missing,
                                    struct arena *arena);

#endif
