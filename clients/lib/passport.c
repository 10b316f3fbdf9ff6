/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why one table for both files: what may stand in a passport, in which order, and what may be
** null is said once; reader, writer and the strict list of members are made from it.
*/
#include "clients/lib/passport.h"

#include <stddef.h>

#include "base/encode.h"
#include "base/json_out.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"

enum { IN_INVITATION = 1, IN_PASSPORT = 2, IN_BOTH = 3, MAY_BE_NULL = 4, MANY_LINES = 8 };

static const struct member {
    const char *name;
    size_t offset;
    unsigned flags;
    size_t most; /* bytes */
} MEMBERS[] = {
    {"url", offsetof(struct passport, url), IN_BOTH, 255},
    {"study", offsetof(struct passport, study), IN_BOTH, 120},
    {"study_name", offsetof(struct passport, study_name), IN_BOTH, 500},
    {"origin", offsetof(struct passport, origin), IN_BOTH, 200},
    {"vkey", offsetof(struct passport, vkey), IN_BOTH | MAY_BE_NULL, 400},
    {"founder", offsetof(struct passport, founder), IN_BOTH, 43},
    {"person", offsetof(struct passport, person), IN_BOTH, 120},
    {"name", offsetof(struct passport, name), IN_BOTH, 200},
    {"role", offsetof(struct passport, role), IN_BOTH, 40},
    {"site", offsetof(struct passport, site), IN_BOTH | MAY_BE_NULL, 120},
    {"timezone", offsetof(struct passport, timezone), IN_BOTH | MAY_BE_NULL, 64},
    {"language", offsetof(struct passport, language), IN_BOTH, 16},
    {"code", offsetof(struct passport, code), IN_INVITATION, CODE_SIZE - 1},
    {"expires", offsetof(struct passport, expires), IN_INVITATION, 40},
    {"authority", offsetof(struct passport, authority), IN_BOTH | MAY_BE_NULL | MANY_LINES,
     32768},
    {"pin", offsetof(struct passport, pin), IN_BOTH | MAY_BE_NULL, 64},
    {"kid", offsetof(struct passport, kid), IN_PASSPORT, 43},
};

static const struct json_limits LIMITS = {.depth = 2, .nodes = 40, .string = 32768};

static const char **slot(struct passport *passport, const struct member *member)
{
    return (const char **) (void *) ((char *) passport + member->offset);
}

static const char *value_of(const struct passport *passport, const struct member *member)
{
    return *(const char *const *) (const void *) ((const char *) passport + member->offset);
}

/* Printable, one line unless the member may have many: these texts go to terminals, paths
 * and requests. */
static bool clean(const struct member *member, const char *text)
{
    if (strlen(text) > member->most || text[0] == '\0') {
        return false;
    }
    for (const char *c = text; *c != '\0'; c++) {
        unsigned char u = (unsigned char) *c;
        bool line_end = u == '\n' || u == '\r';
        if ((u < 0x20 || u == 0x7F) && !(line_end && (member->flags & MANY_LINES) != 0)) {
            return false;
        }
    }
    return true;
}

static status read_member(const struct json *root, const struct member *member,
                          struct passport *passport, struct err *err)
{
    const struct json *value = json_get(root, member->name);
    if (value == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "the file lacks '%s'", member->name);
    }
    if (value->kind == J_NULL && (member->flags & MAY_BE_NULL) != 0) {
        return OK;
    }
    if (value->kind != J_STRING || !clean(member, value->string)) {
        return FAIL(err, ERR_BAD_INPUT, "'%s' in the file is not right", member->name);
    }
    *slot(passport, member) = value->string;
    return OK;
}

static bool is_thumbprint(const char *text)
{
    struct digest digest;
    return digest_from_base64url(span_text(text), &digest);
}

/* What later code relies on: a url of our kind, and nothing that can leave a path. */
static status check_values(const struct passport *passport, struct err *err)
{
    instant at;
    if (strncmp(passport->url, "https://", 8) != 0 ||
        strpbrk(passport->url + 8, "/?#@ ") != NULL || passport->url[8] == '\0') {
        return FAIL(err, ERR_BAD_INPUT, "'url' in the file must be https://name[:port]");
    }
    if (!text_is_token(span_text(passport->origin), 200) || passport->origin[0] == '.' ||
        passport->origin[0] == '/') {
        return FAIL(err, ERR_BAD_INPUT, "'origin' in the file is not right");
    }
    if (!is_thumbprint(passport->founder) ||
        (passport->kid != NULL && !is_thumbprint(passport->kid))) {
        return FAIL(err, ERR_BAD_INPUT, "a thumbprint in the file is not right");
    }
    if (passport->expires != NULL &&
        !instant_parse(span_text(passport->expires), &at, NULL)) {
        return FAIL(err, ERR_BAD_INPUT, "'expires' in the file is not a time");
    }
    if (passport->code != NULL && passport->vkey == NULL) { /* trust begins with it */
        return FAIL(err, ERR_BAD_INPUT, "'vkey' in the file is not right");
    }
    CLEANUP(bytes_wipe) struct bytes code = {0};
    if (passport->code != NULL &&
        (!decode(BASE32, span_text(passport->code), &code) || code.size != 16)) {
        return FAIL(err, ERR_BAD_INPUT, "'code' in the file is not right");
    }
    return OK;
}

static status read_file(struct span text, const char *kind, unsigned where,
                        struct arena *arena, struct passport *ret_passport, struct err *err)
{
    const struct json *root = NULL;
    struct passport passport = {0};
    size_t count = 1;
    if (text.size > INVITATION_MAX) {
        return FAIL(err, ERR_TOO_LARGE, "the file is too long to be an %s", kind);
    }
    TRY(json_parse(text, &LIMITS, arena, &root, err));
    if (!json_equals(json_get(root, "crf"), kind)) {
        return FAIL(err, ERR_BAD_INPUT, "the file is not a crf %s", kind);
    }
    for (size_t i = 0; i < ARRAY_LEN(MEMBERS); i++) {
        if ((MEMBERS[i].flags & where) != 0) {
            TRY(read_member(root, &MEMBERS[i], &passport, err));
            count++;
        }
    }
    if (root->count != count) {
        return FAIL(err, ERR_BAD_INPUT, "the file has members that do not belong to an %s",
                    kind);
    }
    TRY(check_values(&passport, err));
    *ret_passport = passport;
    return OK;
}

status invitation_read(struct span text, struct arena *arena, struct passport *ret_passport,
                       struct err *err)
{
    return read_file(text, "invitation 1", IN_INVITATION, arena, ret_passport, err);
}

status passport_read(struct span text, struct arena *arena, struct passport *ret_passport,
                     struct err *err)
{
    return read_file(text, "passport 1", IN_PASSPORT, arena, ret_passport, err);
}

static void write_file(const struct passport *passport, const char *kind, unsigned where,
                       struct bytes *out)
{
    struct json_out json = {.bytes = out};
    bytes_add_text(out, "{\"crf\":");
    json_put_string(&json, kind);
    for (size_t i = 0; i < ARRAY_LEN(MEMBERS); i++) {
        if ((MEMBERS[i].flags & where) != 0) {
            bytes_add_text(out, ",\n ");
            json.comma = false;
            json_member(&json, MEMBERS[i].name, value_of(passport, &MEMBERS[i]));
        }
    }
    bytes_add_text(out, "}\n");
}

void invitation_write(const struct passport *passport, struct bytes *out)
{
    write_file(passport, "invitation 1", IN_INVITATION, out);
}

void passport_write(const struct passport *passport, struct bytes *out)
{
    write_file(passport, "passport 1", IN_PASSPORT, out);
}

status passport_load(const struct folder *folder, struct arena *arena,
                     struct passport *ret_passport, struct err *err)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    TRY(folder_read(folder, "passport.json", &text, err));
    return passport_read(span_bytes(&text), arena, ret_passport, err);
}

status passport_store(const struct folder *folder, const struct passport *passport,
                      struct err *err)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    passport_write(passport, &text);
    return folder_write(folder, "passport.json", span_bytes(&text), err);
}

const char *passport_path(const struct passport *passport, struct arena *arena,
                          const char *tail)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_add_text(&path, "/v1/studies/");
    for (const char *c = passport->study; *c != '\0'; c++) {
        bool plain = (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
                     (*c >= '0' && *c <= '9') || strchr("._-", *c) != NULL;
        if (plain) {
            bytes_add_char(&path, *c);
        } else {
            bytes_printf(&path, "%%%02X", (unsigned) (unsigned char) *c);
        }
    }
    bytes_add_text(&path, tail);
    return arena_span_text(arena, span_bytes(&path));
}

const char *passport_url(const struct passport *passport, struct arena *arena,
                         const char *tail)
{
    return arena_printf(arena, "%s%s", passport->url, passport_path(passport, arena, tail));
}

void code_make(char ret_code[CODE_SIZE])
{
    CLEANUP(bytes_wipe) struct bytes text = {0};
    uint8_t random[16];
    random_fill(random, sizeof(random));
    encode(BASE32, span_of(random, sizeof(random)), &text);
    explicit_bzero(random, sizeof(random));
    BUG_IF(!text_copy(ret_code, CODE_SIZE, bytes_text(&text)));
}

void code_digest(const char *code, char ret_hex[65])
{
    struct digest digest;
    digest_of(span_text(code), &digest);
    digest_to_hex(&digest, ret_hex);
}

const char *fingerprint(struct arena *arena, const char *thumbprint)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    for (size_t i = 0; thumbprint[i] != '\0'; i++) {
        if (i > 0 && i % 4 == 0) {
            bytes_add_char(&text, ' ');
        }
        bytes_add_char(&text, thumbprint[i]);
    }
    return arena_span_text(arena, span_bytes(&text));
}
