/* SPDX-License-Identifier: Apache-2.0 */
/*
** The reader, from bytes to study: XML into our tree (xml.c), tree into the model. References
** are resolved bottom-up: units, code lists, items, groups, forms, events; so each finds a
** sorted table to look in. Reading goes on after a problem, to list them all.
*/
#include "protocol/study/odm.h"

#include "protocol/study/odm_reader.h"

/* Not ours to read: subjects, users, sites, layout. A MetaDataVersion has no clinical data. */
static const char *const SKIPPED[] = {
    "AdminData",    "ReferenceData", "ClinicalData",     "Association",
    "Presentation", "ArchiveLayout", "ArchiveLayoutRef", NULL};

static void report_xml(void *arg, enum xml_fault fault, int line, const char *message)
{
    static const char *const RULE[] = {
        [XML_MALFORMED] = "ODM-01", [XML_DOCTYPE] = "ODM-02", [XML_LIMIT] = "ODM-03"};
    struct reader *reader = arg;
    struct xml_node node = {.line = line, .name = ""};
    odm_report(reader, &node, RULE[fault], "%s", message);
}

/* ---- units ---- */

static void read_base_unit(struct reader *reader, const struct xml_node *node,
                           struct measurement_unit *unit, const struct definitions *units)
{
    const char *base = odm_crfd(reader, node, "Base");
    const char *factor = odm_crfd(reader, node, "Factor");
    if (base[0] == '\0' && factor[0] == '\0') {
        return;
    }
    unit->base = definitions_get(units, base);
    if (unit->base == NULL || unit->base == unit) {
        odm_report(reader, node, "ODM-22", "crfd:Base must name another unit");
    }
    if (!decimal_parse(span_text(factor), false, &unit->factor) ||
        unit->factor.coefficient <= 0) {
        odm_report(reader, node, "ODM-22", "crfd:Factor must be a decimal above 0");
    }
}

static void read_units(struct reader *reader, const struct xml_node *study)
{
    struct definitions units = {0};
    const struct xml_node *basics = xml_child(study, "BasicDefinitions");
    if (basics == NULL) {
        return;
    }
    for (const struct xml_node *c = xml_child(basics, "MeasurementUnit"); c != NULL;
         c = xml_next(c, "MeasurementUnit")) {
        struct measurement_unit *unit = ARENA_NEW(reader->arena, struct measurement_unit);
        unit->oid = odm_oid(reader, c, "OID");
        unit->name = odm_name(reader, c, unit->oid);
        unit->symbol = odm_child_texts(reader, c, "Symbol");
        unit->aliases = odm_aliases(reader, c);
        definitions_add(reader, &units, unit, c);
    }
    reader->study->units =
        (const struct measurement_unit *const *) definitions_sort(reader, &units);
    reader->study->unit_count = units.count;
    for (size_t i = 0; i < units.count; i++) {
        read_base_unit(reader, units.items[i].node, units.items[i].def, &units);
    }
    for (size_t i = 0; i < units.count; i++) {
        const struct measurement_unit *unit = units.items[i].def;
        if (unit->base != NULL && unit->base->base != NULL) {
            odm_report(reader, units.items[i].node, "ODM-22",
                       "crfd:Base must be a unit without a base");
        }
    }
}

/* ---- versions ---- */

static void read_version(struct reader *reader, const struct xml_node *node,
                         struct definitions *versions)
{
    struct version_parts parts = {0};
    struct metadata_version *version = ARENA_NEW(reader->arena, struct metadata_version);
    reader->version = version;
    reader->form_items = 0;
    reader->expressions = NULL;
    reader->expression_capacity = 0;
    reader->conditional = NULL;
    reader->conditional_count = reader->conditional_capacity = 0;
    version->study = reader->study;
    version->oid = odm_oid(reader, node, "OID");
    version->name = odm_name(reader, node, version->oid);
    const char *description = odm_text(reader, node, "Description");
    struct text *text = ARENA_NEW(reader->arena, struct text);
    *text = (struct text){"", description};
    version->description = (struct texts){text, description[0] != '\0'};
    if (xml_child(node, "Include") != NULL) {
        odm_report(reader, xml_child(node, "Include"), "ODM-21",
                   "not supported: Include; put the whole version in the file");
    }
    odm_read_imputations(reader, node, &parts);
    odm_read_methods(reader, node, &parts);
    odm_read_conditions(reader, node, &parts);
    odm_read_code_lists(reader, node, &parts);
    odm_read_items(reader, node, &parts);
    odm_read_groups(reader, node, &parts);
    odm_read_forms(reader, node, &parts);
    odm_read_events(reader, node, &parts);
    odm_read_extension(reader, node);
    odm_close_expressions(reader);
    definitions_add(reader, versions, version, node);
}

static void read_versions(struct reader *reader, const struct xml_node *node)
{
    struct definitions versions = {0};
    for (const struct xml_node *c = xml_child(node, "MetaDataVersion"); c != NULL;
         c = xml_next(c, "MetaDataVersion")) {
        read_version(reader, c, &versions);
    }
    const struct metadata_version **list =
        ARENA_ARRAY(reader->arena, versions.count, const struct metadata_version *);
    for (size_t i = 0; i < versions.count; i++) {
        list[i] = versions.items[i].def; /* the order of the file, before sorting */
    }
    reader->study->versions = list;
    reader->study->version_count = versions.count;
    (void) definitions_sort(reader, &versions);
}

static const char *global_text(struct reader *reader, const struct xml_node *node,
                               const char *name)
{
    const struct xml_node *globals = xml_child(node, "GlobalVariables");
    const struct xml_node *child = globals != NULL ? xml_child(globals, name) : NULL;
    return child != NULL ? arena_text(reader->arena, child->text) : "";
}

static void read_study(struct reader *reader, const struct xml_node *node)
{
    reader->study = ARENA_NEW(reader->arena, struct study);
    reader->study->oid = odm_oid(reader, node, "OID");
    reader->study->name = global_text(reader, node, "StudyName");
    reader->study->description = global_text(reader, node, "StudyDescription");
    reader->study->protocol_name = global_text(reader, node, "ProtocolName");
    if (reader->study->name[0] == '\0') {
        odm_report(reader, node, "ODM-31", "no StudyName: the OID is used");
        reader->study->name = reader->study->oid;
    }
    read_units(reader, node);
    read_versions(reader, node);
}

static void read_root(struct reader *reader, const struct xml_node *root,
                      const char *namespace)
{
    if (root->space != XML_ODM || strcmp(root->name, "ODM") != 0) {
        odm_report(reader, root, "ODM-04",
                   "the root is <%.60s> of namespace \"%.80s\", not ODM 1.3", root->name,
                   namespace);
        return;
    }
    const char *odm_version = xml_get(root, "ODMVersion");
    if (odm_version == NULL || strncmp(odm_version, "1.3", 3) != 0) {
        odm_report(reader, root, "ODM-30", "ODMVersion is \"%.20s\"",
                   odm_version != NULL ? odm_version : "");
    }
    const struct xml_node *found = NULL;
    for (const struct xml_node *c = xml_child(root, "Study"); c != NULL;
         c = xml_next(c, "Study")) {
        if (xml_child(c, "MetaDataVersion") == NULL) {
            continue;
        }
        if (found != NULL) {
            odm_report(reader, c, "ODM-06", "a second Study with metadata");
            continue;
        }
        found = c;
        read_study(reader, c);
    }
    if (found == NULL) {
        odm_report(reader, root, "ODM-05", "no Study with a MetaDataVersion");
    }
}

/* By line; problems of one line stay in the order in which they were found. */
static void sort_problems(struct odm_problems *problems, struct arena *scratch)
{
    if (problems->count < 2) {
        return;
    }
    struct odm_problem *from = problems->items;
    struct odm_problem *to = ARENA_ARRAY(scratch, problems->count, struct odm_problem);
    for (size_t width = 1; width < problems->count; width *= 2) {
        for (size_t start = 0, out = 0; start < problems->count; start += 2 * width) {
            size_t a = start, a_end = start + width;
            size_t b_end = start + 2 * width;
            a_end = a_end < problems->count ? a_end : problems->count;
            b_end = b_end < problems->count ? b_end : problems->count;
            for (size_t b = a_end; out < b_end;) {
                bool left = a < a_end && (b >= b_end || from[a].line <= from[b].line);
                to[out++] = left ? from[a++] : from[b++];
            }
        }
        struct odm_problem *swap = from;
        from = to;
        to = swap;
    }
    if (from != problems->items) {
        memcpy(problems->items, from, problems->count * sizeof(from[0]));
    }
}

static status first_refusal(const struct odm_problems *problems, struct err *err)
{
    for (size_t i = 0; i < problems->count; i++) {
        const struct odm_problem *problem = &problems->items[i];
        if (problem->severity == SEVERITY_REFUSE) {
            status kind =
                strcmp(problem->rule, "ODM-03") == 0 ? ERR_TOO_LARGE : ERR_BAD_INPUT;
            return FAIL(err, kind, "definition refused (%zu reasons); line %d: %s [%s]",
                        problems->refusing, problem->line, problem->message, problem->rule);
        }
    }
    return FAIL(err, ERR_BAD_INPUT, "definition refused (%zu reasons)", problems->refusing);
}

status odm_read(struct span xml, struct arena *arena, const struct study **ret_study,
                struct odm_problems *problems, struct err *err)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct reader reader = {.arena = arena, .scratch = scratch, .problems = problems};
    const struct xml_options options = {
        .skip = SKIPPED, .report = report_xml, .arg = &reader};
    const char *namespace = "";
    const struct xml_node *root = xml_read(xml, &options, scratch, &namespace);
    if (root != NULL) {
        read_root(&reader, root, namespace);
    }
    sort_problems(problems, scratch);
    if (problems->refusing > 0 || reader.study == NULL) {
        return first_refusal(problems, err);
    }
    *ret_study = reader.study;
    return OK;
}
