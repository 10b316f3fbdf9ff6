/* SPDX-License-Identifier: Apache-2.0 */
/*
** Subjects: the list, and one subject's casebook read from its current bodies, each
** re-hashed. The answer
** carries the `data` of each form as it was signed.
*/
#include <stdlib.h>

#include "crypto/entry.h"
#include "crypto/jws.h"
#include "protocol/record/state_product.h"
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

#define TAG_SIZE 24

static void write_tag(uint64_t size, char tag[TAG_SIZE])
{
    (void) snprintf(tag, TAG_SIZE, "\"%llu\"", (unsigned long long) size);
}

static status find_subject(struct flow *flow, struct err *err)
{
    const char *subject = arena_span_text(flow->arena, flow->parameters[1]);
    const char *site = api_site_of(flow, subject); /* or of a batch: a ledger is read so */
    /* who may not see a subject does not learn whether it exists */
    if (site == NULL || api_sight(flow, site) == SIGHT_NOTHING) {
        return FAIL(err, ERR_NOT_FOUND, "you see no such subject");
    }
    flow->data = arena_text(flow->arena, subject);
    struct span known = http_field_value(flow->request, "if-none-match");
    char tag[TAG_SIZE];
    /* the committed size: the state may be ahead by a batch that is still being written */
    write_tag(tree_size(flow->ledger->tree), tag);
    struct http_answer_field field = {"ETag", tag};
    return known.data != NULL && span_is(known, tag)
               ? flow_reply(flow, &(struct http_answer){.status = 304,
                                                        .fields = &field,
                                                        .field_count = 1})
               : OK;
}

/* The head before the forms: what is answered is at least as new as its tag. */
static status ask_forms(struct flow *flow, struct err *err)
{
    const char *subject = flow->data;
    struct pg_batch *batch = pg_batch_new();
    store_add_head(batch, flow->ledger->log_id);
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
    TRY(line_check(&stored->line, flow->ledger->origin, stored->line.seq, NULL, &entry,
                   err));
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
    if (!body_split(stored->line.body, &record, &outcome)) {
        return FAIL(err, ERR_TAMPERED, "the body of entry %llu is not one of ours",
                    (unsigned long long) stored->line.seq);
    }
    TRY(jws_parse(record, flow->arena, &jws, err));
    TRY(json_parse(jws.payload, &JSON_RECORD, flow->arena, &payload, err));
    json_member(json, "name", json_get_string(json_get(payload, "signature"), "name"));
    json_key(json, "data");
    json_put_value(json, json_get(payload, "data"));
    json_key(json, "outcome");
    json_put_raw(json, outcome);
    json_end(json, '}');
    return OK;
}

static void write_row(enum table_id table, const struct row *row, struct json_out *json)
{
    json_begin(json, '{');
    for (size_t column = 0; column < TABLES[table].column_count; column++) {
        json_member(json, TABLES[table].columns[column].name, row->values[column]);
    }
    json_end(json, '}');
}

static void write_holds(struct flow *flow, struct json_out *json)
{
    struct rows rows = state_rows(flow->ledger->state, TABLE_HOLD, flow->arena);
    json_begin(json, '[');
    for (size_t i = 0; i < rows.count; i++) {
        write_row(TABLE_HOLD, rows.items[i], json);
    }
    json_end(json, ']');
}

static int by_query(const void *left, const void *right)
{
    const struct row *const *a = left;
    const struct row *const *b = right;
    return strcmp((*a)->values[QUERY_QUERY], (*b)->values[QUERY_QUERY]);
}

/* The queries on the forms of the subject, by index: what other subjects have costs nothing. A
 * row of the safety inbox, "<object>~<seq>", has its queries at the object. Sorted; a query may
 * stand there twice. */
static struct rows queries_of(struct flow *flow)
{
    const struct state *state = flow->ledger->state;
    struct rows forms = state_rows_where(state, TABLE_FORM, flow->data, flow->arena);
    struct rows all = {0};
    size_t capacity = 0;
    for (size_t i = 0; i < forms.count; i++) {
        const char *object = forms.items[i]->values[FORM_OBJECT];
        const char *plain =
            arena_span_text(flow->arena, span_of(object, strcspn(object, "~")));
        struct rows rows = state_rows_where(state, TABLE_QUERY, plain, flow->arena);
        for (size_t k = 0; k < rows.count; k++) {
            *ARENA_PUSH(flow->arena, all.items, all.count, capacity) = rows.items[k];
        }
    }
    if (all.count > 0) {
        qsort(all.items, all.count, sizeof(all.items[0]), by_query);
    }
    return all;
}

/* Of those, the ones that the reader sees. */
static void write_queries(struct flow *flow, struct json_out *json)
{
    struct rows rows = queries_of(flow);
    json_begin(json, '[');
    for (size_t i = 0; i < rows.count; i++) {
        bool again = i > 0 && rows.items[i] == rows.items[i - 1];
        if (!again &&
            api_sees_object(flow, span_text(rows.items[i]->values[QUERY_OBJECT]))) {
            write_row(TABLE_QUERY, rows.items[i], json);
        }
    }
    json_end(json, ']');
}

static status take_forms(struct flow *flow, const struct pg_answer *answer, struct err *err)
{
    CLEANUP(bytes_done) struct bytes body = {0};
    struct json_out json = {.bytes = &body};
    const struct row *row = state_subject(flow->ledger->state, flow->data);
    const struct row *batch = state_batch(flow->ledger->state, flow->data);
    struct store_head head;
    char tag[TAG_SIZE];
    TRY(store_take_head(answer->rows[0], &head, err));
    json_begin(&json, '{');
    json_member(&json, "subject", flow->data);
    json_member(&json, "site", api_site_of(flow, flow->data));
    json_member(&json, "state",
                row != NULL     ? row->values[SUBJECT_STATE]
                : batch != NULL ? batch->values[BATCH_STATE]
                                : NULL);
    json_member_integer(&json, "size", (int64_t) head.size);
    json_key(&json, "holds");
    write_holds(flow, &json);
    json_key(&json, "queries");
    write_queries(flow, &json);
    json_key(&json, "forms");
    json_begin(&json, '[');
    for (size_t i = 0; i < pg_rows_count(answer->rows[1]); i++) {
        struct store_form stored;
        TRY(store_take_form(answer->rows[1], i, &stored, err));
        if (api_sees_object(flow, span_text(stored.object)) &&
            strcmp(stored.state, "retracted") != 0) {
            TRY(write_form(flow, &stored, &json, err));
        }
    }
    json_end(&json, ']');
    json_end(&json, '}');
    write_tag(head.size, tag);
    struct http_answer_field field = {"ETag", tag};
    return flow_reply(flow, &(struct http_answer){.status = 200,
                                                  .content_type = "application/json",
                                                  .body = span_bytes(&body),
                                                  .fields = &field,
                                                  .field_count = 1});
}
