/* SPDX-License-Identifier: Apache-2.0 */
/*
** A planned stay that took longer (24): the study asks why. With an untoward event as its cause
** that event is serious, without one it is not; which of the two is for a person to say, so the
** question tells both. A stay is prolonged when it certainly had a night and certainly lasted
** longer than planned (crfd:PlannedStay, else OBSERVATION.HOURS).
*/
#include "protocol/study/check_impl.h"
#include "protocol/study/safety_section.h"

static int planned_hours(const struct checker *c)
{
    const struct safety_section *section = safety_section_of(c->version);
    int hours = 0;
    for (size_t i = 0; i < section->stay_count; i++) {
        hours = section->stays[i].hours > hours ? section->stays[i].hours : hours;
    }
    return hours > 0 ? hours : parameter_number(c, "OBSERVATION.HOURS", 0);
}

static bool is_prolonged(const struct checker *c, struct subject_form form,
                         const struct group_data *group, struct value *ret_end)
{
    struct value start;
    const char *plan = said_in(form, group, MEANING_HOPLAN);
    int hours = planned_hours(c);
    if (hours <= 0 || plan == NULL || strcmp(plan, "PROTOCOL") != 0 ||
        !said_when_in(c, form, group, MEANING_HOSTDTC, &start) ||
        !said_when_in(c, form, group, MEANING_HOENDTC, ret_end) || !start.has_day ||
        !ret_end->has_day) {
        return false;
    }
    bool night = ret_end->wall.earliest / DAY > start.wall.latest / DAY;
    return night &&
           interval_after(ret_end->when, interval_shift(start.when, hours * HOUR)) == YES;
}

/* The event that LINKS names; false when none of them is there. */
static bool find_named(const struct checker *c, const char *links,
                       struct subject_form *ret_event)
{
    struct subject_form form;
    for (size_t cursor = 0; next_form(c, MEANING_AETERM, &cursor, &form);) {
        if (form.data != c->form && links_name(links, form.data)) {
            *ret_event = form;
            return true;
        }
    }
    return false;
}

static void ask_about(struct checker *c, const struct group_data *group,
                      const struct value *end)
{
    struct subject_form form = checked_form(c), event;
    const char *links = said_in(form, group, MEANING_HOAE);
    const char *path = path_of_meaning(c, form, group, MEANING_HOAE);
    const char *hours = number_text(c, planned_hours(c));
    if (links == NULL) {
        say_at(c, form, "24", path, SAY_ASK,
               TEXT(c, "24.why", hours, date_text(c, end), c->form->key.subject), NULL);
    } else if (!find_named(c, links, &event)) {
        say_at(c, form, "24", path, SAY_DUE, TEXT(c, "24.link", links), links);
    } else if (event.def->safety == SAFETY_NONE && said_yes(event, MEANING_AESER) != YES) {
        say_at(c, form, "24", path, SAY_ASK,
               TEXT(c, "24.caused", links, hours, c->form->key.subject), links);
    }
}

/* On the form of a stay of its own; stays on a report belong to the report (rule 24 there). */
void rule_24_prolonged(struct checker *c)
{
    struct subject_form form = checked_form(c);
    const struct group_data *group;
    struct value end;
    for (size_t cursor = 0; c->def->safety == SAFETY_NONE &&
                            (group = next_group(form, MEANING_HOSTDTC, &cursor)) != NULL;) {
        if (is_prolonged(c, form, group, &end)) {
            ask_about(c, group, &end);
        }
    }
}

bool stay_is_prolonged(const struct checker *c, struct subject_form form,
                       const struct group_data *group)
{
    struct value end;
    return is_prolonged(c, form, group, &end);
}

bool prolonged_a_stay(const struct checker *c)
{
    struct subject_form form;
    for (size_t cursor = 0; next_form(c, MEANING_HOSTDTC, &cursor, &form);) {
        const struct group_data *group;
        for (size_t i = 0; (group = next_group(form, MEANING_HOSTDTC, &i)) != NULL;) {
            if (links_name(said_in(form, group, MEANING_HOAE), c->form) &&
                stay_is_prolonged(c, form, group)) {
                return true;
            }
        }
    }
    return false;
}
