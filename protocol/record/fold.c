/* SPDX-License-Identifier: Apache-2.0 */
/*
** A casebook's forms never change once made, so a form whose signature was set or fell is made
** again as a shallow copy with other flags.
*/
#include "protocol/record/fold.h"

void fold_apply(struct state *state, const struct entry_facts *entry,
                const struct record *record, const struct outcome *outcome,
                struct arena *arena)
{
    struct row_changes changes = {0};
    project(entry, record, outcome, arena, &changes);
    for (size_t i = 0; i < changes.count; i++) {
        state_apply(state, &changes.items[i], entry->seq);
    }
    state_advance(state, &entry->leaf, entry->time);
}

static unsigned flags_of(const struct outcome *outcome, const struct row *row)
{
    unsigned flags = row_is(row, FORM_STATE, "signed") ? FORM_SIGNED : 0;
    flags |= outcome_effect(outcome, EFFECT_FLAG, "LOCKED") != NULL ? FORM_AFTER_LOCK : 0;
    flags |= outcome_effect(outcome, EFFECT_FLAG, "KEY-04") != NULL ? FORM_UNCONFIRMED : 0;
    flags |= outcome_effect(outcome, EFFECT_FLAG, "CONFLICT") != NULL ? FORM_CONCURRENT : 0;
    flags |= outcome_effect(outcome, EFFECT_FLAG, "REF-01") != NULL ? FORM_UNMATCHED : 0;
    flags |= outcome_effect(outcome, EFFECT_FLAG, "LATE-REPORT") != NULL ? FORM_LATE : 0;
    return flags;
}

const struct form_data *fold_form(const struct record *record,
                                  const struct outcome *outcome, const struct row *row,
                                  instant time, struct arena *arena)
{
    struct form_data *form = ARENA_NEW(arena, struct form_data);
    *form = record->data.form_submit.form;
    form->version = record->definition.version;
    form->seq = row_integer(row, FORM_SEQ);
    struct digest leaf = {0};
    if (row->values[FORM_LEAF] != NULL &&
        digest_from_base64(span_text(row->values[FORM_LEAF]), &leaf)) {
        memcpy(form->leaf, leaf.bytes, sizeof(form->leaf));
    }
    form->received_at = time;
    form->signer = record->signature.name;
    form->number = row->values[FORM_NUMBER] != NULL
                       ? arena_text(arena, row->values[FORM_NUMBER])
                       : NULL;
    form->flags = flags_of(outcome, row);
    return form;
}

static struct casebook empty(const struct record *record, struct arena *arena)
{
    return casebook_make(record->subject, NULL, 0, arena);
}

static struct casebook after_sign(const struct casebook *before,
                                  const struct form_sign_data *sign, struct arena *arena)
{
    struct casebook book = *before;
    for (size_t i = 0; i < sign->object_count; i++) {
        struct form_key key;
        const struct form_data *old = NULL;
        if (form_key_parse(span_text(sign->objects[i].object), arena, &key)) {
            old = casebook_form(&book, &key);
        }
        if (old != NULL) {
            struct form_data *form = ARENA_NEW(arena, struct form_data);
            *form = *old;
            form->flags |= FORM_SIGNED;
            book = casebook_with(&book, form, arena);
        }
    }
    return book;
}

struct casebook fold_casebook(const struct state *state, const struct casebook *before,
                              const struct entry_facts *entry, const struct record *record,
                              const struct outcome *outcome, struct arena *arena)
{
    struct casebook book = before != NULL ? *before : empty(record, arena);
    if (record->type == RECORD_FORM_SIGN) {
        return after_sign(&book, &record->data.form_sign, arena);
    }
    if (!record->is_form || outcome_effect(outcome, EFFECT_INBOX, NULL) != NULL) {
        return book;
    }
    const struct row *row = state_form(state, record->object);
    if (record->type == RECORD_FORM_RETRACT) {
        struct form_key key;
        return form_key_parse(span_text(record->object), arena, &key)
                   ? casebook_without(&book, &key, arena)
                   : book;
    }
    BUG_IF(row == NULL);
    return casebook_with(&book, fold_form(record, outcome, row, entry->time, arena), arena);
}
