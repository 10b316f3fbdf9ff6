/* SPDX-License-Identifier: Apache-2.0 */
/*
** The bytes of an outcome are committed to by the entry, so reading is strict by writing back:
** what outcome_write() would not have written is no outcome.
*/
#include "protocol/record/outcome.h"

#include "base/text.h"

static const char *const EFFECT_NAMES[EFFECT_COUNT] = {
    [EFFECT_HOLD] = "hold",
    [EFFECT_CLOCK] = "clock",
    [EFFECT_NUMBER] = "number",
    [EFFECT_OPEN] = "open",
    [EFFECT_ANSWER] = "answer",
    [EFFECT_CLOSE] = "close",
    [EFFECT_GRANT] = "grant",
    [EFFECT_PERSON] = "person",
    [EFFECT_LOCK] = "lock",
    [EFFECT_FLAG] = "flag",
    [EFFECT_INBOX] = "inbox",
    [EFFECT_MERGED] = "merged",
    [EFFECT_BATCH] = "batch",
    [EFFECT_CRITERIA] = "criteria",
    [EFFECT_CLEARANCE] = "clearance",
    [EFFECT_EXPOSURE] = "exposure",
    [EFFECT_EXPOSED] = "exposed",
    [EFFECT_COHORT] = "cohort",
    [EFFECT_CASE] = "case",
    [EFFECT_SUSAR] = "susar",
    [EFFECT_OPINION] = "opinion",
    [EFFECT_STOPPING] = "stopping",
    [EFFECT_ACK] = "ack",
    [EFFECT_MILESTONE] = "milestone",
};

#define OUTCOME_LIST_MAX 20000

static const struct json_limits OUTCOME_LIMITS = {
    .depth = 4, .nodes = 200000, .string = (size_t) 64 * 1024};

const char *effect_name(enum effect_kind kind)
{
    return EFFECT_NAMES[kind];
}

const struct effect *outcome_effect(const struct outcome *outcome, enum effect_kind kind,
                                    const char *value)
{
    for (size_t i = 0; i < outcome->effect_count; i++) {
        const struct effect *effect = &outcome->effects[i];
        if (effect->kind == kind && (value == NULL || strcmp(value, effect->value) == 0)) {
            return effect;
        }
    }
    return NULL;
}

void outcome_add_finding(struct outcome *outcome, struct arena *arena,
                         const struct outcome_finding *finding)
{
    *ARENA_PUSH(arena, outcome->findings, outcome->finding_count,
                outcome->finding_capacity) = *finding;
}

void outcome_add_effect(struct outcome *outcome, struct arena *arena,
                        const struct effect *effect)
{
    *ARENA_PUSH(arena, outcome->effects, outcome->effect_count, outcome->effect_capacity) =
        *effect;
}

/* ---- writing ---- */

static void optional(struct json_out *json, const char *name, const char *text)
{
    if (text != NULL) {
        json_member(json, name, text);
    }
}

static void mark(struct json_out *json, const char *name, bool set)
{
    if (set) {
        json_member_integer(json, name, 1);
    }
}

static void write_finding(struct json_out *json, const struct outcome_finding *finding)
{
    json_begin(json, '{');
    json_member(json, "rule", finding->rule);
    json_member(json, "act", act_name(finding->act));
    optional(json, "object", finding->object);
    json_member(json, "path", finding->path);
    optional(json, "query", finding->query);
    mark(json, "due", finding->due);
    mark(json, "deviation", finding->deviation);
    mark(json, "alarm", finding->alarm);
    mark(json, "confirmed", finding->confirmed);
    json_end(json, '}');
}

static void write_effect(struct json_out *json, const struct effect *effect)
{
    json_begin(json, '{');
    json_member(json, EFFECT_NAMES[effect->kind], effect->value);
    optional(json, "scope", effect->scope);
    optional(json, "rule", effect->rule);
    optional(json, "state", effect->state);
    optional(json, "from", effect->from);
    optional(json, "due", effect->due);
    optional(json, "at", effect->at);
    optional(json, "cause", effect->cause);
    json_end(json, '}');
}

void outcome_write(const struct outcome *outcome, struct bytes *out)
{
    struct json_out json = {out, false};
    json_begin(&json, '{');
    json_member_integer(&json, "v", outcome->version);
    json_member(&json, "engine", outcome->engine);
    json_member_integer(&json, "late", outcome->late);
    json_key(&json, "findings");
    json_begin(&json, '[');
    for (size_t i = 0; i < outcome->finding_count; i++) {
        write_finding(&json, &outcome->findings[i]);
    }
    json_end(&json, ']');
    json_key(&json, "derived");
    json_begin(&json, '{');
    for (size_t i = 0; i < outcome->derived_count; i++) {
        json_member(&json, outcome->derived[i].path, outcome->derived[i].value);
    }
    json_end(&json, '}');
    json_key(&json, "effects");
    json_begin(&json, '[');
    for (size_t i = 0; i < outcome->effect_count; i++) {
        write_effect(&json, &outcome->effects[i]);
    }
    json_end(&json, ']');
    json_end(&json, '}');
}

/* ---- reading ---- */

static const struct json *list_of(const struct json *root, const char *name,
                                  enum json_kind kind)
{
    const struct json *list = json_get(root, name);
    return list != NULL && list->kind == kind && list->count <= OUTCOME_LIST_MAX ? list
                                                                                 : NULL;
}

static bool is_set(const struct json *from, const char *name)
{
    const struct json *value = json_get(from, name);
    return value != NULL && value->kind == J_INTEGER && value->integer == 1;
}

static status read_finding(const struct json *from, struct outcome_finding *finding,
                           struct err *err)
{
    const char *act = json_get_string(from, "act");
    *finding = (struct outcome_finding){.rule = json_get_string(from, "rule"),
                                        .object = json_get_string(from, "object"),
                                        .path = json_get_string(from, "path"),
                                        .query = json_get_string(from, "query"),
                                        .due = is_set(from, "due"),
                                        .deviation = is_set(from, "deviation"),
                                        .alarm = is_set(from, "alarm"),
                                        .confirmed = is_set(from, "confirmed")};
    if (finding->rule == NULL || finding->path == NULL || act == NULL ||
        !act_parse(act, &finding->act)) {
        return FAIL(err, ERR_BAD_INPUT, "a finding of the outcome lacks rule, act or path");
    }
    return OK;
}

static status read_effect(const struct json *from, struct effect *effect, struct err *err)
{
    *effect = (struct effect){.scope = json_get_string(from, "scope"),
                              .rule = json_get_string(from, "rule"),
                              .state = json_get_string(from, "state"),
                              .from = json_get_string(from, "from"),
                              .due = json_get_string(from, "due"),
                              .at = json_get_string(from, "at"),
                              .cause = json_get_string(from, "cause")};
    if (from->kind == J_OBJECT && from->count > 0 && from->items[0].kind == J_STRING) {
        for (size_t kind = 0; kind < EFFECT_COUNT; kind++) {
            if (strcmp(from->items[0].name, EFFECT_NAMES[kind]) == 0) {
                effect->kind = (enum effect_kind) kind;
                effect->value = from->items[0].string;
                return OK;
            }
        }
    }
    return FAIL(err, ERR_BAD_INPUT, "an effect of the outcome is of no known kind");
}

static status read_lists(const struct json *root, struct arena *arena,
                         struct outcome *outcome, struct err *err)
{
    const struct json *findings = list_of(root, "findings", J_ARRAY);
    const struct json *derived = list_of(root, "derived", J_OBJECT);
    const struct json *effects = list_of(root, "effects", J_ARRAY);
    if (findings == NULL || derived == NULL || effects == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "the outcome lacks findings, derived or effects");
    }
    for (size_t i = 0; i < findings->count; i++) {
        struct outcome_finding finding;
        TRY(read_finding(&findings->items[i], &finding, err));
        outcome_add_finding(outcome, arena, &finding);
    }
    for (size_t i = 0; i < derived->count; i++) {
        if (derived->items[i].kind != J_STRING) {
            return FAIL(err, ERR_BAD_INPUT, "a derived value is no text");
        }
        *ARENA_PUSH(arena, outcome->derived, outcome->derived_count,
                    outcome->derived_capacity) =
            (struct outcome_derived){derived->items[i].name, derived->items[i].string};
    }
    for (size_t i = 0; i < effects->count; i++) {
        struct effect effect;
        TRY(read_effect(&effects->items[i], &effect, err));
        outcome_add_effect(outcome, arena, &effect);
    }
    return OK;
}

status outcome_parse(struct span line, struct arena *arena, struct outcome *ret_outcome,
                     struct err *err)
{
    const struct json *root;
    TRY(json_parse(line, &OUTCOME_LIMITS, arena, &root, err));
    const struct json *version = json_get(root, "v");
    const struct json *late = json_get(root, "late");
    struct outcome outcome = {.engine = json_get_string(root, "engine")};
    if (version == NULL || version->kind != J_INTEGER || late == NULL ||
        late->kind != J_INTEGER || outcome.engine == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "the outcome lacks v, engine or late");
    }
    if (version->integer != OUTCOME_VERSION) {
        return FAIL(err, ERR_BAD_INPUT, "the outcome is of a version that is not known");
    }
    outcome.version = version->integer;
    outcome.late = late->integer;
    TRY(read_lists(root, arena, &outcome, err));

    CLEANUP(bytes_done) struct bytes again = {0};
    outcome_write(&outcome, &again);
    if (!span_equal(span_bytes(&again), line)) {
        return FAIL(err, ERR_BAD_INPUT, "the outcome is not written as outcomes are");
    }
    *ret_outcome = outcome;
    return OK;
}
