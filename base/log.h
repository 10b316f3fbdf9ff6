/* SPDX-License-Identifier: Apache-2.0 */
/*
** log: one JSON line for each event, to stderr.
**
**     log_event(LOG_INFO, "request", LOG_TEXT("route", "POST records"),
**               LOG_NUMBER("ms", 12), LOG_END);
**
**     {"time":"2026-11-21T09:14:07.204511Z","level":"info","event":"request",
**      "route":"POST records","ms":12}          (on one line)
**
** Only service/flow, service/app and the programs' mains log; libraries fill a struct
** err instead. Names, kinds, ids and counts only: never a clinical value, an SQL
** parameter, a key or a token.
*/
#ifndef CRFD_BASE_LOG_H
#define CRFD_BASE_LOG_H

#include "base/clock.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log_field {
    const char *name; /* NULL ends the list */
    const char *text; /* NULL: number holds the value */
    int64_t number;
};

#define LOG_TEXT(name, text)     ((struct log_field){(name), (text), 0})
#define LOG_NUMBER(name, number) ((struct log_field){(name), NULL, (int64_t) (number)})
#define LOG_END                  ((struct log_field){NULL, NULL, 0})

void log_level_set(enum log_level least);
bool log_level_parse(const char *name,
                     enum log_level *ret_level); /* debug info warning error */

#define log_event(level, event, ...)                                                       \
    log_fields((level), (event), (const struct log_field[]){__VA_ARGS__})
void log_fields(enum log_level level, const char *event, const struct log_field *fields);

/* An error as one event: kind, where, sqlstate and what. */
void log_err(enum log_level level, const char *event, const struct err *err);

#endif
