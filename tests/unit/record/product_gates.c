/* SPDX-License-Identifier: Apache-2.0 */
/*
** Acts that have not happened yet, and what stops them whatever else is right: a hold on them,
** and a definition that is no longer in force. Each row plays the act in the small study with
** a product, with cohorts and a second version put in.
*/
#include "tests/support/files.h"
#include "tests/unit/record/product_play.h"

#define NEWCOMER "009-M"
#define READY    "B-2"
#define ITEM     "<ItemRef ItemOID=\"IT.ELIG\" OrderNumber=\"3\" Mandatory=\"No\"/>"
#define COHORT   "<ItemRef ItemOID=\"IT.COHORT\" OrderNumber=\"4\" Mandatory=\"No\"/>"
#define DEFINED  "<ItemDef OID=\"IT.DONE\""
#define COHORT_DEFINED                                                                     \
    "<ItemDef OID=\"IT.COHORT\" Name=\"COHORT\" DataType=\"text\" Length=\"2\">"           \
    "<Alias Context=\"crfd\" Name=\"COHORT\"/></ItemDef>"
#define BEGINS "<MetaDataVersion OID=\"MDV.1\""
#define ENDS   "</MetaDataVersion>"

static char *folder;

/* ---- the study ---- */

/* TEXT up to and with MARK, then MORE; returns what follows. */
static const char *add_behind(struct bytes *out, const char *text, const char *mark,
                              const char *more)
{
    const char *at = strstr(text, mark);
    assert_non_null(at);
    bytes_printf(out, "%.*s%s", (int) (at - text + (ptrdiff_t) strlen(mark)), text, more);
    return at + strlen(mark);
}

static void make_study(const char *xml, struct bytes *path)
{
    CLEANUP(bytes_done) struct bytes file = read_file(xml);
    CLEANUP(bytes_done) struct bytes one = {0};
    CLEANUP(bytes_done) struct bytes all = {0};
    const char *rest = add_behind(&one, bytes_text(&file), ITEM, COHORT);
    const char *defined = strstr(rest, DEFINED);
    assert_non_null(defined);
    bytes_printf(&one, "%.*s%s%s", (int) (defined - rest), rest, COHORT_DEFINED, defined);
    const char *text = bytes_text(&one);
    const char *begins = strstr(text, BEGINS);
    const char *ends = strstr(text, ENDS);
    assert_true(begins != NULL && ends != NULL);
    begins += strlen(BEGINS);
    ends += strlen(ENDS);
    bytes_printf(&all, "%.*s<MetaDataVersion OID=\"MDV.2\"%.*s%s", (int) (ends - text),
                 text, (int) (ends - begins), begins, ends);
    bytes_printf(path, "%s/%s", folder, strrchr(xml, '/') + 1);
    FILE *written = fopen(bytes_text(path), "wb");
    assert_non_null(written);
    assert_int_equal(fwrite(all.data, 1, all.size, written), all.size);
    assert_int_equal(fclose(written), 0);
}

/* 007-K is eligible and of cohort 2; BATCH is released, B-2 is ready for it. */
static void prepare(struct scene *s)
{
    product_prepare(s);
    product_submit(s, COORDINATOR,
                   arena_printf(s->arena,
                                FORM_OF("007-K", "BASE", "BASE", "partial",
                                        "\"IT.BIRTH\":\"%s\",\"IT.FIRST\":\"%s\","
                                        "\"IT.ELIG\":\"Y\",\"IT.COHORT\":\"2\""),
                                product_moment(s, s->now - 9 * DAY),
                                product_moment(s, s->now - 100 * HOUR)));
    product_must_pass(s);
    product_receive(s, READY, "batch", "K-007", NULL, EXPIRY);
    product_must_pass(s);
    product_test_well(s, READY);
}

/* ---- acts ---- */

static struct record enrols(struct scene *s)
{
    struct record record = scene_record(s, COORDINATOR, RECORD_SUBJECT_ENROL);
    record.data.subject_enrol = (struct subject_enrol_data){NEWCOMER, "NL01"};
    return record;
}
static struct record becomes(struct scene *s, const char *word)
{
    struct record record = scene_record(s, INVESTIGATOR, RECORD_SUBJECT_STATUS);
    record.data.subject_status = (struct subject_status_data){SUBJECT, word};
    return record;
}
static struct record makes_eligible(struct scene *s)
{
    return becomes(s, "eligible");
}
static struct record randomises(struct scene *s)
{
    return becomes(s, "randomised");
}
static struct record completes(struct scene *s)
{
    return becomes(s, "completed");
}
static struct record release_of(struct scene *s, const char *results)
{
    struct record record = scene_record(s, PHARMACIST, RECORD_BATCH_RELEASE);
    record.data.batch_release =
        (struct batch_release_data){.batch = READY, .results = results};
    return record;
}
static struct record releases(struct scene *s)
{
    return release_of(s, "criteria met");
}
static struct record rejects(struct scene *s)
{
    return release_of(s, "rejected");
}
static struct record clears(struct scene *s)
{
    return product_clearance(s, INVESTIGATOR, SUBJECT, BATCH);
}

static struct record writes_down_a_call(struct scene *s)
{
    struct record record = clears(s);
    record.data.dose_clear.phone_number = "+31 43 000-0000";
    record.data.dose_clear.phone_by = "Dr S.";
    record.data.dose_clear.phone_at = product_moment(s, s->now - 10 * MINUTE);
    return record;
}

static enum who signer_of(enum record_type type)
{
    return type == RECORD_SUBJECT_ENROL   ? COORDINATOR
           : type == RECORD_BATCH_RELEASE ? PHARMACIST
                                          : INVESTIGATOR;
}

static void try_act(struct scene *s, struct record (*act)(struct scene *s),
                    const char *version, const struct record_seen *seen)
{
    struct record record = act(s);
    record.definition = (struct definition_ref){version, s->sha256};
    record.seen = seen != NULL ? *seen : record.seen;
    play_send(s, signer_of(record.type), record);
}

static void must_be_refused(const struct scene *s, const char *rule)
{
    assert_false(s->decision.accepted);
    assert_string_equal(s->decision.findings.items[0].rule, rule);
    assert_int_equal(s->decision.http_status, 409);
    assert_true(s->decision.leaves_entry);
}

/* ---- holds ---- */

struct hold_row {
    const char *name, *activity, *scope;
    struct record (*act)(struct scene *s);
    int types;
    bool stopped;
};

static const struct hold_row hold_rows[] = {
    {"a hold of the study stops enrolment", "enrolment", "study", enrols, BOTH, true},
    {"so does one of the site", "enrolment", "site/NL01", enrols, BOTH, true},
    {"one of another site does not", "enrolment", "site/BE01", enrols, BOTH, false},
    {"nor does a hold on something else", "dosing", "study", enrols, BOTH, false},
    {"who is enrolled already does not become eligible", "enrolment", "study",
     makes_eligible, BOTH, true},
    {"nor on a hold of the subject's cohort", "enrolment", "cohort/2", makes_eligible, BOTH,
     true},
    {"a hold of the study stops randomisation", "randomisation", "study", randomises, BOTH,
     true},
    {"so does one of the subject's site", "randomisation", "site/NL01", randomises, BOTH,
     true},
    {"so does one of the subject's cohort", "randomisation", "cohort/2", randomises, BOTH,
     true},
    {"so does one of the subject", "randomisation", "subject/007-K", randomises, BOTH,
     true},
    {"one of another cohort does not", "randomisation", "cohort/3", randomises, BOTH,
     false},
    {"one of another subject does not", "randomisation", "subject/008-L", randomises, BOTH,
     false},
    {"a hold on enrolment does not stop randomisation", "enrolment", "study", randomises,
     BOTH, false},
    {"a hold touches no status that only tells what happened", "randomisation", "study",
     completes, BOTH, false},
    {"a hold of the study stops release", "release", "study", releases, BOTH, true},
    {"so does one of the site that keeps the batch", "release", "site/NL01", releases, BOTH,
     true},
    {"so does one of the subject for whom it was made", "release", "subject/007-K",
     releases, AUTO, true},
    {"a batch is of no cohort, so a hold of any stops it", "release", "cohort/3", releases,
     BOTH, true},
    {"a hold of another site does not stop release", "release", "site/BE01", releases, BOTH,
     false},
    {"nor one of another subject", "release", "subject/008-L", releases, BOTH, false},
    {"nor a hold on dosing", "dosing", "study", releases, BOTH, false},
    {"a batch is rejected, hold or not", "release", "study", rejects, BOTH, false},
};

static void check_hold_with(const struct hold_row *row, const char *xml)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    make_study(xml, &path);
    struct scene *s = scene_ready_with(bytes_text(&path));
    prepare(s);
    struct record hold = scene_record(s, SPONSOR, RECORD_HOLD);
    hold.data.hold = (struct hold_data){row->activity, row->scope, NULL, NULL};
    play_send(s, SPONSOR, hold);
    product_must_pass(s);
    try_act(s, row->act, "MDV.1", NULL);
    if (row->stopped) {
        must_be_refused(s, "HOLD-01");
    } else {
        product_must_pass(s);
    }
    play_must_replay(s);
    scene_free(s);
}

static void check_hold(void **state)
{
    const struct hold_row *row = *state;
    if ((row->types & AUTO) != 0) {
        check_hold_with(row, AUTOLOGOUS);
    }
    if ((row->types & ALLO) != 0) {
        check_hold_with(row, ALLOGENEIC);
    }
}

/* ---- versions ---- */

struct version_row {
    const char *name;
    struct record (*act)(struct scene *s);
    bool unseen;  /* the signer had not seen that the version changed */
    bool refused; /* under the old one */
} version_rows[] = {
    {"nobody is enrolled under a version that is no longer in force", enrols, false, true},
    {"nobody becomes eligible under one", makes_eligible, false, true},
    {"nobody is randomised under one", randomises, false, true},
    {"no batch is released under one", releases, false, true},
    {"no dose is cleared under one", clears, false, true},
    {"nor is a GO by phone written down under one", writes_down_a_call, false, true},
    {"no dose is cleared for who has not seen the new one", clears, true, true},
    {"no batch is released for one", releases, true, true},
    {"nobody becomes eligible for one", makes_eligible, true, true},
    {"nobody is randomised for one", randomises, true, true},
    {"a GO by phone is written down by who was without a line", writes_down_a_call, true,
     false},
    {"so is who was enrolled then", enrols, true, false},
    {"and who has completed", completes, true, false},
};

static void check_version(void **state)
{
    const struct version_row *row = *state;
    CLEANUP(bytes_done) struct bytes path = {0};
    make_study(AUTOLOGOUS, &path);
    struct scene *s = scene_ready_with(bytes_text(&path));
    prepare(s);
    struct record_seen seen = scene_record(s, SPONSOR, RECORD_STUDY_AMEND).seen;
    play_amend(s, SPONSOR, "MDV.2");
    product_must_pass(s);
    play_site_version(s, "NL01", "MDV.2", "2026-01-01T00:00:00Z");
    product_must_pass(s);
    try_act(s, row->act, "MDV.1", row->unseen ? &seen : NULL);
    if (row->refused) {
        must_be_refused(s, "VERSION-02");
        assert_non_null(strstr(s->decision.findings.items[0].message, "MDV.1 -> MDV.2"));
        try_act(s, row->act, "MDV.2", row->unseen ? &seen : NULL);
    }
    product_must_pass(s);
    play_must_replay(s);
    scene_free(s);
}

int main(void)
{
    folder = temp_folder("crfd-gates");
    add_rows(hold_rows, ARRAY_LEN(hold_rows), sizeof(hold_rows[0]), check_hold);
    add_rows(version_rows, ARRAY_LEN(version_rows), sizeof(version_rows[0]), check_version);
    int failed = run_added("record_product_gates");
    remove_tree(folder);
    free(folder);
    return failed;
}
