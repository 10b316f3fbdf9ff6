/* SPDX-License-Identifier: Apache-2.0 */
/*
** Rule 10: a pregnancy is followed until its outcome is known. When that should be is the
** expected date of birth, else 280 days after the last period, else 280 days after the earliest
** day on which anything was known of it; then PREGNANCY.OUTCOME.DAYS (30) for the form to come.
** Of a date known in part the earliest day counts: a reminder too early harms nobody.
*/
#include "protocol/study/check_impl.h"

#define DAYS_PREGNANT 280
#define DAYS_AFTER    30

/* "Unknown" is an answer once the form is complete: nobody can find it out any more. */
static bool has_outcome(struct subject_form self)
{
    const char *outcome = said(self, MEANING_PREGOUT);
    return outcome != NULL && strcmp(outcome, "ONGOING") != 0 &&
           (strcmp(outcome, "U") != 0 || self.data->state == FORM_COMPLETE);
}

static instant expected_birth(const struct checker *c, struct subject_form self,
                              const struct safety_reading *reading)
{
    static const struct {
        enum meaning meaning;
        int days;
    } DATES[] = {{MEANING_PREGEDDDTC, 0},
                 {MEANING_PREGLMPDTC, DAYS_PREGNANT},
                 {MEANING_PREGDTC, DAYS_PREGNANT}};
    struct value when;
    for (size_t i = 0; i < ARRAY_LEN(DATES); i++) {
        if (said_when(c, self, DATES[i].meaning, &when) &&
            when.when.earliest != INSTANT_MIN) {
            return when.when.earliest + DATES[i].days * DAY;
        }
    }
    return reading->aware_at + DAYS_PREGNANT * DAY;
}

void read_pregnancy(const struct checker *c, struct subject_form self,
                    struct safety_reading *reading)
{
    if (c->def->safety == SAFETY_PREGNANCY && form_has(self, MEANING_PREGOUT)) {
        int days = parameter_number(c, "PREGNANCY.OUTCOME.DAYS", DAYS_AFTER);
        reading->awaits_outcome = !has_outcome(self);
        reading->outcome_due = expected_birth(c, self, reading) + days * DAY;
    }
}
