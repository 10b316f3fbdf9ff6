/* SPDX-License-Identifier: Apache-2.0 */
/*
** A study has a handful of definitions and dictionaries, so they stay in a list until the
** program ends.
*/
#include "clients/verify/definitions.h"

#include "protocol/study/dictionary.h"
#include "protocol/study/odm.h"

struct loaded {
    const char *sha256;
    const struct study *study; /* NULL: it did not load, or is a dictionary */
    const struct dictionary *dictionary;
};

struct definition_cache {
    const struct log_source *source;
    struct arena *arena;
    struct loaded *items;
    size_t count, capacity;
    struct err fault; /* the first; kind OK: none */
};

struct definition_cache *definition_cache_new(const struct log_source *source)
{
    struct definition_cache *cache = mem_alloc(sizeof(*cache));
    cache->source = source;
    cache->arena = arena_new();
    return cache;
}

void definition_cache_free(struct definition_cache *cache)
{
    if (cache != NULL) {
        arena_free(cache->arena);
        free(cache);
    }
}

void definition_cache_freep(struct definition_cache **cache)
{
    definition_cache_free(*cache);
    *cache = NULL;
}

static status load(struct definition_cache *cache, struct loaded *item, struct err *err)
{
    CLEANUP(bytes_done) struct bytes xml = {0};
    struct odm_problems problems = {0};
    TRY(cache->source->blob(cache->source->arg, item->sha256, &xml, err));
    struct span kept = arena_span(cache->arena, span_bytes(&xml));
    return dictionary_is(kept) ? dictionary_read(kept, cache->arena, &item->dictionary, err)
                               : odm_read(kept, cache->arena, &item->study, &problems, err);
}

/* One that the judging needs and that is not there is a fault. A dictionary is not: its owner
 * may keep it (a licence), and then its checks cannot tell. */
static const struct loaded *get_loaded(struct definition_cache *cache, const char *sha256,
                                       bool needed)
{
    for (size_t i = 0; i < cache->count; i++) {
        if (strcmp(cache->items[i].sha256, sha256) == 0) {
            return &cache->items[i];
        }
    }
    struct loaded *item =
        ARENA_PUSH(cache->arena, cache->items, cache->count, cache->capacity);
    item->sha256 = arena_text(cache->arena, sha256);
    struct err err = {0};
    if (load(cache, item, &err) != OK) {
        item->study = NULL;
        item->dictionary = NULL;
        cache->fault = needed && cache->fault.kind == OK ? err : cache->fault;
    }
    return item;
}

static const struct metadata_version *get(void *arg, const char *version,
                                          const char *sha256)
{
    const struct loaded *loaded = sha256 != NULL ? get_loaded(arg, sha256, true) : NULL;
    return loaded != NULL && loaded->study != NULL ? study_version(loaded->study, version)
                                                   : NULL;
}

static const struct dictionary *get_dictionary(void *arg, const char *sha256)
{
    return sha256 != NULL ? get_loaded(arg, sha256, false)->dictionary : NULL;
}

struct definitions definition_cache_ask(struct definition_cache *cache)
{
    return (struct definitions){.get = get, .arg = cache, .dictionary = get_dictionary};
}

status definition_cache_fault(const struct definition_cache *cache, struct err *err)
{
    if (cache->fault.kind != OK && err != NULL) {
        *err = cache->fault;
    }
    return cache->fault.kind;
}
