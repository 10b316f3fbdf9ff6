/* SPDX-License-Identifier: Apache-2.0 */
/*
** Every ready definition must be right ODM 1.3.2 for a reader that has never heard of us:
*strip
** our namespace, and the publisher's schema must accept what is left. The schema is CDISC's
*and
** stands in the corpora, not here; without it the test says so and passes.
*/
#include "tests/support/files.h"
#include "tests/support/rows.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/xmlschemas.h>

#define OURS    "urn:crfd:odm-ext:1"
#define ARCHIVE "xsd/cdisc-org+DataExchange-ODM/archive/"

static size_t files_seen;

/* The publisher's 1.3.2 folder lacks the two W3C schemas that it imports; those of
 * its 1.3.0 folder are the same. Nothing is ever fetched. */
static xmlParserInputPtr load_schema_part(const char *url, const char *id,
                                          xmlParserCtxtPtr context)
{
    static const char *const parts[] = {"xml.xsd", "xmldsig-core-schema.xsd"};
    const char *name = url != NULL ? strrchr(url, '/') : NULL;
    CLEANUP(bytes_done) struct bytes file = {0};
    (void) id;
    for (size_t i = 0; name != NULL && i < ARRAY_LEN(parts); i++) {
        if (strcmp(name + 1, parts[i]) == 0) {
            bytes_printf(&file, ARCHIVE "ODM1-3-0/%s", parts[i]);
        }
    }
    char *path =
        file.size > 0 ? corpus_path(bytes_text(&file), "ODM schema import") : mem_text(url);
    xmlParserInputPtr input = path != NULL ? xmlNewInputFromFile(context, path) : NULL;
    free(path);
    return input;
}

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

static void strip_ours(xmlNodePtr node)
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
        strip_ours(node->children);
    }
}

static xmlSchemaPtr open_schema(const char *path)
{
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(path);
    assert_non_null(parser);
    xmlSchemaPtr schema = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    assert_non_null(schema);
    return schema;
}

static void validate_stripped(const char *path, void *schema)
{
    xmlDocPtr doc = xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_BIG_LINES);
    assert_non_null(doc);
    strip_ours(doc->children);
    xmlSchemaValidCtxtPtr valid = xmlSchemaNewValidCtxt(schema);
    assert_non_null(valid);
    print_message("%s, stripped\n", path);
    assert_int_equal(xmlSchemaValidateDoc(valid, doc), 0);
    xmlSchemaFreeValidCtxt(valid);
    xmlFreeDoc(doc);
    files_seen++;
}

static void check_stripped(void **state)
{
    (void) state;
    CLEANUP(mem_freep)
    char *path =
        corpus_path(ARCHIVE "ODM1-3-2/ODM1-3-2.xsd", "trial definitions against ODM 1.3.2");
    if (path == NULL) {
        return;
    }
    xmlSchemaPtr schema = open_schema(path);
    (void) each_file("protocol/trials", ".xml", validate_stripped, schema);
    assert_true(files_seen > 0);
    xmlSchemaFree(schema);
}

int main(void)
{
    xmlSetExternalEntityLoader(load_schema_part);
    add_test("each trial definition is right ODM 1.3.2 without our namespace",
             check_stripped);
    int failed = run_added("odm_schema");
    xmlCleanupParser();
    return failed;
}
