/* SPDX-License-Identifier: Apache-2.0 */
/*
** Safety over TLS: a related event stops dosing in its own commit, two opinions end what was
** provisional, two persons lift what is real, the log tells it all; and a hold decides what
** stands behind it in the same batch, whichever site it comes from.
*/
#include <libpq-fe.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/files.h"
#include "tests/system/scene.h"

static struct trial *trial;
static char *folder; /* of the operator's command */

#define SAE       "mabs06-apart/012-Q-LOG-SAE.json"
#define OBJECT(r) "subject/" SCENE_SUBJECT "/SE.LOG/-/F.SAE/" r
#define PAPER     "1111111111111111111111111111111111111111111111111111111111111111"

static void holds_are(const char *wanted)
{
    CLEANUP(mem_freep)
    char *holds =
        scene_sql(trial, "select coalesce(string_agg(activity || ' ' || scope || ' ' "
                         "|| split_part(state, ' ', 1), '; '), '') from crfd.hold");
    assert_string_equal(holds, wanted);
}

static struct answer report(const char *repeat, const char *change)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    CLEANUP(bytes_done) struct bytes name = {0};
    bytes_printf(&name, "s1b5e90d4=>%s", repeat);
    struct sheet sheet = {.who = INVESTIGATOR,
                          .file = SAE,
                          .changes = {"012-Q=>" SCENE_SUBJECT, bytes_text(&name), change}};
    scene_sheet(trial, &sheet, &line);
    return scene_try(trial, span_bytes(&line), &(struct wanted){201, NULL, NULL, STORED});
}

static void assess(enum who who, const char *object, const char *causality)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, object);
    struct record record = trial_record(trial, who, RECORD_SAFETY_ASSESS, arena);
    record.data.safety_assess =
        (struct safety_assess_data){.object = object, .leaf = leaf, .causality = causality};
    (void) scene_accept(trial, who, &record);
}

static void acknowledge(enum who who, const char *object)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, object);
    struct record record = trial_record(trial, who, RECORD_SAFETY_ACK, arena);
    record.data.safety_ack = (struct safety_ack_data){object, leaf, NULL};
    (void) scene_accept(trial, who, &record);
}

static void lift(enum who who)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = trial_record(trial, who, RECORD_HOLD_LIFT, arena);
    record.reason = "the board has looked";
    record.data.hold = (struct hold_data){"dosing", "study", "DSMB letter 3", PAPER};
    (void) scene_accept(trial, who, &record);
}

static int64_t metric(const char *name)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    struct answer answer = trial_ask_operator(trial, "/metrics");
    bytes_printf(&line, "\n%s{study=\"MABS06\"} ", name);
    const char *at = strstr(bytes_text(&answer.body), bytes_text(&line));
    assert_non_null(at);
    int64_t value = strtoll(at + line.size, NULL, 10);
    answer_done(&answer);
    return value;
}

static void no_cause_on_a_locked_subject(void **state)
{
    (void) state;
    scene_lock(trial, "subject/" SCENE_SUBJECT, true);
    struct answer answer = report("c1", NULL);
    assert_non_null(scene_effect(&answer, "flag", "LOCKED"));
    assert_non_null(scene_effect(&answer, "clock", "ack"));
    answer_done(&answer);
    holds_are("dosing study provisional");
    assert_int_equal(metric("crfd_safety_unacknowledged"), 1);
    assert_int_equal(metric("crfd_holds"), 1);
    acknowledge(SAFETY, OBJECT("c1"));
    assert_int_equal(metric("crfd_safety_unacknowledged"), 0);
    assess(INVESTIGATOR, OBJECT("c1"), "unrelated");
    holds_are("dosing study provisional");
    assess(SAFETY, OBJECT("c1"), "unrelated");
    holds_are("");
    scene_lock(trial, "subject/" SCENE_SUBJECT, false);
}

static void related_is_lifted_by_two(void **state)
{
    (void) state;
    struct answer answer =
        report("c2", "\"IT.SAETERM\"=>\"IT.AEREL\":\"Y\",\"IT.SAETERM\"");
    const struct json *hold = scene_effect(&answer, "hold", "dosing");
    assert_non_null(hold);
    assert_string_equal(json_get_string(hold, "state"), "held");
    answer_done(&answer);
    holds_are("dosing study held");
    assess(SAFETY, OBJECT("c2"), "unrelated");
    holds_are("dosing study held");
    lift(SPONSOR);
    holds_are("dosing study lifting");
    lift(SAFETY);
    holds_are("");
}

static void cases_are_read(void **state)
{
    (void) state;
    struct answer answer = trial_get(trial, SAFETY, "/safety");
    assert_int_equal(answer.status, 200);
    const struct json *items = json_get(answer.json, "items");
    assert_int_equal(items->count, 2);
    assert_non_null(json_get_string(&items->items[0], "number"));
    assert_true(json_get(&items->items[0], "clocks")->count >= 3);
    assert_int_equal(json_get(&items->items[0], "opinions")->count, 2);
    answer_done(&answer);
    /* another site reads nothing of it */
    answer = trial_get(trial, STRANGER, "/safety");
    assert_int_equal(answer.status, 200);
    assert_int_equal(json_get(answer.json, "items")->count, 0);
    answer_done(&answer);
}

/* The operator's command was told: event, study, number, clock, due; and nothing else. */
static void the_command_was_told(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_printf(&path, "%s/told", folder);
    bool told = false;
    for (int tries = 0; tries < 100 && !told; tries++) {
        (void) usleep(100 * 1000);
        if (access(bytes_text(&path), R_OK) == 0) {
            CLEANUP(bytes_done) struct bytes text = read_file(bytes_text(&path));
            told = strstr(bytes_text(&text), "sae MABS06 SAE-0002 ack 20") != NULL;
            assert_null(strstr(bytes_text(&text), SCENE_SUBJECT));
        }
    }
    assert_true(told);
}

static char *write_command(void)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(bytes_done) struct bytes setting = {0};
    folder = temp_folder("crfd-notify");
    bytes_printf(&path, "%s/notify", folder);
    FILE *file = fopen(bytes_text(&path), "wb");
    BUG_IF(file == NULL);
    (void) fprintf(file, "#!/bin/sh\necho \"$@\" >>%s/told\n", folder);
    BUG_IF(fclose(file) != 0 || chmod(bytes_text(&path), 0700) != 0);
    bytes_printf(&setting, "notify_command = %s\n", bytes_text(&path));
    return mem_text(bytes_text(&setting));
}

/* ---- one batch ---- */

static void post(void *wire, enum who who, const struct record *record)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    CLEANUP(bytes_done) struct bytes request = {0};
    trial_sign(trial, who, record, &line);
    bytes_printf(&request,
                 "POST /v1/studies/MABS06/records HTTP/1.1\r\nHost: edc.test\r\n"
                 "Content-Type: application/jose+json\r\nConnection: close\r\n"
                 "Content-Length: %zu\r\n\r\n",
                 line.size);
    bytes_add_span(&request, span_bytes(&line));
    trial_wire_send(wire, span_bytes(&request));
    (void) usleep(300 * 1000); /* the next one comes behind it */
}

static void answers(void *wire, const char *wanted)
{
    CLEANUP(bytes_done) struct bytes answer = {0};
    assert_true(trial_wire_read(wire, 20, &answer));
    if (strncmp(bytes_text(&answer), wanted, strlen(wanted)) != 0) {
        print_error("%s\n", bytes_text(&answer));
    }
    assert_int_equal(strncmp(bytes_text(&answer), wanted, strlen(wanted)), 0);
    trial_wire_close(wire);
}

/* The head is held while three records come: the first alone in a batch that waits, the other
 * two in the next one. */
static void a_hold_decides_within_its_batch(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    PGconn *other = PQconnectdb(trial_superuser(trial));
    PQclear(PQexec(other, "begin; select * from crfd.log for update"));
    void *first = trial_wire_open(trial);
    void *second = trial_wire_open(trial);
    void *third = trial_wire_open(trial);
    struct record record = trial_record(trial, SPONSOR, RECORD_MILESTONE, arena);
    record.data.milestone =
        (struct milestone_data){.kind = "urgent-measure", .at = record.signature.signed_at};
    post(first, SPONSOR, &record);
    record = trial_record(trial, SPONSOR, RECORD_HOLD, arena);
    record.reason = "two fevers";
    record.data.hold = (struct hold_data){"enrolment", "study", NULL, NULL};
    post(second, SPONSOR, &record);
    record = trial_record(trial, STRANGER, RECORD_SUBJECT_ENROL, arena);
    record.data.subject_enrol = (struct subject_enrol_data){"101-M", "02"};
    post(third, STRANGER, &record);
    PQclear(PQexec(other, "rollback"));
    PQfinish(other);
    answers(first, "HTTP/1.1 201");
    answers(second, "HTTP/1.1 201");
    answers(third, "HTTP/1.1 409");
    /* one root for the two of them */
    CLEANUP(mem_freep)
    char *roots =
        scene_sql(trial, "select count(*) from crfd.root join crfd.log using (log_id)"
                         " where root.size = log.size - 1");
    assert_string_equal(roots, "0");
    holds_are("enrolment study asked");
}

int main(void)
{
    CLEANUP(mem_freep) char *settings = write_command();
    trial = scene_open(&(struct trial_options){.settings = settings});
    trial_hire(trial, SAFETY);
    add_test("no causality on a locked subject: held, acknowledged, ended by two opinions",
             no_cause_on_a_locked_subject);
    add_test("a related event is lifted by two persons, not by an opinion",
             related_is_lifted_by_two);
    add_test("cases are read by who may read them", cases_are_read);
    add_test("the operator's command is told of a report, without the subject",
             the_command_was_told);
    add_test("a hold decides what stands behind it in its batch",
             a_hold_decides_within_its_batch);
    int failed = run_added("safety over TLS");
    trial_stop(trial);
    remove_tree(folder);
    free(folder);
    return failed;
}
