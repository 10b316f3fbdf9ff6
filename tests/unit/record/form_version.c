/* SPDX-License-Identifier: Apache-2.0 */
/*
** Under which version a form is made, by the forms that stand; and that the service takes what
** a client chooses.
*/
#include "protocol/record/form_version.h"

#include "protocol/study/odm.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

static const struct metadata_version *mabs06;
static struct arena *arena;

#define V1   "subject/007-K/SE.V1/-/"
#define UNS2 "subject/007-K/SE.UNS/2/"

struct version_row {
    const char *name;
    const char *form; /* its path */
    struct {
        const char *form, *version;
        int64_t seq;
    } stands[4];
    const char *consent, *prior; /* in force is C, the signer saw B */
    const char *chosen;
    enum form_version_why why;
    const char *taken; /* of A B C D E */
} rows[] = {
    {"nothing of the visit stands: in force",
     V1 "F.DM/-",
     {{0}},
     NULL,
     NULL,
     "C",
     BY_SITE,
     "BC"},
    {"the visit was begun under an older one",
     V1 "F.DM/-",
     {{V1 "F.MH/-", "A", 9}},
     NULL,
     NULL,
     "A",
     BY_VISIT,
     "ABC"},
    {"the form with the date says when it was begun",
     V1 "F.DM/-",
     {{V1 "F.MH/-", "C", 5}, {V1 "F.VISIT/-", "A", 9}},
     NULL,
     NULL,
     "A",
     BY_VISIT,
     "ABC"},
    {"without a date the form that came first",
     V1 "F.DM/-",
     {{V1 "F.MH/-", "D", 9}, {V1 "F.LAB/-", "A", 5}, {V1 "F.GENO/-", "E", 7}},
     NULL,
     NULL,
     "A",
     BY_VISIT,
     "ABCDE"},
    {"another visit does not matter",
     V1 "F.DM/-",
     {{"subject/007-K/SE.V2/-/F.VISIT/-", "A", 9}},
     NULL,
     NULL,
     "C",
     BY_SITE,
     "BC"},
    {"nor another of the unscheduled ones",
     UNS2 "F.LAB/-",
     {{"subject/007-K/SE.UNS/1/F.VISIT/-", "A", 9}, {UNS2 "F.VISIT/-", "D", 10}},
     NULL,
     NULL,
     "D",
     BY_VISIT,
     "BCD"},
    {"the log of events is no visit: in force",
     "subject/007-K/SE.LOG/-/F.AE/x1",
     {{"subject/007-K/SE.LOG/-/F.AE/x2", "A", 9}},
     NULL,
     NULL,
     "C",
     BY_SITE,
     "BC"},
    {"a correction keeps the version of the visit",
     V1 "F.DM/-",
     {{V1 "F.VISIT/-", "A", 5}, {V1 "F.DM/-", "D", 9}},
     NULL,
     "D",
     "A",
     BY_VISIT,
     "ABCD"},
    {"of a log the one in force, and its own is taken",
     "subject/007-K/SE.LOG/-/F.AE/x1",
     {{0}},
     NULL,
     "A",
     "C",
     BY_SITE,
     "ABC"},
    {"eligibility goes by the consent, whatever the visit",
     V1 "F.ELIG/-",
     {{V1 "F.VISIT/-", "D", 5}},
     "A",
     NULL,
     "A",
     BY_CONSENT,
     "ABCD"},
    {"a visit that was begun under the one in force is nothing to speak of",
     V1 "F.DM/-",
     {{V1 "F.VISIT/-", "C", 5}},
     NULL,
     NULL,
     "C",
     BY_SITE,
     "BC"},
};

static void check(void **state)
{
    const struct version_row *row = *state;
    struct form_versions versions = {
        .now = "C", .seen = "B", .prior = row->prior, .consent = row->consent};
    struct visit_form forms[ARRAY_LEN(row->stands)];
    struct form_key key;
    size_t count = 0;
    enum form_version_why why;
    assert_true(form_key_parse(span_text(row->form), arena, &key));
    for (; count < ARRAY_LEN(forms) && row->stands[count].form != NULL; count++) {
        forms[count].version = row->stands[count].version;
        forms[count].seq = row->stands[count].seq;
        assert_true(
            form_key_parse(span_text(row->stands[count].form), arena, &forms[count].key));
    }
    form_versions_of_visit(mabs06, &key, forms, count, arena, &versions);
    const char *chosen = form_version_choose(&versions, &why);
    assert_string_equal(chosen, row->chosen);
    assert_int_equal(why, row->why);
    assert_true(form_version_is_taken(&versions, chosen));
    for (const char *c = "ABCDE"; *c != '\0'; c++) {
        const char version[] = {*c, '\0'};
        assert_int_equal(form_version_is_taken(&versions, version),
                         strchr(row->taken, *c) != NULL);
    }
}

static void nothing_known_is_nothing_chosen(void **state)
{
    (void) state;
    struct form_versions versions = {0};
    assert_null(form_version_choose(&versions, NULL));
    assert_false(form_version_is_taken(&versions, "A"));
}

int main(void)
{
    CLEANUP(bytes_done) struct bytes xml = read_file("protocol/trials/mabs06.xml");
    const struct study *study = NULL;
    struct odm_problems problems = {0};
    struct err err = {0};
    arena = arena_new();
    BUG_IF(odm_read(span_bytes(&xml), arena, &study, &problems, &err) != OK);
    mabs06 = study_version(study, "MDV.1");
    BUG_IF(mabs06 == NULL);
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
    add_test("nothing known is nothing chosen", nothing_known_is_nothing_chosen);
    int failed = run_added("the version of a form");
    arena_free(arena);
    return failed;
}
