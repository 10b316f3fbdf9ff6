/* SPDX-License-Identifier: Apache-2.0 */
/*
** pg_scene: what the tests of service/pg share: a cluster for the program, and for each test a
** fresh database, a loop, a pool, and the last answer copied out of its callback.
*/
#ifndef CRFD_TESTS_PG_SCENE_H
#define CRFD_TESTS_PG_SCENE_H

#include "service/loop/loop.h"
#include "service/pg/pg.h"
#include "tests/support/pgtmp.h"
#include "tests/support/rows.h"

extern struct pgtmp *cluster; /* set by the program's main */

struct scene {
    struct loop *loop;
    struct pg_pool *pool;
    struct pg_options options;
    struct pg_cut cut;
    char *conninfo;
    char *admin; /* the superuser's conninfo to the same database */
    /* the last answer */
    size_t answers;
    status status;
    struct err err;
    size_t failed;
    bool unknown;
    size_t rows, affected; /* of its last statement */
    struct pg *taken;
    bool was_up;
    size_t changes;
};

/* A database with a table t(n bigint primary key, note text), and a pool of one connection;
 * OPTIONS of the scene may be changed between scene_new and scene_open. */
struct scene *scene_new(void);
void scene_open(struct scene *s);
void scene_close(struct scene *s); /* the pool only */
void scene_free(struct scene *s);

void scene_wait_up(struct scene *s);
void scene_wait_down(struct scene *s);
void scene_turn(struct scene *s); /* one turn, at most 50 ms */

/* Ask, wait for the answer, keep it in the scene. */
void scene_ask(struct scene *s, struct pg_batch *batch);
void scene_ask_taken(struct scene *s, struct pg_batch *batch);
void scene_wait(struct scene *s, size_t answers);
void scene_take(struct scene *s);
void scene_give(struct scene *s);
void scene_answered(void *arg, const struct pg_answer *answer); /* a pg_done */

/* Batches of the statements below. */
struct pg_batch *batch_of(const struct pg_statement *statement);
struct pg_batch *batch_insert(int64_t n);
void add_insert(struct pg_batch *batch, int64_t n);
int64_t scene_count(struct scene *s); /* rows of t, asked blocking as superuser */

extern const struct pg_statement INSERT, COUNT, SLEEP, FAIL_22P02;

#endif
