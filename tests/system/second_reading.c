/* SPDX-License-Identifier: Apache-2.0 */
/*
** What the second reading of the service found, as a user would meet it.
*/
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "crypto/jws.h"
#include "crypto/random.h"
#include "tests/support/rows.h"
#include "tests/support/trialtmp.h"

static struct trial *trial;

/* Send the same form again without saying that it replaces one: refused. Its id, its entry. */
static int64_t send_refused(char jti[UUID_TEXT_SIZE])
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes line = {0};
    struct jws jws;
    struct err err = {0};
    struct record record =
        trial_form(trial, INVESTIGATOR, "02-V1-DM.json", NULL, NULL, arena);
    trial_sign(trial, INVESTIGATOR, &record, &line);
    assert_status(jws_parse(span_bytes(&line), arena, &jws, &err), OK, &err);
    uuid_format(&jws.jti, jti);
    struct answer answer = trial_post(trial, span_bytes(&line));
    assert_int_equal(answer.status, 409);
    int64_t seq = answer_number(&answer, "seq");
    assert_true(seq > 0);
    answer_done(&answer);
    return seq;
}

static void the_receipt_of_a_refusal_is_not_everybodys(void **state)
{
    (void) state;
    static const struct {
        enum who who;
        int status;
    } readers[] = {{INVESTIGATOR, 200}, {FOUNDER, 200}, {STRANGER, 403}, {NOBODY, 401}};
    char jti[UUID_TEXT_SIZE];
    char path[64];
    int64_t seq = send_refused(jti);
    (void) snprintf(path, sizeof(path), "/receipts/%lld", (long long) seq);
    for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
        struct answer answer = trial_get(trial, readers[i].who, path);
        assert_int_equal(answer.status, readers[i].status);
        answer_done(&answer);
    }
}

static void the_answer_to_a_refused_record_stays_a_refusal(void **state)
{
    (void) state;
    char jti[UUID_TEXT_SIZE];
    char path[80];
    int64_t seq = send_refused(jti);
    (void) snprintf(path, sizeof(path), "/records/%s", jti);
    struct answer answer = trial_get(trial, INVESTIGATOR, path);
    assert_int_equal(answer.status, 409);
    assert_int_equal(answer_number(&answer, "seq"), seq);
    assert_string_equal(answer_code(&answer), "stale");
    answer_done(&answer);
}

static void a_history_comes_in_pages(void **state)
{
    (void) state;
    struct answer answer = trial_get(trial, FOUNDER, "/history?object=study&after=0");
    assert_int_equal(answer.status, 200);
    assert_int_equal(json_get(answer.json, "items")->count, 0);
    answer_done(&answer);
    answer = trial_get(trial, FOUNDER, "/history?object=study&after=x");
    assert_int_equal(answer.status, 400);
    answer_done(&answer);
}

static void an_investigator_stores_no_blobs(void **state)
{
    (void) state;
    struct answer answer =
        trial_put_blob(trial, INVESTIGATOR, SPAN_LITERAL("not a definition"));
    assert_int_equal(answer.status, 403);
    answer_done(&answer);
}

static void what_leads_nowhere_is_told_so(void **state)
{
    (void) state;
    struct answer answer = trial_get_plain(trial, "/v1/nothing");
    assert_int_equal(answer.status, 404);
    answer_done(&answer);
    answer = trial_get(trial, INVESTIGATOR, "/records"); /* takes POST alone */
    assert_int_equal(answer.status, 405);
    assert_non_null(strstr(bytes_text(&answer.headers), "Allow: POST\r\n"));
    answer_done(&answer);
}

/* crfd answered 401 until the study had been read: a client takes that for final. */
static void nobody_is_called_unknown_while_a_study_is_being_read(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record =
        trial_form(trial, INVESTIGATOR, "02-V1-DM.json", NULL, NULL, arena);
    trial_sign(trial, INVESTIGATOR, &record, &line);
    pgtmp_freeze(trial_pg(trial));
    trial_kill(trial);
    trial_launch(trial);
    struct answer posted = trial_post(trial, span_bytes(&line));
    struct answer read = trial_get(trial, INVESTIGATOR, "/subjects");
    struct answer passport = trial_get(trial, INVESTIGATOR, "");
    pgtmp_thaw(trial_pg(trial));
    assert_int_equal(posted.status, 503);
    assert_int_equal(read.status, 503);
    assert_int_equal(passport.status, 503);
    answer_done(&posted);
    answer_done(&read);
    answer_done(&passport);
    assert_true(trial_ready(trial, 30));
}

/* Whoever waits is told in time that nobody knows yet; then crfd stops, with its batch in
 * work. */
static void it_stops_in_time_while_the_database_hangs(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record =
        trial_form(trial, INVESTIGATOR, "03-V1-MH.json", NULL, NULL, arena);
    trial_sign(trial, INVESTIGATOR, &record, &line);
    pgtmp_freeze(trial_pg(trial));
    struct answer answer = trial_post(trial, span_bytes(&line));
    int stopped = trial_terminate(trial);
    pgtmp_thaw(trial_pg(trial));
    assert_int_equal(answer.status, 503);
    assert_string_equal(answer_code(&answer), "unknown");
    assert_non_null(strstr(bytes_text(&answer.headers), "Retry-After"));
    assert_int_equal(stopped, 0);
    answer_done(&answer);
    trial_restart(trial);
    answer = trial_post(trial, span_bytes(&line)); /* the same id: stored once */
    assert_true(answer.status == 201 || answer.status == 200);
    answer_done(&answer);
}

static void two_crfd_do_not_share_a_folder(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_printf(&path, "%s/lock", trial_folder(trial));
    int fd = open(bytes_text(&path), O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_not_equal(flock(fd, LOCK_EX | LOCK_NB), 0); /* crfd has it */
    trial_kill(trial);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_int_equal(close(fd), 0);
    trial_restart(trial);
}

int main(void)
{
    trial = trial_start(&(struct trial_options){.settings = "answer_seconds = 2\n"});
    trial_open(trial);
    trial_enrol(trial, "007-K");
    struct answer first =
        trial_submit_file(trial, COORDINATOR, "02-V1-DM.json", NULL, NULL);
    if (first.status != 201) {
        die(WHERE, bytes_text(&first.body));
    }
    answer_done(&first);
    add_test("the receipt of a refusal is not everybody's",
             the_receipt_of_a_refusal_is_not_everybodys);
    add_test("the answer to a refused record stays a refusal",
             the_answer_to_a_refused_record_stays_a_refusal);
    add_test("a history comes in pages", a_history_comes_in_pages);
    add_test("an investigator stores no blobs", an_investigator_stores_no_blobs);
    add_test("what leads nowhere is told so", what_leads_nowhere_is_told_so);
    add_test("nobody is called unknown while a study is being read",
             nobody_is_called_unknown_while_a_study_is_being_read);
    add_test("it stops in time while the database hangs",
             it_stops_in_time_while_the_database_hangs);
    add_test("two crfd do not share a folder", two_crfd_do_not_share_a_folder);
    int failed = run_added("the second reading");
    trial_stop(trial);
    return failed;
}
