/* SPDX-License-Identifier: Apache-2.0 */
/*
** General rules that no case of one definition can show: the limits of the version in force at
** consent (4), a pregnancy, which is followed like a serious event (10), and laboratory limits
** of the operator's dictionaries (21).
*/
#include "protocol/study/odm.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"
#include "tests/unit/study/subject.h"

#define OLD "<crfd:Parameter Name=\"AGE.MIN\" Value=\"18\""
#define NEW "<crfd:Parameter Name=\"AGE.MIN\" Value=\"21\""

static struct subject subject;
static const struct metadata_version *amended; /* from 21 years on */

static void load_amended(void)
{
    CLEANUP(bytes_done) struct bytes xml = read_file("protocol/trials/mabs06.xml");
    struct span text = arena_span(subject.arena, span_bytes(&xml));
    char *at = memmem(text.data, text.size, OLD, strlen(OLD));
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct err err = {0};
    BUG_IF(at == NULL);
    memcpy(at, NEW, strlen(NEW));
    assert_status(odm_read(text, subject.arena, &study, &problems, &err), OK, &err);
    amended = study->versions[0];
}

static struct check_context context_now(void)
{
    struct check_context context = {.place = PLACE_SUBMIT};
    assert_true(
        instant_parse(SPAN_LITERAL("2026-11-21T10:14:07+01:00"), &context.signed_at, NULL));
    return context;
}

/* ---- 4 ---- */

struct limit_row {
    const char *name, *birth;
    bool new_at_consent, asks; /* judged by the other version each time */
};

static const struct limit_row limit_rows[] = {
    {"19 years under the version of that day stay within its limits",
     "IT.BRTHDTC=2006-06-01", false, false},
    {"19 years are too few where the version of that day said 21", "IT.BRTHDTC=2006-06-01",
     true, true},
    {"by year alone, limits of that day cannot be told", "IT.BRTHDTC=2005", true, false},
};

static void check_limits(void **state)
{
    const struct limit_row *row = *state;
    const char *const edits[] = {row->birth, NULL};
    const struct form_data *form = subject_form(&subject, "02-V1-DM", edits);
    struct casebook book = subject_book(&subject, NULL, NULL);
    struct findings findings = {.arena = subject.arena, .language = "en"};
    struct check_context context = context_now();
    context.limits = row->new_at_consent ? amended : subject.version;
    check_form(row->new_at_consent ? subject.version : amended, &book, form, &context,
               &findings, NULL);
    assert_int_equal(findings_have(&findings, "5"), row->asks);
}

/* ---- 21 by the operator's dictionaries ---- */

#define DICTIONARIES "tests/support/dictionaries/"

static const struct metadata_version *general;
static const struct dictionary *loaded[2]; /* invented limits and normal bounds */

static void load_general(void)
{
    static const char *const names[] = {DICTIONARIES "ctcae.tsv", DICTIONARIES "lab.tsv"};
    CLEANUP(bytes_done) struct bytes xml = read_file("tests/unit/matrix/general.xml");
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct err err = {0};
    assert_status(odm_read(arena_span(subject.arena, span_bytes(&xml)), subject.arena,
                           &study, &problems, &err),
                  OK, &err);
    general = study->versions[0];
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        CLEANUP(bytes_done) struct bytes text = read_file(names[i]);
        assert_status(dictionary_read(arena_span(subject.arena, span_bytes(&text)),
                                      subject.arena, &loaded[i], &err),
                      OK, &err);
    }
}

struct lab_row {
    const char *name, *value, *sex, *grade;
    bool known, asks; /* with the dictionaries at hand */
};

static const struct lab_row lab_rows[] = {
    {"the grade of a value by the operator's limits is accepted", "5.5", NULL, "2", true,
     false},
    {"another one is asked about", "5.5", NULL, "1", true, true},
    {"below the laboratory's own normal bound it is grade 1", "8.0", "M", "1", true, false},
    {"which for a woman is no grade, and asked about", "8.0", "F", "1", true, true},
    {"a higher grade than the value's is asked about", "8.0", "M", "3", true, true},
    {"without the sex the normal bound cannot be told", "8.0", NULL, "3", true, false},
    {"but a value beyond a fixed limit can", "4.0", NULL, "1", true, true},
    {"without the dictionaries it cannot be told", "4.0", NULL, "1", false, false},
};

static struct form_data lab_form(const char *event, const char *form, const char *group,
                                 const struct item_data *items, size_t count)
{
    struct group_data *data = ARENA_NEW(subject.arena, struct group_data);
    *data = (struct group_data){group, NULL, items, count};
    return (struct form_data){
        .key = {"007-K", event, NULL, form, NULL}, .groups = data, .count = 1};
}

static void check_lab(void **state)
{
    const struct lab_row *row = *state;
    const struct item_data lab[] = {{.oid = "IT.LBDTC", .value = "2026-05-03"},
                                    {.oid = "IT.HGB", .value = row->value}};
    const struct item_data person[] = {{.oid = "IT.BIRTH", .value = "1980-06-01"},
                                       {.oid = "IT.SEX", .value = row->sex}};
    const struct item_data event[] = {{.oid = "IT.TERM", .value = "Anaemia"},
                                      {.oid = "IT.START", .value = "2026-05-02"},
                                      {.oid = "IT.GRADE", .value = row->grade}};
    const struct form_data forms[] = {
        lab_form("SE.V1", "F.EL", "IG.EL", person, row->sex != NULL ? 2 : 1),
        lab_form("SE.V1", "F.LB", "IG.LB", lab, ARRAY_LEN(lab))};
    struct form_data judged = lab_form("SE.LOG", "F.AE", "IG.AE", event, ARRAY_LEN(event));
    const struct form_data *book_forms[] = {&forms[0], &forms[1]};
    struct casebook book = casebook_make("007-K", book_forms, 2, subject.arena);
    struct dictionaries set = {loaded, ARRAY_LEN(loaded)};
    struct findings findings = {.arena = subject.arena, .language = "en"};
    struct check_context context = context_now();
    judged.key.form_repeat = "a1";
    context.dictionaries = row->known ? &set : NULL;
    check_form(general, &book, &judged, &context, &findings, NULL);
    assert_int_equal(findings_have(&findings, "21"), row->asks);
}

/* ---- 10 ---- */

struct pregnancy_row {
    const char *name, *known, *due; /* answer to "first known", and the site's 24 h */
};

static const struct pregnancy_row pregnancy_rows[] = {
    {"a pregnancy has the clock of a serious event", "2026-11-21T08:00+01:00",
     "2026-11-22T07:00:00.000000Z"},
    {"one known for days is late", "2026-11-18T08:00+01:00", "2026-11-19T07:00:00.000000Z"},
    {"of which only the day is known, the day's first hour counts", "2026-11-21",
     "2026-11-21T23:00:00.000000Z"},
};

static void check_pregnancy(void **state)
{
    const struct pregnancy_row *row = *state;
    const struct form_def *def = NULL;
    for (size_t i = 0; i < subject.version->form_def_count; i++) {
        const struct form_def *form = subject.version->form_defs[i];
        def = form->safety == SAFETY_PREGNANCY ? form : def;
    }
    assert_non_null(def);
    struct place_of_item aware = def->meanings[MEANING_AWAREDTC];
    assert_non_null(aware.item);
    const struct item_data item = {.oid = aware.item->item->oid, .value = row->known};
    const struct group_data group = {aware.group->group->oid, NULL, &item, 1};
    const struct form_data form = {
        .key = {"007-K", "SE.LOG", NULL, def->oid, "p1"}, .groups = &group, .count = 1};
    struct zone zone = {.fixed = 60};
    struct check_context context = context_now();
    char text[INSTANT_SIZE];
    context.zone = &zone;
    struct safety_reading got = safety_read(subject.version, NULL, &form, &context);
    instant_format(got.site_due, text);
    assert_true(got.serious && got.sponsor_days == 15);
    assert_string_equal(text, row->due);
    assert_int_equal(got.late, row == &pregnancy_rows[1]);
}

/* ---- 10: until the outcome is there ---- */

struct outcome_row {
    const char *name;
    const char *edd, *lmp, *outcome;
    bool complete, awaited;
    const char *due; /* the day */
};

static const struct outcome_row outcome_rows[] = {
    {"a pregnancy is followed to its expected end and 30 days", "2027-03-01", NULL, NULL,
     false, true, "2027-03-31"},
    {"without it, 280 days from the last period", NULL, "2026-06-01", "ONGOING", false,
     true, "2027-04-07"},
    {"without either, from the day it was found", NULL, NULL, NULL, false, true,
     "2027-09-25"},
    {"of a month alone the first day counts", "2027-03", NULL, NULL, false, true,
     "2027-03-31"},
    {"the outcome ends it", "2027-03-01", NULL, "BIRTH", false, false, NULL},
    {"not known yet does not", "2027-03-01", NULL, "U", false, true, "2027-03-31"},
    {"nor known for good does", "2027-03-01", NULL, "U", true, false, NULL},
};

static void check_outcome(void **state)
{
    const struct outcome_row *row = *state;
    const struct item_data items[] = {
        {.oid = "IT.AWARE", .value = "2026-11-21T08:00+01:00"},
        {.oid = "IT.PGDTC", .value = "2026-11-19"},
        {.oid = "IT.PGEDD", .value = row->edd},
        {.oid = "IT.PGLMP", .value = row->lmp},
        {.oid = "IT.PGOUT", .value = row->outcome}};
    const struct group_data group = {"IG.PREG", NULL, items, ARRAY_LEN(items)};
    const struct form_data form = {.key = {"007-K", "SE.LOG", NULL, "F.PREG", "p1"},
                                   .state = row->complete ? FORM_COMPLETE : FORM_PARTIAL,
                                   .groups = &group,
                                   .count = 1};
    struct zone zone = {.fixed = 60};
    struct check_context context = context_now();
    char text[INSTANT_SIZE];
    context.zone = &zone;
    struct safety_reading got = safety_read(subject.version, NULL, &form, &context);
    assert_int_equal(got.awaits_outcome, row->awaited);
    if (row->due != NULL) {
        instant_format(zone_to_wall(&zone, got.outcome_due), text);
        text[10] = '\0';
        assert_string_equal(text, row->due);
    }
}

int main(void)
{
    subject = subject_load();
    load_amended();
    load_general();
    add_rows(limit_rows, ARRAY_LEN(limit_rows), sizeof(limit_rows[0]), check_limits);
    add_rows(lab_rows, ARRAY_LEN(lab_rows), sizeof(lab_rows[0]), check_lab);
    add_rows(pregnancy_rows, ARRAY_LEN(pregnancy_rows), sizeof(pregnancy_rows[0]),
             check_pregnancy);
    add_rows(outcome_rows, ARRAY_LEN(outcome_rows), sizeof(outcome_rows[0]), check_outcome);
    int failed = run_added("general rules");
    arena_free(subject.arena);
    return failed;
}
