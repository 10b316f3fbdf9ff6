/* SPDX-License-Identifier: Apache-2.0 */
/*
** service/store against the schema it was written for: a pool prepares every statement when it
** connects, so a pool that comes up as the runtime role is the proof.
*/
#include "service/store/store.h"

#include "crypto/merkle.h"
#include "service/loop/loop.h"
#include "service/store/projection.h"
#include "tests/support/pgtmp.h"
#include "tests/support/rows.h"

static struct pgtmp *cluster;

struct got {
    bool is_there;
    status status;
    int log_id;
    uint64_t size;
    struct digest root;
};

static void take(void *arg, const struct pg_answer *answer)
{
    struct got *got = arg;
    struct store_head head;
    struct err err = {0};
    got->is_there = true;
    got->status = answer->status;
    assert_status(answer->status, OK, answer->err);
    got->log_id = store_take_open_log(answer->rows[0]);
    assert_status(store_take_head(answer->rows[1], &head, &err), OK, &err);
    got->size = head.size;
    got->root = head.root;
}

static void wait_for(struct loop *loop, const bool *is_there)
{
    instant end = loop_now(loop) + 20 * SECOND;
    while (!*is_there && loop_now(loop) < end) {
        loop_turn(loop, end);
    }
    assert_true(*is_there);
}

static struct pg_pool *open_pool(struct loop *loop, const char *conninfo)
{
    size_t count = 0;
    struct err err = {0};
    struct pg_pool *pool = NULL;
    struct pg_options options = {.conninfo = conninfo,
                                 .statements = store_statements(&count),
                                 .connections = 1,
                                 .check_schema = true,
                                 .allow_no_fsync = true};
    options.statement_count = count;
    assert_true(count > 3 * (size_t) TABLE_COUNT);
    assert_status(pg_pool_new(loop, &options, &pool, &err), OK, &err);
    return pool;
}

static void every_statement_prepares_as_the_runtime_role(void **state)
{
    (void) state;
    struct loop *loop = NULL;
    struct err err = {0};
    struct got got = {0};
    struct digest empty;
    assert_status(loop_new(&(struct loop_options){0}, &loop, &err), OK, &err);
    char *conninfo = pgtmp_database(cluster, PGTMP_MIGRATED, "crfd_service");
    struct pg_pool *pool = open_pool(loop, conninfo);
    struct pg_batch *batch = pg_batch_new();
    store_add_open_log(batch, "edc.test/s/1", "ONE");
    store_add_head(batch, 1);
    projection_add_load(batch, 1);
    assert_status(pg_pool_ask(pool, batch, loop_now(loop) + 20 * SECOND, take, &got, &err),
                  OK, &err);
    wait_for(loop, &got.is_there);
    assert_int_equal(got.log_id, 1);
    assert_int_equal(got.size, 0);
    merkle_empty_root(&empty);
    assert_true(digest_equal(&got.root, &empty));
    pg_pool_free(pool);
    loop_free(loop);
    free(conninfo);
}

int main(void)
{
    cluster = pgtmp_start(&(struct pgtmp_options){0});
    add_test("every statement prepares as the runtime role",
             every_statement_prepares_as_the_runtime_role);
    int failed = run_added("store");
    pgtmp_stop(cluster);
    return failed;
}
