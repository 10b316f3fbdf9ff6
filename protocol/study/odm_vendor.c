/* SPDX-License-Identifier: Apache-2.0 */
/*
** Whose file it is, from its namespaces and SourceSystem, and what of it stands in namespaces
** that are not read: one note for each, with a few names, so that a person can judge.
*/
#include <strings.h>

#include "protocol/study/odm_reader.h"

static const struct {
    const char *mark, *name; /* part of a namespace or of SourceSystem, any case */
} VENDORS[] = {
    {"redcap", "REDCap"},       {"openclinica", "OpenClinica"}, {"mdsol.com", "Rave"},
    {"medidata", "Rave"},       {"viedoc", "Viedoc"},           {"openedc", "OpenEDC"},
    {"secutrial", "secuTrial"},
};

static void find_vendor(struct reader *reader, const char *text)
{
    for (size_t i = 0; i < ARRAY_LEN(VENDORS) && reader->vendor[0] == '\0'; i++) {
        size_t size = strlen(VENDORS[i].mark);
        for (const char *at = text; strlen(at) >= size; at++) {
            if (strncasecmp(at, VENDORS[i].mark, size) == 0) {
                reader->vendor = VENDORS[i].name;
                break;
            }
        }
    }
}

static struct foreign *foreign_of(struct reader *reader, const char *uri, int line)
{
    for (size_t i = 0; i < reader->foreign_count; i++) {
        if (strncmp(reader->foreign[i].uri, uri, 200) == 0) {
            return &reader->foreign[i];
        }
    }
    if (reader->foreign_count == ODM_NAMESPACES_MAX) {
        return NULL;
    }
    struct foreign *foreign = &reader->foreign[reader->foreign_count++];
    *foreign =
        (struct foreign){.uri = arena_printf(reader->scratch, "%.200s", uri), .line = line};
    find_vendor(reader, foreign->uri);
    return foreign;
}

void odm_note_foreign(void *arg, const char *uri, const char *name, int line)
{
    struct foreign *foreign = foreign_of(arg, uri, line);
    if (foreign == NULL || name == NULL) {
        return;
    }
    foreign->line = foreign->uses++ == 0 ? line : foreign->line;
    for (size_t i = 0; i < foreign->name_count; i++) {
        if (strncmp(foreign->names[i], name, 60) == 0) {
            return;
        }
    }
    if (foreign->name_count < ODM_NAMESPACE_NAMES_MAX) {
        struct reader *reader = arg;
        foreign->names[foreign->name_count++] =
            arena_printf(reader->scratch, "%.60s", name);
    }
}

void odm_report_foreign(struct reader *reader, const struct xml_node *root)
{
    const char *source = xml_get(root, "SourceSystem");
    find_vendor(reader, source != NULL ? source : "");
    for (size_t i = 0; i < reader->foreign_count; i++) {
        const struct foreign *foreign = &reader->foreign[i];
        CLEANUP(bytes_done) struct bytes names = {0};
        for (size_t j = 0; j < foreign->name_count; j++) {
            bytes_printf(&names, "%s%s", j > 0 ? ", " : "", foreign->names[j]);
        }
        if (foreign->uses > 0) {
            odm_report_at(reader, foreign->line, "", "ODM-36",
                          "%zu elements and attributes of %s are left out: %s%s",
                          foreign->uses, foreign->uri, bytes_text(&names),
                          foreign->name_count == ODM_NAMESPACE_NAMES_MAX ? ", ..." : "");
        }
    }
}
