/* SPDX-License-Identifier: Apache-2.0 */
/*
** Schemas that others import and that stand elsewhere: the publisher's 1.3.2 folder lacks the
** two of W3C, which its 1.3.0 folder has.
*/
#include "tests/support/odm_xsd.h"

#include "tests/support/files.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#define ARCHIVE    "xsd/cdisc-org+DataExchange-ODM/archive/"
#define ODM_SCHEMA ARCHIVE "ODM1-3-2/ODM1-3-2.xsd"

static const struct {
    const char *name, *folder;
} parts[] = {
    {"xml.xsd", ARCHIVE "ODM1-3-0"},
    {"xmldsig-core-schema.xsd", ARCHIVE "ODM1-3-0"},
    {"ODM1-3-2-foundation.xsd", ARCHIVE "ODM1-3-2"},
};

static xmlParserInputPtr load_part(const char *url, const char *id,
                                   xmlParserCtxtPtr context)
{
    const char *slash = strrchr(url, '/');
    const char *name = slash != NULL ? slash + 1 : url;
    char *path = NULL;
    (void) id;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (strcmp(name, parts[i].name) == 0) {
            CLEANUP(bytes_done) struct bytes file = {0};
            bytes_printf(&file, "%s/%s", parts[i].folder, name);
            path = corpus_path(bytes_text(&file), "ODM schema import");
        }
    }
    xmlParserInputPtr input = xmlNewInputFromFile(context, path != NULL ? path : url);
    free(path);
    return input;
}

char *odm_xsd_path(const char *what_goes_without)
{
    xmlSetExternalEntityLoader(load_part);
    return corpus_path(ODM_SCHEMA, what_goes_without);
}
