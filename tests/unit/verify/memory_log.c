/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/verify/memory_log.h"

#include "crypto/tile.h"
#include "tests/support/rows.h"

/* ---- the source ---- */

static status show_checkpoint(void *arg, struct bytes *out, struct err *err)
{
    const struct memory_log *log = arg;
    (void) err;
    bytes_add_span(out, span_bytes(&log->note));
    return OK;
}

/* As the service does: what is not there makes the tile shorter. */
static status show_entries(void *arg, uint64_t index, uint64_t to, uint64_t size,
                           struct bytes *out, struct err *err)
{
    const struct memory_log *log = arg;
    (void) to;
    (void) err;
    for (size_t i = (size_t) index * TILE_WIDTH; i < size && i < log->count; i++) {
        if (log->items[i].how != ENTRY_GONE) {
            bundle_add(out, span_bytes(&log->items[i].entry));
        }
    }
    return OK;
}

static status show_bodies(void *arg, uint64_t from, uint64_t to, body_sink *sink,
                          void *sink_arg, struct err *err)
{
    const struct memory_log *log = arg;
    for (uint64_t seq = from; seq < to; seq++) {
        const struct served *item = &log->items[seq];
        struct entry entry = {0};
        struct body_line line = {.kind = item->how == BODY_GONE ? BODY_WITHHELD : BODY_HERE,
                                 .seq = seq,
                                 .salt = span_of(item->salt, SALT_SIZE),
                                 .body = span_bytes(&item->body)};
        if (item->how == BODY_NO_LINE) {
            return FAIL(err, ERR_BAD_INPUT, "a line cannot be read");
        }
        if (entry_parse(span_bytes(&item->entry), &entry, NULL) == OK) {
            line.digest = entry.body;
        }
        TRY(sink(sink_arg, &line, err));
    }
    return OK;
}

static status show_blob(void *arg, const char *sha256, struct bytes *out, struct err *err)
{
    (void) arg;
    (void) sha256;
    (void) out;
    return FAIL(err, ERR_NOT_FOUND, "there are no blobs here");
}

/* ---- the log ---- */

static void tell_story(struct scene *scene)
{
    play_submit(scene, GOOD);
    scene_submit(scene, COORDINATOR, HEAVY, "scale");
    play_sign(scene, COORDINATOR, VS); /* refused: leaves a reject entry */
    play_query(scene, MONITOR, VS);
    play_lock(scene, DATA_MANAGER, "site/BE01");
    play_lock(scene, SPONSOR, "site/BE01");
}

struct memory_log *memory_log_new(void)
{
    struct memory_log *log = mem_alloc(sizeof(*log));
    log->scene = scene_ready();
    tell_story(log->scene);
    log->count = log->scene->log_count;
    log->items = mem_grow(NULL, log->count, sizeof(*log->items));
    for (size_t i = 0; i < log->count; i++) {
        const struct logged *logged = &log->scene->log[i];
        log->items[i] = (struct served){.how = SERVED};
        bytes_add_span(&log->items[i].entry, span_bytes(&logged->entry));
        bytes_add_span(&log->items[i].body, span_bytes(&logged->body));
        memcpy(log->items[i].salt, logged->salt, SALT_SIZE);
    }
    assert_int_equal(private_key_generate(KEY_ED25519, &log->key, NULL), OK);
    assert_int_equal(note_key_new(LOG_ORIGIN, NOTE_ED25519, private_key_public(log->key),
                                  &log->note_key, NULL),
                     OK);
    log->trust.log = log->note_key;
    log->source =
        (struct log_source){show_checkpoint, show_entries, show_bodies, show_blob, log};
    memory_log_sign(log, log->count, NULL, &log->note);
    return log;
}

void memory_log_free(struct memory_log *log)
{
    for (size_t i = 0; i < log->count; i++) {
        bytes_done(&log->items[i].entry);
        bytes_done(&log->items[i].body);
    }
    free(log->items);
    bytes_done(&log->note);
    note_key_free(log->note_key);
    private_key_free(log->key);
    scene_free(log->scene);
    free(log);
}

struct checkpoint memory_log_head(const struct memory_log *log, size_t size)
{
    struct frontier frontier = {0};
    struct checkpoint head = {.origin = SPAN_LITERAL(LOG_ORIGIN), .size = size};
    for (size_t i = 0; i < size; i++) {
        struct digest leaf;
        merkle_leaf(span_bytes(&log->scene->log[i].entry), &leaf);
        frontier_append(&frontier, &leaf);
    }
    frontier_root(&frontier, &head.root);
    return head;
}

void memory_log_sign(struct memory_log *log, size_t size, const struct private_key *key,
                     struct bytes *ret_note)
{
    struct checkpoint head = memory_log_head(log, size);
    bytes_clear(ret_note);
    assert_int_equal(checkpoint_sign(&head, key != NULL ? key : log->key, ret_note, NULL),
                     OK);
}

size_t memory_log_find(const struct memory_log *log, const char *type)
{
    for (size_t i = 0; i < log->count; i++) {
        struct entry entry;
        if (entry_parse(span_bytes(&log->items[i].entry), &entry, NULL) == OK &&
            span_is(entry.type, type)) {
            return i;
        }
    }
    fail_msg("no %s in the log", type);
    return 0;
}

void memory_log_edit(struct memory_log *log, size_t index,
                     void (*change)(struct entry *entry))
{
    struct bytes old = log->items[index].entry;
    struct entry entry;
    assert_int_equal(entry_parse(span_bytes(&old), &entry, NULL), OK);
    change(&entry);
    log->items[index].entry = (struct bytes){0};
    assert_int_equal(entry_encode(&entry, &log->items[index].entry, NULL), OK);
    bytes_done(&old);
}

static struct digest leaf_before;

static void name_leaf_before(struct entry *entry)
{
    entry->prev = leaf_before;
}

void memory_log_rechain(struct memory_log *log, size_t index)
{
    for (size_t i = index; i < log->count; i++) {
        merkle_leaf(span_bytes(&log->items[i - 1].entry), &leaf_before);
        memory_log_edit(log, i, name_leaf_before);
    }
}
