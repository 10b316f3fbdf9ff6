/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/rows.h"

#include "base/bytes.h"

static struct CMUnitTest *tests;
static size_t test_count;

static void add(const char *name, void (*check)(void **state), void *state)
{
    tests = mem_grow(tests, test_count + 1, sizeof(*tests));
    tests[test_count++] =
        (struct CMUnitTest){.name = name, .test_func = check, .initial_state = state};
}

void add_rows(const void *rows, size_t count, size_t row_size, void (*check)(void **state))
{
    for (size_t i = 0; i < count; i++) {
        const char *row = (const char *) rows + i * row_size;
        const char *name = NULL;
        memcpy(&name, row, sizeof(name));
        void *state = NULL;
        memcpy(&state, &row, sizeof(row)); /* cmocka's state is not const */
        add(name, check, state);
    }
}

void add_test(const char *name, void (*check)(void **state))
{
    add(name, check, NULL);
}

int run_added(const char *group)
{
    int failed = _cmocka_run_group_tests(group, tests, test_count, NULL, NULL);
    free(tests);
    tests = NULL;
    test_count = 0;
    return failed;
}

int run_rows(const char *group, const void *rows, size_t count, size_t row_size,
             void (*check)(void **state))
{
    add_rows(rows, count, row_size, check);
    return run_added(group);
}

void assert_status_at(status got, status wanted, const struct err *err, const char *file,
                      int line)
{
    if (got != wanted) {
        print_error("%s:%d: got %s (%s: %s), wanted %s\n", file, line, status_name(got),
                    got != OK && err != NULL && err->where != NULL ? err->where : "-",
                    got != OK && err != NULL ? err->what : "", status_name(wanted));
        _fail(file, line);
    }
}
