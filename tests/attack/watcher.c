/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/attack/watcher.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/lib/folder.h"
#include "clients/lib/passport.h"
#include "clients/lib/text_file.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

struct watcher {
    struct trial *trial;
    char *root, *folder; /* all of it; her client folder */
    struct bytes state;  /* the file of that name after the first verification */
};

static void make_folder(struct watcher *watcher)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(folder_closep) struct folder *folder = NULL;
    CLEANUP(bytes_done) struct bytes pem = {0};
    CLEANUP(secret_done) struct secret passphrase = {0};
    struct trial *trial = watcher->trial;
    CLEANUP(bytes_done) struct bytes certificate = read_file(trial_certificate(trial));
    const struct private_key *key = trial_key(trial, MONITOR);
    const char *founder = key_thumbprint(private_key_public(trial_key(trial, FOUNDER)));
    struct err err = {0};
    const char *path = NULL;
    struct passport passport = {
        .url = arena_printf(arena, "https://127.0.0.1:%d", trial_port(trial)),
        .study = TRIAL_SLUG,
        .study_name = "MABS06",
        .origin = TRIAL_ORIGIN,
        .vkey = trial_vkey(trial),
        .founder = founder,
        .person = trial_person(MONITOR),
        .name = "M. Visser",
        .role = "monitor",
        .site = TRIAL_SITE,
        .language = "en",
        .authority = bytes_text(&certificate),
        .kid = key_thumbprint(private_key_public(key))};
    secret_copy(&passphrase, "correct horse battery", 21);
    assert_status(folder_path(TRIAL_ORIGIN, arena, &path, &err), OK, &err);
    assert_status(folder_open(path, true, &folder, &err), OK, &err);
    assert_status(private_key_to_pem(key, &passphrase, &pem, &err), OK, &err);
    assert_status(folder_write(folder, "key.pem", span_bytes(&pem), &err), OK, &err);
    assert_status(passport_store(folder, &passport, &err), OK, &err);
    watcher->folder = mem_text(path);
}

static int run_program(struct bytes *out)
{
    int ends[2] = {-1, -1};
    int result = 0;
    char buffer[4096];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        (void) dup2(ends[1], STDOUT_FILENO);
        (void) dup2(ends[1], STDERR_FILENO);
        (void) execl(CRF_MONITOR_PROGRAM, "crf-monitor", "verify", "--lang", "en",
                     (char *) NULL);
        _exit(127);
    }
    (void) close(ends[1]);
    for (ssize_t n = 0; (n = read(ends[0], buffer, sizeof(buffer))) != 0;) {
        if (n > 0) {
            bytes_add(out, buffer, (size_t) n);
        } else if (errno != EINTR) {
            break;
        }
    }
    (void) close(ends[0]);
    (void) waitpid(child, &result, 0);
    return WIFEXITED(result) ? WEXITSTATUS(result) : 128 + WTERMSIG(result);
}

static void state_path(const struct watcher *watcher, struct bytes *out)
{
    bytes_printf(out, "%s/state", watcher->folder);
}

int watcher_verify(struct watcher *watcher, struct bytes *out)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    struct err err = {0};
    state_path(watcher, &path);
    if (watcher->state.size > 0) {
        assert_status(
            text_file_write(bytes_text(&path), span_bytes(&watcher->state), true, &err), OK,
            &err);
    }
    return run_program(out);
}

struct watcher *watcher_start(struct trial *trial)
{
    struct watcher *watcher = mem_alloc(sizeof(*watcher));
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(bytes_done) struct bytes said = {0};
    struct err err = {0};
    watcher->trial = trial;
    watcher->root = temp_folder("watcher");
    bytes_printf(&path, "%s/passphrase", watcher->root);
    assert_status(text_file_write(bytes_text(&path),
                                  SPAN_LITERAL("correct horse battery\n"), false, &err),
                  OK, &err);
    (void) setenv("CRF_PASSPHRASE_FILE", bytes_text(&path), 1);
    (void) setenv("XDG_RUNTIME_DIR", watcher->root, 1);
    (void) setenv("XDG_DATA_HOME", watcher->root, 1);
    make_folder(watcher);
    int code = watcher_verify(watcher, &said);
    if (code != 0) {
        fail_msg("the first verification: exit %d: %s", code, bytes_text(&said));
    }
    bytes_clear(&path);
    state_path(watcher, &path);
    watcher->state = read_file(bytes_text(&path));
    return watcher;
}

void watcher_stop(struct watcher *watcher)
{
    remove_tree(watcher->root);
    bytes_done(&watcher->state);
    free(watcher->root);
    free(watcher->folder);
    free(watcher);
}
