/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why not simply N times 24 hours: a report received at 23:30 in winter and due 15 days later
** in summer would be due at 00:30 of day 16. Why not the end of day N in the zone's own rules:
** zone files change, and what a log says must not change with them.
*/
#include "protocol/record/clocks.h"

#include <string.h>

#include "base/status.h"

instant clock_after_hours(instant from, int hours)
{
    return from + hours * HOUR;
}

static instant start_of_day(instant wall)
{
    instant into = wall % DAY;
    return wall - (into < 0 ? into + DAY : into);
}

instant clock_after_days(instant from, int offset_minutes, int days,
                         enum day_zero convention)
{
    instant offset = offset_minutes * MINUTE;
    int count = convention == DAY_ZERO_NEXT ? days + 1 : days;
    instant same_time = from + count * DAY;
    instant midnight = start_of_day(from + offset) + (count + 1) * DAY - offset;
    instant earlier = midnight - HOUR; /* as it would be if the clocks went forward */
    return same_time < earlier ? same_time : earlier;
}

bool clock_is_late(instant due, instant done)
{
    return done > due;
}

int clock_days_of_milestone(const char *kind)
{
    static const struct {
        const char *kind;
        int days;
    } kinds[] = {{"urgent-measure", DAYS_MEASURE},
                 {"serious-breach", DAYS_MEASURE},
                 {"safety-halt", DAYS_HALT}};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (strcmp(kinds[i].kind, kind) == 0) {
            return kinds[i].days;
        }
    }
    return 0;
}
