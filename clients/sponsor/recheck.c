/* SPDX-License-Identifier: Apache-2.0 */
/*
** recheck: what would another version of the definition say of the data that are there? From
** the log, verified in the same run. Nothing is changed: what should be asked is asked by
** query.open records that a data manager signs (--open), through the one way in.
**
** What is said holds no clinical value: forms, rules and places only.
*/
#include "clients/lib/submit.h"
#include "clients/lib/terminal.h"
#include "clients/sponsor/sponsor.h"
#include "clients/verify/books.h"
#include "clients/verify/definitions.h"
#include "clients/verify/study_log.h"
#include "protocol/study/diff.h"

const struct option RECHECK_OPTIONS[] = {
    {"version", "OID", "the version to judge by (else the newest)"},
    {"open", NULL, "open a query for each new question; for data managers"},
    {"yes", NULL, "sign without asking; for scripts"},
    {NULL, NULL, NULL},
};

struct rechecked {
    const char *object, *rule, *path;
    enum act act;
    bool due, gone;
};

struct rechecking {
    struct client *client;
    struct books books;
    const struct state *state;
    const struct definitions *definitions;
    struct rechecked *items;
    size_t count, capacity;
};

static status take(void *arg, const struct replay_step *step, const struct body_line *body,
                   struct span entry, const struct state *state, struct err *err)
{
    struct rechecking *r = arg;
    (void) entry;
    return books_take(&r->books, step, body, state, err);
}

static const struct metadata_version *version_named(const struct rechecking *r,
                                                    const char *oid)
{
    const struct row *row = oid != NULL ? state_definition(r->state, oid) : NULL;
    return row == NULL ? NULL
                       : r->definitions->get(r->definitions->arg, oid,
                                             row->values[DEFINITION_DIGEST]);
}

static const struct metadata_version *version_of(void *arg, const struct form_data *form)
{
    return version_named(arg, form->version);
}

static void keep(void *arg, const struct recheck_finding *finding)
{
    struct rechecking *r = arg;
    struct arena *arena = r->client->arena;
    *ARENA_PUSH(arena, r->items, r->count, r->capacity) =
        (struct rechecked){arena_text(arena, finding->object),
                           arena_text(arena, finding->rule),
                           arena_text(arena, finding->path),
                           finding->act,
                           finding->due,
                           finding->gone};
}

static void recheck_all(struct rechecking *r, const struct metadata_version *version)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct recheck recheck = {.version = version,
                              .version_of = version_of,
                              .each = keep,
                              .arg = r,
                              .scratch = scratch};
    for (size_t i = 0; i < r->books.count; i++) {
        recheck_casebook(&recheck, &r->books.items[i].casebook);
    }
}

static void tell(struct rechecking *r, const char *version)
{
    struct invocation *run = r->client->run;
    struct json_out *json = result_members(run);
    size_t gone = 0;
    json_member(json, "version", version);
    json_key(json, "differences");
    json_begin(json, '[');
    for (size_t i = 0; i < r->count; i++) {
        const struct rechecked *item = &r->items[i];
        json_begin(json, '{');
        json_member(json, "object", item->object);
        json_member(json, "rule", item->rule);
        json_member(json, "path", item->path);
        json_member(json, "act", item->due ? "due" : act_name(item->act));
        json_key(json, "gone");
        json_put_bool(json, item->gone);
        json_end(json, '}');
        gone += item->gone ? 1 : 0;
        say(run, "  %s  %s %s [%s]\n", "  %s  %s %s [%s]\n",
            item->gone ? in_words(run, "no longer", "niet meer")
                       : in_words(run, "new", "nieuw"),
            item->object, item->path, item->rule);
    }
    json_end(json, ']');
    say(run, "Judged by %s: %zu findings are new, %zu are gone. No data were changed.\n",
        "Beoordeeld volgens %s: %zu bevindingen zijn nieuw, %zu vervallen. Er is niets "
        "gewijzigd.\n",
        version, r->count - gone, gone);
}

/* ---- queries, through the one way in ---- */

static bool is_asked(struct rechecking *r, const struct rechecked *item)
{
    struct rows rows =
        state_rows_where(r->state, TABLE_QUERY, item->object, r->client->arena);
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *row = rows.items[i];
        const char *path = row->values[QUERY_PATH];
        bool open =
            row_is(row, QUERY_STATE, "open") || row_is(row, QUERY_STATE, "answered");
        if (open && strcmp(path != NULL ? path : "", item->path) == 0) {
            return true;
        }
    }
    return false;
}

static bool should_ask(struct rechecking *r, const struct rechecked *item)
{
    return !item->gone && !item->due && !is_asked(r, item);
}

static status open_query(struct rechecking *r, const struct rechecked *item,
                         const char *version, struct err *err)
{
    struct client *client = r->client;
    struct outbox_answer answer;
    struct submission submission = {
        .record = {.type = RECORD_QUERY_OPEN},
        .label = arena_printf(client->arena, "query.open %s", item->object),
        .role = client->passport.role,
        .statement = in_words(client->run, "I ask this of the site.",
                              "Ik stel deze vraag aan het centrum.")};
    submission.record.data.query_open = (struct query_open_data){
        item->object, *item->path != 0 ? item->path : NULL,
        arena_printf(client->arena,
                     in_words(client->run, "Version %s asks about this, rule %s.",
                              "Versie %s vraagt hierover iets, regel %s."),
                     version, item->rule)};
    TRY(submit(client, &submission, &answer, err));
    return answer_status(&answer, err);
}

static status open_queries(struct rechecking *r, const char *version, struct err *err)
{
    const struct invocation *run = r->client->run;
    bool sure = invocation_option(run, "yes") != NULL;
    size_t count = 0, opened = 0;
    for (size_t i = 0; i < r->count; i++) {
        count += should_ask(r, &r->items[i]) ? 1 : 0;
    }
    if (count > 0 && !sure) {
        const char *prompt = arena_printf(
            run->arena,
            in_words(run, "Open %zu queries? [y/N] ", "%zu vragen openen? [j/N] "), count);
        TRY(ask_yes(run, prompt, prompt, false, &sure, err));
    }
    if (count > 0 && !sure) {
        return FAIL(err, ERR_REJECTED, "nothing was signed");
    }
    for (size_t i = 0; i < r->count; i++) {
        if (should_ask(r, &r->items[i])) {
            TRY(open_query(r, &r->items[i], version, err));
            opened++;
        }
    }
    json_member_integer(&r->client->run->result, "queries_opened", (int64_t) opened);
    say(run, "%zu queries opened.\n", "%zu vragen geopend.\n", opened);
    return OK;
}

status sponsor_recheck(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(service_source_done) struct service_source service = {0};
    CLEANUP(definition_cache_freep) struct definition_cache *cache = NULL;
    CLEANUP(study_log_done) struct study_log log = {0};
    struct rechecking r = {0};
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
    service.client = client;
    struct log_source source = log_source_service(&service);
    cache = definition_cache_new(&source);
    struct definitions definitions = definition_cache_ask(cache);
    r = (struct rechecking){
        .client = client, .books = {.arena = client->arena}, .definitions = &definitions};
    log.client = client;
    log.each = take;
    log.arg = &r;
    status kind = study_log_verify(&log, err);
    study_log_json(&log);
    TRY(kind);
    r.state = replay_state(log.result.replay);
    const char *oid = invocation_option(run, "version");
    oid = oid != NULL ? oid : client->facts.version;
    const struct metadata_version *version = version_named(&r, oid);
    TRY(definition_cache_fault(cache, err));
    if (version == NULL) {
        return FAIL(err, ERR_NOT_FOUND, "no such version of the definition is published");
    }
    recheck_all(&r, version);
    tell(&r, oid);
    return invocation_option(run, "open") != NULL ? open_queries(&r, oid, err) : OK;
}
