/* SPDX-License-Identifier: Apache-2.0 */
/*
** Rules on the course of a subject: death and end (11), what an event is and what it is linked
** to (24b, 35, 36, 38), gaps in a watch (63). What happened is a fact: these only ask.
*/
#include "protocol/study/check_impl.h"

#include <strings.h>

/* ---- 11: a death ends the study ---- */

static bool find_death(const struct checker *c, struct value *ret_when)
{
    struct subject_form form;
    for (size_t cursor = 0; next_form(c, MEANING_DTHDTC, &cursor, &form);) {
        if (said_when(c, form, MEANING_DTHDTC, ret_when)) {
            return true;
        }
    }
    return false;
}

static bool has_death_form(const struct checker *c)
{
    for (size_t i = 0; c->book != NULL && i < c->book->count; i++) {
        const struct form_def *def = version_form(c->version, c->book->forms[i]->key.form);
        if (def != NULL && def->safety == SAFETY_DEATH) {
            return true;
        }
    }
    return false;
}

void rule_11_reason(struct checker *c)
{
    struct subject_form form = checked_form(c);
    const char *reason = said(form, MEANING_DSDECOD);
    if (reason == NULL) {
        return;
    }
    bool died = strcmp(reason, "DEATH") == 0, recorded = has_death_form(c);
    if (died && !recorded) {
        checker_say(c, form, "11", MEANING_DSDECOD, SAY_DUE, text_alone(c, "11.form"));
    } else if (!died && recorded) {
        checker_say(c, form, "11", MEANING_DSDECOD, SAY_ASK, text_alone(c, "11.reason"));
    }
}

static void compare_with_death(struct checker *c, enum meaning meaning,
                               const struct value *death)
{
    struct subject_form form;
    struct value when;
    bool is_death = form_has(checked_form(c), MEANING_DTHDTC);
    for (size_t cursor = 0; next_form(c, meaning, &cursor, &form);) {
        if ((is_death || form.data == c->form) && said_when(c, form, meaning, &when) &&
            interval_after(when.when, death->when) == YES) {
            checker_say(c, checked_form(c), "11", is_death ? MEANING_DTHDTC : meaning,
                        SAY_ASK,
                        TEXT(c, "11.after", date_text(c, &when), date_text(c, death)));
        }
    }
}

void rule_11_after(struct checker *c)
{
    struct subject_form form = checked_form(c);
    struct value death;
    if ((form_has(form, MEANING_DTHDTC) || form_has(form, MEANING_SVSTDTC) ||
         form_has(form, MEANING_EXSTDTC)) &&
        find_death(c, &death)) {
        compare_with_death(c, MEANING_SVSTDTC, &death);
        compare_with_death(c, MEANING_EXSTDTC, &death);
    }
}

/* ---- 24b: a condition, not a procedure ---- */

static struct span next_word(const char **text)
{
    *text += strspn(*text, " ,;.\t\r\n");
    struct span word = span_of(*text, strcspn(*text, " ,;.\t\r\n"));
    *text += word.size;
    return word;
}

static bool has_word(const char *text, struct span wanted)
{
    for (struct span word = next_word(&text); word.size > 0; word = next_word(&text)) {
        if (word.size == wanted.size &&
            strncasecmp((const char *) word.data, (const char *) wanted.data, word.size) ==
                0) {
            return true;
        }
    }
    return false;
}

void rule_24b(struct checker *c)
{
    const struct parameter *words = version_parameter(c->version, "PROCEDURE.WORDS");
    const char *term = said(checked_form(c), MEANING_AETERM);
    if (words == NULL || term == NULL) {
        return;
    }
    struct span first = next_word(&term);
    if (first.size > 0 && has_word(words->value, first)) {
        checker_say(c, checked_form(c), "24b", MEANING_AETERM, SAY_ASK,
                    text_alone(c, "24b"));
    }
}

/* ---- 35, 36: the dose and the event ---- */

static bool dose_is_given(const struct checker *c)
{
    struct subject_form form;
    for (size_t cursor = 0; next_form(c, MEANING_EXENDTC, &cursor, &form);) {
        if (said(form, MEANING_EXENDTC) != NULL) {
            return true;
        }
    }
    return false;
}

void rule_35(struct checker *c)
{
    struct subject_form form = checked_form(c);
    const char *action = said(form, MEANING_AEACN);
    if (parameter_number(c, "INFUSIONS.PLANNED", 0) == 1 && action != NULL &&
        strlen(action) == 1 && action[0] >= '1' && action[0] <= '3' && dose_is_given(c)) {
        checker_say(c, form, "35", MEANING_AEACN, SAY_ASK, text_alone(c, "35"));
    }
}

/* Was there certainly a dose after FROM and not after TO? */
static bool dose_between(const struct checker *c, const struct value *from,
                         const struct value *to)
{
    struct subject_form form;
    struct value dose;
    for (size_t cursor = 0; next_form(c, MEANING_EXSTDTC, &cursor, &form);) {
        if (said_when(c, form, MEANING_EXSTDTC, &dose) &&
            interval_after(dose.when, from->when) == YES &&
            interval_not_after(dose.when, to->when) == YES) {
            return true;
        }
    }
    return false;
}

void rule_36(struct checker *c)
{
    struct subject_form form = checked_form(c), other;
    const char *term = said(form, MEANING_AETERM);
    struct value start, before;
    if (term == NULL || answered(form, MEANING_AERECHAL) ||
        !said_when(c, form, MEANING_AESTDTC, &start)) {
        return;
    }
    for (size_t cursor = 0; next_form(c, MEANING_AETERM, &cursor, &other);) {
        const char *earlier = said(other, MEANING_AETERM);
        if (other.data != c->form && earlier != NULL && strcasecmp(earlier, term) == 0 &&
            said_when(c, other, MEANING_AESTDTC, &before) &&
            dose_between(c, &before, &start)) {
            checker_say(c, form, "36", MEANING_AERECHAL, SAY_ASK,
                        TEXT(c, "36", date_text(c, &before)));
            return;
        }
    }
}

/* ---- 38: links ---- */

static const struct {
    enum meaning start, end;
} SPANS[] = {
    {MEANING_AESTDTC, MEANING_AEENDTC},
    {MEANING_HOSTDTC, MEANING_HOENDTC},
    {MEANING_CMSTDTC, MEANING_CMENDTC},
    {MEANING_EXSTDTC, MEANING_EXENDTC},
};

/* From the earliest start to the latest end of what FORM is about; open where it does not
 * say. False for a form about nothing that lasts. */
static bool span_of_form(const struct checker *c, struct subject_form form,
                         struct interval *ret_span)
{
    for (size_t i = 0; i < ARRAY_LEN(SPANS); i++) {
        struct value start, end;
        if (form_has(form, SPANS[i].start)) {
            *ret_span = interval_unknown();
            if (said_when(c, form, SPANS[i].start, &start)) {
                ret_span->earliest = start.when.earliest;
            }
            if (said_when(c, form, SPANS[i].end, &end)) {
                ret_span->latest = end.when.latest;
            }
            return true;
        }
    }
    return false;
}

/* "AE-2": a human number with a prefix of the study. */
static bool is_number_of_study(const struct checker *c, struct span word)
{
    for (size_t i = 0; i < c->version->form_def_count; i++) {
        const char *prefix = c->version->form_defs[i]->number_prefix;
        size_t size = strlen(prefix);
        if (size > 0 && word.size > size + 1 && memcmp(word.data, prefix, size) == 0 &&
            word.data[size] == '-' && word.data[size + 1] >= '0' &&
            word.data[size + 1] <= '9') {
            return true;
        }
    }
    return false;
}

/* The form that WORD names, by number or by repeat key. */
static bool find_linked(const struct checker *c, const char *word,
                        struct subject_form *ret_form)
{
    for (size_t i = 0; c->book != NULL && i < c->book->count; i++) {
        const struct form_data *form = c->book->forms[i];
        const struct form_def *def = version_form(c->version, form->key.form);
        if (def != NULL && links_name(word, form)) {
            *ret_form = (struct subject_form){form, def};
            return true;
        }
    }
    return false;
}

void rule_38(struct checker *c)
{
    struct subject_form form = checked_form(c), linked;
    const char *links = said(form, MEANING_AELINKS);
    struct interval own, other;
    if (links == NULL) {
        return;
    }
    for (struct span word = next_word(&links); word.size > 0; word = next_word(&links)) {
        const char *name = arena_span_text(c->findings->arena, word);
        if (!find_linked(c, name, &linked)) {
            if (c->book != NULL && is_number_of_study(c, word)) {
                checker_say(c, form, "38", MEANING_AELINKS, SAY_DUE,
                            TEXT(c, "38.none", name));
            }
        } else if (span_of_form(c, form, &own) && span_of_form(c, linked, &other) &&
                   (own.latest < other.earliest || other.latest < own.earliest)) {
            checker_say(c, form, "38", MEANING_AELINKS, SAY_ASK, TEXT(c, "38.apart", name));
        }
    }
}

/* ---- 63: gaps in a watch ---- */

#define WATCH_MAX 200 /* observations of one form that are looked at */

/* The times of the observations, in order; none when one of them bears no time. */
static size_t observation_times(const struct checker *c, struct value times[WATCH_MAX])
{
    struct subject_form form = checked_form(c);
    const struct group_data *group;
    size_t count = 0;
    struct value when;
    for (size_t cursor = 0; count < WATCH_MAX &&
                            (group = next_group(form, MEANING_OBSDTC, &cursor)) != NULL;) {
        if (!said_when_in(c, form, group, MEANING_OBSDTC, &when)) {
            continue;
        }
        if (!when.has_time) {
            return 0; /* it may lie in any gap */
        }
        size_t at = count++;
        while (at > 0 && times[at - 1].when.earliest > when.when.earliest) {
            times[at] = times[at - 1];
            at--;
        }
        times[at] = when;
    }
    return count;
}

void rule_63(struct checker *c)
{
    int minutes = parameter_number(c, "OBSERVATION.GAP.MAX", 0);
    struct value times[WATCH_MAX];
    if (minutes <= 0 || c->form->state != FORM_COMPLETE) {
        return;
    }
    size_t count = observation_times(c, times);
    for (size_t i = 1; i < count; i++) {
        struct interval until =
            interval_shift(times[i - 1].when, (instant) minutes * MINUTE);
        if (interval_after(times[i].when, until) == YES) {
            checker_say(c, checked_form(c), "63", MEANING_OBSDTC, SAY_ASK,
                        TEXT(c, "63.gap", date_text(c, &times[i - 1]),
                             date_text(c, &times[i]), number_text(c, minutes)));
            return;
        }
    }
}
