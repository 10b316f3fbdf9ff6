/* SPDX-License-Identifier: Apache-2.0 */
/*
** Every change of clinical data as ODM-XML 1.3.2 Transactional, Archival="Yes": each record of
** the log that changed a casebook is Inserts, Updates and Removes below Contexts, never an
** Upsert, with its audit record (source: number and leaf of the entry) and the signature it
** bears. Written in the order of the log, one ClinicalData for each record, so that a
** transaction never stands before one that it depends on. Sources: ODM 1.3.2 chapters 2.4 to
** 2.6 and 3.1.4.
**
** What ODM 1.3.2 has no transaction for stands elsewhere: queries, locks, holds, and reports
** that wait in the safety inbox.
*/
#include "protocol/record/bundle_impl.h"

/* ---- what is there: an entity may be inserted once, until it is removed ---- */

struct known {
    const char *name;
    const char *version; /* of the form's last revision */
    bool there;
};

struct archiving {
    struct bundling *b;
    struct arena *arena; /* of the names */
    struct known *slots;
    size_t count, capacity; /* a power of two */
};

static size_t slot_of(const struct archiving *a, const char *name)
{
    uint64_t hash = 14695981039346656037U; /* FNV-1a */
    for (const char *c = name; *c != 0; c++) {
        hash = (hash ^ (uint8_t) *c) * 1099511628211U;
    }
    size_t slot = (size_t) hash & (a->capacity - 1);
    while (a->slots[slot].name != NULL && strcmp(a->slots[slot].name, name) != 0) {
        slot = (slot + 1) & (a->capacity - 1);
    }
    return slot;
}

static void grow(struct archiving *a)
{
    struct known *old = a->slots;
    size_t capacity = a->capacity;
    a->capacity = capacity > 0 ? capacity * 2 : 1024;
    a->slots = ARENA_ARRAY(a->arena, a->capacity, struct known);
    for (size_t i = 0; i < capacity; i++) {
        if (old[i].name != NULL) {
            a->slots[slot_of(a, old[i].name)] = old[i];
        }
    }
}

static struct known *know(struct archiving *a, const char *name)
{
    if (2 * (a->count + 1) > a->capacity) {
        grow(a);
    }
    struct known *known = &a->slots[slot_of(a, name)];
    if (known->name == NULL) {
        *known = (struct known){.name = arena_text(a->arena, name)};
        a->count++;
    }
    return known;
}

/* ---- parts ---- */

static const char *place_of(const struct archiving *a, const char *person)
{
    const struct row *row = state_person(a->b->state, person);
    const char *site = row != NULL ? row->values[PERSON_SITE] : NULL;
    return site != NULL && strcmp(site, ALL_SITES) != 0 ? site : BUNDLE_CENTRAL;
}

static void add_user(struct archiving *a, const struct read_record *read,
                     struct arena *arena)
{
    struct bytes *out = &a->b->buffer;
    const char *person = arena_span_text(arena, read->entry.actor);
    bytes_add_text(out, "<UserRef");
    xml_add_attribute(out, "UserOID", person);
    bytes_add_text(out, "/><LocationRef");
    xml_add_attribute(out, "LocationOID", place_of(a, person));
    bytes_add_text(out, "/>");
}

static void add_audit(struct archiving *a, const struct read_record *read,
                      struct arena *arena)
{
    struct bytes *out = &a->b->buffer;
    char time[INSTANT_SIZE];
    char leaf_text[DIGEST_BASE64_SIZE];
    struct digest leaf;
    instant_format(read->entry.time, time);
    merkle_leaf(read->entry_bytes, &leaf);
    digest_to_base64(&leaf, leaf_text);
    bytes_add_text(out, "<AuditRecord UsedImputationMethod=\"No\">");
    add_user(a, read, arena);
    xml_add_element(out, "DateTimeStamp", time);
    xml_add_element(out, "ReasonForChange", read->record.reason);
    xml_add_element(out, "SourceID",
                    arena_printf(arena, "%lld %s", (long long) read->entry.seq, leaf_text));
    bytes_add_text(out, "</AuditRecord>");
}

static void add_signature(struct archiving *a, const struct read_record *read,
                          struct arena *arena)
{
    struct bytes *out = &a->b->buffer;
    char time[INSTANT_SIZE];
    instant_format(read->entry.time, time);
    if (read->record.signature.meaning == NULL) {
        return;
    }
    bytes_add_text(out, "<Signature>");
    add_user(a, read, arena);
    bytes_add_text(out, "<SignatureRef");
    xml_add_attribute(out, "SignatureOID",
                      arena_printf(arena, "SIG.%s", read->record.signature.meaning));
    bytes_add_text(out, "/>");
    xml_add_element(out, "DateTimeStamp", time);
    bytes_add_text(out, "</Signature>\n");
}

static void begin_clinical(struct archiving *a, const char *version)
{
    struct bytes *out = &a->b->buffer;
    const struct metadata_version *model = bundle_version(a->b, version);
    bytes_add_text(out, "<ClinicalData");
    xml_add_attribute(out, "StudyOID", model != NULL ? model->study->oid : "");
    xml_add_attribute(out, "MetaDataVersionOID", version);
    bytes_add_text(out, ">");
}

/* Open the subject, and the event unless it is NULL; what is new is inserted. */
static void begin_subject(struct archiving *a, const struct read_record *read,
                          const char *subject, struct arena *arena)
{
    struct bytes *out = &a->b->buffer;
    struct known *known = know(a, arena_printf(arena, "subject %s", subject));
    bytes_add_text(out, "<SubjectData");
    xml_add_attribute(out, "SubjectKey", subject);
    xml_add_attribute(out, "TransactionType", known->there ? "Context" : "Insert");
    bytes_add_char(out, '>');
    if (!known->there) {
        add_audit(a, read, arena);
        const char *site = bundle_site_of(a->b, subject);
        if (site != NULL) {
            bytes_add_text(out, "<SiteRef");
            xml_add_attribute(out, "LocationOID", site);
            bytes_add_text(out, "/>");
        }
    }
    known->there = true;
}

static void begin_event(struct archiving *a, const struct read_record *read,
                        const struct form_key *key, struct arena *arena)
{
    struct bytes *out = &a->b->buffer;
    struct known *known =
        know(a, arena_printf(arena, "event %s\t%s\t%s", key->subject, key->event,
                             key->event_repeat != NULL ? key->event_repeat : ""));
    bytes_add_text(out, "<StudyEventData");
    xml_add_attribute(out, "StudyEventOID", key->event);
    xml_add_attribute(out, "StudyEventRepeatKey", key->event_repeat);
    xml_add_attribute(out, "TransactionType", known->there ? "Context" : "Insert");
    bytes_add_text(out, ">\n");
    if (!known->there) {
        add_audit(a, read, arena);
    }
    known->there = true;
}

static void begin_form(struct archiving *a, const struct form_key *key,
                       const char *transaction)
{
    struct bytes *out = &a->b->buffer;
    bytes_add_text(out, "<FormData");
    xml_add_attribute(out, "FormOID", key->form);
    xml_add_attribute(out, "FormRepeatKey", key->form_repeat);
    xml_add_attribute(out, "TransactionType", transaction);
    bytes_add_char(out, '>');
}

static void end_form(struct archiving *a)
{
    bytes_add_text(&a->b->buffer,
                   "</FormData></StudyEventData></SubjectData></ClinicalData>\n");
}

/* ---- items ---- */

static void add_annotation(struct bytes *out, const char *transaction, const char *comment)
{
    bytes_add_text(out, "<Annotation SeqNum=\"1\"");
    xml_add_attribute(out, "TransactionType", transaction);
    bytes_add_char(out, '>');
    if (comment != NULL) {
        bytes_add_text(out, "<Comment SponsorOrSite=\"Site\">");
        xml_add_text(out, comment);
        bytes_add_text(out, "</Comment>");
    }
    bytes_add_text(out, "</Annotation>");
}

static void add_item(struct bytes *out, const struct change *change, struct arena *arena)
{
    static const char *const types[] = {[CHANGE_FILLED] = "Insert",
                                        [CHANGE_CHANGED] = "Update",
                                        [CHANGE_REMOVED] = "Remove"};
    const struct item_data *new = change->new;
    bool was_null = change->old != NULL && change->old->null != NOT_NULL;
    bool is_null = new != NULL &&new->null != NOT_NULL;
    bytes_add_text(out, "<ItemData");
    xml_add_attribute(out, "ItemOID", change->item.item);
    xml_add_attribute(out, "TransactionType", types[change->kind]);
    xml_add_attribute(out, "IsNull", is_null ? "Yes" : NULL);
    xml_add_attribute(out, "Value", new != NULL && !is_null ? new->value : NULL);
    bytes_add_char(out, '>');
    if (new != NULL &&new->unit != NULL) {
        bytes_add_text(out, "<MeasurementUnitRef");
        xml_add_attribute(out, "MeasurementUnitOID", new->unit);
        bytes_add_text(out, "/>");
    }
    if (is_null) {
        add_annotation(out, was_null ? "Update" : "Insert",
                       arena_printf(arena, "%s%s%s", null_kind_name(new->null),
                                    new->reason != NULL ? ": " : "",
                                    new->reason != NULL ? new->reason : ""));
    } else if (was_null && new != NULL) {
        add_annotation(out, "Remove", NULL);
    }
    bytes_add_text(out, "</ItemData>");
}

static bool same_group(const struct item_key *key, const struct group_data *group)
{
    bool repeat = key->group_repeat == NULL || group->repeat == NULL
                      ? key->group_repeat == group->repeat
                      : strcmp(key->group_repeat, group->repeat) == 0;
    return repeat && strcmp(key->group, group->oid) == 0;
}

static bool has_group(const struct form_data *form, const struct group_data *group)
{
    for (size_t i = 0; form != NULL && i < form->count; i++) {
        struct item_key key = {form->groups[i].oid, form->groups[i].repeat, NULL};
        if (same_group(&key, group)) {
            return true;
        }
    }
    return false;
}

static void begin_group(struct bytes *out, const struct group_data *group,
                        const char *transaction)
{
    bytes_add_text(out, "<ItemGroupData");
    xml_add_attribute(out, "ItemGroupOID", group->oid);
    xml_add_attribute(out, "ItemGroupRepeatKey", group->repeat);
    xml_add_attribute(out, "TransactionType", transaction);
    bytes_add_char(out, '>');
}

/* One group of the new revision: nothing when nothing of it changed. */
static void add_group(struct bytes *out, const struct group_data *group,
                      const struct form_data *old, const struct changes *changes,
                      struct arena *arena)
{
    bool there = has_group(old, group);
    bool open = !there;
    if (open) {
        begin_group(out, group, "Insert");
    }
    for (size_t i = 0; i < changes->count; i++) {
        if (!same_group(&changes->items[i].item, group)) {
            continue;
        }
        if (!open) {
            begin_group(out, group, "Context");
            open = true;
        }
        add_item(out, &changes->items[i], arena);
    }
    bytes_add_text(out, open ? "</ItemGroupData>\n" : "");
}

static void add_groups(struct bytes *out, const struct form_data *old,
                       const struct form_data *new, struct arena *arena)
{
    struct changes changes = form_diff(old, new, arena);
    for (size_t i = 0; i < new->count; i++) {
        add_group(out, &new->groups[i], old, &changes, arena);
    }
    for (size_t i = 0; old != NULL && i < old->count; i++) {
        if (!has_group(new, &old->groups[i])) {
            begin_group(out, &old->groups[i], "Remove");
            bytes_add_text(out, "</ItemGroupData>\n");
        }
    }
}

/* ---- records ---- */

static status read_old(struct archiving *a, const struct read_record *read, bool there,
                       struct arena *arena, const struct form_data **ret_old,
                       struct err *err)
{
    *ret_old = NULL;
    if (!there || read->entry.prior == ENTRY_NONE) {
        return OK;
    }
    struct read_record *prior = ARENA_NEW(arena, struct read_record);
    TRY(bundle_read(a->b, read->entry.prior, arena, prior, err));
    if (!prior->withheld && !prior->system && prior->record.type == RECORD_FORM_SUBMIT) {
        *ret_old = bundle_merged(prior, arena);
    }
    return OK;
}

static status add_submit(struct archiving *a, const struct read_record *read,
                         struct arena *arena, struct err *err)
{
    const struct form_data *form = bundle_merged(read, arena);
    const struct form_data *old = NULL;
    struct known *known = know(a, form_key_path(arena, &form->key));
    bool there = known->there;
    TRY(read_old(a, read, there, arena, &old, err));
    const struct row *row = state_definition(a->b->state, read->record.definition.version);
    known->there = true;
    known->version = row != NULL ? row->values[DEFINITION_VERSION] : "";
    const char *version = known->version;
    begin_clinical(a, version);
    begin_subject(a, read, form->key.subject, arena);
    begin_event(a, read, &form->key, arena);
    begin_form(a, &form->key, there ? "Update" : "Insert");
    add_audit(a, read, arena);
    add_signature(a, read, arena);
    add_annotation(&a->b->buffer, there ? "Update" : "Insert",
                   form->state == FORM_COMPLETE ? "complete" : "partial");
    add_groups(&a->b->buffer, old, form, arena);
    end_form(a);
    return OK;
}

/* A form taken out, or endorsed. */
static void add_about_form(struct archiving *a, const struct read_record *read,
                           const char *object, bool remove, struct arena *arena)
{
    struct form_key key;
    struct known *known = know(a, object);
    if (!known->there || !form_key_parse(span_text(object), arena, &key)) {
        return; /* of the safety inbox */
    }
    known->there = !remove;
    begin_clinical(a, known->version);
    begin_subject(a, read, key.subject, arena);
    begin_event(a, read, &key, arena);
    begin_form(a, &key, remove ? "Remove" : "Context");
    add_audit(a, read, arena);
    if (!remove) {
        add_signature(a, read, arena);
    }
    end_form(a);
}

static void add_enrol(struct archiving *a, const struct read_record *read,
                      struct arena *arena)
{
    const struct subject_enrol_data *enrol = &read->record.data.subject_enrol;
    const char *version = state_version_at(a->b->state, enrol->site, read->entry.time,
                                           (uint64_t) read->entry.seq);
    if (know(a, arena_printf(arena, "subject %s", enrol->subject))->there) {
        return; /* a safety report came first */
    }
    begin_clinical(a, version);
    begin_subject(a, read, enrol->subject, arena);
    bytes_add_text(&a->b->buffer, "</SubjectData></ClinicalData>\n");
}

static status add_record(struct archiving *a, const struct read_record *read,
                         struct arena *arena, struct err *err)
{
    const struct record *record = &read->record;
    bool inbox = outcome_effect(&read->outcome, EFFECT_INBOX, NULL) != NULL;
    const struct form_sign_data *sign = &record->data.form_sign;
    switch ((int) record->type) {
    case RECORD_SUBJECT_ENROL:
        add_enrol(a, read, arena);
        return OK;
    case RECORD_FORM_SUBMIT:
        return inbox ? OK : add_submit(a, read, arena, err);
    case RECORD_FORM_RETRACT:
        add_about_form(a, read, record->data.form_retract.object, true, arena);
        return OK;
    case RECORD_FORM_SIGN:
        for (size_t i = 0; i < sign->object_count; i++) {
            add_about_form(a, read, sign->objects[i].object, false, arena);
        }
        return OK;
    default:
        return OK;
    }
}

static status add_records(struct archiving *a, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct bundling *b = a->b;
    size_t size = (size_t) state_head(b->state).size;
    for (size_t seq = 0; seq < size; seq++) {
        struct read_record read;
        if (b->index.entries[seq].subject == 0) {
            continue;
        }
        arena_reset(arena);
        TRY(bundle_read(b, (int64_t) seq, arena, &read, err));
        if (!read.withheld && !read.system) {
            TRY(add_record(a, &read, arena, err));
        }
        TRY(file_flush(b, err));
    }
    return OK;
}

status bundle_archive(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct archiving archiving = {.b = b, .arena = arena};
    char time[INSTANT_SIZE];
    instant_format(b->time, time);
    TRY(file_begin(b, err, "data/odm-archive.xml"));
    bytes_add_text(&b->buffer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                               "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" "
                               "FileType=\"Transactional\" Archival=\"Yes\" "
                               "Granularity=\"AllClinicalData\" ODMVersion=\"1.3.2\"");
    xml_add_attribute(&b->buffer, "FileOID",
                      arena_printf(arena, "%s/%llu/archive", state_origin(b->state),
                                   (unsigned long long) state_head(b->state).size));
    xml_add_attribute(&b->buffer, "CreationDateTime", time);
    xml_add_attribute(&b->buffer, "AsOfDateTime", time);
    xml_add_attribute(&b->buffer, "SourceSystem", "crfd");
    bytes_add_text(&b->buffer, ">\n");
    bundle_admin(b, arena);
    TRY(add_records(&archiving, err));
    bytes_add_text(&b->buffer, "</ODM>\n");
    return file_end(b, err);
}
