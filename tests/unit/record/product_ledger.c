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
    {"not before it was tested", untested, BOTH, "44"},
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
