/* SPDX-License-Identifier: Apache-2.0 */
/*
** The path of a form through the checks, top to bottom: can it be placed, is each item what its
** definition says, is something missing, do the rules agree, what is derived.
**
** A form that cannot be placed (unknown visit or form) is not looked at further: nothing else
** could be said about it that is true.
*/
#include "protocol/study/check_impl.h"

/* ---- placing ---- */

static void refuse(struct checker *c, const char *rule, const char *path,
                   const char *message)
{
    say_at(c, checked_form(c), rule, path, SAY_ALWAYS, message, NULL);
}

static void check_repeat(struct checker *c, bool repeating, const char *repeat_key,
                         const char *path, const char *title)
{
    if (repeating == (repeat_key != NULL)) {
        return;
    }
    refuse(c, "FORM-02", path,
           TEXT(c, repeating ? "FORM-02.missing" : "FORM-02.needless", title));
}

static const char *short_event(const struct event_def *event)
{
    return event->short_name[0] != '\0' ? event->short_name : event->name;
}

static bool place(struct checker *c)
{
    const struct form_key *key = &c->form->key;
    const struct event_ref *event = version_event_ref(c->version, key->event);
    c->def = version_form(c->version, key->form);
    if (event == NULL) {
        refuse(c, "FORM-01", "", TEXT(c, "FORM-01.event", key->event));
        return false;
    }
    c->event = event->event;
    if (c->def == NULL) {
        refuse(c, "FORM-01", "", TEXT(c, "FORM-01.form", key->form));
        return false;
    }
    if (event_form_ref(c->event, key->form) == NULL) {
        refuse(c, "FORM-01", "",
               TEXT(c, "FORM-01.place", form_title(c->def, c->language),
                    short_event(c->event)));
        return false;
    }
    check_repeat(c, c->event->repeating, key->event_repeat, "", short_event(c->event));
    check_repeat(c, c->def->repeating, key->form_repeat, "",
                 form_title(c->def, c->language));
    return true;
}

/* ---- missing answers ---- */

struct missing {
    const char **titles, **paths;
    size_t count, title_capacity, path_count, path_capacity;
};

static void add_missing(struct checker *c, struct missing *missing, const char *group,
                        const char *repeat, const struct item_def *item)
{
    struct arena *arena = c->findings->arena;
    const char *path = item_path(arena, group, repeat, item->oid);
    const char *title = item_title(item, c->language);
    *ARENA_PUSH(arena, missing->titles, missing->count, missing->title_capacity) = title;
    *ARENA_PUSH(arena, missing->paths, missing->path_count, missing->path_capacity) = path;
}

/* Is an answer to REF demanded? Where that cannot be told, it is listed at sign and lock; a
 * condition that nobody can evaluate demands nothing. */
static bool is_wanted(struct checker *c, const char *group, const char *repeat,
                      const struct item_ref *ref)
{
    if (!ref->mandatory || ref->derived) {
        return false;
    }
    enum truth skipped = item_is_skipped(c, group, repeat, ref);
    bool evaluated = ref->condition != NULL && ref->condition->expression != NULL &&
                     ref->condition->expression->compiled != NULL;
    if (skipped == UNKNOWN && evaluated && c->context->place != PLACE_SUBMIT &&
        c->form->state == FORM_COMPLETE) {
        say_at(c, checked_form(c), "FORM-03",
               item_path(c->findings->arena, group, repeat, ref->item->oid), SAY_DUE,
               TEXT(c, "FORM-03.maybe", item_title(ref->item, c->language)), NULL);
    }
    return skipped == NO;
}

static const char *count_text(struct checker *c, size_t count)
{
    char id[16];
    if (count > 6) {
        return number_text(c, (int64_t) count);
    }
    (void) snprintf(id, sizeof(id), "number.%zu", count);
    return text_alone(c, id);
}

static const char *join(struct checker *c, const struct missing *missing)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    for (size_t i = 0; i < missing->count; i++) {
        bytes_printf(&text, "%s%s", i > 0 ? ", " : "", missing->titles[i]);
    }
    return arena_text(c->findings->arena, bytes_text(&text));
}

static void say_missing(struct checker *c, const struct missing *missing)
{
    bool safety = c->def->safety != SAFETY_NONE;
    int speech = safety ? SAY_DUE : SAY_REFUSE;
    const char *id = missing->count == 1 ? "FORM-03.one" : "FORM-03";
    if (missing->count == 0) {
        return;
    }
    say_at(c, checked_form(c), "FORM-03", "", speech,
           TEXT(c, safety ? "FORM-03.safety" : id, count_text(c, missing->count),
                form_title(c->def, c->language), short_event(c->event),
                c->form->key.subject, join(c, missing)),
           NULL);
    for (size_t i = 0; i < missing->count; i++) {
        say_at(c, checked_form(c), "FORM-03", missing->paths[i], speech,
               TEXT(c, "FORM-03.item", missing->titles[i]), NULL);
    }
}

/* ---- groups and items ---- */

static void check_group(struct checker *c, const struct group_data *group,
                        const struct group_ref *ref, struct missing *missing)
{
    const struct group_def *def = ref->group;
    bool *seen = ARENA_ARRAY(c->findings->arena, def->item_count, bool);
    check_repeat(c, def->repeating, group->repeat,
                 item_path(c->findings->arena, group->oid, group->repeat, NULL), def->name);
    for (size_t i = 0; i < group->count; i++) {
        const struct item_ref *item = group_item_ref(def, group->items[i].oid);
        if (item == NULL) {
            refuse(c, "FORM-01",
                   item_path(c->findings->arena, group->oid, group->repeat,
                             group->items[i].oid),
                   TEXT(c, "FORM-01.item", group->items[i].oid,
                        form_title(c->def, c->language)));
            continue;
        }
        seen[item->position] = true;
        check_item(c, group, item, &group->items[i]);
        check_skipped_item(c, group, item, &group->items[i]);
    }
    for (size_t i = 0; i < def->item_count; i++) {
        if (!seen[i] && is_wanted(c, group->oid, group->repeat, &def->items[i])) {
            add_missing(c, missing, group->oid, group->repeat, def->items[i].item);
        }
    }
}

/* A mandatory group that is not there at all misses each of its mandatory items. */
static void check_absent(struct checker *c, const struct group_ref *ref,
                         struct missing *missing)
{
    bool asked = ref->mandatory && group_is_skipped(c, ref, NULL) == NO;
    for (size_t i = 0; asked && i < ref->group->item_count; i++) {
        if (is_wanted(c, ref->group->oid, NULL, &ref->group->items[i])) {
            add_missing(c, missing, ref->group->oid, NULL, ref->group->items[i].item);
        }
    }
}

static void check_structure(struct checker *c)
{
    struct missing missing = {0};
    bool *seen = ARENA_ARRAY(c->findings->arena, c->def->group_count, bool);
    for (size_t i = 0; i < c->form->count; i++) {
        const struct group_data *group = &c->form->groups[i];
        const struct group_ref *ref = form_group_ref(c->def, group->oid);
        if (ref == NULL) {
            refuse(c, "FORM-01",
                   item_path(c->findings->arena, group->oid, group->repeat, NULL),
                   TEXT(c, "FORM-01.group", group->oid, form_title(c->def, c->language)));
            continue;
        }
        seen[ref->position] = true;
        check_group(c, group, ref, &missing);
    }
    for (size_t i = 0; i < c->def->group_count; i++) {
        if (!seen[i]) {
            check_absent(c, &c->def->groups[i], &missing);
        }
    }
    if (c->form->state == FORM_COMPLETE) {
        say_missing(c, &missing);
    }
}

/* ---- the whole ---- */

static void find_consent(struct checker *c)
{
    struct subject_form form;
    struct value when;
    c->consent = interval_unknown();
    for (size_t cursor = 0; next_form(c, MEANING_RFICDTC, &cursor, &form);) {
        if (said_when(c, form, MEANING_RFICDTC, &when)) {
            c->consent = when.when;
            c->consent_text = said(form, MEANING_RFICDTC);
            return;
        }
    }
}

static void check_begin(struct checker *c)
{
    c->language =
        c->context->language != NULL ? c->context->language : c->findings->language;
    c->ordinary_complete =
        c->form->state == FORM_COMPLETE && c->def != NULL && c->def->safety == SAFETY_NONE;
}

static struct derived_list judge(struct checker *c)
{
    check_begin(c);
    if (!place(c)) {
        return (struct derived_list){0};
    }
    check_begin(c);
    find_consent(c);
    check_structure(c);
    check_expressions(c);
    check_rules_run(c);
    return check_derive(c);
}

void check_form(const struct metadata_version *version, const struct casebook *book,
                const struct form_data *form, const struct check_context *context,
                struct findings *findings, struct derived_list *ret_derived)
{
    bool later = context->place != PLACE_SUBMIT;
    struct checker c = {.version = version,
                        .book = book,
                        .form = form,
                        .context = context,
                        .findings = findings,
                        .object = later ? form_key_path(findings->arena, &form->key) : ""};
    struct derived_list derived = judge(&c);
    arena_free(c.scratch);
    if (ret_derived != NULL) {
        *ret_derived = derived;
    }
}

/* ---- sign and lock ---- */

static void gate(struct checker *c, const char *rule, const char *message)
{
    say_at(c, checked_form(c), rule, "", SAY_ASK, message, NULL);
}

static struct checker checker_for(const struct metadata_version *version,
                                  const struct casebook *book, const struct form_data *form,
                                  const struct check_context *context,
                                  struct findings *findings)
{
    struct checker c = {.version = version,
                        .book = book,
                        .form = form,
                        .def = version_form(version, form->key.form),
                        .event = version_event(version, form->key.event),
                        .context = context,
                        .findings = findings,
                        .object = form_key_path(findings->arena, &form->key)};
    check_begin(&c);
    return c;
}

static const char *form_name(struct checker *c)
{
    return c->def != NULL ? form_title(c->def, c->language) : c->form->key.form;
}

static const char *event_name(struct checker *c)
{
    return c->event != NULL ? short_event(c->event) : c->form->key.event;
}

void check_sign(const struct metadata_version *version, const struct casebook *book,
                const struct form_key *keys, size_t count,
                const struct check_context *context, struct findings *findings)
{
    struct check_context at_sign = *context;
    at_sign.place = PLACE_SIGN;
    for (size_t i = 0; i < count; i++) {
        const struct form_data *form = casebook_form(book, &keys[i]);
        struct form_data nothing = {.key = keys[i]};
        struct checker c =
            checker_for(version, book, form != NULL ? form : &nothing, &at_sign, findings);
        if (form == NULL) {
            gate(&c, "FORM-08", text_alone(&c, "FORM-08"));
            continue;
        }
        if (form->state == FORM_PARTIAL) {
            gate(&c, "FORM-05", TEXT(&c, "FORM-05", form_name(&c), event_name(&c)));
        }
        check_form(version, book, form, &at_sign, findings, NULL);
    }
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* A visit that was missed, held by phone or stopped owes no further forms. */
static bool visit_was_held(const struct metadata_version *version,
                           const struct casebook *book, const struct form_key *key)
{
    const struct form_def *def = NULL;
    const struct form_data *form;
    for (size_t cursor = 0;
         (form = casebook_next(book, version, MEANING_VISSTAT, &cursor, &def)) != NULL;) {
        struct subject_form visit = {form, def};
        if (same_text(form->key.event, key->event) &&
            same_text(form->key.event_repeat, key->event_repeat)) {
            const char *state = said(visit, MEANING_VISSTAT);
            return state == NULL || strcmp(state, "DONE") == 0;
        }
    }
    return true;
}

static void check_visit_forms(struct checker *c)
{
    if (c->event == NULL || !visit_was_held(c->version, c->book, &c->form->key)) {
        return;
    }
    for (size_t i = 0; i < c->event->form_count; i++) {
        const struct form_ref *ref = &c->event->forms[i];
        struct form_data absent = {.key = c->form->key};
        bool found = false;
        absent.key.form = ref->form->oid;
        absent.key.form_repeat = NULL;
        for (size_t j = 0; j < c->book->count && !found; j++) {
            const struct form_key *key = &c->book->forms[j]->key;
            found = strcmp(key->form, ref->form->oid) == 0 &&
                    strcmp(key->event, absent.key.event) == 0 &&
                    same_text(key->event_repeat, absent.key.event_repeat);
        }
        if (ref->mandatory && !found && form_is_skipped(c, ref, &absent.key) == NO) {
            struct subject_form form = {&absent, ref->form};
            say_at(c, form, "FORM-06", "", SAY_DUE,
                   TEXT(c, "FORM-06", form_title(ref->form, c->language), event_name(c)),
                   NULL);
        }
    }
}

void check_lock(const struct metadata_version *version, const struct casebook *book,
                const struct check_context *context, struct findings *findings)
{
    struct check_context at_lock = *context;
    at_lock.place = PLACE_LOCK;
    for (size_t i = 0; i < book->count; i++) {
        const struct form_data *form = book->forms[i];
        const struct form_data *before = i > 0 ? book->forms[i - 1] : NULL;
        struct checker c = checker_for(version, book, form, &at_lock, findings);
        if (form->state == FORM_PARTIAL) {
            gate(&c, "FORM-05", TEXT(&c, "FORM-05", form_name(&c), event_name(&c)));
        }
        if ((form->flags & FORM_SIGNED) == 0) {
            gate(&c, "FORM-07", TEXT(&c, "FORM-07", form_name(&c), event_name(&c)));
        }
        if (before == NULL || !same_text(before->key.event, form->key.event) ||
            !same_text(before->key.event_repeat, form->key.event_repeat)) {
            check_visit_forms(&c);
            arena_free(c.scratch);
            c.scratch = NULL;
        }
        check_form(version, book, form, &at_lock, findings, NULL);
    }
}
