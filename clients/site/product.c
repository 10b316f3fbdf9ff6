/* SPDX-License-Identifier: Apache-2.0 */
/*
** The product at the bedside and in the pharmacy: clearance, and what comes in, is released
** or recalled.
**
** A clearance is asked with the line to the service open, or not at all: a GO that arrives
** when the moment has passed is none. Without a line the person phones, and records the GO
** afterwards with --phoned-by; the act itself is always recorded, with crf-site fill.
*/
#include "clients/lib/book.h"
#include "clients/lib/form_text.h"
#include "clients/lib/says.h"
#include "clients/lib/submit.h"
#include "clients/site/prepare.h"
#include "clients/site/site.h"
#include "clients/site/where.h"

const struct option CLEAR_OPTIONS[] = {
    {"batch", "CODE", "what stands on the bag label"},
    {"act", "infusion|dose|condition", "infusion"},
    {"at", "TIME", "10:30 of today, or 2026-03-14 10:30; left out: now"},
    {"override", "REASON", "investigator: act against a STOP that may be overridden"},
    {"contact", "NAME", "whom at the sponsor you asked, with --override"},
    {"phoned-by", "NAME", "the GO came by phone: who gave it"},
    {"phoned-at", "TIME", "and when: 10:20 of today, or 2026-03-14 10:20"},
    {"phoned-number", "NUMBER", "the number phoned; the study's own"},
    {NULL, NULL, NULL},
};
const struct option PRODUCT_OPTIONS[] = {
    {"kind", "donation|culture|batch|dose|bag", "of what is received"},
    {"parents", "CODES", "what it was made from, by commas"},
    {"donor", "CODE", "of a donation: the subject, or the donor's code"},
    {"expiry", "TIME", "on the label: 2026-03-14 16:00"},
    {"quantity", "NUMBER", "received"},
    {"unit", "OID", "of the quantity"},
    {"results", "criteria met|out of specification|rejected", "of a release"},
    {"request", "TEXT", "out of specification: why the physician asks for it"},
    {"assessment", "TEXT", "out of specification: the sponsor's assessment"},
    {"information", "TEXT", "out of specification: what the subject was told"},
    {"reason", "TEXT", "of a recall"},
    {NULL, NULL, NULL},
};

static const char *given(const struct invocation *run, const char *name,
                         const char *otherwise)
{
    const char *value = invocation_option(run, name);
    return value != NULL ? value : otherwise;
}

/* The moment of option NAME in the site's time, or OTHERWISE. */
static status read_moment(struct client *client, const char *name, const char *otherwise,
                          const char **ret_moment, struct err *err)
{
    const char *text = given(client->run, name, otherwise);
    struct typed_context typed = prepare_typed(client);
    struct typed read;
    *ret_moment = NULL;
    if (text == NULL) {
        return OK;
    }
    typed_read_moment(&typed, clock_now(client->run->clock), span_text(text), &read);
    if (read.kind == TYPED_REFUSED || read.data.value == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "--%s: %s", name,
                    read.kind == TYPED_REFUSED ? read.sentence : text);
    }
    *ret_moment = read.data.value;
    return OK;
}

/* ---- clearance ---- */

static const struct json *effect_of(const struct json *outcome, const char *kind)
{
    const struct json *effects = json_get(outcome, "effects");
    for (size_t i = 0; effects != NULL && effects->kind == J_ARRAY && i < effects->count;
         i++) {
        if (json_get_string(&effects->items[i], kind) != NULL) {
            return &effects->items[i];
        }
    }
    return NULL;
}

static const char *what_of(const struct dose_clear_data *data)
{
    return data->batch != NULL ? data->batch : data->act;
}

static void say_go(struct client *client, const struct dose_clear_data *data,
                   const struct json *go)
{
    struct invocation *run = client->run;
    char local[INSTANT_LOCAL_SIZE];
    const char *number = json_get_string(go, "clearance");
    const char *state = json_get_string(go, "state");
    instant from = 0, until = 0;
    if (number == NULL || state == NULL ||
        !instant_parse(span_text(json_get_string(go, "from")), &from, NULL) ||
        !instant_parse(span_text(json_get_string(go, "due")), &until, NULL)) {
        return;
    }
    instant_format_local(until, client_offset(client, until), local);
    json_member(result_members(run), "clearance", number);
    json_member(result_members(run), "state", state);
    json_member(result_members(run), "until", local);
    json_member_integer(result_members(run), "minutes", (until - from) / MINUTE);
    if (strcmp(state, "phoned") == 0) {
        say(run, "%s: the GO by phone of %s is recorded; it was good until %.5s.\n",
            "%s: de GO per telefoon van %s is vastgelegd; hij gold tot %.5s.\n", number,
            data->phone_by, local + 11);
        return;
    }
    if (strcmp(state, "override") == 0) {
        say(run, "Against the reasons above, on your decision; the sponsor is told now.\n",
            "Tegen de redenen hierboven in, op uw beslissing; de sponsor krijgt nu "
            "bericht.\n");
    }
    say(run, "GO %s: %s for %s, %d minutes, until %.5s. Write %s on the bedside form.\n",
        "GO %s: %s voor %s, %d minuten, tot %.5s. Schrijf %s op het formulier aan het "
        "bed.\n",
        number, what_of(data), data->subject, (int) ((until - from) / MINUTE), local + 11,
        number);
}

/* What cannot be told yet stops as well: at the bedside nothing is for later. */
static struct served_findings reasons_of(struct client *client,
                                         const struct served_findings *findings)
{
    struct served_finding *items =
        ARENA_ARRAY(client->arena, findings->count + 1, struct served_finding);
    for (size_t i = 0; i < findings->count; i++) {
        items[i] = findings->items[i];
        items[i].due = false;
    }
    return (struct served_findings){items, findings->count};
}

/* STOP is an answer, not a form that was turned away. */
static void say_stop(struct client *client, const struct dose_clear_data *data,
                     const struct outbox_answer *answer)
{
    struct invocation *run = client->run;
    const struct safety_contact *contact = &client->version->contact;
    struct served_findings reasons = reasons_of(client, &answer->problem.findings);
    json_member(result_members(run), "state", "stop");
    if (run->json) {
        submit_say(client, data->subject, answer);
    } else {
        say(run, "STOP: do not give %s to %s now.\n", "STOP: dien %s nu niet toe aan %s.\n",
            what_of(data), data->subject);
        findings_say(client, &reasons);
        say(run,
            "Ask %s, %s. If cells were already given, record it now: that is always "
            "accepted.\n",
            "Vraag %s, %s. Zijn de cellen al toegediend, leg het dan nu vast: dat wordt "
            "altijd aanvaard.\n",
            contact->physician, contact->phone);
    }
}

static void say_clearance(struct client *client, const struct dose_clear_data *data,
                          const struct outbox_answer *answer)
{
    const struct json *go =
        answer->sent == SENT_ACCEPTED ? effect_of(answer->outcome, "clearance") : NULL;
    if (answer->sent == SENT_REFUSED && problem_is(&answer->problem, "held")) {
        say_stop(client, data, answer);
        return;
    }
    if (answer->sent == SENT_KEPT && data->phone_by == NULL && !client->run->json) {
        const char *why = answer->why.what[0] != '\0' ? answer->why.what : "-";
        say(client->run,
            "No answer came (%s). That is no GO, and it is not asked again later. Phone %s "
            "for the clearance, and record it with --phoned-by.\n",
            "Er kwam geen antwoord (%s). Dat is geen GO, en het wordt later niet opnieuw "
            "gevraagd. Bel %s voor de vrijgave, en leg die vast met --phoned-by.\n",
            error_in(client->arena, client->run->language, why),
            client->version->contact.phone);
        return;
    }
    submit_say(client, data->subject, answer);
    if (go != NULL) {
        say_go(client, data, go);
    } else if (answer->sent == SENT_ACCEPTED) {
        say(client->run, "It is recorded as it was, and counts as no clearance.\n",
            "Het is vastgelegd zoals het was, en geldt niet als vrijgave.\n");
    }
}

static status read_clear(struct client *client, struct dose_clear_data *data,
                         struct err *err)
{
    const struct invocation *run = client->run;
    struct where where = {0};
    TRY(where_read(client, run->arguments, run->argument_count, &where, err));
    if (where.subject == NULL || where.event == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "say which subject and which visit: 007-K V4");
    }
    *data = (struct dose_clear_data){.subject = where.subject,
                                     .event = where.event->oid,
                                     .act = given(run, "act", "infusion"),
                                     .batch = invocation_option(run, "batch"),
                                     .override_reason = invocation_option(run, "override"),
                                     .override_contact = invocation_option(run, "contact"),
                                     .phone_by = invocation_option(run, "phoned-by")};
    TRY(read_moment(client, "phoned-at", NULL, &data->phone_at, err));
    TRY(read_moment(client, "at", data->phone_at != NULL ? data->phone_at : "now",
                    &data->at, err));
    if ((data->override_reason != NULL) != (data->override_contact != NULL) ||
        (data->phone_by != NULL) != (data->phone_at != NULL)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "--override goes with --contact, and --phoned-by with --phoned-at");
    }
    if (data->phone_by != NULL) {
        data->phone_number = given(run, "phoned-number", client->version->contact.phone);
    }
    return OK;
}

/* Is it this person? One line that is read before anything is asked of the service. */
static status say_subject(struct client *client, const char *subject, struct err *err)
{
    struct book book;
    struct typed_context typed = prepare_typed(client);
    TRY(book_get(client, subject, &book, err));
    if (book.known) {
        say(client->run, "%s\n", "%s\n",
            subject_summary(&typed, client->version, &book.casebook));
    }
    return OK;
}

status site_clear(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct outbox_answer answer;
    struct submission submission = {.record = {.type = RECORD_DOSE_CLEAR}};
    struct dose_clear_data *data = &submission.record.data.dose_clear;
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    TRY(client_definition(client, err));
    TRY(read_clear(client, data, err));
    if (!client->online && data->phone_by == NULL) {
        return FAIL(err, ERR_UNAVAILABLE,
                    "no line to the service: phone %s for the clearance, and record it "
                    "later with --phoned-by",
                    client->version->contact.phone);
    }
    TRY(say_subject(client, data->subject, err));
    submission.label = arena_printf(client->arena, "clear %s", data->subject);
    submission.statement = in_words(run, "I ask whether this may be done now.",
                                    "Ik vraag of dit nu gedaan mag worden.");
    TRY(submit(client, &submission, &answer, err));
    say_clearance(client, data, &answer);
    return answer_status(&answer, err);
}

/* ---- the pharmacy ---- */

static struct batch_parents parents_of(struct client *client, const char *text)
{
    const char **items = ARENA_ARRAY(client->arena, BATCH_PARENTS_MAX, const char *);
    struct batch_parents parents = {items, 0};
    struct span rest = span_text(text != NULL ? text : "");
    while (rest.size > 0 && parents.count < BATCH_PARENTS_MAX) {
        struct span part = rest;
        if (!span_cut(&rest, ',', &part)) {
            rest.size = 0;
        }
        items[parents.count++] = arena_span_text(client->arena, part);
    }
    return parents;
}

static status read_product(struct client *client, struct submission *submission,
                           struct err *err)
{
    const struct invocation *run = client->run;
    const char *what = run->arguments[0], *batch = run->arguments[1];
    union record_data *data = &submission->record.data;
    if (strcmp(what, "receive") == 0) {
        submission->record.type = RECORD_BATCH_RECEIVE;
        data->batch_receive = (struct batch_receive_data){
            .batch = batch,
            .kind = given(run, "kind", "batch"),
            .parents = parents_of(client, invocation_option(run, "parents")),
            .donor = invocation_option(run, "donor"),
            .quantity = invocation_option(run, "quantity"),
            .unit = invocation_option(run, "unit"),
            .site = client->passport.site};
        TRY(read_moment(client, "expiry", NULL, &data->batch_receive.expiry, err));
        return client->passport.site != NULL
                   ? OK
                   : FAIL(err, ERR_REJECTED, "only staff of a site receives product");
    }
    if (strcmp(what, "release") == 0) {
        submission->record.type = RECORD_BATCH_RELEASE;
        data->batch_release = (struct batch_release_data){
            .batch = batch,
            .results = given(run, "results", "criteria met"),
            .physician_request = invocation_option(run, "request"),
            .sponsor_assessment = invocation_option(run, "assessment"),
            .subject_information = invocation_option(run, "information")};
        return OK;
    }
    if (strcmp(what, "recall") == 0) {
        submission->record.type = RECORD_BATCH_RECALL;
        submission->record.reason = invocation_option(run, "reason");
        data->batch_recall.batch = batch;
        return submission->record.reason != NULL
                   ? OK
                   : FAIL(err, ERR_BAD_INPUT, "a recall needs --reason");
    }
    return FAIL(err, ERR_BAD_INPUT, "it is receive, release or recall");
}

status site_product(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct outbox_answer answer;
    struct submission submission = {
        .label = arena_printf(run->arena, "%s %s", run->arguments[0], run->arguments[1])};
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    TRY(read_product(client, &submission, err));
    submission.statement = in_words(run, "This is what the product's papers say.",
                                    "Dit zeggen de papieren van het product.");
    TRY(submit(client, &submission, &answer, err));
    submit_say(client, submission.label, &answer);
    return answer_status(&answer, err);
}

/* ---- what becomes of a subject ---- */

/* A slip of the finger is told here, with the words that there are. */
static status read_subject_status(const char *typed, struct err *err)
{
    static const char *const words[] = {"eligible",  "randomised", "completed",
                                        "withdrawn", "dead",       "screen failure"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strcmp(typed, words[i]) == 0) {
            return OK;
        }
    }
    return FAIL(err, ERR_BAD_INPUT,
                "%s is no status of a subject: eligible, randomised, completed, withdrawn, "
                "dead or 'screen failure'",
                typed);
}

status site_subject(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct outbox_answer answer;
    struct submission submission = {.record = {.type = RECORD_SUBJECT_STATUS}};
    TRY(read_subject_status(run->arguments[1], err));
    submission.label =
        arena_printf(run->arena, "%s, %s", run->arguments[0], run->arguments[1]);
    submission.record.data.subject_status =
        (struct subject_status_data){run->arguments[0], run->arguments[1]};
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    submission.statement = in_words(run, "This is so.", "Dit is zo.");
    TRY(submit(client, &submission, &answer, err));
    submit_say(client, submission.label, &answer);
    return answer_status(&answer, err);
}
