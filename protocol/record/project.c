/* SPDX-License-Identifier: Apache-2.0 */
/*
** A row of PROJECTIONS is a type and the function that maps it. Texts that an entry and its
** record give are written as they are, except instants, which become UTC with six decimals so
** that their text order is their time order.
*/
#include "protocol/record/project_impl.h"

struct row_change *project_add(struct projecting *p, enum table_id table)
{
    struct row_change *change =
        ARENA_PUSH(p->arena, p->changes->items, p->changes->count, p->changes->capacity);
    change->table = table;
    return change;
}

void project_set(struct row_change *change, int column, const char *value)
{
    change->values[column] = value;
    change->given |= 1U << column;
}

static const char *instant_text(struct projecting *p, instant at)
{
    char text[INSTANT_SIZE];
    instant_format(at, text);
    return arena_text(p->arena, text);
}

/* A member of the record; it was checked when it was read. */
const char *project_time(struct projecting *p, const char *text, instant otherwise)
{
    instant at = otherwise;
    if (text != NULL) {
        (void) instant_parse(span_text(text), &at, NULL);
    }
    return instant_text(p, at);
}

static const char *number_text(struct projecting *p, int64_t number)
{
    return arena_printf(p->arena, "%lld", (long long) number);
}

static const char *leaf_text(struct projecting *p)
{
    char leaf[DIGEST_BASE64_SIZE];
    digest_to_base64(&p->entry->leaf, leaf);
    return arena_text(p->arena, leaf);
}

/* ---- the study, its definitions and sites ---- */

static void add_definition(struct projecting *p, const struct definition_ref *definition)
{
    struct row_change *row = project_add(p, TABLE_DEFINITION);
    project_set(row, DEFINITION_VERSION, definition->version);
    project_set(row, DEFINITION_DIGEST, definition->sha256);
    project_set(row, DEFINITION_SRC, record_type_name(p->record->type));
}

static void add_grant(struct projecting *p, const char *person, const char *role,
                      const char *site, const char *from, const char *to)
{
    struct row_change *row = project_add(p, TABLE_GRANT);
    project_set(row, GRANT_PERSON, person);
    project_set(row, GRANT_ROLE, role);
    project_set(row, GRANT_SITE, site != NULL ? site : ALL_SITES);
    project_set(row, GRANT_VALID_FROM, from);
    project_set(row, GRANT_VALID_TO, to);
}

static void set_key_state(struct projecting *p, struct row_change *row, const char *state)
{
    project_set(row, PERSON_KEY_STATE, state);
    project_set(row, PERSON_KEY_STATE_AT, instant_text(p, p->entry->time));
    project_set(row, PERSON_KEY_STATE_BY, p->entry->actor);
    project_set(row, PERSON_KEY_STATE_ROLE, p->record->signature.role);
}

static void add_key(struct projecting *p, const char *person, const char *jwk,
                    const char *state)
{
    struct row_change *row = project_add(p, TABLE_PERSON_KEY);
    project_set(row, PERSON_KEY_KID, p->record->kid);
    project_set(row, PERSON_KEY_KEY_NO, number_text(p, p->entry->seq));
    project_set(row, PERSON_KEY_PERSON, person);
    project_set(row, PERSON_KEY_JWK, jwk);
    project_set(row, PERSON_KEY_ALG, strstr(jwk, "Ed25519") != NULL ? "Ed25519" : "ES256");
    set_key_state(p, row, state);
    project_set(row, PERSON_KEY_ENROLLED_AT, instant_text(p, p->entry->time));
}

static void set_person_state(struct projecting *p, const char *person)
{
    const struct effect *effect = outcome_effect(p->outcome, EFFECT_PERSON, NULL);
    if (effect != NULL) {
        struct row_change *row = project_add(p, TABLE_PERSON);
        project_set(row, PERSON_PERSON, person);
        project_set(row, PERSON_STATE, effect->value);
    }
}

static void add_grants(struct projecting *p, const char *person)
{
    for (size_t i = 0; i < p->outcome->effect_count; i++) {
        const struct effect *effect = &p->outcome->effects[i];
        if (effect->kind == EFFECT_GRANT) {
            add_grant(p, person, effect->value, effect->scope,
                      instant_text(p, p->entry->time), NULL);
        }
    }
}

static void study_open(struct projecting *p)
{
    const struct study_open_data *data = &p->record->data.study_open;
    add_definition(p, &p->record->definition);
    struct row_change *row = project_add(p, TABLE_PERSON);
    project_set(row, PERSON_PERSON, p->entry->actor);
    project_set(row, PERSON_NAME, p->record->signature.name);
    project_set(row, PERSON_ROLE, p->record->signature.role);
    project_set(row, PERSON_SITE, ALL_SITES);
    set_person_state(p, p->entry->actor);
    add_key(p, p->entry->actor, data->jwk, "confirmed");
    add_grants(p, p->entry->actor);
}

static void study_amend(struct projecting *p)
{
    const struct study_amend_data *data = &p->record->data.study_amend;
    if (data->dictionary_count == 0) {
        add_definition(p, &data->definition);
    }
    for (size_t i = 0; i < data->dictionary_count; i++) {
        struct row_change *row = project_add(p, TABLE_DICTIONARY);
        project_set(row, DICTIONARY_NAME, data->dictionaries[i].name);
        project_set(row, DICTIONARY_VERSION, data->dictionaries[i].version);
        project_set(row, DICTIONARY_DIGEST, data->dictionaries[i].sha256);
    }
}

static void site_open(struct projecting *p)
{
    const struct site_open_data *data = &p->record->data.site_open;
    struct row_change *row = project_add(p, TABLE_SITE);
    project_set(row, SITE_SITE, data->site);
    project_set(row, SITE_NAME, data->name);
    project_set(row, SITE_COUNTRY, data->country);
    project_set(row, SITE_TIMEZONE, data->timezone);
    project_set(row, SITE_LANGUAGE, data->language);
}

static void site_version(struct projecting *p)
{
    const struct site_version_data *data = &p->record->data.site_version;
    struct row_change *row = project_add(p, TABLE_SITE_VERSION);
    project_set(row, SITE_VERSION_SITE, data->site);
    project_set(row, SITE_VERSION_VALID_FROM, project_time(p, data->from, p->entry->time));
    project_set(row, SITE_VERSION_VERSION, data->version);
    project_set(row, SITE_VERSION_VALID_TO,
                data->to != NULL ? project_time(p, data->to, 0) : NULL);
    project_set(row, SITE_VERSION_APPROVAL, data->approval);
}

/* ---- people ---- */

static void person_invite(struct projecting *p)
{
    const struct person_invite_data *data = &p->record->data.person_invite;
    struct row_change *row = project_add(p, TABLE_PERSON);
    project_set(row, PERSON_PERSON, data->person);
    project_set(row, PERSON_NAME, data->name);
    project_set(row, PERSON_ROLE, data->role);
    project_set(row, PERSON_SITE, data->site != NULL ? data->site : ALL_SITES);
    project_set(row, PERSON_CODE_SHA256, data->code_sha256);
    project_set(row, PERSON_EXPIRES, project_time(p, data->expires, 0));
    set_person_state(p, data->person);
}

static void person_enrol(struct projecting *p)
{
    const struct person_enrol_data *data = &p->record->data.person_enrol;
    add_key(p, data->person, data->jwk, "enrolled");
    struct row_change *row = project_add(p, TABLE_PERSON);
    project_set(row, PERSON_PERSON, data->person);
    project_set(row, PERSON_CODE_SHA256, NULL);
    project_set(row, PERSON_EXPIRES, NULL);
    set_person_state(p, data->person);
}

static void key_state(struct projecting *p, const char *state)
{
    const struct person_key_data *data = &p->record->data.person_key;
    struct row_change *row = project_add(p, TABLE_PERSON_KEY);
    project_set(row, PERSON_KEY_KID, data->kid);
    set_key_state(p, row, state);
    if (data->compromised_since != NULL) {
        project_set(row, PERSON_KEY_COMPROMISED_SINCE,
                    project_time(p, data->compromised_since, 0));
    }
    set_person_state(p, data->person);
}

static void person_confirm(struct projecting *p)
{
    key_state(p, "confirmed");
    add_grants(p, p->record->data.person_key.person);
}

static void person_suspend(struct projecting *p)
{
    key_state(p, "suspended");
}

static void person_revoke(struct projecting *p)
{
    key_state(p, "revoked");
}

static void role_grant(struct projecting *p)
{
    const struct role_data *data = &p->record->data.role;
    add_grant(p, data->person, data->role, data->site,
              project_time(p, data->from, p->entry->time),
              data->to != NULL ? project_time(p, data->to, 0) : NULL);
    project_qualified(p);
}

static void role_withdraw(struct projecting *p)
{
    const struct role_data *data = &p->record->data.role;
    struct row_change *row = project_add(p, TABLE_GRANT);
    project_set(row, GRANT_PERSON, data->person);
    project_set(row, GRANT_ROLE, data->role);
    project_set(row, GRANT_SITE, data->site != NULL ? data->site : ALL_SITES);
    project_set(row, GRANT_VALID_TO, project_time(p, data->to, p->entry->time));
    project_qualified(p);
}

/* ---- subjects and forms ---- */

static void subject_enrol(struct projecting *p)
{
    struct row_change *row = project_add(p, TABLE_SUBJECT);
    project_set(row, SUBJECT_SUBJECT, p->record->data.subject_enrol.subject);
    project_set(row, SUBJECT_SITE, p->record->data.subject_enrol.site);
    project_set(row, SUBJECT_STATE, "enrolled");
}

void project_queries(struct projecting *p)
{
    for (size_t i = 0; i < p->outcome->finding_count; i++) {
        const struct outcome_finding *finding = &p->outcome->findings[i];
        if (finding->query == NULL) {
            continue;
        }
        struct row_change *row = project_add(p, TABLE_QUERY);
        project_set(row, QUERY_QUERY, finding->query);
        project_set(row, QUERY_OBJECT,
                    finding->object != NULL ? finding->object : p->record->object);
        project_set(row, QUERY_PATH, *finding->path != 0 ? finding->path : NULL);
        project_set(row, QUERY_RULE, finding->rule);
        project_set(row, QUERY_STATE, "open");
    }
}

static void query_state(struct projecting *p, const char *query, const char *state)
{
    struct row_change *row = project_add(p, TABLE_QUERY);
    project_set(row, QUERY_QUERY, query);
    project_set(row, QUERY_STATE, state);
}

static void close_queries(struct projecting *p)
{
    for (size_t i = 0; i < p->outcome->effect_count; i++) {
        const struct effect *effect = &p->outcome->effects[i];
        if (effect->kind == EFFECT_CLOSE) {
            query_state(p, effect->value, effect->rule != NULL ? effect->rule : "closed");
        } else if (effect->kind == EFFECT_ANSWER) {
            query_state(p, effect->value, "answered");
        }
    }
}

static void add_revision(struct projecting *p, const char *object, const char *state)
{
    const struct effect *number = outcome_effect(p->outcome, EFFECT_NUMBER, NULL);
    struct row_change *row = project_add(p, TABLE_FORM);
    project_set(row, FORM_OBJECT, object);
    project_set(row, FORM_SUBJECT, p->record->subject);
    project_set(row, FORM_SEQ, number_text(p, p->entry->seq));
    project_set(row, FORM_LEAF, leaf_text(p));
    project_set(row, FORM_STATE, state);
    if (p->record->definition.version != NULL) {
        project_set(row, FORM_VERSION, p->record->definition.version);
    }
    if (number != NULL) {
        project_set(row, FORM_NUMBER, number->value);
    }
}

static const char *inbox_object(struct projecting *p, const char *seq)
{
    return arena_printf(p->arena, "%s~%s", p->record->object, seq);
}

static void form_submit(struct projecting *p)
{
    const struct effect *inbox = outcome_effect(p->outcome, EFFECT_INBOX, NULL);
    if (inbox != NULL) {
        add_revision(p, inbox_object(p, number_text(p, p->entry->seq)), inbox->value);
    } else {
        bool complete = p->record->data.form_submit.form.state == FORM_COMPLETE;
        add_revision(p, p->record->object, complete ? "complete" : "partial");
    }
    for (size_t i = 0; i < p->outcome->effect_count; i++) {
        const struct effect *effect = &p->outcome->effects[i];
        if (effect->kind == EFFECT_MERGED) {
            struct row_change *row = project_add(p, TABLE_FORM);
            row->op = ROW_DELETE;
            project_set(row, FORM_OBJECT, inbox_object(p, effect->value));
        }
    }
    project_queries(p);
    close_queries(p);
    project_product(p);
}

static void form_retract(struct projecting *p)
{
    add_revision(p, p->record->object, "retracted");
    close_queries(p);
    project_retracted(p);
}

static void form_sign(struct projecting *p)
{
    const struct form_sign_data *data = &p->record->data.form_sign;
    for (size_t i = 0; i < data->object_count; i++) {
        struct row_change *row = project_add(p, TABLE_FORM);
        project_set(row, FORM_OBJECT, data->objects[i].object);
        project_set(row, FORM_STATE, "signed");
    }
    close_queries(p);
}

/* ---- queries, locks ---- */

static void query_open(struct projecting *p)
{
    const struct effect *open = outcome_effect(p->outcome, EFFECT_OPEN, NULL);
    if (open != NULL) {
        struct row_change *row = project_add(p, TABLE_QUERY);
        project_set(row, QUERY_QUERY, open->value);
        project_set(row, QUERY_OBJECT, p->record->data.query_open.object);
        project_set(row, QUERY_PATH, p->record->data.query_open.path);
        project_set(row, QUERY_RULE, open->rule);
        project_set(row, QUERY_STATE, "open");
    }
}

static void locking(struct projecting *p)
{
    const struct effect *effect = outcome_effect(p->outcome, EFFECT_LOCK, NULL);
    if (effect != NULL) {
        bool named =
            strcmp(effect->value, "asked") == 0 || strcmp(effect->value, "lifting") == 0;
        struct row_change *row = project_add(p, TABLE_LOCK);
        row->op = strcmp(effect->value, "unlocked") == 0 ? ROW_DELETE : ROW_SET;
        project_set(row, LOCK_SCOPE, p->record->data.lock.scope);
        project_set(row, LOCK_REASON, p->record->reason);
        project_set(row, LOCK_STATE,
                    named ? arena_printf(p->arena, "%s %s", effect->value, p->entry->actor)
                          : effect->value);
    }
    close_queries(p);
}

static void nothing(struct projecting *p)
{
    (void) p;
}

static void (*const PROJECTIONS[RECORD_TYPE_COUNT])(struct projecting *) = {
    [RECORD_STUDY_OPEN] = study_open,
    [RECORD_STUDY_AMEND] = study_amend,
    [RECORD_SITE_OPEN] = site_open,
    [RECORD_SITE_VERSION] = site_version,
    [RECORD_PERSON_INVITE] = person_invite,
    [RECORD_PERSON_ENROL] = person_enrol,
    [RECORD_PERSON_CONFIRM] = person_confirm,
    [RECORD_PERSON_SUSPEND] = person_suspend,
    [RECORD_PERSON_REVOKE] = person_revoke,
    [RECORD_ROLE_GRANT] = role_grant,
    [RECORD_ROLE_WITHDRAW] = role_withdraw,
    [RECORD_SUBJECT_ENROL] = subject_enrol,
    [RECORD_FORM_SUBMIT] = form_submit,
    [RECORD_FORM_RETRACT] = form_retract,
    [RECORD_FORM_SIGN] = form_sign,
    [RECORD_QUERY_OPEN] = query_open,
    [RECORD_QUERY_ANSWER] = close_queries,
    [RECORD_QUERY_CLOSE] = close_queries,
    [RECORD_LOCK] = locking,
    [RECORD_UNLOCK] = locking,
    [RECORD_EXPORT] = nothing,
    [RECORD_BATCH_RECEIVE] = project_batch_receive,
    [RECORD_BATCH_RELEASE] = project_product,
    [RECORD_BATCH_RECALL] = project_recall,
    [RECORD_DOSE_CLEAR] = project_clearance,
    [RECORD_SUBJECT_STATUS] = project_subject_status,
};

void project(const struct entry_facts *entry, const struct record *record,
             const struct outcome *outcome, struct arena *arena,
             struct row_changes *changes)
{
    struct projecting p = {entry, record, outcome, arena, changes};
    if (record->type < RECORD_TYPE_COUNT && PROJECTIONS[record->type] != NULL) {
        PROJECTIONS[record->type](&p);
    }
    project_safety(&p);
}
