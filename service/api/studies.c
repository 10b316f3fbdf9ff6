/* SPDX-License-Identifier: Apache-2.0 */
/*
** What anyone may know: which studies are served, and a study's passport. Trust does not
** start here but in the invitation; the passport is compared with it.
*/
#include "service/api/api.h"

#include "protocol/record/clocks.h"

static status answer_studies(struct flow *flow, struct err *err);
static status answer_passport(struct flow *flow, struct err *err);

const struct step api_studies[] = {{"answer", answer_studies, NULL}, {0}};
const struct step api_passport[] = {
    {"loaded", api_loaded, NULL}, {"answer", answer_passport, NULL}, {0}};

static status answer_studies(struct flow *flow, struct err *err)
{
    (void) err;
    CLEANUP(bytes_done) struct bytes body = {0};
    struct json_out json = {.bytes = &body};
    json_begin(&json, '{');
    json_key(&json, "studies");
    json_begin(&json, '[');
    for (size_t i = 0; i < flow->service->ledger_count; i++) {
        const struct ledger *ledger = flow->service->ledgers[i];
        json_begin(&json, '{');
        json_member(&json, "study", ledger->slug);
        json_member(&json, "origin", ledger->origin);
        json_member_integer(&json, "size", (int64_t) ledger->checkpoint_size);
        json_end(&json, '}');
    }
    json_end(&json, ']');
    json_end(&json, '}');
    return flow_reply_json(flow, 200, span_bytes(&body));
}

static void write_definitions(const struct flow *flow, struct json_out *json)
{
    struct rows rows = state_rows(flow->ledger->state, TABLE_DEFINITION, flow->arena);
    json_key(json, "definitions");
    json_begin(json, '[');
    for (size_t i = 0; i < rows.count; i++) {
        json_begin(json, '{');
        json_member(json, "version", rows.items[i]->values[DEFINITION_VERSION]);
        json_member(json, "sha256", rows.items[i]->values[DEFINITION_DIGEST]);
        json_member(json, "src", rows.items[i]->values[DEFINITION_SRC]);
        json_member_integer(json, "seq", rows.items[i]->src_seq);
        json_end(json, '}');
    }
    json_end(json, ']');
}

static void write_dictionaries(const struct flow *flow, struct json_out *json)
{
    struct rows rows = state_rows(flow->ledger->state, TABLE_DICTIONARY, flow->arena);
    json_key(json, "dictionaries");
    json_begin(json, '[');
    for (size_t i = 0; i < rows.count; i++) {
        json_begin(json, '{');
        json_member(json, "name", rows.items[i]->values[DICTIONARY_NAME]);
        json_member(json, "version", rows.items[i]->values[DICTIONARY_VERSION]);
        json_member(json, "sha256", rows.items[i]->values[DICTIONARY_DIGEST]);
        json_end(json, '}');
    }
    json_end(json, ']');
}

/* What is in force where and when, so that a client without a line knows it, too. */
static void write_site_versions(const struct flow *flow, struct json_out *json)
{
    struct rows rows = state_rows(flow->ledger->state, TABLE_SITE_VERSION, flow->arena);
    json_key(json, "site_versions");
    json_begin(json, '[');
    for (size_t i = 0; i < rows.count; i++) {
        const char *const *values = rows.items[i]->values;
        json_begin(json, '{');
        json_member(json, "site", values[SITE_VERSION_SITE]);
        json_member(json, "version", values[SITE_VERSION_VERSION]);
        json_member(json, "from", values[SITE_VERSION_VALID_FROM]);
        json_member(json, "to", values[SITE_VERSION_VALID_TO]);
        json_member_integer(json, "seq", rows.items[i]->src_seq);
        json_end(json, '}');
    }
    json_end(json, ']');
}

static bool same_place(const struct row *a, const struct row *b)
{
    return row_is(a, HOLD_ACTIVITY, b->values[HOLD_ACTIVITY]) &&
           row_is(a, HOLD_SCOPE, b->values[HOLD_SCOPE]);
}

/* First in every client's output: what must not be done now. Several causes may hold one
 * activity in one scope: one line, of the gravest. Rows come in key order. */
static void write_holds(const struct flow *flow, struct json_out *json)
{
    struct rows rows = state_rows(flow->ledger->state, TABLE_HOLD, flow->arena);
    json_key(json, "holds");
    json_begin(json, '[');
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *gravest = rows.items[i];
        while (i + 1 < rows.count && same_place(rows.items[i + 1], gravest)) {
            i++;
            gravest = row_is(gravest, HOLD_STATE, "provisional") ? rows.items[i] : gravest;
        }
        json_begin(json, '{');
        json_member(json, "activity", gravest->values[HOLD_ACTIVITY]);
        json_member(json, "scope", gravest->values[HOLD_SCOPE]);
        json_member(json, "rule", gravest->values[HOLD_RULE]);
        json_member(json, "state", gravest->values[HOLD_STATE]);
        json_end(json, '}');
    }
    json_end(json, ']');
}

static void write_unanswered_one(const struct state *state, const struct row *clock,
                                 struct json_out *json)
{
    const char *const *object = &clock->values[CLOCK_OBJECT];
    const struct row *form = state_form(state, *object);
    const struct row *report = state_row(state, TABLE_SAFETY_CASE, object);
    const struct row *subject =
        report != NULL ? state_subject(state, report->values[SAFETY_CASE_SUBJECT]) : NULL;
    json_begin(json, '{');
    json_member(json, "report", form != NULL ? form->values[FORM_NUMBER] : NULL);
    json_member(json, "site", subject != NULL ? subject->values[SUBJECT_SITE] : NULL);
    json_member(json, "since", clock->values[CLOCK_SINCE]);
    json_end(json, '}');
}

/* Reports that nobody of the sponsor has confirmed in time, so that whoever is at the site sees
 * it first and phones: which, where, since when. Nothing of what they say. */
static void write_unanswered(const struct flow *flow, struct json_out *json)
{
    const struct state *state = flow->ledger->state;
    struct rows rows = state_rows(state, TABLE_CLOCK, flow->arena);
    char now[INSTANT_SIZE];
    instant_format(clock_now(flow->service->clock), now);
    json_key(json, "unanswered");
    json_begin(json, '[');
    for (size_t i = 0; i < rows.count; i++) {
        const char *const *clock = rows.items[i]->values;
        bool late = row_is(rows.items[i], CLOCK_CLOCK, CLOCK_ACK) &&
                    clock[CLOCK_STOPPED] == NULL && strcmp(clock[CLOCK_DUE], now) < 0;
        if (late) {
            write_unanswered_one(state, rows.items[i], json);
        }
    }
    json_end(json, ']');
}

/* The name and OID of the study, from the newest definition. */
static void write_names(const struct flow *flow, struct json_out *json)
{
    struct definitions definitions = ledger_definitions(flow->ledger);
    struct rows rows = state_rows(flow->ledger->state, TABLE_DEFINITION, flow->arena);
    const struct metadata_version *newest = NULL;
    int64_t seq = -1;
    for (size_t i = 0; i < rows.count; i++) {
        const char *const *values = rows.items[i]->values;
        const struct metadata_version *version = definitions.get(
            definitions.arg, values[DEFINITION_VERSION], values[DEFINITION_DIGEST]);
        if (version != NULL && rows.items[i]->src_seq > seq) {
            newest = version;
            seq = rows.items[i]->src_seq;
        }
    }
    json_member(json, "name", newest != NULL ? newest->study->name : NULL);
    json_member(json, "study_oid", newest != NULL ? newest->study->oid : NULL);
}

static status answer_passport(struct flow *flow, struct err *err)
{
    (void) err;
    CLEANUP(bytes_done) struct bytes body = {0};
    CLEANUP(bytes_done) struct bytes url = {0};
    struct json_out json = {.bytes = &body};
    const struct ledger *ledger = flow->ledger;
    bytes_printf(&url, "%s/v1/studies/%s", flow->service->public_urls->items[0],
                 ledger->slug);
    json_begin(&json, '{');
    json_member(&json, "study", ledger->slug);
    json_member(&json, "origin", ledger->origin);
    json_member(&json, "vkey", signer_vkey(ledger->signer));
    json_member(&json, "founder", ledger->founder);
    json_member(&json, "url", bytes_text(&url));
    json_member_integer(&json, "size", (int64_t) ledger->checkpoint_size);
    json_key(&json, "halted");
    json_put_bool(&json, ledger->phase == LEDGER_HALTED);
    write_names(flow, &json);
    write_definitions(flow, &json);
    write_site_versions(flow, &json);
    write_dictionaries(flow, &json);
    write_holds(flow, &json);
    write_unanswered(flow, &json);
    json_end(&json, '}');
    return flow_reply_json(flow, 200, span_bytes(&body));
}
