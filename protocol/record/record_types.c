/* SPDX-License-Identifier: Apache-2.0 */
/*
** The list. A row is a type: what its `data` holds and what it needs beside; reading and
** writing (record_read.c, record_write.c) know no type by name.
*/
#include "protocol/record/record.h"

/* {name, kind, offset, max, null, optional} */
#define AT(part, member) offsetof(union record_data, part.member)
#define TEXT(n, at)                                                                        \
    {                                                                                      \
        n, MEMBER_TEXT, at, RECORD_TEXT_MAX, false, false                                  \
    }
#define NAME(n, at)                                                                        \
    {                                                                                      \
        n, MEMBER_NAME, at, RECORD_NAME_MAX, false, false                                  \
    }
#define OID(n, at)                                                                         \
    {                                                                                      \
        n, MEMBER_NAME, at, FORM_KEY_MAX, false, false                                     \
    }
#define OID_NULL(n, at)                                                                    \
    {                                                                                      \
        n, MEMBER_NAME, at, FORM_KEY_MAX, true, false                                      \
    }
#define TOKEN(n, at)                                                                       \
    {                                                                                      \
        n, MEMBER_TOKEN, at, RECORD_TOKEN_MAX, false, false                                \
    }
#define ROLE(n, at)                                                                        \
    {                                                                                      \
        n, MEMBER_ROLE, at, RECORD_ROLE_MAX, false, false                                  \
    }
#define TIME(n, at)                                                                        \
    {                                                                                      \
        n, MEMBER_INSTANT, at, 40, false, false                                            \
    }
#define TIME_NULL(n, at)                                                                   \
    {                                                                                      \
        n, MEMBER_INSTANT, at, 40, true, false                                             \
    }
#define HEX32(n, at)                                                                       \
    {                                                                                      \
        n, MEMBER_HEX, at, 64, false, false                                                \
    }
#define LEAF(n, at)                                                                        \
    {                                                                                      \
        n, MEMBER_LEAF, at, 44, false, false                                               \
    }
#define FORM(n, at)                                                                        \
    {                                                                                      \
        n, MEMBER_FORM_PATH, at, 0, false, false                                           \
    }
#define FORM_NULL(n, at)                                                                   \
    {                                                                                      \
        n, MEMBER_FORM_PATH, at, 0, true, false                                            \
    }
#define NULLABLE(n, k, at, most)                                                           \
    {                                                                                      \
        n, k, at, most, true, false                                                        \
    }
#define LIST(n, k, at)                                                                     \
    {                                                                                      \
        n, k, at, 0, false, false                                                          \
    }
#define MAY(n, k, at)                                                                      \
    {                                                                                      \
        n, k, at, 0, false, true                                                           \
    }

#define PERSON_KEY                                                                         \
    {                                                                                      \
        TOKEN("person", AT(person_key, person)),                                           \
            {"kid", MEMBER_KID, AT(person_key, kid), 43, false, false},                    \
            TIME_NULL("compromised_since", AT(person_key, compromised_since)),             \
    }
#define ROLE_CHANGE                                                                        \
    {                                                                                      \
        TOKEN("person", AT(role, person)), ROLE("role", AT(role, role)),                   \
            OID_NULL("LocationOID", AT(role, site)), TIME_NULL("from", AT(role, from)),    \
            TIME_NULL("to", AT(role, to)),                                                 \
            CHOICE("qualification", AT(role, qualification), true),                        \
    }
#define CHOICE(n, at, optional)                                                            \
    {                                                                                      \
        n, MEMBER_CHOICE, at, RECORD_NAME_MAX, false, optional                             \
    }
#define BATCH(n, at, null)                                                                 \
    {                                                                                      \
        n, MEMBER_BATCH, at, 0, null, false                                                \
    }
#define LOCKING                                                                            \
    {                                                                                      \
        LIST("scope", MEMBER_SCOPE, AT(lock, scope)),                                      \
            MAY("confirmed", MEMBER_CONFIRMED, AT(lock, confirmed)),                       \
    }
#define LATER(type_name)                                                                   \
    {                                                                                      \
        .name = type_name, .kind = KIND_LATER, .meaning = "Not in this version."           \
    }
#define SYSTEM(type_name, what)                                                            \
    {                                                                                      \
        .name = type_name, .kind = KIND_SYSTEM, .meaning = what                            \
    }

const struct record_info RECORD_TYPES[RECORD_TYPE_COUNT] = {
    [RECORD_STUDY_OPEN] = {.name = "study.open",
                           .first_contact = true,
                           .definition = NEED_MUST,
                           .reason = NEED_NULL,
                           .meaning = "The founder opens the study with its definition.",
                           .members = {OID("StudyOID", AT(study_open, study_oid)),
                                       NAME("name", AT(study_open, name)),
                                       LIST("jwk", MEMBER_JWK, AT(study_open, jwk))}},
    [RECORD_STUDY_AMEND] = {.name = "study.amend",
                            .locks = true,
                            .seen = NEED_MUST,
                            .reason = NEED_MAY,
                            .definition = NEED_MAY,
                            .meaning = "Publish a further version of the definition.",
                            .members = {LIST("definition", MEMBER_DEFINITION,
                                             AT(study_amend, definition)),
                                        LIST("dictionaries", MEMBER_DICTIONARIES,
                                             AT(study_amend, dictionaries))}},
    [RECORD_SITE_OPEN] = {.name = "site.open",
                          .locks = true,
                          .seen = NEED_MUST,
                          .reason = NEED_MAY,
                          .definition = NEED_MAY,
                          .meaning = "A site joins the study.",
                          .members = {OID("LocationOID", AT(site_open, site)),
                                      NAME("name", AT(site_open, name)),
                                      TOKEN("country", AT(site_open, country)),
                                      NAME("timezone", AT(site_open, timezone)),
                                      TOKEN("language", AT(site_open, language))}},
    [RECORD_SITE_VERSION] = {.name = "site.version",
                             .locks = true,
                             .seen = NEED_MUST,
                             .reason = NEED_MAY,
                             .definition = NEED_MAY,
                             .meaning = "A version of the definition comes into force at a "
                                        "site.",
                             .members = {OID("LocationOID", AT(site_version, site)),
                                         OID("version", AT(site_version, version)),
                                         HEX32("sha256", AT(site_version, sha256)),
                                         TIME("from", AT(site_version, from)),
                                         TIME_NULL("to", AT(site_version, to)),
                                         NAME("approval", AT(site_version, approval))}},
    [RECORD_PERSON_INVITE] = {.name = "person.invite",
                              .seen = NEED_MUST,
                              .reason = NEED_MAY,
                              .definition = NEED_MAY,
                              .meaning = "Invite a person, or a known person's new key.",
                              .members = {TOKEN("person", AT(person_invite, person)),
                                          NAME("name", AT(person_invite, name)),
                                          ROLE("role", AT(person_invite, role)),
                                          OID_NULL("LocationOID", AT(person_invite, site)),
                                          HEX32("code_sha256",
                                                AT(person_invite, code_sha256)),
                                          TIME("expires", AT(person_invite, expires))}},
    [RECORD_PERSON_ENROL] = {.name = "person.enrol",
                             .first_contact = true,
                             .seen = NEED_MAY,
                             .definition = NEED_MAY,
                             .meaning = "Whoever holds the code shows a new key.",
                             .members = {TOKEN("person", AT(person_enrol, person)),
                                         {"code", MEMBER_CODE, AT(person_enrol, code), 26,
                                          false, false},
                                         LIST("jwk", MEMBER_JWK, AT(person_enrol, jwk))}},
    [RECORD_PERSON_CONFIRM] = {.name = "person.confirm",
                               .seen = NEED_MUST,
                               .reason = NEED_MAY,
                               .definition = NEED_MAY,
                               .meaning = "A second person confirms whose key it is.",
                               .members = PERSON_KEY},
    [RECORD_PERSON_SUSPEND] = {.name = "person.suspend",
                               .seen = NEED_MUST,
                               .reason = NEED_MAY,
                               .definition = NEED_MAY,
                               .meaning =
                                   "A key is not to be trusted until confirmed again.",
                               .members = PERSON_KEY},
    [RECORD_PERSON_REVOKE] = {.name = "person.revoke",
                              .seen = NEED_MUST,
                              .reason = NEED_MAY,
                              .definition = NEED_MAY,
                              .meaning = "A key ends for ever.",
                              .members = PERSON_KEY},
    [RECORD_ROLE_GRANT] = {.name = "role.grant",
                           .seen = NEED_MUST,
                           .reason = NEED_MAY,
                           .definition = NEED_MAY,
                           .meaning = "A person gets a role: the delegation log.",
                           .members = ROLE_CHANGE},
    [RECORD_ROLE_WITHDRAW] = {.name = "role.withdraw",
                              .seen = NEED_MUST,
                              .reason = NEED_MAY,
                              .definition = NEED_MAY,
                              .meaning = "A role ends.",
                              .members = ROLE_CHANGE},
    [RECORD_SUBJECT_ENROL] = {.name = "subject.enrol",
                              .locks = true,
                              .seen = NEED_MUST,
                              .reason = NEED_MAY,
                              .definition = NEED_MAY,
                              .meaning = "A person who consented becomes a subject.",
                              .members = {OID("SubjectKey", AT(subject_enrol, subject)),
                                          OID("LocationOID", AT(subject_enrol, site))}},
    [RECORD_FORM_SUBMIT] = {.name = "form.submit",
                            .locks = true,
                            .seen = NEED_MUST,
                            .prior = NEED_MAY,
                            .reason = NEED_MAY,
                            .definition = NEED_MUST,
                            .meaning = "A whole form, new or again.",
                            .members = {{"", MEMBER_FORM, AT(form_submit, form), 0, false,
                                         false}}},
    [RECORD_FORM_RETRACT] = {.name = "form.retract",
                             .locks = true,
                             .seen = NEED_MUST,
                             .prior = NEED_MUST,
                             .reason = NEED_MUST,
                             .definition = NEED_MAY,
                             .meaning = "A form was made in error or for another subject.",
                             .members = {FORM("object", AT(form_retract, object)),
                                         FORM_NULL("moved_to",
                                                   AT(form_retract, moved_to))}},
    [RECORD_FORM_SIGN] =
        {.name = "form.sign",
         .locks = true,
         .seen = NEED_MUST,
         .reason = NEED_MAY,
         .definition = NEED_MAY,
         .meaning = "The investigator endorses forms of one subject.",
         .members = {LIST("objects", MEMBER_OBJECTS, AT(form_sign, objects)),
                     MAY("confirmed", MEMBER_CONFIRMED, AT(form_sign, confirmed))}},
    [RECORD_QUERY_OPEN] = {.name = "query.open",
                           .locks = true,
                           .seen = NEED_MUST,
                           .reason = NEED_MAY,
                           .definition = NEED_MAY,
                           .meaning = "A person asks about a form or an item.",
                           .members = {FORM("object", AT(query_open, object)),
                                       {"path", MEMBER_ITEM_PATH, AT(query_open, path), 0,
                                        true, false},
                                       TEXT("text", AT(query_open, text))}},
    [RECORD_QUERY_ANSWER] = {.name = "query.answer",
                             .locks = true,
                             .seen = NEED_MUST,
                             .reason = NEED_MAY,
                             .definition = NEED_MAY,
                             .meaning = "The site answers a query.",
                             .members = {TOKEN("query", AT(query, query)),
                                         TEXT("text", AT(query, text))}},
    [RECORD_QUERY_CLOSE] = {.name = "query.close",
                            .locks = true,
                            .seen = NEED_MUST,
                            .reason = NEED_MAY,
                            .definition = NEED_MAY,
                            .meaning = "A query is settled.",
                            .members = {TOKEN("query", AT(query, query)),
                                        TEXT("text", AT(query, text))}},
    [RECORD_LOCK] = {.name = "lock",
                     .seen = NEED_MUST,
                     .reason = NEED_MUST,
                     .definition = NEED_MAY,
                     .meaning = "Close a scope for changes; two persons.",
                     .members = LOCKING},
    [RECORD_UNLOCK] = {.name = "unlock",
                       .seen = NEED_MUST,
                       .reason = NEED_MUST,
                       .definition = NEED_MAY,
                       .meaning = "Open a locked scope; two persons.",
                       .members = LOCKING},
    [RECORD_EXPORT] = {.name = "export",
                       .seen = NEED_MUST,
                       .reason = NEED_MAY,
                       .definition = NEED_MAY,
                       .meaning = "A dataset of a log prefix was made; its digests.",
                       .members = {{"size", MEMBER_SIZE, AT(export, size), 0, false, false},
                                   LEAF("root", AT(export, root)),
                                   HEX32("sums_sha256", AT(export, sums_sha256)),
                                   {"note_vkey", MEMBER_NAME, AT(export, note_vkey),
                                    RECORD_VKEY_MAX, false, true}}},
    [RECORD_BATCH_RECEIVE] = {.name = "batch.receive",
                              .locks = true,
                              .seen = NEED_MUST,
                              .reason = NEED_MAY,
                              .definition = NEED_MAY,
                              .meaning =
                                  "A donation, culture, batch, dose or bag comes into "
                                  "the product ledger.",
                              .members = {BATCH("batch", AT(batch_receive, batch), false),
                                          CHOICE("kind", AT(batch_receive, kind), false),
                                          LIST("parents", MEMBER_PARENTS,
                                               AT(batch_receive, parents)),
                                          BATCH("donor", AT(batch_receive, donor), true),
                                          TIME_NULL("expiry", AT(batch_receive, expiry)),
                                          OID_NULL("quantity", AT(batch_receive, quantity)),
                                          OID_NULL("unit", AT(batch_receive, unit)),
                                          OID("LocationOID", AT(batch_receive, site))}},
    [RECORD_BATCH_RELEASE] =
        {.name = "batch.release",
         .locks = true,
         .seen = NEED_MUST,
         .reason = NEED_MAY,
         .definition = NEED_MAY,
         .meaning = "The qualified person releases a batch, or rejects "
                    "it.",
         .members = {BATCH("batch", AT(batch_release, batch), false),
                     CHOICE("results", AT(batch_release, results), false),
                     LIST("oos", MEMBER_OOS, AT(batch_release, physician_request))}},
    [RECORD_BATCH_RECALL] = {.name = "batch.recall",
                             .seen = NEED_MUST,
                             .reason = NEED_MUST,
                             .definition = NEED_MAY,
                             .meaning = "Nothing of a batch is given any more.",
                             .members = {BATCH("batch", AT(batch_recall, batch), false)}},
    [RECORD_DOSE_CLEAR] =
        {.name = "dose.clear",
         .locks = true,
         .seen = NEED_MUST,
         .reason = NEED_MAY,
         .definition = NEED_MAY,
         .meaning = "May this product be given now? Accepted is GO.",
         .members = {OID("SubjectKey", AT(dose_clear, subject)),
                     OID("StudyEventOID", AT(dose_clear, event)),
                     CHOICE("act", AT(dose_clear, act), false),
                     BATCH("batch", AT(dose_clear, batch), true),
                     TIME("at", AT(dose_clear, at)),
                     LIST("override", MEMBER_OVERRIDE, AT(dose_clear, override_reason)),
                     LIST("phoned", MEMBER_PHONED, AT(dose_clear, phone_number))}},
    [RECORD_SUBJECT_STATUS] = {.name = "subject.status",
                               .locks = true,
                               .seen = NEED_MUST,
                               .reason = NEED_MAY,
                               .definition = NEED_MAY,
                               .meaning = "A subject is enrolled, randomised, or leaves.",
                               .members = {OID("SubjectKey", AT(subject_status, subject)),
                                           CHOICE("status", AT(subject_status, status),
                                                  false)}},
    [RECORD_SAFETY_ASSESS] =
        {.name = "safety.assess",
         .seen = NEED_MUST,
         .reason = NEED_MAY,
         .definition = NEED_MAY,
         .meaning = "An opinion on a reported event: the sponsor's, or the investigator's.",
         .members = {FORM("object", AT(safety_assess, object)),
                     LEAF("leaf", AT(safety_assess, leaf)),
                     NULLABLE("causality", MEMBER_TOKEN, AT(safety_assess, causality),
                              RECORD_TOKEN_MAX),
                     NULLABLE("seriousness", MEMBER_TOKEN, AT(safety_assess, seriousness),
                              RECORD_TOKEN_MAX),
                     NULLABLE("expectedness", MEMBER_TOKEN, AT(safety_assess, expectedness),
                              RECORD_TOKEN_MAX),
                     NULLABLE("rsi", MEMBER_NAME, AT(safety_assess, rsi), RECORD_NAME_MAX),
                     NULLABLE("comment", MEMBER_TEXT, AT(safety_assess, comment),
                              RECORD_TEXT_MAX),
                     NULLABLE("duplicate_of", MEMBER_FORM_PATH,
                              AT(safety_assess, duplicate_of), 0)}},
    [RECORD_SAFETY_ACK] = {.name = "safety.ack",
                           .seen = NEED_MUST,
                           .reason = NEED_MAY,
                           .definition = NEED_MAY,
                           .meaning = "A person of the sponsor has a report, or a test "
                                      "alarm.",
                           .members = {{"object", MEMBER_CASE_PATH, AT(safety_ack, object),
                                        0, false, false},
                                       LEAF("leaf", AT(safety_ack, leaf)),
                                       NULLABLE("code", MEMBER_TOKEN, AT(safety_ack, code),
                                                RECORD_TOKEN_MAX)}},
    [RECORD_HOLD] = {.name = "hold",
                     .seen = NEED_MUST,
                     .reason = NEED_MUST,
                     .definition = NEED_MAY,
                     .meaning = "Stop an activity: at once; a second person confirms.",
                     .members = {TOKEN("activity", AT(hold, activity)),
                                 LIST("scope", MEMBER_HOLD_SCOPE, AT(hold, scope))}},
    [RECORD_HOLD_LIFT] = {.name = "hold.lift",
                          .seen = NEED_MUST,
                          .reason = NEED_MUST,
                          .definition = NEED_MAY,
                          .meaning = "Let an activity go on, citing the decision; two "
                                     "persons.",
                          .members = {TOKEN("activity", AT(hold, activity)),
                                      LIST("scope", MEMBER_HOLD_SCOPE, AT(hold, scope)),
                                      TEXT("decision", AT(hold, decision)),
                                      HEX32("sha256", AT(hold, sha256))}},
    [RECORD_MILESTONE] =
        {.name = "milestone",
         .seen = NEED_MUST,
         .reason = NEED_MAY,
         .definition = NEED_MAY,
         .meaning = "Something that the rules on safety count from, or to, was done.",
         .members = {TOKEN("milestone", AT(milestone, kind)),
                     NULLABLE("object", MEMBER_CASE_PATH, AT(milestone, object), 0),
                     TIME("at", AT(milestone, at)),
                     NULLABLE("text", MEMBER_TEXT, AT(milestone, text), RECORD_TEXT_MAX),
                     NULLABLE("code_sha256", MEMBER_HEX, AT(milestone, code_sha256), 64)}},
    [RECORD_REJECT] = SYSTEM("reject", "An authenticated record was refused."),
    [RECORD_ANCHOR] = SYSTEM("anchor", "A time-stamp of a checkpoint."),
    [RECORD_STATE_ATTEST] = SYSTEM("state.attest", "Roots of the tables."),
    [RECORD_CODE_ASSIGN] = LATER("code.assign"),
    [RECORD_SDV_MARK] = LATER("sdv.mark"),
    [RECORD_REVIEW_MARK] = LATER("review.mark"),
    /* The safety form is the report; a record beside it would be a second truth. */
    [RECORD_SAFETY_REPORT] = LATER("safety.report"),
    [RECORD_ERASE] = LATER("erase"),
};

enum record_type record_type_parse(const char *name)
{
    size_t type = 0;
    while (type < RECORD_TYPE_COUNT && name != NULL &&
           strcmp(RECORD_TYPES[type].name, name) != 0) {
        type++;
    }
    return name == NULL ? RECORD_TYPE_COUNT : (enum record_type) type;
}

const char *record_type_name(enum record_type type)
{
    return type < RECORD_TYPE_COUNT ? RECORD_TYPES[type].name : "unknown";
}
