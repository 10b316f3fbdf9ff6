/* SPDX-License-Identifier: Apache-2.0 */
/*
** Dates in expressions. A date without a time is a day of the calendar where it was written:
** two of them compare as days, and days are counted on the calendar whatever the clocks do.
** With a time, it is a moment in UTC, so zones and daylight saving do not matter; a time to the
** minute counts as that minute's start when it is compared or subtracted from one as precise.
** A time without an offset in the doubled hour of autumn is either of two: an hour wide.
*/
#include "protocol/study/expression_impl.h"

static bool is_bound(instant at)
{
    return at > INSTANT_MIN + DAY && at < INSTANT_MAX - DAY;
}

bool date_is_known(const struct value *when)
{
    return when->has_day && is_bound(when->when.earliest) && is_bound(when->when.latest);
}

struct value date_unknown(void)
{
    return (struct value){.type = TYPE_PARTIAL_DATETIME,
                          .when = interval_unknown(),
                          .wall = interval_unknown()};
}

static bool has_offset(struct span text)
{
    const uint8_t *time = text.size > 0 ? memchr(text.data, 'T', text.size) : NULL;
    if (time == NULL) {
        return false;
    }
    size_t size = text.size - (size_t) (time - text.data);
    return memchr(time, 'Z', size) != NULL || memchr(time, '+', size) != NULL ||
           memchr(time, '-', size) != NULL;
}

/* A zone's offset() reads a wall clock in the doubled hour as the first time round. */
static void widen_doubled_hour(const struct zone *zone, struct value *value)
{
    if (zone == NULL || zone->offset == NULL || !value->has_time ||
        !is_bound(value->wall.latest) || has_offset(value->text)) {
        return;
    }
    instant wall = value->wall.latest;
    int now = zone->offset(zone->arg, wall);
    int later = zone->offset(zone->arg, wall + 3 * HOUR);
    instant back = (now - later) * MINUTE;
    if (back > 0 && zone->offset(zone->arg, wall + back) == later) {
        value->when.latest += back;
    }
}

bool date_parse(const struct zone *zone, enum data_type type, struct span text,
                struct value *ret_when)
{
    if (!value_parse(type, text, zone, ret_when)) {
        return false;
    }
    widen_doubled_hour(zone, ret_when);
    return true;
}

/* ---- comparing ---- */

struct extent {
    int64_t earliest, latest;
};

static int64_t day_of(instant wall)
{
    if (!is_bound(wall)) {
        return wall < 0 ? INSTANT_MIN : INSTANT_MAX;
    }
    return wall >= 0 ? wall / DAY : -((DAY - 1 - wall) / DAY);
}

static struct extent days_of(const struct value *when)
{
    return (struct extent){day_of(when->wall.earliest), day_of(when->wall.latest)};
}

static bool is_clock_reading(const struct value *when)
{
    return is_bound(when->when.earliest) && is_bound(when->when.latest) &&
           when->when.latest - when->when.earliest < MINUTE;
}

/* Both to the minute, or both to the second: as precise as each other. */
static bool equally_precise(const struct value *a, const struct value *b)
{
    return is_clock_reading(a) && is_clock_reading(b) &&
           a->when.latest - a->when.earliest == b->when.latest - b->when.earliest;
}

static struct extent moments_of(const struct value *when, bool as_reading)
{
    return (struct extent){when->when.earliest,
                           as_reading ? when->when.earliest : when->when.latest};
}

static enum truth is_below(struct extent a, struct extent b, bool or_equal)
{
    if (a.latest < b.earliest || (or_equal && a.latest == b.earliest)) {
        return YES;
    }
    return a.earliest > b.latest || (!or_equal && a.earliest == b.latest) ? NO : UNKNOWN;
}

static enum truth is_same(struct extent a, struct extent b)
{
    if (a.latest < b.earliest || b.latest < a.earliest) {
        return NO;
    }
    return a.earliest == a.latest && b.earliest == b.latest ? YES : UNKNOWN;
}

enum truth date_compare(enum op_code code, const struct value *a, const struct value *b)
{
    bool days = !a->has_time && !b->has_time;
    bool reading = equally_precise(a, b);
    struct extent left = days ? days_of(a) : moments_of(a, reading);
    struct extent right = days ? days_of(b) : moments_of(b, reading);
    switch ((int) code) {
    case OP_LT:
        return is_below(left, right, false);
    case OP_LE:
        return is_below(left, right, true);
    case OP_GT:
        return is_below(right, left, false);
    case OP_GE:
        return is_below(right, left, true);
    case OP_NE:
        return truth_not(is_same(left, right));
    default:
        return is_same(left, right);
    }
}

struct value date_extreme(const struct value *a, const struct value *b, bool later)
{
    enum truth b_is = date_compare(later ? OP_GE : OP_LE, b, a);
    if (b_is != UNKNOWN) {
        return b_is == YES ? *b : *a;
    }
    struct value result = later ? *b : *a;
    const struct value *parts[] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        const struct value *p = parts[i];
        bool low = later ? p->when.earliest > result.when.earliest
                         : p->when.earliest < result.when.earliest;
        bool high = later ? p->when.latest > result.when.latest
                          : p->when.latest < result.when.latest;
        result.when.earliest = low ? p->when.earliest : result.when.earliest;
        result.wall.earliest = low ? p->wall.earliest : result.wall.earliest;
        result.when.latest = high ? p->when.latest : result.when.latest;
        result.wall.latest = high ? p->wall.latest : result.wall.latest;
    }
    result.has_day = false;
    result.has_time = a->has_time && b->has_time;
    result.text = span_of("", 0);
    return result;
}

/* ---- differences ---- */

static struct number between(int64_t least, bool has_least, int64_t most, bool has_most)
{
    return (struct number){has_least ? decimal_of(least) : (struct decimal){0, 0},
                           has_most ? decimal_of(most) : (struct decimal){0, 0}, has_least,
                           has_most};
}

struct number days_between(const struct value *a, const struct value *b)
{
    struct extent from = days_of(a), to = days_of(b);
    bool least = is_bound(a->wall.latest) && is_bound(b->wall.earliest);
    bool most = is_bound(a->wall.earliest) && is_bound(b->wall.latest);
    return between(least ? to.earliest - from.latest : 0, least,
                   most ? to.latest - from.earliest : 0, most);
}

struct number time_between(const struct value *a, const struct value *b, instant unit)
{
    bool reading = equally_precise(a, b);
    struct extent from = moments_of(a, reading), to = moments_of(b, reading);
    bool has_least = is_bound(from.latest) && is_bound(to.earliest);
    bool has_most = is_bound(from.earliest) && is_bound(to.latest);
    struct number micros = between(has_least ? to.earliest - from.latest : 0, has_least,
                                   has_most ? to.latest - from.earliest : 0, has_most);
    (void) decimal_divide(micros.least, decimal_of(unit), &micros.least);
    (void) decimal_divide(micros.most, decimal_of(unit), &micros.most);
    return micros;
}

/* Completed years from one wall clock day to another. */
static int64_t years(instant from, instant to)
{
    int from_year, from_month, from_day, to_year, to_month, to_day;
    date_from_days(day_of(from), &from_year, &from_month, &from_day);
    date_from_days(day_of(to), &to_year, &to_month, &to_day);
    bool before = to_month < from_month || (to_month == from_month && to_day < from_day);
    return to_year - from_year - before;
}

struct number years_between(const struct value *a, const struct value *b)
{
    bool least = is_bound(a->wall.latest) && is_bound(b->wall.earliest);
    bool most = is_bound(a->wall.earliest) && is_bound(b->wall.latest);
    return between(least ? years(a->wall.latest, b->wall.earliest) : 0, least,
                   most ? years(a->wall.earliest, b->wall.latest) : 0, most);
}

/* ---- moving a date ---- */

static bool unit_of(struct span unit, instant *ret_step, int *ret_months)
{
    static const struct {
        const char *name;
        instant step;
        int months;
    } UNITS[] = {{"min", MINUTE, 0}, {"h", HOUR, 0}, {"d", DAY, 0},
                 {"w", 7 * DAY, 0},  {"mo", 0, 1},   {"a", 0, 12}};
    for (size_t i = 0; i < ARRAY_LEN(UNITS); i++) {
        if (span_is(unit, UNITS[i].name)) {
            *ret_step = UNITS[i].step;
            *ret_months = UNITS[i].months;
            return true;
        }
    }
    return false;
}

#define AMOUNT_MAX 1000000 /* of any unit: beyond, a date is unknown */

/* WALL by AMOUNT steps, or months; the last day of a month stays in the month. */
static instant shift_wall(instant wall, int64_t amount, instant step, int months)
{
    int year, month, day;
    if (!is_bound(wall)) {
        return wall;
    }
    if (months == 0) {
        return wall + amount * step;
    }
    int64_t days = day_of(wall);
    date_from_days(days, &year, &month, &day);
    int64_t total = (int64_t) year * 12 + month - 1 + amount * months;
    if (total < 12 || total >= 120000) {
        return total < 12 ? INSTANT_MIN : INSTANT_MAX;
    }
    int last = date_month_days((int) (total / 12), (int) (total % 12) + 1);
    int64_t moved =
        date_to_days((int) (total / 12), (int) (total % 12) + 1, day < last ? day : last);
    return moved * DAY + (wall - days * DAY);
}

/* Every date that an expression makes stays in the years 1 to 9999. */
static bool in_calendar(instant wall)
{
    return !is_bound(wall) || (day_of(wall) >= date_to_days(1, 1, 1) &&
                               day_of(wall) <= date_to_days(9999, 12, 31));
}

bool date_add(const struct zone *zone, const struct value *when, int64_t least,
              int64_t most, struct span unit, struct value *ret_when)
{
    struct value moved = *when;
    instant step = 0;
    int months = 0;
    if (!unit_of(unit, &step, &months)) {
        return false;
    }
    bool known = least >= -AMOUNT_MAX && most <= AMOUNT_MAX &&
                 is_bound(when->when.earliest) && is_bound(when->when.latest);
    if (!known) {
        *ret_when = date_unknown();
        return true;
    }
    bool calendar = months > 0 || step >= DAY;
    bool fixed = zone == NULL || zone->offset == NULL || has_offset(when->text);
    instant offset = when->wall.earliest - when->when.earliest;
    instant width = when->when.latest - when->when.earliest;
    if (calendar) {
        moved.wall.earliest = shift_wall(when->wall.earliest, least, step, months);
        moved.wall.latest = shift_wall(when->wall.latest, most, step, months);
        moved.when.earliest =
            fixed ? moved.wall.earliest - offset : zone_to_utc(zone, moved.wall.earliest);
        moved.when.latest =
            fixed ? moved.wall.latest - offset : zone_to_utc(zone, moved.wall.latest);
    } else {
        moved.when.earliest = when->when.earliest + least * step;
        moved.when.latest = when->when.earliest + width + most * step;
        moved.wall.earliest =
            fixed ? moved.when.earliest + offset : zone_to_wall(zone, moved.when.earliest);
        moved.wall.latest =
            fixed ? moved.when.latest + offset : zone_to_wall(zone, moved.when.latest);
        moved.has_time = true;
    }
    moved.has_day =
        when->has_day && day_of(moved.wall.earliest) == day_of(moved.wall.latest);
    moved.text = span_of("", 0);
    if (!in_calendar(moved.wall.earliest) || !in_calendar(moved.wall.latest) ||
        !is_bound(moved.wall.earliest) || !is_bound(moved.wall.latest)) {
        moved = date_unknown();
    }
    *ret_when = moved;
    return true;
}

/* ---- as a text ---- */

static const char *day_text(const struct value *when, bool may_be_partial,
                            struct arena *arena)
{
    int year, month, day, last_year, last_month, last_day;
    struct extent days = days_of(when);
    date_from_days(days.earliest, &year, &month, &day);
    date_from_days(days.latest, &last_year, &last_month, &last_day);
    if (days.earliest == days.latest) {
        return arena_printf(arena, "%04d-%02d-%02d", year, month, day);
    }
    bool whole = may_be_partial && year == last_year && day == 1 &&
                 last_day == date_month_days(last_year, last_month);
    if (whole && month == last_month) {
        return arena_printf(arena, "%04d-%02d", year, month);
    }
    return whole && month == 1 && last_month == 12 ? arena_printf(arena, "%04d", year)
                                                   : NULL;
}

const char *date_text_of(const struct zone *zone, const struct value *when,
                         enum data_type type, struct arena *arena)
{
    char buffer[INSTANT_LOCAL_SIZE];
    struct value same;
    bool partial = type != TYPE_DATE && type != TYPE_DATETIME;
    bool timed = type == TYPE_DATETIME || type == TYPE_PARTIAL_DATETIME ||
                 type == TYPE_INCOMPLETE_DATETIME;
    if (when->text.size > 0 && value_parse(type, when->text, zone, &same)) {
        return arena_span_text(arena, when->text);
    }
    if (!is_bound(when->wall.earliest) || !is_bound(when->wall.latest)) {
        return NULL;
    }
    if (!timed || !when->has_time) {
        return day_text(when, partial, arena);
    }
    if (when->when.latest - when->when.earliest >= MINUTE) {
        return NULL;
    }
    instant_format_local(when->when.earliest,
                         (int) ((when->wall.earliest - when->when.earliest) / MINUTE),
                         buffer);
    return arena_text(arena, buffer);
}

enum truth date_lies_within(const struct value *anchor, const struct value *when, int from,
                            int to, bool hours)
{
    struct number passed =
        hours ? time_between(anchor, when, HOUR) : days_between(anchor, when);
    struct number least = number_exact(decimal_of(from)),
                  most = number_exact(decimal_of(to));
    return truth_and(number_compare(OP_GE, &passed, &least),
                     number_compare(OP_LE, &passed, &most));
}
