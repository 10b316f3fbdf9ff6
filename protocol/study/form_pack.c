/* SPDX-License-Identifier: Apache-2.0 */
/*
** A parsed form lies scattered among what its parser needed. Who keeps forms for long keeps
** them packed: the structs first, then the texts, and nothing else.
*/
#include "protocol/study/casebook.h"

struct packer {
    struct group_data *group; /* the next one to fill */
    struct item_data *item;
    char *text;
};

static size_t text_size(const char *text)
{
    return text != NULL ? strlen(text) + 1 : 0;
}

static size_t key_size(const struct form_key *key)
{
    return text_size(key->subject) + text_size(key->event) + text_size(key->event_repeat) +
           text_size(key->form) + text_size(key->form_repeat);
}

static size_t group_size(const struct group_data *group)
{
    size_t size = sizeof(*group) + text_size(group->oid) + text_size(group->repeat);
    for (size_t i = 0; i < group->count; i++) {
        const struct item_data *item = &group->items[i];
        size += sizeof(*item) + text_size(item->oid) + text_size(item->value) +
                text_size(item->unit) + text_size(item->reason);
    }
    return size;
}

static const char *pack_text(struct packer *packer, const char *text)
{
    size_t size = text_size(text);
    if (size == 0) {
        return NULL;
    }
    char *copy = packer->text;
    memcpy(copy, text, size);
    packer->text += size;
    return copy;
}

static void pack_group(struct packer *packer, const struct group_data *from)
{
    struct group_data *group = packer->group++;
    struct item_data *items = packer->item;
    *group = (struct group_data){.oid = pack_text(packer, from->oid),
                                 .repeat = pack_text(packer, from->repeat),
                                 .items = items,
                                 .count = from->count};
    for (size_t i = 0; i < from->count; i++) {
        const struct item_data *item = &from->items[i];
        *packer->item++ = (struct item_data){.oid = pack_text(packer, item->oid),
                                             .value = pack_text(packer, item->value),
                                             .unit = pack_text(packer, item->unit),
                                             .null = item->null,
                                             .reason = pack_text(packer, item->reason)};
    }
}

struct form_data *form_data_pack(const struct form_data *form, size_t *ret_size)
{
    size_t structs = sizeof(*form) + form->count * sizeof(struct group_data);
    size_t size = sizeof(*form) + key_size(&form->key) + text_size(form->version) +
                  text_size(form->signer) + text_size(form->number);
    for (size_t i = 0; i < form->count; i++) {
        size += group_size(&form->groups[i]);
        structs += form->groups[i].count * sizeof(struct item_data);
    }
    struct form_data *copy = mem_alloc(size);
    struct group_data *groups = (struct group_data *) (copy + 1);
    struct packer packer = {.group = groups,
                            .item = (struct item_data *) (groups + form->count),
                            .text = (char *) copy + structs};
    *copy = *form;
    copy->key =
        (struct form_key){.subject = pack_text(&packer, form->key.subject),
                          .event = pack_text(&packer, form->key.event),
                          .event_repeat = pack_text(&packer, form->key.event_repeat),
                          .form = pack_text(&packer, form->key.form),
                          .form_repeat = pack_text(&packer, form->key.form_repeat)};
    copy->version = pack_text(&packer, form->version);
    copy->signer = pack_text(&packer, form->signer);
    copy->number = pack_text(&packer, form->number);
    copy->groups = groups;
    for (size_t i = 0; i < form->count; i++) {
        pack_group(&packer, &form->groups[i]);
    }
    BUG_IF(packer.text != (char *) copy + size);
    *ret_size = size;
    return copy;
}
