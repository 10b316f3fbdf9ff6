/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/casebooks.h"

#include <search.h>

struct form {
    struct form_data *data; /* packed */
    size_t size;
};

struct kept {
    char *subject;
    struct casebook book; /* as it was put, or as it was settled */
    bool settled;
    struct form *forms; /* of the settled casebook, sorted by key */
    const struct form_data **list;
    size_t count, size; /* size: bytes of all of it */
    struct kept *newer, *older;
};

struct casebooks {
    void *by_subject; /* of tsearch() */
    struct kept *newest, *oldest;
    size_t limit, held, count;
};

static int compare(const void *a, const void *b)
{
    const struct kept *left = a;
    const struct kept *right = b;
    return strcmp(left->subject, right->subject);
}

struct casebooks *casebooks_new(size_t limit)
{
    struct casebooks *casebooks = mem_alloc(sizeof(*casebooks));
    casebooks->limit = limit;
    return casebooks;
}

static void take_out(struct casebooks *casebooks, struct kept *kept)
{
    *(kept->newer != NULL ? &kept->newer->older : &casebooks->newest) = kept->older;
    *(kept->older != NULL ? &kept->older->newer : &casebooks->oldest) = kept->newer;
    kept->newer = NULL;
    kept->older = NULL;
}

static void put_first(struct casebooks *casebooks, struct kept *kept)
{
    kept->older = casebooks->newest;
    *(casebooks->newest != NULL ? &casebooks->newest->newer : &casebooks->oldest) = kept;
    casebooks->newest = kept;
}

static void drop(struct casebooks *casebooks, struct kept *kept)
{
    take_out(casebooks, kept);
    (void) tdelete(kept, &casebooks->by_subject, compare);
    casebooks->held -= kept->size;
    casebooks->count--;
    for (size_t i = 0; i < kept->count; i++) {
        free(kept->forms[i].data);
    }
    free(kept->forms);
    free(kept->list);
    free(kept->subject);
    free(kept);
}

void casebooks_clear(struct casebooks *casebooks)
{
    while (casebooks->oldest != NULL) {
        drop(casebooks, casebooks->oldest);
    }
}

void casebooks_free(struct casebooks *casebooks)
{
    if (casebooks != NULL) {
        casebooks_clear(casebooks);
        free(casebooks);
    }
}

static struct kept *find(struct casebooks *casebooks, const char *subject)
{
    CLEANUP(mem_freep) char *copy = mem_text(subject);
    struct kept wanted = {.subject = copy};
    struct kept **found = tfind(&wanted, &casebooks->by_subject, compare);
    return found != NULL ? *found : NULL;
}

const struct casebook *casebooks_get(struct casebooks *casebooks, const char *subject)
{
    struct kept *kept = find(casebooks, subject);
    if (kept == NULL) {
        return NULL;
    }
    take_out(casebooks, kept);
    put_first(casebooks, kept);
    return &kept->book;
}

void casebooks_put(struct casebooks *casebooks, const struct casebook *book)
{
    struct kept *kept = find(casebooks, book->subject);
    if (kept == NULL) {
        kept = mem_alloc(sizeof(*kept));
        kept->subject = mem_text(book->subject);
        BUG_IF(tsearch(kept, &casebooks->by_subject, compare) == NULL);
        put_first(casebooks, kept);
        casebooks->count++;
    }
    kept->book = *book;
    kept->book.subject = kept->subject;
    kept->settled = false;
}

/* The form of KEPT that was DATA when it was last settled; NULL for a borrowed one. AT walks
 * along: both are sorted by key. */
static struct form *own_form(const struct kept *kept, size_t *at,
                             const struct form_data *data)
{
    while (*at < kept->count &&
           form_key_compare(&kept->forms[*at].data->key, &data->key) < 0) {
        (*at)++;
    }
    return *at < kept->count && kept->forms[*at].data == data ? &kept->forms[*at] : NULL;
}

static void replace_forms(struct kept *kept, struct form *forms, size_t count)
{
    for (size_t i = 0; i < kept->count; i++) {
        free(kept->forms[i].data); /* NULL: it has moved */
    }
    free(kept->forms);
    free(kept->list);
    kept->forms = forms;
    kept->count = count;
    kept->list = mem_alloc((count + 1) * sizeof(*kept->list));
    kept->size = sizeof(*kept) + strlen(kept->subject) + 1 +
                 count * (sizeof(*forms) + sizeof(*kept->list));
    for (size_t i = 0; i < count; i++) {
        kept->list[i] = forms[i].data;
        kept->size += forms[i].size;
    }
    kept->book.forms = kept->list;
    kept->book.count = count;
    kept->settled = true;
}

void casebooks_settle(struct casebooks *casebooks, const char *subject)
{
    struct kept *kept = find(casebooks, subject);
    if (kept == NULL || kept->settled) {
        return;
    }
    size_t count = kept->book.count;
    struct form *forms = mem_alloc((count + 1) * sizeof(*forms));
    size_t at = 0;
    /* copy first: what is borrowed may borrow from what was settled before */
    for (size_t i = 0; i < count; i++) {
        const struct form_data *data = kept->book.forms[i];
        const struct form *own = own_form(kept, &at, data);
        if (own != NULL) {
            forms[i] = *own;
        } else {
            forms[i].data = form_data_pack(data, &forms[i].size);
        }
    }
    at = 0;
    for (size_t i = 0; i < count; i++) {
        struct form *own = own_form(kept, &at, forms[i].data);
        if (own != NULL) {
            own->data = NULL;
            at++;
        }
    }
    casebooks->held -= kept->size;
    replace_forms(kept, forms, count);
    casebooks->held += kept->size;
}

void casebooks_drop(struct casebooks *casebooks, const char *subject)
{
    struct kept *kept = find(casebooks, subject);
    if (kept != NULL) {
        drop(casebooks, kept);
    }
}

void casebooks_trim(struct casebooks *casebooks)
{
    while (casebooks->oldest != NULL && casebooks->held > casebooks->limit) {
        drop(casebooks, casebooks->oldest);
    }
}

size_t casebooks_held(const struct casebooks *casebooks)
{
    return casebooks->held;
}

size_t casebooks_count(const struct casebooks *casebooks)
{
    return casebooks->count;
}
