/* SPDX-License-Identifier: Apache-2.0 */
/*
** Dates and times of ODM as intervals.
**
** One scanner reads what all date kinds have in common: year, month, day, hour, minute, second,
** each known, open ("-") or absent; a kind then says which of these it allows. The interval
** spans every instant that the known parts allow. An open year leaves it unbounded.
*/
#include "protocol/study/dates.h"

enum { YEAR, MONTH, DAY_OF_MONTH, CLOCK_HOUR, CLOCK_MINUTE, CLOCK_SECOND, PARTS };

/* A part is ABSENT behind the last one written, OPEN where "-" stands. */
enum { ABSENT = -1, OPEN = -2 };

struct reader {
    struct span rest;
    int parts[PARTS];
    int micros, micro_digits;
    bool has_offset;
    int offset;
};

static const int DIGITS[PARTS] = {4, 2, 2, 2, 2, 2};
static const int LEAST[PARTS] = {1, 1, 1, 0, 0, 0};
static const int MOST[PARTS] = {9999, 12, 31, 23, 59, 59};

static void skip(struct reader *reader, size_t n)
{
    reader->rest = span_of(reader->rest.data + n, reader->rest.size - n);
}

static bool take(struct reader *reader, char c)
{
    if (reader->rest.size == 0 || reader->rest.data[0] != (uint8_t) c) {
        return false;
    }
    skip(reader, 1);
    return true;
}

static bool take_number(struct reader *reader, int digits, int *ret_number)
{
    int number = 0;
    if (reader->rest.size < (size_t) digits) {
        return false;
    }
    for (int i = 0; i < digits; i++) {
        if (reader->rest.data[i] < '0' || reader->rest.data[i] > '9') {
            return false;
        }
        number = number * 10 + (reader->rest.data[i] - '0');
    }
    skip(reader, (size_t) digits);
    *ret_number = number;
    return true;
}

static bool take_part(struct reader *reader, int part, bool may_be_open)
{
    if (may_be_open && take(reader, '-')) {
        reader->parts[part] = OPEN;
        return true;
    }
    return take_number(reader, DIGITS[part], &reader->parts[part]) &&
           reader->parts[part] >= LEAST[part] && reader->parts[part] <= MOST[part];
}

/* Parts FIRST to LAST, separated by SEPARATOR; behind LEAST_PART the text may stop. */
static bool take_parts(struct reader *reader, int first, int last, int least_part,
                       char separator, bool may_be_open)
{
    if (!take_part(reader, first, may_be_open)) {
        return false;
    }
    for (int part = first + 1; part <= last; part++) {
        if (!take(reader, separator)) {
            return part > least_part;
        }
        if (!take_part(reader, part, may_be_open)) {
            return false;
        }
    }
    return true;
}

/* Behind known seconds: a fraction; digits beyond microseconds are read and dropped. */
static bool take_fraction(struct reader *reader)
{
    if (reader->parts[CLOCK_SECOND] < 0 || !take(reader, '.')) {
        return true;
    }
    int digits = 0;
    for (int digit = 0; take_number(reader, 1, &digit); digits++) {
        if (digits < 6) {
            reader->micros = reader->micros * 10 + digit;
            reader->micro_digits++;
        }
    }
    for (int i = reader->micro_digits; i < 6; i++) {
        reader->micros *= 10;
    }
    return digits > 0 && digits <= 12;
}

static bool take_offset(struct reader *reader, bool may_be_open)
{
    int hours = 0, minutes = 0;
    if (reader->rest.size == 0) {
        return true;
    }
    if (take(reader, 'Z')) {
        reader->has_offset = true;
        return true;
    }
    if (may_be_open && reader->rest.size == 1 && take(reader, '-')) {
        return true;
    }
    bool west = take(reader, '-');
    if ((!west && !take(reader, '+')) || !take_number(reader, 2, &hours) ||
        !take(reader, ':') || !take_number(reader, 2, &minutes) || minutes > 59 ||
        hours * 60 + minutes > 14 * 60) {
        return false;
    }
    reader->has_offset = true;
    reader->offset = (west ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

static bool day_exists(const struct reader *reader)
{
    const int *parts = reader->parts;
    if (parts[DAY_OF_MONTH] < 0 || parts[MONTH] < 0) {
        return true; /* any day up to 31 exists in some month */
    }
    int year = parts[YEAR] > 0 ? parts[YEAR] : 2000; /* of an open year: a leap year */
    return parts[DAY_OF_MONTH] <= date_month_days(year, parts[MONTH]);
}

static int part_or(const struct reader *reader, int part, int otherwise)
{
    return reader->parts[part] >= 0 ? reader->parts[part] : otherwise;
}

static instant wall_clock(const struct reader *reader, bool latest)
{
    int year = reader->parts[YEAR];
    int month = part_or(reader, MONTH, latest ? 12 : 1);
    int last = date_month_days(year, month);
    int day = part_or(reader, DAY_OF_MONTH, latest ? last : 1);
    instant at = date_to_days(year, month, day < last ? day : last) * DAY;
    at += part_or(reader, CLOCK_HOUR, latest ? 23 : 0) * HOUR;
    at += part_or(reader, CLOCK_MINUTE, latest ? 59 : 0) * MINUTE;
    at += part_or(reader, CLOCK_SECOND, latest ? 59 : 0) * SECOND;
    if (reader->micro_digits > 0) {
        return at + reader->micros;
    }
    return latest ? at + SECOND - 1 : at;
}

static void place(const struct reader *reader, const struct zone *zone,
                  struct value *ret_value)
{
    struct zone given = {.fixed = reader->offset};
    if (reader->has_offset) {
        zone = &given;
    }
    ret_value->when = interval_unknown();
    ret_value->wall = interval_unknown();
    ret_value->has_day = reader->parts[DAY_OF_MONTH] > 0 && reader->parts[MONTH] > 0 &&
                         reader->parts[YEAR] > 0;
    ret_value->has_time = ret_value->has_day && reader->parts[CLOCK_HOUR] >= 0;
    if (reader->parts[YEAR] > 0) {
        ret_value->wall.earliest = wall_clock(reader, false);
        ret_value->wall.latest = wall_clock(reader, true);
        ret_value->when.earliest = zone_to_utc(zone, ret_value->wall.earliest);
        ret_value->when.latest = zone_to_utc(zone, ret_value->wall.latest);
    }
}

static struct reader reader_of(struct span text)
{
    struct reader reader = {.rest = text};
    for (int i = 0; i < PARTS; i++) {
        reader.parts[i] = ABSENT;
    }
    return reader;
}

/* "YYYY[-MM[-DD[Thh[:mm[:ss]]]]]" with LEAST_PART the last that must be there. */
static bool read_partial(struct reader *reader, int last, int least_part)
{
    int date_last = last < DAY_OF_MONTH ? last : DAY_OF_MONTH;
    int date_least = least_part < DAY_OF_MONTH ? least_part : DAY_OF_MONTH;
    if (!take_parts(reader, YEAR, date_last, date_least, '-', false)) {
        return false;
    }
    if (last > DAY_OF_MONTH && reader->parts[DAY_OF_MONTH] > 0 && take(reader, 'T')) {
        int time_least = least_part > CLOCK_HOUR ? least_part : CLOCK_HOUR;
        return take_parts(reader, CLOCK_HOUR, CLOCK_SECOND, time_least, ':', false) &&
               take_fraction(reader) && take_offset(reader, false);
    }
    return least_part <= DAY_OF_MONTH;
}

static bool read_time(struct reader *reader, int least_part)
{
    return take_parts(reader, CLOCK_HOUR, CLOCK_SECOND, least_part, ':', false) &&
           take_fraction(reader) && take_offset(reader, false);
}

static bool read_incomplete(struct reader *reader, enum data_type type)
{
    if (type != TYPE_INCOMPLETE_TIME &&
        !take_parts(reader, YEAR, DAY_OF_MONTH, DAY_OF_MONTH, '-', true)) {
        return false;
    }
    if (type == TYPE_INCOMPLETE_DATE) {
        return true;
    }
    return (type == TYPE_INCOMPLETE_TIME || take(reader, 'T')) &&
           take_parts(reader, CLOCK_HOUR, CLOCK_SECOND, CLOCK_SECOND, ':', true) &&
           take_fraction(reader) && take_offset(reader, true);
}

static bool read_kind(struct reader *reader, enum data_type type)
{
    switch ((int) type) {
    case TYPE_DATE:
        return read_partial(reader, DAY_OF_MONTH, DAY_OF_MONTH);
    case TYPE_DATETIME:
        return read_partial(reader, CLOCK_SECOND, CLOCK_SECOND);
    case TYPE_PARTIAL_DATE:
    case TYPE_INCOMPLETE_DATE:
        return read_partial(reader, DAY_OF_MONTH, YEAR);
    case TYPE_PARTIAL_DATETIME:
    case TYPE_INCOMPLETE_DATETIME:
        return read_partial(reader, CLOCK_SECOND, YEAR);
    case TYPE_TIME:
        return read_time(reader, CLOCK_SECOND);
    default: /* partialTime, incompleteTime */
        return read_time(reader, CLOCK_HOUR);
    }
}

static bool is_incomplete(enum data_type type)
{
    return type == TYPE_INCOMPLETE_DATE || type == TYPE_INCOMPLETE_TIME ||
           type == TYPE_INCOMPLETE_DATETIME;
}

bool date_value_parse(enum data_type type, struct span text, const struct zone *zone,
                      struct value *ret_value)
{
    struct reader reader = reader_of(text);
    bool good = read_kind(&reader, type) && reader.rest.size == 0;
    if (!good && is_incomplete(type)) {
        reader = reader_of(text);
        good = read_incomplete(&reader, type) && reader.rest.size == 0;
    }
    if (!good || !day_exists(&reader)) {
        return false;
    }
    place(&reader, zone, ret_value);
    return true;
}

/* ---- durations and intervals of time: well-typed or not ---- */

static bool take_quantity(struct reader *reader, bool fraction, char *ret_unit)
{
    int digit = 0, digits = 0;
    while (digits < 9 && take_number(reader, 1, &digit)) {
        digits++;
    }
    bool good = digits > 0;
    if (fraction && good && take(reader, '.')) {
        for (digits = 0; digits < 9 && take_number(reader, 1, &digit); digits++) {
        }
        good = digits > 0 && reader->rest.size > 0 && reader->rest.data[0] == 'S';
    }
    if (!good || reader->rest.size == 0) {
        return false;
    }
    *ret_unit = (char) reader->rest.data[0];
    skip(reader, 1);
    return true;
}

/* Quantities whose units stand in the order of UNITS, each at most once, at least one. */
static bool take_quantities(struct reader *reader, const char *units, bool fraction)
{
    bool any = false;
    while (reader->rest.size > 0 && reader->rest.data[0] != 'T') {
        char unit = 0;
        const char *found = NULL;
        if (!take_quantity(reader, fraction, &unit) || unit == '\0' ||
            (found = strchr(units, unit)) == NULL) {
            return false;
        }
        units = found + 1;
        any = true;
    }
    return any;
}

bool duration_is_valid(struct span text)
{
    struct reader reader = reader_of(text);
    if (!take(&reader, '-')) {
        (void) take(&reader, '+');
    }
    if (!take(&reader, 'P') || reader.rest.size == 0) {
        return false;
    }
    if (reader.rest.data[reader.rest.size - 1] == 'W') {
        return take_quantities(&reader, "W", false) && reader.rest.size == 0;
    }
    if (reader.rest.data[0] != 'T' && !take_quantities(&reader, "YMD", false)) {
        return false;
    }
    return reader.rest.size == 0 ||
           (take(&reader, 'T') && take_quantities(&reader, "HMS", true) &&
            reader.rest.size == 0);
}

bool time_span_parse(struct span text, const struct zone *zone, struct value *ret_value)
{
    struct span start, end = text;
    struct value from = {.when = interval_unknown()}, to = {.when = interval_unknown()};
    if (!span_cut(&end, '/', &start)) {
        return false;
    }
    bool start_is_date = date_value_parse(TYPE_PARTIAL_DATETIME, start, zone, &from);
    bool end_is_date = date_value_parse(TYPE_PARTIAL_DATETIME, end, zone, &to);
    if (!(start_is_date || end_is_date) || (!start_is_date && !duration_is_valid(start)) ||
        (!end_is_date && !duration_is_valid(end)) ||
        (start_is_date && end_is_date && to.when.latest < from.when.earliest)) {
        return false;
    }
    ret_value->when.earliest = start_is_date ? from.when.earliest : INSTANT_MIN;
    ret_value->when.latest = end_is_date ? to.when.latest : INSTANT_MAX;
    ret_value->wall = ret_value->when;
    return true;
}

/* ---- zones and intervals ---- */

static bool is_bound(instant at)
{
    return at > INSTANT_MIN + DAY && at < INSTANT_MAX - DAY;
}

static int zone_offset(const struct zone *zone, instant wall)
{
    if (zone == NULL) {
        return 0;
    }
    return zone->offset != NULL ? zone->offset(zone->arg, wall) : zone->fixed;
}

instant zone_to_utc(const struct zone *zone, instant wall)
{
    return is_bound(wall) ? wall - zone_offset(zone, wall) * MINUTE : wall;
}

instant zone_to_wall(const struct zone *zone, instant at)
{
    if (!is_bound(at)) {
        return at;
    }
    instant guess = at + zone_offset(zone, at) * MINUTE;
    return at + zone_offset(zone, guess) * MINUTE;
}

struct interval interval_shift(struct interval a, instant by)
{
    instant earliest = 0, latest = 0;
    if (a.earliest == INSTANT_MIN || __builtin_add_overflow(a.earliest, by, &earliest)) {
        earliest = INSTANT_MIN;
    }
    if (a.latest == INSTANT_MAX || __builtin_add_overflow(a.latest, by, &latest)) {
        latest = INSTANT_MAX;
    }
    return (struct interval){earliest, latest};
}

struct interval interval_unknown(void)
{
    return (struct interval){INSTANT_MIN, INSTANT_MAX};
}

struct interval interval_at(instant at)
{
    return (struct interval){at, at};
}

enum truth interval_before(struct interval a, struct interval b)
{
    if (a.latest < b.earliest) {
        return YES;
    }
    return a.earliest >= b.latest ? NO : UNKNOWN;
}

enum truth interval_after(struct interval a, struct interval b)
{
    return interval_before(b, a);
}

enum truth interval_not_after(struct interval a, struct interval b)
{
    return truth_not(interval_after(a, b));
}

enum truth interval_overlap(struct interval a, struct interval b)
{
    return a.latest < b.earliest || b.latest < a.earliest ? NO : YES;
}

bool interval_parse(struct span text, const struct zone *zone, struct interval *ret_when)
{
    struct value value = {0};
    if (!date_value_parse(TYPE_PARTIAL_DATETIME, text, zone, &value)) {
        return false;
    }
    *ret_when = value.when;
    return true;
}
