/* SPDX-License-Identifier: Apache-2.0 */
/*
** timezone: the site's wall clock and UTC, through the system's tz database.
**
** People type what the clock on the wall shows; records carry the offset. Twice a year that
** is not one-to-one: in the doubled hour of October one wall time means two instants (the
** client asks which), in the missing hour of March none.
**
** A zone is read once from /usr/share/zoneinfo (RFC 8536, version 2 or later, with its
** footer rule) and then answers without touching the process's own TZ.
*/
#ifndef CRFD_CLIENTS_TIMEZONE_H
#define CRFD_CLIENTS_TIMEZONE_H

#include "base/clock.h"
#include "protocol/study/value.h"

struct time_zone;

/* NAME as in the database ("Europe/Amsterdam"). ERR_NOT_FOUND when it is not there. */
MUST_USE status time_zone_open(const char *name, struct time_zone **ret_zone,
                               struct err *err);
void time_zone_close(struct time_zone *zone); /* accepts NULL */
void time_zone_closep(struct time_zone **zone);

/* Minutes east of UTC at the instant AT. */
int time_zone_offset(const struct time_zone *zone, instant at);

enum wall { WALL_ONCE, WALL_TWICE, WALL_NEVER };

/* The offsets that the wall clock time WALL (an instant that pretends the wall is UTC) can
 * have: one; two, the earlier instant's (summer) first; or, in the missing hour, the offset
 * before it. */
enum wall time_zone_at_wall(const struct time_zone *zone, instant wall, int ret_offsets[2]);

/* For protocol/study: the same as a struct zone; borrowed until the zone is closed. A doubled
 * wall time reads as its first occurrence. */
struct zone time_zone_as_zone(const struct time_zone *zone);

#endif
