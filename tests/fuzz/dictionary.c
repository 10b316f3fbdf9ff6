/* SPDX-License-Identifier: Apache-2.0 */
/*
** dictionary: an operator's file is read, or refused with the line; what was read can be asked.
*/
#include "protocol/study/dictionary.h"

#include "protocol/study/safety_section.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct dictionary *d = NULL;
    struct err err;
    if (dictionary_read(span_of(data, size), arena, &d, &err) != OK) {
        return 0;
    }
    for (size_t i = 0; i < d->term_count; i++) {
        const struct dictionary_term *found = dictionary_term(d, d->terms[i].text);
        BUG_IF(found == NULL || found > &d->terms[i]);
        BUG_IF(dictionary_code(d, d->terms[i].code) == NULL);
    }
    struct dictionary_version use = {.name = "CTCAE", .version = d->version};
    struct safety_section section = {.dictionaries = &use, .dictionary_count = 1};
    struct dictionaries set = {&d, 1};
    for (size_t i = 0; i < d->grade_count; i++) {
        (void) dictionary_grade_exists(&set, &section, d->grades[i].term, 3);
    }
    for (size_t i = 0; i < d->limit_count; i++) {
        struct dictionary_result result = {.analyte = d->limits[i].analyte,
                                           .unit = d->limits[i].unit,
                                           .value = d->limits[i].low,
                                           .sex = "F",
                                           .age_years = 40};
        int grade = dictionary_grade_result(d, d, &result);
        BUG_IF(grade < -1 || grade > 5);
    }
    return 0;
}
