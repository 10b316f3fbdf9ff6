/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why signals are ignored while the editor runs: a closed terminal ends the editor, and then
** somebody has to be left who seals what was typed and wipes the rest.
*/
#include "clients/lib/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/lib/text_file.h"

#define PAGE_NAME "page.txt"

bool scratch_is_memory(const char *path)
{
    CLEANUP(bytes_done) struct bytes folder = {0};
    struct statfs about;
    const char *slash = strrchr(path, '/');
    bytes_printf(&folder, "%.*s", slash != NULL ? (int) (slash - path + 1) : 1,
                 slash != NULL ? path : ".");
    return (statfs(path, &about) == 0 || statfs(bytes_text(&folder), &about) == 0) &&
           (about.f_type == TMPFS_MAGIC || about.f_type == RAMFS_MAGIC);
}

static bool make_folder(const char *below, struct scratch *scratch)
{
    int size =
        below != NULL && below[0] == '/'
            ? snprintf(scratch->folder, sizeof(scratch->folder), "%s/crf-XXXXXX", below)
            : -1;
    bool made = size > 0 && (size_t) size < sizeof(scratch->folder) &&
                scratch_is_memory(below) && mkdtemp(scratch->folder) != NULL;
    scratch->folder[0] = made ? scratch->folder[0] : '\0';
    return made;
}

static void page_path(const struct scratch *scratch, struct bytes *out)
{
    bytes_printf(out, "%s/%s", scratch->folder, PAGE_NAME);
}

status scratch_open(struct span page, struct scratch *ret_scratch, struct err *err)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    struct scratch scratch = {0};
    if (!make_folder(getenv("XDG_RUNTIME_DIR"), &scratch) &&
        !make_folder("/dev/shm", &scratch)) {
        return FAIL(err, ERR_UNAVAILABLE,
                    "this computer has no storage in memory for text under edit "
                    "($XDG_RUNTIME_DIR, /dev/shm)");
    }
    page_path(&scratch, &path);
    status kind = text_file_write(bytes_text(&path), page, false, err);
    if (kind != OK) {
        scratch_done(&scratch);
        return kind;
    }
    *ret_scratch = scratch;
    return OK;
}

/* ---- the editor ---- */

static const int IGNORED[] = {SIGINT, SIGQUIT, SIGHUP, SIGTERM};

static _Noreturn void run_editor(const char *path)
{
    const char *visual = getenv("VISUAL");
    const char *editor = getenv("EDITOR");
    const char *chosen = visual != NULL && visual[0] != '\0'   ? visual
                         : editor != NULL && editor[0] != '\0' ? editor
                                                               : "vi";
    CLEANUP(bytes_done) struct bytes command = {0};
    bytes_printf(&command, "%s \"$1\"", chosen);
    execl("/bin/sh", "sh", "-c", bytes_text(&command), "editor", path, (char *) NULL);
    _exit(127);
}

status scratch_edit(const struct scratch *scratch, size_t limit, struct bytes *out,
                    struct err *err)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    struct sigaction old[ARRAY_LEN(IGNORED)];
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    int code = 0;
    page_path(scratch, &path);
    for (size_t i = 0; i < ARRAY_LEN(IGNORED); i++) {
        (void) sigaction(IGNORED[i], &ignore, &old[i]);
    }
    pid_t child = fork();
    if (child == 0) {
        for (size_t i = 0; i < ARRAY_LEN(IGNORED); i++) {
            (void) sigaction(IGNORED[i], &old[i], NULL);
        }
        run_editor(bytes_text(&path));
    }
    while (child > 0 && waitpid(child, &code, 0) < 0 && errno == EINTR) {
    }
    for (size_t i = 0; i < ARRAY_LEN(IGNORED); i++) {
        (void) sigaction(IGNORED[i], &old[i], NULL);
    }
    if (child < 0 || (WIFEXITED(code) && WEXITSTATUS(code) == 127)) {
        return FAIL(err, ERR_BAD_INPUT, "no editor could be started; name one in EDITOR");
    }
    bytes_clear(out);
    return text_file_read(bytes_text(&path), limit, out, err);
}

/* ---- the end ---- */

/* Overwritten first: memory may have gone to swap under the same page. */
static void wipe(int folder, const char *name)
{
    static const uint8_t zeros[4096];
    struct stat about;
    int fd = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) {
        for (off_t at = 0; at < about.st_size; at += (off_t) sizeof(zeros)) {
            if (pwrite(fd, zeros, sizeof(zeros), at) < 0) {
                break;
            }
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    (void) unlinkat(folder, name, 0);
}

void scratch_done(struct scratch *scratch)
{
    DIR *dir = scratch->folder[0] != '\0' ? opendir(scratch->folder) : NULL;
    for (struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL;
         e = readdir(dir)) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            wipe(dirfd(dir), e->d_name);
        }
    }
    if (dir != NULL) {
        closedir(dir);
        (void) rmdir(scratch->folder);
    }
    scratch->folder[0] = '\0';
}
