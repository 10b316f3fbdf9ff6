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

/* Five entries of one object with bodies of 10, 20, ... 50 bytes, and one of another. */
static const char six[] =
    "set search_path = crfd; do $$ declare prev bytea := decode(repeat('00', 32), 'hex');"
    " e bytea; o text; begin"
    " insert into log (log_id, origin, study) values (1, 'edc.test/s/1', 'ONE');"
    " for i in 0..5 loop"
    " o := case i when 3 then 'site/X' else 'subject/Y' end;"
    " e := convert_to(concat_ws(E'\\n', 'ctl/1', 'log edc.test/s/1', 'seq ' || i, 'prev ' "
    "||"
    " encode(prev, 'base64'), 'time 2026-11-21T09:14:07.204511Z', 'type x', 'actor x', "
    "'key -',"
    " 'keydir -', 'object ' || o, 'prior -', 'body -', ''), 'UTF8');"
    " insert into entry (log_id, seq, prev_leaf, entry, object) values (1, i, prev, e, o)"
    " returning leaf into prev;"
    " insert into body (log_id, seq, salt, bytes) values (1, i, decode(repeat('00', 32), "
    "'hex'),"
    " convert_to(repeat('b', 10 * (i + 1)), 'UTF8'));"
    " end loop; end $$";

struct page {
    bool is_there;
    char seqs[64];
};

static void take_page(void *arg, const struct pg_answer *answer)
{
    struct page *page = arg;
    page->is_there = true;
    assert_status(answer->status, OK, answer->err);
    for (size_t i = 0; i < pg_rows_count(answer->rows[0]); i++) {
        struct store_line line;
        struct err err = {0};
        size_t used = strlen(page->seqs);
        assert_status(store_take_line(answer->rows[0], i, &line, &err), OK, &err);
        (void) snprintf(page->seqs + used, sizeof(page->seqs) - used, "%llu ",
                        (unsigned long long) line.seq);
    }
}

static void a_page_of_a_history_ends_with_its_bytes(void **state)
{
    (void) state;
    static const struct {
        int64_t after, size;
        int limit;
        const char *seqs;
    } pages[] = {{-1, 1000, 10, "0 1 2 4 5 "},
                 {-1, 1000, 2, "0 1 "},
                 {-1, 0, 10, "0 "},
                 {-1, 29, 10, "0 1 "},
                 {-1, 30, 10, "0 1 2 "},
                 {1, 29, 10, "2 "},
                 {2, 1, 10, "4 "},
                 {5, 1, 10, ""}};
    struct loop *loop = NULL;
    struct err err = {0};
    assert_status(loop_new(&(struct loop_options){0}, &loop, &err), OK, &err);
    char *conninfo = pgtmp_database(cluster, PGTMP_MIGRATED, "crfd_service");
    char *owner = pgtmp_login(cluster, conninfo, NULL);
    free(pgtmp_must(owner, six));
    struct pg_pool *pool = open_pool(loop, conninfo);
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        struct page page = {0};
        struct pg_batch *batch = pg_batch_new();
        store_add_object_lines(batch, 1, "subject/Y", pages[i].after, pages[i].limit,
                               pages[i].size);
        assert_status(
            pg_pool_ask(pool, batch, loop_now(loop) + 20 * SECOND, take_page, &page, &err),
            OK, &err);
        wait_for(loop, &page.is_there);
        assert_string_equal(page.seqs, pages[i].seqs);
    }
    pg_pool_free(pool);
    loop_free(loop);
    free(owner);
    free(conninfo);
}

int main(void)
{
    cluster = pgtmp_start(&(struct pgtmp_options){0});
    add_test("every statement prepares as the runtime role",
             every_statement_prepares_as_the_runtime_role);
    add_test("a page of a history ends with its bytes",
             a_page_of_a_history_ends_with_its_bytes);
    int failed = run_added("store");
    pgtmp_stop(cluster);
    return failed;
}
