/* SPDX-License-Identifier: Apache-2.0 */
/*
** The first doses of other subjects, for the distance that a protocol asks between them (rule
** 66, STAGGER.DAYS): what was given stands in the table of exposures. A GO whose dose nobody
** has recorded yet counts before a GO, so that two sites do not begin at once; it does not
** count against what was given.
*/
#include <stdlib.h>

#include "protocol/record/decide_impl.h"

struct first_dose {
    const char *subject;
    struct other_dose dose;
};

struct first_doses {
    struct first_dose *items;
    size_t count, capacity;
};

static void add_dose(struct deciding *d, struct first_doses *list, const char *subject,
                     struct other_dose dose)
{
    *ARENA_PUSH(d->arena, list->items, list->count, list->capacity) =
        (struct first_dose){subject, dose};
}

static int by_subject(const void *a, const void *b)
{
    const struct first_dose *x = a, *y = b;
    return strcmp(x->subject, y->subject);
}

static int by_subject_and_time(const void *a, const void *b)
{
    const struct first_dose *x = a, *y = b;
    int order = by_subject(a, b);
    bool later = x->dose.at.earliest > y->dose.at.earliest;
    return order != 0 ? order : (int) later - (x->dose.at.earliest < y->dose.at.earliest);
}

/* Of each subject its first dose. */
static void keep_first(struct first_doses *list)
{
    size_t kept = 0;
    if (list->count > 1) {
        qsort(list->items, list->count, sizeof(*list->items), by_subject_and_time);
    }
    for (size_t i = 0; i < list->count; i++) {
        if (kept == 0 || by_subject(&list->items[kept - 1], &list->items[i]) != 0) {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
}

static bool was_given(const struct first_doses *list, size_t given, const char *subject)
{
    struct first_dose wanted = {.subject = subject};
    return given > 0 &&
           bsearch(&wanted, list->items, given, sizeof(*list->items), by_subject) != NULL;
}

static bool interval_of_row(const struct row *row, int from, int to,
                            struct interval *ret_at)
{
    return row->values[from] != NULL && row->values[to] != NULL &&
           instant_parse(span_text(row->values[from]), &ret_at->earliest, NULL) &&
           instant_parse(span_text(row->values[to]), &ret_at->latest, NULL);
}

/* Of all subjects but SUBJECT: what was given first, else all that was cleared: a GO of long
 * ago that came to nothing does not hide the one of today. */
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
            add_dose(d, &list, given.items[i]->values[EXPOSURE_SUBJECT], dose);
        }
    }
    keep_first(&list);
    size_t dosed = list.count;
    dose.planned = true;
    for (size_t i = 0; i < cleared.count; i++) {
        const char *other = cleared.items[i]->values[CLEARANCE_SUBJECT];
        bool dosing = !row_is(cleared.items[i], CLEARANCE_ACT, "condition");
        if (dosing && strcmp(other, subject) != 0 && !was_given(&list, dosed, other) &&
            interval_of_row(cleared.items[i], CLEARANCE_VALID_FROM, CLEARANCE_VALID_TO,
                            &dose.at)) {
            add_dose(d, &list, other, dose);
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
