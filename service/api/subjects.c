/* SPDX-License-Identifier: Apache-2.0 */
/*
** Subjects: the list, and one subject's casebook read from its current bodies. The answer
** carries the `data` of each form as it was signed.
*/
#include "crypto/entry.h"
#include "crypto/jws.h"
#include "service/api/api.h"
#include "service/flow/line.h"

static status answer_subjects(struct flow *flow, struct err *err);
static status find_subject(struct flow *flow, struct err *err);
static status ask_forms(struct flow *flow, struct err *err);
static status take_forms(struct flow *flow, const struct pg_answer *answer,
                         struct err *err);

const struct step api_subjects[] = {
    {"who reads", api_reader, NULL}, {"answer", answer_subjects, NULL}, {0}};

const struct step api_casebook[] = {
    {"who reads", api_reader, NULL},
    {"which", find_subject, NULL},
    {"read forms", ask_forms, take_forms},
    {0},
};

/* ---- the list ---- */

static status answer_subjects(struct flow *flow, struct err *err)
{
    (void) err;
    CLEANUP(bytes_done) struct bytes body = {0};
    struct json_out json = {.bytes = &body};
    struct span site = http_parameter_value(flow->request, "site");
    struct span after = http_parameter_value(flow->request, "after");
    struct rows rows = state_rows(flow->ledger->state, TABLE_SUBJECT, flow->arena);
    const char *from = arena_span_text(flow->arena, after);
    const char *last = NULL;
    const char *next = NULL;
    size_t count = 0;
    api_page_begin(&json);
    for (size_t i = 0; i < rows.count; i++) {
        const char *const *values = rows.items[i]->values;
        bool wanted = site.data == NULL || span_is(site, values[SUBJECT_SITE]);
        if (strcmp(values[SUBJECT_SUBJECT], from) <= 0 || !wanted ||
            api_sight(flow, values[SUBJECT_SITE]) == SIGHT_NOTHING) {
            continue;
        }
        if (count++ == API_PAGE) {
            next = last;
            break;
        }
        last = values[SUBJECT_SUBJECT];
        json_begin(&json, '{');
        json_member(&json, "subject", values[SUBJECT_SUBJECT]);
        json_member(&json, "site", values[SUBJECT_SITE]);
        json_member(&json, "state", values[SUBJECT_STATE]);
        json_end(&json, '}');
    }
    api_page_end(&json, next);
    return flow_reply_json(flow, 200, span_bytes(&body));
}

/* ---- one casebook ---- */

static status find_subject(struct flow *flow, struct err *err)
{
    const char *subject = arena_span_text(flow->arena, flow->parameters[1]);
    const struct row *row = state_subject(flow->ledger->state, subject);
    /* who may not see a subject does not learn whether it exists */
    if (row == NULL || api_sight(flow, row->values[SUBJECT_SITE]) == SIGHT_NOTHING) {
        return FAIL(err, ERR_NOT_FOUND, "you see no such subject");
    }
    flow->data = arena_text(flow->arena, subject);
    struct span known = http_field_value(flow->request, "if-none-match");
    CLEANUP(bytes_done) struct bytes tag = {0};
    bytes_printf(&tag, "\"%llu\"",
                 (unsigned long long) state_head(flow->ledger->state).size);
    return known.data != NULL && span_is(known, bytes_text(&tag))
               ? flow_reply(flow, &(struct http_answer){.status = 304})
               : OK;
}

static status ask_forms(struct flow *flow, struct err *err)
{
    const char *subject = flow->data;
    struct pg_batch *batch = pg_batch_new();
    store_add_forms(batch, flow->ledger->log_id, &subject, 1);
    return flow_ask(flow, batch, err);
}

static status write_form(struct flow *flow, const struct store_form *stored,
                         struct json_out *json, struct err *err)
{
    struct entry entry;
    struct span record;
    struct span outcome;
    struct jws jws;
    const struct json *payload = NULL;
    char leaf[DIGEST_BASE64_SIZE];
    char time[INSTANT_SIZE];
    TRY(entry_parse(stored->line.entry, &entry, err));
    json_begin(json, '{');
    json_member(json, "object", stored->object);
    json_member_integer(json, "seq", (int64_t) stored->line.seq);
    digest_to_base64(&stored->line.leaf, leaf);
    json_member(json, "leaf", leaf);
    json_member(json, "version", stored->version);
    json_member(json, "state", stored->state);
    json_member(json, "number", stored->number);
    instant_format(entry.time, time);
    json_member(json, "time", time);
    json_key(json, "actor");
    json_put_span(json, entry.actor);
    if (!stored->line.has_body || !body_split(stored->line.body, &record, &outcome)) {
        return FAIL(err, ERR_TAMPERED, "the body of entry %llu is not one of ours",
                    (unsigned long long) stored->line.seq);
    }
    TRY(jws_parse(record, flow->arena, &jws, err));
    TRY(json_parse(jws.payload, &JSON_RECORD, flow->arena, &payload, err));
    json_key(json, "data");
    json_put_value(json, json_get(payload, "data"));
    json_key(json, "outcome");
    json_put_raw(json, outcome);
    json_end(json, '}');
    return OK;
}

/* Rows of TABLE that cover this subject, as objects with the table's column names. */
static void write_rows(struct flow *flow, enum table_id table, struct json_out *json)
{
    struct rows rows = state_rows(flow->ledger->state, table, flow->arena);
    json_begin(json, '[');
    for (size_t i = 0; i < rows.count; i++) {
        struct form_key key;
        const char *object =
            table == TABLE_QUERY ? rows.items[i]->values[QUERY_OBJECT] : NULL;
        if (object != NULL && !(form_key_parse(span_text(object), flow->arena, &key) &&
                                strcmp(key.subject, flow->data) == 0)) {
            continue;
        }
        json_begin(json, '{');
        for (size_t column = 0; column < TABLES[table].column_count; column++) {
            json_member(json, TABLES[table].columns[column].name,
                        rows.items[i]->values[column]);
        }
        json_end(json, '}');
    }
    json_end(json, ']');
}

static status take_forms(struct flow *flow, const struct pg_answer *answer, struct err *err)
{
    CLEANUP(bytes_done) struct bytes body = {0};
    struct json_out json = {.bytes = &body};
    const struct row *row = state_subject(flow->ledger->state, flow->data);
    char size[24];
    json_begin(&json, '{');
    json_member(&json, "subject", flow->data);
    json_member(&json, "site", row != NULL ? row->values[SUBJECT_SITE] : NULL);
    json_member(&json, "state", row != NULL ? row->values[SUBJECT_STATE] : NULL);
    uint64_t at = state_head(flow->ledger->state).size;
    json_member_integer(&json, "size", (int64_t) at);
    json_key(&json, "holds");
    write_rows(flow, TABLE_HOLD, &json);
    json_key(&json, "queries");
    write_rows(flow, TABLE_QUERY, &json);
    json_key(&json, "forms");
    json_begin(&json, '[');
    for (size_t i = 0; i < pg_rows_count(answer->rows[0]); i++) {
        struct store_form stored;
        TRY(store_take_form(answer->rows[0], i, &stored, err));
        if (api_sees_object(flow, span_text(stored.object)) &&
            strcmp(stored.state, "retracted") != 0) {
            TRY(write_form(flow, &stored, &json, err));
        }
    }
    json_end(&json, ']');
    json_end(&json, '}');
    (void) snprintf(size, sizeof(size), "\"%llu\"", (unsigned long long) at);
    struct http_answer_field tag = {"ETag", size};
    return flow_reply(flow, &(struct http_answer){.status = 200,
                                                  .content_type = "application/json",
                                                  .body = span_bytes(&body),
                                                  .fields = &tag,
                                                  .field_count = 1});
}
