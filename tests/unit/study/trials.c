/* SPDX-License-Identifier: Apache-2.0 */
/*
** What protocol/trials promises, and that the example forms in tests/support keep to it.
**
** A definition says of every fact where it comes from and says everything a person reads in
** English and Dutch. The examples are edited by hand like the definition, so a change of one
** that forgets the other must show here and not in somebody's test of something else.
*/
#include "base/json.h"
#include "protocol/study/odm.h"
#include "protocol/study/subject_key.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

#include <ctype.h>

/* ---- complaints: collect all, then fail once ---- */

static size_t complaints;

static PRINTF(2, 3) void complain(const char *where, const char *format, ...)
{
    CLEANUP(bytes_done) struct bytes line = {0};
    va_list arguments;
    va_start(arguments, format);
    bytes_vprintf(&line, format, arguments);
    va_end(arguments);
    print_message("%s: %s\n", where, bytes_text(&line));
    complaints++;
}

/* ---- the definition ---- */

static const char *const versions_of_text[] = {"en", "nl"};

static void need_texts(const char *where, const struct texts *texts)
{
    for (size_t l = 0; l < ARRAY_LEN(versions_of_text); l++) {
        bool found = false;
        for (size_t i = 0; i < texts->count; i++) {
            found = found || (strcmp(texts->items[i].language, versions_of_text[l]) == 0 &&
                              texts->items[i].text[0] != '\0');
        }
        if (!found) {
            complain(where, "has no text in %s", versions_of_text[l]);
        }
    }
}

static void need_evidence(const char *where, const struct evidence *evidence)
{
    if (evidence->label[0] == '\0') {
        complain(where, "does not say where it comes from");
    } else if (evidence->label[0] != 'T' && evidence->source[0] == '\0') {
        complain(where, "is labelled %s and names no source", evidence->label);
    }
}

static void check_item_def(const struct item_def *item)
{
    need_texts(item->oid, &item->question);
    need_evidence(item->oid, &item->evidence);
    for (const char *c = item->name; *c != '\0'; c++) {
        if (!isupper((unsigned char) *c) && !isdigit((unsigned char) *c)) {
            complain(item->oid, "has a key word that is not in capitals");
        }
    }
    if (strlen(item->name) > 8) {
        complain(item->oid, "has a key word of more than 8 characters");
    }
    for (size_t i = 0; i < item->check_count; i++) {
        need_texts(item->oid, &item->checks[i].error_message);
        need_evidence(item->oid, &item->checks[i].evidence);
        if (item->checks[i].hard && item->checks[i].evidence.label[0] != 'S') {
            complain(item->oid, "has a hard check that is not true by definition");
        }
    }
}

static void check_code_list(const struct code_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        need_texts(list->oid, &list->items[i].decode);
    }
}

static void check_definition(const struct metadata_version *version)
{
    for (size_t i = 0; i < version->event_def_count; i++) {
        need_texts(version->event_defs[i]->oid, &version->event_defs[i]->description);
        need_evidence(version->event_defs[i]->oid, &version->event_defs[i]->evidence);
    }
    for (size_t i = 0; i < version->form_def_count; i++) {
        need_texts(version->form_defs[i]->oid, &version->form_defs[i]->description);
        need_evidence(version->form_defs[i]->oid, &version->form_defs[i]->evidence);
    }
    for (size_t i = 0; i < version->group_def_count; i++) {
        need_texts(version->group_defs[i]->oid, &version->group_defs[i]->description);
    }
    for (size_t i = 0; i < version->item_def_count; i++) {
        check_item_def(version->item_defs[i]);
    }
    for (size_t i = 0; i < version->code_list_count; i++) {
        check_code_list(version->code_lists[i]);
    }
    for (size_t i = 0; i < version->parameter_count; i++) {
        need_evidence(version->parameters[i].name, &version->parameters[i].evidence);
    }
    for (size_t i = 0; i < version->window_count; i++) {
        need_evidence(version->windows[i].event->oid, &version->windows[i].evidence);
    }
}

static const struct study *load(const char *path, struct arena *arena)
{
    CLEANUP(bytes_done) struct bytes xml = read_file(path);
    struct odm_problems problems = {0};
    const struct study *study = NULL;
    struct err err = {0};
    assert_status(odm_read(span_bytes(&xml), arena, &study, &problems, &err), OK, &err);
    return study;
}

static void check_trial(const char *path, void *arg)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct study *study = load(path, arena);
    (void) arg;
    for (size_t i = 0; i < study->version_count; i++) {
        check_definition(study->versions[i]);
    }
}

static void trials_say_where_facts_come_from(void **state)
{
    (void) state;
    complaints = 0;
    assert_true(each_file("protocol/trials", ".xml", check_trial, NULL) > 0);
    assert_int_equal(complaints, 0);
}

/* ---- the example forms ---- */

static void check_value(const char *path, const struct item_def *item,
                        const struct json *data)
{
    const char *text =
        data->kind == J_STRING ? data->string : json_get_string(data, "Value");
    const char *unit = json_get_string(data, "MeasurementUnitOID");
    bool unit_known = (unit == NULL) == (item->unit_count == 0);
    struct value value;
    if (json_get(data, "IsNull") != NULL) {
        return;
    }
    for (size_t i = 0; unit != NULL && i < item->unit_count; i++) {
        unit_known = strcmp(unit, item->units[i]->oid) == 0;
        if (unit_known) {
            break;
        }
    }
    if (!unit_known) {
        complain(path, "%s: wrong unit, or none", item->oid);
    }
    if (text == NULL || !value_parse(item->type, span_text(text), NULL, &value)) {
        complain(path, "%s: not of its type", item->oid);
    } else if (item->code_list != NULL && code_list_get(item->code_list, text) == NULL) {
        complain(path, "%s: not in its code list", item->oid);
    }
}

static void check_group(const char *path, const struct group_def *group,
                        const struct json *data, bool complete)
{
    const struct json *items = json_get(data, "ItemData");
    assert_non_null(items);
    for (size_t i = 0; i < items->count; i++) {
        const struct item_ref *ref = group_item_ref(group, items->items[i].name);
        if (ref == NULL || ref->derived) {
            complain(path, "%s may not be sent in %s", items->items[i].name, group->oid);
        } else {
            check_value(path, ref->item, &items->items[i]);
        }
    }
    for (size_t i = 0; complete && i < group->item_count; i++) {
        if (group->items[i].mandatory &&
            json_get(items, group->items[i].item->oid) == NULL) {
            complain(path, "%s is missing", group->items[i].item->oid);
        }
    }
    if (group->repeating != (json_get_string(data, "ItemGroupRepeatKey") != NULL)) {
        complain(path, "%s: repeat key", group->oid);
    }
}

static void check_groups(const char *path, const struct form_def *form,
                         const struct json *data)
{
    const struct json *groups = json_get(data, "ItemGroupData");
    bool complete = json_equals(json_get(data, "state"), "complete");
    assert_non_null(groups);
    for (size_t i = 0; i < form->group_count; i++) {
        const struct group_def *group = form->groups[i].group;
        size_t rows = 0;
        for (size_t k = 0; k < groups->count; k++) {
            if (json_equals(json_get(&groups->items[k], "ItemGroupOID"), group->oid)) {
                check_group(path, group, &groups->items[k], complete);
                rows++;
            }
        }
        if (complete && form->groups[i].mandatory && rows == 0) {
            complain(path, "%s is missing", group->oid);
        }
    }
    for (size_t k = 0; k < groups->count; k++) {
        if (form_group_ref(form, json_get_string(&groups->items[k], "ItemGroupOID")) ==
            NULL) {
            complain(path, "has a group that its form does not have");
        }
    }
}

struct examples {
    const struct metadata_version *version;
    struct arena *arena;
};

static void check_example(const char *path, void *arg)
{
    static const char *const members[] = {
        "SubjectKey",    "StudyEventOID", "FormOID",       "StudyEventRepeatKey",
        "FormRepeatKey", "state",         "ItemGroupData", NULL};
    const struct examples *examples = arg;
    CLEANUP(bytes_done) struct bytes text = read_file(path);
    const struct json *data = NULL;
    struct err err = {0};
    assert_status(json_parse(span_bytes(&text), &JSON_RECORD, examples->arena, &data, &err),
                  OK, &err);
    assert_true(json_has_exactly(data, members));
    const struct event_def *event =
        version_event(examples->version, json_get_string(data, "StudyEventOID"));
    assert_non_null(event);
    const struct form_ref *ref = event_form_ref(event, json_get_string(data, "FormOID"));
    assert_non_null(ref);
    check_groups(path, ref->form, data);
    if (event->repeating != (json_get_string(data, "StudyEventRepeatKey") != NULL) ||
        ref->form->repeating != (json_get_string(data, "FormRepeatKey") != NULL)) {
        complain(path, "repeat key of visit or form");
    }
    assert_status(subject_key_verify(examples->version,
                                     span_text(json_get_string(data, "SubjectKey")), &err),
                  OK, &err);
}

static void example_forms_agree_with_mabs06(void **state)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct study *study = load("protocol/trials/mabs06.xml", arena);
    struct examples examples = {.version = study_version(study, "MDV.1"), .arena = arena};
    (void) state;
    complaints = 0;
    assert_true(each_file("tests/support/mabs06", ".json", check_example, &examples) > 0);
    assert_true(each_file("tests/support/mabs06-apart", ".json", check_example, &examples) >
                0);
    assert_int_equal(complaints, 0);
}

int main(void)
{
    add_test("a trial says where each fact comes from, in English and Dutch",
             trials_say_where_facts_come_from);
    add_test("the example forms agree with the definition of MABS06",
             example_forms_agree_with_mabs06);
    return run_added("trials");
}
