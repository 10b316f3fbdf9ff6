/* SPDX-License-Identifier: Apache-2.0 */
/*
** xml: the door to libxml2. Read an XML document from outside into a small tree of our own.
**
** Kept: elements of the ODM 1.3 namespace and of urn:crfd:odm-ext:1, their attributes of no
** namespace and of ours, and their text. Left out with everything below them: elements of
** other namespaces and those the caller names. Refused: a DOCTYPE, entities, anything beyond
** the limits in odm.h. Nothing is ever fetched. The tree lives in the caller's arena.
*/
#ifndef CRFD_STUDY_XML_H
#define CRFD_STUDY_XML_H

#include "base/arena.h"

enum xml_space { XML_ODM, XML_CRFD, XML_OTHER };

struct xml_attribute {
    enum xml_space space; /* XML_ODM: no prefix */
    const char *name, *value;
};

struct xml_node {
    enum xml_space space;
    const char *name;
    const char *language; /* xml:lang of this element, or NULL */
    int line;             /* where its start tag ends */
    const struct xml_attribute *attributes;
    size_t attribute_count;
    const char *text; /* all character data of the element itself, trimmed; never NULL */
    const struct xml_node *parent, *first, *next;
};

enum xml_fault { XML_MALFORMED, XML_DOCTYPE, XML_LIMIT };

/* Told of each fault found, at most once for each of XML_DOCTYPE and XML_LIMIT. */
typedef void (*xml_report)(void *arg, enum xml_fault fault, int line, const char *message);

/* Called at the end of an element of `each`; false ends the reading. */
typedef bool (*xml_each)(void *arg, const struct xml_node *node);

/* Told of each namespace that is neither ODM's nor ours: NAME is that of an element or
 * attribute left out, or NULL where the namespace is declared. */
typedef void (*xml_foreign)(void *arg, const char *uri, const char *name, int line);

struct xml_options {
    const char *const *skip; /* ODM elements to leave out, NULL-terminated */
    xml_report report;
    const char *language; /* of its messages, see messages.h; NULL: English */
    void *arg;
    xml_foreign foreign; /* or NULL */
    size_t elements_max; /* 0: ODM_ELEMENTS_MAX */
    /* For files of any size: ODM elements (NULL-terminated, or NULL) that are handed over when
     * they end, and then forgotten by the tree. The first one, with all that is below it, lives
     * in `each_arena`, which is reset after the call. */
    const char *const *each;
    xml_each on_each;
    struct arena *each_arena;
};

/* The root, or NULL when anything was reported. A root of another namespace is kept, with
 * space XML_OTHER and *ret_namespace its namespace ("" when none). */
const struct xml_node *xml_read(struct span xml, const struct xml_options *options,
                                struct arena *arena, const char **ret_namespace);

/* ODM and crfd attributes; NULL when absent. */
const char *xml_get(const struct xml_node *node, const char *name);
const char *xml_get_crfd(const struct xml_node *node, const char *name);

/* The next ODM child NAME at or after NODE; NULL ends. for (c = xml_child(n, "X"); c; c =
 * xml_next(c, "X")) */
const struct xml_node *xml_child(const struct xml_node *node, const char *name);
const struct xml_node *xml_next(const struct xml_node *node, const char *name);
const struct xml_node *xml_child_crfd(const struct xml_node *node, const char *name);
const struct xml_node *xml_next_crfd(const struct xml_node *node, const char *name);

#endif
