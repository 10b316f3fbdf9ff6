/* SPDX-License-Identifier: Apache-2.0 */
/*
** Rules on birth, consent and age (1, 5), and what is derived from them.
*/
#include "protocol/study/check_impl.h"

static bool find_when(const struct checker *c, enum meaning meaning,
                      struct value *ret_value)
{
    struct subject_form form;
    for (size_t cursor = 0; next_form(c, meaning, &cursor, &form);) {
        if (said_when(c, form, meaning, ret_value)) {
            return true;
        }
    }
    return false;
}

/* Trial procedures on the other forms, when the consent itself is entered or corrected. The
 * form under check looks at its own items one by one (check_item.c). */
static void compare_others(struct checker *c, const struct form_data *form,
                           const struct form_def *def)
{
    struct subject_form other = {form, def};
    for (size_t i = 0; i < form->count; i++) {
        const struct group_data *group = &form->groups[i];
        const struct group_ref *ref = form_group_ref(def, group->oid);
        for (size_t j = 0; ref != NULL && j < group->count; j++) {
            const struct item_ref *item = group_item_ref(ref->group, group->items[j].oid);
            struct value when;
            if (item == NULL || item->item->origin != ORIGIN_TRIAL ||
                group->items[j].value == NULL ||
                !value_parse(item->item->type, span_text(group->items[j].value),
                             c->context->zone, &when) ||
                interval_before(when.when, c->consent) != YES) {
                continue;
            }
            say_at(c, other, "1",
                   item_path(c->findings->arena, group->oid, group->repeat,
                             group->items[j].oid),
                   SAY_DEVIATION,
                   TEXT(c, "1.consent", item_title(item->item, c->language),
                        date_text(c, &when),
                        message_date(c->findings->arena, c->language, c->consent_text)),
                   group->items[j].value);
        }
    }
}

void rule_1(struct checker *c)
{
    struct subject_form form = checked_form(c);
    struct value birth;
    if (c->consent_text == NULL) {
        return;
    }
    bool is_consent = form_has(form, MEANING_RFICDTC);
    if (find_when(c, MEANING_BRTHDTC, &birth) &&
        interval_after(birth.when, c->consent) == YES) {
        checker_say(c, form, "1", is_consent ? MEANING_RFICDTC : MEANING_BRTHDTC, SAY_ASK,
                    TEXT(c, "1.birth",
                         message_date(c->findings->arena, c->language, c->consent_text),
                         date_text(c, &birth)));
    }
    bool at_submit = c->context->place == PLACE_SUBMIT; /* later, each form says its own */
    for (size_t i = 0; is_consent && at_submit && c->book != NULL && i < c->book->count;
         i++) {
        const struct form_data *other = c->book->forms[i];
        const struct form_def *def = version_form(c->version, other->key.form);
        if (def != NULL && !form_key_equal(&other->key, &c->form->key)) {
            compare_others(c, other, def);
        }
    }
}

/* ---- age ---- */

/* Whole years from BIRTH to AT, both as wall clocks. */
static int years_between(instant birth, instant at)
{
    int from[3], to[3];
    int64_t from_days = birth / DAY - (birth % DAY < 0);
    int64_t to_days = at / DAY - (at % DAY < 0);
    date_from_days(from_days, &from[0], &from[1], &from[2]);
    date_from_days(to_days, &to[0], &to[1], &to[2]);
    bool before_birthday = to[1] < from[1] || (to[1] == from[1] && to[2] < from[2]);
    return to[0] - from[0] - before_birthday;
}

/* Years from BIRTH to CONSENT, at least and at most; false when they cannot be told. */
static bool age_at_consent(const struct checker *c, int *ret_least, int *ret_most)
{
    struct value birth, consent;
    if (!find_when(c, MEANING_BRTHDTC, &birth) ||
        !find_when(c, MEANING_RFICDTC, &consent) || birth.wall.earliest == INSTANT_MIN ||
        consent.wall.earliest == INSTANT_MIN ||
        interval_after(birth.wall, consent.wall) == YES) {
        return false;
    }
    *ret_least = years_between(birth.wall.latest, consent.wall.earliest);
    *ret_most = years_between(birth.wall.earliest, consent.wall.latest);
    return true;
}

/* With a birth date of a year only, the age that was told decides, if it can be. */
static void narrow_by_told_age(const struct checker *c, int *least, int *most)
{
    struct subject_form form;
    for (size_t cursor = 0; next_form(c, MEANING_AGEDEC, &cursor, &form);) {
        struct decimal told;
        const char *text = said(form, MEANING_AGEDEC);
        if (text != NULL && decimal_parse(span_text(text), false, &told) &&
            decimal_compare(told, decimal_of(*least)) >= 0 &&
            decimal_compare(told, decimal_of(*most)) <= 0) {
            while (decimal_compare(decimal_of(*least), told) < 0) {
                ++*least;
            }
            *most = *least;
        }
    }
}

/* The limits of age, from the version in force at consent (rule 4). */
static bool find_limits(const struct checker *c, int *ret_from, int *ret_to)
{
    struct checker then = *c;
    if (c->context->limits != NULL) {
        then.version = c->context->limits;
    }
    *ret_from = parameter_number(&then, "AGE.MIN", 0);
    *ret_to = parameter_number(&then, "AGE.MAX", 0);
    return version_parameter(then.version, "AGE.MIN") != NULL &&
           version_parameter(then.version, "AGE.MAX") != NULL;
}

void rule_5(struct checker *c)
{
    struct subject_form form = checked_form(c);
    int least = 0, most = 0, from, to;
    bool is_act = c->def->eligibility;
    if ((!is_act && !form_has(form, MEANING_BRTHDTC)) || !find_limits(c, &from, &to)) {
        return;
    }
    enum meaning about = is_act ? MEANING_COUNT : MEANING_BRTHDTC;
    const char *path = is_act ? "" : path_of_meaning(c, form, NULL, about);
    bool known = age_at_consent(c, &least, &most);
    if (known && least != most) {
        narrow_by_told_age(c, &least, &most);
    }
    if (known && (most < from || least > to)) {
        const char *age = least == most
                              ? number_text(c, least)
                              : arena_printf(c->findings->arena, "%d-%d", least, most);
        say_at(c, form, "5", path, SAY_DEVIATION,
               TEXT(c, "5", age, number_text(c, from), number_text(c, to)), age);
        return;
    }
    bool holds = known && least >= from && most <= to;
    if (is_act && !holds && c->context->place != PLACE_SUBMIT) {
        say_at(c, form, "5", path, SAY_ASK, text_alone(c, "5.unknown"), NULL);
    }
}

/* ---- derived values ---- */

const char *derive_age(struct checker *c)
{
    int least = 0, most = 0;
    return age_at_consent(c, &least, &most) && least == most ? number_text(c, least) : NULL;
}
