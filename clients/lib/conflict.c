/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why the casebook kept on this computer is read before the new one is fetched: it is what the
** person saw, and the only place where the value before stands.
*/
#include "clients/lib/conflict.h"

#include "clients/lib/book.h"
#include "clients/lib/drafts.h"
#include "clients/lib/payload.h"
#include "clients/lib/plain.h"
#include "clients/lib/typed.h"
#include "protocol/study/finding.h"

const char *conflict_clock(struct client *client, instant at)
{
    char then[INSTANT_LOCAL_SIZE], now[INSTANT_LOCAL_SIZE];
    instant today = clock_now(client->run->clock);
    instant_format_local(at, client_offset(client, at), then);
    instant_format_local(today, client_offset(client, today), now);
    return strncmp(then, now, 10) == 0
               ? arena_printf(client->arena, "%.5s", then + 11)
               : message_date(client->arena, client->run->language,
                              arena_printf(client->arena, "%.16s", then));
}

/* The form of the record in draft NUMBER, and the revision it was made upon. */
static bool refused_form(struct client *client, uint64_t number, struct form_data *ret_form,
                         const char **ret_prior)
{
    struct draft draft;
    const struct json *payload = NULL;
    if (draft_load(client, number, &draft, NULL) != OK || draft.record == NULL ||
        record_payload(client->arena, draft.record, &payload, NULL) != OK ||
        !json_equals(json_get(payload, "type"), "form.submit")) {
        return false;
    }
    *ret_prior = json_get_string(payload, "prior");
    return form_data_from_json(json_get(payload, "data"), client->arena, ret_form, NULL) ==
           OK;
}

/* What this computer kept of the form, if that is the revision PRIOR. */
static const struct form_data *seen_form(struct client *client, const struct form_key *key,
                                         const char *prior)
{
    struct book *book = ARENA_NEW(client->arena, struct book);
    bool online = client->online;
    client->online = false;
    status kind = book_get(client, key->subject, book, NULL);
    client->online = online;
    const struct book_form *form = kind == OK ? book_find(book, key) : NULL;
    bool same = form != NULL && prior != NULL && strcmp(form->leaf, prior) == 0;
    return same ? form->data : NULL;
}

/* Who was faster, and what differs from what this person saw. */
static bool find_conflict(struct client *client, uint64_t number,
                          const struct book_form **ret_now, struct changes *ret_changes)
{
    struct form_data form;
    struct book *book = ARENA_NEW(client->arena, struct book);
    const char *prior = NULL;
    if (number == 0 || client_definition(client, NULL) != OK ||
        !refused_form(client, number, &form, &prior)) {
        return false;
    }
    const struct form_data *seen = seen_form(client, &form.key, prior);
    if (book_get(client, form.key.subject, book, NULL) != OK) {
        return false;
    }
    const struct book_form *now = book_find(book, &form.key);
    if (now == NULL) {
        return false;
    }
    *ret_now = now;
    *ret_changes = form_diff(seen, now->data, client->arena);
    return true;
}

static struct typed_context typed_for(struct client *client)
{
    return (struct typed_context){
        .arena = client->arena, .language = client->run->language, .zone = client->zone};
}

/* ---- on the screen ---- */

/* One change is told with its values, several by their names. */
static void tell_changes(struct client *client, const struct changes *changes,
                         struct conflict *conflict)
{
    const char *language = client->run->language;
    const struct typed_context typed = typed_for(client);
    const char **titles = ARENA_ARRAY(client->arena, changes->count + 1, const char *);
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->items[i];
        const struct item_def *item = version_item(client->version, change->item.item);
        titles[i] = item != NULL ? item_title(item, language) : change->item.item;
        if (changes->count == 1 && item != NULL && change->kind == CHANGE_CHANGED) {
            conflict->before = typed_write(&typed, item, change->old);
            conflict->after = typed_write(&typed, item, change->new);
        }
    }
    conflict->item = message_list(client->arena, language, titles, changes->count);
}

const char *conflict_sentence(struct client *client, uint64_t number)
{
    const struct book_form *now = NULL;
    struct changes changes;
    if (!find_conflict(client, number, &now, &changes)) {
        return NULL;
    }
    struct conflict conflict = {
        .who = now->name,
        .when = conflict_clock(client, now->data->received_at),
        .draft = arena_printf(client->arena, "%llu", (unsigned long long) number)};
    tell_changes(client, &changes, &conflict);
    return message_conflict(client->arena, client->run->language, &conflict);
}

/* ---- for a program ---- */

static void write_value(const struct typed_context *typed, const char *name,
                        const struct item_def *item, const struct item_data *data,
                        struct json_out *json)
{
    json_member(json, name,
                item != NULL && data != NULL ? typed_write(typed, item, data) : NULL);
}

static void write_changes(struct client *client, const struct changes *changes,
                          struct json_out *json)
{
    const struct typed_context typed = typed_for(client);
    json_begin(json, '[');
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->items[i];
        const struct item_key *key = &change->item;
        const struct item_def *item = version_item(client->version, key->item);
        json_begin(json, '{');
        json_member(json, "path",
                    item_path(client->arena, key->group, key->group_repeat, key->item));
        write_value(&typed, "before", item, change->old, json);
        write_value(&typed, "after", item, change->new, json);
        json_end(json, '}');
    }
    json_end(json, ']');
}

void conflict_json(struct client *client, uint64_t number, const struct json *current,
                   struct json_out *json)
{
    const struct book_form *now = NULL;
    struct changes changes;
    bool found = find_conflict(client, number, &now, &changes);
    const char *by = json_get_string(current, "by");
    by = by != NULL ? text_for_terminal(client->arena, by) : NULL;
    json_begin(json, '{');
    json_member(json, "by", found ? now->name : by);
    json_member(json, "at", found ? now->time : json_get_string(current, "at"));
    json_key(json, "changes");
    if (found) {
        write_changes(client, &changes, json);
    } else {
        json_put_null(json);
    }
    json_end(json, '}');
}
