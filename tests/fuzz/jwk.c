/* SPDX-License-Identifier: Apache-2.0 */
/*
** Any bytes as a JWK, an SPKI and a raw key: what is accepted keeps its identity through
** all forms and never crashes a verification.
*/
#include "crypto/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_key(const struct key *key)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes jwk = {0};
    CLEANUP(bytes_done) struct bytes spki = {0};
    CLEANUP(key_freep) struct key *from_jwk = NULL;
    CLEANUP(key_freep) struct key *from_spki = NULL;
    const struct json *json = NULL;
    uint8_t zeros[SIGNATURE_SIZE] = {0};
    key_to_jwk(key, &jwk);
    key_to_spki(key, &spki);
    BUG_IF(json_parse(span_bytes(&jwk), &JSON_RECORD, arena, &json, NULL) != OK);
    BUG_IF(key_from_jwk(json, &from_jwk, NULL) != OK || !key_equal(key, from_jwk));
    BUG_IF(key_from_spki(span_bytes(&spki), &from_spki, NULL) != OK);
    BUG_IF(!key_equal(key, from_spki));
    BUG_IF(strcmp(key_thumbprint(from_jwk), key_thumbprint(from_spki)) != 0);
    BUG_IF(key_verify(key, span_bytes(&jwk), span_of(zeros, sizeof(zeros)), NULL) == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct span text = span_of(data, size);
    const struct json *json = NULL;
    struct key *key = NULL;
    struct err err;
    if (json_parse(text, &JSON_RECORD, arena, &json, &err) == OK &&
        key_from_jwk(json, &key, &err) == OK) {
        check_key(key);
        key_free(key);
    }
    if (key_from_spki(text, &key, &err) == OK) {
        check_key(key);
        key_free(key);
    }
    if (key_from_raw(size == 32 ? KEY_ED25519 : KEY_ES256, text, &key, &err) == OK) {
        check_key(key);
        key_free(key);
    }
    return 0;
}
