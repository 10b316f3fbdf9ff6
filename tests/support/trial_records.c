/* SPDX-License-Identifier: Apache-2.0 */
/*
** The people of trialtmp and what they sign.
*/
#include "base/encode.h"
#include "crypto/jws.h"
#include "tests/support/files.h"
#include "tests/support/trialtmp_impl.h"

/* ---- records ---- */

struct record trial_record(struct trial *trial, enum who who, enum record_type type,
                           struct arena *arena)
{
    char local[INSTANT_LOCAL_SIZE];
    instant now = clock_now(&clock_system);
    instant_format_local(now, 60, local);
    return (struct record){
        .type = type,
        .log = trial_origin(trial),
        .seen = trial->seen[trial->other_study],
        .signature = {.name = TRIAL_PEOPLE[who].name,
                      .role = TRIAL_PEOPLE[who].role,
                      .meaning = "author",
                      .statement =
                          "I entered these data from the source; they are correct.",
                      .signed_at = arena_text(arena, local)}};
}

void trial_sign(struct trial *trial, enum who who, const struct record *record,
                struct bytes *out)
{
    CLEANUP(bytes_done) struct bytes payload = {0};
    CLEANUP(bytes_done) struct bytes url = {0};
    bytes_printf(&url, TRIAL_URL "/v1/studies/%s/records", trial_slug(trial));
    struct jws_header header = {.url = bytes_text(&url)};
    struct err err;
    instant at = 0;
    if (!instant_parse(span_text(record->signature.signed_at), &at, NULL)) {
        trial_give_up("signed_at cannot be read");
    }
    header.iat = record->iat != 0 ? record->iat : at / SECOND;
    uuid_make(&clock_system, &header.jti);
    record_write(record, &payload);
    trial_must(jws_sign(trial->keys[who], &header, span_bytes(&payload), out, &err), &err,
               "sign");
}

struct answer trial_submit(struct trial *trial, enum who who, const struct record *record)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    trial_sign(trial, who, record, &line);
    return trial_post(trial, span_bytes(&line));
}

void trial_change(struct bytes *text, const char *change)
{
    const char *arrow = change != NULL ? strstr(change, "=>") : NULL;
    if (arrow == NULL) {
        return;
    }
    CLEANUP(mem_freep) char *old = mem_text(change);
    old[arrow - change] = '\0';
    const char *at = strstr(bytes_text(text), old);
    if (at == NULL) {
        trial_give_up("the form has no \"%s\" to change", old);
    }
    struct bytes changed = {0};
    bytes_add(&changed, text->data, (size_t) (at - bytes_text(text)));
    bytes_add_text(&changed, arrow + 2);
    bytes_add_text(&changed, at + strlen(old));
    bytes_done(text);
    *text = changed;
}

struct record trial_form(struct trial *trial, enum who who, const char *file,
                         const char *subject, const char *change, struct arena *arena)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    struct json_limits limits = JSON_RECORD;
    const struct json *data = NULL;
    struct err err;
    bytes_printf(&path, "%s/%s%s", CRFD_SOURCE "/tests/support",
                 strchr(file, '/') != NULL ? "" : "mabs06/", file);
    CLEANUP(bytes_done) struct bytes text = read_file(bytes_text(&path));
    trial_change(&text, change);
    struct record record = trial_record(trial, who, RECORD_FORM_SUBMIT, arena);
    trial_must(json_parse(span_bytes(&text), &limits, arena, &data, &err), &err, file);
    trial_must(form_data_from_json(data, arena, &record.data.form_submit.form, &err), &err,
               file);
    if (subject != NULL) {
        record.data.form_submit.form.key.subject = subject;
    }
    record.definition =
        (struct definition_ref){"MDV.1", arena_text(arena, trial->definition_sha256)};
    return record;
}

struct answer trial_submit_file(struct trial *trial, enum who who, const char *file,
                                const char *subject, const char *change)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = trial_form(trial, who, file, subject, change, arena);
    return trial_submit(trial, who, &record);
}

/* ---- opening the study ---- */

static void expect(struct answer answer, int wanted, const char *what)
{
    if (answer.status != wanted) {
        trial_give_up("%s: got %d, wanted %d: %s", what, answer.status, wanted,
                      bytes_text(&answer.body));
    }
    answer_done(&answer);
}

static void open_study(struct trial *trial, struct arena *arena)
{
    CLEANUP(bytes_done)
    struct bytes xml = read_file(CRFD_SOURCE "/protocol/trials/mabs06.xml");
    CLEANUP(bytes_done) struct bytes jwk = {0};
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    digest_of(span_bytes(&xml), &digest);
    digest_to_hex(&digest, hex);
    free(trial->definition_sha256);
    trial->definition_sha256 = mem_text(hex);
    /* blobs are the same for all studies */
    expect(trial_put_blob(trial, FOUNDER, span_bytes(&xml)),
           trial->other_opened ? 200 : 201, "definition");
    trial->other_opened = trial->other_study;
    key_to_jwk(private_key_public(trial->keys[FOUNDER]), &jwk);
    struct record record = trial_record(trial, FOUNDER, RECORD_STUDY_OPEN, arena);
    record.seen = (struct record_seen){0};
    record.definition = (struct definition_ref){"MDV.1", trial->definition_sha256};
    record.data.study_open =
        (struct study_open_data){"ST.MABS06", "MABS06", bytes_text(&jwk)};
    expect(trial_submit(trial, FOUNDER, &record), 201, "study.open");
}

static void open_site(struct trial *trial, const char *site, struct arena *arena)
{
    struct record record = trial_record(trial, FOUNDER, RECORD_SITE_OPEN, arena);
    record.data.site_open =
        (struct site_open_data){site, "Maastricht UMC+", "NL", "Europe/Amsterdam", "nl"};
    expect(trial_submit(trial, FOUNDER, &record), 201, "site.open");
}

static void invite(struct trial *trial, enum who who, const char *code, struct arena *arena)
{
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    char expires[INSTANT_LOCAL_SIZE];
    digest_of(span_text(code), &digest);
    digest_to_hex(&digest, hex);
    instant_format_local(clock_now(&clock_system) + 7 * DAY, 0, expires);
    struct record record = trial_record(trial, FOUNDER, RECORD_PERSON_INVITE, arena);
    record.data.person_invite = (struct person_invite_data){TRIAL_PEOPLE[who].id,
                                                            TRIAL_PEOPLE[who].name,
                                                            TRIAL_PEOPLE[who].role,
                                                            TRIAL_PEOPLE[who].site,
                                                            hex,
                                                            expires};
    expect(trial_submit(trial, FOUNDER, &record), 201, "person.invite");
}

static void enrol_key(struct trial *trial, enum who who, struct arena *arena)
{
    CLEANUP(bytes_done) struct bytes code = {0};
    CLEANUP(bytes_done) struct bytes jwk = {0};
    uint8_t secret[16];
    random_fill(secret, sizeof(secret));
    encode(BASE32, span_of(secret, sizeof(secret)), &code);
    invite(trial, who, bytes_text(&code), arena);
    const struct key *key = private_key_public(trial->keys[who]);
    key_to_jwk(key, &jwk);
    struct record record = trial_record(trial, who, RECORD_PERSON_ENROL, arena);
    record.data.person_enrol = (struct person_enrol_data){
        TRIAL_PEOPLE[who].id, bytes_text(&code), bytes_text(&jwk)};
    expect(trial_submit(trial, who, &record), 201, "person.enrol");
}

static void enrol_person(struct trial *trial, enum who who, struct arena *arena)
{
    const struct key *key = private_key_public(trial->keys[who]);
    enrol_key(trial, who, arena);
    struct record record = trial_record(trial, FOUNDER, RECORD_PERSON_CONFIRM, arena);
    record.data.person_key =
        (struct person_key_data){TRIAL_PEOPLE[who].id, key_thumbprint(key), NULL};
    expect(trial_submit(trial, FOUNDER, &record), 201, "person.confirm");
}

void trial_hire(struct trial *trial, enum who who)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    enrol_person(trial, who, arena);
}

void trial_hire_unconfirmed(struct trial *trial, enum who who)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    enrol_key(trial, who, arena);
}

void trial_new_key(struct trial *trial, enum who who)
{
    struct err err;
    private_key_free(trial->keys[who]);
    trial_must(private_key_generate(KEY_ES256, &trial->keys[who], &err), &err, "key");
    trial_hire(trial, who);
}

const char *trial_definition(const struct trial *trial)
{
    return trial->definition_sha256;
}

/* The founder sends a test alarm; the second sponsor answers with the code read out by
 * phone. */
static void answer_alarm(struct trial *trial, struct arena *arena)
{
    static const char code[] = "48213";
    CLEANUP(bytes_done) struct bytes where = {0};
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    digest_of(span_text(code), &digest);
    digest_to_hex(&digest, hex);
    struct record record = trial_record(trial, FOUNDER, RECORD_MILESTONE, arena);
    record.data.milestone = (struct milestone_data){
        .kind = "alarm-test", .at = record.signature.signed_at, .code_sha256 = hex};
    struct answer sent = trial_submit(trial, FOUNDER, &record);
    bytes_printf(&where, "milestone/%lld", (long long) answer_number(&sent, "seq"));
    CLEANUP(bytes_done) struct bytes sql = {0};
    bytes_printf(&sql,
                 "select m.leaf from crfd.milestone m join crfd.log using (log_id) where "
                 "origin = '%s' and kind = 'alarm-test' order by src_seq desc limit 1",
                 trial_origin(trial));
    CLEANUP(mem_freep) char *leaf = pgtmp_must(trial->superuser, bytes_text(&sql));
    expect(sent, 201, "milestone alarm-test");
    record = trial_record(trial, SPONSOR, RECORD_SAFETY_ACK, arena);
    record.data.safety_ack = (struct safety_ack_data){bytes_text(&where), leaf, code};
    expect(trial_submit(trial, SPONSOR, &record), 201, "safety.ack of the alarm");
}

void trial_open(struct trial *trial)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    open_study(trial, arena);
    open_site(trial, "01", arena);
    open_site(trial, "02", arena);
    for (enum who who = INVESTIGATOR; who < NOBODY; who++) {
        enrol_person(trial, who, arena);
    }
    answer_alarm(trial, arena);
}

void trial_enrol(struct trial *trial, const char *subject)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = trial_record(trial, INVESTIGATOR, RECORD_SUBJECT_ENROL, arena);
    record.data.subject_enrol = (struct subject_enrol_data){subject, TRIAL_SITE};
    expect(trial_submit(trial, INVESTIGATOR, &record), 201, "subject.enrol");
}

const char *trial_vkey(struct trial *trial)
{
    if (trial->vkey == NULL) {
        struct answer answer = trial_get_plain(trial, "/v1/studies/" TRIAL_SLUG);
        const char *vkey = answer_text(&answer, "vkey");
        trial->vkey = mem_text(vkey != NULL ? vkey : "");
        answer_done(&answer);
    }
    return trial->vkey;
}

int64_t trial_count(struct trial *trial, const char *table)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    bytes_printf(&sql, "select count(*) from crfd.%s", table);
    CLEANUP(mem_freep) char *count = pgtmp_must(trial->superuser, bytes_text(&sql));
    return strtoll(count, NULL, 10);
}
