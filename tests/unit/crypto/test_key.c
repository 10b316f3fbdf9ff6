/* SPDX-License-Identifier: Apache-2.0 */
/*
** Keys and signatures: known answers of the RFCs, third-party vectors, forms that are
** refused. The encrypted file: test_key_file.c.
*/
#include <openssl/err.h>
#include <pthread.h>

#include "base/encode.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"
#include "tests/unit/crypto/vectors.h"

static struct span hex_member(const struct json *object, const char *name,
                              struct bytes *storage)
{
    *storage = from_hex(want_string(object, name));
    return span_bytes(storage);
}

static struct span base64url_of(const char *text, struct bytes *storage)
{
    assert_true(decode(BASE64URL, span_text(text), storage));
    return span_bytes(storage);
}

/* --- known answers --- */

static void check_rfc7515_a3(void **state)
{
    struct span input = SPAN_LITERAL(
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9l"
        "eGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ");
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC7515_A3);
    CLEANUP(bytes_done) struct bytes jwk = {0};
    CLEANUP(bytes_done) struct bytes storage = {0};
    struct err err;
    (void) state;
    struct span signature = base64url_of(
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTU"
        "JqPP3-Kg6NU1Q",
        &storage);
    key_to_jwk(private_key_public(key), &jwk);
    assert_string_equal(bytes_text(&jwk),
                        "{\"crv\":\"P-256\",\"kty\":\"EC\","
                        "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                        "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}");
    assert_status(key_verify(private_key_public(key), input, signature, &err), OK, &err);
    assert_status(
        key_verify(private_key_public(key), span_of(input.data, 20), signature, &err),
        ERR_UNAUTHENTIC, &err);
}

static void check_rfc8037(void **state)
{
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC8032_TEST1);
    CLEANUP(bytes_done) struct bytes storage = {0};
    uint8_t made[SIGNATURE_SIZE];
    struct err err;
    (void) state;
    /* A.3 thumbprint, A.4 signature (deterministic), A.5 verification */
    assert_string_equal(key_thumbprint(private_key_public(key)),
                        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    struct span input =
        SPAN_LITERAL("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
    struct span signature =
        base64url_of("hgyY0il_MGCjP0JzlnLWG1PPOt7-"
                     "09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
                     &storage);
    assert_status(private_key_sign(key, input, made, &err), OK, &err);
    assert_true(span_equal(span_of(made, sizeof(made)), signature));
    assert_status(key_verify(private_key_public(key), input, signature, &err), OK, &err);
}

static void check_rfc8032(void **state)
{
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC8032_TEST2);
    CLEANUP(bytes_done)
    struct bytes public =
        from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    CLEANUP(bytes_done)
    struct bytes signature =
        from_hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    uint8_t made[SIGNATURE_SIZE];
    struct err err;
    (void) state;
    assert_true(span_equal(key_raw(private_key_public(key)), span_bytes(&public)));
    assert_status(private_key_sign(key, SPAN_LITERAL("\x72"), made, &err), OK, &err);
    assert_memory_equal(made, signature.data, SIGNATURE_SIZE);
}

/* --- third-party vectors --- */

struct tally {
    enum key_kind kind;
    size_t valid, invalid;
};

/* Verify through raw, SPKI and JWK forms of the group's key; all must agree. */
static void check_vector(const struct json *group, const struct json *test, void *arg)
{
    struct tally *tally = arg;
    bool ed25519 = tally->kind == KEY_ED25519;
    CLEANUP(bytes_done) struct bytes a = {0};
    CLEANUP(bytes_done) struct bytes b = {0};
    CLEANUP(bytes_done) struct bytes c = {0};
    CLEANUP(bytes_done) struct bytes d = {0};
    CLEANUP(bytes_done) struct bytes spki = {0};
    CLEANUP(key_freep) struct key *raw_key = NULL;
    CLEANUP(key_freep) struct key *spki_key = NULL;
    struct err err;
    const struct json *public = want(group, "publicKey", J_OBJECT);
    struct span raw = hex_member(public, ed25519 ? "pk" : "uncompressed", &a);
    struct span der = hex_member(group, "publicKeyDer", &b);
    bool valid = strcmp(want_string(test, "result"), "valid") == 0;

    assert_status(key_from_raw(tally->kind, raw, &raw_key, &err), OK, &err);
    assert_status(key_from_spki(der, &spki_key, &err), OK, &err);
    assert_true(key_equal(raw_key, spki_key));
    key_to_spki(raw_key, &spki);
    assert_true(span_equal(span_bytes(&spki), der));
    status got =
        key_verify(raw_key, hex_member(test, "msg", &c), hex_member(test, "sig", &d), &err);
    if ((got == OK) != valid) {
        fail_msg("case %d: %s", (int) want(test, "tcId", J_INTEGER)->integer,
                 valid ? "refused" : "accepted");
    }
    assert_int_equal(ERR_peek_error(), 0);
    tally->valid += valid;
    tally->invalid += !valid;
}

static const struct file_row {
    const char *name, *file;
    enum key_kind kind;
    size_t count;
} files[] = {
    {"Wycheproof ECDSA P-256 SHA-256, r || s: 262",
     "ecdsa_secp256r1_sha256_p1363_test.json", KEY_ES256, 262},
    {"Wycheproof Ed25519: 151", "ed25519_test.json", KEY_ED25519, 151},
};

static void check_wycheproof(void **state)
{
    const struct file_row *row = *state;
    struct tally tally = {.kind = row->kind};
    size_t count = each_wycheproof(row->file, check_vector, &tally);
    if (count > 0) {
        assert_int_equal(count, row->count);
        assert_true(tally.valid > 20 && tally.invalid > 20);
    }
}

static bool has_flag(const struct json *test, const char *flag)
{
    const struct json *flags = json_get(test, "flags");
    for (size_t i = 0; flags != NULL && flags->kind == J_ARRAY && i < flags->count; i++) {
        if (json_equals(&flags->items[i], flag)) {
            return true;
        }
    }
    return false;
}

/* C2SP CCTV: every key of low order or not canonical is refused, and what is left never
 * verifies with a non-canonical R. */
static void check_cctv(void **state)
{
    CLEANUP(mem_freep)
    char *path =
        corpus_path("crypto/C2SP+CCTV/ed25519/ed25519vectors.json", "CCTV Ed25519");
    size_t refused = 0;
    size_t verified = 0;
    (void) state;
    if (path == NULL) {
        return;
    }
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *tests = parse_big(span_bytes(&text), arena);
    for (size_t i = 0; i < tests->count; i++) {
        const struct json *test = &tests->items[i];
        CLEANUP(bytes_done) struct bytes a = {0};
        CLEANUP(bytes_done) struct bytes b = {0};
        CLEANUP(key_freep) struct key *key = NULL;
        bool bad = has_flag(test, "low_order_A") || has_flag(test, "non_canonical_A");
        status made = key_from_raw(KEY_ED25519, hex_member(test, "key", &a), &key, NULL);
        assert_int_equal(made, bad ? ERR_REJECTED : OK);
        refused += bad;
        if (!bad && key_verify(key, span_text(want_string(test, "msg")),
                               hex_member(test, "sig", &b), NULL) == OK) {
            verified++;
            assert_false(has_flag(test, "non_canonical_R"));
            assert_false(has_flag(test, "low_order_residue"));
        }
    }
    print_message("%zu vectors, %zu with a key that is refused, %zu verify\n", tests->count,
                  refused, verified);
    assert_true(refused > 500 && verified > 50);
}

/* --- keys that are refused --- */

static const struct bad_raw_row {
    const char *name;
    enum key_kind kind;
    const char *hex;
    status wanted;
} bad_raws[] = {
#define LOW(what, hex)                                                                     \
    {                                                                                      \
        "Ed25519 " what " is refused", KEY_ED25519, hex, ERR_REJECTED                      \
    }
    LOW("order 4, y 0", "0000000000000000000000000000000000000000000000000000000000000000"),
    LOW("order 4, y p", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    LOW("order 4, y 0, sign",
        "0000000000000000000000000000000000000000000000000000000000000080"),
    LOW("order 4, y p, sign",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
    LOW("order 1", "0100000000000000000000000000000000000000000000000000000000000000"),
    LOW("order 1, x -0",
        "0100000000000000000000000000000000000000000000000000000000000080"),
    LOW("order 1, y p + 1",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    LOW("order 1, y p + 1, x -0",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
    LOW("order 8 a", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    LOW("order 8 b", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
    LOW("order 8 c", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    LOW("order 8 d", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
    LOW("order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    LOW("order 2, x -0",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
    LOW("y p + 2", "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    LOW("y 2^255 - 1", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    {"an Ed25519 key of 31 bytes is refused", KEY_ED25519,
     "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc", ERR_BAD_INPUT},
    {"a P-256 point off the curve is refused", KEY_ES256,
     "047fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445"
     "c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ae",
     ERR_REJECTED},
    {"a P-256 x at or over p is refused", KEY_ES256,
     "04ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
     "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4",
     ERR_REJECTED},
    {"the P-256 point 0, 0 is refused", KEY_ES256,
     "040000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000",
     ERR_REJECTED},
    {"a compressed P-256 point is refused", KEY_ES256,
     "027fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445", ERR_BAD_INPUT},
    {"the P-256 point at infinity is refused", KEY_ES256, "00", ERR_BAD_INPUT},
    {"a hybrid P-256 point is refused", KEY_ES256,
     "067fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445"
     "c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad",
     ERR_BAD_INPUT},
};

static void check_bad_raw(void **state)
{
    const struct bad_raw_row *row = *state;
    CLEANUP(bytes_done) struct bytes raw = from_hex(row->hex);
    struct key *key = NULL;
    struct err err;
    assert_status(key_from_raw(row->kind, span_bytes(&raw), &key, &err), row->wanted, &err);
    assert_null(key);
    assert_int_equal(ERR_peek_error(), 0);
}

#define X "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\""
#define Y "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\""
#define E "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""

static const struct jwk_row {
    const char *name, *text;
    status wanted;
} jwks[] = {
    {"a P-256 jwk is read", "{\"kty\":\"EC\",\"crv\":\"P-256\"," X "," Y "}", OK},
    {"the order of members does not matter",
     "{" Y ",\"crv\":\"P-256\"," X ",\"kty\":\"EC\"}", OK},
    {"an Ed25519 jwk is read", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"," E "}", OK},
    {"a private jwk is refused",
     "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"," E
     ",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"}",
     ERR_BAD_INPUT},
    {"a jwk with alg is refused",
     "{\"kty\":\"EC\",\"crv\":\"P-256\"," X "," Y ",\"alg\":\"ES256\"}", ERR_BAD_INPUT},
    {"a jwk without crv is refused", "{\"kty\":\"EC\"," X "," Y "}", ERR_BAD_INPUT},
    {"a jwk of P-384 is refused", "{\"kty\":\"EC\",\"crv\":\"P-384\"," X "," Y "}",
     ERR_BAD_INPUT},
    {"an EC jwk without y is refused", "{\"kty\":\"EC\",\"crv\":\"P-256\"," X "}",
     ERR_BAD_INPUT},
    {"an OKP jwk of X25519 is refused", "{\"kty\":\"OKP\",\"crv\":\"X25519\"," E "}",
     ERR_BAD_INPUT},
    {"a symmetric jwk is refused", "{\"kty\":\"oct\",\"k\":\"AAAA\"}", ERR_BAD_INPUT},
    {"a padded coordinate is refused",
     "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_"
     "7TyWQHOg7hcvPapiMlrwIaaPcHURo="
     "\"}",
     ERR_BAD_INPUT},
    {"a coordinate with stray bits is refused",
     "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_"
     "7TyWQHOg7hcvPapiMlrwIaaPcHURp"
     "\"}",
     ERR_BAD_INPUT},
    {"a coordinate of 31 bytes is refused",
     "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_"
     "7TyWQHOg7hcvPapiMlrwIaaPcHUQ"
     "\"}",
     ERR_BAD_INPUT},
    {"a coordinate that is a number is refused",
     "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":1}", ERR_BAD_INPUT},
    {"x and y swapped are no point",
     "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"
     "\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\",\"y\":"
     "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"}",
     ERR_REJECTED},
    {"an array is refused", "[]", ERR_BAD_INPUT},
};

static void check_jwk(void **state)
{
    const struct jwk_row *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(key_freep) struct key *key = NULL;
    CLEANUP(bytes_done) struct bytes again = {0};
    struct err err;
    const struct json *jwk = parse_big(span_text(row->text), arena);
    assert_status(key_from_jwk(jwk, &key, &err), row->wanted, &err);
    assert_int_equal(key != NULL, row->wanted == OK);
    if (key != NULL) {
        CLEANUP(key_freep) struct key *same = NULL;
        key_to_jwk(key, &again);
        assert_status(key_from_jwk(parse_big(span_bytes(&again), arena), &same, &err), OK,
                      &err);
        assert_string_equal(key_thumbprint(same), key_thumbprint(key));
        assert_int_equal(strlen(key_thumbprint(key)), KEY_THUMBPRINT_SIZE);
    }
}

static void check_spki(void **state)
{
    CLEANUP(private_key_freep) struct private_key *known = known_private_key(RFC7515_A3);
    CLEANUP(bytes_done) struct bytes der = {0};
    struct key *key = NULL;
    struct err err;
    (void) state;
    key_to_spki(private_key_public(known), &der);
    assert_int_equal(der.size, 91);
    for (size_t size = 0; size < der.size; size++) {
        assert_status(key_from_spki(span_of(der.data, size), &key, &err), ERR_BAD_INPUT,
                      &err);
    }
    for (size_t i = 0; i < 27; i++) { /* the prefix and the 04 */
        der.data[i] ^= 1;
        assert_status(key_from_spki(span_bytes(&der), &key, &err), ERR_BAD_INPUT, &err);
        der.data[i] ^= 1;
    }
    bytes_add_char(&der, 0);
    assert_status(key_from_spki(span_bytes(&der), &key, &err), ERR_BAD_INPUT, &err);
    assert_null(key);
}

/* --- signing and verifying --- */

static const struct kind_row {
    const char *name;
    enum key_kind kind;
} kinds[] = {
    {"ES256: what is signed verifies, what is changed does not", KEY_ES256},
    {"Ed25519: what is signed verifies, what is changed does not", KEY_ED25519},
};

static void check_sign(void **state)
{
    const struct kind_row *row = *state;
    CLEANUP(private_key_freep) struct private_key *key = NULL;
    CLEANUP(private_key_freep) struct private_key *other = NULL;
    uint8_t signature[SIGNATURE_SIZE + 1] = {0};
    struct span exact = span_of(signature, SIGNATURE_SIZE);
    struct span message = SPAN_LITERAL("a message");
    struct err err;

    assert_status(private_key_generate(row->kind, &key, &err), OK, &err);
    assert_status(private_key_generate(row->kind, &other, &err), OK, &err);
    assert_status(private_key_sign(key, message, signature, &err), OK, &err);
    const struct key *public = private_key_public(key);
    assert_status(key_verify(public, message, exact, &err), OK, &err);
    assert_status(key_verify(private_key_public(other), message, exact, &err),
                  ERR_UNAUTHENTIC, &err);
    assert_status(key_verify(public, span_of("a messagf", 9), exact, &err), ERR_UNAUTHENTIC,
                  &err);
    for (size_t size = 0; size <= SIGNATURE_SIZE + 1; size++) {
        status wanted = size == SIGNATURE_SIZE ? OK : ERR_UNAUTHENTIC;
        assert_status(key_verify(public, message, span_of(signature, size), &err), wanted,
                      &err);
    }
    for (size_t i = 0; i < SIGNATURE_SIZE; i++) {
        signature[i] ^= 0x10;
        assert_status(key_verify(public, message, exact, &err), ERR_UNAUTHENTIC, &err);
        signature[i] ^= 0x10;
    }
    memset(signature, 0, sizeof(signature));
    assert_status(key_verify(public, message, exact, &err), ERR_UNAUTHENTIC, &err);
    assert_int_equal(ERR_peek_error(), 0);
}

static void check_raw_round(void **state)
{
    (void) state;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        CLEANUP(private_key_freep) struct private_key *key = NULL;
        CLEANUP(private_key_freep) struct private_key *again = NULL;
        CLEANUP(secret_done) struct secret raw = {0};
        struct err err;
        assert_status(private_key_generate(kinds[i].kind, &key, &err), OK, &err);
        assert_status(private_key_to_raw(key, &raw, &err), OK, &err);
        assert_status(private_key_from_raw(kinds[i].kind, &raw, &again, &err), OK, &err);
        assert_true(key_equal(private_key_public(key), private_key_public(again)));
    }
}

static void check_bad_scalars(void **state)
{
    static const char *const scalars[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", /* n */
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "01",
    };
    (void) state;
    for (size_t i = 0; i < ARRAY_LEN(scalars); i++) {
        CLEANUP(secret_done) struct secret raw = {0};
        struct private_key *key = NULL;
        struct err err;
        struct bytes bytes = from_hex(scalars[i]);
        secret_take(&raw, &bytes);
        assert_status(private_key_from_raw(KEY_ES256, &raw, &key, &err),
                      raw.size == 32 ? ERR_REJECTED : ERR_BAD_INPUT, &err);
        assert_null(key);
    }
}

struct verify_job {
    const struct key *key;
    struct span signature;
    size_t good;
};

static void *verify_many(void *arg)
{
    struct verify_job *job = arg;
    struct key *mine = key_share(job->key);
    for (int i = 0; i < 50; i++) {
        job->good += key_verify(mine, SPAN_LITERAL("shared"), job->signature, NULL) == OK &&
                     key_verify(mine, SPAN_LITERAL("Shared"), job->signature, NULL) != OK;
    }
    key_free(mine);
    return NULL;
}

static void check_shared(void **state)
{
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC7515_A3);
    uint8_t signature[SIGNATURE_SIZE];
    struct verify_job jobs[4];
    pthread_t threads[4];
    (void) state;
    assert_int_equal(private_key_sign(key, SPAN_LITERAL("shared"), signature, NULL), OK);
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
        jobs[i] = (struct verify_job){private_key_public(key),
                                      span_of(signature, sizeof(signature)), 0};
        assert_int_equal(pthread_create(&threads[i], NULL, verify_many, &jobs[i]), 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(jobs[i].good, 50);
    }
}

static void check_kind_names(void **state)
{
    enum key_kind kind = KEY_ES256;
    (void) state;
    assert_true(key_kind_parse("Ed25519", &kind));
    assert_int_equal(kind, KEY_ED25519);
    static const char *const others[] = {"none", "EdDSA", "HS256", "es256", "", "ES256K"};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        assert_false(key_kind_parse(others[i], &kind));
    }
}

int main(void)
{
    add_test("RFC 7515 A.3: ES256", check_rfc7515_a3);
    add_test("RFC 8037 A: Ed25519 in JOSE", check_rfc8037);
    add_test("RFC 8032 7.1 test 2", check_rfc8032);
    add_rows(files, ARRAY_LEN(files), sizeof(files[0]), check_wycheproof);
    add_test("C2SP CCTV Ed25519 vectors", check_cctv);
    add_rows(bad_raws, ARRAY_LEN(bad_raws), sizeof(bad_raws[0]), check_bad_raw);
    add_rows(jwks, ARRAY_LEN(jwks), sizeof(jwks[0]), check_jwk);
    add_test("an SPKI with any byte of its frame changed is refused", check_spki);
    add_rows(kinds, ARRAY_LEN(kinds), sizeof(kinds[0]), check_sign);
    add_test("private bytes make the same key again", check_raw_round);
    add_test("numbers that are no P-256 private key are refused", check_bad_scalars);
    add_test("threads verify with one key", check_shared);
    add_test("only two algorithm names are known", check_kind_names);
    return run_added("crypto/key");
}
