/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdalign.h>

#define BLOCK_SIZE ((size_t) 16 * 1024)

/* Under AddressSanitizer the memory behind each piece is poisoned, so that a read or write
 * past a piece is found as with malloc. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define GUARD ((size_t) 16)
#else
#define GUARD                                 ((size_t) 0)
#define ASAN_POISON_MEMORY_REGION(at, size)   ((void) (at), (void) (size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void) (at), (void) (size))
#endif

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) uint8_t memory[];
};

struct arena {
    struct block *head; /* the block that is being filled */
    size_t total;
};

static struct block *block_new(size_t size)
{
    struct block *block = mem_alloc(sizeof(*block) + size);
    block->size = size;
    ASAN_POISON_MEMORY_REGION(block->memory, size);
    return block;
}

struct arena *arena_new(void)
{
    return mem_alloc(sizeof(struct arena));
}

static void free_blocks(struct block *block)
{
    while (block != NULL) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_free(struct arena *arena)
{
    if (arena != NULL) {
        free_blocks(arena->head);
        free(arena);
    }
}

void arena_freep(struct arena **arena)
{
    arena_free(*arena);
    *arena = NULL;
}

void arena_reset(struct arena *arena)
{
    struct block *keep = arena->head;
    if (keep == NULL) {
        return;
    }
    free_blocks(keep->next);
    keep->next = NULL;
    ASAN_UNPOISON_MEMORY_REGION(keep->memory, keep->used);
    memset(keep->memory, 0, keep->used);
    ASAN_POISON_MEMORY_REGION(keep->memory, keep->used);
    keep->used = 0;
    arena->total = 0;
}

size_t arena_used(const struct arena *arena)
{
    return arena->total;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    BUG_IF(size > SIZE_MAX / 4);
    size_t rounded =
        (size + GUARD + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct block *head = arena->head;
    if (head == NULL || head->size - head->used < rounded) {
        struct block *block =
            block_new(rounded > BLOCK_SIZE / 4 ? rounded + BLOCK_SIZE : BLOCK_SIZE);
        block->next = head;
        arena->head = block;
        head = block;
    }
    void *memory = head->memory + head->used;
    ASAN_UNPOISON_MEMORY_REGION(memory, size);
    head->used += rounded;
    arena->total += rounded;
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t total = 0;
    BUG_IF(__builtin_mul_overflow(count, size, &total));
    return arena_alloc(arena, total);
}

char *arena_span_text(struct arena *arena, struct span span)
{
    char *copy = arena_alloc(arena, span.size + 1);
    if (span.size > 0) {
        memcpy(copy, span.data, span.size);
    }
    return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
    return arena_span_text(arena, span_text(text));
}

struct span arena_span(struct arena *arena, struct span span)
{
    return span_of(arena_span_text(arena, span), span.size);
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    va_list args;
    va_start(args, format);
    bytes_vprintf(&text, format, args);
    va_end(args);
    return arena_span_text(arena, span_bytes(&text));
}

void arena_grow(struct arena *arena, void **items, size_t count, size_t *capacity,
                size_t size)
{
    if (count < *capacity) {
        return;
    }
    size_t more = *capacity > 0 ? *capacity * 2 : 8;
    void *grown = arena_array(arena, more, size);
    if (count > 0) {
        memcpy(grown, *items, count * size);
    }
    *items = grown;
    *capacity = more;
}
