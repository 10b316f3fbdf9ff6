/* SPDX-License-Identifier: Apache-2.0 */
/*
** The reader, from bytes to study: XML into our tree (xml.c), tree into the model. References
** are resolved bottom-up: units, code lists, items, groups, forms, events; so each finds a
** sorted table to look in. Reading goes on after a problem, to list them all.
*/
#include "protocol/study/odm.h"

#include "protocol/study/odm_reader.h"

#define INCLUDED_STUDIES_MAX 100
#define SAME_LINE_MAX        50 /* problems of one line that are compared */

/* Not ours to read here: a definition has no data. */
static const char *const SKIPPED[] = {"ReferenceData", "ClinicalData", "Association", NULL};

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

static void read_study_units(struct reader *reader, const struct xml_node *study,
                             struct definitions *units)
{
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
        definitions_add(reader, units, unit, c);
    }
}

/* The units of the study of an included version, but for those that the study has itself. */
static void add_foreign_units(struct reader *reader, const struct xml_node *study,
                              struct definitions *units)
{
    struct definitions theirs = {0};
    size_t count = units->count;
    (void) definitions_sort(reader, units);
    read_study_units(reader, study, &theirs);
    for (size_t i = 0; i < theirs.count; i++) {
        const struct measurement_unit *unit = theirs.items[i].def;
        struct definitions sorted = {units->items, count, units->capacity};
        if (definitions_get(&sorted, unit->oid) == NULL) {
            definitions_add(reader, units, theirs.items[i].def, theirs.items[i].node);
        }
    }
}

static void read_units(struct reader *reader, const struct xml_node *study,
                       const struct definitions *studies)
{
    struct definitions units = {0};
    read_study_units(reader, study, &units);
    for (size_t i = 0; i < studies->count; i++) {
        add_foreign_units(reader, studies->items[i].node, &units);
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
    odm_read_imputations(reader, node, &parts);
    odm_read_methods(reader, node, &parts);
    odm_read_conditions(reader, node, &parts);
    odm_read_code_lists(reader, node, &parts);
    odm_read_items(reader, node, &parts);
    odm_read_groups(reader, node, &parts);
    odm_read_forms(reader, node, &parts);
    odm_read_events(reader, node, &parts);
    odm_read_extension(reader, node);
    odm_check_version(reader, &parts);
    odm_close_expressions(reader);
    definitions_add(reader, versions, version, node);
}

/* Every version of the study with what it includes, and the other studies that it is from. */
static void resolve_versions(struct reader *reader, const struct xml_node *node,
                             struct definitions *versions, struct definitions *studies)
{
    for (const struct xml_node *c = xml_child(node, "MetaDataVersion"); c != NULL;
         c = xml_next(c, "MetaDataVersion")) {
        definitions_add(reader, versions, NULL, odm_resolve_includes(reader, c));
        for (size_t i = 0; i < reader->including_count; i++) {
            const struct xml_node *from = reader->including[i]->parent;
            bool known = from == node;
            for (size_t j = 0; j < studies->count && !known; j++) {
                known = studies->items[j].node == from;
            }
            if (!known && studies->count < INCLUDED_STUDIES_MAX) {
                definitions_add(reader, studies, NULL, from);
            }
        }
    }
}

static void read_versions(struct reader *reader, const struct definitions *nodes)
{
    struct definitions versions = {0};
    for (size_t i = 0; i < nodes->count; i++) {
        read_version(reader, nodes->items[i].node, &versions);
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

static const struct study *read_study(struct reader *reader, const struct xml_node *node)
{
    struct definitions versions = {0}, studies = {0};
    reader->study = ARENA_NEW(reader->arena, struct study);
    reader->study->oid = odm_oid(reader, node, "OID");
    reader->study->name = global_text(reader, node, "StudyName");
    reader->study->description = global_text(reader, node, "StudyDescription");
    reader->study->protocol_name = global_text(reader, node, "ProtocolName");
    if (reader->study->name[0] == '\0') { /* no StudyName at all: DEV-05 */
        reader->study->name = reader->study->oid;
    }
    resolve_versions(reader, node, &versions, &studies);
    read_units(reader, node, &studies);
    read_versions(reader, &versions);
    return reader->study;
}

/* ---- the file ---- */

static bool is_odm(struct reader *reader, const struct xml_node *root,
                   const char *namespace)
{
    const char *version = xml_get(root, "ODMVersion");
    if (strcmp(namespace, "http://www.cdisc.org/ns/odm/v2.0") == 0 ||
        (version != NULL && strncmp(version, "2.", 2) == 0)) {
        odm_report(reader, root, "ODM-32", "the file is ODM 2.0; crfd reads ODM 1.3.2");
        return false;
    }
    if (strncmp(namespace, "http://www.cdisc.org/ns/odm/v1.", 31) == 0 &&
        root->space != XML_ODM) {
        odm_report(reader, root, "ODM-32", "the file is ODM %.10s; crfd reads ODM 1.3.2",
                   namespace + 29);
        return false;
    }
    if (root->space != XML_ODM || strcmp(root->name, "ODM") != 0) {
        odm_report(reader, root, "ODM-04",
                   namespace[0] == '\0' ? "the root is <%.60s> without a namespace%.80s"
                                        : "the root is <%.60s> of the namespace %.80s",
                   root->name, namespace);
        return false;
    }
    if (version == NULL || strncmp(version, "1.3", 3) != 0) {
        odm_report(reader, root, "ODM-30",
                   version == NULL
                       ? "there is no ODMVersion%.20s; the file is read as 1.3.2"
                       : "ODMVersion is %.20s; the file is read as 1.3.2",
                   version != NULL ? version : "");
    }
    return true;
}

/* Every study with metadata is read; the one asked for, else the first, is the answer. */
static const struct study *read_studies(struct reader *reader, const struct xml_node *root)
{
    const char *wanted = reader->options->study_oid;
    const struct xml_node *second = NULL;
    const struct study *answer = NULL;
    size_t count = 0;
    for (const struct xml_node *c = xml_child(root, "Study"); c != NULL;
         c = xml_next(c, "Study")) {
        if (xml_child(c, "MetaDataVersion") == NULL) {
            continue;
        }
        second = ++count == 2 ? c : second;
        const struct study *study = read_study(reader, c);
        odm_read_admin(reader, root);
        if (answer == NULL && (wanted == NULL || strcmp(study->oid, wanted) == 0)) {
            answer = study;
        }
    }
    if (second != NULL && wanted == NULL) {
        odm_report(reader, second, "ODM-06",
                   "the file has %zu studies with metadata; crfd takes the first, %.120s",
                   count, answer->oid);
    }
    if (count == 0) {
        odm_report(reader, root, "ODM-05", "the file has no Study with a MetaDataVersion");
    } else if (answer == NULL) {
        odm_report(reader, root, "ODM-05", "the file has no study %.120s with metadata",
                   wanted);
    }
    return answer;
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

/* What structure and reader both found is told once. */
static void drop_repeated(struct odm_problems *problems)
{
    size_t kept = 0;
    for (size_t i = 0; i < problems->count; i++) {
        const struct odm_problem *problem = &problems->items[i];
        bool again = false;
        for (size_t j = kept; j > 0 && problems->items[j - 1].line == problem->line; j--) {
            const struct odm_problem *other = &problems->items[j - 1];
            if (kept - j > SAME_LINE_MAX) {
                break;
            }
            again = again || (strcmp(other->rule, problem->rule) == 0 &&
                              strcmp(other->path, problem->path) == 0 &&
                              strcmp(other->message, problem->message) == 0);
        }
        if (again) {
            problems->refusing -= problem->severity == SEVERITY_REFUSE;
            problems->deviations -= problem->severity == SEVERITY_DEVIATION;
        } else {
            problems->items[kept++] = *problem;
        }
    }
    problems->count = kept;
}

static status first_refusal(const struct odm_problems *problems, bool strict,
                            struct err *err)
{
    size_t reasons = problems->refusing + (strict ? problems->deviations : 0);
    for (size_t i = 0; i < problems->count; i++) {
        const struct odm_problem *problem = &problems->items[i];
        if (problem->severity == SEVERITY_REFUSE ||
            (strict && problem->severity == SEVERITY_DEVIATION)) {
            status kind =
                strcmp(problem->rule, "ODM-03") == 0 ? ERR_TOO_LARGE : ERR_BAD_INPUT;
            if (problem->line == 0) {
                return FAIL(err, kind, "definition refused (reasons: %zu): %s [%s]",
                            reasons, problem->message, problem->rule);
            }
            return FAIL(err, kind, "definition refused (reasons: %zu); line %d: %s [%s]",
                        reasons, problem->line, problem->message, problem->rule);
        }
    }
    return FAIL(err, ERR_BAD_INPUT, "definition refused (reasons: %zu)", reasons);
}

const struct xml_node *odm_read_tree(struct reader *reader, struct span xml)
{
    const struct xml_options options = {.skip = SKIPPED,
                                        .report = report_xml,
                                        .language = reader->options->language,
                                        .foreign = odm_note_foreign,
                                        .arg = reader};
    const struct xml_node *root =
        xml_read(xml, &options, reader->scratch, &reader->namespace);
    return root != NULL && is_odm(reader, root, reader->namespace) ? root : NULL;
}

status odm_read_with(struct span xml, const struct odm_options *options,
                     struct arena *arena, const struct study **ret_study,
                     struct odm_problems *problems, struct err *err)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct reader reader = {.options = options,
                            .arena = arena,
                            .scratch = scratch,
                            .problems = problems,
                            .vendor = ""};
    const struct study *study = NULL;
    const struct xml_node *root = odm_read_tree(&reader, xml);
    if (root != NULL) {
        odm_check_structure(&reader, root);
        odm_report_foreign(&reader, root);
        study = read_studies(&reader, root);
    }
    problems->vendor = reader.vendor;
    sort_problems(problems, scratch);
    drop_repeated(problems);
    if (problems->refusing > 0 || study == NULL ||
        (options->strict && problems->deviations > 0)) {
        return first_refusal(problems, options->strict, err);
    }
    *ret_study = study;
    return OK;
}

status odm_read(struct span xml, struct arena *arena, const struct study **ret_study,
                struct odm_problems *problems, struct err *err)
{
    const struct odm_options options = {0};
    return odm_read_with(xml, &options, arena, ret_study, problems, err);
}
