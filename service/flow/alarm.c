/* SPDX-License-Identifier: Apache-2.0 */
/*
** One timer, one look at all running clocks; what was told is remembered by its key. Children
** are reaped by the kernel (SIGCHLD is ignored in service/app), and each gets a minute from
** timeout(1), so that a command that hangs leaves nothing behind.
*/
#include "service/flow/alarm.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include "base/log.h"
#include "protocol/record/clocks.h"
#include "service/flow/ledger.h"
#include "service/loop/loop.h"

#define PAUSE     (2 * SECOND)
#define TOLD_MOST 4096 /* then all is told again */
/* Children of one look; the rest waits for the next. After a start all is told again, and must
 * not take the machine with it; what cannot wait has room behind what can. */
#define RUNS_MOST        4
#define RUNS_MOST_URGENT 32
#define TIMEOUT          "/usr/bin/timeout"

struct alarm {
    struct service *service;
    const char *command;
    instant ahead;
    struct loop_timer *timer;
    char **told; /* in their order */
    size_t told_count, told_capacity;
    size_t runs; /* in this look */
};

/* ---- the command ---- */

/* False when it could not be begun. */
static bool run(const struct alarm *alarm, const char *const words[5])
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    char *environment[] = {arena_text(arena, "PATH=/usr/bin:/bin"), NULL};
    char *arguments[] = {arena_text(arena, "timeout"),
                         arena_text(arena, "60"),
                         arena_text(arena, alarm->command),
                         arena_text(arena, words[0]),
                         arena_text(arena, words[1]),
                         arena_text(arena, words[2]),
                         arena_text(arena, words[3]),
                         arena_text(arena, words[4]),
                         NULL};
    posix_spawn_file_actions_t actions;
    pid_t child;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return false;
    }
    int failed = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    failed |= posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    if (failed == 0) {
        /* timeout(1) would be there without it, and nobody would be told */
        failed = access(alarm->command, X_OK);
    }
    if (failed == 0) {
        failed = posix_spawn(&child, TIMEOUT, &actions, NULL, arguments, environment);
    }
    (void) posix_spawn_file_actions_destroy(&actions);
    log_event(failed == 0 ? LOG_INFO : LOG_ERROR,
              failed == 0 ? "notify command run" : "notify command cannot be run",
              LOG_TEXT("event", words[0]), LOG_TEXT("study", words[1]),
              LOG_TEXT("report", words[2]), LOG_END);
    return failed == 0;
}

/* ---- what was told ---- */

static void forget(struct alarm *alarm)
{
    for (size_t i = 0; i < alarm->told_count; i++) {
        free(alarm->told[i]);
    }
    alarm->told_count = 0;
}

/* Where KEY stands among what was told, or belongs: by halving, for every running clock is
 * looked for at every look. */
static size_t place_of(const struct alarm *alarm, const char *key)
{
    size_t low = 0, high = alarm->told_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(alarm->told[middle], key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void forget_one(struct alarm *alarm, const char *key)
{
    size_t at = place_of(alarm, key);
    free(alarm->told[at]);
    alarm->told_count--;
    for (size_t i = at; i < alarm->told_count; i++) {
        alarm->told[i] = alarm->told[i + 1];
    }
}

static bool is_new(struct alarm *alarm, const char *key)
{
    size_t at = place_of(alarm, key);
    if (at < alarm->told_count && strcmp(alarm->told[at], key) == 0) {
        return false;
    }
    if (alarm->told_count == TOLD_MOST) {
        forget(alarm);
        at = 0;
    }
    if (alarm->told_count == alarm->told_capacity) {
        alarm->told_capacity = alarm->told_capacity == 0 ? 16 : alarm->told_capacity * 2;
        alarm->told = mem_grow(alarm->told, alarm->told_capacity, sizeof(*alarm->told));
    }
    for (size_t i = alarm->told_count; i > at; i--) {
        alarm->told[i] = alarm->told[i - 1];
    }
    alarm->told[at] = mem_text(key);
    alarm->told_count++;
    return true;
}

static void tell(struct alarm *alarm, const struct ledger *ledger, const char *event,
                 const char *object, const struct row *clock)
{
    CLEANUP(bytes_done) struct bytes key = {0};
    const struct row *form = state_form(ledger->state, object);
    const char *number = form != NULL ? form->values[FORM_NUMBER] : NULL;
    const char *name = clock != NULL ? clock->values[CLOCK_CLOCK] : "-";
    const char *due = clock != NULL ? clock->values[CLOCK_DUE] : "-";
    bool can_wait = strcmp(event, "overdue") == 0 || strcmp(event, "due-soon") == 0;
    if (alarm->runs >= (can_wait ? RUNS_MOST : RUNS_MOST_URGENT)) {
        return;
    }
    bytes_printf(&key, "%s %s %s %s %s", event, ledger->slug, object, name, due);
    if (is_new(alarm, bytes_text(&key))) {
        alarm->runs++;
        if (!run(alarm, (const char *const[]){event, ledger->slug,
                                              number != NULL ? number : "-", name, due})) {
            forget_one(
                alarm,
                bytes_text(
                    &key)); /* tried again at the next look, and no other at this one */
            alarm->runs = RUNS_MOST_URGENT;
        }
    }
}

/* ---- looking ---- */

static void look_at_clock(struct alarm *alarm, const struct ledger *ledger,
                          const struct row *clock, instant now)
{
    const char *object = clock->values[CLOCK_OBJECT];
    bool ack = row_is(clock, CLOCK_CLOCK, CLOCK_ACK);
    instant due = 0;
    if (clock->values[CLOCK_STOPPED] != NULL || clock->values[CLOCK_DUE] == NULL ||
        !instant_parse(span_text(clock->values[CLOCK_DUE]), &due, NULL)) {
        return;
    }
    if (ack) {
        /* a look that comes late, or a start, skips no event: the report is told of first */
        tell(alarm, ledger, "sae", object, clock);
        if (clock_is_late(due, now)) {
            tell(alarm, ledger, "escalation", object, clock);
        }
    } else if (clock_is_late(due, now)) {
        tell(alarm, ledger, "overdue", object, clock);
    } else if (due - now < alarm->ahead) {
        tell(alarm, ledger, "due-soon", object, clock);
    }
}

static void look_at(struct alarm *alarm, const struct ledger *ledger, instant now)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct rows clocks = state_rows(ledger->state, TABLE_CLOCK, arena);
    struct rows milestones = state_rows(ledger->state, TABLE_MILESTONE, arena);
    for (size_t i = 0; i < clocks.count; i++) {
        look_at_clock(alarm, ledger, clocks.items[i], now);
    }
    for (size_t i = 0; i < milestones.count; i++) {
        if (row_is(milestones.items[i], MILESTONE_KIND, "alarm-test") &&
            row_is(milestones.items[i], MILESTONE_STATE, "open")) {
            tell(alarm, ledger, "alarm-test",
                 arena_printf(arena, "milestone/%s",
                              milestones.items[i]->values[MILESTONE_MILESTONE]),
                 NULL);
        }
    }
}

static void look(void *arg)
{
    struct alarm *alarm = arg;
    instant now = clock_now(alarm->service->clock);
    alarm->runs = 0;
    for (size_t i = 0; i < alarm->service->ledger_count; i++) {
        if (alarm->service->ledgers[i]->phase == LEDGER_OPEN) {
            look_at(alarm, alarm->service->ledgers[i], now);
        }
    }
    loop_timer_set(alarm->timer, loop_now(alarm->service->loop) + PAUSE);
}

struct alarm *alarm_new(struct service *service, const char *command, instant ahead)
{
    struct alarm *alarm = mem_alloc(sizeof(*alarm));
    alarm->service = service;
    alarm->command = command;
    alarm->ahead = ahead;
    alarm->timer = loop_timer_new(service->loop, look, alarm);
    if (*command != '\0') {
        loop_timer_set(alarm->timer, loop_now(service->loop));
    }
    return alarm;
}

void alarm_free(struct alarm *alarm)
{
    if (alarm != NULL) {
        loop_timer_free(alarm->timer);
        forget(alarm);
        free(alarm->told);
        free(alarm);
    }
}
