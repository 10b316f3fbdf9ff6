/* SPDX-License-Identifier: Apache-2.0 */
/*
** GET /v1/studies/{study}/bodies?from&to: what the entries commit to, as a stream in
** constant memory. What the reader may not see is a marker with the digest that stands in
** the entry, so his chain still verifies.
*/
#include <stdlib.h>

#include "base/encode.h"
#include "base/log.h"
#include "crypto/entry.h"
#include "service/api/api.h"
#include "service/pg/pg_stream.h"

static status begin_stream(struct flow *flow, struct err *err);

const struct step api_bodies[] = {
    {"who reads", api_reader, NULL},
    {"stream", begin_stream, NULL},
    {0},
};

/* Outlives its flow; on the list of its service while it is open.
 * `eyes` is a copy of the flow's head, for api_sees_object(). */
struct sending {
    struct sending *next_open;
    struct arena *arena;
    struct flow eyes;
    struct pg_stream *stream;
    struct http_stream *client; /* waits for a piece; NULL: has one */
    struct bytes piece;
    uint64_t next, to; /* the entry that must come now; behind the last */
    bool ended, complete;
};

static bool may_read(const struct flow *eyes)
{
    const struct row *key = state_key_by_kid(eyes->ledger->state, eyes->reader.kid);
    return row_is(key, PERSON_KEY_STATE, "confirmed"); /* revoked meanwhile? */
}

static void write_line(struct sending *sending, const struct store_line *line,
                       struct json_out *json)
{
    struct entry entry;
    char digest[DIGEST_BASE64_SIZE];
    bool readable = entry_parse(line->entry, &entry, NULL) == OK;
    bool sees = readable && may_read(&sending->eyes) &&
                api_sees_body(&sending->eyes, &entry, line->body);
    json_begin(json, '{');
    json_member_integer(json, "seq", (int64_t) line->seq);
    if (readable && entry.media.size == 0) {
        json_key(json, "none");
        json_put_bool(json, true);
    } else if (line->has_body && sees) {
        CLEANUP(bytes_done) struct bytes text = {0};
        encode(BASE64, line->salt, &text);
        json_member(json, "salt", bytes_text(&text));
        bytes_clear(&text);
        encode(BASE64, line->body, &text);
        json_member(json, "body", bytes_text(&text));
    } else {
        if (readable) {
            digest_to_base64(&entry.body, digest);
        }
        json_member(json, "withheld", readable ? digest : "unreadable");
    }
    json_end(json, '}');
    json->comma = false;
    bytes_add_char(json->bytes, '\n');
}

/* Give the client what has been collected, if it is waiting and there is something to
 * give. */
static void hand_on(struct sending *sending)
{
    struct http_stream *client = sending->client;
    if (client == NULL || (sending->piece.size == 0 && !sending->ended)) {
        return;
    }
    sending->client = NULL;
    if (sending->piece.size > 0) {
        struct bytes piece = sending->piece;
        sending->piece = (struct bytes){0};
        http_stream_write(client, span_bytes(&piece));
        bytes_done(&piece);
    } else {
        http_stream_end(client, sending->complete);
    }
}

static void took_rows(void *arg, const struct pg_rows *rows)
{
    struct sending *sending = arg;
    struct json_out json = {.bytes = &sending->piece};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    sending->eyes.arena = arena; /* of this piece: memory does not grow with the stream */
    for (size_t row = 0; row < pg_rows_count(rows); row++) {
        struct store_line line;
        if (store_take_line(rows, row, &line, NULL) == OK && line.seq == sending->next) {
            write_line(sending, &line, &json);
            sending->next++;
        }
    }
    sending->eyes.arena = NULL;
    pg_stream_pause(sending->stream);
    hand_on(sending);
}

static void took_end(void *arg, const struct err *err)
{
    struct sending *sending = arg;
    sending->stream = NULL;
    sending->ended = true;
    sending->complete = err == NULL && sending->next == sending->to; /* no hole */
    if (err != NULL) {
        log_err(LOG_WARNING, "stream cut", err);
    } else if (sending->complete) {
        bytes_printf(&sending->piece, "{\"end\":%llu}\n", (unsigned long long) sending->to);
    }
    hand_on(sending);
}

static void more(void *arg, struct http_stream *client)
{
    struct sending *sending = arg;
    sending->client = client;
    if (sending->stream != NULL && sending->piece.size == 0) {
        pg_stream_resume(sending->stream);
    }
    hand_on(sending);
}

/* Connections for streams are few: one for each person, so that nobody can hold them all. */
static bool has_stream(const struct flow *flow)
{
    for (const struct sending *open = flow->service->sendings; open != NULL;
         open = open->next_open) {
        bool same = open->eyes.ledger == flow->ledger &&
                    strcmp(open->eyes.reader.person, flow->reader.person) == 0;
        if (same || strcmp(open->eyes.reader.kid, flow->reader.kid) == 0) {
            return true;
        }
    }
    return false;
}

static void take_off(struct sending *sending)
{
    struct sending **at = &sending->eyes.service->sendings;
    while (*at != sending) {
        at = &(*at)->next_open;
    }
    *at = sending->next_open;
}

static void over(void *arg, bool sent)
{
    struct sending *sending = arg;
    (void) sent;
    take_off(sending);
    if (sending->stream != NULL) {
        pg_stream_close(sending->stream);
    }
    arena_free(sending->arena);
    bytes_done(&sending->piece);
    free(sending);
}

static status open_stream(struct flow *flow, struct sending *sending, uint64_t from,
                          struct err *err)
{
    struct pg_batch *batch = pg_stream_batch();
    store_add_stream_lines(batch, flow->ledger->log_id, from, sending->to);
    struct pg_stream_options options = {
        .fetch = store_fetch_lines(), .rows = took_rows, .end = took_end, .arg = sending};
    return pg_stream_open(flow->service->streams, batch, &options, &sending->stream, err);
}

static status begin_stream(struct flow *flow, struct err *err)
{
    uint64_t from = 0;
    uint64_t to = 0;
    if (!api_number(http_parameter_value(flow->request, "from"), &from) ||
        !api_number(http_parameter_value(flow->request, "to"), &to) || from > to ||
        to > flow->ledger->checkpoint_size) {
        return FAIL(err, ERR_BAD_INPUT, "from and to must be numbers, from <= to <= %llu",
                    (unsigned long long) flow->ledger->checkpoint_size);
    }
    if (has_stream(flow)) {
        return flow_refuse(flow, 429, "stream-open",
                           "You are reading bodies on another connection already; let that"
                           " end first");
    }
    struct sending *sending = mem_alloc(sizeof(*sending));
    sending->eyes.service = flow->service;
    sending->eyes.ledger = flow->ledger;
    sending->arena = arena_new();
    sending->eyes.reader.kid = arena_text(sending->arena, flow->reader.kid);
    sending->eyes.reader.person = arena_text(sending->arena, flow->reader.person);
    sending->next = from;
    sending->to = to;
    status result = open_stream(flow, sending, from, err);
    if (result != OK) {
        arena_free(sending->arena);
        free(sending);
        return result;
    }
    sending->next_open = flow->service->sendings;
    flow->service->sendings = sending;
    return flow_reply_stream(flow, "application/x-ndjson",
                             &(struct http_producer){more, over, sending});
}
