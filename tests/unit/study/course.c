/* SPDX-License-Identifier: Apache-2.0 */
/*
** Rules and derived items of the other trials' definitions (protocol/trials): one dose only,
** an event that comes back, the graft, progression and disease activity.
**
** A form is one line: EVENT/FORM[/REPEAT] GROUP[:REPEAT] ITEM=VALUE ... GROUP ... The last
** form of a row is the one under check; those before it are the casebook.
*/
#include "protocol/study/check.h"
#include "protocol/study/odm.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

#define FORMS_MAX 14

struct row {
    const char *name, *definition;
    const char *rule;    /* that asks; or NULL */
    const char *silent;  /* rule that keeps silent; or NULL */
    const char *derived; /* "IG.X/-/IT.Y=value", or "IG.X/-/IT.Y=" for no value; or NULL */
    const char *forms[FORMS_MAX];
};

#define AHSCT "protocol/trials/example-ahsct-ms.xml"
#define GRAFT "SE.REINF/F.REINF IG.REINF IT.RIDTC=2026-03-01T10:00+01:00"
#define ON(n, anc, plt, more)                                                              \
    " IG.COUNT:" #n " IT.CTDTC=2026-03-" #n " IT.ANC=" anc " IT.CTPLT=" plt more
#define EDSS(event, day, value) event "/F.EDSS IG.EDSS IT.EDDTC=" day " IT.EDSS=" value
#define SCAN(event, day, gd, t2)                                                           \
    event "/F.MRI IG.MRIMS IT.MSDTC=" day " IT.MSGD=" gd " IT.MST2=" t2
#define AE(key, item) "SE.LOG/F.AE/" key " IG.AE IT.AETERM=" item

static const struct row ROWS[] = {
    {"a single dose that was given cannot be withdrawn",
     "protocol/trials/mabs01.xml",
     "35",
     NULL,
     NULL,
     {"SE.INF/F.INFUSION IG.INFUSION IT.INFENDTC=2026-03-01T10:00+01:00",
      AE("a1", "Fever IT.AEACN=1")}},
    {"a single dose not yet given may be withdrawn",
     "protocol/trials/mabs01.xml",
     NULL,
     "35",
     NULL,
     {AE("a1", "Fever IT.AEACN=1")}},
    {"what was done with the dose is not known: cannot be told",
     "protocol/trials/mabs01.xml",
     NULL,
     "35",
     NULL,
     {"SE.INF/F.INFUSION IG.INFUSION IT.INFENDTC=2026-03-01T10:00+01:00",
      AE("a1", "Fever")}},

    {"neutrophils recover on the first of three days",
     AHSCT,
     NULL,
     NULL,
     "IG.ENGR/-/IT.ENGRDTC=2026-03-12",
     {GRAFT, "SE.REINF/F.COUNTS" ON(10, "0.2", "10", "") ON(11, "0.4", "15", "")
                 ON(12, "0.5", "21", "") ON(13, "0.9", "30", "") ON(14, "1.1", "40", "")}},
    {"two days are not enough to call it recovery",
     AHSCT,
     NULL,
     NULL,
     "IG.ENGR/-/IT.ENGRDTC=",
     {GRAFT, "SE.REINF/F.COUNTS" ON(12, "0.5", "21", "") ON(13, "0.9", "30", "")}},
    {"a day without a count breaks the run",
     AHSCT,
     NULL,
     NULL,
     "IG.ENGR/-/IT.ENGRDTC=",
     {GRAFT, "SE.REINF/F.COUNTS" ON(12, "0.5", "21", "") ON(13, "0.9", "30", "")
                 ON(15, "1.1", "40", "")}},
    {"counts before the reinfusion do not count",
     AHSCT,
     NULL,
     NULL,
     "IG.ENGR/-/IT.ENGRDTC=",
     {"SE.REINF/F.REINF IG.REINF IT.RIDTC=2026-03-13T10:00+01:00",
      "SE.REINF/F.COUNTS" ON(12, "0.5", "21", "") ON(13, "0.9", "30", "")
          ON(14, "1.1", "40", "")}},
    {"platelets recover without a transfusion in the week before",
     AHSCT,
     NULL,
     NULL,
     "IG.ENGR/-/IT.PLTENG=2026-03-20",
     {GRAFT, "SE.REINF/F.COUNTS" ON(13, "0.9", "30", " IT.CTTRANS=Y")
                 ON(14, "1.1", "40", "") ON(15, "1.1", "40", "") ON(16, "1.1", "40", "") ON(
                     20, "1.1", "40", "") ON(21, "1.1", "40", "") ON(22, "1.1", "40", "")}},
    {"a graft that has not taken by day 30 is asked about",
     AHSCT,
     "77",
     NULL,
     NULL,
     {GRAFT, "SE.REINF/F.COUNTS" ON(20, "0.1", "9", "") ON(31, "0.2", "9", "")}},
    {"a graft that took is accepted",
     AHSCT,
     NULL,
     "77",
     NULL,
     {GRAFT, "SE.REINF/F.COUNTS" ON(20, "0.6", "9", "") ON(31, "0.2", "9", "")}},
    {"before day 30 it cannot be told",
     AHSCT,
     NULL,
     "77",
     NULL,
     {GRAFT, "SE.REINF/F.COUNTS" ON(20, "0.1", "9", "")}},

    {"a rise of 1.0 that lasts half a year is progression, dated at the rise",
     AHSCT,
     NULL,
     NULL,
     "IG.COURSE/-/IT.PROGDTC=2026-07-01",
     {EDSS("SE.RAND", "2026-01-01", "3.0"), EDSS("SE.M6", "2026-07-01", "4.0"),
      EDSS("SE.M12", "2027-01-05", "4.5")}},
    {"a rise of 1.0 from 0 is not enough",
     AHSCT,
     NULL,
     NULL,
     "IG.COURSE/-/IT.PROGDTC=",
     {EDSS("SE.RAND", "2026-01-01", "0"), EDSS("SE.M6", "2026-07-01", "1.0"),
      EDSS("SE.M12", "2027-01-05", "1.0")}},
    {"a rise that goes back is no progression",
     AHSCT,
     NULL,
     NULL,
     "IG.COURSE/-/IT.PROGDTC=",
     {EDSS("SE.RAND", "2026-01-01", "3.0"), EDSS("SE.M6", "2026-07-01", "4.0"),
      EDSS("SE.M12", "2027-01-05", "3.5"), EDSS("SE.M18", "2027-07-05", "4.0")}},
    {"a rise inside a relapse does not count",
     AHSCT,
     NULL,
     NULL,
     "IG.COURSE/-/IT.PROGDTC=",
     {EDSS("SE.RAND", "2026-01-01", "3.0"), EDSS("SE.M6", "2026-07-01", "4.0"),
      "SE.LOG/F.RELAPSE/r1 IG.RELAPSE IT.RXONSET=2026-06-20 IT.RXCONF=CONFIRMED",
      EDSS("SE.M12", "2027-01-05", "4.0")}},
    {"no relapse, no progression, a quiet scan: no disease activity",
     AHSCT,
     NULL,
     NULL,
     "IG.COURSE/-/IT.NEDA=Y",
     {SCAN("SE.M6", "2026-07-01", "2", "1"),
      SCAN("SE.M12", "2027-01-01", "0", "0 IT.MSREF=2026-07-01"),
      EDSS("SE.M12", "2027-01-05", "3.0")}},
    {"a confirmed relapse is disease activity",
     AHSCT,
     NULL,
     NULL,
     "IG.COURSE/-/IT.NEDA=N",
     {"SE.LOG/F.RELAPSE/r1 IG.RELAPSE IT.RXONSET=2026-06-20 IT.RXCONF=CONFIRMED",
      EDSS("SE.M12", "2027-01-05", "3.0")}},
    {"a pseudo-relapse is not, but without a scan it cannot be told",
     AHSCT,
     NULL,
     NULL,
     "IG.COURSE/-/IT.NEDA=",
     {"SE.LOG/F.RELAPSE/r1 IG.RELAPSE IT.RXONSET=2026-06-20 IT.RXCONF=PSEUDO",
      EDSS("SE.M12", "2027-01-05", "3.0")}},
    {"a new lesion against the reference scan is disease activity",
     AHSCT,
     NULL,
     NULL,
     "IG.COURSE/-/IT.NEDA=N",
     {SCAN("SE.M12", "2027-01-01", "0", "1 IT.MSREF=2026-07-01"),
      EDSS("SE.M12", "2027-01-05", "3.0")}},
};

/* ---- reading a form ---- */

static void read_item(struct arena *arena, struct span word, struct group_data *group)
{
    char *text = arena_span_text(arena, word), *equal = strchr(text, '=');
    struct item_data *items = ARENA_ARRAY(arena, group->count + 1, struct item_data);
    BUG_IF(equal == NULL);
    if (group->count > 0) {
        memcpy(items, group->items, group->count * sizeof(*items));
    }
    *equal = '\0';
    items[group->count] = (struct item_data){.oid = text, .value = equal + 1};
    group->items = items;
    group->count++;
}

static void read_place(struct arena *arena, struct span word, struct form_data *form)
{
    char *text = arena_span_text(arena, word), *rest = NULL;
    form->key.subject = "007-K";
    form->key.event = strtok_r(text, "/", &rest);
    form->key.form = strtok_r(NULL, "/", &rest);
    form->key.form_repeat = strtok_r(NULL, "/", &rest);
}

static const struct form_data *read_form(struct arena *arena, const char *line)
{
    struct form_data *form = ARENA_NEW(arena, struct form_data);
    struct group_data *groups = ARENA_ARRAY(arena, 40, struct group_data);
    struct span rest = span_text(line), word;
    form->state = FORM_PARTIAL;
    form->groups = groups;
    for (bool more = true; more;) {
        more = span_cut(&rest, ' ', &word);
        word = more ? word : rest;
        if (word.size > 3 && memcmp(word.data, "IG.", 3) == 0) {
            char *oid = arena_span_text(arena, word), *repeat = strchr(oid, ':');
            if (repeat != NULL) {
                *repeat++ = '\0';
            }
            groups[form->count++] = (struct group_data){.oid = oid, .repeat = repeat};
        } else if (form->key.event == NULL) {
            read_place(arena, word, form);
        } else {
            read_item(arena, word, &groups[form->count - 1]);
        }
    }
    return form;
}

/* ---- running a row ---- */

static const struct study *load(const char *path, struct arena *arena)
{
    CLEANUP(bytes_done) struct bytes xml = read_file(path);
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct err err = {0};
    assert_status(odm_read(span_bytes(&xml), arena, &study, &problems, &err), OK, &err);
    return study;
}

static void expect_derived(const struct derived_list *list, const char *expected)
{
    size_t size = (size_t) (strchr(expected, '=') - expected);
    const char *value = "";
    for (size_t i = 0; i < list->count; i++) {
        if (strlen(list->items[i].path) == size &&
            memcmp(list->items[i].path, expected, size) == 0) {
            value = list->items[i].value;
        }
    }
    assert_string_equal(value, expected + size + 1);
}

static void run_row(void **state)
{
    const struct row *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct study *study = load(row->definition, arena);
    const struct form_data *forms[FORMS_MAX];
    size_t count = 0;
    for (; count < FORMS_MAX && row->forms[count] != NULL; count++) {
        forms[count] = read_form(arena, row->forms[count]);
    }
    struct casebook book = casebook_make("007-K", forms, count - 1, arena);
    struct findings findings = {.arena = arena, .language = "en"};
    struct check_context context = {.place = PLACE_SUBMIT, .signed_at = INSTANT_MAX / 2};
    struct derived_list derived;
    check_form(study->versions[0], &book, forms[count - 1], &context, &findings, &derived);
    assert_true(row->rule == NULL || findings_have(&findings, row->rule));
    assert_true(row->silent == NULL || !findings_have(&findings, row->silent));
    if (row->derived != NULL) {
        expect_derived(&derived, row->derived);
    }
}

int main(void)
{
    return run_rows("course", ROWS, ARRAY_LEN(ROWS), sizeof(ROWS[0]), run_row);
}
