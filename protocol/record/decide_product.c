/* SPDX-License-Identifier: Apache-2.0 */
/*
** The product ledger: what comes in, what is released or recalled, and what a result that
** comes late does to those who were given the product already.
**
** A criterion of release is asked again with each ledger form. What fails after the batch, or
** anything made of it, was released holds it back at once, finds every exposure below it and
** opens a query on each: an event of special interest is to be recorded (rule 49). Nothing
** that was released out of specification with its eyes open is held back for that same rule.
*/
#include "protocol/record/decide_case.h"
#include "protocol/record/decide_impl.h"
#include "protocol/record/state_product.h"

static bool has_ledger(const struct deciding *d)
{
    return d->version != NULL && d->version->product->given;
}

/* ---- batch.receive ---- */

enum verdict batch_receive_taken(struct deciding *d)
{
    return d->subject != NULL || d->batch != NULL ? refuse(d, HARD, "TAKEN", "data.batch")
                                                  : PASS;
}

/* A donation has a donor; what is made of something has its donors from there. */
static enum verdict check_donor(struct deciding *d, const struct batch_receive_data *data)
{
    bool donation = strcmp(data->kind, "donation") == 0;
    bool known = state_subject(d->state, data->donor) != NULL;
    if ((donation && (data->donor == NULL || data->parents.count > 0)) ||
        (data->donor != NULL && data->parents.count > 0)) {
        return refuse(d, HARD, "REF-13", "data.donor");
    }
    if (data->donor != NULL && known != d->version->product->autologous) {
        return refuse(d, HARD, known ? "REF-13" : "REF-01", "data.donor");
    }
    return PASS;
}

enum verdict batch_receive_findings(struct deciding *d)
{
    const struct batch_receive_data *data = &d->record->data.batch_receive;
    struct decimal quantity;
    if (!has_ledger(d)) {
        return refuse(d, HARD, "REF-14", "data");
    }
    if (state_site(d->state, data->site) == NULL) {
        return refuse(d, HARD, "REF-03", "data.LocationOID");
    }
    for (size_t i = 0; i < data->parents.count; i++) {
        if (state_batch(d->state, data->parents.items[i]) == NULL) {
            return refuse(d, HARD, "REF-12", arena_printf(d->arena, "data.parents.%zu", i));
        }
    }
    if (data->quantity != NULL &&
        !decimal_parse(span_text(data->quantity), false, &quantity)) {
        return refuse(d, HARD, "REF-13", "data.quantity");
    }
    if (data->unit != NULL && study_unit(d->version->study, data->unit) == NULL) {
        return refuse(d, HARD, "REF-13", "data.unit");
    }
    return check_donor(d, data);
}

/* ---- who was exposed ---- */

static const char *subject_path(struct deciding *d, const char *subject)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_add_text(&path, "subject/");
    path_add_segment(&path, subject);
    return arena_text(d->arena, bytes_text(&path));
}

/* List all who had BATCH or anything made of it, once each way it was given. */
static void expose(struct deciding *d, const char *batch, const char *rule,
                   struct findings *findings)
{
    struct rows rows = state_batch_exposures(d->state, batch, d->arena);
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *row = rows.items[i];
        const char *subject = row->values[EXPOSURE_SUBJECT];
        if (row_is(row, EXPOSURE_STATE, "exposed")) {
            continue;
        }
        add_effect(d, EFFECT_EXPOSED, row->values[EXPOSURE_OBJECT],
                   subject_path(d, subject), rule);
        finding_add(findings,
                    &(struct finding){.rule = "49",
                                      .act = ACT_ASK,
                                      .object = row->values[EXPOSURE_OBJECT],
                                      .alarm = true,
                                      .message = PRODUCT_TEXT(findings, "49.exposed",
                                                              subject, batch, rule)});
    }
}

/* Findings of a record that is no form: outcome, query and sentence. */
static void keep(struct deciding *d, const struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        outcome_add_finding(&d->decision->outcome, d->arena,
                            &(struct outcome_finding){
                                .rule = finding->rule,
                                .act = finding->act,
                                .object = finding->object,
                                .path = finding->path,
                                .query = arena_printf(d->arena, "q-%lld-%zu",
                                                      (long long) d->context->seq, i + 1),
                                .alarm = finding->alarm});
    }
    d->decision->findings = *findings;
}

/* ---- batch.release, batch.recall ---- */

enum verdict batch_known(struct deciding *d)
{
    return d->batch != NULL ? PASS : refuse(d, HARD, "REF-12", "data.batch");
}

static bool is_result(const struct deciding *d, const char *word)
{
    return strcmp(d->record->data.batch_release.results, word) == 0;
}

/* What this was made from, and that is not fit. */
static void ask_origins(struct deciding *d, struct findings *stops)
{
    const char *batch = d->batch->values[BATCH_BATCH];
    struct rows origins = state_batch_origins(d->state, batch, d->arena);
    for (size_t i = 1; i < origins.count; i++) {
        const struct row *row = origins.items[i];
        const char *criteria = row->values[BATCH_CRITERIA];
        const char *name = row->values[BATCH_BATCH];
        bool bad = row_is(row, BATCH_STATE, "rejected") ||
                   row_is(row, BATCH_STATE, "recalled") ||
                   row_is(row, BATCH_STATE, "suspended");
        const char *rule = criteria != NULL && strncmp(criteria, "failed ", 7) == 0
                               ? arena_text(d->arena, criteria + 7)
                           : bad ? "42"
                                 : NULL;
        if (rule != NULL) {
            finding_add(stops,
                        &(struct finding){
                            .rule = rule,
                            .act = ACT_GATE,
                            .place = PLACE_ACTION,
                            .object = arena_printf(d->arena, "batch/%s", name),
                            .message = PRODUCT_TEXT(stops, "GATE.parent", rule, name)});
        }
    }
}

static struct findings release_findings(struct deciding *d)
{
    struct findings stops = new_findings(d);
    struct zone zone;
    struct check_context context = check_context_of(d, PLACE_ACTION, &zone);
    struct gated_act act = {.act = GATE_BATCH_RELEASE,
                            .batch = d->batch->values[BATCH_BATCH],
                            .at = d->context->time,
                            .zone = context.zone};
    struct casebook empty = casebook_make(d->batch->values[BATCH_BATCH], NULL, 0, d->arena);
    const struct casebook *book = d->book != NULL ? d->book : &empty;
    release_ask(d->version, d->batch->values[BATCH_KIND], book, context.zone, &stops);
    gates_ask(d->version, book, &act, &stops, NULL);
    ask_origins(d, &stops);
    return stops;
}

/* For the study, for its site, or for a subject it was made from. A batch is of no cohort, and
 * what cannot be told is read as the worse case: a hold of any cohort stops it. */
static bool is_release_held(struct deciding *d)
{
    struct hold_reach reach = {.site = d->site};
    struct rows origins =
        state_batch_origins(d->state, d->batch->values[BATCH_BATCH], d->arena);
    struct rows holds = state_rows(d->state, TABLE_HOLD, d->arena);
    bool held = state_hold_covering(d->state, "release", &reach) != NULL;
    for (size_t i = 0; i < origins.count && !held; i++) {
        reach.subject = origins.items[i]->values[BATCH_DONOR];
        held = state_hold_covering(d->state, "release", &reach) != NULL;
    }
    for (size_t i = 0; i < holds.count && !held; i++) {
        held = row_is(holds.items[i], HOLD_ACTIVITY, "release") &&
               strncmp(holds.items[i]->values[HOLD_SCOPE], "cohort/", 7) == 0;
    }
    return held;
}

enum verdict batch_release_gate(struct deciding *d)
{
    bool oos = d->record->data.batch_release.physician_request != NULL;
    if (!has_ledger(d)) {
        return refuse(d, HARD, "REF-14", "data");
    }
    if (!is_result(d, "rejected") && is_release_held(d)) {
        return refuse(d, HARD, "HOLD-01", "");
    }
    if (oos != is_result(d, "out of specification")) {
        return refuse(d, HARD, "RELEASE-01", "data.oos");
    }
    if (row_is(d->batch, BATCH_STATE, "recalled")) {
        return refuse(d, HARD, "RELEASE-02", "data.batch");
    }
    if (!is_result(d, "criteria met")) {
        return PASS;
    }
    struct findings stops = release_findings(d);
    return stops.count > 0 ? refuse_with(d, HARD, "GATES", &stops) : PASS;
}

/* Out of specification: what does not hold is named and stands confirmed. */
static void confirm_criteria(struct deciding *d)
{
    struct findings stops = release_findings(d);
    for (size_t i = 0; i < stops.count; i++) {
        outcome_add_finding(&d->decision->outcome, d->arena,
                            &(struct outcome_finding){.rule = stops.items[i].rule,
                                                      .act = ACT_GATE,
                                                      .path = stops.items[i].path,
                                                      .due = stops.items[i].due,
                                                      .confirmed = true});
    }
}

void batch_release_effects(struct deciding *d)
{
    struct findings found = new_findings(d);
    if (is_result(d, "out of specification")) {
        confirm_criteria(d);
        add_effect(d, EFFECT_BATCH, "released-oos", NULL, NULL);
    } else if (is_result(d, "rejected")) {
        expose(d, d->batch->values[BATCH_BATCH], "42", &found);
        keep(d, &found);
        add_effect(d, EFFECT_BATCH, "rejected", NULL, NULL);
    } else {
        add_effect(d, EFFECT_BATCH, "released", NULL, NULL);
    }
}

void batch_recall_effects(struct deciding *d)
{
    struct findings found = new_findings(d);
    expose(d, d->batch->values[BATCH_BATCH], "42", &found);
    keep(d, &found);
    add_effect(d, EFFECT_BATCH, "recalled", NULL, NULL);
}

/* ---- ledger forms ---- */

static bool has_rule(const char *criteria, const char *rule)
{
    size_t length = strlen(rule);
    if (criteria == NULL || strncmp(criteria, "failed ", 7) != 0) {
        return false;
    }
    for (const char *at = criteria + 6; at != NULL; at = strchr(at + 1, ' ')) {
        if (strncmp(at + 1, rule, length) == 0 &&
            (at[1 + length] == ' ' || at[1 + length] == 0)) {
            return true;
        }
    }
    return false;
}

static const char *criteria_text(struct deciding *d, const struct findings *stops)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    bool failed = false;
    for (size_t i = 0; i < stops->count; i++) {
        failed = failed || !stops->items[i].due;
    }
    bytes_add_text(&text, stops->count == 0 ? "met" : failed ? "failed" : "open");
    for (size_t i = 0; i < stops->count; i++) {
        if (stops->items[i].due != failed) {
            bytes_printf(&text, " %s", stops->items[i].rule);
        }
    }
    return arena_text(d->arena, bytes_text(&text));
}

/* Was BATCH, or anything made of it, released or given? */
static bool is_out(struct deciding *d, const char *batch)
{
    struct rows products = state_batch_products(d->state, batch, d->arena);
    for (size_t i = 0; i < products.count; i++) {
        if (row_is(products.items[i], BATCH_STATE, "released") ||
            row_is(products.items[i], BATCH_STATE, "released-oos")) {
            return true;
        }
    }
    return state_batch_exposures(d->state, batch, d->arena).count > 0;
}

void ledger_judge(struct deciding *d, const struct casebook *after,
                  struct findings *findings)
{
    struct findings stops = new_findings(d);
    struct zone zone;
    struct check_context context = check_context_of(d, PLACE_ACTION, &zone);
    const char *late = NULL;
    if (d->batch == NULL || d->form_def == NULL || !d->form_def->ledger || !has_ledger(d)) {
        return;
    }
    const char *batch = d->batch->values[BATCH_BATCH];
    const char *before = d->batch->values[BATCH_CRITERIA];
    release_ask(d->version, d->batch->values[BATCH_KIND], after, context.zone, &stops);
    const char *now = criteria_text(d, &stops);
    if (before == NULL || strcmp(before, now) != 0) {
        add_effect(d, EFFECT_CRITERIA, now, batch, NULL);
    }
    for (size_t i = 0; i < stops.count && late == NULL; i++) {
        late = !stops.items[i].due && !has_rule(before, stops.items[i].rule)
                   ? stops.items[i].rule
                   : NULL;
    }
    if (late != NULL && is_out(d, batch)) {
        expose(d, batch, late, findings);
        if (!row_is(d->batch, BATCH_STATE, "recalled") &&
            !row_is(d->batch, BATCH_STATE, "rejected")) {
            add_effect(d, EFFECT_BATCH, "suspended", batch, late);
        }
    }
}

/* ---- subject.status ---- */

enum verdict subject_status_gate(struct deciding *d)
{
    const char *word = d->record->data.subject_status.status;
    bool enrol = strcmp(word, "eligible") == 0;
    bool randomise = strcmp(word, "randomised") == 0;
    struct findings stops = new_findings(d);
    struct zone zone;
    struct check_context context = check_context_of(d, PLACE_ACTION, &zone);
    struct gated_act act = {.act = enrol ? GATE_ENROL : GATE_RANDOMISE,
                            .at = d->context->time,
                            .zone = context.zone};
    if (d->subject == NULL || d->version == NULL || (!enrol && !randomise)) {
        return PASS;
    }
    struct hold_reach reach = {d->site, cohort_of(d->version, d->book),
                               d->subject->values[SUBJECT_SUBJECT]};
    if (state_hold_covering(d->state, enrol ? "enrolment" : "randomisation", &reach) !=
        NULL) {
        return refuse(d, HARD, "HOLD-01", "");
    }
    gates_ask(d->version, d->book, &act, &stops, NULL);
    return stops.count > 0 ? refuse_with(d, HARD, "GATES", &stops) : PASS;
}
