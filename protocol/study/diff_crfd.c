/* SPDX-License-Identifier: Apache-2.0 */
/*
** What stands beside forms and items: expressions, windows, parameters, the safety contact,
** signature meanings, the shape of a subject's number.
*/
#include "protocol/study/diff_impl.h"

/* ---- expressions ---- */

static const char *text_of(const struct formal_expression *expression)
{
    return expression != NULL ? expression->text : NULL;
}

/* A date with a name: what counts from it is told with that. */
static void diff_anchors(struct differ *d)
{
    for (size_t i = 0; i < d->new->anchor_count; i++) {
        const struct anchor_def *new = d->new->anchors[i];
        const struct anchor_def *old = version_anchor(d->old, new->oid);
        if (old == NULL) {
            diff_say(d, DIFF_ADDED, "anchor", new->oid, new->name, NULL, NULL);
            continue;
        }
        diff_text(d, DIFF_RENAMED, "anchor", new->oid, new->name, old->name, new->name);
        diff_text(d, DIFF_CHANGED, "anchor", new->oid, new->name, text_of(old->expression),
                  text_of(new->expression));
    }
    for (size_t i = 0; i < d->old->anchor_count; i++) {
        const struct anchor_def *old = d->old->anchors[i];
        if (version_anchor(d->new, old->oid) == NULL) {
            diff_say(d, DIFF_REMOVED, "anchor", old->oid, old->name, NULL, NULL);
        }
    }
}

/* A condition or method by itself says nothing to a site; where it came or went is told where
 * it is used. */
void diff_expressions(struct differ *d)
{
    for (size_t i = 0; i < d->new->condition_def_count; i++) {
        const struct condition_def *new = d->new->condition_defs[i];
        const struct condition_def *old = version_condition(d->old, new->oid);
        if (old != NULL) {
            diff_text(d, DIFF_CHANGED, "condition", new->oid, new->name,
                      text_of(old->expression), text_of(new->expression));
        }
    }
    for (size_t i = 0; i < d->new->method_def_count; i++) {
        const struct method_def *new = d->new->method_defs[i];
        const struct method_def *old = version_method(d->old, new->oid);
        if (old != NULL) {
            diff_text(d, DIFF_CHANGED, "method", new->oid, new->name,
                      text_of(old->expression), text_of(new->expression));
        }
    }
    diff_anchors(d);
}

/* ---- windows ---- */

static long long in_hours(const struct window *window, int bound)
{
    return window->unit == WINDOW_DAYS ? 24LL * bound : bound;
}

static const char *window_text(const struct differ *d, const struct window *window)
{
    if (window == NULL) {
        return NULL;
    }
    const char *anchor = window->anchor != NULL        ? window->anchor->oid
                         : window->anchor_date != NULL ? window->anchor_date->oid
                                                       : "";
    return arena_printf(d->out->arena, "%s %+d .. %+d %s", anchor, window->from, window->to,
                        diff_word(d, window->unit == WINDOW_DAYS ? "diff.d" : "diff.h"));
}

static bool same_anchor(const struct window *a, const struct window *b)
{
    if ((a->anchor == NULL) != (b->anchor == NULL)) {
        return false;
    }
    return a->anchor != NULL ? strcmp(a->anchor->oid, b->anchor->oid) == 0
                             : a->anchor_date != NULL && b->anchor_date != NULL &&
                                   strcmp(a->anchor_date->oid, b->anchor_date->oid) == 0;
}

static enum diff_kind kind_of_window(const struct window *old, const struct window *new)
{
    if (old == NULL || new == NULL) {
        return old == NULL ? DIFF_TIGHTENED : DIFF_LOOSENED;
    }
    long long from = in_hours(new, new->from) - in_hours(old, old->from);
    long long to = in_hours(new, new->to) - in_hours(old, old->to);
    bool narrower = from >= 0 && to <= 0, wider = from <= 0 && to >= 0;
    if (!same_anchor(old, new) || narrower == wider) {
        return DIFF_CHANGED;
    }
    return narrower ? DIFF_TIGHTENED : DIFF_LOOSENED;
}

static bool same_window(const struct window *old, const struct window *new)
{
    return old != NULL && new != NULL &&same_anchor(old, new) &&
           in_hours(old, old->from) == in_hours(new, new->from) &&
           in_hours(old, old->to) == in_hours(new, new->to);
}

/* The window of VERSION for EVENT that counts from the same as LIKE; where each version has one
 * window for the event, that one. NULL when there is none. */
static const struct window *pair_of(const struct metadata_version *version,
                                    const struct metadata_version *other,
                                    const struct window *like)
{
    const struct window *only = NULL;
    size_t here = 0, there = 0;
    for (size_t i = 0; i < version->window_count; i++) {
        const struct window *window = &version->windows[i];
        if (strcmp(window->event->oid, like->event->oid) != 0) {
            continue;
        }
        if (same_anchor(window, like)) {
            return window;
        }
        only = window;
        here++;
    }
    for (size_t i = 0; i < other->window_count; i++) {
        there += strcmp(other->windows[i].event->oid, like->event->oid) == 0;
    }
    return here == 1 && there == 1 ? only : NULL;
}

static void say_window(struct differ *d, const struct window *old, const struct window *new)
{
    const struct event_def *event = new != NULL ? new->event : old->event;
    bool both = version_event(d->old, event->oid) != NULL &&
                version_event(d->new, event->oid) != NULL;
    if (both && !same_window(old, new)) {
        diff_say(d, kind_of_window(old, new), "window", event->oid,
                 event_title(event, d->out->language), window_text(d, old),
                 window_text(d, new));
    }
}

void diff_windows(struct differ *d)
{
    for (size_t i = 0; i < d->new->window_count; i++) {
        const struct window *new = &d->new->windows[i];
        say_window(d, pair_of(d->old, d->new, new), new);
    }
    for (size_t i = 0; i < d->old->window_count; i++) {
        const struct window *old = &d->old->windows[i];
        if (pair_of(d->new, d->old, old) == NULL) {
            say_window(d, old, NULL);
        }
    }
}

/* ---- parameters ---- */

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* A least value that rises, a greatest or a time limit that falls, lets less through. */
static enum diff_kind kind_of_parameter(const struct parameter *old,
                                        const struct parameter *new)
{
    bool least = ends_with(new->name, ".MIN");
    bool most = ends_with(new->name, ".MAX") || ends_with(new->name, ".HOURS");
    if (!old->is_number || !new->is_number || strcmp(old->unit, new->unit) != 0 ||
        (!least && !most)) {
        return DIFF_CHANGED;
    }
    bool rises = decimal_compare(new->number, old->number) > 0;
    return rises == least ? DIFF_TIGHTENED : DIFF_LOOSENED;
}

static const char *parameter_text(const struct differ *d, const struct parameter *parameter)
{
    return arena_printf(d->out->arena, "%s%s%s", parameter->value,
                        *parameter->unit != 0 ? " " : "", parameter->unit);
}

void diff_parameters(struct differ *d)
{
    for (size_t i = 0; i < d->new->parameter_count; i++) {
        const struct parameter *new = &d->new->parameters[i];
        const struct parameter *old = version_parameter(d->old, new->name);
        if (old == NULL) {
            diff_say(d, DIFF_ADDED, "parameter", new->name, "", NULL, NULL);
        } else if (strcmp(parameter_text(d, old), parameter_text(d, new)) != 0) {
            diff_say(d, kind_of_parameter(old, new), "parameter", new->name, "",
                     parameter_text(d, old), parameter_text(d, new));
        }
    }
    for (size_t i = 0; i < d->old->parameter_count; i++) {
        const char *name = d->old->parameters[i].name;
        if (version_parameter(d->new, name) == NULL) {
            diff_say(d, DIFF_REMOVED, "parameter", name, "", NULL, NULL);
        }
    }
}

/* ---- the study as a whole ---- */

static void diff_meanings(struct differ *d)
{
    struct arena *arena = d->out->arena;
    size_t old_count = d->old->signature_meaning_count;
    size_t new_count = d->new->signature_meaning_count;
    struct listed *before = ARENA_ARRAY(arena, old_count + 1, struct listed);
    struct listed *after = ARENA_ARRAY(arena, new_count + 1, struct listed);
    for (size_t i = 0; i < old_count; i++) {
        before[i] = (struct listed){d->old->signature_meanings[i].code, ""};
    }
    for (size_t i = 0; i < new_count; i++) {
        const struct signature_meaning *new = &d->new->signature_meanings[i];
        const struct signature_meaning *old = version_signature_meaning(d->old, new->code);
        after[i] = (struct listed){new->code, ""};
        if (old != NULL) {
            diff_text(d, DIFF_CHANGED, "meaning", new->code, "",
                      texts_get(&old->text, d->out->language),
                      texts_get(&new->text, d->out->language));
        }
    }
    diff_list(d, "meaning", "", before, old_count, after, new_count);
}

void diff_study(struct differ *d)
{
    const struct safety_contact *old = &d->old->contact, *new = &d->new->contact;
    diff_text(d, DIFF_RENAMED, "version", d->new->oid, d->new->name, d->old->name,
              d->new->name);
    diff_text(d, DIFF_CHANGED, "phone", "", "", old->phone, new->phone);
    diff_text(d, DIFF_CHANGED, "second_route", "", "", old->second_route,
              new->second_route);
    diff_text(d, DIFF_CHANGED, "physician", "", "", old->physician, new->physician);
    diff_text(d, DIFF_CHANGED, "subject_number", "", "", d->old->subject_key_pattern,
              d->new->subject_key_pattern);
    diff_text(d, DIFF_CHANGED, "check_character", "", "", d->old->subject_key_check,
              d->new->subject_key_check);
    diff_meanings(d);
}
