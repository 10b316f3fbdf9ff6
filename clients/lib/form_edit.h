/* SPDX-License-Identifier: Apache-2.0 */
/*
** form_edit: a form while it is being answered, one question at a time.
**
** struct form_data never changes once made; this is what changes. Memory: the arena given.
*/
#ifndef CRFD_CLIENTS_FORM_EDIT_H
#define CRFD_CLIENTS_FORM_EDIT_H

#include "protocol/study/casebook.h"

struct form_answer {
    const struct group_ref *group;
    const char *repeat; /* or NULL */
    const struct item_ref *item;
    struct item_data data;
};

struct form_edit {
    struct arena *arena;
    const struct form_def *def;
    struct form_key key;
    struct form_answer *answers;
    size_t count, capacity;
};

/* Start with OLD's answers (NULL: none) that DEF still asks for. */
struct form_edit form_edit_start(struct arena *arena, const struct form_def *def,
                                 const struct form_key *key, const struct form_data *old);

/* The answer, or NULL. */
const struct item_data *form_edit_get(const struct form_edit *edit,
                                      const struct group_ref *group, const char *repeat,
                                      const struct item_ref *item);

/* Set it, or with DATA NULL take it away. */
void form_edit_set(struct form_edit *edit, const struct group_ref *group,
                   const char *repeat, const struct item_ref *item,
                   const struct item_data *data);

/* Is every mandatory question of the groups that do not repeat answered? Those that stand
 * under a condition do not count: the check judges them. */
bool form_edit_is_whole(const struct form_edit *edit);

/* The repeat keys of GROUP that have an answer, in the order in which they came. */
size_t form_edit_rows(const struct form_edit *edit, const struct group_ref *group,
                      const char *const **ret_repeats);

/* The form as it stands, in the definition's order. */
struct form_data form_edit_data(const struct form_edit *edit, enum form_state state);

#endif
