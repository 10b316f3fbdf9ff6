/* SPDX-License-Identifier: Apache-2.0 */
/*
** Whether a question is asked at all. Why only what is certainly not collected is left out:
** a question too many costs a second, one too few is an answer that nobody gave.
*/
#include "clients/site/fill.h"
#include "protocol/study/expression.h"

/* The casebook with the form as it stands after the last answer. */
static struct casebook book_now(struct client *client, const struct casebook *book,
                                const struct form_edit *edit)
{
    struct form_data *form = ARENA_NEW(client->arena, struct form_data);
    *form = form_edit_data(edit, FORM_PARTIAL);
    struct casebook none = casebook_make(form->key.subject, NULL, 0, client->arena);
    return casebook_with(book != NULL ? book : &none, form, client->arena);
}

bool fill_skips(struct client *client, const struct casebook *book,
                const struct form_edit *edit, const struct condition_def *condition,
                const struct item_key *where)
{
    const struct zone zone = client_zone(client);
    if (condition == NULL || condition->expression == NULL ||
        condition->expression->compiled == NULL) {
        return false;
    }
    struct casebook now = book_now(client, book, edit);
    const struct expression_scope scope = {
        .version = client->version, .book = &now, .zone = &zone, .scratch = client->arena};
    const struct expression_place place = {.form = edit->key, .item = *where};
    struct expression_result result;
    expression_evaluate(condition->expression->compiled, &scope, &place, &result);
    return result.truth == YES;
}

const char *fill_derived(struct client *client, const struct casebook *book,
                         const struct form_edit *edit, const struct item_key *where)
{
    const struct zone zone = client_zone(client);
    struct derived_list derived = {0};
    struct findings findings = {.arena = client->arena, .language = client->run->language};
    const struct check_context context = client_check_context(client, PLACE_SUBMIT, &zone);
    struct form_data form = form_edit_data(edit, FORM_PARTIAL);
    const char *path =
        item_path(client->arena, where->group, where->group_repeat, where->item);
    check_form(client->version, book, &form, &context, &findings, &derived);
    for (size_t i = 0; i < derived.count; i++) {
        if (strcmp(derived.items[i].path, path) == 0) {
            return derived.items[i].value;
        }
    }
    return NULL;
}
