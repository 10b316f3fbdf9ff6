/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why a table and not a switch: a subcommand that is not in help cannot exist, and one that
** stands in help cannot lack its checks. Errors are printed in one place, so the exit code and
** the sentence always belong together.
*/
#include "clients/lib/command.h"

#include <unistd.h>

#include "clients/lib/passport.h"
#include "clients/lib/plain.h"
#include "clients/lib/says.h"

static const struct exit_meaning {
    enum exit_code code;
    const char *meaning;
} EXIT_CODES[] = {
    {EXIT_DONE, "done"},
    {EXIT_TAMPERED, "evidence that the log was changed; what was found is kept on disk"},
    {EXIT_UNAVAILABLE, "not available now: try again; nothing is lost"},
    {EXIT_USAGE, "the command, the file or the answer cannot be read"},
    {EXIT_REFUSED, "understood, and refused by a rule, a right or a key"},
    {EXIT_BUG, "a fault of this program; please report it"},
};

static const struct option COMMON[] = {
    {"json", NULL, "print one JSON object instead of sentences"},
    {"language", "TAG", "language of sentences and labels: en, nl, fr, de, nl-BE"},
    {"lang", "TAG", "the same"},
    {"folder", "DIR", "the folder of this study instead of $XDG_DATA_HOME/crf/<origin>"},
    {"study", "ORIGIN", "which study, when this computer knows several"},
    {"help", NULL, "this text"},
    {NULL, NULL, NULL},
};

enum exit_code exit_code_of(status kind)
{
    switch (kind) {
    case OK:
        return EXIT_DONE;
    case ERR_TAMPERED:
        return EXIT_TAMPERED;
    case ERR_BUSY:
    case ERR_UNAVAILABLE:
        return EXIT_UNAVAILABLE;
    case ERR_BAD_INPUT:
    case ERR_NOT_FOUND:
    case ERR_TOO_LARGE:
        return EXIT_USAGE;
    case ERR_UNAUTHENTIC:
    case ERR_REJECTED:
    case ERR_CONFLICT:
        return EXIT_REFUSED;
    case ERR_BUG:
        return EXIT_BUG;
    }
    return EXIT_BUG;
}

static void print_options(const struct option *options, FILE *out)
{
    for (const struct option *o = options; o != NULL && o->name != NULL; o++) {
        int width = fprintf(out, "  --%s%s%s", o->name, o->value != NULL ? " " : "",
                            o->value != NULL ? o->value : "");
        fprintf(out, "%*s%s\n", width < 24 ? 24 - width : 1, "", o->line);
    }
}

static void print_exit_codes(FILE *out)
{
    fputs("\nExit codes:\n", out);
    for (size_t i = 0; i < ARRAY_LEN(EXIT_CODES); i++) {
        fprintf(out, "  %2d  %s\n", (int) EXIT_CODES[i].code, EXIT_CODES[i].meaning);
    }
}

static void print_command(const struct program *program, const struct command *command,
                          FILE *out)
{
    fprintf(out, "%s %s%s%s\n  %s\n", program->name, command->name,
            command->arguments[0] != '\0' ? " " : "", command->arguments, command->line);
    if (command->help != NULL) {
        fprintf(out, "\n%s\n", command->help);
    }
    if (command->options != NULL) {
        fputs("\nOptions:\n", out);
        print_options(command->options, out);
    }
}

static void print_program(const struct program *program, FILE *out)
{
    fprintf(out, "%s: %s\n\n", program->name, program->line);
    for (const struct command *c = program->commands; c->name != NULL; c++) {
        int width = fprintf(out, "  %s%s%s", c->name, c->arguments[0] != '\0' ? " " : "",
                            c->arguments);
        fprintf(out, "%*s%s\n", width < 36 ? 36 - width : 1, "", c->line);
    }
    if (program->bare != NULL) {
        fprintf(out, "\nWithout arguments: %s %s\n", program->name, program->bare);
    }
    fprintf(out, "\n%s COMMAND --help shows examples. Every command takes:\n",
            program->name);
    print_options(COMMON, out);
    fputs("  --version               the version\n", out);
    print_exit_codes(out);
}

const char *invocation_option(const struct invocation *run, const char *name)
{
    const struct option *options = run->command->options;
    for (size_t i = 0; options != NULL && options[i].name != NULL; i++) {
        if (strcmp(options[i].name, name) == 0) {
            return run->values[i];
        }
    }
    die(WHERE, "an option that is not in the command's table");
}

const char *in_words(const struct invocation *run, const char *english, const char *dutch)
{
    return says_in(run->language, english, dutch);
}

const char *word_of(const struct invocation *run, const char *code)
{
    return log_words(run->arena, run->language, code);
}

struct json_out *result_members(struct invocation *run)
{
    if (run->listing) {
        json_end(&run->result, ']');
        run->listing = false;
    }
    return &run->result;
}

/* All that is printed of texts which others wrote goes through here. */
PRINTF(2, 0)
static void print_plain(FILE *out, const char *format, va_list args)
{
    CLEANUP(bytes_wipe) struct bytes text = {0};
    CLEANUP(bytes_wipe) struct bytes plain = {0};
    bytes_vprintf(&text, format, args);
    plain_lines(span_bytes(&text), &plain);
    (void) fwrite(plain.data, 1, plain.size, out); /* run_command() asks ferror() */
}

void say(const struct invocation *run, const char *english, const char *dutch, ...)
{
    if (run->json) {
        return;
    }
    va_list args;
    va_start(args, dutch);
    print_plain(run->out, says_in(run->language, english, dutch), args);
    va_end(args);
}

void note(const struct invocation *run, const char *english, const char *dutch, ...)
{
    va_list args;
    va_start(args, dutch);
    fflush(run->out); /* in a pipe, too, what was said first stands first */
    print_plain(run->notes, says_in(run->language, english, dutch), args);
    va_end(args);
    fflush(run->notes);
}

const char *rule_behind(struct arena *arena, const char *message, const char *rule)
{
    const char *behind = rule[0] != '\0' ? arena_printf(arena, " [%s]", rule) : "";
    return strstr(message, behind) != NULL ? "" : behind;
}

void progress(const struct invocation *run, const char *what, uint64_t done, uint64_t total)
{
    if (run->json || !isatty(fileno(run->notes))) {
        return;
    }
    if (done == total && total > 0) {
        fputs("\r\x1b[K", run->notes);
    } else if (total > 0) {
        fprintf(run->notes, "\r%s: %llu / %llu", what, (unsigned long long) done,
                (unsigned long long) total);
    } else {
        fprintf(run->notes, "\r%s: %llu", what, (unsigned long long) done);
    }
    fflush(run->notes);
}

#define NOT_FOUND SIZE_MAX

/* One option at argv[*at]; moves *at over its value. *ret_index is NOT_FOUND when OPTIONS do
 * not know it. */
static status take_option(const struct option *options, int argc, char **argv, int *at,
                          size_t *ret_index, const char **ret_value, struct err *err)
{
    const char *name = argv[*at] + 2;
    size_t length = strcspn(name, "=");
    for (size_t i = 0; options != NULL && options[i].name != NULL; i++) {
        if (strlen(options[i].name) != length ||
            strncmp(options[i].name, name, length) != 0) {
            continue;
        }
        bool joined = name[length] == '=';
        if (options[i].value == NULL && joined) {
            return FAIL(err, ERR_BAD_INPUT, "--%s takes no value", options[i].name);
        }
        /* "--told --by phone" lost its value; one that begins with -- is written =--so */
        bool alone = *at + 1 >= argc || strncmp(argv[*at + 1], "--", 2) == 0;
        if (options[i].value != NULL && !joined && alone) {
            return FAIL(err, ERR_BAD_INPUT, "--%s needs a value: %s", options[i].name,
                        options[i].value);
        }
        *ret_index = i;
        if (options[i].value == NULL) {
            *ret_value = "";
        } else {
            *ret_value = joined ? name + length + 1 : argv[++*at];
        }
        return OK;
    }
    *ret_index = NOT_FOUND;
    return OK;
}

/* Letters and digits in parts, as BCP 47 writes them; a locale's "de_AT.UTF-8" goes too. */
static bool is_tag(const char *value)
{
    size_t size = strlen(value);
    return size >= 2 && size <= 35 &&
           strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                         "0123456789-_.@") == size;
}

static status take_common(struct invocation *run, size_t index, const char *value,
                          struct err *err)
{
    const char *name = COMMON[index].name;
    if (strcmp(name, "json") == 0) {
        run->json = true;
    } else if (strcmp(name, "folder") == 0) {
        run->folder_given = value;
    } else if (strcmp(name, "study") == 0) {
        run->study_given = value;
    } else if (strcmp(name, "language") == 0 || strcmp(name, "lang") == 0) {
        if (!is_tag(value)) {
            return FAIL(err, ERR_BAD_INPUT, "--language takes a tag such as en, nl, fr-BE");
        }
        run->language = value;
        run->language_given = true;
    }
    return OK;
}

/* Sort ARGV behind the command into options and arguments. */
static status read_arguments(struct invocation *run, int argc, char **argv, bool *ret_help,
                             struct err *err)
{
    const char **arguments = ARENA_ARRAY(run->arena, (size_t) argc + 1, const char *);
    bool only_arguments = false;
    *ret_help = false;
    for (int i = 0; i < argc; i++) {
        size_t index = 0;
        const char *value = NULL;
        if (only_arguments || strncmp(argv[i], "--", 2) != 0) {
            arguments[run->argument_count++] = argv[i];
            continue;
        }
        if (argv[i][2] == '\0') {
            only_arguments = true;
            continue;
        }
        const char *name = argv[i];
        /* the command's own first: crf-admin's --language is that of a site */
        TRY(take_option(run->command->options, argc, argv, &i, &index, &value, err));
        if (index == NOT_FOUND) {
            TRY(take_option(COMMON, argc, argv, &i, &index, &value, err));
            if (index == NOT_FOUND) {
                return FAIL(err, ERR_BAD_INPUT, "%s does not know %s; try %s %s --help",
                            run->program->name, name, run->program->name,
                            run->command->name);
            }
            *ret_help = *ret_help || strcmp(COMMON[index].name, "help") == 0;
            TRY(take_common(run, index, value, err));
            continue;
        }
        BUG_IF(index >= INVOCATION_OPTIONS);
        run->values[index] = value;
    }
    run->arguments = arguments;
    return OK;
}

static status check_count(const struct invocation *run, struct err *err)
{
    const struct command *command = run->command;
    if (run->argument_count < command->least ||
        (command->most >= 0 && run->argument_count > command->most)) {
        return FAIL(err, ERR_BAD_INPUT, "usage: %s %s %s", run->program->name,
                    command->name, command->arguments);
    }
    return OK;
}

/* The head of an error in the person's language; the sentence itself follows. */
static const char *head_of(const struct invocation *run, status kind)
{
    switch (exit_code_of(kind)) {
    case EXIT_TAMPERED:
        return in_words(run, "STOP, the log does not hold", "STOP, het logboek klopt niet");
    case EXIT_UNAVAILABLE:
        return in_words(run, "Not now, nothing is lost", "Nu niet, er is niets verloren");
    case EXIT_USAGE:
        return in_words(run, "Cannot be read", "Niet leesbaar");
    case EXIT_REFUSED:
        return in_words(run, "Not accepted", "Niet geaccepteerd");
    case EXIT_DONE:
    case EXIT_BUG:
        break;
    }
    return in_words(run, "A fault of this program", "Een fout in dit programma");
}

/* A command may fail before it reads the passport, whose language the person reads. */
static void learn_language(struct invocation *run)
{
    CLEANUP(folder_closep) struct folder *folder = NULL;
    struct passport passport;
    const char *path = NULL;
    bool known =
        !run->language_given &&
        folder_find(run->folder_given, run->study_given, run->arena, &path, NULL) == OK &&
        folder_open(path, false, &folder, NULL) == OK &&
        passport_load(folder, run->arena, &passport, NULL) == OK;
    if (known) {
        run->language = passport.language;
    }
}

static void print_error(struct invocation *run, status kind, const struct err *err)
{
    if (err->what[0] != '\0') {
        note(run, "%s: %s\n", "%s: %s\n", head_of(run, kind),
             error_in(run->arena, run->language, err->what));
    }
    if (kind == ERR_BUG) {
        fprintf(run->notes, "(%s, %s %s)\n", err->where != NULL ? err->where : "?",
                run->program->name, CRFD_VERSION);
    }
    if (run->json) {
        struct json_out *json = result_members(run);
        json_key(json, "error");
        json_begin(json, '{');
        json_member(json, "kind", status_name(kind));
        json_member(json, "what", err->what);
        json_member_integer(json, "exit", exit_code_of(kind));
        json_end(json, '}');
    }
}

static int run_command(struct invocation *run, int argc, char **argv)
{
    struct err err = {0};
    bool help = false;
    status kind = read_arguments(run, argc, argv, &help, &err);
    if (kind == OK && help) {
        print_command(run->program, run->command, run->out);
        print_exit_codes(run->out);
        return EXIT_DONE;
    }
    run->result.bytes = &run->result_bytes;
    json_begin(&run->result, '{');
    if (kind == OK) {
        kind = check_count(run, &err);
    }
    if (kind == OK) {
        kind = run->command->run(run, &err);
    }
    if (kind != OK) {
        learn_language(run);
        print_error(run, kind, &err);
    }
    json_end(result_members(run), '}');
    if (run->json) {
        CLEANUP(bytes_wipe) struct bytes plain = {0};
        plain_json(span_bytes(&run->result_bytes), &plain);
        fprintf(run->out, "%s\n", bytes_text(&plain));
    }
    bool written = fflush(run->out) == 0 && !ferror(run->out);
    if (kind == OK && written && run->own_exit) {
        return run->exit_code;
    }
    return kind == OK && !written ? EXIT_UNAVAILABLE : (int) exit_code_of(kind);
}

static const struct command *find_command(const struct program *program, const char *name)
{
    for (const struct command *c = program->commands; c->name != NULL; c++) {
        if (strcmp(c->name, name) == 0) {
            return c;
        }
    }
    return NULL;
}

/* What the person chose for this program; else, in *ret_fallback, what the computer speaks:
 * the site's language goes before that. */
static const char *language_chosen(const char **ret_fallback)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *chosen = getenv("CRF_LANGUAGE");
    *ret_fallback = "en";
    for (size_t i = ARRAY_LEN(names); i > 0; i--) {
        const char *value = getenv(names[i - 1]);
        if (value != NULL && value[0] != '\0') {
            const char *spoken = language_spoken(value);
            *ret_fallback = spoken != NULL ? spoken : "en";
        }
    }
    return chosen != NULL && is_tag(chosen) ? chosen : NULL;
}

const char *program_language(void)
{
    const char *fallback;
    const char *chosen = language_chosen(&fallback);
    return chosen != NULL ? chosen : fallback;
}

int program_run(const struct program *program, int argc, char **argv, FILE *out,
                FILE *notes)
{
    const char *name = argc > 1 ? argv[1] : program->bare;
    if (name == NULL || strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
        print_program(program, out);
        return name == NULL ? EXIT_USAGE : EXIT_DONE;
    }
    if (strcmp(name, "--version") == 0) {
        fprintf(out, "%s %s\n", program->name, CRFD_VERSION);
        return EXIT_DONE;
    }
    int skip = argc > 1 ? 2 : 1;
    if (strncmp(name, "--", 2) == 0 && program->bare != NULL) {
        name = program->bare; /* options only: they belong to the bare command */
        skip = 1;
    }
    const struct command *command = find_command(program, name);
    if (command == NULL) {
        fprintf(notes,
                says_in(program_language(), "%s does not know '%s'; try %s --help\n",
                        "%s kent '%s' niet; probeer %s --help\n"),
                program->name, name, program->name);
        return EXIT_USAGE;
    }
    const char *fallback;
    const char *chosen = language_chosen(&fallback);
    struct invocation run = {.program = program,
                             .command = command,
                             .arena = arena_new(),
                             .language = chosen != NULL ? chosen : fallback,
                             .language_given = chosen != NULL,
                             .out = out,
                             .notes = notes,
                             .clock = &clock_system};
    int code = run_command(&run, argc - skip, argv + skip);
    bytes_wipe(&run.result_bytes);
    arena_free(run.arena);
    return code;
}

int program_main(const struct program *program, int argc, char **argv)
{
    return program_run(program, argc, argv, stdout, stderr);
}
