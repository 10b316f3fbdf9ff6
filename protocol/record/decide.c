/* SPDX-License-Identifier: Apache-2.0 */
/*
** The ladder. A rung is a number, a name and a function; the runner asks them in order. What
** a rung refuses softly becomes a flag for a safety form; a rung that refuses hard refuses
** everybody: an altered or misaddressed message, an unknown or revoked key, an unknown item.
**
** Time is the entry's own ("now"), never a clock, so that a recheck in twenty years finds the
** same answer.
*/
#include "crypto/key.h"
#include "protocol/record/decide_impl.h"
#include "protocol/record/state_product.h"

/* ---- saying no ---- */

struct findings new_findings(struct deciding *d)
{
    return (struct findings){.arena = d->arena, .language = d->context->language};
}

enum verdict refuse_with(struct deciding *d, enum verdict verdict, const char *rule,
                         const struct findings *findings)
{
    d->refusal_rule = rule;
    d->refusal = *findings;
    return verdict;
}

enum verdict refuse_because(struct deciding *d, enum verdict verdict, const char *rule,
                            const char *path, const char *why)
{
    struct findings findings = new_findings(d);
    finding_add(&findings, &(struct finding){.rule = rule,
                                             .act = ACT_REFUSE,
                                             .place = PLACE_SUBMIT,
                                             .path = path,
                                             .message = why});
    return refuse_with(d, verdict, rule, &findings);
}

enum verdict refuse(struct deciding *d, enum verdict verdict, const char *rule,
                    const char *path)
{
    return refuse_because(d, verdict, rule, path,
                          refusal_sentence(rule, d->context->language));
}

void add_effect(struct deciding *d, enum effect_kind kind, const char *value,
                const char *scope, const char *rule)
{
    outcome_add_effect(
        &d->decision->outcome, d->arena,
        &(struct effect){.kind = kind, .value = value, .scope = scope, .rule = rule});
}

const char *utc_text(const struct deciding *d, instant at)
{
    char text[INSTANT_SIZE];
    instant_format(at, text);
    return arena_text(d->arena, text);
}

/* ---- what the record is about ---- */

const struct metadata_version *published(const struct deciding *d, const char *version)
{
    const struct row *row = state_definition(d->state, version);
    return row == NULL ? NULL
                       : d->definitions->get(d->definitions->arg, version,
                                             row->values[DEFINITION_DIGEST]);
}

struct check_context check_context_of(const struct deciding *d, enum place place,
                                      struct zone *zone)
{
    const char *consent = version_at_consent(d);
    *zone = (struct zone){.fixed = d->record->signature.offset_minutes};
    return (struct check_context){.place = place,
                                  .signed_at = d->record->signature.at,
                                  .received_at = d->context->time,
                                  .zone = zone,
                                  .language = d->context->language,
                                  .reason_late = d->record->reason != NULL,
                                  .limits = consent != NULL ? published(d, consent) : NULL,
                                  .dictionaries = &d->dictionaries};
}

static void find_subject(struct deciding *d)
{
    const struct record *record = d->record;
    const char *subject = record->subject;
    if (record->type == RECORD_QUERY_ANSWER || record->type == RECORD_QUERY_CLOSE) {
        struct form_key key;
        d->query_row = state_query(d->state, record->data.query.query);
        if (d->query_row != NULL &&
            form_key_parse(span_text(d->query_row->values[QUERY_OBJECT]), d->arena, &key)) {
            subject = key.subject;
        }
    }
    d->subject = state_subject(d->state, subject);
    d->batch = d->subject == NULL ? state_batch(d->state, subject) : NULL;
    d->site = d->batch != NULL ? d->batch->values[BATCH_SITE] : record->site;
    if (d->subject != NULL && record->type != RECORD_SUBJECT_ENROL) {
        d->site = d->subject->values[SUBJECT_SITE];
    }
}

/* The definition by which the record is read: the one it names, if that was published here;
 * else the one in force. */
static void find_definition(struct deciding *d)
{
    const struct definition_ref *named = &d->record->definition;
    const struct row *row = state_definition(d->state, named->version);
    bool known = row != NULL && named->sha256 != NULL &&
                 row_is(row, DEFINITION_DIGEST, named->sha256);
    d->version_oid = known ? named->version
                           : state_version_at(d->state, d->site, d->context->time,
                                              (uint64_t) d->context->seq);
    d->version = d->version_oid != NULL ? published(d, d->version_oid) : NULL;
}

static void find_form(struct deciding *d)
{
    struct form_key key;
    if (!d->record->is_form || d->record->object == NULL) {
        return;
    }
    d->form_row = state_form(d->state, d->record->object);
    if (d->version != NULL &&
        form_key_parse(span_text(d->record->object), d->arena, &key)) {
        d->form_def = version_form(d->version, key.form);
    }
    d->safety = d->record->type == RECORD_FORM_SUBMIT && d->form_def != NULL &&
                d->form_def->safety != SAFETY_NONE;
}

static void find_all(struct deciding *d)
{
    const struct record *record = d->record;
    bool sent =
        record->type < RECORD_TYPE_COUNT && RECORD_TYPES[record->type].kind == KIND_SIGNED;
    d->info = sent ? &RECORD_TYPES[record->type] : NULL;
    d->key = state_key_by_kid(d->state, record->kid);
    d->person = d->key != NULL ? d->key->values[PERSON_KEY_PERSON] : NULL;
    if (d->info == NULL) {
        return;
    }
    if (record->type == RECORD_STUDY_OPEN) {
        d->person = FOUNDER_PERSON;
    } else if (record->type == RECORD_PERSON_ENROL) {
        d->person = record->data.person_enrol.person;
    }
    find_subject(d);
    find_definition(d);
    find_dictionaries(d);
    find_form(d);
}

/* ---- rungs 7 to 9 ---- */

static enum verdict check_log(struct deciding *d)
{
    bool right =
        d->record->log == NULL || strcmp(d->record->log, state_origin(d->state)) == 0;
    return right ? PASS : refuse(d, HARD, "LOG", "log");
}

static enum verdict check_shape(struct deciding *d)
{
    if (findings_refuse(d->shape)) {
        return refuse_with(d, HARD, "SHAPE", d->shape);
    }
    return d->info != NULL ? PASS : refuse(d, HARD, "SHAPE", "type");
}

static bool key_is(const struct record *record, const char *jwk, struct arena *arena)
{
    CLEANUP(key_freep) struct key *key = NULL;
    const struct json *json;
    return jwk != NULL &&
           json_parse(span_text(jwk), &JSON_RECORD, arena, &json, NULL) == OK &&
           key_from_jwk(json, &key, NULL) == OK && record->kid != NULL &&
           strcmp(key_thumbprint(key), record->kid) == 0;
}

static enum verdict check_founder(struct deciding *d)
{
    if (state_head(d->state).size != 0) {
        return refuse(d, HARD, "FIRST-01", "");
    }
    if (d->record->kid == NULL || strcmp(d->record->kid, state_founder(d->state)) != 0) {
        return refuse(d, HARD, "FIRST-02", "");
    }
    return key_is(d->record, d->record->data.study_open.jwk, d->arena)
               ? PASS
               : refuse(d, HARD, "FIRST-03", "data.jwk");
}

static bool invited(const struct deciding *d, const struct person_enrol_data *data)
{
    const struct row *person = state_person(d->state, data->person);
    struct digest wanted, given;
    char now[INSTANT_SIZE];
    instant_format(d->context->time, now);
    digest_of(span_text(data->code), &given);
    return person != NULL && person->values[PERSON_CODE_SHA256] != NULL &&
           digest_from_hex(span_text(person->values[PERSON_CODE_SHA256]), &wanted) &&
           digest_equal(&wanted, &given) && person->values[PERSON_EXPIRES] != NULL &&
           strcmp(now, person->values[PERSON_EXPIRES]) <= 0;
}

static enum verdict check_invited(struct deciding *d)
{
    const struct person_enrol_data *data = &d->record->data.person_enrol;
    if (!invited(d, data)) {
        return refuse(d, HARD, "FIRST-04", "");
    }
    if (!key_is(d->record, data->jwk, d->arena)) {
        return refuse(d, HARD, "FIRST-03", "data.jwk");
    }
    return d->key == NULL ? PASS : refuse(d, HARD, "FIRST-05", "");
}

/* "3 April", as the signer's clock has it. */
static const char *day_of(struct deciding *d, const char *at)
{
    instant time = 0;
    char text[INSTANT_SIZE];
    if (at == NULL || !instant_parse(span_text(at), &time, NULL)) {
        return NULL;
    }
    instant_format(time + d->record->signature.offset_minutes * 60 * SECOND, text);
    return message_date(d->arena, d->context->language,
                        arena_printf(d->arena, "%.10s", text));
}

/* Whoever asks has signed with the key, so its holder is told who suspended it and when
 * (users.md chapter 5, message 6). NULL: the definition has no number to phone. */
static const char *told_suspended(struct deciding *d)
{
    static const char *const roles[] = {"registrar", "sponsor", "investigator"};
    const char *language = d->context->language;
    const struct safety_contact *contact = d->version != NULL ? &d->version->contact : NULL;
    const char *role = d->key->values[PERSON_KEY_STATE_ROLE];
    const char *when = day_of(d, d->key->values[PERSON_KEY_STATE_AT]);
    const char *by = NULL;
    for (size_t i = 0; role != NULL && i < ARRAY_LEN(roles); i++) {
        by = strcmp(role, roles[i]) == 0 ? arena_printf(d->arena, "keyby.%s", role) : by;
    }
    if (row_is(d->key, PERSON_KEY_STATE_BY, d->key->values[PERSON_KEY_PERSON])) {
        by = "keyby.self";
    }
    if (contact == NULL || *contact->phone == 0 || when == NULL || by == NULL) {
        return NULL;
    }
    const char *registrar =
        *contact->second_route != 0 ? contact->second_route : contact->phone;
    return message_key(d->arena, language, when,
                       message_text(d->arena, language, by, NULL, 0), contact->phone,
                       registrar);
}

/* Who is turned away here may hold a serious event in hand: say which number to phone. */
static enum verdict refuse_key(struct deciding *d, enum verdict verdict, const char *rule)
{
    const char *phone = d->version != NULL ? d->version->contact.phone : "";
    const char *language = d->context->language;
    if (*phone == 0) {
        return refuse(d, verdict, rule, "");
    }
    return refuse_because(
        d, verdict, rule, "",
        arena_printf(d->arena, "%s %s", refusal_sentence(rule, language),
                     message_text(d->arena, language, "phone", &phone, 1)));
}

static enum verdict check_key(struct deciding *d)
{
    if (d->record->type == RECORD_STUDY_OPEN) {
        return check_founder(d);
    }
    if (d->record->type == RECORD_PERSON_ENROL) {
        return check_invited(d);
    }
    if (d->key == NULL) {
        return refuse(d, HARD, "KEY-01", "");
    }
    if (row_is(d->key, PERSON_KEY_STATE, "suspended")) {
        const char *told = told_suspended(d);
        return told != NULL ? refuse_because(d, SOFT, "KEY-04", "", told)
                            : refuse_key(d, SOFT, "KEY-04");
    }
    if (!row_is(d->key, PERSON_KEY_STATE, "confirmed")) {
        bool revoked = row_is(d->key, PERSON_KEY_STATE, "revoked");
        return refuse_key(d, HARD, revoked ? "KEY-03" : "KEY-02");
    }
    return PASS;
}

static enum verdict check_clock(struct deciding *d)
{
    instant enrolled = 0;
    if (d->record->iat > (d->context->time + SKEW_MAX) / SECOND) {
        return refuse(d, SOFT, "KEY-05", "");
    }
    if (d->key != NULL && d->key->values[PERSON_KEY_ENROLLED_AT] != NULL) {
        (void) instant_parse(span_text(d->key->values[PERSON_KEY_ENROLLED_AT]), &enrolled,
                             NULL);
    }
    return d->record->iat < enrolled / SECOND ? refuse(d, SOFT, "KEY-06", "") : PASS;
}

static enum verdict check_seen(struct deciding *d)
{
    return d->record->seen.given && d->context->seen != SEEN_KNOWN
               ? refuse(d, SOFT, "SEEN-01", "seen")
               : PASS;
}

/* ---- rung 10 ---- */

/* Whom a record is about, and the role that person has or gets. Inviting or confirming
 * somebody who is confirmed already gives a new key to all the rights that person has, so
 * site staff may do it for newcomers only. */
static void find_target(const struct deciding *d, struct rights_scope *scope)
{
    const struct record *record = d->record;
    const struct row *person = NULL;
    if (record->type == RECORD_PERSON_INVITE) {
        scope->target = record->data.person_invite.person;
        scope->target_role = record->data.person_invite.role;
        scope->target_known = state_person(d->state, scope->target) != NULL;
    } else if (record->type == RECORD_ROLE_GRANT || record->type == RECORD_ROLE_WITHDRAW) {
        scope->target = record->data.role.person;
        scope->target_role = record->data.role.role;
    } else if (record->type == RECORD_PERSON_CONFIRM ||
               record->type == RECORD_PERSON_SUSPEND ||
               record->type == RECORD_PERSON_REVOKE) {
        person = state_person(d->state, record->data.person_key.person);
        scope->target = record->data.person_key.person;
    }
    if (person != NULL) {
        scope->target_role = person->values[PERSON_ROLE];
        scope->target_known = record->type == RECORD_PERSON_CONFIRM &&
                              !row_is(person, PERSON_STATE, "enrolled");
        scope->site =
            row_is(person, PERSON_SITE, ALL_SITES) ? NULL : person->values[PERSON_SITE];
    }
}

static enum verdict check_right(struct deciding *d)
{
    struct rights_scope scope = {
        .site = d->site, .form = d->form_def, .subject = d->subject != NULL};
    const char *role = d->record->signature.role;
    if (d->info->first_contact) {
        return PASS;
    }
    find_target(d, &scope);
    if (d->record->subject != NULL && d->subject == NULL && d->site == NULL) {
        scope.site = ANY_SITE; /* an unknown subject is told so at rung 15 */
    }
    const char *why = rights_refusal(d->state, d->person, role, d->record->type, &scope,
                                     d->safety, d->context->time);
    if (why != NULL) {
        const char *values[] = {role, record_type_name(d->record->type)};
        return refuse_because(
            d, SOFT, "RIGHT-01", "signature.role",
            message_text(d->arena, d->context->language, why, values, ARRAY_LEN(values)));
    }
    bool of_role =
        d->record->type == RECORD_ROLE_GRANT || d->record->type == RECORD_ROLE_WITHDRAW;
    return !of_role || rights_qualifies(d->record)
               ? PASS
               : refuse(d, HARD, "RIGHT-02", "data.qualification");
}

/* ---- rung 11 ---- */

static enum verdict check_lock_of(struct deciding *d, const char *object)
{
    return state_lock_covering(d->state, object, d->site) != NULL
               ? refuse(d, SOFT, "LOCKED", "")
               : PASS;
}

static enum verdict check_locks(struct deciding *d)
{
    if (!d->info->locks) {
        return PASS;
    }
    const char *object =
        d->query_row != NULL ? d->query_row->values[QUERY_OBJECT] : d->record->object;
    enum verdict verdict = check_lock_of(d, object);
    if (d->record->type == RECORD_FORM_SIGN) {
        const struct form_sign_data *sign = &d->record->data.form_sign;
        for (size_t i = 0; verdict == PASS && i < sign->object_count; i++) {
            verdict = check_lock_of(d, sign->objects[i].object);
        }
    }
    return verdict;
}

/* ---- rungs 13 to 15 ---- */

static bool is_signing(const struct deciding *d)
{
    return d->record->type == RECORD_FORM_SIGN || d->record->type == RECORD_LOCK ||
           d->record->type == RECORD_UNLOCK;
}

static enum verdict check_prior(struct deciding *d)
{
    return d->record->is_form ? conflicts_of_forms(d)
           : is_signing(d)    ? conflicts_of_signing(d)
                              : conflicts_of_people(d);
}

static enum verdict check_holds(struct deciding *d)
{
    return d->record->is_form ? PASS
           : is_signing(d)    ? gates_of_signing(d)
                              : gates_of_people(d);
}

static enum verdict check_findings(struct deciding *d)
{
    return d->record->is_form ? findings_of_forms(d)
           : is_signing(d)    ? PASS
                              : findings_of_people(d);
}

/* A ledger form is sent under a batch, and any other under a subject. */
static bool is_of_its_place(const struct deciding *d)
{
    bool ledger = d->form_def != NULL && d->form_def->ledger;
    return d->batch != NULL ? ledger && d->record->is_form : !ledger && d->subject != NULL;
}

static bool is_of_batch(enum record_type type)
{
    return type == RECORD_BATCH_RECEIVE || type == RECORD_BATCH_RELEASE ||
           type == RECORD_BATCH_RECALL;
}

/* A subject that is not known is told before its data are judged. */
static enum verdict check_subject(struct deciding *d)
{
    /* a report on somebody who is not known yet is assessed and acknowledged like any */
    bool needs = d->record->subject != NULL && d->record->type != RECORD_SUBJECT_ENROL &&
                 d->record->type != RECORD_SAFETY_ASSESS &&
                 d->record->type != RECORD_SAFETY_ACK &&
                 d->record->type != RECORD_MILESTONE && !is_of_batch(d->record->type);
    bool queries = d->query_row != NULL || d->record->type == RECORD_QUERY_OPEN;
    if (!needs || is_of_its_place(d) || (d->batch != NULL && queries)) {
        return PASS;
    }
    bool known = d->batch != NULL || d->subject != NULL;
    return refuse(d, SOFT, known && d->record->is_form ? "REF-11" : "REF-01", "data");
}

/* ---- the runner ---- */

struct rung {
    int number;
    enum verdict (*check)(struct deciding *d);
};

static const struct rung LADDER[] = {
    {4, check_log},    {7, check_shape},  {8, check_key},      {8, check_clock},
    {9, check_seen},   {10, check_right}, {11, check_locks},   {12, check_version},
    {13, check_prior}, {14, check_holds}, {15, check_subject}, {15, check_findings},
};

/* The door: what was soft becomes a flag. A suspended key and a stale prior keep the record
 * from the place of the current revision. */
static void let_through(struct deciding *d)
{
    add_effect(d, EFFECT_FLAG, d->refusal_rule, NULL, NULL);
    if (strcmp(d->refusal_rule, "KEY-04") == 0) {
        d->inbox = "unconfirmed";
    } else if (strcmp(d->refusal_rule, "CONFLICT") == 0 && d->form_row != NULL &&
               d->inbox == NULL) {
        d->inbox = "concurrent";
        tell_current(d, NULL); /* not refused as stale: whoever sent it may read nothing */
    }
}

static void reject(struct deciding *d, const struct rung *rung)
{
    struct decision *decision = d->decision;
    const char *code = refusal_text(d->refusal_rule)->code;
    decision->accepted = false;
    decision->rung = rung->number;
    decision->code = code;
    decision->http_status = refusal_status(code);
    decision->title = refusal_title(code, d->context->language);
    decision->findings = d->refusal;
    decision->leaves_entry =
        rung->number >= 7 && d->key != NULL && (d->info == NULL || !d->info->first_contact);
    decision->prior_seq = -1;
    decision->outcome = (struct outcome){0};
}

static void accept(struct deciding *d)
{
    struct decision *decision = d->decision;
    decision->accepted = true;
    decision->http_status = 201;
    decision->prior_seq = d->form_row != NULL ? row_integer(d->form_row, FORM_SEQ) : -1;
    decision->outcome.late =
        d->context->time - d->record->signature.at > LATE_AFTER ? 1 : 0;
    if (is_signing(d)) {
        effects_of_signing(d);
    } else if (!d->record->is_form) {
        effects_of_people(d);
    }
}

/* A lock does not keep a report from being nullified, as it does not keep it from coming. */
static bool is_let_through(const struct deciding *d)
{
    bool nullifies = d->record->type == RECORD_FORM_RETRACT && d->form_def != NULL &&
                     d->form_def->safety != SAFETY_NONE;
    return d->safety || (nullifies && strcmp(d->refusal_rule, "LOCKED") == 0);
}

/* pure, so it names all it sees: NOLINTNEXTLINE(readability-function-size) */
void decide(const struct state *state, const struct casebook *book,
            const struct definitions *definitions, const struct decide_context *context,
            const struct record *record, const struct findings *shape, struct arena *arena,
            struct decision *ret_decision)
{
    *ret_decision = (struct decision){.prior_seq = -1, .current_seq = -1};
    ret_decision->outcome =
        (struct outcome){.version = OUTCOME_VERSION, .engine = OUTCOME_ENGINE};
    struct deciding d = {.state = state,
                         .book = book,
                         .definitions = definitions,
                         .context = context,
                         .record = record,
                         .shape = shape,
                         .arena = arena,
                         .decision = ret_decision};
    d.decision->findings = new_findings(&d);
    find_all(&d);
    ret_decision->person = d.person;
    for (size_t i = 0; i < ARRAY_LEN(LADDER); i++) {
        enum verdict verdict = LADDER[i].check(&d);
        if (verdict == SOFT && is_let_through(&d)) {
            let_through(&d);
        } else if (verdict != PASS) {
            reject(&d, &LADDER[i]);
            hide_masked(&d);
            return;
        }
    }
    accept(&d);
    hide_masked(&d);
}
