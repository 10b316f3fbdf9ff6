/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why one file: were the client to choose by other words than the service takes by, a site
** would be refused what its own program made.
*/
#include "protocol/record/form_version.h"

#include "protocol/study/value.h"

static bool same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool same_repeat(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* ---- the visit ---- */

static bool in_visit(const struct visit_form *form, const struct form_key *key)
{
    return form->version != NULL && strcmp(form->key.event, key->event) == 0 &&
           same_repeat(form->key.event_repeat, key->event_repeat);
}

static bool has_date(const struct metadata_version *form_defs,
                     const struct visit_form *form)
{
    const struct form_def *def = version_form(form_defs, form->key.form);
    return def != NULL && def->meanings[MEANING_SVSTDTC].item != NULL;
}

/* Does A tell better than B (may be NULL) under what the visit was begun? */
static bool is_beginning(const struct metadata_version *form_defs,
                         const struct visit_form *a, const struct visit_form *b)
{
    bool a_date = has_date(form_defs, a);
    bool b_date = b != NULL && has_date(form_defs, b);
    return b == NULL || (a_date != b_date ? a_date : a->seq < b->seq);
}

void form_versions_of_visit(const struct metadata_version *form_defs,
                            const struct form_key *key, const struct visit_form *forms,
                            size_t count, struct arena *arena,
                            struct form_versions *versions)
{
    const struct event_def *event = version_event(form_defs, key->event);
    if (event == NULL || event->type == EVENT_COMMON || count == 0) {
        return;
    }
    const char **items = ARENA_ARRAY(arena, count, const char *);
    const struct visit_form *beginning = NULL;
    size_t found = 0, first = 0;
    for (size_t i = 0; i < count; i++) {
        const struct visit_form *form = &forms[i];
        if (!in_visit(form, key)) {
            continue;
        }
        if (is_beginning(form_defs, form, beginning)) {
            beginning = form;
            first = found;
        }
        items[found++] = form->version;
    }
    const char *begun_under = items[first];
    items[first] = items[0];
    items[0] = begun_under;
    versions->visit = items;
    versions->visit_count = found;
}

/* ---- choosing and taking ---- */

const char *form_version_choose(const struct form_versions *versions,
                                enum form_version_why *ret_why)
{
    const char *chosen = versions->now;
    enum form_version_why why = BY_SITE;
    if (versions->consent != NULL) {
        chosen = versions->consent;
        why = BY_CONSENT;
    } else if (versions->visit_count > 0) {
        chosen = versions->visit[0];
        why = BY_VISIT;
    }
    if (ret_why != NULL) {
        *ret_why = same_text(chosen, versions->now) ? BY_SITE : why;
    }
    return chosen;
}

bool form_version_is_taken(const struct form_versions *versions, const char *version)
{
    bool visit = false;
    for (size_t i = 0; i < versions->visit_count; i++) {
        visit = visit || strcmp(versions->visit[i], version) == 0;
    }
    return visit || same_text(versions->now, version) ||
           same_text(versions->seen, version) || same_text(versions->prior, version) ||
           same_text(versions->consent, version);
}

/* ---- when the subject agreed ---- */

static bool find_consent(const struct agreement *agreement, instant *ret_at)
{
    const struct form_data *form = agreement->form;
    const struct form_def *def = agreement->form_def;
    const struct item_data *item =
        form != NULL && def != NULL ? form_meaning(form, def, MEANING_RFICDTC) : NULL;
    for (size_t cursor = 0; item == NULL || item->value == NULL;) {
        form = casebook_next(agreement->book, agreement->version, MEANING_RFICDTC, &cursor,
                             &def);
        if (form == NULL) {
            return false;
        }
        item = form_meaning(form, def, MEANING_RFICDTC);
    }
    struct interval when;
    if (!interval_parse(span_text(item->value), agreement->zone, &when) ||
        when.earliest == INSTANT_MIN) {
        return false;
    }
    *ret_at = when.earliest;
    return true;
}

const char *version_when_agreed(const struct agreement *agreement)
{
    instant at;
    return agreement->version != NULL &&
                   state_row_count(agreement->state, TABLE_SITE_VERSION) > 0 &&
                   find_consent(agreement, &at)
               ? state_version_at(agreement->state, agreement->site, at, agreement->size)
               : NULL;
}
