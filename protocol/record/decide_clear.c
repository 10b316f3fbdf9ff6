/* SPDX-License-Identifier: Apache-2.0 */
/*
** dose.clear: GO or STOP with every reason; and what was given without it.
**
** A reason is of one of two kinds. The first stops for good: another person's product, and a
** hold (rules 40, 41, 80, and gates that say so). An investigator may act against the second
** with a reason and the sponsor contact who was asked; that alarms. A clearance that was got
** by phone has happened: it is recorded whatever is found, each reason becomes a deviation and
** alarms, and it counts as a clearance unless a reason of the first kind stands.
**
** The form that says what was given is never refused. What was wrong with it is found when it
** comes, or when the form with the bag's label comes after it: each breach asks, proposes a
** deviation and alarms. A hold that was set after a GO is no breach of it;
** and whether it was on hold is asked of the log at the time it was given, however late it is
** reported.
*/
#include "protocol/record/decide_case.h"
#include "protocol/record/decide_impl.h"
#include "protocol/record/state_product.h"

#define PAST_MAX (15 * MINUTE) /* how long ago a planned act may be */

struct clearing {
    struct deciding *d;
    const struct dose_clear_data *data;
    instant at;
    struct findings firm, soft; /* for good; against which an investigator may act */
};

static void add(struct findings *to, const char *rule, const char *path, bool due,
                const char *message)
{
    finding_add(to, &(struct finding){.rule = rule,
                                      .act = ACT_GATE,
                                      .place = PLACE_ACTION,
                                      .due = due,
                                      .path = path,
                                      .message = message});
}

static const struct product_section *product_of(const struct deciding *d)
{
    return d->version->product;
}

/* ---- the product ---- */

static void ask_identity(struct clearing *c)
{
    const struct state *state = c->d->state;
    const char *batch = c->data->batch, *subject = c->data->subject;
    bool autologous = product_of(c->d)->autologous;
    const char *rule = autologous ? "40" : "41";
    const char *text = NULL;
    if (state_batch(state, batch) == NULL) {
        text = autologous ? "40.unknown" : "41.unknown";
    } else if (autologous) {
        enum truth from = state_batch_is_from(state, batch, subject, c->d->arena);
        text = from == NO ? "40.other" : from == UNKNOWN ? "40.origin" : NULL;
    } else {
        enum truth has = state_batch_has_donor(state, batch, subject, c->d->arena);
        text = has == YES ? "41.same" : has == UNKNOWN ? "41.origin" : NULL;
    }
    if (text != NULL) {
        add(&c->firm, rule, "data.batch", false,
            PRODUCT_TEXT(&c->firm, text, batch, subject));
    }
}

static const char *state_word(struct findings *findings, const struct row *batch)
{
    const char *id = arena_printf(findings->arena, "batch.%s", batch->values[BATCH_STATE]);
    return PRODUCT_TEXT(findings, message_exists(id) ? id : "batch.received", "");
}

static const char *moment_text(const struct deciding *d, instant at)
{
    char text[INSTANT_SIZE];
    struct zone zone = {.fixed = d->record->signature.offset_minutes};
    instant_format(zone_to_wall(&zone, at), text);
    text[16] = 0;
    return message_date(d->arena, d->context->language, text);
}

static bool expiry_of(const struct row *batch, instant *ret_at)
{
    const char *expiry = batch != NULL ? batch->values[BATCH_EXPIRY] : NULL;
    return expiry != NULL && instant_parse(span_text(expiry), ret_at, NULL);
}

static void ask_batch(struct clearing *c)
{
    const char *code = c->data->batch;
    const struct row *batch = state_batch(c->d->state, code);
    const struct row *barred =
        state_batch_barred(c->d->state, code, INSTANT_MAX, c->d->arena);
    instant expiry;
    if (batch == NULL) {
        return;
    }
    if (barred != NULL) {
        add(&c->soft, "42", "data.batch", false,
            PRODUCT_TEXT(&c->soft, "42.state", code, barred->values[BATCH_BATCH],
                         state_word(&c->soft, barred)));
    }
    if (!expiry_of(batch, &expiry)) {
        add(&c->soft, "43", "data.batch", true, PRODUCT_TEXT(&c->soft, "43.unknown", code));
    } else if (c->at > expiry) {
        add(&c->soft, "43", "data.at", false,
            PRODUCT_TEXT(&c->soft, "43.expired", code, moment_text(c->d, expiry),
                         moment_text(c->d, c->at)));
    }
    bool portion = row_is(batch, BATCH_KIND, "dose") || row_is(batch, BATCH_KIND, "bag");
    if (portion && state_rows_where(c->d->state, TABLE_EXPOSURE, code, c->d->arena).count) {
        add(&c->soft, "58", "data.batch", false, PRODUCT_TEXT(&c->soft, "58.used", code));
    }
}

/* ---- the subject, the study, the moment ---- */

/* The number of the report that set HOLD, or NULL: a person did. */
static const char *report_of(const struct deciding *d, const struct row *hold)
{
    struct rows cases = state_rows(d->state, TABLE_SAFETY_CASE, d->arena);
    for (size_t i = 0; i < cases.count; i++) {
        const struct row *row = cases.items[i];
        if (row_is(row, SAFETY_CASE_SEQ, hold->values[HOLD_CAUSE])) {
            const struct row *form = state_form(d->state, row->values[SAFETY_CASE_OBJECT]);
            return form != NULL ? form->values[FORM_NUMBER] : NULL;
        }
    }
    return NULL;
}

static void ask_hold(struct clearing *c)
{
    struct hold_reach reach = {.site = c->d->site,
                               .cohort = cohort_of(c->d->version, c->d->book),
                               .subject = c->data->subject};
    const struct safety_contact *contact = &c->d->version->contact;
    static const char *const activities[] = {"dosing", "conditioning"};
    size_t count = strcmp(c->data->act, "condition") == 0 ? 2 : 1;
    const struct row *hold = NULL;
    bool was = false;
    for (size_t i = 0; i < count; i++) {
        const char *activity = activities[i];
        hold = hold != NULL ? hold : state_hold_covering(c->d->state, activity, &reach);
        was =
            was || state_hold_was(c->d->state, activity, &reach, c->at, c->at, c->d->arena);
    }
    if (hold == NULL && c->data->phone_at != NULL && was) {
        add(&c->firm, "80", "data.phoned.at", false,
            PRODUCT_TEXT(&c->firm, "80.given", ""));
    }
    if (hold != NULL) {
        const char *report = report_of(c->d, hold);
        add(&c->firm, "80", "", false,
            PRODUCT_TEXT(
                &c->firm, report != NULL ? "80.event" : "80.stop", contact->physician,
                contact->phone,
                moment_text(c->d, state_hold_since(c->d->state, hold, c->d->arena)),
                report));
    }
}

static void ask_status(struct clearing *c)
{
    const struct product_section *product = product_of(c->d);
    bool enrolled = row_is(c->d->subject, SUBJECT_STATE, "eligible") ||
                    row_is(c->d->subject, SUBJECT_STATE, "randomised");
    for (size_t i = 0; i < product->gate_count && !enrolled; i++) {
        if (product->gates[i].act == GATE_ENROL) {
            add(&c->soft, "3", "data.SubjectKey", false,
                PRODUCT_TEXT(&c->soft, "3.status", c->data->subject));
            return;
        }
    }
}

static void ask_moment(struct clearing *c)
{
    int minutes = product_of(c->d)->clear_minutes;
    instant now = c->d->context->time;
    if (c->data->phone_at == NULL &&
        (c->at < now - PAST_MAX || c->at > now + minutes * MINUTE)) {
        const char *text = arena_printf(c->d->arena, "%d", minutes);
        add(&c->firm, "CLEAR-03", "data.at", false,
            PRODUCT_TEXT(&c->firm, "CLEAR-03", text));
    }
}

static void ask_protocol(struct clearing *c)
{
    struct zone zone;
    struct check_context context = check_context_of(c->d, PLACE_ACTION, &zone);
    bool condition = strcmp(c->data->act, "condition") == 0;
    struct gated_act act = {.act = condition ? GATE_CONDITION : GATE_DOSE_CLEAR,
                            .event = c->data->event,
                            .batch = c->data->batch,
                            .at = c->at,
                            .zone = context.zone};
    struct casebook empty = casebook_make(c->data->subject, NULL, 0, c->d->arena);
    const struct casebook *book = c->d->book != NULL ? c->d->book : &empty;
    if (!condition) {
        dose_window_ask(c->d->version, book, interval_at(c->at), context.zone, &c->soft);
        if (!was_dosed(c->d->version, book)) {
            dose_stagger_ask(c->d, c->data->subject, interval_at(c->at), false, &c->soft);
        }
    }
    gates_ask(c->d->version, book, &act, &c->firm, &c->soft);
}

static struct clearing ask_all(struct deciding *d)
{
    struct clearing c = {.d = d,
                         .data = &d->record->data.dose_clear,
                         .firm = new_findings(d),
                         .soft = new_findings(d)};
    (void) instant_parse(
        span_text(c.data->phone_at != NULL ? c.data->phone_at : c.data->at), &c.at, NULL);
    if (c.data->batch != NULL) {
        ask_identity(&c);
        ask_batch(&c);
    }
    ask_hold(&c);
    ask_moment(&c);
    ask_status(&c);
    ask_protocol(&c);
    if (c.data->override_reason != NULL &&
        strcmp(d->record->signature.role, role_name(ROLE_INVESTIGATOR)) != 0) {
        add(&c.firm, "CLEAR-04", "data.override", false,
            PRODUCT_TEXT(&c.firm, "CLEAR-04", ""));
    }
    return c;
}

/* ---- GO or STOP ---- */

static void join(struct findings *to, const struct findings *from)
{
    for (size_t i = 0; i < from->count; i++) {
        finding_add(to, &from->items[i]);
    }
}

enum verdict dose_clear_gate(struct deciding *d)
{
    const struct dose_clear_data *data = &d->record->data.dose_clear;
    if (d->subject == NULL) {
        return PASS; /* told at the next rung */
    }
    if (d->version == NULL || !product_of(d)->given) {
        return refuse(d, HARD, "REF-14", "data");
    }
    if (version_event(d->version, data->event) == NULL) {
        return refuse(d, HARD, "REF-13", "data.StudyEventOID");
    }
    if (data->batch == NULL && strcmp(data->act, "condition") != 0) {
        return refuse(d, HARD, "REF-12", "data.batch");
    }
    struct clearing c = ask_all(d);
    if (data->phone_at != NULL) {
        return c.at > d->context->time + SKEW_MAX
                   ? refuse(d, HARD, "REF-13", "data.phoned.at")
                   : PASS;
    }
    bool stops = c.firm.count > 0 || (c.soft.count > 0 && data->override_reason == NULL);
    if (stops) {
        join(&c.firm, &c.soft);
        return refuse_with(d, HARD, "STOP", &c.firm);
    }
    return PASS;
}

static bool same_number(const char *a, const char *b)
{
    size_t i = 0, j = 0;
    for (;;) {
        while (a[i] != 0 && strchr("+0123456789", a[i]) == NULL) {
            i++;
        }
        while (b[j] != 0 && strchr("+0123456789", b[j]) == NULL) {
            j++;
        }
        if (a[i] != b[j] || a[i] == 0) {
            return a[i] == b[j];
        }
        i++;
        j++;
    }
}

static void ask_phone(struct clearing *c)
{
    const struct safety_contact *contact = &c->d->version->contact;
    const char *number = c->data->phone_number;
    if (!same_number(number, contact->phone) &&
        !same_number(number, contact->second_route)) {
        add(&c->soft, "CLEAR-02", "data.phoned.number", false,
            PRODUCT_TEXT(&c->soft, "CLEAR-02", number));
    }
}

/* What was overridden, or passed over by phone: it stands in the outcome and alarms. */
static void keep_reasons(struct clearing *c, bool phoned)
{
    struct findings all = new_findings(c->d);
    join(&all, &c->firm);
    join(&all, &c->soft);
    for (size_t i = 0; i < all.count; i++) {
        struct finding *finding = &all.items[i];
        finding->act = ACT_ASK;
        finding->alarm = true;
        finding->deviation = phoned;
        outcome_add_finding(&c->d->decision->outcome, c->d->arena,
                            &(struct outcome_finding){.rule = finding->rule,
                                                      .act = ACT_ASK,
                                                      .path = finding->path,
                                                      .deviation = phoned,
                                                      .alarm = true,
                                                      .confirmed = !phoned});
    }
    c->d->decision->findings = all;
}

void dose_clear_effects(struct deciding *d)
{
    struct clearing c = ask_all(d);
    bool phoned = c.data->phone_at != NULL;
    unsigned long long next = state_last_number(d->state, "C") + 1;
    instant from = phoned ? c.at : d->context->time;
    bool counts = c.firm.count == 0;
    if (phoned) {
        ask_phone(&c);
    }
    const char *state = phoned ? "phoned" : c.soft.count > 0 ? "override" : "go";
    keep_reasons(&c, phoned);
    if (counts) {
        outcome_add_effect(
            &d->decision->outcome, d->arena,
            &(struct effect){
                .kind = EFFECT_CLEARANCE,
                .value = arena_printf(d->arena, "C-%04llu", next),
                .state = state,
                .from = utc_text(d, from),
                .due = utc_text(d, from + product_of(d)->clear_minutes * MINUTE)});
    }
}

/* ---- what was given ---- */

struct given {
    struct deciding *d;
    const struct casebook *book;
    const struct form_data *form; /* that says when it was given */
    const struct form_def *def;
    const char *object, *path; /* of `form`, and of its start */
    const char *batch;         /* as written, or NULL */
    struct interval start;
    bool unknown; /* it was given, nobody knows when: start is all of time until now */
    struct findings *findings;
};

static bool same_event(const struct form_key *a, const struct form_key *b)
{
    const char *x = a->event_repeat, *y = b->event_repeat;
    return strcmp(a->event, b->event) == 0 &&
           (x == y || (x != NULL && y != NULL && strcmp(x, y) == 0));
}

static const char *answer(const struct form_data *form, const struct form_def *def,
                          enum meaning meaning)
{
    const struct item_data *item = form_meaning(form, def, meaning);
    return item != NULL ? item->value : NULL;
}

/* The batch that was given: on the form itself, else on one with the label at that visit. */
static const char *find_batch(const struct given *g)
{
    const struct form_def *def;
    const struct form_data *form;
    const char *batch = answer(g->form, g->def, MEANING_EXLOT);
    for (size_t cursor = 0;
         batch == NULL && (form = casebook_next(g->book, g->d->version, MEANING_BATCH,
                                                &cursor, &def)) != NULL;) {
        bool here = same_event(&form->key, &g->form->key) &&
                    def->safety == SAFETY_NONE; /* a report of an error is no label */
        batch = here ? answer(form, def, MEANING_BATCH) : NULL;
    }
    return batch;
}

static void breach(struct given *g, const char *rule, const char *message)
{
    bool own = strcmp(g->object, g->d->record->object) == 0;
    finding_add(g->findings, &(struct finding){.rule = rule,
                                               .act = ACT_ASK,
                                               .deviation = true,
                                               .alarm = true,
                                               .object = own ? NULL : g->object,
                                               .path = g->path,
                                               .message = message});
}

/* Some clearance of this subject and visit was in force, for this batch, at the start. */
static bool was_cleared(const struct given *g)
{
    struct rows rows =
        state_rows_where(g->d->state, TABLE_CLEARANCE, g->form->key.subject, g->d->arena);
    for (size_t i = 0; i < rows.count; i++) {
        const char *const *row = rows.items[i]->values;
        instant from, to;
        bool conditions = strcmp(row[CLEARANCE_ACT], "condition") == 0;
        bool right = strcmp(row[CLEARANCE_EVENT], g->form->key.event) == 0 &&
                     (g->batch == NULL || !conditions) &&
                     (g->batch == NULL || (row[CLEARANCE_BATCH] != NULL &&
                                           strcmp(row[CLEARANCE_BATCH], g->batch) == 0));
        if (right && instant_parse(span_text(row[CLEARANCE_VALID_FROM]), &from, NULL) &&
            instant_parse(span_text(row[CLEARANCE_VALID_TO]), &to, NULL) &&
            g->start.latest >= from && g->start.earliest <= to) {
            return true;
        }
    }
    return false;
}

static void judge_identity(struct given *g)
{
    const struct state *state = g->d->state;
    const char *subject = g->form->key.subject;
    bool autologous = product_of(g->d)->autologous;
    const char *text = NULL;
    if (state_batch(state, g->batch) == NULL) {
        text = autologous ? "40.unknown" : "41.unknown";
    } else if (autologous) {
        enum truth from = state_batch_is_from(state, g->batch, subject, g->d->arena);
        text = from == NO ? "40.given" : from == UNKNOWN ? "40.origin" : NULL;
    } else if (state_batch_has_donor(state, g->batch, subject, g->d->arena) == YES) {
        text = "41.same";
    }
    if (text != NULL) {
        breach(g, autologous ? "40" : "41",
               PRODUCT_TEXT(g->findings, text, g->batch, subject));
    }
}

static void judge_batch(struct given *g)
{
    const struct row *batch = state_batch(g->d->state, g->batch);
    const struct row *barred =
        state_batch_barred(g->d->state, g->batch, g->start.latest, g->d->arena);
    instant expiry;
    if (barred != NULL) {
        breach(g, "42",
               PRODUCT_TEXT(g->findings, "42.given", g->batch, barred->values[BATCH_BATCH],
                            state_word(g->findings, barred)));
    }
    if (expiry_of(batch, &expiry) && g->start.earliest > expiry) {
        breach(g, "43",
               PRODUCT_TEXT(g->findings, "43.expired", g->batch, moment_text(g->d, expiry),
                            moment_text(g->d, g->start.earliest)));
    }
}

static void judge_clearance(struct given *g)
{
    struct hold_reach reach = {.site = g->d->site,
                               .cohort = cohort_of(g->d->version, g->book),
                               .subject = g->form->key.subject};
    if (was_cleared(g)) {
        return;
    }
    breach(g, "CLEAR-01", PRODUCT_TEXT(g->findings, "CLEAR-01", ""));
    if (state_hold_was(g->d->state, "dosing", &reach, g->start.earliest, g->start.latest,
                       g->d->arena)) {
        breach(g, "80", PRODUCT_TEXT(g->findings, "80.given", ""));
    }
}

/* Too near to another subject's first dose: a deviation, nothing that alarms. Its own rule id
 * keeps the query until a person closes it; other forms cannot tell. */
static void judge_stagger(struct given *g)
{
    struct findings found = new_findings(g->d);
    if (is_first_dose(g->d, g->book, g->form, g->start)) {
        dose_stagger_ask(g->d, g->form->key.subject, g->start, true, &found);
    }
    for (size_t i = 0; i < found.count; i++) {
        bool own = strcmp(g->object, g->d->record->object) == 0;
        finding_add(g->findings, &(struct finding){.rule = "66.stagger",
                                                   .act = ACT_ASK,
                                                   .due = found.items[i].due,
                                                   .deviation = !found.items[i].due,
                                                   .object = own ? NULL : g->object,
                                                   .path = g->path,
                                                   .message = found.items[i].message});
    }
}

/* Who was given what, and when: a code, or "-" when what was written is none; without times
 * when it is not known, and the entry's time stands for it. What turned out faulty stays so
 * while the batch is the same. */
static void keep_exposure(struct given *g)
{
    const char *batch = g->batch != NULL && record_is_code(g->batch) ? g->batch : "-";
    const struct row *row = state_row(g->d->state, TABLE_EXPOSURE, &g->object);
    const char *from = g->unknown ? NULL : utc_text(g->d, g->start.earliest);
    const char *to = g->unknown ? NULL : utc_text(g->d, g->start.latest);
    bool same = row_is(row, EXPOSURE_BATCH, batch);
    bool moved = !g->unknown && (!row_is(row, EXPOSURE_GIVEN_FROM, from) ||
                                 !row_is(row, EXPOSURE_GIVEN_TO, to));
    if (!same || moved) {
        const char *state = same ? row->values[EXPOSURE_STATE] : "given";
        outcome_add_effect(&g->d->decision->outcome, g->d->arena,
                           &(struct effect){.kind = EFFECT_EXPOSURE,
                                            .value = batch,
                                            .scope = g->object,
                                            .state = arena_text(g->d->arena, state),
                                            .from = from,
                                            .at = to});
    }
}

/* Does the form say that something was given: when, or that nobody knows when? */
static bool read_start(struct given *g)
{
    struct zone zone = {.fixed = g->d->record->signature.offset_minutes};
    const struct item_data *start = form_meaning(g->form, g->def, MEANING_EXSTDTC);
    g->unknown = start != NULL && start->null == NOT_KNOWN;
    g->start = (struct interval){INSTANT_MIN, g->d->context->time};
    return g->unknown || (start != NULL && start->value != NULL &&
                          interval_parse(span_text(start->value), &zone, &g->start));
}

static void judge_given(struct given *g)
{
    struct place_of_item place = g->def->meanings[MEANING_EXSTDTC];
    if (!read_start(g)) {
        return;
    }
    g->object = form_key_path(g->d->arena, &g->form->key);
    g->path = item_path(g->d->arena, place.group->group->oid, NULL, place.item->item->oid);
    g->batch = find_batch(g);
    keep_exposure(g);
    judge_clearance(g);
    if (!g->unknown) {
        judge_stagger(g);
    }
    if (g->batch != NULL) {
        judge_identity(g);
        judge_batch(g);
    }
}

static bool says_product(const struct form_def *def)
{
    return def != NULL && def->safety == SAFETY_NONE &&
           (def->meanings[MEANING_EXSTDTC].item != NULL ||
            def->meanings[MEANING_BATCH].item != NULL ||
            def->meanings[MEANING_CLEARNO].item != NULL);
}

void administration_judge(struct deciding *d, const struct casebook *after,
                          struct findings *findings)
{
    const struct form_key *key = &d->record->data.form_submit.form.key;
    struct given given = {.d = d, .book = after, .findings = findings};
    if (d->version == NULL || !product_of(d)->given || d->subject == NULL ||
        !says_product(d->form_def)) {
        return;
    }
    for (size_t cursor = 0; (given.form = casebook_next(after, d->version, MEANING_EXSTDTC,
                                                        &cursor, &given.def)) != NULL;) {
        if (same_event(&given.form->key, key)) {
            judge_given(&given);
        }
    }
}

bool product_query_stays(const struct deciding *d, const struct row *query)
{
    static const char *const rules[] = {"40", "41", "42", "43", "66.stagger", "CLEAR-01"};
    struct form_key asked, sent;
    const char *object = query->values[QUERY_OBJECT];
    bool product = false;
    if (row_is(query, QUERY_RULE, "49") || row_is(query, QUERY_RULE, "80")) {
        return true; /* a person settles it */
    }
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        product = product || row_is(query, QUERY_RULE, rules[i]);
    }
    bool judged = says_product(d->form_def) && d->record->object != NULL &&
                  form_key_parse(span_text(object), d->arena, &asked) &&
                  form_key_parse(span_text(d->record->object), d->arena, &sent) &&
                  same_event(&asked, &sent);
    return product && !judged;
}
