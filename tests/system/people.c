/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/system/people.h"

#include "clients/lib/folder.h"
#include "tests/support/files.h"
#include "tests/support/joined.h"
#include "tests/support/process.h"

struct trial *people_trial;
char *people_root;
static char *people_url;

void people_folder(enum who who, const char *site)
{
    CLEANUP(bytes_done) struct bytes home = {0};
    bytes_printf(&home, "%s/%s", people_root, trial_person(who));
    BUG_IF(setenv("XDG_DATA_HOME", bytes_text(&home), 1) != 0);
    free(joined_folder(people_trial, who,
                       &(struct joined){.url = people_url,
                                        .site = site,
                                        .vkey = trial_vkey(people_trial)}));
}

const char *people_file(enum who who, const char *name, struct arena *arena)
{
    const char *path = NULL;
    const char *home = arena_printf(arena, "%s/%s", people_root, trial_person(who));
    BUG_IF(setenv("XDG_DATA_HOME", home, 1) != 0);
    BUG_IF(folder_path(TRIAL_ORIGIN, arena, &path, NULL) != OK);
    return arena_printf(arena, "%s/%s", path, name);
}

static void run(enum who who, const char *const *arguments, int input, int ends_with,
                const char *says)
{
    CLEANUP(bytes_done) struct bytes out = {0};
    CLEANUP(bytes_done) struct bytes home = {0};
    CLEANUP(bytes_done) struct bytes program = {0};
    bytes_printf(&home, "%s/%s", people_root, trial_person(who));
    bytes_printf(&program, "%s/%s", CRF_PROGRAMS, arguments[0]);
    int code = process_run(bytes_text(&program), arguments + 1,
                           &(struct process_options){.data_home = bytes_text(&home),
                                                     .folder = people_root,
                                                     .input = input},
                           &out);
    const char *rest = bytes_text(&out);
    struct span wanted = span_text(says), piece;
    bool more = true;
    while (more) {
        more = span_cut(&wanted, '|', &piece);
        piece = more ? piece : wanted;
        const char *at = memmem(rest, strlen(rest), piece.data, piece.size);
        if (at == NULL || code != ends_with) {
            (void) fprintf(stderr, "%s\n", bytes_text(&out)); /* cmocka cuts it short */
            fail_msg("%s ends with %d, wanted \"%s\"", arguments[0], code, says);
        }
        rest = at + piece.size;
    }
}

void people_run(enum who who, const char *const *arguments, int ends_with, const char *says)
{
    run(who, arguments, 0, ends_with, says);
}

void people_type(enum who who, const char *typed, const char *const *arguments,
                 const char *says)
{
    struct typist typist = typist_open(typed);
    run(who, arguments, typist.terminal, 0, says);
    typist_close(&typist);
}

void people_open(const char *settings)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = {0};
    int port = free_port();
    people_url = mem_text(arena_printf(arena, "https://localhost:%d", port));
    bytes_printf(&text, "listen = 127.0.0.1:%d\npublic_url = %s\n%s", port, people_url,
                 settings);
    people_trial = scene_open(&(struct trial_options){.settings = bytes_text(&text)});
    people_root = temp_folder("people");
    joined_passphrase(people_root);
    BUG_IF(setenv("CRF_LANGUAGE", "en", 1) != 0);
}

void people_close(void)
{
    trial_stop(people_trial);
    remove_tree(people_root);
    free(people_root);
    free(people_url);
}
