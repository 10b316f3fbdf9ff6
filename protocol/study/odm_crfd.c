/* SPDX-License-Identifier: Apache-2.0 */
/*
** The crfd children of a MetaDataVersion: subject key, safety contact, parameters, windows,
** signature meanings (protocol/crfd-odm-ext.md).
*/
#include "base/text.h"
#include "protocol/study/odm_reader.h"
#include "protocol/study/subject_key.h"

/* An attribute of one of our own elements, which need no prefix. */
static const char *needed(struct reader *reader, const struct xml_node *node,
                          const char *name)
{
    const char *value = xml_get(node, name);
    if (value == NULL || value[0] == '\0') {
        odm_report(reader, node, "ODM-22", "crfd:%s needs the attribute %s", node->name,
                   name);
    }
    return odm_text(reader, node, name);
}

static void read_subject_key(struct reader *reader, const struct xml_node *node)
{
    const struct xml_node *key = xml_child_crfd(node, "SubjectKey");
    reader->version->subject_key_check = "";
    if (key == NULL) {
        return;
    }
    const char *text = needed(reader, key, "Pattern");
    const char *check = odm_text(reader, key, "Check");
    if (!subject_key_pattern_known(text)) {
        odm_report(reader, key, "ODM-22",
                   "Pattern is no POSIX extended regular expression of at most %d bytes "
                   "without repeated groups",
                   SUBJECT_KEY_PATTERN_MAX);
    }
    if (!subject_key_check_known(check)) {
        odm_report(reader, key, "ODM-22", "Check is \"%.40s\"; known: mod23, mod11", check);
    }
    reader->version->subject_key_pattern = text;
    reader->version->subject_key_check = check;
}

static void read_contact(struct reader *reader, const struct xml_node *node)
{
    struct safety_contact *contact = &reader->version->contact;
    const struct xml_node *child = xml_child_crfd(node, "SafetyContact");
    *contact = (struct safety_contact){"", "", ""};
    if (child != NULL) {
        contact->phone = odm_text(reader, child, "Phone");
        contact->second_route = odm_text(reader, child, "SecondRoute");
        contact->physician = odm_text(reader, child, "Physician");
    }
}

static void read_parameters(struct reader *reader, const struct xml_node *node)
{
    struct parameter *parameters = NULL;
    size_t capacity = 0;
    for (const struct xml_node *c = xml_child_crfd(node, "Parameter"); c != NULL;
         c = xml_next_crfd(c, "Parameter")) {
        struct parameter *parameter = ARENA_PUSH(
            reader->arena, parameters, reader->version->parameter_count, capacity);
        parameter->name = needed(reader, c, "Name");
        parameter->value = needed(reader, c, "Value");
        parameter->unit = odm_text(reader, c, "Unit");
        parameter->is_number =
            decimal_parse(span_text(parameter->value), false, &parameter->number);
        parameter->evidence = odm_evidence(reader, c);
        for (size_t i = 0; i + 1 < reader->version->parameter_count && i < 1000; i++) {
            if (strcmp(parameters[i].name, parameter->name) == 0) {
                odm_report(reader, c, "ODM-22", "the parameter %.60s stands twice",
                           parameter->name);
            }
        }
    }
    reader->version->parameters = parameters;
}

static int read_days(struct reader *reader, const struct xml_node *node, const char *name)
{
    const char *text = needed(reader, node, name);
    int64_t days = 0;
    if (text[0] != '\0' &&
        (!text_to_i64(span_text(text), &days) || days < -36500 || days > 36500)) {
        odm_report(reader, node, "ODM-22", "%s must be a whole number of days", name);
        return 0;
    }
    return (int) days;
}

static const struct event_def *read_event_oid(struct reader *reader,
                                              const struct xml_node *node, const char *name)
{
    const char *oid = needed(reader, node, name);
    const struct event_def *event = version_event(reader->version, oid);
    if (event == NULL && oid[0] != '\0') {
        odm_report(reader, node, "ODM-11", "%s %.120s is not defined", name, oid);
    }
    return event;
}

static void read_windows(struct reader *reader, const struct xml_node *node)
{
    struct window *windows = NULL;
    size_t capacity = 0;
    for (const struct xml_node *c = xml_child_crfd(node, "Window"); c != NULL;
         c = xml_next_crfd(c, "Window")) {
        struct window window = {.event = read_event_oid(reader, c, "StudyEventOID"),
                                .anchor = read_event_oid(reader, c, "Anchor"),
                                .from = read_days(reader, c, "From"),
                                .to = read_days(reader, c, "To"),
                                .evidence = odm_evidence(reader, c)};
        if (window.from > window.to) {
            odm_report(reader, c, "ODM-22", "From is later than To");
        }
        if (window.event != NULL && window.anchor != NULL) {
            *ARENA_PUSH(reader->arena, windows, reader->version->window_count, capacity) =
                window;
        }
    }
    reader->version->windows = windows;
}

static void read_signature_meanings(struct reader *reader, const struct xml_node *node)
{
    struct signature_meaning *meanings = NULL;
    size_t capacity = 0;
    for (const struct xml_node *c = xml_child_crfd(node, "SignatureMeaning"); c != NULL;
         c = xml_next_crfd(c, "SignatureMeaning")) {
        struct signature_meaning *meaning = ARENA_PUSH(
            reader->arena, meanings, reader->version->signature_meaning_count, capacity);
        meaning->code = needed(reader, c, "Code");
        meaning->text = odm_texts(reader, c);
    }
    reader->version->signature_meanings = meanings;
}

void odm_read_extension(struct reader *reader, const struct xml_node *node)
{
    read_subject_key(reader, node);
    read_contact(reader, node);
    read_parameters(reader, node);
    read_windows(reader, node);
    read_signature_meanings(reader, node);
}
