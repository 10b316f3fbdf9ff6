/* SPDX-License-Identifier: Apache-2.0 */
/*
** status and err: how every function of crfd that can fail says so.
**
** A function that can fail returns a `status`, the kind of failure on which the caller
** acts, and fills the `struct err` it was given, which is for people: what, where, what
** to do. Outputs (`ret_x`) are written on success only. FAIL makes an error where it is
** found; TRY hands it up untouched; nobody rewrites it on the way. Nothing in `what` may
** be a clinical value, a key or a token.
*/
#ifndef CRFD_BASE_STATUS_H
#define CRFD_BASE_STATUS_H

#include "base/banned.h"

#define MUST_USE          __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define ARRAY_LEN(a)      (sizeof(a) / sizeof((a)[0]))

typedef enum status {
    OK = 0,
    ERR_BAD_INPUT,   /* cannot be read: HTTP 400, exit 3 */
    ERR_UNAUTHENTIC, /* signature, key or token does not hold: 401 */
    ERR_REJECTED,    /* read and understood, but a rule says no: 403 or 422 */
    ERR_NOT_FOUND,   /* 404 */
    ERR_CONFLICT,    /* the state moved, or an id is taken: 409 */
    ERR_TOO_LARGE,   /* over a limit: 413 */
    ERR_BUSY,        /* later, same request: 429 or 503 */
    ERR_UNAVAILABLE, /* something we need is away: 503, exit 2 */
    ERR_TAMPERED,    /* evidence that history was changed: 503 log-halted, exit 1 */
    ERR_BUG,         /* ours: 500 */
} status;

struct err {
    status kind;
    const char *where; /* "file.c:123", static */
    char sqlstate[6];  /* of PostgreSQL, or "" */
    char what[488];    /* one sentence, for people */
};

#define STATUS_STR2(x) #x
#define STATUS_STR(x)  STATUS_STR2(x)
#define WHERE          __FILE__ ":" STATUS_STR(__LINE__)

/* Fill ERR (may be NULL) and return KIND. Use as: return FAIL(err, ERR_BAD_INPUT, "...").
 */
#define FAIL(err, kind, ...)                                                               \
    ({                                                                                     \
        const status fail_kind_ = (kind); /* in sight of the compiler: this is not OK */   \
        (void) err_set((err), fail_kind_, WHERE, __VA_ARGS__);                             \
        fail_kind_;                                                                        \
    })
status err_set(struct err *err, status kind, const char *where, const char *format, ...)
    PRINTF(4, 5);

/* The one macro that changes control flow: return what CALL returned unless it is OK. */
#define TRY(call)                                                                          \
    do {                                                                                   \
        status try_status_ = (call);                                                       \
        if (try_status_ != OK) {                                                           \
            return try_status_;                                                            \
        }                                                                                  \
    } while (0)

/* Release at the end of the scope. FN takes a pointer to the variable and accepts an empty
 * one. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* Hand ownership out of a CLEANUP variable. */
#define TAKE(p)                                                                            \
    ({                                                                                     \
        __typeof__(p) take_ = (p);                                                         \
        (p) = NULL;                                                                        \
        take_;                                                                             \
    })

/* The name of a kind, "bad-input"; for logs and tests. */
const char *status_name(status kind);

/* Print to stderr where and abort: for our own bugs and for memory that is out, never for
 * input. */
__attribute__((noreturn)) void die(const char *where, const char *why);
#define BUG_IF(condition)                                                                  \
    do {                                                                                   \
        if (condition) {                                                                   \
            die(WHERE, #condition);                                                        \
        }                                                                                  \
    } while (0)

#endif
