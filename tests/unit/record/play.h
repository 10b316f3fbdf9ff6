/* SPDX-License-Identifier: Apache-2.0 */
/*
** play: short ways to send each type of record in a scene, and the row that judges one.
*/
#ifndef CRFD_TESTS_RECORD_PLAY_H
#define CRFD_TESTS_RECORD_PLAY_H

#include "tests/unit/record/scene.h"

#define VS    "subject/007-K/SE.V1/-/F.VS/-"
#define RATE  "subject/007-K/SE.V1/-/F.RATE/-"
#define OTHER "subject/008-L/SE.V1/-/F.VS/-"

#define FORM(subject, form, state, items)                                                  \
    "{\"SubjectKey\":\"" subject                                                           \
    "\",\"StudyEventOID\":\"SE.V1\",\"StudyEventRepeatKey\":null,\"FormOID\":\"F." form    \
    "\",\"FormRepeatKey\":null,\"state\":\"" state                                         \
    "\",\"ItemGroupData\":[{\"ItemGroupOID\":\"IG." form                                   \
    "\",\"ItemGroupRepeatKey\":null,\"ItemData\":{" items "}}]}"
#define VS_FORM(state, items) FORM("007-K", "VS", state, items)
#define GOOD                  VS_FORM("complete", "\"IT.SEX\":\"F\",\"IT.WEIGHT\":\"61.5\"")
#define HEAVY                 VS_FORM("complete", "\"IT.SEX\":\"F\",\"IT.WEIGHT\":\"161.5\"")
#define PARTIAL               VS_FORM("partial", "\"IT.SEX\":\"F\"")

void play_send(struct scene *scene, enum who who, struct record record);
void play_open_site(struct scene *scene, enum who who, const char *site);
void play_amend(struct scene *scene, enum who who, const char *version);
void play_site_version(struct scene *scene, const char *site, const char *version,
                       const char *from);
#define PLAY_CODE "AAAQEAYEAUDAOCAJBIFQYDIOB4"

/* BY invites WHOM, with PLAY_CODE, for a day; a key enrols; both, and BY confirms: STRANGER's
 * key becomes one of WHOSE. */
void play_invite(struct scene *scene, enum who by, enum who whom);
void play_enrol_key(struct scene *scene, enum who who, const char *person, const char *code,
                    const char *jwk);
void play_new_key(struct scene *scene, enum who whose, enum who invited_by, enum who by);
void play_change_key(struct scene *scene, enum who who, enum record_type type,
                     enum who target);
void play_change_role(struct scene *scene, enum who who, enum record_type type,
                      enum who target, const char *role, const char *site);
void play_enrol(struct scene *scene, enum who who, const char *subject, const char *site);
void play_submit(struct scene *scene, const char *data);
void play_retract(struct scene *scene, enum who who, const char *object);
struct signed_object play_object_now(struct scene *scene, const char *object);
void play_sign_with(struct scene *scene, enum who who, const char *object,
                    const struct confirmed *confirmed, size_t count);
void play_sign(struct scene *scene, enum who who, const char *object);
void play_lock_with(struct scene *scene, enum who who, enum record_type type,
                    const char *scope, const struct confirmed *confirmed, size_t count);
void play_lock(struct scene *scene, enum who who, const char *scope);
void play_lock_twice(struct scene *scene, const char *scope);
void play_query(struct scene *scene, enum who who, const char *object);
void play_about_query(struct scene *scene, enum who who, enum record_type type,
                      const char *id);
const char *play_first_query(struct scene *scene);

/* submit and sign; MDV.2 published and in force at NL01; one step of unlocking NL01 */
void play_version_comes(struct scene *s);
void play_signs(struct scene *s);
void play_unlock(struct scene *s, enum who who);

/* One short scene in a trial with all its people; the last record sent is judged, and the log
 * must replay to the same tables, with today's engine deciding the same. */
struct decide_row {
    const char *name;
    void (*play)(struct scene *scene);
    int status;       /* http */
    const char *rule; /* of the first finding; NULL: accepted, or any */
    int rung;
    enum {
        LOGGED, /* accepted, or refused with a reject entry */
        SILENT, /* refused without an entry */
        STAGED, /* logged, but the state was changed by hand: no log says so */
    } trace;
};

/* The log replays to the same tables, and today's engine decides the same. */
void play_must_replay(struct scene *scene);

/* Every hold there is or was, "dosing study held; dosing site/01 lifted", in the arena. */
const char *play_holds(struct scene *scene);
void play_check(void **state);

#endif
