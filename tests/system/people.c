/* SPDX-License-Identifier: Apache-2.0 */
/*
** A folder is made as joining would have made it, but with the key that the trial's person has
** already: so one story is told by records and by programs.
*/
#include "tests/system/people.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/lib/folder.h"
#include "clients/lib/passport.h"
#include "clients/lib/text_file.h"
#include "tests/support/files.h"

struct trial *people_trial;
char *people_root;
static char *people_url;

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    BUG_IF(bind(fd, (struct sockaddr *) &address, size) != 0);
    BUG_IF(getsockname(fd, (struct sockaddr *) &address, &size) != 0);
    close(fd);
    return ntohs(address.sin_port);
}

static void become(enum who who)
{
    CLEANUP(bytes_done) struct bytes home = {0};
    bytes_printf(&home, "%s/%s", people_root, trial_person(who));
    BUG_IF(setenv("XDG_DATA_HOME", bytes_text(&home), 1) != 0);
}

void people_folder(enum who who, const char *site)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(folder_closep) struct folder *folder = NULL;
    CLEANUP(bytes_done) struct bytes pem = {0};
    CLEANUP(bytes_done)
    struct bytes certificate = read_file(trial_certificate(people_trial));
    struct secret passphrase = {0};
    struct err err = {0};
    const char *path = NULL;
    const struct private_key *key = trial_key(people_trial, who);
    struct passport passport = {
        .url = people_url,
        .study = TRIAL_SLUG,
        .study_name = "MABS06",
        .origin = TRIAL_ORIGIN,
        .vkey = trial_vkey(people_trial),
        .founder = key_thumbprint(private_key_public(trial_key(people_trial, FOUNDER))),
        .person = trial_person(who),
        .name = trial_person(who),
        .role = trial_role(who),
        .site = site,
        .timezone = site != NULL ? "Europe/Amsterdam" : NULL,
        .language = "en",
        .authority = bytes_text(&certificate),
        .kid = key_thumbprint(private_key_public(key))};
    become(who);
    secret_copy(&passphrase, "correct horse battery", 21);
    assert_status(folder_path(TRIAL_ORIGIN, arena, &path, &err), OK, &err);
    assert_status(folder_open(path, true, &folder, &err), OK, &err);
    assert_status(private_key_to_pem(key, &passphrase, &pem, &err), OK, &err);
    assert_status(folder_write(folder, "key.pem", span_bytes(&pem), &err), OK, &err);
    assert_status(passport_store(folder, &passport, &err), OK, &err);
    secret_done(&passphrase);
}

static _Noreturn void execute(enum who who, const char *const *arguments, int fd)
{
    CLEANUP(bytes_done) struct bytes program = {0};
    char *argv[16] = {NULL};
    become(who);
    (void) chdir(people_root) /* lint: files of the test are named without their folder */;
    (void) dup2(fd, STDOUT_FILENO);
    (void) dup2(fd, STDERR_FILENO);
    (void) dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
    bytes_printf(&program, "%s/%s", CRF_PROGRAMS, arguments[0]);
    for (size_t i = 0; arguments[i] != NULL && i < ARRAY_LEN(argv) - 1; i++) {
        argv[i] = mem_text(arguments[i]);
    }
    (void) execv(bytes_text(&program), argv);
    _exit(127);
}

void people_run(enum who who, const char *const *arguments, int ends_with, const char *says)
{
    CLEANUP(bytes_done) struct bytes out = {0};
    int ends[2], code = 0;
    char buffer[4096];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        execute(who, arguments, ends[1]);
    }
    close(ends[1]);
    for (ssize_t got; (got = read(ends[0], buffer, sizeof(buffer))) > 0;) {
        bytes_add(&out, buffer, (size_t) got);
    }
    close(ends[0]);
    assert_int_equal(waitpid(child, &code, 0), child);
    const char *rest = bytes_text(&out);
    struct span wanted = span_text(says), piece;
    bool more = true;
    while (more) {
        more = span_cut(&wanted, '|', &piece);
        piece = more ? piece : wanted;
        const char *at = memmem(rest, strlen(rest), piece.data, piece.size);
        if (at == NULL || !WIFEXITED(code) || WEXITSTATUS(code) != ends_with) {
            (void) fprintf(stderr, "%s\n", bytes_text(&out)); /* cmocka cuts it short */
            fail_msg("%s ends with %d, wanted \"%s\"", arguments[0], WEXITSTATUS(code),
                     says);
        }
        rest = at + piece.size;
    }
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
    const char *passphrase = arena_printf(arena, "%s/passphrase", people_root);
    BUG_IF(text_file_write(passphrase, SPAN_LITERAL("correct horse battery\n"), false,
                           NULL) != OK);
    BUG_IF(setenv("CRF_PASSPHRASE_FILE", passphrase, 1) != 0);
    BUG_IF(setenv("XDG_RUNTIME_DIR", people_root, 1) != 0);
    BUG_IF(setenv("CRF_LANGUAGE", "en", 1) != 0);
}

void people_close(void)
{
    trial_stop(people_trial);
    remove_tree(people_root);
    free(people_root);
    free(people_url);
}
