/* SPDX-License-Identifier: Apache-2.0 */
/*
** Every ready definition must be right twice: with our namespace by our own schema
** (protocol/crfd-odm.xsd), and, for a reader that has never heard of us, without it by the
** publisher's. ODM's schema is CDISC's and stands in the corpora, not here; without it the
** test says so and passes.
*/
#include "tests/support/files.h"
#include "tests/support/odm_xsd.h"
#include "tests/support/rows.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlschemas.h>

#define OURS "urn:crfd:odm-ext:1"

static bool is_ours(const xmlNs *ns)
{
    return ns != NULL && strcmp((const char *) ns->href, OURS) == 0;
}

static void strip_attributes(xmlNodePtr node)
{
    for (xmlAttrPtr next, attribute = node->properties; attribute != NULL;
         attribute = next) {
        next = attribute->next;
        if (is_ours(attribute->ns)) {
            (void) xmlRemoveProp(attribute);
        }
    }
}

static void strip(xmlNodePtr node)
{
    for (xmlNodePtr next; node != NULL; node = next) {
        next = node->next;
        if (node->type != XML_ELEMENT_NODE) {
            continue;
        }
        if (is_ours(node->ns)) {
            xmlUnlinkNode(node);
            xmlFreeNode(node);
            continue;
        }
        strip_attributes(node);
        strip(node->children);
    }
}

static void keep(xmlNodePtr node)
{
    (void) node;
}

static const xmlChar ours[] = OURS;
static const xmlChar evidence[] = "Evidence";
static const xmlChar hearsay[] = "hearsay";

/* Give every element that has a crfd:Evidence one that no list knows. */
static void spoil(xmlNodePtr node)
{
    for (; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE) {
            continue;
        }
        xmlAttrPtr label = xmlHasNsProp(node, evidence, ours);
        if (label != NULL) {
            (void) xmlSetNsProp(node, label->ns, evidence, hearsay);
        }
        spoil(node->children);
    }
}

struct row {
    const char *name;
    bool our_schema;
    void (*change)(xmlNodePtr node);
    bool valid;
};

static const struct row rows[] = {
    {"without our namespace a trial is right ODM 1.3.2", false, strip, true},
    {"with our namespace a trial is right by our schema", true, keep, true},
    {"plain ODM does not know our namespace", false, keep, false},
    {"a label of evidence that does not exist is refused", true, spoil, false},
};

struct run {
    const struct row *row;
    xmlSchemaPtr schema;
    size_t files;
};

static void drop_message(void *context, const char *format, ...)
{
    (void) context;
    (void) format;
}

static void validate(const char *path, void *arg)
{
    struct run *run = arg;
    xmlDocPtr doc = xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_BIG_LINES);
    xmlSchemaValidCtxtPtr valid = xmlSchemaNewValidCtxt(run->schema);
    assert_non_null(doc);
    assert_non_null(valid);
    run->row->change(doc->children);
    if (!run->row->valid) {
        xmlSchemaSetValidErrors(valid, drop_message, drop_message, NULL);
    }
    int problems = xmlSchemaValidateDoc(valid, doc);
    xmlSchemaFreeValidCtxt(valid);
    xmlFreeDoc(doc);
    if ((problems == 0) != run->row->valid) {
        fail_msg("%s: %d", path, problems);
    }
    run->files++;
}

static void check(void **state)
{
    struct run run = {.row = *state};
    CLEANUP(mem_freep) char *odm = odm_xsd_path(run.row->name);
    if (odm == NULL) {
        return;
    }
    xmlSchemaParserCtxtPtr parser =
        xmlSchemaNewParserCtxt(run.row->our_schema ? "protocol/crfd-odm.xsd" : odm);
    assert_non_null(parser);
    run.schema = xmlSchemaParse(parser);
    assert_non_null(run.schema);
    xmlSchemaFreeParserCtxt(parser);
    (void) each_file("protocol/trials", ".xml", validate, &run);
    xmlSchemaFree(run.schema);
    assert_true(run.files > 0);
}

int main(void)
{
    int failed = run_rows("odm_schema", rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
    xmlCleanupParser();
    return failed;
}
