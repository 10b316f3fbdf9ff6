/* SPDX-License-Identifier: Apache-2.0 */
/*
** settings: every error of the table's reader, and that the example and the dump come from
** the table.
*/
#include "base/settings.h"

#include "tests/support/rows.h"

struct values {
    const char *listen;
    const char *token;
    int64_t batch;
    bool verbose;
    struct setting_list urls;
    struct setting_list keys;
};

static const struct setting table[] = {
    {"listen", SETTING_TEXT, offsetof(struct values, listen), NULL, 0, 0,
     "Where to listen: address:port. This sentence is long enough that the example has to "
     "be "
     "broken into a second line of comment.",
     false},
    {"token", SETTING_TEXT, offsetof(struct values, token), "none", 0, 0, "A secret.",
     true},
    {"batch-size", SETTING_INTEGER, offsetof(struct values, batch), "256", 1, 1000,
     "Records in one batch.", false},
    {"verbose", SETTING_BOOL, offsetof(struct values, verbose), "no", 0, 0, "Say more.",
     false},
    {"url", SETTING_LIST, offsetof(struct values, urls), NULL, 0, 0, "A public URL.",
     false},
    {"key", SETTING_LIST, offsetof(struct values, keys), NULL, 0, 0, "Secrets.", true},
    {0},
};

struct row {
    const char *name;
    const char *text;
    const char *says; /* the whole error; NULL: read */
};

static const struct row rows[] = {
    {"an empty file", "", NULL},
    {"comments and empty lines", "# listen = x\n\n   # y\n", NULL},
    {"a last line without line feed", "batch-size = 7", NULL},
    {"lines that end in CR LF", "batch-size = 7\r\nverbose = yes\r\n", NULL},
    {"white space around names and values", "\t batch-size\t=  7 \n", NULL},
    {"an empty text is a value", "listen =\n", NULL},
    {"a list several times", "url = a\nurl = b\n", NULL},
    {"an equals sign in a value", "listen = a=b\n", NULL},
    {"the least value", "batch-size = 1\n", NULL},
    {"the greatest value", "batch-size = 1000\n", NULL},
    {"an unknown name", "\nlisten = x\nbatch = 7\n",
     "crfd.conf:3: there is no setting \"batch\""},
    {"a name in upper case", "LISTEN = x\n", "crfd.conf:1: there is no setting \"LISTEN\""},
    {"no name", "= x\n", "crfd.conf:1: there is no setting \"\""},
    {"no equals sign", "listen\n", "crfd.conf:1: expected `name = value`"},
    {"a section of another format", "[service]\n", "crfd.conf:1: expected `name = value`"},
    {"a second value", "listen = a\n# x\nlisten = a\n", "crfd.conf:3: listen is set twice"},
    {"too small", "batch-size = 0\n",
     "crfd.conf:1: batch-size must be a whole number from 1 to 1000"},
    {"too great", "batch-size = 1001\n",
     "crfd.conf:1: batch-size must be a whole number from 1 to 1000"},
    {"no number", "batch-size = many\n",
     "crfd.conf:1: batch-size must be a whole number from 1 to 1000"},
    {"a number with a unit", "batch-size = 10k\n",
     "crfd.conf:1: batch-size must be a whole number from 1 to 1000"},
    {"an empty number", "batch-size =\n",
     "crfd.conf:1: batch-size must be a whole number from 1 to 1000"},
    {"a number beyond 64 bits", "batch-size = 99999999999999999999\n",
     "crfd.conf:1: batch-size must be a whole number from 1 to 1000"},
    {"a bool that is neither", "verbose = true\n",
     "crfd.conf:1: verbose must be yes or no"},
    {"a comment behind a value is part of it", "verbose = yes # really\n",
     "crfd.conf:1: verbose must be yes or no"},
    {"ill-formed UTF-8", "listen = \xFF\n", "crfd.conf is not UTF-8 text"},
};

static void check(void **state)
{
    const struct row *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct values values = {0};
    struct err err = {0};
    assert_status(settings_init(table, arena, &values, &err), OK, &err);
    status got =
        settings_read(table, arena, &values, "crfd.conf", span_text(row->text), &err);
    if (row->says == NULL) {
        assert_status(got, OK, &err);
        return;
    }
    assert_status(got, ERR_BAD_INPUT, &err);
    assert_string_equal(err.what, row->says);
}

static void a_nul_is_refused(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct values values = {0};
    struct err err;
    assert_status(
        settings_read(table, arena, &values, "f", SPAN_LITERAL("listen = a\0b\n"), &err),
        ERR_BAD_INPUT, &err);
}

static void later_sources_win(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct values values = {0};
    struct err err;
    assert_status(settings_init(table, arena, &values, &err), OK, &err);
    assert_int_equal(values.batch, 256);
    assert_false(values.verbose);
    assert_status(settings_read(table, arena, &values, "f",
                                SPAN_LITERAL("batch-size=1\nurl=a\nverbose=yes"), &err),
                  OK, &err);
    assert_int_equal(values.batch, 1);
    assert_true(values.verbose);
    assert_int_equal(setenv("CRFDTEST_BATCH_SIZE", "2", 1), 0);
    assert_int_equal(setenv("CRFDTEST_URL", "b", 1), 0);
    assert_status(settings_environment(table, arena, &values, "CRFDTEST", &err), OK, &err);
    assert_int_equal(values.batch, 2);
    assert_status(
        settings_set(table, arena, &values, "--batch-size", "batch-size", "3", &err), OK,
        &err);
    assert_int_equal(values.batch, 3);
    assert_int_equal(values.urls.count, 2);
    assert_string_equal(values.urls.items[0], "a");
    assert_string_equal(values.urls.items[1], "b");
    assert_int_equal(unsetenv("CRFDTEST_BATCH_SIZE") | unsetenv("CRFDTEST_URL"), 0);
}

static void errors_name_the_source(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct values values = {0};
    struct err err;
    assert_int_equal(setenv("CRFDTEST_VERBOSE", "1", 1), 0);
    assert_status(settings_environment(table, arena, &values, "CRFDTEST", &err),
                  ERR_BAD_INPUT, &err);
    assert_string_equal(err.what, "CRFDTEST_VERBOSE: verbose must be yes or no");
    assert_int_equal(unsetenv("CRFDTEST_VERBOSE"), 0);
    assert_status(settings_set(table, arena, &values, "--x", "x", "1", &err), ERR_BAD_INPUT,
                  &err);
    assert_string_equal(err.what, "--x: there is no setting \"x\"");
}

static void what_must_be_given(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct values values = {0};
    struct err err;
    assert_status(settings_init(table, arena, &values, &err), OK, &err);
    assert_status(settings_complete(table, &values, &err), ERR_BAD_INPUT, &err);
    assert_non_null(strstr(err.what, "the setting listen must be given: Where to listen"));
    assert_status(settings_set(table, arena, &values, "x", "listen", "y", &err), OK, &err);
    assert_status(settings_complete(table, &values, &err), OK, &err);
}

static void a_wrong_table_is_a_bug(void **state)
{
    (void) state;
    static const struct setting bad_default[] = {
        {"n", SETTING_INTEGER, offsetof(struct values, batch), "5", 1, 4, "N.", false},
        {0}};
    static const struct setting no_default[] = {
        {"n", SETTING_INTEGER, offsetof(struct values, batch), NULL, 1, 4, "N.", false},
        {0}};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct values values = {0};
    struct err err;
    assert_status(settings_init(bad_default, arena, &values, &err), ERR_BAD_INPUT, &err);
    assert_non_null(strstr(err.what, "default: n must be"));
    assert_status(settings_init(no_default, arena, &values, &err), ERR_BUG, &err);
}

/* With the required setting filled in, the example is a file that reads as the defaults. */
static void example_reads(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = {0};
    struct values values = {0};
    struct err err;
    settings_example(table, &text);
    assert_non_null(strstr(bytes_text(&text), "\n\nlisten = \n") == NULL
                        ? strstr(bytes_text(&text), "\nlisten = \n")
                        : NULL);
    assert_non_null(strstr(bytes_text(&text), "# Records in one batch.\n# (1 to 1000)\n"
                                              "#batch-size = 256\n"));
    assert_non_null(strstr(bytes_text(&text), "\n#url = \n"));
    struct span rest = span_bytes(&text);
    for (struct span line; span_cut(&rest, '\n', &line);) {
        assert_true(line.size <= 100);
    }
    assert_status(settings_init(table, arena, &values, &err), OK, &err);
    assert_status(settings_read(table, arena, &values, "f", span_bytes(&text), &err), OK,
                  &err);
    assert_string_equal(values.listen, "");
    assert_int_equal(values.batch, 256);
}

static void dump_hides_secrets(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = {0};
    struct values values = {0};
    struct err err;
    assert_status(settings_init(table, arena, &values, &err), OK, &err);
    assert_status(
        settings_read(table, arena, &values, "f",
                      SPAN_LITERAL("token=hunter2\nkey=hunter3\nurl=a\nurl=b\nlisten=l"),
                      &err),
        OK, &err);
    settings_dump(table, &values, &text);
    assert_string_equal(bytes_text(&text), "listen = l\ntoken = ***\nbatch-size = 256\n"
                                           "verbose = no\nurl = a\nurl = b\nkey = ***\n");
}

int main(void)
{
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
    add_test("a NUL is refused", a_nul_is_refused);
    add_test("default, file, environment, command line: the later wins, lists add",
             later_sources_win);
    add_test("an error names the source", errors_name_the_source);
    add_test("a setting without default must be given", what_must_be_given);
    add_test("a table whose default breaks its own rule is found at start",
             a_wrong_table_is_a_bug);
    add_test("the example file reads as the defaults", example_reads);
    add_test("a dump shows what is in force and hides secrets", dump_hides_secrets);
    return run_added("settings");
}
