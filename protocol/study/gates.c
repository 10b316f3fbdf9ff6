/* SPDX-License-Identifier: Apache-2.0 */
/*
** Gates and release criteria are asked, not checked: what is not certainly true stops, and
** says whether it is false or what is missing.
*/
#include "protocol/study/expression.h"
#include "protocol/study/product_section.h"

const char *product_text(struct findings *findings, const char *id, const char *const *args)
{
    size_t count = 0;
    while (args[count] != NULL) {
        count++;
    }
    return message_text(findings->arena, findings->language, id, args, count);
}

static void stop(struct findings *findings, const char *rule, const char *path, bool due,
                 const char *message)
{
    finding_add(findings, &(struct finding){.rule = rule,
                                            .act = ACT_GATE,
                                            .place = PLACE_ACTION,
                                            .due = due,
                                            .path = path,
                                            .message = message});
}

const char *gate_act_name(enum gate_act act)
{
    static const char *const names[GATE_ACTS] = {"enrol", "randomise", "dose.clear",
                                                 "condition", "batch.release"};
    return names[act];
}

/* ---- expressions ---- */

static const char *sentence(struct findings *findings, const struct texts *message,
                            const char *rule)
{
    const char *text = texts_get(message, findings->language);
    return *text != '\0' ? text : PRODUCT_TEXT(findings, "GATE.false", rule);
}

/* What a person calls what is missing: "Birth: date of birth". */
static const char *missing_name(struct findings *findings,
                                const struct metadata_version *version,
                                const struct expression_missing *missing)
{
    const struct form_def *form = version_form(version, missing->form.form);
    const struct item_def *item = version_item(version, missing->item.item);
    const struct event_def *event = version_event(version, missing->form.event);
    const char *language = findings->language;
    if (form != NULL && item != NULL) {
        return arena_printf(findings->arena, "%s: %s", form_title(form, language),
                            item_title(item, language));
    }
    return form != NULL    ? form_title(form, language)
           : event != NULL ? event_title(event, language)
                           : expression_missing_path(missing, findings->arena);
}

static const char *missing_names(struct findings *findings,
                                 const struct metadata_version *version,
                                 const struct expression_result *result)
{
    const char *names[EXPRESSION_MISSING_MAX];
    for (size_t i = 0; i < result->missing_count; i++) {
        names[i] = missing_name(findings, version, &result->missing[i]);
    }
    return message_list(findings->arena, findings->language, names, result->missing_count);
}

/* Ask EXPRESSION; say why when it is not certainly true. */
static void ask(const struct expression_scope *scope, const struct expression_place *place,
                const struct formal_expression *expression, const struct texts *message,
                const char *rule, const char *path, struct findings *findings)
{
    struct expression_result result = {.truth = UNKNOWN};
    if (expression->compiled != NULL) {
        expression_evaluate(expression->compiled, scope, place, &result);
    }
    const char *text = sentence(findings, message, rule);
    if (result.truth == NO) {
        stop(findings, rule, path, false, text);
    } else if (result.truth == UNKNOWN) {
        const char *names = result.missing_count > 0
                                ? missing_names(findings, scope->version, &result)
                            : result.fault != NULL ? result.fault
                                                   : "?";
        stop(findings, rule, path, true,
             PRODUCT_TEXT(findings, "GATE.missing", rule, text, names));
    }
}

/* ---- gates ---- */

/* Is FORM complete where the act is; or, where that visit does not have it, anywhere? */
static bool form_is_complete(const struct metadata_version *version,
                             const struct casebook *book, const struct form_def *form,
                             const char *event)
{
    const struct event_def *here = version_event(version, event);
    bool belongs = here != NULL && event_form_ref(here, form->oid) != NULL;
    const struct form_data *data;
    for (size_t cursor = 0;
         (data = casebook_next_form(book, form->oid, &cursor)) != NULL;) {
        if (data->state == FORM_COMPLETE &&
            (!belongs || strcmp(data->key.event, event) == 0)) {
            return true;
        }
    }
    return false;
}

static bool has_form_gate(const struct metadata_version *version,
                          const struct form_def *form, enum gate_act act)
{
    for (size_t i = 0; i < version->product->gate_count; i++) {
        const struct gate *gate = &version->product->gates[i];
        if (gate->act == act && gate->form == form) {
            return true;
        }
    }
    return false;
}

/* Rule 3, gate or no gate: nobody is eligible before the form that says so is complete. */
static void ask_eligibility(const struct metadata_version *version,
                            const struct casebook *book, const struct gated_act *act,
                            struct findings *findings)
{
    bool enrols = act->act == GATE_ENROL || act->act == GATE_RANDOMISE;
    for (size_t i = 0; enrols && i < version->form_def_count; i++) {
        const struct form_def *form = version->form_defs[i];
        if (form->eligibility && !has_form_gate(version, form, act->act) &&
            !form_is_complete(version, book, form, act->event)) {
            stop(findings, "3", form->oid, true,
                 PRODUCT_TEXT(findings, "GATE.form", "3",
                              form_title(form, findings->language)));
        }
    }
}

void gates_ask(const struct metadata_version *version, const struct casebook *book,
               const struct gated_act *act, struct findings *findings,
               struct findings *overridden)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct expression_scope scope = {.version = version,
                                     .book = book,
                                     .zone = act->zone,
                                     .at = &act->at,
                                     .batch = act->batch,
                                     .scratch = scratch};
    struct expression_place place = {
        .form = {.subject = book != NULL ? book->subject : NULL}};
    ask_eligibility(version, book, act, findings);
    for (size_t i = 0; i < version->product->gate_count; i++) {
        const struct gate *gate = &version->product->gates[i];
        const char *path = arena_printf(findings->arena, "gate/%zu", i + 1);
        struct findings *to =
            gate->can_override && overridden != NULL ? overridden : findings;
        if (gate->act != act->act) {
            continue;
        }
        if (gate->form != NULL &&
            !form_is_complete(version, book, gate->form, act->event)) {
            const char *text = texts_get(&gate->message, to->language);
            const char *title = form_title(gate->form, to->language);
            stop(to, gate->rule, path, true,
                 *text != '\0' ? text : PRODUCT_TEXT(to, "GATE.form", gate->rule, title));
        } else if (gate->expression != NULL) {
            ask(&scope, &place, gate->expression, &gate->message, gate->rule, path, to);
        }
        arena_reset(scratch);
    }
}

/* ---- release ---- */

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strstr(words, word); at != NULL; at = strstr(at + 1, word)) {
        if ((at == words || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' ')) {
            return true;
        }
    }
    return false;
}

void release_ask(const struct metadata_version *version, const char *kind,
                 const struct casebook *book, const struct zone *zone,
                 struct findings *findings)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct expression_scope scope = {
        .version = version, .book = book, .zone = zone, .scratch = scratch};
    struct expression_place place = {
        .form = {.subject = book != NULL ? book->subject : NULL}};
    for (size_t i = 0; i < version->product->criterion_count; i++) {
        const struct release_criterion *criterion = &version->product->criteria[i];
        const char *path = arena_printf(findings->arena, "release/%zu", i + 1);
        if (has_word(criterion->kinds, kind)) {
            ask(&scope, &place, criterion->expression, &criterion->message, criterion->rule,
                path, findings);
            arena_reset(scratch);
        }
    }
}
