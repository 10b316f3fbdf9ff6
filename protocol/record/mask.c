/* SPDX-License-Identifier: Apache-2.0 */
/*
** Every published definition is asked, and every role that the form's mask names: there are a
** few of each.
*/
#include "protocol/record/mask.h"

static bool hides_form(const struct mask *mask, const struct form_def *form)
{
    for (size_t i = 0; i < form->masked_count; i++) {
        if (state_has_role(mask->state, mask->person, form->masked[i], mask->site,
                           mask->at)) {
            return true;
        }
    }
    return false;
}

/* FORM_OID NULL: any form. */
static bool hides_in(const struct mask *mask, const struct metadata_version *version,
                     const char *form_oid)
{
    if (form_oid != NULL) {
        const struct form_def *form = version_form(version, form_oid);
        return form != NULL && hides_form(mask, form);
    }
    for (size_t i = 0; i < version->form_def_count; i++) {
        if (hides_form(mask, version->form_defs[i])) {
            return true;
        }
    }
    return false;
}

static bool hides(const struct mask *mask, const char *form_oid, struct arena *arena)
{
    struct rows rows = state_rows(mask->state, TABLE_DEFINITION, arena);
    for (size_t i = 0; mask->person != NULL && i < rows.count; i++) {
        const struct metadata_version *version = mask->definitions->get(
            mask->definitions->arg, rows.items[i]->values[DEFINITION_VERSION],
            rows.items[i]->values[DEFINITION_DIGEST]);
        if (version != NULL && hides_in(mask, version, form_oid)) {
            return true;
        }
    }
    return false;
}

bool mask_hides(const struct mask *mask, const char *form_oid, struct arena *arena)
{
    return hides(mask, form_oid, arena);
}

bool mask_hides_any(const struct mask *mask, struct arena *arena)
{
    return hides(mask, NULL, arena);
}

const struct casebook *mask_casebook(const struct mask *mask, const struct casebook *book,
                                     struct arena *arena)
{
    if (book == NULL || !mask_hides_any(mask, arena)) {
        return book;
    }
    const struct form_data **kept =
        ARENA_ARRAY(arena, book->count + 1, const struct form_data *);
    size_t count = 0;
    for (size_t i = 0; i < book->count; i++) {
        if (!mask_hides(mask, book->forms[i]->key.form, arena)) {
            kept[count++] = book->forms[i];
        }
    }
    struct casebook *seen = ARENA_NEW(arena, struct casebook);
    *seen = casebook_make(book->subject, kept, count, arena);
    return seen;
}
