/* SPDX-License-Identifier: Apache-2.0 */
/*
** crfd:Safety: the safety section of a definition. Every child is one row of a list; what is
** wrong is reported with its line (ODM-22) and reading goes on.
*/
#include "base/text.h"
#include "protocol/study/odm_reader.h"
#include "protocol/study/safety_section.h"

static int whole_number(struct reader *reader, const struct xml_node *node,
                        const char *name, int otherwise)
{
    int64_t number = 0;
    const char *text = odm_text(reader, node, name);
    if (*text == '\0') {
        return otherwise;
    }
    if (!text_to_i64(span_text(text), &number) || number < -36500 || number > 36500) {
        odm_report(reader, node, "ODM-22", "%s must be a whole number", name);
        return otherwise;
    }
    return (int) number;
}

static bool is_day(const char *text)
{
    static const char shape[] = "0000-00-00";
    if (strlen(text) != sizeof(shape) - 1) {
        return false;
    }
    for (size_t i = 0; shape[i] != '\0'; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == '0' ? !digit : text[i] != '-') {
            return false;
        }
    }
    return true;
}

static const char *read_day(struct reader *reader, const struct xml_node *node,
                            const char *name)
{
    const char *text = odm_text(reader, node, name);
    if (*text == '\0') {
        return NULL;
    }
    if (!is_day(text)) {
        odm_report(reader, node, "ODM-22", "%s must be a day like 2026-01-31", name);
        return NULL;
    }
    return text;
}

static struct days read_days(struct reader *reader, const struct xml_node *node)
{
    struct days when = {read_day(reader, node, "From"), read_day(reader, node, "To")};
    if (when.from != NULL && when.to != NULL && strcmp(when.from, when.to) > 0) {
        odm_report(reader, node, "ODM-22", "From is later than To");
    }
    return when;
}

static int choose(struct reader *reader, const struct xml_node *node, const char *name,
                  const char *otherwise, const char *const *names)
{
    const char *text = odm_text(reader, node, name);
    int index = odm_choice(reader, node, name, *text != '\0' ? text : otherwise, names);
    return index < 0 ? 0 : index;
}

/* ---- the children, one function each ---- */

static void read_regime(struct reader *reader, const struct xml_node *node, void *row)
{
    static const char *const names[] = {"CTR", "WMO", "FDA", NULL};
    static const char *const zeros[] = {"awareness", "next", NULL};
    *(struct regime *) row = (struct regime){
        .name = (enum safety_regime) choose(reader, node, "Name", "", names),
        .when = read_days(reader, node),
        .next_day = choose(reader, node, "DayZero", zeros[0], zeros) == 1,
        .evidence = odm_evidence(reader, node)};
}

static void read_criterion(struct reader *reader, const struct xml_node *node, void *row)
{
    enum meaning meaning;
    const char *alias = odm_needed(reader, node, "Alias");
    if (*alias != '\0' && !meaning_parse("SDTM", alias, &meaning)) {
        odm_report(reader, node, "ODM-22", "Alias %.40s is no criterion that is known",
                   alias);
    }
    *(const char **) row = alias;
}

static void read_scale(struct reader *reader, const struct xml_node *node, void *row)
{
    *(struct severity_scale *) row = (struct severity_scale){
        .name = odm_needed(reader, node, "Name"),
        .version = odm_needed(reader, node, "Version"),
        .when = read_days(reader, node),
        .until_age_days = whole_number(reader, node, "UntilAge", -1),
        .evidence = odm_evidence(reader, node)};
}

static int read_grade(struct reader *reader, const struct xml_node *node, const char *name,
                      int otherwise)
{
    int grade = whole_number(reader, node, name, otherwise);
    if (grade < 1 || grade > 5) {
        odm_report(reader, node, "ODM-22", "%s must be a grade, 1 to 5", name);
        return otherwise;
    }
    return grade;
}

static void read_grades(struct reader *reader, const struct xml_node *node, void *row)
{
    struct grade_range range = {.term = odm_needed(reader, node, "Term"),
                                .min = read_grade(reader, node, "Min", 1),
                                .max = read_grade(reader, node, "Max", 5),
                                .evidence = odm_evidence(reader, node)};
    if (range.min > range.max) {
        odm_report(reader, node, "ODM-22", "Min is greater than Max");
    }
    *(struct grade_range *) row = range;
}

static void read_special(struct reader *reader, const struct xml_node *node, void *row)
{
    *(struct special_interest *) row =
        (struct special_interest){.term = odm_needed(reader, node, "Term"),
                                  .kind = odm_text(reader, node, "Kind"),
                                  .evidence = odm_evidence(reader, node)};
}

static void read_expected(struct reader *reader, const struct xml_node *node, void *row)
{
    *(struct expected_event *) row =
        (struct expected_event){.term = odm_needed(reader, node, "Term"),
                                .rsi = odm_needed(reader, node, "RSI"),
                                .max_grade = read_grade(reader, node, "MaxGrade", 4),
                                .when = read_days(reader, node),
                                .evidence = odm_evidence(reader, node)};
}

static void read_exempt(struct reader *reader, const struct xml_node *node, void *row)
{
    struct exempt_event exempt = {.term = odm_needed(reader, node, "Term"),
                                  .anchor = odm_needed(reader, node, "Anchor"),
                                  .from = whole_number(reader, node, "From", 0),
                                  .to = whole_number(reader, node, "To", 0),
                                  .max_grade = read_grade(reader, node, "MaxGrade", 3),
                                  .evidence = odm_evidence(reader, node)};
    if (exempt.from > exempt.to) {
        odm_report(reader, node, "ODM-22", "From is later than To");
    }
    *(struct exempt_event *) row = exempt;
}

static void read_stay(struct reader *reader, const struct xml_node *node, void *row)
{
    struct planned_stay stay = {.form = odm_text(reader, node, "FormOID"),
                                .anchor = odm_text(reader, node, "Anchor"),
                                .hours = whole_number(reader, node, "Hours", 0),
                                .evidence = odm_evidence(reader, node)};
    if (stay.hours <= 0) {
        odm_report(reader, node, "ODM-22", "crfd:PlannedStay needs its Hours");
    }
    if (*stay.form != '\0' && version_form(reader->version, stay.form) == NULL) {
        odm_report(reader, node, "ODM-11", "FormOID %.120s is not defined", stay.form);
    }
    *(struct planned_stay *) row = stay;
}

static void read_dictionary(struct reader *reader, const struct xml_node *node, void *row)
{
    *(struct dictionary_version *) row =
        (struct dictionary_version){.name = odm_needed(reader, node, "Name"),
                                    .version = odm_needed(reader, node, "Version"),
                                    .evidence = odm_evidence(reader, node)};
}

/* Of how many: of one subject no share can be asked. */
static void check_counts(struct reader *reader, const struct xml_node *node,
                         const struct stopping_rule *rule)
{
    bool shared = rule->of != 0 || rule->share != 0;
    if (rule->count < 1) {
        odm_report(reader, node, "ODM-22", "Count must be at least 1");
    }
    if (rule->of != 0 && rule->of < rule->count) {
        odm_report(reader, node, "ODM-22", "Of must be at least Count");
    }
    if (rule->share < 0 || rule->share > 100) {
        odm_report(reader, node, "ODM-22", "Share must be percent, 1 to 100");
    }
    if (shared && rule->scope == STOP_SUBJECT) {
        odm_report(reader, node, "ODM-22", "Of and Share need a scope of more than one");
    }
}

static void read_stopping(struct reader *reader, const struct xml_node *node, void *row)
{
    static const char *const scopes[] = {"subject", "cohort", "site", "study", NULL};
    static const char *const whens[] = {"related", "serious", "fatal",
                                        "grave",   "susar",   NULL};
    static const char *const activities[] = {"dosing",     "enrolment", "randomisation",
                                             "escalation", "release",   "conditioning",
                                             NULL};
    struct stopping_rule rule = {
        .oid = odm_oid(reader, node, "OID"),
        .rule = odm_text(reader, node, "Rule"),
        .activity = activities[choose(reader, node, "Activity", activities[0], activities)],
        .scope = (enum stopping_scope) choose(reader, node, "Scope", "study", scopes),
        .when = (enum stopping_when) choose(reader, node, "When", "related", whens),
        .count = whole_number(reader, node, "Count", 1),
        .of = whole_number(reader, node, "Of", 0),
        .share = whole_number(reader, node, "Share", 0),
        .expression = odm_expression(reader, node, USE_STOPPING),
        .evidence = odm_evidence(reader, node)};
    check_counts(reader, node, &rule);
    if (rule.expression != NULL && xml_get(node, "When") != NULL) {
        odm_report(reader, node, "ODM-22",
                   "a stopping rule has either When or a FormalExpression");
    }
    if (*rule.rule == '\0') {
        rule.rule = rule.oid;
    }
    *(struct stopping_rule *) row = rule;
}

/* ---- the section ---- */

#define ROWS_MAX 5000

/* Read all children NAME of NODE, each SIZE bytes, into an array. */
static const void *
read_list(struct reader *reader, const struct xml_node *node, const char *name, size_t size,
          void (*read)(struct reader *reader, const struct xml_node *node, void *row),
          size_t *ret_count)
{
    size_t count = 0;
    for (const struct xml_node *c = xml_child_crfd(node, name); c != NULL;
         c = xml_next_crfd(c, name)) {
        count++;
    }
    if (count > ROWS_MAX) {
        odm_report(reader, node, "ODM-22", "more than %d crfd:%s", ROWS_MAX, name);
        return NULL;
    }
    char *rows = ARENA_ARRAY(reader->arena, (count + 1) * size, char);
    size_t row = 0;
    for (const struct xml_node *c = xml_child_crfd(node, name); c != NULL;
         c = xml_next_crfd(c, name)) {
        read(reader, c, rows + row++ * size);
    }
    *ret_count = count;
    return rows;
}

static void check_stopping(struct reader *reader, const struct xml_node *node,
                           const struct safety_section *section)
{
    for (size_t i = 0; i < section->stopping_count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(section->stopping[i].oid, section->stopping[j].oid) == 0) {
                odm_report(reader, node, "ODM-22", "the stopping rule %.60s stands twice",
                           section->stopping[i].oid);
            }
        }
    }
}

void odm_read_safety(struct reader *reader, const struct xml_node *parent)
{
    const struct xml_node *node = xml_child_crfd(parent, "Safety");
    if (node == NULL) {
        return;
    }
    struct safety_section *s = ARENA_NEW(reader->arena, struct safety_section);
    s->given = true;
#define READ(member, count, name, function)                                                \
    s->member = read_list(reader, node, name, sizeof(*s->member), function, &s->count)
    READ(regimes, regime_count, "Regime", read_regime);
    READ(criteria, criterion_count, "Criterion", read_criterion);
    READ(scales, scale_count, "SeverityScale", read_scale);
    READ(grades, grade_count, "Grade", read_grades);
    READ(special, special_count, "SpecialInterest", read_special);
    READ(expected, expected_count, "Expected", read_expected);
    READ(exempt, exempt_count, "Exempt", read_exempt);
    READ(stays, stay_count, "PlannedStay", read_stay);
    READ(dictionaries, dictionary_count, "Dictionary", read_dictionary);
    READ(stopping, stopping_count, "StoppingRule", read_stopping);
#undef READ
    check_stopping(reader, node, s);
    reader->version->safety = s;
}
