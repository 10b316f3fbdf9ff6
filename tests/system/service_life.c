/* SPDX-License-Identifier: Apache-2.0 */
/*
** The life of the service: signals, restarts, the database going and coming, settings, and a
** study that is halted.
*/
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/files.h"
#include "tests/support/process.h"
#include "tests/system/scene.h"

static struct trial *trial;

#define RECORDS "/v1/studies/MABS06/records"

/* ---- helpers ---- */

static bool log_says(const char *text)
{
    CLEANUP(bytes_done) struct bytes log = read_file(trial_log_file(trial));
    return strstr(bytes_text(&log), text) != NULL;
}

static bool log_will_say(const char *text, int seconds)
{
    for (int i = 0; i < seconds * 20; i++) {
        if (log_says(text)) {
            return true;
        }
        (void) usleep(50000);
    }
    return false;
}

static void assert_operator(int status_wanted, const char *text)
{
    struct answer answer = {0};
    for (int i = 0; i < 100 && answer.status != status_wanted; i++) {
        answer_done(&answer);
        answer = trial_ask_operator(trial, "/readyz");
        (void) usleep(50000);
    }
    assert_int_equal(answer.status, status_wanted);
    assert_non_null(strstr(bytes_text(&answer.body), text));
    answer_done(&answer);
}

/* A form that is new each time: a log entry of concomitant medication. */
static void write_form(struct bytes *line)
{
    static int number;
    CLEANUP(bytes_done) struct bytes change = {0};
    bytes_printf(&change, "c5e81f20b=>c%d", ++number);
    struct sheet sheet = {
        .who = COORDINATOR, .file = "04-LOG-CM.json", .changes = {bytes_text(&change)}};
    scene_sheet(trial, &sheet, line);
}

static int64_t store_form(void)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    write_form(&line);
    struct answer answer = trial_post(trial, span_bytes(&line));
    assert_int_equal(answer.status, 201);
    scene_verify(trial, span_bytes(&line), &answer, false);
    int64_t seq = answer_number(&answer, "seq");
    answer_done(&answer);
    return seq;
}

/* ---- SIGTERM, restart ---- */

static void post_on(void *wire, const struct bytes *line)
{
    CLEANUP(bytes_done) struct bytes request = {0};
    bytes_printf(&request,
                 "POST " RECORDS " HTTP/1.1\r\nHost: edc.test\r\nContent-Type: "
                 "application/jose+json\r\nContent-Length: %zu\r\n\r\n",
                 line->size);
    bytes_add_span(&request, span_bytes(line));
    trial_wire_send(wire, span_bytes(&request));
}

static void sigterm_answers_what_has_begun(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    CLEANUP(bytes_done) struct bytes got = {0};
    int64_t entries = trial_count(trial, "entry");
    write_form(&line);
    void *wire = trial_wire_open(trial);
    pgtmp_freeze(trial_pg(trial));
    post_on(wire, &line);
    (void) usleep(300000);
    trial_signal(trial, SIGTERM);
    assert_operator(503, "draining");
    struct answer late = trial_send(
        trial, &(struct trial_request){.method = "GET", .path = "/healthz", .fresh = true});
    assert_int_equal(late.status, 0); /* nobody new is let in */
    answer_done(&late);
    pgtmp_thaw(trial_pg(trial));
    assert_true(trial_wire_read(wire, 20, &got));
    trial_wire_close(wire);
    assert_true(span_starts(span_bytes(&got), "HTTP/1.1 201"));
    assert_int_equal(trial_wait(trial), 0);
    assert_true(log_says("\"event\":\"stopped\""));
    assert_true(trial_count(trial, "entry") > entries);
    trial_restart(trial);
    struct answer again = trial_post(trial, span_bytes(&line));
    assert_int_equal(again.status, 200);
    answer_done(&again);
}

static void a_restart_continues_the_log(void **state)
{
    (void) state;
    int64_t before = store_form();
    CLEANUP(mem_freep) char *vkey = mem_text(trial_vkey(trial));
    assert_int_equal(trial_terminate(trial), 0);
    trial_restart(trial);
    assert_int_equal(store_form(), before + 1);
    struct answer answer = trial_get_plain(trial, "/v1/studies/MABS06");
    assert_string_equal(answer_text(&answer, "vkey"), vkey);
    answer_done(&answer);
}

static void a_kill_loses_nothing_that_was_answered(void **state)
{
    (void) state;
    int64_t before = store_form();
    trial_kill(trial);
    trial_restart(trial);
    assert_int_equal(store_form(), before + 1);
}

/* ---- SIGHUP ---- */

static struct answer healthz_anew(void)
{
    return trial_send(
        trial, &(struct trial_request){.method = "GET", .path = "/healthz", .fresh = true});
}

static void sighup_reloads_the_certificate(void **state)
{
    (void) state;
    trial_change_certificate(trial);
    struct answer answer = healthz_anew();
    assert_int_equal(answer.status, 0); /* we believe the new one, it shows the old one */
    answer_done(&answer);
    trial_signal(trial, SIGHUP);
    assert_true(log_will_say("certificate reloaded", 10));
    answer = healthz_anew();
    assert_int_equal(answer.status, 200);
    answer_done(&answer);
    (void) store_form();
}

static void write_text(const char *path, struct span text)
{
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    assert_int_equal(fwrite(text.data, 1, text.size, file), text.size);
    assert_int_equal(fclose(file), 0);
}

static void a_broken_certificate_leaves_the_old_one(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes good = read_file(trial_certificate(trial));
    write_text(trial_certificate(trial), SPAN_LITERAL("no certificate"));
    trial_signal(trial, SIGHUP);
    assert_true(log_will_say("certificate not reloaded", 10));
    write_text(trial_certificate(trial), span_bytes(&good));
    struct answer answer = healthz_anew();
    assert_int_equal(answer.status, 200);
    answer_done(&answer);
}

/* ---- the database ---- */

static void an_unknown_schema_is_refused_and_said(void **state)
{
    (void) state;
    assert_int_equal(trial_terminate(trial), 0);
    free(scene_sql(trial, "insert into crfd.schema_version (number, name, sha256) select "
                          "max(number) + 1, 'later', repeat('0', 64) from "
                          "crfd.schema_version"));
    trial_launch(trial);
    assert_true(log_will_say("which this program does not know: install a newer crfd", 20));
    struct answer answer = trial_get_plain(trial, "/readyz");
    assert_int_equal(answer.status, 503);
    answer_done(&answer);
    free(scene_sql(trial, "delete from crfd.schema_version where name = 'later'"));
    assert_true(trial_ready(trial, 40)); /* by itself */
    (void) store_form();
}

static void it_starts_without_its_database_and_comes_up_by_itself(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    write_form(&line);
    assert_int_equal(trial_terminate(trial), 0);
    pgtmp_kill(trial_pg(trial));
    trial_launch(trial);
    struct answer answer = trial_get_plain(trial, "/readyz");
    assert_int_equal(answer.status, 503);
    assert_non_null(strstr(bytes_text(&answer.body), "\"database\":\"away\""));
    answer_done(&answer);
    answer = trial_get_plain(trial, "/healthz");
    assert_int_equal(answer.status, 200);
    answer_done(&answer);
    answer = trial_post(trial, span_bytes(&line));
    assert_true(answer.status == 503 || answer.status == 401);
    answer_done(&answer);
    pgtmp_restart(trial_pg(trial));
    assert_true(trial_ready(trial, 40));
    answer = trial_post(trial, span_bytes(&line));
    assert_int_equal(answer.status, 201);
    answer_done(&answer);
}

static void a_record_survives_the_loss_of_the_database(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    (void) store_form();
    write_form(&line);
    pgtmp_kill(trial_pg(trial));
    struct answer answer = trial_post(trial, span_bytes(&line));
    assert_int_equal(answer.status, 503);
    assert_non_null(strstr(bytes_text(&answer.headers), "Retry-After: "));
    assert_string_equal(answer_text(&answer, "title"),
                        "Something we need is away; send the same again, nothing is lost");
    answer_done(&answer);
    pgtmp_restart(trial_pg(trial));
    assert_true(trial_ready(trial, 40));
    answer = trial_post(trial, span_bytes(&line));
    assert_true(answer.status == 201 || answer.status == 200);
    scene_verify(trial, span_bytes(&line), &answer, false);
    int64_t seq = answer_number(&answer, "seq");
    answer_done(&answer);
    answer = trial_post(trial, span_bytes(&line));
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer_number(&answer, "seq"), seq);
    answer_done(&answer);
    CLEANUP(mem_freep)
    char *once = scene_sql(trial, "select count(*) from crfd.record_id where seq = %lld",
                           (long long) seq);
    assert_string_equal(once, "1");
}

static void a_slow_database_is_answered_in_time(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    write_form(&line);
    pgtmp_freeze(trial_pg(trial));
    instant began = clock_monotonic(&clock_system);
    struct answer answer = trial_post(trial, span_bytes(&line));
    instant took = clock_monotonic(&clock_system) - began;
    pgtmp_thaw(trial_pg(trial));
    assert_int_equal(answer.status, 503);
    assert_true(took < 8 * SECOND); /* answer_seconds is 3 here */
    answer_done(&answer);
    assert_true(trial_ready(trial, 40));
    for (int i = 0; i < 100; i++) {
        answer_done(&answer);
        answer = trial_post(trial, span_bytes(&line));
        if (answer.status != 503) {
            break;
        }
        (void) usleep(100000);
    }
    assert_true(answer.status == 200 || answer.status == 201);
    scene_verify(trial, span_bytes(&line), &answer, false);
    answer_done(&answer);
}

/* ---- settings ---- */

struct setting_row {
    const char *name;
    const char *change; /* of the configuration that runs */
    const char *says;
};

static const struct setting_row settings[] = {
    {"an unknown setting is told by its line",
     "unsafe_database = =>colour = ", "there is no setting \"colour\""},
    {"a number below its bounds is refused", "scrub_milliseconds = 20=>workers = 0",
     "workers must be a whole number from 1 to 64"},
    {"a number above its bounds is refused", "scrub_milliseconds = 20=>batch = 257",
     "batch must be a whole number from 1 to 256"},
    {"a word for a number is refused", "scrub_milliseconds = 20=>queue = many",
     "queue must be a whole number"},
    {"a word for yes or no is refused", "unsafe_database = yes=>unsafe_database = maybe",
     "unsafe_database must be yes or no"},
    {"a missing setting is named", "database = =># ", "the setting database must be given"},
    {"a missing address is named", "listen = =># ", "listen and public_url must be given"},
    {"a setting given twice is refused",
     "scrub_milliseconds = 20=>workers = 2\nworkers = 3", "workers is set twice"},
    {"a line that is no setting is refused", "scrub_milliseconds = 20=>hello",
     "expected `name = value`"},
    {"a public_url without TLS is refused", "public_url = https=>public_url = http",
     "public_url must begin with https://"},
    {"a study without a founder is refused",
     "study = MABS06 =>study = MABS06\nstudy = OTHER ",
     "study must be: name, origin, founder's thumbprint"},
    {"an unknown log_level is refused", "scrub_milliseconds = 20=>log_level = loud",
     "log_level must be"},
};

/* Run crfd on CONFIG until it ends; its exit status and what it said. */
static int run_crfd(const char *config, const char *option, struct bytes *said)
{
    return process_run(CRFD_PROGRAM,
                       (const char *const[]){"--config", config, option, NULL}, NULL, said);
}

static void change_config(const char *change, struct bytes *path)
{
    CLEANUP(bytes_done) struct bytes from = {0};
    bytes_printf(&from, "%s/crfd.conf", trial_folder(trial));
    bytes_printf(path, "%s/other.conf", trial_folder(trial));
    CLEANUP(bytes_done) struct bytes text = read_file(bytes_text(&from));
    trial_change(&text, change);
    write_text(bytes_text(path), span_bytes(&text));
}

static void a_wrong_setting_is_told(void **state)
{
    const struct setting_row *row = *state;
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(bytes_done) struct bytes said = {0};
    change_config(row->change, &path);
    int code = run_crfd(bytes_text(&path), NULL, &said);
    if (code != 3 || strstr(bytes_text(&said), row->says) == NULL) {
        fail_msg("exit %d, said: %s", code, bytes_text(&said));
    }
}

static void a_configuration_can_be_checked_and_printed(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(bytes_done) struct bytes said = {0};
    change_config("scrub_milliseconds = 20=>scrub_milliseconds = 77", &path);
    assert_int_equal(run_crfd(bytes_text(&path), "--check-config", &said), 0);
    assert_int_equal(said.size, 0);
    assert_int_equal(run_crfd(bytes_text(&path), "--dump-config", &said), 0);
    assert_non_null(strstr(bytes_text(&said), "scrub_milliseconds = 77\n"));
}

static void a_missing_configuration_is_told(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes said = {0};
    assert_int_equal(run_crfd("/nonexistent/crfd.conf", NULL, &said), 3);
    assert_non_null(strstr(bytes_text(&said), "/nonexistent/crfd.conf: No such file"));
}

static void a_state_folder_that_others_enter_is_refused(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(bytes_done) struct bytes said = {0};
    change_config(NULL, &path);
    assert_int_equal(chmod(trial_folder(trial), 0755), 0);
    int code = run_crfd(bytes_text(&path), NULL, &said);
    assert_int_equal(chmod(trial_folder(trial), 0700), 0);
    assert_int_equal(code, 3);
    assert_non_null(strstr(bytes_text(&said), "that nobody else can enter (0700)"));
}

/* ---- the tables of another version ---- */

static char *person_name(void)
{
    return scene_sql(trial, "select name from crfd.person where person = 'p-0001'");
}

/* The fifth line of the mark is the number of the projections: none is 1. */
static void mark_older_projections(void)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_printf(&path, "%s/" TRIAL_SLUG ".highwater", trial_folder(trial));
    CLEANUP(bytes_done) struct bytes mark = read_file(bytes_text(&path));
    struct span rest = span_bytes(&mark);
    struct span line;
    for (int i = 0; i < 4; i++) {
        assert_true(span_cut(&rest, '\n', &line));
    }
    assert_true(rest.size > 0);
    FILE *file = fopen(bytes_text(&path), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(mark.data, 1, mark.size - rest.size, file),
                     mark.size - rest.size);
    assert_int_equal(fclose(file), 0);
}

static void tables_of_an_older_version_are_written_anew(void **state)
{
    (void) state;
    const char *written_anew = "\"event\":\"the tables were those of another version: "
                               "written anew from the log\"";
    CLEANUP(mem_freep) char *name = person_name();
    trial_kill(trial);
    free(scene_sql(trial, "update crfd.person set name = 'A. Nother';"
                          " delete from crfd.grant_ where person = 'p-0001';"
                          " insert into crfd.lock (log_id, scope, state, src_seq)"
                          " select log_id, 'site/77', 'locked', 1 from crfd.log"));
    mark_older_projections();
    trial_restart(trial);
    assert_true(trial_ready(trial, 5));
    assert_true(log_says(written_anew));
    CLEANUP(mem_freep) char *again = person_name();
    assert_string_equal(again, name);
    CLEANUP(mem_freep)
    char *locks =
        scene_sql(trial, "select count(*) from crfd.lock where scope = 'site/77'");
    assert_string_equal(locks, "0");
    (void) store_form();
    (void) usleep(500000); /* and the scrub finds nothing */
    assert_true(trial_ready(trial, 1));

    trial_kill(trial);
    mark_older_projections(); /* the same rows: only the number is set */
    trial_restart(trial);
    assert_true(trial_ready(trial, 5));
    (void) store_form();
}

static void is_evidence(const char *path, void *arg)
{
    bool *found = arg;
    *found = *found || strstr(path, "/MABS06.evidence-") != NULL;
}

/* ---- a halted study ---- */

static void a_changed_log_is_halted_with_evidence_and_still_read(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    write_form(&line);
    free(
        scene_sql(trial, "update crfd.body set bytes = bytes || 'x'::bytea where seq = 3"));
    assert_true(log_will_say("\"event\":\"log halted\"", 20));
    struct answer answer = trial_get_plain(trial, "/readyz");
    assert_int_equal(answer.status, 503);
    assert_non_null(strstr(bytes_text(&answer.body), "\"MABS06\":\"halted\""));
    answer_done(&answer);
    answer = trial_post(trial, span_bytes(&line));
    assert_int_equal(answer.status, 503);
    assert_string_equal(answer_code(&answer), "log-halted");
    answer_done(&answer);
    static const char *const reads[] = {"/subjects/007-K", "/people", "/receipts/9",
                                        "/bodies?from=0&to=20"};
    for (size_t i = 0; i < ARRAY_LEN(reads); i++) {
        answer = trial_get(trial, INVESTIGATOR, reads[i]);
        assert_int_equal(answer.status, 200);
        answer_done(&answer);
    }
    answer = trial_get_plain(trial, "/v1/studies/MABS06/checkpoint");
    assert_int_equal(answer.status, 200);
    answer_done(&answer);
    bool evidence = false;
    (void) each_file(trial_folder(trial), ".json", is_evidence, &evidence);
    assert_true(evidence);
}

int main(void)
{
    trial = scene_open(&(struct trial_options){.settings = "answer_seconds = 3"});
    add_rows(settings, ARRAY_LEN(settings), sizeof(settings[0]), a_wrong_setting_is_told);
    add_test("a configuration can be checked and printed",
             a_configuration_can_be_checked_and_printed);
    add_test("a missing configuration is told", a_missing_configuration_is_told);
    add_test("a state folder that others enter is refused",
             a_state_folder_that_others_enter_is_refused);
    add_test("SIGTERM answers what has begun, says so, and ends with 0",
             sigterm_answers_what_has_begun);
    add_test("a restart continues the log", a_restart_continues_the_log);
    add_test("a kill loses nothing that was answered",
             a_kill_loses_nothing_that_was_answered);
    add_test("SIGHUP reloads the certificate", sighup_reloads_the_certificate);
    add_test("a broken certificate leaves the old one in use",
             a_broken_certificate_leaves_the_old_one);
    add_test("an unknown schema is refused with a clear line",
             an_unknown_schema_is_refused_and_said);
    add_test("it starts without its database, and comes up by itself",
             it_starts_without_its_database_and_comes_up_by_itself);
    add_test("a record survives the loss of the database",
             a_record_survives_the_loss_of_the_database);
    add_test("a slow database is answered in time", a_slow_database_is_answered_in_time);
    add_test("tables of an older version are written anew from the log",
             tables_of_an_older_version_are_written_anew);
    add_test("a changed log is halted with evidence, and still read",
             a_changed_log_is_halted_with_evidence_and_still_read);
    int failed = run_added("the life of the service");
    trial_stop(trial);
    return failed;
}
