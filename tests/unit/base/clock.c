/* SPDX-License-Identifier: Apache-2.0 */
/*
** clock: the Gregorian calendar by another route than the code takes, and RFC 3339.
*/
#include "base/clock.h"

#include "tests/support/rows.h"

static void calendar_counts_every_day(void **state)
{
    (void) state;
    int64_t days = -719162; /* 0001-01-01 */
    for (int year = 1; year <= 9999; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= date_month_days(year, month); day++, days++) {
                int y = 0;
                int m = 0;
                int d = 0;
                assert_true(date_to_days(year, month, day) == days);
                date_from_days(days, &y, &m, &d);
                assert_true(y == year && m == month && d == day);
            }
        }
    }
    assert_true(days == 2932897); /* the day after 9999-12-31 */
}

static void months_have_their_days(void **state)
{
    (void) state;
    assert_int_equal(date_month_days(2023, 2), 28);
    assert_int_equal(date_month_days(2024, 2), 29);
    assert_int_equal(date_month_days(1900, 2), 28);
    assert_int_equal(date_month_days(2000, 2), 29);
    assert_int_equal(date_month_days(2026, 4), 30);
    assert_int_equal(date_month_days(2026, 12), 31);
    assert_int_equal(date_month_days(2026, 0), 0);
    assert_int_equal(date_month_days(2026, 13), 0);
}

struct parse_row {
    const char *name;
    const char *text;
    const char *utc; /* as instant_format writes it; NULL: refused */
    int offset;
};

static const struct parse_row parse_rows[] = {
    {"a time in UTC", "2026-11-21T09:14:07Z", "2026-11-21T09:14:07.000000Z", 0},
    {"six decimals", "2026-11-21T09:14:07.204511Z", "2026-11-21T09:14:07.204511Z", 0},
    {"one decimal is tenths", "2026-11-21T09:14:07.2Z", "2026-11-21T09:14:07.200000Z", 0},
    {"east of Greenwich", "2026-11-21T10:14:07+01:00", "2026-11-21T09:14:07.000000Z", 60},
    {"west of Greenwich", "2026-11-21T04:14:07-05:00", "2026-11-21T09:14:07.000000Z", -300},
    {"a quarter of an hour", "2026-01-01T05:44:59+05:45", "2025-12-31T23:59:59.000000Z",
     345},
    {"the widest offset", "2026-01-01T13:59:59+14:00", "2025-12-31T23:59:59.000000Z", 840},
    {"an unknown local offset (RFC 3339 4.3)", "2026-01-01T00:00:00-00:00",
     "2026-01-01T00:00:00.000000Z", 0},
    {"29 February of a leap year", "2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z",
     0},
    {"29 February of 2000", "2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000000Z", 0},
    {"before 1970", "1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z", 0},
    {"a birth in 1899", "1899-03-01T00:00:00Z", "1899-03-01T00:00:00.000000Z", 0},
    {"the first instant", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z", 0},
    {"the last instant", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z", 0},
    {"year 0", "0000-12-31T23:59:59Z", NULL, 0},
    {"before the first instant by its offset", "0001-01-01T00:59:59+01:00", NULL, 0},
    {"after the last instant by its offset", "9999-12-31T23:59:59-00:01", NULL, 0},
    {"29 February of a common year", "2023-02-29T00:00:00Z", NULL, 0},
    {"29 February of 1900", "1900-02-29T00:00:00Z", NULL, 0},
    {"30 February", "2024-02-30T00:00:00Z", NULL, 0},
    {"31 April", "2026-04-31T00:00:00Z", NULL, 0},
    {"day 0", "2026-04-00T00:00:00Z", NULL, 0},
    {"month 0", "2026-00-01T00:00:00Z", NULL, 0},
    {"month 13", "2026-13-01T00:00:00Z", NULL, 0},
    {"hour 24", "2026-04-01T24:00:00Z", NULL, 0},
    {"minute 60", "2026-04-01T00:60:00Z", NULL, 0},
    {"a leap second", "2016-12-31T23:59:60Z", NULL, 0},
    {"no zone", "2026-11-21T09:14:07", NULL, 0},
    {"a zone without colon", "2026-11-21T09:14:07+0100", NULL, 0},
    {"a zone of hours only", "2026-11-21T09:14:07+01", NULL, 0},
    {"an offset of 60 minutes", "2026-11-21T09:14:07+00:60", NULL, 0},
    {"an offset over 14 hours", "2026-11-21T09:14:07+14:01", NULL, 0},
    {"an offset of 15 hours", "2026-11-21T09:14:07-15:00", NULL, 0},
    {"a small t", "2026-11-21t09:14:07Z", NULL, 0},
    {"a small z", "2026-11-21T09:14:07z", NULL, 0},
    {"a space for the T", "2026-11-21 09:14:07Z", NULL, 0},
    {"no seconds", "2026-11-21T09:14Z", NULL, 0},
    {"a point without decimals", "2026-11-21T09:14:07.Z", NULL, 0},
    {"seven decimals", "2026-11-21T09:14:07.2045111Z", NULL, 0},
    {"a comma", "2026-11-21T09:14:07,2Z", NULL, 0},
    {"a year of five digits", "12026-11-21T09:14:07Z", NULL, 0},
    {"a negative year", "-026-11-21T09:14:07Z", NULL, 0},
    {"a sign in a field", "2026-+1-21T09:14:07Z", NULL, 0},
    {"a space in a field", "2026- 1-21T09:14:07Z", NULL, 0},
    {"something behind", "2026-11-21T09:14:07ZZ", NULL, 0},
    {"a date alone", "2026-11-21", NULL, 0},
    {"nothing", "", NULL, 0},
};

static void check_parse(void **state)
{
    const struct parse_row *row = *state;
    instant at = 77;
    int offset = 77;
    bool good = instant_parse(span_text(row->text), &at, &offset);
    assert_int_equal(good, row->utc != NULL);
    if (!good) {
        assert_true(at == 77 && offset == 77);
        return;
    }
    char text[INSTANT_SIZE];
    instant_format(at, text);
    assert_string_equal(text, row->utc);
    assert_int_equal(offset, row->offset);
    instant again = 0;
    assert_true(instant_parse(span_text(text), &again, NULL));
    assert_true(again == at);
}

/* Every prefix of a good text is refused, and no read goes past its end. */
static void prefixes_are_refused(void **state)
{
    (void) state;
    static const char text[] = "2026-11-21T09:14:07.204511+01:00";
    for (size_t size = 0; size < sizeof(text) - 1; size++) {
        instant at = 77;
        uint8_t *exact = mem_alloc(size);
        memcpy(exact, text, size);
        assert_false(instant_parse(span_of(exact, size), &at, NULL));
        assert_true(at == 77);
        free(exact);
    }
}

static void local_time_is_written(void **state)
{
    (void) state;
    instant at = 0;
    char text[INSTANT_LOCAL_SIZE];
    assert_true(instant_parse(SPAN_LITERAL("2026-11-21T23:14:07.9Z"), &at, NULL));
    instant_format_local(at, 60, text);
    assert_string_equal(text, "2026-11-22T00:14:07+01:00");
    instant_format_local(at, -570, text);
    assert_string_equal(text, "2026-11-21T13:44:07-09:30");
    instant_format_local(at, 0, text);
    assert_string_equal(text, "2026-11-21T23:14:07+00:00");
}

static void what_no_clock_says_is_still_written(void **state)
{
    (void) state;
    char text[INSTANT_SIZE];
    char local[INSTANT_LOCAL_SIZE];
    instant_format(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
    instant_format(INT64_MIN, text);
    assert_string_equal(text, "0001-01-01T00:00:00.000000Z");
    instant_format_local(INT64_MAX, 840, local);
    assert_string_equal(local, "9999-12-31T23:59:59+14:00");
    instant_format_local(INT64_MIN, -840, local);
    assert_string_equal(local, "0001-01-01T00:00:00-14:00");
}

static void system_clock_runs(void **state)
{
    (void) state;
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &now), 0);
    instant first = clock_monotonic(&clock_system);
    assert_true(clock_now(&clock_system) / SECOND - now.tv_sec <= 1);
    assert_true(clock_monotonic(&clock_system) >= first);
}

int main(void)
{
    add_test("the calendar counts every day of the years 1 to 9999",
             calendar_counts_every_day);
    add_test("months have their days", months_have_their_days);
    add_rows(parse_rows, ARRAY_LEN(parse_rows), sizeof(parse_rows[0]), check_parse);
    add_test("a cut text is refused", prefixes_are_refused);
    add_test("local time is written with its offset", local_time_is_written);
    add_test("an instant that no clock says is written as the nearest one",
             what_no_clock_says_is_still_written);
    add_test("the system's clock runs", system_clock_runs);
    return run_added("clock");
}
