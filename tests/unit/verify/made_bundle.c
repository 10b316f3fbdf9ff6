/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/verify/made_bundle.h"

#include "crypto/receipt.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

#define XML "tests/unit/record/trial.xml"

static status give_definition(void *arg, const char *sha256, struct bytes *out,
                              struct err *err)
{
    CLEANUP(bytes_done) struct bytes xml = read_file(XML);
    (void) arg;
    (void) sha256;
    (void) err;
    bytes_add_span(out, span_bytes(&xml));
    return OK;
}

static const struct log_source BLOBS = {.blob = give_definition};

static void fill_spool(struct made *made)
{
    struct replay_options options = {.origin = LOG_ORIGIN,
                                     .founder = made->log->scene->people[FOUNDER].kid};
    assert_int_equal(spool_open(made->folder, &made->spool, NULL), OK);
    made->replay = replay_new(&options);
    for (size_t i = 0; i < made->size; i++) {
        CLEANUP(bytes_done) struct bytes both = {0};
        const struct served *item = &made->log->items[i];
        struct replay_body body = {.salt = span_of(item->salt, SALT_SIZE),
                                   .body = span_bytes(&item->body)};
        bytes_add(&both, item->salt, SALT_SIZE);
        bytes_add_span(&both, body.body);
        assert_int_equal(replay_feed(made->replay, span_bytes(&item->entry), &body, NULL),
                         OK);
        assert_int_equal(
            spool_add(made->spool, span_bytes(&item->entry), span_bytes(&both), NULL), OK);
    }
}

static struct bundle_parts parts_of(struct made *made, struct bytes *vkey)
{
    note_key_format(made->log->note_key, vkey);
    return (struct bundle_parts){.spool = made->spool,
                                 .replay = made->replay,
                                 .blobs = &BLOBS,
                                 .note = span_bytes(&made->note),
                                 .vkey = bytes_text(vkey),
                                 .arena = made->arena};
}

/* The export record as the scene's sponsor signs it, logged as the next entry. */
static void log_export(struct made *made)
{
    struct scene *scene = made->log->scene;
    struct checkpoint head = memory_log_head(made->log, made->size);
    char root[DIGEST_BASE64_SIZE];
    char sums[DIGEST_HEX_SIZE];
    digest_to_base64(&head.root, root);
    digest_to_hex(&made->sums, sums);
    struct record record = scene_record(scene, SPONSOR, RECORD_EXPORT);
    CLEANUP(bytes_done) struct bytes vkey = {0};
    struct bundle_note note = {LOG_ORIGIN, made->deidentified, made->size, head.root,
                               made->sums};
    record.seen = (struct record_seen){true, made->size, head.root};
    bytes_clear(&made->sums_note);
    assert_int_equal(bundle_note_make(&note, &made->sums_note, &vkey, NULL), OK);
    record.data.export =
        (struct export_data){(int64_t) made->size, root, sums, bytes_text(&vkey)};
    assert_true(scene_send(scene, SPONSOR, &record)->accepted);
}

static void make_receipt(struct made *made, struct bytes *ret_record,
                         struct bytes *ret_receipt)
{
    const struct scene *scene = made->log->scene;
    const struct logged *logged = &scene->log[scene->log_count - 1];
    struct frontier empty = {0};
    struct digest *leaves = mem_grow(NULL, scene->log_count, sizeof(*leaves));
    CLEANUP(bytes_done) struct bytes note = {0};
    struct span rest = span_bytes(&logged->body);
    struct span line;
    for (size_t i = 0; i < scene->log_count; i++) {
        merkle_leaf(span_bytes(&scene->log[i].entry), &leaves[i]);
    }
    struct tree_edge *edge = tree_edge_new(&empty, leaves, scene->log_count);
    memory_log_sign(made->log, scene->log_count, NULL, &note);
    assert_true(span_cut(&rest, '\n', &line));
    struct receipt receipt = {.entry = span_bytes(&logged->entry),
                              .outcome = span_of(rest.data, rest.size - 1),
                              .index = scene->log_count - 1,
                              .note = span_bytes(&note)};
    memcpy(receipt.salt, logged->salt, SALT_SIZE);
    tree_edge_inclusion(edge, receipt.index, &receipt.proof);
    receipt_format(&receipt, ret_receipt);
    bytes_add_span(ret_record, line);
    tree_edge_free(edge);
    free(leaves);
}

void made_write(struct made *made, const char *path, bool with_export)
{
    CLEANUP(tar_abandonp) struct tar_writer *tar = NULL;
    CLEANUP(bytes_done) struct bytes vkey = {0};
    CLEANUP(bytes_done) struct bytes record = {0};
    CLEANUP(bytes_done) struct bytes receipt = {0};
    struct err err = {0};
    struct bundle_parts parts = parts_of(made, &vkey);
    assert_status(tar_create(path, &tar, &err), OK, &err);
    assert_status(made->deidentified ? extract_make(&parts, SPAN_LITERAL(MADE_SECRET), tar,
                                                    &made->sums, &err)
                                     : bundle_make(&parts, tar, &made->sums, &err),
                  OK, &err);
    if (with_export) {
        log_export(made);
        make_receipt(made, &record, &receipt);
        struct bundle_export export = {span_bytes(&made->sums_note), span_bytes(&record),
                                       span_bytes(&receipt)};
        struct span jwk = span_text(made->log->scene->people[SPONSOR].jwk);
        assert_status(made->deidentified ? extract_add_export(tar, &export, jwk, &err)
                                         : bundle_add_export(&parts, tar, &export, &err),
                      OK, &err);
    }
    assert_status(tar_finish(tar, &err), OK, &err);
}

struct made made_new(const char *path)
{
    struct made made = {.log = memory_log_new(), .arena = arena_new()};
    made.size = made.log->count;
    made.folder = temp_folder("bundle");
    made.path = path != NULL ? path : arena_printf(made.arena, "%s/a.tar", made.folder);
    memory_log_sign(made.log, made.size, NULL, &made.note);
    fill_spool(&made);
    made_write(&made, made.path, true);
    return made;
}

void made_done(struct made *made)
{
    remove_tree(made->folder);
    free(made->folder);
    spool_close(made->spool);
    replay_free(made->replay);
    bytes_done(&made->note);
    bytes_done(&made->sums_note);
    memory_log_free(made->log);
    arena_free(made->arena);
}
