/* SPDX-License-Identifier: Apache-2.0 */
/*
** The agent: accept, check that it is the same user, read one call, answer it, close. One call
** for each connection and one connection at a time, so nothing can wait for anything but the
** socket, and the idle clock is the timeout of one poll().
**
**     message = length (4, big-endian), then
**         for a call: its number (1), and for each part its length (4) and bytes
**         for an answer: status (1), bytes or the error's sentence
*/
#include "clients/lib/signer_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "crypto/digest.h"

#define MESSAGE_MAX    (FOLDER_FILE_MAX + 65536)
#define SECONDS_A_CALL 20

char *session_socket(const struct folder *folder)
{
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(mem_freep) char *real = realpath(folder_name(folder), NULL);
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    digest_of(span_text(real != NULL ? real : folder_name(folder)), &digest);
    digest_to_hex(&digest, hex);
    if (runtime != NULL && runtime[0] == '/') {
        bytes_printf(&path, "%s/crf-%.16s.sock", runtime, hex);
    } else {
        bytes_printf(&path, "%s/agent.sock", folder_name(folder));
    }
    return mem_text(bytes_text(&path));
}

static bool make_address(const char *path, struct sockaddr_un *ret_address)
{
    *ret_address = (struct sockaddr_un){.sun_family = AF_UNIX};
    return text_copy(ret_address->sun_path, sizeof(ret_address->sun_path), path);
}

static void limit_waiting(int fd)
{
    struct timeval limit = {.tv_sec = SECONDS_A_CALL};
    (void) setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    (void) setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

/* ---- messages ---- */

static void add_length(struct bytes *out, size_t size)
{
    uint8_t length[4] = {(uint8_t) (size >> 24), (uint8_t) (size >> 16),
                         (uint8_t) (size >> 8), (uint8_t) size};
    bytes_add(out, length, sizeof(length));
}

static size_t get_length(const uint8_t length[4])
{
    return (size_t) length[0] << 24 | (size_t) length[1] << 16 | (size_t) length[2] << 8 |
           length[3];
}

static bool send_message(int fd, struct span message)
{
    CLEANUP(bytes_wipe) struct bytes whole = {0};
    add_length(&whole, message.size);
    bytes_add_span(&whole, message);
    size_t done = 0;
    while (done < whole.size) {
        ssize_t sent = send(fd, whole.data + done, whole.size - done, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        done += (size_t) sent;
    }
    return true;
}

static bool take_exactly(int fd, uint8_t *buffer, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = recv(fd, buffer + done, size - done, 0);
        if (got <= 0) {
            return false;
        }
        done += (size_t) got;
    }
    return true;
}

static bool take_message(int fd, struct bytes *out)
{
    uint8_t length[4];
    if (!take_exactly(fd, length, sizeof(length))) {
        return false;
    }
    size_t size = get_length(length);
    if (size == 0 || size > MESSAGE_MAX) {
        return false;
    }
    bytes_reserve(out, size);
    if (!take_exactly(fd, out->data, size)) {
        return false;
    }
    out->size = size;
    out->data[size] = '\0';
    return true;
}

static bool read_call(struct span message, struct call_parts *ret_call)
{
    struct call_parts call = {.call = message.data[0]};
    size_t at = 1;
    while (at < message.size) {
        if (message.size - at < 4 || call.count == CALL_PARTS_MAX) {
            return false;
        }
        size_t size = get_length(message.data + at);
        at += 4;
        if (size > message.size - at) {
            return false;
        }
        call.parts[call.count++] = span_of(message.data + at, size);
        at += size;
    }
    *ret_call = call;
    return true;
}

/* ---- the program's side ---- */

static int connect_to(const char *path)
{
    struct sockaddr_un address;
    if (!make_address(path, &address)) {
        return -1;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    struct ucred peer;
    socklen_t size = sizeof(peer);
    limit_waiting(fd);
    if (connect(fd, (const struct sockaddr *) &address, sizeof(address)) != 0 ||
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
        peer.uid != geteuid()) {
        close(fd);
        return -1;
    }
    return fd;
}

status session_call(const char *socket_path, const struct call_parts *call,
                    struct bytes *out, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes message = {0};
    CLEANUP(bytes_wipe) struct bytes answer = {0};
    int fd = connect_to(socket_path);
    if (fd < 0) {
        return FAIL(err, ERR_UNAVAILABLE, "no session is open");
    }
    bytes_add_char(&message, (char) call->call);
    for (size_t i = 0; i < call->count; i++) {
        add_length(&message, call->parts[i].size);
        bytes_add_span(&message, call->parts[i]);
    }
    bool answered = send_message(fd, span_bytes(&message)) && take_message(fd, &answer);
    close(fd);
    if (!answered) {
        return FAIL(err, ERR_UNAVAILABLE, "the session ended while it was asked");
    }
    struct span rest = span_of(answer.data + 1, answer.size - 1);
    if (answer.data[0] != OK) {
        return FAIL(err, answer.data[0] <= ERR_BUG ? (status) answer.data[0] : ERR_BUG,
                    "%.*s", (int) rest.size, (const char *) rest.data);
    }
    bytes_add_span(out, rest);
    return OK;
}

bool session_is_open(const struct folder *folder)
{
    CLEANUP(mem_freep) char *path = session_socket(folder);
    int fd = connect_to(path);
    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}

status session_end(const struct folder *folder, struct err *err)
{
    CLEANUP(mem_freep) char *path = session_socket(folder);
    CLEANUP(bytes_done) struct bytes nothing = {0};
    struct call_parts call = {.call = CALL_END};
    status kind = session_call(path, &call, &nothing, err);
    return kind == ERR_UNAVAILABLE ? OK : kind;
}

/* ---- the agent's side ---- */

static bool same_user(int fd)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           peer.uid == geteuid();
}

/* Answer one connection. *ret_used: it was a call; false when the session must end. */
static bool serve(int fd, struct signer *signer, bool *ret_used)
{
    CLEANUP(bytes_wipe) struct bytes message = {0};
    CLEANUP(bytes_wipe) struct bytes answer = {0};
    struct call_parts call;
    struct err err = {0};
    *ret_used = false;
    limit_waiting(fd);
    if (!same_user(fd) || !take_message(fd, &message) ||
        !read_call(span_bytes(&message), &call)) {
        return true;
    }
    *ret_used = true;
    bytes_add_char(&answer, OK);
    if (call.call != CALL_END) {
        status kind = signer_answer(signer, &call, &answer, &err);
        if (kind != OK) {
            bytes_clear(&answer);
            bytes_add_char(&answer, (char) kind);
            bytes_add_text(&answer, err.what);
        }
    }
    (void) send_message(fd, span_bytes(&answer));
    return call.call != CALL_END;
}

static void agent_loop(int listener, struct signer *signer, int idle_seconds)
{
    instant end = clock_monotonic(&clock_system) + idle_seconds * SECOND;
    bool go_on = true;
    while (go_on) {
        instant left = end - clock_monotonic(&clock_system);
        struct pollfd wait = {.fd = listener, .events = POLLIN};
        if (left <= 0 || poll(&wait, 1, (int) (left / 1000) + 1) == 0) {
            return;
        }
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) {
            continue;
        }
        bool used = false;
        go_on = serve(fd, signer, &used);
        close(fd);
        if (used) {
            end = clock_monotonic(&clock_system) + idle_seconds * SECOND;
        }
    }
}

/* Nobody may look into this process or find it in a core file. */
static void harden(void)
{
    struct rlimit none = {0, 0};
    (void) setrlimit(RLIMIT_CORE, &none);
    (void) prctl(PR_SET_DUMPABLE, 0);
    (void) signal(SIGPIPE, SIG_IGN);
    (void) signal(SIGHUP, SIG_IGN);
    (void) signal(SIGINT, SIG_IGN);
}

static status listen_at(const char *path, int *ret_fd, struct err *err)
{
    struct sockaddr_un address;
    if (!make_address(path, &address)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "the folder's path is too long for a session; set XDG_RUNTIME_DIR");
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return FAIL(err, ERR_UNAVAILABLE, "no session can be opened: %s", strerror(errno));
    }
    mode_t old = umask(0177);
    (void) unlink(path);
    bool ok = bind(fd, (const struct sockaddr *) &address, sizeof(address)) == 0 &&
              listen(fd, 16) == 0;
    int code = errno;
    (void) umask(old);
    if (!ok) {
        close(fd);
        return FAIL(err, ERR_UNAVAILABLE, "no session can be opened: %s", strerror(code));
    }
    *ret_fd = fd;
    return OK;
}

static _Noreturn void run_agent(int listener, const char *path, struct signer *signer,
                                int idle_seconds)
{
    (void) setsid();
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        (void) dup2(null, STDIN_FILENO);
        (void) dup2(null, STDOUT_FILENO);
        (void) dup2(null, STDERR_FILENO);
    }
    if (chdir("/") != 0) {
        _exit(1); /* it would keep somebody's folder busy */
    }
    harden();
    agent_loop(listener, signer, idle_seconds);
    (void) unlink(path);
    private_key_free(signer->key);
    _exit(0);
}

status session_start(const struct folder *folder, struct signer *signer, int idle_seconds,
                     struct err *err)
{
    CLEANUP(mem_freep) char *path = session_socket(folder);
    int listener = -1;
    if (signer->key == NULL || session_is_open(folder)) {
        return OK;
    }
    TRY(listen_at(path, &listener, err));
    pid_t middle = fork(); /* twice: the agent belongs to init, nobody waits for it */
    if (middle == 0) {
        pid_t agent = fork();
        if (agent == 0) {
            run_agent(listener, path, signer, idle_seconds);
        }
        _exit(agent < 0);
    }
    close(listener);
    int code = 0;
    if (middle < 0 || waitpid(middle, &code, 0) != middle || code != 0) {
        (void) unlink(path);
        return FAIL(err, ERR_UNAVAILABLE,
                    "no session can be opened: no process to hold it");
    }
    return OK;
}
