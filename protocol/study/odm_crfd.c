/* SPDX-License-Identifier: Apache-2.0 */
/*
** The crfd children of a MetaDataVersion: subject key, safety contact, parameters, windows,
** signature meanings (protocol/crfd-odm-ext.md).
*/
#include "base/text.h"
#include "protocol/study/odm_reader.h"
#include "protocol/study/subject_key.h"

const char *odm_needed(struct reader *reader, const struct xml_node *node, const char *name)
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
    const char *text = odm_needed(reader, key, "Pattern");
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
        parameter->name = odm_needed(reader, c, "Name");
        parameter->value = odm_needed(reader, c, "Value");
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

static int read_distance(struct reader *reader, const struct xml_node *node,
                         const char *name)
{
    const char *text = odm_needed(reader, node, name);
    int64_t days = 0;
    if (text[0] != '\0' &&
        (!text_to_i64(span_text(text), &days) || days < -36500 || days > 36500)) {
        odm_report(reader, node, "ODM-22",
                   "%s must be a whole number of days (or hours) within +-36500", name);
        return 0;
    }
    return (int) days;
}

/* The study event that it names; NULL, and reported, when there is none. */
static const struct event_def *odm_event_oid(struct reader *reader,
                                             const struct xml_node *node, const char *name)
{
    const char *oid = odm_needed(reader, node, name);
    const struct event_def *event = version_event(reader->version, oid);
    if (event == NULL && oid[0] != '\0') {
        odm_report(reader, node, "ODM-11", "%s %.120s is not defined", name, oid);
    }
    return event;
}

static void read_anchors(struct reader *reader, const struct xml_node *node)
{
    struct definitions anchors = {0};
    for (const struct xml_node *c = xml_child_crfd(node, "Anchor"); c != NULL;
         c = xml_next_crfd(c, "Anchor")) {
        struct anchor_def *anchor = ARENA_NEW(reader->arena, struct anchor_def);
        anchor->oid = odm_oid(reader, c, "OID");
        anchor->name = odm_name(reader, c, anchor->oid);
        anchor->expression = odm_expression(reader, c, USE_ANCHOR);
        anchor->evidence = odm_evidence(reader, c);
        if (anchor->expression == NULL) {
            odm_report(reader, c, "ODM-22",
                       "crfd:Anchor needs a FormalExpression of Context \"crfd\"");
        }
        if (version_event(reader->version, anchor->oid) != NULL) {
            odm_report(reader, c, "ODM-22",
                       "the anchor has the OID of a study event; give it its own");
        }
        definitions_add(reader, &anchors, anchor, c);
    }
    reader->version->anchors =
        (const struct anchor_def *const *) definitions_sort(reader, &anchors);
    reader->version->anchor_count = anchors.count;
}

static void read_window_anchor(struct reader *reader, const struct xml_node *node,
                               struct window *window)
{
    const char *oid = odm_needed(reader, node, "Anchor");
    window->anchor = version_event(reader->version, oid);
    window->anchor_date = version_anchor(reader->version, oid);
    if (window->anchor == NULL && window->anchor_date == NULL && oid[0] != '\0') {
        odm_report(reader, node, "ODM-11",
                   "Anchor %.120s is neither a study event nor a crfd:Anchor", oid);
    }
}

static enum window_unit read_window_unit(struct reader *reader, const struct xml_node *node)
{
    static const char *const UNITS[] = {"d", "h", NULL};
    return odm_choice(reader, node, "Unit", xml_get(node, "Unit"), UNITS) == 1
               ? WINDOW_HOURS
               : WINDOW_DAYS;
}

static void read_windows(struct reader *reader, const struct xml_node *node)
{
    struct window *windows = NULL;
    size_t capacity = 0;
    for (const struct xml_node *c = xml_child_crfd(node, "Window"); c != NULL;
         c = xml_next_crfd(c, "Window")) {
        struct window window = {.event = odm_event_oid(reader, c, "StudyEventOID"),
                                .unit = read_window_unit(reader, c),
                                .from = read_distance(reader, c, "From"),
                                .to = read_distance(reader, c, "To"),
                                .evidence = odm_evidence(reader, c)};
        read_window_anchor(reader, c, &window);
        if (window.from > window.to) {
            odm_report(reader, c, "ODM-22", "From is later than To");
        }
        if (window.event != NULL && (window.anchor != NULL || window.anchor_date != NULL)) {
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
        meaning->code = odm_needed(reader, c, "Code");
        meaning->text = odm_texts(reader, c);
    }
    reader->version->signature_meanings = meanings;
}

/* Every element of ours below MetaDataVersion, in the order in which they are read: a section
 * sees what stands above it. A section with a file of its own (odm_safety.c, ...) has its
 * reader in odm_reader.h and its row here. */
static const struct {
    const char *element;
    void (*read)(struct reader *reader, const struct xml_node *version);
} SECTIONS[] = {
    {"SubjectKey", read_subject_key}, {"SafetyContact", read_contact},
    {"Parameter", read_parameters},   {"Anchor", read_anchors},
    {"Window", read_windows},         {"SignatureMeaning", read_signature_meanings},
    {"Safety", odm_read_safety},      {"Product", odm_read_product},
    {"Gate", odm_read_gates},
};

static bool is_section(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(SECTIONS); i++) {
        if (strcmp(SECTIONS[i].element, name) == 0) {
            return true;
        }
    }
    return false;
}

void odm_read_extension(struct reader *reader, const struct xml_node *node)
{
    for (size_t i = 0; i < ARRAY_LEN(SECTIONS); i++) {
        SECTIONS[i].read(reader, node);
    }
    for (const struct xml_node *c = node->first; c != NULL; c = c->next) {
        if (c->space == XML_CRFD && !is_section(c->name)) {
            odm_report(reader, c, "ODM-22",
                       "crfd:%.60s is no element that this crfd knows; it is either "
                       "misspelt or of a later version",
                       c->name);
        }
    }
}
