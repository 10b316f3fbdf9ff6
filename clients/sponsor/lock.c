/* SPDX-License-Identifier: Apache-2.0 */
/*
** lock and unlock. Two persons: the first asks, the second does; the service decides which it
** is and refuses what is not ready. `lock --check` says beforehand what would stop it, from a
** log that is verified in the same run.
*/
#include "base/text.h"
#include "clients/lib/book.h"
#include "clients/lib/says.h"
#include "clients/lib/submit.h"
#include "clients/lib/terminal.h"
#include "clients/sponsor/sponsor.h"
#include "clients/verify/study_log.h"

const struct option LOCK_OPTIONS[] = {
    {"check", NULL, "only say what would stop it; signs nothing"},
    {"reason", "TEXT", "why it is locked; needed to lock"},
    {"confirm", "REASON",
     "lock though there are blockers: each is accepted with this reason"},
    {"yes", NULL, "sign without asking; for scripts"},
    {NULL, NULL, NULL},
};

const struct option UNLOCK_OPTIONS[] = {
    {"reason", "TEXT", "why it is opened again"},
    {"yes", NULL, "sign without asking; for scripts"},
    {NULL, NULL, NULL},
};

/* ---- blockers: those of decide.h, as far as the tables say them ---- */

enum blocker_kind {
    BLOCKER_INBOX,
    BLOCKER_PARTIAL,
    BLOCKER_UNSIGNED,
    BLOCKER_OPEN,
    BLOCKER_ANSWERED,
    BLOCKER_REFUSED
};

struct blocker {
    const char *rule, *object, *path;
    enum blocker_kind kind;
};

static const char *blocker_text(enum blocker_kind kind, const char *language)
{
    switch (kind) {
    case BLOCKER_INBOX:
        return says_in(language, "a report waits in the safety inbox to be settled",
                       "een melding in de veiligheidsbak is nog niet verwerkt");
    case BLOCKER_PARTIAL:
        return says_in(language, "the form is partial: it is not complete yet",
                       "het formulier is nog niet volledig");
    case BLOCKER_UNSIGNED:
        return says_in(language, "the form is not signed by an investigator",
                       "het formulier is niet door een arts getekend");
    case BLOCKER_OPEN:
        return says_in(language, "a query is open", "een vraag is open");
    case BLOCKER_ANSWERED:
        return says_in(language, "a query is answered and not closed",
                       "een vraag is beantwoord, niet gesloten");
    case BLOCKER_REFUSED:
        break;
    }
    return says_in(language,
                   "a form was refused and has not come again: it waits in drafts",
                   "een formulier is geweigerd en kwam niet opnieuw: het wacht in een "
                   "kladversie");
}

/* No rule of the service: nobody is stopped by what somebody did not send again. */
#define WAITING "REFUSED"

struct blockers {
    struct arena *arena;
    const char *scope;
    struct blocker *items;
    size_t count, capacity;
};

static const char *kept(struct arena *arena, const char *text)
{
    return text != NULL ? arena_text(arena, text) : NULL;
}

/* With texts of its own: those of BLOCKER may be the state's, which ends before the record
 * that accepts it is signed. */
static void add_blocker(struct blockers *list, const struct blocker *blocker)
{
    *ARENA_PUSH(list->arena, list->items, list->count, list->capacity) = (struct blocker){
        kept(list->arena, blocker->rule), kept(list->arena, blocker->object),
        kept(list->arena, blocker->path), blocker->kind};
}

/* Does SCOPE cover the form OBJECT? */
static bool in_scope(const struct blockers *list, const struct state *state,
                     const char *object, const char *subject)
{
    const char *scope = list->scope;
    if (strcmp(scope, "study") == 0) {
        return true;
    }
    if (strncmp(scope, "site/", 5) == 0) {
        const struct row *row = subject != NULL ? state_subject(state, subject) : NULL;
        CLEANUP(bytes_done) struct bytes own = {0};
        bytes_add_text(&own, "site/");
        path_add_segment(&own, row != NULL ? row->values[SUBJECT_SITE] : NULL);
        return strcmp(bytes_text(&own), scope) == 0;
    }
    size_t length = strlen(scope);
    return strncmp(object, scope, length) == 0 &&
           (object[length] == '\0' || object[length] == '/' || object[length] == '~');
}

static void check_form_row(struct blockers *list, const struct row *row)
{
    const char *object = row->values[FORM_OBJECT];
    const char *tilde = strchr(object, '~');
    if (tilde != NULL) {
        struct span name = span_of(object, (size_t) (tilde - object));
        add_blocker(list, &(struct blocker){"LOCK-04", arena_span_text(list->arena, name),
                                            NULL, BLOCKER_INBOX});
    } else if (row_is(row, FORM_STATE, "partial")) {
        add_blocker(list, &(struct blocker){"LOCK-01", object, NULL, BLOCKER_PARTIAL});
    } else if (row_is(row, FORM_STATE, "complete")) {
        add_blocker(list, &(struct blocker){"LOCK-02", object, NULL, BLOCKER_UNSIGNED});
    }
}

static void check_query_row(struct blockers *list, const struct row *row)
{
    if (row_is(row, QUERY_STATE, "open") || row_is(row, QUERY_STATE, "answered")) {
        add_blocker(list,
                    &(struct blocker){row->values[QUERY_RULE], row->values[QUERY_OBJECT],
                                      row->values[QUERY_PATH],
                                      row_is(row, QUERY_STATE, "open") ? BLOCKER_OPEN
                                                                       : BLOCKER_ANSWERED});
    }
}

static void find_blockers(const struct state *state, struct blockers *list)
{
    struct rows forms = state_rows(state, TABLE_FORM, list->arena);
    struct rows queries = state_rows(state, TABLE_QUERY, list->arena);
    for (size_t i = 0; i < forms.count; i++) {
        const struct row *row = forms.items[i];
        if (in_scope(list, state, row->values[FORM_OBJECT], row->values[FORM_SUBJECT])) {
            check_form_row(list, row);
        }
    }
    for (size_t i = 0; i < queries.count; i++) {
        const struct row *row = queries.items[i];
        const char *object = row->values[QUERY_OBJECT];
        const struct row *form = object != NULL ? state_form(state, object) : NULL;
        const char *subject = form != NULL ? form->values[FORM_SUBJECT] : NULL;
        if (object != NULL && in_scope(list, state, object, subject)) {
            check_query_row(list, row);
        }
    }
}

/* ---- what was refused and has not come again: it waits in somebody's drafts ---- */

static struct blocker *waiting_for(struct blockers *list, const char *object)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].rule, WAITING) == 0 &&
            strcmp(list->items[i].object, object) == 0) {
            return &list->items[i];
        }
    }
    return NULL;
}

/* The object of a refused form in a reject's line; NULL: it is about something else. */
static const char *refused_form(struct blockers *list, struct span line)
{
    const struct json *json = NULL;
    if (json_parse(line, &JSON_RECORD, list->arena, &json, NULL) != OK) {
        return NULL;
    }
    const char *type = json_get_string(json, "type");
    const char *object = json_get_string(json, "object");
    return type != NULL && strcmp(type, "form.submit") == 0 ? object : NULL;
}

static status see_entry(void *arg, const struct replay_step *step,
                        const struct body_line *body, struct span entry,
                        const struct state *state, struct err *err)
{
    struct blockers *list = arg;
    (void) entry;
    (void) state;
    (void) err;
    if (span_is(step->entry->type, "reject") && body->kind == BODY_HERE) {
        const char *object = refused_form(list, body->body);
        if (object != NULL && waiting_for(list, object) == NULL) {
            add_blocker(list, &(struct blocker){WAITING, object, NULL, BLOCKER_REFUSED});
        }
    } else if (step->record != NULL && step->record->is_form) {
        struct blocker *waiting = waiting_for(list, step->record->object);
        if (waiting != NULL) {
            *waiting = list->items[--list->count];
        }
    }
    return OK;
}

/* Only of the scope; the rest waits for another lock. */
static void keep_in_scope(struct blockers *list, const struct state *state)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct form_key key;
        const char *object = list->items[i].object;
        if (form_key_parse(span_text(object), list->arena, &key) &&
            in_scope(list, state, object, key.subject)) {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
}

/* People know forms and visits by their names; the log knows paths, which --json gives. */
static void tell_blockers(struct client *client, const struct blockers *list)
{
    struct invocation *run = client->run;
    if (client_definition(client, NULL) != OK) {
        client->version = NULL; /* then paths are said */
    }
    struct json_out *json = result_members(run);
    json_key(json, "blockers");
    json_begin(json, '[');
    for (size_t i = 0; i < list->count; i++) {
        const struct blocker *blocker = &list->items[i];
        json_begin(json, '{');
        json_member(json, "rule", blocker->rule);
        json_member(json, "object", blocker->object);
        json_member(json, "path", blocker->path);
        json_member(json, "what", blocker_text(blocker->kind, "en"));
        json_end(json, '}');
        say(run, "  %s: %s [%s]\n", "  %s: %s [%s]\n",
            book_place(client, blocker->object, blocker->path),
            blocker_text(blocker->kind, run->language), blocker->rule);
    }
    json_end(json, ']');
}

static const char *scope_words(const struct invocation *run, const char *scope)
{
    return message_scope(run->arena, run->language, scope);
}

static const char *lock_state(const struct state *state, const char *scope)
{
    const struct row *row = state_lock(state, scope);
    return row != NULL && row->values[LOCK_STATE] != NULL ? row->values[LOCK_STATE]
                                                          : "open";
}

static status check_lock_only(struct client *client, struct blockers *list, struct err *err)
{
    struct invocation *run = client->run;
    CLEANUP(study_log_done)
    struct study_log log = {.client = client, .each = see_entry, .arg = list};
    status kind = study_log_verify(&log, err);
    study_log_json(&log);
    TRY(kind);
    const struct state *state = replay_state(log.result.replay);
    keep_in_scope(list, state);
    find_blockers(state, list);
    json_member(result_members(run), "scope", list->scope);
    json_member(result_members(run), "state", lock_state(state, list->scope));
    say(run, "%s is %s.\n", "%s is %s.\n", scope_words(run, list->scope),
        word_of(run, lock_state(state, list->scope)));
    tell_blockers(client, list);
    if (list->count > 0) {
        say(run,
            "%zu things stop the lock. Settle them, or accept them with a reason: "
            "--confirm.\n",
            "%zu zaken houden het slot tegen. Los ze op, of aanvaard ze met een reden: "
            "--confirm.\n",
            list->count);
    } else {
        say(run, "%zu blockers: nothing in the tables stops the lock.\n",
            "%zu beletselen: niets houdt het slot tegen.\n", list->count);
    }
    return OK;
}

/* ---- the record ---- */

static status read_scope(const struct invocation *run, const char **ret_scope,
                         struct err *err)
{
    const char *given = run->argument_count > 0 ? run->arguments[0] : "study";
    if (strcmp(given, "study") != 0 && strncmp(given, "site/", 5) != 0 &&
        strncmp(given, "subject/", 8) != 0) {
        return FAIL(err, ERR_BAD_INPUT,
                    "the scope is study, site/SITE, subject/SUBJECT or a form's path");
    }
    *ret_scope = given;
    return OK;
}

static status be_sure(const struct invocation *run, enum record_type type,
                      const char *scope, size_t accepted, struct err *err)
{
    bool sure = invocation_option(run, "yes") != NULL || !terminal_is_there();
    if (sure) {
        return OK;
    }
    const char *prompt =
        type == RECORD_LOCK
            ? arena_printf(run->arena,
                           in_words(run, "Lock %s, accepting %zu open things? [y/N] ",
                                    "Op slot: %s, met %zu open zaken aanvaard? [j/N] "),
                           scope_words(run, scope), accepted)
            : arena_printf(run->arena,
                           in_words(run, "Open %s? [y/N] ", "%s openen? [j/N] "),
                           scope_words(run, scope));
    TRY(ask_yes(run, prompt, prompt, false, &sure, err));
    return sure ? OK : FAIL(err, ERR_REJECTED, "nothing was signed");
}

static status send(struct client *client, enum record_type type, const char *scope,
                   const struct blockers *accepted, const char *why, struct err *err)
{
    struct invocation *run = client->run;
    const char *reason = invocation_option(run, "reason");
    struct outbox_answer answer;
    if (reason == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "say why: --reason 'all data are clean'");
    }
    TRY(be_sure(run, type, scope, accepted->count, err));
    struct submission submission = {
        .record = {.type = type, .reason = reason},
        .label = arena_printf(client->arena, "%s %s", record_type_name(type), scope),
        .statement = type == RECORD_LOCK
                         ? in_words(run, "These data are final as far as I can tell.",
                                    "Deze gegevens zijn naar mijn weten definitief.")
                         : in_words(run, "These data must be changed again.",
                                    "Deze gegevens moeten weer gewijzigd worden.")};
    struct confirmed *confirmed =
        ARENA_ARRAY(client->arena, accepted->count + 1, struct confirmed);
    for (size_t i = 0; i < accepted->count; i++) {
        confirmed[i] =
            (struct confirmed){accepted->items[i].object, accepted->items[i].path,
                               accepted->items[i].rule, why};
    }
    submission.record.data.lock = (struct lock_data){scope, confirmed, accepted->count};
    TRY(submit(client, &submission, &answer, err));
    submit_say(client, submission.label, &answer);
    return answer_status(&answer, err);
}

static void say_what_it_did(struct invocation *run, const char *scope, const char *state)
{
    json_member(result_members(run), "state", state);
    if (strncmp(state, "asked ", 6) == 0) {
        say(run,
            "%s: the lock is asked for. A second person does it with the same command.\n",
            "%s: om het slot is gevraagd. Een tweede persoon zet het met dezelfde "
            "opdracht.\n",
            scope_words(run, scope));
    } else if (strncmp(state, "lifting ", 8) == 0) {
        say(run,
            "%s: opening is asked for. A second person does it with the same command.\n",
            "%s: om openen is gevraagd. Een tweede persoon doet het met dezelfde "
            "opdracht.\n",
            scope_words(run, scope));
    } else {
        say(run, "%s: %s.\n", "%s: %s.\n", scope_words(run, scope), word_of(run, state));
    }
}

/* What the log says now that the record is in it. */
static status tell_result(struct client *client, const char *scope, struct err *err)
{
    CLEANUP(study_log_done) struct study_log log = {.client = client, .incremental = true};
    TRY(study_log_verify(&log, err));
    say_what_it_did(client->run, scope, lock_state(replay_state(log.result.replay), scope));
    return OK;
}

status sponsor_lock(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct blockers list = {.arena = run->arena};
    const char *accept = invocation_option(run, "confirm");
    TRY(read_scope(run, &list.scope, err));
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
    if (invocation_option(run, "check") != NULL) {
        TRY(check_lock_only(client, &list, err));
        return list.count == 0
                   ? OK
                   : FAIL(err, ERR_REJECTED, "not ready to lock: %zu blockers", list.count);
    }
    if (accept != NULL) {
        CLEANUP(study_log_done)
        struct study_log log = {.client = client, .incremental = true};
        TRY(study_log_verify(&log, err));
        find_blockers(replay_state(log.result.replay), &list);
    }
    TRY(send(client, RECORD_LOCK, list.scope, &list, accept, err));
    return tell_result(client, list.scope, err);
}

status sponsor_unlock(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct blockers none = {0};
    const char *scope = NULL;
    TRY(read_scope(run, &scope, err));
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
    TRY(send(client, RECORD_UNLOCK, scope, &none, NULL, err));
    return tell_result(client, scope, err);
}
