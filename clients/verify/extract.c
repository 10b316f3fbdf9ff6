/* SPDX-License-Identifier: Apache-2.0 */
/*
** One pass: every member before SHA256SUMS is digested into a list of our own, which must be
** SHA256SUMS; then the members that say who signed for it.
*/
#include "clients/verify/extract.h"

#include "clients/verify/bundle_impl.h"
#include "clients/verify/bundle_note.h"
#include "crypto/receipt.h"

#define JWK_MAX 1024

/* ---- making ---- */

status extract_make(const struct bundle_parts *parts, struct span secret,
                    struct tar_writer *tar, struct digest *ret_sums, struct err *err)
{
    struct bundle_source source;
    struct bundle_writer writer = bundle_into(tar);
    TRY(bundle_source_of(parts, &source, err));
    return bundle_write_deidentified(&source, secret, &writer, ret_sums, err);
}

static status add_member(struct tar_writer *tar, const char *name, struct span content,
                         struct err *err)
{
    TRY(tar_begin(tar, name, 0, err));
    TRY(tar_data(tar, content, err));
    return tar_end(tar, err);
}

status extract_add_export(struct tar_writer *tar, const struct bundle_export *export,
                          struct span jwk, struct err *err)
{
    TRY(add_member(tar, BUNDLE_NOTE, export->note, err));
    TRY(add_member(tar, BUNDLE_RECORD, export->record, err));
    TRY(add_member(tar, BUNDLE_RECEIPT, export->receipt, err));
    return add_member(tar, EXTRACT_KEY, jwk, err);
}

status extract_pseudonyms(const struct bundle_parts *parts, struct span secret,
                          struct bytes *out, struct err *err)
{
    struct bundle_source source;
    TRY(bundle_source_of(parts, &source, err));
    return bundle_pseudonyms(&source, secret, out, err);
}

/* ---- checking ---- */

struct extract {
    const struct bundle_check *check;
    struct arena *arena;
    struct tar_reader *tar;
    struct tar_member member;
    struct bytes mine, sums, head, note, record, receipt, jwk;
    uint64_t files;
};

static void extract_done(struct extract *e)
{
    arena_free(e->arena);
    tar_close(e->tar);
    bytes_done(&e->mine);
    bytes_done(&e->sums);
    bytes_done(&e->head);
    bytes_done(&e->note);
    bytes_done(&e->record);
    bytes_done(&e->receipt);
    bytes_done(&e->jwk);
}

status extract_is_one(const char *path, bool *ret_is, struct err *err)
{
    CLEANUP(tar_closep) struct tar_reader *tar = NULL;
    struct tar_member member = {0};
    TRY(tar_open(path, &tar, err));
    TRY(tar_next(tar, &member, err));
    *ret_is = member.name != NULL && strcmp(member.name, BUNDLE_DEIDENTIFIED) == 0;
    return OK;
}

static status next_member(struct extract *e, struct err *err)
{
    TRY(tar_next(e->tar, &e->member, err));
    return e->member.name == NULL || e->member.time == 0
               ? OK
               : FAIL(err, ERR_TAMPERED,
                      "%s bears a time, and no member of an extract does", e->member.name);
}

/* Digest the member piece by piece; KEEP (may be NULL) gets its bytes too. */
static status digest_member(struct extract *e, struct bytes *keep, struct err *err)
{
    struct digest_stream *stream = digest_stream_new();
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    struct span piece;
    status kind = tar_read(e->tar, &piece, err);
    while (kind == OK && piece.size > 0) {
        digest_stream_add(stream, piece);
        if (keep != NULL && keep->size + piece.size <= NOTE_SIZE_MAX) {
            bytes_add_span(keep, piece);
        }
        kind = tar_read(e->tar, &piece, err);
    }
    digest_stream_finish(stream, &digest);
    digest_stream_free(stream);
    TRY(kind);
    digest_to_hex(&digest, hex);
    bytes_printf(&e->mine, "%s  %s\n", hex, e->member.name);
    e->files++;
    return OK;
}

static status read_files(struct extract *e, struct err *err)
{
    for (;;) {
        TRY(next_member(e, err));
        if (e->member.name == NULL) {
            return FAIL(err, ERR_TAMPERED, "it has no SHA256SUMS");
        }
        if (strcmp(e->member.name, "SHA256SUMS") == 0) {
            break;
        }
        bool head = strcmp(e->member.name, "checkpoint") == 0;
        TRY(digest_member(e, head ? &e->head : NULL, err));
    }
    status kind = tar_read_all(e->tar, e->mine.size, &e->sums, err);
    if (kind != OK && kind != ERR_TOO_LARGE) {
        return kind;
    }
    return kind == OK && span_equal(span_bytes(&e->mine), span_bytes(&e->sums))
               ? OK
               : FAIL(err, ERR_TAMPERED, "its files are not those that SHA256SUMS lists");
}

static status read_rest(struct extract *e, struct err *err)
{
    const struct {
        const char *name;
        size_t limit;
        struct bytes *into;
    } rest[] = {{BUNDLE_NOTE, NOTE_SIZE_MAX, &e->note},
                {BUNDLE_RECORD, JWS_SIZE_MAX, &e->record},
                {BUNDLE_RECEIPT, RECEIPT_SIZE_MAX, &e->receipt},
                {EXTRACT_KEY, JWK_MAX, &e->jwk}};
    for (size_t i = 0; i < ARRAY_LEN(rest); i++) {
        TRY(next_member(e, err));
        if (e->member.name == NULL || strcmp(e->member.name, rest[i].name) != 0) {
            return FAIL(err, ERR_TAMPERED, "%s stands where %s must be",
                        e->member.name != NULL ? e->member.name : "nothing", rest[i].name);
        }
        TRY(tar_read_all(e->tar, rest[i].limit, rest[i].into, err));
    }
    TRY(next_member(e, err));
    return e->member.name == NULL
               ? OK
               : FAIL(err, ERR_TAMPERED, "%s does not belong in an extract",
                      e->member.name);
}

static status open_record(struct extract *e, struct jws *ret_jws, struct record *ret_record,
                          struct err *err)
{
    CLEANUP(key_freep) struct key *key = NULL;
    struct findings shape = {.arena = e->arena};
    const struct json *jwk = NULL;
    if (jws_parse(span_bytes(&e->record), e->arena, ret_jws, NULL) != OK ||
        record_parse(ret_jws->payload, e->arena, ret_record, &shape, NULL) != OK) {
        return FAIL(err, ERR_TAMPERED, "%s is no signed record", BUNDLE_RECORD);
    }
    record_set_header(ret_record, ret_jws, &shape);
    if (findings_refuse(&shape)) {
        return FAIL(err, ERR_TAMPERED, "%s is no export record", BUNDLE_RECORD);
    }
    if (json_parse(span_bytes(&e->jwk), &JSON_RECORD, e->arena, &jwk, NULL) != OK ||
        key_from_jwk(jwk, &key, NULL) != OK || jws_verify(ret_jws, key, NULL) != OK) {
        return FAIL(err, ERR_TAMPERED,
                    "the export is not signed by the key in " EXTRACT_KEY);
    }
    return OK;
}

static status check_receipt(struct extract *e, const struct jws *jws,
                            const struct checkpoint *head, struct bundle_facts *facts,
                            struct err *err)
{
    struct receipt_facts receipt;
    struct err why = {0};
    status kind = receipt_verify(span_bytes(&e->record), span_bytes(&e->receipt),
                                 e->check->trust, e->arena, &receipt, &why);
    if (kind != OK) {
        return FAIL(err, ERR_TAMPERED, "the receipt of the export does not hold: %s",
                    why.what);
    }
    if (receipt.rejected || receipt.seq < head->size ||
        !span_is(receipt.entry.key, jws->kid)) {
        return FAIL(err, ERR_TAMPERED,
                    "the export was refused, or its receipt is another's");
    }
    facts->export_seq = receipt.seq;
    facts->exported_at = receipt.entry.time;
    facts->exported_by = arena_span_text(e->check->arena, receipt.entry.actor);
    return OK;
}

static status check_export(struct extract *e, struct bundle_facts *facts, struct err *err)
{
    struct checkpoint head;
    struct record record;
    struct jws jws;
    if (checkpoint_open(span_bytes(&e->head), e->check->trust, &head, NULL, NULL) != OK) {
        return FAIL(err, ERR_TAMPERED, "its checkpoint is not signed by the log's key");
    }
    digest_of(span_bytes(&e->sums), &facts->sums);
    facts->size = head.size;
    facts->root = head.root;
    TRY(open_record(e, &jws, &record, err));
    TRY(bundle_check_words(&record, e->check->origin, facts, err));
    TRY(check_receipt(e, &jws, &head, facts, err));
    struct bundle_note note = {e->check->origin, true, head.size, head.root, facts->sums};
    TRY(bundle_note_check(&note, span_bytes(&e->note), record.data.export.note_vkey, err));
    facts->name = arena_text(e->check->arena,
                             record.signature.name != NULL ? record.signature.name : "");
    facts->files = e->files;
    return OK;
}

status extract_verify(const struct bundle_check *check, struct bundle_facts *ret_facts,
                      struct err *err)
{
    CLEANUP(extract_done) struct extract e = {.check = check, .arena = arena_new()};
    struct bundle_facts facts = {0};
    TRY(tar_open(check->path, &e.tar, err));
    TRY(read_files(&e, err));
    TRY(read_rest(&e, err));
    TRY(check_export(&e, &facts, err));
    *ret_facts = facts;
    return OK;
}
