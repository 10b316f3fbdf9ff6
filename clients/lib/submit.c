/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why `seen` is refreshed just before signing: it is the signer's word about the history, and
** the newer it is, the less of that history can be rewritten without contradicting it.
*/
#include "clients/lib/submit.h"

#include "base/text.h"
#include "clients/lib/conflict.h"
#include "clients/lib/says.h"

/* ---- what every record has ---- */

/* Ask for the newest checkpoint. Offline that is no failure: the last one is used. */
static status refresh_seen(struct client *client, struct err *err)
{
    CLEANUP(https_answer_done) struct https_answer answer = {0};
    if (!client->online || client->trust.log == NULL) {
        return OK;
    }
    struct https_request request = {
        .method = "GET",
        .path = passport_path(&client->passport, client->arena, "/checkpoint")};
    if (https_do(client->https, &request, &answer, NULL) != OK || answer.code != 200) {
        return OK;
    }
    return client_see(client, span_bytes(&answer.body), true, err);
}

static status fill_seen(struct client *client, struct record *record, struct err *err)
{
    struct log_state state = {0};
    enum need need = RECORD_TYPES[record->type].seen;
    if (need == NEED_NULL || record->seen.given) {
        return OK; /* an export says itself which log it saw */
    }
    TRY(refresh_seen(client, err));
    if (client->trust.log != NULL) {
        TRY(log_state_load(client->folder, &client->trust, client->arena, &state, err));
    }
    if (state.note == NULL && need == NEED_MUST) {
        return FAIL(
            err, ERR_UNAVAILABLE,
            "this computer has not seen the log yet: go online once before signing");
    }
    record->seen = (struct record_seen){.given = state.note != NULL,
                                        .size = state.checkpoint.size,
                                        .root = state.checkpoint.root};
    return OK;
}

static status fill_definition(struct client *client, struct record *record, struct err *err)
{
    if (record->definition.version != NULL ||
        RECORD_TYPES[record->type].definition != NEED_MUST) {
        return OK;
    }
    if (client->facts.version == NULL) {
        return FAIL(
            err, ERR_UNAVAILABLE,
            "this computer does not have the study's definition yet: go online once");
    }
    record->definition =
        (struct definition_ref){client->facts.version, client->facts.sha256};
    return OK;
}

const char *statement_of(struct client *client, const char *meaning)
{
    const struct signature_meaning *said =
        client->version != NULL ? version_signature_meaning(client->version, meaning)
                                : NULL;
    const char *text = said != NULL ? texts_get(&said->text, client->run->language) : "";
    if (text[0] != '\0') {
        return text;
    }
    return strcmp(meaning, "author") == 0
               ? in_words(client->run,
                          "I entered these data from the source; they are correct.",
                          "Ik heb deze gegevens uit de bron ingevoerd; ze kloppen.")
               : in_words(client->run, "I have read this and take responsibility for it.",
                          "Ik heb dit gelezen en neem er verantwoordelijkheid voor.");
}

static void fill_signature(struct client *client, const struct submission *submission,
                           instant now, struct record *record)
{
    const char *meaning = submission->meaning != NULL ? submission->meaning : "author";
    char local[INSTANT_LOCAL_SIZE];
    int offset = client_offset(client, now);
    instant_format_local(now, offset, local);
    record->signature = (struct record_signature){
        .name = client->passport.name,
        .role = submission->role != NULL ? submission->role : client->passport.role,
        .meaning = meaning,
        .statement = submission->statement != NULL ? submission->statement
                                                   : statement_of(client, meaning),
        .signed_at = arena_text(client->arena, local),
        .at = now,
        .offset_minutes = offset};
}

/* What was pasted may hold controls (a word processor's line break is one), which no record
 * takes: a space stands for each. */
static const char *without_controls(struct arena *arena, const char *text)
{
    char *copy = text != NULL ? arena_text(arena, text) : NULL;
    for (char *c = copy; c != NULL && *c != '\0'; c++) {
        *c = (unsigned char) *c < 0x20 && strchr("\t\n\r", *c) == NULL ? ' ' : *c;
    }
    return copy;
}

status submit_sign(struct client *client, const struct submission *submission,
                   const char **ret_jti, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes payload = {0};
    CLEANUP(bytes_wipe) struct bytes line = {0};
    struct record record = submission->record;
    struct jws_header header = {0};
    char jti[UUID_TEXT_SIZE];
    instant now = clock_now(client->run->clock) / SECOND * SECOND;
    record.log = client->passport.origin;
    record.reason = without_controls(client->arena, record.reason);
    TRY(fill_seen(client, &record, err));
    TRY(fill_definition(client, &record, err));
    fill_signature(client, submission, now, &record);
    record_write(&record, &payload);
    header.iat = now / SECOND;
    header.url = passport_url(&client->passport, client->arena, "/records");
    uuid_make(client->run->clock, &header.jti);
    uuid_format(&header.jti, jti);
    TRY(signer_record(client->signer, &header, span_bytes(&payload), &line, err));
    struct outbox_item item = {.jti = arena_text(client->arena, jti),
                               .label = submission->label,
                               .type = record_type_name(record.type),
                               .safety = submission->safety,
                               .signed_at = now,
                               .line = bytes_text(&line),
                               .text = submission->text};
    TRY(outbox_put(client, &item, err));
    *ret_jti = item.jti;
    return OK;
}

/* ---- sending ---- */

struct awaited {
    struct client *client;
    const char *jti;
    struct outbox_answer *answer;
    bool found;
};

static void hear(void *arg, const struct outbox_item *item,
                 const struct outbox_answer *answer)
{
    struct awaited *awaited = arg;
    if (strcmp(item->jti, awaited->jti) == 0) {
        *awaited->answer = *answer;
        awaited->found = true;
    } else if (answer->sent != SENT_KEPT) {
        submit_say(awaited->client, item->label, answer);
    }
}

status submit_send(struct client *client, const char *jti, struct outbox_answer *ret_answer,
                   struct err *err)
{
    struct outbox_answer answer = {.sent = SENT_KEPT};
    struct awaited awaited = {client, jti, &answer, false};
    struct err why = {0};
    status kind = outbox_send(client, hear, &awaited, &why);
    if (!awaited.found) {
        answer.kind = kind != OK ? kind : ERR_UNAVAILABLE;
        answer.why = why;
    }
    *ret_answer = answer;
    if (kind == ERR_TAMPERED) {
        if (err != NULL) {
            *err = why;
        }
        return kind;
    }
    return OK;
}

/* A GO is asked for the minutes to come, at the bedside; one by phone is a record. */
static bool is_of_the_moment(const struct record *record)
{
    return record->type == RECORD_DOSE_CLEAR && record->data.dose_clear.phone_at == NULL;
}

status submit(struct client *client, const struct submission *submission,
              struct outbox_answer *ret_answer, struct err *err)
{
    const char *jti = NULL;
    TRY(submit_sign(client, submission, &jti, err));
    TRY(submit_send(client, jti, ret_answer, err));
    if (ret_answer->sent == SENT_KEPT && is_of_the_moment(&submission->record)) {
        TRY(outbox_withdraw(client, jti, err));
    }
    /* what is no form was typed in one line and is typed again: there is nothing to mend */
    if (ret_answer->draft != 0 && submission->record.type != RECORD_FORM_SUBMIT) {
        TRY(draft_remove(client, ret_answer->draft, err));
        ret_answer->draft = 0;
    }
    return OK;
}

/* ---- saying ---- */

static void say_finding(struct client *client, const struct served_finding *finding)
{
    const char *message =
        finding->message[0] != '\0'
            ? error_in(client->arena, client->run->language, finding->message)
            : finding->path;
    say(client->run, "  - %s%s%s%s\n", "  - %s%s%s%s\n", message,
        finding->help[0] != '\0' ? " " : "", finding->help,
        rule_behind(client->arena, message, finding->rule));
}

void findings_say(struct client *client, const struct served_findings *findings)
{
    size_t due = 0;
    for (size_t i = 0; i < findings->count; i++) {
        if (!findings->items[i].due) {
            say_finding(client, &findings->items[i]);
        }
        due += findings->items[i].due;
    }
    if (due > 0) {
        say(client->run, "Still to come, nothing to do now:\n",
            "Volgt nog, nu niets te doen:\n");
    }
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->items[i].due) {
            say_finding(client, &findings->items[i]);
        }
    }
}

static void findings_json(const struct served_findings *findings, struct json_out *json)
{
    json_key(json, "findings");
    json_begin(json, '[');
    for (size_t i = 0; i < findings->count; i++) {
        const struct served_finding *served = &findings->items[i];
        struct finding finding = {.rule = served->rule,
                                  .act = ACT_ASK,
                                  .due = served->due,
                                  .object = served->object,
                                  .path = served->path,
                                  .message = served->message,
                                  .help = served->help};
        (void) act_parse(served->act, &finding.act) /* lint: a newer service's act asks */;
        finding_write(&finding, json);
    }
    json_end(json, ']');
}

static void say_accepted(struct client *client, const char *label,
                         const struct outbox_answer *answer)
{
    char at[INSTANT_LOCAL_SIZE];
    instant_format_local(answer->time, client_offset(client, answer->time), at);
    say(client->run,
        "%s%s%s: recorded at %.8s as entry %llu; the receipt holds and is kept.\n",
        "%s%s%s: vastgelegd om %.8s als nummer %llu; het bewijs klopt en is bewaard.\n",
        label, answer->number != NULL ? ", " : "",
        answer->number != NULL ? answer->number : "", at + 11,
        (unsigned long long) answer->seq);
    findings_say(client, &answer->findings);
}

static void say_kept(struct client *client, const char *label,
                     const struct outbox_answer *answer)
{
    const char *phone = client_safety_phone(client);
    say(client->run,
        "%s: signed and kept here, not sent yet (%s). It goes out with the next command, "
        "or "
        "with: outbox send\n",
        "%s: getekend en hier bewaard, nog niet verzonden (%s). Het gaat mee met de "
        "volgende "
        "opdracht, of met: outbox send\n",
        label,
        answer->why.what[0] != '\0'
            ? error_in(client->arena, client->run->language, answer->why.what)
            : "-");
    if (answer->phone) {
        say(client->run,
            "This is a safety report and it has not gone out for 10 minutes. Phone %s now, "
            "or "
            "use the paper form in the binder.\n",
            "Dit is een veiligheidsmelding en die is al 10 minuten niet weg. Bel nu %s, of "
            "gebruik het papieren formulier in de map.\n",
            phone[0] != '\0' ? phone
                             : in_words(client->run, "the sponsor's safety number",
                                        "het veiligheidsnummer van de sponsor"));
    }
}

static void say_refused(struct client *client, const char *label,
                        const struct outbox_answer *answer)
{
    const struct problem *problem = &answer->problem;
    const char *conflict = problem_is(problem, "stale") && answer->draft != 0
                               ? conflict_sentence(client, answer->draft)
                               : NULL;
    if (conflict != NULL) {
        say(client->run, "%s: %s\n", "%s: %s\n", label, conflict);
        return;
    }
    /* what the findings below say better, or the title has said, is not said twice */
    bool detail = problem->findings.count == 0 && problem->detail[0] != '\0' &&
                  strcmp(problem->detail, problem->title) != 0;
    say(client->run, "%s: not accepted: %s%s%s\n", "%s: niet geaccepteerd: %s%s%s\n", label,
        error_in(client->arena, client->run->language, problem->title), detail ? ": " : "",
        detail ? problem->detail : "");
    findings_say(client, &answer->problem.findings);
    if (answer->draft != 0) {
        say(client->run, "Nothing is lost: what you entered is kept in draft %llu.\n",
            "Er is niets verloren: wat u invoerde staat in concept %llu.\n",
            (unsigned long long) answer->draft);
    }
    if (answer->draft != 0 && problem_is(&answer->problem, "stale")) {
        say(client->run, "See both versions and choose: crf-site merge %llu\n",
            "Bekijk beide versies en kies: crf-site merge %llu\n",
            (unsigned long long) answer->draft);
    }
    const char *phone = client_safety_phone(client);
    if ((answer->problem.code == 401 || answer->problem.code == 403) && phone[0] != '\0') {
        say(client->run,
            "For a serious event do not wait: phone %s or use the paper form in the "
            "binder.\n",
            "Wacht bij een ernstige gebeurtenis niet: bel %s of gebruik het papieren "
            "formulier in de map.\n",
            phone);
    }
}

static void answer_json(struct client *client, const char *label,
                        const struct outbox_answer *answer)
{
    static const char *const names[] = {"accepted", "kept", "refused"};
    struct json_out *json = &client->run->result;
    json_begin(json, '{');
    json_member(json, "label", label);
    json_member(json, "sent", names[answer->sent]);
    if (answer->sent == SENT_ACCEPTED) {
        char at[INSTANT_SIZE];
        instant_format(answer->time, at);
        json_member_integer(json, "seq", (int64_t) answer->seq);
        json_member(json, "time", at);
        json_member(json, "number", answer->number);
        json_key(json, "outcome");
        if (answer->outcome != NULL) {
            json_put_value(json, answer->outcome);
        } else {
            json_put_null(json);
        }
        findings_json(&answer->findings, json);
    } else {
        json_member(json, "why", answer->why.what);
        json_key(json, "phone");
        json_put_bool(json, answer->phone);
    }
    if (answer->sent == SENT_REFUSED) {
        json_member(json, "type", answer->problem.type);
        json_member_integer(json, "draft", (int64_t) answer->draft);
        findings_json(&answer->problem.findings, json);
        if (problem_is(&answer->problem, "stale")) {
            json_key(json, "conflict");
            conflict_json(client, answer->draft, json_get(answer->problem.root, "current"),
                          json);
        }
    }
    json_end(json, '}');
}

void submit_say(struct client *client, const char *label,
                const struct outbox_answer *answer)
{
    struct invocation *run = client->run;
    if (run->json) {
        if (!run->listing) {
            json_key(&run->result, "records");
            json_begin(&run->result, '[');
            run->listing = true;
        }
        answer_json(client, label, answer);
        return;
    }
    switch (answer->sent) {
    case SENT_ACCEPTED:
        say_accepted(client, label, answer);
        break;
    case SENT_KEPT:
        say_kept(client, label, answer);
        break;
    case SENT_REFUSED:
        say_refused(client, label, answer);
        break;
    }
}

status answer_status(const struct outbox_answer *answer, struct err *err)
{
    if (answer->sent == SENT_ACCEPTED) {
        return OK;
    }
    status kind = answer->kind != OK ? answer->kind : ERR_UNAVAILABLE;
    return FAIL(err, kind, "%s", "");
}
