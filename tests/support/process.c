/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 32

static _Noreturn void execute(const char *program, const char *const *arguments,
                              const struct process_options *options, int output)
{
    char *argv[ARGUMENTS_MAX + 2] = {mem_text(program)};
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (size_t i = 0; arguments[i] != NULL; i++) {
        BUG_IF(i >= ARGUMENTS_MAX);
        argv[i + 1] = mem_text(arguments[i]);
    }
    if (options->data_home != NULL) {
        BUG_IF(setenv("XDG_DATA_HOME", options->data_home, 1) != 0);
    }
    BUG_IF(options->folder != NULL && chdir(options->folder) != 0);
    BUG_IF(dup2(options->input > 0 ? options->input : null, STDIN_FILENO) < 0);
    BUG_IF(dup2(output, STDOUT_FILENO) < 0);
    BUG_IF(dup2(options->without_stderr ? null : output, STDERR_FILENO) < 0);
    (void) execv(program, argv);
    _exit(127);
}

int process_run(const char *program, const char *const *arguments,
                const struct process_options *options, struct bytes *out)
{
    static const struct process_options nothing = {0};
    int ends[2], result = 0;
    char buffer[4096];
    BUG_IF(pipe2(ends, O_CLOEXEC) != 0);
    pid_t child = fork();
    BUG_IF(child < 0);
    if (child == 0) {
        execute(program, arguments, options != NULL ? options : &nothing, ends[1]);
    }
    (void) close(ends[1]);
    for (ssize_t got; (got = read(ends[0], buffer, sizeof(buffer))) > 0;) {
        bytes_add(out, buffer, (size_t) got);
    }
    (void) close(ends[0]);
    BUG_IF(waitpid(child, &result, 0) != child);
    return WIFEXITED(result) ? WEXITSTATUS(result) : 128 + WTERMSIG(result);
}

struct typist typist_open(const char *typed)
{
    struct typist typist = {.person = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    BUG_IF(typist.person < 0 || grantpt(typist.person) != 0 ||
           unlockpt(typist.person) != 0);
    typist.terminal = open(ptsname(typist.person), O_RDWR | O_NOCTTY | O_CLOEXEC);
    size_t length = strlen(typed);
    BUG_IF(typist.terminal < 0 || length >= 4096);
    BUG_IF(write(typist.person, typed, length) != (ssize_t) length);
    BUG_IF(write(typist.person, "\4", 1) != 1);
    return typist;
}

void typist_close(const struct typist *typist)
{
    (void) close(typist->terminal);
    (void) close(typist->person);
}

int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    BUG_IF(bind(fd, (struct sockaddr *) &address, size) != 0);
    BUG_IF(getsockname(fd, (struct sockaddr *) &address, &size) != 0);
    (void) close(fd);
    return ntohs(address.sin_port);
}
