/* SPDX-License-Identifier: Apache-2.0 */
/*
** record: the closed list of record types, and their payloads read and written.
**
** A record is the payload of a JWS that a person signed (RECORDS.md chapters 1 and 2). One
** const table (record_types) says for each type which members its `data` has, of which kind,
** and which common members it needs; reading, writing and the manual come from it.
**
**     struct record record;
**     TRY(record_parse(payload, arena, &record, &shape, err));    400 if it is not JSON
**     if (findings_refuse(&shape)) ...                            rung 7: 422, each finding
**
** record_parse() says everything that is wrong at once, path by path ("data.person",
** rule SHAPE-03), and still fills what can be read, so that a refusal can be logged with
** type and object. Nothing is quoted in a finding but names of members we know.
**
** Writing is the inverse: fill a struct record, record_write(). Texts are as they travel:
** instants RFC 3339 ("2026-11-21T10:14:07+01:00"), digests in the encoding of their member.
**
** Memory: everything lives in the arena given.
*/
#ifndef CRFD_RECORD_RECORD_H
#define CRFD_RECORD_RECORD_H

#include "base/clock.h"
#include "base/json_out.h"
#include "crypto/digest.h"
#include "crypto/jws.h"
#include "protocol/record/record_product.h"
#include "protocol/study/finding.h"

enum record_type {
    RECORD_STUDY_OPEN,
    RECORD_STUDY_AMEND,
    RECORD_SITE_OPEN,
    RECORD_SITE_VERSION,
    RECORD_PERSON_INVITE,
    RECORD_PERSON_ENROL,
    RECORD_PERSON_CONFIRM,
    RECORD_PERSON_SUSPEND,
    RECORD_PERSON_REVOKE,
    RECORD_ROLE_GRANT,
    RECORD_ROLE_WITHDRAW,
    RECORD_SUBJECT_ENROL,
    RECORD_FORM_SUBMIT,
    RECORD_FORM_RETRACT,
    RECORD_FORM_SIGN,
    RECORD_QUERY_OPEN,
    RECORD_QUERY_ANSWER,
    RECORD_QUERY_CLOSE,
    RECORD_LOCK,
    RECORD_UNLOCK,
    RECORD_EXPORT,
    /* made by the service, never sent */
    RECORD_REJECT,
    /* known names that this version refuses */
    RECORD_ANCHOR,
    RECORD_STATE_ATTEST,
    RECORD_SUBJECT_STATUS,
    RECORD_DOSE_CLEAR,
    RECORD_CODE_ASSIGN,
    RECORD_SDV_MARK,
    RECORD_REVIEW_MARK,
    RECORD_BATCH_RECEIVE,
    RECORD_BATCH_RELEASE,
    RECORD_BATCH_RECALL,
    RECORD_SAFETY_REPORT,
    RECORD_SAFETY_ASSESS,
    RECORD_SAFETY_ACK,
    RECORD_HOLD,
    RECORD_HOLD_LIFT,
    RECORD_MILESTONE,
    RECORD_ERASE,
    RECORD_TYPE_COUNT, /* also: a type that is on no list */
};

enum record_kind {
    KIND_SIGNED, /* sent by people */
    KIND_SYSTEM, /* made by the service */
    KIND_LATER,  /* known, refused: "not in this version" */
};

/* ---- the data of each type ---- */

struct definition_ref {
    const char *version, *sha256; /* both NULL when the member is null; hex */
};

struct study_open_data {
    const char *study_oid, *name;
    const char *jwk; /* as key_to_jwk() writes it */
};

/* With dictionaries (protocol/dictionaries.md) `definition` is one that is published already
 * and nothing else is; the newest record for a name and version counts. */
struct dictionary_ref {
    const char *name, *version, *sha256;
};
struct study_amend_data {
    struct definition_ref definition;
    const struct dictionary_ref *dictionaries;
    size_t dictionary_count;
};

struct site_open_data {
    const char *site, *name, *country, *timezone, *language;
};

struct site_version_data {
    const char *site, *version, *sha256, *from, *to; /* to: NULL is open */
    const char *approval;                            /* of the ethics committee */
};

struct person_invite_data {
    const char *person, *name, *role;
    const char *site;                  /* NULL: the whole study */
    const char *code_sha256, *expires; /* hex of SHA-256 of the code's ASCII text */
};

struct person_enrol_data {
    const char *person;
    const char *code; /* 128 bit in base32, 26 characters */
    const char *jwk;
};

struct person_key_data { /* person.confirm, .suspend, .revoke */
    const char *person, *kid;
    const char *compromised_since; /* NULL: not, or not known */
};

struct role_data { /* role.grant, role.withdraw */
    const char *person, *role, *site;
    const char *from, *to;     /* from NULL: now; to NULL: open, or for withdraw: now */
    const char *qualification; /* "QP": may release batches there; or NULL */
};

struct subject_enrol_data {
    const char *subject, *site;
};

struct form_submit_data {
    struct form_data form; /* to write: fill this */
};

struct form_retract_data {
    const char *object;   /* path of the form */
    const char *moved_to; /* path of its right place, or NULL */
};

/* A finding that stays open and is accepted with a reason, by sign or lock. `path` NULL: the
 * form as a whole. */
struct confirmed {
    const char *object, *path, *rule, *reason;
};

struct signed_object {
    const char *object, *leaf; /* base64 */
};

/* objects: of one subject. confirmed (may be left out) names the findings at sign and the
 * open queries that the signer confirms. */
struct form_sign_data {
    const struct signed_object *objects;
    size_t object_count;
    const struct confirmed *confirmed;
    size_t confirmed_count;
};

/* scope: "study", "site/..", "subject/.." (one subject or one form). confirmed (may be left
 * out) names the blockers that are accepted: rules LOCK-01 to LOCK-05. */
struct lock_data {
    const char *scope;
    const struct confirmed *confirmed;
    size_t confirmed_count;
};

struct query_open_data {
    const char *object, *path, *text; /* path NULL: the form */
};
struct query_data { /* query.answer, query.close */
    const char *query, *text;
};

struct export_data {
    int64_t size;
    const char *root;        /* base64 */
    const char *sums_sha256; /* hex: SHA-256 of the bundle's SHA256SUMS */
    const char *note_vkey;   /* of the key that signed SHA256SUMS.note, or NULL */
};

/* An opinion on a reported event; members that say nothing are null. By the role safety for the
 * sponsor, by an investigator as an own opinion. */
struct safety_assess_data {
    const char *object, *leaf; /* the report's form, and the revision that was read */
    const char *causality;     /* related, unrelated, unknown */
    const char *seriousness;   /* serious, not-serious */
    const char *expectedness;  /* expected, unexpected; sponsor only */
    const char *rsi;           /* version of the reference safety information used */
    const char *comment;
    const char *duplicate_of; /* path of the older report of the same event */
};

/* A person of the sponsor has it. `code` answers a test alarm. */
struct safety_ack_data {
    const char *object,
        *leaf; /* a form's path, or milestone/<seq>; its revision, or entry */
    const char *code;
};

struct hold_data { /* hold: the first two; hold.lift: all */
    const char *activity, *scope;
    const char *decision, *sha256; /* cited, and the digest of its document in hex */
};

struct milestone_data {
    const char *kind;   /* authority-report, urgent-measure, serious-breach, safety-halt,
                         alarm-test */
    const char *object; /* authority-report: the case, or milestone/<seq> */
    const char *at;     /* when it was done, or known */
    const char *text;   /* what, in words; or NULL */
    const char *code_sha256; /* alarm-test: of the code that is read out by phone */
};

union record_data {
    struct study_open_data study_open;
    struct study_amend_data study_amend;
    struct site_open_data site_open;
    struct site_version_data site_version;
    struct person_invite_data person_invite;
    struct person_enrol_data person_enrol;
    struct person_key_data person_key;
    struct role_data role;
    struct subject_enrol_data subject_enrol;
    struct form_submit_data form_submit;
    struct form_retract_data form_retract;
    struct form_sign_data form_sign;
    struct lock_data lock; /* and unlock */
    struct query_open_data query_open;
    struct query_data query;
    struct export_data export;
    struct batch_receive_data batch_receive;
    struct batch_release_data batch_release;
    struct batch_recall_data batch_recall;
    struct dose_clear_data dose_clear;
    struct subject_status_data subject_status;
    struct safety_assess_data safety_assess;
    struct safety_ack_data safety_ack;
    struct hold_data hold; /* and hold.lift */
    struct milestone_data milestone;
};

/* ---- a record ---- */

struct record_seen {
    bool given; /* false: null */
    uint64_t size;
    struct digest root;
};

struct record_signature {
    const char *name, *role, *meaning, *statement, *signed_at;
    instant at;         /* of signed_at */
    int offset_minutes; /* of signed_at: the signer's wall clock */
};

struct record {
    /* of the JWS: set by the caller (record_set_header), empty in a record to be written */
    const char *kid;
    struct uuid jti;
    int64_t iat;          /* seconds */
    struct digest digest; /* SHA-256 of the record's line */
    /* common members */
    enum record_type type;
    const char *type_name; /* as sent; NULL when it was no text */
    const char *log;
    struct record_seen seen;
    const char *prior; /* base64 leaf hash, or NULL */
    const char *reason;
    struct definition_ref definition;
    struct record_signature signature;
    union record_data data;
    /* told from data (by record_parse), NULL where it cannot be told */
    const char *object;  /* path */
    const char *subject; /* SubjectKey; of batch.*: the ledger key */
    const char *site;    /* LocationOID */
    bool is_form;        /* form.submit, form.retract: object has revisions */
};

/* Read PAYLOAD. OK with findings in SHAPE (arena and language set by the caller) when it is
 * JSON but not a payload; ERR_BAD_INPUT when it is no JSON. JWK members are checked for
 * shape; whether they are a key is asked by who verifies. */
MUST_USE status record_parse(struct span payload, struct arena *arena,
                             struct record *ret_record, struct findings *shape,
                             struct err *err);

/* What the JWS says. Adds to SHAPE when `signed_at` and `iat` differ. */
void record_set_header(struct record *record, const struct jws *jws,
                       struct findings *shape);

/* Append the payload: compact, members in the order of RECORDS.md. The inverse of
 * record_parse(). */
void record_write(const struct record *record, struct bytes *out);

/* Stands in paths for a subject whose key cannot be a code: no name gets into an entry. */
#define UNMATCHED_SUBJECT "unmatched"

/* Could TEXT be a code, and no name? Subjects and batches stand in entries, which are public
 * and for ever: at most 16 characters of [A-Za-z0-9._-], a digit, no word. */
bool record_is_code(const char *text);

/* The object that a record of this type and data is about, in ARENA: "subject/NL01-004",
 * "person/p-0042", "export/412"; also sets subject and site. NULL when data lack it. */
const char *record_object(struct record *record, struct arena *arena);

/* ---- the list ---- */

enum need { NEED_NULL, NEED_MAY, NEED_MUST };

enum member_kind {
    MEMBER_TEXT,       /* free text, 1 to max bytes */
    MEMBER_NAME,       /* one line, 1 to max bytes */
    MEMBER_TOKEN,      /* [A-Za-z0-9._-], 1 to max */
    MEMBER_ROLE,       /* a role of rights.h */
    MEMBER_INSTANT,    /* RFC 3339 */
    MEMBER_HEX,        /* 32 bytes */
    MEMBER_LEAF,       /* 32 bytes in base64 */
    MEMBER_KID,        /* 32 bytes in base64url */
    MEMBER_CODE,       /* 16 bytes in base32 */
    MEMBER_JWK,        /* object of texts */
    MEMBER_SIZE,       /* integer >= 0 */
    MEMBER_FORM_PATH,  /* subject/../../../../.. */
    MEMBER_ITEM_PATH,  /* IG/-/IT */
    MEMBER_SCOPE,      /* study, site/.., subject/.. */
    MEMBER_HOLD_SCOPE, /* study, site/.., cohort/.., subject/<one> */
    MEMBER_CASE_PATH,  /* a form's path, or milestone/<seq> */
    MEMBER_DEFINITION, /* {version, sha256} */
    MEMBER_DICTIONARIES,
    MEMBER_OBJECTS,
    MEMBER_CONFIRMED,
    MEMBER_FORM,
    MEMBER_CHOICE,  /* one of a closed list of words (record_nested.c) */
    MEMBER_BATCH,   /* a code (record_is_code) */
    MEMBER_PARENTS, /* a list of codes */
    MEMBER_OOS,     /* {physician_request, sponsor_assessment, subject_information}, null */
    MEMBER_OVERRIDE, /* {reason, contact}, or null */
    MEMBER_PHONED,   /* {number, by, at}, or null */
};

struct member_info {
    const char *name; /* NULL ends the list */
    enum member_kind kind;
    size_t offset; /* in union record_data */
    size_t max;    /* bytes */
    bool null;     /* may be null */
    bool optional; /* may be left out */
};

#define MEMBERS_MAX 8

struct record_info {
    const char *name;
    enum record_kind kind;
    bool first_contact; /* the signer is nobody yet: refused without an entry */
    bool locks;         /* refused in a locked scope */
    enum need seen;     /* NEED_MAY: null is allowed */
    enum need prior, reason, definition;
    const char *meaning; /* one sentence for the manual */
    struct member_info members[MEMBERS_MAX];
};

extern const struct record_info RECORD_TYPES[RECORD_TYPE_COUNT];

/* RECORD_TYPE_COUNT when NAME is on no list. */
enum record_type record_type_parse(const char *name);
const char *record_type_name(enum record_type type);

#define RECORD_NAME_MAX  200
#define RECORD_VKEY_MAX  400
#define RECORD_TEXT_MAX  4000
#define RECORD_TOKEN_MAX 64
#define RECORD_LIST_MAX  2000 /* objects of one signature, confirmed findings */
#define RECORD_ROLE_MAX  16

#endif
