/* SPDX-License-Identifier: Apache-2.0 */
/*
** schema: the tables that a study's log unfolds into, said once.
**
** project.h writes them, state.h holds them in memory, the service's SQL and the exported CSV
** have the same names and columns because they are made from this table. In SQL every table
** has `log_id` as first key column and `src_seq` (the entry that wrote the row) as last
** column; they are implied and stand in no list here.
**
** All columns are text or bigint; key columns stand first and are never NULL, any other may
** be. No clinical value stands in any of them: values live in the bodies.
**
** Texts and their closed lists:
**   instants       "2026-11-21T09:14:07.204511Z", so that text order is time order
**   site of study-wide rows   "-" (ALL_SITES)
**   definition.src            type of the record that published it: study.open, study.amend
**   person.state              invited, enrolled, confirmed, suspended, revoked
**   person_key.state          enrolled, confirmed, suspended, revoked; state_at, state_by and
**                             state_role: when, which person, in which role
**   subject.state             enrolled (from consent); then as subject.status says
**   form.state                partial, complete, signed, retracted; and in the safety inbox,
**                             whose rows are named <object>~<seq>: concurrent, unconfirmed
**   query.state               open, answered, closed (by a person), confirmed (by a signer),
**                             gone (closed itself: its cause is gone)
**   lock.state                "asked <person>", "locked", "lifting <person>"; no row: not locked
**   hold.state                provisional, held, "asked <person>" (in force; a second person
**                             confirms it), "lifting <person> <sha256 of the decision>"; no row:
**                             no hold
**   hold.cause                seq of the entry that opened the safety case, or of the
**                             hold record
**   safety_case.state         open, duplicate, nullified; susar: possible, yes, no
**   clock.clock               site, sponsor, ack, update, completion, authority (clocks.h);
**                             object: a form's path, or milestone/<seq>
**   clock.ended               why it stopped: of the site's clock phone, paper, told (nobody
**                             said how), system; of the others reported, acknowledged,
**                             assessed, not-needed, outcome, duplicate, nullified; NULL: it
**                             runs, or stopped before this was kept
**   opinion.party             investigator, sponsor
**   opinion.causality         related, unrelated, unknown; seriousness: serious, not-serious;
**                             expectedness: expected, unexpected
**   stopping.state            maybe, met
**   milestone.milestone       seq of its entry; state: open, acknowledged, reported
**   batch.state               received, released, released-oos, rejected, suspended (a result
**                             that came late fails a criterion), recalled; `since` is when
**   batch.criteria            met, or the rules that are open or failed: "open 44 49",
**                             "failed 49"; NULL before the first result
**   qualified                 the flag QP of the grant of pharmacist with the same start: it
**                             ends with that grant
**   clearance.state           go, override, phoned
**   exposure.object           path of the form that says what was given; state given, or
**                             exposed (what was given is known to be faulty)
*/
#ifndef CRFD_RECORD_SCHEMA_H
#define CRFD_RECORD_SCHEMA_H

#include "base/bytes.h"

/* Raised by who changes what project() writes or which columns there are: a service that finds
 * the tables written under another number writes them anew from the log. */
#define PROJECTION_NUMBER 6

enum table_id {
    TABLE_DEFINITION,
    TABLE_SITE,
    TABLE_SITE_VERSION,
    TABLE_PERSON,
    TABLE_PERSON_KEY,
    TABLE_GRANT,
    TABLE_SUBJECT,
    TABLE_FORM,
    TABLE_QUERY,
    TABLE_LOCK,
    TABLE_HOLD,
    TABLE_SAFETY_CASE,
    TABLE_CLOCK,
    TABLE_OPINION,
    TABLE_STOPPING,
    TABLE_MILESTONE,
    TABLE_BATCH,
    TABLE_BATCH_LINK,
    TABLE_CLEARANCE,
    TABLE_EXPOSURE,
    TABLE_QUALIFIED,
    TABLE_DICTIONARY,
    TABLE_HOLD_CHANGE,
    TABLE_COUNT,
};

enum { DEFINITION_VERSION, DEFINITION_DIGEST, DEFINITION_SRC };
enum { DICTIONARY_NAME, DICTIONARY_VERSION, DICTIONARY_DIGEST };
enum { SITE_SITE, SITE_NAME, SITE_COUNTRY, SITE_TIMEZONE, SITE_LANGUAGE };
enum {
    SITE_VERSION_SITE,
    SITE_VERSION_VALID_FROM,
    SITE_VERSION_VERSION,
    SITE_VERSION_VALID_TO,
    SITE_VERSION_APPROVAL,
};
enum {
    PERSON_PERSON,
    PERSON_NAME,
    PERSON_STATE,
    PERSON_ROLE,
    PERSON_SITE,
    PERSON_CODE_SHA256,
    PERSON_EXPIRES,
};
enum {
    PERSON_KEY_KID,
    PERSON_KEY_KEY_NO,
    PERSON_KEY_PERSON,
    PERSON_KEY_JWK,
    PERSON_KEY_ALG,
    PERSON_KEY_STATE,
    PERSON_KEY_ENROLLED_AT,
    PERSON_KEY_COMPROMISED_SINCE,
    PERSON_KEY_STATE_AT,
    PERSON_KEY_STATE_BY,
    PERSON_KEY_STATE_ROLE,
};
enum { GRANT_PERSON, GRANT_ROLE, GRANT_SITE, GRANT_VALID_FROM, GRANT_VALID_TO };
enum { SUBJECT_SUBJECT, SUBJECT_SITE, SUBJECT_STATE, SUBJECT_COHORT };
enum {
    FORM_OBJECT,
    FORM_SUBJECT,
    FORM_SEQ,
    FORM_LEAF,
    FORM_VERSION,
    FORM_STATE,
    FORM_NUMBER,
};
enum { QUERY_QUERY, QUERY_OBJECT, QUERY_PATH, QUERY_RULE, QUERY_STATE };
enum { LOCK_SCOPE, LOCK_REASON, LOCK_STATE };
enum { HOLD_ACTIVITY, HOLD_SCOPE, HOLD_CAUSE, HOLD_RULE, HOLD_STATE };
enum {
    HOLD_CHANGE_ACTIVITY,
    HOLD_CHANGE_SCOPE,
    HOLD_CHANGE_CAUSE,
    HOLD_CHANGE_AT,
    HOLD_CHANGE_STATE, /* held or gone, from then on */
};
enum {
    SAFETY_CASE_OBJECT,
    SAFETY_CASE_SUBJECT,
    SAFETY_CASE_SEQ,
    SAFETY_CASE_STATE,
    SAFETY_CASE_SUSAR,
    SAFETY_CASE_DUPLICATE_OF,
    SAFETY_CASE_ACKED_AT,
    SAFETY_CASE_ACKED_BY,
};
enum {
    CLOCK_OBJECT,
    CLOCK_CLOCK,
    CLOCK_SINCE,
    CLOCK_DUE,
    CLOCK_RULE,
    CLOCK_STOPPED,
    CLOCK_ENDED,
};
enum {
    OPINION_OBJECT,
    OPINION_PARTY,
    OPINION_CAUSALITY,
    OPINION_SERIOUSNESS,
    OPINION_EXPECTEDNESS,
    OPINION_RSI,
    OPINION_PERSON,
};
enum { STOPPING_RULE, STOPPING_OBJECT, STOPPING_SCOPE, STOPPING_STATE };
enum {
    MILESTONE_MILESTONE,
    MILESTONE_KIND,
    MILESTONE_ABOUT,
    MILESTONE_AT,
    MILESTONE_LEAF,
    MILESTONE_CODE_SHA256,
    MILESTONE_CONTACT,
    MILESTONE_STATE,
};

enum {
    BATCH_BATCH,
    BATCH_KIND,
    BATCH_DONOR,
    BATCH_SITE,
    BATCH_EXPIRY,
    BATCH_STATE,
    BATCH_SINCE,
    BATCH_CRITERIA,
};
enum { BATCH_LINK_BATCH, BATCH_LINK_PARENT };
enum {
    CLEARANCE_NUMBER,
    CLEARANCE_SUBJECT,
    CLEARANCE_EVENT,
    CLEARANCE_ACT,
    CLEARANCE_BATCH,
    CLEARANCE_VALID_FROM,
    CLEARANCE_VALID_TO,
    CLEARANCE_STATE,
};
enum {
    EXPOSURE_OBJECT,
    EXPOSURE_SUBJECT,
    EXPOSURE_BATCH,
    EXPOSURE_STATE,
    EXPOSURE_GIVEN_FROM, /* the earliest and the latest that it can have been; of what was
                          * decided before outcomes said so, when it was written down */
    EXPOSURE_GIVEN_TO,
};
enum { QUALIFIED_PERSON, QUALIFIED_SITE, QUALIFIED_VALID_FROM, QUALIFIED_VALID_TO };

#define TABLE_COLUMNS_MAX 11
#define ALL_SITES         "-"

enum column_type { COLUMN_TEXT, COLUMN_BIGINT };

struct column {
    const char *name;
    enum column_type type;
};

struct table {
    const char *name;
    size_t key_count;
    size_t column_count;
    int index; /* column by which rows are also found together; -1: none */
    struct column columns[TABLE_COLUMNS_MAX];
};

extern const struct table TABLES[TABLE_COUNT];

#endif
