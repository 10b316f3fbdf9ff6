/* SPDX-License-Identifier: Apache-2.0 */
/*
** clocks: when something about a safety case is due. Pure arithmetic on instants that stand in
** entries, so that anyone who has the log gets the same times.
**
**   site        24 h  awareness at the site -> phone, paper or system, whichever is first
**   sponsor     7 or 15 days  the sponsor's day 0 -> report to the authority
**   completion  the further 8 days after a 7-day report -> the completed report
**   ack         4 h   receipt -> a person of the sponsor has it; then it escalates
**   update      24 h  a follow-up that changes outcome, criterion, causality or grade -> as ack
**   outcome     of a pregnancy: its expected end and some days -> the outcome (rule 10)
**   authority   7 days urgent safety measure, 7 days serious breach, 15 days halt for safety
**
** Hours are elapsed time: a change to summer time neither adds nor takes one, and exactly
** 24:00:00 is in time. Days are days of the calendar: day 0 is the day on which the sponsor
** knew, in the wall clock of the report (the offset of its signature); it is due at the same
** time of day on day N, and in any case before day N ends. Where the clocks may have gone
** forward since, the earlier of the two midnights counts: a due time is never too late.
** A regime that counts from the day after awareness has its own convention.
**
** Sources: Regulation (EU) 536/2014 art. 38, 41, 42, 52, 54; WMO (CCMO) 7 + 8 and 15 days;
** 21 CFR 312.32(c).
*/
#ifndef CRFD_RECORD_CLOCKS_H
#define CRFD_RECORD_CLOCKS_H

#include <stdbool.h>

#include "base/clock.h"

#define CLOCK_SITE       "site"
#define CLOCK_SPONSOR    "sponsor"
#define CLOCK_COMPLETION "completion"
#define CLOCK_ACK        "ack"
#define CLOCK_UPDATE     "update"
#define CLOCK_AUTHORITY  "authority"
#define CLOCK_OUTCOME    "outcome"

#define DAYS_GRAVE      7  /* fatal or life-threatening */
#define DAYS_OTHER      15 /* any other */
#define DAYS_COMPLETION 8  /* after the 7: the completed report */
#define DAYS_MEASURE    7  /* urgent safety measure, serious breach */
#define DAYS_HALT       15 /* temporary halt for safety */
#define HOURS_UPDATE    24
#define HOURS_ACK       4 /* parameter SAFETY.ACK.HOURS */

/* Which day is day 0. */
enum day_zero {
    DAY_ZERO_AWARENESS, /* CTR, WMO, FDA: the day on which it was known */
    DAY_ZERO_NEXT,      /* the day after it */
};

instant clock_after_hours(instant from, int hours);

/* FROM in the wall clock that is OFFSET_MINUTES from UTC. */
instant clock_after_days(instant from, int offset_minutes, int days,
                         enum day_zero convention);

/* Was what was due at DUE done too late at DONE? The very instant is in time. */
bool clock_is_late(instant due, instant done);

/* Names and periods of the clocks that a milestone starts; 0 days: it starts none. */
int clock_days_of_milestone(const char *kind);

#endif
