/* SPDX-License-Identifier: Apache-2.0 */
/*
** Two passes over the archive. The first takes the log, the definitions, the note and the
** export out of it; then the log is verified as if a service had shown it. The second makes
** every file again from that log and holds it against the archive, piece by piece, in order.
*/
#include "base/text.h"
#include "clients/verify/bundle_impl.h"
#include "clients/verify/bundle_note.h"
#include "crypto/receipt.h"

#define DEFINITION_MAX ((size_t) 64 << 20)

struct blob {
    const char *sha256;
    struct span content;
};

struct checking {
    const struct bundle_check *check;
    struct arena *arena;
    struct spool *spool;
    struct bytes entry, body; /* of the entry whose body has not come yet */
    bool has_entry, has_body;
    struct bytes note, sums_note, record, receipt;
    struct blob *blobs;
    size_t blob_count, blob_capacity;
    char founder[KEY_THUMBPRINT_SIZE + 1];
    struct digest sums;
    /* second pass */
    struct tar_reader *tar;
    struct tar_member member;
    struct span piece; /* of the member, not compared yet */
    uint64_t files;
};

static void checking_done(struct checking *c)
{
    arena_free(c->arena);
    spool_close(c->spool);
    tar_close(c->tar);
    bytes_wipe(&c->entry);
    bytes_wipe(&c->body);
    bytes_done(&c->note);
    bytes_done(&c->sums_note);
    bytes_done(&c->record);
    bytes_done(&c->receipt);
}

/* ---- first pass ---- */

static status spool_last(struct checking *c, struct err *err)
{
    if (c->has_entry) {
        TRY(spool_add(c->spool, span_bytes(&c->entry),
                      c->has_body ? span_bytes(&c->body) : span_of(NULL, 0), err));
    }
    c->has_entry = false;
    c->has_body = false;
    return OK;
}

static status take_entry(struct checking *c, struct err *err)
{
    TRY(spool_last(c, err));
    bytes_clear(&c->entry);
    c->has_entry = true;
    return tar_read_all(c->tar, ENTRY_SIZE_MAX, &c->entry, err);
}

static status take_body(struct checking *c, struct err *err)
{
    if (!c->has_entry || c->has_body) {
        return FAIL(err, ERR_TAMPERED, "%s stands without its entry", c->member.name);
    }
    bytes_clear(&c->body);
    c->has_body = true;
    return tar_read_all(c->tar, BODY_LINE_MAX, &c->body, err);
}

/* Is it "definitions/<64 hex>.xml"? */
static status take_definition(struct checking *c, struct err *err)
{
    CLEANUP(bytes_done) struct bytes xml = {0};
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    const char *name = c->member.name + strlen("definitions/");
    if (strlen(name) != DIGEST_HEX_SIZE - 1 + 4 || strcmp(name + 64, ".xml") != 0) {
        return OK; /* blobs.csv: compared in the second pass */
    }
    TRY(tar_read_all(c->tar, DEFINITION_MAX, &xml, err));
    digest_of(span_bytes(&xml), &digest);
    digest_to_hex(&digest, hex);
    if (strncmp(hex, name, 64) != 0) {
        return FAIL(err, ERR_TAMPERED, "%s is not what its name says", c->member.name);
    }
    struct blob *blob = ARENA_PUSH(c->arena, c->blobs, c->blob_count, c->blob_capacity);
    *blob =
        (struct blob){arena_text(c->arena, hex), arena_span(c->arena, span_bytes(&xml))};
    return OK;
}

static status take_member(struct checking *c, struct err *err)
{
    const char *name = c->member.name;
    if (strncmp(name, "log/entry/", 10) == 0) {
        return take_entry(c, err);
    }
    if (strncmp(name, "log/body/", 9) == 0) {
        return take_body(c, err);
    }
    if (strncmp(name, "definitions/", 12) == 0) {
        return take_definition(c, err);
    }
    if (strcmp(name, "checkpoint") == 0) {
        return tar_read_all(c->tar, NOTE_SIZE_MAX, &c->note, err);
    }
    if (strcmp(name, BUNDLE_NOTE) == 0) {
        return tar_read_all(c->tar, NOTE_SIZE_MAX, &c->sums_note, err);
    }
    if (strcmp(name, BUNDLE_RECORD) == 0) {
        return tar_read_all(c->tar, JWS_SIZE_MAX, &c->record, err);
    }
    if (strcmp(name, BUNDLE_RECEIPT) == 0) {
        return tar_read_all(c->tar, RECEIPT_SIZE_MAX, &c->receipt, err);
    }
    return OK;
}

static status read_members(struct checking *c, struct err *err)
{
    TRY(tar_open(c->check->path, &c->tar, err));
    for (;;) {
        TRY(tar_next(c->tar, &c->member, err));
        if (c->member.name == NULL) {
            break;
        }
        TRY(take_member(c, err));
    }
    TRY(spool_last(c, err));
    tar_close(c->tar);
    c->tar = NULL;
    if (c->note.size == 0 || spool_count(c->spool) == 0) {
        return FAIL(err, ERR_BAD_INPUT, "it holds no log: it is no bundle");
    }
    if (c->record.size == 0 || c->receipt.size == 0) {
        return FAIL(err, ERR_TAMPERED, "it has no signed export record and receipt");
    }
    if (c->sums_note.size == 0) {
        return FAIL(err, ERR_TAMPERED, "it has no " BUNDLE_NOTE);
    }
    return OK;
}

/* ---- the log ---- */

/* Whoever knows only the log's key still learns that the founder is one: the first entry's
 * key. The caller says that nobody vouched for it. */
static status find_founder(struct checking *c, struct err *err)
{
    struct entry entry;
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(bytes_done) struct bytes body = {0};
    bool withheld = false;
    if (c->check->founder != NULL) {
        return text_copy(c->founder, sizeof(c->founder), c->check->founder)
                   ? OK
                   : FAIL(err, ERR_BAD_INPUT, "the founder is no thumbprint");
    }
    TRY(spool_read(c->spool, 0, &text, &body, &withheld, err));
    if (entry_parse(span_bytes(&text), &entry, NULL) != OK ||
        entry.key.size != KEY_THUMBPRINT_SIZE) {
        return FAIL(err, ERR_TAMPERED, "the first bad entry is 0: it is no entry");
    }
    memcpy(c->founder, entry.key.data, KEY_THUMBPRINT_SIZE);
    return OK;
}

static status verify_spool(struct checking *c, struct verify_result *result,
                           struct err *err)
{
    struct spool_source held = {c->spool, span_bytes(&c->note)};
    struct log_source source = log_source_spool(&held);
    const struct bundle_check *check = c->check;
    TRY(find_founder(c, err));
    struct verify_options options = {.source = &source,
                                     .trust = check->trust,
                                     .origin = check->origin,
                                     .founder = c->founder,
                                     .progress = check->progress,
                                     .arg = check->arg};
    TRY(verify_log(&options, result, err));
    if (result->head.size != spool_count(c->spool)) {
        return FAIL(err, ERR_TAMPERED, "it holds more entries than its head signs for");
    }
    return OK;
}

/* The bundle's log and a head that was verified elsewhere must be one history. */
static status compare_known(const struct checking *c, const struct verify_result *result,
                            struct err *err)
{
    const struct checkpoint *known = c->check->known;
    struct digest root;
    if (known == NULL) {
        return OK;
    }
    if (!replay_root(result->replay, known->size, &root)) {
        return FAIL(
            err, ERR_UNAVAILABLE,
            "the head to compare with has %llu entries and the bundle %llu: give one "
            "that is not larger",
            (unsigned long long) known->size, (unsigned long long) result->head.size);
    }
    return digest_equal(&root, &known->root)
               ? OK
               : FAIL(err, ERR_TAMPERED,
                      "its first %llu entries are another history than the one verified",
                      (unsigned long long) known->size);
}

/* ---- second pass ---- */

static status next_member(struct checking *c, struct err *err)
{
    c->piece = span_of(NULL, 0);
    return tar_next(c->tar, &c->member, err);
}

static status begin_compare(void *arg, const char *name, instant time, struct err *err)
{
    struct checking *c = arg;
    TRY(next_member(c, err));
    if (c->member.name == NULL || strcmp(c->member.name, name) != 0) {
        return FAIL(err, ERR_TAMPERED, "%s stands where %s must be",
                    c->member.name != NULL ? c->member.name : "nothing", name);
    }
    if (c->member.time != time / SECOND) {
        return FAIL(err, ERR_TAMPERED, "%s has another time than its log", name);
    }
    c->files++;
    return OK;
}

static status differs(const struct checking *c, struct err *err)
{
    return FAIL(err, ERR_TAMPERED, "%s is not what its log gives", c->member.name);
}

static status compare_data(void *arg, struct span data, struct err *err)
{
    struct checking *c = arg;
    while (data.size > 0) {
        if (c->piece.size == 0) {
            TRY(tar_read(c->tar, &c->piece, err));
        }
        size_t size = c->piece.size < data.size ? c->piece.size : data.size;
        if (size == 0 || memcmp(c->piece.data, data.data, size) != 0) {
            return differs(c, err);
        }
        c->piece = span_of(c->piece.data + size, c->piece.size - size);
        data = span_of(data.data + size, data.size - size);
    }
    return OK;
}

static status end_compare(void *arg, struct err *err)
{
    struct checking *c = arg;
    if (c->piece.size == 0) {
        TRY(tar_read(c->tar, &c->piece, err));
    }
    return c->piece.size == 0 ? OK : differs(c, err);
}

static status blob_of(void *arg, const char *sha256, struct bytes *out, struct err *err)
{
    const struct checking *c = arg;
    for (size_t i = 0; i < c->blob_count; i++) {
        if (strcmp(c->blobs[i].sha256, sha256) == 0) {
            bytes_add_span(out, c->blobs[i].content);
            return OK;
        }
    }
    return FAIL(err, ERR_TAMPERED, "the definition %s, which the log names, is not there",
                sha256);
}

static status compare_files(struct checking *c, const struct verify_result *result,
                            struct err *err)
{
    CLEANUP(bytes_done) struct bytes vkey = {0};
    struct log_source blobs = {.blob = blob_of, .arg = c};
    struct bundle_parts parts = {.spool = c->spool,
                                 .replay = result->replay,
                                 .blobs = &blobs,
                                 .note = span_bytes(&c->note),
                                 .arena = c->arena};
    struct bundle_writer writer = {begin_compare, compare_data, end_compare, c};
    struct bundle_source source;
    note_key_format(c->check->trust->log, &vkey);
    parts.vkey = bytes_text(&vkey);
    TRY(bundle_source_of(&parts, &source, err));
    TRY(tar_open(c->check->path, &c->tar, err));
    TRY(bundle_write(&source, &writer, &c->sums, err));
    static const char *const rest[] = {BUNDLE_NOTE, BUNDLE_RECORD, BUNDLE_RECEIPT};
    for (size_t i = 0; i < ARRAY_LEN(rest); i++) {
        instant time = state_head(replay_state(result->replay)).time;
        TRY(begin_compare(c, rest[i], time, err));
        c->files--;
    }
    TRY(next_member(c, err));
    return c->member.name == NULL
               ? OK
               : FAIL(err, ERR_TAMPERED, "%s does not belong in a bundle", c->member.name);
}

/* ---- the export record ---- */

static status check_signer(const struct checking *c, const struct state *state,
                           const struct jws *jws, struct err *err)
{
    CLEANUP(key_freep) struct key *key = NULL;
    const struct json *jwk = NULL;
    const struct row *row = state_key_by_kid(state, jws->kid);
    if (!row_is(row, PERSON_KEY_STATE, "confirmed") ||
        row->values[PERSON_KEY_JWK] == NULL) {
        return FAIL(err, ERR_TAMPERED,
                    "the export was signed with a key that the log does not know as valid");
    }
    TRY(json_parse(span_text(row->values[PERSON_KEY_JWK]), &JSON_RECORD, c->arena, &jwk,
                   err));
    TRY(key_from_jwk(jwk, &key, err));
    return jws_verify(jws, key, NULL) == OK
               ? OK
               : FAIL(err, ERR_TAMPERED, "the signature of the export does not hold");
}

status bundle_check_words(const struct record *record, const char *origin,
                          const struct bundle_facts *facts, struct err *err)
{
    char root[DIGEST_BASE64_SIZE];
    char sums[DIGEST_HEX_SIZE];
    const struct export_data *data = &record->data.export;
    digest_to_base64(&facts->root, root);
    digest_to_hex(&facts->sums, sums);
    if (record->type != RECORD_EXPORT || record->log == NULL ||
        strcmp(record->log, origin) != 0) {
        return FAIL(err, ERR_TAMPERED, "%s is no export record of this log", BUNDLE_RECORD);
    }
    if (data->size != (int64_t) facts->size || data->root == NULL ||
        strcmp(data->root, root) != 0 || data->sums_sha256 == NULL ||
        strcmp(data->sums_sha256, sums) != 0) {
        return FAIL(err, ERR_TAMPERED, "the export record was signed for another dataset");
    }
    return OK;
}

static status check_receipt(const struct checking *c, const struct verify_result *result,
                            struct span line, struct receipt_facts *ret_facts,
                            struct err *err)
{
    struct err why = {0};
    status kind = receipt_verify(line, span_bytes(&c->receipt), c->check->trust, c->arena,
                                 ret_facts, &why);
    if (kind != OK) {
        return FAIL(err, ERR_TAMPERED, "the receipt of the export does not hold: %s",
                    why.what);
    }
    if (ret_facts->rejected || ret_facts->seq < result->head.size) {
        return FAIL(err, ERR_TAMPERED, "the export was refused, or is older than its log");
    }
    struct digest last = state_head(replay_state(result->replay)).leaf;
    if (ret_facts->seq == result->head.size &&
        !digest_equal(&ret_facts->entry.prev, &last)) {
        return FAIL(err, ERR_TAMPERED,
                    "the export follows another log than the one inside");
    }
    return OK;
}

static status check_export(struct checking *c, const struct verify_result *result,
                           struct bundle_facts *facts, struct err *err)
{
    struct findings shape = {.arena = c->arena};
    struct receipt_facts receipt;
    struct record record;
    struct jws jws;
    struct span line = span_bytes(&c->record);
    const struct state *state = replay_state(result->replay);
    if (jws_parse(line, c->arena, &jws, NULL) != OK ||
        record_parse(jws.payload, c->arena, &record, &shape, NULL) != OK) {
        return FAIL(err, ERR_TAMPERED, "%s is no signed record", BUNDLE_RECORD);
    }
    record_set_header(&record, &jws, &shape);
    if (findings_refuse(&shape)) {
        return FAIL(err, ERR_TAMPERED, "%s is no export record", BUNDLE_RECORD);
    }
    TRY(bundle_check_words(&record, c->check->origin, facts, err));
    TRY(check_signer(c, state, &jws, err));
    struct bundle_note note = {.origin = c->check->origin,
                               .size = result->head.size,
                               .root = result->head.root,
                               .sums = c->sums};
    TRY(bundle_note_check(&note, span_bytes(&c->sums_note), record.data.export.note_vkey,
                          err));
    TRY(check_receipt(c, result, line, &receipt, err));
    facts->export_seq = receipt.seq;
    facts->exported_at = receipt.entry.time;
    facts->exported_by = arena_span_text(c->check->arena, receipt.entry.actor);
    facts->name = arena_text(c->check->arena,
                             record.signature.name != NULL ? record.signature.name : "");
    return OK;
}

/* ---- all of it ---- */

static status check_all(struct checking *c, struct bundle_facts *facts,
                        struct verify_result *result, struct err *err)
{
    TRY(read_members(c, err));
    TRY(verify_spool(c, result, err));
    TRY(compare_known(c, result, err));
    TRY(compare_files(c, result, err));
    facts->size = result->head.size;
    facts->root = result->head.root;
    facts->sums = c->sums;
    TRY(check_export(c, result, facts, err));
    facts->files = c->files;
    facts->locked =
        row_is(state_lock(replay_state(result->replay), "study"), LOCK_STATE, "locked");
    facts->last_time = state_head(replay_state(result->replay)).time;
    return OK;
}

status bundle_verify(const struct bundle_check *check, struct bundle_facts *ret_facts,
                     struct verify_result *ret_result, struct err *err)
{
    CLEANUP(checking_done) struct checking c = {.check = check, .arena = arena_new()};
    struct bundle_facts facts = {0};
    const char *folder = getenv("TMPDIR");
    *ret_result = (struct verify_result){.first_bad = -1};
    TRY(spool_open(folder != NULL && folder[0] == '/' ? folder : "/tmp", &c.spool, err));
    TRY(check_all(&c, &facts, ret_result, err));
    *ret_facts = facts;
    return OK;
}
