/* SPDX-License-Identifier: Apache-2.0 */
/*
** Safety over TLS: a related event stops dosing in its own commit, two opinions end what was
** provisional, two persons lift what is real, the log tells it all; and a hold decides what
** stands behind it in the same batch, whichever site it comes from.
*/
#include <libpq-fe.h>
#include <unistd.h>

#include "tests/system/safety_acts.h"

static struct trial *trial;

#define SAE       "mabs06-apart/012-Q-LOG-SAE.json"
#define OBJECT(r) "subject/" SCENE_SUBJECT "/SE.LOG/-/F.SAE/" r

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

static void acknowledge(enum who who, const char *object)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(mem_freep) char *leaf = scene_leaf(trial, object);
    struct record record = trial_record(trial, who, RECORD_SAFETY_ACK, arena);
    record.data.safety_ack = (struct safety_ack_data){object, leaf, NULL};
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
    safety_holds_are(trial, "dosing study provisional");
    assert_int_equal(metric("crfd_safety_unacknowledged"), 1);
    assert_int_equal(metric("crfd_holds"), 1);
    acknowledge(SAFETY, OBJECT("c1"));
    assert_int_equal(metric("crfd_safety_unacknowledged"), 0);
    safety_assess(trial, INVESTIGATOR, OBJECT("c1"), "unrelated");
    safety_holds_are(trial, "dosing study provisional");
    safety_assess(trial, SAFETY, OBJECT("c1"), "unrelated");
    safety_holds_are(trial, "");
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
    safety_holds_are(trial, "dosing study held");
    safety_assess(trial, SAFETY, OBJECT("c2"), "unrelated");
    safety_holds_are(trial, "dosing study held");
    safety_lift(trial, SPONSOR);
    safety_holds_are(trial, "dosing study lifting");
    safety_lift(trial, SAFETY);
    safety_holds_are(trial, "");
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

static bool was_told(const char *words, int tenths)
{
    bool told = false;
    for (int tries = 0; tries < tenths && !told; tries++) {
        (void) usleep(100 * 1000);
        CLEANUP(bytes_done) struct bytes text = notify_told();
        told = strstr(bytes_text(&text), words) != NULL;
        assert_null(strstr(bytes_text(&text), SCENE_SUBJECT));
    }
    return told;
}

/* The operator's command was told: event, study, number, clock, due; and nothing else. */
static void the_command_was_told(void **state)
{
    (void) state;
    assert_true(was_told("sae MABS06 SAE-0002 ack 20", 100));
}

/* A disk that was not mounted for a while must not cost an alarm. */
static void the_command_is_told_later_when_it_was_not_there(void **state)
{
    (void) state;
    notify_hide(true);
    struct answer answer = report("c3", NULL);
    answer_done(&answer);
    assert_false(was_told("sae MABS06 SAE-0003", 30)); /* longer than from look to look */
    notify_hide(false);
    assert_true(was_told("sae MABS06 SAE-0003 ack 20", 100));
}

/* ---- one batch ---- */

/* The head is held while three records come: the first alone in a batch that waits, the other
 * two in the next one. */
static void a_hold_decides_within_its_batch(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    PGconn *other = PQconnectdb(trial_superuser(trial));
    PQclear(PQexec(other, "begin; select * from crfd.log for update"));
    struct record record = trial_record(trial, SPONSOR, RECORD_MILESTONE, arena);
    record.data.milestone =
        (struct milestone_data){.kind = "urgent-measure", .at = record.signature.signed_at};
    void *first = safety_post(trial, SPONSOR, &record);
    record = trial_record(trial, SPONSOR, RECORD_HOLD, arena);
    record.reason = "two fevers";
    record.data.hold = (struct hold_data){"enrolment", "study", NULL, NULL};
    void *second = safety_post(trial, SPONSOR, &record);
    record = trial_record(trial, STRANGER, RECORD_SUBJECT_ENROL, arena);
    record.data.subject_enrol = (struct subject_enrol_data){"101-M", "02"};
    void *third = safety_post(trial, STRANGER, &record);
    PQclear(PQexec(other, "rollback"));
    PQfinish(other);
    safety_answers(first, "HTTP/1.1 201", "receipt");
    safety_answers(second, "HTTP/1.1 201", "receipt");
    safety_answers(third, "HTTP/1.1 409", "");
    safety_one_commit(trial);
    safety_holds_are(trial, "enrolment study asked");
}

int main(void)
{
    CLEANUP(mem_freep) char *settings = notify_make();
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
    add_test("the operator's command is told later when it was not there",
             the_command_is_told_later_when_it_was_not_there);
    int failed = run_added("safety over TLS");
    trial_stop(trial);
    notify_remove();
    return failed;
}
