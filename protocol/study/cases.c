/* SPDX-License-Identifier: Apache-2.0 */
/*
** A case is read, its forms are made of the named ones with a few answers set, and what the
** checks find is held against what is expected, both ways.
*/
#include "protocol/study/cases.h"

#include "protocol/study/messages.h"
#include "protocol/study/product_section.h"

struct named_form {
    const char *name;
    struct form_data data;
};

struct cases {
    const struct metadata_version *version;
    const char *language;
    struct arena *arena;
    struct named_form *forms;
    size_t form_count, form_capacity;
    instant at;
    int offset;
    bool has_at;
    int line;
};

struct expected {
    const char *rule, *act, *path, *object;
    bool met;
};

/* One case while it runs. */
struct running {
    struct cases *cases;
    const char *name;
    enum place place;
    struct casebook book;
    const struct form_data **judged;
    size_t judged_count;
    struct findings findings;
    struct untold_list untold;
    struct derived_list derived;
    const char **differences;
    size_t count, capacity;
};

static const struct json_limits LIMITS = {
    .depth = 16, .nodes = 200000, .string = (size_t) 64 << 10};

static status bad(const struct cases *cases, struct err *err, const char *what,
                  const char *name)
{
    return FAIL(err, ERR_BAD_INPUT, "line %d: %s%s", cases->line, what, name);
}

/* ---- forms ---- */

static const struct form_data *find_form(const struct cases *cases, const char *name)
{
    for (size_t i = 0; name != NULL && i < cases->form_count; i++) {
        if (strcmp(cases->forms[i].name, name) == 0) {
            return &cases->forms[i].data;
        }
    }
    return NULL;
}

static status take_form(struct cases *cases, const struct json *line, struct err *err)
{
    struct form_data data = {0};
    const char *name = json_get_string(line, "form");
    if (find_form(cases, name) != NULL) {
        return bad(cases, err, "this form stands here already: ", name);
    }
    if (form_data_from_json(json_get(line, "data"), cases->arena, &data, err) != OK) {
        return bad(cases, err, "its data cannot be read as those of a record: ", name);
    }
    *ARENA_PUSH(cases->arena, cases->forms, cases->form_count, cases->form_capacity) =
        (struct named_form){name, data};
    return OK;
}

/* The answer VALUE as it would stand in a record: text, or an object. */
static bool read_item(const char *oid, const struct json *value, struct item_data *ret_item)
{
    *ret_item = (struct item_data){.oid = oid};
    if (value->kind == J_STRING) {
        ret_item->value = value->string;
        return true;
    }
    const char *null = json_get_string(value, "IsNull");
    ret_item->value = json_get_string(value, "Value");
    ret_item->unit = json_get_string(value, "MeasurementUnitOID");
    ret_item->reason = json_get_string(value, "Reason");
    for (enum null_kind kind = NOT_DONE; null != NULL && kind <= NOT_APPLICABLE; kind++) {
        if (strcmp(null_kind_name(kind), null) == 0) {
            ret_item->null = kind;
        }
    }
    return value->kind == J_OBJECT &&
           (ret_item->value != NULL || ret_item->null != NOT_NULL);
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/* GROUP with the item OID set, or taken out where ITEM is NULL. A unit stays as it was unless
 * another one is said. */
static struct group_data with_item(struct cases *cases, const struct group_data *group,
                                   const char *oid, const struct item_data *item)
{
    struct item_data *items = ARENA_ARRAY(cases->arena, group->count + 1, struct item_data);
    const struct item_data *old = NULL;
    size_t count = 0;
    for (size_t i = 0; i < group->count; i++) {
        if (strcmp(group->items[i].oid, oid) == 0) {
            old = &group->items[i];
        } else {
            items[count++] = group->items[i];
        }
    }
    if (item != NULL) {
        items[count] = *item;
        if (old != NULL && item->unit == NULL && item->value != NULL) {
            items[count].unit = old->unit;
        }
        count++;
    }
    return (struct group_data){group->oid, group->repeat, items, count};
}

static status set_item(struct cases *cases, struct form_data *form,
                       const struct json *value, const char *path, struct err *err)
{
    struct item_key key;
    struct item_data item;
    bool gone = value->kind == J_NULL;
    if (!item_path_parse(span_text(path), cases->arena, &key) || key.item == NULL) {
        return bad(cases, err, "this is no path of an item, GROUP/REPEAT/ITEM: ", path);
    }
    if (!gone && !read_item(key.item, value, &item)) {
        return bad(cases, err, "this answer cannot be read: ", path);
    }
    struct group_data *groups =
        ARENA_ARRAY(cases->arena, form->count + 1, struct group_data);
    size_t at = form->count;
    for (size_t i = 0; i < form->count; i++) {
        groups[i] = form->groups[i];
        if (strcmp(groups[i].oid, key.group) == 0 &&
            same_text(groups[i].repeat, key.group_repeat)) {
            at = i;
        }
    }
    if (at == form->count) {
        groups[form->count++] = (struct group_data){key.group, key.group_repeat, NULL, 0};
    }
    groups[at] = with_item(cases, &groups[at], key.item, gone ? NULL : &item);
    form->groups = groups;
    return OK;
}

/* A form of a case: a name, or {"use": name, "state": ..., "set": {...}}. */
static status make_form(struct cases *cases, const struct json *value,
                        const struct form_data **ret_form, struct err *err)
{
    const char *name =
        value->kind == J_STRING ? value->string : json_get_string(value, "use");
    const struct form_data *named = find_form(cases, name);
    if (named == NULL) {
        return bad(cases, err, "no line before this one names the form ",
                   name != NULL ? name : "?");
    }
    struct form_data *form = ARENA_NEW(cases->arena, struct form_data);
    *form = *named;
    const char *state = json_get_string(value, "state");
    if (state != NULL) {
        form->state = strcmp(state, "partial") == 0 ? FORM_PARTIAL : FORM_COMPLETE;
    }
    const struct json *set = json_get(value, "set");
    for (size_t i = 0; set != NULL && set->kind == J_OBJECT && i < set->count; i++) {
        TRY(set_item(cases, form, &set->items[i], set->items[i].name, err));
    }
    form->version = cases->version->oid;
    form->received_at = cases->at;
    *ret_form = form;
    return OK;
}

static status make_forms(struct cases *cases, const struct json *list,
                         const struct form_data ***ret_forms, size_t *ret_count,
                         struct err *err)
{
    size_t count = list == NULL ? 0 : list->kind == J_ARRAY ? list->count : 1;
    const struct form_data **forms =
        ARENA_ARRAY(cases->arena, count + 1, const struct form_data *);
    for (size_t i = 0; i < count; i++) {
        const struct json *item = list->kind == J_ARRAY ? &list->items[i] : list;
        TRY(make_form(cases, item, &forms[i], err));
    }
    *ret_forms = forms;
    *ret_count = count;
    return OK;
}

/* ---- judging ---- */

/* `other`: when another subject had its first dose. */
static status judge_stagger(struct running *r, const struct json *line,
                            const struct zone *zone, struct err *err)
{
    const char *when = json_get_string(line, "other");
    struct other_dose other = {.planned = false};
    if (when == NULL || was_dosed(r->cases->version, &r->book)) {
        return OK;
    }
    if (!interval_parse(span_text(when), zone, &other.at)) {
        return bad(r->cases, err, "a date of another subject's first dose is wanted, not ",
                   when);
    }
    stagger_ask(r->cases->version, interval_at(r->cases->at), &other, zone, &r->findings);
    return OK;
}

/* The gates before an act, or what must hold of a batch before its release. */
static status judge_act(struct running *r, const struct json *line, struct err *err)
{
    struct cases *cases = r->cases;
    struct zone zone = {.fixed = cases->offset};
    struct gated_act act = {.event = json_get_string(line, "event"),
                            .batch = json_get_string(line, "batch"),
                            .at = cases->at,
                            .zone = &zone};
    const char *name = json_get_string(line, "act");
    const char *kind = json_get_string(line, "kind");
    size_t i = 0;
    while (i < GATE_ACTS &&
           (name == NULL || strcmp(gate_act_name((enum gate_act) i), name) != 0)) {
        i++;
    }
    if (i == GATE_ACTS) {
        return bad(cases, err, "an act that a gate may stand before is wanted, not ",
                   name != NULL ? name : "-");
    }
    act.act = (enum gate_act) i;
    if (act.act == GATE_DOSE_CLEAR) {
        dose_window_ask(cases->version, &r->book, interval_at(cases->at), &zone,
                        &r->findings);
        TRY(judge_stagger(r, line, &zone, err));
    }
    if (act.act == GATE_BATCH_RELEASE) {
        release_ask(cases->version, kind != NULL ? kind : "batch", &r->book, &zone,
                    &r->findings);
    }
    gates_ask(cases->version, &r->book, &act, &r->findings, NULL);
    return OK;
}

static status judge(struct running *r, const struct json *line, struct err *err)
{
    struct cases *cases = r->cases;
    struct zone zone = {.fixed = cases->offset};
    struct check_context context = {.place = r->place,
                                    .signed_at = cases->at,
                                    .received_at = cases->at,
                                    .zone = &zone,
                                    .language = cases->language,
                                    .untold = &r->untold};
    if (r->place == PLACE_ACTION) {
        return judge_act(r, line, err);
    }
    if (r->place == PLACE_LOCK) {
        check_lock(cases->version, &r->book, &context, &r->findings);
        return OK;
    }
    if (r->judged_count == 0) {
        return bad(cases, err, "a case at submit or sign needs \"judge\"", "");
    }
    if (r->place == PLACE_SUBMIT) {
        check_form(cases->version, &r->book, r->judged[0], &context, &r->findings,
                   &r->derived);
        return OK;
    }
    struct form_key *keys = ARENA_ARRAY(cases->arena, r->judged_count, struct form_key);
    for (size_t i = 0; i < r->judged_count; i++) {
        keys[i] = r->judged[i]->key;
        r->book = casebook_with(&r->book, r->judged[i], cases->arena);
    }
    check_sign(cases->version, &r->book, keys, r->judged_count, &context, &r->findings);
    return OK;
}

/* ---- comparing ---- */

static void differ(struct running *r, const char *id, const char *what, const char *where,
                   const char *more)
{
    const char *args[] = {what, where, more};
    *ARENA_PUSH(r->cases->arena, r->differences, r->count, r->capacity) =
        message_text(r->cases->arena, r->cases->language, id, args, ARRAY_LEN(args));
}

static const char *act_of(const struct finding *finding)
{
    return finding->due ? "due" : act_name(finding->act);
}

static bool is_met(const struct expected *expected, const struct finding *finding)
{
    return strcmp(expected->rule, finding->rule) == 0 &&
           (expected->act == NULL || strcmp(expected->act, act_of(finding)) == 0) &&
           (expected->path == NULL || strcmp(expected->path, finding->path) == 0) &&
           (expected->object == NULL || strcmp(expected->object, finding->object) == 0);
}

static bool is_act(const struct expected *expected, const char *act)
{
    return expected->act != NULL && strcmp(expected->act, act) == 0;
}

static bool is_about(const struct expected *expected, const char *rule, const char *path)
{
    return strcmp(expected->rule, rule) == 0 &&
           (expected->path == NULL || strcmp(expected->path, path) == 0);
}

/* Proved by a check that could not be told; before an act by what the gate still waits for. */
static bool was_untold(const struct running *r, const struct expected *expected)
{
    for (size_t i = 0; i < r->untold.count; i++) {
        if (is_about(expected, r->untold.items[i].rule, r->untold.items[i].path)) {
            return true;
        }
    }
    for (size_t i = 0; r->place == PLACE_ACTION && i < r->findings.count; i++) {
        const struct finding *finding = &r->findings.items[i];
        if (finding->due && is_about(expected, finding->rule, finding->path)) {
            return true;
        }
    }
    return false;
}

/* What may be still to come, of a rule that only must not act. */
static bool may_wait(const struct expected *expected, const struct finding *finding)
{
    return finding->due && (is_act(expected, "cannot tell")
                                ? strcmp(expected->rule, finding->rule) == 0
                                : is_act(expected, "unknown") &&
                                      is_about(expected, finding->rule, finding->path));
}

static void compare_finding(struct running *r, struct expected *expected, size_t count,
                            const struct finding *finding)
{
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        bool met = is_met(&expected[i], finding);
        expected[i].met = expected[i].met || met;
        found = found || met || may_wait(&expected[i], finding);
    }
    if (!found) {
        differ(r, "case.found",
               arena_printf(r->cases->arena, "%s %s", finding->rule, act_of(finding)),
               arena_printf(r->cases->arena, "%s%s%s", finding->object,
                            *finding->object != 0 ? " " : "", finding->path),
               finding->message);
    }
}

static status read_expected(struct cases *cases, const struct json *list,
                            struct expected **ret_items, size_t *ret_count, struct err *err)
{
    static const char *const acts[] = {"ask", "gate",        "refuse",
                                       "due", "cannot tell", "unknown"};
    if (list == NULL || list->kind != J_ARRAY) {
        return bad(cases, err, "a case needs \"expect\", a list; [] for nothing", "");
    }
    struct expected *items = ARENA_ARRAY(cases->arena, list->count + 1, struct expected);
    for (size_t i = 0; i < list->count; i++) {
        const struct json *item = &list->items[i];
        items[i] = (struct expected){
            json_get_string(item, "rule"), json_get_string(item, "act"),
            json_get_string(item, "path"), json_get_string(item, "object"), false};
        bool known = items[i].act == NULL;
        for (size_t a = 0; !known && a < ARRAY_LEN(acts); a++) {
            known = strcmp(items[i].act, acts[a]) == 0;
        }
        if (items[i].rule == NULL || !known) {
            return bad(cases, err,
                       "what is expected has a rule, and an act that is ask, gate, refuse, "
                       "due, cannot tell or unknown",
                       "");
        }
        items[i].met = is_act(&items[i], "cannot tell"); /* silence is what it asks for */
    }
    *ret_items = items;
    *ret_count = list->count;
    return OK;
}

static void compare_derived(struct running *r, const struct json *wanted)
{
    for (size_t i = 0; wanted != NULL && wanted->kind == J_OBJECT && i < wanted->count;
         i++) {
        const struct json *item = &wanted->items[i];
        const char *value = "";
        for (size_t d = 0; d < r->derived.count; d++) {
            if (strcmp(r->derived.items[d].path, item->name) == 0) {
                value = r->derived.items[d].value;
            }
        }
        const char *text = item->kind == J_STRING ? item->string : "";
        if (strcmp(value, text) != 0) {
            differ(r, "case.derived", item->name, text, *value != 0 ? value : "-");
        }
    }
}

static status compare(struct running *r, const struct json *line, struct err *err)
{
    struct expected *expected = NULL;
    size_t count = 0;
    TRY(read_expected(r->cases, json_get(line, "expect"), &expected, &count, err));
    for (size_t i = 0; i < r->findings.count; i++) {
        compare_finding(r, expected, count, &r->findings.items[i]);
    }
    for (size_t i = 0; i < count; i++) {
        bool unknown = is_act(&expected[i], "unknown");
        if (unknown ? !was_untold(r, &expected[i]) : !expected[i].met) {
            differ(r, "case.missing",
                   arena_printf(r->cases->arena, "%s %s", expected[i].rule,
                                expected[i].act != NULL ? expected[i].act : ""),
                   expected[i].path != NULL ? expected[i].path : "", "");
        }
    }
    compare_derived(r, json_get(line, "derived"));
    return OK;
}

/* ---- one case, one line, the file ---- */

static status read_time(struct cases *cases, const struct json *line, struct err *err)
{
    const char *at = json_get_string(line, "at");
    if (at == NULL) {
        return OK;
    }
    if (!instant_parse(span_text(at), &cases->at, &cases->offset)) {
        return bad(cases, err, "\"at\" is no instant: ", at);
    }
    cases->has_at = true;
    return OK;
}

static status run_case(struct cases *cases, const struct json *line,
                       struct case_result *ret_result, struct err *err)
{
    struct running r = {.cases = cases,
                        .name = json_get_string(line, "case"),
                        .findings = {.arena = cases->arena, .language = cases->language},
                        .untold = {.arena = cases->arena}};
    const struct form_data **book;
    size_t count;
    const char *place = json_get_string(line, "place");
    struct cases then = *cases; /* an instant of this case only */
    TRY(read_time(&then, line, err));
    r.cases = &then;
    if (!then.has_at) {
        return bad(cases, err, "say when: {\"at\":\"2026-05-20T12:00:00+02:00\"}", "");
    }
    if (place != NULL && !place_parse(place, &r.place)) {
        return bad(cases, err, "a place is submit, sign, lock or action, not ", place);
    }
    TRY(make_forms(&then, json_get(line, "book"), &book, &count, err));
    TRY(make_forms(&then, json_get(line, "judge"), &r.judged, &r.judged_count, err));
    const char *subject = r.judged_count > 0 ? r.judged[0]->key.subject
                          : count > 0        ? book[0]->key.subject
                                             : "";
    r.book = casebook_make(subject, book, count, cases->arena);
    TRY(judge(&r, line, err));
    TRY(compare(&r, line, err));
    *ret_result = (struct case_result){r.name, cases->line, r.differences, r.count};
    return OK;
}

static status take_line(struct cases *cases, struct span text,
                        void (*each)(void *arg, const struct case_result *result),
                        void *arg, struct err *err)
{
    const struct json *line = NULL;
    struct case_result result;
    struct err why = {0};
    if (json_parse(text, &LIMITS, cases->arena, &line, &why) != OK ||
        line->kind != J_OBJECT) {
        return bad(cases, err, "this is not a JSON object: ", why.what);
    }
    if (json_get_string(line, "case") != NULL) {
        TRY(run_case(cases, line, &result, err));
        each(arg, &result);
        return OK;
    }
    if (json_get_string(line, "form") != NULL) {
        return take_form(cases, line, err);
    }
    return json_get_string(line, "at") != NULL
               ? read_time(cases, line, err)
               : bad(cases, err, "a line has \"case\", \"form\" or \"at\"", "");
}

status cases_run(const struct metadata_version *version, struct span text,
                 const char *language, struct arena *arena,
                 void (*each)(void *arg, const struct case_result *result), void *arg,
                 struct err *err)
{
    struct cases cases = {.version = version, .language = language, .arena = arena};
    struct span rest = text;
    while (rest.size > 0) {
        struct span line;
        if (!span_cut(&rest, '\n', &line)) {
            line = rest;
            rest.size = 0;
        }
        cases.line++;
        while (line.size > 0 && (line.data[0] == ' ' || line.data[line.size - 1] == '\r')) {
            line = line.data[0] == ' ' ? span_of(line.data + 1, line.size - 1)
                                       : span_of(line.data, line.size - 1);
        }
        if (line.size > 0 && line.data[0] != '#') {
            TRY(take_line(&cases, line, each, arg, err));
        }
    }
    return OK;
}
