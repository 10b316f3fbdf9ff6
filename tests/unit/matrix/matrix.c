/* SPDX-License-Identifier: Apache-2.0 */
/*
** The matrix: every rule of the study with the cases that show it, by trial.
**
** matrix.rows names them; here each must be there. Cases of a *.cases file are run against the
** definition of the same name; those of other tests must stand in a file that ctest runs, and
** ctest runs those tests first (FIXTURES_SETUP rules). A rule without a case that is accepted,
** one that acts and one that cannot be told is a failure, and so is a case that is not there.
*/
#include "protocol/study/cases.h"
#include "protocol/study/odm.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

#include <unistd.h>

#define ROWS_FILE "tests/unit/matrix/matrix.rows"
#define FILES_MAX 24
#define RULES     83

enum kind { ACCEPTED, ACTS, CANNOT_TELL, KINDS };

static const char *const KIND_NAMES[KINDS] = {"accepted", "acts", "cannot tell"};

struct entry {
    const char *rule, *trial, *file, *name, *reason;
    enum kind kind;
};

struct file {
    const char *path;
    struct span text;
    struct span list; /* of its folder's CMakeLists.txt */
    const char **passed;
    size_t passed_count, passed_capacity;
};

struct rule_row {
    const char *name; /* the number */
};

static struct arena *arena;
static struct entry *entries;
static size_t entry_count, entry_capacity;
static struct file files[FILES_MAX];
static size_t file_count;
static struct rule_row rules[RULES];

/* ---- text ---- */

static struct span trimmed(struct span text)
{
    while (text.size > 0 && text.data[0] == ' ') {
        text = span_of(text.data + 1, text.size - 1);
    }
    while (text.size > 0 && text.data[text.size - 1] == ' ') {
        text.size--;
    }
    return text;
}

/* The next of the fields between bars; NULL when there is none. */
static const char *field(struct span *line, bool *more)
{
    struct span part;
    if (!*more) {
        return NULL;
    }
    *more = span_cut(line, '|', &part);
    part = trimmed(*more ? part : *line);
    return arena_span_text(arena, part);
}

static bool contains(struct span text, const char *wanted)
{
    return memmem(text.data, text.size, wanted, strlen(wanted)) != NULL;
}

static struct span file_text(const char *path)
{
    CLEANUP(bytes_done) struct bytes bytes = read_file(path);
    return arena_span(arena, span_bytes(&bytes));
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), tail = strlen(end);
    return size >= tail && strcmp(text + size - tail, end) == 0;
}

/* ---- running cases ---- */

static void keep_passed(void *arg, const struct case_result *result)
{
    struct file *file = arg;
    for (size_t i = 0; i < result->count; i++) {
        print_error("%s, line %d, %s: %s\n", file->path, result->line, result->name,
                    result->differences[i]);
    }
    if (result->count == 0) {
        *ARENA_PUSH(arena, file->passed, file->passed_count, file->passed_capacity) =
            arena_text(arena, result->name);
    }
}

/* X.xml beside X.cases, else the ready definition X.xml. */
static const char *definition_of(const char *path)
{
    size_t size = strlen(path) - strlen(".cases");
    const char *beside = arena_printf(arena, "%.*s.xml", (int) size, path);
    const char *name = strrchr(path, '/') + 1;
    return access(beside, R_OK) == 0
               ? beside
               : arena_printf(arena, "protocol/trials/%.*s.xml",
                              (int) (strlen(name) - strlen(".cases")), name);
}

static void run_cases(struct file *file)
{
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct err err = {0};
    assert_status(
        odm_read(file_text(definition_of(file->path)), arena, &study, &problems, &err), OK,
        &err);
    assert_status(cases_run(study->versions[study->version_count - 1], file->text, "en",
                            arena, keep_passed, file, &err),
                  OK, &err);
}

static struct file *open_file(const char *path)
{
    for (size_t i = 0; i < file_count; i++) {
        if (strcmp(files[i].path, path) == 0) {
            return &files[i];
        }
    }
    BUG_IF(file_count == FILES_MAX);
    struct file *file = &files[file_count++];
    *file = (struct file){.path = path, .text = file_text(path)};
    if (ends_with(path, ".cases")) {
        run_cases(file);
    } else {
        int folder = (int) (strrchr(path, '/') - path);
        file->list = file_text(arena_printf(arena, "%.*s/CMakeLists.txt", folder, path));
    }
    return file;
}

/* ---- is the case there, and about the rule? ---- */

/* The line that holds START; empty when there is none. */
static struct span line_with(struct span text, const char *start)
{
    struct span line;
    bool more = true;
    while (more) {
        more = span_cut(&text, '\n', &line);
        line = more ? line : text;
        if (contains(line, start)) {
            return line;
        }
    }
    return span_of(NULL, 0);
}

/* "72" and "72.walk" are both of rule 72. */
static bool is_of_rule(const char *id, const char *rule)
{
    size_t size = strlen(rule);
    return strncmp(id, rule, size) == 0 && (id[size] == '\0' || id[size] == '.');
}

static bool names_rule(struct span line, const char *rule)
{
    return contains(line, arena_printf(arena, "\"rule\":\"%s\"", rule)) ||
           contains(line, arena_printf(arena, "\"rule\":\"%s.", rule));
}

static bool case_is_there(struct file *file, const struct entry *entry)
{
    struct span line =
        line_with(file->text, arena_printf(arena, "{\"case\":\"%s\"", entry->name));
    bool passed = false, named = names_rule(line, entry->rule);
    for (size_t i = 0; i < file->passed_count; i++) {
        passed = passed || strcmp(file->passed[i], entry->name) == 0;
    }
    bool derived = contains(line, "\"derived\":");
    bool unknown = contains(line, "\"cannot tell\"") ||
                   contains(line, "\"act\":\"unknown\"") || contains(line, "\"due\"");
    return passed &&
           (entry->kind == ACCEPTED ? !named || derived
            : entry->kind == ACTS   ? named || derived
                                  : (named && unknown) || derived || entry->reason != NULL);
}

/* sentence | rule | what it does | ... (tests/unit/study/check.rows) */
static bool row_is_there(struct file *file, const struct entry *entry)
{
    struct span line = line_with(file->text, arena_printf(arena, "%s | ", entry->name));
    bool more = line.size > 0;
    const char *name = field(&line, &more), *rule = field(&line, &more);
    const char *act = field(&line, &more);
    if (act == NULL || strcmp(name, entry->name) != 0 || !is_of_rule(rule, entry->rule)) {
        return false;
    }
    bool silent = strcmp(act, "silent") == 0, due = strcmp(act, "due") == 0;
    return entry->kind == ACTS       ? !silent
           : entry->kind == ACCEPTED ? silent
                                     : silent || due || entry->reason != NULL;
}

static bool test_is_there(struct file *file, const struct entry *entry)
{
    const char *name = strrchr(entry->file, '/') + 1;
    return contains(file->list, name) &&
           (contains(file->text, arena_printf(arena, "{\"%s\"", entry->name)) ||
            contains(file->text, arena_printf(arena, "add_test(\"%s\"", entry->name)));
}

static bool is_there(const struct entry *entry)
{
    struct file *file = open_file(entry->file);
    return ends_with(entry->file, ".cases")  ? case_is_there(file, entry)
           : ends_with(entry->file, ".rows") ? row_is_there(file, entry)
                                             : test_is_there(file, entry);
}

/* ---- the rows ---- */

static void read_entry(struct span line)
{
    bool more = true;
    struct entry entry = {.rule = field(&line, &more), .trial = field(&line, &more)};
    const char *kind = field(&line, &more);
    entry.file = field(&line, &more);
    entry.name = field(&line, &more);
    entry.reason = field(&line, &more);
    BUG_IF(entry.name == NULL);
    while (entry.kind < KINDS && strcmp(kind, KIND_NAMES[entry.kind]) != 0) {
        entry.kind++;
    }
    BUG_IF(entry.kind == KINDS);
    *ARENA_PUSH(arena, entries, entry_count, entry_capacity) = entry;
}

static void read_entries(void)
{
    struct span rest = file_text(ROWS_FILE), line;
    while (span_cut(&rest, '\n', &line)) {
        if (line.size > 0 && line.data[0] != '#') {
            read_entry(line);
        }
    }
    BUG_IF(entry_count == 0);
}

/* 1 to 80, and the three with letters. */
static void list_rules(void)
{
    size_t count = 0;
    for (int number = 1; number <= 80; number++) {
        rules[count++].name = arena_printf(arena, "%d", number);
        for (char letter = 'a'; number == 24 && letter <= 'c'; letter++) {
            rules[count++].name = arena_printf(arena, "24%c", letter);
        }
    }
    BUG_IF(count != RULES);
}

/* ---- the tests ---- */

static void check_rule(void **state)
{
    const struct rule_row *rule = *state;
    size_t found[KINDS] = {0}, missing = 0;
    for (size_t i = 0; i < entry_count; i++) {
        const struct entry *entry = &entries[i];
        if (strcmp(entry->rule, rule->name) != 0) {
            continue;
        }
        bool there = is_there(entry);
        print_message("  %-4s| %-20s| %-12s| %s (%s)%s%s%s\n", entry->rule, entry->trial,
                      KIND_NAMES[entry->kind], entry->name, strrchr(entry->file, '/') + 1,
                      entry->reason != NULL ? " | " : "",
                      entry->reason != NULL ? entry->reason : "",
                      there ? "" : " | NOT THERE");
        found[entry->kind] += there;
        missing += !there;
    }
    for (size_t i = 0; i < KINDS; i++) {
        if (found[i] == 0) {
            print_error("  rule %s: no case for \"%s\"\n", rule->name, KIND_NAMES[i]);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
}

static void every_row_is_of_a_rule(void **state)
{
    (void) state;
    size_t count[KINDS] = {0};
    for (size_t i = 0; i < entry_count; i++) {
        bool known = false;
        for (size_t j = 0; j < RULES; j++) {
            known = known || strcmp(entries[i].rule, rules[j].name) == 0;
        }
        if (!known) {
            fail_msg("there is no rule %s", entries[i].rule);
        }
        count[entries[i].kind]++;
    }
    print_message("%d rules, %zu cases: %zu accepted, %zu act, %zu cannot tell\n", RULES,
                  entry_count, count[ACCEPTED], count[ACTS], count[CANNOT_TELL]);
}

int main(void)
{
    arena = arena_new();
    list_rules();
    read_entries();
    add_rows(rules, RULES, sizeof(rules[0]), check_rule);
    add_test("every row of the matrix is of a rule", every_row_is_of_a_rule);
    int failed = run_added("rule");
    arena_free(arena);
    return failed;
}
