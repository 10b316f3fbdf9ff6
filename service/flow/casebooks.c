/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/casebooks.h"

#include <search.h>

#define PIECES_MAX 64

struct kept {
    char *subject;
    struct casebook book;
    struct arena **arenas;
    size_t arena_count;
    struct kept *newer, *older;
};

struct casebooks {
    void *by_subject; /* of tsearch() */
    struct kept *newest, *oldest;
    size_t limit;
    size_t held; /* bytes of all owned arenas; nothing is allocated in one that is owned */
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
    for (size_t i = 0; i < kept->arena_count; i++) {
        casebooks->held -= arena_used(kept->arenas[i]);
        arena_free(kept->arenas[i]);
    }
    free(kept->arenas);
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
    }
    kept->book = *book;
    kept->book.subject = kept->subject;
}

void casebooks_own(struct casebooks *casebooks, const char *subject, struct arena *arena)
{
    struct kept *kept = find(casebooks, subject);
    if (kept == NULL) {
        arena_free(arena);
        return;
    }
    kept->arenas = mem_grow(kept->arenas, kept->arena_count + 1, sizeof(struct arena *));
    kept->arenas[kept->arena_count++] = arena;
    casebooks->held += arena_used(arena);
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
    for (struct kept *kept = casebooks->newest, *next; kept != NULL; kept = next) {
        next = kept->older;
        if (kept->arena_count > PIECES_MAX) {
            drop(casebooks, kept);
        }
    }
    while (casebooks->oldest != NULL && casebooks->held > casebooks->limit) {
        drop(casebooks, casebooks->oldest);
    }
}
