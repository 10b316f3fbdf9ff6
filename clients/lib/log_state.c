/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why the note is kept and not its numbers: it is the log key's own signature under a head.
** Two of them that contradict each other convince anybody, without this computer.
*/
#include "clients/lib/log_state.h"

#include "base/encode.h"
#include "base/json_out.h"
#include "crypto/digest.h"

#define STATE_FILE "state"

static const struct json_limits LIMITS = {.depth = 3, .nodes = 12, .string = NOTE_SIZE_MAX};

static status read_checked(const struct json *checked, struct log_state *state,
                           struct err *err)
{
    CLEANUP(bytes_done) struct bytes frontier = {0};
    const char *text = json_get_string(checked, "frontier");
    const char *leaf = json_get_string(checked, "leaf");
    const char *time = json_get_string(checked, "time");
    if (text == NULL || leaf == NULL || time == NULL ||
        !decode(BASE64, span_text(text), &frontier) ||
        !digest_from_base64(span_text(leaf), &state->leaf) ||
        !instant_parse(span_text(time), &state->time, NULL)) {
        return FAIL(err, ERR_BAD_INPUT, "the file 'state' cannot be read");
    }
    state->checked = true;
    return frontier_decode(span_bytes(&frontier), &state->frontier, err);
}

status log_state_load(const struct folder *folder, const struct checkpoint_trust *trust,
                      struct arena *arena, struct log_state *ret_state, struct err *err)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    struct log_state state = {0};
    const struct json *root = NULL;
    if (!folder_has(folder, STATE_FILE)) {
        *ret_state = state;
        return OK;
    }
    TRY(folder_read(folder, STATE_FILE, &text, err));
    TRY(json_parse(span_bytes(&text), &LIMITS, arena, &root, err));
    state.note = json_get_string(root, "note");
    if (!json_equals(json_get(root, "crf"), "state 1") || state.note == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "the file 'state' cannot be read");
    }
    TRY(checkpoint_open(span_text(state.note), trust, &state.checkpoint, NULL, err));
    const struct json *checked = json_get(root, "checked");
    if (checked != NULL && checked->kind == J_OBJECT) {
        TRY(read_checked(checked, &state, err));
    }
    *ret_state = state;
    return OK;
}

static void write_checked(const struct log_state *state, struct json_out *json)
{
    CLEANUP(bytes_done) struct bytes raw = {0};
    CLEANUP(bytes_done) struct bytes text = {0};
    char leaf[DIGEST_BASE64_SIZE];
    char time[INSTANT_SIZE];
    frontier_encode(&state->frontier, &raw);
    encode(BASE64, span_bytes(&raw), &text);
    digest_to_base64(&state->leaf, leaf);
    instant_format(state->time, time);
    json_begin(json, '{');
    json_member(json, "frontier", bytes_text(&text));
    json_member(json, "leaf", leaf);
    json_member(json, "time", time);
    json_end(json, '}');
}

status log_state_store(const struct folder *folder, const struct log_state *state,
                       struct err *err)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    struct json_out json = {.bytes = &text};
    BUG_IF(state->note == NULL);
    json_begin(&json, '{');
    json_member(&json, "crf", "state 1");
    json_member(&json, "note", state->note);
    json_key(&json, "checked");
    if (state->checked) {
        write_checked(state, &json);
    } else {
        json_put_null(&json);
    }
    json_end(&json, '}');
    bytes_add_char(&text, '\n');
    return folder_write(folder, STATE_FILE, span_bytes(&text), err);
}

status log_state_compare(const struct log_state *state, const struct checkpoint *checkpoint,
                         bool newest, bool *ret_longer, struct err *err)
{
    *ret_longer = state->note == NULL || checkpoint->size > state->checkpoint.size;
    if (*ret_longer) {
        return OK;
    }
    if (checkpoint->size == state->checkpoint.size &&
        !digest_equal(&checkpoint->root, &state->checkpoint.root)) {
        return FAIL(err, ERR_TAMPERED,
                    "the log shows two different histories of %llu entries",
                    (unsigned long long) checkpoint->size);
    }
    if (newest && checkpoint->size < state->checkpoint.size) {
        return FAIL(err, ERR_TAMPERED, "the log had %llu entries and now shows only %llu",
                    (unsigned long long) state->checkpoint.size,
                    (unsigned long long) checkpoint->size);
    }
    return OK;
}

void evidence_keep(const struct folder *folder, const char *what, const char *ours,
                   const char *theirs, struct err *err)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(bytes_done) struct bytes name = {0};
    CLEANUP(bytes_done) struct bytes said = {0};
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    bytes_printf(&text,
                 "%s\n\nWhat this computer had verified:\n\n%s\nWhat the server "
                 "answered:\n\n%s\n",
                 err->what, ours != NULL ? ours : "(nothing)", theirs);
    digest_of(span_bytes(&text), &digest);
    digest_to_hex(&digest, hex);
    bytes_printf(&name, "evidence/%s-%.12s.txt", what, hex);
    if (folder_write(folder, bytes_text(&name), span_bytes(&text), NULL) != OK) {
        return;
    }
    bytes_printf(&said, "%s; both are kept in %s/%s", err->what, folder_name(folder),
                 bytes_text(&name));
    (void) snprintf(err->what, sizeof(err->what), "%s", bytes_text(&said));
}
