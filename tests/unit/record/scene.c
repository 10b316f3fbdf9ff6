/* SPDX-License-Identifier: Apache-2.0 */
/*
** The scene plays both ends: the client that fills and signs, and the writer that decides,
** builds the entry and folds.
*/
#include "tests/unit/record/scene.h"

#include "base/text.h"
#include "protocol/study/odm.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

#define ORIGIN "edc.example.org/s/7f3a91"
#define XML    "tests/unit/record/trial.xml"
#define CODE   "AAAQEAYEAUDAOCAJBIFQYDIOB4" /* bytes 0 to 15 in base32 */

static const struct person PEOPLE[WHO_COUNT] = {
    [FOUNDER] = {"p-0001", "sponsor", NULL, NULL, NULL, NULL},
    [INVESTIGATOR] = {"p-0002", "investigator", "NL01", NULL, NULL, NULL},
    [COORDINATOR] = {"p-0003", "coordinator", "NL01", NULL, NULL, NULL},
    [MONITOR] = {"p-0004", "monitor", "NL01", NULL, NULL, NULL},
    [DATA_MANAGER] = {"p-0005", "data-manager", NULL, NULL, NULL, NULL},
    [SAFETY] = {"p-0006", "safety", NULL, NULL, NULL, NULL},
    [RATER] = {"p-0007", "rater", "NL01", NULL, NULL, NULL},
    [PHARMACIST] = {"p-0008", "pharmacist", "NL01", NULL, NULL, NULL},
    [REGISTRAR] = {"p-0009", "registrar", NULL, NULL, NULL, NULL},
    [INSPECTOR] = {"p-0010", "inspector", NULL, NULL, NULL, NULL},
    [OTHER_INVESTIGATOR] = {"p-0011", "investigator", "BE01", NULL, NULL, NULL},
    [SPONSOR] = {"p-0012", "sponsor", NULL, NULL, NULL, NULL},
    [STRANGER] = {"p-0013", "coordinator", "NL01", NULL, NULL, NULL},
};

static const struct metadata_version *get_definition(void *arg, const char *version,
                                                     const char *sha256)
{
    const struct scene *scene = arg;
    return strcmp(sha256, scene->sha256) == 0 ? study_version(scene->study, version) : NULL;
}

static void load_definition(struct scene *scene)
{
    CLEANUP(bytes_done) struct bytes xml = read_file(scene->xml_path);
    struct odm_problems problems = {0};
    struct err err = {0};
    struct digest digest;
    assert_status(odm_read(span_bytes(&xml), scene->arena, &scene->study, &problems, &err),
                  OK, &err);
    digest_of(span_bytes(&xml), &digest);
    digest_to_hex(&digest, scene->sha256);
    scene->definitions = (struct definitions){.get = get_definition, .arg = scene};
}

static void make_key(struct scene *scene, size_t who)
{
    CLEANUP(secret_done) struct secret raw = {0};
    CLEANUP(bytes_done) struct bytes jwk = {0};
    struct person *person = &scene->people[who];
    uint8_t seed[KEY_PRIVATE_RAW_SIZE];
    memset(seed, (int) who + 1, sizeof(seed));
    secret_copy(&raw, seed, sizeof(seed));
    *person = PEOPLE[who];
    enum key_kind kind = who == SPONSOR || who == INVESTIGATOR ? KEY_ES256 : KEY_ED25519;
    assert_int_equal(private_key_from_raw(kind, &raw, &person->key, NULL), OK);
    person->kid = key_thumbprint(private_key_public(person->key));
    key_to_jwk(private_key_public(person->key), &jwk);
    person->jwk = arena_text(scene->arena, bytes_text(&jwk));
}

struct scene *scene_new(const char *xml_path)
{
    struct scene *scene = mem_alloc(sizeof(*scene));
    scene->arena = arena_new();
    scene->xml_path = xml_path != NULL ? xml_path : XML;
    load_definition(scene);
    for (size_t who = 0; who < WHO_COUNT; who++) {
        make_key(scene, who);
    }
    scene->state = state_new(ORIGIN, scene->people[FOUNDER].kid);
    scene->language = "en";
    assert_true(instant_parse(SPAN_LITERAL("2026-10-21T09:00:00Z"), &scene->now, NULL));
    return scene;
}

void scene_free(struct scene *scene)
{
    for (size_t i = 0; i < scene->log_count; i++) {
        bytes_done(&scene->log[i].entry);
        bytes_done(&scene->log[i].body);
    }
    for (size_t who = 0; who < WHO_COUNT; who++) {
        private_key_free(scene->people[who].key);
    }
    free(scene->log);
    state_free(scene->state);
    arena_free(scene->arena);
    free(scene);
}

/* ---- the client ---- */

struct record scene_record(struct scene *scene, enum who who, enum record_type type)
{
    const struct person *person = &scene->people[who];
    char signed_at[INSTANT_LOCAL_SIZE];
    instant at = scene->now - scene->signed_before;
    instant_format_local(at, 60, signed_at);
    struct record record = {.type = type, .log = ORIGIN};
    record.seen.given = type != RECORD_STUDY_OPEN;
    record.seen.size = scene->frontier.size;
    frontier_root(&scene->frontier, &record.seen.root);
    if (RECORD_TYPES[type].reason == NEED_MUST) {
        record.reason = "because";
    }
    if (RECORD_TYPES[type].definition == NEED_MUST) {
        record.definition =
            (struct definition_ref){scene->study->versions[0]->oid, scene->sha256};
    }
    record.signature = (struct record_signature){
        .name = arena_printf(scene->arena, "Name %s", person->person),
        .role = person->role,
        .meaning = "author",
        .statement = "I entered these data from the source; they are correct.",
        .signed_at = arena_text(scene->arena, signed_at),
        .at = at,
        .offset_minutes = 60};
    return record;
}

const char *scene_leaf(const struct scene *scene, const char *object)
{
    const struct row *row = state_form(scene->state, object);
    return row != NULL ? row->values[FORM_LEAF] : NULL;
}

/* ---- the writer ---- */

static const struct casebook *book_of(const struct scene *scene, const char *subject)
{
    for (size_t i = 0; subject != NULL && i < scene->book_count; i++) {
        if (strcmp(scene->books[i].subject, subject) == 0) {
            return &scene->books[i].book;
        }
    }
    return NULL;
}

static void keep_book(struct scene *scene, const struct entry_facts *facts)
{
    const char *subject = scene->record.subject;
    if (subject == NULL ||
        (!scene->record.is_form && scene->record.type != RECORD_FORM_SIGN)) {
        return;
    }
    struct casebook book =
        fold_casebook(scene->state, book_of(scene, subject), facts, &scene->record,
                      &scene->decision.outcome, scene->arena);
    size_t i = 0;
    while (i < scene->book_count && strcmp(scene->books[i].subject, subject) != 0) {
        i++;
    }
    assert_true(i < ARRAY_LEN(scene->books));
    scene->books[i].subject = subject;
    scene->books[i].book = book;
    scene->book_count = i == scene->book_count ? i + 1 : scene->book_count;
}

static void add_entry(struct scene *scene, const char *type, const char *object,
                      struct bytes body)
{
    const struct decision *decision = &scene->decision;
    scene->log = mem_grow(scene->log, scene->log_count + 1, sizeof(*scene->log));
    struct logged *logged = &scene->log[scene->log_count++];
    *logged = (struct logged){.body = body};
    memset(logged->salt, (int) scene->log_count, SALT_SIZE);
    struct state_head head = state_head(scene->state);
    bool accepted = decision->accepted;
    struct entry entry = {
        .log = SPAN_LITERAL(ORIGIN),
        .seq = (int64_t) head.size,
        .prev = head.leaf,
        .time = scene->now,
        .type = span_text(type),
        .actor = span_text(decision->person),
        .key = span_text(scene->record.kid),
        .keydir = ENTRY_NONE,
        .object = span_text(object),
        .prior = decision->prior_seq,
        .body_size = (int64_t) body.size,
        .media = span_text(accepted ? "application/x-ndjson" : "application/json")};
    entry_body_digest(logged->salt, span_bytes(&body), &entry.body);
    struct err err = {0};
    assert_status(entry_encode(&entry, &logged->entry, &err), OK, &err);
    merkle_leaf(span_bytes(&logged->entry), &scene->leaf);
    frontier_append(&scene->frontier, &scene->leaf);
    struct entry_facts facts = {entry.seq, entry.time, decision->person, scene->leaf};
    if (accepted) {
        fold_apply(scene->state, &facts, &scene->record, &decision->outcome, scene->arena);
        keep_book(scene, &facts);
    } else {
        state_advance(scene->state, &scene->leaf, entry.time);
    }
}

static void log_outcome(struct scene *scene, struct span line)
{
    struct bytes body = {0}, outcome = {0};
    if (scene->decision.accepted) {
        bytes_add_span(&body, line);
        outcome_write(&scene->decision.outcome, &outcome);
        bytes_printf(&body, "\n%s\n", bytes_text(&outcome));
        assert_true(
            text_copy(scene->outcome, sizeof(scene->outcome), bytes_text(&outcome)));
        add_entry(scene, record_type_name(scene->record.type), scene->record.object, body);
        bytes_done(&outcome);
    } else if (scene->decision.leaves_entry) {
        decision_write_reject(&scene->decision, &scene->record, &body);
        add_entry(scene, "reject", "reject", body);
    }
}

/* UUIDv7s that count. */
static struct uuid next_id(struct scene *scene)
{
    struct uuid id = {{1, 0x93, 0x5a, 0x7e, 0x3f, 0x2c, 0x70, 0, 0x80}};
    uint32_t number = ++scene->sent;
    for (size_t i = 0; i < 4; i++) {
        id.bytes[15 - i] = (uint8_t) (number >> 8 * i);
    }
    return id;
}

const struct decision *scene_send_payload(struct scene *scene, enum who who,
                                          struct span payload)
{
    struct err err = {0};
    struct bytes line = {0};
    struct jws jws;
    struct jws_header header = {.iat = (scene->now - scene->signed_before) / SECOND,
                                .url = "https://edc.example.org/v1/studies/T1/records"};
    header.jti = next_id(scene);
    assert_status(jws_sign(scene->people[who].key, &header, payload, &line, &err), OK,
                  &err);
    struct span kept = arena_span(scene->arena, span_bytes(&line));
    bytes_done(&line);
    assert_status(jws_parse(kept, scene->arena, &jws, &err), OK, &err);
    scene->shape = (struct findings){.arena = scene->arena, .language = scene->language};
    assert_status(
        record_parse(jws.payload, scene->arena, &scene->record, &scene->shape, &err), OK,
        &err);
    record_set_header(&scene->record, &jws, &scene->shape);
    struct decide_context context = {.seq = (int64_t) state_head(scene->state).size,
                                     .time = scene->now,
                                     .seen =
                                         scene->unknown_seen ? SEEN_UNKNOWN : SEEN_KNOWN,
                                     .language = scene->language};
    scene->outcome[0] = 0;
    decide(scene->state, book_of(scene, scene->record.subject), &scene->definitions,
           &context, &scene->record, &scene->shape, scene->arena, &scene->decision);
    log_outcome(scene, kept);
    scene->now += MINUTE;
    scene->told_lies = scene->told_lies || scene->unknown_seen;
    scene->signed_before = 0;
    scene->unknown_seen = false;
    return &scene->decision;
}

const struct decision *scene_send(struct scene *scene, enum who who,
                                  const struct record *record)
{
    CLEANUP(bytes_done) struct bytes payload = {0};
    record_write(record, &payload);
    return scene_send_payload(scene, who, span_bytes(&payload));
}

const struct decision *scene_submit(struct scene *scene, enum who who, const char *data,
                                    const char *reason)
{
    struct err err = {0};
    const struct json *json;
    struct record record = scene_record(scene, who, RECORD_FORM_SUBMIT);
    assert_status(json_parse(span_text(data), &JSON_RECORD, scene->arena, &json, &err), OK,
                  &err);
    assert_status(
        form_data_from_json(json, scene->arena, &record.data.form_submit.form, &err), OK,
        &err);
    record.reason = reason;
    record.prior =
        scene_leaf(scene, form_key_path(scene->arena, &record.data.form_submit.form.key));
    return scene_send(scene, who, &record);
}

/* ---- the trial ---- */

static void must(const struct scene *scene)
{
    if (!scene->decision.accepted) {
        const struct findings *findings = &scene->decision.findings;
        print_error("refused: %d %s: %s %s %s\n", scene->decision.http_status,
                    scene->decision.code,
                    findings->count > 0 ? findings->items[0].rule : "",
                    findings->count > 0 ? findings->items[0].path : "",
                    findings->count > 0 ? findings->items[0].message : "");
        fail();
    }
}

static struct scene *open_study(const char *xml_path, const char *start)
{
    struct scene *scene = scene_new(xml_path);
    if (start != NULL) {
        assert_true(instant_parse(span_text(start), &scene->now, NULL));
    }
    struct record record = scene_record(scene, FOUNDER, RECORD_STUDY_OPEN);
    record.data.study_open =
        (struct study_open_data){scene->study->oid, "Trial", scene->people[FOUNDER].jwk};
    scene_send(scene, FOUNDER, &record);
    must(scene);
    return scene;
}

static void open_site(struct scene *scene, const char *site, const char *country)
{
    struct record record = scene_record(scene, FOUNDER, RECORD_SITE_OPEN);
    record.data.site_open =
        (struct site_open_data){site, "A hospital", country, "Europe/Amsterdam", "nl"};
    scene_send(scene, FOUNDER, &record);
    must(scene);
}

void scene_enrol(struct scene *scene, enum who who)
{
    const struct person *person = &scene->people[who];
    char sha256[DIGEST_HEX_SIZE];
    struct digest digest;
    digest_of(SPAN_LITERAL(CODE), &digest);
    digest_to_hex(&digest, sha256);
    struct record record = scene_record(scene, FOUNDER, RECORD_PERSON_INVITE);
    record.data.person_invite = (struct person_invite_data){
        person->person, arena_printf(scene->arena, "Name %s", person->person),
        person->role,   person->site,
        sha256,         "2026-11-21T09:00:00Z"};
    scene_send(scene, FOUNDER, &record);
    must(scene);
    record = scene_record(scene, who, RECORD_PERSON_ENROL);
    record.data.person_enrol =
        (struct person_enrol_data){person->person, CODE, person->jwk};
    scene_send(scene, who, &record);
    must(scene);
    record = scene_record(scene, FOUNDER, RECORD_PERSON_CONFIRM);
    record.data.person_key = (struct person_key_data){person->person, person->kid, NULL};
    scene_send(scene, FOUNDER, &record);
    must(scene);
}

#define ALARM_CODE "48213"

void scene_alarm(struct scene *scene)
{
    char sha256[DIGEST_HEX_SIZE], leaf[DIGEST_BASE64_SIZE];
    struct digest digest;
    digest_of(SPAN_LITERAL(ALARM_CODE), &digest);
    digest_to_hex(&digest, sha256);
    struct record record = scene_record(scene, FOUNDER, RECORD_MILESTONE);
    record.data.milestone = (struct milestone_data){
        .kind = "alarm-test", .at = record.signature.signed_at, .code_sha256 = sha256};
    scene_send(scene, FOUNDER, &record);
    must(scene);
    digest_to_base64(&scene->leaf, leaf);
    const char *object = arena_printf(scene->arena, "milestone/%zu", scene->log_count - 1);
    record = scene_record(scene, SAFETY, RECORD_SAFETY_ACK);
    record.data.safety_ack =
        (struct safety_ack_data){object, arena_text(scene->arena, leaf), ALARM_CODE};
    scene_send(scene, SAFETY, &record);
    must(scene);
}

struct scene *scene_ready_at(const char *xml_path, const char *start)
{
    struct scene *scene = open_study(xml_path, start);
    open_site(scene, "NL01", "NL");
    open_site(scene, "BE01", "BE");
    for (enum who who = INVESTIGATOR; who < STRANGER; who++) {
        scene_enrol(scene, who);
    }
    scene_alarm(scene);
    struct record record = scene_record(scene, COORDINATOR, RECORD_SUBJECT_ENROL);
    record.data.subject_enrol = (struct subject_enrol_data){SUBJECT, "NL01"};
    scene_send(scene, COORDINATOR, &record);
    must(scene);
    return scene;
}

struct scene *scene_ready_with(const char *xml_path)
{
    return scene_ready_at(xml_path, NULL);
}

struct scene *scene_ready(void)
{
    return scene_ready_with(NULL);
}

/* ---- replay ---- */

struct replay_options scene_replay_options(struct scene *scene)
{
    return (struct replay_options){.origin = ORIGIN,
                                   .founder = scene->people[FOUNDER].kid,
                                   .definitions = &scene->definitions};
}

status scene_replay(const struct scene *scene, struct replay *replay, struct err *err)
{
    for (size_t i = 0; i < scene->log_count; i++) {
        const struct logged *logged = &scene->log[i];
        struct replay_body body = {.salt = span_of(logged->salt, SALT_SIZE),
                                   .body = span_bytes(&logged->body)};
        TRY(replay_feed(replay, span_bytes(&logged->entry), &body, err));
    }
    return OK;
}

void scene_dump(const struct state *state, struct bytes *out)
{
    for (size_t table = 0; table < TABLE_COUNT; table++) {
        bytes_printf(out, "== %s\n", TABLES[table].name);
        state_dump(state, (enum table_id) table, out);
    }
}
