/* SPDX-License-Identifier: Apache-2.0 */
/*
** form --edit: the page of text in the person's own editor.
**
** After each round the page is a sealed draft before anything else happens, so that nothing
** typed is lost: not by a refusal, not by a closed terminal. The same command takes it up
** again. Unsealed it lies in memory only (clients/lib/scratch.h).
*/
#include "clients/lib/drafts.h"
#include "clients/lib/scratch.h"
#include "clients/lib/terminal.h"
#include "clients/site/prepare.h"
#include "clients/site/site.h"

struct editing {
    struct client *client;
    const char *label;
    uint64_t draft;
    bool yes;
};

static const char *label_of(struct client *client)
{
    CLEANUP(bytes_done) struct bytes label = {0};
    bytes_add_text(&label, "edit");
    for (int i = 0; i < client->run->argument_count; i++) {
        bytes_printf(&label, " %s", client->run->arguments[i]);
    }
    return arena_span_text(client->arena, span_bytes(&label));
}

static status take_up_again(struct editing *editing, struct bytes *page, struct err *err)
{
    struct client *client = editing->client;
    struct draft_list list = {0};
    TRY(draft_list(client, &list, err));
    for (size_t i = 0; i < list.count; i++) {
        const struct draft *draft = &list.items[i];
        if (strcmp(draft->why, "text") == 0 && strcmp(draft->label, editing->label) == 0 &&
            draft->text != NULL) {
            editing->draft = draft->number;
            bytes_clear(page);
            bytes_add_text(page, draft->text);
        }
    }
    if (editing->draft > 0) {
        note(client->run, "(taken up again: draft %llu)\n", "(verder met concept %llu)\n",
             (unsigned long long) editing->draft);
    }
    return OK;
}

static status keep(struct editing *editing, const struct bytes *page, struct err *err)
{
    struct draft draft = {.number = editing->draft,
                          .label = editing->label,
                          .why = "text",
                          .saved_at = clock_now(editing->client->run->clock),
                          .text = bytes_text(page)};
    return draft_save(editing->client, &draft, &editing->draft, err);
}

/* One round: PAGE into the editor, back, checked. With *ret_again PAGE holds the findings above
 * their lines, and the person wants to go on. */
static status edit_once(struct editing *editing, struct bytes *page,
                        struct prepared *ret_prepared, bool *ret_again, struct err *err)
{
    CLEANUP(scratch_done) struct scratch scratch = {0};
    struct client *client = editing->client;
    *ret_again = false;
    TRY(scratch_open(span_bytes(page), &scratch, err));
    TRY(scratch_edit(&scratch, TEXT_FORM_MAX, page, err));
    TRY(keep(editing, page, err));
    TRY(prepare_read(client, span_bytes(page), ret_prepared, err));
    prepare_check(ret_prepared);
    prepare_say(ret_prepared);
    if (!prepare_is_stopped(ret_prepared) || !terminal_is_there()) {
        return OK;
    }
    bytes_clear(page);
    text_form_annotate(&ret_prepared->text, page);
    return ask_yes(client->run, "Edit it again? [Y/n] ", "Weer bewerken? [J/n] ", true,
                   ret_again, err);
}

static status edit_and_send(struct editing *editing, struct bytes *page, struct err *err)
{
    struct prepared prepared;
    bool again = true;
    while (again) {
        TRY(edit_once(editing, page, &prepared, &again, err));
    }
    TRY(prepare_send(&prepared, editing->yes, err));
    return draft_remove(editing->client, editing->draft, err);
}

status site_edit(struct client *client, struct bytes *page, struct err *err)
{
    struct editing editing = {.client = client,
                              .label = label_of(client),
                              .yes = invocation_option(client->run, "yes") != NULL};
    TRY(take_up_again(&editing, page, err));
    status kind = edit_and_send(&editing, page, err);
    if (kind != OK && editing.draft > 0) {
        note(client->run, "Nothing is lost: draft %llu; the same command goes on.\n",
             "Er is niets verloren: concept %llu; dezelfde opdracht gaat verder.\n",
             (unsigned long long) editing.draft);
    }
    return kind;
}
