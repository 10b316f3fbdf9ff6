/* SPDX-License-Identifier: Apache-2.0 */
/*
** cases: a study builder's file of cases runs against MABS06, or is refused with its line.
*/
#include "protocol/study/cases.h"

#include "tests/fuzz/mabs06.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void see(void *arg, const struct case_result *result)
{
    const int *lines = arg;
    BUG_IF(result->name == NULL || result->line < 1 || result->line > *lines);
    for (size_t i = 0; i < result->count; i++) {
        BUG_IF(result->differences[i] == NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct err err;
    int lines = 1;
    for (size_t i = 0; i < size; i++) {
        lines += data[i] == '\n' ? 1 : 0;
    }
    status result =
        cases_run(fuzz_mabs06(), span_of(data, size), "en", arena, see, &lines, &err);
    BUG_IF(result != OK && result != ERR_BAD_INPUT);
    return 0;
}
