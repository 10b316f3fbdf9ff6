/* SPDX-License-Identifier: Apache-2.0 */
/*
** kill -9 of crfd and of PostgreSQL (with fsync) at random moments while sites work: the same
** command starts it again without repair, and every promise made to a client is kept.
**
** CRFD_SOAK in the environment: 50 rounds of each instead of 10, or that many times 50.
*/
#include <unistd.h>

#include "crypto/random.h"
#include "tests/attack/clients.h"
#include "tests/support/rows.h"

#define CLIENTS 6

static struct trial *trial;

static int rounds(void)
{
    const char *soak = getenv("CRFD_SOAK");
    long times = soak != NULL ? strtol(soak, NULL, 10) : 0;
    return soak != NULL ? 50 * (int) (times > 0 ? times : 1) : 10;
}

/* Long enough for some batches, and never in step with them. */
static void wait_a_random_moment(void)
{
    uint16_t random = 0;
    random_fill(&random, sizeof(random));
    (void) usleep(20000 + (useconds_t) random * 4);
}

static void kill_crfd(void)
{
    trial_kill(trial);
    trial_restart(trial);
}

static void kill_postgresql(void)
{
    pgtmp_kill(trial_pg(trial));
    pgtmp_restart(trial_pg(trial));
    assert_true(trial_ready(trial, 60));
}

static void kill_both(void)
{
    pgtmp_kill(trial_pg(trial));
    trial_kill(trial);
    pgtmp_restart(trial_pg(trial));
    trial_restart(trial);
}

static void every_promise_is_kept(void **state)
{
    (void) state;
    struct clients *clients = clients_start(trial, CLIENTS);
    for (int i = 0; i < rounds(); i++) {
        wait_a_random_moment();
        kill_crfd();
        wait_a_random_moment();
        kill_postgresql();
    }
    wait_a_random_moment();
    kill_both();
    clients_stop(clients);
    print_message("%zu records, %zu tries without an answer\n", clients_held(clients),
                  clients_retried(clients));
    clients_check(clients);
    assert_true(clients_retried(clients) > 0);
    clients_free(clients);
    assert_int_equal(trial_terminate(trial), 0);
}

int main(void)
{
    trial = trial_start(&(struct trial_options){.fsync = true});
    trial_open(trial);
    add_test("killed at random moments, it keeps every promise", every_promise_is_kept);
    int failed = run_added("kill -9");
    trial_stop(trial);
    return failed;
}
