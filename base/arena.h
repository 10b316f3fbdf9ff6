/* SPDX-License-Identifier: Apache-2.0 */
/*
** arena: memory that is released all at once.
**
** One for each request, each loaded definition, each cached casebook. Memory is zeroed
** and aligned for any type; single pieces are never freed. Inputs are limited before
** they are parsed, so an arena is bounded by its input; arena_used() tells caches how
** much one holds.
*/
#ifndef CRFD_BASE_ARENA_H
#define CRFD_BASE_ARENA_H

#include "base/bytes.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* accepts NULL */
void arena_freep(struct arena **arena);
void arena_reset(struct arena *arena); /* empties it, keeps one block */
size_t arena_used(const struct arena *arena);

void *arena_alloc(struct arena *arena, size_t size);
void *arena_array(struct arena *arena, size_t count, size_t size); /* overflow-checked */
char *arena_text(struct arena *arena, const char *text);
char *arena_span_text(struct arena *arena, struct span span); /* copy, NUL-terminated */
struct span arena_span(struct arena *arena, struct span span);
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF(2, 3);

#define ARENA_NEW(arena, type) ((type *) arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type)                                                    \
    ((type *) arena_array((arena), (count), sizeof(type)))

/* Append one zeroed element to an arena array that doubles when full (old blocks stay until
 * the arena goes). ITEMS is a pointer variable, COUNT and CAPACITY are size_t variables;
 * the value is a pointer to the new element. */
#define ARENA_PUSH(arena, items, count, capacity)                                          \
    (arena_grow((arena), (void **) (void *) &(items), (count), &(capacity),                \
                sizeof(*(items))),                                                         \
     &(items)[(count)++])
void arena_grow(struct arena *arena, void **items, size_t count, size_t *capacity,
                size_t size);

#endif
