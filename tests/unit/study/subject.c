/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/study/subject.h"

#include "protocol/study/odm.h"
#include "tests/support/files.h"

#define FOLDER "tests/support/mabs06"

static const struct form_data *read_form(const char *path, struct arena *arena)
{
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    const struct json *json = NULL;
    struct form_data *form = ARENA_NEW(arena, struct form_data);
    struct err err = {0};
    if (json_parse(span_bytes(&text), &JSON_RECORD, arena, &json, &err) != OK ||
        form_data_from_json(json, arena, form, &err) != OK) {
        die(path, err.what);
    }
    return form;
}

static void add_form(const char *path, void *arg)
{
    struct subject *subject = arg;
    const char *name = strrchr(path, '/') + 1;
    subject->names[subject->count] =
        arena_span_text(subject->arena, span_of(name, strlen(name) - 5));
    subject->forms[subject->count++] = read_form(path, subject->arena);
}

struct subject subject_load(void)
{
    struct subject subject = {.arena = arena_new()};
    CLEANUP(bytes_done) struct bytes xml = read_file("protocol/trials/mabs06.xml");
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct err err = {0};
    if (odm_read(span_bytes(&xml), subject.arena, &study, &problems, &err) != OK) {
        die(WHERE, err.what);
    }
    subject.version = study->versions[0];
    subject.forms = ARENA_ARRAY(subject.arena, 200, const struct form_data *);
    subject.names = ARENA_ARRAY(subject.arena, 200, const char *);
    (void) each_file(FOLDER, ".json", add_form, &subject);
    if (subject.count == 0) {
        die(WHERE, "no forms in " FOLDER);
    }
    return subject;
}

/* ---- edits ---- */

struct draft {
    struct form_data form;
    struct group_data groups[40];
    struct item_data items[40][60];
};

static struct draft *draft_of(const struct form_data *form, struct arena *arena)
{
    struct draft *draft = ARENA_NEW(arena, struct draft);
    draft->form = *form;
    draft->form.groups = draft->groups;
    for (size_t i = 0; i < form->count; i++) {
        draft->groups[i] = form->groups[i];
        draft->groups[i].items = draft->items[i];
        for (size_t j = 0; j < form->groups[i].count; j++) {
            draft->items[i][j] = form->groups[i].items[j];
        }
    }
    return draft;
}

/* The group of the form's definition that has ITEM; else the first of the draft. */
static const char *group_for(const struct subject *subject, const struct draft *draft,
                             const char *item)
{
    const struct form_def *def = version_form(subject->version, draft->form.key.form);
    for (size_t i = 0; def != NULL && i < def->group_count; i++) {
        if (group_item_ref(def->groups[i].group, item) != NULL) {
            return def->groups[i].group->oid;
        }
    }
    return draft->groups[0].oid;
}

static size_t find_group(struct subject *subject, struct draft *draft, const char *oid,
                         int number)
{
    const struct group_def *def = version_group(subject->version, oid);
    int seen = 0;
    for (size_t i = 0; i < draft->form.count; i++) {
        seen += strcmp(draft->groups[i].oid, oid) == 0;
        if (seen == number) {
            return i;
        }
    }
    size_t at = draft->form.count++;
    const char *repeat = def != NULL && def->repeating
                             ? arena_printf(subject->arena, "new%d", number)
                             : NULL;
    draft->groups[at] = (struct group_data){oid, repeat, draft->items[at], 0};
    return at;
}

static struct item_data answer_of(struct subject *subject, const char *oid,
                                  const char *text)
{
    struct item_data item = {.oid = oid};
    static const char *const KINDS[] = {"!nd", "!unk", "!na"};
    for (size_t i = 0; i < ARRAY_LEN(KINDS); i++) {
        size_t size = strlen(KINDS[i]);
        if (strncmp(text, KINDS[i], size) == 0) {
            item.null = (enum null_kind)(NOT_DONE + i);
            item.reason = text[size] == ' ' ? text + size + 1 : NULL;
            return item;
        }
    }
    if (text[0] == '*') {
        size_t size = (size_t) strtoul(text + 1, NULL, 10);
        char *stars = arena_alloc(subject->arena, size + 1);
        memset(stars, 'x', size);
        item.value = stars;
        return item;
    }
    const char *at = strchr(text, '@');
    item.value = at != NULL
                     ? arena_span_text(subject->arena, span_of(text, (size_t) (at - text)))
                     : text;
    item.unit = at != NULL ? at + 1 : NULL;
    return item;
}

static void set_item(struct subject *subject, struct draft *draft, const char *oid,
                     int number, const char *text)
{
    size_t g = find_group(subject, draft, group_for(subject, draft, oid), number);
    struct group_data *group = &draft->groups[g];
    size_t at = 0;
    while (at < group->count && strcmp(draft->items[g][at].oid, oid) != 0) {
        at++;
    }
    if (text != NULL) {
        draft->items[g][at] = answer_of(subject, oid, text);
        group->count += at == group->count;
        return;
    }
    for (; at + 1 < group->count; at++) {
        draft->items[g][at] = draft->items[g][at + 1];
    }
    group->count -= at < group->count;
}

static void apply(struct subject *subject, struct draft *draft, const char *edit)
{
    const char *equals = strchr(edit, '=');
    struct span name =
        span_of(edit, equals != NULL ? (size_t) (equals - edit) : strlen(edit));
    const char *text = equals != NULL ? equals + 1 : NULL;
    int number = 1;
    if (name.size > 2 && name.data[1] == ':') {
        number = name.data[0] - '0';
        name = span_of(name.data + 2, name.size - 2);
    }
    if (span_is(name, "state")) {
        draft->form.state = strcmp(text, "partial") == 0 ? FORM_PARTIAL : FORM_COMPLETE;
    } else if (span_is(name, "event")) {
        draft->form.key.event = text;
    } else if (span_is(name, "form")) {
        draft->form.key.form = text;
    } else if (span_is(name, "repeat")) {
        draft->form.key.form_repeat = text[0] != '\0' ? text : NULL;
    } else if (span_is(name, "number")) {
        draft->form.number = text;
    } else if (span_is(name, "group")) {
        draft->groups[0].oid = text;
    } else if (span_is(name, "grouprepeat")) {
        draft->groups[0].repeat = text[0] != '\0' ? text : NULL;
    } else {
        set_item(subject, draft, arena_span_text(subject->arena, name), number, text);
    }
}

const struct form_data *subject_form(struct subject *subject, const char *name,
                                     const char *const *edits)
{
    const struct form_data *form = NULL;
    for (size_t i = 0; i < subject->count && form == NULL; i++) {
        form = strcmp(subject->names[i], name) == 0 ? subject->forms[i] : NULL;
    }
    if (form == NULL) {
        form = read_form(
            arena_printf(subject->arena, "tests/support/mabs06-apart/%s.json", name),
            subject->arena);
    }
    struct draft *draft = draft_of(form, subject->arena);
    for (size_t i = 0; edits != NULL && edits[i] != NULL; i++) {
        apply(subject, draft, edits[i]);
    }
    return &draft->form;
}

struct casebook subject_book(struct subject *subject, const char *const *without,
                             const struct form_data *with)
{
    const struct form_data **forms =
        ARENA_ARRAY(subject->arena, subject->count + 1, const struct form_data *);
    size_t count = 0;
    for (size_t i = 0; i < subject->count; i++) {
        bool out = false;
        for (size_t j = 0; without != NULL && without[j] != NULL; j++) {
            out = out || strcmp(without[j], subject->names[i]) == 0;
        }
        if (!out) {
            forms[count++] = subject->forms[i];
        }
    }
    if (with != NULL) {
        forms[count++] = with;
    }
    return casebook_make("007-K", forms, count, subject->arena);
}
