/* SPDX-License-Identifier: Apache-2.0 */
/*
** Rules on hospital stays (23, 24, 24a, HO-02). A stay may stand on the report itself or on a
** form of its own, which comes days later: until then it is "to follow".
*/
#include "protocol/study/check_impl.h"

/* An admission this long after the end of the event still belongs to it. */
#define GRACE DAY

struct stay {
    struct subject_form form;
    const struct group_data *group;
    struct value start, end;
    bool has_start, has_end;
};

struct stays {
    struct subject_form form;
    size_t form_cursor, group_cursor;
    bool in_form;
};

/* Every stay of the subject; of a form with a link to another event only if it names ours. */
static bool next_stay(const struct checker *c, struct stays *stays, struct stay *ret_stay)
{
    for (;;) {
        if (!stays->in_form) {
            if (!next_form(c, MEANING_HOSTDTC, &stays->form_cursor, &stays->form)) {
                return false;
            }
            stays->in_form = true;
            stays->group_cursor = 0;
        }
        struct stay stay = {.form = stays->form};
        stay.group = next_group(stays->form, MEANING_HOSTDTC, &stays->group_cursor);
        if (stay.group == NULL) {
            stays->in_form = false;
            continue;
        }
        const char *links = said_in(stay.form, stay.group, MEANING_HOAE);
        if (links != NULL && c->form->key.form_repeat != NULL &&
            stay.form.data != c->form && !links_name(links, c->form)) {
            continue;
        }
        stay.has_start =
            said_when_in(c, stay.form, stay.group, MEANING_HOSTDTC, &stay.start);
        stay.has_end = said_when_in(c, stay.form, stay.group, MEANING_HOENDTC, &stay.end);
        *ret_stay = stay;
        return true;
    }
}

/* Does STAY fall in the time of the event? UNKNOWN where dates are missing or too coarse. */
static enum truth belongs(const struct checker *c, const struct stay *stay)
{
    struct subject_form form = checked_form(c);
    struct value start, end;
    enum truth before = NO, after = NO;
    if (stay->form.data == c->form) {
        return YES; /* the reporter put it there */
    }
    if (stay->has_end && said_when(c, form, MEANING_AESTDTC, &start)) {
        before = interval_before(stay->end.when, start.when);
    }
    if (stay->has_start && said_when(c, form, MEANING_AEENDTC, &end)) {
        after = interval_after(stay->start.when, interval_shift(end.when, GRACE));
    }
    return truth_not(truth_or(before, after));
}

void rule_23(struct checker *c)
{
    struct subject_form form = checked_form(c);
    struct stays stays = {0};
    struct stay stay;
    size_t count = 0;
    if (said_yes(form, MEANING_AESHOSP) != YES) {
        return;
    }
    while (next_stay(c, &stays, &stay)) {
        if (belongs(c, &stay) != NO) {
            return;
        }
        count++;
    }
    if (count > 0) {
        checker_say(c, form, "23", MEANING_AESHOSP, SAY_ASK, text_alone(c, "23.apart"));
        return;
    }
    checker_say(c, form, "23", MEANING_AESHOSP, SAY_DUE,
                message_stay_missing(c->findings->arena, c->language, NULL, NULL));
}

/* Is admission the one criterion that is answered yes or unknown? */
static bool hospital_alone(struct subject_form form)
{
    static const enum meaning OTHERS[] = {MEANING_AESDTH, MEANING_AESLIFE, MEANING_AESDISAB,
                                          MEANING_AESCONG, MEANING_AESMIE};
    for (size_t i = 0; i < ARRAY_LEN(OTHERS); i++) {
        const char *text = said(form, OTHERS[i]);
        if (text != NULL && strcmp(text, "N") != 0) {
            return false;
        }
    }
    return said_yes(form, MEANING_AESHOSP) == YES;
}

static bool plan_is(const struct stay *stay, const char *plan)
{
    const char *text = said_in(stay->form, stay->group, MEANING_HOPLAN);
    return text != NULL && strcmp(text, plan) == 0;
}

void rule_24(struct checker *c)
{
    struct subject_form form = checked_form(c);
    struct stays stays = {0};
    struct stay stay;
    size_t planned = 0;
    if (!hospital_alone(form)) {
        return;
    }
    while (next_stay(c, &stays, &stay)) {
        if (belongs(c, &stay) == NO) {
            continue;
        }
        if (!plan_is(&stay, "PROTOCOL") && !plan_is(&stay, "PREPLANNED")) {
            return; /* another stay, or one of which nobody said that it was planned */
        }
        if (stay_is_prolonged(c, stay.form, stay.group)) {
            return; /* the report says what made it longer */
        }
        planned++;
    }
    if (planned > 0) {
        checker_say(c, form, "24", MEANING_AESHOSP, SAY_ASK, text_alone(c, "24"));
    }
}

static bool without_night(const struct stay *stay)
{
    return stay->has_start && stay->has_end && stay->start.has_day && stay->end.has_day &&
           stay->start.wall.earliest / DAY == stay->end.wall.latest / DAY;
}

void rule_24a(struct checker *c)
{
    struct subject_form form = checked_form(c);
    struct stays stays = {0};
    struct stay stay;
    if (said_yes(form, MEANING_AESHOSP) != YES) {
        return;
    }
    while (next_stay(c, &stays, &stay)) {
        if (without_night(&stay) && !plan_is(&stay, "PROTOCOL") &&
            belongs(c, &stay) != NO) {
            checker_say(c, form, "24a", MEANING_AESHOSP, SAY_ASK,
                        TEXT(c, "24a", date_text(c, &stay.start)));
        }
    }
}

/* "stay 1 of AE-2": the number people use if it has one, else where it stands. */
static const char *stay_text(struct checker *c, const struct group_data *group,
                             size_t position)
{
    struct subject_form form = checked_form(c);
    const char *links = said_in(form, group, MEANING_HOAE);
    const char *number = c->form->number != NULL && !c->def->groups[0].group->repeating
                             ? c->form->number
                             : number_text(c, (int64_t) position);
    if (links != NULL) {
        return TEXT(c, "stay.of", number, links);
    }
    return TEXT(c, "stay", number);
}

void rule_ho_02(struct checker *c)
{
    struct subject_form form = checked_form(c);
    const struct group_data *group;
    size_t position = 0;
    for (size_t cursor = 0; (group = next_group(form, MEANING_HOSTDTC, &cursor)) != NULL;) {
        struct value start, end;
        position++;
        if (!said_when_in(c, form, group, MEANING_HOSTDTC, &start) ||
            !said_when_in(c, form, group, MEANING_HOENDTC, &end) ||
            interval_before(end.when, start.when) != YES) {
            continue;
        }
        bool refuses = c->ordinary_complete && c->context->place == PLACE_SUBMIT;
        say_at(c, form, "HO-02", path_of_meaning(c, form, group, MEANING_HOENDTC),
               SAY_REFUSE,
               TEXT(c, refuses ? "HO-02" : "HO-02.ask", date_text(c, &end),
                    date_text(c, &start), stay_text(c, group, position)),
               said_in(form, group, MEANING_HOENDTC));
    }
}
