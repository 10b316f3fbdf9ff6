/* SPDX-License-Identifier: Apache-2.0 */
/*
** Reads from the service, the definition, and the checkpoints. Nothing read here is believed
** because the service said it: definitions are held against their digest, checkpoints against
** the log's key and against every checkpoint before.
*/
#include "clients/lib/client.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "crypto/tile.h"
#include "protocol/study/odm.h"
#include "protocol/study/safety_section.h"

#define BEARER_SECONDS 240 /* of the 300 it may live */
#define ANSWER_LIMIT   ((size_t) 32 << 20)
#define PAGES_MAX      10000

static const struct json_limits ANSWER_LIMITS = {
    .depth = 32, .nodes = 4000000, .string = (size_t) 1 << 20};

const char *client_encode(struct client *client, const char *text)
{
    CLEANUP(bytes_done) struct bytes out = {0};
    for (const char *c = text; *c != '\0'; c++) {
        bool plain = (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
                     (*c >= '0' && *c <= '9') || strchr("._-", *c) != NULL;
        if (plain) {
            bytes_add_char(&out, *c);
        } else {
            bytes_printf(&out, "%%%02X", (unsigned) (unsigned char) *c);
        }
    }
    return arena_span_text(client->arena, span_bytes(&out));
}

status client_bearer(struct client *client, bool as_founder, const char **ret_bearer,
                     struct err *err)
{
    instant now = clock_now(client->run->clock);
    if (client->bearer.size == 0 || now >= client->bearer_until || as_founder) {
        struct bearer_claims claims = {.iss = client->passport.person,
                                       .aud = client->passport.origin,
                                       .iat = now / SECOND,
                                       .with_jwk = as_founder};
        BUG_IF(client->signer == NULL);
        uuid_make(client->run->clock, &claims.jti);
        bytes_clear(&client->bearer);
        TRY(signer_bearer(client->signer, &claims, &client->bearer, err));
        client->bearer_until = now + BEARER_SECONDS * SECOND;
    }
    *ret_bearer = bytes_text(&client->bearer);
    return OK;
}

static status get(struct client *client, const char *tail, const char *etag, size_t limit,
                  bool public, struct https_answer *ret_answer, struct err *err)
{
    struct https_request request = {
        .method = "GET",
        .path = passport_path(&client->passport, client->arena, tail),
        .limit = limit,
        .etag = etag};
    TRY(client_need_online(client, err));
    if (!public) {
        TRY(client_bearer(client, false, &request.bearer, err));
    }
    return https_do(client->https, &request, ret_answer, err);
}

status client_get(struct client *client, const char *tail, const char *etag,
                  struct https_answer *ret_answer, struct err *err)
{
    return get(client, tail, etag, ANSWER_LIMIT, false, ret_answer, err);
}

static status ok_or_problem(struct client *client, const struct https_answer *answer,
                            struct err *err)
{
    struct problem problem;
    if (answer->code == 200 || answer->code == 201) {
        return OK;
    }
    problem_read(answer, client->arena, &problem);
    return problem_status(&problem, err);
}

status client_get_ok(struct client *client, const char *tail, size_t limit,
                     struct bytes *out, struct err *err)
{
    CLEANUP(https_answer_done) struct https_answer answer = {0};
    TRY(get(client, tail, NULL, limit, false, &answer, err));
    TRY(ok_or_problem(client, &answer, err));
    bytes_add_span(out, span_bytes(&answer.body));
    return OK;
}

status client_get_json(struct client *client, const char *tail,
                       const struct json **ret_root, struct err *err)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    TRY(client_get_ok(client, tail, ANSWER_LIMIT, &text, err));
    return json_parse(span_bytes(&text), &ANSWER_LIMITS, client->arena, ret_root, err);
}

status client_pages(struct client *client, const char *tail, client_each *each, void *arg,
                    struct err *err)
{
    const char *after = NULL;
    for (size_t page = 0; page < PAGES_MAX; page++) {
        const struct json *root = NULL;
        const char *mark = strchr(tail, '?') != NULL ? "&" : "?";
        const char *path = after == NULL ? tail
                                         : arena_printf(client->arena, "%s%safter=%s", tail,
                                                        mark, client_encode(client, after));
        TRY(client_get_json(client, path, &root, err));
        const struct json *items = json_get(root, "items");
        if (items == NULL || items->kind != J_ARRAY) {
            return FAIL(err, ERR_BAD_INPUT, "the service's list cannot be read");
        }
        for (size_t i = 0; i < items->count; i++) {
            TRY(each(arg, &items->items[i], err));
        }
        const char *next = json_get_string(root, "next");
        if (next == NULL) {
            return OK;
        }
        if (after != NULL && strcmp(after, next) == 0) {
            break;
        }
        after = next;
    }
    return FAIL(err, ERR_BAD_INPUT, "the service's list does not end");
}

status client_put_blob(struct client *client, struct span content, const char *media,
                       bool as_founder, struct err *err)
{
    CLEANUP(https_answer_done) struct https_answer answer = {0};
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    TRY(client_need_online(client, err));
    digest_of(content, &digest);
    digest_to_hex(&digest, hex);
    const char *tail = arena_printf(client->arena, "/blobs/%s", hex);
    struct https_request request = {
        .method = "PUT",
        .path = passport_path(&client->passport, client->arena, tail),
        .media = media,
        .body = content};
    TRY(client_bearer(client, as_founder, &request.bearer, err));
    TRY(https_do_for(client->https, &request, 30, &answer, err));
    return ok_or_problem(client, &answer, err);
}

struct zone client_zone(const struct client *client)
{
    return client->zone != NULL ? time_zone_as_zone(client->zone) : (struct zone){0};
}

struct check_context client_check_context(const struct client *client, enum place place,
                                          const struct zone *zone)
{
    return (struct check_context){.place = place,
                                  .signed_at = clock_now(client->run->clock),
                                  .zone = zone,
                                  .language = client->run->language,
                                  .dictionaries = &client->dictionaries};
}

const char *client_safety_phone(struct client *client)
{
    return client_definition(client, NULL) == OK ? client->version->contact.phone : "";
}

/* ---- checkpoints ---- */

struct tiles {
    struct client *client;
    uint64_t size; /* of the tree they are read from */
};

/* merkle.h's source: the hashes of one tile, from the log's public files. */
static status read_tile(void *arg, unsigned level, uint64_t first, size_t count,
                        struct digest *ret_hashes, struct err *err)
{
    struct tiles *tiles = arg;
    struct client *client = tiles->client;
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(https_answer_done) struct https_answer answer = {0};
    struct tile tile = {.level = (int) (level / 8), .index = first / TILE_WIDTH};
    size_t start = (size_t) (first % TILE_WIDTH);
    tile.width = tile_width(tile.level, tile.index, tiles->size);
    bytes_add_char(&path, '/');
    tile_path_format(&tile, &path);
    TRY(get(client, bytes_text(&path), NULL, 0, true, &answer, err));
    TRY(ok_or_problem(client, &answer, err));
    if (answer.body.size != (size_t) tile.width * DIGEST_SIZE ||
        start + count > tile.width) {
        return FAIL(err, ERR_BAD_INPUT, "a tile of the log has the wrong size");
    }
    memcpy(ret_hashes, answer.body.data + start * DIGEST_SIZE, count * DIGEST_SIZE);
    return OK;
}

/* Is NEW a continuation of what STATE verified? */
static status check_consistency(struct client *client, const struct log_state *state,
                                const struct checkpoint *new, struct err *err)
{
    struct tiles tiles = {client, new->size};
    struct tree_source source = {read_tile, &tiles};
    struct merkle_proof proof;
    if (state->note == NULL || state->checkpoint.size == 0) {
        return OK;
    }
    TRY(merkle_prove_consistency(&source, state->checkpoint.size, new->size, &proof, err));
    if (merkle_verify_consistency(state->checkpoint.size, new->size,
                                  &state->checkpoint.root, &new->root, &proof, err) != OK) {
        return FAIL(err, ERR_TAMPERED,
                    "the log of %llu entries does not continue the %llu this computer had "
                    "verified",
                    (unsigned long long) new->size,
                    (unsigned long long) state->checkpoint.size);
    }
    return OK;
}

/* Write it down, unless another program was faster: both were held against the same log. */
static status remember(struct client *client, const char *note,
                       const struct checkpoint *checkpoint, struct err *err)
{
    struct log_state state = {0};
    bool longer = false;
    TRY(log_state_load(client->folder, &client->trust, client->arena, &state, err));
    TRY(log_state_compare(&state, checkpoint, false, &longer, err));
    state.note = note;
    return longer ? log_state_store(client->folder, &state, err) : OK;
}

static status see(struct client *client, struct span note, bool newest, struct err *err)
{
    struct log_state state = {0};
    struct checkpoint checkpoint;
    bool longer = false;
    TRY(checkpoint_open(note, &client->trust, &checkpoint, NULL, err));
    TRY(log_state_load(client->folder, &client->trust, client->arena, &state, err));
    const char *text = arena_span_text(client->arena, note);
    status kind = log_state_compare(&state, &checkpoint, newest, &longer, err);
    if (kind == OK && longer) {
        kind = check_consistency(client, &state, &checkpoint, err);
    }
    if (kind == ERR_TAMPERED && err != NULL) {
        evidence_keep(client->folder, "history", state.note, text, err);
    }
    if (kind != OK || !longer) {
        return kind;
    }
    TRY(folder_lock(client->folder, FOLDER_WRITE, 30, err));
    kind = remember(client, text, &checkpoint, err);
    folder_unlock(client->folder, FOLDER_WRITE);
    return kind;
}

status client_see(struct client *client, struct span note, bool newest, struct err *err)
{
    status kind = see(client, note, newest, err);
    return kind == ERR_UNAVAILABLE || kind == ERR_NOT_FOUND || kind == ERR_BUSY ? OK : kind;
}
