/* SPDX-License-Identifier: Apache-2.0 */
/*
** Between definer_begin() and `done` everything but `abandoned` belongs to the worker, and
** `abandoned` to the loop.
*/
#include "service/flow/definer.h"

#include "base/text.h"
#include "protocol/study/dictionary.h"
#include "protocol/study/odm.h"
#include "service/flow/ledger.h"
#include "service/loop/loop.h"

struct task {
    char sha256[DIGEST_HEX_SIZE];
    struct bytes xml;
    struct defined defined;
    status result;
    struct err err;
};

struct definer {
    void (*done)(void *arg);
    void *arg;
    struct task *tasks;
    size_t count;
    bool working, abandoned;
};

struct definer *definer_new(void (*done)(void *arg), void *arg)
{
    struct definer *definer = mem_alloc(sizeof(*definer));
    definer->done = done;
    definer->arg = arg;
    return definer;
}

static void release(struct definer *definer)
{
    for (size_t i = 0; i < definer->count; i++) {
        bytes_done(&definer->tasks[i].xml);
        arena_free(definer->tasks[i].defined.arena);
    }
    free(definer->tasks);
    free(definer);
}

void definer_free(struct definer *definer)
{
    if (definer != NULL && definer->working) {
        definer->abandoned = true;
    } else if (definer != NULL) {
        release(definer);
    }
}

void definer_add(struct definer *definer, const char *sha256, struct span xml)
{
    BUG_IF(definer->working);
    definer->tasks =
        mem_grow(definer->tasks, definer->count + 1, sizeof(definer->tasks[0]));
    struct task *task = &definer->tasks[definer->count++];
    *task = (struct task){.defined = {.arena = arena_new()}};
    (void) text_copy(task->sha256, sizeof(task->sha256), sha256);
    bytes_add_span(&task->xml, xml);
}

bool definer_is_empty(const struct definer *definer)
{
    return definer->count == 0;
}

/* ---- on the worker ---- */

static status read_one(struct task *task)
{
    struct odm_problems problems = {0};
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    digest_of(span_bytes(&task->xml), &digest);
    digest_to_hex(&digest, hex);
    if (strcmp(hex, task->sha256) != 0) {
        return FAIL(&task->err, ERR_TAMPERED, "the stored definition %s has another digest",
                    task->sha256);
    }
    if (dictionary_is(span_bytes(&task->xml))) {
        return dictionary_read(span_bytes(&task->xml), task->defined.arena,
                               &task->defined.dictionary, &task->err);
    }
    return odm_read(span_bytes(&task->xml), task->defined.arena, &task->defined.study,
                    &problems, &task->err);
}

static void work(void *arg)
{
    struct definer *definer = arg;
    for (size_t i = 0; i < definer->count; i++) {
        definer->tasks[i].result = read_one(&definer->tasks[i]);
    }
}

/* ---- on the loop ---- */

static void worked(void *arg)
{
    struct definer *definer = arg;
    definer->working = false;
    if (definer->abandoned) {
        release(definer);
    } else {
        definer->done(definer->arg);
    }
}

status definer_begin(struct definer *definer, struct loop *loop, struct err *err)
{
    TRY(loop_work(loop, work, worked, definer, err));
    definer->working = true;
    return OK;
}

status definer_give(struct definer *definer, struct ledger *ledger, struct err *err)
{
    status first = OK;
    for (size_t i = 0; i < definer->count; i++) {
        struct task *task = &definer->tasks[i];
        if (task->result == OK) {
            ledger_keep_definition(ledger, task->sha256, &task->defined);
            task->defined.arena = NULL; /* the ledger's */
        } else if (first == OK) {
            first = task->result;
            *err = task->err;
        }
    }
    return first;
}
