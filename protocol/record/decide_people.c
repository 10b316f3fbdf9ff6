/* SPDX-License-Identifier: Apache-2.0 */
/*
** Records that are no forms and no signatures: the study, its sites, people, roles, subjects,
** queries, exports. Each type has up to four small functions, tied together in one table:
** is the name taken (rung 13), may it happen now (14), do the things it names exist (15), and
** what acceptance adds to the outcome.
*/
#include "protocol/record/decide_impl.h"
#include "protocol/study/subject_key.h"

/* ---- study and definitions ---- */

static enum verdict study_open_gate(struct deciding *d)
{
    const struct safety_contact *contact = &d->version->contact;
    return *contact->phone != 0 && *contact->second_route != 0 && *contact->physician != 0
               ? PASS
               : refuse(d, HARD, "OPEN-01", "definition");
}

static enum verdict study_open_findings(struct deciding *d)
{
    return strcmp(d->version->study->oid, d->record->data.study_open.study_oid) == 0
               ? PASS
               : refuse(d, HARD, "REF-07", "data.StudyOID");
}

static void study_open_effects(struct deciding *d)
{
    add_effect(d, EFFECT_PERSON, "confirmed", NULL, NULL);
    add_effect(d, EFFECT_GRANT, role_name(ROLE_SPONSOR), ALL_SITES, NULL);
    add_effect(d, EFFECT_GRANT, role_name(ROLE_REGISTRAR), ALL_SITES, NULL);
}

/* Dictionaries are named for a version that is published already: naming them publishes
 * nothing else. */
static enum verdict study_amend_taken(struct deciding *d)
{
    return d->record->data.study_amend.dictionary_count == 0 &&
                   state_definition(d->state,
                                    d->record->data.study_amend.definition.version) != NULL
               ? refuse(d, HARD, "TAKEN", "data.definition.version")
               : PASS;
}

static enum verdict dictionaries_findings(struct deciding *d)
{
    const struct study_amend_data *data = &d->record->data.study_amend;
    const struct row *row = state_definition(d->state, data->definition.version);
    if (!row_is(row, DEFINITION_DIGEST, data->definition.sha256)) {
        return refuse(d, HARD, "REF-07", "data.definition");
    }
    for (size_t i = 0; i < data->dictionary_count; i++) {
        const struct dictionary_ref *named = &data->dictionaries[i];
        const struct dictionary *loaded =
            d->definitions->dictionary != NULL
                ? d->definitions->dictionary(d->definitions->arg, named->sha256)
                : NULL;
        if (loaded == NULL || strcmp(loaded->name, named->name) != 0 ||
            strcmp(loaded->version, named->version) != 0) {
            return refuse(d, HARD, "REF-15",
                          arena_printf(d->arena, "data.dictionaries.%zu", i));
        }
    }
    return PASS;
}

static enum verdict study_amend_findings(struct deciding *d)
{
    if (d->record->data.study_amend.dictionary_count > 0) {
        return dictionaries_findings(d);
    }
    const struct definition_ref *named = &d->record->data.study_amend.definition;
    const struct metadata_version *version =
        d->definitions->get(d->definitions->arg, named->version, named->sha256);
    bool same =
        version != NULL &&
        (d->version == NULL || strcmp(version->study->oid, d->version->study->oid) == 0);
    return same ? PASS : refuse(d, HARD, "REF-07", "data.definition");
}

/* ---- sites ---- */

static enum verdict need_site(struct deciding *d, const char *site)
{
    return site == NULL || state_site(d->state, site) != NULL
               ? PASS
               : refuse(d, HARD, "REF-03", "data.LocationOID");
}

static enum verdict site_open_taken(struct deciding *d)
{
    return state_site(d->state, d->record->data.site_open.site) != NULL
               ? refuse(d, HARD, "TAKEN", "data.LocationOID")
               : PASS;
}

/* "-" stands for all sites and cannot be one. */
static enum verdict site_open_findings(struct deciding *d)
{
    const char *site = d->record->data.site_open.site;
    return strcmp(site, ALL_SITES) == 0 ? refuse(d, HARD, "TAKEN", "data.LocationOID")
                                        : PASS;
}

/* What an offline form was made under must stay told: a start is said once. To correct one,
 * let another start a moment later. */
static enum verdict site_version_taken(struct deciding *d)
{
    const struct site_version_data *data = &d->record->data.site_version;
    char from[INSTANT_SIZE];
    instant at = 0;
    (void) instant_parse(span_text(data->from), &at, NULL);
    instant_format(at, from);
    return state_row(d->state, TABLE_SITE_VERSION,
                     (const char *const[]){data->site, from}) != NULL
               ? refuse(d, HARD, "TAKEN", "data.from")
               : PASS;
}

static enum verdict site_version_findings(struct deciding *d)
{
    const struct site_version_data *data = &d->record->data.site_version;
    const struct row *row = state_definition(d->state, data->version);
    instant from = 0, to = 0;
    if (!row_is(row, DEFINITION_DIGEST, data->sha256)) {
        return refuse(d, HARD, "REF-07", "data.version");
    }
    if (data->to != NULL && instant_parse(span_text(data->from), &from, NULL) &&
        instant_parse(span_text(data->to), &to, NULL) && to <= from) {
        return refuse(d, HARD, "VERSION-03", "data.to");
    }
    return need_site(d, data->site);
}

/* ---- people ---- */

/* A known person is invited again for a new key or a further role, under the same name; also
 * one whose keys are all revoked, since that is how a lost key is replaced. A person leaves by
 * role.withdraw. */
static enum verdict person_invite_taken(struct deciding *d)
{
    const struct person_invite_data *data = &d->record->data.person_invite;
    const struct row *person = state_person(d->state, data->person);
    bool other = person != NULL && !row_is(person, PERSON_NAME, data->name);
    bool system = strcmp(data->person, "system") == 0; /* the actor of system entries */
    return other || system ? refuse(d, HARD, "TAKEN", "data.person") : PASS;
}

static enum verdict person_invite_findings(struct deciding *d)
{
    return need_site(d, d->record->data.person_invite.site);
}

static void person_invite_effects(struct deciding *d)
{
    if (state_person(d->state, d->record->data.person_invite.person) == NULL) {
        add_effect(d, EFFECT_PERSON, "invited", NULL, NULL);
    }
}

static void person_enrol_effects(struct deciding *d)
{
    const struct row *person = state_person(d->state, d->person);
    if (row_is(person, PERSON_STATE, "invited")) {
        add_effect(d, EFFECT_PERSON, "enrolled", NULL, NULL);
    }
}

static const struct row *named_key(const struct deciding *d)
{
    const struct person_key_data *data = &d->record->data.person_key;
    const struct row *key = state_key_by_kid(d->state, data->kid);
    return row_is(key, PERSON_KEY_PERSON, data->person) ? key : NULL;
}

static enum verdict person_key_findings(struct deciding *d)
{
    const struct row *key = named_key(d);
    if (state_person(d->state, d->record->data.person_key.person) == NULL) {
        return refuse(d, HARD, "REF-04", "data.person");
    }
    bool right = key != NULL && !row_is(key, PERSON_KEY_STATE, "revoked");
    if (right && d->record->type == RECORD_PERSON_CONFIRM) {
        right = !row_is(key, PERSON_KEY_STATE, "confirmed");
    } else if (right && d->record->type == RECORD_PERSON_SUSPEND) {
        right = row_is(key, PERSON_KEY_STATE, "confirmed");
    }
    return right ? PASS : refuse(d, HARD, "REF-05", "data.kid");
}

/* A key that comes by invitation brings the role of the invitation; one that was suspended
 * brings nothing new. */
static void person_confirm_effects(struct deciding *d)
{
    const struct row *person = state_person(d->state, d->record->data.person_key.person);
    const char *site = person->values[PERSON_SITE];
    const char *role = person->values[PERSON_ROLE];
    if (!row_is(person, PERSON_STATE, "confirmed")) {
        add_effect(d, EFFECT_PERSON, "confirmed", NULL, NULL);
    }
    if (row_is(named_key(d), PERSON_KEY_STATE, "enrolled") &&
        !state_has_role(d->state, d->record->data.person_key.person, role,
                        strcmp(site, ALL_SITES) == 0 ? NULL : site, d->context->time)) {
        add_effect(d, EFFECT_GRANT, role, site, NULL);
    }
}

/* A person is suspended or revoked with the last confirmed key. */
static void person_key_ends(struct deciding *d, const char *person_state)
{
    const struct person_key_data *data = &d->record->data.person_key;
    struct rows keys = state_rows_where(d->state, TABLE_PERSON_KEY, data->person, d->arena);
    for (size_t i = 0; i < keys.count; i++) {
        if (row_is(keys.items[i], PERSON_KEY_STATE, "confirmed") &&
            !row_is(keys.items[i], PERSON_KEY_KID, data->kid)) {
            return;
        }
    }
    add_effect(d, EFFECT_PERSON, person_state, NULL, NULL);
}

static void person_suspend_effects(struct deciding *d)
{
    person_key_ends(d, "suspended");
}

static void person_revoke_effects(struct deciding *d)
{
    person_key_ends(d, "revoked");
}

/* A withdrawal shortens: what ended before the day it names is not held on that day. */
static enum verdict withdraw_findings(struct deciding *d)
{
    const struct role_data *data = &d->record->data.role;
    const char *key[] = {data->person, data->role,
                         data->site != NULL ? data->site : ALL_SITES};
    const struct row *grant = state_row(d->state, TABLE_GRANT, key);
    char ends[INSTANT_SIZE];
    instant to = d->context->time;
    if (grant == NULL) {
        return refuse(d, HARD, "REF-06", "data.role");
    }
    if (data->to != NULL) {
        (void) instant_parse(span_text(data->to), &to, NULL);
    }
    instant_format(to, ends);
    return grant->values[GRANT_VALID_TO] == NULL ||
                   strcmp(ends, grant->values[GRANT_VALID_TO]) <= 0
               ? PASS
               : refuse(d, HARD, "REF-06", "data.to");
}

static enum verdict role_findings(struct deciding *d)
{
    const struct role_data *data = &d->record->data.role;
    if (state_person(d->state, data->person) == NULL) {
        return refuse(d, HARD, "REF-04", "data.person");
    }
    return d->record->type == RECORD_ROLE_WITHDRAW ? withdraw_findings(d)
                                                   : need_site(d, data->site);
}

/* ---- subjects ---- */

/* A code is a subject's or a batch's, never both: forms of both stand side by side. */
static enum verdict subject_enrol_taken(struct deciding *d)
{
    return d->subject != NULL || d->batch != NULL
               ? refuse(d, HARD, "TAKEN", "data.SubjectKey")
               : PASS;
}

static enum verdict subject_enrol_gate(struct deciding *d)
{
    struct hold_reach reach = {.site = d->site};
    if (state_hold_covering(d->state, "enrolment", &reach) != NULL) {
        return refuse(d, HARD, "HOLD-01", "");
    }
    /* nobody is put at risk before somebody has answered at the number to be called */
    return alarm_was_answered(d) ? PASS : refuse(d, HARD, "OPEN-02", "");
}

static enum verdict subject_enrol_findings(struct deciding *d)
{
    const char *subject = d->record->data.subject_enrol.subject;
    if (d->version == NULL) {
        return refuse(d, HARD, "REF-07", "definition");
    }
    if (subject_key_verify(d->version, span_text(subject), NULL) != OK) {
        return refuse(d, HARD, "REF-02", "data.SubjectKey");
    }
    return need_site(d, d->record->data.subject_enrol.site);
}

/* ---- queries ---- */

static const char *query_id(struct deciding *d, size_t number)
{
    return arena_printf(d->arena, "q-%lld-%zu", (long long) d->context->seq, number);
}

static enum verdict query_open_findings(struct deciding *d)
{
    return state_form(d->state, d->record->data.query_open.object) != NULL
               ? PASS
               : refuse(d, HARD, "REF-10", "data.object");
}

static void query_open_effects(struct deciding *d)
{
    add_effect(d, EFFECT_OPEN, query_id(d, 1), NULL, "person");
}

static enum verdict query_findings(struct deciding *d)
{
    bool open = row_is(d->query_row, QUERY_STATE, "open") ||
                row_is(d->query_row, QUERY_STATE, "answered");
    return open ? PASS : refuse(d, HARD, "REF-08", "data.query");
}

static void query_answer_effects(struct deciding *d)
{
    add_effect(d, EFFECT_ANSWER, d->record->data.query.query, NULL, NULL);
}

static void query_close_effects(struct deciding *d)
{
    add_effect(d, EFFECT_CLOSE, d->record->data.query.query, NULL, NULL);
}

/* ---- export ---- */

static enum verdict export_findings(struct deciding *d)
{
    const struct export_data *data = &d->record->data.export;
    struct digest root;
    bool right = d->record->seen.given && (uint64_t) data->size == d->record->seen.size &&
                 digest_from_base64(span_text(data->root), &root) &&
                 digest_equal(&root, &d->record->seen.root);
    return right ? PASS : refuse(d, HARD, "REF-09", "data.root");
}

/* ---- the table ---- */

struct behaviour {
    enum verdict (*taken)(struct deciding *d);
    enum verdict (*gate)(struct deciding *d);
    enum verdict (*findings)(struct deciding *d);
    void (*effects)(struct deciding *d);
};

static const struct behaviour BEHAVIOURS[RECORD_TYPE_COUNT] = {
    [RECORD_STUDY_OPEN] = {NULL, study_open_gate, study_open_findings, study_open_effects},
    [RECORD_STUDY_AMEND] = {study_amend_taken, NULL, study_amend_findings, NULL},
    [RECORD_SITE_OPEN] = {site_open_taken, NULL, site_open_findings, NULL},
    [RECORD_SITE_VERSION] = {site_version_taken, NULL, site_version_findings, NULL},
    [RECORD_PERSON_INVITE] = {person_invite_taken, NULL, person_invite_findings,
                              person_invite_effects},
    [RECORD_PERSON_ENROL] = {NULL, NULL, NULL, person_enrol_effects},
    [RECORD_PERSON_CONFIRM] = {NULL, NULL, person_key_findings, person_confirm_effects},
    [RECORD_PERSON_SUSPEND] = {NULL, NULL, person_key_findings, person_suspend_effects},
    [RECORD_PERSON_REVOKE] = {NULL, NULL, person_key_findings, person_revoke_effects},
    [RECORD_ROLE_GRANT] = {NULL, NULL, role_findings, NULL},
    [RECORD_ROLE_WITHDRAW] = {NULL, NULL, role_findings, NULL},
    [RECORD_SUBJECT_ENROL] = {subject_enrol_taken, subject_enrol_gate,
                              subject_enrol_findings, NULL},
    [RECORD_QUERY_OPEN] = {NULL, NULL, query_open_findings, query_open_effects},
    [RECORD_QUERY_ANSWER] = {NULL, NULL, query_findings, query_answer_effects},
    [RECORD_QUERY_CLOSE] = {NULL, NULL, query_findings, query_close_effects},
    [RECORD_EXPORT] = {NULL, NULL, export_findings, NULL},
    [RECORD_SAFETY_ASSESS] = {assess_taken, NULL, assess_findings, assess_effects},
    [RECORD_SAFETY_ACK] = {ack_taken, NULL, ack_findings, ack_effects},
    [RECORD_HOLD] = {hold_taken, NULL, hold_findings, hold_effects},
    [RECORD_HOLD_LIFT] = {lift_taken, NULL, lift_findings, lift_effects},
    [RECORD_MILESTONE] = {NULL, report_gate, milestone_findings, milestone_effects},
    [RECORD_BATCH_RECEIVE] = {batch_receive_taken, NULL, batch_receive_findings, NULL},
    [RECORD_BATCH_RELEASE] = {batch_known, batch_release_gate, NULL, batch_release_effects},
    [RECORD_BATCH_RECALL] = {batch_known, NULL, NULL, batch_recall_effects},
    [RECORD_DOSE_CLEAR] = {NULL, dose_clear_gate, NULL, dose_clear_effects},
    [RECORD_SUBJECT_STATUS] = {NULL, subject_status_gate, NULL, NULL},
};

enum verdict conflicts_of_people(struct deciding *d)
{
    const struct behaviour *behaviour = &BEHAVIOURS[d->record->type];
    return behaviour->taken != NULL ? behaviour->taken(d) : PASS;
}

enum verdict gates_of_people(struct deciding *d)
{
    const struct behaviour *behaviour = &BEHAVIOURS[d->record->type];
    return behaviour->gate != NULL ? behaviour->gate(d) : PASS;
}

enum verdict findings_of_people(struct deciding *d)
{
    const struct behaviour *behaviour = &BEHAVIOURS[d->record->type];
    return behaviour->findings != NULL ? behaviour->findings(d) : PASS;
}

void effects_of_people(struct deciding *d)
{
    const struct behaviour *behaviour = &BEHAVIOURS[d->record->type];
    if (behaviour->effects != NULL) {
        behaviour->effects(d);
    }
}
