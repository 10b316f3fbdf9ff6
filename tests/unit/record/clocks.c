/* SPDX-License-Identifier: Apache-2.0 */
/*
** Clock arithmetic, with the cases in which it goes wrong elsewhere.
*/
#include "protocol/record/clocks.h"

#include "tests/support/rows.h"

struct days_row {
    const char *name, *from;
    int offset, days;
    enum day_zero convention;
    const char *due;
} days_rows[] = {
    {"fifteen days later at the same time", "2026-10-01T09:00:00Z", 120, 15,
     DAY_ZERO_AWARENESS, "2026-10-16T09:00:00.000000Z"},
    {"across the end of summer time the instant stays", "2026-10-20T09:00:00Z", 120, 7,
     DAY_ZERO_AWARENESS, "2026-10-27T09:00:00.000000Z"},
    {"received at 23:30 before summer time: due when day 15 ends by the new clock",
     "2026-03-20T22:30:00Z", 60, 15, DAY_ZERO_AWARENESS, "2026-04-04T22:00:00.000000Z"},
    {"received at 22:30: the same time is before that", "2026-03-20T21:30:00Z", 60, 15,
     DAY_ZERO_AWARENESS, "2026-04-04T21:30:00.000000Z"},
    {"a leap day is a day", "2028-02-25T10:00:00Z", 60, 7, DAY_ZERO_AWARENESS,
     "2028-03-03T10:00:00.000000Z"},
    {"no leap day, one date later", "2027-02-25T10:00:00Z", 60, 7, DAY_ZERO_AWARENESS,
     "2027-03-04T10:00:00.000000Z"},
    {"across a year's end", "2026-12-28T10:00:00Z", 60, 7, DAY_ZERO_AWARENESS,
     "2027-01-04T10:00:00.000000Z"},
    {"counting from the day after: one day more", "2026-10-01T09:00:00Z", 60, 7,
     DAY_ZERO_NEXT, "2026-10-09T09:00:00.000000Z"},
    {"at midnight the day begins", "2026-10-01T00:00:00Z", 0, 7, DAY_ZERO_AWARENESS,
     "2026-10-08T00:00:00.000000Z"},
    {"west of Greenwich the day is the reporter's", "2026-10-02T03:30:00Z", -300, 7,
     DAY_ZERO_AWARENESS, "2026-10-09T03:30:00.000000Z"},
};

static void check_days(void **state)
{
    const struct days_row *row = *state;
    instant from;
    char due[INSTANT_SIZE];
    assert_true(instant_parse(span_text(row->from), &from, NULL));
    instant_format(clock_after_days(from, row->offset, row->days, row->convention), due);
    assert_string_equal(due, row->due);
}

struct hours_row {
    const char *name, *from, *done;
    bool late;
} hours_rows[] = {
    {"exactly 24:00:00 is in time", "2026-10-21T08:00:00+02:00",
     "2026-10-22T08:00:00+02:00", false},
    {"a second more is late", "2026-10-21T08:00:00+02:00", "2026-10-22T08:00:01+02:00",
     true},
    {"the night that has 25 hours: the wall clock's 24 are 25 and late",
     "2026-10-24T20:00:00+02:00", "2026-10-25T20:00:00+01:00", true},
    {"the night that has 23 hours leaves one", "2026-03-28T20:00:00+01:00",
     "2026-03-29T21:00:00+02:00", false},
    {"and a second more is late there, too", "2026-03-28T20:00:00+01:00",
     "2026-03-29T21:00:01+02:00", true},
    {"over a leap day", "2028-02-28T20:00:00Z", "2028-02-29T20:00:00Z", false},
};

static void check_hours(void **state)
{
    const struct hours_row *row = *state;
    instant from, done;
    assert_true(instant_parse(span_text(row->from), &from, NULL));
    assert_true(instant_parse(span_text(row->done), &done, NULL));
    assert_int_equal(clock_is_late(clock_after_hours(from, 24), done), row->late);
}

static void milestones(void **unused)
{
    (void) unused;
    assert_int_equal(clock_days_of_milestone("urgent-measure"), 7);
    assert_int_equal(clock_days_of_milestone("serious-breach"), 7);
    assert_int_equal(clock_days_of_milestone("safety-halt"), 15);
    assert_int_equal(clock_days_of_milestone("authority-report"), 0);
}

/* Whatever the hour: never after the day has ended by either clock. */
static void no_hour_is_too_late(void **unused)
{
    (void) unused;
    instant day;
    assert_true(instant_parse(SPAN_LITERAL("2026-03-20T00:00:00+01:00"), &day, NULL));
    for (int minute = 0; minute < 24 * 60; minute++) {
        instant due = clock_after_days(day + minute * MINUTE, 60, 15, DAY_ZERO_AWARENESS);
        assert_true(due <= day + 16 * DAY - HOUR);
        assert_true(due > day + 15 * DAY - HOUR);
    }
}

int main(void)
{
    add_rows(days_rows, ARRAY_LEN(days_rows), sizeof(days_rows[0]), check_days);
    add_rows(hours_rows, ARRAY_LEN(hours_rows), sizeof(hours_rows[0]), check_hours);
    add_test("milestones and their days", milestones);
    add_test("no hour of day 0 makes the due time too late", no_hour_is_too_late);
    return run_added("record_clocks");
}
