/* SPDX-License-Identifier: Apache-2.0 */
/*
** A bundle from anywhere: reading never does more than say no. The log's key is that of RFC
** 8032 test 1, so no input can be a bundle that holds; the reader, the spool and the strict
** rules of the archive see everything.
*/
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "clients/verify/bundle_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define VKEY                                                                               \
    "edc.example.org/study/ABC-123+8ba61dff+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"

static const char *write_file(struct span content, int *ret_file)
{
    static char path[64];
    int file = memfd_create("bundle", MFD_CLOEXEC);
    BUG_IF(file < 0 || write(file, content.data, content.size) != (ssize_t) content.size);
    (void) snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    *ret_file = file;
    return path;
}

/* Members as the reader accepts them: plain names, sizes that are kept. */
static void read_members(const char *path)
{
    CLEANUP(tar_closep) struct tar_reader *reader = NULL;
    struct tar_member member = {0};
    CLEANUP(bytes_done) struct bytes content = {0};
    if (tar_open(path, &reader, NULL) != OK) {
        return;
    }
    while (tar_next(reader, &member, NULL) == OK && member.name != NULL) {
        BUG_IF(!tar_is_name(member.name) || strstr(member.name, "..") == member.name);
        bytes_clear(&content);
        if (tar_read_all(reader, 1 << 20, &content, NULL) != OK) {
            return;
        }
        BUG_IF(content.size != member.size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(note_key_freep) struct note_key *key = NULL;
    CLEANUP(verify_result_done) struct verify_result result = {0};
    struct bundle_facts facts;
    int file = -1;
    struct arena *arena = arena_new();
    BUG_IF(note_key_parse(SPAN_LITERAL(VKEY), &key, NULL) != OK);
    struct checkpoint_trust trust = {.log = key};
    struct bundle_check check = {.path = write_file(span_of(data, size), &file),
                                 .trust = &trust,
                                 .origin = note_key_name(key),
                                 .arena = arena};
    read_members(check.path);
    BUG_IF(bundle_verify(&check, &facts, &result, NULL) == OK);
    (void) close(file);
    arena_free(arena);
    return 0;
}
