/* SPDX-License-Identifier: Apache-2.0 */
/*
** A casebook is a sorted array of pointers to forms that never change; so a new view costs one
** array of pointers, and two casebooks share what they have in common.
*/
#include "protocol/study/casebook.h"

static int by_key(const void *left, const void *right)
{
    const struct form_data *const *a = left, *const *b = right;
    return form_key_compare(&(*a)->key, &(*b)->key);
}

/* The index of KEY, or where it would stand; *ret_found says which. */
static size_t find(const struct form_data *const *forms, size_t count,
                   const struct form_key *key, bool *ret_found)
{
    size_t low = 0, high = count;
    *ret_found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = form_key_compare(key, &forms[middle]->key);
        if (order == 0) {
            *ret_found = true;
            return middle;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

struct ranked {
    const struct form_data *form;
    size_t position;
};

static int by_key_and_position(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    int order = by_key(&a->form, &b->form);
    return order != 0 ? order : (a->position > b->position) - (a->position < b->position);
}

struct casebook casebook_make(const char *subject, const struct form_data *const *forms,
                              size_t count, struct arena *arena)
{
    struct ranked *ranked = ARENA_ARRAY(arena, count, struct ranked);
    const struct form_data **sorted = ARENA_ARRAY(arena, count, const struct form_data *);
    struct casebook book = {subject, sorted, 0};
    for (size_t i = 0; i < count; i++) {
        ranked[i] = (struct ranked){forms[i], i};
    }
    if (count > 0) {
        qsort(ranked, count, sizeof(ranked[0]), by_key_and_position);
    }
    for (size_t i = 0; i < count; i++) {
        bool replaces = book.count > 0 &&
                        form_key_equal(&sorted[book.count - 1]->key, &ranked[i].form->key);
        sorted[replaces ? book.count - 1 : book.count] = ranked[i].form;
        book.count += !replaces;
    }
    return book;
}

struct casebook casebook_with(const struct casebook *base, const struct form_data *form,
                              struct arena *arena)
{
    size_t count = base != NULL ? base->count : 0;
    const struct form_data *const *from = base != NULL ? base->forms : NULL;
    const struct form_data **forms =
        ARENA_ARRAY(arena, count + 1, const struct form_data *);
    bool found = false;
    size_t at = find(from, count, &form->key, &found);
    for (size_t i = 0; i < at; i++) {
        forms[i] = from[i];
    }
    forms[at] = form;
    for (size_t i = at + found; i < count; i++) {
        forms[i + !found] = from[i];
    }
    return (struct casebook){base != NULL ? base->subject : form->key.subject, forms,
                             count + !found};
}

struct casebook casebook_without(const struct casebook *base, const struct form_key *key,
                                 struct arena *arena)
{
    bool found = false;
    size_t at = find(base->forms, base->count, key, &found);
    if (!found) {
        return *base;
    }
    const struct form_data **forms =
        ARENA_ARRAY(arena, base->count, const struct form_data *);
    for (size_t i = 0, out = 0; i < base->count; i++) {
        if (i != at) {
            forms[out++] = base->forms[i];
        }
    }
    return (struct casebook){base->subject, forms, base->count - 1};
}

const struct form_data *casebook_form(const struct casebook *book,
                                      const struct form_key *key)
{
    bool found = false;
    if (book == NULL) {
        return NULL;
    }
    size_t at = find(book->forms, book->count, key, &found);
    return found ? book->forms[at] : NULL;
}

const struct form_data *casebook_next(const struct casebook *book,
                                      const struct metadata_version *version,
                                      enum meaning meaning, size_t *cursor,
                                      const struct form_def **ret_def)
{
    while (book != NULL && *cursor < book->count) {
        const struct form_data *form = book->forms[(*cursor)++];
        const struct form_def *def = version_form(version, form->key.form);
        if (def != NULL && def->meanings[meaning].item != NULL) {
            if (ret_def != NULL) {
                *ret_def = def;
            }
            return form;
        }
    }
    return NULL;
}

const struct form_data *casebook_next_form(const struct casebook *book,
                                           const char *form_oid, size_t *cursor)
{
    while (book != NULL && *cursor < book->count) {
        const struct form_data *form = book->forms[(*cursor)++];
        if (strcmp(form->key.form, form_oid) == 0) {
            return form;
        }
    }
    return NULL;
}

const struct item_data *casebook_item(const struct casebook *book,
                                      const struct form_key *form,
                                      const struct item_key *item)
{
    const struct form_data *found = casebook_form(book, form);
    return found != NULL ? form_item_at(found, item) : NULL;
}
