/* SPDX-License-Identifier: Apache-2.0 */
/*
** The key is not kept because nothing else may ever be signed with it: a second note that bears
** its name is a forgery without looking further.
*/
#include "clients/verify/bundle_note.h"

static void add_name(const char *origin, bool deidentified, struct bytes *out)
{
    bytes_printf(out, "%s/%s", origin, deidentified ? "deidentified" : "export");
}

static void add_text(const struct bundle_note *facts, struct bytes *out)
{
    char root[DIGEST_BASE64_SIZE];
    char sums[DIGEST_HEX_SIZE];
    digest_to_base64(&facts->root, root);
    digest_to_hex(&facts->sums, sums);
    add_name(facts->origin, facts->deidentified, out);
    bytes_printf(out, "\n%llu\n%s\n%s  SHA256SUMS\n", (unsigned long long) facts->size,
                 root, sums);
}

status bundle_note_make(const struct bundle_note *facts, struct bytes *out,
                        struct bytes *vkey, struct err *err)
{
    CLEANUP(private_key_freep) struct private_key *key = NULL;
    CLEANUP(note_key_freep) struct note_key *named = NULL;
    CLEANUP(bytes_done) struct bytes name = {0};
    CLEANUP(bytes_done) struct bytes text = {0};
    TRY(private_key_generate(KEY_ED25519, &key, err));
    add_name(facts->origin, facts->deidentified, &name);
    add_text(facts, &text);
    TRY(note_key_new(bytes_text(&name), NOTE_ED25519, private_key_public(key), &named,
                     err));
    TRY(note_sign(span_bytes(&text), bytes_text(&name), key, out, err));
    note_key_format(named, vkey);
    return OK;
}

status bundle_note_check(const struct bundle_note *facts, struct span note,
                         const char *vkey, struct err *err)
{
    CLEANUP(note_key_freep) struct note_key *key = NULL;
    CLEANUP(bytes_done) struct bytes name = {0};
    CLEANUP(bytes_done) struct bytes text = {0};
    struct note opened = {0};
    add_name(facts->origin, facts->deidentified, &name);
    add_text(facts, &text);
    if (vkey == NULL) {
        return FAIL(err, ERR_TAMPERED,
                    "the export record names no key for SHA256SUMS.note");
    }
    if (note_key_parse(span_text(vkey), &key, NULL) != OK ||
        note_key_type(key) != NOTE_ED25519 ||
        strcmp(note_key_name(key), bytes_text(&name)) != 0) {
        return FAIL(err, ERR_TAMPERED,
                    "the key that the export record names for SHA256SUMS.note is none");
    }
    const struct note_key *known = key;
    if (note_open(note, &known, 1, &opened, NULL) != OK) {
        return FAIL(
            err, ERR_TAMPERED,
            "SHA256SUMS.note is not signed by the key that the export record names");
    }
    return span_equal(opened.text, span_bytes(&text))
               ? OK
               : FAIL(err, ERR_TAMPERED, "SHA256SUMS.note is that of another dataset");
}

bool bundle_note_is_deidentified(const char *origin, const char *vkey)
{
    CLEANUP(bytes_done) struct bytes name = {0};
    add_name(origin, true, &name);
    bytes_add_char(&name, '+');
    return vkey != NULL && span_starts(span_text(vkey), bytes_text(&name));
}
