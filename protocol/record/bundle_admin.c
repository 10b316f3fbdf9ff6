/* SPDX-License-Identifier: Apache-2.0 */
/*
** AdminData of both ODM files: the people, places and meanings that audit records and
** signatures refer to. ODM wants a place for everyone who acts; who belongs to no site works at
** BUNDLE_CENTRAL.
*/
#include "protocol/record/bundle_impl.h"

static const char *user_type(const char *role)
{
    if (role != NULL && strcmp(role, "investigator") == 0) {
        return "Investigator";
    }
    return role != NULL && strcmp(role, "sponsor") == 0 ? "Sponsor" : "Other";
}

static void add_user(struct bytes *out, const struct row *person)
{
    const char *site = person->values[PERSON_SITE];
    bytes_add_text(out, "<User");
    xml_add_attribute(out, "OID", person->values[PERSON_PERSON]);
    xml_add_attribute(out, "UserType", user_type(person->values[PERSON_ROLE]));
    bytes_add_char(out, '>');
    xml_add_element(out, "DisplayName", person->values[PERSON_NAME]);
    xml_add_element(out, "FullName", person->values[PERSON_NAME]);
    bytes_add_text(out, "<LocationRef");
    xml_add_attribute(out, "LocationOID",
                      site != NULL && strcmp(site, ALL_SITES) != 0 ? site : BUNDLE_CENTRAL);
    bytes_add_text(out, "/></User>\n");
}

static void add_location(struct bundling *b, const char *study_oid, const char *site,
                         const char *name, const char *type)
{
    struct bytes *out = &b->buffer;
    char date[INSTANT_SIZE];
    bytes_add_text(out, "<Location");
    xml_add_attribute(out, "OID", site != NULL ? site : BUNDLE_CENTRAL);
    xml_add_attribute(out, "Name", name);
    xml_add_attribute(out, "LocationType", type);
    bytes_add_text(out, "><MetaDataVersionRef");
    xml_add_attribute(out, "StudyOID", study_oid);
    xml_add_attribute(out, "MetaDataVersionOID",
                      state_version_at(b->state, site, b->time, UINT64_MAX));
    instant_format(b->time, date);
    date[10] = 0;
    xml_add_attribute(out, "EffectiveDate", date);
    bytes_add_text(out, "/></Location>\n");
}

/* The sentence that a version gives to MEANING; the meaning itself when none does. */
static const char *meaning_text(const struct bundling *b, const char *meaning)
{
    for (size_t i = 0; i < b->source->definition_count; i++) {
        const struct study *study = b->source->definitions[i].study;
        for (size_t v = 0; v < study->version_count; v++) {
            const struct signature_meaning *found =
                version_signature_meaning(study->versions[v], meaning);
            if (found != NULL) {
                return texts_get(&found->text, "en");
            }
        }
    }
    return meaning;
}

static void add_signature_def(struct bundling *b, const char *meaning, struct arena *arena)
{
    struct bytes *out = &b->buffer;
    bytes_add_text(out, "<SignatureDef Methodology=\"Digital\"");
    xml_add_attribute(out, "OID", arena_printf(arena, "SIG.%s", meaning));
    bytes_add_char(out, '>');
    xml_add_element(out, "Meaning", meaning_text(b, meaning));
    xml_add_element(out, "LegalReason",
                    "Signed with the person's own key; the signature is in the log "
                    "(21 CFR 11.50, 11.70)");
    bytes_add_text(out, "</SignatureDef>\n");
}

void bundle_admin(struct bundling *b, struct arena *arena)
{
    struct bytes *out = &b->buffer;
    struct rows people = state_rows(b->state, TABLE_PERSON, arena);
    struct rows sites = state_rows(b->state, TABLE_SITE, arena);
    const char *study =
        b->source->definition_count > 0 ? b->source->definitions[0].study->oid : "";
    bytes_add_text(out, "<AdminData");
    xml_add_attribute(out, "StudyOID", study);
    bytes_add_text(out, ">\n");
    for (size_t i = 0; i < people.count; i++) {
        add_user(out, people.items[i]);
    }
    for (size_t i = 0; i < sites.count; i++) {
        const struct row *site = sites.items[i];
        add_location(b, study, site->values[SITE_SITE], site->values[SITE_NAME], "Site");
    }
    add_location(b, study, NULL, "Sponsor and central staff", "Sponsor");
    for (size_t i = 0; i < b->index.meaning_count; i++) {
        add_signature_def(b, b->index.meanings[i], arena);
    }
    bytes_add_text(out, "</AdminData>\n");
}
