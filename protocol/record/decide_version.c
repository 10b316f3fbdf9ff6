/* SPDX-License-Identifier: Apache-2.0 */
/*
** Rung 12: may this record be made under the definition it names?
**
** A form belongs to its visit and to what its site may use (RECORDS.md chapter 6): the version
** in force at the site now; or when it was signed, as far as the signer had seen the log, so
** that what was written without a line is taken after an activation; or that of the revision it
** replaces; or that under which its visit was begun. Who may take part is read from the version
** in force at consent (trials.md rule 4), so the form of eligibility may be made under that.
*/
#include "protocol/record/decide_impl.h"

/* When the subject agreed, as written on the form at hand or in the casebook. */
static bool find_consent(const struct deciding *d, instant *ret_at)
{
    struct zone zone = {.fixed = d->record->signature.offset_minutes};
    const struct form_data *form =
        d->record->type == RECORD_FORM_SUBMIT ? &d->record->data.form_submit.form : NULL;
    const struct form_def *def = d->form_def;
    const struct item_data *item =
        form != NULL && def != NULL ? form_meaning(form, def, MEANING_RFICDTC) : NULL;
    for (size_t cursor = 0; item == NULL || item->value == NULL;) {
        form = casebook_next(d->book, d->version, MEANING_RFICDTC, &cursor, &def);
        if (form == NULL) {
            return false;
        }
        item = form_meaning(form, def, MEANING_RFICDTC);
    }
    struct interval when;
    if (!interval_parse(span_text(item->value), &zone, &when) ||
        when.earliest == INSTANT_MIN) {
        return false;
    }
    *ret_at = when.earliest;
    return true;
}

const char *version_at_consent(const struct deciding *d)
{
    instant at;
    return d->version != NULL && state_row_count(d->state, TABLE_SITE_VERSION) > 0 &&
                   find_consent(d, &at)
               ? state_version_at(d->state, d->site, at, (uint64_t) d->context->seq)
               : NULL;
}

/* Has the visit of this form been begun under VERSION? The common events, which have no end,
 * are no visits. */
static bool visit_began_under(const struct deciding *d, const char *version)
{
    struct form_key key, other;
    if (d->record->object == NULL ||
        !form_key_parse(span_text(d->record->object), d->arena, &key)) {
        return false;
    }
    const struct event_def *event = version_event(d->version, key.event);
    if (event == NULL || event->type == EVENT_COMMON) {
        return false;
    }
    struct rows rows = state_forms(d->state, d->record->subject, false, d->arena);
    for (size_t i = 0; i < rows.count; i++) {
        bool same = row_is(rows.items[i], FORM_VERSION, version) &&
                    form_key_parse(span_text(rows.items[i]->values[FORM_OBJECT]), d->arena,
                                   &other) &&
                    strcmp(key.event, other.event) == 0;
        if (same && strcmp(key.event_repeat != NULL ? key.event_repeat : "",
                           other.event_repeat != NULL ? other.event_repeat : "") == 0) {
            return true;
        }
    }
    return false;
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

static bool in_force(const struct deciding *d, const char *version)
{
    const char *now =
        state_version_at(d->state, d->site, d->context->time, (uint64_t) d->context->seq);
    const char *seen = is_still_to_come(d->record)
                           ? NULL
                           : state_version_at(d->state, d->site, d->record->signature.at,
                                              d->record->seen.size);
    if ((now != NULL && strcmp(version, now) == 0) ||
        (seen != NULL && strcmp(version, seen) == 0) ||
        row_is(d->form_row, FORM_VERSION, version) || visit_began_under(d, version)) {
        return true;
    }
    const char *consent =
        d->form_def != NULL && d->form_def->eligibility ? version_at_consent(d) : NULL;
    return consent != NULL && strcmp(version, consent) == 0;
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
    return !needs_version_in_force(d->record->type) || in_force(d, named->version)
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
