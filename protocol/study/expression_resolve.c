/* SPDX-License-Identifier: Apache-2.0 */
/*
** What each operator works on: every op gets its kind here, and what can never be meant (a date
** below a number, a code that is no date) is reported while somebody who can mend it is there.
*/
#include "protocol/study/expression_impl.h"
#include "protocol/study/odm_says.h"

const char *expression_kind_name(const struct compiler *c, enum kind kind)
{
    const char *language = c->report->language;
    switch (kind) {
    case KIND_TRUTH:
        return odm_word(language, "true or false");
    case KIND_NUMBER:
        return odm_word(language, "a number");
    case KIND_DATE:
        return odm_word(language, "a date");
    case KIND_TEXT:
        return odm_word(language, "a text");
    case KIND_NODES:
        return odm_word(language, "a path");
    case KIND_ANY:
    default:
        return odm_word(language, "a value");
    }
}

static enum kind value_kind(const struct op *op)
{
    return op->kind == KIND_NODES ? op->value : op->kind;
}

/* Only ItemData, and attributes, have a value. */
static bool has_value(struct compiler *c, const struct op *op)
{
    if (op->kind == KIND_NODES && op->attribute == ATTRIBUTE_NONE &&
        op->level != LEVEL_ITEM) {
        expression_say(c, "EXPR-03", op->column,
                       "this path ends at an element that has no value: go on to "
                       "ItemData/@Value or to an attribute");
        return false;
    }
    return true;
}

static bool want_truth(struct compiler *c, const struct op *op)
{
    if (op->kind == KIND_TRUTH || op->kind == KIND_NODES || op->kind == KIND_ANY) {
        return true;
    }
    expression_say(c, "EXPR-03", op->column,
                   "%s stands where true or false is wanted: compare it with something",
                   expression_kind_name(c, op->kind));
    return false;
}

static bool want_number(struct compiler *c, const struct op *op)
{
    enum kind kind = value_kind(op);
    struct decimal number;
    if (!has_value(c, op)) {
        return false;
    }
    if (kind == KIND_DATE) {
        expression_say(c, "EXPR-03", op->column,
                       "a date is no number: use crfd:days(a, b), crfd:hours(a, b) or "
                       "crfd:years(a, b)");
        return false;
    }
    if (op->code == OP_TEXT && !decimal_parse(span_text(op->text), false, &number)) {
        expression_say(c, "EXPR-03", op->column, "this text is no number");
        return false;
    }
    return true;
}

static bool want_date(struct compiler *c, const struct op *op)
{
    enum kind kind = value_kind(op);
    struct interval when;
    if (!has_value(c, op)) {
        return false;
    }
    if (kind == KIND_NUMBER || kind == KIND_TRUTH) {
        expression_say(c, "EXPR-03", op->column, "%s stands where a date is wanted",
                       expression_kind_name(c, kind));
        return false;
    }
    if (op->code == OP_TEXT && !interval_parse(span_text(op->text), NULL, &when)) {
        expression_say(c, "EXPR-03", op->column,
                       "this text is no date: write 2026, 2026-11, 2026-11-03 or "
                       "2026-11-03T10:14");
        return false;
    }
    return true;
}

/* ---- comparing ---- */

/* Does LITERAL, a text, say something of kind OTHER? */
static bool literal_fits(struct compiler *c, const struct op *literal,
                         const struct op *other)
{
    struct span text = span_text(literal->text);
    struct decimal number;
    if (text.size == 0 && other->kind == KIND_NODES) {
        expression_say(c, "EXPR-03", literal->column,
                       "no value is ever an empty text: ask crfd:exists(path)");
        return false;
    }
    switch (value_kind(other)) {
    case KIND_DATE:
        return want_date(c, literal);
    case KIND_NUMBER:
        if (!decimal_parse(text, true, &number)) {
            expression_say(c, "EXPR-03", literal->column,
                           "a number is compared with a text that is no number");
            return false;
        }
        return true;
    case KIND_TRUTH:
        if (!span_is(text, "true") && !span_is(text, "false") && !span_is(text, "1") &&
            !span_is(text, "0")) {
            expression_say(c, "EXPR-03", literal->column,
                           "a boolean is compared with a text that is neither true nor "
                           "false");
            return false;
        }
        return true;
    case KIND_ANY:
    case KIND_TEXT:
    case KIND_NODES:
    default:
        return true;
    }
}

static const struct step *last_step(const struct op *op)
{
    const struct step *step = op->code == OP_PATH ? op->steps : NULL;
    while (step != NULL && step->next != NULL) {
        step = step->next;
    }
    return step;
}

static bool oid_is_defined(const struct metadata_version *version,
                           enum expression_level level, const char *oid)
{
    switch (level) {
    case LEVEL_EVENT:
        return version_event(version, oid) != NULL;
    case LEVEL_FORM:
        return version_form(version, oid) != NULL;
    case LEVEL_GROUP:
        return version_group(version, oid) != NULL;
    case LEVEL_ITEM:
        return version_item(version, oid) != NULL;
    case LEVEL_SUBJECT:
    default:
        return true;
    }
}

/* An OID that nobody defined, or a code that is not in the list: the test never succeeds. */
static bool literal_is_known(struct compiler *c, const struct op *literal,
                             const struct op *other)
{
    const struct step *step = last_step(other);
    if (step == NULL) {
        return true;
    }
    if (step->attribute == ATTRIBUTE_OID &&
        !oid_is_defined(c->version, step->level, literal->text)) {
        expression_say(c, "EXPR-02", literal->column,
                       "\"%.120s\" is not defined in this version", literal->text);
        return false;
    }
    const struct step *element = other->steps;
    while (element->next != NULL && element->next->axis != AXIS_ATTRIBUTE) {
        element = element->next;
    }
    const struct selection *items = &element->select[LEVEL_ITEM];
    if (step->attribute <= ATTRIBUTE_VALUE && items->items != NULL && items->count == 1) {
        const struct item_def *item = items->items[0];
        if (item->code_list != NULL && !item->code_list->external &&
            value_kind(other) == KIND_TEXT &&
            code_list_get(item->code_list, literal->text) == NULL) {
            expression_say(c, "EXPR-07", literal->column,
                           "\"%.60s\" is no code of %.60s, so this is never equal",
                           literal->text, item->oid);
        }
    }
    return true;
}

static bool kinds_agree(struct compiler *c, const struct op *op, const struct op *a,
                        const struct op *b)
{
    enum kind left = value_kind(a), right = value_kind(b);
    bool date = left == KIND_DATE || right == KIND_DATE;
    bool other = left == KIND_NUMBER || right == KIND_NUMBER || left == KIND_TRUTH ||
                 right == KIND_TRUTH;
    if (!date || !other) {
        return true;
    }
    expression_say(c, "EXPR-03", op->column, "%s cannot be compared with %s",
                   expression_kind_name(c, left), expression_kind_name(c, right));
    return false;
}

static bool resolve_comparison(struct compiler *c, struct op *op)
{
    const struct op *a = op->first, *b = a->next;
    op->kind = KIND_TRUTH;
    /* a set of nodes beside a truth is asked whether there is any */
    bool existence = (a->kind == KIND_NODES && b->kind == KIND_TRUTH) ||
                     (b->kind == KIND_NODES && a->kind == KIND_TRUTH);
    if (existence && value_kind(a) != KIND_DATE && value_kind(b) != KIND_DATE) {
        return true;
    }
    if (!has_value(c, a) || !has_value(c, b) || !kinds_agree(c, op, a, b)) {
        return false;
    }
    if (b->code == OP_TEXT && a->code != OP_TEXT) {
        return literal_fits(c, b, a) && literal_is_known(c, b, a);
    }
    if (a->code == OP_TEXT && b->code != OP_TEXT) {
        return literal_fits(c, a, b) && literal_is_known(c, a, b);
    }
    return true;
}

/* ---- functions ---- */

/* What a function takes, a letter for each argument: T truth, N number, S text, D date,
 * P path, ? anything, + the last again and again; and what it gives. */
struct signature {
    const char *name;
    enum function function;
    const char *takes;
    enum kind gives;
};

static const struct signature SIGNATURES[] = {
    {"boolean", CALL_BOOLEAN, "?", KIND_TRUTH},
    {"ceiling", CALL_CEILING, "N", KIND_NUMBER},
    {"concat", CALL_CONCAT, "SS+", KIND_TEXT},
    {"contains", CALL_CONTAINS, "SS", KIND_TRUTH},
    {"count", CALL_COUNT, "P", KIND_NUMBER},
    {"crfd:date-add", CALL_DATE_ADD, "DNS", KIND_DATE},
    {"crfd:days", CALL_DAYS, "DD", KIND_NUMBER},
    {"crfd:exists", CALL_EXISTS, "P", KIND_TRUTH},
    {"crfd:first", CALL_FIRST, "P", KIND_DATE},
    {"crfd:hours", CALL_HOURS, "DD", KIND_NUMBER},
    {"crfd:if", CALL_IF, "T??", KIND_ANY},
    {"crfd:last", CALL_LATEST, "P", KIND_DATE},
    {"crfd:minutes", CALL_MINUTES, "DD", KIND_NUMBER},
    {"crfd:normalised", CALL_NORMALISED, "P", KIND_NUMBER},
    {"crfd:null", CALL_NULL, "P", KIND_TEXT},
    {"crfd:years", CALL_YEARS, "DD", KIND_NUMBER},
    {"current", CALL_CURRENT, "", KIND_NODES},
    {"false", CALL_FALSE, "", KIND_TRUTH},
    {"floor", CALL_FLOOR, "N", KIND_NUMBER},
    {"last", CALL_LAST, "", KIND_NUMBER},
    {"max", CALL_MAX, "P", KIND_NUMBER},
    {"min", CALL_MIN, "P", KIND_NUMBER},
    {"not", CALL_NOT, "T", KIND_TRUTH},
    {"number", CALL_NUMBER, "?", KIND_NUMBER},
    {"position", CALL_POSITION, "", KIND_NUMBER},
    {"round", CALL_ROUND, "N", KIND_NUMBER},
    {"starts-with", CALL_STARTS_WITH, "SS", KIND_TRUTH},
    {"string", CALL_STRING, "?", KIND_TEXT},
    {"string-length", CALL_STRING_LENGTH, "S", KIND_NUMBER},
    {"sum", CALL_SUM, "P", KIND_NUMBER},
    {"true", CALL_TRUE, "", KIND_TRUTH},
};

bool expression_function(const char *name, enum function *ret_function)
{
    for (size_t i = 0; i < ARRAY_LEN(SIGNATURES); i++) {
        if (strcmp(SIGNATURES[i].name, name) == 0) {
            *ret_function = SIGNATURES[i].function;
            return true;
        }
    }
    return false;
}

static const struct signature *signature_of(enum function function)
{
    for (size_t i = 0; i < ARRAY_LEN(SIGNATURES); i++) {
        if (SIGNATURES[i].function == function) {
            return &SIGNATURES[i];
        }
    }
    return NULL;
}

static bool want(struct compiler *c, char letter, const struct op *op)
{
    switch (letter) {
    case 'T':
        return want_truth(c, op);
    case 'N':
        return want_number(c, op);
    case 'D':
        return want_date(c, op);
    case 'P':
        if (op->kind != KIND_NODES) {
            expression_say(c, "EXPR-03", op->column, "%s stands where a path is wanted",
                           expression_kind_name(c, op->kind));
            return false;
        }
        return true;
    case 'S':
        return has_value(c, op);
    default:
        return true;
    }
}

/* What the arguments say about the result, and what the letters cannot say. */
static bool finish_call(struct compiler *c, struct op *call, const struct setting *setting)
{
    const struct op *first = call->first;
    switch ((int) call->function) {
    case CALL_IF:
        call->kind = value_kind(first->next);
        if (value_kind(first->next) != value_kind(first->next->next)) {
            expression_say(c, "EXPR-03", call->column,
                           "both answers of crfd:if() must be of one kind, not %s and %s",
                           expression_kind_name(c, value_kind(first->next)),
                           expression_kind_name(c, value_kind(first->next->next)));
            return false;
        }
        return has_value(c, first->next) && has_value(c, first->next->next);
    case CALL_MIN:
    case CALL_MAX:
        call->kind = first->value == KIND_DATE ? KIND_DATE : KIND_NUMBER;
        return has_value(c, first);
    case CALL_FIRST:
    case CALL_LATEST:
        return want_date(c, first);
    case CALL_SUM:
    case CALL_NORMALISED:
        return want_number(c, first);
    case CALL_NUMBER:
        return want_number(c, first);
    case CALL_STRING:
        return has_value(c, first);
    case CALL_CURRENT:
        call->level = setting->context;
        call->value = setting->context_value;
        return true;
    case CALL_POSITION:
    case CALL_LAST:
        if (!setting->predicate) {
            expression_say(c, "EXPR-03", call->column, "%s() counts inside [ ] only",
                           call->text);
        }
        return setting->predicate;
    default:
        return true;
    }
}

static bool expression_resolve_call(struct compiler *c, struct op *call,
                                    const struct setting *setting)
{
    const struct signature *signature = signature_of(call->function);
    const char *letter = signature->takes;
    call->kind = signature->gives;
    for (struct op *op = call->first; op != NULL; op = op->next) {
        if (*letter == '\0') {
            expression_say(c, "EXPR-03", op->column, "%s() takes fewer arguments",
                           signature->name);
            return false;
        }
        if (!expression_resolve(c, op, setting) || !want(c, *letter, op)) {
            return false;
        }
        letter += letter[1] != '+';
    }
    if (*letter != '\0' && letter[1] != '+') {
        expression_say(c, "EXPR-03", call->column, "%s() takes more arguments",
                       signature->name);
        return false;
    }
    return finish_call(c, call, setting);
}

/* ---- operators ---- */

static bool resolve_operator(struct compiler *c, struct op *op)
{
    bool logical = op->code == OP_OR || op->code == OP_AND;
    if (op->code >= OP_EQ && op->code <= OP_GE) {
        return resolve_comparison(c, op);
    }
    op->kind = logical ? KIND_TRUTH : KIND_NUMBER;
    for (const struct op *operand = op->first; operand != NULL; operand = operand->next) {
        if (logical ? !want_truth(c, operand) : !want_number(c, operand)) {
            return false;
        }
    }
    return true;
}

static bool resolve_variable(struct compiler *c, struct op *op)
{
    bool gate = c->source->use == USE_GATE;
    op->kind = op->code == OP_AT ? KIND_DATE : KIND_TEXT;
    if (!gate) {
        expression_say(c, "EXPR-04", op->column,
                       "$at and $batch are known at a gate only: nothing else happens at "
                       "one moment");
    }
    return gate;
}

bool expression_resolve(struct compiler *c, struct op *op, const struct setting *setting)
{
    switch (op->code) {
    case OP_NUMBER:
        op->kind = KIND_NUMBER;
        return true;
    case OP_TEXT:
        op->kind = KIND_TEXT;
        return true;
    case OP_AT:
    case OP_BATCH:
        return resolve_variable(c, op);
    case OP_CALL:
        return expression_resolve_call(c, op, setting);
    case OP_PATH:
        return expression_resolve_path(c, op, setting);
    case OP_OR:
    case OP_AND:
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
    case OP_DIVIDE:
    case OP_MODULO:
    case OP_NEGATE:
    default:
        for (struct op *operand = op->first; operand != NULL; operand = operand->next) {
            if (!expression_resolve(c, operand, setting)) {
                return false;
            }
        }
        return resolve_operator(c, op);
    }
}
