/* SPDX-License-Identifier: Apache-2.0 */
/*
** Each tell_ function speaks for people and writes one member of the JSON result; say() is
** silent with --json and the result is not printed without it.
*/
#include "clients/verify/tell.h"

#define OBJECTS_SAID 40 /* for people; JSON has all */

/* ---- collecting ---- */

static void touch(struct tally *tally, const char *object)
{
    for (size_t i = 0; i < tally->object_count; i++) {
        if (strcmp(tally->objects[i].object, object) == 0) {
            tally->objects[i].count++;
            return;
        }
    }
    struct tally_object *touched = ARENA_PUSH(tally->arena, tally->objects,
                                              tally->object_count, tally->object_capacity);
    *touched = (struct tally_object){arena_text(tally->arena, object), 1};
}

static const char *keep(struct tally *tally, const char *text)
{
    return text != NULL ? arena_text(tally->arena, text) : NULL;
}

/* One clock for each report and side: the first receipt stays, the newest due time counts. */
static struct tally_clock *clock_for(struct tally *tally, const char *object,
                                     const char *whose)
{
    for (size_t i = 0; i < tally->clock_count; i++) {
        if (strcmp(tally->clocks[i].object, object) == 0 &&
            strcmp(tally->clocks[i].whose, whose) == 0) {
            return &tally->clocks[i];
        }
    }
    struct tally_clock *clock =
        ARENA_PUSH(tally->arena, tally->clocks, tally->clock_count, tally->clock_capacity);
    clock->object = arena_text(tally->arena, object);
    clock->whose = arena_text(tally->arena, whose);
    clock->seq = -1;
    return clock;
}

static void add_clocks(struct tally *tally, const struct replay_step *step)
{
    const struct outcome *outcome = step->outcome;
    const struct effect *number = outcome_effect(outcome, EFFECT_NUMBER, NULL);
    for (size_t i = 0; i < outcome->effect_count; i++) {
        const struct effect *effect = &outcome->effects[i];
        bool started = effect->kind == EFFECT_CLOCK && effect->value != NULL &&
                       effect->due != NULL; /* one that only stops has no due time */
        if (!started) {
            continue;
        }
        struct tally_clock *clock = clock_for(tally, step->record->object, effect->value);
        if (clock->seq < 0) {
            clock->seq = step->entry->seq;
            clock->received = step->entry->time;
        }
        clock->number = number != NULL ? keep(tally, number->value) : clock->number;
        clock->from = keep(tally, effect->from);
        clock->due = keep(tally, effect->due);
    }
}

static void add_event(struct tally *tally, const struct replay_step *step, const char *what,
                      const char *detail)
{
    *ARENA_PUSH(tally->arena, tally->events, tally->event_count, tally->event_capacity) =
        (struct tally_event){.seq = step->entry->seq,
                             .time = step->entry->time,
                             .what = what,
                             .detail = detail,
                             .person = arena_span_text(tally->arena, step->entry->actor)};
}

static const char *joined(struct tally *tally, const struct effect *effect)
{
    const char *parts[] = {effect->value, effect->scope, effect->state, effect->rule};
    CLEANUP(bytes_done) struct bytes text = {0};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (parts[i] != NULL) {
            bytes_printf(&text, "%s%s", text.size > 0 ? " " : "", parts[i]);
        }
    }
    return arena_text(tally->arena, bytes_text(&text));
}

static void add_events(struct tally *tally, const struct replay_step *step)
{
    const struct record *record = step->record;
    const struct effect *number = outcome_effect(step->outcome, EFFECT_NUMBER, NULL);
    if (record->type == RECORD_SAFETY_ASSESS || record->type == RECORD_SAFETY_ACK) {
        add_event(
            tally, step, RECORD_TYPES[record->type].name,
            arena_printf(tally->arena, "%s (%s)", record->object, record->signature.role));
    }
    for (size_t i = 0; i < step->outcome->effect_count; i++) {
        const struct effect *effect = &step->outcome->effects[i];
        if (effect->kind == EFFECT_CASE) {
            add_event(tally, step, "case",
                      arena_printf(tally->arena, "%s %s", effect->value,
                                   number != NULL ? number->value : record->object));
        } else if (effect->kind == EFFECT_HOLD) {
            add_event(tally, step, "hold", joined(tally, effect));
        } else if (effect->kind == EFFECT_CLEARANCE) {
            add_event(tally, step, "clearance", joined(tally, effect));
        }
    }
}

status tally_add(struct tally *tally, const struct replay_step *step)
{
    bool since = (uint64_t) step->entry->seq >= tally->since;
    enum record_type type = step->record != NULL                   ? step->record->type
                            : span_is(step->entry->type, "reject") ? RECORD_REJECT
                                                                   : RECORD_TYPE_COUNT;
    (since ? tally->after : tally->before)[type]++;
    tally->last_time = step->entry->time;
    if (since && tally->since > 0 && type != RECORD_REJECT) {
        CLEANUP(bytes_done) struct bytes object = {0};
        bytes_add_span(&object, step->entry->object);
        touch(tally, bytes_text(&object));
    }
    if (step->record != NULL && step->record->object != NULL) {
        add_clocks(tally, step);
        add_events(tally, step);
    }
    return OK;
}

/* ---- telling ---- */

static struct json_out *list_of(struct invocation *run, const char *name)
{
    json_key(&run->result, name);
    json_begin(&run->result, '[');
    return &run->result;
}

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

/* The columns of ROW, by their names; keys and codes of people are left out. */
static void json_row(struct json_out *json, enum table_id table, const struct row *row)
{
    json_begin(json, '{');
    for (size_t i = 0; i < TABLES[table].column_count; i++) {
        const char *name = TABLES[table].columns[i].name;
        if (strcmp(name, "jwk") != 0 && strcmp(name, "code_sha256") != 0) {
            json_member(json, name, row->values[i]);
        }
    }
    json_member_integer(json, "src_seq", row->src_seq);
    json_end(json, '}');
}

/* Call SAY for each row of TABLE that KEEP (may be NULL) wants, and list it as NAME. */
static size_t tell_rows(struct invocation *run, const struct state *state, const char *name,
                        enum table_id table, bool (*wanted)(const struct row *row),
                        void (*tell)(struct invocation *run, const struct state *state,
                                     const struct row *row))
{
    struct rows rows = state_rows(state, table, run->arena);
    struct json_out *json = list_of(run, name);
    size_t count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        if (wanted == NULL || wanted(rows.items[i])) {
            json_row(json, table, rows.items[i]);
            tell(run, state, rows.items[i]);
            count++;
        }
    }
    json_end(json, ']');
    return count;
}

static void say_hold(struct invocation *run, const struct state *state,
                     const struct row *row)
{
    (void) state;
    say(run, "STOP: %s is on hold (%s, %s, rule %s), since entry %lld.\n",
        "STOP: %s ligt stil (%s, %s, regel %s), sinds boeking %lld.\n",
        message_activity(run->arena, run->language, row->values[HOLD_ACTIVITY]),
        message_scope(run->arena, run->language, row->values[HOLD_SCOPE]),
        word_of(run, or_dash(row->values[HOLD_STATE])), or_dash(row->values[HOLD_RULE]),
        (long long) row->src_seq);
}

void tell_holds(struct invocation *run, const struct state *state)
{
    if (tell_rows(run, state, "holds", TABLE_HOLD, NULL, say_hold) == 0) {
        say(run, "Holds: none.\n", "Stilgelegd: niets.\n");
    }
}

struct form_counts {
    size_t partial, complete, is_signed, retracted, inbox;
};

static struct form_counts count_forms(const struct rows *forms)
{
    struct form_counts counts = {0};
    for (size_t i = 0; i < forms->count; i++) {
        const struct row *row = forms->items[i];
        if (row_is(row, FORM_STATE, "partial")) {
            counts.partial++;
        } else if (row_is(row, FORM_STATE, "complete")) {
            counts.complete++;
        } else if (row_is(row, FORM_STATE, "signed")) {
            counts.is_signed++;
        } else if (row_is(row, FORM_STATE, "retracted")) {
            counts.retracted++;
        } else {
            counts.inbox++;
        }
    }
    return counts;
}

void tell_counts(struct invocation *run, const struct state *state)
{
    struct rows rows = state_rows(state, TABLE_FORM, run->arena);
    struct form_counts forms = count_forms(&rows);
    size_t sites = state_row_count(state, TABLE_SITE);
    size_t subjects = state_row_count(state, TABLE_SUBJECT);
    struct json_out *json = &run->result;
    json_key(json, "counts");
    json_begin(json, '{');
    json_member_integer(json, "sites", (int64_t) sites);
    json_member_integer(json, "subjects", (int64_t) subjects);
    json_member_integer(json, "forms_partial", (int64_t) forms.partial);
    json_member_integer(json, "forms_complete", (int64_t) forms.complete);
    json_member_integer(json, "forms_signed", (int64_t) forms.is_signed);
    json_member_integer(json, "forms_retracted", (int64_t) forms.retracted);
    json_member_integer(json, "forms_in_safety_inbox", (int64_t) forms.inbox);
    json_end(json, '}');
    say(run,
        "Sites %zu, subjects %zu. Forms: %zu partial, %zu complete and not signed, %zu "
        "signed, %zu retracted, %zu waiting in the safety inbox.\n",
        "Centra %zu, deelnemers %zu. Formulieren: %zu deels, %zu volledig en niet "
        "getekend, "
        "%zu getekend, %zu ingetrokken, %zu in de veiligheidsbak.\n",
        sites, subjects, forms.partial, forms.complete, forms.is_signed, forms.retracted,
        forms.inbox);
}

static bool is_open_query(const struct row *row)
{
    return row_is(row, QUERY_STATE, "open") || row_is(row, QUERY_STATE, "answered");
}

static void say_query(struct invocation *run, const struct state *state,
                      const struct row *row)
{
    (void) state;
    say(run, "  %s %s: %s%s%s, rule %s\n", "  %s %s: %s%s%s, regel %s\n",
        row->values[QUERY_QUERY], word_of(run, or_dash(row->values[QUERY_STATE])),
        or_dash(row->values[QUERY_OBJECT]), row->values[QUERY_PATH] != NULL ? " " : "",
        row->values[QUERY_PATH] != NULL ? row->values[QUERY_PATH] : "",
        or_dash(row->values[QUERY_RULE]));
}

void tell_queries(struct invocation *run, const struct state *state)
{
    say(run, "Open queries:\n", "Open vragen:\n");
    if (tell_rows(run, state, "queries", TABLE_QUERY, is_open_query, say_query) == 0) {
        say(run, "  none\n", "  geen\n");
    }
}

static void say_lock(struct invocation *run, const struct state *state,
                     const struct row *row)
{
    (void) state;
    say(run, "  %s: %s since entry %lld\n", "  %s: %s sinds boeking %lld\n",
        message_scope(run->arena, run->language, row->values[LOCK_SCOPE]),
        word_of(run, or_dash(row->values[LOCK_STATE])), (long long) row->src_seq);
}

void tell_locks(struct invocation *run, const struct state *state)
{
    say(run, "Locks:\n", "Sloten:\n");
    if (tell_rows(run, state, "locks", TABLE_LOCK, NULL, say_lock) == 0) {
        say(run, "  none\n", "  geen\n");
    }
}

static void say_person(struct invocation *run, const struct state *state,
                       const struct row *row)
{
    (void) state;
    say(run, "  %s %s: %s\n", "  %s %s: %s\n", row->values[PERSON_PERSON],
        or_dash(row->values[PERSON_NAME]),
        word_of(run, or_dash(row->values[PERSON_STATE])));
}

static void say_key(struct invocation *run, const struct state *state,
                    const struct row *row)
{
    (void) state;
    say(run, "  %s: key %s, %s since %.10s\n", "  %s: sleutel %s, %s sinds %.10s\n",
        or_dash(row->values[PERSON_KEY_PERSON]), row->values[PERSON_KEY_KID],
        word_of(run, or_dash(row->values[PERSON_KEY_STATE])),
        or_dash(row->values[PERSON_KEY_ENROLLED_AT]));
}

static void say_grant(struct invocation *run, const struct state *state,
                      const struct row *row)
{
    (void) state;
    const char *to = row->values[GRANT_VALID_TO];
    say(run, "  %s: %s%s%s, from %.10s%s%.10s\n", "  %s: %s%s%s, van %.10s%s%.10s\n",
        row->values[GRANT_PERSON], word_of(run, row->values[GRANT_ROLE]),
        row_is(row, GRANT_SITE, ALL_SITES) ? "" : " ",
        row_is(row, GRANT_SITE, ALL_SITES) ? "" : row->values[GRANT_SITE],
        or_dash(row->values[GRANT_VALID_FROM]),
        to == NULL ? "" : in_words(run, " to ", " tot "), to == NULL ? "" : to);
}

void tell_people(struct invocation *run, const struct state *state)
{
    say(run, "People:\n", "Personen:\n");
    (void) tell_rows(run, state, "people", TABLE_PERSON, NULL, say_person);
    say(run, "Keys:\n", "Sleutels:\n");
    (void) tell_rows(run, state, "keys", TABLE_PERSON_KEY, NULL, say_key);
    say(run, "Roles:\n", "Rollen:\n");
    (void) tell_rows(run, state, "grants", TABLE_GRANT, NULL, say_grant);
}

void tell_clocks(struct invocation *run, const struct tally *tally)
{
    struct json_out *json = list_of(run, "safety");
    say(run, "Safety reports and their clocks:\n",
        "Veiligheidsmeldingen en hun klokken:\n");
    for (size_t i = 0; i < tally->clock_count; i++) {
        const struct tally_clock *clock = &tally->clocks[i];
        char received[INSTANT_SIZE];
        instant_format(clock->received, received);
        json_begin(json, '{');
        json_member(json, "number", clock->number);
        json_member(json, "object", clock->object);
        json_member_integer(json, "seq", clock->seq);
        json_member(json, "received", received);
        json_member(json, "clock", clock->whose);
        json_member(json, "from", clock->from);
        json_member(json, "due", clock->due);
        json_end(json, '}');
        say(run, "  %s %s: received %.16s, %s clock from %.16s, due %.16s\n",
            "  %s %s: ontvangen %.16s, klok %s vanaf %.16s, uiterlijk %.16s\n",
            clock->number != NULL ? clock->number : "-", clock->object, received,
            word_of(run, clock->whose), or_dash(clock->from), or_dash(clock->due));
    }
    json_end(json, ']');
    if (tally->clock_count == 0) {
        say(run, "  none\n", "  geen\n");
    }
}

void tell_story(struct invocation *run, const struct tally *tally)
{
    struct json_out *json = list_of(run, "safety_story");
    say(run, "What became of safety, holds and clearances:\n",
        "Wat er met veiligheid, stilleggen en vrijgeven gebeurde:\n");
    for (size_t i = 0; i < tally->event_count; i++) {
        const struct tally_event *event = &tally->events[i];
        char time[INSTANT_SIZE];
        instant_format(event->time, time);
        json_begin(json, '{');
        json_member_integer(json, "seq", event->seq);
        json_member(json, "time", time);
        json_member(json, "what", event->what);
        json_member(json, "detail", event->detail);
        json_member(json, "person", event->person);
        json_end(json, '}');
        say(run, "  %lld  %.16s  %s: %s, by %s\n", "  %lld  %.16s  %s: %s, door %s\n",
            (long long) event->seq, time, word_of(run, event->what),
            word_of(run, event->detail), event->person);
    }
    json_end(json, ']');
    if (tally->event_count == 0) {
        say(run, "  none\n", "  geen\n");
    }
}

static void tell_kinds(struct invocation *run, const struct tally *tally)
{
    struct json_out *json = list_of(run, "kinds");
    for (size_t i = 0; i <= RECORD_TYPE_COUNT; i++) {
        uint64_t all = tally->before[i] + tally->after[i];
        const char *name = i < RECORD_TYPE_COUNT ? RECORD_TYPES[i].name : "withheld";
        if (all == 0) {
            continue;
        }
        json_begin(json, '{');
        json_member(json, "type", name);
        json_member_integer(json, "all", (int64_t) all);
        json_member_integer(json, "since", (int64_t) tally->after[i]);
        json_end(json, '}');
        say(run, "  %-16s %8llu   new %llu\n", "  %-16s %8llu   nieuw %llu\n",
            i < RECORD_TYPE_COUNT ? name : in_words(run, "withheld", "niet voor u"),
            (unsigned long long) all,
            (unsigned long long) (tally->since > 0 ? tally->after[i] : 0));
    }
    json_end(json, ']');
}

void tell_since(struct invocation *run, const struct tally *tally)
{
    say(run, "Records by kind:\n", "Vastleggingen naar soort:\n");
    tell_kinds(run, tally);
    struct json_out *json = list_of(run, "touched");
    if (tally->since > 0) {
        say(run, "Touched since size %llu: %zu objects\n",
            "Geraakt sinds omvang %llu: %zu objecten\n", (unsigned long long) tally->since,
            tally->object_count);
    }
    for (size_t i = 0; i < tally->object_count; i++) {
        json_begin(json, '{');
        json_member(json, "object", tally->objects[i].object);
        json_member_integer(json, "entries", (int64_t) tally->objects[i].count);
        json_end(json, '}');
        if (i < OBJECTS_SAID) {
            say(run, "  %s (%zu)\n", "  %s (%zu)\n", tally->objects[i].object,
                tally->objects[i].count);
        }
    }
    json_end(json, ']');
    if (tally->object_count > OBJECTS_SAID) {
        say(run, "  and %zu more (--json lists all)\n",
            "  en nog %zu (--json noemt ze alle)\n", tally->object_count - OBJECTS_SAID);
    }
}
