/* SPDX-License-Identifier: Apache-2.0 */
#include "base/status.h"

#include <stdarg.h>

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
