/* SPDX-License-Identifier: Apache-2.0 */
/*
** The names people use for visits, forms and items: short, OID or name, in any case.
*/
#include <strings.h>

#include "clients/lib/form_text_impl.h"

static bool names_it(struct span word, const char *short_name, const char *oid,
                     const char *name)
{
    return (short_name[0] != '\0' && span_is_word(word, short_name)) ||
           span_is_word(word, oid) || span_is_word(word, name);
}

const struct form_def *find_form(const struct metadata_version *version, struct span word)
{
    for (size_t i = 0; i < version->form_def_count; i++) {
        const struct form_def *form = version->form_defs[i];
        if (names_it(word, form->short_name, form->oid, form->name)) {
            return form;
        }
    }
    return NULL;
}

const struct event_def *find_event(const struct metadata_version *version, struct span word)
{
    for (size_t i = 0; i < version->event_def_count; i++) {
        const struct event_def *event = version->event_defs[i];
        if (names_it(word, event->short_name, event->oid, event->name)) {
            return event;
        }
    }
    return NULL;
}

const struct form_def *event_visit_form(const struct event_def *event)
{
    for (size_t i = 0; i < event->form_count; i++) {
        if (event->forms[i].form->meanings[MEANING_SVSTDTC].item != NULL) {
            return event->forms[i].form;
        }
    }
    return NULL;
}

const struct event_def *event_of_log(const struct metadata_version *version,
                                     const struct form_def *form)
{
    const struct event_def *found = NULL;
    for (size_t i = 0; i < version->event_def_count; i++) {
        const struct event_def *event = version->event_defs[i];
        if (event_form_ref(event, form->oid) == NULL) {
            continue;
        }
        if (event->type == EVENT_COMMON) {
            return event;
        }
        found = found != NULL ? found : event;
    }
    return found;
}

const struct form_data *find_numbered(const struct casebook *book, const char *number)
{
    for (size_t i = 0; book != NULL && i < book->count; i++) {
        if (book->forms[i]->number != NULL &&
            strcasecmp(book->forms[i]->number, number) == 0) {
            return book->forms[i];
        }
    }
    return NULL;
}

bool form_find_item(const struct form_def *form, struct span key,
                    const struct group_ref **ret_group, const struct item_ref **ret_item)
{
    for (size_t g = 0; g < form->group_count; g++) {
        const struct group_def *group = form->groups[g].group;
        for (size_t i = 0; i < group->item_count; i++) {
            if (span_is_word(key, group->items[i].item->name)) {
                *ret_group = &form->groups[g];
                *ret_item = &group->items[i];
                return true;
            }
        }
    }
    return false;
}
