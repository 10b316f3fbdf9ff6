/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

struct span span_of(const void *data, size_t size)
{
    return (struct span){data, size};
}

struct span span_text(const char *text)
{
    return span_of(text, text == NULL ? 0 : strlen(text));
}

struct span span_bytes(const struct bytes *bytes)
{
    return span_of(bytes->data, bytes->size);
}

bool span_equal(struct span a, struct span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool span_is(struct span a, const char *text)
{
    return span_equal(a, span_text(text));
}

bool span_starts(struct span a, const char *prefix)
{
    size_t size = strlen(prefix);
    return a.size >= size && (size == 0 || memcmp(a.data, prefix, size) == 0);
}

bool span_cut(struct span *rest, char separator, struct span *ret_part)
{
    if (rest->size == 0) {
        return false;
    }
    const uint8_t *end = memchr(rest->data, separator, rest->size);
    if (end == NULL) {
        return false;
    }
    size_t size = (size_t) (end - rest->data);
    *ret_part = span_of(rest->data, size);
    *rest = span_of(end + 1, rest->size - size - 1);
    return true;
}

void *mem_alloc(size_t size)
{
    void *memory = calloc(1, size > 0 ? size : 1);
    if (memory == NULL) {
        die(WHERE, "out of memory");
    }
    return memory;
}

void *mem_grow(void *old, size_t count, size_t size)
{
    size_t total = 0;
    if (__builtin_mul_overflow(count, size, &total)) {
        die(WHERE, "size overflow");
    }
    void *memory = realloc(old, total > 0 ? total : 1);
    if (memory == NULL) {
        die(WHERE, "out of memory");
    }
    return memory;
}

char *mem_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = mem_alloc(size);
    memcpy(copy, text, size);
    return copy;
}

void mem_freep(void *pointer_to_pointer)
{
    void **pointer = pointer_to_pointer;
    free(*pointer);
    *pointer = NULL;
}

void bytes_done(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

void bytes_wipe(struct bytes *bytes)
{
    if (bytes->data != NULL) {
        explicit_bzero(bytes->data, bytes->capacity);
    }
    bytes_done(bytes);
}

void bytes_clear(struct bytes *bytes)
{
    bytes->size = 0;
    if (bytes->data != NULL) {
        bytes->data[0] = 0;
    }
}

void bytes_reserve(struct bytes *bytes, size_t more)
{
    size_t need = 0;
    if (__builtin_add_overflow(bytes->size, more, &need) ||
        __builtin_add_overflow(need, (size_t) 1, &need)) {
        die(WHERE, "size overflow");
    }
    if (need <= bytes->capacity) {
        return;
    }
    size_t capacity = bytes->capacity > 0 ? bytes->capacity : 64;
    while (capacity < need) {
        capacity = capacity > SIZE_MAX / 2 ? need : capacity * 2;
    }
    bytes->data = mem_grow(bytes->data, capacity, 1);
    bytes->capacity = capacity;
    bytes->data[bytes->size] = 0;
}

void bytes_add(struct bytes *bytes, const void *data, size_t size)
{
    bytes_reserve(bytes, size);
    if (size > 0) {
        memcpy(bytes->data + bytes->size, data, size);
    }
    bytes->size += size;
    bytes->data[bytes->size] = 0;
}

void bytes_add_span(struct bytes *bytes, struct span span)
{
    bytes_add(bytes, span.data, span.size);
}

void bytes_add_text(struct bytes *bytes, const char *text)
{
    bytes_add(bytes, text, strlen(text));
}

void bytes_add_char(struct bytes *bytes, char c)
{
    bytes_add(bytes, &c, 1);
}

void bytes_vprintf(struct bytes *bytes, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    BUG_IF(size < 0);
    bytes_reserve(bytes, (size_t) size);
    (void) vsnprintf((char *) bytes->data + bytes->size, (size_t) size + 1, format, again);
    bytes->size += (size_t) size;
    va_end(again);
}

void bytes_printf(struct bytes *bytes, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bytes_vprintf(bytes, format, args);
    va_end(args);
}

const char *bytes_text(const struct bytes *bytes)
{
    return bytes->data != NULL ? (const char *) bytes->data : "";
}
