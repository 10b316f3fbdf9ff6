/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why the passport wins over the server: origin, log key and founder came by hand. If the
** server says otherwise, one of them lies, and the person must hear that before anything is
** signed.
*/
#include "clients/lib/client.h"

#include "base/json_out.h"
#include "base/text.h"
#include "clients/lib/plain.h"

#define STUDY_FILE  "study.json"
#define FACTS_LIMIT ((size_t) 4 << 20)

static const struct json_limits FACTS_LIMITS = {
    .depth = 8, .nodes = 100000, .string = (size_t) 64 << 10};

void client_close(struct client *client)
{
    if (client == NULL) {
        return;
    }
    bytes_wipe(&client->bearer);
    time_zone_close(client->zone);
    note_key_free(client->log_key);
    https_close(client->https);
    signer_close(client->signer);
    folder_close(client->folder);
    state_free(client->published);
    arena_free(client->definitions);
    arena_free(client->arena);
    free(client);
}

void client_closep(struct client **client)
{
    client_close(*client);
    *client = NULL;
}

/* ---- what the service says of the study ---- */

/* The number of ITEM's entry; -1 where an older service does not say it. */
static int64_t seq_of(const struct json *item)
{
    const struct json *seq = json_get(item, "seq");
    return seq != NULL && seq->kind == J_INTEGER ? seq->integer : -1;
}

static void load_definitions(const struct json *list, struct state *state,
                             struct study_facts *facts)
{
    int64_t newest = -2;
    for (size_t i = 0; list != NULL && list->kind == J_ARRAY && i < list->count; i++) {
        const struct json *item = &list->items[i];
        const char *src = json_get_string(item, "src");
        const char *values[TABLE_COLUMNS_MAX] = {
            [DEFINITION_VERSION] = json_get_string(item, "version"),
            [DEFINITION_DIGEST] = json_get_string(item, "sha256"),
            [DEFINITION_SRC] = src != NULL ? src : ""};
        struct digest digest;
        if (values[DEFINITION_VERSION] == NULL || values[DEFINITION_DIGEST] == NULL ||
            !digest_from_hex(span_text(values[DEFINITION_DIGEST]), &digest)) {
            continue;
        }
        state_load_row(state, TABLE_DEFINITION, values, seq_of(item));
        if (seq_of(item) >= newest) {
            newest = seq_of(item);
            facts->version = values[DEFINITION_VERSION];
            facts->sha256 = values[DEFINITION_DIGEST];
        }
    }
}

static void load_site_versions(const struct json *list, struct state *state)
{
    for (size_t i = 0; list != NULL && list->kind == J_ARRAY && i < list->count; i++) {
        const struct json *item = &list->items[i];
        const char *values[TABLE_COLUMNS_MAX] = {
            [SITE_VERSION_SITE] = json_get_string(item, "site"),
            [SITE_VERSION_VALID_FROM] = json_get_string(item, "from"),
            [SITE_VERSION_VERSION] = json_get_string(item, "version"),
            [SITE_VERSION_VALID_TO] = json_get_string(item, "to")};
        if (values[SITE_VERSION_SITE] != NULL && values[SITE_VERSION_VALID_FROM] != NULL &&
            values[SITE_VERSION_VERSION] != NULL) {
            state_load_row(state, TABLE_SITE_VERSION, values, 0);
        }
    }
}

/* The newest definition; for somebody of a site the one in force there now, by the same
 * function with which the service decides, so that an activation comes in time without a line,
 * too. */
static void read_definitions(struct client *client, const struct json *root,
                             struct study_facts *facts)
{
    struct state *state = state_new(client->passport.origin, NULL);
    const char *site = client->passport.site;
    load_definitions(json_get(root, "definitions"), state, facts);
    load_site_versions(json_get(root, "site_versions"), state);
    const char *here =
        site != NULL
            ? state_version_at(state, site, clock_now(client->run->clock), UINT64_MAX)
            : NULL;
    const struct row *row = here != NULL ? state_definition(state, here) : NULL;
    if (row != NULL) {
        facts->version = arena_text(client->arena, row->values[DEFINITION_VERSION]);
        facts->sha256 = arena_text(client->arena, row->values[DEFINITION_DIGEST]);
    }
    state_free(client->published);
    client->published = state;
}

static void read_dictionaries(const struct json *list, struct arena *arena,
                              struct study_facts *facts)
{
    if (list == NULL || list->kind != J_ARRAY) {
        return;
    }
    struct client_dictionary *items =
        ARENA_ARRAY(arena, list->count + 1, struct client_dictionary);
    for (size_t i = 0; i < list->count; i++) {
        struct digest digest;
        struct client_dictionary item = {json_get_string(&list->items[i], "name"),
                                         json_get_string(&list->items[i], "version"),
                                         json_get_string(&list->items[i], "sha256")};
        if (item.name != NULL && item.version != NULL && item.sha256 != NULL &&
            digest_from_hex(span_text(item.sha256), &digest)) {
            items[facts->dictionary_count++] = item;
        }
    }
    facts->dictionaries = items;
}

static void read_holds(const struct json *list, struct arena *arena,
                       struct study_facts *facts)
{
    if (list == NULL || list->kind != J_ARRAY) {
        return;
    }
    struct hold *holds = ARENA_ARRAY(arena, list->count, struct hold);
    for (size_t i = 0; i < list->count; i++) {
        const char *activity = json_get_string(&list->items[i], "activity");
        const char *scope = json_get_string(&list->items[i], "scope");
        const char *rule = json_get_string(&list->items[i], "rule");
        const char *state = json_get_string(&list->items[i], "state");
        holds[i] = (struct hold){
            .activity = text_for_terminal(arena, activity != NULL ? activity : "?"),
            .scope = text_for_terminal(arena, scope != NULL ? scope : "?"),
            .rule = text_for_terminal(arena, rule != NULL ? rule : "?"),
            .state = text_for_terminal(arena, state != NULL ? state : "held")};
    }
    facts->holds = holds;
    facts->hold_count = list->count;
}

static void read_unanswered(const struct json *list, struct arena *arena,
                            struct study_facts *facts)
{
    if (list == NULL || list->kind != J_ARRAY) {
        return;
    }
    struct unanswered *items = ARENA_ARRAY(arena, list->count + 1, struct unanswered);
    for (size_t i = 0; i < list->count; i++) {
        const char *report = json_get_string(&list->items[i], "report");
        const char *since = json_get_string(&list->items[i], "since");
        instant at;
        if (since != NULL && instant_parse(span_text(since), &at, NULL)) {
            items[facts->unanswered_count++] = (struct unanswered){
                .report = report != NULL ? text_for_terminal(arena, report) : NULL,
                .site = json_get_string(&list->items[i], "site"),
                .since = since};
        }
    }
    facts->unanswered = items;
}

static status read_facts(struct client *client, const struct json *root, struct err *err)
{
    struct study_facts facts = {.known = true};
    const struct json *size = json_get(root, "size");
    if (root->kind != J_OBJECT || size == NULL || size->kind != J_INTEGER ||
        size->integer < 0) {
        return FAIL(err, ERR_BAD_INPUT,
                    "what the service says of the study cannot be read");
    }
    facts.size = (uint64_t) size->integer;
    const struct json *halted = json_get(root, "halted");
    facts.halted = halted != NULL && halted->kind == J_TRUE;
    read_definitions(client, root, &facts);
    facts.open = facts.version != NULL;
    read_dictionaries(json_get(root, "dictionaries"), client->arena, &facts);
    read_holds(json_get(root, "holds"), client->arena, &facts);
    read_unanswered(json_get(root, "unanswered"), client->arena, &facts);
    client->facts = facts;
    return OK;
}

/* The server must be the one the passport came for. */
static status compare_facts(struct client *client, unsigned needs, const struct json *root,
                            struct err *err)
{
    const char *origin = json_get_string(root, "origin");
    const char *vkey = json_get_string(root, "vkey");
    const char *founder = json_get_string(root, "founder");
    struct passport *passport = &client->passport;
    if (origin == NULL || vkey == NULL || founder == NULL) {
        return FAIL(err, ERR_BAD_INPUT,
                    "what the service says of the study cannot be read");
    }
    bool first = passport->vkey == NULL && (needs & CLIENT_FOUNDER) != 0;
    if (first) {
        passport->vkey = vkey;
        TRY(note_key_parse(span_text(vkey), &client->log_key, err));
        client->trust.log = client->log_key;
    }
    if (passport->vkey == NULL) {
        return FAIL(err, ERR_REJECTED,
                    "the key of the log is not known yet: open the study first (crf-admin "
                    "study open)");
    }
    if (strcmp(origin, passport->origin) != 0 || strcmp(vkey, passport->vkey) != 0 ||
        strcmp(founder, passport->founder) != 0) {
        return FAIL(
            err, ERR_TAMPERED,
            "the service names another log, log key or founder than your invitation; "
            "nothing was sent");
    }
    return first ? passport_store(client->folder, passport, err) : OK;
}

static status fetch_facts(struct client *client, unsigned needs, struct err *err)
{
    CLEANUP(https_answer_done) struct https_answer answer = {0};
    const struct json *root = NULL;
    struct https_request request = {.method = "GET",
                                    .path =
                                        passport_path(&client->passport, client->arena, ""),
                                    .limit = FACTS_LIMIT};
    TRY(https_do(client->https, &request, &answer, err));
    if (answer.code != 200) {
        struct problem problem;
        problem_read(&answer, client->arena, &problem);
        return problem_status(&problem, err);
    }
    TRY(json_parse(span_bytes(&answer.body), &FACTS_LIMITS, client->arena, &root, err));
    TRY(compare_facts(client, needs, root, err));
    TRY(read_facts(client, root, err));
    return folder_write(client->folder, STUDY_FILE, span_bytes(&answer.body), err);
}

/* What it said the last time; nothing if there was none or it cannot be read. */
static void remember_facts(struct client *client)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    const struct json *root = NULL;
    if (folder_read(client->folder, STUDY_FILE, &text, NULL) == OK &&
        json_parse(span_bytes(&text), &FACTS_LIMITS, client->arena, &root, NULL) == OK) {
        (void) read_facts(client, root, NULL);
    }
}

/* Whom to phone stands in the definition; with an open key it is fetched if need be. */
static const struct safety_contact *known_contact(struct client *client)
{
    return client_definition(client, NULL) == OK ? &client->version->contact : NULL;
}

static void say_hold(const struct client *client, const struct hold *hold, bool aside)
{
    const struct invocation *run = client->run;
    const char *language = run->language;
    bool provisional = strcmp(hold->state, "provisional") == 0;
    (aside ? note : say)(run, "STOP: %s is on hold%s (%s, rule %s).%s\n",
                         "STOP: %s ligt%s stil (%s, regel %s).%s\n",
                         message_activity(client->arena, language, hold->activity),
                         provisional ? in_words(run, " for now", " voorlopig") : "",
                         message_scope(client->arena, language, hold->scope), hold->rule,
                         client->online ? ""
                                        : in_words(run, " As of the last contact.",
                                                   " Volgens het laatste contact."));
}

static void holds_json(const struct client *client)
{
    struct json_out *json = result_members(client->run);
    json_key(json, "holds");
    json_begin(json, '[');
    for (size_t i = 0; i < client->facts.hold_count; i++) {
        const struct hold *hold = &client->facts.holds[i];
        json_begin(json, '{');
        json_member(json, "activity", hold->activity);
        json_member(json, "scope", hold->scope);
        json_member(json, "rule", hold->rule);
        json_member(json, "state", hold->state);
        json_end(json, '}');
    }
    json_end(json, ']');
}

/* Of this site, or of a site that is not known; the sponsor's own people do not phone it. */
static bool is_ours(const struct client *client, const struct unanswered *item)
{
    const char *site = client->passport.site;
    return site != NULL && (item->site == NULL || strcmp(item->site, site) == 0);
}

static void say_unanswered(struct client *client, const struct unanswered *item, bool aside)
{
    const struct invocation *run = client->run;
    const struct safety_contact *contact = known_contact(client);
    const char *report =
        item->report != NULL ? item->report : in_words(run, "a report", "een melding");
    const char *contacted = client->online ? ""
                                           : in_words(run, " As of the last contact.",
                                                      " Volgens het laatste contact.");
    instant since = 0;
    (void) instant_parse(span_text(item->since), &since, NULL);
    long long hours = (clock_now(run->clock) - since) / HOUR;
    if (contact != NULL) {
        (aside ? note : say)(
            run,
            "PHONE NOW: the sponsor has not acknowledged %s for %lld h. %s, %s; or %s.%s\n",
            "BEL NU: de opdrachtgever heeft %s al %lld uur niet bevestigd. %s, %s; of "
            "%s.%s\n",
            report, hours, contact->physician, contact->phone, contact->second_route,
            contacted);
        return;
    }
    (aside ? note
           : say)(run,
                  "PHONE NOW: the sponsor has not acknowledged %s for %lld h. The "
                  "number is in your binder.%s\n",
                  "BEL NU: de opdrachtgever heeft %s al %lld uur niet bevestigd. Het "
                  "nummer staat in uw map.%s\n",
                  report, hours, contacted);
}

static void unanswered_json(const struct client *client)
{
    struct json_out *json = result_members(client->run);
    json_key(json, "unanswered");
    json_begin(json, '[');
    for (size_t i = 0; i < client->facts.unanswered_count; i++) {
        const struct unanswered *item = &client->facts.unanswered[i];
        json_begin(json, '{');
        json_member(json, "report", item->report);
        json_member(json, "site", item->site);
        json_member(json, "since", item->since);
        json_end(json, '}');
    }
    json_end(json, ']');
}

static void say_all_unanswered(struct client *client, bool aside)
{
    for (size_t i = 0; i < client->facts.unanswered_count; i++) {
        if (is_ours(client, &client->facts.unanswered[i])) {
            say_unanswered(client, &client->facts.unanswered[i], aside);
        }
    }
    unanswered_json(client);
}

static void say_holds(struct client *client, bool aside)
{
    for (size_t i = 0; i < client->facts.hold_count; i++) {
        say_hold(client, &client->facts.holds[i], aside);
    }
    const struct safety_contact *contact =
        client->facts.hold_count > 0 ? known_contact(client) : NULL;
    if (contact != NULL) {
        (aside ? note : say)(client->run,
                             "Ask %s, %s. If it was done already, record it now: that is "
                             "always accepted.\n",
                             "Vraag %s, %s. Is het al gebeurd, leg het nu vast: dat wordt "
                             "altijd aangenomen.\n",
                             contact->physician, contact->phone);
    }
    holds_json(client);
}

/* ---- opening ---- */

static status open_https(struct client *client, struct err *err)
{
    struct https_config config = {.url = client->passport.url,
                                  .authority = client->passport.authority,
                                  .pin = client->passport.pin,
                                  .language = client->run->language};
    return https_open(&config, &client->https, err);
}

static status go_online(struct client *client, unsigned needs, struct err *err)
{
    if ((needs & (CLIENT_ONLINE | CLIENT_TRY_ONLINE)) == 0) {
        return OK;
    }
    TRY(open_https(client, err));
    status kind = fetch_facts(client, needs, &client->offline);
    client->online = kind == OK;
    client->why_offline = kind;
    bool serious = kind == ERR_TAMPERED || kind == ERR_UNAUTHENTIC;
    if (kind != OK && ((needs & CLIENT_ONLINE) != 0 || serious)) {
        if (err != NULL) {
            *err = client->offline;
        }
        return kind;
    }
    return OK;
}

static status open_parts(struct client *client, unsigned needs, struct err *err)
{
    struct invocation *run = client->run;
    const char *path = NULL;
    TRY(folder_find(run->folder_given, run->study_given, client->arena, &path, err));
    TRY(folder_open(path, false, &client->folder, err));
    TRY(passport_load(client->folder, client->arena, &client->passport, err));
    if (!run->language_given) {
        run->language = arena_text(run->arena, client->passport.language);
    }
    if (client->passport.vkey != NULL) {
        TRY(note_key_parse(span_text(client->passport.vkey), &client->log_key, err));
        client->trust.log = client->log_key;
    }
    if (client->passport.timezone != NULL) {
        TRY(time_zone_open(client->passport.timezone, &client->zone, err));
    }
    remember_facts(client);
    TRY(go_online(client, needs, err));
    /* the key first: the contact may have to be fetched; what stands still is said anyhow */
    status key = (needs & CLIENT_KEY) != 0
                     ? signer_open(run, client->folder, &client->signer, err)
                     : OK;
    if ((needs & CLIENT_QUIET) == 0) {
        say_all_unanswered(client, (needs & CLIENT_ASIDE) != 0);
        say_holds(client, (needs & CLIENT_ASIDE) != 0);
    }
    return key;
}

status client_open(struct invocation *run, unsigned needs, struct client **ret_client,
                   struct err *err)
{
    CLEANUP(client_closep) struct client *client = mem_alloc(sizeof(*client));
    client->run = run;
    client->arena = arena_new();
    client->definitions = arena_new();
    TRY(open_parts(client, needs, err));
    *ret_client = TAKE(client);
    return OK;
}

status client_need_online(const struct client *client, struct err *err)
{
    if (client->online) {
        return OK;
    }
    if (client->offline.what[0] != '\0' && err != NULL) {
        *err = client->offline;
        return client->why_offline;
    }
    return FAIL(err, ERR_UNAVAILABLE, "this needs the service, and it is not there now");
}

int client_offset(const struct client *client, instant at)
{
    if (client->zone != NULL) {
        return time_zone_offset(client->zone, at);
    }
    time_t seconds = (time_t) (at / SECOND);
    struct tm local;
    return localtime_r(&seconds, &local) != NULL ? (int) (local.tm_gmtoff / 60) : 0;
}
