/* SPDX-License-Identifier: Apache-2.0 */
/*
** trialtmp: a whole trial for one test program: a private PostgreSQL, crfd as a real
** process behind real TLS, the MABS06 definition, two sites and people with keys.
**
**     struct trial *trial = trial_start(&(struct trial_options){0});
**     trial_open(trial);                                   study, sites, people
**     trial_enrol(trial, "007-K");
**     struct answer answer = trial_submit_file(trial, INVESTIGATOR, "02-V1-DM.json", NULL);
**     assert_int_equal(answer.status, 201);
**     answer_done(&answer);
**     trial_stop(trial);
**
** Anything that fails while setting up ends the program with the reason.
*/
#ifndef CRFD_TESTS_TRIALTMP_H
#define CRFD_TESTS_TRIALTMP_H

#include "crypto/checkpoint.h"
#include "crypto/key.h"
#include "protocol/record/record.h"
#include "tests/support/pgtmp.h"

#define TRIAL_SLUG   "MABS06"
#define TRIAL_ORIGIN "edc.test/s/7f3a91"
#define TRIAL_URL    "https://edc.test"
#define TRIAL_SITE   "01"
/* the second study, of trial_options.other_study */
#define TRIAL_OTHER_SLUG   "MABS07"
#define TRIAL_OTHER_ORIGIN "edc.test/s/0b22c4"

enum who {
    FOUNDER,      /* sponsor and registrar of the study */
    INVESTIGATOR, /* of site 01 */
    COORDINATOR,  /* of site 01 */
    STRANGER,     /* investigator of site 02 */
    MONITOR,      /* of site 01 */
    SPONSOR,      /* a second person for locks */
    NOBODY,       /* has a key that is enrolled nowhere */
    /* further people, who come by trial_hire() */
    DATA_MANAGER,
    SAFETY,
    RATER,      /* of site 01 */
    PHARMACIST, /* of site 01 */
    REGISTRAR,
    INSPECTOR,
    WHO_COUNT,
};

struct trial;

struct trial_options {
    bool fsync;           /* the database's, for durability tests */
    const char *settings; /* further lines of crfd's configuration */
    bool other_states;    /* a second crfd on the same database may be started */
    bool other_study;     /* crfd serves a second study, too */
    int scrub_pause;      /* milliseconds between two tiles; 0: 20 */
};

struct trial *trial_start(const struct trial_options *options);
void trial_open(struct trial *trial); /* study.open to role.grant */
void trial_stop(struct trial *trial);

/* The processes. */
struct pgtmp *trial_pg(struct trial *trial);
const char *trial_superuser(struct trial *trial); /* conninfo */
void trial_kill(struct trial *trial);             /* kill -9 */
void trial_restart(struct trial *trial);  /* by the same command; waits until it serves */
void trial_launch(struct trial *trial);   /* the same, without waiting until it is ready */
int trial_terminate(struct trial *trial); /* SIGTERM; returns the exit status */
void trial_signal(struct trial *trial, int signal_number);
int trial_wait(struct trial *trial); /* until it has ended; returns the exit status */
bool trial_ready(struct trial *trial, int seconds); /* readyz becomes 200 within SECONDS */
int trial_port(const struct trial *trial);
const char *trial_log_file(const struct trial *trial);
const char *trial_folder(const struct trial *trial); /* crfd's state folder */
const char *trial_certificate(const struct trial *trial);
void trial_change_certificate(struct trial *trial); /* a new one in the same files */
const char *trial_vkey(struct trial *trial);

/* A second crfd on the same database, with a state folder of its own and the same log
 * key; requests go to it while `second` is chosen. */
void trial_start_second(struct trial *trial);
void trial_choose(struct trial *trial, bool second);

/* From now on records and paths are those of the other study, or of the first again. */
void trial_choose_study(struct trial *trial, bool other);

/* Stop crfd and start it again on copies of database and state folder as they were when this
 * was first called: for tests that damage them. */
void trial_copy(struct trial *trial);

/* ---- people ---- */

const struct private_key *trial_key(const struct trial *trial, enum who who);
const char *trial_person(enum who who); /* "p-0001" */
const char *trial_role(enum who who);
void trial_hire(struct trial *trial, enum who who); /* invited, enrolled, confirmed */
void trial_hire_unconfirmed(struct trial *trial, enum who who);
/* Another device: a new key, enrolled and confirmed, with which WHO signs from now on. */
void trial_new_key(struct trial *trial, enum who who);

/* ---- requests ---- */

struct answer {
    int status; /* 0: no answer came */
    struct bytes body;
    struct bytes headers;
    struct arena *arena;
    const struct json *json; /* the body, when it is JSON */
};
void answer_done(struct answer *answer);
const char *answer_text(const struct answer *answer, const char *member); /* or NULL */
int64_t answer_number(const struct answer *answer, const char *member);   /* or -1 */
bool answer_has_finding(const struct answer *answer, const char *rule);
bool answer_has_receipt(const struct answer *answer);
const char *
answer_code(const struct answer *answer); /* "locked" of urn:crfd:problem:locked */

struct answer trial_get(struct trial *trial, enum who who,
                        const char *path); /* below /v1/studies/X */
struct answer trial_get_plain(struct trial *trial, const char *path); /* from the root */
struct answer trial_put_blob(struct trial *trial, enum who who, struct span bytes);
struct answer trial_post(struct trial *trial,
                         struct span line); /* a signed line, as it is */

/* Any request: PATH from the root; HEADER a whole line or NULL; BODY.data NULL: none. */
struct trial_request {
    const char *method, *path, *content_type, *header;
    struct span body;
    bool signed_in; /* with an assertion of WHO */
    bool fresh;     /* on a new connection */
    enum who who;
};
struct answer trial_send(struct trial *trial, const struct trial_request *request);
/* A connection through TLS on which a test writes what it likes. Reading ends when the
 * service closes (true) or after SECONDS. */
void *trial_wire_open(struct trial *trial);
void trial_wire_send(void *wire, struct span bytes);
bool trial_wire_read(void *wire, int seconds, struct bytes *out);
void trial_wire_close(void *wire);

/* The same over the operator's socket, without TLS. */
struct answer trial_ask_operator(struct trial *trial, const char *path);

/* A record that only lacks what is said of it: common members as a client fills them. */
struct record trial_record(struct trial *trial, enum who who, enum record_type type,
                           struct arena *arena);
/* TEXT with the first OLD of "old=>new" replaced; NULL changes nothing. */
void trial_change(struct bytes *text, const char *change);
const char *trial_definition(const struct trial *trial); /* its SHA-256, hex */

/* Sign RECORD as WHO (id and time of now unless given) into OUT, and send it. */
void trial_sign(struct trial *trial, enum who who, const struct record *record,
                struct bytes *out);
struct answer trial_submit(struct trial *trial, enum who who, const struct record *record);

/* The payload of tests/support/mabs06/FILE for SUBJECT (NULL: as in the file) with
 * CHANGE applied to the JSON text: "old=>new", or NULL. */
struct record trial_form(struct trial *trial, enum who who, const char *file,
                         const char *subject, const char *change, struct arena *arena);
struct answer trial_submit_file(struct trial *trial, enum who who, const char *file,
                                const char *subject, const char *change);
void trial_enrol(struct trial *trial, const char *subject); /* at site 01 */

/* A number of the log, of a table: for "nothing else changed". */
int64_t trial_count(struct trial *trial, const char *table);

#endif
