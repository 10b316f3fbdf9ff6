/* SPDX-License-Identifier: Apache-2.0 */
/*
** What a ledger decodes once: the keys of people and the definitions that the state names.
** (<search.h> has a `struct entry` of its own, so this file must not see crypto/entry.h.)
*/
#include <search.h>

#include "base/text.h"
#include "crypto/key.h"
#include "service/flow/ledger.h"

/* ---- decoded keys ---- */

static int compare_keys(const void *a, const void *b)
{
    const struct key *left = a;
    const struct key *right = b;
    return strcmp(key_thumbprint(left), key_thumbprint(right));
}

static int compare_kid(const void *kid, const void *key)
{
    const struct key *right = key;
    return strcmp(kid, key_thumbprint(right));
}

static void free_key(void *key)
{
    key_free(key);
}

const struct key *ledger_key(struct ledger *ledger, const char *kid)
{
    const struct row *row = state_key_by_kid(ledger->state, kid);
    if (row == NULL || row->values[PERSON_KEY_JWK] == NULL) {
        return NULL;
    }
    void **found = tfind(kid, &ledger->keys, compare_kid);
    if (found != NULL) {
        return *found;
    }
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *jwk = NULL;
    struct key *key = NULL;
    if (json_parse(span_text(row->values[PERSON_KEY_JWK]), &JSON_RECORD, arena, &jwk,
                   NULL) != OK ||
        key_from_jwk(jwk, &key, NULL) != OK || strcmp(key_thumbprint(key), kid) != 0) {
        key_free(key);
        return NULL;
    }
    BUG_IF(tsearch(key, &ledger->keys, compare_keys) == NULL);
    return key;
}

/* ---- loaded definitions ---- */

struct loaded {
    char sha256[DIGEST_HEX_SIZE];
    struct arena *arena;
    const struct study *study; /* or else: */
    const struct dictionary *dictionary;
};

static int compare_loaded(const void *a, const void *b)
{
    const struct loaded *left = a;
    const struct loaded *right = b;
    return strcmp(left->sha256, right->sha256);
}

static int compare_sha256(const void *sha256, const void *loaded)
{
    const struct loaded *right = loaded;
    return strcmp(sha256, right->sha256);
}

static void free_loaded(void *pointer)
{
    struct loaded *loaded = pointer;
    arena_free(loaded->arena);
    free(loaded);
}

static const struct loaded *find_loaded(const struct ledger *ledger, const char *sha256)
{
    void **found = tfind(sha256, &ledger->definitions, compare_sha256);
    return found != NULL ? *found : NULL;
}

static const struct metadata_version *get_definition(void *arg, const char *version,
                                                     const char *sha256)
{
    const struct ledger *ledger = arg;
    const struct loaded *loaded =
        version != NULL && sha256 != NULL ? find_loaded(ledger, sha256) : NULL;
    return loaded != NULL && loaded->study != NULL ? study_version(loaded->study, version)
                                                   : NULL;
}

static const struct dictionary *get_dictionary(void *arg, const char *sha256)
{
    const struct loaded *loaded = sha256 != NULL ? find_loaded(arg, sha256) : NULL;
    return loaded != NULL ? loaded->dictionary : NULL;
}

struct definitions ledger_definitions(struct ledger *ledger)
{
    return (struct definitions){
        .get = get_definition, .arg = ledger, .dictionary = get_dictionary};
}

bool ledger_has_definition(struct ledger *ledger, const char *sha256)
{
    return find_loaded(ledger, sha256) != NULL;
}

void ledger_keep_definition(struct ledger *ledger, const char *sha256,
                            const struct defined *defined)
{
    if (ledger_has_definition(ledger, sha256)) {
        arena_free(defined->arena);
        return;
    }
    struct loaded *loaded = mem_alloc(sizeof(*loaded));
    (void) text_copy(loaded->sha256, sizeof(loaded->sha256), sha256);
    loaded->arena = defined->arena;
    loaded->study = defined->study;
    loaded->dictionary = defined->dictionary;
    BUG_IF(tsearch(loaded, &ledger->definitions, compare_loaded) == NULL);
}

void ledger_each_definition(const struct ledger *ledger,
                            void (*each)(const char *sha256, void *arg), void *arg)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct rows rows = state_rows(ledger->state, TABLE_DEFINITION, arena);
    for (size_t i = 0; i < rows.count; i++) {
        each(rows.items[i]->values[DEFINITION_DIGEST], arg);
    }
    rows = state_rows(ledger->state, TABLE_DICTIONARY, arena);
    for (size_t i = 0; i < rows.count; i++) {
        each(rows.items[i]->values[DICTIONARY_DIGEST], arg);
    }
}

void ledger_forget(struct ledger *ledger)
{
    tdestroy(ledger->keys, free_key);
    tdestroy(ledger->definitions, free_loaded);
    ledger->keys = NULL;
    ledger->definitions = NULL;
}
