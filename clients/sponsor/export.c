/* SPDX-License-Identifier: Apache-2.0 */
/*
** export: the locked dataset as one file.
**
**   verify the log up to SIZE and spool it
**   make every file from it into the archive
**   sign the export record over SHA256SUMS, and send it
**   record and receipt into the archive, which gets its name
**
** Until the last step there is no file of that name. If the service is away when the record is
** to be sent, nothing is left behind but the record in the outbox; the same command makes the
** same bytes again.
*/
#include <libgen.h>

#include "base/text.h"
#include "clients/lib/submit.h"
#include "clients/lib/text_file.h"
#include "clients/sponsor/sponsor.h"
#include "clients/verify/bundle_file.h"
#include "clients/verify/bundle_note.h"
#include "clients/verify/extract.h"
#include "clients/verify/study_log.h"

const struct option EXPORT_OPTIONS[] = {
    {"deidentified", NULL,
     "a derived extract instead: study days, age bands, no free text, new subject numbers"},
    {"pseudonyms", "FILE",
     "with --deidentified: write which number stands for whom; else nobody can tell"},
    {"output", "FILE", "the bundle; default <study>-<size>.tar in this folder"},
    {"size", "N", "only the first N entries; needs a signed head of that size"},
    {"checkpoint", "FILE",
     "the signed head for --size, if this computer lacks it (a bundle's member "
     "checkpoint)"},
    {NULL, NULL, NULL},
};

struct exporting {
    struct client *client;
    struct spool *spool;
    struct study_log log;
    struct bytes note;      /* signed head of the size exported */
    struct bytes sums_note; /* SHA256SUMS.note */
    const char *path;
    bool deidentified;
    const char *pseudonyms; /* file, or NULL */
};

static void exporting_done(struct exporting *e)
{
    study_log_done(&e->log);
    spool_close(e->spool);
    bytes_done(&e->note);
    bytes_done(&e->sums_note);
    client_close(e->client);
}

/* ---- the log ---- */

static status spool_entry(void *arg, const struct replay_step *step,
                          const struct body_line *body, struct span entry,
                          const struct state *state, struct err *err)
{
    struct exporting *e = arg;
    CLEANUP(bytes_wipe) struct bytes both = {0};
    (void) step;
    (void) state;
    if (body->kind != BODY_HERE) {
        return spool_add(e->spool, entry, span_of(NULL, 0), err);
    }
    bytes_add_span(&both, body->salt);
    bytes_add_span(&both, body->body);
    return spool_add(e->spool, entry, span_bytes(&both), err);
}

static bool note_has_size(const struct exporting *e, struct span note, uint64_t size)
{
    struct checkpoint head;
    return checkpoint_open(note, &e->client->trust, &head, NULL, NULL) == OK &&
           head.size == size;
}

/* The newest verified note, or one in a receipt of our own: any that signs for SIZE. */
static status note_from_folder(struct exporting *e, uint64_t size, struct err *err)
{
    struct client *client = e->client;
    struct receipt_numbers numbers = {0};
    struct log_state state = {0};
    TRY(log_state_load(client->folder, &client->trust, client->arena, &state, err));
    if (state.note != NULL && note_has_size(e, span_text(state.note), size)) {
        bytes_add_text(&e->note, state.note);
        return OK;
    }
    TRY(receipt_list(client, &numbers, err));
    for (size_t i = 0; i < numbers.count; i++) {
        CLEANUP(bytes_done) struct bytes text = {0};
        struct receipt receipt;
        const char *name = arena_printf(client->arena, "receipts/%llu.proof",
                                        (unsigned long long) numbers.items[i]);
        if (sealed_read(client->signer, client->folder, name, &text, NULL) == OK &&
            receipt_parse(span_bytes(&text), client->arena, &receipt, NULL) == OK &&
            note_has_size(e, receipt.note, size)) {
            bytes_add_span(&e->note, receipt.note);
            return OK;
        }
    }
    return FAIL(err, ERR_NOT_FOUND,
                "this computer has no signed head of exactly %llu entries: give one with "
                "--checkpoint, or leave --size out",
                (unsigned long long) size);
}

static status find_note(struct exporting *e, uint64_t size, struct err *err)
{
    const char *file = invocation_option(e->client->run, "checkpoint");
    if (size == 0) {
        return OK; /* the head itself */
    }
    if (file == NULL) {
        return note_from_folder(e, size, err);
    }
    TRY(text_file_read(file, NOTE_SIZE_MAX, &e->note, err));
    return note_has_size(e, span_bytes(&e->note), size)
               ? OK
               : FAIL(err, ERR_BAD_INPUT,
                      "%s is no signed head of %llu entries of this log", file,
                      (unsigned long long) size);
}

/* The root of the prefix must be the one its note signs. */
static status check_prefix(const struct exporting *e, uint64_t size, struct err *err)
{
    struct checkpoint head;
    struct digest root;
    TRY(checkpoint_open(span_bytes(&e->note), &e->client->trust, &head, NULL, err));
    if (!replay_root(e->log.result.replay, size, &root) ||
        !digest_equal(&root, &head.root)) {
        return FAIL(err, ERR_TAMPERED,
                    "the first %llu entries are not those that the head of that size signs",
                    (unsigned long long) size);
    }
    return OK;
}

static status read_log(struct exporting *e, uint64_t size, struct err *err)
{
    e->log.client = e->client;
    e->log.each = spool_entry;
    e->log.arg = e;
    e->log.size = size;
    status kind = study_log_verify(&e->log, err);
    study_log_json(&e->log);
    TRY(kind);
    if (size > 0) {
        return check_prefix(e, size, err);
    }
    bytes_add_span(&e->note, span_bytes(&e->log.result.note));
    return OK;
}

/* ---- the record ---- */

static status read_kept(struct client *client, uint64_t seq, const char *suffix,
                        struct bytes *out, struct err *err)
{
    const char *name =
        arena_printf(client->arena, "receipts/%llu.%s", (unsigned long long) seq, suffix);
    return sealed_read(client->signer, client->folder, name, out, err);
}

static status send_export(struct exporting *e, const struct digest *sums,
                          struct outbox_answer *ret_answer, struct err *err)
{
    struct client *client = e->client;
    CLEANUP(bytes_done) struct bytes vkey = {0};
    char root_text[DIGEST_BASE64_SIZE];
    char sums_text[DIGEST_HEX_SIZE];
    uint64_t size = spool_count(e->spool);
    struct bundle_note note = {
        client->passport.origin, e->deidentified, size, {{0}}, *sums};
    BUG_IF(!replay_root(e->log.result.replay, size, &note.root));
    TRY(bundle_note_make(&note, &e->sums_note, &vkey, err));
    digest_to_base64(&note.root, root_text);
    digest_to_hex(sums, sums_text);
    struct submission submission = {
        .record = {.type = RECORD_EXPORT},
        .label = arena_printf(
            client->arena,
            in_words(client->run, "export of %llu entries", "export van %llu boekingen"),
            (unsigned long long) size),
        .statement =
            in_words(client->run, "I exported this dataset from the verified log.",
                     "Ik exporteerde deze dataset uit het gecontroleerde logboek.")};
    submission.record.seen = (struct record_seen){true, size, note.root};
    submission.record.data.export =
        (struct export_data){(int64_t) size, arena_text(client->arena, root_text),
                             arena_text(client->arena, sums_text), bytes_text(&vkey)};
    TRY(submit(client, &submission, ret_answer, err));
    submit_say(client, submission.label, ret_answer);
    if (ret_answer->sent == SENT_KEPT) {
        return FAIL(err, ERR_UNAVAILABLE,
                    "the export record could not be sent now; no file was written; run the "
                    "same command again");
    }
    return answer_status(ret_answer, err);
}

static status add_export(struct exporting *e, const struct bundle_parts *parts,
                         struct tar_writer *tar, uint64_t seq, struct err *err)
{
    CLEANUP(bytes_done) struct bytes record = {0};
    CLEANUP(bytes_done) struct bytes receipt = {0};
    TRY(read_kept(e->client, seq, "jws", &record, err));
    TRY(read_kept(e->client, seq, "proof", &receipt, err));
    if (record.size > 0 && record.data[record.size - 1] == '\n') {
        record.size--;
    }
    struct bundle_export export = {span_bytes(&e->sums_note), span_bytes(&record),
                                   span_bytes(&receipt)};
    return e->deidentified
               ? extract_add_export(tar, &export, span_text(signer_jwk(e->client->signer)),
                                    err)
               : bundle_add_export(parts, tar, &export, err);
}

/* ---- the file ---- */

static void tell_exported(const struct exporting *e, const struct digest *sums,
                          uint64_t seq)
{
    struct invocation *run = e->client->run;
    const struct state *state = replay_state(e->log.result.replay);
    bool locked = row_is(state_lock(state, "study"), LOCK_STATE, "locked");
    char hex[DIGEST_HEX_SIZE];
    digest_to_hex(sums, hex);
    struct json_out *json = result_members(run);
    json_member(json, "file", e->path);
    json_member_integer(json, "exported_size", (int64_t) spool_count(e->spool));
    json_member_integer(json, "export_seq", (int64_t) seq);
    json_member(json, "sums_sha256", hex);
    json_key(json, "locked");
    json_put_bool(json, locked);
    say(run,
        "%s: %llu entries, %s.\nSHA256SUMS has SHA-256 %s, signed as entry %llu.\n"
        "Anyone can check it: crf-monitor verify-bundle %s\n",
        "%s: %llu boekingen, %s.\nSHA256SUMS heeft SHA-256 %s, getekend als boeking %llu.\n"
        "Iedereen kan het controleren: crf-monitor verify-bundle %s\n",
        e->path, (unsigned long long) spool_count(e->spool),
        locked
            ? in_words(run, "the study is locked", "de studie is op slot")
            : in_words(run, "NOT LOCKED: an interim cut", "NIET OP SLOT: een tussenstand"),
        hex, (unsigned long long) seq, e->path);
}

/* Numbers that mean something in this extract only; the secret behind them is forgotten. */
static status make_extract(struct exporting *e, const struct bundle_parts *parts,
                           struct tar_writer *tar, struct digest *ret_sums, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes list = {0};
    CLEANUP(secret_done) struct secret secret = {0};
    secret_resize(&secret, EXTRACT_SECRET);
    random_fill(secret.data, secret.size);
    TRY(extract_make(parts, secret_span(&secret), tar, ret_sums, err));
    if (e->pseudonyms == NULL) {
        return OK;
    }
    TRY(extract_pseudonyms(parts, secret_span(&secret), &list, err));
    return text_file_write(e->pseudonyms, span_bytes(&list), false, err);
}

static status write_bundle(struct exporting *e, struct err *err)
{
    CLEANUP(tar_abandonp) struct tar_writer *tar = NULL;
    CLEANUP(service_source_done) struct service_source service = {.client = e->client};
    struct log_source source = log_source_service(&service);
    struct digest sums;
    struct outbox_answer answer;
    struct bundle_parts parts = {.spool = e->spool,
                                 .replay = e->log.result.replay,
                                 .blobs = &source,
                                 .note = span_bytes(&e->note),
                                 .vkey = e->client->passport.vkey,
                                 .arena = e->client->arena};
    TRY(tar_create(e->path, &tar, err));
    TRY(e->deidentified ? make_extract(e, &parts, tar, &sums, err)
                        : bundle_make(&parts, tar, &sums, err));
    TRY(send_export(e, &sums, &answer, err));
    TRY(add_export(e, &parts, tar, answer.seq, err));
    TRY(tar_finish(tar, err));
    tell_exported(e, &sums, answer.seq);
    return OK;
}

static status choose_path(struct exporting *e, struct err *err)
{
    struct client *client = e->client;
    const char *given = invocation_option(client->run, "output");
    e->path = given != NULL
                  ? given
                  : arena_printf(client->arena, "%s-%llu%s.tar", client->passport.study,
                                 (unsigned long long) spool_count(e->spool),
                                 e->deidentified ? "-deidentified" : "");
    return given != NULL || tar_is_name(e->path)
               ? OK
               : FAIL(err, ERR_BAD_INPUT, "name the file: --output FILE");
}

status sponsor_export(struct invocation *run, struct err *err)
{
    CLEANUP(exporting_done) struct exporting e = {0};
    const char *output = invocation_option(run, "output");
    const char *size_text = invocation_option(run, "size");
    uint64_t size = 0;
    e.deidentified = invocation_option(run, "deidentified") != NULL;
    e.pseudonyms = invocation_option(run, "pseudonyms");
    if (e.pseudonyms != NULL && !e.deidentified) {
        return FAIL(err, ERR_BAD_INPUT, "--pseudonyms belongs to --deidentified");
    }
    if (size_text != NULL &&
        (!text_to_u64(span_text(size_text), MERKLE_SIZE_MAX, &size) || size == 0)) {
        return FAIL(err, ERR_BAD_INPUT, "--size takes a number of entries");
    }
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &e.client, err));
    const char *folder = output != NULL ? dirname(arena_text(run->arena, output)) : ".";
    TRY(spool_open(folder, &e.spool, err));
    TRY(find_note(&e, size, err));
    TRY(read_log(&e, size, err));
    TRY(choose_path(&e, err));
    return write_bundle(&e, err);
}
