/* SPDX-License-Identifier: Apache-2.0 */
/*
** The tables of a study at its start. They must hold what the log gives, row by row: a row that
** differs was written by somebody else. Unless this process last wrote them as an older version
** of crfd, whose projections had another number (PROJECTION_NUMBER): then they are written anew
** from the state, in one transaction, with the head locked so that no other process appends
** meanwhile.
*/
#include "base/log.h"
#include "service/flow/start_impl.h"
#include "service/loop/loop.h"
#include "service/store/projection.h"

#define REBUILD_PATIENCE (600 * SECOND)

static status compare(const struct start *start, struct err *err)
{
    CLEANUP(bytes_done) struct bytes key = {0};
    for (enum table_id table = 0; table < TABLE_COUNT; table++) {
        if (state_differs(start->ledger->state, start->tables, table, &key)) {
            return FAIL(err, ERR_TAMPERED, "the table %s is not what the log gives, at %s",
                        TABLES[table].name, bytes_text(&key));
        }
    }
    return OK;
}

/* The tables are those of this version. */
static void numbered(struct start *start)
{
    struct err err;
    if (signer_set_projection(start->ledger->signer, PROJECTION_NUMBER, &err) == OK) {
        start_definitions(start);
    } else {
        start_finish(start, ERR_UNAVAILABLE, &err);
    }
}

static void took_rebuild(void *arg, const struct pg_answer *answer)
{
    struct start *start = arg;
    const struct ledger *ledger = start->ledger;
    if (!start_came(start, answer)) {
        return;
    }
    log_event(
        LOG_WARNING, "the tables were those of another version: written anew from the log",
        LOG_TEXT("study", ledger->slug),
        LOG_NUMBER("was", signer_projection(ledger->signer)),
        LOG_NUMBER("is", PROJECTION_NUMBER), LOG_NUMBER("size", start->head.size), LOG_END);
    numbered(start);
}

/* The head is locked: is it still the one that was read? */
static void took_hold(void *arg, const struct pg_answer *answer)
{
    struct start *start = arg;
    struct store_head head;
    struct err err;
    if (!start_came(start, answer)) {
        return;
    }
    status taken = store_take_head(answer->rows[1], &head, &err);
    if (taken == OK && head.size != start->head.size) {
        taken = FAIL(&err, ERR_UNAVAILABLE,
                     "another process writes while the tables are written anew");
    }
    if (taken != OK) {
        start_finish(start, taken, &err);
        return;
    }
    struct pg_batch *batch = pg_batch_new();
    projection_add_rebuild(batch, start->ledger->log_id, start->ledger->state);
    pg_batch_add(batch, &PG_COMMIT);
    instant deadline = loop_now(start->ledger->service->loop) + REBUILD_PATIENCE;
    if (pg_ask(start->pg, batch, deadline, took_rebuild, start, &err) != OK) {
        start_finish(start, ERR_UNAVAILABLE, &err);
    }
}

void start_compare_tables(struct start *start)
{
    struct err err;
    bool same = start->faulty || compare(start, &err) == OK;
    bool older = signer_projection(start->ledger->signer) != PROJECTION_NUMBER;
    if (start->faulty || (same && !older)) {
        start_definitions(start);
    } else if (same) {
        numbered(start);
    } else if (!older) {
        start_fault(start, &err);
        start_definitions(start);
    } else {
        struct pg_batch *batch = pg_batch_new();
        pg_batch_add(batch, &PG_BEGIN);
        store_add_hold_head(batch, start->ledger->log_id);
        start_ask(start, batch, took_hold);
    }
}
