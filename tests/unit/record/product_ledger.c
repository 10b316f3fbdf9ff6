/* SPDX-License-Identifier: Apache-2.0 */
/*
** The ledger: what comes in, what is released, and whom a late result or a recall finds, in
** both types of product.
*/
#include "tests/unit/record/product_play.h"

static void go(struct scene *s)
{
    product_prepare(s);
    product_clear(s, SUBJECT, BATCH);
}

/* ---- ledger and release ---- */

static void ledger_form_of_a_subject(struct scene *s)
{
    product_prepare(s);
    product_submit(s, PHARMACIST,
                   FORM_OF("007-K", "LEDGER", "QC", "partial", "\"IT.VIAB\":\"90\""));
}
static void subject_form_of_a_batch(struct scene *s)
{
    product_prepare(s);
    product_submit(s, COORDINATOR,
                   FORM_OF("P1-007-B1", "V4", "ECC", "partial", "\"IT.DONE\":\"Y\""));
}
static void twice_received(struct scene *s)
{
    product_prepare(s);
    product_receive(s, BATCH, "batch", "K-007", NULL, EXPIRY);
}
static void called_like_a_subject(struct scene *s)
{
    product_prepare(s);
    product_receive(s, SUBJECT, "batch", "K-007", NULL, EXPIRY);
}
static void parent_unknown(struct scene *s)
{
    product_prepare(s);
    product_receive(s, "B-4", "batch", "K-999", NULL, EXPIRY);
}
static void donation_of_nobody(struct scene *s)
{
    product_prepare(s);
    product_receive(s, "D-9", "donation", NULL, NULL, NULL);
}
static void no_qp(struct scene *s)
{
    product_make_batch(s, true);
    product_release(s, BATCH, "criteria met");
}
/* ---- the qualified person ---- */

/* A role of PHARMACIST at SITE; TO: days from now, 0 none. */
static struct record role_of(struct scene *s, enum who who, enum record_type type,
                             const char *site, int to)
{
    struct record record = scene_record(s, who, type);
    record.data.role =
        (struct role_data){.person = s->people[PHARMACIST].person,
                           .role = "pharmacist",
                           .site = site,
                           .to = to != 0 ? product_moment(s, s->now + to * DAY) : NULL};
    return record;
}
static void grants(struct scene *s, enum who who, const char *site, int to, bool qualified)
{
    struct record record = role_of(s, who, RECORD_ROLE_GRANT, site, to);
    record.data.role.qualification = qualified ? "QP" : NULL;
    play_send(s, who, record);
}
static void must_grant(struct scene *s, enum who who, const char *site, int to,
                       bool qualified)
{
    grants(s, who, site, to, qualified);
    product_must_pass(s);
}
static void withdraws(struct scene *s, enum who who, int to)
{
    play_send(s, who, role_of(s, who, RECORD_ROLE_WITHDRAW, "NL01", to));
}
static void must_withdraw(struct scene *s, enum who who, int to)
{
    withdraws(s, who, to);
    product_must_pass(s);
}
static void releases(struct scene *s)
{
    product_make_batch(s, product_is_autologous(s));
    product_release(s, BATCH, "criteria met");
}
/* The role is held; what lacks is the flag. */
static void must_lack_the_flag(const struct scene *s)
{
    assert_false(s->decision.accepted);
    assert_non_null(strstr(s->decision.findings.items[0].message, "qualified person"));
}
static void named_by_the_sponsor(struct scene *s)
{
    must_grant(s, SPONSOR, "NL01", 0, true);
    releases(s);
}
static void named_by_the_registrar(struct scene *s)
{
    must_grant(s, REGISTRAR, "NL01", 0, true);
    releases(s);
}
static void named_by_the_investigator(struct scene *s)
{
    grants(s, INVESTIGATOR, "NL01", 0, true);
}
static void delegated_by_the_investigator(struct scene *s)
{
    grants(s, INVESTIGATOR, "NL01", 0, false);
}
static void named_without_the_role(struct scene *s)
{
    struct record record = role_of(s, SPONSOR, RECORD_ROLE_GRANT, "NL01", 0);
    record.data.role.role = "coordinator";
    record.data.role.qualification = "QP";
    play_send(s, SPONSOR, record);
}
static void withdrawn_and_back(struct scene *s)
{
    must_grant(s, SPONSOR, "NL01", 0, true);
    must_withdraw(s, INVESTIGATOR, 0);
    must_grant(s, INVESTIGATOR, "NL01", 0, false);
    releases(s);
    must_lack_the_flag(s);
}
static void granted_anew_without(struct scene *s)
{
    must_grant(s, SPONSOR, "NL01", 0, true);
    must_grant(s, INVESTIGATOR, "NL01", 0, false);
    releases(s);
    must_lack_the_flag(s);
}
/* The role goes on by another grant, of all sites. */
static void expired_flag(struct scene *s)
{
    must_grant(s, SPONSOR, NULL, 0, false);
    must_grant(s, SPONSOR, "NL01", 1, true);
    product_make_batch(s, product_is_autologous(s));
    s->now += 2 * DAY;
    product_release(s, BATCH, "criteria met");
    must_lack_the_flag(s);
}
static void withdrawn_flag(struct scene *s)
{
    must_grant(s, SPONSOR, NULL, 0, false);
    must_grant(s, SPONSOR, "NL01", 0, true);
    must_withdraw(s, SPONSOR, 0);
    releases(s);
    must_lack_the_flag(s);
}
static void before_the_day_of_withdrawal(struct scene *s)
{
    must_grant(s, SPONSOR, "NL01", 0, true);
    must_withdraw(s, SPONSOR, 1);
    releases(s);
}
static void after_the_day_of_withdrawal(struct scene *s)
{
    must_grant(s, SPONSOR, NULL, 0, false);
    must_grant(s, SPONSOR, "NL01", 0, true);
    must_withdraw(s, SPONSOR, 1);
    product_make_batch(s, product_is_autologous(s));
    s->now += 2 * DAY;
    product_release(s, BATCH, "criteria met");
    must_lack_the_flag(s);
}
static void withdrawal_names_nobody(struct scene *s)
{
    must_withdraw(s, INVESTIGATOR, 30);
    releases(s);
    must_lack_the_flag(s);
}
static void withdrawal_lengthens_nothing(struct scene *s)
{
    must_grant(s, SPONSOR, "NL01", 1, true);
    withdraws(s, INVESTIGATOR, 30);
}
static void ended_is_not_withdrawn(struct scene *s)
{
    must_withdraw(s, INVESTIGATOR, 0);
    withdraws(s, INVESTIGATOR, 0);
}
/* A new key and a new grant, and what the old one was says nothing of it. */
static void invited_again(struct scene *s)
{
    must_grant(s, SPONSOR, "NL01", 0, true);
    must_withdraw(s, SPONSOR, 1);
    product_make_batch(s, product_is_autologous(s));
    s->now += 2 * DAY;
    play_new_key(s, PHARMACIST, REGISTRAR, REGISTRAR);
    product_must_pass(s);
    must_withdraw(s, INVESTIGATOR, 30);
    product_release(s, BATCH, "criteria met");
    must_lack_the_flag(s);
}

static void untested(struct scene *s)
{
    product_prepare(s);
    product_receive(s, "B-5", "batch", "K-007", NULL, EXPIRY);
    product_release(s, "B-5", "criteria met");
}
static void low_viability(struct scene *s)
{
    product_prepare(s);
    product_receive(s, "B-6", "batch", "K-007", NULL, EXPIRY);
    product_submit(s, PHARMACIST,
                   FORM_OF("B-6", "LEDGER", "QC", "partial",
                           "\"IT.VIAB\":\"61\",\"IT.STERIL\":\"NEG\""));
    product_must_pass(s);
    product_release(s, "B-6", "criteria met");
}
static void culture_failed(struct scene *s)
{
    product_prepare(s);
    product_receive(s, "K-8", "culture", "D-007", NULL, NULL);
    product_submit(s, PHARMACIST,
                   FORM_OF("K-8", "LEDGER", "QC", "partial",
                           "\"IT.LOAD\":\"12\",\"IT.STERIL\":\"NEG\""));
    product_must_pass(s);
    product_receive(s, "B-7", "batch", "K-8", NULL, EXPIRY);
    product_test_well(s, "B-7");
    product_release(s, "B-7", "criteria met");
}
static void out_of_specification(struct scene *s)
{
    low_viability(s);
    product_release(s, "B-6", "out of specification");
    product_must_pass(s);
    assert_non_null(strstr(s->outcome, "{\"batch\":\"released-oos\"}"));
    product_clear(s, SUBJECT, "B-6");
}

/* ---- late results ---- */

static void late_positive(struct scene *s)
{
    bool autologous = product_is_autologous(s);
    go(s);
    product_must_pass(s);
    product_give(s, SUBJECT, BATCH);
    product_clear(s, OTHER_ONE, BATCH);
    product_give(s, OTHER_ONE, autologous ? "-" : BATCH);
    product_submit(
        s, PHARMACIST,
        FORM_OF("P1-007-B1", "LEDGER", "QC", "complete",
                "\"IT.VIAB\":\"92.5\",\"IT.STERIL\":\"POS\",\"IT.LOAD\":{\"IsNull\":"
                "\"not applicable\",\"Reason\":\"tested in culture\"}"));
    product_must_pass(s);
    assert_non_null(strstr(s->outcome, "{\"batch\":\"suspended\",\"scope\":\"P1-007-B1\""));
    assert_non_null(strstr(s->outcome, "{\"exposed\":\"subject/007-K/SE.V4/-/F.IN/-\","
                                       "\"scope\":\"subject/007-K\",\"rule\":\"49\"}"));
    bool both = strstr(s->outcome, "{\"exposed\":\"subject/008-L/SE.V4/-/F.IN/-\"") != NULL;
    assert_int_equal(both, !autologous);
    assert_non_null(strstr(s->outcome, "\"rule\":\"49\",\"act\":\"ask\",\"object\":"
                                       "\"subject/007-K/SE.V4/-/F.IN/-\",\"path\":\"\","
                                       "\"query\":"));
}
static void late_positive_then_clear(struct scene *s)
{
    late_positive(s);
    product_clear(s, SUBJECT, BATCH);
}
static void late_result_of_the_culture(struct scene *s)
{
    go(s);
    product_give(s, SUBJECT, BATCH);
    product_submit(s, PHARMACIST,
                   FORM_OF("K-007", "LEDGER", "QC", "partial", "\"IT.STERIL\":\"POS\""));
    product_must_pass(s);
    assert_non_null(strstr(s->outcome, "{\"exposed\":\"subject/007-K/SE.V4/-/F.IN/-\""));
}
static void exposed_outlives_other_forms(struct scene *s)
{
    late_positive(s);
    product_give(s, SUBJECT, BATCH);
    assert_null(strstr(s->outcome, "\"close\""));
}
static void recall_finds_the_exposed(struct scene *s)
{
    go(s);
    product_give(s, SUBJECT, BATCH);
    product_recall(s, "D-007");
    product_must_pass(s);
    assert_non_null(strstr(s->outcome, "{\"exposed\":\"subject/007-K/SE.V4/-/F.IN/-\""));
    assert_non_null(strstr(s->outcome, "\"query\":\"q-"));
}

/* ---- enrolment ---- */

static void enrolled_unfit(struct scene *s)
{
    product_submit(s, COORDINATOR,
                   FORM_OF("007-K", "BASE", "BASE", "partial", "\"IT.ELIG\":\"N\""));
    product_must_pass(s);
    product_status(s, SUBJECT, "eligible");
}
static void enrolled_untold(struct scene *s)
{
    product_status(s, SUBJECT, "eligible");
}

static struct product_row rows[] = {
    {"a ledger form is not a subject's", ledger_form_of_a_subject, BOTH, "REF-11"},
    {"nor a subject's form a batch's", subject_form_of_a_batch, BOTH, "REF-11"},
    {"a batch comes in once", twice_received, BOTH, "TAKEN"},
    {"and is not called like a subject", called_like_a_subject, BOTH, "TAKEN"},
    {"it is made of what is there", parent_unknown, BOTH, "REF-12"},
    {"a donation has a donor", donation_of_nobody, BOTH, "REF-13"},
    {"a batch is released by the qualified person", no_qp, AUTO, "RIGHT-01"},
    {"whom the sponsor names", named_by_the_sponsor, BOTH, NULL},
    {"or the registrar", named_by_the_registrar, AUTO, NULL},
    {"an investigator names no qualified person", named_by_the_investigator, AUTO,
     "RIGHT-02"},
    {"but delegates the pharmacy", delegated_by_the_investigator, AUTO, NULL},
    {"nobody is qualified who is no pharmacist", named_without_the_role, AUTO, "RIGHT-02"},
    {"the qualification ends with the role, also for who comes back", withdrawn_and_back,
     BOTH, "RIGHT-01"},
    {"each grant of the role says anew who is qualified", granted_anew_without, AUTO,
     "RIGHT-01"},
    {"a qualification that expired releases nothing", expired_flag, AUTO, "RIGHT-01"},
    {"nor one that was withdrawn", withdrawn_flag, AUTO, "RIGHT-01"},
    {"until the day of a withdrawal it releases", before_the_day_of_withdrawal, AUTO, NULL},
    {"and not from then on", after_the_day_of_withdrawal, AUTO, "RIGHT-01"},
    {"a withdrawal of the role qualifies nobody until its day", withdrawal_names_nobody,
     AUTO, "RIGHT-01"},
    {"nor lengthens what ends before", withdrawal_lengthens_nothing, AUTO, "REF-06"},
    {"a role that ended is not withdrawn", ended_is_not_withdrawn, AUTO, "REF-06"},
    {"who is invited again is not qualified by what was", invited_again, AUTO, "RIGHT-01"},
    {"a batch is not released before it was tested", untested, BOTH, "44"},
    {"nor below the limit", low_viability, BOTH, "44"},
    {"nor from a culture that failed", culture_failed, BOTH, "45"},
    {"out of specification has its own way, and may be given", out_of_specification, BOTH,
     NULL},
    {"a late positive test finds exactly the exposed", late_positive, BOTH, NULL},
    {"and stops what is left", late_positive_then_clear, BOTH, "42"},
    {"so does a late result of the culture", late_result_of_the_culture, BOTH, NULL},
    {"what it asks stays open", exposed_outlives_other_forms, BOTH, NULL},
    {"a recall finds the exposed, too", recall_finds_the_exposed, BOTH, NULL},
    {"enrolment is gated", enrolled_unfit, BOTH, "3"},
    {"and cannot tell is no yes", enrolled_untold, BOTH, "3"},
};

int main(void)
{
    return run_rows("record_product_ledger", rows, ARRAY_LEN(rows), sizeof(rows[0]),
                    product_check);
}
