/* SPDX-License-Identifier: Apache-2.0 */
/*
** dates: the date and time kinds of value_parse(), for value.c only.
*/
#ifndef CRFD_STUDY_DATES_H
#define CRFD_STUDY_DATES_H

#include "protocol/study/value.h"

/* Fill when, wall, has_day and has_time of *ret_value if TEXT is of a date, time or datetime
 * TYPE; else false. */
bool date_value_parse(enum data_type type, struct span text, const struct zone *zone,
                      struct value *ret_value);

/* intervalDatetime "start/end", "start/duration", "duration/end"; a side that only a duration
 * gives is unbounded. */
bool time_span_parse(struct span text, const struct zone *zone, struct value *ret_value);

bool duration_is_valid(struct span text); /* durationDatetime */

#endif
