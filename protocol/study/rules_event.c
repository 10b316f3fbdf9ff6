/* SPDX-License-Identifier: Apache-2.0 */
/*
** What the protocol exempts from the report within a day (26), and what a case needs before it
** is reported (37). An exemption is asked by rules 18 and 27, and ends by itself when the event
** is grave: no answer of a form can keep it.
*/
#include "protocol/study/check_impl.h"
#include "protocol/study/expression.h"
#include "protocol/study/safety_section.h"

#include <strings.h>

/* ---- 26: exempt events ---- */

/* The date that an exemption counts from: an anchor of the study, or a visit. */
static bool exempt_from(struct checker *c, const char *name, struct value *ret_when)
{
    const struct anchor_def *anchor = version_anchor(c->version, name);
    struct subject_form form;
    if (anchor != NULL) {
        return check_anchor(c, anchor, ret_when);
    }
    for (size_t cursor = 0; next_form(c, MEANING_SVSTDTC, &cursor, &form);) {
        if (strcmp(form.data->key.event, name) == 0 &&
            said_when(c, form, MEANING_SVSTDTC, ret_when)) {
            return true;
        }
    }
    return false;
}

/* Did the event certainly begin inside the window of EXEMPT? */
static bool is_inside(struct checker *c, const struct exempt_event *exempt)
{
    const char *term = said(checked_form(c), MEANING_AETERM);
    struct value start, anchor;
    return term != NULL && strcasecmp(term, exempt->term) == 0 &&
           said_when(c, checked_form(c), MEANING_AESTDTC, &start) &&
           exempt_from(c, exempt->anchor, &anchor) &&
           date_lies_within(&anchor, &start, exempt->from, exempt->to, false) == YES;
}

/* Intensive care, or a stay that outlasts the window: no longer exempt. */
static bool was_grave_stay(struct checker *c, const struct exempt_event *exempt)
{
    struct subject_form form;
    struct value anchor, left;
    bool anchored = exempt_from(c, exempt->anchor, &anchor);
    for (size_t cursor = 0; next_form(c, MEANING_HOSTDTC, &cursor, &form);) {
        const struct group_data *group;
        for (size_t i = 0; (group = next_group(form, MEANING_HOSTDTC, &i)) != NULL;) {
            const char *links = said_in(form, group, MEANING_HOAE);
            if (form.data != c->form && !links_name(links, c->form)) {
                continue;
            }
            const char *intensive = said_in(form, group, MEANING_HOICU);
            if (intensive != NULL && strcmp(intensive, "Y") == 0) {
                return true;
            }
            if (anchored && said_when_in(c, form, group, MEANING_HOENDTC, &left) &&
                date_lies_within(&anchor, &left, exempt->from, exempt->to, false) == NO) {
                return true;
            }
        }
    }
    return false;
}

static bool is_grave(struct checker *c, const struct exempt_event *exempt)
{
    struct subject_form form = checked_form(c);
    const char *grade = said(form, MEANING_AETOXGR);
    return (grade != NULL && grade[0] - '0' > exempt->max_grade) ||
           (grade != NULL && grade[0] >= '4') || said_is(form, MEANING_AEOUT, "5") ||
           said_yes(form, MEANING_AESLIFE) == YES ||
           said_yes(form, MEANING_AESDTH) == YES || was_grave_stay(c, exempt);
}

enum truth event_is_exempt(struct checker *c)
{
    const struct safety_section *section = safety_section_of(c->version);
    for (size_t i = 0; i < section->exempt_count; i++) {
        if (!is_inside(c, &section->exempt[i])) {
            continue;
        }
        if (is_grave(c, &section->exempt[i])) {
            return NO;
        }
        return said(checked_form(c), MEANING_AETOXGR) != NULL ? YES : UNKNOWN;
    }
    return NO;
}

/* ---- 37: what a case needs ---- */

/* The signature of a report stands for its last word: a story, and what happened. */
void rule_37(struct checker *c)
{
    struct subject_form form = checked_form(c);
    if (c->def->safety != SAFETY_SAE || c->context->place == PLACE_SUBMIT) {
        return;
    }
    static const enum meaning NEEDED[] = {MEANING_AETERM, MEANING_AEREL, MEANING_NARRATIVE};
    for (size_t i = 0; i < ARRAY_LEN(NEEDED); i++) {
        if (form_has(form, NEEDED[i]) && !answered(form, NEEDED[i])) {
            checker_say(
                c, form, "37", NEEDED[i], SAY_DUE,
                TEXT(c, "37",
                     item_title(c->def->meanings[NEEDED[i]].item->item, c->language)));
        }
    }
}
