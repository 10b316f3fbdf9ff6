/* SPDX-License-Identifier: Apache-2.0 */
/*
** Two people changed one form. Both versions are shown, answer by answer; the person chooses,
** and the result is a new revision upon the one that is there. The draft stays until it is.
*/
#include "base/text.h"
#include "clients/lib/conflict.h"
#include "clients/lib/form_edit.h"
#include "clients/lib/payload.h"
#include "clients/lib/terminal.h"
#include "clients/site/prepare.h"
#include "clients/site/site.h"
#include "clients/site/version.h"

const struct option MERGE_OPTIONS[] = {
    {"mine", NULL, "take all of the draft"},
    {"theirs", NULL, "take all that is recorded, and drop the draft"},
    {"reason", "TEXT", "why the recorded answers are changed"},
    {"yes", NULL, "sign without asking; for scripts"},
    {NULL, NULL, NULL},
};

struct merging {
    struct client *client;
    struct prepared prepared;
    struct form_data mine;
    const struct form_def *def;
    const struct book_form *theirs;
    struct form_edit edit;
};

static status load_draft(struct merging *merging, uint64_t number, struct err *err)
{
    struct client *client = merging->client;
    struct draft draft;
    const struct json *payload = NULL;
    TRY(draft_load(client, number, &draft, err));
    if (draft.record == NULL) {
        return FAIL(err, ERR_BAD_INPUT,
                    "draft %llu was never sent: go on with the same command that began it",
                    (unsigned long long) number);
    }
    TRY(record_payload(client->arena, draft.record, &payload, err));
    if (!json_equals(json_get(payload, "type"), "form.submit")) {
        return FAIL(err, ERR_BAD_INPUT, "draft %llu is no form",
                    (unsigned long long) number);
    }
    return form_data_from_json(json_get(payload, "data"), client->arena, &merging->mine,
                               err);
}

static status load_theirs(struct merging *merging, struct err *err)
{
    struct client *client = merging->client;
    const struct form_key *key = &merging->mine.key;
    merging->prepared = (struct prepared){.client = client, .subject = key->subject};
    TRY(book_get(client, key->subject, &merging->prepared.book, err));
    merging->prepared.has_book = true;
    TRY(use_version(client, &merging->prepared.book, key, NULL, err));
    merging->def = version_form(client->version, key->form);
    if (merging->def == NULL) {
        return FAIL(err, ERR_NOT_FOUND, "the definition no longer has this form");
    }
    merging->theirs = book_find(&merging->prepared.book, key);
    if (merging->theirs != NULL) {
        say(client->run, "%s was recorded by %s at %s while you were typing.\n",
            "%s is door %s vastgelegd om %s terwijl u typte.\n", book_label(client, key),
            merging->theirs->name,
            conflict_clock(client, merging->theirs->data->received_at));
    }
    merging->edit = form_edit_start(client->arena, merging->def, key,
                                    merging->theirs != NULL ? merging->theirs->data : NULL);
    return OK;
}

static const char *shown(struct merging *merging, const struct item_def *item,
                         const struct item_data *data)
{
    struct typed_context typed = prepare_typed(merging->client);
    const char *text = typed_write(&typed, item, data);
    return text[0] != '\0' ? text : "-";
}

/* Mine or theirs for one answer. */
static status choose(struct merging *merging, const struct item_def *item,
                     const struct change *change, bool *ret_mine, struct err *err)
{
    struct client *client = merging->client;
    bool all_mine = invocation_option(client->run, "mine") != NULL;
    say(client->run, "  %s: recorded %s, yours %s\n", "  %s: vastgelegd %s, van u %s\n",
        item_title(item, client->run->language), shown(merging, item, change->old),
        shown(merging, item, change->new));
    if (all_mine) {
        *ret_mine = true;
        return OK;
    }
    if (!terminal_is_there()) {
        return FAIL(err, ERR_BAD_INPUT, "nobody is there to choose: --mine or --theirs");
    }
    return ask_yes(client->run, "    Take yours? [y/N] ", "    Die van u nemen? [j/N] ",
                   false, ret_mine, err);
}

static status choose_all(struct merging *merging, struct err *err)
{
    struct client *client = merging->client;
    struct changes changes =
        form_diff(merging->theirs != NULL ? merging->theirs->data : NULL, &merging->mine,
                  client->arena);
    for (size_t i = 0; i < changes.count; i++) {
        const struct change *change = &changes.items[i];
        const struct group_ref *group = form_group_ref(merging->def, change->item.group);
        const struct item_ref *item =
            group != NULL ? group_item_ref(group->group, change->item.item) : NULL;
        bool mine = change->kind == CHANGE_FILLED;
        if (item == NULL) {
            continue;
        }
        if (!mine) {
            TRY(choose(merging, item->item, change, &mine, err));
        }
        if (mine) {
            form_edit_set(&merging->edit, group, change->item.group_repeat, item,
                          change->new);
        }
    }
    return OK;
}

static status send_merged(struct merging *merging, uint64_t number, struct err *err)
{
    struct invocation *run = merging->client->run;
    struct form_data data = form_edit_data(&merging->edit, merging->mine.state);
    struct prepared_form *form = prepare_add(&merging->prepared, merging->def, &data,
                                             invocation_option(run, "reason"));
    CLEANUP(bytes_wipe) struct bytes line = {0};
    bool asks = form->prior != NULL && form->reason == NULL && terminal_is_there() &&
                form_diff(form->prior->data, &form->data, run->arena).needs_reason;
    if (asks) {
        TRY(ask_line(run, "Why is it changed? ", "Waarom is het gewijzigd? ", &line, err));
        struct span reason = typed_trim(span_bytes(&line));
        form->reason = reason.size > 0 ? arena_span_text(run->arena, reason) : NULL;
    }
    prepare_check(&merging->prepared);
    prepare_say(&merging->prepared);
    TRY(prepare_send(&merging->prepared, invocation_option(run, "yes") != NULL, err));
    return draft_remove(merging->client, number, err);
}

status site_merge(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    uint64_t number = 0;
    if (!text_to_u64(span_text(run->arguments[0]), INT32_MAX, &number)) {
        return FAIL(err, ERR_BAD_INPUT, "a draft has a number; see crf-site drafts");
    }
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
    TRY(client_definition(client, err));
    struct merging merging = {.client = client};
    TRY(load_draft(&merging, number, err));
    TRY(load_theirs(&merging, err));
    if (invocation_option(run, "theirs") != NULL) {
        say(run, "What is recorded stays; draft %llu is removed.\n",
            "Wat vastgelegd is blijft; concept %llu is weg.\n",
            (unsigned long long) number);
        return draft_remove(client, number, err);
    }
    TRY(choose_all(&merging, err));
    return send_merged(&merging, number, err);
}
