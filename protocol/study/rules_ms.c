/* SPDX-License-Identifier: Apache-2.0 */
/*
** Course of multiple sclerosis, derived and never typed: confirmed progression (75) and no
** evidence of disease activity (76).
**
** Progression: an EDSS above the first one by the step that belongs to it (parameters
** PROGRESSION.BASE.0, .BASE.1.TO.5.5, .BASE.ABOVE.5.5), outside a relapse, and still there at
** an assessment PROGRESSION.CONFIRM.DAYS or more later with no lower one between. The date is
** that of the rise. A relapse covers the PROGRESSION.RELAPSE.FREE.DAYS after its onset.
**
** No disease activity: no confirmed relapse, no confirmed progression and no activity on an MRI
** after the reference scan; MRIs before it do not count. "Y" or "N"; nothing while it cannot be
** told: without a scan after the reference there is no "Y".
*/
#include "protocol/study/check_impl.h"

#define ASSESSMENTS_MAX 200

struct assessment {
    int64_t day;
    struct decimal edss;
    struct span text; /* of the date */
};

struct assessments {
    struct assessment items[ASSESSMENTS_MAX];
    size_t count;
};

static int64_t day_of(instant wall)
{
    return wall / DAY - (wall % DAY < 0);
}

/* All EDSS with a day, in order of the days. */
static struct assessments *read_assessments(struct checker *c)
{
    struct assessments *all = ARENA_NEW(c->findings->arena, struct assessments);
    struct subject_form form;
    all->count = 0;
    for (size_t cursor = 0; next_form(c, MEANING_EDSS, &cursor, &form);) {
        const char *text = said(form, MEANING_EDSS);
        struct value when;
        struct assessment this;
        if (text == NULL || !said_when(c, form, MEANING_EDSSDTC, &when) || !when.has_day ||
            !decimal_parse(span_text(text), false, &this.edss) ||
            all->count == ASSESSMENTS_MAX) {
            continue;
        }
        this.day = day_of(when.wall.earliest);
        this.text = when.text;
        size_t at = all->count++;
        while (at > 0 && all->items[at - 1].day > this.day) {
            all->items[at] = all->items[at - 1];
            at--;
        }
        all->items[at] = this;
    }
    return all;
}

/* Did a relapse that was confirmed begin on DAY or in the days before that it covers? */
static bool in_relapse(const struct checker *c, int64_t day)
{
    int covered = parameter_number(c, "PROGRESSION.RELAPSE.FREE.DAYS", 90);
    struct subject_form form;
    struct value onset;
    for (size_t cursor = 0; next_form(c, MEANING_RELONSET, &cursor, &form);) {
        if (said_is(form, MEANING_RELCONF, "CONFIRMED") &&
            said_when(c, form, MEANING_RELONSET, &onset) &&
            onset.wall.earliest != INSTANT_MIN && day_of(onset.wall.earliest) <= day &&
            day_of(onset.wall.latest) + covered >= day) {
            return true;
        }
    }
    return false;
}

static bool step_from(const struct checker *c, struct decimal base,
                      struct decimal *ret_step)
{
    const char *name = "PROGRESSION.BASE.1.TO.5.5";
    if (decimal_compare(base, decimal_of(0)) == 0) {
        name = "PROGRESSION.BASE.0";
    } else if (decimal_compare(base, (struct decimal){55, -1}) > 0) {
        name = "PROGRESSION.BASE.ABOVE.5.5";
    }
    const struct parameter *step = version_parameter(c->version, name);
    if (step == NULL || !step->is_number) {
        return false;
    }
    *ret_step = step->number;
    return true;
}

/* Does the rise at AT last until a later assessment, far enough away? */
static bool is_confirmed(const struct checker *c, const struct assessments *all, size_t at,
                         struct decimal threshold)
{
    int days = parameter_number(c, "PROGRESSION.CONFIRM.DAYS", 180);
    for (size_t i = at + 1; i < all->count; i++) {
        if (decimal_compare(all->items[i].edss, threshold) < 0) {
            return false;
        }
        if (all->items[i].day >= all->items[at].day + days &&
            !in_relapse(c, all->items[i].day)) {
            return true;
        }
    }
    return false;
}

const char *derive_progression(struct checker *c)
{
    const struct assessments *all = read_assessments(c);
    struct decimal step, threshold;
    if (all->count < 3 || !step_from(c, all->items[0].edss, &step) ||
        !decimal_add(all->items[0].edss, step, &threshold)) {
        return NULL;
    }
    for (size_t i = 1; i < all->count; i++) {
        if (decimal_compare(all->items[i].edss, threshold) >= 0 &&
            !in_relapse(c, all->items[i].day) && is_confirmed(c, all, i, threshold)) {
            return arena_span_text(c->findings->arena, all->items[i].text);
        }
    }
    return NULL;
}

/* ---- 76 ---- */

static bool had_relapse(const struct checker *c)
{
    struct subject_form form;
    struct value onset, from;
    bool has_from = false;
    for (size_t cursor = 0; next_form(c, MEANING_RANDDTC, &cursor, &form);) {
        has_from = said_when(c, form, MEANING_RANDDTC, &from) || has_from;
    }
    for (size_t cursor = 0; next_form(c, MEANING_RELONSET, &cursor, &form);) {
        if (said_is(form, MEANING_RELCONF, "CONFIRMED") &&
            said_when(c, form, MEANING_RELONSET, &onset) &&
            (!has_from || interval_before(onset.when, from.when) != YES)) {
            return true;
        }
    }
    return false;
}

static bool is_above_zero(const char *text)
{
    struct decimal number;
    return text != NULL && decimal_parse(span_text(text), false, &number) &&
           decimal_compare(number, decimal_of(0)) > 0;
}

/* YES: a scan against a reference shows activity. NO: there is one, and none shows any. */
static enum truth mri_activity(const struct checker *c)
{
    struct subject_form form;
    enum truth activity = UNKNOWN;
    for (size_t cursor = 0; next_form(c, MEANING_MRIMSDTC, &cursor, &form);) {
        if (said(form, MEANING_MRIREFDTC) == NULL) {
            continue; /* compared with nothing: it is a reference itself */
        }
        if (is_above_zero(said(form, MEANING_MRIGD)) ||
            is_above_zero(said(form, MEANING_MRINEWT2))) {
            return YES;
        }
        if (said(form, MEANING_MRIGD) != NULL && said(form, MEANING_MRINEWT2) != NULL) {
            activity = NO;
        }
    }
    return activity;
}

const char *derive_no_disease_activity(struct checker *c)
{
    enum truth activity = mri_activity(c);
    if (had_relapse(c) || activity == YES || derive_progression(c) != NULL) {
        return "N";
    }
    return activity == NO ? "Y" : NULL;
}
