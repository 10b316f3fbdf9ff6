/* SPDX-License-Identifier: Apache-2.0 */
/*
** What record_read.c and its neighbours share; for nobody else.
*/
#ifndef CRFD_RECORD_RECORD_IMPL_H
#define CRFD_RECORD_RECORD_IMPL_H

#include "protocol/record/record.h"

struct reading {
    struct arena *arena;
    struct findings *shape;
};

void shape_add(struct reading *reading, const char *path, const char *rule,
               const char *message);
/* "data" + "person" is "data.person". */
const char *shape_join(struct reading *reading, const char *path, const char *name);
/* Every member of OBJECT is one of NAMES (a NULL-terminated list). */
void shape_names(struct reading *reading, const char *path, const struct json *object,
                 const char *const *names);
const char *read_text(struct reading *reading, const struct json *from, const char *path,
                      const struct member_info *member);

/* record_lists.c */
void read_objects(struct reading *reading, const struct json *data,
                  struct form_sign_data *sign);
size_t read_confirmed(struct reading *reading, const struct json *data,
                      const struct confirmed **ret_items);
void read_dictionaries(struct reading *reading, const struct json *data,
                       struct study_amend_data *amend);

/* "subject/NL01-004"; NULL when NAME is */
const char *object_of_one(struct arena *arena, const char *kind, const char *name);

/* record_nested.c */
const char *object_of_product(struct record *record, struct arena *arena);
bool choice_is_known(const char *member, const char *text);
void read_nested(struct reading *reading, const struct json *data,
                 const struct member_info *member, union record_data *to);
void write_nested(struct json_out *json, const struct member_info *member,
                  const union record_data *data);
void read_parents(struct reading *reading, const struct json *data,
                  struct batch_parents *parents);
void write_parents(struct json_out *json, const struct batch_parents *parents);

/* Of rights.c: the names of roles are part of a payload's shape. */
bool role_is_known(const char *name);

#endif
