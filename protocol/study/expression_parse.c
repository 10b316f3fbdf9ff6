/* SPDX-License-Identifier: Apache-2.0 */
/*
** From the text of an expression to a tree: XPath 1.0 chapters 2, 3 and 3.7, by recursive
** descent, one function for each level of the grammar.
**
** XPath tells `*`, `and`, `or`, `div` and `mod` apart from names by what stands before them.
** Here that needs no rule: where an operator may stand these are operators, where an operand
** is wanted they are names. Depth and number of nodes are bounded, so nothing that a file says
** can exhaust the stack.
*/
#include "protocol/study/expression_impl.h"
#include "protocol/study/odm_says.h"

static struct op *parse_or(struct compiler *c);

/* ---- characters ---- */

static char peek_at(const struct compiler *c, size_t ahead)
{
    return c->at + ahead < c->text.size ? (char) c->text.data[c->at + ahead] : '\0';
}

static void skip_space(struct compiler *c)
{
    while (c->at < c->text.size && strchr(" \t\r\n", peek_at(c, 0)) != NULL) {
        c->at++;
    }
}

static char peek(struct compiler *c)
{
    skip_space(c);
    return peek_at(c, 0);
}

static int column(struct compiler *c)
{
    skip_space(c);
    return (int) c->at + 1;
}

static bool take(struct compiler *c, const char *token)
{
    skip_space(c);
    if (!span_starts(span_of(c->text.data + c->at, c->text.size - c->at), token)) {
        return false;
    }
    c->at += strlen(token);
    return true;
}

static bool is_name_start(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_' ||
           (unsigned char) ch >= 0x80;
}

static bool is_name_char(char ch)
{
    return is_name_start(ch) || (ch >= '0' && ch <= '9') || ch == '-' || ch == '.';
}

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

static size_t name_size(const struct compiler *c)
{
    size_t size = 0;
    while (is_name_char(peek_at(c, size))) {
        size++;
    }
    return is_name_start(peek_at(c, 0)) ? size : 0;
}

/* The operator WORD where an operator may stand. */
static bool take_word(struct compiler *c, const char *word)
{
    skip_space(c);
    size_t size = name_size(c);
    if (size == 0 || !span_is(span_of(c->text.data + c->at, size), word)) {
        return false;
    }
    c->at += size;
    return true;
}

/* "name" or "prefix:name" or "*"; NULL when none stands here. */
static const char *take_name(struct compiler *c)
{
    skip_space(c);
    size_t start = c->at;
    if (peek_at(c, 0) == '*') {
        c->at++;
        return "*";
    }
    size_t size = name_size(c);
    if (size == 0) {
        return NULL;
    }
    c->at += size;
    if (peek_at(c, 0) == ':' && is_name_start(peek_at(c, 1))) {
        c->at++;
        c->at += name_size(c);
    }
    return arena_span_text(c->arena, span_of(c->text.data + start, c->at - start));
}

/* ---- nodes ---- */

static struct op *fail(struct compiler *c, const char *rule, const char *message)
{
    expression_say(c, rule, column(c), "%s", odm_word(c->report->language, message));
    return NULL;
}

static bool count_node(struct compiler *c)
{
    if (++c->nodes > EXPRESSION_NODES_MAX) {
        (void) fail(c, "EXPR-06", "the expression is too long: divide it");
        return false;
    }
    return true;
}

static struct op *new_op(struct compiler *c, enum op_code code, int at)
{
    if (!count_node(c)) {
        return NULL;
    }
    struct op *op = ARENA_NEW(c->arena, struct op);
    op->code = code;
    op->column = at;
    return op;
}

static bool deeper(struct compiler *c)
{
    if (++c->depth > EXPRESSION_DEPTH_MAX) {
        (void) fail(c, "EXPR-06", "too many nested parentheses, predicates or calls");
        return false;
    }
    return true;
}

/* A chain of or (or and) is one node with many operands, so that it is not deep. */
static bool join_chain(enum op_code code, struct op *left, struct op *right)
{
    if ((code != OP_OR && code != OP_AND) || left->code != code) {
        return false;
    }
    struct op *last = left->first;
    while (last->next != NULL) {
        last = last->next;
    }
    last->next = right;
    return true;
}

static struct op *binary(struct compiler *c, enum op_code code, int at, struct op *left,
                         struct op *right)
{
    if (left != NULL && right != NULL && join_chain(code, left, right)) {
        return left;
    }
    struct op *op = left != NULL && right != NULL ? new_op(c, code, at) : NULL;
    if (op != NULL) {
        op->first = left;
        left->next = right;
    }
    return op;
}

/* ---- primary expressions ---- */

static struct op *parse_literal(struct compiler *c, char quote)
{
    int at = column(c);
    size_t start = ++c->at;
    while (c->at < c->text.size && peek_at(c, 0) != quote) {
        c->at++;
    }
    if (c->at == c->text.size) {
        expression_say(c, "EXPR-01", at, "the text that starts here has no closing %c",
                       quote);
        return NULL;
    }
    struct op *op = new_op(c, OP_TEXT, at);
    if (op != NULL) {
        op->text = arena_span_text(c->arena, span_of(c->text.data + start, c->at - start));
        c->at++;
    }
    return op;
}

static struct op *parse_number(struct compiler *c)
{
    struct op *op = new_op(c, OP_NUMBER, column(c));
    size_t start = c->at;
    while (is_digit(peek_at(c, 0)) || peek_at(c, 0) == '.') {
        c->at++;
    }
    struct span text = span_of(c->text.data + start, c->at - start);
    if (op != NULL && !decimal_parse(text, false, &op->number)) {
        expression_say(c, "EXPR-01", op->column,
                       "this is no number of at most %d digits with one decimal point",
                       DECIMAL_DIGITS);
        return NULL;
    }
    return op;
}

/* A crfd:Parameter stands for its value, as if that were written here. */
static struct op *parse_parameter(struct compiler *c, const struct parameter *parameter,
                                  int at)
{
    struct op *op = new_op(c, parameter->is_number ? OP_NUMBER : OP_TEXT, at);
    if (op != NULL) {
        op->number = parameter->number;
        op->text = parameter->is_number ? NULL : parameter->value;
    }
    return op;
}

static struct op *parse_variable(struct compiler *c)
{
    int at = column(c);
    c->at++;
    const char *name = take_name(c);
    if (name != NULL && strcmp(name, "at") == 0) {
        return new_op(c, OP_AT, at);
    }
    if (name != NULL && strcmp(name, "batch") == 0) {
        return new_op(c, OP_BATCH, at);
    }
    const struct parameter *parameter =
        name != NULL ? version_parameter(c->version, name) : NULL;
    if (parameter != NULL) {
        return parse_parameter(c, parameter, at);
    }
    expression_say(c, "EXPR-04", at, "the variables are $at, $batch and the parameters");
    return NULL;
}

static struct op *parse_call(struct compiler *c)
{
    struct op *call = new_op(c, OP_CALL, column(c));
    if (call == NULL || !deeper(c)) {
        return NULL;
    }
    call->text = take_name(c);
    if (!expression_function(call->text, &call->function)) {
        expression_say(c, "EXPR-04", call->column, "there is no function %s()", call->text);
        return NULL;
    }
    (void) take(c, "(");
    struct op **end = &call->first;
    bool more = peek(c) != ')';
    while (more) {
        *end = parse_or(c);
        if (*end == NULL) {
            return NULL;
        }
        end = &(*end)->next;
        more = take(c, ",");
    }
    c->depth--;
    return take(c, ")") ? call : fail(c, "EXPR-01", "a comma or ) is missing here");
}

/* ---- paths ---- */

static bool parse_predicates(struct compiler *c, struct step *step)
{
    struct predicate **end = &step->predicates;
    while (take(c, "[")) {
        if (!deeper(c)) {
            return false;
        }
        struct predicate *predicate = ARENA_NEW(c->arena, struct predicate);
        predicate->test = parse_or(c);
        if (predicate->test == NULL) {
            return false;
        }
        if (!take(c, "]")) {
            (void) fail(c, "EXPR-01", "a ] is missing here");
            return false;
        }
        c->depth--;
        *end = predicate;
        end = &predicate->next;
    }
    return true;
}

static bool parse_axis(struct compiler *c, struct step *step)
{
    static const struct {
        const char *name;
        enum axis axis;
    } AXES[] = {
        {"child::", AXIS_CHILD}, {"attribute::", AXIS_ATTRIBUTE},
        {"self::", AXIS_SELF},   {"parent::", AXIS_UP},
        {"ancestor::", AXIS_UP}, {"descendant::", AXIS_DESCENDANT},
        {"@", AXIS_ATTRIBUTE},
    };
    for (size_t i = 0; i < ARRAY_LEN(AXES); i++) {
        if (take(c, AXES[i].name)) {
            step->axis = AXES[i].axis;
            return true;
        }
    }
    skip_space(c);
    size_t size = name_size(c);
    if (size > 0 && peek_at(c, size) == ':' && peek_at(c, size + 1) == ':') {
        (void) fail(c, "EXPR-04",
                    "this axis is not known: use child, parent, ancestor, "
                    "self, descendant or attribute");
        return false;
    }
    return true;
}

/* One step; it stands behind "//" when DESCENDANT. */
static struct step *parse_step(struct compiler *c, bool descendant)
{
    if (!count_node(c)) {
        return NULL;
    }
    struct step *step = ARENA_NEW(c->arena, struct step);
    step->column = column(c);
    step->axis = descendant ? AXIS_DESCENDANT : AXIS_CHILD;
    step->name = "*";
    if (take(c, "..")) {
        step->axis = AXIS_UP;
    } else if (take(c, ".")) {
        step->axis = AXIS_SELF;
    } else {
        if (!parse_axis(c, step)) {
            return NULL;
        }
        step->name = take_name(c);
        if (step->name == NULL) {
            (void) fail(c, "EXPR-01",
                        peek(c) == '='
                            ? "this operator is not XPath: = != < <= > >= and or not()"
                            : "a value, a path or a function is missing here");
            return NULL;
        }
        if (strcmp(step->name, "node") == 0 && take(c, "(")) {
            step->name = "*";
            if (!take(c, ")")) {
                (void) fail(c, "EXPR-01", "a ) is missing here");
                return NULL;
            }
        }
    }
    if (descendant && step->axis != AXIS_DESCENDANT) {
        expression_say(c, "EXPR-04", step->column,
                       "behind // stands the name of an element, such as //ItemData");
        return NULL;
    }
    return parse_predicates(c, step) ? step : NULL;
}

/* Steps behind what was read: "/a/b", "//a". */
static bool parse_more_steps(struct compiler *c, struct step **end)
{
    while (peek(c) == '/') {
        bool descendant = take(c, "//");
        if (!descendant) {
            (void) take(c, "/");
        }
        *end = parse_step(c, descendant);
        if (*end == NULL) {
            return false;
        }
        end = &(*end)->next;
    }
    return true;
}

static struct op *parse_path(struct compiler *c)
{
    struct op *path = new_op(c, OP_PATH, column(c));
    if (path == NULL) {
        return NULL;
    }
    struct step **end = &path->steps;
    bool absolute = peek(c) == '/', descendant = take(c, "//");
    if (absolute) {
        struct step *root = ARENA_NEW(c->arena, struct step);
        *root = (struct step){.axis = AXIS_ROOT, .column = path->column, .name = "*"};
        *end = root;
        end = &root->next;
        if (!descendant) {
            (void) take(c, "/");
            skip_space(c);
            char ch = peek(c);
            if (!is_name_start(ch) && ch != '*' && ch != '.' && ch != '@') {
                return path;
            }
        }
    }
    *end = parse_step(c, descendant);
    return *end != NULL && parse_more_steps(c, &(*end)->next) ? path : NULL;
}

static bool call_stands_here(struct compiler *c)
{
    size_t start = c->at;
    skip_space(c);
    bool node = name_size(c) == 4 &&
                span_starts(span_of(c->text.data + c->at, c->text.size - c->at), "node");
    const char *name = peek_at(c, 0) != '*' ? take_name(c) : NULL;
    bool call = name != NULL && peek(c) == '(' && !node;
    c->at = start;
    return call;
}

static struct op *parse_parenthesis(struct compiler *c)
{
    (void) take(c, "(");
    struct op *op = deeper(c) ? parse_or(c) : NULL;
    if (op == NULL) {
        return NULL;
    }
    c->depth--;
    return take(c, ")") ? op : fail(c, "EXPR-01", "a ) is missing here");
}

/* A primary expression, with predicates and steps behind it. */
static struct op *parse_filter(struct compiler *c)
{
    char ch = peek(c);
    struct op *op = NULL;
    if (ch == '"' || ch == '\'') {
        op = parse_literal(c, ch);
    } else if (is_digit(ch) || (ch == '.' && is_digit(peek_at(c, 1)))) {
        op = parse_number(c);
    } else if (ch == '$') {
        op = parse_variable(c);
    } else if (ch == '(') {
        op = parse_parenthesis(c);
    } else if (call_stands_here(c)) {
        op = parse_call(c);
    } else {
        return parse_path(c);
    }
    if (op == NULL || (peek(c) != '[' && peek(c) != '/')) {
        return op;
    }
    struct op *path = new_op(c, OP_PATH, op->column);
    struct step *self = ARENA_NEW(c->arena, struct step);
    *self = (struct step){.axis = AXIS_SELF, .column = op->column, .name = "*"};
    if (path == NULL || !parse_predicates(c, self)) {
        return NULL;
    }
    path->first = op;
    path->steps = self;
    return parse_more_steps(c, &self->next) ? path : NULL;
}

/* ---- operators ---- */

static struct op *parse_unary(struct compiler *c)
{
    int at = column(c);
    if (peek(c) != '-') {
        struct op *op = parse_filter(c);
        return op != NULL && peek(c) == '|'
                   ? fail(c, "EXPR-04", "| is not known: write two tests with or")
                   : op;
    }
    (void) take(c, "-");
    struct op *operand = deeper(c) ? parse_unary(c) : NULL;
    struct op *op = operand != NULL ? new_op(c, OP_NEGATE, at) : NULL;
    if (op != NULL) {
        op->first = operand;
        c->depth--;
    }
    return op;
}

static bool take_multiplicative(struct compiler *c, enum op_code *ret_code)
{
    if (take(c, "*")) {
        *ret_code = OP_MULTIPLY;
        return true;
    }
    if (take_word(c, "div")) {
        *ret_code = OP_DIVIDE;
        return true;
    }
    *ret_code = OP_MODULO;
    return take_word(c, "mod");
}

static bool take_additive(struct compiler *c, enum op_code *ret_code)
{
    *ret_code = peek(c) == '+' ? OP_ADD : OP_SUBTRACT;
    return take(c, "+") || take(c, "-");
}

static bool take_relational(struct compiler *c, enum op_code *ret_code)
{
    if (peek(c) != '<' && peek(c) != '>') {
        return false;
    }
    bool less = peek(c) == '<';
    c->at++;
    bool equal = take(c, "=");
    *ret_code = less ? (equal ? OP_LE : OP_LT) : (equal ? OP_GE : OP_GT);
    return true;
}

static bool take_equality(struct compiler *c, enum op_code *ret_code)
{
    *ret_code = peek(c) == '!' ? OP_NE : OP_EQ;
    return take(c, "!=") || take(c, "=");
}

static bool take_and(struct compiler *c, enum op_code *ret_code)
{
    *ret_code = OP_AND;
    return take_word(c, "and");
}

static bool take_or(struct compiler *c, enum op_code *ret_code)
{
    *ret_code = OP_OR;
    return take_word(c, "or");
}

/* From the loosest to the tightest; all bind to the left. */
static bool (*const OPERATORS[])(struct compiler *c, enum op_code *ret_code) = {
    take_or, take_and, take_equality, take_relational, take_additive, take_multiplicative,
};

static struct op *parse_level(struct compiler *c, size_t level)
{
    if (level == ARRAY_LEN(OPERATORS)) {
        return parse_unary(c);
    }
    struct op *left = parse_level(c, level + 1);
    enum op_code code;
    int at = column(c);
    while (left != NULL && OPERATORS[level](c, &code)) {
        left = binary(c, code, at, left, parse_level(c, level + 1));
        at = column(c);
    }
    return left;
}

static struct op *parse_or(struct compiler *c)
{
    return parse_level(c, 0);
}

struct op *expression_parse(struct compiler *c)
{
    if (c->text.size > EXPRESSION_SIZE_MAX) {
        return fail(c, "EXPR-06", "the expression is too long: divide it");
    }
    if (memchr(c->text.data, '\0', c->text.size) != NULL || peek(c) == '\0') {
        return fail(c, "EXPR-01", "there is no expression");
    }
    struct op *op = parse_or(c);
    if (op == NULL) {
        if (!c->failed) {
            return fail(c, "EXPR-01", "the expression ends too early");
        }
        return NULL;
    }
    if (peek(c) == '\0') {
        return op;
    }
    char ch = peek(c);
    bool foreign = strchr("=&|!", ch) != NULL;
    return fail(c, "EXPR-01",
                foreign ? "this operator is not XPath: = != < <= > >= and or not()"
                        : "an operator (= < and + ...) is missing here");
}
