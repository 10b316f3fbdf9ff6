/* SPDX-License-Identifier: Apache-2.0 */
/*
** expression_impl: the shape of a compiled expression, and what its parts share. For
** expression*.c only.
**
** An expression is a tree of operators (struct op) in the arena of its definition. A path is a
** chain of steps; behind the resolver each step knows the level of its nodes and, where an OID
** was named, the definitions it selects. A node that the definition foresees and the casebook
** does not hold is a node all the same: absent, so that all that is asked of it is unknown.
*/
#ifndef CRFD_STUDY_EXPRESSION_IMPL_H
#define CRFD_STUDY_EXPRESSION_IMPL_H

#include "protocol/study/expression.h"

#define LEVELS 5

/* ---- the tree ---- */

enum op_code {
    OP_OR,
    OP_AND,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_MODULO,
    OP_NEGATE,
    OP_NUMBER,
    OP_TEXT,
    OP_AT,
    OP_BATCH,
    OP_CALL,
    OP_PATH, /* steps from the context node, or from `first` where it is there */
};

/* What a value is. NODES is a set of nodes, whose values are of op.value. */
enum kind { KIND_ANY, KIND_TRUTH, KIND_NUMBER, KIND_DATE, KIND_TEXT, KIND_NODES };

enum axis { AXIS_ROOT, AXIS_CHILD, AXIS_DESCENDANT, AXIS_SELF, AXIS_UP, AXIS_ATTRIBUTE };

enum attribute {
    ATTRIBUTE_NONE, /* the element: of ItemData, its value */
    ATTRIBUTE_VALUE,
    ATTRIBUTE_NULL,
    ATTRIBUTE_OID,    /* of any level: StudyEventOID, FormOID, ... */
    ATTRIBUTE_REPEAT, /* StudyEventRepeatKey, FormRepeatKey, ItemGroupRepeatKey */
};

enum function {
    CALL_BOOLEAN,
    CALL_CEILING,
    CALL_CONCAT,
    CALL_CONTAINS,
    CALL_COUNT,
    CALL_CURRENT,
    CALL_DATE_ADD,
    CALL_DAYS,
    CALL_EXISTS,
    CALL_FALSE,
    CALL_FIRST,
    CALL_FLOOR,
    CALL_HOURS,
    CALL_IF,
    CALL_LAST,
    CALL_LATEST,
    CALL_MAX,
    CALL_MIN,
    CALL_MINUTES,
    CALL_NORMALISED,
    CALL_NOT,
    CALL_NULL,
    CALL_NUMBER,
    CALL_POSITION,
    CALL_ROUND,
    CALL_STARTS_WITH,
    CALL_STRING,
    CALL_STRING_LENGTH,
    CALL_SUM,
    CALL_TRUE,
    CALL_YEARS,
};

struct op;

/* The definitions that a step selects at one level; items NULL: every one. */
struct selection {
    const void *const *items;
    size_t count;
};

struct predicate {
    struct op *test;
    struct predicate *next;
};

struct step {
    enum axis axis;
    int column;
    const char *name;            /* as written; "*" for any */
    enum expression_level level; /* of the nodes it yields */
    enum attribute attribute;    /* AXIS_ATTRIBUTE */
    struct selection select[LEVELS];
    const char *repeat; /* a repeat key that the predicates demand, or NULL */
    struct predicate *predicates;
    struct step *next;
};

struct op {
    enum op_code code;
    enum kind kind;  /* of its result */
    enum kind value; /* KIND_NODES: of the nodes' values */
    int column;
    enum function function;
    struct op *first, *next; /* operands; the next operand of the same parent */
    struct decimal number;
    const char *text; /* OP_TEXT; of a call: its name */
    struct step *steps;
    enum attribute attribute;    /* OP_PATH: of the last step */
    enum expression_level level; /* OP_PATH: of its nodes */
};

struct expression {
    const struct op *roots[LEVELS]; /* by the level of the context node; NULL: not for it */
    enum kind kind;
    const struct expression_read *reads;
    size_t read_count;
};

/* ---- compiling ---- */

struct compiler {
    const struct metadata_version *version;
    const struct formal_expression *source;
    struct arena *arena;
    const struct expression_report *report;
    bool failed;
    /* reading */
    struct span text;
    size_t at;
    int depth, nodes;
    /* what the context node is */
    struct expression_read *reads;
    size_t read_count, read_capacity;
};

/* Report; the first refusal of an expression is enough. */
void expression_say(struct compiler *c, const char *rule, int column, const char *format,
                    ...) PRINTF(4, 5);

/* The tree of c->text, or NULL after a report. */
struct op *expression_parse(struct compiler *c);

/* Where something stands, as far as the definition tells. */
struct setting {
    enum expression_level level;
    const struct event_def *event;
    const struct form_def *form;
    const struct group_def *group;
    const struct item_def *item;
    bool own_form; /* in the form instance of the context node */
    bool predicate;
    enum expression_level context; /* of the expression's own context node: current() */
    enum kind context_value;
};

/* Give each op its kind, each step its level and definitions. False after a report. */
bool expression_resolve(struct compiler *c, struct op *op, const struct setting *setting);
bool expression_resolve_path(struct compiler *c, struct op *path,
                             const struct setting *setting);
/* "a number", in the language of the report. */
const char *expression_kind_name(const struct compiler *c, enum kind kind);
bool expression_function(const char *name, enum function *ret_function);

void expressions_find_circles(const struct metadata_version *version, struct arena *arena,
                              const struct expression_report *report);
/* Note the derived items that tell a role what is masked from it. */
void expressions_find_told(const struct metadata_version *version, struct arena *arena,
                           const struct expression_report *report);
const struct expression_dependents *
expressions_find_dependents(const struct metadata_version *version, struct arena *arena);

/* ---- values ---- */

/* A value in an evaluation. `known` false: nothing can be told of a truth, date or text; a
 * number says by its bounds what is known. */
struct atom {
    enum kind kind; /* never KIND_NODES */
    bool known;
    enum truth truth;
    struct number number;
    struct value when;
    struct span text;
};

struct evaluation;

struct atom atom_unknown(enum kind kind);
struct atom atom_truth(enum truth truth);
struct atom atom_number(struct number number);
struct atom atom_text(struct span text);
struct atom atom_date(const struct value *when);
/* TEXT as a value of ITEM; numbers in the item's first unit. */
struct atom atom_item(struct evaluation *e, const struct item_def *item,
                      const struct item_data *data);
enum truth atom_compare(struct evaluation *e, enum op_code code, const struct atom *a,
                        const struct atom *b);
bool atom_is_known(const struct atom *atom);
enum truth atom_as_truth(const struct atom *atom);
struct number atom_as_number(struct evaluation *e, const struct atom *atom);
struct atom atom_as_text(struct evaluation *e, const struct atom *atom);
struct value atom_as_date(struct evaluation *e, const struct atom *atom);
const char *atom_item_text(struct evaluation *e, const struct atom *atom,
                           const struct item_def *item, struct arena *arena);

struct number number_exact(struct decimal value);
struct number number_unknown(void);
struct number number_apply(struct evaluation *e, enum op_code code, const struct number *a,
                           const struct number *b);
struct number number_least(const struct number *a, const struct number *b);
struct number number_most(const struct number *a, const struct number *b);
enum truth number_compare(enum op_code code, const struct number *a,
                          const struct number *b);

bool date_is_known(const struct value *when);
struct value date_unknown(void);
bool date_parse(const struct zone *zone, enum data_type type, struct span text,
                struct value *ret_when);
enum truth date_compare(enum op_code code, const struct value *a, const struct value *b);
struct number days_between(const struct value *a, const struct value *b);
struct number time_between(const struct value *a, const struct value *b, instant unit);
struct number years_between(const struct value *a, const struct value *b);
/* The earlier (or later) of two dates of which it may not be known which is. */
struct value date_extreme(const struct value *a, const struct value *b, bool later);
/* False for a UNIT that is none of min h d w mo a. */
bool date_add(const struct zone *zone, const struct value *when, int64_t least,
              int64_t most, struct span unit, struct value *ret_when);
/* A date as the text of an item of TYPE, or NULL. */
const char *date_text_of(const struct zone *zone, const struct value *when,
                         enum data_type type, struct arena *arena);

/* ---- evaluating ---- */

struct node {
    enum expression_level level;
    bool doubtful; /* whether it belongs to the set cannot be told */
    bool many;     /* absent, and there may be any number of it */
    bool held;     /* the event is there */
    const struct event_def *event_def;
    const struct form_def *form_def;
    const struct group_def *group_def;
    const struct item_def *item_def;
    const char *event_repeat, *form_repeat, *group_repeat;
    const struct form_data *form; /* NULL: not there */
    const struct group_data *group;
    const struct item_data *item;
};

bool node_is_there(const struct node *node);

#define NODES_NEAR 48 /* nodes without a call of the arena */
#define NESTED_MAX 16 /* derived items that derive from derived items */

struct evaluation {
    const struct expression_scope *scope;
    const struct node *context; /* of the whole expression: current() */
    int steps, nested;
    const char *fault;
    struct expression_missing missing[EXPRESSION_MISSING_MAX];
    size_t missing_count;
    /* a stack of nodes; sets lie on it by index, since it may move */
    struct node *nodes;
    size_t node_count, node_capacity;
    struct node near[NODES_NEAR];
};

/* The node that a predicate or an expression is asked of, and its place in its set. */
struct focus {
    const struct node *node;
    const struct number *position, *last;
};

/* The value of an op; of a path, that of its first node. */
struct atom expression_run(struct evaluation *e, const struct op *op,
                           const struct focus *focus);
enum truth expression_run_truth(struct evaluation *e, const struct op *op,
                                const struct focus *focus);
struct atom expression_call(struct evaluation *e, const struct op *call,
                            const struct focus *focus);

/* Lay the nodes of a PATH (or current()) on the stack, from the index that is given back to
 * its top; set_drop() takes them off. */
size_t set_walk(struct evaluation *e, const struct op *path, const struct focus *focus);
void set_drop(struct evaluation *e, size_t start);
enum truth set_exists(struct evaluation *e, size_t start, enum attribute attribute);
struct atom set_value(struct evaluation *e, size_t start, const struct op *path);
/* How many there are from START to END. */
struct number set_count(struct evaluation *e, size_t start, size_t end,
                        enum attribute attribute);

/* The value of ATTRIBUTE of NODE. False when it certainly has none. */
bool node_atom(struct evaluation *e, const struct node *node, enum attribute attribute,
               struct atom *ret_atom);
void note_missing(struct evaluation *e, const struct node *node);
void note_fault(struct evaluation *e, const char *fault);
bool step_counted(struct evaluation *e); /* one more; false when there were too many */

/* The children of NODE at LEVEL that STEP selects, onto the stack. */
void push_children(struct evaluation *e, const struct node *node, const struct step *step,
                   enum expression_level level);
void push_node(struct evaluation *e, const struct node *node);
struct node node_at(const struct expression_scope *scope,
                    const struct expression_place *place);
struct node node_subject(void);

#endif
