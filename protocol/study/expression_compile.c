/* SPDX-License-Identifier: Apache-2.0 */
/*
** Compiling all expressions of a version: each for the levels at which its definition is used,
** since a condition that a form and an item share starts from two different places.
*/
#include "protocol/study/expression_impl.h"
#include "protocol/study/odm_says.h"

/* Notes; every other problem refuses the definition. */
static bool rule_refuses(const char *rule)
{
    return strcmp(rule, "EXPR-07") != 0;
}

void expression_say(struct compiler *c, const char *rule, int column, const char *format,
                    ...)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    bool refuses = rule_refuses(rule);
    va_list args;
    if (refuses && c->failed) {
        return;
    }
    c->failed = c->failed || refuses;
    va_start(args, format);
    bytes_vprintf(&text, odm_says(c->report->language, format), args);
    va_end(args);
    const struct expression_problem problem = {
        refuses,         rule,
        c->source->line, column,
        c->source->path, arena_text(c->arena, bytes_text(&text))};
    c->report->say(c->report->arg, &problem);
}

/* ---- one expression ---- */

static bool is_truth_use(enum expression_use use)
{
    return use != USE_METHOD && use != USE_ANCHOR;
}

/* Does the kind of the whole suit its use? */
static bool suits(struct compiler *c, const struct op *root)
{
    enum kind kind = root->kind == KIND_NODES ? root->value : root->kind;
    if (is_truth_use(c->source->use)) {
        if (root->kind == KIND_TRUTH || root->kind == KIND_NODES) {
            return true;
        }
        expression_say(c, "EXPR-03", root->column,
                       "the expression gives %s, but true or false is wanted here",
                       expression_kind_name(c, kind));
        return false;
    }
    if (root->kind == KIND_NODES && root->attribute == ATTRIBUTE_NONE &&
        root->level != LEVEL_ITEM) {
        expression_say(c, "EXPR-03", root->column,
                       "this path ends at an element that has no value");
        return false;
    }
    if (c->source->use == USE_ANCHOR && kind != KIND_DATE && kind != KIND_ANY) {
        expression_say(c, "EXPR-03", root->column,
                       "the expression gives %s, but an anchor is a date",
                       expression_kind_name(c, kind));
        return false;
    }
    return true;
}

static struct compiler compiler_for(const struct metadata_version *version,
                                    const struct formal_expression *source,
                                    struct arena *arena,
                                    const struct expression_report *report)
{
    return (struct compiler){.version = version,
                             .source = source,
                             .arena = arena,
                             .report = report,
                             .text = span_text(source->text)};
}

static enum kind kind_of_item(const struct item_def *item)
{
    if (item == NULL) {
        return KIND_ANY;
    }
    if (item->type == TYPE_BOOLEAN) {
        return KIND_TRUTH;
    }
    if (data_type_is_number(item->type)) {
        return KIND_NUMBER;
    }
    return data_type_is_dated(item->type) ? KIND_DATE : KIND_TEXT;
}

/* Compile for LEVEL into EXPRESSION; ITEM (or NULL) is what the context node is. */
static bool compile_for(struct compiler *c, enum expression_level level,
                        const struct item_def *item, struct expression *expression)
{
    const struct setting setting = {.level = level,
                                    .item = item,
                                    .own_form = level >= LEVEL_FORM,
                                    .context = level,
                                    .context_value = kind_of_item(item)};
    struct op *root = expression_parse(c);
    if (root == NULL || !expression_resolve(c, root, &setting) || !suits(c, root)) {
        return false;
    }
    expression->roots[level] = root;
    expression->kind = is_truth_use(c->source->use) ? KIND_TRUTH
                       : root->kind == KIND_NODES   ? root->value
                                                    : root->kind;
    expression->reads = c->reads;
    expression->read_count = c->read_count;
    return true;
}

const struct expression *expression_compile(const struct metadata_version *version,
                                            const struct formal_expression *source,
                                            enum expression_level level,
                                            struct arena *arena,
                                            const struct expression_report *report)
{
    struct compiler c = compiler_for(version, source, arena, report);
    struct expression *expression = ARENA_NEW(arena, struct expression);
    return compile_for(&c, level, NULL, expression) ? expression : NULL;
}

const struct expression_read *expression_reads(const struct expression *expression,
                                               size_t *ret_count)
{
    *ret_count = expression->read_count;
    return expression->reads;
}

/* ---- where they are used ---- */

struct job {
    struct formal_expression *source;
    unsigned levels; /* a bit for each level */
    const struct item_def *item;
};

struct jobs {
    struct job *items;
    size_t count;
};

static int by_source(const void *left, const void *right)
{
    const struct job *a = left, *b = right;
    uintptr_t x = (uintptr_t) a->source, y = (uintptr_t) b->source;
    return (x > y) - (x < y);
}

static struct jobs jobs_of(const struct metadata_version *version, struct arena *scratch)
{
    struct jobs jobs = {ARENA_ARRAY(scratch, version->expression_count, struct job),
                        version->expression_count};
    for (size_t i = 0; i < jobs.count; i++) {
        enum expression_use use = version->expressions[i]->use;
        bool subject = use == USE_ANCHOR || use == USE_GATE || use == USE_STOPPING;
        jobs.items[i].source = version->expressions[i];
        jobs.items[i].levels = subject ? 1U << LEVEL_SUBJECT : 0;
    }
    if (jobs.count > 0) {
        qsort(jobs.items, jobs.count, sizeof(jobs.items[0]), by_source);
    }
    return jobs;
}

static struct job *find_job(const struct jobs *jobs, const struct formal_expression *source)
{
    size_t low = 0, high = jobs->count;
    while (source != NULL && low < high) {
        size_t middle = low + (high - low) / 2;
        uintptr_t at = (uintptr_t) jobs->items[middle].source;
        if (at == (uintptr_t) source) {
            return &jobs->items[middle];
        }
        if (at < (uintptr_t) source) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

static void use_at(const struct jobs *jobs, const struct formal_expression *source,
                   enum expression_level level)
{
    struct job *job = find_job(jobs, source);
    if (job != NULL) {
        job->levels |= 1U << level;
    }
}

static void use_condition(const struct jobs *jobs, const struct condition_def *condition,
                          enum expression_level level)
{
    if (condition != NULL) {
        use_at(jobs, condition->expression, level);
    }
}

static void find_item_uses(const struct metadata_version *version, const struct jobs *jobs)
{
    for (size_t i = 0; i < version->item_def_count; i++) {
        const struct item_def *item = version->item_defs[i];
        for (size_t j = 0; j < item->check_count; j++) {
            struct job *job = find_job(jobs, item->checks[j].expression);
            if (job != NULL) {
                job->levels |= 1U << LEVEL_ITEM;
                job->item = item;
            }
        }
    }
    for (size_t i = 0; i < version->group_def_count; i++) {
        const struct group_def *group = version->group_defs[i];
        for (size_t j = 0; j < group->item_count; j++) {
            const struct item_ref *ref = &group->items[j];
            use_condition(jobs, ref->condition, LEVEL_ITEM);
            if (ref->method != NULL) {
                use_at(jobs, ref->method->expression, LEVEL_ITEM);
            }
        }
    }
}

static void find_uses(const struct metadata_version *version, const struct jobs *jobs)
{
    find_item_uses(version, jobs);
    for (size_t i = 0; i < version->form_def_count; i++) {
        const struct form_def *form = version->form_defs[i];
        for (size_t j = 0; j < form->group_count; j++) {
            use_condition(jobs, form->groups[j].condition, LEVEL_GROUP);
        }
    }
    for (size_t i = 0; i < version->event_def_count; i++) {
        const struct event_def *event = version->event_defs[i];
        for (size_t j = 0; j < event->form_count; j++) {
            use_condition(jobs, event->forms[j].condition, LEVEL_FORM);
        }
    }
    for (size_t i = 0; i < version->event_count; i++) {
        use_condition(jobs, version->events[i].condition, LEVEL_EVENT);
    }
}

/* ---- all of a version ---- */

static void compile_job(const struct metadata_version *version, const struct job *job,
                        struct arena *arena, const struct expression_report *report)
{
    struct compiler c = compiler_for(version, job->source, arena, report);
    struct expression *expression = ARENA_NEW(arena, struct expression);
    for (unsigned level = 0; level < LEVELS && !c.failed; level++) {
        c.at = 0;
        c.depth = 0;
        c.nodes = 0;
        if ((job->levels & 1U << level) != 0) {
            (void) compile_for(&c, (enum expression_level) level, job->item, expression);
        }
    }
    if (job->levels == 0) {
        (void) expression_parse(&c); /* used nowhere: no place to start from */
    }
    job->source->compiled = !c.failed && job->levels != 0 ? expression : NULL;
}

void expressions_compile(struct metadata_version *version, struct arena *arena,
                         const struct expression_report *report)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct jobs jobs = jobs_of(version, scratch);
    find_uses(version, &jobs);
    for (size_t i = 0; i < version->expression_count; i++) {
        compile_job(version, find_job(&jobs, version->expressions[i]), arena, report);
    }
    expressions_find_circles(version, arena, report);
    expressions_find_told(version, arena, report);
    version->dependents = expressions_find_dependents(version, arena);
}
