/* SPDX-License-Identifier: Apache-2.0 */
/*
** The first proof over TLS: from an empty database to a receipt that verifies by itself.
*/
#include "crypto/receipt.h"
#include "tests/support/rows.h"
#include "tests/support/trialtmp.h"

static struct trial *trial;

static void a_form_gets_a_receipt_that_verifies_without_the_service(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes line = {0};
    CLEANUP(note_key_freep) struct note_key *log = NULL;
    struct receipt_facts facts;
    struct err err;
    struct record record =
        trial_form(trial, INVESTIGATOR, "01-V1-CONSENT.json", NULL, NULL, arena);
    trial_sign(trial, INVESTIGATOR, &record, &line);
    struct answer answer = trial_post(trial, span_bytes(&line));
    if (answer.status != 201) {
        print_error("%s\n", bytes_text(&answer.body));
    }
    assert_int_equal(answer.status, 201);
    assert_status(note_key_parse(span_text(trial_vkey(trial)), &log, &err), OK, &err);
    struct checkpoint_trust trust = {.log = log};
    assert_status(receipt_verify(span_bytes(&line),
                                 span_text(answer_text(&answer, "receipt")), &trust, arena,
                                 &facts, &err),
                  OK, &err);
    assert_int_equal(facts.seq, answer_number(&answer, "seq"));
    answer_done(&answer);

    struct answer again = trial_post(trial, span_bytes(&line));
    assert_int_equal(again.status, 200);
    assert_int_equal(answer_number(&again, "seq"), facts.seq);
    answer_done(&again);
}

static void every_form_of_the_example_subject_is_accepted(void **state)
{
    (void) state;
    static const char *const files[] = {"02-V1-DM.json",       "03-V1-MH.json",
                                        "04-LOG-CM.json",      "05-V1-PREGTEST.json",
                                        "06-V1-LAB.json",      "07-V1-FATIGUE.json",
                                        "08-V1-STRENGTH.json", "42-LOG-SAE.json"};
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        struct answer answer = trial_submit_file(trial, COORDINATOR, files[i], NULL, NULL);
        if (answer.status != 201) {
            print_error("%s: %d %s\n", files[i], answer.status, bytes_text(&answer.body));
        }
        assert_int_equal(answer.status, 201);
        answer_done(&answer);
    }
}

/* crfd died: a route that waits for the database must have accepted the (empty) body first. */
static void a_read_that_waits_for_the_database_is_answered(void **state)
{
    (void) state;
    struct answer answer = trial_get(trial, INVESTIGATOR, "/subjects/007-K");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_text(&answer, "subject"), "007-K");
    answer_done(&answer);
}

/* The cursor's statement was not prepared: every stream was cut. */
static void the_bodies_stream_to_their_end(void **state)
{
    (void) state;
    struct answer answer = trial_get(trial, MONITOR, "/bodies?from=0&to=5");
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(bytes_text(&answer.body), "{\"end\":5}\n"));
    answer_done(&answer);
}

int main(void)
{
    trial = trial_start(&(struct trial_options){0});
    trial_open(trial);
    trial_enrol(trial, "007-K");
    add_test("a form gets a receipt that verifies without the service",
             a_form_gets_a_receipt_that_verifies_without_the_service);
    add_test("the forms of the example subject are accepted",
             every_form_of_the_example_subject_is_accepted);
    add_test("a read that waits for the database is answered",
             a_read_that_waits_for_the_database_is_answered);
    add_test("the bodies stream to their end", the_bodies_stream_to_their_end);
    int failed = run_added("the first proof");
    trial_stop(trial);
    return failed;
}
