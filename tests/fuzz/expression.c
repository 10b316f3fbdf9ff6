/* SPDX-License-Identifier: Apache-2.0 */
/*
** expression: any text as an expression, for each level of context node and each use. What
** compiles is evaluated on a casebook with partial data; the answer is the same twice, and a
** derived value is of its item's type.
*/
#include "protocol/study/expression.h"
#include "tests/fuzz/mabs06.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct casebook *casebook(void)
{
    static const struct item_data consent[] = {{.oid = "IT.RFICDTC", .value = "2026-03"}};
    static const struct item_data infusion[] = {
        {.oid = "IT.INFSTDTC", .value = "2026-05-20T10:14:00+02:00"},
        {.oid = "IT.INFVOL", .value = "19.2", .unit = "MU.ML"},
        {.oid = "IT.INFSIDE", .value = "L"},
        {.oid = "IT.INFENDTC", .null = NOT_DONE, .reason = "clock stopped"}};
    static const struct item_data event[] = {{.oid = "IT.AETERM", .value = "fall"},
                                             {.oid = "IT.AETOXGR", .value = "1"}};
    static const struct group_data groups[] = {{"IG.CONSENT", NULL, consent, 1},
                                               {"IG.INFUSION", NULL, infusion, 4},
                                               {"IG.AE", NULL, event, 2}};
    static const struct form_data forms[] = {
        {.key = {"1", "SE.LOG", NULL, "F.AE", "a"}, .groups = &groups[2], .count = 1},
        {.key = {"1", "SE.LOG", NULL, "F.AE", "b"}, .groups = &groups[2], .count = 1},
        {.key = {"1", "SE.V1", NULL, "F.CONSENT", NULL}, .groups = &groups[0], .count = 1},
        {.key = {"1", "SE.V4", NULL, "F.INFUSION", NULL},
         .groups = &groups[1],
         .count = 1}};
    static const struct form_data *const list[] = {&forms[0], &forms[1], &forms[2],
                                                   &forms[3]};
    static const struct casebook book = {"1", list, 4};
    return &book;
}

static void ignore(void *arg, const struct expression_problem *problem)
{
    (void) arg;
    BUG_IF(problem->rule == NULL || problem->message == NULL || problem->column < 0);
}

static void evaluate(const struct expression *expression, enum expression_level level,
                     struct arena *arena)
{
    const struct metadata_version *version = fuzz_mabs06();
    struct expression_place place = {{"1", "SE.V4", NULL, "F.INFUSION", NULL},
                                     {"IG.INFUSION", NULL, "IT.INFVOL"}};
    struct expression_result first, second;
    struct expression_scope scope = {
        .version = version, .book = casebook(), .scratch = arena};
    place.item.item = level < LEVEL_ITEM ? NULL : place.item.item;
    place.item.group = level < LEVEL_GROUP ? NULL : place.item.group;
    place.form.form = level < LEVEL_FORM ? NULL : place.form.form;
    place.form.event = level < LEVEL_EVENT ? NULL : place.form.event;
    expression_evaluate(expression, &scope, &place, &first);
    expression_evaluate(expression, &scope, &place, &second);
    BUG_IF(first.truth != second.truth || first.kind != second.kind);
    BUG_IF(first.missing_count != second.missing_count);
    for (size_t i = 0; i < first.missing_count; i++) {
        (void) expression_missing_path(&first.missing[i], arena);
    }
    for (size_t i = 0; i < version->item_def_count; i++) {
        struct value value;
        const struct item_def *item = version->item_defs[i];
        const char *text = expression_item_value(&first, &scope, item, arena);
        BUG_IF(text != NULL && !value_parse(item->type, span_text(text), NULL, &value));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum expression_use USES[] = {USE_CONDITION, USE_METHOD, USE_ANCHOR,
                                               USE_GATE};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct expression_report report = {ignore, NULL, NULL};
    if (size == 0) {
        return 0;
    }
    enum expression_level level = data[0] % 5U;
    const struct formal_expression source = {
        .context = "crfd",
        .text = arena_span_text(arena, span_of(data + 1, size - 1)),
        .path = "fuzz",
        .use = USES[data[0] / 5U % ARRAY_LEN(USES)]};
    const struct expression *expression =
        expression_compile(fuzz_mabs06(), &source, level, arena, &report);
    if (expression != NULL) {
        evaluate(expression, level, arena);
    }
    return 0;
}
