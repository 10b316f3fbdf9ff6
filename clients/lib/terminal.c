/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why no readline and no screen library: a nurse's terminal may be anything, and what is typed
** here is clinical text or a passphrase, neither of which may land in a history file.
*/
#include "clients/lib/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"

#define PASSPHRASE_MOST 1024

bool terminal_is_there(void)
{
    return isatty(STDIN_FILENO) != 0;
}

/* Byte by byte, because what follows belongs to the next question or the next program. */
static status read_line(int fd, size_t most, struct bytes *ret_line, struct err *err)
{
    bytes_reserve(ret_line, most < 4096 ? most : 4096);
    for (;;) {
        char c;
        ssize_t got = read(fd, &c, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0 && ret_line->size == 0) {
            return FAIL(err, ERR_UNAVAILABLE, "nobody answers: the input has ended");
        }
        if (got <= 0 || c == '\n') {
            break;
        }
        if (ret_line->size >= most) {
            return FAIL(err, ERR_TOO_LARGE, "this line is longer than %zu bytes", most);
        }
        bytes_add_char(ret_line, c);
    }
    if (ret_line->size > 0 && ret_line->data[ret_line->size - 1] == '\r') {
        ret_line->size--;
        ret_line->data[ret_line->size] = '\0';
    }
    return OK;
}

status ask_line(const struct invocation *run, const char *english, const char *dutch,
                struct bytes *ret_line, struct err *err)
{
    bytes_clear(ret_line);
    note(run, "%s", "%s", in_words(run, english, dutch));
    TRY(read_line(STDIN_FILENO, ANSWER_LINE_MAX, ret_line, err));
    if (!text_is_utf8(span_bytes(ret_line)) ||
        memchr(ret_line->data, 0, ret_line->size) != NULL) {
        return FAIL(err, ERR_BAD_INPUT, "the answer is not UTF-8 text");
    }
    return OK;
}

static int yes_or_no(struct span answer)
{
    static const char *const yes[] = {"y", "yes", "j", "ja", "o", "oui", "Y", "J", "O"};
    static const char *const no[] = {"n", "no", "nee", "non", "nein", "N"};
    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        if (span_is(answer, yes[i])) {
            return 1;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(no); i++) {
        if (span_is(answer, no[i])) {
            return 0;
        }
    }
    return -1;
}

status ask_yes(const struct invocation *run, const char *english, const char *dutch,
               bool fallback, bool *ret_yes, struct err *err)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    for (;;) {
        TRY(ask_line(run, english, dutch, &line, err));
        int answer = line.size == 0 ? fallback : yes_or_no(span_bytes(&line));
        if (answer >= 0) {
            *ret_yes = answer == 1;
            return OK;
        }
        note(run, "Please answer yes or no.\n", "Antwoord met ja of nee.\n");
    }
}

static status passphrase_from_file(const char *path, struct secret *ret_passphrase,
                                   struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes line = {0};
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return FAIL(err, ERR_BAD_INPUT, "CRF_PASSPHRASE_FILE cannot be opened: %s",
                    strerror(errno));
    }
    bool closed_to_others = fstat(fd, &about) == 0 && (about.st_mode & 077) == 0;
    status kind = closed_to_others ? read_line(fd, PASSPHRASE_MOST, &line, err)
                                   : FAIL(err, ERR_BAD_INPUT,
                                          "CRF_PASSPHRASE_FILE must be readable by "
                                          "you alone (chmod 600)");
    close(fd);
    if (kind == OK) {
        secret_take(ret_passphrase, &line);
    }
    return kind;
}

static status passphrase_from_terminal(const struct invocation *run, const char *question,
                                       struct secret *ret_passphrase, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes line = {0};
    struct termios old, quiet;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || tcgetattr(fd, &old) != 0) {
        if (fd >= 0) {
            close(fd);
        }
        return FAIL(err, ERR_UNAVAILABLE,
                    "no terminal to ask for the passphrase; in a script, "
                    "name a file in CRF_PASSPHRASE_FILE");
    }
    note(run, "%s", "%s", question);
    quiet = old;
    quiet.c_lflag &= ~(tcflag_t) ECHO;
    status kind =
        tcsetattr(fd, TCSAFLUSH, &quiet) == 0
            ? read_line(fd, PASSPHRASE_MOST, &line, err)
            : FAIL(err, ERR_UNAVAILABLE, "the terminal cannot hide what is typed");
    (void) tcsetattr(fd, TCSAFLUSH, &old);
    close(fd);
    note(run, "\n", "\n");
    if (kind == OK) {
        secret_take(ret_passphrase, &line);
    }
    return kind;
}

status ask_passphrase(const struct invocation *run, struct secret *ret_passphrase,
                      struct err *err)
{
    const char *path = getenv("CRF_PASSPHRASE_FILE");
    if (path != NULL && path[0] != '\0') {
        return passphrase_from_file(path, ret_passphrase, err);
    }
    return passphrase_from_terminal(run, in_words(run, "Passphrase: ", "Wachtzin: "),
                                    ret_passphrase, err);
}

static status check_length(const struct secret *passphrase, struct err *err)
{
    struct span text = secret_span(passphrase);
    if (!text_is_utf8(text) || text_length(text) < PASSPHRASE_LEAST) {
        return FAIL(err, ERR_BAD_INPUT,
                    "the passphrase needs at least %d characters; three or four words do "
                    "well",
                    PASSPHRASE_LEAST);
    }
    return OK;
}

status ask_new_passphrase(const struct invocation *run, struct secret *ret_passphrase,
                          struct err *err)
{
    CLEANUP(secret_done) struct secret first = {0};
    CLEANUP(secret_done) struct secret second = {0};
    const char *path = getenv("CRF_PASSPHRASE_FILE");
    bool scripted = path != NULL && path[0] != '\0';
    if (scripted) {
        TRY(passphrase_from_file(path, &first, err));
    } else {
        TRY(passphrase_from_terminal(run,
                                     in_words(run,
                                              "New passphrase (12 characters or more): ",
                                              "Nieuwe wachtzin (12 tekens of meer): "),
                                     &first, err));
    }
    TRY(check_length(&first, err));
    if (!scripted) {
        TRY(passphrase_from_terminal(run, in_words(run, "Again: ", "Nog een keer: "),
                                     &second, err));
        if (!secret_equal(&first, &second)) {
            return FAIL(err, ERR_BAD_INPUT, "the two were not the same; nothing was made");
        }
    }
    *ret_passphrase = first;
    first = (struct secret){0};
    return OK;
}
