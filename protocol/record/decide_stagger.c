/* SPDX-License-Identifier: Apache-2.0 */
/*
** The first doses of other subjects, for the distance that a protocol asks between them (rule
** 66, STAGGER.DAYS): what was given stands in the table of exposures. A GO whose dose nobody
** has recorded yet counts before a GO, so that two sites do not begin at once; it does not
** count against what was given.
*/
#include "protocol/record/decide_impl.h"

struct first_dose {
    const char *subject;
    struct other_dose dose;
};

struct first_doses {
    struct first_dose *items;
    size_t count, capacity;
};

static void keep_first(struct deciding *d, struct first_doses *list, const char *subject,
                       struct other_dose dose)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].subject, subject) == 0) {
            bool earlier = dose.at.earliest < list->items[i].dose.at.earliest;
            if (!list->items[i].dose.planned && !dose.planned && earlier) {
                list->items[i].dose = dose;
            }
            return;
        }
    }
    *ARENA_PUSH(d->arena, list->items, list->count, list->capacity) =
        (struct first_dose){subject, dose};
}

static bool interval_of_row(const struct row *row, int from, int to,
                            struct interval *ret_at)
{
    return row->values[from] != NULL && row->values[to] != NULL &&
           instant_parse(span_text(row->values[from]), &ret_at->earliest, NULL) &&
           instant_parse(span_text(row->values[to]), &ret_at->latest, NULL);
}

/* Of all subjects but SUBJECT: what was given, else what was cleared. */
static struct first_doses first_doses_of_others(struct deciding *d, const char *subject)
{
    struct first_doses list = {0};
    struct rows given = state_rows(d->state, TABLE_EXPOSURE, d->arena);
    struct rows cleared = state_rows(d->state, TABLE_CLEARANCE, d->arena);
    struct other_dose dose = {.planned = false};
    for (size_t i = 0; i < given.count; i++) {
        if (!row_is(given.items[i], EXPOSURE_SUBJECT, subject) &&
            interval_of_row(given.items[i], EXPOSURE_GIVEN_FROM, EXPOSURE_GIVEN_TO,
                            &dose.at)) {
            keep_first(d, &list, given.items[i]->values[EXPOSURE_SUBJECT], dose);
        }
    }
    dose.planned = true;
    for (size_t i = 0; i < cleared.count; i++) {
        bool dosing = !row_is(cleared.items[i], CLEARANCE_ACT, "condition");
        if (dosing && !row_is(cleared.items[i], CLEARANCE_SUBJECT, subject) &&
            interval_of_row(cleared.items[i], CLEARANCE_VALID_FROM, CLEARANCE_VALID_TO,
                            &dose.at)) {
            keep_first(d, &list, cleared.items[i]->values[CLEARANCE_SUBJECT], dose);
        }
    }
    return list;
}

/* One finding, for the first that is too near. */
void dose_stagger_ask(struct deciding *d, const char *subject, struct interval at,
                      bool recorded, struct findings *findings)
{
    struct zone zone;
    struct check_context context = check_context_of(d, PLACE_ACTION, &zone);
    struct first_doses list = {0};
    if (version_parameter(d->version, "STAGGER.DAYS") != NULL) {
        list = first_doses_of_others(d, subject);
    }
    size_t before = findings->count;
    for (size_t i = 0; i < list.count && findings->count == before; i++) {
        if (!recorded || !list.items[i].dose.planned) {
            stagger_ask(d->version, at, &list.items[i].dose, context.zone, findings);
        }
    }
}

bool is_first_dose(const struct deciding *d, const struct casebook *book,
                   const struct form_data *of, struct interval start)
{
    struct zone zone = {.fixed = d->record->signature.offset_minutes};
    const struct form_def *def;
    const struct form_data *form;
    for (size_t cursor = 0; (form = casebook_next(book, d->version, MEANING_EXSTDTC,
                                                  &cursor, &def)) != NULL;) {
        const struct item_data *item = form_meaning(form, def, MEANING_EXSTDTC);
        struct interval other;
        if (form != of && item != NULL && item->value != NULL &&
            interval_parse(span_text(item->value), &zone, &other) &&
            other.earliest < start.earliest) {
            return false;
        }
    }
    return true;
}
