/* SPDX-License-Identifier: Apache-2.0 */
/*
** A stream gives every row once and in order, stops when its reader does, and never holds more
** than a piece.
*/
#include "service/pg/pg_stream.h"
#include "tests/flow/pg_scene.h"

struct pgtmp *cluster;

#define ROWS  1000
#define PIECE 64

static const struct pg_statement DECLARE = {
    .name = "declare",
    .sql = "declare rows no scroll cursor for"
           " select n from public.t where n <= $1 order by n",
    .takes = {PG_INT8}};
static const struct pg_statement FETCH = {.name = "fetch",
                                          .sql = "fetch forward 64 from rows",
                                          .gives = {PG_INT8},
                                          .unprepared = true};
static const struct pg_statement FETCH_WRONG = {.name = "fetch",
                                                .sql = "fetch forward 64 from nothing",
                                                .gives = {PG_INT8},
                                                .unprepared = true};
static const struct pg_statement *const statements[] = {&DECLARE, &INSERT};

struct reader {
    struct scene *scene;
    struct pg_stream *stream;
    int64_t seen; /* 1, 2, ... in order */
    size_t pieces, ends;
    status end;
    bool pauses;       /* after each piece */
    int64_t close_at;  /* or 0 */
    bool insert_first; /* another's row, when the first piece has come */
};

static void take_rows(void *arg, const struct pg_rows *rows)
{
    struct reader *r = arg;
    r->pieces++;
    assert_true(pg_rows_count(rows) > 0 && pg_rows_count(rows) <= PIECE);
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        assert_true(pg_int8(rows, i, 0) == r->seen + 1);
        r->seen++;
    }
    if (r->insert_first && r->pieces == 1) {
        free(pgtmp_must(r->scene->admin, "insert into t values (1001)"));
    }
    if (r->pauses) {
        pg_stream_pause(r->stream);
    }
    if (r->close_at > 0 && r->seen >= r->close_at) {
        pg_stream_close(r->stream);
    }
}

static void take_end(void *arg, const struct err *err)
{
    struct reader *r = arg;
    r->ends++;
    r->end = err != NULL ? err->kind : OK;
    r->stream = NULL;
}

static struct scene *stream_scene(struct reader *r)
{
    struct scene *s = scene_new();
    free(pgtmp_must(s->admin, "insert into t select generate_series(1, 1000)"));
    s->options.statements = statements;
    s->options.statement_count = ARRAY_LEN(statements);
    *r = (struct reader){.scene = s};
    return s;
}

static void open_stream(struct reader *r, const struct pg_statement *fetch, int64_t limit)
{
    struct scene *s = r->scene;
    struct pg_stream_options options = {.fetch = fetch,
                                        .patience = 5 * SECOND,
                                        .rows = take_rows,
                                        .end = take_end,
                                        .arg = r};
    struct pg_batch *batch = pg_stream_batch();
    pg_batch_add(batch, &DECLARE);
    pg_put_int8(batch, limit);
    assert_status(pg_stream_open(s->pool, batch, &options, &r->stream, &s->err), OK,
                  &s->err);
    assert_int_equal(r->pieces, 0);
}

static void wait_end(struct reader *r)
{
    instant limit = loop_now(r->scene->loop) + 10 * SECOND;
    while (r->ends == 0 && loop_now(r->scene->loop) < limit) {
        scene_turn(r->scene);
    }
    assert_int_equal(r->ends, 1);
}

static void idle(struct scene *s, int turns)
{
    for (int i = 0; i < turns; i++) {
        scene_turn(s);
    }
}

static void whole_result_as_of_one_moment(void **state)
{
    (void) state;
    struct reader r;
    struct scene *s = stream_scene(&r);
    r.insert_first = true;
    scene_open(s);
    open_stream(&r, &FETCH, 5000);
    wait_end(&r);
    assert_int_equal(r.end, OK);
    assert_int_equal(r.seen, ROWS); /* not the row that came meanwhile */
    assert_int_equal(r.pieces, (ROWS + PIECE - 1) / PIECE);
    assert_int_equal(pg_pool_up(s->pool), 1); /* given back clean */
    scene_free(s);
}

static void empty_result_ends_at_once(void **state)
{
    (void) state;
    struct reader r;
    struct scene *s = stream_scene(&r);
    scene_open(s);
    open_stream(&r, &FETCH, 0);
    wait_end(&r);
    assert_int_equal(r.end, OK);
    assert_int_equal(r.pieces, 0);
    scene_free(s);
}

static void paused_reader_gets_nothing(void **state)
{
    (void) state;
    struct reader r;
    struct scene *s = stream_scene(&r);
    r.pauses = true;
    scene_open(s);
    open_stream(&r, &FETCH, 5000);
    while (r.ends == 0) {
        size_t before = r.pieces;
        while (r.pieces == before && r.ends == 0) {
            scene_turn(s);
        }
        idle(s, r.pieces < 3 ? 4 : 0); /* real time passes, nothing comes */
        assert_true(r.pieces <= before + 1);
        if (r.stream != NULL) {
            pg_stream_resume(r.stream);
        }
    }
    assert_int_equal(r.end, OK);
    assert_int_equal(r.seen, ROWS);
    scene_free(s);
}

static void closed_from_inside(void **state)
{
    (void) state;
    struct reader r;
    struct scene *s = stream_scene(&r);
    r.close_at = 100;
    scene_open(s);
    open_stream(&r, &FETCH, 5000);
    while (r.seen < 100) {
        scene_turn(s);
    }
    scene_ask(s, batch_insert(2000)); /* the connection serves others again */
    assert_int_equal(s->status, OK);
    assert_int_equal(r.seen, 2 * PIECE);
    assert_int_equal(r.ends, 0);
    scene_free(s);
}

static void closed_while_waiting(void **state)
{
    (void) state;
    struct reader r;
    struct scene *s = stream_scene(&r);
    scene_open(s);
    open_stream(&r, &FETCH, 5000);
    pg_stream_close(r.stream); /* not even connected */
    scene_ask(s, batch_insert(2000));
    assert_int_equal(s->status, OK);
    assert_int_equal(r.pieces + r.ends, 0);
    scene_free(s);
}

static void closed_with_a_piece_under_way(void **state)
{
    (void) state;
    struct reader r;
    struct scene *s = stream_scene(&r);
    scene_open(s);
    scene_wait_up(s);
    open_stream(&r, &FETCH, 5000);
    loop_turn(s->loop, loop_now(s->loop) + SECOND); /* taken, asked */
    pg_stream_close(r.stream);
    idle(s, 3);
    scene_ask(s, batch_insert(2000));
    assert_int_equal(s->status, OK);
    assert_int_equal(r.ends, 0);
    scene_free(s);
}

static void too_long_a_pause_ends_it(void **state)
{
    (void) state;
    struct reader r;
    struct scene *s = stream_scene(&r);
    r.pauses = true;
    s->options.idle_limit = SECOND / 5;
    scene_open(s);
    open_stream(&r, &FETCH, 5000);
    while (r.pieces == 0) {
        scene_turn(s);
    }
    scene_wait_down(s);
    assert_int_equal(r.ends, 0);
    pg_stream_resume(r.stream);
    assert_int_equal(r.ends, 0); /* never inside the call */
    wait_end(&r);
    assert_int_equal(r.end, ERR_UNAVAILABLE);
    scene_ask(s, batch_insert(2000));
    assert_int_equal(s->status, OK);
    scene_free(s);
}

static void error_ends_it(void **state)
{
    (void) state;
    struct reader r;
    struct scene *s = stream_scene(&r);
    scene_open(s);
    open_stream(&r, &FETCH_WRONG, 5000);
    wait_end(&r);
    assert_int_equal(r.end, ERR_BUG);
    scene_ask(s, batch_insert(2000));
    assert_int_equal(s->status, OK);
    scene_free(s);
}

static void cut_ends_it(void **state)
{
    (void) state;
    struct reader r;
    struct scene *s = stream_scene(&r);
    s->cut.after = 3;
    scene_open(s);
    open_stream(&r, &FETCH, 5000);
    wait_end(&r);
    assert_int_equal(r.end, ERR_UNAVAILABLE);
    assert_int_equal(r.seen, 2 * PIECE);
    scene_free(s);
}

int main(void)
{
    cluster = pgtmp_start(&(struct pgtmp_options){0});
    add_test("a thousand rows come in order, as of one moment",
             whole_result_as_of_one_moment);
    add_test("an empty result ends at once", empty_result_ends_at_once);
    add_test("a reader that pauses gets nothing until he resumes",
             paused_reader_gets_nothing);
    add_test("a stream may be closed while it gives rows", closed_from_inside);
    add_test("a stream may be closed before it has a connection", closed_while_waiting);
    add_test("a stream may be closed with a piece under way",
             closed_with_a_piece_under_way);
    add_test("a pause beyond the idle limit ends the stream", too_long_a_pause_ends_it);
    add_test("an error of SQL ends the stream", error_ends_it);
    add_test("a lost connection ends the stream", cut_ends_it);
    int failed = run_added("pg_stream");
    pgtmp_stop(cluster);
    return failed;
}
