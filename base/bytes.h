/* SPDX-License-Identifier: Apache-2.0 */
/*
** bytes and span: memory with a length.
**
** A `struct span` is borrowed memory, valid as long as its owner says; it need not end
** in NUL. A `struct bytes` owns and grows its memory and always keeps a NUL behind the
** last byte (not counted in size). Memory that is out aborts; sizes are checked for
** overflow.
*/
#ifndef CRFD_BASE_BYTES_H
#define CRFD_BASE_BYTES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct span {
    const uint8_t *data;
    size_t size;
};

struct bytes {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

/* Spans. span_of() borrows; SPAN_LITERAL is for string constants. */
#define SPAN_LITERAL(s) ((struct span){(const uint8_t *) ("" s), sizeof(s) - 1})
struct span span_of(const void *data, size_t size);
struct span span_text(const char *text); /* of a NUL-terminated text; NULL gives empty */
struct span span_bytes(const struct bytes *bytes); /* borrowed until BYTES changes */
bool span_equal(struct span a,
                struct span b); /* not constant time: digests have their own */
bool span_is(struct span a, const char *text);
bool span_starts(struct span a, const char *prefix);

/* Cut the text before the first SEPARATOR off *rest into *ret_part. False when there is
 * none; then nothing has changed. */
bool span_cut(struct span *rest, char separator, struct span *ret_part);

/* Bytes. An all-zero struct is empty and valid. bytes_done releases and empties. */
void bytes_done(struct bytes *bytes);
void bytes_wipe(struct bytes *bytes); /* zero the memory first; for what must not linger
                                         (reserve enough: growing leaves copies behind) */
void bytes_clear(struct bytes *bytes);
void bytes_reserve(struct bytes *bytes, size_t more);
void bytes_add(struct bytes *bytes, const void *data, size_t size);
void bytes_add_span(struct bytes *bytes, struct span span);
void bytes_add_text(struct bytes *bytes, const char *text);
void bytes_add_char(struct bytes *bytes, char c);
void bytes_printf(struct bytes *bytes, const char *format, ...) PRINTF(2, 3);
void bytes_vprintf(struct bytes *bytes, const char *format, va_list args) PRINTF(2, 0);
const char *bytes_text(const struct bytes *bytes); /* NUL-terminated; never NULL */

/* malloc that aborts when memory is out; release with free(). The only allocation beside
 * the arena. */
void *mem_alloc(size_t size); /* zeroed */
void *mem_grow(void *old, size_t count,
               size_t size);      /* realloc of COUNT x SIZE, overflow-checked */
char *mem_text(const char *text); /* copy */

/* For CLEANUP on a char * or void * from mem_alloc. */
void mem_freep(void *pointer_to_pointer);

#endif
