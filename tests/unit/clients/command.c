/* SPDX-License-Identifier: Apache-2.0 */
/*
** One table: help, options, languages, exit codes.
*/
#include "clients/lib/command.h"
#include "tests/support/rows.h"

static status fails_with(struct invocation *run, struct err *err)
{
    static const struct {
        const char *name;
        status kind;
    } KINDS[] = {{"ok", OK},
                 {"bad", ERR_BAD_INPUT},
                 {"unauthentic", ERR_UNAUTHENTIC},
                 {"rejected", ERR_REJECTED},
                 {"missing", ERR_NOT_FOUND},
                 {"conflict", ERR_CONFLICT},
                 {"large", ERR_TOO_LARGE},
                 {"busy", ERR_BUSY},
                 {"away", ERR_UNAVAILABLE},
                 {"tampered", ERR_TAMPERED},
                 {"bug", ERR_BUG}};
    status kind = OK;
    for (size_t i = 0; i < ARRAY_LEN(KINDS); i++) {
        kind = strcmp(run->arguments[0], KINDS[i].name) == 0 ? KINDS[i].kind : kind;
    }
    return kind == OK ? OK : FAIL(err, kind, "because of %s", run->arguments[0]);
}

static status greets(struct invocation *run, struct err *err)
{
    (void) err;
    const char *who = invocation_option(run, "who");
    say(run, "Hello %s.", "Dag %s.", who != NULL ? who : "you");
    json_member(&run->result, "who", who);
    json_key(&run->result, "loud");
    json_put_bool(&run->result, invocation_option(run, "loud") != NULL);
    return OK;
}

static const struct option greet_options[] = {
    {"who", "NAME", "whom"}, {"loud", NULL, "louder"}, {NULL, NULL, NULL}};
static const struct command commands[] = {
    {"fail", "KIND", 1, 1, "fail so", NULL, NULL, fails_with},
    {"greet", "", 0, 0, "say hello", "  t greet --who you", greet_options, greets},
    {0},
};
static const struct program program = {"t", "for tests", commands, "greet"};

static const struct row {
    const char *name;
    const char *arguments; /* separated by blanks */
    int code;
    const char *out, *notes; /* pieces of what is printed; NULL: nothing */
} rows[] = {
    {"done is 0", "fail ok", 0, NULL, NULL},
    {"tampering is 1", "fail tampered", 1, NULL, "STOP"},
    {"the network is 2", "fail away", 2, NULL, "nothing is lost: because of away"},
    {"a busy service is 2", "fail busy", 2, NULL, "because"},
    {"unreadable is 3", "fail bad", 3, NULL, "Cannot be read"},
    {"not there is 3", "fail missing", 3, NULL, "because"},
    {"too large is 3", "fail large", 3, NULL, "because"},
    {"refused is 4", "fail rejected", 4, NULL, "Not accepted"},
    {"a conflict is 4", "fail conflict", 4, NULL, "because"},
    {"a wrong key is 4", "fail unauthentic", 4, NULL, "because"},
    {"our own fault is 70", "fail bug", 70, NULL, "command.c"},
    {"no such command", "jump", 3, NULL, "does not know 'jump'"},
    {"no such option", "greet --how x", 3, NULL, "does not know --how"},
    {"an option without its value", "greet --who", 3, NULL, "--who needs a value"},
    {"a flag with a value", "greet --loud=yes", 3, NULL, "takes no value"},
    {"too many arguments", "greet you", 3, NULL, "usage: t greet"},
    {"too few arguments", "fail", 3, NULL, "usage: t fail KIND"},
    {"an option with its value", "greet --who Anna", 0, "Hello Anna.", NULL},
    {"an option joined to its value", "greet --who=Anna", 0, "Hello Anna.", NULL},
    {"Dutch", "greet --lang nl", 0, "Dag you.", NULL},
    {"a language with its region", "greet --language nl-BE", 0, "Dag you.", NULL},
    {"a language that we do not speak reads English", "greet --language it", 0,
     "Hello you.", NULL},
    {"what is no language", "greet --language a;b", 3, NULL, "takes a tag"},
    {"an error in Dutch", "greet --language nl --what", 3, NULL, "kent --what niet"},
    {"JSON is one object", "greet --loud --json", 0, "{\"who\":null,\"loud\":true}\n",
     NULL},
    {"an error in JSON", "fail away --json", 2,
     "{\"error\":{\"kind\":\"unavailable\",\"what\":\"because of away\",\"exit\":2}}",
     "Not now"},
    {"help of a command has its options", "greet --help", 0, "--who NAME", NULL},
    {"help of a command has its examples", "greet --help", 0, "t greet --who you", NULL},
    {"help has the exit codes", "--help", 0, "evidence that the log was changed", NULL},
    {"help names every command", "--help", 0, "fail KIND", NULL},
    {"the version", "--version", 0, "t " CRFD_VERSION, NULL},
    {"without arguments the bare command runs", "", 0, "Hello you.", NULL},
    {"options alone belong to the bare command", "--who Anna", 0, "Hello Anna.", NULL},
    {"behind -- nothing is an option", "fail -- ok", 0, NULL, NULL},
    {"what others typed does not steer the terminal", "greet --who A\x1b[2Jn\x07\x7f", 0,
     "Hello A?[2Jn??.", NULL},
    {"nor does an 8-bit control",
     "greet --who A\xc2\x9b"
     "2Jn\xc2\xa0.",
     0, "Hello A?2Jn\xc2\xa0..", NULL},
    {"nor a carriage return that writes over the line", "greet --who Anna\rEva", 0,
     "Hello Anna?Eva.", NULL},
    {"nor a mark that turns the text around",
     "greet --who \xe2\x80\xae"
     "1\xe2\x81\xa6",
     0, "Hello ?1?.", NULL},
    {"line ends stay, of Windows too", "greet --who A\r\nB\nC", 0, "Hello A\nB\nC.", NULL},
    {"nor an error", "greet --\x1b]0;x", 3, NULL, "does not know --?]0;x"},
    {"JSON writes them as escapes", "greet --json --who \x1b\xc2\x9b\x7f\xe2\x80\xae", 0,
     "{\"who\":\"\\u001b\\u009b\\u007f\\u202e\",\"loud\":false}", NULL},
};

static void check_printed(FILE *file, const char *wanted)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    char buffer[4096];
    rewind(file);
    for (size_t got; (got = fread(buffer, 1, sizeof(buffer), file)) > 0;) {
        bytes_add(&text, buffer, got);
    }
    if (wanted == NULL) {
        assert_string_equal(bytes_text(&text), "");
    } else if (strstr(bytes_text(&text), wanted) == NULL) {
        fail_msg("\"%s\" does not hold \"%s\"", bytes_text(&text), wanted);
    }
    assert_int_equal(fclose(file), 0);
}

static void check(void **state)
{
    const struct row *row = *state;
    char line[200];
    char *argv[16] = {line};
    int argc = 1;
    (void) snprintf(line, sizeof(line), "t %s", row->arguments);
    for (char *c = line; *c != '\0'; c++) {
        if (*c == ' ') {
            *c = '\0';
            if (c[1] != '\0') {
                argv[argc++] = c + 1;
            }
        }
    }
    FILE *out = tmpfile(), *notes = tmpfile();
    assert_non_null(out);
    assert_non_null(notes);
    assert_int_equal(program_run(&program, argc, argv, out, notes), row->code);
    check_printed(out, row->out);
    check_printed(notes, row->notes);
}

int main(void)
{
    if (setenv("CRF_LANG", "en", 1) != 0) {
        return 1;
    }
    return run_rows("commands", rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
}
