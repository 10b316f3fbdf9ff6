/* SPDX-License-Identifier: Apache-2.0 */
/*
** Large things under their digest: PUT and GET /v1/studies/{study}/blobs/{sha256}. Inert
** until a signed record names the digest; reading needs only to be somebody of the study,
** for a blob holds definitions and dictionaries, never clinical data.
*/
#include "service/api/api.h"

#define MEDIA_MAX 127

static status check_digest(struct flow *flow, struct err *err);
static status ask_store(struct flow *flow, struct err *err);
static status take_stored(struct flow *flow, const struct pg_answer *answer,
                          struct err *err);
static status ask_blob(struct flow *flow, struct err *err);
static status take_blob(struct flow *flow, const struct pg_answer *answer, struct err *err);

const struct step api_put_blob[] = {
    {"who writes", api_reader_or_founder, NULL}, /* before the body is taken */
    {"digest", check_digest, NULL},
    {"store", ask_store, take_stored},
    {0},
};

const struct step api_get_blob[] = {
    {"who reads", api_reader, NULL},
    {"role", api_member, NULL},
    {"read", ask_blob, take_blob},
    {0},
};

static status path_digest(struct flow *flow, struct digest *ret_digest, struct err *err)
{
    if (!digest_from_hex(flow->parameters[1], ret_digest)) {
        return FAIL(err, ERR_NOT_FOUND, "a blob is named by 64 hexadecimal digits");
    }
    return OK;
}

static status work_digest(struct flow *flow, struct err *err)
{
    struct digest *wanted = flow->data;
    struct digest have;
    digest_of(http_exchange_body(flow->exchange), &have);
    return digest_equal(&have, wanted)
               ? OK
               : FAIL(err, ERR_BAD_INPUT,
                      "the bytes have another SHA-256 than the path says");
}

/* It is kept and sent to whoever reads the blob; the first who stores it chooses. */
static bool is_media(struct span media)
{
    bool slash = false;
    for (size_t i = 0; i < media.size; i++) {
        if (media.data[i] < 0x20 || media.data[i] > 0x7E) {
            return false;
        }
        slash = slash || media.data[i] == '/';
    }
    return slash && media.size <= MEDIA_MAX;
}

static status check_digest(struct flow *flow, struct err *err)
{
    struct digest *wanted = ARENA_NEW(flow->arena, struct digest);
    struct span media = http_field_value(flow->request, "content-type");
    if (media.data != NULL && !is_media(media)) {
        return flow_refuse(flow, 415, "media-type",
                           "Say a media type as type/subtype, in ASCII, at most 127 bytes");
    }
    TRY(path_digest(flow, wanted, err));
    flow->data = wanted;
    return flow_work(flow, work_digest, err);
}

static status ask_store(struct flow *flow, struct err *err)
{
    struct span media = http_field_value(flow->request, "content-type");
    const char *text = media.data != NULL ? arena_span_text(flow->arena, media)
                                          : "application/octet-stream";
    struct pg_batch *batch = pg_batch_new();
    store_add_blob(batch, flow->data, text, http_exchange_body(flow->exchange));
    return flow_ask(flow, batch, err);
}

static status take_stored(struct flow *flow, const struct pg_answer *answer,
                          struct err *err)
{
    (void) err;
    bool is_new = pg_rows_affected(answer->rows[0]) > 0;
    return flow_reply_json(flow, is_new ? 201 : 200,
                           is_new ? SPAN_LITERAL("{\"stored\":true}")
                                  : SPAN_LITERAL("{\"stored\":false}"));
}

static status ask_blob(struct flow *flow, struct err *err)
{
    struct digest digest;
    TRY(path_digest(flow, &digest, err));
    struct pg_batch *batch = pg_batch_new();
    store_add_read_blob(batch, &digest);
    return flow_ask(flow, batch, err);
}

static status take_blob(struct flow *flow, const struct pg_answer *answer, struct err *err)
{
    struct span media;
    struct span bytes;
    if (!store_take_blob(answer->rows[0], &media, &bytes)) {
        return FAIL(err, ERR_NOT_FOUND, "there is no blob with this digest");
    }
    return flow_reply(
        flow, &(struct http_answer){.status = 200,
                                    .content_type = arena_span_text(flow->arena, media),
                                    .body = bytes});
}
