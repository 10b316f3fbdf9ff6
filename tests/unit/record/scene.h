/* SPDX-License-Identifier: Apache-2.0 */
/*
** scene: a small trial in memory, its people with their keys, and a log that grows by sending
** records to decide(), as the service's writer does. Everything is deterministic: keys, salts
** and instants.
**
**     struct scene *scene = scene_ready();               study, sites, people, one subject
**     struct record record = scene_record(scene, INVESTIGATOR, RECORD_LOCK);
**     record.data.lock.scope = "study";
**     const struct decision *decision = scene_send(scene, INVESTIGATOR, &record);
*/
#ifndef CRFD_TESTS_RECORD_SCENE_H
#define CRFD_TESTS_RECORD_SCENE_H

#include "crypto/entry.h"
#include "crypto/merkle.h"
#include "protocol/record/fold.h"
#include "protocol/record/replay.h"

enum who {
    FOUNDER,
    INVESTIGATOR, /* of NL01, as all below unless said */
    COORDINATOR,
    MONITOR,
    DATA_MANAGER, /* the whole study */
    SAFETY,       /* the whole study */
    RATER,
    PHARMACIST,
    REGISTRAR,          /* the whole study */
    INSPECTOR,          /* the whole study */
    OTHER_INVESTIGATOR, /* of BE01 */
    SPONSOR,            /* the whole study */
    STRANGER,           /* has a key, is nobody */
    WHO_COUNT,
};

struct person {
    const char *person, *role, *site;
    struct private_key *key;
    const char *kid, *jwk;
};

struct logged {
    struct bytes entry, body;
    uint8_t salt[SALT_SIZE];
};

struct scene {
    struct arena *arena;
    struct state *state;
    struct frontier frontier;
    const char *xml_path;
    const struct study *study;
    char sha256[DIGEST_HEX_SIZE];
    struct definitions definitions;
    struct person people[WHO_COUNT];
    instant now; /* of the next entry; one minute later each time */
    struct logged *log;
    size_t log_count;
    struct {
        const char *subject;
        struct casebook book;
    } books[16];
    size_t book_count;
    uint32_t sent;
    /* of the next record sent, then set back */
    instant signed_before; /* how long before now it is signed */
    bool unknown_seen;
    const char *language;
    bool told_lies; /* a record was decided with unknown_seen: the log shows the truth */
    /* of the last record sent */
    struct record record;
    struct findings shape;
    struct decision decision;
    struct digest leaf;
    char outcome[8192]; /* its line, "" when refused */
};

#define SUBJECT "007-K"

struct scene *scene_new(const char *xml_path); /* nothing logged yet */
/* study.open, sites NL01 and BE01, all people, subject 007-K of NL01 */
struct scene *scene_ready(void);
struct scene *scene_ready_with(const char *xml_path);
/* The same, opened at START ("2022-03-01T09:00:00Z"). */
struct scene *scene_ready_at(const char *xml_path, const char *start);
void scene_free(struct scene *scene);

/* A record of TYPE with all common members as WHO would send it now; data empty. */
struct record scene_record(struct scene *scene, enum who who, enum record_type type);

/* Sign, parse, decide, and log what comes of it. */
const struct decision *scene_send(struct scene *scene, enum who who,
                                  const struct record *record);
/* The same from a payload's text. */
const struct decision *scene_send_payload(struct scene *scene, enum who who,
                                          struct span payload);

/* form.submit of a `data` object; prior is the current revision. REASON may be NULL. */
const struct decision *scene_submit(struct scene *scene, enum who who, const char *data,
                                    const char *reason);

/* "prior" for OBJECT: its current leaf, or NULL. */
const char *scene_leaf(const struct scene *scene, const char *object);

/* Invite, enrol and confirm as the founder does it. */
void scene_enrol(struct scene *scene, enum who who);

/* A test alarm by the founder, answered by SAFETY: subjects may be enrolled from now on. */
void scene_alarm(struct scene *scene);

/* Feed the log to a replay; the whole, or what CHANGE makes of it. */
status scene_replay(const struct scene *scene, struct replay *replay, struct err *err);
struct replay_options scene_replay_options(struct scene *scene);

/* All tables as one text. */
void scene_dump(const struct state *state, struct bytes *out);

#endif
