/* SPDX-License-Identifier: Apache-2.0 */
/*
** The walk through two definitions. Each list is compared once as a list (added, removed,
** moved) and then each thing that stands in both, part by part.
**
** Moved is what is left when the longest run that kept its order is taken out, so that one
** thing put first is one move and not a hundred.
*/
#include "protocol/study/diff_impl.h"

#include "protocol/study/messages.h"

static const char *const KINDS[DIFF_KIND_COUNT] = {
    [DIFF_ADDED] = "added",         [DIFF_REMOVED] = "removed",
    [DIFF_TIGHTENED] = "tightened", [DIFF_LOOSENED] = "loosened",
    [DIFF_MOVED] = "moved",         [DIFF_RENAMED] = "renamed",
    [DIFF_RETYPED] = "retyped",     [DIFF_CHANGED] = "changed",
};

const char *diff_kind_name(enum diff_kind kind)
{
    return KINDS[kind];
}

/* ---- saying ---- */

static const char *words(const struct differ *d, const char *id, const char *const *args,
                         size_t count)
{
    return message_text(d->out->arena, d->out->language, id, args, count);
}

void diff_say(struct differ *d, enum diff_kind kind, const char *part, const char *path,
              const char *title, const char *before, const char *after)
{
    struct arena *arena = d->out->arena;
    const char *from = before != NULL ? before : "", *to = after != NULL ? after : "";
    bool named = kind == DIFF_ADDED || kind == DIFF_REMOVED || kind == DIFF_MOVED;
    bool told = !named && (*from != 0 || *to != 0);
    const char *what = words(d, arena_printf(arena, "diff.part.%s", part), NULL, 0);
    const char *none = words(d, "diff.none", NULL, 0);
    const char *args[] = {what, *title != 0 ? title : path, path, *from != 0 ? from : none,
                          *to != 0 ? to : none};
    const char *id = arena_printf(arena, "diff.%s%s", KINDS[kind], told ? ".told" : "");
    *ARENA_PUSH(arena, d->out->items, d->out->count, d->out->capacity) =
        (struct difference){kind,
                            part,
                            arena_text(arena, path),
                            arena_text(arena, from),
                            arena_text(arena, to),
                            words(d, id, args, ARRAY_LEN(args))};
}

void diff_text(struct differ *d, enum diff_kind kind, const char *part, const char *path,
               const char *title, const char *before, const char *after)
{
    const char *from = before != NULL ? before : "", *to = after != NULL ? after : "";
    if (strcmp(from, to) != 0) {
        diff_say(d, kind, part, path, title, from, to);
    }
}

const char *diff_word(const struct differ *d, const char *id)
{
    return words(d, id, NULL, 0);
}

const char *diff_yes_no(const struct differ *d, bool yes)
{
    return diff_word(d, yes ? "diff.yes" : "diff.no");
}

const char *diff_number(const struct differ *d, long long number)
{
    return arena_printf(d->out->arena, "%lld", number);
}

const char *diff_join(const struct differ *d, const char *path, const char *oid)
{
    return *path == 0 ? oid : arena_printf(d->out->arena, "%s/%s", path, oid);
}

static enum diff_kind opposite(enum diff_kind kind)
{
    return kind == DIFF_TIGHTENED  ? DIFF_LOOSENED
           : kind == DIFF_LOOSENED ? DIFF_TIGHTENED
                                   : kind;
}

void diff_flag(struct differ *d, enum diff_kind more, const char *part, const char *path,
               const char *title, bool before, bool after)
{
    if (before != after) {
        diff_say(d, after ? more : opposite(more), part, path, title,
                 diff_yes_no(d, before), diff_yes_no(d, after));
    }
}

static bool has_word(const char *const *words_, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words_[i], word) == 0) {
            return true;
        }
    }
    return false;
}

/* two lists and where they stand: NOLINTNEXTLINE(readability-function-size) */
void diff_words(struct differ *d, enum diff_kind more, const char *part, const char *path,
                const char *title, const char *const *before, size_t before_count,
                const char *const *after, size_t after_count)
{
    for (size_t i = 0; i < after_count; i++) {
        if (!has_word(before, before_count, after[i])) {
            diff_say(d, more, part, path, title, NULL, after[i]);
        }
    }
    for (size_t i = 0; i < before_count; i++) {
        if (!has_word(after, after_count, before[i])) {
            diff_say(d, opposite(more), part, path, title, before[i], NULL);
        }
    }
}

/* ---- lists ---- */

static size_t place_of(const struct listed *list, size_t count, const char *oid)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].oid, oid) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* Mark in KEPT the longest rising run of the COUNT numbers PLACES (SIZE_MAX: passed over). */
static void longest_run(const size_t *places, size_t count, bool *kept, struct arena *arena)
{
    size_t *length = ARENA_ARRAY(arena, count + 1, size_t);
    size_t *before = ARENA_ARRAY(arena, count + 1, size_t);
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        length[i] = places[i] == SIZE_MAX ? 0 : 1;
        before[i] = SIZE_MAX;
        for (size_t j = 0; length[i] > 0 && j < i; j++) {
            if (length[j] > 0 && places[j] < places[i] && length[j] + 1 > length[i]) {
                length[i] = length[j] + 1;
                before[i] = j;
            }
        }
        if (length[i] > 0 && (best == SIZE_MAX || length[i] > length[best])) {
            best = i;
        }
    }
    for (; best != SIZE_MAX; best = before[best]) {
        kept[best] = true;
    }
}

void diff_list(struct differ *d, const char *part, const char *path,
               const struct listed *before, size_t before_count, const struct listed *after,
               size_t after_count)
{
    struct arena *arena = d->out->arena;
    size_t *places = ARENA_ARRAY(arena, after_count + 1, size_t);
    bool *kept = ARENA_ARRAY(arena, after_count + 1, bool);
    bool moved = false;
    size_t last = 0;
    for (size_t i = 0; i < after_count; i++) {
        places[i] = place_of(before, before_count, after[i].oid);
        moved = moved || (places[i] != SIZE_MAX && places[i] < last);
        last = places[i] != SIZE_MAX ? places[i] : last;
    }
    if (moved) {
        longest_run(places, after_count, kept, arena);
    }
    for (size_t i = 0; i < after_count; i++) {
        const char *where = diff_join(d, path, after[i].oid);
        if (places[i] == SIZE_MAX) {
            diff_say(d, DIFF_ADDED, part, where, after[i].title, NULL, NULL);
        } else if (moved && !kept[i]) {
            diff_say(d, DIFF_MOVED, part, where, after[i].title, NULL, NULL);
        }
    }
    for (size_t i = 0; i < before_count; i++) {
        if (place_of(after, after_count, before[i].oid) == SIZE_MAX) {
            diff_say(d, DIFF_REMOVED, part, diff_join(d, path, before[i].oid),
                     before[i].title, NULL, NULL);
        }
    }
}

/* ---- references ---- */

struct reference {
    const char *oid, *title;
    bool mandatory;
    const struct condition_def *condition;
    const struct method_def *method;
    bool derived;
};

struct references {
    struct reference *items;
    size_t count;
};

static struct references make_references(const struct differ *d, size_t count)
{
    return (struct references){ARENA_ARRAY(d->out->arena, count + 1, struct reference),
                               count};
}

static const char *oid_of_condition(const struct condition_def *condition)
{
    return condition != NULL ? condition->oid : NULL;
}

/* One thing that stands in both: under what conditions it does. */
static void diff_reference(struct differ *d, const char *path, const struct reference *a,
                           const struct reference *b)
{
    const char *old = oid_of_condition(a->condition), *new = oid_of_condition(b->condition);
    diff_flag(d, DIFF_TIGHTENED, "mandatory", path, b->title, a->mandatory, b->mandatory);
    diff_text(d,
              old == NULL   ? DIFF_LOOSENED
              : new == NULL ? DIFF_TIGHTENED
                            : DIFF_CHANGED,
              "condition", path, b->title, old, new);
    diff_text(d, DIFF_CHANGED, "method", path, b->title,
              a->method != NULL ? a->method->oid : NULL,
              b->method != NULL ? b->method->oid : NULL);
    if (a->method == NULL && b->method == NULL) {
        diff_flag(d, DIFF_CHANGED, "derived", path, b->title, a->derived, b->derived);
    }
}

static void diff_references(struct differ *d, const char *part, const char *path,
                            struct references old, struct references new)
{
    struct arena *arena = d->out->arena;
    struct listed *before = ARENA_ARRAY(arena, old.count + 1, struct listed);
    struct listed *after = ARENA_ARRAY(arena, new.count + 1, struct listed);
    for (size_t i = 0; i < old.count; i++) {
        before[i] = (struct listed){old.items[i].oid, old.items[i].title};
    }
    for (size_t i = 0; i < new.count; i++) {
        after[i] = (struct listed){new.items[i].oid, new.items[i].title};
    }
    diff_list(d, part, path, before, old.count, after, new.count);
    for (size_t i = 0; i < new.count; i++) {
        size_t at = place_of(before, old.count, new.items[i].oid);
        if (at != SIZE_MAX) {
            diff_reference(d, diff_join(d, path, new.items[i].oid), &old.items[at],
                           &new.items[i]);
        }
    }
}

static struct references events_of(const struct differ *d,
                                   const struct metadata_version *version)
{
    struct references list = make_references(d, version->event_count);
    for (size_t i = 0; i < list.count; i++) {
        const struct event_ref *ref = &version->events[i];
        list.items[i] =
            (struct reference){.oid = ref->event->oid,
                               .title = event_title(ref->event, d->out->language),
                               .mandatory = ref->mandatory,
                               .condition = ref->condition};
    }
    return list;
}

static struct references forms_of(const struct differ *d, const struct event_def *event)
{
    struct references list = make_references(d, event->form_count);
    for (size_t i = 0; i < list.count; i++) {
        const struct form_ref *ref = &event->forms[i];
        list.items[i] = (struct reference){.oid = ref->form->oid,
                                           .title = form_title(ref->form, d->out->language),
                                           .mandatory = ref->mandatory,
                                           .condition = ref->condition};
    }
    return list;
}

static const char *group_title(const struct differ *d, const struct group_def *group)
{
    const char *text = texts_get(&group->description, d->out->language);
    return *text != 0 ? text : *group->name != 0 ? group->name : group->oid;
}

static struct references groups_of(const struct differ *d, const struct form_def *form)
{
    struct references list = make_references(d, form->group_count);
    for (size_t i = 0; i < list.count; i++) {
        const struct group_ref *ref = &form->groups[i];
        list.items[i] = (struct reference){.oid = ref->group->oid,
                                           .title = group_title(d, ref->group),
                                           .mandatory = ref->mandatory,
                                           .condition = ref->condition};
    }
    return list;
}

static struct references items_of(const struct differ *d, const struct group_def *group)
{
    struct references list = make_references(d, group->item_count);
    for (size_t i = 0; i < list.count; i++) {
        const struct item_ref *ref = &group->items[i];
        list.items[i] = (struct reference){.oid = ref->item->oid,
                                           .title = item_title(ref->item, d->out->language),
                                           .mandatory = ref->mandatory,
                                           .condition = ref->condition,
                                           .method = ref->method,
                                           .derived = ref->derived};
    }
    return list;
}

/* ---- events, forms, groups ---- */

static void diff_events(struct differ *d)
{
    static const char *const types[] = {"Scheduled", "Unscheduled", "Common"};
    diff_references(d, "event", "", events_of(d, d->old), events_of(d, d->new));
    for (size_t i = 0; i < d->new->event_count; i++) {
        const struct event_def *new = d->new->events[i].event;
        const struct event_def *old = version_event(d->old, new->oid);
        if (old == NULL) {
            continue;
        }
        const char *title = event_title(new, d->out->language);
        diff_text(d, DIFF_RENAMED, "event", new->oid, title,
                  event_title(old, d->out->language), title);
        diff_text(d, DIFF_RETYPED, "event_type", new->oid, title, types[old->type],
                  types[new->type]);
        diff_flag(d, DIFF_LOOSENED, "repeating", new->oid, title, old->repeating,
                  new->repeating);
        diff_references(d, "form", new->oid, forms_of(d, old), forms_of(d, new));
    }
}

static void diff_form(struct differ *d, const struct form_def *old,
                      const struct form_def *new)
{
    static const char *const kinds[] = {"", "sae", "death", "pregnancy", "product-error"};
    const char *title = form_title(new, d->out->language);
    diff_text(d, DIFF_RENAMED, "form", new->oid, title, form_title(old, d->out->language),
              title);
    diff_flag(d, DIFF_LOOSENED, "repeating", new->oid, title, old->repeating,
              new->repeating);
    diff_text(d, DIFF_CHANGED, "safety", new->oid, title, kinds[old->safety],
              kinds[new->safety]);
    diff_words(d, DIFF_LOOSENED, "roles", new->oid, title, old->roles, old->role_count,
               new->roles, new->role_count);
    diff_words(d, DIFF_TIGHTENED, "masked", new->oid, title, old->masked, old->masked_count,
               new->masked, new->masked_count);
    diff_flag(d, DIFF_TIGHTENED, "eligibility", new->oid, title, old->eligibility,
              new->eligibility);
    diff_flag(d, DIFF_CHANGED, "ledger", new->oid, title, old->ledger, new->ledger);
    diff_references(d, "group", new->oid, groups_of(d, old), groups_of(d, new));
}

static void diff_forms(struct differ *d)
{
    for (size_t i = 0; i < d->new->form_def_count; i++) {
        const struct form_def *old = version_form(d->old, d->new->form_defs[i]->oid);
        if (old != NULL) {
            diff_form(d, old, d->new->form_defs[i]);
        }
    }
}

static void diff_groups(struct differ *d)
{
    for (size_t i = 0; i < d->new->group_def_count; i++) {
        const struct group_def *new = d->new->group_defs[i];
        const struct group_def *old = version_group(d->old, new->oid);
        if (old == NULL) {
            continue;
        }
        const char *title = group_title(d, new);
        diff_text(d, DIFF_RENAMED, "group", new->oid, title, group_title(d, old), title);
        diff_flag(d, DIFF_LOOSENED, "repeating", new->oid, title, old->repeating,
                  new->repeating);
        diff_references(d, "item", new->oid, items_of(d, old), items_of(d, new));
    }
}

void version_diff(const struct metadata_version *old, const struct metadata_version *new,
                  struct differences *differences)
{
    struct differ d = {old, new, differences};
    diff_study(&d);
    diff_events(&d);
    diff_forms(&d);
    diff_groups(&d);
    diff_items(&d);
    diff_code_lists(&d);
    diff_expressions(&d);
    diff_windows(&d);
    diff_parameters(&d);
    diff_sections(&d);
}

void difference_to_json(const struct difference *difference, struct json_out *json)
{
    json_begin(json, '{');
    json_member(json, "kind", KINDS[difference->kind]);
    json_member(json, "part", difference->part);
    json_member(json, "path", difference->path);
    json_member(json, "before", difference->before);
    json_member(json, "after", difference->after);
    json_member(json, "sentence", difference->sentence);
    json_end(json, '}');
}
