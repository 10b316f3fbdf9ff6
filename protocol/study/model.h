/* SPDX-License-Identifier: Apache-2.0 */
/*
** model: a study definition in memory: plain structs, read-only once odm_read() made them.
**
** The names are those of ODM 1.3.2. A study has one or more metadata versions; a version has
** study events, these have forms, these have item groups, these have items. Definitions
** (`x_def`) stand in sorted tables of the version and are shared; references (`x_ref`) stand
** in the order of collection and say whether the thing is mandatory there. All memory
** belongs to the arena given to odm_read(); pointers live as long as it does. Text members
** are never NULL unless their comment says so.
**
** What ODM cannot say is read from attributes and elements of `urn:crfd:odm-ext:1`; a file
** without them loads, with the defaults named here.
*/
#ifndef CRFD_STUDY_MODEL_H
#define CRFD_STUDY_MODEL_H

#include "base/arena.h"
#include "protocol/study/admin.h"
#include "protocol/study/meaning.h"
#include "protocol/study/value.h"

/* ---- shared parts ---- */

struct text {
    const char *language; /* xml:lang, "" when absent */
    const char *text;     /* white space at both ends removed */
};

struct texts {
    const struct text *items;
    size_t count;
};

/* The text in LANGUAGE ("nl-BE"), else in its primary language ("nl"), else the one without
 * a language, else English, else the first; "" when there is none at all. */
const char *texts_get(const struct texts *texts, const char *language);

struct alias {
    const char *context, *name;
};

struct aliases {
    const struct alias *items;
    size_t count;
};

const char *aliases_get(const struct aliases *aliases, const char *context); /* or NULL */

/* Where a fact comes from: "P", "P?", "T", "S", "S?" or "", and the source's id ("G2"). */
struct evidence {
    const char *label, *source;
};

struct measurement_unit {
    const char *oid, *name;
    struct texts symbol;
    struct aliases aliases;
    /* crfd:Base, crfd:Factor: one of this unit is `factor` of the base unit. Without them
     * `base` is NULL and the unit converts to itself only. */
    const struct measurement_unit *base;
    struct decimal factor;
};

/* VALUE of UNIT in its base unit. False when it has too many digits. */
bool unit_to_base(const struct measurement_unit *unit, struct decimal value,
                  struct decimal *ret_value);
/* The unit's base; the unit itself when it has none. */
const struct measurement_unit *unit_base(const struct measurement_unit *unit);

/* ---- how a check acts (DESIGN.md chapter 5) ---- */

enum act { ACT_ASK, ACT_GATE, ACT_REFUSE };
enum place { PLACE_SUBMIT, PLACE_SIGN, PLACE_LOCK, PLACE_ACTION };
#define PLACE_BIT(place) (1U << (place)) /* in a set of places */

/* ---- expressions, conditions, methods ---- */

struct expression; /* compiled: protocol/study/expression.h */
struct expression_dependents;

enum expression_use {
    USE_CONDITION, /* of a ConditionDef: true = the thing is not collected */
    USE_METHOD,    /* of a MethodDef: the value of a derived item */
    USE_CHECK,     /* of a RangeCheck: certainly false = the check acts */
    USE_ANCHOR,    /* of a crfd:Anchor: a date */
    USE_GATE,      /* of a crfd:Gate or a release: must be certainly true */
    USE_STOPPING,  /* of a crfd:StoppingRule: counted when certainly true */
};

/* One FormalExpression in a language that crfd reads (odm_expression_readable()). Those in
 * another are reported and not kept. */
struct formal_expression {
    const char *context, *text;
    int line;
    const char *path; /* "Study[S]/.../ConditionDef[CD.1]/FormalExpression" */
    enum expression_use use;
    const struct expression
        *compiled; /* NULL: it did not compile, and is never evaluated */
};

struct condition_def {
    const char *oid, *name;
    struct texts description;
    struct aliases aliases;
    const struct formal_expression *expression; /* or NULL: only described */
};

enum method_type { METHOD_COMPUTATION, METHOD_IMPUTATION, METHOD_TRANSPOSE, METHOD_OTHER };

struct method_def {
    const char *oid, *name;
    enum method_type type;
    struct texts description;
    struct aliases aliases;
    const struct formal_expression *expression; /* or NULL: only described */
};

struct imputation_method {
    const char *oid, *text;
};

/* ---- items ---- */

struct code_list_item {
    const char *coded_value;
    struct texts decode; /* empty for an EnumeratedItem */
    bool enumerated;     /* an EnumeratedItem: the value is its own name */
    struct decimal rank; /* Rank, when has_rank */
    bool has_rank;
    struct aliases aliases;
};

struct code_list {
    const char *oid, *name;
    enum data_type type;
    bool external; /* ExternalCodeList: any value is accepted */
    const char *dictionary, *dictionary_version; /* of an ExternalCodeList, else "" */
    const struct code_list_item *items;
    size_t count;
    const struct code_list_item *const *sorted; /* by coded value */
};

const struct code_list_item *code_list_get(const struct code_list *list,
                                           const char *coded_value); /* or NULL */

enum comparator { LT, LE, GT, GE, EQ, NE, IN, NOTIN };

/* CheckValues, or a formal expression: then `count` is 0 and `comparator` EQ, which is always
 * met. Acts when it is certainly false. Without crfd:Act a Hard check refuses a complete
 * ordinary form and a Soft one asks; a safety form is never refused by one. */
struct range_check {
    enum comparator comparator;
    bool hard;
    const char *const *texts;   /* the CheckValues as written */
    const struct value *values; /* and parsed with the item's type */
    size_t count;
    const struct measurement_unit *unit; /* or NULL: as entered */
    struct texts error_message;
    const struct formal_expression *expression; /* or NULL */
    const char *rule;                           /* crfd:Rule ("66"), else "" */
    bool act_given;
    enum act act;    /* crfd:Act, when act_given */
    unsigned places; /* PLACE_BITs of crfd:Place; default submit, sign and lock */
    bool deviation;  /* crfd:Deviation: proposes a protocol deviation */
    bool alarm;      /* crfd:Alarm: the safety contact is told at once */
    bool due;        /* crfd:Due: cannot-tell is listed at sign and lock */
    struct evidence evidence;
};

enum origin { ORIGIN_NONE, ORIGIN_TRIAL, ORIGIN_CARE };

struct item_def {
    const char *oid, *name; /* name: key word of the text form and CSV */
    enum data_type type;
    int length;             /* 0: none given */
    int significant_digits; /* after the point; -1: none given */
    const char *sas_name;   /* SASFieldName, "" when absent */
    struct texts description, question;
    const struct measurement_unit *const *units;
    size_t unit_count;
    const struct range_check *checks;
    size_t check_count;
    const struct code_list *code_list; /* or NULL */
    struct aliases aliases;
    const enum meaning *meanings; /* what the aliases say, each once */
    size_t meaning_count;
    bool future; /* crfd:Future: may lie in the future */
    enum origin origin;
    const struct item_def *second_person; /* crfd:SecondPerson: names another person than
                                             that item does (rule 51); or NULL */
    struct evidence evidence;
};

/* The attributes ORDER_NUMBER and KEY_SEQUENCE are -1 when absent. */
struct item_ref {
    const struct item_def *item;
    bool mandatory;
    bool derived;              /* has a MethodOID: computed, never submitted */
    const char *method_oid;    /* or NULL */
    const char *condition_oid; /* CollectionExceptionConditionOID, or NULL */
    const struct method_def *method;
    const struct condition_def *condition;      /* true = not collected */
    const struct imputation_method *imputation; /* or NULL */
    int order_number, key_sequence;
    const char *role;                       /* Role, "" when absent */
    const struct code_list *role_code_list; /* or NULL */
    size_t position;                        /* in the group, from 0 */
};

/* ---- groups, forms, events ---- */

struct group_def {
    const char *oid, *name;
    bool repeating;
    const char *domain, *sas_name; /* Domain, SASDatasetName; "" when absent */
    struct texts description;
    const struct item_ref *items; /* in order of collection */
    size_t item_count;
    const struct item_ref *const *sorted; /* by item OID */
    struct aliases aliases;
};

struct group_ref {
    const struct group_def *group;
    bool mandatory;
    const struct condition_def *condition; /* true = not collected; or NULL */
    int order_number;                      /* -1 when absent */
    size_t position;
};

enum safety_kind {
    SAFETY_NONE,
    SAFETY_SAE,
    SAFETY_DEATH,
    SAFETY_PREGNANCY,
    SAFETY_PRODUCT_ERROR,
};

/* Where an item with a given meaning stands in a form. */
struct place_of_item {
    const struct group_ref *group; /* NULL: nowhere in this form */
    const struct item_ref *item;
};

struct form_def {
    const char *oid, *name;
    const char *short_name; /* crfd:Short ("IN"), else "" */
    bool repeating;
    struct texts description;
    const struct group_ref *groups;
    size_t group_count;
    struct aliases aliases;
    enum safety_kind safety;  /* crfd:Safety */
    const char *const *roles; /* crfd:Roles, default investigator and coordinator */
    size_t role_count;
    bool eligibility;          /* crfd:Act="eligibility": rule 5 gates its signature */
    const char *const *masked; /* crfd:Masked: roles that never read the form's data */
    size_t masked_count;
    bool ledger;               /* crfd:Ledger="Yes": of the product ledger */
    bool log;                  /* crfd:Log="Yes": opaque repeat keys made by the client */
    const char *number_prefix; /* crfd:Number ("AE"), else "" */
    struct evidence evidence;
    struct place_of_item meanings[MEANING_COUNT]; /* the first item with each meaning */
};

struct form_ref {
    const struct form_def *form;
    bool mandatory;
    const struct condition_def *condition; /* true = not collected; or NULL */
    int order_number;                      /* -1 when absent */
    size_t position;
};

enum event_type { EVENT_SCHEDULED, EVENT_UNSCHEDULED, EVENT_COMMON };

struct event_def {
    const char *oid, *name;
    const char *short_name; /* crfd:Short ("V4"), else "" */
    bool repeating;
    enum event_type type;
    const char *category; /* Category, "" when absent */
    struct texts description;
    const struct form_ref *forms;
    size_t form_count;
    struct aliases aliases;
    struct evidence evidence;
};

struct event_ref {
    const struct event_def *event;
    bool mandatory;
    const struct condition_def *condition; /* true = not collected; or NULL */
    int order_number;                      /* -1 when absent */
    size_t position;
};

/* ---- the crfd part of a version ---- */

struct parameter {
    const char *name, *unit; /* "AGE.MIN", "a" */
    const char *value;
    bool is_number;
    struct decimal number;
    struct evidence evidence;
};

/* A named date that windows and expressions count from. */
struct anchor_def {
    const char *oid, *name;
    const struct formal_expression *expression; /* a date; NULL only in a file that is
                                                   refused */
    struct evidence evidence;
};

enum window_unit { WINDOW_DAYS, WINDOW_HOURS };

struct window {
    const struct event_def *event;
    const struct event_def *anchor;       /* the visit counted from, or NULL: then ... */
    const struct anchor_def *anchor_date; /* ... this anchor */
    int from, to;                         /* after the anchor, both included */
    enum window_unit unit;
    struct evidence evidence;
};

struct safety_section;

struct safety_contact {
    const char *phone, *second_route, *physician; /* "" when the file has none */
};

struct signature_meaning {
    const char *code;
    struct texts text;
};

/* ---- versions and studies ---- */

struct product_section;

struct metadata_version {
    const char *oid, *name;
    struct texts description;
    const struct study *study;
    const struct event_ref *events; /* in the order of Protocol */
    size_t event_count;
    /* every definition, sorted by OID */
    const struct event_def *const *event_defs;
    size_t event_def_count;
    const struct form_def *const *form_defs;
    size_t form_def_count;
    const struct group_def *const *group_defs;
    size_t group_def_count;
    const struct item_def *const *item_defs;
    size_t item_def_count;
    const struct code_list *const *code_lists;
    size_t code_list_count;
    const struct condition_def *const *condition_defs;
    size_t condition_def_count;
    const struct method_def *const *method_defs;
    size_t method_def_count;
    const struct imputation_method *const *imputation_methods;
    size_t imputation_method_count;
    const struct anchor_def *const *anchors; /* sorted by OID */
    size_t anchor_count;
    /* Every expression of the version, in the order of reading: the one place where
     * expressions_compile() sets `compiled`; read-only afterwards. */
    struct formal_expression *const *expressions;
    size_t expression_count;
    const struct expression_dependents *dependents; /* see expression_dependents() */
    const struct parameter *parameters;
    size_t parameter_count;
    const struct window *windows;
    size_t window_count;
    struct safety_contact contact;
    const struct safety_section *safety; /* safety_section.h; NULL: the file has none */
    const char *subject_key_pattern;     /* POSIX ERE, or NULL */
    const char *subject_key_check;       /* "mod23" or "" (see subject_key.h) */
    const struct signature_meaning *signature_meanings;
    size_t signature_meaning_count;
    const struct product_section *product; /* product_section.h; never NULL */
};

struct study {
    const char *oid, *name, *description, *protocol_name;
    const struct admin_data *admin; /* admin.h; empty when the file has no AdminData */
    const struct measurement_unit *const *units; /* sorted by OID */
    size_t unit_count;
    const struct metadata_version *const *versions; /* in file order */
    size_t version_count;
};

/* Look up by OID: logarithmic; NULL when there is none (or OID is NULL). */
const struct metadata_version *study_version(const struct study *study, const char *oid);
const struct measurement_unit *study_unit(const struct study *study, const char *oid);
const struct event_def *version_event(const struct metadata_version *version,
                                      const char *oid);
const struct form_def *version_form(const struct metadata_version *version,
                                    const char *oid);
const struct group_def *version_group(const struct metadata_version *version,
                                      const char *oid);
const struct item_def *version_item(const struct metadata_version *version,
                                    const char *oid);
const struct code_list *version_code_list(const struct metadata_version *version,
                                          const char *oid);
const struct condition_def *version_condition(const struct metadata_version *version,
                                              const char *oid);
const struct method_def *version_method(const struct metadata_version *version,
                                        const char *oid);
const struct anchor_def *version_anchor(const struct metadata_version *version,
                                        const char *oid);
const struct parameter *version_parameter(const struct metadata_version *version,
                                          const char *name);
const struct signature_meaning *
version_signature_meaning(const struct metadata_version *version, const char *code);

/* The reference to a thing in its parent; NULL when it does not stand there. */
const struct event_ref *version_event_ref(const struct metadata_version *version,
                                          const char *event_oid);
const struct form_ref *event_form_ref(const struct event_def *event, const char *form_oid);
const struct group_ref *form_group_ref(const struct form_def *form, const char *group_oid);
const struct item_ref *group_item_ref(const struct group_def *group, const char *item_oid);

/* The first item of FORM or GROUP that has the alias CONTEXT, NAME; item NULL when none. */
struct place_of_item form_find_alias(const struct form_def *form, const char *context,
                                     const char *name);
const struct item_ref *group_find_alias(const struct group_def *group, const char *context,
                                        const char *name);

bool form_allows_role(const struct form_def *form, const char *role);
bool form_masks_role(const struct form_def *form, const char *role); /* crfd:Masked */

#endif
