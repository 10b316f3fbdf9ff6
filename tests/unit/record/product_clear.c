/* SPDX-License-Identifier: Apache-2.0 */
/*
** Clearance: GO, STOP for each reason, overridden, phoned; and what is recorded whatever was
** said: the dose at 169 hours, another subject's bag.
*/
#include "tests/unit/record/product_play.h"

#define PAPER "1111111111111111111111111111111111111111111111111111111111111111"

/* ---- clearance ---- */

static void go(struct scene *s)
{
    product_prepare(s);
    product_clear(s, SUBJECT, BATCH);
}
static void numbers_follow(struct scene *s)
{
    go(s);
    product_clear(s, SUBJECT, BATCH);
    assert_non_null(strstr(s->outcome, "\"clearance\":\"C-0002\",\"state\":\"go\""));
}
static void pharmacist_asks(struct scene *s)
{
    product_prepare(s);
    play_send(s, PHARMACIST, product_clearance(s, PHARMACIST, SUBJECT, BATCH));
}
static void monitor_asks(struct scene *s)
{
    product_prepare(s);
    play_send(s, MONITOR, product_clearance(s, MONITOR, SUBJECT, BATCH));
}
static void other_subject(struct scene *s)
{
    product_prepare(s);
    product_clear(s, OTHER_ONE, BATCH);
}
static void other_subject_overridden(struct scene *s)
{
    product_prepare(s);
    struct record record = product_clearance(s, INVESTIGATOR, OTHER_ONE, BATCH);
    record.data.dose_clear.override_reason = "There is nothing else.";
    record.data.dose_clear.override_contact = "Dr S.";
    play_send(s, INVESTIGATOR, record);
}
static void unknown_batch(struct scene *s)
{
    product_prepare(s);
    product_clear(s, SUBJECT, "P1-007-B9");
}
static void no_origin(struct scene *s)
{
    product_prepare(s);
    product_receive(s, "B-1", "batch", NULL, NULL, EXPIRY);
    product_test_well(s, "B-1");
    product_release(s, "B-1", "criteria met");
    product_must_pass(s);
    product_clear(s, SUBJECT, "B-1");
}
static void not_released(struct scene *s)
{
    product_prepare(s);
    product_receive(s, "B-2", "batch", "K-007", NULL, EXPIRY);
    product_clear(s, SUBJECT, "B-2");
}
static void bag_of_a_released_batch(struct scene *s)
{
    product_prepare(s);
    product_receive(s, "BAG-1", "bag", BATCH, NULL, EXPIRY);
    product_clear(s, SUBJECT, "BAG-1");
}
static void bag_of(struct scene *s, const char *bag, const char *first, const char *second)
{
    const char *parents[] = {first, second};
    struct record record = scene_record(s, PHARMACIST, RECORD_BATCH_RECEIVE);
    record.data.batch_receive = (struct batch_receive_data){.batch = bag,
                                                            .kind = "bag",
                                                            .parents = {parents, 2},
                                                            .expiry = EXPIRY,
                                                            .site = "NL01"};
    play_send(s, PHARMACIST, record);
    product_must_pass(s);
}
/* BATCH is released, its fellow is not. */
static void bag_of_two(struct scene *s)
{
    product_prepare(s);
    product_receive(s, "B-2", "batch", "K-007", NULL, EXPIRY);
    product_must_pass(s);
    product_test_well(s, "B-2");
    bag_of(s, "BAG-1", BATCH, "B-2");
    product_clear(s, SUBJECT, "BAG-1");
}
static void bag_of_two_released(struct scene *s)
{
    bag_of_two(s);
    product_release(s, "B-2", "criteria met");
    product_must_pass(s);
    product_clear(s, SUBJECT, "BAG-1");
}
static void bag_used_twice(struct scene *s)
{
    bag_of_a_released_batch(s);
    product_must_pass(s);
    product_give(s, SUBJECT, "BAG-1");
    product_clear(s, SUBJECT, "BAG-1");
}
static void recalled(struct scene *s)
{
    product_prepare(s);
    product_recall(s, BATCH);
    product_must_pass(s);
    product_clear(s, SUBJECT, BATCH);
}
static void parent_recalled(struct scene *s)
{
    product_prepare(s);
    product_recall(s, "D-007");
    product_must_pass(s);
    product_clear(s, SUBJECT, BATCH);
}
static void expired(struct scene *s)
{
    product_prepare(s);
    s->now += 2 * DAY;
    product_clear(s, SUBJECT, BATCH);
}
static void no_expiry(struct scene *s)
{
    product_prepare(s);
    product_receive(s, "B-3", "batch", "K-007", NULL, NULL);
    product_test_well(s, "B-3");
    product_release(s, "B-3", "criteria met");
    product_must_pass(s);
    product_clear(s, SUBJECT, "B-3");
}
static void report_fever(struct scene *s)
{
    product_submit(
        s, COORDINATOR,
        "{\"SubjectKey\":\"007-K\",\"StudyEventOID\":\"SE.LOG\",\"StudyEventRepeatKey\":"
        "null,\"FormOID\":\"F.SAE\",\"FormRepeatKey\":\"r1\",\"state\":\"partial\","
        "\"ItemGroupData\":[{\"ItemGroupOID\":\"IG.SAE\",\"ItemGroupRepeatKey\":null,"
        "\"ItemData\":{\"IT.WHAT\":\"Fever 39.5\",\"IT.AWARE\":\"2026-10-21T08:00+01:00\","
        "\"IT.AEREL\":\"Y\"}}]}");
    product_must_pass(s);
}
static void lift_of(struct scene *s, enum who who, const char *activity)
{
    struct record record = scene_record(s, who, RECORD_HOLD_LIFT);
    record.reason = "the board has looked";
    record.data.hold = (struct hold_data){activity, "study", "DSMB letter 3", PAPER};
    play_send(s, who, record);
    product_must_pass(s);
}
static void lift(struct scene *s, enum who who)
{
    lift_of(s, who, "dosing");
}
static void give_at(struct scene *s, const char *subject, instant at)
{
    product_submit(
        s, COORDINATOR,
        arena_printf(s->arena,
                     FORM_OF("%s", "V4", "IN", "partial", "\"IT.INSTTIM\":\"%s\""), subject,
                     product_moment(s, at)));
    product_must_pass(s);
}
static void on_hold(struct scene *s)
{
    product_prepare(s);
    report_fever(s);
    product_clear(s, SUBJECT, BATCH);
}
static void form_before(struct scene *s)
{
    product_prepare(s);
    product_submit(s, COORDINATOR,
                   FORM_OF("007-K", "V4", "ECC", "partial", "\"IT.DONE\":\"Y\""));
    product_must_pass(s);
    product_clear(s, SUBJECT, BATCH);
}
static void not_enrolled(struct scene *s)
{
    product_prepare(s);
    product_status(s, SUBJECT, "withdrawn");
    product_must_pass(s);
    product_clear(s, SUBJECT, BATCH);
}
static void far_ahead(struct scene *s)
{
    product_prepare(s);
    struct record record = product_clearance(s, INVESTIGATOR, SUBJECT, BATCH);
    record.data.dose_clear.at = product_moment(s, s->now + 2 * HOUR);
    play_send(s, INVESTIGATOR, record);
}
static void no_such_visit(struct scene *s)
{
    product_prepare(s);
    struct record record = product_clearance(s, INVESTIGATOR, SUBJECT, BATCH);
    record.data.dose_clear.event = "SE.V9";
    play_send(s, INVESTIGATOR, record);
}
static void no_such_subject(struct scene *s)
{
    product_prepare(s);
    product_clear(s, "009-A", BATCH);
}
static void overridden(struct scene *s)
{
    product_prepare(s);
    struct record record = product_clearance(s, INVESTIGATOR, SUBJECT, BATCH);
    s->now += 2 * DAY;
    record = product_clearance(s, INVESTIGATOR, SUBJECT, BATCH);
    record.data.dose_clear.override_reason = "Stability data allow it.";
    record.data.dose_clear.override_contact = "Dr S.";
    play_send(s, INVESTIGATOR, record);
    product_must_pass(s);
    assert_non_null(strstr(s->outcome,
                           "\"rule\":\"43\",\"act\":\"ask\",\"path\":\"data.at\""
                           ",\"alarm\":1,\"confirmed\":1"));
    assert_non_null(strstr(s->outcome, "\"state\":\"override\""));
}
static void overridden_by_the_pharmacist(struct scene *s)
{
    product_prepare(s);
    struct record record = product_clearance(s, PHARMACIST, SUBJECT, BATCH);
    record.data.dose_clear.override_reason = "It will do.";
    record.data.dose_clear.override_contact = "Dr S.";
    play_send(s, PHARMACIST, record);
}
static void phoned(struct scene *s)
{
    product_prepare(s);
    struct record record = product_clearance(s, INVESTIGATOR, SUBJECT, BATCH);
    record.data.dose_clear.phone_number = "+31 43 000-0000";
    record.data.dose_clear.phone_by = "Dr S.";
    record.data.dose_clear.phone_at = product_moment(s, s->now - HOUR);
    play_send(s, INVESTIGATOR, record);
    product_must_pass(s);
    assert_non_null(strstr(s->outcome, "\"findings\":[]"));
    assert_non_null(strstr(s->outcome, "\"state\":\"phoned\""));
}
static void phoned_somebody_else(struct scene *s)
{
    product_prepare(s);
    struct record record = product_clearance(s, INVESTIGATOR, OTHER_ONE, "P1-NO-B1");
    record.data.dose_clear.phone_number = "+31 6 1234";
    record.data.dose_clear.phone_by = "a friend";
    record.data.dose_clear.phone_at = product_moment(s, s->now - HOUR);
    play_send(s, INVESTIGATOR, record);
    product_must_pass(s);
    assert_non_null(strstr(s->outcome, "\"rule\":\"CLEAR-02\""));
    assert_null(strstr(s->outcome, "\"clearance\":"));
}

/* ---- PASSIoN (rule 59) ---- */

static void at_150_hours(struct scene *s)
{
    product_prepare(s);
    product_present(s, SUBJECT, 150, 9);
    product_clear(s, SUBJECT, BATCH);
}
static void at_169_hours(struct scene *s)
{
    product_prepare(s);
    product_present(s, SUBJECT, 169, 9);
    product_clear(s, SUBJECT, BATCH);
}
static void too_old(struct scene *s)
{
    product_prepare(s);
    product_present(s, SUBJECT, 100, 11);
    product_clear(s, SUBJECT, BATCH);
}
/* First seen "on 14 October": at 13:00 on the 21st that is between 157 and 181 hours. */
static void first_sign_is_a_day(struct scene *s)
{
    product_prepare(s);
    product_submit(
        s, COORDINATOR,
        FORM_OF("007-K", "BASE", "BASE", "partial",
                "\"IT.BIRTH\":\"2026-10-13T06:00+01:00\",\"IT.FIRST\":\"2026-10-14\","
                "\"IT.ELIG\":\"Y\""));
    product_must_pass(s);
    product_clear(s, SUBJECT, BATCH);
    assert_non_null(strstr(s->decision.findings.items[0].message, "find the hour"));
}
static void no_first_sign(struct scene *s)
{
    product_prepare(s);
    product_submit(s, COORDINATOR,
                   FORM_OF("007-K", "BASE", "BASE", "partial",
                           "\"IT.BIRTH\":\"2026-10-13T06:00+01:00\",\"IT.ELIG\":\"Y\""));
    product_must_pass(s);
    product_clear(s, SUBJECT, BATCH);
    assert_non_null(strstr(s->decision.findings.items[0].message, "missing"));
}
static void given_at_169_hours(struct scene *s)
{
    at_169_hours(s);
    assert_false(s->decision.accepted);
    product_give(s, SUBJECT, BATCH);
    assert_non_null(strstr(s->outcome, "\"rule\":\"59\",\"act\":\"ask\",\"path\":"
                                       "\"IG.IN/-/IT.INSTTIM\",\"query\":"));
    assert_non_null(strstr(s->outcome, "\"rule\":\"CLEAR-01\""));
    assert_non_null(strstr(s->outcome, "\"deviation\":1,\"alarm\":1"));
}

/* ---- what was given ---- */

static void given_after_go(struct scene *s)
{
    go(s);
    product_must_pass(s);
    product_give(s, SUBJECT, BATCH);
    assert_non_null(strstr(s->outcome, "\"findings\":[]"));
    assert_non_null(strstr(s->outcome,
                           "{\"exposure\":\"P1-007-B1\",\"scope\":\"subject/"
                           "007-K/SE.V4/-/F.IN/-\",\"state\":\"given\",\"from\":"));
}
/* A clearance for conditioning asked other questions than one for the dose. */
static void given_after_conditioning(struct scene *s)
{
    product_prepare(s);
    struct record record = product_clearance(s, INVESTIGATOR, SUBJECT, BATCH);
    record.data.dose_clear.act = "condition";
    play_send(s, INVESTIGATOR, record);
    product_must_pass(s);
    product_give(s, SUBJECT, BATCH);
    assert_non_null(strstr(s->outcome, "\"rule\":\"CLEAR-01\""));
}
static void hold_conditioning(struct scene *s)
{
    struct record hold = scene_record(s, SPONSOR, RECORD_HOLD);
    hold.reason = "the board looks";
    hold.data.hold = (struct hold_data){"conditioning", "study", "DSMB letter 4", PAPER};
    play_send(s, SPONSOR, hold);
    product_must_pass(s);
}
static void conditioning_on_hold(struct scene *s)
{
    product_prepare(s);
    hold_conditioning(s);
    struct record record = product_clearance(s, INVESTIGATOR, SUBJECT, BATCH);
    record.data.dose_clear.act = "condition";
    play_send(s, INVESTIGATOR, record);
}
/* By phone while ACTIVITY was on hold, written down after the lift. */
static void phoned_before_the_lift(struct scene *s, const char *activity, const char *act)
{
    s->now += 10 * MINUTE;
    const char *at = product_moment(s, s->now);
    s->now += 10 * MINUTE;
    lift_of(s, SPONSOR, activity);
    lift_of(s, SAFETY, activity);
    struct record record = product_clearance(s, INVESTIGATOR, SUBJECT, BATCH);
    record.data.dose_clear.act = act;
    record.data.dose_clear.phone_number = "+31 43 000-0000";
    record.data.dose_clear.phone_by = "Dr S.";
    record.data.dose_clear.phone_at = at;
    play_send(s, INVESTIGATOR, record);
    product_must_pass(s);
    assert_non_null(strstr(s->outcome, "\"rule\":\"80\""));
}
static void phoned_on_a_hold_that_was_lifted(struct scene *s)
{
    product_prepare(s);
    report_fever(s);
    phoned_before_the_lift(s, "dosing", "infusion");
}
static void phoned_for_conditioning_on_hold(struct scene *s)
{
    product_prepare(s);
    hold_conditioning(s);
    phoned_before_the_lift(s, "conditioning", "condition");
}
static void given_without_go(struct scene *s)
{
    product_prepare(s);
    product_give(s, SUBJECT, BATCH);
    assert_non_null(strstr(s->outcome, "\"rule\":\"CLEAR-01\""));
    assert_null(strstr(s->outcome, "\"rule\":\"42\""));
}
static void given_another_subjects_bag(struct scene *s)
{
    product_prepare(s);
    product_give(s, OTHER_ONE, BATCH);
    bool autologous = product_is_autologous(s);
    assert_int_equal(strstr(s->outcome, "\"rule\":\"40\"") != NULL, autologous);
    assert_non_null(strstr(s->outcome, "\"deviation\":1,\"alarm\":1"));
}
static void give_at_unknown_time(struct scene *s, const char *subject)
{
    product_submit(s, COORDINATOR,
                   arena_printf(s->arena,
                                FORM_OF("%s", "V4", "PC", "partial", "\"IT.BATCH\":\"%s\""),
                                subject, BATCH));
    product_must_pass(s);
    product_submit(s, COORDINATOR,
                   arena_printf(s->arena,
                                FORM_OF("%s", "V4", "IN", "partial",
                                        "\"IT.INSTTIM\":{\"IsNull\":\"unknown\",\"Reason\":"
                                        "\"the chart is lost\"}"),
                                subject));
    product_must_pass(s);
}
static void given_nobody_knows_when(struct scene *s)
{
    product_prepare(s);
    give_at_unknown_time(s, SUBJECT);
    assert_non_null(strstr(s->outcome, "{\"exposure\":\"P1-007-B1\",\"scope\":\"subject/"
                                       "007-K/SE.V4/-/F.IN/-\",\"state\":\"given\"}"));
    assert_non_null(strstr(s->outcome, "\"rule\":\"CLEAR-01\""));
}
static void given_after_go_nobody_knows_when(struct scene *s)
{
    go(s);
    product_must_pass(s);
    give_at_unknown_time(s, SUBJECT);
    assert_null(strstr(s->outcome, "\"deviation\""));
}
static void given_wrongly_and_no_time(struct scene *s)
{
    product_prepare(s);
    give_at_unknown_time(s, OTHER_ONE);
    assert_int_equal(strstr(s->outcome, "\"rule\":\"40\"") != NULL,
                     product_is_autologous(s));
    product_submit(
        s, COORDINATOR,
        arena_printf(s->arena,
                     FORM_OF("%s", "V4", "IN", "partial", "\"IT.INSTTIM\":\"%s\""),
                     OTHER_ONE, product_moment(s, s->now - MINUTE)));
    assert_non_null(strstr(s->outcome, "\"from\":"));
}
static void given_unreleased(struct scene *s)
{
    product_prepare(s);
    product_receive(s, "B-2", "batch", "K-007", NULL, "2026-10-21T09:00:00+01:00");
    product_give(s, SUBJECT, "B-2");
    assert_non_null(strstr(s->outcome, "\"rule\":\"42\""));
    assert_non_null(strstr(s->outcome, "\"rule\":\"43\""));
}
static void given_on_hold(struct scene *s)
{
    on_hold(s);
    assert_false(s->decision.accepted);
    product_give(s, SUBJECT, BATCH);
    assert_non_null(strstr(s->outcome, "\"rule\":\"80\""));
}
/* Ten minutes before the hold, told after it. */
static void given_before_a_hold(struct scene *s)
{
    product_prepare(s);
    instant given = s->now;
    s->now += 10 * MINUTE;
    report_fever(s);
    give_at(s, SUBJECT, given);
    assert_non_null(strstr(s->outcome, "\"rule\":\"CLEAR-01\""));
    assert_null(strstr(s->outcome, "\"rule\":\"80\""));
}
/* While it lasted, told after it was lifted. */
static void given_on_a_hold_that_was_lifted(struct scene *s)
{
    product_prepare(s);
    report_fever(s);
    s->now += 10 * MINUTE;
    instant given = s->now;
    s->now += 10 * MINUTE;
    lift(s, SPONSOR);
    lift(s, SAFETY);
    assert_int_equal(state_row_count(s->state, TABLE_HOLD), 0);
    s->now += 10 * MINUTE;
    give_at(s, SUBJECT, given);
    assert_non_null(strstr(s->outcome, "\"rule\":\"80\""));
    s->now += 10 * MINUTE;
    give_at(s, OTHER_ONE, s->now - MINUTE);
    assert_null(strstr(s->outcome, "\"rule\":\"80\""));
}
static void breach_outlives_other_forms(struct scene *s)
{
    given_without_go(s);
    product_submit(s, COORDINATOR,
                   FORM_OF("007-K", "V4", "ECC", "partial", "\"IT.DONE\":\"N\""));
    product_must_pass(s);
    assert_null(strstr(s->outcome, "\"close\""));
}
static void checked_by_one(struct scene *s)
{
    product_prepare(s);
    product_submit(
        s, COORDINATOR,
        FORM_OF("007-K", "V4", "PC", "partial",
                "\"IT.BATCH\":\"P1-007-B1\",\"IT.LABSUBJ\":\"008-L\",\"IT.CHECK1\":\"AB\","
                "\"IT.CHECK2\":\"ab\",\"IT.VIABBED\":\"65\""));
    product_must_pass(s);
    assert_non_null(strstr(s->outcome, "\"rule\":\"51\""));
    assert_non_null(strstr(s->outcome, "\"rule\":\"40\""));
    assert_non_null(strstr(s->outcome, "\"rule\":\"44\""));
}
static void cells_do_not_balance(struct scene *s)
{
    go(s);
    product_give(s, SUBJECT, BATCH);
    product_submit(
        s, COORDINATOR,
        FORM_OF("007-K", "V4", "PC", "partial",
                "\"IT.BATCH\":\"P1-007-B1\",\"IT.LABSUBJ\":\"007-K\",\"IT.CELLSREL\":"
                "\"50\""));
    product_must_pass(s);
    product_submit(
        s, COORDINATOR,
        arena_printf(s->arena,
                     FORM_OF("007-K", "V4", "IN", "partial",
                             "\"IT.INSTTIM\":\"%s\",\"IT.INCELLS\":\"40\",\"IT.INREM\":"
                             "\"2\",\"IT.INDES\":\"0\",\"IT.INRET\":\"1\""),
                     product_moment(s, s->now - 6 * MINUTE)));
    product_must_pass(s);
    assert_non_null(strstr(s->outcome, "\"rule\":\"50\""));
}
static void made_in_error(struct scene *s)
{
    given_after_go(s);
    play_retract(s, COORDINATOR, "subject/007-K/SE.V4/-/F.IN/-");
    product_must_pass(s);
    assert_int_equal(state_row_count(s->state, TABLE_EXPOSURE), 0);
}

static struct product_row rows[] = {
    {"all is right: GO", go, BOTH, NULL},
    {"clearances are numbered", numbers_follow, BOTH, NULL},
    {"a pharmacist may ask", pharmacist_asks, BOTH, NULL},
    {"a monitor may not", monitor_asks, BOTH, "RIGHT-01"},
    {"another subject's batch is stopped", other_subject, AUTO, "40"},
    {"and a reason does not help", other_subject_overridden, AUTO, "40"},
    {"one lot serves many subjects", other_subject, ALLO, NULL},
    {"a batch that is not in the ledger is stopped", unknown_batch, AUTO, "40"},
    {"a lot that is not on the list is stopped", unknown_batch, ALLO, "41"},
    {"a batch of unknown origin is stopped", no_origin, AUTO, "40"},
    {"a lot of an unknown donor is stopped", no_origin, ALLO, "41"},
    {"a batch that is not released is stopped", not_released, BOTH, "42"},
    {"a bag is released with its batch", bag_of_a_released_batch, BOTH, NULL},
    {"a bag of two batches is not released with one of them", bag_of_two, BOTH, "42"},
    {"but with both", bag_of_two_released, BOTH, NULL},
    {"a bag is given once", bag_used_twice, BOTH, "58"},
    {"a recalled batch is stopped", recalled, BOTH, "42"},
    {"and one made of what was recalled", parent_recalled, BOTH, "42"},
    {"an expired batch is stopped", expired, BOTH, "43"},
    {"no expiry is cannot tell", no_expiry, BOTH, "43"},
    {"a hold stops", on_hold, BOTH, "80"},
    {"a form that must come first is named", form_before, BOTH, "66"},
    {"a subject who left is stopped", not_enrolled, BOTH, "3"},
    {"clearance is asked shortly before", far_ahead, BOTH, "CLEAR-03"},
    {"for a visit of the study", no_such_visit, BOTH, "REF-13"},
    {"and for a subject of the study", no_such_subject, BOTH, "REF-01"},
    {"an investigator overrides with a reason, and it alarms", overridden, BOTH, NULL},
    {"a pharmacist does not", overridden_by_the_pharmacist, BOTH, "CLEAR-04"},
    {"a GO by phone is recorded later", phoned, BOTH, NULL},
    {"a GO of a stranger for a wrong bag is recorded, and is none", phoned_somebody_else,
     BOTH, NULL},
    {"150 hours after the first sign on day 9 is GO", at_150_hours, BOTH, NULL},
    {"169 hours is STOP", at_169_hours, BOTH, "59"},
    {"day 11 is STOP", too_old, BOTH, "59"},
    {"a first sign known to the day cannot tell, and says so", first_sign_is_a_day, BOTH,
     "59"},
    {"no first sign says what is missing", no_first_sign, BOTH, "59"},
    {"the dose given at 169 hours is recorded, deviation and alarm", given_at_169_hours,
     BOTH, NULL},
    {"what was given after GO has no finding", given_after_go, BOTH, NULL},
    {"a clearance for conditioning is none for the dose", given_after_conditioning, BOTH,
     NULL},
    {"a hold on conditioning stops it", conditioning_on_hold, BOTH, "80"},
    {"a word by phone while on hold is no GO, when it was lifted since",
     phoned_on_a_hold_that_was_lifted, BOTH, NULL},
    {"nor is one for conditioning while that was", phoned_for_conditioning_on_hold, BOTH,
     NULL},
    {"what was given without is recorded", given_without_go, BOTH, NULL},
    {"what was given nobody knows when is recorded", given_nobody_knows_when, BOTH, NULL},
    {"after a GO it may be that one", given_after_go_nobody_knows_when, BOTH, NULL},
    {"another subject's bag is seen without a time", given_wrongly_and_no_time, BOTH, NULL},
    {"another subject's bag is recorded, deviation and alarm", given_another_subjects_bag,
     BOTH, NULL},
    {"an unreleased and expired bag too", given_unreleased, BOTH, NULL},
    {"and one given on hold", given_on_hold, BOTH, NULL},
    {"what was given before a hold is no breach of it", given_before_a_hold, BOTH, NULL},
    {"what was given on a hold is, when it was lifted since",
     given_on_a_hold_that_was_lifted, BOTH, NULL},
    {"another form does not close what a breach asks", breach_outlives_other_forms, BOTH,
     NULL},
    {"two people check, and the label names the subject", checked_by_one, BOTH, NULL},
    {"cells that do not balance are asked about", cells_do_not_balance, BOTH, NULL},
    {"a form made in error exposes nobody", made_in_error, BOTH, NULL},
};

int main(void)
{
    return run_rows("record_product_clear", rows, ARRAY_LEN(rows), sizeof(rows[0]),
                    product_check);
}
