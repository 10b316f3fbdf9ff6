/* SPDX-License-Identifier: Apache-2.0 */
/*
** How grave an event is: which grades exist for a term (20), what the laboratory's values say
** (21), and by which scale it is graded (22). A grade is a person's judgement: these ask.
**
** LABGRADE.<ItemOID> says what a laboratory value makes of a term: "below - 75 50 25 Platelet
** count decreased" are the limits of grades 1 to 4; "-" is a limit that nobody gave (it depends
** on the laboratory), so that the two grades on its sides cannot be told apart. "PLAT Platelet
** count decreased" leaves the limits to the operator's dictionaries: those of analyte PLAT in
** CTCAE, normal bounds in LAB.
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
    const char *analyte; /* of the dictionaries; NULL: the limits stand here */
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
    if (!ret_grade->below && !span_is(span_of(text, size), "above")) {
        ret_grade->analyte = text;
        ret_grade->term = text + size + strspn(text + size, " ");
        return size > 0 && *ret_grade->term != '\0';
    }
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

static const struct item_data *answer_of(struct subject_form form, const char *item)
{
    for (size_t i = 0; i < form.data->count; i++) {
        const struct group_data *group = &form.data->groups[i];
        for (size_t j = 0; j < group->count; j++) {
            if (strcmp(group->items[j].oid, item) == 0 && group->items[j].value != NULL) {
                return &group->items[j];
            }
        }
    }
    return NULL;
}

struct lab_result {
    const struct item_data *item;
    struct decimal value;
    struct value when;
};

/* The next result of ITEM from the start of the event to its end; *cursor starts at 0. */
static bool next_result(const struct checker *c, const char *item, size_t *cursor,
                        struct lab_result *ret_result)
{
    struct subject_form form = checked_form(c), lab;
    struct value start, end;
    bool has_end = said_when(c, form, MEANING_AEENDTC, &end);
    if (!said_when(c, form, MEANING_AESTDTC, &start)) {
        return false;
    }
    while (next_form(c, MEANING_LBDTC, cursor, &lab)) {
        ret_result->item = answer_of(lab, item);
        if (ret_result->item != NULL &&
            decimal_parse(span_text(ret_result->item->value), true, &ret_result->value) &&
            said_when(c, lab, MEANING_LBDTC, &ret_result->when) &&
            interval_before(ret_result->when.when, start.when) != YES &&
            !(has_end && interval_after(ret_result->when.when, end.when) == YES)) {
            return true;
        }
    }
    return false;
}

/* The worst value of the item in the time of the event; false: none. */
static bool worst_value(const struct checker *c, const struct lab_grade *table,
                        struct decimal *ret_worst)
{
    struct lab_result result;
    bool found = false;
    for (size_t cursor = 0; next_result(c, table->item, &cursor, &result);) {
        int order = found ? decimal_compare(result.value, *ret_worst) : 0;
        if (!found || (table->below ? order < 0 : order > 0)) {
            *ret_worst = result.value;
            found = true;
        }
    }
    return found;
}

static void say_grade(struct checker *c, struct decimal worst, const char *grades,
                      int grade)
{
    char text[DECIMAL_SIZE];
    if (decimal_format(worst, text)) {
        checker_say(c, checked_form(c), "21", MEANING_AETOXGR, SAY_ASK,
                    TEXT(c, "21", arena_text(c->findings->arena, text), grades,
                         number_text(c, grade)));
    }
}

static void compare_grade(struct checker *c, const struct lab_grade *table, int grade)
{
    struct decimal worst;
    int least, most;
    if (!worst_value(c, table, &worst)) {
        return;
    }
    grade_value(table, worst, &least, &most);
    if (grade < least || grade > most) {
        say_grade(c, worst,
                  least == most ? number_text(c, least)
                                : arena_printf(c->findings->arena, "%d-%d", least, most),
                  grade);
    }
}

/* ---- 21 by the operator's dictionaries ---- */

static int64_t day_of(instant wall)
{
    return wall / DAY - (wall % DAY < 0);
}

/* Days from birth to WHEN, at least and at most; false: the birth is not known. */
static bool age_in_days(const struct checker *c, const struct value *when,
                        int64_t *ret_least, int64_t *ret_most)
{
    struct subject_form form;
    struct value birth;
    for (size_t cursor = 0; next_form(c, MEANING_BRTHDTC, &cursor, &form);) {
        if (said_when(c, form, MEANING_BRTHDTC, &birth)) {
            *ret_least = day_of(when->wall.earliest) - day_of(birth.wall.latest);
            *ret_most = day_of(when->wall.latest) - day_of(birth.wall.earliest);
            return true;
        }
    }
    return false;
}

static const char *sex_of(const struct checker *c)
{
    struct subject_form form;
    for (size_t cursor = 0; next_form(c, MEANING_SEX, &cursor, &form);) {
        if (said(form, MEANING_SEX) != NULL) {
            return said(form, MEANING_SEX);
        }
    }
    return NULL;
}

/* The grade of RESULT by the dictionaries; -1: cannot tell. A unit is compared by its name, the
 * item's first where none was said; whole years as the year has 365.25 days, and not known
 * where that leaves two. */
static int grade_by_dictionary(const struct checker *c, const struct lab_grade *table,
                               const struct lab_result *result)
{
    const struct safety_section *section = safety_section_of(c->version);
    const struct dictionaries *set = c->context->dictionaries;
    const struct item_def *item = version_item(c->version, table->item);
    const struct measurement_unit *unit = study_unit(c->version->study, result->item->unit);
    int64_t least, most;
    bool aged = age_in_days(c, &result->when, &least, &most) && least >= 0 &&
                least * 4 / 1461 == most * 4 / 1461;
    if (unit == NULL && item != NULL && item->unit_count > 0) {
        unit = item->units[0];
    }
    size_t size = strcspn(table->analyte, " ");
    struct dictionary_result asked = {
        .analyte = arena_span_text(c->findings->arena, span_of(table->analyte, size)),
        .unit = unit != NULL ? unit->name : "",
        .value = result->value,
        .sex = sex_of(c),
        .age_years = aged ? (int) (least * 4 / 1461) : -1};
    return dictionary_grade_result(dictionary_in_use(set, section, "CTCAE"),
                                   dictionary_in_use(set, section, "LAB"), &asked);
}

/* Some value has a higher grade; or all can be told, and none has this one. */
static void compare_by_dictionary(struct checker *c, const struct lab_grade *table,
                                  int grade)
{
    struct lab_result result, worst = {0};
    int highest = -1;
    bool all = true;
    for (size_t cursor = 0; next_result(c, table->item, &cursor, &result);) {
        int own = grade_by_dictionary(c, table, &result);
        all = all && own >= 0;
        if (own > highest) {
            highest = own;
            worst = result;
        }
    }
    if (highest > grade || (all && highest >= 0 && highest < grade)) {
        say_grade(c, worst.value, number_text(c, highest), grade);
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
            (table.analyte != NULL ? compare_by_dictionary : compare_grade)(c, &table,
                                                                            grade);
        }
    }
}

/* ---- 22 ---- */

#define SCALE "crfd:scale"

/* The scale for the event's day and the subject's age then; NULL: none, or cannot tell. */
static const struct severity_scale *scale_of(const struct checker *c)
{
    const struct safety_section *section = safety_section_of(c->version);
    struct value start;
    int64_t least, most;
    const char *day = said(checked_form(c), MEANING_AESTDTC);
    if (!said_when(c, checked_form(c), MEANING_AESTDTC, &start) || !start.has_day ||
        !age_in_days(c, &start, &least, &most) || least < 0 || most > 100000) {
        return NULL;
    }
    day = arena_span_text(c->findings->arena, span_of(day, 10));
    const struct severity_scale *scale = safety_scale(section, (int) least, day);
    return scale == safety_scale(section, (int) most, day) ? scale : NULL;
}

struct scale_item {
    struct place_of_item place;
    const struct item_data *answer;
};

static struct scale_item item_of_scale(const struct checker *c, const char *name)
{
    struct scale_item item = {.place = form_find_alias(c->def, SCALE, name)};
    if (item.place.item != NULL) {
        item.answer = answer_of(checked_form(c), item.place.item->item->oid);
    }
    return item;
}

static void say_scale(struct checker *c, const struct scale_item *item, const char *id,
                      const struct severity_scale *scale)
{
    const char *name =
        arena_printf(c->findings->arena, "%s %s", scale->name, scale->version);
    say_at(c, checked_form(c), "22",
           item_path(c->findings->arena, item->place.group->group->oid, NULL,
                     item->place.item->item->oid),
           SAY_ASK, TEXT(c, id, name), NULL);
}

/* The scale in force has no grade though another has; or one that is only for an age has. */
void rule_22(struct checker *c)
{
    const struct safety_section *section = safety_section_of(c->version);
    const struct severity_scale *now = section->scale_count > 1 ? scale_of(c) : NULL;
    struct scale_item own = {0};
    bool other = false;
    if (now == NULL) {
        return;
    }
    own = item_of_scale(c, now->name);
    for (size_t i = 0; i < section->scale_count; i++) {
        const struct severity_scale *scale = &section->scales[i];
        struct scale_item item = item_of_scale(c, scale->name);
        bool is_other = strcmp(scale->name, now->name) != 0 && item.answer != NULL;
        other = other || is_other;
        if (is_other && scale->until_age_days >= 0) {
            say_scale(c, &item, "22.other", scale);
        }
    }
    if (own.place.item != NULL && own.answer == NULL && other) {
        say_scale(c, &own, "22", now);
    }
}
