/* SPDX-License-Identifier: Apache-2.0 */
/*
** The graft after transplantation (77): when neutrophils and platelets recovered, derived from
** the counts by day, and the question when they did not.
**
** Neutrophils: the first of ENGRAFT.DAYS consecutive days with ENGRAFT.ANC or more. Platelets:
** the same with ENGRAFT.PLT and no transfusion in the 7 days before. Counts before the
** reinfusion do not count; a day without a count breaks the run, because nobody knows.
*/
#include "protocol/study/check_impl.h"

#define COUNTS_MAX       400 /* days that are looked at */
#define TRANSFUSION_FREE 7   /* days */

struct count_of_day {
    int64_t day; /* since 1970, by the wall clock */
    bool enough, transfused;
    struct span text; /* of the date */
};

struct counts {
    struct count_of_day days[COUNTS_MAX];
    size_t count;
};

static bool day_of_value(const struct value *when, int64_t *ret_day)
{
    if (!when->has_day) {
        return false;
    }
    *ret_day = when->wall.earliest / DAY - (when->wall.earliest % DAY < 0);
    return true;
}

static bool find_reinfusion(const struct checker *c, int64_t *ret_day)
{
    struct subject_form form;
    struct value when;
    for (size_t cursor = 0; next_form(c, MEANING_REINFDTC, &cursor, &form);) {
        if (said_when(c, form, MEANING_REINFDTC, &when) && day_of_value(&when, ret_day)) {
            return true;
        }
    }
    return false;
}

/* Is the count of MEANING in GROUP at least the parameter NAME? */
static bool is_enough(const struct checker *c, struct subject_form form,
                      const struct group_data *group, enum meaning meaning,
                      const char *name)
{
    const struct parameter *least = version_parameter(c->version, name);
    const char *text = said_in(form, group, meaning);
    struct decimal value;
    return least != NULL && least->is_number && text != NULL &&
           decimal_parse(span_text(text), true, &value) &&
           decimal_compare(value, least->number) >= 0;
}

static void insert_day(struct counts *counts, const struct count_of_day *day)
{
    size_t at = counts->count;
    if (at == COUNTS_MAX) {
        return;
    }
    while (at > 0 && counts->days[at - 1].day > day->day) {
        counts->days[at] = counts->days[at - 1];
        at--;
    }
    counts->days[at] = *day;
    counts->count++;
}

/* The days from the reinfusion on, in order, of all forms with counts. */
static void read_counts(const struct checker *c, enum meaning meaning, const char *name,
                        int64_t from, struct counts *counts)
{
    struct subject_form form;
    counts->count = 0;
    for (size_t cursor = 0; next_form(c, meaning, &cursor, &form);) {
        const struct group_data *group;
        for (size_t i = 0; (group = next_group(form, meaning, &i)) != NULL;) {
            struct count_of_day day = {0};
            struct value when;
            if (said_in(form, group, meaning) == NULL ||
                !said_when_in(c, form, group, MEANING_CNTDTC, &when) ||
                !day_of_value(&when, &day.day) || day.day < from) {
                continue;
            }
            const char *given = said_in(form, group, MEANING_PLTTRANS);
            day.enough = is_enough(c, form, group, meaning, name);
            day.transfused = given != NULL && strcmp(given, "Y") == 0;
            day.text = when.text;
            insert_day(counts, &day);
        }
    }
}

static bool transfused_before(const struct counts *counts, size_t at)
{
    for (size_t i = 0; i < counts->count; i++) {
        if (counts->days[i].transfused && counts->days[i].day <= counts->days[at].day &&
            counts->days[i].day > counts->days[at].day - TRANSFUSION_FREE) {
            return true;
        }
    }
    return false;
}

/* The first day of a run of consecutive days that are all enough; -1: none. */
static int find_run(const struct counts *counts, int length, bool without_transfusion)
{
    int run = 0;
    for (size_t i = 0; i < counts->count; i++) {
        bool follows = run > 0 && counts->days[i].day == counts->days[i - 1].day + 1;
        bool good = counts->days[i].enough &&
                    !(without_transfusion && transfused_before(counts, i));
        run = !good ? 0 : follows ? run + 1 : 1;
        if (run == length) {
            return (int) i - length + 1;
        }
    }
    return -1;
}

static const char *recovery(struct checker *c, enum meaning meaning, const char *name,
                            bool without_transfusion)
{
    struct counts *counts = ARENA_NEW(c->findings->arena, struct counts);
    int64_t reinfusion = 0;
    if (!find_reinfusion(c, &reinfusion)) {
        return NULL;
    }
    read_counts(c, meaning, name, reinfusion, counts);
    int at = find_run(counts, parameter_number(c, "ENGRAFT.DAYS", 3), without_transfusion);
    return at >= 0 ? arena_span_text(c->findings->arena, counts->days[at].text) : NULL;
}

const char *derive_neutrophil_recovery(struct checker *c)
{
    return recovery(c, MEANING_ANC, "ENGRAFT.ANC", false);
}

const char *derive_platelet_recovery(struct checker *c)
{
    return recovery(c, MEANING_PLTCNT, "ENGRAFT.PLT", true);
}

void rule_77(struct checker *c)
{
    struct counts *counts = ARENA_NEW(c->findings->arena, struct counts);
    int last = parameter_number(c, "GRAFT.FAILURE.DAY", 0);
    int64_t reinfusion = 0;
    if (last <= 0 || !find_reinfusion(c, &reinfusion)) {
        return;
    }
    read_counts(c, MEANING_ANC, "ENGRAFT.ANC", reinfusion, counts);
    bool reached =
        counts->count > 0 && counts->days[counts->count - 1].day >= reinfusion + last;
    for (size_t i = 0; i < counts->count; i++) {
        reached = reached && !counts->days[i].enough;
    }
    if (reached) {
        checker_say(c, checked_form(c), "77", MEANING_ANC, SAY_ASK | SAY_ALARM,
                    TEXT(c, "77", number_text(c, last)));
    }
}
