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
#include "clients/lib/submit.h"
#include "clients/site/prepare.h"
#include "clients/site/site.h"
#include "clients/site/where.h"

const struct option CLEAR_OPTIONS[] = {
    {"batch", "CODE", "what stands on the bag label"},
    {"act", "infusion|dose|condition", "infusion"},
    {"at", "TIME", "2026-03-14T10:30:00+01:00; now"},
    {"override", "REASON", "investigator: act against a STOP that may be overridden"},
    {"contact", "NAME", "whom at the sponsor you asked, with --override"},
    {"phoned-by", "NAME", "the GO came by phone: who gave it"},
    {"phoned-at", "TIME", "and when"},
    {"phoned-number", "NUMBER", "the number phoned; the study's own"},
    {NULL, NULL, NULL},
};
const struct option PRODUCT_OPTIONS[] = {
    {"kind", "donation|culture|batch|dose|bag", "of what is received"},
    {"parents", "CODES", "what it was made from, by commas"},
    {"donor", "CODE", "of a donation: the subject, or the donor's code"},
    {"expiry", "TIME", "2026-03-14T16:00:00+01:00"},
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

static const char *now_text(struct client *client)
{
    char text[INSTANT_LOCAL_SIZE];
    instant now = clock_now(client->run->clock);
    instant_format_local(now - now % SECOND, client_offset(client, now), text);
    return arena_text(client->arena, text);
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

static void say_clearance(struct client *client, const struct dose_clear_data *data,
                          const struct outbox_answer *answer)
{
    struct invocation *run = client->run;
    const struct json *go =
        answer->sent == SENT_ACCEPTED ? effect_of(answer->outcome, "clearance") : NULL;
    instant until = 0;
    char local[INSTANT_LOCAL_SIZE];
    submit_say(client, data->subject, answer);
    if (go == NULL || !instant_parse(span_text(json_get_string(go, "due")), &until, NULL)) {
        return;
    }
    const char *number = json_get_string(go, "clearance");
    instant_format_local(until, client_offset(client, until), local);
    json_member(result_members(run), "clearance", number);
    json_member(result_members(run), "until", local);
    say(run, "GO %s: %s for %s, good until %.5s. Write %s on the bedside form.\n",
        "GO %s: %s voor %s, geldig tot %.5s. Schrijf %s op het formulier aan het bed.\n",
        number, data->batch != NULL ? data->batch : data->act, data->subject, local + 11,
        number);
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
                                     .at = given(run, "at", now_text(client)),
                                     .override_reason = invocation_option(run, "override"),
                                     .override_contact = invocation_option(run, "contact"),
                                     .phone_by = invocation_option(run, "phoned-by"),
                                     .phone_at = invocation_option(run, "phoned-at")};
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
            .expiry = invocation_option(run, "expiry"),
            .quantity = invocation_option(run, "quantity"),
            .unit = invocation_option(run, "unit"),
            .site = client->passport.site};
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
    struct submission submission = {.label = run->arguments[1]};
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    TRY(read_product(client, &submission, err));
    submission.statement = in_words(run, "This is what the product's papers say.",
                                    "Dit zeggen de papieren van het product.");
    TRY(submit(client, &submission, &answer, err));
    submit_say(client, submission.label, &answer);
    return answer_status(&answer, err);
}

/* ---- what becomes of a subject ---- */

status site_subject(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct outbox_answer answer;
    struct submission submission = {.record = {.type = RECORD_SUBJECT_STATUS},
                                    .label = run->arguments[0]};
    submission.record.data.subject_status =
        (struct subject_status_data){run->arguments[0], run->arguments[1]};
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    submission.statement = in_words(run, "This is so.", "Dit is zo.");
    TRY(submit(client, &submission, &answer, err));
    submit_say(client, submission.label, &answer);
    return answer_status(&answer, err);
}
