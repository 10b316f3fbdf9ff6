/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why libarchive and not 512-byte headers of our own: reading tar is where archives attack.
** Why everything that our own writer would not write is refused all the same: a bundle has one
** right form, and a reader that is generous gives room to hide things.
*/
#include "clients/verify/tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define BLOCK 10240
#define PIECE ((size_t) 65536)
#define KEPT  ((size_t) 8 << 20) /* of a member in memory; the rest in a nameless file */

bool tar_is_name(const char *name)
{
    size_t length = strlen(name);
    bool start = true;
    if (length == 0 || length > TAR_NAME_MAX) {
        return false;
    }
    for (const char *c = name; *c != '\0'; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= '0' && *c <= '9') || *c == '_' || *c == '-' || *c == '%';
        if (!plain && (start || (*c != '/' && *c != '.'))) {
            return false;
        }
        start = *c == '/';
    }
    return !start;
}

/* ---- writing ---- */

struct tar_writer {
    struct archive *archive;
    struct archive_entry *entry;
    char *path, *part;
    int file; /* -1: closed */
    /* the member being written */
    char *name;
    int64_t time;
    FILE *spilled; /* what came before `kept`; NULL: nothing */
    uint64_t spilled_size;
    struct bytes kept;
};

static status archive_fault(struct archive *archive, struct err *err)
{
    const char *why = archive_error_string(archive);
    return FAIL(err, ERR_UNAVAILABLE, "the archive cannot be written: %s",
                why != NULL ? why : "unknown");
}

static status begin_archive(struct tar_writer *writer, struct err *err)
{
    struct archive *archive = writer->archive;
    if (archive_write_set_format_ustar(archive) != ARCHIVE_OK ||
        archive_write_add_filter_none(archive) != ARCHIVE_OK ||
        archive_write_set_bytes_per_block(archive, BLOCK) != ARCHIVE_OK ||
        archive_write_set_bytes_in_last_block(archive, BLOCK) != ARCHIVE_OK ||
        archive_write_open_fd(archive, writer->file) != ARCHIVE_OK) {
        return archive_fault(archive, err);
    }
    return OK;
}

status tar_create(const char *path, struct tar_writer **ret_writer, struct err *err)
{
    CLEANUP(bytes_done) struct bytes part = {0};
    if (access(path, F_OK) == 0) {
        return FAIL(err, ERR_CONFLICT, "%s is there already", path);
    }
    bytes_printf(&part, "%s.part", path);
    (void) unlink(bytes_text(&part)); /* of a run before; never a file of somebody else's */
    int file = open(bytes_text(&part), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        return FAIL(err, ERR_BAD_INPUT, "%s cannot be written: %s", path, strerror(errno));
    }
    CLEANUP(tar_abandonp) struct tar_writer *writer = mem_alloc(sizeof(*writer));
    writer->file = file;
    writer->path = mem_text(path);
    writer->part = mem_text(bytes_text(&part));
    writer->archive = archive_write_new();
    writer->entry = archive_entry_new();
    BUG_IF(writer->archive == NULL || writer->entry == NULL);
    TRY(begin_archive(writer, err));
    *ret_writer = TAKE(writer);
    return OK;
}

status tar_begin(struct tar_writer *writer, const char *name, int64_t time, struct err *err)
{
    if (!tar_is_name(name)) {
        return FAIL(err, ERR_BUG, "a member of the archive cannot have that name");
    }
    free(writer->name);
    writer->name = mem_text(name);
    writer->time = time;
    bytes_clear(&writer->kept);
    return OK;
}

static status spill(struct tar_writer *writer, struct err *err)
{
    writer->spilled = writer->spilled != NULL ? writer->spilled : tmpfile();
    if (writer->spilled == NULL || fwrite(writer->kept.data, 1, writer->kept.size,
                                          writer->spilled) != writer->kept.size) {
        return FAIL(err, ERR_UNAVAILABLE, "no room for a temporary file: %s",
                    strerror(errno));
    }
    writer->spilled_size += writer->kept.size;
    bytes_clear(&writer->kept);
    return OK;
}

status tar_data(struct tar_writer *writer, struct span piece, struct err *err)
{
    bytes_add_span(&writer->kept, piece);
    return writer->kept.size > KEPT ? spill(writer, err) : OK;
}

static bool write_piece(struct tar_writer *writer, const void *data, size_t size)
{
    return size == 0 ||
           archive_write_data(writer->archive, data, size) == (la_ssize_t) size;
}

static bool write_spilled(struct tar_writer *writer)
{
    uint8_t piece[PIECE];
    size_t got = 0;
    if (writer->spilled == NULL) {
        return true;
    }
    if (fflush(writer->spilled) != 0 || fseek(writer->spilled, 0, SEEK_SET) != 0) {
        return false;
    }
    uint64_t left = writer->spilled_size;
    while (left > 0 && (got = fread(piece, 1, left < PIECE ? (size_t) left : PIECE,
                                    writer->spilled)) > 0) {
        left -= got;
        if (!write_piece(writer, piece, got)) {
            return false;
        }
    }
    (void) fclose(writer->spilled);
    writer->spilled = NULL;
    writer->spilled_size = 0;
    return left == 0;
}

status tar_end(struct tar_writer *writer, struct err *err)
{
    struct archive_entry *entry = archive_entry_clear(writer->entry);
    archive_entry_set_pathname(entry, writer->name);
    archive_entry_set_size(entry, (la_int64_t) (writer->spilled_size + writer->kept.size));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, writer->time, 0);
    archive_entry_set_uid(entry, 0);
    archive_entry_set_gid(entry, 0);
    if (archive_write_header(writer->archive, entry) != ARCHIVE_OK ||
        !write_spilled(writer) ||
        !write_piece(writer, writer->kept.data, writer->kept.size) ||
        archive_write_finish_entry(writer->archive) != ARCHIVE_OK) {
        return archive_fault(writer->archive, err);
    }
    return OK;
}

status tar_finish(struct tar_writer *writer, struct err *err)
{
    if (archive_write_close(writer->archive) != ARCHIVE_OK) {
        return archive_fault(writer->archive, err);
    }
    bool durable = fsync(writer->file) == 0;
    bool closed = close(writer->file) == 0;
    writer->file = -1;
    if (!durable || !closed || link(writer->part, writer->path) != 0) {
        return FAIL(err, ERR_UNAVAILABLE, "%s cannot be written: %s", writer->path,
                    strerror(errno));
    }
    return OK;
}

void tar_abandon(struct tar_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    archive_write_free(writer->archive);
    archive_entry_free(writer->entry);
    if (writer->file >= 0) {
        (void) close(writer->file);
    }
    if (writer->spilled != NULL) {
        (void) fclose(writer->spilled);
    }
    (void) unlink(writer->part);
    bytes_wipe(&writer->kept);
    free(writer->name);
    free(writer->path);
    free(writer->part);
    free(writer);
}

void tar_abandonp(struct tar_writer **writer)
{
    tar_abandon(*writer);
    *writer = NULL;
}

/* ---- reading ---- */

struct tar_reader {
    struct archive *archive;
    char *path;
    char *last;                            /* name of this member */
    uint64_t file_size, members, expected; /* bytes that our writer would have written */
    uint64_t left;                         /* of the member */
    uint8_t piece[PIECE];
    /* names seen, as a hash set of their text */
    char **names;
    size_t name_count, name_slots;
};

static status refuse(struct err *err, const char *why)
{
    return FAIL(err, ERR_TAMPERED, "the archive is not one that crf-sponsor writes: %s",
                why);
}

static status cannot_read(struct tar_reader *reader, struct err *err)
{
    const char *why = archive_error_string(reader->archive);
    return FAIL(err, ERR_TAMPERED, "the archive is damaged: %s",
                why != NULL ? why : "unknown");
}

status tar_open(const char *path, struct tar_reader **ret_reader, struct err *err)
{
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode)) {
        return FAIL(err, ERR_NOT_FOUND, "%s is no file that can be read", path);
    }
    CLEANUP(tar_closep) struct tar_reader *reader = mem_alloc(sizeof(*reader));
    reader->file_size = (uint64_t) about.st_size;
    reader->path = mem_text(path);
    reader->archive = archive_read_new();
    BUG_IF(reader->archive == NULL);
    if (archive_read_support_format_tar(reader->archive) != ARCHIVE_OK ||
        archive_read_open_filename(reader->archive, path, BLOCK) != ARCHIVE_OK) {
        return FAIL(err, ERR_BAD_INPUT, "%s is no bundle", path);
    }
    *ret_reader = TAKE(reader);
    return OK;
}

void tar_close(struct tar_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    archive_read_free(reader->archive);
    for (size_t i = 0; i < reader->name_slots; i++) {
        free(reader->names[i]);
    }
    free(reader->names);
    free(reader->path);
    free(reader);
}

void tar_closep(struct tar_reader **reader)
{
    tar_close(*reader);
    *reader = NULL;
}

static size_t slot_of(const struct tar_reader *reader, const char *name)
{
    uint64_t hash = 14695981039346656037U; /* FNV-1a */
    for (const char *c = name; *c != '\0'; c++) {
        hash = (hash ^ (uint8_t) *c) * 1099511628211U;
    }
    size_t slot = (size_t) hash & (reader->name_slots - 1);
    while (reader->names[slot] != NULL && strcmp(reader->names[slot], name) != 0) {
        slot = (slot + 1) & (reader->name_slots - 1);
    }
    return slot;
}

static void grow_names(struct tar_reader *reader)
{
    char **old = reader->names;
    size_t slots = reader->name_slots;
    reader->name_slots = slots == 0 ? 1024 : slots * 2;
    reader->names = mem_alloc(reader->name_slots * sizeof(*reader->names));
    for (size_t i = 0; i < slots; i++) {
        if (old[i] != NULL) {
            reader->names[slot_of(reader, old[i])] = old[i];
        }
    }
    free(old);
}

/* True if NAME stands for the first time. */
static bool remember_name(struct tar_reader *reader, const char *name)
{
    if (reader->name_count * 2 >= reader->name_slots) {
        grow_names(reader);
    }
    size_t slot = slot_of(reader, name);
    if (reader->names[slot] != NULL) {
        return false;
    }
    reader->names[slot] = mem_text(name);
    reader->last = reader->names[slot];
    reader->name_count++;
    return true;
}

static bool is_plain_file(struct archive_entry *entry)
{
    const char *user = archive_entry_uname(entry);
    const char *group = archive_entry_gname(entry);
    return archive_entry_filetype(entry) == AE_IFREG &&
           archive_entry_hardlink(entry) == NULL && archive_entry_symlink(entry) == NULL &&
           archive_entry_perm(entry) == 0644 && archive_entry_uid(entry) == 0 &&
           archive_entry_gid(entry) == 0 && (user == NULL || user[0] == '\0') &&
           (group == NULL || group[0] == '\0') && archive_entry_size_is_set(entry) &&
           archive_entry_sparse_count(entry) == 0 && archive_entry_xattr_count(entry) == 0;
}

static status check_end(struct tar_reader *reader, struct err *err)
{
    uint64_t expected = reader->expected + 1024;
    expected = (expected + BLOCK - 1) / BLOCK * BLOCK;
    return expected == reader->file_size
               ? OK
               : refuse(err, "there is something beside its members");
}

status tar_next(struct tar_reader *reader, struct tar_member *ret_member, struct err *err)
{
    struct archive_entry *entry = NULL;
    int got = archive_read_next_header(reader->archive, &entry);
    if (got == ARCHIVE_EOF) {
        *ret_member = (struct tar_member){0};
        return check_end(reader, err);
    }
    if (got != ARCHIVE_OK) {
        return cannot_read(reader, err);
    }
    const char *name = archive_entry_pathname(entry);
    if (name == NULL || !tar_is_name(name)) {
        return refuse(err, "a member has a name that leads elsewhere");
    }
    if (!is_plain_file(entry)) {
        return refuse(err, "a member is no plain file");
    }
    int64_t size = archive_entry_size(entry);
    if (size < 0 || (uint64_t) size > TAR_MEMBER_MAX ||
        ++reader->members > TAR_MEMBERS_MAX) {
        return refuse(err, "a member is too large");
    }
    if (!remember_name(reader, name)) {
        return refuse(err, "a member stands twice");
    }
    reader->left = (uint64_t) size;
    reader->expected += 512 + ((uint64_t) size + 511) / 512 * 512;
    *ret_member =
        (struct tar_member){reader->last, (uint64_t) size, archive_entry_mtime(entry)};
    return OK;
}

status tar_read(struct tar_reader *reader, struct span *ret_piece, struct err *err)
{
    la_ssize_t got = archive_read_data(reader->archive, reader->piece, PIECE);
    if (got < 0 || (uint64_t) got > reader->left || (got == 0 && reader->left > 0)) {
        return cannot_read(reader, err);
    }
    reader->left -= (uint64_t) got;
    *ret_piece = span_of(reader->piece, (size_t) got);
    return OK;
}

status tar_read_all(struct tar_reader *reader, size_t limit, struct bytes *out,
                    struct err *err)
{
    struct span piece;
    if (reader->left > limit) {
        return FAIL(err, ERR_TOO_LARGE, "a member of the archive is too large");
    }
    do {
        TRY(tar_read(reader, &piece, err));
        bytes_add_span(out, piece);
    } while (piece.size > 0);
    return OK;
}
