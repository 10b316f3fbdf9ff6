/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/mabs06.h"

#include "protocol/study/odm.h"
#include "tests/support/files.h"

const struct metadata_version *fuzz_mabs06(void)
{
    static struct arena *arena;
    static const struct metadata_version *version;
    if (version == NULL) {
        struct odm_problems problems = {0};
        const struct study *study = NULL;
        CLEANUP(bytes_done) struct bytes xml = read_file(CRFD_MABS06);
        arena = arena_new();
        BUG_IF(odm_read(arena_span(arena, span_bytes(&xml)), arena, &study, &problems,
                        NULL) != OK);
        version = study->versions[0];
    }
    return version;
}
