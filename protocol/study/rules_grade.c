/* SPDX-License-Identifier: Apache-2.0 */
/*
** How grave an event is: which grades exist for a term (20), and what the laboratory's values
** say (21). A grade is a person's judgement: these ask.
**
** LABGRADE.<ItemOID> says what a laboratory value makes of a term: "below - 75 50 25 Platelet
** count decreased" are the limits of grades 1 to 4; "-" is a limit that nobody gave (it depends
** on the laboratory), so that the two grades on its sides cannot be told apart.
*/
#include "protocol/study/check_impl.h"
#include "protocol/study/safety_section.h"

#include <strings.h>

#define LABGRADE "LABGRADE."

static int grade_of(struct subject_form form, enum meaning meaning)
{
    const char *text = said(form, meaning);
    return text != NULL && strlen(text) == 1 && text[0] >= '1' && text[0] <= '5'
               ? text[0] - '0'
               : 0;
}

/* ---- 20 ---- */

void rule_20(struct checker *c)
{
    struct subject_form form = checked_form(c);
    const struct safety_section *section = safety_section_of(c->version);
    const char *term = said(form, MEANING_AETERM);
    int grade = grade_of(form, MEANING_AETOXGR);
    if (term != NULL && grade > 0 &&
        dictionary_grade_exists(c->context->dictionaries, section, term, grade) == NO) {
        checker_say(c, form, "20", MEANING_AETOXGR, SAY_ASK,
                    TEXT(c, "20", number_text(c, grade), term));
    }
}

/* ---- 21 ---- */

struct lab_grade {
    const char *item, *term;
    bool below;
    bool has_limit[4]; /* of grades 1 to 4 */
    struct decimal limit[4];
};

static bool read_lab_grade(const struct parameter *parameter, struct lab_grade *ret_grade)
{
    const char *text = parameter->value;
    size_t size = strcspn(text, " ");
    if (strncmp(parameter->name, LABGRADE, strlen(LABGRADE)) != 0) {
        return false;
    }
    *ret_grade = (struct lab_grade){.item = parameter->name + strlen(LABGRADE),
                                    .below = span_is(span_of(text, size), "below")};
    for (size_t i = 0; i < 4; i++) {
        text += size;
        text += strspn(text, " ");
        size = strcspn(text, " ");
        ret_grade->has_limit[i] =
            decimal_parse(span_of(text, size), false, &ret_grade->limit[i]);
    }
    text += size;
    ret_grade->term = text + strspn(text, " ");
    return *ret_grade->term != '\0';
}

/* The least and the most that VALUE can be graded: the highest limit that it passes, and up to
 * the next one that is known. */
static void grade_value(const struct lab_grade *table, struct decimal value, int *ret_least,
                        int *ret_most)
{
    *ret_least = 0;
    *ret_most = 4;
    for (int i = 0; i < 4; i++) {
        if (!table->has_limit[i]) {
            continue;
        }
        int order = decimal_compare(value, table->limit[i]);
        if (table->below ? order < 0 : order > 0) {
            *ret_least = i + 1;
        } else if (*ret_most > i) {
            *ret_most = i;
        }
    }
}

static const char *answer_of(struct subject_form form, const char *item)
{
    for (size_t i = 0; i < form.data->count; i++) {
        const struct group_data *group = &form.data->groups[i];
        for (size_t j = 0; j < group->count; j++) {
            if (strcmp(group->items[j].oid, item) == 0) {
                return group->items[j].value;
            }
        }
    }
    return NULL;
}

/* The worst value of the item from the start of the event to its end; false: none. */
static bool worst_value(const struct checker *c, const struct lab_grade *table,
                        struct decimal *ret_worst)
{
    struct subject_form form = checked_form(c), lab;
    struct value start, end, when;
    bool found = false;
    bool has_end = said_when(c, form, MEANING_AEENDTC, &end);
    if (!said_when(c, form, MEANING_AESTDTC, &start)) {
        return false;
    }
    for (size_t cursor = 0; next_form(c, MEANING_LBDTC, &cursor, &lab);) {
        const char *text = answer_of(lab, table->item);
        struct decimal value;
        if (text == NULL || !decimal_parse(span_text(text), true, &value) ||
            !said_when(c, lab, MEANING_LBDTC, &when) ||
            interval_before(when.when, start.when) == YES ||
            (has_end && interval_after(when.when, end.when) == YES)) {
            continue;
        }
        int order = found ? decimal_compare(value, *ret_worst) : 0;
        if (!found || (table->below ? order < 0 : order > 0)) {
            *ret_worst = value;
            found = true;
        }
    }
    return found;
}

static void compare_grade(struct checker *c, const struct lab_grade *table, int grade)
{
    char text[DECIMAL_SIZE];
    struct decimal worst;
    int least, most;
    if (!worst_value(c, table, &worst)) {
        return;
    }
    grade_value(table, worst, &least, &most);
    if ((grade < least || grade > most) && decimal_format(worst, text)) {
        const char *range = least == most
                                ? number_text(c, least)
                                : arena_printf(c->findings->arena, "%d-%d", least, most);
        checker_say(c, checked_form(c), "21", MEANING_AETOXGR, SAY_ASK,
                    TEXT(c, "21", arena_text(c->findings->arena, text), range,
                         number_text(c, grade)));
    }
}

void rule_21(struct checker *c)
{
    struct subject_form form = checked_form(c);
    const char *term = said(form, MEANING_AETERM);
    int grade = grade_of(form, MEANING_AETOXGR);
    for (size_t i = 0; term != NULL && grade > 0 && i < c->version->parameter_count; i++) {
        struct lab_grade table;
        if (read_lab_grade(&c->version->parameters[i], &table) &&
            strcasecmp(table.term, term) == 0) {
            compare_grade(c, &table, grade);
        }
    }
}
