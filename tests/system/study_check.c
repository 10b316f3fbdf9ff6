/* SPDX-License-Identifier: Apache-2.0 */
/*
** crf-admin study check as a study builder and a script use it: its exit codes, what it says,
** and its JSON.
*/
#include "base/arena.h"
#include "base/json.h"
#include "tests/support/process.h"
#include "tests/support/rows.h"

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
    {"what the file as a whole has wrong stands in no line",
     "/dev/null --language de",
     1,
     {"ABGELEHNT ODM-01", "\n  die Datei ist leer\n"},
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
    {"a refused file in Dutch",
     FOLDER "refused.xml --accept-deviations --language nl-BE",
     1,
     {"ODM-11: Een OID waarnaar wordt verwezen, moet gedefinieerd zijn.",
      "er is geen CodeList CL.1", "-> Definieer hem, of verbeter of verwijder"},
     false},
    {"a refused file in French",
     FOLDER "refused.xml --accept-deviations --language fr",
     1,
     {"ODM-11: Un OID référencé doit être défini.", "il n'y a pas de CodeList CL.1",
      "-> Définissez-le, ou corrigez ou supprimez la référence."},
     false},
    {"a refused file in German",
     FOLDER "refused.xml --accept-deviations --language de",
     1,
     {"ODM-11: Eine OID, auf die verwiesen wird, muss definiert sein.",
      "es gibt keine CodeList CL.1", "-> Definieren Sie sie, oder berichtigen"},
     false},
};

#define ARGUMENTS_MAX 12

/* "study VERB" and the words of ARGUMENTS and MORE; stderr joins OUT unless --json. */
static int run_verb(const char *verb, const char *arguments, const char *more,
                    struct bytes *out)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *words[ARGUMENTS_MAX + 1] = {"study", verb};
    size_t count = 2;
    bool last = false;
    struct span word, rest = span_text(arena_printf(arena, "%s%s%s", arguments,
                                                    more[0] != '\0' ? " " : "", more));
    for (; !last; count++) {
        last = !span_cut(&rest, ' ', &word);
        assert_true(count < ARGUMENTS_MAX);
        words[count] = arena_span_text(arena, last ? rest : word);
    }
    return process_run(
        CRF_ADMIN_PROGRAM, words,
        &(struct process_options){.without_stderr = strcmp(more, "--json") == 0}, out);
}

static int run(const char *arguments, const char *more, struct bytes *out)
{
    return run_verb("check", arguments, more, out);
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

static void json_is_english_in_every_language(void **state)
{
    (void) state;
    static const char *const LANGUAGES_ASKED[] = {"nl", "fr", "de"};
    CLEANUP(bytes_done) struct bytes english = {0};
    (void) run(FOLDER "refused.xml --language en", "--json", &english);
    assert_non_null(strstr(bytes_text(&english), "there is no CodeList CL.1"));
    for (size_t i = 0; i < ARRAY_LEN(LANGUAGES_ASKED); i++) {
        CLEANUP(bytes_done) struct bytes out = {0};
        char arguments[100];
        (void) snprintf(arguments, sizeof(arguments), FOLDER "refused.xml --language %s",
                        LANGUAGES_ASKED[i]);
        (void) run(arguments, "--json", &out);
        assert_string_equal(bytes_text(&out), bytes_text(&english));
    }
}

static void assert_verb(const char *verb, const char *arguments, int exit, const char *says)
{
    CLEANUP(bytes_done) struct bytes out = {0};
    int got = run_verb(verb, arguments, "--language en", &out);
    if (got != exit || strstr(bytes_text(&out), says) == NULL) {
        fail_msg("%d %s", got, bytes_text(&out));
    }
}

static void what_check_takes_diff_and_test_take_too(void **state)
{
    (void) state;
    assert_verb("diff", FOLDER "deviates.xml " FOLDER "includes.xml --accept-deviations", 3,
                "ODM-21");
    assert_verb("diff",
                FOLDER "deviates.xml " FOLDER
                       "includes.xml --accept-deviations --include " FOLDER "deviates.xml",
                0, "Differences between MDV.1 and MDV.2");
    assert_verb("diff",
                "protocol/trials/mabs06.xml protocol/trials/mabs06.xml --study-oid X", 3,
                "ODM-05");
    assert_verb("test",
                FOLDER "includes.xml protocol/trials/mabs06.cases --accept-deviations", 2,
                "ODM-21");
}

int main(void)
{
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check_words);
    add_test("--json says the same in one object", json_says_the_same);
    add_test("--json is English in every language", json_is_english_in_every_language);
    add_test("what check takes, diff and test take, too",
             what_check_takes_diff_and_test_take_too);
    return run_added("study_check");
}
