/* SPDX-License-Identifier: Apache-2.0 */
/*
** form.submit and form.retract: is `prior` current, what the checks find, which queries open
** and which close themselves, and what a serious event sets in motion.
**
** One query for each rule, form and place. A query whose cause is gone closes itself: after a
** form was judged, each open query of the subject that the judging did not meet again is
** looked for in all other forms of the casebook as it will be; if no form gives it, it is
** gone. A query that a person closed, or a signer confirmed, comes back only when the item it
** is about was changed.
**
** Other forms may read this one in an expression: what certainly fails there because of this
** record is asked there. The definition's index says which forms; no other is judged for it.
*/
#include "protocol/record/decide_case.h"
#include "protocol/record/decide_impl.h"
#include "protocol/study/expression.h"

/* ---- rung 13 ---- */

enum verdict conflicts_of_forms(struct deciding *d)
{
    const char *prior = d->record->prior;
    if (d->form_row == NULL ? prior == NULL
                            : prior != NULL && row_is(d->form_row, FORM_LEAF, prior)) {
        return PASS;
    }
    tell_current(d, d->form_row);
    return refuse(d, SOFT, "CONFLICT", "prior");
}

/* ---- what the checks find ---- */

struct judging {
    const struct form_data *form;
    const struct form_data *old; /* the revision before, or NULL */
    struct casebook after;       /* as it will be */
    struct findings findings;
    struct changes changes;
    struct derived_list derived;
    struct safety_reading reading;
    struct safety_reading reading_before;
    bool read; /* the readings mean something */
    const char
        *asked; /* the object of QUERIES, which is asked for once and not each time */
    struct rows queries;
};

static const struct form_data *old_form(const struct deciding *d,
                                        const struct form_key *key)
{
    bool current = d->form_row != NULL && !row_is(d->form_row, FORM_STATE, "retracted");
    return current ? casebook_form(d->book, key) : NULL;
}

static bool has_value(const struct item_data *item)
{
    return item != NULL && item->value != NULL && *item->value != 0;
}

static void need_meaning(struct deciding *d, struct judging *j, enum meaning meaning,
                         const char *rule)
{
    const struct place_of_item *place = &d->form_def->meanings[meaning];
    if (place->group == NULL || has_value(form_meaning(j->form, d->form_def, meaning))) {
        return;
    }
    finding_add(&j->findings,
                &(struct finding){.rule = rule,
                                  .act = ACT_REFUSE,
                                  .path = item_path(d->arena, place->group->group->oid,
                                                    NULL, place->item->item->oid),
                                  .message = refusal_sentence(rule, d->context->language)});
}

/* The door asks two things (who is in the key of the form): what, and when known. */
static void need_minimum(struct deciding *d, struct judging *j)
{
    if (d->form_def->safety != SAFETY_SAE || j->old != NULL) {
        return;
    }
    bool other = d->form_def->meanings[MEANING_SAEWHAT].group != NULL;
    need_meaning(d, j, other ? MEANING_SAEWHAT : MEANING_AETERM, "SAFETY-01");
    need_meaning(d, j, MEANING_AWAREDTC, "SAFETY-02");
}

static void need_reason(struct deciding *d, struct judging *j)
{
    if (!j->changes.needs_reason || d->record->reason != NULL) {
        return;
    }
    finding_add(&j->findings, &(struct finding){.rule = "REASON-01",
                                                .act = d->safety ? ACT_ASK : ACT_REFUSE,
                                                .due = d->safety,
                                                .message = refusal_sentence(
                                                    "REASON-01", d->context->language)});
}

static void judge(struct deciding *d, struct judging *j)
{
    struct zone zone;
    struct check_context context = check_context_of(d, PLACE_SUBMIT, &zone);
    j->form = &d->record->data.form_submit.form;
    j->old = old_form(d, &j->form->key);
    j->findings = new_findings(d);
    context.first_report_at = j->old != NULL ? j->old->received_at : 0;
    check_form(d->version, d->book, j->form, &context, &j->findings, &j->derived);
    if (j->old != NULL) {
        j->changes = form_diff(j->old, j->form, d->arena);
    }
    need_reason(d, j);
    bool events = d->form_def != NULL &&
                  (d->safety || d->form_def->meanings[MEANING_AESER].group != NULL);
    if (events) {
        need_minimum(d, j);
        j->read = true;
        j->reading = safety_read(d->version, d->book, j->form, &context);
        if (j->old != NULL) {
            j->reading_before = safety_read(d->version, d->book, j->old, &context);
        }
    }
}

/* ---- queries ---- */

static bool is_open(const struct row *query)
{
    return row_is(query, QUERY_STATE, "open") || row_is(query, QUERY_STATE, "answered");
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static const char *object_of(const struct finding *finding, const char *form_path)
{
    return *finding->object != 0 ? finding->object : form_path;
}

static bool was_found(const struct findings *findings, const struct finding *wanted)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        if (strcmp(finding->rule, wanted->rule) == 0 &&
            strcmp(finding->object, wanted->object) == 0 &&
            strcmp(finding->path, wanted->path) == 0) {
            return true;
        }
    }
    return false;
}

static bool met_by(const struct row *query, const struct findings *findings,
                   const char *form_path)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        if (row_is(query, QUERY_RULE, finding->rule) &&
            row_is(query, QUERY_OBJECT, object_of(finding, form_path)) &&
            same_text(query->values[QUERY_PATH], finding->path)) {
            return true;
        }
    }
    return false;
}

/* Was the item at PATH (a form or group: anything) changed by this revision? */
static bool was_changed(struct deciding *d, const struct judging *j, const char *path)
{
    struct item_key key;
    if (j->old == NULL || *path == 0 || !item_path_parse(span_text(path), d->arena, &key) ||
        key.item == NULL) {
        return j->old == NULL || j->changes.count > 0;
    }
    for (size_t i = 0; i < j->changes.count; i++) {
        const struct item_key *changed = &j->changes.items[i].item;
        if (strcmp(changed->group, key.group) == 0 && changed->item != NULL &&
            same_text(changed->group_repeat, key.group_repeat) &&
            strcmp(changed->item, key.item) == 0) {
            return true;
        }
    }
    return false;
}

/* Does a query on this rule and place stand already, or was it settled for these values? */
static bool is_settled(struct deciding *d, struct judging *j, const struct finding *finding,
                       const char *object)
{
    if (j->asked == NULL || strcmp(j->asked, object) != 0) {
        j->asked = object;
        j->queries = state_rows_where(d->state, TABLE_QUERY, object, d->arena);
    }
    for (size_t i = 0; i < j->queries.count; i++) {
        const struct row *row = j->queries.items[i];
        if (!row_is(row, QUERY_RULE, finding->rule) ||
            !same_text(row->values[QUERY_PATH], finding->path)) {
            continue;
        }
        bool gone = row_is(row, QUERY_STATE, "gone");
        if (is_open(row) || (!gone && !was_changed(d, j, finding->path))) {
            return true;
        }
    }
    return false;
}

static bool opens_query(struct deciding *d, struct judging *j,
                        const struct finding *finding, const char *object)
{
    return d->inbox == NULL && finding->act == ACT_ASK && !finding->due &&
           !is_settled(d, j, finding, object);
}

static void keep_findings(struct deciding *d, struct judging *j)
{
    size_t number = 0;
    for (size_t i = 0; i < j->findings.count; i++) {
        const struct finding *from = &j->findings.items[i];
        const char *object = object_of(from, d->record->object);
        bool own = strcmp(object, d->record->object) == 0;
        struct outcome_finding finding = {.rule = from->rule,
                                          .act = from->act,
                                          .object = own ? NULL : object,
                                          .path = from->path,
                                          .due = from->due,
                                          .deviation = from->deviation,
                                          .alarm = from->alarm};
        if (opens_query(d, j, from, object)) {
            finding.query =
                arena_printf(d->arena, "q-%lld-%zu", (long long) d->context->seq, ++number);
        }
        outcome_add_finding(&d->decision->outcome, d->arena, &finding);
    }
    for (size_t i = 0; i < j->derived.count; i++) {
        struct outcome *outcome = &d->decision->outcome;
        *ARENA_PUSH(d->arena, outcome->derived, outcome->derived_count,
                    outcome->derived_capacity) =
            (struct outcome_derived){j->derived.items[i].path, j->derived.items[i].value};
    }
}

/* The system queries of the subject that are open and were not met by FINDINGS. */
static struct rows unmet(struct deciding *d, const struct findings *findings)
{
    struct rows forms = state_forms(d->state, d->record->subject, true, d->arena);
    struct rows left = {NULL, 0};
    size_t capacity = 0;
    for (size_t i = 0; i < forms.count; i++) {
        struct rows queries = state_rows_where(
            d->state, TABLE_QUERY, forms.items[i]->values[FORM_OBJECT], d->arena);
        for (size_t q = 0; q < queries.count; q++) {
            const struct row *query = queries.items[q];
            if (is_open(query) && !row_is(query, QUERY_RULE, "person") &&
                !product_query_stays(d, query) &&
                !met_by(query, findings, d->record->object)) {
                *ARENA_PUSH(d->arena, left.items, left.count, capacity) = query;
            }
        }
    }
    return left;
}

/* Judge another form of the casebook again, as of when it came. */
static void judge_again(struct deciding *d, const struct casebook *book,
                        const struct form_data *form, struct findings *findings)
{
    struct zone zone;
    struct check_context context = check_context_of(d, PLACE_SUBMIT, &zone);
    const struct metadata_version *version =
        form->version != NULL ? published(d, form->version) : NULL;
    context.signed_at = form->received_at;
    context.received_at = form->received_at;
    context.first_report_at = form->received_at;
    context.reason_late = true;
    check_form(version != NULL ? version : d->version, book, form, &context, findings,
               NULL);
}

/* ---- other forms that read this one ---- */

struct readers {
    const struct form_def *const *forms;
    size_t count;
};

/* The forms of VERSION that read the form of this record. */
static struct readers readers_in(const struct deciding *d,
                                 const struct metadata_version *version)
{
    struct readers readers = {0};
    if (version != NULL) {
        readers.forms = expression_dependents(version, d->form_def->oid, &readers.count);
    }
    return readers;
}

/* By the definition under which FORM came. NOW: those of this record's version. */
static bool is_reader(const struct deciding *d, const struct readers *now,
                      const struct form_data *form)
{
    bool other = form->version != NULL && !same_text(form->version, d->version_oid);
    struct readers readers = other ? readers_in(d, published(d, form->version)) : *now;
    for (size_t i = 0; i < readers.count; i++) {
        if (strcmp(readers.forms[i]->oid, form->key.form) == 0) {
            return true;
        }
    }
    return false;
}

/* What certainly fails in FORM, and did not before this record: asked there. It was accepted
 * when it came, so nothing of it is refused now. */
static void judge_reader(struct deciding *d, struct judging *j,
                         const struct casebook *after, const struct form_data *form)
{
    const char *path = form_key_path(d->arena, &form->key);
    struct findings now = new_findings(d);
    struct findings before = new_findings(d);
    judge_again(d, after, form, &now);
    if (now.count > 0) {
        judge_again(d, d->book, form, &before);
    }
    for (size_t i = 0; i < now.count; i++) {
        struct finding finding = now.items[i];
        bool was = was_found(&before, &finding);
        if (*finding.object == 0 && !finding.due && !was) {
            finding.object = path;
            finding.act = ACT_ASK;
            finding_add(&j->findings, &finding);
        }
    }
}

static void judge_readers(struct deciding *d, struct judging *j,
                          const struct casebook *after)
{
    if (d->form_def == NULL) {
        return;
    }
    struct readers now = readers_in(d, d->version);
    for (size_t i = 0; i < after->count; i++) {
        const struct form_data *form = after->forms[i];
        if (!form_key_equal(&form->key, &j->form->key) && is_reader(d, &now, form)) {
            judge_reader(d, j, after, form);
        }
    }
}

static void close_what_is_gone(struct deciding *d, const struct casebook *after,
                               const struct findings *met, const struct form_key *key)
{
    struct rows left = unmet(d, met);
    bool *found = ARENA_ARRAY(d->arena, left.count + 1, bool);
    for (size_t i = 0; left.count > 0 && i < after->count; i++) {
        const struct form_data *form = after->forms[i];
        if (form_key_equal(&form->key, key)) {
            continue;
        }
        struct findings findings = new_findings(d);
        judge_again(d, after, form, &findings);
        const char *path = form_key_path(d->arena, &form->key);
        for (size_t q = 0; q < left.count; q++) {
            found[q] = found[q] || met_by(left.items[q], &findings, path);
        }
    }
    for (size_t q = 0; q < left.count; q++) {
        if (!found[q]) {
            add_effect(d, EFFECT_CLOSE, left.items[q]->values[QUERY_QUERY], NULL, "gone");
        }
    }
}

/* ---- numbers, the inbox, serious events ---- */

static void give_number(struct deciding *d)
{
    const char *prefix = d->form_def != NULL ? d->form_def->number_prefix : "";
    bool has = d->form_row != NULL && d->form_row->values[FORM_NUMBER] != NULL;
    if (*prefix != 0 && !has) {
        unsigned long long next = state_last_number(d->state, prefix) + 1;
        add_effect(d, EFFECT_NUMBER, arena_printf(d->arena, "%s-%04llu", prefix, next),
                   NULL, NULL);
    }
}

/* A revision made in knowledge of what waits beside it settles that. */
static void merge_inbox(struct deciding *d)
{
    struct rows rows = state_forms(d->state, d->record->subject, true, d->arena);
    size_t length = strlen(d->record->object);
    for (size_t i = 0; i < rows.count; i++) {
        const char *object = rows.items[i]->values[FORM_OBJECT];
        bool beside =
            strncmp(object, d->record->object, length) == 0 && object[length] == '~';
        if (beside &&
            (uint64_t) row_integer(rows.items[i], FORM_SEQ) < d->record->seen.size) {
            add_effect(d, EFFECT_MERGED, arena_text(d->arena, object + length + 1), NULL,
                       NULL);
        }
    }
}

static const char *told_how(const struct deciding *d, const struct judging *j)
{
    const struct item_data *item = form_meaning(j->form, d->form_def, MEANING_TOLDVIA);
    bool said = has_value(item);
    return said && strcmp(item->value, "PHONE") == 0   ? "phone"
           : said && strcmp(item->value, "PAPER") == 0 ? "paper"
                                                       : "told";
}

/* Phone or paper before the system: the earliest counts. */
static instant day_zero(const struct deciding *d, const struct judging *j,
                        const char **ret_via)
{
    struct zone zone = {.fixed = d->record->signature.offset_minutes};
    struct interval told;
    const struct item_data *item = form_meaning(j->form, d->form_def, MEANING_TOLDDTC);
    bool earlier = has_value(item) &&
                   interval_parse(span_text(item->value), &zone, &told) &&
                   told.earliest != INSTANT_MIN && told.earliest < d->context->time;
    *ret_via = earlier ? told_how(d, j) : NULL;
    return earlier ? told.earliest : d->context->time;
}

/* Did the follow-up change what a case is judged by (rule 24c)? */
static bool is_news(const struct deciding *d, const struct judging *j)
{
    static const enum meaning WATCHED[] = {
        MEANING_AEOUT,   MEANING_AEREL,    MEANING_AETOXGR, MEANING_AESDTH, MEANING_AESLIFE,
        MEANING_AESHOSP, MEANING_AESDISAB, MEANING_AESCONG, MEANING_AESMIE, MEANING_AESER};
    for (size_t i = 0; i < j->changes.count; i++) {
        const struct item_key *key = &j->changes.items[i].item;
        for (size_t m = 0; m < ARRAY_LEN(WATCHED) && key->item != NULL; m++) {
            const struct place_of_item *place = &d->form_def->meanings[WATCHED[m]];
            if (place->item != NULL && strcmp(place->item->item->oid, key->item) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* The investigator's word comes from the site: who else revises a report changes its text, not
 * that opinion (rule 30). */
static bool is_of_site(const struct deciding *d)
{
    const char *role = d->record->signature.role;
    return strcmp(role, "investigator") == 0 || strcmp(role, "coordinator") == 0;
}

static void keep_form_opinion(struct deciding *d, const struct judging *j)
{
    const char *says = j->reading.related ? "related" : "unrelated";
    const struct row *row = opinion_of(d, d->record->object, "investigator");
    if (is_of_site(d) && j->reading.related_known &&
        !row_is(row, OPINION_CAUSALITY, says)) {
        outcome_add_effect(&d->decision->outcome, d->arena,
                           &(struct effect){.kind = EFFECT_OPINION,
                                            .value = "investigator",
                                            .state = says});
    }
}

static void run_case(struct deciding *d, const struct judging *j)
{
    const struct safety_reading *now = &j->reading, *before = &j->reading_before;
    bool event = d->form_def->safety == SAFETY_NONE || d->form_def->safety == SAFETY_SAE ||
                 d->form_def->safety == SAFETY_DEATH;
    bool confirmed = d->inbox == NULL || strcmp(d->inbox, "unconfirmed") != 0;
    struct safety_case c = {.reading = *now,
                            .graver = j->old != NULL && before->serious &&
                                      now->sponsor_days < before->sponsor_days,
                            .news = j->old != NULL && is_news(d, j),
                            .stops = event && confirmed,
                            .by_site = is_of_site(d)};
    c.told = day_zero(d, j, &c.told_via);
    case_begin(d, d->record->object, &c);
    c.again = row_is(c.row, SAFETY_CASE_STATE, "nullified");
    /* a revision beside the current one changes nothing of what runs; a person merges them */
    if (d->inbox == NULL || c.row == NULL) {
        case_effects(d, &c);
        if (now->serious || c.row != NULL) {
            keep_form_opinion(d, j);
        }
    }
}

static void effects_of_submit(struct deciding *d, struct judging *j)
{
    if (d->inbox != NULL) {
        add_effect(d, EFFECT_INBOX, d->inbox, NULL, NULL);
    }
    give_number(d);
    if (d->inbox == NULL) {
        struct casebook after = casebook_with(d->book, j->form, d->arena);
        ledger_judge(d, &after, &j->findings);
        administration_judge(d, &after, &j->findings);
        judge_readers(d, j, &after);
    }
    keep_findings(d, j);
    if (d->inbox == NULL) {
        struct casebook after = casebook_with(d->book, j->form, d->arena);
        keep_cohort(d, &after);
        shares_after_dose(d);
    }
    if (j->read) {
        run_case(d, j);
    }
    if (d->inbox == NULL) {
        struct casebook after = casebook_with(d->book, j->form, d->arena);
        stopping_after_form(d, &after);
        merge_inbox(d);
        close_what_is_gone(d, &after, &j->findings, &j->form->key);
    }
    d->decision->findings = j->findings;
}

/* ---- rung 15 ---- */

static enum verdict findings_of_submit(struct deciding *d)
{
    struct judging j = {0};
    judge(d, &j);
    if (!findings_refuse(&j.findings)) {
        effects_of_submit(d, &j);
        return PASS;
    }
    struct findings refusing = new_findings(d);
    for (size_t i = 0; i < j.findings.count; i++) {
        if (j.findings.items[i].act == ACT_REFUSE) {
            finding_add(&refusing, &j.findings.items[i]);
        }
    }
    return refuse_with(d, HARD, "FINDINGS", &refusing);
}

/* A report taken back stays a case: its clocks and holds run until somebody of the sponsor has
 * seen that, so that nobody argues an event down by retracting it. */
static void nullify_case(struct deciding *d)
{
    const struct row *row = state_row(d->state, TABLE_SAFETY_CASE, &d->record->object);
    if (row != NULL && row_is(row, SAFETY_CASE_STATE, "open")) {
        add_effect(d, EFFECT_CASE, "nullified", NULL, NULL);
        case_ask_ack(d, d->record->object);
    }
}

static enum verdict findings_of_retract(struct deciding *d)
{
    struct form_key key;
    const char *moved_to = d->record->data.form_retract.moved_to;
    if (row_is(d->form_row, FORM_STATE, "retracted") ||
        !form_key_parse(span_text(d->record->object), d->arena, &key)) {
        return refuse(d, HARD, "REF-10", "data.object");
    }
    if (moved_to != NULL && strcmp(moved_to, d->record->object) == 0) {
        return refuse(d, HARD, "REF-10", "data.moved_to");
    }
    struct casebook after = casebook_without(d->book, &key, d->arena);
    struct findings nothing = new_findings(d);
    close_what_is_gone(d, &after, &nothing, &key);
    nullify_case(d);
    keep_cohort(d, &after);
    shares_after_dose(d);
    stopping_after_form(d, &after);
    return PASS;
}

enum verdict findings_of_forms(struct deciding *d)
{
    return d->record->type == RECORD_FORM_SUBMIT ? findings_of_submit(d)
                                                 : findings_of_retract(d);
}
