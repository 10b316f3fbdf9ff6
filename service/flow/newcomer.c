/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/newcomer.h"

#include <stdlib.h>

#include "service/flow/ledger.h"
#include "service/flow/writer.h"
#include "service/loop/loop.h"

#define PATIENCE (5 * SECOND)

struct look {
    struct ledger *ledger;
    void (*done)(void *arg);
    void *arg;
};

static void finish(struct look *look)
{
    void (*done)(void *arg) = look->done;
    void *arg = look->arg;
    free(look);
    done(arg);
}

static void caught_up(void *arg)
{
    finish(arg);
}

static void took_head(void *arg, const struct pg_answer *answer)
{
    struct look *look = arg;
    struct store_head head;
    if (answer->status == OK && store_take_head(answer->rows[0], &head, NULL) == OK &&
        head.size > tree_size(look->ledger->tree)) {
        writer_await(look->ledger->writer, head.size, caught_up, look);
    } else {
        finish(look);
    }
}

static bool may_look(struct ledger *ledger, instant now)
{
    if (now - ledger->looks_began >= SECOND) {
        ledger->looks_began = now;
        ledger->looks = 0;
    }
    return ledger->phase == LEDGER_OPEN && ledger->looks++ < NEWCOMER_LOOKS;
}

bool newcomer_look(struct ledger *ledger, void (*done)(void *arg), void *arg)
{
    instant now = loop_now(ledger->service->loop);
    if (!may_look(ledger, now)) {
        return false;
    }
    struct look *look = mem_alloc(sizeof(*look));
    *look = (struct look){.ledger = ledger, .done = done, .arg = arg};
    struct pg_batch *batch = pg_batch_new();
    store_add_head(batch, ledger->log_id);
    if (pg_pool_ask(ledger->service->readers, batch, now + PATIENCE, took_head, look,
                    NULL) != OK) {
        free(look);
        return false;
    }
    return true;
}
