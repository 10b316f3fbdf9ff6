/* SPDX-License-Identifier: Apache-2.0 */
/*
** Names, key ids, and the text forms of note keys.
*/
#include "crypto/note_key.h"

#include "base/encode.h"
#include "base/text.h"
#include "crypto/digest.h"

/* Code points of Unicode's White_Space and Zs beyond ASCII, as UTF-8. */
static const char *const spaces[] = {
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
    "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

bool note_is_name(struct span name)
{
    if (name.size == 0 || name.size > NOTE_NAME_MAX || !text_is_utf8(name)) {
        return false;
    }
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] <= 0x20 || name.data[i] == '+' || name.data[i] == 0x7F) {
            return false;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(spaces); i++) {
        if (memmem(name.data, name.size, spaces[i], strlen(spaces[i])) != NULL) {
            return false;
        }
    }
    return true;
}

static void note_key_id(struct span name, enum note_type type, struct span key,
                        uint8_t ret_id[NOTE_ID_SIZE])
{
    const uint8_t kind = (uint8_t) type;
    const struct span parts[] = {name, SPAN_LITERAL("\n"), span_of(&kind, 1), key};
    struct digest digest;
    digest_of_parts(parts, ARRAY_LEN(parts), &digest);
    memcpy(ret_id, digest.bytes, NOTE_ID_SIZE);
}

bool note_key_has_id(const struct note_key *key, const uint8_t id[NOTE_ID_SIZE])
{
    return span_equal(span_of(key->id, NOTE_ID_SIZE), span_of(id, NOTE_ID_SIZE));
}

status note_key_new(const char *name, enum note_type type, const struct key *key,
                    struct note_key **ret_key, struct err *err)
{
    if (!note_is_name(span_text(name))) {
        return FAIL(err, ERR_BAD_INPUT,
                    "a note key's name has 1 to %d bytes, no space and no plus",
                    NOTE_NAME_MAX);
    }
    if (key_kind(key) != KEY_ED25519) {
        return FAIL(err, ERR_BAD_INPUT, "notes are signed with Ed25519 keys");
    }
    struct note_key *made = mem_alloc(sizeof(*made));
    made->name = mem_text(name);
    made->type = type;
    made->key = key_share(key);
    note_key_id(span_text(name), type, key_raw(key), made->id);
    *ret_key = made;
    return OK;
}

void note_key_free(struct note_key *key)
{
    if (key != NULL) {
        free(key->name);
        key_free(key->key);
        free(key);
    }
}

void note_key_freep(struct note_key **key)
{
    note_key_free(*key);
    *key = NULL;
}

const char *note_key_name(const struct note_key *key)
{
    return key->name;
}

enum note_type note_key_type(const struct note_key *key)
{
    return key->type;
}

/* "<name>+<id>+<base64 of type || material>" */
static void format(const struct note_key *key, struct span material, struct bytes *out)
{
    CLEANUP(bytes_wipe) struct bytes typed = {0};
    bytes_reserve(&typed, 1 + material.size); /* once: growing would leave copies behind */
    bytes_add_char(&typed, (char) key->type);
    bytes_add_span(&typed, material);
    bytes_printf(out, "%s+", key->name);
    encode(HEX, span_of(key->id, NOTE_ID_SIZE), out);
    bytes_add_char(out, '+');
    encode(BASE64, span_bytes(&typed), out);
}

void note_key_format(const struct note_key *key, struct bytes *out)
{
    format(key, key_raw(key->key), out);
}

/* The three parts of a vkey or skey body; material is 32 bytes in both. */
struct parts {
    char name[NOTE_NAME_MAX + 1];
    uint8_t id[NOTE_ID_SIZE];
    uint8_t typed[33];
};

static status split(struct span text, struct parts *parts, struct err *err)
{
    struct span name;
    struct span id;
    if (!span_cut(&text, '+', &name) || !span_cut(&text, '+', &id) || !note_is_name(name)) {
        return FAIL(err, ERR_BAD_INPUT, "a note key is <name>+<8 hex digits>+<base64>");
    }
    memcpy(parts->name, name.data, name.size);
    parts->name[name.size] = '\0';
    if (!decode_exact(HEX, id, parts->id, sizeof(parts->id))) {
        return FAIL(err, ERR_BAD_INPUT, "a note key's id has 8 lower-case hex digits");
    }
    if (!decode_exact(BASE64, text, parts->typed, sizeof(parts->typed))) {
        return FAIL(err, ERR_BAD_INPUT,
                    "a note key ends in strict base64 of a type byte and 32 bytes");
    }
    if (parts->typed[0] != NOTE_ED25519 && parts->typed[0] != NOTE_COSIGNATURE) {
        return FAIL(err, ERR_BAD_INPUT, "only note key types 01 and 04 are known");
    }
    return OK;
}

/* Make the key and check that it has the id that was written beside it. */
static status finish(const struct parts *parts, const struct key *key,
                     struct note_key **ret_key, struct err *err)
{
    CLEANUP(note_key_freep) struct note_key *made = NULL;
    TRY(note_key_new(parts->name, (enum note_type) parts->typed[0], key, &made, err));
    if (!note_key_has_id(made, parts->id)) {
        return FAIL(err, ERR_BAD_INPUT, "the note key's id is not that of its key");
    }
    *ret_key = TAKE(made);
    return OK;
}

status note_key_parse(struct span vkey, struct note_key **ret_key, struct err *err)
{
    CLEANUP(key_freep) struct key *key = NULL;
    struct parts parts;
    TRY(split(vkey, &parts, err));
    TRY(key_from_raw(KEY_ED25519, span_of(parts.typed + 1, 32), &key, err));
    return finish(&parts, key, ret_key, err);
}

#define SKEY "PRIVATE+KEY+"

status note_secret_format(const struct note_key *key, const struct private_key *private_key,
                          struct secret *ret_skey, struct err *err)
{
    CLEANUP(secret_done) struct secret seed = {0};
    CLEANUP(bytes_wipe) struct bytes text = {0};
    if (!key_equal(private_key_public(private_key), key->key)) {
        return FAIL(err, ERR_BUG, "the private key is not that of the note key");
    }
    TRY(private_key_to_raw(private_key, &seed, err));
    bytes_reserve(&text, 512);
    bytes_add_text(&text, SKEY);
    format(key, secret_span(&seed), &text);
    secret_take(ret_skey, &text);
    return OK;
}

static status parse_secret(struct span text, struct parts *parts, struct secret *seed,
                           struct note_key **ret_key, struct private_key **ret_private,
                           struct err *err)
{
    CLEANUP(private_key_freep) struct private_key *made = NULL;
    TRY(split(text, parts, err));
    secret_copy(seed, parts->typed + 1, 32);
    TRY(private_key_from_raw(KEY_ED25519, seed, &made, err));
    TRY(finish(parts, private_key_public(made), ret_key, err));
    *ret_private = TAKE(made);
    return OK;
}

status note_secret_parse(const struct secret *skey, struct note_key **ret_key,
                         struct private_key **ret_private, struct err *err)
{
    CLEANUP(secret_done) struct secret seed = {0};
    struct parts parts;
    struct span text = secret_span(skey);
    if (!span_starts(text, SKEY)) {
        return FAIL(err, ERR_BAD_INPUT, "a secret note key starts with " SKEY);
    }
    text = span_of(text.data + strlen(SKEY), text.size - strlen(SKEY));
    status got = parse_secret(text, &parts, &seed, ret_key, ret_private, err);
    explicit_bzero(&parts, sizeof(parts));
    return got;
}
