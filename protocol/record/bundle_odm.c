/* SPDX-License-Identifier: Apache-2.0 */
/*
** The current forms as ODM-XML 1.3.2, a Snapshot (audit records stand in
** data/odm-archive.xml). One ClinicalData for each version of the definition; the
** definitions themselves stand in definitions/. Sources: ODM 1.3.2 chapters 3.1.4; order of
** children as in ODM1-3-2-foundation.xsd.
**
** What ODM has no attribute for is said in an Annotation: on a form its state, number, and
** place in the log; on an item why it has no value.
*/
#include "protocol/record/bundle_impl.h"

static void add_annotation(struct bytes *out, const char *comment)
{
    bytes_add_text(out, "<Annotation SeqNum=\"1\"><Comment SponsorOrSite=\"Site\">");
    xml_add_text(out, comment);
    bytes_add_text(out, "</Comment></Annotation>");
}

static void add_item(struct bytes *out, const struct item_data *item, struct arena *arena)
{
    bytes_add_text(out, "<ItemData");
    xml_add_attribute(out, "ItemOID", item->oid);
    if (item->null != NOT_NULL) {
        xml_add_attribute(out, "IsNull", "Yes");
    } else {
        xml_add_attribute(out, "Value", item->value);
    }
    bytes_add_char(out, '>');
    if (item->unit != NULL) {
        bytes_add_text(out, "<MeasurementUnitRef");
        xml_add_attribute(out, "MeasurementUnitOID", item->unit);
        bytes_add_text(out, "/>");
    }
    if (item->null != NOT_NULL) {
        add_annotation(out, arena_printf(arena, "%s%s%s", null_kind_name(item->null),
                                         item->reason != NULL ? ": " : "",
                                         item->reason != NULL ? item->reason : ""));
    }
    bytes_add_text(out, "</ItemData>");
}

static void add_group(struct bytes *out, const struct group_data *group,
                      struct arena *arena)
{
    bytes_add_text(out, "<ItemGroupData");
    xml_add_attribute(out, "ItemGroupOID", group->oid);
    xml_add_attribute(out, "ItemGroupRepeatKey", group->repeat);
    bytes_add_char(out, '>');
    for (size_t i = 0; i < group->count; i++) {
        add_item(out, &group->items[i], arena);
    }
    bytes_add_text(out, "</ItemGroupData>");
}

static void add_form(struct bytes *out, const struct row *row,
                     const struct read_record *read, struct arena *arena)
{
    const struct form_data *form = bundle_merged(read, arena);
    const char *number = row->values[FORM_NUMBER];
    bytes_add_text(out, "<FormData");
    xml_add_attribute(out, "FormOID", form->key.form);
    xml_add_attribute(out, "FormRepeatKey", form->key.form_repeat);
    bytes_add_char(out, '>');
    add_annotation(out,
                   arena_printf(arena, "state %s; %s%s%slog entry %s, leaf %s",
                                row->values[FORM_STATE], number != NULL ? "number " : "",
                                number != NULL ? number : "", number != NULL ? "; " : "",
                                row->values[FORM_SEQ], row->values[FORM_LEAF]));
    for (size_t i = 0; i < form->count; i++) {
        add_group(out, &form->groups[i], arena);
    }
    bytes_add_text(out, "</FormData>\n");
}

/* ---- opening and closing subjects and events ---- */

static bool same(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "-", b != NULL ? b : "-") == 0;
}

/* Close what KEY does not share with LAST (an empty one: nothing is open), and open it. */
static void turn(struct bundling *b, const struct form_key *last,
                 const struct form_key *key)
{
    struct bytes *out = &b->buffer;
    bool subject = last->subject != NULL && key->subject != NULL &&
                   strcmp(last->subject, key->subject) == 0;
    bool event = subject && same(last->event, key->event) &&
                 same(last->event_repeat, key->event_repeat);
    if (last->subject != NULL && !event) {
        bytes_add_text(out, "</StudyEventData>");
    }
    if (last->subject != NULL && !subject) {
        bytes_add_text(out, "</SubjectData>\n");
    }
    if (key->subject != NULL && !subject) {
        const struct row *row = state_subject(b->state, key->subject);
        bytes_add_text(out, "<SubjectData");
        xml_add_attribute(out, "SubjectKey", key->subject);
        bytes_add_text(out, ">");
        if (row != NULL) {
            bytes_add_text(out, "<SiteRef");
            xml_add_attribute(out, "LocationOID", row->values[SUBJECT_SITE]);
            bytes_add_text(out, "/>");
        }
    }
    if (key->subject != NULL && !event) {
        bytes_add_text(out, "<StudyEventData");
        xml_add_attribute(out, "StudyEventOID", key->event);
        xml_add_attribute(out, "StudyEventRepeatKey", key->event_repeat);
        bytes_add_text(out, ">\n");
    }
}

static status add_version(struct bundling *b, const char *version, struct err *err)
{
    CLEANUP(arena_freep) struct arena *list = arena_new(), *arena = arena_new();
    const struct form_key none = {0};
    struct form_key last = none;
    const struct metadata_version *model = bundle_version(b, version);
    struct rows rows = bundle_forms(b, NULL, list);
    bytes_add_text(&b->buffer, "<ClinicalData");
    xml_add_attribute(&b->buffer, "StudyOID", model != NULL ? model->study->oid : NULL);
    xml_add_attribute(&b->buffer, "MetaDataVersionOID", version);
    bytes_add_text(&b->buffer, ">\n");
    for (size_t i = 0; i < rows.count; i++) {
        struct read_record read;
        struct form_key key;
        arena_reset(arena);
        if (!row_is(rows.items[i], FORM_VERSION, version)) {
            continue;
        }
        TRY(bundle_read(b, row_integer(rows.items[i], FORM_SEQ), arena, &read, err));
        BUG_IF(!form_key_parse(span_text(rows.items[i]->values[FORM_OBJECT]), list, &key));
        if (!read.withheld) {
            turn(b, &last, &key);
            last = key;
            add_form(&b->buffer, rows.items[i], &read, arena);
        }
        TRY(file_flush(b, err));
    }
    turn(b, &last, &none);
    bytes_add_text(&b->buffer, "</ClinicalData>\n");
    return OK;
}

status bundle_odm(struct bundling *b, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct rows versions = state_rows(b->state, TABLE_DEFINITION, arena);
    char time[INSTANT_SIZE];
    instant_format(b->time, time);
    TRY(file_begin(b, err, "data/odm.xml"));
    bytes_add_text(&b->buffer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                               "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" "
                               "FileType=\"Snapshot\" Granularity=\"AllClinicalData\" "
                               "ODMVersion=\"1.3.2\"");
    xml_add_attribute(&b->buffer, "FileOID",
                      arena_printf(arena, "%s/%llu", state_origin(b->state),
                                   (unsigned long long) state_head(b->state).size));
    xml_add_attribute(&b->buffer, "CreationDateTime", time);
    xml_add_attribute(&b->buffer, "SourceSystem", "crfd");
    bytes_add_text(&b->buffer, ">\n");
    for (size_t i = 0; i < versions.count; i++) {
        const char *version = versions.items[i]->values[DEFINITION_VERSION];
        if (i == 0) {
            bundle_admin(b, arena);
        }
        TRY(add_version(b, version, err));
    }
    bytes_add_text(&b->buffer, "</ODM>\n");
    return file_end(b, err);
}
