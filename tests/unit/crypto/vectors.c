/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/crypto/vectors.h"

#include "base/encode.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

struct bytes from_hex(const char *hex)
{
    struct bytes bytes = {0};
    bytes_reserve(&bytes, 1);
    assert_true(decode(HEX, span_text(hex), &bytes));
    return bytes;
}

struct private_key *known_private_key(enum known_key which)
{
    static const struct {
        enum key_kind kind;
        const char *hex;
    } keys[] = {
        [RFC8032_TEST1] =
            {KEY_ED25519,
             "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"},
        [RFC8032_TEST2] =
            {KEY_ED25519,
             "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"},
        [RFC7515_A3] = {KEY_ES256,
                        "8e9b109e719098bf980487df1f5d77e9cb29606ebed2263b5f57c213df84f4b2"},
    };
    struct private_key *key = NULL;
    struct err err;
    CLEANUP(secret_done) struct secret raw = {0};
    struct bytes bytes = from_hex(keys[which].hex);
    secret_take(&raw, &bytes);
    assert_status(private_key_from_raw(keys[which].kind, &raw, &key, &err), OK, &err);
    return key;
}

const struct json *parse_big(struct span text, struct arena *arena)
{
    static const struct json_limits big = {32, 1000000, 1 << 20};
    const struct json *root = NULL;
    struct err err;
    assert_status(json_parse(text, &big, arena, &root, &err), OK, &err);
    return root;
}

const struct json *want(const struct json *object, const char *name, enum json_kind kind)
{
    const struct json *value = json_get(object, name);
    assert_non_null(value);
    assert_int_equal(value->kind, kind);
    return value;
}

const char *want_string(const struct json *object, const char *name)
{
    return want(object, name, J_STRING)->string;
}

size_t each_wycheproof(const char *file,
                       void (*each)(const struct json *group, const struct json *test,
                                    void *arg),
                       void *arg)
{
    CLEANUP(bytes_done) struct bytes name = {0};
    bytes_printf(&name, "crypto/C2SP+wycheproof/testvectors_v1/%s", file);
    CLEANUP(mem_freep) char *path = corpus_path(bytes_text(&name), "Wycheproof vectors");
    if (path == NULL) {
        return 0;
    }
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *root = parse_big(span_bytes(&text), arena);
    const struct json *groups = want(root, "testGroups", J_ARRAY);
    size_t count = 0;
    for (size_t g = 0; g < groups->count; g++) {
        const struct json *tests = want(&groups->items[g], "tests", J_ARRAY);
        for (size_t t = 0; t < tests->count; t++) {
            each(&groups->items[g], &tests->items[t], arg);
            count++;
        }
    }
    assert_int_equal(count, want(root, "numberOfTests", J_INTEGER)->integer);
    return count;
}

/* Append TEXT with @KID@ replaced by KEY's thumbprint. */
static void expand(const char *text, const struct private_key *key, struct bytes *out)
{
    const char *at = strstr(text, "@KID@");
    if (at == NULL) {
        bytes_add_text(out, text);
        return;
    }
    bytes_add(out, text, (size_t) (at - text));
    bytes_add_text(out, key_thumbprint(private_key_public(key)));
    bytes_add_text(out, at + 5);
}

/* base64url(header) "." base64url(payload) and the signature over it. */
void sign_parts(const struct private_key *key, const char *header, const char *payload,
                struct bytes *input, struct bytes *signature)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    uint8_t raw[SIGNATURE_SIZE];
    struct err err;
    expand(header, key, &text);
    encode(BASE64URL, span_bytes(&text), input);
    bytes_add_char(input, '.');
    encode(BASE64URL, span_text(payload), input);
    assert_status(private_key_sign(key, span_bytes(input), raw, &err), OK, &err);
    encode(BASE64URL, span_of(raw, sizeof(raw)), signature);
}
