/* SPDX-License-Identifier: Apache-2.0 */
/*
** The investigator's endorsement.
**
** One record signs all forms of one subject that are ready. What is open on them is shown with
** the words of the check; each is resolved first, or confirmed with a reason: no dead ends.
*/
#include "clients/lib/form_text.h"
#include "clients/lib/terminal.h"
#include "clients/site/prepare.h"
#include "clients/site/site.h"

const struct option SIGN_OPTIONS[] = {
    {"yes", NULL, "sign without asking; for scripts"},
    {"confirm", "REASON", "confirm every open finding with this reason"},
    {"meaning", "CODE", "of the signature; investigator"},
    {NULL, NULL, NULL},
};
struct signing {
    struct client *client;
    struct book book;
    struct signed_object *objects;
    struct form_key *keys;
    size_t count, capacity, key_capacity;
    struct confirmed *confirmed;
    size_t confirmed_count, confirmed_capacity;
    const char **open; /* objects with something unresolved: left out */
    size_t open_count, open_capacity;
    size_t signed_subjects;
    status worst;
};

/* ---- what is ready ---- */

static void collect_ready(struct signing *signing)
{
    struct arena *arena = signing->client->arena;
    size_t keys = 0;
    signing->count = signing->confirmed_count = signing->open_count = 0;
    for (size_t i = 0; i < signing->book.form_count; i++) {
        const struct book_form *form = &signing->book.forms[i];
        if (!form->current || form->data->state != FORM_COMPLETE ||
            strcmp(form->state, "signed") == 0) {
            continue;
        }
        *ARENA_PUSH(arena, signing->objects, signing->count, signing->capacity) =
            (struct signed_object){form->object, form->leaf};
        *ARENA_PUSH(arena, signing->keys, keys, signing->key_capacity) = form->data->key;
    }
}

static bool is_signed_here(const struct signing *signing, const char *object)
{
    for (size_t i = 0; i < signing->count; i++) {
        if (strcmp(signing->objects[i].object, object) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- what is open ---- */

/* A reason, or nothing: then the person wants to resolve it first. */
static status ask_confirmation(struct signing *signing, const struct confirmed *open,
                               const char *message, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes line = {0};
    struct client *client = signing->client;
    struct confirmed confirmed = *open;
    const char *given = invocation_option(client->run, "confirm");
    say(client->run, "  ? %s%s\n", "  ? %s%s\n", message,
        rule_behind(client->arena, message, open->rule));
    if (given != NULL) {
        confirmed.reason = given;
    } else if (terminal_is_there()) {
        TRY(ask_line(
            client->run, "    Confirm with a reason, or Enter to resolve it first: ",
            "    Bevestig met een reden, of Enter om het eerst op te lossen: ", &line,
            err));
        struct span reason = typed_trim(span_bytes(&line));
        confirmed.reason = reason.size > 0 ? arena_span_text(client->arena, reason) : NULL;
    }
    if (confirmed.reason == NULL) {
        *ARENA_PUSH(client->arena, signing->open, signing->open_count,
                    signing->open_capacity) = open->object;
        return OK;
    }
    *ARENA_PUSH(client->arena, signing->confirmed, signing->confirmed_count,
                signing->confirmed_capacity) = confirmed;
    return OK;
}

static status confirm_findings(struct signing *signing, struct err *err)
{
    struct client *client = signing->client;
    struct findings findings = {.arena = client->arena, .language = client->run->language};
    const struct zone zone = client_zone(client);
    const struct check_context context = client_check_context(client, PLACE_SIGN, &zone);
    check_sign(client->version, &signing->book.casebook, signing->keys, signing->count,
               &context, &findings);
    for (size_t i = 0; i < findings.count; i++) {
        const struct finding *finding = &findings.items[i];
        struct confirmed open = {finding->object,
                                 finding->path[0] != '\0' ? finding->path : NULL,
                                 finding->rule, NULL};
        const char *message = finding_in_place(client, finding->object, finding->message);
        TRY(ask_confirmation(signing, &open, message, err));
    }
    return OK;
}

static bool already_confirmed(const struct signing *signing, const struct book_query *query)
{
    for (size_t i = 0; i < signing->confirmed_count; i++) {
        const struct confirmed *done = &signing->confirmed[i];
        const char *path = done->path != NULL ? done->path : "";
        if (strcmp(done->object, query->object) == 0 && strcmp(path, query->path) == 0 &&
            strcmp(done->rule, query->rule) == 0) {
            return true;
        }
    }
    return false;
}

static status confirm_queries(struct signing *signing, struct err *err)
{
    for (size_t i = 0; i < signing->book.query_count; i++) {
        const struct book_query *query = &signing->book.queries[i];
        bool open =
            strcmp(query->state, "open") == 0 || strcmp(query->state, "answered") == 0;
        if (!open || !is_signed_here(signing, query->object) ||
            already_confirmed(signing, query)) {
            continue;
        }
        struct confirmed confirmed = {
            query->object, query->path[0] != '\0' ? query->path : NULL, query->rule, NULL};
        const char *message = arena_printf(
            signing->client->arena, "%s %s, %s",
            in_words(signing->client->run, "open query", "open vraag"), query->query,
            book_place(signing->client, query->object, query->path));
        TRY(ask_confirmation(signing, &confirmed, message, err));
    }
    return OK;
}

/* ---- what is left out ---- */

static bool is_open(const struct signing *signing, const char *object)
{
    for (size_t i = 0; i < signing->open_count; i++) {
        if (strcmp(signing->open[i], object) == 0) {
            return true;
        }
    }
    return false;
}

/* Forms with something unresolved wait; the others need not wait for them. */
static void leave_out_open(struct signing *signing)
{
    struct client *client = signing->client;
    size_t kept = 0, confirmed = 0;
    for (size_t i = 0; i < signing->count; i++) {
        if (is_open(signing, signing->objects[i].object)) {
            say(client->run, "%s: not signed; what is open is to be resolved first.\n",
                "%s: niet getekend; wat open staat is eerst op te lossen.\n",
                book_label(client, &signing->keys[i]));
            continue;
        }
        signing->objects[kept] = signing->objects[i];
        signing->keys[kept++] = signing->keys[i];
    }
    /* a finding about a form that is not signed here concerns them all */
    bool elsewhere = kept == signing->count && signing->open_count > 0;
    signing->count = elsewhere ? 0 : kept;
    for (size_t i = 0; i < signing->confirmed_count; i++) {
        if (is_signed_here(signing, signing->confirmed[i].object)) {
            signing->confirmed[confirmed++] = signing->confirmed[i];
        }
    }
    signing->confirmed_count = confirmed;
    if (signing->open_count > 0 && signing->worst == OK) {
        signing->worst = ERR_REJECTED;
    }
}

/* ---- signing ---- */

static status send_signature(struct signing *signing, struct err *err)
{
    struct client *client = signing->client;
    const char *meaning = invocation_option(client->run, "meaning");
    struct outbox_answer answer;
    struct submission submission = {
        .record = {.type = RECORD_FORM_SIGN},
        .label =
            arena_printf(client->arena, "%s: %zu %s", signing->book.subject, signing->count,
                         in_words(client->run, "form(s) signed", "formulier(en) getekend")),
        .role = "investigator",
        .meaning = meaning != NULL ? meaning : "investigator"};
    submission.record.data.form_sign = (struct form_sign_data){
        signing->objects, signing->count, signing->confirmed, signing->confirmed_count};
    TRY(submit(client, &submission, &answer, err));
    submit_say(client, submission.label, &answer);
    status kind = answer_status(&answer, NULL);
    signing->worst = signing->worst == OK ? kind : signing->worst;
    signing->signed_subjects++;
    return OK;
}

static status ask_signature(struct signing *signing, bool *ret_sign, struct err *err)
{
    struct client *client = signing->client;
    *ret_sign = true;
    if (invocation_option(client->run, "yes") != NULL) {
        return OK;
    }
    if (!terminal_is_there()) {
        return FAIL(err, ERR_BAD_INPUT,
                    "nobody is there to sign: say --yes to sign from a script");
    }
    note(client->run, "\"%s\"\n%s\n", "\"%s\"\n%s\n", statement_of(client, "investigator"),
         client->passport.name);
    const char *prompt =
        arena_printf(client->arena,
                     in_words(client->run, "Sign these %zu forms of %s? [Y/n] ",
                              "Deze %zu formulieren van %s tekenen? [J/n] "),
                     signing->count, signing->book.subject);
    return ask_yes(client->run, prompt, prompt, true, ret_sign, err);
}

static status sign_subject(void *arg, const char *subject, const char *site,
                           struct err *err)
{
    struct signing *signing = arg;
    struct client *client = signing->client;
    struct typed_context typed = prepare_typed(client);
    bool sign = false;
    (void) site;
    TRY(book_get(client, subject, &signing->book, err));
    collect_ready(signing);
    if (signing->count == 0) {
        return OK;
    }
    say(client->run, "%s\n", "%s\n",
        subject_summary(&typed, client->version, &signing->book.casebook));
    for (size_t i = 0; i < signing->count; i++) {
        say(client->run, "  %s\n", "  %s\n", book_label(client, &signing->keys[i]));
    }
    TRY(confirm_findings(signing, err));
    TRY(confirm_queries(signing, err));
    leave_out_open(signing);
    if (signing->count == 0) {
        return OK;
    }
    TRY(ask_signature(signing, &sign, err));
    return sign ? send_signature(signing, err) : OK;
}

status site_sign(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
    TRY(client_definition(client, err));
    struct signing signing = {.client = client};
    for (int i = 0; i < run->argument_count; i++) {
        TRY(sign_subject(&signing, run->arguments[i], NULL, err));
    }
    if (run->argument_count == 0) {
        TRY(book_subjects(client, client->passport.site, sign_subject, &signing, err));
    }
    if (signing.signed_subjects == 0 && signing.worst == OK) {
        say(run, "Nothing waits for your signature.\n",
            "Er wacht niets op uw handtekening.\n");
    }
    return signing.worst == OK ? OK : FAIL(err, signing.worst, "%s", "");
}
