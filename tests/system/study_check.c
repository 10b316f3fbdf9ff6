/* SPDX-License-Identifier: Apache-2.0 */
/*
** crf-admin study check as a study builder and a script use it: its exit codes, what it says,
** and its JSON.
*/
#include "tests/support/rows.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/json.h"

#define FOLDER "tests/system/study_check/"

struct row {
    const char *name, *arguments;
    int exit;
    const char *says[3]; /* each stands in the output */
    bool loads;
};

static const struct row rows[] = {
    {"a good definition loads",
     "protocol/trials/mabs06.xml",
     0,
     {"mabs06.xml loads: study ST.MABS06"},
     true},
    {"a vendor's deviations do not load strictly, and say whose habit they are",
     FOLDER "deviates.xml",
     1,
     {"DEVIATION DEV-01", "Known habit of REDCap", "--accept-deviations"},
     false},
    {"accepted deviations load, and are still named",
     FOLDER "deviates.xml --accept-deviations",
     0,
     {"DEVIATION DEV-02", "line 9: ", "2 deviation(s) accepted"},
     true},
    {"a dangling reference is refused with line, path and advice",
     FOLDER "refused.xml --accept-deviations",
     1,
     {"REFUSED ODM-11", "line 10: Study[ST.D]/MetaDataVersion[MDV.1]/ItemDef[IT.1]",
      "-> Define it"},
     false},
    {"a file that is not there is not read", FOLDER "none.xml", 2, {"was not read"}, false},
    {"an included version must be there",
     FOLDER "includes.xml",
     1,
     {"REFUSED ODM-21"},
     false},
    {"an included version may stand in another file",
     FOLDER "includes.xml --accept-deviations --include " FOLDER "deviates.xml",
     0,
     {"MDV.2: 1 visits, 1 forms, 1 items"},
     true},
    {"a study that the file does not have is refused",
     "protocol/trials/mabs06.xml --study-oid ST.X",
     1,
     {"ODM-05", "ST.X"},
     false},
    {"a definition in Dutch words",
     FOLDER "deviates.xml --language nl",
     1,
     {"AFWIJKING DEV-01", "laadt niet strikt"},
     false},
};

#define ARGUMENTS_MAX 12

/* "study check" and the words of ARGUMENTS and MORE; stderr joins OUT unless --json. */
static _Noreturn void execute(const char *arguments, const char *more, int fd)
{
    char *argv[ARGUMENTS_MAX + 1] = {mem_text("crf-admin"), mem_text("study"),
                                     mem_text("check")};
    CLEANUP(bytes_done) struct bytes words = {0};
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    size_t count = 3;
    bytes_printf(&words, "%s%s%s", arguments, more[0] != '\0' ? " " : "", more);
    struct span rest = span_bytes(&words), word;
    while (rest.size > 0 && count < ARGUMENTS_MAX) {
        if (!span_cut(&rest, ' ', &word)) {
            word = rest;
            rest.size = 0;
        }
        argv[count] = mem_alloc(word.size + 1);
        memcpy(argv[count++], word.data, word.size);
    }
    (void) dup2(fd, STDOUT_FILENO);
    (void) dup2(strcmp(more, "--json") == 0 ? null : fd, STDERR_FILENO);
    (void) execv(CRF_ADMIN_PROGRAM, argv);
    _exit(127);
}

static int run(const char *arguments, const char *more, struct bytes *out)
{
    int ends[2], code = 0;
    char buffer[4096];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        execute(arguments, more, ends[1]);
    }
    close(ends[1]);
    for (ssize_t got; (got = read(ends[0], buffer, sizeof(buffer))) > 0;) {
        bytes_add(out, buffer, (size_t) got);
    }
    close(ends[0]);
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_true(WIFEXITED(code));
    return WEXITSTATUS(code);
}

static void check_words(void **state)
{
    const struct row *row = *state;
    CLEANUP(bytes_done) struct bytes out = {0};
    int got = run(row->arguments,
                  strstr(row->arguments, "--language") ? "" : "--language en", &out);
    for (size_t i = 0; i < ARRAY_LEN(row->says) && row->says[i] != NULL; i++) {
        if (strstr(bytes_text(&out), row->says[i]) == NULL) {
            fail_msg("not said: %s\n%s", row->says[i], bytes_text(&out));
        }
    }
    assert_int_equal(got, row->exit);
}

/* The same answer for a program: one object, whose findings all have their members. */
static void json_says_the_same(void **state)
{
    (void) state;
    static const char *const MEMBERS[] = {"rule", "severity", "path", "message", "help"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(bytes_done) struct bytes out = {0};
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const struct json *root = NULL;
        struct err err = {0};
        assert_int_equal(run(rows[i].arguments, "--json", &out), rows[i].exit);
        while (out.size > 0 && out.data[out.size - 1] == '\n') {
            out.size--;
        }
        assert_status(json_parse(span_bytes(&out), &JSON_RECORD, arena, &root, &err), OK,
                      &err);
        assert_non_null(json_get(root, "loads"));
        assert_int_equal(json_get(root, "loads")->kind == J_TRUE, rows[i].loads);
        const struct json *findings = json_get(root, "findings");
        assert_non_null(findings);
        for (size_t j = 0; j < findings->count; j++) {
            for (size_t k = 0; k < ARRAY_LEN(MEMBERS); k++) {
                assert_non_null(json_get(&findings->items[j], MEMBERS[k]));
            }
        }
    }
}

int main(void)
{
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check_words);
    add_test("--json says the same in one object", json_says_the_same);
    return run_added("study_check");
}
