/* SPDX-License-Identifier: Apache-2.0 */
/*
** A definition is read on a worker: the loop serves others meanwhile. Shown by order, not by
** time: the only worker is kept busy until the others were served.
*/
#include "service/flow/definer.h"

#include <unistd.h>

#include "crypto/digest.h"
#include "service/flow/ledger.h"
#include "service/loop/loop.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

#define WAIT (20 * SECOND)

struct scene {
    struct loop *loop;
    struct ledger ledger;
    struct definer *definer;
    struct loop_timer *other;
    int ends[2];
    char order[8];
    size_t happened;
};

static void happen(struct scene *s, char what)
{
    assert_true(s->happened < sizeof(s->order) - 1);
    s->order[s->happened++] = what;
}

static void defined(void *arg)
{
    happen(arg, 'D');
}

static void served(void *arg)
{
    happen(arg, 'O');
}

static void freed(void *arg)
{
    happen(arg, 'W');
}

/* What the worker has to do first: wait for a byte. */
static void keep_busy(void *arg)
{
    struct scene *s = arg;
    char byte = 0;
    BUG_IF(read(s->ends[0], &byte, 1) != 1);
}

static struct scene *scene_new(void)
{
    struct scene *s = mem_alloc(sizeof(*s));
    struct err err = {0};
    struct loop_options options = {.workers = 1, .queue = 2};
    assert_status(loop_new(&options, &s->loop, &err), OK, &err);
    assert_int_equal(pipe(s->ends), 0);
    s->other = loop_timer_new(s->loop, served, s);
    s->definer = definer_new(defined, s);
    return s;
}

static void scene_free(struct scene *s)
{
    loop_timer_free(s->other);
    loop_free(s->loop);
    ledger_forget(&s->ledger);
    (void) close(s->ends[0]);
    (void) close(s->ends[1]);
    free(s);
}

static void turn_until(struct scene *s, size_t happened)
{
    instant end = loop_now(s->loop) + WAIT;
    while (s->happened < happened && loop_now(s->loop) < end) {
        loop_turn(s->loop, end);
    }
    assert_int_equal(s->happened, happened);
}

static struct bytes definition(char sha256[DIGEST_HEX_SIZE])
{
    struct digest digest;
    struct bytes xml = read_file("protocol/trials/mabs06.xml");
    digest_of(span_bytes(&xml), &digest);
    digest_to_hex(&digest, sha256);
    return xml;
}

static void begin_behind_other_work(struct scene *s)
{
    struct err err = {0};
    assert_status(loop_work(s->loop, keep_busy, freed, s, &err), OK, &err);
    assert_status(definer_begin(s->definer, s->loop, &err), OK, &err);
}

static void release_worker(struct scene *s)
{
    assert_int_equal(write(s->ends[1], "x", 1), 1);
}

static void another_request_is_served_meanwhile(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    struct err err = {0};
    char sha256[DIGEST_HEX_SIZE];
    CLEANUP(bytes_done) struct bytes xml = definition(sha256);
    definer_add(s->definer, sha256, span_bytes(&xml));
    begin_behind_other_work(s);
    loop_timer_set(s->other, 0);
    turn_until(s, 1);
    release_worker(s);
    turn_until(s, 3);
    assert_string_equal(s->order, "OWD");
    assert_false(ledger_has_definition(&s->ledger, sha256));
    assert_status(definer_give(s->definer, &s->ledger, &err), OK, &err);
    assert_true(ledger_has_definition(&s->ledger, sha256));
    definer_free(s->definer);
    scene_free(s);
}

static void who_goes_away_is_not_called(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    char sha256[DIGEST_HEX_SIZE];
    CLEANUP(bytes_done) struct bytes xml = definition(sha256);
    definer_add(s->definer, sha256, span_bytes(&xml));
    begin_behind_other_work(s);
    definer_free(s->definer);
    release_worker(s);
    while (loop_work_pending(s->loop) > 0) {
        loop_turn(s->loop, loop_now(s->loop) + WAIT);
    }
    assert_string_equal(s->order, "W");
    scene_free(s);
}

static void the_others_are_kept_when_one_does_not_load(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    struct err err = {0};
    char sha256[DIGEST_HEX_SIZE];
    char wrong[DIGEST_HEX_SIZE];
    struct digest digest;
    CLEANUP(bytes_done) struct bytes xml = definition(sha256);
    digest_of(span_text("<ODM/>"), &digest);
    digest_to_hex(&digest, wrong);
    definer_add(s->definer, wrong, span_text("<ODM/>"));
    definer_add(s->definer, sha256, span_bytes(&xml));
    assert_status(definer_begin(s->definer, s->loop, &err), OK, &err);
    turn_until(s, 1);
    assert_int_equal(definer_give(s->definer, &s->ledger, &err), ERR_BAD_INPUT);
    assert_false(ledger_has_definition(&s->ledger, wrong));
    assert_true(ledger_has_definition(&s->ledger, sha256));
    definer_free(s->definer);
    scene_free(s);
}

static void other_bytes_than_the_digest_says_are_tampering(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    struct err err = {0};
    char sha256[DIGEST_HEX_SIZE];
    CLEANUP(bytes_done) struct bytes xml = definition(sha256);
    bytes_add_char(&xml, '\n');
    definer_add(s->definer, sha256, span_bytes(&xml));
    assert_status(definer_begin(s->definer, s->loop, &err), OK, &err);
    turn_until(s, 1);
    assert_int_equal(definer_give(s->definer, &s->ledger, &err), ERR_TAMPERED);
    assert_false(ledger_has_definition(&s->ledger, sha256));
    definer_free(s->definer);
    scene_free(s);
}

static void a_full_queue_is_said_and_can_be_tried_again(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    struct err err = {0};
    char sha256[DIGEST_HEX_SIZE];
    CLEANUP(bytes_done) struct bytes xml = definition(sha256);
    definer_add(s->definer, sha256, span_bytes(&xml));
    assert_status(loop_work(s->loop, keep_busy, freed, s, &err), OK, &err);
    assert_status(loop_work(s->loop, keep_busy, freed, s, &err), OK, &err);
    assert_int_equal(definer_begin(s->definer, s->loop, &err), ERR_BUSY);
    release_worker(s);
    release_worker(s);
    turn_until(s, 2);
    assert_status(definer_begin(s->definer, s->loop, &err), OK, &err);
    turn_until(s, 3);
    assert_string_equal(s->order, "WWD");
    definer_free(s->definer);
    scene_free(s);
}

int main(void)
{
    add_test("another request is served while a definition is read",
             another_request_is_served_meanwhile);
    add_test("who goes away meanwhile is not called", who_goes_away_is_not_called);
    add_test("when one of two definitions does not load the other is kept",
             the_others_are_kept_when_one_does_not_load);
    add_test("bytes that have another digest are tampering",
             other_bytes_than_the_digest_says_are_tampering);
    add_test("when all workers are busy it is tried again",
             a_full_queue_is_said_and_can_be_tried_again);
    return run_added("definitions on a worker");
}
