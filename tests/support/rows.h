/* SPDX-License-Identifier: Apache-2.0 */
/*
** rows: a table row is a test, its name is a sentence.
**
**     struct row { const char *name; ... } rows[] = {
**         {"an empty value changes nothing", ...}, ... };
**     static void check(void **state) { const struct row *row = *state; ... }
**     int main(void)
**     {
**         return run_rows("values", rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
**     }
**
** The first member of a row must be `const char *name`. Several tables in one program:
** add_rows() for each, then run_added(). Includes cmocka with what it needs before it.
*/
#ifndef CRFD_TESTS_ROWS_H
#define CRFD_TESTS_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/status.h"

void add_rows(const void *rows, size_t count, size_t row_size, void (*check)(void **state));
void add_test(const char *name, void (*check)(void **state));
int run_added(const char *group);

/* add_rows and run_added in one. */
int run_rows(const char *group, const void *rows, size_t count, size_t row_size,
             void (*check)(void **state));

/* Fail the test with ERR's text unless GOT is WANTED. */
#define assert_status(got, wanted, err)                                                    \
    assert_status_at((got), (wanted), (err), __FILE__, __LINE__)
void assert_status_at(status got, status wanted, const struct err *err, const char *file,
                      int line);

#endif
