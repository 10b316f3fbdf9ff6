/* SPDX-License-Identifier: Apache-2.0 */
/*
** Include: a version that begins with all definitions of an earlier one. The including version
** is read as if the earlier one's elements stood in it; an element that it defines itself
** replaces the earlier one as a whole (ODM 1.3.2 chapter 3.1.1.3.1). Chains are followed,
** circles refused. Elements are copied flat: a copy keeps its parent, so that a problem is
** reported where it stands.
*/
#include <stdlib.h>

#include "protocol/study/odm_reader.h"

#define INCLUDES_MAX 16 /* of a chain */

/* Of these a version has one; the others are told apart by their keys. */
static bool is_single(const struct xml_node *node)
{
    return strcmp(node->name, "Protocol") == 0 || strcmp(node->name, "SubjectKey") == 0 ||
           strcmp(node->name, "SafetyContact") == 0 || strcmp(node->name, "Safety") == 0 ||
           strcmp(node->name, "Product") == 0;
}

static const char *key_of(const struct xml_node *node)
{
    static const char *const KEYS[] = {"OID", "StudyEventOID", "Code", "Name"};
    for (size_t i = 0; i < ARRAY_LEN(KEYS) && !is_single(node); i++) {
        const char *key = xml_get(node, KEYS[i]);
        if (key != NULL) {
            return key;
        }
    }
    return "";
}

static int by_key(const void *left, const void *right)
{
    const struct xml_node *const *a = left, *const *b = right;
    int order = strcmp((*a)->name, (*b)->name);
    return order != 0 ? order : strcmp(key_of(*a), key_of(*b));
}

struct merge {
    const struct xml_node **items; /* in the order in which they are read */
    size_t count, capacity;
};

/* Append the children of VERSION that nothing in MERGE replaces. */
static void merge_version(struct reader *reader, struct merge *merge,
                          const struct xml_node *version)
{
    size_t before = merge->count;
    const struct xml_node **sorted =
        ARENA_ARRAY(reader->scratch, before, const struct xml_node *);
    if (before > 0) {
        memcpy(sorted, merge->items, before * sizeof(sorted[0]));
        qsort(sorted, before, sizeof(sorted[0]), by_key);
    }
    for (const struct xml_node *c = version->first; c != NULL; c = c->next) {
        bool replaced =
            before > 0 && bsearch(&c, sorted, before, sizeof(sorted[0]), by_key) != NULL;
        if (!replaced && strcmp(c->name, "Include") != 0) {
            *ARENA_PUSH(reader->scratch, merge->items, merge->count, merge->capacity) = c;
        }
    }
}

/* The elements of NODE and below it, but no more than MOST + 1. */
static size_t elements_of(const struct xml_node *node, size_t most)
{
    const struct xml_node *at = node;
    size_t count = 1;
    while (at != NULL && count <= most) {
        const struct xml_node *next = at->first;
        while (next == NULL && at != node) {
            next = at->next;
            at = at->parent;
        }
        at = next;
        count += at != NULL;
    }
    return count;
}

/* What is included is read again for each version that includes it: all of it together must
 * stay below what a file may have. */
static bool are_few(struct reader *reader, const struct xml_node *include,
                    const struct xml_node *found)
{
    if (reader->included <= ODM_ELEMENTS_MAX) {
        reader->included += elements_of(found, ODM_ELEMENTS_MAX - reader->included);
    }
    if (reader->included > ODM_ELEMENTS_MAX) {
        odm_report(reader, include, "ODM-03",
                   "what the versions include is more than %d elements together",
                   ODM_ELEMENTS_MAX);
    }
    return reader->included <= ODM_ELEMENTS_MAX;
}

/* A node like VERSION with the children of MERGE. */
static const struct xml_node *make_version(struct reader *reader,
                                           const struct xml_node *version,
                                           const struct merge *merge)
{
    struct xml_node *copy = ARENA_NEW(reader->scratch, struct xml_node);
    struct xml_node *nodes = ARENA_ARRAY(reader->scratch, merge->count, struct xml_node);
    *copy = *version;
    copy->first = merge->count > 0 ? nodes : NULL;
    for (size_t i = 0; i < merge->count; i++) {
        nodes[i] = *merge->items[i];
        nodes[i].next = i + 1 < merge->count ? &nodes[i + 1] : NULL;
    }
    return copy;
}

/* ---- finding the version ---- */

static const struct xml_node *find_version(const struct xml_node *root,
                                           const char *study_oid, const char *version_oid)
{
    for (const struct xml_node *s = xml_child(root, "Study"); s != NULL;
         s = xml_next(s, "Study")) {
        const char *study = xml_get(s, "OID");
        for (const struct xml_node *v = xml_child(s, "MetaDataVersion");
             v != NULL && study != NULL && strcmp(study, study_oid) == 0;
             v = xml_next(v, "MetaDataVersion")) {
            const char *oid = xml_get(v, "OID");
            if (oid != NULL && strcmp(oid, version_oid) == 0) {
                return v;
            }
        }
    }
    return NULL;
}

/* In another file, if the caller has it. */
static const struct xml_node *fetch_version(struct reader *reader, const char *study_oid,
                                            const char *version_oid)
{
    const struct odm_options *options = reader->options;
    struct span xml;
    if (options->include == NULL ||
        !options->include(options->arg, study_oid, version_oid, &xml)) {
        return NULL;
    }
    const struct xml_node *root = odm_read_tree(reader, xml);
    return root != NULL ? find_version(root, study_oid, version_oid) : NULL;
}

static const struct xml_node *root_of(const struct xml_node *node)
{
    while (node->parent != NULL) {
        node = node->parent;
    }
    return node;
}

static const struct xml_node *included(struct reader *reader,
                                       const struct xml_node *include)
{
    const char *study_oid = odm_oid(reader, include, "StudyOID");
    const char *version_oid = odm_oid(reader, include, "MetaDataVersionOID");
    if (study_oid[0] == '\0' || version_oid[0] == '\0') {
        return NULL;
    }
    const struct xml_node *found = find_version(root_of(include), study_oid, version_oid);
    found = found != NULL ? found : fetch_version(reader, study_oid, version_oid);
    if (found == NULL) {
        odm_report(reader, include, "ODM-21",
                   "the included version %.120s of study %.120s is not in this file",
                   version_oid, study_oid);
    }
    return found;
}

const struct xml_node *odm_resolve_includes(struct reader *reader,
                                            const struct xml_node *version)
{
    const struct xml_node *chain[INCLUDES_MAX] = {version};
    struct merge merge = {0};
    size_t count = 1;
    reader->including_count = 0;
    for (const struct xml_node *next = version; next != NULL;) {
        merge_version(reader, &merge, next);
        const struct xml_node *include = xml_child(next, "Include");
        next = include != NULL ? included(reader, include) : NULL;
        for (size_t i = 0; i < count && next != NULL; i++) {
            if (chain[i] == next || count == INCLUDES_MAX) {
                odm_report(reader, include, "ODM-21",
                           chain[i] == next ? "the versions include each other in a circle"
                                            : "more than 16 versions include each other");
                next = NULL;
            }
        }
        if (next != NULL && !are_few(reader, include, next)) {
            next = NULL;
        }
        if (next != NULL) {
            chain[count++] = next;
            reader->including[reader->including_count++] = next;
        }
    }
    return count > 1 ? make_version(reader, version, &merge) : version;
}
