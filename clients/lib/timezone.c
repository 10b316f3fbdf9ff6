/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why through the C library and not an own reader of RFC 8536: glibc keeps the files and their
** footer rules right; it only insists on the process-wide TZ. So the transitions of 1970 to
** 2100 are taken from it once, at opening, and kept as a small table; the environment is put
** back as it was. The clients have one thread.
*/
#include "clients/lib/timezone.h"

#include <errno.h>
#include <sys/stat.h>

#define FIRST_YEAR   1970
#define LAST_YEAR    2100
#define MOST_CHANGES 1024

struct change_of_offset {
    instant at; /* from here on */
    int offset; /* minutes */
};

struct time_zone {
    struct change_of_offset changes[MOST_CHANGES];
    size_t count;
};

static int offset_by_library(instant at)
{
    time_t seconds = (time_t) (at / SECOND);
    struct tm local;
    BUG_IF(localtime_r(&seconds, &local) == NULL);
    return (int) (local.tm_gmtoff / 60);
}

/* The first instant in (FROM, TO] whose offset is not that of FROM, to the minute. */
static instant find_change(instant from, instant to)
{
    int before = offset_by_library(from);
    while (to - from > MINUTE) {
        instant middle = from + (to - from) / MINUTE / 2 * MINUTE;
        if (offset_by_library(middle) == before) {
            from = middle;
        } else {
            to = middle;
        }
    }
    return to;
}

static void add_change(struct time_zone *zone, instant at, int offset)
{
    if (zone->count < MOST_CHANGES) {
        zone->changes[zone->count++] = (struct change_of_offset){at, offset};
    }
}

/* Ask the library week by week: no zone has kept an offset for less (but Morocco's Ramadan
 * of four). */
static void read_changes(struct time_zone *zone)
{
    instant at = date_to_days(FIRST_YEAR, 1, 1) * DAY;
    instant end = date_to_days(LAST_YEAR, 1, 1) * DAY;
    add_change(zone, at, offset_by_library(at));
    for (; at < end; at += 7 * DAY) {
        if (offset_by_library(at + 7 * DAY) != offset_by_library(at)) {
            instant change = find_change(at, at + 7 * DAY);
            add_change(zone, change, offset_by_library(change));
        }
    }
}

static bool name_is_sane(const char *name)
{
    if (name[0] == '\0' || name[0] == '/' || strlen(name) > 64 ||
        strstr(name, "..") != NULL) {
        return false;
    }
    return name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                             "0123456789_+-/")] == '\0';
}

static bool zone_file_exists(const char *name)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    const char *folder = getenv("TZDIR");
    struct stat about;
    bytes_printf(&path, "%s/%s", folder != NULL ? folder : "/usr/share/zoneinfo", name);
    return stat(bytes_text(&path), &about) == 0 && S_ISREG(about.st_mode);
}

status time_zone_open(const char *name, struct time_zone **ret_zone, struct err *err)
{
    CLEANUP(bytes_done) struct bytes value = {0};
    if (!name_is_sane(name) || !zone_file_exists(name)) {
        return FAIL(err, ERR_NOT_FOUND,
                    "this computer's time zone list does not have the site's zone "
                    "(package tzdata)");
    }
    CLEANUP(mem_freep) char *old = getenv("TZ") != NULL ? mem_text(getenv("TZ")) : NULL;
    struct time_zone *zone = mem_alloc(sizeof(*zone));
    bytes_printf(&value, ":%s", name);
    BUG_IF(setenv("TZ", bytes_text(&value), 1) != 0);
    tzset();
    read_changes(zone);
    BUG_IF((old != NULL ? setenv("TZ", old, 1) : unsetenv("TZ")) != 0);
    tzset();
    *ret_zone = zone;
    return OK;
}

void time_zone_close(struct time_zone *zone)
{
    free(zone);
}

void time_zone_closep(struct time_zone **zone)
{
    time_zone_close(*zone);
    *zone = NULL;
}

int time_zone_offset(const struct time_zone *zone, instant at)
{
    size_t low = 0, high = zone->count; /* the answer stands in [low, high) */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->changes[middle].at <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return zone->changes[low].offset;
}

enum wall time_zone_at_wall(const struct time_zone *zone, instant wall, int ret_offsets[2])
{
    /* No offset differs from UTC by a day: the two candidates are those around it. */
    int before = time_zone_offset(zone, wall - DAY);
    int after = time_zone_offset(zone, wall + DAY);
    bool first = time_zone_offset(zone, wall - before * MINUTE) == before;
    bool second = time_zone_offset(zone, wall - after * MINUTE) == after;
    ret_offsets[0] = first || !second ? before : after;
    ret_offsets[1] = second ? after : before;
    if (!first && !second) {
        return WALL_NEVER;
    }
    return first && second && before != after ? WALL_TWICE : WALL_ONCE;
}

static int zone_offset(const void *arg, instant wall)
{
    int offsets[2];
    (void) time_zone_at_wall(arg, wall, offsets);
    return offsets[0];
}

struct zone time_zone_as_zone(const struct time_zone *zone)
{
    return (struct zone){.offset = zone_offset, .arg = zone, .fixed = 0};
}
