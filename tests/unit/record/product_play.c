/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/record/product_play.h"

bool product_is_autologous(const struct scene *s)
{
    return strstr(s->xml_path, "autologous") != NULL;
}

/* ---- moves ---- */

void product_receive(struct scene *s, const char *batch, const char *kind,
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
}

void product_submit(struct scene *s, enum who who, const char *data)
{
    scene_submit(s, who, data, "a reason");
}

void product_release(struct scene *s, const char *batch, const char *results)
{
    struct record record = scene_record(s, PHARMACIST, RECORD_BATCH_RELEASE);
    record.data.batch_release.batch = batch;
    record.data.batch_release.results = results;
    if (strcmp(results, "out of specification") == 0) {
        record.data.batch_release.physician_request = "No other product, disease moves on.";
        record.data.batch_release.sponsor_assessment = "Benefit outweighs.";
        record.data.batch_release.subject_information = "Told, agreed in writing.";
    }
    play_send(s, PHARMACIST, record);
}

void product_recall(struct scene *s, const char *batch)
{
    struct record record = scene_record(s, PHARMACIST, RECORD_BATCH_RECALL);
    record.data.batch_recall.batch = batch;
    play_send(s, PHARMACIST, record);
}

const char *product_moment(struct scene *s, instant at)
{
    char text[INSTANT_LOCAL_SIZE];
    instant_format_local(at, 60, text);
    return arena_text(s->arena, text);
}

struct record product_clearance(struct scene *s, enum who who, const char *subject,
                                const char *batch)
{
    struct record record = scene_record(s, who, RECORD_DOSE_CLEAR);
    record.data.dose_clear = (struct dose_clear_data){.subject = subject,
                                                      .event = "SE.V4",
                                                      .act = "infusion",
                                                      .batch = batch,
                                                      .at = product_moment(s, s->now)};
    return record;
}

void product_clear(struct scene *s, const char *subject, const char *batch)
{
    play_send(s, INVESTIGATOR, product_clearance(s, INVESTIGATOR, subject, batch));
}

void product_status(struct scene *s, const char *subject, const char *word)
{
    struct record record = scene_record(s, INVESTIGATOR, RECORD_SUBJECT_STATUS);
    record.data.subject_status = (struct subject_status_data){subject, word};
    play_send(s, INVESTIGATOR, record);
}

void product_must_pass(struct scene *s)
{
    if (!s->decision.accepted) {
        const struct finding *first = s->decision.findings.items;
        print_error("refused: %s %s: %s\n", first->rule, first->path, first->message);
    }
    assert_true(s->decision.accepted);
}

/* ---- scenes to start from ---- */

static void qualify(struct scene *s)
{
    struct record record = scene_record(s, FOUNDER, RECORD_ROLE_GRANT);
    record.data.role = (struct role_data){.person = s->people[PHARMACIST].person,
                                          .role = "pharmacist",
                                          .site = "NL01",
                                          .qualification = "QP"};
    play_send(s, FOUNDER, record);
    product_must_pass(s);
}

/* Presented HOURS before the scene's now, born DAYS before it; eligible, exercised. */
void product_present(struct scene *s, const char *subject, int hours, int days)
{
    char first[INSTANT_LOCAL_SIZE], birth[INSTANT_LOCAL_SIZE];
    instant_format_local(s->now - hours * HOUR, 60, first);
    instant_format_local(s->now - days * DAY, 60, birth);
    scene_submit(s, COORDINATOR,
                 arena_printf(s->arena,
                              FORM_OF("%s", "BASE", "BASE", "complete",
                                      "\"IT.BIRTH\":\"%s\",\"IT.FIRST\":\"%s\","
                                      "\"IT.ELIG\":\"Y\""),
                              subject, birth, first),
                 "typed again");
    product_must_pass(s);
    scene_submit(s, COORDINATOR,
                 arena_printf(s->arena,
                              FORM_OF("%s", "V4", "ECC", "complete", "\"IT.DONE\":\"Y\""),
                              subject),
                 NULL);
    product_must_pass(s);
    product_status(s, subject, "eligible");
    product_must_pass(s);
}

void product_test_well(struct scene *s, const char *batch)
{
    scene_submit(s, PHARMACIST,
                 arena_printf(s->arena,
                              FORM_OF("%s", "LEDGER", "QC", "partial",
                                      "\"IT.VIAB\":\"92.5\",\"IT.STERIL\":\"INT\""),
                              batch),
                 NULL);
    product_must_pass(s);
}

void product_make_batch(struct scene *s, bool autologous)
{
    product_receive(s, "D-007", "donation", NULL, autologous ? SUBJECT : "DON-1", NULL);
    product_must_pass(s);
    product_receive(s, "K-007", "culture", "D-007", NULL, NULL);
    product_must_pass(s);
    product_receive(s, BATCH, "batch", "K-007", NULL, EXPIRY);
    product_must_pass(s);
    product_test_well(s, BATCH);
}

/* Everything is right: 007-K may be given BATCH. */
void product_prepare(struct scene *s)
{
    bool autologous = product_is_autologous(s);
    qualify(s);
    play_enrol(s, COORDINATOR, OTHER_ONE, "NL01");
    product_must_pass(s);
    product_present(s, SUBJECT, 150, 9);
    product_present(s, OTHER_ONE, 100, 8);
    product_make_batch(s, autologous);
    product_release(s, BATCH, "criteria met");
    product_must_pass(s);
}

void product_give(struct scene *s, const char *subject, const char *batch)
{
    scene_submit(s, COORDINATOR,
                 arena_printf(s->arena,
                              FORM_OF("%s", "V4", "PC", "partial",
                                      "\"IT.BATCH\":\"%s\",\"IT.LABSUBJ\":\"%s\""),
                              subject, batch, subject),
                 "read from the chart");
    product_must_pass(s);
    scene_submit(s, COORDINATOR,
                 arena_printf(s->arena,
                              FORM_OF("%s", "V4", "IN", "partial", "\"IT.INSTTIM\":\"%s\""),
                              subject, product_moment(s, s->now - MINUTE)),
                 "read from the chart");
    product_must_pass(s);
}

/* ---- judging ---- */

static void check_type(const struct product_row *row, const char *xml)
{
    CLEANUP(bytes_done) struct bytes before = {0}, after = {0};
    struct scene *scene = scene_ready_with(xml);
    row->play(scene);
    const struct findings *findings = &scene->decision.findings;
    if (row->rule == NULL) {
        product_must_pass(scene);
    } else {
        assert_false(scene->decision.accepted);
        assert_string_equal(findings->items[0].rule, row->rule);
        assert_true(*findings->items[0].message != 0);
    }
    struct replay_options options = scene_replay_options(scene);
    CLEANUP(replay_freep) struct replay *replay = replay_new(&options);
    struct err err = {0};
    assert_status(scene_replay(scene, replay, &err), OK, &err);
    scene_dump(scene->state, &before);
    scene_dump(replay_state(replay), &after);
    assert_string_equal(bytes_text(&after), bytes_text(&before));
    assert_int_equal(replay_differences(replay), 0);
    scene_free(scene);
}

void product_check(void **state)
{
    const struct product_row *row = *state;
    if ((row->types & AUTO) != 0) {
        check_type(row, AUTOLOGOUS);
    }
    if ((row->types & ALLO) != 0) {
        check_type(row, ALLOGENEIC);
    }
}
