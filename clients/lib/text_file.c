/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why replacing is a rename here too: the file may be a visit that a nurse typed for an hour.
*/
#include "clients/lib/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static status failed(struct err *err, const char *what, const char *path)
{
    int code = errno;
    status kind = code == ENOENT ? ERR_NOT_FOUND : ERR_BAD_INPUT;
    return FAIL(err, kind, "cannot %s %s: %s", what, path, strerror(code));
}

static status read_all(int fd, const char *path, size_t limit, struct bytes *out,
                       struct err *err)
{
    uint8_t buffer[16384];
    size_t total = 0;
    for (;;) {
        ssize_t got = read(fd, buffer, sizeof(buffer));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return failed(err, "read", path);
        }
        if (got == 0) {
            return OK;
        }
        total += (size_t) got;
        if (total > limit) {
            return FAIL(err, ERR_TOO_LARGE, "%s is longer than %zu bytes", path, limit);
        }
        bytes_add(out, buffer, (size_t) got);
    }
}

status text_file_read(const char *path, size_t limit, struct bytes *out, struct err *err)
{
    if (strcmp(path, "-") == 0) {
        return read_all(STDIN_FILENO, "stdin", limit, out, err);
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return failed(err, "open", path);
    }
    status kind = read_all(fd, path, limit, out, err);
    close(fd);
    return kind;
}

static status write_all(int fd, const char *path, struct span content, struct err *err)
{
    size_t done = 0;
    while (done < content.size) {
        ssize_t put = write(fd, content.data + done, content.size - done);
        if (put <= 0 && errno != EINTR) {
            return failed(err, "write", path);
        }
        done += put > 0 ? (size_t) put : 0;
    }
    return fsync(fd) == 0 ? OK : failed(err, "write", path);
}

/* The new file takes the old one's mode and name when it is whole. */
static status replace_with(const char *path, const char *temporary, struct err *err)
{
    struct stat about;
    if (stat(path, &about) == 0 && chmod(temporary, about.st_mode & 0777) != 0) {
        return failed(err, "write", path);
    }
    return rename(temporary, path) == 0 ? OK : failed(err, "write", path);
}

status text_file_write(const char *path, struct span content, bool replace, struct err *err)
{
    CLEANUP(bytes_done) struct bytes name = {0};
    bytes_printf(&name, "%s%s", path, replace ? ".new" : "");
    if (replace) {
        (void) unlink(
            bytes_text(&name)); /* of a run before; or a link that somebody laid */
    }
    int fd = open(bytes_text(&name), O_WRONLY | O_CREAT | O_CLOEXEC | O_EXCL, 0600);
    if (fd < 0) {
        return errno == EEXIST ? FAIL(err, ERR_CONFLICT, "%s is there already", path)
                               : failed(err, "write", path);
    }
    status kind = write_all(fd, path, content, err);
    if (close(fd) != 0 && kind == OK) {
        kind = failed(err, "write", path);
    }
    if (kind == OK && replace) {
        kind = replace_with(path, bytes_text(&name), err);
    }
    if (kind != OK) {
        (void) unlink(bytes_text(&name));
    }
    return kind;
}
