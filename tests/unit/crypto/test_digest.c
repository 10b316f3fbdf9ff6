/* SPDX-License-Identifier: Apache-2.0 */
/*
** Digests, their text, secrets, random bytes and ids.
*/
#include <pthread.h>

#include "crypto/openssl.h"

#include <openssl/x509.h>

#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "tests/support/rows.h"

static const struct digest_row {
    const char *name, *text, *hex;
} digests[] = {
    {"SHA-256 of nothing (FIPS 180-4)", "",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"SHA-256 of abc (FIPS 180-4)", "abc",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"SHA-256 of two blocks (FIPS 180-4)",
     "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void check_digest(void **state)
{
    const struct digest_row *row = *state;
    struct span text = span_text(row->text);
    struct span parts[] = {span_of(text.data, text.size / 3),
                           span_of(text.data + text.size / 3, text.size - text.size / 3)};
    struct digest whole;
    struct digest split;
    struct digest streamed;
    char hex[DIGEST_HEX_SIZE];
    CLEANUP(digest_stream_freep) struct digest_stream *stream = digest_stream_new();

    digest_of(text, &whole);
    digest_to_hex(&whole, hex);
    assert_string_equal(hex, row->hex);
    digest_of_parts(parts, 2, &split);
    assert_true(digest_equal(&whole, &split));
    for (int round = 0; round < 2; round++) { /* a stream starts again after finish */
        digest_stream_add(stream, parts[0]);
        digest_stream_add(stream, parts[1]);
        digest_stream_finish(stream, &streamed);
        assert_true(digest_equal(&whole, &streamed));
    }
}

static void check_text_forms(void **state)
{
    struct digest digest;
    struct digest again = {{0}};
    char base64[DIGEST_BASE64_SIZE];
    char url[DIGEST_BASE64URL_SIZE];
    char hex[DIGEST_HEX_SIZE];
    (void) state;

    digest_of(SPAN_LITERAL("abc"), &digest);
    digest_to_base64(&digest, base64);
    digest_to_base64url(&digest, url);
    digest_to_hex(&digest, hex);
    assert_string_equal(base64, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    assert_string_equal(url, "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    assert_true(digest_from_base64(span_text(base64), &again));
    assert_true(digest_equal(&digest, &again));
    assert_true(digest_from_base64url(span_text(url), &again));
    assert_true(digest_from_hex(span_text(hex), &again));
    assert_true(digest_equal(&digest, &again));

    assert_false(digest_from_base64(span_text(url), &again));
    assert_false(digest_from_base64url(span_text(base64), &again));
    assert_false(digest_from_hex(span_of(hex, 63), &again));
    hex[0] = 'B';
    assert_false(digest_from_hex(span_text(hex), &again));
    /* the last letter of base64 carries two bits that must be zero */
    url[42] = '1';
    assert_false(digest_from_base64url(span_text(url), &again));
    assert_true(digest_equal(&digest, &again)); /* untouched by refusals */
}

static void *hash_many(void *arg)
{
    struct digest digest;
    for (int i = 0; i < 200; i++) {
        digest_of(SPAN_LITERAL("abc"), &digest);
    }
    memcpy(arg, &digest, sizeof(digest));
    return NULL;
}

static void check_threads(void **state)
{
    pthread_t threads[4];
    struct digest got[4];
    struct digest wanted;
    (void) state;
    digest_of(SPAN_LITERAL("abc"), &wanted);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, hash_many, &got[i]), 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(digest_equal(&got[i], &wanted));
    }
}

static void check_secret(void **state)
{
    struct bytes bytes = {0};
    CLEANUP(secret_done) struct secret a = {0};
    CLEANUP(secret_done) struct secret b = {0};
    (void) state;
    assert_true(secret_equal(&a, &b));
    bytes_add_text(&bytes, "open sesame");
    secret_take(&a, &bytes);
    assert_int_equal(bytes.size, 0);
    assert_null(bytes.data);
    secret_copy(&b, "open sesam", 10);
    assert_false(secret_equal(&a, &b));
    secret_copy(&b, "open sesame", 11);
    assert_true(secret_equal(&a, &b));
    secret_copy(&b, b.data + 5, 6); /* of its own bytes */
    assert_true(span_is(secret_span(&b), "sesame"));
    secret_done(&b);
    assert_int_equal(b.size, 0);
}

/* --- ids --- */

static instant test_time;

static instant read_test_time(void *arg)
{
    (void) arg;
    return test_time;
}

static const struct clock test_clock = {read_test_time, read_test_time, NULL};

static void fill_ones(void *buffer, size_t size)
{
    memset(buffer, 0xFF, size);
}

static void check_uuid_form(void **state)
{
    struct uuid uuid;
    char text[UUID_TEXT_SIZE];
    (void) state;
    /* the time of RFC 9562, A.6, at a fixed randomness; the counter starts below 2048 */
    test_time = (instant) 0x017F22E279B0 * 1000;
    random_replace(fill_ones);
    uuid_make(&test_clock, &uuid);
    random_replace(NULL);
    uuid_format(&uuid, text);
    assert_string_equal(text, "017f22e2-79b0-77ff-bfff-ffffffffffff");
}

static void check_uuid_order(void **state)
{
    struct uuid last;
    struct uuid next;
    struct uuid parsed;
    char text[UUID_TEXT_SIZE];
    (void) state;
    test_time = clock_system.now(clock_system.arg);
    uuid_make(&test_clock, &last);
    for (int i = 0; i < 10000; i++) { /* more than the counter holds */
        test_time -= i == 5000 ? HOUR : 0;
        uuid_make(&test_clock, &next);
        assert_true(memcmp(last.bytes, next.bytes, sizeof(last.bytes)) < 0);
        last = next;
    }
    uuid_format(&last, text);
    assert_true(uuid_parse(span_text(text), &parsed));
    assert_memory_equal(parsed.bytes, last.bytes, sizeof(parsed.bytes));
}

static const struct uuid_row {
    const char *name, *text;
} bad_uuids[] = {
    {"an empty id is refused", ""},
    {"an id with capital letters is refused", "01935A7E-3f2c-7a10-9d4e-0b7d5a3f1c22"},
    {"an id of version 4 is refused", "01935a7e-3f2c-4a10-9d4e-0b7d5a3f1c22"},
    {"an id of another variant is refused", "01935a7e-3f2c-7a10-cd4e-0b7d5a3f1c22"},
    {"an id without dashes is refused", "01935a7e3f2c7a109d4e0b7d5a3f1c22"},
    {"an id with a dash in the wrong place is refused",
     "01935a7e3-f2c-7a10-9d4e-0b7d5a3f1c22"},
    {"an id in braces is refused", "{01935a7e-3f2c-7a10-9d4e-0b7d5a3f1c22}"},
    {"an id that is too short is refused", "01935a7e-3f2c-7a10-9d4e-0b7d5a3f1c2"},
    {"an id with a letter that is no digit is refused",
     "01935a7e-3f2c-7a10-9d4e-0b7d5a3f1c2g"},
};

static void check_bad_uuid(void **state)
{
    const struct uuid_row *row = *state;
    struct uuid uuid;
    assert_true(uuid_parse(SPAN_LITERAL("01935a7e-3f2c-7a10-9d4e-0b7d5a3f1c22"), &uuid));
    struct uuid before = uuid;
    assert_false(uuid_parse(span_text(row->text), &uuid));
    assert_memory_equal(&before, &uuid, sizeof(uuid));
}

/* What happens when OpenSSL fails where it must not: the reason is named, the queue is
 * empty. */
static void check_openssl(void **state)
{
    struct err err;
    const uint8_t garbage[] = {0x30, 0x80, 0x01};
    const uint8_t *at = garbage;
    (void) state;
    assert_null(d2i_X509_SIG(NULL, &at, sizeof(garbage)));
    assert_int_not_equal(ERR_peek_error(), 0);
    assert_status(OPENSSL_FAIL(&err, ERR_BUG, "cannot do it"), ERR_BUG, &err);
    assert_non_null(strstr(err.what, "cannot do it: "));
    assert_null(strstr(err.what, "no reason"));
    assert_int_equal(ERR_peek_error(), 0);
    assert_status(OPENSSL_FAIL(&err, ERR_BUG, "cannot do it"), ERR_BUG, &err);
    assert_string_equal(err.what, "cannot do it: no reason given");
}

static void check_random(void **state)
{
    uint8_t a[32] = {0};
    uint8_t b[32] = {0};
    (void) state;
    random_fill(a, sizeof(a));
    random_fill(b, sizeof(b));
    assert_memory_not_equal(a, b, sizeof(a));
    random_fill(NULL, 0);
}

int main(void)
{
    add_rows(digests, ARRAY_LEN(digests), sizeof(digests[0]), check_digest);
    add_test("the text forms are strict and inverse", check_text_forms);
    add_test("threads hash side by side", check_threads);
    add_test("a secret is copied, compared and emptied", check_secret);
    add_test("a failure of OpenSSL names its reason and empties the queue", check_openssl);
    add_test("random bytes differ", check_random);
    add_test("a UUIDv7 carries time, version and variant", check_uuid_form);
    add_test("ids rise even when the clock steps back", check_uuid_order);
    add_rows(bad_uuids, ARRAY_LEN(bad_uuids), sizeof(bad_uuids[0]), check_bad_uuid);
    return run_added("crypto/digest");
}
