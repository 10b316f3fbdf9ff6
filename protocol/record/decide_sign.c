/* SPDX-License-Identifier: Apache-2.0 */
/*
** form.sign, lock and unlock: acts that have not happened yet, so their findings gate. Each
** can be resolved or confirmed with a reason: there are no dead ends. What is confirmed stands
** in the outcome, and its query closes as "confirmed".
*/
#include "protocol/record/decide_impl.h"
#include "protocol/record/state_product.h"

#define GATES_MAX 500 /* findings listed in one refusal */

struct confirmed_list {
    const struct confirmed *items;
    size_t count;
};

static struct confirmed_list confirmed_of(const struct deciding *d)
{
    if (d->record->type == RECORD_FORM_SIGN) {
        return (struct confirmed_list){d->record->data.form_sign.confirmed,
                                       d->record->data.form_sign.confirmed_count};
    }
    return (struct confirmed_list){d->record->data.lock.confirmed,
                                   d->record->data.lock.confirmed_count};
}

static bool same(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static bool is_confirmed(const struct deciding *d, const char *rule, const char *object,
                         const char *path)
{
    struct confirmed_list list = confirmed_of(d);
    for (size_t i = 0; i < list.count; i++) {
        if (same(list.items[i].rule, rule) && same(list.items[i].object, object) &&
            same(list.items[i].path, path)) {
            return true;
        }
    }
    return false;
}

static void gate(struct deciding *d, struct findings *findings, const char *rule,
                 const char *text_rule, const char *object, const char *path)
{
    if (findings->count < GATES_MAX && !is_confirmed(d, rule, object, path)) {
        finding_add(findings, &(struct finding){.rule = rule,
                                                .act = ACT_GATE,
                                                .place = PLACE_SIGN,
                                                .object = object,
                                                .path = path,
                                                .message = refusal_sentence(
                                                    text_rule, d->context->language)});
    }
}

static bool is_open(const struct row *query)
{
    return row_is(query, QUERY_STATE, "open") || row_is(query, QUERY_STATE, "answered");
}

/* An open query is confirmed under its own rule, as it was opened. */
static void gate_queries(struct deciding *d, const char *object, const char *text_rule,
                         struct findings *findings)
{
    struct rows rows = state_rows_where(d->state, TABLE_QUERY, object, d->arena);
    for (size_t i = 0; i < rows.count; i++) {
        if (is_open(rows.items[i])) {
            gate(d, findings, rows.items[i]->values[QUERY_RULE], text_rule, object,
                 rows.items[i]->values[QUERY_PATH]);
        }
    }
}

static enum verdict gated(struct deciding *d, const struct findings *findings)
{
    return findings_gate(findings) || findings_refuse(findings)
               ? refuse_with(d, HARD, "GATES", findings)
               : PASS;
}

static void confirmations(struct deciding *d, struct check_context *context)
{
    struct confirmed_list list = confirmed_of(d);
    struct confirmation *items = ARENA_ARRAY(d->arena, list.count + 1, struct confirmation);
    for (size_t i = 0; i < list.count; i++) {
        const char *path = list.items[i].path;
        items[i] = (struct confirmation){list.items[i].rule, list.items[i].object,
                                         path != NULL ? path : ""};
    }
    context->confirmations = items;
    context->confirmation_count = list.count;
}

/* Only what is signed or locked can be confirmed with it. */
static enum verdict check_confirmed(struct deciding *d,
                                    bool (*covers)(const struct deciding *d,
                                                   const char *object))
{
    struct confirmed_list list = confirmed_of(d);
    for (size_t i = 0; i < list.count; i++) {
        if (!covers(d, list.items[i].object)) {
            return refuse(d, HARD, "REF-10",
                          arena_printf(d->arena, "data.confirmed.%zu", i));
        }
    }
    return PASS;
}

/* ---- form.sign ---- */

static bool signs(const struct deciding *d, const char *object)
{
    const struct form_sign_data *sign = &d->record->data.form_sign;
    for (size_t i = 0; i < sign->object_count; i++) {
        if (strcmp(sign->objects[i].object, object) == 0) {
            return true;
        }
    }
    return false;
}

static enum verdict conflicts_of_sign(struct deciding *d)
{
    const struct form_sign_data *sign = &d->record->data.form_sign;
    for (size_t i = 0; i < sign->object_count; i++) {
        const struct row *row = state_form(d->state, sign->objects[i].object);
        if (row == NULL || row_is(row, FORM_STATE, "retracted")) {
            return refuse(d, HARD, "REF-10", arena_printf(d->arena, "data.objects.%zu", i));
        }
        if (!row_is(row, FORM_LEAF, sign->objects[i].leaf)) {
            tell_current(d, row);
            return refuse(d, HARD, "CONFLICT",
                          arena_printf(d->arena, "data.objects.%zu", i));
        }
    }
    return check_confirmed(d, signs);
}

static enum verdict gates_of_sign(struct deciding *d)
{
    const struct form_sign_data *sign = &d->record->data.form_sign;
    struct form_key *keys = ARENA_ARRAY(d->arena, sign->object_count, struct form_key);
    struct findings findings = new_findings(d);
    struct zone zone;
    struct check_context context = check_context_of(d, PLACE_SIGN, &zone);
    for (size_t i = 0; i < sign->object_count; i++) {
        const char *object = sign->objects[i].object;
        BUG_IF(!form_key_parse(span_text(object), d->arena, &keys[i]));
        if (row_is(state_form(d->state, object), FORM_STATE, "partial")) {
            finding_add(&findings, &(struct finding){.rule = "SIGN-02",
                                                     .act = ACT_GATE,
                                                     .place = PLACE_SIGN,
                                                     .object = object,
                                                     .message = refusal_sentence(
                                                         "SIGN-02", d->context->language)});
        }
        gate_queries(d, object, "SIGN-01", &findings);
    }
    if (d->version == NULL) {
        return refuse(d, HARD, "VERSION-01", "definition");
    }
    confirmations(d, &context);
    check_sign(d->version, d->book, keys, sign->object_count, &context, &findings);
    return gated(d, &findings);
}

/* ---- lock, unlock ---- */

static bool is_by(const struct row *lock, const char *verb, const char *person)
{
    const char *state = lock != NULL ? lock->values[LOCK_STATE] : "";
    size_t length = strlen(verb);
    return strncmp(state, verb, length) == 0 && state[length] == ' ' &&
           (person == NULL || strcmp(state + length + 1, person) == 0);
}

static enum verdict conflicts_of_lock(struct deciding *d)
{
    const struct row *lock = state_lock(d->state, d->record->data.lock.scope);
    bool to_lock = d->record->type == RECORD_LOCK;
    bool locked = row_is(lock, LOCK_STATE, "locked");
    if (to_lock && locked) {
        return refuse(d, HARD, "LOCK-10", "data.scope");
    }
    if (!to_lock && lock == NULL) {
        return refuse(d, HARD, "LOCK-12", "data.scope");
    }
    if (is_by(lock, to_lock ? "asked" : "lifting", d->person)) {
        return refuse(d, HARD, "LOCK-11", "");
    }
    return PASS;
}

/* What the record does to the lock: asks, does what another asked, or takes an asking back. */
static const char *lock_effect(const struct deciding *d)
{
    const struct row *lock = state_lock(d->state, d->record->data.lock.scope);
    if (d->record->type == RECORD_LOCK) {
        return lock == NULL ? "asked" : "locked";
    }
    return row_is(lock, LOCK_STATE, "locked") ? "lifting" : "unlocked";
}

static void gate_form(struct deciding *d, const struct row *row, bool states,
                      struct findings *findings)
{
    const char *object = row->values[FORM_OBJECT];
    if (strchr(object, '~') != NULL) {
        const char *name = arena_span_text(
            d->arena, span_of(object, (size_t) (strchr(object, '~') - object)));
        gate(d, findings, "LOCK-04", "LOCK-04", name, NULL);
        return;
    }
    if (states && row_is(row, FORM_STATE, "partial")) {
        gate(d, findings, "LOCK-01", "LOCK-01", object, NULL);
    } else if (states && row_is(row, FORM_STATE, "complete") &&
               state_batch(d->state, row->values[FORM_SUBJECT]) == NULL) {
        /* the product ledger is not the investigator's to sign */
        gate(d, findings, "LOCK-02", "LOCK-02", object, NULL);
    }
    gate_queries(d, object, "LOCK-03", findings);
}

static bool in_scope(const struct deciding *d, const char *object)
{
    const char *scope = d->record->data.lock.scope;
    if (strcmp(scope, "study") == 0) {
        return true;
    }
    if (strncmp(scope, "site/", 5) == 0) {
        const char *name = NULL;
        size_t skip = strlen("subject/");
        struct span segment = span_of(object + skip, strcspn(object + skip, "/"));
        return path_segment_parse(segment, d->arena, &name) &&
               row_is(state_subject(d->state, name), SUBJECT_SITE, d->record->site);
    }
    size_t length = strlen(scope);
    return strncmp(object, scope, length) == 0 &&
           (object[length] == 0 || object[length] == '/' || object[length] == '~');
}

static bool is_whole_subject(const struct deciding *d)
{
    const char *scope = d->record->data.lock.scope;
    return strncmp(scope, "subject/", 8) == 0 && strchr(scope + 8, '/') == NULL;
}

static enum verdict gates_of_lock(struct deciding *d)
{
    const struct record *record = d->record;
    bool site = strncmp(record->data.lock.scope, "site/", 5) == 0;
    if (site && state_site(d->state, record->site) == NULL) {
        return refuse(d, HARD, "REF-03", "data.scope");
    }
    if (record->subject != NULL && d->subject == NULL) {
        return refuse(d, HARD, "REF-01", "data.scope");
    }
    enum verdict verdict = check_confirmed(d, in_scope);
    if (verdict != PASS || record->type == RECORD_UNLOCK) {
        return verdict;
    }
    bool whole = is_whole_subject(d) && d->version != NULL;
    struct findings findings = new_findings(d);
    struct rows rows = record->subject != NULL
                           ? state_forms(d->state, record->subject, true, d->arena)
                           : state_rows(d->state, TABLE_FORM, d->arena);
    for (size_t i = 0; i < rows.count; i++) {
        if (in_scope(d, rows.items[i]->values[FORM_OBJECT])) {
            gate_form(d, rows.items[i], !whole, &findings);
        }
    }
    if (whole) {
        struct zone zone;
        struct check_context context = check_context_of(d, PLACE_LOCK, &zone);
        confirmations(d, &context);
        check_lock(d->version, d->book, &context, &findings);
    }
    return gated(d, &findings);
}

/* ---- what acceptance adds ---- */

static void close_confirmed(struct deciding *d, const struct confirmed *confirmed)
{
    struct rows rows = state_rows_where(d->state, TABLE_QUERY, confirmed->object, d->arena);
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *row = rows.items[i];
        if (is_open(row) && row_is(row, QUERY_RULE, confirmed->rule) &&
            same(row->values[QUERY_PATH], confirmed->path)) {
            add_effect(d, EFFECT_CLOSE, row->values[QUERY_QUERY], NULL, "confirmed");
        }
    }
}

void effects_of_signing(struct deciding *d)
{
    struct confirmed_list list = confirmed_of(d);
    for (size_t i = 0; i < list.count; i++) {
        const char *path = list.items[i].path;
        outcome_add_finding(&d->decision->outcome, d->arena,
                            &(struct outcome_finding){.rule = list.items[i].rule,
                                                      .act = ACT_GATE,
                                                      .object = list.items[i].object,
                                                      .path = path != NULL ? path : "",
                                                      .confirmed = true});
        close_confirmed(d, &list.items[i]);
    }
    if (d->record->type != RECORD_FORM_SIGN) {
        add_effect(d, EFFECT_LOCK, lock_effect(d), d->record->data.lock.scope, NULL);
    }
}

enum verdict conflicts_of_signing(struct deciding *d)
{
    return d->record->type == RECORD_FORM_SIGN ? conflicts_of_sign(d)
                                               : conflicts_of_lock(d);
}

enum verdict gates_of_signing(struct deciding *d)
{
    return d->record->type == RECORD_FORM_SIGN ? gates_of_sign(d) : gates_of_lock(d);
}
