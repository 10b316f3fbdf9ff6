/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why refusals become drafts and not errors: a nurse typed it, so it is kept until somebody
** decides. The number is short because it is read out on the phone.
*/
#include "clients/lib/drafts.h"

#include "base/text.h"

#define DRAFT_NUMBER_MAX 1000000000

static const struct json_limits LIMITS = {
    .depth = 4, .nodes = 40, .string = (size_t) 8 << 20};

static const char *file_name(struct client *client, uint64_t number)
{
    return arena_printf(client->arena, "drafts/%llu.json", (unsigned long long) number);
}

static status numbers(struct client *client, struct draft_list *ret_list, struct err *err)
{
    struct folder_names names = {0};
    struct draft_list list = {0};
    TRY(folder_list(client->folder, "drafts", ".json", client->arena, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        uint64_t number = 0;
        struct span stem = span_of(names.items[i], strlen(names.items[i]) - 5);
        if (text_to_u64(stem, DRAFT_NUMBER_MAX, &number)) {
            *ARENA_PUSH(client->arena, list.items, list.count, list.capacity) =
                (struct draft){.number = number};
        }
    }
    *ret_list = list;
    return OK;
}

status draft_load(struct client *client, uint64_t number, struct draft *ret_draft,
                  struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes text = {0};
    const struct json *root = NULL;
    struct draft draft = {.number = number};
    status kind =
        sealed_read(client->signer, client->folder, file_name(client, number), &text, err);
    if (kind == ERR_NOT_FOUND) {
        return FAIL(err, ERR_NOT_FOUND, "there is no draft %llu",
                    (unsigned long long) number);
    }
    TRY(kind);
    TRY(json_parse(span_bytes(&text), &LIMITS, client->arena, &root, err));
    const char *saved = json_get_string(root, "saved_at");
    draft.label = json_get_string(root, "label");
    draft.why = json_get_string(root, "why");
    draft.jti = json_get_string(root, "jti");
    draft.record = json_get_string(root, "record");
    draft.text = json_get_string(root, "text");
    draft.problem = json_get_string(root, "problem");
    if (draft.label == NULL || draft.why == NULL || saved == NULL ||
        !instant_parse(span_text(saved), &draft.saved_at, NULL)) {
        return FAIL(err, ERR_BAD_INPUT, "draft %llu cannot be read",
                    (unsigned long long) number);
    }
    *ret_draft = draft;
    return OK;
}

static int compare_drafts(const void *a, const void *b)
{
    const struct draft *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

status draft_list(struct client *client, struct draft_list *ret_list, struct err *err)
{
    struct draft_list list = {0};
    TRY(numbers(client, &list, err));
    for (size_t i = 0; i < list.count; i++) {
        TRY(draft_load(client, list.items[i].number, &list.items[i], err));
    }
    if (list.count > 1) {
        qsort(list.items, list.count, sizeof(*list.items), compare_drafts);
    }
    *ret_list = list;
    return OK;
}

static void write_draft(const struct draft *draft, struct bytes *out)
{
    struct json_out json = {.bytes = out};
    char saved[INSTANT_SIZE];
    instant_format(draft->saved_at, saved);
    json_begin(&json, '{');
    json_member(&json, "crf", "draft 1");
    json_member(&json, "label", draft->label);
    json_member(&json, "why", draft->why);
    json_member(&json, "jti", draft->jti);
    json_member(&json, "saved_at", saved);
    json_member(&json, "record", draft->record);
    json_member(&json, "text", draft->text);
    json_member(&json, "problem", draft->problem);
    json_end(&json, '}');
}

/* The number DRAFT gets: its own, that of the same record, or the next. */
static status choose_number(struct client *client, const struct draft *draft,
                            uint64_t *ret_number, bool *ret_known, struct err *err)
{
    struct draft_list list = {0};
    uint64_t last = 0;
    *ret_known = false;
    *ret_number = draft->number;
    TRY(draft_list(client, &list, err));
    for (size_t i = 0; i < list.count; i++) {
        last = list.items[i].number > last ? list.items[i].number : last;
        if (draft->jti != NULL && list.items[i].jti != NULL &&
            strcmp(list.items[i].jti, draft->jti) == 0) {
            *ret_number = list.items[i].number;
            *ret_known = true;
            return OK;
        }
    }
    if (*ret_number == 0) {
        *ret_number = last + 1;
    }
    return OK;
}

static status save(struct client *client, const struct draft *draft, uint64_t *ret_number,
                   struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes text = {0};
    bool known = false;
    TRY(choose_number(client, draft, ret_number, &known, err));
    if (known) {
        return OK;
    }
    write_draft(draft, &text);
    return sealed_write(client->signer, client->folder, file_name(client, *ret_number),
                        span_bytes(&text), err);
}

status draft_save(struct client *client, const struct draft *draft, uint64_t *ret_number,
                  struct err *err)
{
    uint64_t number = 0;
    TRY(folder_lock(client->folder, FOLDER_WRITE, 30, err));
    status kind = save(client, draft, &number, err);
    folder_unlock(client->folder, FOLDER_WRITE);
    if (kind == OK) {
        *ret_number = number;
    }
    return kind;
}

status draft_remove(struct client *client, uint64_t number, struct err *err)
{
    return folder_remove(client->folder, file_name(client, number), err);
}
