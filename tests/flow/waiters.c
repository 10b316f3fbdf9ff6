/* SPDX-License-Identifier: Apache-2.0 */
/*
** Who waits for what another process wrote, while the writer is at work: so many and no more.
** Anybody can send a request with an unknown key, so what one costs in memory has a bound.
*/
#include "service/flow/ledger.h"
#include "service/flow/writer_impl.h"
#include "service/loop/loop.h"
#include "tests/support/rows.h"

struct scene {
    struct service service;
    struct ledger ledger;
    struct writer *writer;
    struct batch at_work;
    unsigned answered;
};

static void answered(void *arg)
{
    unsigned *count = arg;
    (*count)++;
}

static void await(struct scene *scene, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        writer_await(scene->writer, 10, answered, &scene->answered);
    }
}

static void open_scene(struct scene *scene)
{
    struct loop_options options = {0};
    struct err err;
    *scene = (struct scene){.ledger = {.phase = LEDGER_OPEN}};
    assert_status(loop_new(&options, &scene->service.loop, &err), OK, &err);
    scene->ledger.service = &scene->service;
    scene->writer = writer_new(&scene->ledger);
    scene->writer->batch = &scene->at_work;
}

static void close_scene(struct scene *scene)
{
    scene->writer->batch = NULL;
    writer_free(scene->writer);
    loop_free(scene->service.loop);
}

static void so_many_wait(void **unused)
{
    (void) unused;
    struct scene scene;
    open_scene(&scene);
    await(&scene, WAITERS_MAX);
    assert_int_equal(scene.answered, 0);
    await(&scene, 3);
    assert_int_equal(scene.answered, 3); /* at once, by what is known */
    close_scene(&scene);
}

static void all_are_answered_once(void **unused)
{
    (void) unused;
    struct scene scene;
    open_scene(&scene);
    await(&scene, WAITERS_MAX + 1);
    close_scene(&scene);
    assert_int_equal(scene.answered, WAITERS_MAX + 1);
}

int main(void)
{
    add_test(
        "of those who wait for another crfd's entries, who is one too many is answered "
        "at once",
        so_many_wait);
    add_test("whoever waits when the service stops is answered, once",
             all_are_answered_once);
    return run_added("flow_waiters");
}
