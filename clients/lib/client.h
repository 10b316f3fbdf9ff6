/* SPDX-License-Identifier: Apache-2.0 */
/*
** client: what nearly every command starts with: folder, passport, key, connection.
**
**     CLEANUP(client_closep) struct client *client = NULL;
**     TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
**     TRY(client_get_json(client, "/sites", &root, err));
**
** Opening with CLIENT_ONLINE or CLIENT_TRY_ONLINE asks the service what the study is, holds
** it against the passport (another log key or founder is evidence, not an error), keeps it in
** study.json, and says as the first lines of output what the sponsor has not acknowledged
** (to a site: its own) and active holds. With CLIENT_TRY_ONLINE a service that is away
** is no failure: client->online says which.
*/
#ifndef CRFD_CLIENTS_CLIENT_H
#define CRFD_CLIENTS_CLIENT_H

#include "clients/lib/https.h"
#include "clients/lib/log_state.h"
#include "clients/lib/passport.h"
#include "clients/lib/signer.h"
#include "clients/lib/timezone.h"
#include "protocol/record/state.h"
#include "protocol/study/check.h"

enum {
    CLIENT_KEY = 1,        /* unlock the key, or use the session */
    CLIENT_TRY_ONLINE = 2, /* ask the service, if it is there */
    CLIENT_ONLINE = 4,     /* fail with ERR_UNAVAILABLE if it is not */
    CLIENT_QUIET = 8,      /* do not say holds: nothing is done at a bedside with this */
    CLIENT_ASIDE = 32,     /* say holds on stderr: stdout is a file for somebody */
    CLIENT_FOUNDER = 16,   /* the log key may be unknown so far: the service tells it */
};

struct hold {
    const char *activity, *scope, *rule, *state;
};

/* A safety report that the sponsor has not acknowledged in time. */
struct unanswered {
    const char *report, *site; /* "SAE-0003"; NULL: not known */
    const char *since;
};

struct client_dictionary {
    const char *name, *version, *sha256;
};

/* What the service said of the study, now or the last time it was there. */
struct study_facts {
    bool known;    /* it said something at all */
    bool open;     /* study.open is in the log */
    uint64_t size; /* of the log */
    bool halted;   /* the service stopped it: what it stores does not hold together */
    /* of the definition in force at the site; without a site of the newest; NULL before
     * study.open */
    const char *version, *sha256;
    const struct client_dictionary *dictionaries; /* that the log names */
    size_t dictionary_count;
    const struct hold *holds;
    size_t hold_count;
    const struct unanswered *unanswered;
    size_t unanswered_count;
};

struct client {
    struct invocation *run;
    struct arena *arena; /* lives as long as the client */
    struct folder *folder;
    struct passport passport;
    struct signer *signer; /* NULL without CLIENT_KEY */
    struct https *https;
    bool online;
    status why_offline; /* kind of what kept us offline */
    struct err offline; /* and its sentence */
    struct note_key *log_key;
    struct checkpoint_trust trust;
    struct study_facts facts;
    struct state *published;   /* the versions, and where they are in force: facts */
    const struct study *study; /* after client_definition() */
    const struct metadata_version *version; /* worked by now: versions.h */
    struct dictionaries dictionaries;       /* that it uses and that could be read */
    struct loaded_version *loaded;          /* all that were read, in `definitions` */
    struct arena *definitions;
    struct time_zone *zone; /* of the site; NULL: study-wide role */
    struct bytes bearer;
    instant bearer_until;
};

MUST_USE status client_open(struct invocation *run, unsigned needs,
                            struct client **ret_client, struct err *err);
void client_close(struct client *client); /* accepts NULL */
void client_closep(struct client **client);

/* Fail unless online. */
MUST_USE status client_need_online(const struct client *client, struct err *err);

/* GET /v1/studies/{study}TAIL with a bearer; TAIL is encoded already. The caller looks at
 * answer->code; client_get_ok() turns all but 200 into a status. */
MUST_USE status client_get(struct client *client, const char *tail, const char *etag,
                           struct https_answer *ret_answer, struct err *err);
MUST_USE status client_get_ok(struct client *client, const char *tail, size_t limit,
                              struct bytes *out, struct err *err);

/* The same, read as JSON into the client's arena. */
MUST_USE status client_get_json(struct client *client, const char *tail,
                                const struct json **ret_root, struct err *err);

/* All items of a paged list; TAIL without `after` ("/queries?state=open"). EACH may fail. */
typedef status client_each(void *arg, const struct json *item, struct err *err);
MUST_USE status client_pages(struct client *client, const char *tail, client_each *each,
                             void *arg, struct err *err);

/* PUT a blob (its digest is its name). With AS_FOUNDER the assertion carries the key. */
MUST_USE status client_put_blob(struct client *client, struct span content,
                                const char *media, bool as_founder, struct err *err);

/* A read assertion good for the next minutes; borrowed until the next call. */
MUST_USE status client_bearer(struct client *client, bool as_founder,
                              const char **ret_bearer, struct err *err);

/* Load the definition in force here into client->study and ->version, from the folder
 * or the service; its bytes are held against their digest. Nothing happens when one is used
 * already (versions.h). */
MUST_USE status client_definition(struct client *client, struct err *err);

/* TEXT percent-encoded for a path segment or a query value, in the client's arena. */
const char *client_encode(struct client *client, const char *text);

/* The local time of the person who signs: the site's zone, else the computer's. */
int client_offset(const struct client *client, instant at);

/* Verify a checkpoint note against all this computer knows and remember it as `seen`: its
 * signature, no other history at the same size, and (online) the consistency proof built from
 * the log's tiles. NEWEST: the server calls it its head. Offline a longer head that cannot be
 * held against ours is not remembered, and that is no failure. */
MUST_USE status client_see(struct client *client, struct span note, bool newest,
                           struct err *err);

/* The zone of the site, to be kept as long as what is checked in it; UTC without a site. */
struct zone client_zone(const struct client *client);

/* Where and when something is checked here: now, in ZONE, in this person's language. */
struct check_context client_check_context(const struct client *client, enum place place,
                                          const struct zone *zone);

/* The phone number for safety reports, as far as this computer knows it; "" else. */
const char *client_safety_phone(struct client *client);

#endif
