/* SPDX-License-Identifier: Apache-2.0 */
/*
** The log behind the service's public files and its stream of bodies.
*/
#include "clients/verify/log_source.h"

#include "clients/lib/client.h"
#include "crypto/tile.h"

#define BUNDLE_MAX ((size_t) TILE_WIDTH * (ENTRY_SIZE_MAX + 2))
#define BLOB_MAX   ((size_t) 64 << 20)

static status service_checkpoint(void *arg, struct bytes *out, struct err *err)
{
    const struct service_source *service = arg;
    return client_get_ok(service->client, "/checkpoint", NOTE_SIZE_MAX, out, err);
}

static status fetch_bundle(struct client *client, const struct tile *tile,
                           struct bytes *out, struct err *err)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_add_char(&path, '/');
    tile_path_format(tile, &path);
    return client_get_ok(client, bytes_text(&path), BUNDLE_MAX, out, err);
}

static status service_entries(void *arg, uint64_t index, uint64_t to, uint64_t size,
                              struct bytes *out, struct err *err)
{
    struct client *client = ((struct service_source *) arg)->client;
    struct tile tile = {.level = TILE_ENTRIES, .index = index};
    tile.width = tile_width(TILE_ENTRIES, index, size);
    BUG_IF(to <= index * TILE_WIDTH || to - index * TILE_WIDTH > tile.width);
    status kind = fetch_bundle(client, &tile, out, err);
    if (kind == ERR_NOT_FOUND && tile.width < TILE_WIDTH) {
        tile.width = TILE_WIDTH; /* it is full by now, and only the full one is kept */
        kind = fetch_bundle(client, &tile, out, NULL) == OK ? OK : kind;
    }
    return kind;
}

static status pass_piece(void *arg, struct span piece, struct err *err)
{
    return body_lines_add(arg, piece, err);
}

static status service_bodies(void *arg, uint64_t from, uint64_t to, body_sink *sink,
                             void *sink_arg, struct err *err)
{
    struct client *client = ((struct service_source *) arg)->client;
    CLEANUP(body_lines_done)
    struct body_lines lines = {.from = from, .to = to, .sink = sink, .arg = sink_arg};
    CLEANUP(https_answer_done) struct https_answer answer = {0};
    const char *tail = arena_printf(client->arena, "/bodies?from=%llu&to=%llu",
                                    (unsigned long long) from, (unsigned long long) to);
    struct https_request request = {
        .method = "GET",
        .path = passport_path(&client->passport, client->arena, tail),
        .limit = (size_t) (to - from + 1) * BODY_LINE_MAX,
        .sink = pass_piece,
        .arg = &lines};
    TRY(client_bearer(client, false, &request.bearer, err));
    TRY(https_do(client->https, &request, &answer, err));
    if (answer.code != 200) {
        struct problem problem;
        problem_read(&answer, client->arena, &problem);
        return problem_status(&problem, err);
    }
    return body_lines_finish(&lines, err);
}

static status open_blobs(struct service_source *service, struct err *err)
{
    const struct passport *passport = &service->client->passport;
    struct https_config config = {
        .url = passport->url, .authority = passport->authority, .pin = passport->pin};
    return service->blobs != NULL ? OK : https_open(&config, &service->blobs, err);
}

static status fetch_blob(struct service_source *service, const char *sha256,
                         struct https_answer *answer, struct err *err)
{
    struct client *client = service->client;
    const char *tail = arena_printf(client->arena, "/blobs/%s", sha256);
    struct https_request request = {
        .method = "GET",
        .path = passport_path(&client->passport, client->arena, tail),
        .limit = BLOB_MAX};
    TRY(open_blobs(service, err));
    TRY(client_bearer(client, false, &request.bearer, err));
    TRY(https_do(service->blobs, &request, answer, err));
    if (answer->code != 200) {
        struct problem problem;
        problem_read(answer, client->arena, &problem);
        return problem_status(&problem, err);
    }
    return OK;
}

static status service_blob(void *arg, const char *sha256, struct bytes *out,
                           struct err *err)
{
    CLEANUP(https_answer_done) struct https_answer answer = {0};
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    TRY(fetch_blob(arg, sha256, &answer, err));
    digest_of(span_bytes(&answer.body), &digest);
    digest_to_hex(&digest, hex);
    if (strcmp(hex, sha256) != 0) {
        return FAIL(err, ERR_TAMPERED, "the service gave other bytes than blob %s", sha256);
    }
    bytes_add_span(out, span_bytes(&answer.body));
    return OK;
}

struct log_source log_source_service(struct service_source *service)
{
    return (struct log_source){.checkpoint = service_checkpoint,
                               .entries = service_entries,
                               .bodies = service_bodies,
                               .blob = service_blob,
                               .arg = service};
}

void service_source_done(struct service_source *service)
{
    https_close(service->blobs);
    service->blobs = NULL;
}
