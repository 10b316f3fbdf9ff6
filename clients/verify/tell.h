/* SPDX-License-Identifier: Apache-2.0 */
/*
** tell: what a verified log says, in plain words and as JSON: for the monitor's report and the
** sponsor's status.
**
** `struct tally` collects what the tables do not keep while the log is read (tally_add() is a
** verify_each): how many records of each kind there are before and since a size, who made
** them, and the clocks of safety reports. The tell_ functions speak from it and from the
** folded state. Nothing here prints a clinical value: objects, counts, people, times.
*/
#ifndef CRFD_CLIENTS_TELL_H
#define CRFD_CLIENTS_TELL_H

#include "clients/lib/command.h"
#include "clients/verify/verify.h"

struct tally_clock {
    const char *object, *number; /* number: "SAE-0003", or NULL */
    const char *whose;           /* "sponsor", "site" */
    const char *from, *due;      /* instants; due may be NULL */
    int64_t seq;                 /* of the first report */
    instant received;
};

/* What became of safety: a report, a hold, an opinion, an acknowledgement, a clearance. */
struct tally_event {
    int64_t seq;
    instant time;
    const char *what;   /* an effect's or a record's name: "hold", "safety.assess" */
    const char *detail; /* "dosing study held 80"; no clinical value */
    const char *person;
};

struct tally_object {
    const char *object;
    size_t count; /* of entries since */
};

struct tally {
    struct arena *arena; /* set by the caller, as is `since` */
    uint64_t since;      /* size at the last visit */
    uint64_t before[RECORD_TYPE_COUNT + 1], after[RECORD_TYPE_COUNT + 1];
    struct tally_clock *clocks;
    size_t clock_count, clock_capacity;
    struct tally_object *objects; /* touched since, in the order of first touch */
    size_t object_count, object_capacity;
    struct tally_event *events;
    size_t event_count, event_capacity;
    instant last_time;
};

status tally_add(struct tally *tally, const struct replay_step *step);

void tell_holds(struct invocation *run, const struct state *state);
void tell_counts(struct invocation *run, const struct state *state);
void tell_clocks(struct invocation *run, const struct tally *tally);
void tell_story(struct invocation *run, const struct tally *tally);
void tell_queries(struct invocation *run, const struct state *state);
void tell_locks(struct invocation *run, const struct state *state);
void tell_people(struct invocation *run, const struct state *state);
void tell_since(struct invocation *run, const struct tally *tally);

#endif
