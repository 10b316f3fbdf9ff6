/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/attack/watcher.h"

#include "clients/lib/text_file.h"
#include "tests/support/files.h"
#include "tests/support/joined.h"
#include "tests/support/process.h"
#include "tests/support/rows.h"

struct watcher {
    struct trial *trial;
    char *root, *folder; /* all of it; her client folder */
    struct bytes state;  /* the file of that name after the first verification */
};

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
    return process_run(CRF_MONITOR_PROGRAM,
                       (const char *const[]){"verify", "--lang", "en", NULL}, NULL, out);
}

struct watcher *watcher_start(struct trial *trial)
{
    struct watcher *watcher = mem_alloc(sizeof(*watcher));
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(bytes_done) struct bytes said = {0};
    watcher->trial = trial;
    watcher->root = temp_folder("watcher");
    joined_passphrase(watcher->root);
    (void) setenv("XDG_DATA_HOME", watcher->root, 1);
    bytes_printf(&path, "https://127.0.0.1:%d", trial_port(trial));
    watcher->folder = joined_folder(trial, MONITOR,
                                    &(struct joined){.url = bytes_text(&path),
                                                     .site = TRIAL_SITE,
                                                     .vkey = trial_vkey(trial)});
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
