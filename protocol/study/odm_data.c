/* SPDX-License-Identifier: Apache-2.0 */
/*
** The tree holds the ancestors of the FormData at hand (xml.c forgets each one when it has been
** handed over), so what a form inherits is read upwards from it.
*/
#include "protocol/study/odm_data.h"

#include "protocol/study/odm.h"
#include "protocol/study/odm_says.h"
#include "protocol/study/xml.h"

struct data_reader {
    const struct odm_data_handler *handler;
    struct arena *arena; /* of one form */
    struct odm_data_file file;
    size_t forms;
    status kind; /* of the first fault */
    struct err *err;
    bool stopped;
};

static const char *const TRANSACTIONS[] = {
    [ODM_SNAPSHOT] = "",     [ODM_INSERT] = "Insert", [ODM_UPDATE] = "Update",
    [ODM_REMOVE] = "Remove", [ODM_UPSERT] = "Upsert", [ODM_CONTEXT] = "Context",
};

const char *odm_transaction_name(enum odm_transaction transaction)
{
    return TRANSACTIONS[transaction];
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static const char *child_text(const struct xml_node *node, const char *name)
{
    const struct xml_node *child = xml_child(node, name);
    return child != NULL ? child->text : "";
}

static const char *child_attribute(const struct xml_node *node, const char *child,
                                   const char *name)
{
    const struct xml_node *found = xml_child(node, child);
    return found != NULL ? or_empty(xml_get(found, name)) : "";
}

static const char *repeat_key(const struct xml_node *node, const char *name)
{
    const char *key = xml_get(node, name);
    return key != NULL && key[0] != '\0' ? key : NULL;
}

static PRINTF(3, 4) void tell(const struct data_reader *reader, const struct xml_node *node,
                              const char *format, ...)
{
    CLEANUP(bytes_done) struct bytes message = {0};
    const struct odm_data_handler *handler = reader->handler;
    va_list args;
    va_start(args, format);
    bytes_vprintf(&message, odm_says(handler->language, format), args);
    va_end(args);
    handler->problem(handler->arg, node->line, bytes_text(&message));
}

/* ---- what is inherited ---- */

static enum odm_transaction transaction_of(const struct data_reader *reader,
                                           const struct xml_node *node)
{
    for (; node != NULL; node = node->parent) {
        const char *name = xml_get(node, "TransactionType");
        for (size_t i = ODM_INSERT; name != NULL && i < ARRAY_LEN(TRANSACTIONS); i++) {
            if (strcmp(name, TRANSACTIONS[i]) == 0) {
                return (enum odm_transaction) i;
            }
        }
        if (name != NULL) {
            tell(reader, node,
                 "TransactionType must be Insert, Update, Remove, Upsert or Context");
            return ODM_SNAPSHOT;
        }
    }
    return ODM_SNAPSHOT;
}

static const struct xml_node *nearest(const struct xml_node *node, const char *child)
{
    for (; node != NULL; node = node->parent) {
        const struct xml_node *found = xml_child(node, child);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static struct odm_audit read_audit(const struct xml_node *audit)
{
    if (audit == NULL) {
        return (struct odm_audit){"", "", "", "", "", "", 0};
    }
    return (struct odm_audit){.user = child_attribute(audit, "UserRef", "UserOID"),
                              .location =
                                  child_attribute(audit, "LocationRef", "LocationOID"),
                              .at = child_text(audit, "DateTimeStamp"),
                              .reason = child_text(audit, "ReasonForChange"),
                              .source = child_text(audit, "SourceID"),
                              .edit_point = or_empty(xml_get(audit, "EditPoint")),
                              .line = audit->line};
}

/* NODE's own, else what stands ABOVE it; a form is not searched again for each of its items. */
static struct odm_audit own_audit(const struct xml_node *node,
                                  const struct odm_audit *above)
{
    const struct xml_node *audit = xml_child(node, "AuditRecord");
    return audit != NULL ? read_audit(audit) : *above;
}

static struct odm_signature signature_of(const struct xml_node *node)
{
    const struct xml_node *signature = nearest(node, "Signature");
    if (signature == NULL) {
        return (struct odm_signature){"", "", "", "", 0};
    }
    return (struct odm_signature){
        .user = child_attribute(signature, "UserRef", "UserOID"),
        .location = child_attribute(signature, "LocationRef", "LocationOID"),
        .meaning = child_attribute(signature, "SignatureRef", "SignatureOID"),
        .at = child_text(signature, "DateTimeStamp"),
        .line = signature->line};
}

static const char *comment_of(const struct xml_node *node)
{
    const struct xml_node *annotation = xml_child(node, "Annotation");
    return annotation != NULL ? child_text(annotation, "Comment") : "";
}

/* ---- items and groups ---- */

/* What a record may name: RECORDS keys have 1 to 120 bytes and steer no terminal. */
static bool is_clean(const char *key)
{
    for (const char *c = key; *c != '\0'; c++) {
        if ((unsigned char) *c < ' ' || *c == 0x7f) {
            return false;
        }
    }
    return true;
}

static bool usable(const struct data_reader *reader, const struct xml_node *node,
                   const char *name, const char *key, bool needed)
{
    size_t size = strlen(or_empty(key));
    if (size == 0 ? !needed : size <= FORM_KEY_MAX && is_clean(key)) {
        return true;
    }
    tell(reader, node,
         size == 0             ? "%s without %s: left out"
         : size > FORM_KEY_MAX ? "%s with more than 120 bytes of %s: left out"
                               : "%s with a control character in its %s: left out",
         node->name, name);
    return false;
}

struct changes_list {
    struct odm_item_change *items;
    size_t count, capacity;
};

static bool is_item(const struct xml_node *node)
{
    return node->space == XML_ODM && strncmp(node->name, "ItemData", 8) == 0;
}

static struct item_data item_of(const struct xml_node *node,
                                enum odm_transaction transaction)
{
    struct item_data item = {.oid = xml_get(node, "ItemOID")};
    const char *unit = child_attribute(node, "MeasurementUnitRef", "MeasurementUnitOID");
    unit = unit[0] != '\0' ? unit : or_empty(xml_get(node, "MeasurementUnitOID"));
    item.unit = unit[0] != '\0' ? unit : NULL;
    item.value = strcmp(node->name, "ItemData") == 0 ? xml_get(node, "Value") : node->text;
    const char *null = xml_get(node, "IsNull");
    if (item.value == NULL || transaction == ODM_REMOVE ||
        (null != NULL && strcmp(null, "Yes") == 0)) {
        item.value = NULL;
        item.unit = NULL;
        item.null = NOT_KNOWN;
    }
    return item;
}

static struct group_data group_of(struct data_reader *reader, const struct xml_node *node,
                                  const struct odm_audit *above,
                                  struct changes_list *changes)
{
    struct odm_audit audit = own_audit(node, above);
    struct group_data group = {.oid = or_empty(xml_get(node, "ItemGroupOID")),
                               .repeat = repeat_key(node, "ItemGroupRepeatKey")};
    struct item_data *items = NULL;
    size_t item_capacity = 0;
    for (const struct xml_node *c = node->first; c != NULL; c = c->next) {
        if (!is_item(c) || !usable(reader, c, "ItemOID", xml_get(c, "ItemOID"), true)) {
            continue;
        }
        enum odm_transaction transaction = transaction_of(reader, c);
        *ARENA_PUSH(reader->arena, items, group.count, item_capacity) =
            item_of(c, transaction);
        *ARENA_PUSH(reader->arena, changes->items, changes->count, changes->capacity) =
            (struct odm_item_change){transaction, own_audit(c, &audit), comment_of(c),
                                     c->line};
    }
    group.items = items;
    return group;
}

static void read_groups(struct data_reader *reader, const struct xml_node *node,
                        struct odm_form *form)
{
    struct group_data *groups = NULL;
    size_t capacity = 0;
    struct changes_list changes = {0};
    for (const struct xml_node *c = xml_child(node, "ItemGroupData"); c != NULL;
         c = xml_next(c, "ItemGroupData")) {
        if (usable(reader, c, "ItemGroupOID", xml_get(c, "ItemGroupOID"), false) &&
            usable(reader, c, "ItemGroupRepeatKey", xml_get(c, "ItemGroupRepeatKey"),
                   false)) {
            struct group_data group = group_of(reader, c, &form->audit, &changes);
            *ARENA_PUSH(reader->arena, groups, form->form.count, capacity) = group;
        }
    }
    form->form.groups = groups;
    form->changes = changes.items;
    form->change_count = changes.count;
}

/* ---- one form ---- */

static const struct xml_node *ancestor(const struct xml_node *node, const char *name)
{
    while (node != NULL && strcmp(node->name, name) != 0) {
        node = node->parent;
    }
    return node;
}

static void read_header(struct data_reader *reader, const struct xml_node *node)
{
    while (node->parent != NULL) {
        node = node->parent;
    }
    reader->file = (struct odm_data_file){
        strcmp(or_empty(xml_get(node, "FileType")), "Transactional") == 0,
        or_empty(xml_get(node, "FileOID")), or_empty(xml_get(node, "CreationDateTime")),
        or_empty(xml_get(node, "SourceSystem"))};
}

/* The keys of NODE, which is a FormData, StudyEventData or SubjectData. */
static bool read_keys(struct data_reader *reader, const struct xml_node *node,
                      struct odm_form *form)
{
    const struct xml_node *event = ancestor(node, "StudyEventData");
    const struct xml_node *subject = ancestor(node, "SubjectData");
    const struct xml_node *data = ancestor(node, "ClinicalData");
    if (subject == NULL || data == NULL) {
        tell(reader, node, "data outside ClinicalData and SubjectData: left out");
        return false;
    }
    struct form_key *key = &form->form.key;
    key->subject = xml_get(subject, "SubjectKey");
    bool good = usable(reader, subject, "SubjectKey", key->subject, true);
    if (event != NULL) {
        key->event = xml_get(event, "StudyEventOID");
        key->event_repeat = repeat_key(event, "StudyEventRepeatKey");
        good = usable(reader, event, "StudyEventOID", key->event, true) &&
               usable(reader, event, "StudyEventRepeatKey", key->event_repeat, false) &&
               good;
    }
    if (form->level == ODM_FORM) {
        key->form = xml_get(node, "FormOID");
        key->form_repeat = repeat_key(node, "FormRepeatKey");
        good = usable(reader, node, "FormOID", key->form, true) &&
               usable(reader, node, "FormRepeatKey", key->form_repeat, false) && good;
    }
    form->study = or_empty(xml_get(data, "StudyOID"));
    form->version = or_empty(xml_get(data, "MetaDataVersionOID"));
    form->site = child_attribute(subject, "SiteRef", "LocationOID");
    form->investigator = child_attribute(subject, "InvestigatorRef", "UserOID");
    form->form.version = form->version;
    return good;
}

static bool hand_over(void *arg, const struct xml_node *node)
{
    struct data_reader *reader = arg;
    bool is_form = strcmp(node->name, "FormData") == 0;
    struct odm_form form = {
        .file = &reader->file,
        .level = is_form                                     ? ODM_FORM
                 : strcmp(node->name, "StudyEventData") == 0 ? ODM_EVENT
                                                             : ODM_SUBJECT,
        .line = node->line,
        .transaction = transaction_of(reader, node),
    };
    const char *own = xml_get(node, "TransactionType");
    if (!is_form && (own == NULL || strcmp(own, "Remove") != 0)) {
        return true;
    }
    read_header(reader, node);
    if (!read_keys(reader, node, &form)) {
        return true;
    }
    form.audit = read_audit(nearest(node, "AuditRecord"));
    form.signature = signature_of(node);
    form.comment = comment_of(node);
    if (is_form) {
        read_groups(reader, node, &form);
    }
    reader->forms++;
    reader->stopped = !reader->handler->form(reader->handler->arg, &form);
    return !reader->stopped;
}

static void on_fault(void *arg, enum xml_fault fault, int line, const char *message)
{
    struct data_reader *reader = arg;
    status kind = fault == XML_LIMIT ? ERR_TOO_LARGE : ERR_BAD_INPUT;
    if (reader->kind == OK) {
        reader->kind = FAIL(reader->err, kind, "line %d: %s", line, message);
    }
}

status odm_data_read(struct span xml, const struct odm_data_handler *handler,
                     size_t *ret_forms, struct err *err)
{
    static const char *const SKIPPED[] = {"Study", "AdminData", "ReferenceData",
                                          "Association", NULL};
    static const char *const EACH[] = {"FormData", "StudyEventData", "SubjectData", NULL};
    CLEANUP(arena_freep) struct arena *ancestors = arena_new();
    CLEANUP(arena_freep) struct arena *one = arena_new();
    struct data_reader reader = {.handler = handler, .arena = one, .err = err};
    const struct xml_options options = {.skip = SKIPPED,
                                        .report = on_fault,
                                        .language = handler->language,
                                        .arg = &reader,
                                        .elements_max = ODM_DATA_ELEMENTS_MAX,
                                        .each = EACH,
                                        .on_each = hand_over,
                                        .each_arena = one};
    const char *namespace = "";
    const struct xml_node *root = xml_read(xml, &options, ancestors, &namespace);
    *ret_forms = reader.forms;
    if (reader.stopped) {
        return OK;
    }
    if (root == NULL) {
        return reader.kind;
    }
    if (root->space != XML_ODM || strcmp(root->name, "ODM") != 0) {
        return FAIL(err, ERR_BAD_INPUT, "the root is <%.60s> of \"%.80s\", not ODM 1.3",
                    root->name, namespace);
    }
    return OK;
}
