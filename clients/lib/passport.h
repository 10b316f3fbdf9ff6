/* SPDX-License-Identifier: Apache-2.0 */
/*
** passport: what a computer knows of one study and one person, and how it came to know it.
**
** An invitation file is where trust starts. It is handed over by a person (stick, letter,
** sealed mail), because whoever can change it on the way can be the server. One JSON object,
** exactly these members:
**
**     {"crf":"invitation 1","url":"https://edc.example.org","study":"MABS06",
**      "study_name":"...","origin":"edc.example.org/s/7f3a91","vkey":"edc...+8ba6...",
**      "founder":"<thumbprint>","person":"p-0042","name":"A. de Vries",
**      "role":"investigator","site":"NL01","language":"nl","timezone":"Europe/Amsterdam",
**      "code":"<26 base32 characters>","expires":"2026-12-01T00:00:00.000000Z",
**      "authority":"-----BEGIN CERTIFICATE-----...","pin":null}
**
** `site` and `timezone` are null for roles of the whole study. `authority` (PEM of an
** authority or of the server's own certificate) and `pin` (sha256//...) may be null: then the
** computer's own list of authorities decides.
**
** passport.json is the same without `code` and `expires`, with "crf":"passport 1" and `kid`,
** the thumbprint of the key made here. The code is spent by person.enrol.
*/
#ifndef CRFD_CLIENTS_PASSPORT_H
#define CRFD_CLIENTS_PASSPORT_H

#include "clients/lib/folder.h"
#include "clients/lib/https.h"

struct passport {
    const char *url;        /* "https://edc.example.org:8443" */
    const char *study;      /* StudyOID, as in the routes */
    const char *study_name; /* for people */
    const char *origin;     /* of the study's log */
    const char *vkey;    /* of the log key; NULL in a founder's folder before it is known */
    const char *founder; /* thumbprint, 43 characters */
    const char *person;  /* "p-0042" */
    const char *name;    /* printed name, as it stands in signatures */
    const char *role;    /* the role invited for; more may have been granted */
    const char *site;    /* or NULL */
    const char *timezone;        /* of the site, or NULL */
    const char *language;        /* "en", "nl" */
    const char *authority, *pin; /* or NULL */
    const char *code;            /* invitation only */
    const char *expires;         /* invitation only */
    const char *kid;             /* passport only */
};

#define INVITATION_MAX 65536

/* Read an invitation or a passport; both refuse members that are not in the list. Texts live
 * in ARENA. ERR_BAD_INPUT says which member is wrong and never quotes the code. */
MUST_USE status invitation_read(struct span text, struct arena *arena,
                                struct passport *ret_passport, struct err *err);
MUST_USE status passport_read(struct span text, struct arena *arena,
                              struct passport *ret_passport, struct err *err);

/* Append the file form (one member a line, for people). */
void invitation_write(const struct passport *passport, struct bytes *out);
void passport_write(const struct passport *passport, struct bytes *out);

/* passport.json of FOLDER. */
MUST_USE status passport_load(const struct folder *folder, struct arena *arena,
                              struct passport *ret_passport, struct err *err);
MUST_USE status passport_store(const struct folder *folder, const struct passport *passport,
                               struct err *err);

/* "https://edc.example.org/v1/studies/MABS06" + TAIL ("/records"), in ARENA: the `url` of a
 * signed record. And the same without the server: the path of a request. */
const char *passport_url(const struct passport *passport, struct arena *arena,
                         const char *tail);
const char *passport_path(const struct passport *passport, struct arena *arena,
                          const char *tail);

/* A new code of 128 bits, base32, 26 characters; and the hex SHA-256 that person.invite
 * carries. */
#define CODE_SIZE 27
void code_make(char ret_code[CODE_SIZE]);
void code_digest(const char *code, char ret_hex[65]);

/* The thumbprint as people compare it by phone: groups of four, "x4WB Dc8f ...". */
const char *fingerprint(struct arena *arena, const char *thumbprint);

#endif
