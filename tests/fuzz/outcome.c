/* SPDX-License-Identifier: Apache-2.0 */
/*
** outcome: any line is refused, or is read and written again to the same bytes.
*/
#include "protocol/record/outcome.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes out = {0};
    struct outcome outcome;
    struct err err = {0};
    if (outcome_parse(span_of(data, size), arena, &outcome, &err) != OK) {
        BUG_IF(err.what[0] == '\0');
        return 0;
    }
    outcome_write(&outcome, &out);
    BUG_IF(!span_equal(span_bytes(&out), span_of(data, size)));
    return 0;
}
