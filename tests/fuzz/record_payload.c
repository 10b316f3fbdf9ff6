/* SPDX-License-Identifier: Apache-2.0 */
/*
** record_payload: any payload is refused, or is read; one without findings is written and read
** again to the same bytes, and has an object that an entry can hold.
*/
#include "protocol/record/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes first = {0};
    CLEANUP(bytes_done) struct bytes second = {0};
    struct findings shape = {.arena = arena}, none = {.arena = arena};
    struct record record, again;
    struct err err = {0};
    if (record_parse(span_of(data, size), arena, &record, &shape, &err) != OK) {
        BUG_IF(err.what[0] == '\0');
        return 0;
    }
    if (findings_refuse(&shape)) {
        return 0;
    }
    BUG_IF(record.object == NULL || *record.object == '\0' || strlen(record.object) > 2000);
    record_write(&record, &first);
    BUG_IF(record_parse(span_bytes(&first), arena, &again, &none, &err) != OK);
    BUG_IF(findings_refuse(&none) || strcmp(record.object, again.object) != 0);
    record_write(&again, &second);
    BUG_IF(!span_equal(span_bytes(&first), span_bytes(&second)));
    return 0;
}
