/* SPDX-License-Identifier: Apache-2.0 */
#include "base/status.h"

#include <stdarg.h>

/* vsnprintf cuts at a byte: take the pieces of a cut UTF-8 character off the end. */
static void trim_cut_character(char *text, size_t capacity)
{
    size_t size = strlen(text);
    size_t tail = 0;
    if (size + 1 < capacity) {
        return;
    }
    while (tail < 3 && tail < size &&
           ((unsigned char) text[size - 1 - tail] & 0xC0) == 0x80) {
        tail++;
    }
    if (tail < size && ((unsigned char) text[size - 1 - tail] & 0xC0) == 0xC0) {
        text[size - 1 - tail] = '\0';
    }
}

status err_set(struct err *err, status kind, const char *where, const char *format, ...)
{
    if (err == NULL) {
        return kind;
    }
    va_list args;
    err->kind = kind;
    err->where = where;
    err->sqlstate[0] = '\0';
    va_start(args, format);
    (void) vsnprintf(err->what, sizeof(err->what), format, args);
    va_end(args);
    trim_cut_character(err->what, sizeof(err->what));
    return kind;
}

const char *status_name(status kind)
{
    static const char *const names[] = {
        [OK] = "ok",
        [ERR_BAD_INPUT] = "bad-input",
        [ERR_UNAUTHENTIC] = "unauthentic",
        [ERR_REJECTED] = "rejected",
        [ERR_NOT_FOUND] = "not-found",
        [ERR_CONFLICT] = "conflict",
        [ERR_TOO_LARGE] = "too-large",
        [ERR_BUSY] = "busy",
        [ERR_UNAVAILABLE] = "unavailable",
        [ERR_TAMPERED] = "tampered",
        [ERR_BUG] = "bug",
    };
    return (size_t) kind < ARRAY_LEN(names) ? names[kind] : "unknown";
}

void die(const char *where, const char *why)
{
    (void) fprintf(stderr, "crfd: fatal at %s: %s\n", where, why);
    abort();
}
