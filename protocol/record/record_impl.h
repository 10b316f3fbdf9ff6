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
const char *read_text(struct reading *reading, const struct json *from, const char *path,
                      const struct member_info *member);

/* Of rights.c: the names of roles are part of a payload's shape. */
bool role_is_known(const char *name);

#endif
