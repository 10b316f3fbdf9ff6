/* SPDX-License-Identifier: Apache-2.0 */
/*
** casebook: forms written as JSON, one below the other, and a line with an expression before
** them. The casebook they make is asked the expression at every form, item for item, and each
** form is checked; a view without a form and with it again is the same casebook.
*/
#include "protocol/study/check.h"
#include "protocol/study/expression.h"
#include "tests/fuzz/mabs06.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FORMS_MAX 12
#define ASKED_MAX 30 /* items of a form that are asked */

static void ignore(void *arg, const struct expression_problem *problem)
{
    (void) arg;
    (void) problem;
}

static void ask_items(const struct expression *expression, const struct casebook *book,
                      const struct form_data *form, struct arena *scratch)
{
    const struct expression_scope scope = {
        .version = fuzz_mabs06(), .book = book, .scratch = scratch};
    struct expression_result result;
    size_t asked = 0;
    for (size_t i = 0; i < form->count; i++) {
        const struct group_data *group = &form->groups[i];
        for (size_t j = 0; j < group->count && asked++ < ASKED_MAX; j++) {
            const struct expression_place place = {
                form->key, {group->oid, group->repeat, group->items[j].oid}};
            expression_evaluate(expression, &scope, &place, &result);
            BUG_IF(result.truth != UNKNOWN && result.missing_count > 0);
            arena_reset(scratch);
        }
    }
}

static void use(const struct casebook *book, const struct expression *expression,
                struct arena *arena)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct check_context context = {.signed_at = (instant) 1795252447 * 1000000};
    for (size_t i = 0; i < book->count; i++) {
        const struct form_data *form = book->forms[i];
        struct casebook without = casebook_without(book, &form->key, arena);
        struct casebook again = casebook_with(&without, form, arena);
        struct findings findings = {.arena = arena, .language = "nl"};
        struct derived_list derived;
        BUG_IF(without.count + 1 != book->count || again.count != book->count);
        BUG_IF(casebook_form(&without, &form->key) != NULL ||
               casebook_form(&again, &form->key) != form);
        check_form(fuzz_mabs06(), &without, form, &context, &findings, &derived);
        if (expression != NULL) {
            ask_items(expression, book, form, scratch);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct expression_report report = {ignore, NULL, NULL};
    const struct form_data *forms[FORMS_MAX];
    struct span rest = span_of(data, size), line;
    size_t count = 0;
    if (!span_cut(&rest, '\n', &line)) {
        return 0;
    }
    const struct formal_expression source = {
        .context = "crfd", .text = arena_span_text(arena, line), .path = "fuzz"};
    const struct expression *expression =
        expression_compile(fuzz_mabs06(), &source, LEVEL_ITEM, arena, &report);
    for (bool more = true; more && count < FORMS_MAX;) {
        struct form_data *form = ARENA_NEW(arena, struct form_data);
        const struct json *json = NULL;
        struct err err;
        more = span_cut(&rest, '\n', &line);
        if (json_parse(more ? line : rest, &JSON_RECORD, arena, &json, &err) == OK &&
            form_data_from_json(json, arena, form, &err) == OK) {
            form->key.subject = "1";
            forms[count++] = form;
        }
    }
    struct casebook book = casebook_make("1", forms, count, arena);
    use(&book, expression, arena);
    return 0;
}
