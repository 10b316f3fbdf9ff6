/* SPDX-License-Identifier: Apache-2.0 */
/*
** object: the path that names what an entry is about (RECORDS.md chapters 2 and 3).
**
**     object_add(&path, SPAN_LITERAL("subject"));
**     object_add(&path, subject_key);
**     object_add(&path, span_of(NULL, 0));          an absent repeat key: "-"
**
** Segments stand between slashes. Bytes outside [A-Za-z0-9._-] are written %XX with
** capital hex digits; a segment that is a single "-" is written %2D, because "-" stands
** for absent. So each list of segments has exactly one spelling, and object_cut accepts
** no other.
*/
#ifndef CRFD_CRYPTO_OBJECT_H
#define CRFD_CRYPTO_OBJECT_H

#include "base/bytes.h"

/* Append SEGMENT (empty: absent), behind a slash if PATH is not empty. */
void object_add(struct bytes *path, struct span segment);

/* Cut the first segment off *rest and replace ret_segment by its bytes (empty: absent).
 * False, with nothing changed, when it is not spelled as object_add spells it. When *rest
 * was the last segment it becomes empty with data NULL; call until rest->data is NULL. */
MUST_USE bool object_cut(struct span *rest, struct bytes *ret_segment);

#endif
