/* SPDX-License-Identifier: Apache-2.0 */
/*
** From answers to whole forms, and from what others found back to lines.
*/
#include "clients/lib/command.h"
#include "clients/lib/form_edit.h"
#include "clients/lib/form_text_impl.h"

static bool same_repeat(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

void form_build(struct text_form *form, struct text_section *section)
{
    struct form_edit edit =
        form_edit_start(form->arena, section->form, &section->data.key, NULL);
    for (size_t i = 0; i < section->place_count; i++) {
        const struct text_place *place = &section->places[i];
        if (place->answered) {
            form_edit_set(&edit, place->group, place->repeat, place->item, &place->data);
        }
    }
    enum form_state state = section->data.state;
    if (!section->state_given) {
        state = form_edit_is_whole(&edit) ? FORM_COMPLETE : FORM_PARTIAL;
    }
    section->data = form_edit_data(&edit, state);
}

/* ---- what stands elsewhere ---- */

static bool stands_in_text(const struct text_section *section,
                           const struct group_data *group, const char *item)
{
    for (size_t i = 0; i < section->place_count; i++) {
        const struct text_place *place = &section->places[i];
        if (strcmp(place->group->group->oid, group->oid) == 0 &&
            strcmp(place->item->item->oid, item) == 0 &&
            same_repeat(place->repeat, group->repeat)) {
            return true;
        }
    }
    return false;
}

/* The answers of OLD's group that the text does not ask for again. */
static void take_over(struct text_form *form, struct text_section *section,
                      const struct group_data *old)
{
    const struct group_ref *group = form_group_ref(section->form, old->oid);
    for (size_t i = 0; group != NULL && i < old->count; i++) {
        const struct item_ref *item = group_item_ref(group->group, old->items[i].oid);
        if (item != NULL && !stands_in_text(section, old, old->items[i].oid)) {
            *ARENA_PUSH(form->arena, section->places, section->place_count,
                        section->place_capacity) = (struct text_place){
                group, old->repeat, item, true, old->items[i], section->line};
        }
    }
}

/* Where the story is told: NARR, else what happened. */
static struct place_of_item narrative(const struct form_def *form)
{
    struct place_of_item place = form->meanings[MEANING_SAEWHAT];
    const struct group_ref *group;
    const struct item_ref *item;
    if (form_find_item(form, SPAN_LITERAL("NARR"), &group, &item)) {
        place = (struct place_of_item){group, item};
    }
    return place;
}

static void move_to_narrative(struct text_form *form, struct text_section *section)
{
    struct place_of_item place = narrative(section->form);
    if (section->moved == NULL || place.item == NULL) {
        return;
    }
    for (size_t i = 0; i < section->place_count; i++) {
        struct text_place *found = &section->places[i];
        if (found->item == place.item && found->answered && found->data.value != NULL) {
            found->data.value =
                arena_printf(form->arena, "%s\n%s", found->data.value, section->moved);
            section->moved = NULL;
            return;
        }
    }
    *ARENA_PUSH(form->arena, section->places, section->place_count,
                section->place_capacity) =
        (struct text_place){place.group,
                            NULL,
                            place.item,
                            true,
                            {.oid = place.item->item->oid, .value = section->moved},
                            section->line};
    section->moved = NULL;
}

void text_form_complete(struct text_form *form, struct text_section *section,
                        const struct form_data *old)
{
    for (size_t i = 0; old != NULL && i < old->count; i++) {
        take_over(form, section, &old->groups[i]);
    }
    move_to_narrative(form, section);
    form_build(form, section);
}

/* ---- placing what others found ---- */

size_t text_form_line(const struct text_form *form, const struct text_section *section,
                      const char *path)
{
    struct item_key key;
    if (path[0] == '\0' || !item_path_parse(span_text(path), form->arena, &key)) {
        return section->line;
    }
    size_t line = section->line;
    for (size_t i = 0; i < section->place_count; i++) {
        const struct text_place *place = &section->places[i];
        if (strcmp(place->group->group->oid, key.group) != 0 ||
            !same_repeat(place->repeat, key.group_repeat)) {
            continue;
        }
        line = place->line;
        if (key.item != NULL && strcmp(place->item->item->oid, key.item) == 0) {
            return line;
        }
    }
    if (key.item == NULL) {
        return line;
    }
    /* Not answered: the line with its key, if there is one. */
    for (size_t i = section->line; i < form->line_count; i++) {
        struct span rest;
        struct span word = span_first_word(form->lines[i], &rest);
        const struct group_ref *group;
        const struct item_ref *item;
        if (form_find_item(section->form, word, &group, &item) &&
            strcmp(item->item->oid, key.item) == 0) {
            return i;
        }
    }
    return line;
}

static struct span line_end(struct span line)
{
    bool crlf = line.size >= 2 && line.data[line.size - 2] == '\r';
    return crlf ? SPAN_LITERAL("\r\n") : SPAN_LITERAL("\n");
}

static void write_remarks(const struct text_form *form, size_t line, struct bytes *out)
{
    for (size_t i = 0; i < form->remark_count; i++) {
        const struct remark *remark = &form->remarks[i];
        if (remark->line != line) {
            continue;
        }
        bytes_printf(out, "#! %s%s", remark->message,
                     rule_behind(form->arena, remark->message, remark->rule));
        bytes_add_span(out, line_end(form->lines[line]));
    }
}

void text_form_annotate(const struct text_form *form, struct bytes *out)
{
    for (size_t i = 0; i < form->line_count; i++) {
        struct span line = form->lines[i];
        bool bom = i == 0 && span_starts(line, "\xEF\xBB\xBF");
        struct span rest = bom ? span_of(line.data + 3, line.size - 3) : line;
        if (bom) {
            bytes_add(out, line.data, 3);
        }
        if (span_starts(rest, "#!")) {
            continue;
        }
        write_remarks(form, i, out);
        bytes_add_span(out, rest);
    }
}
