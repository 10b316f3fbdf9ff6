/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/study/expression_scene.h"

#include "protocol/study/odm.h"
#include "tests/support/files.h"

#define SUBJECT "S-1"

const struct metadata_version *scene_version(const char *file)
{
    static struct arena *arena;
    static const struct study *study;
    if (arena == NULL) {
        CLEANUP(bytes_done) struct bytes xml = read_file(file);
        struct odm_problems problems = {0};
        struct err err = {0};
        arena = arena_new();
        if (odm_read(arena_span(arena, span_bytes(&xml)), arena, &study, &problems, &err) !=
            OK) {
            die(file, err.what);
        }
    }
    return study->versions[0];
}

/* ---- places ---- */

static const char *segment(struct span *rest, struct arena *arena)
{
    struct span part;
    if (!span_cut(rest, '/', &part)) {
        part = *rest;
        *rest = span_of("", 0);
    }
    return part.size == 0 || span_is(part, "-") ? NULL : arena_span_text(arena, part);
}

struct expression_place scene_place(const char *path, struct arena *arena)
{
    struct span rest = span_text(path);
    struct expression_place place = {.form = {.subject = SUBJECT}};
    place.form.event = segment(&rest, arena);
    place.form.event_repeat = segment(&rest, arena);
    place.form.form = segment(&rest, arena);
    place.form.form_repeat = segment(&rest, arena);
    place.item.group = segment(&rest, arena);
    place.item.group_repeat = segment(&rest, arena);
    place.item.item = segment(&rest, arena);
    return place;
}

/* ---- casebooks ---- */

#define MANY 200

struct draft {
    struct form_data *forms[MANY];
    size_t count;
    struct arena *arena;
};

static bool same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static struct form_data *form_for(struct draft *draft, const struct form_key *key)
{
    struct form_data *last = draft->count > 0 ? draft->forms[draft->count - 1] : NULL;
    if (last != NULL && form_key_equal(&last->key, key)) {
        return last;
    }
    BUG_IF(draft->count == MANY);
    last = ARENA_NEW(draft->arena, struct form_data);
    last->key = *key;
    last->state = FORM_COMPLETE;
    last->groups = ARENA_ARRAY(draft->arena, MANY, struct group_data);
    draft->forms[draft->count++] = last;
    return last;
}

static struct group_data *group_for(struct draft *draft, struct form_data *form,
                                    const struct item_key *key)
{
    struct group_data *groups = (struct group_data *) (uintptr_t) form->groups;
    if (form->count > 0 && same(groups[form->count - 1].oid, key->group) &&
        same(groups[form->count - 1].repeat, key->group_repeat)) {
        return &groups[form->count - 1];
    }
    BUG_IF(form->count == MANY);
    groups[form->count] =
        (struct group_data){key->group, key->group_repeat,
                            ARENA_ARRAY(draft->arena, MANY, struct item_data), 0};
    return &groups[form->count++];
}

static void add_answer(struct group_data *group, const char *item, struct span answer,
                       struct arena *arena)
{
    static const char *const KINDS[] = {"!nd", "!unk", "!na"};
    struct item_data data = {.oid = item};
    struct span value;
    for (size_t i = 0; i < ARRAY_LEN(KINDS); i++) {
        if (span_is(answer, KINDS[i])) {
            data.null = (enum null_kind)(NOT_DONE + (int) i);
        }
    }
    if (data.null == NOT_NULL && span_cut(&answer, '@', &value)) {
        data.unit = arena_span_text(arena, answer);
        answer = value;
    }
    data.value = data.null == NOT_NULL ? arena_span_text(arena, answer) : NULL;
    BUG_IF(group->count == MANY);
    ((struct item_data *) (uintptr_t) group->items)[group->count++] = data;
}

static void add_line(struct draft *draft, struct span line)
{
    struct span path = line, answer = span_of("", 0);
    if (span_cut(&line, '=', &path)) {
        answer = line;
    } else {
        path = line;
    }
    struct expression_place place =
        scene_place(arena_span_text(draft->arena, path), draft->arena);
    struct form_data *form = form_for(draft, &place.form);
    if (place.item.group == NULL) {
        return;
    }
    struct group_data *group = group_for(draft, form, &place.item);
    if (place.item.item != NULL) {
        add_answer(group, place.item.item, answer, draft->arena);
    }
}

struct casebook scene_book(const char *lines, struct arena *arena)
{
    struct draft draft = {.arena = arena};
    const char *end = lines;
    while (*lines != '\0') {
        end = strstr(lines, " ; ");
        size_t size = end != NULL ? (size_t) (end - lines) : strlen(lines);
        add_line(&draft, span_of(lines, size));
        lines += size + (end != NULL ? 3 : 0);
    }
    return casebook_make(SUBJECT, (const struct form_data *const *) draft.forms,
                         draft.count, arena);
}

/* ---- compiling and printing ---- */

static void keep_problem(void *arg, const struct expression_problem *problem)
{
    struct expression_problem *kept = arg;
    if (kept->rule == NULL) {
        *kept = *problem;
    }
}

static enum expression_level level_of(const struct expression_place *place)
{
    if (place->form.event == NULL) {
        return LEVEL_SUBJECT;
    }
    if (place->form.form == NULL) {
        return LEVEL_EVENT;
    }
    if (place->item.group == NULL) {
        return LEVEL_FORM;
    }
    return place->item.item != NULL ? LEVEL_ITEM : LEVEL_GROUP;
}

const struct expression *scene_compile(const struct metadata_version *version,
                                       const char *text, enum expression_use use,
                                       const struct expression_place *place,
                                       struct arena *arena,
                                       struct expression_problem *ret_problem)
{
    *ret_problem = (struct expression_problem){.refuses = false};
    const struct expression_report report = {keep_problem, ret_problem, NULL};
    const struct formal_expression source = {
        .context = "XPath", .text = text, .path = "test", .use = use};
    return expression_compile(version, &source, level_of(place), arena, &report);
}

static const char *print_number(const struct number *number, struct arena *arena)
{
    char least[DECIMAL_SIZE] = "...", most[DECIMAL_SIZE] = "...";
    if (!number->has_least && !number->has_most) {
        return "unknown";
    }
    (void) (number->has_least && decimal_format(number->least, least));
    (void) (number->has_most && decimal_format(number->most, most));
    return strcmp(least, most) == 0 ? arena_text(arena, least)
                                    : arena_printf(arena, "[%s, %s]", least, most);
}

static const char *print_date(const struct value *when, struct arena *arena)
{
    char from[INSTANT_SIZE], to[INSTANT_SIZE];
    if (when->wall.earliest == INSTANT_MIN || when->wall.latest == INSTANT_MAX) {
        return "unknown";
    }
    instant_format(when->wall.earliest, from);
    instant_format(when->wall.latest, to);
    if (strncmp(from, to, 16) == 0) {
        return arena_printf(arena, "%.16s", from);
    }
    return strncmp(from, to, 10) == 0 ? arena_printf(arena, "%.10s", from)
                                      : arena_printf(arena, "[%.10s, %.10s]", from, to);
}

const char *scene_print(const struct expression_result *result, struct arena *arena)
{
    static const char *const TRUTHS[] = {"false", "true", "unknown"};
    switch (result->kind) {
    case RESULT_NUMBER:
        return print_number(&result->number, arena);
    case RESULT_DATE:
        return print_date(&result->when, arena);
    case RESULT_TEXT:
        return result->text != NULL ? result->text : "unknown";
    case RESULT_TRUTH:
    default:
        return TRUTHS[result->truth];
    }
}
