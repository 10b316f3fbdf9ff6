/* SPDX-License-Identifier: Apache-2.0 */
/*
** General rules that no case of one definition can show: the limits of the version in force at
** consent (4), and a pregnancy, which is followed like a serious event (10).
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

int main(void)
{
    subject = subject_load();
    load_amended();
    add_rows(limit_rows, ARRAY_LEN(limit_rows), sizeof(limit_rows[0]), check_limits);
    add_rows(pregnancy_rows, ARRAY_LEN(pregnancy_rows), sizeof(pregnancy_rows[0]),
             check_pregnancy);
    int failed = run_added("general rules");
    arena_free(subject.arena);
    return failed;
}
