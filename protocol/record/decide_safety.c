/* SPDX-License-Identifier: Apache-2.0 */
/*
** safety.assess, safety.ack, hold, hold.lift, milestone. Each type has the four small functions
** of decide_people.c, whose table names them.
**
** Two persons: a hold is in force from its first record (waiting for a second pair of eyes
** must not endanger anybody); the second makes it firm. Lifting is the other way round: the
** first record only asks, and the same activity, scope and document by somebody else lifts
** what had been asked for; a hold that was set meanwhile stays.
*/
#include "base/text.h"
#include "protocol/record/clocks.h"
#include "protocol/record/decide_case.h"

static bool is_one_of(const char *text, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], text) == 0) {
            return true;
        }
    }
    return false;
}

static bool acts_as(const struct deciding *d, enum role role)
{
    return d->record->signature.role != NULL &&
           strcmp(d->record->signature.role, role_name(role)) == 0;
}

static enum verdict stale(struct deciding *d, const struct row *form)
{
    tell_current(d, form);
    return refuse(d, HARD, "CONFLICT", "data.leaf");
}

/* The report at PATH: its current revision, or what waits beside it in the inbox. */
static const struct row *report_row(const struct deciding *d, const char *object)
{
    const struct row *row = state_form(d->state, object);
    struct rows rows = state_forms(d->state, d->record->subject, true, d->arena);
    size_t length = strlen(object);
    for (size_t i = 0; row == NULL && i < rows.count; i++) {
        const char *name = rows.items[i]->values[FORM_OBJECT];
        if (strncmp(name, object, length) == 0 && name[length] == '~') {
            row = rows.items[i];
        }
    }
    return row;
}

/* ---- safety.assess ---- */

enum verdict assess_taken(struct deciding *d)
{
    const struct safety_assess_data *data = &d->record->data.safety_assess;
    const struct row *row = report_row(d, data->object);
    if (row == NULL) {
        return refuse(d, HARD, "REF-10", "data.object");
    }
    return row_is(row, FORM_LEAF, data->leaf) ? PASS : stale(d, row);
}

static enum verdict words_of_assess(struct deciding *d)
{
    static const char *const causality[] = {"related", "unrelated", "unknown", NULL};
    static const char *const seriousness[] = {"serious", "not-serious", NULL};
    static const char *const expectedness[] = {"expected", "unexpected", NULL};
    const struct safety_assess_data *data = &d->record->data.safety_assess;
    const struct {
        const char *path, *value;
        const char *const *words;
    } members[] = {{"data.causality", data->causality, causality},
                   {"data.seriousness", data->seriousness, seriousness},
                   {"data.expectedness", data->expectedness, expectedness}};
    bool any = data->duplicate_of != NULL;
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        if (members[i].value != NULL && !is_one_of(members[i].value, members[i].words)) {
            return refuse(d, HARD, "SAFE-01", members[i].path);
        }
        any = any || members[i].value != NULL;
    }
    return any ? PASS : refuse(d, HARD, "SAFE-01", "data");
}

/* Merged reports keep the first clock, so it is the younger one that names the older. */
static enum verdict check_duplicate(struct deciding *d)
{
    const char *other = d->record->data.safety_assess.duplicate_of;
    const struct row *mine =
        state_row(d->state, TABLE_SAFETY_CASE, &d->record->data.safety_assess.object);
    const struct row *first =
        other != NULL ? state_row(d->state, TABLE_SAFETY_CASE, &other) : NULL;
    /* of the same person, or first sent under a number that nobody has */
    bool same = first != NULL && mine != NULL &&
                (row_is(first, SAFETY_CASE_SUBJECT, mine->values[SAFETY_CASE_SUBJECT]) ||
                 state_subject(d->state, first->values[SAFETY_CASE_SUBJECT]) == NULL ||
                 state_subject(d->state, mine->values[SAFETY_CASE_SUBJECT]) == NULL);
    bool older = same && row_is(first, SAFETY_CASE_STATE, "open") &&
                 row_integer(first, SAFETY_CASE_SEQ) < row_integer(mine, SAFETY_CASE_SEQ);
    return other == NULL || older ? PASS : refuse(d, HARD, "SAFE-02", "data.duplicate_of");
}

static struct case_opinion opinion_given(const struct safety_assess_data *data)
{
    const char *causality = data->causality;
    return (struct case_opinion){
        .given = causality != NULL,
        .causality = causality == NULL                     ? UNKNOWN
                     : strcmp(causality, "related") == 0   ? YES
                     : strcmp(causality, "unrelated") == 0 ? NO
                                                           : UNKNOWN,
        .serious = data->seriousness != NULL && strcmp(data->seriousness, "serious") == 0,
        .expectedness = data->expectedness};
}

/* What the report says now; one that only waits in the inbox is read as serious. */
static struct safety_reading reading_of(const struct deciding *d, const char *object)
{
    struct safety_reading reading = {.serious = true,
                                     .related = true,
                                     .sponsor_days = DAYS_OTHER,
                                     .aware_at = d->context->time,
                                     .told_at = d->context->time,
                                     .site_due = d->context->time};
    struct form_key key;
    struct zone zone;
    struct check_context context = check_context_of(d, PLACE_SUBMIT, &zone);
    const struct form_data *form = form_key_parse(span_text(object), d->arena, &key)
                                       ? casebook_form(d->book, &key)
                                       : NULL;
    const struct metadata_version *version =
        form != NULL && form->version != NULL ? published(d, form->version) : NULL;
    if (form == NULL) {
        return reading;
    }
    context.first_report_at = form->received_at;
    return safety_read(version != NULL ? version : d->version, d->book, form, &context);
}

enum verdict assess_findings(struct deciding *d)
{
    const struct safety_assess_data *data = &d->record->data.safety_assess;
    enum verdict verdict = words_of_assess(d);
    bool sponsors =
        data->expectedness != NULL || data->rsi != NULL || data->duplicate_of != NULL;
    if (verdict != PASS) {
        return verdict;
    }
    if (acts_as(d, ROLE_INVESTIGATOR) && sponsors) {
        return refuse(d, HARD, "SAFE-03", "data.expectedness");
    }
    if (d->version == NULL) {
        return refuse(d, HARD, "REF-07", "definition");
    }
    struct safety_reading reading = reading_of(d, data->object);
    if (data->rsi != NULL &&
        !safety_rsi_in_force(safety_section_of(d->version), data->rsi,
                             reading.day[0] != '\0' ? reading.day : NULL)) {
        return refuse(d, HARD, "SAFE-04", "data.rsi");
    }
    return check_duplicate(d);
}

static void join_cases(struct deciding *d, const char *object, const char *first)
{
    case_add(d,
             &(struct effect){.kind = EFFECT_CASE, .value = "duplicate", .scope = first});
    clocks_stop(d, object, NULL, d->context->time, "duplicate");
}

void assess_effects(struct deciding *d)
{
    const struct safety_assess_data *data = &d->record->data.safety_assess;
    struct safety_case c = {.reading = reading_of(d, data->object), .stops = true};
    *(acts_as(d, ROLE_INVESTIGATOR) ? &c.own : &c.sponsor) = opinion_given(data);
    c.told = c.reading.told_at;
    case_begin(d, data->object, &c);
    if (data->duplicate_of != NULL) {
        join_cases(d, data->object, data->duplicate_of);
        return;
    }
    case_effects(d, &c);
    if (!acts_as(d, ROLE_INVESTIGATOR)) {
        clocks_stop(d, data->object, CLOCK_UPDATE, d->context->time, "assessed");
    }
}

/* ---- safety.ack ---- */

static const struct row *milestone_row(const struct deciding *d, const char *object)
{
    const char *key = object + strlen("milestone/");
    return state_row(d->state, TABLE_MILESTONE, &key);
}

static bool is_milestone(const char *object)
{
    return strncmp(object, "milestone/", 10) == 0;
}

enum verdict ack_taken(struct deciding *d)
{
    const struct safety_ack_data *data = &d->record->data.safety_ack;
    if (is_milestone(data->object)) {
        const struct row *row = milestone_row(d, data->object);
        return row != NULL && row_is(row, MILESTONE_LEAF, data->leaf)
                   ? PASS
                   : refuse(d, HARD, "REF-10", "data.object");
    }
    const struct row *row = report_row(d, data->object);
    if (row == NULL || state_row(d->state, TABLE_SAFETY_CASE, &data->object) == NULL) {
        return refuse(d, HARD, "REF-10", "data.object");
    }
    return row_is(row, FORM_LEAF, data->leaf) ? PASS : stale(d, row);
}

/* The code went by phone to the number that a site would call at night; who types it in shows
 * that somebody there answers. Not the person who sent it. */
enum verdict ack_findings(struct deciding *d)
{
    const struct safety_ack_data *data = &d->record->data.safety_ack;
    if (!is_milestone(data->object)) {
        return PASS;
    }
    const struct row *row = milestone_row(d, data->object);
    struct digest digest;
    char hex[DIGEST_HEX_SIZE] = "";
    if (data->code != NULL) {
        digest_of(span_text(data->code), &digest);
        digest_to_hex(&digest, hex);
    }
    bool right = row_is(row, MILESTONE_KIND, "alarm-test") &&
                 row_is(row, MILESTONE_STATE, "open") &&
                 row_is(row, MILESTONE_CODE_SHA256, hex);
    bool own = row_is(row, MILESTONE_ABOUT, d->person);
    return right && !own ? PASS : refuse(d, HARD, "SAFE-05", "data.code");
}

void ack_effects(struct deciding *d)
{
    const char *object = d->record->data.safety_ack.object;
    add_effect(d, EFFECT_ACK, d->person, NULL, NULL);
    if (is_milestone(object)) {
        case_add(d, &(struct effect){.kind = EFFECT_MILESTONE,
                                     .value = "alarm-test",
                                     .scope = object,
                                     .state = "acknowledged"});
        return;
    }
    const struct row *row = state_row(d->state, TABLE_SAFETY_CASE, &object);
    bool over = row_is(row, SAFETY_CASE_STATE, "nullified");
    if (over) {
        clocks_stop(d, object, NULL, d->context->time, "nullified");
    } else {
        clocks_stop(d, object, CLOCK_ACK, d->context->time, "acknowledged");
        clocks_stop(d, object, CLOCK_UPDATE, d->context->time, "acknowledged");
    }
}

/* ---- hold, hold.lift ---- */

static struct rows holds_of(const struct deciding *d)
{
    const struct hold_data *data = &d->record->data.hold;
    struct rows rows = state_rows_where(d->state, TABLE_HOLD, data->scope, d->arena);
    size_t kept = 0;
    for (size_t i = 0; i < rows.count; i++) {
        if (row_is(rows.items[i], HOLD_ACTIVITY, data->activity)) {
            rows.items[kept++] = rows.items[i];
        }
    }
    rows.count = kept;
    return rows;
}

/* Is the state VERB and then this PERSON? */
static bool is_by(const struct row *row, const char *verb, const char *person)
{
    size_t length = strlen(verb);
    const char *state = row->values[HOLD_STATE];
    size_t size = strlen(person);
    return strncmp(state, verb, length) == 0 &&
           strncmp(state + length, person, size) == 0 &&
           (state[length + size] == '\0' || state[length + size] == ' ');
}

static bool is_asked(const struct row *row)
{
    return strncmp(row->values[HOLD_STATE], "asked ", 6) == 0;
}

enum verdict hold_taken(struct deciding *d)
{
    struct rows rows = holds_of(d);
    for (size_t i = 0; i < rows.count; i++) {
        if (is_by(rows.items[i], "asked ", d->person)) {
            return refuse(d, HARD, "HOLD-02", "");
        }
    }
    return PASS;
}

static enum verdict hold_place(struct deciding *d)
{
    static const char *const activities[] = {
        "dosing",     "enrolment", "randomisation", "conditioning", "release",
        "escalation", NULL};
    const struct hold_data *data = &d->record->data.hold;
    if (!is_one_of(data->activity, activities)) {
        return refuse(d, HARD, "HOLD-03", "data.activity");
    }
    return strncmp(data->scope, "site/", 5) == 0 &&
                   state_site(d->state, d->record->site) == NULL
               ? refuse(d, HARD, "REF-03", "data.scope")
               : PASS;
}

enum verdict hold_findings(struct deciding *d)
{
    return hold_place(d);
}

void hold_effects(struct deciding *d)
{
    const struct hold_data *data = &d->record->data.hold;
    struct rows rows = holds_of(d);
    struct effect effect = {.kind = EFFECT_HOLD,
                            .value = data->activity,
                            .scope = data->scope,
                            .rule = "person"};
    for (size_t i = 0; i < rows.count; i++) {
        if (is_asked(rows.items[i])) {
            effect.state = "held";
            effect.cause = arena_text(d->arena, rows.items[i]->values[HOLD_CAUSE]);
            case_add(d, &effect);
            return;
        }
    }
    effect.state = arena_printf(d->arena, "asked %s", d->person);
    effect.cause = arena_printf(d->arena, "%lld", (long long) d->context->seq);
    case_add(d, &effect);
}

/* "lifting p-0006 <sha256>": by somebody else, with the same document? */
static bool is_seconded(const struct deciding *d, const struct row *row)
{
    const char *state = row->values[HOLD_STATE];
    const char *digest = strrchr(state, ' ');
    return strncmp(state, "lifting ", 8) == 0 && !is_by(row, "lifting ", d->person) &&
           digest != NULL && strcmp(digest + 1, d->record->data.hold.sha256) == 0;
}

/* Nobody lifts what he had not seen when he signed: the hold as it stands, and, for the second
 * person, that the first one asked. */
static bool was_seen(const struct deciding *d, const struct row *row)
{
    return (uint64_t) row->src_seq < d->record->seen.size;
}

enum verdict lift_taken(struct deciding *d)
{
    struct rows rows = holds_of(d);
    size_t left = 0;
    size_t mine = 0;
    for (size_t i = 0; i < rows.count; i++) {
        bool own = is_by(rows.items[i], "lifting ", d->person);
        mine += own ? 1 : 0;
        left += !own && was_seen(d, rows.items[i]) ? 1 : 0;
    }
    if (left == 0) {
        return refuse(d, HARD, mine > 0 ? "HOLD-05" : "HOLD-04", "data.scope");
    }
    return PASS;
}

enum verdict lift_findings(struct deciding *d)
{
    return hold_place(d);
}

void lift_effects(struct deciding *d)
{
    const struct hold_data *data = &d->record->data.hold;
    struct rows rows = holds_of(d);
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *row = rows.items[i];
        bool seconded = is_seconded(d, row);
        if (!was_seen(d, row) || is_by(row, "lifting ", d->person)) {
            continue;
        }
        case_add(
            d, &(struct effect){.kind = EFFECT_HOLD,
                                .value = data->activity,
                                .scope = data->scope,
                                .rule = arena_text(d->arena, row->values[HOLD_RULE]),
                                .state = seconded ? "lifted"
                                                  : arena_printf(d->arena, "lifting %s %s",
                                                                 d->person, data->sha256),
                                .cause = arena_text(d->arena, row->values[HOLD_CAUSE])});
    }
}

/* ---- milestone ---- */

/* SHA-256 of what a test alarm proves: the number, the second route, the physician. */
static const char *contact_digest(const struct metadata_version *version,
                                  struct arena *arena)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    bytes_printf(&text, "%s\n%s\n%s\n", version->contact.phone,
                 version->contact.second_route, version->contact.physician);
    digest_of(span_bytes(&text), &digest);
    digest_to_hex(&digest, hex);
    return arena_text(arena, hex);
}

static bool milestone_is(const struct deciding *d, const char *kind)
{
    return strcmp(d->record->data.milestone.kind, kind) == 0;
}

static bool can_be_reported(const struct deciding *d, const char *object)
{
    if (object == NULL) {
        return false;
    }
    return is_milestone(object) ? clocks_running(d, object, CLOCK_AUTHORITY).count > 0
                                : state_row(d->state, TABLE_SAFETY_CASE, &object) != NULL;
}

enum verdict milestone_findings(struct deciding *d)
{
    const struct milestone_data *data = &d->record->data.milestone;
    bool report = milestone_is(d, "authority-report");
    bool alarm = milestone_is(d, "alarm-test");
    instant at = 0;
    if (!report && !alarm && clock_days_of_milestone(data->kind) == 0) {
        return refuse(d, HARD, "SAFE-06", "data.milestone");
    }
    if (report ? !can_be_reported(d, data->object) : data->object != NULL) {
        return refuse(d, HARD, "SAFE-07", "data.object");
    }
    if (alarm != (data->code_sha256 != NULL)) {
        return refuse(d, HARD, "SAFE-08", "data.code_sha256");
    }
    if (!instant_parse(span_text(data->at), &at, NULL) ||
        at > d->context->time + SKEW_MAX) {
        return refuse(d, HARD, "SAFE-09", "data.at");
    }
    return d->version != NULL ? PASS : refuse(d, HARD, "REF-07", "definition");
}

/* The first report of a grave case is followed by the completed one. */
static void reported(struct deciding *d, const char *object, instant at)
{
    struct rows running = clocks_running(d, object, CLOCK_SPONSOR);
    for (size_t i = 0; i < running.count; i++) {
        const struct row *row = running.items[i];
        instant since = 0;
        bool grave = row_is(row, CLOCK_RULE, "7 days") &&
                     instant_parse(span_text(row->values[CLOCK_SINCE]), &since, NULL);
        if (grave && clocks_running(d, object, CLOCK_COMPLETION).count == 0) {
            case_clock(d, object, CLOCK_COMPLETION, "8 days", at,
                       clock_after_days(since, d->record->signature.offset_minutes,
                                        DAYS_GRAVE + DAYS_COMPLETION, DAY_ZERO_AWARENESS));
        }
    }
    if (running.count == 0) {
        clocks_stop(d, object, CLOCK_COMPLETION, at, "reported");
    }
    clocks_stop(d, object, CLOCK_SPONSOR, at, "reported");
}

void milestone_effects(struct deciding *d)
{
    const struct milestone_data *data = &d->record->data.milestone;
    instant at = d->context->time;
    const char *own = arena_printf(d->arena, "milestone/%lld", (long long) d->context->seq);
    struct effect effect = {
        .kind = EFFECT_MILESTONE, .value = data->kind, .scope = own, .state = "open"};
    int days = clock_days_of_milestone(data->kind);
    (void) instant_parse(span_text(data->at), &at, NULL);
    if (milestone_is(d, "alarm-test")) {
        effect.cause = contact_digest(d->version, d->arena);
    } else if (days == 0) {
        effect.state = "reported";
    }
    case_add(d, &effect);
    if (days > 0) {
        /* the Dutch act before the CTR: a halt is told at once */
        bool at_once = milestone_is(d, "safety-halt") &&
                       safety_section_of(d->version)->regime_count > 0 &&
                       safety_all_reported(safety_section_of(d->version), NULL);
        case_clock(d, own, CLOCK_AUTHORITY, data->kind, at,
                   at_once ? at
                           : clock_after_days(at, d->record->signature.offset_minutes, days,
                                              DAY_ZERO_AWARENESS));
    } else if (milestone_is(d, "authority-report") && is_milestone(data->object)) {
        clocks_stop(d, data->object, CLOCK_AUTHORITY, at, "reported");
        effect.scope = data->object;
        case_add(d, &effect);
    } else if (milestone_is(d, "authority-report")) {
        reported(d, data->object, at);
        report_effects(d);
    }
}

/* ---- who reaches a hotline that was tried ---- */

bool alarm_was_answered(const struct deciding *d)
{
    struct rows rows = state_rows(d->state, TABLE_MILESTONE, d->arena);
    if (d->version == NULL) {
        return false;
    }
    const char *contact = contact_digest(d->version, d->arena);
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *row = rows.items[i];
        if (row_is(row, MILESTONE_KIND, "alarm-test") &&
            row_is(row, MILESTONE_STATE, "acknowledged") &&
            row_is(row, MILESTONE_CONTACT, contact)) {
            return true;
        }
    }
    return false;
}
