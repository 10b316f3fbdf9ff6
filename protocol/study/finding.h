/* SPDX-License-Identifier: Apache-2.0 */
/*
** finding: what a check has to say, and every sentence that a user reads from us.
**
** A finding acts in one of three ways at one of four places (DESIGN.md chapter 5). `values`
** and `message` may hold clinical values: they go back to the authenticated sender only,
** never into a log line, an outcome, a metric or a notice. What may be kept is rule, act,
** place, object and path.
**
** The texts of every finding stand in tables (messages.h, messages_<topic>.c) in English,
** Dutch, French and German, written for the person at the bedside: what is wrong, what to
** do, and that nothing is lost.
*/
#ifndef CRFD_STUDY_FINDING_H
#define CRFD_STUDY_FINDING_H

#include "protocol/study/casebook.h"

const char *act_name(enum act act); /* "ask" "gate" "refuse" */
bool act_parse(const char *name, enum act *ret_act);
bool place_parse(const char *name, enum place *ret_place);

struct finding {
    const char *rule; /* "66", "FORM-03" */
    enum act act;
    enum place place;
    bool due;           /* something is still to come: listed, but opens no query */
    bool deviation;     /* proposes a protocol deviation */
    bool alarm;         /* the safety contact is told at once */
    const char *object; /* path of the form it is about; "" = the form checked */
    const char *path;   /* "IG.INFUSION/-/IT.INFSTDTC", or "" = the form as a whole */
    const char *values; /* "2026-03-12 < 2026-03-14"; for the sender only, may be "" */
    const char *message, *help; /* in the language asked for; help may be "" */
};

#define FINDINGS_MAX 2000 /* further ones are dropped: nobody reads them */

struct findings {
    struct arena *arena;  /* set by the caller; owns all texts */
    const char *language; /* a tag ("nl-BE"): see messages.h; NULL reads English */
    struct finding *items;
    size_t count, capacity;
};

/* Append one; texts are copied into the arena, NULL becomes "". A second finding with the
 * same rule, object and path is dropped: one query for each rule and key. */
void finding_add(struct findings *findings, const struct finding *finding);

/* A finding as the service answers it and the clients print it with --json:
 * {rule, act, path, object, message, help, due}. For the authenticated sender. */
void finding_write(const struct finding *finding, struct json_out *json);

bool findings_refuse(const struct findings *findings); /* at least one refuses */
bool findings_gate(const struct findings *findings);   /* at least one gates */
bool findings_have(const struct findings *findings, const char *rule);

/* ---- the messages (users.md chapter 5); in the arena of FINDINGS or ARENA ---- */

/* A text of messages.h with its parameters {1} to {9} filled in. An id that is not there is
 * our bug and aborts. */
#define MESSAGE_ARGS_MAX 9
char *message_text(struct arena *arena, const char *language, const char *id,
                   const char *const *args, size_t count);
bool message_exists(const char *id);

/* 1 FORM-03, 2 rule 23 and 3 HO-02 are made by check_form(). The next three are for those
 * who emit them: record, service, clients. */

/* 2 again, when the number and the time of acceptance are known (else NULL). */
char *message_stay_missing(struct arena *arena, const char *language, const char *number,
                           const char *when);
/* 4. Stale `prior`: who changed what while you were typing, and where your text is kept.
 * BEFORE and AFTER are NULL where several items changed: then ITEM lists them. */
struct conflict {
    const char *who, *when, *item, *before, *after, *draft;
};
char *message_conflict(struct arena *arena, const char *language,
                       const struct conflict *conflict);
/* 6. The key was suspended, expired or revoked. */
char *message_key(struct arena *arena, const char *language, const char *when,
                  const char *by, const char *phone, const char *registrar_phone);

/* "14 March 2026 10:31", "March 2026", from the text of a date; other texts as they are. */
char *message_date(struct arena *arena, const char *language, const char *value);

/* An activity on hold ("dosing") and its scope ("study", "site/01") as people say them; what
 * is not ours as it is. */
const char *message_activity(struct arena *arena, const char *language,
                             const char *activity);
const char *message_scope(struct arena *arena, const char *language, const char *scope);

/* "end time, volume and flow" */
char *message_list(struct arena *arena, const char *language, const char *const *items,
                   size_t count);

/* How a person calls a form, an event and an item: translated description or question, else
 * name, else OID. */
const char *form_title(const struct form_def *form, const char *language);
const char *event_title(const struct event_def *event, const char *language);
const char *item_title(const struct item_def *item, const char *language);

#endif
