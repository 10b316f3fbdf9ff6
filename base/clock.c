/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

static instant read_clock(clockid_t id)
{
    struct timespec now;
    BUG_IF(clock_gettime(id, &now) != 0);
    return (instant) now.tv_sec * SECOND + now.tv_nsec / 1000;
}

static instant system_now(void *arg)
{
    (void) arg;
    return read_clock(CLOCK_REALTIME);
}

static instant system_monotonic(void *arg)
{
    (void) arg;
    return read_clock(CLOCK_MONOTONIC);
}

const struct clock clock_system = {system_now, system_monotonic, NULL};

/* Days from the civil calendar, counted in eras of 400 years that begin on 1 March, so that
 * a leap day is the last of its year. */
int64_t date_to_days(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = y / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - 719468;
}

void date_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t z = days + 719468;
    int64_t era = z / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t m = (5 * day_of_year + 2) / 153;
    *ret_day = (int) (day_of_year - (153 * m + 2) / 5 + 1);
    *ret_month = (int) (m < 10 ? m + 3 : m - 9);
    *ret_year = (int) (year_of_era + era * 400 + (*ret_month <= 2 ? 1 : 0));
}

int date_month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12) {
        return 0;
    }
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

struct broken_down {
    int year, month, day, hour, minute, second, microsecond;
};

#define FIRST_INSTANT (-719162 * DAY)           /* 0001-01-01T00:00:00Z */
#define LAST_INSTANT  ((2932896 + 1) * DAY - 1) /* 9999-12-31T23:59:59.999999Z */

static instant within_years(instant at)
{
    return at < FIRST_INSTANT ? FIRST_INSTANT : at > LAST_INSTANT ? LAST_INSTANT : at;
}

static struct broken_down break_down(instant at)
{
    struct broken_down b;
    int64_t days = at >= 0 ? at / DAY : -((DAY - 1 - at) / DAY);
    instant rest = at - days * DAY;
    date_from_days(days, &b.year, &b.month, &b.day);
    b.hour = (int) (rest / HOUR);
    b.minute = (int) (rest / MINUTE % 60);
    b.second = (int) (rest / SECOND % 60);
    b.microsecond = (int) (rest % SECOND);
    return b;
}

void instant_format(instant at, char buffer[INSTANT_SIZE])
{
    struct broken_down b = break_down(within_years(at));
    int size = snprintf(buffer, INSTANT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", b.year,
                        b.month, b.day, b.hour, b.minute, b.second, b.microsecond);
    BUG_IF(size != INSTANT_SIZE - 1);
}

void instant_format_local(instant at, int offset_minutes, char buffer[INSTANT_LOCAL_SIZE])
{
    struct broken_down b =
        break_down(within_years(within_years(at) + offset_minutes * MINUTE));
    int away = offset_minutes < 0 ? -offset_minutes : offset_minutes;
    int size =
        snprintf(buffer, INSTANT_LOCAL_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d",
                 b.year, b.month, b.day, b.hour, b.minute, b.second,
                 offset_minutes < 0 ? '-' : '+', away / 60, away % 60);
    BUG_IF(size != INSTANT_LOCAL_SIZE - 1);
}

/* A cursor over the text: each reader advances or fails for good. */
struct cursor {
    struct span rest;
    bool good;
};

static int take_digits(struct cursor *c, size_t count)
{
    int value = 0;
    c->good = c->good && c->rest.size >= count;
    for (size_t i = 0; c->good && i < count; i++) {
        uint8_t d = c->rest.data[i];
        c->good = d >= '0' && d <= '9';
        value = value * 10 + (d - '0');
    }
    if (c->good) {
        c->rest = span_of(c->rest.data + count, c->rest.size - count);
    }
    return c->good ? value : 0;
}

static bool take_char(struct cursor *c, char wanted)
{
    if (!c->good || c->rest.size == 0 || c->rest.data[0] != (uint8_t) wanted) {
        return false;
    }
    c->rest = span_of(c->rest.data + 1, c->rest.size - 1);
    return true;
}

static int take_fraction(struct cursor *c)
{
    int value = 0;
    int digits = 0;
    while (c->rest.size > 0 && c->rest.data[0] >= '0' && c->rest.data[0] <= '9' &&
           digits < 6) {
        value = value * 10 + take_digits(c, 1);
        digits++;
    }
    c->good = c->good && digits > 0;
    for (; digits < 6; digits++) {
        value *= 10;
    }
    return value;
}

static int take_offset(struct cursor *c)
{
    if (take_char(c, 'Z')) {
        return 0;
    }
    bool west = c->good && c->rest.size > 0 && c->rest.data[0] == '-';
    c->good = take_char(c, west ? '-' : '+');
    int hours = take_digits(c, 2);
    c->good = take_char(c, ':');
    int minutes = take_digits(c, 2);
    c->good = c->good && minutes <= 59 && hours * 60 + minutes <= 14 * 60;
    return (west ? -1 : 1) * (hours * 60 + minutes);
}

bool instant_parse(struct span text, instant *ret_at, int *ret_offset_minutes)
{
    struct cursor c = {text, true};
    struct broken_down b = {0};
    b.year = take_digits(&c, 4);
    c.good = take_char(&c, '-');
    b.month = take_digits(&c, 2);
    c.good = take_char(&c, '-');
    b.day = take_digits(&c, 2);
    c.good = take_char(&c, 'T');
    b.hour = take_digits(&c, 2);
    c.good = take_char(&c, ':');
    b.minute = take_digits(&c, 2);
    c.good = take_char(&c, ':');
    b.second = take_digits(&c, 2);
    b.microsecond = take_char(&c, '.') ? take_fraction(&c) : 0;
    int offset = take_offset(&c);
    if (!c.good || c.rest.size != 0 || b.year < 1 || b.day < 1 ||
        b.day > date_month_days(b.year, b.month) || b.hour > 23 || b.minute > 59 ||
        b.second > 59) {
        return false;
    }
    instant at = date_to_days(b.year, b.month, b.day) * DAY + b.hour * HOUR +
                 b.minute * MINUTE + b.second * SECOND + b.microsecond - offset * MINUTE;
    if (at != within_years(at)) {
        return false;
    }
    *ret_at = at;
    if (ret_offset_minutes != NULL) {
        *ret_offset_minutes = offset;
    }
    return true;
}
