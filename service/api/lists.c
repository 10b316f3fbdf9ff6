/* SPDX-License-Identifier: Apache-2.0 */
/*
** Lists: people, sites, queries from the state in memory; the history of one object from
** the log. Each page has at most API_PAGE rows and names the key behind which the next one
** begins.
*/
#include "base/text.h"
#include "crypto/entry.h"
#include "crypto/jws.h"
#include "service/api/api.h"
#include "service/flow/line.h"

#define HISTORY_PAGE  100 /* whole records: up to 1 MiB each */
#define HISTORY_BYTES ((int64_t) 4 << 20)

static status answer_people(struct flow *flow, struct err *err);
static status answer_sites(struct flow *flow, struct err *err);
static status answer_queries(struct flow *flow, struct err *err);
static status ask_history(struct flow *flow, struct err *err);
static status take_history(struct flow *flow, const struct pg_answer *answer,
                           struct err *err);

const struct step api_people[] = {{"who reads", api_reader, NULL},
                                  {"role", api_member, NULL},
                                  {"answer", answer_people, NULL},
                                  {0}};
const struct step api_sites[] = {{"who reads", api_reader, NULL},
                                 {"role", api_member, NULL},
                                 {"answer", answer_sites, NULL},
                                 {0}};
const struct step api_queries[] = {
    {"who reads", api_reader, NULL}, {"answer", answer_queries, NULL}, {0}};
const struct step api_history[] = {
    {"who reads", api_reader, NULL}, {"read", ask_history, take_history}, {0}};

void api_page_begin(struct json_out *json)
{
    json_begin(json, '{');
    json_key(json, "items");
    json_begin(json, '[');
}

void api_page_end(struct json_out *json, const char *next)
{
    json_end(json, ']');
    json_member(json, "next", next);
    json_end(json, '}');
}

bool api_number(struct span text, uint64_t *ret_number)
{
    return text.data != NULL && text_to_u64(text, INT64_MAX, ret_number);
}

/* One page over ROWS: WRITE returns false for a row that this reader does not see. */
status api_answer_rows(struct flow *flow, struct rows rows,
                       bool (*write)(struct flow *flow, const struct row *row,
                                     struct json_out *json))
{
    CLEANUP(bytes_done) struct bytes body = {0};
    struct json_out json = {.bytes = &body};
    struct span after = http_parameter_value(flow->request, "after");
    const char *from = after.data != NULL ? arena_span_text(flow->arena, after) : NULL;
    const char *last = NULL; /* that he saw: no key of a row that he does not see */
    const char *next = NULL;
    size_t count = 0;
    api_page_begin(&json);
    for (size_t i = 0; i < rows.count; i++) {
        const char *key = rows.items[i]->values[0];
        if (from != NULL && strcmp(key, from) <= 0) {
            continue;
        }
        if (count == API_PAGE) {
            next = last;
            break;
        }
        if (write(flow, rows.items[i], &json)) {
            last = key;
            count++;
        }
    }
    api_page_end(&json, next);
    return flow_reply_json(flow, 200, span_bytes(&body));
}

/* The members NAMES of ROW, from the table's own column names. */
static void write_columns(enum table_id table, const struct row *row, struct json_out *json)
{
    json_begin(json, '{');
    for (size_t i = 0; i < TABLES[table].column_count; i++) {
        json_member(json, TABLES[table].columns[i].name, row->values[i]);
    }
    json_end(json, '}');
}

/* ---- people ---- */

static void write_keys(struct flow *flow, const char *person, struct json_out *json)
{
    struct rows keys =
        state_rows_where(flow->ledger->state, TABLE_PERSON_KEY, person, flow->arena);
    json_key(json, "keys");
    json_begin(json, '[');
    for (size_t i = 0; i < keys.count; i++) {
        const char *const *values = keys.items[i]->values;
        json_begin(json, '{');
        json_member(json, "kid", values[PERSON_KEY_KID]);
        json_member(json, "state", values[PERSON_KEY_STATE]);
        json_member(json, "enrolled_at", values[PERSON_KEY_ENROLLED_AT]);
        json_end(json, '}');
    }
    json_end(json, ']');
}

static void write_roles(struct flow *flow, const char *person, struct json_out *json)
{
    struct rows grants =
        state_rows_where(flow->ledger->state, TABLE_GRANT, person, flow->arena);
    json_key(json, "roles");
    json_begin(json, '[');
    for (size_t i = 0; i < grants.count; i++) {
        const char *const *values = grants.items[i]->values;
        json_begin(json, '{');
        json_member(json, "role", values[GRANT_ROLE]);
        json_member(json, "site", values[GRANT_SITE]);
        json_member(json, "from", values[GRANT_VALID_FROM]);
        json_member(json, "to", values[GRANT_VALID_TO]);
        json_end(json, '}');
    }
    json_end(json, ']');
}

static bool write_person(struct flow *flow, const struct row *row, struct json_out *json)
{
    json_begin(json, '{');
    json_member(json, "person", row->values[PERSON_PERSON]);
    json_member(json, "name", row->values[PERSON_NAME]);
    json_member(json, "state", row->values[PERSON_STATE]);
    write_keys(flow, row->values[PERSON_PERSON], json);
    write_roles(flow, row->values[PERSON_PERSON], json);
    json_end(json, '}');
    return true;
}

static status answer_people(struct flow *flow, struct err *err)
{
    (void) err;
    return api_answer_rows(flow, state_rows(flow->ledger->state, TABLE_PERSON, flow->arena),
                           write_person);
}

/* ---- sites ---- */

static bool write_site(struct flow *flow, const struct row *row, struct json_out *json)
{
    (void) flow;
    write_columns(TABLE_SITE, row, json);
    return true;
}

static status answer_sites(struct flow *flow, struct err *err)
{
    (void) err;
    return api_answer_rows(flow, state_rows(flow->ledger->state, TABLE_SITE, flow->arena),
                           write_site);
}

/* ---- queries ---- */

static bool write_query(struct flow *flow, const struct row *row, struct json_out *json)
{
    struct span state = http_parameter_value(flow->request, "state");
    struct span subject = http_parameter_value(flow->request, "subject");
    struct span object = span_text(row->values[QUERY_OBJECT]);
    struct form_key key;
    if ((state.data != NULL && !span_is(state, row->values[QUERY_STATE])) ||
        (subject.data != NULL &&
         !(form_key_parse(object, flow->arena, &key) && span_is(subject, key.subject))) ||
        !api_sees_object(flow, object)) {
        return false;
    }
    write_columns(TABLE_QUERY, row, json);
    return true;
}

static status answer_queries(struct flow *flow, struct err *err)
{
    (void) err;
    return api_answer_rows(flow, state_rows(flow->ledger->state, TABLE_QUERY, flow->arena),
                           write_query);
}

/* ---- history ---- */

static status ask_history(struct flow *flow, struct err *err)
{
    struct span object = http_parameter_value(flow->request, "object");
    if (object.data == NULL || object.size == 0) {
        return FAIL(err, ERR_BAD_INPUT, "history needs ?object=");
    }
    if (!api_sees_object(flow, object)) {
        return FAIL(err, ERR_REJECTED, "this object is not yours to read");
    }
    struct span after = http_parameter_value(flow->request, "after");
    uint64_t seq = 0;
    if (after.data != NULL && !api_number(after, &seq)) {
        return FAIL(err, ERR_BAD_INPUT, "after is the `next` of the page before");
    }
    struct pg_batch *batch = pg_batch_new();
    store_add_object_lines(
        batch, flow->ledger->log_id, arena_span_text(flow->arena, object),
        after.data != NULL ? (int64_t) seq : -1, HISTORY_PAGE + 1, HISTORY_BYTES);
    return flow_ask(flow, batch, err);
}

/* By which version of the definition RECORD is to be read; NULL: it says none. */
static const char *version_of(struct flow *flow, struct span record)
{
    struct jws jws;
    const struct json *payload = NULL;
    if (record.size == 0 || jws_parse(record, flow->arena, &jws, NULL) != OK ||
        json_parse(jws.payload, &JSON_RECORD, flow->arena, &payload, NULL) != OK) {
        return NULL;
    }
    return json_get_string(json_get(payload, "definition"), "version");
}

static void write_entry(struct flow *flow, const struct entry *entry,
                        const struct store_line *line, struct json_out *json)
{
    struct span record = {0};
    struct span outcome = {0};
    char time[INSTANT_SIZE];
    instant_format(entry->time, time);
    json_begin(json, '{');
    json_member_integer(json, "seq", entry->seq);
    json_member(json, "time", time);
    json_key(json, "type");
    json_put_span(json, entry->type);
    json_key(json, "actor");
    json_put_span(json, entry->actor);
    json_key(json, "key");
    json_put_span(json, entry->key);
    json_key(json, "prior");
    if (entry->prior == ENTRY_NONE) {
        json_put_null(json);
    } else {
        json_put_integer(json, entry->prior);
    }
    /* the object was seen; a signature of it may speak of a form that is not */
    bool whole = line->has_body && api_sees_body(flow, entry, line->body) &&
                 body_split(line->body, &record, &outcome);
    json_member(json, "version", version_of(flow, record));
    json_key(json, "record");
    if (whole) {
        json_put_span(json, record);
    } else {
        json_put_null(json);
    }
    json_key(json, "outcome");
    json_put_raw(json, whole ? outcome : SPAN_LITERAL("null"));
    json_end(json, '}');
}

static status take_history(struct flow *flow, const struct pg_answer *answer,
                           struct err *err)
{
    CLEANUP(bytes_done) struct bytes body = {0};
    struct json_out json = {.bytes = &body};
    size_t count = pg_rows_count(answer->rows[0]);
    size_t shown = count > HISTORY_PAGE ? HISTORY_PAGE : count;
    size_t size = 0;
    char next[24] = "";
    api_page_begin(&json);
    for (size_t row = 0; row < shown; row++) {
        struct store_line line;
        struct entry entry;
        TRY(store_take_line(answer->rows[0], row, &line, err));
        TRY(line_check(&line, flow->ledger->origin, line.seq, NULL, &entry, err));
        write_entry(flow, &entry, &line, &json);
        size += line.body.size;
        (void) snprintf(next, sizeof(next), "%lld", (long long) entry.seq);
    }
    bool more = shown < count || size > (size_t) HISTORY_BYTES;
    api_page_end(&json, more ? next : NULL);
    return flow_reply_json(flow, 200, span_bytes(&body));
}
