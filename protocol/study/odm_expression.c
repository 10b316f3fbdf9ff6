/* SPDX-License-Identifier: Apache-2.0 */
/*
** FormalExpression and the definitions that carry one: ConditionDef, MethodDef, and the older
** ImputationMethod. An expression may stand in several languages; the one that crfd reads is
** kept, the others are reported, so that nobody believes that they act.
*/
#include <strings.h>

#include "protocol/study/expression.h"
#include "protocol/study/odm_reader.h"

static bool odm_expression_readable(const char *context)
{
    return strcasecmp(context, "XPath") == 0 || strcasecmp(context, "XPath 1.0") == 0 ||
           strcmp(context, "crfd") == 0;
}

static const struct formal_expression *keep(struct reader *reader,
                                            const struct xml_node *node,
                                            const char *context, enum expression_use use)
{
    struct formal_expression *expression =
        ARENA_NEW(reader->arena, struct formal_expression);
    expression->context = context;
    expression->text = arena_text(reader->arena, node->text);
    expression->line = node->line;
    expression->path = odm_path(reader, node);
    expression->use = use;
    *ARENA_PUSH(reader->arena, reader->expressions, reader->version->expression_count,
                reader->expression_capacity) = expression;
    return expression;
}

const struct formal_expression *
odm_expression(struct reader *reader, const struct xml_node *node, enum expression_use use)
{
    const struct formal_expression *kept = NULL;
    for (const struct xml_node *c = xml_child(node, "FormalExpression"); c != NULL;
         c = xml_next(c, "FormalExpression")) {
        const char *context = odm_required(reader, c, "Context");
        if (context[0] == '\0') {
            continue;
        }
        if (!odm_expression_readable(context)) {
            odm_report(reader, c, "ODM-18",
                       "the expression is in the language \"%.60s\"; crfd evaluates "
                       "\"XPath\" and \"crfd\" only, so this one has no effect",
                       context);
        } else if (kept != NULL) {
            odm_report(reader, c, "ODM-18",
                       "a second expression that crfd could read; only the first is used");
        } else {
            kept = keep(reader, c, context, use);
        }
    }
    return kept;
}

void odm_read_conditions(struct reader *reader, const struct xml_node *node,
                         struct version_parts *parts)
{
    for (const struct xml_node *c = xml_child(node, "ConditionDef"); c != NULL;
         c = xml_next(c, "ConditionDef")) {
        struct condition_def *condition = ARENA_NEW(reader->arena, struct condition_def);
        condition->oid = odm_oid(reader, c, "OID");
        condition->name = odm_name(reader, c, condition->oid);
        condition->description = odm_child_texts(reader, c, "Description");
        condition->aliases = odm_aliases(reader, c);
        condition->expression = odm_expression(reader, c, USE_CONDITION);
        definitions_add(reader, &parts->conditions, condition, c);
    }
    reader->version->condition_defs =
        (const struct condition_def *const *) definitions_sort(reader, &parts->conditions);
    reader->version->condition_def_count = parts->conditions.count;
}

void odm_read_methods(struct reader *reader, const struct xml_node *node,
                      struct version_parts *parts)
{
    static const char *const TYPES[] = {"Computation", "Imputation", "Transpose", "Other",
                                        NULL};
    for (const struct xml_node *c = xml_child(node, "MethodDef"); c != NULL;
         c = xml_next(c, "MethodDef")) {
        struct method_def *method = ARENA_NEW(reader->arena, struct method_def);
        method->oid = odm_oid(reader, c, "OID");
        method->name = odm_name(reader, c, method->oid);
        const char *type = odm_text(reader, c, "Type");
        int found = type[0] != '\0' ? odm_choice(reader, c, "Type", type, TYPES) : -1;
        method->type = found >= 0 ? (enum method_type) found : METHOD_OTHER;
        method->description = odm_child_texts(reader, c, "Description");
        method->aliases = odm_aliases(reader, c);
        method->expression = odm_expression(reader, c, USE_METHOD);
        definitions_add(reader, &parts->methods, method, c);
    }
    reader->version->method_defs =
        (const struct method_def *const *) definitions_sort(reader, &parts->methods);
    reader->version->method_def_count = parts->methods.count;
}

void odm_read_imputations(struct reader *reader, const struct xml_node *node,
                          struct version_parts *parts)
{
    for (const struct xml_node *c = xml_child(node, "ImputationMethod"); c != NULL;
         c = xml_next(c, "ImputationMethod")) {
        struct imputation_method *method =
            ARENA_NEW(reader->arena, struct imputation_method);
        method->oid = odm_oid(reader, c, "OID");
        method->text = arena_text(reader->arena, c->text);
        definitions_add(reader, &parts->imputations, method, c);
    }
    reader->version->imputation_methods =
        (const struct imputation_method *const *) definitions_sort(reader,
                                                                   &parts->imputations);
    reader->version->imputation_method_count = parts->imputations.count;
}

static void say_problem(void *arg, const struct expression_problem *problem)
{
    struct reader *reader = arg;
    if (problem->column == 0) {
        odm_report_at(reader, problem->line, problem->path, problem->rule, "%s",
                      problem->message);
        return;
    }
    odm_report_at(reader, problem->line, problem->path, problem->rule,
                  "at character %d: %s", problem->column, problem->message);
}

/* At the end of a version, when every definition that an expression may name is there. */
void odm_close_expressions(struct reader *reader)
{
    const struct expression_report report = {say_problem, reader,
                                             reader->options->language};
    reader->version->expressions = reader->expressions;
    expressions_compile(reader->version, reader->arena, &report);
    for (size_t i = 0; i < reader->conditional_count; i++) {
        const struct conditional *ref = &reader->conditional[i];
        if (ref->condition->expression == NULL ||
            ref->condition->expression->compiled == NULL) {
            odm_report(reader, ref->node, "ODM-29",
                       "nobody can tell when the condition %.120s holds, so what it "
                       "governs is never asked for as missing",
                       ref->condition->oid);
        }
    }
}
