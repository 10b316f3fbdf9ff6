/* SPDX-License-Identifier: Apache-2.0 */
/*
** What typed.c and typed_date.c share; for nobody else.
*/
#ifndef CRFD_CLIENTS_TYPED_IMPL_H
#define CRFD_CLIENTS_TYPED_IMPL_H

#include "clients/lib/typed.h"

void typed_answer(const struct typed_context *context, struct span value,
                  struct typed *typed);
void typed_refuse(struct typed *typed, const char *sentence);

bool typed_is_dated(enum data_type type); /* dates, times, and both, partial or not */
void typed_read_date(const struct typed_context *context, const struct item_def *item,
                     struct span text, struct typed *typed);
const char *typed_write_date(const struct typed_context *context, const char *value);

#endif
