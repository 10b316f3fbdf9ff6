/* SPDX-License-Identifier: Apache-2.0 */
/*
** clock: instants in microseconds since 1970-01-01T00:00:00Z, and their text (RFC 3339).
**
** The service, the clients and the tests pass a `struct clock` to whatever needs the
** time, so a test can set it. protocol/ never sees a clock: it gets instants.
*/
#ifndef CRFD_BASE_CLOCK_H
#define CRFD_BASE_CLOCK_H

#include "base/bytes.h"

typedef int64_t instant; /* microseconds, UTC, no leap seconds */

#define SECOND ((instant) 1000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

struct clock {
    instant (*now)(void *arg);       /* wall clock */
    instant (*monotonic)(void *arg); /* for deadlines; starts anywhere */
    void *arg;
};

extern const struct clock clock_system;

static inline instant clock_now(const struct clock *clock)
{
    return clock->now(clock->arg);
}

static inline instant clock_monotonic(const struct clock *clock)
{
    return clock->monotonic(clock->arg);
}

/* "2026-11-21T09:14:07.204511Z", always six decimals: the form of a log entry. An instant
 * outside the years 1 to 9999, which RFC 3339 cannot write, is written as the first or last
 * one (no clock and no instant_parse() yields such). */
#define INSTANT_SIZE 28
void instant_format(instant at, char buffer[INSTANT_SIZE]);

/* "2026-11-21T10:14:07+01:00": whole seconds, local to OFFSET_MINUTES. */
#define INSTANT_LOCAL_SIZE 26
void instant_format_local(instant at, int offset_minutes, char buffer[INSTANT_LOCAL_SIZE]);

/* Parse an RFC 3339 date-time with 'T', seconds, optional fraction (up to 6 digits) and Z
 * or an offset. *ret_offset_minutes may be NULL. False for anything else, for dates that do
 * not exist, for second 60, for offsets over 14 hours, and for instants that fall outside
 * the years 1 to 9999 in UTC. */
bool instant_parse(struct span text, instant *ret_at, int *ret_offset_minutes);

/* Days since 1970-01-01 of a proleptic Gregorian date, and back. Years 1 to 9999. */
int64_t date_to_days(int year, int month, int day);
void date_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day);
int date_month_days(int year, int month); /* 28 to 31; 0 when MONTH is not 1 to 12 */

#endif
