/* SPDX-License-Identifier: Apache-2.0 */
/*
** Before a case goes to the authority (rule 37): a valid case has a subject, a reporter, a
** product and an event (CTR annex III, E2B(R3)); of these the product is the study's own. What
** of them is missing gates milestone authority-report until it is put right, or confirmed with
** a reason: a report that was sent all the same is recorded, so that its clock does not run on.
** All else may follow within the completion days, and is listed as open in the outcome.
*/
#include "protocol/record/decide_case.h"
#include "protocol/study/messages.h"

static const struct row *case_of(const struct deciding *d)
{
    const struct milestone_data *data = &d->record->data.milestone;
    bool report = strcmp(data->kind, "authority-report") == 0;
    return report && data->object != NULL
               ? state_row(d->state, TABLE_SAFETY_CASE, &data->object)
               : NULL;
}

static const struct form_data *form_of(const struct deciding *d,
                                       const struct form_def **ret_def)
{
    struct form_key key;
    const struct form_data *form =
        form_key_parse(span_text(d->record->data.milestone.object), d->arena, &key)
            ? casebook_form(d->book, &key)
            : NULL;
    const struct metadata_version *named =
        form != NULL && form->version != NULL ? published(d, form->version) : NULL;
    const struct metadata_version *version = named != NULL ? named : d->version;
    *ret_def =
        form != NULL && version != NULL ? version_form(version, form->key.form) : NULL;
    return *ret_def != NULL ? form : NULL;
}

static bool says(const struct form_data *form, const struct form_def *def,
                 enum meaning meaning)
{
    const struct item_data *item = form_meaning(form, def, meaning);
    return item != NULL && item->value != NULL && *item->value != '\0';
}

/* A form that asks for no event in words (a pregnancy, a product error) is the event itself. */
static bool has_event(const struct form_data *form, const struct form_def *def)
{
    bool asked = def->meanings[MEANING_SAEWHAT].item != NULL ||
                 def->meanings[MEANING_AETERM].item != NULL;
    return !asked || says(form, def, MEANING_SAEWHAT) || says(form, def, MEANING_AETERM);
}

/* WHAT: the sentence "37.subject" of a part of the case, or the path of ITEM. */
static void add(struct deciding *d, struct findings *findings, const char *what, bool due,
                const char *item)
{
    finding_add(findings,
                &(struct finding){.rule = "37",
                                  .act = due ? ACT_ASK : ACT_GATE,
                                  .place = PLACE_ACTION,
                                  .due = due,
                                  .object = d->record->data.milestone.object,
                                  .path = item == NULL ? what + 3 : what,
                                  .message = message_text(d->arena, d->context->language,
                                                          item != NULL ? "37" : what, &item,
                                                          item != NULL ? 1 : 0)});
}

static struct findings missing(struct deciding *d, const struct row *row)
{
    struct findings findings = new_findings(d);
    const struct form_def *def = NULL;
    const struct form_data *form = form_of(d, &def);
    if (row_is(row, SAFETY_CASE_STATE, "nullified")) {
        return findings; /* its nullification names the case, and nothing else */
    }
    if (state_subject(d->state, row->values[SAFETY_CASE_SUBJECT]) == NULL) {
        add(d, &findings, "37.subject", false, NULL);
    }
    if (state_form(d->state, row->values[SAFETY_CASE_OBJECT]) == NULL) {
        add(d, &findings, "37.reporter", false, NULL);
    } else if (form == NULL || !has_event(form, def)) {
        add(d, &findings, "37.event", false, NULL);
    }
    return findings;
}

enum verdict report_gate(struct deciding *d)
{
    const struct row *row = case_of(d);
    if (row == NULL || d->record->reason != NULL) {
        return PASS;
    }
    struct findings findings = missing(d, row);
    return findings.count > 0 ? refuse_with(d, HARD, "GATES", &findings) : PASS;
}

/* ---- what may follow ---- */

static void list_open(struct deciding *d, const struct row *row, struct findings *findings)
{
    static const enum meaning WANTED[] = {MEANING_NARRATIVE, MEANING_AESTDTC,
                                          MEANING_AEOUT};
    const char *object = row->values[SAFETY_CASE_OBJECT];
    const struct row *own = opinion_of(d, object, "investigator");
    const struct row *sponsors = opinion_of(d, object, "sponsor");
    const struct form_def *def = NULL;
    const struct form_data *form = form_of(d, &def);
    for (size_t i = 0; form != NULL && i < ARRAY_LEN(WANTED); i++) {
        const struct place_of_item *place = &def->meanings[WANTED[i]];
        if (place->item != NULL && !says(form, def, WANTED[i])) {
            add(d, findings,
                item_path(d->arena, place->group->group->oid, NULL, place->item->item->oid),
                true, item_title(place->item->item, d->context->language));
        }
    }
    if (own == NULL || own->values[OPINION_CAUSALITY] == NULL) {
        add(d, findings, "37.cause", true, NULL);
    }
    if (sponsors == NULL || sponsors->values[OPINION_EXPECTEDNESS] == NULL) {
        add(d, findings, "37.expected", true, NULL);
    }
}

static void keep(struct deciding *d, const struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        bool item = strchr(finding->path, '/') != NULL;
        outcome_add_finding(&d->decision->outcome, d->arena,
                            &(struct outcome_finding){.rule = "37",
                                                      .act = finding->act,
                                                      .object = finding->object,
                                                      .path = item ? finding->path : "",
                                                      .due = finding->due,
                                                      .confirmed = !finding->due});
    }
    d->decision->findings = *findings;
}

void report_effects(struct deciding *d)
{
    const struct row *row = case_of(d);
    if (row == NULL || row_is(row, SAFETY_CASE_STATE, "nullified")) {
        return;
    }
    struct findings findings = missing(d, row);
    list_open(d, row, &findings);
    keep(d, &findings);
}
