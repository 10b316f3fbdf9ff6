/* SPDX-License-Identifier: Apache-2.0 */
/*
** One function answers the five calls with a key (signer_answer); whether it runs here or in
** the agent is decided in one place (call). So a session cannot do less or more than a
** passphrase can.
*/
#include "clients/lib/signer_impl.h"

#include "clients/lib/terminal.h"
#include "crypto/seal.h"

#define KEY_FILE "key.pem"

/* ---- numbers as parts of a call ---- */

static void put_number(uint8_t buffer[8], int64_t value)
{
    for (int i = 0; i < 8; i++) {
        buffer[i] = (uint8_t) ((uint64_t) value >> (56 - 8 * i));
    }
}

static bool get_number(struct span part, int64_t *ret_value)
{
    uint64_t value = 0;
    if (part.size != 8) {
        return false;
    }
    for (size_t i = 0; i < 8; i++) {
        value = value << 8 | part.data[i];
    }
    *ret_value = (int64_t) value;
    return true;
}

static bool get_uuid(struct span part, struct uuid *ret_uuid)
{
    if (part.size != sizeof(ret_uuid->bytes)) {
        return false;
    }
    memcpy(ret_uuid->bytes, part.data, part.size);
    return true;
}

/* ---- answering ---- */

static status not_a_call(struct err *err)
{
    return FAIL(err, ERR_BAD_INPUT, "the session was asked something it does not know");
}

static status answer_record(struct signer *signer, const struct call_parts *call,
                            struct bytes *out, struct err *err)
{
    struct jws_header header = {0};
    if (call->count != 4 || !get_number(call->parts[0], &header.iat) ||
        !get_uuid(call->parts[2], &header.jti)) {
        return not_a_call(err);
    }
    CLEANUP(bytes_done) struct bytes url = {0};
    bytes_add_span(&url, call->parts[1]);
    header.url = bytes_text(&url);
    return jws_sign(signer->key, &header, call->parts[3], out, err);
}

static status answer_bearer(struct signer *signer, const struct call_parts *call,
                            struct bytes *out, struct err *err)
{
    struct bearer_claims claims = {0};
    int64_t with_jwk = 0;
    if (call->count != 5 || !get_number(call->parts[2], &claims.iat) ||
        !get_uuid(call->parts[3], &claims.jti) || !get_number(call->parts[4], &with_jwk)) {
        return not_a_call(err);
    }
    CLEANUP(bytes_done) struct bytes iss = {0};
    CLEANUP(bytes_done) struct bytes aud = {0};
    bytes_add_span(&iss, call->parts[0]);
    bytes_add_span(&aud, call->parts[1]);
    claims.iss = bytes_text(&iss);
    claims.aud = bytes_text(&aud);
    claims.with_jwk = with_jwk != 0;
    return bearer_sign(signer->key, &claims, out, err);
}

static status answer_seal(struct signer *signer, const struct call_parts *call,
                          struct bytes *out, struct err *err)
{
    CLEANUP(secret_done) struct secret plain = {0};
    CLEANUP(bytes_done) struct bytes name = {0};
    if (call->count != 2) {
        return not_a_call(err);
    }
    bytes_add_span(&name, call->parts[0]);
    if (call->call == CALL_SEAL) {
        return seal_close(signer->key, bytes_text(&name), call->parts[1], out, err);
    }
    TRY(seal_open(signer->key, bytes_text(&name), call->parts[1], &plain, err));
    bytes_add_span(out, secret_span(&plain));
    return OK;
}

status signer_answer(struct signer *signer, const struct call_parts *call,
                     struct bytes *out, struct err *err)
{
    switch (call->call) {
    case CALL_JWK:
        key_to_jwk(private_key_public(signer->key), out);
        return OK;
    case CALL_RECORD:
        return answer_record(signer, call, out, err);
    case CALL_BEARER:
        return answer_bearer(signer, call, out, err);
    case CALL_SEAL:
    case CALL_UNSEAL:
        return answer_seal(signer, call, out, err);
    case CALL_END:
        break;
    }
    return not_a_call(err);
}

static status ask(struct signer *signer, const struct call_parts *parts, struct bytes *out,
                  struct err *err)
{
    return signer->key != NULL ? signer_answer(signer, parts, out, err)
                               : session_call(signer->socket, parts, out, err);
}

/* ---- the calls ---- */

status signer_record(struct signer *signer, const struct jws_header *header,
                     struct span payload, struct bytes *out, struct err *err)
{
    uint8_t iat[8];
    put_number(iat, header->iat);
    struct call_parts call = {CALL_RECORD,
                              4,
                              {span_of(iat, 8), span_text(header->url),
                               span_of(header->jti.bytes, sizeof(header->jti.bytes)),
                               payload}};
    return ask(signer, &call, out, err);
}

status signer_bearer(struct signer *signer, const struct bearer_claims *claims,
                     struct bytes *out, struct err *err)
{
    uint8_t iat[8], with_jwk[8];
    put_number(iat, claims->iat);
    put_number(with_jwk, claims->with_jwk);
    struct call_parts call = {
        CALL_BEARER,
        5,
        {span_text(claims->iss), span_text(claims->aud), span_of(iat, 8),
         span_of(claims->jti.bytes, sizeof(claims->jti.bytes)), span_of(with_jwk, 8)}};
    return ask(signer, &call, out, err);
}

status signer_seal(struct signer *signer, const char *name, struct span plain,
                   struct bytes *out, struct err *err)
{
    struct call_parts call = {CALL_SEAL, 2, {span_text(name), plain}};
    return ask(signer, &call, out, err);
}

status signer_unseal(struct signer *signer, const char *name, struct span sealed,
                     struct bytes *out, struct err *err)
{
    struct call_parts call = {CALL_UNSEAL, 2, {span_text(name), sealed}};
    return ask(signer, &call, out, err);
}

/* ---- sealed files ---- */

status sealed_write(struct signer *signer, const struct folder *folder, const char *name,
                    struct span plain, struct err *err)
{
    CLEANUP(bytes_done) struct bytes sealed = {0};
    TRY(signer_seal(signer, name, plain, &sealed, err));
    return folder_write(folder, name, span_bytes(&sealed), err);
}

status sealed_create(struct signer *signer, const struct folder *folder, const char *name,
                     struct span plain, struct err *err)
{
    CLEANUP(bytes_done) struct bytes sealed = {0};
    TRY(signer_seal(signer, name, plain, &sealed, err));
    return folder_create(folder, name, span_bytes(&sealed), err);
}

status sealed_read(struct signer *signer, const struct folder *folder, const char *name,
                   struct bytes *out, struct err *err)
{
    CLEANUP(bytes_done) struct bytes sealed = {0};
    TRY(folder_read(folder, name, &sealed, err));
    return signer_unseal(signer, name, span_bytes(&sealed), out, err);
}

/* ---- making and opening ---- */

static void set_public(struct signer *signer, const struct key *key)
{
    CLEANUP(bytes_done) struct bytes jwk = {0};
    key_to_jwk(key, &jwk);
    signer->jwk = mem_text(bytes_text(&jwk));
    signer->kid = mem_text(key_thumbprint(key));
}

struct signer *signer_of_key(struct private_key *key)
{
    struct signer *signer = mem_alloc(sizeof(*signer));
    signer->key = key;
    set_public(signer, private_key_public(key));
    return signer;
}

void signer_close(struct signer *signer)
{
    if (signer == NULL) {
        return;
    }
    private_key_free(signer->key);
    free(signer->socket);
    free(signer->kid);
    free(signer->jwk);
    free(signer);
}

void signer_closep(struct signer **signer)
{
    signer_close(*signer);
    *signer = NULL;
}

const char *signer_kid(const struct signer *signer)
{
    return signer->kid;
}

const char *signer_jwk(const struct signer *signer)
{
    return signer->jwk;
}

/* The agent of FOLDER, if there is one: it says whose key it holds. */
static status open_session(const struct folder *folder, struct signer **ret_signer,
                           struct err *err)
{
    static const struct json_limits limits = {.depth = 2, .nodes = 8, .string = 200};
    CLEANUP(signer_closep) struct signer *signer = mem_alloc(sizeof(*signer));
    CLEANUP(bytes_done) struct bytes jwk = {0};
    CLEANUP(key_freep) struct key *key = NULL;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *root = NULL;
    struct call_parts call = {.call = CALL_JWK};
    signer->socket = session_socket(folder);
    TRY(session_call(signer->socket, &call, &jwk, err));
    TRY(json_parse(span_bytes(&jwk), &limits, arena, &root, err));
    TRY(key_from_jwk(root, &key, err));
    set_public(signer, key);
    *ret_signer = TAKE(signer);
    return OK;
}

static status open_key(const struct invocation *run, const struct folder *folder,
                       struct signer **ret_signer, struct err *err)
{
    CLEANUP(bytes_done) struct bytes pem = {0};
    CLEANUP(secret_done) struct secret passphrase = {0};
    struct private_key *key = NULL;
    TRY(folder_read(folder, KEY_FILE, &pem, err));
    TRY(ask_passphrase(run, &passphrase, err));
    TRY(private_key_from_pem(span_bytes(&pem), &passphrase, &key, err));
    *ret_signer = signer_of_key(key);
    return OK;
}

status signer_open(const struct invocation *run, const struct folder *folder,
                   struct signer **ret_signer, struct err *err)
{
    return open_session(folder, ret_signer, NULL) == OK
               ? OK
               : open_key(run, folder, ret_signer, err);
}

status signer_make(const struct invocation *run, const struct folder *folder,
                   struct signer **ret_signer, struct err *err)
{
    CLEANUP(private_key_freep) struct private_key *key = NULL;
    CLEANUP(secret_done) struct secret passphrase = {0};
    CLEANUP(bytes_done) struct bytes pem = {0};
    if (folder_has(folder, KEY_FILE)) {
        return FAIL(err, ERR_CONFLICT, "there is a key in %s already; nothing was changed",
                    folder_name(folder));
    }
    TRY(ask_new_passphrase(run, &passphrase, err));
    TRY(private_key_generate(KEY_ES256, &key, err));
    TRY(private_key_to_pem(key, &passphrase, &pem, err));
    TRY(folder_create(folder, KEY_FILE, span_bytes(&pem), err));
    *ret_signer = signer_of_key(TAKE(key));
    return OK;
}
