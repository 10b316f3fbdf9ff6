/* SPDX-License-Identifier: Apache-2.0 */
/*
** verify and status: is the log whole and unchanged, and how far does this computer know so.
*/
#include "clients/lib/says.h"
#include "clients/monitor/monitor.h"
#include "clients/verify/definitions.h"
#include "clients/verify/study_log.h"
#include "clients/verify/tell.h"

const struct option VERIFY_OPTIONS[] = {
    {"incremental", NULL, "read only what was added since the last verification"},
    {"recheck", NULL, "decide every record again and list where this version differs"},
    {NULL, NULL, NULL},
};

struct difference {
    int64_t seq;
    const char *what;
};

struct differences {
    struct arena *arena;
    struct difference *items;
    size_t count, capacity;
};

static void add_difference(void *arg, int64_t seq, const char *what)
{
    struct differences *list = arg;
    struct difference *item =
        ARENA_PUSH(list->arena, list->items, list->count, list->capacity);
    *item = (struct difference){seq, arena_text(list->arena, what)};
}

static void say_verified(const struct study_log *log)
{
    const struct invocation *run = log->client->run;
    const struct verify_result *result = &log->result;
    char root[DIGEST_BASE64_SIZE];
    digest_to_base64(&result->head.root, root);
    if (log->began_at > 0) {
        say(run, "Entries before %llu were verified earlier and were not read again.\n",
            "Boekingen voor %llu waren al gecontroleerd en zijn niet opnieuw gelezen.\n",
            (unsigned long long) log->began_at);
    }
    say(run,
        "Verified: %llu entries, whole and unchanged, as signed by the log's key.\n"
        "Root %s\n",
        "Gecontroleerd: %llu boekingen, volledig en ongewijzigd, getekend door de sleutel "
        "van het logboek.\nWortel %s\n",
        (unsigned long long) result->head.size, root);
    if (replay_withheld(result->replay) > 0) {
        say(run,
            "The contents of %llu entries are not for you to see; their place in the chain "
            "was verified, their signatures were not.\n",
            "De inhoud van %llu boekingen is niet voor u; hun plaats in de keten is "
            "gecontroleerd, hun handtekening niet.\n",
            (unsigned long long) replay_withheld(result->replay));
    }
}

static void tell_differences(struct invocation *run, const struct differences *list)
{
    struct json_out *json = &run->result;
    json_key(json, "rechecked");
    json_begin(json, '[');
    for (size_t i = 0; i < list->count; i++) {
        json_begin(json, '{');
        json_member_integer(json, "seq", list->items[i].seq);
        json_member(json, "what", list->items[i].what);
        json_end(json, '}');
        say(run, "  entry %lld: %s\n", "  boeking %lld: %s\n",
            (long long) list->items[i].seq,
            error_in(run->arena, run->language, list->items[i].what));
    }
    json_end(json, ']');
    say(run, "Decided again by this version: %zu differences. They are no tampering.\n",
        "Opnieuw beslist door deze versie: %zu verschillen. Dat is geen vervalsing.\n",
        list->count);
}

status monitor_verify(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(service_source_done) struct service_source service = {0};
    CLEANUP(definition_cache_freep) struct definition_cache *cache = NULL;
    CLEANUP(study_log_done) struct study_log log = {0};
    struct definitions definitions;
    struct differences differences = {.arena = run->arena};
    bool recheck = invocation_option(run, "recheck") != NULL;
    log.incremental = invocation_option(run, "incremental") != NULL;
    if (recheck && log.incremental) {
        return FAIL(err, ERR_BAD_INPUT,
                    "--recheck reads the whole log: leave --incremental out");
    }
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
    service.client = client;
    struct log_source source = log_source_service(&service);
    log.client = client;
    log.arg = &differences;
    if (recheck) {
        cache = definition_cache_new(&source);
        definitions = definition_cache_ask(cache);
        log.definitions = &definitions;
        log.differs = add_difference;
    }
    status kind = study_log_verify(&log, err);
    if (kind == OK) {
        kind = study_log_halted(&log, err);
    }
    study_log_json(&log);
    TRY(kind);
    say_verified(&log);
    if (recheck) {
        TRY(definition_cache_fault(cache, err));
        tell_differences(run, &differences);
    }
    return OK;
}

/* ---- status: without reading the log ---- */

static void tell_state(struct client *client, const struct log_state *state)
{
    struct invocation *run = client->run;
    struct json_out *json = &run->result;
    char time[INSTANT_SIZE] = "";
    uint64_t checked = state->checked ? state->frontier.size : 0;
    json_member(json, "study", client->passport.study);
    json_member(json, "origin", client->passport.origin);
    json_key(json, "online");
    json_put_bool(json, client->online);
    json_member_integer(json, "size_verified", (int64_t) checked);
    json_member_integer(json, "size_shown",
                        client->facts.known ? (int64_t) client->facts.size : -1);
    if (state->checked && checked > 0) {
        instant_format(state->time, time);
    }
    json_member(json, "last_time", time[0] != '\0' ? time : NULL);
    say(run, "%s, %s. Log %s.\n", "%s, %s. Logboek %s.\n", client->passport.study_name,
        client->passport.name, client->passport.origin);
    if (checked == 0) {
        say(run, "Nothing was verified on this computer yet: crf-monitor verify\n",
            "Op deze computer is nog niets gecontroleerd: crf-monitor verify\n");
    } else {
        say(run, "Verified here: %llu entries, the last of %.16s UTC.\n",
            "Hier gecontroleerd: %llu boekingen, de laatste van %.16s UTC.\n",
            (unsigned long long) checked, time);
    }
    if (client->facts.known) {
        unsigned long long shown = client->facts.size;
        if (client->online) {
            say(run, "The service shows %llu entries.\n",
                "De dienst toont %llu boekingen.\n", shown);
        } else {
            say(run, "The service is away now; it last showed %llu entries.\n",
                "De dienst is nu weg; hij toonde het laatst %llu boekingen.\n", shown);
        }
    }
}

status monitor_status(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct log_state state = {0};
    TRY(client_open(run, CLIENT_TRY_ONLINE, &client, err));
    if (client->trust.log != NULL) {
        TRY(log_state_load(client->folder, &client->trust, client->arena, &state, err));
    }
    tell_state(client, &state);
    return OK;
}
