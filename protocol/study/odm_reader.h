/* SPDX-License-Identifier: Apache-2.0 */
/*
** odm_reader: what the parts of the ODM reader share: the state, the problems, and reading an
** attribute with the report that belongs to it. For odm*.c only.
*/
#ifndef CRFD_STUDY_ODM_READER_H
#define CRFD_STUDY_ODM_READER_H

#include "protocol/study/odm.h"
#include "protocol/study/xml.h"

struct conditional {
    const struct xml_node *node;
    const struct condition_def *condition;
};

#define ODM_NAMESPACES_MAX      20 /* foreign ones that are listed */
#define ODM_NAMESPACE_NAMES_MAX 8  /* elements and attributes of one that are named */

struct foreign {
    const char *uri;
    const char *names[ODM_NAMESPACE_NAMES_MAX];
    size_t name_count, uses;
    int line; /* of the first use */
};

struct reader {
    const struct odm_options *options;
    struct arena *arena;   /* of the study */
    struct arena *scratch; /* of the tree: gone after reading */
    struct odm_problems *problems;
    size_t replaced_problems; /* of the full list, from its end */
    struct study *study;
    struct metadata_version *version; /* the one being read */
    size_t form_items;                /* of all forms so far */
    struct foreign foreign[ODM_NAMESPACES_MAX];
    size_t foreign_count;
    const char *namespace;                /* of the root read last */
    const char *vendor;                   /* who wrote the file, or "" */
    const struct xml_node *including[16]; /* by the version being read */
    size_t including_count;
    size_t included;                 /* elements that versions included so far */
    struct conditional *conditional; /* mandatory references under a condition */
    size_t conditional_count, conditional_capacity;
    struct formal_expression **expressions; /* of the version so far; in `arena` */
    size_t expression_capacity;
};

/* Report RULE of odm_rules() at NODE (may be NULL). FORMAT is English and has its row in the
 * tables of odm_says.h, by which it is told in the reader's language. */
void odm_report(struct reader *reader, const struct xml_node *node, const char *rule,
                const char *format, ...) PRINTF(4, 5);

void odm_report_at(struct reader *reader, int line, const char *path, const char *rule,
                   const char *format, ...) PRINTF(5, 6);
/* "Study[ST.1]/MetaDataVersion[MDV.1]/ItemDef[IT.AGE]", in the arena. */
const char *odm_path(struct reader *reader, const struct xml_node *node);

/* Attributes, copied into the arena. Each reports what is wrong and then gives "", or the
 * default. */
const char *odm_text(struct reader *reader, const struct xml_node *node, const char *name);
const char *odm_required(struct reader *reader, const struct xml_node *node,
                         const char *name);
const char *odm_oid(struct reader *reader, const struct xml_node *node, const char *name);
/* The attribute Name; OID, and a note, when there is none. */
const char *odm_name(struct reader *reader, const struct xml_node *node, const char *oid);
bool odm_yes_no(struct reader *reader, const struct xml_node *node, const char *name,
                bool required);
/* LEAST to 999999999; OTHERWISE when absent or wrong. */
int odm_number(struct reader *reader, const struct xml_node *node, const char *name,
               int least, int otherwise);
/* crfd attributes: "" when absent; yes or no, default no. */
const char *odm_crfd(struct reader *reader, const struct xml_node *node, const char *name);
bool odm_crfd_yes_no(struct reader *reader, const struct xml_node *node, const char *name);
/* The index of the attribute's value in NAMES (NULL-terminated); -1 when absent or wrong. */
int odm_choice(struct reader *reader, const struct xml_node *node, const char *name,
               const char *value, const char *const *names);

/* Children. */
struct texts odm_texts(struct reader *reader, const struct xml_node *parent);
struct texts odm_child_texts(struct reader *reader, const struct xml_node *node,
                             const char *child);
struct aliases odm_aliases(struct reader *reader, const struct xml_node *node);
struct evidence odm_evidence(struct reader *reader, const struct xml_node *node);
/* The words of TEXT, split at spaces. */
const char *const *odm_words(struct reader *reader, const char *text, size_t *ret_count);
/* The FormalExpression of NODE in a language that crfd reads, entered into the version's
 * list; NULL when there is none. */
const struct formal_expression *
odm_expression(struct reader *reader, const struct xml_node *node, enum expression_use use);

/* A table of definitions: structs whose first member is `const char *oid`. */
struct definition {
    void *def;
    const struct xml_node *node;
};
struct definitions {
    struct definition *items;
    size_t count, capacity;
};
void definitions_add(struct reader *reader, struct definitions *list, void *def,
                     const struct xml_node *node);
/* Sort by OID, report duplicates, and make the table of pointers for the model. */
const void **definitions_sort(struct reader *reader, struct definitions *list);
void *definitions_get(const struct definitions *list, const char *oid); /* when sorted */

/* The order of a list of references: by OrderNumber if every one has it, else as in the
 * file. *ret_count nodes in the scratch arena. */
const struct xml_node **odm_ordered(struct reader *reader, const struct xml_node *node,
                                    const char *child, size_t *ret_count);

/* What an ItemDef, ItemGroupDef, ... of one version becomes; in this order. */
struct version_parts {
    struct definitions items, code_lists, groups, forms, events, methods, conditions,
        imputations;
};
void odm_read_conditions(struct reader *reader, const struct xml_node *node,
                         struct version_parts *parts);
void odm_read_methods(struct reader *reader, const struct xml_node *node,
                      struct version_parts *parts);
void odm_read_imputations(struct reader *reader, const struct xml_node *node,
                          struct version_parts *parts);
void odm_read_code_lists(struct reader *reader, const struct xml_node *node,
                         struct version_parts *parts);
void odm_read_items(struct reader *reader, const struct xml_node *node,
                    struct version_parts *parts);
void odm_read_groups(struct reader *reader, const struct xml_node *node,
                     struct version_parts *parts);
void odm_read_forms(struct reader *reader, const struct xml_node *node,
                    struct version_parts *parts);
void odm_read_events(struct reader *reader, const struct xml_node *node,
                     struct version_parts *parts);

/* ---- our namespace (odm_crfd.c) ---- */

/* An attribute that an element of ours must have; those need no prefix. The optional ones are
 * odm_text(). */
const char *odm_needed(struct reader *reader, const struct xml_node *node,
                       const char *name);
/* Every element of ours below MetaDataVersion NODE. A section in a file of its own declares
 * its reader here, `void odm_read_x(struct reader *, const struct xml_node *version)`, and
 * has a row in the table of odm_crfd.c. It is called when all definitions, parameters,
 * anchors and windows are there; expressions it meets go through odm_expression(). */
void odm_read_extension(struct reader *reader, const struct xml_node *node);
void odm_read_product(struct reader *reader, const struct xml_node *version);
void odm_read_gates(struct reader *reader, const struct xml_node *version);
void odm_close_expressions(struct reader *reader);
void odm_read_safety(struct reader *reader, const struct xml_node *version);

/* The tree of a file in the scratch arena; NULL, and reported, when it is no XML. */
const struct xml_node *odm_read_tree(struct reader *reader, struct span xml);
/* VERSION as if what it includes stood in it; the included ones in reader->including. */
const struct xml_node *odm_resolve_includes(struct reader *reader,
                                            const struct xml_node *version);
void odm_read_admin(struct reader *reader, const struct xml_node *root);
void odm_check_structure(struct reader *reader, const struct xml_node *root);
void odm_check_version(struct reader *reader, const struct version_parts *parts);

/* Who wrote the file, and what of it is left out (odm_vendor.c). */
void odm_note_foreign(void *reader, const char *uri, const char *name, int line);
void odm_report_foreign(struct reader *reader, const struct xml_node *root);

#endif
