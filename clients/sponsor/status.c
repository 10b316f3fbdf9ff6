/* SPDX-License-Identifier: Apache-2.0 */
/*
** status and people: from the log itself, verified in the same run.
*/
#include "clients/sponsor/sponsor.h"
#include "clients/verify/study_log.h"
#include "clients/verify/tell.h"

static status take_tally(void *arg, const struct replay_step *step,
                         const struct body_line *body, struct span entry,
                         const struct state *state, struct err *err)
{
    (void) body;
    (void) entry;
    (void) state;
    (void) err;
    return tally_add(arg, step);
}

/* Verify all of the log; *ret_tally is filled when there is one. */
static status read_log(struct study_log *log, struct tally *tally, struct err *err)
{
    log->each = tally != NULL ? take_tally : NULL;
    log->arg = tally;
    status kind = study_log_verify(log, err);
    study_log_json(log);
    return kind;
}

status sponsor_status(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(study_log_done) struct study_log log = {0};
    struct tally tally = {.arena = run->arena};
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE | CLIENT_QUIET, &client, err));
    log.client = client;
    TRY(read_log(&log, &tally, err));
    const struct state *state = replay_state(log.result.replay);
    tell_holds(run, state);
    say(run, "%s, log of %llu entries, verified.\n",
        "%s, logboek van %llu boekingen, gecontroleerd.\n", client->passport.study_name,
        (unsigned long long) log.result.head.size);
    tell_counts(run, state);
    tell_clocks(run, &tally);
    tell_queries(run, state);
    tell_locks(run, state);
    return OK;
}

status sponsor_people(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(study_log_done) struct study_log log = {.incremental = true};
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
    log.client = client;
    TRY(read_log(&log, NULL, err));
    tell_people(run, replay_state(log.result.replay));
    return OK;
}
