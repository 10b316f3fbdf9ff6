/* SPDX-License-Identifier: Apache-2.0 */
/*
** What happens when something around the service fails, seen by those who send (RECORDS.md
** chapter 8): a lost answer of COMMIT, a record that the database will not take, a mark that
** cannot be written, a database that stands still.
*/
#include <sys/stat.h>
#include <unistd.h>

#include "tests/attack/clients.h"
#include "tests/support/rows.h"

#define CLIENTS 6

static struct trial *trial;
static struct clients *clients; /* at work in all tests; checked at the end */

static void sql(const char *text)
{
    free(pgtmp_must(trial_superuser(trial), text));
}

/* A form of a subject that no client has, under another repeat key each time. */
static void sign_form(const char *repeat, struct bytes *out)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record =
        trial_form(trial, INVESTIGATOR, "04-LOG-CM.json", "007-K", NULL, arena);
    record.data.form_submit.form.key.form_repeat = repeat;
    trial_sign(trial, INVESTIGATOR, &record, out);
}

static void expect(struct answer answer, int wanted, const char *code)
{
    if (answer.status != wanted || strcmp(answer_code(&answer), code) != 0) {
        fail_msg("wanted %d %s, got %d %s", wanted, code, answer.status,
                 bytes_text(&answer.body));
    }
    assert_true(wanted >= 300 || answer_has_receipt(&answer));
    assert_true(wanted < 300 || answer_text(&answer, "request_id") != NULL);
    answer_done(&answer);
}

static void a_lost_connection_around_commit_loses_nothing(void **state)
{
    (void) state;
    for (int i = 0; i < 40; i++) {
        (void) usleep(37000);
        sql("select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where usename = 'crfd_service'");
    }
}

static void a_poisoned_record_gets_500_and_the_others_201(void **state)
{
    (void) state;
    sql("create or replace function crfd.poison() returns trigger language plpgsql as"
        " $$ begin raise 'poisoned'; end $$;"
        "create trigger poison before insert on crfd.entry for each row"
        " when (new.object like '%/poison%') execute function crfd.poison()");
    struct bytes lines[4] = {{0}, {0}, {0}, {0}};
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        char repeat[16];
        (void) snprintf(repeat, sizeof(repeat), "poison%zu", i);
        sign_form(repeat, &lines[i]);
        expect(trial_post(trial, span_bytes(&lines[i])), 500, "internal");
    }
    sql("drop trigger poison on crfd.entry");
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        /* its id is unspent: the same bytes are taken now */
        expect(trial_post(trial, span_bytes(&lines[i])), 201, "");
        bytes_done(&lines[i]);
    }
}

static char *state_file(const char *name)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_printf(&path, "%s/" TRIAL_SLUG ".%s", trial_folder(trial), name);
    return mem_text(bytes_text(&path));
}

static void a_mark_that_cannot_be_written_holds_the_proof_back(void **state)
{
    (void) state;
    /* a folder in the place of the new mark: not even root can write it */
    CLEANUP(mem_freep) char *blocked = state_file("highwater.new");
    CLEANUP(bytes_done) struct bytes line = {0};
    sign_form("unsigned", &line);
    while (mkdir(blocked, 0700) != 0) {
    }
    int64_t before = trial_count(trial, "entry");
    expect(trial_post(trial, span_bytes(&line)), 503, "unavailable");
    expect(trial_post(trial, span_bytes(&line)), 503, "unavailable");
    assert_true(trial_count(trial, "entry") <= before + 1 + CLIENTS); /* no further batch */
    assert_int_equal(rmdir(blocked), 0);
    for (int i = 0; i < 100; i++) {
        struct answer answer = trial_post(trial, span_bytes(&line));
        int got = answer.status;
        bool proven = answer_has_receipt(&answer);
        answer_done(&answer);
        if (got != 503) {
            assert_true((got == 200 || got == 201) && proven);
            return;
        }
        (void) usleep(100000);
    }
    fail_msg("the proof never came");
}

static void a_state_folder_that_is_gone_holds_the_proof_back(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes away = {0};
    CLEANUP(bytes_done) struct bytes line = {0};
    bytes_printf(&away, "%s-away", trial_folder(trial));
    sign_form("folder", &line);
    assert_int_equal(rename(trial_folder(trial), bytes_text(&away)), 0);
    struct answer answer = trial_post(trial, span_bytes(&line));
    assert_int_equal(rename(bytes_text(&away), trial_folder(trial)), 0);
    assert_int_equal(answer.status, 503);
    answer_done(&answer);
    for (int i = 0; i < 100 && !trial_ready(trial, 1); i++) {
    }
    (void) usleep(1500000); /* the pause before the signer tries again */
    answer = trial_post(trial, span_bytes(&line));
    assert_true(answer.status == 200 || answer.status == 201);
    assert_true(answer_has_receipt(&answer));
    answer_done(&answer);
}

static void a_database_that_stands_still_is_an_unknown_outcome(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    sign_form("frozen", &line);
    pgtmp_freeze(trial_pg(trial));
    struct answer answer = trial_post(trial, span_bytes(&line));
    pgtmp_thaw(trial_pg(trial));
    assert_int_equal(answer.status, 503);
    assert_non_null(strstr(bytes_text(&answer.headers), "etry-"));
    answer_done(&answer);
    for (int i = 0; i < 100; i++) {
        answer = trial_post(trial, span_bytes(&line));
        int got = answer.status;
        answer_done(&answer);
        if (got == 200 || got == 201) {
            return;
        }
        assert_int_equal(got, 503);
        (void) usleep(100000);
    }
    fail_msg("the record never got through");
}

/* The bug: while the study was being read, every key was unknown, so an outbox gave up. */
static void a_study_that_is_still_being_read_calls_nobody_unknown(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    sign_form("loading", &line);
    trial_kill(trial);
    pgtmp_kill(trial_pg(trial));
    trial_launch(trial);
    struct answer answer = trial_post(trial, span_bytes(&line));
    assert_int_equal(answer.status, 503);
    answer_done(&answer);
    answer = trial_get(trial, INVESTIGATOR, "/people");
    assert_int_equal(answer.status, 503);
    answer_done(&answer);
    pgtmp_restart(trial_pg(trial));
    assert_true(trial_ready(trial, 60));
    expect(trial_post(trial, span_bytes(&line)), 201, "");
}

static void nothing_was_lost_in_all_this(void **state)
{
    (void) state;
    clients_stop(clients);
    clients_check(clients);
}

int main(void)
{
    trial = trial_start(
        &(struct trial_options){.fsync = true, .settings = "answer_seconds = 2\n"});
    trial_open(trial);
    trial_enrol(trial, "007-K");
    clients = clients_start(trial, CLIENTS);
    add_test("a lost connection around COMMIT loses nothing",
             a_lost_connection_around_commit_loses_nothing);
    add_test("a record that the database will not take gets 500, the others 201",
             a_poisoned_record_gets_500_and_the_others_201);
    add_test("a high-water mark that cannot be written holds the proof back",
             a_mark_that_cannot_be_written_holds_the_proof_back);
    add_test("a state folder that is gone holds the proof back",
             a_state_folder_that_is_gone_holds_the_proof_back);
    add_test("a database that stands still is an unknown outcome",
             a_database_that_stands_still_is_an_unknown_outcome);
    add_test("a study that is still being read calls nobody unknown",
             a_study_that_is_still_being_read_calls_nobody_unknown);
    add_test("nothing was lost in all this", nothing_was_lost_in_all_this);
    int failed = run_added("failures around the service");
    clients_free(clients);
    trial_stop(trial);
    return failed;
}
