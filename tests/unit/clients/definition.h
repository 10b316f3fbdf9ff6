/* SPDX-License-Identifier: Apache-2.0 */
/*
** definition: the MABS06 definition and its example subject, for tests of what people type.
*/
#ifndef CRFD_TESTS_CLIENTS_DEFINITION_H
#define CRFD_TESTS_CLIENTS_DEFINITION_H

#include "clients/lib/form_text.h"

/* Loaded once; ends the program when it does not load. */
const struct metadata_version *mabs06(void);

/* The form in tests/support/mabs06/FILE, in ARENA. */
struct form_data mabs06_form(const char *file, struct arena *arena);

/* Maastricht's clock; one for all tests. */
const struct time_zone *amsterdam(void);

struct typed_context typed_in(struct arena *arena, const char *language);

#endif
