/* SPDX-License-Identifier: Apache-2.0 */
/*
** Any bytes as an invitation and a passport. What is accepted is written and read again to the
** same file, and no text of it can steer a terminal or leave a folder.
*/
#include "clients/lib/passport.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct passport *passport, bool invitation, struct arena *arena)
{
    CLEANUP(bytes_done) struct bytes once = {0}, twice = {0};
    struct passport again;
    const char *path = NULL;
    if (invitation) {
        invitation_write(passport, &once);
        BUG_IF(invitation_read(span_bytes(&once), arena, &again, NULL) != OK);
        invitation_write(&again, &twice);
    } else {
        passport_write(passport, &once);
        BUG_IF(passport_read(span_bytes(&once), arena, &again, NULL) != OK);
        passport_write(&again, &twice);
    }
    BUG_IF(!span_equal(span_bytes(&once), span_bytes(&twice)));
    BUG_IF(memchr(passport->name, 0x1b, strlen(passport->name)) != NULL);
    if (folder_path(passport->origin, arena, &path, NULL) == OK) {
        BUG_IF(strchr(strstr(path, "/crf/") + 5, '/') != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct passport passport;
    if (invitation_read(span_of(data, size), arena, &passport, NULL) == OK) {
        check(&passport, true, arena);
    }
    if (passport_read(span_of(data, size), arena, &passport, NULL) == OK) {
        check(&passport, false, arena);
    }
    return 0;
}
