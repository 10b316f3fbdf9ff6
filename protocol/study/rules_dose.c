/* SPDX-License-Identifier: Apache-2.0 */
/*
** Rules on infusions (66-69). An infusion that was given is a fact: these ask, propose a
** deviation, tell the safety contact; none refuses. What belongs together is found in the same
** event (angiography, observation) or by the order of events in Protocol (exercise).
*/
#include "protocol/study/check_impl.h"

/* The watch at the bedside and the form may differ by this much (rule 69). */
#define WATCH_TOLERANCE (15 * MINUTE)

/* ---- 66: interval and exercise ---- */

static int64_t day_of(instant wall)
{
    return wall / DAY - (wall % DAY < 0);
}

struct neighbours {
    bool has_before, has_after;
    struct value before, after;
};

/* The nearest infusions that are certainly before and after THIS. */
static struct neighbours find_neighbours(const struct checker *c, const struct value *this)
{
    struct neighbours found = {0};
    struct subject_form form;
    struct value when;
    for (size_t cursor = 0; next_form(c, MEANING_EXSTDTC, &cursor, &form);) {
        if (form.data == c->form || !said_when(c, form, MEANING_EXSTDTC, &when)) {
            continue;
        }
        if (interval_before(when.when, this->when) == YES &&
            (!found.has_before || when.when.earliest > found.before.when.earliest)) {
            found.has_before = true;
            found.before = when;
        }
        if (interval_after(when.when, this->when) == YES &&
            (!found.has_after || when.when.earliest < found.after.when.earliest)) {
            found.has_after = true;
            found.after = when;
        }
    }
    return found;
}

static void check_days(struct checker *c, const struct value *earlier,
                       const struct value *later)
{
    int from = parameter_number(c, "DOSE.INTERVAL.MIN", -1);
    int to = parameter_number(c, "DOSE.INTERVAL.MAX", -1);
    if (from < 0 || to < 0 || earlier->wall.earliest == INSTANT_MIN ||
        later->wall.earliest == INSTANT_MIN) {
        return;
    }
    int64_t least = day_of(later->wall.earliest) - day_of(earlier->wall.latest);
    int64_t most = day_of(later->wall.latest) - day_of(earlier->wall.earliest);
    if (most < from || least > to) {
        checker_say(c, checked_form(c), "66", MEANING_EXSTDTC, SAY_DEVIATION,
                    TEXT(c, "66.interval", number_text(c, most < from ? most : least),
                         number_text(c, from), number_text(c, to)));
    }
}

static bool infusion_is_recorded(const struct checker *c, int number)
{
    struct subject_form form;
    for (size_t cursor = 0; next_form(c, MEANING_INFNO, &cursor, &form);) {
        const char *text = said(form, MEANING_INFNO);
        struct decimal value;
        if (text != NULL && decimal_parse(span_text(text), false, &value) &&
            decimal_compare(value, decimal_of(number)) == 0) {
            return true;
        }
    }
    return false;
}

void rule_66(struct checker *c)
{
    struct subject_form form = checked_form(c);
    struct value this;
    const char *number = said(form, MEANING_INFNO);
    if (said_when(c, form, MEANING_EXSTDTC, &this)) {
        struct neighbours near = find_neighbours(c, &this);
        if (near.has_before) {
            check_days(c, &near.before, &this);
        }
        if (near.has_after) {
            check_days(c, &this, &near.after);
        }
    }
    if (number != NULL && strlen(number) == 1 && number[0] >= '2' && number[0] <= '9' &&
        !infusion_is_recorded(c, number[0] - '1')) {
        checker_say(c, form, "66", MEANING_INFNO, SAY_DUE,
                    TEXT(c, "66.previous", number_text(c, number[0] - '1')));
    }
}

/* The nearest event before ours in Protocol that has a form with an exercise. */
static const struct event_def *exercise_event(const struct checker *c)
{
    const struct event_ref *here = version_event_ref(c->version, c->form->key.event);
    for (size_t i = here != NULL ? here->position : 0; i > 0; i--) {
        const struct event_def *event = c->version->events[i - 1].event;
        for (size_t j = 0; j < event->form_count; j++) {
            if (event->forms[j].form->meanings[MEANING_ECCDTC].item != NULL) {
                return event;
            }
            if (event->forms[j].form->meanings[MEANING_EXSTDTC].item != NULL) {
                return NULL; /* the previous infusion: what is before it is not ours */
            }
        }
    }
    return NULL;
}

void rule_66_exercise(struct checker *c)
{
    struct subject_form form = checked_form(c), other;
    struct value start, exercise;
    const struct event_def *event = exercise_event(c);
    if (event == NULL || said(form, MEANING_EXSTDTC) == NULL) {
        return;
    }
    for (size_t cursor = 0; next_form(c, MEANING_ECCDTC, &cursor, &other);) {
        if (strcmp(other.data->key.event, event->oid) != 0) {
            continue;
        }
        if (said_when(c, other, MEANING_ECCDTC, &exercise) &&
            said_when(c, form, MEANING_EXSTDTC, &start) &&
            interval_after(exercise.when, start.when) == YES) {
            checker_say(c, form, "66", MEANING_EXSTDTC, SAY_ASK,
                        TEXT(c, "66.after", date_text(c, &exercise)));
        }
        return;
    }
    say_at(c, form, "66", "", SAY_DUE,
           TEXT(c, "66.exercise",
                event->short_name[0] != '\0' ? event->short_name : event->name),
           NULL);
}

/* ---- 67: sides ---- */

void rule_67_side(struct checker *c)
{
    struct subject_form form = checked_form(c);
    const struct parameter *side = version_parameter(c->version, "TREATED.SIDE");
    const char *infused = said(form, MEANING_EXLAT);
    if (side != NULL && infused != NULL && strcmp(infused, side->value) != 0) {
        checker_say(c, form, "67", MEANING_EXLAT, SAY_DEVIATION | SAY_ALARM,
                    TEXT(c, "67.side", infused, side->value));
    }
}

static void check_both(struct checker *c, enum meaning meaning)
{
    struct subject_form form = checked_form(c);
    static const char *const SIDES[] = {"L", "R"};
    bool have[2] = {false, false};
    const struct group_data *group;
    size_t count = 0;
    if (!form_has(form, meaning) || c->form->state != FORM_COMPLETE) {
        return;
    }
    for (size_t cursor = 0; (group = next_group(form, meaning, &cursor)) != NULL; count++) {
        const char *side = said_in(form, group, meaning);
        have[0] = have[0] || (side != NULL && strcmp(side, "L") == 0);
        have[1] = have[1] || (side != NULL && strcmp(side, "R") == 0);
    }
    for (size_t i = 0; i < 2 && count > 0; i++) {
        if (!have[i] && have[1 - i]) {
            say_at(c, form, "67", "", SAY_ASK, TEXT(c, "67.both", SIDES[i]), NULL);
        }
    }
}

void rule_67_both(struct checker *c)
{
    check_both(c, MEANING_ECCSIDE);
    check_both(c, MEANING_STRSIDE);
    check_both(c, MEANING_MRISIDE);
}

/* ---- 68: angiography ---- */

/* What the angiographies of this event say at one point ("PRE" or "POST"). */
struct angiography {
    bool found, has_when;
    enum truth open;
    struct value when; /* the last one */
};

static bool shows_obstruction(const char *finding)
{
    return finding != NULL &&
           (strcmp(finding, "OCCLUSION") == 0 || strcmp(finding, "STENOSIS") == 0 ||
            strcmp(finding, "DISSECTION") == 0);
}

static void read_angiography(const struct checker *c, struct subject_form form,
                             const char *point, struct angiography *found)
{
    const struct group_data *group;
    for (size_t cursor = 0;
         (group = next_group(form, MEANING_ANGPOINT, &cursor)) != NULL;) {
        const char *at = said_in(form, group, MEANING_ANGPOINT);
        const char *patent = said_in(form, group, MEANING_ANGPATENT);
        if (at == NULL || strcmp(at, point) != 0) {
            continue;
        }
        enum truth open = UNKNOWN;
        if (patent != NULL && (strcmp(patent, "Y") == 0 || strcmp(patent, "N") == 0)) {
            open = patent[0] == 'Y' ? YES : NO;
        }
        if (shows_obstruction(said_in(form, group, MEANING_ANGFIND))) {
            open = open == YES ? UNKNOWN : NO;
        }
        found->open = found->found ? truth_and(found->open, open) : open;
        found->found = true;
        found->has_when =
            said_when_in(c, form, group, MEANING_ANGDTC, &found->when) || found->has_when;
    }
}

static struct angiography find_angiography(const struct checker *c, const char *point)
{
    struct angiography found = {0};
    struct subject_form form;
    for (size_t cursor = 0; next_form_here(c, MEANING_ANGPOINT, &cursor, &form);) {
        read_angiography(c, form, point, &found);
    }
    return found;
}

void rule_68_infusion(struct checker *c)
{
    struct subject_form form = checked_form(c);
    struct value start;
    bool wanted = false;
    for (size_t i = 0; i < c->event->form_count && !wanted; i++) {
        wanted = c->event->forms[i].form->meanings[MEANING_ANGPOINT].item != NULL;
    }
    if (!wanted || !said_when(c, form, MEANING_EXSTDTC, &start)) {
        return;
    }
    struct angiography before = find_angiography(c, "PRE");
    struct angiography after = find_angiography(c, "POST");
    if (!before.found) {
        say_at(c, form, "68", "", SAY_DUE, text_alone(c, "68.pre"), NULL);
    } else if (before.open == NO) {
        checker_say(c, form, "68", MEANING_EXSTDTC, SAY_DEVIATION,
                    text_alone(c, "68.closed"));
    } else if (before.has_when && interval_after(before.when.when, start.when) == YES) {
        checker_say(c, form, "68", MEANING_EXSTDTC, SAY_DEVIATION,
                    TEXT(c, "68.late", date_text(c, &before.when), date_text(c, &start)));
    }
    if (!after.found) {
        say_at(c, form, "68", path_of_meaning(c, form, NULL, MEANING_EXENDTC), SAY_DUE,
               text_alone(c, "68.post"), NULL);
    }
}

void rule_68_new(struct checker *c)
{
    struct angiography before = find_angiography(c, "PRE");
    struct angiography after = find_angiography(c, "POST");
    if (before.found && before.open == YES && after.found && after.open == NO) {
        checker_say(c, checked_form(c), "68", MEANING_ANGPATENT, SAY_ALARM,
                    TEXT(c, "68.new", c->form->key.subject));
    }
}

/* ---- 69: observation ---- */

static bool last_observation(const struct checker *c, struct subject_form form,
                             struct value *ret_last)
{
    const struct group_data *group;
    struct value when;
    bool found = false;
    for (size_t cursor = 0; (group = next_group(form, MEANING_OBSDTC, &cursor)) != NULL;) {
        if (said_when_in(c, form, group, MEANING_OBSDTC, &when) &&
            (!found || when.when.latest > ret_last->when.latest)) {
            *ret_last = when;
            found = true;
        }
    }
    return found;
}

void rule_69(struct checker *c)
{
    struct subject_form form = checked_form(c), infusion;
    struct value end, discharge, last;
    int hours = parameter_number(c, "OBSERVATION.HOURS", 0);
    size_t cursor = 0;
    if (hours <= 0 || !said_when(c, form, MEANING_DISCHDTC, &discharge)) {
        return;
    }
    if (!next_form_here(c, MEANING_EXENDTC, &cursor, &infusion) ||
        !said_when(c, infusion, MEANING_EXENDTC, &end)) {
        say_at(c, form, "69", "", SAY_DUE, text_alone(c, "69.due"), NULL);
        return;
    }
    struct interval until = interval_shift(end.when, hours * HOUR - WATCH_TOLERANCE);
    if (interval_before(discharge.when, until) == YES) {
        checker_say(c, form, "69", MEANING_DISCHDTC, SAY_DEVIATION,
                    TEXT(c, "69.early", date_text(c, &discharge), number_text(c, hours),
                         date_text(c, &end)));
    } else if (c->form->state == FORM_COMPLETE && last_observation(c, form, &last) &&
               interval_before(last.when, until) == YES) {
        checker_say(c, form, "69", MEANING_OBSDTC, SAY_ASK,
                    TEXT(c, "69.cover", date_text(c, &last), number_text(c, hours)));
    }
}
