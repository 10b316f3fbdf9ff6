/* SPDX-License-Identifier: Apache-2.0 */
/*
** The questions. Lists are short (a protocol names tens of terms, not thousands), so they are
** looked through in the order of the file: where two rows fit, the first one counts.
*/
#include "protocol/study/safety_section.h"

#include <strings.h>

static const struct safety_section NOTHING;

const struct safety_section *safety_section_of(const struct metadata_version *version)
{
    return version != NULL && version->safety != NULL ? version->safety : &NOTHING;
}

/* Text order of "YYYY-MM-DD" is order in time; a month or a year alone sorts before its days,
 * and so counts from its first day. */
static bool days_cover(const struct days *when, const char *day)
{
    return day == NULL || ((when->from == NULL || strcmp(when->from, day) <= 0) &&
                           (when->to == NULL || strncmp(day, when->to, 10) <= 0));
}

/* Regimes in force on DAY. With none given: WMO, the one that asks for most. */
static bool safety_regime_is(const struct safety_section *section,
                             enum safety_regime regime, const char *day)
{
    for (size_t i = 0; i < section->regime_count; i++) {
        if (section->regimes[i].name == regime &&
            days_cover(&section->regimes[i].when, day)) {
            return true;
        }
    }
    return section->regime_count == 0 && regime == REGIME_WMO;
}

bool safety_all_reported(const struct safety_section *section, const char *day)
{
    bool named = safety_regime_is(section, REGIME_CTR, day) ||
                 safety_regime_is(section, REGIME_FDA, day);
    return safety_regime_is(section, REGIME_WMO, day) || !named;
}

bool safety_day_zero_is_next(const struct safety_section *section, const char *day)
{
    size_t next = 0;
    size_t all = 0;
    for (size_t i = 0; i < section->regime_count; i++) {
        if (days_cover(&section->regimes[i].when, day)) {
            next += section->regimes[i].next_day ? 1 : 0;
            all++;
        }
    }
    return all > 0 && next == all;
}

bool safety_uses_dictionary(const struct safety_section *section, const char *name,
                            const char *version)
{
    for (size_t i = 0; i < section->dictionary_count; i++) {
        if (strcmp(section->dictionaries[i].name, name) == 0 &&
            strcmp(section->dictionaries[i].version, version) == 0) {
            return true;
        }
    }
    return false;
}

const struct severity_scale *safety_scale(const struct safety_section *section,
                                          int age_days, const char *day)
{
    for (size_t i = 0; i < section->scale_count; i++) {
        const struct severity_scale *scale = &section->scales[i];
        bool age = scale->until_age_days < 0 ||
                   (age_days >= 0 && age_days <= scale->until_age_days);
        if (age && days_cover(&scale->when, day)) {
            return scale;
        }
    }
    return NULL;
}

static bool same_term(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcasecmp(a, b) == 0;
}

enum truth safety_grade_exists(const struct safety_section *section, const char *term,
                               int grade)
{
    for (size_t i = 0; i < section->grade_count; i++) {
        const struct grade_range *range = &section->grades[i];
        if (same_term(range->term, term)) {
            return grade >= range->min && grade <= range->max ? YES : NO;
        }
    }
    return UNKNOWN;
}

enum truth safety_expected(const struct safety_section *section, const char *term,
                           int grade, const char *day, const char **ret_rsi)
{
    for (size_t i = 0; i < section->expected_count; i++) {
        const struct expected_event *event = &section->expected[i];
        if (!same_term(event->term, term) || !days_cover(&event->when, day)) {
            continue;
        }
        if (ret_rsi != NULL) {
            *ret_rsi = event->rsi;
        }
        return grade == 0 ? UNKNOWN : grade <= event->max_grade ? YES : NO;
    }
    return NO;
}

bool safety_rsi_in_force(const struct safety_section *section, const char *rsi,
                         const char *day)
{
    for (size_t i = 0; i < section->expected_count; i++) {
        if (strcmp(section->expected[i].rsi, rsi) == 0 &&
            days_cover(&section->expected[i].when, day)) {
            return true;
        }
    }
    return section->expected_count == 0;
}

const struct exempt_event *safety_exempt(const struct safety_section *section,
                                         const char *term, int grade, const char *anchor,
                                         int days)
{
    for (size_t i = 0; i < section->exempt_count; i++) {
        const struct exempt_event *exempt = &section->exempt[i];
        if (grade < 4 && grade <= exempt->max_grade && same_term(exempt->term, term) &&
            strcmp(exempt->anchor, anchor) == 0 && days >= exempt->from &&
            days <= exempt->to) {
            return exempt;
        }
    }
    return NULL;
}

const char *stopping_scope_name(enum stopping_scope scope)
{
    static const char *const names[] = {"subject", "cohort", "site", "study"};
    return names[scope];
}

const char *stopping_when_name(enum stopping_when when)
{
    static const char *const names[] = {"related", "serious", "fatal", "grave", "susar"};
    return names[when];
}
