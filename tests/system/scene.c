/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/system/scene.h"

#include <stdlib.h>

#include "base/encode.h"
#include "crypto/jws.h"
#include "crypto/random.h"
#include "crypto/receipt.h"

#define KEY_LIFE 9 /* records, below the quota of refusals */

static void must(status result, const struct err *err)
{
    if (result != OK) {
        print_error("%s (%s)\n", err->what, err->where);
        exit(1);
    }
}

char *scene_sql(struct trial *trial, const char *format, ...)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    va_list args;
    va_start(args, format);
    bytes_vprintf(&sql, format, args);
    va_end(args);
    return pgtmp_must(trial_superuser(trial), bytes_text(&sql));
}

char *scene_leaf(struct trial *trial, const char *object)
{
    return scene_sql(trial, "select leaf from crfd.form where object = '%s'", object);
}

struct trial *scene_open(const struct trial_options *options)
{
    struct trial *trial = trial_start(options);
    trial_open(trial);
    trial_enrol(trial, SCENE_SUBJECT);
    struct answer answer =
        trial_submit_file(trial, INVESTIGATOR, "01-V1-CONSENT.json", NULL, NULL);
    assert_int_equal(answer.status, 201);
    answer_done(&answer);
    return trial;
}

/* ---- what is sent ---- */

static void renew(struct trial *trial, enum who who)
{
    static unsigned used[WHO_COUNT];
    if (who != NOBODY && who != FOUNDER && ++used[who] % KEY_LIFE == 0) {
        trial_new_key(trial, who);
    }
}

static const char *local_time(struct arena *arena, int seconds)
{
    char text[INSTANT_LOCAL_SIZE];
    instant_format_local(clock_now(&clock_system) + seconds * SECOND, 60, text);
    return arena_text(arena, text);
}

void scene_payload(struct trial *trial, const struct sheet *sheet, struct bytes *out)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = trial_form(trial, sheet->who, sheet->file, NULL, NULL, arena);
    record.prior = sheet->prior;
    record.reason = sheet->reason;
    if (sheet->seconds != 0) {
        record.signature.signed_at = local_time(arena, sheet->seconds);
    }
    record_write(&record, out);
    for (size_t i = 0; i < ARRAY_LEN(sheet->changes); i++) {
        trial_change(out, sheet->changes[i]);
    }
}

void scene_sign(struct trial *trial, enum who who, const char *payload, int seconds,
                struct bytes *line)
{
    struct jws_header header = {.url = TRIAL_URL "/v1/studies/" TRIAL_SLUG "/records",
                                .iat = clock_now(&clock_system) / SECOND + seconds};
    struct err err;
    /* `iat` is the same second as `signed_at`, which was written a moment ago */
    const char *at = strstr(payload, "\"signed_at\":\"");
    instant signed_at = 0;
    if (at != NULL &&
        instant_parse(span_of(at + 13, strcspn(at + 13, "\"")), &signed_at, NULL)) {
        header.iat = signed_at / SECOND;
    }
    uuid_make(&clock_system, &header.jti);
    must(jws_sign(trial_key(trial, who), &header, span_text(payload), line, &err), &err);
}

void scene_sheet(struct trial *trial, const struct sheet *sheet, struct bytes *line)
{
    CLEANUP(bytes_done) struct bytes payload = {0};
    renew(trial, sheet->who);
    scene_payload(trial, sheet, &payload);
    scene_sign(trial, sheet->who, bytes_text(&payload), sheet->seconds, line);
}

void scene_header(struct trial *trial, enum who who, struct bytes *out)
{
    const struct key *key = private_key_public(trial_key(trial, who));
    char jti[UUID_TEXT_SIZE];
    struct uuid id;
    uuid_make(&clock_system, &id);
    uuid_format(&id, jti);
    bytes_printf(out,
                 "{\"alg\":\"%s\",\"kid\":\"%s\",\"typ\":\"crf+jws\","
                 "\"cty\":\"application/vnd.crfd.record+json\",\"iat\":%lld,"
                 "\"url\":\"" TRIAL_URL "/v1/studies/" TRIAL_SLUG
                 "/records\",\"jti\":\"%s\"}",
                 key_kind_name(key_kind(key)), key_thumbprint(key),
                 (long long) (clock_now(&clock_system) / SECOND), jti);
}

void scene_sign_raw(struct trial *trial, enum who who, const char *header,
                    struct span payload, struct bytes *line)
{
    CLEANUP(bytes_done) struct bytes input = {0};
    CLEANUP(bytes_done) struct bytes body = {0};
    uint8_t signature[SIGNATURE_SIZE];
    struct err err;
    encode(BASE64URL, span_text(header), &input);
    encode(BASE64URL, payload, &body);
    bytes_printf(line, "{\"protected\":\"%s\",\"payload\":\"%s\",\"signature\":\"",
                 bytes_text(&input), bytes_text(&body));
    bytes_add_char(&input, '.');
    bytes_add_span(&input, span_bytes(&body));
    must(private_key_sign(trial_key(trial, who), span_bytes(&input), signature, &err),
         &err);
    encode(BASE64URL, span_of(signature, sizeof(signature)), line);
    bytes_add_text(line, "\"}");
}

/* ---- what is there ---- */

struct stock {
    int64_t entries, bodies, ids;
    char *tables;          /* a digest of every projection */
    struct bytes casebook; /* of SCENE_SUBJECT, as the service shows it */
};

static void stock_done(struct stock *stock)
{
    free(stock->tables);
    bytes_done(&stock->casebook);
}

static char *digest_tables(struct trial *trial)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    static const char *const tables[] = {"definition", "site",   "site_version", "person",
                                         "person_key", "grant_", "subject",      "form",
                                         "query",      "lock",   "hold",         "blob"};
    bytes_add_text(&sql, "select concat_ws(' '");
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        bytes_printf(&sql,
                     ",'%s', (select count(*) || ':' || coalesce(md5(string_agg(t::text, "
                     "'|' order by t::text)), '') from crfd.%s t)",
                     tables[i], tables[i]);
    }
    bytes_add_text(&sql, ")");
    return pgtmp_must(trial_superuser(trial), bytes_text(&sql));
}

static void see_casebook(struct trial *trial, struct bytes *out)
{
    struct answer answer = trial_get(trial, FOUNDER, "/subjects/" SCENE_SUBJECT);
    const char *size = strstr(bytes_text(&answer.body), "\"size\":");
    if (size != NULL) {
        size_t at = (size_t) (size - bytes_text(&answer.body)) + 7;
        bytes_add(out, answer.body.data, at);
        bytes_add_text(out, size + 7 + strspn(size + 7, "0123456789"));
    } else {
        bytes_printf(out, "%d", answer.status);
    }
    answer_done(&answer);
}

static struct stock take_stock(struct trial *trial)
{
    struct stock stock = {.entries = trial_count(trial, "entry"),
                          .bodies = trial_count(trial, "body"),
                          .ids = trial_count(trial, "record_id"),
                          .tables = digest_tables(trial)};
    see_casebook(trial, &stock.casebook);
    return stock;
}

static void compare_stock(struct trial *trial, const struct stock *before, enum trace trace)
{
    struct stock now = take_stock(trial);
    int more = trace == NOTHING ? 0 : 1;
    assert_int_equal(now.entries, before->entries + more);
    assert_int_equal(now.bodies, before->bodies + more);
    assert_int_equal(now.ids, before->ids + more);
    if (trace != STORED) {
        assert_string_equal(now.tables, before->tables);
        assert_string_equal(bytes_text(&now.casebook), bytes_text(&before->casebook));
    }
    stock_done(&now);
}

/* ---- answers ---- */

void scene_verify(struct trial *trial, struct span line, const struct answer *answer,
                  bool rejected)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(note_key_freep) struct note_key *log = NULL;
    struct receipt_facts facts;
    struct err err;
    const char *receipt = answer_text(answer, "receipt");
    assert_non_null(receipt);
    assert_status(note_key_parse(span_text(trial_vkey(trial)), &log, &err), OK, &err);
    struct checkpoint_trust trust = {.log = log};
    assert_status(receipt_verify(line, span_text(receipt), &trust, arena, &facts, &err), OK,
                  &err);
    assert_int_equal(facts.rejected, rejected);
    assert_int_equal(facts.seq, answer_number(answer, "seq"));
}

static void check_answer(const struct answer *answer, const struct wanted *wanted)
{
    bool right = answer->status == wanted->status &&
                 (wanted->code == NULL || strcmp(answer_code(answer), wanted->code) == 0) &&
                 (wanted->rule == NULL || answer_has_finding(answer, wanted->rule));
    if (!right) {
        fail_msg("wanted %d %s %s, got %d %s", wanted->status,
                 wanted->code != NULL ? wanted->code : "",
                 wanted->rule != NULL ? wanted->rule : "", answer->status,
                 bytes_text(&answer->body));
    }
    bool problem = wanted->status >= 400;
    assert_int_equal(
        strstr(bytes_text(&answer->headers), "application/problem+json") != NULL, problem);
    if (problem) {
        assert_int_equal(answer_number(answer, "status"), wanted->status);
        assert_non_null(answer_text(answer, "title"));
        assert_non_null(answer_text(answer, "request_id"));
    }
}

/* The same bytes again: the same answer, and nothing more in the log. */
static void check_replay(struct trial *trial, struct span line, const struct answer *first,
                         const struct wanted *wanted)
{
    struct answer again = trial_post(trial, line);
    assert_int_equal(again.status, wanted->status == 201 ? 200 : wanted->status);
    assert_int_equal(answer_number(&again, "seq"), answer_number(first, "seq"));
    if (wanted->rule != NULL) {
        assert_true(answer_has_finding(&again, wanted->rule));
    }
    if (wanted->code != NULL) {
        assert_string_equal(answer_code(&again), wanted->code);
    }
    scene_verify(trial, line, &again, wanted->trace == REFUSED);
    answer_done(&again);
}

struct answer scene_try(struct trial *trial, struct span line, const struct wanted *wanted)
{
    struct stock before = take_stock(trial);
    struct answer answer = trial_post(trial, line);
    check_answer(&answer, wanted);
    compare_stock(trial, &before, wanted->trace);
    if (wanted->trace == NOTHING) {
        assert_null(answer_text(&answer, "receipt"));
    } else {
        scene_verify(trial, line, &answer, wanted->trace == REFUSED);
        check_replay(trial, line, &answer, wanted);
        stock_done(&before);
        before = take_stock(trial);
        compare_stock(trial, &before, NOTHING);
    }
    stock_done(&before);
    return answer;
}

void scene_sheet_try(struct trial *trial, const struct sheet *sheet,
                     const struct wanted *wanted)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    scene_sheet(trial, sheet, &line);
    struct answer answer = scene_try(trial, span_bytes(&line), wanted);
    answer_done(&answer);
}

int64_t scene_accept(struct trial *trial, enum who who, const struct record *record)
{
    struct answer answer = trial_submit(trial, who, record);
    if (answer.status != 201) {
        fail_msg("not accepted: %d %s", answer.status, bytes_text(&answer.body));
    }
    int64_t seq = answer_number(&answer, "seq");
    answer_done(&answer);
    return seq;
}

static const struct json *outcome_list(const struct answer *answer, const char *name)
{
    return json_get(json_get(answer->json, "outcome"), name);
}

const struct json *scene_effect(const struct answer *answer, const char *kind,
                                const char *value)
{
    const struct json *list = outcome_list(answer, "effects");
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const char *has = json_get_string(&list->items[i], kind);
        if (has != NULL && (value == NULL || strcmp(has, value) == 0)) {
            return &list->items[i];
        }
    }
    return NULL;
}

const char *scene_query(const struct answer *answer, const char *rule)
{
    const struct json *list = outcome_list(answer, "findings");
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const char *query = json_get_string(&list->items[i], "query");
        if (query != NULL && json_equals(json_get(&list->items[i], "rule"), rule)) {
            return query;
        }
    }
    return NULL;
}

/* ---- acts of others ---- */

/* Every point of a refusal, confirmed with a reason. */
static void confirm_all(const struct answer *answer, struct arena *arena,
                        struct lock_data *data)
{
    const struct json *findings = json_get(answer->json, "findings");
    size_t had = data->confirmed_count;
    struct confirmed *all = ARENA_ARRAY(arena, had + findings->count, struct confirmed);
    for (size_t i = 0; i < had; i++) {
        all[i] = data->confirmed[i];
    }
    for (size_t i = 0; i < findings->count; i++) {
        const struct json *finding = &findings->items[i];
        const char *path = json_get_string(finding, "path");
        all[had + i] = (struct confirmed){
            .object = arena_text(arena, json_get_string(finding, "object")),
            .path = path != NULL && *path != 0 ? arena_text(arena, path) : NULL,
            .rule = arena_text(arena, json_get_string(finding, "rule")),
            .reason = "accepted for the test"};
    }
    data->confirmed = all;
    data->confirmed_count = had + findings->count;
}

static void ask_lock(struct trial *trial, enum who who, const char *scope, bool lock)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record =
        trial_record(trial, who, lock ? RECORD_LOCK : RECORD_UNLOCK, arena);
    record.reason = "for the test";
    record.data.lock = (struct lock_data){.scope = scope};
    struct answer answer = trial_submit(trial, who, &record);
    for (int i = 0; i < 4 && strcmp(answer_code(&answer), "held") == 0; i++) {
        confirm_all(&answer, arena, &record.data.lock);
        answer_done(&answer);
        answer = trial_submit(trial, who, &record);
    }
    if (answer.status != 201) {
        fail_msg("not locked: %d %s", answer.status, bytes_text(&answer.body));
    }
    answer_done(&answer);
}

void scene_lock(struct trial *trial, const char *scope, bool lock)
{
    ask_lock(trial, FOUNDER, scope, lock);
    ask_lock(trial, SPONSOR, scope, lock);
}

void scene_end_key(struct trial *trial, enum who who, bool revoke)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = trial_record(
        trial, FOUNDER, revoke ? RECORD_PERSON_REVOKE : RECORD_PERSON_SUSPEND, arena);
    const struct key *key = private_key_public(trial_key(trial, who));
    record.reason = "for the test";
    record.data.person_key =
        (struct person_key_data){trial_person(who), key_thumbprint(key), NULL};
    (void) scene_accept(trial, FOUNDER, &record);
}
