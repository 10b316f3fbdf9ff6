/* SPDX-License-Identifier: Apache-2.0 */
/*
** Who sees what: the last line of the table in RECORDS.md chapter 9, from the state as it
** is now.
*/
#include "crypto/entry.h"
#include "crypto/jws.h"
#include "protocol/record/mask.h"
#include "protocol/record/state_product.h"
#include "service/api/api.h"

static bool holds(const struct flow *flow, const char *role, const char *site)
{
    return flow->reader.person != NULL &&
           state_has_role(flow->ledger->state, flow->reader.person, role, site,
                          clock_now(flow->service->clock));
}

static bool api_sight_study(const struct flow *flow)
{
    static const char *const roles[] = {"data-manager", "sponsor", "safety", "inspector"};
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        if (holds(flow, roles[i], NULL)) {
            return true;
        }
    }
    return false;
}

enum sight api_sight(const struct flow *flow, const char *site)
{
    static const char *const all[] = {"investigator", "coordinator", "monitor"};
    static const char *const named[] = {"rater", "pharmacist"};
    if (api_sight_study(flow)) {
        return SIGHT_ALL;
    }
    for (size_t i = 0; site != NULL && i < ARRAY_LEN(all); i++) {
        if (holds(flow, all[i], site)) {
            return SIGHT_ALL;
        }
    }
    for (size_t i = 0; site != NULL && i < ARRAY_LEN(named); i++) {
        if (holds(flow, named[i], site)) {
            return SIGHT_NAMED;
        }
    }
    return SIGHT_NOTHING;
}

/* Does the form's definition name a role that the reader holds at SITE? */
static bool is_named(const struct flow *flow, const char *form_oid, const char *site)
{
    static const char *const named[] = {"rater", "pharmacist"};
    const char *version =
        state_version_at(flow->ledger->state, site, clock_now(flow->service->clock),
                         state_head(flow->ledger->state).size);
    const struct row *definition =
        version != NULL ? state_definition(flow->ledger->state, version) : NULL;
    struct definitions definitions = ledger_definitions(flow->ledger);
    const struct metadata_version *loaded =
        definition != NULL ? definitions.get(definitions.arg, version,
                                             definition->values[DEFINITION_DIGEST])
                           : NULL;
    const struct form_def *form = loaded != NULL ? version_form(loaded, form_oid) : NULL;
    for (size_t i = 0; form != NULL && i < ARRAY_LEN(named); i++) {
        if (form_allows_role(form, named[i]) && holds(flow, named[i], site)) {
            return true;
        }
    }
    return false;
}

/* crfd:Masked: a role that the reader holds at SITE never reads this form's data. */
static bool is_masked(const struct flow *flow, const char *form_oid, const char *site)
{
    struct definitions definitions = ledger_definitions(flow->ledger);
    struct mask mask = {flow->ledger->state, &definitions, flow->reader.person, site,
                        clock_now(flow->service->clock)};
    return form_oid == NULL ? mask_hides_any(&mask, flow->arena)
                            : mask_hides(&mask, form_oid, flow->arena);
}

static bool is_member(const struct flow *flow)
{
    return flow->reader.person != NULL &&
           state_has_any_role(flow->ledger->state, flow->reader.person,
                              clock_now(flow->service->clock));
}

status api_member(struct flow *flow, struct err *err)
{
    return is_member(flow) ? OK
                           : FAIL(err, ERR_REJECTED, "you hold no role in this study now");
}

static bool sees_subject_object(const struct flow *flow, struct span object);

/* What is written about a query is about its form. */
static bool sees_query(const struct flow *flow, struct span segment)
{
    const char *query = NULL;
    const struct row *row = path_segment_parse(segment, flow->arena, &query)
                                ? state_query(flow->ledger->state, query)
                                : NULL;
    const char *object = row != NULL ? row->values[QUERY_OBJECT] : NULL;
    return object != NULL && sees_subject_object(flow, span_text(object));
}

bool api_sees_object(const struct flow *flow, struct span object)
{
    struct span rest = object;
    struct span first;
    if (!span_cut(&rest, '/', &first)) {
        return is_member(flow);
    }
    return span_is(first, "subject") ? sees_subject_object(flow, object)
           : span_is(first, "query") ? sees_query(flow, rest)
                                     : is_member(flow);
}

const char *api_site_of(const struct flow *flow, const char *subject)
{
    const struct row *row = state_subject(flow->ledger->state, subject);
    const struct row *batch = state_batch(flow->ledger->state, subject);
    return row != NULL     ? row->values[SUBJECT_SITE]
           : batch != NULL ? batch->values[BATCH_SITE]
                           : NULL;
}

static bool sees_subject_object(const struct flow *flow, struct span object)
{
    struct span rest = object;
    struct span first;
    struct span segment;
    struct form_key form;
    const char *subject = NULL;
    if (!span_cut(&rest, '/', &first) || !span_is(first, "subject")) {
        return false; /* the object of a query */
    }
    if (!span_cut(&rest, '/', &segment)) {
        segment = rest;
    }
    if (!path_segment_parse(segment, flow->arena, &subject) || subject == NULL) {
        return false;
    }
    const char *site = api_site_of(flow, subject);
    struct span inbox = object; /* what waits beside a form is called FORM~SEQ */
    struct span plain = object;
    (void) span_cut(&inbox, '~', &plain);
    bool is_form = form_key_parse(plain, flow->arena, &form);
    if (is_form && is_masked(flow, form.form, site)) {
        return false;
    }
    switch (api_sight(flow, site)) {
    case SIGHT_ALL:
        return true;
    case SIGHT_NAMED:
        return is_form && is_named(flow, form.form, site);
    case SIGHT_NOTHING:
    default:
        return false;
    }
}

/* A refusal says which rules a record broke, about an object that only its body names. */
static bool sees_refusal(const struct flow *flow, struct span body)
{
    const struct json *reject = NULL;
    if (api_sight_study(flow)) {
        return true;
    }
    if (body.size == 0 || json_parse(span_of(body.data, body.size - 1), &JSON_RECORD,
                                     flow->arena, &reject, NULL) != OK) {
        return false;
    }
    const char *object = json_get_string(reject, "object");
    return object != NULL && strncmp(object, "subject/", 8) == 0 &&
           api_sees_object(flow, span_text(object));
}

/* A signature or a lock gives reasons for what it confirms; those about a form that the reader
 * does not see are not told. */
static bool confirms_unseen(const struct flow *flow, struct span body)
{
    struct span rest = body;
    struct span line;
    struct jws jws;
    const struct json *payload = NULL;
    if (!span_cut(&rest, '\n', &line) || jws_parse(line, flow->arena, &jws, NULL) != OK ||
        json_parse(jws.payload, &JSON_RECORD, flow->arena, &payload, NULL) != OK) {
        return body.size > 0;
    }
    const struct json *list = json_get(json_get(payload, "data"), "confirmed");
    for (size_t i = 0; list != NULL && list->kind == J_ARRAY && i < list->count; i++) {
        const char *object = json_get_string(&list->items[i], "object");
        if (object != NULL && !api_sees_object(flow, span_text(object))) {
            return true;
        }
    }
    return false;
}

bool api_sees_body(const struct flow *flow, const struct entry *entry, struct span body)
{
    if (flow->reader.kid != NULL && span_is(entry->key, flow->reader.kid)) {
        return true;
    }
    if (span_is(entry->type, "reject")) {
        return sees_refusal(flow, body);
    }
    bool confirms = span_is(entry->type, "form.sign") || span_is(entry->type, "lock") ||
                    span_is(entry->type, "unlock");
    return api_sees_object(flow, entry->object) &&
           !(confirms && confirms_unseen(flow, body));
}
