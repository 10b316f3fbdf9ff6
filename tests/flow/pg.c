/* SPDX-License-Identifier: Apache-2.0 */
/*
** The door to PostgreSQL against a real one: what is asked arrives as it was meant, what fails
** says how, and whatever happens to the connection, every ask is answered exactly once.
*/
#include <unistd.h>

#include "tests/flow/pg_scene.h"

struct pgtmp *cluster;

/* ---- values ---- */

static const struct pg_statement ECHO_ALL = {
    .name = "echo",
    .sql = "select $1, $2, $3, $4, $5, $6, $7",
    .takes = {PG_BOOL, PG_INT4, PG_INT8, PG_TEXT, PG_BYTEA, PG_TIME, PG_UUID},
    .gives = {PG_BOOL, PG_INT4, PG_INT8, PG_TEXT, PG_BYTEA, PG_TIME, PG_UUID},
    .unprepared = true};
static const struct pg_statement ECHO_ARRAYS = {
    .name = "arrays",
    .sql = "select b, i, l, t, y, m, u"
           " from unnest($1, $2, $3, $4, $5, $6, $7) x(b, i, l, t, y, m, u)",
    .takes = {PG_BOOL_ARRAY, PG_INT4_ARRAY, PG_INT8_ARRAY, PG_TEXT_ARRAY, PG_BYTEA_ARRAY,
              PG_TIME_ARRAY, PG_UUID_ARRAY},
    .gives = {PG_BOOL, PG_INT4, PG_INT8, PG_TEXT, PG_BYTEA, PG_TIME, PG_UUID},
    .unprepared = true};

static const uint8_t uuid[16] = {0x01, 0x93, 0x5a, 0x7e, 0x3f, 0x2c, 0x7a, 0x10,
                                 0x9d, 0x4e, 0x0b, 0x7d, 0x5a, 0x3f, 0x1c, 0x22};
static const instant then = (instant) 1795252447 * SECOND + 204511;

static void put_seven(struct pg_batch *batch, bool is_array, bool is_null)
{
    for (int i = 0; i < 7; i++) {
        if (is_array) {
            pg_array_begin(batch);
        }
        if (is_null) {
            pg_put_null(batch);
        }
        switch (is_null && !is_array ? -1 : i) {
        case 0:
            pg_put_bool(batch, true);
            break;
        case 1:
            pg_put_int4(batch, INT32_MIN);
            break;
        case 2:
            pg_put_int8(batch, INT64_MAX);
            break;
        case 3:
            pg_put_text(batch, SPAN_LITERAL("é\n'\\"));
            break;
        case 4:
            pg_put_bytea(batch, SPAN_LITERAL("\0\xff"));
            break;
        case 5:
            pg_put_time(batch, then);
            break;
        case 6:
            pg_put_uuid(batch, uuid);
            break;
        default:
            break;
        }
        if (is_array) {
            pg_array_end(batch);
        }
    }
}

static void check_seven(const struct pg_rows *rows, size_t row)
{
    assert_true(pg_bool(rows, row, 0));
    assert_int_equal(pg_int4(rows, row, 1), INT32_MIN);
    assert_true(pg_int8(rows, row, 2) == INT64_MAX);
    assert_true(span_is(pg_text(rows, row, 3), "é\n'\\"));
    assert_true(span_equal(pg_bytea(rows, row, 4), SPAN_LITERAL("\0\xff")));
    assert_true(pg_time(rows, row, 5) == then);
    assert_true(span_equal(pg_uuid(rows, row, 6), span_of(uuid, 16)));
}

static void check_seven_nulls(const struct pg_rows *rows, size_t row)
{
    for (size_t i = 0; i < 7; i++) {
        assert_true(pg_is_null(rows, row, i));
    }
    assert_false(pg_bool(rows, row, 0));
    assert_int_equal(pg_int8(rows, row, 2), 0);
    assert_int_equal(pg_text(rows, row, 3).size, 0);
    assert_int_equal(pg_time(rows, row, 5), 0);
}

static void check_echo(void *arg, const struct pg_answer *answer)
{
    scene_answered(arg, answer);
    assert_status(answer->status, OK, answer->err);
    assert_int_equal(answer->count, 4);
    check_seven(answer->rows[0], 0);
    check_seven_nulls(answer->rows[1], 0);
    assert_int_equal(pg_rows_count(answer->rows[2]), 2); /* a NULL and a value each */
    check_seven_nulls(answer->rows[2], 0);
    check_seven(answer->rows[2], 1);
    assert_int_equal(pg_rows_count(answer->rows[3]), 0);
}

static void values_survive(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    scene_open(s);
    struct pg_batch *batch = batch_of(&ECHO_ALL);
    put_seven(batch, false, false);
    pg_batch_add(batch, &ECHO_ALL);
    put_seven(batch, false, true);
    pg_batch_add(batch, &ECHO_ARRAYS);
    put_seven(batch, true, true);
    pg_batch_add(batch, &ECHO_ARRAYS);
    for (int i = 0; i < 7; i++) {
        pg_array_begin(batch);
        pg_array_end(batch);
    }
    assert_status(pg_pool_ask(s->pool, batch, loop_now(s->loop) + 10 * SECOND, check_echo,
                              s, &s->err),
                  OK, &s->err);
    scene_wait(s, 1);
    scene_free(s);
}

static const struct pg_statement LENGTHS = {
    .name = "lengths",
    .sql = "select sum(octet_length(y))::int8 from unnest($1) y",
    .takes = {PG_BYTEA_ARRAY},
    .gives = {PG_INT8},
    .unprepared = true};
static const struct pg_statement MUCH = {.name = "much",
                                         .sql = "select repeat('x', 1000000)"
                                                " from generate_series(1, 30)",
                                         .gives = {PG_TEXT},
                                         .unprepared = true};

static void check_much(void *arg, const struct pg_answer *answer)
{
    scene_answered(arg, answer);
    assert_status(answer->status, OK, answer->err);
    assert_int_equal(pg_rows_count(answer->rows[0]), 30);
    assert_int_equal(pg_text(answer->rows[0], 29, 0).size, 1000000);
    assert_int_equal(pg_int8(answer->rows[1], 0, 0), 32 << 20);
}

static void much_goes_both_ways(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    struct bytes megabyte = {0};
    bytes_reserve(&megabyte, 1 << 20);
    megabyte.size = 1 << 20;
    scene_open(s);
    struct pg_batch *batch = batch_of(&MUCH); /* PostgreSQL answers while we still send */
    pg_batch_add(batch, &LENGTHS);
    pg_array_begin(batch);
    for (int i = 0; i < 32; i++) {
        pg_put_bytea(batch, span_bytes(&megabyte));
    }
    pg_array_end(batch);
    assert_status(pg_pool_ask(s->pool, batch, loop_now(s->loop) + 15 * SECOND, check_much,
                              s, &s->err),
                  OK, &s->err);
    scene_wait(s, 1);
    bytes_done(&megabyte);
    scene_free(s);
}

/* ---- errors of SQL ---- */

static void one_error_undoes_the_batch(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    scene_open(s);
    struct pg_batch *batch = batch_insert(1);
    add_insert(batch, 2);
    add_insert(batch, 1);
    add_insert(batch, 3);
    scene_ask(s, batch);
    assert_int_equal(s->status, ERR_CONFLICT);
    assert_string_equal(s->err.sqlstate, "23505");
    assert_int_equal(s->failed, 2);
    assert_false(s->unknown);
    assert_non_null(strstr(s->err.what, "t_pkey"));
    assert_int_equal(scene_count(s), 0);
    scene_ask(s, batch_insert(4)); /* and the connection is good for more */
    assert_int_equal(s->status, OK);
    assert_int_equal(s->affected, 1);
    assert_int_equal(scene_count(s), 1);
    assert_int_equal(s->changes, 1);
    scene_free(s);
}

static void errors_tell_no_values(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    scene_open(s);
    scene_ask(s, batch_insert(1));
    scene_ask(s, batch_of(&FAIL_22P02));
    assert_int_equal(s->status, ERR_BUG);
    assert_string_equal(s->err.sqlstate, "22P02");
    assert_null(strstr(s->err.what, "SECRET-17"));
    assert_non_null(strstr(s->err.what, "cast"));
    scene_free(s);
}

static const struct pg_statement WRONG_TYPE = {
    .name = "wrong", .sql = "select 1::int4", .gives = {PG_INT8}, .unprepared = true};
static const struct pg_statement WRONG_COUNT = {.name = "wrong",
                                                .sql = "select 1::int8, 2::int8",
                                                .gives = {PG_INT8},
                                                .unprepared = true};
static const struct pg_statement NO_ROWS = {.name = "wrong",
                                            .sql = "update public.t set note = ''",
                                            .gives = {PG_INT8},
                                            .unprepared = true};

static void other_columns_are_an_error(void **state)
{
    (void) state;
    static const struct pg_statement *const wrong[] = {&WRONG_TYPE, &WRONG_COUNT, &NO_ROWS};
    struct scene *s = scene_new();
    scene_open(s);
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        scene_ask(s, batch_of(wrong[i]));
        assert_int_equal(s->status, ERR_BUG);
        assert_non_null(strstr(s->err.what, "statement wrong"));
    }
    scene_free(s);
}

static void long_statement_is_stopped(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    s->options.statement_limit = SECOND / 10;
    scene_open(s);
    scene_ask(s, batch_of(&SLEEP));
    assert_int_equal(s->status, ERR_UNAVAILABLE);
    assert_string_equal(s->err.sqlstate, "57014");
    scene_free(s);
}

/* ---- the queue ---- */

static void ask_at(struct scene *s, struct pg_batch *batch, instant deadline, status wanted)
{
    assert_status(pg_pool_ask(s->pool, batch, deadline, scene_answered, s, &s->err), wanted,
                  &s->err);
}

static void queue_keeps_order(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    instant deadline = loop_now(s->loop) + 10 * SECOND;
    scene_open(s);
    for (int64_t i = 0; i < 20; i++) { /* before it is even connected */
        ask_at(s, batch_insert(i), deadline, OK);
    }
    assert_int_equal(pg_pool_waiting(s->pool), 20);
    ask_at(s, batch_insert(19), deadline, OK); /* the last, so it must fail */
    scene_wait(s, 21);
    assert_int_equal(s->status, ERR_CONFLICT);
    assert_int_equal(pg_pool_waiting(s->pool), 0);
    assert_int_equal(scene_count(s), 20);
    scene_free(s);
}

static void waiting_has_limits(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    s->options.waiting = 2;
    scene_open(s);
    scene_take(s); /* the only connection */
    instant now = loop_now(s->loop);
    ask_at(s, batch_insert(1), now + 10 * SECOND, OK);
    ask_at(s, batch_insert(2), now + SECOND / 50, OK);
    ask_at(s, batch_insert(3), now + SECOND, ERR_BUSY);
    scene_wait(s, 2);
    assert_int_equal(s->status, ERR_BUSY);
    assert_false(s->unknown);
    scene_give(s);
    scene_wait(s, 3);
    assert_int_equal(s->status, OK);
    assert_int_equal(scene_count(s), 1);
    scene_free(s);
}

static void free_answers_all(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    scene_open(s);
    scene_wait_up(s);
    ask_at(s, batch_of(&SLEEP), loop_now(s->loop) + 10 * SECOND, OK);
    ask_at(s, batch_insert(1), loop_now(s->loop) + 10 * SECOND, OK);
    scene_close(s);
    assert_int_equal(s->answers, 2);
    assert_int_equal(s->status, ERR_UNAVAILABLE);
    assert_true(s->unknown); /* the one that was under way is answered last */
    assert_int_equal(scene_count(s), 0);
    scene_free(s);
}

/* ---- taken connections, transactions ---- */

static void transaction_over_several_asks(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    scene_open(s);
    scene_take(s);
    scene_ask_taken(s, batch_of(&PG_BEGIN));
    scene_ask_taken(s, batch_insert(1));
    assert_int_equal(scene_count(s), 0);
    scene_ask_taken(s, batch_of(&PG_COMMIT));
    assert_int_equal(scene_count(s), 1);
    scene_ask_taken(s, batch_of(&PG_BEGIN));
    scene_ask_taken(s, batch_insert(2));
    scene_ask_taken(s, batch_of(&PG_ROLLBACK));
    scene_give(s);
    assert_int_equal(pg_pool_up(s->pool), 1); /* clean: not reset */
    assert_int_equal(scene_count(s), 1);
    scene_free(s);
}

static void open_transaction_is_not_inherited(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    scene_open(s);
    scene_take(s);
    scene_ask_taken(s, batch_of(&PG_BEGIN));
    scene_ask_taken(s, batch_insert(1));
    scene_give(s);
    scene_ask(s, batch_insert(1)); /* by another: the same key is free */
    assert_int_equal(s->status, OK);
    assert_int_equal(scene_count(s), 1);
    scene_free(s);
}

static void ask_under_way_is_abandoned(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    scene_open(s);
    scene_take(s);
    size_t before = s->answers;
    assert_status(pg_ask(s->taken, batch_of(&SLEEP), loop_now(s->loop) + 10 * SECOND,
                         scene_answered, s, &s->err),
                  OK, &s->err);
    scene_give(s);
    scene_wait_up(s);
    assert_int_equal(s->answers, before);
    scene_free(s);
}

static void lost_while_taken_stays_lost(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    scene_open(s);
    scene_take(s);
    scene_ask_taken(s, batch_of(&PG_BEGIN));
    free(pgtmp_must(s->admin, "select pg_terminate_backend(pid) from pg_stat_activity"
                              " where application_name = 'crfd'"));
    scene_wait_down(s);
    for (int i = 0; i < 10; i++) {
        scene_turn(s);
    }
    assert_false(pg_is_up(s->taken));
    assert_status(pg_ask(s->taken, batch_insert(1), loop_now(s->loop) + SECOND,
                         scene_answered, s, &s->err),
                  ERR_UNAVAILABLE, &s->err);
    scene_give(s);
    scene_ask(s, batch_insert(1));
    assert_int_equal(s->status, OK);
    scene_free(s);
}

/* ---- losing the connection ---- */

/* Which ask is lost, and what must be true then. */
static const struct cut_row {
    const char *name;
    size_t after;
    bool unknown;
    int64_t stored;
} cut_rows[] = {
    {"cut after BEGIN: nothing is stored, and that is known", 1, false, 0},
    {"cut after INSERT in a transaction: nothing is stored, and that is known", 2, false,
     0},
    {"cut after COMMIT: the row is there, and the asker knows that he does not know", 3,
     true, 1},
    {"cut after a batch of its own: the row is there, the outcome is unknown", 4, true, 2},
    {"not cut: all is stored", 0, false, 2},
};

static void cut_at_each_ask(void **state)
{
    const struct cut_row *row = *state;
    struct scene *s = scene_new();
    struct pg_batch *const asks[] = {batch_of(&PG_BEGIN), batch_insert(1),
                                     batch_of(&PG_COMMIT), batch_insert(2)};
    size_t asked = 0;
    scene_open(s);
    scene_take(s);
    s->cut.after = row->after;
    s->status = OK;
    while (s->status == OK && asked < ARRAY_LEN(asks)) {
        scene_ask_taken(s, asks[asked++]);
    }
    for (size_t i = asked; i < ARRAY_LEN(asks); i++) {
        pg_batch_free(asks[i]);
    }
    assert_int_equal(s->status, row->after > 0 ? ERR_UNAVAILABLE : OK);
    if (row->after > 0) {
        assert_int_equal(asked, row->after);
        assert_int_equal(s->unknown, row->unknown);
    }
    (void) usleep(100000); /* PostgreSQL reads what was sent before it sees the end */
    assert_int_equal(scene_count(s), row->stored);
    s->cut.after = 0;
    scene_give(s);
    scene_ask(s, batch_insert(3));
    assert_int_equal(s->status, OK);
    scene_free(s);
}

static void survives_kill(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    scene_open(s);
    scene_wait_up(s);
    ask_at(s, batch_of(&SLEEP), loop_now(s->loop) + 10 * SECOND, OK);
    scene_turn(s);
    pgtmp_kill(cluster);
    scene_wait(s, 1);
    assert_int_equal(s->status, ERR_UNAVAILABLE);
    assert_true(s->unknown);
    assert_false(s->was_up);
    ask_at(s, batch_insert(1), loop_now(s->loop) + SECOND / 10, OK);
    scene_wait(s, 2);
    assert_int_equal(s->status, ERR_UNAVAILABLE); /* down, not busy */
    assert_false(s->unknown);
    ask_at(s, batch_insert(1), loop_now(s->loop) + 20 * SECOND, OK);
    pgtmp_restart(cluster);
    scene_wait(s, 3); /* prepared anew, and the waiting ask is served */
    assert_int_equal(s->status, OK);
    assert_true(s->was_up);
    assert_int_equal(s->changes, 3);
    assert_int_equal(scene_count(s), 1);
    scene_free(s);
}

static void silent_server_meets_the_deadline(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    s->options.connect_limit = SECOND / 4;
    scene_open(s);
    scene_wait_up(s);
    pgtmp_freeze(cluster);
    ask_at(s, batch_insert(1), loop_now(s->loop) + SECOND / 10, OK);
    scene_wait(s, 1);
    assert_int_equal(s->status, ERR_UNAVAILABLE);
    assert_true(s->unknown);
    while (strstr(pg_pool_error(s->pool)->what, "did not connect in time") == NULL) {
        scene_turn(s);
    }
    pgtmp_thaw(cluster);
    scene_wait_up(s);
    scene_free(s);
}

static void unconfirmed_commit_is_unknown(void **state)
{
    (void) state;
    struct scene *s = scene_new();
    scene_open(s);
    scene_wait_up(s);
    free(pgtmp_must(s->admin, "alter system set synchronous_standby_names = 'nobody'"));
    free(pgtmp_must(s->admin, "select pg_reload_conf()"));
    (void) usleep(100000);
    ask_at(s, batch_insert(1), loop_now(s->loop) + 10 * SECOND, OK);
    for (int i = 0; i < 200 && s->answers == 0; i++) {
        free(pgtmp_must(s->admin, "select pg_cancel_backend(pid) from pg_stat_activity"
                                  " where wait_event = 'SyncRep'"));
        scene_turn(s);
    }
    free(pgtmp_must(s->admin, "alter system reset synchronous_standby_names"));
    free(pgtmp_must(s->admin, "select pg_reload_conf()"));
    assert_int_equal(s->answers, 1);
    assert_int_equal(s->status, ERR_UNAVAILABLE);
    assert_true(s->unknown);
    assert_int_equal(scene_count(s), 1);
    (void) usleep(100000);
    scene_ask(s, batch_insert(2)); /* the notice is not remembered against the next */
    assert_int_equal(s->status, OK);
    scene_free(s);
}

int main(void)
{
    cluster = pgtmp_start(&(struct pgtmp_options){0});
    add_test("values and arrays of every type arrive as they were", values_survive);
    add_test("30 MB come while 32 MB go", much_goes_both_ways);
    add_test("one error undoes the batch and leaves the connection good",
             one_error_undoes_the_batch);
    add_test("an error tells statement and SQLSTATE, never a value", errors_tell_no_values);
    add_test("columns that are not as declared are an error", other_columns_are_an_error);
    add_test("a statement that takes too long is stopped by PostgreSQL",
             long_statement_is_stopped);
    add_test("the queue keeps its order, also before the first connect", queue_keeps_order);
    add_test("the queue has a length, and who waits a deadline", waiting_has_limits);
    add_test("freeing the pool answers everybody", free_answers_all);
    add_test("a taken connection carries a transaction over several asks",
             transaction_over_several_asks);
    add_test("a transaction left open is not inherited by the next",
             open_transaction_is_not_inherited);
    add_test("a connection given back at work is made anew", ask_under_way_is_abandoned);
    add_test("a connection lost while taken stays lost until given back",
             lost_while_taken_stays_lost);
    add_rows(cut_rows, ARRAY_LEN(cut_rows), sizeof(cut_rows[0]), cut_at_each_ask);
    add_test("after kill -9 of PostgreSQL the pool connects and prepares again",
             survives_kill);
    add_test("a server that is silent meets the deadlines",
             silent_server_meets_the_deadline);
    add_test("a commit the standby did not confirm is unknown, not done",
             unconfirmed_commit_is_unknown);
    int failed = run_added("pg");
    pgtmp_stop(cluster);
    return failed;
}
