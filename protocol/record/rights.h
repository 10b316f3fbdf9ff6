/* SPDX-License-Identifier: Apache-2.0 */
/*
** rights: who may do what where: the table of RECORDS.md chapter 9.
**
** One const table is the code, the page in the manual (rights_print) and the test. A cell
** says how far a role reaches with a kind of record:
**
**   S   the whole study       T   the sites for which the role is held
**
** A role is held by a grant for one site or for all ("-"). What a grant does not cover, no
** cell opens; the one exception is a safety form, which any confirmed person of the study may
** send for any site. Rights are those at the record's own position in the log.
**
** "A second person confirms" (DESIGN.md chapter 7): another than the one whose key it is, also
** when it is a further key (RIGHT_NOT_SELF). It may be the one who invited: what takes two who
** act bears (3), and person.confirm does not. So the founder, who is alone at first, invites
** and confirms those who come first; a registrar alone replaces a lost key the same day; and
** an investigator brings in the staff of the own site. The identity is known by who confirms,
** out of band, from the person and the key's fingerprint. person.invite and person.confirm
** name who made them, so whoever reads the log sees whom one person alone brought in; that a
** sponsor or registrar makes somebody up is found there, and not prevented here.
*/
#ifndef CRFD_RECORD_RIGHTS_H
#define CRFD_RECORD_RIGHTS_H

#include "protocol/record/record.h"
#include "protocol/record/state.h"

enum role {
    ROLE_INVESTIGATOR,
    ROLE_COORDINATOR,
    ROLE_MONITOR,
    ROLE_DATA_MANAGER,
    ROLE_SPONSOR,
    ROLE_SAFETY,
    ROLE_RATER,
    ROLE_PHARMACIST,
    ROLE_REGISTRAR,
    ROLE_INSPECTOR,
    ROLE_COUNT,
};

/* "investigator", "data-manager", ...: as in records and grants. */
const char *role_name(enum role role);
bool role_parse(const char *name, enum role *ret_role);

enum {
    RIGHT_STUDY = 1,      /* S */
    RIGHT_SITE = 2,       /* T */
    RIGHT_SELF = 4,       /* about oneself */
    RIGHT_STAFF = 8,      /* (1) only coordinator, rater, pharmacist of the own site */
    RIGHT_NAMED = 16,     /* (2) only forms whose definition names the role */
    RIGHT_TWO = 32,       /* (3) two persons */
    RIGHT_NOT_SELF = 64,  /* never about oneself */
    RIGHT_FOUNDER = 128,  /* the founder's key of the configuration */
    RIGHT_CODE = 256,     /* whoever holds the invitation's code, once */
    RIGHT_READ = 512,     /* a read, not a record: for the service's routes */
    RIGHT_OPINION = 1024, /* safety.assess only */
    RIGHT_ACK = 2048,     /* safety.ack only */
    RIGHT_SUBJECT = 4096, /* hold of one subject only, no lift */
};

struct right {
    const char *label;             /* as in the table: "study.amend, site.version" */
    const char *types;             /* record names it covers, space-separated */
    bool safety;                   /* the row for safety forms */
    unsigned all;                  /* flags of every cell */
    unsigned cells[ROLE_COUNT];    /* 0: refused */
    const char *notes[ROLE_COUNT]; /* of a cell, for the page; may be NULL */
};

extern const struct right RIGHTS[];
extern const size_t RIGHTS_COUNT;

struct rights_scope {
    const char *site;   /* LocationOID, NULL: the study as a whole */
    const char *target; /* person the record is about, or NULL */
    const char
        *target_role; /* role that is given, taken, or that the target has; or NULL */
    bool
        target_known; /* the target had a confirmed key before: only S may touch its keys */
    const struct form_def *form; /* of form records; NULL: unknown or none */
    bool subject;                /* the scope is one known subject */
};

/* May PERSON, acting as ROLE, make a record of TYPE in SCOPE at the instant AT? NULL, or the
 * id of the sentence that says why not (messages_record.c: {1} the role, {2} the type of the
 * record). SAFETY: it is a form.submit of a safety form. First-contact types (study.open,
 * person.enrol) are not asked here. */
const char *rights_refusal(const struct state *state, const char *person, const char *role,
                           enum record_type type, const struct rights_scope *scope,
                           bool safety, instant at);

/* RECORD is a role.grant or role.withdraw: if it says who is the qualified person (QP), is it
 * of a pharmacist, and may its signer's role name one? Who certifies a batch does so for who
 * answers for its manufacture, and that is the sponsor's to arrange (EU GMP annex 16): a grant
 * with the flag needs S, while a site may end it with T(1) as it may end the role. */
bool rights_qualifies(const struct record *record);

/* The cell for a role and type; 0: refused. */
unsigned rights_cell(enum role role, enum record_type type, bool safety);

/* Append the table as markdown. */
void rights_print(struct bytes *out);

#endif
