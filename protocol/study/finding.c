/* SPDX-License-Identifier: Apache-2.0 */
/*
** A list of findings in the order in which the checks ran, each rule once for each place.
*/
#include "protocol/study/finding.h"

static const char *const ACTS[] = {"ask", "gate", "refuse"};
static const char *const PLACES[] = {"submit", "sign", "lock", "action"};

const char *act_name(enum act act)
{
    return ACTS[act];
}

bool act_parse(const char *name, enum act *ret_act)
{
    for (size_t i = 0; i < ARRAY_LEN(ACTS); i++) {
        if (strcmp(name, ACTS[i]) == 0) {
            *ret_act = (enum act) i;
            return true;
        }
    }
    return false;
}

bool place_parse(const char *name, enum place *ret_place)
{
    for (size_t i = 0; i < ARRAY_LEN(PLACES); i++) {
        if (strcmp(name, PLACES[i]) == 0) {
            *ret_place = (enum place) i;
            return true;
        }
    }
    return false;
}

static const char *keep(struct arena *arena, const char *text)
{
    return text != NULL && text[0] != '\0' ? arena_text(arena, text) : "";
}

static bool is_there(const struct findings *findings, const struct finding *finding,
                     const char *object, const char *path)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *other = &findings->items[i];
        if (strcmp(other->rule, finding->rule) == 0 && strcmp(other->path, path) == 0 &&
            strcmp(other->object, object) == 0) {
            return true;
        }
    }
    return false;
}

void finding_add(struct findings *findings, const struct finding *finding)
{
    const char *object = finding->object != NULL ? finding->object : "";
    const char *path = finding->path != NULL ? finding->path : "";
    if (findings->count >= FINDINGS_MAX || is_there(findings, finding, object, path)) {
        return;
    }
    struct finding *kept =
        ARENA_PUSH(findings->arena, findings->items, findings->count, findings->capacity);
    *kept = *finding;
    kept->rule = keep(findings->arena, finding->rule);
    kept->object = keep(findings->arena, object);
    kept->path = keep(findings->arena, path);
    kept->values = keep(findings->arena, finding->values);
    kept->message = keep(findings->arena, finding->message);
    kept->help = keep(findings->arena, finding->help);
}

void finding_write(const struct finding *finding, struct json_out *json)
{
    json_begin(json, '{');
    json_member(json, "rule", finding->rule);
    json_member(json, "act", act_name(finding->act));
    json_member(json, "path", finding->path);
    json_member(json, "object", finding->object);
    json_member(json, "message", finding->message);
    json_member(json, "help", finding->help);
    json_key(json, "due");
    json_put_bool(json, finding->due);
    json_end(json, '}');
}

static bool any(const struct findings *findings, enum act act)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->items[i].act == act) {
            return true;
        }
    }
    return false;
}

bool findings_refuse(const struct findings *findings)
{
    return any(findings, ACT_REFUSE);
}

bool findings_gate(const struct findings *findings)
{
    return any(findings, ACT_GATE);
}

bool findings_have(const struct findings *findings, const char *rule)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (strcmp(findings->items[i].rule, rule) == 0) {
            return true;
        }
    }
    return false;
}
