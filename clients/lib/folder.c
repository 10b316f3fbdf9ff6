/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why renames and not a database: what lies here must survive a power cut at any moment, be
** copied by a person with cp, and be read by whoever comes to the binder in ten years.
**
** Locks are open-file-description locks on one byte each of the file "lock": they belong to
** this open folder, end with the process however it ends, and leave nothing to clean up.
*/
#include "clients/lib/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

struct folder {
    char *path;
    int fd;
    int lock;
};

static const char *const PARTS[] = {"outbox", "receipts", "casebook",
                                    "drafts", "evidence", "definition"};

void (*folder_step_hook)(void);

void folder_step(void)
{
    if (folder_step_hook != NULL) {
        folder_step_hook();
    }
}

/* Failure of the file system: the disk, not the person. */
static status disk(struct err *err, const char *what, const char *name)
{
    int code = errno;
    return FAIL(err, code == ENOSPC || code == EDQUOT ? ERR_UNAVAILABLE : ERR_BAD_INPUT,
                "cannot %s %s: %s", what, name, strerror(code));
}

static status data_home(struct arena *arena, const char **ret_path, struct err *err)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    if (data != NULL && data[0] == '/') {
        *ret_path = arena_printf(arena, "%s/crf", data);
        return OK;
    }
    if (home == NULL || home[0] != '/') {
        return FAIL(err, ERR_BAD_INPUT, "neither XDG_DATA_HOME nor HOME names a folder");
    }
    *ret_path = arena_printf(arena, "%s/.local/share/crf", home);
    return OK;
}

status folder_path(const char *origin, struct arena *arena, const char **ret_path,
                   struct err *err)
{
    const char *root = NULL;
    if (origin[0] == '\0' || origin[0] == '.' || strlen(origin) > 200) {
        return FAIL(err, ERR_BAD_INPUT, "not an origin of a log");
    }
    TRY(data_home(arena, &root, err));
    char *name = arena_text(arena, origin);
    for (char *c = name; *c != '\0'; c++) {
        *c = *c == '/' ? '_' : *c;
    }
    *ret_path = arena_printf(arena, "%s/%s", root, name);
    return OK;
}

/* The only folder with a passport below ROOT. */
static status only_folder(const char *root, struct arena *arena, const char **ret_path,
                          struct err *err)
{
    const char *found = NULL;
    size_t count = 0;
    DIR *dir = opendir(root);
    for (struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL;
         e = readdir(dir)) {
        const char *path = arena_printf(arena, "%s/%s", root, e->d_name);
        const char *passport = arena_printf(arena, "%s/passport.json", path);
        if (e->d_name[0] != '.' && access(passport, F_OK) == 0) {
            found = path;
            count++;
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    if (count == 0) {
        return FAIL(
            err, ERR_NOT_FOUND,
            "this computer knows no study yet: start with crf-site join INVITATION");
    }
    if (count > 1) {
        return FAIL(err, ERR_BAD_INPUT,
                    "this computer knows %zu studies: name one with --study ORIGIN", count);
    }
    *ret_path = found;
    return OK;
}

status folder_find(const char *given, const char *origin, struct arena *arena,
                   const char **ret_path, struct err *err)
{
    const char *root = NULL;
    const char *study = origin != NULL ? origin : getenv("CRF_STUDY");
    if (given != NULL) {
        *ret_path = arena_text(arena, given);
        return OK;
    }
    if (study != NULL && study[0] != '\0') {
        return folder_path(study, arena, ret_path, err);
    }
    TRY(data_home(arena, &root, err));
    return only_folder(root, arena, ret_path, err);
}

static status make_parents(const char *path, struct err *err)
{
    CLEANUP(mem_freep) char *copy = mem_text(path);
    for (char *slash = strchr(copy + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0700) != 0 && errno != EEXIST) {
            return disk(err, "make the folder", copy);
        }
        *slash = '/';
    }
    if (mkdir(copy, 0700) != 0 && errno != EEXIST) {
        return disk(err, "make the folder", copy);
    }
    return OK;
}

static status check_owner(const struct folder *folder, struct err *err)
{
    struct stat about;
    if (fstat(folder->fd, &about) != 0) {
        return disk(err, "look at", folder->path);
    }
    if (about.st_uid != geteuid() || (about.st_mode & 077) != 0) {
        return FAIL(err, ERR_BAD_INPUT,
                    "%s must belong to you and be closed to others (chmod 700)",
                    folder->path);
    }
    return OK;
}

static status open_parts(struct folder *folder, bool create, struct err *err)
{
    folder->fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->fd < 0) {
        return errno == ENOENT
                   ? FAIL(err, ERR_NOT_FOUND, "there is no folder %s", folder->path)
                   : disk(err, "open", folder->path);
    }
    TRY(check_owner(folder, err));
    for (size_t i = 0; create && i < ARRAY_LEN(PARTS); i++) {
        if (mkdirat(folder->fd, PARTS[i], 0700) != 0 && errno != EEXIST) {
            return disk(err, "make the folder", PARTS[i]);
        }
    }
    folder->lock =
        openat(folder->fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    return folder->lock >= 0 ? OK : disk(err, "open the lock in", folder->path);
}

status folder_open(const char *path, bool create, struct folder **ret_folder,
                   struct err *err)
{
    CLEANUP(folder_closep) struct folder *folder = mem_alloc(sizeof(*folder));
    folder->path = mem_text(path);
    folder->fd = folder->lock = -1;
    if (create) {
        TRY(make_parents(path, err));
    }
    TRY(open_parts(folder, create, err));
    *ret_folder = TAKE(folder);
    return OK;
}

void folder_close(struct folder *folder)
{
    if (folder == NULL) {
        return;
    }
    if (folder->lock >= 0) {
        close(folder->lock);
    }
    if (folder->fd >= 0) {
        close(folder->fd);
    }
    free(folder->path);
    free(folder);
}

void folder_closep(struct folder **folder)
{
    folder_close(*folder);
    *folder = NULL;
}

const char *folder_name(const struct folder *folder)
{
    return folder->path;
}

static bool set_lock(const struct folder *folder, enum folder_lock which, short type)
{
    struct flock lock = {
        .l_type = type, .l_whence = SEEK_SET, .l_start = which, .l_len = 1};
    return fcntl(folder->lock, F_OFD_SETLK, &lock) == 0;
}

status folder_lock(struct folder *folder, enum folder_lock which, int seconds,
                   struct err *err)
{
    instant end = clock_monotonic(&clock_system) + seconds * SECOND;
    while (!set_lock(folder, which, F_WRLCK)) {
        if (errno != EAGAIN && errno != EACCES && errno != EINTR) {
            return disk(err, "lock", folder->path);
        }
        if (clock_monotonic(&clock_system) >= end) {
            return FAIL(err, ERR_BUSY, "another crf program is at work in this study");
        }
        usleep(20000);
    }
    return OK;
}

void folder_unlock(struct folder *folder, enum folder_lock which)
{
    if (!set_lock(folder, which, F_UNLCK)) {
        die(WHERE, "a lock that cannot be released");
    }
}

static void check_name(const char *name)
{
    BUG_IF(name[0] == '\0' || name[0] == '/' || name[0] == '.');
    BUG_IF(strstr(name, "/.") != NULL || strlen(name) > 240);
}

static status read_all(int fd, const char *name, struct bytes *out, struct err *err)
{
    size_t start = out->size;
    uint8_t buffer[16384];
    for (;;) {
        ssize_t got = read(fd, buffer, sizeof(buffer));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return disk(err, "read", name);
        }
        if (got == 0) {
            return OK;
        }
        if (out->size - start + (size_t) got > FOLDER_FILE_MAX) {
            return FAIL(err, ERR_TOO_LARGE, "%s is too long", name);
        }
        bytes_add(out, buffer, (size_t) got);
    }
}

status folder_read(const struct folder *folder, const char *name, struct bytes *out,
                   struct err *err)
{
    check_name(name);
    int fd = openat(folder->fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return errno == ENOENT ? FAIL(err, ERR_NOT_FOUND, "there is no %s", name)
                               : disk(err, "open", name);
    }
    status kind = read_all(fd, name, out, err);
    close(fd);
    return kind;
}

static status write_all(int fd, const char *name, struct span content, struct err *err)
{
    size_t done = 0;
    while (done < content.size) {
        ssize_t put = write(fd, content.data + done, content.size - done);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return disk(err, "write", name);
        }
        done += (size_t) put;
    }
    return fsync(fd) == 0 ? OK : disk(err, "write", name);
}

/* fsync the folder in which NAME stands. */
static status sync_part(const struct folder *folder, const char *name, struct err *err)
{
    const char *slash = strrchr(name, '/');
    CLEANUP(bytes_done) struct bytes part = {0};
    bytes_add_text(&part, ".");
    if (slash != NULL) {
        bytes_clear(&part);
        bytes_add(&part, name, (size_t) (slash - name));
    }
    int fd = openat(folder->fd, bytes_text(&part), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return disk(err, "open the folder of", name);
    }
    status kind = fsync(fd) == 0 ? OK : disk(err, "write the folder of", name);
    close(fd);
    return kind;
}

static status write_temporary(const struct folder *folder, const char *temporary,
                              struct span content, struct err *err)
{
    int fd = openat(folder->fd, temporary,
                    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return disk(err, "write", temporary);
    }
    status kind = write_all(fd, temporary, content, err);
    if (close(fd) != 0 && kind == OK) {
        kind = disk(err, "write", temporary);
    }
    return kind;
}

static status put(const struct folder *folder, const char *name, struct span content,
                  unsigned flags, struct err *err)
{
    CLEANUP(bytes_done) struct bytes temporary = {0};
    check_name(name);
    bytes_printf(&temporary, "%s.new-%ld", name, (long) getpid());
    folder_step();
    status kind = write_temporary(folder, bytes_text(&temporary), content, err);
    folder_step();
    if (kind == OK &&
        renameat2(folder->fd, bytes_text(&temporary), folder->fd, name, flags) != 0) {
        kind = errno == EEXIST ? FAIL(err, ERR_CONFLICT, "%s is there already", name)
                               : disk(err, "write", name);
    }
    if (kind != OK) {
        (void) unlinkat(folder->fd, bytes_text(&temporary), 0);
        return kind;
    }
    folder_step();
    return sync_part(folder, name, err);
}

status folder_write(const struct folder *folder, const char *name, struct span content,
                    struct err *err)
{
    return put(folder, name, content, 0, err);
}

status folder_create(const struct folder *folder, const char *name, struct span content,
                     struct err *err)
{
    return put(folder, name, content, RENAME_NOREPLACE, err);
}

status folder_remove(const struct folder *folder, const char *name, struct err *err)
{
    check_name(name);
    folder_step();
    if (unlinkat(folder->fd, name, 0) != 0 && errno != ENOENT) {
        return disk(err, "remove", name);
    }
    folder_step();
    return sync_part(folder, name, err);
}

status folder_move(const struct folder *folder, const char *old_name, const char *new_name,
                   struct err *err)
{
    check_name(old_name);
    check_name(new_name);
    folder_step();
    if (renameat2(folder->fd, old_name, folder->fd, new_name, RENAME_NOREPLACE) != 0) {
        return errno == ENOENT   ? FAIL(err, ERR_NOT_FOUND, "there is no %s", old_name)
               : errno == EEXIST ? FAIL(err, ERR_CONFLICT, "%s is there already", new_name)
                                 : disk(err, "move", old_name);
    }
    folder_step();
    TRY(sync_part(folder, new_name, err));
    return sync_part(folder, old_name, err);
}

bool folder_has(const struct folder *folder, const char *name)
{
    check_name(name);
    return faccessat(folder->fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

status folder_list(const struct folder *folder, const char *part, const char *suffix,
                   struct arena *arena, struct folder_names *ret_names, struct err *err)
{
    struct folder_names names = {0};
    check_name(part);
    int fd = openat(folder->fd, part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (dir == NULL) {
        return disk(err, "open", part);
    }
    size_t tail = strlen(suffix);
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        size_t length = strlen(e->d_name);
        if (e->d_name[0] != '.' && length > tail &&
            strcmp(e->d_name + length - tail, suffix) == 0) {
            *ARENA_PUSH(arena, names.items, names.count, names.capacity) =
                arena_text(arena, e->d_name);
        }
    }
    closedir(dir);
    if (names.count > 1) {
        qsort(names.items, names.count, sizeof(*names.items), compare_names);
    }
    *ret_names = names;
    return OK;
}
