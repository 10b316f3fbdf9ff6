/* SPDX-License-Identifier: Apache-2.0 */
/*
** What depends on what: derived items that would need themselves, and for each form the forms
** whose checks look at it. Both follow from what the compiled expressions read.
*/
#include "protocol/study/expression_impl.h"
#include "protocol/study/odm_says.h"

/* ---- derived items ---- */

struct derivation {
    const struct item_def *item;
    const struct formal_expression *source;
    enum { UNSEEN, OPEN, DONE } state;
    int height;    /* DONE: derived items of derived items, with this one */
    size_t marked; /* by the last form that reads it, from 1 */
};

struct derivations {
    struct derivation *items;
    size_t count;
};

static const struct formal_expression *method_of(const struct item_ref *ref)
{
    const struct formal_expression *source =
        ref->method != NULL ? ref->method->expression : NULL;
    return source != NULL && source->compiled != NULL ? source : NULL;
}

static int by_item(const void *left, const void *right)
{
    const struct derivation *a = left, *b = right;
    return strcmp(a->item->oid, b->item->oid);
}

static struct derivations find_derivations(const struct metadata_version *version,
                                           struct arena *scratch)
{
    struct derivations found = {NULL, 0};
    size_t capacity = 0;
    for (size_t i = 0; i < version->group_def_count; i++) {
        const struct group_def *group = version->group_defs[i];
        for (size_t j = 0; j < group->item_count; j++) {
            const struct formal_expression *source = method_of(&group->items[j]);
            if (source != NULL) {
                *ARENA_PUSH(scratch, found.items, found.count, capacity) =
                    (struct derivation){.item = group->items[j].item, .source = source};
            }
        }
    }
    if (found.count > 0) {
        qsort(found.items, found.count, sizeof(found.items[0]), by_item);
    }
    return found;
}

/* The first derivation of ITEM, or the end. */
static size_t derivation_of(const struct derivations *all, const struct item_def *item)
{
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(all->items[middle].item->oid, item->oid) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool derives(const struct derivations *all, size_t at, const struct item_def *item)
{
    return at < all->count && all->items[at].item == item;
}

/* ---- circles ---- */

struct circle {
    struct arena *arena;
    const struct expression_report *report;
    struct derivations all;
    int depth;
};

static void say(struct circle *circle, const struct derivation *from, const char *message)
{
    const struct expression_problem problem = {true, "EXPR-05",          from->source->line,
                                               0,    from->source->path, message};
    circle->report->say(circle->report->arg, &problem);
}

static void say_circle(struct circle *circle, const struct derivation *from,
                       const struct derivation *to)
{
    say(circle, from,
        arena_printf(circle->arena,
                     odm_says(circle->report->language,
                              "%.120s is computed from %.120s, which is computed from it: "
                              "a derived item must not depend on itself"),
                     from->item->oid, to->item->oid));
}

static void say_high(struct circle *circle, const struct derivation *from)
{
    say(circle, from,
        arena_printf(
            circle->arena,
            odm_says(circle->report->language,
                     "%.120s is computed from items that are computed, and so on, more "
                     "than %d times: compute it from what is entered"),
            from->item->oid, NESTED_MAX));
}

static void follow(struct circle *circle, size_t at);

/* TO is read by FROM. */
static void follow_read(struct circle *circle, struct derivation *from, size_t to)
{
    struct derivation *read = &circle->all.items[to];
    if (read->state == OPEN) {
        say_circle(circle, from, read);
        return;
    }
    if (read->state == UNSEEN && circle->depth <= NESTED_MAX) {
        follow(circle, to);
    }
    /* one that was not followed stands too high, whatever it reads */
    int height = read->state == DONE ? read->height : NESTED_MAX;
    from->height = height >= from->height ? height + 1 : from->height;
}

/* Follow what the derivation at AT reads. The depth is bounded; each is followed once. */
static void follow(struct circle *circle, size_t at)
{
    struct derivation *from = &circle->all.items[at];
    size_t count = 0;
    const struct expression_read *reads = expression_reads(from->source->compiled, &count);
    from->state = OPEN;
    from->height = 1;
    circle->depth++;
    for (size_t i = 0; i < count; i++) {
        const struct item_def *item = reads[i].item;
        size_t to = item != NULL ? derivation_of(&circle->all, item) : circle->all.count;
        for (; item != NULL && derives(&circle->all, to, item); to++) {
            follow_read(circle, from, to);
        }
    }
    circle->depth--;
    from->state = DONE;
    if (from->height > NESTED_MAX) {
        say_high(circle, from);
        from->height = 0; /* said once, not again of each that reads it */
    }
}

void expressions_find_circles(const struct metadata_version *version, struct arena *arena,
                              const struct expression_report *report)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct circle circle = {arena, report, find_derivations(version, scratch), 0};
    for (size_t i = 0; i < circle.all.count; i++) {
        if (circle.all.items[i].state == UNSEEN) {
            follow(&circle, i);
        }
    }
}

/* ---- dependents ---- */

struct expression_dependents {
    const struct form_def *const *forms;
    size_t count;
};

struct marking {
    const struct metadata_version *version;
    struct derivations all;
    bool *reads; /* by position in version->form_defs: the form at hand reads it */
    size_t form; /* the form at hand, from 1 */
    int depth;
};

static bool form_has_item(const struct form_def *form, const struct item_def *item)
{
    for (size_t i = 0; i < form->group_count; i++) {
        if (group_item_ref(form->groups[i].group, item->oid) != NULL) {
            return true;
        }
    }
    return false;
}

static bool may_read(const struct expression_read *read, const struct form_def *form)
{
    return (read->form == NULL || read->form == form) &&
           (read->event == NULL || event_form_ref(read->event, form->oid) != NULL) &&
           (read->group == NULL || form_group_ref(form, read->group->oid) != NULL) &&
           (read->item == NULL || form_has_item(form, read->item));
}

static void mark_expression(struct marking *m, const struct formal_expression *source)
{
    size_t count = 0;
    if (source == NULL || source->compiled == NULL || m->depth > NESTED_MAX) {
        return;
    }
    const struct expression_read *reads = expression_reads(source->compiled, &count);
    m->depth++;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; !reads[i].own_form && j < m->version->form_def_count; j++) {
            m->reads[j] = m->reads[j] || may_read(&reads[i], m->version->form_defs[j]);
        }
        const struct item_def *item = reads[i].item;
        size_t at = item != NULL ? derivation_of(&m->all, item) : m->all.count;
        for (; item != NULL && derives(&m->all, at, item); at++) {
            if (m->all.items[at].marked != m->form) { /* what it is derived from is read */
                m->all.items[at].marked = m->form;
                mark_expression(m, m->all.items[at].source);
            }
        }
    }
    m->depth--;
}

static void mark_condition(struct marking *m, const struct condition_def *condition)
{
    if (condition != NULL) {
        mark_expression(m, condition->expression);
    }
}

static void mark_item(struct marking *m, const struct item_ref *ref)
{
    const struct item_def *item = ref->item;
    mark_condition(m, ref->condition);
    mark_expression(m, method_of(ref));
    for (size_t i = 0; i < item->check_count; i++) {
        mark_expression(m, item->checks[i].expression);
    }
    for (size_t i = 0; item->second_person != NULL && i < m->version->form_def_count; i++) {
        m->reads[i] =
            m->reads[i] || form_has_item(m->version->form_defs[i], item->second_person);
    }
}

static void mark_form(struct marking *m, const struct form_def *form)
{
    for (size_t i = 0; i < form->group_count; i++) {
        const struct group_def *group = form->groups[i].group;
        mark_condition(m, form->groups[i].condition);
        for (size_t j = 0; j < group->item_count; j++) {
            mark_item(m, &group->items[j]);
        }
    }
    for (size_t i = 0; i < m->version->event_def_count; i++) {
        const struct form_ref *ref = event_form_ref(m->version->event_defs[i], form->oid);
        if (ref != NULL) {
            mark_condition(m, ref->condition);
        }
    }
    for (size_t i = 0;
         form->meanings[MEANING_SVSTDTC].item != NULL && i < m->version->window_count;
         i++) {
        const struct window *window = &m->version->windows[i];
        if (window->anchor_date != NULL &&
            event_form_ref(window->event, form->oid) != NULL) {
            mark_expression(m, window->anchor_date->expression);
        }
    }
}

/* ---- what a derived item would tell ---- */

/* A role from which SECRET is masked and FORM is not, or NULL. */
static const char *role_told(const struct form_def *secret, const struct form_def *form)
{
    for (size_t i = 0; i < secret->masked_count; i++) {
        if (!form_masks_role(form, secret->masked[i])) {
            return secret->masked[i];
        }
    }
    return NULL;
}

struct telling {
    const struct metadata_version *version;
    struct arena *arena;
    const struct expression_report *report;
};

static void say_told(const struct telling *t, const struct item_ref *ref,
                     const struct form_def *form, const struct form_def *secret,
                     const char *role)
{
    const struct formal_expression *source = method_of(ref);
    const struct expression_problem problem = {
        false,
        "EXPR-08",
        source->line,
        0,
        source->path,
        arena_printf(
            t->arena,
            odm_says(t->report->language,
                     "%.120s in form %.120s is computed from form %.120s, which is "
                     "masked from the role %.40s: what is computed tells it"),
            ref->item->oid, form->oid, secret->oid, role)};
    t->report->say(t->report->arg, &problem);
}

/* The first masked form that REF, which stands in FORM, tells somebody who reads FORM. */
static void find_told(const struct telling *t, const struct form_def *form,
                      const struct item_ref *ref)
{
    const struct formal_expression *source = method_of(ref);
    size_t count = 0;
    const struct expression_read *reads =
        source != NULL ? expression_reads(source->compiled, &count) : NULL;
    for (size_t i = 0; i < t->version->form_def_count; i++) {
        const struct form_def *secret = t->version->form_defs[i];
        const char *role = secret != form ? role_told(secret, form) : NULL;
        for (size_t r = 0; role != NULL && r < count; r++) {
            if (!reads[r].own_form && may_read(&reads[r], secret)) {
                say_told(t, ref, form, secret, role);
                return;
            }
        }
    }
}

void expressions_find_told(const struct metadata_version *version, struct arena *arena,
                           const struct expression_report *report)
{
    const struct telling telling = {version, arena, report};
    for (size_t f = 0; f < version->form_def_count; f++) {
        const struct form_def *form = version->form_defs[f];
        for (size_t g = 0; g < form->group_count; g++) {
            const struct group_def *group = form->groups[g].group;
            for (size_t i = 0; i < group->item_count; i++) {
                find_told(&telling, form, &group->items[i]);
            }
        }
    }
}

const struct expression_dependents *
expressions_find_dependents(const struct metadata_version *version, struct arena *arena)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    size_t count = version->form_def_count;
    struct expression_dependents *all =
        ARENA_ARRAY(arena, count, struct expression_dependents);
    const struct form_def ***lists = ARENA_ARRAY(scratch, count, const struct form_def **);
    size_t *capacities = ARENA_ARRAY(scratch, count, size_t);
    struct marking m = {version, find_derivations(version, scratch),
                        ARENA_ARRAY(scratch, count, bool), 0, 0};
    for (size_t i = 0; i < count; i++) {
        memset(m.reads, 0, count * sizeof(m.reads[0]));
        m.form = i + 1;
        mark_form(&m, version->form_defs[i]);
        for (size_t j = 0; j < count; j++) {
            if (m.reads[j]) {
                *ARENA_PUSH(arena, lists[j], all[j].count, capacities[j]) =
                    version->form_defs[i];
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        all[i].forms = lists[i];
    }
    return all;
}

const struct form_def *const *expression_dependents(const struct metadata_version *version,
                                                    const char *form_oid, size_t *ret_count)
{
    *ret_count = 0;
    for (size_t i = 0; version->dependents != NULL && i < version->form_def_count; i++) {
        if (strcmp(version->form_defs[i]->oid, form_oid) == 0) {
            *ret_count = version->dependents[i].count;
            return version->dependents[i].forms;
        }
    }
    return NULL;
}
