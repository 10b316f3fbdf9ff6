/* SPDX-License-Identifier: Apache-2.0 */
/*
** A study has a handful of definitions, so they stay in a list until the program ends.
*/
#include "clients/verify/definitions.h"

#include "protocol/study/odm.h"

struct loaded {
    const char *sha256;
    const struct study *study; /* NULL: it did not load */
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
    return odm_read(kept, cache->arena, &item->study, &problems, err);
}

static const struct study *get_study(struct definition_cache *cache, const char *sha256)
{
    for (size_t i = 0; i < cache->count; i++) {
        if (strcmp(cache->items[i].sha256, sha256) == 0) {
            return cache->items[i].study;
        }
    }
    struct loaded *item =
        ARENA_PUSH(cache->arena, cache->items, cache->count, cache->capacity);
    item->sha256 = arena_text(cache->arena, sha256);
    struct err err = {0};
    if (load(cache, item, &err) != OK) {
        item->study = NULL;
        cache->fault = cache->fault.kind == OK ? err : cache->fault;
    }
    return item->study;
}

static const struct metadata_version *get(void *arg, const char *version,
                                          const char *sha256)
{
    const struct study *study = sha256 != NULL ? get_study(arg, sha256) : NULL;
    return study != NULL ? study_version(study, version) : NULL;
}

struct definitions definition_cache_ask(struct definition_cache *cache)
{
    return (struct definitions){.get = get, .arg = cache};
}

status definition_cache_fault(const struct definition_cache *cache, struct err *err)
{
    if (cache->fault.kind != OK && err != NULL) {
        *err = cache->fault;
    }
    return cache->fault.kind;
}
