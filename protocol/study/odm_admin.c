/* SPDX-License-Identifier: Apache-2.0 */
/*
** AdminData of a study: the elements that name it, and those that name none.
*/
#include "protocol/study/admin.h"

#include "protocol/study/odm_reader.h"

struct admin_parts {
    struct definitions users, locations, signatures;
};

static const char *child_text(struct reader *reader, const struct xml_node *node,
                              const char *name)
{
    const struct xml_node *child = xml_child(node, name);
    return child != NULL ? arena_text(reader->arena, child->text) : "";
}

static void read_users(struct reader *reader, const struct xml_node *node,
                       struct admin_parts *parts)
{
    for (const struct xml_node *c = xml_child(node, "User"); c != NULL;
         c = xml_next(c, "User")) {
        struct admin_user *user = ARENA_NEW(reader->arena, struct admin_user);
        const char **locations = NULL;
        size_t capacity = 0;
        user->oid = odm_oid(reader, c, "OID");
        user->type = odm_text(reader, c, "UserType");
        user->login = child_text(reader, c, "LoginName");
        user->display_name = child_text(reader, c, "DisplayName");
        user->full_name = child_text(reader, c, "FullName");
        user->first_name = child_text(reader, c, "FirstName");
        user->last_name = child_text(reader, c, "LastName");
        user->organization = child_text(reader, c, "Organization");
        user->email = child_text(reader, c, "Email");
        for (const struct xml_node *ref = xml_child(c, "LocationRef"); ref != NULL;
             ref = xml_next(ref, "LocationRef")) {
            const char *oid = odm_oid(reader, ref, "LocationOID");
            *ARENA_PUSH(reader->arena, locations, user->location_count, capacity) = oid;
        }
        user->locations = locations;
        definitions_add(reader, &parts->users, user, c);
    }
}

static void read_version_refs(struct reader *reader, const struct xml_node *node,
                              struct admin_location *location)
{
    struct admin_version_ref *refs = NULL;
    size_t capacity = 0;
    for (const struct xml_node *c = xml_child(node, "MetaDataVersionRef"); c != NULL;
         c = xml_next(c, "MetaDataVersionRef")) {
        struct value value;
        struct admin_version_ref *ref =
            ARENA_PUSH(reader->arena, refs, location->version_count, capacity);
        ref->study = odm_oid(reader, c, "StudyOID");
        ref->version = odm_oid(reader, c, "MetaDataVersionOID");
        ref->effective = odm_required(reader, c, "EffectiveDate");
        if (ref->effective[0] != '\0' &&
            !value_parse(TYPE_DATE, span_text(ref->effective), NULL, &value)) {
            odm_report(reader, c, "ODM-08", "EffectiveDate is \"%.40s\", no date",
                       ref->effective);
        }
        if (strcmp(ref->study, reader->study->oid) == 0 && ref->version[0] != '\0' &&
            study_version(reader->study, ref->version) == NULL) {
            odm_report(reader, c, "ODM-11", "MetaDataVersionOID %.120s is not defined",
                       ref->version);
        }
    }
    location->versions = refs;
}

static void read_locations(struct reader *reader, const struct xml_node *node,
                           struct admin_parts *parts)
{
    for (const struct xml_node *c = xml_child(node, "Location"); c != NULL;
         c = xml_next(c, "Location")) {
        struct admin_location *location = ARENA_NEW(reader->arena, struct admin_location);
        location->oid = odm_oid(reader, c, "OID");
        location->name = odm_name(reader, c, location->oid);
        location->type = odm_text(reader, c, "LocationType");
        read_version_refs(reader, c, location);
        definitions_add(reader, &parts->locations, location, c);
    }
}

static void read_signatures(struct reader *reader, const struct xml_node *node,
                            struct admin_parts *parts)
{
    for (const struct xml_node *c = xml_child(node, "SignatureDef"); c != NULL;
         c = xml_next(c, "SignatureDef")) {
        struct admin_signature *signature =
            ARENA_NEW(reader->arena, struct admin_signature);
        signature->oid = odm_oid(reader, c, "OID");
        signature->methodology = odm_text(reader, c, "Methodology");
        signature->meaning = child_text(reader, c, "Meaning");
        signature->legal_reason = child_text(reader, c, "LegalReason");
        definitions_add(reader, &parts->signatures, signature, c);
    }
}

static void check_locations(struct reader *reader, const struct admin_parts *parts)
{
    for (size_t i = 0; i < parts->users.count; i++) {
        const struct admin_user *user = parts->users.items[i].def;
        for (size_t j = 0; j < user->location_count; j++) {
            if (user->locations[j][0] != '\0' &&
                definitions_get(&parts->locations, user->locations[j]) == NULL) {
                odm_report(reader, parts->users.items[i].node, "ODM-11",
                           "LocationOID %.120s is not defined", user->locations[j]);
            }
        }
    }
}

void odm_read_admin(struct reader *reader, const struct xml_node *root)
{
    struct admin_parts parts = {0};
    struct admin_data *admin = ARENA_NEW(reader->arena, struct admin_data);
    for (const struct xml_node *c = xml_child(root, "AdminData"); c != NULL;
         c = xml_next(c, "AdminData")) {
        const char *study = xml_get(c, "StudyOID");
        if (study == NULL || strcmp(study, reader->study->oid) == 0) {
            read_users(reader, c, &parts);
            read_locations(reader, c, &parts);
            read_signatures(reader, c, &parts);
        }
    }
    admin->users =
        (const struct admin_user *const *) definitions_sort(reader, &parts.users);
    admin->user_count = parts.users.count;
    admin->locations =
        (const struct admin_location *const *) definitions_sort(reader, &parts.locations);
    admin->location_count = parts.locations.count;
    admin->signatures =
        (const struct admin_signature *const *) definitions_sort(reader, &parts.signatures);
    admin->signature_count = parts.signatures.count;
    check_locations(reader, &parts);
    reader->study->admin = admin;
}
