/* SPDX-License-Identifier: Apache-2.0 */
/*
** What is no record of this study, or no record at all: refused before anybody reads it, and
** nothing is left of it. Our clients cannot produce these.
*/
#include "base/encode.h"
#include "tests/system/scene.h"

static struct trial *trial;

#define DM "02-V1-DM.json"

static const struct sheet plain = {.who = INVESTIGATOR, .file = DM};

/* ---- the parts of a line ---- */

/* Replace the first FROM of the line's member NAME ("protected", ...) by TO, both decoded,
 * and leave the signature as it was. */
static void alter(struct bytes *line, const char *name, const char *change)
{
    CLEANUP(bytes_done) struct bytes quoted = {0};
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(bytes_done) struct bytes whole = {0};
    bytes_printf(&quoted, "\"%s\":\"", name);
    const char *at = strstr(bytes_text(line), bytes_text(&quoted));
    assert_non_null(at);
    at += quoted.size;
    size_t size = strcspn(at, "\"");
    assert_true(decode(BASE64URL, span_of(at, size), &text));
    trial_change(&text, change);
    bytes_add(&whole, line->data, (size_t) (at - bytes_text(line)));
    encode(BASE64URL, span_bytes(&text), &whole);
    bytes_add_text(&whole, at + size);
    bytes_clear(line);
    bytes_add_span(line, span_bytes(&whole));
}

/* The plain form under a header that CHANGE changes, well signed. */
static void with_header(const char *change, struct bytes *line)
{
    CLEANUP(bytes_done) struct bytes header = {0};
    CLEANUP(bytes_done) struct bytes payload = {0};
    scene_header(trial, INVESTIGATOR, &header);
    trial_change(&header, change);
    scene_payload(trial, &plain, &payload);
    scene_sign_raw(trial, INVESTIGATOR, bytes_text(&header), span_bytes(&payload), line);
}

static void with_payload(struct span payload, struct bytes *line)
{
    CLEANUP(bytes_done) struct bytes header = {0};
    scene_header(trial, INVESTIGATOR, &header);
    scene_sign_raw(trial, INVESTIGATOR, bytes_text(&header), payload, line);
}

static void with_changed_payload(const char *change, struct bytes *line)
{
    CLEANUP(bytes_done) struct bytes payload = {0};
    scene_payload(trial, &plain, &payload);
    trial_change(&payload, change);
    with_payload(span_bytes(&payload), line);
}

/* ---- signatures ---- */

static void altered_payload(struct bytes *line)
{
    scene_sheet(trial, &plain, line);
    alter(line, "payload", "\"58.5\"=>\"85.5\"");
}

static void altered_header(struct bytes *line)
{
    scene_sheet(trial, &plain, line);
    alter(line, "protected", "\"jti\":\"0=>\"jti\":\"1");
}

static void altered_signature(struct bytes *line)
{
    scene_sheet(trial, &plain, line);
    char *at = strstr((char *) line->data, "\"signature\":\"");
    assert_non_null(at);
    at[13] = at[13] == 'A' ? 'B' : 'A';
}

static void signed_by_another(struct bytes *line)
{
    CLEANUP(bytes_done) struct bytes header = {0};
    CLEANUP(bytes_done) struct bytes payload = {0};
    scene_header(trial, INVESTIGATOR, &header);
    scene_payload(trial, &plain, &payload);
    scene_sign_raw(trial, STRANGER, bytes_text(&header), span_bytes(&payload), line);
}

static void unknown_key(struct bytes *line)
{
    struct sheet sheet = {.who = NOBODY, .file = DM};
    scene_sheet(trial, &sheet, line);
}

static void other_algorithm_than_the_key(struct bytes *line)
{
    with_header("\"alg\":\"ES256\"=>\"alg\":\"Ed25519\"", line);
}

/* ---- headers ---- */

static void extra_member(struct bytes *line)
{
    with_header("{\"alg\"=>{\"x\":1,\"alg\"", line);
}
static void key_in_header(struct bytes *line)
{
    with_header("{\"alg\"=>{\"jwk\":{\"kty\":\"EC\"},\"alg\"", line);
}
static void critical_member(struct bytes *line)
{
    with_header("{\"alg\"=>{\"crit\":[\"b64\"],\"alg\"", line);
}
static void missing_member(struct bytes *line)
{
    with_header("\"typ\":\"crf+jws\",=>", line);
}
static void algorithm_none(struct bytes *line)
{
    with_header("\"alg\":\"ES256\"=>\"alg\":\"none\"", line);
}
static void algorithm_hmac(struct bytes *line)
{
    with_header("\"alg\":\"ES256\"=>\"alg\":\"HS256\"", line);
}
static void algorithm_es384(struct bytes *line)
{
    with_header("\"alg\":\"ES256\"=>\"alg\":\"ES384\"", line);
}
static void duplicate_in_header(struct bytes *line)
{
    with_header("{\"alg\":\"ES256\"=>{\"alg\":\"ES256\",\"alg\":\"ES256\"", line);
}
static void other_type(struct bytes *line)
{
    with_header("crf+jws=>JWT", line);
}
static void id_of_another_version(struct bytes *line)
{
    CLEANUP(bytes_done) struct bytes header = {0};
    CLEANUP(bytes_done) struct bytes payload = {0};
    scene_header(trial, INVESTIGATOR, &header);
    char *jti = strstr((char *) header.data, "\"jti\":\"");
    jti[7 + 14] = '4';
    scene_payload(trial, &plain, &payload);
    scene_sign_raw(trial, INVESTIGATOR, bytes_text(&header), span_bytes(&payload), line);
}

/* ---- payloads ---- */

static void duplicate_in_payload(struct bytes *line)
{
    with_changed_payload("\"IT.SEX\":\"F\"=>\"IT.SEX\":\"F\",\"IT.SEX\":\"M\"", line);
}
static void invalid_utf8(struct bytes *line)
{
    with_changed_payload("\"IT.SEX\":\"F\"=>\"IT.SEX\":\"\xC3\x28\"", line);
}
static void nul_in_text(struct bytes *line)
{
    with_changed_payload("\"IT.SEX\":\"F\"=>\"IT.SEX\":\"F\\u0000\"", line);
}
static void lone_surrogate(struct bytes *line)
{
    with_changed_payload("\"IT.SEX\":\"F\"=>\"IT.SEX\":\"\\ud800\"", line);
}
static void too_deep(struct bytes *line)
{
    with_changed_payload("\"IT.SEX\":\"F\"=>\"IT.SEX\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
                         line);
}
static void too_precise_a_number(struct bytes *line)
{
    with_changed_payload("\"IT.SEX\":\"F\"=>\"IT.SEX\":9007199254740993", line);
}
static void a_fraction(struct bytes *line)
{
    with_changed_payload("\"IT.SEX\":\"F\"=>\"IT.SEX\":1.5", line);
}
static void no_json(struct bytes *line)
{
    with_payload(SPAN_LITERAL("hello"), line);
}
static void behind_the_end(struct bytes *line)
{
    CLEANUP(bytes_done) struct bytes payload = {0};
    scene_payload(trial, &plain, &payload);
    bytes_add_text(&payload, "{}");
    with_payload(span_bytes(&payload), line);
}
static void too_long_a_value(struct bytes *line)
{
    CLEANUP(bytes_done) struct bytes change = {0};
    bytes_add_text(&change, "\"IT.SEX\":\"F\"=>\"IT.SEX\":\"");
    for (int i = 0; i < 65 * 1024; i++) {
        bytes_add_char(&change, 'x');
    }
    bytes_add_char(&change, '"');
    with_changed_payload(bytes_text(&change), line);
}

/* ---- lines ---- */

static void white_space(struct bytes *line)
{
    scene_sheet(trial, &plain, line);
    trial_change(line, "\",\"payload\"=>\", \"payload\"");
}
static void line_feed(struct bytes *line)
{
    scene_sheet(trial, &plain, line);
    bytes_add_char(line, '\n');
}
static void padding(struct bytes *line)
{
    scene_sheet(trial, &plain, line);
    trial_change(line, "\",\"payload\"=>=\",\"payload\"");
}
static void unprotected_member(struct bytes *line)
{
    scene_sheet(trial, &plain, line);
    trial_change(line, "{\"protected\"=>{\"header\":{},\"protected\"");
}
static void half_a_line(struct bytes *line)
{
    scene_sheet(trial, &plain, line);
    line->size /= 2;
    line->data[line->size] = '\0';
}
static void one_mebibyte(struct bytes *line)
{
    scene_sheet(trial, &plain, line);
    while (line->size <= 1 << 20) {
        bytes_add_text(line,
                       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    }
}

/* ---- targets ---- */

static void other_url(struct bytes *line)
{
    with_header("https://edc.test/=>https://edc.example/", line);
}
static void other_study_in_url(struct bytes *line)
{
    with_header("studies/MABS06=>studies/OTHER", line);
}
static void other_log(struct bytes *line)
{
    with_changed_payload("\"log\":\"" TRIAL_ORIGIN "\"=>\"log\":\"edc.test/s/other\"",
                         line);
}

static const struct row {
    const char *name;
    void (*make)(struct bytes *line);
    int status;
    const char *code;
} rows[] = {
    {"a payload altered under way is refused", altered_payload, 401, "signature"},
    {"a header altered under way is refused", altered_header, 401, "signature"},
    {"an altered signature is refused", altered_signature, 401, "signature"},
    {"a signature by another's key is refused", signed_by_another, 401, "signature"},
    {"an unknown key is refused", unknown_key, 401, "signature"},
    {"an algorithm that is not the key's is refused", other_algorithm_than_the_key, 401,
     "signature"},
    {"an extra header member is refused", extra_member, 400, "bad-request"},
    {"a key in the header is refused", key_in_header, 400, "bad-request"},
    {"a critical header member is refused", critical_member, 400, "bad-request"},
    {"a missing header member is refused", missing_member, 400, "bad-request"},
    {"alg none is refused", algorithm_none, 400, "bad-request"},
    {"alg HS256 is refused", algorithm_hmac, 400, "bad-request"},
    {"alg ES384 is refused", algorithm_es384, 400, "bad-request"},
    {"a duplicate name in the header is refused", duplicate_in_header, 400, "bad-request"},
    {"another typ is refused", other_type, 400, "bad-request"},
    {"an id that is no UUIDv7 is refused", id_of_another_version, 400, "bad-request"},
    {"a duplicate name in the payload is refused", duplicate_in_payload, 400,
     "bad-request"},
    {"invalid UTF-8 is refused", invalid_utf8, 400, "bad-request"},
    {"U+0000 is refused", nul_in_text, 400, "bad-request"},
    {"a lone surrogate is refused", lone_surrogate, 400, "bad-request"},
    {"JSON deeper than 16 is refused", too_deep, 400, "bad-request"},
    {"a number beyond 2^53 is refused", too_precise_a_number, 400, "bad-request"},
    {"a number with a fraction is refused", a_fraction, 400, "bad-request"},
    {"a payload that is no JSON is refused", no_json, 400, "bad-request"},
    {"a payload with something behind it is refused", behind_the_end, 400, "bad-request"},
    {"a value over 64 KiB is refused", too_long_a_value, 400, "bad-request"},
    {"white space in the line is refused", white_space, 400, "bad-request"},
    {"a line feed behind the line is refused", line_feed, 400, "bad-request"},
    {"padded base64url is refused", padding, 400, "bad-request"},
    {"an unprotected header is refused", unprotected_member, 400, "bad-request"},
    {"half a line is refused", half_a_line, 400, "bad-request"},
    {"more than 1 MiB is refused", one_mebibyte, 413, NULL},
    {"a record signed for another service is refused", other_url, 400, "wrong-target"},
    {"a record signed for another study's path is refused", other_study_in_url, 400,
     "wrong-target"},
    {"a record for another log is refused", other_log, 400, "wrong-target"},
};

static void leaves_nothing(void **state)
{
    const struct row *row = *state;
    CLEANUP(bytes_done) struct bytes line = {0};
    row->make(&line);
    struct answer answer = scene_try(
        trial, span_bytes(&line), &(struct wanted){row->status, row->code, NULL, NOTHING});
    answer_done(&answer);
}

static void an_unknown_key_is_told_the_phone_number(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes line = {0};
    unknown_key(&line);
    struct answer answer = trial_post(trial, span_bytes(&line));
    assert_int_equal(answer.status, 401);
    assert_non_null(strstr(answer_text(&answer, "detail"), "+31 43 000 0000"));
    assert_non_null(strstr(answer_text(&answer, "detail"), "paper"));
    answer_done(&answer);
}

/* ---- ids ---- */

static void the_same_id_with_other_bytes_is_refused(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes header = {0};
    CLEANUP(bytes_done) struct bytes payload = {0};
    CLEANUP(bytes_done) struct bytes first = {0};
    CLEANUP(bytes_done) struct bytes second = {0};
    scene_header(trial, INVESTIGATOR, &header);
    scene_payload(trial, &plain, &payload);
    scene_sign_raw(trial, INVESTIGATOR, bytes_text(&header), span_bytes(&payload), &first);
    struct answer answer =
        scene_try(trial, span_bytes(&first), &(struct wanted){201, NULL, NULL, STORED});
    answer_done(&answer);
    scene_sign_raw(trial, INVESTIGATOR, bytes_text(&header), span_bytes(&payload), &second);
    answer = scene_try(trial, span_bytes(&second),
                       &(struct wanted){409, "id-reused", NULL, NOTHING});
    answer_done(&answer);
}

static void an_id_belongs_to_its_key(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes mine = {0};
    CLEANUP(bytes_done) struct bytes other = {0};
    CLEANUP(bytes_done) struct bytes payload = {0};
    CLEANUP(bytes_done) struct bytes line = {0};
    struct sheet sheet = {.who = INVESTIGATOR, .file = "05-V1-PREGTEST.json"};
    scene_header(trial, INVESTIGATOR, &mine);
    scene_payload(trial, &sheet, &payload);
    scene_sign_raw(trial, INVESTIGATOR, bytes_text(&mine), span_bytes(&payload), &line);
    struct answer answer =
        scene_try(trial, span_bytes(&line), &(struct wanted){201, NULL, NULL, STORED});
    answer_done(&answer);

    sheet = (struct sheet){.who = COORDINATOR, .file = "10-V1-VISIT.json"};
    scene_header(trial, COORDINATOR, &other);
    char *id = strstr((char *) other.data, "\"jti\":\"");
    memcpy(id, strstr(bytes_text(&mine), "\"jti\":\""), 43);
    bytes_clear(&payload);
    bytes_clear(&line);
    scene_payload(trial, &sheet, &payload);
    scene_sign_raw(trial, COORDINATOR, bytes_text(&other), span_bytes(&payload), &line);
    answer = scene_try(trial, span_bytes(&line), &(struct wanted){201, NULL, NULL, STORED});
    answer_done(&answer);
}

/* ---- HTTP ---- */

static struct answer post_as(const char *path, const char *content_type)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    scene_sheet(trial, &plain, &line);
    return trial_send(trial, &(struct trial_request){.method = "POST",
                                                     .path = path,
                                                     .content_type = content_type,
                                                     .body = span_bytes(&line)});
}

static void another_media_type_is_refused(void **state)
{
    (void) state;
    struct answer answer = post_as("/v1/studies/MABS06/records", "text/plain");
    assert_int_equal(answer.status, 415);
    answer_done(&answer);
}

static void another_study_is_not_here(void **state)
{
    (void) state;
    struct answer answer = post_as("/v1/studies/OTHER/records", "application/jose+json");
    assert_int_equal(answer.status, 404);
    assert_string_equal(answer_code(&answer), "no-study");
    answer_done(&answer);
}

static void assert_serving(void)
{
    struct sheet sheet = {.who = INVESTIGATOR, .file = DM};
    scene_sheet_try(trial, &sheet, &(struct wanted){409, "stale", "CONFLICT", REFUSED});
}

static const struct wire_row {
    const char *name;
    const char *sent;
    const char *answer; /* how the answer begins; NULL: none need come */
} wire_rows[] = {
    {"garbage is answered 400 and cut off", "\x01\x02 garbage\r\n\r\n", "HTTP/1.1 400"},
    {"two lengths are refused",
     "POST /v1/studies/MABS06/records HTTP/1.1\r\nHost: edc.test\r\nContent-Length: 5\r\n"
     "Content-Length: 6\r\n\r\nhello",
     "HTTP/1.1 400"},
    {"a length and chunks are refused",
     "POST /v1/studies/MABS06/records HTTP/1.1\r\nHost: edc.test\r\nContent-Length: 5\r\n"
     "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     "HTTP/1.1 501"},
    {"a request without a length is refused",
     "POST /v1/studies/MABS06/records HTTP/1.1\r\nHost: edc.test\r\n\r\n", "HTTP/1.1 411"},
    {"no host is refused", "GET /healthz HTTP/1.1\r\n\r\n", "HTTP/1.1 400"},
    {"half a head leaves the service well", "GET /healthz HT", NULL},
    {"half a body leaves the service well",
     "POST /v1/studies/MABS06/records HTTP/1.1\r\nHost: edc.test\r\nContent-Length: 900\r\n"
     "\r\n{\"protected\":",
     NULL},
};

static void on_the_wire(void **state)
{
    const struct wire_row *row = *state;
    CLEANUP(bytes_done) struct bytes got = {0};
    int64_t entries = trial_count(trial, "entry");
    void *wire = trial_wire_open(trial);
    trial_wire_send(wire, span_text(row->sent));
    if (row->answer != NULL) {
        assert_true(trial_wire_read(wire, 10, &got));
        assert_true(span_starts(span_bytes(&got), row->answer));
    }
    trial_wire_close(wire);
    assert_int_equal(trial_count(trial, "entry"), entries);
    assert_serving();
}

static void slow_clients_do_not_hold_up_others(void **state)
{
    (void) state;
    void *wires[30];
    for (size_t i = 0; i < ARRAY_LEN(wires); i++) {
        wires[i] = trial_wire_open(trial);
        trial_wire_send(wires[i], SPAN_LITERAL("GET /healthz HTTP/1.1\r\nHost: e"));
    }
    for (int round = 0; round < 3; round++) {
        instant began = clock_monotonic(&clock_system);
        struct answer answer = post_as("/v1/studies/MABS06/records", "application/json");
        assert_int_equal(answer.status, 409);
        answer_done(&answer);
        assert_true(clock_monotonic(&clock_system) - began < 5 * SECOND);
        for (size_t i = 0; i < ARRAY_LEN(wires); i++) {
            trial_wire_send(wires[i], SPAN_LITERAL("d"));
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(wires); i++) {
        trial_wire_close(wires[i]);
    }
}

int main(void)
{
    trial = scene_open(&(struct trial_options){0});
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), leaves_nothing);
    add_test("an unknown key is told the phone number and the paper form",
             an_unknown_key_is_told_the_phone_number);
    add_test("the same id with other bytes is refused",
             the_same_id_with_other_bytes_is_refused);
    add_test("an id belongs to its key", an_id_belongs_to_its_key);
    add_test("another media type is refused", another_media_type_is_refused);
    add_test("a study that is not here is 404", another_study_is_not_here);
    add_rows(wire_rows, ARRAY_LEN(wire_rows), sizeof(wire_rows[0]), on_the_wire);
    add_test("slow clients do not hold up others", slow_clients_do_not_hold_up_others);
    int failed = run_added("what is no record");
    trial_stop(trial);
    return failed;
}
