/* SPDX-License-Identifier: Apache-2.0 */
/*
** Each program is a child process: what a person sees is its exit code and its words.
*/
#include "tests/system/programs.h"

#include <fcntl.h>
#include <unistd.h>

#include "clients/lib/text_file.h"
#include "tests/support/files.h"
#include "tests/support/joined.h"
#include "tests/support/process.h"
#include "tests/support/rows.h"

struct trial *trial;
char *root;
char *url;

/* ---- running a program as a person ---- */

void ran_done(struct ran *ran)
{
    bytes_done(&ran->out);
}

const char *path_of(struct arena *arena, const char *name)
{
    return arena_printf(arena, "%s/%s", root, name);
}

void become(const char *who)
{
    CLEANUP(bytes_done) struct bytes home = {0};
    bytes_printf(&home, "%s/%s", root, who);
    BUG_IF(setenv("XDG_DATA_HOME", bytes_text(&home), 1) != 0);
}

static const char *program_called(const char *name)
{
    return strcmp(name, "crf-admin") == 0     ? CRF_ADMIN_PROGRAM
           : strcmp(name, "crf-sponsor") == 0 ? CRF_SPONSOR_PROGRAM
           : strcmp(name, "crf-monitor") == 0 ? CRF_MONITOR_PROGRAM
                                              : CRF_SITE_PROGRAM;
}

static struct ran run_with(const char *who, const char *const *arguments, int input)
{
    struct ran ran = {0};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    ran.code =
        process_run(program_called(arguments[0]), arguments + 1,
                    &(struct process_options){
                        .data_home = path_of(arena, who), .folder = root, .input = input},
                    &ran.out);
    return ran;
}

struct ran run_list(const char *who, const char *const *arguments)
{
    return run_with(who, arguments, 0);
}

struct ran run_typed(const char *who, const char *typed, const char *const *arguments)
{
    struct typist typist = typist_open(typed);
    struct ran ran = run_with(who, arguments, typist.terminal);
    typist_close(&typist);
    return ran;
}

void assert_ran(struct ran ran, int code, const char *says)
{
    bool right = ran.code == code && strstr(bytes_text(&ran.out), says) != NULL;
    if (!right) {
        print_error("exit %d (wanted %d, \"%s\"):\n%s\n", ran.code, code, says,
                    bytes_text(&ran.out));
    }
    ran_done(&ran);
    assert_true(right);
}

void write_text(const char *name, const char *text)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct err err = {0};
    assert_status(text_file_write(path_of(arena, name), span_text(text), true, &err), OK,
                  &err);
}

void assert_file_has(const char *name, const char *wanted)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = read_file(path_of(arena, name));
    if (strstr(bytes_text(&text), wanted) == NULL) {
        fail_msg("%s does not hold \"%s\":\n%s", name, wanted, bytes_text(&text));
    }
}

/* ustar: a header of 512 bytes, then whole blocks. */
struct span tar_member(struct span tar, const char *name)
{
    for (size_t at = 0; at + 512 <= tar.size && tar.data[at] != 0;) {
        size_t size = strtoull((const char *) tar.data + at + 124, NULL, 8);
        if (strncmp((const char *) tar.data + at, name, 100) == 0) {
            return span_of(tar.data + at + 512, size);
        }
        at += 512 + (size + 511) / 512 * 512;
    }
    fail_msg("the bundle lacks %s", name);
    return (struct span){0};
}

static void make_founder(const char *vkey)
{
    become("founder");
    free(joined_folder(trial, FOUNDER, &(struct joined){.url = url, .vkey = vkey}));
}

/* Its folder holds the key that crfd's configuration names. */
void founder_learns_log(void)
{
    make_founder(trial_vkey(trial));
}

void own_kid(const char *who, char kid[44])
{
    struct ran ran = RUN(who, "crf-site", "whoami", "--json");
    const char *at = strstr(bytes_text(&ran.out), "\"kid\":\"");
    assert_non_null(at);
    (void) snprintf(kid, 44, "%.43s", at + 7);
    ran_done(&ran);
}

void programs_start(const char *name)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    int port = free_port();
    bytes_printf(&text, "https://localhost:%d", port);
    url = mem_text(bytes_text(&text));
    bytes_clear(&text);
    bytes_printf(&text, "listen = 127.0.0.1:%d\npublic_url = %s\n", port, url);
    trial = trial_start(&(struct trial_options){.settings = bytes_text(&text)});
    root = temp_folder(name);
    joined_passphrase(root);
    make_founder(NULL);
}

void programs_stop(void)
{
    trial_stop(trial);
    remove_tree(root);
    free(root);
    free(url);
}

/* The text of MEMBER in what a program printed with --json. */
static const char *printed(struct arena *arena, const struct ran *ran, const char *member)
{
    const char *name = arena_printf(arena, "\"%s\":\"", member);
    const char *at = strstr(bytes_text(&ran->out), name);
    if (at == NULL) {
        fail_msg("no %s in %s", member, bytes_text(&ran->out));
        return "";
    }
    at += strlen(name);
    return arena_span_text(arena, span_of(at, strcspn(at, "\"")));
}

void programs_answer_alarm(void)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    char kid[44];
    assert_ran(RUN("founder", "crf-admin", "invite", "S. Bakker", "--role", "sponsor",
                   "--person", "p-0401", "--output", "bakker.crf"),
               0, "by hand or sealed");
    assert_ran(RUN("bakker", "crf-sponsor", "join", "bakker.crf", "--lang", "en"), 0,
               "fingerprint");
    own_kid("bakker", kid);
    assert_ran(RUN("founder", "crf-admin", "confirm", "p-0401", "--kid", kid), 0,
               "recorded");
    struct ran sent = RUN("founder", "crf-sponsor", "safety", "alarm", "--json");
    const char *alarm = printed(arena, &sent, "alarm");
    const char *code = printed(arena, &sent, "code");
    ran_done(&sent);
    assert_ran(RUN("founder", "crf-sponsor", "safety", "ack", alarm, "--code", code,
                   "--lang", "en"),
               4, "alarm is your own");
    assert_ran(
        RUN("bakker", "crf-sponsor", "safety", "ack", alarm, "--code", "0", "--lang", "en"),
        4, "does not answer");
    assert_ran(RUN("bakker", "crf-sponsor", "safety", "ack", alarm, "--code", code,
                   "--lang", "en"),
               0, "recorded");
}
