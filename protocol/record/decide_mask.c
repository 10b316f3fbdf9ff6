/* SPDX-License-Identifier: Apache-2.0 */
/*
** A finding's sentence may quote another form, also one that its reader must not read. The
** decision is the same for everybody; the sentences are not: a finding that somebody could not
** have met with what that person reads is told without its values.
*/
#include "protocol/record/decide_impl.h"
#include "protocol/record/mask.h"

/* What the checks find when only the forms are there that the sender reads. */
static struct findings plain_findings(struct deciding *d, const struct mask *mask)
{
    struct findings plain = new_findings(d);
    if (d->record->type == RECORD_FORM_SUBMIT && d->version != NULL) {
        struct zone zone;
        struct check_context context = check_context_of(d, PLACE_SUBMIT, &zone);
        check_form(d->version, mask_casebook(mask, d->book, d->arena),
                   &d->record->data.form_submit.form, &context, &plain, NULL);
    }
    return plain;
}

static bool is_among(const struct findings *findings, const struct finding *finding)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *other = &findings->items[i];
        if (strcmp(other->rule, finding->rule) == 0 &&
            strcmp(other->path, finding->path) == 0 &&
            strcmp(other->message, finding->message) == 0) {
            return true;
        }
    }
    return false;
}

void hide_masked(struct deciding *d)
{
    struct findings *findings = &d->decision->findings;
    struct mask mask = {d->state, d->definitions, d->person, d->site, d->context->time};
    if (findings->count == 0 || !mask_hides_any(&mask, d->arena)) {
        return;
    }
    struct findings plain = plain_findings(d, &mask);
    for (size_t i = 0; i < findings->count; i++) {
        struct finding *finding = &findings->items[i];
        bool fixed = refusal_sentence(finding->rule, d->context->language) != NULL;
        if (!fixed && !is_among(&plain, finding)) {
            finding->values = "";
            finding->help = "";
            finding->message =
                message_text(d->arena, d->context->language, "MASKED", &finding->rule, 1);
        }
    }
}

/* Who is refused at rung 13 has the right to write here, so only a mask keeps the form away. */
void tell_current(struct deciding *d, const struct row *row)
{
    struct decision *decision = d->decision;
    const struct form_data *form = NULL;
    struct mask mask = {d->state, d->definitions, d->person, d->site, d->context->time};
    struct form_key key;
    decision->current_seq = row != NULL ? row_integer(row, FORM_SEQ) : -1;
    decision->current_leaf = row != NULL ? row->values[FORM_LEAF] : NULL;
    if (row != NULL && d->book != NULL &&
        form_key_parse(span_text(row->values[FORM_OBJECT]), d->arena, &key)) {
        form = casebook_form(d->book, &key);
    }
    bool told = form != NULL && form->seq == decision->current_seq &&
                !mask_hides(&mask, key.form, d->arena);
    decision->current_by = told ? form->signer : NULL;
    decision->current_at = told ? form->received_at : 0;
}
