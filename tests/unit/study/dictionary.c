/* SPDX-License-Identifier: Apache-2.0 */
/*
** Dictionaries of the operator: what is read, what is refused with its line, what they answer.
*/
#include "protocol/study/dictionary.h"

#include "protocol/study/safety_section.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

#define FOLDER "tests/support/dictionaries/"
#define HEAD   "crfd-dictionary 1\tCTCAE\t5.0\n"

static struct arena *arena;
static const struct dictionary *set_items[3];
static const struct dictionaries set = {set_items, 3};

static const struct dictionary *load(const char *path)
{
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    const struct dictionary *dictionary = NULL;
    struct err err = {0};
    if (dictionary_read(span_bytes(&text), arena, &dictionary, &err) != OK) {
        fail_msg("%s", err.what);
    }
    return dictionary;
}

struct wrong_row {
    const char *name, *text, *says;
} wrong_rows[] = {
    {"an empty file is refused", "", "line 1"},
    {"a file without the first line is refused", "term\t1\tFever\t1\n", "line 1"},
    {"a later format is refused", "crfd-dictionary 2\tX\t1\n", "line 1"},
    {"an unknown kind of row is refused", HEAD "word\tFever\n", "line 2"},
    {"a term without its code is refused", HEAD "term\tFever\t1\n", "line 2"},
    {"an empty field is refused", HEAD "term\t1\t\t1\n", "line 2"},
    {"a grade above 5 is refused", HEAD "#\ngrades\tFever\t1\t6\n", "line 3"},
    {"grades upside down are refused", HEAD "grades\tFever\t3\t2\n", "line 2"},
    {"a limit without a bound is refused", HEAD "limit\tHGB\t1\t-\t-\tg/L\n", "line 2"},
    {"a limit with a comma is refused", HEAD "limit\tHGB\t1\t4,9\t-\tg/L\n", "line 2"},
    {"a range upside down is refused", HEAD "range\tHGB\t-\t-\t-\t9\t8\tg/L\n", "line 2"},
    {"a range for an unknown sex is refused", HEAD "range\tHGB\tX\t-\t-\t7\t8\tg/L\n",
     "line 2"},
    {"a range with an age of half a year is refused",
     HEAD "range\tHGB\t-\t0.5\t-\t7\t8\tg/L\n", "line 2"},
    {"bytes that are no UTF-8 are refused", HEAD "term\t1\t\xff\t1\n", "UTF-8"},
};

static void check_wrong(void **state)
{
    const struct wrong_row *row = *state;
    const struct dictionary *dictionary = NULL;
    struct err err = {0};
    assert_int_equal(dictionary_read(span_text(row->text), arena, &dictionary, &err),
                     ERR_BAD_INPUT);
    assert_non_null(strstr(err.what, row->says));
    assert_null(dictionary);
}

struct grade_row {
    const char *name, *term;
    int grade;
    enum truth exists;
} grade_rows[] = {
    {"the definition's own row counts first", "Silent rash", 2, YES},
    {"a grade of the dictionary exists", "Fever of the test", 3, YES},
    {"the first of two lines counts", "Fever of the test", 4, NO},
    {"terms are compared without case", "FEVER OF THE TEST", 1, YES},
    {"a term without a row cannot be told", "Headache", 2, UNKNOWN},
};

static void check_grade(void **state)
{
    static const struct dictionary_version use = {.name = "CTCAE", .version = "5.0"};
    static const struct grade_range own = {.term = "silent rash", .min = 1, .max = 2};
    static const struct safety_section section = {
        .dictionaries = &use, .dictionary_count = 1, .grades = &own, .grade_count = 1};
    const struct grade_row *row = *state;
    assert_int_equal(dictionary_grade_exists(&set, &section, row->term, row->grade),
                     row->exists);
}

struct result_row {
    const char *name, *analyte, *value, *unit, *sex;
    int age, grade;
} result_rows[] = {
    {"a normal value has no grade", "HGB", "8.0", "mmol/L", "F", 40, 0},
    {"below the woman's normal range is grade 1", "HGB", "7.4", "mmol/L", "F", 40, 1},
    {"the same value is lower still for a man", "HGB", "8.4", "mmol/L", "M", 40, 1},
    {"the limit itself is not beyond it", "HGB", "6.2", "mmol/L", "F", 40, 1},
    {"below the limit is the next grade", "HGB", "6.19", "mmol/L", "F", 40, 2},
    {"far below is the highest that fits", "HGB", "3", "mmol/L", "F", 40, 3},
    {"a high grade is told without the normal range", "HGB", "3", "mmol/L", NULL, -1, 3},
    {"grade 1 is not told without the normal range", "HGB", "7.4", "mmol/L", NULL, -1, -1},
    {"a child has no range here", "HGB", "7.4", "mmol/L", "F", 4, -1},
    {"three times the upper bound is still grade 1", "ALT", "120", "U/L", NULL, -1, 1},
    {"more than three times is grade 2", "ALT", "120.5", "U/L", NULL, -1, 2},
    {"too low and too high both count", "NA", "156", "mmol/L", NULL, -1, 3},
    {"another unit cannot be told", "HGB", "7", "g/dL", "F", 40, -1},
    {"an analyte without limits cannot be told", "K", "4", "mmol/L", "F", 40, -1},
};

static void check_result(void **state)
{
    const struct result_row *row = *state;
    struct dictionary_result result = {
        .analyte = row->analyte, .unit = row->unit, .sex = row->sex, .age_years = row->age};
    assert_true(decimal_parse(span_text(row->value), false, &result.value));
    assert_int_equal(dictionary_grade_result(set_items[0], set_items[2], &result),
                     row->grade);
}

static void own_range_of_the_laboratory(void **state)
{
    (void) state;
    struct dictionary_result result = {.analyte = "ALT",
                                       .unit = "U/L",
                                       .value = decimal_of(100),
                                       .age_years = -1,
                                       .has_normal = true,
                                       .has_high = true,
                                       .high = decimal_of(30)};
    assert_int_equal(dictionary_grade_result(set_items[0], set_items[2], &result), 2);
}

static void terms_are_found(void **state)
{
    (void) state;
    const struct dictionary *terms = set_items[1];
    const struct dictionary_term *term = dictionary_term(terms, "warm FOREHEAD");
    assert_non_null(term);
    assert_string_equal(dictionary_code(terms, term->preferred)->text, "Fever of the test");
    assert_null(dictionary_term(terms, "Warm"));
    assert_null(dictionary_code(terms, "9"));
}

static void versions_are_kept_apart(void **state)
{
    (void) state;
    assert_ptr_equal(dictionaries_find(&set, "LAB", "M1"), set_items[2]);
    assert_null(dictionaries_find(&set, "LAB", "M2"));
    assert_null(dictionaries_find(NULL, "LAB", "M1"));
}

int main(void)
{
    arena = arena_new();
    set_items[0] = load(FOLDER "ctcae.tsv");
    set_items[1] = load(FOLDER "terms.tsv");
    set_items[2] = load(FOLDER "lab.tsv");
    add_rows(wrong_rows, ARRAY_LEN(wrong_rows), sizeof(wrong_rows[0]), check_wrong);
    add_rows(grade_rows, ARRAY_LEN(grade_rows), sizeof(grade_rows[0]), check_grade);
    add_rows(result_rows, ARRAY_LEN(result_rows), sizeof(result_rows[0]), check_result);
    add_test("a laboratory's own range goes before the dictionary's",
             own_range_of_the_laboratory);
    add_test("a term is found by its text and by its code", terms_are_found);
    add_test("a dictionary is found by name and version", versions_are_kept_apart);
    int failed = run_added("dictionaries");
    arena_free(arena);
    return failed;
}
