/* SPDX-License-Identifier: Apache-2.0 */
/*
** Rules on adverse events, seriousness and death (13-19, 27). An unknown answer never counts as
** no, and no finding here asks to make an event less serious: "in doubt = serious".
*/
#include "protocol/study/check_impl.h"

static const enum meaning CRITERIA[] = {MEANING_AESDTH,   MEANING_AESLIFE, MEANING_AESHOSP,
                                        MEANING_AESDISAB, MEANING_AESCONG, MEANING_AESMIE};

/* ---- 13: start, end, outcome ---- */

/* IsNull with its reason answers the question for an end, too. */
static bool end_is_open(struct subject_form form)
{
    return !answered(form, MEANING_AEENDTC);
}

void rule_13(struct checker *c)
{
    struct subject_form form = checked_form(c);
    struct value start, end;
    bool has_end = said_when(c, form, MEANING_AEENDTC, &end);
    if (has_end && said_when(c, form, MEANING_AESTDTC, &start) &&
        interval_before(end.when, start.when) == YES) {
        checker_say(c, form, "13", MEANING_AEENDTC, SAY_REFUSE,
                    TEXT(c, "13.order", date_text(c, &start), date_text(c, &end)));
        return;
    }
    if (!form_has(form, MEANING_AEENDTC)) {
        return;
    }
    bool over = said_is(form, MEANING_AEOUT, "1") || said_is(form, MEANING_AEOUT, "4");
    bool goes_on = said_is(form, MEANING_AEOUT, "2") || said_is(form, MEANING_AEOUT, "3") ||
                   said_is(form, MEANING_AEOUT, "0");
    if (over && end_is_open(form)) {
        checker_say(c, form, "13", MEANING_AEENDTC,
                    c->form->state == FORM_COMPLETE ? SAY_ASK : SAY_DUE,
                    text_alone(c, "13.needs"));
    }
    if (goes_on && has_end) {
        checker_say(c, form, "13", MEANING_AEOUT, SAY_ASK,
                    TEXT(c, "13.forbids", date_text(c, &end)));
    }
}

/* ---- 14 to 17: death ---- */

static enum truth code_is(struct subject_form form, enum meaning meaning, const char *code)
{
    const char *text = said(form, meaning);
    if (text == NULL || (meaning == MEANING_AEOUT && strcmp(text, "0") == 0)) {
        return UNKNOWN;
    }
    return strcmp(text, code) == 0 ? YES : NO;
}

static bool is_fatal(struct subject_form form)
{
    return code_is(form, MEANING_AETOXGR, "5") == YES ||
           code_is(form, MEANING_AEOUT, "5") == YES ||
           said_yes(form, MEANING_AESDTH) == YES;
}

/* The death of the subject: a form other than FORM that gives its date, or names its causes. */
static bool find_death(const struct checker *c, struct subject_form form,
                       struct subject_form *ret_death)
{
    struct subject_form other;
    for (size_t cursor = 0; next_form(c, MEANING_DTHDTC, &cursor, &other);) {
        if (other.data != form.data &&
            (other.def->safety == SAFETY_DEATH || answered(other, MEANING_DTHDTC))) {
            *ret_death = other;
            return true;
        }
    }
    return false;
}

void rule_14(struct checker *c)
{
    struct subject_form form = checked_form(c), death;
    const enum truth says[] = {code_is(form, MEANING_AETOXGR, "5"),
                               code_is(form, MEANING_AEOUT, "5"),
                               said_yes(form, MEANING_AESDTH)};
    static const enum meaning ITEMS[] = {MEANING_AETOXGR, MEANING_AEOUT, MEANING_AESDTH};
    if (!is_fatal(form)) {
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(says); i++) {
        if (says[i] == NO) {
            checker_say(c, form, "14", ITEMS[i], SAY_ALARM, text_alone(c, "14"));
            break;
        }
    }
    struct value own, recorded;
    bool has_own = said_when(c, form, MEANING_DTHDTC, &own);
    if (!find_death(c, form, &death)) {
        if (!has_own) {
            say_at(c, form, "14", "", SAY_DUE, text_alone(c, "14.form"), NULL);
        }
        return;
    }
    if (has_own && said_when(c, death, MEANING_DTHDTC, &recorded) &&
        interval_overlap(own.when, recorded.when) == NO) {
        checker_say(c, form, "14", MEANING_DTHDTC, SAY_ASK,
                    TEXT(c, "14.date", date_text(c, &own), date_text(c, &recorded)));
    }
}

static const char *causes_of_death(const struct checker *c)
{
    struct subject_form form;
    for (size_t cursor = 0; next_form(c, MEANING_DTHAE, &cursor, &form);) {
        const char *causes = said(form, MEANING_DTHAE);
        if (causes != NULL) {
            return causes;
        }
    }
    return NULL;
}

void rule_15(struct checker *c)
{
    struct subject_form form = checked_form(c), death;
    const char *causes = causes_of_death(c);
    bool named = links_name(causes, form.data);
    if (is_fatal(form) && causes != NULL && !named && form_has(form, MEANING_AETERM)) {
        checker_say(c, form, "15", MEANING_AEOUT, SAY_ASK, text_alone(c, "15"));
    }
    bool open = said_is(form, MEANING_AEOUT, "2") || said_is(form, MEANING_AEOUT, "0");
    if (open && !named && !is_fatal(form) && end_is_open(form) &&
        find_death(c, form, &death)) {
        checker_say(c, form, "15", MEANING_AEOUT, SAY_ASK, text_alone(c, "15.open"));
    }
}

static void check_cause(struct checker *c, const char *cause, bool *ret_found)
{
    struct subject_form form = checked_form(c), event;
    *ret_found = false;
    for (size_t cursor = 0; next_form(c, MEANING_AETERM, &cursor, &event);) {
        if (!links_name(cause, event.data)) {
            continue;
        }
        *ret_found = true;
        if (!is_fatal(event) && code_is(event, MEANING_AEOUT, "5") == NO) {
            checker_say(c, form, "15", MEANING_DTHAE, SAY_ASK, TEXT(c, "15.cause", cause));
        }
    }
}

void rule_15_causes(struct checker *c)
{
    struct subject_form form = checked_form(c);
    const char *rest = said(form, MEANING_DTHAE);
    while (rest != NULL && *rest != '\0') {
        size_t size = strcspn(rest, " ,;\t\r\n");
        const char *cause = arena_span_text(c->findings->arena, span_of(rest, size));
        bool found = size == 0;
        if (size > 0) {
            check_cause(c, cause, &found);
        }
        if (!found) {
            checker_say(c, form, "15", MEANING_DTHAE, SAY_DUE, TEXT(c, "15.link", cause));
        }
        rest += size + (rest[size] != '\0');
    }
}

void rule_16(struct checker *c)
{
    struct subject_form form = checked_form(c), death;
    bool died = said_yes(form, MEANING_AESDTH) == YES || c->def->safety == SAFETY_DEATH;
    bool dated = answered(form, MEANING_DTHDTC);
    if (died && !dated &&
        (c->def->safety == SAFETY_DEATH || !find_death(c, form, &death))) {
        checker_say(c, form, "16", MEANING_DTHDTC, SAY_DUE, text_alone(c, "16.date"));
    }
    if (dated && said(form, MEANING_DTHDTC) != NULL && form_has(form, MEANING_AUTOPSY) &&
        !answered(form, MEANING_AUTOPSY)) {
        checker_say(c, form, "16", MEANING_AUTOPSY, SAY_DUE, text_alone(c, "16.autopsy"));
    }
}

static bool death_when(const struct checker *c, struct subject_form form,
                       struct value *ret_when)
{
    struct subject_form death;
    return said_when(c, form, MEANING_DTHDTC, ret_when) ||
           (find_death(c, form, &death) && said_when(c, death, MEANING_DTHDTC, ret_when));
}

void rule_17(struct checker *c)
{
    struct subject_form form = checked_form(c);
    struct value death, start, end;
    if (!is_fatal(form) || !death_when(c, form, &death)) {
        return;
    }
    if (said_when(c, form, MEANING_AESTDTC, &start) &&
        interval_after(start.when, death.when) == YES) {
        checker_say(c, form, "17", MEANING_AESTDTC, SAY_ASK,
                    TEXT(c, "17.start", date_text(c, &start), date_text(c, &death)));
    }
    if (said_when(c, form, MEANING_AEENDTC, &end) &&
        interval_overlap(end.when, death.when) == NO) {
        checker_say(c, form, "17", MEANING_AEENDTC, SAY_ASK,
                    TEXT(c, "17.end", date_text(c, &end), date_text(c, &death)));
    }
}

/* ---- 18, 19: seriousness ---- */

void rule_18(struct checker *c)
{
    struct subject_form form = checked_form(c);
    enum truth any = NO;
    for (size_t i = 0; i < ARRAY_LEN(CRITERIA); i++) {
        if (form_has(form, CRITERIA[i])) {
            any = truth_or(any, said_yes(form, CRITERIA[i]));
        }
    }
    bool serious = said_yes(form, MEANING_AESER) == YES || c->def->safety == SAFETY_SAE;
    if (serious && any != YES) {
        checker_say(c, form, "18", MEANING_AESHOSP, any == NO ? SAY_ASK : SAY_DUE,
                    text_alone(c, "18.none"));
    }
    if (any == YES && said_yes(form, MEANING_AESER) == NO) {
        checker_say(c, form, "18", MEANING_AESER, SAY_ASK, text_alone(c, "18.not"));
    }
}

/* A serious line of the event log: has anybody reported anything of this subject? Which report
 * belongs to which line cannot be told here, so one report is enough to be silent. */
void rule_18_report(struct checker *c)
{
    struct subject_form form = checked_form(c);
    if (c->def->safety != SAFETY_NONE || said_yes(form, MEANING_AESER) != YES ||
        form_has(form, MEANING_AESHOSP) || event_is_exempt(c) == YES) {
        return;
    }
    for (size_t i = 0; c->book != NULL && i < c->book->count; i++) {
        const struct form_def *def = version_form(c->version, c->book->forms[i]->key.form);
        if (def != NULL && def->safety == SAFETY_SAE) {
            return;
        }
    }
    for (size_t i = 0; i < c->version->form_def_count; i++) {
        if (c->version->form_defs[i]->safety == SAFETY_SAE) {
            checker_say(c, form, "18", MEANING_AESER, SAY_DUE,
                        TEXT(c, "18.report", c->form->key.subject));
            return;
        }
    }
}

void rule_19(struct checker *c)
{
    struct subject_form form = checked_form(c);
    if (said_is(form, MEANING_AETOXGR, "4") && said_yes(form, MEANING_AESLIFE) == NO &&
        said_yes(form, MEANING_AELAB) != YES) {
        checker_say(c, form, "19", MEANING_AESLIFE, SAY_ASK, text_alone(c, "19"));
    }
}

/* A stage is a word; what takes a report back is a record of its own, with its reason (E2B(R3)
 * C.1.11), after which the case says so to everybody. */
void rule_stage_01(struct checker *c)
{
    struct subject_form form = checked_form(c);
    if (said_is(form, MEANING_SAESTAGE, "NULLIFIED")) {
        const char *number =
            form.data->number != NULL ? form.data->number : c->def->short_name;
        checker_say(c, form, "STAGE-01", MEANING_SAESTAGE, SAY_ASK,
                    TEXT(c, "STAGE-01", number));
    }
}

/* ---- 27 and the clocks ---- */

static instant first_told(const struct checker *c, struct subject_form form)
{
    struct value told;
    instant at =
        c->context->received_at != 0 ? c->context->received_at : c->context->signed_at;
    if (c->context->first_report_at != 0 && c->context->first_report_at < at) {
        at = c->context->first_report_at;
    }
    if (said_when(c, form, MEANING_TOLDDTC, &told) && told.when.earliest < at) {
        at = told.when.earliest;
    }
    return at;
}

static struct safety_reading read_clocks(const struct checker *c, struct subject_form form)
{
    struct safety_reading reading = {0};
    struct value aware;
    instant hours = parameter_number(c, "SAE.REPORT.HOURS", 24) * HOUR;
    reading.told_at = first_told(c, form);
    reading.aware_at = reading.told_at;
    reading.has_awareness = said_when(c, form, MEANING_AWAREDTC, &aware);
    if (reading.has_awareness) {
        reading.late = aware.when.latest < reading.told_at - hours;
        if (aware.when.earliest < reading.aware_at) {
            reading.aware_at = aware.when.earliest;
        }
    }
    reading.site_due = reading.aware_at + hours;
    return reading;
}

void rule_27(struct checker *c)
{
    struct subject_form form = checked_form(c);
    bool serious = c->def->safety != SAFETY_NONE || said_yes(form, MEANING_AESER) == YES;
    if (serious && !c->context->reason_late && read_clocks(c, form).late &&
        event_is_exempt(c) != YES) {
        checker_say(
            c, form, "27", MEANING_AWAREDTC, SAY_ASK,
            TEXT(c, "27", number_text(c, parameter_number(c, "SAE.REPORT.HOURS", 24))));
    }
}

/* The answer U is "unknown", read as yes for the clock; no answer is not an answer. */
static bool yes_or_unknown(struct subject_form form, enum meaning meaning)
{
    return said_yes(form, meaning) == YES || said_is(form, meaning, "U");
}

static bool named_as_cause(const struct checker *c, struct subject_form form)
{
    return form.data->key.form_repeat != NULL && links_name(causes_of_death(c), form.data);
}

/* The day of the event decides about regime and reference safety information (32, 33). */
static void read_event(struct checker *c, struct subject_form form,
                       struct safety_reading *reading)
{
    struct value when;
    char text[INSTANT_SIZE];
    bool known = (said_when(c, form, MEANING_AESTDTC, &when) && when.has_day) ||
                 (said_when(c, form, MEANING_AWAREDTC, &when) && when.has_day);
    if (known) {
        instant_format(when.wall.earliest, text);
        memcpy(reading->day, text, sizeof(reading->day) - 1);
    }
    reading->term = said(form, MEANING_AETERM);
    if (reading->term == NULL) {
        reading->term = said(form, MEANING_SAEWHAT);
    }
    reading->exempt = event_is_exempt(c) == YES;
    reading->late = reading->late && !reading->exempt;
}

struct safety_reading safety_read(const struct metadata_version *version,
                                  const struct casebook *book, const struct form_data *form,
                                  const struct check_context *context)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new(); /* of the anchors' dates */
    struct findings none = {.arena = arena};
    struct checker c = {.version = version,
                        .book = book,
                        .form = form,
                        .def = version_form(version, form->key.form),
                        .context = context,
                        .findings = &none};
    if (c.def == NULL) {
        return (struct safety_reading){0};
    }
    struct subject_form self = checked_form(&c);
    struct safety_reading reading = read_clocks(&c, self);
    reading.fatal = is_fatal(self) || c.def->safety == SAFETY_DEATH ||
                    said(self, MEANING_DTHDTC) != NULL || named_as_cause(&c, self) ||
                    said_is(self, MEANING_AESDTH, "U");
    reading.life_threatening =
        yes_or_unknown(self, MEANING_AESLIFE) || said_is(self, MEANING_AETOXGR, "4");
    reading.hospital = yes_or_unknown(self, MEANING_AESHOSP) || prolonged_a_stay(&c);
    reading.serious = c.def->safety != SAFETY_NONE || yes_or_unknown(self, MEANING_AESER) ||
                      reading.fatal || reading.hospital;
    for (size_t i = 0; i < ARRAY_LEN(CRITERIA); i++) {
        reading.serious = reading.serious || yes_or_unknown(self, CRITERIA[i]);
    }
    enum truth related = said_yes(self, MEANING_AEREL);
    reading.related_known = related != UNKNOWN;
    reading.related = related != NO;
    reading.sponsor_days = reading.fatal || reading.life_threatening ? 7 : 15;
    read_event(&c, self, &reading);
    read_pregnancy(&c, self, &reading);
    arena_free(c.scratch);
    return reading;
}
