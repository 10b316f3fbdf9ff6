/* SPDX-License-Identifier: Apache-2.0 */
/*
** Any bytes as a note, a checkpoint and a vkey. The signatures of the seeds hold under
** these keys, so inputs reach the verifying code.
*/
#include "crypto/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LOG_VKEY                                                                           \
    "edc.example.org/study/ABC-123+8ba61dff+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"

static struct note_key *known[3];

static void prepare(void)
{
    static const char *const vkeys[] = {
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", LOG_VKEY,
        "qa.sponsor.example/w1+2227671f+BD1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GYM"};
    for (size_t i = 0; i < ARRAY_LEN(vkeys) && known[i] == NULL; i++) {
        BUG_IF(note_key_parse(span_text(vkeys[i]), &known[i], NULL) != OK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(bytes_done) struct bytes again = {0};
    CLEANUP(note_key_freep) struct note_key *key = NULL;
    struct span text = span_of(data, size);
    struct checkpoint checkpoint;
    struct note note;
    struct err err;

    prepare();
    const struct note_key *keys[] = {known[0], known[1], known[2]};
    if (note_open(text, keys, 3, &note, &err) == OK) {
        BUG_IF(note.count == 0 || note.text.size >= size);
    }
    if (checkpoint_parse(text, &checkpoint, &err) == OK) {
        checkpoint_format(&checkpoint, &again);
        BUG_IF(!span_equal(text, span_bytes(&again)));
    }
    bytes_clear(&again);
    if (note_key_parse(text, &key, &err) == OK) {
        note_key_format(key, &again);
        BUG_IF(!span_equal(text, span_bytes(&again)));
    }
    return 0;
}
