/* SPDX-License-Identifier: Apache-2.0 */
/*
** Lines are cut in place: the arena's copy of the text gets NULs, and rows point into it. Lists
** that are looked up often are sorted once; ties keep the file's order, so that the answer does
** not depend on the sort.
*/
#include "protocol/study/dictionary.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "protocol/study/safety_section.h"

#define FIELDS_MAX    8
#define LINE_MAX_SIZE 1024
#define MAGIC         "crfd-dictionary 1"

struct building {
    struct arena *arena;
    struct dictionary *dictionary;
    size_t line;
    char *fields[FIELDS_MAX];
    size_t count;
    struct dictionary_term *terms;
    struct dictionary_grades *grades;
    struct dictionary_range *ranges;
    struct dictionary_limit *limits;
    size_t term_room, grade_room, range_room, limit_room;
};

static status wrong(const struct building *b, const char *why, struct err *err)
{
    return FAIL(err, ERR_BAD_INPUT, "line %zu of the dictionary: %s", b->line, why);
}

/* ---- fields ---- */

static bool is_none(const char *field)
{
    return strcmp(field, "-") == 0;
}

static bool read_bound(const char *field, bool *ret_given, struct decimal *ret_value)
{
    *ret_given = !is_none(field);
    return !*ret_given || decimal_parse(span_text(field), false, ret_value);
}

static bool read_years(const char *field, int *ret_years)
{
    uint64_t years = 0;
    bool given = !is_none(field);
    bool right = !given || text_to_u64(span_text(field), 200, &years);
    *ret_years = given ? (int) years : -1;
    return right;
}

static bool read_grade(const char *field, int *ret_grade)
{
    uint64_t grade = 0;
    bool right = text_to_u64(span_text(field), 5, &grade) && grade > 0;
    *ret_grade = (int) grade;
    return right;
}

/* ---- one function for each kind of line ---- */

static const char *add_term(struct building *b)
{
    *ARENA_PUSH(b->arena, b->terms, b->dictionary->term_count, b->term_room) =
        (struct dictionary_term){
            .code = b->fields[1], .text = b->fields[2], .preferred = b->fields[3]};
    return NULL;
}

static const char *add_grades(struct building *b)
{
    struct dictionary_grades row = {.term = b->fields[1]};
    if (!read_grade(b->fields[2], &row.min) || !read_grade(b->fields[3], &row.max) ||
        row.min > row.max) {
        return "grades go from 1 to 5";
    }
    *ARENA_PUSH(b->arena, b->grades, b->dictionary->grade_count, b->grade_room) = row;
    return NULL;
}

static const char *add_range(struct building *b)
{
    struct dictionary_range row = {
        .analyte = b->fields[1], .sex = b->fields[2], .unit = b->fields[7]};
    if (strcmp(row.sex, "F") != 0 && strcmp(row.sex, "M") != 0 && !is_none(row.sex)) {
        return "sex is F, M or -";
    }
    if (!read_years(b->fields[3], &row.from_years) ||
        !read_years(b->fields[4], &row.to_years)) {
        return "ages are whole years or -";
    }
    if (!read_bound(b->fields[5], &row.has_low, &row.low) ||
        !read_bound(b->fields[6], &row.has_high, &row.high) ||
        (row.has_low && row.has_high && decimal_compare(row.low, row.high) > 0)) {
        return "a range has a low and a high number, or -";
    }
    *ARENA_PUSH(b->arena, b->ranges, b->dictionary->range_count, b->range_room) = row;
    return NULL;
}

static const char *add_limit(struct building *b)
{
    struct dictionary_limit row = {.analyte = b->fields[1], .unit = b->fields[5]};
    if (!read_grade(b->fields[2], &row.grade)) {
        return "grades go from 1 to 5";
    }
    if (!read_bound(b->fields[3], &row.has_low, &row.low) ||
        !read_bound(b->fields[4], &row.has_high, &row.high) ||
        (!row.has_low && !row.has_high)) {
        return "a limit has a low or a high number";
    }
    *ARENA_PUSH(b->arena, b->limits, b->dictionary->limit_count, b->limit_room) = row;
    return NULL;
}

static const struct {
    const char *word;
    size_t fields;
    const char *(*add)(struct building *b);
} KINDS[] = {{"term", 4, add_term},
             {"grades", 4, add_grades},
             {"range", 8, add_range},
             {"limit", 6, add_limit}};

static status add_row(struct building *b, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(KINDS); i++) {
        if (strcmp(KINDS[i].word, b->fields[0]) == 0) {
            const char *why = b->count == KINDS[i].fields
                                  ? KINDS[i].add(b)
                                  : "it has not the fields of its kind";
            return why == NULL ? OK : wrong(b, why, err);
        }
    }
    return wrong(b, "it begins with none of term, grades, range, limit", err);
}

/* ---- lines ---- */

static bool cut_fields(struct building *b, char *line)
{
    b->count = 0;
    for (char *field = line; field != NULL;) {
        char *tab = strchr(field, '\t');
        if (tab != NULL) {
            *tab = '\0';
        }
        if (*field == '\0' || b->count == FIELDS_MAX) {
            return false;
        }
        b->fields[b->count++] = field;
        field = tab != NULL ? tab + 1 : NULL;
    }
    return true;
}

static status take_line(struct building *b, char *line, struct err *err)
{
    if (b->line > 1 && (*line == '#' || *line == '\0')) {
        return OK;
    }
    if (strlen(line) > LINE_MAX_SIZE || !cut_fields(b, line)) {
        return wrong(b, "it is too long, or has an empty field", err);
    }
    if (b->line > 1) {
        return add_row(b, err);
    }
    if (b->count != 3 || strcmp(b->fields[0], MAGIC) != 0) {
        return wrong(b, "it should be " MAGIC ", name and version", err);
    }
    b->dictionary->name = b->fields[1];
    b->dictionary->version = b->fields[2];
    return OK;
}

static status take_lines(struct building *b, char *text, struct err *err)
{
    for (char *line = text; line != NULL && (*line != '\0' || b->line == 0);) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end = '\0';
        }
        size_t size = strlen(line);
        if (size > 0 && line[size - 1] == '\r') {
            line[size - 1] = '\0';
        }
        b->line++;
        TRY(take_line(b, line, err));
        line = end != NULL ? end + 1 : NULL;
    }
    return OK;
}

/* ---- sorting and finding ---- */

static int by_text(const void *a, const void *b)
{
    const struct dictionary_term *left = a;
    const struct dictionary_term *right = b;
    int order = strcasecmp(left->text, right->text);
    return order != 0 ? order : left->text < right->text ? -1 : 1;
}

static int by_code(const void *a, const void *b)
{
    const struct dictionary_term *left = *(const struct dictionary_term *const *) a;
    const struct dictionary_term *right = *(const struct dictionary_term *const *) b;
    int order = strcmp(left->code, right->code);
    return order != 0 ? order : left->code < right->code ? -1 : 1;
}

static int by_term(const void *a, const void *b)
{
    const struct dictionary_grades *left = a;
    const struct dictionary_grades *right = b;
    int order = strcasecmp(left->term, right->term);
    return order != 0 ? order : left->term < right->term ? -1 : 1;
}

static void finish(struct building *b)
{
    struct dictionary *d = b->dictionary;
    d->by_code = ARENA_ARRAY(b->arena, d->term_count + 1, const struct dictionary_term *);
    if (d->term_count > 0) {
        qsort(b->terms, d->term_count, sizeof(*b->terms), by_text);
        for (size_t i = 0; i < d->term_count; i++) {
            d->by_code[i] = &b->terms[i];
        }
        qsort(d->by_code, d->term_count, sizeof(struct dictionary_term *), by_code);
    }
    if (d->grade_count > 0) {
        qsort(b->grades, d->grade_count, sizeof(*b->grades), by_term);
    }
    d->terms = b->terms;
    d->grades = b->grades;
    d->ranges = b->ranges;
    d->limits = b->limits;
}

bool dictionary_is(struct span text)
{
    return span_starts(text, "crfd-dictionary ");
}

status dictionary_read(struct span text, struct arena *arena,
                       const struct dictionary **ret_dictionary, struct err *err)
{
    struct building b = {.arena = arena, .dictionary = ARENA_NEW(arena, struct dictionary)};
    if (text.size > DICTIONARY_SIZE_MAX || !text_is_utf8(text) ||
        (text.size > 0 && memchr(text.data, '\0', text.size) != NULL)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "the dictionary is no UTF-8 text of at most 64 MiB");
    }
    TRY(take_lines(&b, arena_span_text(arena, text), err));
    finish(&b);
    *ret_dictionary = b.dictionary;
    return OK;
}

const struct dictionary *dictionaries_find(const struct dictionaries *set, const char *name,
                                           const char *version)
{
    for (size_t i = 0; set != NULL && i < set->count; i++) {
        if (strcmp(set->items[i]->name, name) == 0 &&
            strcmp(set->items[i]->version, version) == 0) {
            return set->items[i];
        }
    }
    return NULL;
}

const struct dictionary *dictionary_in_use(const struct dictionaries *set,
                                           const struct safety_section *section,
                                           const char *name)
{
    for (size_t i = 0; i < section->dictionary_count; i++) {
        if (strcmp(section->dictionaries[i].name, name) == 0) {
            return dictionaries_find(set, name, section->dictionaries[i].version);
        }
    }
    return NULL;
}

const struct dictionary_term *dictionary_term(const struct dictionary *dictionary,
                                              const char *text)
{
    size_t low = 0;
    size_t high = dictionary->term_count;
    while (low < high) { /* the first that is not less */
        size_t middle = low + (high - low) / 2;
        if (strcasecmp(dictionary->terms[middle].text, text) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < dictionary->term_count &&
                   strcasecmp(dictionary->terms[low].text, text) == 0
               ? &dictionary->terms[low]
               : NULL;
}

const struct dictionary_term *dictionary_code(const struct dictionary *dictionary,
                                              const char *code)
{
    size_t low = 0;
    size_t high = dictionary->term_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(dictionary->by_code[middle]->code, code) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < dictionary->term_count && strcmp(dictionary->by_code[low]->code, code) == 0
               ? dictionary->by_code[low]
               : NULL;
}

static const struct dictionary_grades *find_grades(const struct dictionary *dictionary,
                                                   const char *term)
{
    size_t low = 0;
    size_t high = dictionary->grade_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcasecmp(dictionary->grades[middle].term, term) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < dictionary->grade_count &&
                   strcasecmp(dictionary->grades[low].term, term) == 0
               ? &dictionary->grades[low]
               : NULL;
}

enum truth dictionary_grade_exists(const struct dictionaries *set,
                                   const struct safety_section *section, const char *term,
                                   int grade)
{
    enum truth own = safety_grade_exists(section, term, grade);
    const struct dictionary *ctcae = dictionary_in_use(set, section, "CTCAE");
    if (own != UNKNOWN || ctcae == NULL) {
        return own;
    }
    const struct dictionary_grades *row = find_grades(ctcae, term);
    return row == NULL ? UNKNOWN : grade >= row->min && grade <= row->max ? YES : NO;
}

/* ---- results ---- */

static bool fits(const struct dictionary_range *range,
                 const struct dictionary_result *result)
{
    bool sex = is_none(range->sex) ||
               (result->sex != NULL && strcmp(range->sex, result->sex) == 0);
    bool bounded = range->from_years >= 0 || range->to_years >= 0;
    bool age =
        !bounded || (result->age_years >= 0 && result->age_years >= range->from_years &&
                     (range->to_years < 0 || result->age_years <= range->to_years));
    return sex && age && strcmp(range->analyte, result->analyte) == 0 &&
           strcmp(range->unit, result->unit) == 0;
}

/* The normal bound LLN or ULN of RESULT. */
static bool normal_bound(const struct dictionary *ranges,
                         const struct dictionary_result *result, bool upper,
                         struct decimal *ret_bound)
{
    if (result->has_normal) {
        *ret_bound = upper ? result->high : result->low;
        return upper ? result->has_high : result->has_low;
    }
    for (size_t i = 0; ranges != NULL && i < ranges->range_count; i++) {
        const struct dictionary_range *range = &ranges->ranges[i];
        if (fits(range, result)) {
            *ret_bound = upper ? range->high : range->low;
            return upper ? range->has_high : range->has_low;
        }
    }
    return false;
}

/* Is the value beyond the limit? */
static enum truth is_beyond(const struct dictionary_limit *limit,
                            const struct dictionary *ranges,
                            const struct dictionary_result *result)
{
    bool upper = strcmp(limit->unit, "ULN") == 0;
    struct decimal low = limit->low;
    struct decimal high = limit->high;
    struct decimal normal = {0};
    if (upper || strcmp(limit->unit, "LLN") == 0) {
        if (!normal_bound(ranges, result, upper, &normal) ||
            !decimal_multiply(limit->low, normal, &low) ||
            !decimal_multiply(limit->high, normal, &high)) {
            return UNKNOWN;
        }
    } else if (strcmp(limit->unit, result->unit) != 0) {
        return UNKNOWN;
    }
    bool beyond = (limit->has_low && decimal_compare(result->value, low) < 0) ||
                  (limit->has_high && decimal_compare(result->value, high) > 0);
    return beyond ? YES : NO;
}

int dictionary_grade_result(const struct dictionary *limits,
                            const struct dictionary *ranges,
                            const struct dictionary_result *result)
{
    int best = -1;  /* -1: no row at all */
    int maybe = -1; /* the highest that cannot be told */
    for (size_t i = 0; limits != NULL && i < limits->limit_count; i++) {
        const struct dictionary_limit *limit = &limits->limits[i];
        if (strcmp(limit->analyte, result->analyte) != 0) {
            continue;
        }
        enum truth beyond = is_beyond(limit, ranges, result);
        best = best < 0 ? 0 : best;
        best = beyond == YES && limit->grade > best ? limit->grade : best;
        maybe = beyond == UNKNOWN && limit->grade > maybe ? limit->grade : maybe;
    }
    return maybe > best ? -1 : best;
}
