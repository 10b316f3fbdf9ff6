/* SPDX-License-Identifier: Apache-2.0 */
/*
** safety: due and list say what the verified log says; the other verbs sign one record each.
** A report is named as people name it (SAE-0003), or by its path.
*/
#include <stdlib.h>

#include "clients/lib/submit.h"
#include "clients/lib/text_file.h"
#include "clients/sponsor/sponsor.h"
#include "clients/verify/study_log.h"
#include "crypto/random.h"

const struct option SAFETY_OPTIONS[] = {
    {"causality", "WORD", "assess: related, unrelated or unknown"},
    {"seriousness", "WORD", "assess: serious or not-serious"},
    {"expectedness", "WORD", "assess: expected or unexpected"},
    {"rsi", "VERSION", "assess: of the reference safety information that was read"},
    {"comment", "TEXT", "assess: why"},
    {"duplicate-of", "REPORT", "assess: the older report of the same event"},
    {"reason", "TEXT", "hold, lift: why; milestone authority-report: why it goes as it is"},
    {"decision", "TEXT", "lift: the decision, as it is cited"},
    {"document", "FILE", "lift: its document; the digest is signed, the file stays here"},
    {"about", "REPORT", "milestone authority-report: a report, or milestone/N"},
    {"at", "TIME", "milestone: when it was done or known, RFC 3339; left out: now"},
    {"text", "TEXT", "milestone: what it was"},
    {"code", "CODE", "ack of a test alarm: the code that was read out to you"},
    {NULL, NULL, NULL},
};

struct safety {
    struct invocation *run;
    struct client *client;
    struct study_log log;
    const struct state *state;
    int argument_count; /* behind the verb */
    const char *const *arguments;
};

/* ---- naming reports ---- */

static const char *number_of(const struct safety *s, const char *object)
{
    const struct row *row = state_form(s->state, object);
    return row != NULL && row->values[FORM_NUMBER] != NULL ? row->values[FORM_NUMBER]
                                                           : object;
}

/* The path of the report NAME: without the tail of a row of the inbox. */
static status find_report(const struct safety *s, const char *name, const char **ret_object,
                          const char **ret_leaf, struct err *err)
{
    struct rows forms = state_rows(s->state, TABLE_FORM, s->run->arena);
    for (size_t i = 0; i < forms.count; i++) {
        const struct row *row = forms.items[i];
        const char *object = row->values[FORM_OBJECT];
        size_t length = strcspn(object, "~");
        bool path = strlen(name) == length && strncmp(object, name, length) == 0;
        if (path || row_is(row, FORM_NUMBER, name)) {
            *ret_object = arena_span_text(s->run->arena, span_of(object, length));
            *ret_leaf = row->values[FORM_LEAF];
            return OK;
        }
    }
    return FAIL(err, ERR_NOT_FOUND, "%s is no report in this log", name);
}

/* ---- due, list ---- */

static int by_due(const void *a, const void *b)
{
    const struct row *const *x = a, *const *y = b;
    return strcmp((*x)->values[CLOCK_DUE], (*y)->values[CLOCK_DUE]);
}

static const char *left_text(const struct safety *s, instant left)
{
    instant size = left < 0 ? -left : left;
    return arena_printf(
        s->run->arena, in_words(s->run, "%lld d %lld h %lld min", "%lld d %lld u %lld min"),
        (long long) (size / DAY), (long long) (size % DAY / HOUR),
        (long long) (size % HOUR / MINUTE));
}

static void tell_clock(const struct safety *s, const struct row *row, instant now)
{
    struct json_out *json = result_members(s->run);
    const char *object = row->values[CLOCK_OBJECT];
    instant due = now;
    (void) instant_parse(span_text(row->values[CLOCK_DUE]), &due, NULL);
    bool over = now > due;
    json_begin(json, '{');
    json_member(json, "report", number_of(s, object));
    json_member(json, "object", object);
    json_member(json, "clock", row->values[CLOCK_CLOCK]);
    json_member(json, "rule", row->values[CLOCK_RULE]);
    json_member(json, "since", row->values[CLOCK_SINCE]);
    json_member(json, "due", row->values[CLOCK_DUE]);
    json_key(json, "overdue");
    json_put_raw(json, over ? SPAN_LITERAL("true") : SPAN_LITERAL("false"));
    json_end(json, '}');
    say(s->run, "  %s %s (%s): due %.16sZ, %s %s\n",
        "  %s %s (%s): uiterlijk %.16sZ, %s %s\n", number_of(s, object),
        word_of(s->run, row->values[CLOCK_CLOCK]), word_of(s->run, row->values[CLOCK_RULE]),
        row->values[CLOCK_DUE],
        over ? in_words(s->run, "OVERDUE", "TE LAAT") : in_words(s->run, "left", "nog"),
        left_text(s, due - now));
}

static status safety_due(struct safety *s, struct err *err)
{
    (void) err;
    struct rows rows = state_rows(s->state, TABLE_CLOCK, s->run->arena);
    instant now = clock_now(s->run->clock);
    size_t kept = 0;
    for (size_t i = 0; i < rows.count; i++) {
        if (rows.items[i]->values[CLOCK_STOPPED] == NULL) {
            rows.items[kept++] = rows.items[i];
        }
    }
    if (kept > 0) {
        qsort(rows.items, kept, sizeof(*rows.items), by_due);
    }
    json_key(result_members(s->run), "due");
    json_begin(result_members(s->run), '[');
    say(s->run, "Running clocks: %zu\n", "Lopende klokken: %zu\n", kept);
    for (size_t i = 0; i < kept; i++) {
        tell_clock(s, rows.items[i], now);
    }
    json_end(result_members(s->run), ']');
    return OK;
}

static const char *opinion_text(const struct safety *s, const char *object,
                                const char *party)
{
    const struct row *row =
        state_row(s->state, TABLE_OPINION, (const char *const[]){object, party});
    return row != NULL && row->values[OPINION_CAUSALITY] != NULL
               ? row->values[OPINION_CAUSALITY]
               : "-";
}

/* Was the authority told of the case behind the entry SEQ? */
static bool was_reported(const struct safety *s, const char *object, int64_t seq)
{
    struct rows rows = state_rows(s->state, TABLE_MILESTONE, s->run->arena);
    for (size_t i = 0; i < rows.count; i++) {
        if (row_is(rows.items[i], MILESTONE_KIND, "authority-report") &&
            row_is(rows.items[i], MILESTONE_ABOUT, object) &&
            strtoll(rows.items[i]->values[MILESTONE_MILESTONE], NULL, 10) > seq) {
            return true;
        }
    }
    return false;
}

/* What an authority was told of is nullified there, too (E2B(R3) C.1.11). */
static void tell_nullified(const struct safety *s, const struct row *row)
{
    const char *object = row->values[SAFETY_CASE_OBJECT];
    const struct row *form = state_form(s->state, object);
    int64_t seq = form != NULL ? row_integer(form, FORM_SEQ) : -1;
    if (row_is(row, SAFETY_CASE_STATE, "nullified") && was_reported(s, object, -1) &&
        !was_reported(s, object, seq)) {
        say(s->run,
            "    The authority was told of it: send the nullification, then crf-sponsor "
            "safety milestone authority-report --about %s\n",
            "    De autoriteit is erover bericht: stuur de intrekking, daarna crf-sponsor "
            "safety milestone authority-report --about %s\n",
            number_of(s, object));
    }
}

/* The clocks of a case that ended, and why. */
static void tell_ended(const struct safety *s, const char *object)
{
    struct json_out *json = result_members(s->run);
    struct rows rows = state_rows_where(s->state, TABLE_CLOCK, object, s->run->arena);
    json_key(json, "ended");
    json_begin(json, '[');
    for (size_t i = 0; i < rows.count; i++) {
        const char *const *values = rows.items[i]->values;
        if (values[CLOCK_STOPPED] != NULL) {
            json_begin(json, '{');
            json_member(json, "clock", values[CLOCK_CLOCK]);
            json_member(json, "since", values[CLOCK_SINCE]);
            json_member(json, "stopped", values[CLOCK_STOPPED]);
            json_member(json, "why", values[CLOCK_ENDED]);
            json_end(json, '}');
            say(s->run, "    %s: ended %.16sZ, %s\n", "    %s: geëindigd %.16sZ, %s\n",
                word_of(s->run, values[CLOCK_CLOCK]), values[CLOCK_STOPPED],
                values[CLOCK_ENDED] != NULL ? word_of(s->run, values[CLOCK_ENDED]) : "-");
        }
    }
    json_end(json, ']');
}

static void tell_case(const struct safety *s, const struct row *row)
{
    struct json_out *json = result_members(s->run);
    const char *object = row->values[SAFETY_CASE_OBJECT];
    const char *own = opinion_text(s, object, "investigator");
    const char *sponsors = opinion_text(s, object, "sponsor");
    bool known = strcmp(own, "-") != 0 && strcmp(sponsors, "-") != 0;
    bool differ = known && strcmp(own, sponsors) != 0;
    const char *acked = row->values[SAFETY_CASE_ACKED_BY];
    json_begin(json, '{');
    json_member(json, "report", number_of(s, object));
    json_member(json, "object", object);
    json_member(json, "state", row->values[SAFETY_CASE_STATE]);
    json_member(json, "susar", row->values[SAFETY_CASE_SUSAR]);
    json_member(json, "investigator", own);
    json_member(json, "sponsor", sponsors);
    json_member(json, "acked_at", row->values[SAFETY_CASE_ACKED_AT]);
    json_member(json, "acked_by", acked);
    json_member(json, "duplicate_of", row->values[SAFETY_CASE_DUPLICATE_OF]);
    say(s->run, "  %s %s: SUSAR %s, investigator %s, sponsor %s%s, acknowledged by %s\n",
        "  %s %s: SUSAR %s, arts %s, opdrachtgever %s%s, bevestigd door %s\n",
        number_of(s, object), word_of(s->run, row->values[SAFETY_CASE_STATE]),
        row->values[SAFETY_CASE_SUSAR] != NULL
            ? word_of(s->run, row->values[SAFETY_CASE_SUSAR])
            : "-",
        word_of(s->run, own), word_of(s->run, sponsors),
        differ ? in_words(s->run, " (they differ)", " (zij verschillen)") : "",
        acked != NULL ? acked : in_words(s->run, "nobody", "niemand"));
    tell_nullified(s, row);
    tell_ended(s, object);
    json_end(json, '}');
}

static status safety_list(struct safety *s, struct err *err)
{
    (void) err;
    struct rows rows = state_rows(s->state, TABLE_SAFETY_CASE, s->run->arena);
    json_key(result_members(s->run), "cases");
    json_begin(result_members(s->run), '[');
    say(s->run, "Safety cases: %zu\n", "Veiligheidsgevallen: %zu\n", rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        tell_case(s, rows.items[i]);
    }
    json_end(result_members(s->run), ']');
    return OK;
}

/* ---- records ---- */

static status send(struct safety *s, struct submission *submission, struct err *err)
{
    struct outbox_answer answer;
    submission->statement = submission->statement != NULL
                                ? submission->statement
                                : in_words(s->run, "This is my considered judgement.",
                                           "Dit is mijn weloverwogen oordeel.");
    TRY(submit(s->client, submission, &answer, err));
    submit_say(s->client, submission->label, &answer);
    return answer_status(&answer, err);
}

static status safety_assess(struct safety *s, struct err *err)
{
    struct submission submission = {.record = {.type = RECORD_SAFETY_ASSESS}};
    struct safety_assess_data *data = &submission.record.data.safety_assess;
    const char *other = invocation_option(s->run, "duplicate-of");
    const char *leaf = NULL;
    if (s->argument_count != 1) {
        return FAIL(err, ERR_BAD_INPUT,
                    "name the report: crf-sponsor safety assess SAE-0003 ...");
    }
    data->causality = invocation_option(s->run, "causality");
    data->seriousness = invocation_option(s->run, "seriousness");
    data->expectedness = invocation_option(s->run, "expectedness");
    data->rsi = invocation_option(s->run, "rsi");
    data->comment = invocation_option(s->run, "comment");
    TRY(find_report(s, s->arguments[0], &data->object, &data->leaf, err));
    if (other != NULL) {
        TRY(find_report(s, other, &data->duplicate_of, &leaf, err));
    }
    submission.label =
        arena_printf(s->run->arena, in_words(s->run, "opinion on %s", "oordeel over %s"),
                     s->arguments[0]);
    return send(s, &submission, err);
}

static status safety_ack(struct safety *s, struct err *err)
{
    struct submission submission = {.record = {.type = RECORD_SAFETY_ACK},
                                    .statement =
                                        in_words(s->run, "I have this report in hand.",
                                                 "Ik heb deze melding in behandeling.")};
    struct safety_ack_data *data = &submission.record.data.safety_ack;
    if (s->argument_count != 1) {
        return FAIL(err, ERR_BAD_INPUT, "name the report: crf-sponsor safety ack SAE-0003");
    }
    const char *name = s->arguments[0];
    data->code = invocation_option(s->run, "code");
    if (strncmp(name, "milestone/", 10) == 0) {
        const char *key = name + 10;
        const struct row *row = state_row(s->state, TABLE_MILESTONE, &key);
        if (row == NULL) {
            return FAIL(err, ERR_NOT_FOUND, "%s is not in this log", name);
        }
        data->object = name;
        data->leaf = row->values[MILESTONE_LEAF];
    } else {
        TRY(find_report(s, name, &data->object, &data->leaf, err));
    }
    submission.label =
        arena_printf(s->run->arena,
                     in_words(s->run, "acknowledgement of %s", "bevestiging van %s"), name);
    return send(s, &submission, err);
}

static status two_names(struct safety *s, struct submission *submission, const char *verb,
                        struct err *err)
{
    submission->record.reason = invocation_option(s->run, "reason");
    if (s->argument_count != 2 || submission->record.reason == NULL) {
        return FAIL(err, ERR_BAD_INPUT,
                    "say what, where and why: crf-sponsor safety %s dosing study --reason "
                    "'...'",
                    verb);
    }
    submission->record.data.hold.activity = s->arguments[0];
    submission->record.data.hold.scope = s->arguments[1];
    submission->label =
        arena_printf(s->run->arena, "%s %s, %s", verb, s->arguments[0], s->arguments[1]);
    return OK;
}

static status safety_hold(struct safety *s, struct err *err)
{
    struct submission submission = {.record = {.type = RECORD_HOLD}};
    TRY(two_names(s, &submission, "hold", err));
    TRY(send(s, &submission, err));
    say(s->run, "In force at once. A second person confirms it with the same command.\n",
        "Geldt meteen. Een tweede persoon bevestigt het met dezelfde opdracht.\n");
    return OK;
}

#define DOCUMENT_LIMIT ((size_t) 64 << 20)

static status safety_lift(struct safety *s, struct err *err)
{
    CLEANUP(bytes_done) struct bytes document = {0};
    struct submission submission = {.record = {.type = RECORD_HOLD_LIFT}};
    struct hold_data *data = &submission.record.data.hold;
    const char *file = invocation_option(s->run, "document");
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    TRY(two_names(s, &submission, "lift", err));
    data->decision = invocation_option(s->run, "decision");
    if (data->decision == NULL || file == NULL) {
        return FAIL(err, ERR_BAD_INPUT,
                    "cite the decision and its document: --decision 'DSMB letter 3' "
                    "--document letter.pdf");
    }
    TRY(text_file_read(file, DOCUMENT_LIMIT, &document, err));
    digest_of(span_bytes(&document), &digest);
    digest_to_hex(&digest, hex);
    data->sha256 = arena_text(s->run->arena, hex);
    TRY(send(s, &submission, err));
    say(s->run,
        "Two persons lift a hold: the first record asks, the same command with the same "
        "document by somebody else lifts it.\n",
        "Twee personen heffen op: de eerste vraagt, dezelfde opdracht met hetzelfde stuk "
        "door een ander heft op.\n");
    return OK;
}

static const char *now_text(const struct safety *s)
{
    char local[INSTANT_LOCAL_SIZE];
    instant now = clock_now(s->run->clock) / SECOND * SECOND;
    instant_format_local(now, client_offset(s->client, now), local);
    return arena_text(s->run->arena, local);
}

static status safety_milestone(struct safety *s, struct err *err)
{
    struct submission submission = {.record = {.type = RECORD_MILESTONE},
                                    .role = "sponsor"};
    struct milestone_data *data = &submission.record.data.milestone;
    const char *about = invocation_option(s->run, "about");
    const char *at = invocation_option(s->run, "at");
    const char *leaf = NULL;
    if (s->argument_count != 1) {
        return FAIL(err, ERR_BAD_INPUT,
                    "name it: authority-report, urgent-measure, serious-breach, "
                    "safety-halt");
    }
    data->kind = s->arguments[0];
    submission.record.reason = invocation_option(s->run, "reason");
    data->text = invocation_option(s->run, "text");
    data->at = at != NULL ? at : now_text(s);
    if (about != NULL && strncmp(about, "milestone/", 10) == 0) {
        data->object = about;
    } else if (about != NULL) {
        TRY(find_report(s, about, &data->object, &leaf, err));
    }
    submission.label = arena_printf(
        s->run->arena, in_words(s->run, "milestone %s", "mijlpaal %s"), data->kind);
    return send(s, &submission, err);
}

/* The code is said by phone and by nothing else: who types it in was reached. */
static status safety_alarm(struct safety *s, struct err *err)
{
    struct submission submission = {.record = {.type = RECORD_MILESTONE},
                                    .role = "sponsor",
                                    .label = in_words(s->run, "test alarm", "proefalarm")};
    struct outbox_answer answer;
    struct digest digest;
    uint64_t number;
    char hex[DIGEST_HEX_SIZE];
    random_fill(&number, sizeof(number));
    const char *code =
        arena_printf(s->run->arena, "%08llu", (unsigned long long) (number % 100000000));
    digest_of(span_text(code), &digest);
    digest_to_hex(&digest, hex);
    submission.record.data.milestone =
        (struct milestone_data){.kind = "alarm-test",
                                .at = now_text(s),
                                .code_sha256 = arena_text(s->run->arena, hex)};
    submission.statement = in_words(s->run, "I test how safety can be reached.",
                                    "Ik beproef hoe veiligheid te bereiken is.");
    TRY(submit(s->client, &submission, &answer, err));
    submit_say(s->client, submission.label, &answer);
    TRY(answer_status(&answer, err));
    const char *object =
        arena_printf(s->run->arena, "milestone/%llu", (unsigned long long) answer.seq);
    json_member(result_members(s->run), "alarm", object);
    json_member(result_members(s->run), "code", code);
    say(s->run,
        "Now phone %s and read out %s. Who answers types:\n"
        "  crf-sponsor safety ack %s --code %s\n",
        "Bel nu %s en lees %s voor. Wie opneemt, typt:\n"
        "  crf-sponsor safety ack %s --code %s\n",
        client_safety_phone(s->client), code, object, code);
    return OK;
}

/* ---- the command ---- */

static const struct {
    const char *name;
    status (*run)(struct safety *s, struct err *err);
} VERBS[] = {
    {"due", safety_due},     {"list", safety_list},           {"assess", safety_assess},
    {"ack", safety_ack},     {"hold", safety_hold},           {"lift", safety_lift},
    {"alarm", safety_alarm}, {"milestone", safety_milestone},
};

status sponsor_safety(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    const char *verb = run->argument_count > 0 ? run->arguments[0] : "due";
    size_t v = 0;
    while (v < ARRAY_LEN(VERBS) && strcmp(VERBS[v].name, verb) != 0) {
        v++;
    }
    if (v == ARRAY_LEN(VERBS)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "safety knows due, list, assess, ack, hold, lift, milestone and alarm");
    }
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
    struct safety s = {.run = run,
                       .client = client,
                       .log = {.client = client, .incremental = true},
                       .argument_count =
                           run->argument_count > 0 ? run->argument_count - 1 : 0,
                       .arguments = run->arguments + 1};
    status kind = study_log_verify(&s.log, err);
    if (kind == OK) {
        s.state = replay_state(s.log.result.replay);
        kind = VERBS[v].run(&s, err);
    }
    study_log_done(&s.log);
    return kind;
}
