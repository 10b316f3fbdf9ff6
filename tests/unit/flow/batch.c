/* SPDX-License-Identifier: Apache-2.0 */
/*
** Which records go into one batch.
*/
#include "service/flow/batch.h"

#include "service/flow/casebooks.h"
#include "service/flow/ledger.h"
#include "tests/support/rows.h"

#define MANY 100

struct crowd {
    struct arena *arena;
    struct ledger ledger;
    struct item items[MANY];
    struct batch batch;
    size_t cold;
};

static void begin(struct crowd *crowd)
{
    *crowd = (struct crowd){.arena = arena_new()};
    crowd->ledger.casebooks = casebooks_new(1 << 20);
    crowd->batch.ledger = &crowd->ledger;
    crowd->batch.items = crowd->items;
}

static void end(struct crowd *crowd)
{
    casebooks_free(crowd->ledger.casebooks);
    arena_free(crowd->arena);
}

/* A record of KEY about SUBJECT; true if it went into the batch. */
static bool join(struct crowd *crowd, const char *key, uint8_t id, const char *subject)
{
    struct submission *submission = ARENA_NEW(crowd->arena, struct submission);
    submission->record.kid = key;
    submission->record.subject = subject;
    submission->jws.jti.bytes[0] = id;
    if (!batch_takes(&crowd->batch, submission, &crowd->cold)) {
        return false;
    }
    crowd->items[crowd->batch.count++].submission = submission;
    return true;
}

static size_t join_all(struct crowd *crowd)
{
    size_t joined = 0;
    while (joined < MANY && join(crowd, "key", (uint8_t) joined,
                                 arena_printf(crowd->arena, "%03zu-K", joined))) {
        joined++;
    }
    return joined;
}

static void few_casebooks_are_read_at_once(void **state)
{
    (void) state;
    struct crowd crowd;
    begin(&crowd);
    assert_int_equal(join_all(&crowd), 32);
    end(&crowd);
}

static void those_in_memory_are_not_counted(void **state)
{
    (void) state;
    struct crowd crowd;
    begin(&crowd);
    for (size_t i = 0; i < MANY; i++) {
        struct casebook book =
            casebook_make(arena_printf(crowd.arena, "%03zu-K", i), NULL, 0, crowd.arena);
        casebooks_put(crowd.ledger.casebooks, &book);
    }
    assert_int_equal(join_all(&crowd), MANY);
    end(&crowd);
}

static void many_records_of_one_subject_read_one_casebook(void **state)
{
    (void) state;
    struct crowd crowd;
    begin(&crowd);
    for (size_t i = 0; i < MANY; i++) {
        assert_true(join(&crowd, "key", (uint8_t) i, i % 2 == 0 ? "007-K" : NULL));
    }
    assert_int_equal(crowd.cold, 1);
    end(&crowd);
}

static void the_same_id_of_one_key_waits_for_the_next_batch(void **state)
{
    (void) state;
    struct crowd crowd;
    begin(&crowd);
    assert_true(join(&crowd, "key", 1, "007-K"));
    assert_false(join(&crowd, "key", 1, "007-K"));
    assert_true(join(&crowd, "other", 1, "007-K"));
    end(&crowd);
}

int main(void)
{
    add_test("a batch reads few casebooks at once", few_casebooks_are_read_at_once);
    add_test("those in memory are not counted", those_in_memory_are_not_counted);
    add_test("many records of one subject read one casebook",
             many_records_of_one_subject_read_one_casebook);
    add_test("the same id of one key waits for the next batch",
             the_same_id_of_one_key_waits_for_the_next_batch);
    return run_added("batches");
}
