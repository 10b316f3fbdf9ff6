/* SPDX-License-Identifier: Apache-2.0 */
/*
** What comes before an act: the right consent (2) and a pregnancy test (9). Neither refuses a
** record of what happened; both ask, and stop the signature until it is resolved or confirmed.
**
** CONSENT.VERSIONS names the versions of the consent with their first day, oldest first:
** "2.0/2025-06-01 3.0/2026-01-01". Each holds until the next one begins.
*/
#include "protocol/study/check_impl.h"

/* ---- 2: consent ---- */

struct consent_version {
    struct interval from, until; /* first day; first day of the next, open for the last */
    bool found;
};

static struct span next_version(const char **words, struct interval *ret_from)
{
    *words += strspn(*words, " ");
    struct span word = span_of(*words, strcspn(*words, " "));
    const uint8_t *slash = memchr(word.data, '/', word.size);
    size_t name = slash != NULL ? (size_t) (slash - word.data) : word.size;
    *words += word.size;
    if (slash == NULL ||
        !interval_parse(span_of(slash + 1, word.size - name - 1), NULL, ret_from)) {
        *ret_from = (struct interval){INSTANT_MIN, INSTANT_MIN};
    }
    return span_of(word.data, name);
}

static struct consent_version find_version(const char *words, const char *wanted)
{
    struct consent_version found = {.until = {INSTANT_MAX, INSTANT_MAX}};
    struct interval from;
    for (struct span name = next_version(&words, &from); name.size > 0;
         name = next_version(&words, &from)) {
        if (found.found) {
            found.until = from;
            return found;
        }
        if (span_is(name, wanted)) {
            found.from = from;
            found.found = true;
        }
    }
    return found;
}

void rule_2_version(struct checker *c)
{
    struct subject_form form = checked_form(c);
    const struct parameter *versions = version_parameter(c->version, "CONSENT.VERSIONS");
    const char *signed_version = said(form, MEANING_ICVERSION);
    struct value when;
    if (versions == NULL || signed_version == NULL) {
        return;
    }
    struct consent_version version = find_version(versions->value, signed_version);
    if (!version.found) {
        checker_say(c, form, "2", MEANING_ICVERSION, SAY_DEVIATION,
                    TEXT(c, "2.unknown", signed_version));
        return;
    }
    if (!said_when(c, form, MEANING_RFICDTC, &when)) {
        return;
    }
    struct interval first = {version.from.earliest, version.from.earliest};
    struct interval next = {version.until.earliest, version.until.earliest};
    if (interval_before(when.wall, first) == YES ||
        interval_before(when.wall, next) == NO) {
        checker_say(c, form, "2", MEANING_ICVERSION, SAY_DEVIATION,
                    TEXT(c, "2.version", signed_version, date_text(c, &when)));
    }
}

static bool study_has(const struct checker *c, enum meaning meaning)
{
    for (size_t i = 0; i < c->version->form_def_count; i++) {
        if (c->version->form_defs[i]->meanings[meaning].item != NULL) {
            return true;
        }
    }
    return false;
}

/* The date of a trial procedure on the form under check; NULL when it has none. */
static const char *find_procedure(struct checker *c)
{
    for (size_t i = 0; i < c->form->count; i++) {
        const struct group_data *group = &c->form->groups[i];
        const struct group_ref *ref = form_group_ref(c->def, group->oid);
        for (size_t j = 0; ref != NULL && j < group->count; j++) {
            const struct item_ref *item = group_item_ref(ref->group, group->items[j].oid);
            if (item != NULL && item->item->origin == ORIGIN_TRIAL &&
                group->items[j].value != NULL) {
                return item_path(c->findings->arena, group->oid, group->repeat,
                                 group->items[j].oid);
            }
        }
    }
    return NULL;
}

/* At submission the consent may still come; at signature it is missing. */
void rule_2_procedure(struct checker *c)
{
    const char *path = find_procedure(c);
    if (c->context->place == PLACE_SUBMIT || c->consent_text != NULL || c->book == NULL ||
        path == NULL || !study_has(c, MEANING_RFICDTC)) {
        return;
    }
    say_at(c, checked_form(c), "2", path, SAY_DUE, text_alone(c, "2.none"), NULL);
}

/* ---- 9: pregnancy test ---- */

static bool can_be_pregnant(const struct checker *c)
{
    struct subject_form form;
    for (size_t cursor = 0; next_form(c, MEANING_CHILDPOT, &cursor, &form);) {
        if (said_yes(form, MEANING_CHILDPOT) == YES) {
            return true;
        }
    }
    return false;
}

static int64_t day_of(instant wall)
{
    return wall / DAY - (wall % DAY < 0);
}

/* Does TEST lie in the DAYS before DOSE, counted in calendar days? */
static enum truth lies_before(const struct value *test, const struct value *dose, int days)
{
    int64_t least = day_of(dose->wall.earliest) - day_of(test->wall.latest);
    int64_t most = day_of(dose->wall.latest) - day_of(test->wall.earliest);
    if (most < 0 || least > days || interval_after(test->when, dose->when) == YES) {
        return NO;
    }
    return least >= 0 && most <= days ? YES : UNKNOWN;
}

struct tests {
    enum truth negative; /* is there one in time? */
    struct value positive;
    bool is_positive;
};

static struct tests find_tests(const struct checker *c, const struct value *dose, int days)
{
    struct tests found = {.negative = NO};
    struct subject_form form;
    struct value when;
    for (size_t cursor = 0; next_form(c, MEANING_PREGTESTDTC, &cursor, &form);) {
        const char *result = said(form, MEANING_PREGTESTRES);
        if (result == NULL || !said_when(c, form, MEANING_PREGTESTDTC, &when)) {
            continue;
        }
        enum truth in_time = lies_before(&when, dose, days);
        if (strcmp(result, "NEG") == 0) {
            found.negative = truth_or(found.negative, in_time);
        } else if (strcmp(result, "POS") == 0 && in_time == YES) {
            found.positive = when;
            found.is_positive = true;
        }
    }
    return found;
}

void rule_9(struct checker *c)
{
    struct subject_form form = checked_form(c);
    struct value dose;
    int days = parameter_number(c, "PREGTEST.BEFORE.DOSE.DAYS", -1);
    if (days < 0 || !said_when(c, form, MEANING_EXSTDTC, &dose) || !dose.has_day ||
        !can_be_pregnant(c)) {
        return;
    }
    struct tests tests = find_tests(c, &dose, days);
    if (tests.is_positive) {
        checker_say(c, form, "9", MEANING_EXSTDTC, SAY_DEVIATION | SAY_ALARM,
                    TEXT(c, "9.positive", date_text(c, &tests.positive)));
    } else if (tests.negative == NO) {
        checker_say(c, form, "9", MEANING_EXSTDTC, SAY_DUE,
                    TEXT(c, "9.none", number_text(c, days)));
    }
}
