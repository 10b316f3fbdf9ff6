/* SPDX-License-Identifier: Apache-2.0 */
/*
** json against files that nobody here wrote: JSONTestSuite (y_ must be read, n_ must be
** refused, i_ may be either) and the Big List of Naughty Strings, which must come through
** reading and writing unchanged. What we refuse by design stands in a table with the reason.
*/
#include "base/json.h"

#include "base/json_out.h"
#include "base/text.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

static const struct json_limits wide = {
    .depth = 600, .nodes = 200000, .string = (size_t) 1024 * 1024};

static const struct refused {
    const char *file;
    const char *says; /* the reason, as the error words it */
} refused[] = {
    {"y_number.json", "no integer"},
    {"y_number_0e+1.json", "no integer"},
    {"y_number_0e1.json", "no integer"},
    {"y_number_double_close_to_zero.json", "no integer"},
    {"y_number_int_with_exp.json", "no integer"},
    {"y_number_real_capital_e.json", "no integer"},
    {"y_number_real_capital_e_neg_exp.json", "no integer"},
    {"y_number_real_capital_e_pos_exp.json", "no integer"},
    {"y_number_real_exponent.json", "no integer"},
    {"y_number_real_fraction_exponent.json", "no integer"},
    {"y_number_real_neg_exp.json", "no integer"},
    {"y_number_real_pos_exponent.json", "no integer"},
    {"y_number_simple_real.json", "no integer"},
    {"y_object_duplicated_key.json", "duplicate name"},
    {"y_object_duplicated_key_and_value.json", "duplicate name"},
    {"y_object_escaped_null_in_key.json", "U+0000"},
    {"y_object_extreme_numbers.json", "no integer"},
    {"y_string_null_escape.json", "U+0000"},
    {"y_structure_lonely_negative_real.json", "no integer"},
};

struct tally {
    size_t read, refused_as_must, by_design, either;
    size_t wrong;
};

static const struct refused *find_refused(const char *file)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        if (strcmp(refused[i].file, file) == 0) {
            return &refused[i];
        }
    }
    return NULL;
}

/* What is read is written and read again to the same bytes. */
static bool returns(const struct json *root)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes first = {0};
    CLEANUP(bytes_done) struct bytes second = {0};
    const struct json *again = NULL;
    json_put_value(&(struct json_out){.bytes = &first}, root);
    if (json_parse(span_bytes(&first), &wide, arena, &again, NULL) != OK) {
        return false;
    }
    json_put_value(&(struct json_out){.bytes = &second}, again);
    return span_equal(span_bytes(&first), span_bytes(&second));
}

static bool as_expected(const char *file, status got, const struct json *root,
                        const struct err *err, struct tally *tally)
{
    const struct refused *design = find_refused(file);
    if (got == OK && !returns(root)) {
        return false;
    }
    if (file[0] == 'i') {
        tally->either++;
        return true;
    }
    if (design != NULL) {
        tally->by_design++;
        return got == ERR_BAD_INPUT && strstr(err->what, design->says) != NULL;
    }
    tally->read += file[0] == 'y' ? 1 : 0;
    tally->refused_as_must += file[0] == 'n' ? 1 : 0;
    return got == (file[0] == 'y' ? OK : ERR_BAD_INPUT);
}

static void parse_one(const char *path, void *arg)
{
    struct tally *tally = arg;
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *root = NULL;
    struct err err = {0};
    status got = json_parse(span_bytes(&text), &wide, arena, &root, &err);
    const char *file = strrchr(path, '/') + 1;
    if (!as_expected(file, got, root, &err, tally)) {
        print_error("%s: %s %s\n", file, status_name(got), err.what);
        tally->wrong++;
    }
}

static void json_test_suite(void **state)
{
    (void) state;
    CLEANUP(mem_freep)
    char *folder = corpus_path("json/nst+JSONTestSuite/test_parsing", "the JSON reader");
    if (folder == NULL) {
        return;
    }
    struct tally tally = {0};
    assert_true(each_file(folder, ".json", parse_one, &tally) > 100);
    print_message("read %zu, refused %zu, refused by design %zu, either %zu\n", tally.read,
                  tally.refused_as_must, tally.by_design, tally.either);
    assert_true(tally.read > 30 && tally.refused_as_must > 90);
    assert_int_equal(tally.wrong, 0);
}

static void check_string(const char *text, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes line = {0};
    const struct json *root = NULL;
    struct err err;
    json_put_span(&(struct json_out){.bytes = &line}, span_of(text, size));
    assert_null(memchr(line.data, '\n', line.size));
    assert_status(json_parse(span_bytes(&line), &wide, arena, &root, &err), OK, &err);
    assert_true(span_equal(span_of(root->string, root->count), span_of(text, size)));
}

static void naughty_strings(void **state)
{
    (void) state;
    CLEANUP(mem_freep)
    char *path = corpus_path("json/minimaxir+big-list-of-naughty-strings/blns.json",
                             "naughty texts");
    if (path == NULL) {
        return;
    }
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *root = NULL;
    struct err err;
    assert_status(json_parse(span_bytes(&text), &wide, arena, &root, &err), OK, &err);
    assert_true(root->count > 400);
    for (size_t i = 0; i < root->count; i++) {
        check_string(root->items[i].string, root->items[i].count);
    }
}

/* The same list as raw lines: what is UTF-8 returns, what is not is refused. */
static void naughty_lines(void **state)
{
    (void) state;
    CLEANUP(mem_freep)
    char *path =
        corpus_path("json/minimaxir+big-list-of-naughty-strings/blns.txt", "naughty lines");
    if (path == NULL) {
        return;
    }
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    struct span rest = span_bytes(&text);
    size_t count = 0;
    for (struct span line; span_cut(&rest, '\n', &line);) {
        if (text_is_utf8(line) && memchr(line.data, 0, line.size) == NULL) {
            check_string((const char *) line.data, line.size);
            count++;
        }
    }
    assert_true(count > 500);
}

/* Our own small naughty list runs without any corpus. */
static void own_naughty_strings(void **state)
{
    (void) state;
    static const char *const texts[] = {"",
                                        "\"\\/\b\f\n\r\t",
                                        "\x01\x1F\x7F",
                                        "</script><!--",
                                        "\xE2\x80\xA8\xE2\x80\xA9",
                                        "\xEF\xBB\xBF",
                                        "\xEF\xBF\xBE\xEF\xBF\xBF",
                                        "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x94\xAC",
                                        "' OR 1=1; --",
                                        "%s%n%x",
                                        "\xD9\x85\xE2\x80\xAE"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        check_string(texts[i], strlen(texts[i]));
    }
}

int main(void)
{
    add_test("JSONTestSuite: read what must be, refuse what must be", json_test_suite);
    add_test("the Big List of Naughty Strings comes through unchanged", naughty_strings);
    add_test("its raw lines come through unchanged", naughty_lines);
    add_test("our own naughty strings come through unchanged", own_naughty_strings);
    return run_added("json corpus");
}
