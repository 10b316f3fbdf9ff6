/* SPDX-License-Identifier: Apache-2.0 */
/*
** scene: one record is sent, and everything that may and may not come of it is looked at.
**
**     struct sheet sheet = {.who = INVESTIGATOR, .file = "02-V1-DM.json",
**                           .changes = {"\"166.0\"=>\"tall\""}};
**     scene_sheet(trial, &sheet, &line);
**     struct answer answer = scene_try(trial, span_bytes(&line),
**                                      &(struct wanted){422, "findings", "TYPE-01", REFUSED});
**
** A refusal that leaves an entry: the entry is a reject with a receipt that verifies, the id is
** spent (the same bytes get the same answer), every projection and the casebook are as
** before. One that leaves nothing: nothing at all has changed. An accepted record: one entry,
** a receipt that verifies, and the same bytes get the same answer.
**
** Ten refusals of a key in a minute are the quota, so scene_sheet() gives WHO a new key now and
** then.
*/
#ifndef CRFD_TESTS_SCENE_H
#define CRFD_TESTS_SCENE_H

#include "tests/support/rows.h"
#include "tests/support/trialtmp.h"

#define SCENE_SUBJECT "007-K"

enum trace {
    NOTHING, /* no entry, id unspent */
    REFUSED, /* a reject entry */
    STORED,  /* an entry */
};

struct wanted {
    int status;
    const char *code; /* of the problem; NULL: not looked at */
    const char *rule; /* a finding that must be there; NULL: none needed */
    enum trace trace;
};

/* A form.submit: FILE as it is, or with CHANGES ("old=>new") of the compact payload. */
struct sheet {
    enum who who;
    const char *file;
    const char *changes[3];
    const char *prior, *reason;
    int seconds; /* that the signer's clock is ahead */
};

/* Study, sites, people, and SCENE_SUBJECT with its consent. */
struct trial *scene_open(const struct trial_options *options);

/* Append the signed line. */
void scene_sheet(struct trial *trial, const struct sheet *sheet, struct bytes *line);
/* Sign PAYLOAD as WHO, with a new id, for now + SECONDS. */
void scene_sign(struct trial *trial, enum who who, const char *payload, int seconds,
                struct bytes *line);
/* A protected header and a payload of any kind, signed by WHO's key as ES256 or Ed25519. */
void scene_sign_raw(struct trial *trial, enum who who, const char *header,
                    struct span payload, struct bytes *line);
/* The header that a client makes, as text, for scene_sign_raw(). */
void scene_header(struct trial *trial, enum who who, struct bytes *out);
/* The payload of SHEET, for scene_sign() and scene_sign_raw(). */
void scene_payload(struct trial *trial, const struct sheet *sheet, struct bytes *out);

struct answer scene_try(struct trial *trial, struct span line, const struct wanted *wanted);
void scene_sheet_try(struct trial *trial, const struct sheet *sheet,
                     const struct wanted *wanted);

/* Send a record that must be accepted; returns its seq. */
int64_t scene_accept(struct trial *trial, enum who who, const struct record *record);

/* Its receipt proves LINE, by itself. */
void scene_verify(struct trial *trial, struct span line, const struct answer *answer,
                  bool rejected);

/* The outcome's effect of KIND with VALUE (NULL: any), or NULL; the query that the finding of
 * RULE opened, or NULL. */
const struct json *scene_effect(const struct answer *answer, const char *kind,
                                const char *value);
const char *scene_query(const struct answer *answer, const char *rule);
/* One value of the database, as text; the caller frees. */
char *scene_sql(struct trial *trial, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The current leaf of a form object, base64; the caller frees. */
char *scene_leaf(struct trial *trial, const char *object);
/* The first person asks, the second does it. SCOPE: study, subject/007-K, ... */
void scene_lock(struct trial *trial, const char *scope, bool lock);
/* WHO's key is suspended or revoked by the founder. */
void scene_end_key(struct trial *trial, enum who who, bool revoke);

#endif
