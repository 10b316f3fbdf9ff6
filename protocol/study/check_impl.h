/* SPDX-License-Identifier: Apache-2.0 */
/*
** check_impl: what the checks share: the form under check, ways to ask it and the casebook for
** a meaning, and ways to say something. For check*.c and rules*.c only.
*/
#ifndef CRFD_STUDY_CHECK_IMPL_H
#define CRFD_STUDY_CHECK_IMPL_H

#include "protocol/study/check.h"

struct checker {
    const struct metadata_version *version;
    const struct casebook *book; /* may be NULL; FORM's own key in it is passed over */
    const struct form_data *form;
    const struct form_def *def;
    const struct event_def *event;
    const struct check_context *context;
    struct findings *findings;
    const char *language;
    const char *object;       /* path of FORM in findings; "" at submit */
    bool ordinary_complete;   /* contradictions refuse */
    struct interval consent;  /* RFICDTC of the subject */
    const char *consent_text; /* NULL: not known */
    struct casebook whole;    /* with FORM in it: what expressions see, when has_whole */
    bool has_whole;
    struct arena *scratch; /* of one evaluation; NULL before the first */
};

/* A form with its definition: the one under check or another of the casebook. */
struct subject_form {
    const struct form_data *data;
    const struct form_def *def;
};

/* ---- asking ---- */

struct subject_form checked_form(const struct checker *c);

/* The form under check if it can hold MEANING, then those of the casebook, in key order.
 * *cursor starts at 0. False ends. */
bool next_form(const struct checker *c, enum meaning meaning, size_t *cursor,
               struct subject_form *ret_form);
/* The same, in the event instance of the form under check only. */
bool next_form_here(const struct checker *c, enum meaning meaning, size_t *cursor,
                    struct subject_form *ret_form);

/* The groups of FORM that can hold MEANING, one by one; NULL ends. */
const struct group_data *next_group(struct subject_form form, enum meaning meaning,
                                    size_t *cursor);

/* The answer to MEANING in FORM (its first) or in one GROUP of it: the text, or NULL when it
 * is not there or has no value. */
const char *said(struct subject_form form, enum meaning meaning);
const char *said_in(struct subject_form form, const struct group_data *group,
                    enum meaning meaning);
bool said_is(struct subject_form form, enum meaning meaning, const char *answer);
/* Answered in any way, IsNull too. */
bool answered(struct subject_form form, enum meaning meaning);
/* YES for "Y", NO for "N"; UNKNOWN for all else and for no answer. */
enum truth said_yes(struct subject_form form, enum meaning meaning);

/* The date of MEANING; false when there is none. */
bool said_when(const struct checker *c, struct subject_form form, enum meaning meaning,
               struct value *ret_value);
bool said_when_in(const struct checker *c, struct subject_form form,
                  const struct group_data *group, enum meaning meaning,
                  struct value *ret_value);

bool form_has(struct subject_form form, enum meaning meaning); /* can hold it at all */
int parameter_number(const struct checker *c, const char *name, int otherwise);

/* Does LINKS ("AE-2 ae.7f3a") name FORM by repeat key or number? */
bool links_name(const char *links, const struct form_data *form);

/* ---- saying ---- */

enum speech {
    SAY_ASK = 0,
    SAY_REFUSE = 1,    /* on a complete ordinary form; else it asks */
    SAY_DUE = 2,       /* still to come */
    SAY_DEVIATION = 4, /* proposes a deviation */
    SAY_ALARM = 8,     /* the safety contact is told */
    SAY_ALWAYS = 16,   /* refuses whatever the form's state */
};

/* RULE about the item of MEANING in FORM (its first group), or about the item at PATH. At
 * sign and lock everything gates. VALUES may be NULL. */
void checker_say(struct checker *c, struct subject_form form, const char *rule,
                 enum meaning meaning, int speech, const char *message);
void say_at(struct checker *c, struct subject_form form, const char *rule, const char *path,
            int speech, const char *message, const char *values);
const char *path_of_meaning(struct checker *c, struct subject_form form,
                            const struct group_data *group, enum meaning meaning);

/* A message with up to four parameters, NULL-terminated. */
#define TEXT(c, id, ...) text_with((c), (id), (const char *const[]){__VA_ARGS__, NULL})
const char *text_with(struct checker *c, const char *id, const char *const *args);
const char *text_alone(struct checker *c, const char *id);
const char *date_text(struct checker *c, const struct value *value);
const char *number_text(struct checker *c, int64_t number);

/* ---- the parts ---- */

void check_item(struct checker *c, const struct group_data *group,
                const struct item_ref *ref, const struct item_data *item);
void check_rules_run(struct checker *c);
void check_expressions(struct checker *c);
struct derived_list check_derive(struct checker *c);

/* Append the derived items of the form that are known by their meaning (derive.c). */
void derive_by_meaning(struct checker *c, struct derived_list *list, size_t *capacity);

/* Is it certain that this is not asked for here (YES), or that it is (NO)? */
enum truth item_is_skipped(struct checker *c, const char *group, const char *group_repeat,
                           const struct item_ref *ref);
enum truth group_is_skipped(struct checker *c, const struct group_ref *ref,
                            const char *group_repeat);
enum truth form_is_skipped(struct checker *c, const struct form_ref *ref,
                           const struct form_key *key);
/* Answered although it is not asked for. */
void check_skipped_item(struct checker *c, const struct group_data *group,
                        const struct item_ref *ref, const struct item_data *item);

/* How a RangeCheck acts: enum speech, its rule, and whether at the place of the context. */
int range_check_speech(const struct range_check *check);
const char *range_check_rule(const struct range_check *check);
bool range_check_applies(const struct checker *c, const struct range_check *check);

/* A check of RULE neither holds nor fails for certain: for whom the context asks it. */
void note_untold(const struct checker *c, const char *rule, const char *path);

/* The date of ANCHOR for the subject; false when nothing is known of it. */
bool check_anchor(struct checker *c, const struct anchor_def *anchor,
                  struct value *ret_when);

struct rule {
    const char *id;
    void (*run)(struct checker *c);
    enum meaning trigger; /* runs on forms that can hold it; MEANING_COUNT: on all */
};

/* Values of derived items by their meaning; NULL when they cannot be told. */
const char *derive_age(struct checker *c);
const char *derive_neutrophil_recovery(struct checker *c);
const char *derive_platelet_recovery(struct checker *c);
const char *derive_progression(struct checker *c);
const char *derive_no_disease_activity(struct checker *c);

/* Does the protocol exempt the event under check from the report within a day (rule 26)? NO: it
 * is not on the list, is outside its window, or is grave. UNKNOWN: nobody graded it yet. */
enum truth event_is_exempt(struct checker *c);
/* Is the stay in GROUP a planned one that certainly took longer, with a night (rule 24)? */
bool stay_is_prolonged(const struct checker *c, struct subject_form form,
                       const struct group_data *group);
/* Does such a stay name the form under check as its cause? */
bool prolonged_a_stay(const struct checker *c);

/* Rule 10 on a report of a pregnancy: is its outcome awaited, and until when? */
void read_pregnancy(const struct checker *c, struct subject_form self,
                    struct safety_reading *reading);

void rule_1(struct checker *c);
void rule_2_version(struct checker *c);
void rule_2_procedure(struct checker *c);
void rule_5(struct checker *c);
void rule_6(struct checker *c);
void rule_9(struct checker *c);
void rule_11_reason(struct checker *c);
void rule_11_after(struct checker *c);
void rule_13(struct checker *c);
void rule_14(struct checker *c);
void rule_15(struct checker *c);
void rule_15_causes(struct checker *c);
void rule_16(struct checker *c);
void rule_17(struct checker *c);
void rule_18(struct checker *c);
void rule_18_report(struct checker *c);
void rule_19(struct checker *c);
void rule_stage_01(struct checker *c);
void rule_20(struct checker *c);
void rule_21(struct checker *c);
void rule_22(struct checker *c);
void rule_23(struct checker *c);
void rule_24(struct checker *c);
void rule_24_prolonged(struct checker *c);
void rule_24a(struct checker *c);
void rule_24b(struct checker *c);
void rule_35(struct checker *c);
void rule_36(struct checker *c);
void rule_37(struct checker *c);
void rule_38(struct checker *c);
void rule_63(struct checker *c);
void rule_77(struct checker *c);
void rule_ho_02(struct checker *c);
void rule_27(struct checker *c);
void rule_40_label(struct checker *c);
void rule_44_bedside(struct checker *c);
void rule_50(struct checker *c);
void rule_51(struct checker *c);
void rule_59(struct checker *c);
void rule_66(struct checker *c);
void rule_66_exercise(struct checker *c);
void rule_67_side(struct checker *c);
void rule_67_both(struct checker *c);
void rule_68_infusion(struct checker *c);
void rule_68_new(struct checker *c);
void rule_69(struct checker *c);

#endif
