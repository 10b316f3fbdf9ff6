/* SPDX-License-Identifier: Apache-2.0 */
/*
** Two crfd on one database, with sites that send to either at random: the log stays one log.
*/
#include <unistd.h>

#include "tests/attack/clients.h"
#include "tests/support/rows.h"

#define CLIENTS 6
#define KILLS   3

static struct trial *trial;

static int64_t metric(bool second, const char *name)
{
    trial_choose(trial, second);
    struct answer answer = trial_ask_operator(trial, "/metrics");
    trial_choose(trial, false);
    CLEANUP(bytes_done) struct bytes line = {0};
    bytes_printf(&line, "\n%s ", name);
    const char *at = strstr(bytes_text(&answer.body), bytes_text(&line));
    int64_t value = at != NULL ? strtoll(at + line.size, NULL, 10) : -1;
    answer_done(&answer);
    return value;
}

static int port_of(bool second)
{
    trial_choose(trial, second);
    int port = trial_port(trial);
    trial_choose(trial, false);
    return port;
}

static bool is_ready(bool second)
{
    trial_choose(trial, second);
    bool ready = trial_ready(trial, 30);
    trial_choose(trial, false);
    return ready;
}

static void aim_at_both(struct clients *clients)
{
    clients_aim(clients, port_of(false), port_of(true));
}

static void both_write_one_log(void **state)
{
    (void) state;
    struct clients *clients = clients_start(trial, CLIENTS);
    aim_at_both(clients);
    (void) sleep(4);
    clients_stop(clients);
    clients_check(clients);
    assert_true(metric(false, "crfd_records_accepted_total") > 0);
    assert_true(metric(true, "crfd_records_accepted_total") > 0);
    assert_true(metric(false, "crfd_heads_moved_total") > 0);
    assert_true(metric(true, "crfd_heads_moved_total") > 0);
    assert_true(is_ready(false) && is_ready(true));
    clients_free(clients);
}

/* In a trial of its own: the first one's subjects are enrolled. */
static void one_is_killed_and_the_other_goes_on(void **state)
{
    (void) state;
    struct clients *clients = clients_start(trial, CLIENTS);
    aim_at_both(clients);
    for (int i = 0; i < 2 * KILLS; i++) {
        (void) usleep(300000);
        trial_choose(trial, i % 2 == 0);
        trial_kill(trial);
        (void) usleep(200000); /* the other is alone; what is sent to this one is refused */
        trial_restart(trial);
        trial_choose(trial, false);
        aim_at_both(clients);
    }
    clients_stop(clients);
    clients_check(clients);
    assert_true(is_ready(false) && is_ready(true));
    clients_free(clients);
}

static int answer_of_sites(enum who who)
{
    struct answer answer = trial_get(trial, who, "/sites");
    int code = answer.status;
    answer_done(&answer);
    return code;
}

/* Enrolled through one, read and sent with through the other at once. */
static void a_new_key_is_known_to_both_at_once(void **state)
{
    (void) state;
    trial_enrol(trial, "007-K");
    for (int i = 0; i < 6; i++) {
        char change[64];
        trial_choose(trial, i % 2 == 0);
        trial_new_key(trial, COORDINATOR);
        trial_choose(trial, i % 2 != 0);
        if (i < 3) {
            assert_int_equal(answer_of_sites(COORDINATOR), 200);
        }
        (void) snprintf(change, sizeof(change), "c5e81f20b=>cm-%d", i);
        struct answer answer =
            trial_submit_file(trial, COORDINATOR, "04-LOG-CM.json", "007-K", change);
        assert_int_equal(answer.status, 201);
        answer_done(&answer);
        assert_int_equal(answer_of_sites(COORDINATOR), 200);
        assert_int_equal(answer_of_sites(NOBODY), 401);
    }
    for (int i = 0; i < 60; i++) { /* more than are looked up */
        assert_int_equal(answer_of_sites(NOBODY), 401);
    }
    trial_choose(trial, false);
}

static int start(void **state)
{
    (void) state;
    trial = trial_start(&(struct trial_options){.other_states = true});
    trial_open(trial);
    trial_start_second(trial);
    return 0;
}

static int stop(void **state)
{
    (void) state;
    trial_stop(trial);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"a key enrolled through one process is known to the other at once",
         a_new_key_is_known_to_both_at_once, start, stop, NULL},
        {"two processes write one log", both_write_one_log, start, stop, NULL},
        {"one of two processes is killed and the other goes on",
         one_is_killed_and_the_other_goes_on, start, stop, NULL},
    };
    return _cmocka_run_group_tests("two processes", tests, ARRAY_LEN(tests), NULL, NULL);
}
