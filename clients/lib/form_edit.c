/* SPDX-License-Identifier: Apache-2.0 */
/*
** A flat list of answers: forms have some dozens, and the order is the definition's anyway.
*/
#include "clients/lib/form_edit.h"

static bool same_repeat(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

struct form_edit form_edit_start(struct arena *arena, const struct form_def *def,
                                 const struct form_key *key, const struct form_data *old)
{
    struct form_edit edit = {.arena = arena, .def = def, .key = *key};
    for (size_t g = 0; old != NULL && g < old->count; g++) {
        const struct group_data *group = &old->groups[g];
        const struct group_ref *ref = form_group_ref(def, group->oid);
        for (size_t i = 0; ref != NULL && i < group->count; i++) {
            const struct item_ref *item = group_item_ref(ref->group, group->items[i].oid);
            if (item != NULL) {
                form_edit_set(&edit, ref, group->repeat, item, &group->items[i]);
            }
        }
    }
    return edit;
}

static struct form_answer *find(const struct form_edit *edit, const struct group_ref *group,
                                const char *repeat, const struct item_ref *item)
{
    for (size_t i = 0; i < edit->count; i++) {
        struct form_answer *answer = &edit->answers[i];
        if (answer->group == group && answer->item == item &&
            same_repeat(answer->repeat, repeat)) {
            return answer;
        }
    }
    return NULL;
}

const struct item_data *form_edit_get(const struct form_edit *edit,
                                      const struct group_ref *group, const char *repeat,
                                      const struct item_ref *item)
{
    const struct form_answer *answer = find(edit, group, repeat, item);
    return answer != NULL ? &answer->data : NULL;
}

void form_edit_set(struct form_edit *edit, const struct group_ref *group,
                   const char *repeat, const struct item_ref *item,
                   const struct item_data *data)
{
    struct form_answer *answer = find(edit, group, repeat, item);
    if (data == NULL && answer != NULL) {
        size_t behind = edit->count - (size_t) (answer - edit->answers) - 1;
        memmove(answer, answer + 1, behind * sizeof(*answer));
        edit->count--;
    } else if (data != NULL) {
        answer = answer != NULL
                     ? answer
                     : ARENA_PUSH(edit->arena, edit->answers, edit->count, edit->capacity);
        *answer = (struct form_answer){group, repeat, item, *data};
    }
}

bool form_edit_is_whole(const struct form_edit *edit)
{
    for (size_t g = 0; g < edit->def->group_count; g++) {
        const struct group_ref *group = &edit->def->groups[g];
        for (size_t i = 0; !group->group->repeating && i < group->group->item_count; i++) {
            const struct item_ref *item = &group->group->items[i];
            bool asked = item->condition == NULL && group->condition == NULL;
            if (item->mandatory && !item->derived && asked &&
                find(edit, group, NULL, item) == NULL) {
                return false;
            }
        }
    }
    return true;
}

size_t form_edit_rows(const struct form_edit *edit, const struct group_ref *group,
                      const char *const **ret_repeats)
{
    const char **repeats = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < edit->count; i++) {
        bool known = edit->answers[i].group != group;
        for (size_t r = 0; !known && r < count; r++) {
            known = same_repeat(repeats[r], edit->answers[i].repeat);
        }
        if (!known) {
            *ARENA_PUSH(edit->arena, repeats, count, capacity) = edit->answers[i].repeat;
        }
    }
    *ret_repeats = repeats;
    return count;
}

static struct group_data collect(const struct form_edit *edit,
                                 const struct group_ref *group, const char *repeat)
{
    struct item_data *items = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < group->group->item_count; i++) {
        const struct form_answer *answer =
            find(edit, group, repeat, &group->group->items[i]);
        if (answer != NULL) {
            *ARENA_PUSH(edit->arena, items, count, capacity) = answer->data;
        }
    }
    return (struct group_data){group->group->oid, repeat, items, count};
}

struct form_data form_edit_data(const struct form_edit *edit, enum form_state state)
{
    struct group_data *groups = NULL;
    size_t count = 0, capacity = 0;
    for (size_t g = 0; g < edit->def->group_count; g++) {
        const char *const *repeats = NULL;
        const struct group_ref *group = &edit->def->groups[g];
        size_t rows = form_edit_rows(edit, group, &repeats);
        for (size_t r = 0; r < rows; r++) {
            *ARENA_PUSH(edit->arena, groups, count, capacity) =
                collect(edit, group, repeats[r]);
        }
    }
    return (struct form_data){
        .key = edit->key, .state = state, .groups = groups, .count = count};
}
