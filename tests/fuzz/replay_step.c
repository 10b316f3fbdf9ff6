/* SPDX-License-Identifier: Apache-2.0 */
/*
** replay_step: one entry and its body, from outside. The first byte says how they come: even,
** two bytes of length, the entry's bytes, then the body's; odd, a body alone, for which a right
** entry is made, so that the search gets past the commitment. Nothing unsigned is ever taken:
** only an entry without a body of its own may count.
*/
#include "protocol/record/replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ORIGIN "o.example/s/1"

static void make_entry(struct span body, bool system, struct bytes *out)
{
    static const uint8_t salt[SALT_SIZE];
    struct entry entry = {
        .log = SPAN_LITERAL(ORIGIN),
        .time = 1000000,
        .type = system ? SPAN_LITERAL("reject") : SPAN_LITERAL("study.open"),
        .actor = SPAN_LITERAL("p-0001"),
        .key = SPAN_LITERAL("x4WBDc8fHuy1JLncpiiJVAyWBr4BjK4eJHJuHVEth1s"),
        .keydir = ENTRY_NONE,
        .object = system ? SPAN_LITERAL("reject") : SPAN_LITERAL("study"),
        .prior = ENTRY_NONE,
        .body_size = (int64_t) body.size,
        .media = system ? SPAN_LITERAL("application/json")
                        : SPAN_LITERAL("application/x-ndjson")};
    entry_body_digest(salt, body, &entry.body);
    BUG_IF(entry_encode(&entry, out, NULL) != OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t salt[SALT_SIZE];
    CLEANUP(bytes_done) struct bytes entry = {0};
    if (size < 3) {
        return 0;
    }
    size_t length = (size_t) data[1] << 8 | data[2];
    struct span rest = span_of(data + 3, size - 3);
    if ((data[0] & 1) != 0) {
        make_entry(rest, (data[0] & 2) != 0, &entry);
    } else if (length <= rest.size) {
        bytes_add(&entry, rest.data, length);
        rest = span_of(rest.data + length, rest.size - length);
    }
    struct replay_options options = {
        .origin = ORIGIN, .founder = "x4WBDc8fHuy1JLncpiiJVAyWBr4BjK4eJHJuHVEth1s"};
    CLEANUP(replay_freep) struct replay *replay = replay_new(&options);
    struct replay_body body = {.salt = span_of(salt, SALT_SIZE), .body = rest};
    struct err err = {0};
    status got = replay_feed(replay, span_bytes(&entry), &body, &err);
    BUG_IF(got != OK && (got != ERR_TAMPERED || err.what[0] == '\0'));
    BUG_IF(state_row_count(replay_state(replay), TABLE_PERSON) != 0);
    return 0;
}
