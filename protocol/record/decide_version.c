/* SPDX-License-Identifier: Apache-2.0 */
/*
** Rung 12: may this record be made under the definition it names?
**
** For a form form_version.h says it. Why the other gated acts take the same list: what was
** written without a line must be taken after an activation, whatever it is.
*/
#include "protocol/record/decide_impl.h"
#include "protocol/record/form_version.h"

const char *version_at_consent(const struct deciding *d)
{
    const struct zone zone = {.fixed = d->record->signature.offset_minutes};
    const struct agreement agreement = {.state = d->state,
                                        .site = d->site,
                                        .size = (uint64_t) d->context->seq,
                                        .version = d->version,
                                        .book = d->book,
                                        .form = d->record->type == RECORD_FORM_SUBMIT
                                                    ? &d->record->data.form_submit.form
                                                    : NULL,
                                        .form_def = d->form_def,
                                        .zone = &zone};
    return version_when_agreed(&agreement);
}

/* The versions of the forms that stand in the visit of this one. */
static void find_visit(const struct deciding *d, struct form_versions *versions)
{
    struct form_key key;
    if (d->record->object == NULL ||
        !form_key_parse(span_text(d->record->object), d->arena, &key)) {
        return;
    }
    struct rows rows = state_forms(d->state, d->record->subject, false, d->arena);
    struct visit_form *forms = ARENA_ARRAY(d->arena, rows.count + 1, struct visit_form);
    size_t count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        struct visit_form *form = &forms[count];
        form->version = rows.items[i]->values[FORM_VERSION];
        form->seq = row_integer(rows.items[i], FORM_SEQ);
        count += form_key_parse(span_text(rows.items[i]->values[FORM_OBJECT]), d->arena,
                                &form->key);
    }
    form_versions_of_visit(d->version, &key, forms, count, d->arena, versions);
}

/* An act that is still to come is asked about on the line, by the version of now: when it was
 * signed and what was seen are the signer's own words. What was done by phone is written down
 * later and shuts nothing. */
static bool is_still_to_come(const struct record *record)
{
    const char *word = record->data.subject_status.status;
    return record->type == RECORD_BATCH_RELEASE ||
           (record->type == RECORD_DOSE_CLEAR &&
            record->data.dose_clear.phone_at == NULL) ||
           (record->type == RECORD_SUBJECT_STATUS &&
            (strcmp(word, "eligible") == 0 || strcmp(word, "randomised") == 0));
}

static bool may_be_made_under(const struct deciding *d, const char *version)
{
    struct form_versions versions = {
        .now = state_version_at(d->state, d->site, d->context->time,
                                (uint64_t) d->context->seq),
        .seen = is_still_to_come(d->record)
                    ? NULL
                    : state_version_at(d->state, d->site, d->record->signature.at,
                                       d->record->seen.size),
        .prior = d->form_row != NULL ? d->form_row->values[FORM_VERSION] : NULL};
    if (form_version_is_taken(&versions, version)) {
        return true; /* nearly always: the subject's forms need not be looked at */
    }
    if (d->form_def != NULL && d->form_def->eligibility) {
        versions.consent = version_at_consent(d);
    }
    find_visit(d, &versions);
    return form_version_is_taken(&versions, version);
}

/* Acts that a version gates: an old one must not open what the one in force shuts. */
static bool needs_version_in_force(enum record_type type)
{
    return type == RECORD_FORM_SUBMIT || type == RECORD_DOSE_CLEAR ||
           type == RECORD_BATCH_RELEASE || type == RECORD_SUBJECT_STATUS ||
           type == RECORD_SUBJECT_ENROL;
}

/* Which one it was, and which one it should be. */
static enum verdict refuse_version(struct deciding *d, const char *named)
{
    const char *now =
        state_version_at(d->state, d->site, d->context->time, (uint64_t) d->context->seq);
    const char *sentence = refusal_sentence("VERSION-02", d->context->language);
    return refuse_because(
        d, SOFT, "VERSION-02", "definition",
        arena_printf(d->arena, "%s (%s -> %s)", sentence, named, now != NULL ? now : "-"));
}

enum verdict check_version(struct deciding *d)
{
    const struct definition_ref *named = &d->record->definition;
    if (named->version == NULL) {
        return PASS;
    }
    if (d->record->type == RECORD_STUDY_OPEN) {
        d->version =
            d->definitions->get(d->definitions->arg, named->version, named->sha256);
        return d->version != NULL ? PASS : refuse(d, HARD, "VERSION-01", "definition");
    }
    const struct row *row = state_definition(d->state, named->version);
    if (row == NULL || !row_is(row, DEFINITION_DIGEST, named->sha256)) {
        return refuse(d, d->version != NULL ? SOFT : HARD, "VERSION-01", "definition");
    }
    if (d->version == NULL) {
        return refuse(d, HARD, "VERSION-01", "definition");
    }
    return !needs_version_in_force(d->record->type) || may_be_made_under(d, named->version)
               ? PASS
               : refuse_version(d, named->version);
}

void find_dictionaries(struct deciding *d)
{
    struct rows rows = state_rows(d->state, TABLE_DICTIONARY, d->arena);
    const struct dictionary **items =
        ARENA_ARRAY(d->arena, rows.count + 1, const struct dictionary *);
    size_t count = 0;
    for (size_t i = 0; d->definitions->dictionary != NULL && i < rows.count; i++) {
        items[count] = d->definitions->dictionary(d->definitions->arg,
                                                  rows.items[i]->values[DICTIONARY_DIGEST]);
        count += items[count] != NULL ? 1 : 0;
    }
    d->dictionaries = (struct dictionaries){items, count};
}
