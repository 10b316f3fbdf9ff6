/* SPDX-License-Identifier: Apache-2.0 */
/*
** literals: the texts that a source of ours hands to a function, for tests that hold that each
** of them has its row in a table.
*/
#ifndef CRFD_TESTS_LITERALS_H
#define CRFD_TESTS_LITERALS_H

#include <stddef.h>

/* Call EACH for every text that stands as a literal in argument ARGUMENT (from 0) of a call of
 * NAME in the C text SOURCE, unescaped. Literals that stand together are one; both of "a ? "x"
 * : "y"" are told. TEXT lives until EACH returns. */
void each_literal(const char *source, const char *name, size_t argument,
                  void (*each)(const char *text, void *arg), void *arg);

#endif
