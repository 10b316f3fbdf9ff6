/* SPDX-License-Identifier: Apache-2.0 */
/*
** command: one table says what a program can do; help, checks and exit codes come from it.
**
**     static const struct command commands[] = {
**         {"outbox", "[send]", 0, 1, "what waits to be sent", HELP, options, run_outbox},
**         {0},
**     };
**     static const struct program program = {"crf-site", "enter data", commands, NULL};
**     int main(int argc, char **argv) { return program_main(&program, argc, argv); }
**
** Every command knows --help, --json, --language TAG, --folder DIR and --study ORIGIN. It
** speaks with say() (people, on stdout; English and Dutch side by side, French and German by
** the tables of says.h; help is English) and fills `result`
** (one JSON object, printed with --json). It never prints an error: it returns a status and
** fills the err. The exit codes are those of EXIT_CODES, for all programs (tamper-evidence
** 12.12).
*/
#ifndef CRFD_CLIENTS_COMMAND_H
#define CRFD_CLIENTS_COMMAND_H

#include <stdio.h>

#include "base/clock.h"
#include "base/json_out.h"

enum exit_code {
    EXIT_DONE = 0,
    EXIT_TAMPERED = 1,    /* evidence that history was changed */
    EXIT_UNAVAILABLE = 2, /* try again: server or network away, or data too old */
    EXIT_USAGE = 3,       /* the command or the file cannot be read */
    EXIT_REFUSED = 4,     /* read and understood, but a rule says no */
    EXIT_BUG = 70,        /* a fault of this program */
};

/* The exit code that stands for KIND. */
enum exit_code exit_code_of(status kind);

struct option {
    const char *name;  /* without the dashes; NULL ends the list */
    const char *value; /* what stands in help for its value; NULL: a flag */
    const char *line;
};

struct invocation;

struct command {
    const char *name;             /* NULL ends the table */
    const char *arguments;        /* as in help: "FILE [FORM]" */
    int least, most;              /* how many positional arguments; most -1: any number */
    const char *line;             /* one line, what it does */
    const char *help;             /* paragraphs and examples */
    const struct option *options; /* NULL: none of its own */
    status (*run)(struct invocation *run, struct err *err);
};

struct program {
    const char *name;
    const char *line;
    const struct command *commands;
    const char *bare; /* the command that no arguments mean; NULL: help */
};

#define INVOCATION_OPTIONS 16

/* One call of one command. Borrowed texts live as long as the invocation. */
struct invocation {
    const struct program *program;
    const struct command *command;
    struct arena *arena;
    const char *const *arguments;
    int argument_count;
    const char *values[INVOCATION_OPTIONS]; /* by position in command->options; flag: "" */
    bool json;
    const char *language;      /* a tag; of sentences and labels */
    bool language_given;       /* --language, CRF_LANGUAGE; else the passport decides */
    const char *folder_given;  /* --folder, or NULL */
    const char *study_given;   /* --study, or NULL */
    FILE *out, *notes;         /* stdout; stderr */
    const struct clock *clock; /* the system's; tests set another */
    struct bytes result_bytes;
    struct json_out result; /* members of one object; opened and closed by program_run */
    bool own_exit; /* exit_code, and not the status, is the exit code: "study check" */
    int exit_code;
    bool listing; /* the array "records" is open in it: see result_members() */
};

/* The value of an option of this command ("" for a flag that is there); NULL when absent.
 * NAME must stand in the table. */
const char *invocation_option(const struct invocation *run, const char *name);

/* The place to write further members of the result: closes an open list first. */
struct json_out *result_members(struct invocation *run);

/* Say one thing to the person, in their language; all take the same arguments. Nothing with
 * --json. Adds no line end. */
void say(const struct invocation *run, const char *english, const char *dutch, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* The same to stderr, with --json too: progress, questions, warnings. */
void note(const struct invocation *run, const char *english, const char *dutch, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* " [FORM-03]" behind a sentence that does not name its rule already; else "". In ARENA. */
const char *rule_behind(struct arena *arena, const char *message, const char *rule);

/* The text in the person's language; good as a format, for arena_printf(). */
const char *in_words(const struct invocation *run, const char *english, const char *dutch)
    __attribute__((format_arg(2), format_arg(3)));

/* "\r412 of 9000 entries" on a terminal, nothing elsewhere. TOTAL 0: unknown. The last call
 * has done == total and clears the line. */
void progress(const struct invocation *run, const char *what, uint64_t done,
              uint64_t total);

/* The state, role or other code of the log in the person's language: log_words(). */
const char *word_of(const struct invocation *run, const char *code);

/* What CRF_LANGUAGE or else the locale asks for, before any command is known. */
const char *program_language(void);

/* Run the command that ARGV names; everything is printed to OUT and NOTES. */
int program_run(const struct program *program, int argc, char **argv, FILE *out,
                FILE *notes);
int program_main(const struct program *program, int argc, char **argv);

#endif
