/* SPDX-License-Identifier: Apache-2.0 */
/*
** Looking: history, drafts, status.
*/
#include "base/text.h"
#include "clients/lib/form_text.h"
#include "clients/lib/payload.h"
#include "clients/lib/plain.h"
#include "clients/lib/says.h"
#include "clients/lib/submit.h"
#include "clients/site/prepare.h"
#include "clients/site/site.h"
#include "clients/site/where.h"

/* ---- history ---- */

static const char *text_of(struct client *client, const struct json *item, const char *name)
{
    const char *text = json_get_string(item, name);
    return text != NULL ? text_for_terminal(client->arena, text) : "-";
}

/* The last revision seen of each form, as the entries come in their order. */
struct history {
    struct client *client;
    struct form_data *forms;
    size_t count, capacity;
};

static const char *value_text(struct client *client, const struct item_def *item,
                              const struct item_data *data)
{
    const struct typed_context typed = prepare_typed(client);
    const char *text = item != NULL ? typed_write(&typed, item, data)
                       : data != NULL && data->value != NULL ? data->value
                                                             : "";
    return text[0] != '\0' ? text_for_terminal(client->arena, text)
                           : in_words(client->run, "(no answer)", "(geen antwoord)");
}

static void say_changes(struct client *client, const struct form_data *old,
                        const struct form_data *new)
{
    struct changes changes = form_diff(old, new, client->arena);
    for (size_t i = 0; i < changes.count; i++) {
        const struct change *change = &changes.items[i];
        const struct item_def *item = version_item(client->version, change->item.item);
        const char *title =
            item != NULL ? item_title(item, client->run->language) : change->item.item;
        const char *after = value_text(client, item, change->new);
        if (change->kind == CHANGE_FILLED) {
            say(client->run, "        %s: %s\n", "        %s: %s\n", title, after);
        } else {
            say(client->run, "        %s: %s became %s\n", "        %s: %s werd %s\n",
                title, value_text(client, item, change->old), after);
        }
    }
}

/* What a form said, against what it said before. */
static void say_form_data(struct history *history, const struct json *payload)
{
    struct client *client = history->client;
    struct form_data form = {0};
    struct form_data *before = NULL;
    if (!json_equals(json_get(payload, "type"), "form.submit") || client->version == NULL ||
        form_data_from_json(json_get(payload, "data"), client->arena, &form, NULL) != OK) {
        return;
    }
    const char *path = form_key_path(client->arena, &form.key);
    for (size_t i = 0; i < history->count; i++) {
        const char *other = form_key_path(client->arena, &history->forms[i].key);
        before = strcmp(path, other) == 0 ? &history->forms[i] : before;
    }
    say_changes(client, before, &form);
    if (before == NULL) {
        before =
            ARENA_PUSH(client->arena, history->forms, history->count, history->capacity);
    }
    *before = form;
}

/* Who signed a record as what, what it changed and why, from the signed payload itself. */
static void say_record(struct history *history, const char *line)
{
    struct client *client = history->client;
    const struct json *payload = NULL;
    if (line == NULL || record_payload(client->arena, line, &payload, NULL) != OK) {
        return;
    }
    const struct json *signature = json_get(payload, "signature");
    const char *reason = json_get_string(payload, "reason");
    say(client->run, "        %s, %s, %s: \"%s\"\n", "        %s, %s, %s: \"%s\"\n",
        text_of(client, signature, "name"), text_of(client, signature, "role"),
        text_of(client, signature, "signed_at"), text_of(client, signature, "statement"));
    say_form_data(history, payload);
    if (reason != NULL) {
        say(client->run, "        why: %s\n", "        waarom: %s\n",
            text_for_terminal(client->arena, reason));
    }
}

static status show_entry(void *arg, const struct json *item, struct err *err)
{
    struct history *history = arg;
    struct client *client = history->client;
    const struct json *seq = json_get(item, "seq");
    (void) err;
    say(client->run, "%6lld  %s  %s  %s  %s\n", "%6lld  %s  %s  %s  %s\n",
        seq != NULL && seq->kind == J_INTEGER ? (long long) seq->integer : -1,
        text_of(client, item, "time"), text_of(client, item, "type"),
        text_of(client, item, "actor"), text_of(client, item, "version"));
    say_record(history, json_get_string(item, "record"));
    json_put_value(&client->run->result, item);
    return OK;
}

/* What was named: a path, a subject, or one form of it. */
static status find_object(struct client *client, const char **ret_object, struct err *err)
{
    struct invocation *run = client->run;
    CLEANUP(bytes_done) struct bytes path = {0};
    struct where where;
    struct form_key key;
    struct book book;
    if (strchr(run->arguments[0], '/') != NULL) {
        *ret_object = run->arguments[0];
        return OK;
    }
    TRY(where_read(client, run->arguments, run->argument_count, &where, err));
    /* a nullified report is in no casebook, and its history stays */
    *ret_object = where.number != NULL ? where_case(client, where.number) : NULL;
    if (*ret_object != NULL) {
        return OK;
    }
    TRY(where_find_subject(client, &where, err));
    if (where.subject == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "which subject?");
    }
    if (run->argument_count == 1 && where.number == NULL) {
        bytes_add_text(&path, "subject/");
        path_add_segment(&path, where.subject);
        *ret_object = arena_span_text(client->arena, span_bytes(&path));
        return OK;
    }
    TRY(book_get(client, where.subject, &book, err));
    TRY(where_key(&where, &book, &key, err));
    *ret_object = form_key_path(client->arena, &key);
    return OK;
}

status site_history(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    const char *object = NULL;
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
    TRY(client_definition(client, err));
    TRY(find_object(client, &object, err));
    struct history history = {.client = client};
    const char *tail =
        arena_printf(client->arena, "/history?object=%s", client_encode(client, object));
    json_member(&run->result, "object", object);
    json_key(&run->result, "entries");
    json_begin(&run->result, '[');
    status kind = client_pages(client, tail, show_entry, &history, err);
    json_end(&run->result, ']');
    return kind;
}

/* ---- drafts ---- */

static void show_draft(struct client *client, const struct draft *draft)
{
    char at[INSTANT_LOCAL_SIZE];
    instant_format_local(draft->saved_at, client_offset(client, draft->saved_at), at);
    const char *why =
        strcmp(draft->why, "stale") == 0
            ? in_words(client->run, "somebody was faster", "iemand was sneller")
        : strcmp(draft->why, "refused") == 0
            ? in_words(client->run, "not accepted", "niet geaccepteerd")
            : in_words(client->run, "half done", "half ingevuld");
    say(client->run, "%4llu  %.16s  %s: %s\n", "%4llu  %.16s  %s: %s\n",
        (unsigned long long) draft->number, at, draft->label, why);
    struct json_out *json = &client->run->result;
    json_begin(json, '{');
    json_member_integer(json, "draft", (int64_t) draft->number);
    json_member(json, "label", draft->label);
    json_member(json, "why", draft->why);
    json_member(json, "saved_at", at);
    json_end(json, '}');
}

static status show_one(struct client *client, uint64_t number, struct err *err)
{
    struct draft draft;
    TRY(draft_load(client, number, &draft, err));
    json_key(&client->run->result, "drafts");
    json_begin(&client->run->result, '[');
    show_draft(client, &draft);
    json_end(&client->run->result, ']');
    if (draft.problem != NULL) {
        struct https_answer answer = {.code = 422, .media = "application/problem+json"};
        struct problem problem;
        bytes_add_text(&answer.body, draft.problem);
        problem_read(&answer, client->arena, &problem);
        https_answer_done(&answer);
        say(client->run, "%s %s\n", "%s %s\n", problem.title, problem.detail);
        findings_say(client, &problem.findings);
    }
    if (draft.text != NULL) {
        say(client->run, "\n%s\n", "\n%s\n", draft.text);
    }
    return OK;
}

status site_drafts(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct draft_list list = {0};
    uint64_t number = 0;
    TRY(client_open(run, CLIENT_KEY | CLIENT_QUIET, &client, err));
    if (run->argument_count > 0 &&
        !text_to_u64(span_text(run->arguments[0]), INT32_MAX, &number)) {
        return FAIL(err, ERR_BAD_INPUT, "a draft has a number; see crf-site drafts");
    }
    if (run->argument_count == 2) {
        if (strcmp(run->arguments[1], "remove") != 0) {
            return FAIL(err, ERR_BAD_INPUT, "usage: crf-site drafts [NUMBER [remove]]");
        }
        TRY(draft_remove(client, number, err));
        say(run, "Draft %llu is removed.\n", "Concept %llu is verwijderd.\n",
            (unsigned long long) number);
        return OK;
    }
    if (run->argument_count == 1) {
        return show_one(client, number, err);
    }
    TRY(draft_list(client, &list, err));
    json_key(&run->result, "drafts");
    json_begin(&run->result, '[');
    for (size_t i = 0; i < list.count; i++) {
        show_draft(client, &list.items[i]);
    }
    json_end(&run->result, ']');
    if (list.count == 0) {
        say(run, "No drafts.\n", "Geen concepten.\n");
    }
    return OK;
}

/* ---- status ---- */

/* What the study's list of people says of this key. */
struct own_key {
    struct client *client;
    const char *state;
};

static status see_person(void *arg, const struct json *item, struct err *err)
{
    struct own_key *own = arg;
    const struct json *keys = json_get(item, "keys");
    (void) err;
    for (size_t i = 0; keys != NULL && keys->kind == J_ARRAY && i < keys->count; i++) {
        const char *kid = json_get_string(&keys->items[i], "kid");
        if (kid != NULL && strcmp(kid, own->client->passport.kid) == 0) {
            own->state = text_of(own->client, &keys->items[i], "state");
        }
    }
    return OK;
}

/* NULL: nobody has confirmed it yet. */
static const char *key_state(struct client *client)
{
    struct own_key own = {client, NULL};
    if (!client->online || client->passport.kid == NULL) {
        return "-";
    }
    return client_pages(client, "/people", see_person, &own, NULL) == OK &&
                   own.state != NULL
               ? own.state
               : NULL;
}

static void status_json(struct client *client, const char *key, uint64_t seen,
                        size_t waiting, size_t drafts)
{
    struct json_out *json = &client->run->result;
    json_key(json, "online");
    json_put_bool(json, client->online);
    json_member(json, "key", key);
    json_member_integer(json, "size", (int64_t) client->facts.size);
    json_member_integer(json, "verified", (int64_t) seen);
    json_member_integer(json, "holds", (int64_t) client->facts.hold_count);
    json_member_integer(json, "outbox", (int64_t) waiting);
    json_member_integer(json, "drafts", (int64_t) drafts);
}

status site_status(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct outbox_items items = {0};
    struct draft_list drafts = {0};
    struct log_state state = {0};
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    TRY(outbox_list(client, &items, err));
    TRY(draft_list(client, &drafts, err));
    TRY(log_state_load(client->folder, &client->trust, client->arena, &state, err));
    const char *key = key_state(client);
    say(run,
        "service: %s\nyour key: %s\nlog: %llu entries, verified to %llu\nwaiting to be "
        "sent: "
        "%zu\ndrafts: %zu\n",
        "server: %s\nuw sleutel: %s\nlogboek: %llu regels, gecontroleerd tot %llu\nwacht "
        "op "
        "verzending: %zu\nconcepten: %zu\n",
        client->online ? in_words(run, "online", "verbonden")
                       : error_in(run->arena, run->language, client->offline.what),
        key != NULL ? word_of(run, key)
                    : in_words(run, "not confirmed yet", "nog niet bevestigd"),
        (unsigned long long) client->facts.size, (unsigned long long) state.checkpoint.size,
        items.count, drafts.count);
    status_json(client, key != NULL ? key : "not confirmed yet", state.checkpoint.size,
                items.count, drafts.count);
    return OK;
}
