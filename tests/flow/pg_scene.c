/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/flow/pg_scene.h"

#define PATIENCE (20 * SECOND)

const struct pg_statement INSERT = {.name = "insert",
                                    .sql = "insert into public.t values ($1, 'SECRET-17')",
                                    .takes = {PG_INT8}};
const struct pg_statement COUNT = {
    .name = "count", .sql = "select count(*) from public.t", .gives = {PG_INT8}};
const struct pg_statement SLEEP = {
    .name = "sleep", .sql = "select 1::int8 from pg_sleep(30)", .gives = {PG_INT8}};
const struct pg_statement FAIL_22P02 = {
    .name = "cast", .sql = "select note::int8 from public.t", .gives = {PG_INT8}};

static const struct pg_statement *const statements[] = {&INSERT, &COUNT, &SLEEP,
                                                        &FAIL_22P02};

static void note_change(void *arg, bool is_up)
{
    struct scene *s = arg;
    s->was_up = is_up;
    s->changes++;
}

struct scene *scene_new(void)
{
    struct scene *s = mem_alloc(sizeof(*s));
    s->conninfo = pgtmp_database(cluster, PGTMP_EMPTY, NULL);
    s->admin = mem_text(s->conninfo);
    free(pgtmp_must(s->admin, "create table t (n bigint primary key, note text)"));
    assert_status(loop_new(&(struct loop_options){0}, &s->loop, &s->err), OK, &s->err);
    s->options = (struct pg_options){.conninfo = s->conninfo,
                                     .statements = statements,
                                     .statement_count = ARRAY_LEN(statements),
                                     .connections = 1,
                                     .allow_no_fsync = true,
                                     .cut = &s->cut,
                                     .changed = note_change,
                                     .changed_arg = s};
    return s;
}

void scene_open(struct scene *s)
{
    assert_status(pg_pool_new(s->loop, &s->options, &s->pool, &s->err), OK, &s->err);
}

void scene_close(struct scene *s)
{
    pg_pool_free(s->pool);
    s->pool = NULL;
}

void scene_free(struct scene *s)
{
    pg_pool_free(s->pool);
    loop_free(s->loop);
    free(s->conninfo);
    free(s->admin);
    free(s);
}

void scene_turn(struct scene *s)
{
    loop_turn(s->loop, loop_now(s->loop) + SECOND / 20);
}

void scene_wait_up(struct scene *s)
{
    instant limit = loop_now(s->loop) + PATIENCE;
    while (pg_pool_up(s->pool) == 0 && loop_now(s->loop) < limit) {
        scene_turn(s);
    }
    assert_int_not_equal(pg_pool_up(s->pool), 0);
}

void scene_wait_down(struct scene *s)
{
    instant limit = loop_now(s->loop) + PATIENCE;
    while ((pg_pool_up(s->pool) > 0 || pg_pool_error(s->pool) == NULL) &&
           loop_now(s->loop) < limit) {
        scene_turn(s);
    }
    assert_int_equal(pg_pool_up(s->pool), 0);
    assert_non_null(pg_pool_error(s->pool));
}

void scene_answered(void *arg, const struct pg_answer *answer)
{
    struct scene *s = arg;
    s->answers++;
    s->status = answer->status;
    s->failed = answer->failed;
    s->unknown = answer->unknown;
    s->rows = s->affected = 0;
    if (answer->status != OK) {
        s->err = *answer->err;
        assert_int_equal(answer->count, 0);
        return;
    }
    assert_null(answer->err);
    const struct pg_rows *last = answer->rows[answer->count - 1];
    s->rows = pg_rows_count(last);
    s->affected = pg_rows_affected(last);
}

void scene_wait(struct scene *s, size_t answers)
{
    instant limit = loop_now(s->loop) + PATIENCE;
    while (s->answers < answers && loop_now(s->loop) < limit) {
        scene_turn(s);
    }
    assert_int_equal(s->answers, answers);
}

void scene_ask(struct scene *s, struct pg_batch *batch)
{
    size_t before = s->answers;
    assert_status(pg_pool_ask(s->pool, batch, loop_now(s->loop) + PATIENCE, scene_answered,
                              s, &s->err),
                  OK, &s->err);
    assert_int_equal(s->answers, before); /* never inside the call */
    scene_wait(s, before + 1);
}

void scene_ask_taken(struct scene *s, struct pg_batch *batch)
{
    size_t before = s->answers;
    assert_status(
        pg_ask(s->taken, batch, loop_now(s->loop) + PATIENCE, scene_answered, s, &s->err),
        OK, &s->err);
    assert_int_equal(s->answers, before);
    scene_wait(s, before + 1);
}

static void note_taken(void *arg, struct pg *pg, const struct err *err)
{
    struct scene *s = arg;
    s->answers++;
    s->taken = pg;
    s->status = pg != NULL ? OK : err->kind;
}

void scene_take(struct scene *s)
{
    size_t before = s->answers;
    assert_status(
        pg_pool_take(s->pool, loop_now(s->loop) + PATIENCE, note_taken, s, &s->err), OK,
        &s->err);
    assert_int_equal(s->answers, before);
    scene_wait(s, before + 1);
    assert_non_null(s->taken);
}

void scene_give(struct scene *s)
{
    pg_pool_give(s->pool, s->taken);
    s->taken = NULL;
}

struct pg_batch *batch_of(const struct pg_statement *statement)
{
    struct pg_batch *batch = pg_batch_new();
    pg_batch_add(batch, statement);
    return batch;
}

void add_insert(struct pg_batch *batch, int64_t n)
{
    pg_batch_add(batch, &INSERT);
    pg_put_int8(batch, n);
}

struct pg_batch *batch_insert(int64_t n)
{
    struct pg_batch *batch = pg_batch_new();
    add_insert(batch, n);
    return batch;
}

int64_t scene_count(struct scene *s)
{
    CLEANUP(mem_freep) char *count = pgtmp_must(s->admin, "select count(*) from t");
    return strtoll(count, NULL, 10);
}
