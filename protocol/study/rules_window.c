/* SPDX-License-Identifier: Apache-2.0 */
/*
** Rule 6: a visit lies in each of its windows. A window counts from another visit or from an
** anchor, a date that the study computes; a visit that is certainly outside is asked about and
** proposed as a deviation. What is known to the month only is compared as far as it is known.
*/
#include "protocol/study/check_impl.h"
#include "protocol/study/expression.h"

/* The date of the visit EVENT, from the first form there that can hold it. */
static bool visit_date(struct checker *c, const struct event_def *event,
                       struct value *ret_when)
{
    struct subject_form form;
    for (size_t cursor = 0; next_form(c, MEANING_SVSTDTC, &cursor, &form);) {
        if (strcmp(form.data->key.event, event->oid) == 0 &&
            said_when(c, form, MEANING_SVSTDTC, ret_when)) {
            return true;
        }
    }
    return false;
}

static bool anchor_date(struct checker *c, const struct window *window,
                        struct value *ret_when)
{
    return window->anchor != NULL ? visit_date(c, window->anchor, ret_when)
                                  : check_anchor(c, window->anchor_date, ret_when);
}

static const char *anchor_name(struct checker *c, const struct window *window)
{
    return window->anchor != NULL ? event_title(window->anchor, c->language)
                                  : window->anchor_date->name;
}

static void ask_window(struct checker *c, struct subject_form form,
                       const struct window *window, const struct value *when)
{
    struct value anchor;
    bool hours = window->unit == WINDOW_HOURS;
    if (!anchor_date(c, window, &anchor) ||
        date_lies_within(&anchor, when, window->from, window->to, hours) != NO) {
        return;
    }
    checker_say(c, form, "6", MEANING_SVSTDTC, SAY_DEVIATION,
                TEXT(c, hours ? "6.hours" : "6", date_text(c, when),
                     number_text(c, window->from), number_text(c, window->to),
                     anchor_name(c, window)));
}

/* Each window of the visit; of several that it lies outside of, the first is told. */
void rule_6(struct checker *c)
{
    struct subject_form form = checked_form(c);
    struct value when;
    if (!said_when(c, form, MEANING_SVSTDTC, &when)) {
        return;
    }
    for (size_t i = 0; i < c->version->window_count; i++) {
        const struct window *window = &c->version->windows[i];
        if (strcmp(window->event->oid, c->form->key.event) == 0) {
            ask_window(c, form, window, &when);
        }
    }
}
