/* SPDX-License-Identifier: Apache-2.0 */
#include "clients/verify/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "crypto/tile.h"

struct place {
    uint64_t at;
    uint32_t entry, body; /* bytes of each */
    bool withheld;
};

struct spool {
    int file;
    uint64_t end;
    struct place *places;
    size_t count, capacity;
};

status spool_open(const char *folder, struct spool **ret_spool, struct err *err)
{
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0) { /* not every file system can */
        CLEANUP(bytes_done) struct bytes path = {0};
        bytes_printf(&path, "%s/.crf-spool-XXXXXX", folder);
        file = mkostemp((char *) path.data, O_CLOEXEC);
        if (file >= 0) {
            (void) unlink((char *) path.data);
        }
    }
    if (file < 0) {
        return FAIL(err, ERR_UNAVAILABLE, "no temporary file can be made in %s: %s", folder,
                    strerror(errno));
    }
    struct spool *spool = mem_alloc(sizeof(*spool));
    spool->file = file;
    *ret_spool = spool;
    return OK;
}

void spool_close(struct spool *spool)
{
    if (spool != NULL) {
        (void) close(spool->file);
        free(spool->places);
        free(spool);
    }
}

uint64_t spool_count(const struct spool *spool)
{
    return spool->count;
}

static status write_at_end(struct spool *spool, struct span part, struct err *err)
{
    while (part.size > 0) {
        ssize_t wrote = pwrite(spool->file, part.data, part.size, (off_t) spool->end);
        if (wrote <= 0 && errno != EINTR) {
            return FAIL(err, ERR_UNAVAILABLE, "a temporary file cannot be written: %s",
                        strerror(errno));
        }
        size_t done = wrote > 0 ? (size_t) wrote : 0;
        part = span_of(part.data + done, part.size - done);
        spool->end += done;
    }
    return OK;
}

status spool_add(struct spool *spool, struct span entry, struct span body, struct err *err)
{
    struct place place = {spool->end, (uint32_t) entry.size, (uint32_t) body.size,
                          body.data == NULL};
    if (entry.size > ENTRY_SIZE_MAX || body.size > BODY_LINE_MAX) {
        return FAIL(err, ERR_TOO_LARGE, "an entry or body is too large");
    }
    TRY(write_at_end(spool, entry, err));
    TRY(write_at_end(spool, body, err));
    if (spool->count == spool->capacity) {
        spool->capacity = spool->capacity == 0 ? 1024 : spool->capacity * 2;
        spool->places = mem_grow(spool->places, spool->capacity, sizeof(*spool->places));
    }
    spool->places[spool->count++] = place;
    return OK;
}

static status read_part(const struct spool *spool, uint64_t at, size_t size,
                        struct bytes *out, struct err *err)
{
    bytes_reserve(out, size);
    while (size > 0) {
        ssize_t got = pread(spool->file, out->data + out->size, size, (off_t) at);
        if (got <= 0 && errno != EINTR) {
            return FAIL(err, ERR_UNAVAILABLE, "a temporary file cannot be read");
        }
        size_t done = got > 0 ? (size_t) got : 0;
        out->size += done;
        at += done;
        size -= done;
    }
    out->data[out->size] = 0;
    return OK;
}

status spool_read(void *arg, int64_t seq, struct bytes *ret_entry, struct bytes *ret_body,
                  bool *ret_withheld, struct err *err)
{
    const struct spool *spool = arg;
    if (seq < 0 || (uint64_t) seq >= spool->count) {
        return FAIL(err, ERR_NOT_FOUND, "entry %lld is not there", (long long) seq);
    }
    const struct place *place = &spool->places[seq];
    TRY(read_part(spool, place->at, place->entry, ret_entry, err));
    TRY(read_part(spool, place->at + place->entry, place->body, ret_body, err));
    *ret_withheld = place->withheld;
    return OK;
}

/* ---- as a source ---- */

static status show_note(void *arg, struct bytes *out, struct err *err)
{
    const struct spool_source *source = arg;
    (void) err;
    bytes_add_span(out, source->note);
    return OK;
}

static status show_entries(void *arg, uint64_t index, uint64_t to, uint64_t size,
                           struct bytes *out, struct err *err)
{
    const struct spool *spool = ((struct spool_source *) arg)->spool;
    CLEANUP(bytes_done) struct bytes entry = {0};
    (void) size;
    for (uint64_t seq = index * TILE_WIDTH; seq < to && seq < spool->count; seq++) {
        bytes_clear(&entry);
        TRY(read_part(spool, spool->places[seq].at, spool->places[seq].entry, &entry, err));
        bundle_add(out, span_bytes(&entry));
    }
    return OK;
}

static status show_bodies(void *arg, uint64_t from, uint64_t to, body_sink *sink,
                          void *sink_arg, struct err *err)
{
    struct spool *spool = ((struct spool_source *) arg)->spool;
    CLEANUP(bytes_wipe) struct bytes entry = {0};
    CLEANUP(bytes_wipe) struct bytes body = {0};
    for (uint64_t seq = from; seq < to; seq++) {
        struct entry parsed = {0};
        bool withheld = false;
        bytes_clear(&entry);
        bytes_clear(&body);
        TRY(spool_read(spool, (int64_t) seq, &entry, &body, &withheld, err));
        struct body_line line = {.kind = withheld ? BODY_WITHHELD : BODY_HERE, .seq = seq};
        size_t salt = body.size < SALT_SIZE ? body.size : SALT_SIZE;
        line.salt = span_of(body.data, salt);
        line.body = span_of(withheld ? NULL : body.data + salt, body.size - salt);
        if (entry_parse(span_bytes(&entry), &parsed, NULL) == OK) {
            line.digest = parsed.body;
        }
        TRY(sink(sink_arg, &line, err));
    }
    return OK;
}

static status show_blob(void *arg, const char *sha256, struct bytes *out, struct err *err)
{
    (void) arg;
    (void) out;
    return FAIL(err, ERR_NOT_FOUND, "blob %s is not there", sha256);
}

struct log_source log_source_spool(struct spool_source *source)
{
    return (struct log_source){show_note, show_entries, show_bodies, show_blob, source};
}
