/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/signer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/encode.h"
#include "base/text.h"
#include "crypto/checkpoint.h"
#include "protocol/record/schema.h"

#define FILE_MAX ((size_t) 16 * 1024)

struct signer {
    char *origin, *mark_file;
    struct private_key *key;
    struct bytes vkey;
    bool has_mark;
    struct frontier mark;
    int projection;
    struct signer_roots roots;
};

/* ---- files ---- */

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        (void) close(*fd);
    }
}

/* The whole of a small file. ERR_NOT_FOUND: there is none. */
static status read_small(const char *path, struct bytes *out, struct err *err)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return FAIL(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_UNAVAILABLE, "%s: %s", path,
                    strerror(errno));
    }
    bytes_reserve(out, FILE_MAX);
    for (;;) {
        ssize_t n = read(fd, out->data + out->size, FILE_MAX - out->size);
        if (n < 0) {
            return FAIL(err, ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
        }
        if (n == 0) {
            break;
        }
        out->size += (size_t) n;
        if (out->size == FILE_MAX) {
            return FAIL(err, ERR_BAD_INPUT, "%s is larger than any such file", path);
        }
    }
    out->data[out->size] = 0;
    return OK;
}

static bool write_all(int fd, struct span text)
{
    for (size_t done = 0; done < text.size;) {
        ssize_t n = write(fd, text.data + done, text.size - done);
        if (n <= 0) {
            return false;
        }
        done += (size_t) n;
    }
    return true;
}

static status sync_folder(const char *path, struct err *err)
{
    CLEANUP(mem_freep) char *folder = mem_text(path);
    char *slash = strrchr(folder, '/');
    if (slash != NULL) {
        slash[slash == folder ? 1 : 0] = '\0';
    }
    CLEANUP(close_fd)
    int fd = open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        return FAIL(err, ERR_UNAVAILABLE, "%s: %s", folder, strerror(errno));
    }
    return OK;
}

/* Replace PATH by TEXT so that after a crash it is the old or the new, never half. */
static status replace_file(const char *path, struct span text, struct err *err)
{
    CLEANUP(bytes_done) struct bytes temporary = {0};
    bytes_printf(&temporary, "%s.new", path);
    const char *name = bytes_text(&temporary);
    CLEANUP(close_fd)
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || !write_all(fd, text) || fsync(fd) != 0 || rename(name, path) != 0) {
        return FAIL(err, ERR_UNAVAILABLE, "%s: %s", name, strerror(errno));
    }
    return sync_folder(path, err);
}

/* ---- the log key ---- */

static status make_key(const char *path, const char *origin, struct private_key **ret_key,
                       struct err *err)
{
    CLEANUP(private_key_freep) struct private_key *key = NULL;
    CLEANUP(note_key_freep) struct note_key *name = NULL;
    CLEANUP(secret_done) struct secret skey = {0};
    CLEANUP(bytes_wipe) struct bytes text = {0};
    TRY(private_key_generate(KEY_ED25519, &key, err));
    TRY(note_key_new(origin, NOTE_ED25519, private_key_public(key), &name, err));
    TRY(note_secret_format(name, key, &skey, err));
    bytes_add_span(&text, secret_span(&skey));
    bytes_add_char(&text, '\n');
    TRY(replace_file(path, span_bytes(&text), err));
    *ret_key = TAKE(key);
    return OK;
}

static status read_key(const char *path, const char *origin, struct private_key **ret_key,
                       struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes text = {0};
    CLEANUP(secret_done) struct secret skey = {0};
    CLEANUP(note_key_freep) struct note_key *name = NULL;
    CLEANUP(private_key_freep) struct private_key *key = NULL;
    struct stat info;
    TRY(read_small(path, &text, err));
    if (stat(path, &info) != 0 || (info.st_mode & 077) != 0) {
        return FAIL(err, ERR_BAD_INPUT, "%s can be read by others: chmod 600 it", path);
    }
    struct span line = span_bytes(&text);
    if (line.size > 0 && line.data[line.size - 1] == '\n') {
        line.size--;
    }
    secret_copy(&skey, line.data, line.size);
    TRY(note_secret_parse(&skey, &name, &key, err));
    if (strcmp(note_key_name(name), origin) != 0 || note_key_type(name) != NOTE_ED25519) {
        return FAIL(err, ERR_BAD_INPUT, "%s is not the key of the log %s", path, origin);
    }
    *ret_key = TAKE(key);
    return OK;
}

/* ---- the mark ---- */

/* "300 298": the sixth line. */
static bool parse_roots(struct span line, struct signer_roots *ret_roots)
{
    struct span size;
    struct signer_roots roots = {0};
    if (!span_cut(&line, ' ', &size) || !text_to_u64(size, MERKLE_SIZE_MAX, &roots.size) ||
        !text_to_u64(line, MERKLE_SIZE_MAX, &roots.count)) {
        return false;
    }
    *ret_roots = roots;
    return true;
}

/* The lines behind the mark's own four, as far as there are any. */
static bool parse_beside(struct span text, struct signer *signer)
{
    struct span line;
    uint64_t projection = 1;
    struct signer_roots roots = {0};
    if (text.size > 0 &&
        (!span_cut(&text, '\n', &line) || !text_to_u64(line, INT_MAX, &projection))) {
        return false;
    }
    if (text.size > 0 &&
        (!span_cut(&text, '\n', &line) || !parse_roots(line, &roots) || text.size > 0)) {
        return false;
    }
    signer->projection = (int) projection;
    signer->roots = roots;
    return true;
}

static status parse_mark(const char *path, const char *origin, struct span text,
                         struct signer *signer, struct err *err)
{
    CLEANUP(bytes_done) struct bytes frontier = {0};
    struct span line_origin;
    struct span line_size;
    struct span line_root;
    struct span line_frontier;
    struct frontier mark;
    struct digest root;
    struct digest want;
    uint64_t size = 0;
    if (!span_cut(&text, '\n', &line_origin) || !span_cut(&text, '\n', &line_size) ||
        !span_cut(&text, '\n', &line_root) || !span_cut(&text, '\n', &line_frontier) ||
        !parse_beside(text, signer) || !span_is(line_origin, origin) ||
        !text_to_u64(line_size, MERKLE_SIZE_MAX, &size) ||
        !digest_from_base64(line_root, &want) ||
        !decode(BASE64, line_frontier, &frontier)) {
        return FAIL(err, ERR_BAD_INPUT, "%s is not the high-water mark of %s", path,
                    origin);
    }
    TRY(frontier_decode(span_bytes(&frontier), &mark, err));
    frontier_root(&mark, &root);
    if (mark.size != size || !digest_equal(&root, &want)) {
        return FAIL(err, ERR_BAD_INPUT, "%s contradicts itself", path);
    }
    signer->mark = mark;
    return OK;
}

static status write_mark(const struct signer *signer, const struct frontier *mark,
                         struct err *err)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(bytes_done) struct bytes frontier = {0};
    struct digest root;
    frontier_root(mark, &root);
    frontier_encode(mark, &frontier);
    bytes_printf(&text, "%s\n%llu\n", signer->origin, (unsigned long long) mark->size);
    digest_add_base64(&root, &text);
    bytes_add_char(&text, '\n');
    encode(BASE64, span_bytes(&frontier), &text);
    bytes_printf(&text, "\n%d\n", signer->projection);
    if (signer->roots.size > 0) {
        bytes_printf(&text, "%llu %llu\n", (unsigned long long) signer->roots.size,
                     (unsigned long long) signer->roots.count);
    }
    return replace_file(signer->mark_file, span_bytes(&text), err);
}

/* ---- life ---- */

static void close_signer(struct signer **signer)
{
    signer_close(*signer);
}

status signer_open(const char *key_file, const char *mark_file, const char *origin,
                   struct signer **ret_signer, struct err *err)
{
    CLEANUP(close_signer) struct signer *signer = mem_alloc(sizeof(*signer));
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(note_key_freep) struct note_key *name = NULL;
    struct err why;
    signer->origin = mem_text(origin);
    signer->mark_file = mem_text(mark_file);
    signer->projection = PROJECTION_NUMBER;

    status found = read_small(mark_file, &text, &why);
    if (found == OK) {
        TRY(parse_mark(mark_file, origin, span_bytes(&text), signer, err));
        signer->has_mark = true;
    } else if (found != ERR_NOT_FOUND) {
        *err = why;
        return found;
    }
    found = read_key(key_file, origin, &signer->key, &why);
    if (found == ERR_NOT_FOUND && !signer->has_mark) {
        TRY(make_key(key_file, origin, &signer->key, err));
    } else if (found != OK) {
        *err = why;
        return found;
    }
    TRY(note_key_new(origin, NOTE_ED25519, private_key_public(signer->key), &name, err));
    note_key_format(name, &signer->vkey);
    *ret_signer = TAKE(signer);
    return OK;
}

void signer_close(struct signer *signer)
{
    if (signer != NULL) {
        private_key_free(signer->key);
        bytes_done(&signer->vkey);
        free(signer->origin);
        free(signer->mark_file);
        free(signer);
    }
}

const char *signer_vkey(const struct signer *signer)
{
    return bytes_text(&signer->vkey);
}

bool signer_has_mark(const struct signer *signer)
{
    return signer->has_mark;
}

const struct frontier *signer_mark(const struct signer *signer)
{
    return &signer->mark;
}

status signer_advance(struct signer *signer, const struct digest *leaves, size_t count,
                      const struct digest *root, struct err *err)
{
    struct frontier next = signer->mark;
    struct digest have;
    for (size_t i = 0; i < count; i++) {
        frontier_append(&next, &leaves[i]);
    }
    frontier_root(&next, &have);
    if (!digest_equal(&have, root)) {
        return FAIL(err, ERR_TAMPERED,
                    "the log at size %llu does not extend what was signed at size %llu",
                    (unsigned long long) next.size, (unsigned long long) signer->mark.size);
    }
    if (count > 0 || !signer->has_mark) {
        TRY(write_mark(signer, &next, err));
        signer->mark = next;
        signer->has_mark = true;
    }
    return OK;
}

int signer_projection(const struct signer *signer)
{
    return signer->projection;
}

/* What is beside the mark in its file: all of CHANGED, or nothing of it. */
static status write_beside(struct signer *signer, const struct signer *changed,
                           struct err *err)
{
    if (signer->has_mark) {
        TRY(write_mark(changed, &signer->mark, err));
    }
    *signer = *changed;
    return OK;
}

status signer_set_projection(struct signer *signer, int projection, struct err *err)
{
    struct signer changed = *signer;
    changed.projection = projection;
    return signer->projection != projection ? write_beside(signer, &changed, err) : OK;
}

struct signer_roots signer_roots(const struct signer *signer)
{
    return signer->roots;
}

status signer_note_roots(struct signer *signer, struct signer_roots roots, struct err *err)
{
    struct signer changed = *signer;
    changed.roots = roots;
    return signer->roots.size != roots.size ? write_beside(signer, &changed, err) : OK;
}

status signer_checkpoint(const struct signer *signer, struct bytes *out, struct err *err)
{
    struct checkpoint checkpoint = {.origin = span_text(signer->origin),
                                    .size = signer->mark.size};
    frontier_root(&signer->mark, &checkpoint.root);
    return checkpoint_sign(&checkpoint, signer->key, out, err);
}
