/* SPDX-License-Identifier: Apache-2.0 */
/*
** Formatting, parsing, opening. The text is parsed only after the signatures hold.
*/
#include "crypto/checkpoint.h"

#include "base/text.h"

void checkpoint_format(const struct checkpoint *checkpoint, struct bytes *out)
{
    bytes_add_span(out, checkpoint->origin);
    bytes_printf(out, "\n%llu\n", (unsigned long long) checkpoint->size);
    digest_add_base64(&checkpoint->root, out);
    bytes_add_char(out, '\n');
}

status checkpoint_parse(struct span text, struct checkpoint *ret_checkpoint,
                        struct err *err)
{
    struct checkpoint checkpoint = {0};
    struct digest empty;
    struct span size;
    struct span root;

    if (!span_cut(&text, '\n', &checkpoint.origin) || checkpoint.origin.size == 0) {
        return FAIL(err, ERR_BAD_INPUT, "line 1 of a checkpoint is its origin");
    }
    if (!span_cut(&text, '\n', &size) ||
        !text_to_u64(size, MERKLE_SIZE_MAX, &checkpoint.size)) {
        return FAIL(err, ERR_BAD_INPUT, "line 2 of a checkpoint is a size");
    }
    if (!span_cut(&text, '\n', &root) || !digest_from_base64(root, &checkpoint.root)) {
        return FAIL(err, ERR_BAD_INPUT, "line 3 of a checkpoint is a base64 root");
    }
    if (text.size > 0) {
        return FAIL(err, ERR_BAD_INPUT, "a checkpoint has three lines, no extensions");
    }
    merkle_empty_root(&empty);
    if (checkpoint.size == 0 && !digest_equal(&checkpoint.root, &empty)) {
        return FAIL(err, ERR_BAD_INPUT, "a checkpoint of size 0 has the empty root");
    }
    *ret_checkpoint = checkpoint;
    return OK;
}

status checkpoint_sign(const struct checkpoint *checkpoint, const struct private_key *key,
                       struct bytes *out, struct err *err)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    char name[NOTE_NAME_MAX + 1];
    struct span origin = checkpoint->origin;
    if (origin.size == 0 || origin.size > NOTE_NAME_MAX) {
        return FAIL(err, ERR_BAD_INPUT, "an origin has 1 to %d bytes", NOTE_NAME_MAX);
    }
    memcpy(name, origin.data, origin.size);
    name[origin.size] = '\0';
    checkpoint_format(checkpoint, &text);
    return note_sign(span_bytes(&text), name, key, out, err);
}

status checkpoint_open(struct span note, const struct checkpoint_trust *trust,
                       struct checkpoint *ret_checkpoint, struct note *ret_note,
                       struct err *err)
{
    const struct note_key *known[NOTE_KNOWN_MAX] = {trust->log};
    struct checkpoint checkpoint;
    struct note opened;

    BUG_IF(trust->witness_count >= NOTE_KNOWN_MAX);
    for (size_t i = 0; i < trust->witness_count; i++) {
        known[i + 1] = trust->witnesses[i];
    }
    TRY(note_open(note, known, trust->witness_count + 1, &opened, err));
    if (!note_signed_by(&opened, trust->log, NULL)) {
        return FAIL(err, ERR_UNAUTHENTIC, "the log's key has not signed the checkpoint");
    }
    TRY(checkpoint_parse(opened.text, &checkpoint, err));
    if (!span_is(checkpoint.origin, note_key_name(trust->log))) {
        return FAIL(err, ERR_UNAUTHENTIC, "the checkpoint is of another log");
    }
    *ret_checkpoint = checkpoint;
    if (ret_note != NULL) {
        *ret_note = opened;
    }
    return OK;
}
