/* SPDX-License-Identifier: Apache-2.0 */
/*
** Signing and opening notes. A signature line is looked at in this order: form, known or
** not (by name and id together), and only then its bytes; so what an unknown key wrote
** is never interpreted.
*/
#include "crypto/note.h"

#include "base/encode.h"
#include "base/text.h"
#include "crypto/note_key.h"

#define DASH      "\xE2\x80\x94 " /* em dash, space */
#define TIME_SIZE 8

static status check_text(struct span text, struct err *err)
{
    if (text.size == 0 || text.data[text.size - 1] != '\n') {
        return FAIL(err, ERR_BAD_INPUT, "a note ends in a line feed");
    }
    if (!text_is_utf8(text)) {
        return FAIL(err, ERR_BAD_INPUT, "a note is UTF-8");
    }
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < 0x20 && text.data[i] != '\n') {
            return FAIL(err, ERR_BAD_INPUT,
                        "a note has no control characters but line feeds");
        }
    }
    return OK;
}

/* --- signing ----------------------------------------------------------------------- */

/* What a signature of TYPE at TIME is made over. */
static void add_message(enum note_type type, uint64_t time, struct span text,
                        struct bytes *out)
{
    if (type == NOTE_COSIGNATURE) {
        bytes_printf(out, "cosignature/v1\ntime %llu\n", (unsigned long long) time);
    }
    bytes_add_span(out, text);
}

static status add_signature(struct span text, enum note_type type, const char *name,
                            const struct private_key *key, uint64_t time, struct bytes *out,
                            struct err *err)
{
    CLEANUP(note_key_freep) struct note_key *named = NULL;
    CLEANUP(bytes_done) struct bytes message = {0};
    CLEANUP(bytes_done) struct bytes raw = {0};
    uint8_t signature[SIGNATURE_SIZE];

    TRY(check_text(text, err));
    TRY(note_key_new(name, type, private_key_public(key), &named, err));
    add_message(type, time, text, &message);
    TRY(private_key_sign(key, span_bytes(&message), signature, err));
    bytes_add(&raw, named->id, NOTE_ID_SIZE);
    for (int shift = 56; type == NOTE_COSIGNATURE && shift >= 0; shift -= 8) {
        bytes_add_char(&raw, (char) (uint8_t) (time >> shift));
    }
    bytes_add(&raw, signature, sizeof(signature));

    bytes_printf(out, DASH "%s ", name);
    encode(BASE64, span_bytes(&raw), out);
    bytes_add_char(out, '\n');
    return OK;
}

status note_sign(struct span text, const char *name, const struct private_key *key,
                 struct bytes *out, struct err *err)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    TRY(add_signature(text, NOTE_ED25519, name, key, 0, &line, err));
    bytes_add_span(out, text);
    bytes_add_char(out, '\n');
    bytes_add_span(out, span_bytes(&line));
    return OK;
}

status note_cosign(struct span text, const char *name, const struct private_key *key,
                   uint64_t time, struct bytes *out, struct err *err)
{
    if (time > INT64_MAX) {
        return FAIL(err, ERR_BAD_INPUT, "a cosignature's time has at most 63 bits");
    }
    return add_signature(text, NOTE_COSIGNATURE, name, key, time, out, err);
}

/* --- opening ----------------------------------------------------------------------- */

status note_split(struct span note, struct span *ret_text, struct span *ret_signatures,
                  struct err *err)
{
    if (note.size > NOTE_SIZE_MAX) {
        return FAIL(err, ERR_TOO_LARGE, "a note has at most %d bytes", NOTE_SIZE_MAX);
    }
    TRY(check_text(note, err));
    for (size_t i = note.size - 1; i > 0; i--) {
        if (note.data[i] == '\n' && note.data[i - 1] == '\n') {
            if (i + 1 == note.size) {
                break;
            }
            *ret_text = span_of(note.data, i);
            *ret_signatures = span_of(note.data + i + 1, note.size - i - 1);
            return OK;
        }
    }
    return FAIL(err, ERR_BAD_INPUT,
                "a note has an empty line between its text and its signatures");
}

static status bad_line(struct err *err)
{
    return FAIL(err, ERR_BAD_INPUT,
                "a signature line is an em dash, a name and strict base64");
}

/* Read "— name base64" into name and id || signature. */
static status parse_line(struct span line, struct span *ret_name, struct bytes *ret_raw,
                         struct err *err)
{
    if (!span_starts(line, DASH)) {
        return bad_line(err);
    }
    line = span_of(line.data + strlen(DASH), line.size - strlen(DASH));
    if (!span_cut(&line, ' ', ret_name) || !note_is_name(*ret_name) ||
        !decode(BASE64, line, ret_raw) || ret_raw->size <= NOTE_ID_SIZE) {
        return bad_line(err);
    }
    return OK;
}

static const struct note_key *find_known(const struct note_key *const *known, size_t count,
                                         struct span name, const uint8_t *id)
{
    for (size_t i = 0; i < count; i++) {
        if (span_is(name, known[i]->name) && note_key_has_id(known[i], id)) {
            return known[i];
        }
    }
    return NULL;
}

static status verify(const struct note_key *key, struct span raw, struct note *note,
                     struct err *err)
{
    CLEANUP(bytes_done) struct bytes message = {0};
    size_t before = key->type == NOTE_COSIGNATURE ? TIME_SIZE : 0;
    uint64_t time = 0;
    if (raw.size != before + SIGNATURE_SIZE) {
        return FAIL(err, ERR_UNAUTHENTIC, "a known key's signature has a wrong size");
    }
    for (size_t i = 0; i < before; i++) {
        time = time << 8 | raw.data[i];
    }
    if (time > INT64_MAX) {
        return FAIL(err, ERR_UNAUTHENTIC, "a cosignature's time has at most 63 bits");
    }
    add_message(key->type, time, note->text, &message);
    TRY(key_verify(key->key, span_bytes(&message),
                   span_of(raw.data + before, SIGNATURE_SIZE), err));
    if (!note_signed_by(note, key, NULL)) {
        note->signatures[note->count++] = (struct note_signature){key, time};
    }
    return OK;
}

static status open_line(struct span line, const struct note_key *const *known, size_t count,
                        struct note *note, struct err *err)
{
    CLEANUP(bytes_done) struct bytes raw = {0};
    struct span name;
    TRY(parse_line(line, &name, &raw, err));
    const struct note_key *key = find_known(known, count, name, raw.data);
    if (key == NULL) {
        return OK;
    }
    return verify(key, span_of(raw.data + NOTE_ID_SIZE, raw.size - NOTE_ID_SIZE), note,
                  err);
}

status note_open(struct span note, const struct note_key *const *known, size_t count,
                 struct note *ret_note, struct err *err)
{
    struct note opened = {0};
    struct span lines;
    struct span line;
    BUG_IF(count > NOTE_KNOWN_MAX);
    TRY(note_split(note, &opened.text, &lines, err));
    for (size_t seen = 0; lines.size > 0; seen++) {
        if (seen == NOTE_LINES_MAX) {
            return FAIL(err, ERR_TOO_LARGE, "a note has at most %d signatures",
                        NOTE_LINES_MAX);
        }
        BUG_IF(!span_cut(&lines, '\n', &line)); /* the note ends in one */
        TRY(open_line(line, known, count, &opened, err));
    }
    if (opened.count == 0) {
        return FAIL(err, ERR_UNAUTHENTIC, "no known key has signed the note");
    }
    *ret_note = opened;
    return OK;
}

bool note_signed_by(const struct note *note, const struct note_key *key, uint64_t *ret_time)
{
    for (size_t i = 0; i < note->count; i++) {
        if (note->signatures[i].key == key) {
            if (ret_time != NULL) {
                *ret_time = note->signatures[i].time;
            }
            return true;
        }
    }
    return false;
}
