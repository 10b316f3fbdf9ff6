/* SPDX-License-Identifier: Apache-2.0 */
/*
** What is published of the GYM trials, replayed with synthetic subjects: the first two
** injections of MABS01 on 13 and 28 July 2022, and the first subject of MABS06, whose treated
** arm became stronger. Each story is locked and exported, and the figures are read from the
** files of the export, not from the engine.
*/
#include "protocol/study/value.h"
#include "tests/support/rows.h"
#include "tests/unit/record/box.h"
#include "tests/unit/record/whole.h"

#define MABS01     "protocol/trials/mabs01.xml"
#define SECOND_ONE "008-L"
#define INFUSIONS  "data/F.INFUSION.IG.INFUSION.csv"
#define STRENGTH   "data/F.STRENGTH.IG.STRENGTH.csv"

static void must(const struct scene *s, const char *what)
{
    const struct findings *findings = &s->decision.findings;
    for (size_t i = 0; !s->decision.accepted && i < findings->count; i++) {
        print_error("%s: %s %s: %s\n", what, findings->items[i].rule,
                    findings->items[i].path, findings->items[i].message);
    }
    assert_true(s->decision.accepted);
}

/* No record is sent between two moments of the story. */
static void wait_until(struct scene *s, const char *moment)
{
    instant at;
    assert_true(instant_parse(span_text(moment), &at, NULL));
    assert_true(at >= s->now);
    s->now = at;
}

static const char *moment(struct scene *s, instant at)
{
    char text[INSTANT_LOCAL_SIZE];
    instant_format_local(at, 120, text);
    return arena_printf(s->arena, "%.16s+02:00", text);
}

/* ---- forms ---- */

#define GROUP(oid, repeat, items)                                                          \
    "{\"ItemGroupOID\":\"" oid "\",\"ItemGroupRepeatKey\":" repeat ",\"ItemData\":{" items \
    "}}"

static void send_form(struct scene *s, enum who who, const char *subject, const char *event,
                      const char *form, const char *groups)
{
    bool partial = strcmp(form, "F.PRODUCT") == 0;
    scene_submit(s, who,
                 arena_printf(s->arena,
                              "{\"SubjectKey\":\"%s\",\"StudyEventOID\":\"%s\","
                              "\"StudyEventRepeatKey\":null,\"FormOID\":\"%s\","
                              "\"FormRepeatKey\":null,\"state\":\"%s\","
                              "\"ItemGroupData\":[%s]}",
                              subject, event, form, partial ? "partial" : "complete",
                              groups),
                 "as the source says");
    must(s, form);
}

static void screen(struct scene *s, const char *subject)
{
    send_form(s, COORDINATOR, subject, "SE.SCR", "F.CONSENT",
              GROUP("IG.CONSENT", "null",
                    "\"IT.ICDTC\":\"2022-03-01T09:10+01:00\",\"IT.ICVER\":\"1.0\","
                    "\"IT.ICCOPY\":\"Y\",\"IT.ICBIOP\":\"Y\",\"IT.ICGENE\":\"Y\""));
    send_form(s, COORDINATOR, subject, "SE.SCR", "F.DM",
              GROUP("IG.DM", "null",
                    "\"IT.BRTHDTC\":\"1980-02\",\"IT.SEX\":\"M\",\"IT.CHILDPOT\":\"NA\""));
    send_form(s, INVESTIGATOR, subject, "SE.SCR", "F.ELIG",
              GROUP("IG.ELIN", "null",
                    "\"IT.ELIN01\":\"Y\",\"IT.ELIN02\":\"Y\",\"IT.ELIN03\":\"Y\","
                    "\"IT.ELIN04\":\"Y\"") "," GROUP("IG.ELEX", "null",
                                                     "\"IT.ELEX01\":\"N\",\"IT.ELEX02\":"
                                                     "\"N\"") "," GROUP("IG.ELOK", "null",
                                                                        "\"IT.ELOK\":\"Y\","
                                                                        "\"IT.COHORT\":"
                                                                        "\"SENTINEL\""));
    struct record record = scene_record(s, INVESTIGATOR, RECORD_SUBJECT_STATUS);
    record.data.subject_status = (struct subject_status_data){subject, "eligible"};
    play_send(s, INVESTIGATOR, record);
    must(s, "eligible");
}

/* ---- the product ---- */

static const char *code(struct scene *s, char kind, const char *subject)
{
    return arena_printf(s->arena, "%c-%.3s", kind, subject);
}

static void receive(struct scene *s, const char *batch, const char *kind,
                    const char *parent, const char *donor, const char *expiry)
{
    const char **parents = ARENA_ARRAY(s->arena, 1, const char *);
    struct record record = scene_record(s, PHARMACIST, RECORD_BATCH_RECEIVE);
    parents[0] = parent;
    record.data.batch_receive =
        (struct batch_receive_data){.batch = batch,
                                    .kind = kind,
                                    .parents = {parents, parent != NULL ? 1 : 0},
                                    .donor = donor,
                                    .expiry = expiry,
                                    .site = "NL01"};
    play_send(s, PHARMACIST, record);
    must(s, batch);
}

#define DRUG_PRODUCT                                                                       \
    "\"IT.LPBIOP\":\"2022-04-12T10:00+02:00\",\"IT.LPISO\":\"2022-04-14T10:00+02:00\","    \
    "\"IT.LPHARV\":\"2022-07-11T08:00+02:00\",\"IT.LPFORM\":\"2022-07-11T15:00+02:00\","   \
    "\"IT.LPEXP\":\"2022-08-01T12:00+02:00\","                                             \
    "\"IT.LPVOL\":{\"Value\":\"10.0\",\"MeasurementUnitOID\":\"MU.ML\"},"                  \
    "\"IT.LPCELLS\":{\"Value\":\"50.0\",\"MeasurementUnitOID\":\"MU.E6\"}"
#define QUALITY                                                                            \
    "\"IT.LQVIAB\":{\"Value\":\"88.0\",\"MeasurementUnitOID\":\"MU.PCT\"},"                \
    "\"IT.LQLOAD\":{\"Value\":\"2.5\",\"MeasurementUnitOID\":\"MU.PCT\"},"                 \
    "\"IT.LQLDDTC\":\"2022-07-08\",\"IT.LQSTER\":\"INTERIM\",\"IT.LQMYCO\":\"ABSENT\","    \
    "\"IT.LQENDO\":{\"Value\":\"0.05\",\"MeasurementUnitOID\":\"MU.EUML\"}"

static void release(struct scene *s, const char *batch)
{
    struct record record = scene_record(s, PHARMACIST, RECORD_BATCH_RELEASE);
    record.data.batch_release.batch = batch;
    record.data.batch_release.results = "criteria met";
    play_send(s, PHARMACIST, record);
}

static void manufacture(struct scene *s, const char *subject)
{
    const char *batch = code(s, 'B', subject);
    receive(s, code(s, 'D', subject), "donation", NULL, subject, NULL);
    receive(s, code(s, 'K', subject), "culture", code(s, 'D', subject), NULL, NULL);
    receive(s, batch, "batch", code(s, 'K', subject), NULL, "2022-08-01T12:00:00+02:00");
    release(s, batch);
    assert_false(s->decision.accepted);
    send_form(s, PHARMACIST, batch, "SE.LEDGER", "F.LPROD",
              GROUP("IG.LPROD", "null", DRUG_PRODUCT));
    send_form(s, PHARMACIST, batch, "SE.LEDGER", "F.LQC", GROUP("IG.LQC", "null", QUALITY));
    release(s, batch);
    must(s, batch);
}

/* ---- the injection ---- */

static void bedside(struct scene *s, const char *subject, const char *before)
{
    send_form(s, COORDINATOR, subject, "SE.INF", "F.PD",
              arena_printf(s->arena, GROUP("IG.PD", "null", "\"IT.PDDTC\":\"%s\",%s"),
                           moment(s, s->now), before));
    send_form(s, COORDINATOR, subject, "SE.INF", "F.PRODUCT",
              arena_printf(s->arena,
                           GROUP("IG.PRODUCT", "null",
                                 "\"IT.PRBATCH\":\"%s\",\"IT.PRLABSUB\":\"%s\","
                                 "\"IT.PRCHECK1\":\"01-NB\",\"IT.PRCHECK2\":\"01-PH\""),
                           code(s, 'B', subject), subject));
}

static void ask(struct scene *s, const char *subject)
{
    char text[INSTANT_LOCAL_SIZE];
    struct record record = scene_record(s, INVESTIGATOR, RECORD_DOSE_CLEAR);
    instant_format_local(s->now, 120, text);
    record.data.dose_clear = (struct dose_clear_data){.subject = subject,
                                                      .event = "SE.INF",
                                                      .act = "infusion",
                                                      .batch = code(s, 'B', subject),
                                                      .at = arena_text(s->arena, text)};
    play_send(s, INVESTIGATOR, record);
}

static bool asks(const struct scene *s, const char *rule)
{
    bool found = false;
    for (size_t i = 0; i < s->decision.findings.count; i++) {
        found = found || strcmp(s->decision.findings.items[i].rule, rule) == 0;
    }
    return found;
}

static void inject(struct scene *s, const char *subject)
{
    s->now += 15 * MINUTE; /* since the clearance */
    send_form(
        s, COORDINATOR, subject, "SE.INF", "F.INFUSION",
        arena_printf(
            s->arena,
            GROUP("IG.INFUSION", "null",
                  "\"IT.INFNO\":\"1\",\"IT.INFBATCH\":\"%s\",\"IT.INFSIDE\":\"L\","
                  "\"IT.INFSITE\":\"FEMORAL\",\"IT.INFFILT\":\"Y\","
                  "\"IT.INFSTDTC\":\"%s\",\"IT.INFENDTC\":\"%s\","
                  "\"IT.INFVOL\":{\"Value\":\"10.0\",\"MeasurementUnitOID\":\"MU.ML\"},"
                  "\"IT.INFCELLS\":{\"Value\":\"50.0\",\"MeasurementUnitOID\":\"MU.E6\"},"
                  "\"IT.INFSTOP\":\"N\""),
            code(s, 'B', subject), moment(s, s->now - 10 * MINUTE), moment(s, s->now)));
    assert_false(asks(s, "CLEAR-01"));
    assert_false(asks(s, "66"));
}

/* ---- lock and export ---- */

static void lock_site(struct scene *s)
{
    for (int person = 0; person < 2; person++) {
        enum who who = person == 0 ? DATA_MANAGER : SPONSOR;
        play_lock(s, who, "site/NL01");
        if (!s->decision.accepted) {
            struct findings open = s->decision.findings;
            struct confirmed *confirmed =
                ARENA_ARRAY(s->arena, open.count, struct confirmed);
            for (size_t i = 0; i < open.count; i++) {
                const struct finding *gate = &open.items[i];
                confirmed[i] = (struct confirmed){*gate->object != 0 ? gate->object : NULL,
                                                  *gate->path != 0 ? gate->path : NULL,
                                                  gate->rule, "not part of the story"};
            }
            play_lock_with(s, who, RECORD_LOCK, "site/NL01", confirmed, open.count);
        }
        must(s, "lock");
    }
}

/* The rows of a table of the export that hold both texts. */
static int rows_with(const struct box *box, const char *name, const char *a, const char *b)
{
    struct span rest = span_bytes(&box_find(box, name)->data), line;
    int count = 0;
    bool more = true;
    while (more) {
        more = span_cut(&rest, '\n', &line);
        struct span row = more ? line : rest;
        CLEANUP(bytes_done) struct bytes text = {0};
        bytes_add_span(&text, row);
        count +=
            strstr(bytes_text(&text), a) != NULL && strstr(bytes_text(&text), b) != NULL;
    }
    return count;
}

static void the_first_two_gym_injections(void **state)
{
    (void) state;
    struct scene *s = scene_ready_at(MABS01, "2022-03-01T09:00:00Z");
    struct err err = {0};
    struct record record = scene_record(s, FOUNDER, RECORD_ROLE_GRANT);
    record.data.role = (struct role_data){.person = s->people[PHARMACIST].person,
                                          .role = "pharmacist",
                                          .site = "NL01",
                                          .qualification = "QP"};
    play_send(s, FOUNDER, record);
    must(s, "qualified person");
    play_enrol(s, COORDINATOR, SECOND_ONE, "NL01");
    screen(s, SUBJECT);
    screen(s, SECOND_ONE);
    wait_until(s, "2022-07-12T08:00:00Z");
    manufacture(s, SUBJECT);
    manufacture(s, SECOND_ONE);

    wait_until(s, "2022-07-13T08:00:00Z");
    bedside(s, SUBJECT, "\"IT.PDREV\":\"Y\"");
    ask(s, SUBJECT);
    must(s, "13 July");
    inject(s, SUBJECT);

    /* 13 days later is too early, 15 days later is what was done */
    wait_until(s, "2022-07-26T08:00:00Z");
    bedside(s, SECOND_ONE, "\"IT.PDREV\":\"Y\"");
    ask(s, SECOND_ONE);
    assert_false(s->decision.accepted);
    assert_true(asks(s, "66"));
    wait_until(s, "2022-07-28T08:00:00Z");
    ask(s, SECOND_ONE);
    must(s, "28 July");
    inject(s, SECOND_ONE);
    lock_site(s);

    struct packed packed = box_prepare(s, MABS01);
    assert_status(box_pack(&packed, &err), OK, &err);
    box_has(packed.box, "lists/lock.txt", "site/NL01, locked\n");
    assert_int_equal(rows_with(packed.box, INFUSIONS, SUBJECT, "2022-07-13T"), 1);
    assert_int_equal(rows_with(packed.box, INFUSIONS, SECOND_ONE, "2022-07-28T"), 1);
    assert_int_equal(rows_with(packed.box, INFUSIONS, "SE.INF", "F.INFUSION"), 2);
    box_lacks(packed.box, "lists/deviations.csv", "F.INFUSION");
    box_done(&packed);
}

/* ---- the first subject of MABS06 ---- */

/* The cell of LINE under the head NAME; no cell of this table holds a comma. */
static struct span cell(struct span head, struct span line, const char *name)
{
    struct span title = head, value = line;
    while (span_cut(&head, ',', &title) && span_cut(&line, ',', &value)) {
        if (span_is(title, name)) {
            return value;
        }
    }
    fail_msg("no column %s", name);
    return value;
}

/* Isometric peak torque of SIDE at EVENT in the export. */
static struct decimal peak(const struct box *box, const char *event, const char *side)
{
    struct span rest = span_bytes(&box_find(box, STRENGTH)->data), head, line;
    struct decimal number = decimal_of(0);
    assert_true(span_cut(&rest, '\n', &head));
    while (span_cut(&rest, '\n', &line)) {
        if (span_is(cell(head, line, "event"), event) &&
            span_is(cell(head, line, "SIDE"), side) &&
            span_is(cell(head, line, "MODE"), "ISOMETRIC")) {
            assert_true(decimal_parse(cell(head, line, "PEAK"), false, &number));
            return number;
        }
    }
    fail_msg("no peak torque of %s at %s", side, event);
    return number;
}

/* Is the peak of SIDE at the end above FACTOR (in hundredths) of that at screening? */
static bool gained(const struct box *box, const char *side, int factor)
{
    struct decimal limit;
    assert_true(
        decimal_multiply(peak(box, "SE.V1", side), (struct decimal){factor, -2}, &limit));
    return decimal_compare(peak(box, "SE.V9", side), limit) > 0;
}

static void the_first_mabs06_subject_gains_strength(void **state)
{
    (void) state;
    struct err err = {0};
    struct scene *scene = whole_forms();
    whole_close(scene);
    struct packed packed = box_prepare(scene, WHOLE_XML);
    assert_status(box_pack(&packed, &err), OK, &err);
    box_has(packed.box, "lists/lock.txt", "site/NL01, locked\n");
    assert_int_equal(rows_with(packed.box, INFUSIONS, SUBJECT, ",L,left,"), 3);
    assert_true(gained(packed.box, "L", 110));
    assert_false(gained(packed.box, "R", 102));
    box_done(&packed);
}

int main(void)
{
    add_test("the first two GYM injections lie 15 days apart",
             the_first_two_gym_injections);
    add_test("the first MABS06 subject gains strength in the treated arm",
             the_first_mabs06_subject_gains_strength);
    return run_added("record_replays_gym");
}
