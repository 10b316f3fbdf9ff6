/* SPDX-License-Identifier: Apache-2.0 */
/*
** Who sees what: the last line of the table in RECORDS.md chapter 9, from the state as it
** is now.
*/
#include "service/api/api.h"

static bool holds(const struct flow *flow, const char *role, const char *site)
{
    return flow->reader.person != NULL &&
           state_has_role(flow->ledger->state, flow->reader.person, role, site,
                          clock_now(flow->service->clock));
}

bool api_sight_study(const struct flow *flow)
{
    static const char *const roles[] = {"data-manager", "sponsor", "safety", "inspector"};
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        if (holds(flow, roles[i], "*")) {
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

bool api_sees_object(const struct flow *flow, struct span object)
{
    struct span rest = object;
    struct span first;
    struct span segment;
    struct form_key form;
    const char *subject = NULL;
    if (!span_cut(&rest, '/', &first) || !span_is(first, "subject")) {
        return true;
    }
    if (!span_cut(&rest, '/', &segment)) {
        segment = rest;
    }
    if (!path_segment_parse(segment, flow->arena, &subject) || subject == NULL) {
        return false;
    }
    const struct row *row = state_subject(flow->ledger->state, subject);
    const char *site = row != NULL ? row->values[SUBJECT_SITE] : NULL;
    switch (api_sight(flow, site)) {
    case SIGHT_ALL:
        return true;
    case SIGHT_NAMED:
        return form_key_parse(object, flow->arena, &form) &&
               is_named(flow, form.form, site);
    case SIGHT_NOTHING:
    default:
        return false;
    }
}
