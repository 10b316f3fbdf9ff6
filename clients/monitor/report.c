/* SPDX-License-Identifier: Apache-2.0 */
/*
** report and history: what the log says, of a log that is verified in the same run. A report
** speaks after all has held; a history shows each entry when it has passed.
*/
#include "base/text.h"
#include "clients/monitor/monitor.h"
#include "clients/verify/study_log.h"
#include "clients/verify/tell.h"

const struct option REPORT_OPTIONS[] = {
    {"since", "SIZE", "the size of the log at the last visit: lists what came after"},
    {NULL, NULL, NULL},
};

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

static status read_since(const struct invocation *run, uint64_t *ret_since, struct err *err)
{
    const char *since = invocation_option(run, "since");
    *ret_since = 0;
    if (since != NULL && !text_to_u64(span_text(since), MERKLE_SIZE_MAX, ret_since)) {
        return FAIL(err, ERR_BAD_INPUT, "--since takes a number of entries");
    }
    return OK;
}

static void say_head(const struct study_log *log, const struct tally *tally)
{
    const struct client *client = log->client;
    const struct invocation *run = client->run;
    char now[INSTANT_SIZE];
    char last[INSTANT_SIZE];
    char root[DIGEST_BASE64_SIZE];
    instant_format(clock_now(run->clock), now);
    instant_format(tally->last_time, last);
    digest_to_base64(&log->result.head.root, root);
    json_member(&client->run->result, "written", now);
    json_member(&client->run->result, "last_time", last);
    say(run,
        "Monitoring report, %s (%s)\nWritten %.16s UTC by %s, %s.\n\n"
        "What was verified: the head of the log is signed by the log's key; each of the "
        "%llu entries\nfollows the one before; each body is the one its entry commits to; "
        "each record is signed with\na key that was valid at that place; each signer saw "
        "this history and no other.\nLog %s\nSize %llu\nRoot %s\nLast entry %s\n\n",
        "Monitoringverslag, %s (%s)\nGeschreven %.16s UTC door %s, %s.\n\n"
        "Gecontroleerd: de kop van het logboek is getekend door de sleutel van het "
        "logboek; "
        "elk van de\n%llu boekingen volgt op de vorige; elke inhoud is die waarvoor de "
        "boeking staat; elke\nvastlegging is getekend met een sleutel die daar geldig was; "
        "elke ondertekenaar zag deze\ngeschiedenis en geen andere.\nLogboek %s\nOmvang "
        "%llu\nWortel %s\nLaatste boeking %s\n\n",
        client->passport.study_name, client->passport.study, now, client->passport.name,
        word_of(run, client->passport.role), (unsigned long long) log->result.head.size,
        client->passport.origin, (unsigned long long) log->result.head.size, root, last);
    if (replay_withheld(log->result.replay) > 0) {
        say(run, "The contents of %llu entries are not for you to see.\n\n",
            "De inhoud van %llu boekingen is niet voor u.\n\n",
            (unsigned long long) replay_withheld(log->result.replay));
    }
}

status monitor_report(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(study_log_done) struct study_log log = {0};
    struct tally tally = {.arena = run->arena};
    TRY(read_since(run, &tally.since, err));
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE | CLIENT_QUIET, &client, err));
    log.client = client;
    log.each = take_tally;
    log.arg = &tally;
    status kind = study_log_verify(&log, err);
    study_log_json(&log);
    TRY(kind);
    const struct state *state = replay_state(log.result.replay);
    say_head(&log, &tally);
    tell_holds(run, state);
    tell_counts(run, state);
    tell_clocks(run, &tally);
    tell_story(run, &tally);
    tell_queries(run, state);
    tell_locks(run, state);
    tell_people(run, state);
    tell_since(run, &tally);
    return OK;
}

/* ---- history ---- */

struct history {
    struct invocation *run;
    const char *object;
    bool begun;
    size_t count;
};

static bool concerns(const struct history *history, const struct replay_step *step)
{
    const struct record *record = step->record;
    if (span_is(step->entry->object, history->object)) {
        return true;
    }
    if (record == NULL || record->type != RECORD_FORM_SIGN) {
        return false;
    }
    for (size_t i = 0; i < record->data.form_sign.object_count; i++) {
        if (strcmp(record->data.form_sign.objects[i].object, history->object) == 0) {
            return true;
        }
    }
    return false;
}

static const char *text_of(struct history *history, struct span span)
{
    return arena_span_text(history->run->arena, span);
}

static void json_step(struct history *history, const struct replay_step *step,
                      const char *time, const char *name)
{
    struct json_out *json = &history->run->result;
    CLEANUP(bytes_done) struct bytes line = {0};
    json_begin(json, '{');
    json_member_integer(json, "seq", step->entry->seq);
    json_member(json, "time", time);
    json_member(json, "type", text_of(history, step->entry->type));
    json_member(json, "actor", text_of(history, step->entry->actor));
    json_member(json, "name", name);
    json_member(json, "reason", step->record != NULL ? step->record->reason : NULL);
    json_key(json, "payload");
    if (step->jws != NULL) {
        json_put_raw(json, step->jws->payload);
        outcome_write(step->outcome, &line);
        json_key(json, "outcome");
        json_put_raw(json, span_bytes(&line));
    } else {
        json_put_null(json);
    }
    json_end(json, '}');
}

static status take_history(void *arg, const struct replay_step *step,
                           const struct body_line *body, struct span entry,
                           const struct state *state, struct err *err)
{
    struct history *history = arg;
    const struct record *record = step->record;
    char time[INSTANT_SIZE];
    (void) body;
    (void) entry;
    (void) state;
    (void) err;
    if (!concerns(history, step)) {
        return OK;
    }
    instant_format(step->entry->time, time);
    const char *name = record != NULL ? record->signature.name : NULL;
    json_step(history, step, time, name);
    say(history->run, "%lld  %.19s  %s by %s (%s)%s%s%s\n",
        "%lld  %.19s  %s door %s (%s)%s%s%s\n", (long long) step->entry->seq, time,
        text_of(history, step->entry->type),
        name != NULL ? name : in_words(history->run, "withheld", "niet voor u"),
        text_of(history, step->entry->actor),
        record != NULL && record->type == RECORD_FORM_SUBMIT
            ? (record->data.form_submit.form.state == FORM_COMPLETE
                   ? in_words(history->run, ", complete", ", volledig")
                   : in_words(history->run, ", partial", ", deels"))
            : "",
        record != NULL && record->reason != NULL ? ": " : "",
        record != NULL && record->reason != NULL ? record->reason : "");
    history->count++;
    return OK;
}

status monitor_history(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(study_log_done) struct study_log log = {0};
    struct history history = {.run = run, .object = run->arguments[0]};
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE | CLIENT_QUIET, &client, err));
    log.client = client;
    log.each = take_history;
    log.arg = &history;
    json_key(&run->result, "items");
    json_begin(&run->result, '[');
    status kind = study_log_verify(&log, err);
    json_end(&run->result, ']');
    study_log_json(&log);
    TRY(kind);
    if (history.count == 0) {
        return FAIL(err, ERR_NOT_FOUND,
                    "nothing in the log is about that object; objects look like "
                    "subject/NL01-004/SE.V4/-/F.INFUSION/-");
    }
    say(run, "%zu entries; the whole log was verified.\n",
        "%zu boekingen; het hele logboek is gecontroleerd.\n", history.count);
    return OK;
}
