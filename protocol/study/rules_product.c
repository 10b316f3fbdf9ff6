/* SPDX-License-Identifier: Apache-2.0 */
/*
** Rules on the product that a subject's own forms can tell: what is on the label (40), two
** people at the bedside (51), viability there (44), the balance of cells (50), and the window
** of the dose (59), which stops a clearance and asks about a dose that was given. What needs
** the ledger is told by the record engine, which has it.
*/
#include "base/text.h"
#include "protocol/study/check_impl.h"
#include "protocol/study/product_section.h"

#define BALANCE_PERCENT 2 /* counting error (rule 50) */

/* ---- 40, 51: label and bedside check ---- */

void rule_40_label(struct checker *c)
{
    const char *label = said(checked_form(c), MEANING_LABELSUBJ);
    if (label != NULL && strcmp(label, c->form->key.subject) != 0) {
        checker_say(c, checked_form(c), "40", MEANING_LABELSUBJ, SAY_DEVIATION | SAY_ALARM,
                    TEXT(c, "40.label", label, c->form->key.subject));
    }
}

void rule_51(struct checker *c)
{
    struct subject_form form = checked_form(c), dose;
    struct value checked, start;
    size_t cursor = 0;
    const char *first = said(form, MEANING_CHECK1), *second = said(form, MEANING_CHECK2);
    if (first != NULL && second != NULL && strcasecmp(first, second) == 0) {
        checker_say(c, form, "51", MEANING_CHECK2, SAY_DEVIATION | SAY_ALARM,
                    text_alone(c, "51.same"));
    }
    if (said_when(c, form, MEANING_CHECKDTC, &checked) &&
        next_form_here(c, MEANING_EXSTDTC, &cursor, &dose) &&
        said_when(c, dose, MEANING_EXSTDTC, &start) &&
        interval_after(checked.when, start.when) == YES) {
        checker_say(c, form, "51", MEANING_CHECKDTC, SAY_DEVIATION | SAY_ALARM,
                    TEXT(c, "51.late", date_text(c, &checked), date_text(c, &start)));
    }
}

/* ---- 44, 50: numbers ---- */

static bool said_number(struct subject_form form, enum meaning meaning,
                        struct decimal *ret_number)
{
    const char *text = said(form, meaning);
    return text != NULL && decimal_parse(span_text(text), false, ret_number);
}

void rule_44_bedside(struct checker *c)
{
    const struct parameter *least = version_parameter(c->version, "VIABILITY.MIN");
    struct decimal viable;
    if (least != NULL && least->is_number &&
        said_number(checked_form(c), MEANING_VIABBED, &viable) &&
        decimal_compare(viable, least->number) < 0) {
        checker_say(
            c, checked_form(c), "44", MEANING_VIABBED, SAY_ASK,
            TEXT(c, "44.bedside", said(checked_form(c), MEANING_VIABBED), least->value));
    }
}

static const char *decimal_text(struct checker *c, struct decimal number)
{
    char text[DECIMAL_SIZE];
    return decimal_format(number, text) ? arena_text(c->findings->arena, text) : "?";
}

/* Silent until all five numbers are there. */
void rule_50(struct checker *c)
{
    static const enum meaning parts[] = {MEANING_EXDOSE, MEANING_CELLSREM, MEANING_CELLSDES,
                                         MEANING_CELLSRET};
    struct subject_form form = checked_form(c), other;
    struct decimal sum = decimal_of(0), part, released, least, most;
    size_t cursor = 0;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (!said_number(form, parts[i], &part) || !decimal_add(sum, part, &sum)) {
            return;
        }
    }
    if (!next_form_here(c, MEANING_CELLSREL, &cursor, &other) ||
        !said_number(other, MEANING_CELLSREL, &released) ||
        !decimal_multiply(released, (struct decimal){100 - BALANCE_PERCENT, -2}, &least) ||
        !decimal_multiply(released, (struct decimal){100 + BALANCE_PERCENT, -2}, &most)) {
        return;
    }
    if (decimal_compare(sum, least) < 0 || decimal_compare(sum, most) > 0) {
        checker_say(c, form, "50", MEANING_EXDOSE, SAY_ASK,
                    TEXT(c, "50.balance", decimal_text(c, sum), decimal_text(c, released)));
    }
}

/* ---- 59: the window of the dose ---- */

struct bound {
    enum meaning since;
    const char *parameter;
    instant unit;
    const char *missing, *unsure, *over;
};

static const struct bound BOUNDS[] = {
    {MEANING_FIRSTDTC, "DOSE.WINDOW.HOURS", HOUR, "59.first", "59.unsure", "59.late"},
    {MEANING_BRTHDTC, "AGE.DOSE.MAX.DAYS", DAY, "59.birth", "59.age", "59.old"},
};

/* The first form that answers MEANING. */
static const struct item_data *find_answer(const struct metadata_version *version,
                                           const struct casebook *book,
                                           enum meaning meaning,
                                           const struct item_def **ret_item)
{
    const struct form_def *def;
    const struct form_data *form;
    for (size_t cursor = 0;
         (form = casebook_next(book, version, meaning, &cursor, &def)) != NULL;) {
        const struct item_data *item = form_meaning(form, def, meaning);
        if (item != NULL && item->value != NULL) {
            *ret_item = def->meanings[meaning].item->item;
            return item;
        }
    }
    return NULL;
}

/* AT as the site's clock reads, to the minute. */
static const char *moment_text(struct findings *findings, instant at,
                               const struct zone *zone)
{
    char text[INSTANT_SIZE];
    instant_format(zone_to_wall(zone, at), text);
    text[16] = '\0';
    return message_date(findings->arena, findings->language, text);
}

static void ask_bound(const struct metadata_version *version, const struct casebook *book,
                      const struct bound *bound, struct interval at,
                      const struct zone *zone, struct findings *findings)
{
    const struct parameter *limit = version_parameter(version, bound->parameter);
    const struct item_def *item = NULL;
    struct value since;
    int64_t units;
    if (limit == NULL || !text_to_i64(span_text(limit->value), &units)) {
        return;
    }
    const struct item_data *answer = find_answer(version, book, bound->since, &item);
    struct finding finding = {
        .rule = "59", .act = ACT_GATE, .place = PLACE_ACTION, .path = bound->parameter};
    if (answer == NULL ||
        !value_parse(item->type, span_text(answer->value), zone, &since)) {
        finding.due = true;
        finding.message = PRODUCT_TEXT(findings, bound->missing, "");
        finding_add(findings, &finding);
        return;
    }
    enum truth within =
        interval_not_after(at, interval_shift(since.when, units * bound->unit));
    if (within != YES) {
        finding.due = within == UNKNOWN;
        finding.message =
            PRODUCT_TEXT(findings, within == NO ? bound->over : bound->unsure,
                         moment_text(findings, at.earliest, zone), limit->value,
                         message_date(findings->arena, findings->language, answer->value));
        finding_add(findings, &finding);
    }
}

void dose_window_ask(const struct metadata_version *version, const struct casebook *book,
                     struct interval at, const struct zone *zone, struct findings *findings)
{
    for (size_t i = 0; i < ARRAY_LEN(BOUNDS); i++) {
        ask_bound(version, book, &BOUNDS[i], at, zone, findings);
    }
}

/* What was given outside the window is recorded, and told. */
void rule_59(struct checker *c)
{
    struct value start;
    struct findings found = {.arena = c->findings->arena, .language = c->language};
    if (!said_when(c, checked_form(c), MEANING_EXSTDTC, &start)) {
        return;
    }
    struct casebook book = casebook_with(c->book, c->form, c->findings->arena);
    dose_window_ask(c->version, &book, start.when, c->context->zone, &found);
    for (size_t i = 0; i < found.count; i++) {
        checker_say(c, checked_form(c), "59", MEANING_EXSTDTC,
                    found.items[i].due ? SAY_DUE : SAY_DEVIATION | SAY_ALARM,
                    found.items[i].message);
    }
}
