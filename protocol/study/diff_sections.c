/* SPDX-License-Identifier: Apache-2.0 */
/*
** The safety and the product section, gates, and what a unit is worth.
**
** Their rows have no OIDs. A row is the same thing when it is about the same (the term of an
** expected event, the act and the rule of a gate); of several rows about one thing those that
** say the same are paired first. What a row says is one text; where it also has a measure of
** how much it lets through, a change of that alone is stricter or wider.
*/
#include "protocol/study/diff_impl.h"
#include "protocol/study/product_section.h"
#include "protocol/study/safety_section.h"

struct row {
    const char *about, *says;
    const char *rest; /* what it says beside `wide`; NULL: all of it */
    int wide[2];      /* more lets more through */
    bool paired;
};

struct rows {
    struct row *items;
    size_t count;
};

static struct rows make_rows(const struct differ *d, size_t count)
{
    return (struct rows){ARENA_ARRAY(d->out->arena, count + 1, struct row), count};
}

/* ---- comparing ---- */

static enum diff_kind kind_of_change(const struct row *old, const struct row *new)
{
    bool more = new->wide[0] >= old->wide[0] && new->wide[1] >= old->wide[1];
    bool less = new->wide[0] <= old->wide[0] && new->wide[1] <= old->wide[1];
    bool measured = old->rest != NULL && strcmp(old->rest, new->rest) == 0;
    return !measured || more == less ? DIFF_CHANGED : more ? DIFF_LOOSENED : DIFF_TIGHTENED;
}

/* The first row of ROWS that is about the same as ROW and not paired; SAME: and says the same.
 * NULL when there is none. */
static struct row *find_row(const struct rows *rows, const struct row *row, bool same)
{
    for (size_t i = 0; i < rows->count; i++) {
        struct row *other = &rows->items[i];
        if (!other->paired && strcmp(other->about, row->about) == 0 &&
            (!same || strcmp(other->says, row->says) == 0)) {
            return other;
        }
    }
    return NULL;
}

/* ADDED: what a further row is; one that is gone is the opposite. NODE names the element. */
static void diff_rows(struct differ *d, const char *part, const char *node,
                      enum diff_kind added, struct rows old, struct rows new)
{
    for (size_t i = 0; i < new.count; i++) {
        struct row *same = find_row(&old, &new.items[i], true);
        if (same != NULL) {
            same->paired = new.items[i].paired = true;
        }
    }
    for (size_t i = 0; i < new.count; i++) {
        struct row *row = &new.items[i];
        struct row *other = row->paired ? NULL : find_row(&old, row, false);
        const char *path = diff_join(d, node, row->about);
        if (other != NULL) {
            other->paired = row->paired = true;
            diff_say(d, kind_of_change(other, row), part, path, row->about, other->says,
                     row->says);
        } else if (!row->paired) {
            diff_say(d, added, part, path, row->about, NULL, row->says);
        }
    }
    enum diff_kind gone = added == DIFF_ADDED       ? DIFF_REMOVED
                          : added == DIFF_TIGHTENED ? DIFF_LOOSENED
                                                    : DIFF_TIGHTENED;
    for (size_t i = 0; i < old.count; i++) {
        const struct row *row = &old.items[i];
        if (!row->paired) {
            diff_say(d, gone, part, diff_join(d, node, row->about), row->about, row->says,
                     NULL);
        }
    }
}

/* ---- the safety section ---- */

static const char *days_text(const struct differ *d, const struct days *days)
{
    return days->from == NULL && days->to == NULL
               ? ""
               : arena_printf(d->out->arena, ", %s .. %s",
                              days->from != NULL ? days->from : "",
                              days->to != NULL ? days->to : "");
}

static struct rows regimes(const struct differ *d, const struct safety_section *section)
{
    static const char *const names[] = {"CTR", "WMO", "FDA"};
    struct rows rows = make_rows(d, section->regime_count);
    for (size_t i = 0; i < rows.count; i++) {
        const struct regime *regime = &section->regimes[i];
        const char *name = names[regime->name];
        rows.items[i] = (struct row){
            .about = name,
            .says = arena_printf(d->out->arena, "%s%s%s", name, days_text(d, &regime->when),
                                 regime->next_day ? ", DayZero next" : "")};
    }
    return rows;
}

static struct rows criteria(const struct differ *d, const struct safety_section *section)
{
    struct rows rows = make_rows(d, section->criterion_count);
    for (size_t i = 0; i < rows.count; i++) {
        rows.items[i] =
            (struct row){.about = section->criteria[i], .says = section->criteria[i]};
    }
    return rows;
}

static struct rows scales(const struct differ *d, const struct safety_section *section)
{
    struct rows rows = make_rows(d, section->scale_count);
    for (size_t i = 0; i < rows.count; i++) {
        const struct severity_scale *scale = &section->scales[i];
        const char *age = scale->until_age_days < 0
                              ? ""
                              : arena_printf(d->out->arena, ", <= %d %s",
                                             scale->until_age_days, diff_word(d, "diff.d"));
        rows.items[i] =
            (struct row){.about = scale->name,
                         .says = arena_printf(d->out->arena, "%s%s%s", scale->version, age,
                                              days_text(d, &scale->when))};
    }
    return rows;
}

static struct rows grades(const struct differ *d, const struct safety_section *section)
{
    struct rows rows = make_rows(d, section->grade_count);
    for (size_t i = 0; i < rows.count; i++) {
        const struct grade_range *grade = &section->grades[i];
        rows.items[i] = (struct row){
            .about = grade->term,
            .says = arena_printf(d->out->arena, "%d .. %d", grade->min, grade->max),
            .rest = "",
            .wide = {-grade->min, grade->max}};
    }
    return rows;
}

static struct rows special(const struct differ *d, const struct safety_section *section)
{
    struct rows rows = make_rows(d, section->special_count);
    for (size_t i = 0; i < rows.count; i++) {
        rows.items[i] = (struct row){.about = section->special[i].term,
                                     .says = section->special[i].kind};
    }
    return rows;
}

static struct rows expected(const struct differ *d, const struct safety_section *section)
{
    struct rows rows = make_rows(d, section->expected_count);
    for (size_t i = 0; i < rows.count; i++) {
        const struct expected_event *event = &section->expected[i];
        const char *rest =
            arena_printf(d->out->arena, "RSI %s%s", event->rsi, days_text(d, &event->when));
        rows.items[i] = (struct row){
            .about = event->term,
            .says = arena_printf(d->out->arena, "<= %d, %s", event->max_grade, rest),
            .rest = rest,
            .wide = {event->max_grade}};
    }
    return rows;
}

static struct rows exempt(const struct differ *d, const struct safety_section *section)
{
    struct rows rows = make_rows(d, section->exempt_count);
    for (size_t i = 0; i < rows.count; i++) {
        const struct exempt_event *event = &section->exempt[i];
        const char *rest =
            arena_printf(d->out->arena, "%s, <= %d", event->anchor, event->max_grade);
        rows.items[i] = (struct row){
            .about = event->term,
            .says = arena_printf(d->out->arena, "%s, %+d .. %+d %s", rest, event->from,
                                 event->to, diff_word(d, "diff.d")),
            .rest = rest,
            .wide = {-event->from, event->to}};
    }
    return rows;
}

static struct rows stays(const struct differ *d, const struct safety_section *section)
{
    struct rows rows = make_rows(d, section->stay_count);
    for (size_t i = 0; i < rows.count; i++) {
        const struct planned_stay *stay = &section->stays[i];
        rows.items[i] =
            (struct row){.about = stay->form[0] != '\0' ? stay->form : stay->anchor,
                         .says = arena_printf(d->out->arena, "%d %s", stay->hours,
                                              diff_word(d, "diff.h")),
                         .rest = "",
                         .wide = {stay->hours}};
    }
    return rows;
}

static struct rows dictionaries(const struct differ *d,
                                const struct safety_section *section)
{
    struct rows rows = make_rows(d, section->dictionary_count);
    for (size_t i = 0; i < rows.count; i++) {
        rows.items[i] = (struct row){.about = section->dictionaries[i].name,
                                     .says = section->dictionaries[i].version};
    }
    return rows;
}

static const char *expression_text(const struct formal_expression *expression)
{
    return expression != NULL ? expression->text : "";
}

static struct rows stopping(const struct differ *d, const struct safety_section *section)
{
    struct arena *arena = d->out->arena;
    struct rows rows = make_rows(d, section->stopping_count);
    for (size_t i = 0; i < rows.count; i++) {
        const struct stopping_rule *rule = &section->stopping[i];
        const char *when = rule->expression != NULL ? expression_text(rule->expression)
                                                    : stopping_when_name(rule->when);
        const char *rest =
            arena_printf(arena, "%s, %s, %s", rule->activity, when, rule->rule);
        const char *of = rule->of > 0 ? arena_printf(arena, " / %d", rule->of) : "";
        const char *share =
            rule->share > 0 ? arena_printf(arena, ", %d %%", rule->share) : "";
        rows.items[i] = (struct row){
            .about = rule->oid,
            .says = arena_printf(arena, "%s, %s, %d%s%s", rest,
                                 stopping_scope_name(rule->scope), rule->count, of, share),
            .rest = arena_printf(arena, "%s%s", rest, of),
            .wide = {-(int) rule->scope, rule->count + rule->share}};
    }
    return rows;
}

static void diff_safety(struct differ *d)
{
    const struct safety_section *old = safety_section_of(d->old);
    const struct safety_section *new = safety_section_of(d->new);
    diff_rows(d, "regime", "Regime", DIFF_ADDED, regimes(d, old), regimes(d, new));
    diff_rows(d, "criterion", "Criterion", DIFF_ADDED, criteria(d, old), criteria(d, new));
    diff_rows(d, "scale", "SeverityScale", DIFF_ADDED, scales(d, old), scales(d, new));
    diff_rows(d, "grade", "Grade", DIFF_ADDED, grades(d, old), grades(d, new));
    diff_rows(d, "special", "SpecialInterest", DIFF_ADDED, special(d, old),
              special(d, new));
    diff_rows(d, "expected", "Expected", DIFF_LOOSENED, expected(d, old), expected(d, new));
    diff_rows(d, "exempt", "Exempt", DIFF_LOOSENED, exempt(d, old), exempt(d, new));
    diff_rows(d, "stay", "PlannedStay", DIFF_LOOSENED, stays(d, old), stays(d, new));
    diff_rows(d, "dictionary", "Dictionary", DIFF_ADDED, dictionaries(d, old),
              dictionaries(d, new));
    diff_rows(d, "stopping", "StoppingRule", DIFF_ADDED, stopping(d, old),
              stopping(d, new));
}

/* ---- the product section ---- */

static struct rows gates(const struct differ *d, const struct product_section *section)
{
    struct arena *arena = d->out->arena;
    struct rows rows = make_rows(d, section->gate_count);
    for (size_t i = 0; i < rows.count; i++) {
        const struct gate *gate = &section->gates[i];
        const char *rest = arena_printf(
            arena, "%s%s \"%s\"", gate->form != NULL ? gate->form->oid : "",
            expression_text(gate->expression), texts_get(&gate->message, d->out->language));
        rows.items[i] = (struct row){
            .about = arena_printf(arena, "%s %s", gate_act_name(gate->act), gate->rule),
            .says = arena_printf(arena, "%s, Override %s", rest,
                                 diff_yes_no(d, gate->can_override)),
            .rest = rest,
            .wide = {gate->can_override}};
    }
    return rows;
}

static struct rows criteria_of_release(const struct differ *d,
                                       const struct product_section *section)
{
    struct arena *arena = d->out->arena;
    struct rows rows = make_rows(d, section->criterion_count);
    for (size_t i = 0; i < rows.count; i++) {
        const struct release_criterion *criterion = &section->criteria[i];
        rows.items[i] = (struct row){
            .about = arena_printf(arena, "%s %s", criterion->kinds, criterion->rule),
            .says = arena_printf(arena, "%s \"%s\"", expression_text(criterion->expression),
                                 texts_get(&criterion->message, d->out->language))};
    }
    return rows;
}

static void diff_steps(struct differ *d)
{
    const struct product_section *old = d->old->product, *new = d->new->product;
    struct listed *before = ARENA_ARRAY(d->out->arena, old->step_count + 1, struct listed);
    struct listed *after = ARENA_ARRAY(d->out->arena, new->step_count + 1, struct listed);
    for (size_t i = 0; i < old->step_count; i++) {
        before[i] = (struct listed){old->steps[i].name, ""};
    }
    for (size_t i = 0; i < new->step_count; i++) {
        after[i] = (struct listed){new->steps[i].name, ""};
    }
    diff_list(d, "step", "Product", before, old->step_count, after, new->step_count);
}

static void diff_measure(struct differ *d, const char *part, int old, int new, bool wide)
{
    if (old != new) {
        diff_say(d, (new > old) == wide ? DIFF_LOOSENED : DIFF_TIGHTENED, part, "Product",
                 "", diff_number(d, old), diff_number(d, new));
    }
}

static void diff_product(struct differ *d)
{
    const struct product_section *old = d->old->product, *new = d->new->product;
    if (old->given && new->given) {
        diff_text(d, DIFF_CHANGED, "product_type", "Product", "",
                  old->autologous ? "autologous" : "allogeneic",
                  new->autologous ? "autologous" : "allogeneic");
        diff_measure(d, "clear_minutes", old->clear_minutes, new->clear_minutes, true);
        diff_measure(d, "retention", old->retention_years, new->retention_years, false);
    } else if (old->given != new->given) {
        diff_say(d, new->given ? DIFF_ADDED : DIFF_REMOVED, "ledger", "Product", "", NULL,
                 NULL);
    }
    diff_steps(d);
    diff_rows(d, "release", "Release", DIFF_ADDED, criteria_of_release(d, old),
              criteria_of_release(d, new));
    diff_rows(d, "gate", "Gate", DIFF_ADDED, gates(d, old), gates(d, new));
}

/* ---- units ---- */

static const char *worth(const struct differ *d, const struct measurement_unit *unit)
{
    char number[DECIMAL_SIZE];
    return unit->base != NULL && decimal_format(unit->factor, number)
               ? arena_printf(d->out->arena, "%s %s", number, unit->base->oid)
               : NULL;
}

static void diff_units(struct differ *d)
{
    const struct study *study = d->new->study;
    for (size_t i = 0; i < study->unit_count; i++) {
        const struct measurement_unit *new = study->units[i];
        const struct measurement_unit *old = study_unit(d->old->study, new->oid);
        if (old != NULL) {
            diff_text(d, DIFF_CHANGED, "factor", new->oid,
                      texts_get(&new->symbol, d->out->language), worth(d, old),
                      worth(d, new));
        }
    }
}

void diff_sections(struct differ *d)
{
    diff_units(d);
    diff_safety(d);
    diff_product(d);
}
